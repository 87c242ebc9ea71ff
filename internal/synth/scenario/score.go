package scenario

import (
	"cmp"
	"slices"
	"time"
)

// Done is one decision that somebody made while they played.
type Done struct {
	At      time.Time
	Who     string // the player's name
	Role    string
	Of      string // one of the cast, or the case's title
	Flight  string
	Outcome string
	Reason  string
	Second  string // the role of who confirmed it; empty where nobody did
}

// Mark is what became of one step.
type Mark struct {
	Step    string        `json:"step"`
	Role    string        `json:"role"`
	Skill   string        `json:"skill,omitempty"`
	Verdict Verdict       `json:"verdict"`
	Outcome string        `json:"outcome,omitempty"` // what was decided
	Took    time.Duration `json:"took,omitempty"`    // from the start
	By      time.Duration `json:"by"`
	Points  int           `json:"points"`
	Of      int           `json:"of"` // the points there were
}

// Verdict is how a step was done.
type Verdict string

// The verdicts on a step.
const (
	Right  Verdict = "right"
	Late   Verdict = "late"   // right, and after its time: half
	Wrong  Verdict = "wrong"  // decided otherwise
	Missed Verdict = "missed" // nobody decided
	Alone  Verdict = "alone"  // right, but the second person was missing: nothing
)

// Result is how an exercise went, for those who played it together.
type Result struct {
	Marks   []Mark         `json:"marks"`
	Points  int            `json:"points"`
	Of      int            `json:"of"`
	Percent int            `json:"percent"`          // never below 0
	Skills  map[string]int `json:"skills,omitempty"` // per cent of each
}

// Score holds what was done against what there was. Of one subject the last decision counts: who mends a mistake in time
// has made none. bears says which outcomes bear on somebody. The order in which things are told does not matter.
func (s *Scenario) Score(done []Done, bears func(outcome string) bool) Result {
	done = slices.Clone(done)
	slices.SortStableFunc(done, func(a, b Done) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Of, b.Of), cmp.Compare(a.Outcome, b.Outcome))
	})
	r := Result{Skills: map[string]int{}}
	points, of := map[string]int{}, map[string]int{}
	for i := range s.Steps {
		m := s.mark(&s.Steps[i], done, bears)
		r.Marks = append(r.Marks, m)
		r.Points += m.Points
		r.Of += m.Of
		if m.Skill != "" {
			points[m.Skill] += m.Points
			of[m.Skill] += m.Of
		}
	}
	r.Percent = percent(r.Points, r.Of)
	for skill := range of {
		r.Skills[skill] = percent(points[skill], of[skill])
	}
	return r
}

func percent(points, of int) int {
	if of == 0 {
		return 0
	}
	return max(points, 0) * 100 / of
}

func (s *Scenario) mark(step *Step, done []Done, bears func(outcome string) bool) Mark {
	m := Mark{Step: step.ID, Role: step.Role, Skill: step.Skill, By: step.By.Duration, Of: step.Points, Verdict: Missed}
	var last *Done
	for i := range done {
		if d := &done[i]; d.Of == step.Of && (step.Flight == "" || d.Flight == step.Flight) && (step.Quiet || d.Role == step.Role) {
			last = d
		}
	}
	if step.Quiet {
		m.Verdict, m.Points = Right, step.Points
		if last != nil && bears(last.Outcome) {
			m.Verdict, m.Outcome, m.Points = Wrong, last.Outcome, -step.Wrong[last.Outcome]
		}
		return m
	}
	if last == nil {
		return m
	}
	m.Outcome, m.Took = last.Outcome, last.At.Sub(s.Start.Time)
	switch {
	case !slices.Contains(step.Decide, last.Outcome):
		m.Verdict, m.Points = Wrong, -step.Wrong[last.Outcome]
	case step.Second != "" && last.Second != step.Second:
		m.Verdict = Alone
	case m.Took > step.By.Duration:
		m.Verdict, m.Points = Late, step.Points/2
	default:
		m.Verdict, m.Points = Right, step.Points
	}
	return m
}

// Perfect is what somebody does who does everything right, and in time.
func (s *Scenario) Perfect() (done []Done) {
	for _, step := range s.Steps {
		if !step.Quiet {
			done = append(done, Done{At: s.Start.Add(step.By.Duration), Role: step.Role, Of: step.Of, Flight: step.Flight, Outcome: step.Decide[0], Second: step.Second})
		}
	}
	return done
}

func sortByTime(ds []Delivery) {
	slices.SortStableFunc(ds, func(a, b Delivery) int { return a.At.Compare(b.At) })
}
