package cms

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/ber"
)

// Certificate is an X.509 certificate. Its slices alias what was read.
type Certificate struct {
	Raw, Signed []byte // all of it; the part that is signed
	Serial      []byte // as it stands
	Issuer      Name
	Subject     Name
	From, Until time.Time
	Key         PublicKey
	Algorithm   Algorithm
	Signature   []byte

	KeyID, AuthorityID []byte
	Constrained        bool // basic constraints are there
	Authority          bool // … and say that it may sign certificates
	Usage              Usage
	Purposes           []string // extended key usage, object identifiers
	Use                Period   // of its private key
	Types              []string // document types (Doc 9303-12, table of extensions)
	Unknown            []string // critical extensions that this package does not know
}

// Period is when a private key may be used; zero where it is not said.
type Period struct{ From, Until time.Time }

// Usage is what a key may be used for; its bits as RFC 5280 names them.
type Usage uint16

// The usages that matter here. Zero is: not said.
const (
	DigitalSignature Usage = 1 << iota
	NonRepudiation
	KeyEncipherment
	DataEncipherment
	KeyAgreement
	CertificateSign
	RevocationSign
)

// SerialHex is the serial number in hexadecimal, without leading zeros.
func (c *Certificate) SerialHex() string { return serialHex(c.Serial) }

func serialHex(serial []byte) string {
	s := strings.TrimLeft(hex.EncodeToString(serial), "0")
	if s == "" {
		return "0"
	}
	return strings.ToUpper(s)
}

// ID names the certificate: the SHA-256 of its bytes, in hexadecimal.
func (c *Certificate) ID() string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// SelfIssued tells whether subject and issuer are the same.
func (c *Certificate) SelfIssued() bool { return c.Subject.Equal(&c.Issuer) }

// IssuedBy tells whether the other may be its issuer, by name and key identifier; the signature is checked apart. A
// name that differs counts where the key identifiers agree: authorities change their names in link certificates.
func (c *Certificate) IssuedBy(ca *Certificate) bool {
	return ca.is(c.AuthorityID, &c.Issuer)
}

// is tells whether the certificate is whom something signed names as its maker.
func (c *Certificate) is(keyID []byte, name *Name) bool {
	if len(keyID) > 0 && len(c.KeyID) > 0 {
		return bytes.Equal(keyID, c.KeyID)
	}
	return name.Equal(&c.Subject)
}

// Check checks the certificate's signature with its issuer's key.
func (c *Certificate) Check(ca *Certificate) Result {
	return ca.Key.Verify(c.Algorithm, c.Signed, c.Signature)
}

// ValidAt tells whether an instant lies in its time.
func (c *Certificate) ValidAt(t time.Time) bool { return !t.Before(c.From) && !t.After(c.Until) }

// Has tells whether it is for a purpose.
func (c *Certificate) Has(purpose string) bool { return slices.Contains(c.Purposes, purpose) }

// DER gives what a PEM file holds, block by block with their types, or the bytes themselves as one block of no type.
func DER(raw []byte) (blocks []pem.Block) {
	if !bytes.Contains(raw, []byte("-----BEGIN")) {
		return []pem.Block{{Bytes: raw}}
	}
	for {
		var b *pem.Block
		if b, raw = pem.Decode(raw); b == nil {
			return blocks
		}
		blocks = append(blocks, *b)
	}
}

// ParseCertificate reads a certificate. The error is a *fault.Fault.
func ParseCertificate(raw []byte) (*Certificate, error) {
	e, err := ber.Parse(raw)
	if err != nil {
		return nil, err
	}
	r := ber.NewReader(e.Raw)
	c := readCertificate(r)
	return c, r.Err()
}

func readCertificate(outer *ber.Reader) *Certificate {
	e := outer.Take(ber.Sequence, "the certificate")
	c := &Certificate{Raw: e.Raw}
	r := e.Inside()
	body := r.Take(ber.Sequence, "the signed part of the certificate")
	c.Signed = body.Raw
	c.Algorithm = readAlgorithm(r, "the certificate's signature algorithm")
	c.Signature = r.Bits("the certificate's signature")
	r.Over("the certificate")
	in := body.Inside()
	if _, versioned := in.Optional(ber.Context(0)); !versioned && in.Peek() != ber.Integer {
		in.Fail(body, "certificate", "this is no certificate: a serial number should come first")
	}
	c.Serial = in.Number("the serial number")
	inner := readAlgorithm(in, "the inner signature algorithm")
	c.Issuer = readName(in, "the issuer")
	validity := in.Enter(ber.Sequence, "the validity")
	c.From, c.Until = validity.Time("the beginning of validity"), validity.Time("the end of validity")
	in.Join(validity)
	c.Subject = readName(in, "the subject")
	c.Key = readKey(in)
	_, _ = in.Optional(ber.Primitive(1)) // unique identifiers, which nobody has
	_, _ = in.Optional(ber.Primitive(2))
	if x, there := in.Optional(ber.Context(3)); there {
		list := x.Inside()
		readExtensions(list.Enter(ber.Sequence, "the extensions"), list, c.extension)
		in.Join(list)
	}
	if inner.OID != c.Algorithm.OID {
		in.Fail(body, "algorithm", "the certificate names two signature algorithms, %s and %s", inner.OID, c.Algorithm.OID)
	}
	r.Join(in)
	outer.Join(r)
	return c
}

// readExtensions hands each extension on; take says whether it knows it.
func readExtensions(r, outer *ber.Reader, take func(oid string, critical bool, value *ber.Reader)) {
	for r.More() {
		x := r.Enter(ber.Sequence, "an extension")
		oid := x.OID("an extension's name")
		critical := false
		if e, there := x.Optional(ber.Boolean); there {
			critical = len(e.Content) == 1 && e.Content[0] != 0
		}
		value := ber.NewReader(x.Octets("an extension's value"))
		r.Join(x)
		if r.Err() == nil {
			take(oid, critical, value)
		}
	}
	outer.Join(r)
}

// Object identifiers of extensions.
const (
	extKeyID       = "2.5.29.14"
	extUsage       = "2.5.29.15"
	extUsePeriod   = "2.5.29.16"
	extConstraints = "2.5.29.19"
	extCRLNumber   = "2.5.29.20"
	extAuthorityID = "2.5.29.35"
	extPurposes    = "2.5.29.37"
	extTypes       = "2.23.136.1.1.6.2"
)

// extension reads what it knows. A value that cannot be read leaves its field empty, as if it were not there: what
// depends on it then does not hold.
func (c *Certificate) extension(oid string, critical bool, v *ber.Reader) {
	switch oid {
	case extKeyID:
		c.KeyID = v.Octets("the key identifier")
	case extAuthorityID:
		c.AuthorityID = readAuthorityID(v)
	case extUsage:
		if b := v.Take(ber.BitString, "the key usage").Content; len(b) > 1 {
			for i := range Usage(7) {
				if b[1]&(0x80>>i) != 0 {
					c.Usage |= 1 << i
				}
			}
		}
	case extUsePeriod:
		in := v.Enter(ber.Sequence, "the private key's period")
		for in.More() {
			e := in.Next()
			at, err := time.Parse("20060102150405Z0700", string(e.Content))
			switch {
			case err != nil:
			case e.Tag == ber.Primitive(0):
				c.Use.From = at.UTC()
			case e.Tag == ber.Primitive(1):
				c.Use.Until = at.UTC()
			}
		}
	case extConstraints:
		c.Constrained = true
		in := v.Enter(ber.Sequence, "the basic constraints")
		if e, there := in.Optional(ber.Boolean); there {
			c.Authority = len(e.Content) == 1 && e.Content[0] != 0
		}
	case extPurposes:
		for in := v.Enter(ber.Sequence, "the purposes"); in.More(); {
			c.Purposes = append(c.Purposes, in.OID("a purpose"))
		}
	case extTypes:
		in := v.Enter(ber.Sequence, "the document types")
		_ = in.Int("the version of the document types")
		for set := in.Enter(ber.Set, "the document types"); set.More(); {
			c.Types = append(c.Types, text(set.Next()))
		}
	default:
		// Policies, names and where to find lists bind nothing here, whether critical or not.
		if critical && !slices.Contains([]string{"2.5.29.32", "2.5.29.17", "2.5.29.18", "2.5.29.31"}, oid) {
			c.Unknown = append(c.Unknown, oid)
		}
	}
}

func readAuthorityID(v *ber.Reader) []byte {
	in := v.Enter(ber.Sequence, "the authority's key identifier")
	if e, there := in.Optional(ber.Primitive(0)); there {
		return e.Content
	}
	return nil
}
