package app

import (
	"context"

	"github.com/rihla/rihla/internal/facilitation/trust"
	"github.com/rihla/rihla/internal/screening"
)

// openTrust opens the list that travel documents are verified against.
func (n *Node) openTrust(ctx context.Context) (err error) {
	c := &n.Config
	n.Trust, err = trust.Open(ctx, trust.Options{
		Store: n.Store, IDs: n.Keys, Reads: n.Audit, Generation: func() *screening.Generation { return n.Screener.Generation() }, Clock: c.Clock, Logger: c.Logger,
	})
	return err
}

// Trust is the node's trust list, for a command: what it loads the node verifies against from then on.
func (r *Rooms) Trust(ctx context.Context) (*trust.Store, error) {
	return trust.Open(ctx, trust.Options{Store: r.Store, IDs: r.Keys})
}
