package cargo_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A flight that departs with a held consignment raises an alarm, and the hold is still in force.
func TestDepartsUnderHold(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(nine.Name, "r0", sample(t, "02-consol-master-v16.fwb"))
	o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
	row := o.referrals("")[0]
	o.ask(http.MethodPut, "/api/v1/cargo/consignments/"+row.ID+"/question", map[string]any{"kind": "rfs", "method": "HRCM"}, nil)
	if err := o.decide(huda, row.Case, "rfs"); err != nil {
		t.Fatal(err)
	}
	var page struct{ Items []cargo.Departure }
	o.ask(http.MethodGet, "/api/v1/cargo/departures?from=2026-03-15&to=2026-03-15", nil, &page)
	if len(page.Items) != 1 || page.Items[0].ID != "9X201.2026-03-15" || page.Items[0].Consignments != 1 || page.Items[0].States["rfs"] != 1 || page.Items[0].DepartsKnown {
		t.Fatalf("the departures are %+v", page.Items)
	}
	departs := time.Date(2026, 3, 15, 9, 15, 0, 0, time.UTC)
	if code := o.ask(http.MethodPut, "/api/v1/cargo/departures/9X201.2026-03-15/schedule", map[string]any{"departs": departs}, nil); code != http.StatusOK {
		t.Errorf("the schedule answered %d", code)
	}
	if rows := o.referrals(""); len(rows) != 1 || !rows[0].CutOff.Equal(departs.Add(-time.Hour)) || !rows[0].DepartsKnow || rows[0].Late {
		t.Errorf("the desk shows %+v", rows)
	}
	o.now = departs.Add(-30 * time.Minute)
	if rows := o.referrals(""); !rows[0].Late || rows[0].State != cargo.RFS {
		t.Errorf("after the cut-off the desk shows %+v", rows)
	}
	var flew struct{ Shipments, Alarms int }
	if o.ask(http.MethodPost, "/api/v1/cargo/departures/9X201.2026-03-15/departed", map[string]any{}, &flew); flew.Shipments != 1 || flew.Alarms != 1 {
		t.Errorf("the departure came to %+v", flew)
	}
	screened, err := o.d.Screen(t.Context(), o.st.Read(), []screening.ID{screening.ID(row.ID)})
	if err != nil || len(screened) != 1 || len(screened[0].Found) != 1 || screened[0].Found[0].Explanation.Code != cargo.FlewHeld {
		t.Errorf("screened again it is %+v %v", screened, err)
	}
	if rows := o.referrals("?state=departed"); len(rows) != 1 || rows[0].Hold != cargo.RFS {
		t.Errorf("flown, the desk shows %+v", rows)
	}
	if code := o.ask(http.MethodPost, "/api/v1/cargo/departures/9X999.2026-03-15/departed", map[string]any{}, nil); code != http.StatusNotFound {
		t.Errorf("an unknown departure answered %d", code)
	}
}

// wake runs the clocks that are due, as the pipeline does.
func (o *office) wake(until time.Time) {
	o.t.Helper()
	for len(o.jobs) > 0 {
		i := slices.IndexFunc(o.jobs, func(j jobs.Job) bool { return !j.Due.After(until) })
		if i < 0 {
			return
		}
		j := o.jobs[i]
		o.jobs = slices.Delete(o.jobs, i, i+1)
		if err := o.st.Write(o.t.Context(), func(ctx context.Context, tx store.Tx) error {
			e, err := o.d.Woken(ctx, tx, j)
			if err != nil {
				return err
			}
			o.caused(e)
			return pipeline.Apply(ctx, tx, cargo.Name, e)
		}); err != nil {
			o.t.Fatal(err)
		}
	}
}

// Clocks remind and escalate; none of them sets or lifts anything.
func TestClocksDecideNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
	row := o.referrals("")[0]
	if !slices.ContainsFunc(o.jobs, func(j jobs.Job) bool { return j.Kind == "cargo.look" }) || !slices.ContainsFunc(o.jobs, func(j jobs.Job) bool { return j.Kind == "cargo.cutoff" }) {
		t.Errorf("opened, the clocks are %+v", o.jobs)
	}
	o.ask(http.MethodPut, "/api/v1/cargo/consignments/"+row.ID+"/question", map[string]any{"kind": "rfi", "asks": []string{"goods-description"}}, nil)
	if err := o.decide(huda, row.Case, "rfi"); err != nil {
		t.Fatal(err)
	}
	o.empty()
	o.wake(time.Now().AddDate(1, 0, 0)) // the store's clock is the real one
	if got := o.sent(petra.Name); !slices.Equal(got, []string{"7J", "7J"}) {
		t.Errorf("reminded, the forwarder is sent %q", got)
	}
	rows := o.referrals("")
	if len(rows) != 1 || rows[0].State != cargo.RFI || !rows[0].Referral.Reminded || !rows[0].Referral.Escalated {
		t.Fatalf("after all clocks the desk shows %+v", rows)
	}
	var thread cargo.Thread
	o.ask(http.MethodGet, "/api/v1/cargo/referrals/"+rows[0].Referral.ID, nil, &thread)
	var what []string
	for _, l := range thread.Lines {
		what = append(what, l.What)
	}
	for _, w := range []string{"asked", "reminder", "escalated", "cut-off"} {
		if !slices.Contains(what, w) {
			t.Errorf("the thread is %q", what)
		}
	}
	o.empty()
	o.who = petra
	if code := o.ask(http.MethodPost, "/api/v1/cargo/referrals/"+rows[0].Referral.ID+"/answers", map[string]any{"text": "seals for water pumps"}, nil); code != http.StatusCreated {
		t.Errorf("the answer was answered %d", code)
	}
	o.who = huda
	if rows = o.referrals(""); len(rows) != 1 || rows[0].State != cargo.Referred || rows[0].Hold != cargo.RFI || rows[0].CaseState != "claimed" {
		t.Errorf("answered, the desk shows %+v", rows)
	}
}

// A master is complete when its houses are all there and all complete, and no sooner.
func TestMasterFollowsHouses(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.file(nine.Name, "r0", sample(t, "02-consol-master-v16.fwb")) // 25 pieces, 410.5 kg
	house := func(number string, pieces, kg string) string {
		return "FHL/4\r\nMBI/969-10000023AMMJFK/T25K410.5\r\nHBS/" + number + "/AMMJFK/" + pieces + "/K" + kg + "//OLIVE OIL SOAP\r\nTXT/OLIVE OIL SOAP BARS\r\n" +
			"SHP/PETRA SOAP WORKS\r\n/12 KING HUSSEIN STREET\r\n/AMMAN\r\n/JO/11118\r\nCNE/GREEN SPRIG RETAIL LLC\r\n/77 ORCHARD AVENUE\r\n/BROOKLYN/NY\r\n/US/11201\r\n"
	}
	state := func() string {
		for _, r := range o.rows(huda, "") {
			if r.House == "" {
				return r.State + " " + strings.Join(r.Flags, " ")
			}
		}
		return ""
	}
	o.file(petra.Name, "r1", house("PF1", "10", "120.5"))
	if got := state(); got != "assessing houses-missing" {
		t.Errorf("with one house the master is %q", got)
	}
	o.empty()
	o.file(petra.Name, "r2", house("PF2", "15", "290"))
	if got := state(); got != "complete " {
		t.Errorf("with all houses the master is %q", got)
	}
	if got := o.sent(nine.Name); !slices.Equal(got, []string{"SF", "SF"}) {
		t.Errorf("the carrier is sent %q", got)
	}
	o.file(petra.Name, "r3", house("PF3", "9", "90"))
	if got := state(); got != "assessing houses-exceed" {
		t.Errorf("with a house too many the master is %q", got)
	}
	o.file(petra.Name, "r4", "FXX\r\n969-10000023-PF3\r\nOSI/FILED TWICE\r\n")
	if got := state(); got != "complete " {
		t.Errorf("with that withdrawn the master is %q", got)
	}
}

// Consolidations within one another are followed up to three; a ring is named, and nothing turns for ever in it.
func TestChainsAndLoops(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	list := func(master, house string) string {
		return "FHL/4\r\nMBI/" + master + "AMMJFK/T25K410.5\r\nHBS/" + house + "/AMMJFK/10/K120.5//OLIVE OIL SOAP\r\nTXT/OLIVE OIL SOAP BARS\r\n" +
			"SHP/PETRA SOAP WORKS\r\n/12 KING HUSSEIN STREET\r\n/AMMAN\r\n/JO/11118\r\nCNE/GREEN SPRIG RETAIL LLC\r\n/77 ORCHARD AVENUE\r\n/BROOKLYN/NY\r\n/US/11201/TE/17185550120\r\n"
	}
	// 969-10000012 holds 96910000023 holds PF1
	o.file(petra.Name, "r1", list("969-10000012", "96910000023"))
	o.file(petra.Name, "r2", list("969-10000023", "PF1"))
	row := o.rows(huda, "?q=pf1")[0]
	if !slices.Equal(row.Flags, []string{"master-not-filed", "under-consolidation"}) || row.State != cargo.Complete {
		t.Errorf("in a co-load the house is %+v", row)
	}
	var tree cargo.Tree
	outer := o.rows(huda, "?q=96910000012")[0]
	o.ask(http.MethodGet, "/api/v1/cargo/shipments/"+outer.Shipment, nil, &tree)
	if len(tree.Branches) != 1 || tree.Branches[0].Under == nil || len(tree.Branches[0].Under.Branches) != 1 || tree.Branches[0].Under.Branches[0].House != "PF1" {
		t.Errorf("the tree is %+v", tree)
	}
	// and 969-10000023 holds 96910000012: round it goes
	o.file(petra.Name, "r3", list("969-10000023", "96910000012"))
	if rows := o.referrals("?rule=R01"); len(rows) != 0 {
		t.Errorf("of another rule the desk shows %+v", rows)
	}
	rows := o.referrals("?rule=cargo-consolidation-loop")
	if len(rows) != 1 || !slices.Contains(rows[0].Flags, "loop") {
		t.Errorf("the ring is shown as %+v", rows)
	}
	o.ask(http.MethodGet, "/api/v1/cargo/shipments/"+outer.Shipment, nil, &tree)
	if !tree.Loop {
		t.Error("the tree does not say that it goes round")
	}
}
