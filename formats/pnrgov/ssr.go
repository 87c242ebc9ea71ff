package pnrgov

import (
	"strings"
)

// visa is the text of an SSR DOCO: a visa, or the number of a known traveller (K) or a redress case (R).
type visa struct {
	birthplace, kind, number, place, issued, country string
	infant                                           bool
	name                                             string
}

// readDOCO reads
//
//	/birth place/type/number/place of issue/date of issue/country applied/I-1NAME
//
// with or without its first slash: the type is found by what it is, one letter before a number.
func readDOCO(text string) (v visa, ok bool) {
	text, v.name = cutName(text, lastDate(text))
	var buf [maxFields]string
	f := split(buf[:0], text)
	t := -1
	for i, x := range f {
		if x = strings.ToUpper(x); (x == "V" || x == "K" || x == "R") && i+1 < len(f) && f[i+1] != "" {
			t = i
			break
		}
	}
	if t < 0 { // another type than the known ones, where the standard has it
		for i := 0; i+1 < len(f) && i <= 2; i++ {
			if len(f[i]) <= 2 && letters(f[i]) && hasDigit(f[i+1]) {
				t = i
				break
			}
		}
	}
	if t < 0 {
		return v, false
	}
	for i := t - 1; i >= 0; i-- {
		if f[i] != "" {
			v.birthplace = f[i]
			break
		}
	}
	v.kind, v.number = strings.ToUpper(f[t]), f[t+1]
	right := f[t+2:]
	if n := len(right); n > 0 && strings.EqualFold(right[n-1], "I") {
		v.infant, right = true, right[:n-1]
	}
	d := -1
	for i, x := range right {
		if dateShaped(x) {
			d = i
			break
		}
	}
	at := func(i int) string {
		if i >= 0 && i < len(right) {
			return right[i]
		}
		return ""
	}
	if d >= 0 {
		v.place, v.issued, v.country = at(d-1), right[d], at(d+1)
	} else {
		v.place, v.country = at(0), at(2)
	}
	return v, true
}

// address is the text of an SSR DOCA.
type address struct {
	kind, country, street, city, state, postcode string
	infant                                       bool
	name                                         string
}

// readDOCA reads /D or R/country/street/city/state/post code/I. A street may hold slashes: what is too much
// goes to it.
func readDOCA(text string) (a address, ok bool) {
	text, a.name = cutName(text, 0)
	var buf [maxFields]string
	f := split(buf[:0], text)
	for len(f) > 0 && f[0] == "" {
		f = f[1:]
	}
	if n := len(f); n > 2 && strings.EqualFold(f[n-1], "I") {
		a.infant, f = true, f[:n-1]
	}
	if len(f) > 0 && len(f[0]) == 1 && isLetter(f[0][0]) {
		a.kind, f = strings.ToUpper(f[0]), f[1:]
	}
	if len(f) > 0 && (f[0] == "" || state(f[0])) {
		a.country, f = f[0], f[1:]
	}
	for n := len(f); n > 4 && f[n-1] == ""; n = len(f) {
		f = f[:n-1]
	}
	if extra := len(f) - 4; extra > 0 {
		a.street, f = strings.Join(f[:extra+1], "/"), f[extra:]
	} else if len(f) > 0 {
		a.street = f[0]
	}
	for i, to := range []*string{&a.city, &a.state, &a.postcode} {
		if i+1 < len(f) {
			*to = f[i+1]
		}
	}
	return a, a.country != "" || a.street != "" || a.city != "" || a.postcode != ""
}

// line writes an address as one line, blanks left out.
func line(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p = trim(p); p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p)
	}
	return b.String()
}

// split splits at every slash and trims, the text before the first slash included.
func split(dst []string, text string) []string {
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

// infant is the text of an SSR INFT.
type infant struct{ surname, given, born string }

// readINFT reads SURNAME/GIVEN 10AUG24 and SURNAME/GIVEN/10AUG24, with a name item behind or not.
func readINFT(text string) (n infant, ok bool) {
	text, _ = cutName(text, 0)
	text = strings.Trim(text, " ./")
	if i := strings.LastIndexAny(text, " /"); i >= 0 && dateShaped(text[i+1:]) {
		n.born, text = text[i+1:], strings.TrimRight(text[:i], " /")
	} else if dateShaped(text) {
		return infant{born: text}, true
	} else if len(text) > 7 && dateShaped(text[len(text)-7:]) { // glued
		n.born, text = text[len(text)-7:], text[:len(text)-7]
	}
	n.surname, n.given, _ = strings.Cut(text, "/")
	n.surname, n.given = trim(n.surname), trim(strings.ReplaceAll(n.given, "/", " "))
	return n, n.surname != ""
}

// readContact reads the text of an SSR CTC* or of a remark that begins so. Mail addresses have // for @,
// .. for _ and ./ for -, because teletype has none of these.
func readContact(text string) (kind, value, name string) {
	text, name = cutName(text, 0)
	text = trim(text)
	if at := strings.IndexByte(text, '@'); at > 0 || mailShaped(text) {
		text = strings.TrimPrefix(text, "/")
		if n := len(text) - 3; n > 0 && text[n] == '/' && letters(text[n+1:]) && text[n-1] != '.' && text[n-1] != '/' {
			text = text[:n]
		}
		return "email", mail(text), name
	}
	text = strings.Trim(text, "/ ")
	if head, tail, found := strings.Cut(text, "/"); found && len(tail) <= 3 && letters(tail) {
		text = trim(head)
	}
	if count := countDigits(text); count >= 5 {
		return "phone", text, name
	}
	return "", text, name
}

func mailShaped(text string) bool {
	i := strings.Index(strings.TrimLeft(text, "/"), "//")
	return i > 0 && strings.IndexByte(text[i+2:], '.') >= 0
}

func mail(text string) string {
	if strings.IndexByte(text, '@') < 0 {
		text = strings.Replace(text, "//", "@", 1)
	}
	if strings.Contains(text, "..") || strings.Contains(text, "./") {
		return fromTeletype.Replace(text)
	}
	return text
}

// fromTeletype gives back the signs that teletype lacks.
var fromTeletype = strings.NewReplacer("..", "_", "./", "-")

func countDigits(s string) (n int) {
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

// contactText cuts CTC and what follows it glued (CTCE, CTCM) or as a word (CTC HOME, CTC H) from a remark.
func contactText(text string) (rest string, ok bool) {
	text = trim(text)
	if len(text) < 5 || !strings.EqualFold(text[:3], "CTC") {
		return "", false
	}
	rest = text[3:]
	if isLetter(rest[0]) && (rest[1] == ' ' || rest[1] == '-' || rest[1] == '/') {
		return strings.TrimLeft(rest[2:], " "), true
	}
	if rest[0] != ' ' {
		return "", false
	}
	rest = strings.TrimLeft(rest, " ")
	word, tail, found := strings.Cut(rest, " ")
	if found && letters(word) {
		rest = strings.TrimLeft(tail, " ")
	}
	return rest, true
}

// identity is the text of an SSR FOID: two letters of what it is, and its number.
type identity struct{ kind, state, number string }

func readFOID(text string, known func(string) bool) (id identity, ok bool) {
	text, _ = cutName(text, 0)
	text = strings.Trim(trim(text), "/")
	if len(text) < 3 || !letters(text[:2]) {
		return id, false
	}
	id.kind, id.number = strings.ToUpper(text[:2]), trim(text[2:])
	if id.kind == "PP" && len(id.number) > 5 && letters(id.number[:2]) && digits(id.number[2:]) && known(id.number[:2]) {
		id.state, id.number = strings.ToUpper(id.number[:2]), id.number[2:]
	}
	return id, id.number != ""
}

// readTKNE reads 9993001122334C1, and INF before it for the infant's.
func readTKNE(text string) (number, coupon string, infant bool) {
	text, _ = cutName(text, 0)
	text = strings.Trim(trim(text), "/")
	if len(text) > 3 && strings.EqualFold(text[:3], "INF") {
		infant, text = true, text[3:]
	}
	number = strings.ReplaceAll(text, "-", "")
	if i := strings.LastIndexAny(number, "Cc"); i >= 0 {
		number, coupon = number[:i], number[i+1:]
	}
	if number = trim(number); !digits(number) || len(number) < 10 {
		return "", "", infant
	}
	return number, coupon, infant
}

// readFQTV reads the carrier and number of a frequent flyer, glued as both.
func readFQTV(text string) (number, name string) {
	text, name = cutName(text, 0)
	number = strings.ToUpper(strings.Trim(trim(text), "/"))
	head, tail, found := strings.Cut(number, " ")
	if found && len(head) <= 3 { // ZZ 55001122
		next, _, _ := strings.Cut(trim(tail), " ")
		head += next
	}
	return head, name
}

// seat normalises a seat: no leading zeros; "" for what is none (XXX, INF, GATE, FREE).
func seat(v string) string {
	v = strings.ToUpper(trim(v))
	i := 0
	for i < len(v) && v[i] == '0' {
		i++
	}
	d := i
	for d < len(v) && isDigit(v[d]) {
		d++
	}
	if d == i || d-i > 3 || d == len(v) || len(v)-d > 2 || !letters(v[d:]) {
		return ""
	}
	return v[i:]
}

// trim takes blanks off both ends; nearly every value has none.
func trim(v string) string {
	if v == "" || v[0] > ' ' && v[len(v)-1] > ' ' && v[0] < 0x80 && v[len(v)-1] < 0x80 {
		return v
	}
	return strings.TrimSpace(v)
}
