package screening

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// What stands in the way of removing a list.
var (
	ErrNoList   = errors.New("there is no such list")
	ErrByHand   = errors.New("the list is kept by hand: its entries leave one by one, each proposed by one person and approved by another")
	ErrNoReason = errors.New("a list is removed for a reason, which stays in the audit log")
)

// RemoveList takes a list away, with its source: nobody is screened against it from the next generation on, and what was
// found by it is withdrawn. Its history stays.
func RemoveList(ctx context.Context, st *store.Store, u Upload) (removed int, err error) {
	if u.Reason == "" {
		return 0, ErrNoReason
	}
	if IsGiven(u.Name) {
		return 0, ErrGiven
	}
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		old, err := readInForce(ctx, tx, u.Name)
		if err != nil {
			return err
		}
		c := change{list: u.Name, format: old.format, version: old.version, dated: old.dated, by: u.By}
		if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			c.gone = append(c.gone, id)
			return err
		}, `select entry from screening_entry where list = $1 order by entry`, u.Name); err != nil {
			return err
		}
		removed = len(c.gone)
		switch {
		case old.generation < 0:
			return ErrNoList
		case old.format == FormatManual && removed > 0:
			return ErrByHand
		}
		if _, err := c.write(ctx, tx); err != nil {
			return err
		}
		for _, table := range []string{"screening_list", "screening_list_source"} {
			if _, err := tx.ExecContext(ctx, `delete from `+table+` where name = $1`, u.Name); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: u.By, Role: u.Role, Action: "list.remove", Touched: []string{u.Name}, Detail: fmt.Sprintf("%d entries: %s", removed, u.Reason)})
	})
	return removed, err
}
