package screening

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// RuleStep is where somebody wants a version of a rule to go.
type RuleStep struct {
	To       string
	Reason   string
	Version  string // "" is the one under way; to retire, the live one where none is
	Revision int64  // as it was read; 0 is whatever it is now
}

// ruleSteps says which states follow a state.
var ruleSteps = map[string][]string{
	RuleDraft:    {RuleShadow, RuleRetired},
	RuleShadow:   {RuleDraft, RuleApproved, RuleRetired},
	RuleApproved: {RuleLive, RuleDraft, RuleRetired},
	RuleLive:     {RuleRetired},
}

// shortestRuleReason of what a rule is approved or retired for, in characters.
const shortestRuleReason = 10

// Move takes a version one step on in its life, where what the step asks for is there.
func (d *RuleDesk) Move(ctx context.Context, p access.Principal, id string, to RuleStep) (RuleInfo, error) {
	to.Reason = strings.TrimSpace(to.Reason)
	return d.change(ctx, id, func(ctx context.Context, tx store.Tx, versions []ruleVersion) (*ruleVersion, error) {
		v, err := stepping(versions, id, to)
		if err != nil {
			return nil, err
		}
		if err := d.permit(ctx, tx, p, v, to); err != nil {
			return nil, err
		}
		if to.To == RuleLive {
			for i := range versions {
				if before := &versions[i]; before.state == RuleLive {
					before.move(tx.Now(), p.Name, RuleRetired, "replaced by version "+v.body.Version)
					if err := errors.Join(saveRuleVersion(ctx, tx, *before), recordRule(ctx, tx, p.Name, string(p.Role), "rule.retire", before, "replaced")); err != nil {
						return nil, err
					}
				}
			}
		}
		asked := evaluatedRule(v.state) || evaluatedRule(to.To)
		if to.To == RuleApproved {
			v.approver, asked = p.Name, false // it goes on in shadow as before
		}
		if to.To == RuleDraft {
			v.approver = ""
		}
		v.move(tx.Now(), p.Name, to.To, to.Reason)
		if asked {
			if err := advance(ctx, tx, generationCounter); err != nil {
				return nil, err
			}
		}
		return v, recordRule(ctx, tx, p.Name, string(p.Role), ruleActions[to.To], v, to.Reason)
	})
}

var ruleActions = map[string]string{
	RuleDraft: "rule.redraft", RuleShadow: "rule.shadow", RuleApproved: "rule.approve", RuleLive: "rule.live", RuleRetired: "rule.retire",
}

// stepping finds the version that is meant, and whether it can go there.
func stepping(versions []ruleVersion, id string, to RuleStep) (*ruleVersion, error) {
	if len(versions) == 0 {
		return nil, noSuchRule(id)
	}
	v := openOf(versions)
	for i := range versions {
		named := to.Version != "" && versions[i].body.Version == to.Version
		if named || to.Version == "" && v == nil && to.To == RuleRetired && versions[i].state == RuleLive {
			v = &versions[i]
		}
	}
	switch {
	case v == nil:
		return nil, api.Errorf(api.Conflict, "no version of %s is under way", id)
	case to.Version != "" && v.body.Version != to.Version:
		return nil, api.Errorf(api.NotFound, "%s has no version %q", id, to.Version)
	case v.origin == FromOperator:
		return nil, api.Errorf(api.Conflict, "%s is a rule of the operator's files: it goes when it leaves them", id)
	case to.Revision != 0 && to.Revision != v.revision:
		return nil, changedMeanwhile(v)
	case !slices.Contains(ruleSteps[v.state], to.To):
		return nil, api.Errorf(api.Conflict, "a version that is %s cannot become %s; it can become %s", v.state, to.To, strings.Join(ruleSteps[v.state], " or "))
	}
	return v, nil
}

// permit asks whether a step may be taken by this person, now.
func (d *RuleDesk) permit(ctx context.Context, r store.Reader, p access.Principal, v *ruleVersion, to RuleStep) error {
	senior := p.Role == access.Supervisor || p.Role == access.Administrator
	if (to.To == RuleApproved || to.To == RuleLive || v.state == RuleLive) && !senior {
		return api.Errorf(api.Forbidden, "it takes a supervisor or an administrator to make a version %s that is %s", to.To, v.state)
	}
	if (to.To == RuleApproved || to.To == RuleRetired) && utf8.RuneCountInString(to.Reason) < shortestRuleReason {
		return api.Errorf(api.Unprocessable, "the reason is too short: write at least %d characters, for whoever reads it later", shortestRuleReason).With("shortest", shortestRuleReason)
	}
	switch to.To {
	case RuleShadow, RuleLive:
		return d.sound(v)
	case RuleApproved:
		if slices.Contains(v.body.Authors, p.Name) {
			return api.Errorf(api.Forbidden, "you wrote on version %s; it takes another person to approve it", v.body.Version)
		}
		if err := d.sound(v); err != nil {
			return err
		}
		return d.backtested(ctx, r, v)
	}
	return nil
}

// sound says whether a version compiles, its examples hold and its day is not over.
func (d *RuleDesk) sound(v *ruleVersion) error {
	checked, err := d.checkedOf(v)
	if err != nil {
		return err
	}
	if len(checked.Errors) > 0 {
		return api.Errorf(api.Unprocessable, "version %s does not compile: %s", v.body.Version, checked.Errors[0].Message).With("errors", checked.Errors)
	}
	if !checked.OK {
		return api.Errorf(api.Unprocessable, "version %s does not do what its examples say", v.body.Version).With("examples", checked.Examples)
	}
	if expiredRule(&v.body.Rule, d.clock()) {
		return api.Errorf(api.Unprocessable, "version %s expired on %s", v.body.Version, v.body.Expires)
	}
	return nil
}

// backtested says whether the very text that is to be approved was tried on the past.
func (d *RuleDesk) backtested(ctx context.Context, r store.Reader, v *ruleVersion) error {
	if d.pasts[v.body.Domain] == nil {
		return nil // its domain keeps no past to try it on
	}
	all, err := backtestsOf(ctx, r, v.body.ID)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.State == BacktestDone && b.digest == v.digest {
			return nil
		}
	}
	return api.Errorf(api.Conflict, "version %s has not been tried on the past as it is now; run a backtest first", v.body.Version)
}
