// Package govreq reads and writes GOVREQ, a state's request to a carrier for the passenger name records of one flight
// or of one booking, outside the agreed pushes.
//
// Call [Read] on the bytes of a file, [Append] to write a request. The carrier answers with a PNRGOV, or with an ACKRES
// that says why not.
//
// The message is IATA PADIS EDIFACT (PNRGOV Implementation Guide 16.1, ad hoc request). Which function code asks is not
// settled among states: it is kept as sent. The package does not know when a state may ask.
package govreq

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
)

// Format is the name of this format in the public contract, Type the message type in UNH.
const (
	Format = "govreq"
	Type   = "GOVREQ"
)

// AdHoc is the function code that most requests carry (PADIS 1225: flight report).
const AdHoc = "43"

// Message is one request. With locators it asks for those bookings, without for the whole flight.
type Message struct {
	Format          string        `json:"format"`
	Version         string        `json:"version,omitempty"`
	Sender          string        `json:"sender,omitempty"`
	Recipient       string        `json:"recipient,omitempty"`
	Reference       string        `json:"reference,omitempty"`
	Message         string        `json:"message,omitempty"`
	AccessReference string        `json:"access_reference,omitempty"`
	Code            string        `json:"function_raw,omitempty"` // MSG 1225 as sent
	System          string        `json:"system,omitempty"`       // ORG: who asks
	City            string        `json:"city,omitempty"`
	Flight          *Flight       `json:"flight,omitempty"`
	Locators        []Locator     `json:"locators,omitempty"`
	Travellers      []Traveller   `json:"passengers,omitempty"`     // only of these
	FrequentFlyer   []string      `json:"frequent_flyer,omitempty"` // only of these
	Warnings        []fault.Fault `json:"warnings,omitempty"`

	Prepared time.Time `json:"-"` // UNB S004
}

// Flight is the flight asked for.
type Flight struct {
	Carrier string `json:"carrier,omitempty"`
	Number  string `json:"number,omitempty"`
	Suffix  string `json:"suffix,omitempty"`
	Legs    []Leg  `json:"legs,omitempty"`
}

// Leg is one hop in the local time of its airports.
type Leg struct {
	From      string     `json:"from,omitempty"`
	To        string     `json:"to,omitempty"`
	Departure date.Local `json:"departure_local,omitzero"`
	Arrival   date.Local `json:"arrival_local,omitzero"`
}

// Locator is a booking asked for.
type Locator struct {
	Carrier string `json:"carrier,omitempty"`
	Locator string `json:"locator,omitempty"`
}

// Traveller is a person asked for.
type Traveller struct {
	Surname string `json:"surname,omitempty"`
	Given   string `json:"given,omitempty"`
}

// AppendJSON appends the message as the contract's "Decoded".
func (m *Message) AppendJSON(dst []byte) []byte {
	text, err := json.Marshal(m)
	if err != nil { // strings, numbers and lists of them: there is nothing that cannot be written
		return dst
	}
	return append(dst, text...)
}

// Read reads every message of a file and calls each with it, or with the fault for which it cannot be read. It stops,
// and returns the error, when each returns one.
func Read(raw []byte, each func(*Message, *fault.Fault) error) error {
	r := edifact.NewReader(raw)
	for r.Next() {
		if err := each(Decode(r)); err != nil {
			return err
		}
	}
	return nil
}

// Decode reads the message at which a reader of the envelope stands.
func Decode(r *edifact.Reader) (*Message, *fault.Fault) {
	e := r.Message()
	if e.Broken != nil {
		f := *e.Broken
		return nil, &f
	}
	if !strings.EqualFold(e.Type, Type) {
		return nil, &fault.Fault{Offset: e.Offset, Segment: e.Number, Tag: "UNH", Rule: "unknown_message_type", Strict: true,
			Message: "the message is no GOVREQ", Mend: "write GOVREQ as the type in UNH, e.g. GOVREQ:11:1:IA"}
	}
	in := e.Interchange
	m := &Message{Format: Format, Version: e.Version, Sender: in.Sender, Recipient: in.Recipient, Reference: in.Reference,
		Message: e.Reference, AccessReference: e.Access, Prepared: in.Prepared}
	for r.Scan() {
		m.take(r.Segment())
	}
	for _, lack := range []struct {
		absent        bool
		tag, what, eg string
	}{
		{m.Code == "", "MSG", "say what is asked", "MSG+:43"},
		{m.Flight == nil && m.Locators == nil, "TVL", "name the flight in TVL or the booking in RCI", "TVL+241126:1030+DXB+LHR+ZZ+417"},
	} {
		if lack.absent {
			f := e.AtEnd("missing_segment", lack.what+", e.g. "+lack.eg, "%s is missing", lack.tag)
			f.Strict = true
			m.Warnings = append(m.Warnings, f)
		}
	}
	m.Warnings = append(m.Warnings, e.Faults...)
	return m, nil
}

func (m *Message) take(s *edifact.Segment) {
	switch s.Tag {
	case "MSG":
		if m.Code = s.Component(1, 2); m.Code == "" {
			m.Code = s.Component(1, 1)
		}
	case "ORG":
		m.System, m.City = s.Component(1, 1), s.Component(1, 2)
	case "RCI":
		for n := 1; n <= s.Elements(); n++ {
			if l := strings.TrimSpace(s.Component(n, 2)); l != "" {
				m.Locators = append(m.Locators, Locator{strings.TrimSpace(s.Component(n, 1)), l})
			}
		}
	case "TIF":
		if surname, given := s.Element(1), s.Element(2); surname != "" || given != "" {
			m.Travellers = append(m.Travellers, Traveller{surname, given})
		}
	case "FTI":
		for n := 1; n <= s.Elements(); n++ {
			if number := s.Component(n, 2); number != "" {
				m.FrequentFlyer = append(m.FrequentFlyer, s.Component(n, 1)+number)
			}
		}
	case "TVL":
		m.readFlight(s)
	case "SRC", "EQN", "DAT", "IFT": // tolerated: they ask for nothing more
	default:
		m.warn(s.Fault("unknown_segment", "leave it out", "%s is no segment of GOVREQ", s.Tag))
	}
}

func (m *Message) warn(f fault.Fault) {
	f.Strict = true
	m.Warnings = append(m.Warnings, f)
}

func (m *Message) readFlight(s *edifact.Segment) {
	leg := Leg{From: strings.TrimSpace(s.Element(2)), To: strings.TrimSpace(s.Element(3)), Departure: m.local(s, 1), Arrival: m.local(s, 3)}
	number, suffix := strings.TrimSpace(s.Element(5)), s.Component(5, 3)
	if n := len(number); n > 1 && number[n-1] >= 'A' && number[n-1] <= 'Z' {
		number, suffix = number[:n-1], number[n-1:]
	}
	for len(number) > 1 && number[0] == '0' {
		number = number[1:]
	}
	if m.Flight == nil {
		m.Flight = &Flight{Carrier: strings.TrimSpace(s.Element(4)), Number: number, Suffix: suffix}
	}
	m.Flight.Legs = append(m.Flight.Legs, leg)
}

// local reads DDMMYY and HHMM.
func (m *Message) local(s *edifact.Segment, c int) date.Local {
	day, clock := s.Component(1, c), s.Component(1, c+1)
	if day == "" {
		return date.Local{}
	}
	d := date.Date{}
	if len(day) == 6 {
		d, _ = date.Digits("20" + day[4:] + day[2:4] + day[:2])
	}
	if !d.Full() || !d.Valid() {
		m.warn(s.Fault("bad_date", "write the date as DDMMYY", "the date is none in DDMMYY"))
		return date.Local{}
	}
	if clock == "" {
		return date.Local{Date: d}
	}
	l, ok := date.At(d, clock)
	if !ok {
		m.warn(s.Fault("bad_time", "write the time as HHMM", "the time is no time of day"))
		return date.Local{Date: d}
	}
	return l
}

// Append writes a request as one interchange.
func Append(dst []byte, m *Message) []byte {
	seps := edifact.Default
	seps.Repetition = '*'
	w := edifact.NewWriter(dst, seps)
	w.Interchange(edifact.Interchange{Syntax: "IATA", SyntaxVersion: "1", Sender: m.Sender, Recipient: m.Recipient, Prepared: m.Prepared,
		Reference: m.Reference, Application: Type})
	version, code := m.Version, m.Code
	if version == "" {
		version = "11:1:IA"
	}
	if code == "" {
		code = AdHoc
	}
	w.Message(edifact.Message{Reference: m.Message, Type: Type, Version: version, Access: m.AccessReference, Part: 1, Final: true})
	segment := func(tag string, elements ...[]string) {
		w.Segment(tag)
		for _, e := range elements {
			w.Element(e...)
		}
		w.End()
	}
	segment("MSG", []string{"", code})
	segment("ORG", []string{m.System, m.City})
	for _, l := range m.Locators {
		segment("RCI", []string{l.Carrier, l.Locator})
	}
	if f := m.Flight; f != nil {
		for _, l := range f.Legs {
			day, clock := short(l.Departure)
			day2, clock2 := short(l.Arrival)
			segment("TVL", []string{day, clock, day2, clock2}, []string{l.From}, []string{l.To}, []string{f.Carrier}, []string{f.Number + f.Suffix})
		}
	}
	for _, t := range m.Travellers {
		segment("TIF", []string{t.Surname}, []string{t.Given})
	}
	for _, n := range m.FrequentFlyer {
		carrier := ""
		if len(n) > 2 {
			carrier, n = n[:2], n[2:]
		}
		segment("FTI", []string{carrier, n})
	}
	w.EndMessage()
	w.EndInterchange()
	return w.Bytes()
}

// short writes DDMMYY and HHMM.
func short(l date.Local) (day, clock string) {
	if !l.Full() {
		return "", ""
	}
	if l.Timed {
		clock = l.Time().Format("1504")
	}
	return l.Time().Format("020106"), clock
}
