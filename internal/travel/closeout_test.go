package travel_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

const flightAsked = `"flight":{"carrier":"ZZ","number":"417","date":"2030-11-24","from":"DXB","to":"BAH"}`

// Who is on board by the close-out is compared with who had leave: without it they are found, unless an override says why;
// with it and not on board they did not show.
func TestCloseOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		b := openBorder(t, open(), t.TempDir())
		b.list("Zoltan Brackwater", "Perpetua Grimshaw-Okoro")
		b.run()
		for i, who := range []traveller{rosalind, zoltan, perpetua, ludovica} {
			b.ask(question(fmt.Sprint(1+i), "745", who))
		}
		b.settled()
		hers := b.on("GRIMSHAW-OKORO, PERPETUA")
		b.as(carrier, http.MethodPost, "/api/v1/overrides", `{"code":"AIR",`+flightAsked+`,"carrier_reference":"0044","reference":"`+hers.Reference+`"}`, http.StatusCreated, nil)

		stowaway := traveller{"NOBODYASKED", "ULF", "800101", "0099", "PA9090909"}
		b.ask(question("9", "266+CL", rosalind, zoltan, perpetua, stowaway))
		b.settled()
		flight := b.on("BRACKWATER, ZOLTAN")
		if flight == nil {
			t.Fatal("he is not on the desk")
		}
		var id string
		if err := b.store.Read().QueryRowContext(t.Context(), `select id from travel_flight where joined = ''`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		var page struct {
			Asked     int
			Closed    bool
			WithoutOK []struct{ Name, Verdict, Override string } `json:"without_ok"`
			NoShows   []struct{ Name string }                    `json:"no_shows"`
		}
		b.as(officer, http.MethodGet, "/api/v1/flights/"+id+"/boarding", "", http.StatusOK, &page)
		var got []string
		for _, a := range page.WithoutOK {
			got = append(got, strings.TrimSpace(a.Name+" "+a.Verdict+" "+a.Override))
		}
		for _, n := range page.NoShows {
			got = append(got, "no-show "+n.Name)
		}
		want := []string{"BRACKWATER, ZOLTAN contact-authority", "GRIMSHAW-OKORO, PERPETUA contact-authority AIR", "NOBODYASKED, ULF", "no-show PEMBERLOFT, LUDOVICA"}
		if diff := cmp.Diff(want, got); diff != "" || page.Asked != 4 || !page.Closed {
			t.Errorf("%+v (-want +got):\n%s", page, diff)
		}
		if c := b.caseOf("NOBODYASKED, ULF"); c.Kind != "boarded_without_ok" {
			t.Errorf("his case is %+v", c)
		}
		found := func() string {
			var names string
			err := store.Rows(t.Context(), b.store.Read(), func(rows *sql.Rows) error {
				var name string
				err := rows.Scan(&name)
				names += name + ";"
				return err
			}, `select c.title from screening_finding f join casework_case c on c.subject = f.subject where f.engine = 'travel' and f.state = 0 order by c.title`)
			if err != nil {
				t.Fatal(err)
			}
			return names
		}
		b.until("two are found on board without leave", func() bool { return found() == "BRACKWATER, ZOLTAN;NOBODYASKED, ULF;" })

		// An override recorded afterwards says why.
		b.as(officer, http.MethodPost, "/api/v1/overrides", `{"code":"HUM","passenger":"`+flight.Passenger.ID+`","text":"Travels to a funeral."}`, http.StatusCreated, nil)
		b.until("one is found", func() bool { return found() == "NOBODYASKED, ULF;" })
	})
}

// R-FAC-03: overrides are facts beside the answer. They are refused for their rule, listed, counted, and change no answer.
func TestOverrides(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		b := openBorder(t, open(), t.TempDir())
		b.list("Zoltan Brackwater", "Perpetua Grimshaw-Okoro")
		b.run()
		ask := question("1", "745", zoltan)
		before := b.ask(ask)
		b.ask(question("2", "745", rosalind))
		b.settled()
		c := b.caseOf("BRACKWATER, ZOLTAN")
		reference := b.on("BRACKWATER, ZOLTAN").Reference

		refused := func(who access.Principal, body, rule string) {
			t.Helper()
			var problem struct{ Code, Rule string }
			b.as(who, http.MethodPost, "/api/v1/overrides", body, http.StatusUnprocessableEntity, &problem)
			if problem.Code != "E-FAC-OVERRIDE" || problem.Rule != rule {
				t.Errorf("%s: %+v, want %s", body, problem, rule)
			}
		}
		his := flightAsked + `,"carrier_reference":"0043"`
		refused(carrier, `{"code":"AIR",`+his+`}`, "needs_reference")
		refused(carrier, `{"code":"AIR",`+his+`,"reference":"D-00000000"}`, "wrong_reference")
		refused(carrier, `{"code":"HUM",`+his+`,"reference":"`+reference+`"}`, "desk_only")
		refused(carrier, `{"code":"AIR",`+flightAsked+`,"carrier_reference":"0042"}`, "nothing_to_override")
		b.as(carrier, http.MethodPost, "/api/v1/overrides", `{"code":"AIR",`+flightAsked+`,"carrier_reference":"0777"}`, http.StatusNotFound, nil)
		other := access.Principal{ID: "k2", Name: "yy air", Role: access.Filer, Carriers: []string{"YY"}}
		b.as(other, http.MethodPost, "/api/v1/overrides", `{"code":"AIR",`+his+`,"reference":"`+reference+`"}`, http.StatusNotFound, nil)

		var made struct{ ID, Code, Verdict, By, Carrier, Station, Reference string }
		b.as(carrier, http.MethodPost, "/api/v1/overrides", `{"code":"AIR",`+his+`,"reference":"`+strings.ToLower(reference)+`","text":"Residence card seen."}`, http.StatusCreated, &made)
		if made.Verdict != "contact-authority" || made.Carrier != "ZZ" || made.Station != "DXB" || made.Reference != reference {
			t.Errorf("%+v", made)
		}
		if again := b.ask(ask); again != before {
			t.Error("an override changed the answer")
		}
		if got := b.verdict(b.ask(question("3", "745", zoltan))); got != mustCall {
			t.Errorf("with an override, a new question is answered %q", got)
		}
		if l := b.on("BRACKWATER, ZOLTAN"); len(l.Overrides) != 1 || l.Overrides[0].Code != "AIR" || l.Answer.Verdict != "contact-authority" {
			t.Errorf("the desk sees %+v", l)
		}

		b.decide(c.ID, "do-not-board")
		b.unasked(1)
		refused(carrier, `{"code":"AIR",`+his+`,"reference":"`+reference+`"}`, "no_on_air")
		refused(carrier, `{"code":"GOV",`+his+`,"reference":"`+reference+`"}`, "refused")
		if got := b.verdict(b.ask(question("4", "745", zoltan))); got != mayNot {
			t.Errorf("answered %q", got)
		}

		var list struct {
			Items []struct{ ID, Code, Name string }
		}
		b.as(supervisor, http.MethodGet, "/api/v1/overrides?carrier=zz", "", http.StatusOK, &list)
		if len(list.Items) != 1 || list.Items[0].Name != "BRACKWATER, ZOLTAN" {
			t.Errorf("%+v", list)
		}
		list.Items = nil
		b.as(carrier, http.MethodGet, "/api/v1/overrides", "", http.StatusOK, &list)
		if len(list.Items) != 1 || list.Items[0].Name != "" {
			t.Errorf("its own: %+v", list)
		}
		b.as(other, http.MethodGet, "/api/v1/overrides", "", http.StatusOK, &list)
		if len(list.Items) != 0 {
			t.Errorf("another's: %+v", list)
		}
		var rates struct {
			Items []struct {
				Carrier, Station     string
				Questions, Overrides int
				Rate                 float64
			}
		}
		b.as(supervisor, http.MethodGet, "/api/v1/overrides/rates", "", http.StatusOK, &rates)
		if len(rates.Items) != 1 || rates.Items[0].Questions != 2 || rates.Items[0].Overrides != 1 || rates.Items[0].Rate != .5 {
			t.Errorf("%+v", rates)
		}
	})
}

// An outage is declared, numbered and told to carriers; while a part is out leave to board is provisional; after it whoever
// was let board is looked at again, and what was due in it and came late is on time.
func TestOutages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		b := openBorder(t, open(), t.TempDir())
		b.list("Zoltan Brackwater")
		b.run()
		if got := b.verdict(b.ask(question("1", "745", rosalind))); got != mayBoard {
			t.Errorf("answered %q", got)
		}
		b.settled()
		year := time.Now().UTC().Format("2006")
		var problem struct{ Code, Rule string }
		b.as(carrier, http.MethodPost, "/api/v1/outages", `{"cause":"state","scope":"iapi","carrier":"ZZ"}`, http.StatusUnprocessableEntity, &problem)
		if problem.Code != "E-FAC-OUTAGE" || problem.Rule != "cause" {
			t.Errorf("%+v", problem)
		}
		var o struct {
			Number string
			To     time.Time
		}
		b.as(officer, http.MethodPost, "/api/v1/outages", `{"cause":"state","scope":"links","note":"A disk."}`, http.StatusCreated, &o)
		if want := "OUT-" + year + "-001"; o.Number != want {
			t.Errorf("numbered %s, want %s", o.Number, want)
		}
		b.as(officer, http.MethodPost, "/api/v1/outages", `{"cause":"state","scope":"links"}`, http.StatusUnprocessableEntity, &problem)
		if problem.Rule != "open" {
			t.Errorf("twice: %+v", problem)
		}
		told := func(n int) {
			t.Helper()
			if got := b.count("outage"); got != n {
				t.Errorf("told of outages %d times, want %d", got, n)
			}
		}
		told(1)
		var status struct {
			Mode    string
			Reasons []string
			Outages []struct{ Number string }
		}
		b.as(carrier, http.MethodGet, "/api/v1/status", "", http.StatusOK, &status)
		if status.Mode != "degraded" || len(status.Outages) != 1 || len(status.Reasons) != 1 {
			t.Errorf("status %+v", status)
		}
		if got := b.verdict(b.ask(question("2", "745", ludovica))); got != mayBoard+". PROVISIONAL" {
			t.Errorf("degraded, and answered %q", got)
		}
		if got := b.verdict(b.ask(question("3", "745", zoltan))); got != mustCall {
			t.Errorf("degraded, and of whom something is found: %q", got)
		}
		b.settled()

		var ended struct {
			To          time.Time
			Provisional int
			Overrides   int
		}
		b.as(carrier, http.MethodPut, "/api/v1/outages/"+o.Number+"/end", `{}`, http.StatusForbidden, nil)
		b.as(officer, http.MethodPut, "/api/v1/outages/"+o.Number+"/end", `{}`, http.StatusOK, nil)
		b.as(officer, http.MethodPut, "/api/v1/outages/"+o.Number+"/end", `{}`, http.StatusConflict, nil)
		told(2)
		b.as(supervisor, http.MethodGet, "/api/v1/outages/"+o.Number, "", http.StatusOK, &ended)
		if ended.To.IsZero() || ended.Provisional != 1 {
			t.Errorf("ended %+v", ended)
		}
		b.clocks("travel.provisional")
		b.as(supervisor, http.MethodGet, "/api/v1/outages/"+o.Number, "", http.StatusOK, &ended)
		if ended.Provisional != 0 {
			t.Errorf("looked at again, and %d are provisional", ended.Provisional)
		}
		if got := b.verdict(b.ask(question("4", "745", perpetua))); got != mayBoard {
			t.Errorf("whole again, and answered %q", got)
		}

		// A carrier's own, with what was overridden by it.
		b.as(carrier, http.MethodPost, "/api/v1/outages", `{"cause":"network","scope":"iapi","carrier":"zz","reference":"ZZ-77","from":"`+time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)+`"}`, http.StatusCreated, &o)
		b.as(carrier, http.MethodGet, "/api/v1/status", "", http.StatusOK, &status)
		if status.Mode != "normal" {
			t.Errorf("a carrier's own outage: %+v", status)
		}
		b.as(carrier, http.MethodPost, "/api/v1/overrides", `{"code":"OUT",`+flightAsked+`,"carrier_reference":"0043","outage":"`+o.Number+`"}`, http.StatusCreated, nil)
		b.as(carrier, http.MethodGet, "/api/v1/outages/"+o.Number, "", http.StatusOK, &ended)
		if ended.Overrides != 1 {
			t.Errorf("%d overrides by it", ended.Overrides)
		}
		other := access.Principal{ID: "k2", Name: "yy air", Role: access.Filer, Carriers: []string{"YY"}}
		b.as(other, http.MethodGet, "/api/v1/outages/"+o.Number, "", http.StatusNotFound, nil)
		var list struct{ Items []struct{ Number string } }
		b.as(other, http.MethodGet, "/api/v1/outages", "", http.StatusOK, &list)
		if len(list.Items) != 1 {
			t.Errorf("another carrier sees %+v", list)
		}
		b.as(officer, http.MethodGet, "/api/v1/outages?open=true", "", http.StatusOK, &list)
		if len(list.Items) != 1 || list.Items[0].Number != o.Number {
			t.Errorf("in force: %+v", list)
		}
	})
}

// clocks has the clocks of a kind run out.
func (b *border) clocks(kind string) {
	b.t.Helper()
	err := b.store.Write(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `update jobs_job set due = 0 where kind = $1`, kind)
		return err
	})
	for n := 1; err == nil && n > 0; {
		n, err = b.jobs.Step(b.t.Context())
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// R-FAC-08: of a flight that left in an outage the close-out is on time as long as the grace lasts.
func TestCaughtUp(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	b.run()
	b.ask(soon(question("1", "745", rosalind), -45)) // left three quarters of an hour ago: the close-out was due before now
	b.settled()
	var o struct{ Number string }
	b.as(officer, http.MethodPost, "/api/v1/outages", fmt.Sprintf(`{"cause":"state","scope":"iapi","from":%q,"to":%q}`,
		time.Now().UTC().Add(-2*time.Hour).Format(time.RFC3339), time.Now().UTC().Add(-5*time.Minute).Format(time.RFC3339)), http.StatusCreated, &o)
	var page struct {
		Flights []struct {
			Number, Why      string
			Timely, Airborne bool
		}
		CaughtUp bool `json:"caught_up"`
	}
	b.as(officer, http.MethodGet, "/api/v1/outages/"+o.Number, "", http.StatusOK, &page)
	if len(page.Flights) != 1 || page.Flights[0].Why != "missing" || page.Flights[0].Timely || page.CaughtUp {
		t.Errorf("before it came: %+v", page)
	}
	b.ask(soon(question("2", "266+CL", rosalind), -45))
	b.settled()
	b.as(officer, http.MethodGet, "/api/v1/outages/"+o.Number, "", http.StatusOK, &page)
	if len(page.Flights) != 1 || page.Flights[0].Why != "in_window" || !page.Flights[0].Timely || !page.CaughtUp {
		t.Errorf("after it came: %+v", page)
	}
}
