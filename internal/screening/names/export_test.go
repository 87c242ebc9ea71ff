package names

import "fmt"

// MatchAll is Match without an index: every name is compared. What it finds, Match must find.
func (x *Index) MatchAll(p *Person, least float64) []Hit {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	x.prepare(s, p)
	for n := range p.Names {
		if x.load(s, &p.Names[n]) == 0 {
			continue
		}
		for name := range x.names {
			x.weighPair(s, int32(n), p.Names[n].Weak, x.rawOdds(least), uint32(name))
		}
	}
	return x.tell(nil, s, p, least, len(x.entries))
}

// Seek is where in a sorted list a name is or would be.
var Seek = seek

// Overlooked gives the pairs of the person and a listed name that say more than was held possible before they were
// compared: by the words they share, or by the classes of these.
func (x *Index) Overlooked(p *Person) (pairs []string, compared int) {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	x.prepare(s, p)
	for n := range p.Names {
		if x.load(s, &p.Names[n]) == 0 {
			continue
		}
		x.plan(s, 0)
		for name := range x.names {
			l := &x.names[name]
			weight := x.align(s, l)
			if l.flags&weakName != 0 {
				weight *= w.weak
			}
			shared, most := x.sharing(s, uint32(name))
			if shared < leastShared {
				continue // is not looked for
			}
			compared++
			least := worth(max(worthOne*apart(sumOfName(weight)-s.spares, s.weightiest), 1))
			if weight > most+1e-4 || !s.meeting.may(x.signs[name], least) {
				words := ""
				for _, u := range x.unitsOf(l) {
					words += x.dict.text(u.token) + " "
				}
				pairs = append(pairs, fmt.Sprintf("%sthan %.2f: %.2f, by signature %d", words, most, weight, least))
			}
		}
	}
	return pairs, compared
}
