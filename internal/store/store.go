package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

//go:embed migrations
var migrations embed.FS

// ErrClosed is what Write answers after Close.
var ErrClosed = errors.New("the store is closed")

// ErrReadOnly is what Write answers on a store opened only to be read.
var ErrReadOnly = errors.New("the store was opened read-only")

// Options are what a node, a command or a test may choose. The zero value is right for a node.
type Options struct {
	ReadOnly bool             // no writes and no migrations; works beside a running node, and with it down
	Clock    func() time.Time // nil is time.Now; a given clock also stands in for the database's own
	NoSync   bool             // for tests only: nothing is waited for on disk
	Faults   func() bool      // for tests only: true makes this attempt fail as if two transactions had met
	Readers  int              // connections that read; 0 is 8
}

// Store is one open database. It is safe for concurrent use.
type Store struct {
	options  Options
	place    place
	read     pool
	slot     chan struct{} // SQLite: held by the one transaction that writes
	writer   *sql.DB       // SQLite: its one connection, kept in conn
	conn     *sql.Conn
	prepare  *statements // of conn
	promised promise     // SQLite: by the writer's last commit; whoever holds the slot may look
	topics   topics
	shared   bool        // Beside on PostgreSQL: the pool belongs to another
	moved    atomic.Bool // SQLite: something was committed since the WAL was last folded into the file
	folding  sync.WaitGroup
	close    sync.Once
	closed   chan struct{}
}

// Reader asks questions. Each query sees what was committed when it began.
type Reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Open opens the store that where names ("sqlite:DIR/rihla.db", a path, or "postgres://…"), making it if it is not there.
func Open(ctx context.Context, where string, o Options) (*Store, error) {
	at, err := locate(where)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, at, o)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx, "store", migrations); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func open(ctx context.Context, at place, o Options) (*Store, error) {
	if o.Readers <= 0 {
		o.Readers = 8
	}
	s := &Store{options: o, place: at, closed: make(chan struct{})}
	if at.path == "" {
		db, err := openPostgres(at.url)
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(2 * o.Readers)
		db.SetMaxIdleConns(2 * o.Readers)
		if err := db.PingContext(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("the store does not answer: %w", err), db.Close())
		}
		s.read = pool{db: db}
		return s, nil
	}
	if !o.ReadOnly {
		// The writer goes first: it makes the file and puts it in WAL mode.
		writer, err := openSQLite(at.path, o, durably)
		if err != nil {
			return nil, err
		}
		writer.SetMaxOpenConns(1)
		conn, err := writer.Conn(ctx)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open the store %s: %w", at.path, err), writer.Close())
		}
		s.writer, s.conn, s.slot = writer, conn, make(chan struct{}, 1)
		s.prepare = &statements{by: conn}
	}
	db, err := openSQLite(at.path, o, reads)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	db.SetMaxOpenConns(o.Readers)
	db.SetMaxIdleConns(o.Readers)
	s.read = pool{db: db, prepare: &statements{by: db}}
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the store %s: %w", at.path, err), s.Close())
	}
	if !o.ReadOnly && !o.NoSync {
		s.folding.Go(s.fold)
	}
	return s, nil
}

// Beside opens a second database that lives and dies with this one, such as the journal: with SQLite a file of its own,
// so that its commits never wait for this one's; with PostgreSQL the same database.
func (s *Store) Beside(ctx context.Context, name string) (*Store, error) {
	if !s.Embedded() {
		// Only the topics are its own; closing it closes nothing.
		return &Store{options: s.options, place: s.place, read: s.read, shared: true, closed: make(chan struct{})}, nil
	}
	return Open(ctx, "sqlite:"+filepath.Join(filepath.Dir(s.place.path), name+".db"), s.options)
}

// foldEvery is how often what the WAL holds is carried over into the file.
const foldEvery = 500 * time.Millisecond

// foldWhole is a WAL, in pages, of which the rest is carried over while nobody writes, so that it begins anew: else, written
// all the time, it would only ever grow.
const foldWhole = 2000

// fold carries over beside the writer, so that whoever commits when the WAL is full finds little left to carry over, and
// makes nobody wait for it. It is passive: it waits for nobody, and nobody waits for it, but for what came in the meantime
// when there is much of it all. What it could not do is the writer's to do, and to tell.
func (s *Store) fold() {
	tick := time.NewTicker(foldEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.closed:
			return
		case <-tick.C:
		}
		if !s.moved.Swap(false) {
			continue
		}
		held, carried := carryOver(s.read.db)
		if held < foldWhole || carried == held {
			continue
		}
		select {
		case s.slot <- struct{}{}:
			carryOver(s.conn)
			<-s.slot
		case <-s.closed:
			return
		}
	}
}

// carryOver answers how many pages the WAL holds, and how many of them the file has now.
func carryOver(by interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (held, carried int) {
	var busy int
	if err := by.QueryRowContext(context.Background(), "pragma wal_checkpoint(passive)").Scan(&busy, &held, &carried); err != nil {
		return 0, 0
	}
	return held, carried
}

// Embedded reports whether the store is SQLite, a file of this machine.
func (s *Store) Embedded() bool { return s.place.path != "" }

// ReadOnly reports whether the store was opened only to be read.
func (s *Store) ReadOnly() bool { return s.options.ReadOnly }

// Read is how committed rows are read. It never waits for a writer.
func (s *Store) Read() Reader { return s.read }

// Close ends all connections; with SQLite the WAL is folded into the file. A transaction under way ends first.
func (s *Store) Close() (err error) {
	s.close.Do(func() {
		close(s.closed)
		if s.shared {
			return
		}
		s.folding.Wait()
		if s.read.db != nil {
			err = s.read.db.Close()
		}
		if s.writer != nil {
			s.slot <- struct{}{} // the transaction under way ends first
			s.prepare.close()
			err = errors.Join(err, s.conn.Close(), s.writer.Close())
		}
	})
	return err
}

func (s *Store) clock() time.Time {
	if s.options.Clock != nil {
		return s.options.Clock()
	}
	return time.Now()
}

// Snapshot runs several queries on one consistent view of what is committed. The view ends with the closure.
func (s *Store) Snapshot(ctx context.Context, look func(context.Context, Reader) error) error {
	level := sql.LevelDefault // SQLite's read transaction is a snapshot as it is
	if !s.Embedded() {
		level = sql.LevelRepeatableRead
	}
	tx, err := s.read.db.BeginTx(ctx, &sql.TxOptions{Isolation: level, ReadOnly: !s.Embedded()})
	if err != nil {
		return err
	}
	now := &snapshot{tx: tx, prepare: s.read.prepare}
	defer now.over(ctx)
	defer tx.Rollback() //nolint:errcheck // it read only
	return look(ctx, now)
}

// Micros is how an instant is kept in a BIGINT column: microseconds since 1970, UTC. The zero time is 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the instant that [Micros] kept.
func Time(µs int64) time.Time {
	if µs == 0 {
		return time.Time{}
	}
	return time.UnixMicro(µs).UTC()
}
