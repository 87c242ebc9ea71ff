package pipeline_test

import (
	"fmt"
	"testing"

	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

const findings = `select count(*) from screening_finding where state = 0`

// Whoever was filed before a list came is found when it comes, and let go when it is withdrawn.
func TestNewList(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		n, _ := start(t, open(), t.TempDir(), "one")
		report := "PARISH\n"
		for i := range 700 { // more than a page of the walk
			report += fmt.Sprintf("P st-mary Person %03d\n", i)
		}
		n.settled(t, n.file(t, report+"P st-mary Aurelio Quintanilla\n"))
		n.list(t, "Aurelio Quintanilla")
		until(t, "the listed person has a finding", func() bool { return n.count(t, findings) == 1 })
		until(t, "and a case", func() bool { return n.count(t, `select count(*) from casework_case`) == 1 })
		n.settled(t, n.file(t, "PARISH\nP st-john Aurelio Quintanilla\n"))
		until(t, "as the one filed later does", func() bool { return n.count(t, findings) == 2 })
		n.list(t, "Somebody Else")
		until(t, "a withdrawn entry finds nobody", func() bool { return n.count(t, findings) == 0 })
	})
}

// Lists change while reports are written: whichever comes first, who is listed is found.
func TestListsRace(t *testing.T) {
	t.Parallel()
	n, _ := start(t, storetest.SQLite(t), t.TempDir(), "one")
	for i := range 5 {
		for j := range 10 {
			n.file(t, fmt.Sprintf("PARISH\nP st-%d-%d Aurelio Quintanilla\n", i, j))
			if j == 5 {
				n.list(t, "Aurelio Quintanilla", fmt.Sprintf("Filler Number %d", i))
			}
		}
	}
	until(t, "all are found", func() bool { return n.count(t, findings) == 50 })
}
