package travel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rihla/rihla/internal/screening"
)

// Passenger is one traveller on one flight, merged from what every source says. Its JSON is an item of the manifest.
type Passenger struct {
	ID     string `json:"id"`
	Flight string `json:"flight"`
	Person
	Status    Status   `json:"status"`
	Sources   []string `json:"sources"`
	BookingID string   `json:"booking,omitempty"` // the record of the booking that stands, of several the latest

	Booking *Held `json:"-"` // what that record holds; its travellers share it, and no row repeats it
}

// Status is how far a traveller has come.
type Status string

// The statuses of a traveller.
const (
	Booked     Status = "booked"
	Checked    Status = "listed" // named in the carrier's passenger list
	Boarded    Status = "boarded"
	NotBoarded Status = "not-boarded"
	Cancelled  Status = "cancelled"
)

// Manifest is who is on a flight as far as the sources have said: a pure function of the State.
type Manifest struct {
	Flight Flight
	People []Passenger
}

// Manifest computes what stands.
func (s *State) Manifest() Manifest {
	var m Manifest
	view := s.stand()
	for _, p := range view.people {
		m.People = append(m.People, view.merge(p))
	}
	m.Flight = view.flight()
	return m
}

// stand is the flight taken apart into people, before any of their values is merged.
type stand struct {
	*State
	boarding boarding
	off      bool
	people   []person
}

// person is a group with all that its row depends on.
type person struct {
	*group
	status Status
	role   string
	hash   uint64
}

func (s *State) stand() *stand {
	v := &stand{State: s, boarding: s.Facts.boarding(), off: s.Facts.off()}
	groups := gather(s.sorted(), s.standing())
	v.people = make([]person, len(groups))
	for i, g := range groups {
		p := person{group: g, status: v.boarding.status(g), role: g.role()}
		if v.off {
			p.status = Cancelled
		}
		p.hash = v.fingerprint(&p)
		v.people[i] = p
	}
	return v
}

// mergedAs changes when merge does, so that a newer Rihla writes rows anew as messages touch them.
const mergedAs = "1"

// fingerprint tells whether a passenger's row has to be written again without making it: it covers all that merge
// reads. A record's content is known by its clock, which holds the content's hash.
func (v *stand) fingerprint(p *person) uint64 {
	h := newHash()
	h.text(mergedAs)
	h.text(string(p.status))
	for _, r := range p.records {
		h.record(r)
		h.flag(slices.Contains(p.active, r))
		h.flag(v.boarding.names(r))
		if b := v.Records[r.Booking]; b != nil {
			h.record(b)
		}
	}
	return h.sum()
}

// merge makes one passenger of a group.
func (v *stand) merge(g person) Passenger {
	p := Passenger{ID: g.id(), Flight: v.ID, Person: Person{Role: g.role}, Status: g.status}
	from := g.active
	if len(from) == 0 { // withdrawn everywhere: its last known values stay readable
		from = slices.Clone(g.records)
		slices.SortStableFunc(from, byTrust)
	}
	for _, r := range from {
		p.take(r.Person)
		if b := v.Records[r.Booking]; b != nil && b.Held != nil && p.Booking == nil {
			p.BookingID, p.Booking = b.ID, b.Held
			p.contact(b.Held.Contacts)
		}
	}
	p.Sources = []string{}
	for _, r := range g.active {
		p.source(r.Kind)
	}
	for _, r := range g.records {
		if r.Kind == Boarding && v.boarding.names(r) { // a close-out says little of people: it only fills what is empty
			p.take(r.Person)
			p.source(r.Kind)
		}
	}
	return p
}

func (p *Passenger) source(k Kind) {
	if !slices.Contains(p.Sources, string(k)) {
		p.Sources = append(p.Sources, string(k))
	}
}

// take fills what is still unknown from one source's word.
func (p *Passenger) take(q *Person) {
	fill := func(dst *string, v string) {
		if *dst == "" {
			*dst = v
		}
	}
	if p.Surname == "" && p.Given == "" { // a name is one value: never half from here and half from there
		p.Surname, p.Given = q.Surname, q.Given
	}
	fill(&p.Type, q.Type)
	fill(&p.Sex, q.Sex)
	fill(&p.Born, q.Born)
	fill(&p.Birthplace, q.Birthplace)
	fill(&p.Nationality, q.Nationality)
	fill(&p.Residence, q.Residence)
	fill(&p.From, q.From)
	fill(&p.To, q.To)
	fill(&p.Clearance, q.Clearance)
	fill(&p.Reservation, q.Reservation)
	fill(&p.CarrierReference, q.CarrierReference)
	fill(&p.Seat, q.Seat)
	fill(&p.Redress, q.Redress)
	fill(&p.KnownTraveller, q.KnownTraveller)
	if p.Verified == nil {
		p.Verified = q.Verified
	}
	for _, d := range q.Documents {
		p.document(d)
	}
	for _, b := range q.Bags {
		if !slices.Contains(p.Bags, b) {
			p.Bags = append(p.Bags, b)
		}
	}
	p.contact(q.Contacts)
	for _, f := range q.FrequentFlyer {
		if !slices.Contains(p.FrequentFlyer, f) {
			p.FrequentFlyer = append(p.FrequentFlyer, f)
		}
	}
}

// document adds one, or fills what is missing of the same one told by another source.
func (p *Passenger) document(d Document) {
	for i := range p.Documents {
		if e := &p.Documents[i]; e.Number == d.Number && (d.Number != "" || e.Type == d.Type) {
			if e.Type == "" {
				e.Type = d.Type
			}
			if e.Issuer == "" {
				e.Issuer = d.Issuer
			}
			if e.Expires == "" {
				e.Expires = d.Expires
			}
			return
		}
	}
	if d != (Document{}) {
		p.Documents = append(p.Documents, d)
	}
}

func (p *Passenger) contact(cs []Contact) {
	for _, c := range cs {
		if !slices.Contains(p.Contacts, c) {
			p.Contacts = append(p.Contacts, c)
		}
	}
}

// Name is the traveller's name as people read it, or what the carrier calls somebody it sent no name of.
func (p *Passenger) Name() string {
	return cmp.Or(screening.Name{Surname: p.Surname, Given: p.Given}.String(), p.CarrierReference)
}

// folded is the text that search looks in.
func (p *Passenger) folded() string {
	var b strings.Builder
	b.WriteString(strings.ToLower(p.Surname + " " + p.Given))
	for _, d := range p.Documents {
		b.WriteString(" " + strings.ToLower(d.Number))
	}
	b.WriteString(" " + strings.ToLower(p.Reservation))
	if p.Booking != nil && p.Booking.Locator != p.Reservation {
		b.WriteString(" " + strings.ToLower(p.Booking.Locator))
	}
	return b.String()
}

// boarding is what the latest complete close-outs say.
type boarding struct {
	on, off       Clock // as of when those lists stand
	closed, noted bool  // there is a list of who flew, of who did not
}

// boarding finds the close-outs that are complete. They speak for the flight, whoever sent them.
func (f *Facts) boarding() boarding {
	var b boarding
	for _, c := range f.complete(partOnBoard) {
		if !b.closed || c.After(b.on) {
			b.on, b.closed = c, true
		}
	}
	for _, c := range f.complete(partOffBoard) {
		if !b.noted || c.After(b.off) {
			b.off, b.noted = c, true
		}
	}
	return b
}

// names says whether a line of a close-out belongs to one that stands, and means on board.
func (b boarding) names(r *Record) bool {
	return b.closed && !r.Seen.IsZero() && !b.on.After(r.Seen)
}

// status of a group. A close-out decides about everyone who was still to fly; who was withdrawn before stays so,
// unless the close-out has them on board.
func (b boarding) status(g *group) Status {
	on, off, crew := false, false, false
	for _, r := range g.records {
		crew = crew || r.Kind == Crew
		if r.Kind == Boarding {
			on = on || b.names(r)
			off = off || b.noted && !r.Gone.IsZero() && !b.off.After(r.Gone)
		}
	}
	switch {
	case b.closed && on && !(off && b.off.After(b.on)):
		return Boarded
	case len(g.active) == 0:
		return Cancelled
	case crew: // close-outs count passengers; crew who are not named in one may well fly
		return Checked
	case b.closed, off:
		return NotBoarded
	case b.noted:
		return Boarded
	}
	for _, r := range g.active {
		if r.Kind == Listed {
			return Checked
		}
	}
	return Booked
}
