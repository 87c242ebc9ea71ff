package cyber_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// desk is the room behind its routes, asked as somebody.
type desk struct {
	*room
	mux *api.Mux
	who access.Principal
}

var (
	huda   = access.Principal{ID: "1", Name: "huda", Role: access.Responder}
	watch  = access.Principal{ID: "2", Name: "watch", Role: access.Auditor}
	port   = access.Principal{ID: "3", Name: "port", Role: access.Filer}
	nobody = access.Principal{ID: "4", Name: "ali", Role: access.Analyst}
)

// journal files at once what a desk takes: the pipeline in small.
type journal struct{ r *room }

func (j journal) Take(_ context.Context, d intake.Delivery) (intake.Receipt, error) {
	id := fmt.Sprintf("%x", len(d.Raw)) + d.Name + d.Filer.Name
	format, messages, err := j.r.read(d.Raw)
	if err != nil || format == "" {
		return intake.Receipt{}, fmt.Errorf("not read as %q: %w", format, err)
	}
	j.r.write(pipeline.Filing{Format: format, Messages: messages, Report: intake.Report{ID: id, Filer: d.Filer, Gate: d.Gate, Received: j.r.now}})
	return intake.Receipt{ID: id}, nil
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	k := &desk{who: huda, room: open(t, storetest.SQLite(t))}
	k.bind()
	return k
}

// bind puts the room behind its routes.
func (k *desk) bind() {
	k.mux = api.NewMux(api.Options{Title: "test", Version: "0", Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return k.who, nil }})
	k.Routes(k.mux)
}

// ask sends a request and reads the answer.
func (k *desk) ask(method, path string, body, into any) int {
	k.t.Helper()
	var raw []byte
	switch b := body.(type) {
	case nil:
	case []byte:
		raw = b
	default:
		var err error
		if raw, err = json.Marshal(body); err != nil {
			k.t.Fatal(err)
		}
	}
	q := httptest.NewRequestWithContext(k.t.Context(), method, "/api/v1/cyber"+path, bytes.NewReader(raw))
	q.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	k.mux.ServeHTTP(w, q)
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			k.t.Fatalf("%s %s answered %d %s", method, path, w.Code, w.Body)
		}
	}
	if w.Code >= 500 {
		k.t.Fatalf("%s %s answered %d %s", method, path, w.Code, w.Body)
	}
	return w.Code
}

type indicator struct {
	ID, Kind, Value, Display, State, Rule, TLP string
	Score, Confidence                          int
	Sightings, Places                          int64
	Sources                                    []string
	Claims                                     []struct{ Source, Ref, TLP string }
	Met                                        []struct{ Place, Seen, Host string } `json:"sightings_at"`
	Others                                     []struct {
		Source string
		Denied bool
	}
	Incidents []struct{ ID, Title string }
}

type list[T any] struct {
	Items []T
	Next  string
}

func (k *desk) indicator(value string) indicator {
	k.t.Helper()
	var found list[struct{ Indicator *indicator }]
	if code := k.ask("POST", "/indicators/search", map[string]any{"values": []string{value}}, &found); code != http.StatusOK || found.Items[0].Indicator == nil {
		k.t.Fatalf("%s is not held (%d)", value, code)
	}
	var i indicator
	k.ask("GET", "/indicators/"+found.Items[0].Indicator.ID, nil, &i)
	return i
}

// An indicator's page says who says what of it, and where it was met; and every look was told to the audit log first.
func TestIndicatorPages(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	k.file("CSIRT-EX", "r1", sample(t, "stix/valid/02-observables-sighting-tlp2.json"))
	k.file("CSIRT-AA", "r2", sample(t, "ioc/01-defanged.csv"))
	k.file("port", "log1", []byte(twoLines))
	i := k.indicator("198[.]51[.]100[.]7")
	if i.State != "active" || i.TLP != "TLP:AMBER" || i.Sightings != 2 || i.Places != 1 || !slices.Equal(i.Sources, []string{"CSIRT-AA", "CSIRT-EX"}) {
		t.Errorf("the indicator is %+v", i)
	}
	if len(i.Claims) != 2 || len(i.Met) != 1 || i.Met[0].Place != "gate-7" || len(i.Others) != 1 {
		t.Errorf("%d claims, met %+v, told %+v", len(i.Claims), i.Met, i.Others)
	}
	last := k.reads.told[len(k.reads.told)-1]
	if last.Action != "indicator.read" || last.Actor != "huda" || !slices.Contains(last.Touched, i.ID) {
		t.Errorf("the audit log was told %+v", last)
	}
	var page list[indicator]
	seen := map[string]bool{}
	for path := "/indicators?limit=5"; ; path = "/indicators?limit=5&cursor=" + page.Next {
		page = list[indicator]{}
		k.ask("GET", path, nil, &page)
		for _, item := range page.Items {
			if seen[item.ID] {
				t.Errorf("%s is on two pages", item.Display)
			}
			seen[item.ID] = true
		}
		if page.Next == "" {
			break
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d indicators on all pages, wanted 12", len(seen))
	}
	for query, n := range map[string]int{"state=refused": 2, "state=active&kind=url": 2, "sighted=true": 1, "q=hxxp://login": 1, "source=csirt-ex": 1, "q=bank-portal": 3, "state=expired": 0} {
		if k.ask("GET", "/indicators?"+query, nil, &page); len(page.Items) != n {
			t.Errorf("%s: %d, wanted %d", query, len(page.Items), n)
		}
	}
	var around list[struct {
		Refused *struct{ Rule string }
		Around  []indicator
	}]
	k.ask("POST", "/indicators/search", map[string]any{"values": []string{"203.0.113.9", "a.login.bank-portal.example", "0.0.0.0/0", "co.uk", "what is this"}}, &around)
	if len(around.Items[0].Around) != 1 || len(around.Items[1].Around) != 1 || around.Items[2].Refused.Rule != "broad-network" || around.Items[3].Refused.Rule != "public-suffix" || around.Items[4].Refused == nil {
		t.Errorf("around: %+v", around.Items)
	}
	k.who = nobody
	if code := k.ask("GET", "/indicators", nil, nil); code != http.StatusForbidden {
		t.Errorf("an analyst of travellers was answered %d", code)
	}
	k.who = watch
	if code := k.ask("POST", "/indicators/"+i.ID+"/acts", map[string]any{"what": "expired", "reason": "long enough a reason"}, nil); code != http.StatusForbidden {
		t.Errorf("an auditor acted: %d", code)
	}
}

// A false positive is no longer matched, and its machines are looked at again; taken back, it is matched again.
func TestFalsePositive(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	k.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
	k.file("port", "log1", []byte(twoLines))
	i := k.indicator("198.51.100.7")
	if code := k.ask("POST", "/indicators/"+i.ID+"/acts", map[string]any{"what": "false-positive", "reason": "short"}, nil); code < 400 {
		t.Error("it took a reason of one word")
	}
	var after indicator
	k.ask("POST", "/indicators/"+i.ID+"/acts", map[string]any{"what": "false-positive", "reason": "our own update server"}, &after)
	if after.State != "false-positive" || after.Score != 0 {
		t.Errorf("after it the indicator is %+v", after)
	}
	var due int
	if err := k.store.Read().QueryRowContext(t.Context(), `select count(*) from screening_due where domain = 'cyber'`).Scan(&due); err != nil || due != 2 {
		t.Errorf("%d are due (%v): the indicator and the machine", due, err)
	}
	k.file("port", "log2", []byte(twoLines))
	if got := k.indicator("198.51.100.7"); got.Sightings != 2 {
		t.Errorf("matched all the same: %d", got.Sightings)
	}
	k.now = k.now.Add(time.Hour)
	k.ask("POST", "/indicators/"+i.ID+"/acts", map[string]any{"what": "restored", "reason": "it was not ours after all"}, &after)
	k.file("port", "log3", []byte(twoLines))
	if got := k.indicator("198.51.100.7"); got.State != "active" || got.Sightings != 4 {
		t.Errorf("restored it is %+v", got)
	}
}

// What is filed by hand goes the way of everybody's reports; what would hurt is refused with its rule.
func TestFiledByHand(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	var a struct{ Report, Indicator string }
	if code := k.ask("POST", "/indicators", map[string]any{"value": "evil[.]example[.]net", "tlp": "GREEN", "name": "phishing host", "confidence": 70}, &a); code != http.StatusAccepted {
		t.Fatalf("answered %d", code)
	}
	if i := k.indicator("evil.example.net"); i.ID != a.Indicator || i.TLP != "TLP:GREEN" || i.Confidence != 70 || i.Sources[0] != "huda" {
		t.Errorf("it is held as %+v", i)
	}
	for value, rule := range map[string]string{"0.0.0.0/0": "broad-network", "8.8.8.8": "public-resolver", "co.uk": "public-suffix", "10.1.2.3": "private-address", "nonsense": "type", "": "type"} {
		var p struct{ Rule string }
		if code := k.ask("POST", "/indicators", map[string]any{"value": value, "tlp": "GREEN"}, &p); code != http.StatusUnprocessableEntity || p.Rule != rule {
			t.Errorf("%q answered %d by rule %q, wanted %q", value, code, p.Rule, rule)
		}
	}
	if code := k.ask("POST", "/indicators", map[string]any{"value": "evil.example.net", "tlp": "PINK"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("a marking nobody knows was answered %d", code)
	}
}

// An indicator of a poisoned value is kept, refused by its rule, and met by no line, whatever way it came.
func TestPoisoned(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	bundle := `{"type":"bundle","id":"bundle--bfb43fdb-d63c-4f56-a674-30ef024b6539","objects":[`
	for i, p := range []string{"ipv4-addr:value = '8.8.8.8'", "domain-name:value = 'co.uk'", "ipv4-addr:value ISSUBSET '0.0.0.0/1'", "ipv4-addr:value = '192.168.1.1'", "domain-name:value = 'com'"} {
		if i > 0 {
			bundle += ","
		}
		bundle += fmt.Sprintf(`{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-%012d","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z","indicator_types":["malicious-activity"],"pattern":"[%s]","pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z"}`, i, p)
	}
	k.file("prankster", "r1", []byte(bundle+"]}"))
	var page list[indicator]
	k.ask("GET", "/indicators?state=refused", nil, &page)
	rules := map[string]string{}
	for _, i := range page.Items {
		rules[i.Value] = i.Rule
		if code := k.ask("GET", "/indicators/"+i.ID+"/export?audience=organisation", nil, nil); code != http.StatusForbidden {
			t.Errorf("%s was exported: %d", i.Value, code)
		}
	}
	if len(rules) != 5 || rules["8.8.8.8"] != "public-resolver" || rules["co.uk"] != "public-suffix" || rules["0.0.0.0/1"] != "broad-network" || rules["192.168.1.1"] != "private-address" {
		t.Errorf("refused by %v", rules)
	}
	k.file("port", "log1", []byte(`{"a":"8.8.8.8","b":"www.gov.co.uk","c":"192.168.1.1"}`+"\n"))
	var logs list[struct{ Lines, Matched int }]
	if k.ask("GET", "/logs", nil, &logs); logs.Items[0].Lines != 1 || logs.Items[0].Matched != 0 {
		t.Errorf("the log met %+v", logs.Items)
	}
}

type caseFile struct {
	ID, State, Title, TLP, Owner, Determination string
	Number, Version                             int64
	Severity                                    struct {
		Score, Level int
		Word         string
		Because      []struct{ Input string }
		Override     *struct{ By string }
	}
	Clocks []struct {
		ID, Duty, State string
		Due             time.Time
		Passed          int
	}
	Contact  *struct{ Contact string }
	Filed    []struct{ Stage string }
	Timeline []struct{ ID, Kind, Code, Text string }
	Tasks    []struct{ ID, State string }
	Evidence []struct {
		ID      string
		Custody []struct{ To string }
	}
	Linked []indicator
	Shared []struct{ Direction, Partner string }
	Next   []string
	Late   bool
}

// An incident from the first warning to its end: clocks, states, tasks, evidence, the time line, and rights.
func TestAnIncidentIsWorkedOn(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	k.now = time.Date(2026, 3, 15, 6, 0, 0, 0, time.UTC)
	k.who = port
	var taken struct{ Report, Incident string }
	if code := k.ask("POST", "/incidents", sample(t, "reports/01-early-warning.json"), &taken); code != http.StatusAccepted {
		t.Fatalf("answered %d", code)
	}
	if code := k.ask("GET", "/incidents/"+taken.Incident, nil, nil); code != http.StatusForbidden {
		t.Errorf("a filer read the desk's page: %d", code)
	}
	var refused struct {
		Faults []struct{ Pointer, Rule string }
	}
	if code := k.ask("POST", "/incidents", sample(t, "reports/03-voluntary-with-errors.json"), &refused); code != http.StatusUnprocessableEntity || len(refused.Faults) != 4 {
		t.Errorf("the report with errors was answered %d with %+v", code, refused.Faults)
	}
	k.who = huda
	at := "/incidents/" + taken.Incident
	var c caseFile
	k.ask("GET", at, nil, &c)
	if c.State != "reported" || c.Severity.Level != 2 || len(c.Severity.Because) != 8 || c.TLP != "TLP:AMBER" || c.Contact == nil {
		t.Errorf("the incident is %+v", c)
	}
	clocks := map[string]string{}
	for _, clock := range c.Clocks {
		clocks[clock.Duty] = clock.State
	}
	if clocks["early-warning"] != "met" || clocks["notification"] != "running" || clocks["feedback"] != "running" {
		t.Errorf("the clocks are %v", clocks)
	}
	move := func(state string, more ...any) (after caseFile, code int) {
		body := map[string]any{"state": state, "reason": "as the log of the desk says"}
		for i := 0; i+1 < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		code = k.ask("PUT", at+"/state", body, &after)
		return after, code
	}
	if _, code := move("closed"); code != http.StatusUnprocessableEntity {
		t.Errorf("a reported incident was closed: %d", code)
	}
	if _, code := move("triage", "version", 99); code != http.StatusConflict {
		t.Errorf("a version of another time was answered %d", code)
	}
	k.now = k.now.Add(time.Hour)
	for _, state := range []string{"triage", "investigating", "contained"} {
		var code int
		if c, code = move(state, "version", c.Version); code != http.StatusOK || c.State != state {
			t.Fatalf("to %s: %d, %s", state, code, c.State)
		}
	}
	if _, code := move("on-hold"); code != http.StatusUnprocessableEntity {
		t.Errorf("a hold without an end was answered %d", code)
	}
	var task struct{ ID, State string }
	k.ask("POST", at+"/tasks", map[string]any{"title": "Isolate the segment", "kind": "containment"}, &task)
	var second struct{ ID string }
	k.ask("POST", at+"/tasks", map[string]any{"title": "Restore", "kind": "recovery", "depends_on": task.ID}, &second)
	if code := k.ask("PUT", at+"/tasks/"+second.ID, map[string]any{"state": "successful"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("done before what it waits for: %d", code)
	}
	k.ask("PUT", at+"/tasks/"+task.ID, map[string]any{"state": "successful", "result": "done"}, &task)
	if task.State != "successful" {
		t.Errorf("the task is %s", task.State)
	}
	var e struct{ ID string }
	if code := k.ask("POST", at+"/evidence", map[string]any{"name": "memory", "sha256": "abc"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("evidence without a digest was answered %d", code)
	}
	k.ask("POST", at+"/evidence", map[string]any{"name": "memory", "sha256": strings.Repeat("ab", 32)}, &e)
	k.ask("POST", at+"/evidence/"+e.ID+"/custody", map[string]any{"to": "laboratory"}, nil)
	var entry struct{ ID string }
	k.ask("POST", at+"/timeline", map[string]any{"kind": "note", "text": "first look"}, &entry)
	k.ask("POST", at+"/timeline", map[string]any{"kind": "note", "text": "second look", "supersedes": entry.ID}, &entry)
	k.ask("PUT", at+"/owner", map[string]any{}, nil)
	k.ask("PUT", at+"/severity", map[string]any{"score": 90, "reason": "the port stands still"}, &c)
	if c.Owner != "huda" || c.Severity.Level != 4 || c.Severity.Override.By != "huda" || len(c.Evidence[0].Custody) != 2 {
		t.Errorf("the incident is now %+v", c)
	}
	k.who, k.now = port, k.now.Add(12*time.Hour)
	k.ask("POST", "/incidents", sample(t, "reports/02-notification.json"), &taken)
	k.who = huda
	k.ask("GET", at, nil, &c)
	clocks = map[string]string{}
	for _, clock := range c.Clocks {
		clocks[clock.Duty] = clock.State
	}
	if clocks["notification"] != "met" || clocks["final"] != "running" || clocks["feedback"] != "met" || clocks["partner"] != "running" || len(c.Filed) != 2 || len(c.Linked) != 2 {
		t.Errorf("after the notification: %v, %d filed, %d linked", clocks, len(c.Filed), len(c.Linked))
	}
	k.now = k.now.AddDate(0, 2, 0)
	if k.ask("GET", at, nil, &c); !c.Late {
		t.Error("two months later nothing is late")
	}
	var page list[caseFile]
	if k.ask("GET", "/incidents?open=true&severity=4&owner=me&q=port", nil, &page); len(page.Items) != 1 {
		t.Errorf("the board shows %d", len(page.Items))
	}
	k.who = watch
	var watched caseFile
	if k.ask("GET", at, nil, &watched); watched.Contact != nil {
		t.Error("whoever only watches reads whom to call")
	}
	var entries int
	if err := k.store.Read().QueryRowContext(t.Context(), `select count(*) from audit_pending where action like 'incident.%' and actor = 'huda'`).Scan(&entries); err != nil || entries < 12 {
		t.Errorf("%d acts are in the audit log (%v)", entries, err)
	}
	if !slices.ContainsFunc(k.reads.told, func(e audit.Entry) bool { return e.Action == "incident.read" && e.Actor == "watch" }) {
		t.Error("the auditor's look was not told")
	}
}

// A log filed at the desk is matched, and its page says what it met.
func TestLogPages(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	k.file("CSIRT-EX", "r1", sample(t, "stix/valid/01-indicator-malware.json"))
	var a struct{ Report string }
	if code := k.ask("POST", "/logs", []byte(twoLines), &a); code != http.StatusAccepted {
		t.Fatalf("answered %d", code)
	}
	var page struct {
		Lines, Unread, Matched int
		Hits                   []struct{ Host, Place, Display, Seen string }
	}
	k.ask("GET", "/logs/"+a.Report, nil, &page)
	if page.Lines != 4 || page.Unread != 1 || page.Matched != 2 || len(page.Hits) != 1 || page.Hits[0].Place != "gate-7" {
		t.Errorf("the log's page is %+v", page)
	}
	var host struct {
		Place, Source string
		Count         int
		Hits          []struct{ Display string }
	}
	if k.ask("GET", "/hosts/"+page.Hits[0].Host, nil, &host); host.Place != "gate-7" || host.Count != 2 || len(host.Hits) != 1 {
		t.Errorf("the machine's page is %+v", host)
	}
	hits, err := k.Search(t.Context(), k.store.Read(), huda, "gate-7", 5)
	if err != nil || len(hits) != 1 || hits[0].Kind != "host" {
		t.Errorf("search finds %+v (%v)", hits, err)
	}
	if hits, err = k.Search(t.Context(), k.store.Read(), nobody, "gate-7", 5); err != nil || len(hits) != 0 {
		t.Errorf("an analyst of travellers finds %+v (%v)", hits, err)
	}
}

// Every list and page answers on both stores.
func TestPagesOnBothStores(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, openStore func() *store.Store) {
		k := &desk{who: huda, room: open(t, openStore())}
		k.bind()
		k.file("CSIRT-AA", "r1", sample(t, "ioc/01-defanged.csv"))
		k.file("CSIRT-EX", "r2", sample(t, "stix/valid/02-observables-sighting-tlp2.json"))
		k.file("port", "r3", sample(t, "reports/02-notification.json"))
		k.file("port", "log1", []byte(twoLines))
		k.lookBack()
		var indicators list[indicator]
		for _, query := range []string{"", "?state=active", "?state=proposed", "?state=expired", "?state=refused&kind=ipv4&sighted=false", "?q=198.51_%25", "?limit=2", "?source=port&sighted=true"} {
			if code := k.ask("GET", "/indicators"+query, nil, &indicators); code != http.StatusOK {
				t.Errorf("%s answered %d", query, code)
			}
		}
		i := k.indicator("198.51.100.7")
		if len(indicators.Items) != 1 || i.Sightings != 2 || len(i.Met) != 1 || len(i.Incidents) != 1 || len(i.Others) != 1 || len(i.Sources) != 3 {
			t.Errorf("the indicator is %+v", i)
		}
		var incidents list[caseFile]
		for _, query := range []string{"?state=closed", "?q=nothing%20of%20that", "?severity=5", "?owner=me", "?open=true&severity=3&limit=1"} {
			if code := k.ask("GET", "/incidents"+query, nil, &incidents); code != http.StatusOK {
				t.Errorf("%s answered %d", query, code)
			}
		}
		if len(incidents.Items) != 1 || incidents.Next == "" {
			t.Fatalf("%d incidents, next %q", len(incidents.Items), incidents.Next)
		}
		if k.ask("GET", "/incidents?cursor="+incidents.Next, nil, &incidents); len(incidents.Items) != 0 {
			t.Errorf("%d behind the last", len(incidents.Items))
		}
		for _, path := range []string{"/logs", "/logs?limit=1", "/logs/log1", "/hosts/" + i.Met[0].Host, "/indicators/" + i.ID + "/export?audience=organisation"} {
			if code := k.ask("GET", path, nil, nil); code != http.StatusOK {
				t.Errorf("%s answered %d", path, code)
			}
		}
		for _, path := range []string{"/logs/none", "/hosts/none", "/indicators/none", "/incidents/none", "/indicators/none/export"} {
			if code := k.ask("GET", path, nil, nil); code != http.StatusNotFound {
				t.Errorf("%s answered %d", path, code)
			}
		}
		if code := k.ask("GET", "/indicators?cursor=nonsense", nil, nil); code != http.StatusBadRequest {
			t.Errorf("a cursor of nobody's was answered %d", code)
		}
		ahead, err := k.Ahead(t.Context(), k.store.Read(), k.now, "", 100)
		if err != nil || len(ahead) < 3 {
			t.Errorf("ahead %v (%v)", ahead, err)
		}
		for _, id := range ahead {
			sheet, err := k.Describe(t.Context(), k.store.Read(), id)
			if err != nil || sheet.Title == "" || len(sheet.Lines) == 0 {
				t.Errorf("%s is described as %+v (%v)", id, sheet, err)
			}
		}
		screened, err := k.Screen(t.Context(), k.store.Read(), ahead)
		if err != nil || len(screened) != len(ahead) {
			t.Errorf("%d of %d are screened (%v)", len(screened), len(ahead), err)
		}
	})
}
