package cyber_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// shelved is a desk with collections.
type shelved struct {
	*desk
	server *collection.Server
	home   string
	keyDir string
}

var partner = access.Principal{ID: "5", Name: "us-key", Role: access.Partner, Partner: "us"}

func openShelved(t *testing.T) *shelved {
	t.Helper()
	r := open(t, storetest.SQLite(t))
	keyDir := t.TempDir()
	k, err := keys.Open(t.Context(), r.store, keys.Options{Dir: keyDir})
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(t.Context(), r.store, k, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := collection.Open(t.Context(), collection.Options{
		Store: r.store, Keys: k, Audit: log, Added: r.Added, InForce: func(context.Context, store.Reader, string) (bool, error) { return true, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Serve(s)
	all, err := s.Collections(t.Context(), r.store.Read())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d collections (%v)", len(all), err)
	}
	if err := r.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return s.Grant(ctx, tx, collection.Grant{Collection: all[0].ID, To: collection.Partner("us"), Read: true, Write: true, Ceiling: stix.Red, Agreement: "bh-us-cyber"})
	}); err != nil {
		t.Fatal(err)
	}
	x := &shelved{desk: &desk{who: huda, room: r}, server: s, home: all[0].ID, keyDir: keyDir}
	x.bind()
	return x
}

// taxii asks the collection for its objects, or adds some.
func (x *shelved) taxii(method, body string) string {
	x.t.Helper()
	q := httptest.NewRequestWithContext(x.t.Context(), method, "/taxii2/rihla/collections/"+x.home+"/objects/", strings.NewReader(body))
	q.Header.Set("Accept", "application/taxii+json;version=2.1")
	q.Header.Set("Content-Type", "application/taxii+json;version=2.1")
	q.SetBasicAuth("", x.who.Name)
	w := httptest.NewRecorder()
	x.mux.ServeHTTP(w, q)
	if w.Code >= 300 {
		x.t.Fatalf("%s answered %d %s", method, w.Code, w.Body)
	}
	return w.Body.String()
}

// wake runs what is due.
func (x *shelved) wake() {
	x.t.Helper()
	j, err := jobs.Open(x.t.Context(), x.store, jobs.Options{Owner: "test"})
	if err != nil {
		x.t.Fatal(err)
	}
	for _, kind := range x.Clocks() {
		j.Handle(kind, func(ctx context.Context, tx store.Tx, job jobs.Job) (err error) {
			x.last, err = x.Woken(ctx, tx, job)
			return err
		})
	}
	for {
		n, err := j.Step(x.t.Context())
		if err != nil {
			x.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func envelope(t *testing.T, name string) string {
	t.Helper()
	var bundle struct{ Objects json.RawMessage }
	if err := json.Unmarshal(sample(t, name), &bundle); err != nil {
		t.Fatal(err)
	}
	return `{"objects":` + string(bundle.Objects) + `}`
}

// What a partner adds by TAXII is heard by the code that hears reports, as theirs; the same objects filed by somebody else are
// a second source; and what our logs meet goes back into the collection, without a word of where.
func TestByTAXIIAndBack(t *testing.T) {
	t.Parallel()
	x := openShelved(t)
	x.who = partner
	x.taxii(http.MethodPost, envelope(t, "stix/valid/01-indicator-malware.json"))
	x.wake()
	x.who = huda
	if i := x.indicator("198.51.100.7"); i.State != "active" || !slices.Equal(i.Sources, []string{"us-key"}) {
		t.Errorf("heard by TAXII it is %+v", i)
	}
	x.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
	x.wake()
	if i := x.indicator("198.51.100.7"); !slices.Equal(i.Sources, []string{"CSIRT-EX", "us-key"}) {
		t.Errorf("filed as well it is of %v", i.Sources)
	}
	x.file("port", "log1", []byte(twoLines))
	x.wake()
	x.who = partner
	got := x.taxii(http.MethodGet, "")
	if !strings.Contains(got, `"type":"sighting"`) || !strings.Contains(got, `"count":2`) || !strings.Contains(got, `"sighting_of_ref":"indicator--4d884b0e-1ab9-4c0a-93b7-06811fc5083c"`) {
		t.Errorf("the collection says %s", got)
	}
	if strings.Contains(got, "gate-7") || strings.Contains(got, `"port"`) {
		t.Error("the sighting says where it was")
	}
	x.who = huda
	if i := x.indicator("198.51.100.7"); len(i.Others) != 0 || i.Sightings != 2 {
		t.Errorf("our own sighting came back as somebody's: %+v", i.Others)
	}
	x.last = pipeline.Effects{}
	x.wake()
	if len(x.last.Touched) > 0 {
		t.Errorf("heard again, %v changed", x.last.Touched)
	}
	x.ask("POST", "/indicators/"+x.indicator("198.51.100.7").ID+"/acts", map[string]any{"what": "false-positive", "reason": "our own update server"}, nil)
	x.who = partner
	if got := x.taxii(http.MethodGet, ""); !strings.Contains(got, `"opinion":"strongly-disagree"`) || strings.Contains(got, "update server") {
		t.Errorf("of a false positive the collection says %s", got)
	}
	x.who = huda
	x.wake()
	if len(x.last.Touched) > 0 {
		t.Errorf("heard again, %v changed", x.last.Touched)
	}
}

const secret = `{"type":"bundle","id":"bundle--bfb43fdb-d63c-4f56-a674-30ef024b6539","objects":[
{"type":"indicator","spec_version":"2.1","id":"indicator--11111111-1111-4111-8111-111111111111","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z","name":"for named persons","indicator_types":["malicious-activity"],"pattern":"[domain-name:value = 'secret.example.net']","pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z","confidence":90,"object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]},
{"type":"indicator","spec_version":"2.1","id":"indicator--22222222-2222-4222-8222-222222222222","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z","name":"for all","indicator_types":["malicious-activity"],"pattern":"[domain-name:value = 'open.example.net']","pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z","confidence":90,"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}]}`

// A TLP:RED object leaves by no way: not by TAXII, not by export, not under an agreement, not as a sighting of it, not as part
// of an incident.
func TestRedNeverLeaves(t *testing.T) {
	t.Parallel()
	x := openShelved(t)
	x.file("CSIRT-EX", "r1", []byte(secret))
	x.file("port", "log1", []byte(`{"ts":"2026-03-16T08:00:00Z","host":"gate-7","q":"secret.example.net","r":"open.example.net"}`+"\n"))
	red, open := x.indicator("secret.example.net"), x.indicator("open.example.net")
	if red.TLP != "TLP:RED" || red.Sightings != 1 {
		t.Fatalf("the secret is held as %+v", red)
	}
	x.who = partner
	if got := x.taxii(http.MethodGet, ""); strings.Contains(got, "secret") || strings.Contains(got, "11111111") || !strings.Contains(got, "open.example.net") {
		t.Errorf("by TAXII the partner reads %s", got)
	}
	x.who = huda
	if got := x.taxii(http.MethodGet, ""); !strings.Contains(got, "secret") || strings.Contains(got, `"sighting_of_ref":"indicator--1111`) {
		t.Errorf("by TAXII our own read %s", got)
	}
	for _, audience := range []string{"public", "community", "partner", "organisation"} {
		if code := x.ask("GET", "/indicators/"+red.ID+"/export?audience="+audience, nil, nil); code != http.StatusForbidden {
			t.Errorf("exported for %s: %d", audience, code)
		}
	}
	if code := x.ask("GET", "/indicators/"+red.ID+"/export?audience=everybody", nil, nil); code != http.StatusBadRequest {
		t.Errorf("an audience nobody knows was answered %d", code)
	}
	if code := x.ask("GET", "/indicators/"+open.ID+"/export?audience=public", nil, nil); code != http.StatusForbidden {
		t.Errorf("TLP:GREEN was exported for the public: %d", code)
	}
	if code := x.ask("GET", "/indicators/"+open.ID+"/export?audience=community", nil, nil); code != http.StatusOK {
		t.Errorf("TLP:GREEN was kept from the community: %d", code)
	}
	item := x.Items()[0]
	offer, err := item.Fill(t.Context(), x.store.Read(), red.ID, sharing.Ask{Category: "indicator"})
	if err != nil || offer.Record.TLP != "TLP:RED" || len(offer.Values) != 1 || offer.Values["indicator.type"] != "TLP:RED" {
		t.Errorf("under an agreement is offered %+v (%v)", offer, err)
	}
	found, err := item.Find(t.Context(), x.store.Read(), sharing.Ask{Category: "indicator"})
	if err != nil || len(found) != 1 || found[0].Ref != open.ID {
		t.Errorf("a request may mean %+v (%v)", found, err)
	}

	report := strings.Replace(string(sample(t, "reports/02-notification.json")), `"198[.]51[.]100[.]7"`, `"secret.example.net"`, 1)
	report = strings.Replace(report, `"type": "ipv4"`, `"type": "domain"`, 1)
	var taken struct{ Incident string }
	x.ask("POST", "/incidents", []byte(report), &taken)
	var bundle map[string]any
	if code := x.ask("GET", "/incidents/"+taken.Incident+"/export?audience=partner", nil, &bundle); code != http.StatusOK {
		t.Fatalf("the incident was answered %d", code)
	}
	raw, err := json.Marshal(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "secret") || strings.Contains(string(raw), "Harbour") || !strings.Contains(string(raw), "ef765651-680c-498d-9894-99799f2fa126") || !strings.Contains(string(raw), "9f86d081884c7d65") {
		t.Errorf("the incident's bundle says %s", raw)
	}
	if doc, f := stix.Read(raw); f != nil || len(doc.Lost()) > 0 {
		t.Errorf("the bundle is no STIX: %v", f)
	}
	x.ask("POST", "/incidents", []byte(strings.Replace(strings.Replace(report, `"tlp": "AMBER"`, `"tlp": "RED"`, 1), "PORT-2026-001-B", "PORT-2026-001-C", 1)), &taken)
	if code := x.ask("GET", "/incidents/"+taken.Incident+"/export?audience=organisation", nil, nil); code != http.StatusForbidden {
		t.Errorf("an incident of which one report is TLP:RED was answered %d", code)
	}
	offer, err = item.Fill(t.Context(), x.store.Read(), taken.Incident, sharing.Ask{Category: "incident"})
	if err != nil || offer.Record.TLP != "TLP:RED" || len(offer.Values) != 1 || offer.Values["incident.class"] != "TLP:RED" {
		t.Errorf("of the incident is offered %+v (%v)", offer, err)
	}
	if found, err = item.Find(t.Context(), x.store.Read(), sharing.Ask{Category: "incident"}); err != nil || len(found) != 0 {
		t.Errorf("a request may mean %+v (%v)", found, err)
	}
}

// Reminders are given at half, at four fifths and at the end of a duty's time, once each; a duty that was met has none.
func TestClocksRemind(t *testing.T) {
	t.Parallel()
	x := openShelved(t)
	x.now = time.Date(2026, 3, 15, 6, 0, 0, 0, time.UTC)
	x.file("port", "r1", sample(t, "reports/01-early-warning.json"))
	scheduled := x.last.Jobs
	if err := x.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return jobs.Schedule(ctx, tx, scheduled...) }); err != nil {
		t.Fatal(err)
	}
	x.now = time.Date(2026, 3, 16, 20, 0, 0, 0, time.UTC) // 44 of 72 hours; 38 of 24
	x.wake()
	x.now = time.Date(2026, 3, 20, 6, 0, 0, 0, time.UTC)
	if err := x.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return jobs.Schedule(ctx, tx, scheduled...) }); err != nil {
		t.Fatal(err)
	}
	x.wake()
	var page list[caseFile]
	x.ask("GET", "/incidents", nil, &page)
	var c caseFile
	x.ask("GET", "/incidents/"+page.Items[0].ID, nil, &c)
	said := map[string]int{}
	for _, e := range c.Timeline {
		said[e.Kind+" "+e.Code]++
	}
	if !c.Late || said["late clock-late"] != 2 || said["reminder clock-50"] != 1 || said["reported filed"] != 1 {
		t.Errorf("five days later the time line says %v", said)
	}
}
