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

// peek answers the prepared statement if there is one.
func (p *statements) peek(query string) *sql.Stmt {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.kept[query]
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

// snapshot is the Reader of one moment. On SQLite it runs what is compiled already; what is not is compiled for the next
// one when this one is over, for compiling takes a connection, and whoever holds one must not wait for another.
type snapshot struct {
	tx      *sql.Tx
	prepare *statements // nil on PostgreSQL
	wanted  []string
}

func (s *snapshot) prepared(ctx context.Context, query string) *sql.Stmt {
	if s.prepare == nil {
		return nil
	}
	kept := s.prepare.peek(query)
	if kept == nil {
		s.wanted = append(s.wanted, query)
		return nil
	}
	return s.tx.StmtContext(ctx, kept)
}

func (s *snapshot) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	args = clean(args)
	if prepared := s.prepared(ctx, query); prepared != nil {
		return prepared.QueryContext(ctx, args...)
	}
	return s.tx.QueryContext(ctx, query, args...)
}

func (s *snapshot) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	args = clean(args)
	if prepared := s.prepared(ctx, query); prepared != nil {
		return prepared.QueryRowContext(ctx, args...)
	}
	return s.tx.QueryRowContext(ctx, query, args...)
}

// over compiles what was wanted. The snapshot's connection is free again.
func (s *snapshot) over(ctx context.Context) {
	for _, query := range s.wanted {
		s.prepare.get(ctx, query)
	}
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
