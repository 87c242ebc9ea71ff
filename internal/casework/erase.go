package casework

import (
	"context"
	"database/sql"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Erase takes out of cases whatever they say of subjects that are no more, because their time is over. That there was a
// case, of what kind, how and when it ended and who decided stays; it names nobody.
func Erase(ctx context.Context, tx store.Tx, ids []screening.ID) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := Gone(ctx, tx, "", ids); err != nil {
		return err
	}
	var cases []string
	err := store.ForKeys(ctx, tx, `select id from casework_case where subject in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		cases = append(cases, id)
		return err
	})
	if err != nil || len(cases) == 0 {
		return err
	}
	if _, err := store.ExecKeys(ctx, tx, `update casework_case set state = $1, outcome = $2, closed = $3, version = version + 1 where state <> $1 and id in (:keys)`,
		cases, string(Closed), Withdrawn, store.Micros(tx.Now())); err != nil {
		return err
	}
	for _, query := range []string{
		`update casework_case set title = '', context = '', sought = '', subject = '', holder = '' where id in (:keys)`,
		`update casework_decision set reason = '', answer = '' where case_id in (:keys)`,
		`update casework_history set detail = '' where case_id in (:keys)`,
		`delete from casework_identity where case_id in (:keys)`,
	} {
		if _, err := store.ExecKeys(ctx, tx, query, cases); err != nil {
			return err
		}
	}
	return nil
}
