package synth

import (
	"strconv"
	"strings"
	"time"
)

// perPart is how many people one message of a passenger list holds.
const perPart = 120

// list is one transmission of API data, before it is cut into messages.
type list struct {
	sent        time.Time
	code        string // 745, 250, 266
	function    string // BGM 1004
	transaction bool   // RFF+TN: an interactive message
	interactive bool   // UNB 0026 IAPI
	people      []*traveller
	crew        []person
	terse       bool // references only
	torn        bool // only its first part arrives
	quirk       quirk
}

func (s *story) sendList(sent time.Time, people []*traveller) {
	s.send(list{sent: sent, code: "745", people: people, quirk: s.quirk(apiQuirks)})
}

// sendTorn sends a list in parts of which only the first arrives.
func (s *story) sendTorn(sent time.Time, people []*traveller) {
	s.send(list{sent: sent, code: "745", people: people, torn: true})
}

// sendChange sends what departs from the list: CP and XR, or a query for a few people.
func (s *story) sendChange(sent time.Time, function string, people []*traveller) {
	s.send(list{sent: sent, code: "745", function: function, transaction: true, interactive: function == "", people: people})
}

func (s *story) sendClose(sent time.Time, function string, people []*traveller) {
	l := list{sent: sent, code: "266", function: function, people: people, terse: s.carrier.nameless && function == "CLOB"}
	if !l.terse {
		l.quirk = s.quirk([]quirk{clean, lineBreaks, countOff, noServiceString})
	}
	s.send(l)
}

func (s *story) cancelFlight(relative time.Duration) {
	s.send(list{sent: s.at(relative), code: "266", function: "XF"})
}

func (s *story) crewList(relative time.Duration) {
	s.crewSent = true
	s.send(list{sent: s.at(relative), code: "250", function: "C", crew: s.crew, quirk: s.quirk([]quirk{clean, lineBreaks, noServiceString})})
}

// quirk picks how a message is dirty; most are not.
func (s *story) quirk(from []quirk) quirk {
	if s.percent(80) {
		return clean
	}
	return of(s.dice, from)
}

// send cuts a transmission into messages and those into files.
func (s *story) send(l list) {
	parts := [][]*traveller{l.people}
	if !l.transaction && len(l.people) > perPart+10 {
		parts = nil
		for rest := l.people; len(rest) > 0; rest = rest[min(perPart, len(rest)):] {
			parts = append(parts, rest[:min(perPart, len(rest))])
		}
	}
	access := ""
	if l.quirk != noTotal || len(parts) > 1 {
		access = s.access()
		if len(parts) > 1 { // each transmission of parts is told from the one before
			access += "/" + padded(s.sequence+1, 2)
		}
	}
	together := len(parts) > 1 && !l.torn && s.percent(25)
	var f *envelope
	for i, part := range parts {
		if l.torn && i > 0 {
			break
		}
		if f == nil {
			f = s.open(l)
		}
		s.paxlst(f, l, part, access, i+1, i+1 == len(parts))
		if !together || i+1 == len(parts) {
			s.shut(f, l)
			f = nil
		}
	}
}

// access is the common access reference that an airline gives all messages of a flight.
func (s *story) access() string {
	return s.number(s.carrier.flightWidth) + "/" + yymmdd(s.leg().departure) + "/" + hhmm(s.leg().departure)
}

func (s *story) number(width int) string { return s.slot.carrier + padded(s.slot.flight, width) }

// envelope is an interchange being written.
type envelope struct {
	*wire
	reference string
	messages  int
}

func (s *story) open(l list) *envelope {
	line := "\n"
	if l.quirk == lineBreaks {
		line = "\r\n"
	}
	if l.quirk == foldedLines {
		line = ""
	}
	f := &envelope{wire: newWire('?', line), reference: s.interchange()}
	if l.quirk != noServiceString {
		f.out = append(f.out, "UNA:+.? '"+line...)
	}
	w := f.seg("UNB").cs("UNOA", "4").e(s.carrier.api).e("BHPIU").cs(yymmdd(l.sent), hhmm(l.sent)).e(f.reference)
	if l.interactive {
		w.es("", "IAPI")
	}
	w.done()
	if s.carrier.group {
		f.seg("UNG").es("PAXLST", s.carrier.api, "BHPIU").cs(yymmdd(l.sent), hhmm(l.sent)).es("1", "UN").cs("D", "05B").done()
	}
	return f
}

func (s *story) shut(f *envelope, l list) {
	count := strconv.Itoa(f.messages)
	if s.carrier.group {
		f.seg("UNE").es(count, "1").done()
		count = "1"
	}
	f.seg("UNZ").es(count, f.reference).done()
	s.file(l.sent, "paxlst", s.dirtied(f.wire, l.quirk, l.sent))
}

// dirtied is a message as it arrives: folded by a gateway, or with its address lines around it.
func (s *story) dirtied(w *wire, q quirk, sent time.Time) []byte {
	switch q {
	case foldedLines:
		return wrapped(w.out, w.end, w.release)
	case teletypeLines:
		return teletype(w.out, sent)
	}
	return w.out
}

// paxlst writes one message.
func (s *story) paxlst(f *envelope, l list, part []*traveller, access string, no int, last bool) {
	f.messages++
	reference := "MSG" + padded(f.messages, 3)
	w := f.seg("UNH").e(reference).cs("PAXLST", "D", "05B", "UN", "IATA").e(access)
	if last {
		w.cs(padded(no, 2), "F")
	} else if no == 1 {
		w.cs(padded(no, 2), "C")
	} else {
		w.cs(padded(no, 2))
	}
	w.done()
	f.seg("BGM").es(l.code, l.function).done()
	if l.transaction {
		f.seg("RFF").cs("TN", yymmddhhmm(l.sent)+padded(s.slot.flight, 4)+padded(s.sequence, 3)).done()
	}
	f.seg("NAD").es("MS", "", "", s.carrier.name+" API DESK").done()
	f.seg("COM").cs("97317000001", "TE").cs("api.desk-at-"+strings.ToLower(s.carrier.api)+".example", "EM").done()
	s.flight(f.wire, l.quirk)
	for i := range l.crew {
		s.crewMember(f.wire, &l.crew[i])
	}
	for _, t := range part {
		if l.terse {
			f.seg("NAD").e("ZZZ").done()
			f.refer("AVF", s.locatorOf(t))
			f.refer("ABO", t.abo)
			continue
		}
		s.passenger(f.wire, t, l)
	}
	switch {
	case l.code == "250":
		f.seg("CNT").cs("41", strconv.Itoa(len(l.crew))).done()
	case l.quirk != noTotal:
		total := len(part)
		if s.sequence%2 == 0 { // some count this message, some the whole list
			total = len(l.people)
		}
		f.seg("CNT").cs("42", strconv.Itoa(total)).done()
	}
	count := f.segments + 1
	if l.quirk == countOff {
		count -= 2 // its system leaves out UNH and UNT
	}
	f.seg("UNT").es(strconv.Itoa(count), reference).done()
}

// flight writes the legs.
func (s *story) flight(w *wire, q quirk) {
	if q == bareFlight {
		w.seg("TDT").es("20", s.number(0)).done()
	} else {
		w.seg("TDT").es("20", s.number(s.carrier.flightWidth), "", "", s.slot.carrier).done()
	}
	times := func(code string, at time.Time) {
		if q == longDates {
			w.seg("DTM").cs(code, at.Format("200601021504"), "203").done()
		} else {
			w.seg("DTM").cs(code, yymmddhhmm(at), "201").done()
		}
	}
	legs := s.slot.legs
	for i := 0; i <= len(legs); i++ {
		place := legs[max(i-1, 0)].to.IATA
		if i == 0 {
			place = legs[0].from.IATA
		}
		qualifier := "92"
		switch i {
		case s.slot.border:
			qualifier = "125"
		case s.slot.border + 1:
			qualifier = "87"
		}
		w.seg("LOC").es(qualifier, place).done()
		if i > 0 {
			times("232", legs[i-1].arrival)
		}
		if i < len(legs) {
			times("189", legs[i].departure)
		}
	}
}

func (w *wire) refer(qualifier, value string) {
	if value != "" {
		w.seg("RFF").cs(qualifier, value).done()
	}
}

// locatorOf is the booking a traveller is in.
func (s *story) locatorOf(t *traveller) string {
	if t.in == nil {
		return ""
	}
	return t.in.locator
}

// passenger writes one person of a list.
func (s *story) passenger(w *wire, t *traveller, l list) {
	given := t.given
	if l.quirk == titledNames && given != "" {
		given += " " + t.title(s.today)
	}
	role := "FL"
	if t.transit {
		role = "DDU"
	}
	w.seg("NAD").es(role, "", "").cs(t.surname, given).done()
	w.seg("ATT").es("2", "", t.sex).done()
	w.birth(t.born, l.quirk)
	if l.code == "745" && l.function != "XR" {
		if len(t.bags) > 0 {
			w.seg("MEA").es("CT", "").cs("", strconv.Itoa(len(t.bags))).done()
		}
		w.seg("GEI").es("4", "173").done()
		for _, tag := range t.bags {
			w.seg("FTX").es("BAG", "", "", tag).done()
		}
		w.seg("LOC").es("178", s.leg().from.IATA).done()
		to := t.staysOn
		if to == "" {
			to = s.leg().to.IATA
		}
		w.seg("LOC").es("179", to).done()
		w.seg("LOC").es("174", s.country(t.residence, t.from, l.quirk)).done()
		if t.contactable {
			w.seg("COM").cs(t.phone, "TE").done()
		}
	}
	w.seg("NAT").es("2", s.country(t.from.country, t.from, l.quirk)).done()
	w.refer("AVF", s.locatorOf(t))
	w.refer("ABO", t.abo)
	w.refer("SEA", t.seat)
	for i, doc := range t.asListed().documents {
		if i > 0 && l.code == "266" {
			break
		}
		s.document(w, doc, t.from, l.quirk)
	}
}

func (w *wire) birth(born time.Time, q quirk) {
	if q == longDates {
		w.seg("DTM").cs("329", born.Format("20060102"), "102").done()
	} else {
		w.seg("DTM").cs("329", yymmdd(born)).done()
	}
}

// country writes a state in three letters, or in the two that some systems keep.
func (s *story) country(code string, o *origin, q quirk) string {
	if q == shortCountries && code == o.country && code != "D" {
		return o.two
	}
	return code
}

func (s *story) document(w *wire, doc document, o *origin, q quirk) {
	number := doc.number
	if q == spacedNumbers && len(number) > 5 {
		number = number[:2] + " " + number[2:5] + "-" + number[5:]
	}
	expires := func() { w.seg("DTM").cs("36", yymmdd(doc.expires)).done() }
	if q == expiryFirst {
		expires()
	}
	w.seg("DOC").cs(doc.kind, "110", "111").e(number).done()
	if q != expiryFirst {
		expires()
	}
	w.seg("LOC").es("91", s.country(doc.issuer, o, q)).done()
}

func (s *story) crewMember(w *wire, p *person) {
	w.seg("NAD").es("FM", "", "").cs(p.surname, p.given).done()
	w.seg("ATT").es("2", "", p.sex).done()
	w.birth(p.born, clean)
	w.seg("LOC").es("178", s.leg().from.IATA).done()
	w.seg("LOC").es("179", s.leg().to.IATA).done()
	duty := "CR2"
	if p == &s.crew[0] || len(s.crew) > 1 && p == &s.crew[1] {
		duty = "CR1"
	}
	w.seg("EMP").e("1").cs(duty, "110", "111").done()
	w.seg("NAT").es("2", p.from.country).done()
	s.document(w, p.passport, p.from, clean)
}
