package envelope

import (
	"crypto/ecdsa"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// ErrSealed says that a message cannot be decrypted: it is for another key, or its bytes were changed.
var ErrSealed = errors.New("the message cannot be decrypted")

// Encrypt puts a JWS into a JWE for one receiver. Its bytes differ each time.
func Encrypt(jws string, to Key) (string, error) {
	public, ok := to.Public.(*ecdsa.PublicKey)
	if !ok {
		return "", fmt.Errorf("key %s cannot be encrypted to", to.ID)
	}
	encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.ECDH_ES, Key: public, KeyID: to.ID},
		(&jose.EncrypterOptions{}).WithContentType(typeMessage))
	if err != nil {
		return "", err
	}
	sealed, err := encrypter.Encrypt([]byte(jws))
	if err != nil {
		return "", err
	}
	return sealed.CompactSerialize()
}

// Decrypt takes the JWS out of a JWE. key answers the private key of an id; the error it gives is the one returned.
func Decrypt(jwe string, key func(id string) (Private, error)) (jws string, err error) {
	if len(jwe) > MaxSealed {
		return "", fmt.Errorf("%w: %d bytes, at most %d", ErrMalformed, len(jwe), MaxSealed)
	}
	if strings.Count(jwe, ".") != 4 {
		return "", fmt.Errorf("%w: not a compact JWE", ErrMalformed)
	}
	parsed, err := jose.ParseEncryptedCompact(jwe, []jose.KeyAlgorithm{jose.ECDH_ES}, []jose.ContentEncryption{jose.A256GCM})
	switch {
	case err != nil && (strings.Contains(err.Error(), "unexpected key algorithm") || strings.Contains(err.Error(), "unexpected content encryption")):
		return "", fmt.Errorf("%w: %w; only ECDH-ES with A256GCM is taken", ErrAlgorithm, err)
	case err != nil:
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if _, zipped := parsed.Header.ExtraHeaders["zip"]; zipped {
		return "", fmt.Errorf("%w: compressed (zip), which would tell what is inside by its size", ErrAlgorithm)
	}
	private, err := key(parsed.Header.KeyID)
	if err != nil {
		return "", err
	}
	own, ok := private.Key.(*ecdsa.PrivateKey)
	if !ok {
		return "", fmt.Errorf("%w: key %.60s is not for it", ErrSealed, parsed.Header.KeyID)
	}
	text, err := parsed.Decrypt(own)
	if err != nil {
		return "", ErrSealed
	}
	return string(text), nil
}
