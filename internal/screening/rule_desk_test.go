package screening_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

var (
	amal = access.Principal{Name: "amal", Role: access.Analyst}
	noor = access.Principal{Name: "noor", Role: access.Supervisor}
	omar = access.Principal{Name: "omar", Role: access.Supervisor}
)

// past is a domain with people in it, each a day later than the last, some with bags.
type past int

func (p past) at(i int) screening.Screened {
	return screening.Screened{
		Subject: screening.Subject{ID: screening.ID(fmt.Sprintf("p%04d", i)), Domain: "travel", Names: []screening.Name{{Surname: "DOE", Given: fmt.Sprint("N", i)}},
			Until: time.Date(2026, 11, 1+i%5, 12, 0, 0, 0, time.UTC)},
		View: &view{OneWay: i%2 == 0, Bags: i % 10},
	}
}

func (p past) History(_ context.Context, _ store.Reader, _, _, after string, n int) (page []screening.Screened, next string, err error) {
	start := 0
	if after != "" {
		if _, err := fmt.Sscan(after, &start); err != nil {
			return nil, "", err
		}
	}
	for i := start; i < int(p) && len(page) < n; i++ {
		page = append(page, p.at(i))
	}
	if start+len(page) < int(p) {
		next = fmt.Sprint(start + len(page))
	}
	return page, next, nil
}

func (p past) Screen(_ context.Context, _ store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	var out []screening.Screened
	for _, id := range ids {
		var i int
		if _, err := fmt.Sscanf(string(id), "p%d", &i); err != nil {
			return nil, err
		}
		out = append(out, p.at(i))
	}
	return out, nil
}

func draft(id, when string) screening.RuleText {
	return screening.RuleText{ID: id, Title: "Nothing to carry", Owner: "Unit", Basis: "Invented Act", Severity: "medium", Domain: "travel", Expression: when, Expires: "2026-12-31",
		Examples: []screening.ExampleText{{Name: "none", Want: true}, {Name: "two", Given: map[string]any{"bags": 2.0}}}}
}

func kind(err error) api.Kind {
	if e, ok := errors.AsType[*api.Error](err); ok {
		return e.Kind
	}
	if err != nil {
		return api.Kind(err.Error())
	}
	return ""
}

// A rule goes from draft to shadow to approval by a second person to live to retired, and nothing can be left out.
func TestARulesLife(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		ctx, st := t.Context(), open()
		now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		s := opened(t, st, screening.Options{Clock: func() time.Time { return now }})
		if _, err := screening.LoadRules(ctx, st, vocabularies, upload("book", ruleFile)); err != nil {
			t.Fatal(err)
		}
		worker, err := jobs.Open(ctx, st, jobs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		d := screening.NewRuleDesk(s, screening.RuleDeskOptions{Jobs: worker, Pasts: map[string]screening.Past{"travel": past(1000)}, Stretch: 1})
		refresh(t, s, true)
		expect := func(what string, want api.Kind, err error) {
			t.Helper()
			if got := kind(err); got != want {
				t.Fatalf("%s: %q, want %q (%v)", what, got, want, err)
			}
		}
		move := func(p access.Principal, to, reason string) error {
			_, err := d.Move(ctx, p, "no-bags", screening.RuleStep{To: to, Reason: reason})
			return err
		}
		const why = "it has been looked at closely"

		_, err = d.Draft(ctx, amal, draft("one-way-without-bags", "true"))
		expect("an operator's rule is not drafted over", api.Conflict, err)
		_, err = d.Draft(ctx, amal, draft("No Bags", "true"))
		expect("a bad id", api.Unprocessable, err)
		info, err := d.Draft(ctx, amal, draft("no-bags", "traveller.bagz == 0"))
		expect("an unfinished draft is kept", "", err)
		if len(info.Errors) != 1 || info.Errors[0].Rule != "rule_unknown_attribute" || info.Errors[0].Column != 11 || info.State != "draft" {
			t.Errorf("%+v", info)
		}
		_, err = d.Draft(ctx, amal, draft("no-bags", "true"))
		expect("two drafts of one rule", api.Conflict, err)
		expect("one that does not compile does not move", api.Unprocessable, move(amal, "shadow", ""))
		info, err = d.Redraft(ctx, amal, "no-bags", info.Revision, draft("", "traveller.bags < 9"))
		expect("a new text", "", err)
		_, err = d.Redraft(ctx, amal, "no-bags", info.Revision-1, draft("", "true"))
		expect("on an old revision", api.Conflict, err)
		expect("examples must hold", api.Unprocessable, move(amal, "shadow", ""))
		if _, err = d.Redraft(ctx, noor, "no-bags", info.Revision, draft("", "traveller.bags == 0")); err != nil {
			t.Fatal(err)
		}
		expect("not from draft to live", api.Conflict, move(omar, "live", why))
		refresh(t, s, false)
		expect("to shadow", "", move(amal, "shadow", ""))
		refresh(t, s, true)

		// In shadow: its hits are kept, and nobody finds anything.
		found := s.Generation().Screen(nil, &screening.Screened{Subject: screening.Subject{ID: "p0010", Domain: "travel"}, View: &view{}})
		if len(found) != 0 {
			t.Errorf("a rule in shadow finds %+v", found)
		}
		refresh(t, s, false)
		people, next, err := d.ShadowPeople(ctx, "no-bags", "", "", 10)
		if err != nil || next != "" || len(people) != 1 || people[0].Subject != "p0010" || people[0].Name != "DOE, N10" {
			t.Errorf("%+v %q %v", people, next, err)
		}

		expect("an analyst does not approve", api.Forbidden, move(amal, "approved", why))
		expect("nor who wrote on it", api.Forbidden, move(noor, "approved", why))
		expect("nor without a reason", api.Unprocessable, move(omar, "approved", "ok"))
		expect("nor untried", api.Conflict, move(omar, "approved", why))
		b, err := d.Backtest(ctx, amal, "no-bags", "", "2026-11-01", "2026-11-30")
		expect("a backtest is asked for", "", err)
		for n := 1; n > 0; {
			if n, err = worker.Step(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if b, err = d.BacktestNamed(ctx, "no-bags", b.ID); err != nil {
			t.Fatal(err)
		}
		if b.State != "done" || b.Looked != 1000 || b.Hits != 100 || b.Rate != .1 || b.People != 100 || !b.Current || len(b.Days) != 5 {
			t.Errorf("%+v", b)
		}
		same := []screening.Overlap{{Rule: "one-way-without-bags", Title: "One-way without bags", Both: 100, Theirs: 100, Jaccard: 1}} // only the even have no bags
		if diff := cmp.Diff(same, b.Overlap); diff != "" {
			t.Error(diff)
		}
		hit, err := d.BacktestPeople(ctx, "no-bags", b.ID)
		if err != nil || len(hit) != 100 || len(hit[0].Values) != 1 || hit[0].Values[0].Value != "0" {
			t.Errorf("%d people, %+v, %v", len(hit), hit[:1], err)
		}
		expect("approved", "", move(omar, "approved", why))
		refresh(t, s, false)
		expect("live", "", move(noor, "live", ""))
		refresh(t, s, true)
		subject := &screening.Screened{Subject: screening.Subject{ID: "p0010", Domain: "travel"}, View: &view{}}
		found = s.Generation().Screen(nil, subject)
		if len(found) != 1 || found[0].Rule != "no-bags" || found[0].RuleVersion != "1" {
			t.Fatalf("live, it finds %+v", found)
		}

		// What is decided of those it found counts.
		if err := st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			if _, err := screening.Upsert(ctx, tx, "travel", []*screening.Subject{&subject.Subject}, found); err != nil {
				return err
			}
			return errors.Join(screening.RuleDecided(ctx, tx, "p0010", "referred", true), screening.RuleDecided(ctx, tx, "p0010", "cleared", false),
				screening.RuleDecided(ctx, tx, "nobody", "cleared", false))
		}); err != nil {
			t.Fatal(err)
		}
		// A second version replaces the first; the first goes on until it does.
		if info, err = d.Draft(ctx, amal, draft("no-bags", "traveller.bags == 0 && !traveller.one_way")); err != nil || info.Version != "2" {
			t.Fatal(info, err)
		}
		all, err := d.List(ctx, screening.RuleQuery{})
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		want := &screening.Precision{Decided: 2, Upheld: 1, Cleared: 1, Share: .5}
		if diff := cmp.Diff(want, all[0].Precision); diff != "" || all[0].Hits != 1 || all[0].ShadowHits != 1 || all[0].Version != "1" || all[0].Open == nil || all[0].Open.Version != "2" {
			t.Errorf("%s%+v", diff, all[0])
		}
		if all[1].Origin != "operator" || all[1].State != "live" || all[1].Reason != "loaded by operator" {
			t.Errorf("%+v", all[1])
		}
		expect("version 2 to shadow", "", move(amal, "shadow", ""))
		refresh(t, s, true)
		if found = s.Generation().Screen(nil, subject); len(found) != 1 || found[0].RuleVersion != "1" {
			t.Errorf("with a second version in shadow the first finds %+v", found)
		}
		expect("the text is another: untried", api.Conflict, move(omar, "approved", why))
		expect("given up", "", move(amal, "retired", "it says the same as the first"))
		refresh(t, s, true)

		// Its day comes.
		now = time.Date(2027, 1, 1, 0, 0, 1, 0, time.UTC)
		refresh(t, s, true)
		file, err := d.Rule(ctx, "no-bags")
		if err != nil {
			t.Fatal(err)
		}
		var lived []string
		for _, m := range file.History {
			lived = append([]string{m.Version + " " + m.To + " by " + m.By}, lived...)
		}
		if got := file.Versions[1]; got.State != "retired" || got.Reason != "expired" {
			t.Errorf("%+v", got)
		}
		if len(lived) != 8 || lived[3] != "1 live by noor" {
			t.Errorf("%q", lived)
		}
		if found = s.Generation().Screen(nil, subject); len(found) != 0 {
			t.Errorf("expired, it finds %+v", found)
		}
	})
}

// A rule that fails costs itself alone: the others are asked, and it is told how often it failed and why.
func TestARuleThatFailsStopsNothing(t *testing.T) {
	t.Parallel()
	ctx, st := t.Context(), storetest.SQLite(t)
	s := opened(t, st, screening.Options{})
	broken := `rules:
  - {id: divides, version: "1", title: T, owner: O, basis: B, severity: low, domain: travel, when: "10 / traveller.bags > 3", examples: [{name: y, given: {bags: 2}, want: true}, {name: n, given: {bags: 5}, want: false}]}
  - {id: whole, version: "1", title: T, owner: O, basis: B, severity: low, domain: travel, when: "traveller.bags == 0", examples: [{name: y, want: true}, {name: n, given: {bags: 5}, want: false}]}
`
	if _, err := screening.LoadRules(ctx, st, vocabularies, upload("book", broken)); err != nil {
		t.Fatal(err)
	}
	refresh(t, s, true)
	found := s.Generation().Screen(nil, &screening.Screened{Subject: screening.Subject{ID: "x", Domain: "travel"}, View: &view{}})
	if len(found) != 1 || found[0].Rule != "whole" {
		t.Errorf("%+v", found)
	}
	all, err := screening.NewRuleDesk(s, screening.RuleDeskOptions{}).List(ctx, screening.RuleQuery{})
	if err != nil || all[0].Failures != 1 || all[0].Failure != "division by zero" {
		t.Errorf("%+v %v", all[0], err)
	}
}

// An operator's rule whose day is over ends, once, and is not begun again by its file.
func TestAnOperatorsRuleExpires(t *testing.T) {
	t.Parallel()
	ctx, st := t.Context(), storetest.SQLite(t)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	s := opened(t, st, screening.Options{Clock: func() time.Time { return now }})
	book := upload("book", ruleFile+"expires: 2026-11-24\n")
	if _, err := screening.LoadRules(ctx, st, vocabularies, book); err != nil {
		t.Fatal(err)
	}
	refresh(t, s, true)
	refresh(t, s, false)
	now = now.AddDate(0, 0, 1)
	refresh(t, s, true)
	refresh(t, s, false)
	if _, err := screening.LoadRules(ctx, st, vocabularies, book); err != nil {
		t.Fatal(err)
	}
	refresh(t, s, false)
	d := screening.NewRuleDesk(s, screening.RuleDeskOptions{})
	file, err := d.Rule(ctx, "one-way-without-bags")
	if err != nil || file.State != "expired" || len(file.Versions) != 1 || len(file.History) != 2 {
		t.Errorf("%+v %v", file, err)
	}
}

// What an operator's file drops or changes is kept as history.
func TestOperatorsVersionsAreKept(t *testing.T) {
	t.Parallel()
	ctx, st := t.Context(), storetest.SQLite(t)
	s := opened(t, st, screening.Options{})
	for _, text := range []string{ruleFile, ruleFile, ruleFile[:len(ruleFile)-1] + "\nadvice: Ask.\n", "rules: [{id: other, version: \"1\", title: T, owner: O, basis: B, severity: low, domain: travel, when: traveller.one_way, examples: [{name: y, given: {one_way: true}, want: true}, {name: n, want: false}]}]"} {
		if _, err := screening.LoadRules(ctx, st, vocabularies, upload("book", text)); err != nil {
			t.Fatal(err)
		}
	}
	file, err := screening.NewRuleDesk(s, screening.RuleDeskOptions{}).Rule(ctx, "one-way-without-bags")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range file.History {
		got = append(got, m.To+": "+m.Reason)
	}
	if len(got) != 4 || len(file.Versions) != 2 {
		t.Errorf("%q", got)
	}
}

// Shadow hits follow a subject that goes by another id, and go when it is erased.
func TestShadowHitsFollowTheirSubject(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		ctx, st := t.Context(), open()
		s := opened(t, st, screening.Options{})
		d := screening.NewRuleDesk(s, screening.RuleDeskOptions{Pasts: map[string]screening.Past{"travel": past(10)}})
		text := draft("no-bags", "traveller.bags == 0")
		text.Expires = ""
		if _, err := d.Draft(ctx, amal, text); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Move(ctx, amal, "no-bags", screening.RuleStep{To: screening.RuleShadow}); err != nil {
			t.Fatal(err)
		}
		refresh(t, s, true)
		for _, id := range []screening.ID{"p0001", "p0002", "p0003"} {
			s.Generation().Screen(nil, &screening.Screened{Subject: screening.Subject{ID: id, Domain: "travel"}, View: &view{}})
		}
		refresh(t, s, false)
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			if err := screening.Rename(ctx, tx, map[screening.ID]screening.ID{"p0001": "p0004", "p0002": "p0003"}); err != nil {
				return err
			}
			return screening.Erase(ctx, tx, []screening.ID{"p0003"})
		})
		people, _, err := d.ShadowPeople(ctx, "no-bags", "1", "", 10)
		if err != nil || len(people) != 1 || people[0].Subject != "p0004" {
			t.Errorf("%+v %v", people, err)
		}
	})
}
