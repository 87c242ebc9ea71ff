package pipeline_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// parish is a domain as small as can be: a report names who attends which parish, a line each. Its state is the set of
// all who were ever named, so the order of reports must not matter; parish_total counts applications, so that a report
// applied twice is seen.
//
//	PARISH
//	P st-mary Ann Lee      attends
//	M st-mary Bob Ray      a message of its own
//	BAD what follows       a message that cannot be read
//	SECRET of the person   withheld
//	LOST part              a part that cannot be read
type parish struct {
	broken   atomic.Bool // Read panics on a report that says PANIC
	refusing atomic.Bool // Write fails on a report that says REFUSE
	meet     atomic.Int64
	plans    atomic.Int64
}

func (*parish) Name() string                 { return "parish" }
func (d *parish) Formats() []pipeline.Format { return []pipeline.Format{parishFormat{d}} }
func (*parish) Migrations() fs.FS            { return os.DirFS("testdata/parish") }
func (*parish) Routes(*api.Mux)              {}
func (*parish) Outcomes() []casework.Outcome { return nil }
func (*parish) Desk() intake.Desk            { return intake.Desk{Status: []access.Role{access.Analyst}} }
func (*parish) Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{Name: "member", Domain: "parish", Type: reflect.TypeFor[member]()}
}

type member struct {
	Name string `cel:"name"`
}

func (d *parish) Describe(_ context.Context, _ store.Reader, id screening.ID) (casework.Sheet, error) {
	return casework.Sheet{Title: string(id)}, nil
}

type parishFormat struct{ *parish }

type attendance struct{ parish, person string }

func (parishFormat) Name() string { return "roll" }

func (parishFormat) Recognise(head []byte) bool { return bytes.HasPrefix(head, []byte("PARISH")) }

func (f parishFormat) Read(raw []byte, _ time.Time, each func(pipeline.Message) error) error {
	var m pipeline.Message
	var people []attendance
	flush := func() error {
		if len(people) == 0 && m.Err == nil {
			return nil
		}
		m.Body = people
		err := each(m)
		m, people = pipeline.Message{}, nil
		return err
	}
	at := 0
	for i, line := range strings.SplitAfter(string(raw), "\n") {
		here := fault.Range{Offset: at, Length: len(line)}
		at += len(line)
		word, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		switch word {
		case "PARISH", "", "REFUSE":
		case "PANIC":
			if f.broken.Load() {
				panic("the codec is broken")
			}
		case "M", "BAD":
			if err := flush(); err != nil {
				return err
			}
			if word == "BAD" {
				bad := pipeline.Message{At: here, Err: &fault.Fault{Offset: here.Offset, Line: i + 1, Rule: "bad", Message: "a bad line", Mend: "write P"}}
				if err := each(bad); err != nil {
					return err
				}
				continue
			}
			fallthrough
		case "P":
			place, person, _ := strings.Cut(rest, " ")
			m.Keys = append(m.Keys, pipeline.Key(place))
			people = append(people, attendance{place, person})
		case "SECRET":
			m.Withheld = append(m.Withheld, fault.Range{Offset: here.Offset + len("SECRET "), Length: len(rest)})
		case "LOST":
			m.Lost = append(m.Lost, fault.Fault{Offset: here.Offset, Length: here.Length - 1, Line: i + 1, Rule: "lost", Message: "a part is lost", What: "part"})
		default:
			return &fault.Fault{Offset: here.Offset, Line: i + 1, Rule: "unknown_word", Message: fmt.Sprintf("%q begins no line", word), Mend: "write P"}
		}
	}
	return flush()
}

// roll is what is stored of a parish.
type roll struct {
	version int64
	people  []string
}

func rolls(ctx context.Context, r store.Reader, ids []string) (map[string]roll, error) {
	found := map[string]roll{}
	err := store.ForKeys(ctx, r, `select id, version, people from parish_key where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var id, people string
		var x roll
		err := rows.Scan(&id, &x.version, &people)
		x.people = strings.Split(people, "\n")
		found[id] = x
		return err
	})
	return found, err
}

func (d *parish) Plan(ctx context.Context, r store.Reader, f pipeline.Filing) (pipeline.Change, error) {
	d.plans.Add(1)
	named := map[string][]string{}
	for _, m := range f.Messages {
		for _, a := range m.Body.([]attendance) {
			if a.person == "Nobody" {
				return nil, &fault.Fault{Rule: "not_yours", Message: "nobody may not be filed", Mend: "name somebody"}
			}
			named[a.parish] = append(named[a.parish], a.person)
		}
	}
	ids := slices.Sorted(maps.Keys(named))
	before, err := rolls(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	if d.meet.Add(-1) >= 0 { // as if it had taken its time: others get in between
		time.Sleep(5 * time.Millisecond)
	}
	c := &attend{parish: d, refuse: d.refusing.Load()}
	for _, id := range ids {
		old := before[id]
		people := slices.Concat(old.people, named[id])
		slices.Sort(people)
		c.rows = append(c.rows, []any{id, old.version + 1, strings.Join(slices.Compact(people), "\n")})
		for _, person := range slices.Compact(slices.Sorted(slices.Values(named[id]))) {
			c.screened = append(c.screened, subject(id, person))
		}
	}
	return c, nil
}

func subject(place, person string) screening.Screened {
	return screening.Screened{
		Subject: screening.Subject{ID: screening.ID(place + "/" + person), Domain: "parish", Within: place, Context: place, Names: []screening.Name{{Full: person}}, Births: []string{"1971-03-14"}},
		View:    &member{person},
	}
}

type attend struct {
	parish   *parish
	rows     [][]any
	screened []screening.Screened
	refuse   bool
}

var insertParish = store.NewInsert("parish_key", []string{"id", "version", "people"},
	`on conflict (id) do update set version = excluded.version, people = excluded.people where parish_key.version = excluded.version - 1`)

func (c *attend) Subjects() []screening.Screened { return c.screened }

func (c *attend) Write(ctx context.Context, tx store.Tx) (pipeline.Effects, error) {
	n, err := insertParish.Exec(ctx, tx, c.rows)
	if err != nil {
		return pipeline.Effects{}, err
	}
	if int(n) != len(c.rows) {
		return pipeline.Effects{}, pipeline.ErrConflict
	}
	if c.refuse {
		return pipeline.Effects{}, fmt.Errorf("the parish refuses to write")
	}
	_, err = tx.ExecContext(ctx, `insert into parish_total (id, n) values ('all', 1) on conflict (id) do update set n = parish_total.n + 1`)
	e := pipeline.Effects{}
	for _, row := range c.rows {
		e.Touched = append(e.Touched, row[0].(string))
		e.Events = append(e.Events, pipeline.Event{Name: "parish", ID: row[0].(string)})
	}
	return e, err
}

func (d *parish) Screen(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	var out []screening.Screened
	for _, id := range ids {
		place, person, _ := strings.Cut(string(id), "/")
		found, err := rolls(ctx, r, []string{place})
		if err != nil {
			return nil, err
		}
		if slices.Contains(found[place].people, person) {
			out = append(out, subject(place, person))
		}
	}
	return out, nil
}

func (d *parish) Holders(ctx context.Context, r store.Reader, _ time.Time) ([]screening.Holder, error) {
	var all []screening.Holder
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var h screening.Holder
		err := rows.Scan(&h.ID, &h.Version)
		all = append(all, h)
		return err
	}, `select id, version from parish_key`)
	return all, err
}

func (d *parish) Held(ctx context.Context, r store.Reader, ids []string) ([]screening.Held, error) {
	found, err := rolls(ctx, r, ids)
	var held []screening.Held
	for id, x := range found {
		h := screening.Held{Holder: screening.Holder{ID: id, Version: x.version}}
		for _, person := range x.people {
			h.Subjects = append(h.Subjects, screening.HeldSubject{ID: screening.ID(id + "/" + person), Version: 1})
		}
		held = append(held, h)
	}
	return held, err
}

func (d *parish) Ahead(ctx context.Context, r store.Reader, _ time.Time, after screening.ID, n int) ([]screening.ID, error) {
	var all []screening.ID
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id, people string
		err := rows.Scan(&id, &people)
		for _, person := range strings.Split(people, "\n") {
			if subject := screening.ID(id + "/" + person); subject > after {
				all = append(all, subject)
			}
		}
		return err
	}, `select id, people from parish_key`)
	slices.Sort(all)
	return all[:min(n, len(all))], err
}
