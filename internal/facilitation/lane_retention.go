package facilitation

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/store"
)

// hallClock is how long it is kept what happened in halls. Nobody is named in it: who passed where goes after a day.
func hallClock() custody.Clock {
	return custody.Clock{Name: Name + ".hall", Keep: "P1Y", From: "seen", Reports: []string{hall.Format}, Held: hallHeld, Erase: eraseHalls}
}

func hallHeld(ctx context.Context, r store.Reader, before time.Time) (held, due int, err error) {
	err = r.QueryRowContext(ctx, `select count(*), coalesce(sum(case when began < $1 then 1 else 0 end), 0) from facilitation_hall_passage`, store.Micros(before)).Scan(&held, &due)
	return held, due, err
}

// eraseHalls erases up to about n of the oldest visits, with the staffing and the blocks of their time.
func eraseHalls(ctx context.Context, tx store.Tx, before time.Time, n int) (e custody.Erased, err error) {
	of, err := airports(ctx, tx)
	if err != nil {
		return e, err
	}
	for _, airport := range of {
		cut, old := store.Micros(before)-1, 0
		err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
			var began int64
			err := rows.Scan(&began)
			if old++; old == n { // the rest goes next time
				cut, e.More = began, true
			}
			if day := "hall " + airport + " " + store.Time(began).Format(time.DateOnly); !slices.Contains(e.Records, day) {
				e.Records = append(e.Records, day)
			}
			return err
		}, `select began from facilitation_hall_passage where airport = $1 and began < $2 order by began limit $3`, airport, store.Micros(before), n)
		if err != nil {
			return e, err
		}
		for _, statement := range []string{
			`delete from facilitation_hall_passage where airport = $1 and began <= $2`,
			`delete from facilitation_hall_staffing where airport = $1 and quarter <= $2`,
			`delete from facilitation_hall_block where airport = $1 and at <= $2`,
		} {
			if _, err := tx.ExecContext(ctx, statement, airport, cut); err != nil {
				return e, err
			}
		}
	}
	return e, nil
}
