package cargo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A house is kept before its master comes, and linked when it does, flight and all; the same on both stores, and where
// transactions fail at random.
func TestHouseBeforeMaster(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, openStore func() *store.Store) {
		o := openOffice(t, openStore())
		o.file(petra.Name, "r1", sample(t, "01-house-v4.fhl"))
		before := o.rows(huda, "?departure=none")
		if len(before) != 1 || before[0].Flight != "" || before[0].Flags[0] != "master-not-filed" || before[0].State != cargo.Complete {
			t.Fatalf("alone the house is %+v", before)
		}
		o.file(nine.Name, "r2", sample(t, "02-consol-master-v16.fwb"))
		after := o.rows(huda, "?departure=9X201.2026-03-15")
		if len(after) != 2 || after[0].Shipment != after[1].Shipment {
			t.Fatalf("with its master it is %+v", after)
		}
		for _, r := range after {
			if r.Flight != "9X201" || r.House != "" && (r.ID != before[0].ID || len(r.Flags) != 0) {
				t.Errorf("with its master it is %+v", r)
			}
		}
		if len(o.due) == 0 {
			t.Error("the house is not looked at again, though its flight is known now")
		}
	})
}

// planOf plans a report and does not write it.
func (k *room) planOf(name, body string) pipeline.Change {
	k.t.Helper()
	f := pipeline.Filing{Report: intake.Report{ID: name, Filer: intake.Filer{Name: petra.Name}, Received: k.now}}
	if err := k.d.Formats()[0].Read([]byte(body), k.now, func(m pipeline.Message) error {
		f.Messages = append(f.Messages, m)
		return nil
	}); err != nil {
		k.t.Fatal(err)
	}
	c, err := k.d.Plan(k.t.Context(), k.st.Read(), f)
	if err != nil {
		k.t.Fatal(err)
	}
	c.(pipeline.Weighing).Weigh(nil)
	return c
}

// What was planned on something that moved meanwhile is not written: another filing, a decision, an hour of departure.
func TestPlansThatMoved(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	write := func(c pipeline.Change) error {
		return o.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := c.Write(ctx, tx)
			return err
		})
	}
	moves := []struct {
		name string
		do   func()
	}{
		{"nothing", func() {}},
		{"another house", func() { o.file(petra.Name, "other", sample(t, "03-house-v5.fhl")) }},
		{"a decision", func() {
			row := o.referrals("")[0]
			if err := o.decide(huda, row.Case, "cleared"); err != nil {
				t.Fatal(err)
			}
		}},
		{"an hour of departure", func() {
			departs := map[string]any{"departs": time.Date(2026, 3, 15, 9, 15, 0, 0, time.UTC)}
			if code := o.ask(http.MethodPut, "/api/v1/cargo/departures/9X201.2026-03-15/schedule", departs, nil); code != http.StatusOK {
				t.Fatalf("the schedule answered %d", code)
			}
		}},
	}
	o.file(petra.Name, "r0", sample(t, "02-house-v4-weak-description.fhl"))
	o.file(nine.Name, "r1", sample(t, "02-consol-master-v16.fwb"))
	for i, m := range moves {
		c := o.planOf(fmt.Sprint("house ", i), sample(t, "01-house-v4.fhl"))
		m.do()
		if err := write(c); errors.Is(err, pipeline.ErrConflict) != (m.name != "nothing") {
			t.Errorf("after %s writing answered %v", m.name, err)
		}
	}
}

// A waybill filed in parts, each for its flight, is one consignment of all of them; a later word on a part replaces that
// part, and one on the whole replaces all.
func TestSplits(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	whole := sample(t, "01-direct-v16.fwb") // 10 pieces, 250.5 kg
	part := func(quantity, flight string) string {
		return strings.NewReplacer("/T10K250.5", "/"+quantity, "/P10/K250.5", "/"+strings.Replace(quantity, "K", "/K", 1), "FLT/9X101/15", "FLT/"+flight).Replace(whole)
	}
	show := func() string {
		var s cargo.Sheet
		o.ask(http.MethodGet, "/api/v1/cargo/consignments/"+o.rows(huda, "?q=96910000012")[0].ID, nil, &s)
		return fmt.Sprint(s.Pieces, " ", s.Kg, " ", len(s.Splits), " ", s.State)
	}
	for i, c := range []struct{ body, want string }{
		{part("P6K150.5", "9X101/15"), "6 150.5 1 complete"},
		{part("P4K100", "9X103/16"), "10 250.5 2 complete"},
		{part("P3K90", "9X103/16"), "9 240.5 2 complete"},
		{whole, "10 250.5 0 complete"},
	} {
		o.now = morning.Add(time.Duration(i) * time.Minute)
		o.file(nine.Name, fmt.Sprint("r", i), c.body)
		if got := show(); got != c.want {
			t.Errorf("after the filing of %q it is %s, should be %s", c.body[8:40], got, c.want)
		}
	}
}

// A party that a later filing leaves out is gone, and so is everybody of a consignment that is withdrawn: their findings and
// cases go too.
func TestGoneParties(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	body := strings.Replace(sample(t, "02-house-v4-weak-description.fhl"), "SPARE PARTS", "RUBBER SEALS", 1)
	o.file(petra.Name, "r1", body)
	o.gone = nil
	o.file(petra.Name, "r2", "FXX\r\n969-10000023-PF26H0002\r\n")
	if len(o.gone) != 2 {
		t.Errorf("withdrawn, gone are %q", o.gone)
	}
	o.gone = nil
	o.now = o.now.Add(time.Minute)
	o.file(petra.Name, "r3", body)
	if row := o.rows(huda, "?q=pf26h0002")[0]; len(o.gone) != 0 || row.Cancelled || row.State == cargo.Cancelled {
		t.Errorf("filed anew it is %+v, gone are %q", row, o.gone)
	}
}
