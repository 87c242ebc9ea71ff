package goods

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText is as much of a text as is looked at: far beyond the longest description any format carries.
const maxText = 4096

// words are the words of a text as they are compared: capitals without marks, in the singular; Arabic without vowel signs,
// article and forms of one letter. Digits alone are words too.
func words(text string) []string {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	list := strings.FieldsFunc(fold(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	for i, w := range list {
		list[i] = singular(w)
	}
	return list
}

// fold writes capitals without marks.
func fold(text string) string {
	ascii, plain := true, true
	for i := range len(text) {
		c := text[i]
		ascii = ascii && c < utf8.RuneSelf
		plain = plain && (c < 'a' || c > 'z')
	}
	if ascii {
		if plain {
			return text
		}
		return strings.ToUpper(text)
	}
	var s strings.Builder
	s.Grow(len(text))
	for _, c := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, c) || c == 'ـ': // marks, vowel signs, the stretched line
		case c == 'ى' || c == 'ئ':
			s.WriteRune('ي')
		case c == 'ؤ':
			s.WriteRune('و')
		case c == 'ة':
			s.WriteRune('ه')
		case c == 'ء': // written or left out as it pleases
		default:
			s.WriteRune(unicode.ToUpper(c))
		}
	}
	return s.String()
}

// singular takes the plural off an English word, and article and conjunction off an Arabic one. It need not be right, only
// do the same to both sides of a comparison.
func singular(w string) string {
	if c, _ := utf8.DecodeRuneInString(w); c >= utf8.RuneSelf {
		return bare(w)
	}
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "IES"):
		return w[:n-3] + "Y"
	case n > 4 && (strings.HasSuffix(w, "XES") || strings.HasSuffix(w, "SSES") || strings.HasSuffix(w, "CHES") || strings.HasSuffix(w, "SHES")):
		return w[:n-2]
	case n > 3 && w[n-1] == 'S' && w[n-2] != 'S':
		return w[:n-1]
	}
	return w
}

// bare is an Arabic word without what is written on to its front: and, the, for the.
func bare(w string) string {
	const shortest = 3 // letters that have to be left, or the front belongs to the word
	for _, front := range []string{"وال", "بال", "لل", "ال"} {
		if rest, ok := strings.CutPrefix(w, front); ok && utf8.RuneCountInString(rest) >= shortest {
			return rest
		}
	}
	return w
}

// numeral tells a word of digits.
func numeral(w string) bool {
	for _, c := range w {
		if !unicode.IsDigit(c) {
			return false
		}
	}
	return true
}

// lettered tells a word with at least two letters.
func lettered(w string) bool {
	n := 0
	for _, c := range w {
		if unicode.IsLetter(c) {
			n++
		}
	}
	return n >= 2
}

// phrases finds terms of one word or several in a text. It is built once from a file and then only read.
type phrases[T any] struct {
	byFirst map[string][]term[T] // by their first word, the longest first
}

type term[T any] struct {
	text  string
	rest  []string // the words behind the first
	means T
}

// add files a term as it is compared.
func (p *phrases[T]) add(text string, means T) {
	ws := words(text)
	if len(ws) == 0 {
		return
	}
	if p.byFirst == nil {
		p.byFirst = map[string][]term[T]{}
	}
	list := append(p.byFirst[ws[0]], term[T]{strings.Join(ws, " "), ws[1:], means})
	slices.SortStableFunc(list, func(a, b term[T]) int { return len(b.rest) - len(a.rest) })
	p.byFirst[ws[0]] = list
}

// at is the longest term that begins with the first of these words, and how many it takes; 0 for none.
func (p *phrases[T]) at(ws []string) (text string, means T, n int) {
	for _, t := range p.byFirst[ws[0]] {
		if len(t.rest) < len(ws) && slices.Equal(t.rest, ws[1:1+len(t.rest)]) {
			return t.text, t.means, 1 + len(t.rest)
		}
	}
	return "", means, 0
}
