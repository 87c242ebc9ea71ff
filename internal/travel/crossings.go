package travel

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// enters says that somebody is to enter the state: they leave the flight here, and are neither crew nor in transit.
func (d *Domain) enters(p *Passenger, f *Flight) bool {
	if p.Role == "crew" || p.Role == "transit" || d.direction(f) != "arrival" {
		return false
	}
	to, known := lookup(p.To)
	return !known || to.Country == d.home
}

// Crossings are those who are due to land in the state within a time: pipeline.Crosser.
func (d *Domain) Crossings(ctx context.Context, r store.Reader, from, until time.Time) ([]pipeline.Crossing, error) {
	var flights []Flight
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		f, err := scanFlight(rows)
		if err == nil && f.Status != "cancelled" && d.direction(&f) == "arrival" && !f.Arrives.Before(from) && f.Arrives.Before(until) {
			flights = append(flights, f)
		}
		return err
	}, `select body from travel_flight where ahead >= $1 and ahead < $2 and joined = '' order by id`, store.Micros(from), store.Micros(until))
	if err != nil {
		return nil, err
	}
	var out []pipeline.Crossing
	for i := range flights {
		some, err := d.landing(ctx, r, &flights[i])
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Aboard are those who are due to land with one flight: pipeline.Crosser.
func (d *Domain) Aboard(ctx context.Context, r store.Reader, flight string) ([]pipeline.Crossing, error) {
	f, found, err := flightByID(ctx, r, flight)
	if err != nil || !found || f.Status == "cancelled" || d.direction(&f) != "arrival" {
		return nil, err
	}
	return d.landing(ctx, r, &f)
}

// landing are those who land with one flight.
func (d *Domain) landing(ctx context.Context, r store.Reader, f *Flight) ([]pipeline.Crossing, error) {
	people, err := manifest(ctx, r, f.ID)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(p Passenger) bool { return p.Status == Cancelled || p.Status == NotBoarded })
	ids := make([]screening.ID, len(people))
	for i := range people {
		ids[i] = screening.ID(people[i].ID)
	}
	asked, err := questions(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	out := make([]pipeline.Crossing, len(people))
	for i := range people {
		p := &people[i]
		c := pipeline.Crossing{
			Subject: d.screened(p, f).Subject, Flight: f.Carrier + f.Number + f.Suffix, FlightID: f.ID, Date: f.Date, From: f.From, To: f.To,
			Scheduled: f.Arrives, Role: p.Role, Party: p.Reservation, Age: int(age(p.Born, f.Arrives.Format(time.DateOnly))), Boarded: p.Status == Boarded,
		}
		for _, doc := range p.Documents {
			c.DocumentExpires = max(c.DocumentExpires, doc.Expires)
		}
		var told time.Time
		for _, q := range asked[ids[i]] {
			if q.told.After(told) {
				told, c.Verdict = q.told, string(q.verdict)
			}
		}
		out[i] = c
	}
	return out, nil
}
