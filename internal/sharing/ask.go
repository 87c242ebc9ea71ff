package sharing

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// Question is what an officer asks the partner.
type Question struct {
	Share          string   `json:"share"`
	Purpose        string   `json:"purpose"`
	CaseRef        string   `json:"case_ref,omitempty" maxLength:"80"`
	Justification  string   `json:"justification,omitempty" maxLength:"4000"`
	OffenceCode    string   `json:"offence_code,omitempty" maxLength:"40"`
	PenaltyYears   int      `json:"offence_penalty_years,omitempty" minimum:"0" maximum:"100"`
	Facts          string   `json:"facts,omitempty" maxLength:"8000"`
	PriorReference string   `json:"prior_reference,omitempty" maxLength:"80" doc:"The partner's reference of an earlier hit"`
	ApplicationRef string   `json:"application_ref,omitempty" maxLength:"80"`
	ConsentRef     string   `json:"consent_ref,omitempty" maxLength:"80"`
	Program        string   `json:"program,omitempty" maxLength:"80"`
	As             string   `json:"as,omitempty" enum:"raw,analysis,summary,"`
	Urgent         bool     `json:"urgent,omitempty"`
	UrgencyReason  string   `json:"urgency_reason,omitempty" maxLength:"1000"`
	AnswersRefusal string   `json:"answers_refusal,omitempty" doc:"The refused thread that this asks again, once"`
	Confirmed      bool     `json:"human_confirmed,omitempty" doc:"You have looked at this yourself and stand by it"`
	Subject        *Person  `json:"subject,omitempty"`
	Journey        *Journey `json:"journey,omitempty"`
}

// speaks says whether a question says what it is about. Of a consignment or a file its facts may: neither is a person.
func (q *Question) speaks(domain string) bool {
	switch {
	case q.Subject != nil && !q.Subject.empty(), q.PriorReference != "", q.Journey != nil:
		return true
	}
	return (domain == "cargo" || domain == "cyber") && strings.TrimSpace(q.Facts) != ""
}

// Ask begins a thread. The agreement is asked first: what it does not allow is never stored nor sent. Where it wants humans
// on both sides, somebody else of this side approves before it leaves.
func (r *Room) Ask(ctx context.Context, by access.Principal, id string, in Question) (Thread, error) {
	v, own, partner, err := r.inForceHere(ctx, id)
	if err != nil {
		return Thread{}, err
	}
	share, known := v.Share(in.Share)
	switch {
	case !known:
		return Thread{}, api.Errorf(api.Unprocessable, "agreement %s has no share %q", id, in.Share).With("code", agreement.Direction)
	case share.Trigger != "request" || share.Mode == "private_match":
		return Thread{}, api.Errorf(api.Unprocessable, "%s is not asked for person by person: it is %s", share.ID, share.Trigger).With("code", agreement.Direction)
	case !mayAsk(by.Role, domainOf(share.Category)):
		return Thread{}, api.Errorf(api.Forbidden, "%s is not for the role %s to ask", share.ID, by.Role)
	case !in.speaks(domainOf(share.Category)):
		return Thread{}, api.Errorf(api.Unprocessable, "say what it is about: a name, a document, the partner's reference, or in its facts the waybill or the digest").With("code", agreement.Incomplete)
	}
	t := Thread{
		ID: keys.Event(), Agreement: id, Version: v.Number, Digest: v.Digest, Share: share.ID, Direction: ledger.Out, Kind: asks,
		Own: authority(own, share.Category, v), Partner: authority(partner, share.Category, v), State: Asked, Purpose: in.Purpose, CaseRef: strings.TrimSpace(in.CaseRef),
		Requester: by.Name, Urgent: in.Urgent, AskedAt: r.now(),
	}
	q := request{
		Subject: in.Subject, Journey: in.Journey, CaseRef: t.CaseRef, Justification: strings.TrimSpace(in.Justification), OffenceCode: strings.TrimSpace(in.OffenceCode),
		PenaltyYears: in.PenaltyYears, Facts: strings.TrimSpace(in.Facts), PriorReference: strings.TrimSpace(in.PriorReference), ApplicationRef: in.ApplicationRef,
		ConsentRef: in.ConsentRef, Program: in.Program, As: in.As, Urgent: in.Urgent, UrgencyReason: in.UrgencyReason, AnswersRefusal: in.AnswersRefusal,
	}
	if in.Confirmed {
		q.HumanConfirmedBy = r.pseudonym(by.Name)
	}
	if err := r.followUp(ctx, v, &t, &q); err != nil {
		return Thread{}, err
	}
	err = r.attempt(ctx, func(ctx context.Context, tx store.Tx) (refusal, err error) {
		f, err := r.flow(ctx, tx, v, &t, agreement.Asking, &q)
		if err != nil {
			return nil, err
		}
		o, err := r.decide(ctx, tx, v, &t, f, by.Name, string(by.Role))
		if err != nil {
			return nil, err
		}
		if refusal := unasked(o); refusal != nil { // nothing of it is kept but the step in the log
			return refusal, nil
		}
		t, q := t, q // the closure may run again
		q.prune(o.Keep)
		if o.Verdict == agreement.Need {
			t.State = Draft
		}
		body, err := json.Marshal(q)
		if err != nil {
			return nil, err
		}
		if err := r.vault.put(ctx, tx, t.ID, body); err != nil {
			return nil, err
		}
		if t.State == Asked {
			if err := r.sendRequest(ctx, tx, v, &t, &q, o); err != nil {
				return nil, err
			}
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: string(by.Role), Action: "exchange.ask", Touched: []string{t.ID}, Detail: t.Agreement + " " + t.Share}); err != nil {
			return nil, err
		}
		return nil, r.changed(ctx, tx, &t)
	})
	if err != nil {
		return Thread{}, err
	}
	return r.thread(ctx, r.store.Read(), t.ID)
}

// attempt does something in one transaction. A refusal is no failure: what was written of it, the step in the log, is
// committed, and then it is answered.
func (r *Room) attempt(ctx context.Context, do func(context.Context, store.Tx) (refusal, err error)) error {
	var refusal error
	err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		refusal, err = do(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}

// unasked is why a question cannot be asked, or not yet: nil where it may, or where only another person's yes is missing.
func unasked(o agreement.Outcome) error {
	if o.Verdict == agreement.Refuse {
		return refusedByAgreement(o)
	}
	for _, n := range o.Need {
		if n.Kind == "confirmation" {
			return api.Errorf(api.Unprocessable, "the agreement wants a human to have looked: confirm that you have (human_confirmed)").With("code", agreement.NeedsConfirmation)
		}
	}
	return nil
}

// followUp ties a question to the hit it goes on from: whose reference it names, and whether a human here has confirmed it.
func (r *Room) followUp(ctx context.Context, v Version, t *Thread, q *request) error {
	if q.PriorReference == "" {
		return nil
	}
	prior, found, err := threadByReference(ctx, r.store.Read(), v.Metadata.ID, q.PriorReference, ledger.Out)
	if err != nil {
		return err
	}
	if !found {
		return api.Errorf(api.Unprocessable, "no hit of ours has the reference %s", q.PriorReference).With("code", agreement.Incomplete)
	}
	t.Prior = prior.ID
	q.Follows, q.HitConfirmed = prior.Share, prior.Outcome == confirmedSame || q.HumanConfirmedBy != ""
	if q.Subject == nil {
		if earlier, err := r.request(ctx, r.store.Read(), prior.ID); err == nil {
			q.Subject = earlier.Subject
		}
	}
	return nil
}

func (r *Room) request(ctx context.Context, rd store.Reader, thread string) (q request, err error) {
	body, err := r.vault.get(ctx, rd, thread)
	if err != nil {
		return q, err
	}
	return q, json.Unmarshal(body, &q)
}

// sendRequest puts the request into the post.
func (r *Room) sendRequest(ctx context.Context, tx store.Tx, v Version, t *Thread, q *request, o agreement.Outcome) error {
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	t.State, t.Due = Asked, o.DueAt
	t.message, err = r.Post.Send(ctx, tx, post.Draft{
		ID: t.ID, Type: envelope.Request, Agreement: named(v.Agreement), Share: t.Share, From: t.Own, To: t.Partner, Purpose: t.Purpose,
		CaseRef: t.CaseRef, Officer: r.pseudonym(t.Requester), Urgent: t.Urgent, Body: body, Handling: handling(o),
		Expires: v.Transport.MessageTTL.After(r.now()),
	})
	return err
}

func handling(o agreement.Outcome) envelope.Handling {
	return envelope.Handling{TLP: o.Handling.TLP, Caveats: o.Handling.Caveats, EraseAt: o.EraseAt, ReviewAt: o.ReviewAt}
}

// Approve is the yes or no of another person of the asker's side.
func (r *Room) Approve(ctx context.Context, by access.Principal, id string, yes bool, reason string) (Thread, error) {
	err := r.attempt(ctx, func(ctx context.Context, tx store.Tx) (refusal, err error) {
		t, v, share, err := r.openThread(ctx, tx, id)
		switch {
		case err != nil:
			return nil, err
		case !mayRelease(v, share, by.Role):
			return nil, api.Errorf(api.Forbidden, "approving %s is for the role %s", share.ID, v.Role(share.Approval.Role))
		case t.State != Draft || t.Direction != ledger.Out:
			return nil, t.conflict("it does not wait for this side's approval")
		case t.Requester == by.Name:
			return nil, api.Errorf(api.Forbidden, "somebody else approves what you ask")
		case !yes && strings.TrimSpace(reason) == "":
			return nil, api.Errorf(api.Unprocessable, "say why not: whoever asked reads it")
		}
		if err := (Approval{Stage: toAsk, By: by.Name, Role: string(by.Role), Approve: yes, Reason: strings.TrimSpace(reason), At: r.now()}).save(ctx, tx, t.ID); err != nil {
			return nil, err
		}
		step := ledger.Step{Kind: ledger.Approved, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Thread: t.ID, Direction: ledger.Out, Purpose: t.Purpose, Result: toAsk}
		if !yes {
			step.Kind = ledger.Declined
			t.answer(r.now(), Withdrawn, "")
			t.Reason = strings.TrimSpace(reason)
			if err := r.vault.destroy(ctx, tx, t.ID); err != nil {
				return nil, err
			}
		} else {
			q, err := r.request(ctx, tx, t.ID)
			if err != nil {
				return nil, err
			}
			f, err := r.flow(ctx, tx, v, &t, agreement.Asking, &q) // the quota, or a suspension, may have come meanwhile
			if err != nil {
				return nil, err
			}
			f.Approvals = []agreement.Approval{{By: by.Name, Role: string(by.Role)}}
			o, err := r.decide(ctx, tx, v, &t, f, by.Name, string(by.Role))
			if err != nil {
				return nil, err
			}
			if o.Verdict != agreement.Permit {
				return refusedByAgreement(o), nil
			}
			t.AskedAt = r.now()
			if err := r.sendRequest(ctx, tx, v, &t, &q, o); err != nil {
				return nil, err
			}
		}
		if err := ledger.Record(ctx, tx, by.Name, string(by.Role), step); err != nil {
			return nil, err
		}
		return nil, r.changed(ctx, tx, &t)
	})
	if err != nil {
		return Thread{}, err
	}
	return r.thread(ctx, r.store.Read(), id)
}

func (r *Room) changed(ctx context.Context, tx store.Tx, t *Thread) error {
	if err := t.save(ctx, tx); err != nil {
		return err
	}
	if err := r.turned(ctx, tx, t); err != nil {
		return err
	}
	return r.announce(ctx, tx, "thread", t.ID)
}

// openThread reads a thread with the version of the agreement it runs under, for somebody about to act on it.
func (r *Room) openThread(ctx context.Context, rd store.Reader, id string) (t Thread, v Version, share *agreement.Share, err error) {
	if t, err = threadByID(ctx, rd, id); err != nil {
		return t, v, nil, err
	}
	v, found, err := r.shelf.of(ctx, rd, t.Agreement, t.Digest)
	if err != nil {
		return t, v, nil, err
	}
	if found {
		share, found = v.Share(t.Share)
	}
	if !found {
		return t, v, nil, api.Errorf(api.Conflict, "the agreement this thread runs under, or its share, is not held here")
	}
	return t, v, share, nil
}

// thread is a thread as people read it.
func (r *Room) thread(ctx context.Context, rd store.Reader, id string) (Thread, error) {
	t, err := threadByID(ctx, rd, id)
	if err != nil {
		return t, err
	}
	return t, r.dress(ctx, rd, &t)
}

// dress adds what the agreement and the clock say of a thread.
func (r *Room) dress(ctx context.Context, rd store.Reader, t *Thread) error {
	v, found, err := r.shelf.of(ctx, rd, t.Agreement, t.Digest)
	if err != nil {
		return err
	}
	if found {
		if share, known := v.Share(t.Share); known {
			t.Title, t.Category, t.Mode = share.Title, share.Category, share.Mode
		}
	}
	t.Late = t.late(r.now())
	return nil
}

// authority is who of a party works on a category: the first with keys that serves its domain, else who speaks for it.
func authority(p agreement.Party, category string, v Version) string {
	domain := domainOf(category)
	for _, a := range p.Authorities {
		if a.JWKS == "" {
			continue
		}
		for _, d := range a.Domains {
			if d == domain {
				return a.ID
			}
		}
	}
	return speaker(v.Agreement, p)
}
