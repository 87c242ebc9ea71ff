package screening

import (
	"context"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening/rules"
)

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
