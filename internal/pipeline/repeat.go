package pipeline

import (
	"context"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store"
)

// Repeating is an Answering domain whose answers can turn. A filer that asks the same again is given the same answer, unless
// it would be leave that was taken back since.
type Repeating interface {
	Answering
	// Repeat gives the answer that was given, or what of it has become graver. Filing.Answered is the one that was given.
	Repeat(context.Context, store.Reader, Filing) ([]byte, error)
}

// Repeat is what the filer of an interactive report is told that asks the same again.
func (p *Pipeline) Repeat(ctx context.Context, report intake.Report, raw, given []byte) []byte {
	r, err := p.read(&hold{Pending: intake.Pending{Report: report, Lane: intake.Interactive}}, raw)
	if err != nil || r.domain == nil {
		return given
	}
	d, ok := r.domain.(Repeating)
	if !ok {
		return given
	}
	filing := r.filing
	filing.Report, filing.Answered = report, given
	answer := given
	err = safely(func() error {
		return p.Store.Snapshot(ctx, func(ctx context.Context, rd store.Reader) (err error) {
			answer, err = d.Repeat(ctx, rd, filing)
			return err
		})
	})
	if err != nil {
		p.meters.failures.WithLabelValues("answer").Inc()
		p.Logger.Error("whether an answer still holds could not be read; its filer is told to call", "report", report.ID, "error", err)
		return d.Excuse(Asked{Filing: filing, Raw: raw, Fallen: r.fallen, At: p.Clock()})
	}
	return answer
}
