package post_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// state is one state's side: a store, an office on it, and a listener that outlives the office.
type state struct {
	t       testing.TB
	party   string
	open    func() *store.Store
	dir     string
	address string
	options func(*post.Options)

	mu      sync.Mutex
	handler http.Handler
	office  *post.Office
	audit   *audit.Log
	store   *store.Store
	stop    func()
	server  *http.Server

	got         []post.Message
	undelivered []string
}

var authorities = map[string][]string{"bh": {"bh-piu", "bh-customs"}, "us": {"us-ntc"}}

// begin makes a state's side and its card; it does not run yet.
func begin(t testing.TB, party string, open func() *store.Store, options func(*post.Options)) *state {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &state{t: t, party: party, open: open, dir: t.TempDir(), address: "https://" + listener.Addr().String(), options: options}
	s.reopen()
	card := post.Card{Party: party, URL: s.address}
	for _, id := range authorities[party] {
		card.Authorities = append(card.Authorities, post.CardAuthority{ID: id})
	}
	if _, err := s.office.OwnCard(t.Context(), "test", card); err != nil {
		t.Fatal(err)
	}
	s.server = &http.Server{ReadHeaderTimeout: time.Minute, TLSConfig: s.office.TLS(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		h := s.handler
		s.mu.Unlock()
		if h == nil {
			panic(http.ErrAbortHandler) // the line breaks
		}
		h.ServeHTTP(w, r)
	}), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() { _ = s.server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { _ = s.server.Close(); s.halt() })
	return s
}

// reopen opens the office anew, as a process does that starts again on the same store.
func (s *state) reopen() {
	s.t.Helper()
	ctx := context.Background()
	st := s.open()
	k, err := keys.Open(ctx, st, keys.Options{Dir: s.dir})
	if err != nil {
		s.t.Fatal(err)
	}
	log, err := audit.Open(ctx, st, k, audit.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	o := post.Options{Store: st, Keys: k, Audit: log, Home: "XXX", HoldFor: 2 * time.Second}
	if s.options != nil {
		s.options(&o)
	}
	office, err := post.Open(ctx, o)
	if err != nil {
		s.t.Fatal(err)
	}
	office.Handle(s.handle)
	office.Undelivered(func(_ context.Context, tx store.Tx, d post.Draft, id, why string) error {
		tx.After(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.undelivered = append(s.undelivered, string(d.Type)+" "+why)
		})
		return nil
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store, s.audit, s.office, s.handler = st, log, office, office.Handler()
}

// handle keeps what came: in a table, so that a test sees what was committed, and in memory.
func (s *state) handle(_ context.Context, tx store.Tx, m post.Message) error {
	tx.After(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got = append(s.got, m)
	})
	return nil
}

// run runs the office until halt.
func (s *state) run() {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	office, log := s.office, s.audit
	all.Go(func() { _ = office.Run(ctx) })
	all.Go(func() { _ = log.Run(ctx) })
	s.stop = func() { cancel(); all.Wait() }
}

func (s *state) halt() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

// introduce has two states trust one another's cards.
func introduce(t testing.TB, a, b *state) {
	t.Helper()
	for _, x := range [][2]*state{{a, b}, {b, a}} {
		card, ok, err := x[0].office.Own(t.Context())
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		// As it is given: written, carried, read.
		text, err := json.Marshal(card)
		if err != nil {
			t.Fatal(err)
		}
		var read post.Card
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		if err := x[1].office.Trust(t.Context(), "test", read); err != nil {
			t.Fatal(err)
		}
	}
}

func sqlite(t testing.TB) func() *store.Store {
	st := storetest.SQLite(t)
	return func() *store.Store { return st }
}

func pair(t testing.TB) (bh, us *state) {
	t.Helper()
	bh, us = begin(t, "bh", sqlite(t), nil), begin(t, "us", sqlite(t), nil)
	introduce(t, bh, us)
	return bh, us
}

// send queues messages, each in its own transaction.
func (s *state) send(drafts ...post.Draft) (ids []string) {
	s.t.Helper()
	for _, d := range drafts {
		var id string
		err := s.store.Write(context.Background(), func(ctx context.Context, tx store.Tx) (err error) {
			id, err = s.office.Send(ctx, tx, d)
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func (s *state) received() []post.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]post.Message(nil), s.got...)
}

// until waits for something to become so.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

func note(n int, thread string) post.Draft {
	return post.Draft{Type: envelope.Share, From: "bh-piu", To: "us-ntc", Thread: thread, Body: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))}
}

func number(m post.Message) int {
	var body struct{ N int }
	_ = json.Unmarshal(m.Body, &body)
	return body.N
}
