package cargo_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/custody/custodytest"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Three years after its departure a shipment goes whole, with its houses, what was found and answered of them, and what was
// remembered of parties that are known from nothing else; what left later stays.
func TestRetention(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		o := openOffice(t, openStore())
		o.rulebook()
		o.file(petra.Name, "r1", sample(t, "01-house-v4.fhl"))
		o.file(nine.Name, "r2", sample(t, "02-consol-master-v16.fwb"))
		o.now = o.now.AddDate(1, 0, 0)
		o.file(nine.Name, "r3", strings.ReplaceAll(sample(t, "01-direct-v16.fwb"), "MAR26", "MAR27"))
		o.now = o.now.AddDate(-1, 0, 0)
		if all := o.rows(huda, ""); len(all) != 3 {
			t.Fatalf("filed are %+v", all)
		}
		tables := []string{"cargo_shipment", "cargo_consignment", "cargo_filing", "cargo_thread", "cargo_known", "screening_finding"}
		before := o.counts(tables...)
		if f := custodytest.Night(t, o.st, o.d.Retention(), morning.AddDate(3, 0, -10), nil)["cargo.shipment"]; f.Due != 0 || f.Last.Records != 0 || f.Held != 2 {
			t.Errorf("too early: %+v", f)
		}
		if diff := cmp.Diff(before, o.counts(tables...)); diff != "" {
			t.Errorf("something went too early (-want +got):\n%s", diff)
		}
		if f := custodytest.Night(t, o.st, o.d.Retention(), morning.AddDate(3, 0, 10), nil)["cargo.shipment"]; f.Due != 0 || f.Last.Records != 1 || f.Held != 1 || f.Keep != "P3Y" {
			t.Errorf("in time: %+v", f)
		}
		rows := o.rows(huda, "")
		if len(rows) != 1 || rows[0].Kind != "direct" {
			t.Errorf("left are %+v", rows)
		}
		after := o.counts(tables...)
		if after["cargo_filing"] != 1 || after["cargo_known"] >= before["cargo_known"] || after["cargo_known"] == 0 {
			t.Errorf("before %v, after %v", before, after)
		}
		for _, text := range o.bodies() {
			if strings.Contains(text, rows[0].Master) {
				continue
			}
			t.Errorf("left of what went: %s", text)
		}
		custodytest.Night(t, o.st, o.d.Retention(), morning.AddDate(9, 0, 0), nil)
		for table, n := range o.counts(tables...) {
			if n != 0 {
				t.Errorf("%d left in %s", n, table)
			}
		}
	})
}

// counts counts the rows of tables.
func (k *room) counts(tables ...string) map[string]int {
	k.t.Helper()
	out := map[string]int{}
	for _, table := range tables {
		var n int
		if err := k.st.Read().QueryRowContext(k.t.Context(), `select count(*) from `+table).Scan(&n); err != nil {
			k.t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

// bodies are the texts of consignments.
func (k *room) bodies() (all []string) {
	k.t.Helper()
	rows, err := k.st.Read().QueryContext(k.t.Context(), `select body from cargo_consignment`)
	if err != nil {
		k.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			k.t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}
