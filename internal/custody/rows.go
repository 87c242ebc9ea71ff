package custody

import (
	"context"
	"database/sql"

	"time"

	"github.com/rihla/rihla/internal/store"
)

// Rows are records that are rows of one table, each with its age in a column. The texts are a domain's own, never anybody's
// input.
type Rows struct {
	Table string
	Key   string // the column that names a record
	Age   string // the column that its time counts from, UTC microseconds
	Where string // which rows are meant; empty is all
}

// Held counts them: [Clock.Held].
func (t Rows) Held(ctx context.Context, r store.Reader, before time.Time) (held, due int, err error) {
	err = r.QueryRowContext(ctx, `select count(*), coalesce(sum(case when `+t.Age+` < $1 then 1 else 0 end), 0) from `+t.Table+t.where(" where "), store.Micros(before)).Scan(&held, &due)
	return held, due, err
}

// Old names up to n of those from before an instant, the oldest first.
func (t Rows) Old(ctx context.Context, r store.Reader, before time.Time, n int) (keys []string, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		keys = append(keys, key)
		return err
	}, `select `+t.Key+` from `+t.Table+` where `+t.Age+` < $1`+t.where(" and ")+` order by `+t.Age+`, `+t.Key+` limit $2`, store.Micros(before), n)
	return keys, err
}

// Drop erases records of which nothing else is held: [Clock.Erase].
func (t Rows) Drop(ctx context.Context, tx store.Tx, before time.Time, n int) (Erased, error) {
	keys, err := t.Old(ctx, tx, before, n)
	if err != nil {
		return Erased{}, err
	}
	_, err = store.ExecKeys(ctx, tx, `delete from `+t.Table+` where `+t.Key+` in (:keys)`, keys)
	return Erased{Records: keys}, err
}

func (t Rows) where(word string) string {
	if t.Where == "" {
		return ""
	}
	return word + "(" + t.Where + ")"
}
