package main

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/ioclist"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/incident"
)

// stixFile is threat information of STIX: a bundle is one message, whose objects stand or fall alone.
var stixFile = fileFormat{
	name: stix.Format, recognise: stix.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		d, f := stix.Read(raw)
		return tell(stix.Format, each, func(d *stix.Document) message {
			return message{warnings: d.AllWarnings(), lost: d.Lost(), json: d.AppendJSON}
		})(d, f)
	},
}

// mispFile is one event of MISP, or several: each is a message.
var mispFile = fileFormat{
	name: misp.Format, recognise: misp.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		return misp.Read(raw, tell(misp.Format, each, func(e *misp.Event) message {
			return message{warnings: e.Warnings, lost: e.Lost, json: e.AppendJSON}
		}))
	},
}

// iocFile is a list of indicators as people send them. It is asked last: any text might be one.
var iocFile = fileFormat{
	name: ioclist.Format, recognise: ioclist.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		l, f := ioclist.Read(raw)
		return tell(ioclist.Format, each, func(l *ioclist.List) message {
			return message{warnings: l.Warnings, lost: l.Lost, json: l.AppendJSON}
		})(l, f)
	},
}

// incidentFile is a report of an incident, as the form and the API file it. With one error it is refused, and the others
// are told with it.
var incidentFile = fileFormat{
	name: "incident", recognise: incident.Recognise,
	read: func(raw []byte, _ time.Time, each func(message) error) error {
		r, f := incident.Read(raw)
		if f == nil && len(r.Errors) > 0 {
			m := faulted("incident", &r.Errors[0])
			m.warnings = slices.Concat(r.Errors[1:], r.Lost, r.Warnings)
			return each(m)
		}
		if f != nil {
			return each(faulted("incident", f))
		}
		return each(message{format: "incident", warnings: r.Warnings, lost: r.Lost, json: func(b []byte) []byte {
			text, err := json.Marshal(struct {
				Format    string          `json:"format"`
				Reference string          `json:"reference"`
				Report    incident.Report `json:"report"`
				Warnings  []fault.Fault   `json:"warnings,omitempty"`
				Lost      []fault.Fault   `json:"lost,omitempty"`
			}{"incident", r.Report.ReportID, r.Report, r.Warnings, r.Lost})
			if err != nil {
				return append(b, "null"...)
			}
			return append(b, text...)
		}})
	},
}
