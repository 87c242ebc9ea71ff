package cargoimp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/fault"
)

// received is when the samples came.
var received = time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)

// A valid sample is read without an error, and written back byte for byte.
func TestValidSamples(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "testdata/*.f[wh][bl]", "testdata/*.psn", "testdata/*.per", "testdata/*.fma", "testdata/*.fna") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw := load(t, file)
			m := one(t, raw)
			for _, w := range m.Warnings {
				if w.Strict {
					t.Errorf("a valid sample has the error %s: %v", w.Rule, &w)
				}
			}
			written, err := cargoimp.Append(nil, m)
			if tooLong(m) {
				if err == nil {
					t.Error("what is too long for its field is written")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := string(raw)
			if n := strings.Index(want, "FWB/"); len(m.Envelope) > 0 {
				want = want[n:]
			}
			if diff := cmp.Diff(want, string(written)); diff != "" {
				t.Errorf("-file +written:\n%s", diff)
			}
		})
	}
}

// expectation is what a sample's author wrote down.
type expectation struct {
	Outcome, Code, Field string
	Line, Position       int
	MessageContains      string `json:"message_contains"`
	Also                 []expectation
}

// A faulty sample is told of at the place its expectation names, and refused only where it says so.
func TestInvalidSamples(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "testdata/invalid/*.f[wh][bl]") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			var want expectation
			if err := json.Unmarshal(load(t, file+".expect.json"), &want); err != nil {
				t.Fatal(err)
			}
			m := one(t, load(t, file))
			if refused := m.Error != nil; refused != (want.Outcome == "reject") {
				t.Errorf("refused: %v, want %s", refused, want.Outcome)
			}
			said := faults(m)
			for _, e := range append(want.Also, want) {
				f := find(said, e.Code, e.Line)
				switch {
				case f == nil:
					t.Errorf("%s at line %d is not told, but %v", e.Code, e.Line, said)
				case e.Field != "" && f.Field != e.Field, e.Position > 0 && f.Column != e.Position, !strings.Contains(f.Message, e.MessageContains):
					t.Errorf("%s is told as %+v, want %+v", e.Code, f, e)
				case f.Mend == "":
					t.Errorf("%s has no mend", e.Code)
				}
				if f != nil && f.Strict != (want.Outcome != "accept_with_warnings") {
					t.Errorf("%s is an error: %v, want %s", e.Code, f.Strict, want.Outcome)
				}
			}
		})
	}
}

// Manifests and status updates are told from noise, and named.
func TestOtherTelexes(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "testdata/*.ffm", "testdata/*.fsu", "testdata/invalid/*.ffm") {
		m := one(t, load(t, file))
		if m.Error == nil || m.Error.Rule != cargoimp.InvalidMessageType || m.Format != filepath.Ext(file)[1:] {
			t.Errorf("%s: %s, %v", file, m.Format, m.Error)
		}
	}
}

// What is read of a sample is as its golden file says.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "testdata/*.f[wh][bl]", "testdata/*.psn", "testdata/*.per", "testdata/*.f[mn]a", "testdata/invalid/*.f[wh][bl]") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			got, err := json.MarshalIndent(one(t, load(t, file)), "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := file + ".json"
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(load(t, golden)), string(got)+"\n"); diff != "" {
				t.Errorf("-golden +read:\n%s", diff)
			}
		})
	}
}

// What is written reads as what was written.
func TestWrittenReadsBack(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "testdata/*.f[wh][bl]", "testdata/*.psn", "testdata/*.per", "testdata/*.f[mn]a") {
		m := one(t, load(t, file))
		if tooLong(m) {
			continue
		}
		written, err := cargoimp.Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, one(t, written), places); diff != "" {
			t.Errorf("%s (-first +again):\n%s", file, diff)
		}
	}
}

// tooLong tells a sample with a field that is read and may not be written.
func tooLong(m *cargoimp.Message) bool {
	return slices.ContainsFunc(m.Warnings, func(f fault.Fault) bool { return f.Rule == cargoimp.FieldTooLong })
}

// places are what moves when a message is written again.
var places = cmp.Options{
	cmpopts.IgnoreFields(cargoimp.Message{}, "Envelope", "Offset", "Length", "Line", "Warnings"),
	cmpopts.IgnoreFields(cargoimp.House{}, "Offset", "Length", "Line"),
	cmpopts.IgnoreFields(cargoimp.Kept{}, "Line"),
	cmpopts.IgnoreUnexported(cargoimp.Rate{}, cargoimp.Summary{}),
	cmpopts.EquateEmpty(),
}

func files(tb testing.TB, patterns ...string) (list []string) {
	tb.Helper()
	for _, p := range patterns {
		some, err := filepath.Glob(p)
		if err != nil || len(some) == 0 {
			tb.Fatal("no samples", p, err)
		}
		list = append(list, some...)
	}
	return list
}

func load(tb testing.TB, file string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func all(tb testing.TB, raw []byte) (list []*cargoimp.Message) {
	tb.Helper()
	if err := cargoimp.Read(raw, received, func(m *cargoimp.Message) error { list = append(list, m); return nil }); err != nil {
		tb.Fatal(err)
	}
	return list
}

func one(tb testing.TB, raw []byte) *cargoimp.Message {
	tb.Helper()
	list := all(tb, raw)
	if len(list) != 1 {
		tb.Fatalf("%d messages, want one", len(list))
	}
	return list[0]
}

// faults are all that is said of a message.
func faults(m *cargoimp.Message) (list []fault.Fault) {
	if m.Error != nil {
		list = append(list, *m.Error)
	}
	return append(append(list, m.Lost...), m.Warnings...)
}

func find(list []fault.Fault, rule string, line int) *fault.Fault {
	for i := range list {
		if list[i].Rule == rule && list[i].Line == line {
			return &list[i]
		}
	}
	return nil
}
