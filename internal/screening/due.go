package screening

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// Due is a subject to be screened again, and how often it was marked until it was claimed.
type Due struct {
	Subject ID
	Mark    int64
}

var insertDue = store.NewInsert("screening_due", []string{"domain", "subject", "mark", "owner", "until"},
	`on conflict (domain, subject) do update set mark = screening_due.mark + 1, until = 0`)

// MarkDue asks for subjects to be screened again, on committed rows. Marked again while somebody works on it, a subject
// stays due.
func MarkDue(ctx context.Context, tx store.Tx, domain string, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	rows := make([][]any, 0, len(ids))
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			rows = append(rows, []any{domain, id, 1, "", 0})
		}
	}
	_, err := insertDue.Exec(ctx, tx, rows)
	tx.Notify("screening.due")
	return err
}

// Waiting says that some subject of a domain is due, or somebody is working on one.
func Waiting(ctx context.Context, r store.Reader, domain string) (bool, error) {
	var n int
	err := r.QueryRowContext(ctx, `select count(*) from screening_due where domain = $1`, domain).Scan(&n)
	return n > 0, err
}

// ClaimDue takes up to n subjects that nobody works on, for as long as the lease. No lock is held while working; an
// owner who dies leaves them to others when the lease is over.
func ClaimDue(ctx context.Context, st *store.Store, domain, owner string, n int, lease time.Duration) ([]Due, error) {
	var waiting bool
	now, err := st.Now(ctx)
	if err != nil {
		return nil, err
	}
	err = st.Read().QueryRowContext(ctx, `select 1 from screening_due where domain = $1 and until <= $2 limit 1`, domain, store.Micros(now)).Scan(new(int))
	switch {
	case err == nil:
		waiting = true
	case !errors.Is(err, sql.ErrNoRows):
		return nil, err
	}
	if !waiting {
		return nil, nil
	}
	var due []Due
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		due = due[:0]
		var ids []ID
		if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
			var d Due
			err := rows.Scan(&d.Subject, &d.Mark)
			due, ids = append(due, d), append(ids, d.Subject)
			return err
		}, `select subject, mark from screening_due where domain = $1 and until <= $2 order by subject limit $3`, domain, store.Micros(tx.Now()), n); err != nil {
			return err
		}
		_, err := store.ExecKeys(ctx, tx, `update screening_due set owner = $1, until = $2 where domain = $3 and subject in (:keys)`, ids,
			owner, store.Micros(tx.Now().Add(lease)), domain)
		return err
	})
	return due, err
}

// DoneDue removes subjects that were screened; one that was marked again since it was claimed stays due.
func DoneDue(ctx context.Context, tx store.Tx, domain string, done []Due) error {
	byMark := make(map[int64][]ID)
	for _, d := range done {
		byMark[d.Mark] = append(byMark[d.Mark], d.Subject)
	}
	for mark, ids := range byMark {
		if _, err := store.ExecKeys(ctx, tx, `delete from screening_due where domain = $1 and mark = $2 and subject in (:keys)`, ids, domain, mark); err != nil {
			return err
		}
	}
	return nil
}

// Vouched is the newest generation under which every subject of a domain, committed before the run began, has been
// screened. While it is behind the current one, whatever is still ahead is due.
func Vouched(ctx context.Context, r store.Reader, domain string) (generation int64, err error) {
	err = r.QueryRowContext(ctx, `select generation from screening_run where domain = $1`, domain).Scan(&generation)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return generation, err
}

// Vouch records that a run under a generation is finished.
func Vouch(ctx context.Context, tx store.Tx, domain string, generation int64) error {
	_, err := tx.ExecContext(ctx, `insert into screening_run (domain, generation) values ($1, $2)
		on conflict (domain) do update set generation = excluded.generation where screening_run.generation < excluded.generation`, domain, generation)
	return err
}
