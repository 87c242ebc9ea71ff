package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/cyber/feed"
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
	money, err := fundsSettings(c.Dir)
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
		travel.New(travel.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Home: c.Home, Desk: c.Desk, Clock: c.Clock}),
		cargo.New(cargo.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Clock: c.Clock, Logger: c.Logger}),
		funds.New(funds.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Journal: n.Journal, Home: c.Home, Settings: money, Clock: c.Clock, Logger: c.Logger, Others: n.others(funds.Name)}),
		networks,
	}, nil
}

// inForce says whether an agreement with a partner is in force; what stands on one ends with it.
func (n *Node) inForce(ctx context.Context, r store.Reader, agreement string) (bool, error) {
	held, err := n.Exchange.InForce(ctx, r)
	return slices.ContainsFunc(held, func(h sharing.Held) bool { return h.Document.Metadata.ID == agreement }), err
}

// Vocabularies are what rules can see, domain by domain, for whoever tests rules without a node.
func Vocabularies() []rules.Vocabulary {
	return []rules.Vocabulary{travel.Vocabulary(), cargo.Vocabulary(), funds.Vocabulary(), cyber.Vocabulary()}
}

// rulebook is a domain that ships rules of its own.
type rulebook interface{ Rules() fs.FS }

// fundsSettings are the state's thresholds, rates of exchange and parameters, from DIR/funds.yaml where there is one.
func fundsSettings(dir string) (*funds.Settings, error) {
	path := filepath.Join(dir, "funds.yaml")
	text, err := os.ReadFile(path) //nolint:gosec // the operator's own folder
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	settings, err := funds.ReadSettings(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return settings, nil
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
