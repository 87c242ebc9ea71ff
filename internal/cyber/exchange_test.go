package cyber_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// state is one of two states: cyber's desk, and the exchange with the other over mutual TLS.
type state struct {
	*desk
	exchange *sharing.Room
	card     post.Card
}

var supervisor = access.Principal{ID: "9", Name: "salman", Role: access.Supervisor}

func openState(t *testing.T, home, party, authority string) *state {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	s := &state{desk: &desk{who: huda, room: open(t, storetest.SQLite(t))}}
	s.bind()
	k, err := keys.Open(ctx, s.store, keys.Options{Dir: t.TempDir()})
	must(err)
	log, err := audit.Open(ctx, s.store, k, audit.Options{})
	must(err)
	screener, err := screening.Open(ctx, s.store, screening.Options{})
	must(err)
	effects := func(ctx context.Context, tx store.Tx, e pipeline.Effects, err error) error {
		if err != nil {
			return err
		}
		return pipeline.Apply(ctx, tx, s.Name(), e)
	}
	s.exchange, err = sharing.Open(ctx, sharing.Options{
		Store: s.store, Keys: k, Audit: log, Screener: screener, Home: home, Owner: party, ReplyFloor: 20 * time.Millisecond, Items: s.Items(),
		Arrived: func(ctx context.Context, tx store.Tx, a sharing.Arrival) error {
			e, err := s.Arrived(ctx, tx, a)
			return effects(ctx, tx, e, err)
		},
		Released: func(ctx context.Context, tx store.Tx, r sharing.Released) error {
			e, err := s.Released(ctx, tx, r)
			return effects(ctx, tx, e, err)
		},
		Erased: func(ctx context.Context, tx store.Tx, _ string, records []string) error {
			return s.Erased(ctx, tx, records)
		},
	})
	must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	s.card, err = s.exchange.Post.OwnCard(ctx, "test", post.Card{Party: party, Country: home, URL: "https://" + l.Addr().String(), Authorities: []post.CardAuthority{{ID: authority}}})
	must(err)
	server := &http.Server{Handler: s.exchange.Post.Handler(), TLSConfig: s.exchange.Post.TLS(), ReadHeaderTimeout: time.Second}
	var running sync.WaitGroup
	running.Go(func() { _ = server.ServeTLS(l, "", "") })
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	for _, work := range []func(context.Context) error{s.exchange.Run, log.Run} {
		running.Go(func() {
			if err := work(run); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		stop()
		_ = server.Close()
		running.Wait()
	})
	return s
}

func (s *state) until(what string, holds func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s: not within 20 s", what)
		}
	}
}

const agreed = "bh-us-cyber"

// pair are two states with the sample's agreement on cyber in force between them.
func pair(t *testing.T) (bh, us *state) {
	t.Helper()
	bh, us = openState(t, "BHR", "bh", "bh-cert"), openState(t, "USA", "us", "us-cert")
	bh.now, us.now = time.Now().UTC(), time.Now().UTC()
	for _, e := range [][2]*state{{bh, us}, {us, bh}} {
		if err := e[0].exchange.Post.Trust(t.Context(), "test", e[1].card); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("testdata/bh-us-cyber.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v, err := bh.exchange.Propose(t.Context(), supervisor, text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bh.exchange.Sign(t.Context(), supervisor, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	us.until("the signed proposal comes", func() bool {
		p, err := us.exchange.Agreement(t.Context(), agreed, 0)
		return err == nil && len(p.Versions[0].Signatures) == 1
	})
	if _, err := us.exchange.Sign(t.Context(), supervisor, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*state{bh, us} {
		s.until("the agreement is in force", func() bool {
			p, err := s.exchange.Agreement(t.Context(), agreed, 0)
			return err == nil && p.State == "in force"
		})
	}
	return bh, us
}

const recent = `{"type":"bundle","id":"bundle--bfb43fdb-d63c-4f56-a674-30ef024b6539","objects":[{"type":"indicator","spec_version":"2.1","id":"indicator--22222222-2222-4222-8222-222222222222","created":"%s","modified":"%s","name":"for all","indicator_types":["malicious-activity"],"pattern":"[domain-name:value = 'evil.example.net']","pattern_type":"stix","valid_from":"%s","confidence":90,"object_marking_refs":["marking-definition--%s"]}]}`

func (s *state) fileIndicator(marking string) indicator {
	s.t.Helper()
	at := s.now.Format("2006-01-02T15:04:05.000Z")
	s.file("CSIRT-EX", "r1", []byte(strings.NewReplacer("%s\",\"name", at+"\",\"name", "created\":\"%s", "created\":\""+at, "from\":\"%s", "from\":\""+at, "definition--%s", "definition--"+marking).Replace(recent)))
	return s.indicator("evil.example.net")
}

const (
	green = "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
	red   = "e828b379-4e03-4974-9ac4-e53a884c97c1"
)

// An indicator given under the agreement is the partner's claim on the other side; withdrawn, it is gone there. TLP:RED is
// refused by the agreement's gate, by its clause.
func TestAnIndicatorIsGiven(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	i := bh.fileIndicator(green)
	thread, err := bh.exchange.Give(t.Context(), huda, agreed, sharing.Gift{Share: "C1", Purpose: "defence", Item: i.ID})
	if err != nil {
		t.Fatal(err)
	}
	var got indicator
	us.until("the indicator is held by the partner", func() bool {
		var found list[struct{ Indicator *indicator }]
		us.ask("POST", "/indicators/search", map[string]any{"values": []string{"evil.example.net"}}, &found)
		if found.Items[0].Indicator == nil {
			return false
		}
		got = *found.Items[0].Indicator
		return true
	})
	if got.State != "active" || got.Confidence != 90 || len(got.Sources) != 1 || got.Sources[0] != "bh-cert" || got.TLP != "TLP:GREEN" {
		t.Errorf("the partner holds %+v", got)
	}
	us.file("port", "log1", []byte(`{"host":"gate-9","q":"www.evil.example.net"}`+"\n"))
	if n := us.indicator("evil.example.net").Sightings; n != 1 {
		t.Errorf("the partner's log met it %d times", n)
	}
	if _, err := bh.exchange.AskErasure(t.Context(), huda, thread.ID, "", "withdrawn"); err != nil {
		t.Fatal(err)
	}
	us.until("the claim is gone", func() bool {
		var after indicator
		us.ask("GET", "/indicators/"+got.ID, nil, &after)
		return after.State == "revoked" && len(after.Sources) == 0
	})
}

func TestRedIsRefusedByTheGate(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	i := bh.fileIndicator(red)
	_, err := bh.exchange.Give(t.Context(), huda, agreed, sharing.Gift{Share: "C1", Purpose: "defence", Item: i.ID})
	e := (*api.Error)(nil)
	if !errors.As(err, &e) || e.Fields["code"] != agreement.NeverRuleHolds || e.Fields["clause"] != "never.rules.N2" {
		t.Errorf("TLP:RED was answered %v", err)
	}
	var n int
	if err := us.store.Read().QueryRowContext(t.Context(), `select count(*) from cyber_indicator`).Scan(&n); err != nil || n != 0 {
		t.Errorf("the partner holds %d (%v)", n, err)
	}
}

// An incident is asked for by a file found in it, released by a responder, and joint from then on: each side's page says so,
// and the file is an indicator of the partner's.
func TestAJointIncident(t *testing.T) {
	t.Parallel()
	bh, us := pair(t)
	for _, s := range []*state{bh, us} {
		name := "reports/02-notification.json"
		s.file(s.card.Party+" port", "r1", sample(t, name))
	}
	var ours, theirs list[caseFile]
	us.ask("GET", "/incidents", nil, &theirs)
	bh.ask("GET", "/incidents", nil, &ours)
	asked, err := us.exchange.Ask(t.Context(), huda, agreed, sharing.Question{
		Share: "C2", Purpose: "defence", CaseRef: "I-1", Confirmed: true, Justification: strings.Repeat("A port of ours stands still since the night. ", 2),
		Facts: "Found on the servers: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	})
	if err != nil {
		t.Fatal(err)
	}
	second := access.Principal{ID: "8", Name: "carol", Role: access.Responder}
	if _, err := us.exchange.Approve(t.Context(), second, asked.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	var candidate string
	bh.until("the question comes", func() bool {
		p, err := bh.exchange.Thread(t.Context(), huda, asked.ID)
		if err != nil || len(p.Candidates) == 0 {
			return false
		}
		candidate = p.Candidates[0].Ref
		return p.Candidates[0].Score == 1
	})
	if candidate != ours.Items[0].ID {
		t.Errorf("the first candidate is %s", candidate)
	}
	other := access.Principal{ID: "7", Name: "noor", Role: access.Responder}
	if _, err := bh.exchange.Release(t.Context(), other, asked.ID, sharing.Release{Answer: "data", Candidate: candidate}); err != nil {
		t.Fatal(err)
	}
	var mine, partners caseFile
	us.until("the incident is joint", func() bool {
		us.ask("GET", "/incidents/"+theirs.Items[0].ID, nil, &partners)
		return len(partners.Shared) == 1
	})
	bh.ask("GET", "/incidents/"+candidate, nil, &mine)
	if len(mine.Shared) != 1 || mine.Shared[0].Direction != "out" || partners.Shared[0].Direction != "in" || partners.Shared[0].Partner != "bh-cert" {
		t.Errorf("ours says %+v, theirs %+v", mine.Shared, partners.Shared)
	}
	clock := ""
	for _, c := range mine.Clocks {
		if c.Duty == "partner" {
			clock = c.State
		}
	}
	if clock != "met" {
		t.Errorf("the duty towards the partner is %q", clock)
	}
	if i := us.indicator("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"); len(i.Sources) != 2 {
		t.Errorf("the file is an indicator of %v", i.Sources)
	}
}

// A partner's incident that nobody here has is one of its own; withdrawn, nothing that was said of it stays; corrected, it
// stands again.
func TestAPartnersIncident(t *testing.T) {
	t.Parallel()
	k := openDesk(t)
	do := func(change func(ctx context.Context, tx store.Tx) error) {
		t.Helper()
		if err := k.store.Write(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	arrive := func(class string) {
		t.Helper()
		do(func(ctx context.Context, tx store.Tx) error {
			_, err := k.Arrived(ctx, tx, sharing.Arrival{Record: "rec1", Agreement: agreed, Category: "incident", Thread: "t1", Partner: "us-cert", TLP: "TLP:AMBER", Values: map[string]any{
				"incident.class": class, "incident.affected_sector": "energy", "incident.artefact_hash": strings.Repeat("ab", 32),
			}})
			return err
		})
	}
	see := func() (c caseFile) {
		t.Helper()
		var page list[caseFile]
		if k.ask("GET", "/incidents", nil, &page); len(page.Items) != 1 {
			t.Fatalf("%d incidents", len(page.Items))
		}
		k.ask("GET", "/incidents/"+page.Items[0].ID, nil, &c)
		return c
	}
	arrive("malicious-code/worm")
	if c := see(); c.State != "reported" || len(c.Linked) != 1 || len(c.Shared) != 1 || c.TLP != "TLP:AMBER" {
		t.Errorf("it came as %+v", c)
	}
	do(func(ctx context.Context, tx store.Tx) error { return k.Erased(ctx, tx, []string{"rec1"}) })
	if c := see(); c.State != "rejected" || len(c.Linked) != 0 || len(c.Shared) != 0 || strings.Contains(c.Title, "worm") {
		t.Errorf("withdrawn it is %+v", c)
	}
	if i := k.indicator(strings.Repeat("ab", 32)); i.State != "revoked" || len(i.Claims) != 0 {
		t.Errorf("its file is %+v", i)
	}
	k.now = k.now.Add(time.Hour)
	arrive("malicious-code/ransomware")
	if c := see(); c.State != "reported" || len(c.Linked) != 1 || !strings.Contains(c.Title, "ransomware") {
		t.Errorf("corrected it is %+v", c)
	}
}
