package post_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Each side keeps the other's heads, and has each proved to follow from the one before.
func TestWitness(t *testing.T) {
	t.Parallel()
	often := func(o *post.Options) { o.WitnessInterval = 200 * time.Millisecond }
	bh, us := begin(t, "bh", sqlite(t), often), begin(t, "us", sqlite(t), often)
	introduce(t, bh, us)
	bh.run()
	us.run()
	bh.send(note(1, ""))
	for _, s := range []*state{bh, us} {
		until(t, s.party+" has three heads, each proved", func() bool {
			heads := 0
			err := ledger.Read(t.Context(), s.store.Read(), "", time.Time{}, time.Time{}, func(e ledger.Entry) error {
				if e.Kind == ledger.Witnessed {
					if heads++; e.Code != "" {
						t.Errorf("%s: %s", s.party, e.Code)
					}
				}
				return nil
			})
			return err == nil && heads >= 3
		})
		p, err := s.office.Partners(t.Context())
		if err != nil || p[0].Disagrees || p[0].LastHead.Size == 0 {
			t.Errorf("%s: %v %+v", s.party, err, p[0])
		}
	}
}

// A partner whose log is not what it was is found out: another root for as many entries, fewer entries, a false proof.
func TestDisagreement(t *testing.T) {
	t.Parallel()
	root := func(n byte) string { return tlog.Hash{n}.String() }
	type head struct {
		size int64
		root string
	}
	for name, test := range map[string]struct {
		heads     []head
		proof     string // what the partner answers when a proof is demanded
		disagrees bool
	}{
		"another root":    {[]head{{10, root(1)}, {10, root(2)}}, "", true},
		"fewer":           {[]head{{10, root(1)}, {9, root(2)}}, "", true},
		"the same":        {[]head{{10, root(1)}, {10, root(1)}}, "", false},
		"a false proof":   {[]head{{10, root(1)}, {20, root(2)}}, `{"proof":["` + root(3) + `"]}`, true},
		"no proof at all": {[]head{{10, root(1)}, {20, root(2)}}, `{}`, true},
		"no JSON":         {[]head{{10, root(1)}, {20, root(2)}}, `<html>`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bh := begin(t, "bh", sqlite(t), func(o *post.Options) { o.WitnessInterval = 50 * time.Millisecond })
			p := stranger(t, bh)
			answers := p.Handler(func(envelope.Message) {})
			var mu sync.Mutex
			asked := 0
			serve(t, p, bh, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == post.PathWitness {
					mu.Lock()
					asked++
					mu.Unlock()
					_, _ = io.WriteString(w, test.proof)
					return
				}
				answers.ServeHTTP(w, r)
			}))
			bh.run()
			for _, h := range test.heads {
				body, err := json.Marshal(map[string]any{"log": "exchange", "size": h.size, "root": h.root, "at": time.Now().UTC()})
				if err != nil {
					t.Fatal(err)
				}
				m := envelope.Message{Body: body, Header: envelope.Header{Type: envelope.Witness, From: "us-ntc", To: "bh-piu"}}
				if _, ack, err := p.Send(t.Context(), m); err != nil || len(ack.Received) != 1 {
					t.Fatal(err, ack)
				}
			}
			if !test.disagrees {
				time.Sleep(300 * time.Millisecond)
				if p, err := bh.office.Partners(t.Context()); err != nil || p[0].Disagrees {
					t.Errorf("%v %+v", err, p)
				}
				return
			}
			until(t, "it is found out", func() bool {
				p, err := bh.office.Partners(t.Context())
				return err == nil && p[0].Disagrees
			})
		})
	}
}

// A partner that floods is told to come later, and others are not hindered.
func TestFlood(t *testing.T) {
	t.Parallel()
	bh := begin(t, "bh", sqlite(t), func(o *post.Options) { o.Flood = 10 })
	p := stranger(t, bh)
	seen := false
	for range 2000 {
		m := envelope.Message{Body: []byte("{}"), Header: envelope.Header{Type: envelope.Share, From: "us-ntc", To: "bh-piu"}}
		if _, _, err := p.Send(t.Context(), m); err != nil {
			if !strings.Contains(err.Error(), "429") {
				t.Fatal(err)
			}
			seen = true
			break
		}
	}
	if !seen {
		t.Error("2,000 messages at once were taken")
	}
}

// Two nodes of one state on one store share the work: nothing is sent or handled twice, whichever of them does it.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		bh, us := begin(t, "bh", open, nil), begin(t, "us", sqlite(t), nil)
		introduce(t, bh, us)
		second := &state{t: t, party: "bh", open: open, dir: bh.dir}
		second.reopen()
		t.Cleanup(second.halt)
		for _, s := range []*state{bh, second, us} {
			s.run()
		}
		const n = 60
		first := ""
		for i := range n {
			d := note(i, first)
			if id := []*state{bh, second}[i%2].send(d)[0]; first == "" {
				first = id
			}
		}
		until(t, "all are here", func() bool { return len(us.received()) >= n })
		for i, m := range us.received() {
			if number(m) != i {
				t.Errorf("message %d came where %d was due", number(m), i)
			}
		}
	})
}
