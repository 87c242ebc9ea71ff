package audit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// witness remembers, outside the store, the last head this node signed. A store cut back to an older state would still
// carry a valid head; the witness tells that there was a newer one. It may lag behind the store, never run ahead of it.
type witness struct{ dir string }

func (w witness) path(log string) string { return filepath.Join(w.dir, "audit-"+log+".head") }

// last answers the signed head, or an empty text where there is none.
func (w witness) last(log string) (string, error) {
	if w.dir == "" {
		return "", nil
	}
	text, err := os.ReadFile(w.path(log))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(text), err
}

func (w witness) remember(log, signed string) error {
	if w.dir == "" {
		return nil
	}
	part, err := os.OpenFile(w.path(log)+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = part.WriteString(signed)
	if err := errors.Join(err, part.Sync(), part.Close()); err != nil { // half a head would look like tampering
		return err
	}
	return os.Rename(part.Name(), w.path(log))
}

// Forget drops what the folder of keys remembers of the logs. Restoring an older store calls it, and records that it did.
func Forget(dir string) error {
	found, err := filepath.Glob(witness{dir}.path("*"))
	for _, path := range found {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
