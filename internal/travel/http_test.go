package travel_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
	"github.com/rihla/rihla/internal/travel"
)

// reads remembers what the audit log was told.
type reads struct{ told []audit.Entry }

func (r *reads) Read(_ context.Context, e audit.Entry) error {
	r.told = append(r.told, e)
	return nil
}

// desk is the room behind its routes, asked as somebody.
type desk struct {
	t     *testing.T
	mux   *api.Mux
	who   access.Principal
	reads *reads
}

func openDesk(t *testing.T, bodies ...string) *desk {
	t.Helper()
	st := storetest.SQLite(t)
	k := &desk{t: t, reads: &reads{}, who: access.Principal{Name: "huda", Role: access.Analyst}}
	d := travel.New(travel.Options{Store: st, IDs: hashIDs{"x"}, Reads: k.reads, Home: "GBR"})
	if err := st.Migrate(t.Context(), d.Name(), d.Migrations()); err != nil {
		t.Fatal(err)
	}
	if err := screening.Migrate(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	if err := casework.Migrate(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	for i, body := range bodies {
		file(t, st, d, synth.Message{Name: string(rune('a' + i)), Flight: "a", Sent: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Body: []byte(body)})
	}
	k.mux = api.NewMux(api.Options{Title: "test", Version: "0", Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return k.who, nil }})
	d.Routes(k.mux)
	return k
}

// get asks for a path and reads the answer.
func (k *desk) get(path string, into any) int {
	k.t.Helper()
	w := httptest.NewRecorder()
	k.mux.ServeHTTP(w, httptest.NewRequestWithContext(k.t.Context(), http.MethodGet, path, nil))
	if into != nil && w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			k.t.Fatalf("%s answered %s", path, w.Body)
		}
	}
	return w.Code
}

const (
	onePassenger = "UNB+UNOA:4+ZZAIR+PIU+261124:0900+1'UNH+1+PAXLST:D:05B:UN:IATA+ZZ417/261124/1030+01:F'BGM+745'NAD+MS+++ZZ DESK'TDT+20+ZZ0417+++ZZ'" +
		"LOC+125+DXB'DTM+189:2611241030:201'LOC+87+LHR'DTM+232:2611241445:201'NAD+FL+++LINDQVIST:ASTRID MARIA'ATT+2++F'DTM+329:900412'NAT+2+SWE'RFF+AVF:COD001'" +
		"DOC+P:110:111+99887766'DTM+36:300301'LOC+91+SWE'CNT+42:1'UNT+17+1'UNZ+1+1'"
	herBooking = "UNA:+.?*'UNB+IATA:1+ZZ+PIU+261124:0800+2'UNH+1+PNRGOV:13:1:IA+ZZ417/241126/1030+01:F'MSG+:22'ORG+ZZ:DXB'TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417'EQN+1'" +
		"SRC'RCI+ZZ:COD001::231126:0900'DAT+700:231126:1000'ORG+ZZ:DXB'TIF+LINDQVIST+ASTRIDMS:A:1'SSR+DOCS:HK:1:ZZ:::::/P/SWE/99887766/SWE/12APR90/F/01MAR30/LINDQVIST/ASTRID'" +
		"TVL+241126:1030:241126:1445+DXB+LHR+ZZ+417:Y'RPI+1+HK'UNT+14+1'UNZ+1+2'"
)

// A passenger's page shows each value with the reports that said it: sources that agree on one row, one that differs
// on a row of its own; and the audit log was told first.
func TestPassengerPage(t *testing.T) {
	t.Parallel()
	k := openDesk(t, onePassenger, herBooking)
	var flights struct {
		Items []struct {
			ID, Date, Direction string
			Passengers          int
		}
	}
	if code := k.get("/api/v1/flights?from=2026-11-24&to=2026-11-24", &flights); code != http.StatusOK || len(flights.Items) != 1 {
		t.Fatalf("answered %d with %d flights", code, len(flights.Items))
	}
	f := flights.Items[0]
	if f.Passengers != 1 || f.Date != "2026-11-24" || f.Direction != "arrival" {
		t.Errorf("the board shows %+v", f)
	}
	var people struct {
		Items []struct{ ID, Surname, Status string }
	}
	if code := k.get("/api/v1/flights/"+f.ID+"/passengers", &people); code != http.StatusOK || len(people.Items) != 1 {
		t.Fatalf("answered %d with %d passengers", code, len(people.Items))
	}
	var page struct {
		Values  []travel.Value
		Reports []string
	}
	id := people.Items[0].ID
	if code := k.get("/api/v1/passengers/"+id, &page); code != http.StatusOK {
		t.Fatalf("answered %d", code)
	}
	var given []travel.Value
	for _, v := range page.Values {
		if v.Field == "given" {
			given = append(given, v)
		}
	}
	if len(given) != 2 || given[0].Value != "ASTRID MARIA" || !given[0].Agrees || given[1].Value != "ASTRID" || given[1].Agrees {
		t.Fatalf("the given names are told as %+v", given)
	}
	if m := given[0].Sources[0]; m.Source != "api" || m.Report != "a" || onePassenger[m.Offset:m.Offset+6] != "NAD+FL" {
		t.Errorf("the list's given name is said to come from %+v", m)
	}
	if !slices.Equal(page.Reports, []string{"b", "a"}) { // the booking was said the day before
		t.Errorf("reports %q", page.Reports)
	}
	last := k.reads.told[len(k.reads.told)-1]
	if last.Action != "passenger.read" || last.Actor != "huda" || !slices.Contains(last.Touched, id) {
		t.Errorf("the audit log was told %+v", last)
	}
}

// A carrier's key sees the flights of its carriers, does not learn of others, and never sees a manifest.
func TestFilersSeeTheirOwnFlights(t *testing.T) {
	t.Parallel()
	k := openDesk(t, onePassenger)
	var flights struct{ Items []struct{ ID string } }
	k.get("/api/v1/flights", &flights)
	id := flights.Items[0].ID
	k.who = access.Principal{Name: "YY airline", Role: access.Filer, Carriers: []string{"YY"}}
	if code := k.get("/api/v1/flights/"+id, nil); code != http.StatusNotFound {
		t.Errorf("another carrier's flight answered %d, want 404", code)
	}
	flights.Items = nil
	if k.get("/api/v1/flights", &flights); len(flights.Items) != 0 {
		t.Errorf("another carrier's board has %d flights", len(flights.Items))
	}
	k.who.Carriers = []string{"ZZ"}
	if code := k.get("/api/v1/flights/"+id, nil); code != http.StatusOK {
		t.Errorf("its own flight answered %d", code)
	}
	if code := k.get("/api/v1/flights/"+id+"/passengers", nil); code != http.StatusForbidden {
		t.Errorf("the manifest answered a carrier %d, want 403", code)
	}
}
