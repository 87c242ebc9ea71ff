package collection_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Whatever is asked, the server answers, and it is never its own fault.
func FuzzServer(f *testing.F) {
	n := openNode(f, storetest.SQLite(f), f.TempDir())
	x := id("tool")
	n.good(object(x, v1, "x"), object(x, v2, "x"), object(id("campaign"), v1, "y"))
	next := n.envelope("responder", n.base+"objects/?limit=1").Next
	for _, c := range [][4]string{
		{"GET", "/taxii2/", "", ""}, {"GET", n.base + "objects/", "limit=1&next=" + next, ""}, {"GET", n.base + "manifest/", "match[version]=first," + v2 + "&added_after=2020-01-01T00:00:00Z", ""},
		{"GET", n.base + "objects/" + x + "/versions/", "match[spec_version]=2.0,2.1", ""}, {"DELETE", n.base + "objects/" + x + "/", "match[version]=last", ""},
		{"POST", n.base + "objects/", "", `{"objects":[` + object(id("tool"), v1, "z", `"granular_markings":[{"marking_ref":"x","selectors":["name"]}]`) + `,5,{"type":"tool","id":7}]}`},
		{"POST", n.base + "objects/", "", `{"objects":[{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da","created":"0001-01-01T00:00:00Z","definition_type":"tlp","definition":{"tlp":"green"}}]}`},
		{"GET", "/taxii2/rihla/status/\x00/", "", ""},
	} {
		f.Add(c[0], c[1], c[2], c[3])
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Method, r.URL = method, &url.URL{Path: "/taxii2/" + strings.TrimPrefix(path, "/taxii2/"), RawQuery: query}
		r.SetBasicAuth("x", "responder")
		r.Header.Set("Accept", taxii.Media)
		r.Header.Set("Content-Type", taxii.Media)
		w := httptest.NewRecorder()
		n.face.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%s %s?%s: %d %s", method, path, query, w.Code, w.Body)
		}
	})
}
