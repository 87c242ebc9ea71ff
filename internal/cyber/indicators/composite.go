package indicators

import (
	"strings"

	"github.com/rihla/rihla/formats/stix/pattern"
)

// Searched is a composite that logs can be searched for: its pattern, and the values of which every line that is a part of
// what it describes holds one.
type Searched struct {
	Pattern *pattern.Pattern
	Parts   []Value
}

// mostParts bounds the values that one pattern has lines searched for.
const mostParts = 1000

// Search reads the pattern of a composite. It answers false where logs cannot be searched for it: it is of another language
// than STIX, a part of it cannot be evaluated or can never match, or a part names no value that a line would show.
func (h *Held) Search() (Searched, bool) {
	if h.Kind != Composite || !strings.HasPrefix(h.Value, "stix ") {
		return Searched{}, false
	}
	if h.searched == nil {
		h.searched = &Searched{}
		for _, c := range h.Claims {
			if c.Pattern != "" { // of one digest: they are all the same
				h.searched.read(c.Pattern)
				break
			}
		}
	}
	return *h.searched, h.searched.Pattern != nil
}

func (s *Searched) read(text string) {
	p, err := pattern.Parse(text)
	if err != nil || len(p.Unsupported) > 0 || len(p.Never) > 0 {
		return
	}
	atoms, ok := p.IndexEach()
	if !ok || len(atoms) > mostParts {
		return
	}
	for _, a := range atoms {
		v := Value{a.Kind, a.Key}
		if Lifetime(a.Kind) == 0 || len(Doubts(v.Kind, v.Value)) > 0 { // no line shows it, or every line does
			return
		}
		s.Parts = append(s.Parts, v)
	}
	s.Pattern = p
}
