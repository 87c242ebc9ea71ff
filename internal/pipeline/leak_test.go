package pipeline_test

import (
	"context"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/rihla/rihla/internal/store"
)

// A node that has stopped leaves nothing running: not a reader, not a follower, not a watcher. It runs alone, before the
// tests that run side by side.
func TestNothingLeaks(t *testing.T) { //nolint:paralleltest // others' goroutines would be taken for leaks
	before := goleak.IgnoreCurrent()
	dir := t.TempDir()
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "rihla.db"), store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	n, stop := start(t, st, dir, "one")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := n.pipeline.Hub().Follow(ctx, 0); err != nil {
		t.Fatal(err)
	}
	reports, _ := deck(10)
	for _, r := range reports {
		n.settled(t, n.file(t, r))
	}
	stop()
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
}
