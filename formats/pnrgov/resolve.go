package pnrgov

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/sensitive"
)

// resolve gives every note of the booking to its traveller, once all travellers and flights are known: infants
// first, then documents, then what needs both.
func (d *Decoder) resolve() {
	b := d.b
	if len(b.Passengers) == 0 && b.Group == "" {
		d.travellersFromDocuments()
	}
	for i := range b.Segments {
		b.Segments[i].This = d.this(&b.Segments[i])
	}
	for i := range d.notes {
		if d.notes[i].kind == infantText {
			d.addInfant(&d.notes[i])
		}
	}
	for i := range d.notes {
		if d.notes[i].kind == documentText {
			d.addDocument(&d.notes[i])
		}
	}
	for i := range d.notes {
		switch n := &d.notes[i]; n.kind {
		case visaText:
			d.addVisa(n)
		case addressText:
			d.addAddress(n)
		case identityText:
			d.addIdentity(n)
		case childText:
			d.addChild(n)
		case ticketText:
			d.addTicket(n)
		case frequent:
			if p := d.whose(n, n.code, true); p >= 0 {
				who := &b.Passengers[p]
				if n.text != "" && (!d.spend(len(who.FrequentFlyer)) || !slices.Contains(who.FrequentFlyer, n.text)) {
					who.FrequentFlyer = d.texts.add(who.FrequentFlyer, n.text)
				}
			}
		}
	}
	d.giveSeats()
	for i := range b.Passengers {
		p := &b.Passengers[i]
		if p.Given == p.GivenRaw {
			p.Given = withoutTitle(p.GivenRaw, "", "")
		}
		if len(p.Bags) > 1 {
			p.Bags = d.distinct(p.Bags)
		}
	}
	b.Cancelled = b.Cancelled || d.notHeld()
}

func (d *Decoder) distinct(bags []Bag) []Bag {
	out := bags[:0]
	for _, bag := range bags {
		if !d.spend(len(out)) || !slices.Contains(out, bag) {
			out = append(out, bag)
		}
	}
	return out
}

// this tells whether a segment is the flight of the push, by its own number or its operating one. A through flight
// begins elsewhere, perhaps the day before.
func (d *Decoder) this(g *Segment) bool {
	f := d.m.Flight
	if f == nil {
		return true
	}
	same := g.Carrier == f.Carrier && g.Number == f.Number || g.Operating != nil && g.Operating.Carrier == f.Carrier && g.Operating.Number == f.Number
	for i := 0; !same && i < len(f.Codeshares); i++ {
		same = g.Carrier == f.Codeshares[i].Carrier && g.Number == f.Codeshares[i].Number
	}
	if !same || g.Number == "" {
		return false
	}
	leg := &f.Legs[0]
	if !g.Departure.Full() || !leg.Departure.Full() || g.Departure.Date == leg.Departure.Date {
		return true
	}
	between := leg.Departure.Date.Time().Sub(g.Departure.Date.Time())
	return g.From != leg.From && between > 0 && between.Hours() <= 24
}

// notHeld tells that the booking has the flight, and holds no seat on it any more.
func (d *Decoder) notHeld() bool {
	found := false
	for i := range d.b.Segments {
		g := &d.b.Segments[i]
		if !g.This {
			continue
		}
		switch g.Status {
		case "HX", "UN", "UC", "NO", "XX", "XL", "XR", "XK":
			found = true
		default:
			return false
		}
	}
	return found
}

// find gives the traveller with a reference, -1 if there is none. 01.01 is 1.1. Where no traveller has a reference
// it counts them.
func (d *Decoder) find(ref string) int {
	ps := d.b.Passengers
	if !d.spend(len(ps)) {
		return -1
	}
	for i := range ps {
		if ps[i].Reference != "" && sameReference(ps[i].Reference, ref) {
			return i
		}
	}
	for i := range ps {
		if ps[i].Unique != "" && ps[i].Unique == ref {
			return i
		}
	}
	if n, ok := number(ref); !d.named && ok && n >= 1 && n <= len(ps) {
		return n - 1
	}
	return -1
}

// sameReference compares part by part without leading zeros.
func sameReference(a, b string) bool {
	if a == b {
		return true
	}
	for {
		x, restA, moreA := strings.Cut(a, ".")
		y, restB, moreB := strings.Cut(b, ".")
		if strings.TrimLeft(trim(x), "0") != strings.TrimLeft(trim(y), "0") || moreA != moreB {
			return false
		}
		if !moreA {
			return true
		}
		a, b = restA, restB
	}
}

// byName gives the one traveller of a name, title or not, -1 if there is none or more than one.
func (d *Decoder) byName(surname, given string) int {
	return d.among(surname, given, 0, len(d.b.Passengers))
}

func (d *Decoder) among(surname, given string, from, to int) int {
	if surname == "" || !d.spend(to-from) {
		return -1
	}
	found := -1
	for pass := range 2 {
		for i := from; i < to; i++ {
			p := &d.b.Passengers[i]
			if !sameName(p.Surname, surname) {
				continue
			}
			exact := sameName(p.GivenRaw, given) || sameName(p.Given, given)
			if pass == 0 && !exact || pass == 1 && !sameName(withoutTitle(p.GivenRaw, given, ""), withoutTitle(given, p.GivenRaw, "")) && !beginsName(p.GivenRaw, given) {
				continue
			}
			if found >= 0 {
				return -1
			}
			found = i
		}
		if found >= 0 {
			break
		}
	}
	return found
}

// whose gives the traveller a note is about: by its reference, its group, the name it ends with, or because there is
// only one. It tells what belongs to nobody if told to.
func (d *Decoder) whose(n *note, name string, tell bool) int {
	if n.ref != "" {
		if p := d.find(n.ref); p >= 0 {
			return p
		}
		if tell {
			d.orphan(n.place, n.ref)
		}
		return -1
	}
	surname, given, _ := strings.Cut(name, "/")
	if n.passenger >= 0 {
		if n.passengers > 1 {
			if p := d.among(surname, given, n.passenger, n.passenger+n.passengers); p >= 0 {
				return p
			}
		}
		return n.passenger
	}
	if p := d.byName(surname, given); p >= 0 {
		return p
	}
	if one := d.only(); one >= 0 {
		return one
	}
	if tell {
		d.strictlyAt(n.place, "orphan_reference", "refer to the traveller in the SSR's details, e.g. +::1", "nothing says which traveller this is about")
	}
	return -1
}

// only is the one traveller of the booking who is no infant.
func (d *Decoder) only() int {
	found := -1
	for i := 0; i < len(d.b.Passengers) && d.spend(1); i++ {
		if d.b.Passengers[i].Type == Infant {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

func (d *Decoder) orphan(p place, ref string) {
	d.strictlyAt(p, "orphan_reference", "refer to a traveller of this booking", "the booking has no traveller "+quoted(ref))
}

// travellersFromDocuments makes travellers of the DOCS of a booking without TIF.
func (d *Decoder) travellersFromDocuments() {
	for i := range d.notes {
		n := &d.notes[i]
		if n.kind != documentText {
			continue
		}
		x, ok := readDOCS(n.text)
		if !ok || x.surname == "" || d.byName(x.surname, x.given) >= 0 {
			continue
		}
		p := Passenger{Surname: x.surname, Given: x.given, GivenRaw: x.given, Type: Adult, Reference: n.ref}
		if x.infant {
			p.Type = Infant
		}
		d.named = d.named || n.ref != ""
		n.passenger, n.passengers, n.ref = len(d.b.Passengers), 1, ""
		d.b.Passengers = d.passengers.add(d.b.Passengers, p)
	}
}

// addInfant makes the infant of an INFT a traveller, or finds the one that has a TIF of its own.
func (d *Decoder) addInfant(n *note) {
	x, ok := readINFT(n.text)
	if !ok {
		d.strictlyAt(n.place, "bad_text", "write SURNAME/GIVEN 10AUG24", "the text of INFT names no infant")
		return
	}
	adult := d.whose(n, "", true)
	infant := -1
	if x.surname != "" {
		infant = d.infantNamed(adult, x.surname, x.given)
	} else if adult >= 0 && d.b.Passengers[adult].Infant > 0 {
		infant = d.b.Passengers[adult].Infant - 1
	}
	if infant < 0 {
		infant = len(d.b.Passengers)
		d.b.Passengers = d.passengers.add(d.b.Passengers, Passenger{Surname: x.surname, Given: withoutTitle(x.given, "", ""), GivenRaw: x.given, Type: Infant})
	}
	d.link(adult, infant)
	if x.born != "" {
		p := &d.b.Passengers[infant]
		if p.Born.IsZero() {
			p.Born = d.birth(x.born, n.place)
		}
	}
}

func (d *Decoder) link(adult, infant int) {
	if adult < 0 || adult == infant {
		return
	}
	if a := &d.b.Passengers[adult]; a.Infant == 0 {
		a.Infant = infant + 1
	}
	if i := &d.b.Passengers[infant]; i.Lap == 0 {
		i.Lap = adult + 1
	}
}

// infantNamed finds an infant of a name: the adult's own, or another that is nobody's yet.
func (d *Decoder) infantNamed(adult int, surname, given string) int {
	for i := 0; i < len(d.b.Passengers) && d.spend(1); i++ {
		p := &d.b.Passengers[i]
		if p.Type != Infant || p.Lap != 0 && p.Lap != adult+1 {
			continue
		}
		if sameName(p.Surname, surname) && (sameName(p.Given, given) || beginsName(p.GivenRaw, given) || beginsName(given, p.Given) || p.Given == "" || given == "") {
			return i
		}
	}
	return -1
}

// addDocument gives a DOCS to its traveller, or to the infant on the traveller's lap.
func (d *Decoder) addDocument(n *note) {
	x, ok := readDOCS(n.text)
	if !ok {
		d.strictlyAt(n.place, "bad_text", "write /P/GBR/number/GBR/07JUN62/M/03MAR31/SURNAME/GIVEN", "the text of DOCS holds no document and no traveller")
		return
	}
	if x.rest != "" {
		d.strictlyAt(n.place, "bad_text", "write one field between two slashes", "a field of DOCS has no place in it and is left out")
	}
	name := x.name
	if name == "" || x.infant && n.ref == "" && n.passenger < 0 && d.byName(x.surname, x.given) >= 0 {
		name = x.surname + "/" + x.given
	}
	p := d.whose(n, name, !x.infant)
	if p < 0 && !x.infant {
		p = d.withoutDocument(&x)
		if p < 0 {
			return
		}
	}
	if x.infant || d.isInfants(p, &x) {
		p = d.infantOf(p, &x)
	}
	d.fill(p, &x, n.place)
}

// withoutDocument is the one traveller who has no document yet and could be meant.
func (d *Decoder) withoutDocument(x *docs) int {
	found := -1
	for i := 0; i < len(d.b.Passengers) && d.spend(1); i++ {
		if p := &d.b.Passengers[i]; len(p.Documents) == 0 && (x.surname == "" || sameName(p.Surname, x.surname)) {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// lapYears is the age below which a document under an adult of another name can only be an infant's.
const lapYears = 3

// isInfants tells a document under an adult that is the adult's infant's: it names the infant, or one as young.
func (d *Decoder) isInfants(p int, x *docs) bool {
	who := &d.b.Passengers[p]
	if who.Type == Infant || x.given == "" || sameName(withoutTitle(who.GivenRaw, x.given, x.second), x.given) || beginsName(who.GivenRaw, x.given) || beginsName(x.given, who.Given) {
		return false
	}
	if born, ok := birth(x.born, d.reference); ok && who.Type == Adult && born.Year > 0 && d.reference.Year-born.Year < lapYears {
		return true
	}
	if who.Infant == 0 {
		return false
	}
	baby := &d.b.Passengers[who.Infant-1]
	return sameName(baby.Surname, x.surname) && (sameName(baby.Given, x.given) || beginsName(baby.GivenRaw, x.given) || beginsName(x.given, baby.Given))
}

// infantOf is the infant a document is of: the traveller himself, the one on his lap, or a new one.
func (d *Decoder) infantOf(adult int, x *docs) int {
	if adult >= 0 && d.b.Passengers[adult].Type == Infant {
		return adult
	}
	if i := d.infantNamed(adult, x.surname, x.given); i >= 0 {
		d.link(adult, i)
		return i
	}
	if adult >= 0 && x.surname == "" && d.b.Passengers[adult].Infant > 0 {
		return d.b.Passengers[adult].Infant - 1
	}
	given := trim(x.given + " " + x.second)
	i := len(d.b.Passengers)
	d.b.Passengers = d.passengers.add(d.b.Passengers, Passenger{Surname: x.surname, Given: given, GivenRaw: given, Type: Infant})
	d.link(adult, i)
	return i
}

// fill gives a traveller what a DOCS says of him.
func (d *Decoder) fill(at int, x *docs, where place) {
	p := &d.b.Passengers[at]
	if x.born != "" && p.Born.IsZero() {
		p.Born = d.birth(x.born, where)
	}
	if p.Sex == "" {
		p.Sex = x.sex
	}
	if p.Nationality == "" {
		p.Nationality, _ = d.state(x.nationality, where)
	}
	switch {
	case p.Surname == "" && p.Given == "":
		p.Surname, p.Given = x.surname, trim(x.given+" "+x.second)
		p.GivenRaw = p.Given
	case p.Given == p.GivenRaw && (x.surname == "" || sameName(p.Surname, x.surname) || x.given != ""):
		p.Given = withoutTitle(p.GivenRaw, x.given, x.second)
	}
	doc := Document{Type: x.kind, Number: x.number}
	doc.Issuer, _ = d.state(x.issuer, where)
	if x.expires != "" {
		var ok bool
		if doc.Expires, ok = expiry(x.expires, d.reference); !ok {
			d.strictlyAt(where, "bad_date", "write the date as DDMMMYY, e.g. 03MAR31", "the expiry in DOCS is no date")
			doc.Expires = date.Date{}
		}
	}
	d.document(at, doc)
}

// document adds a document, or completes the one of the same number.
func (d *Decoder) document(at int, doc Document) {
	if doc.Number == "" && doc.Issuer == "" && doc.Expires.IsZero() {
		return
	}
	p := &d.b.Passengers[at]
	for i := 0; i < len(p.Documents) && d.spend(1); i++ {
		o := &p.Documents[i]
		if o.Number != doc.Number || o.Type != "" && doc.Type != "" && o.Type != doc.Type || o.Issuer != "" && doc.Issuer != "" && o.Issuer != doc.Issuer ||
			!o.Expires.IsZero() && !doc.Expires.IsZero() && o.Expires != doc.Expires {
			continue
		}
		if o.Type == "" {
			o.Type = doc.Type
		}
		if o.Issuer == "" {
			o.Issuer = doc.Issuer
		}
		if o.Expires.IsZero() {
			o.Expires = doc.Expires
		}
		return
	}
	p.Documents = d.documents.add(p.Documents, doc)
}

func (d *Decoder) birth(v string, where place) date.Date {
	born, ok := birth(v, d.reference)
	if !ok {
		d.strictlyAt(where, "bad_date", "write the date as DDMMMYY, e.g. 07JUN62", "the date of birth is no date")
		return date.Date{}
	}
	return born
}

// state normalises a country code, and tells of one that is none or was in substance another.
func (d *Decoder) state(code string, where place) (alpha3 string, known bool) {
	code = strings.ToUpper(trim(code))
	if code == "" {
		return "", false
	}
	alpha3, changed, known := country.Normalise(code)
	switch {
	case !known:
		d.warn(where.fault("unknown_code", "write the ISO 3166-1 or ICAO code of the state", quoted(code)+" is the code of no state"))
		return code, false
	case changed && len(code) == 3:
		d.warn(where.fault("unknown_code", "write "+alpha3, quoted(code)+" is read as "+alpha3))
	}
	return alpha3, true
}

func (d *Decoder) addVisa(n *note) {
	x, ok := readDOCO(n.text)
	if !ok {
		d.strictlyAt(n.place, "bad_text", "write /birth place/V/number/place of issue/date of issue/country", "the text of DOCO holds no visa and no number")
		return
	}
	p := d.whose(n, x.name, true)
	if p < 0 {
		return
	}
	if x.infant && d.b.Passengers[p].Infant > 0 {
		p = d.b.Passengers[p].Infant - 1
	}
	who := &d.b.Passengers[p]
	if who.Birthplace == "" {
		who.Birthplace = x.birthplace
	}
	switch x.kind {
	case "K":
		who.KnownTraveller = x.number
	case "R":
		who.Redress = x.number
	default:
		d.document(p, Document{Type: x.kind, Number: x.number})
	}
}

func (d *Decoder) addAddress(n *note) {
	x, ok := readDOCA(n.text)
	if !ok {
		d.strictlyAt(n.place, "bad_text", "write /D/country/street/city/state/post code", "the text of DOCA holds no address")
		return
	}
	state, known := d.state(x.country, n.place)
	if x.kind == "R" && known {
		if p := d.whose(n, x.name, false); p >= 0 {
			if x.infant && d.b.Passengers[p].Infant > 0 {
				p = d.b.Passengers[p].Infant - 1
			}
			d.b.Passengers[p].Residence = state
		}
	}
	d.contact("address", line(x.street, x.city, x.state, x.postcode, state))
}

func (d *Decoder) addIdentity(n *note) {
	known := func(code string) bool { _, _, ok := country.Normalise(strings.ToUpper(code)); return ok }
	id, ok := readFOID(n.text, known)
	if !ok {
		d.remark("FOID " + sensitive.MaskCards(n.text))
		return
	}
	if id.kind == "CC" {
		p := Payment{Form: "CC"}
		if len(id.number) > 2 && letters(id.number[:2]) {
			p.Vendor, id.number = strings.ToUpper(id.number[:2]), id.number[2:]
		}
		p.Card = sensitive.MaskCard(id.number)
		if !d.spend(len(d.b.Payments)) || !slices.ContainsFunc(d.b.Payments, func(o Payment) bool { return o.Form == "CC" && o.Card == p.Card }) {
			d.b.Payments = d.payments.add(d.b.Payments, p)
		}
		return
	}
	_, name := cutName(n.text, 0)
	p := d.whose(n, name, true)
	if p < 0 {
		return
	}
	number := sensitive.MaskCards(id.number)
	who := &d.b.Passengers[p]
	for i := 0; i < len(who.Documents) && d.spend(1); i++ {
		if o := who.Documents[i].Number; o == number || o == id.state+number {
			return
		}
	}
	switch id.kind {
	case "PP":
		issuer, _ := d.state(id.state, n.place)
		d.document(p, Document{Type: "P", Number: number, Issuer: issuer})
	case "ID", "NI":
		d.document(p, Document{Type: "I", Number: number})
	case "FF":
		if !slices.Contains(who.FrequentFlyer, number) {
			who.FrequentFlyer = d.texts.add(who.FrequentFlyer, number)
		}
	default:
		d.remark("FOID " + id.kind + number)
	}
}

func (d *Decoder) addChild(n *note) {
	text, name := cutName(n.text, 0)
	p := d.whose(n, name, true)
	if p < 0 {
		return
	}
	who := &d.b.Passengers[p]
	if who.Type == Adult {
		who.Type = Child
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '/' }) {
		if dateShaped(word) && who.Born.IsZero() {
			who.Born = d.birth(word, n.place)
		}
	}
}

func (d *Decoder) addTicket(n *note) {
	number, _, infant := readTKNE(n.text)
	if number == "" {
		return
	}
	p := d.whose(n, "", false)
	t := Ticket{Number: number}
	if p >= 0 && !infant {
		t.Passenger = d.b.Passengers[p].Reference
	}
	for i := 0; i < len(d.b.Tickets) && d.spend(1); i++ {
		if o := d.b.Tickets[i].Number; o == number || len(o) == 14 && o[:13] == number || len(number) == 14 && number[:13] == o {
			return
		}
	}
	d.b.Tickets = d.tickets.add(d.b.Tickets, t)
}

// giveSeats gives seats to travellers: the one on this flight first, and departure control knows better than the
// booking.
func (d *Decoder) giveSeats() {
	b := d.b
	for i := range d.notes {
		n := &d.notes[i]
		if n.kind != seating {
			continue
		}
		p := d.whose(n, n.code, true)
		if p < 0 || n.text == "" {
			continue
		}
		who := &b.Passengers[p]
		if d.onThis(n) {
			if who.Seat == "" {
				who.Seat = n.text
			}
		} else if !d.spend(len(who.Seats)) || !slices.Contains(who.Seats, n.text) {
			who.Seats = d.texts.add(who.Seats, n.text)
		}
	}
	for i := range b.Passengers {
		p := &b.Passengers[i]
		if p.CheckIn != nil && p.CheckIn.Seat != "" {
			p.Seat = p.CheckIn.Seat
		}
		if p.Seat == "" {
			continue
		}
		if k := slices.Index(p.Seats, p.Seat); k >= 0 {
			p.Seats = slices.Delete(p.Seats, k, k+1)
		}
		p.Seats = d.texts.add(p.Seats, "")
		copy(p.Seats[1:], p.Seats)
		p.Seats[0] = p.Seat
	}
}

// onThis tells a seat on the flight of the push.
func (d *Decoder) onThis(n *note) bool {
	if n.segment >= 0 {
		return d.b.Segments[n.segment].This
	}
	f := d.m.Flight
	if f == nil || n.board == "" || n.off == "" {
		return true
	}
	leg := f.Legs[0]
	if n.board == leg.From && n.off == leg.To {
		return true
	}
	for i := 0; i < len(d.b.Segments) && d.spend(1); i++ {
		if g := &d.b.Segments[i]; g.This && g.From == n.board && g.To == n.off {
			return true
		}
	}
	return false
}

// titles that senders glue to a given name, the longer before what they end with.
var titles = [...]string{"MASTER", "MSTR", "MISS", "PROF", "MRS", "INF", "CHD", "MR", "MS", "DR"}

// withoutTitle takes a title off a given name, where a blank sets it off, or where the document's name shows that it
// is one: ADAMS is not ADA and MS unless the document says ADA.
func withoutTitle(raw, given, second string) string {
	if raw == "" {
		return raw
	}
	switch raw[len(raw)-1] { // what a title ends with
	case 'R', 'S', 'F', 'D':
	default:
		return raw
	}
	if given != "" && (sameName(raw, given) || second != "" && joinedName(raw, given, second)) {
		return raw
	}
	for _, t := range titles {
		base, found := strings.CutSuffix(raw, t)
		trimmed := strings.TrimRight(base, " ")
		if !found || trimmed == "" {
			continue
		}
		if trimmed != base {
			return withoutTitle(trimmed, given, second)
		}
		if given == "" {
			continue
		}
		if inner := withoutTitle(base, given, second); inner != base { // JOHNDRMR
			return inner
		}
		first, _, _ := strings.Cut(given, " ")
		if sameName(base, given) || sameName(base, first) || joinedName(base, given, second) || len(given) > 2 && beginsName(base, given) {
			return base
		}
	}
	return raw
}

// sameName compares letters alone, whatever their case.
func sameName(a, b string) bool {
	if a == b {
		return true
	}
	rest, ok := nameRest(a, b)
	return ok && rest == ""
}

// beginsName tells that name begins with start, letters alone compared.
func beginsName(name, start string) bool {
	if start == "" {
		return false
	}
	_, ok := nameRest(name, start)
	return ok
}

func joinedName(name, given, second string) bool {
	rest, ok := nameRest(name, given)
	return ok && second != "" && sameName(rest, second)
}

// nameRest takes start off the beginning of name, passing over what is no letter.
func nameRest(name, start string) (string, bool) {
	i := 0
	for k := 0; k < len(start); k++ {
		if gap(start[k]) {
			continue
		}
		for i < len(name) && gap(name[i]) {
			i++
		}
		if i >= len(name) || fold(name[i]) != fold(start[k]) {
			return "", false
		}
		i++
	}
	for i < len(name) && gap(name[i]) {
		i++
	}
	return name[i:], true
}

func gap(c byte) bool { return c == ' ' || c == '-' || c == '\'' || c == '.' }

func fold(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// number reads a short number of digits.
func number(v string) (int, bool) {
	if v = trim(v); len(v) > 9 || !digits(v) {
		return 0, false
	}
	n := 0
	for i := 0; i < len(v); i++ {
		n = n*10 + int(v[i]-'0')
	}
	return n, true
}

func hasLetter(v string) bool {
	for i := 0; i < len(v); i++ {
		if isLetter(v[i]) {
			return true
		}
	}
	return false
}

func itoa(n int) string { return strconv.Itoa(n) }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return itoa(n) + " " + word + "s"
}

// quoted is a value for a message: short, printable, and no card number.
func quoted(v string) string {
	const most = 20
	v = sensitive.MaskCards(v)
	if len(v) > most {
		v = v[:most] + "…"
	}
	return strconv.QuoteToASCII(v)
}
