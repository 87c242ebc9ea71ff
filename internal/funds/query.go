package funds

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/store"
)

// entryQuery asks for entries of one kind, the latest first.
type entryQuery struct {
	Kind     Kind
	From, To string // days, UTC, inclusive
	Text     string
	Filer    string // only this one's own
	Limit    int
	Keep     func(*Entry) bool
}

const perPage = 100

func limit(asked int) int {
	if asked < 1 || asked > perPage {
		return perPage
	}
	return asked
}

// place is where a page ends.
type place struct {
	At int64
	ID string
}

// mostRead bounds how many rows one page may look through for those that are asked for.
const mostRead = 5000

// page gives a page of entries and the cursor of the next.
func (d *Domain) page(ctx context.Context, q entryQuery, cursor string) (page []*Entry, next string, err error) {
	last := place{At: 1 << 62}
	if cursor != "" {
		if err := api.DecodeCursor(cursor, &last); err != nil {
			return nil, "", err
		}
	}
	var where strings.Builder
	args := []any{string(q.Kind), last.At, last.ID}
	and := func(clause string, value any) {
		args = append(args, value)
		where.WriteString(" and " + strings.ReplaceAll(clause, "?", ordinal(len(args))))
	}
	if at := dayOf(q.From); at.Full() {
		and("happened >= ?", store.Micros(at.Time()))
	}
	if at := dayOf(q.To); at.Full() {
		and("happened < ?", store.Micros(at.Time().AddDate(0, 0, 1)))
	}
	for _, word := range strings.Fields(strings.ToLower(q.Text)) {
		and(`folded like ? escape '\'`, "%"+escapeLike(word)+"%")
	}
	args = append(args, mostRead)
	read, end := 0, place{}
	err = store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		e, err := scanEntry(rows)
		if err != nil {
			return err
		}
		if len(page) == q.Limit {
			next = "more"
			return nil
		}
		read, end = read+1, place{store.Micros(e.At), e.ID}
		if q.Filer != "" && e.Filer != q.Filer || q.Keep != nil && !q.Keep(e) {
			return nil
		}
		page = append(page, e)
		return nil
	}, `select version, body from funds_entry where kind = $1 and (happened < $2 or happened = $2 and id > $3)`+where.String()+
		` order by happened desc, id limit `+ordinal(len(args)), args...)
	if err == nil && (next != "" || read == mostRead) {
		next, err = api.EncodeCursor(end)
	}
	return page, next, err
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func dayOf(s string) date.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return date.Date{}
	}
	return date.Of(t)
}

// search finds parties by name, document or account.
func search(ctx context.Context, r store.Reader, text string, n int) ([]*Party, error) {
	var where strings.Builder
	var args []any
	for _, word := range strings.Fields(strings.ToLower(text)) {
		args = append(args, "%"+escapeLike(word)+"%")
		where.WriteString(` and folded like ` + ordinal(len(args)) + ` escape '\'`)
	}
	if len(args) == 0 {
		return nil, nil
	}
	args = append(args, n)
	var ids []string
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `select id from funds_party where 1 = 1`+where.String()+` order by id limit `+ordinal(len(args)), args...)
	if err != nil {
		return nil, err
	}
	found, err := partiesOf(ctx, r, ids)
	var out []*Party
	for _, id := range ids {
		if p := found[id]; p != nil {
			out = append(out, p)
		}
	}
	return out, err
}
