package names

import (
	"fmt"
	"strings"
)

// birth is a date with its precision: unknown parts are zero, a span of years has both ends.
type birth struct {
	year, until int16 // until is the last year of a span; zero for one year
	month, day  int8
	about       bool
}

// parseBirths appends the dates that can be read.
func parseBirths(dst []birth, texts []string) []birth {
	for _, s := range texts {
		if b, ok := parseBirth(s); ok {
			dst = append(dst, b)
		}
	}
	return dst
}

// String writes a date as Person.Births has it.
func (b birth) String() string {
	s := ""
	switch {
	case b.until > 0:
		s = fmt.Sprintf("%04d/%04d", b.year, b.until)
	case b.year == 0:
		s = fmt.Sprintf("--%02d-%02d", b.month, b.day)
	case b.month == 0:
		s = fmt.Sprintf("%04d", b.year)
	case b.day == 0:
		s = fmt.Sprintf("%04d-%02d", b.year, b.month)
	default:
		s = fmt.Sprintf("%04d-%02d-%02d", b.year, b.month, b.day)
	}
	if b.about {
		return "~" + s
	}
	return s
}

// parseBirth reads a date as Person.Births has it; ok is false for what is none.
func parseBirth(s string) (b birth, ok bool) {
	if rest, about := strings.CutPrefix(s, "~"); about {
		b.about, s = true, rest
	}
	if from, to, span := strings.Cut(s, "/"); span {
		b.year, b.until = number(from[:min(4, len(from))]), number(to[:min(4, len(to))])
		return b, b.year > 0 && b.until >= b.year
	}
	if rest, yearless := strings.CutPrefix(s, "--"); yearless {
		s = "0000-" + rest
	}
	if len(s) >= 4 {
		b.year = number(s[:4])
	}
	if len(s) >= 7 && s[4] == '-' {
		b.month = int8(number(s[5:7]))
	}
	if len(s) == 10 && s[7] == '-' {
		b.day = int8(number(s[8:10]))
	}
	if b.month > 12 || b.day > 31 {
		return b, false
	}
	return b, b.year > 0 || b.month > 0 && b.day > 0
}

func number(s string) int16 {
	var n int16
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || n > 3000 {
			return 0
		}
		n = n*10 + int16(s[i]-'0')
	}
	return n
}

// full says that the day is known.
func (b birth) full() bool { return b.year > 0 && b.month > 0 && b.day > 0 && b.until == 0 && !b.about }

// dayKey orders full dates; zero for others.
func (b birth) dayKey() int32 {
	if !b.full() {
		return 0
	}
	return int32(b.year)*10000 + int32(b.month)*100 + int32(b.day)
}

// compareBirths weighs one birth against another; the code names what was found. Absent is no evidence.
func compareBirths(a, b birth) (string, float32) {
	if a.year == 0 || b.year == 0 {
		if a.month > 0 && a.month == b.month && a.day > 0 && a.day == b.day {
			return "birth_day", w.birthYear
		}
		return "", 0
	}
	off := yearsApart(a, b)
	if a.about || b.about || a.until > 0 || b.until > 0 {
		switch {
		case off == 0:
			return "birth_near", w.birthSpan
		case off <= 2:
			return "birth_near", w.birthSpan - float32(off)*w.birthSpanStep
		}
		return "birth_differs", max(w.birthSpan-float32(off)*w.birthSpanStep, w.birthSpanFar)
	}
	if a.full() && b.full() {
		switch {
		case a.dayKey() == b.dayKey():
			return "birth_equal", w.birthEqual
		case off == 0 && a.month == b.day && a.day == b.month:
			return "birth_swapped", w.birthSwapped
		case off == 0 && (a.month == 1 && a.day == 1 || b.month == 1 && b.day == 1):
			return "birth_year", w.birthNewYear
		case a.month == b.month && a.day == b.day && off == 1:
			return "birth_near", w.birthYearSlip
		case off > 1 && a.month == b.month && a.day == b.day && a.year/10 == b.year/10:
			return "birth_near", w.birthYearDigit
		case oneSlip(a, b):
			return "birth_near", w.birthSlip
		case off == 0:
			return "birth_year", w.birthOtherDay
		}
	} else if off == 0 {
		switch {
		case a.month == 0 || b.month == 0, a.month == 1 && a.day == 1, b.month == 1 && b.day == 1:
			return "birth_year", w.birthYear
		case a.month == b.month:
			return "birth_year", w.birthMonth
		}
		return "birth_year", w.birthOtherDay
	}
	switch {
	case off == 1 && (a.day == 0 || b.day == 0):
		return "birth_near", w.birthOff1Year
	case off == 1:
		return "birth_differs", w.birthOff1
	case off <= 3:
		return "birth_differs", w.birthOff3
	}
	return "birth_differs", w.birthFar
}

// bestOf is what dates say of somebody born on one.
func bestOf(asked []birth, b birth) float32 {
	best := float32(0)
	for i, a := range asked {
		if code, weight := compareBirths(a, b); i == 0 || code != "" && weight > best {
			best = weight
		}
	}
	return best
}

// mostOfDays is the most for those born on any day of a year but such as slipsOf lists.
func mostOfDays(asked []birth, year int16) float32 {
	most := w.birthFar
	for _, a := range asked {
		switch {
		case a.year == 0:
			most = max(most, w.birthYear)
		case a.full():
			m := w.birthFar
			switch off := max(a.year-year, year-a.year); {
			case off == 0 && a.month == 1 && a.day == 1:
				m = w.birthNewYear
			case off == 0:
				m = w.birthOtherDay
			case off == 1:
				m = w.birthOff1
			case off <= 3:
				m = w.birthOff3
			}
			most = max(most, m)
		case a.year == year && !a.about && a.until == 0:
			most = max(most, w.birthYear, w.birthMonth)
		default:
			_, m := compareBirths(a, birth{year: year, month: 7, day: 30})
			most = max(most, m)
		}
	}
	return most
}

// mostVague is the same for those with several dates, or a span of years.
func mostVague() float32 {
	return max(w.birthSpan, w.birthNewYear, w.birthSlip, w.birthYear, w.birthMonth, w.birthYearSlip)
}

// slipOfYear says that years differ in the last digit, or by two neighbouring digits exchanged.
func slipOfYear(a, b int16) bool {
	if a/10 == b/10 {
		return true
	}
	return a/100 == b/100 && a/10%10 == b%10 && a%10 == b/10%10
}

// yearsApart is the distance between two years or spans of years.
func yearsApart(a, b birth) int {
	aEnd, bEnd := max(a.year, a.until), max(b.year, b.until)
	switch {
	case a.year > bEnd:
		return int(a.year - bEnd)
	case b.year > aEnd:
		return int(b.year - aEnd)
	}
	return 0
}

// oneSlip says that two full dates differ in one digit, or in two neighbours exchanged. Another decade is another person.
func oneSlip(a, b birth) bool {
	if a.year != b.year {
		return a.month == b.month && a.day == b.day && slipOfYear(a.year, b.year)
	}
	x, y := int(a.month)*100+int(a.day), int(b.month)*100+int(b.day)
	var dx, dy [4]int
	for i := 3; i >= 0; i-- {
		dx[i], dy[i] = x%10, y%10
		x, y = x/10, y/10
	}
	first, differ := -1, 0
	for i := range dx {
		if dx[i] != dy[i] {
			if first < 0 {
				first = i
			}
			differ++
		}
	}
	return differ == 1 || differ == 2 && first < 3 && dx[first] == dy[first+1] && dx[first+1] == dy[first]
}
