package stix_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

func document(t testing.TB, raw []byte) *stix.Document {
	t.Helper()
	d, f := stix.Read(raw)
	if f != nil {
		t.Fatal(f)
	}
	return d
}

func accepted(d *stix.Document) []*stix.Object {
	var out []*stix.Object
	for i := range d.Objects {
		if d.Objects[i].Accepted() {
			out = append(out, &d.Objects[i])
		}
	}
	return out
}

// The identifiers of the specification, and those that the samples bear.
func TestObservableID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"type":"ipv4-addr","value":"198.51.100.7"}`:                                     "ipv4-addr--12592121-be4c-5a93-a813-5a5af16e50db",
		`{"type":"domain-name","value":"bad.example","defanged":false}`:                   "domain-name--3feb0435-4cfe-526c-ad29-7497916a7c8c",
		`{"type":"file","size":5,"hashes":{"SHA-256":"` + strings.Repeat("a", 64) + `"}}`: "file--75cb38d5-2055-5354-b75a-8299a2d670b5",
		`{"type":"process","pid":5}`:                                                      "",
		`{"type":"file","size":5}`:                                                        "",
	} {
		v, f := jsondoc.Parse([]byte(in))
		if f != nil {
			t.Fatal(f)
		}
		if got, ok := stix.ObservableID(&v); got != want || ok != (want != "") {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	for _, o := range accepted(document(t, load(t, "testdata/valid/02-observables-sighting-tlp2.json"))) {
		if stix.ClassOf(o.Type) != stix.Observable {
			continue
		}
		if got, _ := stix.ObservableID(&o.Value); got != o.ID {
			t.Errorf("%s is derived as %s", o.ID, got)
		}
	}
}

// Identify says of an object's bytes what Read says of it.
func TestIdentify(t *testing.T) {
	t.Parallel()
	for _, name := range files(t, "testdata/valid/*.json") {
		for _, o := range accepted(document(t, load(t, name))) {
			got, f := stix.Identify(o.AppendJSON(nil))
			if f != nil {
				t.Error(f)
			}
			if diff := cmp.Diff(o.Head, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
	for _, in := range []string{"", "{", "[]", `{"type":"tool"}`, `{"id":"tool--1","type":"x"}`} {
		if _, f := stix.Identify([]byte(in)); f == nil {
			t.Errorf("%q was identified", in)
		}
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	for _, name := range append(files(t, "testdata/valid/*.json"), files(t, "testdata/invalid/*[a-z].json")...) {
		if strings.HasSuffix(name, ".expect.json") {
			continue
		}
		if raw := load(t, name); !stix.Recognise(raw[:min(len(raw), 200)]) {
			t.Errorf("%s is not told by its beginning", name)
		}
	}
	for _, in := range []string{"", "{}", `{"Event":{"uuid":"x","type":"tool"}}`, `{"schema":"rihla.incident-report/1","type":"x"}`, `[1]`, `{"type":"FeatureCollection","objects":[]}`, "UNA"} {
		if stix.Recognise([]byte(in)) {
			t.Errorf("%q is taken for STIX", in)
		}
	}
}

// What is written is what was read: every property, number and character, in its order.
func TestLossless(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var more strings.Builder
		for i := range rapid.IntRange(0, 6).Draw(t, "properties") {
			fmt.Fprintf(&more, `,"x_p%d": %s`, i, rapid.SampledFrom([]string{`1.50`, `1e3`, `9007199254740993`, `-0`, `"\u00e9\/"`, `"م"`, `{"z":1,"a":[true,{"b":"c"}]}`, `[1,"2",3.0]`}).Draw(t, "value"))
		}
		object := strings.TrimSuffix(sdo("tool", `"name" : "x"`), "}") + more.String() + "}"
		d, f := stix.Read([]byte("[ " + object + " ]"))
		if f != nil || !d.Objects[0].Accepted() {
			t.Fatalf("%s: %v %+v", object, f, d)
		}
		if d.Objects[0].Raw() != object {
			t.Fatalf("raw is %s, not %s", d.Objects[0].Raw(), object)
		}
		written := d.AppendBundle(nil, "bundle--"+uuid)
		again, f := stix.Read(written)
		if f != nil || !jsondoc.Equal(&again.Objects[0].Value, &d.Objects[0].Value) || string(again.AppendBundle(nil, "bundle--"+uuid)) != string(written) {
			t.Fatalf("%s was written as %s", object, written)
		}
		compact := strings.NewReplacer(`" : "`, `":"`, `": `, `":`).Replace(object)
		if got := string(d.Objects[0].AppendJSON(nil)); got != compact {
			t.Fatalf("%s was written as %s", compact, got)
		}
	})
}

func TestViews(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	var got []any
	for _, o := range accepted(document(t, load(t, "testdata/valid/02-observables-sighting-tlp2.json"))) {
		if v, ok := o.Indicator(); ok {
			got = append(got, v)
		}
		if v, ok := o.Sighting(); ok {
			got = append(got, v)
		}
		if v, ok := o.Relationship(); ok {
			got = append(got, v)
		}
		if o.Type == "file" {
			got = append(got, o.Observations())
		}
	}
	const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	want := []any{
		stix.IndicatorView{Name: "Loader callback address", Types: []string{"malicious-activity"}, Pattern: "[ipv4-addr:value = '198.51.100.7']", PatternType: "stix",
			ValidFrom: at("2026-03-15T08:00:00Z"), ValidUntil: at("2026-04-14T08:00:00Z"), Confidence: 80},
		[]stix.Observation{{Path: "file:name", Kind: observable.FileName, Value: "invoice_0315.iso", Key: "invoice_0315.iso"}, {Path: "file:hashes.'SHA-256'", Kind: observable.SHA256, Value: hash, Key: hash}},
		stix.RelationshipView{Type: "resolves-to", Source: "domain-name--b52357b1-062a-5270-b3d4-c82a513c317e", Target: "ipv4-addr--cb9d70c5-d244-531c-9efb-bcae57adc793", Start: at("2026-03-10T00:00:00Z"), Confidence: stix.Absent},
		stix.SightingView{Of: "indicator--4d884b0e-1ab9-4c0a-93b7-06811fc5083c", FirstSeen: at("2026-03-14T21:02:11Z"), LastSeen: at("2026-03-14T21:40:00Z"), Count: 12,
			ObservedData: []string{"observed-data--38bdc4c7-776c-4081-bc35-d1d4f2b2753c"}, Where: []string{"identity--aebebafe-8f2f-4d19-ac08-ac2d4c10fd62"}, Confidence: stix.Absent},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, o := range accepted(document(t, load(t, "testdata/valid/05-incident-extension.json"))) {
		if v, ok := o.Incident(); ok {
			want := stix.IncidentView{Name: "Ransomware at a port operator", Description: "Servers encrypted overnight; restored from copies.", Extended: true, Determination: "confirmed", Status: "open",
				Criticality: 70, Types: []string{"ransomware"}, DetectionMethods: []string{"human-review"}, Recoverability: "regular", Events: []string{"event--31d5473f-d951-4075-b388-27d5ede9a64e"},
				Impacts: []string{"impact--ef34c41b-e1f1-43dc-a684-19575f27ba5b"}, Affected: map[string]int{"employee": 340}, Scores: []stix.Score{{Name: "national severity", Value: 66}}}
			if diff := cmp.Diff(want, v); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestTLP(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]stix.TLP{"TLP:AMBER+STRICT": stix.AmberStrict, "amber": stix.Amber, " tlp:white ": stix.Clear, "TLP: red": stix.Red, "Green": stix.Green, "orange": stix.Unmarked, "": stix.Unmarked} {
		if got, ok := stix.ParseTLP(text); got != want || ok != (want != stix.Unmarked) {
			t.Errorf("%q is %s", text, got)
		}
	}
	for level := stix.Clear; level <= stix.Red; level++ {
		for version := 1; version <= 2; version++ {
			raw, ok := level.Definition(version)
			if ok != (version == 2 || level != stix.AmberStrict) {
				t.Errorf("%s has a definition in TLP %d: %v", level, version, ok)
			}
			if !ok {
				continue
			}
			o, f := stix.ReadObject(raw)
			if f != nil || !o.Accepted() || len(o.Warnings) > 0 {
				t.Errorf("%s: %v %+v", raw, f, o)
			}
			if got, _ := stix.TLPOf(o.ID); got != level {
				t.Errorf("%s is %s", o.ID, got)
			}
		}
	}
	text, err := json.Marshal(map[string]stix.TLP{"a": stix.AmberStrict})
	var back map[string]stix.TLP
	if err != nil || json.Unmarshal(text, &back) != nil || back["a"] != stix.AmberStrict || string(text) != `{"a":"TLP:AMBER+STRICT"}` {
		t.Errorf("%s %v", text, back)
	}
	if json.Unmarshal([]byte(`{"a":"ORANGE"}`), &back) == nil {
		t.Error("orange was taken")
	}
}

func mark(level stix.TLP) string {
	id, _ := level.MarkingID(2)
	return id
}

// What is left under a ceiling, and why the rest went.
func TestRedact(t *testing.T) {
	t.Parallel()
	granular := func(of string, entries ...string) string {
		return `"object_marking_refs":["` + of + `"],"granular_markings":[` + strings.Join(entries, ",") + `]`
	}
	entry := func(level stix.TLP, selectors ...string) string {
		return `{"marking_ref":"` + mark(level) + `","selectors":["` + strings.Join(selectors, `","`) + `"]}`
	}
	const head = `{"type":"tool","spec_version":"2.1","id":"tool--` + uuid + `",` + times
	for _, test := range []struct {
		name, object string
		ceiling      stix.TLP
		left, gone   string
	}{
		{"open", sdo("tool", `"name":"x","object_marking_refs":["`+mark(stix.Green)+`"]`), stix.Green, sdo("tool", `"name":"x","object_marking_refs":["`+mark(stix.Green)+`"]`), ""},
		{"too strict", sdo("tool", `"name":"x","object_marking_refs":["`+mark(stix.Green)+`","`+mark(stix.Red)+`"]`), stix.AmberStrict, "", " TLP:RED marking"},
		{"no marking", sdo("tool", `"name":"x"`), stix.Amber, "", " TLP:AMBER+STRICT marking"},
		{"a marking nobody knows", sdo("tool", `"name":"x","object_marking_refs":["`+mark(stix.Green)+`","marking-definition--`+other+`"]`), stix.Amber, "", " TLP:AMBER+STRICT unknown-marking"},
		{"a property", sdo("tool", `"name":"x","description":"y",`+granular(mark(stix.Green), entry(stix.Red, "description"))), stix.Amber,
			head + `,"name":"x","object_marking_refs":["` + mark(stix.Green) + `"]}`, "description TLP:RED marking"},
		{"one of several selectors", sdo("tool", `"name":"x","description":"y","tool_version":"z",`+granular(mark(stix.Green), entry(stix.Red, "description"), entry(stix.Amber, "tool_version"))), stix.Amber,
			head + `,"name":"x","tool_version":"z",` + granular(mark(stix.Green), entry(stix.Amber, "tool_version")) + `}`, "description TLP:RED marking"},
		{"items of a list", sdo("tool", `"name":"x","labels":["a","b","c","d"],`+granular(mark(stix.Green), entry(stix.Red, "labels.[0]", "labels.[2]"), entry(stix.Amber, "labels.[3]"))), stix.Amber,
			head + `,"name":"x","labels":["b","d"],` + granular(mark(stix.Green), entry(stix.Amber, "labels.[1]")) + `}`, "labels.[2] TLP:RED marking, labels.[0] TLP:RED marking"},
		{"the last item of a list", sdo("tool", `"name":"x","labels":["a"],`+granular(mark(stix.Green), entry(stix.Red, "labels.[0]"))), stix.Amber,
			head + `,"name":"x","object_marking_refs":["` + mark(stix.Green) + `"]}`, "labels.[0] TLP:RED marking"},
		{"a property under a marking nobody knows", sdo("tool", `"name":"x","description":"y",`+granular(mark(stix.Green), `{"marking_ref":"marking-definition--`+other+`","selectors":["description"]}`)), stix.Amber,
			head + `,"name":"x","object_marking_refs":["` + mark(stix.Green) + `"]}`, "description TLP:AMBER+STRICT marking"},
		{"a property that it needs", sdo("tool", `"name":"x",`+granular(mark(stix.Green), entry(stix.Red, "name"))), stix.Amber, "", "name TLP:RED required-property"},
		{"the last of two that it needs one of", sdo("location", `"country":"JO",`+granular(mark(stix.Green), entry(stix.Red, "country"))), stix.Amber, "", "country TLP:RED required-property"},
		{"looser than its object", sdo("tool", `"name":"x","description":"y",`+granular(mark(stix.Red), entry(stix.Clear, "description"))), stix.Amber, "", " TLP:RED marking"},
		{"what is deep", sdo("tool", `"name":"x","x_a":{"b":{"c":1},"d":2},`+granular(mark(stix.Clear), entry(stix.Amber, "x_a.b.c"))), stix.Green,
			head + `,"name":"x","x_a":{"d":2},"object_marking_refs":["` + mark(stix.Clear) + `"]}`, "x_a.b.c TLP:AMBER marking"},
	} {
		o, f := stix.ReadObject([]byte(test.object))
		if f != nil || !o.Accepted() {
			t.Fatalf("%s: %v %+v", test.name, f, o)
		}
		left, gone, visible := stix.NewMarkings().Redact(o, stix.Ceiling{Level: test.ceiling, Unmarked: stix.AmberStrict})
		text := ""
		if visible {
			text = string(left.AppendJSON(nil))
		}
		var removals []string
		for _, g := range gone {
			removals = append(removals, g.Selector+" "+g.TLP.String()+" "+g.Because)
		}
		if diff := cmp.Diff([]string{test.left, test.gone}, []string{text, strings.Join(removals, ", ")}); diff != "" || visible != (test.left != "") {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// Objects that go out together lose what pointed to those that stay.
func TestRedactAll(t *testing.T) {
	t.Parallel()
	green, red := `"object_marking_refs":["`+mark(stix.Green)+`"]`, `"object_marking_refs":["`+mark(stix.Red)+`"]`
	id := func(typ string, n int) string { return fmt.Sprintf("%s--00000000-0000-4000-8000-%012d", typ, n) }
	object := func(typ string, n int, more string) string {
		return fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":%q,%s,%s}`, typ, id(typ, n), times, more)
	}
	raw := "[" + strings.Join([]string{
		object("tool", 1, `"name":"kept",`+green), object("tool", 2, `"name":"secret",`+red), object("identity", 3, `"name":"source",`+red),
		object("relationship", 4, `"relationship_type":"related-to","source_ref":"`+id("tool", 1)+`","target_ref":"`+id("tool", 2)+`",`+green),
		object("sighting", 5, `"sighting_of_ref":"`+id("tool", 2)+`",`+green),
		object("report", 6, `"name":"both","published":"2026-03-15T08:00:00Z","created_by_ref":"`+id("identity", 3)+`","object_refs":["`+id("tool", 2)+`","`+id("tool", 1)+`","`+id("relationship", 4)+`"],`+green),
		object("report", 7, `"name":"empty","published":"2026-03-15T08:00:00Z","object_refs":["`+id("sighting", 5)+`"],`+green),
		object("tool", 9, `"name":"half","description":"secret",`+green+`,"granular_markings":[{"marking_ref":"`+mark(stix.Red)+`","selectors":["description"]}]`),
		object("language-content", 10, `"object_ref":"`+id("tool", 9)+`","contents":{"ar":{"name":"نصف","description":"سر"},"fr":{"description":"secret"}},`+green),
		object("language-content", 11, `"object_ref":"`+id("tool", 9)+`","contents":{"de":{"description":"geheim"}},`+green),
		object("note", 8, `"content":"of the empty report","object_refs":["`+id("report", 7)+`"],`+green),
	}, ",") + "]"
	objects := accepted(document(t, []byte(raw)))
	left, gone := stix.NewMarkings(objects...).RedactAll(objects, stix.Ceiling{Level: stix.Amber, Unmarked: stix.AmberStrict})
	var got []string
	for i := range left {
		got = append(got, left[i].Get("id").Text())
	}
	if diff := cmp.Diff([]string{id("tool", 1), id("report", 6), id("tool", 9), id("language-content", 10)}, got); diff != "" {
		t.Error(diff)
	}
	report := string(left[1].AppendJSON(nil))
	if strings.Contains(report, id("tool", 2)) || strings.Contains(report, "created_by_ref") || !strings.Contains(report, id("tool", 1)) {
		t.Errorf("the report is left as %s", report)
	}
	if got := left[3].Get("contents").Raw(); !strings.Contains(got, "نصف") {
		t.Errorf("the translation is left as %s", got)
	}
	if text := string(left[3].AppendJSON(nil)); strings.Contains(text, "سر") || strings.Contains(text, "fr") {
		t.Errorf("what went is still there in another language: %s", text)
	}
	if all, _ := stix.NewMarkings().RedactAll(objects, stix.Ceiling{}); len(all) > 0 {
		t.Errorf("nothing may be seen, and %d objects are", len(all))
	}
	if !slices.ContainsFunc(gone, func(r stix.Removal) bool { return r.ID == id("report", 7) && r.Because == "empty" }) {
		t.Errorf("%+v", gone)
	}
}

// Nothing above the ceiling is left, whatever is marked how: a canary never gets through.
func TestNothingAboveTheCeiling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		level := func(name string) stix.TLP {
			return stix.TLP(rapid.IntRange(int(stix.Clear), int(stix.Red)).Draw(t, name))
		}
		of, ceiling := level("object"), level("ceiling")
		properties := []string{"description", "tool_version", "labels.[0]", "labels.[1]", "labels.[2]", "x_a.b", "x_a.c.[0]", "x_a.c.[1]", "x_a"}
		var entries []string
		levels := map[string]stix.TLP{}
		for _, p := range properties {
			if rapid.Bool().Draw(t, p) {
				levels[p] = level(p + " level")
				entries = append(entries, `{"marking_ref":"`+mark(levels[p])+`","selectors":["`+p+`"]}`)
			}
		}
		more := `"name":"x","description":"canary-description","tool_version":"canary-tool_version","labels":["canary-labels.[0]","canary-labels.[1]","canary-labels.[2]"],"x_a":{"b":"canary-x_a.b","c":["canary-x_a.c.[0]","canary-x_a.c.[1]"]},"object_marking_refs":["` + mark(of) + `"]`
		if len(entries) > 0 {
			more += `,"granular_markings":[` + strings.Join(entries, ",") + `]`
		}
		o, f := stix.ReadObject([]byte(sdo("tool", more)))
		if f != nil || !o.Accepted() {
			t.Fatalf("%v %+v", f, o)
		}
		left, _, visible := stix.NewMarkings().Redact(o, stix.Ceiling{Level: ceiling, Unmarked: stix.AmberStrict})
		if visible != (of <= ceiling) {
			t.Fatalf("%s is visible under %s: %v", of, ceiling, visible)
		}
		if !visible {
			return
		}
		text := string(left.AppendJSON(nil))
		again, f := stix.ReadObject([]byte(text))
		if f != nil || !again.Accepted() {
			t.Fatalf("what is left is no object: %s %v", text, again.Faults)
		}
		for _, p := range properties[:8] {
			own, marked := levels[p]
			if !marked {
				own = of
				if around, ok := levels["x_a"]; ok && strings.HasPrefix(p, "x_a.") {
					own = around
				}
			}
			whole := levels["x_a"] > ceiling && strings.HasPrefix(p, "x_a.")
			if there := strings.Contains(text, "canary-"+p+`"`); there && (own > ceiling || whole) || !there && own <= ceiling && !whole {
				t.Fatalf("%s (%s) is there: %v, in %s", p, own, there, text)
			}
		}
	})
}

func TestDraft(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 15, 8, 0, 0, 123456000, time.UTC)
	o, f := stix.Begin("sighting", stix.DerivedID("sighting", "x")).Times(at, at).Integer("count", 0).Integer("confidence", stix.Absent).Text("description", "").
		Text("sighting_of_ref", "indicator--"+uuid).List("where_sighted_refs").Marked(stix.AmberStrict, 1).JSON("x_more", nil).Bool("summary", false).Object()
	if f != nil || !o.Accepted() {
		t.Fatalf("%v %+v", f, o)
	}
	want := `{"type":"sighting","spec_version":"2.1","id":"` + stix.DerivedID("sighting", "x") + `","created":"2026-03-15T08:00:00.123456Z","modified":"2026-03-15T08:00:00.123456Z","count":0,"sighting_of_ref":"indicator--` + uuid +
		`","object_marking_refs":["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"],"summary":false}`
	if diff := cmp.Diff(want, o.Raw()); diff != "" {
		t.Error(diff)
	}
	if got := string(stix.AppendBundle(nil, "bundle--"+uuid)); got != `{"type":"bundle","id":"bundle--`+uuid+`"}` {
		t.Error(got)
	}
	if o, f := stix.Begin("url", "").Text("value", "http://a.example/\x01\"").Object(); f != nil || o.ID == "" || !o.Accepted() {
		t.Errorf("%v %+v", f, o)
	}
}

// FuzzRead: whatever comes, nothing is lost of what is accepted, and every fault has its place.
func FuzzRead(f *testing.F) {
	for _, name := range append(files(f, "testdata/valid/*.json"), files(f, "testdata/invalid/*[a-z].json")...) {
		if !strings.HasSuffix(name, ".expect.json") {
			f.Add(load(f, name))
		}
	}
	f.Add([]byte(strings.Repeat(`{"objects":[`, 40)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		stix.Recognise(raw)
		_, _ = stix.Identify(raw)
		d, fault := stix.Read(raw)
		if fault != nil {
			return
		}
		if !json.Valid(d.AppendJSON(nil)) {
			t.Fatalf("no JSON: %s", d.AppendJSON(nil))
		}
		objects := accepted(d)
		m := stix.NewMarkings(objects...)
		for _, o := range objects {
			again, f := stix.ReadObject(o.AppendJSON(nil))
			if f != nil || !again.Accepted() || !stix.SameContent(o, again) {
				t.Fatalf("%s read again: %v %+v", o.Raw(), f, again)
			}
			o.Refs()
			o.Observations()
			if left, _, ok := m.Redact(o, stix.Ceiling{Level: stix.Green, Unmarked: stix.AmberStrict}); ok && left.Kind != jsondoc.Object {
				t.Fatal("what is left is no object")
			}
		}
		m.RedactAll(objects, stix.Ceiling{Level: stix.Green, Unmarked: stix.Clear})
	})
}
