package screening_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// screenStored screens subjects as they are and stores what is found.
func screenStored(t *testing.T, st *store.Store, s *screening.Screener, subjects ...*screening.Subject) screening.Upserted {
	t.Helper()
	var found []screening.Finding
	for _, subject := range subjects {
		found = s.Generation().Screen(found, &screening.Screened{Subject: *subject})
	}
	var up screening.Upserted
	write(t, st, func(ctx context.Context, tx store.Tx) (err error) {
		up, err = screening.Upsert(ctx, tx, "travel", subjects, found)
		return err
	})
	return up
}

func whyWithdrawn(t *testing.T, st *store.Store, id screening.ID) (why []string) {
	t.Helper()
	all, err := screening.History(context.Background(), st.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !f.Withdrawn.IsZero() {
			why = append(why, f.Matched+" "+f.Withdrawal)
		}
	}
	return why
}

func dueNow(t *testing.T, st *store.Store) (ids []string) {
	t.Helper()
	due, err := screening.ClaimDue(context.Background(), st, "travel", "test", 100, time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		ids = append(ids, string(d.Subject))
	}
	return ids
}

// Why a finding went is told: its entry left or changed, the person did, or the threshold.
func TestWhyAFindingWent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		st := open()
		s := opened(t, st, screening.Options{})
		load(t, st, upload("watch", watchlist))
		refresh(t, s, true)
		expect := func(want string) {
			t.Helper()
			if up := screenStored(t, st, s, kassem("1")); len(up.Gone) != 1 || up.Gone[0].Withdrawal != want {
				t.Errorf("gone: %+v, want %s", up.Gone, want)
			}
			if diff := cmp.Diff([]string{"watch/W1 " + want}, whyWithdrawn(t, st, "1")); diff != "" {
				t.Error(diff)
			}
		}
		back := func() {
			t.Helper()
			if up := screenStored(t, st, s, kassem("1")); len(up.New) != 1 || up.New[0].Withdrawal != "" || !up.New[0].Withdrawn.IsZero() {
				t.Errorf("it came back as %+v", up)
			}
		}
		back()
		force := func(text string) {
			t.Helper()
			u := upload("watch", text)
			u.Force, u.Reason = true, "a test of what is gone"
			load(t, st, u)
			refresh(t, s, true)
		}
		force(strings.Replace(watchlist, "W1,Zorvani,Kassem Idris,قاسم الزرفاني", "W1,Brannigan,Peter,", 1))
		expect(screening.EntryChanged)
		force(watchlist)
		back()
		force(strings.Replace(watchlist, "W1,", "W9,", 1))
		if up := screenStored(t, st, s, kassem("1")); len(up.Gone) != 1 || up.Gone[0].Withdrawal != screening.EntryRemoved {
			t.Errorf("gone: %+v", up.Gone)
		}
		force(watchlist)
		if up := screenStored(t, st, s, kassem("1")); len(up.New) != 1 || len(up.Gone) != 1 {
			t.Errorf("changed back: %+v", up)
		}
		other := kassem("1")
		other.Names = []screening.Name{{Surname: "SMITH", Given: "JOHN"}}
		if up := screenStored(t, st, s, other); len(up.Gone) != 1 || up.Gone[0].Withdrawal != screening.SubjectChanged {
			t.Errorf("another person: %+v", up.Gone)
		}
		screenStored(t, st, s, kassem("1"))
		write(t, st, func(ctx context.Context, tx store.Tx) error {
			gone, err := screening.Withdraw(ctx, tx, []screening.ID{"1"})
			if len(gone) != 1 || gone[0].Withdrawal != screening.SubjectGone {
				t.Errorf("the subject is gone: %+v", gone)
			}
			return err
		})
	})
}

// Thresholds are a list's own, told beforehand what they would change, and a change of everything.
func TestThresholds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		ctx, st := context.Background(), open()
		s := opened(t, st, screening.Options{})
		load(t, st, upload("watch", watchlist))
		load(t, st, upload("other", strings.ReplaceAll(watchlist, "W", "O")))
		refresh(t, s, true)
		up := screenStored(t, st, s, kassem("1"))
		if len(up.New) != 2 {
			t.Fatalf("found %s", codes(up.New))
		}
		score := up.New[0].Score
		higher := screening.Thresholds{List: "watch", Look: 0.99, Alert: 0.99, By: "sup", Reason: "too many alarms"}
		preview, err := s.PreviewThresholds(ctx, higher)
		if err != nil || score < 0.99 && preview.Close != 1 || !preview.Exact {
			t.Errorf("of a score of %.3f the preview says %+v, %v", score, preview, err)
		}
		before := s.Generation().Number()
		set, err := screening.SetThresholds(ctx, st, higher, "supervisor")
		if err != nil || set.Default || set.By != "sup" {
			t.Fatalf("set %+v, %v", set, err)
		}
		refresh(t, s, true)
		if got := s.Generation().Thresholds("watch"); got.Look != 0.99 || s.Generation().Thresholds("other").Look != screening.DefaultLook {
			t.Errorf("in force: %+v", got)
		}
		if delta, err := s.Delta(ctx, before, s.Generation()); err != nil || delta != nil {
			t.Errorf("a threshold concerns everybody, not %v, %v", delta, err)
		}
		if score < 0.99 {
			if up := screenStored(t, st, s, kassem("1")); len(up.Gone) != 1 || up.Gone[0].List != "watch" || up.Gone[0].Withdrawal != screening.BelowThreshold {
				t.Errorf("gone: %+v", up.Gone)
			}
		}
		for _, wrong := range []screening.Thresholds{{List: "watch", Look: 0.8, Alert: 0.7, Reason: higher.Reason}, {List: "watch", Look: 0.2, Alert: 0.7, Reason: higher.Reason}} {
			if _, err := screening.SetThresholds(ctx, st, wrong, "supervisor"); !errors.Is(err, screening.ErrThresholds) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		if _, err := screening.SetThresholds(ctx, st, screening.Thresholds{List: "watch", Look: 0.6, Alert: 0.7, Reason: "no"}, "supervisor"); !errors.Is(err, screening.ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		again := opened(t, st, screening.Options{})
		if again.Generation().Thresholds("watch").Look != 0.99 {
			t.Error("a restart forgot the thresholds")
		}
	})
}

// Nobody is asked the same question twice; who said it can be asked, and taken back.
func TestDismissalOfOneJourneyHoldsForAll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		ctx, st := context.Background(), open()
		now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
		s := opened(t, st, screening.Options{Clock: func() time.Time { return now }})
		load(t, st, upload("watch", watchlist))
		refresh(t, s, true)
		up := screenStored(t, st, s, kassem("1"), kassem("2"))
		if len(up.New) != 2 {
			t.Fatalf("found %s", codes(up.New))
		}
		var first screening.Finding
		for _, f := range up.New {
			if f.Subject == "1" {
				first = f
			}
		}
		dismiss := func() {
			t.Helper()
			write(t, st, func(ctx context.Context, tx store.Tx) error {
				if err := screening.RecordDecided(ctx, tx, []screening.Finding{first}, "not-same-person", false); err != nil {
					return err
				}
				return screening.Dismiss(ctx, tx, screening.Dismissal{Subject: "1", Identity: screening.Identity(kassem("1")), Finding: first, By: "ann", Reason: "another face", Until: now.AddDate(2, 0, 0)})
			})
			refresh(t, s, false)
		}
		dismiss()
		if diff := cmp.Diff([]string{"2"}, dueNow(t, st)); diff != "" {
			t.Errorf("the other journey is not due:\n%s", diff)
		}
		if up := screenStored(t, st, s, kassem("1"), kassem("2")); len(up.New) != 0 || len(up.Gone) != 1 || up.Gone[0].Withdrawal != screening.NotSamePerson {
			t.Errorf("after the decision: %+v", up)
		}
		all, err := screening.Dismissals(ctx, st.Read(), "")
		if err != nil || len(all) != 1 || all[0].State != "holds" || all[0].Name == "" {
			t.Fatalf("dismissals: %+v, %v", all, err)
		}
		if _, err := screening.Revoke(ctx, st, all[0].ID, "sup", "supervisor", "no"); !errors.Is(err, screening.ErrReason) {
			t.Errorf("revoked without a reason: %v", err)
		}
		if _, err := screening.Revoke(ctx, st, "nothing", "sup", "supervisor", "it was him after all"); !errors.Is(err, screening.ErrNoDismissal) {
			t.Errorf("revoked what is not: %v", err)
		}
		before := s.Generation().Number()
		if _, err := screening.Revoke(ctx, st, all[0].ID, "sup", "supervisor", "it was him after all"); err != nil {
			t.Fatal(err)
		}
		if _, err := screening.Revoke(ctx, st, all[0].ID, "sup", "supervisor", "it was him after all"); !errors.Is(err, screening.ErrEnded) {
			t.Errorf("revoked twice: %v", err)
		}
		refresh(t, s, true)
		if delta, err := s.Delta(ctx, before, s.Generation()); err != nil || delta == nil || delta.Entries() != 1 {
			t.Errorf("a dismissal taken back concerns one entry: %+v, %v", delta, err)
		}
		if up := screenStored(t, st, s, kassem("1"), kassem("2")); len(up.New) != 2 {
			t.Errorf("asked again: %+v", up)
		}
		dismiss()
		screenStored(t, st, s, kassem("1"), kassem("2"))
		now = now.AddDate(2, 0, 1) // the decision is over: a human looks again
		refresh(t, s, true)
		if up := screenStored(t, st, s, kassem("1"), kassem("2")); len(up.New) != 2 {
			t.Errorf("after two years: %+v", up)
		}
		if all, err = screening.Dismissals(ctx, st.Read(), "watch"); err != nil || len(all) != 1 || all[0].State != "expired" {
			t.Errorf("dismissals: %+v, %v", all, err)
		}
		curve, err := s.CurveOf(ctx, "watch")
		if err != nil || curve.Decided != 2 || curve.Same != 0 || len(curve.Points) == 0 {
			t.Errorf("the curve: %+v, %v", curve, err)
		}
	})
}
