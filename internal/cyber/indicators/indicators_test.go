package indicators_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/stix/pattern"
	"github.com/rihla/rihla/internal/cyber/indicators"
)

var at = time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC)

func anyClaim(t *rapid.T) indicators.Claim {
	days := rapid.IntRange(0, 5)
	return indicators.Claim{
		Source: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "source"), Ref: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "ref"), Report: rapid.SampledFrom([]string{"r1", "r2"}).Draw(t, "report"),
		Said: at.AddDate(0, 0, days.Draw(t, "said")), Confidence: rapid.IntRange(-1, 100).Draw(t, "confidence"), TLP: stix.TLP(rapid.IntRange(0, 5).Draw(t, "tlp")), //nolint:gosec // of five
		ValidFrom: at.AddDate(0, 0, days.Draw(t, "from")), Revoked: rapid.Bool().Draw(t, "revoked"), Denied: rapid.Bool().Draw(t, "denied"), Name: rapid.SampledFrom([]string{"", "n", "m"}).Draw(t, "name"),
	}
}

// Whatever the order in which claims and acts come, and however often, the indicator ends the same.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		claims := rapid.SliceOfN(rapid.Custom(anyClaim), 1, 10).Draw(t, "claims")
		fold := func(all []indicators.Claim) string {
			h := indicators.Hold(observable.Domain, "evil.example.net")
			for _, c := range all {
				h.Hear(c)
			}
			b, err := json.Marshal(h.At(at.AddDate(0, 0, 20), indicators.Seen{}))
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		shuffled := rapid.Permutation(append(claims, claims[:len(claims)/2]...)).Draw(t, "shuffled")
		if diff := cmp.Diff(fold(claims), fold(shuffled)); diff != "" {
			t.Fatalf("shuffled and repeated, the indicator differs: %s", diff)
		}
	})
}

// What was heard of one value is bounded, whoever repeats himself under ever new names.
func TestClaimsAreBounded(t *testing.T) {
	t.Parallel()
	h := indicators.Hold(observable.Domain, "evil.example.net")
	for i := range 2000 {
		h.Hear(indicators.Claim{Source: "A", Ref: strings.Repeat("x", i%50) + time.Duration(i).String(), Said: at})
	}
	if len(h.Claims) > 500 {
		t.Errorf("%d claims are held", len(h.Claims))
	}
}

func TestLife(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return at.AddDate(0, 0, n) }
	claim := func(c indicators.Claim) *indicators.Held {
		h := indicators.Hold(observable.IPv4, "198.51.100.7")
		c.Source, c.Said = "A", at
		h.Hear(c)
		return h
	}
	plain := claim(indicators.Claim{Confidence: 80})
	for _, test := range []struct {
		held  *indicators.Held
		now   time.Time
		seen  indicators.Seen
		state indicators.State
		score int
	}{
		{plain, day(0), indicators.Seen{}, indicators.Active, 80},
		{plain, day(15), indicators.Seen{}, indicators.Active, 72},
		{plain, day(28), indicators.Seen{}, indicators.Expiring, 16},
		{plain, day(30), indicators.Seen{}, indicators.Over, 0},
		{plain, day(30), indicators.Seen{Last: day(20)}, indicators.Active, 78}, // met, its life began anew
		{plain, day(-1), indicators.Seen{}, indicators.Proposed, 80},
		{plain, day(1), indicators.Seen{Denied: []string{"B", "C"}}, indicators.Harmless, 0},
		{plain, day(1), indicators.Seen{Denied: []string{"B"}}, indicators.Active, 80},
		{claim(indicators.Claim{Confidence: 80, Revoked: true}), day(1), indicators.Seen{}, indicators.Revoked, 0},
		{claim(indicators.Claim{Confidence: -1, ValidUntil: day(100)}), day(50), indicators.Seen{}, indicators.Active, 45},
	} {
		if v := test.held.At(test.now, test.seen); v.State != test.state || v.Score != test.score {
			t.Errorf("on %s seen %v: %s with %d, wanted %s with %d", test.now.Format(time.DateOnly), test.seen, v.State, v.Score, test.state, test.score)
		}
	}
	plain.Do(indicators.Act{At: day(2), By: "huda", What: indicators.FalsePositive, Reason: "ours"})
	if v := plain.At(day(3), indicators.Seen{}); v.State != indicators.Harmless || v.Reason != "ours" {
		t.Errorf("called a false positive it is %s", v.State)
	}
	plain.Do(indicators.Act{At: day(4), By: "huda", What: indicators.Restored})
	if v := plain.At(day(5), indicators.Seen{Denied: []string{"B", "C"}}); v.State != indicators.Active {
		t.Errorf("restored by a person it is %s", v.State)
	}
	plain.Do(indicators.Act{At: day(6), By: "huda", What: indicators.Expired})
	if v := plain.At(day(7), indicators.Seen{}); v.State != indicators.Over {
		t.Errorf("ended by a person it is %s", v.State)
	}
}

// The strictest marking of all who said it holds; none at all counts as AMBER+STRICT.
func TestMarking(t *testing.T) {
	t.Parallel()
	h := indicators.Hold(observable.Domain, "evil.example.net")
	h.Hear(indicators.Claim{Source: "A", Said: at, TLP: stix.Green})
	if v := h.At(at, indicators.Seen{}); v.TLP != stix.Green {
		t.Errorf("%s", v.TLP)
	}
	h.Hear(indicators.Claim{Source: "B", Said: at})
	if v := h.At(at, indicators.Seen{}); v.TLP != stix.AmberStrict {
		t.Errorf("%s", v.TLP)
	}
	h.Hear(indicators.Claim{Source: "C", Said: at, TLP: stix.Red, Revoked: true})
	if v := h.At(at, indicators.Seen{}); v.TLP != stix.Red {
		t.Errorf("taken back, a RED claim no longer holds: %s", v.TLP)
	}
}

// Which patterns stand for values by themselves.
func TestAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"[ipv4-addr:value = '198.51.100.7']":                                                              {"ipv4 198.51.100.7"},
		"[url:value IN ('http://a.example/1', 'http://b.example')]":                                       {"url http://a.example/1", "url http://b.example/"},
		"[domain-name:value = 'A.Example' OR ipv6-addr:value = '2001:DB8::1']":                            {"domain a.example", "ipv6 2001:db8::1"},
		"[ipv4-addr:value = '198.51.100.7'] OR [domain-name:value = 'a.example']":                         {"ipv4 198.51.100.7", "domain a.example"},
		"[ipv4-addr:value ISSUBSET '203.0.113.0/28']":                                                     {"cidr 203.0.113.0/28"},
		"[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '198.51.100.7']": {"ipv4 198.51.100.7"},
		"[file:hashes.'SHA-1' = 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709']":                              {"sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		"[ipv4-addr:value = '198.51.100.7'] AND [domain-name:value = 'a.example']":                        nil,
		"[ipv4-addr:value = '198.51.100.7'] FOLLOWEDBY [domain-name:value = 'a.example']":                 nil,
		"[ipv4-addr:value = '198.51.100.7'] REPEATS 5 TIMES":                                              nil,
		"[ipv4-addr:value != '198.51.100.7']":                                                             nil,
		"[ipv4-addr:value LIKE '198.51.%']":                                                               nil,
		"[file:name = 'a.exe' AND file:size = 5]":                                                         nil,
	} {
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range indicators.Alone(p) {
			got = append(got, string(v.Kind)+" "+v.Value)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	if indicators.Alone(nil) != nil {
		t.Error("no pattern stands for something")
	}
}

// Every indicator of the samples is read: as values, or as the pattern it is.
func TestSamplesAreRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/stix/valid/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name) //nolint:gosec // of this package
		if err != nil {
			t.Fatal(err)
		}
		doc, f := stix.Read(raw)
		if f != nil {
			t.Fatal(f)
		}
		var objects []*stix.Object
		for i := range doc.Objects {
			objects = append(objects, &doc.Objects[i])
		}
		for _, o := range objects {
			values, claim, ok := indicators.Read(o, stix.NewMarkings(objects...), "A", "r")
			if ok != (o.Type == "indicator") {
				t.Errorf("%s is read as an indicator: %v", o.ID, ok)
			}
			if ok && (len(values) == 0 || claim.Ref != o.ID || claim.Said.IsZero()) {
				t.Errorf("%s in %s is read as %v by %+v", o.ID, name, values, claim)
			}
			if ok && values[0].Kind == indicators.Composite && claim.Pattern == "" {
				t.Errorf("the pattern of %s is lost", o.ID)
			}
		}
	}
}

// A part that is marked more strictly than the object makes the whole as strict, but for texts, which are kept apart.
func TestGranularMarking(t *testing.T) {
	t.Parallel()
	read := func(selectors string) indicators.Claim {
		o, f := stix.ReadObject([]byte(`{"type":"indicator","spec_version":"2.1","id":"indicator--22222222-2222-4222-8222-222222222222","created":"2026-03-15T08:00:00.000Z","modified":"2026-03-15T08:00:00.000Z","name":"secret name","labels":["a"],"pattern":"[domain-name:value = 'a.example']","pattern_type":"stix","valid_from":"2026-03-15T08:00:00Z",
			"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],"granular_markings":[{"selectors":` + selectors + `,"marking_ref":"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"}]}`))
		if f != nil || !o.Accepted() {
			t.Fatal(f, o)
		}
		_, c, _ := indicators.Read(o, stix.NewMarkings(o), "A", "r")
		return c
	}
	if c := read(`["name"]`); c.TLP != stix.Green || c.TextTLP != stix.Red {
		t.Errorf("a RED name: %s, text %s", c.TLP, c.TextTLP)
	}
	h := indicators.Hold(observable.Domain, "a.example")
	h.Hear(read(`["name"]`))
	if v := h.At(at, indicators.Seen{}); slices.Contains(v.Names, "secret name") {
		t.Error("a RED name is shown among those of a GREEN indicator")
	}
	if c := read(`["labels.[0]"]`); c.TLP != stix.Red {
		t.Errorf("a RED label: %s", c.TLP)
	}
}
