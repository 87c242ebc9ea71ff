package lists_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/screening/lists"
)

var update = flag.Bool("update", false, "write the golden files anew")

func load(t testing.TB, paths ...string) []lists.File {
	t.Helper()
	var files []lists.File
	for _, p := range paths {
		b, err := os.ReadFile(filepath.Join("testdata", p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, lists.File{Name: p, Data: b})
	}
	return files
}

// Everything a publisher wrote is on the entry, in its field or as a note. The files are invented; their shapes are the
// publishers'.
func TestGoldenLists(t *testing.T) {
	t.Parallel()
	for name, paths := range map[string][]string{
		"ofac":              {"ofac/sdn.csv", "ofac/alt.csv", "ofac/add.csv", "ofac/sdn_comments.csv"},
		"ofac-alone":        {"ofac/sdn.csv"},
		"national-csv":      {"national_watchlist.csv"},
		"national-json":     {"national_watchlist.json"},
		"watchlist":         {"watchlist.csv"},
		"documents":         {"documents.csv"},
		"ofac-other-orders": {"ofac/alt.csv", "ofac/sdn_comments.csv", "ofac/sdn.csv", "ofac/add.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := lists.Read(load(t, paths...))
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(list, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "golden", name+".json")
			if name == "ofac-other-orders" {
				golden = filepath.Join("testdata", "golden", "ofac.json")
			} else if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A broken list is refused whole, with the place of each fault and how to mend it.
func TestFaultsSayWhereAndHow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []fault.Fault // rule and place only
	}{
		{"nothing", "", []fault.Fault{{Rule: "list_empty"}}},
		{"header only", "id,name\n", []fault.Fault{{Rule: "list_empty", Line: 1}}},
		{"prose", "hello\nworld\n", []fault.Fault{{Rule: "list_format", Line: 1}}},
		{"unknown column", "id,name,religion\n1,A,x\n", []fault.Fault{{Rule: "column_unknown", Line: 1, Field: "religion"}}},
		{"no id column", "name,born\nA B,1990\n", []fault.Fault{{Rule: "column_missing", Line: 1, Field: "id"}}},
		{"id missing and bad date", "id,name,born\n,A B,1990\n2,B C,1990-13-01\n", []fault.Fault{{Rule: "entry_id", Line: 2, Field: "id"}, {Rule: "date", Line: 3, Field: "born"}}},
		{"id twice", "id,name\n1,A B\n1,C D\n", []fault.Fault{{Rule: "entry_id_twice", Line: 3, Field: "id"}}},
		{"row width", "id,name\n1,A,B\n", []fault.Fault{{Rule: "row_width", Line: 2}}},
		{"bare quote", "id,name\n1,A \"B\" C\n", []fault.Fault{{Rule: "csv", Line: 2}}},
		{"sex and country", "id,name,sex,nationality\n1,A B,male?,Utopia\n", []fault.Fault{{Rule: "sex", Line: 2, Field: "sex"}, {Rule: "country", Line: 2, Field: "nationality"}}},
		{"document", "id,name,documents\n1,A B,P99\n", []fault.Fault{{Rule: "document", Line: 2, Field: "documents"}}},
		{"stolen without number", "document_type,document_number\nP,\n", []fault.Fault{{Rule: "document", Line: 2, Field: "document_number"}}},
		{"json syntax", "{\n\"entries\": [\n{]}", []fault.Fault{{Rule: "json", Line: 3}}},
		{"json entry", `{"entries":[{"id":"1","name_en":"A B","birth_date":"yesterday"}]}`, []fault.Fault{{Rule: "date", Pointer: "/entries/0/birth_date"}}},
		{"json without entries", `{"list":"x"}`, []fault.Fault{{Rule: "list_format", Line: 1, Field: "entries"}}},
		{"ofac cut off", "1,\"A\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n2,\"B\",-0- \r\n", []fault.Fault{{Rule: "row_width", Line: 2}}},
		{"ofac without name", "1,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n", []fault.Fault{{Rule: "entry_name", Line: 1, Field: "SDN_Name"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := lists.Read([]lists.File{{Name: "list", Data: []byte(c.text)}})
			var listError *lists.Error
			if !errors.As(err, &listError) {
				t.Fatalf("got %v, want a *lists.Error", err)
			}
			var got []fault.Fault
			for _, f := range listError.Faults {
				if f.Message == "" {
					t.Errorf("%s says nothing", f.Rule)
				}
				got = append(got, fault.Fault{Rule: f.Rule, Line: f.Line, Field: f.Field, Pointer: f.Pointer})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A decision "not the same person" outlives a comment, and not a new birth date.
func TestHashIsOfWhatMatters(t *testing.T) {
	t.Parallel()
	e := lists.Entry{ID: "1", Schema: "Person", Names: []lists.Name{{Text: "A B"}}, Births: []string{"1990"}}
	commented := e
	commented.Notes, commented.Reason, commented.Line = []string{"new"}, "why", 9
	if e.Hash() != commented.Hash() {
		t.Error("a comment changes the hash")
	}
	if e.Digest() == commented.Digest() {
		t.Error("a comment does not change the digest")
	}
	born := e
	born.Births = []string{"1991"}
	if e.Hash() == born.Hash() {
		t.Error("a birth date does not change the hash")
	}
}

func FuzzRead(f *testing.F) {
	for _, p := range []string{"ofac/sdn.csv", "national_watchlist.csv", "national_watchlist.json", "watchlist.csv", "documents.csv"} {
		f.Add(load(f, p)[0].Data)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := lists.Read([]lists.File{{Name: "list", Data: b}})
		if err != nil {
			return
		}
		if len(list.Entries) == 0 && !list.Partial {
			t.Error("an empty list was taken")
		}
		for i := range list.Entries {
			if list.Entries[i].ID == "" {
				t.Error("an entry without an id")
			}
		}
	})
}
