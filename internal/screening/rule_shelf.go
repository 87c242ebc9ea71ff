package screening

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// ruleShelf is what is evaluated: the operator's files, and what the desk has made live or put into shadow.
type ruleShelf struct {
	files map[string][]rules.File // by the set's name
	desk  []rules.Rule
}

func readShelf(ctx context.Context, r store.Reader) (ruleShelf, error) {
	files, err := readRules(ctx, r)
	if err != nil {
		return ruleShelf{}, err
	}
	versions, err := ruleVersions(ctx, r, `select `+ruleVersionColumns+` from screening_rule_version
		where origin = $1 and state in ($2, $3, $4) order by rule, number`, FromDesk, RuleShadow, RuleApproved, RuleLive)
	shelf := ruleShelf{files: files}
	for i := range versions {
		rule := versions[i].body.Rule
		rule.Shadow = versions[i].state != RuleLive
		shelf.desk = append(shelf.desk, rule)
	}
	return shelf, err
}

func readRules(ctx context.Context, r store.Reader) (map[string][]rules.File, error) {
	files := make(map[string][]rules.File)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var name string
		var f rules.File
		err := rows.Scan(&name, &f.Name, &f.Data)
		files[name] = append(files[name], f)
		return err
	}, `select name, file, body from screening_rule order by name, file`)
	return files, err
}

// compile leaves out what this program cannot read: a whole set of the operator's, or one rule of the desk's (each was
// checked when it came; a vocabulary may have changed since). The rest goes on. Where both name a rule the operator's counts.
func (s *Screener) compile(shelf ruleShelf) *rules.Set {
	var good []rules.Rule
	names := make([]string, 0, len(shelf.files))
	for name := range shelf.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		read, errs := rules.Read(shelf.files[name])
		if len(errs) == 0 {
			_, errs, _ = rules.Compile(read, s.options.Vocabularies)
		}
		if len(errs) > 0 {
			s.options.Logger.Error("rules left out: they no longer compile", "rules", name, "error", errors.Join(errs...))
			continue
		}
		good = append(good, read...)
	}
	set, errs, err := rules.Compile(append(good, shelf.desk...), s.options.Vocabularies)
	if err != nil {
		s.options.Logger.Error("rules left out: their vocabulary cannot be read", "error", err)
		return nil
	}
	if len(errs) > 0 {
		s.options.Logger.Error("rules left out", "error", errors.Join(errs...))
	}
	return set
}

// tendRules is what rules need each second: shadow hits are kept, and what has expired is retired. What fails is tried
// again the next time; screening goes on meanwhile.
func (s *Screener) tendRules(ctx context.Context) {
	if s.st.ReadOnly() {
		return
	}
	if err := s.shadows.keep(ctx, s.st); err != nil && ctx.Err() == nil {
		s.options.Logger.Error("hits of rules in shadow could not be kept; they are tried again", "error", err)
	}
	if err := s.retireExpired(ctx); err != nil && ctx.Err() == nil {
		s.options.Logger.Error("expired rules could not be retired; it is tried again", "error", err)
	}
}

// retireExpired ends rules whose last day is over: the desk's are retired, an operator's is marked as expired for as long as
// its file names it. What they found of those still ahead goes with them.
func (s *Screener) retireExpired(ctx context.Context) error {
	g, now := s.Generation(), s.options.Clock()
	if g == nil || g.rules == nil || !slices.ContainsFunc(g.rules.Rules(), func(r rules.Rule) bool { return expiredRule(&r, now) }) {
		return nil
	}
	if over, err := expiredVersions(ctx, s.st.Read(), now); err != nil || len(over) == 0 {
		return err
	}
	return s.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		over, err := expiredVersions(ctx, tx, now)
		if err != nil || len(over) == 0 {
			return err
		}
		for i := range over {
			to := RuleRetired
			if over[i].origin == FromOperator {
				to = RuleExpired
			}
			over[i].move(tx.Now(), "rihla", to, "expired")
			if err := recordRule(ctx, tx, "rihla", "system", "rule.retire", &over[i], "expired"); err != nil {
				return err
			}
		}
		if err := saveRuleVersion(ctx, tx, over...); err != nil {
			return err
		}
		return advance(ctx, tx, generationCounter)
	})
}

func expiredVersions(ctx context.Context, r store.Reader, now time.Time) ([]ruleVersion, error) {
	versions, err := ruleVersions(ctx, r, `select `+ruleVersionColumns+` from screening_rule_version where state in ($1, $2, $3)`,
		RuleShadow, RuleApproved, RuleLive)
	return slices.DeleteFunc(versions, func(v ruleVersion) bool { return !expiredRule(&v.body.Rule, now) }), err
}

func expiredRule(r *rules.Rule, now time.Time) bool {
	day, err := time.Parse(time.DateOnly, r.Expires)
	return err == nil && !now.Before(day.AddDate(0, 0, 1))
}
