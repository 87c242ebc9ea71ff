package sharing

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are what the room stands on.
type Options struct {
	Store    *store.Store
	Keys     *keys.Keys
	Audit    *audit.Log
	Screener *screening.Screener
	Items    []Item // of the domains; what the lists answer is the room's own
	Home     string // this state, alpha-3
	Owner    string // this node, as leases know it
	Clock    func() time.Time
	Logger   *slog.Logger
	Registry prometheus.Registerer

	// Announce tells live pages of a change: thread, agreement, partner; an id and counts, never a person's data.
	Announce func(ctx context.Context, tx store.Tx, name, id string, counts map[string]int) error
	// Post changes how the post office works, for tests and the demonstration.
	Post func(*post.Options)
	// Arrived, where there is one, has the domain concerned use what a partner gave or answered; Erased has it drop what it
	// kept of records that are erased, masked, restricted or corrected. Both are told in the transaction that does it.
	Arrived func(context.Context, store.Tx, Arrival) error
	Erased  func(ctx context.Context, tx store.Tx, category string, records []string) error
	// Released, where there is one, tells the domain concerned what of its own left, in the transaction that sends it.
	Released func(context.Context, store.Tx, Released) error
	// Turned, where there is one, tells the domain concerned of every change of a thread of its categories, in the transaction
	// that makes it.
	Turned func(context.Context, store.Tx, Turn) error
	// ReplyFloor is the least time from a question to the answer hit or no hit, so that a quick no tells nothing; 0 is a minute.
	ReplyFloor time.Duration
}

const defaultFloor = time.Minute

// Room is the exchange of one node. It is safe for concurrent use.
type Room struct {
	Post *post.Office

	o       Options
	store   *store.Store
	shelf   *shelf
	vault   vault
	figures *figures
	lending lending
	items   map[string]Item // by category
	handler map[envelope.Type]handler
}

type handler func(context.Context, store.Tx, post.Message) error

// Open makes the room and its post office.
func Open(ctx context.Context, o Options) (*Room, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.ReplyFloor == 0 {
		o.ReplyFloor = defaultFloor
	}
	if err := o.Store.Migrate(ctx, "sharing", migrations); err != nil {
		return nil, err
	}
	r := &Room{
		o: o, store: o.Store, shelf: newShelf(o.Home), vault: vault{o.Keys.Apart("sharing records")}, figures: newFigures(), items: map[string]Item{},
	}
	for _, item := range append([]Item{watchlist{o.Screener, r.now}}, o.Items...) {
		for _, category := range item.Categories() {
			r.items[category] = item
		}
	}
	office := post.Options{
		Store: o.Store, Keys: o.Keys, Audit: o.Audit, Clock: o.Clock, Owner: o.Owner, Logger: o.Logger, Registry: o.Registry, Home: o.Home,
		Admit: r.admit, Held: r.held,
		Announce: func(ctx context.Context, tx store.Tx, party string) error {
			return r.announce(ctx, tx, "partner", party)
		},
	}
	if o.Post != nil {
		o.Post(&office)
	}
	var err error
	if r.Post, err = post.Open(ctx, office); err != nil {
		return nil, err
	}
	r.handler = map[envelope.Type]handler{
		envelope.Request: r.asked, envelope.Reply: r.answered, envelope.Refusal: r.refused, envelope.Pending: r.pending,
		envelope.Share: r.given, envelope.Receipt: r.receipted, envelope.Outcome: r.outcomeTold,
		envelope.Correction: r.corrected, envelope.Erase: r.eraseTold, envelope.Done: r.doneTold,
		envelope.Doubt: r.doubted, envelope.Flag: r.flagged, envelope.Restrict: r.restricted, envelope.Breach: r.breached,
		envelope.ConsentAsk: r.consentAsked, envelope.Consent: r.consented,
		envelope.Suspend: r.suspendTold, envelope.Resume: r.resumeTold,
		envelope.Proposal: r.proposalCame, envelope.Signature: r.signatureCame,
	}
	r.Post.Handle(r.arrive)
	r.Post.Undelivered(r.undelivered)
	return r, nil
}

// HandleType gives messages of a type to whoever understands them: the private match, the dialogue. It must be told
// before [Room.Run].
func (r *Room) HandleType(t envelope.Type, h func(context.Context, store.Tx, post.Message) error) {
	r.handler[t] = h
}

// Run carries messages and keeps the clocks of every duty until the context ends.
func (r *Room) Run(ctx context.Context) error {
	clocks := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { clocks <- r.keepClocks(ctx) }()
	lent := make(chan struct{})
	go func() { defer close(lent); r.keepLists(ctx) }()
	err := r.Post.Run(ctx)
	stop()
	<-lent
	return errors.Join(err, <-clocks)
}

func (r *Room) now() time.Time { return r.o.Clock().UTC() }

func (r *Room) announce(ctx context.Context, tx store.Tx, name, id string) error {
	if r.o.Announce == nil {
		return nil
	}
	return r.o.Announce(ctx, tx, name, id, map[string]int{"changed": 1})
}

// pseudonym is how the partner knows an officer: always by the same name, which only this side can resolve.
func (r *Room) pseudonym(officer string) string { return "o-" + r.o.Keys.ID("officer", officer)[:8] }

// machine acts where no human does.
const machine = "sharing"
