package names

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// Index is an immutable set of listed people, ready to be compared with. It is safe for any number of goroutines.
type Index struct {
	tokens  []listedToken
	byText  map[string]int32
	byKey   map[string][]int32
	bySense map[int16][]int32
	cuts    []cut // sorted: a text or key with one letter out → token
	names   []listedName
	spans   []span // by name: when its bearer was born
	entries []listedPerson
	byDay   map[int32][]int32 // full birth dates → entries
	prior   float32

	seed    maphash.Seed
	recall  [recallSize]atomic.Pointer[asked] // what words asked for before led to; a word's newer neighbour replaces it
	scratch sync.Pool
}

// recallSize of the cache of words asked for: names follow Zipf's law, so that nine in ten are found.
const recallSize = 1 << 15

type listedToken struct {
	token
	weight   float32
	joined   bool    // two words of a name written as one, for those who do
	postings []int32 // names that hold it
	bearers  int32   // entries that hold it
	last     int32   // entry counted last, while building
}

type listedName struct {
	entry, which int32
	units        []unit
	words        []listedWord
	weak         bool
}

type listedWord struct {
	text   string
	token  int32
	weight float32
}

// unit is a token standing for one or more words of a name, as bits.
type unit struct {
	token  int32
	cover  uint16
	weight float32
}

type listedPerson struct {
	names     []int32
	births    []birth
	countries []string
	sex       string
}

type cut struct {
	hash  uint32
	token int32
}

// asked is a word that was looked up: the listed tokens that resemble it.
type asked struct {
	token
	weight float32
	cost   int     // postings that its matches open
	known  bool    // the list has a spelling of it
	listed bool    // and this very one
	match  []match // by token
}

type match struct {
	token    int32
	sim      float32
	relation relation
}

// Build makes the index of the people given; a Hit names them by their place.
func Build(people []Person) *Index {
	x := &Index{
		byText: make(map[string]int32), byKey: make(map[string][]int32), bySense: make(map[int16][]int32), byDay: make(map[int32][]int32),
		entries: make([]listedPerson, len(people)), seed: maphash.MakeSeed(),
	}
	var ws []word
	for i := range people {
		p := &people[i]
		e := &x.entries[i]
		e.sex, e.countries = p.Sex, slices.Clone(p.Countries)
		for _, s := range p.Births {
			if b, ok := parseBirth(s); ok {
				e.births = append(e.births, b)
				if k := b.dayKey(); k != 0 {
					x.byDay[k] = append(x.byDay[k], int32(i))
				}
			}
		}
		for n := range p.Names {
			ws = words(ws[:0], p.Names[n].text())
			x.addName(int32(i), int32(n), ws, p.Names[n].Weak)
		}
	}
	slices.SortFunc(x.cuts, func(a, b cut) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.token, b.token)) })
	x.weighAll()
	x.prior = -priorOdds
	x.scratch.New = func() any { return &scratch{sums: make([]float32, len(x.names))} }
	return x
}

// Len is the number of people in the index.
func (x *Index) Len() int { return len(x.entries) }

func (n Name) text() string {
	switch given, surname, full := fold(n.Given), fold(n.Surname), fold(n.Full); {
	case given == "" && surname == "":
		return full
	case given == "":
		return surname
	case surname == "":
		return given
	default:
		return given + " " + surname
	}
}

func (x *Index) addName(entry, which int32, ws []word, weak bool) {
	name := listedName{entry: entry, which: which, weak: weak}
	id := int32(len(x.names))
	for _, w := range ws {
		if w.particle {
			continue
		}
		t := x.intern(w.text, false)
		x.post(t, id, entry)
		name.units = append(name.units, unit{token: t, cover: 1 << len(name.words)})
		name.words = append(name.words, listedWord{text: w.text, token: t})
	}
	if len(name.words) == 0 {
		return
	}
	eachJoin(ws, func(text []byte, cover uint16, _ int) {
		t := x.intern(string(text), true)
		x.post(t, id, entry)
		name.units = append(name.units, unit{token: t, cover: cover})
	})
	x.names = append(x.names, name)
	x.spans = append(x.spans, spanOf(x.entries[entry].births))
	x.entries[entry].names = append(x.entries[entry].names, id)
}

func (x *Index) post(t, name, entry int32) {
	l := &x.tokens[t]
	if n := len(l.postings); n == 0 || l.postings[n-1] != name {
		l.postings = append(l.postings, name)
	}
	if l.bearers == 0 || l.last != entry {
		l.bearers, l.last = l.bearers+1, entry
	}
}

// intern gives the number of a token, filing it under its readings when it is new.
func (x *Index) intern(text string, joined bool) int32 {
	if t, ok := x.byText[text]; ok {
		if !joined && x.tokens[t].joined {
			x.tokens[t].joined = false
			x.addCuts(t)
		}
		return t
	}
	t := int32(len(x.tokens))
	x.tokens = append(x.tokens, listedToken{token: analyse(text), joined: joined})
	l := &x.tokens[t]
	x.byText[text] = t
	if l.sense != 0 {
		x.bySense[l.sense] = append(x.bySense[l.sense], t)
	}
	for _, f := range l.forms {
		if ids := x.byKey[f.key]; len(ids) == 0 || ids[len(ids)-1] != t {
			x.byKey[f.key] = append(ids, t)
		}
	}
	if !joined {
		x.addCuts(t)
	}
	return t
}

func (x *Index) addCuts(t int32) {
	eachCut(&x.tokens[t].token, func(h uint32) { x.cuts = append(x.cuts, cut{h, t}) })
}

// eachCut gives the hashes under which a token meets those one edit away: the text and each key whole, and with each
// letter left out.
func eachCut(t *token, each func(uint32)) {
	if t.latin && len(t.text) >= 4 && len(t.text) <= longestWord {
		cutsOf(t.text, 1, each)
	}
	for i, f := range t.forms {
		if len(f.key) < 4 || len(f.key) > longestWord || slices.ContainsFunc(t.forms[:i], func(g form) bool { return g.key == f.key }) {
			continue
		}
		cutsOf(f.key, 2, each)
	}
}

func cutsOf(s string, kind uint32, each func(uint32)) {
	const prime = 16777619
	h := uint32(2166136261) ^ kind
	whole := h
	for i := range len(s) {
		whole = (whole ^ uint32(s[i])) * prime
	}
	each(whole)
	for out := range len(s) {
		if out > 0 && s[out] == s[out-1] {
			continue
		}
		h := h
		for i := range len(s) {
			if i != out {
				h = (h ^ uint32(s[i])) * prime
			}
		}
		each(h)
	}
}

// eachJoin gives the words of a name that some write as one: two neighbours, or a particle with what it belongs to.
func eachJoin(ws []word, each func(text []byte, cover uint16, first int)) {
	var buf [2*longestWord + 2]byte
	place := 0
	for i := range ws {
		here := place
		if !ws[i].particle {
			place++
		}
		if i+1 >= len(ws) || compound(ws[i].text) || articles[ws[i].text] {
			continue
		}
		j := i + 1
		if articles[ws[j].text] && ws[j].particle && j+1 < len(ws) {
			j++
		}
		if ws[i].particle && ws[j].particle && j+1 < len(ws) {
			j++
		}
		if compound(ws[j].text) || ws[j].particle {
			continue
		}
		text := buf[:0]
		for k := i; k <= j; k++ {
			text = append(text, ws[k].text...)
		}
		cover := uint16(1) << place
		if !ws[i].particle {
			cover |= 1 << here
		}
		if len(text) <= longestWord {
			each(text, cover, i)
		}
	}
}

func compound(text string) bool {
	for i := range len(text) {
		if text[i] == '+' {
			return true
		}
	}
	return false
}

// weighAll gives each token its weight: how rare it is, all its spellings together.
func (x *Index) weighAll() {
	var s scratch
	for t := range x.tokens {
		l := &x.tokens[t]
		if l.joined {
			continue
		}
		bearers := 0
		for _, m := range x.resembling(&l.token, &s) {
			if o := &x.tokens[m.token]; m.sim >= 0.9 && !o.joined {
				bearers += int(o.bearers)
			}
		}
		l.weight = weigh(&l.token, bearers, len(x.entries))
	}
	for n := range x.names {
		name := &x.names[n]
		for i := range name.words {
			name.words[i].weight = x.tokens[name.words[i].token].weight
		}
		for i := range name.units {
			for p := range name.words {
				if name.units[i].cover&(1<<p) != 0 {
					name.units[i].weight += name.words[p].weight
				}
			}
		}
	}
}

// ask looks a word up, in what was asked before or in the dictionary.
func (x *Index) ask(text []byte, s *scratch) *asked {
	slot := &x.recall[maphash.Bytes(x.seed, text)%recallSize]
	if a := slot.Load(); a != nil && a.text == string(text) {
		return a
	}
	a := &asked{token: analyse(string(text))}
	a.match = slices.Clone(x.resembling(&a.token, s))
	bearers := 0
	for _, m := range a.match {
		l := &x.tokens[m.token]
		a.cost += len(l.postings)
		if m.sim >= 0.88 {
			a.known = true
			if m.sim >= 0.9 && !l.joined {
				bearers += int(l.bearers)
			}
		}
	}
	a.weight = weigh(&a.token, bearers, len(x.entries))
	a.listed = x.knows(a.text)
	slot.Store(a)
	return a
}

// resembling finds the listed tokens that are equal to one, share a reading with it, or are one edit away: all of them.
func (x *Index) resembling(t *token, s *scratch) []match {
	found := s.found[:0]
	if id, ok := x.byText[t.text]; ok {
		found = append(found, id)
	}
	if t.sense != 0 {
		found = append(found, x.bySense[t.sense]...)
	}
	for _, f := range t.forms {
		found = append(found, x.byKey[f.key]...)
	}
	eachCut(t, func(h uint32) {
		i, _ := slices.BinarySearchFunc(x.cuts, h, func(c cut, h uint32) int { return cmp.Compare(c.hash, h) })
		for ; i < len(x.cuts) && x.cuts[i].hash == h; i++ {
			found = append(found, x.cuts[i].token)
		}
	})
	slices.Sort(found)
	found = slices.Compact(found)
	matches := s.matches[:0]
	for _, id := range found {
		l := &x.tokens[id]
		sim, rel := similar(t, &l.token)
		if sim < 0.5 || l.joined && sim < 0.88 {
			continue
		}
		matches = append(matches, match{id, sim, rel})
	}
	s.found, s.matches = found, matches
	return matches
}

// scratch is what one comparison needs, used again by the next.
type scratch struct {
	found   []int32
	matches []match
	words   []word
	text    [longestWord]byte
	asked   []askedUnit
	sums    []float32 // by name: the weight met so far
	touched []int32
	pairs   []pairing
	best    []candidate
	births  []birth
}

func logistic(x float32) float64 { return 1 / (1 + math.Exp(-float64(x))) }
