package ledger

import (
	"slices"
	"time"
)

// person follows somebody who asked what is held.
func (b *book) person(e *Entry) {
	switch e.Code {
	case "asked":
		if b.redress == nil {
			b.redress = map[string]time.Time{}
		}
		b.redress[e.Thread] = e.At
		if b.in(e.At) {
			b.side.Redress.Asked.N++
		}
	case "answered":
		if b.in(e.At) {
			if asked, known := b.redress[e.Thread]; known {
				b.answers = append(b.answers, e.At.Sub(asked))
			}
			if e.Result == "upheld" {
				b.side.Redress.Upheld.N++
			}
		}
	}
}

// people never shows a small cell, not even at home: few ask, and who reads reports need not know of one.
func (b *book) people() {
	r := b.side.Redress
	r.Asked, r.Upheld = r.Asked.masked(), r.Upheld.masked()
	if n := len(b.answers); n > 0 {
		slices.Sort(b.answers)
		days := int(b.answers[(n-1)/2] / (24 * time.Hour))
		r.MedianDays = &days
	}
}
