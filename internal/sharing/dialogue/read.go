package dialogue

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

const (
	pageUnlessSaid  = 100
	developmentsMax = 500
)

// Query says which meetings are wanted.
type Query struct {
	Agreement, State, Cursor string
	Limit                    int // 0 is 100
}

// place is where a page of meetings ended.
type place struct {
	Starts int64  `json:"s"`
	ID     string `json:"i"`
}

// Meetings lists the rounds of the dialogue, newest first.
func (r *Room) Meetings(ctx context.Context, p access.Principal, q Query) (api.Page[Meeting], error) {
	page := api.Page[Meeting]{Items: []Meeting{}}
	if err := r.saw(ctx, p, "meeting.list"); err != nil {
		return page, err
	}
	if q.Limit <= 0 {
		q.Limit = pageUnlessSaid
	}
	text, args := `select `+sheetColumns+` from dialogue_meeting where 1 = 1`, []any{}
	and := func(condition string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			condition = replaceFirst(condition, "$"+strconv.Itoa(len(args)))
		}
		text += " and " + condition
	}
	if q.State != "" {
		and("state = ?", q.State)
	}
	if q.Cursor != "" {
		var at place
		if err := api.DecodeCursor(q.Cursor, &at); err != nil {
			return page, err
		}
		and("(starts < ? or starts = ? and id < ?)", at.Starts, at.Starts, at.ID)
	}
	now, err := r.st.Now(ctx)
	if err != nil {
		return page, err
	}
	err = r.st.Snapshot(ctx, func(ctx context.Context, rd store.Reader) (err error) {
		page = api.Page[Meeting]{Items: []Meeting{}}
		var sheets []sheet
		if err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
			s, err := scanSheet(rows)
			if err == nil && (q.Agreement == "" || slices.Contains(s.Meeting.Agreements, q.Agreement)) {
				sheets = append(sheets, s)
			}
			return err
		}, text+" order by starts desc, id desc", args...); err != nil {
			return err
		}
		for i := range sheets {
			if len(page.Items) == q.Limit {
				last := page.Items[q.Limit-1]
				page.Next, err = api.EncodeCursor(place{store.Micros(last.Starts), last.ID})
				return err
			}
			if err := r.complete(ctx, rd, &sheets[i].Meeting, day(now)); err != nil {
				return err
			}
			page.Items = append(page.Items, sheets[i].Meeting)
		}
		return nil
	})
	return page, err
}

func replaceFirst(text, with string) string {
	for i := range len(text) {
		if text[i] == '?' {
			return text[:i] + with + text[i+1:]
		}
	}
	return text
}

// complete adds what other tables know of a meeting.
func (r *Room) complete(ctx context.Context, rd store.Reader, m *Meeting, today string) error {
	signed, err := signaturesOf(ctx, rd, m.ID)
	if err != nil {
		return err
	}
	m.Signatures = append([]Signature{}, signed[m.ID]...)
	undertaken, err := actions(ctx, rd, today, `where a.meeting = $1`, m.ID)
	if err != nil {
		return err
	}
	m.ActionsOpen, m.ActionsLate = 0, 0
	for _, a := range undertaken {
		switch a.State {
		case ActionLate:
			m.ActionsLate++
			m.ActionsOpen++
		case ActionOpen:
			m.ActionsOpen++
		}
	}
	return rd.QueryRowContext(ctx, `select count(*) from dialogue_decision where meeting = $1`, m.ID).Scan(&m.Decisions)
}

// Meeting gives one round with everything that belongs to it.
func (r *Room) Meeting(ctx context.Context, p access.Principal, id string) (File, error) {
	if err := r.saw(ctx, p, "meeting.read", id); err != nil {
		return File{}, err
	}
	return r.file(ctx, id)
}

func (r *Room) file(ctx context.Context, id string) (f File, err error) {
	now, err := r.st.Now(ctx)
	if err != nil {
		return f, err
	}
	err = r.st.Snapshot(ctx, func(ctx context.Context, rd store.Reader) error {
		f, err = r.fileOf(ctx, rd, id, now)
		return err
	})
	return f, err
}

func (r *Room) fileOf(ctx context.Context, rd store.Reader, id string, now time.Time) (File, error) {
	s, err := readSheet(ctx, rd, id)
	if err != nil {
		return File{}, err
	}
	today := day(now)
	f := File{Meeting: s.Meeting, Agenda: s.Agenda, Proposals: []Proposal{}}
	if err := r.complete(ctx, rd, &f.Meeting, today); err != nil {
		return File{}, err
	}
	if f.Actions, err = actions(ctx, rd, today, `where a.meeting = $1`, id); err != nil {
		return File{}, err
	}
	if f.Due, err = actions(ctx, rd, today, `join dialogue_meeting m on m.id = a.meeting
		where a.partner = $1 and a.state = 'open' and m.state = 'closed' and m.starts < $2 and m.id <> $3`,
		s.Meeting.Partner, store.Micros(s.Meeting.Starts), id); err != nil {
		return File{}, err
	}
	if f.Decisions, err = decisionsOf(ctx, rd, &f.Meeting); err != nil {
		return File{}, err
	}
	if f.Developments, err = r.developments(ctx, rd, &f.Meeting, now); err != nil {
		return File{}, err
	}
	if f.Meeting.State != Closed {
		f.Proposals, err = r.proposals(ctx, rd, &f.Meeting)
	}
	return f, err
}

// proposals are the versions under way of a meeting's agreements, held against its period.
func (r *Room) proposals(ctx context.Context, rd store.Reader, m *Meeting) ([]Proposal, error) {
	all := []Proposal{}
	known, _, err := r.standing(ctx, rd, m)
	if err != nil {
		return all, err
	}
	span, err := ledger.Days{From: m.From, To: m.To}.Span()
	if err != nil {
		return all, err
	}
	for _, pact := range known {
		found, err := r.o.Proposals(ctx, rd, pact.Metadata.ID)
		if err != nil {
			return all, err
		}
		for _, p := range found {
			if p.Changes == nil {
				p.Changes = []Change{}
			}
			p.Unreplayed = []string{}
			if p.Document != nil {
				held := newReplay(pact, p.Document)
				if err := ledger.Read(ctx, rd, pact.Metadata.ID, span.From.Add(-replayLookback), span.Until, func(e ledger.Entry) error {
					held.add(&e)
					return nil
				}); err != nil {
					return all, err
				}
				held.into(&p, span)
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// developments are what happened to a meeting's agreements since the round before it, up to the meeting's end.
func (r *Room) developments(ctx context.Context, rd store.Reader, m *Meeting, now time.Time) ([]ledger.Development, error) {
	span, err := ledger.Days{From: m.From, To: m.To}.Span()
	if err != nil {
		return nil, err
	}
	since, until := span.From, now
	if before, known, err := lastRound(ctx, rd, m.Partner, m.Agreements, m.Starts); err != nil {
		return nil, err
	} else if known {
		since = before.Starts
	}
	if !m.ClosedAt.IsZero() {
		until = m.ClosedAt
	}
	return ledger.Developments(ctx, rd, since, until, developmentsMax, func(e *ledger.Entry) bool {
		return slices.Contains(m.Agreements, e.Agreement) || e.Agreement == "" && e.Partner == m.Partner
	})
}

// lastRound is the last closed meeting with the partner, before an instant, that one of the agreements was part of.
func lastRound(ctx context.Context, rd store.Reader, partner string, agreements []string, before time.Time) (m Meeting, known bool, err error) {
	err = store.Rows(ctx, rd, func(rows *sql.Rows) error {
		s, err := scanSheet(rows)
		if err != nil {
			return err
		}
		if !known && slices.ContainsFunc(agreements, func(id string) bool { return slices.Contains(s.Meeting.Agreements, id) }) {
			m, known = s.Meeting, true
		}
		return nil
	}, `select `+sheetColumns+` from dialogue_meeting where partner = $1 and state = 'closed' and starts < $2 order by starts desc, id desc`,
		partner, store.Micros(before))
	return m, known, err
}

// Actions lists action items of all rounds that are closed, and of drafts: late ones first, then by day.
func (r *Room) Actions(ctx context.Context, p access.Principal, state ActionState, agreement string) (api.Page[Action], error) {
	page := api.Page[Action]{Items: []Action{}}
	if err := r.saw(ctx, p, "action.list"); err != nil {
		return page, err
	}
	now, err := r.st.Now(ctx)
	if err != nil {
		return page, err
	}
	all, err := actions(ctx, r.st.Read(), day(now), `where 1 = 1`)
	for _, a := range all {
		chosen := state == "" || a.State == state || state == ActionOpen && a.State == ActionLate
		if chosen && (agreement == "" || a.Agreement == agreement) {
			page.Items = append(page.Items, a)
		}
	}
	return page, err
}
