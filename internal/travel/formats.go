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

// The two formats differ in what they recognise and how they show a report; they read alike, for a file may mix lists
// and pushes.
type (
	paxlstFormat struct{}
	pnrgovFormat struct{}
)

func (paxlstFormat) Name() string { return paxlst.Format }
func (pnrgovFormat) Name() string { return "pnrgov" }

// Recognise takes every EDIFACT that is no push: a message of an unknown type is then refused at its place, by the
// segment that names the type.
func (paxlstFormat) Recognise(head []byte) bool {
	return edifact.Recognise(head) && edifact.Sniff(head) != "PNRGOV"
}

func (pnrgovFormat) Recognise(head []byte) bool { return edifact.Sniff(head) == "PNRGOV" }

func (paxlstFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	return readEDIFACT(raw, received, each)
}

func (pnrgovFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	return readEDIFACT(raw, received, each)
}

// Interactive says that a carrier waits at the desk for the answer: the application reference asks for one, or the
// message has a transaction of its own.
func (paxlstFormat) Interactive(head []byte) bool {
	return bytes.Contains(head, []byte("IAPI")) || bytes.Contains(head, []byte("RFF+TN:"))
}

// readEDIFACT reads every message of a file by its own type. A message's bytes reach to where the next one begins, so
// each is handed on when that is known.
func readEDIFACT(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	var lists paxlst.Decoder
	lists.Reset(nil, received)
	var pushes pnrgov.Decoder
	var waiting *pipeline.Message
	handOn := func(end int) error {
		if waiting == nil {
			return nil
		}
		m := *waiting
		m.At.Length = max(end-m.At.Offset, 0)
		waiting = nil
		return each(m)
	}
	r := edifact.NewReader(raw)
	for r.Next() {
		at := r.Message().Offset
		if err := handOn(at); err != nil {
			return err
		}
		var m pipeline.Message
		if r.Message().Type == "PNRGOV" {
			m = push(pushes.Decode(r, received))
		} else {
			m = list(lists.Decode(r))
		}
		m.At.Offset = at
		waiting = &m
	}
	return handOn(len(raw))
}

func list(m *paxlst.Message, broken *fault.Fault) pipeline.Message {
	if broken != nil {
		return pipeline.Message{Err: broken}
	}
	k := listKey(m)
	if !k.named() {
		return pipeline.Message{Err: noFlight(m.Offset), Withheld: m.Masked}
	}
	return pipeline.Message{Keys: []pipeline.Key{pipeline.Key(k.String())}, Body: m, Warnings: m.Warnings, Lost: m.Lost, Withheld: m.Masked}
}

func push(m *pnrgov.Message) pipeline.Message {
	if m.Error != nil {
		return pipeline.Message{Err: m.Error}
	}
	k, _ := pnrKey(m)
	if !k.named() {
		return pipeline.Message{Err: noFlight(m.Offset), Withheld: m.Masks}
	}
	return pipeline.Message{Keys: []pipeline.Key{pipeline.Key(k.String())}, Body: m, Warnings: m.Warnings, Lost: m.Lost, Withheld: m.Masks}
}

// noFlight is a message that speaks of people and names no flight to find them on.
func noFlight(offset int) *fault.Fault {
	return &fault.Fault{Offset: offset, Rule: "missing_flight", Message: "the message names no flight: carrier, number or airports are missing",
		Mend: "send the flight with its carrier, number, airports and local times, then file the message again"}
}
