package pipeline_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Events come in the order they were committed, to whoever follows and to whoever takes up where it broke off; what
// another process commits comes too; and the channel ends with the node.
func TestHub(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		n, stop := start(t, st, t.TempDir(), "one")
		other := open() // as another process has it
		live, err := n.pipeline.Hub().Follow(t.Context(), -1)
		if err != nil {
			t.Fatal(err)
		}
		const many = 40
		for i := range many {
			on := []*store.Store{st, other}[i%2]
			err := on.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				return pipeline.Announce(ctx, tx, "parish", pipeline.Event{Name: "parish", ID: fmt.Sprint(i), Counts: map[string]int{"n": i}})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var heard []pipeline.Numbered
		for range many {
			heard = append(heard, next(t, live))
		}
		for i, e := range heard {
			if e.ID != fmt.Sprint(i) || e.Counts["n"] != i || i > 0 && e.Number <= heard[i-1].Number {
				t.Errorf("event %d is %+v", i, e)
			}
		}
		again, err := n.pipeline.Hub().Follow(t.Context(), heard[9].Number)
		if err != nil {
			t.Fatal(err)
		}
		for i := 10; i < many; i++ {
			if diff := cmp.Diff(heard[i], next(t, again)); diff != "" {
				t.Error(diff)
			}
		}
		stop()
		for _, c := range []<-chan pipeline.Numbered{live, again} {
			if _, open := <-c; open {
				t.Error("an event after the end")
			}
		}
	})
}

func next(t *testing.T, c <-chan pipeline.Numbered) pipeline.Numbered {
	t.Helper()
	select {
	case e, open := <-c:
		if !open {
			t.Fatal("the channel ended")
		}
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
	}
	return pipeline.Numbered{}
}
