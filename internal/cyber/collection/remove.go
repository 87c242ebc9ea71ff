package collection

import (
	"context"
	"slices"

	"github.com/rihla/rihla/internal/store"
)

// Remove takes every version of an object away, in the caller's transaction, and answers how many there were.
func (s *Server) Remove(ctx context.Context, tx store.Tx, collection, id string) (int, error) {
	c, err := s.find(ctx, tx, collection)
	if err != nil {
		return 0, err
	}
	q := everything
	_, removed, err := s.remove(ctx, tx, c, id, &q)
	return removed, err
}

// remove takes away what a query admits of one object. there is whether its user can see any of it.
func (s *Server) remove(ctx context.Context, tx store.Tx, c *Collection, id string, q *query) (there bool, removed int, err error) {
	var stay []*member
	var gone []*entry
	if err := readMembers(ctx, tx, c, [][]byte{packName(id)}, func(m *member) {
		there = there || m.level <= q.ceiling
		if q.admits(&m.entry, &m.shadow) {
			gone = append(gone, &m.entry)
		} else {
			stay = append(stay, m)
		}
	}); err != nil || len(gone) == 0 {
		return there, 0, err
	}
	if err := s.erase(ctx, tx, c, gone); err != nil {
		return there, 0, err
	}
	// Those that stay stand to one another as if the others had never been.
	rows := make([][]any, len(stay))
	for i, m := range stay {
		var alone shadow
		for _, other := range stay {
			alone.cast(&m.entry, &other.entry)
		}
		rows[i] = []any{c.number, m.added, alone.pack()}
	}
	_, err = insertShadow.Exec(ctx, tx, rows)
	return there, len(gone), err
}

// erase takes versions out of a collection, with what they say.
func (s *Server) erase(ctx context.Context, tx store.Tx, c *Collection, gone []*entry) error {
	if len(gone) == 0 {
		return nil
	}
	dates := make([]int64, len(gone))
	for i, e := range gone {
		dates[i] = e.added
		if _, err := tx.ExecContext(ctx, "delete from taxii_version where collection = $1 and name = $2 and version = $3", c.number, e.name, packVersion(e)); err != nil {
			return err
		}
		if string(e.kind()) == "marking-definition" {
			if _, err := tx.ExecContext(ctx, "delete from taxii_marking where collection = $1 and id = $2", c.number, e.id()); err != nil {
				return err
			}
		}
	}
	if _, err := store.ExecKeys(ctx, tx, "delete from taxii_shadow where collection = $1 and added in (:keys)", dates, c.number); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "update taxii_head set objects = objects - $1 where collection = $2", int64(len(gone)), c.number); err != nil {
		return err
	}
	slices.Sort(dates)
	for at := 0; at < len(dates); {
		b, _, err := s.blockOf(ctx, tx, c, dates[at])
		if err != nil {
			return err
		}
		last := b.entries[len(b.entries)-1].added
		less := &block{}
		for i := range b.entries {
			if _, out := slices.BinarySearch(dates, b.entries[i].added); !out {
				less.add(b.entries[i], b.body(i))
			}
		}
		if _, err := tx.ExecContext(ctx, "delete from taxii_block where collection = $1 and last = $2", c.number, last); err != nil {
			return err
		}
		if len(less.entries) > 0 {
			if _, err := insertBlock.Exec(ctx, tx, [][]any{less.row(c.number)}); err != nil {
				return err
			}
		}
		for at < len(dates) && dates[at] <= last {
			at++
		}
	}
	return nil
}
