// Package custodytest makes a night's round over a domain's records, for the domain's own tests.
package custodytest

import (
	"testing"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// Night erases what is too old at an instant, with times of the node's own where there are any, and answers the figures
// after it by the clocks' names.
func Night(t testing.TB, st *store.Store, clocks []custody.Clock, now time.Time, own map[string]string) map[string]custody.Figures {
	t.Helper()
	ctx := t.Context()
	for _, err := range []error{audit.Migrate(ctx, st), casework.Migrate(ctx, st), links.Migrate(ctx, st)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := intake.OpenReports(ctx, st, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := screening.Open(ctx, st, screening.Options{}); err != nil {
		t.Fatal(err)
	}
	worker, err := jobs.Open(ctx, st, jobs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := custody.Open(ctx, custody.Options{Store: st, Jobs: worker, Clocks: clocks, Own: own, Page: 2, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for {
		n, err := worker.Step(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if failing, err := worker.Failing(ctx, 10); err != nil || len(failing) > 0 {
		t.Fatalf("rounds failed: %+v %v", failing, err)
	}
	figures, err := r.Figures(ctx, st.Read())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]custody.Figures{}
	for _, f := range figures {
		byName[f.Clock] = f
	}
	return byName
}
