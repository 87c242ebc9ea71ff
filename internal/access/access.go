package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// What this room refuses. Tested with errors.Is.
var (
	ErrNoCredential  = errors.New("no credential: send a bearer key, or sign in")
	ErrBadCredential = errors.New("the credential is not known, was revoked, or has expired")
	ErrTooMany       = errors.New("too many attempts: wait a minute")
	ErrUnknownRole   = errors.New("no such role")
	ErrBadName       = errors.New("a name has 1 to 100 characters and none that cannot be seen")
	ErrWeakPassword  = fmt.Errorf("a password has at least %d characters", shortest)
	ErrExists        = errors.New("there is one of that name already")
	ErrUnknown       = errors.New("there is none of that name")
)

// counter counts changes to keys, accounts and sessions, so that nodes know when to forget what they remember.
const counter = "access"

// Options of a node's door.
type Options struct {
	Clock    func() time.Time // nil is time.Now
	CacheFor time.Duration    // how long a revoked credential may still work on another node; 0 is one second
	Cookie   string           // the session cookie's name; two nodes on one host need two. Empty is rihla_session
}

// Access is a node's door. It is safe for concurrent use.
type Access struct {
	store   *store.Store
	clock   func() time.Time
	cookie  string
	guesses guesses
	hashing chan struct{} // bounds the memory that passwords take

	mu      sync.Mutex
	known   map[string]remembered // by hash of the credential
	version int64                 // of the counter, when last looked
	looked  time.Time
	keepFor time.Duration
}

// remembered is what a credential stood for.
type remembered struct {
	Principal
	seen, ends time.Time // of a session
}

// Open opens the door of a store.
func Open(ctx context.Context, st *store.Store, o Options) (*Access, error) {
	// Whatever changes here is recorded there.
	if err := errors.Join(audit.Migrate(ctx, st), st.Migrate(ctx, "access", migrations)); err != nil {
		return nil, err
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.CacheFor <= 0 {
		o.CacheFor = time.Second
	}
	if o.Cookie == "" {
		o.Cookie = "rihla_session"
	}
	return &Access{
		store: st, clock: o.Clock, cookie: o.Cookie, keepFor: o.CacheFor,
		guesses: newGuesses(o.Clock), hashing: make(chan struct{}, 2), known: map[string]remembered{},
	}, nil
}

// Authenticate names who sent the request: by bearer key, by basic authentication with the key as password (TAXII's
// clients), or by session cookie. [ErrNoCredential] or [ErrBadCredential] where it is nobody.
func (a *Access) Authenticate(ctx context.Context, r *http.Request) (Principal, error) {
	if token, ok := bearer(r); ok {
		return a.byToken(ctx, Key, token, a.readKey)
	}
	if _, password, ok := r.BasicAuth(); ok {
		return a.byToken(ctx, Key, password, a.readKey)
	}
	if r.Header.Get("Authorization") != "" {
		return Principal{}, ErrBadCredential
	}
	if cookie, err := r.Cookie(a.cookie); err == nil {
		return a.byToken(ctx, Account, cookie.Value, a.readSession)
	}
	return Principal{}, ErrNoCredential
}

// BySession reports whether the request would be known by its cookie: what a foreign page could make a browser send.
func (a *Access) BySession(r *http.Request) bool {
	_, err := r.Cookie(a.cookie)
	return err == nil && r.Header.Get("Authorization") == ""
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// byToken looks in memory, and asks the store where that does not know it, or no longer vouches for it.
func (a *Access) byToken(ctx context.Context, kind Kind, token string, read func(context.Context, string) (remembered, error)) (Principal, error) {
	if token == "" {
		return Principal{}, ErrBadCredential
	}
	if err := a.forget(ctx); err != nil {
		return Principal{}, err
	}
	hash, now := hashed(token), a.clock()
	a.mu.Lock()
	who, ok := a.known[hash]
	version := a.version
	a.mu.Unlock()
	if !ok || who.Kind != kind || who.over(now) {
		var err error
		if who, err = read(ctx, hash); err != nil {
			return Principal{}, err
		}
		if who.over(now) {
			return Principal{}, ErrBadCredential
		}
		a.remember(hash, version, who)
	}
	if who.Kind == Account && now.Sub(who.seen) > seenEvery {
		if err := a.touch(ctx, hash, now); err != nil {
			return Principal{}, err
		}
		who.seen = now
		a.remember(hash, version, who)
	}
	return who.Principal, nil
}

// forget empties the memory when another process changed something, looking no more than once in keepFor.
func (a *Access) forget(ctx context.Context) error {
	now := a.clock()
	a.mu.Lock()
	fresh := now.Sub(a.looked) < a.keepFor && !now.Before(a.looked)
	a.mu.Unlock()
	if fresh {
		return nil
	}
	version, err := store.LastNumber(ctx, a.store.Read(), counter)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if version != a.version {
		clear(a.known)
	}
	a.version, a.looked = version, now
	return nil
}

// remembersMost bounds the memory; a node has some hundred credentials in use.
const remembersMost = 20_000

// remember keeps what was read while the counter stood at version; what changed since is read again.
func (a *Access) remember(hash string, version int64, who remembered) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.version != version {
		return
	}
	if len(a.known) >= remembersMost {
		clear(a.known)
	}
	a.known[hash] = who
}

// changed tells all nodes that what they remember may be wrong.
func (a *Access) changed(ctx context.Context, tx store.Tx) error {
	tx.After(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.looked = time.Time{} // we look at once
	})
	_, err := store.NextNumber(ctx, tx, counter, 1)
	return err
}

// token is a new secret of 256 random bits; its prefix tells scanners of leaked secrets what it is.
func token(prefix string) string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // it never fails
	return prefix + base64.RawURLEncoding.EncodeToString(secret)
}

// hashed is how a token is kept and looked for. It is random enough to need no salt.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func checkName(name string) error {
	if name == "" || len(name) > 100 || name != strings.TrimSpace(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("%q: %w", name, ErrBadName)
	}
	return nil
}
