package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// openExchange opens the room where what two states agreed to exchange is exchanged, and its door for partners' nodes.
func (n *Node) openExchange(ctx context.Context) (err error) {
	c := &n.Config
	o := sharing.Options{
		Store: n.Store, Keys: n.Keys, Audit: n.Audit, Screener: n.Screener, Home: c.Home, Owner: n.id, Clock: c.Clock, Logger: c.Logger,
		Registry: n.metrics.Registry, Announce: announce, ReplyFloor: c.ReplyFloor,
	}
	for _, d := range n.Domains {
		if s, ok := d.(pipeline.Sharer); ok {
			o.Items = append(o.Items, s.Items()...)
		}
	}
	o.Arrived, o.Erased, o.Released, o.Turned = n.Pipeline.Arrived, n.Pipeline.Erased, n.Pipeline.Released, n.Pipeline.Turned
	if n.Exchange, err = sharing.Open(ctx, o); err != nil {
		return err
	}
	match := sharing.MatchOptions{Manifest: n.manifest, Relist: c.Relist}
	if c.MatchDue {
		match.Due = n.matchDue
	}
	n.Matches = n.Exchange.Matches(match)
	if n.Dialogue, err = openDialogue(ctx, n.Store, n.Audit, n.Exchange); err != nil {
		return err
	}
	n.Exchange.HandleType(envelope.Review, func(ctx context.Context, tx store.Tx, m post.Message) error {
		party, err := n.Exchange.PartyOf(ctx, tx, m)
		if err != nil {
			return err
		}
		return n.Dialogue.Received(ctx, tx, party, m.Body)
	})
	return nil
}

// matchable is a domain whose passengers can be matched in private.
type matchable interface {
	Matchable(ctx context.Context, r store.Reader, flight string) (sharing.Manifest, error)
	MatchDue(ctx context.Context, r store.Reader, now time.Time) ([]sharing.MatchQuestion, error)
}

// matchDue are the flights to be matched now, of the domain that knows flights.
func (n *Node) matchDue(ctx context.Context, r store.Reader, now time.Time) ([]sharing.MatchQuestion, error) {
	for _, d := range n.Domains {
		if m, ok := d.(matchable); ok {
			return m.MatchDue(ctx, r, now)
		}
	}
	return nil, nil
}

// manifest is who is on a flight, as the domain that knows flights has it.
func (n *Node) manifest(ctx context.Context, r store.Reader, flight string) (sharing.Manifest, error) {
	for _, d := range n.Domains {
		if m, ok := d.(matchable); ok {
			return m.Matchable(ctx, r, flight)
		}
	}
	return sharing.Manifest{}, api.Errorf(api.NotFound, "there is no flight %q", flight)
}

func openDialogue(ctx context.Context, st *store.Store, log *audit.Log, room *sharing.Room) (*dialogue.Room, error) {
	return dialogue.Open(ctx, st, dialogue.Options{
		Log: log, Sign: room.Post.SignDocument, Verify: room.Post.VerifyDocument,
		Shelf: func(ctx context.Context, r store.Reader) (pacts []dialogue.Pact, err error) {
			held, err := room.InForce(ctx, r)
			for _, h := range held {
				pacts = append(pacts, dialogue.Pact{Document: &h.Document, Own: h.Own})
			}
			return pacts, err
		},
		At: func(ctx context.Context, r store.Reader, id string, at time.Time) (dialogue.Pact, bool, error) {
			held, known, err := room.HeldAt(ctx, r, id, at)
			if !known || err != nil {
				return dialogue.Pact{}, false, err
			}
			return dialogue.Pact{Document: &held.Document, Own: held.Own}, true, nil
		},
		Send: func(ctx context.Context, tx store.Tx, o dialogue.Outgoing) error {
			return room.SendReview(ctx, tx, o.Agreement, o.From, o.To, o.Urgent, o.Body)
		},
		Announce: func(ctx context.Context, tx store.Tx, e dialogue.Event) error {
			return announce(ctx, tx, "meeting", e.ID, e.Counts)
		},
		Proposals: func(ctx context.Context, r store.Reader, id string) (out []dialogue.Proposal, err error) {
			found, err := room.Proposals(ctx, r, id)
			for _, p := range found {
				d := dialogue.Proposal{Agreement: p.Agreement, Version: p.Version, By: p.By, Document: p.Document}
				for _, c := range p.Changes {
					d.Changes = append(d.Changes, dialogue.Change{Path: c.Path, Was: c.Was, Becomes: c.Becomes, Effect: string(c.Effect)})
				}
				out = append(out, d)
			}
			return out, err
		},
	})
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

// Dialogue opens the room where two states meet, beside a node.
func (r *Rooms) Dialogue(ctx context.Context) (*dialogue.Room, error) {
	room, err := r.Exchange(ctx)
	if err != nil {
		return nil, err
	}
	log, err := audit.Open(ctx, r.Store, r.Keys, audit.Options{})
	if err != nil {
		return nil, err
	}
	return openDialogue(ctx, r.Store, log, room)
}
