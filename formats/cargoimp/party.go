package cargoimp

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/goods"
)

// Party is a shipper, a consignee or who else is to be told.
type Party struct {
	Account  string
	Names    []string // as filed: one line, two since FWB/17 and FHL/5
	Streets  []string
	Place    string
	State    string
	Country  string // ISO 3166-1 alpha-3 where it is known, else as filed
	Postcode string
	Contacts []Contact
}

// Contact is a way to reach a party.
type Contact struct {
	Kind   string `json:"kind"` // TE telephone, FX fax, TL telex
	Number string `json:"number"`
}

// The lengths of a party's fields.
const (
	nameLength, placeLength, stateLength, postcodeLength, contactLength, accountLength = 35, 17, 9, 9, 25, 14
)

// Name is the party's name in one line.
func (p *Party) Name() string { return rejoin(p.Names, nameLength) }

// Truncated tells a name that fills its last line: the format cut its end off, or may have.
func (p *Party) Truncated() bool {
	return len(p.Names) > 0 && utf8.RuneCountInString(p.Names[len(p.Names)-1]) >= nameLength-1
}

// Street is the party's street in one line.
func (p *Party) Street() string { return rejoin(p.Streets, nameLength) }

// Entry is the party as its entry is judged; forwarder is the name of who forwards, at house level.
func (p *Party) Entry(forwarder string) *goods.Party {
	e := &goods.Party{Name: p.Name(), Street: p.Street(), Place: p.Place, State: p.State, Country: p.Country, Postcode: p.Postcode, Forwarder: forwarder}
	for _, c := range p.Contacts {
		if c.Kind == "TE" {
			e.Phones = append(e.Phones, c.Number)
		}
	}
	return e
}

// rejoin joins the lines of a text that was cut by length. A line as long as may be was cut inside a word, and one a
// character short of it too: senders cut at 35 and at 34.
func rejoin(lines []string, length int) string {
	var s strings.Builder
	for i, l := range lines {
		if i > 0 && len([]rune(lines[i-1])) < length-1 {
			s.WriteByte(' ')
		}
		s.WriteString(l)
	}
	return s.String()
}

// MarshalJSON writes name and street in one line, and the lines as filed where there are several.
func (p Party) MarshalJSON() ([]byte, error) {
	several := func(lines []string) []string {
		if len(lines) < 2 {
			return nil
		}
		return lines
	}
	return json.Marshal(struct {
		Account   string    `json:"account,omitempty"`
		Name      string    `json:"name,omitempty"`
		NameLines []string  `json:"name_lines,omitempty"`
		Street    string    `json:"street,omitempty"`
		Streets   []string  `json:"street_lines,omitempty"`
		Place     string    `json:"place,omitempty"`
		State     string    `json:"state,omitempty"`
		Postcode  string    `json:"postcode,omitempty"`
		Country   string    `json:"country,omitempty"`
		Contacts  []Contact `json:"contacts,omitempty"`
	}{p.Account, p.Name(), several(p.Names), p.Street(), several(p.Streets), p.Place, p.State, p.Postcode, p.Country, p.Contacts})
}

// partyRules are what a party's faults are called by its role; "" where a regime has no name for it.
type partyRules struct {
	word, name, address, country string
	fields                       partyFields
}

// partyFields are what the fields of a party are called.
type partyFields struct{ account, name, street, place, state, country, postcode, contact string }

var (
	shipperRules   = &partyRules{"shipper", MissingShipperName, MissingShipperAddress, MissingShipperCountry, fieldsOf("shipper")}
	consigneeRules = &partyRules{"consignee", MissingConsigneeName, MissingConsigneeAddr, MissingConsigneeCtry, fieldsOf("consignee")}
	notifyRules    = &partyRules{word: "notify party", fields: fieldsOf("notify party")}
)

func fieldsOf(word string) partyFields {
	return partyFields{word + " account", word + " name", word + " street", word + " place", word + " state", word + " country", word + " postcode", word + " contact"}
}

// party reads a party in either layout. nameFirst says that the first line's field is the name, as in FHL/4 and NFY, not
// the account.
func (r *reader) party(g *group, rules *partyRules, nameFirst bool) *Party {
	p := &Party{}
	named := slices.ContainsFunc(g.rows, func(w row) bool { return w.tag == "NAM" || w.tag == "ADR" || w.tag == "LOC" })
	head := g.head()
	lines := make([]*row, 0, len(g.rows))
	switch first := head.field(0); {
	case named || !nameFirst:
		p.Account = r.short(first, rules.fields.account, accountLength)
		if len(head.fs) > 1 {
			r.slants(head.rest(1), rules.fields.account)
		}
	case len(first.text) > 0 || len(head.fs) > 0:
		lines = append(lines, head)
	}
	for i := range g.rows[1:] {
		lines = append(lines, &g.rows[1+i])
	}
	nameAt, addressAt := head.whole(), head.whole()
	var last *row // the country's line
	if named {
		last = r.namedParty(p, lines, rules, &nameAt, &addressAt)
	} else {
		last = r.plainParty(p, lines, rules, &nameAt, &addressAt)
	}
	if last != nil {
		r.country(p, last, rules)
	}
	r.complete(p, rules, nameAt, addressAt, g.rows[len(g.rows)-1].whole())
	return p
}

// namedParty reads the layout with NAM, ADR and LOC, and answers the line of the country.
func (r *reader) namedParty(p *Party, lines []*row, rules *partyRules, nameAt, addressAt *field) (last *row) {
	section := ""
	for _, w := range lines {
		if w.tag != "" {
			section = w.tag
		}
		switch {
		case section == "NAM":
			if w.tag != "" {
				*nameAt = w.field(0)
			}
			p.Names = append(p.Names, r.line(w, rules.fields.name))
		case section == "ADR":
			if w.tag != "" {
				*addressAt = w.field(0)
			}
			p.Streets = append(p.Streets, r.line(w, rules.fields.street))
		case section == "LOC" && w.tag != "":
			r.place(p, w, rules)
		case section == "LOC" && last == nil:
			last = w
		default:
			r.wrong(w.whole(), InvalidField, rules.word, "write NAM, ADR, LOC and the country's line", "the line is none of a %s", rules.word)
		}
	}
	return last
}

// plainParty reads the layout of four lines: name, street, place, country. It is counted from the country's line backwards,
// so that a missing street is not filled with the place.
func (r *reader) plainParty(p *Party, lines []*row, rules *partyRules, nameAt, addressAt *field) (last *row) {
	if len(lines) == 0 {
		return nil
	}
	if n := len(lines) - 1; n > 0 && isCountry(lines[n]) {
		last, lines = lines[n], lines[:n]
	}
	*nameAt = lines[0].field(0)
	p.Names = []string{r.line(lines[0], rules.fields.name)}
	lines = lines[1:]
	if len(lines) == 0 {
		return last
	}
	*addressAt = lines[0].field(0)
	switch n := len(lines) - 1; {
	case last == nil && n == 0: // a street, and nothing behind it
	default:
		r.place(p, lines[n], rules)
		lines = lines[:n]
	}
	if len(lines) > 1 {
		r.wrong(lines[1].whole(), InvalidField, rules.word, "write name, street, place and country in one line each", "the address of the %s has more than four lines", rules.word)
	}
	for _, w := range lines {
		p.Streets = append(p.Streets, r.line(w, rules.fields.street))
	}
	return last
}

// isCountry tells a country's line: two letters, then at most a postcode and contacts.
func isCountry(w *row) bool { return len(w.field(0).text) == 2 && letters(w.field(0).text) }

func (r *reader) place(p *Party, w *row, rules *partyRules) {
	p.Place = r.short(w.field(0), rules.fields.place, placeLength)
	p.State = r.short(w.field(1), rules.fields.state, stateLength)
	if len(w.fs) > 2 {
		r.slants(w.rest(2), rules.fields.place)
	}
}

func (r *reader) country(p *Party, w *row, rules *partyRules) {
	p.Country = r.nation(w.field(0), rules.fields.country)
	p.Postcode = r.short(w.field(1), rules.fields.postcode, postcodeLength)
	for i := 2; i < len(w.fs); i += 2 {
		kind, number := w.field(i), w.field(i+1)
		if len(kind.text) != 2 || !letters(kind.text) || len(number.text) == 0 {
			r.wrong(kind, InvalidField, rules.fields.contact, "write TE, FX or TL, a slant and the number", "the contact is not understood: %q", w.rest(i).String())
			return
		}
		p.Contacts = append(p.Contacts, Contact{upper(kind), r.short(number, rules.fields.contact, contactLength)})
	}
}

// nation reads a country's code.
func (r *reader) nation(f field, name string) string {
	code := upper(f)
	if code == "" {
		return ""
	}
	three, _, known := country.Normalise(code)
	if len(code) != 2 || !known {
		r.wrong(f, InvalidCountry, name, "write the two letters of ISO 3166-1", "%q is no country", code)
		return code
	}
	return three
}

// complete tells what a party lacks of what every regime asks: name, street, place, country.
func (r *reader) complete(p *Party, rules *partyRules, nameAt, addressAt, end field) {
	if rules.name == "" {
		return
	}
	if name := p.Name(); goods.Generic(name) {
		r.wrong(nameAt, rules.name, rules.fields.name, "write who the "+rules.word+" is", "the name of the %s is missing or says nothing: %q", rules.word, name)
	}
	switch street := p.Street(); {
	case street != "" && goods.Placeholder(street):
		r.wrong(addressAt, rules.address, rules.fields.street, "write street and number", "the street of the %s says nothing: %q", rules.word, street)
	case street == "":
		r.wrong(addressAt, rules.address, rules.fields.street, "write street and number in a line of their own", "the %s has no street", rules.word)
	case p.Place == "":
		r.wrong(addressAt, rules.address, rules.fields.place, "write the town in a line of its own", "the %s has no place", rules.word)
	}
	if p.Country == "" {
		r.wrong(end, rules.country, rules.fields.country, "end the address with a line of the country's two letters", "the %s has no country", rules.word)
	}
}

// line reads a row that is one text.
func (r *reader) line(w *row, name string) string {
	if len(w.fs) > 1 {
		r.slants(w.rest(1), name)
		return w.rest(0).String()
	}
	return r.short(w.field(0), name, nameLength)
}

// short reads a text of a length the standard sets.
func (r *reader) short(f field, name string, length int) string {
	s := f.String()
	if n := len([]rune(s)); n > length {
		r.wrong(f, FieldTooLong, name, "shorten it", "the %s has %d characters, the standard allows %d", name, n, length)
	}
	return s
}

// slants tells that a text holds the separator, which cannot be written in it.
func (r *reader) slants(f field, name string) {
	f = field{f.text, f.off - 1, f.line, f.col - 1}
	r.wrong(f, SlantInText, name, "write the text without slants", "a slant stands inside the %s; it is read as text", name)
}

func upper(f field) string { return strings.ToUpper(f.String()) }
