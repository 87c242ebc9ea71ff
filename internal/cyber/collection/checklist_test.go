package collection_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// The checklist of a TAXII 2.1 server, a test a number, against the handler on both stores.

// TestServer runs the tests that share a node, each with a collection of its own, on both stores.
func TestServer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		shared := openNode(t, open(), t.TempDir())
		for _, c := range []struct {
			name string
			test func(*testing.T, *node)
		}{
			{"01Discovery", check01Discovery},
			{"03Root", check03Root},
			{"06Empty", check06Empty},
			{"07Order", check07Order},
			{"08Headers", check08Headers},
			{"09Pages", check09Pages},
			{"11NextWithOtherFilters", check11NextWithOtherFilters},
			{"12BadLimits", check12BadLimits},
			{"14AddedAfter", check14AddedAfter},
			{"15MatchID", check15MatchID},
			{"16MatchType", check16MatchType},
			{"17MatchVersion", check17MatchVersion},
			{"18SpecVersion", check18SpecVersion},
			{"19Combined", check19Combined},
			{"20Manifest", check20Manifest},
			{"21Versions", check21Versions},
			{"22Post", check22Post},
			{"24Observables", check24Observables},
			{"25MarkingDefinition", check25MarkingDefinition},
			{"26Delete", check26Delete},
			{"27DeleteWithoutRight", check27DeleteWithoutRight},
			{"28Deleted", check28Deleted},
			{"29Credentials", check29Credentials},
			{"31Accept", check31Accept},
			{"32ContentType", check32ContentType},
			{"34Methods", check34Methods},
			{"35TrailingSlash", check35TrailingSlash},
			{"36Errors", check36Errors},
			{"37TLP", check37TLP},
			{"38Extensions", check38Extensions},
			{"39Revoked", check39Revoked},
			{"40PagedWhileWriting", check40PagedWhileWriting},
			{"42NumbersAndUnicode", check42NumbersAndUnicode},
			{"Audit", checkAudit},
			{"Forget", checkForget},
		} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				n := *shared
				n.t = t
				n.base = n.room(collection.Collection{Title: c.name}, responders)
				c.test(t, &n)
			})
		}
	})
}

func same(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func check01Discovery(t *testing.T, n *node) {
	a := n.get("responder", "/taxii2/")
	var d taxii.Discovery
	a.into(t, 200, &d)
	same(t, taxii.Discovery{Title: "Rihla", Default: "http://x.example/taxii2/rihla/", Roots: []string{"http://x.example/taxii2/rihla/"}}, d)
	same(t, taxii.Media, a.header.Get("Content-Type"))
}

func Test02DefaultIsARoot(t *testing.T) {
	t.Parallel()
	n := openNode(t, storetest.SQLite(t), t.TempDir(), func(o *collection.Options) { o.URL, o.Contact = "https://rihla.example/", "soc@rihla.example" })
	var d taxii.Discovery
	n.get("partner", "/taxii2/").into(t, 200, &d)
	if !slices.Contains(d.Roots, d.Default) || d.Default != "https://rihla.example/taxii2/rihla/" || d.Contact == "" {
		t.Errorf("%+v", d)
	}
}

func check03Root(t *testing.T, n *node) {
	var r taxii.Root
	n.get("filer", "/taxii2/rihla/").into(t, 200, &r)
	same(t, taxii.Root{Title: "Rihla", Versions: []string{taxii.Media}, MaxContent: 10 << 20}, r)
}

func Test04Collections(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		same(t, "{}", string(n.get("partner", "/taxii2/rihla/collections/").body))
		n.room(collection.Collection{Alias: "to-partner", Title: "To partner"}, collection.Grant{To: collection.Partner("us"), Read: true, Ceiling: stix.Amber})
		var all taxii.Collections
		n.get("partner", "/taxii2/rihla/collections/").into(t, 200, &all)
		if len(all.Collections) != 1 || !all.Collections[0].CanRead || all.Collections[0].CanWrite {
			t.Fatalf("%+v", all)
		}
		same(t, []string{"application/stix+json;version=2.1"}, all.Collections[0].MediaTypes)
		same(t, "{}", string(n.get("other", "/taxii2/rihla/collections/").body))
	})
}

func Test05Alias(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		var byAlias, byID taxii.Collection
		n.get("responder", n.base).into(t, 200, &byAlias)
		n.get("responder", "/taxii2/rihla/collections/"+byAlias.ID+"/").into(t, 200, &byID)
		same(t, byAlias, byID)
		if !byID.CanRead || !byID.CanWrite || byID.Title == "" {
			t.Errorf("%+v", byID)
		}
		same(t, 404, n.get("responder", "/taxii2/rihla/collections/Exchange/").status) // case matters
		n.good(object(id("tool"), v1, "x"))
		same(t, []string{"x"}, n.labels("responder", "/taxii2/rihla/collections/"+byAlias.ID+"/objects/"))
	})
}

func check06Empty(t *testing.T, n *node) {
	same(t, "{}", string(n.get("responder", n.base+"objects/").body))
	same(t, "{}", string(n.get("responder", n.base+"manifest/").body))
}

func check07Order(t *testing.T, n *node) {
	for _, label := range []string{"c", "a", "b"} {
		n.good(object(id("tool"), v1, label+"1"), object(id("campaign"), v2, label+"2"))
	}
	same(t, []string{"c1", "c2", "a1", "a2", "b1", "b2"}, n.labels("responder", n.base+"objects/"))
	last := ""
	for _, r := range n.records("responder", n.base+"manifest/") {
		if r.DateAdded <= last {
			t.Errorf("%s does not come after %s", r.DateAdded, last)
		}
		last = r.DateAdded
	}
}

func check08Headers(t *testing.T, n *node) {
	x := id("tool")
	for _, path := range []string{"objects/", "manifest/"} {
		if h := n.get("responder", n.base+path).header; h.Get("X-TAXII-Date-Added-First")+h.Get("X-TAXII-Date-Added-Last") != "" {
			t.Error("an empty answer has dates")
		}
	}
	n.good(object(x, v1, "x"), object(id("tool"), v1, "y"))
	all := n.records("responder", n.base+"manifest/")
	for _, path := range []string{"objects/", "manifest/"} {
		h := n.get("responder", n.base+path).header
		same(t, []string{all[0].DateAdded, all[1].DateAdded}, []string{h.Get("X-TAXII-Date-Added-First"), h.Get("X-TAXII-Date-Added-Last")})
	}
	for _, path := range []string{"objects/" + x + "/", "objects/" + x + "/versions/"} {
		h := n.get("responder", n.base+path).header
		same(t, []string{all[0].DateAdded, all[0].DateAdded}, []string{h.Get("X-TAXII-Date-Added-First"), h.Get("X-TAXII-Date-Added-Last")})
	}
}

// walk follows next to the end, and answers the labels of each page.
func (n *node) walk(user, path, query string) (pages [][]string) {
	n.t.Helper()
	e := n.envelope(user, path+"?"+query)
	for {
		pages = append(pages, labels(n.t, e))
		if !e.More {
			if e.Next != "" {
				n.t.Error("the last page has a next")
			}
			return pages
		}
		e = n.envelope(user, path+"?"+query+"&next="+e.Next)
	}
}

func check09Pages(t *testing.T, n *node) {
	n.good(object(id("tool"), v1, "1"), object(id("tool"), v1, "2"), object(id("tool"), v1, "3"))
	n.good(object(id("tool"), v1, "4"), object(id("tool"), v1, "5"))
	same(t, [][]string{{"1", "2"}, {"3", "4"}, {"5"}}, n.walk("responder", n.base+"objects/", "limit=2"))
	same(t, [][]string{{"1", "2", "3", "4", "5"}}, n.walk("responder", n.base+"objects/", "limit=5"))
	// The last page says so.
	if body := n.get("responder", n.base+"objects/").body; !bytes.Contains(body, []byte(`"more":false`)) {
		t.Errorf("%s", body)
	}
	// A limit may change on the way.
	e := n.envelope("responder", n.base+"objects/?limit=1")
	same(t, []string{"2", "3", "4", "5"}, n.labels("responder", n.base+"objects/?limit=9&next="+e.Next))
}

func Test10NextAfterRestart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		dir := t.TempDir()
		n := openNode(t, open(), dir)
		n.good(object(id("tool"), v1, "1"), object(id("tool"), v1, "2"))
		e := n.envelope("responder", n.base+"objects/?limit=1")
		again := openNode(t, open(), dir)
		same(t, []string{"2"}, again.labels("responder", n.base+"objects/?limit=1&next="+e.Next))
	})
}

func check11NextWithOtherFilters(t *testing.T, n *node) {
	x := id("tool")
	n.good(object(x, v1, "1"), object(x, v2, "2"), object(id("tool"), v1, "3"))
	next := n.envelope("responder", n.base+"objects/?limit=1&match[type]=tool").Next
	for _, path := range []string{
		"objects/?next=" + next, "objects/?match[type]=malware&next=" + next, "objects/?match[type]=tool&match[version]=all&next=" + next,
		"manifest/?match[type]=tool&next=" + next, "objects/" + x + "/?next=" + next, "objects/?match[type]=tool&next=" + next[:len(next)-2], "objects/?next=nonsense", "objects/?next=",
	} {
		if a := n.get("responder", n.base+path); a.status != 400 || a.code() != "bad-next" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func check12BadLimits(t *testing.T, n *node) {
	x := id("tool")
	n.good(object(x, v1, "x"))
	for _, limit := range []string{"0", "-1", "abc", "", "1.5", "1e3"} {
		for _, path := range []string{"objects/", "manifest/", "objects/" + x + "/", "objects/" + x + "/versions/"} {
			if a := n.get("responder", n.base+path+"?limit="+limit); a.status != 400 || a.code() != "bad-limit" {
				t.Errorf("%s limit=%s: %d", path, limit, a.status)
			}
		}
	}
}

func Test13LimitAboveMaximum(t *testing.T) {
	t.Parallel()
	n := openNode(t, storetest.SQLite(t), t.TempDir(), func(o *collection.Options) { o.PageMost = 2 })
	n.good(object(id("tool"), v1, "1"), object(id("tool"), v1, "2"), object(id("tool"), v1, "3"))
	same(t, [][]string{{"1", "2"}, {"3"}}, n.walk("responder", n.base+"objects/", "limit=99999999999999999999"))
	same(t, [][]string{{"1", "2"}, {"3"}}, n.walk("responder", n.base+"objects/", ""))
}

func check14AddedAfter(t *testing.T, n *node) {
	n.good(object(id("tool"), v1, "1"), object(id("tool"), v1, "2"))
	all := n.records("responder", n.base+"manifest/")
	same(t, []string{"2"}, n.labels("responder", n.base+"objects/?added_after="+all[0].DateAdded))
	same(t, "{}", string(n.get("responder", n.base+"objects/?added_after="+all[1].DateAdded).body))
	same(t, []string{"1", "2"}, n.labels("responder", n.base+"objects/?added_after=2016-01-01T00:00:00Z"))
	same(t, []string{"1", "2"}, n.labels("responder", n.base+"objects/?added_after=1901-01-01T00:00:00.5Z"))
	for _, bad := range []string{"yesterday", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00%2B01:00", all[0].DateAdded + "," + all[1].DateAdded, ""} {
		if a := n.get("responder", n.base+"objects/?added_after="+bad); a.status != 400 {
			t.Errorf("added_after=%s: %d", bad, a.status)
		}
	}
}

func check15MatchID(t *testing.T, n *node) {
	x, y := id("tool"), id("campaign")
	n.good(object(x, v1, "x"), object(id("tool"), v1, "z"), object(y, v1, "y"))
	same(t, []string{"x"}, n.labels("responder", n.base+"objects/?match[id]="+x))
	same(t, []string{"x", "y"}, n.labels("responder", n.base+"objects/?match%5Bid%5D="+y+","+x))
	same(t, [][]string{{"x"}, {"y"}}, n.walk("responder", n.base+"objects/", "limit=1&match[id]="+y+","+x+","+id("tool")))
	same(t, "{}", string(n.get("responder", n.base+"objects/?match[id]="+id("tool")).body))
	same(t, "{}", string(n.get("responder", n.base+"objects/?match[id]=nonsense").body))
}

func check16MatchType(t *testing.T, n *node) {
	n.good(object(id("tool"), v1, "t"), object(id("campaign"), v1, "c"), object(id("intrusion-set"), v1, "i"))
	same(t, []string{"c"}, n.labels("responder", n.base+"objects/?match[type]=campaign"))
	same(t, []string{"t", "i"}, n.labels("responder", n.base+"objects/?match[type]=intrusion-set,tool"))
	same(t, "{}", string(n.get("responder", n.base+"objects/?match[type]=malware").body))
	same(t, "{}", string(n.get("responder", n.base+"objects/?match[type]=amp").body)) // no part of a name
}

func check17MatchVersion(t *testing.T, n *node) {
	x := id("tool")
	n.good(object(x, v2, "x2"))
	n.good(object(x, v3, "x3"), object(id("tool"), v1, "y1"))
	n.good(object(x, v1, "x1")) // the oldest comes last
	for query, want := range map[string][]string{
		"":                                      {"x3", "y1"},
		"match[version]=last":                   {"x3", "y1"},
		"match[version]=first":                  {"y1", "x1"},
		"match[version]=all":                    {"x2", "x3", "y1", "x1"},
		"match[version]=first,last":             {"x3", "y1", "x1"},
		"match[version]=" + v2:                  {"x2"},
		"match[version]=" + v1 + "," + v3:       {"x3", "y1", "x1"},
		"match[version]=2026-03-01T00:00:00.5Z": {"x3"}, // one instant, however it is written
		"match[version]=last," + v2 + "&match[id]=" + x: {"x2", "x3"},
	} {
		same(t, want, n.labels("responder", n.base+"objects/?"+query))
		if t.Failed() {
			t.Fatal(query)
		}
	}
	same(t, []string{"x2", "x3", "x1"}, n.labels("responder", n.base+"objects/"+x+"/?match[version]=all"))
	same(t, []string{"x3"}, n.labels("responder", n.base+"objects/"+x+"/"))
	same(t, []string{"x1"}, n.labels("responder", n.base+"objects/"+x+"/?match[version]=first"))
	for _, bad := range []string{"newest", "all,last", ""} {
		same(t, 400, n.get("responder", n.base+"objects/?match[version]="+bad).status)
	}
}

// older makes an object of STIX 2.0.
func older(id, version, label string) string {
	return strings.Replace(object(id, version, label), `"spec_version":"2.1",`, "", 1)
}

func check18SpecVersion(t *testing.T, n *node) {
	at := n.room(collection.Collection{Title: "both", Specs: []string{"2.0", "2.1"}}, responders)
	x, y := id("tool"), id("tool")
	if st := n.addAs("responder", at, older(x, v1, "x1 old"), object(x, v2, "x2"), older(x, v3, "x3 old"), older(y, v1, "y1 old")); st.FailureCount > 0 {
		t.Fatalf("%+v", st)
	}
	for query, want := range map[string][]string{
		"":                            {"x2", "y1 old"}, // the newest version of STIX of each
		"match[spec_version]=2.1":     {"x2"},
		"match[spec_version]=2.0":     {"x3 old", "y1 old"},
		"match[spec_version]=2.0,2.1": {"x3 old", "y1 old"},
		"match[spec_version]=2.0,2.1&match[version]=all": {"x1 old", "x2", "x3 old", "y1 old"},
		"match[version]=all":                             {"x2", "y1 old"},
		"match[spec_version]=3.0":                        {},
	} {
		same(t, want, n.labels("responder", at+"objects/?"+query))
		if t.Failed() {
			t.Fatal(query)
		}
	}
	same(t, 400, n.get("responder", at+"objects/?match[spec_version]=new").status)
	media := []string{}
	for _, r := range n.records("responder", at+"manifest/?match[spec_version]=2.0,2.1&match[id]="+x+"&match[version]=all") {
		media = append(media, r.MediaType)
	}
	same(t, []string{taxii.STIX("2.0"), taxii.STIX("2.1"), taxii.STIX("2.0")}, media)
	// The other collection takes 2.1 alone.
	st := n.add(older(y, v2, "y2 old"))
	if st.FailureCount != 1 || !strings.Contains(st.Failures[0].Message, "2.0") {
		t.Errorf("%+v", st)
	}
}

func check19Combined(t *testing.T, n *node) {
	x, y := id("tool"), id("campaign")
	n.good(object(x, v1, "x1"), object(y, v1, "y1"))
	n.good(object(x, v2, "x2"), object(y, v2, "y2"))
	first := n.records("responder", n.base+"manifest/?match[version]=all")
	same(t, []string{"x2"}, n.labels("responder", n.base+"objects/?match[type]=tool&match[version]=last&match[id]="+x+","+y))
	// What was added later is looked at first, and which version it is then.
	same(t, []string{"x2"}, n.labels("responder", n.base+"objects/?match[version]=first&match[type]=tool&added_after="+first[1].DateAdded))
	same(t, []string{"y1", "x2"}, n.labels("responder", n.base+"objects/?match[version]=first&added_after="+first[0].DateAdded))
	same(t, "{}", string(n.get("responder", n.base+"objects/?match[type]=tool&match[id]="+y).body))
	same(t, []string{"y1", "y2"}, n.labels("responder", n.base+"objects/?match[type]=campaign&match[version]=all&match[spec_version]=2.1&added_after="+first[0].DateAdded))
}

func check20Manifest(t *testing.T, n *node) {
	x := id("tool")
	n.good(object(x, v1, "x1"), object(id("campaign"), v1, "y1"), object(x, v2, "x2"))
	all := n.records("responder", n.base+"manifest/?match[version]=all")
	for i := range all {
		if _, ok := taxii.ParseInstant(all[i].DateAdded); !ok || len(all[i].DateAdded) != len("2026-03-15T08:00:00.000001Z") {
			t.Errorf("date_added is %s", all[i].DateAdded)
		}
		all[i].DateAdded = ""
	}
	media := "application/stix+json;version=2.1"
	same(t, taxii.Record{ID: x, Version: v1, MediaType: media}, all[0])
	same(t, taxii.Record{ID: x, Version: v2, MediaType: media}, all[2])
	if got := n.records("responder", n.base+"manifest/?match[type]=tool"); len(got) != 1 || got[0].Version != v2 {
		t.Errorf("%+v", got)
	}
	var m taxii.Manifest
	n.get("responder", n.base+"manifest/?limit=1&match[version]=all").into(t, 200, &m)
	if !m.More || m.Next == "" {
		t.Errorf("%+v", m)
	}
	var rest taxii.Manifest
	n.get("responder", n.base+"manifest/?match[version]=all&next="+m.Next).into(t, 200, &rest)
	if len(rest.Objects) != 2 || rest.More {
		t.Errorf("%+v", rest)
	}
}

func check21Versions(t *testing.T, n *node) {
	x := id("tool")
	n.good(object(x, v2, "x2"), object(x, v1, "x1"), object(x, v3, "x3"), object(id("tool"), v1, "y"))
	var all, page, rest taxii.Versions
	n.get("responder", n.base+"objects/"+x+"/versions/").into(t, 200, &all)
	same(t, taxii.Versions{Versions: []string{v2, v1, v3}}, all)
	n.get("responder", n.base+"objects/"+x+"/versions/?limit=2").into(t, 200, &page)
	if !page.More || len(page.Versions) != 2 {
		t.Fatalf("%+v", page)
	}
	n.get("responder", n.base+"objects/"+x+"/versions/?next="+page.Next).into(t, 200, &rest)
	same(t, []string{v3}, rest.Versions)
	same(t, 404, n.get("responder", n.base+"objects/"+id("tool")+"/versions/").status)
}

func check22Post(t *testing.T, n *node) {
	x := id("tool")
	st := n.add(object(x, v1, "x"))
	same(t, []taxii.Detail{{ID: x, Version: v1}}, st.Successes)
	same(t, []int{1, 1, 0, 0}, []int{st.Total, st.SuccessCount, st.FailureCount, st.PendingCount})
	same(t, taxii.Complete, st.Status)

	again := n.add(object(x, v1, "x"))
	same(t, 1, again.SuccessCount)
	// The same in another order and with more space is the same.
	reordered := fmt.Sprintf(`{ "labels":["x"], "name":"x", "type":"tool", "modified":%q, "created":"2026-01-01T00:00:00.000Z", "id":%q, "spec_version":"2.1" }`, v1, x)
	same(t, 1, n.add(reordered).SuccessCount)
	conflict := n.add(object(x, v1, "another"))
	if conflict.FailureCount != 1 || !strings.Contains(conflict.Failures[0].Message, "first is kept") || conflict.Failures[0].ID != x {
		t.Errorf("%+v", conflict)
	}
	same(t, []string{"x"}, n.labels("responder", n.base+"objects/"))

	bad := fmt.Sprintf(`{"type":"malware","spec_version":"2.1","id":%q,"created":%q,"modified":%q,"name":"no is_family"}`, id("malware"), v1, v1)
	mixed := n.add(object(id("tool"), v1, "g1"), bad, "5", `{"type":"tool"}`, `"text"`, object(id("tool"), v1, "g2"))
	same(t, []int{6, 2, 4}, []int{mixed.Total, mixed.SuccessCount, mixed.FailureCount})
	if !strings.Contains(mixed.Failures[0].Message, "/objects/1") || !strings.Contains(mixed.Failures[0].Message, "is_family") {
		t.Errorf("%+v", mixed.Failures[0])
	}
	for _, f := range mixed.Failures {
		if f.ID == "" || f.Version == "" || f.Message == "" {
			t.Errorf("%+v", f)
		}
	}
	same(t, []string{"x", "g1", "g2"}, n.labels("responder", n.base+"objects/"))

	deep := object(id("tool"), v1, "deep", `"x_deep":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000))
	if got := n.add(deep, object(id("tool"), v1, "g3")); got.FailureCount != 1 || got.SuccessCount != 1 {
		t.Errorf("deep nesting: %+v", got)
	}
	for body, want := range map[string]int{
		"not json":                              400,
		"":                                      400,
		`{"objects":[`:                          400,
		`{"objects":[]}`:                        422,
		`{"objects":{}}`:                        422,
		`{"objects":null}`:                      422,
		`{}`:                                    422,
		`[` + object(id("tool"), v1, "z") + `]`: 422,
		object(id("tool"), v1, "z"):             422,
		`{"type":"bundle","id":"` + id("bundle") + `","objects":[` + object(id("tool"), v1, "z") + `]}`: 422,
		strings.Repeat("[", 100000): 400,
		"5":                         422,
	} {
		if a := n.ask("responder", "POST", n.base+"objects/", body); a.status != want {
			t.Errorf("%.60s: %d, not %d: %s", body, a.status, want, a.body)
		}
	}
	// Whatever more and next say of an envelope that comes in means nothing.
	same(t, 202, n.ask("responder", "POST", n.base+"objects/", `{"more":true,"next":"x","objects":[`+object(id("tool"), v1, "g4")+`]}`).status)
	// A bundle is no object.
	if st := n.add(`{"type":"bundle","id":"` + id("bundle") + `"}`); st.FailureCount != 1 {
		t.Errorf("%+v", st)
	}
	// No list is empty on the wire.
	if a := n.ask("responder", "POST", n.base+"objects/", `{"objects":[`+object(id("tool"), v1, "g5")+`]}`); bytes.Contains(a.body, []byte(`"failures"`)) || bytes.Contains(a.body, []byte(`"pendings"`)) || !bytes.Contains(a.body, []byte(`"failure_count":0`)) {
		t.Errorf("%s", a.body)
	}
}

func Test23Status(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		work, err := jobs.Open(t.Context(), st, jobs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := openNode(t, st, t.TempDir(), func(o *collection.Options) { o.Jobs, o.AtOnce = work, 3 })
		done := n.add(object(id("tool"), v1, "1"))
		var again taxii.Status
		n.get("responder", "/taxii2/rihla/status/"+done.ID+"/").into(t, 200, &again)
		same(t, done, again)
		same(t, 404, n.get("second", "/taxii2/rihla/status/"+done.ID+"/").status)
		same(t, 404, n.get("responder", "/taxii2/rihla/status/"+id("x")+"/").status)

		// What is too much for one request is kept, and added later.
		many := []string{object(id("tool"), v1, "2"), object(id("tool"), v1, "3"), `{"type":"tool"}`, object(id("tool"), v1, "4")}
		pending := n.add(many...)
		same(t, []any{taxii.Pending, 4, 0, 0, 4}, []any{pending.Status, pending.Total, pending.SuccessCount, pending.FailureCount, pending.PendingCount})
		same(t, []string{"1"}, n.labels("responder", n.base+"objects/"))
		again = taxii.Status{}
		n.get("responder", "/taxii2/rihla/status/"+pending.ID+"/").into(t, 200, &again)
		same(t, pending, again)
		if _, err := work.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.get("responder", "/taxii2/rihla/status/"+pending.ID+"/").into(t, 200, &again)
		same(t, []any{taxii.Complete, 4, 3, 1, 0}, []any{again.Status, again.Total, again.SuccessCount, again.FailureCount, again.PendingCount})
		same(t, pending.ID, again.ID)
		same(t, []string{"1", "2", "3", "4"}, n.labels("responder", n.base+"objects/"))
		if n, err := work.Step(t.Context()); err != nil || n != 0 {
			t.Error("the work is not done", n, err)
		}
	})
}

func address(label string) (string, string) {
	n := ids.Add(1)
	text := fmt.Sprintf("198.51.%d.%d", n>>8&255, n&255)
	v, _ := jsondoc.Parse(fmt.Appendf(nil, `{"type":"ipv4-addr","value":%q}`, text))
	made, _ := stix.ObservableID(&v)
	return made, fmt.Sprintf(`{"type":"ipv4-addr","spec_version":"2.1","id":%q,"value":%q,"x_note":%q}`, made, text, label)
}

func check24Observables(t *testing.T, n *node) {
	x, first := address("one")
	n.good(first)
	n.good(first)
	all := n.records("responder", n.base+"manifest/?match[version]=all")
	if len(all) != 1 || all[0].Version != all[0].DateAdded {
		t.Fatalf("%+v", all)
	}
	var v taxii.Versions
	n.get("responder", n.base+"objects/"+x+"/versions/").into(t, 200, &v)
	same(t, []string{all[0].DateAdded}, v.Versions)
	// Other content replaces it: it has one version, and is new to those who follow.
	n.good(strings.Replace(first, "one", "two", 1))
	now := n.records("responder", n.base+"manifest/?match[version]=all")
	if len(now) != 1 || now[0].DateAdded <= all[0].DateAdded {
		t.Fatalf("%+v", now)
	}
	e := n.envelope("responder", n.base+"objects/?added_after="+all[0].DateAdded)
	if len(e.Objects) != 1 || !strings.Contains(string(e.Objects[0]), `"two"`) {
		t.Errorf("%s", e.Objects)
	}
	same(t, 1, len(n.records("responder", n.base+"manifest/?match[version]="+now[0].Version)))
}

func check25MarkingDefinition(t *testing.T, n *node) {
	for _, version := range []int{1, 2} {
		text, _ := stix.Green.Definition(version)
		n.good(string(text))
	}
	same(t, []string{"2017-01-20T00:00:00.000Z", "2022-10-01T00:00:00.000Z"}, versionsOf(n.records("responder", n.base+"manifest/")))
}

func versionsOf(records []taxii.Record) (all []string) {
	for _, r := range records {
		all = append(all, r.Version)
	}
	return all
}

func check26Delete(t *testing.T, n *node) {
	at := n.room(collection.Collection{Title: "both", Specs: []string{"2.0", "2.1"}}, responders)
	for query, want := range map[string][]string{
		"":                                    {},
		"match[version]=all":                  {},
		"match[version]=first":                {"2", "3"},
		"match[version]=last":                 {"1", "2"},
		"match[version]=" + v2:                {"1", "3"},
		"match[version]=first,last":           {"2"},
		"match[version]=2020-01-01T00:00:00Z": {"1", "2", "3"},
		"match[spec_version]=2.1":             {},
		"match[spec_version]=2.0":             {"1", "2", "3"},
	} {
		x := id("tool")
		n.addAs("responder", at, object(x, v1, "1"), object(id("tool"), v1, "other"), object(x, v2, "2"), object(x, v3, "3"))
		a := n.ask("responder", "DELETE", at+"objects/"+x+"/?"+query, nil)
		if a.status != 200 || len(a.body) != 0 {
			t.Fatalf("%s: %d %s", query, a.status, a.body)
		}
		if len(want) == 0 {
			same(t, 404, n.get("responder", at+"objects/"+x+"/").status)
			continue
		}
		same(t, want, n.labels("responder", at+"objects/"+x+"/?match[version]=all"))
		same(t, want[len(want)-1:], n.labels("responder", at+"objects/"+x+"/")) // who is last is as if the others had never been
		same(t, want[:1], n.labels("responder", at+"objects/"+x+"/?match[version]=first"))
		if t.Failed() {
			t.Fatal(query)
		}
	}
	// With two versions of STIX, and no filter, both go.
	x := id("tool")
	n.addAs("responder", at, older(x, v1, "old"), object(x, v2, "new"))
	same(t, 200, n.ask("responder", "DELETE", at+"objects/"+x+"/?match[spec_version]=2.0", nil).status)
	same(t, []string{"new"}, n.labels("responder", at+"objects/"+x+"/?match[spec_version]=2.0,2.1&match[version]=all"))
	n.addAs("responder", at, older(x, v1, "old"))
	same(t, 200, n.ask("responder", "DELETE", at+"objects/"+x+"/", nil).status)
	same(t, 404, n.get("responder", at+"objects/"+x+"/?match[spec_version]=2.0,2.1").status)
	// Whatever is meant with a filter that is not known, it is not everything.
	x = id("tool")
	n.addAs("responder", at, object(x, v1, "stays"))
	for _, query := range []string{"match[colour]=red", "match[id]=" + x, "limit=1", "added_after=2026-01-01T00:00:00Z", "match[version]=newest"} {
		same(t, 400, n.ask("responder", "DELETE", at+"objects/"+x+"/?"+query, nil).status)
	}
	same(t, []string{"stays"}, n.labels("responder", at+"objects/"+x+"/"))
}

func check27DeleteWithoutRight(t *testing.T, n *node) {
	x := id("tool")
	at := n.room(collection.Collection{Alias: "shared"}, responders, collection.Grant{To: collection.Partner("us"), Read: true, Write: true, Ceiling: stix.Amber},
		collection.Grant{To: collection.Partner("fr"), Write: true, Delete: true}, collection.Grant{To: collection.Named("EXAMPLE SOC"), Read: true, Delete: true, Ceiling: stix.Amber})
	n.addAs("responder", at, object(x, v1, "x", marked(stix.Green)))
	for user, code := range map[string]string{"partner": "may-not-delete", "other": "may-not-read", "filer": "may-not-write"} {
		if a := n.ask(user, "DELETE", at+"objects/"+x+"/", nil); a.status != 403 || a.code() != code {
			t.Errorf("%s: %d %s", user, a.status, a.code())
		}
	}
	same(t, []string{"x"}, n.labels("responder", at+"objects/"))
}

func check28Deleted(t *testing.T, n *node) {
	x := id("tool")
	n.good(object(x, v1, "x"), object(id("tool"), v1, "y"))
	same(t, 200, n.ask("responder", "DELETE", n.base+"objects/"+x+"/", nil).status)
	same(t, 404, n.get("responder", n.base+"objects/"+x+"/").status)
	same(t, 404, n.get("responder", n.base+"objects/"+x+"/versions/").status)
	same(t, 404, n.ask("responder", "DELETE", n.base+"objects/"+x+"/", nil).status)
	same(t, []string{"y"}, n.labels("responder", n.base+"objects/"))
	same(t, "{}", string(n.get("responder", n.base+"objects/?match[id]="+x).body))
	// It may come again, and is new then.
	n.good(object(x, v1, "x"))
	same(t, []string{"y", "x"}, n.labels("responder", n.base+"objects/"))
}

func check29Credentials(t *testing.T, n *node) {
	for _, h := range []header{{}, {"Authorization": "Basic !!"}, {"Authorization": "Basic d3Jvbmc6a2V5"}, {"Authorization": "Bearer wrong"}, {"Authorization": "Negotiate x"}} {
		for _, path := range []string{"/taxii2/", "/taxii2", "/taxii2/nowhere/", n.base, n.base + "objects/?limit=-1", "/taxii2/x//y"} {
			for _, method := range []string{"GET", "POST", "DELETE", "PATCH"} {
				a := n.ask("", method, path, nil, header{"Accept": "text/html"}, h) // 401 before anything else is looked at
				if a.status != 401 || !strings.Contains(a.header.Get("WWW-Authenticate"), "Basic realm=") {
					t.Fatalf("%s %s %v: %d", method, path, h, a.status)
				}
			}
		}
	}
	same(t, 200, n.ask("", "GET", "/taxii2/", nil, header{"Authorization": "Bearer responder"}).status)
	same(t, 403, n.get("analyst", "/taxii2/").status)
}

func Test30Rights(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		reads := n.room(collection.Collection{Alias: "reads"}, collection.Grant{To: collection.Partner("us"), Read: true, Ceiling: stix.Amber})
		writes := n.room(collection.Collection{Alias: "writes"}, collection.Grant{To: collection.Partner("us"), Write: true})
		hidden := n.room(collection.Collection{Alias: "hidden"}, responders)
		shown := n.room(collection.Collection{Alias: "shown", Visible: true}, responders)
		post := `{"objects":[` + object(id("tool"), v1, "x") + `]}`
		if a := n.ask("partner", "POST", reads+"objects/", post); a.status != 403 || a.code() != "may-not-write" {
			t.Errorf("%d", a.status)
		}
		for _, path := range []string{"objects/", "manifest/", "objects/" + id("tool") + "/", "objects/" + id("tool") + "/versions/"} {
			if a := n.get("partner", writes+path); a.status != 403 || a.code() != "may-not-read" {
				t.Errorf("%s: %d", path, a.status)
			}
		}
		same(t, 202, n.ask("partner", "POST", writes+"objects/", post).status)
		for _, path := range []string{hidden, hidden + "objects/", "/taxii2/rihla/collections/hidden/", "/taxii2/rihla/collections/none/", "/taxii2/other/", "/taxii2/other/collections/", "/taxii2/rihla/x/"} {
			same(t, 404, n.get("partner", path).status)
		}
		same(t, 404, n.ask("partner", "POST", hidden+"objects/", post).status)
		same(t, 404, n.ask("partner", "POST", "/taxii2/rihla/collections/none/objects/", post).status)
		var c taxii.Collection
		n.get("partner", shown).into(t, 200, &c)
		if c.CanRead || c.CanWrite {
			t.Errorf("%+v", c)
		}
		same(t, 403, n.get("partner", shown+"objects/").status)
		same(t, 403, n.ask("partner", "POST", shown+"objects/", post).status)
		var all taxii.Collections
		n.get("partner", "/taxii2/rihla/collections/").into(t, 200, &all)
		same(t, 3, len(all.Collections))

		// What is taken away is gone at once.
		n.within(func(ctx context.Context, tx store.Tx) error {
			return n.server.Revoke(ctx, tx, strings.Split(reads, "/")[4], collection.Partner("us"))
		})
		same(t, 404, n.get("partner", reads).status)
	})
}

func check31Accept(t *testing.T, n *node) {
	for accept, want := range map[string]int{
		taxii.Media: 200, "application/taxii+json": 200, `application/TAXII+json; version="2.1"`: 200, "text/html, application/taxii+json;version=2.1;q=0.2": 200,
		"application/taxii+json;version=2.0": 406, "application/json": 406, "*/*": 406, "": 406, "application/vnd.oasis.taxii+json; version=2.0": 406, "application/taxii+json;version=2.1;q=0": 406,
	} {
		for _, path := range []string{"/taxii2/", "/taxii2/rihla/", n.base, n.base + "objects/"} {
			same(t, want, n.ask("responder", "GET", path, nil, header{"Accept": accept}).status)
		}
		if t.Failed() {
			t.Fatal(accept)
		}
	}
	// The collection comes after Accept, and the root before.
	same(t, 404, n.get("responder", "/taxii2/rihla/collections/none/").status)
	same(t, 406, n.ask("responder", "GET", "/taxii2/rihla/collections/none/", nil, header{"Accept": "*/*"}).status)
	same(t, 404, n.ask("responder", "GET", "/taxii2/none/", nil, header{"Accept": "*/*"}).status)
}

func check32ContentType(t *testing.T, n *node) {
	body := `{"objects":[` + object(id("tool"), v1, "x") + `]}`
	for media, want := range map[string]int{
		taxii.Media: 202, "application/taxii+json": 202, `Application/taxii+json;charset=utf-8;version="2.1"`: 202,
		"application/json": 415, "": 415, "application/stix+json;version=2.1": 415, "application/taxii+json;version=2.0": 415, "application/vnd.oasis.stix+json; version=2.0": 415,
	} {
		if got := n.ask("responder", "POST", n.base+"objects/", body, header{"Content-Type": media}).status; got != want {
			t.Errorf("%s: %d", media, got)
		}
	}
}

// endless is a body that says nothing of its length.
type endless struct{ strings.Reader }

func Test33TooLarge(t *testing.T) {
	t.Parallel()
	n := openNode(t, storetest.SQLite(t), t.TempDir(), func(o *collection.Options) { o.MaxContent = 2000 })
	fits := `{"objects":[` + object(id("tool"), v1, "x") + `]}`
	same(t, 202, n.ask("responder", "POST", n.base+"objects/", fits+strings.Repeat(" ", 2000-len(fits))).status)
	same(t, 413, n.ask("responder", "POST", n.base+"objects/", fits+strings.Repeat(" ", 2001-len(fits))).status)
	long := &endless{*strings.NewReader(fits + strings.Repeat(" ", 5000))}
	same(t, 413, n.ask("responder", "POST", n.base+"objects/", long).status)
	short := &endless{*strings.NewReader(fits)}
	same(t, 202, n.ask("responder", "POST", n.base+"objects/", short).status)
	var r taxii.Root
	n.get("responder", "/taxii2/rihla/").into(t, 200, &r)
	same(t, int64(2000), r.MaxContent)
}

func check34Methods(t *testing.T, n *node) {
	object := n.base + "objects/" + id("tool") + "/"
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "/taxii2/", "GET"}, {"HEAD", "/taxii2/", "GET"}, {"OPTIONS", "/taxii2/rihla/", "GET"}, {"PUT", "/taxii2/rihla/collections/", "GET"}, {"DELETE", n.base, "GET"},
		{"DELETE", n.base + "objects/", "GET, POST"}, {"PATCH", n.base + "objects/", "GET, POST"}, {"OPTIONS", n.base + "objects/", "GET, POST"}, {"HEAD", n.base + "objects/", "GET, POST"},
		{"POST", object, "GET, DELETE"}, {"POST", object + "versions/", "GET"}, {"POST", n.base + "manifest/", "GET"}, {"DELETE", "/taxii2/rihla/status/x/", "GET"},
	} {
		a := n.ask("responder", c.method, c.path, nil)
		same(t, []any{405, c.allow}, []any{a.status, a.header.Get("Allow")})
		for name := range a.header {
			if strings.HasPrefix(name, "Access-Control") {
				t.Error("another origin is let in")
			}
		}
	}
}

func check35TrailingSlash(t *testing.T, n *node) {
	for _, c := range [][2]string{{"GET", "/taxii2"}, {"GET", "/taxii2/rihla"}, {"POST", n.base + "objects"}, {"DELETE", n.base + "objects/" + id("tool")}, {"GET", n.base + "manifest"}} {
		a := n.ask("responder", c[0], c[1]+"?limit=1", nil)
		same(t, []any{308, c[1] + "/?limit=1"}, []any{a.status, a.header.Get("Location")})
	}
	same(t, 404, n.get("responder", "/taxii2//evil.example").status)
}

func check36Errors(t *testing.T, n *node) {
	a := n.get("responder", n.base+"objects/?limit=-20")
	var e taxii.Error
	a.into(t, 400, &e)
	if e.ID == "" {
		t.Error("it has no id")
	}
	e.ID = ""
	same(t, taxii.Error{Title: "Limit is not a positive integer", Description: "limit=-20", Code: "bad-limit", HTTPStatus: "400"}, e)
	var raw map[string]any
	a.into(t, 400, &raw)
	if _, text := raw["http_status"].(string); !text {
		t.Errorf("%s", a.body)
	}
}

func check37TLP(t *testing.T, n *node) {
	at := n.room(collection.Collection{Alias: "tlp"}, responders,
		collection.Grant{To: collection.Partner("us"), Read: true, Write: true, Delete: true, Ceiling: stix.Amber},
		collection.Grant{To: collection.Partner("fr"), Read: true, Ceiling: stix.Red}, // more than anyone may grant
		collection.Grant{To: collection.Named("EXAMPLE SOC"), Read: true, Ceiling: stix.Clear})
	x, red := id("tool"), id("tool")
	granular := func(level stix.TLP) string {
		mark, _ := level.MarkingID(2)
		return fmt.Sprintf(`"granular_markings":[{"marking_ref":%q,"selectors":["name"]}]`, mark)
	}
	n.addAs("responder", at,
		object(id("tool"), v1, "clear", marked(stix.Clear)), object(id("tool"), v1, "green", marked(stix.Green)), object(x, v1, "x1 amber", marked(stix.Amber)),
		object(id("tool"), v1, "strict", marked(stix.AmberStrict)), object(red, v1, "red", marked(stix.Red)), object(id("tool"), v1, "unmarked"))
	n.addAs("responder", at, object(x, v2, "x2 red", marked(stix.Red)), object(id("tool"), v1, "clear with a red name", marked(stix.Clear), granular(stix.Red)),
		object(id("tool"), v1, "red marking unknown", `"object_marking_refs":["`+id("marking-definition")+`"]`))
	n.addAs("responder", at, object(id("tool"), v1, "end", marked(stix.Clear)))
	for user, want := range map[string][]string{
		"responder": {"clear", "green", "strict", "red", "unmarked", "x2 red", "clear with a red name", "red marking unknown", "end"},
		"partner":   {"clear", "green", "x1 amber", "end"}, // the last version that it may see is the last to it
		"other":     {"clear", "green", "x1 amber", "strict", "unmarked", "red marking unknown", "end"},
		"filer":     {"clear", "end"},
	} {
		same(t, want, n.labels(user, at+"objects/"))
		same(t, len(want), len(n.records(user, at+"manifest/")))
		pages := n.walk(user, at+"objects/", "limit=2")
		same(t, want, slices.Concat(pages...))
		same(t, (len(want)+1)/2, len(pages)) // no page is emptied by what it may not hold
		if t.Failed() {
			t.Fatal(user)
		}
	}
	for _, path := range []string{"objects/" + red + "/", "objects/" + red + "/versions/"} {
		same(t, 404, n.get("partner", at+path).status)
	}
	same(t, "{}", string(n.get("partner", at+"objects/?match[version]=all&match[id]="+red).body))
	var v taxii.Versions
	n.get("partner", at+"objects/"+x+"/versions/").into(t, 200, &v)
	same(t, []string{v1}, v.Versions)
	// The dates of a page tell nothing of what is not on it.
	h := n.get("partner", at+"objects/").header
	all := n.records("partner", at+"manifest/")
	same(t, all[len(all)-1].DateAdded, h.Get("X-TAXII-Date-Added-Last"))
	// Nor can it delete what it cannot see.
	same(t, 404, n.ask("partner", "DELETE", at+"objects/"+red+"/", nil).status)
	same(t, 200, n.ask("partner", "DELETE", at+"objects/"+x+"/", nil).status)
	same(t, []string{"x2 red"}, n.labels("responder", at+"objects/"+x+"/?match[version]=all"))
	same(t, 404, n.get("partner", at+"objects/"+x+"/").status)
	// What it gave itself as red stays here.
	own := id("tool")
	if st := n.addAs("partner", at, object(own, v1, "own", marked(stix.Red))); st.SuccessCount != 1 {
		t.Errorf("%+v", st)
	}
	same(t, 404, n.get("partner", at+"objects/"+own+"/").status)
	// A statement says nothing of TLP, and does not open what has none either; one that defines a level does.
	statement, level := id("marking-definition"), id("marking-definition")
	n.addAs("responder", at,
		fmt.Sprintf(`{"type":"marking-definition","spec_version":"2.1","id":%q,"created":%q,"definition_type":"statement","definition":{"statement":"Example"}}`, statement, v1),
		fmt.Sprintf(`{"type":"marking-definition","spec_version":"2.1","id":%q,"created":%q,"definition_type":"tlp","definition":{"tlp":"red"}}`, level, v1))
	green, _ := stix.Green.MarkingID(1)
	n.addAs("responder", at, object(id("tool"), v1, "s only", `"object_marking_refs":["`+statement+`"]`), object(id("tool"), v1, "s and green", `"object_marking_refs":["`+statement+`","`+green+`"]`),
		object(id("tool"), v1, "private red", `"object_marking_refs":["`+level+`"]`))
	same(t, []string{"s and green"}, n.labels("partner", at+"objects/?match[type]=tool&added_after="+all[len(all)-1].DateAdded))
}

func check38Extensions(t *testing.T, n *node) {
	x := id("x-rihla-consignment")
	text := fmt.Sprintf(`{"type":"x-rihla-consignment","spec_version":"2.1","id":%q,"created":%q,"modified":%q,"waybill":"125-12345675","extensions":{"extension-definition--12345678-1234-4234-8234-123456789012":{"extension_type":"new-sdo"}},"pieces":[{"n":1.50,"w":1e3}]}`, x, v1, v1)
	n.good(text)
	e := n.envelope("responder", n.base+"objects/"+x+"/")
	same(t, []string{text}, []string{string(e.Objects[0])})
	same(t, []string{x}, []string{n.records("responder", n.base+"manifest/?match[type]=x-rihla-consignment")[0].ID})
}

func check39Revoked(t *testing.T, n *node) {
	x := id("tool")
	n.good(object(x, v1, "x1"))
	n.good(object(x, v2, "x2", `"revoked":true`))
	same(t, []string{"x2"}, n.labels("responder", n.base+"objects/"))
}

func check40PagedWhileWriting(t *testing.T, n *node) {
	const writers, bundles, size = 4, 25, 100
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for b := range bundles {
				objects := make([]string, size)
				for i := range objects {
					objects[i] = object(id("tool"), v1, fmt.Sprint(w, " ", b, " ", i))
				}
				n.good(objects...)
			}
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	wake, stop := n.store.Watch(collection.Topic)
	defer stop()
	seen := map[string]int{}
	after, over := "2000-01-01T00:00:00Z", false
	for {
		select {
		case <-done:
			over = true
		case <-wake:
		}
		a := n.get("responder", n.base+"objects/?limit=333&added_after="+after)
		var e taxii.Envelope
		a.into(t, 200, &e)
		for _, l := range labels(t, e) {
			seen[l]++
		}
		if len(e.Objects) == 0 && over {
			break
		}
		if last := a.header.Get("X-TAXII-Date-Added-Last"); last != "" {
			after = last
		}
	}
	if len(seen) != writers*bundles*size {
		t.Errorf("%d of %d were seen", len(seen), writers*bundles*size)
	}
	for l, times := range seen {
		if times != 1 {
			t.Errorf("%s came %d times", l, times)
		}
	}
}

func Test41Gzip(t *testing.T) {
	t.Parallel()
	n := openNode(t, storetest.SQLite(t), t.TempDir(), func(o *collection.Options) { o.MaxContent = 100_000 })
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(text))
		_ = z.Close()
		return b.Bytes()
	}
	packed := header{"Content-Encoding": "gzip"}
	objects := make([]string, 20)
	for i := range objects {
		objects[i] = object(id("tool"), v1, fmt.Sprint(i))
	}
	same(t, 202, n.ask("responder", "POST", n.base+"objects/", pack(`{"objects":[`+strings.Join(objects, ",")+`]}`), packed).status)
	plain := n.get("responder", n.base+"objects/")
	zipped := n.ask("responder", "GET", n.base+"objects/", nil, header{"Accept-Encoding": "br, gzip;q=0.5"})
	same(t, []string{"gzip", ""}, []string{zipped.header.Get("Content-Encoding"), plain.header.Get("Content-Encoding")})
	z, err := gzip.NewReader(bytes.NewReader(zipped.body))
	if err != nil {
		t.Fatal(err)
	}
	var unpacked bytes.Buffer
	if _, err := unpacked.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	same(t, string(plain.body), unpacked.String())
	same(t, "", n.ask("responder", "GET", n.base+"objects/", nil, header{"Accept-Encoding": "gzip;q=0"}).header.Get("Content-Encoding"))

	bomb := pack(`{"objects":[` + strings.Repeat(" ", 50<<20))
	same(t, 413, n.ask("responder", "POST", n.base+"objects/", bomb, packed).status)
	same(t, 400, n.ask("responder", "POST", n.base+"objects/", "no gzip", packed).status)
	same(t, 400, n.ask("responder", "POST", n.base+"objects/", pack(strings.Join(objects, ""))[:200], packed).status)
	same(t, 415, n.ask("responder", "POST", n.base+"objects/", "x", header{"Content-Encoding": "br"}).status)
}

func check42NumbersAndUnicode(t *testing.T, n *node) {
	x := id("tool")
	text := object(x, v1, "رحلة 旅 \\ud83d\\ude00 \\u0000 é/\\/", `"x_big":9007199254740993123456789`, `"x_small":1.0E-7`, `"x_zero":-0.0`, `"x_quote":"\"\\\t"`)
	n.good(text)
	e := n.envelope("responder", n.base+"objects/"+x+"/")
	same(t, text, string(e.Objects[0]))
	// Space between values is no content.
	y := id("tool")
	n.good("\n\t" + strings.ReplaceAll(object(y, v1, "y"), ",", " , \n"))
	e = n.envelope("responder", n.base+"objects/"+y+"/")
	same(t, object(y, v1, "y"), string(e.Objects[0]))
}

func TestQuota(t *testing.T) {
	t.Parallel()
	n := openNode(t, storetest.SQLite(t), t.TempDir(), func(o *collection.Options) { o.Quota = access.NewLimiter(time.Hour, 2, nil) })
	same(t, 200, n.get("partner", "/taxii2/").status)
	same(t, 200, n.get("partner", "/taxii2/rihla/").status)
	a := n.get("partner", "/taxii2/")
	same(t, []any{429, "1"}, []any{a.status, a.header.Get("Retry-After")})
	same(t, 200, n.get("other", "/taxii2/").status)
}
