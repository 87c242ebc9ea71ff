package funds_test

import (
	"errors"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store"
)

var noura = access.Principal{ID: "3", Name: "noura", Role: access.FIU}

func clocked(t *testing.T) func(func() time.Time) *store.Store {
	return func(clock func() time.Time) *store.Store {
		st, err := store.Open(t.Context(), t.TempDir()+"/rihla.db", store.Options{Clock: clock, NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		return st
	}
}

func refused(t *testing.T, err error, what string) {
	t.Helper()
	if e := (*api.Error)(nil); !errors.As(err, &e) {
		t.Errorf("%s: %v", what, err)
	}
}

const reason = "Same passport, same day of birth, and the branch has seen the person."

// A designation that comes later is matched against what is held already, within a minute; its clock runs and is told of when
// it is over; the freeze takes two people, its totals are the sum of the answers, and it ends by two people.
func TestDesignation(t *testing.T) {
	t.Parallel()
	h := live(t, clocked(t), "BHR")
	if s := h.take("customs", "declarations", sample(t, "cash-declarations.json")); s.State != intake.Processed {
		t.Fatalf("%+v", s)
	}
	began := time.Now()
	h.list("U-1,EXAMPLE,Sami Omar,1979-11-30,JOR,P:T0099881:JOR\n")
	h.until("the designation is met", func() bool { return len(h.cases("document_listed"))+len(h.cases("name_match")) > 0 })
	if took := time.Since(began); took > time.Minute {
		t.Errorf("after %v", took)
	}
	c := append(h.cases("document_listed"), h.cases("name_match")...)[0]
	f := &face{desk: &desk{t: t, store: h.store}, who: layla, mux: h.mux()}
	freezes := func(state string) []map[string]any { return f.items("/freezes?state=" + state) }
	if got := freezes("pending"); len(got) != 1 || got[0]["case"] != c.ID || got[0]["left_hours"].(float64) > 24 {
		t.Fatalf("the clock runs as %v", got)
	}
	ctx := t.Context()
	_, err := h.desk.Decide(ctx, layla, c.ID, casework.Verdict{Outcome: "referred", Reason: reason})
	refused(t, err, "a case was closed past a running clock")

	h.forward(25 * time.Hour)
	h.until("the desk is told that nobody said who it is", func() bool { return len(h.cases("freeze_overdue")) == 1 })

	if _, err := h.desk.Decide(ctx, layla, c.ID, casework.Verdict{Outcome: "freeze", Reason: reason}); err != nil {
		t.Fatal(err)
	}
	if got := freezes("frozen"); len(got) != 0 {
		t.Error("one person froze")
	}
	if _, err := h.desk.Confirm(ctx, layla, c.ID, true, ""); err == nil {
		t.Error("whoever decided confirmed too")
	}
	if _, err := h.desk.Confirm(ctx, noura, c.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if got := freezes("frozen"); len(got) != 1 {
		t.Fatalf("frozen are %v", got)
	}
	h.until("nobody is late any more", func() bool { return len(h.cases("freeze_overdue")) == 0 })

	var answered struct{ Totals []map[string]any }
	for _, a := range []map[string]any{
		{"entity": "Bank One", "answer": "frozen", "amount": "1250.125", "currency": "BHD", "accounts": 2}, {"entity": "Bank Two", "answer": "nothing"},
		{"entity": "Bank Three", "answer": "frozen", "amount": "0.875", "currency": "BHD", "accounts": 1}, {"entity": "Bank One", "answer": "frozen", "amount": "1250.124", "currency": "BHD", "accounts": 2},
	} {
		if code := f.do("POST", "/freezes/"+c.ID+"/answers", a, &answered); code != 201 {
			t.Fatal(code)
		}
	}
	if len(answered.Totals) != 1 || answered.Totals[0]["amount"] != "1250.999" {
		t.Errorf("frozen in all: %v", answered.Totals)
	}
	if code := f.do("POST", "/freezes/"+c.ID+"/answers", map[string]any{"entity": "Bank Four", "answer": "frozen", "amount": "1.2345", "currency": "BHD"}, nil); code != 422 {
		t.Errorf("a tenth of a fils: %d", code)
	}
	_, err = h.desk.Decide(ctx, layla, c.ID, casework.Verdict{Outcome: casework.NotSamePerson, Reason: reason})
	refused(t, err, "what is frozen was let go by one person")
	for _, outcome := range []string{"licence", "lifted"} {
		if _, err := h.desk.Decide(ctx, layla, c.ID, casework.Verdict{Outcome: outcome, Reason: reason}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.desk.Confirm(ctx, noura, c.ID, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := freezes("lifted"); len(got) != 1 {
		t.Errorf("lifted are %v", got)
	}
}

// Not the same person: the clock stops, and the pair is left alone.
func TestFalseName(t *testing.T) {
	t.Parallel()
	h := live(t, clocked(t), "BHR")
	h.list("U-1,EXAMPLE,Sami Omar,1979-11-30,JOR,\n")
	h.take("customs", "declarations", sample(t, "cash-declarations.json"))
	h.until("the designation is met", func() bool { return len(h.cases("name_match")) == 1 })
	c := h.cases("name_match")[0]
	if _, err := h.desk.Decide(t.Context(), layla, c.ID, casework.Verdict{Outcome: casework.NotSamePerson, Reason: "Another father's name, and another face."}); err != nil {
		t.Fatal(err)
	}
	h.forward(25 * time.Hour)
	if n, err := h.jobs.Step(t.Context()); err != nil {
		t.Error(n, err)
	}
	f := &face{desk: &desk{t: t, store: h.store}, who: layla, mux: h.mux()}
	if got := f.items("/freezes?state=not_same"); len(got) != 1 || got[0]["overdue"] != nil {
		t.Errorf("%v", got)
	}
	if got := h.cases("freeze_overdue"); len(got) != 0 {
		t.Errorf("the clock went on: %v", got)
	}
}
