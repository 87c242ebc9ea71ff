package travel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/travel"
)

// border is the whole road that a carrier's question takes, from the gate to the store, with the officer's desk.
type border struct {
	t        *testing.T
	store    *store.Store
	domain   *travel.Domain
	journal  *intake.Journal
	reports  *intake.Reports
	screener *screening.Screener
	desk     *casework.Desk
	jobs     *jobs.Jobs
	pipeline *pipeline.Pipeline
	mux      *api.Mux
	who      access.Principal
	told     []string // every CUSRES that left
}

const deskNumber = "+973 17 000000"

func openBorder(t *testing.T, st *store.Store, dir string, besides ...pipeline.Domain) *border {
	t.Helper()
	ctx := t.Context()
	b := &border{t: t, store: st, who: carrier}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	k, err := keys.Open(ctx, st, keys.Options{Dir: filepath.Join(dir, "keys")})
	must(err)
	log, err := audit.Open(ctx, st, k, audit.Options{Dir: filepath.Join(dir, "keys"), Owner: "one"})
	must(err)
	b.reports, err = intake.OpenReports(ctx, st, k, nil)
	must(err)
	b.journal, err = intake.OpenJournal(ctx, st, k, b.reports, intake.JournalOptions{Owner: "one"})
	must(err)
	b.jobs, err = jobs.Open(ctx, st, jobs.Options{Owner: "one"})
	must(err)
	b.domain = travel.New(travel.Options{
		Store: st, IDs: k, Reads: &reads{}, Home: "BHR", Desk: deskNumber,
		Vouched: func(ctx context.Context, r store.Reader, subjects ...screening.Subject) ([]screening.Screened, error) {
			return b.pipeline.Vouch(ctx, r, subjects...)
		},
	})
	b.screener, err = screening.Open(ctx, st, screening.Options{Vocabularies: []rules.Vocabulary{b.domain.Vocabulary()}})
	must(err)
	b.desk, err = casework.NewDesk(ctx, st, casework.Options{
		Reads: log, Offers: []casework.Offer{{Domain: b.domain, Roles: []access.Role{access.Analyst, access.Supervisor, access.Officer}}},
		Decided: func(ctx context.Context, tx store.Tx, c casework.Case, d casework.Decision) error {
			return b.pipeline.Decided(ctx, tx, c, d)
		},
	})
	must(err)
	b.pipeline, err = pipeline.Open(ctx, pipeline.Options{
		Store: st, Journal: b.journal, Reports: b.reports, Screener: b.screener, Domains: append([]pipeline.Domain{b.domain}, besides...), Jobs: b.jobs,
		Owner: "one", Logger: slog.New(slog.DiscardHandler),
	})
	must(err)
	b.mux = api.NewMux(api.Options{Title: "t", Version: "v", Authenticate: func(context.Context, *http.Request) (access.Principal, error) { return b.who, nil }})
	gate := &intake.HTTPGate{Journal: b.journal, Reports: b.reports, Reads: log, Desks: b.pipeline.Desks(), Interactive: b.pipeline.Interactive, Answer: b.pipeline.Answer, Repeat: b.pipeline.Repeat}
	gate.Routes(b.mux)
	b.domain.Routes(b.mux)
	return b
}

// run has the pipeline work until the test ends or stop is called.
func (b *border) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.pipeline.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Error(err)
		}
	})
	b.t.Cleanup(stop)
	return stop
}

var carrier = access.Principal{ID: "k1", Name: "zz air", Role: access.Filer}

func (b *border) call(method, path, accept, body string) (int, string) {
	b.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, in)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	b.mux.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// ask files a question and gives the answer as it was written.
func (b *border) ask(body string) string {
	b.t.Helper()
	code, text := b.call(http.MethodPost, "/api/v1/reports", intake.EDIFACT, body)
	if code != http.StatusOK || !strings.Contains(text, "CUSRES") {
		b.t.Fatalf("a question was answered %d %s", code, text)
	}
	b.told = append(b.told, text)
	return text
}

// read gives what an answer says.
func (b *border) read(text string) *cusres.Message {
	b.t.Helper()
	var said []*cusres.Message
	err := cusres.Read([]byte(text), func(m *cusres.Message, broken *fault.Fault) error {
		if broken != nil {
			b.t.Fatalf("the answer cannot be read: %s: %s", broken.Message, text)
		}
		said = append(said, m)
		return nil
	})
	if err != nil || len(said) != 1 || len(said[0].Warnings) > 0 {
		b.t.Fatalf("%d messages, %v: %s", len(said), err, text)
	}
	return said[0]
}

// verdict is what an answer says of its one person, short.
func (b *border) verdict(text string) string {
	b.t.Helper()
	m := b.read(text)
	if len(m.Results) != 1 {
		b.t.Fatalf("%d results: %s", len(m.Results), text)
	}
	r := m.Results[0]
	return r.Level + " " + r.Code + " " + r.Text
}

// settled waits until every report that was filed is in the store.
func (b *border) settled() {
	b.t.Helper()
	b.until("all that was filed is read", func() bool {
		depth, err := b.journal.Depth(b.t.Context())
		return err == nil && depth == 0
	})
}

func (b *border) until(what string, holds func() bool) {
	b.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	b.t.Fatal("never came to hold: " + what)
}

// list puts people on a list, each born on the same day.
func (b *border) list(names ...string) {
	b.t.Helper()
	csv := "id,name,born\n"
	for i, name := range names {
		csv += fmt.Sprintf("entry-%s,%s,1971-03-14\n", []string{"zero", "one", "two", "three"}[i], name)
	}
	_, err := screening.LoadList(b.t.Context(), b.store, screening.Upload{Name: "vexatious", By: "sup", Role: "supervisor", Force: true, Reason: "a test",
		Files: []lists.File{{Name: "vexatious.csv", Data: []byte(csv)}}})
	if err == nil {
		_, err = b.screener.Refresh(b.t.Context())
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// caseOf is the newest case of whoever a name stands for.
func (b *border) caseOf(title string) casework.Case {
	b.t.Helper()
	var id string
	b.until("there is a case of "+title, func() bool {
		return b.store.Read().QueryRowContext(b.t.Context(), `select id from casework_case where title = $1 order by number desc limit 1`, title).Scan(&id) == nil
	})
	f, err := b.desk.Case(b.t.Context(), access.Principal{Name: "sara", Role: access.Supervisor}, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return f.Case
}

func (b *border) decide(id, outcome string) {
	b.t.Helper()
	officer, second := access.Principal{Name: "omar", Role: access.Officer}, access.Principal{Name: "sara", Role: access.Supervisor}
	d, err := b.desk.Decide(b.t.Context(), officer, id, casework.Verdict{Outcome: outcome, Reason: "Looked at the document and at the list, and this is what follows of it."})
	if err == nil && d.Pending {
		_, err = b.desk.Confirm(b.t.Context(), second, id, true, "")
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// unasked waits for the nth answer that nobody asked for, and gives it.
func (b *border) unasked(n int) string {
	b.t.Helper()
	var list []intake.Answered
	b.until(fmt.Sprintf("%d answers came unasked", n), func() bool {
		all, err := b.reports.Answers(b.t.Context(), carrier.Name, "", 0, 1000)
		if err != nil {
			b.t.Fatal(err)
		}
		list = slices.DeleteFunc(all, func(a intake.Answered) bool { return a.Kind != "unsolicited" })
		return len(list) >= n
	})
	if len(list) != n {
		b.t.Fatalf("%d answers came unasked, want %d", len(list), n)
	}
	code, text := b.call(http.MethodGet, "/api/v1/answers/"+list[n-1].ID, "*/*", "")
	if code != http.StatusOK {
		b.t.Fatalf("%d %s", code, text)
	}
	b.told = append(b.told, text)
	return text
}

// traveller is whom a carrier asks about.
type traveller struct{ surname, given, born, abo, document string }

func (p traveller) doc() string {
	if p.document == "" {
		return ""
	}
	return "DOC+P:110:111+" + p.document + "'DTM+36:331010'LOC+91+AUS'"
}

// question is an interactive PAXLST of a flight that is years ahead.
func question(reference, bgm string, people ...traveller) string {
	var b strings.Builder
	fmt.Fprintf(&b, "UNA:+.? 'UNB+UNOA:4+ZZAIR+RIHLAPIU+261124:0900+%s++IAPI+O'UNG+PAXLST+ZZAIR+RIHLAPIU+261124:0900+1+UN+D:05B'"+
		"UNH+MSG001+PAXLST:D:05B:UN:IATA+CONV0001+01:F'BGM+%s'RFF+TN:T%s'NAD+MS+++ZZ AIR API DESK'TDT+20+ZZ0417+++ZZ'"+
		"LOC+125+DXB'DTM+189:3011241030:201'LOC+87+BAH'DTM+232:3011241445:201'", reference, bgm, people[0].abo)
	for _, p := range people {
		fmt.Fprintf(&b, "NAD+FL+++%s:%s'ATT+2++F'DTM+329:%s'LOC+178+DXB'LOC+179+BAH'NAT+2+AUS'RFF+AVF:LL8MNB'RFF+ABO:%s'%s", p.surname, p.given, p.born, p.abo, p.doc())
	}
	text := b.String()
	head := text[strings.Index(text, "UNH"):]
	return text + fmt.Sprintf("CNT+42:%d'UNT+%d+MSG001'UNE+1+1'UNZ+1+%s'", len(people), strings.Count(head, "'")+2, reference)
}

var (
	rosalind = traveller{"QUILLFEATHER", "ROSALIND", "910719", "0042", "PA3344556"}
	zoltan   = traveller{"BRACKWATER", "ZOLTAN", "710314", "0043", "PA1111111"}
	perpetua = traveller{"GRIMSHAW-OKORO", "PERPETUA", "710314", "0044", "PA2222222"}
	nameless = traveller{"QUILLFEATHER", "OLIVE", "910719", "0045", ""}
	ludovica = traveller{"PEMBERLOFT", "LUDOVICA", "710314", "0046", "PA3333333"}
)

const (
	mayBoard = "passenger 0Z OK TO BOARD"
	mustCall = "passenger 3Z NOT CLEARED. CALL " + deskNumber
	mayNot   = "passenger 1Z DO NOT BOARD. CALL " + deskNumber
)

// A carrier asks, is answered while it waits, and is told when the answer turns: by a list, by an officer. Nothing it is
// ever told says why.
func TestCarrierAsks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		b := openBorder(t, open(), t.TempDir())
		b.list("Zoltan Brackwater", "Perpetua Grimshaw-Okoro")

		asked := map[string]string{} // each question with its answer: nothing is read yet, so all of it is the journal's
		for _, c := range []struct{ name, body, want string }{
			{"a traveller of whom nothing is known", question("1", "745", rosalind), mayBoard},
			{"without a document", question("2", "745", nameless), "passenger 4Z INSUFFICIENT DATA. SEND DOCUMENT"},
			{"listed", question("3", "745", zoltan), mustCall},
			{"listed too", question("4", "745", perpetua), mustCall},
			{"called off", question("5", "745+XR", ludovica), mayBoard},
			{"the flight is closed", question("6", "266+CL", rosalind), "message 0 "},
		} {
			asked[c.body] = b.ask(c.body)
			if got := b.verdict(asked[c.body]); got != c.want && !strings.HasPrefix(got, "passenger 0Z") || c.want != mayBoard && got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		m := b.read(asked[question("1", "745", rosalind)])
		if diff := cmp.Diff([]string{"RIHLAPIU", "ZZAIR", "962", "T0042", "CONV0001", "ZZ", "417", "DXB", "BAH", "LL8MNB", "0042"},
			[]string{m.Sender, m.Recipient, m.Code, m.Transaction, m.AccessReference, m.Flight.Carrier, m.Flight.Number, m.Flight.From, m.Flight.To,
				m.Results[0].Reservation, m.Results[0].CarrierReference}); diff != "" {
			t.Errorf("what is echoed (-want +got):\n%s", diff)
		}
		for body, answer := range asked {
			if again := b.ask(body); again != answer {
				t.Errorf("the journal answers again otherwise:\n%s\n%s", answer, again)
			}
		}
		stop := b.run()
		b.settled()
		for body, answer := range asked {
			if again := b.ask(body); again != answer {
				t.Errorf("the store answers again otherwise:\n%s\n%s", answer, again)
			}
		}
		for reference, c := range map[string]struct {
			who  traveller
			want string
		}{"21": {zoltan, mustCall}, "22": {perpetua, mustCall}} {
			if got := b.verdict(b.ask(question(reference, "745", c.who))); got != c.want {
				t.Errorf("%s under another reference: %q, want %q", c.who.surname, got, c.want)
			}
		}
		b.settled()

		// An officer looks at the one who is listed.
		one := b.caseOf("BRACKWATER, ZOLTAN")
		b.decide(one.ID, casework.Cleared)
		first := b.unasked(1)
		if m := b.read(first); m.Function != cusres.Unsolicited || m.Results[0].CarrierReference != "0043" || m.Transaction == "T0043" || b.verdict(first) != mayBoard {
			t.Errorf("the officer cleared him, and the carrier is told %s", first)
		}
		if got := b.verdict(b.ask(question("31", "745", zoltan))); got != mayBoard {
			t.Errorf("cleared by the officer, and answered %q", got)
		}
		b.settled()

		// Another may not board, and then may.
		two := b.caseOf("GRIMSHAW-OKORO, PERPETUA")
		b.decide(two.ID, "do-not-board")
		second := b.unasked(2)
		if got := b.verdict(second); got != mayNot {
			t.Errorf("the officer said no, and the carrier is told %q", got)
		}
		if got := b.verdict(b.ask(question("32", "745", perpetua))); got != mayNot {
			t.Errorf("the officer said no, and a question is answered %q", got)
		}
		b.settled()
		b.list("Zoltan Brackwater") // that she is listed no more changes no officer's word
		if got := b.verdict(b.ask(question("33", "745", perpetua))); got != mayNot {
			t.Errorf("the officer said no, the list is silent, and a question is answered %q", got)
		}
		b.settled()
		b.decide(two.ID, casework.Lifted)
		if got := b.verdict(b.unasked(3)); got != mayBoard {
			t.Errorf("the officer lifted it, and the carrier is told %q", got)
		}

		// A list changes, both ways.
		if got := b.verdict(b.ask(question("41", "745", ludovica))); got != mayBoard {
			t.Errorf("not listed yet, and answered %q", got)
		}
		b.settled()
		b.list("Zoltan Brackwater", "Ludovica Pemberloft")
		if got := b.verdict(b.unasked(4)); got != mustCall {
			t.Errorf("she is listed now, and the carrier is told %q", got)
		}
		b.list("Zoltan Brackwater")
		if got := b.verdict(b.unasked(5)); got != mayBoard {
			t.Errorf("she is listed no more, and the carrier is told %q", got)
		}

		b.acknowledged(second)
		b.shows("GRIMSHAW-OKORO, PERPETUA", "ok", true, false)
		b.shows("BRACKWATER, ZOLTAN", "ok", false, false) // he was asked about again
		stop()
		b.saysNothing(one, two, b.caseOf("PEMBERLOFT, LUDOVICA"))
	})
}

// acknowledged has the carrier acknowledge one of the answers that came unasked; the case of another says that nobody did.
func (b *border) acknowledged(text string) {
	t := b.t
	t.Helper()
	m := b.read(text)
	receipt := string(cusres.Append(nil, cusres.Acknowledge(m, time.Now())))
	b.who.Name = "yy air"
	foreign, body := b.call(http.MethodPost, "/api/v1/reports", "application/json", receipt)
	if foreign != http.StatusAccepted {
		t.Fatalf("%d %s", foreign, body)
	}
	b.settled()
	var filed struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &filed); err != nil {
		t.Fatal(err)
	}
	if s, err := b.reports.Status(t.Context(), b.journal, filed.ID); err != nil || s.Error == nil || s.Error.Rule != "unknown_transaction" {
		t.Errorf("somebody else's receipt is %+v, %v", s, err)
	}
	id := "unasked." + m.Transaction
	taken := func() bool {
		a, _, err := b.reports.Answer(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return !a.Taken.IsZero()
	}
	if taken() {
		t.Error("somebody else's receipt counts")
	}
	b.who = carrier
	if code, body := b.call(http.MethodPost, "/api/v1/reports", intake.EDIFACT, receipt); code != http.StatusAccepted {
		t.Fatalf("a receipt is answered %d %s", code, body)
	}
	b.settled()
	if !taken() {
		t.Error("the carrier acknowledged it, and it does not count")
	}
	// Five minutes later.
	if err := b.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `update jobs_job set due = 0 where kind = 'travel.unacknowledged'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for {
		n, err := b.jobs.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	f, err := b.desk.Case(t.Context(), access.Principal{Name: "sara", Role: access.Supervisor}, b.caseOf("PEMBERLOFT, LUDOVICA").ID)
	if err != nil {
		t.Fatal(err)
	}
	var said int
	for _, h := range f.History {
		if h.What == "unacknowledged" && h.Detail == carrier.Name {
			said++
		}
	}
	if said != 1 { // of two answers that nobody acknowledged, only the one that holds
		t.Errorf("the case says %d times that the carrier did not acknowledge: %+v", said, f.History)
	}
}

// shows looks at what a traveller's page says of the last answer.
func (b *border) shows(title, verdict string, unasked, acknowledged bool) {
	b.t.Helper()
	defer func(who access.Principal) { b.who = who }(b.who)
	b.who = access.Principal{Name: "huda", Role: access.Analyst}
	code, body := b.call(http.MethodGet, "/api/v1/passengers/"+string(b.caseOf(title).Subject), "application/json", "")
	var page struct {
		Answer struct {
			Verdict, Filer string
			Unasked        bool
			Acknowledged   time.Time
		}
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || code != http.StatusOK {
		b.t.Fatalf("%d %v %s", code, err, body)
	}
	if a := page.Answer; a.Verdict != verdict || a.Filer != carrier.Name || a.Unasked != unasked || a.Acknowledged.IsZero() == acknowledged {
		b.t.Errorf("the page of %s says %+v", title, a)
	}
}

// saysNothing looks through all that left for what no carrier may learn: R-FAC-05.
func (b *border) saysNothing(cases ...casework.Case) {
	b.t.Helper()
	secrets := []string{"vexatious", "entry-", "list", "1971", "brackwater", "grimshaw", "name_match", "quillfeather", "omar", "sara"}
	for _, c := range cases {
		secrets = append(secrets, c.ID, string(c.Subject), c.Kind)
	}
	for _, text := range b.told {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				b.t.Errorf("an answer tells %q: %s", secret, text)
			}
		}
	}
}

// What cannot be read is answered with its segment, what is not the filer's to ask is refused, and neither lets anybody
// board. What waits for no answer has none.
func TestQuestionsRefused(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	broken := strings.Replace(question("1", "745", rosalind), "TDT+20+ZZ0417+++ZZ'", "", 1)
	m := b.read(b.ask(broken))
	if r := m.Results[0]; len(m.Results) != 1 || r.Level != cusres.OfMessage || r.Decision != cusres.Rejected || r.Text == "" || m.Transaction != "T0042" || m.Recipient != "ZZAIR" {
		t.Errorf("no flight: %+v", m)
	}
	cut := question("2", "745", rosalind)
	cut = cut[:strings.Index(cut, "ATT+2")]
	if r := b.read(b.ask(cut)).Results[0]; r.Decision == cusres.OK || r.Decision == cusres.Accepted {
		t.Errorf("cut off: %+v", r)
	}
	b.who.Carriers = []string{"YY"}
	if r := b.read(b.ask(question("3", "745", rosalind))).Results[0]; r.Level != cusres.OfMessage || r.Decision != cusres.Rejected || !strings.Contains(r.Text, "CARRIER") {
		t.Errorf("another carrier's flight: %+v", r)
	}
	b.who = carrier
	if code, body := b.call(http.MethodPost, "/api/v1/reports", "application/json", question("4", "745", rosalind)); code != http.StatusAccepted {
		t.Errorf("asked for no answer, and given %d %s", code, body)
	}
	if code, body := b.call(http.MethodPost, "/api/v1/reports", intake.EDIFACT, question("4", "745", rosalind)); code != http.StatusOK || !strings.Contains(body, `"duplicate":true`) {
		t.Errorf("filed before without waiting, and now answered %d %s", code, body)
	}
	listOfMany := question("5", "745", rosalind, zoltan, perpetua)
	if m := b.read(b.ask(listOfMany)); len(m.Results) != 3 || m.Results[2].CarrierReference != "0044" {
		t.Errorf("three were asked about: %+v", m.Results)
	}
}

// A node that goes down after it answered, and before it read the report, answers the same afterwards, and the report is read.
func TestAnswerOutlivesTheNode(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st, dir := open(), t.TempDir()
		before := openBorder(t, st, dir)
		before.list("Zoltan Brackwater")
		body := question("1", "745", zoltan)
		answer := before.ask(body)
		if err := before.journal.Close(); err != nil {
			t.Fatal(err)
		}
		after := openBorder(t, st, dir)
		after.list("Perpetua Grimshaw-Okoro") // a new answer would be another one
		if again := after.ask(body); again != answer {
			t.Errorf("before %s\nafter %s", answer, again)
		}
		after.run()
		after.settled()
		if again := after.ask(body); again != answer {
			t.Errorf("before %s\nread %s", answer, again)
		}
		list, err := after.reports.Answers(t.Context(), carrier.Name, "", 0, 10)
		if err != nil || len(list) != 1 || list[0].Kind != "answer" || list[0].Size != len(answer) {
			t.Errorf("the store has %+v, %v", list, err)
		}
	})
}
