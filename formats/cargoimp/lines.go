package cargoimp

import (
	"slices"
	"strconv"
	"strings"
)

// row is a line of a group, split; tag is its identifier, "" for a line that continues the one before.
type row struct {
	line
	tag string
	fs  []field // without the identifier
}

// field is the row's i-th field; where there is none, an empty one at the line's end.
func (w *row) field(i int) field {
	if i < len(w.fs) {
		return w.fs[i]
	}
	return w.whole().from(len(w.text))
}

// rest is everything from the i-th field on, slants and all.
func (w *row) rest(i int) field {
	if i >= len(w.fs) {
		return w.field(i)
	}
	f := w.whole()
	return f.from(w.fs[i].off - f.off)
}

// group is an identified line with those that continue it; for a party also its NAM, ADR and LOC.
type group struct {
	id   string
	rows []row
}

func (g *group) head() *row { return &g.rows[0] }

// kept is the group as it came.
func (g *group) kept(house string) Kept {
	k := Kept{Line: g.rows[0].no, House: house}
	for i := range g.rows {
		k.Text = append(k.Text, g.rows[i].whole().String())
	}
	return k
}

// parts are the lines that belong to a party before them.
var parts = []string{"NAM", "ADR", "LOC"}

// parties are the lines that NAM, ADR and LOC may follow.
var parties = []string{"SHP", "CNE", "NFY", "OPI", "AGT"}

// scratch is where lines are taken apart. What is made of them keeps nothing of it, so that one does for a whole file.
type scratch struct {
	rows   []row
	fields []field
	groups []group
}

// split puts lines together; the groups stand until it is called again. A line that is neither identified nor a continuation makes a group
// of its own, without identifier.
func (s *scratch) split(lines []line) []group {
	n := 0
	for i := range lines {
		n += 1 + strings.Count(lines[i].text, "/")
	}
	if cap(s.fields) < n {
		s.fields = make([]field, 0, n)
	}
	if cap(s.rows) < len(lines) {
		s.rows, s.groups = make([]row, len(lines)), make([]group, 0, len(lines))
	}
	rows, arena, gs := s.rows[:len(lines)], s.fields[:0], s.groups[:0]
	first := 0 // row of the last group
	for i, l := range lines {
		w := &rows[i]
		start := len(arena)
		arena = l.fields(arena)
		*w = row{line: l, tag: l.identifier(), fs: arena[start:len(arena):len(arena)]}
		continues := l.text[0] == '/'
		if w.tag != "" || continues {
			w.fs = w.fs[1:]
		}
		if last := len(gs) - 1; last >= 0 && (continues || slices.Contains(parts, w.tag) && slices.Contains(parties, gs[last].id)) {
			gs[last].rows = rows[first : i+1]
			continue
		}
		first = i
		gs = append(gs, group{w.tag, rows[i : i+1]})
	}
	return gs
}

// rule says how a line is read: its place in the order, whether it may come again, and by whom; a line without reader is
// kept as it came.
type rule[T any] struct {
	id   string
	list bool
	read func(*reader, *T, *group)
}

// grammar is the lines of a message in the standard's order.
type grammar[T any] []rule[T]

// found are the lines of a message that were read, each by its first.
type found struct{ heads []*row }

// row is the line with this identifier; nil when there is none.
func (f found) row(id string) *row {
	for _, w := range f.heads {
		if w.tag == id {
			return w
		}
	}
	return nil
}

// walk reads groups into t. Any order is read; what comes twice is joined when it is a list, otherwise the first stands
// and the second is lost, for which of them is meant cannot be known.
func (g grammar[T]) walk(r *reader, t *T, house string, gs []group) (f found) {
	furthest, disordered := -1, false
	for i := range gs {
		at := &gs[i]
		n := slices.IndexFunc(g, func(l rule[T]) bool { return l.id == at.id })
		if n < 0 {
			r.wrong(at.head().whole(), UnknownLine, "line", "leave it out", "%q is no line of an %s; it is kept as it is", at.head().whole().to(24).String(), r.name)
			r.m.Unread = append(r.m.Unread, at.kept(house))
			continue
		}
		if n < furthest && !disordered {
			disordered = true
			r.wrong(at.head().whole(), LineOrder, at.id, "send the lines in the order of the standard", "%s stands behind %s, before which it belongs", at.id, g[furthest].id)
		}
		furthest = max(furthest, n)
		if first := f.row(at.id); first != nil && at.id != "RTD" {
			if !g[n].list {
				last := at.rows[len(at.rows)-1].line
				r.lose("line", at.head().line, last, r.fault(at.head().whole(), DuplicateLine, at.id, "send "+at.id+" once",
					"%s is there twice, first in line %d; the first is taken", []any{at.id, first.no}))
				r.m.Unread = append(r.m.Unread, at.kept(house))
				continue
			}
			r.wrong(at.head().whole(), LineOrder, at.id, "continue the first "+at.id+" with lines that begin with a slant", "%s is there twice, first in line %d; they are joined", at.id, first.no)
		} else if first == nil {
			f.heads = append(f.heads, at.head())
		}
		if g[n].read == nil {
			r.m.Unread = append(r.m.Unread, at.kept(house))
			continue
		}
		g[n].read(r, t, at)
	}
	return f
}

// number reads digits; -1 when they are none or too many.
func number(b string) int {
	if len(b) == 0 || len(b) > 6 {
		return -1
	}
	n, err := strconv.Atoi(b)
	if err != nil || b[0] == '-' || b[0] == '+' {
		return -1
	}
	return n
}

func digits(b string) bool {
	for _, c := range []byte(b) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

func letters(b string) bool {
	for _, c := range []byte(b) {
		if c&^0x20 < 'A' || c&^0x20 > 'Z' {
			return false
		}
	}
	return len(b) > 0
}
