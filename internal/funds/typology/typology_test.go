package typology_test

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/funds/typology"
)

//go:embed examples.yaml
var examples []byte

type example struct {
	Name      string
	Party     string
	Want      string // found, nothing, or what is missing
	Movements []string
}

// movement reads a line of examples.yaml.
func movement(t *testing.T, n int, line string) typology.Movement {
	t.Helper()
	words := strings.Fields(line)
	at, err := time.Parse("2006-01-02T15", words[0])
	if err != nil {
		t.Fatal(err)
	}
	m := typology.Movement{ID: fmt.Sprint("m", n), At: at, Day: at.Format(time.DateOnly), Kind: typology.Kind(words[1]), Currency: "USD", Line: money.Of(10_000, 0)}
	m.From, m.To, _ = strings.Cut(words[2], ">")
	if words[3] != "?" {
		if m.USD, err = money.Parse(words[3]); err != nil {
			t.Fatal(err)
		}
		m.Amount = m.USD
	}
	for _, w := range words[4:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "line":
			m.Line = money.Decimal{}
		case "flight":
			m.Flight = value
		case "shared":
			m.Shared = []string{value}
		case "origin":
			m.Origin = value
		case "hidden":
			m.Hidden = []string{value}
		case "abroad":
			m.Abroad = true
		case "opened":
			m.Opened = value
		case "filer":
			m.Filer = value
		default:
			t.Fatalf("unknown word %q", w)
		}
	}
	return m
}

func told(found []typology.Finding, unknown []typology.Unknown, id string) string {
	if slices.ContainsFunc(found, func(f typology.Finding) bool { return f.Typology == id }) {
		return "found"
	}
	for _, u := range unknown {
		if u.Typology == id {
			return u.Missing
		}
	}
	return "nothing"
}

// Each typology fires on its example, not just under any of its parameters, and says when it cannot tell.
func TestExamples(t *testing.T) {
	t.Parallel()
	var all map[string][]example
	if err := yaml.Unmarshal(examples, &all); err != nil {
		t.Fatal(err)
	}
	p := typology.Defaults()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	for _, typ := range typology.All {
		if typ.ID == "F-15" { // has a test of its own: it takes many transfers
			continue
		}
		if len(all[typ.ID]) < 3 {
			t.Errorf("%s has %d examples", typ.ID, len(all[typ.ID]))
		}
		for _, e := range all[typ.ID] {
			var ms []typology.Movement
			for i, line := range e.Movements {
				ms = append(ms, movement(t, i, line))
			}
			found, unknown := typology.Evaluate(e.Party, ms, &p)
			if got := told(found, unknown, typ.ID); got != e.Want {
				t.Errorf("%s, %s: %s, wanted %s (%+v)", typ.ID, e.Name, got, e.Want, found)
			}
		}
	}
}

// A bank that leaves out who pays in a tenth of twenty transfers is found; in fewer, or of fewer, it is not.
func TestGapChain(t *testing.T) {
	t.Parallel()
	p := typology.Defaults()
	for _, test := range []struct {
		transfers, gaps, every int
		want                   string
	}{{20, 2, 1, "found"}, {19, 19, 1, "nothing"}, {21, 2, 1, "nothing"}, {20, 2, 2, "nothing"}} {
		var ms []typology.Movement
		for i := range test.transfers {
			at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, i*test.every)
			ms = append(ms, typology.Movement{ID: fmt.Sprint(i), Kind: typology.Transfer, At: at, Day: at.Format(time.DateOnly), From: "X", To: "Y", Bank: "B", Gaps: i < test.gaps, USD: money.Of(100, 0)})
		}
		found, unknown := typology.Evaluate("B", ms, &p)
		if got := told(found, unknown, "F-15"); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// The order of the movements, and one that comes twice, make no difference; a finding shows movements there are.
func TestOrderMakesNoDifference(t *testing.T) {
	t.Parallel()
	p := typology.Defaults()
	kinds := []typology.Kind{typology.CarriedIn, typology.CarriedOut, typology.Deposit, typology.Withdrawal, typology.Transfer}
	rapid.Check(t, func(t *rapid.T) {
		parties := []string{"", "P", "Q", "R", "A", "B"}
		var ms []typology.Movement
		for i := range rapid.IntRange(0, 25).Draw(t, "n") {
			at := time.Date(2026, 5, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "day"))
			m := typology.Movement{
				ID: fmt.Sprint(i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: at, Day: at.Format(time.DateOnly), From: rapid.SampledFrom(parties).Draw(t, "from"),
				To: rapid.SampledFrom(parties).Draw(t, "to"), USD: money.Of(int64(rapid.IntRange(1, 20).Draw(t, "usd"))*1000, 0), Line: money.Of(10_000, 0),
				Shared: []string{rapid.SampledFrom([]string{"x", "y"}).Draw(t, "shared")}, Flight: rapid.SampledFrom([]string{"", "GF1", "GF2"}).Draw(t, "flight"),
			}
			m.Amount = m.USD
			if rapid.IntRange(0, 9).Draw(t, "unrated") == 0 {
				m.USD = money.Decimal{}
			}
			ms = append(ms, m)
		}
		for _, party := range parties[1:] {
			found, unknown := typology.Evaluate(party, ms, &p)
			shuffled := rapid.Permutation(slices.Concat(ms, ms[:len(ms)/2])).Draw(t, "order")
			again, unknownAgain := typology.Evaluate(party, shuffled, &p)
			if diff := cmp.Diff(found, again); diff != "" {
				t.Fatal(diff)
			}
			if diff := cmp.Diff(unknown, unknownAgain); diff != "" {
				t.Fatal(diff)
			}
			for _, f := range found {
				if len(f.Movements) == 0 || len(f.Values) == 0 && f.Typology != "F-16" {
					t.Fatalf("%s does not explain itself: %+v", f.Typology, f)
				}
			}
		}
	})
}
