package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// Written without a pause, the WAL begins anew all the same: it stays a fraction of what goes through it.
func TestTheWALBeginsAnewWhileWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rihla.db")
	st, err := store.Open(t.Context(), "sqlite:"+path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	write := func(query string, args ...any) {
		t.Helper()
		if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.ExecContext(ctx, query, args...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	write(`create table heap (id BIGINT not null primary key, body BYTEA not null)`)
	write(`insert into heap (id, body) values (1, $1)`, []byte{})
	body := bytes.Repeat([]byte("invented "), 1<<20/9)
	written, began := 0, time.Now()
	for written < 96<<20 || time.Since(began) < time.Second {
		body[written%len(body)]++
		write(`update heap set body = $1 where id = 1`, body)
		written += len(body)
	}
	wal, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	// 64 MiB is the net: beyond it whoever commits carries over by himself.
	if wal.Size() > 72<<20 {
		t.Errorf("%d MiB of WAL after %d MiB were written", wal.Size()>>20, written>>20)
	}
}
