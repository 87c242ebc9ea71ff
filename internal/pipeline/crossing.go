package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Crosser is a domain whose subjects arrive at the border.
type Crosser interface {
	// Crossings are those due to arrive in the state within a time.
	Crossings(ctx context.Context, r store.Reader, from, until time.Time) ([]Crossing, error)
	// Aboard are those who are due to arrive by one flight, whenever that is; nobody where it is no flight into the state.
	Aboard(ctx context.Context, r store.Reader, flight string) ([]Crossing, error)
}

// Crossing is one person due at the border, whatever carries them.
type Crossing struct {
	Subject         screening.Subject
	Flight          string // ZZ431
	FlightID        string
	Date            string // of departure, local
	From, To        string // airports
	Scheduled       time.Time
	Role            string // passenger, crew, transit
	Party           string // whom they travel with: the booking
	Age             int    // at arrival; -1 unknown
	Boarded         bool
	Verdict         string // what the carrier was last told, in the words of cusres.Decision; empty: it did not ask
	DocumentExpires string // the latest of their documents'
}

// Crossings are all who are due to arrive, by whatever domain, in the order of their arrival.
func (p *Pipeline) Crossings(ctx context.Context, r store.Reader, from, until time.Time) (all []Crossing, err error) {
	for _, d := range p.Domains {
		c, ok := d.(Crosser)
		if !ok {
			continue
		}
		var some []Crossing
		if err := safely(func() (err error) { some, err = c.Crossings(ctx, r, from, until); return err }); err != nil {
			return nil, fmt.Errorf("ask %s who arrives: %w", d.Name(), err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Crossing) int {
		return cmp.Or(a.Scheduled.Compare(b.Scheduled), cmp.Compare(a.FlightID, b.FlightID), cmp.Compare(a.Subject.ID, b.Subject.ID))
	})
	return all, nil
}

// Aboard are all who are due to arrive by one flight, by its id.
func (p *Pipeline) Aboard(ctx context.Context, r store.Reader, flight string) (all []Crossing, err error) {
	for _, d := range p.Domains {
		c, ok := d.(Crosser)
		if !ok {
			continue
		}
		err := safely(func() (err error) { all, err = c.Aboard(ctx, r, flight); return err })
		if err != nil {
			return nil, fmt.Errorf("ask %s who is aboard: %w", d.Name(), err)
		}
		if len(all) > 0 {
			break
		}
	}
	return all, nil
}
