package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/rihla/rihla/internal/store"
)

var numberedRows = store.NewInsert("audit_entry", []string{"log", "number", "id", "at", "actor", "role", "action", "report", "touched", "detail", "hash"}, "")

// sequence moves one batch of pending entries into their logs and signs the new heads, in one transaction that commits
// only while the lease is ours and each head is where it was read.
func (l *Log) sequence(ctx context.Context) (n int, err error) {
	var signed map[string]string
	err = l.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		n, signed = 0, map[string]string{}
		if err := l.lease.Holds(ctx, tx); err != nil {
			return err
		}
		waiting, err := readPending(ctx, tx)
		if err != nil {
			return err
		}
		trees := map[string]*tree{}
		before := map[string]int64{}
		var rows [][]any
		var ids []string
		var buffer []byte
		for _, r := range waiting {
			t := trees[r.log]
			if t == nil {
				if t, err = readTree(ctx, tx, r.log); err != nil {
					return err
				}
				trees[r.log], before[r.log] = t, t.size
			}
			r.number = t.size + 1
			hash, b := r.hash(buffer)
			buffer = b
			t.add(hash)
			rows = append(rows, []any{r.log, r.number, r.id, r.at, r.actor, r.role, r.action, r.report, r.touched, r.detail, hash[:]})
			ids = append(ids, r.id)
		}
		if _, err := numberedRows.Exec(ctx, tx, rows); err != nil {
			return err
		}
		if _, err := store.ExecKeys(ctx, tx, "delete from audit_pending where id in (:keys)", ids); err != nil {
			return err
		}
		for log, t := range trees {
			head := Head{Log: log, Size: t.size, Root: t.root(), At: tx.Now()}
			text, err := head.sign(l.signer)
			if err != nil {
				return err
			}
			if err := moveHead(ctx, tx, head, t, text, before[log]); err != nil {
				return err
			}
			signed[log] = text
		}
		n = len(waiting)
		tx.Notify(topic)
		return nil
	})
	if err != nil {
		return 0, err
	}
	for log, text := range signed {
		err = errors.Join(err, l.witness.remember(log, text))
	}
	return n, err
}

func readPending(ctx context.Context, tx store.Tx) (waiting []*row, err error) {
	// By id: UUIDv7, so in the order one node recorded them, and across nodes nearly so.
	err = store.Rows(ctx, tx, func(rows *sql.Rows) error {
		r := &row{}
		waiting = append(waiting, r)
		return rows.Scan(&r.id, &r.log, &r.at, &r.actor, &r.role, &r.action, &r.report, &r.touched, &r.detail)
	}, "select id, log, at, actor, role, action, report, touched, detail from audit_pending order by id limit $1", batch)
	return waiting, err
}

func readTree(ctx context.Context, tx store.Tx, log string) (*tree, error) {
	var size int64
	var edge []byte
	err := tx.QueryRowContext(ctx, "select size, frontier from audit_head where log = $1", log).Scan(&size, &edge)
	if errors.Is(err, sql.ErrNoRows) {
		return &tree{}, nil
	}
	if err != nil {
		return nil, err
	}
	t, err := grown(size, edge)
	if err != nil {
		return nil, fmt.Errorf("audit log %s: %w; run rihla audit verify", log, err)
	}
	return &t, nil
}

// moveHead replaces the head if it is still the one we built upon.
func moveHead(ctx context.Context, tx store.Tx, h Head, t *tree, signed string, before int64) error {
	result, err := tx.ExecContext(ctx, `insert into audit_head (log, size, at, frontier, note) values ($1, $2, $3, $4, $5)
		on conflict (log) do update set size = excluded.size, at = excluded.at, frontier = excluded.frontier, note = excluded.note
		where audit_head.size = $6`, h.Log, h.Size, store.Micros(h.At), t.bytes(), signed, before)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("audit log %s: its head moved: %w", h.Log, store.ErrLeaseLost))
	}
	return nil
}
