package pattern

import (
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix/instant"
)

// Observed is one observation: what was seen together, between two instants, a number of times.
type Observed struct {
	First, Last time.Time
	Count       int              // at least once is meant by 0
	Objects     []*jsondoc.Value // cyber observables; they refer to each other by id
}

// Verdict is whether a pattern matches.
type Verdict uint8

// The verdicts. Undecided: it hangs on a part that cannot be evaluated here, or the work would be too much.
const (
	No Verdict = iota
	Undecided
	Yes
)

// maxBindings bounds the ways in which one part of a pattern may match.
const maxBindings = 4096

// Match evaluates the pattern over observations.
func (p *Pattern) Match(seen []Observed) Verdict {
	m := evaluation{seen: seen}
	if len(m.find(p.Root)) > 0 {
		return Yes
	}
	if len(p.Unsupported) > 0 { // does it match if all that cannot be evaluated holds?
		m.suppose = true
		if len(m.find(p.Root)) > 0 {
			return Undecided
		}
	}
	if m.gaveUp {
		return Undecided
	}
	return No
}

type evaluation struct {
	seen    []Observed
	byID    []map[string]*jsondoc.Value
	suppose bool // what tests that cannot be evaluated are taken to say
	gaveUp  bool
}

// binding is one way to match: the observations used, in ascending order.
type binding []int

// find answers the ways in which an expression matches.
func (m *evaluation) find(o Observations) []binding {
	switch o := o.(type) {
	case *Observation:
		var out []binding
		for i := range m.seen {
			if m.observed(i, o.Holds) {
				out = m.add(out, binding{i})
			}
		}
		return out
	case *Qualified:
		return m.qualified(o)
	case *Combined:
		out := m.find(o.Of[0])
		for _, part := range o.Of[1:] {
			next := m.find(part)
			if o.By == "OR" {
				for _, b := range next {
					if !slices.ContainsFunc(out, func(x binding) bool { return slices.Equal(x, b) }) {
						out = m.add(out, b)
					}
				}
				continue
			}
			var joined []binding
			for _, left := range out {
				for _, right := range next {
					if o.By == "FOLLOWEDBY" && m.last(left).After(m.first(right)) {
						continue
					}
					if both, ok := join(left, right); ok {
						joined = m.add(joined, both)
					}
				}
			}
			out = joined
		}
		return out
	}
	return nil
}

func (m *evaluation) add(out []binding, b binding) []binding {
	if len(out) >= maxBindings {
		m.gaveUp = true
		return out
	}
	return append(out, b)
}

// join is the union of two bindings that share no observation.
func join(a, b binding) (binding, bool) {
	out := make(binding, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return nil, false
		case a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		default:
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...), true
}

func (m *evaluation) first(b binding) time.Time {
	at := m.seen[b[0]].First
	for _, i := range b {
		if m.seen[i].First.Before(at) {
			at = m.seen[i].First
		}
	}
	return at
}

func (m *evaluation) last(b binding) time.Time {
	at := m.seen[b[0]].Last
	for _, i := range b {
		if m.seen[i].Last.After(at) {
			at = m.seen[i].Last
		}
	}
	return at
}

func (m *evaluation) qualified(q *Qualified) []binding {
	of := m.find(q.Of)
	switch {
	case q.Repeats > 0:
		return m.repeated(of, q.Repeats)
	case q.Start != "":
		start, _ := instant.Parse(q.Start)
		stop, _ := instant.Parse(q.Stop)
		return slices.DeleteFunc(of, func(b binding) bool {
			return slices.ContainsFunc(b, func(i int) bool { return !m.seen[i].First.Before(stop) || m.seen[i].Last.Before(start) })
		})
	}
	within := time.Duration(min(q.Within, 9e9) * float64(time.Second))
	return slices.DeleteFunc(of, func(b binding) bool {
		earliestEnd, latestStart := m.seen[b[0]].Last, m.seen[b[0]].First
		for _, i := range b {
			if m.seen[i].Last.Before(earliestEnd) {
				earliestEnd = m.seen[i].Last
			}
			if m.seen[i].First.After(latestStart) {
				latestStart = m.seen[i].First
			}
		}
		return latestStart.Sub(earliestEnd) > within
	})
}

// repeated joins bindings, in the order of time, until they are as many as asked; an observation counts as often as
// it was seen. From every beginning the shortest run is enough: no other lies closer together, begins later or ends sooner.
func (m *evaluation) repeated(of []binding, times int) []binding {
	slices.SortStableFunc(of, func(a, b binding) int { return m.first(a).Compare(m.first(b)) })
	var out []binding
	work := 0
	for i := range of {
		var run binding
		count := 0
		for _, b := range of[i:] {
			if work++; work > maxBindings*maxBindings/16 {
				m.gaveUp = true
				return out
			}
			both, ok := join(run, b)
			if !ok {
				continue
			}
			run = both
			weight := max(1, m.seen[b[0]].Count)
			for _, at := range b {
				weight = min(weight, max(1, m.seen[at].Count))
			}
			if count += weight; count >= times {
				out = m.add(out, run)
				break
			}
		}
	}
	return out
}

// observed tells whether one object of an observation passes a comparison.
func (m *evaluation) observed(i int, c Comparison) bool {
	for _, o := range m.seen[i].Objects {
		if m.holds(i, o, c) {
			return true
		}
	}
	return false
}

func (m *evaluation) holds(i int, o *jsondoc.Value, c Comparison) bool {
	switch c := c.(type) {
	case *Both:
		for _, part := range c.Of {
			if m.holds(i, o, part) == (c.By == "OR") {
				return c.By == "OR"
			}
		}
		return c.By == "AND"
	case *Test:
		if o.Get("type").Text() != c.Path.Type {
			return false
		}
		if c.unsupported {
			return m.suppose
		}
		found := false
		passed := m.along(i, o, "", c.Path.Steps, func(name string, v *jsondoc.Value) bool {
			found = true
			return c.By == "EXISTS" || c.holds(name, v) != c.Not
		})
		if c.By == "EXISTS" {
			return found != c.Not
		}
		return passed
	}
	return false
}

// along walks the steps from a value, through references and lists, until one end passes.
func (m *evaluation) along(i int, v *jsondoc.Value, name string, steps []Step, passes func(string, *jsondoc.Value) bool) bool {
	if v == nil {
		return false
	}
	if len(steps) == 0 {
		return passes(name, v)
	}
	step := steps[0]
	if step.Name != "" {
		if v.Kind == jsondoc.String && (strings.HasSuffix(name, "_ref") || strings.HasSuffix(name, "_refs")) {
			v = m.object(i, v.Text())
		}
		return m.along(i, v.Get(step.Name), step.Name, steps[1:], passes)
	}
	items := v.Items()
	if step.Any {
		for k := range items {
			if m.along(i, &items[k].Value, name, steps[1:], passes) {
				return true
			}
		}
		return false
	}
	at := step.Index
	if at < 0 {
		at += len(items)
	}
	if at < 0 || at >= len(items) {
		return false
	}
	return m.along(i, &items[at].Value, name, steps[1:], passes)
}

// object is the object of an observation that has that id.
func (m *evaluation) object(i int, id string) *jsondoc.Value {
	if m.byID == nil {
		m.byID = make([]map[string]*jsondoc.Value, len(m.seen))
	}
	if m.byID[i] == nil {
		m.byID[i] = make(map[string]*jsondoc.Value, len(m.seen[i].Objects))
		for _, o := range m.seen[i].Objects {
			m.byID[i][o.Get("id").Text()] = o
		}
	}
	return m.byID[i][id]
}
