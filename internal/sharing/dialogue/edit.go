package dialogue

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// Edit is what changes of a draft; what is absent stays.
type Edit struct {
	Version     int64             `json:"version" doc:"Of the meeting as you saw it"`
	Starts      *time.Time        `json:"starts,omitempty"`
	Place       *string           `json:"place,omitempty" maxLength:"500"`
	Call        *string           `json:"call,omitempty" maxLength:"1000"`
	Title       *string           `json:"title,omitempty" maxLength:"500"`
	TitleAr     *string           `json:"title_ar,omitempty" maxLength:"500"`
	From        *string           `json:"from,omitempty"`
	To          *string           `json:"to,omitempty"`
	Authentic   *Language         `json:"authentic,omitempty"`
	Chairs      map[string]string `json:"chairs,omitempty"`
	Delegations []Delegation      `json:"delegations,omitempty" maxItems:"2"`
	Agenda      []AgendaEdit      `json:"agenda,omitempty" maxItems:"100" doc:"The whole agenda in its order; an item left out goes, with its minute"`
}

// AgendaEdit is an item as somebody orders it.
type AgendaEdit struct {
	ID        string `json:"id,omitempty" doc:"Absent: a new item"`
	Kind      Kind   `json:"kind"`
	Agreement string `json:"agreement,omitempty"`
	Title     string `json:"title,omitempty" maxLength:"500"`
	TitleAr   string `json:"title_ar,omitempty" maxLength:"500"`
}

// draft lets the host change a draft, and makes the next version of it.
func (r *Room) draft(ctx context.Context, p access.Principal, id, action string, version int64, change func(context.Context, store.Tx, *sheet, []Pact) error) error {
	return r.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		s, err := readSheet(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.writable(version); err != nil {
			return err
		}
		pacts, err := r.pacts(ctx, tx, s.Meeting.Agreements)
		if err != nil {
			return err
		}
		if err := change(ctx, tx, &s, pacts); err != nil {
			return err
		}
		if err := check(&s.Meeting, s.Agenda, pacts); err != nil {
			return err
		}
		if err := s.save(ctx, tx); err != nil {
			return err
		}
		return r.did(ctx, tx, p, action, id)
	})
}

// writable says whether the meeting is a draft of this side, and still as it was seen; version 0 is whatever it is now.
func (s *sheet) writable(version int64) error {
	m := &s.Meeting
	switch {
	case m.Host != m.Own:
		return api.Errorf(api.Forbidden, "%s hosts this meeting and keeps its record; sign the record when it comes, or object to it", m.Host)
	case m.State != Draft:
		return api.Errorf(api.Conflict, "the record of this meeting is %s: it no longer changes", m.State).With("version", m.Version)
	case version != 0 && version != m.Version:
		return api.Errorf(api.Conflict, "the meeting has changed since you read it; look again").With("version", m.Version)
	}
	return nil
}

// Edit changes a draft, and tells the partner what it may know of it.
func (r *Room) Edit(ctx context.Context, p access.Principal, id string, e Edit) (File, error) {
	err := r.draft(ctx, p, id, "meeting.edit", e.Version, func(ctx context.Context, tx store.Tx, s *sheet, _ []Pact) error {
		m := &s.Meeting
		if e.Starts != nil {
			m.Starts = e.Starts.UTC().Truncate(time.Second)
		}
		set(&m.Place, e.Place)
		set(&m.Call, e.Call)
		set(&m.Title, e.Title)
		set(&m.TitleAr, e.TitleAr)
		set(&m.From, e.From)
		set(&m.To, e.To)
		set(&m.Authentic, e.Authentic)
		for party, chair := range e.Chairs {
			m.Chairs[party] = chair
		}
		if e.Delegations != nil {
			m.Delegations = e.Delegations
		}
		if e.Agenda != nil {
			if err := s.reorder(e.Agenda); err != nil {
				return err
			}
		}
		return r.invite(ctx, tx, s)
	})
	if err != nil {
		return File{}, err
	}
	return r.file(ctx, id)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// reorder makes the agenda what was ordered; items that stay keep their minutes.
func (s *sheet) reorder(ordered []AgendaEdit) error {
	agenda := make([]Item, len(ordered))
	for i, e := range ordered {
		item := Item{ID: cmp.Or(e.ID, keys.Event()), Kind: e.Kind, Agreement: e.Agreement, Title: e.Title, TitleAr: e.TitleAr}
		if e.ID != "" {
			at := slices.IndexFunc(s.Agenda, func(known Item) bool { return known.ID == e.ID })
			if at < 0 {
				return api.Errorf(api.Unprocessable, "agenda[%d]: the meeting has no item %q; leave the id out for a new one", i, e.ID)
			}
			item.Minute = s.Agenda[at].Minute
		}
		agenda[i] = item
	}
	s.Agenda = agenda
	return nil
}

// MinuteText is what somebody writes down of an item.
type MinuteText struct {
	English      string        `json:"en,omitempty" maxLength:"20000"`
	Arabic       string        `json:"ar,omitempty" maxLength:"20000"`
	Reservations []Reservation `json:"reservations,omitempty" maxItems:"2"`
	Version      int64         `json:"version,omitempty" doc:"Of the meeting as you saw it"`
}

// Write writes the minute of an item.
func (r *Room) Write(ctx context.Context, p access.Principal, id, item string, text MinuteText) (Item, error) {
	var written Item
	err := r.draft(ctx, p, id, "meeting.minute", text.Version, func(_ context.Context, tx store.Tx, s *sheet, pacts []Pact) error {
		at := slices.IndexFunc(s.Agenda, func(known Item) bool { return known.ID == item })
		if at < 0 {
			return api.Errorf(api.NotFound, "the agenda has no item %q", item)
		}
		for _, reserved := range text.Reservations {
			if reserved.Party != pacts[0].Own && reserved.Party != pacts[0].partner() {
				return api.Errorf(api.Unprocessable, "reservations: %q is no party of this meeting", reserved.Party)
			}
		}
		s.Agenda[at].Minute = &Minute{
			English: strings.TrimSpace(text.English), Arabic: strings.TrimSpace(text.Arabic),
			Reservations: append([]Reservation{}, text.Reservations...), By: p.Name, At: moment(tx),
		}
		written = s.Agenda[at]
		return nil
	})
	return written, err
}

// ActionText is what somebody undertakes.
type ActionText struct {
	Owner     string `json:"owner" minLength:"1" doc:"An authority of either side"`
	Text      string `json:"text" minLength:"1" maxLength:"2000"`
	TextAr    string `json:"text_ar,omitempty" maxLength:"2000"`
	Due       string `json:"due" doc:"YYYY-MM-DD"`
	Agreement string `json:"agreement,omitempty"`
	Figure    string `json:"figure,omitempty" maxLength:"200"`
}

// Undertake adds an action item to a draft.
func (r *Room) Undertake(ctx context.Context, p access.Principal, id string, text ActionText) (Action, error) {
	var made Action
	err := r.draft(ctx, p, id, "action.add", 0, func(ctx context.Context, tx store.Tx, s *sheet, pacts []Pact) error {
		m := &s.Meeting
		made = Action{
			ID: keys.Event(), Meeting: id, MeetingNumber: m.Number, Agreement: text.Agreement, Owner: text.Owner, Text: strings.TrimSpace(text.Text),
			TextAr: strings.TrimSpace(text.TextAr), Due: text.Due, Figure: text.Figure, State: ActionOpen, ChangedBy: p.Name, ChangedAt: moment(tx),
		}
		if err := checkAction(&made, m, pacts); err != nil {
			return err
		}
		year := int64(m.Starts.Year())
		place, err := next(ctx, tx, "dialogue_action", year)
		if err != nil {
			return err
		}
		made.Number = number("A", year, place)
		return saveAction(ctx, tx, m.Partner, made)
	})
	return made, err
}

func checkAction(a *Action, m *Meeting, pacts []Pact) error {
	if _, err := time.Parse(time.DateOnly, a.Due); err != nil {
		return api.Errorf(api.Unprocessable, "due: %q is no day; write YYYY-MM-DD", a.Due)
	}
	if !slices.ContainsFunc(pacts, func(p Pact) bool { return p.has(p.Own, a.Owner) || p.has(p.partner(), a.Owner) }) {
		return api.Errorf(api.Unprocessable, "owner: %q is no authority of either side", a.Owner)
	}
	return about(a.Agreement, m)
}

func about(agreement string, m *Meeting) error {
	if agreement != "" && !slices.Contains(m.Agreements, agreement) {
		return api.Errorf(api.Unprocessable, "agreement: the meeting is not about %q", agreement)
	}
	return nil
}

// ActionEdit is what changes of an action item; what is absent stays.
type ActionEdit struct {
	State    *ActionState `json:"state,omitempty" enum:"open,done,dropped"`
	Evidence *string      `json:"evidence,omitempty" maxLength:"2000" doc:"Needed when it is done or dropped: a message's id, or words"`
	Due      *string      `json:"due,omitempty" doc:"Only while its meeting is a draft, as text"`
	Text     *string      `json:"text,omitempty" maxLength:"2000"`
	TextAr   *string      `json:"text_ar,omitempty" maxLength:"2000"`
}

// Follow changes an action item: its words while its meeting is a draft, its state for as long as it takes. The partner is
// told of what an agreed item has come to.
func (r *Room) Follow(ctx context.Context, p access.Principal, id string, e ActionEdit) (Action, error) {
	var a Action
	err := r.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		s, found, err := readAction(ctx, tx, id)
		if err != nil {
			return err
		}
		a = found
		if e.Due != nil || e.Text != nil || e.TextAr != nil {
			if err := s.writable(0); err != nil {
				return err
			}
		}
		set(&a.Due, e.Due)
		set(&a.Text, e.Text)
		set(&a.TextAr, e.TextAr)
		set(&a.State, e.State)
		set(&a.Evidence, e.Evidence)
		if (a.State == ActionDone || a.State == ActionDropped) && strings.TrimSpace(a.Evidence) == "" {
			return api.Errorf(api.Unprocessable, "say what shows that it is %s: evidence, a message's id or words", a.State)
		}
		if s.Meeting.State == Draft {
			pacts, err := r.pacts(ctx, tx, s.Meeting.Agreements)
			if err != nil {
				return err
			}
			if err := checkAction(&a, &s.Meeting, pacts); err != nil {
				return err
			}
		}
		a.ChangedBy, a.ChangedAt = p.Name, moment(tx)
		if err := saveAction(ctx, tx, s.Meeting.Partner, a); err != nil {
			return err
		}
		switch s.Meeting.State {
		case Draft:
			if err := s.save(ctx, tx); err != nil {
				return err
			}
		case Closed:
			if err := r.tell(ctx, tx, &s.Meeting, message{Kind: newsOfAction, Action: &actionNews{ID: a.ID, State: a.State, Evidence: a.Evidence}}); err != nil {
				return err
			}
		case Offered:
			return api.Errorf(api.Conflict, "the record that this item is in waits to be signed; follow the item up once it is")
		}
		if a.State == ActionOpen && a.Due < day(tx.Now()) {
			a.State = ActionLate
		}
		return r.did(ctx, tx, p, "action.follow", s.Meeting.ID, a.ID)
	})
	return a, err
}

// readAction finds an action item and its meeting.
func readAction(ctx context.Context, r store.Reader, id string) (s sheet, a Action, err error) {
	found, err := actions(ctx, r, "", `where a.id = $1`, id)
	if err != nil {
		return s, a, err
	}
	if len(found) == 0 {
		return s, a, api.Errorf(api.NotFound, "there is no action item %q", id)
	}
	s, err = readSheet(ctx, r, found[0].Meeting)
	return s, found[0], err
}

// Withdraw takes an action item out of a draft.
func (r *Room) Withdraw(ctx context.Context, p access.Principal, id string) error {
	_, a, err := readAction(ctx, r.st.Read(), id)
	if err != nil {
		return err
	}
	return r.draft(ctx, p, a.Meeting, "action.withdraw", 0, func(ctx context.Context, tx store.Tx, _ *sheet, _ []Pact) error {
		_, err := tx.ExecContext(ctx, `delete from dialogue_action where id = $1`, id)
		return err
	})
}

// DecisionText is what was decided.
type DecisionText struct {
	Text      string        `json:"text" minLength:"1" maxLength:"4000"`
	TextAr    string        `json:"text_ar,omitempty" maxLength:"4000"`
	Basis     string        `json:"basis,omitempty" maxLength:"1000"`
	Agreement string        `json:"agreement,omitempty"`
	Effect    ledger.Effect `json:"effect,omitzero"`
}

// Decide adds a decision to a draft.
func (r *Room) Decide(ctx context.Context, p access.Principal, id string, text DecisionText) (Decision, error) {
	var made Decision
	err := r.draft(ctx, p, id, "decision.add", 0, func(ctx context.Context, tx store.Tx, s *sheet, _ []Pact) error {
		m := &s.Meeting
		if err := about(text.Agreement, m); err != nil {
			return err
		}
		if text.Effect.AgreementVersion != 0 && text.Effect.Digest == "" && text.Agreement == "" {
			return api.Errorf(api.Unprocessable, "a decision for a new version names its agreement")
		}
		year := int64(m.Starts.Year())
		place, err := next(ctx, tx, "dialogue_decision", year)
		if err != nil {
			return err
		}
		made = Decision{
			Number: number("D", year, place), Date: day(m.Starts), Text: strings.TrimSpace(text.Text), TextAr: strings.TrimSpace(text.TextAr),
			Basis: text.Basis, Agreement: text.Agreement, Effect: text.Effect, SignedBy: []string{},
		}
		return saveDecision(ctx, tx, id, made)
	})
	return made, err
}

// Undecide takes a decision out of a draft.
func (r *Room) Undecide(ctx context.Context, p access.Principal, id, number string) error {
	return r.draft(ctx, p, id, "decision.withdraw", 0, func(ctx context.Context, tx store.Tx, _ *sheet, _ []Pact) error {
		year, place, ok := placeOf(number)
		if !ok {
			return api.Errorf(api.NotFound, "%q is no decision's number; they are written D-2026-03", number)
		}
		gone, err := tx.ExecContext(ctx, `delete from dialogue_decision where meeting = $1 and year = $2 and place = $3`, id, year, place)
		if err != nil {
			return err
		}
		if n, err := gone.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return api.Errorf(api.NotFound, "the meeting has no decision %s", number)
	})
}
