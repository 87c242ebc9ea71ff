package collection

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/rihla/rihla/formats/taxii"
)

// shadow is what the other versions of an object mean for one of them, as each level of TLP sees it: the latest
// date_added among its newer ones and among its older ones, for each version of STIX, and among those of a newer version
// of STIX. So whether it is the last or the first of what a user may see, and of what was added after some date, is a
// comparison. 0 is that there is none.
type shadow struct {
	past, before [len(specs)]byLevel
	newer        byLevel
}

type byLevel [levels]int64

// cast makes e bear another version of the same object, and tells whether that changes anything. A date later than e's
// own need not be made later still: no query that reaches e is left without it.
func (sh *shadow) cast(e, by *entry) (changed bool) {
	raise := func(row *byLevel) {
		for level := by.level; int(level) < levels; level++ {
			if row[level] < by.added && row[level] <= e.added {
				row[level], changed = by.added, true
			}
		}
	}
	switch {
	case by.version > e.version:
		raise(&sh.past[by.spec])
	case by.version < e.version:
		raise(&sh.before[by.spec])
	}
	if by.spec > e.spec {
		raise(&sh.newer)
	}
	return changed
}

func (sh *shadow) rows() [2*len(specs) + 1]*byLevel {
	return [...]*byLevel{&sh.past[0], &sh.past[1], &sh.before[0], &sh.before[1], &sh.newer}
}

func (sh *shadow) pack() []byte {
	b := make([]byte, 0, 64)
	for _, row := range sh.rows() {
		for _, added := range row {
			b = binary.AppendUvarint(b, uint64(added)) //nolint:gosec // never negative
		}
	}
	return b
}

var errShadow = errors.New("taxii_shadow: a row is not as this program writes it")

func unpackShadow(b []byte) (sh shadow, err error) {
	for _, row := range sh.rows() {
		for level := range row {
			n, size := binary.Uvarint(b)
			if size <= 0 {
				return sh, errShadow
			}
			row[level], b = int64(n), b[size:] //nolint:gosec // as pack wrote it
		}
	}
	return sh, nil
}

// query is what a filter asks for, as one user may see it.
type query struct {
	rights
	taxii.Filter
	since  int64 // added_after; 0 where it was not said
	choice taxii.Choice
	specs  []uint8 // nil: the newest of each object
	kinds  map[string]bool
}

// newQuery reads a filter for a user. Where the filter does not say which versions, unsaid does.
func newQuery(f taxii.Filter, r rights, unsaid taxii.Choice) query {
	q := query{Filter: f, rights: r, since: max(0, int64(f.After)), choice: f.Versions}
	if !q.choice.Said() {
		q.choice = unsaid
	}
	if len(f.Specs) > 0 {
		q.specs = []uint8{}
		for _, wanted := range f.Specs {
			for place, spec := range specs {
				if spec == wanted {
					q.specs = append(q.specs, uint8(place)) //nolint:gosec // two
				}
			}
		}
	}
	if len(f.Types) > 0 {
		q.kinds = map[string]bool{}
		for _, kind := range f.Types {
			q.kinds[kind] = true
		}
	}
	return q
}

// shadowed reports whether a match needs shadows at all.
func (q *query) shadowed() bool { return q.specs == nil || q.choice.First || q.choice.Last }

// admits reports whether an entry is what is asked for. The order is the one that test suites expect: what was added
// when, and in which version of STIX, first; among those, which version of the object.
func (q *query) admits(e *entry, sh *shadow) bool {
	if e.level > q.ceiling || e.added <= q.since || q.kinds != nil && !q.kinds[string(e.kind())] {
		return false
	}
	among, own := q.specs, [1]uint8{e.spec}
	switch {
	case among == nil && sh != nil && sh.newer[q.ceiling] > q.since:
		return false
	case among == nil:
		among = own[:]
	case !slices.Contains(among, e.spec):
		return false
	}
	if q.choice.All || q.choice.Last && !q.any(among, sh, true) || q.choice.First && !q.any(among, sh, false) {
		return true
	}
	for _, at := range q.choice.At {
		if at == e.instant() {
			return true
		}
	}
	return false
}

// any reports whether there is a newer (or older) version in sight.
func (q *query) any(among []uint8, sh *shadow, newer bool) bool {
	if sh == nil {
		return false
	}
	rows := &sh.before
	if newer {
		rows = &sh.past
	}
	for _, spec := range among {
		if rows[spec][q.ceiling] > q.since {
			return true
		}
	}
	return false
}
