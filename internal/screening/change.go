package screening

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// FormatManual is the format of a list that people keep by hand.
const FormatManual = "manual"

// change is what becomes of a list's rows, whether a file replaces it or a person's entry is approved.
type change struct {
	list, format, version, dated, by string
	entries                          int // that the list has afterwards
	put                              []putEntry
	gone                             []string
}

type putEntry struct {
	*lists.Entry
	digest string
	known  bool // it is there already, and changes
}

var (
	insertEntries = store.NewInsert("screening_entry", []string{"list", "entry", "digest", "body", "generation"},
		`on conflict (list, entry) do update set digest = excluded.digest, body = excluded.body, generation = excluded.generation`)
	insertGone = store.NewInsert("screening_entry_gone", []string{"list", "entry", "generation"},
		`on conflict (list, entry) do update set generation = excluded.generation`)
)

// insertAtOnce bounds the memory of a large list on its way to the store.
const insertAtOnce = 1024

// write moves the generation and gives its number to every row that changes, so that a node knows what to read and whom
// to look at again. What a list adds, changes and removes is kept for people beside it.
func (c *change) write(ctx context.Context, tx store.Tx) (generation int64, err error) {
	if err := advance(ctx, tx, generationCounter); err != nil {
		return 0, err
	}
	if generation, _, err = counters(ctx, tx); err != nil {
		return 0, err
	}
	if err := c.keepHistory(ctx, tx, generation); err != nil {
		return 0, err
	}
	if err := c.remove(ctx, tx, generation); err != nil {
		return 0, err
	}
	if err := c.comeBack(ctx, tx); err != nil {
		return 0, err
	}
	rows := make([][]any, 0, min(len(c.put), insertAtOnce))
	for i := range c.put {
		e := &c.put[i]
		body, err := json.Marshal(e.Entry)
		if err != nil {
			return 0, err
		}
		rows = append(rows, []any{c.list, e.ID, e.digest, string(body), generation})
		if len(rows) == insertAtOnce || i == len(c.put)-1 {
			if _, err := insertEntries.Exec(ctx, tx, rows); err != nil {
				return 0, err
			}
			rows = rows[:0]
		}
	}
	return generation, nil
}

func (c *change) remove(ctx context.Context, tx store.Tx, generation int64) error {
	if _, err := store.ExecKeys(ctx, tx, `delete from screening_entry where list = $1 and entry in (:keys)`, c.gone, c.list); err != nil {
		return err
	}
	rows := make([][]any, len(c.gone))
	for i, id := range c.gone {
		rows[i] = []any{c.list, id, generation}
	}
	_, err := insertGone.Exec(ctx, tx, rows)
	return err
}

// comeBack forgets of the entries added that they were gone.
func (c *change) comeBack(ctx context.Context, tx store.Tx) error {
	gone := make(map[string]bool)
	if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		gone[id] = true
		return err
	}, `select entry from screening_entry_gone where list = $1`, c.list); err != nil || len(gone) == 0 {
		return err
	}
	var back []string
	for i := range c.put {
		if gone[c.put[i].ID] {
			back = append(back, c.put[i].ID)
		}
	}
	_, err := store.ExecKeys(ctx, tx, `delete from screening_entry_gone where list = $1 and entry in (:keys)`, back, c.list)
	return err
}

// keep writes down what the list is now.
func (s *Summary) keep(ctx context.Context, tx store.Tx, by, sum string) error {
	_, err := tx.ExecContext(ctx, `insert into screening_list (name, format, version, sha256, entries, added, changed, removed, loaded, actor, dated, generation)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (name) do update set format = excluded.format, version = excluded.version, sha256 = excluded.sha256, entries = excluded.entries,
		added = excluded.added, changed = excluded.changed, removed = excluded.removed, loaded = excluded.loaded, actor = excluded.actor,
		dated = excluded.dated, generation = excluded.generation`,
		s.Name, s.Format, s.Version, sum, s.Entries, s.Added, s.Changed, s.Removed, store.Micros(tx.Now()), by, s.Dated, s.Generation)
	return err
}

// record keeps what was loaded, and tells the audit log.
func (s *Summary) record(ctx context.Context, tx store.Tx, u Upload, sum string) error {
	if err := s.keep(ctx, tx, u.By, sum); err != nil {
		return err
	}
	detail := fmt.Sprintf("%s %s: %d entries, %d added, %d changed, %d removed", s.Format, s.Version, s.Entries, s.Added, s.Changed, s.Removed)
	if u.Force {
		detail += "; forced: " + u.Reason
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: u.By, Role: u.Role, Action: "list.load", Touched: []string{u.Name}, Detail: detail})
}
