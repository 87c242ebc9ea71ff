package pnrgov_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/pnrgov"
)

// received is when the samples came.
var received = time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC)

// expectation is a NAME.expect.json beside a NAME.edi.
type expectation struct {
	Valid       bool             `json:"valid"`
	Strict      *bool            `json:"strict"`
	Error       string           `json:"error"`
	Segment     *int             `json:"segment"`
	Position    *int             `json:"position"`
	Tag         string           `json:"tag"`
	Recoverable bool             `json:"recoverable"`
	Withheld    map[string]int   `json:"withheld"`
	Never       []string         `json:"must_not_appear"`
	Decoded     []map[string]any `json:"decoded_partial"`
}

func read(t testing.TB, raw []byte) []*pnrgov.Message {
	t.Helper()
	var got []*pnrgov.Message
	if err := pnrgov.Read(raw, received, func(m *pnrgov.Message) error { got = append(got, m); return nil }); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestGolden holds every sample to its expectation, and the two ways of writing JSON to one another.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.edi")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".edi"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want expectation
			text, err := os.ReadFile(strings.TrimSuffix(file, ".edi") + ".expect.json")
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			hold(t, raw, want)
		})
	}
}

func hold(t *testing.T, raw []byte, want expectation) {
	got := read(t, raw)
	var faults []fault.Fault
	var all bytes.Buffer
	docs := make([]any, len(got))
	for i, m := range got {
		all.Write(m.AppendJSON(nil))
		docs[i] = decoded(t, m)
		faults = slices.Concat(faults, m.Warnings, m.Lost)
		if m.Error != nil {
			faults = append(faults, *m.Error)
		}
	}
	here := func(f fault.Fault) bool {
		return f.Rule == want.Error && (want.Segment == nil || f.Segment == *want.Segment) && (want.Position == nil || f.Offset == *want.Position) &&
			(want.Tag == "" || f.Tag == want.Tag)
	}
	switch {
	case want.Error != "" && !slices.ContainsFunc(faults, here):
		t.Errorf("no %s at segment %v, offset %v; told: %+v", want.Error, deref(want.Segment), deref(want.Position), faults)
	case want.Error != "" && !slices.ContainsFunc(faults, func(f fault.Fault) bool { return here(f) && f.Strict }):
		t.Error("a strict reading would let it pass")
	case want.Error != "" && want.Recoverable == (len(got) > 0 && got[0].Error != nil):
		t.Errorf("recoverable %v, error %v", want.Recoverable, got[0].Error)
	case want.Error == "" && want.Strict == nil && slices.ContainsFunc(faults, func(f fault.Fault) bool { return f.Strict }):
		t.Errorf("a strict reading refuses it: %+v", faults)
	}
	if want.Decoded != nil && len(want.Decoded) != len(got) {
		t.Errorf("%d messages, want %d", len(got), len(want.Decoded))
	}
	for i, d := range want.Decoded {
		if i < len(docs) {
			if miss := within(d, docs[i], ""); miss != "" {
				t.Errorf("message %d: %s\n%s", i, miss, all.String())
			}
		}
	}
	for _, never := range want.Never {
		if strings.Contains(all.String(), never) {
			t.Errorf("%q appears", never)
		}
		if masked := mask(raw, got); bytes.Contains(masked, []byte(never)) {
			t.Errorf("%q appears in the masked copy", never)
		}
	}
	if want.Withheld != nil {
		var told map[string]int
		text, _ := json.Marshal(got[0].Withheld)
		if err := json.Unmarshal(text, &told); err != nil || !maps.Equal(told, want.Withheld) {
			t.Errorf("withheld %v, want %v", told, want.Withheld)
		}
	}
}

func deref(p *int) any {
	if p == nil {
		return nil
	}
	return *p
}

func mask(raw []byte, messages []*pnrgov.Message) []byte {
	out := bytes.Clone(raw)
	for _, m := range messages {
		pnrgov.Mask(out, m.Masks)
	}
	return out
}

// decoded is the message as a script sees it; the hand-written JSON must say what encoding/json says.
func decoded(t testing.TB, m *pnrgov.Message) (v any) {
	t.Helper()
	quick := m.AppendJSON(nil)
	if err := json.Unmarshal(quick, &v); err != nil {
		t.Fatalf("%v: %s", err, quick)
	}
	slow, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var other any
	if err := json.Unmarshal(slow, &other); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(other, v); diff != "" {
		t.Fatal(diff)
	}
	return v
}

// lists whose order means nothing, and lists that an expectation gives whole.
var (
	free  = map[string]bool{"passengers": true, "bookings": true, "documents": true, "tickets": true, "contacts": true, "seats": true, "bags": true, "frequent_flyer": true, "payments": true, "remarks": true}
	whole = map[string]bool{"passengers": true, "bookings": true, "legs": true}
)

// within tells where want is not part of got, "" if it is.
func within(want, got any, at string) string {
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return at + " is no object"
		}
		for k, v := range want {
			if k == "warnings" {
				continue
			}
			if miss := within(v, g[k], at+"."+k); miss != "" {
				return miss
			}
		}
		return ""
	case []any:
		name := at[strings.LastIndexByte(at, '.')+1:]
		g, ok := got.([]any)
		if !ok || len(g) < len(want) || len(g) > len(want) && whole[name] {
			return fmt.Sprintf("%s has %d, want %d", at, len(g), len(want))
		}
		left := slices.Clone(g)
		for i, v := range want {
			hit := slices.IndexFunc(left, func(x any) bool { return within(v, x, fmt.Sprintf("%s[%d]", at, i)) == "" })
			if hit < 0 {
				return within(v, g[i], fmt.Sprintf("%s[%d]", at, i)) + fmt.Sprintf(" (%s[%d])", at, i)
			}
			if free[name] {
				left = slices.Delete(left, hit, hit+1)
			} else {
				left = left[hit+1:]
			}
		}
		return ""
	}
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return fmt.Sprintf("%s: %v for %v", at, got, want)
}
