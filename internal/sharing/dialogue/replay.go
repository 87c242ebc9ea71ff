package dialogue

import (
	"cmp"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// replayLookback is how long before the period requests count towards the quotas in it.
const replayLookback = 62 * 24 * time.Hour

// replay holds the requests of a period against a new text of their agreement, as far as the exchange log tells of them:
// which way data would go, for which purpose, which fields left, how many came before. It holds nobody's data, so what a
// condition looks at cannot be asked again.
type replay struct {
	pact    Pact
	becomes *agreement.Document
	asked   map[string]*question // by thread
}

type question struct {
	at             time.Time
	giver, getter  string
	share, purpose string
	refused        string // with this code
	kept           []string
}

func newReplay(p Pact, becomes *agreement.Document) *replay {
	return &replay{pact: p, becomes: becomes, asked: map[string]*question{}}
}

// add takes a step: a request that left or came, one that was stopped before it left, and what became of it.
func (r *replay) add(e *ledger.Entry) {
	id := cmp.Or(e.Thread, e.Message)
	if id == "" {
		return
	}
	q := r.asked[id]
	begins := e.Type == "REQUEST" && (e.Kind == ledger.Sent || e.Kind == ledger.Received) || e.Kind == ledger.Stopped && e.Direction == ledger.Out
	switch {
	case q == nil && begins:
		q = &question{at: e.At, share: e.Share, purpose: e.Purpose, giver: r.pact.partner(), getter: r.pact.Own}
		if e.Kind == ledger.Received {
			q.giver, q.getter = q.getter, q.giver
		}
		r.asked[id] = q
	case q == nil:
		return
	}
	switch {
	case e.Kind == ledger.Stopped, e.Result == "refused" && e.Told == "":
		q.refused = e.Code
	case e.Kind == ledger.Approved && e.Type == "REPLY", e.Kind == ledger.Decided && e.Type == "REPLY":
		q.kept = e.Kept
	}
}

// into counts, in the order in which things were asked.
func (r *replay) into(p *Proposal, span ledger.Span) {
	all := make([]*question, 0, len(r.asked))
	for _, q := range r.asked {
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b *question) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.share, b.share), cmp.Compare(a.getter, b.getter))
	})
	type way struct{ share, getter string }
	before := map[way][]time.Time{} // what would have been asked
	for _, q := range all {
		share := shareOf(r.becomes, q.share)
		allowed := share != nil && share.Gives(q.giver, q.getter) && slices.Contains(share.Purposes, q.purpose)
		w := way{q.share, q.getter}
		if allowed && share.Quota != nil {
			recent := slices.DeleteFunc(before[w], func(at time.Time) bool { return !share.Quota.Window.After(at).After(q.at) })
			if allowed = len(recent) < share.Quota.Requests; allowed {
				recent = append(recent, q.at)
			}
			before[w] = recent
		}
		if q.at.Before(span.From) || !q.at.Before(span.Until) {
			continue
		}
		p.Replayed++
		switch {
		case q.refused == "" && !allowed:
			p.WouldRefuse++
		case allowed && slices.Contains([]string{agreement.Direction, agreement.PurposeNotAllowed, agreement.OverQuota}, q.refused):
			p.WouldPermit++
		case allowed && slices.ContainsFunc(q.kept, func(field string) bool { return !slices.Contains(share.Fields, field) }):
			p.WouldWithhold++
		}
	}
	for _, becomes := range r.becomes.Shares {
		was := shareOf(r.pact.Document, becomes.ID)
		if was != nil && (was.When != becomes.When || was.Justification != becomes.Justification || was.Approval.SecondWhen != becomes.Approval.SecondWhen) {
			p.Unreplayed = append(p.Unreplayed, becomes.ID)
		}
	}
}

func shareOf(d *agreement.Document, id string) *agreement.Share {
	for i := range d.Shares {
		if d.Shares[i].ID == id {
			return &d.Shares[i]
		}
	}
	return nil
}
