package synth

import (
	"fmt"
	"slices"
	"time"
)

// story is one flight from its first push to its last: who books, changes, cancels and flies, and every message that
// tells of it. What was sent is remembered person by person, so that the truth is what the messages say and not what
// nobody ever told.
type story struct {
	dice
	slot     slot
	options  Options
	carrier  airline
	today    time.Time
	target   int // how many people to carry
	bookings []*booking
	walkUps  []*traveller // known to departure control only
	everyone []*traveller
	crew     []person

	locators   map[string]bool
	numbers    map[string]bool // of documents
	identities map[string]bool // name and birth date
	names      map[string]int
	seat       int

	minute    time.Time // of the last message
	messages  []Message
	sequence  int
	cancelled bool
	closed    bool
	crewSent  bool
	late      func() // books somebody after the second push
}

func (s *story) leg() *leg        { return s.slot.leg() }
func (s *story) airline() airline { return s.carrier }
func (s *story) reference(n int) string {
	return fmt.Sprintf("%s%04d%03d", s.slot.carrier, s.slot.flight, n)
}

// tell makes the n-th flight of a world.
func tell(o Options, n int, sl slot, planted *planting) *story {
	d := newDice(o.Seed, "flight", n)
	s := &story{
		dice: d, slot: sl, options: o, carrier: airlines[sl.carrier], today: sl.leg().departure,
		target: d.between(o.Small, o.Large), locators: map[string]bool{}, numbers: map[string]bool{},
		identities: map[string]bool{}, names: map[string]int{},
	}
	s.minute = s.leg().leaves.Add(-80 * time.Hour)
	s.manCrew()
	planted.board(s, n)
	s.fill(s.target * 8 / 10)

	s.push(-72*time.Hour, true)
	s.churn(-48*time.Hour, s.target*9/10)
	s.push(-48*time.Hour, d.percent(30))
	if s.late != nil {
		s.late()
	}
	s.churn(-24*time.Hour, s.target*97/100)
	s.push(-24*time.Hour, true)
	if n > 1 && d.percent(5) {
		s.cancelled = true
		s.cancelFlight(-5 * time.Hour)
		return s
	}
	if d.percent(12) {
		s.delay(time.Duration(d.between(4, 20)) * 5 * time.Minute)
	}
	s.crewList(-3 * time.Hour)
	s.churn(-2*time.Hour, s.target)
	s.push(-2*time.Hour, d.percent(15))
	s.checkIn()
	if d.percent(12) {
		return s // a flight whose carrier forgets to close it
	}
	s.close(4 * time.Minute)
	if d.percent(70) {
		s.push(11*time.Minute, true)
	}
	return s
}

// delay moves the departure, within its day: to the next one, the flight would have another date.
func (s *story) delay(by time.Duration) {
	l := *s.leg()
	l.departure, l.arrival = l.departure.Add(by), l.arrival.Add(by)
	if l.departure.Day() == s.leg().departure.Day() && len(s.slot.legs) == 1 {
		s.slot.legs = []leg{l}
	}
}

// at gives a message its own minute, near a time relative to departure.
func (s *story) at(relative time.Duration) time.Time {
	t := s.leg().leaves.Add(relative + time.Duration(s.between(0, 4))*time.Minute).Truncate(time.Minute)
	if !t.After(s.minute) {
		t = s.minute.Add(time.Minute)
	}
	s.minute = t
	return t
}

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
		two := d.family(o, 0, false, s.today)
		return two
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

// churn is what happens to the bookings between the last push and the next.
func (s *story) churn(until time.Duration, n int) {
	d := s.dice
	last := s.minute
	next := s.leg().leaves.Add(until)
	when := func() time.Time {
		return last.Add(time.Duration(1+d.IntN(max(int(next.Sub(last)/time.Minute)-2, 1))) * time.Minute)
	}
	var split []*booking
	for _, b := range s.bookings {
		if !b.sent || b.cancelled {
			continue
		}
		if b.unnamed { // the agent sends the names
			b.unnamed = false
			b.touch(when())
			continue
		}
		for _, t := range b.party {
			if t.typo != "" && d.percent(50) { // the name is put right
				at := when()
				b.history = append(b.history, correction{at: at, t: t, was: t.typo})
				t.typo = ""
				b.touch(at)
			}
		}
		if !d.percent(10) {
			continue
		}
		switch d.weighted(40, 25, 12, 12, 6, 5) {
		case 0: // another seat
			for _, t := range b.party {
				if !t.lap {
					t.seat = s.nextSeat()
				}
			}
			b.touch(when())
		case 1:
			if !b.planted() {
				b.cancelled = true
				b.touch(when())
			}
		case 2: // one more
			if len(b.party) < 6 && !b.party[0].plain {
				p := d.person(b.party[0].from, of(d, []string{"M", "F"}), 19, 40, s.today)
				if !clash(b.people(), p) {
					s.add(b, p)
					b.touch(when())
				}
			}
		case 3: // one less
			if t := b.party[len(b.party)-1]; len(b.party) > 1 && t.infant == nil && !t.lap && t.planted == "" {
				b.left = append(b.left, t)
				b.leave(t)
				b.touch(when())
			}
		case 4:
			b.remark = of(d, remarks)
			b.touch(when())
		case 5: // one goes on with a booking of their own
			if t := b.party[len(b.party)-1]; len(b.party) > 1 && t.infant == nil && !t.lap && t.planted == "" {
				at := when()
				b.left = append(b.left, t)
				b.leave(t)
				b.touch(at)
				split = append(split, s.split(b, t, at))
			}
		}
	}
	s.bookings = append(s.bookings, split...)
	from := len(s.bookings)
	s.fill(n)
	for _, b := range s.bookings[from:] {
		b.created, b.changed = when(), time.Time{}
		b.changed = b.created
		b.dirty = true
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
	s.sendPush(sent, full, bs)
	for _, b := range s.bookings {
		if b.cancelled && (full || b.sent && b.dirty) && !b.gone {
			for _, t := range slices.Concat(b.party, b.left) {
				t.booked = false
			}
			b.gone = true
		}
	}
	for _, b := range bs { // first who left: some have gone to another booking
		for _, t := range b.left {
			t.booked = false
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
