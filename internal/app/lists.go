package app

import (
	"context"
	"path/filepath"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// listsIn is the folder of a node that sources of lists stand in.
func listsIn(dir string) string { return filepath.Join(dir, "lists") }

// fetcher keeps the node's lists up to date with their sources.
func (n *Node) fetcher() *screening.Fetcher {
	return screening.NewFetcher(n.Store, screening.FetcherOptions{
		Owner: n.id, Folder: listsIn(n.Config.Dir), Logger: n.Config.Logger, Registry: n.metrics.Registry, Announce: announce,
	})
}

func announce(ctx context.Context, tx store.Tx, name, id string, counts map[string]int) error {
	return pipeline.Announce(ctx, tx, "", pipeline.Event{Name: name, ID: id, Counts: counts})
}

// FetchList fetches one list now, for a command.
func (r *Rooms) FetchList(ctx context.Context, dir, name string) (screening.Fetched, error) {
	return screening.NewFetcher(r.Store, screening.FetcherOptions{Folder: listsIn(dir)}).Fetch(ctx, name)
}
