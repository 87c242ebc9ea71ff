package post_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/sharing/post/partner"
	"github.com/rihla/rihla/internal/store"
)

// stranger is a partner without a Rihla, known to a state.
func stranger(t testing.TB, s *state) *partner.Partner {
	t.Helper()
	p, err := partner.New("us", "", "us-ntc")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.office.Trust(t.Context(), "test", p.Card()); err != nil {
		t.Fatal(err)
	}
	card, _, err := s.office.Own(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.Trust(card)
	return p
}

// The office meets every line of the suite that partners are held to, on its own.
func TestConform(t *testing.T) {
	t.Parallel()
	bh := begin(t, "bh", sqlite(t), func(o *post.Options) {
		o.HoldFor = time.Minute
		o.Admit = func(_ context.Context, _ store.Reader, h envelope.Header) error {
			return &post.Refusal{Code: "AGREEMENT_MISMATCH"}
		}
	})
	p := stranger(t, bh)
	bh.run()
	results, err := p.Conform(t.Context(), "bh-piu")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !r.OK {
			t.Errorf("%s must %s: %s", r.Case, r.Must, r.Got)
		}
	}
	// What was refused is in the exchange log, by its code.
	codes := map[string]bool{}
	until(t, "the refusals are in the log", func() bool {
		err := ledger.Read(t.Context(), bh.store.Read(), "", time.Time{}, time.Time{}, func(e ledger.Entry) error {
			if e.Kind == ledger.Rejected {
				codes[e.Code] = true
			}
			return nil
		})
		return err == nil && len(codes) >= 11
	})
	want := map[string]bool{}
	for _, code := range []string{"CONFLICT", "CHAIN", "EXPIRED", "CLOCK", "RECEIVER", "SENDER", "SIGNATURE", "SEALED", "ALGORITHM", "MALFORMED", "AGREEMENT_MISMATCH"} {
		want[code] = true
	}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Error(diff)
	}
}

// The partner without a Rihla meets the suite as far as it goes: it keeps no numbers.
func TestPartnerAnswers(t *testing.T) {
	t.Parallel()
	bh := begin(t, "bh", sqlite(t), nil)
	p := stranger(t, bh)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.At("https://" + listener.Addr().String())
	if err := bh.office.Trust(t.Context(), "test", p.Card()); err != nil {
		t.Fatal(err)
	}
	got := make(chan envelope.Message, 10)
	server := &http.Server{Handler: p.Handler(func(m envelope.Message) { got <- m }), TLSConfig: p.TLS(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
	bh.run()
	id := bh.send(note(5, ""))[0]
	for m := range got {
		if m.Type == envelope.Hello {
			continue
		}
		if m.ID != id {
			t.Errorf("message %s came", m.ID)
		}
		break
	}
	reply := envelope.Message{Header: envelope.Header{Type: envelope.Reply, From: "us-ntc", To: "bh-piu", Thread: id, InReplyTo: id}, Body: json.RawMessage(`{"result":"no_hit"}`)}
	if _, ack, err := p.Send(t.Context(), reply); err != nil || len(ack.Received) != 1 {
		t.Fatalf("%v %+v", err, ack)
	}
	until(t, "the answer is here", func() bool { return len(bh.received()) == 1 })
}
