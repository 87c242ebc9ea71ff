package goaml_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
)

// expectation is what a sample's author wrote down.
type expectation struct {
	Stage  goaml.Stage `json:"stage"`
	Errors []struct{ Code, Element, Value, Needs string }
}

// Every sample is read; the valid ones without a fault for which they would be sent back, the others at the stage and the
// places their expectations name.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			d := one(t, file)
			text, err := os.ReadFile(strings.TrimSuffix(file, ".xml") + ".expect.json")
			if os.IsNotExist(err) {
				if d.Refused() {
					t.Fatalf("a valid sample is refused: %s, %v", d.Stage, d.Warnings)
				}
				return
			}
			var want expectation
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			if d.Stage != want.Stage {
				t.Errorf("stage %s, want %s", d.Stage, want.Stage)
			}
			for _, e := range want.Errors {
				if e.Needs != "" {
					continue // what was filed before is not known here
				}
				if !told(d.Warnings, e.Code, e.Element) {
					t.Errorf("%s at %s is not told, but %v", e.Code, e.Element, d.Warnings)
				}
			}
			if want.Stage == goaml.BreaksSchema && len(strict(d)) != len(want.Errors) {
				t.Errorf("one reason each: %v", strict(d))
			}
		})
	}
}

// What is read is written back, byte for byte.
func TestWriteSamples(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := one(t, file)
		if d.Stage == goaml.BreaksSchema {
			continue
		}
		if diff := cmp.Diff(string(raw), string(goaml.Append(nil, &d.Report))); diff != "" {
			t.Errorf("%s (-file +written):\n%s", file, diff)
		}
	}
}

// What is written reads as what was meant, and valid by the order.
func TestWrittenReadsBack(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		d := one(t, file)
		written := goaml.Append(nil, &d.Report)
		again := decode(t, string(written))
		if diff := cmp.Diff(d.Report, again.Report, cmpopts.EquateComparable(goaml.Amount{})); diff != "" {
			t.Errorf("%s (-first +again):\n%s", file, diff)
		}
		if told(again.Warnings, "E-GOAML-ORDER", "") {
			t.Errorf("%s: written out of order: %v", file, again.Warnings)
		}
	}
}

// The JSON is JSON, and a place is one of XML.
func TestJSON(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		d := one(t, file)
		var got struct {
			Format, Reference, Stage string
			Report                   map[string]any
			Warnings                 []fault.Fault
		}
		if err := json.Unmarshal(d.AppendJSON(nil), &got); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if got.Format != "goaml" || got.Reference == "" || got.Report["rentity_id"] != float64(4711) {
			t.Errorf("%s: %+v", file, got)
		}
		for _, w := range got.Warnings {
			if w.Line == 0 || w.Path == "" || w.Rule == "" || w.Message == "" || w.Mend == "" {
				t.Errorf("%s: not located: %+v", file, w)
			}
		}
	}
}

func samples(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		tb.Fatal("no samples", err)
	}
	return files
}

func one(tb testing.TB, file string) *goaml.Document {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return decode(tb, string(raw))
}

func decode(tb testing.TB, text string) *goaml.Document {
	tb.Helper()
	var got []*goaml.Document
	err := goaml.Read([]byte(text), nil, func(d *goaml.Document, f *fault.Fault) error {
		if f != nil {
			tb.Fatalf("unreadable: %v", f)
		}
		got = append(got, d)
		return nil
	})
	if err != nil || len(got) != 1 {
		tb.Fatalf("%d documents, %v", len(got), err)
	}
	return got[0]
}

var index = regexp.MustCompile(`\[\d+\]`)

// told tells whether a fault of that rule is at an element whose path ends so, counted or not.
func told(faults []fault.Fault, rule, path string) bool {
	for _, f := range faults {
		if f.Rule == rule && (strings.HasSuffix(f.Path, path) || strings.HasSuffix(index.ReplaceAllString(f.Path, ""), path)) {
			return true
		}
	}
	return false
}

func strict(d *goaml.Document) (list []fault.Fault) {
	for _, f := range d.Warnings {
		if f.Strict {
			list = append(list, f)
		}
	}
	return list
}
