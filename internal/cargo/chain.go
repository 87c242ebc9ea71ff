package cargo

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/internal/store"
)

// deepest is how many consolidations may lie in one another: master, forwarder's house, forwarder's house.
const deepest = 3

// chain is where a master lies in others.
type chain struct {
	depth   int      // consolidations around what is in it: 1 when nobody holds the master itself
	loop    bool     // they go round
	parents []string // masters that hold it, next first; of a loop as far as it was walked
}

// edges are the masters that hold a master, by eleven digits.
type edges map[string][]string

func (e edges) add(inner, outer string) {
	if !slices.Contains(e[inner], outer) {
		e[inner] = append(e[inner], outer)
	}
}

// climb reads who holds some masters, and who holds those, as far as a chain may go and one step more.
func climb(ctx context.Context, r store.Reader, masters []string, known edges) (edges, error) {
	all := edges{}
	for inner, outers := range known {
		for _, outer := range outers {
			all.add(inner, outer)
		}
	}
	seen := map[string]bool{}
	next := masters
	for range deepest + 1 {
		var ask []string
		for _, m := range next {
			if !seen[m] {
				seen[m] = true
				ask = append(ask, m)
			}
		}
		if len(ask) == 0 {
			break
		}
		found := map[string]bool{}
		err := store.ForKeys(ctx, r, `select u.master, s.master from cargo_under u join cargo_shipment s on s.id = u.shipment where u.master in (:keys)`, ask, func(rows *sql.Rows) error {
			var inner, outer string
			if err := rows.Scan(&inner, &outer); err != nil {
				return err
			}
			all.add(inner, outer)
			found[outer] = true
			return nil
		})
		if err != nil {
			return nil, err
		}
		for _, m := range ask {
			for _, outer := range all[m] {
				found[outer] = true
			}
		}
		next = slices.Sorted(maps.Keys(found))
	}
	return all, nil
}

// of walks the chain of one master upwards.
func (e edges) of(master string) chain {
	c := chain{depth: 1}
	seen := map[string]bool{master: true}
	for level := []string{master}; len(level) > 0 && c.depth <= deepest+1; {
		var up []string
		for _, m := range level {
			for _, outer := range e[m] {
				if seen[outer] {
					c.loop = true
					continue
				}
				seen[outer] = true
				up = append(up, outer)
			}
		}
		if len(up) == 0 {
			break
		}
		slices.Sort(up)
		c.parents = append(c.parents, up...)
		c.depth++
		level = up
	}
	return c
}

func checks(master string) bool { return cargoimp.Waybill(master).Checks() }
