package misp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// read reads the events of a document, and the faults of those that cannot be.
func read(t testing.TB, raw []byte) (events []*misp.Event, faults []fault.Fault) {
	t.Helper()
	err := misp.Read(raw, func(e *misp.Event, f *fault.Fault) error {
		if f != nil {
			faults = append(faults, *f)
		} else {
			events = append(events, e)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return events, faults
}

func one(t testing.TB, raw []byte) *misp.Event {
	t.Helper()
	events, faults := read(t, raw)
	if len(events) != 1 || len(faults) > 0 {
		t.Fatalf("%d events, %+v", len(events), faults)
	}
	return events[0]
}

// objects are the objects that an event becomes, each held to the standard.
func objects(t testing.TB, e *misp.Event) (*stix.Document, []*stix.Object) {
	t.Helper()
	written, _ := e.STIX()
	d, f := stix.Read(stix.AppendBundle(nil, "bundle--5b9f91b4-ae93-4dda-a939-3faeeff43008", written...))
	if f != nil {
		t.Fatal(f)
	}
	if lost := d.Lost(); len(lost) > 0 {
		t.Errorf("an event becomes what STIX refuses: %+v", lost[0])
	}
	var out []*stix.Object
	for i := range d.Objects {
		out = append(out, &d.Objects[i])
	}
	return d, out
}

func TestSamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		info                string
		attributes, objects int
		tlp                 stix.TLP
		published           bool
	}{
		"01-event-attributes.json":            {"SandLark loader, March wave", 7, 0, stix.Amber, true},
		"02-event-objects-sharing-group.json": {"Phishing kit with mail and file objects", 1, 2, stix.AmberStrict, false},
	} {
		raw := load(t, name)
		if !misp.Recognise(raw) || stix.Recognise(raw) {
			t.Errorf("%s is not told by its beginning", name)
		}
		e := one(t, raw)
		if len(e.Warnings)+len(e.Lost) > 0 {
			t.Errorf("%s: %+v %+v", name, e.Warnings, e.Lost)
		}
		if e.Info != want.info || len(e.Attributes) != want.attributes || len(e.Objects) != want.objects || e.TLP() != want.tlp || e.Published != want.published {
			t.Errorf("%s: %q, %d attributes, %d objects, %s, published %v", name, e.Info, len(e.Attributes), len(e.Objects), e.TLP(), e.Published)
		}
		d, _ := objects(t, e)
		for _, w := range d.AllWarnings() {
			if w.Rule == "dangling-ref" {
				t.Errorf("%s: %s: %s", name, w.Pointer, w.Message)
			}
		}
		if !json.Valid(e.AppendJSON(nil)) {
			t.Errorf("%s is printed as no JSON", name)
		}
		again := one(t, e.AppendMISP(nil))
		if !jsondoc.Equal(&e.Value, &again.Value) {
			t.Errorf("%s is not written back as it came", name)
		}
	}
}

// What an event becomes, one line an object.
func TestToSTIX(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"01-event-attributes.json", "02-event-objects-sharing-group.json"} {
		_, all := objects(t, one(t, load(t, name)))
		var got []string
		for _, o := range all {
			line := o.Type
			marked := stix.NewMarkings(all...).Of(o)
			if marked.Object != stix.Unmarked {
				line += " " + marked.Object.String()
			}
			if o.Revoked {
				line += " revoked"
			}
			for _, p := range []string{"name", "pattern", "content", "value", "relationship_type", "number", "definition_type"} {
				if v := o.Get(p); v != nil {
					line += " " + p + "=" + v.Raw()
				}
			}
			got = append(got, line)
		}
		golden(t, strings.TrimSuffix(name, ".json")+".stix.golden", strings.Join(got, "\n")+"\n")
	}
}

// golden compares with a file, which RIHLA_GOLDEN=1 writes anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if os.Getenv("RIHLA_GOLDEN") != "" {
		if err := os.WriteFile(filepath.Join("testdata", name), []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(load(t, name)), got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// What goes to STIX and comes back is the same thing: UUIDs, types, values, what is deleted and what is red.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	before := one(t, load(t, "01-event-attributes.json"))
	_, all := objects(t, before)
	raw, skipped := misp.FromSTIX(all, misp.Options{})
	if len(skipped) > 0 {
		t.Errorf("skipped %v", skipped)
	}
	after := one(t, raw)
	if len(after.Warnings)+len(after.Lost) > 0 {
		t.Errorf("%+v %+v", after.Warnings, after.Lost)
	}
	lines := func(e *misp.Event) []string {
		out := []string{e.UUID, e.Info, e.TLP().String(), e.Orgc.Name, e.Orgc.UUID}
		for _, a := range e.All() {
			line := strings.Join([]string{a.UUID, a.Type, a.Category, a.Value, e.TLPOf(a).String()}, " ")
			if a.ToIDS {
				line += " to_ids"
			}
			if a.Deleted {
				line += " deleted"
			}
			for _, s := range a.Sightings {
				line += " seen by " + s.Source + " " + s.At.String()
			}
			out = append(out, line)
		}
		slices.Sort(out)
		return out
	}
	if diff := cmp.Diff(lines(before), lines(after)); diff != "" {
		t.Error(diff)
	}
	before = one(t, load(t, "02-event-objects-sharing-group.json"))
	_, all = objects(t, before)
	raw, skipped = misp.FromSTIX(all, misp.Options{})
	after = one(t, raw)
	if len(skipped) > 0 || len(after.Objects) != 2 || after.Objects[0].UUID != before.Objects[0].UUID || len(after.Objects[0].References) != 1 || after.Objects[0].References[0].To != before.Objects[1].UUID {
		t.Errorf("objects came back as %s; skipped %v", raw, skipped)
	}
}

// The samples of STIX become events that read.
func TestFromSTIX(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../stix/testdata/valid/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d, f := stix.Read(raw)
		if f != nil {
			t.Fatal(f)
		}
		var all []*stix.Object
		for i := range d.Objects {
			all = append(all, &d.Objects[i])
		}
		event, _ := misp.FromSTIX(all, misp.Options{UUID: "a928b86b-b421-4e8a-991c-05292c5ee7ce", Org: misp.Organisation{Name: "CSIRT", UUID: "5f0b5e8d-0acb-4a7d-97bf-2f1db1e6f5a9"}})
		e := one(t, event)
		if len(e.Lost) > 0 {
			t.Errorf("%s: %+v", name, e.Lost)
		}
	}
}
