package synth

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/airport"
)

// flyer is somebody on a flight over the border.
type flyer struct {
	person
	voyage
}

// voyage is a flight as a traveller knows it.
type voyage struct {
	flight   string // designator
	date     string // local, of the leg that crosses the border
	start    airport.Airport
	end      airport.Airport
	leaves   time.Time // instants
	arrives  time.Time
	homeward bool
}

func (s *slot) voyage() voyage {
	l := s.leg()
	arrives, _ := l.to.Instant(l.arrival)
	return voyage{s.carrier + padded(s.flight, 0), l.departure.Format(time.DateOnly), l.from, l.to, l.leaves, arrives, s.arrives}
}

// flyersOf are the travellers of a world's flights who can declare something: grown up, aboard, with a passport.
func flyersOf(slots []slot, flights []Flight) []flyer {
	var out []flyer
	for i := range flights {
		if flights[i].Status == "cancelled" {
			continue
		}
		for _, p := range flights[i].Passengers {
			if f, ok := asFlyer(&p, &slots[i]); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

func asFlyer(p *Passenger, s *slot) (flyer, bool) {
	const grownUp = 20
	born, err := time.Parse(time.DateOnly, p.Born)
	if err != nil || p.Planted != "" || p.Given == "" || p.Status != "boarded" || born.AddDate(grownUp, 0, 0).After(s.leg().departure) {
		return flyer{}, false
	}
	for _, d := range p.Documents {
		issuer := d.Issuer
		if o, known := from(issuer); known && d.Type == "P" && len(d.Number) > 5 {
			return flyer{person{surname: p.Surname, given: p.Given, born: born, from: o, passport: document{kind: "P", number: d.Number, issuer: issuer}}, s.voyage()}, true
		}
	}
	return flyer{}, false
}

// fly puts somebody on an invented flight of a day.
func (m *month) fly(day time.Time, home bool) voyage {
	r := routes[m.IntN(len(routes))]
	if r.home = m.options.Home; r.abroad == r.home {
		r.abroad = defaultHome
	}
	s := r.on(day, home)
	return s.voyage()
}

// aboard is people of one flight of the world, where there are as many left, else of an invented one; together: who live
// together.
func (m *month) aboard(n int, home, together bool, day int) []flyer {
	for i := 0; i+n <= len(m.flyers) && !together; i++ {
		some := m.flyers[i : i+n]
		if some[0].homeward == home && some[0].flight == some[n-1].flight && some[0].date == some[n-1].date {
			out := slices.Clone(some)
			m.flyers = slices.Delete(m.flyers, i, i+n)
			return out
		}
	}
	v := m.fly(m.day(day), home)
	out := make([]flyer, n)
	if together {
		for i, p := range m.household(n) {
			out[i] = flyer{p, v}
		}
		return out
	}
	for i := range out {
		out[i] = flyer{m.resident(), v}
	}
	return out
}

// declared is one declaration.
type declared struct {
	id         string
	flyer      flyer
	at         time.Time
	items      []carried
	counted    []carried
	checked    bool
	provenance string
	use        string
	owner      string // an organisation; nothing is the carrier
	recipient  string
	street     string
	json       bool // sent as JSON; CSV has no room for all
	partner    bool // told to the other state
}

type carried struct {
	kind string
	sum  sum
}

// declare makes a declaration of notes on the flyer's flight.
func (m *month) declare(c *FundsCase, f flyer, amount sum) *declared {
	d := &declared{
		id: m.number("CD-" + m.From.Format("2006") + "-%06d"), flyer: f, items: []carried{{"banknotes", amount}},
		provenance: of(m.dice, provenances), use: of(m.dice, uses),
	}
	if f.homeward {
		d.at = f.arrives.Add(time.Duration(m.between(20, 70)) * time.Minute).In(f.end.Location())
	} else {
		d.at = f.leaves.Add(-time.Duration(m.between(60, 170)) * time.Minute).In(f.start.Location())
	}
	d.at = d.at.Truncate(time.Minute)
	m.reports++
	m.declared = append(m.declared, d)
	c.person(&f.person)
	c.report(d.id)
	return d
}

// abroad makes the declaration one that the other state was told, at the other end of the flight.
func (d *declared) abroad() {
	d.partner, d.json = true, true
	v := d.flyer.voyage
	if v.homeward {
		d.at = v.leaves.Add(-80 * time.Minute).In(v.start.Location())
	} else {
		d.at = v.arrives.Add(40 * time.Minute).In(v.end.Location())
	}
	d.at = d.at.Truncate(time.Minute)
}

// port is where it was made, and direction which way the money went from there.
func (d *declared) port() (at airport.Airport, direction string) {
	if d.flyer.homeward == d.partner {
		return d.flyer.start, "out"
	}
	return d.flyer.end, "in"
}

var (
	provenances = []string{"savings", "salary", "sale of a vehicle", "inheritance", "sale of jewellery", "loan from family", "business income", "sale of land", "rental income", "bank withdrawal", "dowry", "bonus"}
	uses        = []string{"tourism", "medical treatment", "purchase of goods", "family support", "tuition fees", "purchase of a vehicle", "wedding", "business travel", "house repairs"}
	ways        = []string{"Road", "Avenue", "Block", "Lane"}
)

func (m *month) street() string {
	return of(m.dice, ways) + " " + m.shaped("9999") + ", house " + m.shaped("999")
}

// cashFiles are what customs sends: a table a day, and single declarations as their forms were filled in.
func (m *month) cashFiles() {
	slices.SortStableFunc(m.declared, func(a, b *declared) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	days := map[string][]*declared{}
	var order []string
	for _, d := range m.declared {
		switch {
		case d.partner:
			m.Partner = append(m.Partner, Message{Name: "cash-" + d.id + ".json", Domain: "funds", Carrier: "customs", Sent: d.at.UTC(), Body: d.form()})
		case d.json:
			m.file("customs", "cash-"+d.id+".json", d.at.Add(9*time.Minute), d.form())
		default:
			day := d.at.Format(time.DateOnly)
			if days[day] == nil {
				order = append(order, day)
			}
			days[day] = append(days[day], d)
		}
	}
	for _, day := range order {
		list := days[day]
		m.file("customs", "cash-"+day+".csv", list[len(list)-1].at.Add(40*time.Minute), table(list))
	}
}

// table is the export of a customs system: a row an item.
func table(list []*declared) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"id", "system", "direction", "port", "made_at", "family_name", "given_names", "dob", "nationality", "document_number", "flight", "flight_date", "kind", "currency", "amount",
		"value_usd", "provenance", "intended_use", "outcome"}}
	for _, d := range list {
		at, direction := d.port()
		outcome := ""
		if d.checked {
			outcome = "agrees"
		}
		for _, i := range d.items {
			f := &d.flyer
			rows = append(rows, []string{d.id, system(direction), direction, at.IATA, d.at.Format(time.RFC3339), f.surname, f.given, f.born.Format(time.DateOnly), f.from.two, f.passport.number,
				f.flight, f.date, i.kind, i.sum.currency, i.sum.String(), d.value(), d.provenance, d.use, outcome})
		}
	}
	if err := w.WriteAll(rows); err != nil { // a buffer takes everything
		return nil
	}
	return b.Bytes()
}

// system is how the states of these worlds ask.
func system(direction string) string {
	if direction == "in" {
		return "disclosure"
	}
	return "declaration"
}

// value is what the items come to in US dollars.
func (d *declared) value() string {
	total := int64(0)
	for _, i := range d.items {
		switch i.sum.currency {
		case "EUR":
			total += i.sum.minor * 110 / 100
		case "GBP":
			total += i.sum.minor * 127 / 100
		default:
			total += i.sum.minor
		}
	}
	return sum{total, "USD"}.String()
}

// form is one declaration as the form of the web has it.
func (d *declared) form() []byte {
	type object = map[string]any
	at, direction := d.port()
	f := &d.flyer
	by := object{"family_name": f.surname, "given_names": f.given, "dob": f.born.Format(time.DateOnly), "nationality": f.from.two,
		"document": object{"type": "P", "number": f.passport.number, "issuer": f.from.two}}
	if d.street != "" {
		by["address"] = object{"lines": []string{d.street}, "city": proper(f.from.city), "country": f.from.two}
	}
	items := func(list []carried, kinds bool) []object {
		out := []object{}
		for _, i := range list {
			o := object{"currency": i.sum.currency, "amount": i.sum.String()}
			if kinds {
				o["kind"] = i.kind
			}
			out = append(out, o)
		}
		return out
	}
	form := object{"schema": "rihla.cash-declaration/v1", "id": d.id, "system": system(direction), "direction": direction, "port": at.IATA, "made_at": d.at.Format(time.RFC3339), "by": by,
		"items": items(d.items, true), "value_usd": json.Number(d.value()), "provenance": d.provenance, "intended_use": d.use, "recipient": nil, "owner": object{"same_as": "by"},
		"journey": object{"flight": f.flight, "date": f.date, "route": []string{f.start.IATA, f.end.IATA}, "means": "air"}, "result": object{"checked": d.checked}}
	if d.owner != "" {
		form["owner"] = object{"kind": "organisation", "name": d.owner, "country": "BH"}
	}
	if d.recipient != "" {
		form["recipient"] = object{"kind": "organisation", "name": d.recipient, "country": "AE"}
	}
	if d.checked {
		result := object{"checked": true, "outcome": "agrees", "officer": "c-" + d.id[len(d.id)-3:]}
		if len(d.counted) > 0 {
			result["counted"] = items(d.counted, false)
			if d.differs() {
				result["outcome"] = "difference"
			}
		}
		form["result"] = result
	}
	text, err := json.MarshalIndent(form, "", " ")
	if err != nil { // texts and numbers have always a JSON text
		return nil
	}
	return append(text, '\n')
}

// differs tells whether something else was counted than was said, by more than one of a hundred.
func (d *declared) differs() bool {
	for _, c := range d.counted {
		said := int64(0)
		for _, i := range d.items {
			if i.sum.currency == c.sum.currency {
				said += i.sum.minor
			}
		}
		if off := c.sum.minor - said; max(off, -off)*100 > said {
			return true
		}
	}
	return false
}
