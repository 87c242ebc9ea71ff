package sharing_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/matching"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// matcher is one state in a private match: a room with its post office behind a real listener.
type matcher struct {
	t       *testing.T
	store   *store.Store
	room    *sharing.Room
	matches *sharing.Matches
	audit   *audit.Log

	mu      sync.Mutex
	flights map[string]sharing.Manifest
	due     []sharing.MatchQuestion // nil: it cannot be told yet
	stop    func()
}

func (s *matcher) manifest(_ context.Context, _ store.Reader, flight string) (sharing.Manifest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, found := s.flights[flight]
	if !found {
		return m, api.Errorf(api.NotFound, "there is no flight %s", flight)
	}
	return m, nil
}

func (s *matcher) dueNow(context.Context, store.Reader, time.Time) ([]sharing.MatchQuestion, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.due == nil {
		return nil, errors.New("asked for later")
	}
	return s.due, nil
}

func openMatcher(t *testing.T, st *store.Store, home, party string, authorities ...string) *matcher {
	t.Helper()
	ctx := context.Background()
	k, err := keys.Open(ctx, st, keys.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s := &matcher{t: t, store: st, flights: map[string]sharing.Manifest{}}
	if s.audit, err = audit.Open(ctx, st, k, audit.Options{}); err != nil {
		t.Fatal(err)
	}
	screener, err := screening.Open(ctx, st, screening.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.room, err = sharing.Open(ctx, sharing.Options{Store: st, Keys: k, Audit: s.audit, Screener: screener, Home: home, Owner: party}); err != nil {
		t.Fatal(err)
	}
	s.matches = s.room.Matches(sharing.MatchOptions{Manifest: s.manifest, Due: s.dueNow, Relist: time.Millisecond, Cores: 1})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	card := post.Card{Party: party, URL: "https://" + listener.Addr().String()}
	for _, id := range authorities {
		card.Authorities = append(card.Authorities, post.CardAuthority{ID: id})
	}
	if _, err := s.room.Post.OwnCard(ctx, "test", card); err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		ReadHeaderTimeout: time.Minute, TLSConfig: s.room.Post.TLS(), Handler: s.room.Post.Handler(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
	return s
}

// run runs the room for as long as the test, and its matching until halt.
func (s *matcher) run() {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = s.room.Run(ctx) })
	all.Go(func() { _ = s.audit.Run(ctx) })
	s.t.Cleanup(func() { cancel(); all.Wait() })
	s.match()
	s.t.Cleanup(func() { s.stop() })
}

func (s *matcher) match() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = s.matches.Run(ctx) }()
	s.stop = func() { cancel(); <-done }
}

func (s *matcher) load(csv string) {
	s.t.Helper()
	u := screening.Upload{Name: "watch", By: "sam", Role: "supervisor", Files: []lists.File{{Name: "watch.csv", Data: []byte(csv)}}, Force: true, Reason: "a test"}
	if _, err := screening.LoadList(context.Background(), s.store, u); err != nil {
		s.t.Fatal(err)
	}
}

func (s *matcher) fly(flight string, people ...names.Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := sharing.Manifest{Flight: sharing.Journey{Carrier: "ZZ", Number: strings.TrimLeft(flight, "f"), Date: time.Now().UTC().Format(time.DateOnly)}}
	for i, p := range people {
		m.Passengers = append(m.Passengers, matching.Passenger{ID: fmt.Sprintf("%s-p%d", flight, i), Person: p})
	}
	s.flights[flight] = m
}

var (
	amal = access.Principal{ID: "1", Name: "amal", Role: access.Analyst}
	sami = access.Principal{ID: "2", Name: "sami", Role: access.Supervisor}
)

// travelAgreement is the sample, dated so that it is in force today.
func travelAgreement(t *testing.T, change ...string) []byte {
	t.Helper()
	text, err := os.ReadFile("agreement/testdata/bh-us-travel.yaml")
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().UTC()
	change = append(change,
		"effective: 2026-01-01", "effective: "+today.AddDate(0, 0, -2).Format(time.DateOnly), "expires: 2031-01-01", "expires: "+today.AddDate(4, 0, 0).Format(time.DateOnly),
		"standing_until: 2026-12-31", "standing_until: "+today.AddDate(0, 10, 0).Format(time.DateOnly))
	for i := 0; i < len(change); i += 2 {
		if !strings.Contains(string(text), change[i]) {
			t.Fatalf("the sample does not say %q", change[i])
		}
	}
	return []byte(strings.NewReplacer(change...).Replace(string(text)))
}

// agreed makes two states that agreed: bh may ask about us's list.
func agreed(t *testing.T, open func() *store.Store, change ...string) (bh, us *matcher) {
	t.Helper()
	bh, us = openMatcher(t, open(), "BHR", "bh", "bh-piu"), openMatcher(t, storetest.SQLite(t), "USA", "us", "us-ntc")
	for _, x := range [][2]*matcher{{bh, us}, {us, bh}} {
		card, ok, err := x[0].room.Post.Own(t.Context())
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := x[1].room.Post.Trust(t.Context(), "test", card); err != nil {
			t.Fatal(err)
		}
	}
	us.load("id,name,birth_date,documents\n" +
		"W1,عبد الرحمن صالح الزرفاني,1980-04-03,\n" +
		"W2,\"VETROGONOV, Anatoliy\",1968-05-09,P:Z1234567:RU\n" +
		"W3,\"KIND, Klara\"," + time.Now().AddDate(-9, 0, 0).Format(time.DateOnly) + ",\n" +
		"W4,\"REFUGE, Rania\",1990-02-03,P:R7654321:SY\n" +
		"W5,\"NODATE, Nobody\",,P:N7654321:RU\n")
	if err := us.room.Protect(t.Context(), sami, sharing.Person{FamilyName: "REFUGE", GivenNames: "Rania", DOB: "1990-02-03"}, []string{"BHR"}); err != nil {
		t.Fatal(err)
	}
	bh.run()
	us.run()
	v, err := us.room.Propose(t.Context(), sami, travelAgreement(t, change...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := us.room.Sign(t.Context(), sami, "bh-us-travel", v.Digest); err != nil {
		t.Fatal(err)
	}
	soon(t, "both have signed", func() bool {
		_, err := bh.room.Sign(t.Context(), sami, "bh-us-travel", v.Digest)
		return err == nil || errors.Is(err, &api.Error{Kind: api.Conflict})
	})
	for _, m := range []*matcher{bh, us} {
		soon(t, "it is in force", func() bool {
			p, err := m.room.Agreement(t.Context(), "bh-us-travel", 0)
			return err == nil && p.State == "in force"
		})
	}
	return bh, us
}

func soon(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

func traveller(surname, given, born string, documents ...names.Document) names.Person {
	return names.Person{Names: []names.Name{{Surname: surname, Given: given}}, Births: []string{born}, Documents: documents}
}

func (s *matcher) start(flight string) sharing.MatchRun {
	s.t.Helper()
	run, err := s.matches.Start(s.t.Context(), amal, "bh-us-travel", sharing.MatchQuestion{Flight: flight})
	if err != nil {
		s.t.Fatal(err)
	}
	return run
}

// ended waits for a run to end.
func (s *matcher) ended(id string) (run sharing.MatchRun) {
	s.t.Helper()
	soon(s.t, "the run ends", func() bool {
		var err error
		run, err = s.matches.Read(s.t.Context(), amal, id)
		return err == nil && !run.EndedAt.IsZero()
	})
	return run
}

// Of a flight's passengers the asker learns who is listed, and the list's side learns a number. Whom the agreement never
// lets be told of is not found: children, those without a date of birth, who may be children, and those who seek protection.
func TestMatch(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		bh, us := agreed(t, open)
		bh.fly("f101",
			traveller("ALZURFANI", "ABDERRAHMANE", "1980-04-03"),
			traveller("SMITH", "JOHN", "1980-04-03"),
			traveller("OTHER", "NAME", "1951-01-02", names.Document{Type: "P", Number: "Z 1234567", Country: "RUS"}),
			traveller("VETROGONOFF", "ANATOLI", "1968-11-20"),
			traveller("KIND", "KLARA", time.Now().AddDate(-9, 0, 0).Format(time.DateOnly)),
			traveller("REFUGE", "RANIA", "1990-02-03"),
			traveller("NODATE", "NOBODY", "1970-02-03", names.Document{Type: "P", Number: "N7654321", Country: "RUS"}),
		)
		var started sharing.MatchRun
		soon(t, "it may be asked", func() bool { // the agreement comes into force on both sides
			var err error
			started, err = bh.matches.Start(t.Context(), amal, "bh-us-travel", sharing.MatchQuestion{Flight: "f101"})
			return err == nil
		})
		got := bh.ended(started.ID)
		want := sharing.MatchRun{
			Direction: ledger.Out, Agreement: "bh-us-travel", Version: 3, Share: "T1", Partner: "us-ntc", Purpose: "terrorism", Flight: "f101",
			Journey: "ZZ101 " + time.Now().UTC().Format(time.DateOnly), Stage: "booked", State: sharing.MatchDone, Requester: "amal", Passengers: 7, Padded: 256, HitCount: 3,
			Hits: []sharing.MatchHit{
				{Passenger: "f101-p0", Name: "ALZURFANI, ABDERRAHMANE", Families: []matching.Family{"p", "y", "a"}, Lead: true},
				{Passenger: "f101-p2", Name: "OTHER, NAME", Families: []matching.Family{"d"}, Lead: true},
				{Passenger: "f101-p3", Name: "VETROGONOFF, ANATOLI", Families: []matching.Family{"y"}},
			},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(sharing.MatchRun{}),
			cmpopts.IgnoreFields(sharing.MatchRun{}, "ID", "Epoch", "Commitment", "Asked", "At", "AskedAt", "Due", "EndedAt", "EraseAt", "TookMS")); diff != "" {
			t.Errorf("the run (-want +got):\n%s", diff)
		}
		soon(t, "the list's side has its receipt", func() bool {
			var n, hits int
			err := us.store.Read().QueryRowContext(t.Context(), "select count(*), coalesce(sum(hits), 0) from sharing_match_run where state = 'done'").Scan(&n, &hits)
			return err == nil && n == 1 && hits == 3
		})
		for name, s := range map[string]*matcher{"asking": bh, "list's": us} {
			var matched []ledger.Step
			soon(t, "it is in the log", func() bool {
				matched = nil
				err := ledger.Read(t.Context(), s.store.Read(), "bh-us-travel", time.Time{}, time.Time{}, func(e ledger.Entry) error {
					if e.Kind == ledger.Matched {
						matched = append(matched, e.Step)
					}
					return nil
				})
				return err == nil && len(matched) > 0
			})
			if len(matched) != 1 || matched[0].Hits != 3 || matched[0].Padded != 256 || matched[0].Keys != got.Asked {
				t.Errorf("the %s side's log says %+v", name, matched)
			}
		}
		var secrets int
		if err := bh.store.Read().QueryRowContext(t.Context(), "select count(*) from sharing_secret where id not like 'tags/%'").Scan(&secrets); err != nil || secrets != 1 {
			t.Errorf("%v; %d secrets are kept after the run, where only its commitment is", err, secrets)
		}
		bh.audited(got.ID)
		if _, err := bh.matches.Start(t.Context(), amal, "bh-us-travel", sharing.MatchQuestion{Flight: "f101"}); !errors.Is(err, &api.Error{Kind: api.Conflict}) {
			t.Errorf("asked twice about one flight at one stage: %v", err)
		}
		if _, err := bh.matches.Lead(t.Context(), amal, got.ID, "f101-p3"); !errors.Is(err, &api.Error{Kind: api.Unprocessable}) {
			t.Errorf("a weak hit is a lead: %v", err)
		}
		q, err := bh.matches.Lead(t.Context(), amal, got.ID, "f101-p0")
		if err != nil || q.Share != "T2" || q.Subject == nil || q.Subject.FamilyName != "ALZURFANI" {
			t.Fatalf("the lead is %+v, %v", q, err)
		}
		q.CaseRef, q.OffenceCode, q.Confirmed = "C-2026-0099", "0201", true
		q.Justification += " Consonants of both names and the birth date agree; identity must be settled before the flight arrives."
		thread, err := bh.matches.AskOn(t.Context(), amal, got.ID, "f101-p0", q)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := bh.matches.Read(t.Context(), amal, got.ID); err != nil || again.Hits[0].Thread != thread.ID {
			t.Errorf("%v; the hit's thread is %q, not %q", err, again.Hits[0].Thread, thread.ID)
		}
		if _, err := bh.matches.AskOn(t.Context(), amal, got.ID, "f101-p0", q); !errors.Is(err, &api.Error{Kind: api.Conflict}) {
			t.Errorf("asked twice about one hit: %v", err)
		}
	})
}

// audited holds a run's commitment against its flight, as it was and with one passenger put in another's place.
func (s *matcher) audited(id string) {
	s.t.Helper()
	watcher := access.Principal{ID: "3", Name: "dana", Role: access.Auditor}
	a, err := s.matches.Audit(s.t.Context(), watcher, id)
	if err != nil || !a.Holds || a.Committed != 7 || a.Aboard != 7 || a.Strangers != 0 || len(a.NotAsked) != 0 || len(a.Openings) != 7 {
		s.t.Errorf("%v; the audit says %+v", err, a)
	}
	root, _ := hex.DecodeString(a.Root)
	for _, o := range a.Openings {
		if !o.Opening.Holds(root) {
			s.t.Errorf("%s does not open", o.Passenger)
		}
	}
	s.mu.Lock()
	was := s.flights["f101"].Passengers[1].Person
	s.flights["f101"].Passengers[1].Person = traveller("SOMEBODY", "ELSE", "1999-09-09")
	s.mu.Unlock()
	a, err = s.matches.Audit(s.t.Context(), watcher, id)
	if err != nil || a.Aboard != 6 || a.Strangers != 1 || len(a.NotAsked) != 1 {
		s.t.Errorf("%v; with a stranger the audit says %+v", err, a)
	}
	s.mu.Lock()
	s.flights["f101"].Passengers[1].Person = was
	s.mu.Unlock()
}

// What a lying or broken partner sends is refused and said: batches and answers that are none, made with another key, of
// the wrong way, or unasked.
func TestMatchLies(t *testing.T) {
	t.Parallel()
	bh, us := agreed(t, func() *store.Store { return storetest.SQLite(t) })
	bh.fly("f401", traveller("VETROGONOV", "ANATOLIY", "1968-05-09"))
	if run := bh.ended(bh.start("f401").ID); run.State != sharing.MatchDone {
		t.Fatalf("the run is %+v", run)
	}
	us.stop() // nobody honest answers now
	bh.fly("f402", traveller("VETROGONOV", "ANATOLIY", "1968-05-09"))
	run := bh.start("f402")
	var message string
	soon(t, "it is asked", func() bool {
		err := bh.store.Read().QueryRowContext(t.Context(), "select message from sharing_match_run where id = $1 and state = 'asked'", run.ID).Scan(&message)
		return err == nil
	})
	held := us.agreementNamed()
	send := func(s *matcher, kind envelope.Type, from, to, thread string, body any) {
		t.Helper()
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := s.room.Post.Send(ctx, tx, post.Draft{Type: kind, Agreement: held, Share: "T1", From: from, To: to, Thread: thread, Purpose: "terrorism", Body: text})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	other, err := matching.NewEpoch("another")
	if err != nil {
		t.Fatal(err)
	}
	q, err := matching.NewQuestion("another", other.PublicKey(), bh.flights["f402"].Passengers, matching.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := other.Evaluate(q.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	send(us, envelope.PMEval, "us-ntc", "bh-piu", keys.Event(), answer) // unasked
	send(us, envelope.PMEval, "us-ntc", "bh-piu", message, answer)
	if run = bh.ended(run.ID); run.State != sharing.MatchFailed || run.Code != "PROOF" || run.HitCount != 0 {
		t.Errorf("an answer made with another key: %+v", run)
	}
	send(bh, envelope.PMList, "bh-piu", "us-ntc", "", map[string]any{"epoch": "x"}) // the wrong way
	us.match()
	soon(t, "the list's side has an epoch again", func() bool {
		var n int
		err := bh.store.Read().QueryRowContext(t.Context(), "select count(*) from sharing_match_list").Scan(&n)
		return err == nil && n > 1
	})
	var epoch string
	if err := bh.store.Read().QueryRowContext(t.Context(), "select epoch from sharing_match_list order by issued desc limit 1").Scan(&epoch); err != nil {
		t.Fatal(err)
	}
	elements := q.Blinded
	identity := append(slices.Clone(elements[1:]), make([]byte, 32))
	batch := func(number string, elements [][]byte) map[string]any {
		return map[string]any{"epoch": epoch, "key_profile": "kp1", "stage": "booked", "commitment": make([]byte, 32), "elements": elements,
			"flight": sharing.Journey{Carrier: "ZZ", Number: number, Date: time.Now().UTC().Format(time.DateOnly)}}
	}
	send(bh, envelope.PMBlind, "bh-piu", "us-ntc", "", batch("501", identity))
	send(bh, envelope.PMBlind, "bh-piu", "us-ntc", "", batch("502", elements[1:]))
	old := batch("503", elements)
	old["flight"] = sharing.Journey{Carrier: "ZZ", Number: "503", Date: "2020-01-01"}
	send(bh, envelope.PMBlind, "bh-piu", "us-ntc", "", old)
	send(bh, envelope.PMBlind, "bh-piu", "us-ntc", "", "no batch")
	send(bh, envelope.PMBlind, "bh-piu", "us-ntc", "", batch("504", elements))
	send(bh, envelope.PMBlind, "bh-piu", "us-ntc", "", batch("504", elements)) // the same flight again
	var got []string
	soon(t, "all are answered or refused", func() bool {
		runs, err := us.matches.Runs(t.Context(), sami, "", "", api.Cursor{})
		got = nil
		for _, r := range runs.Items {
			if r.State != sharing.MatchAsked && r.State != sharing.MatchDone && !strings.HasPrefix(r.Journey, "ZZ402") {
				got = append(got, strings.TrimSpace(string(r.State)+" "+r.Code))
			}
		}
		return err == nil && len(got) >= 6
	})
	slices.Sort(got)
	want := []string{"answered", "refused MALFORMED", "refused MALFORMED", "refused MALFORMED", "refused MALFORMED", "refused TWICE"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, s := range map[string]*matcher{"UNASKED": bh, "DIRECTION": us} {
		soon(t, "what was turned away is in the log", func() bool {
			found := false
			err := ledger.Read(t.Context(), s.store.Read(), "bh-us-travel", time.Time{}, time.Time{}, func(e ledger.Entry) error {
				found = found || e.Kind == ledger.Stopped && e.Code == name
				return nil
			})
			return err == nil && found
		})
	}
}

func (s *matcher) agreementNamed() envelope.Agreement {
	s.t.Helper()
	var a envelope.Agreement
	if err := s.store.Read().QueryRowContext(s.t.Context(), "select id, version, digest from sharing_agreement").Scan(&a.ID, &a.Version, &a.Digest); err != nil {
		s.t.Fatal(err)
	}
	return a
}

// A key lives as long as the process: whoever is asked under one that is gone says so, tells its new list, and is asked again.
func TestMatchAfterRestart(t *testing.T) {
	t.Parallel()
	bh, us := agreed(t, func() *store.Store { return storetest.SQLite(t) })
	var epochs int
	known := func() bool {
		err := bh.store.Read().QueryRowContext(t.Context(), "select count(*) from sharing_match_list").Scan(&epochs)
		return err == nil && epochs > 0
	}
	soon(t, "the list is there", known)
	us.stop()
	bh.fly("f102", traveller("VETROGONOV", "ANATOLIY", "1968-05-09"))
	run := bh.start("f102")
	soon(t, "it is asked", func() bool {
		run, _ = bh.matches.Read(t.Context(), amal, run.ID)
		return run.State == sharing.MatchAsked
	})
	before := run.Epoch
	us.match()
	if run = bh.ended(run.ID); run.State != sharing.MatchDone || run.HitCount != 1 || run.Epoch == before {
		t.Errorf("the run is %+v; the epoch before was %s", run, before)
	}
}

// A list that changes is told anew, under a key of its own.
func TestMatchWithChangedList(t *testing.T) {
	t.Parallel()
	bh, us := agreed(t, func() *store.Store { return storetest.SQLite(t) })
	bh.fly("f103", traveller("NEWCOMER", "NADIA", "1977-07-07"))
	bh.fly("f104", traveller("NEWCOMER", "NADIA", "1977-07-07"))
	first := bh.ended(bh.start("f103").ID)
	us.load("id,name,birth_date\nW9,\"NEWCOMER, Nadia\",1977-07-07\n")
	soon(t, "the new list is told", func() bool {
		var n int
		err := bh.store.Read().QueryRowContext(t.Context(), "select count(*) from sharing_match_list where epoch <> $1", first.Epoch).Scan(&n)
		return err == nil && n > 0
	})
	second := bh.ended(bh.start("f104").ID)
	if first.HitCount != 0 || second.HitCount != 1 || first.Epoch == second.Epoch {
		t.Errorf("%d hits before, %d after; epochs %s and %s", first.HitCount, second.HitCount, first.Epoch, second.Epoch)
	}
}

// Where a share is periodic, flights whose time has come are asked about by themselves, once at each stage.
func TestMatchDue(t *testing.T) {
	t.Parallel()
	bh, _ := agreed(t, func() *store.Store { return storetest.SQLite(t) })
	bh.fly("f601", traveller("VETROGONOV", "ANATOLIY", "1968-05-09"))
	bh.fly("f602")
	bh.mu.Lock()
	bh.due = []sharing.MatchQuestion{{Flight: "f601", Stage: "booked"}, {Flight: "f602", Stage: "booked"}, {Flight: "f601", Stage: "closed"}, {Flight: "gone", Stage: "booked"}}
	bh.mu.Unlock()
	var got []string
	soon(t, "both stages are done", func() bool {
		runs, err := bh.matches.Runs(t.Context(), amal, "bh-us-travel", "", api.Cursor{})
		got = nil
		for _, r := range runs.Items {
			got = append(got, r.Flight+" "+r.Stage+" "+string(r.State))
		}
		slices.Sort(got)
		return err == nil && slices.Equal(got, []string{"f601 booked done", "f601 closed done"})
	})
}

// Padding counts: a batch of 256 elements is 43 subjects.
func TestMatchQuota(t *testing.T) {
	t.Parallel()
	bh, _ := agreed(t, func() *store.Store { return storetest.SQLite(t) }, "requests: 96, subjects: 60000", "requests: 96, subjects: 100")
	for i, want := range []sharing.MatchState{sharing.MatchDone, sharing.MatchDone, sharing.MatchRefused} {
		flight := fmt.Sprintf("f20%d", i)
		bh.fly(flight, traveller("SMITH", "JOHN", "1980-04-03"))
		run := bh.ended(bh.start(flight).ID)
		if run.State != want || want == sharing.MatchRefused && (run.Code != "QUOTA" || !strings.HasPrefix(run.Clause, "shares.T1.quota")) {
			t.Errorf("batch %d is %s %s %s, not %s", i, run.State, run.Code, run.Clause, want)
		}
	}
}

// Suspended, nothing is asked, nothing answered, and the epoch is over.
func TestMatchSuspended(t *testing.T) {
	t.Parallel()
	bh, us := agreed(t, func() *store.Store { return storetest.SQLite(t) })
	bh.fly("f301", traveller("SMITH", "JOHN", "1980-04-03"))
	if run := bh.ended(bh.start("f301").ID); run.State != sharing.MatchDone {
		t.Fatalf("the run is %+v", run)
	}
	if err := us.room.Suspend(t.Context(), sami, "bh-us-travel", "T1", "breach", "a test"); err != nil {
		t.Fatal(err)
	}
	n := 301
	soon(t, "nothing may be asked", func() bool { // until the news comes; what is asked before is refused on its way
		n++
		flight := fmt.Sprintf("f%d", n)
		bh.fly(flight, traveller("SMITH", "JOHN", "1980-04-03"))
		_, err := bh.matches.Start(t.Context(), amal, "bh-us-travel", sharing.MatchQuestion{Flight: flight})
		return errors.Is(err, &api.Error{Kind: api.Unprocessable})
	})
}
