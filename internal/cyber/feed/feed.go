package feed

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/cyber/collection/poll"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

// What bounds a feed, and one turn of reading it.
const (
	oftenest  = time.Minute
	seldomest = 31 * 24 * time.Hour
	usual     = 15 * time.Minute

	pageObjects = 500
	pageBytes   = 32 << 20
	patience    = 20 * time.Second // with a server that asks to be left alone; what is longer waits outside of the job
	turnTime    = 75 * time.Second // less than a job's lease
	turnPages   = 200

	idMost      = 200
	secretMost  = 4096
	faultMost   = 500
	refusalMost = 5
	nextMost    = 8 << 10
)

// home is the collection that takes what a feed brings, where none is named.
const home = "exchange"

// Options are what feeds need of the house.
type Options struct {
	Store       *store.Store
	Keys        *keys.Keys
	Collections *collection.Server
	// Added has what was added to a collection heard; it is called in the transaction that adds.
	Added  func(ctx context.Context, tx store.Tx, collection string) error
	Owner  string        // whom our own objects are by: no feed is called that
	Jobs   *jobs.Jobs    // nil: nothing is read unless somebody pulls
	Client *poll.Client  // nil is one for a node
	Turn   time.Duration // how long a job reads at once; 0 is 75 seconds
	Pages  int           // how many pages a job reads at once; 0 is 200
	Logger *slog.Logger
}

// Feeds are a node's.
type Feeds struct {
	o     Options
	store *store.Store
	apart keys.Apart
}

// Open readies a store's feeds. With Jobs they are read as they come due.
func Open(ctx context.Context, o Options) (*Feeds, error) {
	if o.Client == nil {
		o.Client = poll.New(poll.Options{Patience: patience, PageMost: pageBytes})
	}
	if o.Turn <= 0 {
		o.Turn = turnTime
	}
	if o.Pages <= 0 {
		o.Pages = turnPages
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	for _, migrate := range []func() error{
		func() error { return audit.Migrate(ctx, o.Store) }, // whatever is done here is recorded there
		func() error { return jobs.Migrate(ctx, o.Store) },
		func() error { return o.Store.Migrate(ctx, "cyber_feed", migrations) },
	} {
		if err := migrate(); err != nil {
			return nil, err
		}
	}
	f := &Feeds{o: o, store: o.Store, apart: o.Keys.Apart("feed credentials")}
	if o.Jobs != nil {
		o.Jobs.HandleOutside(jobKind, f.work)
	}
	return f, nil
}

// Feed is a collection of another server, and where it goes here.
type Feed struct {
	Name       string        // whom what comes is by
	Root       string        // the address of the other's API root
	Collection string        // there: its id or alias
	Into       string        // here: an id or alias. One that is not there is made; empty is the node's first
	Every      time.Duration // 0 is a quarter of an hour
}

// Credential is as whom we come: a user with a password, a token, or nobody. It is kept sealed.
type Credential struct {
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	Token    string `json:"token,omitempty"`
}

// What an operator may have got wrong.
var (
	ErrNone   = errors.New("there is no feed of that name")
	ErrExists = errors.New("there is a feed of that name already; remove it first")
	ErrTurn   = errors.New("another reads the feed at this moment")
)

// WrongError is a feed that cannot be, and why.
type WrongError struct{ Field, Message string }

func (e *WrongError) Error() string { return e.Field + ": " + e.Message }

// TheirError is what the other server, or the way to it, has wrong. The feed keeps it for people.
type TheirError struct{ Cause error }

func (e *TheirError) Error() string { return printable(e.Cause.Error()) }
func (e *TheirError) Unwrap() error { return e.Cause }

// A name stands in the audit log, which knows no spaces in it.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func (f *Feed) check(owner string) error {
	switch u, err := url.Parse(f.Root); {
	case !nameForm.MatchString(f.Name):
		return &WrongError{"name", "a name has up to 64 letters, digits and . _ -, and begins with a letter or digit"}
	case strings.EqualFold(f.Name, owner):
		return &WrongError{"name", "that is this node's own name; what comes is by the feed's name"}
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return &WrongError{"url", "the address of an API root begins with https:// or http:// and names a host, as in https://feeds.example/taxii2/root/"}
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return &WrongError{"url", "the address has no user, query or fragment: give a credential by itself"}
	case f.Collection == "" || len(f.Collection) > idMost:
		return &WrongError{"collection", fmt.Sprintf("name a collection of the other server, by its id or alias of at most %d letters", idMost)}
	case f.Every < oftenest || f.Every > seldomest:
		return &WrongError{"every", fmt.Sprintf("%s is not between %s and %s", f.Every, oftenest, seldomest)}
	}
	return nil
}

func (c *Credential) check() error {
	switch {
	case c.Token != "" && c.User != "":
		return &WrongError{"credential", "a server is given a token or a user with a password, not both"}
	case len(c.Token) > secretMost || len(c.User) > secretMost || len(c.Password) > secretMost:
		return &WrongError{"credential", fmt.Sprintf("it is longer than %d bytes", secretMost)}
	case strings.ContainsAny(c.Token, "\r\n\x00") || strings.ContainsAny(c.User, ":\r\n\x00"):
		return &WrongError{"credential", "it has a line break or another sign in it that no header takes"}
	}
	return nil
}

// Add makes a feed, in the caller's transaction. It is read at once and then as often as said.
func (f *Feeds) Add(ctx context.Context, tx store.Tx, n Feed, c Credential, by, role string) error {
	if n.Every == 0 {
		n.Every = usual
	}
	if err := errors.Join(n.check(f.o.Owner), c.check()); err != nil {
		return err
	}
	into, err := f.destination(ctx, tx, n.Into)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return err
	}
	salt := keys.NewSalt()
	sealed, err := f.apart.Seal(n.Name, salt, plain)
	if err != nil {
		return err
	}
	now := store.Micros(tx.Now())
	if _, err := tx.ExecContext(ctx, `insert into cyber_feed (name, root, collection, destination, every, salt, credential, actor, added, turn, place, due,
			tried, succeeded, failures, fault, pages, taken, known, refused, refusals, untold)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '{}', $9, 0, 0, 0, '', 0, 0, 0, 0, '[]', 0)`,
		n.Name, n.Root, n.Collection, into, n.Every.Microseconds(), salt, sealed, by, now); err != nil {
		if store.IsUnique(err) {
			return ErrExists
		}
		return err
	}
	if err := schedule(ctx, tx, n.Name, tx.Now()); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Role: role, Action: "feed.add", Touched: []string{n.Name, into}, Detail: fmt.Sprintf("every %s, collection %s of %s", n.Every, n.Collection, n.Root),
	})
}

// destination is the collection that an operator means. One that is not there yet is made, and this state's responders may
// read it: what a feed brings need not be where partners look.
func (f *Feeds) destination(ctx context.Context, tx store.Tx, named string) (string, error) {
	all, err := f.o.Collections.Collections(ctx, tx)
	if err != nil {
		return "", err
	}
	wanted := named
	if wanted == "" {
		wanted = home
	}
	if at := slices.IndexFunc(all, func(c collection.Collection) bool { return c.ID == wanted || c.Alias == wanted }); at >= 0 {
		return all[at].ID, nil
	}
	if named == "" && len(all) > 0 {
		return all[0].ID, nil
	}
	if !nameForm.MatchString(wanted) {
		return "", &WrongError{"into", "there is no such collection, and a new one is named by letters, digits and . _ -"}
	}
	made, err := f.o.Collections.Create(ctx, tx, collection.Collection{Alias: wanted, Title: wanted, Description: "What feeds bring"})
	if err != nil {
		return "", &WrongError{"into", err.Error()}
	}
	return made.ID, f.o.Collections.Grant(ctx, tx, collection.Grant{Collection: made.ID, To: collection.Role(access.Responder), Read: true, Write: true, Delete: true, Ceiling: stix.Red})
}

// Remove ends a feed and destroys its credential. What came of it stays.
func (f *Feeds) Remove(ctx context.Context, tx store.Tx, name, by, role string) error {
	h, err := f.one(ctx, tx, name)
	if err != nil {
		return err
	}
	if h.untold > 0 { // by a turn that was cut off, or is at work
		if err := tell(ctx, tx, h, fmt.Sprintf("%d new", h.untold)); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "delete from cyber_feed where name = $1", name); err != nil {
		return err
	}
	if err := jobs.Cancel(ctx, tx, jobID(name)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: "feed.remove", Touched: []string{name}})
}
