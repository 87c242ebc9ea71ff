package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// tie notes whose ties a report changed, and lets the ties follow who is renamed or gone. keepTies keeps them.
func (p *Pipeline) tie(ctx context.Context, tx store.Tx, domain string, e Effects, screened []screening.Screened) error {
	if err := links.Rename(ctx, tx, e.Renamed); err != nil {
		return fmt.Errorf("rename ties: %w", err)
	}
	if err := links.Note(ctx, tx, domain, p.itemsOf(domain, screened)); err != nil {
		return fmt.Errorf("note ties: %w", err)
	}
	gone := slices.DeleteFunc(slices.Clone(e.Gone), func(id screening.ID) bool { _, renamed := e.Renamed[id]; return renamed })
	left, err := links.Erase(ctx, tx, gone)
	if err != nil {
		return fmt.Errorf("erase ties: %w", err)
	}
	return p.near(ctx, tx, left)
}

// itemsOf are what a report changed: of a domain that holds its subjects together their holders, else the subjects.
func (p *Pipeline) itemsOf(domain string, screened []screening.Screened) []string {
	gathered := slices.ContainsFunc(p.Domains, func(d Domain) bool { _, ok := d.(Gathered); return ok && d.Name() == domain })
	items := make([]string, len(screened))
	for i := range screened {
		if items[i] = string(screened[i].Subject.ID); gathered {
			items[i] = screened[i].Subject.Within
		}
	}
	return items
}

const (
	tiedAtOnce   = 150 // subjects in one transaction; of a domain that holds them together, holders until they are as many
	heldTogether = 2   // holders read in one go
	restBusy     = 25  // times as long as it worked it rests while reports come in
)

// keepTies keeps what subjects share with others, on committed rows, and marks as due whom that brings near somebody
// listed or decided, or takes away from them. Reports go first.
func (p *Pipeline) keepTies(claim, work context.Context, d Domain) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var before int64
	for claim.Err() == nil {
		began := time.Now()
		n, err := p.keepSome(work, d)
		if err != nil && claim.Err() == nil {
			p.meters.failures.WithLabelValues("keep ties").Inc()
			p.Logger.Error("what subjects share could not be kept; they stay noted", "domain", d.Name(), "error", err)
		}
		rest := tick.C
		if err == nil && n > 0 {
			pause := time.Since(began)
			if taken := p.taken.Load(); taken != before {
				before, pause = taken, restBusy*pause
			}
			rest = time.After(pause)
		}
		select {
		case <-claim.Done():
		case <-rest:
		}
	}
}

// keepSome keeps the ties of a few items, and answers how many.
func (p *Pipeline) keepSome(ctx context.Context, d Domain) (n int, err error) {
	now, err := p.Store.Now(ctx)
	if err != nil {
		return 0, err
	}
	g, gathered := d.(Gathered)
	noted, err := links.Noted(ctx, p.Store.Read(), d.Name(), now, tiedAtOnce)
	if err != nil || len(noted) == 0 {
		return 0, err
	}
	items := slices.Sorted(maps.Keys(noted))
	var ids []screening.ID
	if gathered {
		taken := 0
		for some := range slices.Chunk(items, heldTogether) {
			if taken += len(some); len(ids) >= tiedAtOnce {
				taken -= len(some)
				break
			}
			var held []screening.Held
			if err := safely(func() (err error) { held, err = g.Held(ctx, p.Store.Read(), some); return err }); err != nil {
				return 0, err
			}
			for _, h := range held {
				for _, s := range h.Subjects {
					ids = append(ids, s.ID)
				}
			}
		}
		for _, item := range items[taken:] { // they stay noted
			delete(noted, item)
		}
	} else {
		for _, item := range items {
			ids = append(ids, screening.ID(item))
		}
	}
	for some := range slices.Chunk(ids, tiedAtOnce) {
		if err := p.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return p.keepOf(ctx, tx, d, some) }); err != nil {
			return 0, err
		}
	}
	return len(noted), p.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error { return links.Kept(ctx, tx, d.Name(), noted) })
}

func (p *Pipeline) keepOf(ctx context.Context, tx store.Tx, d Domain, ids []screening.ID) error {
	var subjects []screening.Subject
	if err := safely(func() (err error) { subjects, err = subjectsBy(ctx, tx, d, ids); return err }); err != nil {
		return err
	}
	tied := make([]*screening.Subject, len(subjects))
	for i := range subjects {
		tied[i] = &subjects[i]
	}
	due, err := links.Write(ctx, tx, tied)
	if err != nil {
		return err
	}
	// Who was listed or decided before the ties were kept is so to those who share them.
	stands, err := Standing(ctx, tx, ids)
	if err != nil {
		return err
	}
	more, err := links.Sources(ctx, tx, slices.Sorted(maps.Keys(stands)))
	if err != nil {
		return err
	}
	return p.near(ctx, tx, append(due, more...))
}

// near marks as due whoever stands near somebody, in whatever domain they are known: ties know no domain.
func (p *Pipeline) near(ctx context.Context, tx store.Tx, ids []screening.ID) error {
	for _, d := range p.Domains {
		if err := screening.MarkDue(ctx, tx, d.Name(), ids); err != nil {
			return err
		}
	}
	return nil
}

// stood marks as due who stands near those who became listed, or are so no longer.
func (p *Pipeline) stood(ctx context.Context, tx store.Tx, u screening.Upserted) error {
	var ids []screening.ID
	for _, f := range slices.Concat(u.New, u.Worse, u.Gone) {
		if listed(f) {
			ids = append(ids, f.Subject)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	due, err := links.Sources(ctx, tx, ids)
	if err != nil {
		return err
	}
	return p.near(ctx, tx, due)
}

// listed says that a finding makes its subject somebody to be linked to.
func listed(f screening.Finding) bool {
	return (f.Engine == screening.EngineDocument || f.Engine == screening.EngineName) && f.Severity >= screening.High
}

// Standing tells who is listed and of whom it was decided that it was so.
func Standing(ctx context.Context, r store.Reader, ids []screening.ID) (map[screening.ID][]string, error) {
	found, err := screening.OfSubjects(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	upheld, err := casework.UpheldOf(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[screening.ID][]string)
	for id, fs := range found {
		if slices.ContainsFunc(fs, listed) {
			out[id] = append(out[id], "listed")
		}
	}
	for _, id := range upheld {
		out[id] = append(out[id], "decided")
	}
	return out, nil
}

// linked finds who of some subjects stands near somebody listed or decided, and names whom.
func linked(ctx context.Context, r store.Reader, d Domain, screened []screening.Screened) ([]screening.Finding, error) {
	found, err := links.Find(ctx, r, subjectsOf(screened), Standing)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var met []screening.ID
	for _, f := range found {
		for _, step := range f.Explanation.Path {
			met = append(met, step.To)
		}
	}
	people, err := subjectsBy(ctx, r, d, met)
	if err != nil {
		return nil, err
	}
	names := make(map[screening.ID]string, len(people))
	for i := range people {
		if s := &people[i]; len(s.Names) > 0 {
			names[s.ID] = s.Names[0].String()
		}
	}
	for i := range found {
		x := &found[i].Explanation
		for j := range x.Path {
			x.Path[j].Name = names[x.Path[j].To]
		}
		x.Listed = x.Path[len(x.Path)-1].Name
	}
	return found, nil
}

func subjectsOf(screened []screening.Screened) []*screening.Subject {
	subjects := make([]*screening.Subject, len(screened))
	for i := range screened {
		subjects[i] = &screened[i].Subject
	}
	return subjects
}
