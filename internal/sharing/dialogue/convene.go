package dialogue

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// Call is what somebody gives to convene a meeting; what is absent follows from the agreements.
type Call struct {
	Agreements  []string          `json:"agreements" minItems:"1" maxItems:"20"`
	Starts      time.Time         `json:"starts"`
	Place       string            `json:"place,omitempty" maxLength:"500"`
	Call        string            `json:"call,omitempty" maxLength:"1000" doc:"https address of the video call"`
	Title       string            `json:"title,omitempty" maxLength:"500"`
	TitleAr     string            `json:"title_ar,omitempty" maxLength:"500"`
	From        string            `json:"from,omitempty" doc:"Absent: the day after the last round's period, or the agreement's cadence ago"`
	To          string            `json:"to,omitempty" doc:"Absent: the day before the meeting"`
	Authentic   Language          `json:"authentic,omitempty" enum:"en,ar" doc:"Absent: en"`
	Chairs      map[string]string `json:"chairs,omitempty"`
	Delegations []Delegation      `json:"delegations,omitempty" maxItems:"2"`
	Urgent      bool              `json:"urgent,omitempty" doc:"An emergency: the agenda is its reason alone"`
	Reason      string            `json:"reason,omitempty" maxLength:"500" doc:"Needed when urgent"`
}

// Convene opens a meeting that this side hosts, with its agenda, and invites the partner.
func (r *Room) Convene(ctx context.Context, p access.Principal, c Call) (File, error) {
	id := keys.Event()
	err := r.st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		pacts, err := r.pacts(ctx, tx, c.Agreements)
		if err != nil {
			return err
		}
		s, err := c.sheet(ctx, tx, pacts, moment(tx))
		if err != nil {
			return err
		}
		m := &s.Meeting
		m.ID, m.OpenedBy = id, p.Name
		place, err := next(ctx, tx, "dialogue_meeting", int64(m.Starts.Year()))
		if err != nil {
			return err
		}
		m.Number = number("M", int64(m.Starts.Year()), place)
		if err := check(m, s.Agenda, pacts); err != nil {
			return err
		}
		if err := s.save(ctx, tx); err != nil {
			return err
		}
		if err := r.invite(ctx, tx, &s); err != nil {
			return err
		}
		return r.did(ctx, tx, p, "meeting.convene", id, m.Agreements...)
	})
	if err != nil {
		return File{}, err
	}
	return r.file(ctx, id)
}

// sheet is the meeting called for, before it has an id and a number.
func (c *Call) sheet(ctx context.Context, tx store.Tx, pacts []Pact, now time.Time) (sheet, error) {
	first := pacts[0]
	if c.Starts.IsZero() {
		return sheet{}, api.Errorf(api.Unprocessable, "say when the meeting starts: starts")
	}
	reason := strings.TrimSpace(c.Reason)
	if c.Urgent && reason == "" {
		return sheet{}, api.Errorf(api.Unprocessable, "an urgent meeting needs its reason: it is the one item of the agenda")
	}
	m := Meeting{
		Title: c.Title, TitleAr: c.TitleAr, Agreements: c.Agreements, Own: first.Own, Partner: first.partner(), Host: first.Own,
		Starts: c.Starts.UTC().Truncate(time.Second), Place: c.Place, Call: c.Call, From: c.From, To: c.To, Urgent: c.Urgent, State: Draft,
		Authentic: cmp.Or(c.Authentic, English), Chairs: first.chairs(), Delegations: c.Delegations, OpenedAt: now,
	}
	maps.Copy(m.Chairs, c.Chairs)
	if m.Delegations == nil {
		m.Delegations = []Delegation{}
	}
	m.To = cmp.Or(m.To, day(m.Starts.AddDate(0, 0, -1)))
	if m.From == "" {
		before, known, err := lastRound(ctx, tx, m.Partner, m.Agreements, m.Starts)
		if err != nil {
			return sheet{}, err
		}
		from := back(first.Review.Cadence, m.Starts)
		if known {
			if span, err := (ledger.Days{From: before.From, To: before.To}).Span(); err == nil {
				from = span.Until
			}
		}
		m.From = min(day(from), m.To)
	}
	agenda := usualAgenda(m.Agreements)
	if c.Urgent {
		agenda = []Item{{ID: keys.Event(), Kind: Other, Title: reason}}
	}
	return sheet{Meeting: m, Agenda: agenda}, nil
}

// back is the instant from which a duration, by the calendar, lasts until t.
func back(d agreement.Duration, t time.Time) time.Time {
	from := t.Add(t.Sub(d.After(t)))
	return from.Add(t.Sub(d.After(from))) // months are not equally long
}

// usualAgenda is what a regular round goes through.
func usualAgenda(agreements []string) []Item {
	var all []Item
	add := func(kind Kind, agreement string) {
		all = append(all, Item{ID: keys.Event(), Kind: kind, Agreement: agreement})
	}
	for _, kind := range []Kind{Opening, LastMinutes, ActionsDue} {
		add(kind, "")
	}
	for _, id := range agreements {
		add(Report, id)
	}
	for _, kind := range []Kind{Incidents, DataQuality, Proposals, Training, NextDate} {
		add(kind, "")
	}
	return all
}

// check says what of a meeting cannot stand.
func check(m *Meeting, agenda []Item, pacts []Pact) error {
	first := pacts[0]
	parties := []string{first.Own, first.partner()}
	wrong := func(format string, args ...any) error {
		return api.Errorf(api.Unprocessable, "%s", fmt.Sprintf(format, args...))
	}
	if _, err := (ledger.Days{From: m.From, To: m.To}).Span(); err != nil {
		return wrong("%s", err)
	}
	if m.Call != "" {
		if u, err := url.Parse(m.Call); err != nil || u.Scheme != "https" || u.Host == "" {
			return wrong("call is the https address of the video call, which %q is not", m.Call)
		}
	}
	if m.Authentic != English && m.Authentic != Arabic {
		return wrong("authentic is en or ar, not %q", m.Authentic)
	}
	for party, chair := range m.Chairs {
		if !slices.Contains(parties, party) || !first.has(party, chair) {
			return wrong("chairs: %q is no authority of %q in %s", chair, party, first.Metadata.ID)
		}
	}
	for _, d := range m.Delegations {
		if !slices.Contains(parties, d.Party) {
			return wrong("delegations: %q is no party of %s; its parties are %s", d.Party, first.Metadata.ID, strings.Join(parties, " and "))
		}
		for _, person := range d.People {
			if strings.TrimSpace(person.Name) == "" {
				return wrong("delegations: somebody of %q has no name", d.Party)
			}
		}
	}
	if len(agenda) == 0 || len(agenda) > 100 {
		return wrong("an agenda has 1 to 100 items, not %d", len(agenda))
	}
	seen := map[string]bool{}
	for i, item := range agenda {
		switch {
		case !slices.Contains(Kinds, item.Kind):
			return wrong("agenda[%d]: there is no kind %q of item", i, item.Kind)
		case item.Kind == Other && item.Title == "" && item.TitleAr == "":
			return wrong("agenda[%d]: an item of kind other needs a title", i)
		case item.Agreement != "" && !slices.Contains(m.Agreements, item.Agreement):
			return wrong("agenda[%d]: the meeting is not about %q", i, item.Agreement)
		case item.Kind == Report && item.Agreement == "":
			return wrong("agenda[%d]: a report is of one agreement; name it", i)
		case item.ID == "" || seen[item.ID]:
			return wrong("agenda[%d]: the id %q is there twice, or empty", i, item.ID)
		}
		seen[item.ID] = true
	}
	return nil
}
