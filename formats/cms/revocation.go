package cms

import (
	"bytes"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/ber"
)

// Revocations is a certificate revocation list.
type Revocations struct {
	Raw, Signed []byte
	Issuer      Name
	At, Next    time.Time // Next is zero where it is not said
	Number      []byte    // as it stands; nil where it has none
	AuthorityID []byte
	Algorithm   Algorithm
	Signature   []byte
	Unknown     []string // critical extensions not known: the list may not be what it seems

	revoked map[string]time.Time
}

// Revoked is when a serial number was revoked.
func (l *Revocations) Revoked(serial []byte) (time.Time, bool) {
	t, ok := l.revoked[serialHex(serial)]
	return t, ok
}

// Len is how many certificates are revoked.
func (l *Revocations) Len() int { return len(l.revoked) }

// NumberHex is the list's number in hexadecimal; empty where it has none.
func (l *Revocations) NumberHex() string {
	if l.Number == nil {
		return ""
	}
	return serialHex(l.Number)
}

// Newer tells whether this list comes after another of the same issuer: by number, else by time.
func (l *Revocations) Newer(m *Revocations) bool {
	if l.Number != nil && m.Number != nil {
		a, b := bytes.TrimLeft(l.Number, "\x00"), bytes.TrimLeft(m.Number, "\x00")
		if len(a) != len(b) {
			return len(a) > len(b)
		}
		if c := bytes.Compare(a, b); c != 0 {
			return c > 0
		}
	}
	return l.At.After(m.At)
}

// IssuedBy tells whether an authority may have made the list.
func (l *Revocations) IssuedBy(ca *Certificate) bool {
	return ca.is(l.AuthorityID, &l.Issuer)
}

// Check checks the list's signature.
func (l *Revocations) Check(ca *Certificate) Result {
	return ca.Key.Verify(l.Algorithm, l.Signed, l.Signature)
}

// ParseRevocations reads a revocation list. The error is a *fault.Fault.
func ParseRevocations(raw []byte) (*Revocations, error) {
	e, err := ber.Parse(raw)
	if err != nil {
		return nil, err
	}
	l := &Revocations{Raw: e.Raw, revoked: map[string]time.Time{}}
	r := ber.NewReader(e.Raw).Enter(ber.Sequence, "the revocation list")
	body := r.Take(ber.Sequence, "the signed part of the list")
	l.Signed = body.Raw
	l.Algorithm = readAlgorithm(r, "the list's signature algorithm")
	l.Signature = r.Bits("the list's signature")
	r.Over("the list")
	in := body.Inside()
	if in.Peek() == ber.Integer {
		_ = in.Int("the version")
	}
	_ = readAlgorithm(in, "the inner signature algorithm")
	l.Issuer = readName(in, "the issuer")
	l.At = in.Time("the time of the list")
	if tag := in.Peek(); tag == ber.UTCTime || tag == ber.GeneralTime {
		l.Next = in.Time("the time of the next list")
	}
	if in.Peek() == ber.Sequence {
		for entries := in.Enter(ber.Sequence, "the entries"); ; {
			if !entries.More() {
				in.Join(entries)
				break
			}
			entry := entries.Enter(ber.Sequence, "an entry")
			serial := entry.Number("a serial number")
			at := entry.Time("the time of revocation")
			entries.Join(entry)
			if entries.Err() == nil {
				l.revoked[serialHex(serial)] = at
			}
		}
	}
	if x, there := in.Optional(ber.Context(0)); there {
		list := x.Inside()
		readExtensions(list.Enter(ber.Sequence, "the extensions"), list, l.extension)
		in.Join(list)
	}
	r.Join(in)
	return l, r.Err()
}

func (l *Revocations) extension(oid string, critical bool, v *ber.Reader) {
	switch {
	case oid == extCRLNumber:
		l.Number = v.Number("the list's number")
	case oid == extAuthorityID:
		l.AuthorityID = readAuthorityID(v)
	case critical && !slices.Contains(l.Unknown, oid): // a delta or a list of a part is not the whole
		l.Unknown = append(l.Unknown, oid)
	}
}
