package facilitation

import (
	"context"
	"time"

	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

var _ pipeline.Keeper = (*Domain)(nil)

// What is old enough to go: what its applicant withdrew, soon; what ended otherwise, after years. A redress number is kept as
// long as its holder wants it.
var (
	withdrawn = custody.Rows{Table: "facilitation_application", Key: "id", Age: "ended", Where: `ended > 0 and state = 'withdrawn'`}
	ended     = custody.Rows{Table: "facilitation_application", Key: "id", Age: "ended", Where: `ended > 0 and state <> 'withdrawn' and not (kind = 'redress' and state = 'answered')`}
)

// Retention says how long applications are kept that have ended. What people decided stays in the audit log, without a
// person's data.
func (d *Domain) Retention() []custody.Clock {
	return []custody.Clock{
		{Name: Name + ".withdrawn", Keep: "P30D", Most: "P30D", Law: "the applicant's right to erasure", From: "closed", Held: withdrawn.Held, Erase: d.eraser(withdrawn)},
		{Name: Name + ".application", Keep: "P2Y", From: "closed", Held: ended.Held, Erase: d.eraser(ended), Reports: []string{formFormat{}.Name()}},
		hallClock(),
	}
}

// eraser erases applications with all that hangs on them.
func (d *Domain) eraser(which custody.Rows) func(context.Context, store.Tx, time.Time, int) (custody.Erased, error) {
	return func(ctx context.Context, tx store.Tx, before time.Time, n int) (custody.Erased, error) {
		ids, err := which.Old(ctx, tx, before, n)
		if err != nil || len(ids) == 0 {
			return custody.Erased{}, err
		}
		for _, statement := range []string{
			`delete from facilitation_application where id in (:keys)`, `delete from facilitation_standing where application in (:keys)`,
			`delete from facilitation_key where application in (:keys)`, `delete from facilitation_person where application in (:keys)`,
			`delete from facilitation_interview where application in (:keys)`, `delete from facilitation_told where application in (:keys)`,
		} {
			if _, err := store.ExecKeys(ctx, tx, statement, ids); err != nil {
				return custody.Erased{}, err
			}
		}
		e := custody.Erased{Records: ids}
		for _, id := range ids {
			e.Gone = append(e.Gone, screening.ID(id))
		}
		_, err = store.NextNumber(ctx, tx, countGone, 1)
		return e, err
	}
}
