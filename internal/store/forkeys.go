package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// keysMark is where a query wants its list of keys.
const keysMark = "(:keys)"

// listSizes are the lengths a list of keys is padded to (with its last key, which changes no answer), so that few
// statements are compiled; the longest stays far below what SQLite and PostgreSQL take.
var listSizes = [...]int{1, 4, 16, 64, 256}

// ForKeys asks for many keys at once: query says "… where flight = $1 and id in (:keys)", before are the arguments $1…
// that precede the list. The keys go in chunks; within a chunk rows come in the query's order.
func ForKeys[K any](ctx context.Context, r Reader, query string, keys []K, scan func(*sql.Rows) error, before ...any) error {
	return chunks(query, keys, before, func(text string, args []any) error {
		return Rows(ctx, r, scan, text, args...)
	})
}

// ExecKeys changes many keys at once, as [ForKeys] asks for them, and answers how many rows changed.
func ExecKeys[K any](ctx context.Context, tx Tx, query string, keys []K, before ...any) (affected int64, err error) {
	err = chunks(query, keys, before, func(text string, args []any) error {
		result, err := tx.ExecContext(ctx, text, args...)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		affected += n
		return err
	})
	return affected, err
}

// Rows runs one query and hands each row to scan.
func Rows(ctx context.Context, r Reader, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := r.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func chunks[K any](query string, keys []K, before []any, do func(string, []any) error) error {
	longest := listSizes[len(listSizes)-1]
	for len(keys) > 0 {
		now := keys[:min(len(keys), longest)]
		keys = keys[len(now):]
		size := longest
		for _, fits := range listSizes {
			if fits >= len(now) {
				size = fits
				break
			}
		}
		args := make([]any, 0, len(before)+size)
		args = append(args, before...)
		var list strings.Builder
		list.WriteString("(")
		for i := range size {
			if i > 0 {
				list.WriteString(",")
			}
			list.WriteString("$" + strconv.Itoa(len(before)+i+1))
			args = append(args, now[min(i, len(now)-1)])
		}
		list.WriteString(")")
		if err := do(strings.Replace(query, keysMark, list.String(), 1), args); err != nil {
			return err
		}
	}
	return nil
}
