package ledger

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"time"
)

// Span is a piece of time: From is inside it, Until is not.
type Span struct{ From, Until time.Time }

func (s Span) holds(t time.Time) bool { return !t.Before(s.From) && t.Before(s.Until) }

// Span is the time between the beginning of the first day and the end of the last, in UTC.
func (d Days) Span() (Span, error) {
	from, err := time.Parse(time.DateOnly, d.From)
	if err != nil {
		return Span{}, fmt.Errorf("the period's first day %q is not written YYYY-MM-DD", d.From)
	}
	to, err := time.Parse(time.DateOnly, d.To)
	if err != nil {
		return Span{}, fmt.Errorf("the period's last day %q is not written YYYY-MM-DD", d.To)
	}
	if to.Before(from) {
		return Span{}, fmt.Errorf("the period ends on %s, before it begins on %s", d.To, d.From)
	}
	return Span{from, to.AddDate(0, 0, 1)}, nil
}

// sorted gives a map's pairs by key.
func sorted[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// wilson is the 95 % score interval of a proportion (Wilson 1927): it stays inside 0 and 1 and holds for few cases.
func wilson(yes, n int) *Proportion {
	if n == 0 {
		return nil
	}
	const z = 1.959963984540054
	p, m := float64(yes)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return &Proportion{Value: round(p, 2), Low: round(max(0, centre-half), 2), High: round(min(1, centre+half), 2)}
}

func round(v float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(v*scale) / scale
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return round(float64(part)/float64(whole), 3)
}

// times are how long things took, and how many of them too long.
type times struct {
	took []time.Duration
	late int
}

func (t *times) add(took time.Duration, late bool) {
	t.took = append(t.took, max(0, took))
	if late {
		t.late++
	}
}

// percentiles are by nearest rank, in whole seconds.
func (t *times) percentiles() Percentiles {
	slices.Sort(t.took)
	at := func(share float64) int64 {
		rank := int(math.Ceil(share * float64(len(t.took))))
		return int64(t.took[max(rank, 1)-1].Round(time.Second) / time.Second)
	}
	return Percentiles{
		N: Count{N: len(t.took)}, P50: at(0.50), P90: at(0.90), P99: at(0.99), LateShare: share(t.late, len(t.took)),
	}
}

// covered is how much time spans cover together.
func covered(spans []Span) time.Duration {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until)) })
	var sum time.Duration
	var reached time.Time
	for _, s := range spans {
		if s.From.Before(reached) {
			s.From = reached
		}
		if s.Until.After(s.From) {
			sum += s.Until.Sub(s.From)
			reached = s.Until
		}
	}
	return sum
}
