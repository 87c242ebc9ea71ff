package travel

import (
	"strings"
	"time"
)

// Value is one value of a passenger with who said it. Sources that agree share a row; one that differs has its own.
type Value struct {
	Field   string `json:"field"`
	Value   string `json:"value"`
	Agrees  bool   `json:"agrees"` // with the value that the manifest shows
	Sources []Mark `json:"sources"`
}

// Mark is where a value was said: the report, and the place in it.
type Mark struct {
	Source  string    `json:"source"` // api, crew, pnr, closeout
	Report  string    `json:"report"`
	At      time.Time `json:"at,omitzero"`
	Offset  int       `json:"offset"`
	Segment int       `json:"segment,omitempty"`
}

// many are the fields of which a person may have several that do not contradict one another.
var many = map[string]bool{
	"document": true, "bag": true, "phone": true, "email": true, "address": true, "payment": true, "ticket": true,
	"frequent_flyer": true, "remark": true,
}

// values lists all that the sources of a group say, in the order of the page.
func (s *State) values(g *group) []Value {
	from := g.active
	if len(from) == 0 {
		from = g.records
	}
	var out []Value
	at := map[[2]string]int{}
	first := map[string]bool{}
	say := func(r *Record, field, value string) {
		if value == "" {
			return
		}
		mark := Mark{Source: string(r.Kind), Report: r.Source.Report, At: time.Unix(r.Seen.Sent, 0).UTC(), Offset: r.Source.Offset, Segment: r.Source.Segment}
		k := [2]string{field, strings.ToUpper(value)}
		if i, ok := at[k]; ok {
			out[i].Sources = append(out[i].Sources, mark)
			return
		}
		at[k] = len(out)
		out = append(out, Value{Field: field, Value: value, Agrees: many[field] || !first[field], Sources: []Mark{mark}})
		first[field] = true
	}
	for _, row := range rows {
		for _, r := range from {
			if r.Person != nil {
				row(r.Person, s.Records[r.Booking], func(field, value string) { say(r, field, value) })
			}
		}
	}
	return out
}

// rows are the page's, top to bottom: all sources of one row before the next row.
var rows = []func(p *Person, b *Record, say func(field, value string)){
	func(p *Person, _ *Record, say func(string, string)) { say("surname", p.Surname) },
	func(p *Person, _ *Record, say func(string, string)) { say("given", p.Given) },
	func(p *Person, _ *Record, say func(string, string)) { say("sex", p.Sex) },
	func(p *Person, _ *Record, say func(string, string)) { say("born", p.Born) },
	func(p *Person, _ *Record, say func(string, string)) { say("birthplace", p.Birthplace) },
	func(p *Person, _ *Record, say func(string, string)) { say("nationality", p.Nationality) },
	func(p *Person, _ *Record, say func(string, string)) { say("residence", p.Residence) },
	func(p *Person, _ *Record, say func(string, string)) {
		for _, d := range p.Documents {
			say("document", strings.Join(strings.Fields(d.Type+" "+d.Number+" "+d.Issuer+" "+d.Expires), " "))
		}
	},
	func(p *Person, _ *Record, say func(string, string)) {
		if p.Verified != nil {
			say("verified", map[bool]string{true: "yes", false: "no"}[*p.Verified])
		}
	},
	func(p *Person, _ *Record, say func(string, string)) { say("seat", p.Seat) },
	func(p *Person, _ *Record, say func(string, string)) {
		for _, b := range p.Bags {
			say("bag", b.Tag)
		}
	},
	func(p *Person, b *Record, say func(string, string)) {
		say("reservation", p.Reservation)
		if b != nil && b.Held != nil {
			say("reservation", b.Held.Locator)
			say("booked", b.Held.Created)
		}
	},
	func(p *Person, _ *Record, say func(string, string)) { say("carrier_reference", p.CarrierReference) },
	func(p *Person, b *Record, say func(string, string)) {
		contacts := p.Contacts
		if b != nil && b.Held != nil {
			contacts = append(contacts[:len(contacts):len(contacts)], b.Held.Contacts...)
		}
		for _, c := range contacts {
			say(c.Kind, c.Value)
		}
	},
	func(p *Person, b *Record, say func(string, string)) {
		for _, f := range p.FrequentFlyer {
			say("frequent_flyer", f)
		}
		say("known_traveller", p.KnownTraveller)
		say("redress", p.Redress)
		if b == nil || b.Held == nil {
			return
		}
		for _, pay := range b.Held.Payments {
			say("payment", strings.Join(strings.Fields(pay.Form+" "+pay.Card+" "+pay.Amount+" "+pay.Currency), " "))
		}
		if a := b.Held.Agency; a != nil {
			say("agency", strings.Join(strings.Fields(a.Name+" "+a.City+" "+a.IATA), " "))
		}
		for _, t := range b.Held.Tickets {
			say("ticket", t)
		}
		for _, r := range b.Held.Remarks {
			say("remark", r)
		}
	},
}
