package facilitation_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
)

// Of whom nothing at all is found is granted by rule, until the passport or the state's term ends, and bound to the document.
func TestAuthorisationGrantedByRule(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-eta-01.json")))
	own := h.own(c)
	if own.State != facilitation.Granted || own.Until.Format(time.DateOnly) != "2028-05-09" || own.Number != c.Reference || own.Next != facilitation.NextTravel {
		t.Errorf("%+v", own)
	}
	p := h.page(c)
	if len(p.Findings) > 0 || len(p.Cases) > 0 || len(p.Reasons) > 0 {
		t.Errorf("%+v", p)
	}
}

// Of whom anything is found a person decides: by the case, which grants; late, the desk is told.
func TestAuthorisationWaitsForAPerson(t *testing.T) {
	t.Parallel()
	h := live(t)
	h.list("W-1,EXAMPLE,Sami Omar,1979-11-30,JOR,\n")
	c := h.apply(change(t, sample(t, "application-eta-02-pending.json")))
	own := h.own(c)
	if own.State != facilitation.Pending || own.Next != facilitation.NextWait {
		t.Fatalf("%+v", own)
	}
	var want struct {
		Expect struct{ Why []string } `json:"expect"`
	}
	if err := json.Unmarshal(sample(t, "application-eta-02-pending.json"), &want); err != nil {
		t.Fatal(err)
	}
	p := h.page(c)
	if diff := cmp.Diff(want.Expect.Why, p.Reasons); diff != "" {
		t.Error(diff)
	}
	if p.found(facilitation.CodeDeclared) == "" || p.found("name_match") == "" || len(p.Cases) != 1 {
		t.Errorf("%+v", p)
	}
	var problem map[string]any
	if code := h.do(http.MethodPost, "/facilitation/applications/"+h.id(c)+"/moves", map[string]any{"to": "granted", "reason": "looks fine to me"}, &problem); code != http.StatusConflict {
		t.Errorf("granted over an open case: %d %v", code, problem)
	}
	h.forward(73 * time.Hour)
	h.until("it is late", func() bool { return h.page(c).Overdue })
	if err := h.decide(c, omar, facilitation.OutcomeGrant); err != nil {
		t.Fatal(err)
	}
	own = h.own(c)
	if own.State != facilitation.Granted || len(own.Letters) != 1 {
		t.Errorf("%+v", own)
	}
}

// A refusal takes two people, names the review in the applicant's language, and whoever had a part in it does not review it.
func TestRefusalAndReview(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-eta-02-pending.json"), func(m map[string]any) { m["contact"] = map[string]any{"language": "ar"} }))
	if err := h.decide(c, omar, facilitation.OutcomeRefuse); err != nil {
		t.Fatal(err)
	}
	if own := h.own(c); own.State != facilitation.Pending {
		t.Fatalf("one person refused: %+v", own)
	}
	if _, err := h.desk.Confirm(t.Context(), omar, h.page(c).Cases[0], true, "yes"); err == nil {
		t.Fatal("the same person confirmed")
	}
	if _, err := h.desk.Confirm(t.Context(), salma, h.page(c).Cases[0], true, "seen, and agreed"); err != nil {
		t.Fatal(err)
	}
	own := h.own(c)
	if own.State != facilitation.Refused || own.Next != facilitation.NextReview || !slices.Contains(own.Acts, "review") || !strings.Contains(own.Letters[0].Text, "المراجعة") {
		t.Fatalf("%+v", own)
	}
	h.must(http.MethodPost, "/applications/review", c.with(map[string]any{"words": "I overstayed by a day, in hospital"}), nil)
	for _, who := range []struct {
		name string
		code int
	}{{"omar", http.StatusForbidden}, {"noura", http.StatusOK}} {
		p := omar
		if who.name == "noura" {
			p = noura
		}
		if code := h.as(p).do(http.MethodPost, "/facilitation/applications/"+h.id(c)+"/moves", map[string]any{"to": "granted", "reason": "the overstay is explained"}, nil); code != who.code {
			t.Errorf("%s: %d", who.name, code)
		}
	}
	if own := h.own(c); own.State != facilitation.Granted || own.Until.IsZero() {
		t.Errorf("%+v", own)
	}
}

// Cancelled by two people: its holder reads it, and a permit that is cancelled is none.
func TestCancelled(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-eta-01.json")))
	if p := h.move(c, "cancelled", "issued in error, passport withdrawn"); p.State != "granted" || p.Proposal == nil {
		t.Fatalf("%+v", p)
	}
	if code := h.do(http.MethodPost, "/facilitation/applications/"+h.id(c)+"/confirmation", map[string]any{"yes": true}, nil); code != http.StatusForbidden {
		t.Errorf("the same person confirmed: %d", code)
	}
	h.as(salma).post(c, "confirmation", map[string]any{"yes": false, "reason": "let us ask the applicant first"})
	if p := h.as(omar).move(c, "cancelled", "issued in error, passport withdrawn"); p.Proposal == nil {
		t.Fatalf("%+v", p)
	}
	if p := h.as(salma).post(c, "confirmation", map[string]any{"yes": true}); p.State != "cancelled" {
		t.Fatalf("%+v", p)
	}
	own := h.own(c)
	if own.State != facilitation.Cancelled || !strings.Contains(own.Letters[len(own.Letters)-1].Text, "review") {
		t.Errorf("%+v", own)
	}
}

// Nothing is filed of a form that does not hold, and all that is wrong is said at once. Whoever guesses gets nothing, and
// soon not even an answer.
func TestAnybodyMayTry(t *testing.T) {
	t.Parallel()
	h := live(t)
	h.who.Name = ""
	var problem struct {
		Errors []map[string]any `json:"errors"`
		Detail string           `json:"detail"`
	}
	if code := h.do(http.MethodPost, "/applications", sample(t, "application-tt-03-bad-mrz.json"), &problem); code != http.StatusUnprocessableEntity || len(problem.Errors) < 4 {
		t.Errorf("%d %+v", code, problem)
	}
	if n, err := h.journal.Depth(t.Context()); err != nil || n != 0 {
		t.Errorf("%d reports in the journal, %v", n, err)
	}
	if code := h.do(http.MethodPost, "/applications", change(t, sample(t, "application-tt-01-complete.json"), func(m map[string]any) { m["program"] = "xx" }), &problem); code != http.StatusUnprocessableEntity || problem.Errors[0]["code"] != facilitation.CodeProgram {
		t.Errorf("%d %+v", code, problem)
	}
	c := h.apply(change(t, sample(t, "application-eta-01.json")))
	var short map[string]any
	h.must(http.MethodPost, "/applications/status", credentials{Reference: strings.ToLower(c.Reference), Document: "ca-991122"}, &short)
	if _, tells := short["name"]; tells || short["state"] != "granted" || short["acts"] != nil || short["letters"] != nil {
		t.Errorf("a document's number shows %v", short)
	}
	if code := h.do(http.MethodPost, "/applications/withdrawal", map[string]any{"reference": c.Reference, "document": "CA991122"}, nil); code != http.StatusNotFound {
		t.Errorf("a document's number withdraws: %d", code)
	}
	var wrong, absent struct{ Detail string }
	h.from = "192.0.2.2"
	one := h.do(http.MethodPost, "/applications/status", credentials{Reference: c.Reference, Secret: "00"}, &wrong)
	two := h.do(http.MethodPost, "/applications/status", credentials{Reference: "ETA-0000000000", Secret: "00"}, &absent)
	if one != http.StatusNotFound || two != one || wrong != absent {
		t.Errorf("a wrong secret: %d %v, a wrong reference: %d %v", one, wrong, two, absent)
	}
	limited := false
	for i := range 40 {
		h.from = "198.51.100." + string(rune('0'+i%10)) // from many addresses at once
		limited = limited || h.do(http.MethodPost, "/applications/status", credentials{Reference: c.Reference, Document: "CA99112" + string(rune('0'+i%10))}, nil) == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("one reference may be guessed at without end")
	}
}

// The lists that change meet those who hold a permit already.
func TestListsMeetHolders(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-eta-01.json")))
	h.list("W-7,TESTER,Maria,1966-02-28,PRT,\n")
	h.until("the new entry meets the holder", func() bool { return h.page(c).found("name_match") != "" })
	if own := h.own(c); own.State != facilitation.Granted {
		t.Errorf("a machine took it away: %+v", own)
	}
}

// One for a single entry is used up by it; one for many is not, and each is noted.
func TestEntries(t *testing.T) {
	t.Parallel()
	for entries, after := range map[string]string{"single": "expired", "multiple": "granted"} {
		terms, err := facilitation.ReadSettings([]byte("authorisation: {required: [PRT], entries: " + entries + "}\n"))
		if err != nil {
			t.Fatal(err)
		}
		h := live(t, func(o *facilitation.Options) { o.Settings = terms })
		c := h.apply(change(t, sample(t, "application-eta-01.json")))
		if p := h.post(c, "entry", map[string]any{}); p.State != after {
			t.Errorf("%s: %+v", entries, p)
		}
		v := h.vouch(subject("TESTER/MARIA", "1966-02-28", "F", "PRT/CA991122"))
		if used := slices.Equal(foundCodes(v), []string{screening.CodePermitNotValid}); used != (entries == "single") {
			t.Errorf("%s: %+v", entries, v)
		}
	}
}

// The same report again, by the same filer or another, changes nothing of what stands.
func TestFiledTwice(t *testing.T) {
	t.Parallel()
	h := live(t)
	raw := change(t, sample(t, "application-eta-01.json"))
	for _, filer := range []string{"consulate", "consulate", "agent"} {
		receipt, err := h.journal.Take(t.Context(), intake.Delivery{Filer: intake.Filer{Name: filer}, Gate: "http", Raw: raw})
		if err != nil {
			t.Fatal(err)
		}
		h.until("it is settled", func() bool {
			s, err := h.reports.Status(t.Context(), h.journal, receipt.ID)
			return err == nil && s.State == intake.Processed
		})
	}
	var list struct{ Items []map[string]any }
	if h.must(http.MethodGet, "/facilitation/applications", nil, &list); len(list.Items) != 1 || list.Items[0]["state"] != "granted" {
		t.Errorf("%v", list)
	}
	receipt, err := h.journal.Take(t.Context(), intake.Delivery{Filer: intake.Filer{Name: "agent"}, Gate: "http", Raw: change(t, raw, func(m map[string]any) { m["religion"] = "none" })})
	if err != nil {
		t.Fatal(err)
	}
	h.until("what must not be asked is not read", func() bool {
		s, err := h.reports.Status(t.Context(), h.journal, receipt.ID)
		return err == nil && s.State == intake.Quarantined
	})
}
