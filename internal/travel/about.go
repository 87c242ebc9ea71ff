package travel

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// about is whom a question, or a decision, was about: their documents, name and birth date, each as an opaque value. Who has
// another document, or is called otherwise, is not who it was about.
func about(ids Identifier, people ...*Person) []string {
	var all []string
	knownBy := func(kind string, parts ...string) {
		if strings.Join(parts, "") != "" {
			all = append(all, kind+":"+ids.ID("about "+kind, parts...)[:18]) // of a UUID: enough to tell the few of one person apart
		}
	}
	for _, p := range people {
		for _, d := range p.Documents {
			if d.travelled() {
				knownBy("document", d.Number, d.Issuer)
			}
		}
		knownBy("name", p.Surname, p.Given)
		knownBy("born", p.Born)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// travelled says that one travels on the document: a visa alone is none.
func (d *Document) travelled() bool { return d.Number != "" && !strings.HasPrefix(d.Type, "V") }

// within says that all of some values are among others.
func within(some, others []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(others, s) })
}

// otherwise says that somebody is told of by a document, a name or a birth date that was not said before.
func otherwise(was, now *Person) bool {
	if now == nil {
		return false
	}
	if now.Surname+now.Given != "" && (now.Surname != was.Surname || now.Given != was.Given) || now.Born != "" && now.Born != was.Born {
		return true
	}
	return slices.ContainsFunc(now.Documents, func(d Document) bool {
		return d.travelled() && !slices.ContainsFunc(was.Documents, func(o Document) bool { return o.Number == d.Number && o.Issuer == d.Issuer })
	})
}

// asTold is a subject as sources tell of persons.
func asTold(s *screening.Subject) *Person {
	p := &Person{}
	if len(s.Names) > 0 {
		p.Surname, p.Given = s.Names[0].Surname, s.Names[0].Given
	}
	if len(s.Births) > 0 {
		p.Born = s.Births[0]
	}
	for _, d := range s.Documents {
		p.Documents = append(p.Documents, Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer})
	}
	return p
}

// replaced says that of what somebody was known by then, another document or birth date is told now. That one becomes known
// where none was is no change; names change with every source, and what they meet is found anew.
func replaced(then, now []string) bool {
	for _, kind := range []string{"document:", "born:"} {
		of := func(all []string) (some []string) {
			for _, s := range all {
				if strings.HasPrefix(s, kind) {
					some = append(some, s)
				}
			}
			return some
		}
		if known := of(then); len(known) > 0 && !within(of(now), known) {
			return true
		}
	}
	return false
}

// letBoard says that a case ended in a decision that lets its subject be.
func letBoard(c *casework.Case) bool {
	return c.State == casework.Closed && (c.Outcome == casework.Cleared || c.Outcome == casework.NotSamePerson || c.Outcome == casework.Lifted)
}

// clearedOn are those whom decisions let board of some flights, by case, as they were known then.
func clearedOn(ctx context.Context, r store.Reader, flights []string) (map[string][]string, error) {
	then := map[string][]string{}
	err := store.ForKeys(ctx, r, `select case_id, about from travel_cleared where flight in (:keys)`, flights, func(rows *sql.Rows) error {
		var id, said string
		err := rows.Scan(&id, &said)
		then[id] = strings.Fields(said)
		return err
	})
	return then, err
}

var insertCleared = store.NewInsert("travel_cleared", []string{"flight", "case_id", "at", "about"},
	`on conflict (flight, case_id) do update set at = excluded.at, about = excluded.about`)

// keepCleared notes by which papers somebody was known whom a decision lets board, by whichever source.
func (d *Domain) keepCleared(ctx context.Context, tx store.Tx, c *casework.Case) error {
	if !letBoard(c) {
		return nil
	}
	of, err := recordsOf(ctx, tx, []screening.ID{c.Subject})
	if err != nil {
		return err
	}
	var people []*Person
	records := make([]string, 0, len(of))
	for record := range of {
		records = append(records, record)
	}
	err = store.ForKeys(ctx, tx, `select body from travel_record where flight = $1 and id in (:keys)`, records, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		if r.Person != nil {
			people = append(people, r.Person)
		}
		return err
	}, c.Within)
	if err != nil || len(people) == 0 {
		return err
	}
	_, err = insertCleared.Exec(ctx, tx, [][]any{{c.Within, c.ID, store.Micros(tx.Now()), strings.Join(about(d.ids, people...), " ")}})
	return err
}
