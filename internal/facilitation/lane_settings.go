package facilitation

import (
	"time"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/facilitation/lanes"
)

// LaneSettings are what a state decides about its arrival halls.
type LaneSettings struct {
	MinimumAge  int         `yaml:"minimum_age" json:"minimum_age"`     // of a gate's users
	Gates       []string    `yaml:"gates" json:"gates"`                 // whose nationals may use gates; residents of the state may
	FamilyGates bool        `yaml:"family_gates" json:"family_gates"`   // a child may pass with a grown-up of the party
	DrawPercent float64     `yaml:"draw_percent" json:"draw_percent"`   // of all, for a closer look, whoever they are
	ShowPercent float64     `yaml:"show_percent" json:"show_percent"`   // of those listed or booked, on a flight that was not closed
	Service     LaneFigures `yaml:"service_seconds" json:"service"`     // how long one takes, where too few were measured
	Target      LaneFigures `yaml:"wait_seconds" json:"wait"`           // how long one should wait on average
	Walk        WalkMinutes `yaml:"walk_minutes" json:"walk"`           // from the aircraft to the queue
	Late        float64     `yaml:"late_minutes" json:"late"`           // the standard deviation of arrivals from the timetable
	Estimate    float64     `yaml:"estimate_minutes" json:"estimation"` // and from what the airport expects
}

// LaneFigures are a figure for each lane.
type LaneFigures struct {
	Staffed   int `yaml:"staffed" json:"staffed"`
	EGate     int `yaml:"egate" json:"egate"`
	Member    int `yaml:"member" json:"member"`
	Priority  int `yaml:"priority" json:"priority"`
	Secondary int `yaml:"secondary" json:"secondary"`
}

// WalkMinutes are when the first and the last leave an aircraft, and how long the way to the hall takes.
type WalkMinutes struct {
	First    float64 `yaml:"first" json:"first"`
	Last     float64 `yaml:"last" json:"last"`
	Shortest float64 `yaml:"shortest" json:"shortest"`
	Longest  float64 `yaml:"longest" json:"longest"`
}

// check complains of what makes no sense; countries puts codes into three letters.
func (s *LaneSettings) check(complain func(format string, args ...any), countries func(where string, codes []string)) {
	countries("lanes.gates", s.Gates)
	if s.MinimumAge < 0 || s.MinimumAge > 21 {
		complain("lanes.minimum_age is %d; it is from 0 to 21", s.MinimumAge)
	}
	if s.DrawPercent != 0 && (s.DrawPercent < 1 || s.DrawPercent > 3) {
		complain("lanes.draw_percent is %v; it is from 1 to 3, or 0 where nobody is drawn", s.DrawPercent)
	}
	if s.ShowPercent < 50 || s.ShowPercent > 100 {
		complain("lanes.show_percent is %v; it is from 50 to 100", s.ShowPercent)
	}
	for _, lane := range hall.Lanes {
		if n := s.Service.of(lane); n < time.Second || n > time.Hour {
			complain("lanes.service_seconds.%s is %v; it is from 1 to 3600", lane, n.Seconds())
		}
		if n := s.Target.of(lane); n < time.Second || n > 2*time.Hour {
			complain("lanes.wait_seconds.%s is %v; it is from 1 to 7200", lane, n.Seconds())
		}
	}
	w := s.Walk
	if w.First < 0 || w.Last < w.First || w.Shortest < 0 || w.Longest < w.Shortest || w.Last+w.Longest > 120 {
		complain("lanes.walk_minutes: first comes before last, shortest before longest, and all are there within two hours")
	}
	if s.Late < 0 || s.Late > 120 || s.Estimate < 0 || s.Estimate > s.Late {
		complain("lanes: late_minutes are from 0 to 120, and estimate_minutes no more than these")
	}
}

// of is the figure of a lane, in seconds.
func (f LaneFigures) of(lane string) time.Duration {
	n := 0
	switch lane {
	case hall.Staffed:
		n = f.Staffed
	case hall.EGate:
		n = f.EGate
	case hall.Member:
		n = f.Member
	case hall.Priority:
		n = f.Priority
	case hall.Secondary:
		n = f.Secondary
	}
	return time.Duration(n) * time.Second
}

// policy is who may use gates.
func (s *LaneSettings) policy(home string) lanes.Policy {
	return lanes.Policy{MinimumAge: s.MinimumAge, Gates: s.Gates, Residents: []string{home}, FamilyGates: s.FamilyGates}
}

func (s *LaneSettings) walk() lanes.Walk {
	return lanes.Walk{First: minutes(s.Walk.First), Last: minutes(s.Walk.Last), Shortest: minutes(s.Walk.Shortest), Longest: minutes(s.Walk.Longest)}
}

func minutes(n float64) time.Duration { return time.Duration(n * float64(time.Minute)) }
