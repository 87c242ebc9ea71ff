package sharing

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// Things of one kind that leave by themselves, under a standing approval, may go many in one message. Each is decided on
// its own on both sides, is a record of its own with its reference and its last day, and is corrected, taken back and
// erased by itself.

const (
	piecesAtOnce = 100  // far below what a message may hold
	mostPieces   = 1000 // that are taken in from one message
)

// piece is one of several things that are given.
type piece struct {
	item   string
	digest string
	offer  Offer
}

// givenItem is one of the things of a SHARE that brings several.
type givenItem struct {
	Reference string         `json:"reference"`
	Fields    map[string]any `json:"fields"`
}

// notTaken is one of several things given that the receiver did not take, and why.
type notTaken struct {
	Reference string `json:"reference"`
	Code      string `json:"code"`
	Clause    string `json:"clause,omitempty"`
}

// partID names one of several things that a message brought.
func partID(message string, n int) string { return fmt.Sprintf("%s.%03d", message, n) }

// giveSeveral lets things out under a share's standing approval, in one message; waits says that the agreement lets nothing
// out now. What it will never let out is noted, and not tried again until it changes.
func (r *Room) giveSeveral(ctx context.Context, tx store.Tx, v Version, share *agreement.Share, own, partner agreement.Party, pieces []piece) (waits bool, err error) {
	now := r.now()
	t := r.gives(v, share, own, partner, access.Principal{Name: machine}, Gift{Share: share.ID, Purpose: share.Purposes[0]})
	f, err := r.flow(ctx, tx, v, &t, agreement.Releasing, &request{})
	if err != nil {
		return false, err
	}
	f.Request.Records = len(pieces)
	guard, err := r.guard(ctx, tx)
	if err != nil {
		return false, err
	}
	var leaves []piece
	var outcomes []agreement.Outcome
	var kept []lent
	for _, p := range pieces {
		one := f
		one.Record, one.Fields, one.Subject = p.offer.Record, fieldNames(p.offer.Values), p.offer.Subject
		if one.Subject.ProtectedFrom, err = guard(ctx, tx, subjectIn(p.offer.Values)); err != nil {
			return false, err
		}
		one.Subject.AsylumSeeker = len(one.Subject.ProtectedFrom) > 0
		switch o := v.Decide(one); {
		case o.Verdict == agreement.Permit:
			leaves, outcomes = append(leaves, p), append(outcomes, o)
		case o.Code == agreement.NeverRuleHolds || o.Code == agreement.ConditionFalse:
			if err := ledger.Record(ctx, tx, machine, "", decided(v, &t, &one, &o)); err != nil {
				return false, err
			}
			kept = append(kept, lent{agreement: t.Agreement, share: t.Share, item: p.item, digest: p.digest})
		default:
			return true, ledger.Record(ctx, tx, machine, "", decided(v, &t, &one, &o))
		}
	}
	if err := saveLents(ctx, tx, now, kept...); err != nil || len(leaves) == 0 {
		return false, err
	}
	first, err := store.NextNumber(ctx, tx, "sharing_reference", int64(len(leaves)))
	if err != nil {
		return false, err
	}
	body := given{Items: make([]givenItem, len(leaves))}
	parts := make([]part, len(leaves))
	lents := make([]lent, len(leaves))
	for i, p := range leaves {
		values := map[string]any{}
		for _, name := range outcomes[i].Keep {
			values[name] = p.offer.Values[name]
		}
		name := r.shelf.home + "-S-" + strconv.FormatInt(first+int64(i), 10)
		body.Items[i] = givenItem{name, values}
		parts[i] = part{partID(t.ID, i), name, values, outcomes[i]}
		lents[i] = lent{t.Agreement, t.Share, p.item, p.digest, t.ID, name}
	}
	t.Subjects = len(leaves)
	if err := r.sendSeveral(ctx, tx, v, &t, body, parts); err != nil {
		return false, err
	}
	if err := saveLents(ctx, tx, now, lents...); err != nil {
		return false, err
	}
	return false, r.changed(ctx, tx, &t)
}

func (r *Room) sendSeveral(ctx context.Context, tx store.Tx, v Version, t *Thread, body given, parts []part) error {
	now := r.now()
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	t.answer(now, Answered, data)
	o := parts[0].outcome
	if t.message, err = r.Post.Send(ctx, tx, post.Draft{
		ID: t.ID, Type: envelope.Share, Agreement: named(v.Agreement), Share: t.Share, From: t.Own, To: t.Partner, Purpose: t.Purpose,
		Body: text, Handling: handling(o), Expires: v.Transport.MessageTTL.After(now),
	}); err != nil {
		return err
	}
	if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
		Kind: ledger.Approved, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.Out, Type: string(envelope.Share),
		Thread: t.ID, Purpose: t.Purpose, Kept: allFields(parts), Subjects: len(parts), Verdict: string(o.Verdict), Due: o.DueAt,
	}); err != nil {
		return err
	}
	return r.keepParts(ctx, tx, v, t, t.ID, ledger.Out, parts, now)
}

func allFields(parts []part) []string {
	names := map[string]any{}
	for _, p := range parts {
		maps.Copy(names, p.values)
	}
	return fieldNames(names)
}

// guard answers the states that somebody seeks protection from; where nobody does from any, without looking for each.
func (r *Room) guard(ctx context.Context, rd store.Reader) (func(context.Context, store.Reader, *Person) ([]string, error), error) {
	var any bool
	err := rd.QueryRowContext(ctx, "select exists (select 1 from sharing_protected)").Scan(&any)
	return func(ctx context.Context, rd store.Reader, p *Person) ([]string, error) {
		if !any || p == nil {
			return nil, nil
		}
		return r.protectedFrom(ctx, rd, p)
	}, err
}

// severalGiven takes in a message that brings several things: each that the agreement lets in is kept, each that it does
// not is refused by its reference in the receipt, and leaves nothing here.
func (r *Room) severalGiven(ctx context.Context, tx store.Tx, v Version, t *Thread, g given, m post.Message) error {
	h := &m.Header
	if len(g.Items) > mostPieces {
		return r.refuseByMachine(ctx, tx, v, t, agreement.Outcome{Code: agreement.Incomplete, Reason: fmt.Sprintf("one message brings at most %d things", mostPieces)}, m)
	}
	q := request{Justification: g.Justification, HumanConfirmedBy: g.ConfirmedBy}
	f, err := r.flow(ctx, tx, v, t, agreement.Arriving, &q)
	if err != nil {
		return err
	}
	f.Confirmed.Sending = f.Confirmed.Sending || h.Officer != ""
	f.Now, f.Marked, f.Request.Records = said(m), h.Handling.TLP, len(g.Items)
	guard, err := r.guard(ctx, tx)
	if err != nil {
		return err
	}
	share, held := v.Share(t.Share)
	var parts []part
	var refused []notTaken
	seen := map[string]bool{}
	for i, item := range g.Items {
		one := f
		one.Fields = fieldNames(item.Fields)
		if who := subjectIn(item.Fields); who != nil {
			if one.Subject, err = r.subjectOf(ctx, tx, share, held, who, guard); err != nil {
				return err
			}
		}
		o := v.Decide(one)
		if o.Verdict != agreement.Refuse && (item.Reference == "" || seen[item.Reference]) {
			o = agreement.Outcome{Verdict: agreement.Refuse, Code: agreement.Incomplete, Clause: "", Reason: "each thing has a reference of its own"}
		}
		if o.Verdict == agreement.Refuse {
			if err := ledger.Record(ctx, tx, h.From, "", decided(v, t, &one, &o)); err != nil {
				return err
			}
			refused = append(refused, notTaken{item.Reference, o.Code, o.Clause})
			continue
		}
		seen[item.Reference] = true
		values := map[string]any{}
		for _, name := range o.Keep {
			values[name] = item.Fields[name]
		}
		parts = append(parts, part{partID(h.ID, i), item.Reference, values, o})
	}
	if len(parts) == 0 {
		why := agreement.Outcome{Code: agreement.Incomplete, Reason: "it brings nothing"}
		if len(refused) > 0 {
			why = agreement.Outcome{Code: refused[0].Code, Clause: refused[0].Clause, Reason: "nothing of it may come in"}
		}
		return r.refuseByMachine(ctx, tx, v, t, why, m)
	}
	t.answer(r.now(), Answered, data)
	t.Subjects = len(parts)
	o := parts[0].outcome
	if err := ledger.Record(ctx, tx, h.From, "", ledger.Step{
		Kind: ledger.Decided, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.In, Type: string(envelope.Share),
		Thread: t.ID, Message: h.ID, Purpose: t.Purpose, Verdict: string(o.Verdict), Kept: allFields(parts), Subjects: len(parts), Result: string(agreement.Arriving),
	}); err != nil {
		return err
	}
	if err := r.keepParts(ctx, tx, v, t, h.ID, ledger.In, parts, r.now()); err != nil {
		return err
	}
	if err := r.Post.Erase(ctx, tx, h.ID); err != nil {
		return err
	}
	if err := r.acknowledge(ctx, tx, v, t, m, receipt{Stored: true, Fields: allFields(parts), EraseAt: o.EraseAt, Refused: refused}); err != nil {
		return err
	}
	return r.changed(ctx, tx, t)
}

// subjectOf is whom something given is about, as conditions see it.
func (r *Room) subjectOf(ctx context.Context, rd store.Reader, share *agreement.Share, held bool, who *Person, guard func(context.Context, store.Reader, *Person) ([]string, error)) (s agreement.Subject, err error) {
	s = who.about(r.now())
	if held && share.Category == lostDocument { // a document without its holder is about nobody
		s = agreement.Nobody
	}
	s.ProtectedFrom, err = guard(ctx, rd, who)
	s.AsylumSeeker = len(s.ProtectedFrom) > 0
	return s, err
}

// severalReceipted takes note that the partner has what a message brought: the message is no longer needed here, and what
// the partner did not take is not kept as given.
func (r *Room) severalReceipted(ctx context.Context, tx store.Tx, t *Thread, refused []notTaken) error {
	if err := r.Post.Erase(ctx, tx, t.message); err != nil || len(refused) == 0 {
		return err
	}
	names := make([]string, len(refused))
	for i, n := range refused {
		names[i] = n.Reference
	}
	given, err := records(ctx, tx, "thread = $1 and direction = 'out' and state <> 'erased'", t.ID)
	if err != nil {
		return err
	}
	for i := range given {
		if slices.Contains(names, given[i].Reference) {
			if _, err := r.erase(ctx, tx, &given[i], "not_taken", "", r.now()); err != nil {
				return err
			}
		}
	}
	if _, err := store.ExecKeys(ctx, tx, "update sharing_lent set thread = '', reference = '' where agreement = $1 and thread = $2 and reference in (:keys)", names, t.Agreement, t.ID); err != nil {
		return err
	}
	t.Attention = "not_taken"
	return r.changed(ctx, tx, t)
}

// notGiven forgets that the partner has what a thread would have given it; where it may be given again, it is with the next
// change of its list, or in an hour.
func (r *Room) notGiven(ctx context.Context, tx store.Tx, t *Thread, again bool) error {
	if t.Kind != gives || t.Direction != ledger.Out {
		return nil
	}
	if err := r.Post.Erase(ctx, tx, t.message); err != nil {
		return err
	}
	statement := "update sharing_lent set thread = '', reference = '' where agreement = $1 and thread = $2"
	if again {
		statement = "delete from sharing_lent where agreement = $1 and thread = $2"
	}
	_, err := tx.ExecContext(ctx, statement, t.Agreement, t.ID)
	return err
}

// unlent notes that a person took back what was given of a list: it is not given again by itself until it changes.
func (r *Room) unlent(ctx context.Context, tx store.Tx, t *Thread, given []Record) error {
	_, err := store.ExecKeys(ctx, tx, "update sharing_lent set thread = '', reference = '' where agreement = $1 and thread = $2 and reference in (:keys)",
		referencesOf(given), t.Agreement, t.ID)
	return err
}
