package intake_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/intake"
)

// within waits for something that must come, a minute at most.
func within(t *testing.T, what string, came <-chan struct{}) {
	t.Helper()
	select {
	case <-came:
	case <-time.After(time.Minute):
		t.Fatal(what)
	}
}

// While somebody waits for an answer a turn fewer is given, and what is under way lets them go first.
func TestTurnsLeaveACoreToWhoWaits(t *testing.T) {
	t.Parallel()
	turns := intake.NewTurnsOf(2)
	turns.Take()
	turns.Take()
	done := turns.Ask()
	passed := make(chan struct{})
	go func() {
		turns.Pass() // one of the two; it comes back when the answer is given, or the other turn is over
		close(passed)
	}()
	for turns.Taken() != 1 {
		time.Sleep(time.Millisecond)
	}
	select {
	case <-passed:
		t.Error("both turns went on while somebody waited")
	default:
	}
	done()
	done() // twice changes nothing
	within(t, "the turn did not come back when the answer was given", passed)
	turns.Give()
	turns.Give()
	if n := turns.Taken(); n != 0 {
		t.Errorf("%d turns are taken when all are given back", n)
	}
}

// On one core work goes on also while somebody waits, only not in two places.
func TestTurnsOnOneCore(t *testing.T) {
	t.Parallel()
	turns := intake.NewTurnsOf(1)
	defer turns.Ask()()
	worked := make(chan struct{})
	go func() {
		turns.Take()
		turns.Pass()
		turns.Give()
		close(worked)
	}()
	within(t, "nothing was worked on while somebody waited", worked)
}

// Whoever has what others wait for takes its turn at once, and the others make room for it while somebody waits.
func TestTurnsAreHeldAtOnce(t *testing.T) {
	t.Parallel()
	turns := intake.NewTurnsOf(2)
	defer turns.Ask()()
	turns.Take()
	turns.Hold()
	passed := make(chan struct{})
	go func() {
		turns.Pass()
		close(passed)
	}()
	for turns.Taken() != 1 {
		time.Sleep(time.Millisecond)
	}
	turns.Give() // what was held
	within(t, "who made room did not go on", passed)
	turns.Give()
	if n := turns.Taken(); n != 0 {
		t.Errorf("%d turns are taken when all are given back", n)
	}
}

// However turns, passes and questions mix: never more at once than there are cores, and everything comes to an end.
func TestTurnsAreBoundedAndEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		most := rapid.IntRange(1, 4).Draw(rt, "cores")
		workers := rapid.SliceOfN(rapid.IntRange(0, 3), 1, 12).Draw(rt, "passes of each")
		askers := rapid.IntRange(0, 3).Draw(rt, "askers")
		turns := intake.NewTurnsOf(most)
		var now, worst atomic.Int64
		var all sync.WaitGroup
		for _, passes := range workers {
			all.Go(func() {
				turns.Take()
				for range passes + 1 {
					n := now.Add(1)
					for was := worst.Load(); n > was && !worst.CompareAndSwap(was, n); was = worst.Load() {
						continue
					}
					now.Add(-1)
					turns.Pass()
				}
				turns.Give()
			})
		}
		for range askers {
			all.Go(func() { turns.Ask()() })
		}
		all.Wait()
		if int(worst.Load()) > most || turns.Taken() != 0 {
			rt.Errorf("%d at once with %d cores, %d turns left", worst.Load(), most, turns.Taken())
		}
	})
}
