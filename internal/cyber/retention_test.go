package cyber_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/custody/custodytest"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A log goes after a year, with the machines that no later log speaks of; an incident five years after it ended, never while
// it is open; an indicator when it holds no more and nothing hangs on it.
func TestRetention(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		r := open(t, openStore())
		r.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
		r.file("port", "log1", []byte(twoLines))
		r.file("port", "i1", sample(t, "reports/01-early-warning.json"))
		r.now = r.now.AddDate(0, 10, 0)
		r.file("port", "log2", []byte(`{"@timestamp":"2027-01-16T09:30:00Z","host":{"name":"gate-9"},"destination":{"ip":"198.51.100.7"}}`+"\n"))
		count := func(table string) (n int) {
			t.Helper()
			if err := r.store.Read().QueryRowContext(t.Context(), `select count(*) from `+table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		tables := []string{"cyber_log", "cyber_sighting", "cyber_host", "cyber_incident", "cyber_filed"}
		state := func() map[string]int {
			m := map[string]int{}
			for _, table := range tables {
				m[table] = count(table)
			}
			return m
		}
		first := state()
		custodytest.Night(t, r.store, r.Retention(), day0.AddDate(1, 0, -2), nil)
		if diff := cmp.Diff(first, state()); diff != "" {
			t.Errorf("something went too early (-want +got):\n%s", diff)
		}
		f := custodytest.Night(t, r.store, r.Retention(), day0.AddDate(1, 0, 2), nil)["cyber.log"]
		if f.Last == nil || f.Last.Records != 1 || f.Held != 1 {
			t.Errorf("of logs: %+v", f)
		}
		if n := count(`cyber_host where place = 'gate-7'`); n != 0 {
			t.Errorf("gate-7 is still known")
		}
		if n := count(`cyber_host where place = 'gate-9'`); n != count(`cyber_sighting`) {
			t.Errorf("%d machines for %d sightings", n, count("cyber_sighting"))
		}
		if diff := cmp.Diff(first["cyber_incident"], count("cyber_incident")); diff != "" {
			t.Errorf("the open incident (-want +got):\n%s", diff)
		}
		custodytest.Night(t, r.store, r.Retention(), day0.AddDate(20, 0, 0), nil)
		if count("cyber_log")+count("cyber_sighting")+count("cyber_host") != 0 || count("cyber_incident") != first["cyber_incident"] {
			t.Errorf("in the end %v", state())
		}
		if err := r.store.Write(t.Context(), closeAll); err != nil {
			t.Fatal(err)
		}
		custodytest.Night(t, r.store, r.Retention(), day0.AddDate(20, 0, 0), nil)
		if count("cyber_incident")+count("cyber_filed") != 0 {
			t.Errorf("an incident that ended is still there: %v", state())
		}
	})
}

// closeAll ends every incident, as its people would.
func closeAll(ctx context.Context, tx store.Tx) error {
	_, err := tx.ExecContext(ctx, `update cyber_incident set is_open = false, state = 'closed'`)
	return err
}
