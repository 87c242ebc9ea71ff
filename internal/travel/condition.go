package travel

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// condition is how whole that is which answers are made of.
type condition struct {
	Mode    string    `json:"mode" enum:"normal,degraded,down" doc:"degraded: answers are given, and leave to board is provisional; down: no answers are to be expected"`
	Since   time.Time `json:"since,omitzero"`
	Reasons []string  `json:"reasons,omitempty" doc:"declared: by an outage; list_old: a list has not come for twice as long as it should"`
	Outages []Outage  `json:"outages" nullable:"false" doc:"Those in force"`

	looked time.Time
}

// The modes, and what they come of.
const (
	modeNormal   = "normal"
	modeDegraded = "degraded"
	modeDown     = "down"

	reasonDeclared = "declared"
	reasonListOld  = "list_old"
)

// amiss says that leave to board is provisional.
func (c *condition) amiss() bool { return c.Mode != modeNormal }

// looksEvery is how often a question has the condition looked at anew: two small reads.
const looksEvery = 5 * time.Second

// condition is what holds now, or a few seconds ago. Where it cannot be read it is what it was.
func (d *Domain) condition(ctx context.Context, r store.Reader, now time.Time) *condition {
	kept := d.conditions.Load()
	if kept != nil && now.Sub(kept.looked).Abs() < looksEvery {
		return kept
	}
	c, err := look(ctx, r, now)
	switch {
	case err == nil:
		d.conditions.Store(c)
		return c
	case kept != nil:
		return kept
	}
	return &condition{Mode: modeDegraded}
}

// look reads what holds now.
func look(ctx context.Context, r store.Reader, now time.Time) (*condition, error) {
	c := &condition{Mode: modeNormal, looked: now}
	var err error
	if c.Outages, err = inForce(ctx, r, now); err != nil {
		return nil, err
	}
	since := func(t time.Time) {
		if c.Since.IsZero() || t.Before(c.Since) {
			c.Since = t
		}
	}
	for i := range c.Outages {
		o := &c.Outages[i]
		if o.Carrier != "" || o.Cause != causeState {
			continue
		}
		mode := modeDegraded
		if o.Scope == scopeAnswers || o.Scope == scopeAll {
			mode = modeDown
		}
		if c.Mode != modeDown {
			c.Mode = mode
		}
		since(o.From)
		if !slices.Contains(c.Reasons, reasonDeclared) {
			c.Reasons = append(c.Reasons, reasonDeclared)
		}
	}
	sources, err := screening.Sources(ctx, r, now)
	for i := range sources {
		if s := &sources[i]; s.Stale {
			if c.Mode == modeNormal {
				c.Mode = modeDegraded
			}
			if !s.Succeeded.IsZero() {
				since(s.Succeeded)
			}
			if !slices.Contains(c.Reasons, reasonListOld) {
				c.Reasons = append(c.Reasons, reasonListOld)
			}
		}
	}
	return c, err
}

// lookedAfter is the clock of provisional answers, one for all: who was given leave to board meanwhile is looked at again.
const (
	lookedAfter     = "travel.provisional"
	lookedAfterEach = time.Minute
	lookedAtOnce    = 500
)

func lookAfter(due time.Time) jobs.Job { return jobs.Job{ID: lookedAfter, Kind: lookedAfter, Due: due} }

// lookAgain has whoever was answered provisionally looked at again, once everything is whole, or waits on. Whose flight has
// left by then is looked at by whatever brought it back.
func (d *Domain) lookAgain(ctx context.Context, tx store.Tx) (effects pipeline.Effects, err error) {
	now := tx.Now()
	c, err := look(ctx, tx, now)
	if err != nil {
		return effects, err
	}
	if c.amiss() {
		effects.Jobs = []jobs.Job{lookAfter(now.Add(lookedAfterEach))}
		return effects, nil
	}
	var rows [][]any
	var firm []string
	err = store.Rows(ctx, tx, func(found *sql.Rows) error {
		q, err := scanQuestion(found)
		if err != nil {
			return err
		}
		q.Provisional = false
		row, err := q.row()
		rows, firm = append(rows, row), append(firm, q.record)
		return err
	}, `select `+questionColumns+` from travel_query where until > $1 and more like '%"provisional":true%' limit $2`, store.Micros(now), lookedAtOnce)
	if err != nil || len(rows) == 0 {
		return effects, err
	}
	if len(rows) == lookedAtOnce {
		effects.Jobs = []jobs.Job{lookAfter(now)}
	}
	if _, err := turnQuestion.Exec(ctx, tx, rows); err != nil {
		return effects, err
	}
	of, err := passengersOf(ctx, tx, firm)
	for _, id := range of {
		effects.Due = append(effects.Due, id)
		effects.Touched = append(effects.Touched, string(id))
		effects.Events = append(effects.Events, pipeline.Event{Name: "passenger", ID: string(id)})
	}
	slices.Sort(effects.Due)
	effects.Due = slices.Compact(effects.Due)
	return effects, err
}
