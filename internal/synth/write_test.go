package synth_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
	_ "time/tzdata"

	"github.com/rihla/rihla/internal/synth"
)

// The same options give the same bytes, whatever was generated before.
func TestSameOptionsSameBytes(t *testing.T) {
	t.Parallel()
	o := synth.Options{Seed: 7, Flights: 4, Broken: 3, List: 50}
	a, b := t.TempDir(), t.TempDir()
	for _, dir := range []string{a, b} {
		if err := synth.Generate(o).Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	err := filepath.WalkDir(a, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		n++
		rel, err := filepath.Rel(a, path)
		if err != nil {
			return err
		}
		one, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		two, err := os.ReadFile(filepath.Join(b, rel))
		if err != nil {
			return err
		}
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs", rel)
		}
		return nil
	})
	if err != nil || n < 30 {
		t.Errorf("%d files, %v", n, err)
	}
	if err := synth.Generate(o).Write(a); err == nil {
		t.Error("wrote into a folder that holds another world")
	}
}

func TestSeedsDiffer(t *testing.T) {
	t.Parallel()
	one, two := synth.Generate(synth.Options{Seed: 1, Flights: 1}), synth.Generate(synth.Options{Seed: 2, Flights: 1})
	if bytes.Equal(one.Messages[0].Body, two.Messages[0].Body) {
		t.Error("two seeds begin with the same message")
	}
}

// No two interchanges of one sender have one reference, and every message of a flight has a minute of its own but for
// the parts of one transmission.
func TestReferencesAreUnique(t *testing.T) {
	t.Parallel()
	w := synth.Generate(synth.Options{Seed: 11, Flights: 30, Small: 10, Large: 30})
	seen := map[string]string{}
	for _, m := range w.Messages {
		_, rest, _ := bytes.Cut(m.Body, []byte("UNB+"))
		unb, _, _ := bytes.Cut(rest, []byte("'"))
		f := bytes.Split(bytes.ReplaceAll(unb, []byte("\r\n"), nil), []byte("+"))
		key := string(f[1]) + " " + string(f[4])
		if seen[key] != "" {
			t.Errorf("%s and %s are both %s", seen[key], m.Name, key)
		}
		seen[key] = m.Name
		if want := m.Sent.Format("060102:1504"); string(f[3]) != want {
			t.Errorf("%s was prepared %s, sent %s", m.Name, f[3], want)
		}
	}
}

func TestSmallWorlds(t *testing.T) {
	t.Parallel()
	for flights := range 4 {
		w := synth.Generate(synth.Options{Seed: 3, Flights: flights, Broken: 1})
		if len(w.Truth.Flights) != flights || w.Truth.Flights == nil || len(w.Truth.Quarantined) != 1 || len(w.Lists) != 3 {
			t.Errorf("%d flights: %d, %d quarantined, %d lists", flights, len(w.Truth.Flights), len(w.Truth.Quarantined), len(w.Lists))
		}
	}
}

// An invented list has as many entries as asked for, about one and a half names each, and the readers take it.
func TestTheInventedList(t *testing.T) {
	t.Parallel()
	const entries = 20_000
	w := synth.Generate(synth.Options{Seed: 3, List: entries})
	var text bytes.Buffer
	if err := w.Lists[len(w.Lists)-1].Write(&text); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&text).ReadAll()
	if err != nil || len(rows) != entries+1 {
		t.Fatal(len(rows), err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	names, dated, papers, distinct := 0, 0, 0, map[string]bool{}
	for _, row := range rows[1:] {
		for _, c := range []string{"name", "aliases", "weak_aliases", "arabic_names"} {
			if row[column[c]] != "" {
				names++
			}
		}
		if row[column["birth_date"]] != "" {
			dated++
		}
		if row[column["documents"]] != "" {
			papers++
		}
		distinct[row[column["name"]]] = true
	}
	share := func(n int) float64 { return float64(n) / entries }
	if share(names) < 1.45 || share(names) > 1.6 || share(dated) < 0.75 || share(papers) < 0.25 || share(len(distinct)) < 0.95 {
		t.Errorf("%.2f names an entry, %.2f dated, %.2f with documents, %.2f distinct", share(names), share(dated), share(papers), share(len(distinct)))
	}
}

func TestSentBy(t *testing.T) {
	t.Parallel()
	w := synth.Generate(synth.Options{Seed: 3, Flights: 2})
	middle := w.Messages[len(w.Messages)/2].Sent
	n := w.SentBy(middle)
	if n == 0 || n == len(w.Messages) || w.Messages[n-1].Sent.After(middle) || !w.Messages[n].Sent.After(middle) {
		t.Errorf("%d of %d messages sent by %s", n, len(w.Messages), middle)
	}
}

func BenchmarkGenerate(b *testing.B) {
	size := 0
	for b.Loop() {
		size = 0
		for _, m := range synth.Generate(synth.Options{Seed: 1, Flights: 100}).Messages {
			size += len(m.Body)
		}
	}
	b.ReportMetric(float64(size)/1e6, "MB")
}
