package audit

import (
	"context"
	"database/sql"
	"errors"

	"golang.org/x/mod/sumdb/note"
)

// Latest is a log's newest signed head: what it says, and the note as signed, for whoever keeps it outside. A log with
// no entry yet has none: the note is empty.
func (l *Log) Latest(ctx context.Context, log string) (h Head, signed string, err error) {
	if log == "" {
		log = House
	}
	err = l.store.Read().QueryRowContext(ctx, "select note from audit_head where log = $1", log).Scan(&signed)
	if errors.Is(err, sql.ErrNoRows) {
		return Head{Log: log}, "", nil
	}
	if err != nil {
		return Head{}, "", err
	}
	verifier, ok := l.signer.(note.Verifier)
	if !ok {
		return Head{}, "", errors.New("the node's signer cannot verify")
	}
	h, err = openHead(signed, verifier)
	return h, signed, err
}
