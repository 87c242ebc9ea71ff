package casework_test

import (
	"context"
	"testing"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// prepares is a desk whose house has prepared an outcome of one subject's case.
type prepares struct{ travel }

func (prepares) Prepared(_ context.Context, _ store.Reader, c casework.Case) (string, error) {
	if c.Subject == "p1" {
		return "do-not-board", nil
	}
	return "", nil
}

// What a fact has prepared takes one named person; all else that bears on rights still takes two.
func TestPrepared(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	whole, err := casework.NewDesk(t.Context(), d.st, casework.Options{Reads: d.log, Offers: []casework.Offer{{Domain: prepares{}, Roles: []access.Role{access.Analyst, access.Supervisor, access.Officer}}}})
	must(t, err)
	one, two := d.open(t, "p1"), d.open(t, "p2")
	f, err := whole.Case(t.Context(), amal, one.ID)
	must(t, err)
	if f.Prepared != "do-not-board" || f.Case.State != casework.Open {
		t.Errorf("before: %q, %s", f.Prepared, f.Case.State)
	}
	made, err := whole.Decide(t.Context(), amal, one.ID, casework.Verdict{Outcome: "do-not-board", Reason: reason})
	must(t, err)
	f, err = whole.Case(t.Context(), amal, one.ID)
	must(t, err)
	if made.Pending || made.By != "amal" || f.Case.State != casework.Closed || f.Case.Outcome != "do-not-board" || f.Prepared != "" {
		t.Errorf("%+v, %+v, %q", made, f.Case, f.Prepared)
	}
	made, err = whole.Decide(t.Context(), amal, two.ID, casework.Verdict{Outcome: "do-not-board", Reason: reason})
	must(t, err)
	if !made.Pending {
		t.Errorf("nothing was prepared, and one person decided: %+v", made)
	}
	all, err := casework.DecisionsOf(t.Context(), d.st.Read(), []string{one.ID, two.ID})
	must(t, err)
	if len(all) != 2 {
		t.Errorf("%d decisions", len(all))
	}
}
