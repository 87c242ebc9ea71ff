package collection

import (
	"context"
	"embed"
	"log/slog"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Topic is what [store.Store.Watch] knows commits by that added objects.
const Topic = "taxii"

// What the options are where they do not say.
const (
	maxContent = 10 << 20
	pageMost   = 1000
	atOnce     = 5000
	groupMost  = 32 // posts that share a commit

	// knownFor is how long a right that another process took may still be used; what this one changes counts at once.
	knownFor = time.Second
)

// Options of a node's collections.
type Options struct {
	Store *store.Store
	Keys  *keys.Keys
	Audit *audit.Log
	Jobs  *jobs.Jobs // what is too much for one request goes there; nil does all of it within the request

	Root    string // of the API, a word: /taxii2/rihla/
	Title   string
	Contact string
	URL     string           // https://host, as clients see it; empty takes what the request says
	Clock   func() time.Time // nil is time.Now

	MaxContent int64 // bytes of a body, also unpacked
	PageMost   int   // objects of a page
	AtOnce     int   // objects of one post that are added within the request
	Lenient    bool  // an Accept of anything, or none, will do

	Quota *access.Limiter // of requests, by principal; nil has no bound

	// InForce says whether an agreement is in force. A grant that names one counts only then; without InForce, never.
	InForce func(ctx context.Context, r store.Reader, agreement string) (bool, error)

	// Added is called in every transaction that adds what came by TAXII; nil does nothing.
	Added  func(ctx context.Context, tx store.Tx, collection string) error
	Logger *slog.Logger
}

// Server is a node's collections. It is safe for concurrent use.
type Server struct {
	options Options
	store   *store.Store
	cursors []byte // the key that seals them
	posts   *store.Group[*post]

	mu      sync.Mutex
	rooms   *rooms // as last read
	looked  time.Time
	fresh   int64 // changes made here; a look that began before one is no look
	small   map[int64]int
	cleared int64 // when old statuses were last looked for
}

// Open readies a store's collections. A fresh store gets one, which its responders may read and write.
func Open(ctx context.Context, o Options) (*Server, error) {
	if o.Root == "" {
		o.Root = "rihla"
	}
	if o.Title == "" {
		o.Title = "Rihla"
	}
	if o.MaxContent <= 0 {
		o.MaxContent = maxContent
	}
	if o.PageMost <= 0 {
		o.PageMost = pageMost
	}
	if o.AtOnce <= 0 {
		o.AtOnce = atOnce
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := audit.Migrate(ctx, o.Store); err != nil { // whatever is written here is recorded there
		return nil, err
	}
	if err := o.Store.Migrate(ctx, "taxii", migrations); err != nil {
		return nil, err
	}
	s := &Server{options: o, store: o.Store, cursors: o.Keys.Secret("taxii cursors"), small: map[int64]int{}}
	s.posts = store.NewGroup(o.Store, groupMost, s.write)
	if o.Jobs != nil {
		o.Jobs.HandleOutside(waitingKind, s.resume)
	}
	if o.Store.ReadOnly() {
		return s, nil
	}
	return s, s.first(ctx)
}

// first makes the collection of a fresh node.
func (s *Server) first(ctx context.Context) error {
	if there, err := s.Collections(ctx, s.store.Read()); err != nil || len(there) > 0 {
		return err
	}
	return s.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if there, err := s.Collections(ctx, tx); err != nil || len(there) > 0 {
			return err // another node was quicker
		}
		c, err := s.Create(ctx, tx, Collection{Alias: "exchange", Title: "Exchange", Description: "What this node's responders share among themselves"})
		if err != nil {
			return err
		}
		return s.Grant(ctx, tx, Grant{Collection: c.ID, To: Role(access.Responder), Read: true, Write: true, Delete: true, Ceiling: stix.Red})
	})
}
