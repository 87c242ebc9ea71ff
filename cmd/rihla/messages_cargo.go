package main

import (
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
)

// cargoFile is Cargo-IMP: air waybills, houses and their answers, as many of them in a file as there are.
var cargoFile = fileFormat{
	name: "cargoimp", recognise: cargoimp.Recognise,
	read: func(raw []byte, received time.Time, each func(message) error) error {
		return cargoimp.Read(raw, received, func(m *cargoimp.Message) error {
			return each(message{format: m.Format, err: m.Error, warnings: m.Warnings, lost: m.Lost, json: m.AppendJSON})
		})
	},
}
