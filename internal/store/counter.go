package store

import "context"

// NextNumber takes n numbers of a named row of numbers and answers the first. Readers may follow such numbers: they are
// committed in their order, for whoever takes the next waits for the one before.
func NextNumber(ctx context.Context, tx Tx, name string, n int64) (first int64, err error) {
	var last int64
	err = tx.QueryRowContext(ctx, `insert into store_counter (name, value) values ($1, $2)
		on conflict (name) do update set value = store_counter.value + excluded.value returning value`, name, n).Scan(&last)
	return last - n + 1, err
}

// LastNumber is the last number taken of a row; 0 when none was.
func LastNumber(ctx context.Context, r Reader, name string) (last int64, err error) {
	err = r.QueryRowContext(ctx, "select coalesce(max(value), 0) from store_counter where name = $1", name).Scan(&last)
	return last, err
}
