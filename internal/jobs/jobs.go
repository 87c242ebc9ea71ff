// Package jobs is work that is retried or on a clock: an answer to send, a part that must have come by tomorrow.
//
// [Schedule] is the one thing to call: it puts a job into the caller's own transaction, durable with it. A node claims
// what is due by one short update under a lease on the store's clock, and holds nothing while it works. A handler given
// to [Jobs.Handle] works in the transaction that also removes its job, so its effects happen once, whatever crashes; one
// given to [Jobs.HandleOutside] reaches beyond the store (the network), and so may be repeated after a crash. What fails
// is tried again, later each time, for ever: giving up is a decision, and decisions belong to the room that scheduled.
//
// The room knows kinds and bodies as text and bytes only.
package jobs

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

const (
	topic       = "jobs"
	pace        = time.Second
	workers     = 16          // jobs at work at once; most of their time goes to waiting for others
	firstPause  = time.Second // after the first failure; it doubles
	longestWait = 15 * time.Minute
	faultMost   = 500 // bytes of an error kept for the operator
)

// Job is one piece of work.
type Job struct {
	ID       string // the same ID again replaces the job; empty makes up one
	Kind     string // which handler
	Due      time.Time
	Body     []byte // the handler's own
	Attempts int    // that failed so far
}

var scheduled = store.NewInsert("jobs_job", []string{"id", "kind", "due", "version", "attempts", "owner", "until", "fault", "body"},
	`on conflict (id) do update set kind = excluded.kind, due = excluded.due, body = excluded.body, version = jobs_job.version + 1,
		attempts = 0, owner = '', until = 0, fault = ''`)

// Schedule adds jobs to the caller's transaction. A job whose ID is there already is replaced, also from within its own
// handler: that is how a job comes again.
func Schedule(ctx context.Context, tx store.Tx, jobs ...Job) error {
	rows := make([][]any, len(jobs))
	for i, j := range jobs {
		if j.ID == "" {
			j.ID = keys.Event()
		}
		if j.Body == nil {
			j.Body = []byte{}
		}
		rows[i] = []any{j.ID, j.Kind, store.Micros(j.Due), 1, 0, "", 0, "", j.Body}
	}
	if _, err := scheduled.Exec(ctx, tx, rows); err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	tx.Notify(topic)
	return nil
}

// Cancel removes jobs that need not be done any more. One that is at work commits nothing after this.
func Cancel(ctx context.Context, tx store.Tx, ids ...string) error {
	_, err := store.ExecKeys(ctx, tx, "delete from jobs_job where id in (:keys)", ids)
	return err
}

// Later makes a handler's failure be tried again after d rather than by the usual back-off, as when a server said so.
func Later(d time.Duration, cause error) error { return &later{d, cause} }

type later struct {
	after time.Duration
	cause error
}

func (l *later) Error() string { return l.cause.Error() }
func (l *later) Unwrap() error { return l.cause }

// Options of a node's worker.
type Options struct {
	Owner  string        // this node, as leases know it; empty makes up a name
	Lease  time.Duration // how long one job may take; 0 is two minutes
	Logger *slog.Logger
}

// Jobs is a node's worker.
type Jobs struct {
	store   *store.Store
	options Options
	mu      sync.RWMutex
	inside  map[string]func(context.Context, store.Tx, Job) error
	outside map[string]func(context.Context, Job) error
}

// Migrate makes the table that [Schedule] writes, for a room that schedules before a worker is opened.
func Migrate(ctx context.Context, st *store.Store) error { return st.Migrate(ctx, "jobs", migrations) }

// Open readies a worker. Handlers come next, then Run.
func Open(ctx context.Context, st *store.Store, o Options) (*Jobs, error) {
	if err := Migrate(ctx, st); err != nil {
		return nil, err
	}
	if o.Owner == "" {
		o.Owner = keys.Event()
	}
	if o.Lease <= 0 {
		o.Lease = 2 * time.Minute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Jobs{store: st, options: o, inside: map[string]func(context.Context, store.Tx, Job) error{}, outside: map[string]func(context.Context, Job) error{}}, nil
}

// Handle says who does a kind of job, inside the transaction that removes it.
func (j *Jobs) Handle(kind string, do func(context.Context, store.Tx, Job) error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.inside[kind] = do
}

// HandleOutside says who does a kind of job beyond the store. The job is removed when do returns nil.
func (j *Jobs) HandleOutside(kind string, do func(context.Context, Job) error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.outside[kind] = do
}

// kinds are those this node can do; others are left to nodes that can.
func (j *Jobs) kinds() []string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	var kinds []string
	for kind := range j.inside {
		kinds = append(kinds, kind)
	}
	for kind := range j.outside {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds) // so that the statement's text repeats
	return kinds
}

// Run does what is due, each second and whenever something is scheduled or done, until ctx ends. A slow job holds up no
// other. Work cut off at the end is given back and counts as no attempt.
func (j *Jobs) Run(ctx context.Context) error {
	wake, stop := j.store.Watch(topic)
	defer stop()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	var busy sync.WaitGroup
	defer busy.Wait()
	slots, done := make(chan struct{}, workers), make(chan struct{}, 1)
	for {
		claimed, err := j.claim(ctx, workers-len(slots))
		if err != nil && ctx.Err() == nil {
			j.options.Logger.Error("jobs could not be claimed; it is tried again", "err", err)
		}
		for _, c := range claimed {
			slots <- struct{}{}
			busy.Go(func() {
				if err := j.do(ctx, c); err != nil {
					j.options.Logger.Error("a job could not be settled; its lease will run out", "kind", c.Kind, "job", c.ID, "err", err)
				}
				<-slots
				select {
				case done <- struct{}{}:
				default: // it is known already
				}
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-wake:
		case <-done:
		}
	}
}

// Step does some of what is due now and answers how many jobs it took on, done or failed.
func (j *Jobs) Step(ctx context.Context) (int, error) {
	claimed, err := j.claim(ctx, workers)
	if err != nil {
		return 0, err
	}
	var g errgroup.Group
	for _, c := range claimed {
		g.Go(func() error { return j.do(ctx, c) })
	}
	return len(claimed), g.Wait()
}

// claim is a job under our lease.
type claim struct {
	Job
	version int64
}

const isDue = "due <= $1 and until <= $1 and kind in (:keys)"

func (j *Jobs) claim(ctx context.Context, most int) (claimed []claim, err error) {
	if most == 0 {
		return nil, nil
	}
	kinds := j.kinds()
	now, err := j.store.Now(ctx)
	if err != nil {
		return nil, err
	}
	waits := false
	err = store.ForKeys(ctx, j.store.Read(), "select exists (select 1 from jobs_job where "+isDue+")", kinds, func(rows *sql.Rows) error {
		return rows.Scan(&waits)
	}, store.Micros(now))
	if err != nil || !waits {
		return nil, err // most looks end here, and cost no write
	}
	err = j.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		claimed = nil
		return store.ForKeys(ctx, tx, "update jobs_job set until = $2, owner = $3 where id in (select id from jobs_job where "+isDue+" order by due limit $4) returning id, kind, due, version, attempts, body",
			kinds, func(rows *sql.Rows) error {
				var c claim
				var due int64
				err := rows.Scan(&c.ID, &c.Kind, &due, &c.version, &c.Attempts, &c.Body)
				c.Due = store.Time(due)
				claimed = append(claimed, c)
				return err
			}, store.Micros(now), store.Micros(now.Add(j.options.Lease)), j.options.Owner, most)
	})
	return claimed, err
}

// errTaken says that a job is no longer ours: cancelled, replaced, or taken over after our lease.
var errTaken = errors.New("the job is another's now")

// do does one job and settles it. An error is the store's; the job's own failure is written down.
func (j *Jobs) do(ctx context.Context, c claim) error {
	within, cancel := context.WithTimeout(ctx, j.options.Lease*9/10) // ends before another may begin
	defer cancel()
	err := j.attempt(within, c)
	switch {
	case err == nil || errors.Is(err, errTaken):
		return nil
	case ctx.Err() != nil:
		return j.giveBack(context.WithoutCancel(ctx), c)
	}
	j.options.Logger.Warn("a job failed; it is tried again", "kind", c.Kind, "job", c.ID, "attempts", c.Attempts+1, "err", err)
	return j.postpone(context.WithoutCancel(ctx), c, err)
}

func (j *Jobs) attempt(ctx context.Context, c claim) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("our software failed: %v", fault)
		}
	}()
	j.mu.RLock()
	inside, outside := j.inside[c.Kind], j.outside[c.Kind]
	j.mu.RUnlock()
	if inside == nil {
		if err := outside(ctx, c.Job); err != nil {
			return err
		}
	}
	return j.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := j.holds(ctx, tx, c); err != nil {
			return err
		}
		if inside != nil {
			if err := inside(ctx, tx, c.Job); err != nil {
				return err
			}
		}
		// By version: a handler may have scheduled its job again.
		_, err := tx.ExecContext(ctx, "delete from jobs_job where id = $1 and version = $2", c.ID, c.version)
		return err
	})
}

func (j *Jobs) holds(ctx context.Context, tx store.Tx, c claim) error {
	var version int64
	var owner string
	err := tx.QueryRowContext(ctx, "select version, owner from jobs_job where id = $1", c.ID).Scan(&version, &owner)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && (version != c.version || owner != j.options.Owner)) {
		return errTaken
	}
	return err
}

func (j *Jobs) giveBack(ctx context.Context, c claim) error {
	return j.settle(ctx, "update jobs_job set until = 0, owner = '' where id = $1 and version = $2 and owner = $3", c.ID, c.version, j.options.Owner)
}

func (j *Jobs) postpone(ctx context.Context, c claim, cause error) error {
	now, err := j.store.Now(ctx)
	if err != nil {
		return err
	}
	pause := longestWait
	if c.Attempts < 10 {
		pause = min(firstPause<<c.Attempts, longestWait)
	}
	if l, ok := errors.AsType[*later](cause); ok {
		pause = l.after
	}
	fault := cause.Error()
	return j.settle(ctx, "update jobs_job set until = 0, owner = '', attempts = attempts + 1, due = $1, fault = $2 where id = $3 and version = $4 and owner = $5",
		store.Micros(now.Add(pause)), fault[:min(len(fault), faultMost)], c.ID, c.version, j.options.Owner)
}

func (j *Jobs) settle(ctx context.Context, query string, args ...any) error {
	return j.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// Failing is a job that has failed and will be tried again.
type Failing struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Attempts int       `json:"attempts"`
	Due      time.Time `json:"due"`
	Fault    string    `json:"fault"`
}

// Failing lists what fails, the most often tried first, for the operator.
func (j *Jobs) Failing(ctx context.Context, n int) ([]Failing, error) {
	out := []Failing{}
	err := store.Rows(ctx, j.store.Read(), func(rows *sql.Rows) error {
		var f Failing
		var due int64
		err := rows.Scan(&f.ID, &f.Kind, &f.Attempts, &due, &f.Fault)
		f.Due = store.Time(due)
		out = append(out, f)
		return err
	}, "select id, kind, attempts, due, fault from jobs_job where attempts > 0 order by attempts desc, id limit $1", n)
	return out, err
}
