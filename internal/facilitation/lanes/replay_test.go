package lanes_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/facilitation/lanes"
)

func TestMeasure(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return midnight.Add(time.Duration(seconds) * time.Second) }
	visits := []lanes.Visit{
		{Lane: hall.Staffed, Block: at(0), Queued: at(600), Began: at(700), Ended: at(760)},
		{Lane: hall.Staffed, Block: at(0), Queued: at(600), Began: at(2600), Ended: at(2760)},
		{Lane: hall.EGate, Block: at(0), Queued: at(600), Began: at(605), Ended: at(625), Referred: true},
		{Lane: hall.EGate, Queued: at(600), Began: at(610), Ended: at(631)},
		{Lane: hall.Secondary, Block: at(0), Began: at(1000), Ended: at(4000)},
	}
	want := lanes.Figures{Came: 5, Referred: 1, Wait: lanes.Times{Count: 4, P50: 10, P90: 2000, P95: 2000}, Service: lanes.Times{Count: 5, P50: 60, P90: 3000, P95: 3000}}
	if diff := cmp.Diff(want, lanes.Measure(visits)); diff != "" {
		t.Error(diff)
	}
	usual := func(v *lanes.Visit) bool { return v.Lane != hall.Secondary }
	if diff := cmp.Diff(lanes.Within{Goal: 45, Of: 2, Share: 0.5, Times: lanes.Times{Count: 2, P50: 760, P90: 2760, P95: 2760}}, lanes.WithinGoal(visits, usual)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(lanes.Within{Goal: 45, Share: 1}, lanes.WithinGoal(nil, usual)); diff != "" {
		t.Error(diff)
	}
}

// hallOf lets people through a hall's lanes, first come first served, and says what happened.
func hallOf(dice *rand.Rand, people int) (visits []lanes.Visit, shifts []lanes.Shift) {
	served := map[string]int{hall.Staffed: 75, hall.EGate: 20}
	desks := map[string]int{hall.Staffed: 6, hall.EGate: 4}
	free := map[string][]time.Time{}
	for lane, n := range desks {
		free[lane] = make([]time.Time, n)
	}
	at := midnight
	for range people {
		at = at.Add(time.Duration(dice.IntN(9)) * time.Second)
		lane := []string{hall.Staffed, hall.EGate, hall.EGate}[dice.IntN(3)]
		first := 0
		for i := range free[lane] {
			if free[lane][i].Before(free[lane][first]) {
				first = i
			}
		}
		v := lanes.Visit{Hall: "A", Lane: lane, Queued: at, Began: at}
		if free[lane][first].After(at) {
			v.Began = free[lane][first]
		}
		v.Ended = v.Began.Add(time.Duration(served[lane]/2+dice.IntN(served[lane])) * time.Second)
		free[lane][first] = v.Ended
		visits = append(visits, v)
	}
	for q := midnight; q.Before(at.Add(time.Hour)); q = q.Add(hall.Quarter) {
		for lane, n := range desks {
			shifts = append(shifts, lanes.Shift{Slot: lanes.Slot{Hall: "A", Quarter: q}, Lane: lane, Desks: n})
		}
	}
	return visits, shifts
}

// The same arrivals in whatever order save the same; gates save time, the band holds the mean, and what the replay says
// took so long is what happened plus what was saved.
func TestReplay(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(7, 8))
	visits, shifts := hallOf(dice, 4000)
	got := lanes.Replay(visits, shifts)
	if got.Travellers != len(visits) || got.Minutes.Mean <= 0.3 || got.Minutes.Low > got.Minutes.Mean || got.Minutes.High < got.Minutes.Mean || got.Hours.Low <= 0 ||
		got.Fast < 2000 || got.DeskHours < 10 || got.Replays != 200 || got.Measured < 1000 {
		t.Errorf("%+v", got)
	}
	if sum := got.Actual + got.Minutes.Mean - got.Staffed; sum > 0.02 || sum < -0.02 {
		t.Errorf("%+v does not add up", got)
	}
	dice.Shuffle(len(visits), func(i, j int) { visits[i], visits[j] = visits[j], visits[i] })
	dice.Shuffle(len(shifts), func(i, j int) { shifts[i], shifts[j] = shifts[j], shifts[i] })
	if diff := cmp.Diff(got, lanes.Replay(visits, shifts)); diff != "" {
		t.Errorf("another order: %s", diff)
	}
}

// Where every lane was staffed already, nothing was saved: the band holds nought.
func TestReplayOfStaffedLanes(t *testing.T) {
	t.Parallel()
	visits, shifts := hallOf(rand.New(rand.NewPCG(9, 8)), 3000)
	var staffed []lanes.Visit
	for _, v := range visits {
		if v.Lane == hall.Staffed {
			staffed = append(staffed, v)
		}
	}
	var open []lanes.Shift
	for _, s := range shifts {
		if s.Lane == hall.Staffed {
			open = append(open, s)
		}
	}
	got := lanes.Replay(staffed, open)
	if got.Fast != 0 || got.DeskHours != 0 || got.Minutes.Low > 0 || got.Minutes.High < 0 {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff(lanes.Saved{}, lanes.Replay(nil, nil)); diff != "" {
		t.Error(diff)
	}
}

// Whatever is measured, the replay ends, and is the same twice.
func TestReplayOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var visits []lanes.Visit
		var shifts []lanes.Shift
		for range rapid.IntRange(0, 12).Draw(t, "visits") {
			v := lanes.Visit{Hall: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "hall"), Lane: rapid.SampledFrom(hall.Lanes).Draw(t, "lane"), Referred: rapid.Bool().Draw(t, "referred")}
			v.Queued = midnight.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "queued")) * time.Second)
			v.Began = v.Queued.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "wait")) * time.Second)
			v.Ended = v.Began.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "service")) * time.Second)
			if rapid.Bool().Draw(t, "unseen") {
				v.Queued = time.Time{}
			}
			visits = append(visits, v)
		}
		for range rapid.IntRange(0, 6).Draw(t, "shifts") {
			shifts = append(shifts, lanes.Shift{
				Slot: lanes.Of(rapid.SampledFrom([]string{"A", "B"}).Draw(t, "hall"), midnight.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, "quarter"))*hall.Quarter)),
				Lane: rapid.SampledFrom(hall.Lanes).Draw(t, "lane"), Desks: rapid.IntRange(0, 3).Draw(t, "desks"),
			})
		}
		got := lanes.Replay(visits, shifts)
		if diff := cmp.Diff(got, lanes.Replay(visits, shifts)); diff != "" {
			t.Fatal(diff)
		}
		if got.Minutes.Low > got.Minutes.High || got.Staffed < 0 {
			t.Fatalf("%+v", got)
		}
	})
}
