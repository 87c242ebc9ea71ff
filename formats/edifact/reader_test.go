package edifact_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
)

// envelopeRules are the rules this room judges; what is inside a message is for the rooms beside it.
var envelopeRules = map[string]bool{"empty": true, "not_edifact": true, "bad_una": true, "truncated": true, "dangling_release": true,
	"bad_segment_tag": true, "count_mismatch": true, "reference_mismatch": true, "bad_character": true}

func readAll(raw []byte) (faults []fault.Fault, segments int) {
	r := edifact.NewReader(raw)
	for r.Next() {
		for r.Scan() {
			segments++
		}
		m := r.Message()
		faults = append(faults, m.Faults...)
		if m.Broken != nil {
			faults = append(faults, *m.Broken)
		}
	}
	return faults, segments
}

// Every sample's fault of the envelope is found at its place under its name, and clean samples have none.
func TestSamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.expect.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".expect.json")
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(name + ".edi")
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Error, Missing, Tag string
				Segment             *int
				Position            int
				Strict              *bool
			}
			b, _ := os.ReadFile(file)
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			got, _ := readAll(raw)
			if want.Error == "" {
				for _, f := range got {
					if f.Strict && (want.Strict == nil || *want.Strict) {
						t.Errorf("unexpected fault: %v (%s)", &f, f.Rule)
					}
				}
				return
			}
			ours := envelopeRules[want.Error] || want.Error == "missing_segment" && strings.HasPrefix(want.Missing, "UN")
			if !ours {
				return
			}
			for _, f := range got {
				if f.Rule == want.Error && f.Offset == want.Position && (want.Segment == nil || *want.Segment == f.Segment) && (want.Tag == "" || f.Tag == want.Tag) {
					return
				}
			}
			t.Errorf("want %s at offset %d, segment %v; got %+v", want.Error, want.Position, want.Segment, got)
		})
	}
}

// A borrowed file reads as a copied one does.
func TestBorrow(t *testing.T) {
	t.Parallel()
	raw := []byte("UNB+UNOA:4+ZZ+R+261124:0900+1'UNH+1+PAXLST:D:05B:UN:IATA'BGM+745'UNT+3+1'UNZ+1+1'")
	read := func(r *edifact.Reader) (out []string) {
		for r.Next() {
			out = append(out, r.Message().Type, r.Message().Interchange.Sender)
			for r.Scan() {
				out = append(out, r.Segment().Raw())
			}
		}
		return out
	}
	var borrowed edifact.Reader
	borrowed.Borrow(raw)
	if diff := cmp.Diff(read(edifact.NewReader(raw)), read(&borrowed)); diff != "" {
		t.Error(diff)
	}
	borrowed.Borrow(nil)
	if r := &borrowed; !r.Next() || r.Message().Broken == nil || r.Message().Broken.Rule != "empty" {
		t.Error("nothing is not told to be empty")
	}
}
