// Package config is what a node was started with, kept in DIR/node.yaml so that every later command needs only --data.
//
// [Load] is the one thing to call. A node reads it, lays what its flags and its --config file say over it ([Node.Merge]),
// and saves the result ([Node.Save]), which is on disk whole or not at all. Paths inside the folder are kept relative to
// it, so a folder that is moved or restored elsewhere still finds its store.
//
// The room knows no room's settings but these few; it reads no environment.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

// FileName is the file's name inside the node's folder.
const FileName = "node.yaml"

// Node is what a node was started with. What is empty was not said.
type Node struct {
	Name     string   `yaml:"name,omitempty"`     // of this node, among the nodes of one store
	State    string   `yaml:"state,omitempty"`    // whose node it is, as its pages and partners call it
	Store    string   `yaml:"store,omitempty"`    // sqlite:FILE or postgres://…
	Listen   string   `yaml:"listen,omitempty"`   // address of the HTTP face
	Home     string   `yaml:"home,omitempty"`     // the state's country code, ISO 3166-1 alpha-3
	Airports []string `yaml:"airports,omitempty"` // the state's own, IATA; empty is all of its country
	Desk     string   `yaml:"desk,omitempty"`     // telephone of the border desk, which carriers are told to call
	Share    string   `yaml:"share,omitempty"`    // address that partner states' nodes reach this one at; empty: none do
	KeyFile  string   `yaml:"key-file,omitempty"` // the master key, where it lies outside the folder
	Log      string   `yaml:"log,omitempty"`      // debug, info, warn or error

	Retention map[string]string `yaml:"retention,omitempty"` // how long what is kept, where it is not for as long as usual: cargo.shipment: P2Y
}

// defaults are a node nobody configured.
var defaults = Node{Name: "node", State: "Rihla", Store: "sqlite:rihla.db", Listen: "127.0.0.1:8080", Log: "info"}

// Load reads DIR/node.yaml over the defaults; a folder without one is a node that was never started. Store and KeyFile
// come as they can be opened, whatever folder the process runs in.
func Load(dir string) (Node, error) {
	n, err := LoadFile(filepath.Join(dir, FileName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Node{}, err
	}
	n = defaults.Merge(n)
	if path, ok := sqlitePath(n.Store); ok {
		n.Store = "sqlite:" + under(dir, path)
	}
	if n.KeyFile != "" {
		n.KeyFile = under(dir, n.KeyFile)
	}
	return n, nil
}

// LoadFile reads one file, such as --config names. A key it does not know is an error: it would be a setting ignored.
func LoadFile(path string) (Node, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return Node{}, err
	}
	var n Node
	err = yaml.NewDecoder(bytes.NewReader(text), yaml.DisallowUnknownField()).Decode(&n)
	if err != nil && !errors.Is(err, io.EOF) { // an empty file says nothing
		return Node{}, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// Merge lays over what other says.
func (n Node) Merge(over Node) Node {
	n.Name = cmp.Or(over.Name, n.Name)
	n.State = cmp.Or(over.State, n.State)
	n.Store = cmp.Or(over.Store, n.Store)
	n.Listen = cmp.Or(over.Listen, n.Listen)
	n.Home = cmp.Or(over.Home, n.Home)
	n.Desk = cmp.Or(over.Desk, n.Desk)
	n.Share = cmp.Or(over.Share, n.Share)
	n.KeyFile = cmp.Or(over.KeyFile, n.KeyFile)
	n.Log = cmp.Or(over.Log, n.Log)
	if len(over.Airports) > 0 {
		n.Airports = over.Airports
	}
	if len(over.Retention) > 0 {
		n.Retention = over.Retention
	}
	return n
}

// Save writes DIR/node.yaml, whole or not at all; only its owner may read it, for a store's URL may hold a password.
func (n Node) Save(dir string) error {
	if path, ok := sqlitePath(n.Store); ok {
		n.Store = "sqlite:" + within(dir, path)
	}
	if n.KeyFile != "" {
		n.KeyFile = within(dir, n.KeyFile)
	}
	text, err := yaml.Marshal(n)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(dir, "."+FileName+"-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(text)
	if err := errors.Join(err, part.Sync(), part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), filepath.Join(dir, FileName))
}

// sqlitePath is the file of an embedded store; false for any other.
func sqlitePath(store string) (string, bool) {
	if path, ok := strings.CutPrefix(store, "sqlite:"); ok {
		return strings.TrimPrefix(path, "//"), true
	}
	return store, store != "" && !strings.Contains(store, "://")
}

func under(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// within is the path as seen from dir where it lies inside, else the path from the root.
func within(dir, path string) string {
	base, errBase := filepath.Abs(dir)
	whole, errWhole := filepath.Abs(path)
	if errBase != nil || errWhole != nil {
		return path
	}
	if inside, err := filepath.Rel(base, whole); err == nil && filepath.IsLocal(inside) {
		return inside
	}
	return whole
}
