package cms

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/ber"
)

// Name is a distinguished name.
type Name struct {
	Raw        []byte
	Country    string // capitals, as certificates should have had it
	Common     string
	attributes []attribute
}

type attribute struct{ oid, value string }

const (
	oidCommon  = "2.5.4.3"
	oidCountry = "2.5.4.6"
)

var short = map[string]string{
	oidCommon: "CN", oidCountry: "C", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.5": "serialNumber", "2.5.4.7": "L", "2.5.4.8": "ST",
	"1.2.840.113549.1.9.1": "E", "0.9.2342.19200300.100.1.25": "DC",
}

// readName takes a name off.
func readName(r *ber.Reader, what string) Name {
	e := r.Take(ber.Sequence, what)
	n := Name{Raw: e.Raw}
	for sets := e.Inside(); ; {
		if !sets.More() {
			r.Join(sets)
			return n
		}
		set := sets.Enter(ber.Set, what)
		for set.More() {
			pair := set.Enter(ber.Sequence, what)
			oid := pair.OID(what)
			value := text(pair.Next())
			set.Join(pair)
			n.attributes = append(n.attributes, attribute{oid, value})
			switch oid {
			case oidCountry:
				n.Country = strings.ToUpper(value)
			case oidCommon:
				n.Common = value
			}
		}
		sets.Join(set)
	}
}

// Tags of strings that names are written in, beside UTF-8 and those that are its subsets.
const (
	teletex   = 0x14
	universal = 0x1C
	bmp       = 0x1E
)

// text reads a string of any of ASN.1's kinds.
func text(e ber.Element) string {
	c := e.Content
	switch e.Tag {
	case bmp:
		units := make([]uint16, len(c)/2)
		for i := range units {
			units[i] = uint16(c[2*i])<<8 | uint16(c[2*i+1])
		}
		return string(utf16.Decode(units))
	case universal:
		var b strings.Builder
		for i := 0; i+3 < len(c); i += 4 {
			b.WriteRune(rune(c[i+1])<<16 | rune(c[i+2])<<8 | rune(c[i+3])) // a plane above 16 is written as what it is not
		}
		return b.String()
	case teletex:
		if utf8.Valid(c) {
			return string(c)
		}
		runes := make([]rune, len(c)) // Latin-1, as everybody has it
		for i, b := range c {
			runes[i] = rune(b)
		}
		return string(runes)
	}
	return strings.ToValidUTF8(string(c), "\ufffd")
}

// folded is a name as comparison sees it (RFC 5280, 7.1): neither case nor spaces count, nor the kind of string.
func (n *Name) folded() string {
	var b strings.Builder
	for _, a := range n.attributes {
		b.WriteString(a.oid)
		b.WriteByte('=')
		b.WriteString(strings.ToLower(strings.Join(strings.Fields(a.value), " ")))
		b.WriteByte(0)
	}
	return b.String()
}

// Key is equal for equal names.
func (n *Name) Key() string { return n.folded() }

// Equal compares names as RFC 5280 does: passport authorities write their own country in either case.
func (n *Name) Equal(m *Name) bool { return bytes.Equal(n.Raw, m.Raw) || n.folded() == m.folded() }

// String writes the name for people, in its own order.
func (n *Name) String() string {
	parts := make([]string, len(n.attributes))
	for i, a := range n.attributes {
		label := short[a.oid]
		if label == "" {
			label = a.oid
		}
		parts[i] = label + "=" + printable(a.value)
	}
	return strings.Join(parts, ", ")
}

// printable keeps what strangers write fit for a terminal and a page.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return '\ufffd'
		}
		return r
	}, s)
}
