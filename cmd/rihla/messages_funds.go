package main

import (
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
)

// goamlFile is goAML: a report to a financial intelligence unit, held to what is common to every unit's variant.
var goamlFile = fileFormat{
	name: goaml.Format, recognise: goaml.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return goaml.Read(raw, new(goaml.Profile), func(d *goaml.Document, f *fault.Fault) error {
			if f != nil {
				return each(faulted(goaml.Format, f))
			}
			return each(message{format: goaml.Format, warnings: d.Warnings, json: d.AppendJSON})
		})
	},
}
