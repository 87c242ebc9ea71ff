package sharing

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// The stages at which a flight is asked about.
const (
	stageBooked = "booked"
	stageClosed = "closed"
)

// Flights are looked through once a minute; where the agreement wants no more for now, once an hour.
const (
	dueEvery    = time.Minute
	dueRefused  = time.Hour
	periodic    = "periodic"
	dueAtATime  = 20 // so that batches of people wait for few of these
	dueReckoned = time.Second
)

// startDue begins the runs whose time has come.
func (m *Matches) startDue(ctx context.Context) error {
	now := m.room.now()
	if m.o.Due == nil || now.Before(m.dueAt) {
		return nil
	}
	rd := m.room.store.Read()
	_, gets, err := m.shares(ctx, rd)
	if err != nil {
		return err
	}
	next := now.Add(dueEvery)
	for i := range gets {
		s := &gets[i]
		if s.share.Trigger != periodic {
			continue
		}
		again, err := m.startDueOf(ctx, rd, s, now)
		if err != nil {
			return err
		}
		if again > 0 {
			next = now.Add(again)
		}
	}
	m.dueAt = next
	return nil
}

// startDueOf begins those of one share; again is when to look next, where that is not the usual.
func (m *Matches) startDueOf(ctx context.Context, rd store.Reader, s *matchShare, now time.Time) (again time.Duration, err error) {
	due, err := m.o.Due(ctx, rd, now)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	flights := make([]string, len(due))
	for i, q := range due {
		flights[i] = q.Flight
	}
	begun := map[string]bool{} // what was asked, or came to nothing not long ago
	if err := store.ForKeys(ctx, rd, `select flight, stage, id <> claim, begun_at from sharing_match_run where agreement = $1 and share = $2 and direction = $3 and flight in (:keys)`,
		flights, func(rows *sql.Rows) error {
			var flight, stage string
			var claimed bool
			var at int64
			err := rows.Scan(&flight, &stage, &claimed, &at)
			if claimed || now.Sub(store.Time(at)) < dueRefused {
				begun[claimOf(ledger.Out, s, flight, stage)] = true
			}
			return err
		}, s.v.Metadata.ID, s.share.ID, ledger.Out); err != nil {
		return 0, err
	}
	started := 0
	for _, q := range due {
		if begun[claimOf(ledger.Out, s, q.Flight, q.Stage)] {
			continue
		}
		if started == dueAtATime {
			return dueReckoned, nil
		}
		_, err := m.start(ctx, machine, "", s, q)
		var problem *api.Error
		switch {
		case err == nil:
			started++
		case errors.As(err, &problem) && problem.Fields["clause"] != nil: // suspended, or the quota is used up
			return dueRefused, nil
		case errors.As(err, &problem): // the flight is gone, or nobody is on it any more
		default:
			return 0, err
		}
	}
	return 0, nil
}
