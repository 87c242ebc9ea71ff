package dialogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// refusal is why something of the partner's is not taken: its fault, not the store's.
type refusal struct{ why string }

func (r refusal) Error() string { return r.why }

func refuse(format string, args ...any) error { return refusal{fmt.Sprintf(format, args...)} }

// mostOf bounds what one record may hold.
const mostOf = 500

// Received takes the body of a REVIEW message from a party, in the transaction that marks the message as done. What cannot
// be taken is written to the audit log and left: an error is the store's alone, and worth another try.
func (r *Room) Received(ctx context.Context, tx store.Tx, from string, body []byte) error {
	var m message
	err := json.Unmarshal(body, &m)
	if err != nil {
		err = refuse("the body is no review: %s", err)
	} else {
		switch m.Kind {
		case anInvitation:
			err = r.invited(ctx, tx, from, &m)
		case theRecord:
			err = r.offered(ctx, tx, from, &m)
		case aSignature:
			err = r.signed(ctx, tx, from, &m)
		case anObjection:
			err = r.objected(ctx, tx, from, &m)
		case newsOfAction:
			err = r.followed(ctx, tx, from, &m)
		case aReport:
			err = r.reported(ctx, tx, from, &m)
		default:
			err = refuse("there is no kind %q of review", m.Kind)
		}
	}
	var no refusal
	var unknown *api.Error // what the room says to people who name what is not there
	switch {
	case errors.As(err, &no):
		return r.note(ctx, tx, from, m.Meeting, no.why)
	case errors.As(err, &unknown) && unknown.Kind != api.Internal:
		return r.note(ctx, tx, from, m.Meeting, unknown.Detail)
	}
	return err
}

func (r *Room) note(ctx context.Context, tx store.Tx, from, meeting, why string) error {
	e := audit.Entry{Actor: from, Role: string(access.Partner), Action: "review.refuse", Detail: cut(why, 300)}
	if plainID(meeting) {
		e.Touched = []string{meeting}
	}
	return audit.Record(ctx, tx, e)
}

func cut(text string, most int) string {
	if len(text) > most {
		return text[:most]
	}
	return text
}

// plainID says whether a partner's id is one that can stand in a log: short, and of letters, digits and dashes.
func plainID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func (r *Room) partnerDid(ctx context.Context, tx store.Tx, from, action, id string) error {
	return r.did(ctx, tx, access.Principal{Name: from, Role: access.Partner}, action, id)
}

// theirs reads a meeting that the sender may speak of; known is false where there is none yet.
func theirs(ctx context.Context, tx store.Tx, from, id string) (s sheet, known bool, err error) {
	if !plainID(id) {
		return s, false, refuse("the message names no meeting")
	}
	s, err = readSheet(ctx, tx, id)
	switch {
	case errors.Is(err, &api.Error{Kind: api.NotFound}):
		return s, false, nil
	case err == nil && s.Meeting.Partner != from:
		return s, false, refuse("the meeting is not with %q", from)
	}
	return s, err == nil, err
}

// adopt brings a meeting as its host tells of it into this side's view of it, and finds its agreements.
func (r *Room) adopt(ctx context.Context, tx store.Tx, from, id string, m *Meeting, agenda []Item) ([]Pact, error) {
	pacts, err := r.pacts(ctx, tx, m.Agreements)
	if err != nil {
		return nil, err
	}
	own, partner := pacts[0].Own, pacts[0].partner()
	if partner != from || m.Host != from || m.ID != id {
		return nil, refuse("the meeting is told of by %q, hosted by %q, and its agreements are with %q", from, m.Host, partner)
	}
	m.Own, m.Partner = own, partner
	m.Starts = m.Starts.UTC().Truncate(time.Second)
	if _, _, ok := placeOf(m.Number); !ok || m.Number[0] != 'M' || m.Starts.IsZero() {
		return nil, refuse("the meeting's number %q or its start is none", m.Number)
	}
	if m.Delegations == nil {
		m.Delegations = []Delegation{}
	}
	if m.Chairs == nil {
		m.Chairs = pacts[0].chairs()
	}
	if m.Chairs[own] == "" || m.Chairs[partner] == "" {
		return nil, refuse("the meeting has no chair for a side")
	}
	return pacts, check(m, agenda, pacts)
}

func (r *Room) invited(ctx context.Context, tx store.Tx, from string, msg *message) error {
	if msg.Sheet == nil {
		return refuse("an invitation without a meeting")
	}
	s, known, err := theirs(ctx, tx, from, msg.Meeting)
	if err != nil {
		return err
	}
	if known && (s.Meeting.Host != from || s.Meeting.State != Draft) {
		return refuse("the meeting is not the partner's to change any more")
	}
	m := msg.Sheet.Meeting
	for i := range msg.Sheet.Agenda {
		msg.Sheet.Agenda[i].Minute = nil
	}
	if _, err := r.adopt(ctx, tx, from, msg.Meeting, &m, msg.Sheet.Agenda); err != nil {
		return err
	}
	m.State, m.Version, m.Objection, m.Digest = Draft, s.Meeting.Version, s.Meeting.Objection, ""
	m.OpenedBy, m.OpenedAt, m.ClosedAt = "", moment(tx), time.Time{}
	if known {
		m.Number, m.OpenedAt = s.Meeting.Number, s.Meeting.OpenedAt
	}
	next := sheet{Meeting: m, Agenda: msg.Sheet.Agenda}
	if err := next.save(ctx, tx); err != nil {
		return err
	}
	return r.partnerDid(ctx, tx, from, "meeting.invite", m.ID)
}

func (r *Room) offered(ctx context.Context, tx store.Tx, from string, msg *message) error {
	s, known, err := theirs(ctx, tx, from, msg.Meeting)
	if err != nil {
		return err
	}
	if known && (s.Meeting.Host != from || s.Meeting.State == Closed) {
		return refuse("the meeting is not the partner's to record any more")
	}
	var rec record
	if err := json.Unmarshal([]byte(msg.Record), &rec); err != nil || rec.Schema != recordSchema {
		return refuse("the record is none of schema %s", recordSchema)
	}
	m := rec.Meeting
	pacts, err := r.adopt(ctx, tx, from, msg.Meeting, &m, rec.Agenda)
	if err != nil {
		return err
	}
	if m.Chairs[from] != msg.Authority {
		return refuse("the record is signed by %q, which is not the chair %q", msg.Authority, m.Chairs[from])
	}
	if err := r.o.Verify(ctx, msg.Authority, []byte(msg.Record), msg.Signature); err != nil {
		return refuse("the signature of %s on the record does not verify: %s", msg.Authority, err)
	}
	if len(rec.Actions) > mostOf || len(rec.Decisions) > mostOf {
		return refuse("the record has more than %d action items or decisions", mostOf)
	}
	version := s.Meeting.Version
	m.State, m.Version, m.Objection, m.Digest = Offered, version, nil, digestOf([]byte(msg.Record))
	m.OpenedBy, m.ClosedAt, m.Signatures = "", time.Time{}, nil
	if known {
		m.Number, m.OpenedAt = s.Meeting.Number, s.Meeting.OpenedAt
	}
	next := sheet{Meeting: m, Agenda: rec.Agenda, record: []byte(msg.Record)}
	if err := next.save(ctx, tx); err != nil {
		return err
	}
	if err := dropContents(ctx, tx, m.ID); err != nil {
		return err
	}
	if err := takeContents(ctx, tx, &m, pacts, &rec); err != nil {
		return err
	}
	if err := saveSignature(ctx, tx, m.ID, Signature{Party: from, Authority: msg.Authority, At: moment(tx), JWS: msg.Signature}); err != nil {
		return err
	}
	return r.partnerDid(ctx, tx, from, "meeting.offer", m.ID)
}

// takeContents keeps the action items and decisions of a record.
func takeContents(ctx context.Context, tx store.Tx, m *Meeting, pacts []Pact, rec *record) error {
	for _, a := range rec.Actions {
		a.Meeting, a.MeetingNumber, a.State, a.ChangedBy, a.Evidence = m.ID, m.Number, ActionOpen, "", ""
		if _, _, ok := placeOf(a.Number); !ok || a.Number[0] != 'A' || !plainID(a.ID) {
			return refuse("an action item has the id %q and the number %q", cut(a.ID, 70), cut(a.Number, 70))
		}
		if err := checkAction(&a, m, pacts); err != nil {
			return err
		}
		if _, _, err := readAction(ctx, tx, a.ID); !errors.Is(err, &api.Error{Kind: api.NotFound}) {
			if err != nil {
				return err
			}
			return refuse("the action item %s is one of another meeting", a.ID)
		}
		if err := saveAction(ctx, tx, m.Partner, a); err != nil {
			return err
		}
	}
	for _, d := range rec.Decisions {
		if _, _, ok := placeOf(d.Number); !ok || d.Number[0] != 'D' {
			return refuse("a decision has the number %q", cut(d.Number, 70))
		}
		if err := about(d.Agreement, m); err != nil {
			return err
		}
		if err := saveDecision(ctx, tx, m.ID, d); err != nil {
			return err
		}
	}
	return nil
}

// hosted reads a meeting of this side that waits for the partner's answer to a record.
func hosted(ctx context.Context, tx store.Tx, from string, msg *message) (sheet, error) {
	s, known, err := theirs(ctx, tx, from, msg.Meeting)
	switch {
	case err != nil:
		return s, err
	case !known || s.Meeting.Host != s.Meeting.Own:
		return s, refuse("there is no meeting of this side's that the answer is to")
	case s.Meeting.State != Offered || s.Meeting.Digest != msg.Digest:
		return s, refuse("the answer is to a record that is no longer offered")
	}
	return s, nil
}

func (r *Room) signed(ctx context.Context, tx store.Tx, from string, msg *message) error {
	s, err := hosted(ctx, tx, from, msg)
	if err != nil {
		return err
	}
	m := &s.Meeting
	if m.Chairs[from] != msg.Authority {
		return refuse("the record is countersigned by %q, which is not the chair %q", msg.Authority, m.Chairs[from])
	}
	if err := r.o.Verify(ctx, msg.Authority, s.record, msg.Signature); err != nil {
		return refuse("the signature of %s on the record does not verify: %s", msg.Authority, err)
	}
	m.State, m.ClosedAt = Closed, moment(tx)
	if err := s.save(ctx, tx); err != nil {
		return err
	}
	if err := saveSignature(ctx, tx, m.ID, Signature{Party: from, Authority: msg.Authority, At: moment(tx), JWS: msg.Signature}); err != nil {
		return err
	}
	return r.partnerDid(ctx, tx, from, "meeting.sign", m.ID)
}

func (r *Room) objected(ctx context.Context, tx store.Tx, from string, msg *message) error {
	s, err := hosted(ctx, tx, from, msg)
	if err != nil {
		return err
	}
	m := &s.Meeting
	m.State, m.Digest, m.Objection = Draft, "", &Objection{Party: from, Reason: cut(msg.Reason, 4000), At: moment(tx)}
	s.record = nil
	if err := s.save(ctx, tx); err != nil {
		return err
	}
	if err := forgetSignatures(ctx, tx, m.ID); err != nil {
		return err
	}
	return r.partnerDid(ctx, tx, from, "meeting.object", m.ID)
}

// followed takes what the partner says of an action item that both agreed on.
func (r *Room) followed(ctx context.Context, tx store.Tx, from string, msg *message) error {
	if msg.Action == nil || !slices.Contains([]ActionState{ActionOpen, ActionDone, ActionDropped}, msg.Action.State) {
		return refuse("the news of an action item names no state")
	}
	s, a, err := readAction(ctx, tx, msg.Action.ID)
	if err != nil {
		return err
	}
	if s.Meeting.Partner != from || s.Meeting.State != Closed {
		return refuse("the action item is not one that was agreed on with %q", from)
	}
	a.State, a.Evidence, a.ChangedBy, a.ChangedAt = msg.Action.State, cut(msg.Action.Evidence, 2000), from, moment(tx)
	if err := saveAction(ctx, tx, from, a); err != nil {
		return err
	}
	return r.partnerDid(ctx, tx, from, "action.follow", s.Meeting.ID)
}

func (r *Room) reported(ctx context.Context, tx store.Tx, from string, msg *message) error {
	review, err := ledger.ReadReview(msg.Report)
	if err != nil {
		return refuse("%s", err)
	}
	span, err := review.Period.Span()
	if err != nil {
		return refuse("%s", err)
	}
	pact, err := r.pactAt(ctx, tx, review.Agreement.ID, span.Until)
	if err != nil {
		return err
	}
	if pact.partner() != from || review.Sides[from] == nil {
		return refuse("the report is not the partner's own of an agreement with it")
	}
	if err := saveReport(ctx, tx, from, &review); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: from, Role: string(access.Partner), Action: "review.receive", Touched: []string{review.Agreement.ID}}); err != nil {
		return err
	}
	return r.o.Announce(ctx, tx, Event{ID: review.Agreement.ID, Counts: map[string]int{"report": 1}})
}
