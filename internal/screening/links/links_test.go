package links_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// somebody is a traveller of a passport of their own.
func somebody(id, within string, ties ...string) *screening.Subject {
	s := &screening.Subject{ID: screening.ID(id), Domain: "travel", Within: within, Names: []screening.Name{{Surname: "ZURFANI", Given: id}},
		Documents: []screening.Document{{Type: "P", Number: "N" + id + "00000", Issuer: "BHR"}}, Until: time.Now().Add(24 * time.Hour)}
	for i := 0; i+1 < len(ties); i += 2 {
		s.Ties = append(s.Ties, screening.Tie{Kind: ties[i], Value: ties[i+1]})
	}
	return s
}

type house struct {
	*testing.T
	st *store.Store
}

func opened(t *testing.T, st *store.Store) house {
	if err := links.Migrate(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	return house{t, st}
}

func (h house) write(subjects ...*screening.Subject) (due []screening.ID) {
	h.Helper()
	h.tx(func(ctx context.Context, tx store.Tx) (err error) {
		due, err = links.Write(ctx, tx, subjects)
		return err
	})
	return due
}

func (h house) tx(do func(context.Context, store.Tx) error) {
	h.Helper()
	if err := h.st.Write(context.Background(), do); err != nil {
		h.Fatal(err)
	}
}

// find asks of one subject; who is listed is given.
func (h house) find(s *screening.Subject, listed ...screening.ID) []screening.Finding {
	h.Helper()
	found, err := links.Find(context.Background(), h.st.Read(), []*screening.Subject{s}, func(_ context.Context, _ store.Reader, ids []screening.ID) (map[screening.ID][]string, error) {
		out := map[screening.ID][]string{}
		for _, id := range ids {
			if slices.Contains(listed, id) {
				out[id] = []string{"listed"}
			}
		}
		return out, nil
	})
	if err != nil {
		h.Fatal(err)
	}
	return found
}

func three() (innocent, between, wanted *screening.Subject) {
	return somebody("innocent", "f1", "phone", "+973 3911 0042"),
		somebody("between", "f2", "phone", "0097339110042", "email", "a@zurfani.example"),
		somebody("wanted", "f3", "email", "A@ZURFANI.EXAMPLE")
}

func (h house) becomesListed(id screening.ID) (due []screening.ID) {
	h.tx(func(ctx context.Context, tx store.Tx) (err error) {
		due, err = links.Sources(ctx, tx, []screening.ID{id})
		return err
	})
	return due
}

// The innocent who was filed first is looked at again when somebody two steps away becomes listed.
func TestInnocentFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		innocent, between, wanted := three()
		h := opened(t, open())
		h.write(innocent)
		h.write(between)
		h.write(wanted)
		if due := h.becomesListed(wanted.ID); !slices.Contains(due, innocent.ID) || !slices.Contains(due, between.ID) {
			t.Errorf("due are %v", due)
		}
		checkWay(t, h.find(innocent, wanted.ID), "between", "wanted")
		if found := h.find(between, wanted.ID); len(found) != 1 || found[0].Severity != screening.Medium || len(found[0].Explanation.Path) != 1 {
			t.Errorf("one step away: %+v", found)
		}
		if found := h.find(innocent); len(found) != 0 {
			t.Errorf("nobody is listed, and yet %+v", found)
		}
	})
}

// And the innocent who comes last is looked at again at once; no longer when who joined the two is gone.
func TestListedFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		innocent, between, wanted := three()
		h := opened(t, open())
		h.write(wanted)
		h.becomesListed(wanted.ID)
		h.write(between)
		if due := h.write(innocent); !slices.Contains(due, innocent.ID) {
			t.Errorf("due are %v", due)
		}
		checkWay(t, h.find(innocent, wanted.ID), "between", "wanted")
		h.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := links.Erase(ctx, tx, []screening.ID{between.ID})
			return err
		})
		if found := h.find(innocent, wanted.ID); len(found) != 0 {
			t.Errorf("who joined them is gone, and yet %+v", found)
		}
	})
}

func checkWay(t *testing.T, found []screening.Finding, ids ...string) {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("found %+v", found)
	}
	f := found[0]
	var by []string
	for _, step := range f.Explanation.Path {
		by = append(by, string(step.To))
	}
	if diff := cmp.Diff(ids, by); diff != "" {
		t.Error(diff)
	}
	if f.Engine != links.Engine || f.Severity != screening.Low || f.Explanation.Code != links.CodeLinkedListed || f.Explanation.Path[0].Value == "" {
		t.Errorf("got %+v", f)
	}
}

// A value that many share is shown and leads nowhere.
func TestCommonValuesLeadNowhere(t *testing.T) {
	t.Parallel()
	h := opened(t, storetest.SQLite(t))
	var crowd []*screening.Subject
	for i := range 30 {
		crowd = append(crowd, somebody(fmt.Sprintf("c%02d", i), fmt.Sprintf("f%d", i), "phone", "+44 20 7946 0000"))
	}
	h.write(crowd...)
	h.tx(func(ctx context.Context, tx store.Tx) error {
		_, err := links.Sources(ctx, tx, []screening.ID{"c00"})
		return err
	})
	if found := h.find(crowd[1], "c00"); len(found) != 0 {
		t.Errorf("an airline's phone links: %+v", found)
	}
	g, known, err := links.Neighbourhood(t.Context(), h.st.Read(), "c01", 2, 300, nil)
	if err != nil || !known {
		t.Fatal(known, err)
	}
	if len(g.Nodes) != 2 || !g.Nodes[1].Common || g.Nodes[1].ValueKind != "phone" {
		t.Errorf("the neighbourhood is %+v", g.Nodes)
	}
}

// Two who share three flights belong together, though they share nothing else.
func TestFlyingTogether(t *testing.T) {
	t.Parallel()
	h := opened(t, storetest.SQLite(t))
	for i := range 3 {
		flight := fmt.Sprintf("f%d", i)
		a, b, other := somebody(fmt.Sprintf("a%d", i), flight, "seat", "12A"), somebody(fmt.Sprintf("b%d", i), flight, "seat", "12B"), somebody(fmt.Sprintf("o%d", i), flight)
		a.Documents[0].Number, b.Documents[0].Number = "A1234567", "B1234567"
		a.Names[0].Given, b.Names[0].Given = "A", "B"
		h.write(a, b, other)
	}
	g, _, err := links.Neighbourhood(t.Context(), h.st.Read(), "a0", 1, 300, nil)
	if err != nil {
		t.Fatal(err)
	}
	together := 0
	for _, e := range g.Edges {
		if e.Kind == links.CoTravel {
			together++
			if e.Trips != 3 || e.Seats != 3 || e.Weight <= 0 {
				t.Errorf("got %+v", e)
			}
		}
	}
	if together != 1 || len(g.Nodes) != 2 || g.Nodes[0].Trips != 3 {
		t.Errorf("got %+v", g)
	}
}

// A subject that goes by another id keeps its ties.
func TestRename(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		h := opened(t, open())
		a, b := somebody("a", "f", "phone", "+97339110042"), somebody("b", "g", "phone", "+97339110042")
		h.write(a, b)
		h.tx(func(ctx context.Context, tx store.Tx) error {
			return links.Rename(ctx, tx, map[screening.ID]screening.ID{"a": "x"})
		})
		way, known, err := links.Path(t.Context(), h.st.Read(), "x", "b")
		if err != nil || !known || !way.Found || len(way.Steps) != 1 || way.Steps[0].From != "x" || way.Steps[0].To != "b" {
			t.Errorf("%+v %v %v", way, known, err)
		}
		if _, known, _ := links.Path(t.Context(), h.st.Read(), "a", "b"); known {
			t.Error("the old id is still known")
		}
	})
}

// What is walked is what comparing everybody with everybody gives, on any world, in whatever order it came.
func TestWalkIsBruteForce(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	h := opened(t, st)
	world := 0
	rapid.Check(t, func(t *rapid.T) {
		world++
		people := rapid.IntRange(2, 25).Draw(t, "people")
		values := rapid.IntRange(1, 20).Draw(t, "values")
		shares := make(map[string]map[string]bool) // value → people
		var subjects []*screening.Subject
		name := func(i int) string { return fmt.Sprintf("w%dp%02d", world, i) }
		for i := range people {
			var ties []string
			for range rapid.IntRange(0, 3).Draw(t, "ties") {
				v := fmt.Sprintf("w%d%03d@zurfani.example", world, rapid.IntRange(0, values-1).Draw(t, "value"))
				ties = append(ties, "email", v)
				if shares[v] == nil {
					shares[v] = make(map[string]bool)
				}
				shares[v][name(i)] = true
			}
			subjects = append(subjects, somebody(name(i), name(i), ties...))
		}
		for len(subjects) > 0 {
			i := rapid.IntRange(0, len(subjects)-1).Draw(t, "next")
			h.write(subjects[i])
			subjects = slices.Delete(subjects, i, i+1)
		}
		beside := func(of map[string]bool) map[string]bool {
			out := maps.Clone(of)
			for _, who := range shares {
				if len(who) > 16 {
					continue // common
				}
				for p := range who {
					if of[p] {
						maps.Copy(out, who)
						break
					}
				}
			}
			return out
		}
		for i := range people {
			want := beside(beside(map[string]bool{name(i): true}))
			g, known, err := links.Neighbourhood(context.Background(), st.Read(), screening.ID(name(i)), 2, 300, nil)
			if err != nil || !known {
				t.Fatal(known, err)
			}
			got := map[string]bool{}
			for _, n := range g.Nodes {
				if n.Kind == "person" {
					got[n.ID] = true
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("of %s: %s", name(i), diff)
			}
		}
	})
}
