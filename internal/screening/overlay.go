package screening

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// When the overlay is worth building a new base, and from when it is quicker to read everything.
const (
	smallBase   = 5_000  // entries: built whole each time, in a blink
	mergeFrom   = 4_096  // changed entries: a new base is built in the background
	rebuildFrom = 32_768 // changed entries: too many to lay over anything
	readAtOnce  = 2_048  // entries prepared by one goroutine at a time
	largeBase   = 100_000
)

// reading is what a store says of lists and rules at one instant.
type reading struct {
	generation, decided int64
	versions            map[string]string
	terms               map[string]Thresholds
	scopes              map[string][]string
	shelf               ruleShelf
	dismissed           dismissals
	moved               map[entryKey]*readEntry // since some generation; nil has left
	many                bool                    // too many have moved to be read one by one
	base                *layer                  // where all was asked for
}

func (rd *reading) settings(ctx context.Context, r store.Reader) (err error) {
	if rd.generation, rd.decided, err = counters(ctx, r); err != nil {
		return err
	}
	if rd.versions, err = readVersions(ctx, r); err != nil {
		return err
	}
	if rd.terms, err = readThresholds(ctx, r); err != nil {
		return err
	}
	if rd.scopes, err = readScopes(ctx, r); err != nil {
		return err
	}
	if rd.shelf, err = readShelf(ctx, r); err != nil {
		return err
	}
	rd.dismissed, err = readDismissals(ctx, r)
	return err
}

func readVersions(ctx context.Context, r store.Reader) (map[string]string, error) {
	versions := make(map[string]string)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var name, version string
		err := rows.Scan(&name, &version)
		versions[name] = version
		return err
	}, `select name, version from screening_list`)
	return versions, err
}

// readMoved reads what has changed or left since a generation.
func readMoved(ctx context.Context, r store.Reader, since int64) (map[entryKey]*readEntry, error) {
	moved := make(map[entryKey]*readEntry)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var k entryKey
		err := rows.Scan(&k.list, &k.id)
		moved[k] = nil
		return err
	}, `select list, entry from screening_entry_gone where generation > $1`, since)
	if err != nil {
		return nil, err
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var list string
		var body []byte
		if err := rows.Scan(&list, &body); err != nil {
			return err
		}
		e, err := readBody(list, body)
		moved[e.entryKey] = &e
		return err
	}, `select list, body from screening_entry where generation > $1`, since)
	return moved, err
}

func readBody(list string, body []byte) (readEntry, error) {
	var e lists.Entry
	if err := json.Unmarshal(body, &e); err != nil {
		return readEntry{}, fmt.Errorf("an entry of list %s: %w", list, err)
	}
	return prepared(list, e), nil
}

// countMoved says whether more entries have moved than are worth laying over a base.
func countMoved(ctx context.Context, r store.Reader, since int64, most int) (more bool, err error) {
	var changed, gone int
	err = r.QueryRowContext(ctx, `select count(*) from (select 1 from screening_entry where generation > $1 limit $2) c`, since, most+1).Scan(&changed)
	if err != nil {
		return false, err
	}
	err = r.QueryRowContext(ctx, `select count(*) from (select 1 from screening_entry_gone where generation > $1 limit $2) c`, since, most+1).Scan(&gone)
	return changed+gone > most, err
}

// readBase reads every entry, preparing them on all cores, and builds a base of them.
func readBase(ctx context.Context, r store.Reader, generation int64, now time.Time) (*layer, error) {
	type raw struct {
		list string
		body []byte
	}
	type prepared struct {
		entries []readEntry
		err     error
	}
	w := newLayerWriter(now)
	inOrder := make(chan chan prepared, runtime.GOMAXPROCS(0))
	added := make(chan error, 1)
	go func() {
		var first error
		for part := range inOrder {
			p := <-part
			if first == nil {
				first = p.err
			}
			for i := range p.entries {
				w.add(&p.entries[i])
			}
		}
		added <- first
	}()
	batch := make([]raw, 0, readAtOnce)
	send := func() {
		if len(batch) == 0 {
			return
		}
		part, mine := make(chan prepared, 1), batch
		inOrder <- part
		go func() {
			p := prepared{entries: make([]readEntry, 0, len(mine))}
			for i := range mine {
				e, err := readBody(mine[i].list, mine[i].body)
				if err != nil {
					p.err = err
					break
				}
				p.entries = append(p.entries, e)
			}
			part <- p
		}()
		batch = make([]raw, 0, readAtOnce)
	}
	var list string
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var name sql.RawBytes
		b := raw{}
		if err := rows.Scan(&name, &b.body); err != nil {
			return err
		}
		if list != string(name) {
			list = string(name)
		}
		b.list = list
		if batch = append(batch, b); len(batch) == readAtOnce {
			send()
		}
		return nil
	}, `select list, body from screening_entry order by list, entry`)
	send()
	close(inOrder)
	if wrong := <-added; err == nil {
		err = wrong
	}
	if err != nil {
		return nil, err
	}
	base := w.finish(generation, nil)
	if base.roll.len() >= largeBase {
		w = nil
		debug.FreeOSMemory() // what the building took, which is as much again, goes back at once
	}
	return base, nil
}

// generationOf lays what has moved over a base. Of the generation before, whatever still holds is taken over.
func (s *Screener) generationOf(rd *reading, base *layer, moved map[entryKey]*readEntry, before *Generation) *Generation {
	clock := s.options.Clock
	g := &Generation{
		number: rd.generation, base: base, moved: moved, versions: rd.versions, terms: rd.terms, scopes: rd.scopes, dismissed: rd.dismissed, dismissal: rd.decided,
		clock: clock, scratch: newScratch(), shadows: s.shadows,
	}
	if before != nil && reflect.DeepEqual(s.shelf, rd.shelf) {
		g.rules = before.rules
	} else {
		g.rules = s.compile(rd.shelf)
	}
	s.shelf = rd.shelf
	g.lay(clock())
	return g
}

// lay builds the overlay.
func (g *Generation) lay(now time.Time) {
	if len(g.moved) > 0 {
		g.dead = make(map[int32]bool)
		w := newLayerWriter(now)
		for k, e := range g.moved {
			if place, there := g.base.roll.find(k); there {
				g.dead[place] = true
			}
			if e != nil {
				w.add(e)
			}
		}
		g.over = w.finish(g.number, g.base)
	}
	g.until = g.nextTurn()
}

// nextTurn is when something next begins or ceases to hold without anybody doing anything.
func (g *Generation) nextTurn() (next time.Time) {
	soonest := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	for _, t := range g.base.turns {
		if _, moved := g.moved[t.entryKey]; !moved {
			soonest(t.at)
			break
		}
	}
	if g.over != nil && len(g.over.turns) > 0 {
		soonest(g.over.turns[0].at)
	}
	for _, term := range g.dismissed {
		soonest(term.until)
	}
	return next
}

// turned are the entries whose moment has come.
func (g *Generation) turned(now time.Time) []entryKey {
	var keys []entryKey
	for _, t := range g.base.turns {
		if t.at.After(now) {
			break
		}
		if _, moved := g.moved[t.entryKey]; !moved {
			keys = append(keys, t.entryKey)
		}
	}
	if g.over == nil {
		return keys
	}
	for _, t := range g.over.turns {
		if t.at.After(now) {
			break
		}
		keys = append(keys, t.entryKey)
	}
	return keys
}

// since reads what has moved since the generation before and lays it over the same base.
func (s *Screener) since(ctx context.Context, before *Generation) (*Generation, error) {
	var rd reading
	err := s.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		rd = reading{}
		if rd.many, err = countMoved(ctx, r, before.base.number, rebuildFrom); err != nil || rd.many {
			return err
		}
		if err := rd.settings(ctx, r); err != nil {
			return err
		}
		rd.moved, err = readMoved(ctx, r, before.number)
		return err
	})
	if err != nil {
		return nil, err
	}
	if rd.many || before.base.roll.len() < smallBase && len(rd.moved) > 0 {
		return s.whole(ctx, before)
	}
	moved := maps.Clone(before.moved)
	if moved == nil {
		moved = make(map[entryKey]*readEntry, len(rd.moved))
	}
	maps.Copy(moved, rd.moved)
	return s.generationOf(&rd, before.base, moved, before), nil
}

// whole reads and builds everything.
func (s *Screener) whole(ctx context.Context, before *Generation) (*Generation, error) {
	var rd reading
	defer s.building.Store(0)
	err := s.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		rd = reading{}
		if err := rd.settings(ctx, r); err != nil {
			return err
		}
		if err := s.expectBase(ctx, r); err != nil {
			return err
		}
		rd.base, err = readBase(ctx, r, rd.generation, s.options.Clock())
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.generationOf(&rd, rd.base, nil, before), nil
}

// merge builds a new base in the background when the overlay has grown, and swaps it in. Nobody waits for it: lists that
// change meanwhile are laid over it. It says the same as the old one but for a hair, so nobody is screened again.
func (s *Screener) merge(ctx context.Context) {
	g := s.current.Load()
	if len(g.moved) < min(mergeFrom, max(g.base.roll.len()/20, smallBase/20)) || !s.merging.CompareAndSwap(false, true) {
		return
	}
	s.merges.Go(func() {
		defer s.merging.Store(false)
		if err := s.mergeNow(ctx); err != nil && ctx.Err() == nil {
			s.options.Logger.Warn("the index of lists could not be merged; the old one stays, and it is tried again", "error", err)
		}
	})
}

func (s *Screener) mergeNow(ctx context.Context) error {
	var base *layer
	defer s.building.Store(0)
	err := s.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		generation, _, err := counters(ctx, r)
		if err != nil {
			return err
		}
		if err := s.expectBase(ctx, r); err != nil {
			return err
		}
		base, err = readBase(ctx, r, generation, s.options.Clock())
		return err
	})
	if err != nil {
		return err
	}
	s.refresh.Lock()
	defer s.refresh.Unlock()
	var rd reading
	err = s.st.Snapshot(ctx, func(ctx context.Context, r store.Reader) (err error) {
		rd = reading{}
		if err := rd.settings(ctx, r); err != nil {
			return err
		}
		rd.moved, err = readMoved(ctx, r, base.number)
		return err
	})
	if err != nil {
		return err
	}
	s.current.Store(s.generationOf(&rd, base, rd.moved, s.current.Load()))
	return nil
}
