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

// tell writes out what a trial found.
func (b *Backtest) tell() {
	t := &b.trial
	b.From, b.To, b.Started, b.Ended = t.From, t.To, t.Started, t.Ended
	b.Looked, b.Hits, b.People = t.Looked, t.Hits, len(t.People)
	b.Failures, b.Failure, b.Error = t.Failures, t.Failure, t.Error
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
