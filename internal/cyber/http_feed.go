package cyber

import (
	"context"
	"net/http"
	"slices"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/cyber/feed"
)

// Follow gives the room the feeds that its node reads, before its routes are asked for.
func (d *Domain) Follow(f *feed.Feeds) { d.feeds = f }

type feedsOut struct {
	Body api.Page[feed.State]
}

// feedRoutes shows feeds to those who work with what they bring, and to who runs the node. Adding one is the operator's: it
// needs a credential, and makes the node ask an address.
func (d *Domain) feedRoutes(m *api.Mux) {
	api.Register(m, route(http.MethodGet, "/feeds", "list-feeds", "Collections of other TAXII servers that this node reads, how far, and what went wrong", append(slices.Clone(readers), access.Administrator)), d.listFeeds)
}

func (d *Domain) listFeeds(ctx context.Context, _ *struct{}) (*feedsOut, error) {
	out := &feedsOut{}
	if d.feeds == nil {
		return out, nil
	}
	var err error
	out.Body.Items, err = d.feeds.All(ctx, d.store.Read(), d.clock())
	return out, err
}
