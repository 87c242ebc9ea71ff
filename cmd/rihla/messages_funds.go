package main

import (
	"time"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/goaml"
	"github.com/rihla/rihla/formats/iso20022"
)

// goamlFile is goAML: a report to a financial intelligence unit, held to what is common to every unit's variant.
var goamlFile = fileFormat{
	name: goaml.Format, recognise: goaml.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return goaml.Read(raw, new(goaml.Profile), tell(goaml.Format, each, func(d *goaml.Document) message {
			return message{warnings: d.Warnings, json: d.AppendJSON}
		}))
	},
}

// paymentFile is ISO 20022: transfers between banks, orders and statements.
var paymentFile = fileFormat{
	name: iso20022.Format, recognise: iso20022.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return iso20022.Read(raw, tell(iso20022.Format, each, func(m *iso20022.Message) message {
			return message{warnings: m.Warnings, lost: m.Lost, json: m.AppendJSON}
		}))
	},
}

// cashFile is declarations of cash, a file of them as one message.
var cashFile = fileFormat{
	name: cashdecl.Format, recognise: cashdecl.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return cashdecl.Read(raw, tell(cashdecl.Format, each, func(d *cashdecl.Document) message {
			return message{warnings: d.Warnings, lost: d.Lost, json: d.AppendJSON}
		}))
	},
}
