package goods

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// The kinds of hints.
const (
	Dangerous  = "dangerous"  // carriage rules ask for a handling code
	Controlled = "controlled" // dual use or arms: is a licence needed?
	Precious   = "precious"   // money and what is as good as money
)

// Hint is a question that words or codes raise. It is never an answer.
type Hint struct {
	Kind  string   `json:"kind"`
	ID    string   `json:"id"` // of the row in the hints' file: lithium, category-5
	Class string   `json:"class,omitempty"`
	UN    []string `json:"un,omitempty"`    // numbers of the dangerous goods regulations
	Words []string `json:"words,omitempty"` // of the description that raise it, as they are compared
	Codes []HS     `json:"hs,omitempty"`    // that raise it
	Wants []string `json:"wants,omitempty"` // the handling codes of which one answers it; A+B is both
	Met   string   `json:"met,omitempty"`   // the one that is there
}

// Answered tells that a handling code says what the words hint at.
func (h *Hint) Answered() bool { return h.Met != "" }

// hint is a row of the hints' file.
type hint struct {
	Hint
	headings [][2]string // from, to: of four digits, or two for whole chapters
	byCode   bool        // the code alone raises it
}

//go:embed hints.tsv
var hintFile string

// hintTable is the rows, and the words that lead to them; a word that leads nowhere defuses a shorter one in it.
type hintTable struct {
	rows  []hint
	words phrases[int]
}

const defused = -1

var hints = sync.OnceValue(func() *hintTable {
	t := &hintTable{}
	rows(hintFile, func(f []string) {
		n := defused
		if f[0] != "innocent" {
			n = len(t.rows)
			h := hint{Hint: Hint{Kind: f[0], ID: f[1], Class: f[2], UN: strings.Fields(f[3]), Wants: strings.Fields(f[4])}}
			for code := range strings.FieldsSeq(f[5]) {
				if code == "alone" {
					h.byCode = true
					continue
				}
				from, to, ranged := strings.Cut(code, "-")
				if !ranged {
					to = from
				}
				h.headings = append(h.headings, [2]string{from, to})
			}
			t.rows = append(t.rows, h)
		}
		for _, list := range f[6:] {
			for word := range strings.SplitSeq(list, ";") {
				if word = strings.TrimSpace(word); word != "" {
					t.words.add(word, n)
				}
			}
		}
	})
	return t
})

// Hints are the questions that a consignment raises: by its words, by its codes, and with the handling codes that answer
// them. One that only a code raises is told when the code is narrow enough to mean something by itself.
func Hints(text string, codes []HS, handling []string) (list []Hint) {
	t := hints()
	var at []int // rows, in the order of list
	raised := func(n int) *Hint {
		if i := slices.Index(at, n); i >= 0 {
			return &list[i]
		}
		at = append(at, n)
		list = append(list, t.rows[n].Hint)
		return &list[len(list)-1]
	}
	ws := words(text)
	for i := 0; i < len(ws); {
		term, row, n := t.words.at(ws[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		if row != defused {
			if h := raised(row); !slices.Contains(h.Words, term) {
				h.Words = append(h.Words, term)
			}
		}
	}
	for n := range t.rows {
		if !t.rows[n].byCode && !slices.Contains(at, n) {
			continue
		}
		for _, code := range codes {
			if t.rows[n].covers(code) {
				h := raised(n)
				h.Codes = append(h.Codes, code)
			}
		}
	}
	for i := range list {
		list[i].Met = met(list[i].Wants, handling)
	}
	return list
}

// covers tells a code under one of the row's headings.
func (h *hint) covers(code HS) bool {
	return slices.ContainsFunc(h.headings, func(r [2]string) bool {
		n := len(r[0])
		return len(code) >= n && string(code[:n]) >= r[0] && string(code[:n]) <= r[1]
	})
}

// met is the wanted code that is there.
func met(wants, handling []string) string {
	for _, w := range wants {
		there := true
		for part := range strings.SplitSeq(w, "+") {
			there = there && slices.Contains(handling, part)
		}
		if there {
			return w
		}
	}
	return ""
}
