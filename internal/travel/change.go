package travel

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
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

	d        *Domain
	filer    string
	asked    []question // by a filer who waited, as it was answered
	subjects []screening.ID
	unasked  []string // records of those it asks about no more
	altered  []string // records of those whom it tells of by other papers, or another name, than before
	received time.Time
	receipts []string // ids of answers that its filer says it has
}

// flightChange is one flight before and after, with its rows made before any transaction is open: whoever writes, waits
// for nobody's JSON.
type flightChange struct {
	state   *State
	flight  Flight
	facts   string
	now     map[string]stored  // the manifest as it will be
	records [][]any            // said anew
	again   map[Clock][]string // carried once more: a push that repeats what is known moves one column of its records
	people  [][]any
	touched []string // passengers written
	boarded []string // of them, those on board by the close-out
	aliases [][]any
	gone    []string // rows of passengers that now go by another id or are no more
	renamed map[screening.ID]screening.ID
}

// rows makes them.
func (fc *flightChange) rows(write []*Passenger) error {
	s := fc.state
	facts, err := json.Marshal(s.Facts)
	if err != nil {
		return err
	}
	fc.facts = string(facts)
	for _, r := range s.Records {
		if !r.fresh {
			if r.again {
				fc.again[r.Seen] = append(fc.again[r.Seen], r.ID)
			}
			continue
		}
		body, err := json.Marshal(r)
		if err != nil {
			return err
		}
		fc.records = append(fc.records, []any{s.ID, r.ID, string(r.Kind), r.Seen.text(), string(body)})
	}
	for _, p := range write {
		body, err := json.Marshal(p)
		if err != nil {
			return err
		}
		now := fc.now[p.ID]
		fc.people = append(fc.people, []any{s.ID, p.ID, p.Role, string(p.Status), p.folded(), int64(now.Hash), strings.Join(now.Records, " "), string(body)})
		fc.touched = append(fc.touched, p.ID)
		if p.Status == Boarded {
			fc.boarded = append(fc.boarded, p.ID)
		}
		before := s.People[p.ID].Records
		for _, r := range now.Records {
			if !slices.Contains(before, r) {
				fc.aliases = append(fc.aliases, []any{r, s.ID, p.ID})
			}
		}
	}
	return nil
}

// Subjects are the passengers that changed: nobody else can have come to look different.
func (c *change) Subjects() []screening.Screened { return c.screen }

// Write writes it all, or answers [pipeline.ErrConflict] when a flight has moved since it was read.
func (c *change) Write(ctx context.Context, tx store.Tx) (pipeline.Effects, error) {
	effects := pipeline.Effects{Renamed: map[screening.ID]screening.ID{}}
	flights := make([][]any, 0, len(c.flights))
	for _, fc := range c.flights {
		row, err := fc.row(tx.Now())
		if err != nil {
			return effects, err
		}
		flights = append(flights, row)
	}
	n, err := insertFlight.Exec(ctx, tx, flights)
	if err != nil {
		return effects, err
	}
	if int(n) != len(flights) {
		return effects, pipeline.ErrConflict
	}
	var aliases [][]any
	for _, fc := range c.flights {
		if err := fc.write(ctx, tx); err != nil {
			return effects, err
		}
		aliases = append(aliases, fc.aliases...)
		fc.tell(&effects)
	}
	var shares [][]any
	for _, marketing := range slices.Sorted(maps.Keys(c.shares)) {
		shares = append(shares, []any{marketing, c.shares[marketing]})
	}
	if _, err := insertAlias.Exec(ctx, tx, dedupe(aliases)); err != nil {
		return effects, err
	}
	if _, err := insertCodeshare.Exec(ctx, tx, shares); err != nil {
		return effects, err
	}
	if err := c.converse(ctx, tx, &effects); err != nil {
		return effects, err
	}
	tx.After(c.keep)
	return effects, nil
}

// converse keeps what was asked and told, and tells at once what became graver while the answer was on its way.
func (c *change) converse(ctx context.Context, tx store.Tx, effects *pipeline.Effects) error {
	if len(c.receipts) > 0 {
		if _, err := intake.MarkTaken(ctx, tx, c.filer, c.receipts...); err != nil {
			return err
		}
		effects.Touched = append(effects.Touched, c.receipts...)
	}
	if len(c.unasked) > 0 {
		if _, err := store.ExecKeys(ctx, tx, `update travel_query set verdict = $1, until = $2, asked = $3, unasked = '' where record in (:keys)`, c.unasked,
			string(calledOff), store.Micros(tx.Now()), store.Micros(c.received)); err != nil {
			return err
		}
		effects.Events = append(effects.Events, pipeline.Event{Name: "desk", Counts: map[string]int{string(calledOff): len(c.unasked)}})
	}
	if err := c.void(ctx, tx, effects); err != nil || len(c.asked) == 0 {
		return err
	}
	rows := make([][]any, len(c.asked))
	amiss := false
	for i := range c.asked {
		q := &c.asked[i]
		var err error
		if rows[i], err = q.row(); err != nil {
			return err
		}
		if q.verdict != cusres.OK {
			effects.Events = append(effects.Events, pipeline.Event{Name: "desk", ID: string(c.subjects[i]), Counts: map[string]int{string(q.verdict): 1}})
		}
		amiss = amiss || q.Provisional
	}
	if _, err := insertQuestion.Exec(ctx, tx, dedupe(rows)); err != nil {
		return err
	}
	if amiss {
		effects.Jobs = append(effects.Jobs, lookAfter(tx.Now().Add(lookedAfterEach)))
	}
	cases, err := casework.OfSubjects(ctx, tx, c.subjects)
	if err != nil || len(cases) == 0 {
		return err
	}
	turned, err := c.d.turn(ctx, tx, c.subjects, nil, graverOnly)
	effects.Answers, effects.Jobs = append(effects.Answers, turned.Answers...), append(effects.Jobs, turned.Jobs...)
	effects.Events = append(effects.Events, turned.Events...)
	return err
}

// void takes back answers about people who are told otherwise now: by another document, name or birth date. The carrier that
// asked before is told to ask again.
func (c *change) void(ctx context.Context, tx store.Tx, effects *pipeline.Effects) error {
	if len(c.altered) == 0 {
		return nil
	}
	open, err := questionsOf(ctx, tx, c.altered)
	if err != nil || len(open) == 0 {
		return err
	}
	if err := untilDeparture(ctx, tx, open); err != nil {
		return err
	}
	for i := range c.asked {
		delete(open, c.asked[i].record) // asked anew
	}
	t := turning{d: c.d, now: tx.Now()}
	for _, fc := range c.flights {
		for id, p := range fc.now {
			for _, record := range p.Records {
				q, there := open[record]
				r := fc.state.Records[record]
				if !there || r == nil || r.Person == nil || q.verdict == calledOff || q.Void || !t.now.Before(q.until) || within(about(c.d.ids, r.Person), q.About) {
					continue
				}
				q.Void, q.lacking = true, lacksAnew
				if gravity[q.verdict] < gravity[cusres.Insufficient] {
					if err := t.tell(&q, screening.ID(id), cusres.Insufficient); err != nil {
						return err
					}
					continue
				}
				row, err := q.row()
				if err != nil {
					return err
				}
				t.rows = append(t.rows, row)
			}
		}
	}
	effects.Answers, effects.Jobs = append(effects.Answers, t.effects.Answers...), append(effects.Jobs, t.effects.Jobs...)
	effects.Events, effects.Touched = append(effects.Events, t.effects.Events...), append(effects.Touched, t.effects.Touched...)
	return t.write(ctx, tx)
}

// expire says until when each answer is good, and about whom the questions are.
func (c *change) expire() {
	if len(c.asked) == 0 {
		return
	}
	type place struct {
		passenger string
		departs   time.Time
	}
	of := make(map[string]place, len(c.asked))
	for i := range c.asked {
		of[c.asked[i].record] = place{}
	}
	for _, fc := range c.flights {
		for id, p := range fc.now {
			for _, record := range p.Records {
				if _, asked := of[record]; asked {
					of[record] = place{id, fc.flight.Departs}
				}
			}
		}
	}
	for i := range c.asked {
		q := &c.asked[i]
		at := of[q.record]
		if q.until = at.departs; q.until.IsZero() {
			q.until = q.asked.Add(answeredFor)
		}
		c.subjects = append(c.subjects, screening.ID(at.passenger))
	}
}

// write writes the flight's records and people.
func (fc *flightChange) write(ctx context.Context, tx store.Tx) error {
	s := fc.state
	if len(fc.gone) > 0 {
		if _, err := store.ExecKeys(ctx, tx, `delete from travel_passenger where flight = $1 and id in (:keys)`, fc.gone, s.ID); err != nil {
			return err
		}
	}
	if s.Joined != "" { // its records went over to the operating flight
		if _, err := tx.ExecContext(ctx, `delete from travel_record where flight = $1`, s.ID); err != nil {
			return err
		}
	}
	for seen, ids := range fc.again {
		if _, err := store.ExecKeys(ctx, tx, `update travel_record set seen = $1 where flight = $2 and id in (:keys)`, ids, seen.text(), s.ID); err != nil {
			return err
		}
	}
	if _, err := insertRecord.Exec(ctx, tx, fc.records); err != nil {
		return err
	}
	_, err := insertPassenger.Exec(ctx, tx, fc.people)
	return err
}

// tell adds what the flight's change causes.
func (fc *flightChange) tell(effects *pipeline.Effects) {
	maps.Copy(effects.Renamed, fc.renamed)
	for _, id := range fc.gone {
		if _, ok := fc.renamed[screening.ID(id)]; !ok {
			effects.Gone = append(effects.Gone, screening.ID(id))
		}
	}
	for _, id := range fc.touched {
		effects.Events = append(effects.Events, pipeline.Event{Name: "passenger", ID: id})
	}
	effects.Touched = append(append(effects.Touched, fc.touched...), fc.state.ID)
	effects.Events = append(effects.Events, pipeline.Event{Name: "flight", ID: fc.state.ID, Counts: map[string]int{
		"passengers": fc.flight.Passengers, "api": fc.flight.API.Received, "pnr": fc.flight.PNR.Received}})
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
	return []any{s.ID, s.Version + 1, s.Key.Carrier, s.Key.Number, s.Key.Suffix, s.Key.Date, s.Key.From, s.Key.To,
		store.Micros(fc.flight.Departs), store.Micros(fc.flight.ahead()), fc.flight.Status, s.Joined, string(body), fc.facts}, nil
}

func ordinal(n int) string { return strconv.Itoa(n) }
