package facilitation

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/facilitation/lanes"
	"github.com/rihla/rihla/internal/store"
)

// around is how much earlier or later than the timetable a flight may come and still be found.
const around = 6 * time.Hour

// landingFlight is a flight on its way to a hall, without anybody's name.
type landingFlight struct {
	ID         string         `json:"id"`
	Flight     string         `json:"flight"`
	From       string         `json:"from"`
	Date       string         `json:"date"` // of departure, local
	Hall       string         `json:"hall"`
	Scheduled  time.Time      `json:"scheduled"`
	Expected   time.Time      `json:"estimated,omitzero"`
	OnBlock    time.Time      `json:"on_block,omitzero"`
	Passengers int            `json:"passengers"`
	Lanes      map[string]int `json:"lanes"`

	to     string
	closed bool // it is known who is on board
	all    map[string]int
}

// at is when it is at its stand, as far as that is known.
func (f *landingFlight) at() time.Time {
	switch {
	case !f.OnBlock.IsZero():
		return f.OnBlock
	case !f.Expected.IsZero():
		return f.Expected
	}
	return f.Scheduled
}

// fresh is how long a hall's expectations may be as they were: whoever arrives on a day is read for them, and vouched for.
const fresh = 15 * time.Second

// expectations keeps for a little while which flights are expected on a day, and by which lanes; and what weeks saved.
type expectations struct {
	mu   sync.Mutex
	days map[time.Time]expectation

	replays sync.Mutex
	weeks   map[string]saving
}

type expectation struct {
	made    time.Time
	flights []landingFlight
}

// due are the flights that may come on block within a day that begins then, at any airport of the state. Who asks while
// they are worked out waits for the answer.
func (d *Domain) due(ctx context.Context, r store.Reader, from, until time.Time) ([]landingFlight, error) {
	e, now := &d.expectations, d.clock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if kept, ok := e.days[from]; ok && !now.Before(kept.made) && now.Sub(kept.made) < fresh {
		return kept.flights, nil
	}
	people, err := d.arriving(ctx, r, from.Add(-around), until.Add(around))
	if err != nil {
		return nil, err
	}
	const most = 8 // days that people look at at the same time
	if len(e.days) >= most || e.days == nil {
		e.days = map[time.Time]expectation{}
	}
	kept := expectation{now, flightsOf(people)}
	e.days[from] = kept
	return kept.flights, nil
}

// flightsOf counts people by flight and lane.
func flightsOf(people []bound) (out []landingFlight) {
	at := map[string]int{}
	for i := range people {
		p := &people[i]
		n, known := at[p.FlightID]
		if !known {
			n = len(out)
			at[p.FlightID] = n
			out = append(out, landingFlight{ID: p.FlightID, Flight: p.Flight, From: p.From, to: p.To, Date: p.Date, Scheduled: p.Scheduled, Lanes: map[string]int{}, all: map[string]int{}})
		}
		f := &out[n]
		f.closed = f.closed || p.Boarded
		f.all[p.Lane.Lane]++
		if p.Role != "crew" {
			f.Passengers++
			f.Lanes[p.Lane.Lane]++
		}
	}
	return out
}

// landed are an airport's flights of a day, in the order in which they come, with the word of the airport on when and where
// that is.
func (d *Domain) landed(ctx context.Context, r store.Reader, airport string, from, until time.Time) ([]landingFlight, map[flightKey]*landing, error) {
	due, err := d.due(ctx, r, from, until)
	if err != nil {
		return nil, nil, err
	}
	// A flight may leave two days before it lands, by its own calendar.
	told, err := landings(ctx, r, airport, from.AddDate(0, 0, -3).Format(time.DateOnly), until.AddDate(0, 0, 2).Format(time.DateOnly))
	if err != nil {
		return nil, nil, err
	}
	usual := usualHall(told)
	var out []landingFlight
	for _, f := range due {
		if f.to != airport {
			continue
		}
		l := find(told, flightKey{f.Flight, f.Date, f.From})
		f.OnBlock, f.Expected, f.Hall = l.OnBlock, l.Expected, cmp.Or(l.Hall, usual)
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b landingFlight) int { return cmp.Or(a.at().Compare(b.at()), cmp.Compare(a.ID, b.ID)) })
	return out, told, nil
}

// usualHall is where most flights go, for those of which nothing is told yet.
func usualHall(told map[flightKey]*landing) string {
	flights := map[string]int{}
	for _, l := range told {
		flights[l.Hall]++
	}
	usual := ""
	for name, n := range flights {
		if usual == "" || n > flights[usual] || n == flights[usual] && name < usual {
			usual = name
		}
	}
	return cmp.Or(usual, hall.DefaultHall)
}

// arrival is the flight as a forecast sees it.
func (f *landingFlight) arrival(s *LaneSettings) lanes.Arrival {
	a := lanes.Arrival{Hall: f.Hall, Block: f.at(), Lanes: f.all, Show: 1}
	switch {
	case !f.OnBlock.IsZero():
	case !f.Expected.IsZero():
		a.Error = minutes(s.Estimate)
	default:
		a.Error = minutes(s.Late)
	}
	if !f.closed {
		a.Show = s.ShowPercent / 100
	}
	return a
}
