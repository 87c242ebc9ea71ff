package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/config"
)

func TestANodeIsRememberedAndMovesWithItsFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	fresh, err := config.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Node{Name: "node", State: "Rihla", Store: "sqlite:" + filepath.Join(dir, "rihla.db"), Listen: "127.0.0.1:8080", Log: "info"}
	if diff := cmp.Diff(want, fresh); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	n := fresh.Merge(config.Node{State: "Asfar", Home: "BHR", Airports: []string{"BAH"}, KeyFile: "/etc/rihla.key"})
	if err := n.Save(dir); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, config.FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	moved := filepath.Join(filepath.Dir(dir), "moved")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	got, err := config.Load(moved)
	if err != nil {
		t.Fatal(err)
	}
	n.Store = "sqlite:" + filepath.Join(moved, "rihla.db")
	if diff := cmp.Diff(n, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStoresElsewhereStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"postgres://db.example/rihla?search_path=a", "sqlite:/srv/elsewhere.db"} {
		dir := t.TempDir()
		if err := (config.Node{Store: where}).Save(dir); err != nil {
			t.Fatal(err)
		}
		if got, err := config.Load(dir); err != nil || got.Store != where {
			t.Errorf("%s became %s (%v)", where, got.Store, err)
		}
	}
}

func TestAFileThatSaysMoreThanIsKnownIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for text, want := range map[string]string{"listn: :80\n": "listn", "airports: 3\n": "airports", "a: [": ""} {
		if err := os.WriteFile(filepath.Join(dir, config.FileName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(dir); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), config.FileName) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, config.FileName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(dir); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}
