package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
)

// loadRules puts in force the rules that domains ship, a set named for each, and the node's own from DIR/rules. Rules
// that have not changed make no new generation.
func (n *Node) loadRules(ctx context.Context) error {
	for _, d := range n.Domains {
		if book, ok := d.(rulebook); ok {
			if err := n.loadRuleSet(ctx, d.Name(), book.Rules()); err != nil {
				return err
			}
		}
	}
	own := filepath.Join(n.Config.Dir, "rules")
	if _, err := os.Stat(own); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return n.loadRuleSet(ctx, "own", os.DirFS(own))
}

func (n *Node) loadRuleSet(ctx context.Context, name string, from fs.FS) error {
	var files []lists.File
	err := fs.WalkDir(from, ".", func(at string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(at) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(from, at)
		files = append(files, lists.File{Name: path.Base(at), Data: data})
		return err
	})
	if err != nil || len(files) == 0 {
		return err
	}
	if _, err = screening.LoadRules(ctx, n.Store, Vocabularies(), screening.Upload{Name: name, Files: files, By: "rihla", Role: "system"}); err != nil {
		return fmt.Errorf("rules %s: %w", name, err)
	}
	return nil
}
