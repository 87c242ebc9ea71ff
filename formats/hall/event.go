package hall

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
)

// The kinds of events, as files name them.
const (
	onBlock   = "on_block"
	estimated = "estimated"
	atDesk    = "desk"
	atGate    = "gate"
	staffing  = "staffing"
)

var kinds = []string{onBlock, estimated, atDesk, atGate, staffing}

// members are those of each kind beside event.
var members = map[string][]string{
	onBlock:   {"event", "flight", "date", "from", "hall", "at"},
	estimated: {"event", "flight", "date", "from", "hall", "at"},
	atDesk:    {"event", "hall", "lane", "desk", "flight", "date", "from", "document", "passenger", "queued", "began", "ended", "result"},
	atGate:    {"event", "hall", "lane", "desk", "flight", "date", "from", "document", "passenger", "queued", "began", "ended", "result"},
	staffing:  {"event", "hall", "lane", "quarter", "desks"},
}

// longest is how long anybody waits or is served; more is a clock gone wrong.
const longest = 24 * time.Hour

// mostDesks is how many desks a hall may say it has open.
const mostDesks = 1000

// longestText is how long a name of a hall, a desk or a reference may be.
const longestText = 64

// form is one event, or the header, being read.
type form struct {
	errors  []fault.Fault
	remarks []fault.Fault
}

func (x *form) refuse(n node, rule, mend, format string, args ...any) {
	f := n.at()
	f.Rule, f.Message, f.Mend, f.Strict = "E-HALL-"+rule, fmt.Sprintf(format, args...), mend, true
	x.errors = append(x.errors, f)
}

func (x *form) remark(n node, rule, mend, format string, args ...any) {
	f := n.at()
	f.Rule, f.Message, f.Mend = "W-HALL-"+rule, fmt.Sprintf(format, args...), mend
	x.remarks = append(x.remarks, f)
}

// header reads who files; without it nothing that follows has a place.
func (r *reader) header(n node) *fault.Fault {
	var x form
	d := r.doc
	switch {
	case n.Value == nil || n.Kind != jsondoc.Object:
		x.refuse(n, "JSON", "begin with the header", "%s stands where the header is meant", n.Kind)
	case n.Flaw != nil:
		x.refuse(n, "JSON", n.Flaw.Mend, "%s", n.Flaw.Message)
	}
	if len(x.errors) == 0 {
		if schema := n.get("schema"); x.text(schema, true) != Schema {
			x.refuse(schema, "SCHEMA", "write "+Schema, "the schema is none that is read")
		}
		where := n.get("airport")
		d.Airport = strings.ToUpper(x.text(where, true))
		if _, ok := airport.ByIATA(d.Airport); !ok && d.Airport != "" {
			x.refuse(where, "AIRPORT", "write its three letters, as IATA has them", "no airport is called %q", clip(d.Airport))
		}
		d.Sent = x.instant(n.get("sent"), true)
		d.Reference = x.text(n.get("reference"), false)
		x.only(n, []string{"schema", "airport", "sent", "reference", "events"})
	}
	if len(x.errors) > 0 {
		return &x.errors[0]
	}
	for _, f := range x.remarks {
		r.warn(f)
	}
	return nil
}

// event reads one event, and tells whether there is room for more.
func (r *reader) event(n node, length int) bool {
	if r.events >= MaxEvents {
		f := n.at()
		f.Rule, f.Message, f.Mend = "E-HALL-LIMIT", fmt.Sprintf("at most %d events are read of one file: the rest is left", MaxEvents), "send it in parts"
		r.warn(f)
		return false
	}
	var x form
	var withheld []fault.Range
	switch kind := n.get("event"); {
	case n.Kind != jsondoc.Object:
		x.refuse(n, "JSON", "write an object", "%s stands where an event is meant", n.Kind)
	case n.Flaw != nil:
		x.refuse(n, "JSON", n.Flaw.Mend, "%s", n.Flaw.Message)
	case !slices.Contains(kinds, kind.Text()):
		x.refuse(kind, "EVENT", "write "+strings.Join(kinds, ", "), "%q is no kind of event", clip(kind.Text()))
	default:
		x.only(n, members[kind.Text()])
		switch kind.Text() {
		case onBlock, estimated:
			if b := x.block(n); len(x.errors) == 0 {
				r.doc.Blocks = append(r.doc.Blocks, b)
			}
		case atDesk, atGate:
			p := x.passage(n)
			if len(x.errors) == 0 {
				r.doc.Passages = append(r.doc.Passages, p)
			}
			withheld = personal(n)
		case staffing:
			if s := x.staffing(n); len(x.errors) == 0 {
				r.doc.Staffing = append(r.doc.Staffing, s)
			}
		}
	}
	if len(x.errors) > 0 {
		r.lose(x.errors, n.base+n.Offset, length)
		return true
	}
	r.events++
	r.doc.Withheld = append(r.doc.Withheld, withheld...)
	for _, f := range x.remarks {
		r.warn(f)
	}
	return true
}

// personal are the bytes of a passage that name a person, without their quotes.
func personal(n node) []fault.Range {
	var out []fault.Range
	for _, v := range []node{n.get("document").get("number"), n.get("passenger")} {
		if v.Value != nil && v.Kind == jsondoc.String && v.Len() > 2 {
			out = append(out, fault.Range{Offset: v.base + v.Offset + 1, Length: v.Len() - 2})
		}
	}
	return out
}

func (x *form) block(n node) Block {
	return Block{Flight: x.flight(n, true), Hall: x.hall(n), At: x.instant(n.get("at"), true), Estimated: n.get("event").Text() == estimated}
}

func (x *form) passage(n node) Passage {
	p := Passage{
		Hall: x.hall(n), Lane: x.oneOf(n.get("lane"), "LANE", Lanes), Desk: x.text(n.get("desk"), true), Gate: n.get("event").Text() == atGate,
		Flight: x.flight(n, false), Queued: x.instant(n.get("queued"), false), Began: x.instant(n.get("began"), true), Ended: x.instant(n.get("ended"), true),
		Result: x.oneOf(n.get("result"), "RESULT", []string{Passed, Referred}),
	}
	if d := n.get("document"); d.Value != nil && d.Kind != jsondoc.Object {
		x.refuse(d, "DOCUMENT", "write an object of number and issuer", "document is %s", d.Kind)
	} else if d.Value != nil {
		x.only(d, []string{"number", "issuer"})
		p.Document = &TravelDoc{Number: strings.ToUpper(x.text(d.get("number"), true)), Issuer: x.country(d.get("issuer"))}
	}
	p.Passenger = x.text(n.get("passenger"), false)
	if len(x.errors) > 0 {
		return p
	}
	switch {
	case p.Ended.Before(p.Began):
		x.refuse(n.get("ended"), "ORDER", "check the clock of the desk", "it ended before it began")
	case p.Ended.Sub(p.Began) > longest:
		x.refuse(n.get("ended"), "ORDER", "check the clock of the desk", "it took longer than a day")
	case !p.Queued.IsZero() && p.Began.Before(p.Queued):
		x.refuse(n.get("queued"), "ORDER", "check the clock of the sensor", "the wait began after it ended")
	case !p.Queued.IsZero() && p.Began.Sub(p.Queued) > longest:
		x.refuse(n.get("queued"), "ORDER", "check the clock of the sensor", "the wait took longer than a day")
	}
	return p
}

func (x *form) staffing(n node) Staffing {
	s := Staffing{Hall: x.hall(n), Lane: x.oneOf(n.get("lane"), "LANE", Lanes), Quarter: x.instant(n.get("quarter"), true)}
	if !s.Quarter.Equal(s.Quarter.Truncate(Quarter)) {
		x.refuse(n.get("quarter"), "QUARTER", "write when it begins: at :00, :15, :30 or :45", "no quarter of an hour begins then")
	}
	desks := n.get("desks")
	count, ok := desks.Integer()
	if s.Desks = int(count); !ok || count < 0 || count > mostDesks {
		x.refuse(desks, "DESKS", "write a whole number", "the number of desks is not from 0 to %d", mostDesks)
	}
	return s
}

// flight reads a flight number with its date and origin; all of it may be missing where it need not be known.
func (x *form) flight(n node, must bool) Flight {
	named, day := n.get("flight"), n.get("date")
	if !must && named.Value == nil {
		return Flight{}
	}
	var f Flight
	text := strings.ToUpper(strings.ReplaceAll(x.text(named, true), " ", ""))
	var ok bool
	if f.Carrier, f.Number, f.Suffix, ok = split(text); !ok && text != "" {
		x.refuse(named, "FLIGHT", "write the airline's designator and the number: ZZ431", "%q is no flight number", clip(text))
	}
	f.Date = x.text(day, true)
	if t, err := time.Parse(time.DateOnly, f.Date); f.Date != "" && (err != nil || t.Year() < 1950) {
		x.refuse(day, "DATE", "write the local day of departure: 2026-11-24", "%q is no date", clip(f.Date))
	}
	from := n.get("from")
	f.From = strings.ToUpper(x.text(from, false))
	if _, ok := airport.ByIATA(f.From); f.From != "" && !ok {
		x.refuse(from, "AIRPORT", "write its three letters, as IATA has them", "no airport is called %q", clip(f.From))
	}
	return f
}

// split takes a flight number apart: a designator of two characters (IATA) or three letters (ICAO), one to four digits, a
// suffix.
func split(text string) (carrier, number, suffix string, ok bool) {
	n := len(text)
	if n > 0 && text[n-1] >= 'A' && text[n-1] <= 'Z' {
		text, suffix = text[:n-1], text[n-1:]
	}
	for _, at := range []int{2, 3} {
		if len(text) <= at {
			continue
		}
		carrier, number = text[:at], text[at:]
		if alphanumeric(carrier) && strings.ContainsFunc(carrier, func(c rune) bool { return c >= 'A' }) && digits(number) && len(number) <= 5 {
			if number = strings.TrimLeft(number, "0"); number == "" {
				number = "0"
			}
			return carrier, number, suffix, len(number) <= 4
		}
	}
	return "", "", "", false
}

func alphanumeric(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') })
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

// hall is the hall's name, or that of the only one.
func (x *form) hall(n node) string {
	if name := x.text(n.get("hall"), false); name != "" {
		return name
	}
	return DefaultHall
}

// text is a short text in quotes.
func (x *form) text(n node, must bool) string {
	switch {
	case n.Value == nil:
		if must {
			x.refuse(n, "MISSING", "send it", "%s is missing", n.name())
		}
		return ""
	case n.Kind != jsondoc.String:
		x.refuse(n, "TEXT", "write it in quotes", "%s is %s, where text is meant", n.name(), n.Kind)
		return ""
	}
	s := strings.TrimSpace(n.Text())
	switch {
	case s == "" && must:
		x.refuse(n, "MISSING", "send it", "%s is empty", n.name())
	case len(s) > longestText:
		x.refuse(n, "TEXT", "shorten it", "%s is longer than %d bytes", n.name(), longestText)
	case strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f }):
		x.refuse(n, "TEXT", "leave control characters out", "%s holds a control character", n.name())
	}
	return s
}

// oneOf is one of some words.
func (x *form) oneOf(n node, rule string, words []string) string {
	s := x.text(n, true)
	if s == "" || slices.Contains(words, s) {
		return s
	}
	mend := "write " + strings.Join(words, ", ")
	if near := fault.Nearest(s, words, 2); near != "" {
		mend = "was " + near + " meant?"
	}
	x.refuse(n, rule, mend, "%q is no %s", clip(s), n.name())
	return s
}

// instant is a time with its offset, to the second.
func (x *form) instant(n node, must bool) time.Time {
	s := x.text(n, must)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	switch {
	case err != nil:
		x.refuse(n, "TIME", "write it with its offset: 2026-11-24T06:05:00Z", "%q is no time", clip(s))
	case t.Year() < 1950 || t.Year() > 2200:
		x.refuse(n, "TIME", "check the clock", "the year %d is not believed", t.Year())
	}
	return t.UTC()
}

// country is a code of a state, in three letters; an unknown one stays as it is, with a remark.
func (x *form) country(n node) string {
	code := strings.ToUpper(x.text(n, false))
	if code == "" {
		return ""
	}
	alpha3, _, known := country.Normalise(code)
	if !known {
		x.remark(n, "COUNTRY", "write the three letters that the document has", "no state is known as %q", clip(code))
		return code
	}
	return alpha3
}

// only remarks on members that nothing reads.
func (x *form) only(n node, names []string) {
	for i := range n.Members() {
		m := &n.Members()[i]
		if slices.Contains(names, m.Name) {
			continue
		}
		mend := "leave it out"
		if near := fault.Nearest(m.Name, names, 2); near != "" {
			mend = "was " + near + " meant?"
		}
		at := n.get(m.Name)
		at.pointer = n.pointer + "/" + jsondoc.Escape(m.Name)
		x.remark(at, "UNKNOWN", mend, "nothing here is called %q", clip(m.Name))
	}
}

// name is the last step of where a value stands.
func (n node) name() string { return n.pointer[strings.LastIndexByte(n.pointer, '/')+1:] }

// clip shortens what a person wrote, for a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
