package ledger_test

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/ledger"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	bhTerms  = ledger.Terms{Agreement: "bh-us-travel", Version: 3, Own: "bh", Partner: "us", Acknowledge: time.Minute}
	usTerms  = ledger.Terms{Agreement: "bh-us-travel", Version: 3, Own: "us", Partner: "bh", Acknowledge: time.Minute}
	november = ledger.Days{From: "2026-11-01", To: "2026-11-30"}
)

func figures(t testing.TB, terms ledger.Terms, days ledger.Days, entries []ledger.Entry) ledger.Review {
	t.Helper()
	r, err := ledger.Figures(terms, days, entries)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(t testing.TB, v any) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reviewed is the report of one state with what the other sent of its own.
func reviewed(t testing.TB, w *world) ledger.Review {
	t.Helper()
	r := figures(t, bhTerms, november, w.logs["bh"])
	theirs := figures(t, usTerms, november, w.logs["us"])
	r.Sides["us"] = theirs.Sides["us"].Shared()
	r.Differences = ledger.Reconcile("bh", "us", r.Sides["bh"], r.Sides["us"])
	return r
}

// The report of an invented month is the one that was read and found right.
func TestGolden(t *testing.T) {
	t.Parallel()
	got := text(t, reviewed(t, month()))
	golden := filepath.Join("testdata", "november.json")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// The order in which entries are read, entries read twice and what came after the period change not one byte.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	w := month()
	want := text(t, figures(t, bhTerms, november, w.logs["bh"]))
	for seed := range uint64(20) {
		entries := slices.Clone(w.logs["bh"])
		entries = append(entries, entries[:50]...)
		last := entries[len(w.logs["bh"])-1]
		entries = append(entries, ledger.Entry{Step: ledger.Step{Kind: ledger.Sent, Agreement: last.Agreement, Type: "REQUEST", Share: "T2", Message: "later"}, Number: last.Number + 1, At: november31})
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		if got := text(t, figures(t, bhTerms, november, entries)); got != want {
			t.Fatalf("shuffled with seed %d:\n%s", seed, cmp.Diff(want, got))
		}
	}
}

var november31 = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// Two halves of a month add up to the month.
func TestPeriodsAddUp(t *testing.T) {
	t.Parallel()
	log := month().logs["bh"]
	whole := figures(t, bhTerms, november, log).Sides["bh"]
	first := figures(t, bhTerms, ledger.Days{From: "2026-11-01", To: "2026-11-13"}, log).Sides["bh"]
	second := figures(t, bhTerms, ledger.Days{From: "2026-11-14", To: "2026-11-30"}, log).Sides["bh"]
	for name, of := range map[string]func(*ledger.Side) ledger.Counts{
		"requests": func(s *ledger.Side) ledger.Counts { return s.Requests },
		"hits":     func(s *ledger.Side) ledger.Counts { return s.Hits },
		"no hits":  func(s *ledger.Side) ledger.Counts { return s.NoHits },
		"data":     func(s *ledger.Side) ledger.Counts { return s.Data },
		"refusals": func(s *ledger.Side) ledger.Counts { return s.Refusals },
		"received": func(s *ledger.Side) ledger.Counts { return s.Received },
		"given":    func(s *ledger.Side) ledger.Counts { return s.Given.NoHits },
		"never":    func(s *ledger.Side) ledger.Counts { return s.NeverRule },
		"duties": func(s *ledger.Side) ledger.Counts {
			return ledger.Counts{"due": {N: s.Erasures.Due}, "done": {N: s.Erasures.Done}, "same": s.ConfirmedSame}
		},
	} {
		sum := ledger.Counts{}
		for _, part := range []ledger.Counts{of(first), of(second)} {
			for key, n := range part {
				sum[key] = ledger.Count{N: sum[key].N + n.N}
			}
		}
		if diff := cmp.Diff(of(whole), sum); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Both logs tell of the same: no figure differs. Where one log lacks a request, that figure does, and only that.
func TestReconcile(t *testing.T) {
	t.Parallel()
	w := month()
	for _, d := range reviewed(t, w).Differences {
		if d.Apart() {
			t.Errorf("the two logs tell of the same, and yet %s", text(t, d))
		}
	}
	lost := slices.IndexFunc(w.logs["us"], func(e ledger.Entry) bool {
		return e.Kind == ledger.Received && e.Type == "REQUEST" && e.Share == "T2" && e.At.Month() == time.November
	})
	thread := w.logs["us"][lost].Thread
	w.logs["us"] = slices.DeleteFunc(w.logs["us"], func(e ledger.Entry) bool { return e.Thread == thread && e.Type == "REQUEST" })
	var apart []string
	for _, d := range reviewed(t, w).Differences {
		if d.Apart() {
			apart = append(apart, strings.Fields(d.Figure)[0])
		}
	}
	if want := []string{"requests.T2", "no_hits.T2"}; !slices.Equal(apart, want) {
		t.Errorf("one request is missing on one side: %q differ, not %q", apart, want)
	}
}

// What must not be told is a no-hit in everything that is shared, and in the report at home as well: it may be printed.
func TestProtectedPersonIsANoHit(t *testing.T) {
	t.Parallel()
	w := month()
	side := figures(t, bhTerms, november, w.logs["bh"]).Sides["bh"]
	if _, told := side.NeverRule["N2"]; told || strings.Contains(text(t, side.Shared()), "N2") {
		t.Error("the report tells of the rule that must stay unseen")
	}
	if side.NeverRule["N1"].N != 1 || side.Children.N != 1 {
		t.Errorf("the rule that is told of: %v, children %v", side.NeverRule, side.Children)
	}
}

// A small cell is shown as few in what is shared, and nothing lets it be worked out.
func TestSmallCells(t *testing.T) {
	t.Parallel()
	w := newWorld("2026-11-02T08:00:00Z")
	for range 7 {
		w.ask("bh", "T2", "terrorism", time.Minute, time.Hour, "no_hit", "")
	}
	for range 3 {
		thread := w.ask("bh", "T2", "terrorism", time.Minute, time.Hour, "hit", "")
		w.outcome("bh", thread, "confirmed_same")
		w.ask("bh", "T3", "terrorism", time.Minute, time.Hour, "data", "")
		w.ask("us", "T3", "terrorism", time.Minute, time.Hour, "data", "")
	}
	w.redress("bh", 3, true)
	own := figures(t, bhTerms, november, w.logs["bh"]).Sides["bh"]
	shared := own.Shared()
	few, many := ledger.Count{Less: true}, func(n int) ledger.Count { return ledger.Count{N: n} }
	for what, got := range map[string][2]any{
		"own requests":        {own.Requests, ledger.Counts{"T2": many(10), "T3": many(3)}},
		"own redress":         {*own.Redress, ledger.RedressSums{Asked: few, Upheld: few, MedianDays: new(3)}},
		"requests":            {shared.Requests, ledger.Counts{"T2": many(10), "T3": few}},
		"hits":                {shared.Hits, ledger.Counts{"T2": few}},
		"confirmed":           {shared.ConfirmedSame, few},
		"precision":           {shared.Precision, (*ledger.Proportion)(nil)},
		"received":            {shared.ReceivedFrom, map[string]int{"us": 0}},
		"hit rate":            {shared.Use.HitRate, map[string]float64{}},
		"own received":        {own.ReceivedFrom, map[string]int{"us": 3}},
		"times of few":        {len(shared.ReplyTime), 1},
		"times of many":       {shared.ReplyTime["T2"].N, many(10)},
		"not shared in place": {own.Hits, ledger.Counts{"T2": many(3)}},
	} {
		if diff := cmp.Diff(got[1], got[0]); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
}

// The sample report's figures come out of a log that tells of what it tells of.
func TestSample(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/review-report.json")
	if err != nil {
		t.Fatal(err)
	}
	sample, err := ledger.ReadReview(raw)
	if err != nil {
		t.Fatal(err)
	}
	w := sampled()
	r := figures(t, bhTerms, sample.Period, w.logs["bh"])
	theirs := figures(t, usTerms, sample.Period, w.logs["us"])
	r.Sides["us"] = theirs.Sides["us"].Shared()
	r.Differences = ledger.Reconcile("bh", "us", r.Sides["bh"], r.Sides["us"])
	r.MadeFrom, r.Actions, r.Decisions = sample.MadeFrom, sample.Actions, sample.Decisions

	var want, got map[string]any
	for text, to := range map[string]*map[string]any{string(raw): &want, text(t, r): &got} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			t.Fatal(err)
		}
	}
	delete(want, "checks") // words
	us, _ := want["sides"].(map[string]any)["us"].(map[string]any)
	delete(us, "received_from_bh") // the sample counts one share only
	within(t, "report", want, got)
	if !strings.Contains(r.Checks, "T2: 412 asked = 44 hits + 341 no hits + 27 refusals") {
		t.Errorf("checks: %s", r.Checks)
	}
}

// within says where got lacks what want has; got may say more.
func within(t *testing.T, path string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		has, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s: %v is no object", path, got)
			return
		}
		for key, value := range want {
			within(t, path+"."+key, value, has[key])
		}
	case []any:
		has, ok := got.([]any)
		for _, value := range want {
			if !ok || !slices.ContainsFunc(has, func(v any) bool { return cmp.Equal(v, value) }) {
				t.Errorf("%s lacks %v", path, value)
			}
		}
	default:
		if want != got {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

// sampled is a half-year as the sample tells of it.
func sampled() *world {
	w := newWorld("2026-01-05T00:00:00Z")
	w.quick = true
	within := 15 * time.Minute
	replies := 0
	answer := func(result string) string {
		w.wait(10 * time.Minute)
		took := 420 * time.Second
		switch n := replies; {
		case n < 30:
			took = 300 * time.Second
		case n >= 385-4:
			took = 2700 * time.Second
		case n >= 385-12:
			took = 1000 * time.Second
		case n >= 385-40:
			took = 810 * time.Second
		}
		replies++
		return w.ask("bh", "T2", "terrorism", took, within, result, "")
	}
	for range 341 {
		answer("no_hit")
	}
	for i := range 44 {
		thread := answer("hit")
		began := w.now
		w.wait(24 * time.Hour)
		switch {
		case i < 29:
			w.outcome("bh", thread, "confirmed_same")
		case i < 42:
			w.outcome("bh", thread, "not_same")
		}
		w.now = began
	}
	for code, n := range map[string]int{"INCOMPLETE": 12, "QUOTA": 3, "NOT_PROPORTIONATE": 7, "REASON_WITHHELD": 2, "NEVER_RULE": 3} {
		for range n {
			w.ask("bh", "T2", "terrorism", time.Second, within, "refused", code)
		}
	}
	for _, asked := range []struct {
		asker, share string
		n            int
	}{{"bh", "T3", 31}, {"bh", "T4", 4}, {"bh", "T5", 96}, {"us", "T2", 288}, {"us", "T3", 22}, {"us", "T4", 3}, {"us", "T5", 140}} {
		for range asked.n {
			w.wait(time.Minute)
			w.ask(asked.asker, asked.share, "terrorism", time.Minute, time.Hour, "data", "")
		}
	}
	w.matched("bh", 301040-5119*58, 1310720-5119*256, 212)
	for range 5119 {
		w.matched("bh", 58, 256, 0)
	}
	for i := range 500 {
		var flaws []string
		if i < 2 {
			flaws = append(flaws, ledger.FlawBirthDefault)
		}
		if i < 31 {
			flaws = append(flaws, ledger.FlawManualCapture)
		}
		w.give("bh", "T5", flaws...)
	}
	for range 6 {
		w.correct("us", 10*time.Hour, 72*time.Hour)
	}
	for i := range 58 {
		took := 48 * time.Hour
		if i == 7 {
			took = 200 * time.Hour
		}
		w.erase("us", took, 168*time.Hour)
	}
	for range 9 {
		w.note("bh", "dana", ledger.Step{Kind: ledger.Unmasked, Share: "T4"})
	}
	for i := range 17 {
		w.redress("bh", 11+i, i < 2)
	}
	return w
}

// A partner's report that is not one is refused, whatever it is.
func TestReadReview(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "null", "[]", `{"schema":"rihla.review/v2"}`, `{"schema":"rihla.review/v1"}`,
		`{"schema":"rihla.review/v1","agreement":{"id":"a","version":1},"period":{"from":"2026-02-30","to":"2026-03-01"}}`,
		`{"schema":"rihla.review/v1","agreement":{"id":"a","version":1},"period":{"from":"2026-03-02","to":"2026-03-01"}}`,
		`{"schema":"rihla.review/v1","agreement":{"id":"a","version":1},"period":{"from":"2026-03-01","to":"2026-03-01"},"sides":{"us":null}}`,
		`{"schema":"rihla.review/v1","agreement":{"id":"a","version":1},"period":{"from":"2026-03-01","to":"2026-03-01"},"sides":{"us":{"requests":{"T2":-3}}}}`,
		`{"schema":"rihla.review/v1","agreement":{"id":"a","version":1},"period":{"from":"2026-03-01","to":"2026-03-01"},"sides":{"us":{"received_from_bh":"x"}}}`,
	} {
		if r, err := ledger.ReadReview([]byte(bad)); err == nil {
			t.Errorf("%s was taken: %+v", bad, r)
		}
	}
	r := reviewed(t, month())
	again, err := ledger.ReadReview([]byte(text(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text(t, r.Sides), text(t, again.Sides)); diff != "" {
		t.Error(diff)
	}
}

// FuzzReadReview holds a partner's report to be refused or read, never to break.
func FuzzReadReview(f *testing.F) {
	for _, name := range []string{"november.json", "review-report.json"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	own := figures(f, bhTerms, november, month().logs["bh"]).Sides["bh"]
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ledger.ReadReview(raw)
		if err != nil {
			return
		}
		for _, side := range r.Sides {
			_ = text(t, ledger.Reconcile("bh", "us", own, side.Shared()))
		}
	})
}

// A busy half-year: how long the report of so many entries takes.
func BenchmarkFigures(b *testing.B) {
	w := newWorld("2026-01-05T00:00:00Z")
	for i := range 20_000 {
		w.wait(10 * time.Minute)
		w.ask([]string{"bh", "us"}[i%2], "T2", "terrorism", 7*time.Minute, 15*time.Minute, "no_hit", "")
	}
	for b.Loop() {
		figures(b, bhTerms, ledger.Days{From: "2026-01-01", To: "2026-06-30"}, w.logs["bh"])
	}
	b.ReportMetric(float64(len(w.logs["bh"])), "entries")
}
