package post

import (
	"context"
	"fmt"

	"github.com/rihla/rihla/internal/sharing/envelope"
)

// SignDocument signs a text for an authority of ours: a detached signature, to lie beside it.
func (o *Office) SignDocument(ctx context.Context, authority string, text []byte) (jws string, err error) {
	g, err := o.now(ctx)
	if err != nil {
		return "", err
	}
	signer, err := g.signer(authority, o.clock())
	if err != nil {
		return "", err
	}
	return envelope.SignDetached(text, signer)
}

// VerifyDocument reports whether a detached signature is of exactly this text, by that authority: ours or a partner's. A
// key that was succeeded since still vouches for what it signed; one that was revoked does not.
func (o *Office) VerifyDocument(ctx context.Context, authority string, text []byte, jws string) error {
	g, err := o.now(ctx)
	if err != nil {
		return err
	}
	a := g.authorities[authority]
	if a == nil {
		return fmt.Errorf("%q: %w", authority, ErrUnknownPartner)
	}
	return envelope.VerifyDetached(text, jws, func(kid string) (envelope.Key, error) {
		for _, k := range a.keys {
			if k.ID != kid || k.Use != envelope.UseSignature {
				continue
			}
			if !k.RevokedAt.IsZero() && !o.clock().Before(k.RevokedAt) {
				return envelope.Key{}, &Refusal{CodeRevoked, "its key was revoked; have it signed again"}
			}
			return k.Key, nil
		}
		return envelope.Key{}, fmt.Errorf("%w: %s has no key %.60s", envelope.ErrSignature, authority, kid)
	})
}
