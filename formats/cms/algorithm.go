package cms

import (
	"crypto"
	_ "crypto/sha1"   // read, and told as weak: chips of the first years have nothing else
	_ "crypto/sha256" // the hashes that Doc 9303-11 allows
	_ "crypto/sha512"

	"github.com/rihla/rihla/formats/ber"
)

// Algorithm is an algorithm's identifier with its parameters, whole as they stand; nil where there are none.
type Algorithm struct {
	OID        string
	Parameters []byte
}

func readAlgorithm(r *ber.Reader, what string) Algorithm {
	in := r.Enter(ber.Sequence, what)
	a := Algorithm{OID: in.OID(what)}
	if in.More() {
		a.Parameters = in.Next().Raw
	}
	r.Join(in)
	return a
}

// Hash is the hash that an algorithm's identifier names.
func (a Algorithm) Hash() (crypto.Hash, bool) {
	h, ok := hashes[a.OID]
	return h, ok
}

var hashes = map[string]crypto.Hash{
	"1.3.14.3.2.26":          crypto.SHA1,
	"2.16.840.1.101.3.4.2.4": crypto.SHA224,
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// HashOID is the identifier of a hash; empty for one that is not used here.
func HashOID(h crypto.Hash) string {
	for oid, known := range hashes {
		if known == h {
			return oid
		}
	}
	return ""
}

// scheme is how a signature is made.
type scheme struct {
	family family
	hash   crypto.Hash
	salt   int // of RSA-PSS
}

type family int

const (
	rsaPKCS1 family = iota + 1
	rsaPSS
	ecdsaDER   // r and s as ASN.1 has them
	ecdsaPlain // one after the other (BSI TR-03111)
)

const (
	oidRSA = "1.2.840.113549.1.1.1"
	oidPSS = "1.2.840.113549.1.1.10"
	oidEC  = "1.2.840.10045.2.1"
)

var schemes = map[string]scheme{
	"1.2.840.113549.1.1.5":  {family: rsaPKCS1, hash: crypto.SHA1},
	"1.2.840.113549.1.1.14": {family: rsaPKCS1, hash: crypto.SHA224},
	"1.2.840.113549.1.1.11": {family: rsaPKCS1, hash: crypto.SHA256},
	"1.2.840.113549.1.1.12": {family: rsaPKCS1, hash: crypto.SHA384},
	"1.2.840.113549.1.1.13": {family: rsaPKCS1, hash: crypto.SHA512},
	"1.2.840.10045.4.1":     {family: ecdsaDER, hash: crypto.SHA1},
	"1.2.840.10045.4.3.1":   {family: ecdsaDER, hash: crypto.SHA224},
	"1.2.840.10045.4.3.2":   {family: ecdsaDER, hash: crypto.SHA256},
	"1.2.840.10045.4.3.3":   {family: ecdsaDER, hash: crypto.SHA384},
	"1.2.840.10045.4.3.4":   {family: ecdsaDER, hash: crypto.SHA512},

	"0.4.0.127.0.7.1.1.4.1.1": {family: ecdsaPlain, hash: crypto.SHA1},
	"0.4.0.127.0.7.1.1.4.1.2": {family: ecdsaPlain, hash: crypto.SHA224},
	"0.4.0.127.0.7.1.1.4.1.3": {family: ecdsaPlain, hash: crypto.SHA256},
	"0.4.0.127.0.7.1.1.4.1.4": {family: ecdsaPlain, hash: crypto.SHA384},
	"0.4.0.127.0.7.1.1.4.1.5": {family: ecdsaPlain, hash: crypto.SHA512},
}

// scheme says how a signature of this algorithm is made. digest is the hash that stands beside it in a signed message,
// for algorithms that name none of their own; zero in a certificate.
func (a Algorithm) scheme(digest crypto.Hash) (scheme, string) {
	switch a.OID {
	case oidRSA:
		return scheme{family: rsaPKCS1, hash: digest}, ""
	case oidEC: // the key's algorithm where the signature's should stand
		return scheme{family: ecdsaDER, hash: digest}, ""
	case oidPSS:
		return pss(a.Parameters)
	}
	s, known := schemes[a.OID]
	if !known {
		return s, CodeAlgorithm
	}
	return s, ""
}

// pss reads the parameters of RSA-PSS (RFC 4055, 3.1). What is left out is SHA-1 with a salt of 20.
func pss(parameters []byte) (scheme, string) {
	s := scheme{family: rsaPSS, hash: crypto.SHA1, salt: 20}
	mask := crypto.SHA1
	if len(parameters) == 0 || parameters[0] == ber.Null {
		return s, ""
	}
	in := ber.NewReader(parameters).Enter(ber.Sequence, "the parameters of RSA-PSS")
	for in.More() {
		e := in.Next()
		v := e.Inside()
		var known bool
		switch e.Tag {
		case ber.Context(0):
			if s.hash, known = readAlgorithm(v, "the hash").Hash(); !known {
				return s, CodeAlgorithm
			}
		case ber.Context(1):
			generator := v.Enter(ber.Sequence, "the mask generator")
			if generator.OID("the mask generator") != "1.2.840.113549.1.1.8" {
				return s, CodeAlgorithm
			}
			if mask, known = readAlgorithm(generator, "the mask's hash").Hash(); !known {
				return s, CodeAlgorithm
			}
		case ber.Context(2):
			s.salt = v.Int("the length of the salt")
		case ber.Context(3):
			if v.Int("the trailer") != 1 {
				return s, CodeAlgorithm
			}
		}
		in.Join(v)
	}
	if in.Err() != nil || mask != s.hash || s.salt > 512 {
		return s, CodeParameters
	}
	return s, ""
}
