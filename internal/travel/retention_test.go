package travel

import (
	"testing"

	"github.com/rihla/rihla/internal/custody/custodytest"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
)

// Where a state keeps lists for two days, what they said goes and what bookings said stays; after five years the flight goes
// whole.
func TestRetention(t *testing.T) {
	t.Parallel()
	world := synth.Generate(synth.Options{Seed: 11, Flights: 2, Small: 10, Large: 14})
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		st := openStore()
		d := New(Options{Store: st, IDs: plainIDs{}})
		if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
			t.Fatal(err)
		}
		for _, m := range world.Messages {
			fileOne(t, d, st, m)
		}
		count := func(what string) (n int) {
			t.Helper()
			if err := st.Read().QueryRowContext(t.Context(), `select count(*) from `+what).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		var last int64
		if err := st.Read().QueryRowContext(t.Context(), `select max(ahead) from travel_flight`).Scan(&last); err != nil {
			t.Fatal(err)
		}
		landed := store.Time(last)
		lists, bookings := count(`travel_record where kind in ('api', 'crew', 'closeout')`), count(`travel_record where kind in ('pnr', 'booking')`)
		short := map[string]string{"travel.list": "PT48H"}
		if f := custodytest.Night(t, st, d.Retention(), landed.AddDate(0, 0, 3), short)["travel.list"]; f.Last.Records != lists || f.Held != 0 || !f.Own {
			t.Errorf("of %d lines of lists: %+v", lists, f)
		}
		if n := count(`travel_record`); n != bookings || bookings == 0 {
			t.Errorf("%d records are left of %d of bookings", n, bookings)
		}
		flights, err := d.Board(t.Context(), "", "9999")
		if err != nil || len(flights) == 0 {
			t.Fatalf("no flight is left (%v)", err)
		}
		for _, f := range flights {
			people, err := d.Manifest(t.Context(), f.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range people {
				for _, s := range p.Sources {
					if s == "api" {
						t.Errorf("%s still shows what a list said", p.ID)
					}
				}
			}
		}
		custodytest.Night(t, st, d.Retention(), landed.AddDate(5, 0, 3), nil)
		for _, table := range []string{"travel_flight", "travel_record", "travel_passenger", "travel_alias", "travel_codeshare", "travel_query"} {
			if n := count(table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
	})
}
