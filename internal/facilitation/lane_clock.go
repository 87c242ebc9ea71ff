package facilitation

import (
	"context"
	"encoding/json"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// hallForget is the clock by which it is forgotten who passed where.
const hallForget = Name + ".hall"

// forget is whose visits are meant: those that began within a time, at an airport.
type forget struct {
	Airport     string
	First, Last int64 // microseconds
}

// forgetHall drops who passed where a day ago or longer. What happened there stays.
func (d *Domain) forgetHall(ctx context.Context, tx store.Tx, j jobs.Job) (e pipeline.Effects, err error) {
	var f forget
	if err := json.Unmarshal(j.Body, &f); err != nil {
		return e, err
	}
	_, err = tx.ExecContext(ctx, `update facilitation_hall_passage set who = '' where airport = $1 and began >= $2 and began <= $3 and ended <= $4 and who <> ''`,
		f.Airport, f.First, f.Last, store.Micros(tx.Now().Add(-whoKept)))
	return e, err
}
