package rules

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// index finds, of a domain's rules, the few that may hold of a view.
//
// Every distinct predicate of the rules' necessities is looked up once a view, attribute by attribute: a text in a hash
// table, a number among sorted thresholds. Each rule hangs on the necessity that is met least often; when one of its
// predicates is met, the rule's other necessities are looked at too, in a bit set; only then is the rule evaluated. A rule
// with no necessity is evaluated always.
//
// What is met how often the index learns from the views themselves, so "role is passenger", which nearly all meet, ends
// up under no rule that has anything better. That changes what a view costs, never what is found.
type index struct {
	*language
	rules      []*compiled
	attributes []attribute
	predicates int
	always     []int32                   // rules that are evaluated for every view
	needed     [][]anyOf                 // by rule
	hung       atomic.Pointer[[][]int32] // by predicate: the rules that hang on it
	seen       atomic.Int64              // views looked at
	met        atomic.Int64              // rules found by their predicate
	evaluated  atomic.Int64
	samples    []atomic.Int64 // by predicate: views of the sample that met it
	scratch    sync.Pool
}

// anyOf are predicates of which one must be met.
type anyOf []int32

// attribute is where predicates look for a value, and those that are waiting there.
type attribute struct {
	steps    []step
	all      []int32 // every predicate on it
	equal    map[string]int32
	prefix   map[string]int32
	lengths  []int         // of prefixes, shortest first
	ranges   []numberRange // by low
	whenTrue int32         // -1: none
	whenNot  int32
}

type numberRange struct {
	low, high int64
	predicate int32
}

// look is what one view meets.
type look struct {
	bits       []uint64
	met        []int32 // predicates, in the order they were met
	candidates []int32 // rules
	found      int
	evaluated  int
}

func newIndex(l *language, rules []*compiled) *index {
	x := &index{language: l, rules: rules, needed: make([][]anyOf, len(rules))}
	known := make(map[string]int32)
	at := make(map[string]int)
	for n, c := range rules {
		for _, needs := range c.needed {
			var ids anyOf
			for i := range needs {
				p := &needs[i]
				key := p.key()
				id, ok := known[key]
				if !ok {
					id = int32(len(known)) //nolint:gosec // a few thousand
					known[key] = id
					a, ok := at[p.attribute]
					if !ok {
						a = len(x.attributes)
						at[p.attribute] = a
						x.attributes = append(x.attributes, attribute{steps: p.steps, whenTrue: -1, whenNot: -1})
					}
					x.attributes[a].add(p, id)
				}
				ids = append(ids, id)
			}
			x.needed[n] = append(x.needed[n], ids)
		}
		if len(c.needed) == 0 {
			x.always = append(x.always, int32(n)) //nolint:gosec // a few thousand
		}
	}
	x.predicates = len(known)
	x.samples = make([]atomic.Int64, x.predicates)
	for i := range x.attributes {
		slices.SortFunc(x.attributes[i].ranges, func(a, b numberRange) int { return cmp.Compare(a.low, b.low) })
		slices.Sort(x.attributes[i].lengths)
		x.attributes[i].lengths = slices.Compact(x.attributes[i].lengths)
	}
	x.scratch.New = func() any { return &look{bits: make([]uint64, (x.predicates+63)/64)} }
	x.hang(x.guess())
	return x
}

func (a *attribute) add(p *predicate, id int32) {
	a.all = append(a.all, id)
	switch p.is {
	case equals:
		if a.equal == nil {
			a.equal = make(map[string]int32)
		}
		a.equal[p.text] = id
	case begins:
		if a.prefix == nil {
			a.prefix = make(map[string]int32)
		}
		a.prefix[p.text] = id
		a.lengths = append(a.lengths, len(p.text))
	case within:
		a.ranges = append(a.ranges, numberRange{p.low, p.high, id})
	case flag:
		if p.low == 1 {
			a.whenTrue = id
		} else {
			a.whenNot = id
		}
	}
}

// guess how often each predicate is met, before any view was seen.
func (x *index) guess() []float64 {
	out := make([]float64, x.predicates)
	for i := range x.attributes {
		a := &x.attributes[i]
		for _, id := range a.all {
			out[id] = .05
		}
		for _, r := range a.ranges {
			out[r.predicate] = .3
			if r.low == r.high {
				out[r.predicate] = .05
			}
		}
		for _, id := range []int32{a.whenTrue, a.whenNot} {
			if id >= 0 {
				out[id] = .5
			}
		}
	}
	return out
}

// hang puts each rule under the necessity that is met least often.
func (x *index) hang(often []float64) {
	hung := make([][]int32, x.predicates)
	for n, needed := range x.needed {
		if len(needed) == 0 {
			continue
		}
		best, least := 0, math.Inf(1)
		for i, any := range needed {
			sum := 0.0
			for _, id := range any {
				sum += often[id]
			}
			if sum < least {
				best, least = i, sum
			}
		}
		for _, id := range needed[best] {
			hung[id] = append(hung[id], int32(n)) //nolint:gosec // a few thousand
		}
	}
	x.hung.Store(&hung)
}

const (
	learnFirst = 512     // views that are all learnt from, before the rules are hung anew
	learnOf    = 64      // later one view in so many is
	learnAgain = 1 << 16 // views after which they are hung anew once more
)

// learn counts what a view met, and hangs the rules anew when enough has been learnt.
func (x *index) learn(seen int64, met []int32) {
	if seen > learnFirst && seen%learnOf != 0 {
		return
	}
	for _, id := range met {
		x.samples[id].Add(1)
	}
	if seen != learnFirst && seen%learnAgain != 0 {
		return
	}
	sampled := float64(min(seen, learnFirst) + max(seen-learnFirst, 0)/learnOf)
	often := make([]float64, x.predicates)
	for id := range often {
		often[id] = (float64(x.samples[id].Load()) + .01) / sampled
	}
	x.hang(often)
}

// look finds which rules a view may meet, in their order. done gives the scratch back.
func (x *index) look(view reflect.Value) *look {
	s, _ := x.scratch.Get().(*look)
	s.met, s.candidates, s.found, s.evaluated = s.met[:0], append(s.candidates[:0], x.always...), 0, 0
	for i := range x.attributes {
		x.attributes[i].meet(s, view, x.attributes[i].steps)
	}
	hung := *x.hung.Load()
	for _, id := range s.met {
		for _, n := range hung[id] {
			s.found++
			if s.all(x.needed[n]) {
				s.candidates = append(s.candidates, n)
			}
		}
	}
	slices.Sort(s.candidates)
	s.candidates = slices.Compact(s.candidates)
	return s
}

func (x *index) done(s *look) {
	x.learn(x.seen.Add(1), s.met)
	x.met.Add(int64(s.found + len(x.always)))
	x.evaluated.Add(int64(s.evaluated))
	for _, id := range s.met {
		s.bits[id/64] = 0
	}
	x.scratch.Put(s)
}

// all says whether each necessity is met.
func (s *look) all(needed []anyOf) bool {
	for _, any := range needed {
		if !slices.ContainsFunc(any, s.has) {
			return false
		}
	}
	return true
}

func (s *look) has(id int32) bool { return s.bits[id/64]&(1<<(id%64)) != 0 }

func (s *look) meet(id int32) {
	if id < 0 || s.has(id) {
		return
	}
	s.bits[id/64] |= 1 << (id % 64)
	s.met = append(s.met, id)
}

// meet follows the steps to a value, or to each value of a list, and notes which predicates are met there.
func (a *attribute) meet(s *look, v reflect.Value, steps []step) {
	for n, step := range steps {
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				a.unknown(s)
				return
			}
			v = v.Elem()
		}
		for i, f := range step.index {
			if i > 0 && v.Kind() == reflect.Pointer { // an embedded one
				if v.IsNil() {
					a.unknown(s)
					return
				}
				v = v.Elem()
			}
			v = v.Field(f)
		}
		if step.list {
			for v.Kind() == reflect.Pointer {
				if v.IsNil() {
					a.unknown(s)
					return
				}
				v = v.Elem()
			}
			for i := range v.Len() {
				a.meet(s, v.Index(i), steps[n+1:])
			}
			return
		}
	}
	a.value(s, v)
}

// unknown is a value that cannot be had, for it lies behind a nil pointer: what CEL makes of it is CEL's to say.
func (a *attribute) unknown(s *look) {
	for _, id := range a.all {
		s.meet(id)
	}
}

func (a *attribute) value(s *look, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			a.unknown(s)
			return
		}
		a.value(s, v.Elem())
	case reflect.String:
		a.textual(s, v.String())
	case reflect.Bool:
		if v.Bool() {
			s.meet(a.whenTrue)
		} else {
			s.meet(a.whenNot)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		a.number(s, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		a.number(s, int64(min(v.Uint(), math.MaxInt64))) //nolint:gosec // bounded
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); !math.IsNaN(f) {
			a.number(s, floatKey(f))
		}
	default:
		a.unknown(s)
	}
}

func (a *attribute) textual(s *look, text string) {
	if id, ok := a.equal[text]; ok {
		s.meet(id)
	}
	for _, length := range a.lengths {
		if length > len(text) {
			return
		}
		if id, ok := a.prefix[text[:length]]; ok {
			s.meet(id)
		}
	}
}

func (a *attribute) number(s *look, key int64) {
	for i := range a.ranges {
		r := &a.ranges[i]
		if r.low > key {
			return
		}
		if key <= r.high {
			s.meet(r.predicate)
		}
	}
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	timeType     = reflect.TypeFor[time.Time]()
)
