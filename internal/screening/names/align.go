package names

import (
	"cmp"
	"slices"
	"strings"
)

// align pairs the words of two names, each at most once and whatever their order, and gives the names' weight of
// evidence. The pairs chosen stay in s.pairs.
func (x *Index) align(s *scratch, places int, l *listedName) float32 {
	pairs := s.pairs[:0]
	for i := range s.asked {
		u := &s.asked[i]
		for j := range l.units {
			v := &l.units[j]
			k, ok := slices.BinarySearchFunc(u.match, v.token, func(m match, t int32) int { return cmp.Compare(m.token, t) })
			if !ok {
				continue
			}
			m := u.match[k]
			w := min(u.weight, v.weight)
			if m.relation == relClose {
				w = max(w-resembles, 0)
			}
			pairs = append(pairs, pairing{asked: uint8(i), listed: uint8(j), gain: m.sim * w, relation: m.relation})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pairing) int { return -cmp.Compare(a.gain, b.gain) })
	var askedUsed, listedUsed uint16
	kept := 0
	var weight float32
	for _, p := range pairs {
		u, v := &s.asked[p.asked], &l.units[p.listed]
		if askedUsed&u.cover != 0 || listedUsed&v.cover != 0 {
			continue
		}
		askedUsed |= u.cover
		listedUsed |= v.cover
		if kept > 0 {
			p.gain *= furtherWord
		}
		weight += p.gain
		pairs[kept] = p
		kept++
	}
	pairs = pairs[:kept]
	if kept == 0 {
		s.pairs = pairs
		return 0
	}
	// What an initial or a cut-off word may stand for is no conflict.
	for i := range places {
		if askedUsed&(1<<i) != 0 {
			continue
		}
		for j := range l.words {
			if listedUsed&(1<<j) != 0 {
				continue
			}
			share := stands(s.asked[i].text, l.words[j].text, i == places-1)
			if share == 0 {
				continue
			}
			relation := relInitial
			if len(s.asked[i].text) > 1 && len(l.words[j].text) > 1 {
				relation = relClose
			}
			gain := share * min(s.asked[i].weight, l.words[j].weight, 4)
			pairs = append(pairs, pairing{asked: uint8(i), listed: uint8(j), gain: gain, relation: relation})
			askedUsed |= 1 << i
			listedUsed |= 1 << j
			weight += gain
			break
		}
	}
	s.pairs = pairs
	return min(weight, mostOfName) - against(s, places, l, askedUsed, listedUsed)
}

// stands says how much of a word an initial, or the beginning of one cut off, is worth.
func stands(asked, listed string, lastAsked bool) float32 {
	switch {
	case asked == "" || listed == "" || asked[0] != listed[0] || asked[0] >= 0x80:
		return 0
	case len(asked) == 1 || len(listed) == 1:
		return 0.3
	case (lastAsked && len(asked) == 3 || len(asked) >= 4) && len(listed) > len(asked) && strings.HasPrefix(listed, asked):
		return 0.6
	}
	return 0
}

// against weighs the words that found no counterpart. A word against another is a conflict; a word too many is how
// names are.
func against(s *scratch, places int, l *listedName, askedUsed, listedUsed uint16) float32 {
	var asked, listed [mostWords]float32
	na, nl := 0, 0
	for i := range places {
		if askedUsed&(1<<i) == 0 {
			asked[na] = s.asked[i].weight
			na++
		}
	}
	for j := range l.words {
		if listedUsed&(1<<j) == 0 {
			listed[nl] = l.words[j].weight
			nl++
		}
	}
	slices.Sort(asked[:na])
	slices.Sort(listed[:nl])
	var total float32
	for na > 0 && nl > 0 {
		na--
		nl--
		total += againstConflict * min(max(asked[na], listed[nl], leastAgainst), mostAgainstWord)
	}
	for _, w := range asked[:na] {
		total += againstExtra * min(w, mostAgainstOdd)
	}
	for _, w := range listed[:nl] {
		total += againstMissing * min(w, mostAgainstOdd)
	}
	return total
}
