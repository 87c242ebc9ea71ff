package dialogue_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
)

// Who may what, and what the calls answer.
func TestHTTP(t *testing.T) {
	t.Parallel()
	c := &clock{now}
	bh := open(t, "bh", clocked(t, c), c)
	f := bh.written(t, bh.convened(t))
	m := api.NewMux(api.Options{Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
		role, err := access.ParseRole(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		if err != nil {
			return access.Principal{}, access.ErrNoCredential
		}
		return access.Principal{Name: "some " + string(role), Role: role}, nil
	}})
	bh.Routes(m)
	const base = "/api/v1/dialogue"
	one := base + "/meetings/" + f.Meeting.ID
	report := base + "/reports/" + travel
	for _, step := range []struct {
		who, call, body string
		status          int
		has             string
	}{
		{"", "GET " + base + "/meetings", "", 401, ""},
		{"filer", "GET " + base + "/meetings", "", 403, ""},
		{"officer", "GET " + one, "", 403, ""},
		{"administrator", "GET " + one, "", 403, ""},
		{"analyst", "GET " + base + "/meetings", "", 200, `"number":"M-2026-01"`},
		{"analyst", "GET " + base + "/meetings?state=odd", "", 422, ""},
		{"analyst", "GET " + base + "/meetings?cursor=odd", "", 400, ""},
		{"fiu", "GET " + one, "", 200, `"due":[]`},
		{"responder", "GET " + one, "", 200, `"developments":[]`},
		{"targeter", "GET " + one, "", 200, `"delegations":[{"party":"bh","people":[{"name":"Layla Qamar","post":"Head of unit"}]}`},
		{"auditor", "GET " + base + "/meetings/none", "", 404, "there is no meeting"},
		{"auditor", "GET " + base + "/schedule", "", 200, `{"agreement":"bh-us-travel","partner":"us","cadence":"P6M","planned":"` + f.Meeting.ID + `","overdue":false}`},
		{"officer", "GET " + base + "/schedule", "", 403, ""},
		{"auditor", "POST " + base + "/meetings", `{}`, 403, ""},
		{"analyst", "PUT " + one, `{"version":1}`, 403, ""},
		{"analyst", "POST " + one + "/close", `{}`, 403, ""},
		{"analyst", "POST " + report + "/send", `{"from":"2026-01-01","to":"2026-06-30"}`, 403, ""},
		{"supervisor", "POST " + base + "/meetings", `{"agreements":["` + travel + `"],"starts":"2026-12-01T08:00:00Z"}`, 201, `"kind":"next_date"`},
		{"supervisor", "POST " + base + "/meetings", `{"agreements":["none"],"starts":"2026-12-01T08:00:00Z"}`, 404, "none"},
		{"supervisor", "PUT " + one, `{"version":1,"place":"Riffa"}`, 409, `"version":4`},
		{"supervisor", "PUT " + one, `{"version":4,"place":"Riffa"}`, 200, `"place":"Riffa"`},
		{"supervisor", "PUT " + one + "/minutes/" + f.Agenda[0].ID, `{"en":"Opened."}`, 200, `"minute":{"en":"Opened.","reservations":[],"by":"some supervisor"`},
		{"supervisor", "PUT " + one + "/minutes/none", `{"en":"Opened."}`, 404, "no item"},
		{"supervisor", "POST " + one + "/actions", `{"owner":"bh-piu","text":"Train","due":"2026-10-01"}`, 201, `"number":"A-2026-02"`},
		{"supervisor", "PATCH " + base + "/actions/" + f.Actions[0].ID, `{"state":"late"}`, 422, ""},
		{"supervisor", "PATCH " + base + "/actions/" + f.Actions[0].ID, `{"state":"dropped","evidence":"no longer needed"}`, 200, `"state":"dropped"`},
		{"auditor", "GET " + base + "/actions?state=open", "", 200, `"text":"Train"`},
		{"supervisor", "DELETE " + base + "/actions/" + f.Actions[0].ID, "", 204, ""},
		{"supervisor", "POST " + one + "/decisions", `{"text":"Next round in spring"}`, 201, `"number":"D-2026-02","date":"2026-07-09","text":"Next round in spring","effect":{},"signed_by":[]`},
		{"supervisor", "DELETE " + one + "/decisions/D-2026-02", "", 204, ""},
		{"supervisor", "POST " + one + "/objection", `{"reason":"x"}`, 403, "hosts the meeting"},
		{"supervisor", "POST " + one + "/close", `{"version":1}`, 409, ""},
		{"supervisor", "POST " + one + "/close", `{}`, 200, `"state":"offered"`},
		{"auditor", "GET " + report + "?from=2026-01-01&to=2026-06-30", "", 200, `"review":{"schema":"rihla.review/v1"`},
		{"auditor", "GET " + report + "?from=2026-01-01&to=soon", "", 422, "soon"},
		{"auditor", "GET " + report, "", 422, ""},
		{"supervisor", "POST " + report + "/send", `{"from":"2026-01-01","to":"2026-06-30"}`, 202, `"sent_at":"2026-07-09T08:00:00Z"`},
		{"supervisor", "POST " + report + "/send", `{"from":"2026-01-01","to":"2026-12-31"}`, 422, "has not come"},
		{"auditor", "GET " + one + "/print?lang=ar", "", 200, `dir="rtl"`},
		{"auditor", "GET " + one + "/print?lang=fr", "", 422, "en or ar"},
		{"filer", "GET " + one + "/print?lang=ar", "", 403, ""},
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
			t.Errorf("%s %s by %q: %d %.600s\nwant %d with %s", step.call, step.body, step.who, w.Code, w.Body, step.status, step.has)
		}
	}
}
