package synth

import "time"

// odd says that the rules which every node starts with find something of a traveller, though nobody planted them: a world
// of many has some who pay cash, one way, late and without bags, and children whose company stayed at home.
func (s *story) odd(t *traveller) bool {
	if !t.booked || t.in == nil || !t.in.sent {
		return false
	}
	return s.hurried(t) || s.leftAlone(t)
}

// hurried is one way, paid in cash, booked within two days of departure, with no bags that anybody told of.
func (s *story) hurried(t *traveller) bool {
	const late = 48 * time.Hour
	l, b := s.leg(), t.in
	departs, _ := l.from.Instant(l.departure)
	ahead := departs.Sub(b.created)
	first, last := l.from.IATA, l.to.IATA
	for _, g := range []*segment{b.feeder, b.back} {
		switch {
		case g == nil:
		case g.after:
			last = g.to
		default:
			first = g.from
		}
	}
	return b.card == "" && first != last && ahead >= 0 && ahead < late && (len(t.bags) == 0 || !t.listed)
}

// leftAlone is a child of 4 to 13 under a booking that names nobody else.
func (s *story) leftAlone(t *traveller) bool {
	const youngest, oldest = 4, 13
	age := t.age(s.leg().departure)
	return len(t.in.party) == 1 && t.announced() && age >= youngest && age <= oldest
}
