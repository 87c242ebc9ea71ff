package funds

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
)

// CodeDesignation is the finding of a party that resembles somebody whom the partner state has frozen.
const CodeDesignation = "partner_designation"

// Designation is whom a partner asks to have frozen.
type Designation struct {
	Record    string   `json:"record"`
	Reference string   `json:"reference,omitempty"`
	Authority string   `json:"authority,omitempty"`
	Effective string   `json:"effective,omitempty"`
	Partner   string   `json:"partner"`
	Family    string   `json:"family_name,omitempty"`
	Given     string   `json:"given_names,omitempty"`
	Aliases   []string `json:"aliases,omitempty"`
	Born      string   `json:"born,omitempty"`
	Entity    string   `json:"entity,omitempty"`
}

// alikeDesignation is how much a party has to resemble a designation.
const alikeDesignation = .8

func (g *Designation) title() string {
	if g.Entity != "" {
		return g.Entity
	}
	return screening.Name{Surname: g.Family, Given: g.Given}.String()
}

func (g *Designation) person() names.Person {
	p := names.Person{}
	if g.Entity != "" {
		p.Names = append(p.Names, names.Name{Full: g.Entity})
	}
	if g.Family != "" || g.Given != "" {
		p.Names = append(p.Names, names.Name{Surname: g.Family, Given: g.Given})
	}
	for _, a := range g.Aliases {
		p.Names = append(p.Names, names.Name{Full: a})
	}
	if g.Born != "" {
		p.Births = []string{g.Born}
	}
	return p
}

// designate keeps a designation, and has everybody held looked at whom it may mean.
func (d *Domain) designate(ctx context.Context, tx store.Tx, a sharing.Arrival) (e pipeline.Effects, err error) {
	text := func(name string) string {
		s, _ := a.Values[name].(string)
		return s
	}
	g := Designation{
		Record: a.Record, Reference: text("designation.reference"), Authority: text("designation.authority"), Effective: text("designation.effective"), Partner: a.Partner,
		Family: text("person.family_name"), Given: text("person.given_names"), Born: text("person.dob"), Entity: text("entity.name"),
	}
	if also := text("person.aliases"); also != "" {
		g.Aliases = strings.Split(also, listed)
	}
	if g.title() == "" {
		return e, nil
	}
	body, err := json.Marshal(g)
	if err != nil {
		return e, err
	}
	if _, err := tx.ExecContext(ctx, `insert into funds_designation (record, body) values ($1, $2) on conflict (record) do update set body = excluded.body`, g.Record, string(body)); err != nil {
		return e, err
	}
	e.Due, err = d.meant(ctx, tx, &g)
	return e, err
}

// meant are the parties held that a designation may mean.
func (d *Domain) meant(ctx context.Context, r store.Reader, g *Designation) (out []screening.ID, err error) {
	for _, n := range g.person().Names {
		ask := sharing.Ask{Category: categoryKnown, Person: sharing.Person{FamilyName: n.Surname + n.Full, GivenNames: n.Given, DOB: g.Born}}
		found, err := item{d}.Find(ctx, r, ask)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			out = append(out, screening.ID(c.Ref))
		}
	}
	return out, nil
}

// undesignate drops what a partner has taken back.
func (d *Domain) undesignate(ctx context.Context, tx store.Tx, records []string) error {
	var e pipeline.Effects
	all, err := designationsOf(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range records {
		for i := range all {
			if all[i].Record != id {
				continue
			}
			due, err := d.meant(ctx, tx, &all[i])
			if err != nil {
				return err
			}
			e.Due = append(e.Due, due...)
		}
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from funds_designation where record in (:keys)`, records); err != nil || len(e.Due) == 0 {
		return err
	}
	return pipeline.Apply(ctx, tx, Name, e)
}

func designationsOf(ctx context.Context, r store.Reader) (out []Designation, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var body []byte
		var g Designation
		if err := rows.Scan(&body); err != nil {
			return err
		}
		out = append(out, g)
		return json.Unmarshal(body, &out[len(out)-1])
	}, `select body from funds_designation order by record`)
	return out, err
}

// designated says which parties resemble a designation of the partner's. There are few of those, often none.
func designated(ctx context.Context, r store.Reader, parties []*Merged) (map[string][]screening.Finding, error) {
	if len(parties) == 0 {
		return nil, nil
	}
	all, err := designationsOf(ctx, r)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	people := make([]names.Person, len(all))
	for i := range all {
		people[i] = all[i].person()
	}
	index := names.Build(people, names.AmongTravellers)
	out := map[string][]screening.Finding{}
	for _, m := range parties {
		if len(m.Names) == 0 {
			continue
		}
		asked := m.compared()
		for _, hit := range index.Match(nil, &asked, alikeDesignation, mostCandidates) {
			g := &all[hit.Entry]
			out[m.ID] = append(out[m.ID], screening.Finding{
				Subject: screening.ID(m.ID), Engine: Engine, Matched: "designation/" + g.Record, Severity: screening.High, Score: hit.Score,
				Explanation: screening.Explanation{
					Code: CodeDesignation, Subject: m.Name, Listed: g.title(), Title: g.Reference, Reason: strings.TrimSpace(g.Partner + " " + g.Effective), Settle: []string{"ask_birth_date", "ask_document"},
				},
			})
		}
	}
	return out, nil
}
