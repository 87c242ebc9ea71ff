package misp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
)

const uuid = "a928b86b-b421-4e8a-991c-05292c5ee7ce"

// event is an event with what every one has, and more.
func event(more string) string {
	return `{"Event":{"uuid":"` + uuid + `","info":"x","date":"2026-03-15","timestamp":"1773561600","distribution":"3","Orgc":{"name":"CSIRT"}` + more + `}}`
}

// attribute is a good one, after some parts were replaced.
func attribute(replace ...string) string {
	text := `{"uuid":"23e7ace5-5811-40e8-85f0-9726685832d2","type":"ip-dst","category":"Network activity","to_ids":true,"timestamp":"1773561600","value":"198.51.100.7"}`
	return strings.NewReplacer(replace...).Replace(text)
}

const good = `{"uuid":"9b48ff5a-2955-4a30-b6f5-5533f6f5d50a","type":"domain","category":"Network activity","to_ids":true,"timestamp":"1773561600","value":"bad.example"}`

// An attribute that cannot be read is lost alone, at its place and by its rule.
func TestBrokenAttributes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, attribute, want string }{
		{"no object", `"x"`, " type"},
		{"no uuid", attribute(`"uuid":"23e7ace5-5811-40e8-85f0-9726685832d2",`, ""), "/uuid required"},
		{"bad uuid", attribute("23e7ace5-5811", "23e7ace5_5811"), "/uuid uuid"},
		{"no type", attribute(`"type":"ip-dst",`, ""), "/type required"},
		{"no value", attribute(`198.51.100.7`, ""), "/value required"},
		{"no address", attribute(`198.51.100.7`, "198.51.100.777"), "/value ipv4"},
		{"no domain", attribute("ip-dst", "domain", "198.51.100.7", "not a name"), "/value domain"},
		{"no hash", attribute("ip-dst", "md5", "198.51.100.7", "abc"), "/value hash"},
		{"no mail", attribute("ip-dst", "email-src", "198.51.100.7", "nobody"), "/value email"},
		{"no URL", attribute("ip-dst", "url", "198.51.100.7", "nothing"), "/value url"},
		{"half a composite", attribute("ip-dst", "ip-dst|port"), "/value composite"},
		{"a port above all", attribute("ip-dst", "ip-dst|port", "198.51.100.7", "198.51.100.7|70000"), "/value range"},
		{"no hash beside the name", attribute("ip-dst", "filename|sha256", "198.51.100.7", "a.exe|xyz"), "/value hash"},
		{"twice", strings.Replace(good, "bad.example", "worse.example", 1), "/uuid duplicate"},
		{"no AS", attribute("ip-dst", "AS", "198.51.100.7", "ASX"), "/value asn"},
	} {
		e := one(t, []byte(event(`,"Attribute":[`+good+`,`+test.attribute+`]`)))
		if len(e.Attributes) != 1 || len(e.Lost) != 1 {
			t.Errorf("%s: %d attributes, %+v", test.name, len(e.Attributes), e.Lost)
			continue
		}
		f := e.Lost[0]
		if diff := cmp.Diff(test.want, strings.TrimPrefix(f.Pointer, "/Event/Attribute/1")+" "+f.Rule); diff != "" || f.Mend == "" || f.What != "attribute" || f.Length == 0 {
			t.Errorf("%s: %s %+v", test.name, diff, f)
		}
	}
}

// What is odd is kept, with a warning at its place.
func TestWarnings(t *testing.T) {
	t.Parallel()
	withObject := func(more string) string {
		return event(`,"Object":[{"uuid":"2558c850-039c-423b-85e5-086a4bad3c5f","name":"file"` + more + `}]`)
	}
	for _, test := range []struct{ name, event, want string }{
		{"no date", strings.Replace(event(""), `"date":"2026-03-15",`, "", 1), "/Event/date required"},
		{"a day that is none", strings.Replace(event(""), "2026-03-15", "2026-02-30", 1), "/Event/date date"},
		{"no timestamp", strings.Replace(event(""), `"timestamp":"1773561600",`, "", 1), "/Event/timestamp required"},
		{"no maker", strings.Replace(event(""), `,"Orgc":{"name":"CSIRT"}`, "", 1), "/Event/Orgc required"},
		{"inherits from nothing", strings.Replace(event(""), `"distribution":"3"`, `"distribution":"5"`, 1), "/Event/distribution range"},
		{"a group that is not here", strings.Replace(event(""), `"distribution":"3"`, `"distribution":4`, 1), "/Event/SharingGroup depends"},
		{"threat level", event(`,"threat_level_id":"9"`), "/Event/threat_level_id range"},
		{"published maybe", event(`,"published":"maybe"`), "/Event/published type"},
		{"no level", event(`,"Tag":[{"name":"tlp:orange"}]`), "/Event/Tag/0/name tlp"},
		{"two levels", event(`,"Tag":[{"name":"tlp:green"},{"name":"tlp:red"}]`), "/Event/Tag/1/name tlp"},
		{"no tag", event(`,"Tag":[{"colour":"red"}]`), "/Event/Tag/0/name required"},
		{"no type that is known", event(`,"Attribute":[` + attribute("ip-dst", "ip-dest") + `]`), "/Event/Attribute/0/type unknown-type"},
		{"no category that is known", event(`,"Attribute":[` + attribute("Network activity", "Networking") + `]`), "/Event/Attribute/0/category category"},
		{"half the world", event(`,"Attribute":[` + attribute("198.51.100.7", "0.0.0.0/1") + `]`), "/Event/Attribute/0/value broad-network"},
		{"a national domain", event(`,"Attribute":[` + attribute("ip-dst", "domain", "198.51.100.7", "gov.jo") + `]`), "/Event/Attribute/0/value public-suffix"},
		{"a public resolver", event(`,"Attribute":[` + attribute("198.51.100.7", "9.9.9.9") + `]`), "/Event/Attribute/0/value public-resolver"},
		{"seen last before first", event(`,"Attribute":[` + attribute(`"value"`, `"first_seen":"2026-03-15T00:00:00+00:00","last_seen":"2026-03-14T00:00:00+00:00","value"`) + `]`), "/Event/Attribute/0/last_seen order"},
		{"a time that is none", event(`,"Attribute":[` + attribute("1773561600", "yesterday") + `]`), "/Event/Attribute/0/timestamp timestamp"},
		{"a sighting of no kind", event(`,"Attribute":[` + attribute(`"value"`, `"Sighting":[{"type":"9"}],"value"`) + `]`), "/Event/Attribute/0/Sighting/0/type range"},
		{"a reference to nothing", withObject(`,"ObjectReference":[{"referenced_uuid":"` + uuid + `"}]`), "/Event/Object/0/ObjectReference/0/referenced_uuid dangling-ref"},
		{"a pattern that is none", event(`,"Tag":[{"name":"tlp:"}],"Attribute":[` + attribute("ip-dst", "stix2-pattern", "198.51.100.7", "[x") + `]`), "/Event/Tag/0/name tlp"},
		{"a CVE that is none", event(`,"Attribute":[` + attribute("ip-dst", "vulnerability") + `]`), "/Event/Attribute/0/value cve"},
	} {
		e := one(t, []byte(test.event))
		var got []string
		for _, w := range e.Warnings {
			got = append(got, w.Pointer+" "+w.Rule)
		}
		if len(e.Lost) > 0 || len(got) == 0 || got[0] != test.want {
			t.Errorf("%s: %v %+v, want %s", test.name, got, e.Lost, test.want)
		}
		objects(t, e)
	}
}

// An event that cannot be read leaves the others alone.
func TestBrokenEvents(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		``: " json", `{"Event":`: " json", `{}`: " event", `[]`: " event", `{"response":[]}`: " event", `{"Event":5}`: "/Event type", `[{"Event":[]}]`: "/0/Event type",
		`{"Event":{}}`:                                              "/Event/uuid required",
		`{"Event":{"uuid":"x"}}`:                                    "/Event/uuid uuid",
		`{"Event":{"uuid":"` + uuid + `"}}`:                         "/Event/info required",
		`{"response":[{"Event":{"info":"x"}},{"x":1}]}`:             "/response/0/Event/uuid required, /response/1 event",
		`{"response":[` + event("") + `,5]}`:                        "/response/1 event",
		`{"Event":{"uuid":"` + uuid + `","uuid":"x"}}`:              "/Event/uuid duplicate-key",
		"{\"Event\":{\"uuid\":\"" + uuid + "\",\"info\":\"\xff\"}}": "/Event/info utf-8",
	} {
		_, faults := read(t, []byte(in))
		var got []string
		for _, f := range faults {
			got = append(got, f.Pointer+" "+f.Rule)
			if f.Mend == "" {
				t.Errorf("%s: no mend: %+v", in, f)
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
	e := one(t, []byte(event(`,"Object":[{"name":"x"},{"uuid":"`+uuid+`"},{"uuid":"1","name":"x"}]`)))
	if len(e.Lost) != 3 || e.Lost[0].Pointer != "/Event/Object/0/uuid" || e.Lost[1].Pointer != "/Event/Object/1/name" || e.Lost[2].Rule != "uuid" {
		t.Errorf("%+v", e.Lost)
	}
}

// Every type of attribute becomes objects that STIX takes, and most come back as they were.
func TestEveryType(t *testing.T) {
	t.Parallel()
	values := map[string]string{"ip-src": "198.51.100.9", "ip-src|port": "2001:db8::9|80", "hostname": "a.bad.example", "domain|ip": "bad.example|198.51.100.1", "hostname|port": "bad.example|53",
		"uri": "/a.php", "email": "a@bad.example", "email-src": "b@bad.example", "email-dst": "c@bad.example", "email-subject": "it's \\ here", "mac-address": "00:11:22:33:44:55", "AS": "AS64500",
		"mutex": "Global\\x", "user-agent": "Mozilla/5.0 (x)", "regkey": `HKEY_LOCAL_MACHINE\Software\Bad`, "regkey|value": `HKEY_LOCAL_MACHINE\Software\Bad|C:\a|b`, "filename": "a|b.exe", "filename|md5": "a|b.exe|0123456789abcdef0123456789abcdef",
		"size-in-bytes": "2048", "port": "8080", "mime-type": "text/plain", "ssdeep": "3:abc:def", "x509-fingerprint-sha1": "0123456789abcdef0123456789abcdef01234567",
		"yara": "rule x { condition: true }", "sigma": "title: x", "snort": "alert tcp any any -> any any (sid:1;)", "stix2-pattern": "[url:value = 'http://a.example/']", "vulnerability": "CVE-2099-12345",
		"link": "http://report.example/", "text": "something", "btc": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "ip-dst": "203.0.113.0/28"}
	n := 0
	for typ, value := range values {
		for _, ids := range []bool{true, false} {
			n++
			e := one(t, []byte(event(fmt.Sprintf(`,"Attribute":[{"uuid":"23e7ace5-5811-40e8-85f0-%012d","type":%q,"category":"Other","to_ids":%v,"timestamp":"1773561600","value":%s}]`, n, typ, ids, jsonText(value)))))
			if len(e.Lost) > 0 {
				t.Errorf("%s: %+v", typ, e.Lost)
				continue
			}
			_, all := objects(t, e)
			raw, skipped := misp.FromSTIX(all, misp.Options{})
			back := one(t, raw)
			if len(skipped) > 0 || len(back.Attributes) != 1 {
				t.Errorf("%s (%v): %d came back, skipped %v: %s", typ, ids, len(back.Attributes), skipped, raw)
				continue
			}
			want, got := [3]string{e.Attributes[0].UUID, typ, value}, [3]string{back.Attributes[0].UUID, back.Attributes[0].Type, back.Attributes[0].Value}
			if typ == "link" {
				got[0] = want[0] // it is a reference of the report, which has no identifier
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (%v): %s", typ, ids, diff)
			}
		}
	}
}

func jsonText(s string) string { return string(jsondoc.AppendQuoted(nil, s)) }

// FuzzRead: whatever comes, what is read is written back as it came, and becomes objects that STIX takes.
func FuzzRead(f *testing.F) {
	f.Add(load(f, "01-event-attributes.json"))
	f.Add(load(f, "02-event-objects-sharing-group.json"))
	f.Add([]byte(event(`,"Attribute":[` + good + `]`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		misp.Recognise(raw)
		_ = misp.Read(raw, func(e *misp.Event, fault *fault.Fault) error {
			if fault != nil {
				return nil
			}
			if !json.Valid(e.AppendJSON(nil)) {
				t.Fatalf("no JSON: %s", e.AppendJSON(nil))
			}
			var all []*stix.Object
			written, _ := e.STIX()
			for _, o := range written {
				read, f := stix.ReadObject(o)
				if f != nil || !read.Accepted() {
					t.Fatalf("%s: %v %+v", o, f, read)
				}
				all = append(all, read)
			}
			event, _ := misp.FromSTIX(all, misp.Options{})
			if !json.Valid(event) {
				t.Fatalf("no JSON: %s", event)
			}
			return nil
		})
	})
}
