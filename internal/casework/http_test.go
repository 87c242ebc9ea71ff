package casework_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store/storetest"
)

// What the web app and scripts see: the statuses, and the names of the JSON.
func TestHTTP(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	people := map[string]access.Principal{"amal": amal, "badr": badr, "dana": dana, "omar": omar, "tariq": tariq, "farid": farid}
	m := api.NewMux(api.Options{Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
		if p, ok := people[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]; ok {
			return p, nil
		}
		return access.Principal{}, access.ErrNoCredential
	}})
	d.Routes(m)

	one := "/api/v1/cases/" + c.ID
	for _, step := range []struct {
		who, call, body string
		status          int
		has             string // keys of the answer, or a part of it
	}{
		{"", "GET /api/v1/cases", "", 401, ""},
		{"farid", "GET /api/v1/cases", "", 403, ""},
		{"tariq", "GET " + one, "", 403, ""},
		{"amal", "GET /api/v1/cases?severity=odd", "", 422, ""},
		{"amal", "GET /api/v1/cases", "", 200, `"number":1,"domain":"travel","subject":"p1","within":"flight-1","state":"open","severity":"high","title":"QAMAR, LAYLA","context":"ZZ431 2026-11-24 LHR-BAH","kind":"name_match","findings":1`},
		{"amal", "GET " + one, "", 200, `"sheet":{"title":"passenger p1"`},
		{"amal", "GET /api/v1/cases/none", "", 404, ""},
		{"amal", "POST " + one + "/claim", "", 200, `"state":"claimed"`},
		{"badr", "POST " + one + "/claim", "", 409, `"claimed_by":"amal"`},
		{"amal", "DELETE " + one + "/claim", "", 200, `"state":"open"`},
		{"omar", "POST " + one + "/notes", `{"text":"at the desk"}`, 201, `"what":"note","detail":"at the desk"`},
		{"amal", "POST " + one + "/decisions", `{"outcome":"cleared","reason":"no"}`, 422, `"shortest":5`},
		{"amal", "POST " + one + "/decisions", `{"outcome":"shrug","reason":"` + reason + `"}`, 422, "do-not-board"},
		{"amal", "POST " + one + "/decisions", `{"outcome":"cleared","reason":"` + reason + `","version":1}`, 409, `"version":4`},
		{"amal", "POST " + one + "/decisions", `{"outcome":"do-not-board","reason":"` + reason + `"}`, 201, `"pending":true`},
		{"amal", "POST " + one + "/confirmation", `{"confirm":true}`, 403, "another person"},
		{"dana", "POST " + one + "/confirmation", `{"confirm":true}`, 200, `"confirmed_by":"dana"`},
		{"amal", "GET /api/v1/cases", "", 200, `{"items":[]}`},
		{"amal", "GET /api/v1/cases?state=closed&limit=1", "", 200, `"outcome":"do-not-board"`},
	} {
		method, path, _ := strings.Cut(step.call, " ")
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(step.body))
		r.Header.Set("Content-Type", "application/json")
		if step.who != "" {
			r.Header.Set("Authorization", "Bearer "+step.who)
		}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if w.Code != step.status || !strings.Contains(w.Body.String(), step.has) {
			t.Errorf("%s %s by %q: %d %s\nwant %d with %s", step.call, step.body, step.who, w.Code, w.Body, step.status, step.has)
		}
	}

	var file map[string]json.RawMessage
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, one, nil)
	r.Header.Set("Authorization", "Bearer amal")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	must(t, json.Unmarshal(w.Body.Bytes(), &file))
	for _, key := range []string{"case", "sheet", "findings", "outcomes", "decisions", "history", "earlier"} {
		if len(file[key]) == 0 || string(file[key]) == "null" {
			t.Errorf("a case's file has no %s", key)
		}
	}
}
