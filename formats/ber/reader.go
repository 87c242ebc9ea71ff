package ber

import (
	"math/big"
	"strconv"
	"time"

	"github.com/rihla/rihla/formats/fault"
)

// Reader reads elements one after the other. Its first fault sticks: what is read after it is empty.
type Reader struct {
	rest   []byte
	offset int
	fault  *fault.Fault
}

// NewReader reads elements that stand one after the other.
func NewReader(raw []byte) *Reader { return &Reader{rest: raw} }

// Err is the first fault, a *fault.Fault, or nil.
func (r *Reader) Err() error {
	if r.fault == nil {
		return nil
	}
	return r.fault
}

// More tells whether anything is left to be read, and nothing was wrong so far.
func (r *Reader) More() bool { return r.fault == nil && len(r.rest) > 0 }

// Offset is where the next element begins.
func (r *Reader) Offset() int { return r.offset }

// Fail makes something that the caller found wrong with an element the reader's fault.
func (r *Reader) Fail(at Element, rule, format string, args ...any) {
	if r.fault == nil {
		r.fault = wrong(at.Offset, rule, "", format, args...)
	}
}

// Join takes over another reader's fault: one that read inside an element of this one.
func (r *Reader) Join(inner *Reader) {
	if r.fault == nil {
		r.fault = inner.fault
	}
}

// Next takes the next element, whatever it is.
func (r *Reader) Next() Element {
	if r.fault != nil {
		return Element{Offset: r.offset}
	}
	e, rest, f := read(r.rest, r.offset, 0)
	if f != nil {
		r.fault, r.rest = f, nil
		return Element{Offset: r.offset}
	}
	r.offset += len(r.rest) - len(rest)
	r.rest = rest
	return e
}

// Peek is the next element's tag; 0 where there is none.
func (r *Reader) Peek() uint32 {
	if r.fault != nil || len(r.rest) == 0 {
		return 0
	}
	tag, _, f := identifier(r.rest, r.offset)
	if f != nil {
		return 0
	}
	return tag
}

// Take takes the next element, which must have this tag; what names it for people.
func (r *Reader) Take(tag uint32, what string) Element {
	if r.fault == nil && len(r.rest) == 0 {
		r.fault = wrong(r.offset, "missing", "", "%s is missing", what)
	}
	e := r.Next()
	if r.fault == nil && e.Tag != tag {
		r.fault = wrong(e.Offset, "tag", "", "%s begins with %X, not with %X", what, e.Tag, tag)
	}
	if r.fault != nil {
		return Element{Offset: e.Offset}
	}
	return e
}

// Optional takes the next element if it has this tag.
func (r *Reader) Optional(tag uint32) (Element, bool) {
	if r.Peek() != tag {
		return Element{}, false
	}
	e := r.Next()
	return e, r.fault == nil
}

// Enter takes the next element, which must have this tag, and reads inside it. The inner reader starts with this one's
// fault; take its own over with [Reader.Join].
func (r *Reader) Enter(tag uint32, what string) *Reader {
	e := r.Take(tag, what)
	inner := e.Inside()
	inner.fault = r.fault
	return inner
}

// OID takes an object identifier, in dots.
func (r *Reader) OID(what string) string {
	e := r.Take(OID, what)
	if r.fault != nil {
		return ""
	}
	s, ok := dotted(e.Content)
	if !ok {
		r.Fail(e, "oid", "%s is no object identifier", what)
	}
	return s
}

// dotted writes an object identifier. Arcs beyond 63 bits are not ours to meet.
func dotted(content []byte) (string, bool) {
	if len(content) == 0 || len(content) > 64 || content[len(content)-1]&0x80 != 0 {
		return "", false
	}
	var out []byte
	var arc uint64
	for _, c := range content {
		if arc > 1<<56-1 {
			return "", false
		}
		arc = arc<<7 | uint64(c&0x7F)
		if c&0x80 != 0 {
			continue
		}
		if out == nil {
			first := min(arc/40, 2)
			out = append(strconv.AppendUint(out, first, 10), '.')
			arc -= first * 40
		} else {
			out = append(out, '.')
		}
		out = strconv.AppendUint(out, arc, 10)
		arc = 0
	}
	return string(out), true
}

// Int takes an integer that must be small and not negative.
func (r *Reader) Int(what string) int {
	e := r.Take(Integer, what)
	if r.fault != nil {
		return 0
	}
	if len(e.Content) == 0 || len(e.Content) > 4 || e.Content[0]&0x80 != 0 {
		r.Fail(e, "integer", "%s is no number between 0 and 2^31", what)
		return 0
	}
	n := 0
	for _, c := range e.Content {
		n = n<<8 | int(c)
	}
	return n
}

// Number takes an integer of any size, its bytes as they stand.
func (r *Reader) Number(what string) []byte {
	e := r.Take(Integer, what)
	if r.fault == nil && len(e.Content) == 0 {
		r.Fail(e, "integer", "%s has no digits", what)
	}
	return e.Content
}

// Big takes an integer that must not be negative.
func (r *Reader) Big(what string) *big.Int {
	e := r.Take(Integer, what)
	if r.fault == nil && (len(e.Content) == 0 || e.Content[0]&0x80 != 0) {
		r.Fail(e, "integer", "%s is no positive number", what)
	}
	return new(big.Int).SetBytes(e.Content)
}

// Octets takes an octet string, put together where it was sent in pieces.
func (r *Reader) Octets(what string) []byte {
	e := r.Next()
	if r.fault != nil {
		return nil
	}
	switch e.Tag {
	case OctetString:
		return e.Content
	case OctetString | 0x20:
		return r.pieces(e, what)
	}
	r.fault = wrong(e.Offset, "tag", "", "%s begins with %X, it should be an octet string", what, e.Tag)
	return nil
}

func (r *Reader) pieces(e Element, what string) []byte {
	var all []byte
	in := e.Inside()
	for in.More() {
		all = append(all, in.Take(OctetString, what).Content...)
	}
	r.Join(in)
	return all
}

// Bits takes a bit string of whole bytes.
func (r *Reader) Bits(what string) []byte {
	e := r.Take(BitString, what)
	if r.fault != nil {
		return nil
	}
	if len(e.Content) == 0 || e.Content[0] != 0 {
		r.Fail(e, "bits", "%s is no bit string of whole bytes", what)
		return nil
	}
	return e.Content[1:]
}

// Time takes a time in either form, with seconds or without, in UTC or with an offset.
func (r *Reader) Time(what string) time.Time {
	e := r.Next()
	if r.fault != nil {
		return time.Time{}
	}
	forms := []string{"20060102150405Z0700", "200601021504Z0700", "20060102150405.999Z0700"}
	if e.Tag == UTCTime {
		forms = []string{"060102150405Z0700", "0601021504Z0700"}
	} else if e.Tag != GeneralTime {
		r.fault = wrong(e.Offset, "tag", "", "%s begins with %X, it should be a time", what, e.Tag)
		return time.Time{}
	}
	for _, form := range forms {
		t, err := time.Parse(form, string(e.Content))
		if err != nil {
			continue
		}
		// Two-digit years run from 1950 to 2049 (RFC 5280, 4.1.2.5.1); time.Parse turns in 1969.
		if e.Tag == UTCTime && t.Year() >= 2050 {
			t = t.AddDate(-100, 0, 0)
		}
		return t.UTC()
	}
	r.Fail(e, "time", "%s is %.30q, which is no time", what, e.Content)
	return time.Time{}
}

// Over ends a reading: nothing may be left.
func (r *Reader) Over(what string) {
	if r.fault == nil && len(r.rest) > 0 {
		r.fault = wrong(r.offset, "trailing", "", "%d bytes follow the end of %s", len(r.rest), what)
	}
}
