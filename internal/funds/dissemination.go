package funds

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/goaml"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/store"
)

// Dissemination is what the unit passes on to another authority about some parties: who they are, how their money moved,
// what is to be thought of the sources. Who filed what it rests on is not in it.
type Dissemination struct {
	ID          string         `json:"id"`
	Number      int64          `json:"number"`
	At          time.Time      `json:"at"`
	By          string         `json:"by"`
	Recipient   string         `json:"recipient"`
	Purpose     string         `json:"purpose"`
	Source      string         `json:"source" enum:"A,B,C,D" doc:"How reliable the sources are"`
	Information string         `json:"information" enum:"1,2,3,4" doc:"How well the information is borne out"`
	Caveat      string         `json:"caveat"`
	Summary     string         `json:"summary"`
	Until       string         `json:"until,omitempty" doc:"Last day it may be used without asking again"`
	Subjects    []Merged       `json:"subjects"`
	Movements   []passedOn     `json:"movements"`
	Totals      []moneyTotal   `json:"totals"`
	Classes     map[string]int `json:"sources" doc:"What it rests on, by kind"`
	SHA256      string         `json:"sha256" doc:"Of the goAML document"`
}

// passedOn is money that moved as it is passed on: without a filer, a place or a reference of the filer's.
type passedOn struct {
	Number   string        `json:"number"`
	Kind     string        `json:"kind"`
	At       time.Time     `json:"at"`
	Day      string        `json:"day"`
	From     *partyRef     `json:"from,omitempty"`
	To       *partyRef     `json:"to,omitempty"`
	Amount   money.Decimal `json:"amount"`
	Currency string        `json:"currency"`
	USD      money.Decimal `json:"usd,omitzero"`
	Flight   string        `json:"flight,omitempty"`
}

// number is the dissemination as people call it.
func (d *Dissemination) number() string { return "D-" + strconv.FormatInt(d.Number, 10) }

// material is what a dissemination is made of.
type material struct {
	parties map[string]*Merged
	order   []string // of the parties asked about
	entries []*Entry
	filers  []string
}

// gather reads what is held of parties and reports.
func (d *Domain) gather(ctx context.Context, r store.Reader, subjects []string) (*material, error) {
	m := &material{parties: map[string]*Merged{}}
	reports, err := entriesOf(ctx, r, subjects)
	if err != nil {
		return nil, err
	}
	var own, all, ids set[string]
	for _, s := range subjects {
		if e := reports[s]; e != nil && e.Report != nil {
			ids.add(e.Report.Transactions...)
		}
	}
	entries, err := entriesOf(ctx, r, ids.values)
	if err != nil {
		return nil, err
	}
	for _, s := range subjects {
		e := reports[s]
		if e == nil || e.Report == nil {
			own.add(s)
			continue
		}
		for _, p := range e.suspects(entries) {
			own.add(p.ID)
		}
		all.add(e.others()...)
		m.filers = append(m.filers, e.Filer)
	}
	around, err := d.around(ctx, r, own.values)
	if err != nil {
		return nil, err
	}
	for _, id := range own.values {
		for _, e := range around[id].own {
			entries[e.ID] = e
		}
	}
	for _, e := range entries {
		if e.counts() && e.Kind != Told { // what a partner gave is not ours to pass on
			m.entries = append(m.entries, e)
			m.filers = append(m.filers, e.Filer)
			all.add(e.others()...)
		}
	}
	slices.SortFunc(m.entries, func(a, b *Entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	all.add(own.values...)
	parties, err := partiesOf(ctx, r, all.values)
	for id, p := range parties {
		merged := p.merge()
		m.parties[id] = &merged
	}
	for _, id := range own.values {
		if m.parties[id] != nil {
			m.order = append(m.order, id)
		}
	}
	slices.Sort(m.filers)
	m.filers = nonEmpty(slices.Compact(m.filers)...)
	return m, err
}

// fill writes the material into a dissemination.
func (d *Dissemination) fill(m *material) {
	d.Subjects, d.Movements, d.Totals, d.Classes = []Merged{}, []passedOn{}, []moneyTotal{}, map[string]int{}
	for _, id := range m.order {
		d.Subjects = append(d.Subjects, *m.parties[id])
	}
	totals := map[string]*moneyTotal{}
	for i, e := range m.entries {
		v, moved := e.movementItem()
		if !moved {
			continue
		}
		d.Classes[string(e.Kind)]++
		d.Movements = append(d.Movements, passedOn{
			Number: d.number() + "-" + strconv.Itoa(i+1), Kind: string(v.Kind), At: v.At, Day: v.Day, From: v.From, To: v.To, Amount: v.Amount, Currency: v.Currency, USD: v.USD, Flight: v.Flight,
		})
		t := totals[v.Currency]
		if t == nil {
			t = &moneyTotal{Currency: v.Currency, In: money.Of(0, 0), Out: money.Of(0, 0)}
			totals[v.Currency] = t
		}
		t.Count++
		for _, side := range []struct {
			ref *partyRef
			sum *money.Decimal
		}{{v.From, &t.Out}, {v.To, &t.In}} {
			if side.ref != nil && slices.Contains(m.order, side.ref.ID) {
				if sum, ok := side.sum.Add(v.Amount); ok {
					*side.sum = sum
				}
			}
		}
	}
	for _, t := range totals {
		d.Totals = append(d.Totals, *t)
	}
	slices.SortFunc(d.Totals, func(a, b moneyTotal) int { return cmp.Compare(a.Currency, b.Currency) })
}

// goaml writes the dissemination as a goAML document in the unit's name.
func (d *Dissemination) goaml(m *material, u Unit) []byte {
	r := &goaml.Report{
		EntityID: u.EntityID, EntityBranch: u.Branch, SubmissionCode: "E", Code: "AIF", Reference: d.number(), Submitted: wallOf(d.At), Currency: "USD",
		Reason: d.Summary, Action: d.Purpose, Indicators: []string{"DISSEMINATION"},
	}
	n := 0
	for _, e := range m.entries {
		v, moved := e.movement()
		if !moved || v.USD.IsZero() || v.USD.Sign() <= 0 {
			continue
		}
		n++
		t := &goaml.Transaction{
			Number: d.number() + "-" + strconv.Itoa(n), Location: goaml.Withheld, Description: describe(e), Date: wallOf(v.At), Mode: "-", ModeComment: "-", Amount: v.USD,
		}
		funds := "ELCFT"
		if v.Kind.Cash() {
			funds = "CASH"
		}
		from, to := e.side(cmp.Or(v.From, v.To)), e.side(cmp.Or(v.To, v.From))
		t.From = &goaml.From{Funds: funds, Country: "-", Account: from.account, Person: from.person, Entity: from.entity}
		t.To = &goaml.To{Funds: funds, Country: "-", Account: to.account, Person: to.person, Entity: to.entity}
		if v.Currency != "USD" && !v.Amount.IsZero() {
			t.From.Foreign = &goaml.ForeignCurrency{Currency: v.Currency, Amount: v.Amount}
		}
		r.Transactions = append(r.Transactions, t)
	}
	if n == 0 {
		r.Activity = &goaml.Activity{}
		for _, id := range m.order {
			s := sideOf(m.parties[id])
			r.Activity.Parties = append(r.Activity.Parties, &goaml.ReportParty{Person: s.person, Account: s.account, Entity: s.entity, Reason: d.Purpose})
		}
	}
	out := goaml.Disseminate(r, goaml.Unit{EntityID: u.EntityID, Branch: u.Branch, Reference: d.number(), Day: wallOf(d.At), Reason: d.Summary, Hide: m.filers})
	return goaml.Append(nil, out)
}

// describe says a movement without its filer's words.
func describe(e *Entry) string {
	v, _ := e.movement()
	return strings.Join(nonEmpty(string(v.Kind), v.Amount.String()+" "+v.Currency, v.Flight), " ")
}

func wallOf(t time.Time) goaml.Wall {
	t = t.UTC()
	return goaml.Wall{Date: date.Of(t), Second: int32(t.Hour()*3600 + t.Minute()*60 + t.Second())} //nolint:gosec // of a day
}

// ends is one side of a transaction: one of the three.
type ends struct {
	account *goaml.Account
	person  *goaml.Person
	entity  *goaml.Entity
}

// side is a party as the entry tells of it.
func (e *Entry) side(party string) ends {
	for i := range e.Parts {
		if p := &e.Parts[i]; p.Party == party {
			one := Party{ID: p.Party, Kind: p.Facet.Kind, Facets: map[string]Facet{"": p.Facet}}
			m := one.merge()
			return sideOf(&m)
		}
	}
	return ends{entity: &goaml.Entity{Name: "not known"}}
}

func sideOf(m *Merged) ends {
	switch m.Kind {
	case Account:
		a := &goaml.Account{InstitutionCode: cmp.Or(m.Institution, "-"), Number: m.Account, Name: cmp.Or(m.Name, m.Account)}
		return ends{account: a}
	case Person:
		p := &goaml.Person{FirstName: "-", LastName: cmp.Or(m.Name, "-")}
		if len(m.Names) > 0 && m.Names[0].Full == "" {
			p.FirstName, p.LastName = cmp.Or(m.Names[0].Given, "-"), cmp.Or(m.Names[0].Surname, "-")
		}
		if len(m.Births) > 0 {
			if on := dayOf(m.Births[0]); on.Full() {
				p.Born = goaml.Wall{Date: on}
			}
		}
		if len(m.Nationalities) > 0 {
			p.Nationality = m.Nationalities[0]
		}
		if len(m.Documents) > 0 && m.Documents[0].Issuer != "" {
			p.Passport, p.PassportCountry = m.Documents[0].Number, m.Documents[0].Issuer
		}
		return ends{person: p}
	}
	return ends{entity: &goaml.Entity{Name: cmp.Or(m.Name, m.title(), "not known"), Number: m.Registration}}
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// keptDissemination is a dissemination as stored, with the document that went out.
type keptDissemination struct {
	Dissemination
	Document string `json:"document"`
}

func disseminationOf(ctx context.Context, r store.Reader, id string) (k *keptDissemination, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
		k = &keptDissemination{}
		return json.Unmarshal(body, k)
	}, `select body from funds_dissemination where id = $1`, id)
	return k, err
}
