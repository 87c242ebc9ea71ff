package synth

import (
	"slices"
	"strconv"
	"time"
)

// traveller is a person on one flight, and what the messages have said of them so far.
type traveller struct {
	person
	in          *booking // nil for one who bought at the airport
	contactable bool     // left a phone and mail address
	ref         int      // within the booking, from 1
	seat        string   // "" for infants
	bags        []string
	abo         string // the carrier's reference; "" where the carrier has none
	plain       bool   // the booking has the name only, no document
	noVisa      bool   // the booking does not know of the visa
	visaLate    bool   // departure control does not know of it yet
	typo        string // the given name as first booked, until it is corrected
	infant      *traveller
	lap         bool // travels on another's seat
	diet        string
	help        string
	ticket      string
	program     string // frequent flyer number
	transit     bool   // stays on board at home
	staysOn     string // where a transit traveller goes
	planted     string

	booked, listed, known bool // in an active booking; in an active list entry; was ever in either
	boarded               bool
	said                  said // what was last sent of them
}

// said is what each source last said of a traveller.
type said struct {
	api, pnr *entry
}

// entry is a traveller's identity as one source gave it.
type entry struct {
	surname, given string
	born           time.Time // zero where the source does not say
	documents      []document
}

// booking is what a reservation system holds.
type booking struct {
	locator, elsewhere string // in the carrier's system, and in the agent's
	created, changed   time.Time
	party              []*traveller
	agency             agency
	refs               int    // given out so far; none is given twice
	card               string // masked; "" when paid in cash
	amount             float64
	codeshare          bool
	remark             string
	street             string
	class              string
	feeder             *segment // a flight before or after this one
	back               *segment // the way back, or the way there
	checkedIn          bool
	group              string // the name of a group, until its people have theirs
	unnamed            bool
	splitWith          *booking // the other booking of a split
	history            []correction
	sent               bool         // some push has carried it
	dirty              bool         // it changed since
	gone               bool         // and its cancellation was told
	left               []*traveller // no longer of the party
	cancelled          bool
}

// correction is a name put right.
type correction struct {
	at  time.Time
	t   *traveller
	was string
}

type segment struct {
	carrier, from, to string
	number            int
	departs, arrives  time.Time
	after             bool
}

type agency struct{ iata, office, city, country, currency, system string }

var agencies = []agency{
	{"12345671", "BAHZZ0100", "BAH", "BH", "BHD", "1A"},
	{"27310022", "LONYY2210", "LON", "GB", "GBP", "1G"},
	{"86490113", "DXBXX0770", "DXB", "AE", "AED", "1A"},
	{"14360045", "BOMZZ3311", "BOM", "IN", "INR", "1S"},
	{"90210097", "CAIZZ0420", "CAI", "EG", "EGP", "1A"},
	{"28101234", "ISTYY1002", "IST", "TR", "TRY", "1P"},
	{"", "BAHZZWWW0", "BAH", "BH", "BHD", ""},
}

var remarks = []string{
	"PAX ADVISED OF SCHEDULE", "TICKETING BY AGENT", "VIP LOUNGE PAID", "PLS ADVISE CONNECTION TIME", "CORPORATE ACCOUNT 4471",
	"SEATS TOGETHER IF POSSIBLE", "PAX WILL BUY EXTRA BAG AT AIRPORT", "CONFIRM BY PHONE",
}

// sensitiveRemarks reveal what must not be kept; a reader drops them.
var sensitiveRemarks = []string{"PAX IS DIABETIC CARRIES INSULIN", "PASSENGER PREGNANT 24 WEEKS", "TRAVELLING TO UNION CONGRESS", "PILGRIM GROUP NEEDS PRAYER ROOM"}

var streets = []string{"12 HARBOUR ROW", "BLDG 114 ROAD 2808 BLOCK 428", "FLAT 7 PALM COURT", "44 RUE DU MARCHE", "P.O. BOX 5521", "3/17 STATION ROAD", "THE SAILOR'S REST"}

const locatorLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

func (d dice) locator() string {
	b := make([]byte, 6)
	for i := range b {
		b[i] = locatorLetters[d.IntN(len(locatorLetters))]
	}
	if b[0] < 'A' { // never all digits
		b[0] = 'Q'
	}
	return string(b)
}

// book makes the booking of a party.
func (s *story) book(party []person, created time.Time) *booking {
	d := s.dice
	b := &booking{created: created, changed: created, agency: of(d, agencies), class: of(d, []string{"Y", "Y", "M", "Q", "K", "J"})}
	for b.locator = d.locator(); s.locators[b.locator]; b.locator = d.locator() {
	}
	s.locators[b.locator] = true
	if b.agency.system != "" {
		b.elsewhere = d.locator()
	}
	b.amount = float64(d.between(60, 900)) * float64(len(party))
	b.codeshare = s.slot.marketed != "" && d.percent(15)
	b.street = of(d, streets)
	if d.percent(75) {
		b.card = "411111XXXXXX" + d.shaped("9999")
	}
	switch {
	case d.percent(25):
		b.remark = of(d, remarks)
	case d.percent(3):
		b.remark = of(d, sensitiveRemarks)
	}
	if d.percent(25) {
		b.feeder = s.feeder()
	}
	if d.percent(75) {
		b.back = s.back()
	}
	for i, p := range party {
		s.add(b, p)
		if i > 0 && s.lap(p) {
			t := b.party[len(b.party)-1]
			if holder := b.party[min(1, i-1)]; holder.infant == nil && !holder.lap {
				holder.infant, t.lap = t, true
			}
		}
	}
	if len(party) == 1 && b.party[0].visa == (document{}) && d.percent(6) && s.unnamed(party[0]) {
		b.party[0].plain, b.party[0].typo = true, ""
	}
	if len(party) >= 8 && d.percent(40) {
		b.group, b.unnamed = of(d, groups), true
	}
	s.bookings = append(s.bookings, b)
	return b
}

var groups = []string{"DESERT STAR TOURS", "BLUE BAY TRAVEL GROUP", "GULF ROBOTICS TEAM", "SILVER DHOW HOLIDAYS"}

// split moves a traveller out of a booking into one of their own.
func (s *story) split(b *booking, t *traveller, at time.Time) *booking {
	n := *b
	for n.locator = s.locator(); s.locators[n.locator]; n.locator = s.locator() {
	}
	s.locators[n.locator] = true
	n.party, n.left, n.history, n.refs = []*traveller{t}, nil, nil, 1
	n.created, n.changed, n.splitWith, b.splitWith = at, at, b, &n
	n.amount, n.sent, n.dirty = b.amount/float64(len(b.party)+1), false, true
	t.in, t.ref = &n, 1
	return &n
}

// lap is whether a person is too small for a seat.
func (s *story) lap(p person) bool { return p.born.AddDate(2, 0, 0).After(s.leg().departure) }

// add puts a person into a booking.
func (s *story) add(b *booking, p person) *traveller {
	d := s.dice
	for s.numbers[p.passport.number] || s.taken(p) {
		p.passport.number = d.shaped(p.from.number)
		p.born = p.born.AddDate(0, 0, -1)
	}
	s.numbers[p.passport.number] = true
	if p.visa != (document{}) {
		for s.numbers[p.visa.number] {
			p.visa.number = d.shaped("BHV9999999")
		}
		s.numbers[p.visa.number] = true
	}
	b.refs++
	t := &traveller{person: p, ref: b.refs, ticket: s.carrier.accounting + d.shaped("9999999999")}
	if d.percent(20) {
		t.program = d.shaped("99999999")
	}
	if d.percent(4) {
		t.diet = of(d, []string{"MOML", "HNML", "VGML", "KSML", "DBML", "CHML"})
	}
	if d.percent(1) {
		t.help = of(d, []string{"WCHR", "WCHS", "BLND", "MEDA"})
	}
	if s.carrier.references {
		t.abo = s.reference(len(s.everyone) + 1)
	}
	if s.slot.onward != "" && s.slot.arrives && d.percent(30) || s.slot.beyond != "" && !s.slot.arrives && d.percent(10) {
		t.staysOn = s.slot.legs[len(s.slot.legs)-1].to.IATA
		t.transit = s.slot.arrives
	}
	t.noVisa = d.percent(50)
	t.contactable = d.percent(30)
	if !s.lap(p) {
		t.seat = s.nextSeat()
		if d.percent(10) && len(p.given) > 4 {
			t.typo = misspelt(d, p.given)
		}
		t.bags = s.tags(d.weighted(35, 45, 20))
	} else {
		t.visa = document{}
	}
	t.in = b
	b.party = append(b.party, t)
	s.everyone = append(s.everyone, t)
	s.identities[t.surname+"/"+t.given+"/"+t.born.Format(time.DateOnly)] = true
	s.names[t.surname+"/"+t.given]++
	return t
}

// taken is whether somebody on the flight already has that name and birth date.
func (s *story) taken(p person) bool {
	return s.identities[p.surname+"/"+p.given+"/"+p.born.Format(time.DateOnly)]
}

// unnamed is whether nobody else on the flight has that name yet.
func (s *story) unnamed(p person) bool { return s.names[p.surname+"/"+p.given] == 1 }

// feeder is a flight that a traveller comes with, or goes on with.
func (s *story) feeder() *segment {
	d, l := s.dice, s.leg()
	g := &segment{carrier: s.slot.carrier, number: d.between(100, 899), after: d.percent(50)}
	if g.after {
		g.from, g.to = l.to.IATA, of(d, []string{"DXB", "KWI", "MCT", "DMM", "MAN", "EDI", "MEL"})
		g.departs = l.arrival.Add(time.Duration(d.between(75, 300)) * time.Minute)
	} else {
		g.to, g.from = l.from.IATA, of(d, []string{"DXB", "KWI", "MCT", "DMM", "MAN", "EDI", "MEL"})
		g.departs = l.departure.Add(-time.Duration(d.between(200, 500)) * time.Minute)
	}
	g.arrives = g.departs.Add(time.Duration(d.between(60, 110)) * time.Minute)
	if g.from == g.to {
		return nil
	}
	return g
}

// back is the other half of a return journey: some days after this flight, or some days before.
func (s *story) back() *segment {
	d, l := s.dice, s.leg()
	g := &segment{carrier: s.slot.carrier, number: s.slot.number + 1, from: l.to.IATA, to: l.from.IATA, after: true}
	if s.slot.arrives {
		g.number = s.slot.number
	}
	days := d.between(3, 30)
	if s.slot.arrives == d.percent(70) { // most are on their way home
		days, g.after = -days, false
	}
	g.departs = l.arrival.AddDate(0, 0, days).Add(time.Duration(d.between(2, 20)) * time.Hour)
	g.arrives = g.departs.Add(l.arrival.Sub(l.departure).Abs())
	return g
}

// touch marks a change between the last push and the next.
func (b *booking) touch(at time.Time) {
	b.changed, b.dirty = at, true
}

// leave takes a traveller out of a booking; the others keep their references.
func (b *booking) leave(t *traveller) {
	b.left = append(b.left, t)
	b.party = slices.DeleteFunc(b.party, func(u *traveller) bool { return u == t })
}

// nextSeat goes through the cabin row by row, six abreast.
func (s *story) nextSeat() string {
	n := s.seat
	s.seat++
	return strconv.Itoa(1+n/6) + string("ABCDEF"[n%6])
}

// tags are n consecutive licence plates of bags.
func (s *story) tags(n int) []string {
	first := s.IntN(900000) + 100000
	var out []string
	for i := range n {
		out = append(out, "0"+s.carrier.accounting+strconv.Itoa(first+i))
	}
	return out
}

// misspelt is a given name as somebody heard it on the phone: two letters in the middle changed places.
func misspelt(d dice, name string) string {
	b := []byte(name)
	for range 8 {
		i := d.between(1, len(b)-2)
		if b[i] != b[i+1] && b[i] != ' ' && b[i+1] != ' ' && b[i] != '-' && b[i+1] != '-' {
			b[i], b[i+1] = b[i+1], b[i]
			return string(b)
		}
	}
	return ""
}
