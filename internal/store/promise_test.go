package store

import (
	"context"
	"path/filepath"
	"testing"
)

// The writer waits for the disk whenever it has promised to, whatever it wrote before.
func TestTheWriterWaitsAsPromised(t *testing.T) {
	t.Parallel()
	st, err := Open(t.Context(), filepath.Join(t.TempDir(), "rihla.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	const full, normal = 2, 1
	for i, step := range []struct {
		write func(context.Context, func(context.Context, Tx) error) error
		waits int
	}{{st.Write, full}, {st.WriteSoon, normal}, {st.WriteSoon, normal}, {st.Write, full}} {
		var waits int
		if err := step.write(t.Context(), func(ctx context.Context, tx Tx) error {
			return tx.QueryRowContext(ctx, "pragma synchronous").Scan(&waits)
		}); err != nil || waits != step.waits {
			t.Errorf("write %d: synchronous is %d, not %d (%v)", i, waits, step.waits, err)
		}
	}
}
