// Package mrz reads and writes the machine-readable zone of travel documents: ICAO Doc 9303 parts 3 to 7
// (eighth edition), sizes TD1 (cards), TD2 and TD3 (passports), and visas A and B.
//
// Call [Parse] on the lines as they were typed or read from the document; it puts right what optical reading
// confuses in places where only letters or only digits can stand, and says so. [Read] also tells every check digit, for
// whoever shows a document to an officer. [Zone.Lines] writes the zone, check
// digits included. [Latin] and [Arabic] are the standard's transliteration, for whoever compares names.
//
// The package knows no issuing practice and no list of states; it is told against which day two-digit years count.
package mrz

import (
	"fmt"
	"strings"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
)

// Kind is the size of a zone.
type Kind string

// The sizes of Doc 9303.
const (
	TD1  Kind = "TD1"   // three lines of 30
	TD2  Kind = "TD2"   // two of 36
	TD3  Kind = "TD3"   // two of 44
	MRVA Kind = "MRV-A" // a visa, two of 44
	MRVB Kind = "MRV-B" // a visa, two of 36
)

// Zone is what a machine-readable zone says.
type Zone struct {
	Kind        Kind      `json:"kind"`
	Code        string    `json:"code"` // P, PD, I, AC, V …
	Issuer      string    `json:"issuer,omitempty"`
	Surname     string    `json:"surname,omitempty"`
	Given       string    `json:"given,omitempty"`
	Truncated   bool      `json:"truncated,omitempty"` // the names fill their field: they may have been cut
	Number      string    `json:"number,omitempty"`
	Nationality string    `json:"nationality,omitempty"`
	Born        date.Date `json:"born,omitzero"`
	Sex         string    `json:"sex,omitempty"` // M, F, X
	Expires     date.Date `json:"expires,omitzero"`
	Optional    string    `json:"optional,omitempty"`
	Optional2   string    `json:"optional_2,omitempty"` // TD1, second line
}

// span is a run of columns, 0-based, end excluded; line < 0 is none.
type span struct{ line, from, to int }

// layout says where things stand in a zone of one size (Doc 9303 part 4 to 7, tables of data elements).
type layout struct {
	kind                                                           Kind
	lines, width                                                   int
	names, number, nationality, born, sex, expires, optional, opt2 span
	numberCheck, bornCheck, expiresCheck, optionalCheck, composite span
	over                                                           []span // what the composite check digit covers
}

var none = span{-1, 0, 0}

var layouts = []layout{
	{kind: TD3, lines: 2, width: 44, names: span{0, 5, 44}, number: span{1, 0, 9}, numberCheck: span{1, 9, 10}, nationality: span{1, 10, 13},
		born: span{1, 13, 19}, bornCheck: span{1, 19, 20}, sex: span{1, 20, 21}, expires: span{1, 21, 27}, expiresCheck: span{1, 27, 28},
		optional: span{1, 28, 42}, optionalCheck: span{1, 42, 43}, composite: span{1, 43, 44}, opt2: none,
		over: []span{{1, 0, 10}, {1, 13, 20}, {1, 21, 43}}},
	{kind: TD2, lines: 2, width: 36, names: span{0, 5, 36}, number: span{1, 0, 9}, numberCheck: span{1, 9, 10}, nationality: span{1, 10, 13},
		born: span{1, 13, 19}, bornCheck: span{1, 19, 20}, sex: span{1, 20, 21}, expires: span{1, 21, 27}, expiresCheck: span{1, 27, 28},
		optional: span{1, 28, 35}, optionalCheck: none, composite: span{1, 35, 36}, opt2: none,
		over: []span{{1, 0, 10}, {1, 13, 20}, {1, 21, 35}}},
	{kind: TD1, lines: 3, width: 30, names: span{2, 0, 30}, number: span{0, 5, 14}, numberCheck: span{0, 14, 15}, nationality: span{1, 15, 18},
		born: span{1, 0, 6}, bornCheck: span{1, 6, 7}, sex: span{1, 7, 8}, expires: span{1, 8, 14}, expiresCheck: span{1, 14, 15},
		optional: span{0, 15, 30}, optionalCheck: none, composite: span{1, 29, 30}, opt2: span{1, 18, 29},
		over: []span{{0, 5, 30}, {1, 0, 7}, {1, 8, 15}, {1, 18, 29}}},
	{kind: MRVA, lines: 2, width: 44, names: span{0, 5, 44}, number: span{1, 0, 9}, numberCheck: span{1, 9, 10}, nationality: span{1, 10, 13},
		born: span{1, 13, 19}, bornCheck: span{1, 19, 20}, sex: span{1, 20, 21}, expires: span{1, 21, 27}, expiresCheck: span{1, 27, 28},
		optional: span{1, 28, 44}, optionalCheck: none, composite: none, opt2: none},
	{kind: MRVB, lines: 2, width: 36, names: span{0, 5, 36}, number: span{1, 0, 9}, numberCheck: span{1, 9, 10}, nationality: span{1, 10, 13},
		born: span{1, 13, 19}, bornCheck: span{1, 19, 20}, sex: span{1, 20, 21}, expires: span{1, 21, 27}, expiresCheck: span{1, 27, 28},
		optional: span{1, 28, 36}, optionalCheck: none, composite: none, opt2: none},
}

func layoutOf(k Kind) *layout {
	for i := range layouts {
		if layouts[i].kind == k {
			return &layouts[i]
		}
	}
	return nil
}

// recognise finds the size by the number of lines, their length and the first letter.
func recognise(lines []string) *layout {
	if len(lines) == 0 || lines[0] == "" {
		return nil
	}
	visa := lines[0][0] == 'V'
	for i := range layouts {
		l := &layouts[i]
		if len(lines) != l.lines || len(lines[0]) != l.width || (l.kind == MRVA || l.kind == MRVB) != visa {
			continue
		}
		for _, line := range lines {
			if len(line) != l.width {
				return nil
			}
		}
		return l
	}
	return nil
}

// CheckDigit computes the check digit of Doc 9303 part 3, 4.9: weights 7, 3, 1; letters count from 10, fillers 0.
func CheckDigit(s string) byte {
	weights := [3]int{7, 3, 1}
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * weights[i%3]
	}
	return '0' + byte(sum%10)
}

// Parse reads a zone. The lines may be parted by line breaks, or stand in one run of 72, 88 or 90 characters.
// Wrong check digits and letters that had to be put right are told; only what is no zone at all is an error, and
// the error is a *fault.Fault. reference (the flight, or the day of reading) resolves two-digit years.
func Parse(text string, reference date.Date) (Zone, []fault.Fault, error) {
	p, err := parse(text, reference)
	if err != nil {
		return Zone{}, nil, err
	}
	z := p.zone()
	return z, p.faults, nil
}

func parse(text string, reference date.Date) (*parser, error) {
	lines := split(text)
	l := recognise(lines)
	if l == nil {
		return nil, &fault.Fault{Line: 1, Rule: "not_mrz", Strict: true, Message: "this is no machine-readable zone: it has no two lines of 36 or 44 characters and no three of 30",
			Mend: "give the lines as they are printed, fillers (<) included"}
	}
	return &parser{l: l, lines: lines, reference: reference}, nil
}

// split cuts the text into lines and writes them as the zone does: capitals, and < for blanks inside.
func split(text string) []string {
	text = strings.NewReplacer("«", "<<", "‹", "<", "＜", "<").Replace(strings.ToUpper(text))
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, strings.ReplaceAll(line, " ", "<"))
		}
	}
	if len(lines) == 1 {
		run := lines[0]
		switch len(run) {
		case 72, 88:
			lines = []string{run[:len(run)/2], run[len(run)/2:]}
		case 90:
			lines = []string{run[:30], run[30:60], run[60:]}
		}
	}
	if len(lines) > 3 {
		return nil
	}
	// Fillers at the end are lost in copying; the longest line says how long they are.
	width := 0
	for _, line := range lines {
		width = max(width, len(line))
	}
	for i, line := range lines {
		if len(line) < width && width-len(line) < 40 {
			lines[i] = line + strings.Repeat("<", width-len(line))
		}
	}
	return lines
}

type parser struct {
	l         *layout
	lines     []string
	reference date.Date
	faults    []fault.Fault

	checks      []Check
	corrections []Correction
}

// warn tells of something wrong in a field.
func (p *parser) warn(at span, name, rule, mend, format string, args ...any) {
	p.faults = append(p.faults, fault.Fault{Offset: at.from, Line: at.line + 1, Field: name, Rule: rule, Strict: true, Message: fmt.Sprintf(format, args...), Mend: mend})
}

// Classes of positions, for what optical reading confuses.
const (
	anything = iota
	digitsOnly
	lettersOnly
)

// confused pairs letters with the digits they are mistaken for.
const confused = "O0D0Q0I1L1Z2S5B8G6"

// read takes a field and puts right what its class allows.
func (p *parser) read(at span, name string, class int) string {
	if at.line < 0 {
		return ""
	}
	raw := p.lines[at.line][at.from:at.to]
	if class == anything {
		return p.legal(at, name, raw)
	}
	b := []byte(raw)
	for i, c := range b {
		for k := 0; k < len(confused); k += 2 {
			if class == digitsOnly && c == confused[k] {
				b[i] = confused[k+1]
				break
			}
			if class == lettersOnly && c == confused[k+1] && confused[k] != 'D' && confused[k] != 'Q' && confused[k] != 'L' {
				b[i] = confused[k]
				break
			}
		}
	}
	s := string(b)
	if s != raw {
		p.corrections = append(p.corrections, Correction{name, at.line + 1, raw, s})
		p.warn(at, name, "ocr", "read the document again, or type what it says", "%s was read as %s", raw, s)
	}
	return p.legal(at, name, s)
}

// legal tells of characters that no zone can hold.
func (p *parser) legal(at span, name, s string) string {
	for i := range len(s) {
		if c := s[i]; c != '<' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			p.warn(at, name, "bad_character", "use A to Z, 0 to 9 and <", "character %d of %s cannot stand in a machine-readable zone", i+1, name)
			return strings.Map(func(r rune) rune {
				if r == '<' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
					return r
				}
				return '<'
			}, s)
		}
	}
	return s
}

// check compares a check digit with what it covers.
func (p *parser) check(at span, name, field, covered string) {
	if at.line < 0 {
		return
	}
	got := p.lines[at.line][at.from]
	if got == '<' && strings.Trim(covered, "<") == "" {
		return
	}
	want := CheckDigit(covered)
	p.checked(at, field, got, want)
	if fix(got) != want {
		p.warn(at, name, "check_digit", "compare the field with the document", "the check digit of %s is %c, it should be %c", name, got, want)
	}
}

// fix reads a check digit with the eyes of a human.
func fix(c byte) byte {
	for k := 0; k < len(confused); k += 2 {
		if c == confused[k] {
			return confused[k+1]
		}
	}
	return c
}

func unfill(s string) string { return strings.TrimRight(s, "<") }

func (p *parser) zone() Zone {
	l := p.l
	z := Zone{Kind: l.kind}
	z.Code = unfill(p.read(span{0, 0, 2}, "code", anything))
	z.Issuer = unfill(p.read(span{0, 2, 5}, "issuer", lettersOnly))
	z.Surname, z.Given, z.Truncated = names(p.read(l.names, "names", lettersOnly))
	number := p.read(l.number, "number", anything)
	optional := p.read(l.optional, "optional", anything)
	z.Optional2 = unfill(p.read(l.opt2, "optional_2", anything))
	if rest, check, more, long := overflow(l, p, optional); long {
		z.Number = number + rest
		want := CheckDigit(z.Number)
		p.checked(span{l.optional.line, l.optional.from + len(rest), l.optional.from + len(rest) + 1}, FieldNumber, check, want)
		if fix(check) != want {
			p.warn(l.optional, "number", "check_digit", "compare the number with the document", "the check digit of the long number is %c, it should be %c", check, want)
		}
		optional = more
	} else {
		z.Number = unfill(number)
		p.check(l.numberCheck, "number", FieldNumber, number)
	}
	z.Optional = unfill(optional)
	z.Nationality = unfill(p.read(l.nationality, "nationality", lettersOnly))
	born := p.read(l.born, "born", digitsOnly)
	p.check(l.bornCheck, "born", FieldBorn, born)
	var ok bool
	if z.Born, ok = date.Birth(born, p.reference); !ok && strings.Trim(born, "<") != "" {
		p.warn(l.born, "born", "bad_date", "compare the date with the document", "%s is no date of birth", born)
		z.Born = date.Date{}
	}
	switch sex := p.lines[l.sex.line][l.sex.from]; sex {
	case 'M', 'F':
		z.Sex = string(sex)
	case '<', 'X':
		z.Sex = "X"
	default:
		p.warn(l.sex, "sex", "unknown_code", "use M, F or <", "%c is no sex", sex)
		z.Sex = "X"
	}
	expires := p.read(l.expires, "expires", digitsOnly)
	p.check(l.expiresCheck, "expires", FieldExpires, expires)
	if z.Expires, ok = date.Expiry(expires, p.reference); !ok && strings.Trim(expires, "<") != "" {
		p.warn(l.expires, "expires", "bad_date", "compare the date with the document", "%s is no date of expiry", expires)
		z.Expires = date.Date{}
	}
	p.check(l.optionalCheck, "optional", FieldOptional, p.text(l.optional))
	if l.composite.line >= 0 {
		covered := ""
		for _, s := range l.over {
			covered += p.text(s)
		}
		// What was put right counts as put right here too.
		got, want := fix(p.lines[l.composite.line][l.composite.from]), CheckDigit(covered)
		if mended := CheckDigit(p.mended()); got != want && got == mended {
			want = mended
		}
		p.checked(l.composite, FieldComposite, p.lines[l.composite.line][l.composite.from], want)
		if got != want {
			p.warn(l.composite, "composite", "check_digit", "compare the whole zone with the document", "the composite check digit is %c, it should be %c", got, want)
		}
	}
	return z
}

func (p *parser) text(s span) string { return p.lines[s.line][s.from:s.to] }

// mended is what the composite digit covers, with dates and check digits put right.
func (p *parser) mended() string {
	l := p.l
	lines := append([]string(nil), p.lines...)
	for _, s := range []span{l.numberCheck, l.born, l.bornCheck, l.expires, l.expiresCheck, l.optionalCheck} {
		if s.line < 0 {
			continue
		}
		b := []byte(lines[s.line])
		for i := s.from; i < s.to; i++ {
			b[i] = fix(b[i])
		}
		lines[s.line] = string(b)
	}
	out := ""
	for _, s := range l.over {
		out += lines[s.line][s.from:s.to]
	}
	return out
}

// overflow reads the rest of a document number longer than nine characters (TD1 and TD2): < stands for its check
// digit, and the optional data begin with the rest of the number, its check digit, and <.
func overflow(l *layout, p *parser, optional string) (rest string, check byte, more string, long bool) {
	if l.kind != TD1 && l.kind != TD2 || p.text(l.numberCheck) != "<" {
		return
	}
	head := strings.IndexByte(optional, '<')
	if head < 0 {
		head = len(optional)
	}
	if head < 2 || strings.HasSuffix(p.text(l.number), "<") {
		return
	}
	return optional[:head-1], optional[head-1], strings.TrimLeft(optional[head:], "<"), true
}

// names parts the name field. Where no filler ends it, the names may have been cut (part 3, 4.6).
func names(field string) (surname, given string, truncated bool) {
	truncated = field != "" && field[len(field)-1] != '<'
	first, second, _ := strings.Cut(unfill(field), "<<")
	clean := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '<' }), " ")
	}
	return clean(first), clean(second), truncated
}
