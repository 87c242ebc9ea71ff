package pnrgov

import (
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/sensitive"
)

// takeBooking sorts a segment into the innermost open group that allows it. What comes where it should not is kept
// all the same: order is the first thing that senders get wrong.
func (d *Decoder) takeBooking(s *edifact.Segment) {
	if d.booking&(seenRCI|toldRCI) == 0 && s.Tag != "RCI" {
		d.booking |= toldRCI
		d.strictly(s, "missing_segment", "give every booking its record locator in RCI", "RCI is missing before "+s.Tag)
	}
	if d.group == action && d.takeAction(s) {
		return
	}
	switch s.Tag {
	case "RCI":
		d.readRCI(s)
	case "DAT":
		d.readDAT(s)
	case "ORG":
		d.readORG(s)
	case "IFT":
		d.readIFT(s)
	case "SSR":
		d.readSSR(s)
	case "ADD":
		d.readADD(s)
	case "TIF":
		d.readTIF(s)
	case "FTI":
		d.readFTI(s)
	case "REF":
		d.readREF(s)
	case "TKT":
		d.readTKT(s)
	case "MON":
		d.readMON(s)
	case "FOP":
		d.readFOP(s)
	case "TVL":
		if d.group == nonAir {
			d.readNonAir(s)
		} else {
			d.readItinerary(s)
		}
	case "TRA":
		d.readTRA(s)
	case "RPI":
		if g := d.at(); g != nil {
			g.Status = trim(s.Component(2, 1))
			g.Party, _ = number(s.Component(1, 1))
		}
	case "APD":
		if g := d.at(); g != nil {
			g.Equipment = s.Component(1, 1)
		}
	case "TRI":
		d.readTRI(s)
	case "SSD":
		d.readSSD(s)
	case "TBD":
		d.readTags(s)
	case "EBD":
		if d.group == traveller {
			d.onboard = append(d.onboard[:0], d.traveller)
		}
		d.readTags(s)
	case "EQN":
		d.group = splitting
	case "MSG":
		d.openNonAir(s)
	case "ABI":
		d.openHistory(s)
	case "SAC":
		d.openAction(s)
	case "LTS":
		d.readLTS(s)
	case "FAR", "PTK", "TXD", "ERC", "EBS": // fares and taxes: nothing a border asks for
	default:
		d.unknown(s, &d.b.Unknown)
	}
}

// at is the open itinerary segment, nil where there is none (a blank TVL, a surface sector).
func (d *Decoder) at() *Segment {
	if d.segment < 0 || d.group != itinerary && d.group != checkin && d.group != boarding {
		return nil
	}
	return &d.b.Segments[d.segment]
}

func (d *Decoder) readRCI(s *edifact.Segment) {
	b := d.b
	if d.group == splitting {
		for e := 1; e <= s.Elements(); e++ {
			if l := trim(s.Component(e, 2)); l != "" && b.SplitFrom == "" {
				b.SplitFrom = l
			}
		}
		return
	}
	var found []Locator
	for e := 1; e <= s.Elements(); e++ {
		l := Locator{Carrier: code(s.Component(e, 1)), Locator: code(s.Component(e, 2)), DCS: s.Component(e, 3) == "C"}
		if l.Locator == "" {
			continue
		}
		if day := s.Component(e, 4); day != "" {
			var ok, timed bool
			clock := s.Component(e, 5)
			if l.Created, timed, ok = instant(day, clock); !ok {
				d.strictly(s, "bad_date", "write DDMMYY", "the date of a record locator is no date")
			} else if !timed && clock != "" {
				d.strictly(s, "bad_time", "write HHMM", "the time of a record locator is no time")
			}
		}
		found = d.locators.add(found, l)
	}
	if g := d.at(); g != nil { // the other carrier's locator; or an SRC was lost, see readDAT
		d.lastRCI.place, d.lastRCI.locators, d.lastRCI.segment = placed(s), found, d.segment
		if len(found) > 0 {
			g.Locator = found[0].Locator
		}
		return
	}
	if d.booking&seenRCI == 0 && len(found) > 0 {
		b.Locator, b.Carrier, b.Created = found[0].Locator, found[0].Carrier, found[0].Created
		found = found[1:]
	}
	if b.Locators == nil && len(found) > 0 {
		b.Locators = found
	} else {
		b.Locators = append(b.Locators, found...)
	}
	d.booking |= seenRCI
}

// readDAT reads dates of the group it stands in: of a ticket, of check-in, of history, of the booking.
func (d *Decoder) readDAT(s *edifact.Segment) {
	if s.Component(1, 1) == "700" && d.previous == "RCI" && d.at() != nil && d.lastRCI.segment == d.segment {
		// The last transaction of a booking stands behind its first locators: the SRC before them was lost.
		d.reopen()
	}
	switch d.group {
	case ticket, payment:
		if d.ticket < 0 {
			break
		}
		for e := 1; e <= s.Elements(); e++ {
			if t, timed, ok := instant(s.Component(e, 2), s.Component(e, 3)); ok {
				d.b.Tickets[d.ticket].Issued = stamp(t, timed)
			}
		}
		return
	case itinerary, checkin, boarding:
		if q := s.Component(1, 1); q != "700" && q != "710" {
			d.group, d.onboard = checkin, d.onboard[:0]
			d.readCheckIn(s)
			return
		}
	case history:
		if t, _, ok := instant(s.Component(1, 2), s.Component(1, 3)); ok {
			d.change.At = t
		}
		return
	}
	for e := 1; e <= s.Elements(); e++ {
		q, day, clock := s.Component(e, 1), s.Component(e, 2), s.Component(e, 3)
		if day == "" || q != "700" && q != "710" {
			continue
		}
		t, timed, ok := instant(day, clock)
		switch {
		case !ok:
			d.strictly(s, "bad_date", "write DDMMYY", "the date of a transaction is no date")
			continue
		case !timed && clock != "":
			d.strictly(s, "bad_time", "write HHMM", "the time of a transaction is no time")
		}
		if q == "700" {
			d.b.Changed = t
		} else {
			d.b.Ticketed = t
		}
	}
}

// reopen begins a booking at the RCI before the current segment, whose SRC was lost.
func (d *Decoder) reopen() {
	rci := d.lastRCI
	d.at().Locator = ""
	d.strictlyAt(rci.place, "missing_segment", "begin every booking with SRC", "another booking begins with RCI: SRC is missing before it")
	d.closeAt(rci.offset, rci.place)
	d.newBooking(rci.offset, rci.number)
	d.booking |= seenRCI
	if l := rci.locators; len(l) > 0 {
		d.b.Locator, d.b.Carrier, d.b.Created = l[0].Locator, l[0].Carrier, l[0].Created
		if len(l) > 1 {
			d.b.Locators = l[1:]
		}
	}
}

// readCheckIn reads the transaction time of a check-in: as date and time, or among blanks as 24NOV260742Z.
func (d *Decoder) readCheckIn(s *edifact.Segment) {
	d.checkin = time.Time{}
	if t, _, ok := instant(s.Component(1, 2), s.Component(1, 3)); ok {
		d.checkin = t
		return
	}
	for _, word := range strings.Fields(s.Composite(1)) {
		word = strings.TrimSuffix(word, "Z")
		if len(word) == 11 && dateShaped(word[:7]) && digits(word[7:]) {
			if day, ok := expiry(word[:7], d.reference); ok {
				if l, ok := date.At(day, word[7:]); ok {
					d.checkin = l.Time()
				}
			}
		}
	}
}

func (d *Decoder) readORG(s *edifact.Segment) {
	if d.group == checkin || d.group == boarding {
		return // the check-in agent
	}
	if s.Rest(1) == "" {
		d.booking |= emptyORG
		return
	}
	a := Agency{System: s.Component(1, 1), IATA: s.Component(2, 1), Office: s.Component(2, 2), City: s.Component(3, 1)}
	if a.City == "" {
		a.City = s.Component(1, 2)
	}
	a.Country, _ = d.state(s.Component(6, 1), placed(s))
	if d.b.Agency == nil {
		d.b.Agency = d.agencies.one(a)
	}
}

// readADD reads addresses, phones and mail: which is which tells the component that is filled.
func (d *Decoder) readADD(s *edifact.Segment) {
	for e := 2; e <= s.Elements(); e++ {
		purpose := s.Component(e, 1)
		street := s.Component(e, 2)
		if kind, value, _ := readContact(street); kind == "email" || kind == "phone" && len(purpose) == 1 && !hasLetter(street) {
			d.contact(kind, value)
			street = ""
		}
		region := s.Component(e, 5)
		if region == "" {
			region = s.Component(e, 4)
		}
		state, _ := d.state(s.Component(e, 6), placed(s))
		d.contact("address", line(street, s.Component(e, 3), region, s.Component(e, 7), state))
		for c := 8; c <= s.Components(e); c++ {
			if text := trim(s.Component(e, c)); text != "" {
				if kind, value, _ := readContact(text); kind != "" {
					d.contact(kind, value)
				} else if sensitive.Reveals(text) {
					d.m.Withheld.Add(sensitive.Text)
					d.mask(s.Place(e, c))
				} else if c == 8 && !sensitive.Masked(text) {
					d.remark(text)
				}
			}
		}
	}
}

func (d *Decoder) contact(kind, value string) {
	if value == "" || kind == "address" && len(value) <= 3 && letters(value) {
		return
	}
	for i := 0; i < len(d.b.Contacts) && d.spend(1); i++ {
		if c := &d.b.Contacts[i]; c.Kind == kind && c.Value == value {
			return
		}
	}
	d.b.Contacts = d.contacts.add(d.b.Contacts, Contact{Kind: kind, Value: value})
}

func (d *Decoder) remark(text string) {
	if text = trim(text); text != "" {
		d.b.Remarks = d.texts.add(d.b.Remarks, text)
	}
}

// readTIF opens GR2, a traveller; in GR7 it only repeats the name as checked in.
func (d *Decoder) readTIF(s *edifact.Segment) {
	if d.booking&seenTIF != 0 && (d.group == boarding || d.group == checkin && d.byName(s.Component(1, 1), s.Component(2, 1)) >= 0) {
		d.checkedName(s)
		return
	}
	d.booking |= seenTIF
	d.group, d.ticket, d.segment = traveller, -1, -1
	surname, kind := trim(s.Component(1, 1)), s.Component(1, 2)
	if kind == "G" && s.Component(2, 1) == "" || s.Component(2, 2) == "G" && s.Component(2, 1) == "" {
		d.b.Group = surname
		d.traveller, d.travellers = -1, 0
		return
	}
	d.traveller, d.travellers = len(d.b.Passengers), 0
	for e := 2; e <= max(2, s.Elements()); e++ {
		given, reference := trim(s.Component(e, 1)), trim(s.Component(e, 3))
		if len(reference) > longReference && sensitive.Reveals(reference) {
			reference = ""
		}
		if e > 2 && given == "" && reference == "" {
			continue
		}
		d.b.Passengers = d.passengers.more(d.b.Passengers)
		p := &d.b.Passengers[len(d.b.Passengers)-1]
		p.Surname, p.Given, p.Reference = surname, given, reference
		p.Type, p.WithInfant = travellerType(s.Component(e, 2), kind), s.Component(e, 4) == "1"
		if i := strings.IndexByte(surname, '/'); i > 0 && p.Given == "" {
			p.Surname, p.Given = trim(surname[:i]), trim(surname[i+1:])
		}
		p.GivenRaw = p.Given
		d.named = d.named || reference != ""
		d.travellers++
	}
	if surname == "" && s.Component(2, 1) == "" {
		d.strictly(s, "missing_data", "write the traveller's name", "TIF has no name")
	}
}

// longReference is more than any traveller's reference has: beyond it, text ran into the element.
const longReference = 10

func travellerType(code, other string) string {
	if code == "" {
		code = other
	}
	switch code {
	case "C", "CHD":
		return Child
	case "IN", "I", "INF":
		return Infant
	}
	return Adult
}

func (d *Decoder) readFTI(s *edifact.Segment) {
	for e := 1; e <= s.Elements(); e++ {
		if n := s.Component(e, 2); n != "" {
			d.note(s, note{kind: frequent, text: strings.ToUpper(s.Component(e, 1) + n)})
		}
	}
}

func (d *Decoder) readREF(s *edifact.Segment) {
	if d.group == traveller && d.travellers == 1 {
		p := &d.b.Passengers[d.traveller]
		if p.Unique = s.Component(1, 2); p.Unique == "" {
			p.Unique = s.Component(1, 1)
		}
	}
}

// readTKT opens GR3.
func (d *Decoder) readTKT(s *edifact.Segment) {
	if d.group == heading || d.booking&seenTIF == 0 && d.booking&toldTIF == 0 {
		d.booking |= toldTIF
		d.strictly(s, "missing_segment", "name the traveller in TIF before the ticket", "a ticket comes before any traveller: TIF is missing")
	}
	t := Ticket{Number: trim(s.Component(1, 1)), Kind: s.Component(1, 2), Passenger: d.ref()}
	if t.Kind == "T" {
		t.Kind = ""
	}
	if strings.Trim(t.Number, "0") == "" {
		t.Number, t.Ticketless = "", true
	}
	d.group = ticket
	for i := 0; i < len(d.b.Tickets) && d.spend(1); i++ {
		if x := &d.b.Tickets[i]; x.Number != "" && x.Number == t.Number && x.Passenger == t.Passenger {
			d.ticket = i
			return
		}
	}
	d.ticket = len(d.b.Tickets)
	d.b.Tickets = d.tickets.add(d.b.Tickets, t)
}

// ref is the reference of the open traveller.
func (d *Decoder) ref() string {
	if d.traveller >= 0 && d.traveller < len(d.b.Passengers) && d.booking&seenTIF != 0 {
		return d.b.Passengers[d.traveller].Reference
	}
	return ""
}

func (d *Decoder) readMON(s *edifact.Segment) {
	if d.ticket < 0 {
		return
	}
	t := &d.b.Tickets[d.ticket]
	for e := 1; e <= s.Elements(); e++ {
		amount, currency := s.Component(e, 2), s.Component(e, 3)
		switch s.Component(e, 1) {
		case "B":
			t.Base = amount
		case "T", "":
			t.Total = amount
		default:
			continue
		}
		if currency != "" {
			t.Currency = currency
		}
	}
}

// readFOP reads forms of payment. The middle of a card number is cut out here and in the stored copy, the approval
// code is left out.
func (d *Decoder) readFOP(s *edifact.Segment) {
	if d.group == ticket || d.group == traveller {
		d.group = payment
	}
	for e := 1; e <= s.Elements(); e++ {
		p := Payment{Form: trim(s.Component(e, 1)), Old: s.Component(e, 2) == "2", Amount: s.Component(e, 3), Vendor: s.Component(e, 4)}
		if p.Form == "" {
			continue
		}
		account := trim(s.Component(e, 5))
		if len(p.Form) > 4 && strings.HasPrefix(p.Form, "CC") { // CCVI4111…
			d.maskDigits(s.Place(e, 1))
			account, p.Vendor, p.Form = p.Form[4:], p.Form[2:4], "CC"
		}
		if p.Form == "CC" {
			p.Card = sensitive.MaskCard(account)
			d.maskDigits(s.Place(e, 5))
		} else {
			p.Account = sensitive.MaskCards(account)
			d.maskRange(s.Place(e, 5))
		}
		if x := s.Component(e, 6); len(x) == 4 && digits(x) && two(x) >= 1 && two(x) <= 12 {
			p.Expires = "20" + x[2:] + "-" + x[:2]
		}
		if d.ticket >= 0 && p.Amount != "" {
			p.Currency = d.b.Tickets[d.ticket].Currency
		}
		d.b.Payments = d.payments.add(d.b.Payments, p)
	}
}

// flightLine is what a TVL says.
type flightLine struct {
	carrier, operating, number, suffix, class string
	from, to                                  string
	departure, arrival                        localTime
	surface, open                             bool
}

// readTVL reads date, airports, carriers and number. It is false for a blank one.
func (d *Decoder) readTVL(s *edifact.Segment) (t flightLine, ok bool) {
	t.from, t.to = d.airport(s, 2), d.airport(s, 3)
	t.carrier, t.operating = code(s.Component(4, 1)), code(s.Component(4, 2))
	number := code(s.Component(5, 1))
	t.class, t.suffix = s.Component(5, 2), s.Component(5, 3)
	switch {
	case number == "ARNK" || t.carrier == "ARNK":
		t.surface = true
	case number == "OPEN":
		t.open = true
	default:
		if n := len(number); n > 1 && isLetter(number[n-1]) && isDigit(number[n-2]) {
			number, t.suffix = number[:n-1], number[n-1:]
		}
		if rest, glued := strings.CutPrefix(number, t.carrier); glued && t.carrier != "" && digits(rest) && !digits(t.carrier) { // ZZ417
			number = rest
		}
		for len(number) > 1 && number[0] == '0' {
			number = number[1:]
		}
		t.number = number
		if number != "" && (len(number) > 4 || !digits(number)) {
			d.strictly(s, "bad_flight", "write up to four figures, and a letter where there is one", quoted(number)+" is no flight number")
		}
	}
	t.departure = d.local(s, 1)
	t.arrival = d.local(s, 3)
	if t.arrival.Timed && t.arrival.IsZeroDate() {
		t.arrival.Date = t.departure.Date
	}
	ok = t.from != "" || t.to != "" || t.carrier != "" || t.number != "" || t.departure.Full() || t.surface || t.open
	return t, ok
}

// code is a code without blanks, in capitals.
func code(v string) string { return strings.ToUpper(trim(v)) }

// airport reads the code of an airport or a city.
func (d *Decoder) airport(s *edifact.Segment, e int) string {
	v := code(s.Component(e, 1))
	if v != "" && (len(v) < 3 || len(v) > 4 || !letters(v)) {
		d.strictly(s, "bad_location", "write the three letters of the airport or the city", quoted(v)+" is no airport")
	}
	return v
}

// local reads DDMMYY and HHMM at two components of the first element of a TVL.
func (d *Decoder) local(s *edifact.Segment, c int) (l localTime) {
	day, clock := trim(s.Component(1, c)), trim(s.Component(1, c+1))
	if day == "" && clock == "" {
		return l
	}
	if day != "" {
		at, ok := padisDate(day)
		if !ok {
			d.strictly(s, "bad_date", "write the date as DDMMYY", quoted(day)+" is no date in DDMMYY")
			return l
		}
		l.Date = at
	}
	if clock != "" {
		if len(clock) == 6 && digits(clock) {
			clock = clock[:4]
		}
		timed, ok := date.At(l.Date, clock)
		if !ok {
			d.strictly(s, "bad_time", "write the time as HHMM", quoted(clock)+" is no time of day")
			return l
		}
		l.Local = timed
	}
	return l
}

// readItinerary opens GR5, or tells who operates the TVL before it.
func (d *Decoder) readItinerary(s *edifact.Segment) {
	t, ok := d.readTVL(s)
	d.group, d.ticket = itinerary, -1
	if !ok {
		d.segment = -1
		return
	}
	if d.segment >= 0 && d.previous == "TVL" && t.from == "" && t.to == "" && t.departure.IsZero() && digits(t.number) {
		// Until 13.1 a second TVL without date and airports named the operating flight.
		o := Number{Carrier: t.carrier, Number: t.number, Suffix: t.suffix}
		if o.Carrier == "" {
			o.Carrier = d.twoCarriers
		}
		d.b.Segments[d.segment].Operating = d.numbers.one(o)
		return
	}
	d.booking |= seenJourney
	d.twoCarriers = t.operating
	if t.surface {
		d.segment = -1
		return
	}
	d.segment = len(d.b.Segments)
	d.b.Segments = d.segments.more(d.b.Segments)
	g := &d.b.Segments[d.segment]
	g.Carrier, g.Number, g.Suffix, g.Class, g.From, g.To = t.carrier, t.number, t.suffix, t.class, t.from, t.to
	g.Departure, g.Arrival = t.departure.Local, t.arrival.Local
	if t.operating != "" && t.operating != t.carrier {
		g.Operating = d.numbers.one(Number{Carrier: t.operating})
	}
	if d.booking&(seenTIF|toldTIF|emptyORG) == 0 {
		d.booking |= toldTIF
		d.strictly(s, "missing_segment", "name the travellers in TIF before the journey", "the journey comes before any traveller: TIF is missing")
	}
}

func (d *Decoder) readTRA(s *edifact.Segment) {
	g := d.at()
	if g == nil {
		return
	}
	o := Number{Carrier: s.Component(1, 1), Number: strings.TrimLeft(trim(s.Component(2, 1)), "0")}
	if n := len(o.Number); n > 1 && isLetter(o.Number[n-1]) && isDigit(o.Number[n-2]) {
		o.Number, o.Suffix = o.Number[:n-1], o.Number[n-1:]
	}
	if o.Carrier != "" || o.Number != "" {
		g.Operating = d.numbers.one(o)
	}
}

// readTRI opens GR7: one traveller checked in.
func (d *Decoder) readTRI(s *edifact.Segment) {
	if d.group != checkin && d.group != boarding {
		d.strictly(s, "missing_segment", "say with DAT+2 when the traveller checked in", "a check-in begins with TRI: DAT is missing before it")
		d.checkin = time.Time{}
	}
	d.group, d.onboard = boarding, d.onboard[:0]
	ref := trim(s.Component(2, 4))
	p := -1
	if ref != "" {
		if p = d.find(ref); p < 0 {
			d.orphan(placed(s), ref)
		}
	} else if len(d.b.Passengers) == 1 {
		p = 0
	}
	if p >= 0 {
		d.onboard = append(d.onboard, p)
	}
	d.boardingPass(p, s.Component(2, 1))
}

// boardingPass notes a check-in, if it is one for the flight of the push.
func (d *Decoder) boardingPass(p int, sequence string) {
	if p < 0 || d.segment >= 0 && !d.this(&d.b.Segments[d.segment]) {
		return
	}
	who := &d.b.Passengers[p]
	if who.CheckIn == nil {
		who.CheckIn = d.checkIns.one(CheckIn{})
	}
	who.CheckIn.Sequence, who.CheckIn.At = sequence, d.checkin
}

// checkedName finds the traveller of a TRI without reference by the TIF behind it.
func (d *Decoder) checkedName(s *edifact.Segment) {
	if len(d.onboard) > 0 {
		return
	}
	p := -1
	if ref := trim(s.Component(2, 3)); ref != "" {
		p = d.find(ref)
	}
	if p < 0 {
		p = d.byName(s.Component(1, 1), s.Component(2, 1))
	}
	if p < 0 {
		d.strictly(s, "orphan_reference", "refer to a traveller of this booking", "the traveller checked in is not in the booking")
		return
	}
	d.onboard = append(d.onboard, p)
	d.boardingPass(p, "")
}

func (d *Decoder) readSSD(s *edifact.Segment) {
	v := seat(s.Component(1, 1))
	for _, p := range d.onboard {
		if v == "" {
			continue
		}
		if d.segment >= 0 && !d.this(&d.b.Segments[d.segment]) {
			d.notes = append(d.notes, note{kind: seating, place: placed(s), text: v, passenger: p, passengers: 1, segment: d.segment})
		} else if who := &d.b.Passengers[p]; who.CheckIn != nil {
			who.CheckIn.Seat = v
		}
	}
}

// readTags reads the tags of checked bags, which stand behind the pool (HP, MP) or where a carrier and a number do.
func (d *Decoder) readTags(s *edifact.Segment) {
	for e := 2; e <= s.Elements(); e++ {
		carrier, first := s.Component(e, 1), s.Component(e, 2)
		if carrier == "HP" || carrier == "MP" || len(carrier) < 2 || len(carrier) > 3 || len(first) < 6 || len(first) > 12 || !digits(first) {
			continue
		}
		count, ok := number(s.Component(e, 3))
		if !ok || count < 1 {
			count = 1
		}
		for _, p := range d.onboard {
			who := &d.b.Passengers[p]
			for i := range min(count, maxTags) {
				who.Bags = d.bags.add(who.Bags, Bag{Tag: tag(carrier, first, i)})
			}
		}
	}
}

// maxTags bounds a run of tags; the message's own bound is 99.
const maxTags = 99

// tag counts up a tag. A licence plate of ten digits stands alone, an older one needs its carrier.
func tag(carrier, first string, add int) string {
	b := []byte(first)
	for i := len(b) - 1; add > 0 && i >= 0; i-- {
		add += int(b[i] - '0')
		b[i] = '0' + byte(add%10)
		add /= 10
	}
	if len(first) < 10 {
		return carrier + string(b)
	}
	return string(b)
}

func (d *Decoder) openNonAir(s *edifact.Segment) {
	switch code := code(s.Component(1, 1)); code {
	case "1": // air: what follows is itinerary
		d.group, d.segment = itinerary, -1
	default:
		d.group = nonAir
		kind := code
		switch code {
		case "8":
			kind = "hotel"
		case "2":
			kind = "car"
		}
		d.b.NonAir = append(d.b.NonAir, NonAir{Kind: kind})
	}
}

func (d *Decoder) readNonAir(s *edifact.Segment) {
	n := &d.b.NonAir[len(d.b.NonAir)-1]
	if n.At != "" || n.Name != "" || !n.From.IsZero() { // a second one of the same kind
		d.b.NonAir = append(d.b.NonAir, NonAir{Kind: n.Kind})
		n = &d.b.NonAir[len(d.b.NonAir)-1]
	}
	n.From, n.To = d.local(s, 1).Local, d.local(s, 3).Local
	n.At = strings.Trim(s.Component(2, 1)+"/"+s.Component(3, 1), "/")
	for e := 4; e <= s.Elements(); e++ {
		text := trim(s.Component(e, 1))
		if text == "" || n.Name != "" {
			continue
		}
		if sensitive.Reveals(text) {
			d.m.Withheld.Add(sensitive.Text)
			d.mask(s.Place(e, 1))
			continue
		}
		n.Name = text
	}
}

func (d *Decoder) openHistory(s *edifact.Segment) {
	d.writeChange()
	d.group = history
	d.change = Change{By: s.Component(2, 1), City: s.Component(3, 1)}
	d.changed = true
}

// openAction opens GR11: what was done.
func (d *Decoder) openAction(s *edifact.Segment) {
	if d.group == action && d.change.Item != "" || d.group == action && d.change.Action != "" {
		at, by, city := d.change.At, d.change.By, d.change.City
		d.writeChange()
		d.change = Change{At: at, By: by, City: city}
	}
	d.group, d.changed = action, true
	switch code := s.Component(3, 1); code {
	case "A":
		d.change.Action = "added"
	case "X":
		d.change.Action = "cancelled"
	default:
		d.change.Action = code
	}
}

// takeAction reads the item acted on. It is false for a segment that is none and so ends the history.
func (d *Decoder) takeAction(s *edifact.Segment) bool {
	var item string
	switch s.Tag {
	case "TIF":
		item = s.Component(1, 1) + "/" + s.Component(2, 1)
	case "TVL":
		t, _ := d.readTVL(s)
		item = trim(t.carrier + t.number + t.suffix + " " + t.departure.Date.String())
	case "SSR":
		var kept bool
		if item, kept = d.historySSR(s); !kept {
			return true
		}
	case "IFT":
		if item = d.freeText(s, sensitive.Text); item == "" {
			return true
		}
	case "RPI":
		if d.change.Item != "" && s.Component(2, 1) != "" {
			d.change.Item += " " + s.Component(2, 1)
		}
		return true
	case "TBD", "DAT":
		return true
	default:
		return false
	}
	if d.change.Item == "" {
		d.change.Item = item
	} else {
		d.change.Item += "; " + item
	}
	return true
}

func (d *Decoder) writeChange() {
	if d.changed && (d.change != Change{}) {
		d.b.History = append(d.b.History, d.change)
	}
	d.change, d.changed = Change{}, false
}

// close ends the open booking at the segment that ends it; s is nil at the end of the message.
func (d *Decoder) close(end int, s *edifact.Segment) {
	if d.b == nil {
		return
	}
	var at place
	if s != nil {
		at = placed(s)
	} else {
		f := d.r.Message().AtEnd("", "", "%s", "")
		at = place{f.Offset, f.Segment, f.Tag}
	}
	d.closeAt(end, at)
}

// closeAt resolves what had to wait for the whole booking, and sets aside one in which there is nothing to read.
func (d *Decoder) closeAt(end int, at place) {
	b := d.b
	b.Length = max(end-b.Offset, 0)
	d.writeChange()
	d.resolve()
	if b.Locator == "" && b.Group == "" && len(b.Segments) == 0 && !named(b.Passengers) {
		f := fault.Fault{Offset: b.Offset, Length: b.Length, Segment: b.Number, Tag: "SRC", Rule: "unreadable_booking", Strict: true, What: "booking",
			Message: "the booking has no locator, no traveller's name and no journey", Mend: "send the booking again, whole"}
		d.lose(f)
		d.m.Bookings = d.m.Bookings[:len(d.m.Bookings)-1]
		d.b = nil
		return
	}
	nothing := d.booking&emptyORG != 0 && d.booking&(seenTIF|seenJourney) == 0
	switch {
	case nothing:
		b.Cancelled = true
	case d.booking&(seenTIF|toldTIF) == 0:
		d.strictlyAt(at, "missing_segment", "name the travellers in TIF", "the booking names no traveller: TIF is missing")
	case d.booking&seenJourney == 0:
		d.strictlyAt(at, "missing_segment", "give the booking its journey in TVL", "the booking has no journey: TVL is missing")
	}
	d.b = nil
}

func named(ps []Passenger) bool {
	for i := range ps {
		if ps[i].Surname != "" || ps[i].Given != "" {
			return true
		}
	}
	return false
}
