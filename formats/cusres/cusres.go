// Package cusres reads and writes CUSRES, the answer of a border authority to a passenger list sent ahead:
// whether each person may board. UN/EDIFACT D.02B to D.13B as the WCO/IATA/ICAO guide of 2013 uses it.
//
// Call [Read] on what came, [Answer] to begin the answer to a PAXLST, [Acknowledge] for a carrier's receipt of an
// unsolicited decision, and [Append] to write either. A code that is not known is never read as leave to board,
// and a person without a code makes the whole message unreadable.
//
// The package decides about nobody and knows no clock.
package cusres

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/sensitive"
)

// Format is the name of this format in the public contract.
const Format = "cusres"

// Function is what a message is for (BGM 1001).
type Function string

// The functions of a CUSRES.
const (
	Response        Function = "response"        // 962, 961: to a PAXLST
	Unsolicited     Function = "unsolicited"     // 132: the authority changed its mind
	Acknowledgement Function = "acknowledgement" // 312: the carrier has understood an unsolicited one
)

// Decision is what the authority says of a person or of the message.
type Decision string

// The decisions, by the first character of ERC. Unknown is never leave to board.
const (
	OK           Decision = "ok"                // 0
	DoNotBoard   Decision = "do-not-board"      // 1
	Advisory     Decision = "advisory"          // 2: board after a check
	Contact      Decision = "contact-authority" // 3: not cleared
	Insufficient Decision = "insufficient-data" // 4: send the person again, whole
	Accepted     Decision = "accepted"          // 0 at the level of the message
	Rejected     Decision = "rejected"          // 1 there
	Unknown      Decision = "unknown"
)

// Message is one CUSRES.
type Message struct {
	Format           string          `json:"format"`
	Version          string          `json:"version,omitempty"`
	Sender           string          `json:"sender,omitempty"`
	Recipient        string          `json:"recipient,omitempty"`
	Reference        string          `json:"reference,omitempty"`
	MessageReference string          `json:"message,omitempty"`
	AccessReference  string          `json:"access_reference,omitempty"`
	Function         Function        `json:"function,omitempty"`
	Transaction      string          `json:"transaction_reference,omitempty"` // RFF TN, echoed from the PAXLST
	Flight           Flight          `json:"flight,omitzero"`
	Results          []Result        `json:"results,omitempty"`
	Withheld         sensitive.Tally `json:"withheld,omitzero"`
	Warnings         []fault.Fault   `json:"warnings,omitempty"`
	Lost             []fault.Fault   `json:"lost,omitempty"`

	Prepared    time.Time     `json:"-"`
	Code        string        `json:"-"` // BGM 1001
	Application string        `json:"-"` // UNB 0026
	Part        int           `json:"-"`
	Whole       bool          `json:"-"`
	Offset      int           `json:"-"`
	Masked      []fault.Range `json:"-"`
}

// Flight is the flight answered for.
type Flight struct {
	Carrier   string     `json:"carrier,omitempty"`
	Number    string     `json:"number,omitempty"` // without leading zeros
	Suffix    string     `json:"suffix,omitempty"`
	From      string     `json:"from,omitempty"`
	To        string     `json:"to,omitempty"`
	Departure date.Local `json:"departure_local,omitzero"`
	Arrival   date.Local `json:"arrival_local,omitzero"`
}

// Result is the decision on one person, or on the message as a whole.
type Result struct {
	Level            string   `json:"level"`                       // message or passenger
	Reservation      string   `json:"reservation,omitempty"`       // RFF AVF
	CarrierReference string   `json:"carrier_reference,omitempty"` // RFF ABO, leading zeros and all
	Code             string   `json:"code"`                        // ERC as sent
	Decision         Decision `json:"decision"`
	Authority        string   `json:"authority,omitempty"` // what ERC adds about a travel authority, unread
	Text             string   `json:"text,omitempty"`
}

// The levels of a result (ERP 1049).
const (
	OfMessage   = "message"
	OfPassenger = "passenger"
)

// Read reads every message of a file and calls each with it, or with the fault for which it could not be read.
func Read(raw []byte, each func(*Message, *fault.Fault) error) error {
	r := edifact.Lend(raw)
	defer r.Return()
	for r.Next() {
		m, broken := Decode(r)
		if err := each(m, broken); err != nil {
			return err
		}
	}
	return nil
}

// Decode reads the message at which a reader of the envelope stands.
func Decode(r *edifact.Reader) (*Message, *fault.Fault) {
	em := r.Message()
	if em.Broken != nil {
		f := *em.Broken
		return nil, &f
	}
	if em.Type != "CUSRES" {
		return nil, &fault.Fault{Offset: em.Offset, Segment: em.Number, Tag: "UNH", Rule: "unknown_message_type", Strict: true,
			Message: "the message type is not CUSRES", Mend: "write CUSRES as the message type in UNH"}
	}
	in := em.Interchange
	d := decoder{em: em, m: &Message{Format: Format, Version: em.Version, Sender: in.Sender, Recipient: in.Recipient, Reference: in.Reference,
		MessageReference: em.Reference, AccessReference: em.Access, Prepared: in.Prepared, Application: in.Application, Part: em.Part, Offset: em.Offset}}
	for r.Scan() {
		d.segment(r.Segment())
	}
	d.close(em.AtEnd("missing_segment", "", ""))
	if d.broken == nil && !em.Whole && d.open {
		f := em.AtEnd("truncated", "send the whole message again", "the message is cut off: the persons behind the cut are not answered")
		d.broken = &f
	}
	if d.broken != nil {
		return nil, d.broken
	}
	d.m.Whole = em.Whole
	d.m.Warnings = em.Faults
	return d.m, nil
}

// AppendJSON writes the message's JSON behind b. Answers are short and few: encoding/json does.
func (m *Message) AppendJSON(b []byte) []byte {
	text, err := json.Marshal(m)
	if err != nil {
		return b // nothing in a Message can fail to be written
	}
	return append(b, text...)
}

type decoder struct {
	m      *Message
	em     *edifact.Message
	open   bool // a group ERP is open
	coded  bool // and has its ERC
	broken *fault.Fault
}

func (d *decoder) warn(s *edifact.Segment, strict bool, rule, mend, format string, args ...any) {
	f := s.Fault(rule, mend, format, args...)
	f.Strict = strict
	d.em.Warn(f)
}

// last is the result that segments belong to.
func (d *decoder) last() *Result {
	if !d.open {
		return nil
	}
	return &d.m.Results[len(d.m.Results)-1]
}

// close ends a group. One without a code must never be taken for leave to board.
func (d *decoder) close(at fault.Fault) {
	if d.open && !d.coded && d.broken == nil {
		at.Rule, at.Strict = "missing_segment", true
		at.Message, at.Mend = "the decision is missing: there is no ERC for the ERP before", "send ERC with the decision for every ERP"
		d.broken = &at
	}
	d.open, d.coded = false, false
}

func (d *decoder) segment(s *edifact.Segment) {
	m := d.m
	switch s.Tag {
	case "BGM":
		m.Code = s.Element(1)
		switch m.Code {
		case "962", "961":
			m.Function = Response
		case "132":
			m.Function = Unsolicited
		case "312":
			m.Function = Acknowledgement
		default:
			d.warn(s, false, "unknown_code", "send 962, 132 or 312", "BGM says nothing known of what the message is for")
		}
	case "RFF":
		d.rff(s)
	case "DTM":
		to := &m.Flight.Departure
		switch s.Component(1, 1) {
		case "189":
		case "232":
			to = &m.Flight.Arrival
		default:
			return
		}
		var ok bool
		if *to, ok = paxlst.LocalTime(s.Component(1, 2), s.Component(1, 3)); !ok {
			d.warn(s, true, "bad_date", "write YYMMDDHHMM with format 201", "what stands for a time is none")
		}
	case "LOC":
		code, ok := paxlst.Airport(s.Component(2, 1))
		if !ok {
			d.warn(s, true, "bad_location", "use the airport's three-letter IATA or four-letter ICAO code", "what stands for an airport is none")
		}
		switch s.Element(1) {
		case "125":
			m.Flight.From = code
		case "87":
			m.Flight.To = code
		}
	case "ERP":
		d.close(s.Fault("", "", ""))
		level := OfPassenger
		if s.Component(1, 1) == "1" {
			level = OfMessage
		}
		m.Results = append(m.Results, Result{Level: level})
		d.open = true
	case "ERC":
		d.erc(s)
	case "FTX":
		d.ftx(s)
	default:
		d.warn(s, false, "unknown_segment", "leave it out", "%s is no segment of CUSRES", s.Tag)
	}
}

func (d *decoder) rff(s *edifact.Segment) {
	value := s.Component(1, 2)
	switch q, r := s.Component(1, 1), d.last(); {
	case q == "TN":
		d.m.Transaction = value
	case q == "AF":
		f := &d.m.Flight
		f.Carrier, f.Number, f.Suffix, _ = paxlst.SplitFlight(strings.TrimSpace(value), "")
	case r == nil:
	case q == "AVF":
		r.Reservation = value
	case q == "ABO":
		r.CarrierReference = value
	}
}

// severity orders the decisions: of several on one person the strictest holds.
var severity = map[Decision]int{OK: 0, Accepted: 0, Advisory: 1, Contact: 2, Insufficient: 3, Unknown: 4, DoNotBoard: 5, Rejected: 5}

// erc reads a decision: the first character decides, the rest is about a travel authority and is kept unread.
func (d *decoder) erc(s *edifact.Segment) {
	r := d.last()
	code := strings.TrimSpace(s.Component(1, 1))
	if r == nil {
		d.warn(s, true, "missing_segment", "send ERP before ERC", "a decision stands before any ERP")
		return
	}
	decision := decide(code, r.Level)
	if decision == Unknown {
		d.warn(s, true, "unknown_code", "send 0Z, 1Z, 2Z, 3Z or 4Z", "the decision is not known; it is no leave to board")
	}
	if !d.coded || severity[decision] > severity[r.Decision] {
		r.Code, r.Decision, r.Authority = code, decision, ""
		if len(code) > 1 && code[1:] != "Z" {
			r.Authority = code[1:]
		}
	}
	d.coded = true
}

func decide(code, level string) Decision {
	if code == "" || len(code) > 3 {
		return Unknown
	}
	if level == OfMessage {
		switch code[0] {
		case '0':
			return Accepted
		case '1':
			return Rejected
		}
		return Unknown
	}
	switch code[0] {
	case '0':
		return OK
	case '1':
		return DoNotBoard
	case '2':
		return Advisory
	case '3':
		return Contact
	case '4':
		return Insufficient
	}
	return Unknown
}

// ftx reads the authority's words, unless they reveal what may not be kept.
func (d *decoder) ftx(s *edifact.Segment) {
	text := strings.TrimSpace(s.Rest(4))
	if sensitive.Reveals(text) {
		d.m.Withheld.Add(sensitive.Text)
		d.m.Masked = append(d.m.Masked, s.PlaceFrom(4))
		return
	}
	if r := d.last(); r != nil && text != "" {
		if r.Text != "" {
			text = r.Text + " " + text
		}
		r.Text = text
	}
}
