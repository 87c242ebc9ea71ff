package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// insertSizes are how many rows a statement carries: most of a message's rows go sixteen at a time, the rest in fours
// and ones, so that a handful of compiled statements serves every length.
var insertSizes = [...]int{16, 4, 1}

// Insert is a many-row insert, made once and used by all: a package-level variable of its room.
type Insert struct {
	columns  int
	texts    [len(insertSizes)]string // by size
	embedded [len(insertSizes)]string // the same for SQLite
}

// NewInsert prepares the texts. conflict is what follows the values, such as "on conflict (id) do nothing"; it takes no
// parameters.
func NewInsert(into string, columns []string, conflict string) *Insert {
	i := &Insert{columns: len(columns)}
	for at, size := range insertSizes {
		i.texts[at] = insertText(into, columns, size, conflict, func(n int) string { return "$" + strconv.Itoa(n) })
		// SQLite looks a numbered parameter up among all before it, which is a third of the time of a wide insert.
		i.embedded[at] = insertText(into, columns, size, conflict, func(int) string { return "?" })
	}
	return i
}

func insertText(into string, columns []string, rows int, conflict string, parameter func(int) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "insert into %s (%s) values ", into, strings.Join(columns, ", "))
	for n := range rows * len(columns) {
		switch {
		case n%len(columns) != 0:
			b.WriteString(",")
		case n > 0:
			b.WriteString("), (")
		default:
			b.WriteString("(")
		}
		b.WriteString(parameter(n + 1))
	}
	b.WriteString(") " + conflict)
	return b.String()
}

// Exec inserts the rows and answers how many took effect. A key that occurs twice in one call is an error on PostgreSQL
// where the conflict clause updates.
func (i *Insert) Exec(ctx context.Context, tx Tx, rows [][]any) (affected int64, err error) {
	texts := &i.texts
	if t, ok := tx.(*transaction); ok && t.store.Embedded() {
		texts = &i.embedded
	}
	args := make([]any, 0, min(len(rows), insertSizes[0])*i.columns)
	for at, size := range insertSizes {
		for len(rows) >= size {
			args = args[:0]
			for _, row := range rows[:size] {
				if len(row) != i.columns {
					return affected, fmt.Errorf("a row of %d values for %d columns: %s", len(row), i.columns, i.texts[len(i.texts)-1])
				}
				args = append(args, row...)
			}
			result, err := tx.ExecContext(ctx, texts[at], args...)
			if err != nil {
				return affected, err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return affected, err
			}
			affected += n
			rows = rows[size:]
		}
	}
	return affected, nil
}
