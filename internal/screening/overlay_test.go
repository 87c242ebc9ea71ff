package screening

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/screening/lists"
)

var (
	someGiven   = strings.Fields("MOHAMMED AHMED KASSEM QASIM FATIMA MARYAM IVAN ELENA PEDRO CLAIRE WEI JOHN")
	someFamily  = strings.Fields("ZORVANI ZARVANI AL-HADDAD HADAD PETROV PETROVA GARCIA KESTREL LI SMITH BENALI BIN-ALI")
	someBirths  = []string{"", "1971-03-14", "1971-14-03", "1985", "~1988", "1990-01-01", "1972-03-14"}
	someNumbers = []string{"X1000001", "X1000002", "XO000003", "AB12345", "AB123456"}
)

func someEntry(t *rapid.T, id int) lists.Entry {
	e := lists.Entry{ID: fmt.Sprint("E", id), Schema: "Person", Reason: "Invented reason", Sex: rapid.SampledFrom([]string{"", "M", "F"}).Draw(t, "sex")}
	for range rapid.IntRange(1, 2).Draw(t, "names") {
		given, family := rapid.SampledFrom(someGiven).Draw(t, "given"), rapid.SampledFrom(someFamily).Draw(t, "family")
		e.Names = append(e.Names, lists.Name{Text: family + ", " + given, Surname: family, Given: given, Kind: "primary", Weak: rapid.IntRange(0, 9).Draw(t, "weak") == 0})
	}
	if b := rapid.SampledFrom(someBirths).Draw(t, "born"); b != "" {
		e.Births = []string{b}
	}
	if rapid.Bool().Draw(t, "has a document") {
		e.Documents = []lists.Document{{Type: "P", Number: rapid.SampledFrom(someNumbers).Draw(t, "number"), Issuer: rapid.SampledFrom([]string{"", "SYR", "GBR"}).Draw(t, "issuer")}}
	}
	e.DocumentOnly = rapid.IntRange(0, 9).Draw(t, "document only") == 0
	return e
}

func someSubject(t *rapid.T, id int) Subject {
	s := Subject{ID: ID(fmt.Sprint("S", id)), Domain: "travel", Within: fmt.Sprint("F", id%3)}
	s.Names = []Name{{Surname: rapid.SampledFrom(someFamily).Draw(t, "surname"), Given: rapid.SampledFrom(someGiven).Draw(t, "given")}}
	if b := rapid.SampledFrom(someBirths).Draw(t, "born"); b != "" && b[0] != '~' {
		s.Births = []string{b}
	}
	if rapid.Bool().Draw(t, "has a document") {
		s.Documents = []Document{{Type: "P", Number: rapid.SampledFrom(someNumbers).Draw(t, "number"), Issuer: rapid.SampledFrom([]string{"", "SYR", "GBR"}).Draw(t, "issuer")}}
	}
	return s
}

// filling gives words the rarity they have in a list of some size, so that a handful of entries more or less does not
// change what a word is worth.
var filling = func() []lists.Entry {
	r := rand.New(rand.NewPCG(7, 7))
	out := make([]lists.Entry, 1500)
	for i := range out {
		given, family := someGiven[r.IntN(len(someGiven))], ""
		if i%40 == 0 {
			family = someFamily[r.IntN(len(someFamily))]
		} else {
			for range 3 {
				family += []string{"BRA", "KEN", "TOL", "VIR", "DAS", "MUN", "POL", "GRE"}[r.IntN(8)]
			}
		}
		out[i] = lists.Entry{ID: fmt.Sprint("F", i), Schema: "Person", Births: []string{fmt.Sprintf("19%02d-06-15", 20+r.IntN(20))}, Names: []lists.Name{{Text: family + ", " + given, Surname: family, Given: given, Kind: "primary"}}}
	}
	return out
}()

// sameFindings compares by what was found, and by scores as far as rarity may move them; who stands at the threshold may
// be found by one of the two.
func sameFindings(t interface{ Errorf(string, ...any) }, what string, got, want []Finding) {
	const hair = 0.8 // in log-odds: of these lists half of those who bear some names change; in a real one it is far less
	odds := func(score float64) float64 { return math.Log(score / (1 - score)) }
	of := func(fs []Finding) map[string]Finding {
		m := make(map[string]Finding)
		for _, f := range fs {
			m[f.Engine+" "+f.Matched] = f
		}
		return m
	}
	a, b := of(got), of(want)
	near := func(f Finding) bool { return f.Engine == EngineName && odds(f.Score)-odds(DefaultLook) < hair }
	for key, f := range a {
		g, there := b[key]
		switch {
		case !there && !near(f):
			t.Errorf("%s: %s found only over an overlay, score %.3f", what, key, f.Score)
		case there && math.Abs(odds(f.Score)-odds(g.Score)) > hair:
			t.Errorf("%s: %s scored %.3f over an overlay, %.3f whole", what, key, f.Score, g.Score)
		case there && (f.EntryHash != g.EntryHash || f.ListVersion != g.ListVersion || f.Explanation.Listed != g.Explanation.Listed || f.Explanation.Reason != g.Explanation.Reason):
			t.Errorf("%s: %s tells %+v over an overlay, %+v whole", what, key, f, g)
		}
	}
	for key, f := range b {
		if _, there := a[key]; !there && !near(f) {
			t.Errorf("%s: %s not found over an overlay, score %.3f", what, key, f.Score)
		}
	}
}

// Lists laid over an older index give what one index of them all gives.
func TestOverlayGivesWhatTheWholeGives(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }
	rapid.Check(t, func(t *rapid.T) {
		current := make(map[string]lists.Entry)
		for _, e := range filling {
			current[e.ID] = e
		}
		ids := rapid.IntRange(1, 15).Draw(t, "ids")
		for id := range ids {
			if rapid.Bool().Draw(t, "there") {
				e := someEntry(t, id)
				current[e.ID] = e
			}
		}
		list := func() map[string]lists.List {
			l := lists.List{Version: "1"}
			for _, e := range current {
				l.Entries = append(l.Entries, e)
			}
			return map[string]lists.List{"l": l}
		}
		g := NewGeneration(list(), nil, now)
		g.moved = make(map[entryKey]*readEntry)
		for id := range ids {
			key := fmt.Sprint("E", id)
			switch rapid.IntRange(0, 3).Draw(t, "what becomes of it") {
			case 0:
				delete(current, key)
				g.moved[entryKey{"l", key}] = nil
			case 1, 2:
				e := someEntry(t, id)
				if rapid.IntRange(0, 4).Draw(t, "is over") == 0 {
					e.Until = "2026-11-24"
				}
				current[key] = e
				r := prepared("l", e)
				g.moved[r.entryKey] = &r
			}
		}
		g.lay(now())
		whole := NewGeneration(list(), nil, now)
		for i := range 5 {
			s := Screened{Subject: someSubject(t, i)}
			sameFindings(t, fmt.Sprintf("%+v", s.Subject), g.Screen(nil, &s), whole.Screen(nil, &s))
		}
	})
}

// What goes on the roll comes off it.
func TestRoll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newRollWriter()
		text := rapid.String()
		var all []lists.Entry
		for i := range rapid.IntRange(0, 20).Draw(t, "entries") {
			e := someEntry(t, i)
			e.Reason, e.Instruction, e.Names[0].Text = text.Draw(t, "reason"), text.Draw(t, "instruction"), text.Draw(t, "name")
			all = append(all, e)
			w.add("list", &e, e.Hash())
		}
		r := w.finish()
		if _, found := r.find(entryKey{"list", "none"}); found {
			t.Errorf("an entry is found that was never added")
		}
		for i := range all {
			place, found := r.find(entryKey{"list", all[i].ID})
			if !found || int(place) != i {
				t.Fatalf("entry %d is found at %d, %t", i, place, found)
			}
			got := r.entry(place)
			if got.list != "list" || got.id != all[i].ID || got.hash != all[i].Hash() || got.reason != all[i].Reason || got.instruction != all[i].Instruction ||
				got.names[0] != all[i].Names[0].Text || len(got.documents) != len(all[i].Documents) || got.births != (len(all[i].Births) > 0) {
				t.Fatalf("entry %+v came back as %+v", all[i], got)
			}
		}
	})
}
