package ber

import (
	"fmt"

	"github.com/rihla/rihla/formats/fault"
)

// Element is a tag, a length and what they frame. Raw and Content alias what was read.
type Element struct {
	Tag     uint32 // the identifier's bytes as they stand: 0x30, 0x77, 0x5F1F
	Offset  int    // of the identifier
	Raw     []byte // all of it
	Content []byte
}

// Constructed tells whether elements stand inside.
func (e *Element) Constructed() bool {
	t := e.Tag
	for t > 0xFF {
		t >>= 8
	}
	return t&0x20 != 0
}

// Inside reads what the element frames.
func (e *Element) Inside() *Reader {
	return &Reader{rest: e.Content, offset: e.Offset + e.head()}
}

// head is the length of identifier and length. Content lies in Raw, and its capacity ends where Raw's does.
func (e *Element) head() int { return cap(e.Raw) - cap(e.Content) }

func wrong(offset int, rule, mend, format string, args ...any) *fault.Fault {
	return &fault.Fault{Offset: offset, Rule: rule, Strict: true, Message: fmt.Sprintf(format, args...), Mend: mend}
}

const readAgain = "read the file again, whole"

// Parse reads bytes that are one element, and nothing after it but zeros: chips give blocks filled up with them. The
// error is a *fault.Fault.
func Parse(raw []byte) (Element, error) {
	e, rest, f := read(raw, 0, 0)
	if f != nil {
		return Element{}, f
	}
	for i, c := range rest {
		if c != 0 {
			return Element{}, wrong(len(e.Raw)+i, "trailing", "cut the file where its first element ends", "%d bytes follow the end of the element", len(rest)-i)
		}
	}
	return e, nil
}

// read takes the first element off.
func read(raw []byte, offset, depth int) (Element, []byte, *fault.Fault) {
	tag, n, f := identifier(raw, offset)
	if f != nil {
		return Element{}, nil, f
	}
	length, m, f := size(raw[n:], offset+n)
	if f != nil {
		return Element{}, nil, f
	}
	head := n + m
	e := Element{Tag: tag, Offset: offset}
	if length < 0 { // until two zero bytes
		if !e.Constructed() {
			return e, nil, wrong(offset, "length", readAgain, "an element that holds no others has no length")
		}
		end, f := open(raw[head:], offset+head, depth+1)
		if f != nil {
			return e, nil, f
		}
		e.Raw = raw[:head+end+2]
		e.Content = e.Raw[head : head+end]
		return e, raw[head+end+2:], nil
	}
	if length > len(raw)-head {
		return e, nil, wrong(offset, "truncated", readAgain, "the element %X says it has %d bytes, %d are left", tag, length, len(raw)-head)
	}
	e.Raw = raw[:head+length]
	e.Content = e.Raw[head:]
	return e, raw[head+length:], nil
}

// open finds where an element without a length ends.
func open(raw []byte, offset, depth int) (int, *fault.Fault) {
	if depth > MaxDepth {
		return 0, wrong(offset, "depth", "", "elements without a length stand in one another more than %d deep", MaxDepth)
	}
	rest := raw
	for {
		at := len(raw) - len(rest)
		if len(rest) >= 2 && rest[0] == 0 && rest[1] == 0 {
			return at, nil
		}
		if len(rest) == 0 {
			return 0, wrong(offset+at, "truncated", readAgain, "an element without a length does not end")
		}
		var f *fault.Fault
		if _, rest, f = read(rest, offset+at, depth); f != nil {
			return 0, f
		}
	}
}

// identifier reads a tag of up to three bytes: no standard we read has longer ones.
func identifier(raw []byte, offset int) (tag uint32, n int, f *fault.Fault) {
	if len(raw) == 0 {
		return 0, 0, wrong(offset, "truncated", readAgain, "nothing is left where an element begins")
	}
	tag = uint32(raw[0])
	if raw[0]&0x1F != 0x1F {
		return tag, 1, nil
	}
	for n = 1; n < 3 && n < len(raw); n++ {
		tag = tag<<8 | uint32(raw[n])
		if raw[n]&0x80 == 0 {
			return tag, n + 1, nil
		}
	}
	if n == len(raw) {
		return 0, 0, wrong(offset, "truncated", readAgain, "the file ends in a tag")
	}
	return 0, 0, wrong(offset, "tag", "", "a tag has more than three bytes")
}

// size reads a length; -1 is one that is not known beforehand.
func size(raw []byte, offset int) (length, n int, f *fault.Fault) {
	if len(raw) == 0 {
		return 0, 0, wrong(offset, "truncated", readAgain, "the file ends before a length")
	}
	switch c := raw[0]; {
	case c < 0x80:
		return int(c), 1, nil
	case c == 0x80:
		return -1, 1, nil
	default:
		n = int(c & 0x7F)
	}
	if n >= len(raw) {
		return 0, 0, wrong(offset, "truncated", readAgain, "the file ends in a length")
	}
	for _, c := range raw[1 : 1+n] {
		if length = length<<8 | int(c); length > MaxLength {
			return 0, 0, wrong(offset, "length", readAgain, "a length is greater than %d", MaxLength)
		}
	}
	return length, n + 1, nil
}
