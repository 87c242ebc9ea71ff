package rules

import (
	"reflect"
	"time"
)

// EvaluateAll evaluates every rule of a domain, without the index.
func (s *Set) EvaluateAll(domain string, view any, at time.Time) []Hit {
	x := s.byDomain[domain]
	if x == nil {
		return nil
	}
	var out []Hit
	v := reflect.ValueOf(view).Elem()
	given := activation{x.Name, x.adapter.NativeToValue(view)}
	for _, c := range x.rules {
		if !c.expires.IsZero() && !at.Before(c.expires) {
			continue
		}
		if holds, err := c.evaluate(&given); err == nil && holds {
			out = append(out, Hit{Rule: &c.Rule, Values: c.values(v)})
		}
	}
	return out
}
