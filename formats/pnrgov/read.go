package pnrgov

import (
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/sensitive"
)

// Format is the name of this format in the public contract, Type the message type in UNH.
const (
	Format = "pnrgov"
	Type   = "PNRGOV"
)

// Read hands over each message of a file in turn, until one is refused. What could not be read as a message is handed
// over too, with its Error set. Received is when the file came; it decides the century where neither the flight
// nor the interchange has a date. Messages are the receiver's to keep.
func Read(raw []byte, received time.Time, each func(*Message) error) error {
	r := edifact.NewReader(raw)
	var d Decoder
	for r.Next() {
		if err := each(d.Decode(r, received)); err != nil {
			return err
		}
	}
	return nil
}

// Decoder reads the message an edifact.Reader stands at. It keeps its buffers from one message to the next; the
// zero value is ready. With Reuse set, a message and all it holds is good only until the next call of Decode: for
// those who look and let go, such as a benchmark or a printer.
type Decoder struct {
	Reuse bool

	r         *edifact.Reader
	text      string
	m         *Message
	b         *Booking
	reference date.Date // the date two-digit years are read against

	arenas
	group   group
	header  seen // of the heading
	booking seen // of the open booking

	traveller, travellers int    // the open GR2: the first passenger and how many the TIF named
	named                 bool   // a traveller of this booking has a reference
	ticket                int    // the open GR3 in Tickets, -1: none
	segment               int    // the open GR5 in Segments, -1: none
	twoCarriers           string // the operating carrier of the TVL before
	checkin               time.Time
	onboard               []int // the passengers of the open GR7, at most one
	change                Change
	changed               bool // change holds something not yet written

	notes      []note
	previous   string // tag of the segment before
	count      int    // segments so far
	effort     int    // comparisons so far
	rest       int    // where what is not read begins; -1: nowhere
	end        int    // behind the segment before
	terminator byte
	totalAt    place // EQN
	lastRCI    struct {
		place
		locators []Locator
		segment  int
	}
}

// group is the open segment group.
type group uint8

const (
	heading   group = iota
	record          // GR1
	traveller       // GR2
	ticket          // GR3
	payment         // GR4
	itinerary       // GR5
	checkin         // GR6
	boarding        // GR7
	splitting       // GR8
	nonAir          // GR9
	history         // GR10
	action          // GR11
	moved           // GR12
)

// seen is the set of segments met, for those that must be there.
type seen uint16

const (
	seenMSG seen = 1 << iota
	seenORG
	seenTVL
	seenEQN
	seenRCI
	seenTIF
	seenJourney // a GR5 TVL
	emptyORG
	toldTIF // its absence was told
	toldRCI
)

// place is where a segment stands, for a fault that is known only later.
type place struct {
	offset, number int
	tag            string
}

func placed(s *edifact.Segment) place { return place{s.Offset, s.Number, s.Tag} }

func (p place) fault(rule, mend, message string) fault.Fault {
	return fault.Fault{Offset: p.offset, Segment: p.number, Tag: p.tag, Rule: rule, Message: message, Mend: mend}
}

// Decode reads the message the reader stands at, and leaves the reader at its end.
func (d *Decoder) Decode(r *edifact.Reader, received time.Time) *Message {
	e := r.Message()
	m := d.fresh()
	d.r, d.text, d.m, d.b = r, r.Text(), m, nil
	d.group, d.header, d.booking = heading, 0, 0
	d.notes, d.previous = d.notes[:0], ""
	if in := e.Interchange; in != nil {
		m.Sender, m.Recipient, m.Reference, m.Prepared = in.Sender, in.Recipient, in.Reference, in.Prepared
	}
	m.Version, m.Message, m.AccessReference = e.Version, e.Reference, e.Access
	m.Part, m.First, m.Final, m.Offset = e.Part, e.First, e.Final, e.Offset
	switch {
	case e.Broken != nil:
		m.Error = e.Broken
		d.scrub(m.Error)
	case !strings.EqualFold(e.Type, Type):
		f := fault.Fault{Offset: e.Offset, Segment: e.Number, Tag: "UNH", Rule: "unknown_message_type", Strict: true,
			Message: "the message is no PNRGOV", Mend: "write PNRGOV as the type in UNH, e.g. PNRGOV:11:1:IA"}
		m.Error = &f
	}
	if m.Error != nil {
		for r.Scan() {
		}
		return m
	}
	d.reference = date.Of(m.Prepared)
	if d.reference.IsZero() {
		d.reference = date.Of(received)
	}
	d.count, d.effort, d.rest = 0, 0, -1
	d.end, d.terminator = -1, e.Interchange.Separators.Terminator
	for r.Scan() {
		s := r.Segment()
		if d.beyond(s.Offset) {
			d.end = s.Offset + s.Length
			continue
		}
		d.gap(s.Offset)
		if strings.IndexByte(s.Raw(), d.terminator) >= 0 {
			d.joined(s)
		}
		d.take(s)
		d.previous, d.end = s.Tag, s.Offset+s.Length
	}
	d.finish()
	return m
}

// fresh makes the message to be filled.
func (d *Decoder) fresh() *Message {
	if !d.Reuse || d.m == nil {
		d.arenas = arenas{}
		return &Message{Format: Format, Declared: -1}
	}
	d.arenas.reset()
	m := d.m
	clear(m.Bookings)
	*m = Message{Format: Format, Declared: -1, Bookings: m.Bookings[:0], Masks: m.Masks[:0]}
	return m
}

// Cards and texts end up in the raw copy too, so whatever stands between two segments and is none is lost whole.
func (d *Decoder) gap(to int) {
	from := d.end
	if from < 0 || from >= to {
		return
	}
	blank := true
	for i := from; i < to && blank; i++ {
		blank = d.text[i] <= ' ' || d.text[i] == d.terminator
	}
	if blank {
		return
	}
	stray := strings.Trim(d.text[from:to], " \r\n\t")
	from += strings.Index(d.text[from:to], stray)
	d.lose(fault.Fault{Offset: from, Length: len(stray), Rule: "bad_segment_tag", What: "segment",
		Message: "what stands here is no segment", Mend: "begin every segment with its tag of three capitals", Strict: true})
	if sensitive.Reveals(stray) {
		d.m.Withheld.Add(sensitive.Text)
	}
}

// joined looks at a segment that holds a terminator: an apostrophe nobody released, and behind it whatever text
// followed, in elements that are no texts.
func (d *Decoder) joined(s *edifact.Segment) {
	switch s.Tag {
	case "SSR", "IFT", "LTS":
		return
	}
	for e := 1; e <= s.Elements(); e++ {
		for c := 1; c <= s.Components(e); c++ {
			if sensitive.Reveals(s.Component(e, c)) {
				d.m.Withheld.Add(sensitive.Text)
				d.mask(s.Place(e, c))
			}
		}
	}
}

func (d *Decoder) lose(f fault.Fault) {
	if f.What != "segment" || len(d.m.Lost) < maxLost {
		d.m.Lost = append(d.m.Lost, f)
	}
	d.m.Masks = append(d.m.Masks, fault.Range{Offset: f.Offset, Length: f.Length})
}

// warn keeps a fault, up to the bound that edifact sets.
func (d *Decoder) warn(f fault.Fault) {
	if len(d.m.Warnings) < edifact.MaxFaults {
		d.m.Warnings = append(d.m.Warnings, f)
	}
}

// strictly tells a fault that breaks the standard.
func (d *Decoder) strictly(s *edifact.Segment, rule, mend, message string) {
	f := s.Fault(rule, mend, "%s", message)
	f.Strict = true
	d.warn(f)
}

func (d *Decoder) strictlyAt(p place, rule, mend, message string) {
	f := p.fault(rule, mend, message)
	f.Strict = true
	d.warn(f)
}

// take sorts one segment into its group.
func (d *Decoder) take(s *edifact.Segment) {
	if s.Tag == "SRC" {
		d.completeHeading(s)
		d.open(s)
		return
	}
	if d.group == heading {
		if d.takeHeading(s) {
			return
		}
		// A segment of a booking, and no SRC began one.
		d.completeHeading(s)
		d.strictly(s, "missing_segment", "begin every booking with SRC", "the booking begins with "+s.Tag+": SRC is missing before it")
		d.open(s)
	}
	d.takeBooking(s)
}

// takeHeading reads a segment before the first SRC. It is false for one that belongs to a booking.
func (d *Decoder) takeHeading(s *edifact.Segment) bool {
	switch s.Tag {
	case "MSG":
		d.header |= seenMSG
		d.readFunction(s)
	case "ORG":
		d.need(s, seenMSG, "MSG", "say what the push is: MSG+:22 for all bookings, MSG+:141 for those that changed")
		d.header |= seenORG
	case "TVL":
		d.need(s, seenMSG, "MSG", "say what the push is: MSG+:22 for all bookings, MSG+:141 for those that changed")
		d.need(s, seenORG, "ORG", "name the sending system, e.g. ORG+ZZ:DXB")
		d.header |= seenTVL
		d.readFlight(s)
	case "EQN":
		d.need(s, seenMSG, "MSG", "say what the push is: MSG+:22 for all bookings, MSG+:141 for those that changed")
		d.need(s, seenORG, "ORG", "name the sending system, e.g. ORG+ZZ:DXB")
		d.need(s, seenTVL, "TVL", "name the flight the push is about")
		d.header |= seenEQN
		if n, ok := number(s.Component(1, 1)); ok {
			d.m.Declared = n
			d.totalAt = placed(s)
		} else {
			d.strictly(s, "bad_number", "write how many bookings the push has", "EQN holds no number")
		}
	case "RCI", "TIF", "SSR", "DAT", "IFT", "ADD", "FTI", "TKT", "FOP", "LTS", "ABI", "RPI", "REF", "TRI", "FAR", "EBD":
		return false
	default:
		d.unknown(s, &d.m.Unknown)
	}
	return true
}

// need tells once that a segment of the heading is absent, at the one found in its place.
func (d *Decoder) need(s *edifact.Segment, bit seen, tag, mend string) {
	if d.header&bit == 0 {
		d.header |= bit
		d.strictly(s, "missing_segment", mend, tag+" is missing before "+s.Tag)
	}
}

// completeHeading tells what the heading lacks when the first booking begins.
func (d *Decoder) completeHeading(s *edifact.Segment) {
	if d.group != heading {
		return
	}
	d.need(s, seenMSG, "MSG", "say what the push is: MSG+:22 for all bookings, MSG+:141 for those that changed")
	d.need(s, seenORG, "ORG", "name the sending system, e.g. ORG+ZZ:DXB")
	d.need(s, seenTVL, "TVL", "name the flight the push is about")
	if d.header&seenEQN == 0 { // conditional in the standard: worth a word, no more
		d.header |= seenEQN
		d.warn(s.Fault("missing_segment", "say with EQN how many bookings the push has", "EQN is missing before %s", s.Tag))
	}
}

func (d *Decoder) readFunction(s *edifact.Segment) {
	code := s.Component(1, 2)
	if code == "" {
		code = s.Component(1, 1)
	}
	d.m.FunctionRaw = code
	switch trim(code) {
	case "22":
		d.m.Function = Full
	case "141":
		d.m.Function = Update
	default:
		f := s.Fault("unknown_code", "write 22 for a full push, 141 for an update", "MSG says neither 22 (full) nor 141 (update)")
		f.Strict = code == ""
		d.warn(f)
	}
}

// readFlight reads the TVL of the heading: the flight, further legs of it, or its other numbers.
func (d *Decoder) readFlight(s *edifact.Segment) {
	t, ok := d.readTVL(s)
	if !ok {
		d.strictly(s, "missing_data", "write date, airports, carrier and number of the flight", "TVL names no flight")
		return
	}
	leg := Leg{From: t.from, To: t.to, Departure: t.departure.Local, Arrival: t.arrival.Local}
	f := d.m.Flight
	if f == nil {
		f = &Flight{Carrier: t.carrier, Number: t.number, Suffix: t.suffix}
		if t.operating != t.carrier {
			f.Operating = t.operating
		}
		f.Legs = append(f.Legs, leg)
		d.m.Flight = f
		if t.departure.Full() {
			d.reference = t.departure.Date
		}
		if t.carrier == "" || t.number == "" {
			d.strictly(s, "bad_flight", "write carrier and number of the flight, e.g. ZZ+417", "TVL lacks the carrier or the number of the flight")
		}
		return
	}
	if t.number != "" && (t.carrier != f.Carrier || t.number != f.Number) {
		f.Codeshares = append(f.Codeshares, Number{Carrier: t.carrier, Number: t.number, Suffix: t.suffix})
	} else if last := f.Legs[len(f.Legs)-1]; t.from == last.To && t.to != "" {
		f.Legs = append(f.Legs, leg)
	}
}

// open begins a booking at SRC, or at the segment that stands where SRC should.
func (d *Decoder) open(s *edifact.Segment) {
	d.close(s.Offset, s)
	d.newBooking(s.Offset, s.Number)
}

// mostAhead bounds the memory that a number in EQN can ask for before a booking is there.
const mostAhead = 512

func (d *Decoder) newBooking(offset, number int) {
	m := d.m
	m.Counted++
	if m.Bookings == nil {
		m.Bookings = make([]Booking, 0, min(max(m.Declared, 1), mostAhead))
	}
	if n := len(m.Bookings); n < cap(m.Bookings) {
		m.Bookings = m.Bookings[:n+1] // nothing was there yet, or it was cleared
	} else {
		m.Bookings = append(m.Bookings, Booking{})
	}
	d.b = &m.Bookings[len(m.Bookings)-1]
	*d.b = Booking{}
	d.b.Offset, d.b.Number = offset, number
	d.reset()
}

func (d *Decoder) reset() {
	d.group, d.booking = record, 0
	d.traveller, d.travellers, d.named, d.ticket, d.segment, d.twoCarriers = -1, 0, false, -1, -1, ""
	d.checkin, d.onboard, d.change, d.changed = time.Time{}, d.onboard[:0], Change{}, false
	d.notes = d.notes[:0]
}

// finish closes the message once its last segment is read.
func (d *Decoder) finish() {
	e, m := d.r.Message(), d.m
	if d.group == heading {
		if lacks := d.lacks(); lacks != "" {
			f := e.AtEnd("missing_segment", "send the heading of the push whole", "%s is missing", lacks)
			f.Strict = true
			d.warn(f)
		}
	}
	if d.rest >= 0 {
		d.close(d.rest, nil)
	} else {
		d.close(max(d.end, 0), nil)
	}
	d.loseRest()
	m.Whole = e.Whole
	d.turnedDate(e)
	d.total()
	d.envelope(e.Faults)
	slices.SortStableFunc(m.Warnings, func(a, b fault.Fault) int { return a.Offset - b.Offset })
	slices.SortStableFunc(m.Lost, func(a, b fault.Fault) int { return a.Offset - b.Offset })
	m.Masks = merged(m.Masks)
}

// turnedDate mends a date of preparation written as DDMMYY, like those of the body, where YYMMDD belongs. Only the
// flight tells: a push is made in the year before it.
func (d *Decoder) turnedDate(e *edifact.Message) {
	m := d.m
	if m.Flight == nil || !m.Flight.Legs[0].Departure.Full() {
		return
	}
	flight := m.Flight.Legs[0].Departure.Time()
	if near(m.Prepared, flight) {
		return
	}
	day, clock, _ := strings.Cut(e.Interchange.PreparedRaw, ":")
	if turned, _, ok := instant(day, clock); ok && len(day) == 6 && near(turned, flight) {
		m.Prepared = turned
		d.warn(fault.Fault{Offset: e.Interchange.Offset, Segment: 1, Tag: "UNB", Rule: "bad_date", Strict: true,
			Message: "the date of preparation is written as DDMMYY", Mend: "write it as YYMMDD"})
	}
}

// near tells that a push made at t can be about a flight.
func near(t, flight time.Time) bool {
	days := flight.Sub(t).Hours() / 24
	return -40 < days && days < 366
}

func (d *Decoder) lacks() string {
	for _, n := range []struct {
		bit seen
		tag string
	}{{seenMSG, "MSG"}, {seenORG, "ORG"}, {seenTVL, "TVL"}} {
		if d.header&n.bit == 0 {
			return n.tag
		}
	}
	return ""
}

// total compares EQN with the bookings, where the whole push is in one message.
func (d *Decoder) total() {
	m := d.m
	if m.Declared < 0 {
		return
	}
	if whole := m.First && m.Final && m.Whole; m.Counted > m.Declared || whole && m.Counted != m.Declared {
		d.strictlyAt(d.totalAt, "control_total_mismatch", "write in EQN the number of bookings of the whole push",
			"EQN says "+plural(m.Declared, "booking")+", the message has "+itoa(m.Counted))
	}
}

// envelope takes over the faults of the syntax. A text in one that would reveal what was withheld is left out, and
// what the reader passed over because it is no segment is lost already.
func (d *Decoder) envelope(faults []fault.Fault) {
	m := d.m
	for _, f := range faults {
		d.scrub(&f)
		if f.Rule == "truncated" && f.Offset < len(d.text) && !strings.HasPrefix(f.Tag, "UN") {
			// The cut segment was not handed out: it is blanked in the stored copy, for nobody knows what it was to be.
			rest := len(d.text) - f.Offset
			m.Masks = append(m.Masks, fault.Range{Offset: f.Offset, Length: rest})
			lost := f
			lost.What, lost.Length = "segment", rest
			m.Lost = append(m.Lost, lost)
			if sensitive.Reveals(d.text[f.Offset:]) {
				m.Withheld.Add(sensitive.Text)
			}
		}
		if f.Rule == "trailing_data" {
			d.stray(f.Offset)
		}
		told := false
		for i := range m.Lost {
			if l := &m.Lost[i]; l.What == "segment" && l.Rule == "bad_segment_tag" && f.Offset == l.Offset && f.Rule == l.Rule {
				l.Segment, l.Mend, told = f.Segment, f.Mend, true // and not the words it quotes
			}
		}
		if !told {
			m.Warnings = append(m.Warnings, f)
		}
	}
}

// stray masks text outside any message, if it reveals anything.
func (d *Decoder) stray(from int) {
	if from < 0 || from >= len(d.text) {
		return
	}
	text := d.text[from:]
	for _, next := range []string{"UNA", "UNB"} {
		if i := strings.Index(text, next); i > 0 {
			text = text[:i]
		}
	}
	if sensitive.Reveals(text) {
		d.m.Withheld.Add(sensitive.Text)
		d.mask(fault.Range{Offset: from, Length: len(text)})
	}
	sensitive.CardDigits(text, 0, func(at []int) { d.maskPlaces(from, at) })
}

// scrub takes out of a fault whatever of the file it quotes and may not be told.
func (d *Decoder) scrub(f *fault.Fault) {
	if sensitive.Reveals(f.Message) {
		f.Message = "this place breaks the rule " + f.Rule
	}
	f.Message = sensitive.MaskCards(f.Message)
	if sensitive.Reveals(f.Tag) {
		f.Tag = ""
	}
}

// unknown keeps a segment the standard does not know.
func (d *Decoder) unknown(s *edifact.Segment, to *[]Raw) {
	d.strictly(s, "unknown_segment", "leave it out, or agree on it with the receiver", s.Tag+" is no segment of PNRGOV; it is kept as it came")
	if sensitive.Reveals(s.Rest(1)) {
		d.withhold(s, sensitive.Text, 1)
		return
	}
	d.maskCards(s)
	if len(*to) >= maxLost {
		return
	}
	*to = append(*to, Raw{Tag: s.Tag, Text: sensitive.MaskCards(s.Rest(1)), Offset: s.Offset})
}
