package post

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Options of an office.
type Options struct {
	Store    *store.Store
	Keys     *keys.Keys
	Audit    *audit.Log
	Clock    func() time.Time // nil is time.Now
	Owner    string           // this node, as leases know it
	Logger   *slog.Logger
	Registry prometheus.Registerer // nil measures nothing
	Home     string                // this state, ISO 3166-1 alpha-3

	// Admit is asked of every message but the office's own three, before it is kept: an error that is a [*Refusal] is what
	// the sender is told. Nil admits all.
	Admit func(ctx context.Context, r store.Reader, h envelope.Header) error
	// Held are the digests of the agreements in force with a party, told to it with every HELLO. Nil tells none.
	Held func(ctx context.Context, r store.Reader, party string) ([]string, error)
	// Announce tells the live pages of this node that something of a partner changed. Nil tells nobody.
	Announce func(ctx context.Context, tx store.Tx, party string) error

	Skew            time.Duration                             // how far ahead a partner's clock may be; 0 is two minutes
	HoldFor         time.Duration                             // how long a gap is waited for; 0 is a minute
	WitnessInterval time.Duration                             // 0 is an hour
	BackOff         time.Duration                             // the first wait after a failed delivery, doubled each time; 0 is a second
	Flood           float64                                   // messages a second that one partner may deliver for long; 0 is 5,000
	Line            func(http.RoundTripper) http.RoundTripper // wraps the way to partners, for tests; nil leaves it as it is
}

// What an office keeps to unless told otherwise.
const (
	defaultSkew    = 2 * time.Minute
	defaultHold    = time.Minute
	defaultWitness = time.Hour
	defaultBackOff = time.Second
	defaultTTL     = 72 * time.Hour
	defaultFlood   = 5000
)

// Draft is a message to be sent. The office gives it its number, time and predecessor.
type Draft struct {
	ID        string // a UUIDv7 of the caller's; empty makes one
	Type      envelope.Type
	Agreement envelope.Agreement
	Share     string
	From, To  string // authorities
	Thread    string // the message that began it; empty begins one
	InReplyTo string
	Purpose   string
	CaseRef   string
	Officer   string // a pseudonym
	Handling  envelope.Handling
	Body      json.RawMessage
	Urgent    bool
	NotBefore time.Time // held back until then; zero is at once
	Expires   time.Time // given up then; zero is 72 hours from now
}

// Message is one that came.
type Message struct {
	Header     envelope.Header
	Body       json.RawMessage
	JWSDigest  string
	ReceivedAt time.Time
}

// Refusal is why a message is not taken, as its sender is told.
type Refusal struct{ Code, Detail string }

func (r *Refusal) Error() string {
	if r.Detail == "" {
		return r.Code
	}
	return r.Code + ": " + r.Detail
}

// Why the office itself refuses; Admit adds its own.
const (
	CodeMalformed = "MALFORMED" // it is not written as the protocol has it
	CodeAlgorithm = "ALGORITHM" // another algorithm than the agreed, or compressed
	CodeSealed    = "SEALED"    // not for a key of ours, or changed on the way
	CodeSignature = "SIGNATURE" // the signature does not hold, or its key is not known, not yet or no longer valid
	CodeNotYet    = "NOT_YET"   // signed by a key that holds only later; tried again, for the news of it may be on its way
	CodeRevoked   = "REVOKED"   // signed by a key after it was revoked
	CodeSender    = "SENDER"    // the certificate's party does not own the authority that signed
	CodeReceiver  = "RECEIVER"  // it is for somebody else
	CodeClock     = "CLOCK"     // issued further ahead than clocks may differ
	CodeExpired   = "EXPIRED"
	CodeErased    = "ERASED"   // of ours: its key was destroyed before it arrived
	CodeConflict  = "CONFLICT" // its id or its number was used for other bytes
	CodeChain     = "CHAIN"    // it does not follow the message before it
	CodeFlood     = "FLOOD"    // more than one partner may deliver
)

// ErrUnknownPartner says that no card was trusted for whom the message is for, or is from.
var ErrUnknownPartner = errors.New("no partner is known with that authority: trust its card first (rihla partner trust)")

// ErrErased says that a message's bytes are gone: its key was destroyed.
var ErrErased = keys.ErrDestroyed

// Office is a node's post office. It is safe for concurrent use.
type Office struct {
	options     Options
	store       *store.Store
	vault       vault
	metrics     *metrics
	intake      *store.Group[*delivery]
	handle      func(context.Context, store.Tx, Message) error
	undelivered func(ctx context.Context, tx store.Tx, d Draft, id, why string) error

	mu       sync.RWMutex
	ring     *ring                    // who is who, as last read; replaced whole
	limits   map[string]*rate.Limiter // by party
	clients  map[string]*http.Client  // by party
	contacts map[string]contact       // by party, as this node last wrote them
}

// Open readies the office of a store: its tables, and who is who.
func Open(ctx context.Context, options Options) (*Office, error) {
	o := &Office{
		options: options, store: options.Store,
		limits: map[string]*rate.Limiter{}, clients: map[string]*http.Client{}, contacts: map[string]contact{},
	}
	o.options.Skew = cmp.Or(options.Skew, defaultSkew)
	o.options.HoldFor = cmp.Or(options.HoldFor, defaultHold)
	o.options.WitnessInterval = cmp.Or(options.WitnessInterval, defaultWitness)
	o.options.BackOff = cmp.Or(options.BackOff, defaultBackOff)
	o.options.Flood = cmp.Or(options.Flood, defaultFlood)
	if o.options.Logger == nil {
		o.options.Logger = slog.New(slog.DiscardHandler)
	}
	if o.options.Owner == "" {
		o.options.Owner = keys.Event()
	}
	if err := o.store.Migrate(ctx, "post", migrations); err != nil {
		return nil, err
	}
	if err := audit.Migrate(ctx, o.store); err != nil {
		return nil, err
	}
	var err error
	if o.vault, err = newVault(options.Keys); err != nil {
		return nil, err
	}
	o.intake = store.NewGroup(o.store, deliveriesMax, o.admitAll)
	if _, err := o.now(ctx); err != nil {
		return nil, fmt.Errorf("read who is who: %w", err)
	}
	o.metrics, err = o.measure(options.Registry)
	return o, err
}

func (o *Office) clock() time.Time {
	if o.options.Clock != nil {
		return o.options.Clock()
	}
	return time.Now()
}

// The topics that wake the office's own loops.
const (
	topicOut  = "post-out"
	topicIn   = "post-in"
	topicRing = "post-ring"
)

// actorPost is who acts when the office does.
const actorPost = "post office"

// Handle says what is done with each message that came: once, threads in order, in the transaction that marks it done. An
// error has it tried again later; it must be told before [Office.Run].
func (o *Office) Handle(h func(ctx context.Context, tx store.Tx, m Message) error) { o.handle = h }

// Undelivered says what is done, in the same transaction, when a message of ours is given up: it expired, or was refused.
func (o *Office) Undelivered(h func(ctx context.Context, tx store.Tx, d Draft, id, why string) error) {
	o.undelivered = h
}
