package sharing

import (
	"context"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// flow puts together what the agreement is asked about a thread at one stage. The caller adds what only that stage knows:
// the record, the fields, who approved.
func (r *Room) flow(ctx context.Context, rd store.Reader, v Version, t *Thread, stage agreement.Stage, q *request) (f agreement.Flow, err error) {
	share, known := v.Share(t.Share)
	if !known {
		share = &agreement.Share{ID: t.Share}
	}
	now := r.now()
	f = agreement.Flow{
		Stage: stage, Now: now, Share: t.Share, Purpose: t.Purpose, Urgent: t.Urgent, Requester: t.Requester,
		Subject: agreement.Nobody,
		Request: agreement.Request{
			ToKind: "authority", As: q.As, CaseRef: t.CaseRef, HumanConfirmedBy: q.HumanConfirmedBy, Justification: q.Justification,
			Facts: q.Facts, Follows: q.Follows, ConsentRef: q.ConsentRef, Program: q.Program, OffencePenaltyYears: q.PenaltyYears,
			HitConfirmed: q.HitConfirmed,
		},
		Given: agreement.Given{
			OffenceCode: filled(q.OffenceCode), PriorReference: filled(q.PriorReference), ApplicationRef: filled(q.ApplicationRef), UrgencyReason: filled(q.UrgencyReason),
		},
		Confirmed: agreement.Confirmed{Sending: filled(q.HumanConfirmedBy)},
	}
	if stage == agreement.Asking || stage == agreement.Asked {
		f.Fields = q.fields()
	}
	f.From, f.To = t.Own, t.Partner
	if stage == agreement.Asked || stage == agreement.Arriving {
		f.From, f.To = t.Partner, t.Own
	}
	if q.Subject != nil {
		f.Subject = q.Subject.about(now)
		if f.Subject.ProtectedFrom, err = r.protectedFrom(ctx, rd, q.Subject); err != nil {
			return f, err
		}
		f.Subject.AsylumSeeker = len(f.Subject.ProtectedFrom) > 0
	}
	if f.State, err = r.state(ctx, rd, v, now); err != nil {
		return f, err
	}
	if v.State == superseded { // what began under it ends under it
		f.State.InForce = true
	}
	if stage == agreement.Asking || stage == agreement.Asked || t.Kind == gives {
		if f.Used, err = r.used(ctx, rd, v, share, t.Direction, now); err != nil {
			return f, err
		}
		if t.edition > 0 && f.Used.Requests > 0 { // this thread is stored, and does not count against itself
			f.Used.Requests, f.Used.Subjects = f.Used.Requests-1, f.Used.Subjects-max(t.Subjects, 1)
		}
	}
	f.Stats, err = r.stats(ctx, rd, v, "", now)
	return f, err
}

func filled(s string) bool { return strings.TrimSpace(s) != "" }

// decide asks the agreement, and writes question and answer into the exchange log.
func (r *Room) decide(ctx context.Context, tx store.Tx, v Version, t *Thread, f agreement.Flow, actor, role string) (agreement.Outcome, error) {
	o := v.Decide(f)
	return o, ledger.Record(ctx, tx, actor, role, decided(v, t, &f, &o))
}

// decided is the step that tells of an answer of the agreement.
func decided(v Version, t *Thread, f *agreement.Flow, o *agreement.Outcome) ledger.Step {
	kind := ledger.Decided
	if o.Verdict == agreement.Refuse && (f.Stage == agreement.Asking || f.Stage == agreement.Releasing) {
		kind = ledger.Stopped
	}
	s := ledger.Step{
		Kind: kind, Agreement: v.Metadata.ID, Version: v.Number, Share: t.Share, Partner: t.Partner, Direction: t.Direction,
		Thread: t.ID, Purpose: t.Purpose, Urgent: t.Urgent, Verdict: string(o.Verdict), Code: o.Code, Clause: o.Clause,
		Kept: o.Keep, Child: f.Subject.Age >= 0 && f.Subject.Age < 18, Due: o.DueAt, Result: string(f.Stage),
	}
	for _, d := range o.Dropped {
		s.Dropped = append(s.Dropped, d.Field)
	}
	return s
}

// refusedByAgreement is what a person is told of something the agreement does not allow.
func refusedByAgreement(o agreement.Outcome) error {
	e := api.Errorf(api.Unprocessable, "the agreement does not allow this: %s", o.Reason).With("code", o.Code).With("clause", o.Clause)
	if o.RetryAfter > 0 {
		e = e.With("retry_after", int64(o.RetryAfter.Seconds()))
	}
	return e
}

// domainOf says which of the house's domains a share belongs to, by its category, and so whose work it is.
func domainOf(category string) string {
	switch category {
	case "vetting":
		return "facilitation"
	case "fiu-known", "fiu-analysis", "cash-declaration", "freeze":
		return "funds"
	case "indicator", "incident":
		return "cyber"
	case "security-referral", "consignment", "trusted-trader":
		return "cargo"
	}
	return "travel"
}

// readers are every role that has to do with the exchange of some domain.
var readers = []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Targeter, access.FIU, access.Responder, access.Auditor}

// sees reports whether a role sees the threads of a domain: who works there, and who watches.
func sees(role access.Role, domain string) bool {
	switch role {
	case access.Auditor:
		return true
	case access.Supervisor:
		return domain != "funds"
	case access.Analyst:
		return domain == "travel" || domain == "facilitation"
	case access.Officer:
		return domain == "travel" || domain == "facilitation"
	case access.Targeter:
		return domain == "cargo"
	case access.FIU:
		return domain == "funds"
	case access.Responder:
		return domain == "cyber"
	}
	return false
}

// mayAsk reports whether a role may ask the partner: who works there, not who watches.
func mayAsk(role access.Role, domain string) bool {
	return role != access.Auditor && sees(role, domain)
}

// mayRelease reports whether a person may let out what a share gives: the role that the agreement names for it.
func mayRelease(v Version, share *agreement.Share, role access.Role) bool {
	for _, named := range []string{share.Approval.Role, share.Approval.SecondRole} {
		if named != "" && string(role) == v.Role(named) {
			return true
		}
	}
	return role == access.Supervisor && domainOf(share.Category) != "funds" && share.Approval.Role == ""
}
