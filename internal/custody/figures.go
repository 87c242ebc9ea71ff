package custody

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// Run is how a clock last went.
type Run struct {
	At      time.Time `json:"at"`
	Before  time.Time `json:"before" doc:"What was from before this went"`
	Records int       `json:"records" doc:"Erased in that run"`
	Copies  int       `json:"copies" doc:"Copies of reports erased in that run"`
	Total   int       `json:"total" doc:"Records erased ever"`
}

// Figures are one clock as an auditor sees it. There is no person in it.
type Figures struct {
	Clock  string    `json:"clock"`
	Domain string    `json:"domain"`
	Keep   string    `json:"keep" doc:"ISO 8601"`
	Own    bool      `json:"own" doc:"The node's own time, not the domain's"`
	Most   string    `json:"most,omitempty" doc:"As long as the law allows"`
	Law    string    `json:"law,omitempty"`
	From   string    `json:"from" doc:"What the time counts from: received, departed, seen, closed"`
	Before time.Time `json:"before" doc:"What is from before this is due"`
	Held   int       `json:"held"`
	Due    int       `json:"due" doc:"Of those held, too old: they go in the next run"`
	Last   *Run      `json:"last,omitempty"`
}

// Figures are all clocks, by name.
func (r *Room) Figures(ctx context.Context, rd store.Reader) ([]Figures, error) {
	last, err := lastRuns(ctx, rd)
	if err != nil {
		return nil, err
	}
	now := r.o.Clock()
	all := make([]Figures, len(r.clocks))
	for i := range r.clocks {
		c := &r.clocks[i]
		f := Figures{Clock: c.Name, Domain: c.domain(), Keep: c.keep.String(), Own: c.own, Most: c.Most, Law: c.Law, From: c.From, Before: c.before(now).UTC()}
		if c.Held != nil {
			if f.Held, f.Due, err = c.Held(ctx, rd, f.Before); err != nil {
				return nil, err
			}
		}
		if l, ran := last[c.Name]; ran {
			f.Last = &l
		}
		all[i] = f
	}
	return all, nil
}

func lastRuns(ctx context.Context, r store.Reader) (map[string]Run, error) {
	last := map[string]Run{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var clock string
		var ran, before int64
		var l Run
		if err := rows.Scan(&clock, &ran, &before, &l.Records, &l.Copies, &l.Total); err != nil {
			return err
		}
		l.At, l.Before = store.Time(ran), store.Time(before)
		last[clock] = l
		return nil
	}, `select clock, ran, before, records, copies, total from custody_run`)
	return last, err
}

// Routes are the auditor's view.
func (r *Room) Routes(m *api.Mux) {
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/retention", ID: "list-retention", Tags: []string{"custody"},
		Summary: "How long what is kept, what is due, and what went", Roles: []access.Role{access.Auditor, access.Supervisor, access.Administrator},
	}, r.list)
}

type listOut struct {
	Body api.Page[Figures]
}

func (r *Room) list(ctx context.Context, _ *struct{}) (*listOut, error) {
	all, err := r.Figures(ctx, r.o.Store.Read())
	return &listOut{api.Page[Figures]{Items: all}}, err
}
