package cargo_test

import (
	"io/fs"
	"testing"

	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
)

func rulebookFiles(t testing.TB, book fs.FS) (files []lists.File) {
	t.Helper()
	names, err := fs.Glob(book, "rulebook/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(book, name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, lists.File{Name: name, Data: data})
	}
	return files
}

// Every rule has examples that hit and examples that miss, and each does as it says.
func TestRulebookKeepsItsWord(t *testing.T) {
	t.Parallel()
	d := cargo.New(cargo.Options{})
	var files []rules.File
	for _, f := range rulebookFiles(t, d.Rules()) {
		files = append(files, rules.File{Name: f.Name, Data: f.Data})
	}
	results, err := rules.Test(files, []rules.Vocabulary{cargo.Vocabulary()})
	if err != nil {
		t.Fatal(err)
	}
	hits, misses := map[string]int{}, map[string]int{}
	for _, r := range results {
		if !r.Passed {
			t.Errorf("%s:%d: %s, %s: want %v, got %v %s", r.File, r.Line, r.Rule, r.Example, r.Want, r.Got, r.Err)
		}
		if r.Want {
			hits[r.Rule]++
		} else {
			misses[r.Rule]++
		}
	}
	for rule := range hits {
		if misses[rule] == 0 {
			t.Errorf("%s has no example that misses", rule)
		}
	}
	if len(hits) < 10 {
		t.Errorf("only %d rules have an example that hits", len(hits))
	}
}
