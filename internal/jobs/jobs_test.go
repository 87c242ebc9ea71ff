package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var start = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// clock is one that a test turns. The two stores of a test share it, so a test never goes back.
type clock struct{ passed atomic.Int64 }

func (c *clock) now() time.Time       { return start.Add(time.Duration(c.passed.Load())) }
func (c *clock) pass(d time.Duration) { c.passed.Add(int64(d)) }

// at runs a test on both stores, one after the other, each under a clock of its own.
func at(t *testing.T, test func(t *testing.T, open func() *store.Store, c *clock)) {
	t.Helper()
	c := &clock{}
	var turn sync.Mutex
	storetest.EachWith(t, store.Options{Clock: c.now}, func(t *testing.T, open func() *store.Store) {
		turn.Lock()
		defer turn.Unlock()
		c.passed.Store(0)
		test(t, open, c)
	})
}

func worker(t *testing.T, st *store.Store, owner string) *jobs.Jobs {
	t.Helper()
	j, err := jobs.Open(t.Context(), st, jobs.Options{Owner: owner, Lease: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func schedule(t *testing.T, st *store.Store, list ...jobs.Job) {
	t.Helper()
	if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return jobs.Schedule(ctx, tx, list...) }); err != nil {
		t.Fatal(err)
	}
}

func step(t *testing.T, j *jobs.Jobs) int {
	t.Helper()
	n, err := j.Step(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAJobIsDoneOnceWhenItIsDue(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, open func() *store.Store, c *clock) {
		st := open()
		j := worker(t, st, "a")
		var done []string
		j.Handle("note", func(_ context.Context, _ store.Tx, job jobs.Job) error {
			done = append(done, job.ID+string(job.Body))
			return nil
		})
		schedule(t, st,
			jobs.Job{ID: "later", Kind: "note", Due: start.Add(time.Hour), Body: []byte("!")},
			jobs.Job{ID: "now", Kind: "note", Due: start, Body: []byte("?")},
			jobs.Job{ID: "another node's", Kind: "unknown here", Due: start},
			jobs.Job{ID: "cancelled", Kind: "note", Due: start})
		if err := st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return jobs.Cancel(ctx, tx, "cancelled", "never was") }); err != nil {
			t.Fatal(err)
		}
		steps := []int{step(t, j), step(t, j)}
		schedule(t, st, jobs.Job{ID: "later", Kind: "note", Due: start.Add(2 * time.Hour), Body: []byte("!!")})
		c.pass(time.Hour)
		steps = append(steps, step(t, j))
		c.pass(time.Hour)
		steps = append(steps, step(t, j), step(t, j))
		if diff := cmp.Diff([]int{1, 0, 0, 1, 0}, steps); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"now?", "later!!"}, done); diff != "" {
			t.Errorf("done (-want +got):\n%s", diff)
		}
	})
}

func TestWhatFailsIsTriedAgainLaterEachTime(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, open func() *store.Store, c *clock) {
		st := open()
		j := worker(t, st, "a")
		var attempts []time.Duration
		j.HandleOutside("send", func(_ context.Context, job jobs.Job) error {
			attempts = append(attempts, c.now().Sub(start))
			switch len(attempts) {
			case 1:
				return errors.New("nobody answers")
			case 2:
				panic("a bug")
			case 3:
				return jobs.Later(time.Minute, errors.New("they said: in a minute"))
			}
			if job.Attempts != 3 {
				t.Errorf("%d attempts", job.Attempts)
			}
			return nil
		})
		schedule(t, st, jobs.Job{ID: "x", Kind: "send", Due: start})
		for range 65 {
			step(t, j)
			c.pass(time.Second)
			if len(attempts) == 1 {
				failing, err := j.Failing(t.Context(), 10)
				if err != nil || len(failing) != 1 || failing[0].Fault != "nobody answers" {
					t.Fatal(failing, err)
				}
			}
		}
		if diff := cmp.Diff([]time.Duration{0, time.Second, 3 * time.Second, 63 * time.Second}, attempts); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if failing, err := j.Failing(t.Context(), 10); err != nil || len(failing) != 0 {
			t.Error(failing, err)
		}
	})
}

func TestAJobMayComeAgain(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, open func() *store.Store, c *clock) {
		st := open()
		j := worker(t, st, "a")
		done := 0
		j.Handle("daily", func(ctx context.Context, tx store.Tx, job jobs.Job) error {
			done++
			return jobs.Schedule(ctx, tx, jobs.Job{ID: job.ID, Kind: job.Kind, Due: job.Due.AddDate(0, 0, 1)})
		})
		schedule(t, st, jobs.Job{ID: "x", Kind: "daily", Due: start})
		for range 3 {
			step(t, j)
			step(t, j)
			c.pass(24 * time.Hour)
		}
		if done != 3 {
			t.Errorf("done %d times", done)
		}
	})
}

func TestAHandlerWhoseLeaseWentCommitsNothing(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, open func() *store.Store, c *clock) {
		a, b := open(), open()
		slow, quick := worker(t, a, "slow"), worker(t, b, "quick")
		var quickly int
		slow.HandleOutside("send", func(context.Context, jobs.Job) error {
			c.pass(2 * time.Minute) // longer than the lease
			step(t, quick)
			return nil
		})
		quick.HandleOutside("send", func(context.Context, jobs.Job) error {
			quickly++
			return errors.New("not yet")
		})
		schedule(t, a, jobs.Job{ID: "x", Kind: "send", Due: start})
		step(t, slow)
		if failing, err := slow.Failing(t.Context(), 10); err != nil || len(failing) != 1 || quickly != 1 {
			t.Errorf("the slow one settled what was no longer its own: %v %v %d", failing, err, quickly)
		}
	})
}

func TestManyNodesDoEachJobOnce(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		const count = 30
		nodes := []*store.Store{open(), open()}
		var list []jobs.Job
		for i := range count {
			list = append(list, jobs.Job{ID: fmt.Sprint(i), Kind: "count"})
		}
		var workers []*jobs.Jobs
		for i, st := range nodes {
			j := worker(t, st, fmt.Sprint(i))
			j.Handle("count", func(ctx context.Context, tx store.Tx, job jobs.Job) error {
				_, err := store.NextNumber(ctx, tx, "done "+job.ID, 1)
				return err
			})
			workers = append(workers, j)
		}
		schedule(t, nodes[0], list...)
		var taken atomic.Int64
		var g errgroup.Group
		for _, j := range workers {
			g.Go(func() error {
				for {
					n, err := j.Step(t.Context())
					if err != nil || n == 0 {
						return err
					}
					taken.Add(int64(n))
				}
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		for i := range count {
			if n, err := store.LastNumber(t.Context(), nodes[0].Read(), "done "+fmt.Sprint(i)); err != nil || n != 1 {
				t.Errorf("job %d was done %d times (%v)", i, n, err)
			}
		}
		if taken.Load() != count {
			t.Errorf("%d jobs taken on, wanted %d", taken.Load(), count)
		}
	})
}

func TestWorkCutOffByTheEndIsGivenBack(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	j := worker(t, st, "a")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	again := false
	j.HandleOutside("send", func(ctx context.Context, _ jobs.Job) error {
		if again {
			return nil
		}
		cancel() // the node drains
		<-ctx.Done()
		return ctx.Err()
	})
	go func() {
		defer close(done)
		if err := j.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	schedule(t, st, jobs.Job{ID: "x", Kind: "send"})
	<-done
	again = true
	if n := step(t, j); n != 1 {
		t.Errorf("%d jobs were there to do again", n)
	}
}

func TestASlowJobHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	j := worker(t, st, "a")
	release, quick := make(chan struct{}), make(chan struct{})
	j.HandleOutside("slow", func(context.Context, jobs.Job) error { <-release; return nil })
	j.HandleOutside("quick", func(context.Context, jobs.Job) error { close(quick); return nil })
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { _ = j.Run(ctx) })
	schedule(t, st, jobs.Job{Kind: "slow"})
	schedule(t, st, jobs.Job{Kind: "quick"})
	<-quick
	close(release)
	cancel()
	wait.Wait()
}
