package custody

import (
	"context"
	"embed"
	"log/slog"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are what the room needs of the house.
type Options struct {
	Store  *store.Store
	Jobs   *jobs.Jobs
	Clocks []Clock           // of every domain
	Own    map[string]string // how long this node keeps what: a clock's name and an ISO 8601 duration
	Page   int               // how many records one transaction erases; 0 is 200
	Clock  func() time.Time
	Logger *slog.Logger
}

// Room keeps the clocks.
type Room struct {
	o      Options
	clocks []running
}

// job is the nightly round of one clock; its body is the clock's name.
const job = "custody.erase"

const pageUnlessSaid = 200

// Open makes the room's table and sets every clock: what is due goes at once, and then every night.
func Open(ctx context.Context, o Options) (*Room, error) {
	if o.Page <= 0 {
		o.Page = pageUnlessSaid
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	clocks, err := set(o.Clocks, o.Own)
	if err != nil {
		return nil, err
	}
	if err := o.Store.Migrate(ctx, "custody", migrations); err != nil {
		return nil, err
	}
	r := &Room{o, clocks}
	o.Jobs.Handle(job, r.round)
	return r, o.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		rounds := make([]jobs.Job, len(clocks))
		for i := range clocks {
			rounds[i] = clocks[i].round(tx.Now())
		}
		return jobs.Schedule(ctx, tx, rounds...)
	})
}

// round is a clock's next.
func (c *running) round(at time.Time) jobs.Job {
	return jobs.Job{ID: job + "/" + c.Name, Kind: job, Due: at, Body: []byte(c.Name)}
}

// night is when rounds are made: the next one after an instant.
func night(now time.Time) time.Time {
	const hour = 2 * time.Hour
	next := now.UTC().Truncate(24 * time.Hour).Add(hour)
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}

// round erases one page of what is too old, and has the next page follow at once, or the next round next night.
func (r *Room) round(ctx context.Context, tx store.Tx, j jobs.Job) error {
	c := r.named(string(j.Body))
	if c == nil { // a domain that is no more
		return nil
	}
	now := r.o.Clock()
	before := c.before(now)
	var gone Erased
	var err error
	if c.Erase != nil {
		if gone, err = c.Erase(ctx, tx, before, r.o.Page); err != nil {
			return err
		}
	}
	copies, err := intake.Erase(ctx, tx, c.domain(), c.Reports, before, r.o.Page)
	if err != nil {
		return err
	}
	if err := r.forget(ctx, tx, c.domain(), gone); err != nil {
		return err
	}
	more := gone.More || len(gone.Records) == r.o.Page || len(copies) == r.o.Page
	if err := c.ran(ctx, tx, now, before, len(gone.Records), len(copies)); err != nil {
		return err
	}
	if len(gone.Records)+len(copies) > 0 {
		e := audit.Entry{Actor: "rihla", Role: "system", Action: "retention.erase", Touched: slices.Concat(gone.Records, copies), Detail: c.Name + " before " + before.UTC().Format(time.RFC3339)}
		if err := audit.Record(ctx, tx, e); err != nil {
			return err
		}
	}
	at := night(tx.Now())
	if more {
		at = tx.Now()
	}
	return jobs.Schedule(ctx, tx, c.round(at))
}

func (r *Room) named(name string) *running {
	for i := range r.clocks {
		if r.clocks[i].Name == name {
			return &r.clocks[i]
		}
	}
	return nil
}

// forget takes away what other rooms know of subjects that are no more, and has looked at again who is left.
func (r *Room) forget(ctx context.Context, tx store.Tx, domain string, e Erased) error {
	if len(e.Renamed) > 0 {
		if err := links.Rename(ctx, tx, e.Renamed); err != nil {
			return err
		}
		if err := screening.Rename(ctx, tx, e.Renamed); err != nil {
			return err
		}
		if _, err := casework.Rename(ctx, tx, domain, e.Renamed); err != nil {
			return err
		}
	}
	if err := casework.Erase(ctx, tx, e.Gone); err != nil {
		return err
	}
	if err := screening.Erase(ctx, tx, e.Gone); err != nil {
		return err
	}
	near, err := links.Erase(ctx, tx, e.Gone)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for i := range r.clocks { // whoever shared a tie may be any domain's
		if of := r.clocks[i].domain(); !told[of] {
			told[of] = true
			if err := screening.MarkDue(ctx, tx, of, near); err != nil {
				return err
			}
		}
	}
	return screening.MarkDue(ctx, tx, domain, e.Due)
}

var insertRun = store.NewInsert("custody_run", []string{"clock", "ran", "before", "records", "copies", "total"},
	`on conflict (clock) do update set ran = excluded.ran, before = excluded.before, records = excluded.records, copies = excluded.copies, total = excluded.total`)

// ran notes what a page took away; pages of one night add up.
func (c *running) ran(ctx context.Context, tx store.Tx, now, before time.Time, records, copies int) error {
	last, err := lastRuns(ctx, tx)
	if err != nil {
		return err
	}
	l := last[c.Name]
	if now.Sub(l.At) > sameRound {
		l.Records, l.Copies = 0, 0
	}
	_, err = insertRun.Exec(ctx, tx, [][]any{{c.Name, store.Micros(now), store.Micros(before), l.Records + records, l.Copies + copies, l.Total + records}})
	return err
}

// sameRound is how close pages follow one another within a night's round.
const sameRound = 10 * time.Minute
