package matching

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/oprf"
)

// Suite is the one suite of RFC 9497 that is spoken.
const Suite = "ristretto255-SHA512"

var suite = oprf.SuiteRistretto255

// elementLength is an element's, a scalar's and a public key's in bytes.
const elementLength = 32

// What is wrong with what the other side sent. Each is an error to tell by errors.Is.
var (
	ErrElement   = errors.New("no element of ristretto255, or the identity")
	ErrKey       = errors.New("no public key of ristretto255")
	ErrProof     = errors.New("the proof does not hold: the answer was not made with the epoch's key, or was changed on its way")
	ErrSize      = errors.New("not one of the sizes that batches have")
	ErrCount     = errors.New("not as many elements as were asked")
	ErrTags      = errors.New("no list of tags: its length is a power of two, and its tags are sorted")
	ErrEpoch     = errors.New("another epoch")
	ErrDestroyed = errors.New("the epoch is over and its key destroyed")
)

// elements decodes what came over the wire: canonical encodings, and never the identity, under which every key looks alike.
func elements(encoded [][]byte) ([]group.Element, error) {
	out := make([]group.Element, len(encoded))
	for i, b := range encoded {
		e, err := element(b)
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		out[i] = e
	}
	return out, nil
}

func element(b []byte) (group.Element, error) {
	if len(b) != elementLength {
		return nil, ErrElement
	}
	e := group.Ristretto255.NewElement()
	if e.UnmarshalBinary(b) != nil || e.IsIdentity() {
		return nil, ErrElement
	}
	if again, err := e.MarshalBinaryCompress(); err != nil || !bytes.Equal(again, b) {
		return nil, ErrElement // RFC 9496 allows one encoding of each
	}
	return e, nil
}

func encoded(es []group.Element) ([][]byte, error) {
	out := make([][]byte, len(es))
	for i, e := range es {
		b, err := e.MarshalBinaryCompress()
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

func publicKey(b []byte) (*oprf.PublicKey, error) {
	if _, err := element(b); err != nil {
		return nil, ErrKey
	}
	pk := new(oprf.PublicKey)
	if pk.UnmarshalBinary(suite, b) != nil {
		return nil, ErrKey
	}
	return pk, nil
}

// tagLength is a tag's in bytes: a list of two million and 65,536 keys meet by chance once in 2^91 times.
const tagLength = 16

// Tag is what a list says of one of its keys.
type Tag [tagLength]byte

func tagOf(epoch string, output []byte) (t Tag) {
	b := append([]byte("rihla-pm-tag-v1\x00"), epoch...)
	sum := sha256.Sum256(append(append(b, 0), output...))
	copy(t[:], sum[:])
	return t
}
