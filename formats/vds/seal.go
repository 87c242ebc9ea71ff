package vds

import (
	"crypto"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
)

// Seal is a binary seal.
type Seal struct {
	Version     int    // of the header: 3, or 4 whose certificate reference may have any length
	Country     string // that issued the document
	Signer      string // two letters of a country and two more: who sealed it
	Reference   string // the serial number of the signer's certificate, hexadecimal
	Issued      date.Date
	Sealed      date.Date
	Definition  byte // which features there are and what they mean
	Category    byte // what sort of document it is on
	Features    []Feature
	Signature   []byte // r and s
	SignedBytes []byte // header and features
}

// Feature is one thing that a seal says.
type Feature struct {
	Tag   byte
	Value []byte
}

// signatureTag ends the features.
const signatureTag = 0xFF

const mostReference = 64

// Parse reads a binary seal. The error is a *fault.Fault.
func Parse(raw []byte) (*Seal, error) {
	if len(raw) > Most {
		return nil, wrong(0, "too_long", "a seal has at most %d bytes, this has %d", Most, len(raw))
	}
	r := &reader{raw: raw}
	s := &Seal{}
	if c := r.take(1, "the first byte"); r.fault == nil && c[0] != magic {
		return nil, wrong(0, "not_seal", "a seal begins with %X, this with %X", magic, c[0])
	}
	s.header(r)
	s.features(r)
	if r.fault != nil {
		return nil, r.fault
	}
	return s, nil
}

// header reads what comes before the features (Doc 9303-13, 2.2).
func (s *Seal) header(r *reader) {
	if v := r.take(1, "the version"); r.fault == nil {
		s.Version = int(v[0]) + 1
	}
	if r.fault == nil && s.Version != 3 && s.Version != 4 {
		r.fault = wrong(1, "version", "the seal is of version %d; 3 and 4 are known", s.Version)
	}
	s.Country = strings.TrimRight(r.text(2, "the issuing state"), " ")
	if s.Version == 3 {
		id := r.text(6, "the signer")
		if r.fault == nil {
			s.Signer, s.Reference = id[:4], id[4:]
		}
	} else {
		at := r.at
		id := r.text(4, "the signer")
		if r.fault == nil {
			n, err := strconv.ParseUint(id[4:], 16, 8)
			if err != nil || n == 0 || n > mostReference {
				r.fault = wrong(at, "reference", "the length of the certificate's reference is %q", id[4:])
				return
			}
			s.Signer, s.Reference = id[:4], r.text(packed(int(n)), "the certificate's reference")
			if r.fault == nil && len(s.Reference) != int(n) {
				r.fault = wrong(at, "reference", "the certificate's reference has %d characters, not %d as it says", len(s.Reference), n)
			}
		}
	}
	s.Issued = r.day("the date of issue")
	s.Sealed = r.day("the date of the signature")
	if b := r.take(2, "the type of document"); r.fault == nil {
		s.Definition, s.Category = b[0], b[1]
	}
}

// features reads what the seal says, and the signature.
func (s *Seal) features(r *reader) {
	for r.fault == nil {
		start := r.at
		if start == len(r.raw) {
			r.fault = wrong(start, "no_signature", "the seal ends without a signature")
			return
		}
		tag := r.take(1, "a feature")[0]
		value := r.take(r.length(), "a feature")
		switch {
		case r.fault != nil:
		case tag == signatureTag:
			s.SignedBytes, s.Signature = r.raw[:start], value
			if n := len(value); n == 0 || n%2 != 0 {
				r.fault = wrong(start, "signature", "the signature has %d bytes; it is two numbers of equal length", n)
			} else if r.at != len(r.raw) {
				r.fault = wrong(r.at, "trailing", "%d bytes follow the signature", len(r.raw)-r.at)
			}
			return
		default:
			s.Features = append(s.Features, Feature{tag, value})
		}
	}
}

// reader takes bytes off; its first fault sticks.
type reader struct {
	raw   []byte
	at    int
	fault *fault.Fault
}

func (r *reader) take(n int, what string) []byte {
	if r.fault == nil && n > len(r.raw)-r.at {
		r.fault = wrong(r.at, "truncated", "%s has %d bytes, %d are left", what, n, len(r.raw)-r.at)
	}
	if r.fault != nil {
		return make([]byte, 1) // enough for whoever looks at its first
	}
	r.at += n
	return r.raw[r.at-n : r.at]
}

func (r *reader) text(n int, what string) string {
	at := r.at
	raw := r.take(n, what)
	if r.fault != nil {
		return ""
	}
	s, ok := c40(raw)
	if !ok {
		r.fault = wrong(at, "c40", "%s is no text", what)
	}
	return s
}

// length reads a length as DER has it.
func (r *reader) length() int {
	at := r.at
	c := int(r.take(1, "a length")[0])
	if c < 0x80 {
		return c
	}
	n := 0
	for _, b := range r.take(c&0x7F, "a length") {
		if n = n<<8 | int(b); n > Most {
			if r.fault == nil {
				r.fault = wrong(at, "length", "a length is greater than %d", Most)
			}
			return 0
		}
	}
	if r.fault == nil && c == 0x80 {
		r.fault = wrong(at, "length", "a length is missing")
	}
	return n
}

// day reads a date: three bytes that hold the number MMDDYYYY.
func (r *reader) day(what string) date.Date {
	at := r.at
	d, ok := day(r.take(3, what))
	if r.fault == nil && !ok {
		r.fault = wrong(at, "bad_date", "%s is none", what)
	}
	return d
}

func day(b []byte) (date.Date, bool) {
	if len(b) != 3 {
		return date.Date{}, false
	}
	n := int(b[0])<<16 | int(b[1])<<8 | int(b[2])
	if n == 0 {
		return date.Date{}, true
	}
	d := date.Date{Year: int16(n % 10_000), Month: int8(n / 1_000_000), Day: int8(n / 10_000 % 100)} //nolint:gosec // 2^24 is less than 17 million
	return d, d.Full() && d.Valid()
}

// Hash is the hash that goes with a signature of this length (Doc 9303-13, table of signature algorithms).
func (s *Seal) Hash() crypto.Hash {
	switch n := len(s.Signature); {
	case n <= 64:
		return crypto.SHA256
	case n <= 96:
		return crypto.SHA384
	}
	return crypto.SHA512
}

// Encode writes the seal; sign makes the signature over header and features, r and s one after the other.
func (s *Seal) Encode(sign func(signed []byte) ([]byte, error)) ([]byte, error) {
	b := []byte{magic, byte(s.Version - 1)}
	b = appendC40(b, (s.Country + "  ")[:3])
	if s.Version == 3 {
		b = appendC40(b, (s.Signer + "    ")[:4]+left(s.Reference, 5))
	} else {
		n := min(len(s.Reference), mostReference)
		b = appendC40(b, (s.Signer + "    ")[:4]+strings.ToUpper(strconv.FormatInt(int64(0x100+n), 16)[1:]))
		b = appendC40(b, s.Reference[:n])
	}
	b = appendDay(appendDay(b, s.Issued), s.Sealed)
	b = append(b, s.Definition, s.Category)
	for _, f := range s.Features {
		b = appendLength(append(b, f.Tag), len(f.Value))
		b = append(b, f.Value...)
	}
	signature, err := sign(b)
	if err != nil {
		return nil, err
	}
	return append(appendLength(append(b, signatureTag), len(signature)), signature...), nil
}

// left fills up with zeros on the left, or cuts.
func left(s string, n int) string { return strings.Repeat("0", max(0, n-len(s))) + s[:min(n, len(s))] }

func appendDay(b []byte, d date.Date) []byte {
	n := int(d.Month)*1_000_000 + int(d.Day)*10_000 + int(d.Year)
	return append(b, byte(n>>16), byte(n>>8), byte(n))
}

func appendLength(b []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(b, byte(n))
	case n <= 0xFF:
		return append(b, 0x81, byte(n))
	}
	return append(b, 0x82, byte(n>>8), byte(n))
}
