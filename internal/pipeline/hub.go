package pipeline

import (
	"context"
	"database/sql"
	"encoding/json"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/store"
)

const (
	eventTopic   = "events"
	eventsKept   = 10_000 // in the store, for whoever was away a while
	eventsInHand = 2048   // in memory, for whoever follows
	eventsAtOnce = 512
)

// Numbered is an event with its place in the order of all of them.
type Numbered struct {
	Number int64
	Domain string // whose roles may hear it; none is everybody's
	Event
}

var insertEvent = store.NewInsert("pipeline_event", []string{"number", "domain", "name", "id", "counts"}, "")

// Announce stores events in the caller's transaction. Once that is committed, live pages on every node hear of them.
func Announce(ctx context.Context, tx store.Tx, domain string, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	number, err := store.NextNumber(ctx, tx, "event", int64(len(events)))
	if err != nil {
		return err
	}
	rows := make([][]any, len(events))
	for i, e := range events {
		counts := ""
		if len(e.Counts) > 0 {
			text, err := json.Marshal(e.Counts)
			if err != nil {
				return err
			}
			counts = string(text)
		}
		rows[i] = []any{number + int64(i), domain, e.Name, e.ID, counts}
	}
	if _, err := insertEvent.Exec(ctx, tx, rows); err != nil {
		return err
	}
	tx.Notify(eventTopic)
	return nil
}

// Hub tells live pages what was committed, by any process, in order.
type Hub struct {
	store *store.Store

	mu     sync.Mutex
	recent []Numbered    // the latest, in order
	last   int64         // number of the latest seen
	moved  chan struct{} // closed when there is more
	ended  chan struct{} // closed when nobody will tell any more
}

func openHub(ctx context.Context, st *store.Store) (*Hub, error) {
	h := &Hub{store: st, moved: make(chan struct{}), ended: make(chan struct{})}
	var last sql.NullInt64
	err := st.Read().QueryRowContext(ctx, `select max(number) from pipeline_event`).Scan(&last)
	h.last = last.Int64
	return h, err
}

// run looks for events until the context ends; then every follower is let go.
func (h *Hub) run(ctx context.Context) {
	defer close(h.ended)
	wake, stop := h.store.Watch(eventTopic)
	defer stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var swept time.Time
	for ctx.Err() == nil {
		for {
			events, err := h.stored(ctx, h.last, eventsAtOnce)
			if err != nil || len(events) == 0 {
				break // the next look will find them
			}
			h.add(events)
		}
		if time.Since(swept) > time.Minute {
			swept = time.Now()
			h.sweep(ctx)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-tick.C:
		}
	}
}

func (h *Hub) add(events []Numbered) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent = append(h.recent, events...)
	if n := len(h.recent); n > 2*eventsInHand {
		h.recent = append([]Numbered(nil), h.recent[n-eventsInHand:]...)
	}
	h.last = events[len(events)-1].Number
	close(h.moved)
	h.moved = make(chan struct{})
}

func (h *Hub) sweep(ctx context.Context) {
	_ = h.store.Write(ctx, func(ctx context.Context, tx store.Tx) error { // kept a minute longer, at worst
		_, err := tx.ExecContext(ctx, `delete from pipeline_event where number <= $1`, h.last-eventsKept)
		return err
	})
}

func (h *Hub) stored(ctx context.Context, after int64, n int) ([]Numbered, error) {
	var list []Numbered
	err := store.Rows(ctx, h.store.Read(), func(rows *sql.Rows) error {
		var e Numbered
		var counts string
		if err := rows.Scan(&e.Number, &e.Domain, &e.Name, &e.ID, &counts); err != nil {
			return err
		}
		list = append(list, e)
		if counts == "" {
			return nil
		}
		return json.Unmarshal([]byte(counts), &list[len(list)-1].Counts)
	}, `select number, domain, name, id, counts from pipeline_event where number > $1 order by number limit $2`, after, n)
	return list, err
}

// Follow tells events after the one numbered, as far as they are kept, then live ones; after < 0 tells only new ones.
// The channel closes when the context ends or the node stops. Whoever is slow misses nothing that is still kept.
func (h *Hub) Follow(ctx context.Context, after int64) (<-chan Numbered, error) {
	if after < 0 {
		h.mu.Lock()
		after = h.last
		h.mu.Unlock()
	}
	told := make(chan Numbered, 16)
	go func() {
		defer close(told)
		for {
			events, moved, err := h.after(ctx, after)
			if err != nil {
				return
			}
			for _, e := range events {
				select {
				case told <- e:
					after = e.Number
				case <-ctx.Done():
					return
				case <-h.ended:
					return
				}
			}
			if len(events) > 0 {
				continue
			}
			select {
			case <-moved:
			case <-ctx.Done():
				return
			case <-h.ended:
				return
			}
		}
	}()
	return told, nil
}

// after answers events after the one numbered, and what closes when there are more.
func (h *Hub) after(ctx context.Context, number int64) ([]Numbered, <-chan struct{}, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if number >= h.last {
		return nil, h.moved, nil
	}
	if len(h.recent) > 0 && number >= h.recent[0].Number-1 {
		for i := range h.recent {
			if h.recent[i].Number > number {
				n := min(len(h.recent), i+eventsAtOnce)
				return append([]Numbered(nil), h.recent[i:n]...), h.moved, nil
			}
		}
	}
	moved, last := h.moved, h.last
	h.mu.Unlock()
	events, err := h.stored(ctx, number, eventsAtOnce)
	h.mu.Lock()
	for len(events) > 0 && events[len(events)-1].Number > last { // the hub has not seen them: they come in their turn
		events = events[:len(events)-1]
	}
	return events, moved, err
}
