package synth

import (
	"slices"
	"time"

	"github.com/rihla/rihla/formats/airport"
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
	at, _ := airport.ByIATA(s.slot.home)
	home, _ := from(at.Country)
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
	present := s.expected()
	late := s.walkUps()
	if len(late) > 1 { // one of them was in time for the list
		present, late = append(present, late[0]), late[1:]
	}
	s.Shuffle(len(present), func(i, j int) { present[i], present[j] = present[j], present[i] })

	if s.carrier.queries && s.percent(40) { // it asks for each party as they check in, and sends no list
		for rest := present; len(rest) > 0; {
			n := min(len(rest), s.between(4, 9))
			s.query(rest[:n])
			rest = rest[n:]
		}
	} else {
		if s.percent(15) {
			s.query(present[:min(len(present), s.between(1, 8))])
		}
		s.complete(-80*time.Minute, present)
	}
	for _, t := range late {
		s.changed(-60*time.Minute, []*traveller{t})
		present = append(present, t)
	}
	s.visas(present)
	present = s.desk(present)
	if s.percent(40) { // the list again, without those who did not come
		present = slices.DeleteFunc(present, func(t *traveller) bool { return t.removable() && s.percent(1) })
		s.complete(-35*time.Minute, present)
	}
	if len(present) > perPart+10 && s.percent(12) { // once more, and the end of it is lost: that takes nobody off
		s.sendTorn(s.at(-20*time.Minute), present)
		s.list(present[:perPart])
	}
}

// expected are the booked, but for a few who never come near the airport.
func (s *story) expected() []*traveller {
	var present []*traveller
	for _, b := range s.bookings {
		if b.cancelled || b.unnamed {
			continue
		}
		for _, t := range b.party {
			t.visaLate = t.visa != (document{}) && t.planted == "" && s.percent(10)
			if t.planted != "" || t.lap || t.infant != nil || !s.percent(3) {
				present = append(present, t)
			}
		}
	}
	return present
}

// walkUps buy at the airport: departure control knows them, the reservation system does not.
func (s *story) walkUps() []*traveller {
	var out []*traveller
	for range s.between(0, 3) {
		if p := s.party(1)[0]; !s.numbers[p.passport.number] && !s.taken(p) {
			t := s.add(&booking{}, p)
			t.ref, t.in, t.typo = 0, nil, ""
			out = append(out, t)
		}
	}
	return out
}

// visas are shown at the desk by some whose list entry had none.
func (s *story) visas(present []*traveller) {
	var shown []*traveller
	for _, t := range present {
		if t.visaLate && len(shown) < 9 {
			t.visaLate = false
			shown = append(shown, t)
		}
	}
	if len(shown) > 0 {
		s.changed(-55*time.Minute, shown)
	}
}

// desk cancels some; it gives those who are left. Whether the booking goes too is told by the last push, or never.
func (s *story) desk(present []*traveller) []*traveller {
	var off []*traveller
	for _, t := range present {
		if t.removable() && s.percent(2) && len(off) < 6 {
			off = append(off, t)
		}
	}
	if len(off) == 0 {
		return present
	}
	s.sendChange(s.at(-50*time.Minute), "XR", off)
	for _, t := range off {
		t.listed = false
		if b := t.in; b != nil && len(b.party) == 1 && s.percent(60) {
			b.cancelled = true
		}
	}
	return slices.DeleteFunc(present, func(t *traveller) bool { return slices.Contains(off, t) })
}

// changed sends passengers again who are new on the list or not as they were.
func (s *story) changed(relative time.Duration, ts []*traveller) {
	s.sendChange(s.at(relative), "CP", ts)
	s.list(ts)
}

// query asks whether a few people may board, which lists them.
func (s *story) query(ts []*traveller) {
	s.sendChange(s.at(-115*time.Minute), "", ts)
	s.list(ts)
}

// removable is whether a traveller's last words are the same in all that was said of them.
func (t *traveller) removable() bool {
	return t.planted == "" && t.visa == (document{}) && !t.plain && t.typo == "" && t.infant == nil && !t.lap
}

// list notes that passengers were listed.
func (s *story) list(ts []*traveller) {
	for _, t := range ts {
		t.listed, t.known, t.said.api = true, true, t.asListed()
	}
}

// complete sends the whole list: whoever is not in it is off.
func (s *story) complete(relative time.Duration, ts []*traveller) {
	s.sendList(s.at(relative), ts)
	for _, t := range s.everyone {
		t.listed = false
	}
	s.list(ts)
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
		if len(off) == 0 && len(on) > 0 { // somebody always sleeps through the last call
			last := on[len(on)-1]
			last.boarded, off = false, append(off, last)
		}
		s.sendClose(s.at(relative), "CLNB", off)
	}
}
