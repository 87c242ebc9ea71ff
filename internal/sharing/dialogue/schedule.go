package dialogue

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// Turn is when an agreement was last reviewed, and is to be again.
type Turn struct {
	Agreement string    `json:"agreement"`
	Partner   string    `json:"partner"`
	Cadence   string    `json:"cadence" doc:"As the agreement says: P6M"`
	Last      string    `json:"last,omitempty" doc:"The last closed meeting"`
	LastAt    time.Time `json:"last_at,omitzero"`
	Next      string    `json:"next,omitempty" doc:"The day by which it is to be reviewed: one cadence after the last meeting, else after it came into effect"`
	Planned   string    `json:"planned,omitempty" doc:"A meeting about it that is not closed yet"`
	Overdue   bool      `json:"overdue"`
}

// Schedule says of each agreement in force when it was last reviewed, and when it is to be next.
func (r *Room) Schedule(ctx context.Context, p access.Principal) (api.Page[Turn], error) {
	page := api.Page[Turn]{Items: []Turn{}}
	if err := r.saw(ctx, p, "meeting.list"); err != nil {
		return page, err
	}
	now, err := r.st.Now(ctx)
	if err != nil {
		return page, err
	}
	err = r.st.Snapshot(ctx, func(ctx context.Context, rd store.Reader) error {
		page.Items = []Turn{}
		shelf, err := r.o.Shelf(ctx, rd)
		if err != nil {
			return err
		}
		var meetings []Meeting // newest first
		if err := store.Rows(ctx, rd, func(rows *sql.Rows) error {
			s, err := scanSheet(rows)
			meetings = append(meetings, s.Meeting)
			return err
		}, `select `+sheetColumns+` from dialogue_meeting order by starts desc, id desc`); err != nil {
			return err
		}
		for _, pact := range shelf {
			page.Items = append(page.Items, turnOf(pact, meetings, day(now)))
		}
		return nil
	})
	return page, err
}

func turnOf(p Pact, meetings []Meeting, today string) Turn {
	t := Turn{Agreement: p.Metadata.ID, Partner: p.partner(), Cadence: p.Review.Cadence.String()}
	since := p.Metadata.Effective.Time
	for i := range meetings {
		m := &meetings[i]
		switch {
		case !slices.Contains(m.Agreements, t.Agreement) || m.Urgent:
		case m.State != Closed:
			t.Planned = m.ID // the one that comes first
		case t.Last == "":
			t.Last, t.LastAt, since = m.ID, m.Starts, m.Starts
		}
	}
	if !since.IsZero() && !p.Review.Cadence.IsZero() {
		t.Next = day(p.Review.Cadence.After(since))
		t.Overdue = t.Next < today && t.Planned == ""
	}
	return t
}
