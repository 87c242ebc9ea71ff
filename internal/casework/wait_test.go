package casework_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A decision that asks somebody outside leaves the case waiting, out of the queue, until the answer puts it back.
func TestWaiting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		d := newDesk(t, st, travel{})
		c := d.open(t, "p1")
		ctx := t.Context()
		_, err := d.Decide(ctx, amal, c.ID, casework.Verdict{Outcome: "asked", Reason: "which of the two?"})
		must(t, err)
		if c = d.file(t, c.ID).Case; c.State != casework.Waiting || c.Outcome != "asked" || c.ClaimedBy != "amal" || !c.Closed.IsZero() {
			t.Fatalf("the case is %+v", c)
		}
		if queue := d.pages(t, amal, casework.Query{}); len(queue) != 0 {
			t.Errorf("a case that waits for others is in the queue: %v", queue)
		}
		if waiting := d.pages(t, amal, casework.Query{State: "waiting"}); len(waiting) != 1 {
			t.Errorf("%d cases wait", len(waiting))
		}
		_, err = d.Claim(ctx, badr, c.ID)
		wantKind(t, err, api.Conflict)

		for range 2 { // the answer comes, and comes again
			must(t, st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
				_, err := casework.Return(ctx, tx, "travel", []screening.ID{"p1", "nobody"}, "the carrier answered")
				return err
			}))
		}
		if c = d.file(t, c.ID).Case; c.State != casework.Claimed || c.ClaimedBy != "amal" {
			t.Errorf("after the answer the case is %+v", c)
		}
		_, err = d.Decide(ctx, amal, c.ID, casework.Verdict{Outcome: "asked", Reason: "and the other?"})
		must(t, err)
		_, err = d.Decide(ctx, badr, c.ID, casework.Verdict{Outcome: "cleared", Reason: "amal is away; it is another"})
		must(t, err)
		f := d.file(t, c.ID)
		if f.Case.State != casework.Closed || f.Case.Outcome != "cleared" || f.Case.ClaimedBy != "badr" {
			t.Errorf("decided from waiting the case is %+v", f.Case)
		}
		if diff := cmp.Diff([]string{"opened", "decided", "answered", "decided", "decided"}, history(f)); diff != "" {
			t.Error(diff)
		}
	})
}
