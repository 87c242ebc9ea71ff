package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Gathered is a Domain whose subjects are held together, as travellers are by their flight, under a version that moves
// whenever one of them does. Of such a domain a changed list concerns only whom it may concern; of any other, everybody.
type Gathered interface {
	// Holders are those whose subjects are still ahead.
	Holders(ctx context.Context, r store.Reader, now time.Time) ([]screening.Holder, error)
	// Held gives holders with their subjects; one that is gone is left out.
	Held(ctx context.Context, r store.Reader, holders []string) ([]screening.Held, error)
}

const (
	learnEvery  = 5 * time.Second        // how often it is looked who has changed
	learnBusy   = 250 * time.Millisecond // of those, while reports come in
	learnQuiet  = 4 * time.Second        // and when none do
	learnAtOnce = 20                     // holders read in one go
	learnRounds = 8                      // of learning what changed while we learned; then the rest are screened
	markAtOnce  = 500                    // subjects marked in one transaction
)

// errLease says that another node walks.
var errLease = errors.New("another node has taken the walk over")

// keepLearning has the index of subjects ahead follow the store in the background, so that a change of lists finds it
// ready. While reports come in it takes a twentieth of a core.
func (p *Pipeline) keepLearning(ctx context.Context, d Domain, g Gathered) {
	tick := time.NewTicker(learnEvery)
	defer tick.Stop()
	var before int64
	for {
		takes := learnQuiet
		if taken := p.taken.Load(); taken != before {
			before, takes = taken, learnBusy
		}
		if _, err := p.learn(ctx, d, g, time.Now().Add(takes)); err != nil && ctx.Err() == nil {
			p.Logger.Warn("who is ahead could not be read into memory; the next change of lists takes longer", "domain", d.Name(), "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// learn brings the index of subjects ahead up to what the store says, for as long as it may. It answers how many holders
// it has not come to.
func (p *Pipeline) learn(ctx context.Context, d Domain, g Gathered, until time.Time) (left int, err error) {
	var holders []screening.Holder
	err = safely(func() (err error) { holders, err = g.Holders(ctx, p.Store.Read(), p.Clock()); return err })
	if err != nil {
		return 0, err
	}
	ahead := p.Screener.AheadOf(d.Name())
	stale, _ := ahead.Stale(holders)
	for len(stale) > 0 && time.Now().Before(until) {
		some := stale[:min(learnAtOnce, len(stale))]
		if err := p.learnSome(ctx, d, g, ahead, some); err != nil {
			return len(stale), err
		}
		stale = stale[len(some):]
	}
	return len(stale), nil
}

func (p *Pipeline) learnSome(ctx context.Context, d Domain, g Gathered, ahead *screening.Ahead, holders []string) error {
	var held []screening.Held
	read := make(map[string][]screening.Subject)
	err := safely(func() error {
		return p.Store.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
			if held, err = g.Held(ctx, r, holders); err != nil {
				return err
			}
			var unknown []screening.ID
			for i := range held {
				unknown = append(unknown, ahead.Unknown(&held[i])...)
			}
			subjects, err := subjectsBy(ctx, r, d, unknown)
			for i := range subjects {
				within := subjects[i].Within
				read[within] = append(read[within], subjects[i])
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	for i := range held {
		ahead.Learn(&held[i], read[held[i].ID])
	}
	return nil
}

// subjectsBy gives subjects as committed, the cheapest way their domain has.
func subjectsBy(ctx context.Context, r store.Reader, d Domain, ids []screening.ID) ([]screening.Subject, error) {
	if k, ok := d.(Knower); ok {
		return k.Subjects(ctx, r, ids)
	}
	screened, err := d.Screen(ctx, r, ids)
	subjects := make([]screening.Subject, len(screened))
	for i := range screened {
		subjects[i] = screened[i].Subject
	}
	return subjects, err
}

// walkDelta marks as due whom a change of lists may concern, and vouches for everybody else. Whoever it relies on is
// known in memory at the very version the store has, by the transaction that vouches.
func (p *Pipeline) walkDelta(ctx context.Context, d Domain, g Gathered, delta *screening.Delta, generation int64, lease func() (store.Lease, error)) error {
	ahead := p.Screener.AheadOf(d.Name())
	seen := make(screening.Compared)
	for round := 1; ; round++ {
		for left := 1; left > 0; {
			if _, err := lease(); err != nil { // it takes a while where nothing is known yet
				return err
			}
			var err error
			if left, err = p.learn(ctx, d, g, time.Now().Add(dueLease/6)); err != nil {
				return err
			}
		}
		concerned, err := ahead.Concerned(ctx, delta, seen)
		if err != nil {
			return err
		}
		for len(concerned) > 0 {
			some := concerned[:min(markAtOnce, len(concerned))]
			if err := p.under(ctx, lease, func(ctx context.Context, tx store.Tx) error { return screening.MarkDue(ctx, tx, d.Name(), some) }); err != nil {
				return err
			}
			concerned = concerned[len(some):]
		}
		vouched := false
		err = p.under(ctx, lease, func(ctx context.Context, tx store.Tx) (err error) {
			vouched, err = p.vouchDelta(ctx, tx, d, g, delta, generation, seen, round >= learnRounds)
			return err
		})
		if err != nil || vouched {
			return err
		}
	}
}

// vouchDelta vouches if everybody who is ahead was seen as they are. In the last round those who move too fast to be
// seen are marked as due instead.
func (p *Pipeline) vouchDelta(ctx context.Context, tx store.Tx, d Domain, g Gathered, delta *screening.Delta, generation int64, seen screening.Compared, last bool) (vouched bool, err error) {
	var holders []screening.Holder
	if err := safely(func() (err error) { holders, err = g.Holders(ctx, tx, tx.Now()); return err }); err != nil {
		return false, err
	}
	var unseen []string
	for _, h := range holders {
		if at, ok := seen[h.ID]; !ok || at != h.Version {
			unseen = append(unseen, h.ID)
		}
	}
	if len(unseen) > 0 && !last {
		return false, nil
	}
	if len(unseen) > 0 {
		var held []screening.Held
		if err := safely(func() (err error) { held, err = g.Held(ctx, tx, unseen); return err }); err != nil {
			return false, err
		}
		var ids []screening.ID
		for i := range held {
			for _, s := range held[i].Subjects {
				ids = append(ids, s.ID)
			}
		}
		if err := screening.MarkDue(ctx, tx, d.Name(), ids); err != nil {
			return false, err
		}
	}
	if err := delta.MarkMatched(ctx, tx); err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `delete from pipeline_walk where domain = $1`, d.Name()); err != nil {
		return false, err
	}
	return true, screening.Vouch(ctx, tx, d.Name(), generation)
}

// under runs a transaction that commits only while the lease is ours.
func (p *Pipeline) under(ctx context.Context, lease func() (store.Lease, error), work func(context.Context, store.Tx) error) error {
	held, err := lease()
	if err != nil {
		return err
	}
	return p.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := held.Holds(ctx, tx); err != nil {
			return err
		}
		return work(ctx, tx)
	})
}
