package rules_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/screening/rules"
)

// conditions draws expressions of every shape that the index and the builder know, and of some that they do not.
func conditions(deep int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string { return condition(t, deep, "") })
}

var (
	texts  = rapid.SampledFrom([]string{"", "A", "AB", "ABC", "B", "cash", "it's", `say "x"`, "a\\b\n"})
	floats = rapid.SampledFrom([]string{"-1.5", "0.0", "-0.0", "20.0", "1e3", "2.5e-3"})
)

func condition(t *rapid.T, deep int, element string) string {
	sub := func() string { return condition(t, deep-1, element) }
	if deep > 0 {
		switch rapid.IntRange(0, 7).Draw(t, "group") {
		case 0, 1:
			return sub() + " && " + sub()
		case 2:
			return "(" + sub() + " || " + sub() + ")"
		case 3:
			return "!(" + sub() + ")"
		case 4:
			return "(" + sub() + " ? " + sub() + " : " + sub() + ")"
		case 5:
			return "traveller.legs.exists(l, " + condition(t, deep-1, "l") + ")"
		}
	}
	quoted := func() string { return fmt.Sprintf("%q", texts.Draw(t, "text")) }
	whole := func() string { return fmt.Sprint(rapid.IntRange(-3, 5).Draw(t, "number")) }
	text := rapid.SampledFrom([]string{"traveller.payment", "traveller.known_as", "traveller.agency.name"}).Draw(t, "attribute")
	if element != "" && rapid.Bool().Draw(t, "of the element") {
		text = element + "." + rapid.SampledFrom([]string{"from", "to"}).Draw(t, "field")
	}
	compare := rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(t, "compare")
	switch rapid.IntRange(0, 15).Draw(t, "test") {
	case 0:
		return text + " == " + quoted()
	case 1:
		return quoted() + " == " + text
	case 2:
		return text + " != " + quoted()
	case 3:
		return text + " in [" + quoted() + ", " + quoted() + "]"
	case 4:
		return text + ".startsWith(" + quoted() + ")"
	case 5:
		return text + "." + rapid.SampledFrom([]string{"endsWith", "contains"}).Draw(t, "method") + "(" + quoted() + ")"
	case 6:
		return rapid.SampledFrom([]string{"traveller.age", "traveller.bags"}).Draw(t, "count") + " " + compare + " " + whole()
	case 7:
		return whole() + " " + compare + " traveller.bags"
	case 8:
		return "traveller.weight " + compare + " " + floats.Draw(t, "weight")
	case 9:
		return rapid.SampledFrom([]string{"", "!"}).Draw(t, "not") + "traveller.one_way"
	case 10:
		return "traveller.one_way " + rapid.SampledFrom([]string{"==", "!="}).Draw(t, "equal") + " " + fmt.Sprint(rapid.Bool().Draw(t, "truth"))
	case 11:
		return quoted() + " in traveller.countries"
	case 12:
		return "sets.intersects(traveller.countries, [" + quoted() + ", " + quoted() + "])"
	case 13:
		return "traveller.countries.exists(c, c == " + quoted() + " || c.startsWith(" + quoted() + "))"
	case 14:
		return rapid.SampledFrom([]string{
			"10 / traveller.age > 3", `traveller.counts["x"] > 1`, "size(traveller.countries) > 1", "has(traveller.agency)",
			"traveller.booked < traveller.departure", `traveller.legs[0].from == "A"`, `traveller.departure > timestamp("2026-11-24T00:00:00Z")`,
			"traveller.legs.all(l, l.from != l.to)", "traveller.age in [1, 2, 3]", "true", "traveller.payment == traveller.known_as",
		}).Draw(t, "other")
	}
	return `traveller . payment // how it was paid
		== 'cash'`
}

func travellers() *rapid.Generator[*traveller] {
	return rapid.Custom(func(t *rapid.T) *traveller {
		v := &traveller{
			OneWay: rapid.Bool().Draw(t, "one way"), Payment: texts.Draw(t, "payment"), Hidden: texts.Draw(t, "known as"),
			Age: rapid.IntRange(-3, 5).Draw(t, "age"), Bags: int64(rapid.IntRange(-3, 5).Draw(t, "bags")),
			Weight:    rapid.SampledFrom([]float64{-1.5, 0, math.Copysign(0, -1), 20, 1000, .0025, math.NaN(), math.Inf(1), 19.999}).Draw(t, "weight"),
			Countries: rapid.SliceOfN(texts, 0, 3).Draw(t, "countries"),
			Departure: time.Date(2026, 11, 24, rapid.IntRange(-3, 3).Draw(t, "hour"), 0, 0, 0, time.UTC),
		}
		for range rapid.IntRange(0, 2).Draw(t, "legs") {
			v.Legs = append(v.Legs, leg{texts.Draw(t, "from"), texts.Draw(t, "to")})
		}
		if rapid.Bool().Draw(t, "agency") {
			v.Agency = &agency{Name: texts.Draw(t, "agency's name")}
		}
		if rapid.Bool().Draw(t, "counts") {
			v.Counts = map[string]int64{"x": 2}
		}
		return v
	})
}

func ruleOf(id, when string) rules.Rule {
	return rules.Rule{ID: id, Version: "1", Title: "A rule", Owner: "Somebody", Basis: "Some law", Severity: "low", Domain: "test", When: when,
		Examples: []rules.Example{{Name: "any", Want: true}}}.Alone()
}

// The index finds what evaluating every rule finds, before it has learnt anything and after.
func TestTheIndexLosesNothing(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var written []rules.Rule
		for i, when := range rapid.SliceOfN(conditions(3), 1, 12).Draw(t, "conditions") {
			written = append(written, ruleOf(fmt.Sprintf("r%02d", i), when))
		}
		set, wrong, err := rules.Compile(written, vocabularies)
		if err != nil || len(wrong) > 0 {
			t.Fatal(err, wrong)
		}
		views := rapid.SliceOfN(travellers(), 1, 12).Draw(t, "views")
		for round := range 2 {
			for _, v := range views {
				want, got := set.EvaluateAll("test", v, at), set.Evaluate(nil, "test", v, at)
				if diff := cmp.Diff(ids(want), ids(got)); diff != "" {
					t.Fatalf("round %d: (-all +indexed)\n%s", round, diff)
				}
			}
			for i := 0; round == 0 && i < 600; i++ { // past where rules are hung anew
				set.Evaluate(nil, "test", views[i%len(views)], at)
			}
		}
	})
}

// Conditions right and wrong are compiled at the same time in one language: what the race detector is for.
func TestManyCompileAtOnce(t *testing.T) {
	t.Parallel()
	wrong := []string{"passenger.age > 3", "traveller.agee > 3", "traveller.age >", "traveller.age"}
	for g := range 16 {
		t.Run(fmt.Sprint(g), func(t *testing.T) {
			t.Parallel()
			for i := range 20 {
				when, right := conditions(2).Example(g*1000+i), true
				if i%4 == 3 {
					when, right = wrong[(i/4+g)%len(wrong)], false
				}
				set, refused, err := rules.Compile([]rules.Rule{ruleOf("r", when)}, vocabularies)
				if err != nil || (len(refused) == 0) != right {
					t.Errorf("%s: %v %v %v", when, set, refused, err)
				}
			}
		})
	}
}

func ids(hits []rules.Hit) []string {
	out := []string{}
	for _, h := range hits {
		out = append(out, h.Rule.ID)
	}
	return out
}

// What the builder makes of a condition reads the same, and its own trees come back as they were.
func TestBuilderAndTextRoundTrip(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	b, err := rules.NewBuilder(vocabularies[0])
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		when := conditions(4).Draw(t, "condition")
		tree, err := b.ParseTree(when)
		if err != nil {
			t.Fatal(err)
		}
		text, normal, err := b.Format(tree)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree, normal); diff != "" {
			t.Fatalf("what was parsed is not normal: %s\n%s", text, diff)
		}
		again, err := b.ParseTree(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree, again); diff != "" {
			t.Fatalf("%s\nbecame %s\n%s", when, text, diff)
		}
		raw, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		var read rules.Node
		if err := json.Unmarshal(raw, &read); err != nil {
			t.Fatal(err)
		}
		if read, err = b.Normal(read); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree, read); diff != "" {
			t.Fatalf("JSON changed it: %s\n%s", raw, diff)
		}
		set, wrong, err := rules.Compile([]rules.Rule{ruleOf("before", when), ruleOf("after", text)}, vocabularies)
		if err != nil || len(wrong) > 0 {
			t.Fatal(err, wrong)
		}
		for _, v := range rapid.SliceOfN(travellers(), 1, 10).Draw(t, "views") {
			if n := len(set.EvaluateAll("test", v, at)); n == 1 {
				t.Fatalf("%s\nis not %s\nof %+v", when, text, v)
			}
		}
	})
}

func TestTreesAsTheBuilderShowsThem(t *testing.T) {
	t.Parallel()
	b, err := rules.NewBuilder(vocabularies[0])
	if err != nil {
		t.Fatal(err)
	}
	test := func(attribute, operator string, value any) rules.Node {
		return rules.Node{Kind: rules.KindTest, Attribute: "traveller." + attribute, Operator: operator, Value: value}
	}
	text := func(s string) rules.Node { return rules.Node{Kind: rules.KindText, Text: s} }
	all := func(of ...rules.Node) rules.Node {
		return rules.Node{Kind: rules.KindGroup, Op: rules.OpAll, Of: of}
	}
	for _, c := range []struct {
		when, again string // again: as it is written, when otherwise
		want        rules.Node
	}{
		{"traveller.age >= 4 && traveller.age < 14", "", all(test("age", "ge", int64(4)), test("age", "lt", int64(14)))},
		{"4 <= traveller.age", "traveller.age >= 4", test("age", "ge", int64(4))},
		{"((traveller.one_way)) // why", "traveller.one_way", test("one_way", "is", true)},
		{"!!traveller.one_way == false", "!!traveller.one_way == false", text("!!traveller.one_way == false")},
		{"!(traveller.payment in ['A', r'\\d'])", `!(traveller.payment in ["A", "\\d"])`, test("payment", "not_in", []any{"A", `\d`})},
		{`"A" in traveller.countries`, "", test("countries", "has", "A")},
		{"traveller.weight == 20.0", "", test("weight", "is", 20.0)},
		{"traveller.age + 1 > 3 && traveller.bags == 0", "", all(text("traveller.age + 1 > 3"), test("bags", "is", int64(0)))},
		{`traveller.payment == "a || b"`, "", test("payment", "is", "a || b")},
		{"traveller.legs.exists(l, l.from == \"A\" && l.from != l.to)", "", rules.Node{Kind: rules.KindSome, Attribute: "traveller.legs", As: "l", Of: []rules.Node{
			all(rules.Node{Kind: rules.KindTest, Attribute: "l.from", Operator: "is", Value: "A"}, text("l.from != l.to")),
		}}},
		{`traveller.departure > timestamp("2026-11-24T00:00:00Z")`, "", test("departure", "gt", "2026-11-24T00:00:00Z")},
		{"traveller.religion == 'x'", "traveller.religion == 'x'", text("traveller.religion == 'x'")}, // shown as it is; the compiler refuses it
	} {
		got, err := b.ParseTree(c.when)
		if err != nil {
			t.Errorf("%s: %v", c.when, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.when, diff)
		}
		if c.again == "" {
			c.again = c.when
		}
		if again, _, err := b.Format(got); err != nil || again != c.again {
			t.Errorf("%s is written %s, %v", c.when, again, err)
		}
	}
	for _, wrong := range []rules.Node{
		{}, {Kind: "test", Attribute: "traveller.religion", Operator: "is", Value: "x"}, test("age", "is", "x"), test("age", "starts_with", "x"),
		{Kind: "group", Op: "not"}, {Kind: "text", Text: "traveller.age >"}, {Kind: "some", Attribute: "traveller.age", As: "x"},
		{Kind: "some", Attribute: "traveller.legs", As: "in"}, test("weight", "is", nil),
	} {
		if text, _, err := b.Format(wrong); err == nil {
			t.Errorf("%+v is taken: %s", wrong, text)
		}
	}
}

// What is asked of each rule's condition before it is evaluated.
func TestNecessities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		when string
		want []string
	}{
		{`traveller.payment == "X" && traveller.age > 3`, []string{`payment == "X"`, "age >= 4"}},
		{`traveller.age >= 4 && traveller.age < 14`, []string{"4 <= age <= 13"}},
		{`traveller.payment in ["A", "B"]`, []string{`payment == "A" || payment == "B"`}},
		{`"CA" in traveller.countries`, []string{`countries[] == "CA"`}},
		{`traveller.legs.exists(l, l.from == "DOH" && l.to.startsWith("L"))`, []string{`legs[].from == "DOH"`, `legs[].to begins "L"`}},
		{`traveller.payment == "A" || traveller.weight < 20.0`, []string{`payment == "A" || weight <= 19.999999999999996`}},
		{`!(traveller.one_way || traveller.payment != "A")`, []string{"one_way == false", `payment == "A"`}},
		{`traveller.payment == "A" || size(traveller.countries) > 3`, nil},
		{`traveller.legs.all(l, l.from == "DOH")`, nil},
		{`traveller.legs.exists(traveller, traveller.from == "DOH")`, []string{`legs[].from == "DOH"`}},
		{`traveller.payment != "A"`, nil},
		{`traveller.age > 9223372036854775807`, nil},
	} {
		set, wrong, err := rules.Compile([]rules.Rule{ruleOf("r", c.when)}, vocabularies)
		if err != nil || len(wrong) > 0 {
			t.Fatal(c.when, err, wrong)
		}
		if diff := cmp.Diff(c.want, set.Needs("r")); diff != "" {
			t.Errorf("%s: %s", c.when, diff)
		}
	}
}

func FuzzParseTree(f *testing.F) {
	b, err := rules.NewBuilder(vocabularies[0])
	if err != nil {
		f.Fatal(err)
	}
	for _, when := range []string{`traveller.age >= 4 && !(traveller.payment in ["A"])`, "traveller.legs.exists(l, l.from == 'x' // c\n)", "a ? b : c", "r'''\\''' == \"\"", "1e-5 < .5u"} {
		f.Add(when)
	}
	f.Fuzz(func(t *testing.T, when string) {
		tree, err := b.ParseTree(when)
		if err != nil {
			return
		}
		text, normal, err := b.Format(tree)
		if err != nil {
			t.Fatalf("%q: %v", when, err)
		}
		if diff := cmp.Diff(tree, normal); diff != "" {
			t.Fatalf("%q became %q: %s", when, text, diff)
		}
	})
}
