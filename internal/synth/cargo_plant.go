package synth

import (
	"strconv"
	"strings"
	"time"
)

// cargoPattern is one thing that targeting looks for: made as planted where alike is below nought, else as the look-alike of
// that number.
type cargoPattern struct {
	name, rule string
	make       func(f *freight, p *cargoPattern, alike int)
}

var cargoPatterns = []cargoPattern{
	{"description:vague", "R01", (*freight).vague},
	{"party:generic", "R02", (*freight).generic},
	{"name:listed", "R03", (*freight).listedFirm},
	{"phone:shared", "R06", (*freight).sharedPhone},
	{"rule:changed-late", "R10", (*freight).changedLate},
	{"goods:contradict-code", "R11", (*freight).contradicting},
	{"goods:lithium-undeclared", "R16", (*freight).lithium},
	{"houses:exceed-master", "R17", (*freight).exceeding},
	{"goods:gold-undeclared", "R18", (*freight).gold},
	{"address:many-small", "R19", (*freight).manySmall},
}

// set makes each pattern once, with its look-alikes. It is called with the same flights whatever else is asked for.
func (f *freight) set(n int) {
	for i := range cargoPatterns {
		p := &cargoPatterns[i]
		for alike := -1; alike < lookAlikes; alike++ {
			f.dice = newDice(f.options.Seed, "cargo "+p.name, n*(lookAlikes+1)+alike+1)
			p.make(f, p, alike)
		}
	}
}

// alone files a consolidation of three houses, or a direct waybill, whose first house is what matters.
func (f *freight) alone(p *cargoPattern, alike int, of item, change func(*house)) {
	s := f.shipment(f.percent(25))
	h := s.house(of)
	change(h)
	h.truth.mark(p, alike)
	if !s.direct {
		for range 2 {
			s.house(items[f.IntN(len(items))])
		}
	}
	f.file(s)
}

// vague: the goods are not described. The look-alikes use the same words and one that says what it is.
func (f *freight) vague(p *cargoPattern, alike int) {
	vague := []string{"SPARE PARTS", "ACCESSORIES", "TEXTILES", "TOOLS", "MACHINERY PARTS"}
	it := items[5]
	if alike < 0 {
		it.short = vague[f.IntN(len(vague))]
		f.alone(p, alike, it, func(h *house) { h.item, h.noText, h.noHS = it, true, true })
		return
	}
	concrete := []item{
		{short: "PUMP SPARES", long: "SPARE PARTS FOR CENTRIFUGAL WATER PUMPS", hs: "841391"},
		{short: "KITCHEN ACCESS", long: "KITCHEN ACCESSORIES LADLES AND SIEVES OF STEEL", hs: "732393"},
		{short: "WOVEN TEXTILES", long: "WOVEN COTTON TEXTILES TABLE CLOTHS", hs: "630251"},
		{short: "GARDEN TOOLS", long: "GARDEN TOOLS RAKES AND SPADES", hs: "820110"},
		{short: "LOOM PARTS", long: "MACHINERY PARTS FOR WEAVING LOOMS", hs: "844842"},
	}
	c := concrete[alike%len(concrete)]
	it.short, it.long, it.hs = c.short, c.long, c.hs
	f.alone(p, alike, it, func(h *house) { h.item = it })
}

// generic: nobody is named. The look-alikes are firms whose names have such words in them.
func (f *freight) generic(p *cargoPattern, alike int) {
	f.alone(p, alike, items[f.IntN(len(items))], func(h *house) {
		if alike < 0 {
			h.to.name, h.anonymous = []string{"TO ORDER", "CONSIGNEE", "UNKNOWN", "AS PER HAWB"}[f.IntN(4)], true
			h.truth.Told = []string{"MISSING_CNE_ADDR", "MISSING_CNE_NAME"}
			return
		}
		names := []string{"ORDER OF THE GARDEN LLC", "SAME DAY BAKERY WLL", "TEST KITCHEN HOUSE CO", "UNKNOWN POTTERS STUDIO", "CUSTOMER FIRST RETAIL EST"}
		h.to.name = names[alike%len(names)] + " " + strconv.Itoa(alike+1)
	})
}

// listedFirm: the consignee is on a list. The look-alikes share its trade and half of its sound.
func (f *freight) listedFirm(p *cargoPattern, alike int) {
	trades := []string{"TRADING COMPANY", "SHIPPING LLC", "GENERAL EXCHANGE", "INDUSTRIES LTD"}
	f.alone(p, alike, items[f.IntN(len(items))], func(h *house) {
		trade := trades[f.IntN(len(trades))]
		if alike < 0 {
			const most = 35 // what a name's field holds
			h.to.name = f.syllables(2, 2) + " " + f.syllables(2, 2) + " " + trade
			for len(h.to.name) > most {
				h.to.name = f.syllables(2, 2) + " " + f.syllables(1, 2) + " " + trade
			}
			f.planted.listed = append(f.planted.listed, sanctioned{name: h.to.name, program: of(f.dice, programs), remarks: "Tax ID No. " + h.to.tax + "."})
			return
		}
		h.to.name = of(f.dice, firmFirst) + " " + of(f.dice, firmSecond) + " " + trade
	})
}

// sharedPhone: the consignee has the telephone of a traveller about whom something is found. The look-alikes' numbers
// differ in their last two digits.
func (f *freight) sharedPhone(p *cargoPattern, alike int) {
	if len(f.callers) == 0 {
		return
	}
	c := f.callers[0]
	f.alone(p, alike, items[f.IntN(len(items))], func(h *house) {
		h.to.phone = c.phone
		if alike >= 0 {
			last, _ := strconv.Atoi(c.phone[len(c.phone)-2:])
			h.to.phone = c.phone[:len(c.phone)-2] + padded((last+1+alike*3)%100, 2)
		}
	})
}

// changedLate: consignee and goods change twice in the last three hours. The look-alikes change once, early.
func (f *freight) changedLate(p *cargoPattern, alike int) {
	f.alone(p, alike, items[f.IntN(len(items))], func(h *house) {
		other, again := items[f.IntN(len(items))], items[f.IntN(len(items))]
		for other.hs == h.item.hs {
			other = items[f.IntN(len(items))]
		}
		for again.hs == h.item.hs || again.hs == other.hs {
			again = items[f.IntN(len(items))]
		}
		name := of(f.dice, firmFirst) + " " + of(f.dice, firmSecond) + " " + of(f.dice, firmTrade) + " CO"
		if alike < 0 {
			h.changes = []change{
				{before: 170 * time.Minute, make: func(h *house) { h.item, h.to.name = other, name }},
				{before: 130 * time.Minute, make: func(h *house) { h.item, h.to.name = again, name[:len(name)-2]+"LTD" }},
			}
			return
		}
		h.changes = []change{{before: time.Duration(f.between(7*60, 8*60)) * time.Minute, make: func(h *house) { h.item = other }}}
	})
}

// contradicting: the words name other goods than the code. The look-alikes' codes are right, down to other headings of the
// chapter.
func (f *freight) contradicting(p *cargoPattern, alike int) {
	it := items[[]int{0, 1, 2, 9, 11}[f.IntN(5)]]
	if alike < 0 {
		it.hs = "870899" // parts of cars
	} else {
		it.hs = it.hs[:4] + []string{"00", "10", "90", "99"}[alike%4]
	}
	f.alone(p, alike, it, func(h *house) { h.item = it })
}

// lithium: batteries without a handling code. The look-alikes have the code, or are cases for what has a battery.
func (f *freight) lithium(p *cargoPattern, alike int) {
	it := item{short: "POWER BANKS", long: "POWER BANKS FOR MOBILE PHONES", hs: "850760", kg: [2]int{8, 16}, density: 600, perKg: 60}
	code := []string{"RLI", "RBI", "ELI"}
	switch {
	case alike < 0:
	case alike%2 == 0:
		it.handling = code[alike/2%len(code)]
	default:
		it = item{short: "PHONE CASES", long: "PHONE CASES AND PHONE HOLDERS OF PLASTIC", hs: "392690", kg: [2]int{6, 12}, density: 250, perKg: 30}
	}
	f.alone(p, alike, it, func(*house) {})
}

// exceeding: the houses come to more than their master. The look-alikes' sums are right, or off by less than scales are.
func (f *freight) exceeding(p *cargoPattern, alike int) {
	s := f.shipment(false)
	for range 3 {
		s.house(items[f.IntN(len(items))])
	}
	switch {
	case alike < 0:
		s.short = [2]int{2 + s.houses[0].pieces/4, 400 + s.houses[0].tenths/4}
	case alike%2 == 1:
		s.short = [2]int{0, f.between(1, 40)} // less than four kilograms
	}
	s.truth.mark(p, alike)
	f.file(s)
}

// gold: bullion without the code for valuables. The look-alikes have the code, or are only of its colour.
func (f *freight) gold(p *cargoPattern, alike int) {
	it := item{short: "GOLD BARS", long: "UNWROUGHT GOLD BARS IN SEALED BOXES", hs: "710812", kg: [2]int{10, 20}, density: 1200, perKg: 60000}
	switch {
	case alike < 0:
	case alike%2 == 0:
		it.handling = "VAL"
	default:
		it = item{short: "BATH TAPS", long: "GOLD PLATED BATH TAPS AND SHOWER HEADS OF BRASS", hs: "848180", kg: [2]int{6, 14}, density: 900, perKg: 40}
	}
	f.alone(p, alike, it, func(h *house) {
		h.pieces = min(h.pieces, 4)
		h.tenths, h.slac = h.pieces*f.between(it.kg[0]*10, it.kg[1]*10)+1, h.pieces
		h.value = h.tenths / 10 * it.perKg
	})
}

// manySmall: six small consignments to one address within two days, each for another name. The look-alikes are four, or six
// that are not small.
func (f *freight) manySmall(p *cargoPattern, alike int) {
	n := 6
	if alike >= 0 && alike%2 == 0 {
		n = 4
	}
	first := &f.slots[f.IntN(len(f.slots))]
	to := f.firmAt(first.leg().to)
	number := strings.Fields(to.street)
	to.street = padded(f.between(241, 399), 0) + " " + strings.Join(number[1:], " ") // a house that no other firm has
	name := p.name + "-" + strconv.Itoa(alike+1)
	for i := range n {
		s := f.shipment(true)
		s.slot, s.airline, s.leaves = first, first.carrier, first.leg().leaves
		f.serial[s.airline]++
		serial := 2100000 + f.serial[s.airline]
		s.number = airlines[s.airline].accounting + "-" + strconv.Itoa(serial) + strconv.Itoa(serial%7)
		it := items[f.IntN(len(items))]
		h := s.house(it)
		h.to.street, h.to.place, h.to.two, h.to.post = to.street, to.place, to.two, to.post
		h.to.name = firmFirst[(i*7+alike+3)%len(firmFirst)] + " " + of(f.dice, firmSecond) + " GIFTS CO"
		h.pieces, h.tenths = 3, f.between(200, 900)
		if n == 6 && alike >= 0 {
			h.pieces, h.tenths = 30, f.between(3200, 4800)
		}
		if h.value > 0 {
			h.value = h.tenths / 10 * it.perKg
		}
		h.slac, h.truth.Waybill, h.truth.Flight = h.pieces, s.number, s.slot.key()
		h.truth.mark(p, alike)
		h.truth.Case = name
		f.file(s)
	}
}
