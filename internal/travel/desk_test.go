package travel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// permits is a domain that knows of permits to travel and of members, and asks one of whoever enters.
type permits struct {
	held map[string]bool // documents
	odd  map[string]bool // documents one sign off a permit's
}

func (permits) Name() string                 { return "facilitation" }
func (permits) Formats() []pipeline.Format   { return nil }
func (permits) Outcomes() []casework.Outcome { return nil }
func (permits) Desk() intake.Desk            { return intake.Desk{} }
func (permits) Routes(*api.Mux)              {}
func (permits) Vocabulary() rules.Vocabulary {
	return rules.Vocabulary{}
}

func (permits) Plan(context.Context, store.Reader, pipeline.Filing) (pipeline.Change, error) {
	return nil, nil
}

func (permits) Screen(context.Context, store.Reader, []screening.ID) ([]screening.Screened, error) {
	return nil, nil
}

func (permits) Ahead(context.Context, store.Reader, time.Time, screening.ID, int) ([]screening.ID, error) {
	return nil, nil
}

func (permits) Describe(context.Context, store.Reader, screening.ID) (casework.Sheet, error) {
	return casework.Sheet{}, nil
}

func (permits) Migrations() fs.FS {
	return fstest.MapFS{"00001_permit.sql": {Data: []byte("-- +goose Up\ncreate table facilitation_permit (id text not null primary key);\n")}}
}

func (p permits) Vouch(_ context.Context, _ store.Reader, _ time.Time, subjects []*screening.Subject) ([]pipeline.Vouched, error) {
	out := make([]pipeline.Vouched, len(subjects))
	for i, s := range subjects {
		for _, claim := range s.Claims {
			out[i].Standings = append(out[i].Standings, screening.Standing{Kind: screening.Membership, Number: claim.Number, State: "active", Active: true})
		}
		if !s.Enters {
			continue
		}
		for _, doc := range s.Documents {
			switch {
			case p.held[doc.Number]:
			case p.odd[doc.Number]:
				out[i].Lacking = append(out[i].Lacking, "DOCUMENT NUMBER")
			default:
				out[i].Found = append(out[i].Found, screening.Finding{Subject: s.ID, Engine: "facilitation", Matched: "permit", Severity: screening.High,
					Explanation: screening.Explanation{Code: screening.CodePermitMissing, Subject: doc.Number}})
			}
		}
	}
	return out, nil
}

var (
	officer    = access.Principal{Name: "omar", Role: access.Officer}
	supervisor = access.Principal{Name: "sara", Role: access.Supervisor}
)

// as calls a route as somebody and reads what it answers.
func (b *border) as(who access.Principal, method, path, body string, want int, into any) {
	b.t.Helper()
	defer func(before access.Principal) { b.who = before }(b.who)
	b.who = who
	code, text := b.call(method, path, "application/json", body)
	if code != want {
		b.t.Fatalf("%s %s answered %d %s", method, path, code, text)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			b.t.Fatalf("%s: %v", text, err)
		}
	}
}

// stolen puts documents on the list of those reported lost or stolen.
func (b *border) stolen(numbers ...string) {
	b.t.Helper()
	csv := "document_type,document_number,issuer,status\n"
	for _, n := range numbers {
		csv += fmt.Sprintf("P,%s,AUS,stolen\n", n)
	}
	_, err := screening.LoadList(b.t.Context(), b.store, screening.Upload{Name: "lost-and-stolen", By: "sup", Role: "supervisor", Force: true, Reason: "a test",
		Files: []lists.File{{Name: "lost-and-stolen.csv", Data: []byte(csv)}}})
	if err == nil {
		_, err = b.screener.Refresh(b.t.Context())
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

type deskLine struct {
	Passenger struct{ ID, Name string }
	Why       string
	Minutes   *int `json:"minutes_left"`
	Answer    struct {
		ID, Verdict   string
		Void, Unasked bool
		Decided       *struct{ By, Confirmed_by, Fact string }
	}
	Waiting   bool
	Case      *struct{ ID, State string }
	Prepared  *struct{ Outcome, Fact string }
	Standings []struct{ Kind, Number string }
	Station   struct{ Carrier, Airport, Phone string }
	Reference string
	Script    struct {
		Key    string
		Values map[string]string
	}
	Companions []struct{ Name, Verdict string }
	Overrides  []struct{ Code string }
}

func (b *border) lines() (out []deskLine) {
	b.t.Helper()
	var page struct{ Items []deskLine }
	b.as(officer, http.MethodGet, "/api/v1/desk", "", http.StatusOK, &page)
	return page.Items
}

// on finds the desk's line of somebody.
func (b *border) on(name string) *deskLine {
	b.t.Helper()
	for _, l := range b.lines() {
		if l.Passenger.Name == name {
			return &l
		}
	}
	return nil
}

// soon moves the flight of questions near: its departure in so many minutes, by Dubai's clock.
func soon(question string, minutes int) string {
	from, to := time.Now().UTC().Add(4*time.Hour+time.Duration(minutes)*time.Minute), time.Now().UTC().Add(5*time.Hour+time.Duration(minutes)*time.Minute)
	return strings.NewReplacer("3011241030", from.Format("0601021504"), "3011241145", to.Format("0601021504"), "3011241445", to.Format("0601021504")).Replace(question)
}

// The desk sees whom it is asked about, the most urgent first, with all it needs to decide; one confirmation does what a fact
// has prepared, and the carrier is told.
func TestDesk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		b := openBorder(t, open(), t.TempDir())
		b.list("Zoltan Brackwater")
		b.stolen("PA2222222")
		b.run()
		b.as(carrier, http.MethodPut, "/api/v1/stations/zz/DXB", `{"phone":"+971 4 000000"}`, http.StatusOK, nil)
		for i, q := range []string{
			question("1", "745", rosalind), question("2", "745", nameless),
			strings.Replace(question("3", "745", zoltan), "ZZ0417", "ZZ0418", 1), question("4", "745", perpetua),
		} {
			if i == 2 {
				q = soon(q, 20)
			}
			b.ask(q)
		}
		b.settled()
		b.caseOf("BRACKWATER, ZOLTAN")
		b.caseOf("GRIMSHAW-OKORO, PERPETUA")
		lines := b.lines()
		var got []string
		for _, l := range lines {
			got = append(got, l.Passenger.Name+" "+l.Why+" "+l.Answer.Verdict)
		}
		want := []string{"BRACKWATER, ZOLTAN referred contact-authority", "GRIMSHAW-OKORO, PERPETUA fact contact-authority", "QUILLFEATHER, OLIVE lacking insufficient-data"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the desk sees (-want +got):\n%s", diff)
		}
		if m := lines[0].Minutes; m == nil || *m < 10 || *m > 20 {
			t.Errorf("minutes left: %v", m)
		}
		fact := lines[1]
		if fact.Prepared == nil || fact.Prepared.Fact != screening.CodeDocumentStolen || fact.Prepared.Outcome != "do-not-board" || lines[0].Prepared != nil {
			t.Errorf("prepared: %+v and %+v", fact.Prepared, lines[0].Prepared)
		}
		if fact.Station.Phone != "+971 4 000000" || fact.Script.Key != "fact" || fact.Script.Values["reference"] != fact.Reference || !strings.HasPrefix(fact.Reference, "D-") {
			t.Errorf("%+v %+v %s", fact.Station, fact.Script, fact.Reference)
		}
		if len(fact.Companions) != 2 || len(lines[0].Companions) != 0 {
			t.Errorf("companions %+v, %+v", fact.Companions, lines[0].Companions)
		}

		// One word of a named officer, where a fact speaks; two, where a name is like another.
		why := `"reason":"The document was reported stolen by its issuer; confirmed by telephone."`
		b.as(officer, http.MethodGet, "/api/v1/passengers/"+fact.Passenger.ID, "", http.StatusOK, nil)
		decide := func(id string) casework.Decision {
			d, err := b.desk.Decide(t.Context(), officer, id, casework.Verdict{Outcome: "do-not-board", Reason: strings.Split(why, `"`)[3]})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		if d := decide(fact.Case.ID); d.Pending || d.By != "omar" {
			t.Errorf("a fact's refusal: %+v", d)
		}
		if d := decide(lines[0].Case.ID); !d.Pending {
			t.Errorf("a likeness's refusal: %+v", d)
		}
		told := b.unasked(1)
		if got := b.verdict(told); got != mayNot {
			t.Errorf("told %q", got)
		}
		after := b.on("GRIMSHAW-OKORO, PERPETUA")
		if after == nil || after.Why != "refused" || after.Answer.Decided == nil || after.Answer.Decided.By != "omar" || after.Answer.Decided.Fact != screening.CodeDocumentStolen {
			t.Errorf("R-FAC-04: %+v", after)
		}
		if still := b.on("BRACKWATER, ZOLTAN"); still == nil || still.Why != "referred" || still.Answer.Verdict != "contact-authority" {
			t.Errorf("not yet confirmed: %+v", still)
		}
		b.as(access.Principal{Name: "ludo", Role: access.Auditor}, http.MethodGet, "/api/v1/desk", "", http.StatusForbidden, nil)
		for _, secret := range []string{"stolen", "lost", "list", "reason", "D-"} {
			if strings.Contains(strings.ToLower(told), strings.ToLower(secret)) {
				t.Errorf("the carrier is told %q: %s", secret, told)
			}
		}
	})
}

// Whoever vouches is heard: a number to be sent again, a permit that is missing, a standing; in transit no permit is asked.
func TestVouched(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir(), permits{held: map[string]bool{"PA3344556": true}, odd: map[string]bool{"PA1111111": true}})
	b.run()
	member := strings.Replace(question("1", "745", rosalind), "RFF+ABO:0042'", "RFF+ABO:0042'RFF+CR:TT98765432'", 1)
	member = strings.Replace(member, "UNT+19", "UNT+20", 1)
	if got := b.verdict(b.ask(member)); got != mayBoard {
		t.Errorf("with a permit: %q", got)
	}
	if got := b.verdict(b.ask(question("2", "745", zoltan))); got != "passenger 4Z INSUFFICIENT DATA. SEND DOCUMENT NUMBER" {
		t.Errorf("a sign off: %q", got)
	}
	if got := b.verdict(b.ask(question("3", "745", perpetua))); got != mustCall {
		t.Errorf("without a permit: %q", got)
	}
	transit := strings.Replace(question("4", "745", ludovica), "NAD+FL", "NAD+DDU", 1)
	if got := b.verdict(b.ask(transit)); got != mayBoard {
		t.Errorf("in transit: %q", got)
	}
	b.settled()
	b.caseOf("GRIMSHAW-OKORO, PERPETUA")
	if l := b.on("GRIMSHAW-OKORO, PERPETUA"); l == nil || l.Why != "fact" || l.Prepared == nil || l.Prepared.Fact != screening.CodePermitMissing {
		t.Errorf("%+v", l)
	}
	if l := b.on("BRACKWATER, ZOLTAN"); l == nil || l.Script.Values["lacking"] != "DOCUMENT NUMBER" {
		t.Errorf("%+v", l)
	}
	var id string
	if err := b.store.Read().QueryRowContext(t.Context(), `select id from travel_passenger where folded like '%rosalind%'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	var page struct {
		Standings []struct {
			Kind, Number string
			Active       bool
		}
	}
	b.as(officer, http.MethodGet, "/api/v1/passengers/"+id, "", http.StatusOK, &page)
	if len(page.Standings) != 1 || page.Standings[0].Number != "•••••••432" || page.Standings[0].Kind != "membership" || !page.Standings[0].Active {
		t.Errorf("standings %+v", page.Standings)
	}
}

// The same transaction under another reference is the same question: the same answer, and the same id. Other papers are
// another question.
func TestSameTransaction(t *testing.T) {
	t.Parallel()
	b := openBorder(t, storetest.SQLite(t), t.TempDir())
	b.list("Zoltan Brackwater")
	b.run()
	b.ask(question("1", "745", zoltan))
	b.settled()
	b.caseOf("BRACKWATER, ZOLTAN")
	first := b.on("BRACKWATER, ZOLTAN")
	b.list("Perpetua Grimshaw-Okoro") // he is listed no more; the answer given is what it was until the carrier is told
	again := b.ask(question("2", "745", zoltan))
	b.settled()
	if l := b.on("BRACKWATER, ZOLTAN"); l != nil && l.Answer.ID != first.Answer.ID {
		t.Errorf("%s, and before %s", l.Answer.ID, first.Answer.ID)
	}
	if got := b.verdict(again); got != mustCall && got != mayBoard { // as it was, or eased because the carrier was told by then
		t.Errorf("asked again: %q", got)
	}
	if m := b.read(again); m.Transaction != "T0043" || m.Reference != "2" {
		t.Errorf("%+v", m)
	}
}
