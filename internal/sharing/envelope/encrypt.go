package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// ErrSealed says that a message cannot be decrypted: it is for another key, or its bytes were changed.
var ErrSealed = errors.New("the message cannot be decrypted")

// Encrypt puts a JWS into a JWE for one receiver, under a key agreed for it alone. Its bytes differ each time. Like the
// signature it is written here, in the one way there is; what others wrote is read by the library.
func Encrypt(jws string, to Key) (string, error) {
	public, ok := to.Public.(*ecdsa.PublicKey)
	if !ok {
		return "", fmt.Errorf("key %s cannot be encrypted to", to.ID)
	}
	theirs, err := public.ECDH()
	if err != nil {
		return "", fmt.Errorf("key %s: %w", to.ID, err)
	}
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return "", fmt.Errorf("key %s: %w", to.ID, err)
	}
	block, err := aes.NewCipher(agreedKey(shared))
	if err != nil {
		return "", err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	point := own.PublicKey().Bytes() // 4, x, y
	encoding := base64.RawURLEncoding
	header, err := plain(sealedHeader{
		Algorithm: string(jose.ECDH_ES), ContentType: typeMessage, Encryption: string(jose.A256GCM), KeyID: to.ID,
		Ephemeral: ephemeral{Curve: "P-256", Kind: "EC", X: encoding.EncodeToString(point[1:33]), Y: encoding.EncodeToString(point[33:])},
	})
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // it never fails
	bound := encoding.AppendEncode(nil, header)
	text := aead.Seal(nil, nonce, []byte(jws), bound)
	sealed, tag := text[:len(jws)], text[len(jws):]
	out := make([]byte, 0, len(bound)+encoding.EncodedLen(len(text))+64)
	out = append(out, bound...)
	out = append(out, '.', '.') // no key goes with it: it is the agreed one
	out = encoding.AppendEncode(out, nonce)
	out = encoding.AppendEncode(append(out, '.'), sealed)
	return string(encoding.AppendEncode(append(out, '.'), tag)), nil
}

// sealedHeader is the protected header of a JWE.
type sealedHeader struct {
	Algorithm   string    `json:"alg"`
	ContentType string    `json:"cty"`
	Encryption  string    `json:"enc"`
	Ephemeral   ephemeral `json:"epk"`
	KeyID       string    `json:"kid"`
}

type ephemeral struct {
	Curve string `json:"crv"`
	Kind  string `json:"kty"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

// agreedKey derives the content key from the agreed secret (RFC 7518, section 4.6.2): one round of SHA-256, for 256 bits,
// with no names of either party.
func agreedKey(shared []byte) []byte {
	h := sha256.New()
	h.Write([]byte{0, 0, 0, 1})
	h.Write(shared)
	h.Write([]byte{0, 0, 0, byte(len(jose.A256GCM))})
	h.Write([]byte(jose.A256GCM))
	h.Write([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}) // no apu, no apv, 256 bits
	return h.Sum(nil)
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
