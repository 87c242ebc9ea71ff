package sharing_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// side is one of the two states, whole: its store, its log, its room, and a door that the other reaches over mutual TLS.
type side struct {
	t     *testing.T
	store *store.Store
	log   *audit.Log
	room  *sharing.Room
	card  post.Card
	stop  func() // as a node that is down

	screener *screening.Screener

	mu   sync.Mutex
	came []envelope.Header
}

// watch is a clock that a test moves.
type watch struct {
	mu  sync.Mutex
	add time.Duration
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.add)
}

func (w *watch) forward(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add += d
}

const listed = `id,surname,given,aliases,born,sex,nationality,documents,reason,instruction
U-77,Example,Sami Omar,Abu Omar,1979-11-30,M,JOR,P:T0099881:JOR,Invented warrant 12,Refer to the duty officer
U-78,Minor,Little,,2015-02-03,M,JOR,,Invented order,
U-79,Refuge,Salma,,1990-01-02,F,SYR,P:R1112223:SYR,Invented order,
`

var (
	huda   = access.Principal{Name: "huda", Role: access.Analyst}
	salman = access.Principal{Name: "salman", Role: access.Supervisor}
	alice  = access.Principal{Name: "alice", Role: access.Analyst}
	bob    = access.Principal{Name: "bob", Role: access.Supervisor}
	carol  = access.Principal{Name: "carol", Role: access.Supervisor}
)

func open(t *testing.T, w *watch, home, party, authority string) *side {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	s := &side{t: t, store: storetest.SQLite(t)}
	k, err := keys.Open(ctx, s.store, keys.Options{Dir: t.TempDir()})
	must(err)
	s.log, err = audit.Open(ctx, s.store, k, audit.Options{})
	must(err)
	_, err = screening.LoadList(ctx, s.store, screening.Upload{Name: "national", By: "test", Role: "supervisor", Files: []lists.File{{Name: "national.csv", Data: []byte(listed)}}})
	if err != nil {
		must(screening.Migrate(ctx, s.store))
		_, err = screening.LoadList(ctx, s.store, screening.Upload{Name: "national", By: "test", Role: "supervisor", Files: []lists.File{{Name: "national.csv", Data: []byte(listed)}}})
		must(err)
	}
	screener, err := screening.Open(ctx, s.store, screening.Options{Clock: w.now})
	must(err)
	s.screener = screener
	s.room, err = sharing.Open(ctx, sharing.Options{
		Store: s.store, Keys: k, Audit: s.log, Screener: screener, Home: home, Owner: party, Clock: w.now, ReplyFloor: 20 * time.Millisecond,
		Post: func(o *post.Options) {
			admit := o.Admit
			o.Admit = func(ctx context.Context, r store.Reader, h envelope.Header) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.came = append(s.came, h)
				return admit(ctx, r, h)
			}
		},
	})
	must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	s.card, err = s.room.Post.OwnCard(ctx, "test", post.Card{
		Party: party, Country: home, URL: "https://" + l.Addr().String(), Authorities: []post.CardAuthority{{ID: authority}},
	})
	must(err)
	server := &http.Server{Handler: s.room.Post.Handler(), TLSConfig: s.room.Post.TLS(), ReadHeaderTimeout: time.Second}
	var running sync.WaitGroup
	running.Go(func() { _ = server.ServeTLS(l, "", "") })
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	for _, work := range []func(context.Context) error{s.room.Run, s.log.Run} {
		running.Go(func() {
			if err := work(run); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	s.stop = sync.OnceFunc(func() {
		stop()
		_ = server.Close()
		running.Wait()
	})
	t.Cleanup(s.stop)
	return s
}

// pair are two states with an agreement in force between them: the sample's, as its parties would have signed it.
func pair(t *testing.T) (bh, us *side, w *watch) {
	t.Helper()
	w = &watch{}
	bh, us = open(t, w, "BHR", "bh", "bh-piu"), open(t, w, "USA", "us", "us-ntc")
	for _, e := range [][2]*side{{bh, us}, {us, bh}} {
		if err := e[0].room.Post.Trust(t.Context(), "test", e[1].card); err != nil {
			t.Fatal(err)
		}
	}
	agree(t, bh, us, "agreement/testdata/bh-us-travel.yaml")
	return bh, us, w
}

// agree has both sign a document, and waits until it is in force.
func agree(t *testing.T, bh, us *side, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := bh.room.Propose(t.Context(), salman, text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bh.room.Sign(t.Context(), salman, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	us.until("the signed proposal comes", func() bool {
		a := us.pact(v.Metadata.ID)
		return a != nil && len(a.Versions[0].Signatures) == 1
	})
	if _, err := us.room.Sign(t.Context(), bob, v.Metadata.ID, v.Digest); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*side{bh, us} {
		s.until("the agreement is in force", func() bool { return s.pact(v.Metadata.ID).State == "in force" })
	}
}

const travel = "bh-us-travel"

func (s *side) agreement() *sharing.AgreementPage {
	s.t.Helper()
	return s.pact(travel)
}

func (s *side) pact(id string) *sharing.AgreementPage {
	s.t.Helper()
	p, err := s.room.Agreement(s.t.Context(), id, 0)
	if err != nil {
		if e := (*api.Error)(nil); errors.As(err, &e) && e.Kind == api.NotFound {
			return nil
		}
		s.t.Fatal(err)
	}
	return &p
}

func (s *side) until(what string, holds func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s: not within a minute", what)
		}
	}
}

func (s *side) thread(id string) sharing.ThreadPage {
	s.t.Helper()
	p, err := s.room.Thread(s.t.Context(), access.Principal{Name: "watch", Role: access.Supervisor}, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *side) has(id string) bool {
	_, err := s.room.Thread(s.t.Context(), access.Principal{Name: "watch", Role: access.Supervisor}, id)
	return err == nil
}

func (s *side) comes(id string, state sharing.State) {
	s.t.Helper()
	s.until("the thread is "+string(state), func() bool { return s.has(id) && s.thread(id).State == state })
}

func (s *side) steps() (out []ledger.Entry) {
	s.t.Helper()
	if err := s.log.Seal(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if err := ledger.Read(s.t.Context(), s.store.Read(), "", time.Time{}, time.Time{}, func(e ledger.Entry) error {
		out = append(out, e)
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	return out
}

func example() *sharing.Person {
	return &sharing.Person{FamilyName: "Exampel", GivenNames: "Sami", DOB: "1979-11-30", Nationality: "JOR", Document: &sharing.Document{Type: "P", Number: "T0099881", Issuer: "JOR"}}
}

func known(of *sharing.Person) sharing.Question {
	return sharing.Question{
		Share: "T2", Purpose: "terrorism", CaseRef: "C-2026-0099", OffenceCode: "0201", Confirmed: true, Subject: of,
		Justification: "Private match on two key families for a passenger of GF2 today; identity must be settled before arrival.",
	}
}

// ask has huda ask and salman approve.
func (s *side) ask(q sharing.Question, by, approver access.Principal) sharing.Thread {
	s.t.Helper()
	t, err := s.room.Ask(s.t.Context(), by, travel, q)
	if err != nil {
		s.t.Fatal(err)
	}
	if t, err = s.room.Approve(s.t.Context(), approver, t.ID, true, ""); err != nil {
		s.t.Fatal(err)
	}
	return t
}

func refusedWith(t *testing.T, err error, code string) {
	t.Helper()
	if e := (*api.Error)(nil); !errors.As(err, &e) || e.Fields["code"] != code {
		t.Errorf("%v, wanted a refusal with code %s", err, code)
	}
}

// The whole way of one person: known to you? A human says yes. Core data, released field by field. A report of what came of
// it. The owner withdraws, and what was received is gone, with proof.
func TestAHitThenCoreDataThenErasure(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	ctx := t.Context()

	q := bh.ask(known(example()), huda, salman)
	us.comes(q.ID, sharing.Asked)
	asked := us.thread(q.ID)
	if len(asked.Candidates) != 1 || asked.Candidates[0].Ref != "national/U-77" || asked.Candidates[0].Finding == nil {
		t.Fatalf("candidates %+v", asked.Candidates)
	}
	if asked.Request.Subject.FamilyName != "Exampel" || strings.Contains(asked.Requester, "huda") {
		t.Errorf("the holder sees %+v asked by %q", asked.Request.Subject, asked.Requester)
	}
	release := sharing.Release{Answer: "hit", Candidate: "national/U-77"}
	p, err := us.room.Preview(ctx, bob, q.ID, release)
	if err != nil {
		t.Fatal(err)
	}
	leaves := []string{}
	for _, l := range p.Leaves {
		leaves = append(leaves, l.Field)
	}
	if diff := cmp.Diff([]string{"match.confidence_band", "match.hit", "match.reference"}, leaves); diff != "" {
		t.Error(diff)
	}
	if len(p.Withheld) == 0 || p.Withheld[0].Clause == "" {
		t.Errorf("nothing is said to be withheld: %+v", p.Withheld)
	}
	if _, err := us.room.Release(ctx, alice, q.ID, release); !errors.Is(err, &api.Error{Kind: api.Forbidden}) {
		t.Errorf("an analyst released: %v", err)
	}
	if _, err := us.room.Release(ctx, bob, q.ID, release); err != nil {
		t.Fatal(err)
	}
	bh.comes(q.ID, sharing.Answered)
	got := bh.thread(q.ID)
	if got.Result != "hit" || got.Reference == "" || len(got.Records) != 1 || got.Records[0].Values["match.confidence_band"] != "high" {
		t.Fatalf("the answer is %+v with %+v", got.Thread, got.Records)
	}

	core := sharing.Question{
		Share: "T3", Purpose: "terrorism", CaseRef: "C-2026-0099", OffenceCode: "0201", PriorReference: got.Reference, Confirmed: true,
		Justification: strings.Repeat("The identity must be settled before arrival. ", 4),
		Facts:         "Passenger of GF2 15 May; passport and birth date equal to listed entry; arrival 05:40; suspected of offence category 0201 in case C-2026-0099.",
	}
	c := bh.ask(core, huda, salman)
	us.comes(c.ID, sharing.Asked)
	if _, err := us.room.Release(ctx, bob, c.ID, sharing.Release{Answer: "data", Candidate: "national/U-78"}); err == nil {
		t.Error("core data of another entry than the hit's was released")
	}
	if _, err := us.room.Release(ctx, bob, c.ID, sharing.Release{Answer: "data", Candidate: "national/U-77"}); err != nil {
		t.Fatal(err)
	}
	bh.comes(c.ID, sharing.Answered)
	record := bh.thread(c.ID).Records[0]
	if diff := cmp.Diff(map[string]any{
		"document.issuer": "JOR", "document.number": "T0099881", "document.type": "P", "match.action_requested": "Refer to the duty officer",
		"person.aliases": []any{"Abu Omar"}, "person.dob": "1979-11-30", "person.family_name": "Example", "person.given_names": "Sami Omar",
		"person.nationality": []any{"JOR"}, "person.sex": "M",
	}, record.Values); diff != "" {
		t.Error(diff)
	}
	if years := record.EraseAt.Sub(record.StoredAt).Hours() / 24 / 365; years < 2.9 || years > 3.1 {
		t.Errorf("to be erased after %.2f years, the agreement says three", years)
	}

	if _, err := bh.room.Outcome(ctx, huda, q.ID, "confirmed_same"); err != nil {
		t.Fatal(err)
	}
	us.until("the outcome is told", func() bool { return us.thread(q.ID).Outcome == "confirmed_same" })

	for purpose, n := range map[string]int{"terrorism": 2, "serious-crime": 0} {
		found, err := bh.room.Received(ctx, huda, travel, purpose, "", 10)
		if err != nil || len(found) != n {
			t.Errorf("for the purpose %s %d records are found, wanted %d (%v)", purpose, len(found), n, err)
		}
	}

	if _, err := us.room.Correct(ctx, alice, c.ID, "", "person.dob", "1979-11-03", "a slip"); err != nil {
		t.Fatal(err)
	}
	bh.until("the correction takes effect", func() bool { return bh.thread(c.ID).Records[0].Values["person.dob"] == "1979-11-03" })

	if _, err := us.room.AskErasure(ctx, alice, c.ID, "", "withdrawn"); err != nil {
		t.Fatal(err)
	}
	bh.until("the record is gone", func() bool { return bh.thread(c.ID).Records[0].State == "erased" })
	gone := bh.thread(c.ID).Records[0]
	if len(gone.Values) > 0 || gone.Proof == "" || gone.Cause != "withdrawn" {
		t.Errorf("what is left of it: %+v", gone)
	}
	us.until("the proof is back", func() bool {
		return slices.ContainsFunc(us.steps(), func(e ledger.Entry) bool { return e.Type == "DONE" && e.Kind == ledger.Received })
	})
}

// What is asked of somebody unknown leaves nothing behind at the holder.
func TestNoHitLeavesNothing(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	q := us.ask(known(&sharing.Person{FamilyName: "Nobody", GivenNames: "Known", DOB: "1980-01-02"}), alice, bob)
	bh.comes(q.ID, sharing.Asked)
	if bh.thread(q.ID).Request == nil {
		t.Fatal("the holder cannot see whom it is asked about")
	}
	if _, err := bh.room.Release(t.Context(), salman, q.ID, sharing.Release{Answer: "no_hit"}); err != nil {
		t.Fatal(err)
	}
	us.comes(q.ID, sharing.Answered)
	if got := us.thread(q.ID); got.Result != "no_hit" || len(got.Records) != 0 {
		t.Errorf("the answer is %+v", got.Thread)
	}
	if bh.thread(q.ID).Request != nil {
		t.Error("the holder still reads whom it was asked about")
	}
	if !slices.ContainsFunc(bh.steps(), func(e ledger.Entry) bool { return e.Thread == q.ID && e.Result == "no_hit" }) {
		t.Error("the log has no line of it")
	}
}

// Each refusal is stopped on the asker's side, with the clause that forbids it; nothing is sent.
func TestStoppedAtTheSender(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	for _, test := range []struct {
		code   string
		change func(*sharing.Question)
	}{
		{agreement.PurposeNotAllowed, func(q *sharing.Question) { q.Purpose = "tax" }},
		{agreement.Incomplete, func(q *sharing.Question) { q.Justification = "please check" }},
		{agreement.Incomplete, func(q *sharing.Question) { q.CaseRef = "" }},
		{agreement.NeverRuleHolds, func(q *sharing.Question) { q.Subject.DOB = "2015-02-03" }},
		{agreement.NeverRuleHolds, func(q *sharing.Question) { q.Subject.DOB = "" }}, // an unknown age may be a child's
		{agreement.Direction, func(q *sharing.Question) { q.Share = "T1" }},
	} {
		q := known(example())
		test.change(&q)
		_, err := bh.room.Ask(t.Context(), huda, travel, q)
		refusedWith(t, err, test.code)
	}
	if slices.ContainsFunc(us.steps(), func(e ledger.Entry) bool { return e.Type == "REQUEST" }) {
		t.Error("a request left all the same")
	}
	if _, err := bh.room.Ask(t.Context(), access.Principal{Name: "dana", Role: access.FIU}, travel, known(example())); !errors.Is(err, &api.Error{Kind: api.Forbidden}) {
		t.Errorf("a financial analyst asked about a traveller: %v", err)
	}
}

// Suspending stops everything at once on both sides, but for the duties; what the one suspended the other cannot resume.
func TestSuspension(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	ctx := t.Context()
	open := bh.ask(known(example()), huda, salman)
	us.comes(open.ID, sharing.Asked)
	if err := us.room.Suspend(ctx, bob, travel, "all", "breach", "An invented incident"); err != nil {
		t.Fatal(err)
	}
	_, err := us.room.Release(ctx, bob, open.ID, sharing.Release{Answer: "hit", Candidate: "national/U-77"})
	refusedWith(t, err, agreement.SuspendedNow)
	bh.until("the partner's suspension arrives", func() bool { return bh.agreement().State == "suspended" })
	_, err = bh.room.Ask(ctx, huda, travel, known(example()))
	refusedWith(t, err, agreement.SuspendedNow)
	if err := bh.room.Resume(ctx, salman, travel, "all"); err == nil {
		t.Error("the side that did not suspend resumed")
	}
	if err := us.room.Resume(ctx, bob, travel, "all"); err != nil {
		t.Fatal(err)
	}
	bh.until("it is resumed", func() bool { return bh.agreement().State == "in force" })
	if _, err := us.room.Release(ctx, bob, open.ID, sharing.Release{Answer: "hit", Candidate: "national/U-77"}); err != nil {
		t.Error(err)
	}
}

// Who seeks protection from a state is unknown to it: the answer looks like any other no-hit, and only the watcher's log
// tells what it was.
func TestProtectedIsAnOrdinaryNoHit(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	salma := &sharing.Person{FamilyName: "Refuge", GivenNames: "Salma", DOB: "1990-01-02", Nationality: "SYR"}
	if err := bh.room.Protect(t.Context(), salman, *salma, []string{"USA"}); err != nil {
		t.Fatal(err)
	}
	q := us.ask(known(salma), alice, bob)
	bh.comes(q.ID, sharing.Answered)
	if got := bh.thread(q.ID); got.Result != "no_hit" || got.Code != "" {
		t.Errorf("people here see %+v", got.Thread)
	}
	if !slices.ContainsFunc(bh.steps(), func(e ledger.Entry) bool {
		return e.Thread == q.ID && e.Code == agreement.NeverRuleHolds && e.Told == "no_hit"
	}) {
		t.Error("the log does not tell what it was")
	}
}

// replyTo is the header of the answer that came in a thread.
func (s *side) replyTo(thread string) (h envelope.Header) {
	s.t.Helper()
	s.until("the answer's envelope", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		at := slices.IndexFunc(s.came, func(h envelope.Header) bool { return h.Type == envelope.Reply && h.Thread == thread })
		if at >= 0 {
			h = s.came[at]
		}
		return at >= 0
	})
	return h
}

// The envelope of a no-hit that the machine gave for a protected person tells nothing that a human's would not: the same
// marks, an officer who answers, the same time to be erased from when it could leave.
func TestNoHitsLookAlike(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	salma := &sharing.Person{FamilyName: "Refuge", GivenNames: "Salma", DOB: "1990-01-02", Nationality: "SYR"}
	if err := bh.room.Protect(t.Context(), salman, *salma, []string{"USA"}); err != nil {
		t.Fatal(err)
	}
	human := us.ask(known(&sharing.Person{FamilyName: "Nobody", GivenNames: "Known", DOB: "1980-01-02"}), alice, bob)
	bh.comes(human.ID, sharing.Asked)
	if _, err := bh.room.Release(t.Context(), salman, human.ID, sharing.Release{Answer: "no_hit"}); err != nil {
		t.Fatal(err)
	}
	us.comes(human.ID, sharing.Answered)
	machine := us.ask(known(salma), alice, bob)
	us.comes(machine.ID, sharing.Answered)
	plain := func(thread string) envelope.Header {
		h := us.replyTo(thread)
		if grid := h.Handling.EraseAt.Sub(us.thread(thread).AskedAt); h.Handling.EraseAt.IsZero() || grid < 0 {
			t.Errorf("to be erased %s after the question", grid)
		}
		h.ID, h.Thread, h.InReplyTo, h.Prev, h.Seq = "", "", "", "", 0
		h.Issued, h.Expires, h.Handling.EraseAt = time.Time{}, time.Time{}, time.Time{}
		return h
	}
	if diff := cmp.Diff(plain(human.ID), plain(machine.ID)); diff != "" {
		t.Error(diff)
	}
}

// A reply that would hold more than agreed is cut at the receiver, whatever the sender let out; one outside the agreement
// is not taken in at all. The last day comes, and what was received is erased by the clock.
func TestTheClockErases(t *testing.T) {
	t.Parallel()
	bh, us, w := pair(t)
	q := bh.ask(known(example()), huda, salman)
	us.comes(q.ID, sharing.Asked)
	if _, err := us.room.Release(t.Context(), carol, q.ID, sharing.Release{Answer: "hit", Candidate: "national/U-77"}); err != nil {
		t.Fatal(err)
	}
	bh.comes(q.ID, sharing.Answered)
	w.forward(366 * 24 * time.Hour)
	if err := bh.room.Clocks(t.Context()); err != nil {
		t.Fatal(err)
	}
	bh.until("the record is erased", func() bool { return bh.thread(q.ID).Records[0].State == "erased" })
	if r := bh.thread(q.ID).Records[0]; r.Cause != "expired" || r.Proof == "" || len(r.Values) > 0 {
		t.Errorf("what is left of it: %+v", r)
	}
}
