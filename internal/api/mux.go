package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/rihla/rihla/internal/access"
)

// Options of a node's HTTP face.
type Options struct {
	Title, Version string
	Authenticate   func(context.Context, *http.Request) (access.Principal, error)
	Logger         *slog.Logger
	Observe        func(route string, status int, took time.Duration) // told of every request; may be nil
}

// Mux is a node's HTTP face: all routes, behind one gate.
type Mux struct {
	options  Options
	mux      *http.ServeMux
	huma     huma.API
	problems *huma.Schema
	routes   map[string]Route // by ServeMux pattern
	pages    map[string]bool
	foreign  *http.CrossOriginProtection
	spoken   []Protocol
}

// NewMux makes a face without routes, but for its description at /openapi.json.
func NewMux(o Options) *Mux {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	m := &Mux{options: o, mux: http.NewServeMux(), routes: map[string]Route{}, pages: map[string]bool{}, foreign: http.NewCrossOriginProtection()}
	schemas := huma.NewMapRegistry("#/components/schemas/", schemaName)
	m.huma = humago.New(m.mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: o.Title, Version: o.Version},
			Components: &huma.Components{Schemas: schemas, SecuritySchemes: map[string]*huma.SecurityScheme{
				"bearer":  {Type: "http", Scheme: "bearer", Description: "A key made with rihla key create"},
				"session": {Type: "apiKey", In: "cookie", Name: "rihla_session", Description: "A person signed in"},
			}},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
		Transformers: []huma.Transformer{func(_ huma.Context, _ string, v any) (any, error) {
			if e, ok := v.(*huma.ErrorModel); ok {
				return translate(e), nil
			}
			return v, nil
		}},
	})
	m.problems = schemas.Schema(reflect.TypeFor[Problem](), true, "")
	m.Page("GET /openapi.json", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := m.OpenAPI()
		if err != nil {
			WriteProblem(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(text) // a client that has gone reads no error
	}))
	return m
}

// OpenAPI is the description of all routes (OpenAPI 3.1, JSON).
func (m *Mux) OpenAPI() ([]byte, error) {
	// huma names its own error type for every route; ours is written instead, so nothing refers to it.
	for name, schema := range m.huma.OpenAPI().Components.Schemas.Map() {
		if strings.HasPrefix(name, "Huma") && schema != nil {
			delete(m.huma.OpenAPI().Components.Schemas.Map(), name)
		}
	}
	return json.MarshalIndent(m.huma.OpenAPI(), "", " ")
}

// Page adds something open that is no part of the API: the web pages, health. A pattern "/" takes what nothing else does,
// outside the guarded paths.
func (m *Mux) Page(pattern string, h http.Handler) {
	m.pages[pattern] = true
	m.mux.Handle(pattern, h)
}

// guarded reports whether a path belongs to the API, whether or not there is a route.
func guarded(path string) bool {
	for _, prefix := range []string{"/api", "/taxii2"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// ServeHTTP is the gate.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	seen := &watched{ResponseWriter: w}
	r = r.WithContext(context.WithValue(r.Context(), muxKey{}, m))
	protocol := m.protocol(r.URL.Path)
	pattern := protocol.Prefix
	if protocol.Handler == nil {
		_, pattern = m.mux.Handler(r)
	} else {
		r = r.WithContext(context.WithValue(r.Context(), refuseKey{}, protocol.Refuse))
	}
	defer func() {
		if fault := recover(); fault != nil {
			m.broke(seen, r, pattern, fault)
		}
		if m.options.Observe != nil {
			m.options.Observe(pattern, seen.status, time.Since(began))
		}
	}()
	route, declared := m.routes[pattern]
	if (m.pages[pattern] && !guarded(r.URL.Path)) || route.Open {
		if err := m.native(r); err != nil {
			WriteProblem(seen, r, err)
			return
		}
		m.mux.ServeHTTP(seen, r)
		return
	}
	h := seen.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	who, err := m.options.Authenticate(r.Context(), r)
	if err != nil {
		WriteProblem(seen, r, err)
		return
	}
	if err := m.native(r); err != nil {
		WriteProblem(seen, r, err)
		return
	}
	next := http.Handler(m.mux)
	if protocol.Handler != nil {
		declared, route.Roles, next = true, protocol.Roles, protocol.Handler
	}
	if !declared {
		m.nowhere(seen, r)
		return
	}
	if !route.SignedIn && !who.Is(route.Roles...) {
		WriteProblem(seen, r, Errorf(Forbidden, "role %s may not do this; it is for %s", who.Role, strings.TrimPrefix(strings.TrimSuffix(route.may(), "."), "For: ")))
		return
	}
	r = r.WithContext(WithPrincipal(r.Context(), who))
	next.ServeHTTP(seen, r)
	if protocol.Handler != nil && r.Pattern != "" {
		pattern = r.Pattern // the protocol names its own places
	}
}

// native refuses what a foreign page made a browser send. A key is never sent by itself, so it needs no such check.
func (m *Mux) native(r *http.Request) error {
	if r.Header.Get("Authorization") != "" {
		return nil
	}
	if err := m.foreign.Check(r); err != nil {
		return because(Forbidden, err, "a page of another site asked for this")
	}
	return nil
}

// nowhere answers for a path or method that is not there, to one who is known.
func (m *Mux) nowhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := *r
		other.Method = method
		if _, pattern := m.mux.Handler(&other); m.routes[pattern].Path != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		WriteProblem(w, r, Errorf(NotAllowed, "%s is not one of the methods of this path: %s", r.Method, strings.Join(allowed, ", ")))
		return
	}
	WriteProblem(w, r, Errorf(NotFound, "there is no such path"))
}

type muxKey struct{}

// tell logs what is our fault, under the name that the client was given.
func tell(ctx context.Context, p *Problem, err error) {
	if m, ok := ctx.Value(muxKey{}).(*Mux); ok && p.Status >= http.StatusInternalServerError {
		m.options.Logger.ErrorContext(ctx, "a request failed", "instance", p.Instance, "err", err)
	}
}

// broke answers for a handler that panicked.
func (m *Mux) broke(w *watched, r *http.Request, route string, fault any) {
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(fault) // net/http's own way to break off an answer
	}
	if r.Context().Err() != nil {
		return // huma panics where a client has gone
	}
	p := problem(fmt.Errorf("panic: %v", fault))
	m.options.Logger.ErrorContext(r.Context(), "a request broke", "route", route, "instance", p.Instance, "err", fault, "stack", string(debug.Stack()))
	if w.status == 0 {
		WriteProblem(w, r, p)
		return
	}
	panic(http.ErrAbortHandler) // half an answer must not look whole
}

// watched remembers the status, and lets http.ResponseController reach what it needs.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watched) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() } // a writer that cannot flush keeps nothing back

var pathsOfTypes = regexp.MustCompile(`[^\[\],]*/`)

// schemaName names a type in the description by its package and name, for several rooms have a Flight: TravelFlight.
// This room's own go without, and so do anonymous ones, which huma names after where they stand.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := t.Name()
	if name == "" {
		return huma.DefaultSchemaNamer(t, hint)
	}
	name = pathsOfTypes.ReplaceAllString(name, "") // of type arguments: Page[travel.Flight]
	if room := path.Base(t.PkgPath()); t.PkgPath() != reflect.TypeFor[Problem]().PkgPath() {
		if strings.HasPrefix(t.PkgPath(), "github.com/danielgtaylor/huma") {
			room = "huma"
		}
		if t.PkgPath() != "" {
			name = room + "." + name
		}
	}
	var out strings.Builder
	up := true
	for _, c := range name {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			up = true
			continue
		}
		if up {
			c = unicode.ToUpper(c)
		}
		out.WriteRune(c)
		up = false
	}
	return out.String()
}
