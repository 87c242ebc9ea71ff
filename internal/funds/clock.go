package funds

import (
	"context"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// Clocks are the kinds of this room's jobs.
func (d *Domain) Clocks() []string {
	return []string{jobUnlinked, jobOneSided, jobFreeze, jobRemind, jobLift}
}

// Woken does what a clock was set for.
func (d *Domain) Woken(ctx context.Context, tx store.Tx, j jobs.Job) (pipeline.Effects, error) {
	switch j.Kind {
	case jobUnlinked:
		return d.lookForJourney(ctx, tx, string(j.Body))
	case jobOneSided:
		return d.lookForOurs(ctx, tx, string(j.Body))
	case jobFreeze:
		return d.freezeDue(ctx, tx, string(j.Body))
	case jobRemind, jobLift:
		return d.remind(ctx, tx, string(j.Body), j.Kind)
	}
	return pipeline.Effects{}, nil
}

var (
	_ pipeline.Clocked  = (*Domain)(nil)
	_ pipeline.Decider  = (*Domain)(nil)
	_ pipeline.Watcher  = (*Domain)(nil)
	_ pipeline.Receiver = (*Domain)(nil)
	_ pipeline.Gathered = (*Domain)(nil)
	_ pipeline.Finder   = (*Domain)(nil)
	_ pipeline.Knower   = (*Domain)(nil)
)
