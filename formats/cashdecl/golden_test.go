package cashdecl_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

var update = flag.Bool("update", false, "write the golden files")

// Every sample is read as the file beside it says.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			d := one(t, read(t, file))
			var got any
			if err := json.Unmarshal(d.AppendJSON(nil), &got); err != nil {
				t.Fatal(err)
			}
			golden := file + ".golden"
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

// same compares declarations without their places.
var same = cmp.Options{
	cmpopts.EquateComparable(money.Decimal{}), cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(cashdecl.Declaration{}, "Warnings", "Offset", "Length", "Line", "Pointer"),
}

func samples(tb testing.TB) []string {
	tb.Helper()
	var files []string
	for _, pattern := range []string{"testdata/*.json", "testdata/*.csv"} {
		some, err := filepath.Glob(pattern)
		if err != nil || len(some) == 0 {
			tb.Fatal("no samples", err)
		}
		files = append(files, some...)
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

func one(tb testing.TB, raw []byte) *cashdecl.Document {
	tb.Helper()
	var got *cashdecl.Document
	err := cashdecl.Read(raw, func(d *cashdecl.Document, f *fault.Fault) error {
		if f != nil {
			tb.Fatalf("unreadable: %v", f)
		}
		got = d
		return nil
	})
	if err != nil || got == nil {
		tb.Fatal(got, err)
	}
	return got
}
