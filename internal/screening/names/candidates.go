package names

import (
	"cmp"
	"slices"
)

const (
	leastShared = 0.5 // of a name, however well the rest agrees
	fewNames    = 160 // that are quicker looked at than looked up
	alwaysOpen  = 16  // names of a word that are quicker looked at than reasoned about
)

// fewHold is how many names a word's holders are copied for; of more the index's own list is read.
const fewHold = 24

// gather finds who holds the words that one resembles.
func (x *Index) gather(a *asked) {
	type holder struct {
		name uint32
		sign signature
	}
	var few []holder
	for _, m := range a.match {
		held := x.holding(m.token)
		if len(held.names) > fewHold {
			a.lists = append(a.lists, held)
			continue
		}
		for i, name := range held.names {
			few = append(few, holder{name, held.signs[i]})
		}
	}
	if len(few) > 0 {
		slices.SortFunc(few, func(a, b holder) int { return cmp.Compare(a.name, b.name) })
		few = slices.CompactFunc(few, func(a, b holder) bool { return a.name == b.name })
		l := list{make([]uint32, len(few)), make([]signature, len(few))}
		for i, h := range few {
			l.names[i], l.signs[i] = h.name, h.sign
		}
		a.lists = append(a.lists, l)
	}
	a.lists = slices.Clip(a.lists)
}

// search finds the names worth comparing and scores them.
func (x *Index) search(s *scratch, which int32, weak bool, need float32) {
	s.touched = s.touched[:0]
	x.plan(s, need)
	for i := range s.asked {
		for _, l := range s.asked[i].lists {
			s.read(l, 1<<i)
		}
	}
	slices.Sort(s.touched)
	x.fetch(s)
	for i, t := range s.touched {
		if i == 0 || t != s.touched[i-1] {
			x.consider(s, which, weak, need, s.opened[uint32(t)].must, uint32(t>>32))
		}
	}
	for _, b := range s.births {
		x.onDay(s, which, weak, need, b.dayKey())
		if b.full() && b.month != b.day && b.day <= 12 {
			x.onDay(s, which, weak, need, birth{year: b.year, month: b.day, day: b.month}.dayKey())
		}
	}
	for _, d := range s.papers {
		e := &x.entries[d.entry]
		for name := e.name; name < e.name+uint32(e.names); name++ {
			x.verify(s, which, weak, need, mostOfAnyName, name)
		}
	}
}

// fetch reads a little of each name touched before any is weighed: the memory answers many who do not wait for each other
// in the time of a few who do.
func (x *Index) fetch(s *scratch) {
	var read uint32
	for _, t := range s.touched {
		read += x.names[t>>32].unit
	}
	for _, t := range s.touched {
		read += x.units[x.names[t>>32].unit].token
	}
	s.fetched = read
}

// plan says of each span how much of the name its people must share, and notes whom of the small ones to compare. The
// others are to be opened: of the words asked about, those are left closed that would not be enough without the rest.
func (x *Index) plan(s *scratch, need float32) {
	rest := s.restAtMost()
	var all float32
	s.weightiest, s.spares = 0, 0
	s.order = s.order[:0]
	for i := range s.asked {
		u := &s.asked[i]
		s.weightiest = max(s.weightiest, u.weight)
		if i < s.places {
			s.order = append(s.order, i)
			all += u.weight
			s.spares += u.spare()
		}
	}
	slices.SortFunc(s.order, func(a, b int) int { return -cmp.Compare(s.asked[a].cost, s.asked[b].cost) })
	most := ofName(together(all, s.weightiest) + s.spares)
	s.opened = s.opened[:0]
	for _, p := range s.spans {
		p.must = need - rest - p.most
		least := max(p.must, leastShared)
		if most < least {
			continue
		}
		p.least = worth(max(worthOne*apart(sumOfName(least)-s.spares, s.weightiest), 1))
		if p.to-p.from <= fewNames {
			at := uint64(len(s.opened))
			for name := p.from; name < p.to; name++ {
				if s.meeting.may(x.signs[name], p.least) {
					s.touched = append(s.touched, uint64(name)<<32|at)
				}
			}
			p.closed = 1<<32 - 1
		} else {
			var shut, weightiest float32
			for _, i := range s.order {
				u := &s.asked[i]
				more := shut + max(w.further*u.weight, u.spare()) - u.spare()
				if top := max(weightiest, u.weight); u.cost > alwaysOpen && ofName(s.spares+more+(1-w.further)*top) < least {
					shut, weightiest = more, top
					p.closed |= 1 << i
				}
			}
		}
		s.opened = append(s.opened, p)
	}
}

// read notes which of the names that hold a word may be worth comparing.
func (s *scratch) read(l list, word uint32) {
	at, last := 0, uint32(0)
	for k := range s.opened {
		p := &s.opened[k]
		if p.closed&word != 0 {
			continue
		}
		if p.from < last {
			at = 0
		}
		last = p.from
		for at = seek(l.names, at, p.from); at < len(l.names) && l.names[at] < p.to; at++ {
			if s.meeting.may(l.signs[at], p.least) {
				s.touched = append(s.touched, uint64(l.names[at])<<32|uint64(k))
			}
		}
	}
}

// restAtMost is what all but name and date says at best.
func (s *scratch) restAtMost() float32 {
	rest := w.prior
	if len(s.nations) > 0 {
		rest += w.countryMet
	}
	if s.sex != 0 {
		rest += w.sexEqual
	}
	return rest
}

// spare is what a word may be worth that no listed one resembles: an initial, or the beginning of one.
func (u *askedUnit) spare() float32 {
	switch {
	case u.cut:
		return w.cut * min(u.weight, w.mostCut)
	case len(u.text) == 1:
		return w.initial * min(u.weight, w.mostCut)
	}
	return 0
}

// consider compares a pair when the name may say as much as it must.
func (x *Index) consider(s *scratch, which int32, weak bool, need, must float32, name uint32) {
	if shared, most := x.sharing(s, name); shared >= leastShared && most >= must {
		x.verify(s, which, weak, need, most, name)
	}
}

// sharing is what a name may say at best, by the words it has in common with the one asked about, and what is left of
// that by those that have no counterpart.
func (x *Index) sharing(s *scratch, name uint32) (shared, most float32) {
	l := &x.names[name]
	units := x.unitsOf(l)
	var straight, turned tally // as the fields are, and exchanged
	var listed [mostWords]counterparts
	var places uint16 // that have a counterpart
	lone := 0         // listed words that have none
	for j := range units {
		v, c := &units[j], &listed[j]
		var mostTurned float32
		for m := s.meeting.with(v.token); m != nil; m = s.meeting.after(m) {
			u := &s.asked[m.asked]
			places |= u.cover
			c.all |= 1 << m.asked
			c.most = max(c.most, m.gain*fit(u.role, v.role))
			mostTurned = max(mostTurned, m.gain*fit(part(u.role, true), v.role))
		}
		straight.add(c.most)
		turned.add(mostTurned)
		c.most = min(c.most, mostTurned)
		if c.all == 0 {
			lone++
		}
	}
	if places == 0 {
		return 0, 0
	}
	var spares float32
	alone := 0
	for i := range s.places {
		spare, instead := s.standing(i, units, &listed)
		spares += spare
		switch {
		case instead:
			lone--
		case spare == 0 && places&(1<<i) == 0:
			alone++
		}
	}
	shared, most = straight.most()+spares, turned.most()+spares
	shared, most = ofName(shared), ofName(most)
	if l.flags&looseName == 0 {
		most -= w.reversed
	}
	shared = max(shared, most)
	most = shared
	if conflicts := min(alone, lone); conflicts > 0 {
		cost := w.otherDiffers * w.leastDiffers
		if s.mayBeNear(units, &listed) {
			cost *= w.nearly
		}
		most -= float32(conflicts) * cost
	}
	if l.flags&weakName != 0 {
		most *= w.weak
	}
	return shared, most
}

// counterparts are the words asked about that a listed one resembles, and what the best is worth at least.
type counterparts struct {
	all  uint32
	most float32
}

// standing is what a word asked about, an initial or cut off, may be worth as the beginning of a listed one, more than
// what it takes the place of. lone says that it may be the counterpart of one that has no other.
func (s *scratch) standing(place int, units []unit, listed *[mostWords]counterparts) (more float32, lone bool) {
	u := &s.asked[place]
	spare := u.spare()
	if spare == 0 {
		return 0, false
	}
	self := uint32(1) << place
	only := spare // what is lost when it is not what it resembles, at most
	bound := false
	for j := range units {
		c := &listed[j]
		if c.all == self {
			bound, only = true, min(only, w.further*c.most)
		}
		if c.all&self != 0 || !u.mayBegin(units[j].outline) && !servantOf[u.text] {
			continue
		}
		more = max(more, spare-w.further*c.most)
		lone = lone || c.all == 0
	}
	if bound {
		return max(0, more-only), false
	}
	return more, lone
}

// tally adds up what the words of a name are worth at best, one asked about for one listed.
type tally struct{ sum, top float32 }

func (t *tally) add(most float32) {
	t.sum += most
	t.top = max(t.top, most)
}

func (t *tally) most() float32 { return together(t.sum, t.top) }

// mayBeNear says that some word asked about and some listed one, which do not meet, may be a typing error apart.
func (s *scratch) mayBeNear(units []unit, listed *[mostWords]counterparts) bool {
	for i := range s.places {
		u := &s.asked[i]
		for j := range units {
			if listed[j].all&(1<<i) == 0 && u.mayBeNear(units[j].outline) {
				return true
			}
		}
	}
	return false
}

// agreeing is what the dates say.
func (x *Index) agreeing(s *scratch, name uint32) float32 {
	_, _, _, weight := bestBirth(s.births, x.birthsOf(x.names[name].entry))
	return weight
}

// onDay compares those born on a day, by one of several dates, who share a word.
func (x *Index) onDay(s *scratch, which int32, weak bool, need float32, day int32) {
	if day == 0 {
		return
	}
	rest := s.restAtMost()
	at, _ := slices.BinarySearchFunc(x.days, day, func(d dayRef, day int32) int { return cmp.Compare(d.day, day) })
	for ; at < len(x.days) && x.days[at].day == day; at++ {
		e := &x.entries[x.days[at].entry]
		for name := e.name; name < e.name+uint32(e.names); name++ {
			x.consider(s, which, weak, need, need-rest-w.birthEqual, name)
		}
	}
}
