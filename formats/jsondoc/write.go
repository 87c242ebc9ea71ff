package jsondoc

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// AppendJSON writes the value without space between its parts, everything else as it was written.
func (v *Value) AppendJSON(b []byte) []byte {
	switch v.Kind {
	case Array:
		b = append(b, '[')
		for i := range v.parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.parts[i].Value.AppendJSON(b)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i := range v.parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, v.parts[i].raw...), ':')
			b = v.parts[i].Value.AppendJSON(b)
		}
		return append(b, '}')
	}
	return append(b, v.raw...)
}

// AppendCanonical writes the value in the one form that RFC 8785 allows: names in order, no space, numbers and
// strings in one spelling.
func (v *Value) AppendCanonical(b []byte) []byte {
	switch v.Kind {
	case Array:
		b = append(b, '[')
		for i := range v.parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.parts[i].Value.AppendCanonical(b)
		}
		return append(b, ']')
	case Object:
		order := make([]*Member, len(v.parts))
		for i := range v.parts {
			order[i] = &v.parts[i]
		}
		slices.SortStableFunc(order, func(x, y *Member) int { return compareUTF16(x.Name, y.Name) })
		b = append(b, '{')
		for i, m := range order {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(AppendQuoted(b, m.Name), ':')
			b = m.Value.AppendCanonical(b)
		}
		return append(b, '}')
	case String:
		return AppendQuoted(b, v.text)
	case Number:
		return appendNumber(b, v.raw)
	}
	return append(b, v.raw...)
}

// Equal tells whether two values say the same: order of members, spelling of numbers and escapes aside.
func Equal(x, y *Value) bool {
	return x.raw == y.raw || string(x.AppendCanonical(nil)) == string(y.AppendCanonical(nil))
}

// compareUTF16 orders names as RFC 8785 does: by UTF-16 code units, which differs from bytes beyond U+FFFF only.
func compareUTF16(x, y string) int {
	for i := range min(len(x), len(y)) {
		if x[i] >= utf8.RuneSelf || y[i] >= utf8.RuneSelf {
			return slices.Compare(utf16.Encode([]rune(x)), utf16.Encode([]rune(y)))
		}
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return len(x) - len(y)
}

// AppendQuoted writes a string with the fewest escapes that JSON allows, as RFC 8785 wants them.
func AppendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		case strings.IndexByte("\b\f\n\r\t", c) >= 0:
			b = append(b, '\\', "bfnrt"[strings.IndexByte("\b\f\n\r\t", c)])
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(b, '"')
}

// Quoted is a string as a value, as if it had been read.
func Quoted(s string) Value {
	s = strings.ToValidUTF8(s, "\ufffd")
	return Value{Kind: String, text: s, raw: string(AppendQuoted(nil, s))}
}

// appendNumber writes a number as ECMAScript does. What no double holds stays as it was written.
func appendNumber(b []byte, raw string) []byte {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) {
		return append(b, raw...)
	}
	if f == 0 {
		return append(b, '0')
	}
	const plainFrom, plainBelow = 1e-6, 1e21
	if a := math.Abs(f); plainFrom <= a && a < plainBelow {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	text := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e") // 1e-07 is 1e-7 there
	b = append(append(b, mantissa...), 'e', exponent[0])
	return append(b, strings.TrimLeft(exponent[1:], "0")...)
}
