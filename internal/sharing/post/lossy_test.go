package post_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
)

// lossy is a line that drops what is asked, or the answer; doubles; delays; and brings old things up again.
type lossy struct {
	way http.RoundTripper

	mu   sync.Mutex
	rand *rand.Rand
	old  [][]byte // deliveries that went through before
}

var errDropped = errors.New("the line dropped it")

func (l *lossy) draw() (fate int, delay time.Duration, old []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.old) > 0 {
		old = l.old[l.rand.IntN(len(l.old))]
	}
	return l.rand.IntN(6), time.Duration(l.rand.IntN(10)) * time.Millisecond, old
}

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	again := func(body []byte) (*http.Response, error) {
		q := r.Clone(r.Context())
		q.Body, q.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return l.way.RoundTrip(q)
	}
	drain := func(a *http.Response, err error) {
		if err == nil {
			_, _ = io.Copy(io.Discard, a.Body)
			_ = a.Body.Close()
		}
	}
	fate, delay, old := l.draw()
	time.Sleep(delay)
	switch {
	case fate == 0:
		return nil, errDropped
	case fate == 1: // it arrives, and nobody here learns of it
		drain(again(body))
		return nil, errDropped
	case fate == 2: // twice
		drain(again(body))
	case fate == 3 && old != nil && r.Method == http.MethodPost: // something from before, first
		drain(again(old))
	}
	if r.Method == http.MethodPost {
		l.mu.Lock()
		l.old = append(l.old, body)
		l.mu.Unlock()
	}
	return again(body)
}

// Over a line that drops, doubles, delays and repeats, both sides end with what was sent, once, in order.
func TestLossy(t *testing.T) {
	t.Parallel()
	over := func(seed uint64) func(*post.Options) {
		return func(o *post.Options) {
			o.BackOff = 20 * time.Millisecond
			o.Line = func(way http.RoundTripper) http.RoundTripper {
				return &lossy{way: way, rand: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // it only has to be repeatable
			}
		}
	}
	bh, us := begin(t, "bh", sqlite(t), over(1)), begin(t, "us", sqlite(t), over(2))
	introduce(t, bh, us)
	bh.run()
	us.run()
	const threads, each = 5, 40
	var both sync.WaitGroup
	for _, s := range []*state{bh, us} {
		both.Go(func() {
			first := map[int]string{}
			for n := range threads * each {
				d := note(n, first[n%threads])
				if s == us {
					d.From, d.To = d.To, d.From
				}
				d.Urgent = n%7 == 0
				if id := s.send(d)[0]; first[n%threads] == "" {
					first[n%threads] = id
				}
			}
		})
	}
	both.Wait()
	for _, s := range []*state{bh, us} {
		until(t, s.party+" has all", func() bool { return len(s.received()) >= threads*each })
	}
	for _, s := range []*state{bh, us} {
		byThread := map[string][]int{}
		for _, m := range s.received() {
			byThread[m.Header.ThreadKey()] = append(byThread[m.Header.ThreadKey()], number(m))
		}
		if len(byThread) != threads {
			t.Errorf("%s: %d threads", s.party, len(byThread))
		}
		for _, got := range byThread {
			var want []int
			for n := got[0] % threads; n < threads*each; n += threads {
				want = append(want, n)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", s.party, diff)
			}
		}
		until(t, "nothing waits any more", func() bool {
			p, err := s.office.Partners(t.Context())
			return err == nil && p[0].Waiting == 0
		})
		err := ledger.Read(t.Context(), s.store.Read(), "", time.Time{}, time.Time{}, func(e ledger.Entry) error {
			if e.Kind == ledger.Rejected || e.Kind == ledger.Undelivered {
				t.Errorf("%s: %s %s of number %d", s.party, e.Kind, e.Code, e.Seq)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
