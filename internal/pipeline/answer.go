package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Answering is a domain some of whose filers wait for the answer.
type Answering interface {
	// Answer says what a report's filer is told at once; nil where nobody waits for anything in it. It writes nothing.
	Answer(context.Context, store.Reader, Asked) ([]byte, error)
	// Excuse is what the filer is told when no answer could be worked out, in the time given or for a fault of ours.
	Excuse(Asked) []byte
}

// Asked is a report whose filer waits, as far as it was understood.
type Asked struct {
	Filing
	Raw     []byte
	Fallen  []Message    // that could not be read
	Refused *fault.Fault // the report is refused for what it says
	Change  Change       // nil where nothing could be planned
	At      time.Time
	// Screen looks for subjects in lists, rules and links, as they stand, and adds to each what speaks for it.
	Screen func([]screening.Screened) ([]screening.Finding, error)
}

// Answer works out what the filer of an interactive report is told now. It reads what is committed and writes nothing: the
// report takes the road as any other. Nil is a report whose domain has no answer to give at once.
func (p *Pipeline) Answer(ctx context.Context, report intake.Report, raw []byte) []byte {
	began := p.Clock()
	r, err := p.read(&hold{Pending: intake.Pending{Report: report, Lane: intake.Interactive}}, raw)
	if err != nil || r.domain == nil {
		return nil
	}
	d, ok := r.domain.(Answering)
	if !ok {
		return nil
	}
	asked := Asked{Filing: r.filing, Raw: raw, Fallen: r.fallen, At: began}
	asked.Report = report
	var answer []byte
	err = safely(func() error {
		return p.Store.Snapshot(ctx, func(ctx context.Context, rd store.Reader) (err error) {
			if r.made.State != intake.Quarantined {
				asked.Change, err = r.domain.Plan(ctx, rd, r.filing)
			}
			if err != nil && !errors.As(err, &asked.Refused) {
				return err
			}
			asked.Screen = func(screened []screening.Screened) (found []screening.Finding, err error) {
				if err := p.vouch(ctx, rd, screened); err != nil {
					return nil, err
				}
				generation := p.Screener.Generation()
				for i := range screened {
					found = generation.Screen(found, &screened[i])
				}
				near, err := linked(ctx, rd, r.domain, screened)
				return append(found, near...), err
			}
			answer, err = d.Answer(ctx, rd, asked)
			return err
		})
	})
	if err != nil {
		p.meters.failures.WithLabelValues("answer").Inc()
		p.Logger.Error("no answer could be worked out for a filer who waits; it is told so", "report", report.ID, "error", err)
		answer = d.Excuse(asked)
	}
	p.meters.answered.Observe(p.Clock().Sub(began).Seconds())
	return answer
}
