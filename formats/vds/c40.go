package vds

import "strings"

// C40 packs three characters into two bytes (ISO/IEC 16022; Doc 9303-13, 2.6). Only its first set is used: digits,
// capitals and space. 0 fills up; 254 says that the next byte is one character by itself.
const (
	single = 254
	filler = 0
)

func c40value(c byte) (int, bool) {
	switch {
	case c == ' ' || c == '<':
		return 3, true
	case c >= '0' && c <= '9':
		return int(c-'0') + 4, true
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 14, true
	}
	return 0, false
}

// appendC40 packs a string; what the set does not have is a space.
func appendC40(dst []byte, s string) []byte {
	values := make([]int, len(s))
	for i := range len(s) {
		v, ok := c40value(s[i])
		if !ok {
			v = 3
		}
		values[i] = v
	}
	for len(values) >= 3 {
		dst = appendThree(dst, values[0], values[1], values[2])
		values = values[3:]
	}
	switch len(values) {
	case 2:
		dst = appendThree(dst, values[0], values[1], filler)
	case 1:
		c := s[len(s)-1]
		if _, ok := c40value(c); !ok || c == '<' {
			c = ' '
		}
		dst = append(dst, single, c+1)
	}
	return dst
}

func appendThree(dst []byte, a, b, c int) []byte {
	u := 1600*a + 40*b + c + 1
	return append(dst, byte(u>>8), byte(u))
}

// c40 unpacks a string. It is false where the bytes pack none of the set.
func c40(raw []byte) (string, bool) {
	if len(raw)%2 != 0 {
		return "", false
	}
	var b strings.Builder
	for ; len(raw) > 0; raw = raw[2:] {
		if raw[0] == single {
			if _, ok := c40value(raw[1] - 1); !ok || len(raw) > 2 {
				return "", false
			}
			b.WriteByte(raw[1] - 1)
			continue
		}
		u := int(raw[0])<<8 | int(raw[1]) - 1
		if u < 0 {
			return "", false
		}
		for i, v := range [3]int{u / 1600, u / 40 % 40, u % 40} {
			switch {
			case v == 3:
				b.WriteByte(' ')
			case v >= 4 && v <= 13:
				b.WriteByte(byte('0' + v - 4))
			case v >= 14 && v <= 39:
				b.WriteByte(byte('A' + v - 14))
			case v == filler && i == 2 && len(raw) == 2: // only at the end, and only one: two are written singly
			default:
				return "", false
			}
		}
	}
	return b.String(), true
}

// packed is how many bytes a string of so many characters takes.
func packed(characters int) int { return (characters + 2) / 3 * 2 }
