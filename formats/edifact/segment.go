package edifact

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// Limits of one segment. The longest that the trade knows (a PNRGOV TXD, IFT or MON at every repetition allowed)
// has some 500 components in 100 elements; what lies beyond is dropped with a fault, so a hostile segment costs its
// scan and nothing more.
const (
	MaxComponents = 4096
	MaxElements   = 1024
)

// MaxSize is the longest file, for offsets are 32-bit inside the reader.
const MaxSize = 1<<31 - 2

// Segment is one segment where it lies in the file. It is the reader's own and changes with the next Scan;
// Clone keeps one. Elements and components are counted from 1, as the standard does: NAD+FL+++ROE:JANE has
// e1:c1 FL, e4:c1 ROE and e4:c2 JANE. What is absent is "".
type Segment struct {
	Tag    string
	Kind   Kind // of the tag
	Offset int  // of the tag's first byte in the file
	Length int  // up to and including the terminator
	Number int  // counted from UNB = 1, as a plain parser counts

	text    string
	count   int     // of elements
	cuts    []int32 // where each component begins; one past the terminator at the end
	elems   []int32 // index in cuts of each element's first component; of the end after the last
	marked  bool    // the separators are in em and all instead: see quick.go
	em, all uint64  // bit k for byte k: before elements; those, before components and the terminator
	key     uint64  // of a marked segment
	dirty   bool    // some component holds a release character, a fold, or something not ASCII
	seps    *Separators
	set     Charset
}

// Elements is how many elements the segment has, empty ones in the middle included.
func (s *Segment) Elements() int {
	if s.marked {
		return bits.OnesCount64(s.em)
	}
	return s.count
}

// Components is how many components an element has: 0 if the element is not there.
func (s *Segment) Components(element int) int {
	if s.marked {
		return s.markedComponents(element)
	}
	if element < 1 || element > s.count {
		return 0
	}
	return int(s.elems[element] - s.elems[element-1])
}

// Element is an element's first component: all of it, where it is not composite.
func (s *Segment) Element(element int) string {
	if s.marked {
		return s.markedElement(element)
	}
	if uint(element-1) >= uint(s.count) {
		return ""
	}
	k := s.elems[element-1]
	v := s.text[s.cuts[k] : s.cuts[k+1]-1]
	if s.dirty {
		return s.clean(v)
	}
	return v
}

// Key is the first component as a number, for a switch that compares no strings: its bytes, the first one lowest. Of
// a longer one it is the first eight, so that it equals no shorter one's.
func (s *Segment) Key() uint64 {
	if s.marked {
		return s.key
	}
	return s.readKey()
}

func (s *Segment) readKey() (n uint64) {
	v := s.Element(1)
	for i := range min(len(v), 8) {
		n |= uint64(v[i]) << (8 * i)
	}
	return n
}

// Second is the second element's first component: Element(2).
func (s *Segment) Second() string {
	if s.marked {
		return s.markedSecond()
	}
	return s.Element(2)
}

// Component is one component, released and in UTF-8.
func (s *Segment) Component(element, component int) string {
	if s.marked {
		return s.markedComponent(element, component)
	}
	if uint(element-1) >= uint(s.count) {
		return ""
	}
	k := s.elems[element-1] + int32(component) - 1
	if component < 1 || k >= s.elems[element] {
		return ""
	}
	v := s.text[s.cuts[k] : s.cuts[k+1]-1]
	if s.dirty {
		return s.clean(v)
	}
	return v
}

// Value is what the first element's qualifier qualifies, and how: its second and third component, the shape of RFF, DTM
// and CNT.
func (s *Segment) Value() (value, format string) {
	if s.marked {
		return s.markedValue()
	}
	return s.Component(1, 2), s.Component(1, 3)
}

// Composite is a whole element with its component separators, released: for free text, in which an unreleased
// separator is a slip and belongs to the text.
func (s *Segment) Composite(element int) string {
	s.cut()
	n := s.Components(element)
	if n == 0 {
		return ""
	}
	first := s.elems[element-1]
	v := s.text[s.cuts[first] : s.cuts[first+int32(n)]-1]
	if s.dirty {
		return s.clean(v)
	}
	return v
}

// Rest is everything from an element on with its separators, released.
func (s *Segment) Rest(element int) string {
	s.cut()
	if element < 1 || element > s.count {
		return ""
	}
	v := s.text[s.cuts[s.elems[element-1]] : s.end()-1]
	if s.dirty {
		return s.clean(v)
	}
	return v
}

// Raw is the segment as it stands in the file, without its terminator.
func (s *Segment) Raw() string {
	s.cut()
	return s.text[s.Offset : s.end()-1]
}

func (s *Segment) end() int32 { return s.cuts[s.elems[s.count]] }

// Place is where a component lies in the file, for masking it byte by byte.
func (s *Segment) Place(element, component int) fault.Range {
	s.cut()
	if component < 1 || component > s.Components(element) {
		return fault.Range{}
	}
	k := s.elems[element-1] + int32(component) - 1
	return fault.Range{Offset: int(s.cuts[k]), Length: int(s.cuts[k+1] - 1 - s.cuts[k])}
}

// PlaceFrom is where everything from an element on lies in the file.
func (s *Segment) PlaceFrom(element int) fault.Range {
	s.cut()
	if element < 1 || element > s.count {
		return fault.Range{}
	}
	from := int(s.cuts[s.elems[element-1]])
	return fault.Range{Offset: from, Length: int(s.end()) - 1 - from}
}

// Fault makes a fault at this segment.
func (s *Segment) Fault(rule, mend, format string, args ...any) fault.Fault {
	message := format
	if len(args) > 0 {
		message = fmt.Sprintf(format, args...)
	}
	return fault.Fault{Offset: s.Offset, Segment: s.Number, Tag: s.Tag, Rule: rule, Message: message, Mend: mend}
}

// Clone keeps the segment beyond the next Scan.
func (s *Segment) Clone() *Segment {
	s.cut()
	c := *s
	c.elems = append([]int32(nil), s.elems[:s.count+1]...)
	c.cuts = append([]int32(nil), s.cuts[:c.elems[s.count]+1]...)
	seps := *s.seps
	c.seps = &seps
	return &c
}

// clean undoes what the wire needed: release characters go and what they released stays, folds and control
// bytes go, and bytes above 7F become UTF-8.
func (s *Segment) clean(v string) string {
	i := 0
	for i < len(v) && v[i] >= ' ' && v[i] <= 0x7F && v[i] != s.seps.Release {
		i++
	}
	if i == len(v) {
		return v
	}
	out := append(make([]byte, 0, len(v)), v[:i]...)
	high := false
	for ; i < len(v); i++ {
		c := v[i]
		if c == s.seps.Release && c != 0 {
			for i++; i < len(v) && (v[i] == '\r' || v[i] == '\n'); i++ {
			}
			if i == len(v) {
				break
			}
			c = v[i]
		}
		if c >= ' ' || c == '\t' {
			out = append(out, c)
			high = high || c > 0x7F
		}
	}
	if high {
		return s.set.decode(out)
	}
	return string(out)
}

// excerpt is a short printable piece of the file for a message to a person.
func excerpt(s string) string {
	const most = 24
	short := s
	if len(short) > most {
		short = short[:most]
	}
	short = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFD || r == 0x7F {
			return '·'
		}
		return r
	}, short)
	if len(s) > most {
		short += "…"
	}
	return short
}
