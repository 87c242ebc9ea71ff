package sharing

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// answered takes a REPLY in. The agreement is asked again on this side: what it does not let in is dropped before anything
// is stored, whatever the partner thought it could send.
func (r *Room) answered(ctx context.Context, tx store.Tx, m post.Message) error {
	t, v, share, err := r.openThread(ctx, tx, m.Header.ThreadKey())
	if err != nil {
		return r.turnAway(ctx, tx, m, "UNASKED", err.Error())
	}
	if t.Direction != ledger.Out || t.State != Asked || t.Partner != m.Header.From || t.Share != m.Header.Share {
		return r.turnAway(ctx, tx, m, "UNASKED", "the thread is "+string(t.State)+" and waits for no answer")
	}
	var a reply
	if err := json.Unmarshal(m.Body, &a); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	delete(a.Fields, "pad")
	q, err := r.request(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	f, err := r.flow(ctx, tx, v, &t, agreement.Arriving, &q)
	if err != nil {
		return err
	}
	f.Confirmed = agreement.Confirmed{Sending: true, Replying: m.Header.Officer != ""}
	f.Now, f.Fields = said(m), slices.Sorted(maps.Keys(a.Fields))
	f.Marked = m.Header.Handling.TLP
	o, err := r.decide(ctx, tx, v, &t, f, m.Header.From, "")
	if err != nil {
		return err
	}
	if o.Verdict == agreement.Refuse {
		if err := r.Post.Erase(ctx, tx, m.Header.ID); err != nil {
			return err
		}
		return r.turnAway(ctx, tx, m, o.Code, o.Reason)
	}
	kept := map[string]any{}
	for _, name := range o.Keep {
		kept[name] = a.Fields[name]
	}
	t.answer(said(m), Answered, a.Result)
	if name, ok := kept["match.reference"].(string); ok {
		t.Reference = name
	} else if t.Prior != "" {
		t.Reference = q.PriorReference
	} else {
		t.Reference = a.Reference
	}
	if a.Result == noHit {
		kept = nil
	}
	t.forget = share.Retention.Max.After(t.AnsweredAt) // what was asked, on this side
	if err := ledger.Record(ctx, tx, m.Header.From, "", ledger.Step{
		Kind: ledger.Decided, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.In, Type: string(envelope.Reply),
		Thread: t.ID, Message: m.Header.ID, Purpose: t.Purpose, Result: a.Result, Kept: slices.Sorted(maps.Keys(kept)), Late: t.late(t.AnsweredAt), Due: t.Due,
	}); err != nil {
		return err
	}
	if len(kept) > 0 {
		if err := r.keep(ctx, tx, v, &t, m.Header.ID, ledger.In, kept, o, r.now()); err != nil {
			return err
		}
	}
	if err := r.Post.Erase(ctx, tx, m.Header.ID); err != nil {
		return err
	}
	if err := r.acknowledge(ctx, tx, v, &t, m, receiptOf(o, len(kept) > 0)); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// said is when a message counts as said: by its sender's clock where that fits when it came, else when it came, so that
// nobody is in time by lying about it.
func said(m post.Message) time.Time {
	if behind := m.ReceivedAt.Sub(m.Header.Issued); behind < 0 || behind > clocksDiffer {
		return m.ReceivedAt.UTC()
	}
	return m.Header.Issued
}

const clocksDiffer = 2 * time.Minute

// acknowledge sends the RECEIPT: what was stored, what was dropped, and when it will be gone.
func (r *Room) acknowledge(ctx context.Context, tx store.Tx, v Version, t *Thread, m post.Message, rec receipt) error {
	body, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	_, err = r.Post.Send(ctx, tx, r.inThread(envelope.Receipt, v, t, m.Header.ID, "", body))
	return err
}

func receiptOf(o agreement.Outcome, kept bool) receipt {
	rec := receipt{Stored: kept, Fields: o.Keep, EraseAt: o.EraseAt}
	for _, d := range o.Dropped {
		rec.Dropped = append(rec.Dropped, d.Field)
	}
	return rec
}

// inThread begins a message of this side within a thread.
func (r *Room) inThread(kind envelope.Type, v Version, t *Thread, replyTo, officer string, body []byte) post.Draft {
	d := post.Draft{
		Type: kind, Agreement: named(v.Agreement), Share: t.Share, From: t.Own, To: t.Partner, Thread: t.ID, InReplyTo: replyTo,
		Purpose: t.Purpose, CaseRef: t.CaseRef, Urgent: t.Urgent, Body: body,
	}
	if officer != "" && officer != machine {
		d.Officer = r.pseudonym(officer)
	}
	return d
}

// refused takes a REFUSAL in: of a request, it ends the thread; of something given, it tells why the partner did not take it.
func (r *Room) refused(ctx context.Context, tx store.Tx, m post.Message) error {
	t, _, share, err := r.openThread(ctx, tx, m.Header.ThreadKey())
	if err != nil {
		return r.turnAway(ctx, tx, m, "UNASKED", err.Error())
	}
	var why refusal
	if err := json.Unmarshal(m.Body, &why); err != nil || why.Code == "" {
		return r.turnAway(ctx, tx, m, "MALFORMED", "a refusal has a code")
	}
	if t.Partner != m.Header.From || t.Direction != ledger.Out || t.State != Asked && t.Kind != gives {
		return r.turnAway(ctx, tx, m, "UNASKED", "the thread is "+string(t.State)+" and waits for no answer")
	}
	t.answer(said(m), Refused, "refused")
	if t.Kind == asks {
		t.forget = share.Retention.Max.After(t.AnsweredAt)
	}
	t.Code, t.Reason, t.Clause = why.Code, why.Reason, why.Clause
	if err := r.notGiven(ctx, tx, &t, why.MayRetry); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, m.Header.From, "", ledger.Step{
		Kind: ledger.Decided, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.In, Type: string(envelope.Refusal),
		Thread: t.ID, Message: m.Header.ID, Purpose: t.Purpose, Result: "refused", Code: why.Code, Clause: why.Clause, Late: t.late(t.AnsweredAt), Due: t.Due,
	}); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// pending moves a thread's clock, where the partner says why it needs longer; only a court's delay stops being late.
func (r *Room) pending(ctx context.Context, tx store.Tx, m post.Message) error {
	t, _, _, err := r.openThread(ctx, tx, m.Header.ThreadKey())
	if err != nil || t.Direction != ledger.Out || t.State != Asked || t.Partner != m.Header.From {
		return r.turnAway(ctx, tx, m, "UNASKED", "no thread waits for it")
	}
	var p pendingNotice
	if err := json.Unmarshal(m.Body, &p); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	if p.Cause == "JUDICIAL" && p.Expected.After(t.Due) {
		t.Due = p.Expected
	}
	s := r.step(ledger.Decided, m)
	s.Code, s.Due = p.Cause, p.Expected
	if err := ledger.Record(ctx, tx, m.Header.From, "", s); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// receipted notes the partner's receipt of what was given.
func (r *Room) receipted(ctx context.Context, tx store.Tx, m post.Message) error {
	var rec receipt
	if err := json.Unmarshal(m.Body, &rec); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	s := r.step(ledger.Decided, m)
	s.Kept, s.Dropped = rec.Fields, rec.Dropped
	if err := ledger.Record(ctx, tx, m.Header.From, "", s); err != nil {
		return err
	}
	t, err := threadByID(ctx, tx, m.Header.ThreadKey())
	if err != nil || t.Subjects < 2 || t.Partner != m.Header.From {
		return nil // what is not of a thread is noted
	}
	return r.severalReceipted(ctx, tx, &t, rec.Refused)
}

// The outcomes an asker reports.
const (
	confirmedSame = "confirmed_same"
	notTheSame    = "not_same"
	useful        = "useful"
	notUseful     = "not_useful"
)

// outcomeTold takes the asker's report of what came of an answer.
func (r *Room) outcomeTold(ctx context.Context, tx store.Tx, m post.Message) error {
	t, _, _, err := r.openThread(ctx, tx, m.Header.ThreadKey())
	if err != nil || t.Partner != m.Header.From {
		return r.turnAway(ctx, tx, m, "UNASKED", "no thread here has this id")
	}
	var o outcome
	if err := json.Unmarshal(m.Body, &o); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	for _, said := range []string{o.Result, o.Use} {
		if said == "" {
			continue
		}
		t.Outcome = said
		s := r.step(ledger.Decided, m)
		s.Result = said
		if err := ledger.Record(ctx, tx, m.Header.From, "", s); err != nil {
			return err
		}
	}
	return r.changed(ctx, tx, &t)
}

// given takes in what the partner gives unasked.
func (r *Room) given(ctx context.Context, tx store.Tx, m post.Message) error {
	h := &m.Header
	v, _, err := r.sender(ctx, tx, m)
	if err != nil {
		return err
	}
	t := begun(m, v, gives)
	if _, err := threadByID(ctx, tx, t.ID); err == nil {
		return r.turnAway(ctx, tx, m, "CONFLICT", "a thread with this id was begun before")
	}
	var g given
	if err := json.Unmarshal(m.Body, &g); err != nil {
		return r.refuseByMachine(ctx, tx, v, &t, agreement.Outcome{Code: agreement.Incomplete, Reason: "the body is not what a SHARE holds: " + err.Error()}, m)
	}
	if len(g.Items) > 0 {
		return r.severalGiven(ctx, tx, v, &t, g, m)
	}
	q := request{Justification: g.Justification, HumanConfirmedBy: g.ConfirmedBy, Subject: subjectIn(g.Fields)}
	f, err := r.flow(ctx, tx, v, &t, agreement.Arriving, &q)
	if err != nil {
		return err
	}
	if share, held := v.Share(t.Share); held && share.Category == lostDocument { // a document without its holder is about nobody
		f.Subject = known(f.Subject, agreement.Nobody)
	}
	f.Confirmed.Sending = f.Confirmed.Sending || h.Officer != ""
	f.Now, f.Fields = said(m), slices.Sorted(maps.Keys(g.Fields))
	f.Marked = h.Handling.TLP
	o, err := r.decide(ctx, tx, v, &t, f, h.From, "")
	if err != nil {
		return err
	}
	if o.Verdict == agreement.Refuse {
		return r.refuseByMachine(ctx, tx, v, &t, o, m)
	}
	t.answer(r.now(), Answered, data)
	t.Reference = g.Reference
	kept := map[string]any{}
	for _, name := range o.Keep {
		kept[name] = g.Fields[name]
	}
	if err := r.keep(ctx, tx, v, &t, h.ID, ledger.In, kept, o, r.now()); err != nil {
		return err
	}
	if err := r.Post.Erase(ctx, tx, h.ID); err != nil {
		return err
	}
	if err := r.acknowledge(ctx, tx, v, &t, m, receiptOf(o, true)); err != nil {
		return err
	}
	return r.changed(ctx, tx, &t)
}

// undelivered ends a thread whose request never arrived, and flags one in which something else did not.
func (r *Room) undelivered(ctx context.Context, tx store.Tx, d post.Draft, id, why string) error {
	thread := d.Thread
	if thread == "" {
		thread = id
	}
	t, err := threadByID(ctx, tx, thread)
	if err != nil { // no thread of this room's: a proposal, a witness
		r.o.Logger.Warn("a message could not be delivered", "type", d.Type, "to", d.To, "why", why)
		return nil
	}
	t.Attention = "undelivered"
	switch d.Type {
	case envelope.Request:
		t.answer(r.now(), Undelivered, "")
		t.Reason = why
	case envelope.Share:
		t.answer(r.now(), Undelivered, "")
		t.Reason = why
		if err := r.notGiven(ctx, tx, &t, true); err != nil {
			return err
		}
	}
	return r.changed(ctx, tx, &t)
}
