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

func about(agreement string, m *Meeting) error {
	if agreement != "" && !slices.Contains(m.Agreements, agreement) {
		return api.Errorf(api.Unprocessable, "agreement: the meeting is not about %q", agreement)
	}
	return nil
}
