package funds_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Whatever form a declaration comes in, it is stored, and its parties are known again by their documents.
func TestDeclarationsAreStored(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, again func() *store.Store) {
		d := open(t, again(), "BHR")
		e, screened := d.file(report{"json", "customs", noon, sample(t, "cash-declarations.json")})
		if len(e.Touched) != 9 || len(e.Answers) != 1 || len(e.Jobs) != 4 {
			t.Errorf("%d touched, %d answers, %d clocks", len(e.Touched), len(e.Answers), len(e.Jobs))
		}
		if len(screened) != 5 {
			t.Errorf("%d parties to be screened", len(screened))
		}
		before := d.parties()
		e, screened = d.file(report{"again", "customs", noon.Add(1), sample(t, "cash-declarations.json")})
		if len(e.Due) != 0 || len(screened) != 0 || len(e.Events) != 0 {
			t.Errorf("said once more, it causes %+v", e)
		}
		if diff := cmp.Diff(before, d.parties()); diff != "" {
			t.Error(diff)
		}
	})
}
