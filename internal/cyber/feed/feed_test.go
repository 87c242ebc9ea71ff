package feed_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rihla/rihla/formats/taxii"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/cyber/collection"
	"github.com/rihla/rihla/internal/cyber/collection/poll"
	"github.com/rihla/rihla/internal/cyber/feed"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// other is another node's TAXII server, over HTTP. What stands in its way is asked before it is.
type other struct {
	t     *testing.T
	root  string
	store *store.Store
	asked atomic.Int64
	way   atomic.Pointer[obstacle] // nil: none
}

// obstacle answers whether it has answered in the server's place.
type obstacle func(http.ResponseWriter, *http.Request) bool

const token = "the-token-of-the-feed"

func openOther(t *testing.T) *other {
	t.Helper()
	o := &other{t: t, store: storetest.SQLite(t)}
	k, err := keys.Open(t.Context(), o.store, keys.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(t.Context(), o.store, k, audit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := collection.Open(t.Context(), collection.Options{Store: o.store, Keys: k, Audit: log, PageMost: 50})
	if err != nil {
		t.Fatal(err)
	}
	m := api.NewMux(api.Options{Title: "test", Authenticate: func(_ context.Context, r *http.Request) (access.Principal, error) {
		if user, password, basic := r.BasicAuth(); r.Header.Get("Authorization") != "Bearer "+token && !(basic && user == "us" && password == token) {
			return access.Principal{}, access.ErrBadCredential
		}
		return access.Principal{Name: "peer", Role: access.Responder}, nil
	}})
	s.Routes(m)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/objects/") {
			o.asked.Add(1)
			if way := o.way.Load(); way != nil && (*way)(w, r) {
				return
			}
		}
		m.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	o.root = server.URL + "/taxii2/rihla/"
	return o
}

// block puts something in the way of those who read.
func (o *other) block(way obstacle) { o.way.Store(&way) }

// open takes it out of the way.
func (o *other) open() { o.way.Store(nil) }

// give adds tools of those numbers, over HTTP as anybody would.
func (o *other) give(from, to int) {
	o.t.Helper()
	var objects [][]byte
	for i := from; i < to; i++ {
		objects = append(objects, tool(i))
	}
	if err := poll.New(poll.Options{}).Push(o.t.Context(), poll.Peer{Root: o.root, Token: token}, "exchange", objects, func(_ context.Context, s taxii.Status) error {
		if s.FailureCount > 0 {
			return fmt.Errorf("%d were not taken", s.FailureCount)
		}
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
}

func tool(n int) []byte {
	return fmt.Appendf(nil, `{"type":"tool","spec_version":"2.1","id":"tool--%s","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"%d"}`,
		uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)), n)
}

// node is one that reads feeds.
type node struct {
	t           *testing.T
	store       *store.Store
	keys        *keys.Keys
	collections *collection.Server
	heard       atomic.Int64 // transactions that added something
}

func openNode(t *testing.T, st *store.Store) *node {
	t.Helper()
	n := &node{t: t, store: st}
	var err error
	if n.keys, err = keys.Open(t.Context(), st, keys.Options{Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	if n.collections, err = collection.Open(t.Context(), collection.Options{Store: st, Keys: n.keys}); err != nil {
		t.Fatal(err)
	}
	return n
}

// feeds are the node's after a start; pages are those of one turn.
func (n *node) feeds(pages int, worker *jobs.Jobs, client *poll.Client) *feed.Feeds {
	n.t.Helper()
	f, err := feed.Open(n.t.Context(), feed.Options{
		Store: n.store, Keys: n.keys, Collections: n.collections, Owner: "Examplia", Jobs: worker, Client: client, Pages: pages, Turn: 400 * time.Millisecond,
		Added: func(context.Context, store.Tx, string) error { n.heard.Add(1); return nil },
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return f
}

func (n *node) worker(owner string) *jobs.Jobs {
	n.t.Helper()
	j, err := jobs.Open(n.t.Context(), n.store, jobs.Options{Owner: owner})
	if err != nil {
		n.t.Fatal(err)
	}
	return j
}

func (n *node) write(do func(ctx context.Context, tx store.Tx) error) {
	n.t.Helper()
	if err := n.store.Write(n.t.Context(), do); err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) add(f *feed.Feeds, w feed.Feed, c feed.Credential) {
	n.t.Helper()
	n.write(func(ctx context.Context, tx store.Tx) error { return f.Add(ctx, tx, w, c, "operator", "administrator") })
}

func (n *node) state(f *feed.Feeds) feed.State {
	n.t.Helper()
	all, err := f.All(n.t.Context(), n.store.Read(), time.Now())
	if err != nil || len(all) != 1 {
		n.t.Fatalf("%d feeds (%v)", len(all), err)
	}
	return all[0]
}

// names are those of what the feed brought, in the order it came.
func (n *node) names(into string) (all []string) {
	n.t.Helper()
	for after := int64(0); ; {
		before := after
		if err := n.collections.After(n.t.Context(), n.store.Read(), into, after, 1000, func(s collection.Stored) error {
			var o struct{ Name string }
			if s.By != "csirt" {
				n.t.Errorf("%s is by %q", s.ID, s.By)
			}
			all, after = append(all, o.Name), s.Added
			err := json.Unmarshal(s.Raw, &o)
			all[len(all)-1] = o.Name
			return err
		}); err != nil {
			n.t.Fatal(err)
		}
		if after == before {
			return all
		}
	}
}

// told is what the audit log will hold of an action.
func (n *node) told(action string) (details []string) {
	n.t.Helper()
	if err := store.Rows(n.t.Context(), n.store.Read(), func(rows *sql.Rows) error {
		var detail string
		err := rows.Scan(&detail)
		details = append(details, detail)
		return err
	}, "select detail from audit_pending where action = $1 order by id", action); err != nil {
		n.t.Fatal(err)
	}
	return details
}

func numbers(to int) []string {
	all := make([]string, to)
	for i := range all {
		all[i] = fmt.Sprint(i)
	}
	return all
}

func (n *node) step(j *jobs.Jobs) int {
	n.t.Helper()
	did, err := j.Step(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return did
}

// A feed's job reads all there is, turn by turn, and after a restart goes on where it stopped; what is new later comes alone.
func TestAFeedIsRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		const count = 330
		o, n := openOther(t), openNode(t, open())
		o.give(0, count)
		j := n.worker("one")
		f := n.feeds(3, j, nil)
		n.add(f, feed.Feed{Name: "csirt", Root: o.root, Collection: "exchange", Into: "feeds"}, feed.Credential{Token: token})
		if s := n.state(f); s.State != "new" || s.Alias != "feeds" || s.Every != "15m0s" || s.As != "token" {
			t.Errorf("before the first turn: %+v", s)
		}
		n.step(j)
		if s := n.state(f); s.Pages != 3 || s.Taken != 150 || !s.Midway || s.State != "ok" || !s.Succeeded.IsZero() {
			t.Errorf("after the first turn: %+v", s)
		}
		j = n.worker("two") // a restart
		f = n.feeds(3, j, nil)
		for n.step(j) > 0 {
		}
		s := n.state(f)
		if diff := cmp.Diff(numbers(count), n.names(s.Into)); diff != "" {
			t.Error(diff)
		}
		if s.Pages != 7 || s.Taken != count || s.Known != 0 || s.Midway || s.Failures != 0 || s.Succeeded.IsZero() || s.Due.Sub(s.Succeeded).Round(time.Minute) != 15*time.Minute {
			t.Errorf("at its end: %+v", s)
		}
		if got := o.asked.Load(); got != 7 {
			t.Errorf("%d pages were asked for", got)
		}
		if got := n.heard.Load(); got != 7 {
			t.Errorf("%d transactions were heard", got)
		}
		if diff := cmp.Diff([]string{"150 new, 0 known, 0 refused, in 3 pages", "150 new, 0 known, 0 refused, in 3 pages", "30 new, 0 known, 0 refused, in 1 pages"}, n.told("feed.poll")); diff != "" {
			t.Error(diff)
		}
		o.give(count, count+1)
		for range 2 {
			if _, err := f.Pull(t.Context(), "csirt"); err != nil {
				t.Fatal(err)
			}
		}
		if s := n.state(f); s.Taken != count+1 || s.Known != 0 {
			t.Errorf("later: %+v", s)
		}
		if got := n.told("feed.poll"); len(got) != 4 {
			t.Errorf("a poll that brought nothing is told of: %q", got)
		}
		n.write(func(ctx context.Context, tx store.Tx) error {
			return f.Remove(ctx, tx, "csirt", "operator", "administrator")
		})
		if got := n.names(s.Into); len(got) != count+1 {
			t.Errorf("%d stay", len(got))
		}
		if _, err := f.Pull(t.Context(), "csirt"); !errors.Is(err, feed.ErrNone) {
			t.Error(err)
		}
		if len(n.told("feed.add")) != 1 || len(n.told("feed.remove")) != 1 || n.step(j) != 0 {
			t.Error("adding or removing it is not told, or its job is still there")
		}
	})
}

// Wherever in the middle of its pages a poll is cut off, nothing is lost and nothing comes twice.
func TestAPollThatIsCutOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		const count = 230
		o, n := openOther(t), openNode(t, open())
		o.give(0, count)
		f := n.feeds(0, nil, nil)
		n.add(f, feed.Feed{Name: "csirt", Root: o.root, Collection: "exchange"}, feed.Credential{User: "us", Password: token})
		for range 4 {
			ctx, stop := context.WithCancel(t.Context())
			var pages atomic.Int64
			o.block(func(_ http.ResponseWriter, r *http.Request) bool {
				if pages.Add(1) == 1 {
					return false // the first page of a turn comes through
				}
				stop()
				<-r.Context().Done()
				return true
			})
			_, err := f.Pull(ctx, "csirt")
			stop()
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			f = n.feeds(0, nil, nil)
		}
		o.open()
		if _, err := f.Pull(t.Context(), "csirt"); err != nil {
			t.Fatal(err)
		}
		s := n.state(f)
		if diff := cmp.Diff(numbers(count), n.names(s.Into)); diff != "" {
			t.Error(diff)
		}
		if s.Taken != count || s.Failures != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// Of two that read a feed at once, each page counts for one of them.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	const count = 230
	o, n := openOther(t), openNode(t, storetest.SQLite(t))
	o.give(0, count)
	n.add(n.feeds(0, nil, nil), feed.Feed{Name: "csirt", Root: o.root, Collection: "exchange"}, feed.Credential{Token: token})
	var all sync.WaitGroup
	for range 3 {
		f := n.feeds(0, nil, nil)
		all.Go(func() {
			if _, err := f.Pull(t.Context(), "csirt"); err != nil && !errors.Is(err, feed.ErrTurn) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	f := n.feeds(0, nil, nil)
	if _, err := f.Pull(t.Context(), "csirt"); err != nil {
		t.Fatal(err)
	}
	if s := n.state(f); s.Taken != count || s.Failures != 0 || !slices.Equal(n.names(s.Into), numbers(count)) {
		t.Errorf("%+v", s)
	}
}

// What a server does wrong is told, and ends the poll and not the feed: when it is well again, all comes.
func TestAServerThatIsNotWell(t *testing.T) {
	t.Parallel()
	answer := func(status int, media, body string, more ...string) obstacle {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", media)
			for i := 0; i+1 < len(more); i += 2 {
				w.Header().Set(more[i], more[i+1])
			}
			w.WriteHeader(status)
			fmt.Fprint(w, body)
			return true
		}
	}
	for name, c := range map[string]struct {
		way  obstacle
		says string
		wait time.Duration
	}{
		"busy":        {answer(503, taxii.Media, `{"title":"later","description":"we are restoring"}`, "Retry-After", "7200"), "left alone for 2h0m0s", 2 * time.Hour},
		"fails":       {answer(500, "text/plain", "x"), "500 Internal Server Error", 30 * time.Second},
		"no key":      {answer(401, taxii.Media, `{"title":"no"}`), "does not let us in", 15 * time.Minute},
		"gone":        {answer(404, taxii.Media, `{"title":"no"}`), "look at the address", 15 * time.Minute},
		"a web page":  {answer(200, "text/html", "<html>sign in</html>"), "look at the address", 15 * time.Minute},
		"garbage":     {answer(200, taxii.Media, "\x00\x01"), "no JSON of TAXII", 30 * time.Second},
		"no envelope": {answer(200, taxii.Media, `{"objects":{"a":1}}`), "no JSON of TAXII", 30 * time.Second},
		"a circle":    {answer(200, taxii.Media, `{"more":true,"objects":[]}`), "not where", 15 * time.Minute},
		"too much":    {answer(200, taxii.Media, `{"x":"`+strings.Repeat("x", 60_000)+`"}`), "more than 50000 bytes", 30 * time.Second},
		"silent":      {func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }, "did not give a page within 400ms", 30 * time.Second},
		"far to go":   {answer(200, taxii.Media, `{"more":true,"objects":[{}],"next":"`+strings.Repeat("x", 9_000)+`"}`), "names its next page", 30 * time.Second},
		"breaks off":  {func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }, "EOF", 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, n := openOther(t), openNode(t, storetest.SQLite(t))
			o.give(0, 70)
			j := n.worker("one")
			client := poll.New(poll.Options{Patience: time.Minute, PageMost: 50_000, Sleep: func(context.Context, time.Duration) error { return nil }})
			f := n.feeds(1, j, client)
			n.add(f, feed.Feed{Name: "csirt", Root: o.root, Collection: "exchange"}, feed.Credential{Token: token})
			n.step(j) // one page is read
			o.block(c.way)
			n.step(j)
			s := n.state(f)
			if s.State != "failing" || s.Failures != 1 || !strings.Contains(s.Fault, c.says) || s.Taken != 50 || strings.Contains(s.Fault, token) {
				t.Errorf("%+v", s)
			}
			if wait := s.Due.Sub(s.Tried).Round(time.Second); wait != c.wait {
				t.Errorf("it is tried again after %s", wait)
			}
			failing, err := j.Failing(t.Context(), 10)
			if err != nil || len(failing) != 1 || failing[0].Due.Sub(s.Due).Abs() > time.Second || n.step(j) != 0 {
				t.Errorf("%+v (%v)", failing, err)
			}
			o.open()
			if _, err := f.Pull(t.Context(), "csirt"); err != nil {
				t.Fatal(err)
			}
			if s := n.state(f); s.State != "ok" || s.Fault != "" || !slices.Equal(n.names(s.Into), numbers(70)) {
				t.Errorf("%+v", s)
			}
		})
	}
}

// What a server writes is kept so that any store and any terminal take it; a feed that is removed in the middle is told of.
func TestWhatServersWrite(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		o, n := openOther(t), openNode(t, open())
		o.give(0, 70)
		f := n.feeds(0, nil, poll.New(poll.Options{Sleep: func(context.Context, time.Duration) error { return nil }}))
		n.add(f, feed.Feed{Name: "csirt", Root: o.root, Collection: "exchange"}, feed.Credential{Token: token})
		var ctx, stop = context.WithCancel(t.Context())
		pages := 0
		o.block(func(w http.ResponseWriter, r *http.Request) bool {
			pages++
			switch pages {
			case 1:
				w.WriteHeader(http.StatusConflict)
				fmt.Fprint(w, `{"title":"\u001b[31mred\u0000"}`)
				return true
			case 3:
				stop()
				<-r.Context().Done()
				return true
			}
			return false
		})
		_, err := f.Pull(ctx, "csirt")
		if s := n.state(f); !errors.As(err, new(*feed.TheirError)) || strings.ContainsAny(err.Error()+s.Fault, "\x1b\x00") || !strings.Contains(s.Fault, "[31mred") {
			t.Errorf("%q (%v)", s.Fault, err)
		}
		if _, err := f.Pull(ctx, "csirt"); !errors.Is(err, context.Canceled) || len(n.told("feed.poll")) != 0 {
			t.Fatal(err)
		}
		n.write(func(ctx context.Context, tx store.Tx) error {
			return f.Remove(ctx, tx, "csirt", "operator", "administrator")
		})
		if diff := cmp.Diff([]string{"50 new"}, n.told("feed.poll")); diff != "" {
			t.Error(diff)
		}
	})
}

// Of a page with objects that are not right the others are taken, and those are told with their places.
func TestObjectsThatAreNotRight(t *testing.T) {
	t.Parallel()
	deep := `{"type":"tool","x":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}`
	for name, c := range map[string]struct {
		bad     string
		pointer string
	}{
		"no id":     {`{"type":"tool"}`, "/objects/1"},
		"no object": {`7`, "/objects/1"},
		"deep":      {deep, "/objects/1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", taxii.Media)
				w.Header().Set("X-TAXII-Date-Added-Last", "2026-03-15T08:00:01.000002Z")
				fmt.Fprintf(w, `{"objects":[%s,%s,%s]}`, tool(0), c.bad, tool(1))
			}))
			t.Cleanup(server.Close)
			n := openNode(t, storetest.SQLite(t))
			f := n.feeds(0, nil, nil)
			n.add(f, feed.Feed{Name: "csirt", Root: server.URL, Collection: "x"}, feed.Credential{})
			got, err := f.Pull(t.Context(), "csirt")
			if err != nil || got.Taken != 2 || got.Refused != 1 || len(got.Refusals) != 1 || !strings.HasPrefix(got.Refusals[0].Pointer, c.pointer) {
				t.Errorf("%+v (%v)", got, err)
			}
			for range 6 { // the same again
				if got, err = f.Pull(t.Context(), "csirt"); err != nil || got.Taken != 0 || got.Known != 2 {
					t.Errorf("%+v (%v)", got, err)
				}
			}
			if s := n.state(f); s.Refused != 7 || len(s.Refusals) != 5 || s.Up != "2026-03-15T08:00:01.000002Z" || s.As != "nobody" {
				t.Errorf("%+v", s)
			}
		})
	}
}

// A credential lies sealed, is shown to nobody, and goes with the feed.
func TestACredentialIsSealed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		n := openNode(t, open())
		f := n.feeds(0, nil, nil)
		n.add(f, feed.Feed{Name: "csirt", Root: "https://x.example/r/", Collection: "x"}, feed.Credential{User: "us", Password: "hush-hush"})
		shown, err := json.Marshal(n.state(f))
		if err != nil || strings.Contains(string(shown), "hush") || !strings.Contains(string(shown), `"as":"user"`) {
			t.Errorf("%s (%v)", shown, err)
		}
		var salt, sealed []byte
		if err := n.store.Read().QueryRowContext(t.Context(), "select salt, credential from cyber_feed").Scan(&salt, &sealed); err != nil || strings.Contains(string(sealed), "hush") {
			t.Errorf("it lies as %q (%v)", sealed, err)
		}
		if _, err := n.keys.Apart("feed credentials").Open("another", salt, sealed); err == nil {
			t.Error("another feed can use it")
		}
	})
}

func TestAFeedThatCannotBe(t *testing.T) {
	t.Parallel()
	n := openNode(t, storetest.SQLite(t))
	f := n.feeds(0, nil, nil)
	good := feed.Feed{Name: "csirt", Root: "https://x.example/r/", Collection: "x"}
	n.add(f, good, feed.Credential{})
	for field, change := range map[string]func(*feed.Feed, *feed.Credential){
		"name":        func(w *feed.Feed, _ *feed.Credential) { w.Name = "with a space" },
		"name: that":  func(w *feed.Feed, _ *feed.Credential) { w.Name = "examplia" },
		"url: the":    func(w *feed.Feed, _ *feed.Credential) { w.Root = "https://user:word@x.example/" },
		"url: the a":  func(w *feed.Feed, _ *feed.Credential) { w.Root = "ftp://x.example/" },
		"collection":  func(w *feed.Feed, _ *feed.Credential) { w.Collection = "" },
		"every":       func(w *feed.Feed, _ *feed.Credential) { w.Every = time.Second },
		"into":        func(w *feed.Feed, _ *feed.Credential) { w.Into = "no such thing" },
		"credential":  func(_ *feed.Feed, c *feed.Credential) { c.Token = "a\r\nHost: b" },
		"credential:": func(_ *feed.Feed, c *feed.Credential) { c.Token, c.User = "a", "b" },
	} {
		w, c := good, feed.Credential{}
		w.Name = "second"
		change(&w, &c)
		err := n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return f.Add(ctx, tx, w, c, "operator", "administrator") })
		if wrong, ok := errors.AsType[*feed.WrongError](err); !ok || !strings.HasPrefix(wrong.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	err := n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return f.Add(ctx, tx, good, feed.Credential{}, "operator", "administrator")
	})
	if !errors.Is(err, feed.ErrExists) {
		t.Error(err)
	}
	if s := n.state(f); s.Name != "csirt" {
		t.Errorf("%+v", s)
	}
}
