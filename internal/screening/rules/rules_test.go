package rules_test

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening/rules"
)

type leg struct{ From, To string }

type traveller struct {
	OneWay    bool
	Payment   string
	Age       int
	Bags      int64
	Weight    float64
	Booked    time.Time
	Departure time.Time
	Legs      []leg
	Countries []string
	Counts    map[string]int64
	Agency    *agency
	Hidden    string `cel:"known_as"`
}

type agency struct{ Name, City string }

var vocabularies = []rules.Vocabulary{{Domain: "test", Name: "traveller", Type: reflect.TypeFor[traveller]()}}

func journey(t testing.TB) rules.File {
	t.Helper()
	b, err := os.ReadFile("testdata/journey.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return rules.File{Name: "journey.yaml", Data: b}
}

func TestExamplesBesideTheRulesHold(t *testing.T) {
	t.Parallel()
	results, err := rules.Test([]rules.File{journey(t)}, vocabularies)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 5 {
		t.Errorf("%d results, want 5", len(results))
	}
	for _, r := range results {
		if !r.Passed {
			t.Errorf("%+v", r)
		}
	}
	if results[0].Line != 17 {
		t.Errorf("the first example is said to be in line %d", results[0].Line)
	}
}

func TestAHitTellsWhatTheRuleLookedAt(t *testing.T) {
	t.Parallel()
	set, err := rules.Parse([]rules.File{journey(t)}, vocabularies)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)
	view := &traveller{OneWay: true, Payment: "cash", Departure: at, Booked: at.Add(-time.Hour)}
	hits := set.Evaluate(nil, "test", view, at)
	if len(hits) != 1 || hits[0].Rule.ID != "one-way-cash-late" {
		t.Fatalf("got %+v", hits)
	}
	want := []rules.Value{{"one_way", "true"}, {"payment", "cash"}, {"departure", "2026-11-24T20:00:00Z"}, {"booked", "2026-11-24T19:00:00Z"}}
	if diff := cmp.Diff(want, hits[0].Values); diff != "" {
		t.Error(diff)
	}
	if hits := set.Evaluate(nil, "test", view, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)); len(hits) != 0 {
		t.Error("an expired rule hits")
	}
	if hits := set.Evaluate(nil, "cargo", view, at); len(hits) != 0 {
		t.Error("a rule of another domain hits")
	}
	if hits := set.Evaluate(nil, "test", (*traveller)(nil), at); len(hits) != 0 {
		t.Error("nothing is hit")
	}
	if hits := set.Evaluate(nil, "test", 7, at); len(hits) != 0 {
		t.Error("a view of another type is hit")
	}
}

func rule(when string) rules.File {
	return rules.File{Name: "r.yaml", Data: []byte(`id: r
version: "1"
title: A rule
owner: Somebody
basis: Some law
severity: low
domain: test
when: ` + when + `
examples:
  - {name: yes, given: {age: 40}, want: true}
  - {name: no, given: {age: 4}, want: false}
`)}
}

// A rule that cannot be is refused with file, line, column and the attribute.
func TestCompileErrorsNameThePlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, when, want string }{
		{"unknown", `traveller.agee > 3`, `r.yaml:8:17: when: agee is not in the vocabulary of test`},
		{"sensitive", `traveller.religion == "x"`, `r.yaml:8:17: when: religion is a sensitive attribute (religion or belief): it does not exist on purpose, for sensitive data may not decide about people`},
		{"sensitive inside", `traveller.age > 3 && traveller.special_meal != ""`, `r.yaml:8:38: when: special_meal is a sensitive attribute`},
		{"unknown variable", `passenger.age > 3`, `r.yaml:8:7: when: passenger is not in the vocabulary of test`},
		{"not a condition", `traveller.age`, `r.yaml:8:7: when: the condition is a int, not true or false`},
		{"wrong kind", `traveller.age == "x"`, `r.yaml:8:21: when: found no matching overload for '_==_'`},
		{"folded block", ">-\n  traveller.age > 3\n  && traveller.ethnicity == 'x'", `ethnicity is a sensitive attribute`},
		{"syntax", `traveller.age >`, `r.yaml:8:`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := rules.Parse([]rules.File{rule(c.when)}, vocabularies)
			var at *rules.Error
			if !errors.As(err, &at) {
				t.Fatalf("got %v, want a *rules.Error", err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %s\nwant %s", err, c.want)
			}
		})
	}
}

func TestIncompleteRulesAreRefused(t *testing.T) {
	t.Parallel()
	whole := string(rule("traveller.age > 18").Data)
	for _, c := range []struct{ name, from, to, want string }{
		{"no basis", "basis: Some law\n", "", "r.yaml:1: basis: is missing"},
		{"severity", "severity: low", "severity: dreadful", `r.yaml:1: severity: "dreadful" is no severity`},
		{"domain", "domain: test", "domain: tset", `r.yaml:1: domain: "tset" offers no vocabulary`},
		{"expires", "severity: low", "severity: low\nexpires: tomorrow", `r.yaml:1: expires: "tomorrow" is no date`},
		{"unknown key", "owner: Somebody", "owner: Somebody\ncolour: red", `r.yaml:5:`},
		{"no YAML", "id: r", "id: [r", "r.yaml:"},
		{"empty", whole, "", "r.yaml:1: there is no rule in the file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := rules.Parse([]rules.File{{Name: "r.yaml", Data: []byte(strings.Replace(whole, c.from, c.to, 1))}}, vocabularies)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	if _, err := rules.Parse([]rules.File{rule("traveller.age > 18"), rule("traveller.age > 19")}, vocabularies); err == nil {
		t.Error("an id twice is taken")
	}
}

func TestExamplesThatFailSaySo(t *testing.T) {
	t.Parallel()
	results, err := rules.Test([]rules.File{rule("traveller.age > 3")}, vocabularies)
	if err != nil {
		t.Fatal(err)
	}
	if !results[0].Passed || results[1].Passed || !results[1].Got {
		t.Errorf("%+v", results)
	}
	f := rule("traveller.age > 18")
	f.Data = []byte(strings.Replace(string(f.Data), "{age: 4}", "{aeg: 4}", 1))
	results, err = rules.Test([]rules.File{f}, vocabularies)
	if err != nil {
		t.Fatal(err)
	}
	if results[1].Passed || results[1].Err != "traveller has no attribute aeg" {
		t.Errorf("%+v", results[1])
	}
}

// A rule that costs too much, or fails, does not hold, and does not stop the others.
func TestARuleIsLimited(t *testing.T) {
	t.Parallel()
	f := rule(`traveller.countries.all(a, traveller.countries.all(b, traveller.countries.all(c, a != b || b == c))) || traveller.age > 3`)
	set, err := rules.Parse([]rules.File{f}, vocabularies)
	if err != nil {
		t.Fatal(err)
	}
	view := &traveller{Countries: make([]string, 1000)}
	start := time.Now()
	if hits := set.Evaluate(nil, "test", view, start); len(hits) != 0 {
		t.Error("it holds")
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
	if set.Failures("r") != 1 {
		t.Errorf("%d failures counted", set.Failures("r"))
	}
	f = rule(`traveller.counts["absent"] > 3 || traveller.age > 3`)
	if set, err = rules.Parse([]rules.File{f}, vocabularies); err != nil {
		t.Fatal(err)
	}
	if hits := set.Evaluate(nil, "test", &traveller{}, start); len(hits) != 0 || set.Failures("r") != 1 {
		t.Error("an absent key is a hit, or no failure")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(journey(f).Data)
	f.Add(rule("traveller.age > 18").Data)
	f.Fuzz(func(_ *testing.T, b []byte) {
		set, err := rules.Parse([]rules.File{{Name: "f", Data: b}}, vocabularies)
		if err != nil {
			return
		}
		set.Test()
	})
}

func BenchmarkEvaluate(b *testing.B) {
	set, err := rules.Parse([]rules.File{rule(`traveller.age > 18 && traveller.payment == "cash"`)}, vocabularies)
	if err != nil {
		b.Fatal(err)
	}
	view := &traveller{Age: 40}
	var hits []rules.Hit
	at := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		hits = set.Evaluate(hits[:0], "test", view, at)
	}
}
