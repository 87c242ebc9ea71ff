package cargo

import (
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/airport"
)

// Shipment is a master waybill with the houses under it, or a direct waybill alone.
type Shipment struct {
	ID      string `json:"id"`
	Master  string `json:"master"` // eleven digits
	Version int64  `json:"-"`      // as stored; 0 is none

	Totals *Totals   `json:"totals,omitempty"` // as the latest list of houses has them
	Filers []string  `json:"filers"`           // everybody who filed any of it: all are told how it stands, sorted
	Heard  time.Time `json:"heard,omitzero"`   // the latest filing was received

	// What the master's own filings say, where there are any.
	Filed         bool    `json:"filed,omitempty"`
	Consolidation bool    `json:"consolidation,omitempty"`
	Cancelled     bool    `json:"cancelled,omitempty"`
	Origin        string  `json:"origin,omitempty"`
	Destination   string  `json:"destination,omitempty"`
	Pieces        int     `json:"pieces,omitempty"`
	Grams         int64   `json:"grams,omitempty"`
	Flights       []Leg   `json:"flights,omitempty"`
	Forwarders    []Named `json:"forwarders,omitempty"` // consignor, consignee and agent of the master: no party of a house is one of them

	Departs  time.Time `json:"departs,omitzero"`  // as somebody said
	Departed time.Time `json:"departed,omitzero"` // the same
	Arrived  time.Time `json:"arrived,omitzero"`
}

// Named is a party by role and name.
type Named struct {
	Role string `json:"role"`
	Name string `json:"name"`
}

// stand takes over what the picture of the master says, or, while there is none, the head of the latest list.
func (s *Shipment) stand(master *Consignment) {
	if master == nil {
		if !s.Filed && s.Totals != nil {
			s.Origin, s.Destination, s.Pieces, s.Grams = s.Totals.Origin, s.Totals.Destination, s.Totals.Pieces, s.Totals.Grams
		}
		return
	}
	s.Filed, s.Cancelled, s.Consolidation = !master.Cancelled, master.Cancelled, master.Consolidation
	s.Origin, s.Destination, s.Pieces, s.Grams, s.Flights = master.Origin, master.Destination, master.Pieces, master.Grams, master.Flights
	s.Forwarders = nil
	for _, p := range master.parties() {
		s.Forwarders = append(s.Forwarders, Named{p.role, p.Name})
	}
}

// hear joins the head of a list of houses.
func (s *Shipment) hear(t *Totals) {
	if t != nil && (s.Totals == nil || t.Clock.Compare(s.Totals.Clock) > 0) {
		s.Totals = t
	}
}

// file adds somebody who files.
func (s *Shipment) file(filer string) {
	if at, known := slices.BinarySearch(s.Filers, filer); !known && filer != "" {
		s.Filers = slices.Insert(slices.Clone(s.Filers), at, filer)
	}
}

// leg is the flight that carries it out of its origin; zero while none is named.
func (s *Shipment) leg() Leg {
	if len(s.Flights) == 0 {
		return Leg{}
	}
	return s.Flights[0]
}

// noFlight names the departure of what no flight is named for.
const noFlight = "none"

// departure names a flight on a day: 9X201.2026-03-15.
func (l Leg) departure() string {
	if l.Carrier == "" || l.Date == "" {
		return ""
	}
	return l.Carrier + l.Number + "." + l.Date
}

// departs is when the flight leaves: as somebody said, or else the end of its day there, for nothing may be too late
// before it is. known tells which.
func (s *Shipment) departs() (at time.Time, known bool) {
	if !s.Departs.IsZero() {
		return s.Departs, true
	}
	day, err := time.Parse(time.DateOnly, s.leg().Date)
	if err != nil {
		return time.Time{}, false
	}
	end := day.Add(24*time.Hour - time.Minute)
	if a, ok := airport.ByIATA(s.Origin); ok {
		end, _ = a.Instant(end)
	}
	return end, false
}

// cutOff is when loading is decided.
func (s *Shipment) cutOff() time.Time {
	at, _ := s.departs()
	if at.IsZero() {
		return at
	}
	return at.Add(-cutOffBefore)
}

// unflown is how long a shipment without a flight counts as still ahead after it was last heard of.
const unflown = 14 * 24 * time.Hour

// ahead is until when something can be done before loading.
func (s *Shipment) ahead(heard time.Time) time.Time {
	if at, _ := s.departs(); !at.IsZero() {
		return at
	}
	return heard.Add(unflown)
}

// context is the shipment as people say it.
func (s *Shipment) context() string {
	return strings.Join(strings.Fields(strings.Join([]string{s.leg().String(), route(s.Origin, s.Destination), printed(s.Master)}, " ")), " ")
}

func route(from, to string) string {
	if from == "" && to == "" {
		return ""
	}
	return from + "-" + to
}

// Load is what of a shipment's houses is filed.
type Load struct {
	Houses   int   `json:"houses"`
	Complete int   `json:"complete"` // of them
	Pieces   int   `json:"pieces"`
	Grams    int64 `json:"grams"`
}

// The tolerance of sums: a hundredth, and five kilograms or a piece at least.
const (
	sumShare  = 100
	sumGrams  = 5000
	sumPieces = 0
)

// exceeds says that more is filed in houses than the master has.
func (s *Shipment) exceeds(l Load) bool {
	if l.Houses == 0 || s.Pieces == 0 && s.Grams == 0 {
		return false
	}
	return l.Pieces > s.Pieces+max(s.Pieces/sumShare, sumPieces) || l.Grams > s.Grams+max(s.Grams/sumShare, sumGrams)
}

// whole says that the houses filed come to what the master has. Nothing else ever says that a list is complete.
func (s *Shipment) whole(l Load) bool {
	return l.Houses > 0 && s.Pieces > 0 && !s.exceeds(l) && l.Pieces >= s.Pieces-max(s.Pieces/sumShare, sumPieces) &&
		l.Grams >= s.Grams-max(s.Grams/sumShare, sumGrams)
}

// consolidates says that houses are, or must be, under the master.
func (s *Shipment) consolidates(l Load) bool { return s.Consolidation || l.Houses > 0 }
