package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/ber"
)

// Message is what [Sign] makes a signed message of.
type Message struct {
	Type        string // of the content, an object identifier
	Content     []byte
	Certificate *Certificate   // the signer's
	Others      []*Certificate // that go with it
	Hash        crypto.Hash
	PSS         bool      // of an RSA key: RSA-PSS, with a salt as long as the hash
	SignedAt    time.Time // zero: not said
	ByKey       bool      // the signer is named by its key's identifier, not by issuer and serial number
	Bare        bool      // no signed attributes: the content itself is signed
}

// Sign makes a signed message with one signer, as document signers and signers of master lists do.
func Sign(m Message, key crypto.Signer) ([]byte, error) {
	digest := ber.Of(ber.Sequence, ber.Identifier(HashOID(m.Hash)))
	if !m.Hash.Available() || HashOID(m.Hash) == "" {
		return nil, errors.New("cms: a hash that no document is signed with")
	}
	signed, attributes := m.Content, []byte(nil)
	if !m.Bare {
		list := [][]byte{
			attribute1(oidContentType, ber.Identifier(m.Type)),
			attribute1(oidMessageDigest, ber.Of(ber.OctetString, sum(m.Hash, m.Content))),
		}
		if !m.SignedAt.IsZero() {
			list = append(list, attribute1(oidSigningTime, ber.Instant(m.SignedAt)))
		}
		slices.SortFunc(list, bytes.Compare) // a set of the distinguished rules is sorted
		signed, attributes = ber.Of(ber.Set, list...), ber.Of(ber.Context(0), list...)
	}
	algorithm, signature, err := signWith(key, m.Hash, m.PSS, signed)
	if err != nil {
		return nil, err
	}
	c := m.Certificate
	version, name := ber.Int(1), ber.Of(ber.Sequence, c.Issuer.Raw, ber.Of(ber.Integer, c.Serial))
	if m.ByKey {
		version, name = ber.Int(3), ber.Of(ber.Primitive(0), c.KeyID)
	}
	signer := ber.Of(ber.Sequence, version, name, digest, attributes, algorithm, ber.Of(ber.OctetString, signature))
	var certificates []byte
	for _, one := range append([]*Certificate{c}, m.Others...) {
		certificates = append(certificates, one.Raw...)
	}
	body := ber.Of(ber.Sequence, ber.Int(3), ber.Of(ber.Set, digest),
		ber.Of(ber.Sequence, ber.Identifier(m.Type), ber.Of(ber.Context(0), ber.Of(ber.OctetString, m.Content))),
		ber.Of(ber.Context(0), certificates), ber.Of(ber.Set, signer))
	return ber.Of(ber.Sequence, ber.Identifier(oidSignedData), ber.Of(ber.Context(0), body)), nil
}

func attribute1(oid string, value []byte) []byte {
	return ber.Of(ber.Sequence, ber.Identifier(oid), ber.Of(ber.Set, value))
}

// signWith signs, and gives the algorithm's identifier with the signature. ECDSA is deterministic (RFC 6979).
func signWith(key crypto.Signer, h crypto.Hash, asPSS bool, signed []byte) (algorithm, signature []byte, err error) {
	want, opts := family(0), crypto.SignerOpts(h)
	switch key.Public().(type) {
	case *ecdsa.PublicKey:
		want = ecdsaDER
	case *rsa.PublicKey:
		if want = rsaPKCS1; asPSS {
			want, opts = rsaPSS, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
		}
	default:
		return nil, nil, errors.New("cms: a key that no document is signed with")
	}
	if want == rsaPSS {
		id := ber.Of(ber.Sequence, ber.Identifier(HashOID(h)))
		algorithm = ber.Of(ber.Sequence, ber.Identifier(oidPSS), ber.Of(ber.Sequence, ber.Of(ber.Context(0), id),
			ber.Of(ber.Context(1), ber.Of(ber.Sequence, ber.Identifier("1.2.840.113549.1.1.8"), id)), ber.Of(ber.Context(2), ber.Int(h.Size()))))
	}
	for oid, s := range schemes {
		if s.family == want && s.hash == h {
			algorithm = ber.Of(ber.Sequence, ber.Identifier(oid))
		}
	}
	if algorithm == nil {
		return nil, nil, errors.New("cms: a hash that no document is signed with")
	}
	var chance io.Reader // ECDSA takes none
	if want == rsaPSS {
		chance = rand.Reader
	}
	signature, err = key.Sign(chance, sum(h, signed), opts)
	return algorithm, signature, err
}
