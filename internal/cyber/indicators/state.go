package indicators

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// State is where an indicator stands.
type State string

// The states of an indicator.
const (
	Proposed   State = "proposed" // holds from an instant still to come
	Active     State = "active"
	Expiring   State = "expiring" // a tenth of its life is left
	Over       State = "expired"
	Revoked    State = "revoked" // by all who had said it
	Harmless   State = "false-positive"
	Refused    State = "refused"   // it would hurt whoever uses it; Rule says why
	Unmatched  State = "composite" // no single value to look for
	mostDenied       = 2           // sources that call it a false positive
)

// OwnList is the rule of what a warning list of one's own refuses.
const OwnList = "own-list"

// Matched tells the states in which logs are matched against it and it may be given on.
func (s State) Matched() bool { return s == Proposed || s == Active || s == Expiring }

// View is an indicator as it stands at an instant.
type View struct {
	Kind       observable.Kind `json:"kind"`
	Value      string          `json:"value"`
	Display    string          `json:"display"` // disarmed, for people
	State      State           `json:"state"`
	Rule       string          `json:"rule,omitempty"`   // why it was refused
	Reason     string          `json:"reason,omitempty"` // the same in words; or why it is a false positive
	Confidence int             `json:"confidence"`       // the best of its claims'
	Score      int             `json:"score"`            // what is left of that
	TLP        stix.TLP        `json:"tlp"`              // the strictest of its claims'
	ValidFrom  time.Time       `json:"valid_from,omitzero"`
	ValidUntil time.Time       `json:"valid_until,omitzero"`
	Names      []string        `json:"names,omitempty"`
	Types      []string        `json:"types,omitempty"`
	KillChain  []string        `json:"kill_chain,omitempty"`
	Labels     []string        `json:"labels,omitempty"`
	Sources    []string        `json:"sources"`
	FirstSeen  time.Time       `json:"first_seen,omitzero"`
	LastSeen   time.Time       `json:"last_seen,omitzero"`
	Changed    time.Time       `json:"changed,omitzero"` // the latest claim
}

// UnmarkedCounts is what a claim without a marking is treated as, until a human says otherwise.
const UnmarkedCounts = stix.AmberStrict

// Seen is what is counted of an indicator beside what was said of it.
type Seen struct {
	Last   time.Time // by us: its life begins anew
	Lines  int64     // of our logs
	Places int64     // machines
	Denied []string  // who looked, and calls it a false positive
	Warned string    // why it is on a warning list of one's own
}

// At computes the indicator as it stands at an instant.
func (h *Held) At(now time.Time, seen Seen) View {
	sighted := seen.Last
	v := View{Kind: h.Kind, Value: h.Value, Display: observable.Defang(h.Kind, h.Value), LastSeen: sighted, Confidence: -1, Sources: []string{}}
	life := Lifetime(h.Kind)
	live, denied := 0, map[string]bool{}
	for _, source := range seen.Denied {
		denied[source] = true
	}
	var open bool
	for _, c := range h.sorted() {
		if c.Withdrawn {
			continue
		}
		v.Changed = later(v.Changed, c.Said)
		v.TLP = max(v.TLP, c.Level())
		if c.Denied {
			denied[c.Source] = true
		}
		if h.Kind == Composite && c.Pattern != "" {
			v.Display = c.Pattern
		}
		if !c.Live() {
			continue
		}
		live++
		v.Confidence = max(v.Confidence, c.confidence())
		add(&v.Sources, c.Source)
		if c.TextTLP <= c.TLP && c.Name != "" {
			add(&v.Names, c.Name)
		}
		add(&v.Types, c.Types...)
		add(&v.KillChain, c.KillChain...)
		add(&v.Labels, c.Labels...)
		v.FirstSeen = earlier(v.FirstSeen, c.FirstSeen)
		v.LastSeen = later(v.LastSeen, c.LastSeen)
		from := c.ValidFrom
		if from.IsZero() {
			from = c.Said
		}
		v.ValidFrom = earlier(v.ValidFrom, from)
		switch {
		case !c.ValidUntil.IsZero():
			v.ValidUntil = later(v.ValidUntil, c.ValidUntil)
		case life == 0:
			open = true
		default:
			v.ValidUntil = later(v.ValidUntil, later(from, later(c.LastSeen, sighted)).Add(life))
		}
	}
	if open {
		v.ValidUntil = time.Time{}
	}
	if live == 0 { // of what was revoked something is still told
		for _, c := range h.sorted() {
			if !c.Withdrawn {
				add(&v.Sources, c.Source)
			}
		}
	}
	v.Confidence = max(v.Confidence, 0)
	born := later(v.ValidFrom, later(v.LastSeen, sighted))
	whole := life
	if !v.ValidUntil.IsZero() {
		whole = v.ValidUntil.Sub(born)
	}
	v.Score = Decay(v.Confidence, now.Sub(born), whole)
	h.stand(&v, now, live, len(denied), whole)
	if seen.Warned != "" && v.State.Matched() {
		v.State, v.Rule, v.Reason = Refused, OwnList, seen.Warned
	}
	return v
}

func (h *Held) searchable() bool {
	_, can := h.Search()
	return can
}

// stand finds the state.
func (h *Held) stand(v *View, now time.Time, live, denied int, life time.Duration) {
	last := Act{}
	for _, a := range h.Acts {
		last = a
	}
	doubts := Doubts(h.Kind, h.Value)
	switch {
	case len(doubts) > 0:
		v.State, v.Rule, v.Reason = Refused, doubts[0].Rule, doubts[0].Message
	case last.What == FalsePositive:
		v.State, v.Reason = Harmless, last.Reason
	case live == 0 && denied == 0:
		v.State = Revoked
	case denied >= mostDenied && last.What != Restored, live == 0:
		v.State = Harmless
	case last.What == Expired:
		v.State, v.Reason = Over, last.Reason
	case h.Kind == Composite && !h.searchable():
		v.State = Unmatched
	case !v.ValidUntil.IsZero() && !now.Before(v.ValidUntil):
		v.State = Over
	case now.Before(v.ValidFrom):
		v.State = Proposed
	case !v.ValidUntil.IsZero() && life > 0 && v.ValidUntil.Sub(now) < life/10:
		v.State = Expiring
	default:
		v.State = Active
	}
	if !v.State.Matched() && v.State != Unmatched {
		v.Score = 0
	}
}

// Level is the claim's marking as it counts here.
func (c *Claim) Level() stix.TLP {
	if c.TLP == stix.Unmarked {
		return UnmarkedCounts
	}
	return c.TLP
}

func (c *Claim) confidence() int {
	if c.Confidence < 0 {
		return unsaid
	}
	return min(c.Confidence, 100)
}

// Claimed are the claims, the latest first.
func (h *Held) Claimed() []Claim {
	all := h.sorted()
	slices.SortStableFunc(all, func(a, b Claim) int { return b.Said.Compare(a.Said) })
	return all
}

func (h *Held) sorted() []Claim {
	all := make([]Claim, 0, len(h.Claims))
	for _, c := range h.Claims {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Claim) int { return cmp.Compare(a.key(), b.key()) })
	return all
}

// add keeps each text once, in order.
func add(to *[]string, texts ...string) {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t == "" {
			continue
		}
		if at, found := slices.BinarySearch(*to, t); !found {
			*to = slices.Insert(*to, at, t)
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Doubts says why a value is refused: it is kept, and neither matched nor given on.
func Doubts(kind observable.Kind, value string) []observable.Doubt {
	if kind == Composite {
		return nil
	}
	return observable.Doubts(kind, value)
}
