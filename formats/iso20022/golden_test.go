package iso20022_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/iso20022"
)

var update = flag.Bool("update", false, "write the golden files")

// Every sample is read as the file beside it says.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			m := one(t, read(t, file))
			var got any
			if err := json.Unmarshal(m.AppendJSON(nil), &got); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".xml") + ".json"
			if *update {
				text, err := json.MarshalIndent(got, "", " ")
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, append(text, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var want any
			if err := json.Unmarshal(read(t, golden), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-golden +got):\n%s", diff)
			}
		})
	}
}

// same compares messages without their places.
var same = cmp.Options{
	cmpopts.IgnoreFields(iso20022.Message{}, "Warnings", "Offset", "Length", "Version"), cmpopts.EquateComparable(iso20022.Money{}),
	cmpopts.IgnoreFields(iso20022.Transfer{}, "Warnings", "Offset", "Length", "Line"),
}

func samples(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		tb.Fatal("no samples", err)
	}
	return files
}

func read(tb testing.TB, file string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func one(tb testing.TB, raw []byte) *iso20022.Message {
	tb.Helper()
	var got []*iso20022.Message
	err := iso20022.Read(raw, func(m *iso20022.Message, f *fault.Fault) error {
		if f != nil {
			tb.Fatalf("unreadable: %v", f)
		}
		got = append(got, m)
		return nil
	})
	if err != nil || len(got) != 1 {
		tb.Fatalf("%d messages, %v", len(got), err)
	}
	return got[0]
}
