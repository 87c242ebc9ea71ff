package edifact

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Charset is the repertoire that UNB S001 declares, as far as it matters to a decoder.
type Charset uint8

// What a syntax identifier can mean. Basic is UNOA, UNOB and the industry's own identifiers: nothing beyond
// ASCII is allowed, so bytes above 7F are read as UTF-8 where they are that, else as ISO 8859-1, with a fault.
const (
	Basic Charset = iota
	UTF8
	Latin1
	Latin2
	Cyrillic
	Greek
	Latin3
	Latin4
	Arabic
	Hebrew
	Latin5
)

var charsets = map[string]Charset{
	"UNOC": Latin1, "UNOD": Latin2, "UNOE": Cyrillic, "UNOF": Greek, "UNOG": Latin3, "UNOH": Latin4,
	"UNOI": Arabic, "UNOJ": Hebrew, "UNOK": Latin5, "UNOW": UTF8, "UNOX": UTF8, "UNOY": UTF8,
}

var charmaps = [...]*charmap.Charmap{
	Latin1: charmap.ISO8859_1, Latin2: charmap.ISO8859_2, Cyrillic: charmap.ISO8859_5, Greek: charmap.ISO8859_7,
	Latin3: charmap.ISO8859_3, Latin4: charmap.ISO8859_4, Arabic: charmap.ISO8859_6, Hebrew: charmap.ISO8859_8,
	Latin5: charmap.ISO8859_9,
}

// decode turns bytes of the declared repertoire into UTF-8. It never fails: what is not valid there is read as
// ISO 8859-1, in which every byte means something.
func (c Charset) decode(b []byte) string {
	if c > UTF8 {
		out := make([]byte, 0, len(b)+len(b)/2)
		for _, x := range b {
			out = utf8.AppendRune(out, charmaps[c].DecodeByte(x))
		}
		return string(out)
	}
	if utf8.Valid(b) {
		return string(b)
	}
	return Latin1.decode(b)
}

// foreign returns the offset in s of the first byte that the repertoire does not have, or -1.
func (c Charset) foreign(s string) int {
	for i := 0; i < len(s); {
		b := s[i]
		if b < 0x80 {
			i++
			continue
		}
		switch {
		case c == Basic:
			return i
		case c == UTF8:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n <= 1 {
				return i
			}
			i += n
		default:
			if b < 0xA0 || charmaps[c].DecodeByte(b) == utf8.RuneError {
				return i
			}
			i++
		}
	}
	return -1
}
