package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/rihla/rihla/internal/keys"
)

// lock keeps a second node out of a folder for as long as this process lives, however it ends. The file holds the
// node's own id, the same at every start: what a node took into its journal is its own to read.
func lock(dir string) (id string, unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "node.id"), os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the folder
	if err != nil {
		return "", nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { //nolint:gosec // a file number is small
		return "", nil, fmt.Errorf("another node runs in %s: stop it first, or give this one a folder of its own", dir)
	}
	text := make([]byte, 64)
	n, _ := f.ReadAt(text, 0) // a file of its length ends early
	if id = strings.TrimSpace(string(text[:n])); id == "" {
		id = keys.Event()
		if _, err := f.WriteAt([]byte(id+"\n"), 0); err != nil {
			return "", nil, err
		}
		if err := f.Sync(); err != nil {
			return "", nil, err
		}
	}
	return id, f.Close, nil
}
