package sharing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

const (
	listing   = "bh-us-lists"
	entries   = "partner.bh-us-lists.entries"
	documents = "partner.bh-us-lists.documents"
)

// wanted is an entry of the partner's list, given unasked.
func wanted(entry string) sharing.Gift {
	return sharing.Gift{Share: "L1", Purpose: "terrorism", Item: entry, Confirmed: true, Justification: "Listed under an invented warrant; may fly between the two states."}
}

// found are the lists by which a subject of a domain is found, each with how.
func (s *side) found(domain string, p *sharing.Person) (out []string) {
	s.t.Helper()
	if _, err := s.screener.Refresh(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	subject := screening.Subject{ID: "s", Domain: domain, Sex: p.Sex}
	if p.FamilyName != "" {
		subject.Names = []screening.Name{{Surname: p.FamilyName, Given: p.GivenNames}}
	}
	if p.DOB != "" {
		subject.Births = []string{p.DOB}
	}
	if d := p.Document; d != nil {
		subject.Documents = []screening.Document{{Type: d.Type, Number: d.Number, Issuer: d.Issuer}}
	}
	for _, f := range s.screener.Generation().Screen(nil, &screening.Screened{Subject: subject}) {
		out = append(out, f.List+" "+f.Explanation.Code)
	}
	slices.Sort(out)
	return out
}

// load replaces a list of the side's own.
func (s *side) load(name, csv string) {
	s.t.Helper()
	if _, err := screening.LoadList(s.t.Context(), s.store, screening.Upload{
		Name: name, By: "test", Role: "supervisor", Force: true, Reason: "a test", Files: []lists.File{{Name: name + ".csv", Data: []byte(csv)}},
	}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *side) lend(share, list string) {
	s.t.Helper()
	if _, err := s.room.Lend(s.t.Context(), bob, listing, share, list, true); err != nil {
		s.t.Fatal(err)
	}
}

const wantedList = `id,surname,given,aliases,born,sex,nationality,documents,reason,instruction
W-1,Sought,Rami Adel,Abu Adel,1984-07-19,M,JOR,P:W5550001:JOR,Invented warrant 4,Refer to the duty officer
W-2,Sapling,Little,,2015-02-03,M,JOR,,Invented order,
`

func sought() *sharing.Person {
	return &sharing.Person{FamilyName: "Sought", GivenNames: "Rami Adel", DOB: "1984-07-19", Document: &sharing.Document{Type: "P", Number: "W5550001", Issuer: "JOR"}}
}

// An entry of one state's list is shown field by field, released by another person, found by the other state's travellers
// until it is taken back, and answers nobody's question there.
func TestAnEntryOfAListIsGivenAndTakenBack(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	agree(t, bh, us, "agreement/testdata/bh-us-lists.yaml")
	ctx := t.Context()
	us.load("wanted", wantedList)

	_, err := us.room.PreviewGift(ctx, alice, listing, wanted("wanted/W-1"))
	if e := (*api.Error)(nil); !errors.As(err, &e) || !strings.Contains(e.Error(), "supervisor") {
		t.Errorf("an entry of a list that nobody opened was shown: %v", err)
	}
	us.lend("L1", "wanted")
	p, err := us.room.PreviewGift(ctx, alice, listing, wanted("wanted/W-1"))
	if err != nil {
		t.Fatal(err)
	}
	leaves := []string{}
	for _, l := range p.Leaves {
		leaves = append(leaves, l.Field)
	}
	if diff := cmp.Diff([]string{
		"document.issuer", "document.number", "document.type", "match.action_requested", "person.aliases", "person.dob", "person.family_name",
		"person.given_names", "person.nationality", "person.sex",
	}, leaves); diff != "" {
		t.Error(diff)
	}
	_, err = us.room.Give(ctx, alice, listing, wanted("wanted/W-2"))
	refusedWith(t, err, agreement.NeverRuleHolds) // a child
	g, err := us.room.Give(ctx, alice, listing, wanted("wanted/W-1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := us.room.LetOut(ctx, alice, g.ID, true, ""); err == nil {
		t.Error("whoever gives it released it")
	}
	if got := bh.found("travel", sought()); len(got) > 0 {
		t.Errorf("found before it was released: %v", got)
	}
	if _, err := us.room.LetOut(ctx, bob, g.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	bh.comes(g.ID, sharing.Answered)
	if diff := cmp.Diff([]string{entries + " document_listed", entries + " name_match"}, bh.found("travel", sought())); diff != "" {
		t.Error(diff)
	}
	for _, domain := range []string{"funds", "cargo", "cyber", "facilitation", ""} { // the agreement is about travel alone
		if got := bh.found(domain, sought()); len(got) > 0 {
			t.Errorf("a subject of %q is found by it: %v", domain, got)
		}
	}
	q := us.ask(known(sought()), alice, bob)
	bh.comes(q.ID, sharing.Asked)
	if c := bh.thread(q.ID).Candidates; len(c) > 0 {
		t.Errorf("what was given answers a question: %+v", c)
	}
	if _, err := bh.room.Lend(ctx, salman, listing, "L1", entries, true); err == nil {
		t.Error("what the partner gave may be given to it, or to another")
	}

	if _, err := us.room.Correct(ctx, alice, g.ID, "", "document.number", "W5550002", "a slip"); err != nil {
		t.Fatal(err)
	}
	bh.until("the correction is screened by", func() bool {
		return cmp.Equal([]string{entries + " name_match"}, bh.found("travel", sought()))
	})
	us.load("wanted", wantedList[:strings.Index(wantedList, "W-1")]+"W-3,Other,One,,1970-01-01,M,JOR,,Invented order,\n")
	bh.until("what left the list is taken back", func() bool { return len(bh.found("travel", sought())) == 0 })
	bh.until("with proof", func() bool {
		r := bh.thread(g.ID).Records
		return len(r) == 1 && r[0].State == "erased" && r[0].Cause == "withdrawn" && r[0].Proof != ""
	})
	if traces := bh.traces("Sought"); len(traces) > 0 {
		t.Errorf("the name is still in %v", traces)
	}
}

// traces are the tables of lists and findings that still hold a word.
func (s *side) traces(word string) (tables []string) {
	s.t.Helper()
	for _, table := range []string{"screening_entry", "screening_list_change", "screening_finding"} {
		var n int
		if err := s.store.Read().QueryRowContext(s.t.Context(), "select count(*) from "+table+" where body like $1", "%"+word+"%").Scan(&n); err != nil {
			s.t.Fatal(err)
		}
		if n > 0 {
			tables = append(tables, table)
		}
	}
	return tables
}

// What was given of a list is gone on its day, and with it what was found by it.
func TestAnEntryEndsOnItsDay(t *testing.T) {
	t.Parallel()
	bh, us, w := pair(t)
	agree(t, bh, us, "agreement/testdata/bh-us-lists.yaml")
	ctx := t.Context()
	us.load("wanted", wantedList)
	us.lend("L1", "wanted")
	g, err := us.room.Give(ctx, alice, listing, wanted("wanted/W-1"))
	if err == nil {
		_, err = us.room.LetOut(ctx, bob, g.ID, true, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	bh.comes(g.ID, sharing.Answered)
	subject := screening.Subject{ID: "passenger", Domain: "travel", Names: []screening.Name{{Surname: "Sought", Given: "Rami Adel"}}, Births: []string{"1984-07-19"}}
	if _, err := bh.screener.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	found := bh.screener.Generation().Screen(nil, &screening.Screened{Subject: subject})
	keep := func(found []screening.Finding) (u screening.Upserted) {
		t.Helper()
		if err := bh.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			u, err = screening.Upsert(ctx, tx, "travel", []*screening.Subject{&subject}, found)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return u
	}
	if u := keep(found); len(u.New) != 1 {
		t.Fatalf("stored %+v", u)
	}
	w.forward(366 * 24 * time.Hour)
	if err := bh.room.Clocks(ctx); err != nil {
		t.Fatal(err)
	}
	bh.until("the record is erased", func() bool { return bh.thread(g.ID).Records[0].State == "erased" })
	if traces := bh.traces("Sought"); len(traces) > 0 {
		t.Errorf("the name is still in %v", traces)
	}
	due, err := screening.ClaimDue(ctx, bh.store, "travel", "test", 10, time.Minute)
	if err != nil || len(due) != 1 || due[0].Subject != subject.ID {
		t.Fatalf("to be looked at again: %+v (%v)", due, err)
	}
	if _, err := bh.screener.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	u := keep(bh.screener.Generation().Screen(nil, &screening.Screened{Subject: subject}))
	if len(u.Gone) != 1 || u.Gone[0].Withdrawal != screening.EntryRemoved {
		t.Errorf("withdrawn %+v", u.Gone)
	}
}

const lostList = `id,name_en,documents,category
D-1,,P:L0000001:JOR,STOLEN DOCUMENT
D-2,,P:L0000002:JOR,STOLEN DOCUMENT
`

// Lost documents of a list leave by themselves under the standing approval, without their holders, and go with the list.
func TestLostDocuments(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	agree(t, bh, us, "agreement/testdata/bh-us-lists.yaml")
	ctx := t.Context()
	us.load("lost", lostList)
	us.lend("L2", "lost")
	bearer := func(number string) *sharing.Person {
		return &sharing.Person{FamilyName: "Anybody", GivenNames: "At All", Document: &sharing.Document{Type: "P", Number: number, Issuer: "JOR"}}
	}
	stolen := []string{documents + " document_stolen"}
	bh.until("both documents come", func() bool {
		return cmp.Equal(stolen, bh.found("travel", bearer("L0000001"))) && cmp.Equal(stolen, bh.found("travel", bearer("L0000002")))
	})
	if got := bh.found("funds", bearer("L0000001")); len(got) > 0 {
		t.Errorf("a party of money is found by it: %v", got)
	}
	lent, err := us.room.LentLists(ctx, listing)
	if err != nil || len(lent) != 1 || lent[0].Given != 2 || !lent[0].Standing {
		t.Errorf("lists that are given: %+v (%v)", lent, err)
	}
	received, err := bh.room.Received(ctx, huda, listing, "border-check", "", 10)
	if err != nil || len(received) != 2 {
		t.Fatalf("received %+v (%v)", received, err)
	}
	for _, r := range received {
		if slices.ContainsFunc(r.Fields, func(name string) bool { return strings.HasPrefix(name, "person.") }) || r.EraseAt.IsZero() {
			t.Errorf("received %+v", r)
		}
	}
	us.load("lost", strings.ReplaceAll(lostList, "D-1,,P:L0000001:JOR,STOLEN DOCUMENT\n", ""))
	bh.until("the document that was found again is taken back", func() bool { return len(bh.found("travel", bearer("L0000001"))) == 0 })
	if diff := cmp.Diff(stolen, bh.found("travel", bearer("L0000002"))); diff != "" {
		t.Error(diff)
	}
	given := 0
	for _, e := range us.steps() {
		if e.Kind == ledger.Approved && e.Type == "SHARE" {
			given += e.Subjects
		}
	}
	if given != 2 {
		t.Errorf("%d were given, wanted two", given)
	}
}

// Nothing that was given of a list is found for a purpose other than the one it was given for, nor by a person whose work
// it is not, nor offered to a question of whatever share.
func TestWhatWasGivenServesItsPurposeAlone(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	agree(t, bh, us, "agreement/testdata/bh-us-lists.yaml")
	ctx := t.Context()
	us.load("wanted", wantedList)
	us.load("lost", lostList)
	us.lend("L1", "wanted")
	us.lend("L2", "lost")
	g, err := us.room.Give(ctx, alice, listing, wanted("wanted/W-1"))
	if err == nil {
		_, err = us.room.LetOut(ctx, bob, g.ID, true, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	bh.comes(g.ID, sharing.Answered)
	bh.until("the documents come", func() bool {
		r, err := bh.room.Received(ctx, huda, listing, "border-check", "", 10)
		return err == nil && len(r) == 2
	})
	serves := map[string]int{"terrorism": 1, "border-check": 2}
	roles := []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Targeter, access.FIU, access.Responder, access.Auditor}
	knows := []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Auditor}
	rapid.Check(t, func(rt *rapid.T) {
		purpose := rapid.OneOf(
			rapid.SampledFrom([]string{"terrorism", "border-check", "serious-crime", "facilitation", "terrorism border-check", "%", "_", "terror", "check", `\`, "border_check"}),
			rapid.StringN(1, 20, -1),
		).Draw(rt, "purpose")
		role := rapid.SampledFrom(roles).Draw(rt, "role")
		agreementID := rapid.SampledFrom([]string{listing, travel, "other"}).Draw(rt, "agreement")
		r, err := bh.room.Received(ctx, access.Principal{Name: "someone", Role: role}, agreementID, purpose, "", 10)
		want := 0
		if agreementID == listing && slices.Contains(knows, role) {
			want = serves[strings.TrimSpace(purpose)]
		}
		if strings.TrimSpace(purpose) != "" && (err != nil || len(r) != want) {
			rt.Fatalf("for %q under %s a %s finds %d, wanted %d (%v)", purpose, agreementID, role, len(r), want, err)
		}
		domain := rapid.SampledFrom([]string{"funds", "cargo", "cyber", "facilitation", "", "customs"}).Draw(rt, "domain")
		if got := bh.found(domain, sought()); len(got) > 0 {
			rt.Fatalf("a subject of %q is found by %v", domain, got)
		}
	})
	item := sharing.Watchlist(bh.screener, time.Now)
	for _, category := range item.Categories() {
		for _, p := range []*sharing.Person{sought(), {Document: &sharing.Document{Type: "P", Number: "L0000001", Issuer: "JOR"}}} {
			c, err := item.Find(ctx, bh.store.Read(), sharing.Ask{Agreement: listing, Share: "L1", Category: category, Person: *p})
			if err != nil || len(c) > 0 {
				t.Errorf("%s of %+v offers %+v (%v)", category, p, c, err)
			}
		}
	}
}
