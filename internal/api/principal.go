package api

import (
	"context"

	"github.com/rihla/rihla/internal/access"
)

type principalKey struct{}

// PrincipalFrom is who sent the request. On an open route it is nobody: the zero Principal, which has no role.
func PrincipalFrom(ctx context.Context) access.Principal {
	p, _ := ctx.Value(principalKey{}).(access.Principal)
	return p
}

// WithPrincipal is a context in which the principal acts; the gate makes it, and so may a test.
func WithPrincipal(ctx context.Context, p access.Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}
