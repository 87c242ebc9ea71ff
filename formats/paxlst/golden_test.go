package paxlst_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
)

var received = time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC)

func read(raw []byte) (messages []*paxlst.Message, broken []*fault.Fault) {
	_ = paxlst.Read(raw, received, func(m *paxlst.Message, b *fault.Fault) error {
		if m != nil {
			messages = append(messages, m)
		} else {
			broken = append(broken, b)
		}
		return nil
	})
	return
}

func samples(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.edi")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	return files
}

// Every sample decodes as its expectation says, field by field; faults are found at their place.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".edi"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Error, Tag  string
				Segment     *int
				Position    int
				Recoverable bool
				Strict      *bool
				Decoded     []map[string]any
			}
			b, err := os.ReadFile(strings.TrimSuffix(file, ".edi") + ".expect.json")
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			messages, broken := read(raw)
			here := func(f fault.Fault) bool {
				return f.Rule == want.Error && f.Offset == want.Position && (want.Segment == nil || *want.Segment == f.Segment) && (want.Tag == "" || want.Tag == f.Tag)
			}
			switch {
			case want.Error != "" && !want.Recoverable:
				if len(broken) != 1 || len(messages) != 0 || !here(*broken[0]) {
					t.Fatalf("want %s at %d; got %v, %d messages", want.Error, want.Position, broken, len(messages))
				}
			case want.Error != "":
				found := false
				for _, m := range messages {
					for _, f := range append(m.Warnings, m.Lost...) {
						found = found || here(f)
					}
				}
				if !found || len(broken) > 0 {
					t.Fatalf("want %s at %d; got %+v, %v", want.Error, want.Position, messages[0].Warnings, broken)
				}
			default:
				if len(broken) > 0 || len(messages) != len(want.Decoded) {
					t.Fatalf("%d messages of %d; %v", len(messages), len(want.Decoded), broken)
				}
				for i, m := range messages {
					for _, f := range m.Warnings {
						if f.Strict && (want.Strict == nil || *want.Strict) {
							t.Errorf("unexpected fault: %v (%s)", &f, f.Rule)
						}
					}
					var got map[string]any
					if err := json.Unmarshal(m.AppendJSON(nil), &got); err != nil {
						t.Fatal(err)
					}
					if where := within(want.Decoded[i], got, ""); where != "" {
						t.Errorf("%s\n%s", where, m.AppendJSON(nil))
					}
				}
			}
		})
	}
}

// free are the lists whose order means nothing.
var free = map[string]bool{"passengers": true, "documents": true, "contacts": true, "bags": true}

// within tells where want is not a part of got; "" where it is. Lists must be whole.
func within(want, got any, at string) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return at + ": no object"
		}
		keys := make([]string, 0, len(w))
		for k := range w {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			if where := within(w[k], g[k], at+"."+k); k != "warnings" && where != "" {
				return where
			}
		}
		return ""
	case []any:
		g, _ := got.([]any)
		if len(w) != len(g) {
			return fmt.Sprintf("%s: %d of %d", at, len(g), len(w))
		}
		left := append([]any(nil), g...)
		for i, v := range w {
			if !free[at[strings.LastIndexByte(at, '.')+1:]] {
				if where := within(v, g[i], fmt.Sprintf("%s[%d]", at, i)); where != "" {
					return where
				}
				continue
			}
			hit, why := -1, ""
			for j := range left {
				if why = within(v, left[j], fmt.Sprintf("%s[%d]", at, i)); why == "" {
					hit = j
					break
				}
			}
			if hit < 0 {
				return fmt.Sprintf("%s: none like %v: %s", at, v, why)
			}
			left = append(left[:hit], left[hit+1:]...)
		}
		return ""
	}
	empty := func(v any) bool { return v == nil || v == 0.0 || v == false }
	if reflect.DeepEqual(want, got) || empty(want) && empty(got) {
		return ""
	}
	return fmt.Sprintf("%s: %v for %v", at, got, want)
}

// AppendJSON says what encoding/json says.
func TestAppendJSON(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		raw, _ := os.ReadFile(file)
		messages, _ := read(raw)
		for _, m := range messages {
			want, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			var a, b any
			if err := json.Unmarshal(want, &a); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(m.AppendJSON(nil), &b); err != nil {
				t.Fatal(file, err)
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Error(file, diff)
			}
		}
	}
}
