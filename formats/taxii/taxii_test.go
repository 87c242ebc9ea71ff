package taxii_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/taxii"
)

func TestAccepts(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"application/taxii+json;version=2.1":                            true,
		"application/taxii+json":                                        true,
		"Application/TAXII+JSON ; Version = 2.1":                        true,
		`application/taxii+json; charset=utf-8; version="2.1"`:          true,
		`application/taxii+json; version="2\.1"`:                        true,
		"text/html, application/taxii+json;version=2.1;q=0.5":           true,
		"application/taxii+json;version=2.0, application/taxii+json":    true,
		"application/taxii+json;version=2.1;q=0":                        false,
		"application/taxii+json;version=2.1;q=x":                        false,
		"application/taxii+json;version=2.0":                            false,
		"application/taxii+json;version=3":                              false,
		"application/vnd.oasis.taxii+json; version=2.0":                 false,
		`text/plain;note="application/taxii+json, application/taxii"`:   false,
		"application/json":                                              false,
		"application/*":                                                 false,
		"*/*":                                                           false,
		"":                                                              false,
		";;;,,,=":                                                       false,
		"application/stix+json;version=2.1,application/xml;version=2.1": false,
	} {
		if got := taxii.Accepts([]string{header}, false); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
	for header, want := range map[string]bool{"": true, "*/*": true, "application/*;q=0.1": true, "application/json": true, "text/html": false, "application/taxii+json;version=2.0": false} {
		if got := taxii.Accepts([]string{header}, true); got != want {
			t.Errorf("leniently %q: %v", header, got)
		}
	}
	if taxii.Accepts(nil, false) || !taxii.Accepts(nil, true) || !taxii.Accepts([]string{"text/html", taxii.Media}, false) {
		t.Error("no header, or two")
	}
}

func TestIsMedia(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		taxii.Media: true, "application/taxii+json": true, `APPLICATION/taxii+json; version="2.1"; charset=utf-8`: true,
		"": false, "application/json": false, "application/stix+json;version=2.1": false, "application/taxii+json;version=2.0": false,
	} {
		if got := taxii.IsMedia(header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestInstants(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-03-15T08:00:00Z":           "2026-03-15T08:00:00.000000Z",
		"2026-03-15T08:00:00.1Z":         "2026-03-15T08:00:00.100000Z",
		"2026-03-15T08:00:00.123456789Z": "2026-03-15T08:00:00.123456Z",
		"2016-12-31T23:59:60Z":           "2017-01-01T00:00:00.000000Z",
		"2024-02-29T00:00:00.000Z":       "2024-02-29T00:00:00.000000Z",
		"2026-02-29T00:00:00Z":           "", "2026-04-31T00:00:00Z": "", "2026-13-01T00:00:00Z": "", "2026-00-01T00:00:00Z": "", "2026-01-00T00:00:00Z": "",
		"2026-03-15T24:00:00Z": "", "2026-03-15T08:60:00Z": "", "2026-03-15T08:00:61Z": "", "2026-03-15T08:00:00": "", "2026-03-15 08:00:00Z": "",
		"2026-03-15T08:00:00+00:00": "", "2026-03-15T08:00:00.Z": "", "2026-03-15T08:00:00.12x4Z": "", "2026-03-15t08:00:00z": "", "": "", "yesterday": "", "2O26-03-15T08:00:00Z": "",
	} {
		at, ok := taxii.ParseInstant(text)
		got := ""
		if ok {
			got = at.String()
		}
		if got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	const at = "2026-03-15T08:00:00.000000Z"
	instant, _ := taxii.ParseInstant(at)
	for _, c := range []struct {
		query string
		on    taxii.On
		want  taxii.Filter
		code  string
	}{
		{query: "", on: taxii.OnObjects},
		{query: "limit=5&added_after=" + at, on: taxii.OnObjects, want: taxii.Filter{Limit: 5, After: instant, Since: true}},
		{query: "limit=99999999999999999999", on: taxii.OnObjects, want: taxii.Filter{Limit: 1<<31 - 1}},
		{query: "match%5Btype%5D=malware,indicator&match[type]=tool", on: taxii.OnManifest, want: taxii.Filter{Types: []string{"indicator", "malware", "tool"}}},
		{query: "match[version]=last,first," + at, on: taxii.OnObject, want: taxii.Filter{Versions: taxii.Choice{First: true, Last: true, At: []taxii.Instant{instant}}}},
		{query: "match[spec_version]=2.1,2.0", on: taxii.OnDelete, want: taxii.Filter{Specs: []string{"2.0", "2.1"}}},
		{query: "match[colour]=red&x=y", on: taxii.OnObjects},
		{query: "match[id]=x", on: taxii.OnVersions}, // means nothing there
		{query: "limit=0", on: taxii.OnObjects, code: "bad-limit"},
		{query: "limit=-1", on: taxii.OnObjects, code: "bad-limit"},
		{query: "limit=-99999999999999999999", on: taxii.OnObjects, code: "bad-limit"},
		{query: "limit=abc", on: taxii.OnVersions, code: "bad-limit"},
		{query: "limit=", on: taxii.OnVersions, code: "bad-limit"},
		{query: "limit=1&limit=2", on: taxii.OnObjects, code: "bad-query"},
		{query: "added_after=2026", on: taxii.OnObjects, code: "bad-added-after"},
		{query: "added_after=" + at + "," + at, on: taxii.OnObjects, code: "bad-added-after"},
		{query: "next=", on: taxii.OnObjects, code: "bad-next"},
		{query: "match[version]=all,last", on: taxii.OnObjects, code: "bad-version"},
		{query: "match[version]=newest", on: taxii.OnObjects, code: "bad-version"},
		{query: "match[spec_version]=two", on: taxii.OnObjects, code: "bad-spec-version"},
		{query: "match[id]=x", on: taxii.OnDelete, code: "bad-match"},
		{query: "match[colour]=red", on: taxii.OnDelete, code: "bad-match"},
		{query: "limit=1", on: taxii.OnDelete, code: "bad-match"},
		{query: "%zz", on: taxii.OnObjects, code: "bad-query"},
	} {
		got, refused := taxii.ParseFilter(c.query, c.on)
		if c.code != "" {
			if refused == nil || refused.Code != c.code || refused.Status() != 400 || refused.HTTPStatus != "400" {
				t.Errorf("%s: %v, not %s", c.query, refused, c.code)
			}
			continue
		}
		if refused != nil {
			t.Errorf("%s: %v", c.query, refused)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.query, diff)
		}
	}
}

// What a client writes is what a server reads, and its mark changes with all but limit and next.
func TestQueryComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := taxii.Filter{
			Limit: rapid.IntRange(0, 1000).Draw(t, "limit"), Next: rapid.StringMatching(`[A-Za-z0-9_-]{0,20}`).Draw(t, "next"),
			Versions: taxii.Choice{First: rapid.Bool().Draw(t, "first"), Last: rapid.Bool().Draw(t, "last")},
		}
		if f.Since = rapid.Bool().Draw(t, "since"); f.Since {
			f.After = taxii.Instant(rapid.Int64Range(0, 4e15).Draw(t, "after"))
		}
		if rapid.Bool().Draw(t, "types") {
			f.Types = []string{"indicator", "x-thing"}
		}
		got, refused := taxii.ParseFilter(f.Query(), taxii.OnObjects)
		if refused != nil {
			t.Fatal(refused)
		}
		if diff := cmp.Diff(f, got); diff != "" {
			t.Fatal(diff)
		}
		other := f
		other.Limit, other.Next = 7, "x"
		if f.Mark("a") != other.Mark("a") || f.Mark("a") == f.Mark("b") {
			t.Fatal("the mark is not of the query alone")
		}
		other.IDs = []string{"indicator--1"}
		if f.Mark("a") == other.Mark("a") {
			t.Fatal("another query has the same mark")
		}
	})
}

func TestCursor(t *testing.T) {
	t.Parallel()
	key, other := []byte("one"), []byte("another")
	c := taxii.Cursor{Mark: [8]byte{1, 2, 3}, Added: 1_700_000_000_000_001, Expires: 100}
	text := c.Seal(key)
	got, err := taxii.Unseal(key, text, c.Mark, 100)
	if diff := cmp.Diff(c, got); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	changed := []byte(text)
	changed[20] ^= 1
	for name, err := range map[string]error{
		"late":         second(taxii.Unseal(key, text, c.Mark, 101)),
		"other query":  second(taxii.Unseal(key, text, [8]byte{9}, 1)),
		"other key":    second(taxii.Unseal(other, text, c.Mark, 1)),
		"changed":      second(taxii.Unseal(key, string(changed), c.Mark, 1)),
		"short":        second(taxii.Unseal(key, text[:30], c.Mark, 1)),
		"not base64":   second(taxii.Unseal(key, "???", c.Mark, 1)),
		"nothing":      second(taxii.Unseal(key, "", c.Mark, 1)),
		"trailing bit": second(taxii.Unseal(key, text+"A", c.Mark, 1)),
	} {
		if !errors.Is(err, taxii.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ taxii.Cursor, err error) error { return err }

func TestResources(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		`{}`: taxii.Collections{},
		`{"id":"1","status":"complete","request_timestamp":"2026-03-15T08:00:01.000000Z","total_count":0,"success_count":0,"failure_count":0,"pending_count":0}`: taxii.Status{ID: "1", Status: taxii.Complete, Requested: "2026-03-15T08:00:01.000000Z"},
		`{"title":"Limit is not a positive integer","description":"limit=-20","error_code":"bad-limit","http_status":"400"}`:                                     taxii.Refuse(400, "bad-limit", "Limit is not a positive integer", "limit=-20"),
		`{"title":"Two-state exchange","versions":["application/taxii+json;version=2.1"],"max_content_length":10485760}`:                                         taxii.Root{Title: "Two-state exchange", Versions: []string{taxii.Media}, MaxContent: 10 << 20},
		`{"id":"6e0f","title":"To partner","alias":"to-partner","can_read":true,"can_write":false,"media_types":["application/stix+json;version=2.1"]}`:          taxii.Collection{ID: "6e0f", Title: "To partner", Alias: "to-partner", CanRead: true, MediaTypes: []string{taxii.STIX("2.1")}},
	} {
		got, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Error(diff)
		}
	}
	if got := (&taxii.Error{Title: "x"}).Status(); got != 500 {
		t.Errorf("an error without a status is %d", got)
	}
	if got := taxii.ObjectsAt("https://x.example/r/", "to partner"); got != "https://x.example/r/collections/to%20partner/objects/" {
		t.Error(got)
	}
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{"limit=1", "match[version]=first,2026-03-15T08:00:00Z", "added_after=2016-12-31T23:59:60Z&next=x", "match%5Bid%5D=,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, on := range []taxii.On{taxii.OnObjects, taxii.OnDelete, taxii.OnVersions} {
			filter, refused := taxii.ParseFilter(query, on)
			if refused != nil {
				continue
			}
			again, refused := taxii.ParseFilter(filter.Query(), taxii.OnObjects)
			if refused != nil {
				t.Fatalf("%q was read, and written as %q: %v", query, filter.Query(), refused)
			}
			if filter.Mark("") != again.Mark("") {
				t.Fatalf("%q and %q differ", query, filter.Query())
			}
		}
		_ = taxii.Accepts([]string{query}, false)
		_, _ = url.ParseQuery(query)
	})
}
