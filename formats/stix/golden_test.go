package stix_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/stix"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func files(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v %v", pattern, names, err)
	}
	return names
}

// expectation is what must come of a sample.
type expectation struct {
	Outcome          string
	Accepted         []string
	Errors, Warnings []expected
}

type expected struct {
	Pointer, Rule  string
	Contains       string `json:"message_contains"`
	Line, Position int
}

// TestInvalidSamples holds what is said of the samples to what their expectations say, and to nothing more.
func TestInvalidSamples(t *testing.T) {
	t.Parallel()
	for _, name := range files(t, "testdata/invalid/*.json") {
		if strings.HasSuffix(name, ".expect.json") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			var want expectation
			if err := json.Unmarshal(load(t, name+".expect.json"), &want); err != nil {
				t.Fatal(err)
			}
			outcome, accepted := "reject", []string{}
			var errors, warnings []fault.Fault
			d, f := stix.Read(load(t, name))
			if f != nil {
				errors = append(errors, *f)
			} else {
				outcome, errors, warnings = "partial", d.Lost(), d.AllWarnings()
				for i := range d.Objects {
					if d.Objects[i].Accepted() {
						accepted = append(accepted, d.Objects[i].ID)
					}
				}
			}
			if diff := cmp.Diff([]any{want.Outcome, want.Accepted}, []any{outcome, accepted}); diff != "" {
				t.Error(diff)
			}
			meets(t, want.Errors, errors)
			meets(t, want.Warnings, warnings)
		})
	}
}

func meets(t *testing.T, want []expected, got []fault.Fault) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%d wanted, got %+v", len(want), got)
		return
	}
	for i, w := range want {
		g := got[i]
		if w.Pointer != g.Pointer || w.Rule != g.Rule || !strings.Contains(g.Message, w.Contains) || w.Line > 0 && w.Line != g.Line || w.Position > 0 && w.Position != g.Column || g.Mend == "" {
			t.Errorf("wanted %+v, got %+v", w, g)
		}
	}
}

// What is valid is taken whole, and written back as it was.
func TestValidSamples(t *testing.T) {
	t.Parallel()
	for _, name := range files(t, "testdata/valid/*.json") {
		raw := load(t, name)
		d, f := stix.Read(raw)
		if f != nil {
			t.Errorf("%s: %v", name, f)
			continue
		}
		if lost := d.Lost(); len(lost) > 0 {
			t.Errorf("%s: %+v", name, lost)
		}
		for _, w := range d.AllWarnings() {
			t.Logf("%s: %s %s %s", filepath.Base(name), w.Pointer, w.Rule, w.Message)
		}
		if !json.Valid(d.AppendJSON(nil)) {
			t.Errorf("%s: no JSON: %s", name, d.AppendJSON(nil))
		}
	}
}
