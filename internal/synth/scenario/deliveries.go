package scenario

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/synth"
)

// Delivery is what reaches the world at an instant of its clock: a report at its gate, a list at its desk, a word to those
// who play.
type Delivery struct {
	At     time.Time
	Event  int // its place in the file
	Filer  string
	Media  string
	Report []byte
	List   string
	File   []byte
	Note   *Note
}

// Deliveries are what happens, in order. The same scenario gives the same bytes.
func (s *Scenario) Deliveries() []Delivery {
	var out []Delivery
	for i := range s.Events {
		e := &s.Events[i]
		d := Delivery{At: s.Start.Add(e.At.Duration), Event: i}
		switch {
		case e.Passengers != nil:
			f := s.Flights[e.Passengers.Flight]
			d.Filer, d.Media, d.Report = f.Carrier, "application/edifact", s.list(i, e.Passengers, d.At)
		case e.Booking != nil:
			f := s.Flights[e.Booking.Flight]
			d.Filer, d.Media, d.Report = f.Carrier, "application/edifact", s.booking(i, e.Booking, d.At)
		case e.Report != nil:
			d.Filer, d.Media, d.Report = e.Report.Filer, e.Report.Media, []byte(e.Report.Text)
		case e.List != nil:
			d.List, d.File = e.List.Name, s.listed(e.List)
		case e.Note != nil:
			d.Note = e.Note
		}
		out = append(out, d)
	}
	sortByTime(out)
	return out
}

// Filers are those who file anything, each once: the world gives each a key.
func (s *Scenario) Filers() (names []string) {
	seen := map[string]bool{}
	for _, d := range s.Deliveries() {
		if d.Filer != "" && !seen[d.Filer] {
			seen[d.Filer] = true
			names = append(names, d.Filer)
		}
	}
	return names
}

// mostInOne is how many people one message of a list names.
const mostInOne = 900

func (s *Scenario) list(n int, p *Passengers, at time.Time) []byte {
	f := s.Flights[p.Flight]
	var people []paxlst.Passenger
	for _, who := range p.Who {
		people = append(people, s.Cast[who].listed())
	}
	for _, x := range synth.Strangers(s.seed(p.Flight), p.Others, s.Start.Time) {
		people = append(people, paxlst.Passenger{
			Role: paxlst.Passengers, Surname: x.Surname, Given: x.Given, Sex: x.Sex, Born: date.Of(x.Born), Nationality: x.Nationality,
			Documents: []paxlst.Document{{Type: x.Document, Number: x.Number, Issuer: x.Nationality, Expires: date.Of(x.Expires)}},
		})
	}
	leg := f.leg()
	for i := range people {
		people[i].From, people[i].To = f.From, f.To
		people[i].CarrierReference = fmt.Sprintf("%s%s%04d", f.Carrier, f.Number, i+1)
	}
	code := "745"
	if p.Closes {
		code = "266"
	}
	var out []byte
	parts := (len(people) + mostInOne - 1) / mostInOne
	for part := range max(parts, 1) {
		some := people[part*mostInOne : min((part+1)*mostInOne, len(people))]
		out = paxlst.Append(out, &paxlst.Message{
			Version: "D:05B:UN:IATA", Sender: f.Carrier, Recipient: "EXERCISE", Reference: fmt.Sprintf("%05d%03d", n, part), MessageReference: "1",
			AccessReference: f.Carrier + f.Number + "/" + leg.Departure.String(), Code: code, Document: "", Prepared: at,
			Flight: paxlst.Flight{Carrier: f.Carrier, Number: f.Number, Legs: []paxlst.Leg{leg}}, Passengers: some, PassengerCount: len(some),
			Part: partOf(part, parts), First: part == 0, Final: part+1 >= parts, Total: len(some), CrewTotal: -1,
		}, paxlst.Options{Lines: true})
	}
	return out
}

// partOf numbers a part; a list that comes whole does not say.
func partOf(part, parts int) int {
	if parts > 1 {
		return part + 1
	}
	return 0
}

// listed is one of the cast as a list has them.
func (p Person) listed() paxlst.Passenger {
	x := paxlst.Passenger{
		Role: paxlst.Passengers, Surname: p.Surname, Given: p.Given, Sex: p.Sex, Born: day(p.Born), Nationality: p.Nationality,
		KnownTraveller: p.Member, Redress: p.Redress,
	}
	for _, d := range p.Documents {
		x.Documents = append(x.Documents, paxlst.Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer, Expires: day(d.Expires)})
	}
	if p.Phone != "" {
		x.Contacts = []paxlst.Contact{{Kind: "phone", Value: p.Phone}}
	}
	return x
}

func (s *Scenario) booking(n int, b *Booking, at time.Time) []byte {
	f := s.Flights[b.Flight]
	leg := f.leg()
	one := pnrgov.Booking{
		Locator: b.Locator, Carrier: f.Carrier, Created: at.Add(-72 * time.Hour), Changed: at, Remarks: b.Remarks,
		Segments: []pnrgov.Segment{{Carrier: f.Carrier, Number: f.Number, From: f.From, To: f.To, Departure: leg.Departure, Arrival: leg.Arrival, Class: "Y", Status: "HK"}},
	}
	for i, who := range b.Who {
		p := s.Cast[who]
		x := pnrgov.Passenger{
			Surname: p.Surname, Given: p.Given, Type: pnrgov.Adult, Born: day(p.Born), Sex: p.Sex, Nationality: p.Nationality,
			KnownTraveller: p.Member, Redress: p.Redress, Reference: fmt.Sprint(i + 1),
		}
		for _, d := range p.Documents {
			x.Documents = append(x.Documents, pnrgov.Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer, Expires: day(d.Expires)})
		}
		one.Passengers = append(one.Passengers, x)
		if p.Phone != "" {
			one.Contacts = append(one.Contacts, pnrgov.Contact{Kind: "phone", Value: p.Phone})
		}
	}
	return pnrgov.Append(nil, &pnrgov.Message{
		Sender: f.Carrier, Recipient: "EXERCISE", Reference: fmt.Sprintf("B%05d", n), Message: "1", Function: pnrgov.Update, Prepared: at,
		Flight:   &pnrgov.Flight{Carrier: f.Carrier, Number: f.Number, Legs: []pnrgov.Leg{{From: f.From, To: f.To, Departure: leg.Departure, Arrival: leg.Arrival}}},
		Bookings: []pnrgov.Booking{one}, Declared: 1,
	}, pnrgov.Options{})
}

// listed writes a list: of lost documents where its entries are documents, else of people.
func (s *Scenario) listed(l *List) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	var documents, people [][]string
	for i, e := range l.Entries {
		p := s.Cast[e.Of]
		if e.Lost > 0 {
			d := p.Documents[e.Lost-1]
			documents = append(documents, []string{d.Number, d.Type, d.Issuer, "stolen", s.Start.AddDate(0, 0, -10).Format(time.DateOnly)})
			continue
		}
		name, born, id := e.As, e.Born, e.ID
		if name == "" {
			name = p.Given + " " + p.Surname
		}
		if born == "" {
			born = p.Born
		}
		if id == "" {
			id = fmt.Sprintf("%s-%03d", strings.ToUpper(l.Name), i+1)
		}
		people = append(people, []string{
			id, "add", name, born, p.Sex, p.Nationality, "EXERCISE", e.Reason,
			s.Start.AddDate(-1, 0, 0).Format(time.DateOnly), s.Start.AddDate(2, 0, 0).Format(time.DateOnly), "Exercise",
		})
	}
	if len(documents) > 0 {
		people = append([][]string{{"document_number", "document_type", "issuer", "status", "reported"}}, documents...)
	} else {
		people = append([][]string{{"id", "action", "name_en", "birth_date", "gender", "nationalities", "category", "instruction", "valid_from", "valid_to", "owner"}}, people...)
	}
	_ = w.WriteAll(people) // a buffer takes everything
	return out.Bytes()
}

func (f Flight) leg() paxlst.Leg {
	return paxlst.Leg{From: f.From, To: f.To, Departure: local(f.Departs), Arrival: local(f.Arrives)}
}

// Lands is when the flight lands.
func (f Flight) Lands() time.Time {
	t, _ := time.Parse(localTime, f.Arrives)
	a, _ := airport.ByIATA(f.To)
	at, _ := a.Instant(t)
	return at
}

// local and day read what Read has checked.
func local(s string) (l date.Local) { _ = l.UnmarshalText([]byte(s)); return l }
func day(s string) (d date.Date)    { _ = d.UnmarshalText([]byte(s)); return d }

// seed makes the strangers of one flight the same each time the flight is listed.
func (s *Scenario) seed(flight string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.ID + "/" + flight))
	return h.Sum64()
}
