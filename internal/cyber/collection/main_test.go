package collection_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// node is one node with its collections, as HTTP sees it.
type node struct {
	t      testing.TB
	store  *store.Store
	keys   *keys.Keys
	server *collection.Server
	face   http.Handler
	log    *audit.Log
	base   string // of the collection that the test has to itself
}

// The users. A name is the key of somebody in the test's door.
var users = map[string]access.Principal{
	"responder": {Name: "responder", Role: access.Responder},
	"second":    {Name: "second", Role: access.Responder},
	"partner":   {Name: "us-key", Role: access.Partner, Partner: "us"},
	"other":     {Name: "fr-key", Role: access.Partner, Partner: "fr"},
	"filer":     {Name: "EXAMPLE SOC", Role: access.Filer},
	"analyst":   {Name: "analyst", Role: access.Analyst},
}

func authenticate(_ context.Context, r *http.Request) (access.Principal, error) {
	_, password, ok := r.BasicAuth()
	if token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); bearer {
		password, ok = token, true
	}
	who, known := users[password]
	switch {
	case !ok:
		return who, access.ErrNoCredential
	case !known:
		return who, access.ErrBadCredential
	}
	return who, nil
}

func openNode(t testing.TB, st *store.Store, dir string, change ...func(*collection.Options)) *node {
	t.Helper()
	k, err := keys.Open(t.Context(), st, keys.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(t.Context(), st, k, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := collection.Options{Store: st, Keys: k, Audit: log}
	for _, f := range change {
		f(&o)
	}
	s, err := collection.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	m := api.NewMux(api.Options{Title: "test", Authenticate: authenticate})
	s.Routes(m)
	return &node{t, st, k, s, m, log, "/taxii2/rihla/collections/exchange/"}
}

// each runs a test with a fresh node on either store. Most tests share one of each and have a collection to themselves,
// see TestServer; this is for those that look at all there is.
func each(t *testing.T, test func(t *testing.T, n *node)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) { test(t, openNode(t, open(), t.TempDir())) })
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

type header map[string]string

// ask sends a request as a user, with the headers that a good client sends unless others are given.
func (n *node) ask(user, method, path string, body any, more ...header) answer {
	n.t.Helper()
	var from io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		from = strings.NewReader(b)
	case []byte:
		from = bytes.NewReader(b)
	case io.Reader:
		from = b
	}
	r := httptest.NewRequestWithContext(n.t.Context(), method, "http://x.example"+path, from)
	r.Header.Set("Accept", taxii.Media)
	if user != "" {
		r.SetBasicAuth("whoever", user)
	}
	if from != nil {
		r.Header.Set("Content-Type", taxii.Media)
	}
	for _, h := range more {
		for name, value := range h {
			if r.Header.Del(name); value != "" {
				r.Header.Set(name, value)
			}
		}
	}
	w := httptest.NewRecorder()
	n.face.ServeHTTP(w, r)
	a := answer{w.Code, w.Header(), w.Body.Bytes()}
	if a.status >= 400 {
		a.checkError(n.t)
	}
	return a
}

// checkError holds every refusal to the standard's form.
func (a answer) checkError(t testing.TB) {
	t.Helper()
	var e taxii.Error
	if err := json.Unmarshal(a.body, &e); err != nil || e.Title == "" || e.Code == "" || e.ID == "" || e.HTTPStatus != fmt.Sprint(a.status) {
		t.Errorf("%d: the error's body is %s (%v)", a.status, a.body, err)
	}
	if got := a.header.Get("Content-Type"); got != taxii.Media {
		t.Errorf("%d: the error is %s", a.status, got)
	}
}

func (a answer) code() string {
	var e taxii.Error
	_ = json.Unmarshal(a.body, &e)
	return e.Code
}

func (n *node) get(user, path string) answer {
	n.t.Helper()
	return n.ask(user, http.MethodGet, path, nil)
}

// into reads a good answer.
func (a answer) into(t testing.TB, status int, v any) {
	t.Helper()
	if a.status != status {
		t.Fatalf("%d, not %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
}

// add posts objects as a responder and answers the status.
func (n *node) add(objects ...string) taxii.Status {
	n.t.Helper()
	return n.addAs("responder", n.base, objects...)
}

func (n *node) addAs(user, at string, objects ...string) taxii.Status {
	n.t.Helper()
	var st taxii.Status
	n.ask(user, http.MethodPost, at+"objects/", `{"objects":[`+strings.Join(objects, ",")+`]}`).into(n.t, http.StatusAccepted, &st)
	return st
}

// good adds objects that must all be taken.
func (n *node) good(objects ...string) {
	n.t.Helper()
	if st := n.add(objects...); st.FailureCount > 0 || st.SuccessCount != len(objects) {
		n.t.Fatalf("not all were taken: %+v", st)
	}
}

func (n *node) envelope(user, path string) taxii.Envelope {
	n.t.Helper()
	var e taxii.Envelope
	n.get(user, path).into(n.t, http.StatusOK, &e)
	return e
}

func (n *node) records(user, path string) []taxii.Record {
	n.t.Helper()
	var m taxii.Manifest
	n.get(user, path).into(n.t, http.StatusOK, &m)
	return m.Objects
}

// labels are the labels of the objects of an envelope, which tests name them by.
func labels(t testing.TB, e taxii.Envelope) []string {
	t.Helper()
	out := []string{}
	for _, raw := range e.Objects {
		var o struct{ Labels []string }
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Join(o.Labels, " "))
	}
	return out
}

func (n *node) labels(user, path string) []string {
	n.t.Helper()
	return labels(n.t, n.envelope(user, path))
}

var ids atomic.Int64

// id is an identifier that no other object of the tests has.
func id(kind string) string {
	return kind + "--" + uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, ids.Add(1))).String()
}

// object makes an object of a type that needs no more than a name. Its label tells tests which it is.
func object(id, version, label string, more ...string) string {
	kind, _, _ := strings.Cut(id, "--")
	return fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":%q,"created":"2026-01-01T00:00:00.000Z","modified":%q,"name":"x","labels":[%q]%s}`,
		kind, id, version, label, strings.Join(append([]string{""}, more...), ","))
}

// marked is the member that gives an object its TLP.
func marked(level stix.TLP) string {
	id, _ := level.MarkingID(2)
	return fmt.Sprintf(`"object_marking_refs":[%q]`, id)
}

const (
	v1 = "2026-01-01T00:00:00.000Z"
	v2 = "2026-02-01T00:00:00.000Z"
	v3 = "2026-03-01T00:00:00.500Z"
)

// within runs a transaction of the test's own.
func (n *node) within(do func(ctx context.Context, tx store.Tx) error) {
	n.t.Helper()
	if err := n.store.Write(n.t.Context(), do); err != nil {
		n.t.Fatal(err)
	}
}

// room makes a collection with grants.
func (n *node) room(c collection.Collection, grants ...collection.Grant) (at string) {
	n.t.Helper()
	if c.Title == "" {
		c.Title = c.Alias
	}
	n.within(func(ctx context.Context, tx store.Tx) (err error) {
		made, err := n.server.Create(ctx, tx, c)
		if err != nil {
			return err
		}
		c.ID = made.ID
		for i := range grants {
			grants[i].Collection = c.ID
		}
		return n.server.Grant(ctx, tx, grants...)
	})
	return "/taxii2/rihla/collections/" + c.ID + "/"
}

var responders = collection.Grant{To: collection.Role(access.Responder), Read: true, Write: true, Delete: true, Ceiling: stix.Red}
