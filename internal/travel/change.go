package travel

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// change is what one report changes of the flights it speaks of, worked out on what was stored.
type change struct {
	flights []*flightChange
	shares  map[string]string // marketing flight → operating flight, learnt from bookings
	screen  []screening.Screened
	kept    *cache
}

// flightChange is one flight before and after.
type flightChange struct {
	state   *State
	flight  Flight
	now     map[string]stored // the manifest as it will be
	write   []*Passenger
	gone    []string // rows of passengers that now go by another id or are no more
	renamed map[screening.ID]screening.ID
}

// Subjects are the passengers that changed: nobody else can have come to look different.
func (c *change) Subjects() []screening.Screened { return c.screen }

// Write writes it all, or answers [pipeline.ErrConflict] when a flight has moved since it was read.
func (c *change) Write(ctx context.Context, tx store.Tx) (pipeline.Effects, error) {
	effects := pipeline.Effects{Renamed: map[screening.ID]screening.ID{}}
	var flights, records, people, aliases, shares [][]any
	for _, fc := range c.flights {
		s := fc.state
		row, err := fc.row(tx.Now())
		if err != nil {
			return effects, err
		}
		flights = append(flights, row)
		again := map[Clock][]string{} // a push that repeats what is known moves one column of its records
		for _, r := range s.Records {
			if !r.fresh {
				if r.again {
					again[r.Seen] = append(again[r.Seen], r.ID)
				}
				continue
			}
			body, err := json.Marshal(r)
			if err != nil {
				return effects, err
			}
			records = append(records, []any{s.ID, r.ID, string(r.Kind), r.Seen.text(), string(body)})
		}
		for seen, ids := range again {
			if _, err := store.ExecKeys(ctx, tx, `update travel_record set seen = $1 where flight = $2 and id in (:keys)`, ids, seen.text(), s.ID); err != nil {
				return effects, err
			}
		}
		for _, p := range fc.write {
			body, err := json.Marshal(p)
			if err != nil {
				return effects, err
			}
			now := fc.now[p.ID]
			people = append(people, []any{s.ID, p.ID, p.Role, string(p.Status), p.folded(), int64(now.Hash), strings.Join(now.Records, " "), string(body)})
			before := s.People[p.ID].Records
			for _, r := range now.Records {
				if !slices.Contains(before, r) {
					aliases = append(aliases, []any{r, s.ID, p.ID})
				}
			}
			effects.Touched = append(effects.Touched, p.ID)
			effects.Events = append(effects.Events, pipeline.Event{Name: "passenger", ID: p.ID})
		}
		if len(fc.gone) > 0 {
			if _, err := store.ExecKeys(ctx, tx, `delete from travel_passenger where flight = $1 and id in (:keys)`, fc.gone, s.ID); err != nil {
				return effects, err
			}
		}
		if s.Joined != "" {
			if _, err := tx.ExecContext(ctx, `delete from travel_record where flight = $1`, s.ID); err != nil {
				return effects, err
			}
		}
		maps.Copy(effects.Renamed, fc.renamed)
		for _, id := range fc.gone {
			if _, ok := fc.renamed[screening.ID(id)]; !ok {
				effects.Gone = append(effects.Gone, screening.ID(id))
			}
		}
		effects.Touched = append(effects.Touched, s.ID)
		effects.Events = append(effects.Events, pipeline.Event{Name: "flight", ID: s.ID, Counts: map[string]int{
			"passengers": fc.flight.Passengers, "api": fc.flight.API.Received, "pnr": fc.flight.PNR.Received}})
	}
	for _, marketing := range slices.Sorted(maps.Keys(c.shares)) {
		shares = append(shares, []any{marketing, c.shares[marketing]})
	}
	n, err := insertFlight.Exec(ctx, tx, flights)
	if err != nil {
		return effects, err
	}
	if int(n) != len(flights) {
		return effects, pipeline.ErrConflict
	}
	for _, batch := range []struct {
		into *store.Insert
		rows [][]any
	}{{insertRecord, records}, {insertPassenger, people}, {insertAlias, dedupe(aliases)}, {insertCodeshare, shares}} {
		if _, err := batch.into.Exec(ctx, tx, batch.rows); err != nil {
			return effects, err
		}
	}
	tx.After(c.keep)
	return effects, nil
}

// keep holds what was committed, for the next message of these flights.
func (c *change) keep() {
	for _, fc := range c.flights {
		s := fc.state
		s.Version++
		s.People = fc.now
		c.kept.put(s)
	}
}

// dedupe keeps the last row of each key: one statement may not name a key twice.
func dedupe(rows [][]any) [][]any {
	at := make(map[any]int, len(rows))
	kept := rows[:0:0]
	for _, r := range rows {
		if i, ok := at[r[0]]; ok {
			kept[i] = r
			continue
		}
		at[r[0]] = len(kept)
		kept = append(kept, r)
	}
	return kept
}

func (fc *flightChange) row(now time.Time) ([]any, error) {
	s := fc.state
	fc.flight.Changed = now.UTC()
	body, err := json.Marshal(fc.flight)
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(s.Facts)
	if err != nil {
		return nil, err
	}
	return []any{s.ID, s.Version + 1, s.Key.Carrier, s.Key.Number, s.Key.Suffix, s.Key.Date, s.Key.From, s.Key.To,
		store.Micros(fc.flight.Departs), store.Micros(fc.flight.ahead()), fc.flight.Status, s.Joined, string(body), string(facts)}, nil
}

func ordinal(n int) string { return strconv.Itoa(n) }
