package agreement

import (
	"cmp"
	"reflect"
	"slices"
)

// Read takes one version of one agreement. It answers every problem there is, in the document's order; where any is more
// than a warning, there is no agreement.
func Read(text []byte) (*Agreement, Problems) {
	r := &reading{places: map[string]place{}, quoted: map[string]bool{}}
	body, ok := r.parse(text)
	if !ok {
		return nil, r.problems
	}
	a := &Agreement{Digest: digestOf(text), Text: slices.Clone(text)}
	r.value("", body, reflect.ValueOf(&a.Document).Elem())
	c := &checking{reading: r, Agreement: a}
	c.document()
	slices.SortStableFunc(r.problems, func(p, q Problem) int { return cmp.Compare(p.Line, q.Line) })
	if r.problems.Refused() {
		return nil, r.problems
	}
	return a, r.problems
}
