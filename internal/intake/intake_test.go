package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type rooms struct {
	store   *store.Store
	keys    *keys.Keys
	reports *intake.Reports
	journal *intake.Journal
	audit   *audit.Log
	dir     string

	mu  sync.Mutex
	now time.Time
}

func (r *rooms) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rooms) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// open puts the room together on a store.
func open(t *testing.T, st *store.Store, dir, owner string) *rooms {
	t.Helper()
	r := &rooms{store: st, dir: dir, now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	r.keys, err = keys.Open(t.Context(), st, keys.Options{Dir: filepath.Join(dir, "keys")})
	must(err)
	r.audit, err = audit.Open(t.Context(), st, r.keys, audit.Options{Dir: filepath.Join(dir, "keys"), Owner: owner})
	must(err)
	r.reports, err = intake.OpenReports(t.Context(), st, r.keys, r.clock)
	must(err)
	r.journal, err = intake.OpenJournal(t.Context(), st, r.keys, r.reports, intake.JournalOptions{Owner: owner, Clock: r.clock})
	must(err)
	t.Cleanup(func() { must(r.journal.Close()) })
	return r
}

var verger = intake.Filer{ID: "k1", Name: "verger", Carriers: []string{"YY", "ZZ"}}

func (r *rooms) take(t *testing.T, d intake.Delivery) intake.Receipt {
	t.Helper()
	receipt, err := r.journal.Take(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// save stores what became of a report, as the pipeline does, and lets the journal go of it.
func (r *rooms) save(t *testing.T, u intake.Understood, raw []byte) {
	t.Helper()
	sealed, err := r.reports.Seal(t.Context(), u, raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return r.reports.Save(ctx, tx, sealed) }); err != nil {
		t.Fatal(err)
	}
	if err := r.journal.Remove(t.Context(), []string{u.Report.ID}); err != nil {
		t.Fatal(err)
	}
}

func (r *rooms) pending(t *testing.T, lane intake.Lane) []intake.Pending {
	t.Helper()
	list, err := r.journal.Pending(t.Context(), lane, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What is taken is pending, whole, in the order of receipt, and known by filer and content.
func TestTake(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, at func() *store.Store) {
		r := open(t, at(), t.TempDir(), "one")
		large := make([]byte, 2<<20+17) // three rows
		for i := range large {
			large[i] = byte(rand.IntN(256))
		}
		first := r.take(t, intake.Delivery{Filer: verger, Gate: "http", Media: "text/plain", Name: "a.edi", Raw: []byte("one")})
		second := r.take(t, intake.Delivery{Filer: verger, Gate: "http", Raw: large})
		urgent := r.take(t, intake.Delivery{Filer: verger, Raw: []byte("now?"), Lane: intake.Interactive})
		other := r.take(t, intake.Delivery{Filer: intake.Filer{Name: "sexton"}, Raw: []byte("one")})
		again := r.take(t, intake.Delivery{Filer: verger, Raw: []byte("one")})
		if first.Duplicate || !again.Duplicate || again.ID != first.ID || other.ID == first.ID || other.Duplicate || other.SHA256 != first.SHA256 {
			t.Errorf("first %+v, again %+v, another's %+v", first, again, other)
		}
		list := r.pending(t, intake.Bulk)
		var ids []string
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		if diff := cmp.Diff([]string{first.ID, second.ID, other.ID}, ids); diff != "" {
			t.Fatal(diff)
		}
		want := intake.Report{ID: first.ID, SHA256: first.SHA256, Filer: verger, Gate: "http", Media: "text/plain", Name: "a.edi", Received: r.now, Size: 3}
		if diff := cmp.Diff(want, list[0].Report); diff != "" {
			t.Error(diff)
		}
		if got := r.pending(t, intake.Interactive); len(got) != 1 || got[0].ID != urgent.ID {
			t.Errorf("interactive: %+v", got)
		}
		raw, err := r.journal.Raw(t.Context(), list[1])
		if err != nil || !bytes.Equal(raw, large) {
			t.Errorf("the large report came back as %d bytes (%v)", len(raw), err)
		}

		r.save(t, intake.Understood{Report: list[0].Report, State: intake.Processed}, []byte("one"))
		if again := r.take(t, intake.Delivery{Filer: verger, Raw: []byte("one")}); !again.Duplicate || again.ID != first.ID {
			t.Errorf("the store has it: %+v", again)
		}
		if _, err := r.journal.Raw(t.Context(), list[0]); !errors.Is(err, intake.ErrUnknown) {
			t.Errorf("the journal has let go of it: %v", err)
		}
	})
}

// Many at once share commits, and the same report from all of them is one.
func TestTakeTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, at func() *store.Store) {
		r := open(t, at(), t.TempDir(), "one")
		var filers sync.WaitGroup
		var mu sync.Mutex
		fresh := map[string]int{}
		for range 8 {
			filers.Go(func() {
				for i := range 20 {
					receipt, err := r.journal.Take(t.Context(), intake.Delivery{Filer: verger, Raw: fmt.Appendf(nil, "report %d", i)})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					fresh[receipt.ID] += 1 - btoi(receipt.Duplicate)
					mu.Unlock()
				}
			})
		}
		filers.Wait()
		if len(fresh) != 20 || len(r.pending(t, intake.Bulk)) != 20 {
			t.Errorf("%d ids, %d pending of 20", len(fresh), len(r.pending(t, intake.Bulk)))
		}
		for id, n := range fresh {
			if n != 1 {
				t.Errorf("%s was new %d times", id, n)
			}
		}
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestTakeRefuses(t *testing.T) {
	t.Parallel()
	r := open(t, storetest.SQLite(t), t.TempDir(), "one")
	known := r.take(t, intake.Delivery{Filer: verger, Raw: []byte("x")})
	for _, test := range []struct {
		name string
		d    intake.Delivery
		want error
	}{
		{"nothing", intake.Delivery{Filer: verger}, intake.ErrEmpty},
		{"a byte too many", intake.Delivery{Filer: verger, Raw: make([]byte, intake.MaxBytes+1)}, intake.ErrTooLarge},
		{"mended by itself", intake.Delivery{Filer: verger, Raw: []byte("x"), Mends: known.ID}, intake.ErrUnmended},
	} {
		if _, err := r.journal.Take(t.Context(), test.d); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	r.take(t, intake.Delivery{Filer: verger, Raw: make([]byte, intake.MaxBytes)})
}

// What a silent node took is taken up by another once its lease is over.
func TestAdopt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, at func() *store.Store) {
		a := at()
		if a.Embedded() {
			return // one process serves an embedded store
		}
		dir := t.TempDir()
		one, two := open(t, a, dir, "one"), open(t, at(), dir, "two")
		adopt := func(r *rooms) bool {
			adopted, err := r.journal.Adopt(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return adopted
		}
		adopt(one)
		one.take(t, intake.Delivery{Filer: verger, Raw: []byte("x")})
		if adopt(two) || len(two.pending(t, intake.Bulk)) != 0 {
			t.Error("taken from a node that lives")
		}
		if err := a.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { // its lease ran out
			_, err := tx.ExecContext(ctx, `update store_lease set until = 1 where owner = 'one'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if !adopt(two) || len(two.pending(t, intake.Bulk)) != 1 || len(one.pending(t, intake.Bulk)) != 0 {
			t.Error("not taken up")
		}
	})
}

// The stored copy is masked byte for byte, the quarantined bytes come back whole, and after seven days not at all.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, at func() *store.Store) {
		r := open(t, at(), t.TempDir(), "one")
		raw := []byte("keep this, hide that, lose these bytes")
		receipt := r.take(t, intake.Delivery{Filer: verger, Raw: raw})
		report := r.pending(t, intake.Bulk)[0].Report
		r.save(t, intake.Understood{Report: report, State: intake.Processed, Format: "f", Domain: "d", Messages: 1,
			Withheld: []fault.Range{{Offset: 16, Length: 4}, {Offset: 30, Length: 500}},
			Blank:    []fault.Range{{Offset: 22, Length: 10}, {Offset: 30, Length: 3}},
			Lost:     []fault.Fault{{Offset: 22, Length: 10, Rule: "r", Message: "m"}}}, raw)
		stored, err := r.reports.Raw(t.Context(), receipt.ID)
		if want := "keep this, hide XXXX, " + strings.Repeat(" ", 11) + "XXXXX"; err != nil || string(stored) != want {
			t.Errorf("stored %q (%v), want %q", stored, err, want)
		}
		opened, err := r.reports.Opened(t.Context(), receipt.ID)
		if want := "keep this, hide XXXX, lose these XXXXX"; err != nil || string(opened) != want {
			t.Errorf("opened %q (%v), want %q", opened, err, want)
		}
		got, err := r.reports.Status(t.Context(), r.journal, receipt.ID)
		want := intake.Status{ID: receipt.ID, State: intake.Processed, Partial: true, Format: "f", Domain: "d", Received: report.Received,
			Filer: "verger", SHA256: receipt.SHA256, Size: len(raw), Messages: 1, Lost: []fault.Fault{{Offset: 22, Length: 10, Rule: "r", Message: "m"}}}
		if diff := cmp.Diff(want, got, cmpopts.EquateErrors()); diff != "" || err != nil {
			t.Error(diff, err)
		}

		r.pass(9 * 24 * time.Hour)
		if err := r.reports.Expire(t.Context(), r.journal); err != nil {
			t.Fatal(err)
		}
		if _, err := r.reports.Opened(t.Context(), receipt.ID); !errors.Is(err, intake.ErrGone) {
			t.Errorf("after seven days: %v", err)
		}
		if stored, err := r.reports.Raw(t.Context(), receipt.ID); err != nil || len(stored) != len(raw) {
			t.Errorf("the masked copy stays: %v", err)
		}
	})
}
