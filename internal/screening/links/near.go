package links

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// mostDue bounds whom one change has looked at again.
const mostDue = 2000

// Sources is told that subjects have become listed or decided, or are so no longer, in the transaction that made them,
// and answers who stands within two steps of them and should be looked at again.
func Sources(ctx context.Context, tx store.Tx, ids []screening.ID) ([]screening.ID, error) {
	nodes, err := personsOf(ctx, tx, ids)
	if err != nil || len(nodes) == 0 {
		return nil, err
	}
	w := newWriting(tx)
	due, err := w.noticed(ctx, nil, nodes)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(due, func(id screening.ID) bool { return slices.Contains(ids, id) }), nil
}

// noticed works out who may now be nearer to, or further from, somebody listed or decided. Of people far from all of
// them, which are nearly all, it asks only how near those are with whom they share what they gained or lost.
func (w *writing) noticed(ctx context.Context, pairs []pair, sources []key) ([]screening.ID, error) {
	edges := w.edges(pairs)
	met := slices.Clone(sources)
	for _, e := range edges {
		met = append(met, e.person, e.value)
	}
	near, err := nearOf(ctx, w.tx, met)
	if err != nil {
		return nil, err
	}
	var spread, due []key // spread: they and all beside them
	for _, s := range sources {
		near[s] = source
		spread = append(spread, s)
	}
	closer := map[key]int{}
	for _, s := range sources {
		closer[s] = source
	}
	each := func(do func(a, b key)) {
		for _, e := range edges {
			do(e.person, e.value)
			do(e.value, e.person)
		}
	}
	each(func(a, b key) {
		if near[a] == source {
			spread = append(spread, b)
			if near[b] > beside {
				near[b], closer[b] = beside, beside
			}
		}
	})
	each(func(a, b key) {
		if near[a] <= beside {
			due = append(due, a, b)
		}
	})
	if len(spread) == 0 && len(due) == 0 {
		return nil, nil
	}
	clear(w.people) // as written
	clear(w.values)
	around, err := w.spread(ctx, spread, sources, closer)
	if err != nil {
		return nil, err
	}
	if err := setNear(ctx, w.tx, closer); err != nil {
		return nil, err
	}
	return w.subjects(ctx, append(due, around...))
}

// edges are the people with whom somebody shares what they gained or lost, where it is more than chance.
func (w *writing) edges(pairs []pair) []pair {
	var edges []pair
	for _, p := range pairs {
		v := w.values[p.value]
		if v == nil || v.common || !kindOf(v.kind).strong() {
			continue
		}
		for _, other := range v.people {
			if other != p.person {
				edges = append(edges, pair{p.person, other})
			}
		}
	}
	return edges
}

// spread walks from whoever is new beside a source one step, from a source itself two.
func (w *writing) spread(ctx context.Context, from, sources []key, closer map[key]int) ([]key, error) {
	reached := map[key]bool{}
	for _, p := range from {
		reached[p] = true
	}
	next, err := w.beside(ctx, from)
	if err != nil {
		return nil, err
	}
	first, err := w.beside(ctx, sources)
	if err != nil {
		return nil, err
	}
	for _, p := range first {
		if _, known := closer[p]; !known {
			closer[p] = beside
		}
	}
	second, err := w.beside(ctx, first)
	if err != nil {
		return nil, err
	}
	flown, err := w.flownWith(ctx, sources)
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Concat(next, second, flown) {
		reached[p] = true
	}
	return slices.Sorted(maps.Keys(reached)), nil
}

// beside are all who share something strong with one of these.
func (w *writing) beside(ctx context.Context, from []key) ([]key, error) {
	if len(from) > mostDue {
		from = from[:mostDue]
	}
	if err := w.persons(ctx, from); err != nil {
		return nil, err
	}
	var values []key
	for _, k := range from {
		if p := w.people[k]; p != nil {
			values = append(values, p.ties()...)
		}
	}
	if err := w.shares(ctx, values); err != nil {
		return nil, err
	}
	var out []key
	for _, k := range values {
		if v := w.values[k]; v != nil && !v.common && kindOf(v.kind).strong() {
			out = append(out, v.people...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// flownWith are those who fly with one of these again and again.
func (w *writing) flownWith(ctx context.Context, from []key) ([]key, error) {
	var out []key
	for _, k := range from {
		p := w.people[k]
		if p == nil || len(p.trips) < leastTogether {
			continue
		}
		found, err := w.coTravellers(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			out = append(out, c.person)
		}
	}
	return out, nil
}

// subjects are the journeys of people that can still be acted upon.
func (w *writing) subjects(ctx context.Context, nodes []key) ([]screening.ID, error) {
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	if len(nodes) > mostDue {
		nodes = nodes[:mostDue]
	}
	if err := w.persons(ctx, nodes); err != nil {
		return nil, err
	}
	since := w.tx.Now().Add(-stillMatters)
	var ids []screening.ID
	for _, n := range nodes {
		if p := w.people[n]; p != nil {
			ids = append(ids, p.ahead(since)...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func nearOf(ctx context.Context, r store.Reader, keys []key) (map[key]int, error) {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	near := make(map[key]int, len(keys))
	for _, k := range keys {
		near[k] = distant
	}
	err := store.ForKeys(ctx, r, `select person, near from links_person where person in (:keys) and near < 2`, keys, func(rows *sql.Rows) error {
		var k key
		var n int
		err := rows.Scan(&k, &n)
		near[k] = n
		return err
	})
	return near, err
}

// setNear never takes anybody further away.
func setNear(ctx context.Context, tx store.Tx, closer map[key]int) error {
	by := map[int][]key{}
	for _, k := range slices.Sorted(maps.Keys(closer)) {
		by[closer[k]] = append(by[closer[k]], k)
	}
	for _, n := range []int{source, beside} {
		if _, err := store.ExecKeys(ctx, tx, `update links_person set near = $1 where near > $1 and person in (:keys)`, by[n], n); err != nil {
			return err
		}
	}
	return nil
}
