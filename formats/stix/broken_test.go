package stix_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/stix"
)

const (
	uuid  = "fccc416e-fbc8-4aba-a07b-9445501bd547"
	other = "c8e34928-6f0f-43b9-9f17-b085c3d36595"
	times = `"created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z"`
)

// sdo is a domain or relationship object with what every one has, and more.
func sdo(typ, more string) string {
	return fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":"%s--%s",%s,%s}`, typ, typ, uuid, times, more)
}

// sco is an observable, under an identifier of version 5.
func sco(typ, more string) string {
	return fmt.Sprintf(`{"type":%q,"id":"%s--12592121-be4c-5a93-a813-5a5af16e50db",%s}`, typ, typ, more)
}

func indicator(more string) string {
	return sdo("indicator", `"indicator_types":["benign"],"pattern":"[a:b = 1]","pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z"`+more)
}

// What breaks a rule is refused at its place, by its rule, with a mend; the good object beside it is taken.
func TestBroken(t *testing.T) {
	t.Parallel()
	good := `{"type":"tool","spec_version":"2.1","id":"tool--` + other + `",` + times + `,"name":"Good"}`
	for _, test := range []struct{ name, object, want string }{
		{"no object", `"text"`, " type"},
		{"null", `null`, " type"},
		{"no type", `{"id":"tool--` + uuid + `"}`, "/type required"},
		{"no id", `{"type":"tool"}`, "/id required"},
		{"type is a number", `{"type":5,"id":"tool--` + uuid + `"}`, "/type type"},
		{"type in capitals", `{"type":"Tool","id":"Tool--` + uuid + `"}`, "/type name"},
		{"type with two hyphens", `{"type":"x--y","id":"x--y--` + uuid + `"}`, "/type name, /id id"},
		{"empty type", `{"type":"","id":"tool--` + uuid + `"}`, "/type name"},
		{"no UUID", `{"type":"tool","id":"tool--1",` + times + `,"name":"x"}`, "/id id"},
		{"UUID of version 7", `{"type":"tool","id":"tool--fccc416e-fbc8-7aba-a07b-9445501bd547",` + times + `,"name":"x"}`, "/id id"},
		{"UUID of another variant", `{"type":"tool","id":"tool--fccc416e-fbc8-4aba-c07b-9445501bd547",` + times + `,"name":"x"}`, "/id id"},
		{"one hyphen", `{"type":"tool","id":"tool-` + uuid + `",` + times + `,"name":"x"}`, "/id id"},
		{"bundle inside", `{"type":"bundle","id":"bundle--` + uuid + `"}`, "/type bundle"},
		{"spec_version", strings.Replace(sdo("tool", `"name":"x"`), `"2.1"`, `"3.0"`, 1), "/spec_version enum"},
		{"no created", `{"type":"tool","spec_version":"2.1","id":"tool--` + uuid + `","modified":"2026-03-15T08:00:00.000Z","name":"x"}`, "/created required"},
		{"created without fraction", strings.Replace(sdo("tool", `"name":"x"`), `00.000Z`, `00Z`, 1), "/created timestamp"},
		{"day that does not exist", sdo("campaign", `"name":"x","first_seen":"2026-02-30T00:00:00Z"`), "/first_seen timestamp"},
		{"hour 24", sdo("campaign", `"name":"x","first_seen":"2026-02-03T24:00:00Z"`), "/first_seen timestamp"},
		{"small z", sdo("campaign", `"name":"x","first_seen":"2026-02-03T00:00:00z"`), "/first_seen timestamp"},
		{"last before first", sdo("campaign", `"name":"x","first_seen":"2026-02-03T00:00:00Z","last_seen":"2026-02-02T00:00:00Z"`), "/last_seen order"},
		{"valid at no time", indicator(`,"valid_until":"2026-03-15T08:00:00.000Z"`), "/valid_until order"},
		{"null property", sdo("tool", `"name":"x","description":null`), "/description null"},
		{"null deep", sdo("tool", `"name":"x","x_y":{"a":[{"b":null}]}`), "/x_y/a/0/b null"},
		{"empty list deep", sdo("tool", `"name":"x","external_references":[{"source_name":"a","url":"http://a.example/","hashes":{"MD5":[]}}]`), "/external_references/0/hashes/MD5 empty-list, /external_references/0/hashes/MD5 type"},
		{"name is a number", sdo("tool", `"name":5`), "/name type"},
		{"list for one", sdo("tool", `"name":["x"]`), "/name type"},
		{"one for a list", sdo("tool", `"name":"x","aliases":"y"`), "/aliases type"},
		{"label is a number", sdo("tool", `"name":"x","labels":["a",5]`), "/labels/1 type"},
		{"revoked is a text", sdo("tool", `"name":"x","revoked":"true"`), "/revoked type"},
		{"confidence above 100", sdo("tool", `"name":"x","confidence":101`), "/confidence range"},
		{"confidence a fraction", sdo("tool", `"name":"x","confidence":10.5`), "/confidence type"},
		{"created_by_ref to a tool", sdo("tool", `"name":"x","created_by_ref":"tool--`+other+`"`), "/created_by_ref ref-type"},
		{"created_by_ref no id", sdo("tool", `"name":"x","created_by_ref":"me"`), "/created_by_ref id"},
		{"marking by an identity", sdo("tool", `"name":"x","object_marking_refs":["identity--`+other+`"]`), "/object_marking_refs/0 ref-type"},
		{"reference with nothing", sdo("tool", `"name":"x","external_references":[{"source_name":"a"}]`), "/external_references/0 at-least-one"},
		{"reference without source", sdo("tool", `"name":"x","external_references":[{"url":"http://a.example/"}]`), "/external_references/0/source_name required"},
		{"phase without name", sdo("tool", `"name":"x","kill_chain_phases":[{"kill_chain_name":"a"}]`), "/kill_chain_phases/0/phase_name required"},
		{"a pattern of STIX 2.0", `{"type":"indicator","id":"indicator--` + uuid + `",` + times + `,"labels":["y"],"valid_from":"2026-03-15T08:00:00Z","pattern":"[x"}`, "/pattern pattern"},
		{"no pattern", sdo("indicator", `"pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z"`), "/pattern required"},
		{"empty pattern", strings.Replace(indicator(``), "[a:b = 1]", " ", 1), "/pattern pattern"},
		{"pattern that does not end", strings.Replace(indicator(``), "[a:b = 1]", "[a:b = 1", 1), "/pattern pattern"},
		{"family without name", sdo("malware", `"is_family":true`), "/name required"},
		{"analysis of nothing", sdo("malware-analysis", `"product":"x"`), " at-least-one"},
		{"opinion", sdo("opinion", `"opinion":"maybe","object_refs":["tool--`+other+`"]`), "/opinion enum"},
		{"note of nothing", sdo("note", `"content":"x"`), "/object_refs required"},
		{"nothing observed", sdo("observed-data", `"first_observed":"2026-03-15T08:00:00Z","last_observed":"2026-03-15T08:00:00Z","number_observed":1`), " at-least-one"},
		{"observed no times", sdo("observed-data", `"first_observed":"2026-03-15T08:00:00Z","last_observed":"2026-03-15T08:00:00Z","number_observed":0,"object_refs":["ipv4-addr--`+other+`"]`), "/number_observed range"},
		{"observed twice over", sdo("observed-data", `"first_observed":"2026-03-15T08:00:00Z","last_observed":"2026-03-15T08:00:00Z","number_observed":1,"object_refs":["ipv4-addr--`+other+`"],"objects":{"0":{}}`), "/objects forbidden"},
		{"observed a tool", sdo("observed-data", `"first_observed":"2026-03-15T08:00:00Z","last_observed":"2026-03-15T08:00:00Z","number_observed":1,"object_refs":["tool--`+other+`"]`), "/object_refs/0 ref-type"},
		{"action of a course", sdo("course-of-action", `"name":"x","action":"y"`), "/action forbidden"},
		{"precision of nowhere", sdo("location", `"country":"JO","precision":5`), "/longitude depends, /latitude depends"},
		{"longitude alone", sdo("location", `"longitude":5`), "/latitude depends"},
		{"longitude off the globe", sdo("location", `"latitude":5,"longitude":-180.5`), "/longitude range"},
		{"to itself", sdo("relationship", `"relationship_type":"uses","source_ref":"tool--`+other+`","target_ref":"tool--`+other+`"`), "/target_ref self-relationship"},
		{"of a relationship", sdo("relationship", `"relationship_type":"uses","source_ref":"tool--`+other+`","target_ref":"sighting--`+other+`"`), "/target_ref ref-type"},
		{"stop before start", sdo("relationship", `"relationship_type":"uses","source_ref":"tool--`+other+`","target_ref":"tool--`+uuid+`","start_time":"2026-03-15T08:00:00Z","stop_time":"2026-03-15T08:00:00Z"`), "/stop_time order"},
		{"sighting of an address", sdo("sighting", `"sighting_of_ref":"ipv4-addr--`+other+`"`), "/sighting_of_ref ref-type"},
		{"sighting in a tool", sdo("sighting", `"sighting_of_ref":"tool--`+other+`","where_sighted_refs":["tool--`+other+`"]`), "/where_sighted_refs/0 ref-type"},
		{"seen too often", sdo("sighting", `"sighting_of_ref":"tool--`+other+`","count":1000000000`), "/count range"},
		{"artifact of nothing", sco("artifact", `"mime_type":"a/b"`), " at-least-one"},
		{"artifact twice", sco("artifact", `"payload_bin":"AQI=","url":"http://a.example/","hashes":{"MD5":"0123456789abcdef0123456789abcdef"}`), "/url forbidden"},
		{"artifact elsewhere without hash", sco("artifact", `"url":"http://a.example/"`), "/hashes depends"},
		{"no base64", sco("artifact", `"payload_bin":"?"`), "/payload_bin base64"},
		{"no hex", sco("file", `"name":"x","magic_number_hex":"abc"`), "/magic_number_hex hex"},
		{"no address", sco("ipv4-addr", `"value":"999.1.1.1"`), "/value ipv4"},
		{"the other family", sco("ipv6-addr", `"value":"192.0.2.1"`), "/value ipv6"},
		{"MAC in capitals", sco("mac-addr", `"value":"AA-00-00-00-00-00"`), "/value mac"},
		{"URL with a blank", sco("url", `"value":"http://a.example/ b"`), "/value url"},
		{"number of a system", sco("autonomous-system", `"number":-1`), "/number range"},
		{"traffic from nowhere", sco("network-traffic", `"protocols":["tcp"]`), " at-least-one"},
		{"active and ended", sco("network-traffic", `"protocols":["tcp"],"src_ref":"ipv4-addr--`+other+`","is_active":true,"end":"2026-03-15T08:00:00Z"`), "/end forbidden"},
		{"ended before it began", sco("network-traffic", `"protocols":["tcp"],"src_ref":"ipv4-addr--`+other+`","start":"2026-03-15T08:00:00Z","end":"2026-03-14T08:00:00Z"`), "/end order"},
		{"port above all", sco("network-traffic", `"protocols":["tcp"],"src_ref":"ipv4-addr--`+other+`","dst_port":65536`), "/dst_port range"},
		{"traffic from a file", sco("network-traffic", `"protocols":["tcp"],"src_ref":"file--`+other+`"`), "/src_ref ref-type"},
		{"parts of a single mail", sco("email-message", `"is_multipart":false,"body_multipart":[{"body":"x"}]`), "/body_multipart forbidden"},
		{"process of nothing", sco("process", `"defanged":false`), " at-least-one"},
		{"registry type", sco("windows-registry-key", `"key":"HKEY_USERS","values":[{"data_type":"REG_BAD"}]`), "/values/0/data_type enum"},
		{"extension is a text", sdo("tool", `"name":"x","extensions":{"extension-definition--`+other+`":"y"}`), "/extensions/extension-definition--" + other + " type"},
		{"extension of no id", sdo("tool", `"name":"x","extensions":{"extension-definition--1":{}}`), "/extensions/extension-definition--1 id"},
		{"extension of no kind", sdo("tool", `"name":"x","extensions":{"extension-definition--`+other+`":{"extension_type":"new"}}`), "/extensions/extension-definition--" + other + "/extension_type enum"},
		{"incident undecided", sdo("incident", `"name":"x","extensions":{"`+stix.IncidentExtension+`":{"extension_type":"property-extension","determination":"maybe"}}`),
			"/extensions/" + stix.IncidentExtension + "/determination enum, /extensions/" + stix.IncidentExtension + "/investigation_status required"},
		{"http request without method", sco("network-traffic", `"protocols":["tcp"],"src_ref":"ipv4-addr--`+other+`","extensions":{"http-request-ext":{"request_value":"/"}}`), "/extensions/http-request-ext/request_method required"},
		{"selector of nothing", sdo("tool", `"name":"x","granular_markings":[{"lang":"en","selectors":["description"]}]`), "/granular_markings/0/selectors/0 selector"},
		{"selector beyond the list", sdo("tool", `"name":"x","labels":["a"],"granular_markings":[{"lang":"en","selectors":["labels.[1]"]}]`), "/granular_markings/0/selectors/0 selector"},
		{"granular marking of nothing", sdo("tool", `"name":"x","granular_markings":[{"selectors":["name"]}]`), "/granular_markings/0 at-least-one"},
		{"red that says clear", `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1","created":"2022-10-01T00:00:00.000Z","definition_type":"tlp","definition":{"tlp":"clear"}}`, "/definition/tlp tlp"},
		{"marking of no level", strings.Replace(sdo("marking-definition", `"definition_type":"tlp","definition":{"tlp":"orange"}`), `,"modified":"2026-03-15T08:00:00.000Z"`, "", 1), "/definition/tlp enum"},
		{"marking that changes", sdo("marking-definition", `"definition_type":"statement","definition":{"statement":"x"}`), "/modified forbidden"},
		{"statement of nothing", strings.Replace(sdo("marking-definition", `"definition_type":"statement","definition":{"x":"y"}`), `,"modified":"2026-03-15T08:00:00.000Z"`, "", 1), "/definition/statement required"},
		{"language without object", sdo("language-content", `"contents":{"ar":{"name":"x"}}`), "/object_ref required"},
		{"language of a text", sdo("language-content", `"object_ref":"tool--`+other+`","contents":{"ar":"x"}`), "/contents/ar type"},
		{"extension-definition without schema", sdo("extension-definition", `"created_by_ref":"identity--`+other+`","name":"x","version":"1","extension_types":["new-sdo"]`), "/schema required"},
		{"name twice", sdo("tool", `"name":"x","name":"y"`), "/name duplicate-key"},
		{"no UTF-8", sdo("tool", "\"name\":\"\xff\""), "/name utf-8"},
		{"half a character", sdo("tool", `"name":"\ud800"`), "/name surrogate"},
		{"too deep", sdo("tool", `"name":"x","x_deep":`+strings.Repeat("[", 100)+"1"+strings.Repeat("]", 100)), "/x_deep" + strings.Repeat("/0", 61) + " depth"},
		{"impact superseded while it lasts", sdo("impact", `"impact_category":"x","superseded_by_ref":"impact--`+other+`","extensions":{"extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9":{"extension_type":"new-sdo"}}`), "/end_time depends"},
	} {
		d, f := stix.Read([]byte(`{"type":"bundle","id":"bundle--` + uuid + `","objects":[` + good + `,` + test.object + `]}`))
		if f != nil {
			t.Errorf("%s: %v", test.name, f)
			continue
		}
		if !d.Objects[0].Accepted() || d.Objects[1].Accepted() {
			t.Errorf("%s: the good one %v, the bad one %v", test.name, d.Objects[0].Accepted(), d.Objects[1].Accepted())
		}
		if diff := cmp.Diff(test.want, said(d.Objects[1].Faults, "/objects/1")); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
		for _, f := range d.Objects[1].Faults {
			if f.Mend == "" || f.Message == "" || !strings.HasPrefix(f.Pointer, "/objects/1") {
				t.Errorf("%s: %+v", test.name, f)
			}
		}
	}
}

func said(list []fault.Fault, base string) string {
	var out []string
	for _, f := range list {
		out = append(out, strings.TrimPrefix(f.Pointer, base)+" "+f.Rule)
	}
	return strings.Join(out, ", ")
}

// What is said of a document is bounded, whatever it holds; each object that is refused still says why.
func TestBoundedWords(t *testing.T) {
	t.Parallel()
	const objects = 8_000
	d := document(t, []byte("["+strings.Repeat(`{"type":"tool"},`, objects)+`{"type":"tool"}]`))
	if lost := len(d.Lost()); lost != objects+1 {
		t.Errorf("%d faults", lost)
	}
	one := sdo("tool", `"name":"x","x_a":1,"x_b":2,"x_c":3`)
	if warnings := len(document(t, []byte("["+strings.Repeat(one+",", objects)+one+"]")).AllWarnings()); warnings > 21_000 {
		t.Errorf("%d warnings", warnings)
	}
}

// What the standard advises against is taken, with a warning at its place.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, object, want string }{
		{"a word of no vocabulary", sdo("tool", `"name":"x","tool_types":["remote-acces"]`), "/tool_types/0 vocabulary"},
		{"a property of one's own", sdo("tool", `"name":"x","x_mine":1`), "/x_mine custom-property"},
		{"a property nearly right", sdo("tool", `"name":"x","descripton":"y"`), "/descripton custom-property"},
		{"a bad name", sdo("tool", `"name":"x","Bad-Name":"y"`), "/Bad-Name name"},
		{"a type of one's own", sdo("x-acme-thing", `"name":"x"`), "/type custom-type"},
		{"an observable under a random id", strings.Replace(sco("ipv4-addr", `"value":"198.51.100.7"`), "-5a93-", "-4a93-", 1), "/id observable-id"},
		{"a hash under another name", sco("file", `"hashes":{"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}`), "/hashes/sha256 hash-name"},
		{"no indicator_types", sdo("indicator", `"pattern":"[a:b = 1]","pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z"`), "/indicator_types recommended"},
		{"STIX 2.0", `{"type":"tool","id":"tool--` + uuid + `",` + times + `,"name":"x","labels":["y"],"x_z":5}`, "/spec_version spec-version"},
		{"an indicator of STIX 2.0", `{"type":"indicator","id":"indicator--` + uuid + `",` + times + `,"labels":["y"],"valid_from":"2026-03-15T08:00:00Z","pattern":"[ipv4-addr:value = '8.8.8.8']"}`,
			"/spec_version spec-version, /pattern public-resolver"},
		{"an id in capitals", strings.Replace(sdo("tool", `"name":"x"`), uuid, strings.ToUpper(uuid), 1), "/id id-case"},
		{"a disarmed name", sco("domain-name", `"value":"bad[.]example"`), "/value defanged"},
		{"half the world", strings.Replace(indicator(""), "[a:b = 1]", "[ipv4-addr:value ISSUBSET '0.0.0.0/0']", 1), "/pattern broad-network, /pattern public-resolver"},
		{"a nation", strings.Replace(indicator(""), "[a:b = 1]", "[domain-name:value = 'com.jo']", 1), "/pattern public-suffix"},
		{"a public resolver", strings.Replace(indicator(""), "[a:b = 1]", "[ipv4-addr:value = '8.8.8.8']", 1), "/pattern public-resolver"},
		{"what RE2 has not", strings.Replace(indicator(""), "[a:b = 1]", "[a:b MATCHES '(?=x)']", 1), "/pattern pattern-unsupported"},
		{"what never is", strings.Replace(indicator(""), "[a:b = 1]", "[a:b = 1 AND c:d = 2]", 1), "/pattern pattern-never"},
		{"a hive cut short", sco("windows-registry-key", `"key":"HKLM\\Software"`), "/key registry-key"},
		{"a country in words", sdo("location", `"country":"Jordan"`), "/country country"},
		{"objects of 2.0", sdo("observed-data", `"first_observed":"2026-03-15T08:00:00Z","last_observed":"2026-03-15T08:00:00Z","number_observed":1,"objects":{"0":{"type":"url"}}`), "/objects deprecated"},
		{"good as it is", sdo("tool", `"name":"x","agreement":1,"extensions":{"extension-definition--`+other+`":{"extension_type":"toplevel-property-extension","deep":{"x":[1.50]}}}`), ""},
		{"a type by extension", sdo("submarine", `"depth":1,"extensions":{"extension-definition--`+other+`":{"extension_type":"new-sdo"}}`), ""},
		{"second 60", sdo("campaign", `"name":"x","first_seen":"2016-12-31T23:59:60Z"`), ""},
	} {
		d, f := stix.Read([]byte(`[` + test.object + `]`))
		if f != nil || !d.Objects[0].Accepted() {
			t.Errorf("%s: %v %+v", test.name, f, d)
			continue
		}
		if diff := cmp.Diff(test.want, said(d.Objects[0].Warnings, "/0")); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// A document of which nothing can be taken.
func TestRefusedDocuments(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		``: " json", `{`: " json", `5`: " bundle", `"x"`: " bundle", `{}`: " bundle", `{"type":"tool","id":"tool--` + uuid + `"}`: " bundle",
		`{"type":"bundle","objects":{}}`: "/objects type", `{"type":"bundle","objects":[]}`: "/objects empty-list", `{"objects":5}`: "/objects type",
		`{"type":"bundle","objects":[1],"objects":[2]}`: "/objects duplicate-key", `[1,]`: " json", `[1] [2]`: " json",
	} {
		_, f := stix.Read([]byte(in))
		if f == nil || f.Pointer+" "+f.Rule != want || f.Mend == "" {
			t.Errorf("%s: %+v, want %s", in, f, want)
		}
	}
	if _, f := stix.Read([]byte("[" + strings.Repeat(`"no object",`, stix.MaxObjects) + "1]")); f == nil || f.Rule != "length" {
		t.Errorf("a document of too many objects: %v", f)
	}
	d, f := stix.Read([]byte(`{"type":"bundle","spec_version":"2.1","id":"grouping--1","note":"x"}`))
	if f != nil || said(d.Warnings, "") != "/id id, /spec_version spec-version, /note custom-property" {
		t.Errorf("%v %+v", f, d)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	tool := func(modified, created, name string) string {
		return fmt.Sprintf(`{"type":"tool","spec_version":"2.1","id":"tool--%s","created":%q,"modified":%q,"name":%q}`, uuid, created, modified, name)
	}
	const a, same, later = "2026-03-15T08:00:00.100Z", "2026-03-15T08:00:00.1000Z", "2026-03-16T08:00:00.000Z"
	for _, test := range []struct{ name, second, want string }{
		{"the same again", tool(a, a, "x"), ""},
		{"the same in another order", fmt.Sprintf(`{"name":"x","type":"tool","id":"tool--%s","spec_version":"2.1","modified":%q,"created":%q}`, uuid, a, a), ""},
		{"one instant, other content", tool(same, a, "y"), " version-conflict"},
		{"later", tool(later, a, "y"), ""},
		{"born again", tool(later, later, "y"), "/created created-changed"},
		{"made by another", strings.Replace(tool(later, a, "y"), `"name"`, `"created_by_ref":"identity--`+other+`","name"`, 1), "/created_by_ref creator-changed, /created_by_ref dangling-ref"},
	} {
		d, f := stix.Read([]byte(`[` + tool(a, a, "x") + `,` + test.second + `]`))
		if f != nil {
			t.Fatal(f)
		}
		if diff := cmp.Diff(test.want, said(slices.Concat(d.Objects[1].Faults, d.Objects[1].Warnings), "/1")); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	ended := strings.TrimSuffix(tool(a, a, "x"), "}") + `,"revoked":true}`
	if got := said(document(t, []byte(`[`+tool(later, a, "y")+`,`+ended+`]`)).AllWarnings(), ""); got != "/0/modified after-revocation" {
		t.Errorf("a version after the last: %s", got)
	}
	address := func(more string) string { return sco("ipv4-addr", `"value":"198.51.100.7"`+more) }
	d := document(t, []byte(`[`+address("")+`,`+address(`,"defanged":false`)+`,`+address(`,"defanged":false`)+`]`))
	if got := said(d.AllWarnings(), ""); got != "/1 replaced" || len(d.Lost()) > 0 {
		t.Errorf("an observable told twice: %s %+v", got, d.Lost())
	}
	if !stix.Newer(later, a) || stix.Newer(same, a) || !stix.Newer(a, "") || stix.Newer("", a) || !stix.SameVersion(a, same) {
		t.Error("versions are not in their order")
	}
}
