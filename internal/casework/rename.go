package casework

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Rename lets cases follow subjects that go by another id now. Where two cases that are not closed meet, the one with
// the lower number goes on with the claim and the decisions of both, and the other is closed as merged.
func Rename(ctx context.Context, tx store.Tx, _ string, renamed map[screening.ID]screening.ID) ([]Raised, error) {
	if len(renamed) == 0 {
		return nil, nil
	}
	affected := make(map[screening.ID]bool, 2*len(renamed))
	for old, now := range renamed {
		affected[old], affected[now] = true, true
	}
	before, err := casesOf(ctx, tx, slices.Sorted(maps.Keys(affected)))
	if err != nil || len(before) == 0 {
		return nil, err
	}
	w := writing{tx: tx, now: moment(tx)}
	live := map[screening.ID][]Case{}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		for _, c := range before[id] {
			now, moved := renamed[id]
			if moved {
				c.Subject = now
			}
			switch {
			case c.State != Closed:
				live[c.Subject] = append(live[c.Subject], c)
			case moved:
				w.silent = append(w.silent, c)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(live)) {
		cases := live[id]
		slices.SortFunc(cases, func(a, b Case) int { return int(a.Number - b.Number) })
		if len(cases) == 1 {
			w.silent = append(w.silent, cases[0])
			continue
		}
		if err := w.merge(ctx, cases[0], cases[1:]); err != nil {
			return nil, err
		}
	}
	return w.end(ctx)
}

func (w *writing) merge(ctx context.Context, kept Case, others []Case) error {
	order := map[State]int{Open: 0, Claimed: 1, Pending: 2}
	for _, c := range others {
		kept.Findings += c.Findings
		if c.Severity > kept.Severity {
			kept.Severity, kept.Kind = c.Severity, c.Kind
		}
		if kept.State == Pending && c.State == Pending {
			// One decision can wait for a second person; the older case's does.
			if _, err := w.tx.ExecContext(ctx, `update casework_decision set state = $1, second_at = $2, answer = $3
				where case_id = $4 and state = $5`, refused, store.Micros(w.now), Merged, c.ID, pending); err != nil {
				return err
			}
		}
		if order[c.State] > order[kept.State] {
			kept.State, kept.ClaimedBy, kept.ClaimedAt = c.State, c.ClaimedBy, c.ClaimedAt
		}
		if _, err := w.tx.ExecContext(ctx, `update casework_decision set case_id = $1 where case_id = $2`, kept.ID, c.ID); err != nil {
			return err
		}
		w.happen(kept, Merged, "C-"+strconv.FormatInt(c.Number, 10))
		w.happen(c, Merged, "C-"+strconv.FormatInt(kept.Number, 10))
		c.State, c.Outcome, c.Closed = Closed, Merged, w.now
		c.Version++
		w.raised = append(w.raised, Raised{c, Merged})
	}
	kept.Version++
	w.raised = append(w.raised, Raised{kept, "changed"})
	return nil
}
