package incident_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/cyber/incident"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../testdata/reports/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type place struct{ Pointer, Rule string }

func places(faults []fault.Fault) (out []place) {
	for _, f := range faults {
		out = append(out, place{f.Pointer, f.Rule})
	}
	return out
}

// Every error of a report is told at once, each at its place.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"01-early-warning.json", "02-notification.json"} {
		r, broken := incident.Read(sample(t, name))
		if broken != nil || len(r.Errors)+len(r.Warnings)+len(r.Lost) > 0 {
			t.Errorf("%s: %v %+v", name, broken, r)
		}
	}
	r, broken := incident.Read(sample(t, "03-voluntary-with-errors.json"))
	if broken != nil {
		t.Fatal(broken)
	}
	var want struct{ Errors, Warnings []place }
	if err := json.Unmarshal(sample(t, "03-voluntary-with-errors.json.expect.json"), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Errors, places(r.Errors)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Warnings, places(r.Warnings)); diff != "" {
		t.Error(diff)
	}
}

const whole = `{"schema":"rihla.incident-report/1","report_id":"A","stage":"voluntary","filer":{"name":"F","contact":"c"},"aware_at":"2026-03-15T02:45:00Z","title":"T","description":"D"}`

func TestBrokenReports(t *testing.T) {
	t.Parallel()
	edit := func(from, to string) string { return strings.Replace(whole, from, to, 1) }
	with := func(member string) string { return strings.TrimSuffix(whole, "}") + "," + member + "}" }
	for _, test := range []struct{ report, pointer, rule string }{
		{edit("report/1", "report/2"), "/schema", "enum"},
		{edit(`"schema":"rihla.incident-report/1",`, ""), "/schema", "required"},
		{edit(`"report_id":"A",`, ""), "/report_id", "required"},
		{edit(`"report_id":"A"`, `"report_id":7`), "/report_id", "type"},
		{edit(`"report_id":"A"`, `"report_id":"  "`), "/report_id", "required"},
		{edit(`"report_id":"A"`, `"report_id":"`+strings.Repeat("x", 101)+`"`), "/report_id", "length"},
		{edit("voluntary", "someday"), "/stage", "enum"},
		{edit(`"stage":"voluntary",`, ""), "/stage", "required"},
		{edit(`"filer":{"name":"F","contact":"c"},`, ""), "/filer", "required"},
		{edit(`{"name":"F","contact":"c"}`, `"F"`), "/filer", "type"},
		{edit(`"contact":"c"`, `"phone":"1"`), "/filer/contact", "required"},
		{edit("2026-03-15T02:45:00Z", "2026-03-15"), "/aware_at", "timestamp"},
		{edit("2026-03-15T02:45:00Z", "2026-02-30T02:45:00Z"), "/aware_at", "timestamp"},
		{edit("2026-03-15T02:45:00Z", "0001-03-15T02:45:00Z"), "/aware_at", "timestamp"},
		{edit(`"title":"T",`, ""), "/title", "required"},
		{edit(`"title":"T"`, `"title":null`), "/title", "required"},
		{edit(`"description":"D"`, `"description":["D"]`), "/description", "type"},
		{with(`"previous_report_id":"A"`), "/previous_report_id", "self-reference"},
		{with(`"occurred_from":"2026-03-15T02:00:00Z","occurred_to":"2026-03-15T01:00:00Z"`), "/occurred_to", "order"},
		{with(`"suspected_malicious":"perhaps"`), "/suspected_malicious", "enum"},
		{with(`"cross_border":true`), "/cross_border", "type"},
		{with(`"affected":[]`), "/affected", "type"},
		{with(`"affected":{"users_estimate":-1}`), "/affected/users_estimate", "type"},
		{with(`"affected":{"users_estimate":1.5}`), "/affected/users_estimate", "type"},
		{with(`"affected":{"services":"gate"}`), "/affected/services", "type"},
		{with(`"affected":{"services":[1]}`), "/affected/services/0", "type"},
		{with(`"impact":{"availability":"terrible"}`), "/impact/availability", "enum"},
		{with(`"indicators":{}`), "/indicators", "type"},
		{with(`"vulnerabilities":"CVE-2099-12345"`), "/vulnerabilities", "type"},
		{with(`"measures":[""]`), "/measures/0", "type"},
		{with(`"tlp":"PINK"`), "/tlp", "enum"},
		{with(`"tlp":5`), "/tlp", "type"},
		{with(`"attachments":[{"name":"a"}]`), "/attachments/0/sha256", "required"},
		{with(`"attachments":[{"name":"a","sha256":"zz"}]`), "/attachments/0/sha256", "hash"},
		{with(`"victim_consents":"yes"`), "/victim_consents", "type"},
		{with(`"title":"again"`), "/title", "duplicate-key"},
	} {
		r, broken := incident.Read([]byte(test.report))
		if broken != nil {
			t.Errorf("%s: %v", test.report, broken)
			continue
		}
		found := false
		for _, p := range places(r.Errors) {
			found = found || p == place{test.pointer, test.rule}
		}
		if !found {
			t.Errorf("%s: %v, wanted %s by %s", test.report, places(r.Errors), test.pointer, test.rule)
		}
	}
	for _, report := range []string{"", "{", "[]", `"x"`, "nonsense", strings.Repeat("[", 1000)} {
		if _, broken := incident.Read([]byte(report)); broken == nil {
			t.Errorf("%q was read", report)
		}
	}
	r, broken := incident.Read([]byte(with(`"indicators":[{"type":"ipv4","value":"999.1.1.1"},{"type":"colour","value":"red"},{"value":"198[.]51[.]100[.]7"},{"type":"domain","value":"co.uk"}]`)))
	if broken != nil || len(r.Errors) > 0 || len(r.Lost) != 2 || len(r.Report.Indicators) != 2 || len(r.Warnings) != 1 {
		t.Errorf("of the indicators: %v %+v", broken, r)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"01-early-warning.json", "02-notification.json", "03-voluntary-with-errors.json"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, broken := incident.Read(raw)
		if (r == nil) == (broken == nil) {
			t.Fatal("neither read nor broken, or both")
		}
	})
}

// anyFiled draws a report of one of a few names, so that repetitions and corrections are common.
func anyFiled(t *rapid.T) incident.Filed {
	stage := rapid.SampledFrom([]incident.Stage{incident.Voluntary, incident.EarlyWarning, incident.Notification, incident.Final}).Draw(t, "stage")
	hour := rapid.IntRange(0, 5)
	return incident.Filed{
		Report: rapid.SampledFrom([]string{"r1", "r2"}).Draw(t, "report"), By: "port", Received: time.Date(2026, 3, 15, hour.Draw(t, "received"), 0, 0, 0, time.UTC),
		Content: incident.Report{
			ReportID: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "id"), Stage: stage, Title: rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "title"),
			AwareAt:     time.Date(2026, 3, 14, hour.Draw(t, "aware"), 0, 0, 0, time.UTC),
			CrossBorder: rapid.SampledFrom([]string{"", "yes", "unknown"}).Draw(t, "cross"), Affected: incident.Affected{Sector: rapid.SampledFrom([]string{"", "energy", "retail"}).Draw(t, "sector")},
		},
	}
}

// Whatever the order in which reports come, and however often, the incident ends the same; so it does when two that had
// been held apart are joined.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		filed := rapid.SliceOfN(rapid.Custom(anyFiled), 1, 8).Draw(t, "filed")
		fold := func(all []incident.Filed) string {
			h := incident.New()
			for _, f := range all {
				h.Hear(f)
			}
			b, err := json.Marshal(h.At(time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)))
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		shuffled := rapid.Permutation(append(filed, filed[:len(filed)/2]...)).Draw(t, "shuffled")
		if diff := cmp.Diff(fold(filed), fold(shuffled)); diff != "" {
			t.Fatalf("shuffled, the incident differs: %s", diff)
		}
		apart, other := incident.New(), incident.New()
		for i, f := range shuffled {
			if i%2 == 0 {
				apart.Hear(f)
			} else {
				other.Hear(f)
			}
		}
		apart.Join(other)
		b, err := json.Marshal(apart.At(time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fold(filed), string(b)); diff != "" {
			t.Fatalf("joined, the incident differs: %s", diff)
		}
	})
}

func TestClocks(t *testing.T) {
	t.Parallel()
	aware := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	h := incident.New()
	h.Hear(incident.Filed{Report: "r", By: "port", Received: aware.Add(30 * time.Hour), Content: incident.Report{
		ReportID: "A", Stage: incident.Notification, AwareAt: aware, Title: "t", CrossBorder: "yes", Impact: incident.Impact{Confidentiality: "high"},
	}})
	state := func(now time.Time) map[string]string {
		out := map[string]string{}
		for _, c := range h.At(now).Clocks {
			out[c.Duty] = c.State
		}
		return out
	}
	want := map[string]string{"early-warning": "late-met", "notification": "met", "feedback": "running", "final": "running", "breach": "running", "partner": "running"}
	if diff := cmp.Diff(want, state(aware.Add(40*time.Hour))); diff != "" {
		t.Error(diff)
	}
	h.Steps = append(h.Steps, incident.Step{To: incident.Triage, Recorded: aware.Add(41 * time.Hour)})
	h.Shared = append(h.Shared, incident.Shared{Direction: "out", At: aware.Add(60 * time.Hour)})
	h.ClockActs = append(h.ClockActs, incident.ClockAct{Clock: "breach", Met: aware.Add(50 * time.Hour)}, incident.ClockAct{Clock: "x", Duty: "intermediate", Starts: aware, Due: aware.Add(time.Hour)}, incident.ClockAct{Clock: "nothing"})
	want = map[string]string{"early-warning": "late-met", "notification": "met", "feedback": "met", "final": "late", "breach": "met", "partner": "late-met", "intermediate": "late"}
	if diff := cmp.Diff(want, state(aware.AddDate(0, 3, 0))); diff != "" {
		t.Error(diff)
	}
	h.Steps = append(h.Steps, incident.Step{To: incident.Rejected, Recorded: aware.Add(42 * time.Hour)})
	if got := state(aware.AddDate(0, 3, 0))["final"]; got != "stopped" {
		t.Errorf("of a rejected incident a clock is %s", got)
	}
}

// The bands of the scheme, and what moves a score.
func TestSeverity(t *testing.T) {
	t.Parallel()
	for score, word := range map[int]string{0: "baseline", 35: "baseline", 36: "low", 51: "medium", 66: "high", 81: "severe", 99: "severe", 100: "emergency"} {
		if _, got := incident.Level(score); got != word {
			t.Errorf("%d is %s, wanted %s", score, got, word)
		}
	}
	score := func(r incident.Report) int {
		h := incident.New()
		h.Hear(incident.Filed{Content: r})
		return h.At(time.Time{}).Severity.Score
	}
	base := incident.Report{Malicious: "yes"}
	last := score(base)
	for _, change := range []func(*incident.Report){
		func(r *incident.Report) { r.Affected.Sector = "energy" }, func(r *incident.Report) { r.Impact.Availability = "high" },
		func(r *incident.Report) { r.Impact.Integrity = "high" }, func(r *incident.Report) { r.CrossBorder = "yes" }, func(r *incident.Report) { r.Affected.Users = 200_000 },
	} {
		change(&base)
		if now := score(base); now <= last {
			t.Errorf("worse as %+v, and %d after %d", base, now, last)
		} else {
			last = now
		}
	}
	if last < 80 {
		t.Errorf("as bad as it can be reported, it is %d", last)
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	reached := map[incident.State]bool{incident.Reported: true}
	for range incident.States() {
		for from := range reached {
			for _, to := range from.Next() {
				reached[to] = true
			}
		}
	}
	for _, s := range incident.States() {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
		if len(s.Next()) == 0 {
			t.Errorf("nothing leads out of %s", s)
		}
	}
	if incident.Reported.May(incident.Closed) || !incident.Review.May(incident.Closed) {
		t.Error("an incident is closed after its review, and not before")
	}
}
