package travel

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
)

// The past, page by page, holds everybody once, as screening them again would show them.
func TestHistoryHoldsEverybodyOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		world := synth.Generate(synth.Options{Seed: 3, Flights: 3, Small: 10, Large: 20})
		d := New(Options{Store: st, IDs: plainIDs{}})
		if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
			t.Fatal(err)
		}
		for _, m := range world.Messages {
			fileOne(t, d, st, m)
		}
		var all []screening.Screened
		for after := ""; ; {
			page, next, err := d.History(t.Context(), st.Read(), "2026-11-20", "2026-11-30", after, 7)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page...)
			if after = next; next == "" {
				break
			}
		}
		byID := func(a, b screening.Screened) int { return compareIDs(a.Subject.ID, b.Subject.ID) }
		ids := make([]screening.ID, len(all))
		for i := range all {
			ids[i] = all[i].Subject.ID
		}
		slices.Sort(ids)
		if n := len(slices.Compact(slices.Clone(ids))); n != len(ids) || n < 30 {
			t.Errorf("%d are given %d times", n, len(ids))
		}
		again, err := d.Screen(t.Context(), st.Read(), ids)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(all, byID)
		slices.SortFunc(again, byID)
		if diff := cmp.Diff(again, all); diff != "" {
			t.Error(diff)
		}
		if page, _, err := d.History(t.Context(), st.Read(), "2027-01-01", "2027-01-02", "", 7); err != nil || len(page) > 0 {
			t.Error("another year's days are not empty", err)
		}
	})
}

func compareIDs(a, b screening.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
