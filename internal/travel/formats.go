package travel

import (
	"bytes"
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
			return each(unreadable(raw, broken))
		}
		k := listKey(m)
		if k.Number == "" || k.From == "" && k.To == "" {
			return each(unreadable(raw, noFlight(m.Offset)))
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
			return each(unreadable(raw, m.Error))
		}
		k, _ := pnrKey(m)
		if k.Number == "" || k.From == "" && k.To == "" {
			return each(unreadable(raw, noFlight(m.Offset)))
		}
		return each(pipeline.Message{Keys: []pipeline.Key{pipeline.Key(k.String())}, Body: m, Warnings: m.Warnings, Lost: m.Lost, Withheld: m.Masks})
	})
}

// noFlight is a message that speaks of people and names no flight to find them on.
func noFlight(offset int) *fault.Fault {
	return &fault.Fault{Offset: offset, Rule: "missing_flight", Message: "the message names no flight: carrier, number or airports are missing",
		Mend: "send the flight with its carrier, number, airports and local times, then file the message again"}
}

// unreadable is a message that cannot be read, with the bytes it takes up: only they are kept from view when others of
// the same file can be.
func unreadable(raw []byte, f *fault.Fault) pipeline.Message {
	m := pipeline.Message{Err: f}
	from := -1
	edifact.Walk(raw, func(s *edifact.Segment) {
		if s.Tag == "UNH" && s.Offset <= f.Offset {
			from, m.At = s.Offset, fault.Range{}
		}
		if from >= 0 && m.At.Length == 0 && s.Tag != "UNH" && s.Offset >= f.Offset && (s.Tag == "UNT" || s.Tag == "UNZ" || s.Tag == "UNE") {
			m.At = fault.Range{Offset: from, Length: s.Offset + s.Length - from}
		}
	})
	return m
}

// Interactive says that a carrier waits at the desk for the answer: the application reference asks for one, or the
// message has a transaction of its own.
func (paxlstFormat) Interactive(head []byte) bool {
	return bytes.Contains(head, []byte("IAPI")) || bytes.Contains(head, []byte("RFF+TN:"))
}
