package funds

import (
	"context"
	"database/sql"
	"slices"
	"sync"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// The counters by which it is seen that parties were written, and that some went.
const (
	countMoved = "funds_party"
	countGone  = "funds_party_gone"
)

// everybody is who is held, by id and version, as last read: a million parties are not read again because three have
// changed. It is never the truth: each look asks the store how far it has come, in the reader's own transaction.
type everybody struct {
	mu          sync.Mutex
	moved, gone int64
	all         []screening.Holder // by id; never changed once it was given away
}

// read brings it up to what the reader sees.
func (h *everybody) read(ctx context.Context, r store.Reader) ([]screening.Holder, error) {
	moved, err := store.LastNumber(ctx, r, countMoved)
	if err != nil {
		return nil, err
	}
	gone, err := store.LastNumber(ctx, r, countGone)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.all != nil && moved == h.moved && gone == h.gone:
		return h.all, nil
	case h.all == nil || gone != h.gone || moved < h.moved:
		all, err := holdersSince(ctx, r, -1)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(all, byHolder)
		h.all, h.moved, h.gone = all, moved, gone
		return all, nil
	}
	news, err := holdersSince(ctx, r, h.moved)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(news, byHolder)
	h.all, h.moved = merged(h.all, news), moved
	return h.all, nil
}

func holdersSince(ctx context.Context, r store.Reader, moved int64) ([]screening.Holder, error) {
	out := []screening.Holder{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var h screening.Holder
		err := rows.Scan(&h.ID, &h.Version)
		out = append(out, h)
		return err
	}, `select id, version from funds_party where moved > $1`, moved)
	return out, err
}

func byHolder(a, b screening.Holder) int {
	switch {
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
}

// merged is both, by id; of two of one id the new.
func merged(old, news []screening.Holder) []screening.Holder {
	out := make([]screening.Holder, 0, len(old)+len(news))
	for len(old) > 0 && len(news) > 0 {
		switch c := byHolder(old[0], news[0]); {
		case c < 0:
			out, old = append(out, old[0]), old[1:]
		case c == 0:
			old = old[1:]
		default:
			out, news = append(out, news[0]), news[1:]
		}
	}
	return append(append(out, old...), news...)
}
