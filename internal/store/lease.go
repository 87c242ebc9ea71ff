package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrLeaseLost says that another owner has taken the lease meanwhile.
var ErrLeaseLost = errors.New("the lease went to another")

// Lease is the right to do one piece of work until a moment on the store's clock. Term counts its owners.
type Lease struct {
	Name, Owner string
	Term        int64
	Until       time.Time
}

// Acquire takes the lease, or prolongs it for its owner, by one short update. False: another has it.
func (s *Store) Acquire(ctx context.Context, name, owner string, d time.Duration) (lease Lease, got bool, err error) {
	err = s.Write(ctx, func(ctx context.Context, tx Tx) error {
		lease, got = Lease{}, false
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		l := Lease{Name: name, Owner: owner, Until: Time(Micros(now.Add(d)))}
		err = tx.QueryRowContext(ctx, `insert into store_lease (name, owner, term, until) values ($1, $2, 1, $3)
			on conflict (name) do update set owner = excluded.owner, until = excluded.until,
				term = store_lease.term + case when store_lease.owner = excluded.owner then 0 else 1 end
			where store_lease.owner = excluded.owner or store_lease.until <= $4 returning term`,
			name, owner, Micros(l.Until), Micros(now)).Scan(&l.Term)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("lease %s: %w", name, err)
		}
		lease, got = l, true
		return nil
	})
	return lease, got, err
}

// Release gives the lease back early, so that another need not wait for its end.
func (s *Store) Release(ctx context.Context, l Lease) error {
	return s.Write(ctx, func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, "update store_lease set until = 0 where name = $1 and owner = $2 and term = $3", l.Name, l.Owner, l.Term)
		return err
	})
}

// Holds makes a transaction depend on the lease: it commits only if no other owner has taken it.
func (l Lease) Holds(ctx context.Context, tx Tx) error {
	var term int64
	err := tx.QueryRowContext(ctx, "select term from store_lease where name = $1", l.Name).Scan(&term)
	if err != nil {
		return fmt.Errorf("lease %s: %w", l.Name, err)
	}
	if term != l.Term {
		return fmt.Errorf("lease %s: %w", l.Name, ErrLeaseLost)
	}
	return nil
}
