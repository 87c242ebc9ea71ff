package sharing

import (
	"context"
	"encoding/json"
	"errors"
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

// Propose takes up a version of an agreement and sends it to the partner, to be signed by both. A document with an error
// is refused whole.
func (r *Room) Propose(ctx context.Context, by access.Principal, text []byte) (Version, error) {
	a, err := r.readable(text)
	if err != nil {
		return Version{}, err
	}
	own, partner, ok := r.shelf.sides(a)
	if !ok {
		return Version{}, api.Errorf(api.Unprocessable, "neither party of this agreement is this state (%s): look at parties[].country", r.shelf.home)
	}
	v := Version{Agreement: a, Number: a.Metadata.Version, Digest: a.Digest, State: proposed, ProposedBy: own.ID, ProposedAt: r.now()}
	body, err := json.Marshal(proposal{Text: string(text)})
	if err != nil {
		return v, err
	}
	err = r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := r.follows(ctx, tx, a); err != nil {
			return err
		}
		if err := r.takeUp(ctx, tx, by.Name, string(by.Role), v, speaker(a, partner)); err != nil {
			return err
		}
		_, err := r.Post.Send(ctx, tx, post.Draft{
			Type: envelope.Proposal, Agreement: named(a), From: speaker(a, own), To: speaker(a, partner), Officer: r.pseudonym(by.Name), Body: body,
		})
		if errors.Is(err, post.ErrUnknownPartner) {
			return api.Errorf(api.Conflict, "the partner's card is not known here: take it up with rihla partner trust, then propose")
		}
		return err
	})
	if err != nil {
		return Version{}, err
	}
	return r.version(ctx, a.Metadata.ID, a.Digest)
}

// readable reads a document, or says all that is wrong with it.
func (r *Room) readable(text []byte) (*agreement.Agreement, error) {
	a, problems := agreement.Read(text)
	if a == nil {
		return nil, api.Errorf(api.Unprocessable, "the agreement has mistakes and was not taken up").With("problems", problems)
	}
	return r.shelf.compile(a.Digest, text)
}

// follows refuses a version that is not the next one.
func (r *Room) follows(ctx context.Context, rd store.Reader, a *agreement.Agreement) error {
	all, err := r.shelf.versions(ctx, rd, a.Metadata.ID)
	if err != nil {
		return err
	}
	for _, v := range all {
		switch {
		case v.Digest == a.Digest:
			return api.Errorf(api.Conflict, "this version is held already: it is %s", v.State)
		case v.State != proposed && v.Number >= a.Metadata.Version:
			return api.Errorf(api.Conflict, "version %d is %s already: a change is version %d", v.Number, v.State, v.Number+1)
		case v.State == inForce && a.Metadata.Supersedes != nil && a.Metadata.Supersedes.Version == v.Number && a.Metadata.Supersedes.Digest != v.Digest:
			return api.Errorf(api.Unprocessable, "metadata.supersedes.digest is %s, but version %d in force here is %s", a.Metadata.Supersedes.Digest, v.Number, v.Digest)
		}
	}
	return nil
}

func (r *Room) takeUp(ctx context.Context, tx store.Tx, actor, role string, v Version, partner string) error {
	if err := v.save(ctx, tx); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, actor, role, ledger.Step{
		Kind: ledger.Proposed, Agreement: v.Metadata.ID, Version: v.Number, Digest: v.Digest, Partner: partner, Reason: v.ProposedBy,
	}); err != nil {
		return err
	}
	return r.announce(ctx, tx, "agreement", v.Metadata.ID)
}

func (r *Room) version(ctx context.Context, id, digest string) (Version, error) {
	all, err := r.shelf.versions(ctx, r.store.Read(), id)
	if err != nil {
		return Version{}, err
	}
	for _, v := range all {
		if v.Digest == digest {
			return v, nil
		}
	}
	return Version{}, api.Errorf(api.NotFound, "agreement %s has no version with digest %s", id, digest)
}

// Sign puts this side's signature to a version, and sends it. When both have signed it comes into force on its day.
func (r *Room) Sign(ctx context.Context, by access.Principal, id, digest string) (Version, error) {
	v, err := r.version(ctx, id, digest)
	if err != nil {
		return v, err
	}
	own, partner, ok := r.shelf.sides(v.Agreement)
	switch {
	case !ok:
		return v, api.Errorf(api.Unprocessable, "neither party of this agreement is this state")
	case v.signedBy(own.ID):
		return v, api.Errorf(api.Conflict, "%s has signed this version already", own.ID)
	case v.State != proposed:
		return v, api.Errorf(api.Conflict, "this version is %s", v.State)
	case v.Metadata.Status != "signed" && v.Metadata.Status != "in_force":
		return v, api.Errorf(api.Unprocessable, "the document calls itself %s: what is signed has metadata.status signed or in_force", v.Metadata.Status)
	}
	from := speaker(v.Agreement, own)
	jws, err := r.Post.SignDocument(ctx, from, v.Text)
	if err != nil {
		return v, err
	}
	body, err := json.Marshal(signature{Party: own.ID, JWS: jws})
	if err != nil {
		return v, err
	}
	err = r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := r.sign(ctx, tx, by.Name, string(by.Role), v, Signature{Party: own.ID, Authority: from, By: by.Name, At: r.now(), jws: jws}); err != nil {
			return err
		}
		_, err := r.Post.Send(ctx, tx, post.Draft{
			Type: envelope.Signature, Agreement: named(v.Agreement), From: from, To: speaker(v.Agreement, partner), Officer: r.pseudonym(by.Name), Body: body,
		})
		return err
	})
	if err != nil {
		return v, err
	}
	return r.version(ctx, id, digest)
}

// sign keeps a signature, and brings the version into force when it is the second and the day has come.
func (r *Room) sign(ctx context.Context, tx store.Tx, actor, role string, v Version, s Signature) error {
	if _, err := saveSignature.Exec(ctx, tx, [][]any{{v.Metadata.ID, v.Digest, s.Party, s.Authority, s.jws, s.By, store.Micros(s.At)}}); err != nil {
		return err
	}
	step := ledger.Step{Kind: ledger.Signed, Agreement: v.Metadata.ID, Version: v.Number, Digest: v.Digest, Partner: s.Authority, Reason: s.Party}
	if err := ledger.Record(ctx, tx, actor, role, step); err != nil {
		return err
	}
	var signatures int
	if err := tx.QueryRowContext(ctx, "select count(*) from sharing_signature where agreement = $1 and digest = $2", v.Metadata.ID, v.Digest).Scan(&signatures); err != nil {
		return err
	}
	if signatures == 2 && v.State == proposed {
		v.State = signed
		if err := v.save(ctx, tx); err != nil {
			return err
		}
		if err := r.begin(ctx, tx, v, r.now()); err != nil {
			return err
		}
	}
	return r.announce(ctx, tx, "agreement", v.Metadata.ID)
}

// begin brings a signed version into force when its day has come; the one before it makes way.
func (r *Room) begin(ctx context.Context, tx store.Tx, v Version, now time.Time) error {
	if v.State != signed || now.Before(v.Metadata.Effective.Time) {
		return nil
	}
	old, found, err := r.shelf.current(ctx, tx, v.Metadata.ID)
	if err != nil {
		return err
	}
	if found {
		old.State, old.EndedAt = superseded, now
		if err := old.save(ctx, tx); err != nil {
			return err
		}
	}
	v.State, v.InForceAt = inForce, now
	if err := v.save(ctx, tx); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, machine, "", ledger.Step{Kind: ledger.InForce, Agreement: v.Metadata.ID, Version: v.Number, Digest: v.Digest}); err != nil {
		return err
	}
	return r.announce(ctx, tx, "agreement", v.Metadata.ID)
}

// proposalCame takes up what the partner proposes. What is wrong with it is the exchange log's to say: nobody can sign it.
func (r *Room) proposalCame(ctx context.Context, tx store.Tx, m post.Message) error {
	var p proposal
	if err := json.Unmarshal(m.Body, &p); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	a, problems := agreement.Read([]byte(p.Text))
	if a == nil {
		return r.turnAway(ctx, tx, m, "INVALID", problems.Error())
	}
	if _, err := r.shelf.compile(a.Digest, []byte(p.Text)); err != nil {
		return err
	}
	from, known := a.PartyOf(m.Header.From)
	own, _, ours := r.shelf.sides(a)
	if !known || !ours || from.ID == own.ID || a.Digest != m.Header.Agreement.Digest {
		return r.turnAway(ctx, tx, m, agreement.Mismatch, "the proposal is not between its sender and this state")
	}
	if err := r.follows(ctx, tx, a); err != nil {
		return r.turnAway(ctx, tx, m, "CONFLICT", err.Error())
	}
	v := Version{Agreement: a, Number: a.Metadata.Version, Digest: a.Digest, State: proposed, ProposedBy: from.ID, ProposedAt: m.ReceivedAt}
	return r.takeUp(ctx, tx, m.Header.From, "", v, m.Header.From)
}

// proposalWithin is how long a signature may wait for the version it signs.
const proposalWithin = time.Minute

func (r *Room) signatureCame(ctx context.Context, tx store.Tx, m post.Message) error {
	var s signature
	if err := json.Unmarshal(m.Body, &s); err != nil {
		return r.turnAway(ctx, tx, m, "MALFORMED", err.Error())
	}
	v, found, err := r.shelf.of(ctx, tx, m.Header.Agreement.ID, m.Header.Agreement.Digest)
	if err != nil {
		return err
	}
	switch {
	case !found && r.now().Sub(m.ReceivedAt) < proposalWithin: // the proposal came with it, and is being read: tried again
		return api.Errorf(api.Conflict, "the version it signs is not held yet")
	case !found:
		return r.turnAway(ctx, tx, m, agreement.Mismatch, "a signature of a version that is not held here")
	}
	party, known := v.PartyOf(m.Header.From)
	own, _, _ := r.shelf.sides(v.Agreement)
	if !known || party.ID == own.ID {
		return r.turnAway(ctx, tx, m, agreement.Mismatch, "the sender is no authority of the partner")
	}
	if err := r.Post.VerifyDocument(ctx, m.Header.From, v.Text, s.JWS); err != nil {
		return r.turnAway(ctx, tx, m, "SIGNATURE", err.Error())
	}
	return r.sign(ctx, tx, m.Header.From, "", v, Signature{Party: party.ID, Authority: m.Header.From, At: m.ReceivedAt, jws: s.JWS})
}

// turnAway notes a message that came, is kept, and counts for nothing.
func (r *Room) turnAway(ctx context.Context, tx store.Tx, m post.Message, code, why string) error {
	r.o.Logger.Warn("a partner's message was turned away", "type", m.Header.Type, "from", m.Header.From, "code", code, "why", why)
	s := r.step(ledger.Stopped, m)
	s.Code, s.Reason = code, why
	return ledger.Record(ctx, tx, m.Header.From, "", s)
}

// step begins a step about a message that came.
func (r *Room) step(kind ledger.Kind, m post.Message) ledger.Step {
	h := &m.Header
	return ledger.Step{
		Kind: kind, Agreement: h.Agreement.ID, Version: h.Agreement.Version, Share: h.Share, Partner: h.From, Direction: ledger.In,
		Type: string(h.Type), Message: h.ID, Thread: h.ThreadKey(), InReplyTo: h.InReplyTo, Purpose: h.Purpose,
	}
}

// admit is asked by the post office before a message is kept: is there an agreement it runs under, and, of an answer, a
// question it answers?
func (r *Room) admit(ctx context.Context, rd store.Reader, h envelope.Header) error {
	if h.Type == envelope.Proposal || h.Type == envelope.Signature {
		return nil
	}
	v, found, err := r.shelf.of(ctx, rd, h.Agreement.ID, h.Agreement.Digest)
	if err != nil {
		return err
	}
	switch {
	case !found:
		return &post.Refusal{Code: agreement.Mismatch, Detail: "no agreement with this digest is held here"}
	case v.State == proposed || v.State == signed:
		return &post.Refusal{Code: agreement.NotInForce, Detail: "version is " + v.State}
	}
	underWay, err := r.underWay(ctx, rd, h)
	switch {
	case err != nil:
		return err // ours: it is asked again
	case v.State != inForce && !agreement.AlwaysPasses(string(h.Type)) && !underWay:
		return &post.Refusal{Code: agreement.NotInForce, Detail: "version is " + v.State}
	}
	from, known := v.PartyOf(h.From)
	to, knownToo := v.PartyOf(h.To)
	if !known || !knownToo || from.ID == to.ID {
		return &post.Refusal{Code: agreement.Mismatch, Detail: "sender and receiver are not the two parties of this agreement"}
	}
	if (h.Type == envelope.Reply || h.Type == envelope.Pending) && !underWay {
		return &post.Refusal{Code: "UNASKED", Detail: "it answers what was not asked"}
	}
	return nil
}

// underWay reports whether a message belongs to a thread that waits for it.
func (r *Room) underWay(ctx context.Context, rd store.Reader, h envelope.Header) (bool, error) {
	t, err := threadByID(ctx, rd, h.ThreadKey())
	if errors.Is(err, &api.Error{Kind: api.NotFound}) {
		return false, nil
	}
	return err == nil && t.Agreement == h.Agreement.ID && t.Partner == h.From, err
}

// held are the digests of what is in force with a party.
func (r *Room) held(ctx context.Context, rd store.Reader, party string) ([]string, error) {
	all, err := r.shelf.versions(ctx, rd, "")
	var out []string
	for _, v := range all {
		if _, partner, ok := r.shelf.sides(v.Agreement); ok && partner.ID == party && v.State == inForce {
			out = append(out, v.Digest)
		}
	}
	return out, err
}

// told records a read of what is no public matter, before it leaves.
func (r *Room) told(ctx context.Context, p access.Principal, action string, touched ...string) error {
	return r.o.Audit.Read(ctx, audit.Entry{Actor: p.Name, Role: string(p.Role), Action: action, Touched: touched})
}
