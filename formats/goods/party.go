package goods

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/country"
)

// What can be wrong with a party.
const (
	PartyGeneric      = "PARTY_GENERIC"
	AddressIncomplete = "ADDRESS_INCOMPLETE"
	PhoneInvalid      = "PHONE_INVALID"
)

// Party is a consignor, a consignee or who else is to be told, as a filing names it.
type Party struct {
	Name, Street, Place, State string
	Country                    string // ISO 3166-1, either code
	Postcode                   string
	Phones                     []string
	Forwarder                  string // at house level: the forwarder's own name, which is nobody there
}

// Doubt is one thing that a party's entry lacks or that cannot be right.
type Doubt struct {
	Rule    string `json:"rule"`
	Field   string `json:"field"` // name, street, place, country, postcode, phone
	Message string `json:"message"`
	Mend    string `json:"mend"`
}

// Doubts are what an officer would ask of this party before looking at anything else.
func (p *Party) Doubts() (list []Doubt) {
	doubt := func(rule, field, message, mend string) { list = append(list, Doubt{rule, field, message, mend}) }
	switch {
	case strings.TrimSpace(p.Name) == "":
		doubt(PartyGeneric, "name", "there is no name", "write who it is")
	case Generic(p.Name):
		doubt(PartyGeneric, "name", "the name names nobody", "write who it is")
	case p.Forwarder != "" && sameWords(p.Name, p.Forwarder):
		doubt(PartyGeneric, "name", "the name is the forwarder's own", "write the party the forwarder acts for")
	}
	switch {
	case strings.TrimSpace(p.Street) == "":
		doubt(AddressIncomplete, "street", "there is no street", "write street and number")
	case Placeholder(p.Street):
		doubt(AddressIncomplete, "street", "the street says nothing", "write street and number")
	case boxOnly(p.Street):
		doubt(AddressIncomplete, "street", "a post box is no place where goods are sent from or to", "write street and number beside the post box")
	}
	if strings.TrimSpace(p.Place) == "" || Placeholder(p.Place) {
		doubt(AddressIncomplete, "place", "there is no place", "write the town")
	}
	three, _, known := country.Normalise(p.Country)
	switch {
	case p.Country == "":
		doubt(AddressIncomplete, "country", "there is no country", "write the country's code of ISO 3166-1")
	case !known:
		doubt(AddressIncomplete, "country", "the country is none of ISO 3166-1", "write the country's code of ISO 3166-1")
	default:
		if in := cities()[joined(p.Place)]; len(in) > 0 && !slices.Contains(in, three) {
			doubt(AddressIncomplete, "place", "the place is in another country", "look up place and country")
		}
		if p.Postcode != "" && !fits(p.Postcode, postcodes[three]) {
			doubt(AddressIncomplete, "postcode", "the postcode has not the shape of the country's", "look the postcode up")
		}
	}
	for _, phone := range p.Phones {
		if !dialable(phone) {
			doubt(PhoneInvalid, "phone", "the telephone number is none", "write a number that can be called")
			break
		}
	}
	return list
}

// Same tells two parties that are one: the same name and, where both have one, the same street.
func Same(a, b *Party) bool {
	return a.Name != "" && sameWords(a.Name, b.Name) && (a.Street == "" || b.Street == "" || sameWords(a.Street, b.Street))
}

// Generic tells a name that names nobody: SHIPPER, TO ORDER, a number, one or two letters, nothing.
func Generic(name string) bool {
	var room [96]byte
	key := appendPlain(room[:0], name)
	letters, same, script := 0, true, false
	var first rune
	for _, c := range string(key) {
		if c == ' ' || unicode.IsDigit(c) {
			continue
		}
		if letters == 0 {
			first = c
		}
		same = same && c == first
		script = script || c > 0x24F // outside Latin, two letters can be a name
		letters++
	}
	return letters == 0 || letters <= 2 && !script || letters > 2 && same || generics[string(key)]
}

// Placeholder tells words put into a field so that it is not empty: UNKNOWN, XXX, a hyphen. A number alone is none, for
// where streets have no names a building's number is an address.
func Placeholder(s string) bool {
	var room [96]byte
	key := appendPlain(room[:0], s)
	return len(key) == 0 || generics[string(key)] || repeated(string(key))
}

// boxOnly tells an address of a post box alone.
func boxOnly(street string) bool {
	ws := plain(street)
	box := 0
	switch {
	case len(ws) >= 3 && ws[0] == "P" && ws[1] == "O" && ws[2] == "BOX":
		box = 3
	case len(ws) >= 2 && boxes[ws[0]+" "+ws[1]]:
		box = 2
	case len(ws) >= 1 && boxes[ws[0]]:
		box = 1
	default:
		return false
	}
	for _, w := range ws[box:] {
		if !numeral(w) {
			return false
		}
	}
	return true
}

// boxes are words for a post box.
var boxes = map[string]bool{
	"PO BOX": true, "POST BOX": true, "POSTAL BOX": true, "POBOX": true, "BOX": true, "POSTFACH": true, "CASILLA": true, "BP": true, "صندوق بريد": true, "ص ب": true,
}

// dialable tells a number that can be one: enough digits, and not all the same.
func dialable(phone string) bool {
	const shortest = 6
	n, same := 0, true
	var first rune
	for _, c := range phone {
		if !unicode.IsDigit(c) {
			continue
		}
		if n == 0 {
			first = c
		}
		same = same && c == first
		n++
	}
	return n >= shortest && !same
}

// plain are the words of a name, as they are written but for case and marks.
func plain(s string) []string { return strings.Fields(joined(s)) }

// joined is a name as names are compared: its words in capitals without marks, a blank between them.
func joined(s string) string {
	var room [128]byte // of nearly all
	return string(appendPlain(room[:0], s))
}

func sameWords(a, b string) bool {
	var one, other [128]byte
	return bytes.Equal(appendPlain(one[:0], a), appendPlain(other[:0], b))
}

// appendPlain writes what joined says behind b.
func appendPlain(b []byte, s string) []byte {
	start, between := len(b), false
	for _, c := range fold(strings.ToValidUTF8(s[:min(len(s), maxText)], "")) {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			between = len(b) > start
			continue
		}
		if between {
			b, between = append(b, ' '), false
		}
		b = utf8.AppendRune(b, c)
	}
	return b
}

//go:embed generics.txt
var genericFile string

// generics are names that name nobody, as they are compared.
var generics = func() map[string]bool {
	set := map[string]bool{}
	rows(genericFile, func(fields []string) { set[joined(fields[0])] = true })
	return set
}()

//go:embed cities.tsv
var cityFile string

// cities are large places whose name leaves no doubt, and the countries that have one of that name.
var cities = sync.OnceValue(func() map[string][]string {
	list := map[string][]string{}
	rows(cityFile, func(fields []string) {
		for name := range strings.SplitSeq(fields[1], ";") {
			list[joined(name)] = append(list[joined(name)], strings.Fields(fields[0])...)
		}
	})
	return list
})

// postcodes are the shapes of a country's postcodes, N a digit and A a letter, blanks and hyphens left out. A country that is
// not here may have any.
var postcodes = map[string]string{
	"ARG": "NNNN ANNNNAAA", "AUS": "NNNN", "AUT": "NNNN", "BEL": "NNNN", "BGR": "NNNN", "BHR": "NNN NNNN", "BRA": "NNNNNNNN", "CAN": "ANANAN", "CHE": "NNNN",
	"CHN": "NNNNNN", "CYP": "NNNN", "CZE": "NNNNN", "DEU": "NNNNN", "DNK": "NNNN", "DZA": "NNNNN", "EGY": "NNNNN NNNNNNN", "ESP": "NNNNN", "EST": "NNNNN",
	"FIN": "NNNNN", "FRA": "NNNNN", "GBR": "ANNAA ANNNAA AANNAA AANNNAA ANANAA AANANAA", "GEO": "NNNN", "GRC": "NNNNN", "HRV": "NNNNN", "HUN": "NNNN",
	"IDN": "NNNNN", "IND": "NNNNNN", "IRN": "NNNNNNNNNN", "IRQ": "NNNNN", "ISR": "NNNNN NNNNNNN", "ITA": "NNNNN", "JOR": "NNNNN", "JPN": "NNNNNNN",
	"KAZ": "NNNNNN ANNANAN", "KEN": "NNNNN", "KOR": "NNNNN", "KWT": "NNNNN", "LBN": "NNNN NNNNNNNN", "LTU": "NNNNN AANNNNN", "LUX": "NNNN", "LVA": "NNNN AANNNN",
	"MAR": "NNNNN", "MEX": "NNNNN", "MYS": "NNNNN", "NGA": "NNNNNN", "NLD": "NNNNAA", "NOR": "NNNN", "NZL": "NNNN", "OMN": "NNN", "PAK": "NNNNN", "PHL": "NNNN",
	"POL": "NNNNN", "PRT": "NNNN NNNNNNN", "ROU": "NNNNNN", "RUS": "NNNNNN", "SAU": "NNNNN NNNNNNNNN", "SGP": "NNNNNN", "SRB": "NNNNN", "SVK": "NNNNN",
	"SVN": "NNNN", "SWE": "NNNNN", "THA": "NNNNN", "TUN": "NNNN", "TUR": "NNNNN", "TWN": "NNN NNNNN NNNNNN", "UKR": "NNNNN", "USA": "NNNNN NNNNNNNNN",
	"VNM": "NNNNN NNNNNN", "ZAF": "NNNN",
}

// fits compares a postcode with the shapes of its country.
func fits(postcode, shapes string) bool {
	if shapes == "" {
		return true
	}
	var b strings.Builder
	for _, c := range fold(postcode) {
		switch {
		case unicode.IsDigit(c):
			b.WriteByte('N')
		case unicode.IsLetter(c):
			b.WriteByte('A')
		case c != ' ' && c != '-' && c != '.':
			return false
		}
	}
	return slices.Contains(strings.Fields(shapes), b.String())
}
