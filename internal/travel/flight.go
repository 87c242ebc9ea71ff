package travel

import "time"

// Flight is a flight as pages show it. Its JSON is an item of the board.
type Flight struct {
	ID         string    `json:"id"`
	Carrier    string    `json:"carrier"`
	Number     string    `json:"number"`
	Suffix     string    `json:"suffix,omitempty"`
	Date       string    `json:"date"`
	From       string    `json:"from"`
	To         string    `json:"to"`
	Departure  string    `json:"departure_local,omitempty"`
	Arrival    string    `json:"arrival_local,omitempty"`
	Departs    time.Time `json:"departure,omitzero"`
	Arrives    time.Time `json:"arrival,omitzero"`
	Route      []Leg     `json:"route,omitempty"`
	Status     string    `json:"status"` // scheduled, closed, cancelled
	Passengers int       `json:"passengers"`
	Crew       int       `json:"crew"`
	Boarded    int       `json:"boarded"`
	API        Feed      `json:"api"`
	PNR        Feed      `json:"pnr"`
	Codeshares []string  `json:"codeshares,omitempty"`
	Changed    time.Time `json:"changed,omitzero"`
}

// Feed is how complete one kind of data is.
type Feed struct {
	Received int       `json:"received"`
	Expected int       `json:"expected"`
	Pushes   int       `json:"pushes"`
	Complete bool      `json:"complete"`
	Last     time.Time `json:"last,omitzero"`
}

// flight computes the flight's own row from its facts and its people.
func (v *stand) flight() Flight {
	f := Flight{
		ID: v.ID, Carrier: v.Key.Carrier, Number: v.Key.Number, Suffix: v.Key.Suffix,
		Date: v.Key.Date, From: v.Key.From, To: v.Key.To,
		Status: "scheduled", Codeshares: v.Facts.Codeshares,
	}
	var said Clock
	for _, source := range []string{sourceAPI, sourcePNR} { // the later word counts; at a tie the list's
		h, ok := v.Facts.Headers[source]
		if !ok {
			continue
		}
		if h.Departure != "" && (f.Departure == "" || h.Clock.After(said)) {
			f.Departure, said = h.Departure, h.Clock
			f.Arrival = h.Arrival
		}
		if len(h.Route) > 1 {
			f.Route = h.Route
		}
		if f.Arrival == "" {
			f.Arrival = h.Arrival
		}
	}
	f.Departs, f.Arrives = instant(f.Departure, f.From), instant(f.Arrival, f.To)
	for _, p := range v.Facts.Parts {
		feed := &f.API
		if p.Kind == partFull || p.Kind == partUpdate {
			feed = &f.PNR
		}
		feed.Pushes++
		if t := time.Unix(p.Clock.Sent, 0).UTC(); t.After(feed.Last) {
			feed.Last = t
		}
	}
	f.API.Complete = len(v.Facts.complete(partList)) > 0
	f.PNR.Complete = len(v.Facts.complete(partFull)) > 0
	switch {
	case v.off:
		f.Status = "cancelled"
	case v.boarding.closed || v.boarding.noted:
		f.Status = "closed"
	}
	for i := range v.people {
		p := &v.people[i]
		if p.role == "crew" {
			f.Crew++
			continue
		}
		if p.status == Cancelled {
			continue
		}
		f.Passengers++
		if p.status == Boarded {
			f.Boarded++
		}
		if p.heard(Listed) {
			f.API.Received++
		}
		if p.heard(Traveller) {
			f.PNR.Received++
		}
	}
	f.API.Expected, f.PNR.Expected = f.Passengers, f.Passengers
	return f
}
