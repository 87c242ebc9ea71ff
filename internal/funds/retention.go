package funds

import (
	"context"
	"database/sql"
	"time"

	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// jobErase is the daily erasure of what is too old.
const jobErase = Name + ".erase"

const eraseAtOnce = 200

// eraseAt is the next day's erasure. Its id is of the day, so that whoever sets it moves nothing.
func eraseAt(now time.Time) jobs.Job {
	next := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	return jobs.Job{ID: jobErase + "/" + next.Format(time.DateOnly), Kind: jobErase, Due: next}
}

// eraseOld erases what was filed longer ago than the state keeps it, some at a time. What people decided stays in the audit
// log, without a person's data.
func (d *Domain) eraseOld(ctx context.Context, tx store.Tx) (e pipeline.Effects, err error) {
	before := tx.Now().AddDate(-d.settings.KeepYears, 0, 0)
	var old []string
	err = store.Rows(ctx, tx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		old = append(old, id)
		return err
	}, `select id from funds_entry where kind <> $1 and filed < $2 order by filed, id limit $3`, string(Told), store.Micros(before), eraseAtOnce)
	if err != nil {
		return e, err
	}
	e.Jobs = []jobs.Job{eraseAt(tx.Now())}
	if len(old) == eraseAtOnce {
		e.Jobs = append(e.Jobs, jobs.Job{ID: jobErase + "/more", Kind: jobErase, Due: tx.Now()})
	}
	e.Touched = old
	return e, d.drop(ctx, tx, old)
}
