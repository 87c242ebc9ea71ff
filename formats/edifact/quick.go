package edifact

import "math/bits"

// Nearly every segment is short plain text: at most 60 bytes of ASCII, with nothing released and nothing folded.
// Such a segment is not cut byte by byte. Eight bytes at a time its separators are marked in bit sets of one word
// each (bit k for byte k of the segment), from which a component is found with a few shifts. Anything else is left
// to the byte loop, so that every oddity is judged in one place only.

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
	lows  = highs - ones // 7F in each byte: added to a byte of ASCII, it sets the high bit unless the byte is 0
	// printable, added to a byte of ASCII, sets the high bit unless it is a control character.
	printable = 0x60 * ones
	// gather, as a factor, moves the low bit of each byte into the highest byte, in order.
	gather = 0x0102040810204080
)

// window is how much is looked at: the tag and its separator, seven times eight bytes, and the next tag.
const window = 68

// patterns are the separators, eight times each.
type patterns struct{ component, element, release, terminator uint64 }

func (p *patterns) use(s Separators) {
	p.component, p.element = uint64(s.Component)*ones, uint64(s.Element)*ones
	p.terminator = uint64(s.Terminator) * ones
	p.release = uint64(s.Release) * ones
	if s.Release == 0 {
		p.release = p.terminator // found only where the segment ends anyway
	}
}

// load reads eight bytes, the first one lowest.
func load(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load4(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// upTo keeps the first bytes of eight.
var upTo = func() (t [window]uint64) {
	for n := range t {
		t[n] = 1<<(8*n) - 1
	}
	return
}()

// Scan goes to the next segment of the message, between UNH and UNT. When it is false, the message's faults are
// complete: the envelope behind it was read as far as the next message.
//
// A segment that is short and plain, and behind which the next one surely stands, is taken here. Of any other nothing
// has changed when scan gets it.
func (r *Reader) Scan() bool {
	k := &r.scanner
	text, at := k.text, k.pos
	if !r.inside || k.ahead <= UNS || !k.sure || at+window > len(text) {
		return r.scan() // a tag that no message knows is not asked after here
	}
	// At pos stands a tag and an element separator.
	view := text[at : at+window]
	p := &k.patterns
	em, cm := uint64(1)<<3, uint64(0)
	end := 4
	for ; ; end += 8 {
		if end > window-16 {
			return r.scan()
		}
		w := load(view, end)
		// The high bit of a byte is clear where its separator stands. A byte that is not ASCII spoils itself and those
		// behind it, but none before it: the first that is not plain is found rightly.
		e, c, t := w^p.element+lows, w^p.component+lows, w^p.terminator+lows
		odd := ^(t & (w ^ p.release + lows) & (w + printable) &^ w) & highs
		before := (odd&-odd - 1) & highs
		em |= ^e & before >> 7 * gather >> 56 << end
		cm |= ^c & before >> 7 * gather >> 56 << end
		if odd != 0 {
			if (t|w)&odd&-odd != 0 { // something else than the terminator
				return r.scan()
			}
			end += bits.TrailingZeros64(odd) >> 3
			break
		}
	}
	next := at + end + 1
	if text[next] == '\n' {
		next++
	}
	if next+4 <= len(text) && text[next] <= ' ' {
		next = skipBlank(text, next)
	}
	if next+4 > len(text) {
		return r.scan()
	}
	tag := load4(text[next : next+4])
	ahead := kindOf(tag & 0xFFFFFF)
	if byte(tag>>24) != k.seps.Element || ahead == 0 && (next == at+end+1 && names(text[at:at+3]) || !tagAt(text, next)) {
		return r.scan()
	}
	if !k.same {
		k.number++
	}
	k.same, k.truncated = false, false
	s := &k.seg
	s.Tag, s.Kind, s.Offset, s.Length, s.Number = text[at:at+3], k.ahead, at, end+1, k.number
	s.dirty, s.marked = false, true
	all := em | cm | 1<<end
	s.em, s.all = em, all
	s.key = load(view, 4) & upTo[bits.TrailingZeros64(all>>4)]
	k.pos, k.sure, k.ahead = next, true, ahead
	return true
}

// markedElement is markedComponent(element, 1).
func (s *Segment) markedElement(element int) string {
	e := s.em
	for ; element > 1; element-- {
		e &= e - 1
	}
	if e &= -e; e == 0 || element < 1 {
		return ""
	}
	stops := s.all & -(e << 1) // separators behind its own
	return s.text[s.Offset+bits.TrailingZeros64(e)+1 : s.Offset+bits.TrailingZeros64(stops)]
}

// markedComponent finds a component by the bit sets.
func (s *Segment) markedComponent(element, component int) string {
	if component == 1 {
		return s.markedElement(element)
	}
	e := s.em
	for ; element > 1; element-- {
		e &= e - 1
	}
	if e &= -e; e == 0 || element < 1 || component < 1 {
		return ""
	}
	stops := s.all & -(e << 1)
	for ; component > 1; component-- {
		e = stops & -stops
		stops ^= e
		if e&s.em != 0 || stops == 0 { // the element ends, or the segment
			return ""
		}
	}
	return s.text[s.Offset+bits.TrailingZeros64(e)+1 : s.Offset+bits.TrailingZeros64(stops)]
}

// markedSecond is markedComponent(2, 1), which most segments of codes are read by.
func (s *Segment) markedSecond() string {
	e := s.em & (s.em - 1)
	if e == 0 {
		return ""
	}
	from := bits.TrailingZeros64(e) + 1
	stop := s.all & -(e & -e << 1) // separators behind it
	return s.text[s.Offset+from : s.Offset+bits.TrailingZeros64(stop)]
}

// markedComponents counts the components of an element by the bit sets.
func (s *Segment) markedComponents(element int) int {
	e := s.em
	for n := element; n > 1; n-- {
		e &= e - 1
	}
	if e == 0 || element < 1 {
		return 0
	}
	begin := e & -e
	end := e &^ begin
	if end &= -end; end == 0 {
		end = uint64(1) << (bits.Len64(s.all) - 1)
	}
	return bits.OnesCount64(s.all & (end - 1) &^ (begin - 1)) // its own separator and those between components
}

// markedValue is Value by the bit sets.
func (s *Segment) markedValue() (value, format string) {
	stops := s.all &^ 0xF // behind the tag and its separator
	first := stops & -stops
	stops ^= first
	if stops == 0 || first&s.em != 0 {
		return "", ""
	}
	end := bits.TrailingZeros64(stops)
	value = s.text[s.Offset+bits.TrailingZeros64(first)+1 : s.Offset+end]
	if stops &= stops - 1; stops == 0 || s.em>>end&1 != 0 {
		return value, ""
	}
	return value, s.text[s.Offset+end+1 : s.Offset+bits.TrailingZeros64(stops)]
}

// cut turns the bit sets into the tables that the byte loop makes.
func (s *Segment) cut() {
	if !s.marked {
		return
	}
	s.marked = false
	nc, ne := 0, 0
	for all := s.all; all != 0; all &= all - 1 {
		at := bits.TrailingZeros64(all)
		if s.em>>at&1 != 0 {
			s.elems[ne] = int32(nc)
			ne++
		}
		s.cuts[nc] = int32(s.Offset + at + 1)
		nc++
	}
	s.count = ne
	s.elems[ne] = int32(nc - 1) // the last cut is the end
}
