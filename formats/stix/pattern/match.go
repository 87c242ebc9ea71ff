package pattern

import (
	"encoding/binary"
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

// What evaluation may cost: the ways in which one part of a pattern may match, and the steps of all of it together.
const (
	maxBindings = 4096
	maxWork     = 1 << 18
)

// Match evaluates the pattern over observations.
func (p *Pattern) Match(seen []Observed) Verdict {
	_, v := p.Ways(seen)
	return v
}

// Ways evaluates the pattern, and answers the ways in which it matches: of each the observations it needs, in their order.
func (p *Pattern) Ways(seen []Observed) ([][]int, Verdict) {
	m := evaluation{seen: seen}
	if found := m.find(p.Root); len(found) > 0 {
		ways := make([][]int, len(found))
		for i, b := range found {
			ways[i] = b
		}
		return ways, Yes
	}
	return nil, p.without(&m)
}

// without is the verdict where no way was found.
func (p *Pattern) without(m *evaluation) Verdict {
	if len(p.Unsupported) > 0 && !m.gaveUp { // does it match if all that cannot be evaluated holds?
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
	work    int
	gaveUp  bool
}

// spend counts steps, and answers false once there were too many.
func (m *evaluation) spend(steps int) bool {
	if m.work += steps; m.work > maxWork {
		m.gaveUp = true
	}
	return !m.gaveUp
}

// binding is one way to match: the observations used, in ascending order.
type binding []int

// key tells equal bindings.
func (b binding) key() string {
	out := make([]byte, 0, 4*len(b))
	for _, i := range b {
		out = append(binary.AppendUvarint(out, uint64(i)), ' ') //nolint:gosec // a position
	}
	return string(out)
}

// find answers the ways in which an expression matches.
func (m *evaluation) find(o Observations) []binding {
	switch o := o.(type) {
	case *Observation:
		var out []binding
		for i := range m.seen {
			if m.observed(i, o.Holds) {
				out = m.add(out, binding{i})
			}
			if m.gaveUp {
				break
			}
		}
		return out
	case *Qualified:
		return m.qualified(o)
	case *Combined:
		if o.By == "OR" {
			return m.either(o.Of)
		}
		out := m.find(o.Of[0])
		for _, part := range o.Of[1:] {
			if len(out) == 0 || m.gaveUp {
				return out[:0]
			}
			out = m.joined(out, m.find(part), o.By == "FOLLOWEDBY")
		}
		return out
	}
	return nil
}

// either is the union of the ways in which parts match.
func (m *evaluation) either(parts []Observations) []binding {
	var out []binding
	known := map[string]bool{}
	for _, part := range parts {
		for _, b := range m.find(part) {
			if k := b.key(); !known[k] && m.spend(1) {
				known[k] = true
				out = m.add(out, b)
			}
		}
	}
	return out
}

// joined pairs the ways in which two parts match, where they share no observation and follow each other if they should.
func (m *evaluation) joined(lefts, rights []binding, followed bool) []binding {
	var out []binding
	known := map[string]bool{}
	for _, left := range lefts {
		for _, right := range rights {
			if !m.spend(len(left)+len(right)) || len(out) == maxBindings {
				m.gaveUp = true
				return out
			}
			if followed && m.last(left).After(m.first(right)) {
				continue
			}
			both, ok := join(left, right)
			if !ok {
				continue
			}
			if k := both.key(); !known[k] {
				known[k] = true
				out = append(out, both)
			}
		}
	}
	return out
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
	left := 0 // how often all that is still to come was seen
	for _, b := range of {
		left += m.weight(b)
	}
	var out []binding
	for i := range of {
		if left < times {
			return out
		}
		left -= m.weight(of[i])
		var run binding
		count := 0
		for _, b := range of[i:] {
			if !m.spend(len(run) + len(b)) {
				return out
			}
			both, ok := join(run, b)
			if !ok {
				continue
			}
			run = both
			if count += m.weight(b); count >= times {
				out = m.add(out, run)
				break
			}
		}
	}
	return out
}

// weight is how often a binding was seen: as often as the rarest of its observations.
func (m *evaluation) weight(b binding) int {
	weight := max(1, m.seen[b[0]].Count)
	for _, at := range b {
		weight = min(weight, max(1, m.seen[at].Count))
	}
	return weight
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
		if !m.spend(1+len(c.Values)) || o.Get("type").Text() != c.Path.Type {
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
	if v == nil || !m.spend(1) {
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
