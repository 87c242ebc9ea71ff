package synth

import (
	"slices"
	"time"
)

// asListed is what a passenger list says of a traveller.
func (t *traveller) asListed() *entry {
	e := &entry{surname: t.surname, given: t.given, born: t.born, documents: []document{t.passport}}
	if t.visa != (document{}) && !t.visaLate {
		e.documents = append(e.documents, t.visa)
	}
	return e
}

// manCrew makes the crew.
func (s *story) manCrew() {
	home, _ := from(homeCountry)
	names := map[string]bool{}
	for range s.between(5, 13) {
		o := home
		if s.percent(60) {
			o = &origins[s.IntN(len(origins))]
		}
		p := s.person(o, of(s.dice, []string{"M", "F"}), 24, 30, s.today)
		p.visa = document{}
		if !names[p.surname+p.given] && !s.numbers[p.passport.number] {
			names[p.surname+p.given], s.numbers[p.passport.number] = true, true
			s.crew = append(s.crew, p)
		}
	}
}

// checkIn is the passenger data of departure control: a list, what changes after it, perhaps the list again.
func (s *story) checkIn() {
	d := s.dice
	for range d.between(0, 3) { // those who buy at the airport
		if p := s.party(1)[0]; !s.numbers[p.passport.number] && !s.taken(p) {
			t := s.add(&booking{}, p)
			t.ref, t.in, t.typo = 0, nil, ""
			s.walkUps = append(s.walkUps, t)
		}
	}
	var present []*traveller
	for _, b := range s.bookings {
		if b.cancelled || b.unnamed {
			continue
		}
		for _, t := range b.party {
			t.visaLate = t.visa != (document{}) && t.planted == "" && d.percent(10)
			if t.planted != "" || t.lap || t.infant != nil || !d.percent(3) {
				present = append(present, t)
			}
		}
	}
	late := s.walkUps
	if len(late) > 1 {
		present, late = append(present, late[0]), late[1:]
	}
	d.Shuffle(len(present), func(i, j int) { present[i], present[j] = present[j], present[i] })

	if s.carrier.queries && d.percent(40) { // it asks for each party as they check in, and sends no list
		for rest := present; len(rest) > 0; {
			n := min(len(rest), d.between(4, 9))
			s.query(rest[:n])
			rest = rest[n:]
		}
	} else {
		if d.percent(15) {
			s.query(present[:min(len(present), d.between(1, 8))])
		}
		s.sendList(s.at(-80*time.Minute), present)
		s.relist(present)
	}

	for _, t := range late {
		s.sendChange(s.at(-60*time.Minute), "CP", []*traveller{t})
		s.list([]*traveller{t}, true)
		present = append(present, t)
	}
	var mended []*traveller
	for _, t := range present {
		if t.visaLate && len(mended) < 9 {
			t.visaLate = false
			mended = append(mended, t)
		}
	}
	if len(mended) > 0 {
		s.sendChange(s.at(-55*time.Minute), "CP", mended)
		s.list(mended, true)
	}

	var off []*traveller // they cancel at the desk
	for _, t := range present {
		if t.removable() && d.percent(2) && len(off) < 6 {
			off = append(off, t)
		}
	}
	if len(off) > 0 {
		s.sendChange(s.at(-50*time.Minute), "XR", off)
		s.list(off, false)
		for _, t := range off {
			if b := t.in; b != nil && len(b.party) == 1 && d.percent(60) {
				b.cancelled = true
			}
		}
		present = slices.DeleteFunc(present, func(t *traveller) bool { return slices.Contains(off, t) })
	}
	if d.percent(40) { // the list again, without those who did not come
		present = slices.DeleteFunc(present, func(t *traveller) bool { return t.removable() && d.percent(1) })
		s.sendList(s.at(-35*time.Minute), present)
		s.relist(present)
	}
}

// query asks whether a few people may board, which lists them.
func (s *story) query(ts []*traveller) {
	s.sendChange(s.at(-115*time.Minute), "", ts)
	s.list(ts, true)
}

// removable is whether a traveller's last words are the same in all that was said of them.
func (t *traveller) removable() bool {
	return t.planted == "" && t.visa == (document{}) && !t.plain && t.typo == "" && t.infant == nil && !t.lap
}

// list notes that passengers were listed, or taken off.
func (s *story) list(ts []*traveller, on bool) {
	for _, t := range ts {
		t.listed = on
		if on {
			t.known, t.said.api = true, t.asListed()
		}
	}
}

// relist notes a complete list: whoever is not in it is off.
func (s *story) relist(ts []*traveller) {
	for _, t := range s.everyone {
		t.listed = false
	}
	s.list(ts, true)
}

// close is the end of boarding.
func (s *story) close(relative time.Duration) {
	d := s.dice
	var on, off []*traveller
	for _, t := range s.everyone {
		switch {
		case t.listed && (t.planted != "" || t.lap || t.infant != nil || !d.percent(4)):
			t.boarded = true
			on = append(on, t)
		case t.listed || t.booked:
			off = append(off, t)
		}
	}
	s.closed = true
	switch s.carrier.style {
	case closeOnBoard:
		s.sendClose(s.at(relative), "CLOB", on)
	case closeBoth:
		s.sendClose(s.at(relative), "CL", on)
		if len(off) > 0 {
			s.sendClose(s.at(relative), "CLNB", off)
		}
	case closeMissing:
		if len(off) == 0 { // somebody always sleeps through the last call
			last := on[len(on)-1]
			last.boarded, off = false, append(off, last)
		}
		s.sendClose(s.at(relative), "CLNB", off)
	}
}
