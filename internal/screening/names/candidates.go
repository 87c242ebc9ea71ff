package names

import (
	"cmp"
	"slices"
)

// Which names are worth comparing. People stand in the index in stretches, by what is known of their birth: without a
// date; several dates or a span of years; then for each year those born about then, those of whom only the year is known,
// or only the month, and those of each day. How well the dates agree says how much of the name must agree besides: who was born on
// the very day needs a word, who was born in another year needs so much that only the rarest words have to be looked up,
// and most stretches need more than any name says and are never touched.
const (
	noDate    = 0
	someDates = 1
	firstYear = 1890
	lastYear  = 2049
	about     = 0 // of a year
	someDay   = 1
	months    = 2
	days      = months + 12
	perYear   = days + 12*31
	stretches = someDates + 1 + perYear*(lastYear-firstYear+1)
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
		return at + about
	case b.month == 0:
		return at + someDay
	case b.day == 0:
		return at + months + int(b.month-1)
	}
	return at + days + int(b.month-1)*31 + int(b.day-1)
}

func stretchOfYear(year int16) int { return someDates + 1 + perYear*int(year-firstYear) }

// span is names whose bearers' dates say at most so much, and are not all alike when some say less.
type span struct {
	from, to uint32
	most     float32
	mixed    bool
}

// nearYears from one another two dates may still speak for one person, but for a slip of the pen.
const nearYears = 4

// spansOf lists the stretches that may hold somebody, and what the dates say of each.
func (x *Index) spansOf(s *scratch, need float32) {
	rest := s.restAtMost()
	s.spans = s.spans[:0]
	add := func(from, to int, most float32, mixed bool) {
		a, b := x.stretch[from], x.stretch[to]
		if a == b || most+mostOfAnyName+rest < need {
			return
		}
		if n := len(s.spans); n > 0 && s.spans[n-1].to == a && s.spans[n-1].most == most && s.spans[n-1].mixed == mixed {
			s.spans[n-1].to = b
			return
		}
		s.spans = append(s.spans, span{a, b, most, mixed})
	}
	if len(s.births) == 0 {
		add(0, stretches, 0, false)
		return
	}
	add(noDate, noDate+1, 0, false)
	add(someDates, someDates+1, mostVague(), true)
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
		if at := stretchOfYear(year); year < first || year > last {
			add(at+about, at+about+1, w.birthSpanFar, false)
			add(at+someDay, at+perYear, w.birthFar, false)
		}
	}
	for year := first; year <= last; year++ {
		at := stretchOfYear(year)
		if x.stretch[at+about] == x.stretch[at+perYear] {
			continue // nobody of that year, as in any short list
		}
		add(at+about, at+about+1, bestOf(s.births, birth{year: year, about: true}), false)
		add(at+someDay, at+months, bestOf(s.births, birth{year: year}), false)
		for month := range int8(12) {
			add(at+months+int(month), at+months+int(month)+1, bestOf(s.births, birth{year: year, month: month + 1}), false)
		}
		most, mixed := mostOfDays(s.births, year)
		add(at+days, at+perYear, most, mixed)
	}
	// Days on which a slip of the pen would put somebody born on the day asked for.
	s.slips = s.slips[:0]
	for _, b := range s.births {
		s.slips = slipsOf(s.slips, b)
	}
	for _, b := range s.slips {
		if b.year < firstYear || b.year > lastYear {
			continue
		}
		at := stretchOfYear(b.year) + days + int(b.month-1)*31 + int(b.day-1)
		if x.stretch[at] == x.stretch[at+1] {
			continue
		}
		add(at, at+1, bestOf(s.births, b), false)
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

// holder is a name that holds a word resembling one asked about, and what the word is worth.
type holder struct {
	name uint32
	gain float32
}

// list is the names that hold a common word.
type list struct {
	names []uint32
	gain  float32
}

// fewHold is how many names a word's holders are copied for; of more the index's own list is read.
const fewHold = 24

// gather finds who holds the words that one resembles.
func (x *Index) gather(a *asked) {
	for _, m := range a.match {
		names := x.holding(m.token)
		if len(names) > fewHold {
			a.long = append(a.long, list{names, m.gain})
			continue
		}
		for _, name := range names {
			a.short = append(a.short, holder{name, m.gain})
		}
	}
	slices.SortFunc(a.short, func(a, b holder) int { return cmp.Compare(a.name, b.name) })
	a.short = slices.Clip(a.short)
}

// search finds the names worth comparing and scores them.
func (x *Index) search(s *scratch, which int32, weak bool, need float32) {
	x.mark(s)
	rest := s.restAtMost()
	var all float32
	s.weightiest = 0
	s.order = s.order[:0]
	for i := range s.asked {
		weight := max(s.asked[i].weight, s.asked[i].spare())
		s.weightiest = max(s.weightiest, weight)
		if i < s.places {
			s.order = append(s.order, i)
			all += weight
		}
	}
	slices.SortFunc(s.order, func(a, b int) int { return -cmp.Compare(s.asked[a].cost, s.asked[b].cost) })
	most := s.atMost(all)
	for _, p := range s.spans {
		must := max(need-rest-p.most, leastShared)
		switch {
		case most < must:
		case p.to-p.from <= fewNames:
			for name := p.from; name < p.to; name++ {
				if most := x.sharing(s, name); most >= must {
					x.verify(s, which, weak, need, most, name)
				}
			}
		default:
			x.open(s, which, weak, need, must, rest, p)
		}
	}
	for _, b := range s.births {
		x.onDay(s, which, weak, need, b.dayKey())
		if b.full() && b.month != b.day && b.day <= 12 {
			x.onDay(s, which, weak, need, birth{year: b.year, month: b.day, day: b.month}.dayKey())
		}
	}
	for _, d := range s.papers {
		e := &x.entries[d.entry]
		for name := e.name; name < e.name+uint32(e.names); name++ {
			x.verify(s, which, weak, need, mostOfAnyName, name)
		}
	}
	s.unmark()
}

const (
	leastShared = 0.5 // of a name, however well the rest agrees
	fewNames    = 160 // that are quicker looked at than looked up
	alwaysOpen  = 16  // names of a word that are quicker looked at than reasoned about
)

// restAtMost is what all but name and date says at best.
func (s *scratch) restAtMost() float32 {
	rest := w.prior
	if len(s.nations) > 0 {
		rest += w.countryMet
	}
	if s.sex != 0 {
		rest += w.sexEqual
	}
	return rest
}

// spare is what a word may be worth that no listed one resembles: an initial, or the beginning of one.
func (u *askedUnit) spare() float32 {
	switch {
	case u.cut:
		return w.cut * w.mostCut
	case len(u.text) == 1:
		return w.initial * w.mostCut
	}
	return 0
}

// atMost is what words of so much weight together can say of a name.
func (s *scratch) atMost(sum float32) float32 {
	if sum > s.weightiest {
		sum = s.weightiest + w.further*(sum-s.weightiest)
	}
	return ofName(sum)
}

// mark notes every listed word that one asked about resembles.
func (x *Index) mark(s *scratch) {
	if len(s.marks) == 0 {
		s.marks = make([]uint64, len(x.dict.tokens)/64+1)
	}
	for i := range s.asked {
		for _, m := range s.asked[i].match {
			s.marks[m.token>>6] |= 1 << (m.token & 63)
		}
	}
}

func (s *scratch) unmark() {
	for i := range s.asked {
		for _, m := range s.asked[i].match {
			s.marks[m.token>>6] = 0
		}
	}
}

// sharing is what a name may say at best, by all its words; zero when it shares none.
func (x *Index) sharing(s *scratch, name uint32) float32 {
	var sum float32
	for _, v := range x.unitsOf(&x.names[name]) {
		if s.marks[v.token>>6]&(1<<(v.token&63)) == 0 {
			continue
		}
		var most float32
		for i := range s.asked {
			if m := s.asked[i].meets(v.token); m != nil {
				most = max(most, m.gain)
			}
		}
		sum += most
	}
	if sum == 0 {
		return 0
	}
	for i := range s.places {
		sum += s.asked[i].spare()
	}
	return s.atMost(sum)
}

// open compares the names of a span that share enough of the words asked about.
func (x *Index) open(s *scratch, which int32, weak bool, need, must, rest float32, p span) {
	// What a name may have besides the words that are opened: those left closed, and beginnings of the others.
	var besides float32
	for i := range s.places {
		besides += s.asked[i].spare()
	}
	closed := uint32(0)
	for _, i := range s.order {
		u := &s.asked[i]
		if more := besides - u.spare() + max(u.weight, u.spare()); more < must && u.cost > alwaysOpen {
			besides = more
			closed |= 1 << i
		}
	}
	s.touched = s.touched[:0]
	meet := func(name uint32, gain float32) {
		if s.sums[name] == 0 {
			s.touched = append(s.touched, name)
		}
		s.sums[name] += gain
	}
	for i := range s.asked {
		if closed&(1<<i) != 0 {
			continue
		}
		a := s.asked[i].asked
		at, _ := slices.BinarySearchFunc(a.short, p.from, func(h holder, name uint32) int { return cmp.Compare(h.name, name) })
		for ; at < len(a.short) && a.short[at].name < p.to; at++ {
			meet(a.short[at].name, a.short[at].gain)
		}
		for _, l := range a.long {
			at, _ := slices.BinarySearch(l.names, p.from)
			for _, name := range l.names[at:] {
				if name >= p.to {
					break
				}
				meet(name, l.gain)
			}
		}
	}
	for _, name := range s.touched {
		most := s.atMost(s.sums[name] + besides)
		s.sums[name] = 0
		if most < must || p.mixed && most+x.agreeing(s, name)+rest < need {
			continue
		}
		if closed != 0 {
			if most = x.sharing(s, name); most < must {
				continue
			}
		}
		x.verify(s, which, weak, need, most, name)
	}
}

// agreeing is what the dates say.
func (x *Index) agreeing(s *scratch, name uint32) float32 {
	_, _, _, weight := bestBirth(s.births, x.birthsOf(x.names[name].entry))
	return weight
}

// onDay compares those born on a day, by one of several dates, who share a word.
func (x *Index) onDay(s *scratch, which int32, weak bool, need float32, day int32) {
	if day == 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(x.days, day, func(d dayRef, day int32) int { return cmp.Compare(d.day, day) })
	for ; at < len(x.days) && x.days[at].day == day; at++ {
		e := &x.entries[x.days[at].entry]
		for name := e.name; name < e.name+uint32(e.names); name++ {
			if most := x.sharing(s, name); most >= leastShared {
				x.verify(s, which, weak, need, most, name)
			}
		}
	}
}
