package sharing_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// What two states did is counted by each from its own log, and the figures agree: hits, no hits, refusals, data, outcomes,
// corrections, erasures. One who seeks protection is a no-hit on both sides.
func TestBothCountTheSame(t *testing.T) {
	t.Parallel()
	bh, us, w := pair(t)
	ctx := t.Context()
	release := func(s *side, id string, r sharing.Release) {
		t.Helper()
		s.comes(id, sharing.Asked)
		if _, err := s.room.Release(ctx, map[*side]access.Principal{bh: salman, us: bob}[s], id, r); err != nil {
			t.Fatal(err)
		}
	}
	hit := bh.ask(known(example()), huda, salman)
	release(us, hit.ID, sharing.Release{Answer: "hit", Candidate: "national/U-77"})
	bh.comes(hit.ID, sharing.Answered)
	none := us.ask(known(&sharing.Person{FamilyName: "Nobody", GivenNames: "Known", DOB: "1980-01-02"}), alice, bob)
	release(bh, none.ID, sharing.Release{Answer: "no_hit"})
	refused := bh.ask(known(&sharing.Person{FamilyName: "Somebody", GivenNames: "Else", DOB: "1981-05-06"}), huda, salman)
	release(us, refused.ID, sharing.Release{Answer: "refuse", Code: "NOT_PROPORTIONATE", Reason: "The facts given do not name an offence of the agreed gravity."})
	salma := &sharing.Person{FamilyName: "Refuge", GivenNames: "Salma", DOB: "1990-01-02", Nationality: "SYR"}
	if err := bh.room.Protect(ctx, salman, *salma, []string{"USA"}); err != nil {
		t.Fatal(err)
	}
	hidden := us.ask(known(salma), alice, bob)
	core := bh.ask(sharing.Question{
		Share: "T3", Purpose: "terrorism", CaseRef: "C-2026-0099", OffenceCode: "0201", PriorReference: bh.thread(hit.ID).Reference, Confirmed: true,
		Justification: "Private match on two key families for a passenger of GF2 today; identity must be settled before arrival, and the reference was given on a hit.",
		Facts:         "Passenger of GF2 15 May; passport and birth date equal to listed entry; arrival 05:40; suspected of offence category 0201 in case C-2026-0099.",
	}, huda, salman)
	release(us, core.ID, sharing.Release{Answer: "data", Candidate: "national/U-77"})
	bh.comes(core.ID, sharing.Answered)
	if _, err := bh.room.Outcome(ctx, huda, hit.ID, "confirmed_same"); err != nil {
		t.Fatal(err)
	}
	if _, err := us.room.Correct(ctx, alice, core.ID, "", "person.dob", "1979-11-03", "a slip"); err != nil {
		t.Fatal(err)
	}
	bh.until("the correction takes effect", func() bool { return bh.thread(core.ID).Records[0].Values["person.dob"] == "1979-11-03" })
	if _, err := us.room.AskErasure(ctx, alice, core.ID, "", "withdrawn"); err != nil {
		t.Fatal(err)
	}
	us.comes(none.ID, sharing.Answered)
	us.comes(hidden.ID, sharing.Answered)
	bh.comes(refused.ID, sharing.Refused)
	us.until("what was told is counted", func() bool {
		done := 0
		for _, e := range us.steps() {
			if e.Type == "DONE" && e.Kind == ledger.Received {
				done++
			}
		}
		return done == 2 && us.thread(hit.ID).Outcome == "confirmed_same"
	})

	today := w.now().UTC()
	days := ledger.Days{From: today.AddDate(0, 0, -1).Format(time.DateOnly), To: today.AddDate(0, 0, 10).Format(time.DateOnly)}
	figures := func(s *side, own, partner string) *ledger.Side {
		t.Helper()
		r, err := ledger.Figures(ledger.Terms{
			Agreement: travel, Version: 3, Own: own, Partner: partner, Acknowledge: time.Minute, Correct: 72 * time.Hour, Erase: 168 * time.Hour,
		}, days, s.steps())
		if err != nil {
			t.Fatal(err)
		}
		return r.Sides[own]
	}
	ours, theirs := figures(bh, "bh", "us"), figures(us, "us", "bh")
	n := func(n int) ledger.Count { return ledger.Count{N: n} }
	for what, pair := range map[string][2]any{
		"requests":            {ours.Requests, ledger.Counts{"T2": n(2), "T3": n(1)}},
		"hits":                {ours.Hits, ledger.Counts{"T2": n(1)}},
		"data":                {ours.Data, ledger.Counts{"T3": n(1)}},
		"refusals":            {ours.Refusals, ledger.Counts{"NOT_PROPORTIONATE": n(1)}},
		"no hits told":        {ours.Given.NoHits, ledger.Counts{"T2": n(2)}},
		"no hits got":         {theirs.NoHits, ledger.Counts{"T2": n(2)}},
		"rules that are told": {ours.NeverRule, ledger.Counts(nil)},
		"records given":       {theirs.Quality.Records, n(1)},
		"confirmed":           {ours.ConfirmedSame, n(1)},
		"corrections":         {ours.Corrections, ledger.Duty{Due: 1, Done: 1}},
		"erasures":            {ours.Erasures, ledger.Duty{Due: 1, Done: 1, PastEraseAtNow: new(0)}},
		"still open":          {ours.Open, ledger.Counts(nil)},
		"late":                {ours.ReplyTime["T2"].LateShare, 0.0},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	for _, d := range ledger.Reconcile("bh", "us", ours, theirs) {
		if d.Apart() {
			t.Errorf("the two logs tell of the same, and yet %+v", d)
		}
	}
}
