package post_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/sharing/post/partner"
	"github.com/rihla/rihla/internal/store"
)

// clock is one that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

func (c *clock) pass(d time.Duration) { c.set(c.now().Add(d)) }

// timed is a state that goes by a clock of the test's.
func timed(t testing.TB, party string, c *clock) *state {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "rihla.db"), store.Options{NoSync: true, Clock: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return begin(t, party, func() *store.Store { return st }, func(o *post.Options) {
		o.Clock, o.HoldFor, o.WitnessInterval = c.now, time.Minute, 200*time.Millisecond
	})
}

// serve has a partner without a Rihla answer, and a state know where.
func serve(t testing.TB, p *partner.Partner, s *state, h http.Handler) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.At("https://" + listener.Addr().String())
	if err := s.office.Trust(t.Context(), "test", p.Card()); err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, TLSConfig: p.TLS(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
}

// The sample thread of replay, conflict and gap, step by step, as its expectations have it.
func TestReplayThread(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/replay.json")
	if err != nil {
		t.Fatal(err)
	}
	var thread struct {
		Steps []struct {
			At, Issued time.Time
			ID, Bytes  string
			Seq        int64
			Expect     map[string]any
		}
	}
	if err := json.Unmarshal(text, &thread); err != nil {
		t.Fatal(err)
	}
	// The partner's certificate is of today, and so is the thread.
	shift := time.Since(thread.Steps[0].At).Truncate(time.Second)
	c := &clock{at: thread.Steps[0].At.Add(shift - time.Minute)}
	bh := timed(t, "bh", c)
	p := stranger(t, bh)
	pulls := make(chan string, 100)
	answers := p.Handler(func(envelope.Message) {})
	serve(t, p, bh, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			pulls <- r.URL.Query().Get("after")
			return // and the missing one does not come
		}
		answers.ServeHTTP(w, r)
	}))
	bh.run()
	handled := func() int { return len(bh.received()) }

	prev, ids := "", map[string]string{}
	made := func(seq int64, id, purpose string, issued time.Time) envelope.Message {
		return envelope.Message{Body: []byte("{}"), Header: envelope.Header{
			Type: envelope.Share, From: "us-ntc", To: "bh-piu", ID: id, Seq: seq, Prev: prev, Purpose: purpose, Issued: issued, Expires: issued.Add(72 * time.Hour),
		}}
	}
	for seq := int64(1); seq < thread.Steps[0].Seq; seq++ {
		ack, err := p.Raw(t.Context(), made(seq, uuid.Must(uuid.NewV7()).String(), "", c.now()))
		if err != nil || len(ack.Received) != 1 {
			t.Fatal(seq, err, ack)
		}
		prev = ack.Received[0].Digest
	}
	before := int(thread.Steps[0].Seq) - 1
	until(t, "what was before is handled", func() bool { return handled() == before })

	var first envelope.Ack
	var issuedFirst time.Time
	for n, step := range thread.Steps {
		c.set(step.At.Add(shift))
		issued := c.now()
		if !step.Issued.IsZero() {
			issued = step.Issued.Add(shift)
		}
		if step.Seq == thread.Steps[0].Seq { // the same message, if the bytes are
			if n == 0 {
				issuedFirst = issued
			}
			issued = issuedFirst
		} else {
			prev = envelope.Digest("one that did not come")
		}
		if ids[step.ID] == "" {
			ids[step.ID] = uuid.Must(uuid.NewV7()).String()
		}
		if step.ID == "f4" {
			prev = first.Received[0].Digest // of f3
		}
		ack, err := p.Raw(t.Context(), made(step.Seq, ids[step.ID], step.Bytes, issued))
		if err != nil {
			t.Fatal(step.ID, err)
		}
		if code, ok := step.Expect["error"]; ok {
			if len(ack.Refused) != 1 || ack.Refused[0].Code != code {
				t.Errorf("step %d: %+v, not %s", n+1, ack, code)
			}
			continue
		}
		if len(ack.Received) != 1 {
			t.Fatalf("step %d: %+v", n+1, ack)
		}
		if step.Expect["ack"] == "same as before" {
			if diff := cmp.Diff(first.Received, ack.Received); diff != "" {
				t.Errorf("step %d: %s", n+1, diff)
			}
		}
		first = ack
		if after, ok := step.Expect["pull_after"].(float64); ok {
			if got := <-pulls; got != "50" || after != 50 {
				t.Errorf("step %d: it asked for what is after %s", n+1, got)
			}
			if handled() != before+1 {
				t.Errorf("step %d: %d were handled while a number is missing", n+1, handled()-before)
			}
			c.pass(time.Minute)
			until(t, "it goes on without the missing one", func() bool { return handled() == before+2 })
			continue
		}
		until(t, "it is handled", func() bool { return handled() == before+1 })
	}
	if handled() != before+2 {
		t.Errorf("%d had effects, not 2", handled()-before)
	}
}

// Keys are announced, come into use, and go; messages of each time are taken by both sides' clocks.
func TestKeysChange(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Date(2026, 5, 15, 4, 0, 0, 0, time.UTC)}
	bh, us := timed(t, "bh", c), timed(t, "us", c)
	introduce(t, bh, us)
	bh.run()
	us.run()
	signer := func(id string) string {
		jws, err := us.office.Bytes(t.Context(), us.store.Read(), id)
		if err != nil {
			t.Fatal(err)
		}
		header, err := envelope.KeyID(jws)
		if err != nil {
			t.Fatal(err)
		}
		return header
	}
	sent := 0
	kid := func() string {
		id := bh.send(note(sent, ""))[0]
		sent++
		until(t, "it is here", func() bool {
			c.pass(10 * time.Millisecond) // it may have to be tried again
			return len(us.received()) == sent
		})
		return signer(id)
	}
	one := kid()
	if err := bh.office.Rotate(t.Context(), "test", "bh-piu"); err != nil {
		t.Fatal(err)
	}
	if again := kid(); again != one {
		t.Error("a new key is used before it was announced for seven days")
	}
	c.pass(8 * 24 * time.Hour)
	two := kid()
	if two == one {
		t.Error("the next key did not come into use")
	}
	// Stolen: the next comes at once, and the partner learns of it by the message that it signs.
	if err := bh.office.Revoke(t.Context(), "test", "bh-piu", two); err != nil {
		t.Fatal(err)
	}
	three := kid()
	if three == two || three == one {
		t.Error("a revoked key is used")
	}
	text := []byte("an agreement")
	if jws, err := bh.office.SignDocument(t.Context(), "bh-piu", text); err != nil || us.office.VerifyDocument(t.Context(), "bh-piu", text, jws) != nil {
		t.Errorf("a document signed by the new key: %v", err)
	}
	c.pass(24 * time.Hour)
	if got := kid(); got != three {
		t.Error("another key, with no reason")
	}
}

// Thirty days after its successor came a key's private part is destroyed, and the log says so.
func TestKeysDestroyed(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Date(2026, 5, 15, 4, 0, 0, 0, time.UTC)}
	bh := timed(t, "bh", c)
	private := func() (n int) {
		err := bh.store.Read().QueryRowContext(t.Context(), "select count(*) from post_key where authority = 'bh-piu' and length(private) > 0").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := bh.office.Rotate(t.Context(), "test", "bh-piu"); err != nil {
		t.Fatal(err)
	}
	if n := private(); n != 6 { // to sign and to encrypt: current, next, and the one after
		t.Fatalf("%d private keys", n)
	}
	bh.run()
	c.pass(36 * 24 * time.Hour)
	time.Sleep(500 * time.Millisecond)
	if n := private(); n != 6 {
		t.Errorf("%d private keys, 29 days after", n)
	}
	c.pass(2 * 24 * time.Hour)
	until(t, "the old ones are gone", func() bool { return private() == 4 })
}

// A partner's key is taken for thirty days after its successor came, and not a moment after it was revoked.
func TestOldKeys(t *testing.T) {
	t.Parallel()
	start := time.Now().UTC().Truncate(time.Second)
	c := &clock{at: start}
	bh := timed(t, "bh", c)
	p := stranger(t, bh)
	card := p.Card()
	next, err := envelope.GenerateSigning()
	if err != nil {
		t.Fatal(err)
	}
	successor := next.Public()
	successor.ValidFrom = start.Add(24 * time.Hour)
	keys := &card.Authorities[0].JWKS
	keys.Keys = append(keys.Keys, successor)
	trust := func() {
		if err := bh.office.Trust(t.Context(), "test", card); err != nil {
			t.Fatal(err)
		}
	}
	trust()
	prev := ""
	seq := int64(0)
	try := func(at time.Time) string {
		c.set(at)
		seq++
		ack, err := p.Raw(context.Background(), envelope.Message{Body: []byte("{}"), Header: envelope.Header{
			Type: envelope.Share, From: "us-ntc", To: "bh-piu", ID: uuid.Must(uuid.NewV7()).String(), Seq: seq, Prev: prev, Issued: at, Expires: at.Add(time.Hour),
		}})
		if err != nil {
			t.Fatal(err)
		}
		if len(ack.Refused) > 0 {
			seq--
			return ack.Refused[0].Code
		}
		prev = ack.Received[0].Digest
		return ""
	}
	if code := try(start.Add(30 * 24 * time.Hour)); code != "" {
		t.Errorf("29 days after: %s", code)
	}
	if code := try(start.Add(32 * 24 * time.Hour)); code != post.CodeSignature {
		t.Errorf("31 days after: %q", code)
	}
	keys.Keys[0].RevokedAt = start.Add(10 * 24 * time.Hour)
	trust()
	if code := try(start.Add(9 * 24 * time.Hour)); code != "" {
		t.Errorf("before it was revoked: %s", code)
	}
	if code := try(start.Add(11 * 24 * time.Hour)); code != post.CodeRevoked {
		t.Errorf("after: %q", code)
	}
	keys.Keys[0].RevokedAt = time.Time{}
	trust()
	if code := try(start.Add(11 * 24 * time.Hour)); code != post.CodeRevoked {
		t.Errorf("a card that keeps silent of it: %q", code)
	}
}
