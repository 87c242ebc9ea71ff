package trust_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/facilitation/trust"
	"github.com/rihla/rihla/internal/facilitation/trust/specimen"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store/storetest"
)

// reads remembers what the audit log was told.
type reads struct{ told []audit.Entry }

func (r *reads) Read(_ context.Context, e audit.Entry) error {
	r.told = append(r.told, e)
	return nil
}

// plain shows what an id is made of.
type plain struct{}

func (plain) ID(kind string, parts ...string) string { return kind + ":" + strings.Join(parts, "/") }

// face is a node's with the trust list alone. A key is a role's name.
func face(t *testing.T, generation func() *screening.Generation) (*api.Mux, *trust.Store, *reads) {
	t.Helper()
	told := &reads{}
	s, err := trust.Open(t.Context(), trust.Options{Store: storetest.SQLite(t), IDs: plain{}, Reads: told, Generation: generation, Clock: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	m := api.NewMux(api.Options{Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
		role, err := access.ParseRole(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		if err != nil {
			return access.Principal{}, access.ErrNoCredential
		}
		return access.Principal{Name: "somebody", Role: role}, nil
	}})
	s.Routes(m)
	return m, s, told
}

// call asks, and reads the answer.
func call(t *testing.T, m http.Handler, role, method, path string, body any) (int, map[string]any) {
	t.Helper()
	raw, ok := body.([]byte)
	if !ok && body != nil {
		raw = must(json.Marshal(body))
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+role)
	if !ok {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	out := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
		}
	}
	return w.Code, out
}

type object = map[string]any

func chipOf(c *trust.Chip) object {
	groups := object{}
	for n, file := range c.Groups {
		groups[string(rune('0'+n))] = base64.StdEncoding.EncodeToString(file)
		if n > 9 {
			delete(groups, string(rune('0'+n)))
			groups["1"+string(rune('0'+n-10))] = base64.StdEncoding.EncodeToString(file)
		}
	}
	return object{"sod": base64.StdEncoding.EncodeToString(c.SOD), "com": base64.StdEncoding.EncodeToString(c.COM), "groups": groups}
}

// An administrator loads what is trusted, an officer has a document checked, and the log knows both.
func TestHTTP(t *testing.T) {
	t.Parallel()
	m, _, told := face(t, nil)
	u := utopia()
	for _, f := range must(u.Trust()) {
		if status, out := call(t, m, "administrator", "POST", "/api/v1/trust/files?source="+f.Path, f.Data); status != 200 || out["added"] == 0.0 {
			t.Fatalf("%s: %d %v", f.Path, status, out)
		}
	}
	_, out := call(t, m, "officer", "GET", "/api/v1/trust", nil)
	if diff := cmp.Diff(object{"csca": 2.0, "link": 1.0, "dsc": 1.0, "seal_signer": 1.0}, out["counts"]); diff != "" || out["version"] != 7.0 || out["countries"] != 1.0 || len(out["revocations"].([]any)) != 2 {
		t.Errorf("%s %v", diff, out)
	}
	_, page := call(t, m, "auditor", "GET", "/api/v1/trust/certificates?limit=2", nil)
	_, rest := call(t, m, "auditor", "GET", "/api/v1/trust/certificates?cursor="+page["next"].(string), nil)
	if len(page["items"].([]any)) != 2 || len(rest["items"].([]any)) != 3 {
		t.Errorf("%v %v", page, rest)
	}
	if _, out := call(t, m, "auditor", "GET", "/api/v1/trust/certificates?kind=csca&country=UT", nil); len(out["items"].([]any)) != 2 {
		t.Error(out)
	}
	chip := must(u.Passport())
	status, out := call(t, m, "officer", "POST", "/api/v1/documents/verify", object{"mrz": zone(), "chip": chipOf(chip), "seal": base64.StdEncoding.EncodeToString(must(u.VisaSeal()))})
	if status != 200 || out["verdict"] != "authentic" || len(out["remarks"].([]any)) > 0 || len(out["lists"].([]any)) > 0 {
		t.Fatalf("%d %v", status, out)
	}
	got := out["chip"].(object)
	answers := object{"hash_ok": true, "signature_ok": true, "chain_ok": true, "revoked": false, "expired": false, "country": "UT"}
	for name, want := range answers {
		if got[name] != want {
			t.Errorf("chip.%s is %v", name, got[name])
		}
	}
	if doc := out["document"].(object); doc["born"] != "1991-04-02" || doc["number"] != "L898902C3" || doc["from"] != "chip" {
		t.Error(doc)
	}
	if seal := out["seal"].(object); seal["type"] != "visa" || seal["signature_ok"] != true || seal["issued"] != "2026-10-24" {
		t.Error(seal)
	}
	want := []audit.Entry{{Actor: "somebody", Role: "officer", Action: "document.verify", Touched: []string{"document:UTO/L898902C3"}, Detail: "authentic, against version 7 of the trust list"}}
	if diff := cmp.Diff(want, told.told); diff != "" {
		t.Error(diff)
	}
	chip.Groups[2] = flip(chip.Groups[2], 9)
	_, out = call(t, m, "analyst", "POST", "/api/v1/documents/verify", object{"chip": chipOf(chip)})
	if out["verdict"] != "not_authentic" || out["chip"].(object)["hash_ok"] != false || out["chip"].(object)["signature_ok"] != true {
		t.Error(out)
	}
	if status, out := call(t, m, "administrator", "PUT", "/api/v1/trust/waivers/w1", object{"country": "UT", "defect": "crl_missing", "reason": "none is published", "until": "2027-01-01T00:00:00Z"}); status != 204 {
		t.Error(status, out)
	}
	if _, out := call(t, m, "officer", "GET", "/api/v1/trust", nil); len(out["waivers"].([]any)) != 1 {
		t.Error(out)
	}
	if status, _ := call(t, m, "administrator", "DELETE", "/api/v1/trust/waivers/w1", nil); status != 204 {
		t.Error(status)
	}
	if status, _ := call(t, m, "administrator", "DELETE", "/api/v1/trust/certificates/"+u.Authority.Certificate.ID(), object{"reason": "its key is lost"}); status != 204 {
		t.Error(status)
	}
	if _, out := call(t, m, "officer", "POST", "/api/v1/documents/verify", object{"chip": chipOf(must(u.Passport()))}); out["verdict"] != "cannot_check" || out["chip"].(object)["chain_ok"] != nil {
		t.Error(out)
	}
}

// What is asked wrongly is a problem with its reason; what is handed in as a document and is none is an answer.
func TestHTTPRefusals(t *testing.T) {
	t.Parallel()
	m, _, told := face(t, nil)
	u := utopia()
	authority := u.Authority.Certificate.Raw
	for _, c := range []struct {
		name, role, method, path string
		body                     any
		status                   int
	}{
		{"a stranger", "", "POST", "/api/v1/documents/verify", object{"mrz": "x"}, 401},
		{"a filer", "filer", "POST", "/api/v1/documents/verify", object{"mrz": "x"}, 403},
		{"the operator sees no document", "administrator", "POST", "/api/v1/documents/verify", object{"mrz": "x"}, 403},
		{"an officer loads nothing", "officer", "POST", "/api/v1/trust/files", authority, 403},
		{"nothing to check", "officer", "POST", "/api/v1/documents/verify", object{}, 422},
		{"no base64", "officer", "POST", "/api/v1/documents/verify", object{"chip": object{"sod": "!!"}}, 422},
		{"no such group", "officer", "POST", "/api/v1/documents/verify", object{"chip": object{"groups": object{"17": ""}}}, 422},
		{"a long zone", "officer", "POST", "/api/v1/documents/verify", object{"mrz": strings.Repeat("<", 501)}, 422},
		{"a broken file", "administrator", "POST", "/api/v1/trust/files", []byte("x"), 422},
		{"an empty file", "administrator", "POST", "/api/v1/trust/files", []byte{}, 422},
		{"no such certificate", "administrator", "DELETE", "/api/v1/trust/certificates/00", object{"reason": "it is not there"}, 404},
		{"no such waiver", "administrator", "DELETE", "/api/v1/trust/waivers/none", nil, 404},
		{"a forgery passed over", "administrator", "PUT", "/api/v1/trust/waivers/w", object{"country": "UT", "defect": "group_differs", "reason": "they always differ", "until": "2027-01-01T00:00:00Z"}, 422},
		{"a waiver without an end", "administrator", "PUT", "/api/v1/trust/waivers/w", object{"country": "UT", "defect": "crl_missing", "reason": "none is published", "until": "2037-01-01T00:00:00Z"}, 422},
	} {
		status, out := call(t, m, c.role, c.method, c.path, c.body)
		if status != c.status || out["title"] == "" {
			t.Errorf("%s: %d %v, want %d", c.name, status, out, c.status)
		}
	}
	if len(told.told) > 0 {
		t.Error(told.told)
	}
	for _, garbage := range []object{{"mrz": "no zone at all"}, {"seal": "{}"}, {"seal": "no seal"}, {"chip": object{"sod": base64.StdEncoding.EncodeToString([]byte("no chip"))}}} {
		if status, out := call(t, m, "officer", "POST", "/api/v1/documents/verify", garbage); status != 200 || out["verdict"] != "unreadable" || out["document"] != nil {
			t.Errorf("%v: %d %v", garbage, status, out)
		}
	}
	// An edition that leaves out too much is a conflict, with figures.
	for _, f := range []specimen.File{{Path: "csca", Data: authority}, {Path: "world", Data: must(u.MasterList(u.Authority.Certificate, u.Next.Certificate, neighbour().Authority.Certificate))}} {
		if status, out := call(t, m, "administrator", "POST", "/api/v1/trust/files?source="+f.Path, f.Data); status != 200 {
			t.Fatal(out)
		}
	}
	status, out := call(t, m, "administrator", "POST", "/api/v1/trust/files?source=world&replace=true", must(u.MasterList(u.Authority.Certificate)))
	if status != 409 || out["gone"] != 2.0 || out["of"] != 2.0 {
		t.Errorf("%d %v", status, out)
	}
}

// A document that a list names as stolen is stolen, however good its chip.
func TestStolen(t *testing.T) {
	t.Parallel()
	list, err := lists.Read([]lists.File{{Name: "sltd.csv", Data: []byte("document_type,document_number,issuer,status,reported\nP,L898902C3,UTO,stolen,2026-11-02\n")}})
	if err != nil {
		t.Fatal(err)
	}
	g := screening.NewGeneration(map[string]lists.List{"sltd": list}, nil, func() time.Time { return day })
	m, s, _ := face(t, func() *screening.Generation { return g })
	load(t, s, must(utopia().Trust())...)
	_, out := call(t, m, "officer", "POST", "/api/v1/documents/verify", object{"mrz": zone(), "chip": chipOf(must(utopia().Passport()))})
	want := []any{object{"list": "sltd", "entry": "P:L898902C3:UTO", "code": "document_stolen", "status": "stolen", "reported": "2026-11-02"}}
	if diff := cmp.Diff(want, out["lists"]); diff != "" || out["verdict"] != "stolen" || out["chip"].(object)["chain_ok"] != true {
		t.Errorf("%s %v", diff, out["verdict"])
	}
	// So is the passport that a visa or a permit is bound to.
	for name, seal := range map[string][]byte{"visa": must(utopia().VisaSeal()), "permit": must(utopia().PermitSeal())} {
		if _, out := call(t, m, "officer", "POST", "/api/v1/documents/verify", object{"seal": base64.StdEncoding.EncodeToString(seal)}); out["verdict"] != "stolen" {
			t.Errorf("%s: %v", name, out)
		}
	}
}
