package audit_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type node struct {
	*audit.Log
	store *store.Store
	keys  *keys.Keys
	dir   string
}

func start(t testing.TB, st *store.Store, dir, owner string) node {
	t.Helper()
	k, err := keys.Open(t.Context(), st, keys.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	l, err := audit.Open(t.Context(), st, k, audit.Options{Dir: dir, Owner: owner})
	if err != nil {
		t.Fatal(err)
	}
	return node{l, st, k, dir}
}

func (n node) record(t testing.TB, entries ...audit.Entry) {
	t.Helper()
	if err := n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return audit.Record(ctx, tx, entries...) }); err != nil {
		t.Fatal(err)
	}
}

func (n node) seal(t testing.TB) {
	t.Helper()
	if err := n.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (n node) verify(t testing.TB) audit.Verification {
	t.Helper()
	v, err := audit.Verify(t.Context(), n.store, n.keys, n.dir)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func entry(i int) audit.Entry {
	return audit.Entry{
		Actor: fmt.Sprintf("analyst-%d", i), Role: "analyst", Action: "flight.read", Report: keys.Event(),
		Touched: []string{keys.Event(), keys.Event()}, Detail: fmt.Sprintf("reason %d", i),
	}
}

func TestEntriesAreNumberedOnceAndVerifyWhoeverSequences(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		dir := t.TempDir()
		nodes := []node{start(t, open(), dir, "a"), start(t, open(), dir, "b")}
		const each = 20
		var g errgroup.Group
		for i, n := range nodes {
			for worker := range 2 {
				g.Go(func() error {
					for j := range each {
						e := entry(j)
						if worker == 1 {
							e.Log = audit.Exchange
						}
						if err := n.Read(t.Context(), e); err != nil {
							return err
						}
						if j%5 == i {
							if err := n.Seal(t.Context()); err != nil && !errors.Is(err, store.ErrLeaseLost) {
								return err
							}
						}
					}
					return nil
				})
			}
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		nodes[0].seal(t)
		nodes[1].seal(t)
		v := nodes[1].verify(t)
		want := audit.Verification{Logs: []audit.Walk{{Log: audit.Exchange, Entries: 2 * each}, {Log: audit.House, Entries: 2 * each}}}
		if diff := cmp.Diff(want, v, cmpopts.IgnoreFields(audit.Walk{}, "Head")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestATransactionThatFailsLeavesNoEntry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		n := start(t, open(), t.TempDir(), "a")
		no := errors.New("no")
		err := n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return errors.Join(audit.Record(ctx, tx, entry(1)), no)
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		n.seal(t)
		if v := n.verify(t); len(v.Logs) != 0 || v.Unnumbered != 0 {
			t.Errorf("%+v", v)
		}
	})
}

func TestAnUnnumberedTailIsNamedAndNoFault(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		n := start(t, open(), t.TempDir(), "a")
		n.record(t, entry(1), entry(2))
		n.seal(t)
		n.record(t, entry(3))
		if v := n.verify(t); !v.OK() || v.Unnumbered != 1 || v.Logs[0].Entries != 2 {
			t.Errorf("%+v", v)
		}
	})
}

func TestRunSealsWhatIsLeftWhenTheNodeEnds(t *testing.T) {
	t.Parallel()
	n := start(t, storetest.SQLite(t), t.TempDir(), "a")
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := n.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	n.record(t, entry(1), entry(2))
	cancel()
	wait.Wait()
	if v := n.verify(t); !v.OK() || v.Unnumbered != 0 || v.Logs[0].Head.Size != 2 {
		t.Errorf("%+v", v)
	}
}

func TestEntriesAreFoundByWhatTheySay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		n := start(t, open(), t.TempDir(), "a")
		var all []audit.Entry
		for i := range 5 {
			all = append(all, entry(i))
		}
		all[4].Actor, all[4].Touched = "analyst-0", append(all[4].Touched, all[1].Touched[1])
		n.record(t, all...)
		n.seal(t)
		for name, test := range map[string]struct {
			query audit.Query
			want  []int64
		}{
			"all, newest first": {audit.Query{}, []int64{5, 4, 3, 2, 1}},
			"a page":            {audit.Query{Before: 4, Limit: 2}, []int64{3, 2}},
			"who":               {audit.Query{Actor: "analyst-0"}, []int64{5, 1}},
			"what":              {audit.Query{Action: "flight.read", Report: all[2].Report}, []int64{3}},
			"what it touched":   {audit.Query{Touched: all[1].Touched[1]}, []int64{5, 2}},
			"part of an id":     {audit.Query{Touched: all[1].Touched[1][:8] + "%"}, nil},
			"another log":       {audit.Query{Log: audit.Exchange}, nil},
		} {
			got, err := n.Entries(t.Context(), test.query)
			if err != nil {
				t.Fatal(name, err)
			}
			var numbers []int64
			for _, e := range got {
				numbers = append(numbers, e.Number)
				want := all[e.Number-1]
				want.Log = audit.House
				if diff := cmp.Diff(want, e.Entry); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			if !slices.Equal(numbers, test.want) {
				t.Errorf("%s: %v, wanted %v", name, numbers, test.want)
			}
		}
	})
}

// Whoever can write the database may do any of this; each must be found. The columns are taken from the database
// itself, so that one added later is held to it as well.
func TestEveryTamperingIsFound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		n := start(t, open(), t.TempDir(), "a")
		for i := range 8 {
			e := entry(i)
			if i%3 == 0 {
				e.Log = audit.Exchange
			}
			n.record(t, e)
			n.seal(t)
		}
		if v := n.verify(t); !v.OK() {
			t.Fatalf("untouched: %+v", v)
		}
		undo := errors.New("undo")
		tampered := 0
		tamper := func(name string, steps ...func(ctx context.Context, tx store.Tx) (sql.Result, error)) {
			t.Helper()
			// Verify wants a store, so the change is committed, looked at, and put back from a copy.
			before := dump(t, n.store)
			err := n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				for _, step := range steps {
					result, err := step(ctx, tx)
					if err != nil {
						return err
					}
					if rows, _ := result.RowsAffected(); rows < 1 {
						return undo
					}
				}
				return nil
			})
			if err != nil {
				t.Errorf("%s could not be tried: %v", name, err)
				return
			}
			tampered++
			if v := n.verify(t); v.OK() {
				t.Errorf("%s was not found", name)
			}
			restore(t, n.store, before)
		}
		do := func(query string, args ...any) func(context.Context, store.Tx) (sql.Result, error) {
			return func(ctx context.Context, tx store.Tx) (sql.Result, error) { return tx.ExecContext(ctx, query, args...) }
		}
		for _, table := range tables {
			content := dump(t, n.store)[table.name]
			last := len(content.rows) - 1
			for _, at := range slices.Compact([]int{0, last / 2, last}) {
				r := content.rows[at]
				key, where := keyOf(table, content.columns, r)
				for i, column := range content.columns {
					var changed any
					switch v := r[i].(type) {
					case int64:
						changed = v + 1
					case string:
						changed = flip(v)
					case []byte:
						changed = []byte(flip(string(v)))
					}
					if changed == nil || len(fmt.Sprint(r[i])) == 0 {
						continue
					}
					args := append([]any{changed}, key...)
					if strings.Contains(where(2), column+" =") && table.name == "audit_entry" && column == "number" {
						continue // the next number is taken; moved beyond all of them below
					}
					tamper(table.name+"."+column, do("update "+table.name+" set "+column+" = $1 where "+where(2), args...))
				}
				tamper(table.name+": a row removed", do("delete from "+table.name+" where "+where(1), key...))
			}
		}
		entries := dump(t, n.store)["audit_entry"]
		insert := store.NewInsert("audit_entry", entries.columns, "")
		tamper("an entry added at the end", func(ctx context.Context, tx store.Tx) (sql.Result, error) {
			more := slices.Clone(entries.rows[len(entries.rows)-1])
			more[slices.Index(entries.columns, "number")] = int64(1000)
			_, err := insert.Exec(ctx, tx, [][]any{more})
			return one{}, err
		})
		tamper("an entry moved", do("update audit_entry set number = 1000 where log = $1 and number = 2", audit.House))
		tamper("two entries swapped", func(ctx context.Context, tx store.Tx) (sql.Result, error) {
			at := slices.Index(entries.columns, "number")
			var house [][]any
			for _, r := range entries.rows {
				if slices.Contains(r, any(audit.House)) {
					house = append(house, slices.Clone(r))
				}
			}
			house[1][at], house[3][at] = house[3][at], house[1][at]
			if _, err := tx.ExecContext(ctx, "delete from audit_entry where log = $1 and number in ($2, $3)", audit.House, house[1][at], house[3][at]); err != nil {
				return nil, err
			}
			_, err := insert.Exec(ctx, tx, [][]any{house[1], house[3]})
			return one{}, err
		})
		tamper("a whole log removed", do("delete from audit_entry where log = $1", audit.House), do("delete from audit_head where log = $1", audit.House))
		tamper("all logs removed", do("delete from audit_entry"), do("delete from audit_head"))

		// The store as it was some entries ago, head and all: only the witness outside it knows.
		old := dump(t, n.store)
		n.record(t, entry(10))
		n.seal(t)
		now := dump(t, n.store)
		restore(t, n.store, old)
		tampered++
		if v := n.verify(t); v.OK() {
			t.Error("a log cut back to an older head was not found")
		}
		restore(t, n.store, now)
		if v := n.verify(t); !v.OK() {
			t.Errorf("put back, it is still bad: %+v", v)
		}
		head := filepath.Join(n.dir, "audit-house.head")
		text, err := os.ReadFile(head)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(head, []byte(flip(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
		if v := n.verify(t); v.OK() {
			t.Error("a changed witness was not found")
		}
		if err := audit.Forget(n.dir); err != nil {
			t.Fatal(err)
		}
		if v := n.verify(t); !v.OK() {
			t.Errorf("without a witness it is bad: %+v", v)
		}
		t.Logf("%d tamperings", tampered)
	})
}

func TestTheFirstBadEntryIsNamed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		n := start(t, open(), t.TempDir(), "a")
		for i := range 6 {
			n.record(t, entry(i))
		}
		n.seal(t)
		for _, test := range []struct {
			change string
			want   string
		}{
			{"update audit_entry set detail = 'nothing' where number in (3, 5)", "entry 3: it was changed (by analyst-2, flight.read)"},
			{"delete from audit_entry where number = 2", "entry 2: it is missing; entry 3 follows"},
			{"delete from audit_entry where number > 0 and number <= 6 and number = 6", "entry 6: it is missing, and all after it; the signed head ends at 6"},
			{"delete from audit_head", "its signed head was removed"},
		} {
			before := dump(t, n.store)
			if err := n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				_, err := tx.ExecContext(ctx, test.change)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if got := n.verify(t).Logs[0].Bad; got == nil || got.String() != test.want {
				t.Errorf("%s: %v", test.change, got)
			}
			restore(t, n.store, before)
		}
	})
}

type one struct{}

func (one) LastInsertId() (int64, error) { return 0, nil }
func (one) RowsAffected() (int64, error) { return 1, nil }

var tables = []struct {
	name string
	key  []string
}{{"audit_entry", []string{"log", "number"}}, {"audit_head", []string{"log"}}}

type content struct {
	columns []string
	rows    [][]any
}

func keyOf(table struct {
	name string
	key  []string
}, columns []string, r []any) (key []any, where func(first int) string) {
	for _, k := range table.key {
		key = append(key, r[slices.Index(columns, k)])
	}
	return key, func(first int) string {
		var parts []string
		for i, k := range table.key {
			parts = append(parts, fmt.Sprintf("%s = $%d", k, first+i))
		}
		return strings.Join(parts, " and ")
	}
}

// flip changes the lowest bit of a byte in the first half.
func flip(s string) string {
	if s == "" {
		return s
	}
	b := []byte(s)
	b[len(b)/3] ^= 1
	return string(b)
}

func dump(t *testing.T, st *store.Store) map[string]content {
	t.Helper()
	out := map[string]content{}
	for _, table := range tables {
		rows, err := st.Read().QueryContext(t.Context(), "select * from "+table.name+" order by "+strings.Join(table.key, ", "))
		if err != nil {
			t.Fatal(err)
		}
		var c content
		c.columns, _ = rows.Columns()
		for rows.Next() {
			r := make([]any, len(c.columns))
			into := make([]any, len(r))
			for i := range r {
				into[i] = &r[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			c.rows = append(c.rows, r)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		out[table.name] = c
	}
	return out
}

func restore(t *testing.T, st *store.Store, from map[string]content) {
	t.Helper()
	err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for name, c := range from {
			if _, err := tx.ExecContext(ctx, "delete from "+name); err != nil {
				return err
			}
			if _, err := store.NewInsert(name, c.columns, "").Exec(ctx, tx, c.rows); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkVerify100k(b *testing.B) {
	n := start(b, storetest.SQLite(b), b.TempDir(), "a")
	var entries []audit.Entry
	for i := range 100_000 {
		entries = append(entries, entry(i))
	}
	n.record(b, entries...)
	n.seal(b)
	for b.Loop() {
		if v := n.verify(b); !v.OK() {
			b.Fatal(v)
		}
	}
}
