package casework_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// The queue shows the worst first, page by page, each case once; every filter narrows it.
func TestQueue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		d := newDesk(t, open(), travel{})
		var found []screening.Finding
		var ids []screening.ID
		for i := range 23 {
			id := fmt.Sprintf("p%02d", i)
			found = append(found, finding(id, "7", screening.Severity(1+i%4)))
			ids = append(ids, screening.ID(id))
		}
		raised := d.raise(t, found, screening.Upserted{New: found}, ids...)
		if len(raised) != 23 {
			t.Fatalf("23 findings raised %d cases", len(raised))
		}
		all := d.pages(t, amal, casework.Query{Limit: 5})
		if !slices.IsSortedFunc(all, func(a, b casework.Case) int {
			if a.Severity != b.Severity {
				return int(b.Severity - a.Severity)
			}
			return int(a.Number - b.Number)
		}) || len(all) != 23 {
			t.Errorf("the queue has %d cases, or is out of order", len(all))
		}

		_, err := d.Claim(t.Context(), amal, all[0].ID)
		must(t, err)
		_, err = d.Claim(t.Context(), badr, all[1].ID)
		must(t, err)
		_, err = d.Decide(t.Context(), badr, all[2].ID, casework.Verdict{Outcome: "do-not-board", Reason: reason})
		must(t, err)
		_, err = d.Decide(t.Context(), badr, all[3].ID, casework.Verdict{Outcome: "cleared", Reason: reason})
		must(t, err)
		for _, narrowed := range []struct {
			q    casework.Query
			want int
		}{
			{casework.Query{}, 22},
			{casework.Query{State: "open"}, 19},
			{casework.Query{State: "claimed"}, 2},
			{casework.Query{State: "pending"}, 1},
			{casework.Query{State: "closed"}, 1},
			{casework.Query{State: "all", Limit: 4}, 23},
			{casework.Query{Mine: true}, 1},
			{casework.Query{Severity: "low"}, 6},
			{casework.Query{Domain: "travel", Within: "flight-1", Limit: 7}, 22},
			{casework.Query{Within: "flight-2"}, 0},
		} {
			if got := d.pages(t, amal, narrowed.q); len(got) != narrowed.want {
				t.Errorf("%+v gives %d cases, want %d", narrowed.q, len(got), narrowed.want)
			}
		}
		for _, q := range []casework.Query{{State: "odd"}, {Severity: "odd"}, {Cursor: "odd"}} {
			_, err := d.Queue(t.Context(), amal, q)
			wantKind(t, err, api.Invalid)
		}
		for _, p := range []access.Principal{tariq, farid} {
			_, err := d.Queue(t.Context(), p, casework.Query{})
			wantKind(t, err, api.Forbidden)
		}
		counts, err := casework.OpenWithin(t.Context(), d.st.Read(), "travel", []string{"flight-1", "flight-2"})
		must(t, err)
		if diff := cmp.Diff(map[string]int{"flight-1": 22}, counts); diff != "" {
			t.Error(diff)
		}
	})
}

func (d desk) pages(t *testing.T, p access.Principal, q casework.Query) []casework.Case {
	t.Helper()
	var all []casework.Case
	for {
		page, err := d.Queue(t.Context(), p, q)
		must(t, err)
		all = append(all, page.Items...)
		if q.Cursor = page.Next; q.Cursor == "" {
			return all
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	for q, want := range map[string]int{"c-1": 1, "1": 1, "C-2": 0, "qamar lay": 1, "layla qamar": 1, "zz431": 1, "%": 0, "_": 0, "": 0} {
		got, err := d.Search(t.Context(), d.st.Read(), amal, q, 5)
		must(t, err)
		if len(got) != want || want == 1 && got[0].ID != c.ID {
			t.Errorf("searching %q finds %d cases, want %d", q, len(got), want)
		}
	}
	if got, err := d.Search(t.Context(), d.st.Read(), tariq, "qamar", 5); err != nil || len(got) != 0 {
		t.Errorf("a targeter finds %v, %v", got, err)
	}
}
