package synth

import (
	"fmt"
	"math"
	"time"

	"github.com/rihla/rihla/formats/airport"
)

// defaultHome is the airport of the state whose node receives the traffic.
const defaultHome = "BAH"

// route is what an airline flies every day: there and back.
type route struct {
	home     string // the airport of the state that watches; of a slot
	carrier  string
	abroad   string
	number   int    // out; one more on the way back
	leaves   string // local time out
	turn     int    // minutes on the ground abroad
	beyond   string // an airport the flight goes on to from abroad, or comes from
	onward   string // an airport that the flight from abroad goes on to after home
	marketed string // another airline that sells it under its own number
	type3    string // equipment
}

// routes are invented flights between real airports, with local times as they are flown: banks in the night and the
// morning, long ones over midnight, two over the date line.
var routes = []route{
	{carrier: "ZZ", abroad: "LHR", number: 430, leaves: "01:15", turn: 225, marketed: "YY", type3: "789"},
	{carrier: "YY", abroad: "IST", number: 1840, leaves: "03:20", turn: 95, marketed: "ZZ", type3: "333"},
	{carrier: "XX", abroad: "DOH", number: 81, leaves: "12:00", turn: 50, onward: "MCT", type3: "E90"},
	{carrier: "ZZ", abroad: "AKL", number: 902, leaves: "20:35", turn: 190, beyond: "APW", type3: "789"},
	{carrier: "ZZ", abroad: "CAI", number: 551, leaves: "23:40", turn: 75, type3: "32N"},
	{carrier: "ZZ", abroad: "BOM", number: 660, leaves: "22:10", turn: 80, type3: "321"},
	{carrier: "ZZ", abroad: "DXB", number: 210, leaves: "07:40", turn: 60, type3: "32N"},
	{carrier: "YY", abroad: "JED", number: 372, leaves: "09:05", turn: 70, type3: "738"},
	{carrier: "ZZ", abroad: "MNL", number: 770, leaves: "21:55", turn: 130, type3: "789"},
	{carrier: "ZZ", abroad: "AMM", number: 520, leaves: "08:30", turn: 65, type3: "32N"},
	{carrier: "ZZ", abroad: "CDG", number: 418, leaves: "00:50", turn: 150, type3: "789"},
	{carrier: "YY", abroad: "DAC", number: 690, leaves: "19:15", turn: 100, type3: "321"},
	{carrier: "ZZ", abroad: "COK", number: 668, leaves: "23:05", turn: 75, type3: "321"},
	{carrier: "ZZ", abroad: "CMN", number: 545, leaves: "02:10", turn: 110, type3: "789"},
	{carrier: "XX", abroad: "KHI", number: 57, leaves: "15:25", turn: 85, type3: "320"},
	{carrier: "ZZ", abroad: "BKK", number: 780, leaves: "22:45", turn: 140, marketed: "XX", type3: "789"},
	{carrier: "YY", abroad: "FRA", number: 2044, leaves: "01:55", turn: 120, type3: "332"},
	{carrier: "ZZ", abroad: "NBO", number: 587, leaves: "02:30", turn: 90, type3: "32N"},
	{carrier: "ZZ", abroad: "RUH", number: 165, leaves: "17:20", turn: 55, type3: "32N"},
	{carrier: "YY", abroad: "BEY", number: 1420, leaves: "10:45", turn: 70, type3: "320"},
	{carrier: "ZZ", abroad: "ICN", number: 790, leaves: "23:59", turn: 160, type3: "789"},
	{carrier: "ZZ", abroad: "KWI", number: 214, leaves: "18:10", turn: 50, type3: "32N"},
	{carrier: "XX", abroad: "CMB", number: 144, leaves: "20:05", turn: 95, type3: "320"},
	{carrier: "ZZ", abroad: "MAD", number: 446, leaves: "01:40", turn: 130, type3: "789"},
	{carrier: "YY", abroad: "KTM", number: 388, leaves: "21:15", turn: 90, type3: "738"},
	{carrier: "ZZ", abroad: "TUN", number: 541, leaves: "07:05", turn: 80, type3: "32N"},
	{carrier: "ZZ", abroad: "SYD", number: 908, leaves: "21:30", turn: 170, beyond: "HNL", type3: "789"},
	{carrier: "XX", abroad: "ADD", number: 602, leaves: "04:35", turn: 80, type3: "320"},
	{carrier: "ZZ", abroad: "ISB", number: 652, leaves: "22:25", turn: 85, type3: "321"},
	{carrier: "YY", abroad: "SVO", number: 1510, leaves: "02:05", turn: 110, type3: "321"},
}

// leg is one hop of a flight, in the local times of its ends.
type leg struct {
	from, to           airport.Airport
	departure, arrival time.Time // wall clocks, written in UTC
	leaves             time.Time // the instant
}

// slot is a flight on a day: the legs in order, and which of them crosses the border.
type slot struct {
	route
	legs    []leg
	border  int
	flight  int // its number
	arrives bool
}

func (s *slot) leg() *leg { return &s.legs[s.border] }

func (s *slot) key() string {
	return fmt.Sprintf("%s%d %s %s-%s", s.carrier, s.flight, s.leg().departure.Format(time.DateOnly), s.leg().from.IATA, s.leg().to.IATA)
}

// schedule lays out n flights from a day on. A small world has two days, so that a number recurs the next day.
func schedule(home string, start time.Time, n int) []slot {
	perDay := min(max((n+1)/2, 2), 2*len(routes))
	var out []slot
	for day := 0; len(out) < n; day++ {
		for i := 0; i < perDay && len(out) < n; i++ {
			r := routes[i/2]
			if r.home = home; r.abroad == home { // nobody flies from home to home: that airline flies to the other state
				r.abroad = defaultHome
			}
			out = append(out, r.on(start.AddDate(0, 0, day), i%2 == 1))
		}
	}
	return out
}

// on is the route's flight out of home on a day, or the one that comes back.
func (r route) on(day time.Time, back bool) slot {
	s := slot{route: r, flight: r.number, arrives: back}
	clock, _ := time.Parse("15:04", r.leaves)
	wall := day.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
	out := []string{r.home, r.abroad}
	if r.beyond != "" {
		out = append(out, r.beyond)
	}
	s.legs = fly(wall, out)
	if !back {
		return s
	}
	s.flight++
	last := s.legs[len(s.legs)-1]
	var way []string
	if r.beyond != "" {
		way = append(way, r.beyond)
		s.border = 1
	}
	way = append(way, r.abroad, r.home)
	if r.onward != "" {
		way = append(way, r.onward)
	}
	s.legs = fly(last.arrival.Add(time.Duration(r.turn)*time.Minute), way)
	return s
}

// fly makes legs from a wall-clock time at the first airport on, with an hour and a quarter at each stop.
func fly(wall time.Time, codes []string) []leg {
	var legs []leg
	for i := 1; i < len(codes); i++ {
		from, _ := airport.ByIATA(codes[i-1])
		to, _ := airport.ByIATA(codes[i])
		l := leg{from: from, to: to, departure: wall}
		l.leaves, _ = from.Instant(wall)
		arrive := l.leaves.Add(block(from, to)).In(to.Location())
		y, m, d := arrive.Date()
		l.arrival = time.Date(y, m, d, arrive.Hour(), arrive.Minute(), 0, 0, time.UTC)
		legs = append(legs, l)
		wall = l.arrival.Add(75 * time.Minute)
	}
	return legs
}

// block is the time from gate to gate: the great circle at jet speed and half an hour, in steps of five minutes.
func block(a, b airport.Airport) time.Duration {
	rad := math.Pi / 180
	h := math.Pow(math.Sin((b.Latitude-a.Latitude)*rad/2), 2) +
		math.Cos(a.Latitude*rad)*math.Cos(b.Latitude*rad)*math.Pow(math.Sin((b.Longitude-a.Longitude)*rad/2), 2)
	km := 2 * 6371 * math.Asin(math.Sqrt(h))
	minutes := 30 + km/14
	return time.Duration(math.Round(minutes/5)*5) * time.Minute
}
