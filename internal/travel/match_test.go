package travel_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// A flight is matched with who may travel on it, from a day before it leaves until it lands.
func TestMatchable(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	d := travel.New(travel.Options{Store: st, IDs: hashIDs{"x"}, Home: "GBR"})
	if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
		t.Fatal(err)
	}
	file(t, st, d, synth.Message{Name: "a", Flight: "a", Sent: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Body: []byte(onePassenger)})
	due := func(at time.Time) []sharing.MatchQuestion {
		t.Helper()
		due, err := d.MatchDue(t.Context(), st.Read(), at)
		if err != nil {
			t.Fatal(err)
		}
		return due
	}
	leaves := time.Date(2026, 11, 24, 6, 30, 0, 0, time.UTC) // 10:30 in Dubai
	now := due(leaves.Add(-23 * time.Hour))
	if len(now) != 1 || now[0].Stage != "booked" {
		t.Fatalf("the day before it is due as %+v", now)
	}
	if early, late := due(leaves.Add(-25*time.Hour)), due(leaves.Add(9*time.Hour)); len(early)+len(late) != 0 {
		t.Errorf("too early it is due as %+v, landed as %+v", early, late)
	}
	got, err := d.Matchable(t.Context(), st.Read(), now[0].Flight)
	want := sharing.Manifest{Flight: sharing.Journey{Carrier: "ZZ", Number: "417", Date: "2026-11-24"}, Passengers: []matching.Passenger{{Person: names.Person{
		Names: []names.Name{{Surname: "LINDQVIST", Given: "ASTRID MARIA"}}, Births: []string{"1990-04-12"}, Sex: "F", Countries: []string{"SWE"},
		Documents: []names.Document{{Type: "P", Number: "99887766", Country: "SWE"}},
	}}}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(matching.Passenger{}, "ID")); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := d.Matchable(t.Context(), st.Read(), strings.Repeat("0", 8)); !errors.Is(err, &api.Error{Kind: api.NotFound}) {
		t.Errorf("a flight that is not there: %v", err)
	}
}
