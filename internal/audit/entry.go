package audit

import (
	"context"
	"encoding/binary"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// The logs there are.
const (
	House    = "house"    // what happened on this node
	Exchange = "exchange" // what went to a partner state or came from one
)

// topic wakes the sequencer's watchers; it needs no waking itself, for it looks each second.
const topic = "audit"

// Entry is one thing that somebody did.
type Entry struct {
	Log     string   // empty is House
	Actor   string   // who: a principal's name, or the part of the house that acted by itself
	Role    string   // as what
	Action  string   // what: report.file, passenger.read, case.decide
	Report  string   // the report it was about, if one
	Touched []string // ids of everything it touched; none has a space in it
	Detail  string   // a reason given, a query asked; never a person's data
}

var pending = store.NewInsert("audit_pending", []string{"id", "log", "at", "actor", "role", "action", "report", "touched", "detail"}, "")

// Record adds entries to the caller's transaction: durable when that is.
func Record(ctx context.Context, tx store.Tx, entries ...Entry) error {
	rows := make([][]any, len(entries))
	for i, e := range entries {
		if e.Log == "" {
			e.Log = House
		}
		rows[i] = []any{keys.Event(), e.Log, store.Micros(tx.Now()), e.Actor, e.Role, e.Action, e.Report, strings.Join(e.Touched, " "), e.Detail}
	}
	_, err := pending.Exec(ctx, tx, rows)
	return err
}

// Numbered is an entry in its place.
type Numbered struct {
	Entry
	Number int64
	ID     string
	At     time.Time
}

// row is an entry as the tables keep it: everything the hash covers.
type row struct {
	number, at                                            int64
	id, log, actor, role, action, report, touched, detail string
}

// hash is the entry's leaf in the tree. Each value goes with its length, so that no two rows read the same.
func (r *row) hash(buffer []byte) (tlog.Hash, []byte) {
	b := append(buffer[:0], 1) // of this layout
	b = binary.AppendVarint(b, r.number)
	b = binary.AppendVarint(b, r.at)
	for _, text := range [...]string{r.id, r.log, r.actor, r.role, r.action, r.report, r.touched, r.detail} {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	return tlog.RecordHash(b), b
}

func (r *row) numbered() Numbered {
	return Numbered{
		Entry:  Entry{Log: r.log, Actor: r.actor, Role: r.role, Action: r.action, Report: r.report, Touched: strings.Fields(r.touched), Detail: r.detail},
		Number: r.number, ID: r.id, At: store.Time(r.at),
	}
}
