package facilitation_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/custody/custodytest"
	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/screening"
)

// day is a free one for an interview.
func (h *house) day(c credentials) map[string]any {
	h.t.Helper()
	var days struct{ Items []facilitation.FreeDay }
	h.must(http.MethodPost, "/applications/interview-days", h.look(c), &days)
	if len(days.Items) == 0 {
		h.t.Fatal("there is no day")
	}
	return map[string]any{"day": days.Items[0].Day, "hall": days.Items[0].Hall}
}

// enrol takes an applicant from being checked to being a member.
func (h *house) enrol(c credentials) facilitation.Own {
	h.t.Helper()
	h.as(omar).move(c, "conditional", "")
	h.must(http.MethodPost, "/applications/interview", h.look(c).with(h.day(c)), nil)
	h.move(c, "enrolled", "")
	h.move(c, "active", "")
	return h.own(c)
}

// From application to number: the applicant sees each step, books a day, and the number holds in whatever message it comes.
func TestMembership(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-tt-01-complete.json")))
	if own := h.own(c); own.State != facilitation.InCheck || own.Number != "" {
		t.Fatalf("%+v", own)
	}
	p := h.page(c)
	if diff := cmp.Diff([]string{"conditional", "refused"}, p.Moves); diff != "" {
		t.Error(diff)
	}
	own := h.enrol(c)
	if own.State != facilitation.Active || !strings.HasPrefix(own.Number, "M") || own.Next != facilitation.NextUse {
		t.Fatalf("%+v", own)
	}
	steps := []facilitation.State{}
	for _, s := range own.Steps {
		steps = append(steps, s.State)
	}
	if diff := cmp.Diff([]facilitation.State{facilitation.Submitted, facilitation.InCheck, facilitation.Approved, facilitation.Booked, facilitation.Enrolled, facilitation.Active}, steps); diff != "" {
		t.Error(diff)
	}
	layla := subject("ALSAMPLE/LAYLA", "1991-04-02", "F", "BHR/P2233445")
	v := h.vouch(layla)
	if len(v.Standings) != 1 || !v.Standings[0].Active || v.Standings[0].Number != own.Number {
		t.Errorf("by her passport: %+v", v)
	}
	other := layla
	other.Documents = []screening.Document{{Type: "P", Number: "NEW12345", Issuer: "BHR"}}
	other.Claims = []screening.Claim{{Kind: screening.ClaimMembership, Number: strings.ToLower(own.Number)}}
	if v := h.vouch(other); len(v.Standings) != 1 || len(v.Found) > 0 {
		t.Errorf("by her number: %+v", v)
	}
	thief := subject("OTHER/PERSON", "1970-01-01", "M", "BHR/X1")
	thief.Claims = other.Claims
	if v := h.vouch(thief); len(v.Standings) > 0 || !slices.Equal(foundCodes(v), []string{screening.CodeMembershipMisuse}) {
		t.Errorf("somebody else by her number: %+v", v)
	}
	var standings struct{ Items []map[string]any }
	h.must(http.MethodGet, "/facilitation/standings?number="+own.Number, nil, &standings)
	if len(standings.Items) != 1 || standings.Items[0]["active"] != true {
		t.Errorf("%v", standings)
	}

	// In its last year she asks for it to go on; it does over its last day, and then for five years more.
	until := own.Until
	if code := h.do(http.MethodPost, "/applications/renewal", h.look(c), nil); code != http.StatusUnprocessableEntity {
		t.Errorf("renewed at once: %d", code)
	}
	h.forward(until.Sub(h.clock()) - 20*24*time.Hour)
	if own = h.own(c); own.Next != facilitation.NextShowDocument && own.Next != facilitation.NextRenew {
		t.Fatalf("%+v", own)
	}
	h.must(http.MethodPost, "/applications/renewal", h.look(c), nil)
	if p := h.move(c, "active", "papers seen at the counter"); p.State != "active" {
		t.Errorf("%+v", p)
	}
}

// A membership is suspended at once only for a finding that an officer confirms, revoked by two, and reviewed by a third.
func TestSuspendedRevokedReviewed(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-tt-01-complete.json")))
	h.enrol(c)
	path := "/facilitation/applications/" + h.id(c) + "/moves"
	if code := h.do(http.MethodPost, path, map[string]any{"to": "suspended", "reason": "I do not like the look of it"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("suspended for nothing: %d", code)
	}
	h.list("W-9,ALSAMPLE,Layla,1991-04-02,BHR,\n")
	h.until("the new entry meets the member", func() bool { return h.page(c).found("name_match") != "" })
	if own := h.own(c); own.State != facilitation.Active {
		t.Fatalf("a machine suspended it: %+v", own)
	}
	p := h.post(c, "moves", map[string]any{"to": "suspended", "reason": "confirmed against the list's photograph", "finding": h.page(c).found("name_match")})
	if p.State != "suspended" {
		t.Fatalf("%+v", p)
	}
	layla := subject("ALSAMPLE/LAYLA", "1991-04-02", "F", "BHR/P2233445")
	if v := h.vouch(layla); len(v.Standings) != 1 || v.Standings[0].Active || v.Standings[0].State != "suspended" {
		t.Errorf("%+v", v)
	}
	if p := h.move(c, "revoked", "listed, and no longer low-risk"); p.State != "suspended" || p.Proposal == nil {
		t.Fatalf("%+v", p)
	}
	if p := h.as(salma).post(c, "confirmation", map[string]any{"yes": true}); p.State != "revoked" {
		t.Fatalf("%+v", p)
	}
	own := h.own(c)
	last := own.Letters[len(own.Letters)-1]
	if last.Kind != facilitation.LetterRevoked || !strings.Contains(last.Text, "المراجعة") {
		t.Errorf("%+v", last)
	}
	h.must(http.MethodPost, "/applications/review", h.look(c).with(map[string]any{"words": "It is not me"}), nil)
	h.as(salma)
	if code := h.do(http.MethodPost, path, map[string]any{"to": "active", "reason": "she is right after all"}, nil); code != http.StatusForbidden {
		t.Errorf("who decided reviews: %d", code)
	}
	if err := h.decide(c, huda, casework.NotSamePerson); err != nil {
		t.Fatal(err)
	}
	if p := h.as(huda).move(c, "active", "another person of that name"); p.State != "active" {
		t.Fatalf("%+v", p)
	}
	if v := h.vouch(layla); len(v.Standings) != 1 || !v.Standings[0].Active {
		t.Errorf("%+v", v)
	}
}

// A document that is reported stolen suspends at once: a fact.
func TestStolenDocumentSuspends(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-tt-01-complete.json")))
	h.enrol(c)
	h.stolen("P2233445", "BHR")
	h.until("it is suspended", func() bool { return h.own(c).State == facilitation.Suspended })
}

// A child applies with a guardian; an application that is withdrawn is erased, whole.
func TestWithdrawnIsErased(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-tt-02-minor.json")))
	h.must(http.MethodPost, "/applications/withdrawal", h.look(c), nil)
	if own := h.own(c); own.State != facilitation.Withdrawn {
		t.Fatalf("%+v", own)
	}
	custodytest.Night(t, h.store, h.Retention(), h.clock().AddDate(0, 0, 29), nil)
	if own := h.own(c); own.State != facilitation.Withdrawn {
		t.Fatalf("too early: %+v", own)
	}
	custodytest.Night(t, h.store, h.Retention(), h.clock().AddDate(0, 0, 31), nil)
	if code := h.do(http.MethodPost, "/applications/status", h.look(c), nil); code != http.StatusNotFound {
		t.Errorf("it is still there: %d", code)
	}
	for _, table := range []string{"facilitation_application", "facilitation_standing", "facilitation_key", "facilitation_person", "facilitation_interview"} {
		var n int
		if err := h.store.Read().QueryRowContext(t.Context(), `select count(*) from `+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d in %s, %v", n, table, err)
		}
	}
}

// A member shows the passport that follows; the old one speaks for nobody any more.
func TestNewDocument(t *testing.T) {
	t.Parallel()
	h := live(t)
	c := h.apply(change(t, sample(t, "application-tt-01-complete.json")))
	h.enrol(c)
	next := map[string]any{"type": "P", "number": "P9988776", "issuer": "BHR", "expiry": "2036-01-31", "mrz": passport("BHR", "ALSAMPLE", "LAYLA", "P9988776", "1991-04-02", "F", "2036-01-31")}
	var problem struct{ Errors []map[string]any }
	bad := map[string]any{"type": "P", "number": "P9988776", "issuer": "BHR", "expiry": "2036-01-31", "mrz": passport("BHR", "OTHER", "NAME", "P9988776", "1991-04-02", "F", "2036-01-31")}
	if code := h.do(http.MethodPost, "/applications/document", h.look(c).with(map[string]any{"document": bad}), &problem); code != http.StatusUnprocessableEntity || len(problem.Errors) == 0 {
		t.Errorf("somebody else's passport: %d %v", code, problem)
	}
	h.must(http.MethodPost, "/applications/document", h.look(c).with(map[string]any{"document": next}), nil)
	if v := h.vouch(subject("ALSAMPLE/LAYLA", "1991-04-02", "F", "BHR/P9988776")); len(v.Standings) != 1 {
		t.Errorf("%+v", v)
	}
	if v := h.vouch(subject("ALSAMPLE/LAYLA", "1991-04-02", "F", "BHR/P2233445")); len(v.Standings) != 0 {
		t.Errorf("%+v", v)
	}
}

// Interviews take as many a day as the hall has time for, and one that is moved frees its day.
func TestInterviewsAreFew(t *testing.T) {
	t.Parallel()
	few, err := facilitation.ReadSettings([]byte("interview: {a_day: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	h := live(t, func(o *facilitation.Options) { o.Settings = few })
	one := h.apply(change(t, sample(t, "application-tt-01-complete.json")))
	two := h.apply(change(t, sample(t, "application-tt-02-minor.json")))
	for _, c := range []credentials{one, two} {
		h.move(c, "conditional", "")
	}
	day := h.day(one)
	h.must(http.MethodPost, "/applications/interview", h.look(one).with(day), nil)
	if code := h.do(http.MethodPost, "/applications/interview", h.look(two).with(day), nil); code != http.StatusConflict {
		t.Errorf("two on one place: %d", code)
	}
	h.must(http.MethodPost, "/applications/interview", h.look(one).with(h.day(one)), nil)
	h.must(http.MethodPost, "/applications/interview", h.look(two).with(day), nil)
	var list struct{ Items []map[string]any }
	h.must(http.MethodGet, "/facilitation/interviews?day="+day["day"].(string), nil, &list)
	if len(list.Items) != 1 || list.Items[0]["reference"] != two.Reference {
		t.Errorf("%v", list)
	}
}
