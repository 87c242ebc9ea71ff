package travel

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"
)

// Passenger is one traveller on one flight, merged from what every source says. Its JSON is an item of the manifest.
type Passenger struct {
	ID               string     `json:"id"`
	Flight           string     `json:"flight"`
	Role             string     `json:"role"`
	Type             string     `json:"type,omitempty"`
	Surname          string     `json:"surname,omitempty"`
	Given            string     `json:"given,omitempty"`
	Sex              string     `json:"sex,omitempty"`
	Born             string     `json:"born,omitempty"`
	Birthplace       string     `json:"birthplace,omitempty"`
	Nationality      string     `json:"nationality,omitempty"`
	Residence        string     `json:"residence,omitempty"`
	From             string     `json:"from,omitempty"`
	To               string     `json:"to,omitempty"`
	Clearance        string     `json:"clearance,omitempty"`
	Reservation      string     `json:"reservation,omitempty"`
	CarrierReference string     `json:"carrier_reference,omitempty"`
	Seat             string     `json:"seat,omitempty"`
	Bags             []Bag      `json:"bags,omitempty"`
	Documents        []Document `json:"documents,omitempty"`
	Contacts         []Contact  `json:"contacts,omitempty"`
	Verified         *bool      `json:"verified,omitempty"`
	Redress          string     `json:"redress,omitempty"`
	KnownTraveller   string     `json:"known_traveller,omitempty"`
	FrequentFlyer    []string   `json:"frequent_flyer,omitempty"`
	Status           Status     `json:"status"`
	Sources          []string   `json:"sources"`
	Booking          *Held      `json:"booking,omitempty"` // the one that stands, of several the latest

	records []string
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
	on := s.standing()
	boarding := s.Facts.boarding()
	var m Manifest
	for _, g := range gather(s.sorted(), on) {
		m.People = append(m.People, s.merge(g, boarding))
	}
	m.Flight = s.flight(m.People)
	return m
}

// merge makes one passenger of a group.
func (s *State) merge(g *group, boarding boarding) Passenger {
	p := Passenger{ID: g.id(), Flight: s.ID, Role: "passenger", Status: boarding.status(g)}
	if s.Facts.off() {
		p.Status = Cancelled
	}
	from := g.active
	if len(from) == 0 { // withdrawn everywhere: its last known values stay readable
		from = slices.Clone(g.records)
		slices.SortStableFunc(from, byTrust)
	}
	for _, r := range from {
		p.take(r.Person)
		if b := s.Records[r.Booking]; b != nil && b.Held != nil && p.Booking == nil {
			p.Booking = b.Held
			p.contact(b.Held.Contacts)
		}
	}
	p.Sources = []string{}
	for _, r := range g.active {
		p.source(r.Kind)
	}
	for _, r := range g.records {
		p.records = append(p.records, r.ID)
		if r.Kind == Boarding && boarding.names(r) { // a close-out says little of people: it only fills what is empty
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
	if q.Role == "crew" || q.Role == "transit" {
		p.Role = q.Role
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

// Name is the traveller's name as people read it.
func (p *Passenger) Name() string {
	switch {
	case p.Surname == "" && p.Given == "":
		return p.CarrierReference
	case p.Given == "":
		return p.Surname
	case p.Surname == "":
		return p.Given
	}
	return p.Surname + ", " + p.Given
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

// encode gives the row's JSON and its hash, by which an unchanged passenger is known without reading it again.
func (p *Passenger) encode() ([]byte, uint64) {
	b, err := json.Marshal(p)
	if err != nil { // plain strings and slices: cannot happen, and an empty row would say so at once
		return nil, 0
	}
	h := fnv.New64a()
	h.Write(b)
	return b, h.Sum64()
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
