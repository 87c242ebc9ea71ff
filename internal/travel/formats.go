package travel

import (
	"time"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/pipeline"
)

type paxlstFormat struct{}

func (paxlstFormat) Name() string { return paxlst.Format }

// Recognise takes every EDIFACT that is no push: a message of an unknown type is then refused at its place, by the
// segment that names the type.
func (paxlstFormat) Recognise(head []byte) bool {
	return edifact.Recognise(head) && edifact.Sniff(head) != "PNRGOV"
}

func (paxlstFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	return paxlst.Read(raw, received, func(m *paxlst.Message, broken *fault.Fault) error {
		if broken != nil {
			return each(pipeline.Message{Err: broken})
		}
		k := listKey(m)
		if k.Number == "" || k.From == "" && k.To == "" {
			return each(pipeline.Message{Err: noFlight(m.Offset)})
		}
		return each(pipeline.Message{Keys: []pipeline.Key{pipeline.Key(k.String())}, Body: m, Warnings: m.Warnings, Lost: m.Lost, Withheld: m.Masked})
	})
}

type pnrgovFormat struct{}

func (pnrgovFormat) Name() string { return "pnrgov" }

func (pnrgovFormat) Recognise(head []byte) bool {
	return edifact.Sniff(head) == "PNRGOV"
}

func (pnrgovFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	return pnrgov.Read(raw, received, func(m *pnrgov.Message) error {
		if m.Error != nil {
			return each(pipeline.Message{Err: m.Error})
		}
		k, _ := pnrKey(m)
		if k.Number == "" || k.From == "" && k.To == "" {
			return each(pipeline.Message{Err: noFlight(m.Offset)})
		}
		return each(pipeline.Message{Keys: []pipeline.Key{pipeline.Key(k.String())}, Body: m, Warnings: m.Warnings, Lost: m.Lost, Withheld: m.Masks})
	})
}

// noFlight is a message that speaks of people and names no flight to find them on.
func noFlight(offset int) *fault.Fault {
	return &fault.Fault{Offset: offset, Rule: "missing_flight", Message: "the message names no flight: carrier, number or airports are missing",
		Mend: "send the flight with its carrier, number, airports and local times, then file the message again"}
}
