package rules_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening/rules"
)

// Whoever writes a rule cannot hold the house up with it: neither its compiler, nor its builder, nor its evaluation.
func TestHostileConditions(t *testing.T) {
	t.Parallel()
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	b, err := rules.NewBuilder(vocabularies[0])
	if err != nil {
		t.Fatal(err)
	}
	loop := "traveller.age == 1"
	for i := range 20 {
		loop = fmt.Sprintf("traveller.countries.all(x%d, %s)", i, loop)
	}
	view := &traveller{Countries: make([]string, 500), Payment: many("a", 10_000), Age: 1}
	for _, when := range []string{
		many("(", 3000) + "true" + many(")", 3000), many("!", 7000) + "true", many("[", 4000), many("true && ", 900) + "true", many("true ? true : ", 500) + "true",
		many("traveller.", 700) + "age > 3", `"` + many("a", 9000), loop, `traveller.payment.matches("(a*)*(a*)*b")`, `traveller.payment.replace("a", traveller.payment) != ""`, `"aaaaaaaa".replace("a", "aaaaaaaa") != ""`,
		`traveller.payment.split("").exists(x, traveller.payment.split("").exists(y, x != y))`, many("-", 4000) + "1 == 1", "traveller.countries" + many(".map(x, x + x)", 12) + ".size() > 1",
		"{'a': " + many("{'a': ", 200) + "1" + many("}", 201) + " == {}", "\x00", "\xff\xfe", "// only a comment", many("1 + ", 1500) + "1 == 2",
	} {
		start := time.Now()
		name := when[:min(len(when), 40)]
		if _, err := rules.Check(rules.Rule{Domain: "test", When: when}.Alone(), vocabularies, true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if tree, err := b.ParseTree(when); err == nil {
			if _, _, err := b.Format(tree); err != nil {
				t.Errorf("%s: what was parsed is not written: %v", name, err)
			}
		}
		if set, wrong, err := rules.Compile([]rules.Rule{ruleOf("r", when), ruleOf("other", "traveller.age == 1")}, vocabularies); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if hits := set.Evaluate(nil, "test", view, start); len(wrong) == 0 && !cmp.Equal(ids(hits)[max(0, len(hits)-1):], []string{"other"}) {
			t.Errorf("%s: the rule beside it finds nothing", name)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}

// Many goroutines ask one set while it learns.
func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	set, wrong, err := rules.Compile([]rules.Rule{
		ruleOf("both", `traveller.payment == "cash" && traveller.age > 3`), ruleOf("always", "size(traveller.countries) == 1"), ruleOf("fails", "1 / traveller.bags > 0"),
	}, vocabularies)
	if err != nil || len(wrong) > 0 {
		t.Fatal(err, wrong)
	}
	at := time.Now()
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			var hits []rules.Hit
			for i := range 1000 {
				v := &traveller{Payment: "cash", Age: (i + n) % 8, Countries: []string{"A"}}
				hits = set.Evaluate(hits[:0], "test", v, at)
				want := []string{"always"}
				if v.Age > 3 {
					want = []string{"both", "always"}
				}
				if diff := cmp.Diff(want, ids(hits)); diff != "" {
					t.Error(diff)
					return
				}
			}
		})
	}
	all.Wait()
	if n := set.Failures("fails"); n != 4000 || set.LastFailure("fails") != "division by zero" {
		t.Errorf("%d failures are counted, the last %q", n, set.LastFailure("fails"))
	}
	if views, met, evaluated := set.Work(); views != 4000 || met < 8000 || evaluated > met {
		t.Error(views, met, evaluated)
	}
}
