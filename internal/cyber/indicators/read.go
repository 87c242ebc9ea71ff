package indicators

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/stix/pattern"
)

// Value is one thing to look for. That of a composite is the language of its pattern and a digest of it.
type Value struct {
	Kind  observable.Kind
	Value string // as observable.Key has it
}

// Read takes an indicator object apart: the values each of which it stands for by itself, or the pattern as a whole, and
// the claim it makes of them. It answers false for an object that is no indicator.
func Read(o *stix.Object, markings *stix.Markings, source, report string) ([]Value, Claim, bool) {
	v, ok := o.Indicator()
	if !ok {
		return nil, Claim{}, false
	}
	marked := markings.Of(o)
	c := Claim{
		Source: source, Ref: o.ID, Report: report, Said: o.Instant("modified"), CreatedBy: o.CreatedByRef,
		Name: v.Name, Text: v.Description, Types: v.Types, Labels: v.Labels, Confidence: v.Confidence,
		TLP: marked.Object, ValidFrom: v.ValidFrom, ValidUntil: v.ValidUntil, Revoked: o.Revoked,
	}
	if len(marked.Unknown) > 0 {
		c.TLP = max(c.TLP, UnmarkedCounts)
	}
	for _, s := range marked.Selectors {
		level := marked.At(s.Selector, UnmarkedCounts)
		if name, _, _ := strings.Cut(s.Selector, "."); name == "name" || name == "description" {
			c.TextTLP = max(c.TextTLP, level)
		} else {
			c.TLP = max(c.TLP, level) // of a part that is not kept apart: the whole is as strict
		}
	}
	for _, phase := range v.KillChain {
		c.KillChain = append(c.KillChain, phase.Phase)
	}
	if values := Alone(o.Pattern()); len(values) > 0 {
		return values, c, true
	}
	c.Pattern = cut(v.Pattern, longest)
	if values := part(o.Pattern()); len(values) > 0 {
		c.Confidence = c.confidence() * 2 / 3
		return values, c, true
	}
	sum := sha256.Sum256([]byte(v.Pattern))
	return []Value{{Composite, v.PatternType + " " + hex.EncodeToString(sum[:16])}}, c, true
}

// longest is what is kept of a text; the object itself is kept whole elsewhere.
const longest = 4000

// cut keeps the beginning of a text.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// mostAlone bounds how many values one pattern brings.
const mostAlone = 10_000

// Alone are the values any one of which satisfies a pattern by itself; none where it takes more than one to satisfy it.
func Alone(p *pattern.Pattern) []Value {
	if p == nil {
		return nil
	}
	var out []Value
	if !aloneOver(p.Root, &out) || len(out) > mostAlone {
		return nil
	}
	return out
}

// part are values of which whatever satisfies a pattern holds one, where the pattern asks for more besides, of the same
// observation: a file's name beside its digest, a port beside an address. A line that holds the value is worth a look, at
// less confidence. Where times and repetitions decide, there are none.
func part(p *pattern.Pattern) []Value {
	if p == nil || !plain(p.Root) {
		return nil
	}
	atoms, ok := p.Index()
	if !ok || len(atoms) > mostAlone {
		return nil
	}
	var out []Value
	for _, a := range atoms {
		if Lifetime(a.Kind) == 0 {
			return nil // a kind that no log shows
		}
		out = append(out, Value{a.Kind, a.Key})
	}
	return out
}

// plain tells observations of which one is enough.
func plain(o pattern.Observations) bool {
	switch o := o.(type) {
	case *pattern.Observation:
		return true
	case *pattern.Combined:
		return o.By == "OR" && !slices.ContainsFunc(o.Of, func(part pattern.Observations) bool { return !plain(part) })
	}
	return false
}

func aloneOver(o pattern.Observations, out *[]Value) bool {
	switch o := o.(type) {
	case *pattern.Observation:
		return aloneWithin(o.Holds, out)
	case *pattern.Combined:
		if o.By != "OR" {
			return false
		}
		for _, part := range o.Of {
			if !aloneOver(part, out) {
				return false
			}
		}
		return true
	}
	return false // qualified: how often, how close, when
}

func aloneWithin(c pattern.Comparison, out *[]Value) bool {
	switch c := c.(type) {
	case *pattern.Test:
		return aloneTest(c, out)
	case *pattern.Both:
		if c.By == "OR" {
			for _, part := range c.Of {
				if !aloneWithin(part, out) {
					return false
				}
			}
			return true
		}
		var rest []pattern.Comparison // but for tests that only say what kind of value follows
		for _, part := range c.Of {
			if t, ok := part.(*pattern.Test); ok && strings.HasSuffix(t.Path.String(), "_ref.type") && t.By == "=" && !t.Not {
				continue
			}
			rest = append(rest, part)
		}
		return len(rest) == 1 && aloneWithin(rest[0], out)
	}
	return false
}

func aloneTest(t *pattern.Test, out *[]Value) bool {
	if t.Not || t.By != "=" && t.By != "==" && t.By != "IN" && t.By != "ISSUBSET" {
		return false
	}
	for _, v := range t.Values {
		a, ok := pattern.AtomAt(t.Path.String(), v.Text)
		if !ok || a.Kind == "" || a.Key == "" {
			return false
		}
		*out = append(*out, Value{a.Kind, a.Key})
	}
	return len(t.Values) > 0
}
