package dialogue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// recordSchema names the form of a meeting's record.
const recordSchema = "rihla.meeting/v1"

// record is what both chairs sign, as bytes: the meeting, what was said, undertaken and decided.
type record struct {
	Schema    string     `json:"schema"`
	Meeting   Meeting    `json:"meeting"`
	Agenda    []Item     `json:"agenda"`
	Actions   []Action   `json:"actions"`
	Decisions []Decision `json:"decisions"`
}

// recordOf writes the record. What belongs to one side only, such as who typed, is not in it.
func recordOf(s *sheet, undertaken []Action, decided []Decision) ([]byte, error) {
	m := s.Meeting
	m.Own, m.Signatures, m.Objection, m.Digest, m.OpenedBy, m.Version = "", []Signature{}, nil, "", "", 0
	m.ActionsOpen, m.ActionsLate, m.Decisions, m.State = len(undertaken), 0, len(decided), Closed
	out := record{Schema: recordSchema, Meeting: m, Agenda: make([]Item, len(s.Agenda)), Actions: make([]Action, len(undertaken)), Decisions: decided}
	for i, item := range s.Agenda {
		if item.Minute != nil {
			said := *item.Minute
			said.By = ""
			item.Minute = &said
		}
		out.Agenda[i] = item
	}
	for i, a := range undertaken {
		a.State, a.Evidence, a.ChangedBy, a.ChangedAt = ActionOpen, "", "", time.Time{}
		out.Actions[i] = a
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(out)
	return bytes.TrimSpace(text.Bytes()), err
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha-256:" + hex.EncodeToString(sum[:])
}

// lacking are the things without which a record is not offered.
func (s *sheet) lacking() []string {
	var missing []string
	written := 0
	for _, item := range s.Agenda {
		said := item.Minute
		if said == nil || said.English == "" && said.Arabic == "" {
			continue
		}
		written++
		if _, foreign := said.In(s.Meeting.Authentic); foreign {
			missing = append(missing, "minutes:"+item.ID)
		}
	}
	if written == 0 {
		missing = append(missing, "minutes")
	}
	for _, party := range []string{s.Meeting.Own, s.Meeting.Partner} {
		came := false
		for _, d := range s.Meeting.Delegations {
			came = came || d.Party == party && len(d.People) > 0
		}
		if !came {
			missing = append(missing, "delegations:"+party)
		}
	}
	return missing
}

// Close signs a meeting's record for this side's chair. The host offers the record to the partner by that; the guest
// countersigns what it was offered, and the meeting is closed on both sides.
func (r *Room) Close(ctx context.Context, p access.Principal, id string, version int64) (File, error) {
	f, err := r.file(ctx, id)
	if err != nil {
		return File{}, err
	}
	if f.Meeting.Host == f.Meeting.Own {
		err = r.offer(ctx, p, &f, version)
	} else {
		err = r.countersign(ctx, p, id, version)
	}
	if err != nil {
		return File{}, err
	}
	return r.file(ctx, id)
}

// offer signs outside the transaction, for a signature is made with keys that are read from the store; the version says
// that nothing came between.
func (r *Room) offer(ctx context.Context, p access.Principal, f *File, version int64) error {
	s := sheet{Meeting: f.Meeting, Agenda: f.Agenda}
	if err := s.writable(version); err != nil {
		return err
	}
	if missing := s.lacking(); len(missing) > 0 {
		return api.Errorf(api.Unprocessable, "the record is not ready to be signed; what is missing: %s", strings.Join(missing, ", ")).With("missing", missing)
	}
	text, err := recordOf(&s, f.Actions, f.Decisions)
	if err != nil {
		return err
	}
	chair := f.Meeting.Chairs[f.Meeting.Own]
	jws, err := r.o.Sign(ctx, chair, text)
	if err != nil {
		return err
	}
	return r.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		s, err := readSheet(ctx, tx, f.Meeting.ID)
		if err != nil {
			return err
		}
		if err := s.writable(f.Meeting.Version); err != nil {
			return err
		}
		m := &s.Meeting
		m.State, m.Digest, m.Objection, s.record = Offered, digestOf(text), nil, text
		if err := s.save(ctx, tx); err != nil {
			return err
		}
		if err := saveSignature(ctx, tx, m.ID, Signature{Party: m.Own, Authority: chair, By: p.Name, At: moment(tx), JWS: jws}); err != nil {
			return err
		}
		if err := r.tell(ctx, tx, m, message{Kind: theRecord, Record: string(text), Authority: chair, Signature: jws}); err != nil {
			return err
		}
		return r.did(ctx, tx, p, "meeting.offer", m.ID)
	})
}

func (r *Room) countersign(ctx context.Context, p access.Principal, id string, version int64) error {
	seen, err := readSheet(ctx, r.st.Read(), id)
	if err != nil {
		return err
	}
	if err := seen.answerable(version); err != nil {
		return err
	}
	chair := seen.Meeting.Chairs[seen.Meeting.Own]
	jws, err := r.o.Sign(ctx, chair, seen.record)
	if err != nil {
		return err
	}
	return r.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		s, err := readSheet(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.answerable(seen.Meeting.Version); err != nil {
			return err
		}
		m := &s.Meeting
		m.State, m.ClosedAt = Closed, moment(tx)
		if err := s.save(ctx, tx); err != nil {
			return err
		}
		if err := saveSignature(ctx, tx, id, Signature{Party: m.Own, Authority: chair, By: p.Name, At: moment(tx), JWS: jws}); err != nil {
			return err
		}
		if err := r.tell(ctx, tx, m, message{Kind: aSignature, Digest: m.Digest, Authority: chair, Signature: jws}); err != nil {
			return err
		}
		return r.did(ctx, tx, p, "meeting.sign", id)
	})
}

// answerable says whether a record waits for this side's chair.
func (s *sheet) answerable(version int64) error {
	m := &s.Meeting
	switch {
	case m.Host == m.Own:
		return api.Errorf(api.Forbidden, "this side hosts the meeting: the other's chair answers its record")
	case m.State != Offered:
		return api.Errorf(api.Conflict, "no record of this meeting waits for an answer; it is %s", m.State).With("version", m.Version)
	case version != 0 && version != m.Version:
		return api.Errorf(api.Conflict, "the record has changed since you read it; look again").With("version", m.Version)
	}
	return nil
}

// Object is the guest's no: the record becomes a draft of the host's again.
func (r *Room) Object(ctx context.Context, p access.Principal, id, reason string) (File, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return File{}, api.Errorf(api.Unprocessable, "say what the record must say instead: reason")
	}
	err := r.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		s, err := readSheet(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.answerable(0); err != nil {
			return err
		}
		m := &s.Meeting
		if err := r.tell(ctx, tx, m, message{Kind: anObjection, Digest: m.Digest, Reason: reason}); err != nil {
			return err
		}
		m.State, m.Objection = Draft, &Objection{Party: m.Own, Reason: reason, At: moment(tx)}
		if err := forgetSignatures(ctx, tx, id); err != nil {
			return err
		}
		if err := s.save(ctx, tx); err != nil {
			return err
		}
		return r.did(ctx, tx, p, "meeting.object", id)
	})
	if err != nil {
		return File{}, err
	}
	return r.file(ctx, id)
}
