package cyber

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/match"
	"github.com/rihla/rihla/internal/store"
)

// watch holds the indicators that logs are matched against, as far as they are committed. Every change of an indicator has
// a number, given in the order of commits; whoever is about to match first catches up with the numbers.
type watch struct {
	mu    sync.Mutex
	set   match.Set
	base  *match.Index
	fresh map[string]match.Entry
	gone  map[string]bool
	seen  int64 // the number caught up with
}

const (
	numberedIndicators = "cyber-indicator" // the counter of changes
	mostFresh          = 20_000            // over the great index, before a new one is built
	afterlife          = 30 * 24 * time.Hour
)

// layers catches up and gives what to match against, and the number caught up with.
func (w *watch) layers(ctx context.Context, r store.Reader, now time.Time) (l *match.Layers, to int64, err error) {
	latest, err := store.LastNumber(ctx, r, numberedIndicators)
	if err != nil {
		return nil, 0, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.base != nil && latest <= w.seen {
		return w.set.Now(), w.seen, nil
	}
	if w.base == nil || latest-w.seen > mostFresh || len(w.fresh)+len(w.gone) > mostFresh {
		l, err := w.build(ctx, r, now, latest)
		return l, latest, err
	}
	err = eachEntry(ctx, r, w.seen, now, func(e match.Entry, alive bool) {
		held := w.base.Holds(e)
		delete(w.fresh, e.ID)
		delete(w.gone, e.ID)
		switch {
		case alive && !held:
			w.fresh[e.ID] = e
		case !alive && held:
			w.gone[e.ID] = true
		}
	})
	if err != nil {
		w.base = nil // half caught up: begin again
		return nil, 0, err
	}
	w.seen = latest
	w.lay()
	return w.set.Now(), latest, nil
}

// lay puts what is fresh over the great index. The maps go on changing, so the layers have copies.
func (w *watch) lay() {
	entries := make([]match.Entry, 0, len(w.fresh))
	for _, e := range w.fresh {
		entries = append(entries, e)
	}
	gone := make(map[string]bool, len(w.gone))
	for id := range w.gone {
		gone[id] = true
	}
	w.set.Swap(match.NewLayers(w.base, match.Build(entries), gone))
}

func (w *watch) build(ctx context.Context, r store.Reader, now time.Time, latest int64) (*match.Layers, error) {
	var entries []match.Entry
	err := eachEntry(ctx, r, 0, now, func(e match.Entry, alive bool) {
		if alive {
			entries = append(entries, e)
		}
	})
	if err != nil {
		return nil, err
	}
	w.base, w.seen = match.Build(entries), latest
	w.fresh, w.gone = map[string]match.Entry{}, map[string]bool{}
	w.lay()
	return w.set.Now(), nil
}

// eachEntry gives the indicators that changed after a number, and whether logs are matched against them. One long over is
// left out: what a log of old lines meets then is nobody's work any more.
func eachEntry(ctx context.Context, r store.Reader, after int64, now time.Time, each func(match.Entry, bool)) error {
	return store.Rows(ctx, r, func(rows *sql.Rows) error {
		var e match.Entry
		var kind, standing string
		var until int64
		if err := rows.Scan(&e.ID, &kind, &e.Value, &standing, &until); err != nil {
			return err
		}
		e.Kind = observable.Kind(kind)
		if match.Matchable(e.Kind) {
			each(e, standing == alive && (until == 0 || store.Time(until).Add(afterlife).After(now)))
		}
		return nil
	}, `select id, kind, value, standing, until from cyber_indicator where changed > $1`, after)
}
