package names

import "strings"

// birth is a date with its precision: unknown parts are zero, a span of years has both ends.
type birth struct {
	year, month, day int16
	until            int16 // the last year of a span; zero for one year
	about            bool
	text             string
}

// parseBirth reads a date as Person.Births has it; ok is false for what is none.
func parseBirth(s string) (b birth, ok bool) {
	b.text = s
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
		b.month = number(s[5:7])
	}
	if len(s) == 10 && s[7] == '-' {
		b.day = number(s[8:10])
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

// The weights of two births, in natural log-odds; see score.go.
const (
	birthEqual    = 9.5
	birthSwapped  = 6.5
	birthNewYear  = 4
	birthSlip     = 4.5
	birthYearSlip = 3
	birthMonth    = 4
	birthYear     = 2.5
	birthNear     = 1.5
	birthSameYear = -1
	birthOff1     = -1.5
	birthOff2     = -3
	birthOff3     = -4
	birthDiffers  = -5.5
)

// compareBirths weighs one birth against another; the code names what was found. Absent is no evidence.
func compareBirths(a, b birth) (string, float32) {
	if a.year == 0 || b.year == 0 {
		if a.month > 0 && a.month == b.month && a.day == b.day {
			return "birth_day", birthYear
		}
		return "", 0
	}
	off := yearsApart(a, b)
	vague := a.about || b.about || a.until > 0 || b.until > 0
	switch {
	case vague && off == 0:
		return "birth_near", birthNear
	case vague && off <= 2 && (a.about || b.about):
		return "birth_near", birthNear - 0.4*float32(off)
	}
	if a.full() && b.full() {
		switch {
		case a.dayKey() == b.dayKey():
			return "birth_equal", birthEqual
		case a.year == b.year && a.month == b.day && a.day == b.month:
			return "birth_swapped", birthSwapped
		case a.year == b.year && (a.month == 1 && a.day == 1 || b.month == 1 && b.day == 1):
			return "birth_year", birthNewYear
		case oneSlip(a, b):
			if off > 0 {
				return "birth_near", birthYearSlip
			}
			return "birth_near", birthSlip
		case off == 0:
			return "birth_year", birthSameYear
		}
	} else if off == 0 {
		if a.month > 0 && b.month > 0 {
			if a.month == b.month {
				return "birth_year", birthMonth
			}
			return "birth_year", birthSameYear
		}
		return "birth_year", birthYear
	}
	switch off {
	case 1:
		return "birth_differs", birthOff1
	case 2:
		return "birth_differs", birthOff2
	case 3:
		return "birth_differs", birthOff3
	}
	return "birth_differs", birthDiffers
}

// span is the years a person may be born in, and the day of the year when a full date is all there is: enough to leave
// most of those who share a name alone without comparing dates.
type span struct{ from, to, day int16 }

// spanOf gives the span of dates; without any it is all time.
func spanOf(births []birth) span {
	if len(births) == 0 {
		return span{0, 9999, 0}
	}
	s := span{9999, 0, 0}
	for _, b := range births {
		if b.year == 0 {
			return span{0, 9999, 0}
		}
		slack := int16(0)
		if b.about {
			slack = 2
		}
		s.from, s.to = min(s.from, b.year-slack), max(s.to, b.year+slack, b.until+slack)
	}
	switch {
	case len(births) > 1:
		s.day = -1
	case births[0].full():
		s.day = births[0].month<<5 | births[0].day
	}
	return s
}

// apart says that two people cannot have been born on days that one writing error, or a little doubt, separates.
func (s span) apart(o span) bool {
	if s.from <= o.to+3 && o.from <= s.to+3 {
		return false
	}
	return s.day == 0 || o.day == 0 || s.day > 0 && o.day > 0 && s.day != o.day
}

// most is a bound on the weight of two people's births, without looking at them.
func (s span) most(o span) float32 {
	switch {
	case s.day < 0 || o.day < 0 || s.day == o.day && s.day > 0:
		return birthEqual
	case s.day == 0 || o.day == 0:
		return birthMonth
	case s.day>>5 == o.day&31 && s.day&31 == o.day>>5:
		return birthSwapped
	}
	return birthSlip
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

// oneSlip says that two full dates differ in one digit, or in two neighbours exchanged.
func oneSlip(a, b birth) bool {
	x, y := a.dayKey(), b.dayKey()
	var dx, dy [8]byte
	for i := 7; i >= 0; i-- {
		dx[i], dy[i] = byte(x%10), byte(y%10)
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
	if differ == 1 {
		return first != 0 && first != 1 && first != 2 // another decade is another person
	}
	return differ == 2 && first < 7 && dx[first] == dy[first+1] && dx[first+1] == dy[first]
}
