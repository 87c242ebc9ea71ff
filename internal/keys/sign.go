package keys

import (
	"crypto/ed25519"

	"golang.org/x/mod/sumdb/note"
)

// signer signs notes (golang.org/x/mod/sumdb/note) with a key that is derived, so there is nothing to store or lose.
type signer struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (s signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }

func (k *Keys) ed25519(name string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.Secret("sign " + name))
}

// Signer signs notes under a name without spaces or plus signs.
func (k *Keys) Signer(name string) (note.Signer, error) {
	verifier, err := k.Verifier(name)
	return signer{verifier, k.ed25519(name)}, err
}

// Verifier knows what Signer signed.
func (k *Keys) Verifier(name string) (note.Verifier, error) {
	text, err := k.VerifierText(name)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// VerifierText is the verifier's key as text, to be given to others.
func (k *Keys) VerifierText(name string) (string, error) {
	public, _ := k.ed25519(name).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(name, public)
}
