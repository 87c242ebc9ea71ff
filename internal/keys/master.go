package keys

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	masterName  = "master.key"
	masterLabel = "rihla-master-key-1:" // the file is one line of text, fit for a password safe
	masterSize  = 32
)

// Export is the master key as one line of text, for a safe place outside every backup.
func (k *Keys) Export() string { return masterText(k.master) }

// Import puts an exported master key into a folder that has none.
func Import(dir, text string) error {
	master, err := parseMaster(text)
	if err != nil {
		return err
	}
	return create(filepath.Join(dir, masterName), []byte(masterText(master)+"\n"))
}

func masterText(master []byte) string {
	return masterLabel + base64.StdEncoding.EncodeToString(master)
}

func parseMaster(text string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(text), masterLabel)
	master, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(master) != masterSize {
		return nil, fmt.Errorf("not a master key: it is one line, %s and base64", masterLabel)
	}
	return master, nil
}

func readMaster(file string) ([]byte, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	master, err := parseMaster(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return master, nil
}

// makeMaster makes the key once, however many processes start together: the first file stays.
func makeMaster(file string) ([]byte, error) {
	master := make([]byte, masterSize)
	_, _ = rand.Read(master) // it never fails
	if err := create(file, []byte(masterText(master)+"\n")); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	return readMaster(file)
}

// create makes a file that holds all of data or does not exist, on disk when it returns; fs.ErrExist where one is there.
func create(file string, data []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(data)
	if err := errors.Join(err, part.Sync(), part.Close()); err != nil {
		return err
	}
	if err := os.Link(part.Name(), file); err != nil { // unlike a rename, it never replaces
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // our own folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
