package envelope

import (
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// SignDetached signs a text that lies beside its signature: a compact JWS without its middle (RFC 7515, appendix F).
func SignDetached(text []byte, by Private) (string, error) {
	signed, err := sign(text, typeDocument, by)
	if err != nil {
		return "", err
	}
	parts := strings.Split(signed, ".")
	return parts[0] + ".." + parts[2], nil
}

// VerifyDetached reports whether the signature is of exactly these bytes.
func VerifyDetached(text []byte, jws string, key func(id string) (Key, error)) error {
	parsed, err := jose.ParseDetached(jws, text, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return parseError(err)
	}
	if len(parsed.Signatures) != 1 {
		return fmt.Errorf("%w: not one signature", ErrMalformed)
	}
	public, err := signerOf(parsed, typeDocument, key)
	if err != nil {
		return err
	}
	if err := parsed.DetachedVerify(text, public); err != nil {
		return ErrSignature
	}
	return nil
}
