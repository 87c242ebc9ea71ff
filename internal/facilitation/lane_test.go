package facilitation_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/custody/custodytest"
	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
)

var amina = access.Principal{ID: "5", Name: "amina", Role: access.Analyst}

// landed is when the flight of these tests is to land.
var landed = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// traveller is somebody on that flight, of a booking or alone.
func traveller(n int, nationality string, age int, party string) pipeline.Crossing {
	return pipeline.Crossing{
		Subject: screening.Subject{
			ID: screening.ID(fmt.Sprintf("p%02d", n)), Domain: "travel", Within: "f1", Names: []screening.Name{{Surname: fmt.Sprintf("SAMPLE%02d", n), Given: "A"}},
			Births: []string{"1990-01-01"}, Countries: []screening.Country{{Code: nationality, Role: "nationality"}},
			Documents: []screening.Document{{Type: "P", Number: fmt.Sprintf("X%07d", n), Issuer: nationality}}, Enters: true, Until: landed,
		},
		Flight: "ZZ431", FlightID: "f1", Date: "2026-11-24", From: "LHR", To: "BAH", Scheduled: landed, Role: "passenger", Party: party, Age: age, Boarded: true, DocumentExpires: "2031-01-01",
	}
}

// crossing gives a house these people as those who arrive, by one flight.
func crossing(people ...pipeline.Crossing) option {
	return func(o *facilitation.Options) {
		o.Crossings = func(_ context.Context, _ store.Reader, from, until time.Time) ([]pipeline.Crossing, error) {
			return slices.DeleteFunc(slices.Clone(people), func(c pipeline.Crossing) bool { return c.Scheduled.Before(from) || !c.Scheduled.Before(until) }), nil
		}
		o.Aboard = func(_ context.Context, _ store.Reader, flight string) ([]pipeline.Crossing, error) {
			return slices.DeleteFunc(slices.Clone(people), func(c pipeline.Crossing) bool { return c.FlightID != flight }), nil
		}
	}
}

// standing gives some people standings.
func standing(of map[screening.ID]screening.Standing) option {
	return func(o *facilitation.Options) {
		o.Vouched = func(_ context.Context, _ store.Reader, subjects ...screening.Subject) ([]screening.Screened, error) {
			out := make([]screening.Screened, len(subjects))
			for i := range subjects {
				out[i].Subject = subjects[i]
				if s, ok := of[subjects[i].ID]; ok {
					out[i].Standings = []screening.Standing{s}
				}
			}
			return out, nil
		}
	}
}

type laneItem struct {
	Passenger, Name, Lane, Expected, Used, Result, Draw string
	Reasons                                             []string
}

type flightPage struct {
	Flight string
	Items  []laneItem
}

// Each passenger has a lane, and is told why it is no other: by what was found, by their standing, by whom they travel with.
func TestLanesOfAFlight(t *testing.T) {
	t.Parallel()
	people := []pipeline.Crossing{
		traveller(0, "BHR", 35, ""),                                // everything speaks for a gate
		traveller(1, "IND", 35, ""),                                // gates are not open
		traveller(2, "IND", 35, ""),                                // a member
		traveller(3, "BHR", 35, ""),                                // found by name
		traveller(4, "GBR", 35, "FAMILY"),                          // with an infant
		traveller(5, "GBR", 0, "FAMILY"),                           //
		traveller(6, "GBR", 35, "PAIR"),                            // with a child
		traveller(7, "GBR", 8, "PAIR"),                             //
		traveller(8, "GBR", 8, ""),                                 // a child alone
		traveller(9, "BHR", 35, ""),                                // nothing was sent ahead
		traveller(10, "BHR", 35, ""),                               // the carrier was told to ask
		traveller(11, "BHR", 35, ""),                               // with an expired passport
		traveller(12, "BHR", 35, ""),                               // who stays on board
		traveller(13, "BHR", 35, ""),                               // crew
		traveller(14, "BHR", 35, ""),                               // found, and let be by an officer
		traveller(15, "IND", 35, ""),                               // a member no more
		{FlightID: "f2", Subject: screening.Subject{Enters: true}}, // on another flight
	}
	people[9].Subject.Documents, people[9].Age = nil, -1
	people[10].Verdict = "contact-authority"
	people[11].DocumentExpires = "2026-11-23"
	people[12].Role, people[12].Subject.Enters = "transit", false
	people[13].Role, people[13].Subject.Enters = "crew", false
	h := live(t, crossing(people...), standing(map[screening.ID]screening.Standing{
		"p02": {Kind: screening.Membership, State: "active", Active: true}, "p15": {Kind: screening.Membership, State: "suspended"},
	}), func(o *facilitation.Options) { o.Settings.Lanes.DrawPercent = 0 })
	err := h.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := screening.Upsert(ctx, tx, "travel", []*screening.Subject{&people[3].Subject, &people[0].Subject}, []screening.Finding{
			{Subject: "p03", Engine: screening.EngineName, Matched: "watch/1", Severity: screening.High, Explanation: screening.Explanation{Code: screening.CodeNameMatch}},
			{Subject: "p00", Engine: screening.EngineRule, Matched: "expires-soon", Severity: screening.Low, Explanation: screening.Explanation{Code: screening.CodeRuleHit}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	letBe(h, people[14].Subject)
	var page flightPage
	h.as(omar).must(http.MethodGet, "/flights/f1/lanes", nil, &page)
	got := map[string]string{}
	for _, p := range page.Items {
		got[p.Passenger] = strings.Join(append([]string{p.Lane}, p.Reasons...), " ")
		if p.Draw != "" || p.Lane != p.Expected {
			t.Errorf("%+v", p)
		}
	}
	want := map[string]string{
		"p00": "egate", "p01": "staffed NATIONALITY", "p02": "member", "p03": "secondary SEE_OFFICER", "p04": "priority WITH_INFANT", "p05": "priority WITH_INFANT",
		"p06": "egate", "p07": "egate FAMILY", "p08": "staffed AGE", "p09": "staffed API_MISSING", "p10": "staffed NOT_CLEARED", "p11": "staffed DOCUMENT_EXPIRED",
		"p13": "priority CREW", "p14": "egate", "p15": "staffed NATIONALITY MEMBERSHIP_NOT_ACTIVE",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if page.Flight != "ZZ431" {
		t.Errorf("%+v", page)
	}
	for _, who := range []access.Principal{amina, {Name: "airline", Role: access.Filer}, {Name: "nour", Role: access.Auditor}} {
		if code := h.as(who).do(http.MethodGet, "/flights/f1/lanes", nil, nil); code != http.StatusForbidden {
			t.Errorf("%s sees who goes where: %d", who.Role, code)
		}
	}
	if code := h.as(omar).do(http.MethodGet, "/flights/nothing/lanes", nil, nil); code != http.StatusNotFound {
		t.Errorf("a flight that is none: %d", code)
	}
	var arrivals struct {
		Items []struct {
			ID         string
			Passengers int
			Lanes      map[string]int
		}
	}
	h.as(amina).must(http.MethodGet, "/halls/BAH/arrivals?date=2026-11-24", nil, &arrivals)
	if len(arrivals.Items) != 1 || arrivals.Items[0].Passengers != 14 || !maps.Equal(arrivals.Items[0].Lanes, map[string]int{"egate": 4, "staffed": 6, "member": 1, "secondary": 1, "priority": 2}) {
		t.Errorf("%+v", arrivals)
	}
}

// letBe has something found of somebody, and an officer let them be.
func letBe(h *house, who screening.Subject) {
	h.t.Helper()
	screened := []screening.Screened{{Subject: who}}
	screened[0].Subject.Domain = facilitation.Name
	found := []screening.Finding{{Subject: who.ID, Engine: screening.EngineName, Matched: "watch/2", Severity: screening.High, Explanation: screening.Explanation{Code: screening.CodeNameMatch}}}
	var raised []casework.Raised
	if err := h.store.Write(h.t.Context(), func(ctx context.Context, tx store.Tx) error {
		up, err := screening.Upsert(ctx, tx, facilitation.Name, []*screening.Subject{&screened[0].Subject}, found)
		if err == nil {
			raised, err = casework.Raise(ctx, tx, facilitation.Name, screened, found, up)
		}
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	var before flightPage
	h.as(omar).must(http.MethodGet, "/flights/f1/lanes", nil, &before)
	if i := slices.IndexFunc(before.Items, func(p laneItem) bool { return p.Passenger == string(who.ID) }); before.Items[i].Lane != hall.Secondary {
		h.t.Errorf("%+v", before.Items[i])
	}
	if _, err := h.desk.Decide(h.t.Context(), omar, raised[0].Case.ID, casework.Verdict{Outcome: casework.Cleared, Reason: "looked at with the papers in hand"}); err != nil {
		h.t.Fatal(err)
	}
}

// Who is drawn by chance is sent to a closer look for that alone, by an id; what a hall is told to expect does not know.
func TestDrawnOnAFlight(t *testing.T) {
	t.Parallel()
	people := make([]pipeline.Crossing, 600)
	for i := range people {
		people[i] = traveller(i, "BHR", 35, "")
	}
	h := live(t, crossing(people...), func(o *facilitation.Options) { o.Settings.Lanes.DrawPercent = 3 })
	var page, again flightPage
	h.as(omar).must(http.MethodGet, "/flights/f1/lanes", nil, &page)
	drawn := 0
	for _, p := range page.Items {
		switch {
		case p.Expected != hall.EGate:
			t.Errorf("%+v", p)
		case p.Lane == hall.Secondary:
			if drawn++; p.Draw == "" || !slices.Equal(p.Reasons, []string{"RANDOM"}) {
				t.Errorf("%+v", p)
			}
		}
	}
	if drawn < 5 || drawn > 40 {
		t.Errorf("%d of %d are drawn", drawn, len(people))
	}
	h.must(http.MethodGet, "/flights/f1/lanes", nil, &again)
	if diff := gocmp.Diff(page, again); diff != "" {
		t.Errorf("another draw: %s", diff)
	}
}

// events is a file of an airport's.
func events(d *hall.Document) []byte { return hall.Append(nil, d) }

func (h *house) file(body []byte) string {
	h.t.Helper()
	receipt, err := h.journal.Take(h.t.Context(), intake.Delivery{Filer: intake.Filer{Name: "airport-bah"}, Gate: "http", Raw: body})
	if err != nil {
		h.t.Fatal(err)
	}
	return receipt.ID
}

// It is known for a day who passed where, and kept for longer only that somebody did. No document's number is kept at all.
func TestWhoPassedIsForgotten(t *testing.T) {
	t.Parallel()
	h := live(t, crossing(traveller(0, "BHR", 35, "")))
	h.forward(landed.Add(2 * time.Hour).Sub(h.clock()))
	at := func(minutes int) time.Time { return landed.Add(time.Duration(minutes) * time.Minute) }
	flight := hall.Flight{Carrier: "ZZ", Number: "431", Date: "2026-11-24", From: "LHR"}
	id := h.file(events(&hall.Document{
		Airport: "BAH", Sent: at(60), Blocks: []hall.Block{{Flight: flight, Hall: "A", At: at(2)}},
		Passages: []hall.Passage{
			{Hall: "A", Lane: hall.EGate, Desk: "E1", Gate: true, Flight: flight, Document: &hall.TravelDoc{Number: "X0000000", Issuer: "BHR"}, Queued: at(10), Began: at(12), Ended: at(13), Result: hall.Referred},
			{Hall: "A", Lane: hall.Staffed, Desk: "S1", Flight: flight, Document: &hall.TravelDoc{Number: "X0000000", Issuer: "BHR"}, Queued: at(14), Began: at(20), Ended: at(22), Result: hall.Passed},
		},
	}))
	used := func() (laneItem, bool) {
		var page flightPage
		h.as(omar).must(http.MethodGet, "/flights/f1/lanes", nil, &page)
		return page.Items[0], page.Items[0].Used != ""
	}
	h.until("it is known where they were", func() bool { _, known := used(); return known })
	if p, _ := used(); p.Used != hall.Staffed || p.Result != hall.Passed {
		t.Errorf("%+v", p)
	}
	if raw, err := h.reports.Raw(t.Context(), id); err != nil || bytes.Contains(raw, []byte("X0000000")) || !bytes.Contains(raw, []byte("E1")) {
		t.Errorf("the report is kept as %s, %v", raw, err)
	}
	h.forward(25 * time.Hour)
	h.until("it is forgotten", func() bool { _, known := used(); return !known })
	var kept, named int
	if err := h.store.Read().QueryRowContext(t.Context(), `select count(*), sum(case when who <> '' then 1 else 0 end) from facilitation_hall_passage`).Scan(&kept, &named); err != nil || kept != 2 || named != 0 {
		t.Errorf("%d kept, %d with a name, %v", kept, named, err)
	}
	// What is told after a day is kept without.
	h.file(events(&hall.Document{Airport: "BAH", Sent: at(70), Passages: []hall.Passage{
		{Hall: "A", Lane: hall.Staffed, Desk: "S2", Document: &hall.TravelDoc{Number: "X0000000"}, Began: at(23), Ended: at(24), Result: hall.Passed},
	}}))
	h.until("it is written", func() bool {
		err := h.store.Read().QueryRowContext(t.Context(), `select count(*), sum(case when who <> '' then 1 else 0 end) from facilitation_hall_passage`).Scan(&kept, &named)
		return err == nil && kept == 3
	})
	if named != 0 {
		t.Error("it is known who passed more than a day ago")
	}
}

// An airport of another state files elsewhere, a carrier's key files for carriers, and the report says so.
func TestHallOfAnotherState(t *testing.T) {
	t.Parallel()
	h := live(t)
	id := h.file(events(&hall.Document{Airport: "LHR", Sent: landed, Staffing: []hall.Staffing{{Hall: "A", Lane: hall.Staffed, Quarter: landed, Desks: 2}}}))
	h.until("it is quarantined", func() bool {
		s, err := h.reports.Status(t.Context(), h.journal, id)
		return err == nil && s.State == intake.Quarantined && s.Error.Rule == "E-HALL-AIRPORT"
	})
	receipt, err := h.journal.Take(t.Context(), intake.Delivery{Filer: intake.Filer{Name: "ZZ", Carriers: []string{"ZZ"}}, Gate: "http",
		Raw: events(&hall.Document{Airport: "BAH", Sent: landed, Staffing: []hall.Staffing{{Hall: "A", Lane: hall.Staffed, Quarter: landed, Desks: 2}}})})
	if err != nil {
		t.Fatal(err)
	}
	h.until("a carrier's is too", func() bool {
		s, err := h.reports.Status(t.Context(), h.journal, receipt.ID)
		return err == nil && s.State == intake.Quarantined && s.Error.Rule == "E-HALL-FILER"
	})
	for path, want := range map[string]int{"/halls/LHR": http.StatusNotFound, "/halls/QQQ": http.StatusNotFound, "/halls/BAH?date=yesterday": http.StatusBadRequest,
		"/facilitation/saved?week=2026-W60": http.StatusBadRequest, "/facilitation/saved?week=48": http.StatusBadRequest, "/facilitation/saved?airport=QQQ": http.StatusNotFound} {
		if code := h.as(omar).do(http.MethodGet, path, nil, nil); code != want {
			t.Errorf("%s: %d", path, code)
		}
	}
}

type hallsPage struct {
	Halls []struct {
		Hall     string
		Came     int
		Expected float64
		Lanes    []struct {
			Lane      string
			Came      int
			DeskHours float64 `json:"desk_hours"`
		}
		Goal struct {
			Of    int
			Share float64
		}
		Quarters []struct {
			synth.HallQuarter
			Open, Hint map[string]int
			Expected   struct{ Total, Low, High float64 }
		}
	}
}

// A world's halls, filed in order, and shuffled with repeats, on both stores, end in what is true of them.
func TestHallsAreTrueWhateverTheOrder(t *testing.T) {
	t.Parallel()
	world := synth.Generate(synth.Options{Seed: 9, Flights: 16, Small: 40, Large: 90, Hall: true})
	var files [][]byte
	for _, m := range world.Messages {
		if m.Domain == "facilitation" {
			files = append(files, m.Body)
		}
	}
	shuffled := slices.Concat(files, files[:len(files)/3])
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		h := &house{t: t, began: time.Now(), who: omar, from: "192.0.2.1"}
		h.open(st)
		var saved [2]any
		for i, files := range [][][]byte{files, shuffled} {
			clearHalls(t, st)
			h.forward(time.Hour) // nothing is remembered so long
			for n, body := range files {
				writeHall(t, st, h.Domain, n, body)
			}
			var got []synth.HallQuarter
			came, desks := 0, 0.0
			for day := synth.DefaultStart; day.Before(synth.DefaultStart.AddDate(0, 0, 4)); day = day.AddDate(0, 0, 1) {
				var page hallsPage
				h.must(http.MethodGet, "/halls/BAH?date="+day.Format(time.DateOnly), nil, &page)
				for _, one := range page.Halls {
					for _, l := range one.Lanes {
						desks += l.DeskHours
					}
					if came += one.Came; one.Goal.Of == 0 || one.Goal.Share < 0.5 || one.Goal.Share > 1 {
						t.Errorf("%+v", one.Goal)
					}
					for _, q := range one.Quarters {
						if q.Hall = one.Hall; len(q.Lanes) > 0 {
							got = append(got, q.HallQuarter)
						}
					}
				}
			}
			slices.SortFunc(got, func(a, b synth.HallQuarter) int {
				return cmp.Or(strings.Compare(a.Hall, b.Hall), a.Quarter.Compare(b.Quarter))
			})
			if diff := gocmp.Diff(world.Truth.Hall.Quarters, got); diff != "" {
				t.Errorf("what is said is not what is true (-true +said):\n%s", diff)
			}
			if came < 500 || desks < 20 {
				t.Errorf("%d came to %.1f desk-hours", came, desks)
			}
			var week struct {
				Travellers, Fast int
				Minutes          struct{ Mean, Low, High float64 } `json:"minutes_each"`
				DeskHours        float64                           `json:"desk_hours"`
				Airports         []string
			}
			h.must(http.MethodGet, "/facilitation/saved?week=2026-W48", nil, &week)
			if week.Travellers < 500 || week.Fast < 100 || week.Minutes.Low <= 0 || week.Minutes.Mean < week.Minutes.Low || week.Minutes.High < week.Minutes.Mean || week.DeskHours <= 0 ||
				!slices.Equal(week.Airports, []string{"BAH"}) {
				t.Errorf("%+v", week)
			}
			saved[i] = week
		}
		figures := custodytest.Night(t, st, h.Retention(), synth.DefaultStart.AddDate(1, 0, 1).Add(12*time.Hour), nil)
		var kept, gone int
		if err := st.Read().QueryRowContext(t.Context(), `select count(*), sum(case when began < $1 then 1 else 0 end) from facilitation_hall_passage`,
			store.Micros(synth.DefaultStart.AddDate(0, 0, 1).Add(12*time.Hour))).Scan(&kept, &gone); err != nil || kept == 0 || kept > 530 || gone != 0 {
			t.Errorf("after a year %d are kept, %d of them too old, %v: %+v", kept, gone, err, figures)
		}
		if diff := gocmp.Diff(saved[0], saved[1]); diff != "" {
			t.Errorf("another order saves otherwise: %s", diff)
		}
	})
}

// clearHalls empties a store that tests share.
func clearHalls(t *testing.T, st *store.Store) {
	t.Helper()
	if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for _, table := range []string{"block", "passage", "staffing"} {
			if _, err := tx.ExecContext(ctx, "delete from facilitation_hall_"+table); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// writeHall is the road without its journal.
func writeHall(t testing.TB, st *store.Store, d *facilitation.Domain, n int, body []byte) {
	t.Helper()
	f := pipeline.Filing{Report: intake.Report{ID: fmt.Sprint("r", n)}}
	for _, format := range d.Formats() {
		if !format.Recognise(body) {
			continue
		}
		if err := format.Read(body, landed, func(m pipeline.Message) error {
			f.Messages = append(f.Messages, m)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	change, err := d.Plan(t.Context(), st.Read(), f)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := change.Write(ctx, tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// What an operator gets wrong about lanes is told by its name.
func TestLaneSettings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"lanes: {minimum_age: 12}":                             "",
		"lanes: {draw_percent: 0}":                             "",
		"lanes: {minimum_age: 70}":                             "lanes.minimum_age",
		"lanes: {gates: [QQ]}":                                 "lanes.gates[0]",
		"lanes: {draw_percent: 10}":                            "lanes.draw_percent",
		"lanes: {show_percent: 10}":                            "lanes.show_percent",
		"lanes: {service_seconds: {egate: 0}}":                 "lanes.service_seconds.egate",
		"lanes: {wait_seconds: {staffed: 9999}}":               "lanes.wait_seconds.staffed",
		"lanes: {walk_minutes: {first: 20}}":                   "lanes.walk_minutes",
		"lanes: {late_minutes: 1, estimate_minutes: 2}":        "lanes: late_minutes",
		"lanes: {minimum: 12}":                                 "minimum",
		"lanes: {gates: [BH, SA], walk_minutes: {last: 20.5}}": "",
	} {
		err := facilitation.CheckSettings([]byte(text + "\n"))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The page of a day on which 120 flights bring 18,000 people to one hall.
func BenchmarkHallDay(b *testing.B) {
	const flights, each = 120, 150
	var people []pipeline.Crossing
	doc := &hall.Document{Airport: "BAH", Sent: landed.Add(24 * time.Hour)}
	midnight := landed.Truncate(24 * time.Hour)
	for f := range flights {
		at := midnight.Add(time.Duration(f) * 11 * time.Minute)
		for n := range each {
			p := traveller(f*each+n, "BHR", 35, fmt.Sprint(n/3))
			p.FlightID, p.Flight, p.Scheduled = fmt.Sprint("f", f), fmt.Sprint("ZZ", f+1), at
			people = append(people, p)
			came := at.Add(time.Duration(600+n*4) * time.Second)
			doc.Passages = append(doc.Passages, hall.Passage{Hall: "A", Lane: hall.EGate, Desk: fmt.Sprint("E", n), Queued: came, Began: came.Add(time.Minute), Ended: came.Add(80 * time.Second), Result: hall.Passed})
		}
	}
	for q := midnight; q.Before(midnight.Add(24 * time.Hour)); q = q.Add(hall.Quarter) {
		doc.Staffing = append(doc.Staffing, hall.Staffing{Hall: "A", Lane: hall.EGate, Quarter: q, Desks: 20})
	}
	st := storetest.SQLite(b)
	o := facilitation.Options{Store: st, IDs: plainIDs{}, Home: "BHR"}
	crossing(people...)(&o)
	d := facilitation.New(o)
	m := api.NewMux(api.Options{Title: "bench", Version: "0", Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return omar, nil }})
	d.Routes(m)
	for _, err := range []error{st.Migrate(b.Context(), d.Name(), d.Migrations()), screening.Migrate(b.Context(), st), casework.Migrate(b.Context(), st)} {
		if err != nil {
			b.Fatal(err)
		}
	}
	writeHall(b, st, d, 0, events(doc))
	ask := func(path string) {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/v1"+path, nil))
		if w.Code != http.StatusOK {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	began := time.Now()
	ask("/halls/BAH?date=2026-11-24")
	b.Logf("worked out first in %v", time.Since(began))
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			ask("/halls/BAH?date=2026-11-24")
		}
	})
	b.Run("saved", func(b *testing.B) {
		for b.Loop() {
			ask("/facilitation/saved?week=2026-W48")
		}
	})
}

// plainIDs are ids that say what they are of.
type plainIDs struct{}

func (plainIDs) ID(kind string, parts ...string) string { return kind + " " + strings.Join(parts, " ") }
