package envelope

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// What a key is for, as a JWK says it.
const (
	UseSignature  = "sig"
	UseEncryption = "enc"
)

// Key is one public key of an authority (JWK, RFC 7517), and when it holds. Those two members are our own; RFC 7517 lets
// whoever does not know them pass over them.
type Key struct {
	ID        string    // kid
	Use       string    // UseSignature or UseEncryption
	Public    any       // ed25519.PublicKey or *ecdsa.PublicKey
	ValidFrom time.Time // zero: since ever
	RevokedAt time.Time // zero: not
}

// KeySet is an authority's public keys: current and next, and those still accepted.
type KeySet struct {
	Keys []Key `json:"keys"`
}

// Find answers the key of an id and use.
func (s KeySet) Find(id, use string) (Key, bool) {
	for _, k := range s.Keys {
		if k.ID == id && k.Use == use {
			return k, true
		}
	}
	return Key{}, false
}

type validity struct {
	ValidFrom time.Time `json:"valid_from,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
}

// MarshalJSON writes the JWK.
func (k Key) MarshalJSON() ([]byte, error) {
	jwk := jose.JSONWebKey{Key: k.Public, KeyID: k.ID, Use: k.Use, Algorithm: algorithm(k.Use)}
	if !jwk.Valid() || !jwk.IsPublic() {
		return nil, fmt.Errorf("key %s is no public key", k.ID)
	}
	public, err := jwk.MarshalJSON()
	if err != nil {
		return nil, err
	}
	more, err := json.Marshal(validity{k.ValidFrom, k.RevokedAt})
	if err != nil || len(more) == len("{}") {
		return public, err
	}
	return append(append(public[:len(public)-1], ','), more[1:]...), nil
}

// UnmarshalJSON reads a JWK. It takes only what the protocol uses, and no private part.
func (k *Key) UnmarshalJSON(data []byte) error {
	var jwk jose.JSONWebKey
	if err := json.Unmarshal(data, &jwk); err != nil {
		return fmt.Errorf("a key: %w", err)
	}
	var v validity
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("key %s: %w", jwk.KeyID, err)
	}
	got := Key{ID: jwk.KeyID, Use: jwk.Use, Public: jwk.Key, ValidFrom: v.ValidFrom, RevokedAt: v.RevokedAt}
	if err := got.check(); err != nil {
		return err
	}
	*k = got
	return nil
}

func (k Key) check() error {
	if k.ID == "" || len(k.ID) > textMax {
		return errors.New("a key without a kid, or with one too long")
	}
	switch public := k.Public.(type) {
	case ed25519.PublicKey:
		if k.Use == UseSignature && len(public) == ed25519.PublicKeySize {
			return nil
		}
	case *ecdsa.PublicKey:
		if k.Use == UseEncryption && public.Curve == elliptic.P256() {
			return nil
		}
	default:
		return fmt.Errorf("key %s is of another kind (or private): only public Ed25519 and P-256 keys are exchanged", k.ID)
	}
	return fmt.Errorf(`key %s: "sig" needs Ed25519, "enc" needs P-256`, k.ID)
}

func algorithm(use string) string {
	if use == UseSignature {
		return string(jose.EdDSA)
	}
	return string(jose.ECDH_ES)
}

// Private is a key with its private part.
type Private struct {
	ID  string
	Key crypto.PrivateKey // ed25519.PrivateKey or *ecdsa.PrivateKey
}

// GenerateSigning makes a signing key; its id is its thumbprint (RFC 7638).
func GenerateSigning() (Private, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Private{}, err
	}
	return named(key)
}

// GenerateEncryption makes a key to encrypt to; its id is its thumbprint.
func GenerateEncryption() (Private, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Private{}, err
	}
	return named(key)
}

func named(key crypto.PrivateKey) (Private, error) {
	p := Private{Key: key}
	jwk := jose.JSONWebKey{Key: p.Public().Public}
	thumb, err := jwk.Thumbprint(crypto.SHA256)
	p.ID = base64.RawURLEncoding.EncodeToString(thumb)
	return p, err
}

// Public is the key without its private part.
func (p Private) Public() Key {
	switch key := p.Key.(type) {
	case ed25519.PrivateKey:
		return Key{ID: p.ID, Use: UseSignature, Public: key.Public()}
	case *ecdsa.PrivateKey:
		return Key{ID: p.ID, Use: UseEncryption, Public: &key.PublicKey}
	}
	return Key{ID: p.ID}
}

// Marshal writes the private key as a JWK, to be kept sealed.
func (p Private) Marshal() ([]byte, error) {
	return jose.JSONWebKey{Key: p.Key, KeyID: p.ID, Use: p.Public().Use, Algorithm: algorithm(p.Public().Use)}.MarshalJSON()
}

// UnmarshalPrivate reads what [Private.Marshal] wrote.
func UnmarshalPrivate(data []byte) (Private, error) {
	var jwk jose.JSONWebKey
	if err := json.Unmarshal(data, &jwk); err != nil {
		return Private{}, err
	}
	p := Private{ID: jwk.KeyID, Key: jwk.Key}
	return p, p.Public().check()
}
