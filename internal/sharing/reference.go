package sharing

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// reference is what a partner may ask on with: it stands for something of ours, and tells the partner nothing of it.
type reference struct{ name, thread, agreement, category, target string }

var saveReference = store.NewInsert("sharing_reference", []string{"reference", "thread", "agreement", "category", "target", "at"}, "")

func keepReference(ctx context.Context, tx store.Tx, f reference, at time.Time) error {
	_, err := saveReference.Exec(ctx, tx, [][]any{{f.name, f.thread, f.agreement, f.category, f.target, store.Micros(at)}})
	return err
}

// referenceOf answers what a reference of ours stands for under an agreement; nothing where it is none.
func (r *Room) referenceOf(ctx context.Context, rd store.Reader, name, agreement string) (f reference, err error) {
	err = rd.QueryRowContext(ctx, "select reference, thread, agreement, category, target from sharing_reference where reference = $1 and agreement = $2", name, agreement).
		Scan(&f.name, &f.thread, &f.agreement, &f.category, &f.target)
	if errors.Is(err, sql.ErrNoRows) {
		return reference{}, nil
	}
	return f, err
}

// threadByReference finds the hit that a partner's reference names.
func threadByReference(ctx context.Context, r store.Reader, agreement, name, direction string) (Thread, bool, error) {
	t, err := scanThread(r.QueryRowContext(ctx, "select "+threadColumns+` from sharing_thread
		where agreement = $1 and reference = $2 and direction = $3 and result = 'hit' order by asked_at limit 1`, agreement, name, direction))
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	return t, err == nil, err
}
