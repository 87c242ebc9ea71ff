package names

import (
	"cmp"
	"slices"
)

// Which names are worth comparing. People stand in the index in stretches, by what is known of their birth: without a
// date; several dates or a span of years; then for each year those born about then, those of whom only the year or month
// is known, and those of each day. How well the dates agree says how much of the name must agree besides: who was born on
// the very day needs a word, who was born in another year needs so much that only the rarest words have to be looked up,
// and most stretches need more than any name says and are never touched.
const (
	noDate    = 0
	someDates = 1
	firstYear = 1890
	lastYear  = 2049
	about     = 0 // of a year
	partly    = 1
	days      = 2
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
	case b.month == 0 || b.day == 0:
		return at + partly
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

// spansOf lists the stretches and what the dates say of each.
func (x *Index) spansOf(s *scratch) {
	s.spans = s.spans[:0]
	add := func(from, to int, most float32, mixed bool) {
		a, b := x.stretch[from], x.stretch[to]
		if a == b {
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
	far := max(w.birthSpanFar, w.birthFar)
	add(someDates+1, stretchOfYear(first), far, true)
	add(stretchOfYear(last+1), stretches, far, true)
	for year := first; year <= last; year++ {
		at := stretchOfYear(year)
		add(at+about, at+about+1, mostOfYear(s.births, birth{year: year, about: true}), false)
		add(at+partly, at+partly+1, mostOfYear(s.births, birth{year: year}), true)
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
		_, _, _, most := bestBirth(s.births, []birth{b})
		at := stretchOf([]birth{b})
		add(at, at+1, most, false)
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

// heldBy is a listed word that one asked about resembles: the names that hold it.
type heldBy struct {
	names []uint32
	gain  float32
	unit  int
}

// search finds the names worth comparing and scores them.
func (x *Index) search(s *scratch, which int32, weak bool, need float32) {
	x.mark(s)
	rest := w.prior
	if len(s.nations) > 0 {
		rest += w.countryMet
	}
	if s.sex != 0 {
		rest += w.sexEqual
	}
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
				if x.sharing(s, name) >= must {
					x.verify(s, which, weak, need, name)
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
			x.verify(s, which, weak, need, name)
		}
	}
	s.unmark()
}

const (
	leastShared = 0.5 // of a name, however well the rest agrees
	fewNames    = 160 // that are quicker looked at than looked up
	alwaysOpen  = 16  // names of a word that are quicker looked at than reasoned about
)

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
	if len(s.gains) == 0 {
		s.marks, s.gains = make([]uint64, len(x.dict.tokens)/64+1), make([]float32, len(x.dict.tokens))
	}
	s.lists = s.lists[:0]
	for i := range s.asked {
		for _, m := range s.asked[i].match {
			s.marks[m.token>>6] |= 1 << (m.token & 63)
			s.gains[m.token] = max(s.gains[m.token], m.gain)
			s.marked = append(s.marked, m.token)
			s.lists = append(s.lists, heldBy{x.holding(m.token), m.gain, i})
		}
	}
}

func (s *scratch) unmark() {
	for _, t := range s.marked {
		s.marks[t>>6], s.gains[t] = 0, 0
	}
	s.marked = s.marked[:0]
}

// sharing is what a name may say at best, by all its words; zero when it shares none.
func (x *Index) sharing(s *scratch, name uint32) float32 {
	var sum float32
	for _, u := range x.unitsOf(&x.names[name]) {
		if s.marks[u.token>>6]&(1<<(u.token&63)) != 0 {
			sum += s.gains[u.token]
		}
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
	for i := range s.lists {
		l := &s.lists[i]
		if closed&(1<<l.unit) != 0 {
			continue
		}
		names := l.names
		if len(names) > 16 {
			a, _ := slices.BinarySearch(names, p.from)
			names = names[a:]
		}
		for _, name := range names {
			if name >= p.to {
				break
			}
			if name < p.from {
				continue
			}
			if s.sums[name] == 0 {
				s.touched = append(s.touched, name)
			}
			s.sums[name] += l.gain
		}
	}
	for _, name := range s.touched {
		most := s.atMost(s.sums[name] + besides)
		s.sums[name] = 0
		if most < must || p.mixed && most+x.agreeing(s, name)+rest < need || closed != 0 && x.sharing(s, name) < must {
			continue
		}
		x.verify(s, which, weak, need, name)
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
			if x.sharing(s, name) >= leastShared {
				x.verify(s, which, weak, need, name)
			}
		}
	}
}
