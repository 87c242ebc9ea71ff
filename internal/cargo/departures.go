package cargo

import (
	"cmp"
	"context"
	"database/sql"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Departure is a flight on a day with what is filed for it.
type Departure struct {
	ID           string         `json:"id" doc:"9X201.2026-03-15; none for what no flight is named for yet"`
	Carrier      string         `json:"carrier,omitempty"`
	Number       string         `json:"number,omitempty"`
	Date         string         `json:"date,omitempty"`
	Origin       string         `json:"origin,omitempty"`
	Destination  string         `json:"destination,omitempty" doc:"Of most of what it carries"`
	Departs      time.Time      `json:"departs,omitzero"`
	DepartsKnown bool           `json:"departs_known"`
	CutOff       time.Time      `json:"cutoff,omitzero"`
	Departed     time.Time      `json:"departed,omitzero"`
	Shipments    int            `json:"shipments"`
	Consignments int            `json:"consignments" doc:"Houses and direct waybills: what is really sent"`
	Pieces       int            `json:"pieces"`
	Kg           float64        `json:"kg"`
	States       map[string]int `json:"states" nullable:"false"`
	Cases        int            `json:"cases"`
	Findings     int            `json:"findings"`
	Severities   severities     `json:"severities"`
}

// severities count subjects by their worst finding.
type severities struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
}

var desk = []access.Role{access.Targeter, access.Supervisor}

func (d *Domain) departureRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/departures", ID: "list-cargo-departures", Tags: []string{Name},
		Summary: "What is filed for each flight, by local date of departure", Roles: append(slices.Clone(desk), access.Auditor, access.Filer)}, d.listDepartures)
	api.Register(m, api.Route{Method: http.MethodPut, Path: "/api/v1/cargo/departures/{id}/schedule", ID: "schedule-cargo-departure", Tags: []string{Name},
		Summary: "Say when a flight departs: waybills name its day only", Roles: desk}, d.schedule)
	api.Register(m, api.Route{Method: http.MethodPost, Path: "/api/v1/cargo/departures/{id}/departed", ID: "cargo-departed", Tags: []string{Name},
		Summary: "Say that a flight has departed; what flew under a hold raises an alarm", Roles: desk}, d.departed)
	api.Register(m, api.Route{Method: http.MethodPost, Path: "/api/v1/cargo/departures/{id}/arrived", ID: "cargo-arrived", Tags: []string{Name},
		Summary: "Say that a flight has arrived", Roles: desk}, d.arrived)
}

type listDeparturesIn struct {
	From        string `query:"from" doc:"first local date of departure; yesterday when absent" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	To          string `query:"to" doc:"last, inclusive; in a fortnight when absent" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	Origin      string `query:"origin" example:"AMM"`
	Destination string `query:"destination" example:"JFK"`
}

type listDeparturesOut struct {
	Body api.Page[Departure]
}

func (d *Domain) listDepartures(ctx context.Context, in *listDeparturesIn) (*listDeparturesOut, error) {
	now := d.clock().UTC()
	from, to := cmp.Or(in.From, now.AddDate(0, 0, -1).Format(time.DateOnly)), cmp.Or(in.To, now.AddDate(0, 0, 14).Format(time.DateOnly))
	filer := ""
	if who := api.PrincipalFrom(ctx); who.Is(access.Filer) {
		filer = who.Name
	}
	items, err := departures(ctx, d.store.Read(), from, to, strings.ToUpper(in.Origin), strings.ToUpper(in.Destination), filer)
	if err != nil {
		return nil, err
	}
	if filer != "" {
		for i := range items { // what is thought of it is not a filer's
			items[i].Cases, items[i].Findings, items[i].Severities, items[i].States = 0, 0, severities{}, map[string]int{}
			items[i].Consignments, items[i].Pieces, items[i].Kg = 0, 0, 0 // others filed under the same masters
		}
	}
	out := &listDeparturesOut{}
	out.Body.Items = items
	return out, nil
}

// departures reads the flights of some days, and what has no flight yet.
func departures(ctx context.Context, r store.Reader, from, to, origin, destination, filer string) ([]Departure, error) {
	ships := map[string]*Shipment{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		s, err := scanShipment(rows)
		if err != nil {
			return err
		}
		if (origin == "" || s.Origin == origin) && (destination == "" || s.Destination == destination) && (filer == "" || slices.Contains(s.Filers, filer)) {
			ships[s.ID] = s
		}
		return nil
	}, `select id, version, body from cargo_shipment where date = '' or date >= $1 and date <= $2`, from, to)
	if err != nil {
		return nil, err
	}
	var ids []string
	for id := range ships {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	of := map[string]*Departure{}
	at := map[string]*Departure{} // by shipment
	grams := map[*Departure]int64{}
	for _, id := range ids {
		s := ships[id]
		leg := s.leg()
		name := cmp.Or(leg.departure(), noFlight)
		dep := of[name]
		if dep == nil {
			dep = &Departure{ID: name, Origin: s.Origin, Destination: s.Destination, States: map[string]int{}}
			if name != noFlight {
				dep.Carrier, dep.Number, dep.Date = leg.Carrier, leg.Number, leg.Date
				dep.Departs, dep.DepartsKnown = s.departs()
				dep.CutOff, dep.Departed = s.cutOff(), s.Departed
			}
			of[name] = dep
		}
		dep.Shipments++
		at[id] = dep
	}
	err = store.ForKeys(ctx, r, `select c.shipment, c.state, count(*), sum(c.pieces), sum(c.grams) from cargo_consignment c
		where c.shipment in (:keys) and not (c.house = '' and exists (select 1 from cargo_consignment h where h.shipment = c.shipment and h.house <> ''))
		group by c.shipment, c.state`, ids, func(rows *sql.Rows) error {
		var id, state string
		var n, pieces int
		var weight int64
		if err := rows.Scan(&id, &state, &n, &pieces, &weight); err != nil {
			return err
		}
		dep := at[id]
		dep.States[state] += n
		if state != Cancelled {
			dep.Consignments += n
			dep.Pieces += pieces
			grams[dep] += weight
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	cases, err := casework.OpenWithin(ctx, r, Name, ids)
	if err != nil {
		return nil, err
	}
	counts, err := screening.CountWithin(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		dep, c := at[id], counts[id]
		dep.Cases += cases[id]
		dep.Findings += c.Findings
		dep.Severities.Critical += c.Severities[screening.Critical]
		dep.Severities.High += c.Severities[screening.High]
		dep.Severities.Medium += c.Severities[screening.Medium]
		dep.Severities.Low += c.Severities[screening.Low]
	}
	items := []Departure{}
	for _, dep := range of {
		dep.Kg = float64(grams[dep]) / 1000
		items = append(items, *dep)
	}
	slices.SortFunc(items, func(a, b Departure) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Date, "9"), cmp.Or(b.Date, "9")), a.Departs.Compare(b.Departs), cmp.Compare(a.ID, b.ID))
	})
	return items, nil
}

type scheduleIn struct {
	ID   string `path:"id" example:"9X201.2026-03-15"`
	Body struct {
		Departs time.Time `json:"departs"`
	}
}

type momentIn struct {
	ID   string `path:"id" example:"9X201.2026-03-15"`
	Body struct {
		At time.Time `json:"at,omitzero" doc:"now when absent" required:"false"`
	}
}

type flewOut struct {
	Body struct {
		Shipments int `json:"shipments"`
		Alarms    int `json:"alarms" doc:"Consignments that flew although a hold was in force"`
	}
}

func (d *Domain) schedule(ctx context.Context, in *scheduleIn) (*flewOut, error) {
	return d.flew(ctx, in.ID, "departure.schedule", func(_ time.Time, f *flight) string {
		f.departs = in.Body.Departs.UTC()
		return ""
	})
}

func (d *Domain) departed(ctx context.Context, in *momentIn) (*flewOut, error) {
	return d.flew(ctx, in.ID, "departure.departed", func(now time.Time, f *flight) string {
		f.departed = orNow(in.Body.At, now)
		return Departed
	})
}

func (d *Domain) arrived(ctx context.Context, in *momentIn) (*flewOut, error) {
	return d.flew(ctx, in.ID, "departure.arrived", func(now time.Time, f *flight) string {
		if f.arrived = orNow(in.Body.At, now); f.departed.IsZero() {
			f.departed = f.arrived
		}
		return Arrived
	})
}

func orNow(at, now time.Time) time.Time {
	if at.IsZero() {
		return now.UTC()
	}
	return at.UTC()
}

var insertFlight = store.NewInsert("cargo_flight", []string{"id", "departs", "departed", "arrived"},
	`on conflict (id) do update set departs = excluded.departs, departed = excluded.departed, arrived = excluded.arrived`)

// flew writes what a person says of a departure, and what that means for all that is booked on it.
func (d *Domain) flew(ctx context.Context, id, action string, say func(now time.Time, f *flight) (state string)) (*flewOut, error) {
	who := api.PrincipalFrom(ctx)
	out := &flewOut{}
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		out.Body.Shipments, out.Body.Alarms = 0, 0
		ships, err := shipmentsOn(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(ships) == 0 {
			return api.Errorf(api.NotFound, "nothing is filed for a departure %s", id)
		}
		said, err := flightsBy(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		f := said[id]
		state := say(tx.Now(), &f)
		if _, err := insertFlight.Exec(ctx, tx, [][]any{{id, store.Micros(f.departs), store.Micros(f.departed), store.Micros(f.arrived)}}); err != nil {
			return err
		}
		effects := pipeline.Effects{Events: []pipeline.Event{{Name: "departure", ID: id}}}
		var rows [][]any
		var ids []string
		for _, s := range ships {
			s.fly(f)
			row, err := s.row(s.Version + 1)
			if err != nil {
				return err
			}
			rows, ids = append(rows, row), append(ids, s.ID)
		}
		if _, err := insertShipment.Exec(ctx, tx, rows); err != nil {
			return err
		}
		var all []*brief
		if err := briefs(ctx, tx, ids, func(b *brief) { all = append(all, b) }); err != nil {
			return err
		}
		for _, b := range all {
			effects.Due = append(effects.Due, b.subjects()...)
			if state == "" || b.standing.State == Cancelled || b.standing.State == state {
				continue
			}
			if b.standing.Hold != "" {
				out.Body.Alarms++
			}
			b.standing.State = state
			if err := saveStanding(ctx, tx, b.id, b.shipment, &b.standing); err != nil {
				return err
			}
		}
		out.Body.Shipments = len(ships)
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: ids, Detail: id}); err != nil {
			return err
		}
		return pipeline.Apply(ctx, tx, Name, effects)
	})
	return out, err
}

func shipmentsOn(ctx context.Context, r store.Reader, departure string) (out []*Shipment, err error) {
	if departure == "" || departure == noFlight {
		return nil, nil
	}
	date := departure[strings.LastIndexByte(departure, '.')+1:]
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		s, err := scanShipment(rows)
		out = append(out, s)
		return err
	}, `select id, version, body from cargo_shipment where date = $1 and flight = $2 order by id`, date, departure)
	return out, err
}
