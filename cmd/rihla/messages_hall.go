package main

import (
	"time"

	"github.com/rihla/rihla/formats/hall"
)

// hallFile is what an airport files of its arrival halls: a file is one message, whose events stand or fall alone.
var hallFile = fileFormat{
	name: hall.Format, recognise: hall.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return hall.Read(raw, tell(hall.Format, each, func(d *hall.Document) message {
			return message{warnings: d.Warnings, lost: d.Lost, json: d.AppendJSON}
		}))
	},
}
