// Package storetest runs a room's tests on both stores: a SQLite file, and a real PostgreSQL started for the test process.
//
// [Each] is the one thing to call. A package that uses it says in one line who ends the PostgreSQL:
//
//	func TestMain(m *testing.M) { storetest.Main(m) }
//
// Where PostgreSQL is not installed a test fails with one line that says so. It is never skipped.
package storetest

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rihla/rihla/internal/store"
)

// Main runs the tests and then ends the PostgreSQL they shared.
func Main(m *testing.M) {
	code := m.Run()
	stopPostgres()
	os.Exit(code)
}

// Each runs the test once on each store. open answers the same database each time, as seen by one more node.
func Each(t *testing.T, test func(t *testing.T, open func() *store.Store)) {
	t.Helper()
	EachWith(t, store.Options{}, test)
}

// EachFaulty is Each, with one in thirty statements failing as if two transactions had met.
func EachFaulty(t *testing.T, test func(t *testing.T, open func() *store.Store)) {
	t.Helper()
	EachWith(t, store.Options{Faults: faults()}, test)
}

// EachWith is Each with options of the test's own.
func EachWith(t *testing.T, o store.Options, test func(t *testing.T, open func() *store.Store)) {
	t.Helper()
	o.NoSync = true
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		where := "sqlite:" + filepath.Join(t.TempDir(), "rihla.db")
		test(t, func() *store.Store { return opened(t, where, o) })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		where := schema(t)
		test(t, func() *store.Store { return opened(t, where, o) })
	})
}

// Named is one of the two stores, for benchmarks.
type Named struct {
	Name string
	Open func() *store.Store
}

// Both answers the two stores, each empty.
func Both(t testing.TB) []Named {
	t.Helper()
	lite, pg := "sqlite:"+filepath.Join(t.TempDir(), "rihla.db"), schema(t)
	return []Named{
		{"sqlite", func() *store.Store { return opened(t, lite, store.Options{}) }},
		{"postgres", func() *store.Store { return opened(t, pg, store.Options{}) }},
	}
}

// SQLite is one store, for tests where the dialect does not matter.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return opened(t, "sqlite:"+filepath.Join(t.TempDir(), "rihla.db"), store.Options{NoSync: true})
}

func opened(t testing.TB, where string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), where, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// faults answers a source of failures that is the same in every run.
func faults() func() bool {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(4, 0o1)) //nolint:gosec // it only has to be repeatable
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		return r.IntN(30) == 0
	}
}
