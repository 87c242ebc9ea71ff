package paxlst

import (
	"strings"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
)

// nad begins a person, or names who reports. Before the first TDT an unknown qualifier is the latter.
func (d *Decoder) nad(s *edifact.Segment) {
	role := Passengers
	switch s.Key() {
	case passenger, mutual:
	case crewMember, crewTransit:
		role = Crew
	case transit:
		role = Transit
	case messageSender, bookingAgent:
		d.closePerson()
		d.p = nil
		return
	default:
		if len(d.tdts) == 0 {
			return
		}
		if q := s.Element(1); q != "VT" {
			d.warn(s, false, "unknown_code", "write FL for a passenger, FM for crew", "NAD %s is no kind of person known; read as a passenger", printable(q))
		}
	}
	d.needsTDT(s)
	d.closePerson()
	if n := len(d.passengers); n < cap(d.passengers) {
		d.passengers = d.passengers[:n+1]
		d.passengers[n] = Passenger{}
	} else {
		d.passengers = append(d.passengers, Passenger{})
	}
	d.p = &d.passengers[len(d.passengers)-1]
	d.p.Role, d.p.Offset, d.p.Segment = role, s.Offset, s.Number
	d.orphaned, d.skipped = false, d.r.Skipped()
	d.docs = len(d.documents)
	d.name(s)
	if s.Elements() > 4 {
		d.p.Address = d.join(", ", s.Composite(5), s.Element(6), s.Element(7), s.Element(8), s.Element(9))
	}
}

// name reads C080, or C058 where a sender puts the whole name there.
func (d *Decoder) name(s *edifact.Segment) {
	p := d.p
	p.Surname = trim(s.Element(4))
	n := s.Components(4)
	switch {
	case n == 2:
		p.Given = trim(s.Component(4, 2))
	case n > 2:
		p.Given = d.join(" ", s.Component(4, 2), s.Component(4, 3), s.Component(4, 4), s.Component(4, 5))
	}
	if p.Surname == "" && p.Given == "" && n == 0 {
		if whole := trim(s.Composite(3)); whole != "" {
			p.Surname = whole
			d.warn(s, false, "unstructured_name", "write surname and given names as components of the fourth element", "the name stands in the address element, not parted into surname and given names")
		}
	}
	if p.Given == "" && p.Surname != "" {
		for _, cut := range [...]string{"<<", "/"} {
			if a, b, ok := strings.Cut(p.Surname, cut); ok {
				p.Surname, p.Given = trim(a), trim(strings.ReplaceAll(b, "<", " "))
				d.warn(s, false, "unstructured_name", "write surname and given names as two components", "surname and given names stand in one component, parted by %s", cut)
				break
			}
		}
	}
	if p.Given != "" {
		if bare, ok := untitled(p.Given); ok {
			d.warn(s, false, "title_in_name", "write names as the passport has them, without titles", "the given name %q ends in a title", printable(p.Given))
			p.Given = bare
		}
		if filler(p.Given) {
			d.warn(s, false, "filler_name", "leave out what is not known", "%q stands in for a given name", printable(p.Given))
			p.Given = ""
		}
	}
	if p.Surname != "" && filler(p.Surname) {
		d.warn(s, false, "filler_name", "leave out what is not known", "%q stands in for a surname", printable(p.Surname))
		p.Surname = ""
	}
}

// untitled cuts a title that stands at the end behind a blank. Glued titles stay: ADAMS is a name.
func untitled(given string) (string, bool) {
	n := strings.LastIndexByte(given, ' ')
	if n < 0 {
		return given, false
	}
	switch strings.TrimSuffix(given[n+1:], ".") {
	case "MR", "MRS", "MS", "MISS", "MSTR", "MASTER", "DR", "PROF", "INF", "CHD":
		return strings.TrimRight(given[:n], " "), true
	}
	return given, false
}

func filler(name string) bool {
	switch name {
	case "FNU", "LNU", "XX", "XXX", "-", ".", "NA", "N/A":
		return true
	}
	return false
}

// closePerson ends the person that segments belonged to.
func (d *Decoder) closePerson() {
	if n := len(d.m.Lost); d.orphaned && n > 0 {
		// The lost person ends where the next thing begins.
		f := &d.m.Lost[n-1]
		f.Length = max(0, d.r.Segment().Offset-f.Offset)
	}
	d.orphaned = false
	p := d.p
	if p == nil {
		return
	}
	d.p = nil
	if d.holding {
		d.documents = append(d.documents, d.held)
		d.held, d.holding = Document{}, false
	}
	if len(d.documents) > d.docs {
		p.Documents = d.documents[d.docs:len(d.documents):len(d.documents)]
	}
	if p.Surname == "" && p.Given == "" && d.m.Code != "266" {
		at := p.fault("missing_data", "the person has no name", "write surname and given names in NAD")
		at.Strict = true
		d.em.Warn(at)
	}
	if p.Nationality == "" && len(p.Documents) > 0 && p.Documents[0].Issuer != "" && d.m.Code != "266" {
		p.Nationality = p.Documents[0].Issuer
		d.em.Warn(p.fault("inferred", "the nationality is missing; the document's issuing state stands in: "+p.Nationality, "send NAT with the nationality"))
	}
	for i := range p.Documents {
		if doc := &p.Documents[i]; doc.Issuer == "" && p.Nationality != "" && doc.Type != "V" {
			doc.Issuer = p.Nationality
			d.em.Warn(p.fault("inferred", "the issuing state of a document is missing; the nationality stands in: "+p.Nationality, "send LOC+91 with the issuing state"))
		}
	}
	if p.Sex == "" || p.Born.IsZero() || p.Nationality == "" || len(p.Documents) == 0 || p.Documents[0].Number == "" {
		d.lacks(p)
	}
}

// fault makes one at the person's NAD.
func (p *Passenger) fault(rule, message, mend string) fault.Fault {
	return fault.Fault{Offset: p.Offset, Segment: p.Segment, Tag: "NAD", Rule: rule, Message: message, Mend: mend}
}

// lacks warns of what a list must say of a person.
func (d *Decoder) lacks(p *Passenger) {
	if list := d.m.SubCode == "" || d.m.Code == "250"; !list || d.m.Code == "266" {
		return // references are enough to change, cancel or close
	}
	var lacks []string
	if p.Sex == "" {
		lacks = append(lacks, "sex")
	}
	if p.Born.IsZero() {
		lacks = append(lacks, "date of birth")
	}
	if p.Nationality == "" {
		lacks = append(lacks, "nationality")
	}
	if len(p.Documents) == 0 || p.Documents[0].Number == "" {
		lacks = append(lacks, "a document with its number")
	}
	d.em.Warn(p.fault("missing_data", "the person lacks "+strings.Join(lacks, ", "), "send what the travel document says"))
}

// mine tells whether a segment belongs to a person. again is something a person has once, come again, different.
func (d *Decoder) mine(s *edifact.Segment, again bool) bool {
	return d.p != nil && (!again || !d.orphan(s))
}

// orphan ends the person where something comes again after a segment that could not be read: the NAD between was
// lost, and with it a person.
func (d *Decoder) orphan(s *edifact.Segment) bool {
	if d.r.Skipped() == d.skipped {
		return false
	}
	d.closePerson()
	d.orphaned = true
	f := s.Fault("missing_segment", "send the person again, from NAD on", "the NAD of a person could not be read; what follows belongs to nobody")
	f.What, f.Strict = "passenger", true
	d.m.Lost = append(d.m.Lost, f)
	return true
}

// twice remarks a second value of something that a person has once.
func (d *Decoder) twice(s *edifact.Segment, what string) {
	d.warn(s, false, "repeated", "send it once", "%s is given twice, and not the same; the first is kept", what)
}

// att reads the sex, wherever the sender puts it: ATT+2++M, ATT+2+M, ATT+2++MALE, ATT+2++:::M.
func (d *Decoder) att(s *edifact.Segment) {
	if q := s.Key(); q != gender && q != 0 {
		return
	}
	v := s.Element(3)
	if v == "" {
		if v = s.Component(3, 4); v == "" {
			v = s.Component(2, 1)
		}
	}
	sex := ""
	switch v = trim(v); v {
	case "":
		return
	case "M", "MALE", "m":
		sex = "M"
	case "F", "FEMALE", "f":
		sex = "F"
	case "X", "U", "<":
		sex = "X"
	default:
		d.warn(s, false, "unknown_code", "write M, F or X", "%q is no sex", printable(v))
		sex = "X"
	}
	again := d.p != nil && d.p.Sex != "" && d.p.Sex != sex
	switch {
	case !d.mine(s, again):
	case again:
		d.twice(s, "the sex")
	default:
		d.p.Sex = sex
	}
}

// personDTM reads a birth date, or a document's expiry or issue.
func (d *Decoder) personDTM(s *edifact.Segment) {
	var expiry bool
	switch s.Key() {
	case birth:
		d.born(s)
		return
	case expires, validUntil:
		expiry = true
	case issued:
	default:
		return
	}
	v, format := s.Value()
	on, ok := personDate(v, format, d.reference(), false)
	switch {
	case !ok && expiry:
		d.warn(s, true, "bad_date", "write the date of expiry as YYMMDD", "%q is no date of expiry", printable(v))
	case !ok:
		d.warn(s, true, "bad_date", "write the date of issue as YYMMDD", "%q is no date of issue", printable(v))
	case expiry:
		doc := d.document()
		if !doc.Expires.IsZero() {
			doc = d.hold()
		}
		doc.Expires = on
	default:
		doc := d.document()
		if !doc.Issued.IsZero() {
			doc = d.hold()
		}
		doc.Issued = on
	}
}

// born reads the date of birth.
func (d *Decoder) born(s *edifact.Segment) {
	v, format := s.Value()
	reference := d.reference()
	born, ok := personDate(v, format, reference, true)
	if !ok {
		d.warn(s, true, "bad_date", "write the date of birth as YYMMDD, unknown parts as 00", "%q is no date of birth", printable(v))
		return
	}
	again := !d.p.Born.IsZero() && d.p.Born != born
	if !d.mine(s, again) {
		return
	}
	if again {
		d.twice(s, "the date of birth")
		return
	}
	if born.Full() && reference.Full() && born.Compare(reference) > 0 {
		d.warn(s, true, "bad_date", "send the date of birth on the document", "the date of birth %s is after the flight", born)
	}
	d.p.Born = born
}

// document is the one that an expiry or issuer belongs to: the last. Some send the expiry first; where the last has
// one, the next is held for its DOC.
func (d *Decoder) document() *Document {
	if n := len(d.documents); n > d.docs && !d.holding {
		return &d.documents[n-1]
	}
	return d.hold()
}

func (d *Decoder) hold() *Document {
	d.holding = true
	return &d.held
}

// doc begins a document.
func (d *Decoder) doc(s *edifact.Segment) {
	if !d.mine(s, false) {
		return
	}
	if len(d.documents)-d.docs >= 20 {
		d.warn(s, false, "too_many_documents", "send the documents this person travels on", "the person has more than 20 documents; the rest is dropped")
		return
	}
	doc := Document{Type: s.Element(1)}
	if d.holding {
		doc.Expires, doc.Issued, doc.Issuer = d.held.Expires, d.held.Issued, d.held.Issuer
		d.held, d.holding = Document{}, false
	}
	if t := doc.Type; len(t) == 2 && (t[0] == 'P' || t[0] == 'V') {
		doc.Type = t[:1] // the second letter is the state's own
		if t != "PP" {
			d.warn(s, false, "document_type", "write "+doc.Type, "document type %s is read as %s", t, doc.Type)
		}
	}
	raw := s.Second()
	doc.Number = cleanNumber(raw)
	if doc.Number != raw && doc.Number != "" {
		d.warn(s, false, "document_number", "write the number without blanks and hyphens", "the document number is read without its blanks, hyphens and fillers")
	}
	if doc.Number != "" && dummy(doc.Number) {
		d.warn(s, false, "placeholder", "leave out a number that is not known", "%q is no document number", printable(doc.Number))
		doc.Number = ""
	}
	d.documents = append(d.documents, doc)
}

// cleanNumber strips what the machine-readable zone and people put between the characters of a number.
func cleanNumber(s string) string {
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != '-' && s[i] != '<' {
		i++
	}
	if i == len(s) {
		return s
	}
	clean := make([]byte, 0, 32)
	for i := range len(s) {
		if c := s[i]; c != ' ' && c != '-' && c != '<' {
			clean = append(clean, c)
		}
	}
	return string(clean)
}

// dummy tells a placeholder: UNKNOWN, NA, or nothing but X or zeros.
func dummy(s string) bool {
	switch s[0] {
	case 'U', 'N':
		return s == "UNKNOWN" || s == "NA" || s == "N/A" || s == "NONE" || s == "NIL"
	case 'X', '0':
		return strings.Trim(s, s[:1]) == ""
	}
	return false
}

// personLOC reads a place of the person or of the document.
func (d *Decoder) personLOC(s *edifact.Segment) {
	p := d.p
	var place *string
	switch s.Key() {
	case from:
		place = &p.From
	case to:
		place = &p.To
	case clearance:
		place = &p.Clearance
	case residence:
		if p.Residence == "" {
			p.Residence = d.country(s, s.Second())
		}
		return
	case birthplace:
		d.birthplace(s)
		return
	case issuer:
		doc := d.document()
		if doc.Issuer != "" {
			doc = d.hold()
		}
		doc.Issuer = d.country(s, s.Second())
		return
	default:
		return
	}
	v := s.Second()
	code, ok := Airport(v)
	if !ok {
		d.warn(s, true, "bad_location", "use the airport's three-letter IATA or four-letter ICAO code", "%q is no airport", printable(v))
		return
	}
	if *place == "" {
		*place = code
	}
}

// birthplace reads LOC+180 in its shapes: a country and a town (+GBR:::TOWN), a town alone (+:::TOWN), or related
// places (+USA+:::TOWN+:::STATE).
func (d *Decoder) birthplace(s *edifact.Segment) {
	p := d.p
	if p.Birthplace != "" {
		return
	}
	if code := trim(s.Component(2, 1)); code != "" {
		if alpha3, _, known := country.Normalise(code); known {
			p.BirthCountry = alpha3
		}
		p.Birthplace = code
		if p.BirthCountry != "" {
			p.Birthplace = p.BirthCountry
		}
	}
	town, near, wide := s.Component(2, 4), s.Component(3, 4), s.Component(4, 4)
	if town != "" && near == "" && wide == "" {
		p.Birthplace = trim(town)
	} else if text := d.join(" ", town, near, wide); text != "" {
		p.Birthplace = text
	}
}

// country normalises a country code, and says so where it changed what was meant.
func (d *Decoder) country(s *edifact.Segment, code string) string {
	if len(code) == 3 && code == d.state {
		return code
	}
	alpha3, changed, known := country.Normalise(code)
	switch {
	case known && !changed:
		d.state = code
	case code == "":
	case !known:
		d.warn(s, false, "bad_country", "use the ISO 3166-1 alpha-3 code, or one of ICAO Doc 9303", "%q is no country code; it is kept as it is", printable(code))
	case changed:
		d.warn(s, false, "country_code", "use the alpha-3 code "+alpha3, "country %q is read as %s", printable(code), alpha3)
	}
	return alpha3
}

// nat reads a nationality; the first is the one travelled on.
func (d *Decoder) nat(s *edifact.Segment) {
	if !d.mine(s, false) {
		return
	}
	code := d.country(s, s.Second())
	switch p := d.p; {
	case code == "":
	case p.Nationality == "":
		p.Nationality = code
	case p.Nationality != code && len(p.Nationalities) < 9:
		p.Nationalities = append(p.Nationalities, code)
	}
}

// personRFF reads a reference.
func (d *Decoder) personRFF(s *edifact.Segment) {
	p := d.p
	var to *string
	switch s.Key() {
	case reservation:
		to = &p.Reservation
	case carrierReference:
		to = &p.CarrierReference
	case seat:
		if p.Seat == "" {
			value, _ := s.Value()
			p.Seat = zeros(trim(value))
		}
		return
	case ticket:
		to = &p.Ticket
	case redress:
		to = &p.Redress
	case knownTraveller:
		to = &p.KnownTraveller
	default:
		return
	}
	if *to == "" {
		value, _ := s.Value()
		*to = trim(value)
	}
}

// gei tells whether the data were verified against the document.
func (d *Decoder) gei(s *edifact.Segment) {
	if !d.mine(s, false) {
		return
	}
	switch s.Second() {
	case "173", "ZZZ":
		d.p.Verified = Yes
	case "174":
		d.p.Verified = No
	}
}

// mea reads how many bags, or how heavy.
func (d *Decoder) mea(s *edifact.Segment) {
	if !d.mine(s, false) {
		return
	}
	value := s.Component(3, 2)
	switch s.Element(1) {
	case "CT":
		if value == "" {
			value = s.Component(3, 1)
		}
		if n, ok := number(trim(value)); ok {
			d.p.BagCount = n
		}
	case "WT":
		if value != "" {
			d.p.BagWeight = d.join(" ", value, s.Component(3, 1))
		}
	}
}

// ftx reads bag tags. Any other free text is not handed out; where it reveals what may not be kept, it is counted
// and masked.
func (d *Decoder) ftx(s *edifact.Segment) {
	if s.Key() != bag {
		d.withhold(s, 4)
		return
	}
	if !d.mine(s, false) {
		return
	}
	tag := trim(s.Element(4))
	if !plainTag(tag) {
		if tag != "" {
			d.withhold(s, 4)
			d.warn(s, false, "bad_bag_tag", "write the tag's letters and digits", "what stands for a bag tag is none")
		}
		return
	}
	n := 1
	if c := s.Component(4, 2); c != "" {
		var ok bool
		if n, ok = number(c); !ok || n < 1 || n > MaxBags {
			d.warn(s, false, "bad_bag_tag", "write how many tags follow one another", "%q is no count of bags; one is kept", printable(c))
			n = 1
		}
	}
	first := len(d.bags)
	if k := len(d.p.Bags); k == 0 || &d.p.Bags[k-1] != &d.bags[first-1] {
		d.bags = append(d.bags, d.p.Bags...) // bags of one person lie together
	} else {
		first -= k
	}
	for i := range n {
		if len(d.bags)-first >= MaxBags {
			break
		}
		if i > 0 {
			tag = nextTag(tag)
		}
		d.bags = append(d.bags, Bag{tag})
	}
	d.p.Bags = d.bags[first:len(d.bags):len(d.bags)]
}

func plainTag(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= 17
}

// nextTag counts a tag's digits up by one, keeping their width.
func nextTag(tag string) string {
	b := []byte(tag)
	for i := len(b) - 1; i >= 0 && b[i] >= '0' && b[i] <= '9'; i-- {
		if b[i] < '9' {
			b[i]++
			break
		}
		b[i] = '0'
	}
	return string(b)
}

// com reads how a person can be reached; of the header it is the reporting party's and not ours.
func (d *Decoder) com(s *edifact.Segment) {
	if d.p == nil {
		return
	}
	first := len(d.contacts)
	if k := len(d.p.Contacts); k > 0 {
		if first == 0 || &d.p.Contacts[k-1] != &d.contacts[first-1] {
			d.contacts = append(d.contacts, d.p.Contacts...)
		} else {
			first -= k
		}
	}
	for e := 1; e <= s.Elements() && len(d.contacts)-first < 20; e++ {
		value := trim(s.Component(e, 1))
		kind := "phone"
		switch s.Component(e, 2) {
		case "EM", "MA":
			kind = "email"
		case "TE", "AL", "FX", "":
		default:
			continue
		}
		if value != "" {
			d.contacts = append(d.contacts, Contact{kind, value})
		}
	}
	if len(d.contacts) > first {
		d.p.Contacts = d.contacts[first:len(d.contacts):len(d.contacts)]
	}
}
