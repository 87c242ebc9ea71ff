package feed

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/cyber/collection/poll"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/store"
)

// jobKind is the kind of job that reads a feed.
const jobKind = "cyber.feed"

const (
	firstPause = 30 * time.Second // after a first failure; it doubles
	turnPause  = 5 * time.Second  // where another is reading
)

type body struct {
	Feed string `json:"feed"`
}

func jobID(name string) string { return jobKind + " " + name }

// schedule has a feed read at an instant, and not at another that it may have had.
func schedule(ctx context.Context, tx store.Tx, name string, due time.Time) error {
	b, err := json.Marshal(body{name})
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "update cyber_feed set due = $1 where name = $2", store.Micros(due), name); err != nil {
		return err
	}
	return jobs.Schedule(ctx, tx, jobs.Job{ID: jobID(name), Kind: jobKind, Due: due, Body: b})
}

// work is a feed's job: one turn, and the time of the next. A failure is the job's, so that it shows where failing jobs do.
func (f *Feeds) work(ctx context.Context, j jobs.Job) error {
	var b body
	if err := json.Unmarshal(j.Body, &b); err != nil {
		return err
	}
	got, failed := f.turn(ctx, b.Feed, f.o.Turn, f.o.Pages)
	switch {
	case errors.Is(failed, ErrNone):
		return nil
	case errors.Is(failed, ErrTurn):
		return jobs.Later(turnPause, failed)
	case ctx.Err() != nil:
		return failed
	}
	h, err := f.one(ctx, f.store.Read(), b.Feed)
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return errors.Join(failed, err)
	}
	wait := h.every
	switch {
	case failed != nil:
		wait = h.wait(failed)
	case got.More:
		wait = 0
	}
	err = f.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		due := tx.Now().Add(wait)
		if failed != nil { // its job is put off by whoever runs it
			_, err := tx.ExecContext(ctx, "update cyber_feed set due = $1 where name = $2", store.Micros(due), b.Feed)
			return err
		}
		if _, err := f.one(ctx, tx, b.Feed); errors.Is(err, ErrNone) {
			return nil
		} else if err != nil {
			return err
		}
		return schedule(ctx, tx, b.Feed, due)
	})
	if failed != nil {
		return jobs.Later(wait, errors.Join(failed, err))
	}
	return err
}

// wait is how long to leave a server alone after a failure: as long as it says, and later each time. One that does not let us
// in, or speaks something else, is asked no more often than one that does.
func (h *held) wait(failed error) time.Duration {
	if errors.Is(failed, poll.ErrCredential) || errors.Is(failed, poll.ErrConfiguration) {
		return h.every
	}
	pause := h.every
	if n := max(h.Failures-1, 0); n < 20 {
		pause = min(firstPause<<n, h.every)
	}
	if busy, ok := errors.AsType[*poll.Busy](failed); ok {
		pause = max(pause, busy.After)
	}
	return pause
}
