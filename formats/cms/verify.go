package cms

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"

	"github.com/rihla/rihla/formats/ber"
)

// Outcome is how a check of a signature ends.
type Outcome int

// The ends. Unsupported is no verdict: the signature may be right.
const (
	Unsupported Outcome = iota
	Good
	Bad
)

// Codes say why a check did not end well.
const (
	CodeSignature  = "signature_wrong"       // Bad: it was not made over these bytes with this key
	CodeMalformed  = "signature_malformed"   // Bad: it is no signature of its algorithm
	CodeDigest     = "digest_differs"        // Bad: the message's digest is not the one that was signed
	CodeAlgorithm  = "algorithm_unsupported" // Unsupported
	CodeParameters = "parameters_unsupported"
	CodeCurve      = "curve_unsupported"
	CodeKey        = "key_unsupported" // a key that cannot be read, or is too short or too long
)

// Result is a check's end.
type Result struct {
	Outcome   Outcome
	Code      string // empty when good
	Algorithm string // for people: ECDSA P-256 with SHA-256
	Weak      bool   // SHA-1, or RSA under 2,048 bits: right, and not worth much
}

// Verify checks a signature of a certificate or a list, whose algorithm names its hash.
func (k *PublicKey) Verify(a Algorithm, signed, signature []byte) Result {
	return k.verify(a, 0, signed, signature)
}

// VerifyPlain checks an ECDSA signature that is r and s one after the other, as seals and JSON signatures have it.
func (k *PublicKey) VerifyPlain(hash crypto.Hash, signed, signature []byte) Result {
	if k.Algorithm.OID != oidEC {
		return Result{Code: CodeKey}
	}
	return k.ecdsa(scheme{family: ecdsaPlain, hash: hash}, signed, signature)
}

func (k *PublicKey) verify(a Algorithm, digest crypto.Hash, signed, signature []byte) Result {
	s, code := a.scheme(digest)
	switch {
	case code != "":
		return Result{Code: code, Algorithm: a.OID}
	case !s.hash.Available():
		return Result{Code: CodeAlgorithm, Algorithm: a.OID}
	}
	switch s.family {
	case rsaPKCS1, rsaPSS:
		return k.checkRSA(s, signed, signature)
	}
	return k.ecdsa(s, signed, signature)
}

const shortModulus = 2048

func (k *PublicKey) checkRSA(s scheme, signed, signature []byte) Result {
	if k.Algorithm.OID != oidRSA && k.Algorithm.OID != oidPSS {
		return Result{Code: CodeKey}
	}
	key := k.rsa()
	if key == nil {
		return Result{Code: CodeKey}
	}
	r := Result{Algorithm: fmt.Sprintf("RSA %d with %s", key.N.BitLen(), s.hash), Weak: s.hash == crypto.SHA1 || key.N.BitLen() < shortModulus}
	var err error
	if s.family == rsaPSS {
		r.Algorithm = fmt.Sprintf("RSA-PSS %d with %s", key.N.BitLen(), s.hash)
		err = rsa.VerifyPSS(key, s.hash, sum(s.hash, signed), signature, &rsa.PSSOptions{SaltLength: s.salt, Hash: s.hash})
	} else {
		err = rsa.VerifyPKCS1v15(key, s.hash, sum(s.hash, signed), signature)
	}
	switch {
	case err == nil:
		r.Outcome = Good
	case errors.Is(err, rsa.ErrVerification):
		r.Outcome, r.Code = Bad, CodeSignature
	default: // the library will not have such a key
		r.Code = CodeKey
	}
	return r
}

func (k *PublicKey) ecdsa(s scheme, signed, signature []byte) Result {
	if k.Algorithm.OID != oidEC {
		return Result{Code: CodeKey}
	}
	c := k.curve()
	if c == nil {
		return Result{Code: CodeCurve}
	}
	out := Result{Algorithm: fmt.Sprintf("ECDSA %s with %s", c.name, s.hash), Weak: s.hash == crypto.SHA1}
	key, ok := c.point(k.Bits)
	if !ok {
		out.Code = CodeKey
		return out
	}
	r, t, ok := split(s.family, signature)
	if !ok {
		out.Outcome, out.Code = Bad, CodeMalformed
		return out
	}
	if out.Outcome = Good; !c.verify(key, sum(s.hash, signed), r, t) {
		out.Outcome, out.Code = Bad, CodeSignature
	}
	return out
}

// split takes r and s out of a signature.
func split(f family, signature []byte) (r, s *big.Int, ok bool) {
	if f == ecdsaPlain {
		half := len(signature) / 2
		if half == 0 || len(signature)%2 != 0 {
			return nil, nil, false
		}
		return new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:]), true
	}
	in := ber.NewReader(signature).Enter(ber.Sequence, "the signature")
	r, s = in.Big("r"), in.Big("s")
	in.Over("the signature")
	return r, s, in.Err() == nil
}

func sum(h crypto.Hash, data []byte) []byte {
	w := h.New()
	_, _ = w.Write(data) // a hash never fails
	return w.Sum(nil)
}

// Digest is the hash of data.
func Digest(h crypto.Hash, data []byte) []byte { return sum(h, data) }
