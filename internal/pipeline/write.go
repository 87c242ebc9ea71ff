package pipeline

import (
	"context"
	"fmt"
	"slices"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// write commits reports with all they cause: their changes, findings, cases, events and audit entries. It all happened,
// or none of it did. It may run several times.
func (p *Pipeline) write(ctx context.Context, tx store.Tx, batch []*writing) error {
	p.Journal.Turns.Hold()
	defer p.Journal.Turns.Give()
	ids := make([]string, len(batch))
	for i, w := range batch {
		ids[i] = w.ID
	}
	known, err := p.Reports.Known(ctx, tx, ids)
	if err != nil {
		return err
	}
	current, err := screening.Current(ctx, tx)
	if err != nil {
		return err
	}
	var sealed []*intake.Sealed
	var entries []audit.Entry
	for _, w := range batch {
		if known[w.ID] {
			continue // taken up twice, after a crash or by two nodes: the store has it
		}
		known[w.ID] = true
		touched, err := p.writeOne(ctx, tx, w, current)
		if err != nil {
			return err
		}
		sealed = append(sealed, w.sealed)
		entries = append(entries, audit.Entry{Actor: w.Filer.Name, Role: "filer", Action: "report.file", Report: w.ID, Touched: touched, Detail: string(w.made.State)})
	}
	if err := p.Reports.Save(ctx, tx, sealed...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, entries...)
}

func (p *Pipeline) writeOne(ctx context.Context, tx store.Tx, w *writing, current int64) (touched []string, err error) {
	counts := map[string]int{"messages": w.made.Messages, string(w.made.State): 1}
	told := []Event{{Name: "report", ID: w.ID, Counts: counts}}
	refused := append(slices.Clone(w.answer), w.refusals()...)
	if w.change == nil {
		return nil, Apply(ctx, tx, w.made.Domain, Effects{Events: told, Answers: refused})
	}
	var effects Effects
	err = safely(func() (err error) {
		effects, err = w.change.Write(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	domain := w.made.Domain
	if err := p.tie(ctx, tx, domain, effects, w.screened); err != nil {
		return nil, err
	}
	raised, err := p.follow(ctx, tx, domain, effects, w.screened, w.found, p.vouchers()...)
	if err != nil {
		return nil, err
	}
	if w.generation != current { // lists or rules moved since it was screened, and whoever looked again missed it
		effects.Due = slices.Clone(effects.Due)
		for i := range w.screened {
			effects.Due = append(effects.Due, w.screened[i].Subject.ID)
		}
	}
	touched = slices.Clone(effects.Touched)
	for _, r := range raised {
		touched = append(touched, r.Case.ID)
	}
	effects.Events = append(told, fold(effects.Events)...)
	effects.Answers = append(refused, effects.Answers...)
	if err := Apply(ctx, tx, domain, effects); err != nil {
		return nil, err
	}
	caused, err := p.watched(ctx, tx, w.domain, raised)
	return append(touched, caused...), err
}

// refusals are what the filer is told of what could not be read.
func (r *reading) refusals() (answers []intake.Answer) {
	if refuser, ok := r.domain.(Refuser); ok && len(r.fallen) > 0 && r.answer == nil { // who waited was told
		err := safely(func() error { answers = refuser.Refused(r.Report, r.fallen); return nil })
		if err != nil { // the report's state tells the filer all the same
			return nil
		}
	}
	return answers
}

// Apply does what a domain's own act causes, in the act's transaction: its answers, clocks, events, and who is to be looked
// at again. It is not for subjects that are gone or renamed, which only a report brings about.
func Apply(ctx context.Context, tx store.Tx, domain string, e Effects) error {
	if err := screening.MarkDue(ctx, tx, domain, e.Due); err != nil {
		return err
	}
	for i := range e.Answers {
		e.Answers[i].Domain = domain
	}
	if err := intake.Reply(ctx, tx, e.Answers...); err != nil {
		return err
	}
	near, err := nearJobs(tx.Now(), e.Near)
	if err != nil {
		return err
	}
	if clocks := slices.Concat(e.Jobs, near); len(clocks) > 0 {
		if err := jobs.Schedule(ctx, tx, clocks...); err != nil {
			return err
		}
	}
	return Announce(ctx, tx, domain, e.Events...)
}

// watched tells a domain that follows its cases what became of them, and live pages too. It answers what was touched by it.
func (p *Pipeline) watched(ctx context.Context, tx store.Tx, d Domain, raised []casework.Raised) (touched []string, err error) {
	if len(raised) == 0 {
		return nil, nil
	}
	told := make([]Event, len(raised))
	for i, r := range raised {
		told[i] = Event{Name: "case", ID: r.Case.ID, Counts: map[string]int{r.What: 1}}
	}
	var e Effects
	if w, ok := d.(Watcher); ok {
		if err := safely(func() (err error) { e, err = w.Raised(ctx, tx, raised); return err }); err != nil {
			return nil, fmt.Errorf("tell %s of its cases: %w", d.Name(), err)
		}
	}
	e.Events = append(told, e.Events...)
	return e.Touched, Apply(ctx, tx, d.Name(), e)
}

// Decided does what a decision that stands causes in its domain, in the decision's transaction.
func (p *Pipeline) Decided(ctx context.Context, tx store.Tx, c casework.Case, made casework.Decision) error {
	for _, d := range p.Domains {
		if decider, ok := d.(Decider); ok && d.Name() == c.Domain {
			e, err := decider.Decided(ctx, tx, c, made)
			if err != nil {
				return err
			}
			return p.caused(ctx, tx, d.Name(), "case.effect", e)
		}
	}
	return nil
}

// woken has a domain do what its clock was set for.
func (p *Pipeline) woken(d Domain, c Clocked) func(context.Context, store.Tx, jobs.Job) error {
	return func(ctx context.Context, tx store.Tx, j jobs.Job) error {
		var e Effects
		if err := safely(func() (err error) { e, err = c.Woken(ctx, tx, j); return err }); err != nil {
			return err
		}
		return p.caused(ctx, tx, d.Name(), j.Kind, e)
	}
}

// caused applies what happened without a report, and has what it touched in the audit log.
func (p *Pipeline) caused(ctx context.Context, tx store.Tx, domain, action string, e Effects) error {
	if len(e.Touched) > 0 {
		if err := audit.Record(ctx, tx, audit.Entry{Actor: "rihla", Role: "system", Action: action, Touched: e.Touched}); err != nil {
			return err
		}
	}
	return Apply(ctx, tx, domain, e)
}

// follow has findings and cases follow what happened to their subjects, and what was found of them now; besides are engines
// that were asked besides those that every screening asks.
func (p *Pipeline) follow(ctx context.Context, tx store.Tx, domain string, e Effects, screened []screening.Screened, found []screening.Finding, besides ...string) ([]casework.Raised, error) {
	var raised []casework.Raised
	if len(e.Renamed) > 0 {
		if err := screening.Rename(ctx, tx, e.Renamed); err != nil {
			return nil, fmt.Errorf("rename findings: %w", err)
		}
		r, err := casework.Rename(ctx, tx, domain, e.Renamed)
		if err != nil {
			return nil, fmt.Errorf("rename cases: %w", err)
		}
		raised = append(raised, r...)
	}
	if len(screened) > 0 {
		upserted, err := screening.Upsert(ctx, tx, domain, subjectsOf(screened), found, besides...)
		if err != nil {
			return nil, fmt.Errorf("write findings: %w", err)
		}
		if err := p.stood(ctx, tx, upserted); err != nil {
			return nil, fmt.Errorf("mark who is linked: %w", err)
		}
		r, err := casework.Raise(ctx, tx, domain, screened, found, upserted)
		if err != nil {
			return nil, fmt.Errorf("write cases: %w", err)
		}
		raised = append(raised, r...)
	}
	gone := slices.DeleteFunc(slices.Clone(e.Gone), func(id screening.ID) bool { _, renamed := e.Renamed[id]; return renamed })
	if len(gone) > 0 {
		if _, err := screening.Withdraw(ctx, tx, gone); err != nil {
			return nil, fmt.Errorf("withdraw findings: %w", err)
		}
		r, err := casework.Gone(ctx, tx, domain, gone)
		if err != nil {
			return nil, fmt.Errorf("withdraw cases: %w", err)
		}
		raised = append(raised, r...)
	}
	return raised, nil
}

// crowd is how many events of one kind a report causes before they are told as one: a page that hears that a flight
// changed looks at all of it anyway.
const crowd = 16

func fold(events []Event) []Event {
	of := map[string]int{}
	for _, e := range events {
		of[e.Name]++
	}
	var kept []Event
	for _, e := range events {
		switch n := of[e.Name]; {
		case n < 0: // told already
		case n > crowd:
			kept = append(kept, Event{Name: e.Name, Counts: map[string]int{"changed": n}})
			of[e.Name] = -1
		default:
			kept = append(kept, e)
		}
	}
	return kept
}
