package funds

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// deskGate is the gate of what people type: the desk amends what the desk wrote, whoever of it did.
const deskGate = "desk"

// hearer turns what was decoded into entries.
type hearer struct {
	ids      Identifier
	settings *Settings
	home     string
	report   intake.Report
}

// authority is whose declarations and references these are: one filer never replaces what another filed.
func (h *hearer) authority() string {
	if h.report.Gate == deskGate {
		return deskGate
	}
	return h.report.Filer.Name
}

// later is the clock of things whose last statement stands.
func (h *hearer) later() Clock {
	return Clock{At: store.Micros(h.report.Received), Report: h.report.ID}
}

// cash turns a declaration into an entry.
func (h *hearer) cash(d *cashdecl.Declaration) *Entry {
	e := &Entry{
		ID: h.ids.ID("funds-declaration", h.authority(), d.ID), Kind: Declared, Ref: strings.Clone(d.ID), Clock: h.later(),
		Filer: h.report.Filer.Name, Source: h.report.ID, At: made(d).UTC(),
	}
	v := &Declaration{
		System: string(cmp.Or(d.System, cashdecl.ByDisclosure)), Direction: string(d.Direction), Port: d.Port, MadeAt: made(d).UTC(),
		Local: made(d).Format("2006-01-02T15:04"), Accompanied: d.Schema != cashdecl.Unaccompanied, Said: d.Value.Decimal,
		Provenance: d.Provenance, Use: d.IntendedUse, Note: d.Note, AskedAt: d.AskedAt, Deadline: d.Deadline,
		Warnings: slices.Concat(d.Warnings, cashdecl.Check(d, h.settings)),
	}
	if d.Direction == "" { // unaccompanied: it leaves, unless somebody here gets it
		v.Direction = string(cashdecl.Out)
		if p := d.Recipient; p != nil && p.Country != "" && country.Same(p.Country, h.home) {
			v.Direction = string(cashdecl.In)
		}
	}
	for _, i := range d.Items {
		v.Items = append(v.Items, Cash{i.Kind, i.Currency, i.Amount, i.Weight, i.Fineness, i.Serials})
	}
	if r := d.Result; r != nil {
		v.Checked, v.Outcome, v.Seizure, v.Officer = r.Checked, string(r.Outcome), r.SeizureRef, r.Officer
		for _, c := range r.Counted {
			v.Counted = append(v.Counted, Cash{Kind: c.Kind, Currency: c.Currency, Amount: c.Amount})
		}
	}
	if j := d.Journey; j != nil {
		v.Flight, v.FlightDate, v.Route, v.Means = flight(j.Flight), j.Date.String(), j.Route, j.Means
	}
	if c := d.Carriage; c != nil {
		v.Flight, v.FlightDate, v.Waybill, v.Vessel = flight(c.Flight), c.Date.String(), c.Waybill, c.Vessel
	}
	e.Declaration = v
	said := map[string]string{} // role in the form → party
	for _, p := range []struct {
		party      *cashdecl.Party
		form, role string
	}{{d.By, "by", Carrier}, {d.Sender, "sender", Sender}, {d.Owner, "owner", Owner}, {d.Recipient, "recipient", Recipient}} {
		if p.party == nil || p.party.SameAs != "" && said[p.party.SameAs] != "" {
			continue
		}
		f := cashParty(p.party)
		id := f.key(h.ids, e.ID, p.role)
		said[p.form] = id
		e.Parts = append(e.Parts, Part{Party: id, Role: p.role, Facet: f})
	}
	h.judge(v, date.Of(made(d)))
	return e
}

// judge works out what a declaration is worth and whether it had to be made.
func (h *hearer) judge(v *Declaration, on date.Date) {
	v.Country = h.home
	if a, ok := airport.ByIATA(v.Port); ok {
		v.Country = a.Country
	}
	v.USD, v.Rates = h.total(v.Items, on)
	if len(v.Counted) > 0 {
		v.CountedUSD, _ = h.total(v.Counted, on)
	}
	v.Differs = v.Outcome == string(cashdecl.Differs) || h.differs(v)
	t := h.settings.threshold(v.Country, v.Direction, on)
	v.Line = h.settings.line(t, on)
	if t != nil && !t.Amount.IsZero() {
		if sum, ok := h.settings.sum(v.there(), t, on); ok {
			v.Duty = t.reached(sum)
		}
	}
	switch {
	case v.Duty:
		v.Class = "above"
	case t == nil || t.Amount.IsZero():
		v.Class = "asked"
	case v.Checked && strings.TrimSpace(v.Note) != "": // the officer says why (Regulation (EU) 2018/1672, article 6)
		v.Class = "below_with_indications"
	default:
		v.Class = "below"
	}
}

// there is the cash that was there: what was counted, where it was.
func (d *Declaration) there() []Cash {
	if len(d.Counted) > 0 {
		return d.Counted
	}
	return d.Items
}

// total is a sum of cash in US dollars, with the rates it was worked out by; no number where one is missing.
func (h *hearer) total(list []Cash, on date.Date) (sum money.Decimal, rates []money.Rate) {
	for i, c := range list {
		usd, by, ok := h.settings.inUSD(c.Amount, c.Currency, on)
		if !ok {
			return money.Decimal{}, nil
		}
		if c.Currency != "USD" && !slices.Contains(rates, by) {
			rates = append(rates, by)
		}
		if i == 0 {
			sum = usd
		} else if sum, ok = sum.Add(usd); !ok {
			return money.Decimal{}, nil
		}
	}
	return sum, rates
}

// sum adds cash in a threshold's currency, of the kinds that it speaks of.
func (s *Settings) sum(list []Cash, t *Threshold, on date.Date) (money.Decimal, bool) {
	sum := money.Of(0, 0)
	for _, c := range list {
		if len(t.Kinds) > 0 && c.Kind != "" && !slices.Contains(t.Kinds, c.Kind) {
			continue
		}
		r, ok := s.Rate(c.Currency, t.Currency, on)
		if !ok {
			return sum, false
		}
		amount := c.Amount
		if c.Currency != t.Currency {
			if amount, ok = r.Convert(c.Amount); !ok {
				return sum, false
			}
		}
		if sum, ok = sum.Add(amount); !ok {
			return sum, false
		}
	}
	return sum, true
}

// differs says whether what was counted is not what was said: in one currency by more than the tolerance, or in one that
// was not named.
func (h *hearer) differs(v *Declaration) bool {
	if !v.Checked || len(v.Counted) == 0 {
		return false
	}
	said := byCurrency(v.Items)
	for currency, counted := range byCurrency(v.Counted) {
		if was, named := said[currency]; !named || !counted.Within(was, h.settings.Tolerance) {
			return true
		}
	}
	return false
}

func byCurrency(list []Cash) map[string]money.Decimal {
	sums := make(map[string]money.Decimal, len(list))
	for _, c := range list {
		if was, there := sums[c.Currency]; there {
			if sum, ok := was.Add(c.Amount); ok {
				sums[c.Currency] = sum
			}
			continue
		}
		sums[c.Currency] = c.Amount
	}
	return sums
}

// made is when the declaration was made; of unaccompanied cash, when it was asked about.
func made(d *cashdecl.Declaration) time.Time {
	if d.MadeAt.IsZero() {
		return d.AskedAt
	}
	return d.MadeAt
}

func cashParty(p *cashdecl.Party) Facet {
	f := Facet{Kind: Person, Born: p.Born.String(), Birthplace: p.PlaceOfBirth}
	if p.Organisation() {
		f.Kind, f.Registration = Organisation, p.Registration
	}
	f.name(p.FamilyName, p.GivenNames, p.Name)
	f.country(p.Country, "residence")
	f.country(p.Nationality, "nationality")
	if d := p.Document; d != nil {
		f.document(cmp.Or(d.Type, "P"), d.Number, cmp.Or(d.Issuer, p.Nationality)) // CSV has no issuer
	}
	if a := p.Address; a != nil {
		f.contact("address", strings.Join(nonEmpty(append(slices.Clone(a.Lines), a.City, a.PostCode, a.Country)...), ", "))
	}
	return f
}

func (f *Facet) name(family, given, full string) {
	if n := (screening.Name{Surname: clean(family), Given: clean(given), Full: clean(full)}); n != (screening.Name{}) && !slices.Contains(f.Names, n) {
		f.Names = append(f.Names, n)
	}
}

func (f *Facet) country(code, role string) {
	if code == "" || code == "-" {
		return
	}
	if c := (screening.Country{Code: country.ISO(code), Role: role}); !slices.Contains(f.Countries, c) {
		f.Countries = append(f.Countries, c)
	}
}

// shortestDocument is the shortest number by which anybody is recognised.
const shortestDocument = 5

func (f *Facet) document(kind, number, issuer string) {
	d := screening.Document{Type: kind, Number: clean(number), Issuer: country.ISO(issuer)}
	if issuer == "-" {
		d.Issuer = ""
	}
	if len(names.AppendCompact(nil, number)) < shortestDocument || slices.Contains(f.Documents, d) {
		return
	}
	f.Documents = append(f.Documents, d)
}

func (f *Facet) contact(kind, value string) {
	if t := (screening.Tie{Kind: kind, Value: clean(value)}); t.Value != "" && !slices.Contains(f.Contacts, t) {
		f.Contacts = append(f.Contacts, t)
	}
}

// clean takes blanks around and doubled away; the text is its own.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// flight writes a designator in one way: GF11 for gf 011.
func flight(s string) string {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	at := strings.LastIndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if at == len(s)-1 { // a suffix, or no number
		return s
	}
	return s[:at+1] + strings.TrimLeft(s[at+1:], "0")
}
