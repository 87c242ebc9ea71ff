package audit

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// Between gives each numbered entry of a log that was recorded from one instant until another, in the log's order. A zero
// until is no bound. The walk ends at the first error that each answers.
func Between(ctx context.Context, r store.Reader, log string, from, until time.Time, each func(Numbered) error) error {
	end := int64(math.MaxInt64)
	if !until.IsZero() {
		end = store.Micros(until)
	}
	return store.Rows(ctx, r, func(rows *sql.Rows) error {
		var e row
		if err := e.scan(rows); err != nil {
			return err
		}
		return each(e.numbered())
	}, "select "+columns+" from audit_entry where log = $1 and at >= $2 and at < $3 order by number", log, store.Micros(from), end)
}

// BetweenOf is Between for some actions only, in no particular order: for what is rare in a log that is long.
func BetweenOf(ctx context.Context, r store.Reader, log string, actions []string, from, until time.Time, each func(Numbered) error) error {
	end := int64(math.MaxInt64)
	if !until.IsZero() {
		end = store.Micros(until)
	}
	return store.ForKeys(ctx, r, "select "+columns+" from audit_entry where log = $1 and at >= $2 and at < $3 and action in (:keys)", actions,
		func(rows *sql.Rows) error {
			var e row
			if err := e.scan(rows); err != nil {
				return err
			}
			return each(e.numbered())
		}, log, store.Micros(from), end)
}
