package dialogue_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var (
	dana  = access.Principal{Name: "dana", Role: access.Supervisor}
	peter = access.Principal{Name: "peter", Role: access.Supervisor}
	now   = time.Date(2026, 7, 9, 8, 0, 0, 0, time.UTC)
)

const travel, cargo = "bh-us-travel", "bh-us-cargo"

// document is as much of an agreement as the room looks at.
func document(id string) *agreement.Document {
	cadence, _ := agreement.ParseDuration("P6M")
	minute, _ := agreement.ParseDuration("PT60S")
	return &agreement.Document{
		Metadata: agreement.Metadata{ID: id, Version: 3, Title: "Passenger information and facilitation exchange", TitleAr: "تبادل معلومات المسافرين وتيسير السفر"},
		Parties: []agreement.Party{
			{ID: "bh", Country: "BH", Authorities: []agreement.Authority{{ID: "bh-piu", Name: "Passenger Information Unit", NameAr: "وحدة معلومات المسافرين"}, {ID: "bh-dpo", Name: "Data-protection officer"}}},
			{ID: "us", Country: "US", Authorities: []agreement.Authority{{ID: "us-ntc", Name: "Targeting Centre", NameAr: "مركز الاستهداف"}}},
		},
		Shares: []agreement.Share{{ID: "T2", Title: "Hit or no hit on one named traveller"}},
		Duties: agreement.Duties{AcknowledgeWithin: minute},
		Review: agreement.Review{Cadence: cadence, Chairs: []string{"bh-piu", "us-ntc"}},
	}
}

// side is one state's room, on a store of its own.
type side struct {
	*dialogue.Room
	party  string
	st     *store.Store
	log    *audit.Log
	clock  *clock
	sent   []dialogue.Outgoing
	events []dialogue.Event
}

type clock struct{ now time.Time }

func (c *clock) tell() time.Time { return c.now }

// clocked is a store that knows no other time than the clock's.
func clocked(t *testing.T, c *clock) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "rihla.db"), store.Options{NoSync: true, Clock: c.tell})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	return st
}

func key(authority string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(authority))
	return ed25519.NewKeyFromSeed(seed[:])
}

func open(t *testing.T, party string, st *store.Store, c *clock) *side {
	t.Helper()
	k, err := keys.Open(t.Context(), st, keys.Options{Dir: t.TempDir(), Clock: c.tell})
	must(t, err)
	log, err := audit.Open(t.Context(), st, k, audit.Options{})
	must(t, err)
	s := &side{party: party, st: st, log: log, clock: c}
	s.Room, err = dialogue.Open(t.Context(), st, dialogue.Options{
		Shelf: func(context.Context, store.Reader) ([]dialogue.Pact, error) {
			return []dialogue.Pact{{Document: document(travel), Own: party}, {Document: document(cargo), Own: party}}, nil
		},
		At: func(_ context.Context, _ store.Reader, id string, at time.Time) (dialogue.Pact, bool, error) {
			d := document(id)
			if at.Before(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
				d.Metadata.Version = 2
			}
			return dialogue.Pact{Document: d, Own: party}, id == travel || id == cargo, nil
		},
		Log: log,
		Sign: func(_ context.Context, authority string, text []byte) (string, error) {
			if !strings.HasPrefix(authority, party) {
				return "", errors.New("no key of " + authority)
			}
			return base64.RawURLEncoding.EncodeToString(ed25519.Sign(key(authority), text)), nil
		},
		Verify: func(_ context.Context, authority string, text []byte, jws string) error {
			signature, err := base64.RawURLEncoding.DecodeString(jws)
			public, _ := key(authority).Public().(ed25519.PublicKey)
			if err != nil || !ed25519.Verify(public, text, signature) {
				return errors.New("not signed so")
			}
			return nil
		},
		Send: func(_ context.Context, tx store.Tx, o dialogue.Outgoing) error {
			tx.After(func() { s.sent = append(s.sent, o) })
			return nil
		},
		Announce: func(_ context.Context, tx store.Tx, e dialogue.Event) error {
			tx.After(func() { s.events = append(s.events, e) })
			return nil
		},
		Proposals: func(_ context.Context, _ store.Reader, id string) ([]dialogue.Proposal, error) {
			if id != travel {
				return nil, nil
			}
			return []dialogue.Proposal{{Agreement: id, Version: 4, By: "us", Changes: []dialogue.Change{{Path: "shares.T2.quota.requests", Was: "200", Becomes: "250", Effect: "looser"}}}}, nil
		},
	})
	must(t, err)
	return s
}

// pair are two states' rooms.
func pair(t *testing.T, first, second *store.Store, c *clock) (bh, us *side) {
	t.Helper()
	return open(t, "bh", first, c), open(t, "us", second, c)
}

// deliver takes what one side sent to the other.
func (s *side) deliver(t *testing.T, to *side) {
	t.Helper()
	sent := s.sent
	s.sent = nil
	for _, o := range sent {
		if !strings.HasPrefix(o.From, s.party) || !strings.HasPrefix(o.To, to.party) {
			t.Errorf("a message goes from %s to %s", o.From, o.To)
		}
		to.receive(t, s.party, string(o.Body))
	}
}

func (s *side) receive(t *testing.T, from, body string) {
	t.Helper()
	must(t, s.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.Received(ctx, tx, from, []byte(body)) }))
}

// steps writes into the exchange log.
func (s *side) steps(t *testing.T, steps ...ledger.Step) {
	t.Helper()
	must(t, s.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return ledger.Record(ctx, tx, "test", "", steps...)
	}))
	must(t, s.log.Seal(t.Context()))
}

// refusals are what the audit log says was not taken of the partner's.
func (s *side) refusals(t *testing.T) []string {
	t.Helper()
	must(t, s.log.Seal(t.Context()))
	entries, err := s.log.Entries(t.Context(), audit.Query{Action: "review.refuse"})
	must(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Detail)
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind api.Kind, has string) {
	t.Helper()
	var problem *api.Error
	if !errors.As(err, &problem) || problem.Kind != kind || !strings.Contains(problem.Detail, has) {
		t.Errorf("got error %v, want one of kind %v with %q", err, kind, has)
	}
}
