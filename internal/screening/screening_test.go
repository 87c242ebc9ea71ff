package screening_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type view struct {
	OneWay bool
	Bags   int
}

var vocabularies = []rules.Vocabulary{{Domain: "travel", Name: "traveller", Type: reflect.TypeFor[view]()}}

const watchlist = `id,surname,given,aliases,weak_aliases,born,sex,nationality,documents,reason,instruction
W1,Zorvani,Kassem Idris,قاسم الزرفاني,Thunder,1971-03-14,M,SYR,P:X9900011:SYR,Invented warrant,Refer
W2,Vetrogonova,Anastasiya,,,1985-09-01,F,RUS,,Invented inquiry,
W3,Fantomas,Perpetua,,,~1988,F,UTO,,Invented order,
`

const stolenDocuments = `document_type,document_number,issuer,status,reported
P,XA9900021,GBR,stolen,2025-11-02
P,990-044-12,FRA,lost,2026-01-15
`

const ruleFile = `id: one-way-without-bags
version: "1"
title: One-way without bags
owner: Targeting unit
basis: Invented Act, section 4
severity: low
domain: travel
when: traveller.one_way && traveller.bags == 0
explain: No way back and nothing to carry.
examples:
  - {name: both, given: {one_way: true}, want: true}
  - {name: a bag, given: {one_way: true, bags: 1}, want: false}
`

func upload(name, text string) screening.Upload {
	return screening.Upload{Name: name, By: "sam", Role: "supervisor", Files: []lists.File{{Name: name + ".csv", Data: []byte(text)}}}
}

func opened(t testing.TB, st *store.Store, o screening.Options) *screening.Screener {
	t.Helper()
	o.Vocabularies = vocabularies
	s, err := screening.Open(context.Background(), st, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func load(t testing.TB, st *store.Store, u screening.Upload) screening.Summary {
	t.Helper()
	s, err := screening.LoadList(context.Background(), st, u)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func refresh(t testing.TB, s *screening.Screener, want bool) {
	t.Helper()
	changed, err := s.Refresh(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if changed != want {
		t.Errorf("refresh says changed = %t, want %t", changed, want)
	}
}

func write(t testing.TB, st *store.Store, work func(context.Context, store.Tx) error) {
	t.Helper()
	if err := st.Write(context.Background(), work); err != nil {
		t.Fatal(err)
	}
}

func kassem(id screening.ID) *screening.Subject {
	return &screening.Subject{ID: id, Domain: "travel", Within: "flight-1", Names: []screening.Name{{Surname: "AL ZORFANI", Given: "QASEM IDRISMR"}}, Births: []string{"1971-03-14"}, Sex: "M",
		Countries: []screening.Country{{Code: "SYR", Role: "nationality"}}, Documents: []screening.Document{{Type: "P", Number: "N1234567", Issuer: "SYR"}}}
}

func codes(fs []screening.Finding) string {
	var out []string
	for _, f := range fs {
		out = append(out, fmt.Sprintf("%s:%s:%s", f.Explanation.Code, f.Matched, f.Severity))
	}
	return strings.Join(out, " ")
}

func TestWhatIsFoundAndWhatIsNot(t *testing.T) {
	t.Parallel()
	read := func(text string) lists.List {
		l, err := lists.Read([]lists.File{{Name: "l", Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	set, err := rules.Parse([]rules.File{{Name: "r", Data: []byte(ruleFile)}}, vocabularies)
	if err != nil {
		t.Fatal(err)
	}
	g := screening.NewGeneration(map[string]lists.List{"watch": read(watchlist), "sltd": read(stolenDocuments)}, set, time.Now)
	for _, c := range []struct {
		name string
		s    screening.Screened
		want string
	}{
		{"another spelling, the same day", screening.Screened{Subject: *kassem("1")}, "name_match:watch/W1:high"},
		{"the Arabic script", screening.Screened{Subject: screening.Subject{Names: []screening.Name{{Full: "قاسم الزرفاني"}}, Births: []string{"1971-03-14"}}}, "name_match:watch/W1:high"},
		{"the same name, another year", screening.Screened{Subject: screening.Subject{Names: []screening.Name{{Surname: "ZORVANI", Given: "KASSEM"}}, Births: []string{"1999-08-01"}}}, ""},
		{"somebody else", screening.Screened{Subject: screening.Subject{Names: []screening.Name{{Surname: "SMITH", Given: "JOHN"}}, Births: []string{"1971-03-14"}}}, ""},
		{"a nickname alone", screening.Screened{Subject: screening.Subject{Names: []screening.Name{{Surname: "THUNDER"}}}}, ""},
		{"a listed document, another name", screening.Screened{Subject: screening.Subject{Names: []screening.Name{{Surname: "SMITH", Given: "JOHN"}},
			Documents: []screening.Document{{Type: "P", Number: "x-99 00011", Issuer: "SYR"}}}}, "document_listed:watch/W1:critical"},
		{"its number without a country", screening.Screened{Subject: screening.Subject{Documents: []screening.Document{{Number: "X9900011"}}}}, "document_listed:watch/W1:high"},
		{"its number of another country", screening.Screened{Subject: screening.Subject{Documents: []screening.Document{{Type: "P", Number: "X9900011", Issuer: "GBR"}}}}, ""},
		{"a stolen document", screening.Screened{Subject: screening.Subject{Documents: []screening.Document{{Type: "P", Number: "XA9900021", Issuer: "GBR"}}}}, "document_stolen:sltd/P:XA9900021:GBR:critical"},
		{"a lost one, printed otherwise", screening.Screened{Subject: screening.Subject{Documents: []screening.Document{{Type: "P", Number: "99004412", Issuer: "FRA"}}}}, "document_stolen:sltd/P:990-044-12:FRA:critical"},
		{"a rule", screening.Screened{Subject: screening.Subject{Domain: "travel"}, View: &view{OneWay: true}}, "rule_hit:one-way-without-bags:low"},
		{"a rule that does not hold", screening.Screened{Subject: screening.Subject{Domain: "travel"}, View: &view{OneWay: true, Bags: 1}}, ""},
		{"nothing known", screening.Screened{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := codes(g.Screen(nil, &c.s)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	f := g.Screen(nil, &screening.Screened{Subject: *kassem("1")})[0]
	if f.Score < 0.8 || f.Subject != "1" || f.Generation != 1 || f.Explanation.Reason != "Invented warrant" || f.Explanation.Advice != "Refer" || len(f.Explanation.Tokens) == 0 {
		t.Errorf("%+v", f)
	}
	evidence := make(map[string]bool)
	for _, e := range f.Explanation.Evidence {
		evidence[e.Code] = true
	}
	if want := map[string]bool{"prior": true, "name": true, "birth_equal": true, "nationality_equal": true, "sex_equal": true}; !cmp.Equal(evidence, want) {
		t.Error(cmp.Diff(want, evidence))
	}
}

func TestListsAreReplacedWholeAndRefusedWhole(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		ctx := context.Background()
		st, other := open(), open()
		s, beside := opened(t, st, screening.Options{}), opened(t, other, screening.Options{})
		refresh(t, s, false)
		got := load(t, st, upload("watch", watchlist))
		want := screening.Summary{Name: "watch", Format: "names-csv", Version: got.Version, Generation: 1, Entries: 3, Added: 3}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		refresh(t, s, true)
		refresh(t, s, false)
		refresh(t, beside, true)
		if a, b := s.Generation().Number(), beside.Generation().Number(); a != b || a == 0 {
			t.Errorf("generations %d and %d", a, b)
		}
		// The same again changes nothing.
		if got := load(t, st, upload("watch", watchlist)); got.Added+got.Changed+got.Removed != 0 || got.Entries != 3 {
			t.Errorf("%+v", got)
		}
		refresh(t, s, false)
		// A list that has lost a third is refused, and one that is broken; the old one stays.
		shrunken := strings.SplitAfter(watchlist, "\n")
		_, err := screening.LoadList(ctx, st, upload("watch", strings.Join(shrunken[:3], "")))
		var refusal *screening.Refusal
		if !errors.As(err, &refusal) || refusal.Have != 3 || refusal.Now != 2 {
			t.Errorf("got %v", err)
		}
		_, err = screening.LoadList(ctx, st, upload("watch", watchlist+"W4,broken\n"))
		var broken *lists.Error
		if !errors.As(err, &broken) {
			t.Errorf("got %v", err)
		}
		refresh(t, s, false)
		if n := len(s.Generation().Screen(nil, &screening.Screened{Subject: *kassem("1")})); n != 1 {
			t.Errorf("%d findings", n)
		}
		// Forced, with one changed.
		forced := upload("watch", strings.Replace(strings.Join(shrunken[:3], ""), "1971-03-14", "1950-01-02", 1))
		forced.Force, forced.Reason = true, "checked with the owner"
		if got := load(t, st, forced); got.Changed != 1 || got.Removed != 1 || got.Entries != 2 {
			t.Errorf("%+v", got)
		}
		refresh(t, beside, true)
		if n := len(beside.Generation().Screen(nil, &screening.Screened{Subject: *kassem("1")})); n != 0 {
			t.Errorf("%d findings", n)
		}
		infos, err := screening.Lists(ctx, st.Read())
		if err != nil || len(infos) != 1 || infos[0].Entries != 2 || infos[0].By != "sam" || infos[0].Loaded.IsZero() {
			t.Errorf("%+v %v", infos, err)
		}
		entries, err := screening.Entries(ctx, st.Read(), "watch", "zorVANI", "", 10)
		if err != nil || len(entries) != 1 || entries[0].ID != "W1" {
			t.Errorf("%+v %v", entries, err)
		}
		if _, err := screening.LoadList(ctx, st, upload("../x", watchlist)); !errors.Is(err, screening.ErrName) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnEntryHoldsFromItsDayToItsDay(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	s := opened(t, st, screening.Options{Clock: func() time.Time { return now }})
	load(t, st, upload("watch", "id,surname,given,born,valid_from,valid_to\nW1,Zorvani,Kassem Idris,1971-03-14,2026-05-02,2026-05-03\n"))
	refresh(t, s, true)
	for _, day := range []struct {
		day     int
		moves   bool
		matches int
	}{{1, false, 0}, {2, true, 1}, {3, false, 1}, {4, true, 0}, {5, false, 0}} {
		now = time.Date(2026, 5, day.day, 12, 0, 0, 0, time.UTC)
		refresh(t, s, day.moves)
		if n := len(s.Generation().Screen(nil, &screening.Screened{Subject: *kassem("1")})); n != day.matches {
			t.Errorf("day %d: %d findings, want %d", day.day, n, day.matches)
		}
	}
}

func TestRulesAreLoadedWithTheirExamples(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		s := opened(t, st, screening.Options{})
		sum, err := screening.LoadRules(context.Background(), st, vocabularies, upload("targeting", ruleFile))
		if err != nil || sum.Rules != 1 {
			t.Fatalf("%+v %v", sum, err)
		}
		refresh(t, s, true)
		infos, err := screening.NewRuleDesk(s, screening.RuleDeskOptions{}).List(context.Background(), screening.RuleQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if len(infos) != 1 || infos[0].ID != "one-way-without-bags" || infos[0].State != "live" || !infos[0].Examples[0].Passed {
			t.Errorf("%+v", infos)
		}
		_, err = screening.LoadRules(context.Background(), st, vocabularies, upload("targeting", strings.Replace(ruleFile, "bags == 0", "bags < 2", 1)))
		var failed *screening.ErrExamples
		if !errors.As(err, &failed) || failed.Failed[0].Example != "a bag" {
			t.Errorf("got %v", err)
		}
		_, err = screening.LoadRules(context.Background(), st, vocabularies, upload("others", ruleFile))
		if err == nil {
			t.Error("a rule's id is taken twice")
		}
		refresh(t, s, false)
	})
}

func TestFindingsLiveAndAreWithdrawn(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		ctx := context.Background()
		st := open()
		s := opened(t, st, screening.Options{})
		load(t, st, upload("watch", watchlist))
		refresh(t, s, true)
		var subjects []*screening.Subject
		var found []screening.Finding
		for i := range 300 {
			subject := &screening.Subject{ID: screening.ID(fmt.Sprintf("s%03d", i)), Within: "flight-1", Names: []screening.Name{{Surname: "SMITH", Given: "JOHN"}}}
			if i == 7 {
				subject = kassem(subject.ID)
			}
			subjects = append(subjects, subject)
			found = s.Generation().Screen(found, &screening.Screened{Subject: *subject})
		}
		upsert := func(found []screening.Finding) (u screening.Upserted) {
			write(t, st, func(ctx context.Context, tx store.Tx) (err error) {
				u, err = screening.Upsert(ctx, tx, "travel", subjects, found)
				return err
			})
			return u
		}
		counts := func(u screening.Upserted) [3]int { return [3]int{len(u.New), len(u.Worse), len(u.Gone)} }
		if got := counts(upsert(nil)); got != [3]int{} {
			t.Errorf("nothing found: %v", got)
		}
		if got := counts(upsert(found)); got != [3]int{1, 0, 0} {
			t.Errorf("first: %v", got)
		}
		if got := counts(upsert(found)); got != [3]int{} {
			t.Errorf("again: %v", got)
		}
		worse := append([]screening.Finding(nil), found...)
		worse[0].Severity = screening.Critical
		if got := counts(upsert(worse)); got != [3]int{0, 1, 0} {
			t.Errorf("worse: %v", got)
		}
		live, err := screening.OfSubjects(ctx, st.Read(), []screening.ID{"s006", "s007"})
		if err != nil || len(live) != 1 || len(live["s007"]) != 1 || live["s007"][0].Found.IsZero() || live["s007"][0].Severity != screening.Critical {
			t.Errorf("%+v %v", live, err)
		}
		tallies, err := screening.Tallies(ctx, st.Read(), []screening.ID{"s006", "s007"})
		if want := map[screening.ID]screening.Tally{"s007": {1, screening.Critical, []string{"name_match"}}}; err != nil || !cmp.Equal(want, tallies) {
			t.Errorf("%v %v", err, cmp.Diff(want, tallies))
		}
		within, err := screening.CountWithin(ctx, st.Read(), []string{"flight-1", "flight-2"})
		if want := map[string]screening.Count{"flight-1": {1, map[screening.Severity]int{screening.Critical: 1}}}; err != nil || !cmp.Equal(want, within) {
			t.Errorf("%v %v", err, cmp.Diff(want, within))
		}
		// Renamed, its finding follows; withdrawn, it is history; found again, it is new.
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			return screening.Rename(ctx, tx, map[screening.ID]screening.ID{"s007": "t007", "s008": "t008"})
		})
		subjects[7].ID, found[0].Subject = "t007", "t007"
		if got := counts(upsert(nil)); got != [3]int{0, 0, 1} {
			t.Errorf("gone: %v", got)
		}
		history, err := screening.History(ctx, st.Read(), "t007")
		if err != nil || len(history) != 1 || history[0].Withdrawn.IsZero() {
			t.Errorf("%+v %v", history, err)
		}
		if got := counts(upsert(found)); got != [3]int{1, 0, 0} {
			t.Errorf("back: %v", got)
		}
		// Of a chain the far end moves first: what u had is v's, what t had is u's.
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			if _, err := screening.Upsert(ctx, tx, "travel", []*screening.Subject{{ID: "u007"}}, []screening.Finding{{Subject: "u007", Engine: "rule", Matched: "r", Severity: screening.Low}}); err != nil {
				return err
			}
			return screening.Rename(ctx, tx, map[screening.ID]screening.ID{"t007": "u007", "u007": "v007"})
		})
		live, err = screening.OfSubjects(ctx, st.Read(), []screening.ID{"t007", "u007", "v007"})
		if err != nil || len(live) != 2 || live["u007"][0].Engine != "name" || live["v007"][0].Engine != "rule" {
			t.Errorf("%+v %v", live, err)
		}
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			return screening.Rename(ctx, tx, map[screening.ID]screening.ID{"u007": "t007"})
		})
		write(t, st, func(ctx context.Context, tx store.Tx) error { return screening.Erase(ctx, tx, []screening.ID{"t007"}) })
		if history, err = screening.History(ctx, st.Read(), "t007"); err != nil || len(history) != 0 {
			t.Errorf("%+v %v", history, err)
		}
	})
}

func TestNotTheSamePersonHolds(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		ctx := context.Background()
		st, other := open(), open()
		s, beside := opened(t, st, screening.Options{}), opened(t, other, screening.Options{})
		load(t, st, upload("watch", watchlist))
		load(t, st, upload("sltd", stolenDocuments))
		refresh(t, s, true)
		refresh(t, beside, true)
		screen := func(s *screening.Screener, subject *screening.Subject) []screening.Finding {
			return s.Generation().Screen(nil, &screening.Screened{Subject: *subject})
		}
		today, nextWeek := kassem("today"), kassem("next-week")
		nextWeek.Names[0] = screening.Name{Surname: "AL ZURFANI", Given: "QASIM IDRIS"}
		found := screen(s, today)
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			if _, err := screening.Upsert(ctx, tx, "travel", []*screening.Subject{today}, found); err != nil {
				return err
			}
			return screening.Dismiss(ctx, tx, screening.Dismissal{Subject: "today", Identity: screening.Identity(today), Finding: found[0], By: "ann", Reason: "another mother's name"})
		})
		refresh(t, s, false)
		refresh(t, beside, false)
		if got := screen(s, today); len(got) != 0 {
			t.Errorf("found again: %s", codes(got))
		}
		if got := screen(beside, nextWeek); len(got) != 0 {
			t.Errorf("found on another node: %s", codes(got))
		}
		// Screened before the decision was known, stored after it: it stays dismissed.
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			u, err := screening.Upsert(ctx, tx, "travel", []*screening.Subject{today}, found)
			if len(u.New) != 0 {
				t.Error("it is new again")
			}
			return err
		})
		history, err := screening.History(ctx, st.Read(), "today")
		if err != nil || len(history) != 1 || history[0].Dismissed.IsZero() {
			t.Errorf("%+v %v", history, err)
		}
		// Another person of that name, and the same with another document, is looked at.
		stranger := kassem("stranger")
		stranger.Documents[0].Number = "N7654321"
		if got := screen(s, stranger); len(got) != 1 {
			t.Errorf("a stranger: %s", codes(got))
		}
		// A comment changes nothing; a birth date does.
		load(t, st, upload("watch", strings.Replace(watchlist, "Invented warrant", "Invented warrant renewed", 1)))
		refresh(t, s, true)
		if got := screen(s, today); len(got) != 0 {
			t.Errorf("after a comment: %s", codes(got))
		}
		load(t, st, upload("watch", strings.Replace(watchlist, "1971-03-14", "1971-03-14|1972-03-14", 1)))
		refresh(t, s, true)
		if got := screen(s, today); len(got) != 1 {
			t.Errorf("after a change: %s", codes(got))
		}
		// A stolen document is never dismissed.
		thief := kassem("thief")
		thief.Names, thief.Documents = nil, []screening.Document{{Type: "P", Number: "XA9900021", Issuer: "GBR"}}
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			return screening.Dismiss(ctx, tx, screening.Dismissal{Subject: "thief", Identity: screening.Identity(thief), Finding: screen(s, thief)[0], By: "ann", Reason: "hers"})
		})
		refresh(t, s, false)
		if got := screen(s, thief); len(got) != 1 {
			t.Errorf("a stolen document: %s", codes(got))
		}
	})
}

func TestDueSubjectsAreClaimedOnceAndStayWhenMarkedAgain(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		ctx := context.Background()
		st := open()
		opened(t, st, screening.Options{})
		mark := func(ids ...screening.ID) {
			write(t, st, func(ctx context.Context, tx store.Tx) error { return screening.MarkDue(ctx, tx, "travel", ids) })
		}
		claim := func(n int) []screening.Due {
			due, err := screening.ClaimDue(ctx, st, "travel", "node-1", n, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return due
		}
		if got := claim(10); len(got) != 0 {
			t.Errorf("%v", got)
		}
		mark("a", "b", "c", "a")
		first := claim(2)
		if want := []screening.Due{{"a", 1}, {"b", 1}}; !cmp.Equal(want, first) {
			t.Error(cmp.Diff(want, first))
		}
		if got := claim(10); len(got) != 1 || got[0].Subject != "c" {
			t.Errorf("%v", got)
		}
		mark("b")
		write(t, st, func(ctx context.Context, tx store.Tx) error { return screening.DoneDue(ctx, tx, "travel", first) })
		if got := claim(10); !cmp.Equal(got, []screening.Due{{"b", 2}}) {
			t.Errorf("%v", got)
		}
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			if err := screening.Vouch(ctx, tx, "travel", 4); err != nil {
				return err
			}
			return screening.Vouch(ctx, tx, "travel", 3)
		})
		if g, err := screening.Vouched(ctx, st.Read(), "travel"); err != nil || g != 4 {
			t.Errorf("vouched %d %v", g, err)
		}
	})
}
