package casework_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// Of two who claim at once, one gets the case and the other is told who has it.
func TestOnlyOneClaims(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		d := newDesk(t, open(), travel{})
		c := d.open(t, "p1")
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, p := range []access.Principal{amal, badr} {
			wg.Go(func() { _, errs[i] = d.Claim(context.Background(), p, c.ID) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("two claims at once ended as %v and %v", errs[0], errs[1])
		}
		winner, loser := amal, badr
		if errs[0] != nil {
			winner, loser = badr, amal
			wantKind(t, errs[0], api.Conflict)
		} else {
			wantKind(t, errs[1], api.Conflict)
		}
		if again, err := d.Claim(t.Context(), winner, c.ID); err != nil || again.Version != 2 {
			t.Errorf("claiming one's own again gave %+v, %v", again, err)
		}
		_, err := d.Release(t.Context(), loser, c.ID)
		wantKind(t, err, api.Conflict)
		_, err = d.Decide(t.Context(), loser, c.ID, casework.Verdict{Outcome: "cleared", Reason: reason})
		wantKind(t, err, api.Conflict)
		released, err := d.Release(t.Context(), dana, c.ID) // the supervisor may
		if err != nil || released.State != casework.Open || released.ClaimedBy != "" {
			t.Errorf("released case is %+v, %v", released, err)
		}
	})
}

func TestDecideRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	for _, refused := range []struct {
		name string
		who  access.Principal
		v    casework.Verdict
		want api.Kind
	}{
		{"an outcome that is none", amal, casework.Verdict{Outcome: "shrug", Reason: reason}, api.Unprocessable},
		{"no outcome", amal, casework.Verdict{Reason: reason}, api.Unprocessable},
		{"a role that may not", omar, casework.Verdict{Outcome: "do-not-board", Reason: reason}, api.Forbidden},
		{"no reason", amal, casework.Verdict{Outcome: "cleared"}, api.Unprocessable},
		{"a reason of spaces", amal, casework.Verdict{Outcome: "cleared", Reason: "          "}, api.Unprocessable},
		{"a reason too short, in letters and not bytes", amal, casework.Verdict{Outcome: "referred", Reason: "لا يطابق"}, api.Unprocessable},
		{"a case that has changed", amal, casework.Verdict{Outcome: "cleared", Reason: reason, Version: 7}, api.Conflict},
		{"a role of another domain", tariq, casework.Verdict{Outcome: "cleared", Reason: reason}, api.NotFound},
		{"a filer", farid, casework.Verdict{Outcome: "cleared", Reason: reason}, api.NotFound},
		{"nobody", access.Principal{Role: access.Supervisor}, casework.Verdict{Outcome: "cleared", Reason: reason}, api.Unauthorized},
	} {
		t.Run(refused.name, func(t *testing.T) {
			_, err := d.Decide(t.Context(), refused.who, c.ID, refused.v)
			wantKind(t, err, refused.want)
		})
	}
	if f := d.file(t, c.ID); f.Case.State != casework.Open || len(f.Decisions) != 0 || f.Case.Version != 1 {
		t.Errorf("refused decisions left %+v with %d decisions", f.Case, len(f.Decisions))
	}
}

// A decision closes the case, is in history and audit log, and is announced once.
func TestDecide(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		d := newDesk(t, open(), travel{})
		c := d.open(t, "p1")
		got, err := d.Decide(t.Context(), amal, c.ID, casework.Verdict{Outcome: "referred", Reason: "  " + reason + "\n", Version: c.Version})
		must(t, err)
		want := casework.Decision{ID: got.ID, Case: c.ID, Outcome: "referred", Reason: reason, By: "amal", At: got.At}
		f := d.file(t, c.ID)
		if diff := cmp.Diff([]casework.Decision{want}, f.Decisions); diff != "" {
			t.Errorf("decisions (-want +got):\n%s", diff)
		}
		if f.Case.State != casework.Closed || f.Case.Outcome != "referred" || f.Case.ClaimedBy != "amal" {
			t.Errorf("the decided case is %+v", f.Case)
		}
		_, err = d.Decide(t.Context(), amal, c.ID, casework.Verdict{Outcome: "cleared", Reason: reason})
		wantKind(t, err, api.Conflict)

		must(t, d.log.Seal(t.Context()))
		entries, err := d.log.Entries(t.Context(), audit.Query{Action: "case.decide"})
		must(t, err)
		wantEntry := audit.Entry{Log: audit.House, Actor: "amal", Role: "analyst", Action: "case.decide", Touched: []string{c.ID, "p1"}, Detail: "referred"}
		if len(entries) != 1 || !cmp.Equal(wantEntry, entries[0].Entry) {
			t.Errorf("audit log has %+v", entries)
		}
		wantEvents := []casework.Event{{Domain: "travel", ID: c.ID, Subject: "p1", Within: "flight-1", Counts: map[string]int{"decided": 1}}}
		if diff := cmp.Diff(wantEvents, d.events.all); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// What bears on a traveller's rights takes two people: another one, with a role that may.
func TestSecondApproval(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		d := newDesk(t, open(), travel{})
		c := d.open(t, "p1")
		ctx := t.Context()
		first, err := d.Decide(ctx, amal, c.ID, casework.Verdict{Outcome: "do-not-board", Reason: reason})
		must(t, err)
		if !first.Pending || d.file(t, c.ID).Case.State != casework.Pending {
			t.Fatal("the decision does not wait for a second person")
		}
		_, err = d.Confirm(ctx, amal, c.ID, true, "")
		wantKind(t, err, api.Forbidden)
		_, err = d.Confirm(ctx, badr, c.ID, true, "")
		wantKind(t, err, api.Forbidden) // an analyst is no second here
		_, err = d.Confirm(ctx, dana, c.ID, false, "no")
		wantKind(t, err, api.Unprocessable)
		_, err = d.Claim(ctx, badr, c.ID)
		wantKind(t, err, api.Conflict)

		no, err := d.Confirm(ctx, dana, c.ID, false, "the document was renewed; ask the carrier again")
		must(t, err)
		if !no.Refused || no.Pending || no.Confirmed != "dana" {
			t.Errorf("refused decision is %+v", no)
		}
		if c := d.file(t, c.ID).Case; c.State != casework.Claimed || c.ClaimedBy != "amal" {
			t.Errorf("after a refusal the case is %+v", c)
		}
		_, err = d.Decide(ctx, amal, c.ID, casework.Verdict{Outcome: "do-not-board", Reason: reason + ", and the carrier confirmed"})
		must(t, err)
		yes, err := d.Confirm(ctx, dana, c.ID, true, "")
		must(t, err)
		f := d.file(t, c.ID)
		if f.Case.State != casework.Closed || f.Case.Outcome != "do-not-board" {
			t.Errorf("confirmed case is %+v", f.Case)
		}
		if diff := cmp.Diff([]casework.Decision{yes, no}, f.Decisions, cmpopts.EquateApproxTime(time.Millisecond)); diff != "" {
			t.Errorf("decisions (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"opened", "proposed", "refused", "proposed", "confirmed"}, history(f)); diff != "" {
			t.Error(diff)
		}
		_, err = d.Confirm(ctx, dana, c.ID, true, "")
		wantKind(t, err, api.Conflict)
	})
}

// Whoever decided may take the decision back, and cannot confirm it in any role.
func TestTakingADecisionBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	_, err := d.Decide(t.Context(), dana, c.ID, casework.Verdict{Outcome: "do-not-board", Reason: reason})
	must(t, err)
	_, err = d.Confirm(t.Context(), dana, c.ID, true, "")
	wantKind(t, err, api.Forbidden)
	_, err = d.Confirm(t.Context(), dana, c.ID, false, "I looked at the wrong passenger")
	must(t, err)
	if c := d.file(t, c.ID).Case; c.State != casework.Claimed {
		t.Errorf("the case is %s", c.State)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	_, err := d.Note(t.Context(), omar, c.ID, " asked at the desk ")
	must(t, err)
	_, err = d.Note(t.Context(), omar, c.ID, "  ")
	wantKind(t, err, api.Unprocessable)
	f := d.file(t, c.ID)
	if last := f.History[len(f.History)-1]; last.What != "note" || last.By != "omar" || last.Detail != "asked at the desk" {
		t.Errorf("the note reads %+v", last)
	}
}

// "Not the same person" is told to screening, which then leaves the pair out; what rules found it does not touch.
func TestNotTheSamePerson(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		d := newDesk(t, open(), travel{})
		name := finding("p1", "7", screening.High)
		rule := screening.Finding{Subject: "p1", Engine: "rule", Matched: "late-cash", Rule: "late-cash", Severity: screening.Low, Explanation: screening.Explanation{Code: "rule_hit"}}
		found := []screening.Finding{name, rule}
		subject := passenger("p1")
		var raised []casework.Raised
		must(t, d.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			up, err := screening.Upsert(ctx, tx, "travel", []*screening.Subject{&subject.Subject}, found)
			if err != nil {
				return err
			}
			raised, err = casework.Raise(ctx, tx, "travel", []screening.Screened{subject}, found, up)
			return err
		}))
		_, err := d.Decide(t.Context(), amal, raised[0].Case.ID, casework.Verdict{Outcome: casework.NotSamePerson, Reason: reason})
		must(t, err)
		live, err := screening.OfSubjects(t.Context(), d.st.Read(), []screening.ID{"p1"})
		must(t, err)
		if len(live["p1"]) != 1 || live["p1"][0].Rule != "late-cash" {
			t.Errorf("live after the decision: %+v", live["p1"])
		}
		dismissed := 0
		for _, f := range d.file(t, raised[0].Case.ID).Findings {
			if !f.Dismissed.IsZero() {
				dismissed++
			}
		}
		if dismissed != 1 {
			t.Errorf("the closed case shows %d dismissed findings", dismissed)
		}
	})
}

// What a decision causes elsewhere happens with it or not at all.
func TestDecidedIsPartOfTheDecision(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	d := newDesk(t, st, travel{})
	c := d.open(t, "p1")
	failing, err := casework.NewDesk(t.Context(), st, casework.Options{
		Offers: []casework.Offer{{Domain: travel{}, Roles: []access.Role{access.Analyst}}},
		Reads:  d.log,
		Decided: func(context.Context, store.Tx, casework.Case, casework.Decision) error {
			return context.DeadlineExceeded
		},
	})
	must(t, err)
	if _, err := failing.Decide(t.Context(), amal, c.ID, casework.Verdict{Outcome: "cleared", Reason: reason}); err == nil {
		t.Error("the decision stands though its effect failed")
	}
	if f := d.file(t, c.ID); f.Case.State != casework.Open || len(f.Decisions) != 0 {
		t.Errorf("the case is %s with %d decisions", f.Case.State, len(f.Decisions))
	}
}

// A case outlives its subject: when the flight was erased, the case still says whom it was about.
func TestACaseWhoseSubjectIsGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{gone: true})
	c := d.open(t, "p1")
	want := casework.Sheet{Title: "QAMAR, LAYLA", Context: "ZZ431 2026-11-24 LHR-BAH", Until: boards, Lines: []casework.Line{}}
	if diff := cmp.Diff(want, d.file(t, c.ID).Sheet); diff != "" {
		t.Error(diff)
	}
	_, err := d.Decide(t.Context(), amal, c.ID, casework.Verdict{Outcome: "cleared", Reason: reason})
	must(t, err)
}
