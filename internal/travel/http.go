package travel

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// flightsPerPage is how many flights a page of the board holds.
const flightsPerPage = 200

var desk = []access.Role{access.Analyst, access.Supervisor, access.Officer}

// Routes are the board, a flight, its manifest and one passenger.
func (d *Domain) Routes(m *api.Mux) {
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/flights", ID: "list-flights", Tags: []string{Name},
		Summary: "Flights by local departure date", Roles: append(slices.Clone(desk), access.Auditor, access.Filer),
	}, d.listFlights)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/flights/{id}", ID: "get-flight", Tags: []string{Name},
		Summary: "One flight", Roles: append(slices.Clone(desk), access.Auditor, access.Filer),
	}, d.getFlight)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/flights/{id}/passengers", ID: "list-passengers", Tags: []string{Name},
		Summary: "The manifest, API and PNR merged", Roles: desk,
	}, d.listPassengers)
	api.Register(m, api.Route{
		Method: http.MethodGet, Path: "/api/v1/passengers/{id}", ID: "get-passenger", Tags: []string{Name},
		Summary: "All that is known of one traveller on one flight, each value with its source", Roles: desk,
	}, d.getPassenger)
	d.deskRoutes(m)
	d.outageRoutes(m)
}

type flightItem struct {
	Flight
	Direction  string     `json:"direction,omitempty"` // arrival, departure, other
	Findings   int        `json:"findings"`
	Cases      int        `json:"cases"`
	Severities severities `json:"severities"`
}

// severities count people by their worst finding.
type severities struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
}

type listFlightsIn struct {
	From        string `query:"from" doc:"first local departure date" example:"2026-11-24" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	To          string `query:"to" doc:"last local departure date, inclusive" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	Carrier     string `query:"carrier" doc:"designator" example:"ZZ"`
	Number      string `query:"number"`
	Origin      string `query:"origin" doc:"airport of departure" example:"LHR"`
	Destination string `query:"destination" example:"BAH"`
	Cursor      string `query:"cursor"`
}

type listFlightsOut struct {
	Body api.Page[flightItem]
}

// at is where a page of the board ends.
type at struct{ Date, ID string }

func (d *Domain) listFlights(ctx context.Context, in *listFlightsIn) (*listFlightsOut, error) {
	q := query{From: in.From, To: in.To, Carrier: in.Carrier, Number: in.Number, Origin: in.Origin, Destination: in.Destination, Limit: flightsPerPage}
	if in.Cursor != "" {
		var last at
		if err := api.DecodeCursor(in.Cursor, &last); err != nil {
			return nil, err
		}
		q.AfterDate, q.AfterID = last.Date, last.ID
	}
	who := api.PrincipalFrom(ctx)
	if who.Is(access.Filer) {
		q.Carriers = who.Carriers
	}
	flights, err := board(ctx, d.store.Read(), q)
	if err != nil {
		return nil, err
	}
	out := &listFlightsOut{}
	if out.Body.Items, err = d.items(ctx, flights); err != nil {
		return nil, err
	}
	if n := len(flights); n == q.Limit {
		if out.Body.Next, err = api.EncodeCursor(at{flights[n-1].Date, flights[n-1].ID}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// items adds to flights what other rooms know of them.
func (d *Domain) items(ctx context.Context, flights []Flight) ([]flightItem, error) {
	ids := make([]string, len(flights))
	for i := range flights {
		ids[i] = flights[i].ID
	}
	cases, err := casework.OpenWithin(ctx, d.store.Read(), Name, ids)
	if err != nil {
		return nil, err
	}
	counts, err := screening.CountWithin(ctx, d.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	items := make([]flightItem, len(flights))
	for i, f := range flights {
		items[i] = flightItem{Flight: f, Direction: d.direction(&f), Cases: cases[f.ID]}
		c := counts[f.ID]
		items[i].Findings = c.Findings
		items[i].Severities = severities{c.Severities[screening.Critical], c.Severities[screening.High], c.Severities[screening.Medium], c.Severities[screening.Low]}
	}
	return items, nil
}

// direction says which way the flight crosses the border that is watched.
func (d *Domain) direction(f *Flight) string {
	if d.home == "" {
		return ""
	}
	from, _ := lookup(f.From)
	to, _ := lookup(f.To)
	switch {
	case to.Country == d.home && from.Country != d.home:
		return "arrival"
	case from.Country == d.home && to.Country != d.home:
		return "departure"
	}
	return "other"
}

type oneIn struct {
	ID string `path:"id"`
}

type getFlightOut struct {
	Body flightItem
}

func (d *Domain) getFlight(ctx context.Context, in *oneIn) (*getFlightOut, error) {
	f, err := d.open(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := d.items(ctx, []Flight{f})
	if err != nil {
		return nil, err
	}
	return &getFlightOut{Body: items[0]}, nil
}

// open finds a flight that the caller may see; a filer sees its own carriers', and does not learn of others.
func (d *Domain) open(ctx context.Context, id string) (Flight, error) {
	f, found, err := flightByID(ctx, d.store.Read(), id)
	if err != nil {
		return f, err
	}
	who := api.PrincipalFrom(ctx)
	if !found || who.Is(access.Filer) && !who.MayFileFor(f.Carrier) {
		return f, api.Errorf(api.NotFound, "there is no flight %s", id)
	}
	return f, nil
}

type passengerItem struct {
	Passenger
	Findings int                `json:"findings"`
	Severity screening.Severity `json:"severity,omitempty"`
	Kinds    []string           `json:"kinds,omitempty"`
	Case     string             `json:"case,omitempty"`
	Vouching []string           `json:"standings,omitempty" doc:"The kinds of standings that count for the traveller now"`
	Answer   cusres.Decision    `json:"answer,omitempty" doc:"What the carrier was told last, where it asked"`
}

type listPassengersOut struct {
	Body api.Page[passengerItem]
}

func (d *Domain) listPassengers(ctx context.Context, in *oneIn) (*listPassengersOut, error) {
	f, err := d.open(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	people, err := manifest(ctx, d.store.Read(), f.ID)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(people, byName)
	if err := d.tell(ctx, "flight.manifest", append(ids(people), f.ID)); err != nil {
		return nil, err
	}
	out := &listPassengersOut{}
	if out.Body.Items, err = d.passengerItems(ctx, people); err != nil {
		return nil, err
	}
	return out, d.mark(ctx, &f, people, out.Body.Items)
}

// mark adds to a manifest what speaks for its people, and what their carrier was told.
func (d *Domain) mark(ctx context.Context, f *Flight, people []Passenger, items []passengerItem) error {
	r := d.store.Read()
	standings, err := d.standings(ctx, r, people, map[string]*Flight{f.ID: f})
	if err != nil {
		return err
	}
	told, err := toldOf(ctx, r, f.ID)
	for i := range items {
		id := screening.ID(items[i].ID)
		for _, s := range standings[id] {
			if s.Active && !slices.Contains(items[i].Vouching, s.Kind) {
				items[i].Vouching = append(items[i].Vouching, s.Kind)
			}
		}
		if q := told[id]; q != nil {
			items[i].Answer = q.verdict
		}
	}
	return err
}

func ids(people []Passenger) []string {
	out := make([]string, len(people))
	for i := range people {
		out[i] = people[i].ID
	}
	return out
}

func (d *Domain) passengerItems(ctx context.Context, people []Passenger) ([]passengerItem, error) {
	subjects := make([]screening.ID, len(people))
	for i := range people {
		subjects[i] = screening.ID(people[i].ID)
	}
	tallies, err := screening.Tallies(ctx, d.store.Read(), subjects)
	if err != nil {
		return nil, err
	}
	var met []screening.ID // only they can have a case
	for _, s := range subjects {
		if _, ok := tallies[s]; ok {
			met = append(met, s)
		}
	}
	cases, err := casework.OfSubjects(ctx, d.store.Read(), met)
	if err != nil {
		return nil, err
	}
	items := make([]passengerItem, len(people))
	for i, p := range people {
		t := tallies[subjects[i]]
		items[i] = passengerItem{Passenger: p, Findings: t.Findings, Severity: t.Severity, Kinds: t.Kinds}
		if cs := cases[subjects[i]]; len(cs) > 0 {
			items[i].Case = cs[0].ID
		}
	}
	return items, nil
}

// tell makes a read of personal data known to the audit log before the data leaves.
func (d *Domain) tell(ctx context.Context, action string, touched []string) error {
	who := api.PrincipalFrom(ctx)
	if err := d.reads.Read(ctx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: touched}); err != nil {
		return fmt.Errorf("nothing is shown that cannot be logged: %w", err)
	}
	return nil
}

// Search finds flights by number and travellers by name, document or locator, for whoever may see them.
func (d *Domain) Search(ctx context.Context, r store.Reader, who access.Principal, q string, n int) ([]api.Hit, error) {
	if !who.Is(desk...) {
		return nil, nil
	}
	var hits []api.Hit
	if carrier, number, _, ok := paxlst.SplitFlight(strings.ToUpper(strings.ReplaceAll(q, " ", "")), ""); ok && carrier != "" {
		flights, err := board(ctx, r, query{Carrier: carrier, Number: number, Limit: n})
		if err != nil {
			return nil, err
		}
		for i := range flights {
			f := &flights[i]
			hits = append(hits, api.Hit{Kind: "flight", ID: f.ID, Title: f.Carrier + f.Number + f.Suffix, Detail: f.Date + " " + f.From + "-" + f.To, Path: "/flights/" + f.ID})
		}
	}
	people, err := find(ctx, r, q, n)
	if err != nil {
		return nil, err
	}
	flights, err := flightsOf(ctx, r, people)
	if err != nil {
		return nil, err
	}
	for i := range people {
		p := &people[i]
		if f := flights[p.Flight]; f != nil {
			hits = append(hits, api.Hit{Kind: "passenger", ID: p.ID, Title: p.Name(), Detail: f.title(), Path: "/flights/" + f.ID + "?p=" + p.ID})
		}
	}
	return hits, nil
}

func byName(a, b Passenger) int {
	return cmp.Or(cmp.Compare(a.Surname, b.Surname), cmp.Compare(a.Given, b.Given), cmp.Compare(a.ID, b.ID))
}
