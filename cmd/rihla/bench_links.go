package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// What bench links does.
const (
	linksTrips     = 10_000_000
	linksAsked     = 2000 // random people
	linksBusiest   = 200  // those with the most journeys
	linksCompared  = 40   // of both, with brute force
	linksNodes     = 300
	linksUnlimited = 1 << 20
)

func benchLinksCommand() *cobra.Command {
	var trips int
	c := benchCommandOf("links", "Two steps from anyone, in ten million journeys",
		"Brings ten million journeys into an embedded store in a temporary folder, with phones, cards, addresses, bookings, agencies and hotels shared as unevenly as in life, and asks for everybody within two steps of people taken at random and of those who travelled most, drawn to 300 nodes, as the page of links does. For some of them the answer is compared with what reading the whole history gives.",
		func(c *cobra.Command) (figures, error) { return benchLinks(c.Context(), trips) })
	c.Flags().IntVar(&trips, "trips", linksTrips, "how many journeys")
	return c
}

// asked is somebody whose links are asked for.
type asked struct {
	latest screening.ID
	trips  int
	values []tied
}

// tied is a value without its text, for comparing.
type tied struct {
	hash uint64
	kind string
}

var tieSeed = maphash.MakeSeed()

// known is what a person ties to, each value once.
func known(person []*screening.Subject) asked {
	a := asked{trips: len(person)}
	var last time.Time
	add := func(kind, value string) {
		a.values = append(a.values, tied{maphash.String(tieSeed, kind+"\x1f"+value), kind})
	}
	for _, s := range person {
		if a.latest == "" || s.Until.After(last) || s.Until.Equal(last) && s.ID < a.latest {
			a.latest, last = s.ID, s.Until
		}
		for _, t := range s.Ties {
			if t.Kind != links.Seat {
				add(t.Kind, t.Value)
			}
		}
		for _, d := range s.Documents {
			add(links.Document, d.Number)
		}
	}
	slices.SortFunc(a.values, func(x, y tied) int { return cmp.Compare(x.hash, y.hash) })
	a.values = slices.Compact(a.values)
	return a
}

func benchLinks(ctx context.Context, trips int) (f figures, err error) {
	if trips < linksAsked {
		return f, fmt.Errorf("measure at least %d journeys", linksAsked)
	}
	dir, err := os.MkdirTemp("", "rihla-")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	st, err := store.Open(ctx, filepath.Join(dir, "rihla.db"), store.Options{})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := links.Migrate(ctx, st); err != nil {
		return f, err
	}
	w := newLinksWorld(trips, runtime.GOMAXPROCS(0))
	began := time.Now()
	random, busiest, people, err := fillLinks(ctx, st, dir, w)
	if err != nil {
		return f, err
	}
	built := time.Since(began)
	runtime.GC()

	ask := func(who []asked) (took []time.Duration, nodes int, err error) {
		for _, a := range who {
			began := time.Now()
			g, is, err := links.Neighbourhood(ctx, st.Read(), a.latest, 2, linksNodes, nil)
			if err != nil || !is {
				return nil, 0, errors.Join(err, fmt.Errorf("%s has no links", a.latest))
			}
			took = append(took, time.Since(began))
			nodes += len(g.Nodes)
		}
		return took, nodes, nil
	}
	took, nodes, err := ask(random)
	if err != nil {
		return f, err
	}
	var all time.Duration
	for _, t := range took {
		all += t
	}
	f = figures{Bench: "links", Unit: "questions/s", Rate: float64(len(took)) / all.Seconds(), Binds: "the cores: rows are read by key, a row a person and a value"}
	f.percentiles(took)
	most, mostNodes, err := ask(busiest)
	if err != nil {
		return f, err
	}
	var b figures
	b.percentiles(most)
	f.AtBusiest = b.P99

	began = time.Now()
	compared, met, err := compareLinks(ctx, st, w, append(random[:linksCompared/2:linksCompared/2], busiest[:linksCompared/2]...))
	if err != nil {
		return f, err
	}
	size, err := folderSize(dir)
	if err != nil {
		return f, err
	}
	f.notes = []string{
		fmt.Sprintf("two steps from the busiest: %.2f ms (median), %.2f ms (99 %%)", b.P50, b.P99),
		fmt.Sprintf("%d nodes drawn on average, %d of the busiest", nodes/len(took), mostNodes/len(most)),
		fmt.Sprintf("%d journeys of %d people brought over in %.0f s, %.1f GB on disk", trips, people, built.Seconds(), float64(size)/1e9),
		fmt.Sprintf("of %d people, with %d in their reach, brute force answers the same (%.0f s)", compared, met, time.Since(began).Seconds()),
	}
	return f, nil
}

// fillLinks brings the world over and picks whom to ask about.
func fillLinks(ctx context.Context, st *store.Store, dir string, w *linksWorld) (random, busiest []asked, people int, err error) {
	var mu sync.Mutex
	parts := make([]iter.Seq[[]*screening.Subject], w.parts)
	for n := range parts {
		parts[n] = func(yield func([]*screening.Subject) bool) {
			every := max(w.trips/linksAsked/4, 1)
			seen := 0
			for person := range w.part(n) {
				seen++
				if picked := seen%every == 0; picked || len(person) > 20 {
					a := known(person)
					mu.Lock()
					if picked && len(random) < linksAsked {
						random = append(random, a)
					}
					if busiest = append(busiest, a); len(busiest) > 4*linksBusiest {
						busiest = mostTravelled(busiest)
					}
					mu.Unlock()
				}
				if !yield(person) {
					break
				}
			}
			mu.Lock()
			people += seen
			mu.Unlock()
		}
	}
	if err := links.Load(ctx, st, dir, parts...); err != nil {
		return nil, nil, 0, err
	}
	return random, mostTravelled(busiest), people, nil
}

func mostTravelled(who []asked) []asked {
	slices.SortFunc(who, func(a, b asked) int { return cmp.Or(cmp.Compare(b.trips, a.trips), cmp.Compare(a.latest, b.latest)) })
	return who[:min(len(who), linksBusiest)]
}

// compareLinks holds the store's answers to what reading everybody twice gives.
func compareLinks(ctx context.Context, st *store.Store, w *linksWorld, who []asked) (compared, met int, err error) {
	near, err := holders(ctx, w, who)
	if err != nil {
		return 0, 0, err
	}
	var around []asked
	for _, h := range near {
		around = append(around, h.people()...)
	}
	far, err := holders(ctx, w, around)
	if err != nil {
		return 0, 0, err
	}
	kinds := []string{links.Phone, links.Email, links.Card, links.Address, links.Document, links.Booking, links.Agency, links.FrequentFlyer}
	for _, root := range who {
		want := map[string]bool{string(root.latest): true}
		for _, v := range root.values {
			for _, beside := range near[v].people() {
				want[string(beside.latest)] = true
				for _, v := range beside.values {
					for _, next := range far[v].people() {
						want[string(next.latest)] = true
					}
				}
			}
		}
		g, _, err := links.Neighbourhood(ctx, st.Read(), root.latest, 2, linksUnlimited, kinds)
		if err != nil {
			return 0, 0, err
		}
		got := 0
		for _, n := range g.Nodes {
			if n.Kind == "person" {
				if !want[n.ID] {
					return 0, 0, fmt.Errorf("%s is said to be within two steps of %s, and is not", n.ID, root.latest)
				}
				got++
			}
		}
		if got < len(want) && !g.Truncated {
			return 0, 0, fmt.Errorf("%d people are within two steps of %s, and %d were found", len(want), root.latest, got)
		}
		compared, met = compared+1, met+got
	}
	return compared, met, nil
}

// holding are who ties to a value, as long as it is not common.
type holding struct {
	who    []asked
	common bool
}

func (h *holding) people() []asked {
	if h == nil || h.common {
		return nil
	}
	return h.who
}

// holders reads the whole world for who ties to what some people tie to.
func holders(ctx context.Context, w *linksWorld, of []asked) (map[tied]*holding, error) {
	found := map[tied]*holding{}
	for _, a := range of {
		for _, v := range a.values {
			found[v] = &holding{}
		}
	}
	var mu sync.Mutex
	var parts sync.WaitGroup
	for n := range w.parts {
		parts.Go(func() {
			for person := range w.part(n) {
				if ctx.Err() != nil {
					return
				}
				a := known(person)
				for _, v := range a.values {
					h := found[v]
					if h == nil {
						continue
					}
					mu.Lock()
					if !h.common {
						h.who = append(h.who, a)
						if h.common = links.Common(v.kind, len(h.who)); h.common {
							h.who = nil
						}
					}
					mu.Unlock()
				}
			}
		})
	}
	parts.Wait()
	return found, ctx.Err()
}

func folderSize(dir string) (size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
