package rules_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening/rules"
)

// What is wrong with a condition is told where it stands in it.
func TestCheckPointsAtWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		when string
		want rules.Complaint
	}{
		{"traveller.age > 3 &&\n  traveller.agee < 9", rules.Complaint{Field: "when", Rule: "rule_unknown_attribute", Line: 2, Column: 13, Offset: 33, Length: 4,
			Message: "agee is not in the vocabulary of test", Mend: "did you mean age?"}},
		{`"ß" == traveller.Payment`, rules.Complaint{Field: "when", Rule: "rule_unknown_attribute", Line: 1, Column: 18, Offset: 17, Length: 7,
			Message: "Payment is not in the vocabulary of test", Mend: "did you mean payment?"}},
		{`traveller.legs.exists(l, l.too == "DOH")`, rules.Complaint{Field: "when", Rule: "rule_unknown_attribute", Line: 1, Column: 28, Offset: 27, Length: 3,
			Message: "too is not in the vocabulary of test", Mend: "did you mean legs: to?"}},
		{"dyn(traveller).religion == 'x'", rules.Complaint{Field: "when", Rule: "rule_dynamic", Line: 1, Column: 4, Offset: 3,
			Message: "dyn() hides from the compiler what a rule looks at", Mend: "name the attribute as it is"}},
		{"traveller.unionMember", rules.Complaint{Field: "when", Rule: "rule_sensitive_attribute", Line: 1, Column: 11, Offset: 10, Length: 11,
			Message: "unionMember is a sensitive attribute (trade-union membership): it does not exist on purpose, for sensitive data may not decide about people",
			Mend:    "take it out; no rule may look at it, nor at what stands for it"}},
	} {
		got, err := rules.Check(rules.Rule{Domain: "test", When: c.when}.Alone(), vocabularies, true)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rules.Checked{Errors: []rules.Complaint{c.want}}, got); diff != "" {
			t.Errorf("%s: %s", c.when, diff)
		}
	}
}

func TestSensitiveNamesAreKnownAndOthersAreNot(t *testing.T) {
	t.Parallel()
	of := func(name string) string {
		got, err := rules.Check(rules.Rule{Domain: "test", When: "traveller." + name + " == 'x'"}.Alone(), vocabularies, true)
		if err != nil || len(got.Errors) == 0 {
			t.Fatal(name, err, got)
		}
		return got.Errors[0].Rule
	}
	for _, name := range []string{"religion", "religious_belief", "meal", "special_meal", "specialMeal", "meals", "health", "medical_need", "ethnicity", "ethnic_origin", "race", "union",
		"trade_union", "tradeUnion", "political_opinion", "wheelchair", "disability", "sexual_orientation", "dna", "biometrics", "diet", "faith"} {
		if got := of(name); got != "rule_sensitive_attribute" {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, name := range []string{"trace", "reunion", "embrace", "metal", "terrace", "brace", "policy", "wealth", "facet"} {
		if got := of(name); got != "rule_unknown_attribute" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestCheckRunsTheExamples(t *testing.T) {
	t.Parallel()
	r := rules.Rule{Domain: "test", When: `traveller.age > 18 && traveller.payment == "cash"`, Examples: []rules.Example{
		{Name: "both", Given: map[string]any{"age": 40.0, "payment": "cash"}, Want: true}, // as JSON has numbers
		{Name: "young", Given: map[string]any{"age": 4.0, "payment": "cash"}, Want: true},
		{Name: "unknown", Given: map[string]any{"aeg": 4.0}},
	}}.Alone()
	got, err := rules.Check(r, vocabularies, true)
	if err != nil {
		t.Fatal(err)
	}
	want := rules.Checked{Errors: []rules.Complaint{}, Examples: []rules.ExampleTold{
		{Name: "both", Given: r.Examples[0].Given, Want: true, Got: true, Passed: true},
		{Name: "young", Given: r.Examples[1].Given, Want: true},
		{Name: "unknown", Given: r.Examples[2].Given, Error: "traveller has no attribute aeg"},
	}, Attributes: []string{"age", "payment"}, Indexed: true, Index: []string{"age >= 19", `payment == "cash"`}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, err = rules.Check(r, vocabularies, false); err != nil || got.OK || len(got.Errors) < 5 {
		t.Errorf("an incomplete rule is said to be wrong in %d places, %v", len(got.Errors), err)
	}
}

func TestVocabularyTellsAttributes(t *testing.T) {
	t.Parallel()
	type papers struct {
		Type string `doc:"of document" values:"P:a passport,V:a visa"`
	}
	type view struct {
		Age    int64 `doc:"in years"`
		Papers []papers
		Agency *agency
		Phones []string
	}
	got := rules.Vocabulary{Name: "traveller", Type: reflect.TypeFor[view]()}.Attributes()
	numbers, texts := []string{"is", "is_not", "lt", "le", "gt", "ge"}, []string{"is", "is_not", "in", "not_in", "starts_with", "ends_with", "contains", "matches"}
	numbers = append(numbers, "in", "not_in")
	want := []rules.Attribute{
		{Name: "age", Path: "traveller.age", Type: "number", Doc: "in years", Operators: numbers},
		{Name: "papers", Path: "traveller.papers", Type: "list", Of: "record", Attributes: []rules.Attribute{
			{Name: "type", Path: "type", Type: "text", Doc: "of document", Operators: texts, Values: []rules.Known{{"P", "a passport"}, {"V", "a visa"}}},
		}},
		{Name: "agency.name", Path: "traveller.agency.name", Type: "text", Operators: texts},
		{Name: "agency.city", Path: "traveller.agency.city", Type: "text", Operators: texts},
		{Name: "phones", Path: "traveller.phones", Type: "list", Of: "text", Operators: []string{"has", "lacks"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
