package intake

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// FolderGate takes reports from a watched folder, for whoever delivers files. Below Dir lies a folder for each filer,
// named for it. A file is put there whole, by renaming it into place; one whose name begins with a dot or ends in .tmp,
// .part or .partial is still being written and left alone. Once a report is in the journal its file goes to done/, the
// receipt beside it; what is refused goes to refused/ with the reason.
type FolderGate struct {
	Journal *Journal
	Dir     string
	// Filer answers who a folder belongs to; false leaves its files where they are.
	Filer       func(ctx context.Context, name string) (Filer, bool, error)
	Interactive func(head []byte) bool // as of HTTPGate
	Logger      *slog.Logger
}

// The folders that the gate makes beside the files it takes.
const (
	done    = "done"
	refused = "refused"
)

// pollEvery is how often the folders are looked through; notices of the file system only shorten it.
const pollEvery = time.Second

// receiptFile is what is left beside a file.
type receiptFile struct {
	ID        string    `json:"id,omitempty"`
	SHA256    string    `json:"sha256,omitempty"`
	Duplicate bool      `json:"duplicate"`
	Received  time.Time `json:"received"`
	Error     string    `json:"error,omitempty"`
}

// Run takes files until the context ends.
func (g *FolderGate) Run(ctx context.Context) error {
	if err := os.MkdirAll(g.Dir, 0o700); err != nil {
		return err
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		g.Logger.Warn("folders are only polled: the system gives no notices", "error", err)
		watcher = &fsnotify.Watcher{} // its channels are nil: they never say anything
	} else {
		defer watcher.Close()
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if err := g.Step(ctx); err != nil && ctx.Err() == nil {
			g.Logger.Error("watched folder", "dir", g.Dir, "error", err)
		}
		g.watch(watcher)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-watcher.Events:
		case err := <-watcher.Errors:
			g.Logger.Warn("watched folder", "dir", g.Dir, "error", err)
		}
	}
}

func (g *FolderGate) watch(w *fsnotify.Watcher) {
	if w.Events == nil {
		return
	}
	_ = w.Add(g.Dir) // what cannot be watched is polled
	for _, name := range folders(g.Dir) {
		_ = w.Add(filepath.Join(g.Dir, name))
	}
}

func folders(dir string) []string {
	entries, _ := os.ReadDir(dir) // unreadable is empty, until the next poll
	var names []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

// Step looks through the folders once.
func (g *FolderGate) Step(ctx context.Context) error {
	var failed []error
	for _, name := range folders(g.Dir) {
		filer, known, err := g.Filer(ctx, name)
		switch {
		case err != nil:
			failed = append(failed, err)
		case known:
			failed = append(failed, g.takeAll(ctx, filer, filepath.Join(g.Dir, name)))
		}
	}
	return errors.Join(failed...)
}

func (g *FolderGate) takeAll(ctx context.Context, filer Filer, dir string) error {
	// Nothing is followed out of the folder: no symbolic link, no "..".
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	entries, err := os.ReadDir(dir) // in the order of their names, which is that of most senders
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !e.Type().IsRegular() || unfinished(e.Name()) {
			continue
		}
		if err := g.take(ctx, filer, root, e.Name()); err != nil {
			return err
		}
	}
	return nil
}

func unfinished(name string) bool {
	if strings.HasPrefix(name, ".") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmp", ".part", ".partial":
		return true
	}
	return false
}

// take journals one file, then moves it away. A crash between the two makes it a duplicate, which changes nothing.
func (g *FolderGate) take(ctx context.Context, filer Filer, root *os.Root, name string) error {
	raw, err := readWhole(root, name)
	if errors.Is(err, os.ErrNotExist) {
		return nil // its sender took it back
	}
	var receipt Receipt
	if err == nil {
		d := Delivery{Filer: filer, Gate: "folder", Name: name, Raw: raw}
		if g.Interactive != nil && g.Interactive(raw[:min(len(raw), headBytes)]) {
			d.Lane = Interactive
		}
		receipt, err = g.Journal.Take(ctx, d)
	}
	into := done
	left := receiptFile{ID: receipt.ID, SHA256: receipt.SHA256, Duplicate: receipt.Duplicate, Received: g.Journal.clock().UTC()}
	switch {
	case errors.Is(err, ErrEmpty), errors.Is(err, ErrTooLarge):
		into, left.Error = refused, err.Error()
	case err != nil:
		return err
	}
	text, err := json.Marshal(left)
	if err != nil {
		return err
	}
	if err := root.Mkdir(into, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	to := filepath.Join(into, name)
	if err := root.WriteFile(to+".receipt", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return root.Rename(name, to)
}

func readWhole(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err == nil && len(raw) > MaxBytes {
		err = ErrTooLarge
	}
	return raw, err
}
