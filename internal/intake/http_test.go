package intake_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store/storetest"
)

// face is the gate behind the house's own mux. Its keys are "role" or "role:name".
type face struct {
	*rooms
	url string
}

func newFace(t *testing.T) *face {
	t.Helper()
	r := open(t, storetest.SQLite(t), t.TempDir(), "one")
	m := api.NewMux(api.Options{Title: "t", Version: "v", Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
		role, name, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), ":")
		if role == "" {
			return access.Principal{}, access.ErrNoCredential
		}
		if name == "" {
			name = role
		}
		return access.Principal{ID: "id-" + name, Name: name, Role: access.Role(role)}, nil
	}})
	gate := &intake.HTTPGate{Journal: r.journal, Reports: r.reports, Reads: r.audit, Desks: intake.Desks{
		"travel": {Status: []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Auditor}, Raw: []access.Role{access.Analyst, access.Auditor}, Opening: []access.Role{access.Supervisor}},
		"funds":  {Status: []access.Role{access.FIU}, Raw: []access.Role{access.FIU}, Opening: []access.Role{access.FIU}},
	}}
	gate.Routes(m)
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	return &face{r, s.URL + "/api/v1/reports"}
}

func (f *face) call(t *testing.T, key, method, path, body string) (int, string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, f.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		q.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/octet-stream")
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(text)
}

func (f *face) file(t *testing.T, text string) (id string, report intake.Report) {
	t.Helper()
	status, body := f.call(t, "filer:verger", "POST", "", text)
	var a struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil || status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	all := f.pending(t, intake.Bulk)
	return a.ID, all[len(all)-1].Report
}

func TestHTTPFile(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	const sha = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
	id, report := f.file(t, "one")
	if report.Filer.Name != "verger" || report.Filer.ID != "id-verger" || report.Media != "application/octet-stream" {
		t.Errorf("kept as %+v", report)
	}
	if status, body := f.call(t, "filer:verger", "POST", "", "one"); status != 200 || body != `{"id":"`+id+`","sha256":"`+sha+`","duplicate":true}`+"\n" {
		t.Errorf("again: %d %s", status, body)
	}
	for _, test := range []struct {
		name, key, body string
		want            int
	}{
		{"nobody", "", "x", 401},
		{"an analyst", "analyst", "x", 403},
		{"an empty body", "filer", "", 400},
		{"a byte too many", "filer", strings.Repeat("x", intake.MaxBytes+1), 413},
		{"binary", "filer", "\x00\xff", 202},
	} {
		if status, body := f.call(t, test.key, "POST", "", test.body); status != test.want || status >= 400 && !strings.Contains(body, `"type"`) {
			t.Errorf("%s: %d %s, want %d", test.name, status, body, test.want)
		}
	}
}

// Who may see what of a report; to all others there is none.
func TestHTTPSee(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	travel, report := f.file(t, "a travel report")
	f.save(t, intake.Understood{Report: report, State: intake.Processed, Format: "paxlst", Domain: "travel", Messages: 1,
		Withheld: []fault.Range{{Offset: 2, Length: 6}}, Warnings: []fault.Fault{{Offset: 3, Rule: "r", Message: "m"}}}, []byte("a travel report"))
	funds, report := f.file(t, "a funds report")
	f.save(t, intake.Understood{Report: report, State: intake.Quarantined, Format: "goaml", Domain: "funds", Error: &fault.Fault{Rule: "r", Message: "m"}}, []byte("a funds report"))
	waiting, _ := f.file(t, "a waiting report")
	for _, test := range []struct {
		key, method, path, body string
		want                    int
		text                    string
	}{
		{"filer:verger", "GET", "/" + travel, "", 200, `"state":"processed"`},
		{"filer:verger", "GET", "/" + waiting, "", 200, `"state":"received"`},
		{"filer:sexton", "GET", "/" + travel, "", 404, ""},
		{"analyst", "GET", "/" + travel, "", 200, `"warnings":[{"offset":3,"rule":"r","message":"m"}]`},
		{"analyst", "GET", "/" + funds, "", 404, ""},
		{"analyst", "GET", "/" + waiting, "", 404, ""},
		{"supervisor", "GET", "/" + waiting, "", 200, ""},
		{"supervisor", "GET", "/" + funds, "", 404, ""},
		{"fiu", "GET", "/" + funds, "", 200, `"error":{"offset":0,"rule":"r","message":"m"}`},
		{"fiu", "GET", "/" + travel, "", 404, ""},
		{"analyst", "GET", "/no-such", "", 404, ""},
		{"filer:verger", "GET", "/" + travel + "/raw", "", 403, ""},
		{"analyst", "GET", "/" + travel + "/raw", "", 200, "a XXXXXX report"},
		{"auditor", "GET", "/" + travel + "/raw", "", 200, "a XXXXXX report"},
		{"fiu", "GET", "/" + travel + "/raw", "", 404, ""},
		{"fiu", "GET", "/" + funds + "/raw", "", 200, "              "},
		{"auditor", "GET", "/" + waiting + "/raw", "", 409, ""},
		{"analyst", "GET", "/" + travel + "/segments", "", 200, `"text":"a XXXXXX report"`},
		{"analyst", "POST", "/" + travel + "/opening", `{"reason":"to see"}`, 403, ""},
		{"supervisor", "POST", "/" + travel + "/opening", `{"reason":"to see"}`, 409, ""},
		{"supervisor", "POST", "/" + funds + "/opening", `{"reason":"to see"}`, 404, ""},
		{"fiu", "POST", "/" + funds + "/opening", `{}`, 400, ""},
		{"fiu", "POST", "/" + funds + "/opening", `{"reason":"to see"}`, 200, "a funds report"},
		{"supervisor", "POST", "/" + travel + "/mend", "x", 409, ""},
		{"fiu", "POST", "/" + funds + "/mend", "a funds report", 409, ""},
		{"fiu", "POST", "/" + funds + "/mend", "a mended report", 202, `"duplicate":false`},
	} {
		if status, body := f.call(t, test.key, test.method, test.path, test.body); status != test.want || !strings.Contains(body, test.text) {
			t.Errorf("%s %s %s: %d %s, want %d %s", test.key, test.method, test.path, status, body, test.want, test.text)
		}
	}
	all := f.pending(t, intake.Bulk)
	mended := all[len(all)-1]
	if mended.Mends != funds || mended.Filer.Name != "verger" || !mended.Received.Equal(f.now) {
		t.Errorf("mended as %+v", mended)
	}
	f.save(t, intake.Understood{Report: mended.Report, State: intake.Processed, Format: "goaml", Domain: "funds", Messages: 1}, []byte("a mended report"))
	if _, body := f.call(t, "fiu", "GET", "/"+funds, ""); !strings.Contains(body, `"mended_by":"`+mended.ID) {
		t.Errorf("the old one does not point to the new: %s", body)
	}
	if err := f.audit.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries, err := f.audit.Entries(t.Context(), audit.Query{Report: funds, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	for _, e := range entries {
		if e.Action == "report.open" && e.Actor == "fiu" && e.Detail == "to see" {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("the audit log tells of %d openings", opened)
	}
}

// Lists are paged, newest first, and hold what the role may see.
func TestHTTPList(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	var want []string
	for i := range 5 {
		text := strings.Repeat("x", i+1)
		id, report := f.file(t, text)
		f.pass(1e9)
		domain := []string{"travel", "funds"}[i%2]
		f.save(t, intake.Understood{Report: report, State: intake.Processed, Format: "f", Domain: domain, Messages: 1}, []byte(text))
		if domain == "travel" {
			want = append([]string{id}, want...)
		}
	}
	waiting, _ := f.file(t, "waiting")
	var got []string
	for cursor, pages := "", 0; pages < 5; pages++ {
		_, body := f.call(t, "analyst", "GET", "?limit=2"+cursor, "")
		var page struct {
			Items []intake.Status
			Next  string
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err, body)
		}
		for _, s := range page.Items {
			got = append(got, s.ID)
		}
		if page.Next == "" {
			break
		}
		cursor = "&cursor=" + page.Next
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, body := f.call(t, "filer:verger", "GET", "?state=received", ""); !strings.Contains(body, waiting) {
		t.Errorf("its filer does not see the one that waits: %s", body)
	}
	if status, body := f.call(t, "analyst", "GET", "?cursor=nonsense", ""); status != 400 {
		t.Errorf("a false cursor: %d %s", status, body)
	}
}
