package names

import "slices"

// People stand in the index in stretches, by what is known of their birth: without a date; several dates or a span of
// years; those born about a year, by year; then for each year those of whom only the year is known, or only the month,
// and those of each day. How well the dates agree says how much of the name must agree besides: who was born on the very
// day needs a word, who was born in another year needs so much that only the rarest words have to be looked up, and most
// stretches need more than any name says and are never touched.
const (
	noDate     = 0
	someDates  = 1
	aboutYears = 2
	firstYear  = 1890
	lastYear   = 2049
	exactYears = aboutYears + lastYear - firstYear + 1
	someDay    = 0 // of a year
	months     = 1
	days       = months + 12
	perYear    = days + 12*31
	stretches  = exactYears + perYear*(lastYear-firstYear+1)
)

// stretchOf is where people of a birth stand.
func stretchOf(births []birth) int {
	switch {
	case len(births) == 0:
		return noDate
	case len(births) > 1 || births[0].until > 0 || births[0].year < firstYear || births[0].year > lastYear:
		return someDates
	}
	b := births[0]
	at := stretchOfYear(b.year)
	switch {
	case b.about:
		return aboutYears + int(b.year-firstYear)
	case b.month == 0:
		return at + someDay
	case b.day == 0:
		return at + months + int(b.month-1)
	}
	return at + days + int(b.month-1)*31 + int(b.day-1)
}

func stretchOfYear(year int16) int { return exactYears + perYear*int(year-firstYear) }

// span is names whose bearers' dates say at most so much.
type span struct {
	from, to uint32
	most     float32

	must   float32 // what a name must say for its bearer to be found, at least
	least  worth   // what its words must be worth together
	closed uint32  // words asked about that are not looked up here: without others they are not enough
}

// nearYears from one another two dates may still speak for one person, but for a slip of the pen.
const nearYears = 4

// spansOf lists the stretches that may hold somebody, and what the dates say of each. They are in order, but for days on
// which a slip of the pen would put somebody: these come last, and lie within others.
func (x *Index) spansOf(s *scratch, need float32) {
	rest := s.restAtMost()
	s.spans = s.spans[:0]
	add := func(from, to int, most float32) {
		a, b := x.stretch[from], x.stretch[to]
		if a == b || most+mostOfAnyName+rest < need {
			return
		}
		if n := len(s.spans); n > 0 && s.spans[n-1].to == a && s.spans[n-1].most == most {
			s.spans[n-1].to = b
			return
		}
		s.spans = append(s.spans, span{from: a, to: b, most: most})
	}
	if len(s.births) == 0 {
		add(0, stretches, 0)
		return
	}
	add(noDate, noDate+1, 0)
	add(someDates, someDates+1, mostVague())
	first, last := int16(lastYear), int16(firstYear)
	for _, b := range s.births {
		if b.year == 0 {
			first, last = firstYear, lastYear
			break
		}
		first, last = min(first, b.year-nearYears), max(last, b.year+nearYears, b.until+nearYears)
	}
	first, last = max(first, firstYear), min(last, lastYear)
	for year := int16(firstYear); year <= lastYear; year++ {
		at := aboutYears + int(year-firstYear)
		if x.stretch[at] == x.stretch[at+1] {
			continue
		}
		most := w.birthSpanFar
		if year >= first && year <= last {
			most = bestOf(s.births, birth{year: year, about: true})
		}
		add(at, at+1, most)
	}
	add(stretchOfYear(firstYear), stretchOfYear(first), w.birthFar)
	for year := first; year <= last; year++ {
		at := stretchOfYear(year)
		if x.stretch[at] == x.stretch[at+perYear] {
			continue // nobody of that year, as in any short list
		}
		add(at+someDay, at+months, bestOf(s.births, birth{year: year}))
		for month := range int8(12) {
			if at := at + months + int(month); x.stretch[at] != x.stretch[at+1] {
				add(at, at+1, bestOf(s.births, birth{year: year, month: month + 1}))
			}
		}
		add(at+days, at+perYear, mostOfDays(s.births, year))
	}
	add(stretchOfYear(last)+perYear, stretches, w.birthFar)
	s.slips = s.slips[:0]
	for _, b := range s.births {
		s.slips = slipsOf(s.slips, b)
	}
	for _, b := range s.slips {
		if b.year < firstYear || b.year > lastYear {
			continue
		}
		at := stretchOfYear(b.year) + days + int(b.month-1)*31 + int(b.day-1)
		if x.stretch[at] != x.stretch[at+1] {
			add(at, at+1, bestOf(s.births, b))
		}
	}
}

// slipsOf appends the dates that compareBirths takes for another with a slip, and the date itself.
func slipsOf(dst []birth, b birth) []birth {
	if !b.full() {
		return dst
	}
	start := len(dst)
	add := func(year int16, month, day int8) {
		d := birth{year: year, month: month, day: day}
		if month < 1 || month > 12 || day < 1 || day > 31 || slices.Contains(dst[start:], d) {
			return
		}
		dst = append(dst, d)
	}
	add(b.year, b.month, b.day)
	add(b.year, b.day, b.month)
	add(b.year, 1, 1)
	for digit := range int8(10) {
		add(b.year, digit*10+b.month%10, b.day)
		add(b.year, b.month-b.month%10+digit, b.day)
		add(b.year, b.month, digit*10+b.day%10)
		add(b.year, b.month, b.day-b.day%10+digit)
		add(b.year-b.year%10+int16(digit), b.month, b.day)
	}
	add(b.year, b.month%10*10+b.month/10, b.day)
	add(b.year, b.month, b.day%10*10+b.day/10)
	add(b.year, b.month-b.month%10+b.day/10, b.month%10*10+b.day%10)
	add(b.year-1, b.month, b.day)
	add(b.year+1, b.month, b.day)
	add(b.year-b.year%100+b.year%10*10+b.year/10%10, b.month, b.day)
	return dst
}
