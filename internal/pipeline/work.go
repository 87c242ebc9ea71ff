package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// process plans, screens and writes one report, planning again as long as what it planned on moves.
func (p *Pipeline) process(ctx context.Context, r *reading) {
	doing, err := p.settle(ctx, r)
	if err != nil {
		p.putOff(r.hold, doing, err)
		return
	}
	p.release(r.hold)
	p.held.mended(r.hold)
	p.meters.failing.Set(float64(p.held.failures()))
	p.meters.reports.WithLabelValues(r.made.Format, string(r.made.State)).Inc()
	lane := "bulk"
	if r.Lane == intake.Interactive {
		lane = "interactive"
	}
	p.meters.took.WithLabelValues(lane).Observe(p.Clock().Sub(r.Received).Seconds())
	p.forget(r.hold)
}

func (p *Pipeline) settle(ctx context.Context, r *reading) (doing string, err error) {
	for attempt := 0; ; attempt++ {
		w, doing, err := p.prepare(ctx, r)
		if err != nil {
			return doing, err
		}
		err = p.group.Do(ctx, w)
		if !errors.Is(err, ErrConflict) {
			return "write", err
		}
		p.meters.replans.Inc()
		if err := pause(ctx, attempt); err != nil {
			return "write", err
		}
	}
}

// prepare plans, screens and seals a report, for which nobody waits: in a turn.
func (p *Pipeline) prepare(ctx context.Context, r *reading) (w *writing, doing string, err error) {
	p.Journal.Turns.Take()
	defer p.Journal.Turns.Give()
	w = &writing{reading: r}
	if r.made.State != intake.Quarantined {
		if err := safely(func() error { return p.plan(ctx, w) }); err != nil {
			var refused *fault.Fault
			if !errors.As(err, &refused) {
				return nil, "plan", err
			}
			for _, m := range r.filing.Messages {
				m.Err = refused
				r.fallen = append(r.fallen, m)
			}
			r.quarantine(refused)
			w = &writing{reading: r}
		}
	}
	if w.sealed, err = p.Reports.Seal(ctx, r.made, r.raw); err != nil {
		return nil, "seal", err
	}
	return w, "", nil
}

// pause lets somebody else go first, the longer the more often it met them.
func pause(ctx context.Context, attempt int) error {
	const longest = 200 * time.Millisecond
	wait := min(time.Millisecond<<min(attempt, 10), longest)
	select {
	case <-ctx.Done():
		return errDraining
	case <-time.After(rand.N(wait)): //nolint:gosec // spreads attempts, guards nothing
		return nil
	}
}

// plan works out what the report changes and screens whom it speaks of, with no transaction open.
func (p *Pipeline) plan(ctx context.Context, w *writing) error {
	err := p.Store.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		if w.change, err = w.domain.Plan(ctx, r, w.filing); err != nil {
			return err
		}
		w.screened = w.change.Subjects()
		return p.vouch(ctx, r, w.screened)
	})
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	generation := p.Screener.Generation()
	w.generation = generation.Number()
	for i := range w.screened {
		w.found = generation.Screen(w.found, &w.screened[i])
		p.Journal.Turns.Pass()
	}
	if weighing, ok := w.change.(Weighing); ok {
		weighing.Weigh(w.found)
	}
	p.meters.subjects.WithLabelValues("report").Add(float64(len(w.screened)))
	return nil
}

// writing is a report on its way into the store.
type writing struct {
	*reading
	sealed     *intake.Sealed
	change     Change // nil when it is quarantined
	screened   []screening.Screened
	found      []screening.Finding
	generation int64 // under which it was screened
}
