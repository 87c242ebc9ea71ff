package mrz

import (
	"fmt"
	"strings"

	"github.com/rihla/rihla/formats/date"
)

// Lines writes the zone. Names are put into the zone's letters and shortened where they must be; a number too long
// for its field overflows into the optional data as the standard says, where the size allows it. What does not fit
// otherwise is cut. A size that is none of the standard's has no lines.
func (z *Zone) Lines() []string {
	l := layoutOf(z.Kind)
	if l == nil {
		return nil
	}
	grid := make([][]byte, l.lines)
	for i := range grid {
		grid[i] = []byte(strings.Repeat("<", l.width))
	}
	put := func(at span, s string) {
		if at.line >= 0 {
			copy(grid[at.line][at.from:at.to], s)
		}
	}
	get := func(at span) string { return string(grid[at.line][at.from:at.to]) }
	check := func(at span, covered string) {
		if at.line >= 0 {
			put(at, string(CheckDigit(covered)))
		}
	}
	put(span{0, 0, 2}, code(z.Code))
	put(span{0, 2, 5}, code(z.Issuer))
	put(l.names, fit(z.Surname, z.Given, l.names.to-l.names.from))
	number, optional := code(z.Number), code(z.Optional)
	if len(number) > 9 && (l.kind == TD1 || l.kind == TD2) && len(number)-9+2 <= l.optional.to-l.optional.from {
		put(l.number, number[:9])
		optional = number[9:] + string(CheckDigit(number)) + "<" + optional
	} else {
		put(l.number, number)
		check(l.numberCheck, get(l.number))
	}
	put(l.nationality, code(z.Nationality))
	put(l.born, six(z.Born))
	check(l.bornCheck, get(l.born))
	if z.Sex == "M" || z.Sex == "F" {
		put(l.sex, z.Sex)
	}
	put(l.expires, six(z.Expires))
	check(l.expiresCheck, get(l.expires))
	put(l.optional, optional)
	if l.optionalCheck.line >= 0 && strings.Trim(get(l.optional), "<") != "" {
		check(l.optionalCheck, get(l.optional))
	}
	put(l.opt2, code(z.Optional2))
	if l.composite.line >= 0 {
		covered := ""
		for _, s := range l.over {
			covered += get(s)
		}
		check(l.composite, covered)
	}
	lines := make([]string, len(grid))
	for i, g := range grid {
		lines[i] = string(g)
	}
	return lines
}

// code writes a code or number: capitals, digits, and < for what is neither.
func code(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			return r
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return '<'
	}, s)
}

// six writes a date; what is unknown is filled.
func six(d date.Date) string {
	part := func(n int, known bool) string {
		if !known {
			return "<<"
		}
		return fmt.Sprintf("%02d", n%100)
	}
	return part(int(d.Year), d.Year > 0) + part(int(d.Month), d.Month > 0) + part(int(d.Day), d.Day > 0)
}

// fit writes the names into a field. Where they are too long, given names are shortened first, from the last on,
// each to one letter before it goes; then the surname. The field then ends with a letter, which says it was cut.
func fit(surname, given string, width int) string {
	surname = strings.ReplaceAll(Latin(surname), " ", "<")
	given = strings.ReplaceAll(Latin(given), " ", "<")
	whole := surname
	if given != "" {
		whole += "<<" + given
	}
	if len(whole) <= width {
		return whole
	}
	if keep := width - 3; len(surname) > keep && given != "" {
		surname = strings.TrimRight(surname[:keep], "<")
	}
	if given != "" {
		whole = surname + "<<" + given
	}
	cut := whole[:min(width, len(whole))]
	if cut[len(cut)-1] == '<' { // must end with a letter
		cut = strings.TrimRight(cut, "<")
	}
	return cut
}
