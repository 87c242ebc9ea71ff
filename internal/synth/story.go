package synth

import (
	"fmt"
	"time"
)

// story is one flight from its first push to its last: who books, changes, cancels and flies, and every message that
// tells of it. What was sent is remembered person by person, so that the truth is what the messages say and not what
// nobody ever told.
type story struct {
	dice
	n        int // of the flight
	slot     slot
	options  Options
	carrier  airline
	today    time.Time
	target   int // how many people to carry
	bookings []*booking
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

func (s *story) leg() *leg { return s.slot.leg() }

// reference is what departure control calls its n-th passenger.
func (s *story) reference(n int) string {
	return fmt.Sprintf("%s%04d%03d", s.slot.carrier, s.slot.flight, n)
}

// tell makes the n-th flight of a world.
func tell(o Options, n int, sl slot, planted *planting) *story {
	d := newDice(o.Seed, "flight", n)
	s := &story{
		dice: d, n: n, slot: sl, options: o, carrier: airlines[sl.carrier], today: sl.leg().departure,
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

// interchange is the next control reference: none is used twice in a world.
func (s *story) interchange() string {
	s.sequence++
	return padded(s.n*1000+s.sequence, 9)
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
