package cms

import (
	"bytes"
	"time"

	"github.com/rihla/rihla/formats/ber"
	"github.com/rihla/rihla/formats/fault"
)

// What bounds a message: a master list of the whole world has some 500 certificates and one signer.
const (
	mostCertificates = 20_000
	mostSigners      = 8
)

// SignedData is a signed message with what it carries.
type SignedData struct {
	Type         string // of the content, an object identifier
	Content      []byte
	Certificates []*Certificate
	Unread       []*fault.Fault // of certificates that cannot be read
	Signers      []Signer
}

// Signer is one who signed, and what was signed.
type Signer struct {
	Issuer     Name // empty where it is named by its key
	Serial     []byte
	KeyID      []byte
	Digest     Algorithm
	Algorithm  Algorithm
	Signature  []byte
	SignedAt   time.Time // as the signer says; zero where it does not
	attributes []byte    // as they were signed: a set. nil: the content itself was
	digest     []byte
	kind       string
}

const (
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidContentType   = "1.2.840.113549.1.9.3"
	oidMessageDigest = "1.2.840.113549.1.9.4"
	oidSigningTime   = "1.2.840.113549.1.9.5"
)

// ParseSignedData reads a signed message (RFC 5652, 5), or one framed as ContentInfo. The error is a *fault.Fault. A
// certificate in it that cannot be read is told and does not spoil the rest.
func ParseSignedData(raw []byte) (*SignedData, error) {
	e, err := ber.Parse(raw)
	if err != nil {
		return nil, err
	}
	outer := ber.NewReader(e.Raw)
	info := outer.Enter(ber.Sequence, "the message")
	if oid := info.OID("the message's type"); info.Err() == nil && oid != oidSignedData {
		info.Fail(e, "not_signed_data", "the message is of type %s, not signed data", oid)
	}
	frame := info.Enter(ber.Context(0), "the signed data")
	d := &SignedData{}
	d.read(frame.Enter(ber.Sequence, "the signed data"), frame)
	info.Join(frame)
	return d, info.Err()
}

func (d *SignedData) read(r, outer *ber.Reader) {
	_ = r.Int("the version")
	_ = r.Take(ber.Set, "the digest algorithms")
	content := r.Enter(ber.Sequence, "the content")
	d.Type = content.OID("the content's type")
	if e, there := content.Optional(ber.Context(0)); there {
		in := e.Inside()
		d.Content = in.Octets("the content")
		content.Join(in)
	}
	r.Join(content)
	if e, there := r.Optional(ber.Context(0)); there {
		in := e.Inside()
		for n := 0; in.More(); n++ {
			one := in.Next()
			if n == mostCertificates {
				in.Fail(one, "too_many", "the message carries more than %d certificates", mostCertificates)
			}
			if one.Tag == ber.Sequence { // the other choices are of attribute certificates, which nobody has
				d.certificate(one)
			}
		}
		r.Join(in)
	}
	_, _ = r.Optional(ber.Context(1)) // revocation lists come apart
	signers := r.Enter(ber.Set, "the signers")
	for signers.More() {
		if len(d.Signers) == mostSigners {
			signers.Fail(signers.Next(), "too_many", "more than %d signers", mostSigners)
			break
		}
		d.Signers = append(d.Signers, readSigner(signers))
	}
	r.Join(signers)
	outer.Join(r)
}

func (d *SignedData) certificate(e ber.Element) {
	r := ber.NewReader(e.Raw)
	c := readCertificate(r)
	if err := r.Err(); err != nil {
		f := *err.(*fault.Fault) //nolint:errorlint,forcetypeassert // readers know no other
		f.Offset += e.Offset
		d.Unread = append(d.Unread, &f)
		return
	}
	d.Certificates = append(d.Certificates, c)
}

func readSigner(outer *ber.Reader) Signer {
	var s Signer
	r := outer.Enter(ber.Sequence, "a signer")
	_ = r.Int("the signer's version")
	if e, there := r.Optional(ber.Primitive(0)); there {
		s.KeyID = e.Content
	} else {
		id := r.Enter(ber.Sequence, "the signer's name")
		s.Issuer = readName(id, "the signer's issuer")
		s.Serial = id.Number("the signer's serial number")
		r.Join(id)
	}
	s.Digest = readAlgorithm(r, "the digest algorithm")
	if e, there := r.Optional(ber.Context(0)); there {
		s.attributes = ber.Of(ber.Set, e.Content) // signed as a set, whatever it is sent as (RFC 5652, 5.4)
		in := e.Inside()
		for in.More() {
			s.attribute(in)
		}
		r.Join(in)
	}
	s.Algorithm = readAlgorithm(r, "the signature algorithm")
	s.Signature = r.Octets("the signature")
	outer.Join(r)
	return s
}

func (s *Signer) attribute(outer *ber.Reader) {
	r := outer.Enter(ber.Sequence, "a signed attribute")
	oid := r.OID("an attribute's name")
	values := r.Enter(ber.Set, "an attribute's values")
	switch oid {
	case oidContentType:
		s.kind = values.OID("the content type")
	case oidMessageDigest:
		s.digest = values.Octets("the message digest")
	case oidSigningTime:
		s.SignedAt = values.Time("the signing time")
	}
	r.Join(values)
	outer.Join(r)
}

// IsBy tells whether a certificate is the one that a signer names.
func (s *Signer) IsBy(c *Certificate) bool {
	if s.KeyID != nil {
		return bytes.Equal(s.KeyID, c.KeyID)
	}
	return serialHex(s.Serial) == c.SerialHex() && s.Issuer.Equal(&c.Issuer)
}

// By finds the certificate of a signer among those that came with the message; nil where it is not there.
func (d *SignedData) By(s *Signer) *Certificate {
	for _, c := range d.Certificates {
		if s.IsBy(c) {
			return c
		}
	}
	return nil
}

// Check checks a signer's signature over the content with a key.
func (d *SignedData) Check(s *Signer, k *PublicKey) Result {
	h, known := s.Digest.Hash()
	if !known {
		return Result{Code: CodeAlgorithm, Algorithm: s.Digest.OID}
	}
	if s.attributes == nil {
		return k.verify(s.Algorithm, h, d.Content, s.Signature)
	}
	r := k.verify(s.Algorithm, h, s.attributes, s.Signature)
	// Signed attributes speak of the content only through its digest and type.
	if r.Outcome != Unsupported && (!bytes.Equal(s.digest, sum(h, d.Content)) || s.kind != d.Type) {
		r.Outcome, r.Code = Bad, CodeDigest
	}
	return r
}
