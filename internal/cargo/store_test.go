package cargo_test

import (
	"testing"

	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A house is kept before its master comes, and linked when it does.
func TestHouseBeforeMaster(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		k := open(t, openStore())
		k.file("Petra Forwarding", "r1", sample(t, "01-house-v4.fhl"))
		k.file("Petra Forwarding", "r2", sample(t, "02-consol-master-v16.fwb"))
		for _, a := range k.answers {
			t.Logf("%s %s %q", a.Filer, a.Kind, a.Body)
		}
	})
}
