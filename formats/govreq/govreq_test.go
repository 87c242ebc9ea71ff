package govreq_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/govreq"
)

func read(t testing.TB, raw []byte) (messages []*govreq.Message, broken []*fault.Fault) {
	t.Helper()
	err := govreq.Read(raw, func(m *govreq.Message, f *fault.Fault) error {
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
				Code     string `json:"function_raw"`
				Flight   *struct{ Carrier, Number, Origin, Destination, Departure string }
				Locators []govreq.Locator
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
		if w.Code != "" && m.Code != w.Code {
			t.Errorf("%s: code %s", file, m.Code)
		}
		if diff := cmp.Diff(w.Locators, m.Locators); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
		if f := w.Flight; f != nil {
			leg := m.Flight.Legs[0]
			if m.Flight.Carrier != f.Carrier || m.Flight.Number != f.Number || leg.From != f.Origin || leg.To != f.Destination || leg.Departure.String() != f.Departure {
				t.Errorf("%s: %+v, want %+v", file, m.Flight, f)
			}
		}
		if again := govreq.Append(nil, m); string(again) != strings.ReplaceAll(string(raw), "\n", "") {
			t.Errorf("%s: written as %s", file, again)
		}
	}
}

func TestWhatIsWrongIsToldAndTheRestRead(t *testing.T) {
	t.Parallel()
	got, broken := read(t, []byte("UNB+IATA:1+PIU+ZZ+261124:0900+1'UNH+1+GOVREQ:11:1:IA'ORG+BH:BAH'TVL+310226:2561+DXB+BAH+ZZ+0417A'TIF+ROE+ANN'FTI+ZZ:5500'UNT+6+1'UNZ+1+1'"))
	if len(got) != 1 || broken != nil {
		t.Fatal(got, broken)
	}
	m := got[0]
	var rules []string
	for _, f := range m.Warnings {
		rules = append(rules, f.Rule)
	}
	if diff := cmp.Diff([]string{"bad_date", "missing_segment"}, rules); diff != "" {
		t.Error(diff)
	}
	if m.Flight.Number != "417" || m.Flight.Suffix != "A" || m.Travellers[0].Surname != "ROE" || m.FrequentFlyer[0] != "ZZ5500" {
		t.Errorf("%+v", m)
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
			if again, _ := read(t, govreq.Append(nil, m)); len(again) != 1 {
				t.Fatalf("written, it is %d messages", len(again))
			}
		}
	})
}
