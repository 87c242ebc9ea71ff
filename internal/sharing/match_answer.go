package sharing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// String is the flight as runs name it.
func (j Journey) String() string { return strings.TrimSpace(j.Carrier + j.Number + " " + j.Date) }

// The days around today on which a flight departs that is asked about; the list's side cannot know that it flies.
const (
	daysBehind = 2
	daysAhead  = 4
)

// batchCame takes a partner's batch: what the agreement or its quota forbids is refused at once, the rest waits to be
// evaluated. A flight is answered once at each stage.
func (m *Matches) batchCame(ctx context.Context, tx store.Tx, msg post.Message) error {
	h := &msg.Header
	v, _, err := m.room.sender(ctx, tx, msg)
	if err != nil {
		return err
	}
	run := MatchRun{
		ID: h.ID, Direction: ledger.In, Agreement: h.Agreement.ID, Version: v.Number, digest: v.Digest, Share: h.Share, own: h.To, Partner: h.From,
		Purpose: h.Purpose, State: MatchAsked, At: m.room.now(), AskedAt: msg.ReceivedAt.UTC(), message: h.ID, claim: h.ID,
	}
	s, ok := m.giving(v, h.Share, h.From)
	if !ok {
		return m.refuseBatch(ctx, tx, v, &run, agreement.Direction, "shares."+h.Share, "this share is not ours to give, or is not matched privately")
	}
	var b pmBlind
	if err := json.Unmarshal(msg.Body, &b); err != nil {
		return m.refuseBatch(ctx, tx, v, &run, codeMalformed, "", "the body is no batch: "+err.Error())
	}
	run.Journey, run.Stage, run.Epoch, run.Padded, run.Commitment = b.Flight.String(), b.Stage, b.Epoch, len(b.Elements), hexed(b.Commitment)
	if why := b.wrong(m.room.now()); why != "" {
		run.Padded = 0
		return m.refuseBatch(ctx, tx, v, &run, codeMalformed, "", why)
	}
	f, err := m.flow(ctx, tx, s, agreement.Asked, h.Purpose, subjectsIn(len(b.Elements)))
	if err != nil {
		return err
	}
	o, err := m.room.decide(ctx, tx, v, s.thread(h.ID, ledger.In, h.Purpose), f, h.From, "")
	if err != nil {
		return err
	}
	if o.Verdict == agreement.Refuse {
		return m.refuseBatch(ctx, tx, v, &run, o.Code, o.Clause, o.Reason)
	}
	run.Due, run.EraseAt = o.DueAt, o.EraseAt
	run.claim = claimOf(ledger.In, s, run.Journey, run.Stage)
	claimed, err := run.enter(ctx, tx)
	if err != nil {
		return err
	}
	if !claimed {
		run.claim = run.ID
		return m.refuseBatch(ctx, tx, v, &run, codeTwice, "shares."+h.Share+".quota", "this flight was answered at this stage already")
	}
	if err := m.room.vault.put(ctx, tx, run.message, msg.Body); err != nil {
		return err
	}
	if err := m.room.Post.Erase(ctx, tx, run.message); err != nil { // the vault has it now, and erasing it there must be enough
		return err
	}
	tx.Notify(matchTopic)
	return m.room.announce(ctx, tx, "match", run.ID)
}

// wrong says what is wrong with a batch; "" is nothing. Whether its elements are such is found out when they are evaluated.
func (b *pmBlind) wrong(now time.Time) string {
	date, err := time.Parse(time.DateOnly, b.Flight.Date)
	switch {
	case b.KeyProfile != matching.Profile:
		return "the key profile is " + matching.Profile
	case !slices.Contains(matching.Sizes, len(b.Elements)):
		return fmt.Sprintf("a batch of %d elements is none of the sizes %v", len(b.Elements), matching.Sizes)
	case b.Stage == "" || len(b.Stage) > 20 || b.Flight.Carrier == "" || len(b.Flight.String()) > 40 || len(b.Epoch) > 200:
		return "a batch names a flight and its stage"
	case err != nil || date.Before(now.AddDate(0, 0, -daysBehind)) || date.After(now.AddDate(0, 0, daysAhead)):
		return "a batch is about a flight of these days"
	case len(b.Commitment) != 32:
		return "a batch carries the root of a commitment"
	}
	return ""
}

// refuseBatch tells the partner why a batch is not answered, and keeps that it was asked.
func (m *Matches) refuseBatch(ctx context.Context, tx store.Tx, v Version, run *MatchRun, code, clause, reason string) error {
	run.end(m.room.now(), MatchRefused, code, clause, reason)
	if err := run.save(ctx, tx); err != nil {
		return err
	}
	body, err := json.Marshal(refusal{Code: code, Reason: reason, Clause: clause, MayRetry: code == agreement.OverQuota || code == agreement.Expired})
	if err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
		Kind: ledger.Declined, Agreement: run.Agreement, Version: run.Version, Share: run.Share, Partner: run.Partner, Direction: run.Direction,
		Type: string(envelope.Refusal), Thread: run.message, Purpose: run.Purpose, Code: code, Clause: clause, Reason: reason, Padded: run.Padded,
	}); err != nil {
		return err
	}
	if err := m.room.vault.destroy(ctx, tx, run.message); err != nil {
		return err
	}
	if err := m.room.Post.Erase(ctx, tx, run.message); err != nil {
		return err
	}
	if _, err := m.room.Post.Send(ctx, tx, post.Draft{
		Type: envelope.Refusal, Agreement: named(v.Agreement), Share: run.Share, From: run.own, To: run.Partner, Thread: run.message, InReplyTo: run.message,
		Purpose: run.Purpose, Body: body,
	}); err != nil {
		return err
	}
	return m.room.announce(ctx, tx, "match", run.ID)
}

// answer evaluates a batch that waits, and sends what came of it.
func (m *Matches) answer(ctx context.Context, run MatchRun) error {
	v, found, err := m.room.shelf.of(ctx, m.room.store.Read(), run.Agreement, run.digest)
	if err != nil || !found {
		return err
	}
	s, ok := m.giving(v, run.Share, run.Partner)
	if !ok {
		return nil
	}
	evaluated, refusal, err := m.evaluate(ctx, s, &run)
	if err != nil {
		return err
	}
	return m.room.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		run, err := runByID(ctx, tx, run.ID)
		if err != nil || run.State != MatchAsked {
			return err
		}
		if refusal != nil {
			return m.refuseBatch(ctx, tx, v, &run, refusal.Code, "", refusal.Reason)
		}
		f, err := m.flow(ctx, tx, s, agreement.Releasing, run.Purpose, subjectsIn(run.Padded))
		if err != nil {
			return err
		}
		o, err := m.room.decide(ctx, tx, v, s.thread(run.message, ledger.In, run.Purpose), f, machine, "")
		if err != nil {
			return err
		}
		if o.Verdict != agreement.Permit { // suspended meanwhile
			return m.refuseBatch(ctx, tx, v, &run, o.Code, o.Clause, o.Reason)
		}
		body, err := json.Marshal(pmEval{run.Epoch, evaluated})
		if err != nil {
			return err
		}
		run.State, run.EndedAt = MatchAnswered, m.room.now()
		if run.answer, err = m.room.Post.Send(ctx, tx, post.Draft{
			Type: envelope.PMEval, Agreement: named(v.Agreement), Share: run.Share, From: run.own, To: run.Partner, Thread: run.message, InReplyTo: run.message,
			Purpose: run.Purpose, Handling: handling(o), Body: body,
		}); err != nil {
			return err
		}
		if err := m.room.vault.destroy(ctx, tx, run.message); err != nil {
			return err
		}
		if err := run.save(ctx, tx); err != nil {
			return err
		}
		return m.room.announce(ctx, tx, "match", run.ID)
	})
}

// evaluate is the work of an answer, outside any transaction; a refusal is what the partner is told instead.
func (m *Matches) evaluate(ctx context.Context, s *matchShare, run *MatchRun) (matching.Answer, *refusal, error) {
	e := m.epochOf(s.key())
	if e == nil || e.Name() != run.Epoch {
		return matching.Answer{}, &refusal{Code: agreement.Expired, Reason: "the epoch is over: the list of the next is on its way"}, nil
	}
	body, err := m.room.vault.get(ctx, m.room.store.Read(), run.message)
	if errors.Is(err, keys.ErrDestroyed) {
		return matching.Answer{}, &refusal{Code: codeMalformed, Reason: "the batch is gone"}, nil
	}
	if err != nil {
		return matching.Answer{}, nil, err
	}
	var b pmBlind
	if err := json.Unmarshal(body, &b); err != nil {
		return matching.Answer{}, &refusal{Code: codeMalformed, Reason: "the body is no batch"}, nil
	}
	a, err := e.Evaluate(b.Elements)
	switch {
	case errors.Is(err, matching.ErrDestroyed):
		return a, &refusal{Code: agreement.Expired, Reason: "the epoch is over: the list of the next is on its way"}, nil
	case err != nil:
		return a, &refusal{Code: codeMalformed, Reason: err.Error()}, nil
	}
	return a, nil, nil
}

// receiptCame takes the asking side's figures.
func (m *Matches) receiptCame(ctx context.Context, tx store.Tx, msg post.Message, run MatchRun) error {
	if run.Direction != ledger.In || run.Partner != msg.Header.From || run.State != MatchAnswered {
		return m.room.turnAway(ctx, tx, msg, "UNASKED", "no batch of the partner's waits for a receipt")
	}
	var r matchReceipt
	if err := json.Unmarshal(msg.Body, &r); err != nil || r.Asked < 0 || r.Hits < 0 || r.Asked > run.Padded || r.Hits > run.Padded {
		return m.room.turnAway(ctx, tx, msg, codeMalformed, "a receipt of a batch tells how many keys were asked, and how many hits there were")
	}
	run.State, run.Asked, run.HitCount = MatchDone, r.Asked, r.Hits
	if err := run.save(ctx, tx); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, msg.Header.From, "", run.told()); err != nil {
		return err
	}
	return m.room.announce(ctx, tx, "match", run.ID)
}
