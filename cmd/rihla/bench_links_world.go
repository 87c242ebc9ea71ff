package main

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
)

// linksWorld is a history of travel as life shares it: households with a phone and an address, cards that are kept
// masked and so look alike, employers, groups under one booking, agencies and hotels of which a few see everybody and
// most see a handful (by rank, each half as often as the one of half its rank).
type linksWorld struct {
	trips, parts int
	flights      int
	groups       int
}

const (
	worldAgencies  = 20_000
	worldHotels    = 50_000
	worldEmployers = 200_000
	worldIssuers   = 3_000 // of cards: six digits; four more are kept
	worldDays      = 730
	worldMost      = 200 // trips of one household
)

var worldBegins = time.Date(2024, 12, 1, 0, 0, 0, 0, time.UTC)

func newLinksWorld(trips, parts int) *linksWorld {
	return &linksWorld{trips: trips, parts: parts, flights: max(trips/150, 1), groups: max(trips/2500, 1)}
}

// part gives some of the people, each with all their journeys; the same every time.
func (w *linksWorld) part(n int) iter.Seq[[]*screening.Subject] {
	return func(yield func([]*screening.Subject) bool) {
		h := household{w: w, r: rand.New(rand.NewPCG(1, uint64(n))), part: n}
		for left := w.trips*(n+1)/w.parts - w.trips*n/w.parts; left > 0; h.number++ {
			for _, person := range h.people() {
				if len(person) > left {
					person = person[:left]
				}
				if left -= len(person); len(person) > 0 && !yield(person) {
					return
				}
			}
		}
	}
}

type household struct {
	w            *linksWorld
	r            *rand.Rand
	part, number int
}

// ranked is a number below n, the low ones most often: a Zipf distribution of exponent one.
func (h *household) ranked(n int) int {
	return min(int(math.Exp(h.r.Float64()*math.Log(float64(n)))), n) - 1
}

func (h *household) chance(p float64) bool { return h.r.Float64() < p }

func (h *household) digits(n int) string {
	const most = 1_000_000_000
	return fmt.Sprintf("%09d", h.r.IntN(most))[9-n:]
}

// people makes the household and what its members did.
func (h *household) people() [][]*screening.Subject {
	size := 1 + h.ranked(5)
	surname := "H" + strconv.Itoa(h.part) + "x" + strconv.Itoa(h.number)
	phone, address := "+973"+h.digits(9), "house "+h.digits(9)+" road "+h.digits(3)
	card := fmt.Sprintf("4%05dXXXXXX%s", h.ranked(worldIssuers), h.digits(4))
	members := make([]member, size)
	for i := range members {
		m := &members[i]
		m.document = "P" + h.digits(9) + strconv.Itoa(h.number%1000)
		m.born = worldBegins.AddDate(-5-h.r.IntN(75), 0, -h.r.IntN(365)).Format(time.DateOnly)
		m.ties = append(m.ties, tieOf(links.Phone, phone), tieOf(links.Card, card))
		if h.chance(.6) {
			m.ties = append(m.ties, tieOf(links.Phone, "+44"+h.digits(9)+h.digits(1)))
		}
		m.ties = append(m.ties, tieOf(links.Email, "u"+h.digits(9)+h.digits(2)+"@mail.example"))
		if h.chance(.5) {
			m.ties = append(m.ties, tieOf(links.Address, address))
		}
		if h.chance(.3) {
			m.ties = append(m.ties, tieOf(links.FrequentFlyer, "ZZ"+h.digits(9)))
		}
		if h.chance(.15) {
			m.ties = append(m.ties, tieOf(links.Phone, fmt.Sprintf("+9661%08d", h.ranked(worldEmployers))))
		}
	}
	for range min(int(math.Pow(h.r.Float64(), -1/1.5)), worldMost) {
		h.travel(members, surname)
	}
	out := make([][]*screening.Subject, size)
	for i := range members {
		out[i] = members[i].trips
	}
	return out
}

func tieOf(kind, value string) screening.Tie { return screening.Tie{Kind: kind, Value: value} }

type member struct {
	document, born string
	ties           []screening.Tie
	trips          []*screening.Subject
}

// travel takes some of the household on one flight under one booking.
func (h *household) travel(members []member, surname string) {
	flight := h.r.IntN(h.w.flights)
	ends := worldBegins.AddDate(0, 0, worldDays*flight/h.w.flights)
	booking := "ZZ " + h.digits(9)
	if h.chance(.01) {
		booking = "ZZ G" + strconv.Itoa(h.r.IntN(h.w.groups))
	}
	shared := []screening.Tie{tieOf(links.Booking, booking)}
	if h.chance(.4) {
		agency := h.ranked(worldAgencies)
		shared = append(shared, tieOf(links.Agency, fmt.Sprintf("%08d", agency)))
		if h.chance(.5) { // gives its own phone for the traveller's
			shared = append(shared, tieOf(links.Phone, fmt.Sprintf("+971%08d", agency)))
		}
	}
	if h.chance(.5) {
		shared = append(shared, tieOf(links.Address, fmt.Sprintf("hotel %06d corniche", h.ranked(worldHotels))))
	}
	row := 1 + h.r.IntN(40)
	for i := range members {
		if i > 0 && h.chance(.5) {
			continue
		}
		m := &members[i]
		s := &screening.Subject{
			ID: h.id(), Domain: "travel", Within: "flight " + strconv.Itoa(flight), Until: ends,
			Names: []screening.Name{{Surname: surname, Given: "MEMBER"}}, Births: []string{m.born},
			Documents: []screening.Document{{Type: "P", Number: m.document, Issuer: "BHR"}},
			Ties:      make([]screening.Tie, 0, len(m.ties)+len(shared)+1),
		}
		s.Ties = append(append(append(s.Ties, m.ties...), shared...), tieOf(links.Seat, strconv.Itoa(row)+string(rune('A'+i))))
		m.trips = append(m.trips, s)
	}
}

func (h *household) id() screening.ID {
	var u uuid.UUID
	for i := 0; i < len(u); i += 8 {
		for j, v := 0, h.r.Uint64(); j < 8; j, v = j+1, v>>8 {
			u[i+j] = byte(v)
		}
	}
	return screening.ID(u.String())
}
