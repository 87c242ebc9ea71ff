package sharing

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

const day = 24 * time.Hour

// state is what was done to an agreement since it was signed.
func (r *Room) state(ctx context.Context, rd store.Reader, v Version, now time.Time) (agreement.State, error) {
	s := agreement.State{InForce: v.State == inForce && !now.Before(v.Metadata.Effective.Time) && now.Before(v.Metadata.Expires.Time),
		Suspended: map[string]bool{}, NotReceiving: map[string]bool{}}
	list, err := suspensions(ctx, rd, v.Metadata.ID)
	for _, p := range list {
		if p.Receiving {
			s.NotReceiving[p.Party] = true
		} else {
			s.Suspended[p.Share] = true
		}
	}
	return s, err
}

// used counts what a share's quota already holds: what one side asked or gave within the window.
func (r *Room) used(ctx context.Context, rd store.Reader, v Version, share *agreement.Share, direction string, now time.Time) (u agreement.Used, err error) {
	if share.Quota == nil {
		return u, nil
	}
	var oldest int64
	err = rd.QueryRowContext(ctx, `select count(*), coalesce(sum(subjects), 0), coalesce(min(asked_at), 0) from sharing_thread
		where agreement = $1 and asked_at > $2 and share = $3 and direction = $4 and state not in ($5, $6) and code not in ($7, $8)`,
		v.Metadata.ID, store.Micros(before(share.Quota.Window, now)), share.ID, direction, string(Withdrawn), string(Undelivered),
		agreement.OverQuota, agreement.SuspendedNow).Scan(&u.Requests, &u.Subjects, &oldest)
	u.Oldest = store.Time(oldest)
	return u, err
}

// before is the instant from which a window lasts until now.
func before(window agreement.Duration, now time.Time) time.Time {
	return now.Add(-window.After(now).Sub(now))
}

// figuresHold is how long figures over thirty days are used before they are counted again.
const figuresHold = 5 * time.Second

// figures remembers them: conditions ask at every message.
type figures struct {
	mu        sync.Mutex
	known     map[string]figure // by agreement and share
	disagrees map[string]bool   // by party: its log did not follow from the one before
	alerted   map[string]time.Time
}

type figure struct {
	stats agreement.Stats
	at    time.Time
}

func newFigures() *figures {
	return &figures{known: map[string]figure{}, disagrees: map[string]bool{}, alerted: map[string]time.Time{}}
}

// alert reports whether something is to be told now: it was not within the last day.
func (f *figures) alert(what string, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last, told := f.alerted[what]; told && now.Sub(last) < day {
		return false
	}
	f.alerted[what] = now
	return true
}

// stats are the figures that conditions and triggers look at: of one share, or of all.
func (r *Room) stats(ctx context.Context, rd store.Reader, v Version, share string, now time.Time) (agreement.Stats, error) {
	key := v.Metadata.ID + "/" + share
	r.figures.mu.Lock()
	known, found := r.figures.known[key]
	_, partner, _ := r.shelf.sides(v.Agreement)
	disagrees := r.figures.disagrees[partner.ID]
	r.figures.mu.Unlock()
	if age := now.Sub(known.at); !found || age < 0 || age > figuresHold {
		var err error
		if known.stats, err = countStats(ctx, rd, v.Metadata.ID, share, now); err != nil {
			return known.stats, err
		}
		known.at = now
		r.figures.mu.Lock()
		r.figures.known[key] = known
		r.figures.mu.Unlock()
	}
	if disagrees {
		known.stats.WitnessDisagreements24h = 1
	}
	return known.stats, nil
}

func countStats(ctx context.Context, rd store.Reader, id, share string, now time.Time) (s agreement.Stats, err error) {
	since := store.Micros(now.Add(-30 * day))
	var hits, answered, same, notSame int
	err = store.Rows(ctx, rd, func(rows *sql.Rows) error {
		var result, said string
		var n, late int
		if err := rows.Scan(&result, &said, &n, &late); err != nil {
			return err
		}
		s.Requests30d += n
		s.OverdueReplies30d += late
		switch result {
		case hit:
			hits += n
			answered += n
		case noHit:
			answered += n
		}
		switch said {
		case confirmedSame:
			same += n
		case notTheSame:
			notSame += n
		}
		return nil
	}, `select result, outcome, count(*), sum(case when due > 0 and (answered_at > due or answered_at = 0 and due < $4) then 1 else 0 end)
		from sharing_thread where agreement = $1 and asked_at > $2 and ($3 = '' or share = $3) and kind = 'request' and state <> 'draft' and state <> 'withdrawn'
		group by result, outcome`, id, since, share, store.Micros(now))
	if err != nil {
		return s, err
	}
	if answered > 0 {
		s.HitRate30d = float64(hits) / float64(answered)
	}
	if same+notSame > 0 {
		s.FalsePositiveRate30d = float64(notSame) / float64(same+notSame)
	}
	return s, rd.QueryRowContext(ctx, `select count(*) from sharing_duty where agreement = $1 and kind = $2 and done_at = 0 and due <= $3 and due > $4`,
		id, dutyErasure, store.Micros(now), store.Micros(now.Add(-7*day))).Scan(&s.OverdueErasures7d)
}
