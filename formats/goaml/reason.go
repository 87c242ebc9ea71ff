package goaml

import (
	"strings"
	"unicode"
)

// Correction tells whether the report mends one that was sent back: then its reference may be one already used.
func (r *Report) Correction() bool { return r.RejectedRefer != "" }

// ReasonDigest is a reason as far as it tells a case: letters and digits in small letters, one blank between words. Reports whose
// stories are equal tell the same, whatever their commas.
func ReasonDigest(reason string) string {
	var b strings.Builder
	gap := false
	for _, c := range reason {
		switch {
		case unicode.IsLetter(c), unicode.IsDigit(c):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(c))
		case unicode.IsMark(c): // Arabic vowels, mostly left out
		default:
			gap = true
		}
	}
	return b.String()
}
