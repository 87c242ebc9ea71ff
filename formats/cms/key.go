package cms

import (
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // names keys (RFC 5280, 4.2.1.2), protects nothing
	"fmt"
	"math"

	"github.com/rihla/rihla/formats/ber"
)

// PublicKey is a public key as a certificate has it. What kind of key it is shows when it is used.
type PublicKey struct {
	Raw       []byte // SubjectPublicKeyInfo
	Algorithm Algorithm
	Bits      []byte
}

func readKey(r *ber.Reader) PublicKey {
	e := r.Take(ber.Sequence, "the public key")
	in := e.Inside()
	k := PublicKey{Raw: e.Raw, Algorithm: readAlgorithm(in, "the key's algorithm"), Bits: in.Bits("the key")}
	r.Join(in)
	return k
}

// ParsePublicKey reads a SubjectPublicKeyInfo.
func ParsePublicKey(raw []byte) (PublicKey, error) {
	r := ber.NewReader(raw)
	k := readKey(r)
	return k, r.Err()
}

// ID is the usual identifier of the key: the SHA-1 of its bits.
func (k *PublicKey) ID() []byte {
	sum := sha1.Sum(k.Bits) //nolint:gosec // as above
	return sum[:]
}

// String says what kind of key it is.
func (k *PublicKey) String() string {
	switch k.Algorithm.OID {
	case oidRSA, oidPSS:
		if key := k.rsa(); key != nil {
			return fmt.Sprintf("RSA %d", key.N.BitLen())
		}
		return "RSA"
	case oidEC:
		if c := k.curve(); c != nil {
			return "EC " + c.name
		}
		return "EC, a curve not known"
	}
	return k.Algorithm.OID
}

// rsa is the key where it is one of RSA that can be used.
func (k *PublicKey) rsa() *rsa.PublicKey {
	in := ber.NewReader(k.Bits).Enter(ber.Sequence, "the RSA key")
	n, e := in.Big("the modulus"), in.Big("the exponent")
	if in.Err() != nil || !e.IsInt64() || e.Int64() > math.MaxInt32 || n.BitLen() > mostModulus {
		return nil
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}
}

// mostModulus bounds what a stranger's key may cost; no state has more than 6,144.
const mostModulus = 16384

// curve is the curve of a key, named or spelt out; nil where it is none of ours.
func (k *PublicKey) curve() *curve {
	p := k.Algorithm.Parameters
	if len(p) == 0 {
		return nil
	}
	r := ber.NewReader(p)
	if p[0] == ber.OID {
		return named(r.OID("the curve"))
	}
	return spelt(r)
}
