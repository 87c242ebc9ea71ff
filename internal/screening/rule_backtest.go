package screening

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// Past is a domain that can be asked for its subjects of days gone by.
type Past interface {
	// History gives subjects of the days from and to, both inclusive (YYYY-MM-DD), n at a time, in whatever order does not
	// change, and where to go on; next is "" at the end.
	History(ctx context.Context, r store.Reader, from, to, after string, n int) (page []Screened, next string, err error)
	// Screen gives subjects by id; one that is gone is left out.
	Screen(context.Context, store.Reader, []ID) ([]Screened, error)
}

// Backtest is a version of a rule tried on the past: what it would have found.
type Backtest struct {
	ID       string        `json:"id"`
	Rule     string        `json:"rule"`
	Version  string        `json:"version"`
	Current  bool          `json:"current" doc:"The version's text is still the one that was tried"`
	State    string        `json:"state" enum:"waiting,running,done,failed"`
	By       string        `json:"by"`
	Asked    time.Time     `json:"asked"`
	Started  time.Time     `json:"started,omitzero"`
	Ended    time.Time     `json:"ended,omitzero"`
	From     string        `json:"from" doc:"The first day"`
	To       string        `json:"to" doc:"The last day"`
	Looked   int           `json:"looked"`
	Hits     int           `json:"hits"`
	Rate     float64       `json:"rate"`
	Failures int           `json:"failures"`
	Failure  string        `json:"failure,omitempty"`
	Days     []BacktestDay `json:"days" nullable:"false"`
	Overlap  []Overlap     `json:"overlap" nullable:"false" doc:"With live rules, most alike first"`
	People   int           `json:"people" doc:"How many of those hit can be looked at"`
	Error    string        `json:"error,omitempty"`

	digest string
	trial  trial
}

// BacktestDay is one day of the past; the day is that of the journey's end.
type BacktestDay struct {
	Day    string `json:"day"`
	Looked int    `json:"looked"`
	Hits   int    `json:"hits"`
}

// Overlap is how far a rule finds whom another finds too.
type Overlap struct {
	Rule    string  `json:"rule"`
	Title   string  `json:"title"`
	Both    int     `json:"both"`
	Theirs  int     `json:"theirs"`
	Jaccard float64 `json:"jaccard"`
}

// The states of a backtest.
const (
	BacktestWaiting = "waiting"
	BacktestRunning = "running"
	BacktestDone    = "done"
	BacktestFailed  = "failed"
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
	backtestStretch = 20 * time.Second // of work under one lease
	backtestPage    = 200              // subjects at once
	backtestSave    = 2 * time.Second
	mostPeople      = 100
	mostOverlaps    = 20
	longestPast     = 5 * 366 // days
	usualPast       = 90
	mostFailures    = 5 // of a job, before the backtest is given up
)

// Backtest asks for a version to be tried on the past. "" is the version under way, else the live one; empty days are the last ninety.
func (d *RuleDesk) Backtest(ctx context.Context, p access.Principal, rule, version, from, to string) (Backtest, error) {
	from, to, err := d.days(from, to)
	if err != nil {
		return Backtest{}, err
	}
	var b Backtest
	err = d.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		versions, err := versionsOf(ctx, tx, rule)
		if err != nil {
			return err
		}
		v, err := triedOf(versions, rule, version)
		if err != nil {
			return err
		}
		if d.pasts[v.body.Domain] == nil {
			return api.Errorf(api.Unprocessable, "domain %s keeps no past to try a rule on", v.body.Domain)
		}
		if checked, err := rules.Check(v.body.Rule, d.vocabularies, true); err != nil || len(checked.Errors) > 0 {
			if err == nil {
				err = api.Errorf(api.Unprocessable, "version %s does not compile: %s", v.body.Version, checked.Errors[0].Message).With("errors", checked.Errors)
			}
			return err
		}
		b = Backtest{ID: keys.Event(), Rule: rule, Version: v.body.Version, State: BacktestWaiting, By: p.Name, Asked: tx.Now(), digest: v.digest,
			trial: trial{From: from, To: to, Rule: v.body.Rule}}
		if err := saveBacktest(ctx, tx, &b); err != nil {
			return err
		}
		if err := recordRule(ctx, tx, p.Name, string(p.Role), "rule.backtest", v, from+" to "+to); err != nil {
			return err
		}
		return jobs.Schedule(ctx, tx, jobs.Job{ID: "backtest " + b.ID, Kind: backtestJob, Due: tx.Now(), Body: []byte(b.Rule + " " + b.ID)})
	})
	b.Current = true
	b.tell()
	return b, err
}

// days reads the days of a backtest.
func (d *RuleDesk) days(from, to string) (string, string, error) {
	today := d.clock().UTC()
	if to == "" {
		to = today.AddDate(0, 0, 1).Format(time.DateOnly) // whoever lands tomorrow is known today
	}
	last, err := time.Parse(time.DateOnly, to)
	if err != nil {
		return "", "", api.Errorf(api.Unprocessable, "to: %q is no day; write YYYY-MM-DD", to)
	}
	if from == "" {
		from = last.AddDate(0, 0, -usualPast).Format(time.DateOnly)
	}
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return "", "", api.Errorf(api.Unprocessable, "from: %q is no day; write YYYY-MM-DD", from)
	}
	if last.Before(first) || last.Sub(first) > longestPast*24*time.Hour {
		return "", "", api.Errorf(api.Unprocessable, "from %s to %s is no stretch of at most five years", from, to)
	}
	return from, to, nil
}

func triedOf(versions []ruleVersion, rule, version string) (*ruleVersion, error) {
	if len(versions) == 0 {
		return nil, noSuchRule(rule)
	}
	if version == "" {
		if v := openOf(versions); v != nil {
			return v, nil
		}
	}
	for i := range slices.Backward(versions) {
		if v := &versions[i]; v.body.Version == version || version == "" && v.state == RuleLive {
			return v, nil
		}
	}
	if version == "" {
		return &versions[len(versions)-1], nil
	}
	return nil, api.Errorf(api.NotFound, "%s has no version %q", rule, version)
}

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
	end, saved := time.Now().Add(backtestStretch), time.Now() // the machine's clock: this is about sharing it
	for b.State == BacktestRunning && time.Now().Before(end) {
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
		t.try(page, tried, d.screener.Generation(), d.clock())
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

// try asks the rule, and the live ones, of a page of subjects.
func (t *trial) try(page []Screened, tried *rules.Set, g *Generation, now time.Time) {
	if t.Days == nil {
		t.Days, t.Both, t.Theirs, t.Titles = make(map[string][2]int), make(map[string]int), make(map[string]int), make(map[string]string)
	}
	var mine, others []rules.Hit
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
		if g == nil || g.rules == nil {
			continue
		}
		others = g.rules.Evaluate(others[:0], t.Rule.Domain, s.View, now)
		for _, o := range others {
			if o.Rule.Shadow || o.Rule.ID == t.Rule.ID {
				continue
			}
			t.Theirs[o.Rule.ID]++
			t.Titles[o.Rule.ID] = o.Rule.Title
			if hit {
				t.Both[o.Rule.ID]++
			}
		}
	}
}

// tell writes out what a trial found.
func (b *Backtest) tell() {
	t := &b.trial
	b.From, b.To, b.Started, b.Ended, b.Looked, b.Hits, b.Failures, b.Failure, b.Error, b.People = t.From, t.To, t.Started, t.Ended, t.Looked, t.Hits, t.Failures, t.Failure, t.Error, len(t.People)
	if t.Looked > 0 {
		b.Rate = float64(t.Hits) / float64(t.Looked)
	}
	b.Days, b.Overlap = []BacktestDay{}, []Overlap{}
	for _, day := range slices.Sorted(maps.Keys(t.Days)) {
		b.Days = append(b.Days, BacktestDay{day, t.Days[day][0], t.Days[day][1]})
	}
	for rule, both := range t.Both {
		theirs := t.Theirs[rule]
		b.Overlap = append(b.Overlap, Overlap{rule, t.Titles[rule], both, theirs, float64(both) / float64(t.Hits+theirs-both)})
	}
	slices.SortFunc(b.Overlap, func(x, y Overlap) int {
		return cmp.Or(-cmp.Compare(x.Jaccard, y.Jaccard), cmp.Compare(x.Rule, y.Rule))
	})
	b.Overlap = b.Overlap[:min(len(b.Overlap), mostOverlaps)]
}

var saveBacktests = store.NewInsert("screening_rule_backtest", []string{"rule", "id", "version", "digest", "state", "asked", "actor", "body"},
	"on conflict (rule, id) do update set state = excluded.state, body = excluded.body")

func saveBacktest(ctx context.Context, tx store.Tx, b *Backtest) error {
	body, err := json.Marshal(b.trial)
	if err != nil {
		return err
	}
	_, err = saveBacktests.Exec(ctx, tx, [][]any{{b.Rule, b.ID, b.Version, b.digest, b.State, store.Micros(b.Asked), b.By, string(body)}})
	return err
}

const backtestColumns = `rule, id, version, digest, state, asked, actor, body`

func scanBacktest(row interface{ Scan(...any) error }) (Backtest, error) {
	var b Backtest
	var asked int64
	var body []byte
	if err := row.Scan(&b.Rule, &b.ID, &b.Version, &b.digest, &b.State, &asked, &b.By, &body); err != nil {
		return b, err
	}
	b.Asked = store.Time(asked)
	if err := json.Unmarshal(body, &b.trial); err != nil {
		return b, fmt.Errorf("a stored backtest: %w", err)
	}
	b.tell()
	return b, nil
}

func backtestNamed(ctx context.Context, r store.Reader, rule, id string) (Backtest, error) {
	b, err := scanBacktest(r.QueryRowContext(ctx, `select `+backtestColumns+` from screening_rule_backtest where rule = $1 and id = $2`, rule, id))
	if errors.Is(err, sql.ErrNoRows) {
		return b, api.Errorf(api.NotFound, "rule %q has no backtest %q", rule, id)
	}
	return b, err
}

func backtestsOf(ctx context.Context, r store.Reader, rule string) ([]Backtest, error) {
	out := []Backtest{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		b, err := scanBacktest(rows)
		out = append(out, b)
		return err
	}, `select `+backtestColumns+` from screening_rule_backtest where rule = $1 order by asked desc, id desc`, rule)
	return out, err
}

// Backtests lists a rule's, newest first.
func (d *RuleDesk) Backtests(ctx context.Context, rule string) ([]Backtest, error) {
	r := d.st.Read()
	versions, err := versionsOf(ctx, r, rule)
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, noSuchRule(rule)
	}
	all, err := backtestsOf(ctx, r, rule)
	for i := range all {
		all[i].Current = slices.ContainsFunc(versions, func(v ruleVersion) bool {
			return v.body.Version == all[i].Version && v.digest == all[i].digest
		})
	}
	return all, err
}

// BacktestNamed is one of them.
func (d *RuleDesk) BacktestNamed(ctx context.Context, rule, id string) (Backtest, error) {
	all, err := d.Backtests(ctx, rule)
	if err != nil {
		return Backtest{}, err
	}
	for _, b := range all {
		if b.ID == id {
			return b, nil
		}
	}
	return Backtest{}, api.Errorf(api.NotFound, "rule %q has no backtest %q", rule, id)
}

// RuleHitPerson is somebody whom a rule on trial hits. Nothing of it is kept with the trial but the id: whoever is erased is
// gone from here too.
type RuleHitPerson struct {
	Subject ID            `json:"subject"`
	Within  string        `json:"within,omitempty"`
	Name    string        `json:"name"`
	Context string        `json:"context,omitempty"`
	Day     string        `json:"day,omitempty"`
	Found   time.Time     `json:"found,omitzero"`
	Values  []rules.Value `json:"values,omitempty" doc:"What the rule looked at, as it is now"`
}

// BacktestPeople tells whom a backtest hit, as they are now. The reading is to be told to the audit log before it leaves.
func (d *RuleDesk) BacktestPeople(ctx context.Context, rule, id string) ([]RuleHitPerson, error) {
	b, err := backtestNamed(ctx, d.st.Read(), rule, id)
	if err != nil {
		return nil, err
	}
	return d.people(ctx, b.trial.Rule, b.trial.People)
}

// ShadowPeople tells whom a version in shadow would have hit, n at a time and after the one named.
func (d *RuleDesk) ShadowPeople(ctx context.Context, rule, version string, after ID, n int) (people []RuleHitPerson, next ID, err error) {
	versions, err := versionsOf(ctx, d.st.Read(), rule)
	if err != nil {
		return nil, "", err
	}
	v, err := triedOf(versions, rule, version)
	if err != nil {
		return nil, "", err
	}
	ids, found, err := shadowHits(ctx, d.st.Read(), rule, v.body.Version, after, n+1)
	if err != nil {
		return nil, "", err
	}
	if len(ids) > n {
		ids, next = ids[:n], ids[n-1]
	}
	people, err = d.people(ctx, v.body.Rule, ids)
	for i := range people {
		people[i].Found = found[people[i].Subject]
	}
	return people, next, err
}

func (d *RuleDesk) people(ctx context.Context, r rules.Rule, ids []ID) ([]RuleHitPerson, error) {
	out := []RuleHitPerson{}
	past := d.pasts[r.Domain]
	if past == nil || len(ids) == 0 {
		return out, nil
	}
	set, wrong, err := rules.Compile([]rules.Rule{r.Alone()}, d.vocabularies)
	if err != nil {
		return nil, err
	}
	screened, err := past.Screen(ctx, d.st.Read(), ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[ID]*Screened, len(screened))
	for i := range screened {
		byID[screened[i].Subject.ID] = &screened[i]
	}
	for _, id := range ids {
		s := byID[id]
		if s == nil {
			continue
		}
		p := RuleHitPerson{Subject: id, Within: s.Subject.Within, Context: s.Subject.Context}
		if len(s.Subject.Names) > 0 {
			p.Name = s.Subject.Names[0].String()
		}
		if !s.Subject.Until.IsZero() {
			p.Day = s.Subject.Until.UTC().Format(time.DateOnly)
		}
		if len(wrong) == 0 {
			for _, h := range set.Evaluate(nil, r.Domain, s.View, time.Time{}) {
				p.Values = h.Values
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// Seen is the audit entry of having read who was hit.
func Seen(p access.Principal, action, rule string, people []RuleHitPerson) audit.Entry {
	e := audit.Entry{Actor: p.Name, Role: string(p.Role), Action: action, Touched: []string{rule}}
	for _, who := range people {
		e.Touched = append(e.Touched, string(who.Subject))
	}
	return e
}
