package store_test

import (
	"context"
	"os"
	"sync/atomic"
	"testing"

	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Eight writers who all take from one counter, the worst that nodes on one PostgreSQL do to each other.
func BenchmarkOneCounter(b *testing.B) {
	for _, s := range storetest.Both(b) {
		b.Run(s.Name, func(b *testing.B) {
			st := s.Open()
			if err := st.Migrate(b.Context(), "thing", os.DirFS("testdata/thing")); err != nil {
				b.Fatal(err)
			}
			var attempts atomic.Int64
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					err := st.Write(b.Context(), func(ctx context.Context, tx store.Tx) error {
						n := attempts.Add(1)
						if _, err := things.Exec(ctx, tx, [][]any{{store.Time(n).String(), 1, []byte{}, true}}); err != nil {
							return err
						}
						_, err := store.NextNumber(ctx, tx, "n", 1)
						return err
					})
					if err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(attempts.Load())/float64(b.N), "attempts/op")
		})
	}
}
