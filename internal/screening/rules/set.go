package rules

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Set is a number of compiled rules. It is immutable, but for what it learns of how often its conditions hold, and safe
// for any number of goroutines.
type Set struct {
	rules    []*compiled
	byID     map[string]*compiled
	byDomain map[string]*index
}

// path is an attribute that an expression names: shown with its value when the rule hits.
type path struct {
	text   string
	fields [][]int // a reflect index for each step
}

// Hit is a rule that holds for a view.
type Hit struct {
	Rule   *Rule
	Values []Value // what the rule looked at
}

// Value is one attribute a rule looked at.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Parse reads and compiles rule files against what the domains offer. Every rule that is wrong is told, all at once.
func Parse(files []File, vocabularies []Vocabulary) (*Set, error) {
	rules, errs := Read(files)
	s, wrong, err := Compile(rules, vocabularies)
	if err != nil {
		return nil, err
	}
	if errs = append(errs, wrong...); len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return s, nil
}

// Compile makes a set of rules, leaving out those that are wrong and telling why. err is the vocabulary's own.
func Compile(rules []Rule, vocabularies []Vocabulary) (s *Set, wrong []error, err error) {
	known, err := languages(vocabularies)
	if err != nil {
		return nil, nil, err
	}
	s = &Set{byID: make(map[string]*compiled), byDomain: make(map[string]*index)}
	of := make(map[string][]*compiled)
	for _, r := range rules {
		key := r.ID
		if r.Shadow {
			key += inShadow // a rule may be live while its next version is in shadow
		}
		if first := s.byID[key]; first != nil {
			wrong = append(wrong, r.wrong("id", "rule_id_twice", fmt.Sprintf("rule %s stands in %s too", r.ID, first.file), "give each rule an id of its own"))
			continue
		}
		c, errs := compile(r, known)
		if len(errs) > 0 {
			wrong = append(wrong, errs...)
			continue
		}
		s.byID[key] = c
		s.rules = append(s.rules, c)
		of[r.Domain] = append(of[r.Domain], c)
	}
	for domain, rules := range of {
		s.byDomain[domain] = newIndex(known[domain], rules)
	}
	return s, wrong, nil
}

// inShadow marks, in the set's own keys, the version of a rule that is in shadow.
const inShadow = "\x00shadow"

// Len is the number of rules.
func (s *Set) Len() int { return len(s.rules) }

// Rules gives the rules as written, in the order of their files.
func (s *Set) Rules() []Rule {
	out := make([]Rule, len(s.rules))
	for i, c := range s.rules {
		out[i] = c.Rule
	}
	return out
}

// Failures counts how often evaluating a rule failed since the set was compiled: a cost limit, an absent map key, a
// division by zero.
func (s *Set) Failures(id string) int64 {
	if c := s.byID[id]; c != nil {
		return c.failed.Load()
	}
	return 0
}

// ShadowFailures counts those of the version in shadow, and says why the last was.
func (s *Set) ShadowFailures(id string) (n int64, last string) {
	return s.Failures(id + inShadow), s.LastFailure(id + inShadow)
}

// LastFailure says why a rule failed when it last did.
func (s *Set) LastFailure(id string) string {
	if c := s.byID[id]; c != nil {
		if why := c.lastFail.Load(); why != nil {
			return *why
		}
	}
	return ""
}

// Work counts what evaluating cost: views looked at, rules whose index entry met a view, and rules evaluated.
func (s *Set) Work() (views, met, evaluated int64) {
	for _, x := range s.byDomain {
		views += x.seen.Load()
		met += x.met.Load()
		evaluated += x.evaluated.Load()
	}
	return views, met, evaluated
}

// Evaluate appends the rules of a domain that hold for a view (a pointer to the vocabulary's struct) at an instant.
// A rule that fails does not hold. Only rules whose necessary conditions are met are evaluated.
func (s *Set) Evaluate(dst []Hit, domain string, view any, at time.Time) []Hit {
	x := s.byDomain[domain]
	if x == nil || view == nil {
		return dst
	}
	v := reflect.ValueOf(view)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return dst
		}
		v = v.Elem()
	}
	if v.Type() != x.view {
		return dst
	}
	scratch := x.look(v)
	var given activation
	for _, n := range scratch.candidates {
		c := x.rules[n]
		if !c.expires.IsZero() && !at.Before(c.expires) {
			continue
		}
		if given.value == nil {
			given = activation{x.Name, x.adapter.NativeToValue(view)}
		}
		scratch.evaluated++
		if c.holds(&given) {
			dst = append(dst, Hit{Rule: &c.Rule, Values: c.values(v)})
		}
	}
	x.done(scratch)
	return dst
}

// holds evaluates a rule, and counts what fails.
func (c *compiled) holds(given *activation) bool {
	holds, err := c.evaluate(given)
	if err != nil {
		c.failed.Add(1)
		if last := c.lastFail.Load(); last == nil || *last != err.Error() {
			why := err.Error()
			c.lastFail.Store(&why)
		}
	}
	return holds
}

func (c *compiled) evaluate(given *activation) (holds bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			holds, err = false, fmt.Errorf("our software failed on it: %v", r)
		}
	}()
	out, _, err := c.program.Eval(given)
	if err != nil {
		return false, err
	}
	return out == types.True, nil
}

// activation binds one variable, without a map.
type activation struct {
	name  string
	value ref.Val
}

func (a *activation) ResolveName(name string) (any, bool) {
	if name == a.name {
		return a.value, true
	}
	return nil, false
}

func (a *activation) Parent() cel.Activation { return nil }

// longestValue shown of an attribute, in bytes.
const longestValue = 120

func (c *compiled) values(view reflect.Value) []Value {
	out := make([]Value, 0, len(c.paths))
	for _, p := range c.paths {
		v, ok := view, true
		for _, index := range p.fields {
			for v.Kind() == reflect.Pointer {
				if v.IsNil() {
					ok = false
					break
				}
				v = v.Elem()
			}
			if !ok {
				break
			}
			v = v.FieldByIndex(index)
		}
		if !ok {
			continue
		}
		out = append(out, Value{p.text, shown(v)})
	}
	return out
}

// shown is a value for people.
func shown(v reflect.Value) string {
	text := ""
	switch x := v.Interface().(type) {
	case time.Time:
		text = x.UTC().Format(time.RFC3339)
	default:
		switch v.Kind() {
		case reflect.Slice, reflect.Array:
			parts := make([]string, v.Len())
			for i := range parts {
				parts[i] = shown(v.Index(i))
			}
			text = strings.Join(parts, ", ")
		case reflect.Struct:
			var parts []string
			for _, f := range reflect.VisibleFields(v.Type()) {
				if f.IsExported() && len(f.Index) == 1 && !v.FieldByIndex(f.Index).IsZero() {
					parts = append(parts, shown(v.FieldByIndex(f.Index)))
				}
			}
			text = strings.Join(parts, " ")
		default:
			text = fmt.Sprint(x)
		}
	}
	if len(text) > longestValue {
		text = strings.ToValidUTF8(text[:longestValue], "") + "…"
	}
	return text
}

// Needs tells, for people, by which conditions a rule is found without being evaluated; none means that it is evaluated
// for every view.
func (s *Set) Needs(id string) []string {
	c := s.byID[id]
	if c == nil {
		return nil
	}
	var out []string
	for _, n := range c.needed {
		out = append(out, n.String())
	}
	return slices.Compact(out)
}
