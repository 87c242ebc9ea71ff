package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
)

// sharer is a domain that holds what agreements may speak of.
type sharer interface{ Items() []sharing.Item }

// openExchange opens the room where what two states agreed to exchange is exchanged, and its door for partners' nodes.
func (n *Node) openExchange(ctx context.Context) (err error) {
	c := &n.Config
	o := sharing.Options{
		Store: n.Store, Keys: n.Keys, Audit: n.Audit, Screener: n.Screener, Home: c.Home, Owner: n.id, Clock: c.Clock, Logger: c.Logger,
		Registry: n.metrics.Registry, Announce: announce, ReplyFloor: c.ReplyFloor,
	}
	for _, d := range n.Domains {
		if s, ok := d.(sharer); ok {
			o.Items = append(o.Items, s.Items()...)
		}
	}
	n.Exchange, err = sharing.Open(ctx, o)
	return err
}

// listenToPartners binds the address that partners' nodes reach this one at.
func (n *Node) listenToPartners(ctx context.Context) (err error) {
	if n.Config.Share == "" {
		return nil
	}
	if n.shared, err = (&net.ListenConfig{}).Listen(ctx, "tcp", n.Config.Share); err != nil {
		return fmt.Errorf("listen to partners on %s: %w", n.Config.Share, err)
	}
	n.closers = append(n.closers, func() error { _ = n.shared.Close(); return nil }) // the server closes it first
	return nil
}

// servePartners answers partners' nodes until the context ends.
func (n *Node) servePartners(ctx context.Context) error {
	if n.shared == nil {
		return nil
	}
	s := &http.Server{
		Handler: n.Exchange.Post.Handler(), TLSConfig: n.Exchange.Post.TLS(), ReadHeaderTimeout: headWithin, ReadTimeout: bodyWithin,
		ErrorLog: slog.NewLogLogger(n.Config.Logger.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- s.ServeTLS(n.shared, "", "") }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
	defer cancel()
	if err := s.Shutdown(within); err != nil {
		return s.Close()
	}
	return nil
}

// ShareAddress is where partners' nodes reach this one; empty where none do.
func (n *Node) ShareAddress() string {
	if n.shared == nil {
		return ""
	}
	return n.shared.Addr().String()
}

// Exchange opens the room of exchange beside a node, running or not: what a command does there, the node carries on.
func (r *Rooms) Exchange(ctx context.Context) (*sharing.Room, error) {
	if err := pipeline.Migrate(ctx, r.Store); err != nil {
		return nil, err
	}
	log, err := audit.Open(ctx, r.Store, r.Keys, audit.Options{})
	if err != nil {
		return nil, err
	}
	screener, err := screening.Open(ctx, r.Store, screening.Options{Vocabularies: Vocabularies()})
	if err != nil {
		return nil, err
	}
	return sharing.Open(ctx, sharing.Options{
		Store: r.Store, Keys: r.Keys, Audit: log, Screener: screener, Home: r.Config.Home,
		Announce: announce,
	})
}
