package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Rooms are what a command needs of a node's folder. They work while the node runs and while it does not.
type Rooms struct {
	Config config.Node
	Store  *store.Store
	Keys   *keys.Keys
	Access *access.Access
}

// Beside opens the rooms of the node in a folder, as node.yaml remembers it; a folder that no node was started in becomes
// one that can be.
func Beside(ctx context.Context, dir string) (*Rooms, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	c, err := config.Load(dir)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, c.Store, store.Options{})
	if err != nil {
		return nil, err
	}
	r := &Rooms{Config: c, Store: st}
	for _, open := range []func() error{
		func() (err error) {
			r.Keys, err = keys.Open(ctx, st, keys.Options{Dir: keysIn(dir), KeyFile: c.KeyFile})
			return err
		},
		func() error { return audit.Migrate(ctx, st) },
		func() (err error) { r.Access, err = access.Open(ctx, st, access.Options{}); return err },
		func() error { return screening.Migrate(ctx, st) },
		func() error { return casework.Migrate(ctx, st) },
	} {
		if err := open(); err != nil {
			return nil, errors.Join(err, st.Close())
		}
	}
	return r, nil
}

// Close ends the connections.
func (r *Rooms) Close() error { return r.Store.Close() }

func keysIn(dir string) string { return filepath.Join(dir, "keys") }

// Verify walks the audit logs of the node in a folder, running or not.
func Verify(ctx context.Context, dir string) (v audit.Verification, err error) {
	c, err := config.Load(dir)
	if err != nil {
		return v, err
	}
	st, err := store.Open(ctx, c.Store, store.Options{ReadOnly: true})
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	k, err := keys.Open(ctx, st, keys.Options{Dir: keysIn(dir), KeyFile: c.KeyFile})
	if err != nil {
		return v, err
	}
	return audit.Verify(ctx, st, k, keysIn(dir))
}
