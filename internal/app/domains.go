package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/cyber/feed"
	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/travel"
)

// domains are the domains of the house. A new one is a line here, and one below where it has rules.
func (n *Node) domains(ctx context.Context) ([]pipeline.Domain, error) {
	c := &n.Config
	money, err := settingsIn(c.Dir, "funds.yaml", funds.ReadSettings)
	if err != nil {
		return nil, err
	}
	entry, err := settingsIn(c.Dir, "facilitation.yaml", facilitation.ReadSettings)
	if err != nil {
		return nil, err
	}
	networks := cyber.New(cyber.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Copies: n.Reports, Journal: n.Journal, Owner: c.State, Clock: c.Clock, Logger: c.Logger})
	collections, err := collection.Open(ctx, collection.Options{
		Store: n.Store, Keys: n.Keys, Audit: n.Audit, Jobs: n.Jobs, Title: c.State, Clock: c.Clock, Logger: c.Logger,
		InForce: n.inForce, Added: networks.Added,
	})
	if err != nil {
		return nil, err
	}
	feeds, err := feed.Open(ctx, feed.Options{Store: n.Store, Keys: n.Keys, Collections: collections, Added: networks.Added, Owner: c.State, Jobs: n.Jobs, Logger: c.Logger})
	if err != nil {
		return nil, err
	}
	networks.Serve(collections)
	networks.Follow(feeds)
	return []pipeline.Domain{
		travel.New(travel.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Home: c.Home, Desk: c.Desk, Vouched: n.vouched, Clock: c.Clock}),
		cargo.New(cargo.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Clock: c.Clock, Logger: c.Logger}),
		funds.New(funds.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Journal: n.Journal, Home: c.Home, Settings: money, Clock: c.Clock, Logger: c.Logger, Others: n.others(funds.Name)}),
		networks,
		facilitation.New(facilitation.Options{
			Store: n.Store, IDs: n.Keys, Reads: n.Audit, Journal: n.Journal, Exchange: asking{n}, Home: c.Home, State: c.State, Settings: entry,
			Clock: c.Clock, Logger: c.Logger, Crossings: n.crossings, Aboard: n.aboard, Vouched: n.vouched,
		}),
	}, nil
}

// inForce says whether an agreement with a partner is in force; what stands on one ends with it.
func (n *Node) inForce(ctx context.Context, r store.Reader, agreement string) (bool, error) {
	held, err := n.Exchange.InForce(ctx, r)
	return slices.ContainsFunc(held, func(h sharing.Held) bool { return h.Document.Metadata.ID == agreement }), err
}

// Vocabularies are what rules can see, domain by domain, for whoever tests rules without a node.
func Vocabularies() []rules.Vocabulary {
	return []rules.Vocabulary{travel.Vocabulary(), cargo.Vocabulary(), funds.Vocabulary(), cyber.Vocabulary(), facilitation.Vocabulary()}
}

// Outcomes are the ways in which cases can end, of all domains.
func Outcomes() (all []casework.Outcome) {
	for _, d := range []interface{ Outcomes() []casework.Outcome }{
		travel.New(travel.Options{}), cargo.New(cargo.Options{}), funds.New(funds.Options{}), cyber.New(cyber.Options{}), facilitation.New(facilitation.Options{}),
	} {
		all = append(all, d.Outcomes()...)
	}
	return all
}

// rulebook is a domain that ships rules of its own.
type rulebook interface{ Rules() fs.FS }

// settingsIn are what a state sets of a domain, from a file of the node's folder where there is one.
func settingsIn[T any](dir, name string, read func([]byte) (T, error)) (settings T, err error) {
	path := filepath.Join(dir, name)
	text, err := os.ReadFile(path) //nolint:gosec // the operator's own folder
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return settings, err
	}
	if settings, err = read(text); err != nil {
		return settings, fmt.Errorf("%s: %w", path, err)
	}
	return settings, nil
}

// crossings, aboard and vouched are what domains ask of the road; it is opened after them.
func (n *Node) crossings(ctx context.Context, r store.Reader, from, until time.Time) ([]pipeline.Crossing, error) {
	return n.Pipeline.Crossings(ctx, r, from, until)
}

func (n *Node) aboard(ctx context.Context, r store.Reader, flight string) ([]pipeline.Crossing, error) {
	return n.Pipeline.Aboard(ctx, r, flight)
}

func (n *Node) vouched(ctx context.Context, r store.Reader, subjects ...screening.Subject) ([]screening.Screened, error) {
	return n.Pipeline.Vouch(ctx, r, subjects...)
}

// asking is how a domain asks a partner. The exchange is opened after the domains.
type asking struct{ node *Node }

func (a asking) Ways(ctx context.Context, r store.Reader, category string) ([]sharing.Way, error) {
	return a.node.Exchange.Ways(ctx, r, category)
}

func (a asking) Ask(ctx context.Context, by access.Principal, agreement string, q sharing.Question) (sharing.Thread, error) {
	return a.node.Exchange.Ask(ctx, by, agreement, q)
}

func (a asking) Approve(ctx context.Context, by access.Principal, thread string, yes bool, reason string) (sharing.Thread, error) {
	return a.node.Exchange.Approve(ctx, by, thread, yes, reason)
}

// others describes subjects as every domain but one knows them.
func (n *Node) others(but string) func(context.Context, store.Reader, []screening.ID) (map[screening.ID]casework.Sheet, error) {
	return func(ctx context.Context, r store.Reader, ids []screening.ID) (map[screening.ID]casework.Sheet, error) {
		known := map[screening.ID]casework.Sheet{}
		for _, d := range n.Domains {
			if d.Name() == but {
				continue
			}
			for _, id := range ids {
				sheet, err := d.Describe(ctx, r, id)
				if err != nil {
					return nil, err
				}
				if sheet.Title != "" {
					known[id] = sheet
				}
			}
		}
		return known, nil
	}
}
