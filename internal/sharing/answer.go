package sharing

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// arrive gives a message to whoever handles its type. The post office calls it once a message, in the order of its thread,
// in the transaction that marks the message done.
func (r *Room) arrive(ctx context.Context, tx store.Tx, m post.Message) error {
	handle, known := r.handler[m.Header.Type]
	if !known {
		return r.turnAway(ctx, tx, m, "TYPE", "this node does not know messages of type "+string(m.Header.Type))
	}
	return handle(ctx, tx, m)
}

// asked takes a request up: the machine refuses what the agreement forbids, and leaves the rest to a human.
func (r *Room) asked(ctx context.Context, tx store.Tx, m post.Message) error {
	h := &m.Header
	v, _, err := r.sender(ctx, tx, m)
	if err != nil {
		return err
	}
	t := begun(m, v, asks)
	if _, err := threadByID(ctx, tx, t.ID); err == nil {
		return r.turnAway(ctx, tx, m, "CONFLICT", "a thread with this id was begun before")
	}
	var q request
	if err := json.Unmarshal(m.Body, &q); err != nil {
		return r.refuseByMachine(ctx, tx, v, &t, agreement.Outcome{Code: agreement.Incomplete, Reason: "the request's body is no request: " + err.Error()}, m)
	}
	t.Urgent = q.Urgent
	if t.CaseRef == "" {
		t.CaseRef = q.CaseRef
	}
	if q.PriorReference != "" {
		known, err := r.referenceOf(ctx, tx, q.PriorReference, v.Metadata.ID)
		if err != nil {
			return err
		}
		if known.target == "" {
			q.PriorReference, q.HitConfirmed = "", false // a reference nobody here gave is none
		}
		t.Prior = known.thread
	}
	f, err := r.flow(ctx, tx, v, &t, agreement.Asked, &q)
	if err != nil {
		return err
	}
	o, err := r.decide(ctx, tx, v, &t, f, machine, "")
	if err != nil {
		return err
	}
	switch {
	case o.Verdict == agreement.Refuse && o.AsNoHit:
		share, _ := v.Share(t.Share) // a never-rule is looked at once the share is known
		return r.answerAsNoHit(ctx, tx, v, share, &t, q, o, m)
	case o.Verdict == agreement.Refuse:
		return r.refuseByMachine(ctx, tx, v, &t, o, m)
	}
	t.Due = o.DueAt
	q.prune(o.Keep)
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	if err := r.vault.put(ctx, tx, t.ID, body); err != nil {
		return err
	}
	if err := r.Post.Erase(ctx, tx, h.ID); err != nil { // the vault has it now, and erasing it there must be enough
		return err
	}
	return r.changed(ctx, tx, &t)
}

// begun is the thread that a partner's message begins.
func begun(m post.Message, v Version, kind string) Thread {
	h := &m.Header
	return Thread{
		ID: h.ThreadKey(), Agreement: h.Agreement.ID, Version: v.Number, Digest: v.Digest, Share: h.Share, Direction: ledger.In, Kind: kind,
		Own: h.To, Partner: h.From, State: Asked, Purpose: h.Purpose, CaseRef: h.CaseRef, Requester: h.Officer, AskedAt: m.ReceivedAt.UTC(), message: h.ID,
	}
}

// refuseByMachine ends a thread that the agreement forbids; what it asked of is destroyed.
func (r *Room) refuseByMachine(ctx context.Context, tx store.Tx, v Version, t *Thread, o agreement.Outcome, m post.Message) error {
	t.Code, t.Clause, t.Reason = o.Code, o.Clause, o.Reason
	if err := r.sendRefusal(ctx, tx, v, t, machine, refusal{
		Code: o.Code, Reason: o.Reason, Clause: o.Clause, MayRetry: o.Code == agreement.OverQuota || o.Code == agreement.Incomplete, RetryAfter: int64(o.RetryAfter / time.Second),
	}); err != nil {
		return err
	}
	if err := r.Post.Erase(ctx, tx, m.Header.ID); err != nil {
		return err
	}
	return r.changed(ctx, tx, t)
}

func (r *Room) sendRefusal(ctx context.Context, tx store.Tx, v Version, t *Thread, officer string, why refusal) error {
	body, err := json.Marshal(why)
	if err != nil {
		return err
	}
	t.answer(r.now(), Refused, "refused")
	if err := ledger.Record(ctx, tx, officer, "", ledger.Step{
		Kind: ledger.Declined, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: t.Direction, Type: string(envelope.Refusal),
		Thread: t.ID, Purpose: t.Purpose, Result: "refused", Code: why.Code, Clause: why.Clause, Reason: why.Reason, Late: t.late(t.AnsweredAt), Due: t.Due,
	}); err != nil {
		return err
	}
	_, err = r.Post.Send(ctx, tx, post.Draft{
		Type: envelope.Refusal, Agreement: named(v.Agreement), Share: t.Share, From: t.Own, To: t.Partner, Thread: t.ID, InReplyTo: t.message,
		Purpose: t.Purpose, Officer: r.officer(officer), Urgent: t.Urgent, Body: body,
	})
	return err
}

func (r *Room) officer(name string) string {
	if name == machine {
		return ""
	}
	return r.pseudonym(name)
}

// answerAsNoHit answers as if nothing were known: in the form that a human's no-hit has, by an officer who has answered of
// late, at the time that their answer would have come.
func (r *Room) answerAsNoHit(ctx context.Context, tx store.Tx, v Version, share *agreement.Share, t *Thread, q request, refused agreement.Outcome, m post.Message) error {
	t.Due = share.ReplyWithin.After(t.AskedAt)
	after, officer, err := r.likeAHuman(ctx, tx, t, m.JWSDigest)
	if err != nil {
		return err
	}
	q.Subject = nil // as of a grown-up whom nobody protects
	f, err := r.flow(ctx, tx, v, t, agreement.Releasing, &q)
	if err != nil {
		return err
	}
	f.Subject.Kind, f.Fields, f.Requester, f.Confirmed.Replying = "person", []string{"match.hit"}, "", true
	at := t.AskedAt.Add(after)
	body, err := padded(reply{Result: noHit, Fields: map[string]any{"match.hit": false}})
	if err != nil {
		return err
	}
	d := r.replyDraft(v, share, t, officer, v.Decide(f), noHit, at)
	d.Body = body
	if _, err := r.Post.Send(ctx, tx, d); err != nil {
		return err
	}
	t.answer(at, Answered, noHit) // people here see an ordinary no-hit too; the log tells its watcher what it was
	if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
		Kind: ledger.Declined, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: t.Direction, Type: string(envelope.Reply),
		Thread: t.ID, Purpose: t.Purpose, Result: "refused", Told: noHit, Code: refused.Code, Clause: refused.Clause,
	}); err != nil {
		return err
	}
	if err := r.Post.Erase(ctx, tx, m.Header.ID); err != nil {
		return err
	}
	return r.changed(ctx, tx, t)
}

// replyDraft is an answer's envelope, without its body. An answer hit or no hit leaves on the grid, and its marks tell
// nothing of when somebody decided.
func (r *Room) replyDraft(v Version, share *agreement.Share, t *Thread, officer string, o agreement.Outcome, result string, at time.Time) post.Draft {
	d := r.inThread(envelope.Reply, v, t, t.message, "", nil)
	d.Officer, d.Handling = officer, handling(o)
	if share.Mode == "hit_no_hit" {
		d.NotBefore = r.onGrid(t.AskedAt, at)
		d.Handling.EraseAt = share.Retention.Max.After(d.NotBefore)
		d.Handling.ReviewAt = time.Time{}
	}
	if result == noHit {
		d.Handling.EraseAt = share.Retention.OnNoHit.After(d.NotBefore)
	}
	return d
}

// onGrid is the first instant, counted in whole floors from the question, that is not before another: so an answer's
// moment tells little of what was looked at.
func (r *Room) onGrid(asked, notBefore time.Time) time.Time {
	steps := (notBefore.Sub(asked) + r.o.ReplyFloor - 1) / r.o.ReplyFloor
	return asked.Add(max(steps, 1) * r.o.ReplyFloor)
}

const padStep = 4 << 10

// padded writes an answer so that its length is a multiple of 4 KiB.
func padded(a reply) ([]byte, error) {
	bare, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	const frame = len(`,"pad":""`)
	pad := padStep - (len(bare)+frame)%padStep
	return slices.Concat(bare[:len(bare)-1], []byte(`,"pad":"`), bytes.Repeat([]byte("0"), pad%padStep), []byte(`"}`)), nil
}

// Release is what a person of the holder's side says to a request.
type Release struct {
	Answer    string         `json:"answer" enum:"hit,no_hit,data,refuse"`
	Candidate string         `json:"candidate,omitempty" doc:"Of the thread's candidates, the one it is"`
	Values    map[string]any `json:"values,omitempty" doc:"Typed by hand, for what no part of this node holds"`
	Code      string         `json:"code,omitempty" doc:"Of a refusal"`
	Reason    string         `json:"reason,omitempty" maxLength:"4000"`
}

// The codes a human refuses with.
var humanCodes = []string{"NOT_PROPORTIONATE", "NATIONAL_INTEREST", "JUDICIAL_REFUSED", "ONGOING_CASE", "NO_SUCH_DATA", "REASON_WITHHELD", agreement.Incomplete}

// Preview is what would leave, and what would stay.
type Preview struct {
	Leaves    []Leaving           `json:"leaves"`
	Withheld  []agreement.Dropped `json:"withheld"`
	Handling  envelope.Handling   `json:"handling,omitzero"`
	Needs     []agreement.Missing `json:"needs"`
	Forbidden *Forbidden          `json:"forbidden,omitempty" doc:"The agreement does not let this out at all"`
	Bytes     int                 `json:"message_bytes" doc:"Of the body, before it is sealed"`
}

// Leaving is a field with what would be said in it.
type Leaving struct {
	Field string `json:"field"`
	Value any    `json:"value"`
}

// Forbidden is a no of the agreement.
type Forbidden struct {
	Code   string `json:"code"`
	Clause string `json:"clause,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// weighed is an answer as the agreement lets it out.
type weighed struct {
	reply   reply
	outcome agreement.Outcome
	flow    agreement.Flow
	target  string // what a hit's reference will stand for
}

// weigh puts an answer together and asks the agreement about it.
func (r *Room) weigh(ctx context.Context, rd store.Reader, v Version, share *agreement.Share, t *Thread, in Release, approved []Approval) (w weighed, err error) {
	q, err := r.request(ctx, rd, t.ID)
	if err != nil {
		return w, err
	}
	if w.flow, err = r.flow(ctx, rd, v, t, agreement.Releasing, &q); err != nil {
		return w, err
	}
	offer, err := r.offer(ctx, rd, share, t, &q, in)
	if err != nil {
		return w, err
	}
	w.target = in.Candidate
	w.flow.Record = offer.Record
	if offer.Subject.Kind != "" {
		w.flow.Subject = known(w.flow.Subject, offer.Subject)
	}
	w.flow.Requester = "" // the asker is of the other side: none of ours is
	w.flow.Confirmed.Replying = true
	for _, a := range approved {
		if a.Stage == toRelease && a.Approve {
			w.flow.Approvals = append(w.flow.Approvals, agreement.Approval{By: a.By, Role: a.Role})
		}
	}
	for name := range offer.Values {
		w.flow.Fields = append(w.flow.Fields, name)
	}
	slices.Sort(w.flow.Fields)
	w.outcome = v.Decide(w.flow)
	w.reply = reply{Result: in.Answer, Fields: map[string]any{}}
	for _, name := range w.outcome.Keep {
		w.reply.Fields[name] = offer.Values[name]
	}
	return w, nil
}

// offer is what there is to say, before the agreement is asked what of it may be.
func (r *Room) offer(ctx context.Context, rd store.Reader, share *agreement.Share, t *Thread, q *request, in Release) (Offer, error) {
	if in.Answer == noHit {
		return Offer{Values: map[string]any{"match.hit": false}}, nil
	}
	item, held := r.items[share.Category]
	if !held {
		if len(in.Values) == 0 {
			return Offer{}, api.Errorf(api.Unprocessable, "no part of this node holds %s: type the values to be released", share.Category)
		}
		return Offer{Values: in.Values}, nil
	}
	if in.Candidate == "" {
		return Offer{}, api.Errorf(api.Unprocessable, "say which of the candidates it is")
	}
	ask, err := r.ask(ctx, rd, share, q, t)
	if err != nil {
		return Offer{}, err
	}
	candidates, err := item.Find(ctx, rd, ask)
	if err != nil {
		return Offer{}, err
	}
	if !slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Ref == in.Candidate }) {
		return Offer{}, api.Errorf(api.Unprocessable, "%q is not one of this thread's candidates", in.Candidate)
	}
	offer, err := item.Fill(ctx, rd, in.Candidate, ask)
	if err == nil && share.Mode == "hit_no_hit" {
		offer.Values["match.reference"] = r.shelf.home + "-H-…" // given when it leaves
	}
	return offer, err
}

func (r *Room) ask(ctx context.Context, rd store.Reader, share *agreement.Share, q *request, t *Thread) (Ask, error) {
	a := Ask{Agreement: t.Agreement, Share: t.Share, Category: share.Category, Purpose: t.Purpose, Facts: q.Facts, Application: q.ApplicationRef, Program: q.Program, Consent: q.ConsentRef}
	if q.Subject != nil {
		a.Person = *q.Subject
	}
	if q.Journey != nil {
		a.Journey = *q.Journey
	}
	if q.PriorReference != "" {
		known, err := r.referenceOf(ctx, rd, q.PriorReference, t.Agreement)
		if err != nil {
			return a, err
		}
		a.Prior = known.target
	}
	return a, nil
}

// candidates are those of ours whom a request may mean.
func (r *Room) candidates(ctx context.Context, rd store.Reader, share *agreement.Share, t *Thread, q *request) ([]Candidate, error) {
	item, held := r.items[share.Category]
	if !held {
		return []Candidate{}, nil
	}
	a, err := r.ask(ctx, rd, share, q, t)
	if err != nil {
		return nil, err
	}
	found, err := item.Find(ctx, rd, a)
	if found == nil {
		found = []Candidate{}
	}
	return found, err
}

// Preview shows what an answer would let out, and what it would not and why. It changes nothing.
func (r *Room) Preview(ctx context.Context, by access.Principal, id string, in Release) (Preview, error) {
	rd := r.store.Read()
	t, v, share, err := r.openThread(ctx, rd, id)
	switch {
	case err != nil:
		return Preview{}, err
	case !sees(by.Role, domainOf(share.Category)):
		return Preview{}, api.Errorf(api.NotFound, "there is no thread %q", id)
	case t.Direction != ledger.In || t.ended():
		return Preview{}, t.conflict("nothing of it waits to be released")
	}
	if err := r.told(ctx, by, "exchange.preview", id); err != nil {
		return Preview{}, err
	}
	approved, err := approvals(ctx, rd, id)
	if err != nil {
		return Preview{}, err
	}
	w, err := r.weigh(ctx, rd, v, share, &t, in, approved)
	if err != nil {
		return Preview{}, err
	}
	return preview(w.outcome, w.reply.Fields, func(map[string]any) any { return w.reply })
}

// preview tells of what the agreement says of some values what would leave, and in how large a body.
func preview(o agreement.Outcome, values map[string]any, body func(kept map[string]any) any) (Preview, error) {
	p := Preview{Leaves: []Leaving{}, Withheld: o.Dropped, Handling: handling(o), Needs: o.Need}
	if p.Withheld == nil {
		p.Withheld = []agreement.Dropped{}
	}
	if p.Needs == nil {
		p.Needs = []agreement.Missing{}
	}
	if o.Verdict == agreement.Refuse {
		p.Forbidden = &Forbidden{o.Code, o.Clause, o.Reason}
	}
	kept := map[string]any{}
	for _, name := range o.Keep {
		kept[name] = values[name]
		p.Leaves = append(p.Leaves, Leaving{name, values[name]})
	}
	text, err := json.Marshal(body(kept))
	p.Bytes = len(text)
	return p, err
}

// known is whom a flow is about as the holder knows them, kept under the protection this side gives the one who was named.
func known(named, about agreement.Subject) agreement.Subject {
	about.ProtectedFrom, about.AsylumSeeker = named.ProtectedFrom, len(named.ProtectedFrom) > 0
	return about
}

// Release answers a request: with a hit, no hit or data, as far as the agreement lets it, or with a refusal. Where more
// than one person must, the first one's answer waits for the other, who must say the same.
func (r *Room) Release(ctx context.Context, by access.Principal, id string, in Release) (Thread, error) {
	in.Reason = strings.TrimSpace(in.Reason)
	err := r.attempt(ctx, func(ctx context.Context, tx store.Tx) (refusal, err error) {
		t, v, share, err := r.openThread(ctx, tx, id)
		switch {
		case err != nil:
			return nil, err
		case !mayRelease(v, share, by.Role):
			return nil, api.Errorf(api.Forbidden, "releasing %s is for the role %s", share.ID, v.Role(share.Approval.Role))
		case t.Direction != ledger.In || t.State != Asked && t.State != Half:
			return nil, t.conflict("nothing of it waits to be released")
		}
		if in.Answer == refuse {
			return nil, r.refuse(ctx, tx, v, &t, by, in)
		}
		if err := fits(share, in); err != nil {
			return nil, err
		}
		chosen, err := choice(in)
		if err != nil {
			return nil, err
		}
		if t.State == Half && t.choice != chosen {
			return nil, api.Errorf(api.Conflict, "another person released something else: refuse, or release the same").With("choice", json.RawMessage(t.choice))
		}
		a := Approval{Stage: toRelease, By: by.Name, Role: string(by.Role), Approve: true, Reason: in.Reason, At: r.now()}
		approved, err := approvals(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		approved = append(slices.DeleteFunc(approved, func(b Approval) bool { return b.By == a.By && b.Stage == a.Stage }), a)
		w, err := r.weigh(ctx, tx, v, share, &t, in, approved)
		if err != nil {
			return nil, err
		}
		step := decided(v, &t, &w.flow, &w.outcome)
		if err := ledger.Record(ctx, tx, by.Name, string(by.Role), step); err != nil {
			return nil, err
		}
		if w.outcome.Verdict == agreement.Refuse {
			return refusedByAgreement(w.outcome), nil
		}
		if err := a.save(ctx, tx, id); err != nil {
			return nil, err
		}
		step = ledger.Step{
			Kind: ledger.Approved, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.Out, Type: string(envelope.Reply),
			Thread: t.ID, Purpose: t.Purpose, Kept: w.outcome.Keep, Dropped: step.Dropped, Flaws: flawsOf(w.reply.Fields),
		}
		if w.outcome.Verdict == agreement.Need {
			t.State, t.choice = Half, chosen
		} else {
			if err := r.sendReply(ctx, tx, v, share, &t, by.Name, w); err != nil {
				return nil, err
			}
			step.Result, step.Late, step.Due = w.reply.Result, t.late(t.AnsweredAt), t.Due
		}
		if err := ledger.Record(ctx, tx, by.Name, string(by.Role), step); err != nil {
			return nil, err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: string(by.Role), Action: "exchange.release", Touched: []string{t.ID}, Detail: in.Answer}); err != nil {
			return nil, err
		}
		return nil, r.changed(ctx, tx, &t)
	})
	if err != nil {
		return Thread{}, err
	}
	return r.thread(ctx, r.store.Read(), id)
}

// choice is an answer as it is kept for the second person, who must give the same: its reason is each person's own.
func choice(in Release) (string, error) {
	in.Reason = ""
	text, err := json.Marshal(in) // values are sorted by name
	return string(text), err
}

// fits says whether a share can be answered so at all.
func fits(share *agreement.Share, in Release) error {
	wanted := data
	if share.Mode == "hit_no_hit" {
		wanted = hit
	}
	if in.Answer != wanted && (in.Answer != noHit || share.Mode != "hit_no_hit") {
		return api.Errorf(api.Unprocessable, "%s is answered with %s, no_hit or a refusal, not with %s", share.ID, wanted, in.Answer)
	}
	return nil
}

func (r *Room) refuse(ctx context.Context, tx store.Tx, v Version, t *Thread, by access.Principal, in Release) error {
	if !slices.Contains(humanCodes, in.Code) {
		return api.Errorf(api.Unprocessable, "a refusal has one of the codes %s", strings.Join(humanCodes, ", "))
	}
	if in.Reason == "" && in.Code != "REASON_WITHHELD" && v.Duties.RefusalNeedsReason {
		return api.Errorf(api.Unprocessable, "the agreement wants a reason with a refusal; where it must not be told the code is REASON_WITHHELD")
	}
	t.Code, t.Reason = in.Code, in.Reason
	if err := (Approval{Stage: toRelease, By: by.Name, Role: string(by.Role), Reason: in.Reason, At: r.now()}).save(ctx, tx, t.ID); err != nil {
		return err
	}
	if err := r.sendRefusal(ctx, tx, v, t, by.Name, refusal{Code: in.Code, Reason: in.Reason, MayRetry: in.Code != "NATIONAL_INTEREST"}); err != nil {
		return err
	}
	if err := r.vault.destroy(ctx, tx, t.ID); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: string(by.Role), Action: "exchange.refuse", Touched: []string{t.ID}, Detail: in.Code}); err != nil {
		return err
	}
	return r.changed(ctx, tx, t)
}

// sendReply lets an answer out. A no-hit takes the request's words with it, where the agreement wants them gone at once.
func (r *Room) sendReply(ctx context.Context, tx store.Tx, v Version, share *agreement.Share, t *Thread, officer string, w weighed) error {
	now := r.now()
	if w.reply.Result != noHit {
		if err := r.left(ctx, tx, t, share, w.target, w.outcome.Keep, officer); err != nil {
			return err
		}
	}
	d := r.replyDraft(v, share, t, r.pseudonym(officer), w.outcome, w.reply.Result, now)
	if _, named := w.reply.Fields["match.reference"]; named {
		n, err := store.NextNumber(ctx, tx, "sharing_reference", 1)
		if err != nil {
			return err
		}
		t.Reference = r.shelf.home + "-H-" + strconv.FormatInt(n, 10)
		w.reply.Fields["match.reference"] = t.Reference
		if err := keepReference(ctx, tx, reference{t.Reference, t.ID, t.Agreement, share.Category, w.target}, now); err != nil {
			return err
		}
	} else if t.Prior != "" {
		if prior, err := threadByID(ctx, tx, t.Prior); err == nil {
			t.Reference = prior.Reference
		}
	} else if w.reply.Result == data { // so that it can be corrected and taken back
		n, err := store.NextNumber(ctx, tx, "sharing_reference", 1)
		if err != nil {
			return err
		}
		t.Reference = r.shelf.home + "-D-" + strconv.FormatInt(n, 10)
		w.reply.Reference = t.Reference
	}
	var err error
	t.answer(now, Answered, w.reply.Result)
	if share.Mode == "hit_no_hit" {
		d.Body, err = padded(w.reply)
	} else {
		d.Body, err = json.Marshal(w.reply)
	}
	if err != nil {
		return err
	}
	t.forget = share.Retention.Max.After(now)
	if w.reply.Result == noHit {
		t.forget = w.outcome.NoHitUntil
		if !t.forget.After(now) {
			if err := r.vault.destroy(ctx, tx, t.ID); err != nil {
				return err
			}
			t.forget = time.Time{}
		}
	}
	id, err := r.Post.Send(ctx, tx, d)
	if err != nil || w.reply.Result == noHit {
		return err
	}
	return r.keep(ctx, tx, v, t, id, ledger.Out, w.reply.Fields, w.outcome, now) // what was given, so that it can be corrected
}
