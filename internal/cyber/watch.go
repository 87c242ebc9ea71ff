package cyber

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/cyber/match"
	"github.com/rihla/rihla/internal/store"
)

// watch holds the indicators that logs are matched against, as far as they are committed. Every change of an indicator has
// a number, given in the order of commits; whoever is about to match first catches up with the numbers.
type watch struct {
	mu    sync.Mutex
	now   watched
	base  *match.Index
	fresh map[string]match.Entry
	gone  map[string]bool
	whole map[string]indicators.Searched // composites
	seen  int64                          // the number caught up with
}

// watched is what logs are matched against at a moment; it never changes.
type watched struct {
	layers     *match.Layers
	composites *composites
	to         int64 // the number of the latest change in it
}

const (
	numberedIndicators = "cyber-indicator" // the counter of changes
	mostFresh          = 20_000            // over the great index, before a new one is built
	afterlife          = 30 * 24 * time.Hour
)

// catchUp gives what to match against.
func (w *watch) catchUp(ctx context.Context, r store.Reader, now time.Time) (watched, error) {
	latest, err := store.LastNumber(ctx, r, numberedIndicators)
	if err != nil {
		return watched{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.base != nil && latest <= w.seen {
		return w.now, nil
	}
	if w.base == nil || latest-w.seen > mostFresh || len(w.fresh)+len(w.gone) > mostFresh {
		err := w.build(ctx, r, now, latest)
		return w.now, err
	}
	err = eachEntry(ctx, r, w.seen, now, func(e match.Entry, whole *indicators.Searched, alive bool) {
		if e.Kind == indicators.Composite {
			w.compose(e.ID, whole, alive)
			return
		}
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
		return watched{}, err
	}
	w.seen = latest
	w.lay()
	return w.now, nil
}

func (w *watch) compose(id string, whole *indicators.Searched, alive bool) {
	delete(w.whole, id)
	if alive && whole != nil {
		w.whole[id] = *whole
	}
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
	c := &composites{byID: make(map[string]indicators.Searched, len(w.whole)), of: map[string][]string{}}
	for _, id := range keysOf(w.whole) {
		c.with(id, w.whole[id])
	}
	w.now = watched{match.NewLayers(w.base, match.Build(entries), gone).WithParts(c.entries()), c, w.seen}
}

func (w *watch) build(ctx context.Context, r store.Reader, now time.Time, latest int64) error {
	var entries []match.Entry
	w.whole = map[string]indicators.Searched{}
	err := eachEntry(ctx, r, 0, now, func(e match.Entry, whole *indicators.Searched, alive bool) {
		switch {
		case e.Kind == indicators.Composite:
			w.compose(e.ID, whole, alive)
		case alive:
			entries = append(entries, e)
		}
	})
	if err != nil {
		return err
	}
	w.base, w.seen = match.Build(entries), latest
	w.fresh, w.gone = map[string]match.Entry{}, map[string]bool{}
	w.lay()
	return nil
}

// eachEntry gives the indicators that changed after a number, of a composite what to search for, and whether logs are
// matched against them. One long over is left out: what a log of old lines meets then is nobody's work any more.
func eachEntry(ctx context.Context, r store.Reader, after int64, now time.Time, each func(match.Entry, *indicators.Searched, bool)) error {
	return store.Rows(ctx, r, func(rows *sql.Rows) error {
		var e match.Entry
		var kind, standing string
		var until int64
		var body []byte
		if err := rows.Scan(&e.ID, &kind, &e.Value, &standing, &until, &body); err != nil {
			return err
		}
		e.Kind = observable.Kind(kind)
		holds := standing == alive && (until == 0 || store.Time(until).Add(afterlife).After(now))
		switch {
		case e.Kind == indicators.Composite:
			h := indicators.Hold(e.Kind, e.Value)
			if err := json.Unmarshal(body, h); err != nil {
				return fmt.Errorf("indicator %s: %w", e.ID, err)
			}
			if s, ok := h.Search(); ok {
				each(e, &s, holds)
			} else {
				each(e, nil, false)
			}
		case match.Matchable(e.Kind):
			each(e, nil, holds)
		}
		return nil
	}, `select id, kind, value, standing, until, case when kind = $2 then body else '' end from cyber_indicator where changed > $1`, after, string(indicators.Composite))
}
