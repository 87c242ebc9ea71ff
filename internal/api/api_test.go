package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
)

type Flight struct {
	ID     string `json:"id"`
	Number string `json:"number,omitempty"`
}

type list struct {
	api.Cursor
	Origin string `query:"origin" maxLength:"3"`
}

type flights struct{ Body api.Page[Flight] }

type decision struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"3"`
	}
}

type nothing struct{}

// face is a node's with a route of each sort. A key is a role's name.
func face(t *testing.T, log io.Writer) *api.Mux {
	t.Helper()
	m := api.NewMux(api.Options{
		Title: "Rihla", Version: "1",
		Logger: slog.New(slog.NewTextHandler(log, nil)),
		Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
			token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok {
				if c, err := r.Cookie("role"); err == nil {
					return access.Principal{Name: "somebody", Role: access.Role(c.Value)}, nil
				}
				return access.Principal{}, access.ErrNoCredential
			}
			if token == "broken" {
				return access.Principal{}, errors.New("the store is on fire")
			}
			role, err := access.ParseRole(token)
			if err != nil {
				return access.Principal{}, access.ErrBadCredential
			}
			return access.Principal{Name: "somebody", Role: role}, nil
		},
	})
	api.Register(m, api.Route{Method: "GET", Path: "/api/v1/flights", Summary: "Flights", Roles: []access.Role{access.Analyst}}, func(ctx context.Context, in *list) (*flights, error) {
		var place int
		if err := api.DecodeCursor(in.Cursor.Cursor, &place); err != nil {
			return nil, err
		}
		if place > 0 {
			return &flights{}, nil
		}
		next, err := api.EncodeCursor(in.Limit)
		return &flights{api.Page[Flight]{Items: []Flight{{ID: api.PrincipalFrom(ctx).Name}}, Next: next}}, err
	})
	api.Register(m, api.Route{Method: "POST", Path: "/api/v1/cases/{id}/decisions", Roles: []access.Role{access.Analyst}}, func(_ context.Context, in *decision) (*nothing, error) {
		switch in.ID {
		case "none":
			return nil, api.Errorf(api.NotFound, "there is no case %s", in.ID)
		case "moved":
			return nil, api.Errorf(api.Conflict, "it moved").With("version", 7)
		case "broken":
			return nil, errors.New("secret internals")
		case "panics":
			panic("secret internals")
		}
		return nil, nil
	})
	m.Raw(api.Route{Method: "POST", Path: "/api/v1/reports", SignedIn: true, MaxBody: 10}, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			api.WriteProblem(w, r, err)
			return
		}
		_ = http.NewResponseController(w).Flush()
		_, _ = w.Write(body)
	}, api.RawDoc{Request: "application/octet-stream", Response: "application/json", Answers: Flight{}})
	api.Register(m, api.Route{Method: "POST", Path: "/api/v1/sign-in", Open: true}, func(context.Context, *struct{}) (*nothing, error) { return nil, access.ErrTooMany })
	m.Page("/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a page") }))
	return m
}

func TestTheGate(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	m := face(t, &log)
	const ok, none = `{"reason":"because"}`, ""
	for _, test := range []struct {
		name, method, path, key, body string
		status                        int
		kind                          string // of the problem
	}{
		{"a stranger", "GET", "/api/v1/flights", none, none, 401, "unauthorized"},
		{"a stranger with a bad body", "POST", "/api/v1/cases/x/decisions", none, "{", 401, "unauthorized"},
		{"a stranger with a large body", "POST", "/api/v1/reports", none, "more than ten bytes", 401, "unauthorized"},
		{"a stranger at no path", "GET", "/api/v1/nothing", none, none, 401, "unauthorized"},
		{"a stranger at no method", "DELETE", "/api/v1/flights", none, none, 401, "unauthorized"},
		{"a stranger at the edge of the API", "GET", "/api", none, none, 401, "unauthorized"},
		{"a stranger at TAXII", "GET", "/taxii2/", none, none, 401, "unauthorized"},
		{"a wrong key", "GET", "/api/v1/flights", "king", none, 401, "unauthorized"},
		{"a store that fails", "GET", "/api/v1/flights", "broken", none, 500, "internal"},
		{"beyond the role", "GET", "/api/v1/flights", "filer", none, 403, "forbidden"},
		{"beyond the role with a bad body", "POST", "/api/v1/cases/x/decisions", "filer", "{", 403, "forbidden"},
		{"no path", "GET", "/api/v1/nothing", "filer", none, 404, "not-found"},
		{"no method", "DELETE", "/api/v1/flights", "filer", none, 405, "method-not-allowed"},
		{"an answer", "GET", "/api/v1/flights", "analyst", none, 200, none},
		{"the head of an answer", "HEAD", "/api/v1/flights", "analyst", none, 200, none},
		{"a bad cursor", "GET", "/api/v1/flights?cursor=x", "analyst", none, 400, "invalid"},
		{"a bad parameter", "GET", "/api/v1/flights?origin=LONDON", "analyst", none, 422, "unprocessable"},
		{"a decision", "POST", "/api/v1/cases/x/decisions", "analyst", ok, 204, none},
		{"a bad body", "POST", "/api/v1/cases/x/decisions", "analyst", "{", 400, "invalid"},
		{"a wrong body", "POST", "/api/v1/cases/x/decisions", "analyst", `{"reason":""}`, 422, "unprocessable"},
		{"nothing there", "POST", "/api/v1/cases/none/decisions", "analyst", ok, 404, "not-found"},
		{"something happened meanwhile", "POST", "/api/v1/cases/moved/decisions", "analyst", ok, 409, "conflict"},
		{"our fault", "POST", "/api/v1/cases/broken/decisions", "analyst", ok, 500, "internal"},
		{"our bug", "POST", "/api/v1/cases/panics/decisions", "analyst", ok, 500, "internal"},
		{"any role", "POST", "/api/v1/reports", "partner", "ten bytes", 200, none},
		{"too large", "POST", "/api/v1/reports", "partner", "eleven bytes", 413, "too-large"},
		{"open, and too many", "POST", "/api/v1/sign-in", none, none, 429, "too-many"},
		{"a page", "GET", "/flights/x", none, none, 200, none},
		{"a page whose name only looks like the API", "GET", "/apiary", none, none, 200, none},
		{"the description", "GET", "/openapi.json", none, none, 200, none},
	} {
		r := httptest.NewRequestWithContext(t.Context(), test.method, test.path, strings.NewReader(test.body))
		if test.key != "" {
			r.Header.Set("Authorization", "Bearer "+test.key)
		}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%s: %d, wanted %d: %s", test.name, w.Code, test.status, w.Body)
			continue
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: told %s", test.name, w.Body)
		}
		if test.kind == "" {
			continue
		}
		var p api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Errorf("%s: %v: %s", test.name, err, w.Body)
			continue
		}
		if p.Type != "/problems/"+test.kind || p.Status != test.status || p.Title == "" || p.Instance == "" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %+v %v", test.name, p, w.Header())
		}
		if test.status == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no challenge", test.name)
		}
		if test.status == 500 && !strings.Contains(log.String(), p.Instance) {
			t.Errorf("%s: %s is not in the log", test.name, p.Instance)
		}
	}
}

func TestABodyOfUnknownLengthIsBounded(t *testing.T) {
	t.Parallel()
	m := face(t, io.Discard)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/reports", io.MultiReader(strings.NewReader("eleven "), strings.NewReader("bytes")))
	r.ContentLength = -1
	r.Header.Set("Authorization", "Bearer filer")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Error(w.Code, w.Body)
	}
}

func TestAProblemCarriesWhatItsErrorAdds(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/x", nil)
	api.WriteProblem(w, r, api.Errorf(api.Unprocessable, "bad date").With("offset", 12))
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "instance")
	want := map[string]any{"type": "/problems/unprocessable", "title": "Understood, but not right", "status": 422.0, "detail": "bad date", "offset": 12.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	err := error(api.Errorf(api.NotFound, "no %s", "case"))
	if !errors.Is(err, &api.Error{Kind: api.NotFound}) || errors.Is(err, &api.Error{Kind: api.Gone}) {
		t.Error("kinds do not compare")
	}
}

func TestListsGoPageByPageAndAreNeverNull(t *testing.T) {
	t.Parallel()
	m := face(t, io.Discard)
	get := func(path string) string {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer analyst")
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		return strings.TrimSpace(w.Body.String())
	}
	if got := get("/api/v1/flights"); got != `{"items":[{"id":"somebody"}],"next":"MTAw"}` {
		t.Error(got)
	}
	if got := get("/api/v1/flights?cursor=MTAw"); got != `{"items":[]}` {
		t.Error(got)
	}
}

func TestAForeignPageCannotAct(t *testing.T) {
	t.Parallel()
	m := face(t, io.Discard)
	for name, test := range map[string]struct {
		set  func(*http.Request)
		want int
	}{
		"our own page":                {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }, 204},
		"a foreign page":              {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"a foreign page, old browser": {func(r *http.Request) { r.Header.Set("Origin", "https://elsewhere.example") }, 403},
		"a foreign program with a key": {func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Authorization", "Bearer analyst")
		}, 204},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/cases/x/decisions", strings.NewReader(`{"reason":"because"}`))
		r.AddCookie(&http.Cookie{Name: "role", Value: "analyst"})
		test.set(r)
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestTheDescriptionTellsAllRoutesAndOnlyThem(t *testing.T) {
	t.Parallel()
	m := face(t, io.Discard)
	text, err := m.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Security    []map[string][]string
			Description string
			Responses   map[string]any
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	routes := map[string]string{}
	for path, methods := range got.Paths {
		for method, op := range methods {
			routes[method+" "+path] = op.OperationID + ": " + op.Description
			if _, ok := op.Responses["default"]; !ok {
				t.Errorf("%s tells no problem", path)
			}
		}
	}
	want := map[string]string{
		"get /api/v1/flights":               "get-flights: For: analyst.",
		"post /api/v1/cases/{id}/decisions": "post-cases-id-decisions: For: analyst.",
		"post /api/v1/reports":              "post-reports: For every role.",
		"post /api/v1/sign-in":              "post-sign-in: Open: no key needed.",
	}
	if diff := cmp.Diff(want, routes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var schemas []string
	for name := range got.Components.Schemas {
		schemas = append(schemas, name)
	}
	if p, _ := got.Components.Schemas["Problem"].(map[string]any); p["additionalProperties"] != true {
		t.Error("a problem may have members of its own, and the description does not say so")
	}
	sortStrings := cmp.Transformer("set", func(in []string) map[string]bool {
		out := map[string]bool{}
		for _, s := range in {
			out[s] = true
		}
		return out
	})
	if diff := cmp.Diff([]string{"FieldError", "PageApiTestFlight", "ApiTestFlight", "DecisionBody", "Problem"}, schemas, sortStrings); diff != "" {
		t.Errorf("schemas (-want +got):\n%s", diff)
	}
	again, err := m.OpenAPI()
	if err != nil || !bytes.Equal(text, again) {
		t.Error("the description changed", err)
	}
}

func TestARouteMustSayWhoMay(t *testing.T) {
	t.Parallel()
	m := face(t, io.Discard)
	for name, r := range map[string]api.Route{
		"nobody said": {Method: "GET", Path: "/api/v1/a"},
		"said twice":  {Method: "GET", Path: "/api/v1/b", Open: true, Roles: []access.Role{access.Analyst}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: taken", name)
				}
			}()
			m.Raw(r, func(http.ResponseWriter, *http.Request) {}, api.RawDoc{})
		}()
	}
}

func TestRequestsAreObservedByTheirRoute(t *testing.T) {
	t.Parallel()
	type seen struct {
		route  string
		status int
	}
	var got []seen
	m := api.NewMux(api.Options{
		Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return access.Principal{}, nil },
		Observe:      func(route string, status int, _ time.Duration) { got = append(got, seen{route, status}) },
	})
	m.Raw(api.Route{Method: "GET", Path: "/api/v1/x/{id}", SignedIn: true}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }, api.RawDoc{})
	for _, path := range []string{"/api/v1/x/1", "/api/v1/y"} {
		m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	}
	if diff := cmp.Diff([]seen{{"GET /api/v1/x/{id}", 418}, {"", 404}}, got, cmp.AllowUnexported(seen{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A protocol words its own errors, also those of the gate, and names its own paths.
func TestProtocol(t *testing.T) {
	t.Parallel()
	var seen []string
	m := api.NewMux(api.Options{
		Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
			name, _, ok := r.BasicAuth()
			if !ok {
				return access.Principal{}, access.ErrNoCredential
			}
			return access.Principal{Name: name, Role: access.Role(name)}, nil
		},
		Observe: func(route string, status int, _ time.Duration) { seen = append(seen, fmt.Sprint(route, " ", status)) },
	})
	m.Protocol(api.Protocol{
		Prefix: "/taxii2/", Roles: []access.Role{access.Responder},
		Refuse: func(w http.ResponseWriter, p *api.Problem) {
			w.WriteHeader(p.Status)
			fmt.Fprintf(w, "its own %s", p.Title)
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Pattern = "GET /taxii2/x"
			if r.URL.Path == "/taxii2/broken" {
				panic("broken")
			}
			fmt.Fprint(w, api.PrincipalFrom(r.Context()).Name)
		}),
		Places: []api.Place{{Route: api.Route{Method: "GET", Path: "/taxii2/", Summary: "Discovery"}}},
	})
	var got []string
	for _, c := range [][2]string{{"/taxii2/x", "responder"}, {"/taxii2/x", ""}, {"/taxii2", ""}, {"/taxii2//x", "analyst"}, {"/taxii2/broken", "responder"}} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, c[0], nil)
		if c[1] != "" {
			r.SetBasicAuth(c[1], "")
		}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		got = append(got, fmt.Sprint(w.Code, " ", w.Body))
	}
	want := []string{"200 responder", "401 its own Sign in, or send a key", "401 its own Sign in, or send a key", "403 its own Beyond your role", "500 its own Our software failed"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"GET /taxii2/x 200", "/taxii2/ 401", "/taxii2/ 401", "/taxii2/ 403", "/taxii2/ 500"}, seen); diff != "" {
		t.Error(diff)
	}
	text, err := m.OpenAPI()
	if err != nil || !strings.Contains(string(text), `"/taxii2/"`) {
		t.Error(err, "its places are not described")
	}
}
