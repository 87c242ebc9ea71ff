package funds_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// face is the room behind its routes, asked as somebody.
type face struct {
	*desk
	mux *api.Mux
	who access.Principal
}

var (
	layla = access.Principal{ID: "1", Name: "layla", Role: access.FIU}
	omar  = access.Principal{ID: "2", Name: "omar", Role: access.Officer}
)

func openFace(t *testing.T) *face {
	t.Helper()
	return faceOn(t, storetest.SQLite(t))
}

func faceOn(t *testing.T, st *store.Store) *face {
	t.Helper()
	f := &face{desk: open(t, st, "BHR"), who: layla}
	_, opened := intake.OpenReports(t.Context(), f.store, nil, nil)
	for _, err := range []error{audit.Migrate(t.Context(), f.store), opened, pipeline.Migrate(t.Context(), f.store)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f.mux = api.NewMux(api.Options{Title: "test", Version: "0", Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return f.who, nil }})
	f.Routes(f.mux)
	return f
}

// do asks, and reads the answer into out where there is one to read.
func (f *face) do(method, path string, body, out any) int {
	f.t.Helper()
	var text bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&text).Encode(body); err != nil {
			f.t.Fatal(err)
		}
	}
	req := httptest.NewRequest(method, "/api/v1/funds"+path, &text)
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	f.mux.ServeHTTP(w, req)
	if raw, ok := out.(*[]byte); ok {
		*raw = w.Body.Bytes()
	} else if out != nil && w.Code < 300 {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			f.t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
	return w.Code
}

func (f *face) get(path string, out any) {
	f.t.Helper()
	if code := f.do(http.MethodGet, path, nil, out); code != http.StatusOK {
		f.t.Fatalf("%s: %d", path, code)
	}
}

type list struct{ Items []map[string]any }

// raise stores what is found of everybody, as the pipeline does.
func (f *face) raise() {
	f.t.Helper()
	all := f.parties()
	var reports []screening.ID
	for _, e := range f.items("/reports") {
		reports = append(reports, screening.ID(e["id"].(string)))
	}
	all = append(all, f.screen(reports...)...)
	write(f.t, f.store, func(ctx context.Context, tx store.Tx) error {
		var subjects []*screening.Subject
		var found []screening.Finding
		for i := range all {
			subjects = append(subjects, &all[i].Subject)
			found = append(found, all[i].Found...)
		}
		up, err := screening.Upsert(ctx, tx, "funds", subjects, found)
		if err != nil {
			return err
		}
		_, err = casework.Raise(ctx, tx, "funds", all, found, up)
		return err
	})
}

func (f *face) items(path string) []map[string]any {
	f.t.Helper()
	var l list
	f.get(path, &l)
	return l.Items
}

// What a form sends is a report like any other: taken into the journal, read by the very reader, and refused with its faults
// where it cannot be read.
func TestForm(t *testing.T) {
	t.Parallel()
	f := openFace(t)
	f.who = omar
	form := map[string]any{
		"direction": "in", "port": "BAH", "items": []any{map[string]any{"kind": "banknotes", "currency": "EUR", "amount": "12000.00"}},
		"by":         map[string]any{"family_name": "EXAMPLE", "given_names": "SAMI", "dob": "1979-11-30", "nationality": "JO", "document": map[string]any{"type": "P", "number": "T0099881", "issuer": "JO"}},
		"owner":      map[string]any{"same_as": "by"},
		"provenance": "savings", "intended_use": "tourism", "journey": map[string]any{"flight": "GF44", "date": "2026-05-14", "route": []any{"IST", "BAH"}, "means": "air"},
	}
	var filed struct{ ID, Ref, Report string }
	if code := f.do(http.MethodPost, "/declarations", form, &filed); code != http.StatusAccepted || filed.ID == "" {
		t.Fatalf("%d %+v", code, filed)
	}
	d := f.taken[0]
	if d.Gate != "desk" || d.Filer.Name != "omar" {
		t.Errorf("taken as %+v", d)
	}
	f.fileFrom("desk", report{"form", "omar", noon, d.Raw})
	var page map[string]any
	f.get("/declarations/"+filed.ID, &page)
	if page["class"] != "asked" || page["value_usd"] != "13200.00" {
		t.Errorf("the declaration is %v", page)
	}
	form["items"] = []any{map[string]any{"kind": "banknotes", "currency": "EUR", "amount": "12,000"}}
	var raw []byte
	if code := f.do(http.MethodPost, "/declarations", form, &raw); code != http.StatusUnprocessableEntity || !strings.Contains(string(raw), "E-CASH-AMOUNT") {
		t.Errorf("%d %s", code, raw)
	}
}

// fileFrom files what came by another gate.
func (d *desk) fileFrom(gate string, r report) {
	d.t.Helper()
	filing := d.read(r)
	filing.Report.Gate = gate
	c, err := d.Plan(d.t.Context(), d.store.Read(), filing)
	if err != nil {
		d.t.Fatal(err)
	}
	write(d.t, d.store, func(ctx context.Context, tx store.Tx) error { _, err := c.Write(ctx, tx); return err })
}

func sampled(t *testing.T) *face {
	t.Helper()
	return sampledOn(t, storetest.SQLite(t))
}

func sampledOn(t *testing.T, st *store.Store) *face {
	t.Helper()
	f := faceOn(t, st)
	for _, name := range []string{"cash-declarations.json", "goaml-01-str-structuring.xml", "goaml-02-str-wire-out.xml", "goaml-03-sar-activity.xml", "pacs008-01-clean.xml", "pacs008-02-travel-rule-gaps.xml", "pain001-01.xml", "camt053-01.xml"} {
		f.file(report{name, "Invented Bank", noon, sample(t, name)})
	}
	f.raise()
	return f
}

// One story runs through the samples: four deposits, one wire out, two relatives with notes on one flight. It is found, and
// the unit can follow it from the report over the person to the money.
func TestStoryOfTheSamples(t *testing.T) {
	t.Parallel()
	f := sampled(t)
	yusuf := f.called("ALSAMPLE, YUSUF")
	if got := codes(yusuf); !slices.Contains(got, "companions") {
		t.Errorf("of Yusuf is found %v", got)
	}
	reports := f.items("/reports?state=open")
	if len(reports) != 3 {
		t.Fatalf("%d reports wait", len(reports))
	}
	for _, r := range reports {
		if r["case"] == nil {
			t.Errorf("%v has no case", r["ref"])
		}
	}
	var page struct {
		Movements []map[string]any
		Parties   []map[string]any
		Findings  []map[string]any
		Filer     string
	}
	at := slices.IndexFunc(reports, func(r map[string]any) bool { return r["ref"] == "STR-2026-0151" })
	f.get("/reports/"+reports[at]["id"].(string), &page)
	if len(page.Movements) != 4 || len(page.Findings) < 2 || page.Filer != "Invented Bank" {
		t.Errorf("the report shows %d movements, %d findings, filed by %q", len(page.Movements), len(page.Findings), page.Filer)
	}
	var graph struct {
		Nodes, Edges, Totals []map[string]any
	}
	f.get("/parties/"+string(yusuf.Subject.ID)+"/money?depth=2", &graph)
	kinds := map[string]int{}
	for _, e := range graph.Edges {
		kinds[e["kind"].(string)]++
	}
	if kinds["deposit"] < 4 || kinds["carried-out"] < 1 || kinds["transfer"] < 1 {
		t.Errorf("drawn are %v", kinds)
	}
	var party struct {
		Declarations, Reports []map[string]any
		NotEvaluable          []map[string]any `json:"not_evaluable"`
	}
	f.get("/parties/"+string(yusuf.Subject.ID), &party)
	if len(party.Declarations) != 1 || len(party.Reports) < 1 {
		t.Errorf("of Yusuf are shown %d declarations and %d reports", len(party.Declarations), len(party.Reports))
	}
	if found := f.items("/parties?q=p1234567"); len(found) != 1 {
		t.Errorf("by document %d are found", len(found))
	}
	if len(f.items("/typologies")) != 14 {
		t.Error("typologies are missing")
	}
}

// Every read of a person's data is told before it leaves, with whom it touched; without the log nothing is shown.
func TestReadsAreAudited(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, again func() *store.Store) { auditedReads(t, sampledOn(t, again())) })
}

func auditedReads(t *testing.T, f *face) {
	t.Helper()
	id := string(f.called("ALSAMPLE, YUSUF").Subject.ID)
	declaration := f.items("/declarations?q=CD-2026-000101")[0]["id"].(string)
	rep := f.items("/reports")[0]["id"].(string)
	for path, want := range map[string]string{
		"/declarations": "declaration.list", "/declarations/" + declaration: "declaration.read", "/reports": "funds-report.list", "/reports/" + rep: "funds-report.read",
		"/parties?q=alsample": "party.list", "/parties/" + id: "party.read", "/parties/" + id + "/money": "party.money", "/freezes": "freeze.list", "/disseminations": "dissemination.list",
	} {
		f.reads.entries = nil
		f.get(path, nil)
		if len(f.reads.entries) != 1 || f.reads.entries[0].Action != want || f.reads.entries[0].Actor != "layla" {
			t.Errorf("%s is told as %+v", path, f.reads.entries)
		}
		f.reads.broken = true
		if code := f.do(http.MethodGet, path, nil, nil); code != http.StatusInternalServerError {
			t.Errorf("%s without a log: %d", path, code)
		}
		f.reads.broken = false
	}
}

// Who does not work for the unit learns nothing, the same whether there is anything or not; the border desk sees what it
// declared itself, and no finding.
func TestRights(t *testing.T) {
	t.Parallel()
	f := sampled(t)
	declaration := f.items("/declarations?q=CD-2026-000101")[0]["id"].(string)
	rep := f.items("/reports")[0]["id"].(string)
	party := string(f.called("ALSAMPLE, YUSUF").Subject.ID)
	for _, path := range []string{"/reports", "/reports/" + rep, "/reports/none", "/parties?q=alsample", "/parties/" + party, "/parties/none", "/parties/" + party + "/money", "/freezes", "/disseminations", "/typologies"} {
		for _, role := range []access.Role{access.Supervisor, access.Analyst, access.Officer, access.Targeter, access.Responder, access.Auditor, access.Filer, access.Partner, access.Administrator} {
			f.who = access.Principal{Name: "x", Role: role}
			var raw []byte
			if code := f.do(http.MethodGet, path, nil, &raw); code != http.StatusForbidden {
				t.Errorf("%s as %s: %d", path, role, code)
			}
		}
	}
	f.who = omar
	if got := f.items("/declarations"); len(got) != 0 {
		t.Errorf("the border desk sees %d declarations of others", len(got))
	}
	if code := f.do(http.MethodGet, "/declarations/"+declaration, nil, nil); code != http.StatusNotFound {
		t.Errorf("and opens one: %d", code)
	}
	f.who = access.Principal{Name: "x", Role: access.Supervisor}
	if code := f.do(http.MethodGet, "/declarations", nil, nil); code != http.StatusForbidden {
		t.Errorf("a supervisor: %d", code)
	}
	hits, err := f.Search(t.Context(), f.store.Read(), f.who, "alsample", 10)
	if err != nil || len(hits) != 0 {
		t.Errorf("a supervisor's search finds %v %v", hits, err)
	}
	if hits, err = f.Search(t.Context(), f.store.Read(), layla, "alsample", 10); err != nil || len(hits) < 2 {
		t.Errorf("the unit's search finds %v %v", hits, err)
	}
}

// What is passed on is a goAML document that reads as one, a page to print, and holds nothing of who filed.
func TestDissemination(t *testing.T) {
	t.Parallel()
	f := sampled(t)
	var made struct{ ID, SHA256 string }
	body := map[string]any{
		"subjects": []any{f.items("/reports?q=STR-2026-0151")[0]["id"]}, "recipient": "Public prosecutor", "purpose": "Suspected laundering", "source": "B", "information": "2",
		"caveat": "For intelligence only", "summary": "Four deposits within four days, each below the line, and a flight with cash on the day after. As told by Invented Bank.",
	}
	if code := f.do(http.MethodPost, "/disseminations", body, &made); code != http.StatusCreated {
		t.Fatal(code)
	}
	var document, page, whole []byte
	for path, out := range map[string]*[]byte{"/goaml": &document, "/print": &page, "": &whole} {
		if code := f.do(http.MethodGet, "/disseminations/"+made.ID+path, nil, out); code != http.StatusOK {
			t.Fatalf("%s: %d", path, code)
		}
	}
	n := 0
	if err := goaml.Read(document, &goaml.Profile{Partner: true}, func(d *goaml.Document, broken *fault.Fault) error {
		if broken != nil {
			t.Fatal(broken)
		}
		if d.Stage == goaml.BreaksSchema {
			t.Errorf("it breaks the schema: %v", d.Warnings)
		}
		n += len(d.Transactions)
		return nil
	}); err != nil || n < 4 {
		t.Errorf("%d transactions, %v", n, err)
	}
	if err := xml.Unmarshal(document, new(struct{})); err != nil {
		t.Error(err)
	}
	for _, secret := range []string{"4711", "Seef", "Layla", "TX-20260511-001"} {
		for what, b := range map[string][]byte{"document": document, "page": page, "data": whole} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("the %s tells of the filer: %q", what, secret)
			}
		}
	}
	if bytes.Contains(document, []byte("Invented Bank")) {
		t.Error("the document names the filer")
	}
	if len(f.items("/disseminations")) != 1 {
		t.Error("it is not listed")
	}
}

// Feedback is a human's words, and the only thing that a filer hears beyond the receipt.
func TestFeedback(t *testing.T) {
	t.Parallel()
	f := sampled(t)
	id := f.items("/reports?q=STR-2026-0151")[0]["id"].(string)
	if code := f.do(http.MethodPost, "/reports/"+id+"/feedback", map[string]any{"text": "thanks"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("too short: %d", code)
	}
	if code := f.do(http.MethodPost, "/reports/"+id+"/feedback", map[string]any{"text": "Please name the depositor's employer in the next report."}, nil); code != http.StatusAccepted {
		t.Fatal(code)
	}
	var page struct{ Feedback []map[string]any }
	f.get("/reports/"+id, &page)
	if len(page.Feedback) != 1 || page.Feedback[0]["by"] != "layla" {
		t.Errorf("%+v", page.Feedback)
	}
}
