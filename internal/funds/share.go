package funds

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// The categories of an agreement's shares that funds answers.
const (
	categoryKnown    = "fiu-known"
	categoryAnalysis = "fiu-analysis"
	categoryCash     = "cash-declaration"
	categoryFreeze   = "freeze"
)

// Items are what an agreement may speak of that funds holds. What of it leaves is decided elsewhere; who filed it is not
// among it.
func (d *Domain) Items() []sharing.Item { return []sharing.Item{item{d}} }

type item struct{ *Domain }

func (item) Categories() []string {
	return []string{categoryKnown, categoryAnalysis, categoryCash, categoryFreeze}
}

const (
	mostCandidates = 20
	leastAlike     = .3 // of names: whom it is, a human says
)

// Find gives the parties whom a request may mean, by document and by name; of declarations and freezes those of such parties.
func (i item) Find(ctx context.Context, r store.Reader, a sharing.Ask) ([]sharing.Candidate, error) {
	var near []*Party
	looks := nonEmpty(a.Person.FamilyName, a.Person.GivenNames)
	if a.Person.Document != nil {
		looks = append([]string{a.Person.Document.Number}, looks...)
	}
	for _, text := range looks {
		found, err := search(ctx, r, text, 10*mostCandidates)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if !slices.ContainsFunc(near, func(n *Party) bool { return n.ID == p.ID }) {
				near = append(near, p)
			}
		}
	}
	if len(near) == 0 {
		return nil, nil
	}
	merged := make([]Merged, len(near))
	compared := make([]names.Person, len(near))
	for n, p := range near {
		merged[n] = p.merge()
		compared[n] = merged[n].compared()
	}
	asked := names.Person{Names: []names.Name{{Surname: a.Person.FamilyName, Given: a.Person.GivenNames}}, Sex: a.Person.Sex}
	if a.Person.DOB != "" {
		asked.Births = []string{a.Person.DOB}
	}
	if a.Person.Nationality != "" {
		asked.Countries = []string{country.ISO(a.Person.Nationality)}
	}
	scores := make([]float64, len(near))
	for _, hit := range names.Build(compared, names.AmongTravellers).Match(nil, &asked, leastAlike, mostCandidates) {
		scores[hit.Entry] = hit.Score
	}
	var out []sharing.Candidate
	for n := range near {
		if doc := a.Person.Document; doc != nil && merged[n].holds(doc.Number, doc.Issuer) {
			scores[n] = 1
		}
		if scores[n] < leastAlike {
			continue
		}
		c := sharing.Candidate{Ref: near[n].ID, Title: merged[n].Name, Detail: merged[n].title(), Score: scores[n]}
		if a.Category == categoryKnown || a.Category == categoryAnalysis {
			out = append(out, c)
			continue
		}
		own, err := i.refs(ctx, r, a.Category, near[n].ID)
		if err != nil {
			return nil, err
		}
		for _, o := range own {
			o.Title, o.Score = c.Title, c.Score
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b sharing.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), mostCandidates)], nil
}

// refs are a party's declarations or freezes.
func (i item) refs(ctx context.Context, r store.Reader, category, party string) (out []sharing.Candidate, err error) {
	if category == categoryFreeze {
		freezes, err := freezesOf(ctx, r, []string{party})
		for _, f := range freezes[party] {
			out = append(out, sharing.Candidate{Ref: f.Case, Detail: f.State})
		}
		return out, err
	}
	declared, err := declarationsOf(ctx, r, []string{party})
	for _, e := range declared[party] {
		if c := e.carrier(); c != nil && c.Party == party {
			out = append(out, sharing.Candidate{Ref: e.ID, Detail: e.told()})
		}
	}
	return out, err
}

func (m *Merged) compared() names.Person {
	p := names.Person{Sex: m.Sex, Births: m.Births}
	for _, n := range m.Names {
		p.Names = append(p.Names, names.Name{Surname: n.Surname, Given: n.Given, Full: n.Full})
	}
	for _, c := range m.Nationalities {
		p.Countries = append(p.Countries, country.ISO(c))
	}
	return p
}

func (m *Merged) holds(number, issuer string) bool {
	wanted := string(names.AppendCompact(nil, number))
	return wanted != "" && slices.ContainsFunc(m.Documents, func(d screening.Document) bool {
		return string(names.AppendCompact(nil, d.Number)) == wanted && (issuer == "" || d.Issuer == "" || country.Same(issuer, d.Issuer))
	})
}

// Fill gives what is held of a party, a declaration or a freeze.
func (i item) Fill(ctx context.Context, r store.Reader, ref string, a sharing.Ask) (sharing.Offer, error) {
	o := sharing.Offer{Values: map[string]any{}, Subject: agreement.Subject{Kind: "person", Age: -1}, Record: agreement.Record{Kind: a.Category}}
	switch a.Category {
	case categoryCash:
		e, err := entryByID(ctx, r, ref)
		if err != nil || e == nil || e.Kind != Declared {
			return sharing.Offer{}, err
		}
		e.sayCash(&o, i.clock())
		return o, nil
	case categoryFreeze:
		f, err := freezeOf(ctx, r, ref)
		if err != nil || f == nil {
			return sharing.Offer{}, err
		}
		m, err := i.mergedOf(ctx, r, f.Subject)
		if err != nil {
			return sharing.Offer{}, err
		}
		m.sayWho(&o, i.clock())
		f.say(&o)
		return o, nil
	}
	m, err := i.mergedOf(ctx, r, ref)
	if err != nil || m.ID == "" {
		return sharing.Offer{}, err
	}
	m.sayWho(&o, i.clock())
	if a.Category == categoryKnown {
		clear(o.Values)
		o.Values["match.hit"] = true
		o.Values["match.confidence_band"] = m.band(a)
		return o, nil
	}
	return o, i.sayFlow(ctx, r, m, &o)
}

func (d *Domain) mergedOf(ctx context.Context, r store.Reader, id string) (Merged, error) {
	found, err := partiesOf(ctx, r, []string{id})
	if err != nil || found[id] == nil {
		return Merged{}, err
	}
	return found[id].merge(), nil
}

// band is how sure it is that the party is whom the request means.
func (m *Merged) band(a sharing.Ask) string {
	switch {
	case a.Person.Document != nil && m.holds(a.Person.Document.Number, a.Person.Document.Issuer):
		return "high"
	case a.Person.DOB != "" && slices.Contains(m.Births, a.Person.DOB):
		return "medium"
	}
	return "low"
}

func put[T comparable](values map[string]any, name string, value T) {
	var none T
	if value != none {
		values[name] = value
	}
}

func (m *Merged) sayWho(o *sharing.Offer, now time.Time) {
	v := o.Values
	if m.Kind == Organisation {
		o.Subject = agreement.Subject{Kind: "entity", Age: 150}
		put(v, "entity.name", m.Name)
		put(v, "entity.registration", m.Registration)
		return
	}
	if len(m.Names) > 0 {
		n := m.Names[0]
		put(v, "person.family_name", cmp.Or(n.Full, n.Surname))
		put(v, "person.given_names", n.Given)
	}
	if len(m.Also) > 0 {
		v["person.aliases"] = strings.Join(m.Also, "; ")
	}
	if len(m.Births) > 0 {
		v["person.dob"] = m.Births[0]
		o.Subject.Age = ageOn(m.Births[0], now)
	}
	if len(m.Nationalities) > 0 {
		v["person.nationality"] = m.Nationalities[0]
		o.Subject.Nationality = country.Alpha2(m.Nationalities[0])
	}
	if len(m.Documents) > 0 {
		v["document.number"] = m.Documents[0].Number
	}
	if m.Account != "" {
		v["account.iban"] = m.Account
		put(v, "account.institution", m.Institution)
		put(v, "account.opened", m.Opened)
	}
}

func ageOn(born string, now time.Time) int {
	b := dayOf(born)
	if !b.Full() {
		return -1
	}
	years := now.Year() - int(b.Year)
	if now.AddDate(-years, 0, 0).Before(b.Time()) {
		years--
	}
	return years
}

// listed is how values of which there may be several stand in one text.
const listed = "; "

// sayCash says a declaration by the catalogue's names.
func (e *Entry) sayCash(o *sharing.Offer, now time.Time) {
	d, v := e.Declaration, o.Values
	if c := e.carrier(); c != nil {
		p := Party{ID: c.Party, Kind: c.Facet.Kind, Facets: map[string]Facet{"": c.Facet}}
		m := p.merge()
		m.sayWho(o, now)
		delete(v, "person.aliases")
	}
	put(v, "cash.direction", d.Direction)
	var amounts, currencies, kinds []string
	for _, c := range d.there() {
		amounts, currencies = append(amounts, c.Amount.String()), append(currencies, c.Currency)
		if c.Kind != "" {
			kinds = append(kinds, c.Kind)
		}
	}
	put(v, "cash.amount", strings.Join(amounts, listed))
	put(v, "cash.currency", strings.Join(currencies, listed))
	put(v, "cash.instrument", strings.Join(kinds, listed))
	put(v, "cash.origin", d.Provenance)
	put(v, "cash.use", d.Use)
	put(v, "flight.number", d.Flight)
	put(v, "flight.date", cmp.Or(d.FlightDate, d.day()))
	v["cash.false_declaration"] = d.Differs
	o.Record.Status, o.Record.FalseDeclaration = d.Class, d.Differs
	o.Record.AgeDays = int(now.Sub(e.At).Hours() / 24)
	o.Record.AmountUSD = max(approx(d.worth()), 0)
}

func (f *Freeze) say(o *sharing.Offer) {
	v := o.Values
	put(v, "designation.reference", strings.Join(f.Matched, listed))
	put(v, "designation.effective", f.Started.Format(time.DateOnly))
	put(v, "freeze.state", f.State)
	var amounts, currencies []string
	for _, t := range f.Totals {
		amounts, currencies = append(amounts, t.Amount.String()), append(currencies, t.Currency)
	}
	put(v, "freeze.amount_total", strings.Join(amounts, listed))
	put(v, "freeze.currency", strings.Join(currencies, listed))
	o.Record.Status = f.State
}

// sayFlow sums up how the party's money moved: totals, and with whom. Never a report as it was filed.
func (d *Domain) sayFlow(ctx context.Context, r store.Reader, m Merged, o *sharing.Offer) error {
	around, err := d.around(ctx, r, []string{m.ID})
	if err != nil {
		return err
	}
	in, out := money.Of(0, 2), money.Of(0, 2)
	first, last := "", ""
	var others set[string]
	for _, e := range around[m.ID].own {
		v, moved := e.movement()
		if !moved || v.USD.IsZero() {
			continue
		}
		switch m.ID {
		case v.To:
			in, _ = in.Add(v.USD)
			others.add(e.name(v.From))
		case v.From:
			out, _ = out.Add(v.USD)
			others.add(e.name(v.To))
		default:
			continue
		}
		if first == "" || v.Day < first {
			first = v.Day
		}
		last = max(last, v.Day)
	}
	if first != "" {
		o.Values["flow.period"] = period(first, last)
		o.Values["flow.in_total"] = in.String() + " USD"
		o.Values["flow.out_total"] = out.String() + " USD"
	}
	if names := others.sorted(cmp.Compare); len(names) > 0 {
		o.Values["flow.counterparties"] = strings.Join(names, listed)
	}
	return nil
}
