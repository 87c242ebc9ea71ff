package audit

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations
var migrations embed.FS

const (
	pace        = time.Second      // between two looks of the sequencer
	tenure      = 10 * time.Second // of its lease
	batch       = 500              // entries numbered in one transaction
	readsMax    = 200              // reads that share a commit
	drainWithin = 20 * time.Second // for the last heads, once the node ends
	pageMax     = 1000
)

// Options of a node's logs.
type Options struct {
	Dir    string // DIR/keys: the witness of the last heads; empty keeps none
	Owner  string // this node, as the lease knows it; empty makes up a name
	Logger *slog.Logger
}

// Log is this node's hold on the logs. It is safe for concurrent use.
type Log struct {
	store   *store.Store
	signer  note.Signer
	witness witness
	owner   string
	logger  *slog.Logger
	reads   *store.Group[Entry]
	lease   store.Lease
	turn    chan struct{} // held while sequencing
}

// Migrate makes the tables that [Record] writes, for a room that records before a log is opened.
func Migrate(ctx context.Context, st *store.Store) error { return st.Migrate(ctx, "audit", migrations) }

// Open readies the logs of a store.
func Open(ctx context.Context, st *store.Store, k *keys.Keys, o Options) (*Log, error) {
	if err := Migrate(ctx, st); err != nil {
		return nil, err
	}
	signer, err := k.Signer(KeyName)
	if err != nil {
		return nil, err
	}
	if o.Owner == "" {
		o.Owner = keys.Event()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Log{
		store: st, signer: signer, witness: witness{o.Dir}, owner: o.Owner, logger: o.Logger, turn: make(chan struct{}, 1),
		reads: store.NewGroup(st, readsMax, func(ctx context.Context, tx store.Tx, entries []Entry) error { return Record(ctx, tx, entries...) }),
	}, nil
}

// Read records that somebody is about to see data. It returns once that is durable; the data may leave then. Reads that
// arrive together share a commit.
func (l *Log) Read(ctx context.Context, e Entry) error { return l.reads.Do(ctx, e) }

// Query says which entries are wanted; what is empty does not choose.
type Query struct {
	Log, Actor, Action, Report, Touched string
	Before                              int64 // only numbers below; 0 is from the newest
	Limit                               int   // at most 1,000, which is also what 0 means
}

// Entries answers numbered entries, newest first.
func (l *Log) Entries(ctx context.Context, q Query) ([]Numbered, error) {
	if q.Log == "" {
		q.Log = House
	}
	if q.Limit <= 0 || q.Limit > pageMax {
		q.Limit = pageMax
	}
	text, args := "select "+columns+" from audit_entry where log = $1", []any{q.Log}
	and := func(condition string, arg any) {
		args = append(args, arg)
		text += " and " + strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1)
	}
	if q.Before > 0 {
		and("number < ?", q.Before)
	}
	for _, choose := range []struct{ column, want string }{{"actor", q.Actor}, {"action", q.Action}, {"report", q.Report}} {
		if choose.want != "" {
			and(choose.column+" = ?", choose.want)
		}
	}
	if q.Touched != "" {
		escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q.Touched)
		and(`' ' || touched || ' ' like ? escape '\'`, "% "+escaped+" %")
	}
	text += " order by number desc limit " + strconv.Itoa(q.Limit)
	var out []Numbered
	err := store.Rows(ctx, l.store.Read(), func(rows *sql.Rows) error {
		var r row
		err := r.scan(rows)
		out = append(out, r.numbered())
		return err
	}, text, args...)
	return out, err
}

const columns = "number, id, log, at, actor, role, action, report, touched, detail"

func (r *row) scan(rows *sql.Rows, more ...any) error {
	return rows.Scan(append([]any{&r.number, &r.id, &r.log, &r.at, &r.actor, &r.role, &r.action, &r.report, &r.touched, &r.detail}, more...)...)
}

// Run is the sequencer: each second it numbers what came, where this node holds the lease. When ctx ends it numbers and
// signs what is left, and returns.
func (l *Log) Run(ctx context.Context) error {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := l.Seal(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrLeaseLost) {
				l.logger.Error("the audit log could not be numbered; it is tried again", "err", err)
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWithin)
			defer cancel()
			err := l.Seal(last)
			if l.lease.Term != 0 {
				err = errors.Join(err, l.store.Release(last, l.lease))
			}
			if err != nil {
				return fmt.Errorf("seal the audit log: %w", err)
			}
			return nil
		}
	}
}

// Seal numbers, hashes and signs all that waits, unless another node holds the lease.
func (l *Log) Seal(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		var waits bool
		if err := l.store.Read().QueryRowContext(ctx, "select exists (select 1 from audit_pending)").Scan(&waits); err != nil || !waits {
			return err
		}
		if got, err := l.lead(ctx); err != nil || !got {
			return err
		}
		n, err := l.sequence(ctx)
		if err != nil {
			if errors.Is(err, store.ErrLeaseLost) {
				l.lease = store.Lease{}
			}
			return err
		}
		if n < batch {
			return nil
		}
	}
}

// lead takes or keeps the lease; most looks find it good for a while yet and cost no write.
func (l *Log) lead(ctx context.Context) (bool, error) {
	now, err := l.store.Now(ctx)
	if err != nil {
		return false, err
	}
	if l.lease.Until.Sub(now) > tenure/2 {
		return true, nil
	}
	lease, got, err := l.store.Acquire(ctx, "audit", l.owner, tenure)
	l.lease = lease
	return got, err
}
