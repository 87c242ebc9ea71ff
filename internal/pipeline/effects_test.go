package pipeline_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// cathedral is a parish that answers whoever files, and rings a bell for it later.
type cathedral struct{ *parish }

func (d cathedral) Plan(ctx context.Context, r store.Reader, f pipeline.Filing) (pipeline.Change, error) {
	c, err := d.parish.Plan(ctx, r, f)
	if err != nil {
		return nil, err
	}
	return &mass{attend: c.(*attend), report: f.Report}, nil
}

type mass struct {
	*attend
	report intake.Report
	found  int
}

func (m *mass) Weigh(found []screening.Finding) { m.found = len(found) }

func (m *mass) Write(ctx context.Context, tx store.Tx) (pipeline.Effects, error) {
	e, err := m.attend.Write(ctx, tx)
	e.Answers = []intake.Answer{{
		ID: "of-" + m.report.ID, Filer: m.report.Filer.Name, Report: m.report.ID, Kind: "welcome", Media: "text/plain",
		Body: fmt.Appendf(nil, "%d of you are listed", m.found),
	}}
	e.Jobs = []jobs.Job{{ID: "bell-" + m.report.ID, Kind: "parish.bell", Due: tx.Now(), Body: []byte(m.report.Filer.Name)}}
	return e, err
}

func (cathedral) Clocks() []string { return []string{"parish.bell"} }

func (cathedral) Woken(_ context.Context, _ store.Tx, j jobs.Job) (pipeline.Effects, error) {
	return pipeline.Effects{Touched: []string{j.ID}, Answers: []intake.Answer{{ID: j.ID, Filer: string(j.Body), Kind: "bell", Media: "text/plain", Body: []byte("ding")}}}, nil
}

func (cathedral) Raised(_ context.Context, _ store.Tx, raised []casework.Raised) (e pipeline.Effects, err error) {
	for _, r := range raised {
		e.Answers = append(e.Answers, intake.Answer{ID: r.What + string(r.Case.Subject), Filer: "verger", Kind: r.What, Media: "text/plain", Body: []byte(r.Case.Title)})
	}
	return e, nil
}

func (cathedral) Refused(r intake.Report, fallen []pipeline.Message) []intake.Answer {
	var why []string
	for _, m := range fallen {
		why = append(why, m.Err.Rule)
	}
	return []intake.Answer{{ID: "no-" + r.ID, Filer: r.Filer.Name, Report: r.ID, Kind: "unread", Media: "text/plain", Body: []byte(strings.Join(why, " "))}}
}

// answered lists what the verger was told, in order, with its text.
func (n *node) answered(t *testing.T) (said []string) {
	t.Helper()
	list, err := n.reports.Answers(t.Context(), "verger", "", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		_, body, err := n.reports.Answer(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, a.Kind+": "+string(body))
	}
	return said
}

// A domain answers its filer by what was found, keeps a clock, hears of its cases, and answers for what cannot be read; each
// once, however often the report comes.
func TestADomainAnswers(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		n, err := buildWith(t.Context(), open(), t.TempDir(), "one", func(p *parish) pipeline.Domain { return cathedral{p} })
		if err != nil {
			t.Fatal(err)
		}
		n.list(t, "Ann Lee")
		if _, err := n.screener.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.run(t)
		for _, text := range []string{"PARISH\nP st-mary Bob Ray\n", "PARISH\nP st-mary Ann Lee\n", "PARISH\nP st-mary Cyd Orr\nBAD line\n", "PARISH\nBAD\nBAD\n", "PARISH\nP st-mary Nobody\n"} {
			n.settled(t, n.file(t, text))
			n.settled(t, n.file(t, text))
		}
		want := []string{"welcome: 0 of you are listed", "welcome: 1 of you are listed", "opened: Ann Lee", "unread: bad", "welcome: 0 of you are listed", "unread: bad bad", "unread: not_yours"}
		if diff := cmp.Diff(want, n.answered(t)); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
		until(t, "the bells have rung", func() bool {
			if _, err := n.jobs.Step(t.Context()); err != nil {
				t.Log(err) // an injected failure: it is tried again
			}
			return n.count(t, `select count(*) from intake_answer where kind = 'bell'`) == 3
		})
		n.list(t, "Cyd Orr") // Ann is listed no more: her case is withdrawn, and Cyd's opened
		until(t, "the filer hears of the changed list", func() bool {
			return n.count(t, `select count(*) from intake_answer where kind in ('withdrawn', 'opened')`) == 3
		})
		if logged := n.count(t, `select count(*) from audit_pending where action = 'parish.bell'`); logged != 3 { // nobody numbers them here
			t.Errorf("%d bells are in the log", logged)
		}
	})
}
