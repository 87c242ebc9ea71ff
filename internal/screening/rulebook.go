package screening

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

func (g *Generation) screenRules(dst []Finding, s *Screened, scratch *screenScratch) []Finding {
	if g.rules == nil || s.View == nil || g.rules.Len() == 0 {
		return dst
	}
	scratch.rules = g.rules.Evaluate(scratch.rules[:0], s.Subject.Domain, s.View, g.clock())
	for _, h := range scratch.rules {
		if h.Rule.Shadow {
			g.shadows.note(h.Rule.ID, h.Rule.Version, s.Subject.ID)
			continue
		}
		f := Finding{Engine: EngineRule, Matched: h.Rule.ID, Rule: h.Rule.ID, RuleVersion: h.Rule.Version,
			Explanation: Explanation{Code: CodeRuleHit, Title: h.Rule.Title, Reason: h.Rule.Explain, Advice: h.Rule.Advice}}
		if f.Explanation.Reason == "" {
			f.Explanation.Reason = h.Rule.Basis
		}
		if f.Severity.UnmarshalText([]byte(h.Rule.Severity)) != nil || f.Severity == 0 {
			f.Severity = Low
		}
		for _, v := range h.Values {
			f.Explanation.Evidence = append(f.Explanation.Evidence, Evidence{Code: v.Name, Subject: v.Value})
		}
		dst = append(dst, f)
	}
	clear(scratch.rules)
	return dst
}

// RulesSummary tells what loading a set of rules brought.
type RulesSummary struct {
	Name  string `json:"name"`
	Rules int    `json:"rules"`
}

// ErrExamples are rules whose own examples do not give what they should.
type ErrExamples struct{ Failed []rules.Result }

func (e *ErrExamples) Error() string {
	r := e.Failed[0]
	why := r.Err
	if why == "" {
		why = fmt.Sprintf("gave %t, wanted %t", r.Got, r.Want)
	}
	return fmt.Sprintf("%s:%d: rule %s, example %q: %s", r.File, r.Line, r.Rule, r.Example, why)
}

// LoadRules replaces the set of rules of that name when all of it compiles and its examples hold. They are live at once,
// each a version of its own where it is new or changed.
func LoadRules(ctx context.Context, st *store.Store, vocabularies []rules.Vocabulary, u Upload) (RulesSummary, error) {
	if !validName.MatchString(u.Name) {
		return RulesSummary{}, ErrName
	}
	files := make([]rules.File, 0, len(u.Files))
	for _, f := range u.Files {
		files = append(files, rules.File{Name: f.Name, Data: f.Data})
	}
	set, err := rules.Parse(files, vocabularies)
	if err != nil {
		return RulesSummary{}, err
	}
	failed := slices.DeleteFunc(set.Test(), func(r rules.Result) bool { return r.Passed })
	if len(failed) > 0 {
		return RulesSummary{}, &ErrExamples{failed}
	}
	s := RulesSummary{Name: u.Name, Rules: set.Len()}
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		before, err := readRules(ctx, tx)
		if err != nil {
			return err
		}
		var others []rules.File
		for name, f := range before {
			if name != u.Name {
				others = append(others, f...)
			}
		}
		if _, err := rules.Parse(append(others, files...), vocabularies); err != nil {
			return err
		}
		old, _ := rules.Read(before[u.Name])
		if err := keepOperators(ctx, tx, u.By, old, set.Rules()); err != nil {
			return err
		}
		same := slices.EqualFunc(before[u.Name], sorted(files), func(a, b rules.File) bool { return a.Name == b.Name && string(a.Data) == string(b.Data) })
		if same {
			return nil
		}
		return replaceRules(ctx, tx, u, files, s)
	})
	return s, err
}

func replaceRules(ctx context.Context, tx store.Tx, u Upload, files []rules.File, s RulesSummary) error {
	if _, err := tx.ExecContext(ctx, `delete from screening_rule where name = $1`, u.Name); err != nil {
		return err
	}
	var rows [][]any
	for _, f := range files {
		rows = append(rows, []any{u.Name, f.Name, string(f.Data), store.Micros(tx.Now()), u.By})
	}
	if _, err := insertRules.Exec(ctx, tx, rows); err != nil {
		return err
	}
	if err := advance(ctx, tx, generationCounter); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: u.By, Role: u.Role, Action: "rules.load", Touched: []string{u.Name}, Detail: fmt.Sprintf("%d rules", s.Rules)})
}

func sorted(files []rules.File) []rules.File {
	return slices.SortedFunc(slices.Values(files), func(a, b rules.File) int { return cmp.Compare(a.Name, b.Name) })
}
