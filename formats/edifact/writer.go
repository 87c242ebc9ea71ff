package edifact

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Writer writes interchanges: the exact inverse of Reader. It releases what must be released, leaves out empty
// elements and components at the end, and counts segments, messages and groups itself.
//
// Line breaks and other control characters cannot travel in EDIFACT text; a line break becomes a blank, the others go.
type Writer struct {
	// Line breaks after every segment, for people.
	Lines bool

	b       []byte
	seps    Separators
	set     Charset
	pending int // separators owed before the next text

	reference, group, message    string
	groups, messages, ofGroup    int
	segments                     int
	inMessage, inGroup, inchange bool
}

// NewWriter appends to dst.
func NewWriter(dst []byte, seps Separators) *Writer { return &Writer{b: dst, seps: seps} }

// Bytes is what has been written.
func (w *Writer) Bytes() []byte { return w.b }

// Interchange begins one with UNA and UNB. Facts that are empty are left out; Prepared wins over PreparedRaw.
func (w *Writer) Interchange(in Interchange) {
	release := w.seps.Release
	if release == 0 {
		release = ' '
	}
	w.b = append(w.b, 'U', 'N', 'A', w.seps.Component, w.seps.Element, w.seps.Decimal, release, w.seps.Repetition, w.seps.Terminator)
	w.newline()
	w.set = charsets[in.Syntax]
	w.reference, w.groups, w.messages, w.inchange = in.Reference, 0, 0, true
	w.Segment("UNB")
	w.Element(in.Syntax, in.SyntaxVersion)
	w.Element(in.Sender, in.SenderQualifier, in.SenderRouting)
	w.Element(in.Recipient, in.RecipientQualifier, in.RecipientRouting)
	w.prepared(in.Prepared, in.PreparedRaw)
	w.Element(in.Reference)
	w.Element(in.Password)
	w.Element(in.Application)
	w.Element(in.Priority)
	w.Element(in.Acknowledge)
	w.Element(in.Deal)
	if in.Test {
		w.Element("1")
	}
	w.End()
}

func (w *Writer) prepared(t time.Time, raw string) {
	if !t.IsZero() {
		raw = t.Format("060102:1504")
	}
	day, clock, _ := strings.Cut(raw, ":")
	w.Element(day, clock)
}

// Group begins a functional group with UNG.
func (w *Writer) Group(g Group) {
	w.group, w.ofGroup, w.inGroup = g.Reference, 0, true
	w.groups++
	w.Segment("UNG")
	w.Element(g.Type)
	w.Element(g.Sender)
	w.Element(g.Recipient)
	w.prepared(time.Time{}, g.PreparedRaw)
	w.Element(g.Reference)
	w.Element(g.Agency)
	w.split(g.Version)
	w.End()
}

// Message begins a message with UNH: its Reference, Type, Version, Access, Part and Final count.
func (w *Writer) Message(m Message) {
	w.message, w.segments, w.inMessage = m.Reference, 0, true
	w.messages++
	w.ofGroup++
	w.Segment("UNH")
	w.Element(m.Reference)
	kind := m.Type
	if m.Version != "" {
		kind += ":" + m.Version
	}
	w.split(kind)
	w.Element(m.Access)
	if m.Part > 0 {
		mark := ""
		switch {
		case m.Final:
			mark = "F"
		case m.Part == 1:
			mark = "C"
		}
		part := strconv.Itoa(m.Part)
		if len(part) == 1 {
			part = "0" + part
		}
		w.Element(part, mark)
	}
	w.End()
}

// split writes a composite that is kept with colons.
func (w *Writer) split(composite string) {
	w.pending++
	first := true
	for part := range strings.SplitSeq(composite, ":") {
		if !first {
			w.b, w.pending = w.owe(), 0
			w.b = append(w.b, w.seps.Component)
		}
		first = false
		w.text(part)
	}
}

// Segment begins a segment.
func (w *Writer) Segment(tag string) {
	w.b = append(w.b, tag...)
	w.pending = 0
	w.segments++
}

// Element writes one element of the components given; empty ones at its end are left out.
func (w *Writer) Element(components ...string) {
	w.pending++
	owed := 0
	for i, c := range components {
		if i > 0 {
			owed++
		}
		if c == "" {
			continue
		}
		w.b = w.owe()
		w.pending = 0
		for ; owed > 0; owed-- {
			w.b = append(w.b, w.seps.Component)
		}
		w.text(c)
	}
}

// Skip leaves elements empty.
func (w *Writer) Skip(n int) { w.pending += n }

// owe writes the element separators owed.
func (w *Writer) owe() []byte {
	for range w.pending {
		w.b = append(w.b, w.seps.Element)
	}
	return w.b
}

// text writes one component, released.
func (w *Writer) text(s string) {
	if s == "" {
		return
	}
	w.b = w.owe()
	w.pending = 0
	s = w.encode(s)
	tag := -1 // where a letter could begin what looks like a swallowed segment: released, it does not
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '\r' || c == '\n':
			c = ' '
		case c < ' ' && c != '\t':
			continue
		}
		special := c == w.seps.Component || c == w.seps.Element || c == w.seps.Terminator || c == w.seps.Release && c != 0
		if w.seps.Release != 0 && (special || i == tag) {
			w.b = append(w.b, w.seps.Release)
		} else if special {
			c = ' ' // with no release character, the text cannot be kept
		}
		if c == w.seps.Terminator {
			if rest := strings.TrimLeft(s[i+1:], " \t\r\n"); len(rest) == 3 && known(rest, 0) != "" {
				tag = len(s) - 3
			}
		}
		w.b = append(w.b, c)
	}
}

// encode writes UTF-8 in the declared character set; a letter that it lacks becomes a question mark.
func (w *Writer) encode(s string) string {
	if w.set <= UTF8 {
		return s
	}
	for i := range len(s) {
		if s[i] < utf8.RuneSelf {
			continue
		}
		out := append(make([]byte, 0, len(s)), s[:i]...)
		for _, r := range s[i:] {
			b, ok := charmaps[w.set].EncodeRune(r)
			if !ok {
				b = '?'
			}
			out = append(out, b)
		}
		return string(out)
	}
	return s
}

// End ends the segment.
func (w *Writer) End() {
	w.b = append(w.b, w.seps.Terminator)
	w.pending = 0
	w.newline()
}

func (w *Writer) newline() {
	if w.Lines {
		w.b = append(w.b, '\n')
	}
}

// EndMessage ends the message with UNT.
func (w *Writer) EndMessage() {
	if !w.inMessage {
		return
	}
	w.inMessage = false
	w.trailer("UNT", w.segments+1, w.message)
}

// EndGroup ends the group with UNE.
func (w *Writer) EndGroup() {
	if !w.inGroup {
		return
	}
	w.inGroup = false
	w.trailer("UNE", w.ofGroup, w.group)
}

// EndInterchange ends what is open, and the interchange with UNZ.
func (w *Writer) EndInterchange() {
	w.EndMessage()
	w.EndGroup()
	if !w.inchange {
		return
	}
	w.inchange = false
	count := w.messages
	if w.groups > 0 {
		count = w.groups
	}
	w.trailer("UNZ", count, w.reference)
}

func (w *Writer) trailer(tag string, count int, reference string) {
	w.Segment(tag)
	w.Element(strconv.Itoa(count))
	w.Element(reference)
	w.End()
}
