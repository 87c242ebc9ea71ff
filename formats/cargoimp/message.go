package cargoimp

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/fault"
)

// Message is one message of a file. Error is set when it cannot be read; otherwise one of the bodies is.
type Message struct {
	Format   string   // fwb, fhl, fma, fna, psn, per …; "" when none begins here
	Version  string   // as filed: 16
	Envelope []string // the Type B heading that stood before it

	FWB    *FWB
	FHL    *FHL
	Answer *Answer // of an FMA or FNA
	Status *Status // of a PSN
	Report *Errors // of a PER

	Cancellation *Cancellation // of an FXX

	Error    *fault.Fault
	Warnings []fault.Fault
	Lost     []fault.Fault // houses, and second lines of what may stand only once
	Unread   []Kept        // lines that are kept as they came: unknown, or of no use here

	Offset, Length int // of the message in the file, its heading left out
	Line           int // of its first line in the file
}

// Kept is a line that is kept as it came, continuation lines and all.
type Kept struct {
	Line  int      `json:"line,omitempty"`
	House string   `json:"house,omitempty"` // of an FHL: the house it stands under
	Text  []string `json:"text"`
}

// Reference is the message's own identifier: the waybill it is about, with the house when there is but one.
func (m *Message) Reference() string {
	switch {
	case m.FWB != nil:
		return string(m.FWB.Waybill)
	case m.FHL != nil && len(m.FHL.Houses) == 1:
		return string(m.FHL.Master) + "-" + m.FHL.Houses[0].Number
	case m.FHL != nil:
		return string(m.FHL.Master)
	case m.Answer != nil && m.Answer.Original != nil:
		return m.Answer.Original.Reference()
	case m.Status != nil:
		return consignment(m.Status.Waybill, m.Status.House)
	case m.Report != nil:
		return consignment(m.Report.Waybill, m.Report.House)
	case m.Cancellation != nil:
		return consignment(m.Cancellation.Waybill, m.Cancellation.House)
	}
	return ""
}

// body is what the message says, whatever it is.
func (m *Message) body() any {
	switch {
	case m.FWB != nil:
		return m.FWB
	case m.FHL != nil:
		return m.FHL
	case m.Answer != nil:
		return m.Answer
	case m.Status != nil:
		return m.Status
	case m.Report != nil:
		return m.Report
	case m.Cancellation != nil:
		return m.Cancellation
	}
	return struct{}{}
}

// AppendJSON writes the message's JSON behind b.
func (m *Message) AppendJSON(b []byte) []byte {
	b = object(b, struct {
		Format    string   `json:"format"`
		Version   string   `json:"version,omitempty"`
		Envelope  []string `json:"envelope,omitempty"`
		Reference string   `json:"reference,omitempty"`
	}{m.Format, m.Version, m.Envelope, m.Reference()})
	b = extend(b, m.body())
	return extend(b, struct {
		Unread   []Kept        `json:"unread,omitempty"`
		Error    *fault.Fault  `json:"error,omitempty"`
		Warnings []fault.Fault `json:"warnings,omitempty"`
		Lost     []fault.Fault `json:"lost,omitempty"`
	}{m.Unread, m.Error, m.Warnings, m.Lost})
}

// MarshalJSON is AppendJSON for those who marshal.
func (m *Message) MarshalJSON() ([]byte, error) { return m.AppendJSON(nil), nil }

func object(b []byte, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return append(b, '{', '}') // nothing that is filed here can fail to be written
	}
	return append(b, text...)
}

// extend adds the members of v to the object that b ends with.
func extend(b []byte, v any) []byte {
	more := object(nil, v)
	if len(more) <= 2 {
		return b
	}
	b = b[:len(b)-1]
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(b, more[1:]...)
}

// Read reads every message of a file and calls each with it, until each answers an error. A message that cannot be read
// has its Error; those behind it are still read. received is when the file came: by it the days of flights get their month.
// A message aliases nothing of raw; its texts lie in one copy of it, which lives as long as any of them.
func Read(raw []byte, received time.Time, each func(*Message) error) error {
	s, room := splitter{lines: scanner{raw: string(raw)}}, new(scratch)
	for {
		p, ok := s.next()
		if !ok {
			return nil
		}
		if err := each(p.read(received, room)); err != nil {
			return err
		}
	}
}

// piece is one message's lines.
type piece struct {
	envelope      []line
	name, version string
	first         line
	body          []line
	end           int // of the file's bytes
	original      int // of an FMA or FNA: where in body the original's identifier stands; none when nowhere
	tooLong       bool
}

// none is no place in a list.
const none = -1

// splitter cuts a file into messages. One begins at its standard message identifier and runs to the next, to the heading
// of the next, or to its end mark; the first identifier within an FMA or FNA is that of the message it answers.
type splitter struct {
	lines   scanner
	body    []line // of the message at hand; the next one writes over it
	pending line   // read ahead
	has     bool
	done    bool // a message has been handed out
}

func (s *splitter) line() (line, bool) {
	if s.has {
		s.has = false
		return s.pending, true
	}
	return s.lines.next()
}

func (s *splitter) next() (*piece, bool) {
	p := &piece{original: none, body: s.body[:0]}
	for {
		l, ok := s.line()
		if !ok {
			stray := !s.done || len(p.envelope) > 0
			s.done = true
			if stray {
				p.end = len(s.lines.raw)
			}
			return p, stray
		}
		if p.name, p.version, ok = l.standard(true); ok {
			p.first, p.end = l, l.off+len(l.text)
			break
		}
		if !l.end() && len(p.envelope) < maxEnvelope {
			p.envelope = append(p.envelope, l)
		}
	}
	s.done = true
	for {
		l, ok := s.line()
		if !ok || l.end() {
			return p, true
		}
		if _, _, begins := l.standard(false); begins || l.heading() {
			if begins && p.answers() && p.original == none {
				p.original = len(p.body)
			} else {
				s.pending, s.has = l, true
				return p, true
			}
		}
		p.end = l.off + len(l.text)
		if len(p.body) >= maxLines || len(l.text) > maxLine {
			p.tooLong = true
			continue
		}
		p.body = append(p.body, l)
		s.body = p.body
	}
}

func (p *piece) answers() bool { return p.name == "FMA" || p.name == "FNA" }

// names of the readers; what has none is recognised only.
var readers = map[string]func(*reader){
	"FWB": readFWB, "FHL": readFHL, "PSN": readStatus, "PER": readErrors, "FXX": readCancellation,
}

func (p *piece) read(received time.Time, room *scratch) *Message {
	m := &Message{Format: formatOf(p.name), Version: p.version, Offset: p.first.off, Length: p.end - p.first.off, Line: p.first.no}
	r := &reader{m: m, name: p.name, first: p.first, lines: p.body, end: p.end, received: received, scratch: room}
	if p.name == "" {
		r.nothing(p)
		return m
	}
	for _, l := range p.envelope {
		m.Envelope = append(m.Envelope, l.whole().String())
	}
	read := readers[p.name]
	if p.answers() {
		read = func(r *reader) { r.readAnswer(p) }
		if p.original != none {
			r.lines = p.body[:p.original] // what is echoed is its sender's
		}
	}
	switch {
	case p.tooLong:
		r.refuse(p.first.whole(), MessageTooLong, "message", "split it into several messages", "the message has lines or a length far beyond the standard's")
	case read == nil:
		r.refuse(p.first.whole().to(3), InvalidMessageType, "message identifier", "file FWB for a waybill and FHL for its houses",
			"%s (%s) is recognised but not read here", p.name, telexes[p.name])
	default:
		if p.name != "PER" { // its codes have underscores
			r.dirt()
		}
		read(r)
	}
	slices.SortStableFunc(m.Warnings, func(a, b fault.Fault) int { return a.Offset - b.Offset })
	return m
}

func formatOf(name string) string {
	b := []byte(name)
	for i := range b {
		b[i] |= 0x20
	}
	return string(b)
}

// nothing is what is said of a file, or the rest of one, in which no message begins.
func (r *reader) nothing(p *piece) {
	at := field{line: 1, col: 1}
	if len(p.envelope) > 0 {
		at = p.envelope[0].whole()
	}
	r.refuse(at, InvalidMessageType, "message identifier", "begin the message with its identifier and version on a line of their own, FWB/16", "no Cargo-IMP message begins here")
	r.m.Offset, r.m.Length, r.m.Line = at.off, max(0, p.end-at.off), at.line
}

// reader reads one message.
type reader struct {
	m        *Message
	name     string
	first    line
	lines    []line
	end      int
	received time.Time
	scratch  *scratch
	told     int // faults
}

// fault makes the fault of a field.
func (r *reader) fault(f field, rule, name, mend, format string, args []any) fault.Fault {
	return fault.Fault{Offset: f.off, Line: f.line, Column: f.col, Field: name, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend}
}

// refuse says why the message cannot be read; the first reason stands, further ones are kept behind it.
func (r *reader) refuse(f field, rule, name, mend, format string, args ...any) {
	if r.m.Error != nil {
		r.wrong(f, rule, name, mend, format, args...)
		return
	}
	why := r.fault(f, rule, name, mend, format, args)
	why.Strict = true
	r.m.Error = &why
}

// wrong tells what breaks the standard but is understood, or does without.
func (r *reader) wrong(f field, rule, name, mend, format string, args ...any) {
	why := r.fault(f, rule, name, mend, format, args)
	why.Strict = true
	r.warn(why)
}

// odd tells what keeps to the standard and is still worth a look.
func (r *reader) odd(f field, rule, name, mend, format string, args ...any) {
	r.warn(r.fault(f, rule, name, mend, format, args))
}

// missing tells what the message does not have anywhere: it has no line, only the message's end.
func (r *reader) missing(rule, name, mend, format string, args ...any) {
	r.wrong(field{off: r.end}, rule, name, mend, format, args...)
}

func (r *reader) warn(f fault.Fault) {
	if r.told++; r.told <= maxFaults {
		r.m.Warnings = append(r.m.Warnings, f)
	}
}

// lose tells a part that is left out while the rest is read.
func (r *reader) lose(what string, from, to line, f fault.Fault) {
	f.What, f.Strict = what, true
	f.Offset, f.Length = from.off, to.off+len(to.text)-from.off
	r.m.Lost = append(r.m.Lost, f) // what is lost is always told
}

// dirt tells of what the whole message is written with: length, case, characters.
func (r *reader) dirt() {
	if n := r.end - r.first.off; n > messageLength && r.name[0] == 'F' && r.name != "FMA" && r.name != "FNA" {
		r.wrong(r.first.whole(), MessageTooLong, "message", "split it into several messages", "the message has %d bytes, the standard allows %d", n, messageLength)
	}
	for _, l := range r.lines {
		if r.told > maxDirt {
			return
		}
		if len(l.text) > lineLength {
			r.wrong(l.whole().from(lineLength), LineTooLong, "line", "end a line after 69 characters and go on in the next", "the line has %d characters, the standard allows %d", len(l.text), lineLength)
		}
		lower, odd := -1, -1
		for i, c := range []byte(l.text) {
			switch {
			case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			case c >= 'a' && c <= 'z':
				if lower < 0 {
					lower = i
				}
			case c > ' ' && c < 0x7F && !unusual[c] || c == ' ':
			case odd < 0:
				odd = i
			}
		}
		if lower >= 0 {
			r.wrong(l.whole().from(lower), LowerCase, "line", "write capitals", "the line has small letters")
		}
		if odd >= 0 {
			r.wrong(l.whole().from(odd), Character, "line", "write A to Z, 0 to 9, blank, point and hyphen only", "the line has a character that telexes do not carry")
		}
	}
}

// unusual are the printable characters that real traffic does not carry either. Comma, brackets, apostrophe, ampersand,
// plus and colon it does, against the standard, and nobody minds.
var unusual = func() (set [128]bool) {
	for _, c := range "!\"#$%*;<=>?@[\\]^_`{|}~" {
		set[c] = true
	}
	return
}()
