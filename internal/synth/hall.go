package synth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hall is what must stand of an airport's arrival halls: which lanes are meant for whom, and how long people waited.
type Hall struct {
	Airport  string        `json:"airport"`
	Flights  []HallFlight  `json:"flights"`
	Quarters []HallQuarter `json:"quarters"`
}

// HallFlight is a flight into the state: how many of its passengers each lane is meant for, nobody drawn by chance, and
// when it came on block.
type HallFlight struct {
	Flight  string         `json:"flight"` // as Flight.Key has it
	Hall    string         `json:"hall"`
	OnBlock time.Time      `json:"on_block"`
	Lanes   map[string]int `json:"lanes"`
}

// HallQuarter is a quarter of an hour of a hall, by when people came to the queue.
type HallQuarter struct {
	Hall    string               `json:"hall"`
	Quarter time.Time            `json:"quarter"`
	Came    int                  `json:"came"`  // and were through; who was sent on is counted where they went
	Lanes   map[string]int       `json:"lanes"` // visits
	Wait    HallTimes            `json:"wait"`
	Waits   map[string]HallTimes `json:"waits"`
}

// HallTimes are percentiles of seconds: of the times in order, the one that so many of a hundred do not exceed.
type HallTimes struct {
	Count int `json:"count"`
	P50   int `json:"p50_s"`
	P90   int `json:"p90_s"`
	P95   int `json:"p95_s"`
}

// hallDomain marks the messages of halls.
const hallDomain = "facilitation"

// The lanes.
const (
	staffed   = "staffed"
	egate     = "egate"
	priority  = "priority"
	secondary = "secondary"
)

// gates are the states whose nationals may use gates, where a node is told nothing else.
var gates = map[string]bool{
	"BHR": true, "SAU": true, "ARE": true, "KWT": true, "QAT": true, "OMN": true, "GBR": true, "FRA": true, "DEU": true, "ITA": true, "ESP": true, "USA": true,
	"AUS": true, "NZL": true, "JPN": true, "KOR": true,
}

// halls is the airport of the state, being made.
type halls struct {
	dice
	options Options
	truth   Hall
	people  map[string][]*visitor // by hall
	blocks  []hallBlock
	lanes   map[*traveller]string
}

// visitor is one person on the way to a hall.
type visitor struct {
	flight  *hallBlock
	number  string // of the document
	issuer  string
	lane    string
	arrives time.Time
}

// hallBlock is when a flight comes on block, and what was expected.
type hallBlock struct {
	hall, flight, date, from string
	at, expected, told       time.Time // told: when it was expected so
}

// hallTraffic makes what the airport of the state files of its halls about flights that arrive, and what must stand of them.
// Beside it are the lanes of people, by who they are.
func hallTraffic(o Options, stories []*story) (messages []Message, truth *Hall, lanes map[*traveller]string) {
	h := &halls{dice: newDice(o.Seed, "hall", 0), options: o, truth: Hall{Airport: o.Home, Flights: []HallFlight{}, Quarters: []HallQuarter{}}, people: map[string][]*visitor{}, lanes: map[*traveller]string{}}
	for _, s := range stories {
		if s.slot.arrives && !s.cancelled {
			h.land(s)
		}
	}
	var all []*visit
	shifts := map[string][]shift{}
	for _, name := range []string{"A", "B"} {
		visits, open := h.open(name, h.people[name])
		all = append(all, visits...)
		shifts[name] = open
	}
	h.count(all)
	return h.file(all, shifts), &h.truth, h.lanes
}

// hallOf is where the people of a carrier come to.
func hallOf(carrier string) string {
	if carrier == "ZZ" {
		return "A"
	}
	return "B"
}

// land brings a flight to its stand and its people on their way.
func (h *halls) land(s *story) {
	h.dice = newDice(h.options.Seed, "hall "+s.slot.key(), s.n)
	l := s.leg()
	at, _ := l.to.Instant(l.arrival)
	b := &hallBlock{hall: hallOf(s.slot.carrier), flight: s.slot.carrier + padded(s.slot.flight, 0), date: l.departure.Format(time.DateOnly), from: l.from.IATA}
	b.at = at.Add(time.Duration(h.between(-14, 14)+h.between(-8, 16))*time.Minute + time.Duration(h.IntN(60))*time.Second).UTC()
	b.told = at.Add(-time.Duration(h.between(40, 75)) * time.Minute).UTC()
	b.expected = b.at.Add(time.Duration(h.between(-3, 3)) * time.Minute).Truncate(time.Minute)
	h.blocks = append(h.blocks, *b)

	h.assign(s, at)
	flight := HallFlight{Flight: s.slot.key(), Hall: b.hall, OnBlock: b.at, Lanes: map[string]int{}}
	for _, t := range s.everyone {
		lane, ok := h.lanes[t]
		if !ok {
			continue
		}
		flight.Lanes[lane]++
		if status := s.status(t); status == "boarded" || status == "listed" { // who only booked has not come
			h.walks(b, &t.person, lane)
		}
	}
	if s.crewSent {
		for i := range s.crew {
			h.walks(b, &s.crew[i], priority)
		}
	}
	h.truth.Flights = append(h.truth.Flights, flight)
}

// walks has somebody leave the aircraft and walk to the hall.
func (h *halls) walks(b *hallBlock, p *person, lane string) {
	leaves, way := 180+h.IntN(720), 180+h.IntN(240)
	h.people[b.hall] = append(h.people[b.hall], &visitor{
		flight: b, number: p.passport.number, issuer: p.passport.issuer, lane: lane, arrives: b.at.Add(time.Duration(leaves+way) * time.Second),
	})
}

// assign says which lane is meant for each passenger who may come and leaves the flight here, nobody drawn by chance.
func (h *halls) assign(s *story, arrival time.Time) {
	var all []*traveller
	parties := map[*booking][]*traveller{}
	for _, t := range s.everyone {
		if status := s.status(t); !t.known || t.transit && t.listed || status == "cancelled" || status == "not-boarded" {
			continue
		}
		all = append(all, t)
		if t.in != nil {
			parties[t.in] = append(parties[t.in], t)
		}
	}
	for _, t := range all {
		h.lanes[t] = s.laneOf(t, parties[t.in], arrival)
	}
}

// laneOf is the lane that is meant for somebody of a party.
func (s *story) laneOf(t *traveller, party []*traveller, arrival time.Time) string {
	infant, guardian := false, false
	const family, fullAge, gateAge, infantAge = 9, 18, 12, 2
	if t.in != nil && len(party) <= family {
		for _, u := range party {
			if !u.announced() {
				continue
			}
			infant = infant || len(party) > 1 && u.age(arrival) < infantAge
			guardian = guardian || !s.found(u) && u.age(arrival) >= fullAge && gates[u.from.iso()]
		}
	}
	switch {
	case s.found(t):
		return secondary
	case infant:
		return priority
	case !t.announced() || !gates[t.from.iso()] || t.age(arrival) < gateAge && !guardian:
		return staffed
	}
	return egate
}

// found says that something must be found about a traveller.
func (s *story) found(t *traveller) bool { return t.planted != "" || s.odd(t) }

// announced says whether a passenger's document, birth date and nationality were sent ahead.
func (t *traveller) announced() bool {
	return t.listed || t.said.pnr != nil && !t.said.pnr.born.IsZero()
}

// age is in whole years on a day.
func (t *traveller) age(on time.Time) int {
	years := on.Year() - t.born.Year()
	if t.born.AddDate(years, 0, 0).After(on) {
		years--
	}
	return years
}

// count sums up what must stand.
func (h *halls) count(visits []*visit) {
	type slot struct {
		hall string
		at   time.Time
	}
	quarters := map[slot]*HallQuarter{}
	waits := map[slot]map[string][]int{}
	for _, v := range visits {
		at := slot{v.hall, v.queued.Truncate(quarter)}
		if quarters[at] == nil {
			quarters[at] = &HallQuarter{Hall: at.hall, Quarter: at.at, Lanes: map[string]int{}, Waits: map[string]HallTimes{}}
			waits[at] = map[string][]int{}
		}
		q := quarters[at]
		q.Lanes[v.lane]++
		if !v.referred {
			q.Came++
		}
		wait := int(v.began.Sub(v.queued) / time.Second)
		waits[at][v.lane] = append(waits[at][v.lane], wait)
		waits[at][""] = append(waits[at][""], wait)
	}
	for at, q := range quarters {
		for lane, some := range waits[at] {
			if lane == "" {
				q.Wait = timesOf(some)
			} else {
				q.Waits[lane] = timesOf(some)
			}
		}
		h.truth.Quarters = append(h.truth.Quarters, *q)
	}
	slices.SortFunc(h.truth.Quarters, func(a, b HallQuarter) int {
		return cmp.Or(strings.Compare(a.Hall, b.Hall), a.Quarter.Compare(b.Quarter))
	})
	slices.SortStableFunc(h.truth.Flights, func(a, b HallFlight) int {
		return cmp.Or(a.OnBlock.Compare(b.OnBlock), strings.Compare(a.Flight, b.Flight))
	})
}

// timesOf counts seconds: the nearest rank.
func timesOf(seconds []int) HallTimes {
	slices.Sort(seconds)
	rank := func(percent int) int {
		n := len(seconds) * percent
		i := n / 100
		if n%100 == 0 {
			i--
		}
		return seconds[i]
	}
	return HallTimes{len(seconds), rank(50), rank(90), rank(95)}
}

func (h *halls) filer() string { return "airport-" + strings.ToLower(h.options.Home) }

func (h *halls) fileName(at time.Time) string {
	return fmt.Sprintf("hall-%s-%s.jsonl", strings.ToLower(h.options.Home), at.Format("0215"))
}

// meant tells of a flight's passengers which lane is meant for them.
func (f *Flight) meant(s *story, lanes map[*traveller]string) {
	i := 0
	for _, t := range s.everyone {
		if t.known { // as truth tells of them
			f.Passengers[i].Lane = lanes[t]
			i++
		}
	}
}
