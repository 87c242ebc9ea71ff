package post

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"

	"github.com/rihla/rihla/internal/store"
)

// What follows stands in this one file until each part has its own, within the hour.

type (
	metrics  struct{}
	delivery struct{}
	ring     struct{}
	limiter  struct{}
	contact  struct{}
)

// Connect is how a partner is reached.
type Connect func(party string) (*http.Client, error)

var errSoon = errors.New("the post office is being built")

// Open readies the office.
func Open(ctx context.Context, o Options) (*Office, error) {
	if err := o.Store.Migrate(ctx, "post", migrations); err != nil {
		return nil, err
	}
	return &Office{options: o, store: o.Store}, nil
}

// Send puts a message into the caller's transaction.
func (o *Office) Send(ctx context.Context, tx store.Tx, d Draft) (id string, err error) {
	return "", errSoon
}

// Run sends and processes until the context ends.
func (o *Office) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// Handler answers partners.
func (o *Office) Handler() http.Handler { return http.NotFoundHandler() }

// TLS is how the listener for partners speaks.
func (o *Office) TLS() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS13} }

// Erase destroys the keys of messages.
func (o *Office) Erase(ctx context.Context, tx store.Tx, ids ...string) error { return errSoon }

// OwnCard makes or changes this node's own card.
func (o *Office) OwnCard(ctx context.Context, actor string, c Card) (Card, error) {
	return Card{}, errSoon
}

// Own answers the card if one was made.
func (o *Office) Own(ctx context.Context) (Card, bool, error) { return Card{}, false, errSoon }

// Trust takes a partner's card.
func (o *Office) Trust(ctx context.Context, actor string, c Card) error { return errSoon }

// Partners answers how it stands with each.
func (o *Office) Partners(ctx context.Context) ([]PartnerState, error) { return nil, errSoon }

// PartyOf answers whose authority it is.
func (o *Office) PartyOf(authority string) (party string, own, known bool) { return "", false, false }

// SignDocument signs a text for an authority of ours.
func (o *Office) SignDocument(ctx context.Context, authority string, text []byte) (string, error) {
	return "", errSoon
}

// VerifyDocument checks a detached signature.
func (o *Office) VerifyDocument(ctx context.Context, authority string, text []byte, jws string) error {
	return errSoon
}

// Delivery is where a message is on its way.
type Delivery struct {
	State, Direction, Code string
}
