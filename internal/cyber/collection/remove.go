package collection

import (
	"bytes"
	"context"
	"slices"
	"time"

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

// Forget takes away what was added before a time, the oldest first and at most so many versions, in the caller's
// transaction, and answers how many there were.
func (s *Server) Forget(ctx context.Context, tx store.Tx, collection string, before time.Time, most int) (int, error) {
	c, err := s.find(ctx, tx, collection)
	if err != nil {
		return 0, err
	}
	var gone []*entry
	var names [][]byte
	q := everything
	if _, err := scan(ctx, tx, c, &q, 0, most, nil, visitor{entry: func(e *entry) error {
		if e.added < store.Micros(before) {
			own := *e
			own.name = bytes.Clone(e.name)
			gone, names = append(gone, &own), append(names, own.name)
		}
		return nil
	}}); err != nil || len(gone) == 0 {
		return 0, err
	}
	if err := s.erase(ctx, tx, c, gone); err != nil {
		return 0, err
	}
	slices.SortFunc(names, bytes.Compare)
	names = slices.CompactFunc(names, bytes.Equal)
	families := map[string][]*member{}
	if err := readMembers(ctx, tx, c, names, func(m *member) {
		families[string(m.name)] = append(families[string(m.name)], m)
	}); err != nil {
		return 0, err
	}
	for _, name := range names {
		if err := settle(ctx, tx, c, families[string(name)]); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
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
	return there, len(gone), settle(ctx, tx, c, stay)
}

// settle makes the versions that stay of an object stand to one another as if the others had never been.
func settle(ctx context.Context, tx store.Tx, c *Collection, stay []*member) error {
	for _, m := range stay {
		m.shadow = shadow{}
		for _, other := range stay {
			m.shadow.cast(&m.entry, &other.entry)
		}
	}
	return keep(ctx, tx, c, stay)
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
			if !among(dates, b.entries[i].added) {
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
