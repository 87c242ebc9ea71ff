package travel

import (
	"bytes"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/pipeline"
)

// The formats differ in what they recognise and how they show a report; they read alike, for a file may mix lists,
// pushes and receipts.
type (
	paxlstFormat struct{}
	pnrgovFormat struct{}
	cusresFormat struct{}
)

func (paxlstFormat) Name() string { return paxlst.Format }
func (pnrgovFormat) Name() string { return "pnrgov" }
func (cusresFormat) Name() string { return cusres.Format }

// Recognise takes every EDIFACT that is no push and no receipt: a message of an unknown type is then refused at its place, by the
// segment that names the type.
func (paxlstFormat) Recognise(head []byte) bool {
	kind := edifact.Sniff(head)
	return edifact.Recognise(head) && kind != "PNRGOV" && kind != "CUSRES"
}

func (pnrgovFormat) Recognise(head []byte) bool { return edifact.Sniff(head) == "PNRGOV" }
func (cusresFormat) Recognise(head []byte) bool { return edifact.Sniff(head) == "CUSRES" }

func (paxlstFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	return readEDIFACT(raw, received, each)
}

func (pnrgovFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
	return readEDIFACT(raw, received, each)
}

func (cusresFormat) Read(raw []byte, received time.Time, each func(pipeline.Message) error) error {
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
	r := edifact.Lend(raw)
	defer r.Return()
	for r.Next() {
		at := r.Message().Offset
		if err := handOn(at); err != nil {
			return err
		}
		var m pipeline.Message
		switch r.Message().Type {
		case "PNRGOV":
			m = push(pushes.Decode(r, received))
		case "CUSRES":
			m = receipt(cusres.Decode(r))
		default:
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

// receipt is a carrier's word that it has an unsolicited answer. Other answers are ours to give, not to be filed.
func receipt(m *cusres.Message, broken *fault.Fault) pipeline.Message {
	switch {
	case broken != nil:
		return pipeline.Message{Err: broken}
	case m.Function != cusres.Acknowledgement, m.Transaction == "":
		return pipeline.Message{Withheld: m.Masked, Err: &fault.Fault{Offset: m.Offset, Tag: "BGM", Rule: "no_receipt",
			Message: "this CUSRES acknowledges nothing", Mend: "file a CUSRES only to acknowledge an unsolicited one: BGM+312 and its RFF+TN"}}
	}
	return pipeline.Message{Keys: []pipeline.Key{pipeline.Key("answer " + m.Transaction)}, Body: m, Warnings: m.Warnings, Lost: m.Lost, Withheld: m.Masked}
}

// noFlight is a message that speaks of people and names no flight to find them on.
func noFlight(offset int) *fault.Fault {
	return &fault.Fault{Offset: offset, Rule: "missing_flight", Message: "the message names no flight: carrier, number or airports are missing",
		Mend: "send the flight with its carrier, number, airports and local times, then file the message again"}
}
