package cargo

import (
	"context"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) Decided(context.Context, store.Tx, casework.Case, casework.Decision) (pipeline.Effects, error) {
	return pipeline.Effects{}, nil
}
func (d *Domain) Raised(context.Context, store.Tx, []casework.Raised) (pipeline.Effects, error) {
	return pipeline.Effects{}, nil
}
func (d *Domain) Clocks() []string { return nil }
func (d *Domain) Woken(context.Context, store.Tx, jobs.Job) (pipeline.Effects, error) {
	return pipeline.Effects{}, nil
}
func (d *Domain) Routes(*api.Mux) {}

// cutOffBefore is how long before departure loading is decided.
const cutOffBefore = 3600e9
