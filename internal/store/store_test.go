package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var things = store.NewInsert("thing", []string{"id", "version", "body", "good"},
	"on conflict (id) do update set version = excluded.version, body = excluded.body where thing.version = excluded.version - 1")

func withThings(t *testing.T, s *store.Store) *store.Store {
	t.Helper()
	if err := s.Migrate(t.Context(), "thing", os.DirFS("testdata/thing")); err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, s *store.Store, work func(context.Context, store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), work); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, r store.Reader) (n int) {
	t.Helper()
	if err := r.QueryRowContext(t.Context(), "select count(*) from thing").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func rows(n, version int) (out [][]any) {
	for i := range n {
		out = append(out, []any{fmt.Sprintf("t%04d", i), version, []byte{0, 255, byte(i)}, i%2 == 0})
	}
	return out
}

func TestRowsGoInAndComeBackTheSameOnBothStores(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		for _, n := range []int{0, 1, 3, 4, 15, 16, 17, 333} {
			write(t, s, func(ctx context.Context, tx store.Tx) error {
				if _, err := tx.ExecContext(ctx, "delete from thing"); err != nil {
					return err
				}
				affected, err := things.Exec(ctx, tx, rows(n, 1))
				if err == nil && affected != int64(n) {
					return fmt.Errorf("%d rows took effect, wanted %d", affected, n)
				}
				return err
			})
			var keys []string
			for i := range n {
				keys = append(keys, fmt.Sprintf("t%04d", i))
			}
			got := map[string][]byte{}
			err := store.ForKeys(t.Context(), s.Read(), "select id, body from thing where version = $1 and id in (:keys)", keys, func(r *sql.Rows) error {
				var id string
				var body []byte
				err := r.Scan(&id, &body)
				got[id] = body
				return err
			}, 1)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string][]byte{}
			for i, key := range keys {
				want[key] = []byte{0, 255, byte(i)}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d rows (-want +got):\n%s", n, diff)
			}
		}
	})
}

func TestAPlannedVersionThatMovedTakesNoEffect(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		for _, step := range []struct {
			version int
			want    int64
		}{{1, 20}, {2, 20}, {2, 0}, {4, 0}, {3, 20}} {
			write(t, s, func(ctx context.Context, tx store.Tx) error {
				affected, err := things.Exec(ctx, tx, rows(20, step.version))
				if err == nil && affected != step.want {
					return fmt.Errorf("version %d: %d rows took effect, wanted %d", step.version, affected, step.want)
				}
				return err
			})
		}
	})
}

func TestAnErrorOrAPanicLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		no := errors.New("no")
		after := false
		err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			tx.After(func() { after = true })
			if _, err := things.Exec(ctx, tx, rows(5, 1)); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) || after {
			t.Errorf("got %v, after ran: %v", err, after)
		}
		func() {
			defer func() { _ = recover() }()
			_ = s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				_, _ = things.Exec(ctx, tx, rows(5, 1))
				panic("a bug")
			})
		}()
		if n := count(t, s.Read()); n != 0 {
			t.Errorf("%d rows stayed", n)
		}
		write(t, s, func(ctx context.Context, tx store.Tx) error { // and the store still works
			tx.After(func() { after = true })
			_, err := things.Exec(ctx, tx, rows(1, 1))
			return err
		})
		if !after {
			t.Error("After did not run")
		}
	})
}

func TestTransactionsThatMeetAreRunAgain(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		nodes := []*store.Store{withThings(t, open()), open()}
		write(t, nodes[0], func(ctx context.Context, tx store.Tx) error {
			_, err := things.Exec(ctx, tx, rows(1, 0))
			return err
		})
		const each = 25
		var g errgroup.Group
		for worker := range 4 {
			g.Go(func() error {
				for range each {
					// Read, then write what was read: only serialisable transactions count right.
					err := nodes[worker%2].Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
						var version int64
						if err := tx.QueryRowContext(ctx, "select version from thing where id = $1", "t0000").Scan(&version); err != nil {
							return err
						}
						_, err := tx.ExecContext(ctx, "update thing set version = $1 where id = $2", version+1, "t0000")
						return err
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		var version int
		if err := nodes[1].Read().QueryRowContext(t.Context(), "select version from thing").Scan(&version); err != nil || version != 4*each {
			t.Errorf("version %d (%v), wanted %d", version, err, 4*each)
		}
	})
}

func TestNumbersAreTakenOnceAndWithoutGaps(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		nodes := []*store.Store{open(), open()}
		var mu sync.Mutex
		seen := map[int64]bool{}
		var g errgroup.Group
		for worker := range 4 {
			g.Go(func() error {
				for range 10 {
					var first int64
					err := nodes[worker%2].Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
						first, err = store.NextNumber(ctx, tx, "n", 3)
						return err
					})
					if err != nil {
						return err
					}
					mu.Lock()
					for n := first; n < first+3; n++ {
						seen[n] = true
					}
					mu.Unlock()
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		for n := int64(1); n <= 120; n++ {
			if !seen[n] {
				t.Errorf("number %d was not taken", n)
			}
		}
		if len(seen) != 120 {
			t.Errorf("%d numbers, wanted 120", len(seen))
		}
	})
}

func TestALeaseHasOneOwnerAndALaterOneShutsTheFirstOut(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	storetest.EachWith(t, store.Options{Clock: func() time.Time { return time.Unix(1_800_000_000+now.Load(), 0) }}, func(t *testing.T, open func() *store.Store) {
		s := open()
		first, got, err := s.Acquire(t.Context(), "work", "a", time.Hour)
		if err != nil || !got {
			t.Fatal(got, err)
		}
		if _, got, err := s.Acquire(t.Context(), "work", "b", time.Hour); err != nil || got {
			t.Fatal("b got it too", err)
		}
		if again, got, err := s.Acquire(t.Context(), "work", "a", time.Hour); err != nil || !got || again.Term != first.Term {
			t.Fatal(again, got, err)
		}
		if err := s.Release(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		second, got, err := s.Acquire(t.Context(), "work", "b", time.Hour)
		if err != nil || !got || second.Term != first.Term+1 {
			t.Fatal(second, got, err)
		}
		if err := s.Write(t.Context(), first.Holds); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("the first owner may still write: %v", err)
		}
		if err := s.Write(t.Context(), second.Holds); err != nil {
			t.Error(err)
		}
	})
}

func TestOneOfManyGetsALease(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		nodes := []*store.Store{open(), open()}
		var owners atomic.Int32
		var g errgroup.Group
		for worker := range 6 {
			g.Go(func() error {
				_, got, err := nodes[worker%2].Acquire(t.Context(), "work", fmt.Sprint(worker), time.Hour)
				if got {
					owners.Add(1)
				}
				return err
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if owners.Load() != 1 {
			t.Errorf("%d owners", owners.Load())
		}
	})
}

func TestAGroupWritesEachValueOnceAndFailsOnlyTheBadOne(t *testing.T) {
	t.Parallel()
	bad := errors.New("a bad value")
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		var commits atomic.Int32
		g := store.NewGroup(s, 16, func(ctx context.Context, tx store.Tx, values []int) error {
			tx.After(func() { commits.Add(1) })
			var rows [][]any
			for _, v := range values {
				if v == 13 {
					return bad
				}
				rows = append(rows, []any{fmt.Sprint(v), 1, []byte{}, true})
			}
			_, err := things.Exec(ctx, tx, rows)
			return err
		})
		const values = 100
		var wait sync.WaitGroup
		for v := range values {
			wait.Go(func() {
				if err := g.Do(t.Context(), v); errors.Is(err, bad) != (v == 13) || (err != nil && v != 13) {
					t.Errorf("value %d: %v", v, err)
				}
			})
		}
		wait.Wait()
		if n := count(t, s.Read()); n != values-1 {
			t.Errorf("%d values written, wanted %d", n, values-1)
		}
		t.Logf("%d commits for %d values", commits.Load(), values)
	})
}

func TestAGroupOutlivesACallerWhoGivesUp(t *testing.T) {
	t.Parallel()
	s := withThings(t, storetest.SQLite(t))
	hold, held := make(chan struct{}), make(chan struct{})
	g := store.NewGroup(s, 1, func(ctx context.Context, tx store.Tx, values []string) error {
		if values[0] == "first" {
			close(held)
			<-hold
		}
		_, err := things.Exec(ctx, tx, [][]any{{values[0], 1, []byte{}, true}})
		return err
	})
	var wait sync.WaitGroup
	wait.Go(func() { _ = g.Do(t.Context(), "first") })
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Do(ctx, "gives up"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	wait.Go(func() {
		if err := g.Do(t.Context(), "last"); err != nil {
			t.Error(err)
		}
	})
	close(hold)
	wait.Wait()
	if n := count(t, s.Read()); n != 3 {
		t.Errorf("%d values written, wanted 3", n)
	}
}

func TestTextThatPostgreSQLRefusesIsMadeStorable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		write(t, s, func(ctx context.Context, tx store.Tx) error {
			_, err := things.Exec(ctx, tx, [][]any{{"a\x00b\xff", 1, []byte("\x00\xff"), true}})
			return err
		})
		var id string
		if err := s.Read().QueryRowContext(t.Context(), "select id from thing").Scan(&id); err != nil || id != "a\uFFFDb\uFFFD" {
			t.Errorf("%q %v", id, err)
		}
	})
}

func TestASnapshotDoesNotMove(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		err := s.Snapshot(t.Context(), func(ctx context.Context, r store.Reader) error {
			before := count(t, r)
			write(t, s, func(ctx context.Context, tx store.Tx) error {
				_, err := things.Exec(ctx, tx, rows(7, 1))
				return err
			})
			if after := count(t, r); after != before {
				t.Errorf("%d rows, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, s.Read()); n != 7 {
			t.Errorf("%d rows", n)
		}
	})
}

// More snapshots than there are connections, each with texts that are compiled for the next: none waits for another for
// ever, a compiled text sees its snapshot's rows, and one that is no SQL is told each time.
func TestSnapshotsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		var all sync.WaitGroup
		for k := range 32 {
			all.Go(func() {
				for i := range 10 {
					err := s.Snapshot(t.Context(), func(ctx context.Context, r store.Reader) error {
						before := count(t, r)
						if k == 0 {
							write(t, s, func(ctx context.Context, tx store.Tx) error {
								_, err := things.Exec(ctx, tx, rows(i+1, 1))
								return err
							})
						}
						for n := range 3 {
							var got int
							text := fmt.Sprintf("select count(*) + %d from thing where version = $1", (k+n)%20)
							if err := r.QueryRowContext(ctx, text, 1).Scan(&got); err != nil || got != before+(k+n)%20 {
								t.Errorf("%d of %d, %v", got, before, err)
							}
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		for range 2 {
			err := s.Snapshot(t.Context(), func(ctx context.Context, r store.Reader) error {
				return store.Rows(ctx, r, func(*sql.Rows) error { return nil }, "select nothing from nowhere")
			})
			if err == nil {
				t.Error("no SQL, and no error")
			}
		}
	})
}

// What is committed reaches the file itself beside the writer, not only when the WAL is full.
func TestTheWALIsFolded(t *testing.T) {
	t.Parallel()
	const much = 1 << 20 // and far less than a WAL that is full
	path := filepath.Join(t.TempDir(), "rihla.db")
	opened, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := withThings(t, opened)
	write(t, s, func(ctx context.Context, tx store.Tx) error {
		_, err := things.Exec(ctx, tx, [][]any{{"a", 1, make([]byte, much), true}})
		return err
	})
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		at, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if at.Size() > much {
			break
		}
		if time.Now().After(end) {
			t.Fatal("it never was")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAUniqueViolationIsKnown(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := withThings(t, open())
		plain := store.NewInsert("thing", []string{"id", "version", "body", "good"}, "")
		err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := plain.Exec(ctx, tx, append(rows(1, 1), rows(1, 1)...))
			return err
		})
		if !store.IsUnique(err) {
			t.Error(err)
		}
	})
}

func TestTwoNodesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		nodes := []*store.Store{open(), open(), open()}
		var g errgroup.Group
		for _, s := range nodes {
			g.Go(func() error { return s.Migrate(t.Context(), "thing", os.DirFS("testdata/thing")) })
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func TestAWatcherIsWokenByACommitOnly(t *testing.T) {
	t.Parallel()
	s := withThings(t, storetest.SQLite(t))
	wake, stop := s.Watch("news")
	defer stop()
	_ = s.Write(t.Context(), func(_ context.Context, tx store.Tx) error { tx.Notify("news"); return errors.New("no") })
	select {
	case <-wake:
		t.Error("woken by a transaction that failed")
	default:
	}
	write(t, s, func(_ context.Context, tx store.Tx) error { tx.Notify("news"); tx.Notify("news"); return nil })
	<-wake
}

func TestAReadOnlyStoreReadsBesideANodeAndWritesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a folder", "rihla?#%.db") // names that a URL would bend
	if _, err := store.Open(t.Context(), path, store.Options{ReadOnly: true}); err == nil {
		t.Fatal("opened what is not there")
	}
	node, err := store.Open(t.Context(), path, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("others may read it", info.Mode(), err)
	}
	withThings(t, node)
	look := func() {
		t.Helper()
		s, err := store.Open(t.Context(), path, store.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		write(t, node, func(ctx context.Context, tx store.Tx) error { return nil })
		if n := count(t, s.Read()); n != 20 {
			t.Errorf("%d rows", n)
		}
		if err := s.Write(t.Context(), func(context.Context, store.Tx) error { return nil }); !errors.Is(err, store.ErrReadOnly) {
			t.Error(err)
		}
		if rows, err := s.Read().QueryContext(t.Context(), "delete from thing returning id"); err == nil {
			for rows.Next() {
			}
			if rows.Err() == nil {
				t.Error("a query deleted rows")
			}
			_ = rows.Close()
		}
	}
	write(t, node, func(ctx context.Context, tx store.Tx) error {
		_, err := things.Exec(ctx, tx, rows(20, 1))
		return err
	})
	look()
	if err := node.Close(); err != nil {
		t.Fatal(err)
	}
	node, err = store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	look()
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := node.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), copied, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := count(t, s.Read()); n != 20 {
		t.Errorf("the copy has %d rows", n)
	}
}

func TestAStoreThatIsNoneIsNamed(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"", "mysql://x", "postgres://127.0.0.1:1/none?connect_timeout=2"} {
		if s, err := store.Open(t.Context(), where, store.Options{}); err == nil {
			_ = s.Close()
			t.Errorf("opened %q", where)
		}
	}
}

func TestAClosedStoreWritesNoMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), func(context.Context, store.Tx) error { return nil }); err == nil {
			t.Error("wrote")
		}
	})
}

func TestTheJournalLivesBeside(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		beside, err := s.Beside(t.Context(), "journal")
		if err != nil {
			t.Fatal(err)
		}
		withThings(t, beside)
		write(t, beside, func(ctx context.Context, tx store.Tx) error {
			_, err := things.Exec(ctx, tx, rows(3, 1))
			return err
		})
		if n := count(t, beside.Read()); n != 3 {
			t.Errorf("%d rows", n)
		}
		if err := beside.Close(); err != nil {
			t.Fatal(err)
		}
		write(t, s, func(context.Context, store.Tx) error { return nil }) // the other one goes on
	})
}

// A flight of 300 passengers with 21 columns and two documents each, in one durable transaction.
func BenchmarkWriteFlight(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "rihla.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var columns []string
	for i := range 21 {
		columns = append(columns, fmt.Sprintf("c%d", i))
	}
	err = s.Write(b.Context(), func(ctx context.Context, tx store.Tx) error {
		_, one := tx.ExecContext(ctx, "create table p (id TEXT not null primary key, "+strings.Join(columns, " TEXT, ")+" TEXT)")
		_, two := tx.ExecContext(ctx, "create table d (p TEXT not null, n BIGINT not null, number TEXT not null, primary key (p, n))")
		return errors.Join(one, two)
	})
	if err != nil {
		b.Fatal(err)
	}
	people := store.NewInsert("p", append([]string{"id"}, columns...), "")
	documents := store.NewInsert("d", []string{"p", "n", "number"}, "")
	flight := 0
	for b.Loop() {
		flight++
		var p, d [][]any
		for i := range 300 {
			id := fmt.Sprintf("%08x-%d", flight*2654435761%(1<<32), i)
			row := []any{id}
			for range columns {
				row = append(row, "a value")
			}
			p = append(p, row)
			d = append(d, []any{id, 1, "123456789"}, []any{id, 2, "987654321"})
		}
		err := s.Write(b.Context(), func(ctx context.Context, tx store.Tx) error {
			_, one := people.Exec(ctx, tx, p)
			_, two := documents.Exec(ctx, tx, d)
			return errors.Join(one, two)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(300*float64(b.N)/b.Elapsed().Seconds(), "passengers/s")
}

func BenchmarkGroupOf2kB(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "journal.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(b.Context(), "thing", os.DirFS("testdata/thing")); err != nil {
		b.Fatal(err)
	}
	plain := store.NewInsert("thing", []string{"id", "version", "body", "good"}, "")
	g := store.NewGroup(s, 128, func(ctx context.Context, tx store.Tx, values []int64) error {
		var rows [][]any
		for _, v := range values {
			rows = append(rows, []any{fmt.Sprint(v), 1, make([]byte, 2048), true})
		}
		_, err := plain.Exec(ctx, tx, rows)
		return err
	})
	var n atomic.Int64
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := g.Do(b.Context(), n.Add(1)); err != nil {
				b.Error(err)
			}
		}
	})
}
