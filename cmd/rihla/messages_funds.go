package main

import (
	"time"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
	"github.com/rihla/rihla/formats/iso20022"
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

// paymentFile is ISO 20022: transfers between banks, orders and statements.
var paymentFile = fileFormat{
	name: iso20022.Format, recognise: iso20022.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return iso20022.Read(raw, func(m *iso20022.Message, f *fault.Fault) error {
			if f != nil {
				return each(faulted(iso20022.Format, f))
			}
			return each(message{format: iso20022.Format, warnings: m.Warnings, lost: m.Lost, json: m.AppendJSON})
		})
	},
}

// cashFile is declarations of cash, a file of them as one message.
var cashFile = fileFormat{
	name: cashdecl.Format, recognise: cashdecl.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return cashdecl.Read(raw, func(d *cashdecl.Document, f *fault.Fault) error {
			if f != nil {
				return each(faulted(cashdecl.Format, f))
			}
			return each(message{format: cashdecl.Format, warnings: d.Warnings, lost: d.Lost, json: d.AppendJSON})
		})
	},
}
