package post_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A message goes over, is handled once, acknowledged, and in both logs; an answer goes back in its thread.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		bh, us := begin(t, "bh", open, nil), begin(t, "us", sqlite(t), nil)
		introduce(t, bh, us)
		us.office.Handle(func(ctx context.Context, tx store.Tx, m post.Message) error {
			if _, err := us.office.Send(ctx, tx, post.Draft{Type: envelope.Reply, From: "us-ntc", To: "bh-piu", Thread: m.Header.ThreadKey(), InReplyTo: m.Header.ID, Body: m.Body}); err != nil {
				return err
			}
			return us.handle(ctx, tx, m)
		})
		bh.run()
		us.run()
		id := bh.send(note(7, ""))[0]
		until(t, "the answer is here", func() bool { return len(bh.received()) == 1 })
		m := bh.received()[0]
		if m.Header.Thread != id || m.Header.InReplyTo != id || number(m) != 7 || m.Header.Type != envelope.Reply {
			t.Errorf("the answer is %+v %s", m.Header, m.Body)
		}
		until(t, "it is acknowledged", func() bool {
			states, err := bh.office.State(t.Context(), bh.store.Read(), id)
			return err == nil && states[id].State == "acknowledged"
		})
		kinds := map[ledger.Kind]int{}
		until(t, "the log is numbered", func() bool {
			clear(kinds)
			err := ledger.Read(t.Context(), bh.store.Read(), "", time.Time{}, time.Time{}, func(e ledger.Entry) error {
				if e.Type == string(envelope.Share) || e.Type == string(envelope.Reply) {
					kinds[e.Kind]++
				}
				return nil
			})
			return err == nil && len(kinds) == 3
		})
		if diff := cmp.Diff(map[ledger.Kind]int{ledger.Sent: 1, ledger.Delivered: 1, ledger.Received: 1}, kinds); diff != "" {
			t.Error(diff)
		}
		proof, err := bh.office.Prove(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.Check(); err != nil || proof.Entry.Message != id {
			t.Errorf("the proof: %v, of %s", err, proof.Entry.Message)
		}
		proof.Entry.Number++
		if proof.Check() == nil {
			t.Error("a proof of another entry holds")
		}
	})
}

// Urgent drafts go first, none before an earlier one of its thread; those held back wait, and hold their thread.
func TestOrder(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	first := bh.send(note(1, ""))[0]
	later := time.Now().Add(1500 * time.Millisecond)
	held := note(4, "01990000-0000-7000-8000-000000000001")
	held.NotBefore = later
	urgent, inThread, alone := note(3, first), note(5, held.Thread), note(6, "")
	urgent.Urgent, alone.Urgent = true, true
	bh.send(note(2, first), held, inThread, urgent, alone)
	bh.run()
	us.run()
	until(t, "all are here", func() bool { return len(us.received()) == 6 })
	var order []int
	last := int64(0)
	for _, m := range us.received() {
		order = append(order, number(m))
		if m.Header.Seq <= last {
			t.Errorf("number %d came after %d", m.Header.Seq, last)
		}
		last = m.Header.Seq
		if number(m) == 4 && m.Header.Issued.Before(later.Add(-time.Millisecond)) {
			t.Errorf("what was held until %s was sent at %s", later, m.Header.Issued)
		}
	}
	if diff := cmp.Diff([]int{1, 2, 3, 6, 4, 5}, order); diff != "" {
		t.Error(diff)
	}
}

// While the partner is away drafts wait unsealed; one that expires is told of, and leaves no gap.
func TestAway(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	us.mu.Lock()
	us.handler = nil
	us.mu.Unlock()
	bh.run()
	short := note(1, "")
	short.Expires = time.Now().Add(3 * time.Second)
	bh.send(short)
	until(t, "it was tried", func() bool {
		p, err := bh.office.Partners(t.Context())
		return err == nil && p[0].Trouble != ""
	})
	bh.send(short, note(2, ""))
	until(t, "both were given up", func() bool {
		bh.mu.Lock()
		defer bh.mu.Unlock()
		return len(bh.undelivered) == 2
	})
	if diff := cmp.Diff([]string{"SHARE EXPIRED", "SHARE EXPIRED"}, bh.undelivered); diff != "" {
		t.Error(diff)
	}
	p, err := bh.office.Partners(t.Context())
	if err != nil || p[0].Online || p[0].Waiting == 0 || p[0].OldestWaiting.IsZero() {
		t.Errorf("%v; the partner is %+v", err, p[0])
	}
	us.mu.Lock()
	us.handler = us.office.Handler()
	us.mu.Unlock()
	us.run()
	until(t, "the other one is here", func() bool { return len(us.received()) == 1 })
	if n := number(us.received()[0]); n != 2 {
		t.Errorf("message %d came", n)
	}
	until(t, "the partner is there again", func() bool {
		p, err := bh.office.Partners(t.Context())
		return err == nil && p[0].Online && p[0].Waiting == 0
	})
}

// What the receiver's Admit refuses is told to the sender, once, with its code.
func TestAdmit(t *testing.T) {
	t.Parallel()
	bh := begin(t, "bh", sqlite(t), nil)
	us := begin(t, "us", sqlite(t), func(o *post.Options) {
		o.Admit = func(_ context.Context, _ store.Reader, h envelope.Header) error {
			if h.Share != "T2" {
				return &post.Refusal{Code: "AGREEMENT_MISMATCH", Detail: "no such share"}
			}
			return nil
		}
	})
	introduce(t, bh, us)
	bh.run()
	us.run()
	bad, good := note(1, ""), note(2, "")
	good.Share = "T2"
	id := bh.send(bad, good)[0]
	until(t, "the good one is here", func() bool { return len(us.received()) == 1 })
	until(t, "the bad one is told of", func() bool {
		bh.mu.Lock()
		defer bh.mu.Unlock()
		return len(bh.undelivered) == 1 && bh.undelivered[0] == "SHARE AGREEMENT_MISMATCH"
	})
	states, err := bh.office.State(t.Context(), bh.store.Read(), id)
	if err != nil || states[id].State != "refused" || states[id].Code != "AGREEMENT_MISMATCH" {
		t.Errorf("%v %+v", err, states[id])
	}
}

// A handler that fails is tried again; only its own thread waits.
func TestHandlerFails(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	fails := 2
	us.office.Handle(func(ctx context.Context, tx store.Tx, m post.Message) error {
		if number(m) == 1 && fails > 0 {
			fails--
			return errors.New("not now")
		}
		return us.handle(ctx, tx, m)
	})
	first := bh.send(note(1, ""))[0]
	bh.send(note(2, first), note(3, ""))
	bh.run()
	us.run()
	until(t, "all are handled", func() bool { return len(us.received()) == 3 })
	var order []int
	for _, m := range us.received() {
		order = append(order, number(m))
	}
	if diff := cmp.Diff([]int{3, 1, 2}, order); diff != "" {
		t.Error(diff)
	}
}

// Erased bytes are gone on the side that erases, whatever copy is read.
func TestErase(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	bh.run()
	us.run()
	id := bh.send(note(1, ""))[0]
	until(t, "it is here", func() bool { return len(us.received()) == 1 })
	if _, err := us.office.Bytes(t.Context(), us.store.Read(), id); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*state{bh, us} {
		err := s.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.office.Erase(ctx, tx, id) })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.office.Bytes(t.Context(), s.store.Read(), id); !errors.Is(err, post.ErrErased) {
			t.Errorf("%s: %v", s.party, err)
		}
	}
}

// A partner that cannot be reached pulls what waits for it, and answers for it.
func TestPull(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	card, _, err := us.office.Own(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	card.URL = ""
	if err := bh.office.Trust(t.Context(), "test", card); err != nil {
		t.Fatal(err)
	}
	if _, err := us.office.OwnCard(t.Context(), "test", post.Card{Party: "us", Authorities: []post.CardAuthority{{ID: "us-ntc"}}}); err != nil {
		t.Fatal(err)
	}
	ids := bh.send(note(1, ""), note(2, ""), note(3, ""))
	bh.run()
	us.run()
	until(t, "all are here", func() bool { return len(us.received()) == 3 })
	until(t, "all are answered for", func() bool {
		states, err := bh.office.State(t.Context(), bh.store.Read(), ids...)
		return err == nil && states[ids[0]].State == "acknowledged" && states[ids[2]].State == "acknowledged"
	})
}

// A document's signature holds for its bytes and its authority, on both sides.
func TestDocument(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	text := []byte("apiVersion: rihla.agreement/v1\n")
	jws, err := bh.office.SignDocument(t.Context(), "bh-piu", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*state{bh, us} {
		if err := s.office.VerifyDocument(t.Context(), "bh-piu", text, jws); err != nil {
			t.Errorf("%s: %v", s.party, err)
		}
		if err := s.office.VerifyDocument(t.Context(), "bh-customs", text, jws); err == nil {
			t.Errorf("%s: it holds for another authority", s.party)
		}
		if err := s.office.VerifyDocument(t.Context(), "bh-piu", append(text, '\n'), jws); err == nil {
			t.Errorf("%s: it holds for other bytes", s.party)
		}
	}
	if _, err := bh.office.SignDocument(t.Context(), "us-ntc", text); err == nil {
		t.Error("a partner's authority signed")
	}
}

// What was sealed before the process ended leaves first, in its order, before anything new is.
func TestResume(t *testing.T) {
	t.Parallel()
	var came []int64 // one delivery at a time, so one writer
	bh := begin(t, "bh", sqlite(t), nil)
	us := begin(t, "us", sqlite(t), func(o *post.Options) {
		o.Admit = func(_ context.Context, _ store.Reader, h envelope.Header) error {
			came = append(came, h.Seq)
			return nil
		}
	})
	introduce(t, bh, us)
	us.mu.Lock()
	us.handler = nil
	us.mu.Unlock()
	const n = 1000
	err := bh.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for i := range n {
			if _, err := bh.office.Send(ctx, tx, note(i, "")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	bh.run()
	until(t, "two batches are sealed", func() bool {
		var sealed int
		err := bh.store.Read().QueryRowContext(t.Context(), "select count(*) from post_out where state = 0").Scan(&sealed)
		return err == nil && sealed == 400
	})
	bh.halt()
	us.mu.Lock()
	us.handler = us.office.Handler()
	us.mu.Unlock()
	us.run()
	bh.reopen()
	bh.run()
	until(t, "all are here", func() bool { return len(us.received()) == n })
	for i, seq := range came {
		if i > 0 && seq <= came[i-1] {
			t.Fatalf("number %d came after %d", seq, came[i-1])
		}
	}
}
