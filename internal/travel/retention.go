package travel

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

var _ pipeline.Keeper = (*Domain)(nil)

// What is old enough to go.
var (
	oldFlights   = custody.Rows{Table: "travel_flight", Key: "id", Age: "ahead", Where: "ahead > 0"}
	oldLists     = custody.Rows{Table: "travel_flight", Key: "id", Age: "ahead", Where: `ahead > 0 and exists (select 1 from travel_record r where r.flight = travel_flight.id and r.kind in ('api', 'crew', 'closeout'))`}
	oldOverrides = custody.Rows{Table: "travel_override", Key: "id", Age: "at"}
	oldQuestions = custody.Rows{Table: "travel_query", Key: "record", Age: "until"}
)

// What the law allows at most. A state under other law says so in its settings; it may keep for less.
const (
	pnrLaw = "Directive (EU) 2016/681, article 12"
	apiLaw = "Regulation (EU) 2025/12, article 8(2)"
)

// flightsAtOnce is how many flights are computed anew in one transaction.
const flightsAtOnce = 10

// Retention says how long travellers are kept: a flight goes whole, counted from when nothing could be done about it any
// more; what a carrier asked and was told, counted from when the answer ceased to hold.
func (d *Domain) Retention() []custody.Clock {
	return []custody.Clock{
		{Name: Name + ".flight", Keep: "P5Y", Most: "P5Y", Law: pnrLaw, From: "landed", Held: oldFlights.Held, Erase: d.eraseFlights, Reports: []string{"pnrgov"}},
		{Name: Name + ".question", Keep: "PT48H", Most: "PT96H", Law: apiLaw, From: "departed", Held: oldQuestions.Held, Erase: oldQuestions.Drop, Reports: []string{cusres.Format}},
		{Name: Name + ".override", Keep: "P5Y", Most: "P5Y", Law: pnrLaw, From: "recorded", Held: oldOverrides.Held, Erase: oldOverrides.Drop},
		{Name: Name + ".list", Keep: "P5Y", Most: "P5Y", Law: pnrLaw, From: "landed", Held: oldLists.Held, Erase: d.eraseLists, Reports: []string{paxlst.Format}},
	}
}

// eraseLists takes out of flights what lists of passengers and crew said, and leaves what bookings say: the same people, by
// what is left known of them. It is for a state that keeps lists for less than bookings.
func (d *Domain) eraseLists(ctx context.Context, tx store.Tx, before time.Time, n int) (e custody.Erased, err error) {
	flights, err := oldLists.Old(ctx, tx, before, min(n, flightsAtOnce))
	if err != nil || len(flights) == 0 {
		return e, err
	}
	c := &change{shares: map[string]string{}, kept: d.kept, d: d}
	states := map[string]*State{}
	for _, id := range flights {
		s, err := read(ctx, tx, id, Key{})
		if err != nil {
			return e, err
		}
		for id, r := range s.Records {
			if r.Kind != Booking && r.Kind != Traveller {
				e.Records = append(e.Records, id)
				delete(s.Records, id)
			}
		}
		states[id] = s
	}
	slices.Sort(e.Records)
	if err := c.settle(states); err != nil {
		return e, err
	}
	effects, err := c.Write(ctx, tx)
	if err != nil {
		return e, err
	}
	e.Gone = slices.DeleteFunc(effects.Gone, func(id screening.ID) bool { _, renamed := effects.Renamed[id]; return renamed })
	e.Renamed = effects.Renamed
	for i := range c.screen {
		e.Due = append(e.Due, c.screen[i].Subject.ID)
	}
	for _, query := range []string{`delete from travel_query where record in (:keys)`, `delete from travel_override where record in (:keys)`, `delete from travel_alias where record in (:keys)`} {
		if _, err := store.ExecKeys(ctx, tx, query, e.Records); err != nil {
			return e, err
		}
	}
	e.More = len(flights) == flightsAtOnce
	_, err = store.ExecKeys(ctx, tx, `delete from travel_record where flight in (:keys) and kind in ('api', 'crew', 'closeout')`, flights)
	return e, err
}

// eraseFlights erases flights with everybody on them and all that their sources said.
func (d *Domain) eraseFlights(ctx context.Context, tx store.Tx, before time.Time, n int) (e custody.Erased, err error) {
	if e.Records, err = oldFlights.Old(ctx, tx, before, n); err != nil {
		return e, err
	}
	err = store.ForKeys(ctx, tx, `select id from travel_passenger where flight in (:keys)`, e.Records, func(rows *sql.Rows) error {
		var id screening.ID
		err := rows.Scan(&id)
		e.Gone = append(e.Gone, id)
		return err
	})
	if err != nil {
		return e, err
	}
	for _, query := range []string{
		`delete from travel_query where record in (select id from travel_record where flight in (:keys))`,
		`delete from travel_override where record in (select id from travel_record where flight in (:keys))`,
		`delete from travel_cleared where flight in (:keys)`,
		`delete from travel_alias where record in (select id from travel_record where flight in (:keys))`,
		`delete from travel_record where flight in (:keys)`,
		`delete from travel_passenger where flight in (:keys)`,
		`delete from travel_codeshare where operating in (:keys)`,
		`delete from travel_cleared where flight in (:keys)`,
		`delete from travel_flight where id in (:keys)`,
	} {
		if _, err := store.ExecKeys(ctx, tx, query, e.Records); err != nil {
			return e, err
		}
	}
	return e, nil
}
