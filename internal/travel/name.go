package travel

import (
	"slices"
	"strings"
	"unicode"
)

// spoken is a name reduced to what two spellings of one ticket share.
type spoken struct {
	tokens []string // sorted
	glued  string   // all letters in order
	given  string   // the given name glued
	family string   // the surname glued
}

// titles glued to given names by reservation systems; cut only when the other source has the name without.
var titles = []string{"MR", "MRS", "MS", "MISS", "MSTR", "MASTER", "DR", "PROF", "INF", "CHD"}

func speak(surname, given string) spoken {
	s := spoken{family: letters(surname), given: letters(given)}
	s.glued = s.family + s.given
	s.tokens = append(words(surname), words(given)...)
	slices.Sort(s.tokens)
	return s
}

func words(name string) []string {
	f := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == ' ' || r == '-' || r == '/' || r == '<' })
	for i, w := range f {
		f[i] = letters(w)
	}
	return slices.DeleteFunc(f, func(w string) bool { return w == "" })
}

func letters(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 'A' || c > 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// same says that two sources spell one name: the same words in any order or division, or with a title glued on.
func (s *spoken) same(t *spoken) bool {
	if s.glued == "" || t.glued == "" {
		return false
	}
	return s.glued == t.glued || slices.Equal(s.tokens, t.tokens) ||
		s.family == t.family && (untitled(s.given, t.given) || untitled(t.given, s.given))
}

// like says that two sources may speak of one person: same, or one leaves out names the other gives.
func (s *spoken) like(t *spoken) bool {
	if s.same(t) {
		return true
	}
	if s.family == t.family && s.family != "" &&
		(s.given == "" || t.given == "" || strings.HasPrefix(s.given, t.given) || strings.HasPrefix(t.given, s.given)) {
		return true
	}
	short, long := s.tokens, t.tokens
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) < 2 {
		return false
	}
	for _, w := range short {
		if !slices.Contains(long, w) {
			return false
		}
	}
	return true
}

func untitled(with, without string) bool {
	rest, ok := strings.CutPrefix(with, without)
	return ok && without != "" && slices.Contains(titles, rest)
}
