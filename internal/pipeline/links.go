package pipeline

import (
	"context"
	"fmt"
	"slices"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// tie keeps what the subjects of a report share with others, in the transaction that writes them, and marks as due whom
// that brings near somebody listed or decided, or takes away from them.
func (p *Pipeline) tie(ctx context.Context, tx store.Tx, e Effects, screened []screening.Screened) error {
	if err := links.Rename(ctx, tx, e.Renamed); err != nil {
		return fmt.Errorf("rename ties: %w", err)
	}
	due, err := links.Write(ctx, tx, subjectsOf(screened))
	if err != nil {
		return fmt.Errorf("write ties: %w", err)
	}
	gone := slices.DeleteFunc(slices.Clone(e.Gone), func(id screening.ID) bool { _, renamed := e.Renamed[id]; return renamed })
	left, err := links.Erase(ctx, tx, gone)
	if err != nil {
		return fmt.Errorf("erase ties: %w", err)
	}
	return p.near(ctx, tx, append(due, left...))
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
	people, err := d.Screen(ctx, r, met)
	if err != nil {
		return nil, err
	}
	names := make(map[screening.ID]string, len(people))
	for i := range people {
		if s := &people[i].Subject; len(s.Names) > 0 {
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
