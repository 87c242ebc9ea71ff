package ackres_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/ackres"
	"github.com/rihla/rihla/formats/fault"
)

func read(t testing.TB, raw []byte) (messages []*ackres.Message, broken []*fault.Fault) {
	t.Helper()
	err := ackres.Read(raw, func(m *ackres.Message, f *fault.Fault) error {
		if (m == nil) == (f == nil) {
			t.Fatal("neither a message nor a fault, or both")
		}
		if f != nil {
			broken = append(broken, f)
		} else {
			messages = append(messages, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return messages, broken
}

// TestGolden holds the samples to their expectations, and Append to be the inverse of Read.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.edi")
	if len(files) == 0 {
		t.Fatal("no samples")
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want struct {
			Messages []struct {
				Function, Response string
				Access             string `json:"common_access_ref"`
				Errors             []string
			}
		}
		text, err := os.ReadFile(strings.TrimSuffix(file, ".edi") + ".expect.json")
		if err != nil || json.Unmarshal(text, &want) != nil {
			t.Fatal(file, err)
		}
		got, broken := read(t, raw)
		if len(got) != 1 || broken != nil || len(got[0].Warnings) > 0 {
			t.Fatalf("%s: %v %v", file, got, broken)
		}
		m, w := got[0], want.Messages[0]
		if m.Function != w.Function || string(m.Response) != w.Response || w.Access != "" && m.AccessReference != w.Access || strings.Join(m.Errors, " ") != strings.Join(w.Errors, " ") {
			t.Errorf("%s: %+v, want %+v", file, m, w)
		}
		if again := ackres.Append(nil, m); string(again) != strings.ReplaceAll(string(raw), "\n", "") {
			t.Errorf("%s: written as %s", file, again)
		}
	}
}

func TestWhatIsWrongIsToldAndTheRestRead(t *testing.T) {
	t.Parallel()
	raw := "UNB+IATA:1+PIU+ZZ+261124:0900+1'UNH+1+ACKRES:11:1:IA'ERC+912'IFT+4+PAX IS DIABETIC'IFT+DATE MISSING'QQQ+1'UNT+6+1'UNH+2+PNRGOV:11:1:IA'UNT+2+2'UNZ+2+1'"
	got, broken := read(t, []byte(raw))
	if len(got) != 1 || len(broken) != 1 || broken[0].Rule != "unknown_message_type" {
		t.Fatal(got, broken)
	}
	var rules []string
	for _, f := range got[0].Warnings {
		rules = append(rules, f.Rule)
	}
	if diff := cmp.Diff([]string{"unknown_segment", "missing_segment"}, rules); diff != "" {
		t.Error(diff)
	}
	text := got[0].AppendJSON(nil)
	if !bytes.Contains(text, []byte(`"errors":["912"],"remarks":["DATE MISSING"]`)) || !bytes.Contains(text, []byte(`"withheld":{"TEXT":1}`)) || bytes.Contains(text, []byte("DIABETIC")) {
		t.Errorf("%s", text)
	}
}

func TestRulesHaveTheirCodes(t *testing.T) {
	t.Parallel()
	for rule, code := range map[string]string{"bad_date": "1", "bad_flight": "114", "missing_segment": "912", "bad_una": "914", "unknown_message_type": "915"} {
		if got := ackres.Code(rule); got != code || ackres.Meaning(code) == "" {
			t.Errorf("%s: %s (%s), want %s", rule, got, ackres.Meaning(code), code)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.edi")
	for _, file := range files {
		raw, _ := os.ReadFile(file)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		messages, _ := read(t, raw)
		for _, m := range messages {
			m.Prepared = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
			if again, _ := read(t, ackres.Append(nil, m)); len(again) != 1 {
				t.Fatalf("written, it is %d messages", len(again))
			}
		}
	})
}
