package intake_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/store/storetest"
)

// The gate takes whole files of known filers, leaves the others, and says beside each what became of it.
func TestFolder(t *testing.T) {
	t.Parallel()
	r := open(t, storetest.SQLite(t), t.TempDir(), "one")
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("verger/a.edi", "one")
	put("verger/again.edi", "one")
	put("verger/b.edi.part", "half")
	put("verger/.hidden", "no")
	put("verger/c.tmp", "no")
	put("verger/empty.edi", "")
	put("stranger/d.edi", "who?")
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "verger/link.edi")); err != nil {
		t.Fatal(err)
	}
	gate := &intake.FolderGate{Journal: r.journal, Dir: dir, Logger: slog.New(slog.DiscardHandler),
		Filer: func(_ context.Context, name string) (intake.Filer, bool, error) { return verger, name == "verger", nil }}
	for range 2 { // the second time there is nothing to do
		if err := gate.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	want := []string{"stranger/d.edi", "verger/.hidden", "verger/b.edi.part", "verger/c.tmp", "verger/done/a.edi", "verger/done/a.edi.receipt",
		"verger/done/again.edi", "verger/done/again.edi.receipt", "verger/link.edi", "verger/refused/empty.edi", "verger/refused/empty.edi.receipt"}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Error(diff)
	}
	if got := r.pending(t, intake.Bulk); len(got) != 1 || got[0].Name != "a.edi" || got[0].Gate != "folder" || got[0].Filer.Name != "verger" {
		t.Errorf("pending: %+v", got)
	}
	receipt, err := os.ReadFile(filepath.Join(dir, "verger/done/again.edi.receipt"))
	if err != nil || !strings.Contains(string(receipt), `"duplicate":true`) {
		t.Errorf("receipt %s (%v)", receipt, err)
	}
}

// The gate notices what is put there while it runs, and ends with its context.
func TestFolderRuns(t *testing.T) {
	t.Parallel()
	r := open(t, storetest.SQLite(t), t.TempDir(), "one")
	dir := t.TempDir()
	gate := &intake.FolderGate{Journal: r.journal, Dir: filepath.Join(dir, "inbox"), Logger: slog.New(slog.DiscardHandler),
		Filer: func(context.Context, string) (intake.Filer, bool, error) { return verger, true, nil }}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- gate.Run(ctx) }()
	if err := os.MkdirAll(filepath.Join(dir, "inbox/verger"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x"), []byte("whole"), 0o600); err != nil {
		t.Fatal(err)
	}
	wake, stop := r.journal.Watch()
	defer stop()
	if err := os.Rename(filepath.Join(dir, "x"), filepath.Join(dir, "inbox/verger/x")); err != nil {
		t.Fatal(err)
	}
	<-wake
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
