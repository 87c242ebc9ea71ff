package screening

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A firm on a list is found where a name may be a firm's, in the list's own layer and in one laid over it; nobody with a
// surname is taken for a firm. A firm that comes on a list concerns whoever bears its name, and no traveller.
func TestFirms(t *testing.T) {
	t.Parallel()
	ctx, st := context.Background(), storetest.SQLite(t)
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	load := func(name, text string) {
		t.Helper()
		u := Upload{Name: name, By: "sam", Role: "supervisor", Files: []lists.File{{Name: name + ".csv", Data: []byte(text)}}}
		if _, err := LoadList(ctx, st, u); err != nil {
			t.Fatal(err)
		}
	}
	if err := Migrate(ctx, st); err != nil {
		t.Fatal(err)
	}
	load("base", "id,schema,name\nF1,Company,Kouswoud Notal Shipping LLC\nP1,Person,Perpetua Fantomas\nV1,Vessel,Zarqun Wave\n")
	s, err := Open(ctx, st, Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	finds := func(name Name, want string) {
		t.Helper()
		var got []string
		for _, f := range s.Generation().Screen(nil, &Screened{Subject: Subject{ID: "1", Names: []Name{name}}}) {
			got = append(got, f.Matched)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("of %v is found %v, want %q", name, got, want)
		}
	}
	finds(Name{Full: "KOUSWOUD NOTAL SHIPPING LLC"}, "base/F1")
	finds(Name{Surname: "NOTAL SHIPPING", Given: "KOUSWOUD"}, "")
	finds(Name{Full: "CORAL FIELD SHIPPING LLC"}, "")
	finds(Name{Full: "PERPETUA FANTOMAS"}, "base/P1")
	finds(Name{Full: "ZARQUN WAVE"}, "")

	before := s.Generation().Number()
	load("later", "id,schema,name\nF2,Organization,Deshbarak Holdings Ltd\n")
	if changed, err := s.Refresh(ctx); err != nil || !changed {
		t.Fatal(changed, err)
	}
	finds(Name{Full: "DESHBARAK HOLDINGS LTD"}, "later/F2")
	finds(Name{Full: "KOUSWOUD NOTAL SHIPPING LLC"}, "base/F1")
	d, err := s.Delta(ctx, before, s.Generation())
	if err != nil || d == nil {
		t.Fatal(d, err)
	}
	for name, want := range map[Name]bool{
		{Full: "DESHBARAK HOLDINGS LTD"}: true, {Full: "KOUSWOUD NOTAL SHIPPING LLC"}: false, {Surname: "HOLDINGS", Given: "DESHBARAK"}: false,
	} {
		if got := d.concerns(&Subject{Names: []Name{name}}, new(matching)); got != want {
			t.Errorf("the new firm concerns %v: %v, want %v", name, got, want)
		}
	}
}
