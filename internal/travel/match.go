package travel

import (
	"context"
	"math"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/store"
)

// Matchable gives who is on a flight as a private match with a partner's list asks about them: passengers who may travel.
func (d *Domain) Matchable(ctx context.Context, r store.Reader, flight string) (sharing.Manifest, error) {
	f, found, err := flightByID(ctx, r, flight)
	if err != nil {
		return sharing.Manifest{}, err
	}
	if !found {
		return sharing.Manifest{}, api.Errorf(api.NotFound, "there is no flight %s", flight)
	}
	people, err := manifest(ctx, r, flight)
	m := sharing.Manifest{Flight: sharing.Journey{Carrier: f.Carrier, Number: f.Number + f.Suffix, Date: f.Date}}
	for i := range people {
		p := &people[i]
		if p.Role == "crew" || p.Status == Cancelled {
			continue
		}
		person := compared(p)
		for _, d := range p.Documents {
			if d.Number != "" {
				person.Documents = append(person.Documents, names.Document{Type: d.Type, Number: d.Number, Country: country.ISO(d.Issuer)})
			}
		}
		m.Passengers = append(m.Passengers, matching.Passenger{ID: p.ID, Person: person})
	}
	return m, err
}

// matchedAhead is how long before it leaves a flight is matched with partners' lists.
const matchedAhead = 24 * time.Hour

// MatchDue gives the flights that are within reach, from a day before they leave until they land: to be asked about as they
// are booked, and again once closed.
func (d *Domain) MatchDue(ctx context.Context, r store.Reader, now time.Time) (due []sharing.MatchQuestion, err error) {
	flights, err := board(ctx, r, query{From: now.AddDate(0, 0, -2).Format(time.DateOnly), To: now.AddDate(0, 0, 2).Format(time.DateOnly), Limit: math.MaxInt32})
	for i := range flights {
		f := &flights[i]
		leaves := f.Departs
		if leaves.IsZero() {
			leaves = f.ahead().Add(-matchedAhead)
		}
		if f.Passengers == 0 || f.Status == "cancelled" || now.Before(leaves.Add(-matchedAhead)) || now.After(f.ahead()) {
			continue
		}
		stage := "booked"
		if f.Status == "closed" {
			stage = "closed"
		}
		due = append(due, sharing.MatchQuestion{Flight: f.ID, Stage: stage})
	}
	return due, err
}
