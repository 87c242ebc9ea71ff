package pnrgov

import (
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
)

// Options say how a message is written; the zero value is what most senders do.
type Options struct {
	Separators edifact.Separators // zero: UNA:+.?*'
	Syntax     string             // UNB S001; "": IATA, which has no letters beyond ASCII, as UNOW has
	Lines      bool               // a line break after every segment, for people
}

// Append writes a message as one interchange, from UNA to UNZ. It writes what a booking says and a sender of a
// departure control or reservation system would say in segments; [Read] gives the same bookings back, except what
// only programs see and was never in the message. Text that may not be kept (Requests with such codes) is written,
// for the traffic of tests; Read drops it.
func Append(dst []byte, m *Message, o Options) []byte {
	if o.Separators == (edifact.Separators{}) {
		o.Separators = edifact.Default
		o.Separators.Repetition = '*'
	}
	if o.Syntax == "" {
		o.Syntax = "IATA"
	}
	e := edifact.NewWriter(dst, o.Separators)
	e.Lines = o.Lines
	w := encoder{Writer: e, m: m}
	e.Interchange(edifact.Interchange{Syntax: o.Syntax, SyntaxVersion: "1", Sender: m.Sender, Recipient: m.Recipient,
		Prepared: m.Prepared, Reference: m.Reference, Application: Type})
	w.heading()
	for i := range m.Bookings {
		w.booking(&m.Bookings[i])
	}
	e.EndMessage()
	e.EndInterchange()
	return e.Bytes()
}

// encoder writes one message.
type encoder struct {
	*edifact.Writer
	m *Message
	b *Booking
}

// segment writes a segment of simple elements.
func (w *encoder) segment(tag string, elements ...string) {
	w.Segment(tag)
	for _, e := range elements {
		w.Element(e)
	}
	w.End()
}

func (w *encoder) heading() {
	m := w.m
	version := m.Version
	if version == "" {
		version = "13:1:IA"
	}
	part, final := m.Part, m.Final
	if part == 0 {
		part, final = 1, true
	}
	w.Message(edifact.Message{Reference: m.Message, Type: Type, Version: version, Access: m.AccessReference, Part: part, Final: final})
	code := m.FunctionRaw
	switch {
	case code != "":
	case m.Function == Update:
		code = "141"
	default:
		code = "22"
	}
	w.Segment("MSG")
	w.Element("", code)
	w.End()
	f := m.Flight
	if f == nil {
		f = new(Flight)
	}
	var city string
	if len(f.Legs) > 0 {
		city = f.Legs[0].From
	}
	w.Segment("ORG")
	w.Element(m.Sender, city)
	w.End()
	for i := range f.Legs {
		w.flight(f.Carrier, f.Operating, f.Number, f.Suffix, "", f.Legs[i])
	}
	for _, c := range f.Codeshares {
		w.flight(c.Carrier, "", c.Number, c.Suffix, "", Leg{})
	}
	w.segment("EQN", strconv.Itoa(max(m.Declared, len(m.Bookings))))
}

// carrier is the carrier of the push's flight.
func (w *encoder) carrier() string {
	if w.m.Flight == nil {
		return ""
	}
	return w.m.Flight.Carrier
}

// flight writes a TVL.
func (w *encoder) flight(carrier, operating, number, suffix, class string, l Leg) {
	w.Segment("TVL")
	day, clock := short(l.Departure)
	day2, clock2 := short(l.Arrival)
	w.Element(day, clock, day2, clock2)
	w.Element(l.From)
	w.Element(l.To)
	w.Element(carrier, operating)
	w.Element(number+suffix, class)
	w.End()
}

// short writes DDMMYY and HHMM.
func short(l date.Local) (day, clock string) {
	if !l.Full() {
		return "", ""
	}
	d := l.Time()
	if !l.Timed {
		return d.Format("020106"), ""
	}
	return d.Format("020106"), d.Format("1504")
}

// moment writes an instant as date and time, with seconds where there are any.
func moment(t time.Time) (day, clock string) {
	if t.IsZero() {
		return "", ""
	}
	if t = t.UTC(); t.Second() != 0 {
		return t.Format("020106"), t.Format("150405")
	}
	return t.Format("020106"), t.Format("1504")
}

func (w *encoder) booking(b *Booking) {
	w.b = b
	w.segment("SRC")
	if b.Locator != "" || len(b.Locators) > 0 {
		w.Segment("RCI")
		w.locator(Locator{Carrier: b.Carrier, Locator: b.Locator, Created: b.Created})
		for _, l := range b.Locators {
			w.locator(l)
		}
		w.End()
	}
	w.transactions()
	if b.Cancelled && len(b.Passengers) == 0 && len(b.Segments) == 0 {
		w.segment("ORG")
		return
	}
	for _, r := range b.Remarks {
		w.segment("IFT", "4", r)
	}
	w.requests("")
	if a := b.Agency; a != nil {
		if a.Name != "" {
			w.Segment("IFT")
			w.Element("4", "39")
			w.Element(a.Name)
			w.End()
		}
		w.Segment("ORG")
		w.Element(a.System, a.City)
		w.Element(a.IATA, a.Office)
		w.Element(a.City)
		w.Skip(2)
		w.Element(a.Country)
		w.End()
	}
	for _, c := range b.Contacts {
		w.contact(c)
	}
	if b.Group != "" {
		w.Segment("TIF")
		w.Element(b.Group, "G")
		w.End()
	}
	for i := range b.Passengers {
		if p := &b.Passengers[i]; !lap(p) {
			w.passenger(p, i == 0)
		}
	}
	for i := range b.Segments {
		w.itinerary(&b.Segments[i])
	}
	if b.SplitFrom != "" {
		w.segment("EQN", "1")
		w.Segment("RCI")
		w.Element(b.Carrier, b.SplitFrom)
		w.End()
	}
	for i := range b.NonAir {
		w.nonAir(&b.NonAir[i])
	}
	for i := range b.History {
		w.change(&b.History[i])
	}
}

func (w *encoder) locator(l Locator) {
	kind := ""
	if l.DCS {
		kind = "C"
	}
	day, clock := moment(l.Created)
	w.Element(l.Carrier, l.Locator, kind, day, clock)
}

func (w *encoder) transactions() {
	if w.b.Changed.IsZero() && w.b.Ticketed.IsZero() {
		return
	}
	w.Segment("DAT")
	if day, clock := moment(w.b.Changed); day != "" {
		w.Element("700", day, clock)
	}
	if day, clock := moment(w.b.Ticketed); day != "" {
		w.Element("710", day, clock)
	}
	w.End()
}

// contact writes an address on one line as the street, a phone or a mail address as the text behind it.
func (w *encoder) contact(c Contact) {
	w.Segment("ADD")
	w.Skip(1)
	switch c.Kind {
	case "address":
		w.Element("700", c.Value)
	case "email":
		w.Element("700", "", "", "", "", "", "", teletypeMail(c.Value))
	default:
		w.Element("700", "", "", "", "", "", "", c.Value)
	}
	w.End()
}

// teletypeMail writes what teletype has no sign for: // for @, .. for _, ./ for -.
func teletypeMail(v string) string {
	return toTeletype.Replace(v)
}

var toTeletype = strings.NewReplacer("@", "//", "_", "..", "-", "./")

// lap tells an infant without a TIF of its own: it travels in an INFT and a DOCS under its adult.
func lap(p *Passenger) bool { return p.Type == Infant && p.Lap > 0 && p.Reference == "" }

func (w *encoder) passenger(p *Passenger, first bool) {
	given := p.GivenRaw
	if given == "" {
		given = p.Given
	}
	kind := "A"
	switch p.Type {
	case Child:
		kind = "C"
	case Infant:
		kind = "IN"
	}
	with := ""
	if p.WithInfant || p.Infant > 0 {
		with = "1"
	}
	w.Segment("TIF")
	w.Element(p.Surname)
	w.Element(given, kind, p.Reference, with)
	w.End()
	for _, number := range p.FrequentFlyer {
		carrier := ""
		if len(number) > 2 {
			carrier, number = number[:2], number[2:]
		}
		w.Segment("FTI")
		w.Element(carrier, number, p.Reference)
		w.End()
	}
	if p.Unique != "" {
		w.Segment("REF")
		w.Element("", p.Unique)
		w.End()
	}
	if p.CheckIn == nil && len(p.Bags) > 0 {
		w.bags("EBD", p.Bags)
	}
	w.documents(p, "")
	if p.Infant > 0 && p.Infant <= len(w.b.Passengers) {
		if baby := &w.b.Passengers[p.Infant-1]; lap(baby) {
			w.infant(p, baby, given)
		}
	}
	w.requests(p.Reference)
	for i := range w.b.Tickets {
		if t := &w.b.Tickets[i]; t.Passenger == p.Reference || t.Passenger == "" && first {
			w.ticket(t)
		}
	}
	if first {
		for i := range w.b.Payments {
			w.payment(&w.b.Payments[i])
		}
	}
}

// service writes an SSR with its text.
func (w *encoder) service(code, board, off, text string) {
	w.Segment("SSR")
	w.Element(code, "HK", "1", w.carrier(), "", "", board, off, text)
	w.End()
}

// documents writes DOCS and DOCO; tail is the name item behind an infant's.
func (w *encoder) documents(p *Passenger, tail string) {
	written := false
	for _, d := range p.Documents {
		if d.Type == "V" {
			w.service("DOCO", "", "", "/"+slashless(p.Birthplace)+"/V/"+slashless(d.Number)+tail)
			continue
		}
		w.docs(p, d, tail)
		written = true
	}
	if !written && (p.Born.Full() || p.Sex != "" && p.Type != Infant) {
		w.docs(p, Document{}, tail)
	}
	if p.KnownTraveller != "" {
		w.service("DOCO", "", "", "/"+slashless(p.Birthplace)+"/K/"+slashless(p.KnownTraveller)+tail)
	}
	if p.Redress != "" {
		w.service("DOCO", "", "", "/"+slashless(p.Birthplace)+"/R/"+slashless(p.Redress)+tail)
	}
	if p.Residence != "" {
		w.service("DOCA", "", "", "/R/"+p.Residence)
	}
}

func (w *encoder) docs(p *Passenger, d Document, tail string) {
	sex := p.Sex
	if p.Type == Infant && sex != "" {
		sex += "I"
	}
	text := "/" + d.Type + "/" + d.Issuer + "/" + slashless(d.Number) + "/" + p.Nationality + "/" + w.worded(p.Born) + "/" + sex + "/" + w.worded(d.Expires) +
		"/" + slashless(p.Surname) + "/" + slashless(p.Given)
	w.service("DOCS", "", "", text+tail)
}

// worded writes DDMMMYY, with four digits of the year where two would be read as another.
func (w *encoder) worded(d date.Date) string {
	if !d.Full() {
		return ""
	}
	day := twoDigits(int(d.Day)) + months[d.Month-1]
	reference := date.Of(w.m.Prepared)
	if f := w.m.Flight; f != nil && len(f.Legs) > 0 && f.Legs[0].Departure.Full() {
		reference = f.Legs[0].Departure.Date
	}
	text := day + twoDigits(int(d.Year)%100)
	born, _ := birth(text, reference)
	expires, _ := expiry(text, reference)
	if born != d && expires != d || born != expires && born != d && expires != d {
		return day + strconv.Itoa(int(d.Year))
	}
	return text
}

func twoDigits(n int) string { return string([]byte{'0' + byte(n/10%10), '0' + byte(n%10)}) }

func slashless(v string) string { return strings.ReplaceAll(v, "/", " ") }

// infant writes what the adult's GR2 says of the infant on the lap.
func (w *encoder) infant(adult, p *Passenger, given string) {
	text := slashless(p.Surname) + "/" + slashless(p.Given)
	if born := w.worded(p.Born); born != "" {
		text += " " + born
	}
	w.service("INFT", "", "", text)
	w.documents(p, "-1"+slashless(adult.Surname)+"/"+slashless(given))
}

func (w *encoder) requests(reference string) {
	for _, r := range w.b.Requests {
		if r.Passenger == reference {
			w.service(r.Code, r.From, r.To, r.Text)
		}
	}
}

func (w *encoder) ticket(t *Ticket) {
	number, kind := t.Number, t.Kind
	if t.Ticketless {
		number = "0"
	}
	if kind == "" {
		kind = "T"
	}
	w.Segment("TKT")
	w.Element(number, kind, "1")
	w.End()
	if t.Base != "" || t.Total != "" {
		w.Segment("MON")
		if t.Base != "" {
			w.Element("B", t.Base, t.Currency)
		}
		if t.Total != "" {
			w.Element("T", t.Total, t.Currency)
		}
		w.End()
	}
	if issued, err := time.Parse(time.RFC3339, t.Issued); err == nil {
		day, clock := moment(issued)
		w.Segment("DAT")
		w.Element("710", day, clock)
		w.End()
	} else if issued, err := time.Parse(time.DateOnly, t.Issued); err == nil {
		w.Segment("DAT")
		w.Element("710", issued.Format("020106"))
		w.End()
	}
}

func (w *encoder) payment(p *Payment) {
	old, account, expires := "", p.Account, ""
	if p.Old {
		old = "2"
	}
	if p.Form == "CC" {
		account = p.Card
	}
	if len(p.Expires) == 7 {
		expires = p.Expires[5:] + p.Expires[2:4]
	}
	w.Segment("FOP")
	w.Element(p.Form, old, p.Amount, p.Vendor, account, expires)
	w.End()
}

// itinerary writes GR5: the flight, its seats, and on the flight of the push the check-ins.
func (w *encoder) itinerary(g *Segment) {
	operating := ""
	if g.Operating != nil {
		operating = g.Operating.Carrier
	}
	number := g.Number
	if number == "" && g.Carrier != "" {
		number = "OPEN"
	}
	w.flight(g.Carrier, operating, number, g.Suffix, g.Class, Leg{From: g.From, To: g.To, Departure: g.Departure, Arrival: g.Arrival})
	if o := g.Operating; o != nil && o.Number != "" {
		w.segment("TRA", o.Carrier, o.Number+o.Suffix)
	}
	if g.Status != "" || g.Party > 0 {
		party := g.Party
		if party == 0 {
			party = max(1, len(w.b.Passengers))
		}
		w.segment("RPI", strconv.Itoa(party), g.Status)
	}
	if g.Equipment != "" {
		w.segment("APD", g.Equipment)
	}
	if g.Locator != "" {
		w.Segment("RCI")
		carrier := g.Carrier
		w.Element(carrier, g.Locator)
		w.End()
	}
	d := Decoder{m: w.m}
	if !d.this(g) {
		return
	}
	seated := false
	for i := range w.b.Passengers {
		p := &w.b.Passengers[i]
		v := p.Seat
		if v == "" && len(p.Seats) > 0 {
			v = p.Seats[0]
		}
		if v == "" || p.CheckIn != nil && p.CheckIn.Seat == v {
			continue
		}
		if !seated {
			seated = true
			w.Segment("SSR")
			w.Element("SEAT", "HK", "1", w.carrier(), "", "", g.From, g.To)
		}
		w.Element(v, "", p.Reference)
	}
	if seated {
		w.End()
	}
	for i := range w.b.Passengers {
		if p := &w.b.Passengers[i]; p.CheckIn != nil {
			w.checkIn(p)
		}
	}
}

func (w *encoder) checkIn(p *Passenger) {
	c := p.CheckIn
	day, clock := moment(c.At)
	w.Segment("DAT")
	w.Element("2", day, clock)
	w.End()
	w.Segment("TRI")
	w.Skip(1)
	w.Element(c.Sequence, "", "", p.Reference)
	w.End()
	if c.Seat != "" {
		w.Segment("SSD")
		w.Element(c.Seat)
		w.Skip(3)
		w.Element("Y")
		w.End()
	}
	if len(p.Bags) > 0 {
		w.bags("TBD", p.Bags)
	}
}

// bags writes tags, those that count on from one another as one run.
func (w *encoder) bags(tagName string, bags []Bag) {
	carrier := w.carrier()
	w.Segment(tagName)
	w.Skip(1)
	w.Element(strconv.Itoa(len(bags)))
	w.Element("HP")
	for i := 0; i < len(bags); {
		first, by := bags[i].Tag, carrier
		n := 1
		for i+n < len(bags) && n < maxTags && digits(first) && bags[i+n].Tag == tag(by, first, n) {
			n++
		}
		if len(first) > 2 && !digits(first) { // an older tag: the carrier and six figures
			by, first = first[:2], first[2:]
		}
		w.Element(by, first, strconv.Itoa(n))
		i += n
	}
	w.End()
}

func (w *encoder) nonAir(n *NonAir) {
	code := n.Kind
	switch code {
	case "hotel":
		code = "8"
	case "car":
		code = "2"
	}
	w.segment("MSG", code)
	from, to, _ := strings.Cut(n.At, "/")
	w.flight(n.Name, "", "", "", "", Leg{From: from, To: to, Departure: n.From, Arrival: n.To})
}

// change writes one line of history. What was acted on is written as text: the line was made of a segment that is
// not known any more.
func (w *encoder) change(c *Change) {
	w.Segment("ABI")
	w.Element("1")
	w.Element(c.By)
	w.Element(c.City)
	w.End()
	if day, clock := moment(c.At); day != "" {
		w.Segment("DAT")
		w.Element("T", day, clock)
		w.End()
	}
	code := c.Action
	switch code {
	case "added":
		code = "A"
	case "cancelled":
		code = "X"
	}
	w.Segment("SAC")
	w.Skip(2)
	w.Element(code)
	w.End()
	if c.Item != "" {
		w.segment("IFT", "4", c.Item)
	}
}
