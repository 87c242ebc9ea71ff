package collection

import (
	"net/http"
	"strings"

	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
)

// prefix is where TAXII is.
const prefix = "/taxii2/"

// Routes puts the server behind the node's gate.
func (s *Server) Routes(m *api.Mux) {
	m.Protocol(api.Protocol{
		Prefix: prefix, Roles: []access.Role{access.Responder, access.Partner, access.Filer},
		Handler: s, Refuse: refuse, Places: s.places(),
	})
}

// endpoint is one of the standard's (section 4 and 5).
type endpoint struct {
	pattern string // below prefix; {…} is any one step
	summary string
	get     func(*Server, *request) error
	post    func(*Server, *request) error
	delete  func(*Server, *request) error
	filters taxii.On
	answers any
}

var endpoints = []endpoint{
	{pattern: "", summary: "The server and its API roots", get: (*Server).discovery, answers: taxii.Discovery{}},
	{pattern: "{root}/", summary: "What an API root speaks", get: (*Server).root, answers: taxii.Root{}},
	{pattern: "{root}/status/{status}/", summary: "What became of the objects of one post", get: (*Server).status, answers: taxii.Status{}},
	{pattern: "{root}/collections/", summary: "The collections there are for you", get: (*Server).collections, answers: taxii.Collections{}},
	{pattern: "{root}/collections/{collection}/", summary: "One collection, by its id or alias", get: (*Server).single, answers: taxii.Collection{}},
	{pattern: "{root}/collections/{collection}/manifest/", summary: "What objects there are, without their content", get: (*Server).manifest, filters: taxii.OnManifest, answers: taxii.Manifest{}},
	{pattern: "{root}/collections/{collection}/objects/", summary: "Objects, in the order they were added", get: (*Server).objects, post: (*Server).receive, filters: taxii.OnObjects, answers: taxii.Envelope{}},
	{pattern: "{root}/collections/{collection}/objects/{object}/", summary: "The versions of one object", get: (*Server).objects, delete: (*Server).withdraw, filters: taxii.OnObject, answers: taxii.Envelope{}},
	{pattern: "{root}/collections/{collection}/objects/{object}/versions/", summary: "Which versions of an object there are", get: (*Server).versions, filters: taxii.OnVersions, answers: taxii.Versions{}},
}

// request is one request, as far as it is understood.
type request struct {
	w          http.ResponseWriter
	r          *http.Request
	who        access.Principal
	root       string
	status     string
	collection *Collection
	object     string
	rights     rights
	at         *endpoint
}

// ServeHTTP answers everything below /taxii2/. Who asks is known by then. The order of checks is the one that public test
// suites rely on: path, method, Accept, collection, media type, right, size, filters, body.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := &request{w: w, r: r, who: api.PrincipalFrom(r.Context())}
	if err := s.serve(q); err != nil {
		if refused, ok := err.(*taxii.Error); ok { //nolint:errorlint // made here, never wrapped
			writeError(w, refused)
			return
		}
		api.WriteProblem(w, r, err)
	}
}

func (s *Server) serve(q *request) error {
	path, slash := strings.CutSuffix(strings.TrimPrefix(q.r.URL.Path, strings.TrimSuffix(prefix, "/")), "/")
	var steps []string
	if path = strings.TrimPrefix(path, "/"); path != "" {
		steps = strings.Split(path, "/")
	}
	var collection string
	for i := range endpoints {
		if endpoints[i].match(steps, q, &collection) {
			q.at = &endpoints[i]
			break
		}
	}
	if q.at == nil || q.root != "" && q.root != s.options.Root {
		return taxii.Refuse(http.StatusNotFound, "no-such-path", "There is no such path", "begin at "+prefix)
	}
	q.r.Pattern = prefix + q.at.pattern // whatever a client calls its method
	if !slash {
		target := q.r.URL.EscapedPath() + "/"
		if q.r.URL.RawQuery != "" {
			target += "?" + q.r.URL.RawQuery
		}
		q.w.Header().Set("Location", target)
		q.w.WriteHeader(http.StatusPermanentRedirect) // keeps the method
		return nil
	}
	do, allow := q.at.method(q.r.Method)
	if do == nil {
		q.w.Header().Set("Allow", allow)
		return taxii.Refuse(http.StatusMethodNotAllowed, "method-not-allowed", "No such method here", "this path takes "+allow)
	}
	q.r.Pattern = q.r.Method + " " + q.r.Pattern
	if s.options.Quota != nil && !s.options.Quota.Allow(asker(q.who)) {
		q.w.Header().Set("Retry-After", "1")
		return taxii.Refuse(http.StatusTooManyRequests, "too-many", "Too many requests", "wait as long as Retry-After says")
	}
	if !taxii.Accepts(q.r.Header.Values("Accept"), s.options.Lenient) {
		return taxii.Refuse(http.StatusNotAcceptable, "not-acceptable", "Not available in the form asked for", "send Accept: "+taxii.Media)
	}
	if collection != "" {
		if err := s.enter(q, collection); err != nil {
			return err
		}
	}
	return do(s, q)
}

// match reads a path against a pattern, step by step.
func (e *endpoint) match(steps []string, q *request, collection *string) bool {
	if len(steps) != strings.Count(e.pattern, "/") {
		return false
	}
	q.root, q.status, q.object, *collection = "", "", "", ""
	rest := e.pattern
	for _, step := range steps {
		var want string
		if want, rest, _ = strings.Cut(rest, "/"); step == "" {
			return false
		}
		switch want {
		case "{root}":
			q.root = step
		case "{status}":
			q.status = step
		case "{collection}":
			*collection = step
		case "{object}":
			q.object = step
		case step:
		default:
			return false
		}
	}
	return true
}

// method finds what answers a method, and names those there are. HEAD and OPTIONS are none: other origins have no
// business here.
func (e *endpoint) method(name string) (do func(*Server, *request) error, allow string) {
	var all []string
	for _, m := range []struct {
		name string
		do   func(*Server, *request) error
	}{{http.MethodGet, e.get}, {http.MethodPost, e.post}, {http.MethodDelete, e.delete}} {
		if m.do == nil {
			continue
		}
		all = append(all, m.name)
		if m.name == name {
			do = m.do
		}
	}
	return do, strings.Join(all, ", ")
}

// enter finds the collection and what the user may do with it. One that is hidden from him is not there.
func (s *Server) enter(q *request, name string) error {
	now, err := s.known(q.r.Context())
	if err != nil {
		return err
	}
	missing := taxii.Refuse(http.StatusNotFound, "no-such-collection", "There is no such collection", "collections/ lists those there are for you")
	c := now.named[name]
	if c == nil {
		return missing
	}
	if q.rights, err = s.rightsOf(q.r.Context(), q.who, now.grants[c.ID]); err != nil {
		return err
	}
	if q.rights.none() && !c.Visible {
		return missing
	}
	q.collection = c
	return nil
}

func mayNot(what string) error {
	return taxii.Refuse(http.StatusForbidden, "may-not-"+what, "You may not "+what+" here", "ask whoever runs this node for the right to "+what)
}

// refuse words what the gate refuses, and what failed.
func refuse(w http.ResponseWriter, p *api.Problem) {
	e := taxii.Refuse(p.Status, p.Type[strings.LastIndexByte(p.Type, '/')+1:], p.Title, p.Detail)
	e.ID = strings.TrimPrefix(p.Instance, "urn:uuid:")
	writeError(w, e)
}

func writeError(w http.ResponseWriter, e *taxii.Error) {
	if e.ID == "" {
		e.ID = keys.Event()
	}
	writeJSON(w, e.Status(), e)
}

// places describes the endpoints.
func (s *Server) places() (all []api.Place) {
	for i := range endpoints {
		e := &endpoints[i]
		add := func(method, summary string, status int, doc api.RawDoc) {
			all = append(all, api.Place{Route: api.Route{Method: method, Path: prefix + e.pattern, Summary: summary, Tags: []string{"taxii"}, Status: status, MaxBody: s.options.MaxContent}, Doc: doc})
		}
		get := api.RawDoc{Response: taxii.Media, Answers: e.answers}
		if e.filters != "" {
			get.Query = taxii.Parameters(e.filters)
		}
		add(http.MethodGet, e.summary, http.StatusOK, get)
		if e.post != nil {
			add(http.MethodPost, "Add objects", http.StatusAccepted, api.RawDoc{Request: taxii.Media, Takes: taxii.Envelope{}, Response: taxii.Media, Answers: taxii.Status{}})
		}
		if e.delete != nil {
			add(http.MethodDelete, "Delete versions of an object: all of them, unless match[version] says which", http.StatusOK, api.RawDoc{Query: taxii.Parameters(taxii.OnDelete)})
		}
	}
	return all
}
