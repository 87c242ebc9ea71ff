package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Everything that differs between SQLite and PostgreSQL is in this file.

// busyTimeout is how long one process waits for another's write; commands write beside a running node.
const busyTimeout = 20 * time.Second

// place says which database a store's URL names.
type place struct {
	path string // SQLite's file; empty means PostgreSQL
	url  string
}

func locate(where string) (place, error) {
	scheme, rest, found := strings.Cut(where, ":")
	switch {
	case where == "":
		return place{}, errors.New("no store named: say sqlite:FILE or postgres://…")
	case found && (scheme == "postgres" || scheme == "postgresql"):
		return place{url: where}, nil
	case found && scheme == "sqlite":
		where = strings.TrimPrefix(rest, "//")
	case found && strings.HasPrefix(rest, "//"):
		return place{}, fmt.Errorf("store %q: unknown kind %q; say sqlite:FILE or postgres://…", where, scheme)
	}
	path, err := filepath.Abs(where)
	if err != nil {
		return place{}, fmt.Errorf("store %s: %w", where, err)
	}
	return place{path: path}, nil
}

// How a connection waits for the disk, as SQLite calls it; empty is one that only reads.
const (
	reads   = ""
	durably = "full"   // every commit
	inOrder = "normal" // none, but all that came before are on disk once a durable one is
	never   = "off"
)

// openSQLite opens a pool on the file. Every connection sets what SQLite forgets between connections.
func openSQLite(path string, o Options, waits string) (*sql.DB, error) {
	if o.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("no store at %s: start the node once, or name its folder: %w", path, err)
		}
	} else if err := makePrivate(path); err != nil {
		return nil, err
	}
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"temp_store(memory)", "foreign_keys(off)", "trusted_schema(off)", "journal_size_limit(67108864)",
	}
	if waits != reads {
		if o.NoSync {
			waits = never
		}
		// The store folds the WAL by itself (see fold); 16,000 pages (64 MiB) are the net under it, for which a writer waits.
		pragmas = append(pragmas, "journal_mode(wal)", "synchronous("+waits+")", "secure_delete(on)", "wal_autocheckpoint(16000)", "cache_size(-49152)")
	} else {
		pragmas = append(pragmas, "query_only(on)", "cache_size(-4096)")
	}
	mode := "rwc"
	if o.ReadOnly {
		mode = "rw" // not "ro": a WAL left by a killed node must be readable, and that needs its index file
	}
	query := url.Values{"_pragma": pragmas, "mode": {mode}, "_dqs": {"0"}}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+query.Encode())
}

// makePrivate makes the file for its owner's eyes; SQLite gives its WAL the same mode.
func makePrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	// Never a file that is there: closing it would drop the locks that this process's other connections hold on it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func openPostgres(where string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(where)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return stdlib.OpenDB(*config), nil
}

// again reports whether the store only wants the transaction tried again.
func again(err error) bool {
	if errors.Is(err, errInjected) {
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		code := lite.Code() & 0xff
		return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
	}
	return false
}

// IsUnique reports whether err says that a primary or unique key was there already.
func IsUnique(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// missingTable reports whether err says that a table is not there (yet).
func missingTable(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "42P01"
	}
	return err != nil && strings.Contains(err.Error(), "no such table")
}

func (s *Store) gooseDialect() goose.Dialect {
	if s.Embedded() {
		return goose.DialectSQLite3
	}
	return goose.DialectPostgres
}

// Now is the store's own clock, by which leases are judged: nodes on one PostgreSQL need not agree on the time.
func (s *Store) Now(ctx context.Context) (time.Time, error) { return s.now(ctx, s.Read()) }

func (s *Store) now(ctx context.Context, r Reader) (time.Time, error) {
	if s.Embedded() || s.options.Clock != nil {
		return s.clock(), nil
	}
	var µs int64
	err := r.QueryRowContext(ctx, "select (extract(epoch from clock_timestamp()) * 1000000)::bigint").Scan(&µs)
	return Time(µs), err
}

// Backup writes a consistent copy of the embedded database to a new file, while the node goes on working.
func (s *Store) Backup(ctx context.Context, to string) error {
	if !s.Embedded() {
		return errors.New("a PostgreSQL store is backed up with its own tools (pg_dump), leaving out the table keys_data")
	}
	db, err := openSQLite(s.place.path, Options{ReadOnly: true}, reads)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "pragma query_only(off)"); err != nil { // VACUUM INTO counts as a write
		return err
	}
	if _, err := db.ExecContext(ctx, "vacuum into $1", to); err != nil {
		return fmt.Errorf("copy the store to %s: %w", to, err)
	}
	return nil
}
