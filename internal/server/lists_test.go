package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
)

// The files of one list may come as the parts of a form; refusals say which kind they are.
func TestListsOfSeveralFiles(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	supervisor := n.keys[access.Supervisor]
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, text := range map[string]string{
		"sdn.csv": "1,\"ZORVANI, Kassem\",\"individual\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n", "alt.csv": "1,7,\"aka\",\"ZARVANI, Qasem\",-0- \r\n",
	} {
		part, err := form.CreateFormFile("file", name)
		must(t, err)
		_, err = part.Write([]byte(text))
		must(t, err)
	}
	must(t, form.Close())
	asForm := func(r *http.Request) { r.Header.Set("Content-Type", form.FormDataContentType()) }
	want(t, n.call(t, "PUT", "/api/v1/lists/ofac", supervisor, body.String(), asForm), 200, `"format":"ofac"`)
	want(t, n.call(t, "GET", "/api/v1/lists/ofac/entries?q=zarvani", supervisor, ""), 200, `"text":"ZARVANI, Qasem"`)
	want(t, n.call(t, "PUT", "/api/v1/lists/ofac", supervisor, body.String()[:body.Len()-60], asForm), 400, "did not arrive whole")
	want(t, n.call(t, "PUT", "/api/v1/lists/ofac", supervisor, "--"+form.Boundary()+"--\r\n", asForm), 400, "holds no file")

	people := func(rows int) string {
		var b strings.Builder
		b.WriteString("id,name\n")
		for i := range rows {
			fmt.Fprintf(&b, "%d,Zorvani %d\n", i, i)
		}
		return b.String()
	}
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", supervisor, people(20)), 200, `"added":20`)
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", supervisor, people(10)), 422, `"refusal":"shrunk"`)
	want(t, n.call(t, "PUT", "/api/v1/lists/watch?force=true", supervisor, people(10)), 400, "reason")
	want(t, n.call(t, "PUT", "/api/v1/lists/watch?force=true&reason=checked", supervisor, people(10)), 200, `"removed":10`)
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", supervisor, "id,name\n1,A,B\n"), 422, `"rule":"row_width"`)
	want(t, n.call(t, "GET", "/api/v1/lists/watch/changes?limit=1", n.keys[access.Analyst], ""), 200, `"action":"remove","id":"`)
	want(t, n.call(t, "DELETE", "/api/v1/lists/watch?reason=closed", n.keys[access.Analyst], ""), 403, "")
	want(t, n.call(t, "DELETE", "/api/v1/lists/watch", supervisor, ""), 422, "")
	want(t, n.call(t, "GET", "/api/v1/lists/watch/changes?limit=1&cursor=Mw", n.keys[access.Analyst], ""), 200, `"added":20`)
	want(t, n.call(t, "DELETE", "/api/v1/lists/watch?reason=closed", supervisor, ""), 204, "")
	want(t, n.call(t, "DELETE", "/api/v1/lists/watch?reason=closed", supervisor, ""), 404, "")
}

// Where a list comes from is said by those who keep lists; what is secret in a URL is theirs alone.
func TestSources(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	supervisor, auditor := n.keys[access.Supervisor], n.keys[access.Auditor]
	const at = "/api/v1/lists/un/source"
	want(t, n.call(t, "PUT", at, n.keys[access.Analyst], `{"urls":["https://publisher.example/list.xml"],"every":"6h"}`), 403, "")
	want(t, n.call(t, "GET", at, supervisor, ""), 404, "no source")
	want(t, n.call(t, "POST", "/api/v1/lists/un/fetch", supervisor, ""), 404, "no source")
	want(t, n.call(t, "PUT", at, supervisor, `{"every":"6h"}`), 422, `"field":"urls"`)
	want(t, n.call(t, "PUT", at, supervisor, `{"urls":["https://publisher.example/list.xml"],"every":"often"}`), 422, `"field":"every"`)
	want(t, n.call(t, "PUT", at, supervisor, `{"folder":"/etc","every":"6h"}`), 422, `"field":"folder"`)
	want(t, n.call(t, "PUT", at, supervisor, `{"folder":"../keys","every":"6h"}`), 422, `"field":"folder"`)
	want(t, n.call(t, "PUT", at, supervisor, `{"urls":["https://publisher.example/list.xml?token=secret"],"every":"6h"}`), 200, `"failures":0,"stale":false`)
	want(t, n.call(t, "GET", at, supervisor, ""), 200, "token=secret")
	if w := n.call(t, "GET", at, auditor, ""); strings.Contains(w.Body.String(), "secret") || !strings.Contains(w.Body.String(), "https://publisher.example/list.xml") {
		t.Errorf("the auditor sees %s", w.Body)
	}
	want(t, n.call(t, "GET", "/api/v1/list-sources", auditor, ""), 200, `"name":"un"`)
	want(t, n.call(t, "POST", "/api/v1/lists/un/fetch", supervisor, ""), 202, `"due"`)
	must(t, n.log.Seal(t.Context()))
	if w := n.call(t, "GET", "/api/v1/audit?action=list.source", auditor, ""); strings.Contains(w.Body.String(), "secret") || !strings.Contains(w.Body.String(), "every 6h") {
		t.Errorf("the log holds %s", w.Body)
	}
	want(t, n.call(t, "DELETE", at, supervisor, ""), 204, "")
	want(t, n.call(t, "DELETE", at, supervisor, ""), 404, "")
}

// An entry by hand goes through two people, and everything on its way says what to do about it.
func TestEntriesByHand(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	analyst, supervisor, administrator := n.keys[access.Analyst], n.keys[access.Supervisor], n.keys[access.Administrator]
	day := func(months int) string { return time.Now().AddDate(0, months, 0).Format(time.DateOnly) }
	entry := func(action, id, born string) string {
		return fmt.Sprintf(`{"action":%q,"id":%q,"entry":{"names":[{"surname":"Zorvani","given":"Kassem"}],"births":[%q],"countries":[{"code":"SY"}],"documents":[{"number":"X9900011"}]},
			"basis":"Invented Act, section 4","owner":"Police","review":%q,"until":%q,"reason":"as the prosecutor asked"}`, action, id, born, day(6), day(12))
	}
	type proposal struct{ ID, Entry, State string }
	propose := func(key, body string) proposal {
		t.Helper()
		w := n.call(t, "POST", "/api/v1/lists/byhand/proposals", key, body)
		if w.Code != http.StatusCreated {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		var p proposal
		must(t, json.Unmarshal(w.Body.Bytes(), &p))
		return p
	}
	const list = "/api/v1/lists/byhand/proposals"
	want(t, n.call(t, "POST", list, n.keys[access.Officer], entry("add", "", "1971")), 403, "")
	want(t, n.call(t, "POST", list, analyst, entry("burn", "", "1971")), 422, "")
	want(t, n.call(t, "POST", list, analyst, entry("add", "", "yesterday")), 422, `"pointer":"/births/0"`)
	want(t, n.call(t, "POST", list, analyst, entry("change", "X", "1971")), 404, "no such entry")
	want(t, n.call(t, "POST", list, analyst, `{"action":"add","entry":{"names":[{"text":"A B"}]},"reason":"why not"}`), 422, `"rule":"entry_basis"`)

	first := propose(supervisor, entry("add", "", "1971"))
	decision := list + "/" + first.ID + "/approval"
	want(t, n.call(t, "POST", decision, analyst, `{"approve":true,"reason":"checked"}`), 403, "")
	want(t, n.call(t, "POST", decision, supervisor, `{"approve":true,"reason":"checked"}`), 403, "second person")
	want(t, n.call(t, "POST", list+"/none/approval", administrator, `{"approve":true,"reason":"checked"}`), 404, "")
	want(t, n.call(t, "GET", "/api/v1/list-proposals?state=open", administrator, ""), 200, first.ID)
	want(t, n.call(t, "POST", decision, administrator, `{"approve":true,"reason":"checked"}`), 200, `"state":"approved"`)
	want(t, n.call(t, "POST", decision, administrator, `{"approve":true,"reason":"checked"}`), 409, "decided already")
	want(t, n.call(t, "GET", "/api/v1/lists", analyst, ""), 200, `"format":"manual"`)
	want(t, n.call(t, "GET", "/api/v1/lists/byhand/entries", analyst, ""), 200, `"basis":"Invented Act, section 4"`)
	want(t, n.call(t, "PUT", "/api/v1/lists/byhand", supervisor, "id,name\n1,A B\n"), 422, `"refusal":"manual"`)
	want(t, n.call(t, "PUT", "/api/v1/lists/byhand/source", supervisor, `{"folder":"x","every":"6h"}`), 422, `"refusal":"manual"`)

	second := propose(analyst, entry("change", first.Entry, "1972"))
	want(t, n.call(t, "POST", list, analyst, entry("change", first.Entry, "1973")), 409, "waits to be decided")
	want(t, n.call(t, "POST", list+"/"+second.ID+"/withdrawal", supervisor, `{"reason":"not mine"}`), 403, "")
	want(t, n.call(t, "POST", list+"/"+second.ID+"/withdrawal", analyst, `{"reason":"a mistake"}`), 200, `"state":"withdrawn"`)
	third := propose(analyst, fmt.Sprintf(`{"action":"remove","id":%q,"reason":"the warrant is lifted"}`, first.Entry))
	want(t, n.call(t, "POST", list+"/"+third.ID+"/approval", supervisor, `{"approve":false,"reason":"it is not"}`), 200, `"state":"denied"`)
	want(t, n.call(t, "GET", list+"?limit=1", analyst, ""), 200, third.ID)
	want(t, n.call(t, "GET", list+"?state=approved", analyst, ""), 200, first.ID)
	if !slices.Contains(*n.told, "list byhand map[added:1 changed:0 removed:0]") {
		t.Errorf("told %v", *n.told)
	}
}
