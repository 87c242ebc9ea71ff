package synth

import (
	"strings"
	"time"
)

// patterns are the typologies that are planted, each as the funds' rules have it with their usual figures. What a planted
// case does is kept away from what the others look for, so that whatever else is found of it is a mistake.
var patterns = []pattern{
	{"F-01", justBelow},
	{"F-02", structuring},
	{"F-03", smurfing},
	{"F-04", fanInFanOut},
	{"F-05", passThrough},
	{"F-07", companions},
	{"F-08", falseDeclaration},
	{"F-09", frequentCourier},
	{"F-13", transit},
	{"F-15", gapChain},
	{"F-16", hiddenParty},
	{"F-20", newAndBig},
	{"F-20", roundAmounts},
	{"F-22", reportedBefore},
	{"couriers", couriers},
	{"one-sided", oneSided},
}

// justBelow: the same person declares just below the line, twice.
func justBelow(m *month, c *FundsCase, alike int) {
	who := m.resident()
	first := m.between(1, 8)
	second := first + m.between(6, 14)
	declare := func(day, low, high int) { m.declare(c, flyer{who, m.fly(m.day(day), true)}, m.dollars(low, high)) }
	switch {
	case alike < 0:
		declare(first, 93, 99)
		declare(second, 93, 99)
	case alike%5 == 0: // one of the two is well below
		declare(first, 93, 99)
		declare(second, 50, 65)
	case alike%5 == 1: // both are not just below
		declare(first, 78, 87)
		declare(second, 78, 87)
	case alike%5 == 2: // once
		declare(first, 93, 99)
	case alike%5 == 3: // above, and said so
		declare(first, 110, 150)
		declare(second, 110, 150)
	default: // two of one name, who live apart
		declare(first, 93, 99)
		who = m.household(2)[1]
		declare(second, 93, 99)
	}
}

// structuring: one person pays in what the line would notice, in pieces, within days.
func structuring(m *month, c *FundsCase, alike int) {
	h := m.local()
	s := m.cash(c, h)
	c.person(&h.person)
	day := m.between(2, 10)
	pay := func(day, low, high int) { s.deposit(day, m.dinars(low, high), &h.person) }
	switch {
	case alike < 0:
		for i := range m.between(3, 4) {
			pay(day+i, 62, 85)
		}
	case alike%5 == 0: // the same, over weeks
		for i := range 3 {
			pay(1+i*8, 62, 85)
		}
	case alike%5 == 1: // together below one and a half lines
		for i := range 3 {
			pay(day+i, 35, 46)
		}
	case alike%5 == 2: // two pieces only
		for i := range 2 {
			pay(day+i, 70, 85)
		}
	case alike%5 == 3: // above the line, each reported for itself
		for i := range 3 {
			pay(day+i, 120, 180)
		}
	default: // a shop's takings
		for i := range 12 {
			pay(2+2*i, 8, 22)
		}
	}
}

// smurfing: several people pay little each into one account, within days.
func smurfing(m *month, c *FundsCase, alike int) {
	h := m.local()
	s := m.cash(c, h)
	day := m.between(2, 10)
	by := func(n int) []person {
		out := make([]person, n)
		for i := range out {
			out[i] = m.resident()
			c.person(&out[i])
		}
		return out
	}
	switch {
	case alike < 0:
		for i, p := range by(4) {
			s.deposit(day+i/2, m.dinars(28, 34), &p)
		}
	case alike%4 == 0: // two
		for i, p := range by(2) {
			s.deposit(day+i, m.dinars(28, 34), &p)
		}
	case alike%4 == 1: // a collection, over weeks
		for i, p := range by(5) {
			s.deposit(1+5*i, m.dinars(3, 20), &p)
		}
	case alike%4 == 2: // one who comes four times
		p := by(1)[0]
		for i := range 4 {
			s.deposit(day+i, m.dinars(9, 20), &p)
		}
	default: // two in turn
		two := by(2)
		for i := range 4 {
			s.deposit(day+i, m.dinars(12, 24), &two[i%2])
		}
	}
}

// fanInFanOut: many pay one account, and most of it goes on to few at once.
func fanInFanOut(m *month, c *FundsCase, alike int) {
	h := m.local()
	c.subject(h.subject())
	day := m.between(1, 4)
	in := func(n, day int) (total int64) {
		for range n {
			amount := m.odd(1200, 4800)
			total += amount.minor
			m.pay(c, day, m.foreign(), h, amount)
		}
		return total
	}
	out := func(total int64, share int64, receivers, day int) {
		for range receivers {
			m.pay(c, day, h, m.foreign(), sum{total*share/100/int64(receivers) + 37, "USD"})
		}
	}
	switch {
	case alike < 0:
		out(in(m.between(6, 8), day), 84, m.between(1, 2), day+1)
	case alike%5 == 0: // four
		out(in(4, day), 60, 1, day+9)
	case alike%5 == 1: // less than half goes on
		out(in(6, day), 40, 1, day+1)
	case alike%5 == 2: // a firm's wages
		m.firm(h)
		out(in(6, day), 84, 6, day+1)
	case alike%5 == 3: // what came in stays a week
		out(in(6, day), 84, 1, day+9)
	default: // rents, and nothing goes on
		in(7, day)
	}
}

// passThrough: an account that money only crosses.
func passThrough(m *month, c *FundsCase, alike int) {
	h := m.local()
	c.subject(h.subject())
	in, out := []*holder{m.foreign(), m.foreign()}, []*holder{m.foreign(), m.foreign()}
	cross := func(day, stays, low, high int, share int64) {
		amount := m.odd(low, high)
		m.pay(c, day, in[m.IntN(2)], h, amount)
		m.pay(c, day+stays, h, out[m.IntN(2)], sum{amount.minor*share/100 + 11, "USD"})
	}
	switch {
	case alike < 0:
		for i := range 8 {
			cross(1+3*i, 1, 3000, 9000, 98)
		}
	case alike%5 == 0: // wages, and what life costs
		m.pay(c, 1, in[0], h, m.odd(3000, 5000))
		for i := range 9 {
			m.pay(c, 2+3*i-i/2, h, out[i%2], m.odd(90, 320))
		}
	case alike%5 == 1: // a saver
		for i := range 4 {
			m.pay(c, 1+7*i, in[0], h, m.odd(900, 1600))
		}
		m.pay(c, 26, h, out[0], m.odd(300, 500))
	case alike%5 == 2: // a trader who pays by the week
		m.firm(h)
		for i := range 20 {
			m.pay(c, 1+i, in[i%2], h, m.odd(400, 700))
		}
		for i := range 3 {
			m.pay(c, 8+7*i, h, out[i%2], m.odd(1500, 2100))
		}
	case alike%5 == 3: // kept for others, for a while
		cross(2, 11, 20000, 40000, 99)
		cross(5, 14, 20000, 40000, 99)
	default: // an account with a cushion
		m.pay(c, 0, in[0], h, m.odd(9000, 12000))
		for i := range 8 {
			cross(2+3*i, 1, 200, 400, 97)
		}
	}
}

// companions: people of one household on one flight, each below the line, together above.
func companions(m *month, c *FundsCase, alike int) {
	day := m.between(1, daysBefore-1)
	declare := func(flyers []flyer, street string, low, high int) {
		for _, f := range flyers {
			d := m.declare(c, f, m.dollars(low, high))
			d.json = true
			if d.street = street; street == "" {
				d.street = m.street()
			}
		}
	}
	switch {
	case alike < 0:
		declare(m.aboard(3, false, true, day), m.street(), 42, 62)
	case alike%5 == 0: // together below
		declare(m.aboard(3, false, true, day), m.street(), 15, 31)
	case alike%5 == 1: // strangers on one flight
		declare(m.aboard(3, false, false, day), "", 42, 62)
	case alike%5 == 2: // a couple, days apart
		at := m.street()
		for i, p := range m.household(2) {
			declare([]flyer{{p, m.fly(m.day(2+9*i), false)}}, at, 52, 62)
		}
	case alike%5 == 3: // a couple; one carries it all, and says so
		two := m.aboard(2, false, true, day)
		at := m.street()
		declare(two[:1], at, 120, 160)
		declare(two[1:], at, 3, 8)
	default: // one name, two households
		two := m.aboard(2, false, true, day)
		declare(two, "", 52, 62)
	}
}

// falseDeclaration: more is counted than was said.
func falseDeclaration(m *month, c *FundsCase, alike int) {
	f := m.aboard(1, true, false, m.between(1, daysBefore-1))[0]
	d := m.declare(c, f, m.dollars(105, 240))
	d.json, d.checked = true, true
	said := d.items[0].sum
	switch {
	case alike < 0:
		d.counted = []carried{{"banknotes", said.percent(int64(m.between(130, 180)))}}
	case alike%4 == 0: // to the last note
		d.counted = []carried{{"banknotes", said}}
	case alike%4 == 1: // a note more
		d.counted = []carried{{"banknotes", sum{said.minor + 5000, said.currency}}}
	case alike%4 == 2: // not looked at
		d.checked = false
	default: // two currencies, both as said
		euros := sum{int64(m.between(20, 60)) * 10_000, "EUR"}
		d.items = append(d.items, carried{"banknotes", euros})
		d.counted = []carried{{"banknotes", said}, {"banknotes", euros}}
	}
}

// frequentCourier: one person, again and again.
func frequentCourier(m *month, c *FundsCase, alike int) {
	who := m.resident()
	declare := func(day int, provenance string) {
		d := m.declare(c, flyer{who, m.fly(m.day(day), true)}, m.dollars(110, 190))
		d.provenance = provenance
	}
	switch {
	case alike < 0:
		for i := range 5 {
			declare(1+5*i, "business income")
		}
	case alike%4 == 0: // three times, each from elsewhere
		for i := range 3 {
			declare(1+9*i, provenances[(alike+i)%len(provenances)])
		}
	case alike%4 == 1: // twice from the same
		for i := range 2 {
			declare(2+11*i, "business income")
		}
	case alike%4 == 2: // three of one household, once each
		for i, p := range m.household(3) {
			who = p
			declare(2+9*i, "business income")
		}
	default: // once
		declare(m.between(1, 25), "business income")
	}
}

// transit: in by one flight, out by another, with the same money.
func transit(m *month, c *FundsCase, alike int) {
	who := m.resident()
	day := m.between(2, 15)
	amount := m.dollars(115, 220)
	in := m.fly(m.day(day), true)
	switch {
	case alike < 0:
		m.declare(c, flyer{who, in}, amount)
		m.declare(c, flyer{who, m.onward(in)}, sum{amount.minor - 10_000, amount.currency})
	case alike%4 == 0: // a week between
		m.declare(c, flyer{who, in}, amount)
		m.declare(c, flyer{who, m.fly(m.day(day+8), false)}, amount)
	case alike%4 == 1: // most of it stayed
		m.declare(c, flyer{who, in}, amount)
		m.declare(c, flyer{who, m.onward(in)}, amount.percent(35))
	case alike%4 == 2: // out, and home again with it days later
		m.declare(c, flyer{who, m.fly(m.day(day), false)}, amount)
		m.declare(c, flyer{who, m.fly(m.day(day+6), true)}, amount)
	default: // two who do not know each other
		m.declare(c, flyer{who, in}, amount)
		m.declare(c, flyer{m.resident(), m.onward(in)}, amount)
	}
}

// onward is a flight out that leaves within a day and a half after another came in.
func (m *month) onward(in voyage) voyage {
	for {
		out := m.fly(midnight(in.arrives.In(in.end.Location())).AddDate(0, 0, m.IntN(3)), false)
		if stay := out.leaves.Sub(in.arrives); stay > 4*time.Hour && stay < 36*time.Hour {
			return out
		}
	}
}

// midnight is the beginning of a wall clock's day, written in UTC as all wall clocks here.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// gapChain: a bank that forgets who pays.
func gapChain(m *month, c *FundsCase, alike int) {
	name := m.shaped("AAAA")
	b := &bank{bic: name + "AEAD", name: "Bank " + name + " (invented)", country: "AE", code: m.shaped("999")}
	c.subject("bank:" + b.bic)
	send := func(n, gaps int) {
		for i := range n {
			from := m.at(b, m.someone(&origins[m.IntN(len(origins))]))
			t := m.pay(c, m.between(1, daysBefore-1), from, m.local(), m.odd(300, 4000))
			t.gaps = i < gaps
		}
	}
	switch {
	case alike < 0:
		send(24, 6)
	case alike%3 == 0: // one slip
		send(22, 1)
	case alike%3 == 1: // too few to tell
		send(11, 2)
	default: // none
		send(20, 0)
	}
}

// hiddenParty: the one whose money it is stands in a line of the address.
func hiddenParty(m *month, c *FundsCase, alike int) {
	from, to := m.foreign(), m.local()
	c.subject(from.subject())
	c.subject(to.subject())
	t := m.pay(c, m.between(1, daysBefore-1), from, to, m.odd(900, 9000))
	other := m.someone(&origins[m.IntN(len(origins))])
	box := "PO BOX " + m.shaped("9999") + " " + from.from.city
	switch {
	case alike < 0:
		t.lines = []string{"ON BEHALF OF " + strings.ToUpper(other.given+" "+other.surname), box}
	case alike%5 == 0: // care of themselves
		t.lines = []string{"C/O " + strings.ToUpper(from.name()), box}
	case alike%5 == 1: // lines, and nobody in them
		t.lines = []string{m.street(), box}
	case alike%5 == 2: // in favour of a paper
		t.remittance = "IN FAVOUR OF INVOICE " + m.shaped("99999")
	case alike%5 == 3: // named openly, and again
		t.ultimate = other.name()
		t.lines = []string{"ON BEHALF OF " + strings.ToUpper(other.name()), box}
	default: // a reference
		t.remittance = "B/O " + m.shaped("999999")
	}
}

// newAndBig: an account of yesterday sends a fortune abroad.
func newAndBig(m *month, c *FundsCase, alike int) {
	b := &homeBanks[m.IntN(len(homeBanks))]
	h := m.at(b, m.resident())
	c.subject(h.subject())
	day := m.between(5, 20)
	s := m.suspect(c, b, day+2, "The customer sent a large part of the balance abroad in one sum; asked for papers, they brought a contract that we could not verify with the other side.")
	v := strMove{day: m.day(day), account: h, opened: m.day(-m.between(20, 60)), amount: m.dinars(600, 900), to: m.foreign()}
	switch {
	case alike < 0:
	case alike%3 == 0: // known for years
		v.opened = m.day(-m.between(900, 3000))
	case alike%3 == 1: // at home
		v.to = m.local()
	default: // less
		v.amount = m.dinars(120, 300)
	}
	s.moves = append(s.moves, v)
}

// roundAmounts: payments that no invoice comes to.
func roundAmounts(m *month, c *FundsCase, alike int) {
	h := m.local()
	c.subject(h.subject())
	pay := func(n, round int) {
		for i := range n {
			amount := m.odd(2200, 9400)
			if i < round {
				amount = sum{int64(m.between(1, 3)) * 10_000_00, "USD"}
			}
			m.pay(c, 1+4*i+m.between(0, 2), h, m.foreign(), amount)
		}
	}
	switch {
	case alike < 0:
		pay(6, 5)
	case alike%3 == 0: // four, all round
		pay(4, 4)
	case alike%3 == 1: // two of six
		pay(6, 2)
	default: // three of six: half
		pay(6, 3)
	}
}

// reportedBefore: two banks know something of one person.
func reportedBefore(m *month, c *FundsCase, alike int) {
	who := m.resident()
	tell := func(b *bank, day int, p person) {
		c.person(&p)
		h := m.at(b, p)
		s := m.suspect(c, b, day+2, "The customer paid in cash without saying where it came from, became impatient when asked, and left; this happened at two of our branches within one week.")
		s.moves = append(s.moves, strMove{day: m.day(day), account: h, opened: m.day(-m.between(200, 2000)), amount: m.dinars(20, 55), by: &h.person})
	}
	first, second := &homeBanks[0], &homeBanks[1+m.IntN(len(homeBanks)-1)]
	switch {
	case alike < 0:
		tell(first, 4, who)
		tell(second, 16, who)
	case alike%3 == 0: // one bank, twice
		tell(first, 4, who)
		tell(first, 16, who)
	case alike%3 == 1: // once
		tell(second, 9, who)
	default: // two of one name
		two := m.household(2)
		two[1].given = two[0].given
		tell(first, 4, two[0])
		tell(second, 16, two[1])
	}
}

// couriers: people who carry one firm's money in turn, each below the line.
func couriers(m *month, c *FundsCase, alike int) {
	owner := m.organisation()
	carry := func(n, every, low, high int, own func() string) {
		for i := range n {
			d := m.declare(c, flyer{m.resident(), m.fly(m.day(3+every*i), false)}, m.dollars(low, high))
			d.json, d.owner, d.street = true, own(), m.street()
			d.provenance = "business income"
		}
	}
	same := func() string { return owner }
	switch {
	case alike < 0:
		carry(4, 4, 68, 87, same)
		c.subject("organisation:" + owner)
	case alike%4 == 0: // one of the staff, once
		carry(1, 9, 68, 87, same)
	case alike%4 == 1: // the staff's travel money
		carry(4, 4, 4, 9, same)
	case alike%4 == 2: // each for another firm
		carry(4, 4, 68, 87, m.organisation)
	default: // above the line, each declared
		carry(4, 4, 110, 170, same)
	}
}

// oneSided: told to the state it left, and not to the one it came to.
func oneSided(m *month, c *FundsCase, alike int) {
	f := m.aboard(1, true, false, m.between(3, daysBefore-2))[0]
	amount := m.dollars(120, 320)
	there := m.declare(c, f, amount)
	there.abroad()
	here := func(amount sum) *declared {
		d := m.declare(c, f, amount)
		d.json, d.provenance, d.use = true, there.provenance, there.use
		return d
	}
	switch {
	case alike < 0:
	case alike%4 == 0: // both alike
		here(amount)
	case alike%4 == 1: // a note less
		here(sum{amount.minor - 5000, amount.currency})
	case alike%4 == 2: // told here a day late
		d := here(amount)
		d.at = d.at.Add(24 * time.Hour)
	default: // in two currencies, which come to the same
		d := here(amount.percent(50))
		d.items = append(d.items, carried{"banknotes", sum{(amount.minor - d.items[0].sum.minor) * 100 / 110, "EUR"}})
	}
}
