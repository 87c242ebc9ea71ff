package app

import (
	"context"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
)

// openRuleDesk opens the desk where rules are written, over the pasts of the domains that keep one.
func (n *Node) openRuleDesk() {
	pasts := make(map[string]screening.Past)
	for _, d := range n.Domains {
		if past, ok := d.(screening.Past); ok {
			pasts[d.Name()] = past
		}
	}
	n.Rules = screening.NewRuleDesk(n.Screener, screening.RuleDeskOptions{
		Jobs: n.Jobs, Pasts: pasts,
		Announce: func(ctx context.Context, tx store.Tx, rule string, counts map[string]int) error {
			return pipeline.Announce(ctx, tx, "", pipeline.Event{Name: "rule", ID: rule, Counts: counts})
		},
	})
}

// decided does what a decision causes in its domain, lets rules learn what became of what they found, and has those looked
// at who stand near its subject.
func (n *Node) decided(ctx context.Context, tx store.Tx, c casework.Case, d casework.Decision) error {
	if err := n.Pipeline.Decided(ctx, tx, c, d); err != nil {
		return err
	}
	if c.State == casework.Waiting { // nothing is borne out or dismissed yet
		return nil
	}
	if err := screening.RuleDecided(ctx, tx, c.Subject, d.Outcome, casework.Upheld(d.Outcome)); err != nil {
		return err
	}
	due, err := links.Sources(ctx, tx, []screening.ID{c.Subject})
	if err != nil {
		return err
	}
	return screening.MarkDue(ctx, tx, c.Domain, due)
}
