package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestName bounds the work one field can cause, in bytes. The longest real names have some 200.
const longestName = 512

// fold turns a name into upper-case words, one space between them: compatibility forms resolved, marks stripped,
// Latin's own letters and Cyrillic spelled in A to Z, Arabic letters unified, everything else a separator. A name of
// plain capitals comes back as it is, without work.
func fold(s string) string {
	if len(s) > longestName {
		s = s[:longestName]
	}
	if isFolded(s) {
		return s
	}
	s = strings.ToValidUTF8(s, " ")
	if strings.ContainsFunc(s, isForeign) {
		s = inLatin(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	emit := func(letters string) {
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteString(letters)
	}
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r >= 'A' && r <= 'Z':
			emit(asciiUpper[r-'A'])
		case r >= 'a' && r <= 'z':
			emit(asciiUpper[r-'a'])
		case r == '\'' || r == '’' || r == '‘' || r == 'ʿ' || r == 'ʾ' || r == '`' || r == '´' || r == 'ʼ' || r == 'ʻ' || r == '׳':
			// hamza, ain, a French elision: part of the word
		case r == 'ـ' || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			// marks, tatweel, direction marks: nothing
		default:
			if l, ok := spelled[unicode.ToUpper(r)]; ok {
				emit(l)
			} else if l, ok := unified[r]; ok {
				emit(l)
			} else if unicode.IsLetter(r) {
				emit(string(unicode.ToUpper(r)))
			} else {
				gap = true
			}
		}
	}
	return b.String()
}

func isFolded(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			space = false
		case c == ' ' && !space:
			space = true
		default:
			return false
		}
	}
	return !space || s == ""
}

var asciiUpper = func() (a [26]string) {
	for i := range a {
		a[i] = string(rune('A' + i))
	}
	return a
}()

// spelled writes letters that do not decompose in A to Z; Cyrillic as most passports do.
var spelled = map[rune]string{
	'ẞ': "SS", 'ß': "SS", 'Æ': "AE", 'Œ': "OE", 'Ø': "O", 'Đ': "D", 'Ð': "D", 'Þ': "TH", 'Ł': "L", 'Ħ': "H", 'ı': "I", 'İ': "I", 'Ŋ': "NG", 'Ə': "A",
	'А': "A", 'Б': "B", 'В': "V", 'Г': "G", 'Д': "D", 'Е': "E", 'Ж': "ZH", 'З': "Z", 'И': "I", 'К': "K", 'Л': "L", 'М': "M", 'Н': "N", 'О': "O",
	'П': "P", 'Р': "R", 'С': "S", 'Т': "T", 'У': "U", 'Ф': "F", 'Х': "KH", 'Ц': "TS", 'Ч': "CH", 'Ш': "SH", 'Щ': "SHCH", 'Ъ': "", 'Ы': "Y", 'Ь': "",
	'Э': "E", 'Ю': "YU", 'Я': "YA", 'І': "I", 'Є': "YE", 'Ґ': "G", 'Ј': "J", 'Ђ': "DJ", 'Ћ': "C", 'Љ': "LJ", 'Њ': "NJ", 'Џ': "DZ", 'Ў': "U",
}

// unified brings the Arabic letters that Persian, Urdu and careless typing write differently to one form.
var unified = map[rune]string{
	'ٱ': "ا", 'ى': "ى", 'ی': "ي", 'ې': "ي", 'ے': "ي", 'ک': "ك", 'گ': "ك", 'ھ': "ه", 'ہ': "ه", 'ە': "ه", 'ۃ': "ة", 'ء': "", 'ؤ': "و", 'ئ': "ي",
}

// isArabic says whether a folded word is in a script that leaves short vowels out, Arabic or Hebrew, by its first letter.
func isArabic(word string) bool {
	for _, r := range word {
		return r >= 0x0590 && r <= 0x06FF
	}
	return false
}
