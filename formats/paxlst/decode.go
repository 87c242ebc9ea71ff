package paxlst

import (
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/sensitive"
)

// MaxBags bounds how many tags one FTX can expand to: a person checks in a handful, and a count of thousands is
// a slip.
const MaxBags = 99

// Decoder reads one file after another with the same memory. With Reuse set, a message and all it holds is good
// only until the next call of Next; that is for those who look and let go, such as a benchmark or a printer.
type Decoder struct {
	Reuse bool

	r        *edifact.Reader
	received date.Date
	parts    map[part]int // the last part seen of each list in parts

	m     *Message
	em    *edifact.Message
	reuse Message

	// The message being read.
	p        *Passenger // the person that segments belong to
	docs     int        // where its documents begin in documents
	held     Document   // expiry and issuer that came before their DOC
	holding  bool
	orphaned bool // segments belong to a person whose NAD was lost
	skipped  int  // unreadable segments when this person's NAD came
	flight   date.Date
	stops    []stop
	tdts     []tdt
	strayed  fault.Fault // the first segment that needs a TDT and has none
	bgm, cnt bool
	state    string // the country last read, as it was written: nearly always its alpha-3, and the next one too

	// Arenas: persons point into them, so that memory grows by message and not by segment.
	passengers []Passenger
	documents  []Document
	bags       []Bag
	contacts   []Contact
	text       *strings.Builder
}

// part names a list that comes in parts.
type part struct{ sender, access, code string }

// Reset begins another file; nil is one that somebody else walks, and hands to Decode.
func (d *Decoder) Reset(raw []byte, received time.Time) {
	switch {
	case raw == nil:
		d.r = nil // whoever walks the file has a reader of their own
	case d.r == nil:
		d.r = edifact.NewReader(raw)
	default:
		d.r.Reset(raw)
	}
	d.received, d.state = date.Of(received), ""
	clear(d.parts)
}

// Next reads the next message, or the fault for which it cannot be read. Both are nil at the end of the file.
func (d *Decoder) Next() (*Message, *fault.Fault) {
	if d.r == nil || !d.r.Next() {
		return nil, nil
	}
	return d.Decode(d.r)
}

// Decode reads the message at which a reader of the envelope stands, for whoever walks a file of several kinds.
func (d *Decoder) Decode(r *edifact.Reader) (*Message, *fault.Fault) {
	d.r, d.em = r, r.Message()
	em := d.em
	if em.Broken != nil {
		f := *em.Broken
		return nil, &f
	}
	if em.Type != "PAXLST" {
		return nil, &fault.Fault{Offset: em.Offset, Segment: em.Number, Tag: "UNH", Rule: "unknown_message_type", Strict: true,
			Message: "the message type is " + printable(em.Type) + ", not PAXLST", Mend: "write PAXLST as the message type in UNH"}
	}
	d.begin(em)
	for r.Scan() {
		d.segment(r.Segment())
	}
	return d.end()
}

func (d *Decoder) begin(em *edifact.Message) {
	if d.Reuse {
		d.m = &d.reuse
		d.passengers, d.documents, d.bags, d.contacts = d.passengers[:0], d.documents[:0], d.bags[:0], d.contacts[:0]
		masked := d.m.Masked[:0]
		*d.m = Message{Masked: masked}
	} else {
		d.m = new(Message)
		// As many as the last message had: carriers send alike.
		d.passengers = make([]Passenger, 0, min(max(len(d.passengers), 8), 4096))
		d.documents = make([]Document, 0, min(max(len(d.documents), 8), 8192))
		d.bags, d.contacts = nil, nil
	}
	d.text = nil
	in := em.Interchange
	m := d.m
	m.Format, m.Version, m.Sender, m.Recipient = Format, em.Version, in.Sender, in.Recipient
	m.Reference, m.MessageReference, m.AccessReference = in.Reference, em.Reference, em.Access
	m.Prepared, m.Application, m.Test = in.Prepared, in.Application, in.Test
	m.Part, m.First, m.Final, m.Offset = em.Part, em.First, em.Final, em.Offset
	m.Total, m.CrewTotal = -1, -1
	d.p, d.holding, d.orphaned, d.skipped, d.bgm, d.cnt = nil, false, false, 0, false, false
	d.flight, d.stops, d.tdts, d.strayed = date.Date{}, d.stops[:0], d.tdts[:0], fault.Fault{}
}

// segment takes one segment where it belongs. Inside a person the order is free: only NAD begins the next. Of an
// orphaned person d.p is nil.
func (d *Decoder) segment(s *edifact.Segment) {
	switch s.Kind {
	case edifact.LOC:
		if s.Elements() > 2 {
			d.r.Split()
		}
		switch {
		case d.p != nil:
			d.personLOC(s)
		case !d.orphaned:
			d.routeLOC(s)
		}
	case edifact.RFF:
		if s.Elements() > 1 {
			d.r.Split()
		}
		switch {
		case d.p != nil:
			d.personRFF(s)
		case !d.orphaned && s.Element(1) == "TN":
			d.m.Transaction, d.m.Revision = s.Component(1, 2), s.Component(1, 5)
		}
	case edifact.DTM:
		if s.Elements() > 1 {
			d.r.Split()
		}
		switch {
		case d.p != nil:
			d.personDTM(s)
		case !d.orphaned:
			d.routeDTM(s)
		}
	case edifact.NAD:
		d.nad(s)
	case edifact.ATT:
		if s.Elements() > 3 {
			d.r.Split()
		}
		d.att(s)
	case edifact.NAT:
		if s.Elements() > 2 {
			d.r.Split()
		}
		d.nat(s)
	case edifact.DOC:
		if s.Elements() > 2 {
			d.r.Split()
		}
		d.doc(s)
	case edifact.GEI:
		if s.Elements() > 2 {
			d.r.Split()
		}
		d.gei(s)
	case edifact.MEA:
		d.mea(s)
	case edifact.FTX:
		d.ftx(s)
	case edifact.COM:
		d.com(s)
	case edifact.EMP:
		if d.p != nil && d.p.CrewType == "" {
			d.p.CrewType = s.Component(2, 1)
		}
	case edifact.CNT:
		d.closePerson()
		d.count(s)
	case edifact.TDT:
		d.closePerson()
		d.p = nil
		d.tdt(s)
	case edifact.BGM:
		d.header(s)
	case edifact.CTA, edifact.UNS, edifact.AUT, edifact.CPI, edifact.QTY, edifact.GID:
		// Of no use here; later directories allow them.
	default:
		d.warn(s, false, "unknown_segment", "leave it out", "%s is no segment of PAXLST", printable(s.Tag))
	}
}

// warn keeps a warning at a segment. Strict: the standard forbids it.
func (d *Decoder) warn(s *edifact.Segment, strict bool, rule, mend, format string, args ...any) {
	f := s.Fault(rule, mend, format, args...)
	f.Strict = strict
	d.em.Warn(f)
}

// header reads BGM. Its 1004 is a function only where it is one exactly; else it is a document's number.
func (d *Decoder) header(s *edifact.Segment) {
	d.bgm = true
	m := d.m
	m.Code = s.Component(1, 1)
	sub := s.Component(2, 1)
	known := false
	switch m.Code {
	case "745":
		known = true
		switch sub {
		case "CP", "XR", "RP":
			m.SubCode = sub
		}
	case "250":
		known = true
		switch sub {
		case "C", "CC", "B", "BC", "A", "D", "E", "EC", "F", "FC", "CP", "XR":
			m.SubCode = sub
		}
	case "266":
		switch sub {
		case "CL", "CLNB", "CLOB", "XF", "CF":
			m.SubCode, known = sub, true
		}
	}
	if sub != "" && m.SubCode == "" {
		m.Document = sub
	}
	if !known {
		d.warn(s, false, "unknown_code", "send 745, 250 or 266 with a function of the guide", "BGM %s %s is no function of a passenger list", printable(m.Code), printable(sub))
	}
}

// function derives what the message is for, when its persons are counted.
func (m *Message) function() Function {
	switch {
	case m.SubCode == "CP", m.SubCode == "CF":
		return Change
	case m.SubCode == "XR", m.SubCode == "RP", m.SubCode == "XF":
		return Cancel
	case m.Code == "266" && m.SubCode != "":
		return FlightClose
	case m.Code == "250":
		return CrewList
	case m.Code == "745" && m.Transaction != "" && len(m.Passengers) == 1:
		return SinglePassenger
	case m.Code == "745":
		return PassengerList
	}
	return ""
}

// end closes the message when its last segment was read: what can only be judged now.
func (d *Decoder) end() (*Message, *fault.Fault) {
	m, em := d.m, d.em
	d.closePerson()
	if len(d.tdts) == 0 {
		f := d.strayed
		if f.Rule == "" {
			f = em.AtEnd("missing_segment", "", "")
		}
		f.Message, f.Mend, f.Strict = "the flight is missing: there is no TDT", "name the flight in a TDT segment before its LOC", true
		return nil, &f
	}
	m.Flight = d.route()
	m.Passengers = d.passengers[:len(d.passengers):len(d.passengers)]
	for i := range m.Passengers {
		if m.Passengers[i].Role == Crew {
			m.CrewCount++
		}
	}
	m.PassengerCount = len(m.Passengers) - m.CrewCount
	m.Function = m.function()
	m.Interactive = m.Application == "IAPI" || m.Transaction != "" && len(m.Passengers) >= 1 && len(m.Passengers) <= 10
	m.Whole = em.Whole
	d.judge()
	m.Warnings = em.Faults
	if len(m.Warnings) > 1 {
		slices.SortStableFunc(m.Warnings, func(a, b fault.Fault) int { return a.Offset - b.Offset })
	}
	m.Complete = m.Whole && m.First && m.Final && len(m.Lost) == 0
	return m, nil
}

// judge warns of what the whole message lacks.
func (d *Decoder) judge() {
	m, em := d.m, d.em
	atEnd := func(what, mend string) {
		f := em.AtEnd("missing_segment", mend, "%s", what)
		f.Strict = true
		em.Warn(f)
	}
	if !em.Whole {
		atEnd = func(string, string) {} // the cut was told of
	}
	if !d.bgm {
		atEnd("what the list is for is missing: there is no BGM", "begin the message with BGM, e.g. BGM+745")
	}
	if len(d.stops) < 2 {
		atEnd("the route is missing: fewer than two LOC name airports", "name departure (LOC 125) and arrival (LOC 87)")
	}
	if !d.cnt {
		atEnd("the control total is missing: there is no CNT", "end the message with CNT+42 and the number of persons")
	}
	if m.Part > 1 || !m.Final {
		if d.parts == nil {
			d.parts = map[part]int{}
		}
		key := part{m.Sender, m.AccessReference, m.Code}
		if last := d.parts[key]; m.Part > 1 && last != m.Part-1 {
			em.Warn(fault.Fault{Offset: em.Offset, Segment: em.Number, Tag: "UNH", Rule: "incomplete_sequence",
				Message: "the part before this one is not in the file: the list is not complete on its own", Mend: "send every part"})
		}
		d.parts[key] = m.Part
	}
}

// count reads CNT and compares it with the persons read. In a list of several parts it may be the total of all.
func (d *Decoder) count(s *edifact.Segment) {
	d.p = nil
	d.cnt = true
	total, _ := s.Value()
	n, ok := number(total)
	if !ok {
		d.warn(s, true, "control_total_mismatch", "write the number of persons in figures", "the control total is no number")
		return
	}
	crew := 0
	for i := range d.passengers {
		if d.passengers[i].Role == Crew {
			crew++
		}
	}
	all := len(d.passengers) + len(d.m.Lost)
	var have int
	switch s.Element(1) {
	case "42":
		d.m.Total = n
		have = all - crew
	case "41":
		d.m.CrewTotal = n
		have = crew
	default:
		return // other totals (bags, weight) are not ours to judge
	}
	parts := d.m.Part > 1 || !d.m.Final
	if n == have || n == all || parts && n > have {
		return
	}
	d.warn(s, true, "control_total_mismatch", "write the number of persons in this message", "CNT says %d persons, there are %d", n, have)
}

func number(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// trim cuts blanks off both ends, where there are any.
func trim(s string) string {
	if s != "" && min(s[0], s[len(s)-1]) <= ' ' {
		return strings.TrimSpace(s)
	}
	return s
}

// printable is a code fit for a message to a person: short and of one line.
func printable(s string) string {
	if len(s) > 12 {
		s = s[:12] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFD {
			return '·'
		}
		return r
	}, s)
}

// join joins parts of one name with blanks, in memory that the message's names share.
func (d *Decoder) join(separator string, parts ...string) string {
	n := 0
	for _, p := range parts {
		n += len(p) + len(separator)
	}
	if d.text == nil || d.text.Cap()-d.text.Len() < n {
		d.text = new(strings.Builder) // names joined before keep the old one
		d.text.Grow(max(8192, n))
	}
	begin := d.text.Len()
	for _, p := range parts {
		if p = trim(p); p == "" {
			continue
		}
		if d.text.Len() > begin {
			d.text.WriteString(separator)
		}
		d.text.WriteString(p)
	}
	return d.text.String()[begin:]
}

// withhold counts free text that reveals what may not be kept, and tells where it lies.
func (d *Decoder) withhold(s *edifact.Segment, element int) {
	if text := s.Rest(element); text != "" && sensitive.Reveals(text) {
		d.m.Withheld.Add(sensitive.Text)
		d.m.Masked = append(d.m.Masked, s.PlaceFrom(element))
	}
}
