package facilitation

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The counters by which it is seen that applications were written, and that some went.
const (
	countMoved = "facilitation_application"
	countGone  = "facilitation_application_gone"
)

var (
	insertApplication = store.NewInsert("facilitation_application",
		[]string{"id", "version", "kind", "state", "ref", "number", "thread", "folded", "filed", "ended", "ahead", "waits", "moved", "body"},
		`on conflict (id) do update set version = excluded.version, kind = excluded.kind, state = excluded.state, number = excluded.number, thread = excluded.thread,
		folded = excluded.folded, ended = excluded.ended, ahead = excluded.ahead, waits = excluded.waits, moved = excluded.moved, body = excluded.body
		where facilitation_application.version = excluded.version - 1`)
	insertStanding = store.NewInsert("facilitation_standing", []string{"application", "body"}, `on conflict (application) do update set body = excluded.body`)
	insertKey      = store.NewInsert("facilitation_key", []string{"key", "application"}, `on conflict (key, application) do nothing`)
	insertPerson   = store.NewInsert("facilitation_person", []string{"key", "application"}, `on conflict (key, application) do nothing`)
)

const applicationColumns = "version, body"

func scanApplication(rows *sql.Rows) (*Application, error) {
	var body []byte
	a := &Application{}
	if err := rows.Scan(&a.version, &body); err != nil {
		return nil, err
	}
	return a, json.Unmarshal(body, a)
}

// applicationsOf reads applications by id.
func applicationsOf(ctx context.Context, r store.Reader, ids []string) (map[string]*Application, error) {
	out := make(map[string]*Application, len(ids))
	err := store.ForKeys(ctx, r, `select `+applicationColumns+` from facilitation_application where id in (:keys)`, ids, func(rows *sql.Rows) error {
		a, err := scanApplication(rows)
		if err == nil {
			out[a.ID] = a
		}
		return err
	})
	return out, err
}

// applicationBy reads the one of which a column has a value; nil where there is none.
func applicationBy(ctx context.Context, r store.Reader, column, value string) (a *Application, err error) {
	if value == "" {
		return nil, nil
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) (err error) {
		a, err = scanApplication(rows)
		return err
	}, `select `+applicationColumns+` from facilitation_application where `+column+` = $1`, value)
	return a, err
}

// save writes applications, and what vouching knows of them. One that has moved since it was read is a conflict.
func (d *Domain) save(ctx context.Context, tx store.Tx, all ...*Application) error {
	if len(all) == 0 {
		return nil
	}
	moved, err := store.NextNumber(ctx, tx, countMoved, 1)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(all))
	var standings, keys, people [][]any
	ids := make([]string, 0, len(all))
	for _, a := range all {
		body, err := json.Marshal(a)
		if err != nil {
			return err
		}
		thread, ahead := "", 0
		if a.Asked != nil {
			thread = a.Asked.Thread
		}
		if a.ahead() {
			ahead = 1
		}
		rows = append(rows, []any{
			a.ID, a.version + 1, string(a.Kind), string(a.State), a.Ref, a.Number, thread, a.folded(), store.Micros(a.Filed), store.Micros(a.Ended), ahead, a.waits(), moved, string(body),
		})
		ids = append(ids, a.ID)
		for _, k := range d.personKeys(&a.Form) {
			people = append(people, []any{k, a.ID})
		}
		s, of := d.standing(a)
		if s == nil {
			continue
		}
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		standings = append(standings, []any{a.ID, string(text)})
		for _, k := range of {
			keys = append(keys, []any{k, a.ID})
		}
	}
	n, err := insertApplication.Exec(ctx, tx, rows)
	if err != nil {
		return err
	}
	if int(n) != len(rows) {
		return pipeline.ErrConflict
	}
	for _, table := range []string{"facilitation_key", "facilitation_person"} {
		if _, err := store.ExecKeys(ctx, tx, `delete from `+table+` where application in (:keys)`, ids); err != nil {
			return err
		}
	}
	if _, err := insertPerson.Exec(ctx, tx, people); err != nil {
		return err
	}
	if _, err := insertStanding.Exec(ctx, tx, standings); err != nil {
		return err
	}
	if len(standings) > 0 {
		tx.After(d.nothing.forget)
	}
	_, err = insertKey.Exec(ctx, tx, keys)
	return err
}

// documentKey, personKey and numberKey are by what somebody is found; digests, so that the tables name nobody.
func (d *Domain) documentKey(number, issuer string) string {
	n := string(names.AppendCompact(nil, number))
	if n == "" {
		return ""
	}
	return d.ids.ID("facilitation-document", n, country.ISO(issuer))
}

func (d *Domain) personKey(n screening.Name, born string) string {
	k := nameKey(n)
	if k == "" || len(born) < len("2006-01-02") {
		return ""
	}
	return d.ids.ID("facilitation-person", k, born)
}

func (d *Domain) numberKey(kind, core string) string {
	return d.ids.ID("facilitation-number", kind, core)
}

func nameKey(n screening.Name) string {
	return names.Key(names.Name{Given: n.Given, Surname: n.Surname, Full: n.Full})
}

// personKeys are by what an applicant is known again: the document, and name with birth date.
func (d *Domain) personKeys(f *form.Form) (keys []string) {
	p := &f.Applicant
	for _, k := range []string{
		d.documentKey(p.Document.Number, p.Document.Issuer), d.personKey(screening.Name{Surname: p.FamilyName, Given: p.GivenNames}, p.Born),
	} {
		if k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// alike are the other applications of whoever a form is about.
func (d *Domain) alike(ctx context.Context, r store.Reader, id string, f *form.Form) ([]*Application, error) {
	var ids []string
	err := store.ForKeys(ctx, r, `select application from facilitation_person where key in (:keys)`, d.personKeys(f), func(rows *sql.Rows) error {
		var other string
		err := rows.Scan(&other)
		if other != id {
			ids = append(ids, other)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	found, err := applicationsOf(ctx, r, slices.Compact(ids))
	var out []*Application
	for _, id := range slices.Compact(ids) {
		if a := found[id]; a != nil {
			out = append(out, a)
		}
	}
	return out, err
}

// place is where a page ends.
type place struct {
	At int64
	ID string
}

// search finds applications by reference, number, name or document.
func search(ctx context.Context, r store.Reader, text string, n int) (out []*Application, err error) {
	where, args := like(text, nil)
	if where == "" {
		return nil, nil
	}
	args = append(args, n)
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		a, err := scanApplication(rows)
		out = append(out, a)
		return err
	}, `select `+applicationColumns+` from facilitation_application where 1 = 1`+where+` order by filed desc, id limit `+ordinal(len(args)), args...)
	return out, err
}

// like adds a condition for each word of a text.
func like(text string, args []any) (string, []any) {
	var where strings.Builder
	for _, word := range strings.Fields(strings.ToLower(text)) {
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%")
		where.WriteString(` and folded like ` + ordinal(len(args)) + ` escape '\'`)
	}
	return where.String(), args
}

// one reads a single value; found is false where there is no row.
func one(ctx context.Context, r store.Reader, into any, query string, args ...any) (found bool, err error) {
	err = r.QueryRowContext(ctx, query, args...).Scan(into)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// everybody is who is ahead, by id and version, as last read: a hundred thousand members are not read again because three
// have changed. It is never the truth: each look asks the store how far it has come.
type everybody struct {
	mu          sync.Mutex
	moved, gone int64
	versions    map[string]int64
	all         []screening.Holder // never changed once it was given away
}

// read brings it up to what the reader sees.
func (h *everybody) read(ctx context.Context, r store.Reader) ([]screening.Holder, error) {
	moved, err := store.LastNumber(ctx, r, countMoved)
	if err != nil {
		return nil, err
	}
	gone, err := store.LastNumber(ctx, r, countGone)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.versions != nil && moved == h.moved && gone == h.gone {
		return h.all, nil
	}
	since := h.moved
	if h.versions == nil || gone != h.gone || moved < h.moved {
		h.versions, since = map[string]int64{}, -1
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id string
		var version, ahead int64
		if err := rows.Scan(&id, &version, &ahead); err != nil {
			return err
		}
		if delete(h.versions, id); ahead != 0 {
			h.versions[id] = version
		}
		return nil
	}, `select id, version, ahead from facilitation_application where moved > $1`, since)
	if err != nil {
		h.versions = nil
		return nil, err
	}
	h.all = make([]screening.Holder, 0, len(h.versions))
	for id, version := range h.versions {
		h.all = append(h.all, screening.Holder{ID: id, Version: version})
	}
	slices.SortFunc(h.all, func(a, b screening.Holder) int { return strings.Compare(a.ID, b.ID) })
	h.moved, h.gone = moved, gone
	return h.all, nil
}

// heldBy gives applications as holders of themselves.
func heldBy(ctx context.Context, r store.Reader, ids []string) (out []screening.Held, err error) {
	err = store.ForKeys(ctx, r, `select id, version from facilitation_application where ahead = 1 and id in (:keys)`, ids, func(rows *sql.Rows) error {
		var h screening.Held
		if err := rows.Scan(&h.ID, &h.Version); err != nil {
			return err
		}
		h.Subjects = []screening.HeldSubject{{ID: screening.ID(h.ID), Version: h.Version}}
		out = append(out, h)
		return nil
	})
	return out, err
}
