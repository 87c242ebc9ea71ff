package names

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// pairing is a unit of the one name aligned with a unit of the other.
type pairing struct {
	asked, listed uint8
	gain          float32
	relation      relation
}

// align pairs the words of two names, each at most once and whatever their order, and gives the names' weight of
// evidence. The pairs chosen stay in s.pairs: of conflicts too, with what they cost.
func (x *Index) align(s *scratch, l *listedName) float32 {
	units := x.unitsOf(l)
	s.pairs = s.pairs[:0]
	misfit := false
	for j := range units {
		v := &units[j]
		for m := s.meeting.with(v.token); m != nil; m = s.meeting.after(m) {
			u := &s.asked[m.asked]
			if u.joined {
				if t := &x.dict.tokens[v.token]; m.sim < sameWord || t.latin && absInt(int(t.textLen)-len(u.text)) > 2 {
					continue
				}
			}
			s.pairs = append(s.pairs, pairing{asked: m.asked, listed: uint8(j), gain: m.gain, relation: m.relation})
			misfit = misfit || u.role&v.role == 0
		}
	}
	if !misfit {
		return x.choose(s, units, l, false)
	}
	s.other = append(s.other[:0], s.pairs...)
	straight := x.choose(s, units, l, false)
	s.pairs, s.other = s.other, s.pairs
	if turned := x.choose(s, units, l, true); turned > straight {
		return turned
	}
	s.pairs, s.other = s.other, s.pairs
	return straight
}

// part is the role of a word asked about, once the fields are exchanged when they must be.
func part(r role, reversed bool) role {
	if !reversed {
		return r
	}
	return r&middle | (r&given)<<2 | (r&family)>>2
}

// fit is how much of a word's weight counts in another role.
func fit(a, l role) float32 {
	switch {
	case a&l != 0:
		return 1
	case (a|l)&middle != 0:
		return w.elsewhere
	}
	return w.crossed
}

// choose keeps the pairs that agree best, and adds those of words that are left.
func (x *Index) choose(s *scratch, units []unit, l *listedName, reversed bool) float32 {
	for i := range s.pairs {
		p := &s.pairs[i]
		p.gain *= fit(part(s.asked[p.asked].role, reversed), units[p.listed].role)
	}
	slices.SortFunc(s.pairs, func(a, b pairing) int {
		return cmp.Or(-cmp.Compare(a.gain, b.gain), cmp.Compare(a.asked, b.asked), cmp.Compare(a.listed, b.listed))
	})
	var askedUsed, listedUsed uint16
	kept := 0
	var weight float32
	for _, p := range s.pairs {
		cover, listed := s.asked[p.asked].cover, uint16(1)<<p.listed
		if askedUsed&cover != 0 || listedUsed&listed != 0 {
			continue
		}
		askedUsed |= cover
		listedUsed |= listed
		if kept > 0 {
			p.gain *= w.further
		}
		weight += p.gain
		s.pairs[kept] = p
		kept++
	}
	s.pairs = s.pairs[:kept]
	// What an initial or a word cut off may stand for is no conflict.
	for i := range s.places {
		u := &s.asked[i]
		if askedUsed&(1<<i) != 0 || !u.cut && len(u.text) > 1 {
			continue
		}
		for j := range units {
			if listedUsed&(1<<j) != 0 {
				continue
			}
			share, relation := x.stands(s, u, units[j].token)
			if share == 0 {
				continue
			}
			gain := share * min(u.weight, x.dict.tokens[units[j].token].weight, w.mostCut) * fit(part(u.role, reversed), units[j].role)
			s.pairs = append(s.pairs, pairing{asked: uint8(i), listed: uint8(j), gain: gain, relation: relation})
			askedUsed |= 1 << i
			listedUsed |= 1 << j
			weight += gain
			break
		}
	}
	weight = ofName(weight)
	if reversed && l.flags&looseName == 0 {
		weight -= w.reversed
	}
	return weight - x.against(s, units, askedUsed, listedUsed, reversed)
}

// stands says how much of a listed word an initial, or the beginning of one cut off, is worth.
func (x *Index) stands(s *scratch, u *askedUnit, token uint32) (float32, relation) {
	listed := &s.listedWord
	x.dict.view(token, &listed.token, &listed.forms)
	if u.text[0] >= 0x80 {
		return 0, relNone
	}
	if len(u.text) == 1 {
		if listed.text[0] == u.text[0] {
			return w.initial, relInitial
		}
		return 0, relNone
	}
	if servantOf[u.text] && strings.HasPrefix(listed.text, "ABD+") {
		return w.cut, relCut
	}
	if n := len(u.text); len(listed.text) > n && listed.text[:n] == u.text || listed.bare != "" && strings.HasPrefix(listed.bare, u.text) {
		return w.cut, relCut
	}
	for i := range u.forms {
		a := &u.forms[i]
		for j := range listed.token.forms {
			b := &listed.token.forms[j]
			if n := len(a.key); n >= 2 && len(b.key) >= n && b.key[:n] == a.key && vowelsAgree(a.slots[:n], b.slots[:n]) >= 0.9 {
				return w.cut, relCut
			}
		}
	}
	return 0, relNone
}

// spelt is a listed token with the memory its forms need.
type spelt struct {
	token
	forms [mostTokenForms]form
}

// against weighs the words that found no counterpart: a given name against another first, then family names, then the
// rest by weight. What only one of the two has is how names are.
func (x *Index) against(s *scratch, units []unit, askedUsed, listedUsed uint16, reversed bool) float32 {
	var total float32
	differ := func(want role, share float32) {
		for {
			a, l := -1, -1
			for i := range s.places {
				if askedUsed&(1<<i) == 0 && part(s.asked[i].role, reversed)&want != 0 && (a < 0 || s.asked[i].weight > s.asked[a].weight) {
					a = i
				}
			}
			for j := range units {
				if listedUsed&(1<<j) == 0 && units[j].role&want != 0 && (l < 0 || x.dict.tokens[units[j].token].weight > x.dict.tokens[units[l].token].weight) {
					l = j
				}
			}
			if a < 0 || l < 0 {
				return
			}
			askedUsed |= 1 << a
			listedUsed |= 1 << l
			cost := share * min(max(s.asked[a].weight, x.dict.tokens[units[l].token].weight, w.leastDiffers), w.mostDiffers)
			if x.nearly(s, &s.asked[a].token, units[l].token) {
				cost *= w.nearly
			}
			total += cost
			s.pairs = append(s.pairs, pairing{asked: uint8(a), listed: uint8(l), gain: -cost, relation: relDiffers})
		}
	}
	differ(given, w.givenDiffers)
	differ(family, w.familyDiffers)
	differ(given|middle|family, w.otherDiffers)
	for i := range s.places {
		if askedUsed&(1<<i) == 0 {
			total += w.extra * min(s.asked[i].weight, w.mostExtra)
		}
	}
	for j := range units {
		if listedUsed&(1<<j) == 0 {
			total += w.missing * min(x.dict.tokens[units[j].token].weight, w.mostExtra)
		}
	}
	return total
}

// nearly says that two words, too different to count for one another, may yet be one, mistyped: that is no conflict to
// build on.
func (x *Index) nearly(s *scratch, a *token, listed uint32) bool {
	l := &s.listedWord
	x.dict.view(listed, &l.token, &l.forms)
	if !a.latin || !l.latin {
		return misspelt(a, &l.token) > 0
	}
	short := min(len(a.text), len(l.text))
	limit := 1
	if short >= 6 {
		limit = 2
	}
	return short >= 3 && edits(a.text, l.text, limit) <= limit
}

// explain aligns a pair once more and tells what met what.
func (x *Index) explain(s *scratch, p *Person, c *candidate) Hit {
	l := &x.names[c.name]
	e := &x.entries[l.entry]
	units := x.unitsOf(l)
	x.load(s, &p.Names[c.asked])
	nameWeight := x.align(s, l)
	if l.flags&weakName != 0 {
		nameWeight *= w.weak
	}
	h := Hit{Entry: int(e.person), Name: int(l.which), Asked: int(c.asked), Score: x.calibrated(c)}
	var askedUsed, listedUsed uint16
	for _, q := range s.pairs {
		u, v := &s.asked[q.asked], &units[q.listed]
		askedUsed |= u.cover
		listedUsed |= 1 << q.listed
		h.Words = append(h.Words, Word{Asked: plain(u.text), Listed: plain(x.dict.text(v.token)), Relation: relationWords[q.relation], Weight: rounded(q.gain)})
	}
	for i := range s.places {
		if askedUsed&(1<<i) == 0 {
			u := &s.asked[i]
			h.Words = append(h.Words, Word{Asked: plain(u.text), Relation: unmatched, Weight: rounded(-w.extra * min(u.weight, w.mostExtra))})
		}
	}
	for j := range units {
		if listedUsed&(1<<j) == 0 {
			t := units[j].token
			h.Words = append(h.Words, Word{Listed: plain(x.dict.text(t)), Relation: unmatched, Weight: rounded(-w.missing * min(x.dict.tokens[t].weight, w.mostExtra))})
		}
	}
	h.Evidence = append(h.Evidence, Evidence{Code: "prior", Weight: rounded(w.prior)}, Evidence{Code: "name", Weight: rounded(nameWeight)})
	listed := x.birthsOf(l.entry)
	if code, a, b, weight := bestBirth(s.births, listed); code != "" {
		h.Evidence = append(h.Evidence, Evidence{Code: code, Asked: s.births[a].String(), Listed: listed[b].String(), Weight: rounded(weight)})
	}
	if a, b, weight := x.compareCountries(s.nations, e); weight != 0 {
		code := "nationality_equal"
		if weight < 0 {
			code = "nationality_differs"
		}
		h.Evidence = append(h.Evidence, Evidence{Code: code, Asked: x.countryOf(a, p), Listed: x.countryOf(b, p), Weight: rounded(weight)})
	}
	if weight := compareSex(s.sex, e.sex); weight != 0 {
		code := "sex_equal"
		if weight < 0 {
			code = "sex_differs"
		}
		h.Evidence = append(h.Evidence, Evidence{Code: code, Asked: p.Sex, Listed: string(rune(e.sex)), Weight: rounded(weight)})
	}
	for _, d := range s.papers {
		if d.entry == l.entry {
			asked, listed := &p.Documents[d.hash], &x.papers[d.paper]
			code, weight := compareDocuments(asked, listed)
			h.Evidence = append(h.Evidence, Evidence{Code: code, Asked: asked.Number, Listed: listed.Number, Weight: rounded(weight)})
		}
	}
	return h
}

// countryOf is a country by its number; one that no entry has is the person's own.
func (x *Index) countryOf(n uint16, p *Person) string {
	if n == 0 {
		return p.Countries[0]
	}
	return x.countries[n-1]
}

// plain writes a compound as people do.
func plain(text string) string {
	if !compound(text) {
		return strings.Clone(text)
	}
	if text == "ABD+LLH" {
		return "ABDALLAH"
	}
	return strings.NewReplacer("+?", " ", "+LLH", " ALLAH", "+", " ").Replace(text)
}

func compound(text string) bool { return strings.IndexByte(text, '+') >= 0 }

func rounded(w float32) float64 { return math.Round(float64(w)*100) / 100 }

func absInt(n int) int { return max(n, -n) }
