package funds_test

import (
	"cmp"
	"slices"
	"testing"

	diff "github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/synth"
)

// On the whole road, filed as it comes and looked at again when it is due, a month comes to what looking at everybody at its
// end comes to: whoever a movement concerns is marked.
func TestMonthOnTheRoad(t *testing.T) {
	t.Parallel()
	h := live(t, clocked(t), "BHR")
	month := synth.NewFundsMonth(7)
	files := slices.Clone(month.Files)
	slices.SortFunc(files, func(a, b synth.Message) int { return cmp.Compare(hashOf(a.Name), hashOf(b.Name)) }) // in no order at all
	var ids []string
	for _, m := range files {
		receipt, err := h.journal.Take(t.Context(), intake.Delivery{Filer: intake.Filer{Name: "bank"}, Gate: "http", Name: m.Name, Raw: m.Body})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, receipt.ID)
	}
	for _, id := range ids {
		h.until("report "+id+" is settled", func() bool {
			s, err := h.reports.Status(t.Context(), h.journal, id)
			if err != nil {
				t.Fatal(err)
			}
			return s.State != intake.Received
		})
	}
	h.until("nobody is due any more", func() bool {
		var n int
		if err := h.store.Read().QueryRowContext(t.Context(), `select count(*) from screening_due where domain = 'funds'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
	d := &desk{t: t, store: h.store, Domain: h.Domain, clock: h.clock()}
	all := d.parties()
	var subjects []screening.ID
	want := map[screening.ID][]string{}
	for _, s := range all {
		subjects = append(subjects, s.Subject.ID)
		for _, f := range s.Found {
			want[s.Subject.ID] = append(want[s.Subject.ID], f.Matched+" "+f.Explanation.Subject)
		}
	}
	stored, err := screening.OfSubjects(t.Context(), h.store.Read(), subjects)
	if err != nil {
		t.Fatal(err)
	}
	got := map[screening.ID][]string{}
	for id, found := range stored {
		for _, f := range found {
			if f.Engine == "funds" {
				got[id] = append(got[id], f.Matched+" "+f.Explanation.Subject)
			}
		}
	}
	for _, m := range []map[screening.ID][]string{want, got} {
		for _, list := range m {
			slices.Sort(list)
		}
	}
	if len(want) < 20 {
		t.Errorf("only %d parties have a finding", len(want))
	}
	if d := diff.Diff(want, got); d != "" {
		t.Errorf("looked at when due, something else is found (-everybody +due):\n%.3000s", d)
	}
}

func hashOf(s string) (h uint32) {
	h = 2166136261
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}
