package cyber

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/cyber/match"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// Copies are the reports as they are kept.
type Copies interface {
	Raw(ctx context.Context, report string) ([]byte, error)
}

// An indicator that comes after a log in which it stands is met all the same: every log knows up to which change of the
// indicators it was matched, and its kept copy is read again when an indicator was born since. What was counted of it
// before is not counted twice.
const lookbackJob = Name + ".lookback"

// lookBack is the job that does it. Of indicators that are born in the same seconds it is one.
func (d *Domain) lookBack(now time.Time) jobs.Job {
	const together = 2 * time.Second
	return jobs.Job{ID: d.ids.ID("cyber-lookback"), Kind: lookbackJob, Due: now.Truncate(together).Add(together)}
}

// lookedBack reads one log again, and asks for the next.
func (d *Domain) lookedBack(ctx context.Context, tx store.Tx) (e pipeline.Effects, err error) {
	if d.copies == nil {
		return e, nil
	}
	var born int64
	if err := tx.QueryRowContext(ctx, `select coalesce(max(born), 0) from cyber_indicator`).Scan(&born); err != nil {
		return e, err
	}
	r := intake.Report{Gate: "lookback"}
	var form string
	var received int64
	err = tx.QueryRowContext(ctx, `select report, filer, format, received from cyber_log where matched_to < $1 and received > $2 order by received, report limit 1`,
		born, store.Micros(d.clock().Add(-afterlife))).Scan(&r.ID, &r.Filer.Name, &form, &received)
	if errors.Is(err, sql.ErrNoRows) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	r.Received = store.Time(received)
	raw, err := d.copies.Raw(ctx, r.ID)
	if errors.Is(err, keys.ErrDestroyed) || errors.Is(err, intake.ErrUnknown) {
		raw, err = nil, nil // its time is over
	}
	if err != nil {
		return e, err
	}
	p := d.plan(tx, r.Filer.Name, r.ID)
	if p.c.home, err = d.home(ctx, tx); err != nil {
		return e, err
	}
	p.c.source = d.owner
	if err := p.log(ctx, &r, &logFile{form: match.Form(form), raw: raw}); err != nil {
		return e, err
	}
	if err := p.fold(ctx); err != nil {
		return e, err
	}
	if err := p.c.settle(); err != nil {
		return e, err
	}
	if e, err = p.c.Write(ctx, tx); err != nil {
		return e, err
	}
	if len(p.c.sightings) > 0 {
		e.Due = append(e.Due, subjectsOf(p.c.screen)...)
	}
	e.Jobs = append(e.Jobs, jobs.Job{ID: d.ids.ID("cyber-lookback"), Kind: lookbackJob, Due: tx.Now()})
	return e, nil
}
