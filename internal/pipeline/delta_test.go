package pipeline_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

var (
	parishGiven  = strings.Fields("Aurelio Benedita Casimir Dorothea Evander Filomena")
	parishFamily = strings.Fields("Quintanilla Quintanila Vetrogonova Zorvani Zarvani Oyelowo Brannigan")
)

func somebody(r *rand.Rand) string {
	return parishGiven[r.IntN(len(parishGiven))] + " " + parishFamily[r.IntN(len(parishFamily))]
}

// Of a changed list only those it may concern are screened again, and what then stands is what screening everybody gives:
// over several generations, with people coming meanwhile, on two nodes.
func TestDeltaGivesWhatScreeningEverybodyGives(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		r := rand.New(rand.NewPCG(5, 8))
		one, _ := start(t, open(), t.TempDir(), "one")
		fillers := "id,name\n" // a list large enough that changes are laid over it
		for i := range 5200 {
			fillers += fmt.Sprintf("F%d,Filler%c%c%c Number%c%c\n", i, 'a'+rune(i%26), 'a'+rune(i/26%26), 'a'+rune(i/676%26), 'a'+rune(i%7), 'a'+rune(i%11))
		}
		load := func(name, csv string) {
			if _, err := screening.LoadList(t.Context(), one.store, screening.Upload{Name: name, By: "sup", Role: "supervisor", Force: true, Reason: "a test",
				Files: []lists.File{{Name: name + ".csv", Data: []byte(csv)}}}); err != nil {
				t.Fatal(err)
			}
		}
		load("fillers", fillers)
		listed := map[int]string{}
		for step := range 12 {
			report := "PARISH\n"
			for range 1 + r.IntN(6) {
				report += fmt.Sprintf("P st-%d %s\n", r.IntN(5), somebody(r))
			}
			id := one.file(t, report+fmt.Sprintf("P st-%d Step %d\n", step%5, step))
			if r.IntN(2) == 0 {
				one.settled(t, id)
			}
			for range 1 + r.IntN(3) {
				if entry := r.IntN(8); listed[entry] != "" && r.IntN(2) == 0 {
					delete(listed, entry)
				} else {
					listed[entry] = somebody(r)
				}
			}
			csv := "id,name,born\nkeep,Nobody Whatsoever,1950-01-01\n"
			for i := range 8 {
				if listed[i] != "" {
					csv += fmt.Sprintf("e%d,%s,%s\n", i, listed[i], []string{"1971-03-14", "1971-04-14", "1980"}[(i+step)%3])
				}
			}
			load("wanted", csv)
			one.settled(t, id)
		}
		one.quiet(t)
		want := one.whole(t)
		if got := one.standing(t); !cmp.Equal(got, want) {
			t.Errorf("what stands is not what screening everybody gives (- screened whole, + standing):\n%s", cmp.Diff(want, got))
		}
		if len(want) == 0 {
			t.Error("nobody is found: the test tests nothing")
		}
	})
}

// quiet waits until everybody was vouched for under the current generation, and nobody is due.
func (n *node) quiet(t *testing.T) {
	t.Helper()
	until(t, "everybody is vouched for", func() bool {
		current, err := screening.Current(t.Context(), n.store.Read())
		if err != nil {
			t.Fatal(err)
		}
		vouched, err := screening.Vouched(t.Context(), n.store.Read(), "parish")
		if err != nil {
			t.Fatal(err)
		}
		return vouched == current && n.count(t, `select count(*) from screening_due`) == 0
	})
}

func (n *node) standing(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, id := range n.everybody(t) {
		live, err := screening.OfSubjects(t.Context(), n.store.Read(), []screening.ID{id})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range live[id] {
			all = append(all, fmt.Sprint(id, " ", f.Engine, " ", f.Matched, " ", f.EntryHash))
		}
	}
	return sorted(all)
}

func (n *node) whole(t *testing.T) []string {
	t.Helper()
	var all []string
	screened, err := n.Screen(t.Context(), n.store.Read(), n.everybody(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range screened {
		for _, f := range n.screener.Generation().Screen(nil, &screened[i]) {
			all = append(all, fmt.Sprint(f.Subject, " ", f.Engine, " ", f.Matched, " ", f.EntryHash))
		}
	}
	return sorted(all)
}

func (n *node) everybody(t *testing.T) []screening.ID {
	t.Helper()
	all, err := n.Ahead(t.Context(), n.store.Read(), time.Now(), "", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(id screening.ID) bool { return strings.HasSuffix(string(id), "/") })
}

// whole hides what a domain gathers: of such a one everybody is screened again.
type ungathered struct{ pipeline.Domain }

// A domain that cannot tell who has changed has everybody screened again.
func TestListOfADomainThatGathersNothing(t *testing.T) {
	t.Parallel()
	n, err := build(t.Context(), storetest.SQLite(t), t.TempDir(), "one")
	if err != nil {
		t.Fatal(err)
	}
	n.pipeline.Domains = []pipeline.Domain{ungathered{n.parish}}
	n.run(t)
	n.settled(t, n.file(t, "PARISH\nP st-mary Aurelio Quintanilla\nP st-mary Somebody Else\n"))
	n.list(t, "Nobody Whatsoever")
	n.quiet(t)
	n.list(t, "Aurelio Quintanilla")
	until(t, "the listed person has a finding", func() bool { return n.count(t, findings) == 1 })
	if err := n.store.Write(context.Background(), func(ctx context.Context, tx store.Tx) error {
		return screening.MarkDue(ctx, tx, "parish", []screening.ID{"st-mary/Aurelio Quintanilla"})
	}); err != nil {
		t.Fatal(err)
	}
	n.quiet(t)
	if n.count(t, findings) != 1 {
		t.Error("screened again without need, the finding went")
	}
}
