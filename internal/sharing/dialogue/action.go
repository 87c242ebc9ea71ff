package dialogue

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

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
