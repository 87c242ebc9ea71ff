package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/rihla/rihla/internal/store"
)

// Consistency proves that the log of size entries begins with the log of from entries (RFC 6962, section 2.1.2); whoever
// holds both roots checks it with tlog.CheckTree.
func (l *Log) Consistency(ctx context.Context, log string, from, size int64) (proof tlog.TreeProof, err error) {
	if from < 1 || from > size {
		return nil, fmt.Errorf("a proof from %d entries to %d: from is at least 1, and not beyond", from, size)
	}
	err = l.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		proof, err = tlog.ProveTree(size, from, leaves{ctx, r, log})
		return err
	})
	return proof, err
}

// Inclusion proves that an entry is the one of its number among the first size (section 2.1.1); check it with
// tlog.CheckRecord, [Numbered.Hash] and number-1.
func (l *Log) Inclusion(ctx context.Context, log string, number, size int64) (proof tlog.RecordProof, err error) {
	if number < 1 || number > size {
		return nil, fmt.Errorf("entry %d of %d: there is none", number, size)
	}
	err = l.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		proof, err = tlog.ProveRecord(size, number-1, leaves{ctx, r, log})
		return err
	})
	return proof, err
}

// Root is the root that the first size entries have.
func (l *Log) Root(ctx context.Context, log string, size int64) (root tlog.Hash, err error) {
	err = l.store.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		root, err = tlog.TreeHash(size, leaves{ctx, r, log})
		return err
	})
	return root, err
}

// Hash is the entry's leaf in the log's tree.
func (n Numbered) Hash() tlog.Hash {
	r := row{
		number: n.Number, at: store.Micros(n.At), id: n.ID, log: n.Log, actor: n.Actor, role: n.Role, action: n.Action,
		report: n.Report, touched: strings.Join(n.Touched, " "), detail: n.Detail,
	}
	hash, _ := r.hash(nil)
	return hash
}

// leaves reads a tree's inner hashes by making them of its leaves: none but those is kept.
type leaves struct {
	ctx context.Context //nolint:containedctx // it lives for one proof; the interface has none
	r   store.Reader
	log string
}

// ReadHashes answers the hashes of perfect subtrees.
func (l leaves) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		first, count := n<<level, int64(1)<<level
		var t tree
		err := store.Rows(l.ctx, l.r, func(rows *sql.Rows) error {
			var hash []byte
			if err := rows.Scan(&hash); err != nil {
				return err
			}
			if len(hash) != tlog.HashSize {
				return errors.New("a leaf's hash was changed; run rihla audit verify")
			}
			t.add(tlog.Hash(hash))
			return nil
		}, "select hash from audit_entry where log = $1 and number between $2 and $3 order by number", l.log, first+1, first+count)
		if err != nil {
			return nil, err
		}
		if t.size != count {
			return nil, fmt.Errorf("the log %s has no %d entries from %d on", l.log, count, first+1)
		}
		out[i] = t.root()
	}
	return out, nil
}
