package lanes

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/hall"
)

// Shift is how many desks or gates of a lane were open in a quarter of an hour.
type Shift struct {
	Slot
	Lane  string
	Desks int
}

// Saved is what the fast lanes saved those who came: the same arrivals at the same places, with an officer at each, against
// what happened. The band holds nine of ten replays, each with service times drawn anew from those that were measured.
type Saved struct {
	Travellers int     `json:"travellers"`
	Minutes    Band    `json:"minutes_each"`     // saved by each, on average
	Hours      Band    `json:"hours"`            // by all of them
	Actual     float64 `json:"actual_minutes"`   // from queue to end, on average, as it was
	Staffed    float64 `json:"staffed_minutes"`  // and as it would have been
	Fast       int     `json:"fast"`             // used a gate or a member's lane
	DeskHours  float64 `json:"desk_hours"`       // of officers who would have sat there besides
	Measured   int     `json:"measured_service"` // service times at staffed desks, on which this stands
	Replays    int     `json:"replays"`
}

// Band is a figure with the ends of its error band.
type Band struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Usual is the service time at a staffed desk where too few were measured.
const Usual = 75 * time.Second

// fewest is how many measured service times are worth drawing from.
const fewest = 30

// Replay says what was saved. It is the same for the same visits and shifts, in whatever order they come.
func Replay(visits []Visit, shifts []Shift) Saved {
	day := newDay(visits, shifts)
	s := Saved{Travellers: day.travellers, Fast: day.fast, DeskHours: round(day.extra), Measured: day.measured}
	if s.Travellers == 0 {
		return s
	}
	const work, least, most = 8_000_000, 20, 200 // visits in all replays; replays
	s.Replays = min(max(work/s.Travellers, least), most)
	took := make([]float64, s.Replays)
	dice := rand.New(rand.NewPCG(day.seed, uint64(s.Travellers))) //nolint:gosec // a simulation, not a secret
	for i := range took {
		took[i] = day.replay(dice)
	}
	slices.Sort(took)
	mean := 0.0
	for _, t := range took {
		mean += t / float64(s.Replays)
	}
	at := func(share float64) float64 { return took[int(math.Round(share*float64(s.Replays-1)))] }
	band := func(per float64) Band {
		return Band{round((mean - day.actual) / per), round((at(0.05) - day.actual) / per), round((at(0.95) - day.actual) / per)}
	}
	each := 60 * float64(s.Travellers)
	s.Minutes, s.Hours = band(each), band(time.Hour.Seconds())
	s.Actual, s.Staffed = round(day.actual/each), round(mean/each)
	return s
}

func round(x float64) float64 { return math.Round(x*100) / 100 }

// day is what is replayed: each hall by itself.
type day struct {
	halls      []replayed
	pool       []float64 // service times measured at staffed desks, seconds
	resampled  []float64
	actual     float64 // seconds from queue to end, of all
	travellers int
	fast       int
	measured   int
	extra      float64 // desk-hours
	seed       uint64
}

type replayed struct {
	came  []int64 // unix seconds, in order
	desks map[int64]int
	free  []int64 // when each desk is free, a heap
}

func newDay(visits []Visit, shifts []Shift) *day {
	d := &day{}
	byHall := map[string]*replayed{}
	of := func(name string) *replayed {
		if byHall[name] == nil {
			byHall[name] = &replayed{desks: map[int64]int{}}
		}
		return byHall[name]
	}
	sum := uint64(0)
	for i := range visits {
		v := &visits[i]
		if v.Lane == hall.Secondary || v.Queued.IsZero() {
			continue
		}
		d.actual += v.Ended.Sub(v.Queued).Seconds()
		if v.Lane == hall.Staffed {
			d.pool = append(d.pool, v.Ended.Sub(v.Began).Seconds())
		}
		if v.Referred { // they come again, at a desk
			continue
		}
		d.travellers++
		if v.Lane == hall.EGate || v.Lane == hall.Member {
			d.fast++
		}
		of(v.Hall).came = append(of(v.Hall).came, v.Queued.Unix())
		sum += uint64(v.Queued.Unix()) //nolint:gosec // a seed
	}
	for _, s := range shifts {
		if s.Lane == hall.Secondary {
			continue
		}
		of(s.Hall).desks[s.Quarter.Unix()] += s.Desks
		if s.Lane == hall.EGate || s.Lane == hall.Member {
			d.extra += float64(s.Desks) * hall.Quarter.Hours()
		}
	}
	if d.measured = len(d.pool); d.measured < fewest {
		d.pool = []float64{Usual.Seconds()}
	}
	slices.Sort(d.pool)
	d.resampled = make([]float64, len(d.pool))
	names := make([]string, 0, len(byHall))
	for name := range byHall {
		names = append(names, name)
	}
	slices.SortFunc(names, cmp.Compare[string])
	h := fnv.New64a()
	for _, name := range names {
		slices.Sort(byHall[name].came)
		d.halls = append(d.halls, *byHall[name])
		_, _ = h.Write([]byte(name)) // a hash takes everything
	}
	d.seed = h.Sum64() ^ sum
	return d
}

// replay is one run: the seconds that all would have taken, with service times drawn from a resample of those measured.
func (d *day) replay(dice *rand.Rand) float64 {
	for i := range d.resampled {
		d.resampled[i] = d.pool[dice.IntN(len(d.pool))]
	}
	took := 0.0
	for i := range d.halls {
		h := &d.halls[i]
		h.free = h.free[:0]
		for _, came := range h.came {
			served := d.resampled[dice.IntN(len(d.resampled))]
			took += h.serve(came, int64(served))
		}
	}
	return took
}

const quarter = int64(hall.Quarter / time.Second)

// open is how many desks are open at an instant: those of its quarter; where nobody said how many, one.
func (h *replayed) open(at int64) int {
	return max(h.desks[at-at%quarter], 1)
}

// serve puts who came into the queue of all desks, first come first served, and answers how long it took. Desks that
// close finish whom they serve.
func (h *replayed) serve(came, served int64) float64 {
	begin := came
	for len(h.free) > 0 && h.free[0] <= came {
		h.pop()
	}
	for len(h.free) >= h.open(begin) {
		if next := begin - begin%quarter + quarter; h.free[0] > next { // perhaps more desks are open then
			begin = next
		} else {
			begin = max(begin, h.pop())
		}
	}
	h.push(begin + served)
	return float64(begin + served - came)
}

func (h *replayed) push(x int64) {
	h.free = append(h.free, x)
	for i := len(h.free) - 1; i > 0; {
		up := (i - 1) / 2
		if h.free[up] <= h.free[i] {
			break
		}
		h.free[up], h.free[i] = h.free[i], h.free[up]
		i = up
	}
}

func (h *replayed) pop() int64 {
	top, last := h.free[0], len(h.free)-1
	h.free[0] = h.free[last]
	h.free = h.free[:last]
	for i := 0; ; {
		least := i
		for _, down := range []int{2*i + 1, 2*i + 2} {
			if down < last && h.free[down] < h.free[least] {
				least = down
			}
		}
		if least == i {
			return top
		}
		h.free[i], h.free[least] = h.free[least], h.free[i]
		i = least
	}
}
