package sensitive

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Match is one revealing run of bytes of a text.
type Match struct{ Start, End int }

// Reveals tells whether a free text reveals what may not be kept: a word of the list in any of its
// languages, whole and whatever its case, or a service code standing in the text ("REQ" and a meal).
func Reveals(text string) bool {
	_, found := next(text, 0)
	return found
}

// Find appends the revealing runs of a text to dst.
func Find(dst []Match, text string) []Match {
	for i := 0; i < len(text); {
		m, found := next(text, i)
		if !found {
			break
		}
		dst = append(dst, m)
		i = m.End
	}
	return dst
}

// next finds the first revealing run at or behind i, which must not be inside a word.
func next(text string, i int) (Match, bool) {
	var w word
	for i < len(text) {
		start, end := scan(text, i, &w)
		if start == end {
			break
		}
		if w.code() {
			return Match{start, end}, true
		}
		if k := w.key(); listed.may(k) {
			for _, e := range words[k] {
				if !e.meets(&w) {
					continue
				}
				if e.then == "" {
					return Match{start, end}, true
				}
				var second word
				if from, to := scan(text, end, &second); from < to && second.is(e.then) {
					return Match{start, to}, true
				}
			}
		}
		i = end
	}
	return Match{}, false
}

// word is one word of a text, folded: lower case, accents and vowel signs gone, letters only. What
// exceeds the buffer is longer than any listed word and only its beginning counts, for the stems.
type word struct {
	buf   [32]byte
	n     int
	ascii bool
}

func (w *word) text() []byte { return w.buf[:w.n] }

func (w *word) is(s string) bool { return string(w.text()) == s }

// key packs a word's first four bytes; words of the list are looked up by it.
func (w *word) key() uint32 { return key(w.buf[:4], w.n) }

func key(b []byte, n int) uint32 {
	var k uint32
	for i := 0; i < 4 && i < n; i++ {
		k = k<<8 | uint32(b[i])
	}
	return k
}

// scan reads the next word at or behind i. Letters of any script make words; everything else parts them.
func scan(text string, i int, w *word) (start, end int) {
	for {
		w.n, w.ascii = 0, true
		for i < len(text) && text[i] < utf8.RuneSelf && !letter(upper(text[i])) {
			i++
		}
		start = i
		for i < len(text) {
			c := text[i]
			if c < utf8.RuneSelf {
				if !letter(upper(c)) {
					break
				}
				if w.n < len(w.buf) {
					w.buf[w.n] = c | 0x20
					w.n++
				}
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				r = rune(c) // a byte of ISO 8859-1 that nobody converted
			}
			if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
				break
			}
			w.ascii = false
			w.fold(r)
			i += size
		}
		if start < i || i >= len(text) {
			return start, i
		}
		_, size := utf8.DecodeRuneInString(text[i:]) // a sign outside ASCII that is no letter
		i += size
	}
}

// fold appends one letter outside ASCII in the form the list is written in.
func (w *word) fold(r rune) {
	var out rune
	switch r = unicode.ToLower(r); {
	case unicode.Is(unicode.Mn, r), r == 'ـ': // vowel signs, combining accents, tatweel
		return
	case r < 0x180:
		if s := unaccented(r); s != "" {
			w.n += copy(w.buf[w.n:], s)
			return
		}
		out = r
	case r == 'أ' || r == 'إ' || r == 'آ' || r == 'ٱ':
		out = 'ا'
	case r == 'ة':
		out = 'ه'
	case r == 'ى' || r == 'ی' || r == 'ئ':
		out = 'ي'
	case r == 'ؤ':
		out = 'و'
	case r == 'ک':
		out = 'ك'
	case r == 'ء':
		return
	default:
		out = r
	}
	if w.n+utf8.UTFMax <= len(w.buf) {
		w.n += utf8.EncodeRune(w.buf[w.n:], out)
	}
}

// unaccented gives the plain letters of a Latin letter, "" where it has none.
func unaccented(r rune) string {
	switch {
	case strings.ContainsRune("àáâãäåāăą", r):
		return "a"
	case strings.ContainsRune("çćĉċč", r):
		return "c"
	case strings.ContainsRune("èéêëēĕėęě", r):
		return "e"
	case strings.ContainsRune("ìíîïĩīĭįı", r):
		return "i"
	case strings.ContainsRune("ñńņň", r):
		return "n"
	case strings.ContainsRune("òóôõöøōŏő", r):
		return "o"
	case strings.ContainsRune("ùúûüũūŭůűų", r):
		return "u"
	case strings.ContainsRune("ýÿ", r):
		return "y"
	case r == 'œ':
		return "oe"
	case r == 'æ':
		return "ae"
	case r == 'ß':
		return "ss"
	}
	return ""
}

// code tells that the word is a service code, alone or glued as senders do in text: SSR before it, the
// carrier and the action status behind it.
func (w *word) code() bool {
	if !w.ascii || w.n < 4 {
		return false
	}
	b := w.text()
	if len(b) > 4 && string(b[:3]) == "ssr" {
		b = b[3:]
	}
	if len(b) != 4 && !(len(b) == 6 || len(b) == 8) || len(b) > 4 && !action(b[len(b)-2], b[len(b)-1]) {
		return false
	}
	if string(b[:4]) == "html" {
		return false
	}
	return of([4]byte{upper(b[0]), upper(b[1]), upper(b[2]), upper(b[3])}) != None
}

// action tells the action and status codes that follow a service code in text.
func action(a, b byte) bool {
	switch string([]byte{a, b}) {
	case "hk", "hl", "hn", "kk", "kl", "ll", "nn", "no", "pa", "pn", "rr", "tk", "tl", "tn", "uc", "un", "us", "uu", "xx", "hx", "gk", "gl", "ss":
		return true
	}
	return false
}

// entry is one listed word.
type entry struct {
	word string
	stem bool   // the word may go on
	then string // the word that must follow
}

func (e *entry) meets(w *word) bool {
	if e.stem {
		return strings.HasPrefix(string(w.text()), e.word)
	}
	return w.is(e.word)
}

// listed answers for nearly every word of a text that no listed word begins so, without a look into the map.
var listed = sieve(words)

type filter [1024]uint64

func (f *filter) may(k uint32) bool {
	h := k * 0x9E3779B1 >> 16
	return f[h>>6]&(1<<(h&63)) != 0
}

func sieve(words map[uint32][]entry) (f filter) {
	for k := range words {
		h := k * 0x9E3779B1 >> 16
		f[h>>6] |= 1 << (h & 63)
	}
	return f
}

// words is the list by the first four bytes of each word.
var words = compile(english, french, spanish, arabic)

func compile(lists ...string) map[uint32][]entry {
	m := make(map[uint32][]entry)
	for _, list := range lists {
		for _, item := range strings.Fields(list) {
			first, then, _ := strings.Cut(item, "_")
			first, stem := strings.CutSuffix(first, "*")
			e := entry{word: folded(first), stem: stem, then: folded(then)}
			k := key([]byte(e.word), len(e.word))
			m[k] = append(m[k], e)
		}
	}
	return m
}

// folded writes a listed word as words of a text are compared.
func folded(s string) string {
	var w word
	scan(s, 0, &w)
	return string(w.text())
}
