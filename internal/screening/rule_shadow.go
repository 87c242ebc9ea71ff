package screening

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// shadowLog gathers whom rules in shadow would have hit. Screening only notes it here; once a second it goes to the store
// in a few rows, beside the reports' own transactions, so a rule on trial slows nothing down and is never part of what a
// report brings about. A crash loses a second of it.
type shadowLog struct {
	mu    sync.Mutex
	noted map[shadowHit]struct{}
	lost  int64
}

type shadowHit struct {
	rule, version string
	subject       ID
}

// mostShadowHits wait at once; a rule that hits everybody has shown by then what it is.
const mostShadowHits = 100_000

func newShadowLog() *shadowLog { return &shadowLog{noted: make(map[shadowHit]struct{})} }

func (l *shadowLog) note(rule, version string, subject ID) {
	if l == nil || subject == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.noted) >= mostShadowHits {
		l.lost++
		return
	}
	l.noted[shadowHit{rule, version, subject}] = struct{}{}
}

var insertShadows = store.NewInsert("screening_rule_shadow", []string{"rule", "version", "subject", "found"}, "on conflict do nothing")

// keep writes what was noted. What cannot be written is noted again.
func (l *shadowLog) keep(ctx context.Context, st *store.Store) error {
	l.mu.Lock()
	noted := l.noted
	if len(noted) == 0 {
		l.mu.Unlock()
		return nil
	}
	l.noted = make(map[shadowHit]struct{})
	l.mu.Unlock()
	hits := make([]shadowHit, 0, len(noted))
	for h := range noted {
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b shadowHit) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.version, b.version), cmp.Compare(a.subject, b.subject))
	})
	err := st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		now := store.Micros(tx.Now())
		rows := make([][]any, len(hits))
		for i, h := range hits {
			rows[i] = []any{h.rule, h.version, h.subject, now}
		}
		_, err := insertShadows.Exec(ctx, tx, rows)
		return err
	})
	if err != nil {
		for _, h := range hits {
			l.note(h.rule, h.version, h.subject)
		}
	}
	return err
}

// ruleVersionKey names a version of a rule.
type ruleVersionKey struct{ rule, version string }

func shadowCounts(ctx context.Context, r store.Reader) (map[ruleVersionKey]int, error) {
	out := make(map[ruleVersionKey]int)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var k ruleVersionKey
		var n int
		err := rows.Scan(&k.rule, &k.version, &n)
		out[k] = n
		return err
	}, `select rule, version, count(*) from screening_rule_shadow group by rule, version`)
	return out, err
}

// shadowHits lists whom a version in shadow would have hit, in the order of their ids and after the one named.
func shadowHits(ctx context.Context, r store.Reader, rule, version string, after ID, n int) (ids []ID, found map[ID]time.Time, err error) {
	found = make(map[ID]time.Time)
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id ID
		var at int64
		err := rows.Scan(&id, &at)
		ids, found[id] = append(ids, id), store.Time(at)
		return err
	}, `select subject, found from screening_rule_shadow where rule = $1 and version = $2 and subject > $3 order by subject limit $4`, rule, version, after, n)
	return ids, found, err
}
