package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"
)

// Tx is a transaction under way. Close rows before the next statement: there is one connection.
type Tx interface {
	Reader
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	// Now is the clock when this attempt began.
	Now() time.Time
	// Notify wakes those who watch the topic, once this is committed.
	Notify(topic string)
	// After has something done once, after the commit, when nothing is held any more.
	After(func())
}

var errInjected = errors.New("a serialization failure, injected")

// longestPause bounds the wait between two attempts of a transaction that met another.
const longestPause = 100 * time.Millisecond

// Write runs the closure in one transaction, and again from its beginning when the store says that it met another.
// Nil means committed and durable. The closure must have no effect but through tx, and start afresh each time.
func (s *Store) Write(ctx context.Context, work func(context.Context, Tx) error) error {
	return s.write(ctx, durable, work)
}

// WriteSoon is Write of what a crash may take back: nil means committed, and durable together with whatever is written
// durably next. Nobody waits for the disk.
func (s *Store) WriteSoon(ctx context.Context, work func(context.Context, Tx) error) error {
	return s.write(ctx, soon, work)
}

// promise is what a commit says of the disk.
type promise bool

const (
	durable promise = false
	soon    promise = true
)

func (s *Store) write(ctx context.Context, p promise, work func(context.Context, Tx) error) error {
	if s.options.ReadOnly {
		return ErrReadOnly
	}
	pause := time.Millisecond
	for {
		t, err := s.attempt(ctx, p, work)
		if err == nil {
			t.done()
			return nil
		}
		if !again(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(pause/2 + rand.N(pause)): //nolint:gosec // spreads attempts, guards nothing
		}
		pause = min(2*pause, longestPause)
	}
}

func (s *Store) attempt(ctx context.Context, p promise, work func(context.Context, Tx) error) (*transaction, error) {
	if s.Embedded() {
		return s.attemptSQLite(ctx, p, work)
	}
	t := &transaction{store: s, now: s.clock()}
	tx, err := s.read.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	if p == soon {
		if _, err := tx.ExecContext(ctx, "set local synchronous_commit = off"); err != nil {
			return nil, err
		}
	}
	t.on = tx
	if err := t.work(ctx, work); err != nil {
		return nil, err
	}
	return t, tx.Commit()
}

func (s *Store) attemptSQLite(ctx context.Context, p promise, work func(context.Context, Tx) error) (t *transaction, err error) {
	select {
	case s.slot <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closed:
		return nil, ErrClosed
	}
	defer func() { <-s.slot }()
	select {
	case <-s.closed: // both were possible
		return nil, ErrClosed
	default:
	}

	// A statement interrupted half way could end the transaction under us; statements are short, so they run to their end.
	whole := context.WithoutCancel(ctx)
	if err := s.waits(whole, p); err != nil {
		return nil, err
	}
	if _, err := s.conn.ExecContext(whole, "begin immediate"); err != nil {
		return nil, err
	}
	committed := false
	defer func() { // also when the closure panics: the connection is shared
		if !committed {
			_, _ = s.conn.ExecContext(whole, "rollback") // SQLite may have rolled back by itself
		}
	}()
	t = &transaction{store: s, now: s.clock(), on: s.conn, prepare: s.prepare}
	if err := t.work(ctx, work); err != nil {
		return nil, err
	}
	if _, err := s.conn.ExecContext(whole, "commit"); err != nil {
		return nil, err
	}
	committed = true
	s.moved.Store(true)
	return t, nil
}

// waits has the writer's next commit wait for the disk, or not. Only whoever holds the slot may call it.
func (s *Store) waits(ctx context.Context, p promise) error {
	if s.options.NoSync || s.promised == p {
		return nil
	}
	how := durably
	if p == soon {
		how = inOrder
	}
	if _, err := s.conn.ExecContext(ctx, "pragma synchronous = "+how); err != nil {
		return err // and it is tried again before anything is written
	}
	s.promised = p
	return nil
}

// transaction is one attempt.
type transaction struct {
	store *Store
	now   time.Time
	on    interface {
		Reader
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
	prepare *statements
	topics  []string
	after   []func()
}

func (t *transaction) work(ctx context.Context, work func(context.Context, Tx) error) error {
	if err := work(ctx, t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return t.fault()
}

func (t *transaction) fault() error {
	if faults := t.store.options.Faults; faults != nil && faults() {
		return errInjected
	}
	return nil
}

func (t *transaction) done() {
	for _, f := range t.after {
		f()
	}
	for _, topic := range t.topics {
		t.store.topics.wake(topic)
	}
}

func (t *transaction) Now() time.Time      { return t.now }
func (t *transaction) Notify(topic string) { t.topics = append(t.topics, topic) }
func (t *transaction) After(f func())      { t.after = append(t.after, f) }

// scope is the context a statement runs under: SQLite's are never cut off half way.
func (t *transaction) scope(ctx context.Context) context.Context {
	if t.store.Embedded() {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (t *transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := errors.Join(ctx.Err(), t.fault()); err != nil {
		return nil, err
	}
	ctx, args = t.scope(ctx), clean(args)
	if prepared := t.prepare.get(ctx, query); prepared != nil {
		return prepared.ExecContext(ctx, args...)
	}
	return t.on.ExecContext(ctx, query, args...)
}

func (t *transaction) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := errors.Join(ctx.Err(), t.fault()); err != nil {
		return nil, err
	}
	ctx, args = t.scope(ctx), clean(args)
	if prepared := t.prepare.get(ctx, query); prepared != nil {
		return prepared.QueryContext(ctx, args...)
	}
	return t.on.QueryContext(ctx, query, args...)
}

func (t *transaction) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	ctx, args = t.scope(ctx), clean(args)
	if prepared := t.prepare.get(ctx, query); prepared != nil {
		return prepared.QueryRowContext(ctx, args...)
	}
	return t.on.QueryRowContext(ctx, query, args...)
}
