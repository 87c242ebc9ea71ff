package sharing_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// An erasure that is not proved in time stops what would come to the side that owes it, as the agreement's trigger says; the
// duties go on.
func TestTriggers(t *testing.T) {
	t.Parallel()
	bh, us, w := pair(t)
	ctx := t.Context()
	given, open := bh.ask(known(example()), huda, salman), bh.ask(known(example()), huda, salman)
	for _, q := range []sharing.Thread{given, open} {
		us.comes(q.ID, sharing.Asked)
	}
	hit := sharing.Release{Answer: "hit", Candidate: "national/U-77"}
	if _, err := us.room.Release(ctx, bob, given.ID, hit); err != nil {
		t.Fatal(err)
	}
	bh.comes(given.ID, sharing.Answered)
	bh.stop()
	if _, err := us.room.AskErasure(ctx, alice, given.ID, "", "withdrawn"); err != nil {
		t.Fatal(err)
	}
	w.forward(9*24*time.Hour + time.Second)
	if err := us.room.Clocks(ctx); err != nil {
		t.Fatal(err)
	}
	us.until("what would come to bh is suspended", func() bool {
		return slices.ContainsFunc(us.agreement().Suspended, func(s sharing.Suspension) bool { return s.Receiving && s.Party == "bh" && s.Cause == "SUS1" })
	})
	_, err := us.room.Release(ctx, bob, open.ID, hit)
	refusedWith(t, err, agreement.SuspendedNow)
	if !slices.ContainsFunc(us.steps(), func(e ledger.Entry) bool { return e.Kind == ledger.Suspended && e.Code == "SUS1" }) {
		t.Error("the log does not tell")
	}
}

// A booking that was received is masked after six months and erased after five years; what was asked goes with it.
func TestMaskedAndForgotten(t *testing.T) {
	t.Parallel()
	bh, us, w := pair(t)
	ctx := t.Context()
	q := bh.ask(known(example()), huda, salman)
	us.comes(q.ID, sharing.Asked)
	if _, err := us.room.Release(ctx, bob, q.ID, sharing.Release{Answer: "hit", Candidate: "national/U-77"}); err != nil {
		t.Fatal(err)
	}
	bh.comes(q.ID, sharing.Answered)
	b := bh.ask(sharing.Question{
		Share: "T4", Purpose: "terrorism", CaseRef: "C-1", OffenceCode: "0201", PenaltyYears: 5, Confirmed: true, PriorReference: bh.thread(q.ID).Reference,
		Justification: strings.Repeat("The journey must be known before arrival. ", 5),
	}, huda, salman)
	us.comes(b.ID, sharing.Asked)
	// Nothing in this node holds bookings: an officer types them; a field nobody agreed on stays.
	release := sharing.Release{Answer: "data", Values: map[string]any{"pnr.locator": "ABC123", "pnr.names": "EXAMPLE, SAMI", "pnr.itinerary": "ZZ1 AMM-BAH", "pnr.ssr.meal": "x"}}
	half, err := us.room.Release(ctx, bob, b.ID, release)
	if err != nil || half.State != sharing.Half {
		t.Fatalf("after one of two people it is %s (%v)", half.State, err)
	}
	if _, err := us.room.Release(ctx, bob, b.ID, release); err != nil || us.thread(b.ID).State != sharing.Half {
		t.Errorf("one person counted twice: %s (%v)", us.thread(b.ID).State, err)
	}
	other := release
	other.Values = map[string]any{"pnr.locator": "XYZ999"}
	if _, err := us.room.Release(ctx, carol, b.ID, other); !errors.Is(err, &api.Error{Kind: api.Conflict}) {
		t.Errorf("two people released different things: %v", err)
	}
	if _, err := us.room.Release(ctx, carol, b.ID, release); err != nil {
		t.Fatal(err)
	}
	bh.comes(b.ID, sharing.Answered)
	if diff := cmp.Diff(map[string]any{"pnr.locator": "ABC123", "pnr.names": "EXAMPLE, SAMI", "pnr.itinerary": "ZZ1 AMM-BAH"}, bh.thread(b.ID).Records[0].Values); diff != "" {
		t.Error(diff)
	}
	w.forward(190 * 24 * time.Hour)
	bh.until("it is masked", func() bool {
		if err := bh.room.Clocks(ctx); err != nil {
			t.Fatal(err)
		}
		return cmp.Equal(map[string]any{"pnr.itinerary": "ZZ1 AMM-BAH"}, bh.thread(b.ID).Records[0].Values)
	})
	w.forward(5 * 366 * 24 * time.Hour)
	bh.until("it is gone, and the question with it", func() bool {
		if err := bh.room.Clocks(ctx); err != nil {
			t.Fatal(err)
		}
		p := bh.thread(b.ID)
		return p.Records[0].State == "erased" && p.Request == nil
	})
}

// What may be used for one purpose may be used for another once the giver said yes to it, and not before.
func TestConsentToAnotherPurpose(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	ctx := t.Context()
	q := bh.ask(known(example()), huda, salman)
	us.comes(q.ID, sharing.Asked)
	if _, err := us.room.Release(ctx, bob, q.ID, sharing.Release{Answer: "hit", Candidate: "national/U-77"}); err != nil {
		t.Fatal(err)
	}
	bh.comes(q.ID, sharing.Answered)
	found := func(purpose string) int {
		records, err := bh.room.Received(ctx, huda, travel, purpose, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(records)
	}
	if _, err := bh.room.AskConsent(ctx, huda, q.ID, "onward", "a third state", "", "they ask"); err == nil {
		t.Error("passing on was asked for although the agreement forbids it")
	}
	if _, err := bh.room.AskConsent(ctx, huda, q.ID, "purpose", "", "serious-crime", "the same person smuggles"); err != nil {
		t.Fatal(err)
	}
	us.until("the question for consent comes", func() bool { return us.thread(q.ID).Attention == "consent" })
	if n := found("serious-crime"); n != 0 {
		t.Errorf("%d records are found for another purpose before anybody consented", n)
	}
	if _, err := us.room.Consent(ctx, alice, q.ID, true, ""); !errors.Is(err, &api.Error{Kind: api.Forbidden}) {
		t.Errorf("an analyst consented: %v", err)
	}
	if _, err := us.room.Consent(ctx, bob, q.ID, true, "this case only"); err != nil {
		t.Fatal(err)
	}
	bh.until("it is found for both purposes", func() bool { return found("serious-crime") == 1 && found("terrorism") == 1 })
}

// What another role's work is, is not seen: a financial analyst finds no thread of travel; a watcher
// sees every thread, and not whom it is about.
func TestWhoSees(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	q := bh.ask(known(example()), huda, salman)
	us.comes(q.ID, sharing.Asked)
	for role, sees := range map[access.Role]bool{
		access.Analyst: true, access.Supervisor: true, access.Officer: true, access.Auditor: true, access.FIU: false, access.Responder: false, access.Targeter: false,
	} {
		p, err := bh.room.Thread(t.Context(), access.Principal{Name: "somebody", Role: role}, q.ID)
		if (err == nil) != sees {
			t.Errorf("%s: %v", role, err)
		}
		if watches := role == access.Auditor; err == nil && (p.Masked != watches || (p.Request.Subject.FamilyName == "") != watches || p.Request.Justification == "") {
			t.Errorf("%s sees %+v", role, p.Request)
		}
	}
}
