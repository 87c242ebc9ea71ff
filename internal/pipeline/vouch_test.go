package pipeline_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// guild is a parish that gives its people numbers. It knows Ann Lee by hers once she is a member, and misses a letter of
// whoever is no member.
type guild struct {
	*parish
	member *atomic.Bool
}

var annsNumber = screening.Claim{Kind: screening.ClaimRedress, Number: "ANN7"}

func (g guild) Screen(ctx context.Context, r store.Reader, ids []screening.ID) ([]screening.Screened, error) {
	out, err := g.parish.Screen(ctx, r, ids)
	for i := range out {
		if out[i].Subject.Names[0].Full == "Ann Lee" {
			out[i].Subject.Claims = []screening.Claim{annsNumber}
		}
	}
	return out, err
}

func (g guild) Vouch(_ context.Context, _ store.Reader, _ time.Time, subjects []*screening.Subject) ([]pipeline.Vouched, error) {
	out := make([]pipeline.Vouched, len(subjects))
	for i, s := range subjects {
		switch {
		case s.Names[0].Full != "Ann Lee":
		case g.member.Load():
			out[i].Known = []string{screening.KnownBy("guild", "ANN7")}
		default:
			out[i].Found = []screening.Finding{{Engine: "parish", Matched: "letter", Severity: screening.Low, Explanation: screening.Explanation{Code: screening.CodePermitMissing}}}
		}
	}
	return out, nil
}

// Who is recognised by a number is asked about no more for the namesake that somebody decided they are not, and what the
// voucher found of them goes, though nobody filed anything: their standing changed.
func TestAStandingChangesWhatWasFound(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		member := &atomic.Bool{}
		n, err := buildWith(t.Context(), open(), t.TempDir(), "one", func(p *parish) pipeline.Domain { return guild{p, member} })
		if err != nil {
			t.Fatal(err)
		}
		n.list(t, "Ann Lee")
		if _, err := n.screener.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.run(t)
		n.settled(t, n.file(t, "PARISH\nP st-mary Ann Lee\n"))
		const ann screening.ID = "st-mary/Ann Lee"
		live := func() (engines []string) {
			found, err := screening.OfSubjects(t.Context(), n.store.Read(), []screening.ID{ann})
			if err != nil {
				t.Log(err)
			}
			for _, f := range found[ann] {
				engines = append(engines, f.Engine)
			}
			return engines
		}
		until(t, "she is found by name, and lacks a letter", func() bool { return len(live()) == 2 })

		member.Store(true)
		err = n.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			found, err := screening.OfSubjects(ctx, tx, []screening.ID{ann})
			if err != nil {
				return err
			}
			for _, f := range found[ann] {
				if f.Engine != screening.EngineName {
					continue
				}
				if err := screening.Dismiss(ctx, tx, screening.Dismissal{Subject: "another journey", Identity: []string{screening.KnownBy("guild", "ANN7")}, Finding: f, By: "two people"}); err != nil {
					return err
				}
			}
			return pipeline.Apply(ctx, tx, "parish", pipeline.Effects{Near: []screening.Tie{links.OfClaim(annsNumber)}})
		})
		if err != nil {
			t.Fatal(err)
		}
		until(t, "nothing is found of her", func() bool {
			if _, err := n.jobs.Step(t.Context()); err != nil {
				t.Log(err)
			}
			return len(live()) == 0
		})
	})
}
