package stix

import (
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
)

// Markings knows what marking definitions say. The predefined ones of TLP 1 and 2 it knows from the start; others are
// learnt. Once learnt it may be used by several at once.
type Markings struct {
	levels map[string]TLP // of definitions that are learnt; Unmarked: it says something else, a statement
}

// NewMarkings knows the predefined definitions, and those among some objects.
func NewMarkings(objects ...*Object) *Markings {
	m := &Markings{levels: map[string]TLP{}}
	for _, o := range objects {
		m.Learn(o)
	}
	return m
}

// Learn takes up a marking definition. Other objects say nothing to it.
func (m *Markings) Learn(o *Object) {
	if o.Type == "marking-definition" {
		level, _ := definedTLP(o)
		m.levels[o.ID] = level
	}
}

// Level is what a definition says of TLP: Unmarked where it is a statement, false where nobody knows it.
func (m *Markings) Level(id string) (TLP, bool) {
	if level, ok := tlpByID[id]; ok {
		return level, true
	}
	level, ok := m.levels[id]
	return level, ok
}

// Marked is the effective TLP of an object.
type Marked struct {
	Object    TLP              // the strictest of its object_marking_refs; Unmarked where it has none
	Selectors []MarkedSelector // of properties that have one of their own, in the order of granular_markings
	Unknown   []string         // identifiers of markings that nobody knows: they may say anything
	doubtful  bool             // one of them marks the object itself
}

// MarkedSelector is a property with a TLP of its own, stricter or looser than its object's.
type MarkedSelector struct {
	Selector string
	TLP      TLP
	path     []string
}

// Of is the effective TLP of an object and of its properties.
func (m *Markings) Of(o *Object) Marked {
	var out Marked
	out.Object = m.strictest(o.Markings, &out.Unknown)
	out.doubtful = len(out.Unknown) > 0
	if !o.Granular {
		return out
	}
	entries := o.Get("granular_markings").Items()
	for i := range entries {
		ref := entries[i].Value.Get("marking_ref").Text()
		if ref == "" {
			continue // a language, no marking
		}
		level := m.strictest([]string{ref}, &out.Unknown)
		if level == Unmarked {
			if _, known := m.Level(ref); known {
				continue
			}
		}
		for _, selector := range texts(entries[i].Value.Get("selectors")) {
			out.Selectors = append(out.Selectors, MarkedSelector{selector, level, selectorPath(selector)})
		}
	}
	return out
}

func (m *Markings) strictest(ids []string, unknown *[]string) TLP {
	out := Unmarked
	for _, id := range ids {
		level, known := m.Level(id)
		if !known {
			*unknown = append(*unknown, id)
		}
		out = max(out, level)
	}
	return out
}

// Effective is the level that holds for an object under a node's rule for what bears none: what is unmarked, or bears a
// marking nobody knows, has at least that level.
func (m *Marked) Effective(unmarked TLP) TLP {
	if m.Object == Unmarked || m.doubtful {
		return max(m.Object, unmarked)
	}
	return m.Object
}

// At is the level of one property: that of its own selector, else of the nearest one around it, else the object's.
func (m *Marked) At(selector string, unmarked TLP) TLP {
	path := selectorPath(selector)
	best, level := -1, m.Effective(unmarked)
	for i := range m.Selectors {
		s := &m.Selectors[i]
		if len(s.path) > len(path) || !prefixes(s.path, path) || len(s.path) < best {
			continue
		}
		own := s.TLP
		if own == Unmarked {
			own = unmarked
		}
		if len(s.path) > best {
			best, level = len(s.path), own
		} else {
			level = max(level, own)
		}
	}
	return level
}

func prefixes(short, long []string) bool {
	for i := range short {
		if short[i] != long[i] {
			return false
		}
	}
	return true
}

// selectorPath splits a selector into member names and positions: labels.[0] is labels, 0. A name with a dot in it cannot
// be selected; the standard allows none.
func selectorPath(selector string) []string {
	steps := strings.Split(selector, ".")
	for i, s := range steps {
		if len(s) > 2 && s[0] == '[' && s[len(s)-1] == ']' {
			steps[i] = s[1 : len(s)-1]
		}
	}
	return steps
}

// resolves tells whether a selector leads to something in an object.
func resolves(v *jsondoc.Value, path []string) bool {
	for _, step := range path {
		switch v.Kind {
		case jsondoc.Object:
			if v = v.Get(step); v == nil {
				return false
			}
		case jsondoc.Array:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(v.Items()) {
				return false
			}
			v = &v.Items()[n].Value
		default:
			return false
		}
	}
	return true
}
