package travel

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// Items are what an agreement may speak of that travel holds: the booking and the passenger list of one journey.
func (d *Domain) Items() []sharing.Item { return []sharing.Item{item{d}} }

type item struct{ *Domain }

// The categories of an agreement's shares that travel answers.
const (
	categoryPNR = "pnr"
	categoryAPI = "api"
)

func (item) Categories() []string { return []string{categoryPNR, categoryAPI} }

const (
	mostCandidates = 20
	leastAlike     = .3 // of names: whom it is, a human says
)

// Find gives the travellers whom a request may mean: on the journey it names, else of those held, by document and by name.
func (i item) Find(ctx context.Context, r store.Reader, a sharing.Ask) ([]sharing.Candidate, error) {
	held, err := i.near(ctx, r, a)
	if err != nil || len(held) == 0 {
		return nil, err
	}
	flights, err := flightsOf(ctx, r, held)
	if err != nil {
		return nil, err
	}
	listed := make([]names.Person, len(held))
	for n := range held {
		listed[n] = compared(&held[n])
	}
	asked := names.Person{Names: []names.Name{{Surname: a.Person.FamilyName, Given: a.Person.GivenNames}}, Sex: a.Person.Sex}
	if a.Person.DOB != "" {
		asked.Births = []string{a.Person.DOB}
	}
	if a.Person.Nationality != "" {
		asked.Countries = []string{country.ISO(a.Person.Nationality)}
	}
	scores := make([]float64, len(held))
	for _, hit := range names.Build(listed, names.AmongTravellers).Match(nil, &asked, leastAlike, mostCandidates) {
		scores[hit.Entry] = hit.Score
	}
	var out []sharing.Candidate
	for n := range held {
		p := &held[n]
		if a.Person.Document != nil && p.holds(a.Person.Document.Number, a.Person.Document.Issuer) {
			scores[n] = 1
		}
		if f := flights[p.Flight]; f != nil && scores[n] >= leastAlike {
			out = append(out, sharing.Candidate{Ref: p.Flight + "/" + p.ID, Title: p.Name(), Detail: f.title(), Score: scores[n]})
		}
	}
	slices.SortStableFunc(out, func(a, b sharing.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), mostCandidates)], nil
}

// near are those whom a look by journey, document or name brings up.
func (i item) near(ctx context.Context, r store.Reader, a sharing.Ask) ([]Passenger, error) {
	if j := a.Journey; j.Number != "" && j.Date != "" {
		flights, err := board(ctx, r, query{From: j.Date, To: j.Date, Carrier: strings.ToUpper(j.Carrier), Number: j.Number, Limit: math.MaxInt32})
		if err != nil {
			return nil, err
		}
		var out []Passenger
		for n := range flights {
			people, err := manifest(ctx, r, flights[n].ID)
			if err != nil {
				return nil, err
			}
			out = append(out, people...)
		}
		return out, nil
	}
	var out []Passenger
	looks := []string{a.Person.FamilyName}
	if a.Person.Document != nil {
		looks = append(looks, a.Person.Document.Number)
	}
	for _, text := range looks {
		people, err := find(ctx, r, text, 10*mostCandidates)
		if err != nil {
			return nil, err
		}
		for n := range people {
			if !slices.ContainsFunc(out, func(p Passenger) bool { return p.ID == people[n].ID && p.Flight == people[n].Flight }) {
				out = append(out, people[n])
			}
		}
	}
	return out, nil
}

func compared(p *Passenger) names.Person {
	c := names.Person{Names: []names.Name{{Surname: p.Surname, Given: p.Given}}, Sex: p.Sex}
	if p.Born != "" {
		c.Births = []string{p.Born}
	}
	if p.Nationality != "" {
		c.Countries = []string{country.ISO(p.Nationality)}
	}
	return c
}

func (p *Passenger) holds(number, issuer string) bool {
	wanted := string(names.AppendCompact(nil, number))
	return wanted != "" && slices.ContainsFunc(p.Documents, func(d Document) bool {
		return string(names.AppendCompact(nil, d.Number)) == wanted && (issuer == "" || d.Issuer == "" || country.Same(issuer, d.Issuer))
	})
}

// Fill gives what is held of one traveller's journey. What the codecs masked or dropped was never here.
func (i item) Fill(ctx context.Context, r store.Reader, ref string, a sharing.Ask) (sharing.Offer, error) {
	flight, id, _ := strings.Cut(ref, "/")
	people, err := manifest(ctx, r, flight)
	if err != nil {
		return sharing.Offer{}, err
	}
	f, found, err := flightByID(ctx, r, flight)
	if err != nil || !found {
		return sharing.Offer{}, err
	}
	at := slices.IndexFunc(people, func(p Passenger) bool { return p.ID == id })
	if at < 0 {
		return sharing.Offer{}, nil
	}
	p := &people[at]
	if err := bookings(ctx, r, flight, people[at:at+1]); err != nil {
		return sharing.Offer{}, err
	}
	now := i.clock()
	o := sharing.Offer{Values: map[string]any{}, Subject: agreement.Subject{Kind: "person", Nationality: country.Alpha2(p.Nationality), Age: -1}}
	if p.Born != "" {
		o.Subject.Age = int(age(p.Born, now.Format(time.DateOnly)))
	}
	o.Record = agreement.Record{Kind: a.Category, Status: string(p.Status)}
	if a.Category == categoryAPI {
		p.sayPerson(o.Values)
		set(o.Values, "api.status", string(p.Status))
		set(o.Values, "api.seat", p.Seat)
		set(o.Values, "api.baggage", p.tags())
		set(o.Values, "api.locator", p.Reservation)
		set(o.Values, "api.route", f.From+"-"+f.To)
		set(o.Values, "flight.number", f.Carrier+f.Number+f.Suffix)
		set(o.Values, "flight.date", f.Date)
		return o, nil
	}
	p.sayBooking(o.Values, &f)
	if p.Booking != nil {
		if created, err := time.Parse(time.DateOnly, p.Booking.Created[:min(len(p.Booking.Created), len(time.DateOnly))]); err == nil {
			o.Record.AgeDays = int(now.Sub(created).Hours() / 24)
		}
	}
	return o, nil
}

func set[T comparable](values map[string]any, name string, value T) {
	var none T
	if value != none {
		values[name] = value
	}
}

func (p *Passenger) sayPerson(v map[string]any) {
	set(v, "person.family_name", p.Surname)
	set(v, "person.given_names", p.Given)
	set(v, "person.dob", p.Born)
	set(v, "person.nationality", p.Nationality)
	set(v, "person.sex", p.Sex)
	set(v, "person.place_of_birth", p.Birthplace)
	for _, d := range p.Documents {
		if d.Number != "" {
			set(v, "document.type", d.Type)
			set(v, "document.number", d.Number)
			set(v, "document.issuer", d.Issuer)
			set(v, "document.expiry", d.Expires)
			return
		}
	}
}

// sayBooking says a booking by the names of the directive's groups.
func (p *Passenger) sayBooking(v map[string]any, f *Flight) {
	set(v, "pnr.names", p.Name())
	set(v, "pnr.seat", p.Seat)
	set(v, "pnr.travel_status", string(p.Status))
	set(v, "pnr.travel_dates", f.Date)
	if line := join(p.Surname, p.Given, p.Born, p.Nationality, p.Sex); line != "" && slices.Contains(p.Sources, sourceAPI) {
		set(v, "pnr.api", line)
	}
	set(v, "pnr.baggage", p.tags())
	set(v, "pnr.frequent_flyer", strings.Join(p.FrequentFlyer, ", "))
	var contacts []string
	for _, c := range p.Contacts {
		contacts = append(contacts, c.Kind+" "+c.Value)
	}
	set(v, "pnr.contact", strings.Join(contacts, ", "))
	b := p.Booking
	if b == nil {
		return
	}
	set(v, "pnr.locator", b.Locator)
	set(v, "pnr.created", b.Created)
	set(v, "pnr.split", b.Split)
	set(v, "pnr.ticket", strings.Join(b.Tickets, ", "))
	set(v, "pnr.remarks.filtered", strings.Join(b.Remarks, "; "))
	if b.Party > 0 {
		v["pnr.party_size"] = strconv.Itoa(b.Party)
	}
	if b.Agency != nil {
		set(v, "pnr.agency", join(b.Agency.IATA, b.Agency.Name, b.Agency.City))
	}
	var itinerary, shared, payments []string
	for _, s := range b.Segments {
		itinerary = append(itinerary, join(s.Carrier+s.Number, s.From+"-"+s.To, s.Departure, s.Status))
		if s.Operating != "" {
			shared = append(shared, s.Operating)
		}
	}
	for _, pay := range b.Payments {
		payments = append(payments, join(pay.Form, pay.Card, pay.Amount, pay.Currency))
	}
	set(v, "pnr.itinerary", strings.Join(itinerary, "; "))
	set(v, "pnr.code_share", strings.Join(shared, ", "))
	set(v, "pnr.payment.masked", strings.Join(payments, "; "))
}

func (p *Passenger) tags() string {
	tags := make([]string, len(p.Bags))
	for i, b := range p.Bags {
		tags[i] = b.Tag
	}
	return strings.Join(tags, ", ")
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}
