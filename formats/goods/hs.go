package goods

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// HS is a code of the Harmonized System without dots: two digits of the chapter, four of the heading, six of the subheading,
// and national ones behind them.
type HS string

// The lengths of a code: six digits are international, messages carry at most eighteen.
const shortestHS, longestHS = 6, 18

// The chapters: 77 is kept for later, 98 and 99 are each state's own.
const lastChapter, reservedChapter, firstNational = 99, 77, 98

// ParseHS reads a code, dots and blanks between its digits left out, and answers whether it can be one.
func ParseHS(s string) (HS, bool) {
	var b [longestHS]byte
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if n == len(b) {
				return "", false
			}
			b[n] = c
			n++
		case c != '.' && c != ' ':
			return "", false
		}
	}
	code := HS(b[:n])
	chapter := code.Chapter()
	return code, n >= shortestHS && chapter >= 1 && chapter <= lastChapter && chapter != reservedChapter
}

// Chapter is 1 to 99; 0 for what is no code.
func (h HS) Chapter() int {
	if len(h) < 2 {
		return 0
	}
	n, err := strconv.Atoi(string(h[:2]))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Heading is the first four digits.
func (h HS) Heading() string { return string(h[:min(4, len(h))]) }

// Subheading is the first six digits, the same in every state.
func (h HS) Subheading() string { return string(h[:min(6, len(h))]) }

// National tells a chapter that each state fills for itself.
func (h HS) National() bool { return h.Chapter() >= firstNational }

// Title says what the chapter holds, in English and in Arabic; "" where no chapter is.
func (h HS) Title() (english, arabic string) {
	t := chapters()[h.Chapter()]
	return t.english, t.arabic
}

// Interest says why the chapter is one that officers look at: security, controls or money; "" for most.
func (h HS) Interest() string { return interests[h.Chapter()] }

// interests are the chapters of cargo.md 4.3.
var interests = map[int]string{
	28: "chemicals", 29: "chemicals", 36: "explosives", 38: "chemicals", 71: "precious metals", 84: "machines", 85: "electronics",
	87: "vehicles", 88: "aircraft", 90: "instruments", 93: "arms",
}

type title struct{ english, arabic string }

//go:embed chapters.tsv
var chapterFile string

var chapters = sync.OnceValue(func() map[int]title {
	list := make(map[int]title, lastChapter)
	rows(chapterFile, func(fields []string) {
		if n, err := strconv.Atoi(fields[0]); err == nil {
			list[n] = title{fields[1], fields[2]}
		}
	})
	return list
})

// Contradiction is a code that no word of the description allows.
type Contradiction struct {
	Got      HS       `json:"hs"`
	Words    []string `json:"words"`    // that say what the goods are
	Expected []int    `json:"expected"` // the chapters they belong to
}

//go:embed keywords.tsv
var keywordFile string

// keyword is what goods of a name can be.
type keyword struct {
	chapters []int
	material bool // the word says of what they are made, not what they are
}

// keywords are words that tell what goods are, and the chapters such goods are in.
var keywords = sync.OnceValue(func() *phrases[keyword] {
	p := &phrases[keyword]{}
	rows(keywordFile, func(fields []string) {
		var k keyword
		for n := range strings.FieldsSeq(fields[0]) {
			if c, err := strconv.Atoi(n); err == nil {
				k.chapters = append(k.chapters, c)
			} else {
				k.material = n == "material"
			}
		}
		for _, list := range fields[1:] {
			for word := range strings.SplitSeq(list, ";") {
				p.add(word, k)
			}
		}
	})
	return p
})

// Contradicts compares a description with its codes. A code contradicts when the words name goods and none of these goods,
// nor what they are made of, can be in its chapter; where no word is known, nothing is said.
func Contradicts(text string, codes []HS) (list []Contradiction) {
	if len(codes) == 0 {
		return nil
	}
	var found []string
	var expected []int
	named := false
	known, ws := keywords(), words(text)
	for i := 0; i < len(ws); {
		term, k, n := known.at(ws[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		named = named || !k.material
		found = append(found, term)
		for _, c := range k.chapters {
			if !slices.Contains(expected, c) {
				expected = append(expected, c)
			}
		}
	}
	if !named {
		return nil
	}
	for _, code := range codes {
		if !slices.Contains(expected, code.Chapter()) && !code.National() {
			list = append(list, Contradiction{code, found, expected})
		}
	}
	return list
}
