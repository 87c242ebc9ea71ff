package names

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// askedUnit is a word of the name asked about, or two written as one, with what it resembles.
type askedUnit struct {
	*asked
	cover  uint16
	weight float32
	open   bool
}

// pairing is a unit of the one name aligned with a unit of the other.
type pairing struct {
	asked, listed uint8
	gain          float32
	relation      relation
}

type candidate struct {
	name, asked int32
	entry       int32
	odds        float32
	score       float64
}

// Match appends the entries that may be the person, best first, at most limit of them and none below the least score.
func (x *Index) Match(dst []Hit, p *Person, least float64, limit int) []Hit {
	if len(x.names) == 0 || limit <= 0 {
		return dst
	}
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	s.best, s.births = s.best[:0], s.births[:0]
	for _, text := range p.Births {
		if b, ok := parseBirth(text); ok {
			s.births = append(s.births, b)
		}
	}
	need := float32(math.Log(max(least, 1e-6) / (1 - min(max(least, 1e-6), 1-1e-6))))
	for i := range p.Names {
		x.matchName(s, p, i, need)
	}
	if len(s.best) == 0 {
		return dst
	}
	slices.SortFunc(s.best, func(a, b candidate) int {
		return cmp.Or(-cmp.Compare(a.score, b.score), cmp.Compare(a.entry, b.entry), cmp.Compare(a.name, b.name), cmp.Compare(a.asked, b.asked))
	})
	first := len(dst)
	for _, c := range s.best {
		if len(dst)-first >= limit {
			break
		}
		if !slices.ContainsFunc(dst[first:], func(h Hit) bool { return h.Entry == int(c.entry) }) {
			dst = append(dst, x.explain(s, p, c))
		}
	}
	return dst
}

// load takes one name of the person apart into s.asked and gives the number of its words.
func (x *Index) load(s *scratch, n *Name) int {
	s.words = x.unstick(words(s.words[:0], n.text()), s)
	s.asked = s.asked[:0]
	var buf [4 * longestWord]byte
	places := 0
	for _, w := range s.words {
		if w.particle {
			continue
		}
		a := x.ask(append(buf[:0], w.text...), s)
		s.asked = append(s.asked, askedUnit{asked: a, cover: 1 << places, weight: a.weight})
		places++
	}
	if places == 0 {
		return 0
	}
	eachJoin(s.words, func(text []byte, cover uint16, first int) {
		if !s.words[first].particle && s.known(cover) {
			return // both are names the list knows: nobody has torn them apart
		}
		a := x.ask(text, s)
		if !a.known {
			return
		}
		u := askedUnit{asked: a, cover: cover, open: true}
		for i := range places {
			if cover&(1<<i) != 0 {
				u.weight += s.asked[i].weight
			}
		}
		s.asked = append(s.asked, u)
	})
	return places
}

// unstick takes names that somebody wrote as one word apart again, KHALIFASALEHHASSAN, when the list knows all of them and
// nothing that resembles the whole.
func (x *Index) unstick(ws []word, s *scratch) []word {
	for i := 0; i < len(ws) && len(ws) < mostWords; i++ {
		w := ws[i].text
		if len(w) < 8 || len(w) > longestWord || ws[i].particle || compound(w) || w[0] >= 0x80 {
			continue
		}
		if a := x.ask(append(s.text[:0], w...), s); len(a.match) > 0 {
			continue
		}
		at := x.seam(w, mostSeams)
		if at == 0 {
			continue
		}
		ws = slices.Insert(ws, i+1, word{text: w[at:]})
		ws[i].text = w[:at]
	}
	return ws
}

// mostSeams in one word: given, father and grandfather.
const mostSeams = 2

// seam finds where two words that the list knows meet, or one that it knows and two more; zero is nowhere.
func (x *Index) seam(w string, most int) int {
	best := 0
	for at := len(w) - 3; at >= 3; at-- {
		if !x.knows(w[:at]) {
			continue
		}
		if x.knows(w[at:]) {
			return at
		}
		if best == 0 && most > 1 && len(w)-at >= 6 && x.seam(w[at:], most-1) > 0 {
			best = at
		}
	}
	return best
}

// knows says that a text is a name that the list, or the table of variants, has.
func (x *Index) knows(text string) bool {
	t, ok := x.byText[text]
	return ok && !x.tokens[t].joined || knownSense[text] != 0
}

func (s *scratch) known(cover uint16) bool {
	for c := cover; c != 0; c &= c - 1 {
		if !s.asked[bits.TrailingZeros16(c)].listed {
			return false
		}
	}
	return true
}

// matchName finds the candidates of one name and scores them. A pair worth keeping shares two words, or one word and
// the birth day, or all of a name of one word: so the commonest word's names need not be opened.
func (x *Index) matchName(s *scratch, p *Person, n int, need float32) {
	places := x.load(s, &p.Names[n])
	if places == 0 {
		return
	}
	s.touched = s.touched[:0]
	commonest, unopened := -1, float32(0)
	for i := range places {
		s.asked[i].open = true
		if commonest < 0 || s.asked[i].cost > s.asked[commonest].cost {
			commonest = i
		}
	}
	if places > 1 && s.asked[commonest].cost > alwaysOpen {
		s.asked[commonest].open = false
		unopened = s.asked[commonest].weight
	}
	born := spanOf(s.births)
	prune := mostOfName+birthDiffers+countryMet+sexEqual+x.prior < need
	for i := range s.asked {
		u := &s.asked[i]
		if !u.open {
			continue
		}
		for _, m := range u.match {
			gain := m.sim * u.weight
			for _, name := range x.tokens[m.token].postings {
				if prune && born.apart(x.spans[name]) {
					continue
				}
				if s.sums[name] == 0 {
					s.touched = append(s.touched, name)
				}
				s.sums[name] += gain
			}
		}
	}
	for _, b := range s.births {
		x.touchDay(s, b.dayKey())
		if b.month != b.day && b.day <= 12 && b.full() {
			x.touchDay(s, birth{year: b.year, month: b.day, day: b.month}.dayKey())
		}
	}
	for _, name := range s.touched {
		sum := s.sums[name]
		s.sums[name] = 0
		if min(sum+unopened, mostOfName)+born.most(x.spans[name])+countryMet+sexEqual+x.prior < need {
			continue
		}
		l := &x.names[name]
		e := &x.entries[l.entry]
		_, _, _, birthWeight := bestBirth(s.births, e.births)
		if min(sum+unopened, mostOfName)+birthWeight+countryMet+sexEqual+x.prior < need {
			continue
		}
		_, _, _, countryWeight := compareCountries(p.Countries, e.countries)
		_, sexWeight := compareSex(p.Sex, e.sex)
		rest := birthWeight + countryWeight + sexWeight + x.prior
		nameWeight := x.align(s, places, l)
		if l.weak {
			nameWeight *= weakShare
		}
		odds := nameWeight + rest
		if odds < need {
			continue
		}
		score := logistic(odds)
		if (l.weak || p.Names[n].Weak) && birthWeight < birthYear {
			score = min(score, weakCeiling)
		}
		s.best = append(s.best, candidate{name: name, asked: int32(n), entry: l.entry, odds: odds, score: score})
	}
}

// alwaysOpen is the number of names that are quicker looked at than reasoned about.
const alwaysOpen = 64

func (x *Index) touchDay(s *scratch, day int32) {
	if day == 0 {
		return
	}
	for _, e := range x.byDay[day] {
		for _, name := range x.entries[e].names {
			if s.sums[name] == 0 {
				s.touched = append(s.touched, name)
				s.sums[name] = 1e-6
			}
		}
	}
}

// explain aligns a pair once more and tells what met what.
func (x *Index) explain(s *scratch, p *Person, c candidate) Hit {
	l := &x.names[c.name]
	e := &x.entries[l.entry]
	places := x.load(s, &p.Names[c.asked])
	nameWeight := x.align(s, places, l)
	if l.weak {
		nameWeight *= weakShare
	}
	h := Hit{Entry: int(l.entry), Name: int(l.which), Asked: int(c.asked), Score: c.score}
	var askedUsed, listedUsed uint16
	for _, q := range s.pairs {
		u, v := &s.asked[q.asked], &l.units[q.listed]
		askedUsed |= u.cover
		listedUsed |= v.cover
		h.Words = append(h.Words, Word{Asked: plain(u.text), Listed: plain(x.tokens[v.token].text), Relation: relationWords[q.relation], Weight: rounded(q.gain)})
	}
	for i := range places {
		if askedUsed&(1<<i) == 0 {
			h.Words = append(h.Words, Word{Asked: plain(s.asked[i].text), Relation: unmatched})
		}
	}
	for j := range l.words {
		if listedUsed&(1<<j) == 0 {
			h.Words = append(h.Words, Word{Listed: plain(l.words[j].text), Relation: unmatched})
		}
	}
	h.Evidence = append(h.Evidence, Evidence{Code: "prior", Weight: rounded(x.prior)}, Evidence{Code: "name", Weight: rounded(nameWeight)})
	if code, a, b, w := bestBirth(s.births, e.births); code != "" {
		h.Evidence = append(h.Evidence, Evidence{Code: code, Asked: s.births[a].text, Listed: e.births[b].text, Weight: rounded(w)})
	}
	if code, a, b, w := compareCountries(p.Countries, e.countries); code != "" {
		h.Evidence = append(h.Evidence, Evidence{Code: code, Asked: a, Listed: b, Weight: rounded(w)})
	}
	if code, w := compareSex(p.Sex, e.sex); code != "" {
		h.Evidence = append(h.Evidence, Evidence{Code: code, Asked: p.Sex, Listed: e.sex, Weight: rounded(w)})
	}
	return h
}

// plain writes a compound as people do.
func plain(text string) string {
	if !compound(text) {
		return text
	}
	if text == "ABD+LLH" {
		return "ABDALLAH"
	}
	return strings.NewReplacer("+?", " ", "+LLH", " ALLAH", "+", " ").Replace(text)
}

func rounded(w float32) float64 { return math.Round(float64(w)*100) / 100 }

// Key is the name as far as its spelling does not matter: two spellings of one name usually have one key. It serves
// to recognise a person again together with a document and a birth date, never alone.
func Key(n Name) string {
	var keys []string
	for _, w := range words(nil, n.text()) {
		if w.particle {
			continue
		}
		t := analyse(w.text)
		if t.sense != 0 {
			keys = append(keys, strings.Fields(variants[t.sense-1])[0])
		} else if len(t.forms) > 0 {
			keys = append(keys, t.forms[len(t.forms)-1].key)
		}
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), " ")
}
