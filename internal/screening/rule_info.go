package screening

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
)

// RuleInfo is a version of a rule for people, with what has come of it.
type RuleInfo struct {
	ID         string            `json:"id"`
	Version    string            `json:"version"`
	Title      string            `json:"title"`
	Owner      string            `json:"owner"`
	Basis      string            `json:"basis"`
	Expires    string            `json:"expires,omitempty"`
	Severity   string            `json:"severity"`
	Domain     string            `json:"domain"`
	Expression string            `json:"expression"`
	Explain    string            `json:"explain,omitempty"`
	Advice     string            `json:"advice,omitempty"`
	Examples   []RuleExample     `json:"examples,omitempty"`
	State      string            `json:"state" enum:"draft,shadow,approved,live,retired,expired"`
	Origin     string            `json:"origin" enum:"operator,desk"`
	Author     string            `json:"author"`
	Authors    []string          `json:"authors,omitempty" doc:"Everybody who wrote on this version; none of them can approve it"`
	Made       time.Time         `json:"made"`
	Since      time.Time         `json:"since" doc:"In this state"`
	Reason     string            `json:"reason,omitempty" doc:"Of the last move"`
	Approver   string            `json:"approver,omitempty"`
	Revision   int64             `json:"revision" doc:"Grows with every change of the version"`
	Hits       int               `json:"hits"` // live findings of the rule
	ShadowHits int               `json:"shadow_hits,omitempty"`
	Failures   int64             `json:"failures,omitempty" doc:"Evaluations on this node that failed, since the rules last changed"`
	Failure    string            `json:"failure,omitempty" doc:"Why the last one did"`
	Precision  *Precision        `json:"precision,omitempty"`
	Open       *RuleOpen         `json:"open,omitempty" doc:"A newer version under way"`
	Errors     []rules.Complaint `json:"errors,omitempty" doc:"Why a draft does not compile"`
}

// RuleExample is an example of a rule and what it gives.
type RuleExample struct {
	Name   string         `json:"name"`
	Want   bool           `json:"want"`
	Given  map[string]any `json:"given,omitempty"`
	Got    bool           `json:"got"`
	Passed bool           `json:"passed"`
	Error  string         `json:"error,omitempty"`
}

// RuleOpen names a version that is still on its way.
type RuleOpen struct {
	Version string `json:"version"`
	State   string `json:"state"`
}

// RuleFile is everything kept of a rule.
type RuleFile struct {
	RuleInfo
	Versions []RuleInfo `json:"versions" nullable:"false" doc:"Newest first"`
	History  []RuleMove `json:"history" nullable:"false" doc:"Newest first"`
}

// ruleFacts are what is known of all rules beside their texts.
type ruleFacts struct {
	hits      map[string]int
	shadows   map[ruleVersionKey]int
	precision map[ruleVersionKey]*Precision
}

func readRuleFacts(ctx context.Context, r store.Reader) (f ruleFacts, err error) {
	if f.hits, err = RuleHits(ctx, r); err != nil {
		return f, err
	}
	if f.shadows, err = shadowCounts(ctx, r); err != nil {
		return f, err
	}
	f.precision, err = precisions(ctx, r)
	return f, err
}

// infoOf tells a version.
func (d *RuleDesk) infoOf(v *ruleVersion, f *ruleFacts) (RuleInfo, error) {
	r := &v.body.Rule
	info := RuleInfo{
		ID: r.ID, Version: r.Version, Title: r.Title, Owner: r.Owner, Basis: r.Basis, Expires: r.Expires, Severity: r.Severity, Domain: r.Domain,
		Expression: r.When, Explain: r.Explain, Advice: r.Advice, State: v.state, Origin: v.origin, Author: v.author, Authors: v.body.Authors,
		Made: v.made, Since: v.since, Approver: v.approver, Revision: v.revision,
	}
	if n := len(v.moves); n > 0 {
		info.Reason = v.moves[n-1].Reason
	}
	if v.state == RuleLive && expiredRule(r, d.clock()) {
		info.State = RuleExpired
	}
	checked, err := d.checkedOf(v)
	if err != nil {
		return info, err
	}
	if v.state != RuleRetired {
		info.Errors = checked.Errors
	}
	for _, e := range checked.Examples {
		info.Examples = append(info.Examples, RuleExample(e))
	}
	key := ruleVersionKey{r.ID, r.Version}
	info.ShadowHits, info.Precision = f.shadows[key], f.precision[key]
	g := d.screener.Generation()
	switch {
	case v.state == RuleLive:
		info.Hits, info.Precision = f.hits[r.ID], f.precision[ruleVersionKey{r.ID, ""}]
		if g.rules != nil {
			info.Failures, info.Failure = g.rules.Failures(r.ID), g.rules.LastFailure(r.ID)
		}
	case evaluatedRule(v.state) && g.rules != nil:
		info.Failures, info.Failure = g.rules.ShadowFailures(r.ID)
	}
	return info, nil
}

// checkedOf compiles a version and runs its examples, once for each of its revisions.
func (d *RuleDesk) checkedOf(v *ruleVersion) (rules.Checked, error) {
	type version struct {
		rule   string
		number int64
	}
	type at struct {
		revision int64
		rules.Checked
	}
	key := version{v.body.ID, v.number}
	if kept, ok := d.checked.Load(key); ok {
		if kept := kept.(at); kept.revision == v.revision {
			return kept.Checked, nil
		}
	}
	checked, err := rules.Check(v.body.Rule, d.vocabularies, false)
	if err == nil {
		d.checked.Store(key, at{v.revision, checked})
	}
	return checked, err
}

// RuleQuery narrows the list of rules down.
type RuleQuery struct{ State, Domain string }

// List tells every rule by the version that counts: the live one, else the newest.
func (d *RuleDesk) List(ctx context.Context, q RuleQuery) ([]RuleInfo, error) {
	r := d.st.Read()
	all, err := ruleVersions(ctx, r, `select `+ruleVersionColumns+` from screening_rule_version order by rule, number`)
	if err != nil {
		return nil, err
	}
	facts, err := readRuleFacts(ctx, r)
	if err != nil {
		return nil, err
	}
	out := []RuleInfo{}
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(v ruleVersion) bool { return v.body.ID != all[0].body.ID })
		if n < 0 {
			n = len(all)
		}
		info, err := d.countsOf(all[:n], &facts)
		if err != nil {
			return nil, err
		}
		all = all[n:]
		if (q.State == "" || q.State == info.State || info.Open != nil && q.State == info.Open.State) && (q.Domain == "" || q.Domain == info.Domain) {
			out = append(out, info)
		}
	}
	slices.SortFunc(out, func(a, b RuleInfo) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// countsOf is the version of a rule that counts, told with the one that is under way.
func (d *RuleDesk) countsOf(versions []ruleVersion, f *ruleFacts) (RuleInfo, error) {
	shown := &versions[len(versions)-1]
	for i := range versions {
		if versions[i].state == RuleLive {
			shown = &versions[i]
		}
	}
	info, err := d.infoOf(shown, f)
	if newest := &versions[len(versions)-1]; newest != shown && openRule(newest.state) {
		info.Open = &RuleOpen{newest.body.Version, newest.state}
	}
	return info, err
}

// Rule tells everything kept of one rule.
func (d *RuleDesk) Rule(ctx context.Context, id string) (RuleFile, error) {
	r := d.st.Read()
	versions, err := versionsOf(ctx, r, id)
	if err != nil {
		return RuleFile{}, err
	}
	if len(versions) == 0 {
		return RuleFile{}, noSuchRule(id)
	}
	facts, err := readRuleFacts(ctx, r)
	if err != nil {
		return RuleFile{}, err
	}
	file := RuleFile{History: []RuleMove{}}
	if file.RuleInfo, err = d.countsOf(versions, &facts); err != nil {
		return file, err
	}
	for i := range slices.Backward(versions) {
		info, err := d.infoOf(&versions[i], &facts)
		if err != nil {
			return file, err
		}
		file.Versions = append(file.Versions, info)
		file.History = append(file.History, versions[i].moves...)
	}
	slices.SortStableFunc(file.History, func(a, b RuleMove) int { return b.At.Compare(a.At) })
	return file, nil
}
