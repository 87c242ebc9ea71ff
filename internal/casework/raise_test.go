package casework_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A finding opens a case that says who, where, until when and how bad; the next one is added to it.
func TestFindingsBecomeOneCase(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		d := newDesk(t, open(), travel{})
		c := d.open(t, "p1")
		want := casework.Case{
			ID: c.ID, Number: c.Number, Domain: "travel", Subject: "p1", Within: "flight-1", State: casework.Open, Severity: screening.High,
			Title: "QAMAR, LAYLA", Context: "ZZ431 2026-11-24 LHR-BAH", Kind: "name_match", Findings: 1, Until: boards, Version: 1,
		}
		if diff := cmp.Diff(want, d.file(t, c.ID).Case, cmpopts.IgnoreFields(casework.Case{}, "Opened")); diff != "" {
			t.Errorf("the case opened (-want +got):\n%s", diff)
		}

		stolen := finding("p1", "9", screening.Critical)
		stolen.Explanation.Code = "document_stolen"
		raised := d.raise(t, []screening.Finding{finding("p1", "7", screening.High), stolen}, screening.Upserted{New: []screening.Finding{stolen}}, "p1")
		if diff := cmp.Diff([]string{fmt.Sprintf("C-%d changed", c.Number)}, whats(raised)); diff != "" {
			t.Error(diff)
		}
		f := d.file(t, c.ID)
		got := []any{f.Case.Severity, f.Case.Kind, f.Case.Findings, f.Case.Version, history(f)}
		if diff := cmp.Diff([]any{screening.Critical, "document_stolen", 2, int64(2), []string{"opened", "finding"}}, got); diff != "" {
			t.Errorf("the case with a worse finding (-want +got):\n%s", diff)
		}
	})
}

// refusing is a transaction in which any statement is a mistake.
type refusing struct{ store.Tx }

// A flight of 300 of whom nothing is found takes not one statement.
func TestSubjectsWithoutFindingsCostNothing(t *testing.T) {
	t.Parallel()
	raised, err := casework.Raise(t.Context(), refusing{}, "travel", make([]screening.Screened, 300), nil, screening.Upserted{})
	if raised != nil || err != nil {
		t.Errorf("got %v, %v", raised, err)
	}
	if raised, err = casework.Rename(t.Context(), refusing{}, "travel", nil); raised != nil || err != nil {
		t.Errorf("renaming nobody gave %v, %v", raised, err)
	}
	if raised, err = casework.Gone(t.Context(), refusing{}, "travel", nil); raised != nil || err != nil {
		t.Errorf("nobody gone gave %v, %v", raised, err)
	}
}

// What nobody has taken on goes by itself with its last finding, and comes back as itself; what somebody has taken on
// stays theirs.
func TestACaseWithoutFindings(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	f := []screening.Finding{finding("p1", "7", screening.High)}

	raised := d.raise(t, nil, screening.Upserted{Gone: f}, "p1")
	if diff := cmp.Diff([]string{"C-1 withdrawn"}, whats(raised)); diff != "" {
		t.Error(diff)
	}
	if got := d.file(t, c.ID).Case; got.State != casework.Closed || got.Outcome != casework.Withdrawn {
		t.Errorf("withdrawn case is %s (%s)", got.State, got.Outcome)
	}
	raised = d.raise(t, f, screening.Upserted{New: f}, "p1")
	if diff := cmp.Diff([]string{"C-1 reopened"}, whats(raised)); diff != "" {
		t.Error(diff)
	}

	_, err := d.Claim(t.Context(), amal, c.ID)
	must(t, err)
	raised = d.raise(t, nil, screening.Upserted{Gone: f}, "p1")
	raised = append(raised, d.raise(t, nil, screening.Upserted{Gone: f}, "p1")...) // said once
	if diff := cmp.Diff([]string{"C-1 changed"}, whats(raised)); diff != "" {
		t.Error(diff)
	}
	if got := d.file(t, c.ID); got.Case.State != casework.Claimed || got.Case.Findings != 0 {
		t.Errorf("a claimed case whose findings went is %s with %d findings", got.Case.State, got.Case.Findings)
	}
}

// After a decision a new finding is a new case, with the old decision beside it; the same finding again is none.
func TestAClosedCaseStaysClosed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	first, err := d.Decide(t.Context(), amal, c.ID, casework.Verdict{Outcome: "cleared", Reason: reason})
	must(t, err)
	old := finding("p1", "7", screening.High)
	if raised := d.raise(t, []screening.Finding{old}, screening.Upserted{}, "p1"); len(raised) != 0 {
		t.Errorf("the same finding again raised %v", whats(raised))
	}
	more := finding("p1", "8", screening.Low)
	raised := d.raise(t, []screening.Finding{old, more}, screening.Upserted{New: []screening.Finding{more}}, "p1")
	if diff := cmp.Diff([]string{"C-2 opened"}, whats(raised)); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff([]casework.Decision{first}, d.file(t, raised[0].Case.ID).Earlier); diff != "" {
		t.Errorf("earlier decisions (-want +got):\n%s", diff)
	}
}

// Who the subject is known again by, on another journey, brings the earlier decision too.
func TestEarlierDecisionsFollowThePerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	c := d.open(t, "p1")
	first, err := d.Decide(t.Context(), amal, c.ID, casework.Verdict{Outcome: "cleared", Reason: reason})
	must(t, err)
	again := d.open(t, "p2") // the same document, birth date and name
	if diff := cmp.Diff([]casework.Decision{first}, d.file(t, again.ID).Earlier); diff != "" {
		t.Errorf("earlier decisions (-want +got):\n%s", diff)
	}
	other := d.open(t, "q1")
	if got := d.file(t, other.ID).Earlier; len(got) != 0 {
		t.Errorf("somebody else's case shows %v", got)
	}
}

// When two subjects turn out to be one, their cases are one: the older number, with the claim of the other.
func TestRenameMergesCases(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		d := newDesk(t, open(), travel{})
		older, younger := d.open(t, "p2"), d.open(t, "p1")
		moved := d.open(t, "p3")
		_, err := d.Decide(t.Context(), amal, younger.ID, casework.Verdict{Outcome: "do-not-board", Reason: reason})
		must(t, err)
		var raised []casework.Raised
		must(t, d.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			raised, err = casework.Rename(ctx, tx, "travel", map[screening.ID]screening.ID{"p2": "p1", "p3": "p4"})
			return err
		}))
		want := []string{fmt.Sprintf("C-%d changed", older.Number), fmt.Sprintf("C-%d merged", younger.Number)}
		if diff := cmp.Diff(want, whats(raised)); diff != "" {
			t.Error(diff)
		}
		f := d.file(t, older.ID)
		if f.Case.Subject != "p1" || f.Case.State != casework.Pending || f.Case.ClaimedBy != "amal" || len(f.Decisions) != 1 {
			t.Errorf("the older case is %+v with %d decisions", f.Case, len(f.Decisions))
		}
		if f := d.file(t, younger.ID); f.Case.State != casework.Closed || f.Case.Outcome != casework.Merged {
			t.Errorf("the younger case is %s (%s)", f.Case.State, f.Case.Outcome)
		}
		if f := d.file(t, moved.ID); f.Case.Subject != "p4" || f.Case.State != casework.Open {
			t.Errorf("the case that only moved is %+v", f.Case)
		}
		if _, err := d.Confirm(t.Context(), dana, older.ID, true, ""); err != nil {
			t.Errorf("the decision that moved along cannot be confirmed: %v", err)
		}
	})
}

// Whatever comes in whatever order: a subject has at most one case that is not closed, a case with live findings and no
// decision is not closed, and numbers are never given twice.
func TestCasesKeepTheirPromises(t *testing.T) {
	t.Parallel()
	st := storetest.SQLite(t)
	newDesk(t, st, travel{})
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		name := func(i int) screening.ID { return screening.ID(fmt.Sprintf("%d/%d", round, i)) }
		live := map[screening.ID]map[string]screening.Finding{}
		err := st.Write(context.Background(), func(ctx context.Context, tx store.Tx) error {
			for range rapid.IntRange(1, 12).Draw(t, "steps") {
				a, b := name(rapid.IntRange(0, 3).Draw(t, "who")), name(rapid.IntRange(0, 3).Draw(t, "other"))
				switch rapid.SampledFrom([]string{"found", "found", "lost", "rename", "gone"}).Draw(t, "what") {
				case "found", "lost":
					entry := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "entry")
					var up screening.Upserted
					if live[a] == nil {
						live[a] = map[string]screening.Finding{}
					}
					if f, there := live[a][entry]; there {
						delete(live[a], entry)
						up.Gone = append(up.Gone, f)
					} else {
						f := finding(string(a), entry, screening.Severity(rapid.IntRange(1, 4).Draw(t, "severity")))
						live[a][entry] = f
						up.New = append(up.New, f)
					}
					var found []screening.Finding
					for _, f := range live[a] {
						found = append(found, f)
					}
					if _, err := casework.Raise(ctx, tx, "travel", []screening.Screened{passenger(a)}, found, up); err != nil {
						return err
					}
				case "rename":
					if a == b {
						continue
					}
					if _, err := casework.Rename(ctx, tx, "travel", map[screening.ID]screening.ID{a: b}); err != nil {
						return err
					}
					if live[b] == nil {
						live[b] = map[string]screening.Finding{}
					}
					for entry, f := range live[a] {
						f.Subject = b
						live[b][entry] = f
					}
					delete(live, a)
				case "gone":
					if _, err := casework.Gone(ctx, tx, "travel", []screening.ID{a}); err != nil {
						return err
					}
					delete(live, a)
				}
				cases, err := casework.OfSubjects(ctx, tx, []screening.ID{name(0), name(1), name(2), name(3)})
				if err != nil {
					return err
				}
				for i := range 4 {
					open := 0
					for _, c := range cases[name(i)] {
						if c.State != casework.Closed {
							open++
						}
					}
					switch {
					case open > 1:
						return fmt.Errorf("%s has %d cases open", name(i), open)
					case (open == 1) != (len(live[name(i)]) > 0):
						return fmt.Errorf("%s has %d findings and %d cases open", name(i), len(live[name(i)]), open)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A case opened by a transaction that fails leaves nothing, not even its number.
func TestAFailedTransactionRaisesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.SQLite(t), travel{})
	f := []screening.Finding{finding("p1", "7", screening.High)}
	stop := errors.New("stop")
	err := d.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if _, err := casework.Raise(ctx, tx, "travel", []screening.Screened{passenger("p1")}, f, screening.Upserted{New: f}); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if c := d.open(t, "p2"); c.Number != 1 {
		t.Errorf("the first case that stands is C-%d", c.Number)
	}
}
