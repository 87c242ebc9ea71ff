package names

import (
	"cmp"
	"strings"
)

// Relations of two words, best first; the API's words.
const (
	equal     = "equal"
	variant   = "variant"
	closeTo   = "close"
	initial   = "initial"
	cutOff    = "cut"
	differs   = "differs"
	unmatched = "unmatched"
)

type relation uint8

const (
	relNone relation = iota
	relDiffers
	relInitial
	relCut
	relClose
	relVariant
	relEqual
)

var relationWords = [...]string{unmatched, differs, initial, cutOff, closeTo, variant, equal}

// similar compares two tokens: 1 is the same word, 0 is nothing in common worth counting. Weak likenesses do not add up.
func similar(a, b *token) (float32, relation) {
	if a.text == b.text {
		return 1, relEqual
	}
	if a.sense != 0 && a.sense == b.sense {
		return 0.96, relVariant
	}
	var best float32
	for i := range a.forms {
		for j := range b.forms {
			if a.forms[i].key == b.forms[j].key {
				best = max(best, vowelsAgree(a.forms[i].slots, b.forms[j].slots)-a.forms[i].cost-b.forms[j].cost)
			}
		}
	}
	if a.latin && b.latin {
		if d := absInt(len(a.text) - len(b.text)); d > 2 {
			best -= 0.08 * float32(d-2) // SHIYUHUA has the consonants of SHEHU
		}
	}
	if a.latin && b.latin && min(len(a.text), len(b.text)) <= 3 {
		best = min(best, 0.75) // a short word's spellings are other names
	}
	if best >= leastVariant {
		return best, relVariant
	}
	if a.latin && b.latin {
		if s := typed(a.text, b.text); s > best {
			best = s
		}
		if a.bare != "" && b.bare != "" || a.bare != "" && len(a.bare) > 3 || b.bare != "" && len(b.bare) > 3 {
			if s := typed(cmp.Or(a.bare, a.text), cmp.Or(b.bare, b.text)); s > best {
				best = s
			}
		}
		if len(b.text) == 1 && len(a.text) > 1 && a.text[0] == b.text[0] {
			return w.initial, relInitial
		}
	}
	if best < 0.75 {
		best = max(best, misspelt(a, b))
	}
	if best < 0.4 {
		return 0, relNone
	}
	return best, relClose
}

// leastVariant is a likeness from which two words are spellings of one name; no typing error comes near it.
const leastVariant = 0.88

// vowelsAgree grades two readings of one skeleton by what stands between its consonants. A short vowel is hardly
// evidence; another long one, JAMAL and JAMIL, is another name.
func vowelsAgree(a, b string) float32 {
	if len(a) != len(b) {
		return 0
	}
	short := len(a) <= 3 // two consonants or fewer: the vowels are half of the word
	s := float32(0.97)
	for i := range len(a) {
		x, y := a[i]&^unwritten, b[i]&^unwritten
		free := x == 0 && a[i]&unwritten != 0 || y == 0 && b[i]&unwritten != 0
		switch {
		case x == y || free:
		case x == 0 || y == 0:
			switch {
			case short && i == 0:
				s -= 0.25
			case short:
				s -= 0.06
			case i == 0:
				s -= 0.06
			case i == len(a)-1:
				s -= 0.04
			default:
				s -= 0.01
			}
		case x&y != 0:
			if short {
				s -= 0.03
			} else {
				s -= 0.01
			}
		default:
			s -= 0.42
		}
	}
	return max(s, 0)
}

// typed compares two Latin words as typing errors of one another.
func typed(a, b string) float32 {
	shorter := min(len(a), len(b))
	if shorter < 4 || len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 0
	}
	limit := 1
	if shorter >= 7 {
		limit = 2
	}
	d := edits(a, b, limit)
	switch {
	case d > limit:
		return 0
	case d == 2:
		return 0.68
	case shorter == 4:
		return 0.6
	case a[0] != b[0]:
		return 0.74
	}
	return 0.84
}

// misspelt compares skeletons that are one edit apart: a typing error on top of another spelling.
func misspelt(a, b *token) float32 {
	for i := range a.forms {
		for j := range b.forms {
			x, y := a.forms[i].key, b.forms[j].key
			if len(x) < 4 || len(y) < 4 || len(x)-len(y) > 1 || len(y)-len(x) > 1 || x[0] != y[0] {
				continue
			}
			if strings.HasSuffix(x, "Y") != strings.HasSuffix(y, "Y") {
				continue // HASAN is not a typing error of HASANI
			}
			if edits(x, y, 1) == 1 {
				if min(len(x), len(y)) >= 5 {
					return 0.66
				}
				return 0.56
			}
		}
	}
	return 0
}

// edits counts insertions, deletions, substitutions and exchanges of neighbours, and stops above limit.
func edits(a, b string, limit int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return len(b)
	}
	if len(b)-len(a) > limit {
		return limit + 1
	}
	var rows [3][longestWord + 1]uint8
	if len(b) > longestWord {
		return limit + 1
	}
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		above[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = uint8(i)
		least := row[0]
		for j := 1; j <= len(b); j++ {
			cost := uint8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			v := min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, before[j-2]+1)
			}
			row[j] = v
			least = min(least, v)
		}
		if int(least) > limit {
			return limit + 1
		}
		before, above, row = above, row, before
	}
	return int(above[len(b)])
}

// longestWord that is compared letter by letter; longer ones are equal or are not.
const longestWord = 48
