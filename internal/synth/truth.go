package synth

import (
	"slices"
	"time"
)

// Truth is what must stand once every message was processed, in whatever order they came. Its JSON is the public
// contract's truth.json.
type Truth struct {
	Flights     []Flight `json:"flights"`
	Passengers  int      `json:"passengers"`            // on flights not cancelled, whatever their status; no crew
	Quarantined []string `json:"quarantined,omitempty"` // names of messages that nobody can read

	Funds []FundsCase   `json:"funds,omitempty"`
	Cargo []Consignment `json:"cargo,omitempty"`
	Cyber []CyberCase   `json:"cyber,omitempty"`
	Hall  *Hall         `json:"hall,omitempty"`
}

// Flight is a flight as it must stand.
type Flight struct {
	Carrier    string      `json:"carrier"`
	Number     string      `json:"number"`
	Date       string      `json:"date"` // local, of the leg that crosses the border
	From       string      `json:"from"`
	To         string      `json:"to"`
	Status     string      `json:"status"` // flown, cancelled, scheduled
	Passengers []Passenger `json:"passengers"`
	Crew       int         `json:"crew"`
}

// Passenger is a traveller as they must stand.
type Passenger struct {
	Surname   string     `json:"surname,omitempty"`
	Given     string     `json:"given,omitempty"`
	Born      string     `json:"born,omitempty"`
	Documents []Document `json:"documents,omitempty"`
	Status    string     `json:"status"`            // booked, listed, boarded, not-boarded, cancelled
	Planted   string     `json:"planted,omitempty"` // why something must be found about them
	Lane      string     `json:"lane,omitempty"`    // of the arrival hall that is meant for them, nobody drawn by chance
}

// Document is a travel document.
type Document struct {
	Type   string `json:"type"`
	Number string `json:"number"`
	Issuer string `json:"issuer,omitempty"`
}

// Key names a flight as messages and people do: ZZ431 2026-11-24 LHR-BAH.
func (f *Flight) Key() string {
	return f.Carrier + f.Number + " " + f.Date + " " + f.From + "-" + f.To
}

func (t *Truth) count() {
	t.Passengers = 0
	for i := range t.Flights {
		if t.Flights[i].Status != "cancelled" {
			t.Passengers += len(t.Flights[i].Passengers)
		}
	}
}

// truth is what the messages of a flight amount to.
func (s *story) truth() Flight {
	l := s.leg()
	f := Flight{
		Carrier: s.slot.carrier, Number: padded(s.slot.flight, 0), Date: l.departure.Format(time.DateOnly),
		From: l.from.IATA, To: l.to.IATA, Status: "scheduled", Passengers: []Passenger{},
	}
	switch {
	case s.cancelled:
		f.Status = "cancelled"
	case s.closed:
		f.Status = "flown"
	}
	if s.crewSent {
		f.Crew = len(s.crew)
	}
	for _, t := range s.everyone {
		if t.known {
			f.Passengers = append(f.Passengers, s.stands(t))
		}
	}
	return f
}

// stands is how a traveller must stand. What the passenger list says of who they are comes before what the booking
// says; their documents are those of both, as far as both still stand.
func (s *story) stands(t *traveller) Passenger {
	p := Passenger{Status: s.status(t), Planted: t.planted}
	var from []*entry
	switch {
	case t.listed && t.booked:
		from = []*entry{t.said.api, t.said.pnr}
	case t.listed:
		from = []*entry{t.said.api}
	case t.booked:
		from = []*entry{t.said.pnr}
	default: // withdrawn everywhere: the last that was said
		from = slices.DeleteFunc([]*entry{t.said.api, t.said.pnr}, func(e *entry) bool { return e == nil })
	}
	p.Surname, p.Given = from[0].surname, from[0].given
	for _, e := range from {
		if p.Born == "" && !e.born.IsZero() {
			p.Born = e.born.Format(time.DateOnly)
		}
		for _, d := range e.documents {
			if !slices.ContainsFunc(p.Documents, func(had Document) bool { return had.Number == d.number }) {
				p.Documents = append(p.Documents, Document{d.kind, d.number, d.issuer})
			}
		}
	}
	return p
}

func (s *story) status(t *traveller) string {
	switch {
	case s.cancelled, !t.listed && !t.booked:
		return "cancelled"
	case s.closed && t.boarded:
		return "boarded"
	case s.closed:
		return "not-boarded"
	case t.listed:
		return "listed"
	}
	return "booked"
}
