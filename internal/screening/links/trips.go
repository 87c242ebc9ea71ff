package links

import (
	"context"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// mostTrips bounds whom [Trips] answers.
const mostTrips = 500

// Trips gives the subjects that are the same person as one, in whatever domain: those of the same identity, and those of
// whoever shows the same document. A subject without ties has none. A person who is never tied to anybody is not found by
// a name: that is for a human to say.
func Trips(ctx context.Context, r store.Reader, id screening.ID) ([]screening.ID, error) {
	start, err := nodeOf(ctx, r, id)
	if err != nil || start == 0 {
		return nil, err
	}
	k := look(r)
	if err := k.persons(ctx, []key{start}); err != nil || k.people[start] == nil {
		return nil, err
	}
	if err := k.shares(ctx, k.people[start].values()); err != nil {
		return nil, err
	}
	same := []key{start}
	for _, v := range k.people[start].values() {
		if s := k.values[v]; s != nil && s.kind == Document && !s.common {
			same = append(same, s.people...)
		}
	}
	if err := k.persons(ctx, same); err != nil {
		return nil, err
	}
	seen := map[screening.ID]bool{id: true}
	var out []screening.ID
	for _, at := range same {
		p := k.people[at]
		if p == nil {
			continue
		}
		for i := range p.trips {
			if s := p.trips[i].subject; !seen[s] && len(out) < mostTrips {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// Ahead gives the subjects still ahead of whoever has one of some ties, in whatever domain, as far as ties are kept by now.
func Ahead(ctx context.Context, r store.Reader, ties []screening.Tie, now time.Time) ([]screening.ID, error) {
	var values []key
	for _, t := range ties {
		if v, says := valueOf(t); says {
			values = append(values, v.key)
		}
	}
	k := look(r)
	if err := k.shares(ctx, values); err != nil {
		return nil, err
	}
	var people []key
	for _, v := range values {
		if s := k.values[v]; s != nil {
			people = append(people, s.people...)
		}
	}
	if err := k.persons(ctx, people); err != nil {
		return nil, err
	}
	var out []screening.ID
	for _, p := range k.people {
		if p != nil {
			out = append(out, p.ahead(now)...)
		}
	}
	return out, nil
}
