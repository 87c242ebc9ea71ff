package scenario_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/synth/scenario"
)

var world = scenario.World{
	Roles: []string{"analyst", "supervisor", "officer"}, Outcomes: []string{"cleared", "not-same-person", "referred", "do-not-board"},
	Listed: func(p scenario.Person) (string, bool) { return "a list in force", p.Surname == "TRULY" },
}

func text(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("../../../training/lost-document.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func read(t testing.TB) *scenario.Scenario {
	t.Helper()
	s, faults := scenario.Read([]byte(text(t)), world)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return s
}

// What is wrong is told with its line and column, and how to mend it.
func TestReadSaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, from, to, rule, at, mend string }{
		{"somebody not in the cast", "who: [namesake]", "who: [namesaek]", "scenario_cast", "namesaek", "did you mean namesake?"},
		{"a flight there is not", "flight: evening, who", "flight: evenig, who", "scenario_flight", "evenig", "did you mean evening?"},
		{"a role nobody has", "role: analyst\n    skill: documents", "role: anaylst\n    skill: documents", "scenario_role", "anaylst", "did you mean analyst?"},
		{"a seat nobody takes", "seats: [analyst, supervisor]", "seats: [supervisor]", "scenario_seat", "analyst", "add it to seats"},
		{"a skill it does not train", "skill: fairness", "skill: fairnes", "scenario_skill", "fairnes", "did you mean fairness?"},
		{"an outcome there is not", "decide: [referred]", "decide: [refered]", "scenario_outcome", "refered", "did you mean referred?"},
		{"landing before leaving", "arrives: 2026-03-03T02:00", "arrives: 2026-03-02T02:00", "scenario_time", "2026-03-02T02:00", "mind that both times are local"},
		{"after the end", "at: 20m", "at: 4h", "scenario_time", "4h", "let it happen sooner"},
		{"an airport there is not", "from: AMM", "from: QQQ", "scenario_airport", "QQQ", "write its three letters: BAH"},
		{"one language", "ar: قارن تاريخي الميلاد.", `ar: ""`, "scenario_words", "{en: Compare", "write en and ar"},
		{"a real name", "surname: HADDAD", "surname: TRULY", "scenario_real", "{surname: TRULY", "invent another"},
		{"an unknown word", "length: 3h", "lenght: 3h", "scenario_form", "lenght", ""},
		{"no time", "length: 3h", "length: soon", "scenario_form", "", ""},
		{"right and wrong", "wrong: {referred: 25}", "wrong: {cleared: 25}", "scenario_decide", "{cleared: 25", "take it out of one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(text(t), c.from) {
				t.Fatalf("the file has no %q", c.from)
			}
			broken := strings.Replace(text(t), c.from, c.to, 1)
			s, faults := scenario.Read([]byte(broken), world)
			if s != nil || len(faults) == 0 {
				t.Fatal("it is taken")
			}
			for _, f := range faults {
				if f.Rule != c.rule || !strings.HasPrefix(f.Mend, c.mend) {
					continue
				}
				if lines := strings.Split(broken, "\n"); !strings.HasPrefix(string([]rune(lines[f.Line-1])[f.Column-1:]), c.at) {
					t.Errorf("%d:%d is not where %q is: %s", f.Line, f.Column, c.at, f.Message)
				}
				return
			}
			t.Errorf("got %v", faults)
		})
	}
}

// A list is what its carrier would file: it reads back as those who are on it.
func TestDeliveriesReadBack(t *testing.T) {
	t.Parallel()
	s := read(t)
	var people, found int
	for _, d := range s.Deliveries() {
		if d.Report == nil {
			continue
		}
		err := paxlst.Read(d.Report, d.At, func(m *paxlst.Message, broken *fault.Fault) error {
			if broken != nil {
				return broken
			}
			if len(m.Warnings)+len(m.Lost) > 0 {
				t.Errorf("%v %v", m.Warnings, m.Lost)
			}
			people += len(m.Passengers)
			for _, p := range m.Passengers {
				for _, doc := range p.Documents {
					if doc.Number == "N771002" {
						found++
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if people != 142 || found != 1 {
		t.Errorf("%d people, %d of them on the lost document", people, found)
	}
	if diff := cmp.Diff(s.Deliveries(), read(t).Deliveries()); diff != "" {
		t.Error(diff)
	}
}

func adverse(outcome string) bool { return outcome == "referred" || outcome == "do-not-board" }

func TestScore(t *testing.T) {
	t.Parallel()
	s := read(t)
	at := func(m int) time.Time { return s.Start.Add(time.Duration(m) * time.Minute) }
	decide := func(m int, of, outcome string) scenario.Done {
		flight := "evening"
		if of == "namesake" {
			flight = "morning"
		}
		return scenario.Done{At: at(m), Role: "analyst", Of: of, Flight: flight, Outcome: outcome}
	}
	for _, c := range []struct {
		name    string
		done    []scenario.Done
		percent int
		marks   []scenario.Verdict
	}{
		{"everything right", s.Perfect(), 100, []scenario.Verdict{scenario.Right, scenario.Right}},
		{"nothing done", nil, 0, []scenario.Verdict{scenario.Missed, scenario.Missed}},
		{"everybody cleared", []scenario.Done{decide(9, "bearer", "cleared"), decide(10, "namesake", "cleared")}, 22, []scenario.Verdict{scenario.Wrong, scenario.Right}},
		{"everybody stopped", []scenario.Done{decide(9, "bearer", "referred"), decide(10, "namesake", "referred")}, 27, []scenario.Verdict{scenario.Right, scenario.Wrong}},
		{"a mistake mended in time", []scenario.Done{decide(9, "namesake", "referred"), decide(20, "namesake", "cleared"), decide(10, "bearer", "referred")}, 100, []scenario.Verdict{scenario.Right, scenario.Right}},
		{"late is half", []scenario.Done{decide(100, "bearer", "referred"), decide(10, "namesake", "cleared")}, 72, []scenario.Verdict{scenario.Late, scenario.Right}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := s.Score(c.done, adverse)
			var marks []scenario.Verdict
			for _, m := range r.Marks {
				marks = append(marks, m.Verdict)
			}
			if diff := cmp.Diff(c.marks, marks); diff != "" || r.Percent != c.percent {
				t.Errorf("%d %%, want %d\n%s", r.Percent, c.percent, diff)
			}
		})
	}
}

// However what was done is told, the score is the same, and nobody scores more than there is.
func TestScoreKnowsNoOrder(t *testing.T) {
	t.Parallel()
	s := read(t)
	rapid.Check(t, func(t *rapid.T) {
		done := rapid.SliceOf(rapid.Custom(func(t *rapid.T) scenario.Done {
			return scenario.Done{
				At:   s.Start.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "minute")) * time.Minute),
				Role: rapid.SampledFrom([]string{"analyst", "supervisor"}).Draw(t, "role"), Of: rapid.SampledFrom([]string{"bearer", "owner", "namesake"}).Draw(t, "of"),
				Flight: rapid.SampledFrom([]string{"evening", "morning"}).Draw(t, "flight"), Outcome: rapid.SampledFrom(world.Outcomes).Draw(t, "outcome"),
			}
		})).Draw(t, "done")
		one, other := s.Score(done, adverse), s.Score(rapid.Permutation(done).Draw(t, "told otherwise"), adverse)
		if diff := cmp.Diff(one, other); diff != "" {
			t.Fatal(diff)
		}
		if one.Percent < 0 || one.Percent > 100 {
			t.Fatalf("%d %%", one.Percent)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(text(f)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, faults := scenario.Read(b, world); s != nil {
			s.Deliveries()
			s.Score(s.Perfect(), adverse)
		} else if len(faults) == 0 {
			t.Error("refused without a reason")
		}
	})
}
