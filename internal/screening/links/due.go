package links

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// A traveller is told of in many reports within a short time. Note only marks what a report changed, in the transaction
// that writes it: what holds its subjects, a flight, or else each subject. The ties are kept a little later, once for all
// of it.

// settleFor is how long what changed is left alone.
const settleFor = 5 * time.Second

var insertDue = store.NewInsert("links_due", []string{"domain", "item", "marked"},
	`on conflict (domain, item) do update set marked = excluded.marked`)

// Note marks items of a domain.
func Note(ctx context.Context, tx store.Tx, domain string, items []string) error {
	items = slices.Compact(slices.Sorted(slices.Values(items)))
	rows := make([][]any, 0, len(items))
	for _, item := range items {
		rows = append(rows, []any{domain, item, store.Micros(tx.Now())})
	}
	_, err := insertDue.Exec(ctx, tx, rows)
	return err
}

// Noted are up to n items that have been left alone long enough, each with when it was marked last.
func Noted(ctx context.Context, r store.Reader, domain string, now time.Time, n int) (map[string]int64, error) {
	out := make(map[string]int64)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var item string
		var marked int64
		err := rows.Scan(&item, &marked)
		out[item] = marked
		return err
	}, `select item, marked from links_due where domain = $1 and marked <= $2 order by item limit $3`, domain, store.Micros(now.Add(-settleFor)), n)
	return out, err
}

// Kept says that the ties of items are kept as they were when they were noted. One that was marked again stays.
func Kept(ctx context.Context, tx store.Tx, domain string, noted map[string]int64) error {
	for item, marked := range noted {
		if _, err := tx.ExecContext(ctx, `delete from links_due where domain = $1 and item = $2 and marked = $3`, domain, item, marked); err != nil {
			return err
		}
	}
	return nil
}
