package cargo

import (
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/goods"
)

// Consignment is the picture of a house, a master or a direct waybill: what its filings come to.
type Consignment struct {
	ID       string `json:"id"`
	Shipment string `json:"shipment"`
	Master   string `json:"master"`          // 969-10000023
	House    string `json:"house,omitempty"` // as filed last

	Content

	Filers    []string  `json:"filers"`             // whose word stands, the latest first
	Filings   int       `json:"filings"`            // kept
	Versions  int       `json:"versions,omitempty"` // that said something new
	First     time.Time `json:"first"`              // received
	Last      time.Time `json:"last"`
	Cancelled bool      `json:"cancelled,omitempty"`
	Missing   []string  `json:"missing,omitempty"` // of the seven data and the waybill number, in the regimes' own codes
	Errors    []string  `json:"errors,omitempty"`  // of the latest filing

	Changed Changes `json:"changed,omitzero"`
	Splits  []Split `json:"splits,omitempty"` // parts on flights of their own, where it is filed so

	judged *judged // once it is made; nobody changes it after
}

// judged is what follows from a picture alone, worked out once.
type judged struct {
	verdict goods.Verdict
	values  values
	codes   []goods.HS
}

// thought is what follows from the picture.
func (c *Consignment) thought() *judged {
	if c.judged != nil {
		return c.judged
	}
	return &judged{verdict: c.judge(), values: valuesOf(&c.Content), codes: c.codes()}
}

// Changes are what of a consignment was changed after it was first filed.
type Changes struct {
	Consignee int       `json:"consignee,omitempty"` // times
	Goods     int       `json:"goods,omitempty"`
	Weight    int       `json:"weight,omitempty"`
	Percent   int       `json:"percent,omitempty"` // that the weight moved at most between two filings
	Last      time.Time `json:"last,omitzero"`
}

// Times is how often any of it was changed.
func (c Changes) Times() int { return c.Consignee + c.Goods + c.Weight }

// picture computes what the filings of a consignment come to. A filer's later word replaces its earlier one whole; what
// the latest of all leaves out is taken from the other filers', the later before the earlier.
func picture(id, shipment string, k Key, filings []Filing) *Consignment {
	filings = byClock(filings)
	c := &Consignment{ID: id, Shipment: shipment, Master: printed(k.Master), Filings: len(filings), Filers: []string{}}
	last := map[string]*Filing{} // word of each filer
	var before *Content
	for i := range filings {
		f := &filings[i]
		last[f.Filer] = f
		at := received(f.Clock)
		if c.First.IsZero() || at.Before(c.First) {
			c.First = at
		}
		if at.After(c.Last) {
			c.Last = at
		}
		if f.House != "" {
			c.House = f.House
		}
		if f.Said == nil {
			continue
		}
		if before == nil || c.Changed.note(before, f) {
			c.Versions++
		}
		before = f.Said
	}
	seen := map[string]bool{}
	for i := len(filings) - 1; i >= 0; i-- {
		f := &filings[i]
		if seen[f.Filer] {
			continue
		}
		seen[f.Filer] = true
		if f.Said == nil {
			continue
		}
		if len(c.Filers) == 0 {
			c.Content, c.Errors = *f.Said, f.Errors
			c.split(filings[:i+1])
		} else {
			c.fill(f.Said)
		}
		c.Filers = append(c.Filers, f.Filer)
	}
	if c.Cancelled = len(c.Filers) == 0; c.Cancelled && before != nil { // what was withdrawn is still shown
		c.Content = *before
	}
	c.judged = c.thought()
	c.Missing = c.missing(k.House == "")
	return c
}

// Split is a part of a consignment that goes on a flight of its own.
type Split struct {
	Flight string `json:"flight,omitempty"`
	Pieces int    `json:"pieces"`
	Grams  int64  `json:"grams"`
}

// split sums the parts that a filer files one by one, each for its flight: the latest word on each, back to where the whole
// was last spoken of.
func (c *Consignment) split(filings []Filing) {
	last := &filings[len(filings)-1]
	if !parts[last.Said.Part] {
		return
	}
	var flights []Leg
	for i := len(filings) - 1; i >= 0; i-- {
		f := &filings[i]
		if f.Filer != last.Filer {
			continue
		}
		if f.Said == nil || !parts[f.Said.Part] {
			break
		}
		p := Split{legs(f.Said.Flights), f.Said.Pieces, f.Said.Grams}
		if !slices.ContainsFunc(c.Splits, func(o Split) bool { return o.Flight == p.Flight }) {
			c.Splits = append(c.Splits, p)
			flights = append(slices.Clone(f.Said.Flights), flights...)
		}
	}
	if len(c.Splits) < 2 {
		return
	}
	slices.Reverse(c.Splits)
	c.Flights, c.Pieces, c.Grams = flights, 0, 0
	for _, p := range c.Splits {
		c.Pieces += p.Pieces
		c.Grams += p.Grams
	}
}

// parts are the description codes of what is not the whole: part, split, divided.
var parts = map[string]bool{"P": true, "S": true, "D": true}

// note counts what a filing changes against the word before it, and answers whether it says anything new.
func (c *Changes) note(before *Content, f *Filing) bool {
	said := f.Said
	moved := false
	if parts[said.Part] && parts[before.Part] && legs(said.Flights) != legs(before.Flights) { // another part, not another word
		return true
	}
	if nameOf(before.Consignee) != nameOf(said.Consignee) && said.Consignee != nil && before.Consignee != nil {
		c.Consignee++
		moved = true
	}
	if said.Goods != "" && before.Goods != "" && said.Goods != before.Goods {
		c.Goods++
		moved = true
	}
	if said.Grams > 0 && before.Grams > 0 && said.Grams != before.Grams {
		c.Weight++
		moved = true
		percent := int((said.Grams - before.Grams) * 100 / before.Grams)
		c.Percent = max(c.Percent, percent, -percent)
	}
	if moved {
		c.Last = received(f.Clock)
	}
	return moved || len(differences(before, said)) > 0
}

func nameOf(p *Party) string {
	if p == nil {
		return ""
	}
	return strings.Join(strings.Fields(strings.ToUpper(p.Name)), " ")
}

// missing are the codes of what a pre-load assessment needs and does not have. What is there and says nothing, SHIPPER for
// a name, counts as missing, as the regimes have it.
func (c *Consignment) missing(waybill bool) (codes []string) {
	party := func(p *Party, line, name, address, country string) {
		switch {
		case p == nil:
			codes = append(codes, line)
			return
		case goods.Generic(p.Name):
			codes = append(codes, name)
		}
		if p.Street == "" && p.Place == "" {
			codes = append(codes, address)
		}
		if p.Country == "" {
			codes = append(codes, country)
		}
	}
	party(c.Consignor, cargoimp.MissingShipper, cargoimp.MissingShipperName, cargoimp.MissingShipperAddress, cargoimp.MissingShipperCountry)
	party(c.Consignee, cargoimp.MissingConsignee, cargoimp.MissingConsigneeName, cargoimp.MissingConsigneeAddr, cargoimp.MissingConsigneeCtry)
	if c.Pieces == 0 {
		codes = append(codes, cargoimp.MissingQuantity)
	}
	if c.Grams == 0 {
		codes = append(codes, cargoimp.MissingWeight)
	}
	if !waybill || !c.Consolidation {
		if v := c.judged.verdict; v.Rule == goods.DescriptionEmpty || v.Void && len(c.HS) == 0 {
			codes = append(codes, cargoimp.MissingDescription)
		}
	}
	return codes
}

// judge weighs the description of the goods.
func (c *Consignment) judge() goods.Verdict {
	d := goods.Description{Text: c.Goods, Joined: c.Joined, HS: slices.ContainsFunc(c.HS, func(hs string) bool { return len(hs) >= 6 }),
		Direct: c.House == "" && !c.Consolidation}
	for _, p := range []*Party{c.Consignor, c.Consignee} {
		if p != nil {
			d.Names = append(d.Names, p.Name)
		}
	}
	return d.Judge()
}

// Difference is one thing that two filings say differently.
type Difference struct {
	Field string `json:"field"` // goods, weight, consignee.name …
	Was   string `json:"was,omitempty"`
	Is    string `json:"is,omitempty"`
}

// differences tells what a filing says otherwise than the one before it.
func differences(was, is *Content) []Difference {
	out := []Difference{}
	if was == nil || is == nil {
		return out
	}
	say := func(field, a, b string) {
		if a != b {
			out = append(out, Difference{field, a, b})
		}
	}
	say("origin", was.Origin, is.Origin)
	say("destination", was.Destination, is.Destination)
	say("route", strings.Join(was.Route, " "), strings.Join(is.Route, " "))
	say("flights", legs(was.Flights), legs(is.Flights))
	say("pieces", count(was.Pieces), count(is.Pieces))
	say("shippers_count", count(was.SLAC), count(is.SLAC))
	say("weight_kg", kilograms(was.Grams), kilograms(is.Grams))
	say("goods", was.Goods, is.Goods)
	say("hs", strings.Join(was.HS, " "), strings.Join(is.HS, " "))
	say("handling", strings.Join(was.Handling, " "), strings.Join(is.Handling, " "))
	say("value", strings.TrimSpace(was.Value+" "+was.Currency), strings.TrimSpace(is.Value+" "+is.Currency))
	none := &Party{}
	for _, p := range []struct {
		role    string
		was, is *Party
	}{{"consignor", was.Consignor, is.Consignor}, {"consignee", was.Consignee, is.Consignee}, {"notify", was.Notify, is.Notify}, {"agent", was.Agent, is.Agent}} {
		a, b := p.was, p.is
		if a == nil {
			a = none
		}
		if b == nil {
			b = none
		}
		say(p.role+".name", a.Name, b.Name)
		say(p.role+".address", a.Address(), b.Address())
		say(p.role+".contact", reached(a), reached(b))
		say(p.role+".account", a.Account, b.Account)
		say(p.role+".tax_id", a.TaxID, b.TaxID)
	}
	return out
}

func legs(list []Leg) string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = l.String()
	}
	return strings.Join(out, ", ")
}

func reached(p *Party) string {
	out := make([]string, len(p.Contacts))
	for i, c := range p.Contacts {
		out[i] = c.Kind + " " + c.Value
	}
	return strings.Join(out, ", ")
}
