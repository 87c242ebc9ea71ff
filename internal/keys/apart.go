package keys

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
)

// Apart seals bytes each under a key of its own, made of the node's secret, a name, and a salt that the caller keeps in one
// table: once the salt is gone the bytes are noise, wherever they were copied to. It is for what must be erasable one by
// one; what ages by the day is for [Keys.Seal].
type Apart struct{ secret []byte }

// Apart answers the sealing of one purpose.
func (k *Keys) Apart(purpose string) Apart { return Apart{k.Secret(purpose)} }

const saltSize = 16

// NewSalt makes a salt; it is used for one name only.
func NewSalt() []byte {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // it never fails
	return salt
}

func (a Apart) of(name string, salt []byte) (sealer, error) {
	if len(salt) != saltSize {
		return sealer{}, ErrDestroyed
	}
	h := hmac.New(sha256.New, a.secret)
	h.Write(salt)
	h.Write([]byte(name))
	return newSealer(h.Sum(nil))
}

// Seal seals bytes under the key that name and salt make. Without a salt it answers ErrDestroyed.
func (a Apart) Seal(name string, salt, plain []byte) ([]byte, error) {
	s, err := a.of(name, salt)
	if err != nil {
		return nil, err
	}
	return s.Seal(nil, nil, plain, []byte(name)), nil
}

// Open is the inverse of Seal: ErrDestroyed where the salt is gone, ErrSpoiled where the bytes are not as they were sealed.
func (a Apart) Open(name string, salt, sealed []byte) ([]byte, error) {
	s, err := a.of(name, salt)
	if err != nil {
		return nil, err
	}
	plain, err := s.Open(nil, nil, sealed, []byte(name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, ErrSpoiled)
	}
	return plain, nil
}
