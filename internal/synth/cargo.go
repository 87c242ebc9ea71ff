package synth

import (
	"slices"
	"strconv"
	"time"
)

// CargoTraffic is what forwarders and carriers file of the consignments on a world's flights: waybills and houses, with
// amendments, withdrawals and messages nobody can read. Among them are planted cases, each with twenty innocent
// look-alikes that miss one thing.
type CargoTraffic struct {
	Messages     []Message // in the order they are sent
	Consignments []Consignment
	Unreadable   int // messages that nobody can read
}

// Consignment is a waybill or a house as it must stand once every message was processed.
type Consignment struct {
	Waybill   string   `json:"waybill"`         // 999-21000005
	House     string   `json:"house,omitempty"` // empty for a master and a direct waybill
	Kind      string   `json:"kind"`            // direct, master, house
	Flight    string   `json:"flight"`          // as flights are named here: ZZ430 2026-11-24 BAH-LHR
	Pieces    int      `json:"pieces"`
	Kg        string   `json:"kg"` // 120.5
	Consignor string   `json:"consignor"`
	Consignee string   `json:"consignee"`
	Goods     string   `json:"goods,omitempty"` // of a master: none
	Status    string   `json:"status"`          // filed, cancelled
	Versions  int      `json:"versions"`        // filings that said something new
	Planted   string   `json:"planted,omitempty"`
	LookAlike string   `json:"look_alike,omitempty"` // of what is planted: nothing of that kind may be found of it
	Rule      string   `json:"rule,omitempty"`       // of the targeting rules, of either: R01 …
	Case      string   `json:"case,omitempty"`       // what is planted in several consignments bears one name
	Expected  string   `json:"expected"`             // complete: nothing is found; referred: a human looks; assessing: a master not all of whose houses are here and complete; cancelled
	Told      []string `json:"told,omitempty"`       // errors that the filer must be told of the last filing: MISSING_CNE_NAME …
}

// What becomes of a consignment.
const (
	expectComplete  = "complete"
	expectReferred  = "referred"
	expectAssessing = "assessing"
	expectCancelled = "cancelled"
)

// cargoDomain marks the messages of cargo.
const cargoDomain = "cargo"

// shipment is a master with its houses, or a direct waybill, which is its own only house.
type shipment struct {
	dice
	number  string
	airline string
	slot    *slot
	by      *forwarder
	direct  bool
	from    firm // of a master: who consolidates, and who breaks bulk
	to      firm
	houses  []*house
	short   [2]int // pieces and tenths of a kilogram that the master has less than its houses
	truth   Consignment
	leaves  time.Time
	last    time.Time // when it was last written of
}

// house is what one sends to another.
type house struct {
	number     string
	item       item
	pieces     int
	tenths     int // of a kilogram
	slac       int
	handling   []string
	from, to   firm
	truth      Consignment
	changes    []change
	cancelled  bool
	value      int // dollars; 0 declares none
	noText     bool
	noHS       bool
	anonymous  bool // the consignee has neither street nor phone
	unreadable bool // its line is broken in the message: the others are read, it is not
	duplicate  bool // filed twice, word for word
}

// change is what a later filing says otherwise.
type change struct {
	before time.Duration // departure
	make   func(*house)
}

// freight is a world's cargo being made.
type freight struct {
	dice
	options Options
	slots   []slot
	planted *planting
	callers []caller
	serial  map[string]int
	houses  int
	CargoTraffic
}

// caller is a planted traveller whose number is in the bookings.
type caller struct{ name, phone string }

// callersOf are a flight's planted travellers who lead a booking that stands: their number is in it.
func callersOf(s *story) (list []caller) {
	for _, t := range s.everyone {
		if t.planted != "" && t.known && t.booked && t.in != nil && !t.in.cancelled && len(t.in.party) > 0 && t.in.party[0] == t && t.phone != "" && !s.cancelled {
			list = append(list, caller{t.given + " " + t.surname, t.phone})
		}
	}
	return list
}

// NewCargoTraffic makes n consignments, and the planted ones with their look-alikes, on flights of no other world.
func NewCargoTraffic(seed uint64, n int) *CargoTraffic {
	o := Options{Seed: seed, Cargo: n}.withDefaults()
	return cargoTraffic(o, nil, newPlanting(o), nil)
}

// Houses makes n house waybills of no interest in messages of so many each, one consolidation a message and its master not
// filed: traffic to measure with.
func Houses(seed uint64, n, each int) []Message {
	o := Options{Seed: seed}.withDefaults()
	f := &freight{options: o, slots: schedule(o.Home, o.Start, 12), serial: map[string]int{}, dice: newDice(seed, "cargo houses", 0)}
	for left := n; left > 0; left -= each {
		s := f.shipment(false)
		pieces, tenths := 0, 0
		for range min(each, left) {
			h := s.house(of(f.dice, items))
			f.houses++
			h.number = s.by.houses + padded(2600000+f.houses, 7)
			pieces, tenths = pieces+h.pieces, tenths+h.tenths
		}
		f.send(s, "fhl", s.leaves.Add(-s.hours(9, 26)), s.houseList(pieces, tenths, s.houses))
	}
	return f.Messages
}

// setEvery is how many consignments there are for one set of planted cases.
const setEvery = 5000

// cargoTraffic makes as many consignments as are asked for, and at least one set of planted cases. planted remembers what
// the lists must hold; callers are the travellers whom a consignee shares a phone with.
func cargoTraffic(o Options, slots []slot, planted *planting, callers []caller) *CargoTraffic {
	if len(slots) == 0 {
		slots = schedule(o.Home, o.Start, 12)
	}
	f := &freight{options: o, slots: slots, planted: planted, callers: callers, serial: map[string]int{}, dice: newDice(o.Seed, "cargo", 0)}
	for set := 0; set <= o.Cargo/setEvery; set++ {
		f.set(set)
	}
	for n := 0; len(f.Consignments) < o.Cargo; n++ {
		f.dice = newDice(o.Seed, "cargo shipment", n)
		f.ordinary()
	}
	f.dice = newDice(o.Seed, "cargo broken", 0)
	for n := range 1 + o.Cargo/200 {
		f.broken(n)
	}
	slices.SortStableFunc(f.Messages, func(a, b Message) int { return a.Sent.Compare(b.Sent) })
	return &f.CargoTraffic
}

// ordinary makes a shipment of no interest, with all that happens to such.
func (f *freight) ordinary() {
	s := f.shipment(f.percent(35))
	n := 1
	if !s.direct {
		n = f.between(2, 9)
	}
	for range n {
		h := s.house(of(f.dice, items))
		switch f.weighted(80, 6, 6, 4, 4) {
		case 1: // the weight is corrected
			h.changes = append(h.changes, change{before: s.hours(5, 8), make: func(h *house) { h.tenths += 1 + h.tenths/200 }})
		case 2: // the consignee's phone turns up
			phone := h.to.phone
			h.to.phone = ""
			h.changes = append(h.changes, change{before: s.hours(5, 8), make: func(h *house) { h.to.phone = phone }})
		case 3:
			h.duplicate = true
		case 4:
			h.cancelled = true
		}
	}
	if !s.direct && len(s.houses) > 2 && f.percent(4) {
		s.houses[1].unreadable, s.houses[1].cancelled, s.houses[1].duplicate, s.houses[1].changes = true, false, false, nil
	}
	f.file(s)
}

// shipment begins one on a flight of its own choice.
func (f *freight) shipment(direct bool) *shipment {
	sl := &f.slots[f.IntN(len(f.slots))]
	l := sl.leg()
	s := &shipment{dice: f.dice, slot: sl, airline: sl.carrier, by: &forwarders[f.IntN(len(forwarders))], direct: direct, leaves: l.leaves}
	f.serial[sl.carrier]++
	serial := 2100000 + f.serial[sl.carrier]
	s.number = airlines[sl.carrier].accounting + "-" + strconv.Itoa(serial) + strconv.Itoa(serial%7)
	s.from, s.to = f.firmAt(l.from), f.firmAt(l.to)
	s.from.name, s.to.name = s.by.name, of(f.dice, firmFirst)+" "+of(f.dice, firmSecond)+" CARGO HANDLING"
	s.truth = Consignment{Waybill: s.number, Kind: "master", Flight: sl.key(), Status: "filed", Versions: 1, Expected: expectComplete}
	if direct {
		s.truth.Kind = "direct"
	}
	return s
}

// hours is a time before departure.
func (s *shipment) hours(lo, hi int) time.Duration {
	return time.Duration(s.between(lo*60, hi*60)) * time.Minute
}

// house adds one with goods of a kind.
func (s *shipment) house(it item) *house {
	l := s.slot.leg()
	h := &house{item: it, from: s.firmAt(l.from), to: s.firmAt(l.to), pieces: s.between(2, 24)}
	for range h.pieces {
		h.tenths += s.between(it.kg[0]*10, it.kg[1]*10)
	}
	if h.tenths%10 == 0 { // a weight that was weighed is seldom round
		h.tenths += 3
	}
	h.slac = h.pieces
	h.value = h.tenths / 10 * it.perKg * s.between(85, 115) / 100
	h.handling = []string{of(s.dice, []string{"EAW", "EAP"}), "SPX"}
	if it.handling != "" {
		h.handling = append(h.handling, it.handling)
	}
	h.truth = Consignment{Waybill: s.number, Kind: "house", Flight: s.slot.key(), Status: "filed", Versions: 1, Expected: expectComplete}
	s.houses = append(s.houses, h)
	return h
}

// mark says what is planted in a consignment, or what it only looks like.
func (c *Consignment) mark(p *cargoPattern, alike int) {
	c.Rule = p.rule
	if alike < 0 {
		c.Planted, c.Expected = p.name, expectReferred
		return
	}
	c.LookAlike = p.name
}

// file sends all that there is to say of a shipment, and keeps its truth.
func (f *freight) file(s *shipment) {
	for _, h := range s.houses {
		f.houses++
		h.number = s.by.houses + padded(2600000+f.houses, 7)
	}
	if s.direct {
		f.fileDirect(s)
	} else {
		f.fileConsolidation(s)
	}
}

// fileDirect sends a waybill that has no houses, and again whenever something changes.
func (f *freight) fileDirect(s *shipment) {
	h := s.houses[0]
	at := s.leaves.Add(-s.hours(9, 26))
	body := func() string { return s.waybill(h.pieces, h.tenths, h, at) }
	f.send(s, "fwb", at, body())
	if h.duplicate {
		f.send(s, "fwb", at.Add(time.Duration(s.between(20, 90))*time.Minute), body())
	}
	for _, c := range h.changes {
		c.make(h)
		at = s.leaves.Add(-c.before)
		f.send(s, "fwb", at, body())
		h.truth.Versions++
	}
	if h.cancelled {
		f.send(s, "fxx", s.leaves.Add(-s.hours(4, 5)), s.withdrawal(""))
	}
	t := h.truth
	t.Kind = "direct"
	f.keep(h, t)
}

// fileConsolidation sends the houses, in one message or several, and the master before or behind them.
func (f *freight) fileConsolidation(s *shipment) {
	pieces, tenths := 0, 0
	for _, h := range s.houses {
		pieces, tenths = pieces+h.pieces, tenths+h.tenths
	}
	pieces, tenths = pieces-s.short[0], tenths-s.short[1]
	at := s.leaves.Add(-s.hours(10, 26))
	f.send(s, "fwb", at.Add(time.Duration(s.between(-60, 120))*time.Minute), s.waybill(pieces, tenths, nil, at))
	for rest := s.houses; len(rest) > 0; {
		n := min(len(rest), s.between(1, 4))
		f.send(s, "fhl", at, s.houseList(pieces, tenths, rest[:n]))
		at = at.Add(time.Duration(s.between(2, 40)) * time.Minute)
		rest = rest[n:]
	}
	for _, h := range s.houses {
		if h.duplicate {
			f.send(s, "fhl", at.Add(time.Duration(s.between(20, 90))*time.Minute), s.houseList(pieces, tenths, []*house{h}))
		}
		for _, c := range h.changes {
			c.make(h)
			f.send(s, "fhl", s.leaves.Add(-c.before), s.houseList(pieces, tenths, []*house{h}))
			h.truth.Versions++
		}
		if h.cancelled {
			f.send(s, "fxx", s.leaves.Add(-s.hours(4, 5)), s.withdrawal(h.number))
		}
	}
	m := s.truth
	for _, h := range s.houses {
		if m.Expected == expectComplete && (h.unreadable || h.cancelled || h.truth.Expected == expectReferred) {
			m.Expected = expectAssessing
		}
	}
	m.Pieces, m.Kg, m.Consignor, m.Consignee = pieces, kilograms(tenths), s.from.name, s.to.name
	f.Consignments = append(f.Consignments, m)
	for _, h := range s.houses {
		if !h.unreadable {
			t := h.truth
			t.House = h.number
			f.keep(h, t)
		}
	}
}

// keep files the truth of a house or a direct waybill as it stands in the end.
func (f *freight) keep(h *house, t Consignment) {
	t.Pieces, t.Kg, t.Consignor, t.Consignee, t.Goods = h.pieces, kilograms(h.tenths), h.from.name, h.to.name, h.said()
	if h.cancelled {
		t.Status, t.Expected = "cancelled", expectCancelled
	}
	f.Consignments = append(f.Consignments, t)
}

// said is the description as it is filed.
func (h *house) said() string {
	if h.noText {
		return h.item.short
	}
	return h.item.long
}

// send files a message at its minute.
func (f *freight) send(s *shipment, format string, at time.Time, body string) {
	at = at.Truncate(time.Minute)
	if !at.After(s.last) && !s.last.IsZero() && format != "fwb" {
		at = s.last.Add(time.Minute)
	}
	if at.After(s.last) {
		s.last = at
	}
	by := s.by.handle
	if format == "fwb" && !s.direct && s.percent(30) { // the carrier files the masters of some forwarders
		by = s.airline
	}
	f.Messages = append(f.Messages, Message{
		Name: by + "-" + s.number + "." + format, Domain: cargoDomain, Carrier: by, Flight: s.slot.key(), Sent: at, Departs: s.leaves, Body: []byte(s.telex(body, at)),
	})
}

// kilograms writes tenths of one.
func kilograms(tenths int) string {
	text := strconv.Itoa(tenths / 10)
	if tenths%10 != 0 {
		text += "." + strconv.Itoa(tenths%10)
	}
	return text
}

// broken sends a message that nobody can read.
func (f *freight) broken(n int) {
	s := f.shipment(n%2 == 0)
	h := s.house(of(f.dice, items))
	h.number = s.by.houses + padded(9000000+n, 7)
	at := s.leaves.Add(-s.hours(8, 26)).Truncate(time.Minute)
	good := s.waybill(h.pieces, h.tenths, h, at)
	name := "fwb"
	if n%2 == 1 {
		good, name = s.houseList(h.pieces, h.tenths, s.houses), "fhl"
	}
	f.Unreadable++
	f.Messages = append(f.Messages, Message{
		Name: s.by.handle + "-broken." + name, Domain: cargoDomain, Carrier: s.by.handle, Sent: at, Body: []byte(spoil(good, s.number, n)),
	})
}
