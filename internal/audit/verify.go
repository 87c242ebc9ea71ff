package audit

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// Verification is what a walk through all logs found.
type Verification struct {
	Logs       []Walk
	Unnumbered int64 // entries that wait for the sequencer: no fault, but nothing vouches for them yet
}

// Walk is one log, from its first entry to its signed head.
type Walk struct {
	Log     string
	Entries int64
	Head    Head
	Bad     *Bad // the first fault; nil where there is none
}

// Bad is a fault and its place.
type Bad struct {
	Number int64 // the entry; 0 where the fault is the head's own
	What   string
}

func (b Bad) String() string {
	if b.Number == 0 {
		return b.What
	}
	return fmt.Sprintf("entry %d: %s", b.Number, b.What)
}

// OK reports whether nothing was changed, removed or reordered.
func (v Verification) OK() bool {
	return !slices.ContainsFunc(v.Logs, func(w Walk) bool { return w.Bad != nil })
}

// Verify walks every log. It reads one snapshot and writes nothing, so it may run beside a node. dir is DIR/keys, with
// the last heads this node signed. An error means that the walk could not be made, not that a log is bad.
func Verify(ctx context.Context, st *store.Store, k *keys.Keys, dir string) (v Verification, err error) {
	if err := Migrate(ctx, st); err != nil {
		return v, err
	}
	verifier, err := k.Verifier(KeyName)
	if err != nil {
		return v, err
	}
	w := walker{verifier: verifier, witness: witness{dir}, logs: map[string]*walk{}}
	err = st.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		// The witness before the heads: it may lag behind them, so read in this order it is never ahead.
		if err := w.witnesses(House, Exchange); err != nil {
			return err
		}
		if err := w.heads(ctx, r); err != nil {
			return err
		}
		if err := w.entries(ctx, r); err != nil {
			return err
		}
		return r.QueryRowContext(ctx, "select count(*) from audit_pending").Scan(&v.Unnumbered)
	})
	if err != nil {
		return v, fmt.Errorf("walk the audit log: %w", err)
	}
	v.Logs = w.finish()
	return v, nil
}

type walker struct {
	verifier note.Verifier
	witness  witness
	logs     map[string]*walk
}

type walk struct {
	Walk
	tree      tree
	head      bool   // there is a head row, and its signature is good
	edge      []byte // as the head row keeps it
	witnessed Head   // size 0: none
	atWitness tlog.Hash
}

func (w *walk) bad(number int64, format string, args ...any) {
	if w.Bad == nil {
		w.Bad = &Bad{number, fmt.Sprintf(format, args...)}
	}
}

func (w *walker) log(name string) *walk {
	if w.logs[name] == nil {
		w.logs[name] = &walk{Walk: Walk{Log: name}}
	}
	return w.logs[name]
}

func (w *walker) witnesses(logs ...string) error {
	for _, name := range logs {
		signed, err := w.witness.last(name)
		if err != nil {
			return err
		}
		if signed == "" {
			continue
		}
		l := w.log(name)
		if l.witnessed, err = openHead(signed, w.verifier); err != nil || l.witnessed.Log != name {
			l.witnessed = Head{}
			l.bad(0, "the copy of the last head in the folder of keys was changed")
		}
	}
	return nil
}

func (w *walker) heads(ctx context.Context, r store.Reader) error {
	return store.Rows(ctx, r, func(rows *sql.Rows) error {
		var name, signed string
		var size, at int64
		var edge []byte
		if err := rows.Scan(&name, &size, &at, &edge, &signed); err != nil {
			w.log(cmp.Or(name, House)).bad(0, "a value of the head's row is of another kind than was written: %v", err)
			return nil
		}
		l := w.log(name)
		head, err := openHead(signed, w.verifier)
		switch {
		case err != nil:
			l.bad(0, "%v", err)
		case head.Log != name || head.Size != size || store.Micros(head.At) != at:
			l.bad(0, "the head's row does not say what was signed: %s, %d entries at %s", head.Log, head.Size, head.At)
		}
		l.Head, l.head, l.edge = head, true, edge
		return nil
	}, "select log, size, at, frontier, note from audit_head order by log")
}

func (w *walker) entries(ctx context.Context, r store.Reader) error {
	var buffer []byte
	return store.Rows(ctx, r, func(rows *sql.Rows) error {
		var entry row
		var kept []byte
		if err := entry.scan(rows, &kept); err != nil {
			w.log(cmp.Or(entry.log, House)).bad(entry.number, "a value of it is of another kind than was written: %v", err)
			return nil
		}
		l := w.log(entry.log)
		l.Entries++
		if due := l.tree.size + 1; entry.number != due {
			l.bad(due, "it is missing; entry %d follows", entry.number)
		}
		if l.head && l.Bad == nil && entry.number > l.Head.Size {
			l.bad(entry.number, "the signed head ends at %d", l.Head.Size)
		}
		hash, b := entry.hash(buffer)
		buffer = b
		if !bytes.Equal(hash[:], kept) {
			l.bad(entry.number, "it was changed (by %s, %s)", entry.actor, entry.action)
		}
		l.tree.add(hash)
		if l.tree.size == l.witnessed.Size {
			l.atWitness = l.tree.root()
		}
		return nil
	}, "select "+columns+", hash from audit_entry order by log, number")
}

func (w *walker) finish() []Walk {
	var out []Walk
	for _, l := range w.logs {
		l.judge()
		out = append(out, l.Walk)
	}
	slices.SortFunc(out, func(a, b Walk) int { return strings.Compare(a.Log, b.Log) })
	return out
}

// judge compares what was walked with what was signed.
func (w *walk) judge() {
	switch {
	case !w.head:
		w.bad(0, "its signed head was removed")
	case w.tree.size < w.Head.Size:
		w.bad(w.tree.size+1, "it is missing, and all after it; the signed head ends at %d", w.Head.Size)
	case w.tree.size > w.Head.Size:
		w.bad(w.Head.Size+1, "the signed head ends before it")
	case w.tree.root() != w.Head.Root:
		w.bad(1, "the entries from here to %d are not the ones that were signed", w.Head.Size)
	case !bytes.Equal(w.tree.bytes(), w.edge):
		w.bad(0, "the edge of the tree beside the head was changed")
	}
	switch seen := w.witnessed; {
	case seen.Size > w.tree.size:
		w.bad(w.tree.size+1, "it is missing: this node has signed a head of %d entries, and the log was cut back", seen.Size)
	case seen.Size > 0 && seen.Root != w.atWitness:
		w.bad(1, "the entries from here to %d are not the ones that this node signed earlier", seen.Size)
	}
}
