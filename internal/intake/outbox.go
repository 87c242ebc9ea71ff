package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// Outbox writes what filers are answered into files, for those who file through a watched folder: below Dir a folder for
// each of them, named for it, as below Inbox. A file appears whole. Whoever takes it may delete it; it is written once.
type Outbox struct {
	Reports *Reports
	Dir     string
	Inbox   string // a filer with a folder here has one in Dir
	Logger  *slog.Logger
}

// Run writes until the context ends.
func (o *Outbox) Run(ctx context.Context) error {
	wake, stop := o.Reports.store.Watch(answerTopic)
	defer stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if err := o.Step(ctx); err != nil && ctx.Err() == nil {
			o.Logger.Error("answers could not be written to the outbox", "dir", o.Dir, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-wake:
		}
	}
}

// Step writes what there is now.
func (o *Outbox) Step(ctx context.Context) error {
	var failed []error
	for _, filer := range folders(o.Inbox) {
		failed = append(failed, o.write(ctx, filer))
	}
	return errors.Join(failed...)
}

func (o *Outbox) write(ctx context.Context, filer string) error {
	const page = 100
	var after int64
	err := store.Rows(ctx, o.Reports.store.Read(), func(rows *sql.Rows) error { return rows.Scan(&after) },
		`select number from intake_outbox where filer = $1`, filer)
	if err != nil {
		return err
	}
	list, err := o.Reports.Answers(ctx, filer, "", after, page)
	if err != nil || len(list) == 0 {
		return err
	}
	dir := filepath.Join(o.Dir, filer)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for i := range list {
		_, body, err := o.Reports.Answer(ctx, list[i].ID)
		if err != nil {
			return err
		}
		if err := writeWhole(root, list[i].file(), body); err != nil {
			return err
		}
	}
	return o.Reports.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into intake_outbox (filer, number) values ($1, $2) on conflict (filer) do update set number = excluded.number`,
			filer, list[len(list)-1].Number)
		return err
	})
}

// file is an answer's name on disk: its number first, so that files sort as they were given.
func (a *Answered) file() string {
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' {
			return '-'
		}
		return r
	}, a.name)
	if name == "" {
		name = a.Kind
	}
	return fmt.Sprintf("%08d-%s", a.Number, name)
}

// writeWhole writes a file beside its place and renames it there.
func writeWhole(root *os.Root, name string, body []byte) error {
	part := "." + name + ".part"
	if err := root.WriteFile(part, body, 0o600); err != nil {
		return err
	}
	return root.Rename(part, name)
}
