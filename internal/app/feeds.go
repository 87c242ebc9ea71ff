package app

import (
	"context"

	"github.com/rihla/rihla/internal/cyber"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/cyber/feed"
)

// Feeds are the node's, for a command: what it adds the node hears when it runs.
func (r *Rooms) Feeds(ctx context.Context) (*feed.Feeds, error) {
	collections, err := collection.Open(ctx, collection.Options{Store: r.Store, Keys: r.Keys, Title: r.Config.State})
	if err != nil {
		return nil, err
	}
	networks := cyber.New(cyber.Options{Store: r.Store, IDs: r.Keys, Owner: r.Config.State})
	return feed.Open(ctx, feed.Options{Store: r.Store, Keys: r.Keys, Collections: collections, Added: networks.Added, Owner: r.Config.State})
}
