package trust_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/facilitation/trust"
	"github.com/rihla/rihla/internal/facilitation/trust/specimen"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func opened(t testing.TB, st *store.Store) *trust.Store {
	t.Helper()
	s, err := trust.Open(t.Context(), trust.Options{Store: st, Clock: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// load loads the files of a state one after the other, as an administrator would.
func load(t testing.TB, s *trust.Store, files ...specimen.File) {
	t.Helper()
	for _, f := range files {
		if _, err := s.Load(t.Context(), trust.Loading{Source: f.Path, Bytes: f.Data, By: "operator", Role: "administrator"}); err != nil {
			t.Fatal(f.Path, err)
		}
	}
}

// recorded is what waits to be numbered in the audit log: action, and how many ids.
func recorded(t testing.TB, st *store.Store) (out []string) {
	t.Helper()
	rows, err := st.Read().QueryContext(t.Context(), "select action from audit_pending where action like 'trust.%' order by at, id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var action string
		if err := rows.Scan(&action); err != nil {
			t.Fatal(err)
		}
		out = append(out, action)
	}
	return out
}

// A list is kept, numbered, seen by every process of the store, and each change of it is in the audit log.
func TestKept(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		s, beside := opened(t, st), opened(t, open())
		u := utopia()
		files := must(u.Trust())
		load(t, s, files...)
		l, err := beside.Current(t.Context())
		if err != nil || l.Version != int64(len(files)) || len(l.Certificates()) != 5 || len(l.Revocations()) != 2 {
			t.Fatalf("%v %+v", err, l)
		}
		if got := beside.List(); got != l {
			t.Error("what was seen is not kept")
		}
		again, err := s.Load(t.Context(), trust.Loading{Source: "again", Bytes: files[0].Data, By: "operator"})
		if err != nil || again.Known != 1 || again.Version != l.Version {
			t.Errorf("the same again: %v %+v", err, again)
		}
		v := trust.Verify(l, trust.Evidence{Chip: must(u.Passport())}, day)
		if !v.PassiveOK() || v.List != l.Version {
			t.Errorf("%s %v", v.Verdict, codes(&v))
		}
		// An authority that goes takes with it what it made.
		id := u.Authority.Certificate.ID()
		if err := s.Remove(t.Context(), id, "its key is lost", "operator", "administrator"); err != nil {
			t.Fatal(err)
		}
		if err := s.Remove(t.Context(), id, "its key is lost", "operator", "administrator"); !errors.Is(err, trust.ErrNone) {
			t.Error(err)
		}
		l, err = beside.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if v := trust.Verify(l, trust.Evidence{Chip: must(u.Passport())}, day); v.Verdict != trust.CannotCheck {
			t.Errorf("%s %v", v.Verdict, codes(&v))
		}
		want := []string{"trust.load", "trust.load", "trust.load", "trust.load", "trust.load", "trust.load", "trust.load", "trust.remove"}
		if diff := cmp.Diff(want, recorded(t, st)); diff != "" {
			t.Error(diff)
		}
	})
}

// Of a file that nothing can be taken of, nothing changes, and it is said why.
func TestRefusedLoudly(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	s := opened(t, st)
	u := utopia()
	load(t, s, must(u.Trust())...)
	before := s.List()
	for name, raw := range map[string][]byte{"broken": []byte("x"), "an impostor's": must(impostor().MasterList(impostor().Authority.Certificate)), "older": must(u.Revocations(3, specimen.Day.AddDate(-1, 0, 0)))} {
		_, err := s.Load(t.Context(), trust.Loading{Source: name, Bytes: raw})
		var nothing *trust.NothingError
		if !errors.As(err, &nothing) || len(nothing.Refused) == 0 || err.Error() == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.List() != before || len(recorded(t, st)) != 7 {
		t.Error("something changed")
	}
}

// A new edition takes the place of the old one; one that leaves out more than a tenth of the authorities is refused
// unless that is meant.
func TestNewEdition(t *testing.T) {
	t.Parallel()
	s := opened(t, storetest.SQLite(t))
	u := utopia()
	load(t, s, specimen.File{Path: "csca", Data: u.Authority.Certificate.Raw})
	whole, less := must(u.MasterList(u.Authority.Certificate, u.Next.Certificate, neighbour().Authority.Certificate)), must(u.MasterList(u.Authority.Certificate, u.Next.Certificate))
	load(t, s, specimen.File{Path: "world.ml", Data: whole})
	edition := trust.Loading{Source: "world.ml", Bytes: less, Replace: true, By: "operator"}
	_, err := s.Load(t.Context(), edition)
	var shrink *trust.ShrinkError
	if !errors.As(err, &shrink) || shrink.Gone != 1 || shrink.Of != 2 || len(s.List().Certificates()) != 3 {
		t.Fatalf("%v %v", err, kinds(s.List()))
	}
	edition.Force = true
	out, err := s.Load(t.Context(), edition)
	if err != nil || out.Removed != 1 || len(s.List().Certificates()) != 2 {
		t.Errorf("%v %+v %v", err, out, kinds(s.List()))
	}
	// What came under another name stays, whatever an edition leaves out.
	edition.Bytes = must(u.MasterList(u.Next.Certificate))
	if out, err := s.Load(t.Context(), edition); err != nil || out.Removed != 0 || len(s.List().Certificates()) != 2 {
		t.Errorf("%v %+v", err, out)
	}
}

func TestWaivers(t *testing.T) {
	t.Parallel()
	s := opened(t, storetest.SQLite(t))
	good := trust.Waiver{ID: "utopia-crl", Country: "ut", Defect: trust.CodeListMissing, Reason: "none is published", Until: day.AddDate(1, 0, 0), By: "operator"}
	for field, edit := range map[string]func(w *trust.Waiver){
		"id": func(w *trust.Waiver) { w.ID = "a b" }, "country": func(w *trust.Waiver) { w.Country = "UTO" }, "defect": func(w *trust.Waiver) { w.Defect = trust.CodeRevoked },
		"reason": func(w *trust.Waiver) { w.Reason = "because" }, "until": func(w *trust.Waiver) { w.Until = day.AddDate(3, 0, 0) },
	} {
		w := good
		edit(&w)
		var wrong *trust.WrongError
		if err := s.Waive(t.Context(), w, "administrator"); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := s.Waive(t.Context(), good, "administrator"); err != nil {
		t.Fatal(err)
	}
	good.Reason = "still none is published"
	if err := s.Waive(t.Context(), good, "administrator"); err != nil {
		t.Fatal(err)
	}
	good.Country = "UT"
	if diff := cmp.Diff([]trust.Waiver{good}, s.List().Waivers(), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Error(diff)
	}
	if err := s.Unwaive(t.Context(), good.ID, "operator", "administrator"); err != nil {
		t.Fatal(err)
	}
	if err := s.Unwaive(t.Context(), good.ID, "operator", "administrator"); !errors.Is(err, trust.ErrNone) {
		t.Error(err)
	}
}

// Two that load at once both count.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		s, beside := opened(t, open()), opened(t, open())
		load(t, s, specimen.File{Path: "csca", Data: utopia().Authority.Certificate.Raw})
		var all sync.WaitGroup
		for i, on := range []*trust.Store{s, beside, s, beside} {
			all.Go(func() {
				signer := must(utopia().Make(specimen.Wanted{Common: "DSC", Serial: int64(100 + i), From: day.AddDate(-1, 0, 0), Until: day.AddDate(1, 0, 0)}))
				if _, err := on.Load(context.WithoutCancel(t.Context()), trust.Loading{Source: "dsc", Bytes: signer.Certificate.Raw, By: "operator"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		l, err := s.Current(t.Context())
		if err != nil || l.Version != 5 || len(l.Certificates()) != 5 {
			t.Errorf("%v version %d, %d certificates", err, l.Version, len(l.Certificates()))
		}
	})
}

var _ trust.Reads = (*audit.Log)(nil)
