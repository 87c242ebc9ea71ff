package facilitation_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// state is a whole house with its room for the exchange, and a door that the other state's reaches over mutual TLS.
type state struct {
	*house
	room *sharing.Room
	card post.Card
}

// Ways, Ask and Approve are the exchange's, which opens after the room.
func (s *state) Ways(ctx context.Context, r store.Reader, category string) ([]sharing.Way, error) {
	return s.room.Ways(ctx, r, category)
}

func (s *state) Ask(ctx context.Context, by access.Principal, agreement string, q sharing.Question) (sharing.Thread, error) {
	return s.room.Ask(ctx, by, agreement, q)
}

func (s *state) Approve(ctx context.Context, by access.Principal, thread string, yes bool, reason string) (sharing.Thread, error) {
	return s.room.Approve(ctx, by, thread, yes, reason)
}

func openState(t *testing.T, home, party, authority string) *state {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := &state{}
	s.house = liveFrom(t, time.Now(), func(o *facilitation.Options) { o.Home, o.Exchange = home, s })
	s.still = true // clocks that drift apart deliver nothing
	var err error
	s.room, err = sharing.Open(t.Context(), sharing.Options{
		Store: s.store, Keys: s.keys, Audit: s.log, Screener: s.screener, Home: home, Owner: party, Clock: s.clock, Items: s.Items(),
		Arrived: s.pipeline.Arrived, Erased: s.pipeline.Erased, Released: s.pipeline.Released, Turned: s.pipeline.Turned, ReplyFloor: 20 * time.Millisecond,
	})
	must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	s.card, err = s.room.Post.OwnCard(t.Context(), "test", post.Card{Party: party, Country: home, URL: "https://" + l.Addr().String(), Authorities: []post.CardAuthority{{ID: authority}}})
	must(err)
	server := &http.Server{Handler: s.room.Post.Handler(), TLSConfig: s.room.Post.TLS(), ReadHeaderTimeout: time.Minute}
	run, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = server.ServeTLS(l, "", "") })
	running.Go(func() {
		if err := s.room.Run(run); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		_ = server.Close()
		running.Wait()
	})
	return s
}

const agreed = "bh-us-travel"

// pair are two states with the travel agreement in force between them.
func pair(t *testing.T) (bh, us *state) {
	t.Helper()
	bh, us = openState(t, "BHR", "bh", "bh-piu"), openState(t, "USA", "us", "us-ntc")
	for _, e := range [][2]*state{{bh, us}, {us, bh}} {
		if err := e[0].room.Post.Trust(t.Context(), "test", e[1].card); err != nil {
			t.Fatal(err)
		}
	}
	v, err := bh.room.Propose(t.Context(), salma, sample(t, "bh-us-travel.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bh.room.Sign(t.Context(), salma, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	us.until("the signed proposal comes", func() bool {
		p, err := us.room.Agreement(t.Context(), agreed, 0)
		return err == nil && len(p.Versions[0].Signatures) == 1
	})
	if _, err := us.room.Sign(t.Context(), huda, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*state{bh, us} {
		s.until("the agreement is in force", func() bool {
			p, err := s.room.Agreement(t.Context(), agreed, 0)
			return err == nil && p.State == "in force"
		})
	}
	return bh, us
}

// asked is the partner's question as it waits at the applicant's own state.
func (s *state) asked() string {
	s.t.Helper()
	var id string
	s.until("the question comes", func() bool {
		err := s.store.Read().QueryRowContext(s.t.Context(), `select id from sharing_thread where direction = 'in' and state = 'asked' and share = 'T5'`).Scan(&id)
		return err == nil
	})
	return id
}

// The applicant's own state is asked as the applicant allowed, says three things and no reason, and moves nothing here by
// what it says: not green makes work for a person.
func TestPartnerVetting(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	applied := us.apply(change(t, sample(t, "application-tt-01-complete.json")))
	p := us.vetted(bh, applied, "LAYLA", "P2233445", map[string]any{"outcome": "not_green", "reason": "an open investigation, ref 4410"})
	if p.State != "partner_vetting" || p.Partner.Outcome != "not_green" || !strings.HasPrefix(p.Partner.Reference, "BH-V-") || p.Partner.State != "answered" {
		t.Errorf("%+v", p.Partner)
	}
	us.until("a person is asked to look", func() bool {
		p := us.page(applied)
		return p.found(facilitation.CodeNotGreen) != "" && len(p.Cases) == 1
	})
	if err := us.decide(applied, noura, "cleared"); err != nil {
		t.Fatal(err)
	}
	if p := us.move(applied, "conditional", "looked into, and harmless"); p.State != "conditional" {
		t.Errorf("%+v", p)
	}

	sister := us.apply(change(t, sample(t, "application-tt-01-complete.json"), func(m map[string]any) {
		a := m["applicant"].(map[string]any)
		a["given_names"] = "SALMA"
		d := a["document"].(map[string]any)
		d["number"], d["mrz"] = "P5544332", passport("BHR", "ALSAMPLE", "SALMA", "P5544332", "1991-04-02", "F", "2031-03-31")
	}))
	until := bh.clock().AddDate(1, 0, 0).Format(time.DateOnly)
	p = us.vetted(bh, sister, "SALMA", "P5544332", map[string]any{"outcome": "green", "valid_until": until})
	if p.State != "partner_vetting" || p.Partner.Outcome != "green" || p.Partner.ValidUntil != until || len(p.Cases) != 0 {
		t.Errorf("%+v %+v", p.Partner, p.Cases)
	}

	records, err := us.room.Received(t.Context(), noura, agreed, "facilitation", "", 10)
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for _, r := range records {
		for name, v := range r.Values {
			if text, _ := v.(string); strings.Contains(text, "investigation") || !slices.Contains([]string{"vetting.outcome", "vetting.reference", "vetting.valid_until"}, name) {
				t.Errorf("%s has left: %v", name, v)
			}
		}
	}
}

// vetted asks the applicant's own state, has an officer there take the question up and answer it, and shows what came.
func (s *state) vetted(home *state, applied credentials, given, document string, outcome map[string]any) page {
	s.t.Helper()
	if p := s.as(noura).page(applied); !slices.Contains(p.Acts, "vetting") {
		s.t.Fatalf("%+v", p)
	}
	if p := s.post(applied, "vetting", map[string]any{}); p.State != "partner_vetting" || p.Partner == nil || p.Partner.State != "asked" {
		s.t.Fatalf("%+v", p)
	}
	if own := s.own(applied); own.Next != facilitation.NextWaitOwn {
		s.t.Errorf("%+v", own)
	}
	thread := home.asked()
	var filed struct{ ID, Reference string }
	home.as(omar).must(http.MethodPost, "/facilitation/vettings", map[string]any{
		"applicant": map[string]any{"family_name": "ALSAMPLE", "given_names": given, "dob": "1991-04-02", "sex": "F", "nationality": "BHR", "document": map[string]any{"type": "P", "number": document, "issuer": "BHR"}},
		"question":  map[string]any{"thread": thread, "program": "us-expedited", "application_ref": applied.Reference},
	}, &filed)
	vetting := credentials{Reference: filed.Reference}
	home.until("it is taken up", func() bool {
		return home.do(http.MethodGet, "/facilitation/applications/"+home.id(vetting), nil, nil) == http.StatusOK
	})
	home.post(vetting, "outcome", outcome)
	if _, err := home.room.Release(s.t.Context(), omar, thread, sharing.Release{Answer: "data", Candidate: home.id(vetting)}); err != nil {
		s.t.Fatal(err)
	}
	s.until("the answer comes", func() bool { return s.page(applied).Partner.Outcome != "" })
	return s.page(applied)
}

// Without an agreement nobody is asked, and a state that does not answer is reminded, is late, and the applicant is told.
func TestPartnerIsLate(t *testing.T) {
	t.Parallel()
	alone := live(t)
	c := alone.apply(change(t, sample(t, "application-tt-01-complete.json")))
	if code := alone.do(http.MethodPost, "/facilitation/applications/"+alone.id(c)+"/vetting", map[string]any{}, nil); code != http.StatusConflict {
		t.Errorf("asked nobody: %d", code)
	}

	silent := &silence{}
	h := live(t, func(o *facilitation.Options) { o.Exchange = silent })
	c = h.apply(change(t, sample(t, "application-tt-01-complete.json")))
	h.post(c, "vetting", map[string]any{})
	q := silent.question
	if q.ConsentRef != "CNS-7f21" || q.Program != "us-expedited" || q.ApplicationRef != c.Reference || q.Subject.Document.Number != "P2233445" {
		t.Errorf("%+v", q)
	}
	h.forward(8 * 24 * time.Hour)
	h.until("it is reminded", func() bool { return !h.page(c).Partner.Reminded.IsZero() })
	if h.page(c).Overdue {
		t.Error("too early")
	}
	h.forward(3 * 24 * time.Hour)
	h.until("it is late", func() bool { return h.page(c).Partner.Late })
	h.forward(20 * 24 * time.Hour)
	h.until("the applicant is told", func() bool { return len(h.own(c).Letters) == 1 })
	if own := h.own(c); own.Letters[0].Kind != facilitation.LetterWaiting || own.Next != facilitation.NextWaitOwn {
		t.Errorf("%+v", own)
	}
}

// silence is a partner who is asked and does not answer.
type silence struct{ question sharing.Question }

func (*silence) Ways(context.Context, store.Reader, string) ([]sharing.Way, error) {
	return []sharing.Way{{Agreement: agreed, Share: "T5", Country: "BHR", Purposes: []string{"facilitation"}}}, nil
}

func (s *silence) Ask(_ context.Context, _ access.Principal, agreement string, q sharing.Question) (sharing.Thread, error) {
	s.question = q
	return sharing.Thread{ID: "thread-1", Agreement: agreement, Share: q.Share, State: sharing.Draft}, nil
}

func (*silence) Approve(_ context.Context, _ access.Principal, thread string, _ bool, _ string) (sharing.Thread, error) {
	return sharing.Thread{ID: thread, Agreement: agreed, State: sharing.Asked}, nil
}
