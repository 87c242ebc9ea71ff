package names

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// dictionary holds every distinct word of the listed names once, and finds those that a word resembles. Fuzzy search is
// done against words, of which there are few, not against names. It is flat: a million names cost the collector a dozen
// slices.
type dictionary struct {
	tokens []listedToken
	arena  []byte // texts, keys and slots
	forms  []listedForm
	slots  []uint32   // open addressing: hash of the text → token, plus one
	keys   []wordHash // sorted: hash of a key → token
	cuts   []wordHash // sorted: hash of a text or key with a letter out → token
	senses map[int16][]uint32
}

// wordHash is a hash in the upper half and a token in the lower.
type wordHash uint64

func hashed(h, token uint32) wordHash { return wordHash(h)<<32 | wordHash(token) }

func (w wordHash) token() uint32 { return uint32(w) }

type listedToken struct {
	text, form      uint32 // where they begin
	post            uint32 // where its names begin
	names           uint32 // how many hold it
	bearers         uint32 // entries that hold it
	weight          float32
	sense           int16
	textLen, bareAt uint8 // bareAt: letters of a glued article in front; zero is none
	formLen         uint8
	latin           bool
}

type listedForm struct {
	at   uint32 // the key, then its slots, one more
	len  uint8
	cost float32
}

// view is a listed token as it is compared. It refers to the dictionary's own memory and allocates nothing.
func (d *dictionary) view(t uint32, into *token, forms *[mostTokenForms]form) {
	l := &d.tokens[t]
	into.text = d.text(t)
	into.bare = ""
	if l.bareAt > 0 {
		into.bare = into.text[l.bareAt:]
	}
	into.sense, into.latin = l.sense, l.latin
	for i := range int(l.formLen) {
		f := &d.forms[int(l.form)+i]
		n := uint32(f.len)
		forms[i] = form{key: view(d.arena[f.at : f.at+n]), slots: view(d.arena[f.at+n : f.at+2*n+1]), cost: f.cost}
	}
	into.forms = forms[:l.formLen]
}

func (d *dictionary) text(t uint32) string {
	l := &d.tokens[t]
	return view(d.arena[l.text : l.text+uint32(l.textLen)])
}

// mostTokenForms are kept of a word: its own readings and those without what may be an article.
const mostTokenForms = 16

const fnvPrime, fnvStart = 16777619, 2166136261

func hashText(s string) uint32 {
	h := uint32(fnvStart)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * fnvPrime
	}
	return h ^ h>>15
}

// find gives the number of a word that is listed as it is spelled.
func (d *dictionary) find(text string) (uint32, bool) {
	if len(d.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(d.slots) - 1)
	for at := hashText(text) & mask; ; at = (at + 1) & mask {
		t := d.slots[at]
		if t == 0 {
			return 0, false
		}
		if d.text(t-1) == text {
			return t - 1, true
		}
	}
}

// intern gives the number of a word, which it adds when it is new.
func (d *dictionary) intern(text string) uint32 {
	if len(text) > 255 {
		text = text[:255]
	}
	if t, ok := d.find(text); ok {
		return t
	}
	if 2*len(d.tokens) >= len(d.slots) {
		d.grow()
	}
	t := uint32(len(d.tokens))
	d.tokens = append(d.tokens, listedToken{text: uint32(len(d.arena)), textLen: uint8(len(text))})
	d.arena = append(d.arena, text...)
	d.place(t, text)
	return t
}

func (d *dictionary) place(t uint32, text string) {
	mask := uint32(len(d.slots) - 1)
	at := hashText(text) & mask
	for d.slots[at] != 0 {
		at = (at + 1) & mask
	}
	d.slots[at] = t + 1
}

func (d *dictionary) grow() {
	d.slots = make([]uint32, max(1024, 2*len(d.slots)))
	for t := range d.tokens {
		d.place(uint32(t), d.text(uint32(t)))
	}
}

// finish reads every word and files it under its readings.
func (d *dictionary) finish() {
	type readings struct {
		tokens []token
		keys   []wordHash
		cuts   []wordHash
	}
	parts := shares(len(d.tokens))
	read := make([]readings, len(parts))
	eachShare(parts, func(part int, from, to int) {
		r := &read[part]
		r.tokens = make([]token, 0, to-from)
		for t := from; t < to; t++ {
			k := analyse(d.text(uint32(t)))
			if len(k.forms) > mostTokenForms {
				k.forms = k.forms[:mostTokenForms]
			}
			r.tokens = append(r.tokens, k)
			for i, f := range k.forms {
				if !slices.ContainsFunc(k.forms[:i], func(g form) bool { return g.key == f.key }) {
					r.keys = append(r.keys, hashed(hashText(f.key), uint32(t)))
				}
			}
			eachCut(&k, func(h uint32) { r.cuts = append(r.cuts, hashed(h, uint32(t))) })
		}
		slices.Sort(r.keys)
		slices.Sort(r.cuts)
	})
	d.senses = make(map[int16][]uint32)
	t := uint32(0)
	for i := range read {
		for _, k := range read[i].tokens {
			l := &d.tokens[t]
			l.sense, l.latin = k.sense, k.latin
			if k.bare != "" {
				l.bareAt = uint8(len(k.text) - len(k.bare))
			}
			l.form, l.formLen = uint32(len(d.forms)), uint8(len(k.forms))
			for _, f := range k.forms {
				d.forms = append(d.forms, listedForm{at: uint32(len(d.arena)), len: uint8(len(f.key)), cost: f.cost})
				d.arena = append(append(d.arena, f.key...), f.slots...)
			}
			if k.sense != 0 {
				d.senses[k.sense] = append(d.senses[k.sense], t)
			}
			t++
		}
		read[i].tokens = nil
	}
	d.forms = slices.Clip(d.forms)
	d.arena = slices.Clip(d.arena)
	d.tokens = slices.Clip(d.tokens)
	for i := range read {
		d.keys = merged(d.keys, read[i].keys)
		d.cuts = merged(d.cuts, read[i].cuts)
		read[i] = readings{}
	}
}

// merged makes one sorted list of two.
func merged(a, b []wordHash) []wordHash {
	if len(a) == 0 {
		return b
	}
	out := make([]wordHash, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// under appends the words filed under a hash.
func under(dst []uint32, index []wordHash, h uint32) []uint32 {
	i, _ := slices.BinarySearchFunc(index, h, func(w wordHash, h uint32) int { return cmp.Compare(uint32(w>>32), h) })
	for ; i < len(index) && uint32(index[i]>>32) == h; i++ {
		dst = append(dst, index[i].token())
	}
	return dst
}

// match is a listed word that a word resembles.
type match struct {
	token    uint32
	sim      float32
	gain     float32 // what it is worth of a name
	relation relation
}

// leastSimilar is what a word must have in common with another to count at all.
const leastSimilar = 0.5

// resembling finds the listed words that are equal to one, share a reading with it, or are one edit away: all of them.
func (d *dictionary) resembling(t *token, s *scratch) []match {
	s.found = d.spellings(s.found[:0], t)
	if t.latin && len(t.text) > 1 {
		if id, ok := d.find(t.text[:1]); ok {
			s.found = append(s.found, id)
		}
	}
	eachCut(t, func(h uint32) { s.found = under(s.found, d.cuts, h) })
	return d.compare(t, leastSimilar, s)
}

// spellings appends the words that may be the same name: spelled alike, of one line of the table, or with one reading.
func (d *dictionary) spellings(found []uint32, t *token) []uint32 {
	if id, ok := d.find(t.text); ok {
		found = append(found, id)
	}
	if t.sense != 0 {
		found = append(found, d.senses[t.sense]...)
	}
	for i, f := range t.forms {
		if !slices.ContainsFunc(t.forms[:i], func(g form) bool { return g.key == f.key }) {
			found = under(found, d.keys, hashText(f.key))
		}
	}
	return found
}

// compare keeps those of s.found that are like enough.
func (d *dictionary) compare(t *token, least float32, s *scratch) []match {
	slices.Sort(s.found)
	s.found = slices.Compact(s.found)
	s.matches = s.matches[:0]
	d.fetch(s)
	l := &s.listedWord
	for _, id := range s.found {
		d.view(id, &l.token, &l.forms)
		if sim, rel := similar(t, &l.token); sim >= least || rel == relInitial {
			s.matches = append(s.matches, match{token: id, sim: sim, relation: rel})
		}
	}
	return s.matches
}

// fetch reads a little of each word found before any is compared, as Index.fetch does of names.
func (d *dictionary) fetch(s *scratch) {
	var read uint32
	for _, id := range s.found {
		read += d.tokens[id].text
	}
	for _, id := range s.found {
		l := &d.tokens[id]
		read += uint32(d.arena[l.text])
		if l.formLen > 0 {
			read += d.forms[l.form].at
		}
	}
	s.fetched = read
}

// bearers counts the entries that have one of the spellings of a word.
func (d *dictionary) bearers(t *token, s *scratch) (n int) {
	s.found = d.spellings(s.found[:0], t)
	for _, m := range d.compare(t, sameWord, s) {
		if m.sim >= sameWord {
			n += int(d.tokens[m.token].bearers)
		}
	}
	return n
}

// sameWord is a likeness from which two words are spellings of one name.
const sameWord = 0.9

// eachCut gives the hashes under which a token meets those one edit away: the text and each key whole, and with each
// letter left out.
func eachCut(t *token, each func(uint32)) {
	if t.latin {
		if n := len(t.text); n >= 4 && n <= longestWord {
			cutsOf(t.text, 1, each)
		}
		if n := len(t.bare); n >= 4 && n <= longestWord {
			cutsOf(t.bare, 1, each)
		}
	}
	for i, f := range t.forms {
		if len(f.key) < 4 || len(f.key) > longestWord || slices.ContainsFunc(t.forms[:i], func(g form) bool { return g.key == f.key }) {
			continue
		}
		cutsOf(f.key, 2, each)
	}
}

func cutsOf(s string, kind uint32, each func(uint32)) {
	start := uint32(fnvStart) ^ kind
	whole := start
	for i := range len(s) {
		whole = (whole ^ uint32(s[i])) * fnvPrime
	}
	each(whole)
	for out := range len(s) {
		if out > 0 && s[out] == s[out-1] {
			continue
		}
		h := start
		for i := range len(s) {
			if i != out {
				h = (h ^ uint32(s[i])) * fnvPrime
			}
		}
		each(h)
	}
}

// hasKey says that some listed word has a reading.
func (d *dictionary) hasKey(key []byte) bool {
	h := hashText(view(key))
	i, _ := slices.BinarySearchFunc(d.keys, h, func(w wordHash, h uint32) int { return cmp.Compare(uint32(w>>32), h) })
	return i < len(d.keys) && uint32(d.keys[i]>>32) == h
}

// shares divides n things among the processors.
func shares(n int) [][2]int {
	workers := max(1, min(runtime.GOMAXPROCS(0), n/512))
	out := make([][2]int, workers)
	for i := range out {
		out[i] = [2]int{n * i / workers, n * (i + 1) / workers}
	}
	return out
}

func eachShare(parts [][2]int, work func(part, from, to int)) {
	var all sync.WaitGroup
	for i, p := range parts {
		all.Go(func() { work(i, p[0], p[1]) })
	}
	all.Wait()
}
