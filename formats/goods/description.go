package goods

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// What can be wrong with a description.
const (
	DescriptionEmpty    = "DESCRIPTION_EMPTY"     // no word at all
	DescriptionVague    = "DESCRIPTION_VAGUE"     // only words that do not describe
	DescriptionShort    = "DESCRIPTION_SHORT"     // one word, and no HS code to help it
	ConsolWithoutHouses = "CONSOL_WITHOUT_HOUSES" // a direct waybill that says it is a consolidation
)

// Description is what a filing says of its goods, with what has to be known to judge it.
type Description struct {
	Text   string
	Joined string   // the same with nothing between the lines of a telex, which cuts inside words; "" when there was one line
	HS     bool     // an HS code of six digits or more stands beside it
	Names  []string // of the parties: a description made of them describes nothing
	Direct bool     // of a waybill that has no houses
}

// Verdict is what is thought of a description. Rule is "" for one that describes.
type Verdict struct {
	Rule  string   `json:"rule,omitempty"`
	Words []string `json:"words,omitempty"` // that do not describe, as they are compared: capitals, in the singular
	Void  bool     `json:"void,omitempty"`  // nothing of it names even a kind of goods: VARIOUS GOODS, but not SPARE PARTS
	Weak  bool     `json:"weak,omitempty"`  // one concrete word saved it: PLASTIC TOYS
}

// Judge weighs a description. An HS code does not make a vague one better, only a short one: the code is the filer's claim
// and the words are what an officer compares it with.
func (d *Description) Judge() Verdict {
	v := d.judge(d.Text)
	if v.Rule == "" && d.Joined != "" && d.Joined != d.Text {
		if joined := d.judge(d.Joined); joined.Rule == DescriptionVague {
			return joined
		}
	}
	return v
}

func (d *Description) judge(text string) Verdict {
	stop := stopWords()
	var v Verdict
	concrete, said, consol, same := 0, 0, false, true
	ws := words(text)
	if isExtension(text) {
		ws = nil
	}
	ws = slimmed(ws, stop)
	var names []string
	for _, name := range d.Names {
		names = append(names, words(name)...)
	}
	v.Void = true
	for i := 0; i < len(ws); {
		said++
		same = same && repeated(ws[i])
		consol = consol || strings.HasPrefix(ws[i], "CONSOL")
		term, void, n := stop.terms.at(ws[i:])
		switch {
		case n > 0:
			v.Words = append(v.Words, term)
			v.Void = v.Void && void
			i += n
			continue
		case slices.Contains(names, ws[i]):
			v.Words = append(v.Words, ws[i])
		case lettered(ws[i]):
			concrete++
		}
		i++
	}
	switch {
	case said == 0 || same || concrete == 0 && len(v.Words) == 0:
		return Verdict{Rule: DescriptionEmpty, Void: true}
	case d.Direct && consol:
		v.Rule, v.Void = ConsolWithoutHouses, false
	case concrete == 0:
		v.Rule = DescriptionVague
	case concrete+len(v.Words) < 2 && !d.HS:
		v.Rule, v.Void = DescriptionShort, false
	default:
		v.Weak, v.Void = concrete == 1 && len(v.Words) > 0, false
	}
	return v
}

// slimmed is a description without its noise: numbers, units, words that bind others.
func slimmed(ws []string, stop *stopList) []string {
	kept := ws[:0]
	for _, w := range ws {
		if !numeral(w) && !stop.noise[w] {
			kept = append(kept, w)
		}
	}
	return kept
}

// repeated tells three or more of one character: XXX.
func repeated(w string) bool {
	first, size := utf8.DecodeRuneInString(w)
	return len(w) >= 3*size && strings.Trim(w, string(first)) == ""
}

// isExtension tells a file's extension that got into the field: .wpx
func isExtension(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) > 1 && len(text) <= 6 && text[0] == '.' && !strings.ContainsAny(text[1:], " .")
}

//go:embed stopwords-en.txt
var englishStops string

//go:embed stopwords-ar.txt
var arabicStops string

// stopList is the words that do not describe, true for those that name nothing at all, and the noise between them.
type stopList struct {
	terms phrases[bool]
	noise map[string]bool
}

// stopWords reads the two files, once.
var stopWords = sync.OnceValue(func() *stopList {
	list := &stopList{noise: map[string]bool{}}
	for _, file := range []string{englishStops, arabicStops} {
		rows(file, func(fields []string) {
			if fields[0] == "noise" {
				for _, w := range words(fields[1]) {
					list.noise[w] = true
				}
			}
		})
	}
	for _, file := range []string{englishStops, arabicStops} {
		rows(file, func(fields []string) {
			if fields[0] != "noise" {
				list.terms.add(strings.Join(slimmed(words(fields[1]), list), " "), fields[0] == "void")
			}
		})
	}
	return list
})

// rows hands out the lines of a data file, split at tabs; comments and empty lines are left out.
func rows(file string, each func(fields []string)) {
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && line[0] != '#' {
			each(strings.Split(line, "\t"))
		}
	}
}

// Version tells which edition of the stop words is in use: the date in the head of its file.
func Version() string {
	const mark = "# date: "
	for line := range strings.Lines(englishStops) {
		if date, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimSpace(date)
		}
	}
	return ""
}
