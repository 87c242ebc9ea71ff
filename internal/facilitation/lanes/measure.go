package lanes

import (
	"math"
	"slices"
	"time"
)

// Goal is how long those who need no more than the usual inspection should take from the aircraft: ICAO Annex 9.
const Goal = 45 * time.Minute

// Visit is one person at one desk or gate, without anything that says who.
type Visit struct {
	Hall     string
	Lane     string
	Desk     string
	Block    time.Time // when their flight came on block; zero where that is not known
	Queued   time.Time // zero where no sensor saw it
	Began    time.Time
	Ended    time.Time
	Referred bool // to another lane: the visit was not the last
}

// Came is when somebody came to the lane, as far as that was seen.
func (v *Visit) Came() time.Time {
	if v.Queued.IsZero() {
		return v.Began
	}
	return v.Queued
}

// Times are percentiles of what lasted how long, in seconds: of the times in order, the one that so many of a hundred do
// not exceed.
type Times struct {
	Count int `json:"count"`
	P50   int `json:"p50_s"`
	P90   int `json:"p90_s"`
	P95   int `json:"p95_s"`
}

// TimesOf sums up seconds, which it puts in order.
func TimesOf(seconds []int) Times {
	slices.Sort(seconds)
	at := func(percent int) int {
		if len(seconds) == 0 {
			return 0
		}
		return seconds[(percent*len(seconds)+99)/100-1]
	}
	return Times{len(seconds), at(50), at(90), at(95)}
}

// Figures are what happened at a lane, or at all of a hall.
type Figures struct {
	Came     int   `json:"came"`
	Referred int   `json:"referred"`
	Wait     Times `json:"wait"`
	Service  Times `json:"service"`
}

// Measure sums up visits.
func Measure(visits []Visit) Figures {
	f := Figures{Came: len(visits)}
	var waits, services []int
	for i := range visits {
		v := &visits[i]
		if v.Referred {
			f.Referred++
		}
		if !v.Queued.IsZero() {
			waits = append(waits, seconds(v.Began.Sub(v.Queued)))
		}
		services = append(services, seconds(v.Ended.Sub(v.Began)))
	}
	f.Wait, f.Service = TimesOf(waits), TimesOf(services)
	return f
}

// Within says how many of those whose flight is known were through within the goal; secondary inspection is no usual one.
type Within struct {
	Goal  int     `json:"goal_minutes"`
	Of    int     `json:"of"`
	Share float64 `json:"share"` // 0 to 1; of nobody it is 1
	Times Times   `json:"times"` // from on block to the end
}

// WithinGoal measures from the aircraft to the end of the last visit.
func WithinGoal(visits []Visit, usual func(*Visit) bool) Within {
	w := Within{Goal: int(Goal.Minutes()), Share: 1}
	var took []int
	inside := 0
	for i := range visits {
		v := &visits[i]
		if v.Block.IsZero() || v.Referred || !usual(v) || v.Ended.Before(v.Block) {
			continue
		}
		took = append(took, seconds(v.Ended.Sub(v.Block)))
		if v.Ended.Sub(v.Block) <= Goal {
			inside++
		}
	}
	if w.Of = len(took); w.Of > 0 {
		w.Share = math.Round(float64(inside)/float64(w.Of)*1e4) / 1e4
	}
	w.Times = TimesOf(took)
	return w
}

func seconds(d time.Duration) int { return int(d / time.Second) }
