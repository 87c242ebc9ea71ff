package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/rogpeppe/go-internal/lockedfile"
)

// Migrate brings one room's tables to what its SQL files say: fsys, or its folder migrations, holds NNNNN_name.sql in
// goose's form, and table goose_ROOM remembers which ran. Two processes that start at once wait for each other.
func (s *Store) Migrate(ctx context.Context, room string, fsys fs.FS) error {
	if sub, err := fs.Sub(fsys, "migrations"); err == nil {
		if _, err := fs.Stat(sub, "."); err == nil {
			fsys = sub
		}
	}
	table := "goose_" + room
	newest, err := newestFile(fsys)
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", room, err)
	}
	// The common case, a database that is up to date, costs one query; commands open every room.
	at, err := s.migrated(ctx, table)
	if err != nil || at >= newest {
		return err
	}
	if s.options.ReadOnly {
		return fmt.Errorf("the store is older than this program (%s is at %d, wanted %d): start the node once", room, at, newest)
	}
	if err := s.migrate(ctx, table, fsys); err != nil {
		return fmt.Errorf("migrate %s: %w", room, err)
	}
	return nil
}

func (s *Store) migrate(ctx context.Context, table string, fsys fs.FS) error {
	options := []goose.ProviderOption{goose.WithTableName(table), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	db := s.read.db
	if s.Embedded() {
		unlock, err := lockedfile.MutexAt(s.place.path + ".migrating").Lock()
		if err != nil {
			return err
		}
		defer unlock()
		// The writer's one connection is taken, and the readers' may not write. The first row that is kept waits for
		// the disk, and so for all of this.
		if db, err = openSQLite(s.place.path, s.options, inOrder); err != nil {
			return err
		}
		defer db.Close()
	} else {
		locker, err := lock.NewPostgresTableLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithLocker(locker))
	}
	provider, err := goose.NewProvider(s.gooseDialect(), db, fsys, options...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// migrated is the newest migration that ran; 0 when none did.
func (s *Store) migrated(ctx context.Context, table string) (int64, error) {
	var at sql.NullInt64
	err := s.read.db.QueryRowContext(ctx, "select max(version_id) from "+table+" where is_applied").Scan(&at)
	if missingTable(err) {
		return 0, nil
	}
	return at.Int64, err
}

func newestFile(fsys fs.FS) (int64, error) {
	files, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return 0, err
	}
	if len(files) == 0 {
		return 0, errors.New("no NNNNN_name.sql there")
	}
	var newest int64
	for _, file := range files {
		number, _, _ := strings.Cut(file, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: its name must begin with a number", file)
		}
		newest = max(newest, n)
	}
	return newest, nil
}
