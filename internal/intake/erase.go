package intake

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// erased stands where the faults of a report were: they name what it said.
const erased = `{"erased":true}`

// ErrErased means that a report's copy went when its time was over; that it was filed is still known.
var ErrErased = errors.New("the copy of this report was erased when its time was over")

// Erase erases the copies of up to n reports of a domain, in some formats, that were received before an instant, with what
// was answered to them. What stays is that they were filed: the same bytes again are a duplicate still.
func Erase(ctx context.Context, tx store.Tx, domain string, formats []string, before time.Time, n int) (ids []string, err error) {
	err = store.ForKeys(ctx, tx, `select id from intake_report where domain = $1 and received < $2 and faults <> $3 and format in (:keys) order by received, id limit $4`,
		formats, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		}, domain, store.Micros(before), erased, n)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	for _, query := range []string{
		`delete from intake_raw where id in (:keys)`,
		`delete from intake_quarantine where id in (:keys)`,
		`delete from intake_answer where report in (:keys)`,
	} {
		if _, err := store.ExecKeys(ctx, tx, query, ids); err != nil {
			return nil, err
		}
	}
	_, err = store.ExecKeys(ctx, tx, `update intake_report set name = '', faults = $1 where id in (:keys)`, ids, erased)
	return ids, err
}
