package synth

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// perMessage is how many bookings one message of a push holds.
const perMessage = 60

// push is one transmission of reservation data.
type push struct {
	sent  time.Time
	full  bool
	total int
	quirk quirk
}

// sendPush gives the bookings that arrive: of a push in parts, the last may be lost on its way.
func (s *story) sendPush(sent time.Time, full bool, bs []*booking) (heard []*booking) {
	p := push{sent: sent, full: full, total: len(bs), quirk: s.quirk(pnrQuirks)}
	parts := [][]*booking{bs}
	if len(bs) > perMessage+10 {
		parts = nil
		for rest := bs; len(rest) > 0; rest = rest[min(perMessage, len(rest)):] {
			parts = append(parts, rest[:min(perMessage, len(rest))])
		}
	}
	access := s.access()
	if len(parts) > 1 {
		access += "/" + padded(s.sequence+1, 2)
	}
	lost := full && len(parts) > 1 && s.percent(8)
	for i, part := range parts {
		last := i+1 == len(parts)
		if last && lost {
			break
		}
		s.pnrgov(p, part, access, i+1, last)
		heard = append(heard, part...)
	}
	return heard
}

// pnrgov writes one message, which is a file of its own.
func (s *story) pnrgov(p push, bs []*booking, access string, no int, last bool) {
	line := "\n"
	if p.quirk == lineBreaks {
		line = " \r\n"
	}
	if p.quirk == foldedLines {
		line = ""
	}
	release := s.carrier.release
	if p.quirk == noServiceString {
		release = '?'
	}
	w := newWire(release, line)
	if p.quirk != noServiceString {
		w.out = append(w.out, "UNA:+."+string(release)+"*'"+line...)
	}
	reference := s.interchange()
	w.seg("UNB").cs("IATA", "1").e(s.carrier.pnr).e("BHPIU").cs(yymmdd(p.sent), hhmm(p.sent)).es(reference, "", "PNRGOV").done()
	h := w.seg("UNH").e("1").cs("PNRGOV", "13", "1", "IA").e(access)
	switch {
	case last:
		h.cs(padded(no, 2), "F")
	case no == 1:
		h.cs(padded(no, 2), "C")
	default:
		h.e(padded(no, 2))
	}
	h.done()
	if p.full {
		w.raw("MSG+:22")
	} else {
		w.raw("MSG+:141")
	}
	w.seg("ORG").cs(s.carrier.code, s.slot.home).done()
	width := 0
	if p.quirk == paddedFlight {
		width = 4
	}
	s.segment(w, p, &segment{carrier: s.slot.carrier, from: s.leg().from.IATA, to: s.leg().to.IATA, number: s.slot.flight, departs: s.leg().departure, arrives: s.leg().arrival}, "", width)
	w.seg("EQN").e(strconv.Itoa(p.total)).done()
	for _, b := range bs {
		s.booking(w, p, b)
	}
	count := w.segments + 1
	if p.quirk == countOff {
		count -= 2
	}
	w.seg("UNT").es(strconv.Itoa(count), "1").done()
	w.seg("UNZ").es("1", reference).done()
	s.file(p.sent, "pnrgov", s.dirtied(w, p.quirk, p.sent))
}

// segment writes a TVL.
func (s *story) segment(w *wire, p push, g *segment, class string, width int) {
	arrival := ddmmyy(g.arrives)
	if p.quirk == noArrivalDate && arrival == ddmmyy(g.departs) {
		arrival = "" // it is the departure's
	}
	w.seg("TVL").cs(ddmmyy(g.departs), hhmm(g.departs), arrival, hhmm(g.arrives)).es(g.from, g.to, g.carrier).cs(padded(g.number, width), class).done()
}

func (s *story) booking(w *wire, p push, b *booking) {
	w.raw("SRC")
	r := w.seg("RCI").cs(s.carrier.code, b.locator, "", ddmmyy(b.created), hhmm(b.created))
	if b.elsewhere != "" {
		r.cs(b.agency.system, b.elsewhere)
	}
	r.done()
	if b.cancelled {
		w.raw("ORG")
		return
	}
	w.seg("DAT").cs("700", ddmmyy(b.changed), hhmm(b.changed)).cs("710", ddmmyy(b.created), hhmm(b.created)).done()
	if b.remark != "" {
		w.seg("IFT").cs("4", "28", "", s.carrier.code).e(b.remark).done()
	}
	a := b.agency
	system := a.system
	if system == "" {
		system = s.carrier.code
	}
	w.seg("ORG").cs(system, "MUC").cs(a.iata, a.office).es(a.city, s.carrier.code, "T").cs(a.country, a.currency, "EN").e("0042AA").done()
	lead := b.party[0]
	w.seg("ADD").e("").cs("700", b.street, lead.from.city, "", "", lead.from.two, "", lead.phone).done()
	if b.unnamed {
		w.seg("TIF").cs(b.group, "G").done()
	}
	for _, t := range b.party {
		if !t.lap && !b.unnamed {
			s.traveller(w, p, b, t)
		}
	}
	s.itinerary(w, p, b)
	if b.splitWith != nil {
		w.seg("EQN").e("1").done()
		w.seg("RCI").cs(s.carrier.code, b.splitWith.locator).done()
	}
	for _, c := range b.history {
		w.seg("ABI").e("1").cs("0042AA", "SU").es(a.city, "", s.carrier.code).done()
		w.seg("DAT").cs("T", ddmmyy(c.at), hhmm(c.at)).done()
		for _, name := range [][2]string{{"X", c.was}, {"A", c.t.given}} {
			w.seg("SAC").es("", "", name[0]).done()
			w.seg("TIF").e(c.t.surname).cs(name[1], "A", s.ref(c.t, true)).done()
		}
	}
}

// ref is a traveller's reference within the booking. One system writes 01.01 where it names them, 1.1 where it refers.
func (s *story) ref(t *traveller, naming bool) string {
	switch {
	case !s.carrier.dotted:
		return strconv.Itoa(t.ref)
	case naming:
		return padded(t.ref, 2) + ".01"
	}
	return strconv.Itoa(t.ref) + ".1"
}

// traveller writes a TIF and what hangs on it.
func (s *story) traveller(w *wire, p push, b *booking, t *traveller) {
	name := t.asBooked()
	given, title := name.given, t.title(s.today)
	switch {
	case given == "" || t.plain: // nothing to glue a title to, or nothing that would tell it from the name
	case t.ref%3 == 0:
		given += " " + title
	case t.ref%3 == 1:
		given += title
	}
	surname := name.surname
	if p.quirk == lowerCase && !t.plain {
		surname, given = strings.ToUpper(surname[:1])+strings.ToLower(surname[1:]), strings.ToUpper(name.given)
		if given != "" {
			given = given[:1] + strings.ToLower(given[1:])
		}
	}
	kind, accompanied := "A", ""
	if t.title(s.today) == "MSTR" || t.title(s.today) == "MISS" {
		kind = "C"
	}
	if t.infant != nil {
		accompanied = "1"
	}
	ref := s.ref(t, true)
	w.seg("TIF").e(surname).cs(given, kind, ref, accompanied).done()
	if t.program != "" {
		w.seg("FTI").cs(s.carrier.code, t.program, ref).done()
	}
	if p.quirk != lateDocuments || len(name.documents) > 1 {
		s.docs(w, p, t, t.sex, "")
	}
	if t.infant != nil {
		i := t.infant
		w.service(s, "INFT", s.leg(), i.surname+"/"+i.given+" "+ddmmmyy(i.born))
		s.docs(w, p, i, i.sex+"I", "-1"+t.surname+"/"+name.given+title)
	}
	if t.contactable {
		w.service(s, "CTCM", nil, "/"+t.phone)
		w.service(s, "CTCE", nil, "/"+strings.NewReplacer("@", "//", "_", "..", "-", "./").Replace(t.email()))
	}
	if t.diet != "" {
		w.service(s, t.diet, s.leg(), "")
	}
	if t.help != "" {
		w.service(s, t.help, s.leg(), "")
	}
	l := s.leg()
	w.service(s, "TKNE", l, t.ticket+"C1")
	w.seg("TKT").cs(t.ticket, "T", "1").done()
	each := b.amount / float64(len(b.party))
	w.seg("MON").cs("B", fmt.Sprintf("%.2f", each*0.8), b.agency.currency).cs("T", fmt.Sprintf("%.2f", each), b.agency.currency).done()
	w.seg("DAT").cs("710", ddmmyy(b.created), hhmm(b.created)).done()
	if b.card != "" {
		w.seg("FOP").cs("CC", "", fmt.Sprintf("%.2f", each), "VI", b.card, "0829").done()
	} else {
		w.seg("FOP").cs("CA", "", fmt.Sprintf("%.2f", each)).done()
	}
}

// service writes an SSR, for one leg or for none in particular.
func (w *wire) service(s *story, code string, l *leg, text string) {
	from, to := "", ""
	if l != nil {
		from, to = l.from.IATA, l.to.IATA
	}
	w.seg("SSR").cs(code, "HK", "1", s.carrier.code, "", "", from, to, text).done()
}

// docs writes the documents of a traveller: DOCS, and DOCO for a visa.
func (s *story) docs(w *wire, p push, t *traveller, sex, tail string) {
	name := t.asBooked()
	if name.documents == nil {
		return
	}
	w.service(s, "DOCS", nil, t.docs(s, p, sex)+tail)
	for _, visa := range name.documents[1:] {
		w.service(s, "DOCO", nil, strings.Join([]string{"", t.from.city, visa.kind, visa.number, "MANAMA", ddmmmyy(t.visa.expires.AddDate(-2, 0, 0)), t.visa.issuer}, "/"))
	}
}

// docs is the text of a DOCS.
func (t *traveller) docs(s *story, p push, sex string) string {
	name := t.asBooked()
	doc := name.documents[0]
	state := s.country(doc.issuer, t.from, p.quirk)
	text := strings.Join([]string{"", doc.kind, state, doc.number, state, ddmmmyy(name.born), sex, ddmmmyy(doc.expires), name.surname, name.given}, "/")
	if p.quirk == shiftedDocuments && t.ref%4 == 0 {
		return "/" + text // every field one place late
	}
	return text
}

// itinerary writes the flights of a booking.
func (s *story) itinerary(w *wire, p push, b *booking) {
	l := s.leg()
	seats := 0
	for _, t := range b.party {
		if !t.lap {
			seats++
		}
	}
	others := func(after bool, gs ...*segment) {
		for _, g := range gs {
			if g != nil && g.after == after {
				s.segment(w, p, g, b.class, 0)
				w.seg("RPI").es(strconv.Itoa(seats), "HK").done()
			}
		}
	}
	others(false, b.back, b.feeder)
	g := segment{carrier: s.slot.carrier, from: l.from.IATA, to: l.to.IATA, number: s.slot.flight, departs: l.departure, arrives: l.arrival}
	if b.codeshare {
		arrival := ddmmyy(g.arrives)
		w.seg("TVL").cs(ddmmyy(g.departs), hhmm(g.departs), arrival, hhmm(g.arrives)).es(g.from, g.to).
			cs(s.slot.marketed, s.slot.carrier).cs(strconv.Itoa(s.slot.flight+5690), b.class).done()
		if s.carrier.operating {
			w.seg("TRA").e(s.slot.carrier).cs(strconv.Itoa(s.slot.flight), b.class).done()
		} else {
			w.seg("TVL").es("", "", "", "").cs(strconv.Itoa(s.slot.flight), b.class).done()
		}
	} else {
		s.segment(w, p, &g, b.class, 0)
	}
	w.seg("RPI").es(strconv.Itoa(seats), "HK").done()
	w.seg("APD").e(s.slot.type3).done()
	if p.quirk == lateDocuments && !b.unnamed {
		for _, t := range b.party {
			if name := t.asBooked(); !t.lap && len(name.documents) == 1 {
				w.seg("SSR").cs("DOCS", "HK", "1", s.carrier.code, "", "", "", "", t.docs(s, p, t.sex)).cs("", "", s.ref(t, false)).done()
			}
		}
	}
	var seated []*traveller
	for _, t := range b.party {
		if t.seat != "" && !b.unnamed {
			seated = append(seated, t)
		}
	}
	if len(seated) > 0 {
		r := w.seg("SSR").cs("SEAT", "HK", strconv.Itoa(len(seated)), s.carrier.code, "", "", l.from.IATA, l.to.IATA)
		for _, t := range seated {
			r.cs(t.seat, "", s.ref(t, false))
		}
		r.done()
	}
	if b.checkedIn {
		s.departureControl(w, p, b)
	}
	others(true, b.feeder, b.back)
}

// departureControl writes who has checked in.
func (s *story) departureControl(w *wire, p push, b *booking) {
	at := p.sent.Add(-time.Duration(70+len(b.locator)) * time.Minute)
	opened := false
	for i, t := range b.party {
		if !t.listed || t.lap {
			continue
		}
		if !opened {
			w.seg("DAT").cs("2", ddmmyy(at), hhmm(at)).done()
			w.seg("ORG").cs(s.carrier.code, s.slot.home).cs("", s.slot.home+"CK07").done()
			opened = true
		}
		w.seg("TRI").e("").cs(padded(i+1+t.ref, 3), "", "", s.ref(t, false)).done()
		w.seg("SSD").es(t.seat, "", "", "", "Y").done()
		if len(t.bags) > 0 {
			// quantity and weight, not pooled, the first of consecutive tags
			w.seg("TBD").e("").cs(strconv.Itoa(len(t.bags)), strconv.Itoa(18*len(t.bags)), "700").es("", "").
				cs(s.carrier.code, t.bags[0], strconv.Itoa(len(t.bags)), s.leg().to.IATA).done()
		}
	}
}
