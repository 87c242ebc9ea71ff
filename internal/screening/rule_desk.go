package screening

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// RuleDesk is where people write rules and see them through their life: drafted, tried in shadow and on the past,
// approved by a second person, live, retired.
type RuleDesk struct {
	st           *store.Store
	screener     *Screener
	vocabularies []rules.Vocabulary
	pasts        map[string]Past // by domain
	announce     func(ctx context.Context, tx store.Tx, rule string, counts map[string]int) error
	clock        func() time.Time
	stretchFor   time.Duration
	checked      sync.Map // what checking a revision of a version gave
}

// RuleDeskOptions are what the desk needs of the house beside a screener.
type RuleDeskOptions struct {
	Jobs  *jobs.Jobs      // who works on backtests; nil leaves them waiting
	Pasts map[string]Past // domains that can be asked for days gone by
	// Stretch is how long a backtest works before it makes room for other jobs; 0 is twenty seconds.
	Stretch time.Duration
	// Announce tells live pages that a rule moved; nil tells nobody.
	Announce func(ctx context.Context, tx store.Tx, rule string, counts map[string]int) error
}

// NewRuleDesk opens the desk.
func NewRuleDesk(s *Screener, o RuleDeskOptions) *RuleDesk {
	d := &RuleDesk{st: s.st, screener: s, vocabularies: s.options.Vocabularies, pasts: o.Pasts, announce: o.Announce, clock: s.options.Clock, stretchFor: cmp.Or(o.Stretch, backtestStretch)}
	if d.announce == nil {
		d.announce = func(context.Context, store.Tx, string, map[string]int) error { return nil }
	}
	if o.Jobs != nil {
		o.Jobs.HandleOutside(backtestJob, d.workOnBacktest)
	}
	return d
}

// Vocabularies are what the desk's rules may speak of.
func (d *RuleDesk) Vocabularies() []rules.Vocabulary { return d.vocabularies }

// RuleText is a rule as somebody writes it.
type RuleText struct {
	ID         string        `json:"id" maxLength:"64"`
	Title      string        `json:"title,omitempty" maxLength:"200"`
	Owner      string        `json:"owner,omitempty" maxLength:"200"`
	Basis      string        `json:"basis,omitempty" maxLength:"1000"`
	Expires    string        `json:"expires,omitempty" maxLength:"10"`
	Severity   string        `json:"severity,omitempty" maxLength:"10"`
	Domain     string        `json:"domain"`
	Expression string        `json:"expression,omitempty" maxLength:"8000"`
	Explain    string        `json:"explain,omitempty" maxLength:"2000"`
	Advice     string        `json:"advice,omitempty" maxLength:"2000"`
	Examples   []ExampleText `json:"examples,omitempty" maxItems:"100"`
}

// ExampleText is an example as somebody writes it.
type ExampleText struct {
	Name  string         `json:"name"`
	Want  bool           `json:"want"`
	Given map[string]any `json:"given,omitempty"`
}

// Rule is the draft as a rule of that version.
func (t *RuleText) Rule(version string) rules.Rule {
	r := rules.Rule{ID: t.ID, Version: version, Title: t.Title, Owner: t.Owner, Basis: t.Basis, Expires: t.Expires, Severity: t.Severity, Domain: t.Domain,
		When: t.Expression, Explain: t.Explain, Advice: t.Advice}
	for _, e := range t.Examples {
		r.Examples = append(r.Examples, rules.Example{Name: e.Name, Given: e.Given, Want: e.Want})
	}
	return r.Alone()
}

var validRule = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// Words that stand for something else in the rules' paths.
var reservedRules = []string{"vocabulary", "check", "parse", "format"}

func noSuchRule(id string) error {
	return api.Errorf(api.NotFound, "there is no rule %q; GET /api/v1/rules names those there are", id)
}

// Draft begins a rule, or the next version of one. It is kept even where it does not compile yet.
func (d *RuleDesk) Draft(ctx context.Context, p access.Principal, t RuleText) (RuleInfo, error) {
	if !validRule.MatchString(t.ID) || slices.Contains(reservedRules, t.ID) {
		return RuleInfo{}, api.Errorf(api.Unprocessable, "%q cannot name a rule: use small letters, digits, dots and hyphens, at most 64", t.ID)
	}
	return d.change(ctx, t.ID, func(ctx context.Context, tx store.Tx, versions []ruleVersion) (*ruleVersion, error) {
		next := int64(1)
		for i := range versions {
			v := &versions[i]
			next = v.number + 1
			switch {
			case openRule(v.state):
				return nil, api.Errorf(api.Conflict, "version %s of %s is under way already (%s); change that one", v.body.Version, t.ID, v.state).With("version", v.body.Version)
			case (v.state == RuleLive || v.state == RuleExpired) && v.origin == FromOperator:
				return nil, api.Errorf(api.Conflict, "%s is a rule of the operator's files; copy it under another id", t.ID)
			}
		}
		v := ruleVersion{number: next, origin: FromDesk, author: p.Name, made: tx.Now()}
		v.body = ruleBody{Rule: t.Rule(strconv.FormatInt(next, 10)), Authors: []string{p.Name}}
		v.digest = ruleDigest(&v.body.Rule)
		v.move(tx.Now(), p.Name, RuleDraft, "")
		return &v, recordRule(ctx, tx, p.Name, string(p.Role), "rule.draft", &v, "")
	})
}

// Redraft replaces the text of a draft. revision is that of the text it was written on.
func (d *RuleDesk) Redraft(ctx context.Context, p access.Principal, id string, revision int64, t RuleText) (RuleInfo, error) {
	if t.ID != "" && t.ID != id {
		return RuleInfo{}, api.Errorf(api.Unprocessable, "a rule keeps its id: this is %s", id)
	}
	t.ID = id
	return d.change(ctx, id, func(ctx context.Context, tx store.Tx, versions []ruleVersion) (*ruleVersion, error) {
		v := openOf(versions)
		switch {
		case len(versions) == 0:
			return nil, noSuchRule(id)
		case v == nil:
			return nil, api.Errorf(api.Conflict, "no version of %s is under way; begin one with POST /api/v1/rules", id)
		case v.state != RuleDraft:
			return nil, api.Errorf(api.Conflict, "version %s of %s is %s; move it back to draft first", v.body.Version, id, v.state)
		case revision != v.revision:
			return nil, changedMeanwhile(v)
		}
		authors := v.body.Authors
		if !slices.Contains(authors, p.Name) {
			authors = append(authors, p.Name)
		}
		v.body = ruleBody{Rule: t.Rule(v.body.Version), Authors: authors}
		v.digest = ruleDigest(&v.body.Rule)
		v.revision++
		return v, recordRule(ctx, tx, p.Name, string(p.Role), "rule.edit", v, "")
	})
}

func changedMeanwhile(v *ruleVersion) error {
	return api.Errorf(api.Conflict, "version %s of %s has been changed since you read it; read it again", v.body.Version, v.body.ID).With("revision", v.revision)
}

// openOf is the version under way; nil is none.
func openOf(versions []ruleVersion) *ruleVersion {
	for i := range slices.Backward(versions) {
		if openRule(versions[i].state) {
			return &versions[i]
		}
	}
	return nil
}

// change reads a rule's versions, lets one be made or changed, and keeps it, in one transaction.
func (d *RuleDesk) change(ctx context.Context, id string, do func(context.Context, store.Tx, []ruleVersion) (*ruleVersion, error)) (RuleInfo, error) {
	var changed ruleVersion
	err := d.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		versions, err := versionsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		v, err := do(ctx, tx, versions)
		if err != nil {
			return err
		}
		changed = *v
		if err := saveRuleVersion(ctx, tx, changed); err != nil {
			return err
		}
		return d.announce(ctx, tx, id, map[string]int{v.state: 1})
	})
	if err != nil {
		return RuleInfo{}, err
	}
	facts, err := readRuleFacts(ctx, d.st.Read())
	if err != nil {
		return RuleInfo{}, err
	}
	return d.infoOf(&changed, &facts)
}

func recordRule(ctx context.Context, tx store.Tx, by, role, action string, v *ruleVersion, reason string) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: action, Touched: []string{v.body.ID},
		Detail: strings.TrimSpace(fmt.Sprintf("version %s, text %s. %s", v.body.Version, v.digest, reason))})
}
