package travel

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
)

// R-FAC-05: whatever is found of somebody, by whatever list, and whoever decided what, a carrier reads one of a few
// sentences. None holds a reason, the name of a list, or a case.
func TestACarrierLearnsNothing(t *testing.T) {
	t.Parallel()
	d := New(Options{Desk: "+973 17 000000"})
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Z]{4,12}`)
		draw := func(what string) string { return "XQ" + secret.Draw(t, what) }
		var k known
		for range rapid.IntRange(0, 3).Draw(t, "findings") {
			f := screening.Finding{
				Engine: draw("engine"), Matched: draw("matched"), List: draw("list"), Entry: draw("entry"), Severity: screening.Severity(rapid.IntRange(1, 4).Draw(t, "severity")),
				Explanation: screening.Explanation{Code: draw("code"), Title: draw("title"), Reason: draw("reason"), Advice: draw("advice"), Subject: draw("subject")},
			}
			k.found = append(k.found, f)
			if rapid.Bool().Draw(t, "stored") {
				k.stored = append(k.stored, f)
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "cases") {
			k.cases = append(k.cases, casework.Case{
				ID: draw("case"), Title: draw("title"), Kind: draw("kind"), ClaimedBy: draw("officer"), Severity: screening.High,
				State:   rapid.SampledFrom([]casework.State{casework.Open, casework.Pending, casework.Closed}).Draw(t, "state"),
				Outcome: rapid.SampledFrom([]string{doNotBoard, casework.Cleared, "referred", draw("outcome")}).Draw(t, "outcome"),
			})
		}
		if rapid.Bool().Draw(t, "lacks") {
			k.lacking = append(k.lacking, rapid.SampledFrom([]string{"DOCUMENT NUMBER", draw("lacking")}).Draw(t, "what"))
		}
		p := &paxlst.Passenger{Surname: draw("surname"), Born: date.Date{Year: 1980}}
		if rapid.Bool().Draw(t, "papers") {
			p.Documents = []paxlst.Document{{Type: "P", Number: draw("number"), Issuer: "AUS"}}
		}
		decision, missing := judge(p, k, false)
		text := d.word(decision, missing, rapid.Bool().Draw(t, "amiss"))
		if strings.Contains(text, "XQ") {
			t.Fatalf("a carrier reads %q", text)
		}
		if decision == cusres.OK && (len(missing) > 0 || stands(k.cases)) {
			t.Fatalf("leave to board, with %q missing and %+v", missing, k.cases)
		}
		if decision == cusres.DoNotBoard && !stands(k.cases) {
			t.Fatalf("no officer said no: %+v", k)
		}
	})
}
