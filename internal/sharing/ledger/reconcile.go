package ledger

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Difference is one figure that both sides counted on their own: what one side sent or gave, what the other received
// or got, and how far that is apart.
type Difference struct {
	Figure       string // requests.T2 bh→us
	From, To     string // parties: who sent or gave, who received or got
	Sent, Got    string // verbs of the figure
	First, Other Count
}

// Apart says whether the two counts contradict each other. Where one side shows only that they are few, few on the other
// side do not.
func (d Difference) Apart() bool {
	switch {
	case d.First.Less && d.Other.Less:
		return false
	case d.First.Less:
		return d.Other.masked() != d.First
	case d.Other.Less:
		return d.First.masked() != d.Other
	}
	return d.First.N != d.Other.N
}

// MarshalJSON names the two counts by party and verb: {"figure":…,"bh_sent":412,"us_received":412,"difference":0}.
func (d Difference) MarshalJSON() ([]byte, error) {
	var out []byte
	member := func(name string, value any) error {
		n, err := json.Marshal(name)
		if err != nil {
			return err
		}
		v, err := json.Marshal(value)
		out = fmt.Appendf(out, ",%s:%s", n, v)
		return err
	}
	apart := any(max(d.First.N-d.Other.N, d.Other.N-d.First.N))
	switch {
	case !d.Apart():
		apart = 0
	case d.First.Less || d.Other.Less:
		apart = "?"
	}
	for _, m := range []struct {
		name  string
		value any
	}{
		{"figure", d.Figure},
		{d.From + "_" + d.Sent, d.First},
		{d.To + "_" + d.Got, d.Other},
		{"difference", apart},
	} {
		if err := member(m.name, m.value); err != nil {
			return nil, err
		}
	}
	out[0] = '{'
	return append(out, '}'), nil
}

// UnmarshalJSON reads the figure; how its counts compare is worked out again from the sides.
func (d *Difference) UnmarshalJSON(b []byte) error {
	var known struct {
		Figure string `json:"figure"`
	}
	err := json.Unmarshal(b, &known)
	d.Figure = known.Figure
	return err
}

// Reconcile compares what both sides counted of the same things. The order is fixed: by figure, then by direction.
func Reconcile(own, partner string, ours, theirs *Side) []Difference {
	all := []Difference{}
	if ours == nil || theirs == nil {
		return all
	}
	nothing := &Given{}
	given := func(s *Side) *Given {
		if s.Given == nil {
			return nothing
		}
		return s.Given
	}
	compare := func(figure, from, to, sent, got string, first, other Counts) {
		keys := maps.Clone(first)
		if keys == nil {
			keys = Counts{}
		}
		maps.Copy(keys, other)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			all = append(all, Difference{
				Figure: fmt.Sprintf("%s.%s %s→%s", figure, key, from, to),
				From:   from, To: to, Sent: sent, Got: got, First: first[key], Other: other[key],
			})
		}
	}
	compare("requests", own, partner, "sent", "received", ours.Requests, theirs.Received)
	compare("requests", partner, own, "sent", "received", theirs.Requests, ours.Received)
	for _, f := range []struct {
		figure string
		gave   func(*Given) Counts
		got    func(*Side) Counts
	}{
		{"hits", func(g *Given) Counts { return g.Hits }, func(s *Side) Counts { return s.Hits }},
		{"no_hits", func(g *Given) Counts { return g.NoHits }, func(s *Side) Counts { return s.NoHits }},
		{"data", func(g *Given) Counts { return g.Data }, func(s *Side) Counts { return s.Data }},
		{"refusals", func(g *Given) Counts { return g.Refusals }, func(s *Side) Counts { return s.Refusals }},
	} {
		compare(f.figure, own, partner, "gave", "got", f.gave(given(ours)), f.got(theirs))
		compare(f.figure, partner, own, "gave", "got", f.gave(given(theirs)), f.got(ours))
	}
	compare("outcomes", own, partner, "sent", "received", ours.outcomes(), given(theirs).Outcomes)
	compare("outcomes", partner, own, "sent", "received", theirs.outcomes(), given(ours).Outcomes)
	compare("corrections", own, partner, "did", "saw", ours.Corrections.doneOf(), theirs.owed().doneOf())
	compare("corrections", partner, own, "did", "saw", theirs.Corrections.doneOf(), ours.owed().doneOf())
	return all
}

func (s *Side) outcomes() Counts {
	all := Counts{}
	for result, n := range map[string]Count{"confirmed_same": s.ConfirmedSame, "not_same": s.NotSame, "useful": s.Useful, "not_useful": s.NotUseful} {
		if !n.IsZero() {
			all[result] = n
		}
	}
	return all
}

// doneOf is the duty as a figure; erasures are not compared, since each side also erases what nobody asked it to.
func (d Duty) doneOf() Counts {
	if d.Due == 0 {
		return nil
	}
	return Counts{"done": {N: d.Done}}
}

func (s *Side) owed() Duty {
	if s.OwedToIt == nil {
		return Duty{}
	}
	return s.OwedToIt.Corrections
}
