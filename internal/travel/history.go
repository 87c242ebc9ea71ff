package travel

import (
	"context"
	"database/sql"
	"strings"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// History gives, n at a time, whoever was on a flight of some local departure dates, both inclusive, in the order of
// date, flight and id: for rules that are tried on the past. after is next of the page before. Each page begins at its
// place in the index of dates.
func (d *Domain) History(ctx context.Context, r store.Reader, from, to, after string, n int) (page []screening.Screened, next string, err error) {
	var date, flight, id string
	if date, flight, _ = strings.Cut(after, " "); after != "" {
		flight, id, _ = strings.Cut(flight, " ")
	}
	var people []Passenger
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		p, err := scanPassenger(rows)
		people = append(people, p)
		return err
	}, `select p.body from travel_flight f join travel_passenger p on p.flight = f.id
		where f.date >= $1 and f.date <= $2 and (f.date > $3 or f.id > $4 or f.id = $4 and p.id > $5)
		order by f.date, f.id, p.id limit $6`, max(from, date), to, date, flight, id, n)
	if err != nil {
		return nil, "", err
	}
	flights, err := flightsOf(ctx, r, people)
	if err != nil {
		return nil, "", err
	}
	for start := 0; start < len(people); {
		end := start
		for end < len(people) && people[end].Flight == people[start].Flight {
			end++
		}
		if err := bookings(ctx, r, people[start].Flight, people[start:end]); err != nil {
			return nil, "", err
		}
		start = end
	}
	for i := range people {
		if f := flights[people[i].Flight]; f != nil {
			page = append(page, d.screened(&people[i], f))
		}
	}
	if len(people) == n {
		last := &people[n-1]
		if f := flights[last.Flight]; f != nil {
			next = f.Date + " " + f.ID + " " + last.ID
		}
	}
	return page, next, nil
}
