package main

import (
	"time"

	"github.com/rihla/rihla/formats/stix"
)

// stixFile is threat information of STIX: a bundle is one message, whose objects stand or fall alone.
var stixFile = fileFormat{
	name: stix.Format, recognise: stix.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		d, f := stix.Read(raw)
		if f != nil {
			return each(faulted(stix.Format, f))
		}
		return each(message{format: stix.Format, warnings: d.AllWarnings(), lost: d.Lost(), json: d.AppendJSON})
	},
}
