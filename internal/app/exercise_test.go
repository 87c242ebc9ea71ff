package app_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/synth/scenario"
)

// Every scenario that is shipped reads well and can be solved: who does everything right scores 100 %, who clears everybody
// what the file says.
func TestShippedScenariosCanBeSolved(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../training/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no scenario", err)
	}
	world := app.ExerciseWorld()
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, faults := scenario.Read(text, world)
			for _, f := range faults {
				t.Errorf("%s:%d:%d: %s (%s)", file, f.Line, f.Column, f.Message, f.Mend)
			}
			if s == nil {
				return
			}
			for _, run := range []struct {
				name    string
				trainee app.Trainee
				want    int
			}{{"everything right", app.Perfect, 100}, {"everybody cleared", app.Clearing, s.Lazy}} {
				r, err := app.Solve(t.Context(), filepath.Join(t.TempDir(), "world"), s, run.trainee, slog.New(slog.DiscardHandler))
				if err != nil {
					t.Fatalf("%s: %v", run.name, err)
				}
				if r.Percent != run.want {
					t.Errorf("%s scores %d %%, want %d: %+v", run.name, r.Percent, run.want, r.Marks)
				}
			}
		})
	}
}

// The clock of a world stands, runs and is set forward, and never goes back.
func TestPlayClock(t *testing.T) {
	t.Parallel()
	machine := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	start := time.Date(2026, 3, 2, 18, 0, 0, 0, time.UTC)
	c := app.NewPlayClock(start, func() time.Time { return machine })
	at := func(what string, want time.Duration) {
		t.Helper()
		if got := c.Now().Sub(start); got != want {
			t.Errorf("%s: %s after the start, want %s", what, got, want)
		}
	}
	machine = machine.Add(time.Hour)
	at("it stands", 0)
	c.Run(60)
	machine = machine.Add(time.Minute)
	at("sixty times as fast", time.Hour)
	c.Run(0)
	machine = machine.Add(time.Hour)
	at("it stands again", time.Hour)
	c.Forward(start.Add(90 * time.Minute))
	at("set forward", 90*time.Minute)
	c.Forward(start)
	at("never back", 90*time.Minute)
}
