package names

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
)

// Scripts other than Latin, Cyrillic, Arabic and Hebrew are spelled in A to Z before a name is folded: Hangul by the
// rules of its own romanisation, the rest by a table of every sign.

// isForeign says whether a letter is of such a script.
func isForeign(r rune) bool {
	switch {
	case r < 0x0370, r >= 0x1E00 && r < 0x1F00, r >= 0xFB00 && r <= 0xFEFF:
		return false
	case r < 0x0400: // Greek
		return unicode.IsLetter(r)
	case r < 0x0530, r >= 0x0590 && r < 0x0780: // Cyrillic; Hebrew, Arabic, Syriac
		return false
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) // vowel signs of Thai and of India
}

// inLatin spells the letters of other scripts. Of Han and Hangul written in one piece the first sign is the family name,
// as bookings have it, and the rest one given name.
func inLatin(s string) string {
	var b strings.Builder
	sign := 0 // of a piece of Han or Hangul
	for _, r := range s {
		switch {
		case r >= 0xAC00 && r <= 0xD7A3, unicode.Is(unicode.Han, r):
			if sign == 1 {
				b.WriteByte(' ')
			}
			sign++
			if r >= 0xAC00 && r <= 0xD7A3 {
				b.WriteString(hangul(r))
			} else {
				b.WriteString(strings.TrimSpace(unidecode.Unidecode(string(r))))
			}
			continue
		case isForeign(r):
			b.WriteString(unidecode.Unidecode(string(r)))
		default:
			b.WriteRune(r)
		}
		sign = 0
	}
	return b.String()
}

// The sounds of a Hangul syllable, in the order of Unicode's arithmetic, as the Revised Romanization writes them.
var (
	hangulLead  = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	hangulVowel = [...]string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	hangulTail  = [...]string{"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
)

func hangul(r rune) string {
	n := int(r - 0xAC00)
	return hangulLead[n/588] + hangulVowel[n%588/28] + hangulTail[n%28]
}
