package keys

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rihla/rihla/internal/store"
)

// vault is where wrapped data keys lie.
type vault interface {
	get(ctx context.Context, id dataKey) ([]byte, error)          // fs.ErrNotExist where there is none
	put(ctx context.Context, id dataKey, wrapped []byte) error    // durable; an older one stays
	destroy(ctx context.Context, c Class, end int64) (int, error) // every day before end
}

// folder keeps a file a key: DIR/keys/CLASS/DAY.key.
type folder struct{ dir string }

const keySuffix = ".key"

func (f folder) path(id dataKey) string {
	return filepath.Join(f.dir, string(id.class), strconv.FormatInt(id.day, 10)+keySuffix)
}

func (f folder) get(_ context.Context, id dataKey) ([]byte, error) {
	if !id.class.valid() {
		return nil, fs.ErrNotExist
	}
	return os.ReadFile(f.path(id))
}

func (f folder) put(_ context.Context, id dataKey, wrapped []byte) error {
	if err := create(f.path(id), wrapped); !errors.Is(err, fs.ErrExist) {
		if err == nil {
			err = syncDir(f.dir) // the class's own folder may be new
		}
		return err
	}
	return nil
}

func (f folder) destroy(_ context.Context, class Class, end int64) (n int, err error) {
	dir := filepath.Join(f.dir, string(class))
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		name, isKey := strings.CutSuffix(entry.Name(), keySuffix)
		day, err := strconv.ParseInt(name, 10, 64)
		if !isKey || err != nil || day >= end {
			continue
		}
		if err := erase(filepath.Join(dir, entry.Name())); err != nil {
			return n, err
		}
		n++
	}
	return n, syncDir(dir)
}

// erase overwrites before it removes. What a disk keeps of overwritten blocks is still wrapped by the master key.
func erase(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0) //nolint:gosec // our own folder
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt(make([]byte, info.Size()), 0)
	}
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(path))
}

// table keeps them beside the rows they seal, for nodes that share no disk. rihla backup leaves it out.
type table struct{ store *store.Store }

func (t table) get(ctx context.Context, id dataKey) (wrapped []byte, err error) {
	err = t.store.Read().QueryRowContext(ctx, "select wrapped from keys_data where class = $1 and day = $2", string(id.class), id.day).Scan(&wrapped)
	if errors.Is(err, sql.ErrNoRows) {
		err = fs.ErrNotExist
	}
	return wrapped, err
}

func (t table) put(ctx context.Context, id dataKey, wrapped []byte) error {
	return t.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into keys_data (class, day, wrapped) values ($1, $2, $3) on conflict (class, day) do nothing", string(id.class), id.day, wrapped)
		return err
	})
}

func (t table) destroy(ctx context.Context, class Class, end int64) (n int, err error) {
	err = t.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		result, err := tx.ExecContext(ctx, "delete from keys_data where class = $1 and day < $2", string(class), end)
		if err != nil {
			return err
		}
		gone, err := result.RowsAffected()
		n = int(gone)
		return err
	})
	return n, err
}
