package names

import (
	"cmp"
	"slices"
	"strings"
)

// Part is one word of a name as those need it who cannot compare, only look up: keys for exact matching are made of it.
type Part struct {
	Text      string   // in A to Z as written, a compound in one, an article with its word; empty for a script without vowels
	Skeletons []string // the consonants of its readings, likeliest first; those of the plainest spelling when it is a known name
	Given     bool     // the name its bearer is called by
	Family    bool     // of the family's name; both when there is only one word
}

// Parts takes a name apart: titles and placeholders out, particles gone.
func (n *Name) Parts() []Part {
	ws, _ := n.words(nil, false)
	parts := make([]Part, 0, len(ws))
	article := ""
	for _, word := range ws {
		if word.particle {
			article = ""
			if articles[word.raw] || sunArticles[word.raw] {
				article = word.raw
			}
			continue
		}
		p := Part{Skeletons: skeletonsOf(word.text), Given: word.role&given != 0, Family: word.role&family != 0}
		if !isArabic(word.raw) {
			p.Text = article + word.raw
		}
		article = ""
		parts = append(parts, p)
	}
	return parts
}

// skeletonsOf a word: every reading once, the likeliest first.
func skeletonsOf(text string) []string {
	t := analyse(text)
	if t.sense != 0 {
		plainest, _, _ := strings.Cut(variants[t.sense-1], " ")
		t = analyse(plainest)
	}
	forms := slices.Clone(t.forms)
	slices.SortStableFunc(forms, func(a, b form) int { return cmp.Compare(a.cost, b.cost) })
	keys := make([]string, 0, len(forms))
	for _, f := range forms {
		if f.key != "" && !slices.Contains(keys, f.key) {
			keys = append(keys, f.key)
		}
	}
	return keys
}
