package names

import "strings"

// form is one way a token may be read: its consonants by class, and between them what vowels stood there. Spellings of
// one name share a skeleton; the vowels then say JAMAL from JAMIL.
type form struct {
	key   string
	slots string // len(key)+1 masks: the vowels before the first consonant, after it, …
	cost  float32
}

// Vowel classes of a slot. E may stand for A or I; a short vowel that Arabic does not write may be any.
const (
	vowelA byte = 1 << iota
	vowelI
	vowelU
	unwritten
)

// mostForms bounds the readings of one token; G, TH and a final H each have several.
const mostForms = 8

type reading struct {
	key, slots []byte
	cost       float32
}

// skeletons reads a Latin word, letter group by letter group, longest first.
func skeletons(word string) []form {
	rs := []reading{{slots: []byte{0}}}
	n := len(word)
	vowel := func(m byte) {
		for i := range rs {
			rs[i].slots[len(rs[i].slots)-1] |= m
		}
	}
	// either is a consonant that may stand for others too, at a cost each.
	either := func(alternatives string, cost float32) {
		grown := rs
		for a := 1; a < len(alternatives); a++ {
			for _, r := range rs {
				if len(grown) >= mostForms {
					break
				}
				other := r.with(alternatives[a], true)
				other.cost += cost
				grown = append(grown, other)
			}
		}
		for i := range rs {
			grown[i] = rs[i].with(alternatives[0], true)
		}
		rs = grown
	}
	consonant := func(class string) { either(class, 0) }
	for i := 0; i < n; {
		c := word[i]
		next, after := at(word, i+1), at(word, i+2)
		switch {
		case c == 'Y' && i == 0 && isVowel(next):
			consonant("Y")
		case c == 'I' && i == 0 && isVowel(next) && next != 'E':
			consonant("Y")
		case c == 'W' && i == 0:
			either("WF", 0.06) // WALID; WLADIMIR
		case c == 'O' && i == 0 && next == 'U' && isVowel(after):
			consonant("W")
			i++
		case (c == 'I' || c == 'Y') && i == n-1, c == 'E' && next == 'E' && i == n-2, c == 'I' && next == 'E' && i == n-2, c == 'I' && next == 'Y' && i == n-2:
			consonant("Y") // the ending of a nisba, GHAMDI, tells it from GHAMID
			i = n
		case c == 'A':
			vowel(vowelA)
		case c == 'E':
			vowel(vowelA | vowelI)
		case c == 'I' || c == 'Y':
			vowel(vowelI)
		case c == 'O' || c == 'U' || c == 'W':
			vowel(vowelU)
		case c == 'K' && next == 'H':
			either("XKH", 0.06) // KHALED, KALED, HALIT
			i++
		case c == 'G' && next == 'H':
			either("GK", 0.05) // GHADDAFI, QADHAFI
			i++
		case c == 'R' && next == 'H' && i == 0:
			either("GR", 0.02) // RHAZI of the Maghreb
			i++
		case c == 'S' && next == 'C' && after == 'H', c == 'T' && next == 'C' && after == 'H':
			consonant("C")
			i += 2
		case (c == 'S' || c == 'C') && next == 'H':
			consonant("C")
			i++
		case c == 'T' && next == 'H':
			either("TS", 0.05)
			i++
		case c == 'D' && next == 'H':
			either("DZ", 0.02)
			i++
		case c == 'Z' && next == 'H':
			consonant("J")
			i++
		case c == 'P' && next == 'H':
			consonant("F")
			i++
		case c == 'D' && (next == 'J' || next == 'G'):
			consonant("J")
			i++
		case c == 'C' && next == 'K':
			consonant("K")
			i++
		case c == 'C' && (next == 'E' || next == 'I'):
			consonant("S")
		case c == 'F' && i > 0 && word[i-1] == 'O' && (i == n-1 || i == n-2 && next == 'F'):
			consonant("V") // IVANOFF
			i = n
		case c == 'X':
			consonant("K")
			consonant("S")
		case c == 'G':
			either("KJG", 0.01)
		case c == 'J' && i == 0 && isVowel(next):
			either("JY", 0.06) // JUSUF
		case c == 'H' && i == n-1 && i > 0 && (word[i-1] == 'A' || word[i-1] == 'E'):
			// ta marbuta, HAMZAH, or a real H, SALAH: both
			for _, r := range rs {
				if len(rs) < mostForms {
					rs = append(rs, r.with('H', false))
				}
			}
		default:
			if k := class[c]; k != 0 {
				consonant(string(rune(k)))
			}
		}
		i++
	}
	forms := make([]form, 0, len(rs))
	for _, r := range rs {
		forms = addForm(forms, form{key: string(r.key), slots: string(r.slots), cost: r.cost})
	}
	return forms
}

// with adds a consonant. Latin folds one that is doubled, Arabic has written it once already.
func (r reading) with(c byte, folded bool) reading {
	if n := len(r.key); folded && n > 0 && r.key[n-1] == c && r.slots[n] == 0 {
		return r
	}
	key := append(append(make([]byte, 0, len(r.key)+1), r.key...), c)
	slots := append(append(make([]byte, 0, len(r.slots)+1), r.slots...), 0)
	return reading{key, slots, r.cost}
}

func addForm(forms []form, f form) []form {
	for i := range forms {
		if forms[i].key == f.key && forms[i].slots == f.slots {
			return forms
		}
	}
	return append(forms, f)
}

func at(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

func isVowel(c byte) bool { return c != 0 && strings.IndexByte("AEIOUYW", c) >= 0 }

// class of a Latin consonant that stands alone; zero is a letter that is not read.
var class = [256]byte{'B': 'B', 'P': 'B', 'C': 'K', 'K': 'K', 'Q': 'K', 'D': 'D', 'F': 'F', 'V': 'V', 'H': 'H', 'J': 'J', 'L': 'L', 'M': 'M', 'N': 'N',
	'R': 'R', 'S': 'S', 'T': 'T', 'Z': 'Z'}
