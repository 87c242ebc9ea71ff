package lanes

import (
	"math"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/hall"
)

// Walk is how long people take from the aircraft's coming on block until they stand in the queue: the doors open, one
// after another leaves, and everybody walks.
type Walk struct {
	First, Last       time.Duration // when the first and the last leave the aircraft
	Shortest, Longest time.Duration // the way to the hall
}

// DefaultWalk is that of an aisle of some thirty rows and a hall near its gates.
var DefaultWalk = Walk{First: 3 * time.Minute, Last: 15 * time.Minute, Shortest: 3 * time.Minute, Longest: 7 * time.Minute}

// by is which share of an aircraft's people stand in the queue so long after it came on block: both parts are as likely
// anywhere in their range.
func (w Walk) by(after time.Duration) float64 {
	leave, way := (w.Last - w.First).Seconds(), (w.Longest - w.Shortest).Seconds()
	x := (after - w.First - w.Shortest).Seconds()
	ramp := func(x float64) float64 { return max(x, 0) * max(x, 0) / 2 }
	switch {
	case leave <= 0 && way <= 0:
		if x >= 0 {
			return 1
		}
		return 0
	case leave <= 0 || way <= 0:
		return min(max(x/(leave+way), 0), 1)
	}
	share := (ramp(x) - ramp(x-leave) - ramp(x-way) + ramp(x-leave-way)) / (leave * way)
	return min(max(share, 0), 1)
}

// Arrival is one flight on its way to a hall.
type Arrival struct {
	Hall  string
	Block time.Time      // when it came on block, or is to
	Error time.Duration  // the standard deviation of that; 0 where it has come
	Lanes map[string]int // how many of its people each lane is for
	Show  float64        // which share of them is on board
}

// Expected is who is expected at a hall in a quarter of an hour, between two figures nine times out of ten.
type Expected struct {
	Total float64            `json:"total"`
	Low   float64            `json:"low"`
	High  float64            `json:"high"`
	Lanes map[string]float64 `json:"lanes"`
}

// Slot is a quarter of an hour of a hall.
type Slot struct {
	Hall    string
	Quarter time.Time // its beginning, UTC
}

// Of is the quarter in which something happens.
func Of(name string, at time.Time) Slot { return Slot{name, at.UTC().Truncate(hall.Quarter)} }

// moments are where a normal distribution is looked at, with the weight of each: Gauss and Hermite's five.
var moments = []struct{ at, weight float64 }{
	{-2.8569700138728, 0.0112574113277}, {-1.3556261799743, 0.2220759220057}, {0, 0.5333333333333},
	{1.3556261799743, 0.2220759220057}, {2.8569700138728, 0.0112574113277},
}

// Forecast is what the arrivals bring to each quarter of an hour of their halls.
func (w Walk) Forecast(arrivals []Arrival) map[Slot]*Expected {
	out := map[Slot]*Expected{}
	variance := map[Slot]float64{}
	for i := range arrivals {
		w.add(out, variance, &arrivals[i])
	}
	const nineInTen = 1.6449
	for slot, e := range out {
		spread := nineInTen * math.Sqrt(variance[slot])
		e.Low, e.High = max(e.Total-spread, 0), e.Total+spread
	}
	return out
}

func (w Walk) add(out map[Slot]*Expected, variance map[Slot]float64, a *Arrival) {
	people := 0
	for _, n := range a.Lanes {
		people += n
	}
	if people == 0 {
		return
	}
	looks := moments
	if a.Error <= 0 {
		looks = moments[2:3]
	}
	earliest, latest := a.Block, a.Block
	for _, m := range looks {
		at := a.Block.Add(time.Duration(m.at * float64(a.Error)))
		earliest, latest = slices.MinFunc([]time.Time{earliest, at}, time.Time.Compare), slices.MaxFunc([]time.Time{latest, at}, time.Time.Compare)
	}
	end := latest.Add(w.Last + w.Longest)
	for slot := Of(a.Hall, earliest); slot.Quarter.Before(end); slot.Quarter = slot.Quarter.Add(hall.Quarter) {
		var mean, square, whole float64
		for _, m := range looks {
			block := a.Block.Add(time.Duration(m.at * float64(a.Error)))
			p := w.by(slot.Quarter.Add(hall.Quarter).Sub(block)) - w.by(slot.Quarter.Sub(block))
			mean, square, whole = mean+m.weight*p, square+m.weight*p*p, whole+m.weight
		}
		mean, square = mean/whole, square/whole
		if mean < 1e-6 {
			continue
		}
		e := out[slot]
		if e == nil {
			e = &Expected{Lanes: map[string]float64{}}
			out[slot] = e
		}
		n := float64(people)
		share := mean * a.Show
		for lane, count := range a.Lanes {
			e.Lanes[lane] += float64(count) * share
		}
		e.Total += n * share
		// Who of them comes in this quarter and not the next, and that all of them come early or late together.
		variance[slot] += n*share*(1-share) + n*n*a.Show*a.Show*(square-mean*mean)
	}
}
