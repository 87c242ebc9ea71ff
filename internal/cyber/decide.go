package cyber

import (
	"context"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Decided does what a final decision causes: a case on an indicator that ends as a false match makes the indicator a false
// positive, and the machines that met it are looked at again. Nothing else acts by itself.
func (d *Domain) Decided(ctx context.Context, tx store.Tx, c casework.Case, decision casework.Decision) (pipeline.Effects, error) {
	var e pipeline.Effects
	if decision.Outcome != outcomeHarmless {
		return e, nil
	}
	h, err := indicatorByID(ctx, tx, string(c.Subject))
	if err != nil || h == nil {
		return e, err
	}
	now := d.clock().UTC()
	h.Do(indicators.Act{At: now, By: decision.By, What: indicators.FalsePositive, Reason: decision.Reason})
	row, err := h.row(now)
	if err != nil {
		return e, err
	}
	n, err := writeIndicators(ctx, tx, [][]any{row})
	if err != nil {
		return e, err
	}
	if n != 1 {
		return e, pipeline.ErrConflict
	}
	if err := d.disagree(ctx, tx, h, now); err != nil {
		return e, err
	}
	if e.Due, err = hostsThatMet(ctx, tx, []string{h.ID}); err != nil {
		return e, err
	}
	e.Due = append(e.Due, screening.ID(h.ID))
	e.Events = []pipeline.Event{{Name: "indicator", ID: h.ID}}
	return e, nil
}
