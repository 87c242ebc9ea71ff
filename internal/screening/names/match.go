package names

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// asked is a word that was looked up: the listed words that resemble it.
type asked struct {
	token
	outline
	weight float32
	cost   int     // names that its matches open
	known  bool    // the list has a spelling of it
	listed bool    // and this very one
	match  []match // by token
	lists  []list  // the names that hold one of those
	parts  []word  // the words that it is, when it is several written as one
}

// askedUnit is a word of the name asked about, or two written as one, with what it resembles.
type askedUnit struct {
	*asked
	cover  uint16 // the places it stands for
	weight float32
	role   role
	cut    bool // its end may be missing
	joined bool // of two words
}

// candidate is a listed name that may be the person's.
type candidate struct {
	name  uint32
	asked int32
	entry uint32
	odds  float32
	weak  bool
}

// scratch is what one comparison needs, used again by the next.
type scratch struct {
	found      []uint32
	matches    []match
	words      []word
	asked      []askedUnit // the words first, then those joined
	places     int         // how many words
	meeting    meeting     // of listed words with these
	fetched    uint32      // so that it is
	order      []int
	spans      []span
	opened     []span
	touched    []uint64 // a name, and the span opened it was met in
	slips      []birth
	weightiest float32 // of the words asked about
	spares     float32 // what those are worth that none resembles
	pairs      []pairing
	other      []pairing
	best       []candidate
	births     []birth
	nations    []uint16
	papers     []documentHash
	sex        byte
	person     *Person

	listedWord spelt
}

// Match appends the entries that may be the person, best first, at most limit of them and none below the least score.
func (x *Index) Match(dst []Hit, p *Person, least float64, limit int) []Hit {
	if len(x.entries) == 0 || limit <= 0 {
		return dst
	}
	s := x.scratch.Get().(*scratch)
	defer func() { s.person = nil; x.scratch.Put(s) }()
	x.prepare(s, p)
	need := x.rawOdds(least)
	x.spansOf(s, need)
	for n := range p.Names {
		if x.load(s, &p.Names[n]) > 0 {
			x.search(s, int32(n), p.Names[n].Weak, need)
		}
	}
	return x.tell(dst, s, p, least, limit)
}

// prepare takes apart what is known of the person besides the names.
func (x *Index) prepare(s *scratch, p *Person) {
	s.best, s.person = s.best[:0], p
	s.births = parseBirths(s.births[:0], p.Births)
	s.nations = s.nations[:0]
	for _, c := range p.Countries {
		if i := slices.Index(x.countries, c); i >= 0 {
			s.nations = append(s.nations, uint16(i+1))
		} else {
			s.nations = append(s.nations, 0)
		}
	}
	s.sex = 0
	if p.Sex == "M" || p.Sex == "F" {
		s.sex = p.Sex[0]
	}
	s.papers = s.papers[:0]
	for i := range p.Documents {
		if number := compact(p.Documents[i].Number); len(number) >= shortestNumber {
			h := hashNumber(number)
			at, _ := slices.BinarySearchFunc(x.documents, h, func(d documentHash, h uint64) int { return cmp.Compare(d.hash, h) })
			for ; at < len(x.documents) && x.documents[at].hash == h; at++ {
				if _, weight := compareDocuments(&p.Documents[i], &x.papers[x.documents[at].paper]); weight > 0 {
					s.papers = append(s.papers, documentHash{hash: uint64(i), entry: x.documents[at].entry, paper: x.documents[at].paper})
				}
			}
		}
	}
}

// load takes one name of the person apart into s.asked and gives the number of its words.
func (x *Index) load(s *scratch, n *Name) int {
	var loose bool
	s.words, loose = n.words(s.words[:0], false)
	if s.sex == 0 && isDaughter(s.words) {
		s.sex = 'F'
	}
	s.words = x.unstick(s.words, s)
	giveRoles(s.words, loose)
	s.meeting.forget()
	s.asked = s.asked[:0]
	places, lastGiven := 0, -1
	for i := range s.words {
		w := &s.words[i]
		if w.particle {
			continue
		}
		a := x.ask(w.text, s)
		s.asked = append(s.asked, askedUnit{asked: a, cover: 1 << places, weight: a.weight, role: w.role})
		if loose || w.role != family {
			lastGiven = places
		}
		places++
	}
	s.places = places
	if places == 0 {
		return 0
	}
	if lastGiven >= 0 {
		u := &s.asked[lastGiven]
		u.cut = places > 1 && len(u.text) >= 2 && u.latin && (!u.known || s.letters() >= longEnough)
	}
	eachJoin(s.words, loose, func(text string, cover uint16, first bool) {
		if first && !compound(text) && s.listed(cover) {
			return // both are names the list knows: nobody has torn them apart
		}
		if a := x.askKnown(text, s); a != nil {
			u := askedUnit{asked: a, cover: cover, weight: a.weight, joined: true}
			for i := range places {
				if cover&(1<<i) != 0 {
					u.role |= s.asked[i].role
				}
			}
			s.asked = append(s.asked, u)
		}
	})
	s.meeting.note(s.asked)
	return places
}

// longEnough is a name that a field may have been too short for, in letters.
const longEnough = 13

func (s *scratch) letters() (n int) {
	for i := range s.words {
		n += len(s.words[i].raw)
	}
	return n
}

// listed says that the list has the very words at some places.
func (s *scratch) listed(cover uint16) bool {
	for i := range s.asked {
		if s.asked[i].cover&cover != 0 && !s.asked[i].listed {
			return false
		}
	}
	return true
}

// eachJoin gives two neighbouring words as one, for those who tore a name apart. first says that both count as words.
func eachJoin(ws []word, loose bool, each func(text string, cover uint16, first bool)) {
	place := 0
	for i := range ws {
		here := place
		if !ws[i].particle {
			place++
		}
		if i+1 >= len(ws) || ws[i+1].particle || articles[ws[i].text] || len(ws[i].raw)+len(ws[i+1].raw) > longestWord {
			continue
		}
		pair := [2]word{{text: ws[i].raw}, {text: ws[i+1].raw}}
		text := ""
		if whole := compounds(pair[:]); len(whole) == 1 {
			text = whole[0].text // torn by the fields: RAHMAN, ABDUL
		} else if ws[i].field == ws[i+1].field || loose {
			text = gluedCompound(ws[i].raw + ws[i+1].raw)
		} else {
			continue
		}
		cover := uint16(1) << place
		if !ws[i].particle {
			cover |= 1 << here
		}
		each(text, cover, !ws[i].particle)
	}
}

// unstick takes names that somebody wrote as one word apart again, KHALIFASALEHHASSAN, when the list knows all of them and
// nothing that the whole is a spelling of.
func (x *Index) unstick(ws []word, s *scratch) []word {
	for i := 0; i < len(ws) && len(ws) < mostWords; i++ {
		if raw := ws[i].raw; ws[i].particle || len(raw) < shortestGlued || len(raw) > longestWord || raw[0] >= 0x80 || i > 0 && (fatherOf[ws[i-1].text] || servantOf[ws[i-1].text]) {
			continue
		}
		parts := x.ask(ws[i].text, s).parts
		if parts == nil {
			if compound(ws[i].text) && len(ws[i].raw) > len("ABDULMUTTALIB") {
				parts = x.apart(ws[i].raw, s)
			}
			if parts == nil {
				continue
			}
		}
		field := ws[i].field
		ws = slices.Replace(ws, i, i+1, parts...)
		for j := range parts {
			ws[i+j].field = field
		}
		i += len(parts) - 1
	}
	return ws
}

const (
	shortestGlued = 6 // letters of two names written as one
	shortestPart  = 3
	mostParts     = 5
)

// apart finds the words of the list that a word is made of, as few and as close to the letter as can be, with particles
// between; nil when there are none.
func (x *Index) apart(w string, s *scratch) []word {
	const whole, spelling, particle, dearest = 4, 5, 1, 5 * mostParts
	n := len(w)
	var cost, from [longestWord + 1]uint8 // by end: of the words to there, plus one; where the last begins
	cost[0] = 1
	for at := 0; at+1 < n; at++ {
		if cost[at] == 0 || cost[at] > dearest {
			continue
		}
		for end := at + 2; end <= n; end++ {
			if at == 0 && end == n || n-end == 1 {
				continue
			}
			part := w[at:end]
			more := uint8(0)
			switch {
			case len(part) <= 4 && end < n && (at > 0 && particles[part] || articles[part]):
				more = particle
			case len(part) >= shortestPart && x.has(part):
				more = whole
			case len(part) > shortestPart && (cost[end] == 0 || cost[end] > cost[at]+spelling) && x.spelled(part, s):
				more = spelling
			default:
				continue
			}
			if cost[end] == 0 || cost[end] > cost[at]+more {
				cost[end], from[end] = cost[at]+more, uint8(at)
			}
		}
	}
	if cost[n] == 0 {
		return nil
	}
	var parts []word
	names := 0
	for end := n; end > 0; end = int(from[end]) {
		part := w[from[end]:end]
		p := word{text: gluedCompound(part), raw: part, particle: end < n && (particles[part] || articles[part])}
		if !p.particle {
			names++
		}
		parts = append(parts, p)
	}
	if names < 2 {
		return nil
	}
	slices.Reverse(parts)
	return parts
}

// has says that a name is listed as it is spelled.
func (x *Index) has(text string) bool {
	_, ok := x.dict.find(gluedCompound(text))
	return ok
}

// spelled says that a text is another spelling of a name that the list has.
func (x *Index) spelled(text string, s *scratch) bool {
	text = gluedCompound(text)
	if sense := knownSense[text]; sense != 0 {
		return len(x.dict.senses[sense]) > 0
	}
	t := analyse(text)
	if len(t.forms) == 0 || len(t.forms[0].key) < 2 || !x.dict.hasKey([]byte(t.forms[0].key)) {
		return false
	}
	for _, m := range x.dict.resembling(&t, s) {
		if m.sim >= 0.94 {
			return true
		}
	}
	return false
}

// leastGain is what any word in common is worth.
const leastGain = 1e-3

// askKnown looks a word up that is worth it only if the list has a spelling of it, as most words made up have not.
func (x *Index) askKnown(text string, s *scratch) *asked {
	if a := x.recall.set(text).find(text); a != nil {
		if a.known {
			return a
		}
		return nil
	}
	t := analyse(text)
	s.found = x.dict.spellings(s.found[:0], &t)
	if !slices.ContainsFunc(x.dict.compare(&t, leastVariant, s), func(m match) bool { return m.sim >= leastVariant }) {
		return nil
	}
	return x.ask(text, s)
}

// ask looks a word up, in what was asked before or in the dictionary.
func (x *Index) ask(text string, s *scratch) *asked {
	set := x.recall.set(text)
	if a := set.find(text); a != nil {
		return a
	}
	text = strings.Clone(text)
	a := &asked{token: analyse(text)}
	a.outline = outlineOf(&a.token)
	a.match = slices.Clone(x.dict.resembling(&a.token, s))
	for _, m := range a.match {
		a.cost += int(x.dict.tokens[m.token].names)
		a.known = a.known || m.sim >= leastVariant
	}
	a.weight = x.rarity.weigh(&a.token, x.dict.bearers(&a.token, s), s)
	for i := range a.match {
		m := &a.match[i]
		worth := min(a.weight, x.dict.tokens[m.token].weight)
		if m.relation == relClose {
			worth = max(worth-w.resembles, 0)
		}
		m.gain = max(m.sim*worth, leastGain)
	}
	x.gather(a)
	_, a.listed = x.dict.find(text)
	if !a.known && a.sense == 0 && !compound(text) && len(text) >= shortestGlued && len(text) <= longestWord && text[0] < 0x80 {
		a.parts = x.apart(text, s)
	}
	set.keep(a)
	return a
}

// verify compares a pair when what its words may say at most, with all else, reaches what is needed.
func (x *Index) verify(s *scratch, which int32, weak bool, need, most float32, name uint32) {
	if most+x.beside(s, name)+w.prior < need && x.paperOf(s, x.names[name].entry) == 0 {
		return
	}
	x.weighPair(s, which, weak, need, name)
}

// beside is what two people's dates, countries and sex say.
func (x *Index) beside(s *scratch, name uint32) float32 {
	e := &x.entries[x.names[name].entry]
	_, _, countries := x.compareCountries(s.nations, e)
	return x.agreeing(s, name) + countries + compareSex(s.sex, e.sex)
}

// weighPair weighs all that is known of two people, and keeps the pair when it reaches what is needed.
func (x *Index) weighPair(s *scratch, which int32, weak bool, need float32, name uint32) {
	l := &x.names[name]
	nameWeight := x.align(s, l)
	if l.flags&weakName != 0 {
		nameWeight *= w.weak
	}
	sum := nameWeight + x.beside(s, name)
	paper := x.paperOf(s, l.entry)
	if paper >= w.documentAnyCountry {
		sum = max(sum, w.leastBesideDocument)
	}
	odds := sum + paper + w.prior
	if odds < need {
		return
	}
	c := candidate{name: name, asked: which, entry: l.entry, odds: odds}
	c.weak = (weak || l.flags&weakName != 0) && paper == 0 && x.agreeing(s, name) < w.birthSpan
	s.best = append(s.best, c)
}

// paperOf is what the documents two people share are worth.
func (x *Index) paperOf(s *scratch, entry uint32) (most float32) {
	for _, d := range s.papers {
		if d.entry == entry {
			_, weight := compareDocuments(&s.person.Documents[d.hash], &x.papers[d.paper])
			most = max(most, weight)
		}
	}
	return most
}

// rawOdds is the sum of weights that gives a score.
func (x *Index) rawOdds(score float64) float32 {
	p := min(max(score, 1e-6), 1-1e-6)
	return float32(math.Log(p/(1-p))) - x.offset
}

// calibrated is the score that a sum of weights gives: of a hundred pairs of that score, so many are one person.
func (x *Index) calibrated(c *candidate) float64 {
	p := 1 / (1 + math.Exp(-float64(c.odds+x.offset)))
	if c.weak {
		p = min(p, weakCeiling)
	}
	return p
}

// tell appends the best name of each entry, explained.
func (x *Index) tell(dst []Hit, s *scratch, p *Person, least float64, limit int) []Hit {
	slices.SortFunc(s.best, func(a, b candidate) int {
		return cmp.Or(-cmp.Compare(x.calibrated(&a), x.calibrated(&b)), cmp.Compare(x.entries[a.entry].person, x.entries[b.entry].person),
			cmp.Compare(a.name, b.name), cmp.Compare(a.asked, b.asked))
	})
	first := len(dst)
	for i := range s.best {
		c := &s.best[i]
		if len(dst)-first >= limit || x.calibrated(c) < least {
			break
		}
		if person := int(x.entries[c.entry].person); !slices.ContainsFunc(dst[first:], func(h Hit) bool { return h.Entry == person }) {
			dst = append(dst, x.explain(s, p, c))
		}
	}
	return dst
}

// Key is the name as far as its spelling does not matter: two spellings of one name usually have one key. It serves
// to recognise a person again together with a document and a birth date, never alone.
func Key(n Name) string {
	var keys []string
	ws, _ := n.words(nil, true)
	for _, w := range ws {
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
