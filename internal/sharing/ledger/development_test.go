package ledger_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// What a meeting must know of is found in the log, in its order, and the daily run of things is not.
func TestDevelopments(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		k, err := keys.Open(t.Context(), st, keys.Options{Dir: t.TempDir()})
		must(t, err)
		log, err := audit.Open(t.Context(), st, k, audit.Options{})
		must(t, err)
		steps := []ledger.Step{
			{Kind: ledger.Sent, Agreement: "a", Type: "REQUEST"},
			{Kind: ledger.Suspended, Agreement: "a", Share: "T2", Code: "breach"},
			{Kind: ledger.Marked, Agreement: "a", Type: "DOUBT", Code: "doubt"},
			{Kind: ledger.Marked, Agreement: "a", Type: "BREACH", Code: "breach", Reason: "seen by a stranger"},
			{Kind: ledger.Witnessed, Partner: "us"},
			{Kind: ledger.Witnessed, Partner: "us", Code: "disagreement"},
			{Kind: ledger.Rejected, Partner: "us", Code: "EXPIRED"},
			{Kind: ledger.Rejected, Partner: "us", Code: "CONFLICT"},
			{Kind: ledger.Undelivered, Agreement: "b", Message: "m"},
			{Kind: ledger.Resumed, Agreement: "a", Share: "T2"},
		}
		for _, s := range steps {
			must(t, st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return ledger.Record(ctx, tx, "test", "", s) }))
			must(t, log.Seal(t.Context()))
		}
		found := func(most int) []ledger.Happened {
			t.Helper()
			all, err := ledger.Developments(t.Context(), st.Read(), time.Now().Add(-time.Hour), time.Time{}, most, func(e *ledger.Entry) bool { return e.Agreement != "b" })
			must(t, err)
			kinds := []ledger.Happened{}
			for _, d := range all {
				if !slices.Contains(ledger.Happenings, d.Kind) {
					t.Errorf("%q is not among all there are", d.Kind)
				}
				kinds = append(kinds, d.Kind)
			}
			return kinds
		}
		want := []ledger.Happened{ledger.ShareStopped, ledger.BreachTold, ledger.HeadsDiffer, ledger.TwoTexts, ledger.ShareAgain}
		if diff := cmp.Diff(want, found(10)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want[:2], found(2)); diff != "" {
			t.Error(diff)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
