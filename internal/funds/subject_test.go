package funds_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening"
)

// Who is held is the same whether it is asked with what is found or without.
func TestSubjectsAreThoseScreened(t *testing.T) {
	t.Parallel()
	f := sampled(t)
	var ids []screening.ID
	want := map[screening.ID]screening.Subject{}
	all := f.parties()
	for _, r := range f.items("/reports") {
		all = append(all, f.screen(screening.ID(r["id"].(string)))...)
	}
	for _, s := range all {
		ids = append(ids, s.Subject.ID)
		want[s.Subject.ID] = s.Subject
	}
	subjects, err := f.Subjects(t.Context(), f.store.Read(), append(ids, "nobody"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[screening.ID]screening.Subject{}
	for _, s := range subjects {
		got[s.ID] = s
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
