package screening

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store/storetest"
)

// What lies over the base is built into a new one in the background; what changes afterwards lies over that; days come
// and go over it too; and a node that starts then has the same.
func TestMerge(t *testing.T) {
	t.Parallel()
	ctx, st := context.Background(), storetest.SQLite(t)
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	load := func(name, csv string) {
		t.Helper()
		if _, err := LoadList(ctx, st, Upload{Name: name, By: "sup", Role: "supervisor", Force: true, Reason: "a test", Files: []lists.File{{Name: name + ".csv", Data: []byte(csv)}}}); err != nil {
			t.Fatal(err)
		}
	}
	many := func(prefix string, n int, born string) string {
		var b strings.Builder
		b.WriteString("id,surname,given,born,from\n")
		for i := range n {
			fmt.Fprintf(&b, "%s%d,%sfamily%c%c%c,Filler,%s,\n", prefix, i, prefix, 'a'+i%26, 'a'+i/26%26, 'a'+i/676, born)
		}
		return b.String()
	}
	if err := Migrate(ctx, st); err != nil {
		t.Fatal(err)
	}
	load("fillers", many("F", smallBase+100, "1950-01-01"))
	s, err := Open(ctx, st, Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	refresh := func() {
		t.Helper()
		if _, err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
	}
	finds := func(s *Screener, born, surname, want string) {
		t.Helper()
		found := s.Generation().Screen(nil, &Screened{Subject: Subject{ID: "1", Names: []Name{{Surname: surname, Given: "Filler"}}, Births: []string{born}}})
		var got []string
		for _, f := range found {
			got = append(got, f.Matched)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("of %s %s is found %v, want %q", surname, born, got, want)
		}
	}
	base := s.Generation().base
	load("short", "id,surname,given,born,from\nS1,Quintanilla,Filler,1971-03-14,\nS2,Vetrogonova,Filler,1972-03-14,2026-11-27\n")
	refresh()
	if g := s.Generation(); g.base != base || g.over == nil {
		t.Error("a short list was not laid over the base")
	}
	finds(s, "1971-03-14", "Quintanilla", "short/S1")
	finds(s, "1972-03-14", "Vetrogonova", "")
	before := s.Generation().number
	now = now.AddDate(0, 0, 2)
	refresh()
	finds(s, "1972-03-14", "Vetrogonova", "short/S2")
	if d, err := s.Delta(ctx, before, s.Generation()); err != nil || d == nil || len(d.matched) != 1 || d.matched[0] != "short/S2" {
		t.Errorf("the day that came concerns %+v, %v", d, err)
	}
	load("more", many("M", 400, "1960-01-01"))
	refresh()
	s.Wait()
	if g := s.Generation(); g.base == base || g.over != nil || g.base.number != g.number {
		t.Errorf("the overlay of %d entries was not merged", len(g.moved))
	}
	finds(s, "1972-03-14", "Vetrogonova", "short/S2")
	load("short", "id,surname,given,born,from\nS1,Brannigan,Filler,1971-03-14,\n")
	refresh()
	finds(s, "1971-03-14", "Quintanilla", "")
	finds(s, "1971-03-14", "Brannigan", "short/S1")
	finds(s, "1972-03-14", "Vetrogonova", "")
	again, err := Open(ctx, st, Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	finds(again, "1971-03-14", "Brannigan", "short/S1")
}
