package pipeline

import (
	"context"
	"database/sql"
	"reflect"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

const (
	dueTopic   = "screening.due"  // what screening.MarkDue wakes
	dueAtOnce  = 100              // subjects looked at again in one go
	dueLease   = 30 * time.Second // how long a node may take for them
	walkAtOnce = 500              // subjects marked as due in one transaction
)

// lookAgain screens a domain's subjects once more: those marked as due, and after lists or rules changed all that are
// still ahead. claim ends first; what is claimed then is finished under work.
func (p *Pipeline) lookAgain(claim, work context.Context, d Domain) {
	wake, stop := p.Store.Watch(dueTopic)
	defer stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for claim.Err() == nil {
		_, err := p.Screener.Refresh(claim) // what is marked as due because of a change is screened under it
		walked := false
		if err == nil {
			walked, err = p.walk(claim, d)
		}
		if err == nil {
			var n int
			if n, err = p.screenDue(claim, work, d); err == nil && (n > 0 || walked) {
				continue
			}
		}
		if err != nil && claim.Err() == nil {
			p.meters.failures.WithLabelValues("screen again").Inc()
			p.Logger.Error("subjects could not be screened again; they stay due", "domain", d.Name(), "error", err)
		}
		select {
		case <-claim.Done():
		case <-wake:
			if err != nil { // do not spin on what keeps failing
				select {
				case <-claim.Done():
				case <-tick.C:
				}
			}
		case <-tick.C:
		}
	}
}

// screenDue screens some of the subjects that are due, on committed rows, and answers how many it looked at.
func (p *Pipeline) screenDue(claim, work context.Context, d Domain) (int, error) {
	due, err := screening.ClaimDue(claim, p.Store, d.Name(), p.Owner, dueAtOnce, dueLease)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	ids := make([]screening.ID, len(due))
	for i := range due {
		ids[i] = due[i].Subject
	}
	var screened []screening.Screened
	var near []screening.Finding
	err = safely(func() error {
		return p.Store.Snapshot(work, func(ctx context.Context, r store.Reader) (err error) {
			if screened, err = d.Screen(ctx, r, ids); err != nil {
				return err
			}
			if err := p.vouch(ctx, r, screened); err != nil {
				return err
			}
			near, err = linked(ctx, r, d, screened)
			return err
		})
	})
	if err != nil {
		return 0, err
	}
	generation := p.Screener.Generation()
	found := make(map[screening.ID][]screening.Finding, len(screened))
	err = safely(func() error {
		for i := range screened {
			found[screened[i].Subject.ID] = generation.Screen(nil, &screened[i])
		}
		for _, f := range near {
			f.Generation = generation.Number()
			found[f.Subject] = append(found[f.Subject], f)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	err = p.Store.Write(work, func(ctx context.Context, tx store.Tx) error {
		return p.writeAgain(ctx, tx, d, generation, due, ids, screened, found)
	})
	p.meters.subjects.WithLabelValues("again").Add(float64(len(screened)))
	return len(due), err
}

// writeAgain writes what was found of subjects that are still as they were when they were screened. One that a report
// changed meanwhile stays due.
func (p *Pipeline) writeAgain(ctx context.Context, tx store.Tx, d Domain, under *screening.Generation, due []screening.Due, ids []screening.ID,
	before []screening.Screened, found map[screening.ID][]screening.Finding) error {
	var now []screening.Screened
	if err := safely(func() (err error) { now, err = d.Screen(ctx, tx, ids); return err }); err != nil {
		return err
	}
	if err := p.vouch(ctx, tx, now); err != nil {
		return err
	}
	was := make(map[screening.ID]*screening.Screened, len(before))
	for i := range before {
		was[before[i].Subject.ID] = &before[i]
	}
	var moved []screening.ID
	var screened []screening.Screened
	var all []screening.Finding
	for i := range now {
		id := now[i].Subject.ID
		if old := was[id]; old == nil || !reflect.DeepEqual(*old, now[i]) {
			moved = append(moved, id)
			continue
		}
		screened, all = append(screened, now[i]), append(all, found[id]...)
	}
	engines := append([]string{links.Engine}, p.vouchers()...)
	if finder, ok := d.(Finder); ok {
		engines = append(engines, finder.Engines()...)
	}
	raised, err := p.follow(ctx, tx, d.Name(), Effects{}, screened, all, engines...)
	if err != nil {
		return err
	}
	if len(raised) > 0 {
		touched, err := p.watched(ctx, tx, d, raised)
		if err != nil {
			return err
		}
		for _, r := range raised {
			touched = append(touched, r.Case.ID, string(r.Case.Subject))
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: "rihla", Role: "system", Action: "subject.screen", Touched: touched}); err != nil {
			return err
		}
	}
	newer, err := screening.Newer(ctx, tx, under)
	if err != nil {
		return err
	}
	if newer { // lists, rules or decisions moved meanwhile, and whoever asked who is concerned missed what is written here
		moved = ids
	}
	// A subject that is gone is due no longer: its findings went with it.
	if err := screening.DoneDue(ctx, tx, d.Name(), due); err != nil {
		return err
	}
	return screening.MarkDue(ctx, tx, d.Name(), moved)
}

// walk marks as due whoever is still ahead when lists or rules are of a generation that nobody vouched for yet: of a
// changed list those it may concern; of rules and thresholds, which can concern anybody, everybody, a page in a
// transaction, and goes on where a crash broke it off. A finished walk vouches for every subject committed before it
// began; those committed later were screened under the newer generation, or marked by write.
func (p *Pipeline) walk(ctx context.Context, d Domain) (walked bool, err error) {
	generation := p.Screener.Generation()
	vouched, err := screening.Vouched(ctx, p.Store.Read(), d.Name())
	if err != nil || vouched >= generation.Number() {
		return false, err
	}
	lease, held, err := p.Store.Acquire(ctx, "walk "+d.Name(), p.Owner, dueLease)
	if err != nil || !held {
		return false, err
	}
	defer func() { _ = p.Store.Release(context.WithoutCancel(ctx), lease) }() // else it runs out
	if gathered, ok := d.(Gathered); ok {
		delta, err := p.Screener.Delta(ctx, vouched, generation)
		if err != nil {
			return false, err
		}
		if delta != nil {
			again := func() (store.Lease, error) {
				var err error
				if lease, held, err = p.Store.Acquire(ctx, "walk "+d.Name(), p.Owner, dueLease); err == nil && !held {
					err = errLease
				}
				return lease, err
			}
			return true, p.walkDelta(ctx, d, gathered, delta, generation.Number(), again)
		}
	}
	for done := false; !done; {
		if lease, held, err = p.Store.Acquire(ctx, "walk "+d.Name(), p.Owner, dueLease); err != nil || !held {
			return false, err
		}
		err = p.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := lease.Holds(ctx, tx); err != nil {
				return err
			}
			done, err = p.step(ctx, tx, d, generation.Number())
			return err
		})
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// step is one page of a walk. It reads in the transaction that marks, so that a store which runs transactions side by
// side notices a report that was written meanwhile under the older generation.
func (p *Pipeline) step(ctx context.Context, tx store.Tx, d Domain, generation int64) (done bool, err error) {
	var at int64
	var after screening.ID
	err = store.Rows(ctx, tx, func(rows *sql.Rows) error { return rows.Scan(&at, &after) },
		`select generation, after from pipeline_walk where domain = $1`, d.Name())
	if err != nil {
		return false, err
	}
	if at != generation {
		after = "" // a newer one begins anew
	}
	var ids []screening.ID
	err = safely(func() (err error) {
		ids, err = d.Ahead(ctx, tx, tx.Now(), after, walkAtOnce)
		return err
	})
	if err != nil {
		return false, err
	}
	if err := screening.MarkDue(ctx, tx, d.Name(), ids); err != nil {
		return false, err
	}
	if len(ids) < walkAtOnce {
		if _, err := tx.ExecContext(ctx, `delete from pipeline_walk where domain = $1`, d.Name()); err != nil {
			return false, err
		}
		return true, screening.Vouch(ctx, tx, d.Name(), generation)
	}
	_, err = tx.ExecContext(ctx, `insert into pipeline_walk (domain, generation, after) values ($1, $2, $3)
		on conflict (domain) do update set generation = excluded.generation, after = excluded.after`,
		d.Name(), generation, string(ids[len(ids)-1]))
	return false, err
}
