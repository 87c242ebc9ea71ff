// Package ackres reads and writes ACKRES, the answer to a PNRGOV push or a GOVREQ: received and processed, or not, and
// why not.
//
// Call [Read] on the bytes of a file, [Append] to write an answer. One ACKRES answers one message, which its access
// reference names.
//
// The message is IATA PADIS EDIFACT (PNRGOV Implementation Guide, appendix on acknowledgement); error codes are PADIS
// code set 9321. The package knows nothing of when an answer is due.
package ackres

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/sensitive"
)

// Format is the name of this format in the public contract, Type the message type in UNH.
const (
	Format = "ackres"
	Type   = "ACKRES"
)

// Response is what became of the message that is answered (MSG 4343).
type Response string

// The responses.
const (
	Processed    Response = "processed"     // 3
	NotProcessed Response = "not_processed" // 7
)

// Error codes of PADIS 9321 that answers to a push use.
const (
	InvalidDate          = "1"
	InvalidTime          = "2"
	InvalidAirport       = "4"
	InvalidSuffix        = "6"
	InvalidDepartureTime = "103"
	InvalidFlightNumber  = "114"
	UnableToProcess      = "118"
	SystemError          = "911" // ours: send it again
	Incomplete           = "912"
	NotFound             = "913" // no such booking, to a GOVREQ
	InvalidFormat        = "914" // does not match EDIFACT rules
	NotSupported         = "915"
	VersionNotSupported  = "916"
	TooLong              = "917"
)

var meanings = map[string]string{
	InvalidDate: "invalid date", InvalidTime: "invalid time", InvalidAirport: "invalid city or airport code", InvalidSuffix: "invalid operational suffix",
	InvalidDepartureTime: "invalid departure time", InvalidFlightNumber: "invalid flight number", UnableToProcess: "system unable to process",
	SystemError: "unable to process, system error", Incomplete: "incomplete message, data missing", NotFound: "item or data not found",
	InvalidFormat: "invalid format or data", NotSupported: "no action, function not supported", VersionNotSupported: "EDIFACT version not supported",
	TooLong: "message size exceeded",
}

// Meaning says what an error code means, "" where it is not known.
func Meaning(code string) string { return meanings[code] }

// Code gives the error code that fits a rule broken in a push, by the rule's stable name.
func Code(rule string) string {
	switch rule {
	case "bad_date":
		return InvalidDate
	case "bad_time":
		return InvalidTime
	case "bad_location":
		return InvalidAirport
	case "bad_flight", "missing_flight":
		return InvalidFlightNumber
	case "missing_segment", "missing_data", "truncated", "empty", "incomplete_sequence", "control_total_mismatch":
		return Incomplete
	case "unknown_message_type":
		return NotSupported
	case "too_long", "too_many_faults":
		return TooLong
	}
	return InvalidFormat
}

// Message is one ACKRES.
type Message struct {
	Format          string          `json:"format"`
	Version         string          `json:"version,omitempty"`
	Sender          string          `json:"sender,omitempty"`
	Recipient       string          `json:"recipient,omitempty"`
	Reference       string          `json:"reference,omitempty"`
	Message         string          `json:"message,omitempty"`
	AccessReference string          `json:"access_reference,omitempty"` // of the message answered
	Function        string          `json:"function,omitempty"`         // acknowledge; or the code as sent
	Response        Response        `json:"response,omitempty"`
	Errors          []string        `json:"errors,omitempty"` // PADIS 9321
	Remarks         []string        `json:"remarks,omitempty"`
	Warnings        []fault.Fault   `json:"warnings,omitempty"`
	Withheld        sensitive.Tally `json:"withheld,omitzero"`

	Prepared time.Time     `json:"-"` // UNB S004
	Masks    []fault.Range `json:"-"` // what the stored copy must not show
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
			Message: "the message is no ACKRES", Mend: "write ACKRES as the type in UNH, e.g. ACKRES:11:1:IA"}
	}
	in := e.Interchange
	m := &Message{Format: Format, Version: e.Version, Sender: in.Sender, Recipient: in.Recipient, Reference: in.Reference,
		Message: e.Reference, AccessReference: e.Access, Prepared: in.Prepared}
	answered := false
	for r.Scan() {
		switch s := r.Segment(); s.Tag {
		case "MSG":
			answered = true
			m.readMSG(s)
		case "ERC":
			for n := 1; n <= s.Elements(); n++ {
				if code := strings.TrimSpace(s.Element(n)); code != "" {
					m.Errors = append(m.Errors, code)
				}
			}
		case "IFT":
			m.readIFT(s)
		case "ORG", "TVL", "RCI", "EQN": // some systems repeat the heading of what they answer
		default:
			f := s.Fault("unknown_segment", "leave it out", "%s is no segment of ACKRES", s.Tag)
			f.Strict = true
			m.Warnings = append(m.Warnings, f)
		}
	}
	if !answered {
		f := e.AtEnd("missing_segment", "say in MSG what became of the message, e.g. MSG+:23+3", "MSG is missing: the answer says nothing")
		f.Strict = true
		m.Warnings = append(m.Warnings, f)
	}
	m.Warnings = append(m.Warnings, e.Faults...)
	return m, nil
}

func (m *Message) readMSG(s *edifact.Segment) {
	if m.Function = s.Component(1, 2); m.Function == "23" {
		m.Function = "acknowledge"
	}
	switch code := strings.TrimSpace(s.Element(2)); code {
	case "3":
		m.Response = Processed
	case "7":
		m.Response = NotProcessed
	default:
		f := s.Fault("unknown_code", "write 3 for processed, 7 for not processed", "MSG says neither 3 (processed) nor 7 (not processed)")
		f.Strict = true
		m.Warnings = append(m.Warnings, f)
	}
}

// readIFT keeps what the answer says in words, unless it reveals what may not be kept.
func (m *Message) readIFT(s *edifact.Segment) {
	first := 2
	if s.Elements() < 2 {
		first = 1
	}
	text := strings.TrimSpace(s.Rest(first))
	switch {
	case text == "" || sensitive.Masked(text):
	case sensitive.Reveals(text):
		m.Withheld.Add(sensitive.Text)
		m.Masks = append(m.Masks, s.PlaceFrom(first))
	default:
		m.Remarks = append(m.Remarks, sensitive.MaskCards(text))
	}
}

// Append writes an answer as one interchange. An answer without Response is one of processed unless it has errors.
func Append(dst []byte, m *Message) []byte {
	seps := edifact.Default
	seps.Repetition = '*'
	w := edifact.NewWriter(dst, seps)
	w.Interchange(edifact.Interchange{Syntax: "IATA", SyntaxVersion: "1", Sender: m.Sender, Recipient: m.Recipient, Prepared: m.Prepared,
		Reference: m.Reference, Application: Type})
	version := m.Version
	if version == "" {
		version = "11:1:IA"
	}
	w.Message(edifact.Message{Reference: m.Message, Type: Type, Version: version, Access: m.AccessReference, Part: 1, Final: true})
	function, response := m.Function, "3"
	if function == "" || function == "acknowledge" {
		function = "23"
	}
	if m.Response == NotProcessed || m.Response == "" && len(m.Errors) > 0 {
		response = "7"
	}
	w.Segment("MSG")
	w.Element("", function)
	w.Element(response)
	w.End()
	for _, code := range m.Errors {
		w.Segment("ERC")
		w.Element(code)
		w.End()
	}
	for _, text := range m.Remarks {
		w.Segment("IFT")
		w.Element("4")
		w.Element(text)
		w.End()
	}
	w.EndMessage()
	w.EndInterchange()
	return w.Bytes()
}
