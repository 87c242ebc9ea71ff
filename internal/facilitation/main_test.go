package facilitation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/formats/mrz"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var (
	omar  = access.Principal{ID: "1", Name: "omar", Role: access.Officer}
	noura = access.Principal{ID: "2", Name: "noura", Role: access.Officer}
	salma = access.Principal{ID: "3", Name: "salma", Role: access.Supervisor}
	huda  = access.Principal{ID: "4", Name: "huda", Role: access.Supervisor}
)

// start is when the tests' house opens: the samples' spring.
var start = time.Date(2026, 5, 9, 9, 0, 0, 0, time.UTC)

// house is the room on the whole road: journal, pipeline, screening, cases and clocks, under a clock of its own.
type house struct {
	t *testing.T
	*facilitation.Domain
	store    *store.Store
	reports  *intake.Reports
	journal  *intake.Journal
	screener *screening.Screener
	pipeline *pipeline.Pipeline
	desk     *casework.Desk
	log      *audit.Log
	mux      *api.Mux
	keys     *keys.Keys

	mu    sync.Mutex
	began time.Time // by the clock on the wall
	opens time.Time // by the house's
	ahead time.Duration
	who   access.Principal
	from  string // the address that asks
	still bool   // its clock goes as the one on the wall
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.opens.Add(time.Since(h.began) + h.ahead)
}

func (h *house) forward(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ahead += d
}

// settings are the tests' own, over the defaults.
const settings = "authorisation: {required: [PRT, JOR, GBR], visa_free: [BHR]}\n"

type option func(*facilitation.Options)

// live builds the house on an embedded store and runs it.
func live(t *testing.T, options ...option) *house {
	t.Helper()
	return liveFrom(t, start, options...)
}

func liveFrom(t *testing.T, opens time.Time, options ...option) *house {
	t.Helper()
	h := &house{t: t, began: time.Now(), opens: opens, who: omar, from: "192.0.2.1"}
	st, err := store.Open(t.Context(), t.TempDir()+"/rihla.db", store.Options{Clock: h.clock, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	h.open(st, options...)
	return h
}

func (h *house) open(st *store.Store, options ...option) {
	t := h.t
	t.Helper()
	ctx := t.Context()
	h.store = st
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	var err error
	h.keys, err = keys.Open(ctx, h.store, keys.Options{Dir: filepath.Join(dir, "keys")})
	must(err)
	h.log, err = audit.Open(ctx, h.store, h.keys, audit.Options{Dir: filepath.Join(dir, "keys"), Owner: "o"})
	must(err)
	h.reports, err = intake.OpenReports(ctx, h.store, h.keys, h.clock)
	must(err)
	h.journal, err = intake.OpenJournal(ctx, h.store, h.keys, h.reports, intake.JournalOptions{Owner: "o", Clock: h.clock})
	must(err)
	terms, err := facilitation.ReadSettings([]byte(settings))
	must(err)
	o := facilitation.Options{Store: h.store, IDs: h.keys, Reads: h.log, Journal: h.journal, Home: "BHR", State: "Bahrain", Settings: terms, Clock: h.clock}
	for _, set := range options {
		set(&o)
	}
	h.Domain = facilitation.New(o)
	h.mux = api.NewMux(api.Options{Title: "test", Version: "0", Authenticate: func(context.Context, *http.Request) (access.Principal, error) {
		if h.who.Name == "" {
			return h.who, access.ErrNoCredential
		}
		return h.who, nil
	}})
	h.Routes(h.mux)
	h.screener, err = screening.Open(ctx, h.store, screening.Options{Vocabularies: []rules.Vocabulary{facilitation.Vocabulary()}, Clock: h.clock})
	must(err)
	work, err := jobs.Open(ctx, h.store, jobs.Options{Owner: "o"})
	must(err)
	h.desk, err = casework.NewDesk(ctx, h.store, casework.Options{
		Offers: []casework.Offer{{Domain: h.Domain, Roles: []access.Role{access.Officer, access.Supervisor}}}, Reads: h.log,
		Announce: func(ctx context.Context, tx store.Tx, e casework.Event) error {
			return pipeline.Announce(ctx, tx, e.Domain, pipeline.Event{Name: "case", ID: e.ID, Counts: e.Counts})
		},
		Decided: func(ctx context.Context, tx store.Tx, c casework.Case, d casework.Decision) error {
			return h.pipeline.Decided(ctx, tx, c, d)
		},
	})
	must(err)
	log := &bytes.Buffer{}
	h.pipeline, err = pipeline.Open(ctx, pipeline.Options{
		Store: h.store, Journal: h.journal, Reports: h.reports, Screener: h.screener, Domains: []pipeline.Domain{h.Domain}, Jobs: work, Owner: "o", Clock: h.clock,
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	must(err)
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for _, work := range []func(context.Context) error{h.pipeline.Run, work.Run, h.log.Run} {
		running.Go(func() {
			if err := work(run); err != nil && run.Err() == nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		stop()
		running.Wait()
		_ = h.journal.Close()
		if t.Failed() {
			t.Logf("%.3000s", log)
		}
	})
}

func (h *house) until(what string, holds func() bool) {
	h.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	h.t.Fatal("never came to hold: " + what)
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	for _, dir := range []string{"testdata", "form/testdata"} {
		if raw, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			return raw
		}
	}
	t.Fatalf("there is no sample %s", name)
	return nil
}

// change is a sample with some of it replaced.
func change(t testing.TB, raw []byte, with ...func(map[string]any)) []byte {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	delete(m, "expect")
	for _, f := range with {
		f(m)
	}
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// list loads a list; rows are id, surname, given, born, nationality, documents.
func (h *house) list(rows string) {
	h.t.Helper()
	h.load("watch", "id,surname,given,born,nationality,documents\n"+rows)
}

// stolen loads a list of documents with one of them.
func (h *house) stolen(number, issuer string) {
	h.t.Helper()
	h.load("sltd", "document_type,document_number,issuer,status,reported\nP,"+number+","+issuer+",stolen,2025-11-02\n")
}

func (h *house) load(name, text string) {
	h.t.Helper()
	if _, err := screening.LoadList(h.t.Context(), h.store, screening.Upload{Name: name, By: "sup", Role: "supervisor", Force: true, Reason: "a test",
		Files: []lists.File{{Name: name + ".csv", Data: []byte(text)}}}); err != nil {
		h.t.Fatal(err)
	}
	current, err := screening.Current(h.t.Context(), h.store.Read())
	if err != nil {
		h.t.Fatal(err)
	}
	h.until("the list is in memory", func() bool { return h.screener.Generation().Number() >= current })
}

// do asks over HTTP, and reads the answer into out.
func (h *house) do(method, path string, body, out any) int {
	h.t.Helper()
	var text bytes.Buffer
	switch b := body.(type) {
	case nil:
	case []byte:
		text.Write(b)
	default:
		if err := json.NewEncoder(&text).Encode(body); err != nil {
			h.t.Fatal(err)
		}
	}
	req := httptest.NewRequestWithContext(h.t.Context(), method, "/api/v1"+path, &text)
	req.RemoteAddr = h.from + ":1"
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, req)
	if out != nil {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			h.t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
	return w.Code
}

func (h *house) must(method, path string, body, out any) {
	h.t.Helper()
	var problem map[string]any
	if code := h.do(method, path, body, &problem); code >= 300 {
		h.t.Fatalf("%s %s: %d %v", method, path, code, problem)
	}
	if out == nil {
		return
	}
	text, err := json.Marshal(problem)
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) as(p access.Principal) *house { h.who = p; return h }

// credentials are an applicant's.
type credentials struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret,omitempty"`
	Document  string `json:"document,omitempty"`
}

func (c credentials) with(more map[string]any) map[string]any {
	out := map[string]any{"reference": c.Reference, "secret": c.Secret}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// apply files an application as anybody may, and waits until it is processed.
func (h *house) apply(raw []byte) credentials {
	h.t.Helper()
	var c credentials
	h.must(http.MethodPost, "/applications", raw, &c)
	h.until(c.Reference+" is processed", func() bool {
		var n int
		if err := h.store.Read().QueryRowContext(h.t.Context(), `select count(*) from facilitation_application where ref = $1`, c.Reference).Scan(&n); err != nil {
			h.t.Fatal(err)
		}
		return n == 1
	})
	return c
}

// look lets so much time go by that a test which waits does not run into the limits.
func (h *house) look(c credentials) credentials {
	if !h.still {
		h.forward(31 * time.Second)
	}
	return c
}

func (h *house) own(c credentials) (o facilitation.Own) {
	h.t.Helper()
	h.must(http.MethodPost, "/applications/status", h.look(c), &o)
	return o
}

// page is an application as the desk sees it.
type page struct {
	ID       string   `json:"id"`
	State    string   `json:"state"`
	Number   string   `json:"number"`
	Moves    []string `json:"moves"`
	Acts     []string `json:"acts"`
	Reasons  []string `json:"reasons"`
	Overdue  bool     `json:"overdue"`
	Version  int64    `json:"version"`
	Findings []struct {
		Matched     string
		Explanation struct{ Code string }
	} `json:"findings"`
	Cases    []string `json:"cases"`
	Partner  *facilitation.Asked
	Proposal *facilitation.Proposal
	Cleared  []facilitation.Cleared
	Letters  []struct{ Kind, Text string }
	Until    time.Time
}

func (p page) found(code string) string {
	for _, f := range p.Findings {
		if f.Explanation.Code == code {
			return f.Matched
		}
	}
	return ""
}

func (h *house) id(c credentials) string { return h.keys.ID("facilitation-application", c.Reference) }

func (h *house) page(c credentials) (p page) {
	h.t.Helper()
	h.must(http.MethodGet, "/facilitation/applications/"+h.id(c), nil, &p)
	return p
}

// post does something at the desk.
func (h *house) post(c credentials, what string, body any) (p page) {
	h.t.Helper()
	h.must(http.MethodPost, "/facilitation/applications/"+h.id(c)+"/"+what, body, &p)
	return p
}

func (h *house) move(c credentials, to, reason string) page {
	h.t.Helper()
	return h.post(c, "moves", map[string]any{"to": to, "reason": reason})
}

// decide ends the case about an application.
func (h *house) decide(c credentials, who access.Principal, outcome string) error {
	h.t.Helper()
	p := h.page(c)
	if len(p.Cases) == 0 {
		h.t.Fatal("there is no case")
	}
	_, err := h.desk.Decide(h.t.Context(), who, p.Cases[0], casework.Verdict{Outcome: outcome, Reason: "looked at with the papers in hand"})
	return err
}

// passport writes the lines of a passport.
func passport(issuer, surname, given, number, born, sex, expires string) []string {
	z := mrz.Zone{Kind: mrz.TD3, Code: "P", Issuer: issuer, Surname: surname, Given: given, Number: number, Nationality: issuer, Sex: sex}
	_ = z.Born.UnmarshalText([]byte(born))       // a test's own
	_ = z.Expires.UnmarshalText([]byte(expires)) // likewise
	return z.Lines()
}

// clearAll files inquiries, and clears each of all that was found: their numbers.
func (h *house) clearAll(n int, of func(int) []byte) []string {
	h.t.Helper()
	ids := make([]screening.ID, n)
	for i := range ids {
		ref := fmt.Sprintf("RD-%d", i)
		ids[i] = screening.ID(h.keys.ID("facilitation-application", ref))
		raw := change(h.t, of(i), func(m map[string]any) { m["id"] = ref })
		if _, err := h.journal.Take(h.t.Context(), intake.Delivery{Filer: intake.Filer{Name: "desk"}, Gate: "folder", Name: ref, Raw: raw}); err != nil {
			h.t.Fatal(err)
		}
	}
	h.until("all are processed", func() bool {
		var done int
		if err := h.store.Read().QueryRowContext(h.t.Context(), `select count(*) from facilitation_application`).Scan(&done); err != nil {
			h.t.Fatal(err)
		}
		return done == n
	})
	found, err := screening.OfSubjects(h.t.Context(), h.store.Read(), ids)
	if err != nil {
		h.t.Fatal(err)
	}
	numbers := make([]string, n)
	for i, id := range ids {
		var matched []string
		for _, f := range found[id] {
			matched = append(matched, f.Matched)
		}
		if len(matched) == 0 {
			h.t.Fatalf("%d is like nobody who is listed", i)
		}
		path := "/facilitation/applications/" + string(id)
		var p page
		h.as(omar).must(http.MethodPost, path+"/examination", map[string]any{"not_same": matched, "reason": "photographs compared"}, nil)
		h.as(noura).must(http.MethodPost, path+"/confirmation", map[string]any{"yes": true}, &p)
		numbers[i] = p.Number
	}
	return numbers
}
