package synth

import (
	"slices"
	"time"
)

// fill books people until there are n.
func (s *story) fill(n int) {
	for len(s.everyone) < n {
		created := s.minute.Add(-time.Duration(s.between(60, 90*24*60)) * time.Minute)
		s.book(s.party(n-len(s.everyone)), created)
	}
}

// abroad is the country at the other end.
func (s *story) abroad() string {
	if s.slot.arrives {
		return s.leg().from.Country
	}
	return s.leg().to.Country
}

// party is people who travel together, no more than there is room for.
func (s *story) party(room int) []person {
	d, o := s.dice, s.origin(s.abroad())
	grown := func() person { return d.person(o, of(d, []string{"M", "M", "F"}), 19, 48, s.today) }
	switch kind := d.weighted(48, 18, 22, 8, 4); {
	case kind == 1 && room >= 2: // two
		return d.family(o, 0, false, s.today)
	case kind == 2 && room >= 5:
		return d.family(o, d.between(1, 3), d.percent(35), s.today)
	case kind == 3 && room >= 4: // friends, colleagues
		return apart(d.between(2, 4), grown)
	case kind == 4 && room >= 16: // a group
		return apart(d.between(8, 16), grown)
	}
	p := grown()
	if o.names == &indonesian && d.percent(30) {
		p.surname, p.given = p.given, "" // one name is all they have
	}
	return []person{p}
}

// apart makes n people no two of whom have names alike.
func apart(n int, grown func() person) []person {
	var out []person
	for len(out) < n {
		if p := grown(); !clash(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// churn is what happens to the bookings between the last push and the next, and those who book meanwhile.
func (s *story) churn(until time.Duration, n int) {
	last := s.minute
	minutes := max(int(s.leg().leaves.Add(until).Sub(last)/time.Minute)-2, 1)
	when := func() time.Time { return last.Add(time.Duration(1+s.IntN(minutes)) * time.Minute) }

	from := len(s.bookings)
	for _, b := range s.bookings[:from] {
		if b.sent && !b.cancelled {
			s.change(b, when)
		}
	}
	already := len(s.bookings) // those that were split off know when
	s.fill(n)
	for _, b := range s.bookings[already:] {
		b.created = when()
		b.touch(b.created)
	}
}

// change is what happens to one booking: mostly nothing.
func (s *story) change(b *booking, when func() time.Time) {
	if b.unnamed { // the agent sends the names
		b.unnamed = false
		b.touch(when())
		return
	}
	for _, t := range b.party {
		if t.typo != "" && s.percent(50) { // the name is put right
			at := when()
			b.history = append(b.history, correction{at: at, t: t, was: t.typo})
			t.typo = ""
			b.touch(at)
		}
	}
	if !s.percent(10) {
		return
	}
	last := b.party[len(b.party)-1]
	mayLeave := len(b.party) > 1 && last.infant == nil && !last.lap && last.planted == ""
	switch s.weighted(40, 25, 12, 12, 6, 5) {
	case 0: // other seats
		for _, t := range b.party {
			if !t.lap {
				t.seat = s.nextSeat()
			}
		}
		b.touch(when())
	case 1: // nobody comes
		if !b.planted() {
			b.cancelled = true
			b.touch(when())
		}
	case 2: // one more comes along
		p := s.person(b.party[0].from, of(s.dice, []string{"M", "F"}), 19, 40, s.today)
		if len(b.party) < 6 && !b.party[0].plain && !clash(b.people(), p) {
			s.add(b, p)
			b.touch(when())
		}
	case 3: // one stays at home
		if mayLeave {
			b.leave(last)
			b.touch(when())
		}
	case 4:
		b.remark = of(s.dice, remarks)
		b.touch(when())
	case 5: // one goes on with a booking of their own
		if mayLeave {
			at := when()
			b.leave(last)
			b.touch(at)
			s.bookings = append(s.bookings, s.split(b, last, at))
		}
	}
}

func (b *booking) planted() bool {
	return slices.ContainsFunc(b.party, func(t *traveller) bool { return t.planted != "" })
}

func (b *booking) people() []person {
	var ps []person
	for _, t := range b.party {
		ps = append(ps, t.person)
	}
	return ps
}

// push sends the reservation data: all of it, or what changed since.
func (s *story) push(relative time.Duration, full bool) {
	var bs []*booking
	for _, b := range s.bookings {
		switch {
		case b.gone:
		case full && !b.cancelled, !full && b.dirty && (!b.cancelled || b.sent):
			bs = append(bs, b)
		}
	}
	if len(bs) == 0 && !full {
		return
	}
	sent := s.at(relative)
	if relative >= 0 { // with what departure control knows by now
		for _, b := range bs {
			b.checkedIn = true
			b.changed = sent.Add(-time.Duration(s.between(2, 9)) * time.Minute)
		}
	}
	heard := s.sendPush(sent, full, bs)
	s.told(heard, full && len(heard) == len(bs))
}

// told notes what a push has said: what nobody was told is not true of the flight. A full push that arrived whole
// withdraws the bookings it leaves out.
func (s *story) told(bs []*booking, whole bool) {
	for _, b := range s.bookings {
		if b.cancelled && !b.gone && (whole || slices.Contains(bs, b)) {
			b.gone = true
			for _, t := range slices.Concat(b.party, b.left) {
				t.booked = t.elsewhere(b)
			}
		}
	}
	for _, b := range bs { // first who left: some have gone to another booking
		for _, t := range b.left {
			t.booked = t.elsewhere(b)
		}
		b.left = nil
	}
	for _, b := range bs {
		if b.cancelled {
			continue
		}
		b.sent, b.dirty = true, false
		if b.unnamed {
			continue
		}
		for _, t := range b.party {
			t.booked, t.known = true, true
			t.said.pnr = t.asBooked()
		}
	}
}

// elsewhere is whether a traveller has gone from a booking to another that stands.
func (t *traveller) elsewhere(than *booking) bool {
	return t.in != nil && t.in != than && t.in.sent && !t.in.gone
}

// asBooked is what a booking says of a traveller.
func (t *traveller) asBooked() *entry {
	e := &entry{surname: t.surname, given: t.given}
	if t.typo != "" {
		e.given = t.typo
	}
	if t.plain {
		return e
	}
	e.born, e.documents = t.born, []document{t.passport}
	if t.visa != (document{}) && !t.noVisa { // DOCO says where a visa is good for, not who issued it
		e.documents = append(e.documents, document{kind: t.visa.kind, number: t.visa.number})
	}
	return e
}
