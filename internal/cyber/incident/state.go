package incident

import "slices"

// State is where an incident stands.
type State string

// The states of an incident.
const (
	Reported      State = "reported"
	Triage        State = "triage"
	Investigating State = "investigating"
	Contained     State = "contained"
	Eradicated    State = "eradicated"
	Recovered     State = "recovered"
	Review        State = "review"
	Closed        State = "closed"
	Reopened      State = "reopened"
	OnHold        State = "on-hold"
	Rejected      State = "rejected"
	Duplicate     State = "duplicate"
)

// ways are the states that people may take an incident to, from each.
var ways = map[State][]State{
	Reported:      {Triage, Investigating, Rejected, Duplicate},
	Triage:        {Investigating, Rejected, Duplicate},
	Investigating: {Contained, Eradicated, Recovered, OnHold, Rejected, Duplicate},
	Contained:     {Investigating, Eradicated, Recovered, OnHold},
	Eradicated:    {Investigating, Contained, Recovered, OnHold},
	Recovered:     {Investigating, Contained, Eradicated, Review, OnHold},
	OnHold:        {Investigating, Contained, Eradicated, Recovered},
	Review:        {Investigating, Closed},
	Closed:        {Reopened},
	Reopened:      {Investigating, Contained, Eradicated, Recovered, Review, OnHold},
	Rejected:      {Reopened},
	Duplicate:     {Reopened},
}

// Next are the states an incident may go to.
func (s State) Next() []State { return ways[s] }

// May reports whether an incident may go from one state to another.
func (s State) May(to State) bool { return slices.Contains(ways[s], to) }

// Open tells a state in which somebody is still at it.
func (s State) Open() bool { return s != Closed && s != Rejected && s != Duplicate }

// order is that of the board's columns.
var order = []State{Reported, Triage, Investigating, Contained, Eradicated, Recovered, Review, Reopened, OnHold, Closed, Rejected, Duplicate}

// States are all states, in the order of the board.
func States() []State { return slices.Clone(order) }

// determination is what a state says of an incident where nobody has said it.
func (s State) determination() string {
	switch s {
	case Rejected:
		return "false-positive"
	case Reported, Triage, Duplicate:
		return "suspected"
	}
	return "confirmed"
}

// Determinations are those of the STIX extension for incidents.
var Determinations = []string{"suspected", "confirmed", "blocked", "failed-attempt", "false-positive"}
