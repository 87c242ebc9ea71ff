package synth_test

import (
	"bytes"
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
