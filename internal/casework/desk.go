package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Domain is what casework asks of a domain.
type Domain interface {
	Name() string
	// Outcomes are the decisions its cases can end in.
	Outcomes() []Outcome
	// Describe tells a human what a subject is.
	Describe(context.Context, store.Reader, screening.ID) (Sheet, error)
	// Screen gives subjects as committed; one that is gone is left out.
	Screen(context.Context, store.Reader, []screening.ID) ([]screening.Screened, error)
}

// Preparer is a domain in which the house itself prepares an outcome that else takes two persons, because a fact speaks for
// it. Nothing is decided by that: a named person does, and is then the only one asked.
type Preparer interface {
	Prepared(context.Context, store.Reader, Case) (outcome string, err error)
}

// Offer is a domain together with the roles that see its cases.
type Offer struct {
	Domain Domain
	Roles  []access.Role
}

// Event tells live pages that a case changed: ids and counts, never a person's data.
type Event struct {
	Domain  string
	ID      string // the case
	Subject screening.ID
	Within  string
	Counts  map[string]int
}

// Options are what a Desk stands on.
type Options struct {
	Offers []Offer
	// Reads makes a read of personal data durable in the audit log before the data leaves.
	Reads interface {
		Read(context.Context, audit.Entry) error
	}
	// Announce, where there is one, is called in the transaction that changes a case.
	Announce func(context.Context, store.Tx, Event) error
	// Decided, where there is one, does what a final decision causes elsewhere, in the decision's transaction.
	Decided func(context.Context, store.Tx, Case, Decision) error
}

// Desk is where people work on cases. Its methods refuse what the principal's role may not do, and record every read
// and act in the audit log.
type Desk struct {
	st     *store.Store
	offers map[string]Offer
	o      Options
}

// NewDesk brings the room's tables up to date and gives the desk.
func NewDesk(ctx context.Context, st *store.Store, o Options) (*Desk, error) {
	if o.Reads == nil {
		return nil, fmt.Errorf("casework: a desk without an audit log may show nothing")
	}
	if err := Migrate(ctx, st); err != nil {
		return nil, err
	}
	d := &Desk{st: st, offers: map[string]Offer{}, o: o}
	for _, offer := range o.Offers {
		d.offers[offer.Domain.Name()] = offer
	}
	return d, nil
}

// sees lists the domains whose cases the principal may see.
func (d *Desk) sees(p access.Principal) []string {
	var domains []string
	for name, offer := range d.offers {
		if p.Is(offer.Roles...) {
			domains = append(domains, name)
		}
	}
	slices.Sort(domains)
	return domains
}

// roles are all that see cases of any domain.
func (d *Desk) roles() []access.Role {
	var all []access.Role
	for _, offer := range d.o.Offers {
		all = append(all, offer.Roles...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// visible reads a case, and does not know it where the principal may not see it.
func (d *Desk) visible(ctx context.Context, r store.Reader, p access.Principal, id string) (Case, Offer, error) {
	c, err := readCase(ctx, r, id)
	if err != nil {
		return Case{}, Offer{}, err
	}
	offer, known := d.offers[c.Domain]
	if !known || !p.Is(offer.Roles...) {
		return Case{}, Offer{}, noSuchCase(id)
	}
	return c, offer, nil
}

func (d *Desk) announce(ctx context.Context, tx store.Tx, c Case, what string) error {
	if d.o.Announce == nil {
		return nil
	}
	return d.o.Announce(ctx, tx, Event{Domain: c.Domain, ID: c.ID, Subject: c.Subject, Within: c.Within, Counts: map[string]int{what: 1}})
}
