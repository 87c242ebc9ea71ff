package store_test

import (
	"context"
	"testing"

	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// What is written soon is read at once, as what is written durably, before and after it; and what fails is not there.
func TestWriteSoon(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		insert := func(n int) func(context.Context, store.Tx) error {
			return func(ctx context.Context, tx store.Tx) error {
				_, err := tx.ExecContext(ctx, "insert into soon (n) values ($1)", n)
				return err
			}
		}
		if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.ExecContext(ctx, "create table soon (n BIGINT not null primary key)")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for n, write := range []func(context.Context, func(context.Context, store.Tx) error) error{st.WriteSoon, st.Write, st.WriteSoon, st.WriteSoon, st.Write} {
			if err := write(t.Context(), insert(n)); err != nil {
				t.Fatal(err)
			}
			if err := write(t.Context(), insert(n)); !store.IsUnique(err) {
				t.Errorf("written twice: %v", err)
			}
			var count int
			if err := st.Read().QueryRowContext(t.Context(), "select count(*) from soon").Scan(&count); err != nil || count != n+1 {
				t.Errorf("%d rows after %d were written (%v)", count, n+1, err)
			}
		}
	})
}
