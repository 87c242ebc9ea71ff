package ber

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Append writes an element whose content are the parts, by the distinguished rules.
func Append(dst []byte, tag uint32, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	switch {
	case tag > 0xFFFF:
		dst = append(dst, byte(tag>>16), byte(tag>>8), byte(tag))
	case tag > 0xFF:
		dst = append(dst, byte(tag>>8), byte(tag))
	default:
		dst = append(dst, byte(tag))
	}
	dst = appendSize(dst, n)
	for _, p := range parts {
		dst = append(dst, p...)
	}
	return dst
}

func appendSize(dst []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(dst, byte(n))
	case n <= 0xFF:
		return append(dst, 0x81, byte(n))
	case n <= 0xFFFF:
		return append(dst, 0x82, byte(n>>8), byte(n))
	case n <= 0xFFFFFF:
		return append(dst, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(dst, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// Of is an element by itself.
func Of(tag uint32, parts ...[]byte) []byte { return Append(nil, tag, parts...) }

// Int is an integer that is not negative.
func Int(n int) []byte { return Big(big.NewInt(int64(n))) }

// Big is an integer that is not negative.
func Big(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return Of(Integer, b)
}

// Identifier is an object identifier, from its dots; nil where it is none.
func Identifier(dots string) []byte {
	arcs := strings.Split(dots, ".")
	if len(arcs) < 2 {
		return nil
	}
	var content []byte
	var first uint64
	for i, arc := range arcs {
		n, err := strconv.ParseUint(arc, 10, 56)
		if err != nil {
			return nil
		}
		switch i {
		case 0:
			first = n * 40
			continue
		case 1:
			n += first
		}
		content = append(content, base128(n)...)
	}
	return Of(OID, content)
}

func base128(n uint64) []byte {
	b := []byte{byte(n & 0x7F)}
	for n >>= 7; n > 0; n >>= 7 {
		b = append([]byte{byte(n&0x7F) | 0x80}, b...)
	}
	return b
}

// Instant is a time as RFC 5280 and RFC 5652 want it: two digits of the year until 2049.
func Instant(t time.Time) []byte {
	if t = t.UTC(); t.Year() >= 1950 && t.Year() < 2050 {
		return Of(UTCTime, []byte(t.Format("060102150405Z")))
	}
	return Of(GeneralTime, []byte(t.Format("20060102150405Z")))
}
