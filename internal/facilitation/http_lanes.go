package facilitation

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/facilitation/lanes"
	"github.com/rihla/rihla/internal/store"
)

// watchesHalls may see counts and times of halls, in which nobody is named.
var watchesHalls = []access.Role{access.Officer, access.Supervisor, access.Analyst, access.Auditor, access.Administrator}

// laneRoutes are a hall's day, its flights, the people of one with their lanes, and what was saved.
func (d *Domain) laneRoutes(m *api.Mux) {
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/halls/{airport}", ID: "get-halls", Tags: []string{Name},
		Summary: "The arrival halls of an airport on a day: expected, came, waited, desks", Roles: watchesHalls,
	}, d.getHalls)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/halls/{airport}/arrivals", ID: "list-hall-arrivals", Tags: []string{Name},
		Summary: "Flights on their way to the halls of an airport, by lanes", Roles: watchesHalls,
	}, d.listArrivals)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/flights/{id}/lanes", ID: "list-flight-lanes", Tags: []string{Name},
		Summary: "Which lane each passenger of an arriving flight is for, and why", Roles: []access.Role{access.Officer, access.Supervisor},
	}, d.listLanes)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/facilitation/saved", ID: "get-saved", Tags: []string{Name},
		Summary: "What fast lanes saved in a week: the same arrivals replayed with an officer at every lane", Roles: watchesHalls,
	}, d.getSaved)
}

type hallIn struct {
	Airport string `path:"airport" doc:"IATA" example:"BAH"`
	Date    string `query:"date" doc:"local day of the airport; none is today" example:"2026-11-24"`
}

// day reads which day of which airport is meant.
func (d *Domain) day(in *hallIn) (a airport.Airport, date string, from, until time.Time, err error) {
	a, known := airport.ByIATA(strings.ToUpper(in.Airport))
	if !known || d.home != "" && a.Country != d.home {
		return a, "", from, until, api.Errorf(api.NotFound, "no airport %s is watched here", in.Airport)
	}
	day := d.clock().In(a.Location())
	if in.Date != "" {
		if day, err = time.Parse(time.DateOnly, in.Date); err != nil {
			return a, "", from, until, api.Errorf(api.Invalid, "date %q: write it 2026-11-24", in.Date)
		}
	}
	y, m, n := day.Date()
	from = time.Date(y, m, n, 0, 0, 0, 0, a.Location()).UTC()
	until = time.Date(y, m, n+1, 0, 0, 0, 0, a.Location()).UTC()
	return a, day.Format(time.DateOnly), from, until, nil
}

type hallsBody struct {
	Airport string    `json:"airport"`
	Date    string    `json:"date"`
	Zone    string    `json:"zone"`
	Now     time.Time `json:"now"`
	Halls   []hallDay `json:"halls"`
}

type hallsOut struct{ Body hallsBody }

func (d *Domain) getHalls(ctx context.Context, in *hallIn) (*hallsOut, error) {
	a, date, from, until, err := d.day(in)
	if err != nil {
		return nil, err
	}
	halls, err := d.hallsOn(ctx, d.store.Read(), a.IATA, from, until)
	if err != nil {
		return nil, err
	}
	return &hallsOut{hallsBody{a.IATA, date, a.Zone, d.clock().UTC(), halls}}, nil
}

type arrivalsOut struct {
	Body struct {
		Items []landingFlight `json:"items"`
	}
}

func (d *Domain) listArrivals(ctx context.Context, in *hallIn) (*arrivalsOut, error) {
	a, _, from, until, err := d.day(in)
	if err != nil {
		return nil, err
	}
	flights, _, err := d.landed(ctx, d.store.Read(), a.IATA, from, until)
	if err != nil {
		return nil, err
	}
	out := &arrivalsOut{}
	out.Body.Items = []landingFlight{}
	for _, f := range flights {
		if within(f.at(), from, until) {
			out.Body.Items = append(out.Body.Items, f)
		}
	}
	return out, nil
}

type flightLanesIn struct {
	ID string `path:"id"`
}

// personLane is one passenger with their lane.
type personLane struct {
	Passenger string `json:"passenger"`
	Name      string `json:"name"`
	lanes.Result
	Expected string `json:"expected"`         // before the draw
	Used     string `json:"used,omitempty"`   // where their document was read, for a day
	Outcome  string `json:"result,omitempty"` // and what came of it
}

type flightLanes struct {
	ID        string       `json:"id"`
	Flight    string       `json:"flight"`
	Date      string       `json:"date"`
	From      string       `json:"from"`
	To        string       `json:"to"`
	Scheduled time.Time    `json:"scheduled"`
	Items     []personLane `json:"items"`
}

type flightLanesOut struct{ Body flightLanes }

func (d *Domain) listLanes(ctx context.Context, in *flightLanesIn) (*flightLanesOut, error) {
	r := d.store.Read()
	people, err := d.onFlight(ctx, r, in.ID)
	if err != nil {
		return nil, err
	}
	if len(people) == 0 {
		return nil, api.Errorf(api.NotFound, "no flight %s arrives", in.ID)
	}
	first := &people[0]
	out := &flightLanesOut{flightLanes{first.FlightID, first.Flight, first.Date, first.From, first.To, first.Scheduled, []personLane{}}}
	used, err := d.used(ctx, r, first)
	if err != nil {
		return nil, err
	}
	touched := []string{in.ID}
	for i := range people {
		p := &people[i]
		touched = append(touched, string(p.Subject.ID))
		item := personLane{Passenger: string(p.Subject.ID), Name: nameOf(p), Result: p.sent(), Expected: p.Lane.Lane}
		for _, doc := range p.Subject.Documents {
			if v, ok := used[d.holderOf(doc.Number)]; ok {
				item.Used, item.Outcome = v.lane, v.result
			}
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	who := api.PrincipalFrom(ctx)
	if err := d.reads.Read(ctx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "facilitation.lanes", Touched: touched}); err != nil {
		return nil, fmt.Errorf("nothing is shown that cannot be logged: %w", err)
	}
	return out, nil
}

type savedIn struct {
	Week    string `query:"week" doc:"ISO week; none is this one" example:"2026-W48"`
	Airport string `query:"airport" doc:"IATA; none is all of them" example:"BAH"`
}

type savedBody struct {
	Week     string    `json:"week"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Airports []string  `json:"airports"`
	lanes.Saved
}

type savedOut struct{ Body savedBody }

func (d *Domain) getSaved(ctx context.Context, in *savedIn) (*savedOut, error) {
	r := d.store.Read()
	of, err := airports(ctx, r)
	if err != nil {
		return nil, err
	}
	if in.Airport != "" {
		a, known := airport.ByIATA(strings.ToUpper(in.Airport))
		if !known {
			return nil, api.Errorf(api.NotFound, "no airport is called %s", in.Airport)
		}
		of = []string{a.IATA}
	}
	zone := time.UTC
	if len(of) > 0 {
		a, _ := airport.ByIATA(of[0])
		zone = a.Location()
	}
	week, from, until, ok := weekOf(in.Week, d.clock().In(zone))
	if !ok {
		return nil, api.Errorf(api.Invalid, "week %q: write it 2026-W48", in.Week)
	}
	saved, err := d.saved(ctx, r, of, week, from.UTC(), until.UTC())
	if err != nil {
		return nil, err
	}
	if of == nil {
		of = []string{}
	}
	return &savedOut{savedBody{week, from.UTC(), until.UTC(), of, saved}}, nil
}

// weekOf is the week of that name (ISO 8601: from Monday, the first has the year's first Thursday), or the one of now.
func weekOf(name string, now time.Time) (week string, from, until time.Time, ok bool) {
	year, n := now.ISOWeek()
	if name != "" {
		if got, err := fmt.Sscanf(name, "%4d-W%2d", &year, &n); err != nil || got != 2 || fmt.Sprintf("%04d-W%02d", year, n) != name || year < 1950 || year > 2200 {
			return "", from, until, false
		}
	}
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, now.Location()) // always in the first week
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(n-1))
	if y, w := monday.ISOWeek(); y != year || w != n {
		return "", from, until, false
	}
	return fmt.Sprintf("%04d-W%02d", year, n), monday, monday.AddDate(0, 0, 7), true
}

// used is where the people of a flight were read in the last day, by who they are.
func (d *Domain) used(ctx context.Context, r store.Reader, flight *bound) (map[string]usedLane, error) {
	some, err := passages(ctx, r, flight.To, flight.Scheduled.Add(-around), flight.Scheduled.Add(whoKept))
	if err != nil {
		return nil, err
	}
	out := map[string]usedLane{}
	for i := range some { // in the order of time: the last visit counts
		if p := &some[i]; p.Who != "" {
			out[p.Who] = usedLane{p.Lane, result(p.Referred)}
		}
	}
	return out, nil
}

type usedLane struct{ lane, result string }

func result(referred bool) string {
	if referred {
		return hall.Referred
	}
	return hall.Passed
}

// onFlight are the people of a flight into the state, in the order of their names.
func (d *Domain) onFlight(ctx context.Context, r store.Reader, id string) ([]bound, error) {
	if d.aboard == nil {
		return nil, nil
	}
	crossings, err := d.aboard(ctx, r, id)
	if err != nil {
		return nil, err
	}
	people, err := d.bound(ctx, r, crossings)
	slices.SortFunc(people, func(a, b bound) int {
		return cmp.Or(cmp.Compare(nameOf(&a), nameOf(&b)), cmp.Compare(a.Subject.ID, b.Subject.ID))
	})
	return people, err
}

func nameOf(b *bound) string {
	if len(b.Subject.Names) == 0 {
		return ""
	}
	return b.Subject.Names[0].String()
}
