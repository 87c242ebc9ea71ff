package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/server"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

const password = "a long pass phrase for tests"

// journey is what rules see here.
type journey struct {
	Role string
	Bags int64
}

// node is a server over a real store, with a hub that the test feeds.
type node struct {
	http.Handler
	log   *audit.Log
	hub   *hub
	drain chan struct{}
	keys  map[access.Role]string
	told  *[]string // what was announced
}

func newNode(t *testing.T) node {
	t.Helper()
	ctx, st := t.Context(), storetest.SQLite(t)
	k, err := keys.Open(ctx, st, keys.Options{Dir: t.TempDir()})
	must(t, err)
	log, err := audit.Open(ctx, st, k, audit.Options{})
	must(t, err)
	door, err := access.Open(ctx, st, access.Options{})
	must(t, err)
	must(t, door.CreateAccount(ctx, "test", access.NewAccount{Name: "amal", Role: access.Analyst, Password: password}))
	screener, err := screening.Open(ctx, st, screening.Options{Vocabularies: []rules.Vocabulary{{Domain: "travel", Name: "traveller", Type: reflect.TypeFor[journey]()}}})
	must(t, err)
	n := node{log: log, hub: &hub{}, drain: make(chan struct{}), keys: map[access.Role]string{}, told: &[]string{}}
	for _, role := range access.Roles {
		n.keys[role], err = door.CreateKey(ctx, "test", access.NewKey{Role: role, Name: "the " + string(role)})
		must(t, err)
	}
	n.Handler, err = server.New(server.Deps{
		Node:  server.NodeFacts{Name: "bah-1", State: "Dilmun", Country: "BHR", Airports: []string{"BAH"}, Zone: "Asia/Bahrain"},
		Store: st, Access: door, Audit: log, Screener: screener, Rooms: []server.Room{room{}}, Searchers: []server.Searcher{server.SearcherFunc(searchPeople)},
		Events: n.hub,
		Announce: func(_ context.Context, tx store.Tx, name, id string, counts map[string]int) error {
			tx.After(func() { *n.told = append(*n.told, fmt.Sprint(name, " ", id, " ", counts)) })
			return nil
		},
		Pages: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<html></html>"))
		}),
		Metrics:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("rihla_up 1\n")) }),
		Draining: n.drain,
		Clock:    func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) },
	})
	must(t, err)
	return n
}

// room stands for every part of the house that brings its own paths.
type room struct{}

func (room) Routes(m *api.Mux) {
	m.Raw(api.Route{Method: http.MethodGet, Path: "/api/v1/flights", Roles: []access.Role{access.Analyst}},
		func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("[]")) }, api.RawDoc{Response: "application/json"})
}

func searchPeople(_ context.Context, _ store.Reader, p access.Principal, q string, _ int) ([]api.Hit, error) {
	if p.Role != access.Analyst || !strings.Contains("QAMAR LAYLA", strings.ToUpper(q)) {
		return nil, nil
	}
	return []api.Hit{{Kind: "passenger", ID: "p1", Title: "QAMAR LAYLA", Path: "/people/p1"}}, nil
}

func (n node) call(t *testing.T, method, path, key, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return w
}

func want(t *testing.T, w *httptest.ResponseRecorder, status int, has string) {
	t.Helper()
	if w.Code != status || !strings.Contains(w.Body.String(), has) {
		t.Errorf("got %d %s\nwant %d with %s", w.Code, w.Body, status, has)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Nobody without a credential gets past the gate: neither to what is described nor to what is not there.
func TestAStrangerIsStopped(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	w := n.call(t, "GET", "/openapi.json", "", "")
	want(t, w, 200, `"openapi": "3.1`)
	var described struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	must(t, json.Unmarshal(w.Body.Bytes(), &described))
	open := []string{"/healthz", "/metrics", "/api/v1/session"}
	calls := [][2]string{{"GET", "/api/v1/nothing"}, {"POST", "/api/v1/flights"}, {"GET", "/api"}, {"GET", "/taxii2/"}, {"DELETE", "/api/v1/session"}, {"GET", "/api/v1/session"}}
	for path, methods := range described.Paths {
		for method := range methods {
			if !slices.Contains(open, path) {
				calls = append(calls, [2]string{strings.ToUpper(method), path})
			}
		}
	}
	if len(calls) < 15 {
		t.Fatalf("only %d calls are described", len(calls))
	}
	for _, c := range calls {
		w := n.call(t, c[0], c[1], "", "")
		if w.Code != 401 || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s lets a stranger in: %d %s", c[0], c[1], w.Code, w.Body)
		}
	}
	want(t, n.call(t, "GET", "/flights", "", ""), 200, "<html>")
}

// A person signs in, is known by the cookie, and is a stranger again after signing out.
func TestSession(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	signIn := func(body string) *httptest.ResponseRecorder { return n.call(t, "POST", "/api/v1/session", "", body) }
	want(t, signIn(`{"name":"amal"`), 400, "password")
	want(t, signIn(`{"name":"amal"}`), 400, "password")
	want(t, signIn(`{"name":"amal","password":"wrong wrong wrong"}`), 401, "do not go together")
	want(t, signIn(`{"name":"nobody","password":"wrong wrong wrong"}`), 401, "do not go together")

	in := signIn(`{"name":"amal","password":"` + password + `"}`)
	want(t, in, 200, `{"name":"amal","role":"analyst","state":"Dilmun","node":"bah-1"}`)
	cookies := in.Result().Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("cookies: %v", cookies)
	}
	as := func(r *http.Request) { r.AddCookie(cookies[0]) }
	want(t, n.call(t, "GET", "/api/v1/session", "", "", as), 200, `"name":"amal"`)
	want(t, n.call(t, "GET", "/api/v1/flights", "", "", as), 200, "[]")
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	want(t, n.call(t, "DELETE", "/api/v1/session", "", "", as, foreign), 403, "another site")
	out := n.call(t, "DELETE", "/api/v1/session", "", "", as)
	if out.Code != 204 || out.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("signing out: %d %v", out.Code, out.Result().Cookies())
	}
	want(t, n.call(t, "GET", "/api/v1/session", "", "", as), 401, "")

	for range 5 {
		signIn(`{"name":"amal","password":"wrong wrong wrong"}`)
	}
	w := signIn(`{"name":"amal","password":"` + password + `"}`)
	want(t, w, 429, "")
	if w.Header().Get("Retry-After") == "" {
		t.Error("a 429 does not say when to come back")
	}
}

func TestNode(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	want(t, n.call(t, "GET", "/api/v1/node", n.keys[access.Filer], ""), 200,
		`{"name":"bah-1","state":"Dilmun","home":{"country":"BHR","airports":["BAH"]},"now":"2026-11-24T09:00:00Z","zone":"Asia/Bahrain"}`)
}

// A search is for those who work here, finds what each may see, and is in the audit log by what it found.
func TestSearch(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	want(t, n.call(t, "GET", "/api/v1/search?q=qamar", n.keys[access.Analyst], ""), 200, `{"items":[{"kind":"passenger","id":"p1","title":"QAMAR LAYLA","path":"/people/p1"}]}`)
	want(t, n.call(t, "GET", "/api/v1/search?q=q", n.keys[access.Analyst], ""), 200, `{"items":[]}`)
	want(t, n.call(t, "GET", "/api/v1/search?q=qamar", n.keys[access.FIU], ""), 200, `{"items":[]}`)
	want(t, n.call(t, "GET", "/api/v1/search?q=qamar", n.keys[access.Filer], ""), 403, "")
	must(t, n.log.Seal(t.Context()))
	entries, err := n.log.Entries(t.Context(), audit.Query{Action: "search"})
	must(t, err)
	if len(entries) != 1 || !cmp.Equal(entries[0].Touched, []string{"p1"}) || entries[0].Detail != "" {
		t.Errorf("the audit log has %+v", entries)
	}
}

const people = `id,name,born,nationality
1,Layla al-Qamar,1980-02-29,BHR
2,Idris Tamr,1971,OMN
3,Noor Zaytun,1990-07-01,JOR
`

// A list is replaced whole or not at all, by those who may; who reads its entries is in the audit log.
func TestLists(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	supervisor := n.keys[access.Supervisor]
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", n.keys[access.Analyst], people), 403, "")
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", supervisor, ""), 400, "empty")
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", supervisor, "no list at all"), 422, "")
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", supervisor, people), 200, `"entries":3,"added":3,"changed":0,"removed":0`)
	want(t, n.call(t, "GET", "/api/v1/lists", n.keys[access.Analyst], ""), 200, `"name":"watch"`)
	if diff := cmp.Diff([]string{"list watch map[added:3 changed:0 removed:0]"}, *n.told); diff != "" {
		t.Errorf("announced (-want +got):\n%s", diff)
	}

	var seen []string
	for cursor := ""; ; {
		w := n.call(t, "GET", "/api/v1/lists/watch/entries?limit=2&cursor="+url.QueryEscape(cursor), n.keys[access.Analyst], "")
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		must(t, json.Unmarshal(w.Body.Bytes(), &page))
		for _, e := range page.Items {
			seen = append(seen, e.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if slices.Sort(seen); len(slices.Compact(seen)) != 3 {
		t.Errorf("paging through the entries gives %v", seen)
	}
	want(t, n.call(t, "GET", "/api/v1/lists/watch/entries?q=zaytun", n.keys[access.Analyst], ""), 200, "Noor Zaytun")
	want(t, n.call(t, "GET", "/api/v1/lists/none/entries", n.keys[access.Analyst], ""), 404, "")
	want(t, n.call(t, "GET", "/api/v1/lists/watch/entries?cursor=odd", n.keys[access.Analyst], ""), 400, "")
	want(t, n.call(t, "GET", "/api/v1/rules", n.keys[access.Analyst], ""), 200, `{"items":[]}`)
}

// The log is the auditor's, page by page, and says who read it.
func TestAudit(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	auditor := n.keys[access.Auditor]
	want(t, n.call(t, "GET", "/api/v1/audit", n.keys[access.Supervisor], ""), 403, "")
	for range 5 {
		n.call(t, "GET", "/api/v1/search?q=layla", n.keys[access.Analyst], "")
	}
	must(t, n.log.Seal(t.Context()))
	var numbers []int64
	for cursor := ""; ; {
		w := n.call(t, "GET", "/api/v1/audit?action=search&limit=2&cursor="+cursor, auditor, "")
		var page struct {
			Items []struct{ Number int64 }
			Next  string
		}
		must(t, json.Unmarshal(w.Body.Bytes(), &page))
		for _, e := range page.Items {
			numbers = append(numbers, e.Number)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(numbers) != 5 || !slices.IsSortedFunc(numbers, func(a, b int64) int { return int(b - a) }) {
		t.Errorf("five searches are entries %v", numbers)
	}
	must(t, n.log.Seal(t.Context()))
	want(t, n.call(t, "GET", "/api/v1/audit?action=audit.read&touched=p1", auditor, ""), 200, `{"items":[]}`)
	want(t, n.call(t, "GET", "/api/v1/audit?action=audit.read", auditor, ""), 200, `"actor":"the auditor"`)
	want(t, n.call(t, "GET", "/api/v1/audit/head", auditor, ""), 200, `"note":"rihla/audit/house`)
}

func TestHealthAndMetrics(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	want(t, n.call(t, "GET", "/healthz", "", ""), 200, "ok")
	from := func(address string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = address } }
	proxied := func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }
	want(t, n.call(t, "GET", "/metrics", "", "", from("127.0.0.1:5000")), 200, "rihla_up")
	want(t, n.call(t, "GET", "/metrics", "", "", from("[::1]:5000")), 200, "rihla_up")
	want(t, n.call(t, "GET", "/metrics", "", "", from("127.0.0.1:5000"), proxied), 401, "")
	want(t, n.call(t, "GET", "/metrics", "", "", from("203.0.113.9:5000")), 401, "")
	want(t, n.call(t, "GET", "/metrics", n.keys[access.Analyst], "", from("203.0.113.9:5000")), 403, "")
	want(t, n.call(t, "GET", "/metrics", n.keys[access.Administrator], "", from("203.0.113.9:5000")), 200, "rihla_up")
	close(n.drain)
	want(t, n.call(t, "GET", "/healthz", "", ""), 503, "draining")
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	h := n.call(t, "GET", "/api/v1/node", n.keys[access.Analyst], "").Header()
	for name, value := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Strict-Transport-Security": "",
	} {
		if h.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, h.Get(name), value)
		}
	}
}

// Which desk knows of which domain's changes.
func TestSees(t *testing.T) {
	t.Parallel()
	all := []string{"", "travel", "cargo", "funds", "cyber", "unheard-of"}
	for role, domains := range map[access.Role][]string{
		access.Analyst: {"", "travel"}, access.Officer: {"", "travel"}, access.Supervisor: {"", "travel", "cargo", "cyber"},
		access.Targeter: {"", "cargo"}, access.FIU: {"", "funds"}, access.Responder: {"", "cyber"},
		access.Auditor: all, access.Administrator: {""}, access.Filer: nil, access.Partner: nil,
	} {
		for _, domain := range all {
			if got := server.Sees(role, domain); got != slices.Contains(domains, domain) {
				t.Errorf("%s sees %q: %v", role, domain, got)
			}
		}
	}
}

// hub is an event source that a test feeds.
type hub struct{}

func (*hub) Follow(ctx context.Context, after int64) (<-chan pipeline.Numbered, error) {
	out := make(chan pipeline.Numbered, 8)
	stored := []pipeline.Numbered{
		{Number: 1, Domain: "travel", Event: pipeline.Event{Name: "flight", ID: "f1", Counts: map[string]int{"findings": 2}}},
		{Number: 2, Domain: "funds", Event: pipeline.Event{Name: "case", ID: "c2"}},
		{Number: 3, Domain: "", Event: pipeline.Event{Name: "list", ID: "watch"}},
	}
	for _, e := range stored {
		if after >= 0 && e.Number > after {
			out <- e
		}
	}
	go func() {
		<-ctx.Done()
		close(out)
	}()
	return out, nil
}
