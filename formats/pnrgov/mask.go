package pnrgov

import (
	"slices"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/sensitive"
)

// withhold drops a segment's content from an element on: counted by class, its bytes to be masked. Separators stay,
// so the stored copy has the same segments at the same places.
func (d *Decoder) withhold(s *edifact.Segment, class sensitive.Class, from int) {
	d.m.Withheld.Add(class)
	d.maskFrom(s, from)
}

func (d *Decoder) maskFrom(s *edifact.Segment, from int) {
	for e := from; e <= s.Elements(); e++ {
		for c := 1; c <= s.Components(e); c++ {
			d.mask(s.Place(e, c))
		}
	}
}

func (d *Decoder) mask(r fault.Range) {
	if r.Length > 0 {
		d.m.Masks = append(d.m.Masks, r)
	}
}

// hideCards masks card numbers in a text and in the bytes of its segment.
func (d *Decoder) hideCards(s *edifact.Segment, text string) string {
	d.maskCards(s)
	return sensitive.MaskCards(text)
}

// maskCards masks the middle of every card number in a segment.
func (d *Decoder) maskCards(s *edifact.Segment) { d.maskRange(s.PlaceFrom(1)) }

func (d *Decoder) maskRange(r fault.Range) {
	if r.Length == 0 {
		return
	}
	sensitive.CardDigits(d.text[r.Offset:r.Offset+r.Length], d.release(), func(at []int) { d.maskPlaces(r.Offset, at) })
}

// maskDigits masks the middle of what is known to be a card number, whatever its check digit says.
func (d *Decoder) maskDigits(r fault.Range) {
	text := d.text[r.Offset : r.Offset+r.Length]
	if countDigits(text) <= 10 {
		return
	}
	var at []int
	for i := range len(text) {
		if isDigit(text[i]) {
			at = append(at, i)
		}
	}
	d.maskPlaces(r.Offset, at[6:len(at)-4])
}

func (d *Decoder) maskPlaces(offset int, at []int) {
	for i := 0; i < len(at); {
		j := i + 1
		for j < len(at) && at[j] == at[j-1]+1 {
			j++
		}
		d.mask(fault.Range{Offset: offset + at[i], Length: j - i})
		i = j
	}
}

func (d *Decoder) release() byte {
	if in := d.r.Message().Interchange; in != nil {
		return in.Separators.Release
	}
	return 0
}

// merged puts ranges in order and joins those that touch.
func merged(ranges []fault.Range) []fault.Range {
	if len(ranges) < 2 {
		return ranges
	}
	slices.SortFunc(ranges, func(a, b fault.Range) int { return a.Offset - b.Offset })
	out := ranges[:1]
	for _, r := range ranges[1:] {
		last := &out[len(out)-1]
		if r.Offset > last.Offset+last.Length {
			out = append(out, r)
		} else if end := r.Offset + r.Length; end > last.Offset+last.Length {
			last.Length = end - last.Offset
		}
	}
	return out
}

// Mask overwrites ranges of a file, as the copy that is stored shows it.
func Mask(raw []byte, ranges []fault.Range) {
	for _, r := range ranges {
		for i := max(r.Offset, 0); i < min(r.Offset+r.Length, len(raw)); i++ {
			raw[i] = sensitive.Mask
		}
	}
}
