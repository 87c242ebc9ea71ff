package paxlst

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/mrz"
)

// Options say how Append writes. The zero value is the guide's own way: UNA, UNOA, a group, no line breaks.
type Options struct {
	Separators edifact.Separators // zero is edifact.Default
	Syntax     string             // "" is UNOA; with UNOC or UNOW names keep their letters
	Lines      bool               // a line break after every segment
	NoGroup    bool               // no UNG and UNE
	Received   int                // the year two-digit years are relative to where the message has no flight date
}

// Append writes a message as an interchange of its own, strictly as the guide wants it, and returns the extended
// buffer. What is read back equals what was written, as far as the format can carry it: names in Latin capitals
// unless the character set keeps them, dates in digits.
func Append(dst []byte, m *Message, o Options) []byte {
	e := encoder{m: m, o: o}
	if o.Separators == (edifact.Separators{}) {
		o.Separators = edifact.Default
	}
	if e.o.Syntax == "" {
		e.o.Syntax = "UNOA"
	}
	e.w = edifact.NewWriter(dst, o.Separators)
	e.w.Lines = o.Lines
	return e.append()
}

type encoder struct {
	w *edifact.Writer
	m *Message
	o Options
}

func (e *encoder) append() []byte {
	w, m := e.w, e.m
	in := edifact.Interchange{Syntax: e.o.Syntax, SyntaxVersion: "4", Sender: m.Sender, Recipient: m.Recipient,
		Prepared: m.Prepared, Reference: m.Reference, Application: m.Application, Test: m.Test}
	if m.Application == "IAPI" {
		in.Priority = "O"
	}
	w.Interchange(in)
	version := m.Version
	if version == "" {
		version = "D:05B:UN:IATA"
	}
	if !e.o.NoGroup {
		parts := append(strings.Split(version, ":"), "", "")
		w.Group(edifact.Group{Type: "PAXLST", Sender: m.Sender, Recipient: m.Recipient, PreparedRaw: m.Prepared.Format("060102:1504"),
			Reference: "1", Agency: "UN", Version: strings.Trim(parts[0]+":"+parts[1], ":")})
	}
	part, final := m.Part, m.Final
	if part == 0 {
		part, final = 1, true
	}
	w.Message(edifact.Message{Reference: m.MessageReference, Type: "PAXLST", Version: version, Access: m.AccessReference, Part: part, Final: final})
	e.header()
	e.route()
	for i := range m.Passengers {
		e.person(&m.Passengers[i])
	}
	e.totals()
	w.EndInterchange()
	return w.Bytes()
}

// segment writes one segment of elements that each have one component.
func (e *encoder) segment(tag string, elements ...string) {
	e.w.Segment(tag)
	for _, v := range elements {
		e.w.Element(v)
	}
	e.w.End()
}

// composite writes a segment whose last element is composite.
func (e *encoder) composite(tag string, before []string, components ...string) {
	e.w.Segment(tag)
	for _, v := range before {
		e.w.Element(v)
	}
	e.w.Element(components...)
	e.w.End()
}

func (e *encoder) header() {
	m := e.m
	code, sub := m.Code, m.SubCode
	if code == "" {
		code, sub = codes(m.Function)
	}
	if sub == "" {
		sub = m.Document
	}
	e.segment("BGM", code, sub)
	if m.Transaction != "" {
		e.composite("RFF", nil, "TN", m.Transaction, "", "", m.Revision)
	}
	e.segment("NAD", "MS", "", "", m.Sender)
}

// codes are BGM's for a function.
func codes(f Function) (code, sub string) {
	switch f {
	case CrewList:
		return "250", "C"
	case FlightClose:
		return "266", "CLOB"
	case Change:
		return "745", "CP"
	case Cancel:
		return "745", "XR"
	}
	return "745", ""
}

func (e *encoder) route() {
	f := &e.m.Flight
	w := e.w
	w.Segment("TDT")
	w.Element("20")
	number := f.Number
	if f.Carrier != "" && len(number) < 4 && number != "" {
		number = "0000"[len(number):] + number
	}
	w.Element(f.Carrier + number + f.Suffix)
	w.Skip(2)
	w.Element(f.Carrier)
	w.End()
	border := f.Border
	if border < 0 || border >= len(f.Legs) {
		border = -1
		if len(f.Legs) == 1 && f.Border == 0 {
			border = 0
		}
	}
	for i := range f.Legs {
		l := &f.Legs[i]
		switch {
		case i == border:
			e.loc("125", l.From)
		case i == border+1 && border >= 0:
			e.loc("87", l.From)
		default:
			e.loc("92", l.From)
		}
		if i > 0 {
			e.time("232", f.Legs[i-1].Arrival)
		}
		e.time("189", l.Departure)
	}
	if n := len(f.Legs); n > 0 {
		if border == n-1 {
			e.loc("87", f.Legs[n-1].To)
		} else {
			e.loc("92", f.Legs[n-1].To)
		}
		e.time("232", f.Legs[n-1].Arrival)
	}
}

func (e *encoder) loc(qualifier, code string) { e.segment("LOC", qualifier, code) }

func (e *encoder) time(qualifier string, l date.Local) {
	switch {
	case !l.Full():
	case l.Timed:
		e.composite("DTM", nil, qualifier, fmt.Sprintf("%02d%02d%02d%02d%02d", l.Year%100, l.Month, l.Day, l.Hour, l.Minute), "201")
	default:
		e.composite("DTM", nil, qualifier, fmt.Sprintf("%02d%02d%02d", l.Year%100, l.Month, l.Day), "101")
	}
}

func (e *encoder) name(s string) string {
	if e.o.Syntax == "UNOA" || e.o.Syntax == "UNOB" {
		return mrz.Latin(s)
	}
	return s
}

func (e *encoder) person(p *Passenger) {
	w, m := e.w, e.m
	qualifier := "FL"
	switch {
	case p.Role == Crew:
		qualifier = "FM"
	case p.Role == Transit:
		qualifier = "DDU"
	case p.Surname == "" && p.Given == "" && m.Code == "266":
		qualifier = "ZZZ"
	}
	w.Segment("NAD")
	w.Element(qualifier)
	w.Skip(2)
	w.Element(e.name(p.Surname), e.name(p.Given))
	w.Element(p.Address)
	w.End()
	if p.Sex != "" {
		e.segment("ATT", "2", "", p.Sex)
	}
	e.date("329", p.Born, true)
	if p.BagCount > 0 {
		e.composite("MEA", []string{"CT", ""}, "", strconv.Itoa(p.BagCount))
	}
	if p.BagWeight != "" {
		value, unit, _ := strings.Cut(p.BagWeight, " ")
		e.composite("MEA", []string{"WT", ""}, unit, value)
	}
	switch p.Verified {
	case Yes:
		e.segment("GEI", "4", "173")
	case No:
		e.segment("GEI", "4", "174")
	}
	for _, b := range p.Bags {
		e.composite("FTX", []string{"BAG", "", ""}, b.Tag, "1")
	}
	for _, l := range [...]struct{ qualifier, code string }{{"178", p.From}, {"179", p.To}, {"22", p.Clearance}, {"174", p.Residence}} {
		if l.code != "" {
			e.loc(l.qualifier, l.code)
		}
	}
	switch {
	case p.Birthplace != "" && p.Birthplace == p.BirthCountry:
		e.loc("180", p.BirthCountry)
	case p.Birthplace != "" || p.BirthCountry != "":
		e.composite("LOC", []string{"180"}, p.BirthCountry, "", "", e.name(p.Birthplace))
	}
	for _, c := range p.Contacts {
		kind := "TE"
		if c.Kind == "email" {
			kind = "EM"
		}
		e.composite("COM", nil, c.Value, kind)
	}
	if p.CrewType != "" {
		e.composite("EMP", []string{"1"}, p.CrewType, "110", "111")
	}
	if p.Nationality != "" {
		e.segment("NAT", "2", p.Nationality)
	}
	for _, n := range p.Nationalities {
		e.segment("NAT", "2", n)
	}
	for _, r := range [...]struct{ qualifier, value string }{{"AVF", p.Reservation}, {"ABO", p.CarrierReference}, {"SEA", p.Seat},
		{"YZY", p.Ticket}, {"AEA", p.Redress}, {"CR", p.KnownTraveller}} {
		if r.value != "" {
			e.composite("RFF", nil, r.qualifier, r.value)
		}
	}
	for i := range p.Documents {
		d := &p.Documents[i]
		w.Segment("DOC")
		w.Element(d.Type, "110", "111")
		w.Element(d.Number)
		w.End()
		e.date("36", d.Expires, false)
		e.date("182", d.Issued, false)
		if d.Issuer != "" {
			e.loc("91", d.Issuer)
		}
	}
}

// reference is what the reader will resolve two-digit years against.
func (e *encoder) reference() date.Date {
	for _, l := range e.m.Flight.Legs {
		if l.Departure.Full() {
			return l.Departure.Date
		}
		if l.Arrival.Full() {
			return l.Arrival.Date
		}
	}
	return date.Date{Year: int16(e.o.Received), Month: 1, Day: 1}
}

// date writes a day in six digits where they say it, in eight where the century would be lost.
func (e *encoder) date(qualifier string, d date.Date, birth bool) {
	if d.IsZero() {
		return
	}
	short := fmt.Sprintf("%02d%02d%02d", d.Year%100, d.Month, d.Day)
	back, ok := date.Expiry(short, e.reference())
	if birth {
		back, ok = date.Birth(short, e.reference())
	}
	if d.Year == 0 {
		short, back, ok = "<<"+short[2:], d, true
	}
	if ok && back == d {
		e.composite("DTM", nil, qualifier, short)
		return
	}
	e.composite("DTM", nil, qualifier, fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day), "102")
}

// totals writes CNT: the total given, or the persons there are.
func (e *encoder) totals() {
	m := e.m
	crew := 0
	for i := range m.Passengers {
		if m.Passengers[i].Role == Crew {
			crew++
		}
	}
	passengers := len(m.Passengers) - crew
	if m.Total > 0 {
		passengers = m.Total
	}
	if m.CrewTotal > 0 {
		crew = m.CrewTotal
	}
	if crew == 0 || passengers > 0 {
		e.composite("CNT", nil, "42", strconv.Itoa(passengers))
	}
	if crew > 0 {
		e.composite("CNT", nil, "41", strconv.Itoa(crew))
	}
}
