package poll

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/rihla/rihla/formats/taxii"
)

// What goes wrong, for errors.Is. Anything else is a fault of the network or of the other side, and may pass.
var (
	ErrCredential    = errors.New("the server does not let us in, or not do this: ask whoever runs it")
	ErrConfiguration = errors.New("the server does not speak TAXII 2.1 there: look at the address")
)

const (
	tries      = 5
	firstPause = time.Second
	longest    = 5 * time.Minute
	pageMost   = 64 << 20       // bytes of a page
	longestAsk = 24 * time.Hour // that a server may want to be left alone
	connect    = 10 * time.Second
	whole      = 60 * time.Second
)

// Options of a client. The zero value is right for a node.
type Options struct {
	HTTP  *http.Client // nil has time-outs of its own
	Clock func() time.Time
	Sleep func(context.Context, time.Duration) error // waits between two tries
	// Patience is the longest wait between two tries: where a server wants to be left alone for longer, the call ends with a
	// [*Busy]. 0 waits what the server says, five minutes at most.
	Patience time.Duration
	PageMost int64 // bytes of a page; 0 is 64 MiB
}

// Busy says that a server wants to be left alone for longer than the call was to last.
type Busy struct {
	After time.Duration // when to come again
	Cause error
}

func (b *Busy) Error() string {
	return fmt.Sprintf("%v; it asks to be left alone for %s", b.Cause, b.After.Round(time.Second))
}

func (b *Busy) Unwrap() error { return b.Cause }

// Client asks TAXII servers. It is safe for concurrent use.
type Client struct{ options Options }

// New makes a client.
func New(o Options) *Client {
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: whole, Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: connect}).DialContext, TLSHandshakeTimeout: connect, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute,
		}}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.PageMost <= 0 {
		o.PageMost = pageMost
	}
	return &Client{o}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Peer is a server, and as whom we come.
type Peer struct {
	Root     string // of the API: https://x.example/two-state/
	User     string // with Password: basic authentication
	Password string
	Token    string // bearer, where there is no user
}

// answer is what came back, good or not.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// refused is an answer that is none of those wanted.
type refused struct {
	answer
	at string
}

func (e *refused) Error() string {
	var told taxii.Error
	_ = json.Unmarshal(e.body, &told) // where it does not say why, its status has to do
	text := fmt.Sprintf("%s answered %d %s %.200s", e.at, e.status, http.StatusText(e.status), told.Error())
	if kind := e.Unwrap(); kind != nil {
		text += ": " + kind.Error()
	}
	return text
}

func (e *refused) Unwrap() error {
	switch e.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return ErrCredential
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnsupportedMediaType:
		return ErrConfiguration
	}
	return nil
}

var errLarge = errors.New("ask for smaller pages")

// passing reports whether it may go well next time.
func passing(err error) bool {
	if e, ok := errors.AsType[*refused](err); ok {
		return e.status == http.StatusTooManyRequests || e.status == http.StatusRequestTimeout || e.status >= 500
	}
	return !errors.Is(err, ErrConfiguration) && !errors.Is(err, errLarge)
}

// do makes a request, again and again while that may help.
func (c *Client) do(ctx context.Context, p Peer, method, at string, body []byte) (a answer, err error) {
	pause := firstPause
	for try := 1; ; try++ {
		if a, err = c.once(ctx, p, method, at, body); err == nil || ctx.Err() != nil || !passing(err) || try == tries {
			return a, err
		}
		wait := pause/2 + rand.N(pause) //nolint:gosec // spreads tries, guards nothing
		if told := c.retryAfter(a.header); told > 0 {
			if wait = min(told, longest); c.options.Patience > 0 && told > c.options.Patience {
				return a, &Busy{told, err}
			}
		}
		if err := c.options.Sleep(ctx, wait); err != nil {
			return a, err
		}
		pause = min(2*pause, longest)
	}
}

func (c *Client) once(ctx context.Context, p Peer, method, at string, body []byte) (a answer, err error) {
	r, err := http.NewRequestWithContext(ctx, method, at, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Header.Set("Accept", taxii.Media)
	if body != nil {
		r.Header.Set("Content-Type", taxii.Media)
	}
	if p.User != "" {
		r.SetBasicAuth(p.User, p.Password)
	} else if p.Token != "" {
		r.Header.Set("Authorization", "Bearer "+p.Token)
	}
	got, err := c.options.HTTP.Do(r)
	if err != nil {
		return a, err
	}
	defer got.Body.Close()
	a.status, a.header = got.StatusCode, got.Header
	if a.body, err = io.ReadAll(io.LimitReader(got.Body, c.options.PageMost+1)); err != nil {
		return a, err
	}
	if int64(len(a.body)) > c.options.PageMost {
		return a, fmt.Errorf("%s answered more than %d bytes: %w", place(at), c.options.PageMost, errLarge)
	}
	if a.status >= 300 {
		return a, &refused{a, place(at)}
	}
	if method == http.MethodGet && !taxii.IsMedia(got.Header.Get("Content-Type")) {
		return a, fmt.Errorf("%s answered %.100s: %w", place(at), got.Header.Get("Content-Type"), ErrConfiguration)
	}
	return a, nil
}

// place is an address without its query, for people.
func place(at string) string {
	if u, err := url.Parse(at); err == nil {
		u.RawQuery, u.User = "", nil
		return u.String()
	}
	return "the server"
}

// retryAfter is how long the server wants to be left alone.
func (c *Client) retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(seconds, int(longestAsk/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(at.Sub(c.options.Clock()), longestAsk)
	}
	return 0
}

func (c *Client) get(ctx context.Context, p Peer, at string, v any) (http.Header, []byte, error) {
	a, err := c.do(ctx, p, http.MethodGet, at, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		return nil, nil, fmt.Errorf("%s answered no JSON of TAXII: %w", place(at), err)
	}
	return a.header, a.body, nil
}

// Discover asks a server for its API roots, as addresses that can be used as they are.
func (c *Client) Discover(ctx context.Context, p Peer, at string) (d taxii.Discovery, err error) {
	if _, _, err = c.get(ctx, p, at, &d); err != nil {
		return d, err
	}
	base, err := url.Parse(at)
	if err != nil {
		return d, err
	}
	resolve := func(root string) string {
		if u, err := base.Parse(root); err == nil {
			return u.String()
		}
		return root
	}
	for i := range d.Roots {
		d.Roots[i] = resolve(d.Roots[i])
	}
	if d.Default != "" {
		d.Default = resolve(d.Default)
	}
	return d, nil
}

// Collections asks an API root for the collections there are for us.
func (c *Client) Collections(ctx context.Context, p Peer) ([]taxii.Collection, error) {
	var all taxii.Collections
	_, _, err := c.get(ctx, p, taxii.CollectionsAt(p.Root), &all)
	return all.Collections, err
}
