package funds_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/custody/custodytest"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Who is held is known without reading everybody again: after each report, amendment and erasure it is what another node
// that knows nothing reads.
func TestHoldersFollowTheStore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, again func() *store.Store) {
		st := again()
		d := open(t, st, "BHR")
		tie(t, d, nil)
		held := func(d *desk) []screening.Holder {
			t.Helper()
			all, err := d.Holders(t.Context(), d.store.Read(), noon)
			if err != nil {
				t.Fatal(err)
			}
			all = slices.Clone(all)
			slices.SortFunc(all, func(a, b screening.Holder) int {
				if a.ID < b.ID {
					return -1
				}
				return 1
			})
			return all
		}
		compare := func(what string, n int) {
			t.Helper()
			fresh := open(t, st, "BHR")
			got := held(d)
			if diff := cmp.Diff(held(fresh), got); diff != "" || len(got) != n {
				t.Errorf("%s: %d are held, %s", what, len(got), diff)
			}
		}
		compare("nothing", 0)
		old := time.Now().AddDate(-6, 0, 0)
		d.file(report{"one", "customs", old, sample(t, "cash-declarations.json")})
		compare("declared", 5)
		compare("nothing new", 5)
		d.file(report{"two", "customs", time.Now(), cash("CD-2026-000103", "BAH", "in", "", "banknotes 100.00 USD")})
		compare("amended: the firm is no longer named", 4)
		custodytest.Night(t, d.store, d.Retention(), time.Now(), nil)
		compare("erased", 1)
		write(t, d.store, func(ctx context.Context, tx store.Tx) error {
			inside, err := d.Holders(ctx, tx, noon)
			if len(inside) != 1 {
				t.Errorf("within a transaction %d are held", len(inside))
			}
			return err
		})
	})
}
