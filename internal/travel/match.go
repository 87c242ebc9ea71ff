package travel

import (
	"context"

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
