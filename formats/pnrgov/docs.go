package pnrgov

import (
	"strings"

	"github.com/rihla/rihla/formats/country"
)

// docs is the text of an SSR DOCS by field, dates still as they came.
type docs struct {
	kind, issuer, number, nationality string
	born, sex, expires                string
	surname, given, second            string
	infant                            bool   // MI or FI: the document is the infant's
	holder                            bool   // H: primary holder of a passport for several persons
	name                              string // the traveller named behind the hyphen, SURNAME/GIVEN
	rest                              string // what found no place
}

// maxFields bounds how many fields of a text are looked at; a whole DOCS has twelve.
const maxFields = 24

// readDOCS reads the text of an SSR DOCS, in order
//
//	/type/issuer/number/nationality/birth/gender/expiry/surname/given/second/H-1NAME
//
// and in every order and gap that senders make of it. It anchors on the date of birth, the date a gender
// follows, reads what is right of it by position, and sorts what is left of it by what each field looks like,
// so that a list shifted by a field, or without states, or without a document, says the same as a whole one.
func readDOCS(text string) (d docs, ok bool) {
	if strings.IndexByte(text, '-') >= 0 {
		text, d.name = cutName(text, lastDate(text))
	}
	var buf [maxFields]string
	f := fields(buf[:0], text)
	if len(f) == 0 {
		return d, false
	}
	b := birthAt(f)
	right := 0 // where the name begins
	if b >= 0 {
		right = d.readDates(f, b)
		d.readDocument(f[:min(b, len(f))])
	} else {
		b, right = d.plainPositions(f)
		d.readDocument(f[:min(b, len(f))])
	}
	d.readName(f, right)
	return d, d.number != "" || d.born != "" || d.surname != "" || d.expires != "" || d.issuer != "" || d.nationality != ""
}

// fields splits at the slash and trims. What stands before the first slash is no field, unless it is a
// document type that lost the slash before it.
func fields(dst []string, text string) []string {
	head, text, found := strings.Cut(text, "/")
	if !found {
		return dst
	}
	if head = trim(head); documentType(strings.ToUpper(head)) {
		dst = append(dst, head)
	}
	for len(dst) < cap(dst) {
		field, rest, more := strings.Cut(text, "/")
		dst = append(dst, trim(field))
		if !more {
			break
		}
		text = rest
	}
	return dst
}

// birthAt finds the field that is the date of birth, or where it would stand before a lone expiry; -1 if
// neither is there.
func birthAt(f []string) int {
	for i, v := range f {
		if !dateShaped(v) {
			continue
		}
		after := ""
		if i+1 < len(f) {
			after = f[i+1]
		}
		switch {
		case gender(after) != "":
			return i
		case i > 0 && gender(f[i-1]) != "" && i >= 2: // F/30JUN31: the gender before it makes it the expiry
			return i - 2
		case after == "" && i == 6 && f[4] == "" && f[5] == "": // alone in the place of the expiry
			return 4
		case after == "" || dateShaped(after):
			return i
		}
	}
	return -1
}

// readDates reads birth, gender and expiry from the birth date's place on, and says where the name begins.
func (d *docs) readDates(f []string, b int) int {
	d.born = f[b]
	i := b + 1
	if i < len(f) && (f[i] == "" || gender(f[i]) != "") {
		d.setGender(f[i])
		i++
	}
	if i < len(f) && (f[i] == "" || dateShaped(f[i])) {
		d.expires = f[i]
		i++
	}
	return i
}

// plainPositions reads the fields where the standard puts them, when no date shows the way.
func (d *docs) plainPositions(f []string) (birth, name int) {
	by := shift(f)
	at := func(i int) string {
		if i += by; i < len(f) {
			return f[i]
		}
		return ""
	}
	birth, name = 4+by, 7+by
	if v := at(4); v != "" {
		d.born = v
	}
	if v := at(5); gender(v) != "" {
		d.setGender(v)
	}
	d.expires = at(6)
	return birth, name
}

func (d *docs) setGender(v string) {
	d.sex = gender(v)
	d.infant = len(v) == 2 && (v[1] == 'I' || v[1] == 'i')
	if d.sex == "U" {
		d.sex = "" // unspecified by the sender, which is not the X of a passport
	}
}

func (d *docs) readName(f []string, i int) {
	var name [3]string
	n := 0
	for ; i < len(f); i++ {
		v := f[i]
		switch {
		case v == "H" && n > 1:
			d.holder = true
		case n < len(name):
			name[n] = v
			n++
		case v != "":
			name[2] = trim(name[2] + " " + v)
		}
	}
	d.surname, d.given, d.second = name[0], name[1], name[2]
	if d.second == "H" {
		d.second, d.holder = "", true
	}
}

// shift tells by how many empty fields the whole list was moved: 1 of //P/…
func shift(f []string) int {
	for i, v := range f {
		if v == "" {
			continue
		}
		if leadingType(f[i:]) {
			return i
		}
		break
	}
	return 0
}

// leadingType tells whether the first field is a document type and not a state: PA/GBR/… is, PA/12345/… is Panama.
func leadingType(f []string) bool {
	if !documentType(strings.ToUpper(f[0])) {
		return false
	}
	return len(f[0]) == 1 || !isState(f[0]) || len(f) > 1 && state(f[1])
}

// readDocument sorts the fields left of the birth date: type, issuer, number, nationality.
func (d *docs) readDocument(f []string) {
	var at [maxFields]int // the fields that hold something
	n := 0
	for i, v := range f {
		if v != "" {
			at[n] = i
			n++
		}
	}
	left := at[:n]
	if n > 0 && leadingType(f[left[0]:]) {
		d.kind, left = strings.ToUpper(f[left[0]]), left[1:]
	}
	if len(left) == 0 {
		return
	}
	number := -1 // in left
	for k, i := range left {
		if hasDigit(f[i]) && (number < 0 || len(f[i]) > len(f[left[number]])) {
			number = k
		}
	}
	if number < 0 {
		for k, i := range left {
			if len(f[i]) > 3 && (number < 0 || len(f[i]) > len(f[left[number]])) {
				number = k
			}
		}
	}
	if number < 0 { // only states: their places tell which is which
		by := shift(f)
		for _, i := range left {
			if i <= 2+by && d.issuer == "" && len(left) > 1 || i <= 1+by {
				d.issuer = f[i]
			} else {
				d.nationality = f[i]
			}
		}
		return
	}
	d.number = f[left[number]]
	for k, i := range left {
		v := f[i]
		switch {
		case k == number:
		case k < number && state(v):
			if d.issuer != "" {
				d.rest = d.issuer
			}
			d.issuer = v
		case k > number && state(v):
			if d.nationality != "" {
				d.rest = d.nationality
			}
			d.nationality = v
		default:
			d.rest = v
		}
	}
}

// state tells what may be a country code: one letter (D of a German passport) to three.
func state(v string) bool { return len(v) >= 1 && len(v) <= 3 && letters(v) }

// isState tells a code that is some country's.
func isState(v string) bool {
	_, _, known := country.Normalise(strings.ToUpper(v))
	return known
}

// documentType tells the types senders write: one letter, or a passport's, card's or visa's with a second.
func documentType(v string) bool {
	switch v {
	case "P", "A", "C", "I", "V", "F", "M", "N", "S", "T", "AC", "IP", "IN", "ID", "IC", "PP", "PT", "PN", "PD", "PS", "PO", "PC", "PM", "PL", "PE", "PA", "PR", "CR", "TD", "VI", "NI", "RP":
		return true
	}
	return false
}

// gender gives the plain gender of a field, "" if it is none. MI and FI are infants, MC and FC children.
func gender(v string) string {
	switch v {
	case "M", "m", "MI", "mi", "MC", "mc":
		return "M"
	case "F", "f", "FI", "fi", "FC", "fc":
		return "F"
	case "X", "x", "XI", "xi":
		return "X"
	case "U", "u", "UI", "ui":
		return "U"
	}
	return ""
}

// cutName cuts the name item a text may end with: a hyphen, how many persons, and SURNAME/GIVEN. It is looked
// for from an offset on, so that a hyphen inside a number or a date is none.
func cutName(text string, from int) (rest, name string) {
	for i := from; i+2 < len(text); i++ {
		if text[i] == '-' && isDigit(text[i+1]) && isLetter(text[i+2]) {
			return text[:i], trim(text[i+2:])
		}
	}
	return text, ""
}

// lastDate gives the offset behind the last field that is a date, a name item behind it or not.
func lastDate(text string) int {
	end := 0
	for i := 0; i < len(text); {
		n := strings.IndexByte(text[i:], '/')
		if n < 0 {
			n = len(text) - i
		}
		field := strings.TrimRight(text[i:i+n], " ")
		lead := len(field) - len(strings.TrimLeft(field, " "))
		field = field[lead:]
		if len(field) < 6 || !isDigit(field[0]) {
			i += n + 1
			continue
		}
		for k := min(len(field), 10); k >= 6; k-- {
			if (k == len(field) || field[k] == '-') && dateShaped(field[:k]) {
				end = i + lead + k
				break
			}
		}
		i += n + 1
	}
	return end
}

// dateShaped tells DDMMMYY and DDMMMYYYY, the day with one digit or two, and an ISO date.
func dateShaped(v string) bool {
	if len(v) == 10 && v[4] == '-' && v[7] == '-' {
		return digits(v[:4]) && digits(v[5:7]) && digits(v[8:])
	}
	if len(v) > 0 && len(v)%2 == 0 && len(v) < 10 && isDigit(v[0]) && !isDigit(v[1]) { // 7JUN62
		return len(v) >= 6 && letters(v[1:4]) && digits(v[4:])
	}
	return (len(v) == 7 || len(v) == 9) && digits(v[:2]) && letters(v[2:5]) && digits(v[5:])
}

func digits(v string) bool {
	for i := 0; i < len(v); i++ {
		if !isDigit(v[i]) {
			return false
		}
	}
	return len(v) > 0
}

func hasDigit(v string) bool {
	for i := 0; i < len(v); i++ {
		if isDigit(v[i]) {
			return true
		}
	}
	return false
}

func letters(v string) bool {
	for i := 0; i < len(v); i++ {
		if !isLetter(v[i]) {
			return false
		}
	}
	return len(v) > 0
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' }
