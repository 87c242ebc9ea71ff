package facilitation

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/facilitation/lanes"
	"github.com/rihla/rihla/internal/store"
)

// hallDay is one hall on one day: who is expected, who came, how long it took, what it needs.
type hallDay struct {
	Hall     string        `json:"hall"`
	Expected float64       `json:"expected"`
	Came     int           `json:"came"`
	Lanes    []laneDay     `json:"lanes"`
	Goal     lanes.Within  `json:"goal"`
	Quarters []hallQuarter `json:"quarters"`
}

// laneDay is one lane of it.
type laneDay struct {
	Lane     string  `json:"lane"`
	Expected float64 `json:"expected"`
	lanes.Figures
	DeskHours   float64 `json:"desk_hours"`
	PerDeskHour float64 `json:"per_desk_hour"`
}

// hallQuarter is a quarter of an hour of it.
type hallQuarter struct {
	Quarter  time.Time              `json:"quarter"`
	Expected lanes.Expected         `json:"expected"`
	Came     int                    `json:"came"`  // and were through: who was sent on is counted where they went
	Lanes    map[string]int         `json:"lanes"` // visits
	Wait     lanes.Times            `json:"wait"`
	Waits    map[string]lanes.Times `json:"waits"`
	Open     map[string]int         `json:"open"`
	Hint     map[string]int         `json:"hint"` // desks that keep the average wait within the target
}

// hallsOn works out the halls of an airport on a day.
func (d *Domain) hallsOn(ctx context.Context, r store.Reader, airport string, from, until time.Time) ([]hallDay, error) {
	flights, told, err := d.landed(ctx, r, airport, from, until)
	if err != nil {
		return nil, err
	}
	const longestWait = 24 * time.Hour // as the format takes it
	visits, err := passages(ctx, r, airport, from, until.Add(longestWait))
	if err != nil {
		return nil, err
	}
	open, err := shifts(ctx, r, airport, from, until)
	if err != nil {
		return nil, err
	}
	days := map[string]*daySoFar{}
	of := func(name string) *daySoFar {
		if days[name] == nil {
			days[name] = &daySoFar{quarters: map[time.Time]*quarterSoFar{}}
		}
		return days[name]
	}
	arrivals := make([]lanes.Arrival, len(flights))
	for i := range flights {
		arrivals[i] = flights[i].arrival(&d.settings.Lanes)
	}
	for slot, e := range d.settings.Lanes.walk().Forecast(arrivals) {
		if within(slot.Quarter, from, until) {
			of(slot.Hall).at(slot.Quarter).expected = *e
		}
	}
	for i := range visits {
		v := &visits[i]
		if !within(v.Came(), from, until) {
			continue
		}
		if v.Flight != "" {
			v.Block = find(told, v.flightKey).OnBlock
		}
		h := of(v.Hall)
		h.visits = append(h.visits, v.Visit)
		q := h.at(v.Came())
		q.visits = append(q.visits, v.Visit)
	}
	for _, s := range open {
		h := of(s.Hall)
		h.shifts = append(h.shifts, s)
		h.at(s.Quarter).open[s.Lane] = s.Desks
	}
	out := make([]hallDay, 0, len(days))
	for _, name := range slices.Sorted(maps.Keys(days)) {
		out = append(out, days[name].told(name, &d.settings.Lanes))
	}
	return out, nil
}

func within(at, from, until time.Time) bool { return !at.Before(from) && at.Before(until) }

// daySoFar is a hall's day being put together.
type daySoFar struct {
	visits   []lanes.Visit
	shifts   []lanes.Shift
	quarters map[time.Time]*quarterSoFar
}

type quarterSoFar struct {
	expected lanes.Expected
	visits   []lanes.Visit
	open     map[string]int
}

func (h *daySoFar) at(when time.Time) *quarterSoFar {
	slot := lanes.Of("", when).Quarter
	if h.quarters[slot] == nil {
		h.quarters[slot] = &quarterSoFar{open: map[string]int{}}
	}
	return h.quarters[slot]
}

func (h *daySoFar) told(name string, s *LaneSettings) hallDay {
	day := hallDay{Hall: name, Lanes: []laneDay{}, Quarters: []hallQuarter{}, Goal: lanes.WithinGoal(h.visits, func(v *lanes.Visit) bool { return v.Lane != hall.Secondary })}
	day.Came = through(h.visits)
	service := map[string]time.Duration{}
	expected := map[string]float64{}
	for _, q := range h.quarters {
		day.Expected += q.expected.Total
		for lane, n := range q.expected.Lanes {
			expected[lane] += n
		}
	}
	day.Expected = tenth(day.Expected)
	for _, lane := range hall.Lanes {
		l := laneDay{Lane: lane, Expected: tenth(expected[lane]), Figures: lanes.Measure(only(h.visits, lane))}
		for _, shift := range h.shifts {
			if shift.Lane == lane {
				l.DeskHours += float64(shift.Desks) * hall.Quarter.Hours()
			}
		}
		if l.DeskHours > 0 {
			l.PerDeskHour = tenth(float64(l.Came) / l.DeskHours)
		}
		const enough = 30 // measured times, to go by them
		if service[lane] = s.Service.of(lane); l.Service.Count >= enough && l.Service.P50 > 0 {
			service[lane] = time.Duration(l.Service.P50) * time.Second
		}
		if l.Expected > 0 || l.Came > 0 || l.DeskHours > 0 {
			day.Lanes = append(day.Lanes, l)
		}
	}
	for when, q := range h.quarters {
		day.Quarters = append(day.Quarters, q.told(when, s, service))
	}
	slices.SortFunc(day.Quarters, func(a, b hallQuarter) int { return a.Quarter.Compare(b.Quarter) })
	return day
}

func (q *quarterSoFar) told(when time.Time, s *LaneSettings, service map[string]time.Duration) hallQuarter {
	e := &q.expected
	out := hallQuarter{
		Quarter: when, Expected: lanes.Expected{Total: tenth(e.Total), Low: tenth(e.Low), High: tenth(e.High), Lanes: map[string]float64{}},
		Came: through(q.visits), Lanes: map[string]int{}, Waits: map[string]lanes.Times{}, Open: q.open, Hint: map[string]int{},
		Wait: lanes.Measure(q.visits).Wait,
	}
	for lane, n := range e.Lanes {
		out.Expected.Lanes[lane] = tenth(n)
		if desks := lanes.Desks(n, service[lane], s.Target.of(lane)); desks > 0 {
			out.Hint[lane] = desks
		}
	}
	for _, lane := range hall.Lanes {
		if visits := only(q.visits, lane); len(visits) > 0 {
			out.Lanes[lane], out.Waits[lane] = len(visits), lanes.Measure(visits).Wait
		}
	}
	return out
}

// through counts those who were through after a visit.
func through(visits []lanes.Visit) (n int) {
	for i := range visits {
		if !visits[i].Referred {
			n++
		}
	}
	return n
}

func only(visits []lanes.Visit, lane string) (out []lanes.Visit) {
	for i := range visits {
		if visits[i].Lane == lane {
			out = append(out, visits[i])
		}
	}
	return out
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// saving is what was saved in a week, as it was worked out then.
type saving struct {
	made time.Time
	lanes.Saved
}

// saved is what the fast lanes of some airports saved in a week. A week's replay costs a second, so one serves all who ask
// within a minute.
func (d *Domain) saved(ctx context.Context, r store.Reader, of []string, week string, from, until time.Time) (lanes.Saved, error) {
	const lasts, most = time.Minute, 16 // weeks that people look at at the same time
	e, now, key := &d.expectations, d.clock(), week+" "+strings.Join(of, " ")
	e.replays.Lock()
	defer e.replays.Unlock()
	if kept, ok := e.weeks[key]; ok && !now.Before(kept.made) && now.Sub(kept.made) < lasts {
		return kept.Saved, nil
	}
	saved, err := savedBy(ctx, r, of, from, until)
	if err != nil {
		return saved, err
	}
	if e.weeks == nil || len(e.weeks) >= most {
		e.weeks = map[string]saving{}
	}
	e.weeks[key] = saving{now, saved}
	return saved, nil
}

// savedBy works it out.
func savedBy(ctx context.Context, r store.Reader, of []string, from, until time.Time) (lanes.Saved, error) {
	var visits []lanes.Visit
	var open []lanes.Shift
	for _, a := range of {
		some, err := passages(ctx, r, a, from, until)
		if err != nil {
			return lanes.Saved{}, err
		}
		for i := range some {
			v := some[i].Visit
			v.Hall = a + " " + v.Hall
			visits = append(visits, v)
		}
		staffed, err := shifts(ctx, r, a, from, until)
		if err != nil {
			return lanes.Saved{}, err
		}
		for _, s := range staffed {
			s.Hall = a + " " + s.Hall
			open = append(open, s)
		}
	}
	return lanes.Replay(visits, open), nil
}
