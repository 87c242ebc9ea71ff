package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// maxStatements bounds the statements kept prepared. Texts are few (helpers pad their lists to a handful of lengths);
// what comes after the bound is compiled each time instead of pushing out one that may be in use.
const maxStatements = 1000

// statements keeps SQLite's compiled statements by their text. PostgreSQL's driver does this itself.
type statements struct {
	by interface {
		PrepareContext(context.Context, string) (*sql.Stmt, error)
	}
	mu   sync.RWMutex
	kept map[string]*sql.Stmt
}

// get answers the prepared statement, or nil where the text should be run as it is (which also tells its error).
func (p *statements) get(ctx context.Context, query string) *sql.Stmt {
	if p == nil {
		return nil
	}
	p.mu.RLock()
	kept, found := p.kept[query]
	full := len(p.kept) >= maxStatements
	p.mu.RUnlock()
	if found || full {
		return kept
	}
	made, err := p.by.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if kept, found := p.kept[query]; found {
		_ = made.Close() // another was quicker
		return kept
	}
	if p.kept == nil {
		p.kept = map[string]*sql.Stmt{}
	}
	p.kept[query] = made
	return made
}

func (p *statements) close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, kept := range p.kept {
		_ = kept.Close() // its connection closes next and tells
	}
	p.kept = nil
}

// pool is the Reader of committed rows.
type pool struct {
	db      *sql.DB
	prepare *statements
}

func (p pool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	args = clean(args)
	if prepared := p.prepare.get(ctx, query); prepared != nil {
		return prepared.QueryContext(ctx, args...)
	}
	return p.db.QueryContext(ctx, query, args...)
}

func (p pool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	args = clean(args)
	if prepared := p.prepare.get(ctx, query); prepared != nil {
		return prepared.QueryRowContext(ctx, args...)
	}
	return p.db.QueryRowContext(ctx, query, args...)
}

// clean makes text storable on both stores: PostgreSQL takes neither NUL nor bytes that are no UTF-8. The caller's
// arguments stay as they are.
func clean(args []any) []any {
	copied := false
	for i, arg := range args {
		text, ok := arg.(string)
		if !ok || (utf8.ValidString(text) && strings.IndexByte(text, 0) < 0) {
			continue
		}
		if !copied {
			args, copied = slices.Clone(args), true
		}
		args[i] = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	}
	return args
}
