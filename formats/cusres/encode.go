package cusres

import (
	"fmt"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/paxlst"
)

// Answer begins the answer (962) to a PAXLST: parties swapped, references and flight echoed, and one result a
// person in the order of the request, its Decision still to be set. Until it is, it is Unknown and no leave to board.
func Answer(request *paxlst.Message, prepared time.Time) *Message {
	m := &Message{Format: Format, Version: request.Version, Sender: request.Recipient, Recipient: request.Sender, Reference: request.Reference,
		MessageReference: request.MessageReference, AccessReference: request.AccessReference, Function: Response, Code: "962",
		Transaction: request.Transaction, Prepared: prepared, Application: request.Application, Part: 1}
	f := &request.Flight
	m.Flight = Flight{Carrier: f.Carrier, Number: f.Number, Suffix: f.Suffix}
	if n := len(f.Legs); n > 0 {
		leg := f.Legs[min(max(f.Border, 0), n-1)]
		m.Flight.From, m.Flight.To, m.Flight.Departure, m.Flight.Arrival = leg.From, leg.To, leg.Departure, leg.Arrival
	}
	for i := range request.Passengers {
		p := &request.Passengers[i]
		m.Results = append(m.Results, Result{Level: OfPassenger, Reservation: p.Reservation, CarrierReference: p.CarrierReference, Decision: Unknown})
	}
	return m
}

// Acknowledge is a carrier's receipt (312) of an unsolicited message: the same body, parties swapped.
func Acknowledge(unsolicited *Message, prepared time.Time) *Message {
	m := *unsolicited
	m.Sender, m.Recipient = unsolicited.Recipient, unsolicited.Sender
	m.Function, m.Code, m.Prepared = Acknowledgement, "312", prepared
	m.Warnings, m.Lost, m.Masked = nil, nil, nil
	return &m
}

// codes of the decisions, where a result has none of its own.
var codes = map[Decision]string{OK: "0Z", DoNotBoard: "1Z", Advisory: "2Z", Contact: "3Z", Insufficient: "4Z", Accepted: "0", Rejected: "1", Unknown: "3Z"}

// Append writes a message as an interchange of its own and returns the extended buffer. An undecided result is
// written as 3Z: contact the authority.
func Append(dst []byte, m *Message) []byte {
	w := edifact.NewWriter(dst, edifact.Default)
	w.Interchange(edifact.Interchange{Syntax: "UNOA", SyntaxVersion: "4", Sender: m.Sender, Recipient: m.Recipient, Prepared: m.Prepared,
		Reference: m.Reference, Application: m.Application})
	version := m.Version
	if version == "" {
		version = "D:05B:UN:IATA"
	}
	w.Group(edifact.Group{Type: "CUSRES", Sender: m.Sender, Recipient: m.Recipient, PreparedRaw: m.Prepared.Format("060102:1504"),
		Reference: "1", Agency: "UN", Version: directory(version)})
	w.Message(edifact.Message{Reference: m.MessageReference, Type: "CUSRES", Version: version, Access: m.AccessReference, Part: m.Part, Final: true})
	code := m.Code
	if code == "" {
		code = map[Function]string{Response: "962", Unsolicited: "132", Acknowledgement: "312"}[m.Function]
	}
	segment := func(tag string, elements ...string) {
		w.Segment(tag)
		for _, e := range elements {
			w.Element(e)
		}
		w.End()
	}
	pair := func(tag, qualifier string, rest ...string) {
		if rest[0] != "" {
			w.Segment(tag)
			w.Element(append([]string{qualifier}, rest...)...)
			w.End()
		}
	}
	segment("BGM", code)
	pair("RFF", "TN", m.Transaction)
	f := &m.Flight
	number := f.Number
	if f.Carrier != "" && number != "" && len(number) < 4 {
		number = "0000"[len(number):] + number
	}
	pair("RFF", "AF", f.Carrier+number+f.Suffix)
	pair("DTM", "189", clock(f.Departure), "201")
	pair("DTM", "232", clock(f.Arrival), "201")
	for _, l := range [...][2]string{{"125", f.From}, {"87", f.To}} {
		if l[1] != "" {
			segment("LOC", l[0], l[1])
		}
	}
	for i := range m.Results {
		r := &m.Results[i]
		level := "2"
		if r.Level == OfMessage {
			level = "1"
		}
		segment("ERP", level)
		pair("RFF", "AVF", r.Reservation)
		pair("RFF", "ABO", r.CarrierReference)
		code := r.Code
		if code == "" {
			code = codes[r.Decision]
		}
		segment("ERC", code)
		if r.Text != "" {
			segment("FTX", "AAP", "", "", r.Text)
		}
	}
	w.EndInterchange()
	return w.Bytes()
}

// directory is the version a group names: D:05B of D:05B:UN:IATA.
func directory(version string) string {
	colons := 0
	for i := range len(version) {
		if version[i] == ':' {
			if colons++; colons == 2 {
				return version[:i]
			}
		}
	}
	return version
}

func clock(l date.Local) string {
	if !l.Full() || !l.Timed {
		return ""
	}
	return fmt.Sprintf("%02d%02d%02d%02d%02d", l.Year%100, l.Month, l.Day, l.Hour, l.Minute)
}
