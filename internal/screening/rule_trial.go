package screening

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// trial is where a backtest stands: all that the next stretch of work needs. It does not grow with the past, but for a
// line a day.
type trial struct {
	From, To       string
	Rule           rules.Rule
	Started, Ended time.Time
	After          string
	Looked, Hits   int
	Failures       int
	Failure        string `json:",omitempty"`
	Days           map[string][2]int
	Both, Theirs   map[string]int
	Titles         map[string]string
	People         []ID
	Error          string `json:",omitempty"`
}

const (
	backtestJob     = "rule.backtest"
	backtestStretch = 20 * time.Second // of work under one lease, unless told otherwise
	backtestPage    = 200              // subjects at once
	backtestSave    = 2 * time.Second
	mostPeople      = 100
	mostOverlaps    = 20
	longestPast     = 5 * 366 // days
	usualPast       = 90
	mostFailures    = 5 // of a job, before the backtest is given up
)

// workOnBacktest does one stretch of a backtest, keeps where it stands, and comes again until it is done. It takes at
// most half a core, so that a node that serves goes on serving.
func (d *RuleDesk) workOnBacktest(ctx context.Context, j jobs.Job) error {
	var rule, id string
	if _, err := fmt.Sscan(string(j.Body), &rule, &id); err != nil {
		return err
	}
	b, err := backtestNamed(ctx, d.st.Read(), rule, id)
	if err != nil || b.State == BacktestDone || b.State == BacktestFailed {
		return err
	}
	if b.State == BacktestWaiting {
		b.State, b.trial.Started = BacktestRunning, d.clock()
	}
	err = d.stretch(ctx, &b)
	if err != nil && (ctx.Err() != nil || j.Attempts < mostFailures) {
		return err
	}
	if err != nil {
		b.State, b.trial.Error, b.trial.Ended = BacktestFailed, err.Error(), d.clock()
	}
	return d.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := saveBacktest(ctx, tx, &b); err != nil {
			return err
		}
		if b.State == BacktestRunning {
			return jobs.Schedule(ctx, tx, jobs.Job{ID: j.ID, Kind: j.Kind, Due: tx.Now(), Body: j.Body})
		}
		return d.announce(ctx, tx, b.Rule, map[string]int{"backtest": 1})
	})
}

func (d *RuleDesk) stretch(ctx context.Context, b *Backtest) error {
	t := &b.trial
	tried, wrong, err := rules.Compile([]rules.Rule{t.Rule.Alone()}, d.vocabularies)
	if err = errors.Join(append(wrong, err)...); err != nil {
		return err
	}
	past := d.pasts[t.Rule.Domain]
	if past == nil {
		return fmt.Errorf("domain %s keeps no past", t.Rule.Domain)
	}
	others, err := d.beside(&t.Rule)
	if err != nil {
		return err
	}
	end, saved := time.Now().Add(d.stretchFor), time.Now() // the machine's clock: this is about sharing it
	for pages := 0; pages == 0 || time.Now().Before(end); pages++ {
		began := time.Now()
		var page []Screened
		var next string
		err := d.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
			page, next, err = past.History(ctx, r, t.From, t.To, t.After, backtestPage)
			return err
		})
		if err != nil {
			return err
		}
		failed := tried.Failures(t.Rule.ID)
		t.try(page, tried, others, d.clock())
		if n := tried.Failures(t.Rule.ID) - failed; n > 0 {
			t.Failures += int(n)
			t.Failure = tried.LastFailure(t.Rule.ID)
		}
		if t.After = next; next == "" {
			b.State, t.Ended = BacktestDone, d.clock()
			return nil
		}
		if time.Since(saved) > backtestSave {
			saved = time.Now()
			if err := d.st.Write(ctx, func(ctx context.Context, tx store.Tx) error { return saveBacktest(ctx, tx, b) }); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(time.Since(began), time.Second)):
		}
	}
	return nil
}

// beside compiles the live rules that a rule is compared with: a set of its own, so that what the past does to it is not
// counted towards the rules that are in force.
func (d *RuleDesk) beside(r *rules.Rule) (*rules.Set, error) {
	var all []rules.Rule
	if g := d.screener.Generation(); g != nil && g.rules != nil {
		for _, other := range g.rules.Rules() {
			if other.Domain == r.Domain && other.ID != r.ID && !other.Shadow {
				all = append(all, other)
			}
		}
	}
	set, _, err := rules.Compile(all, d.vocabularies) // each compiled before
	return set, err
}

// try asks the rule, and the live ones, of a page of subjects.
func (t *trial) try(page []Screened, tried, others *rules.Set, now time.Time) {
	if t.Days == nil {
		t.Days, t.Both, t.Theirs, t.Titles = make(map[string][2]int), make(map[string]int), make(map[string]int), make(map[string]string)
	}
	var mine, theirs []rules.Hit
	for i := range page {
		s := &page[i]
		mine = tried.Evaluate(mine[:0], t.Rule.Domain, s.View, time.Time{}) // an expired rule can still be tried
		hit := len(mine) > 0
		day := s.Subject.Until.UTC().Format(time.DateOnly)
		if s.Subject.Until.IsZero() {
			day = ""
		}
		count := t.Days[day]
		count[0]++
		t.Looked++
		if hit {
			count[1]++
			t.Hits++
			if len(t.People) < mostPeople {
				t.People = append(t.People, s.Subject.ID)
			}
		}
		t.Days[day] = count
		theirs = others.Evaluate(theirs[:0], t.Rule.Domain, s.View, now)
		for _, o := range theirs {
			t.Theirs[o.Rule.ID]++
			t.Titles[o.Rule.ID] = o.Rule.Title
			if hit {
				t.Both[o.Rule.ID]++
			}
		}
	}
}
