package sharing

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// vault keeps what a thread or a record says of a person, each sealed under a key of its own. The key goes with the row,
// and so does every copy of the bytes but those in a backup that holds the table too, which is why a backup leaves it out.
type vault struct{ keys.Apart }

var saveSecret = store.NewInsert("sharing_secret", []string{"id", "salt", "sealed"},
	"on conflict (id) do update set salt = excluded.salt, sealed = excluded.sealed")

// put seals plain under a new key; what the id held before is gone.
func (v vault) put(ctx context.Context, tx store.Tx, id string, plain []byte) error {
	return v.putAll(ctx, tx, map[string][]byte{id: plain})
}

// putAll is put for many.
func (v vault) putAll(ctx context.Context, tx store.Tx, plain map[string][]byte) error {
	rows := make([][]any, 0, len(plain))
	for _, id := range slices.Sorted(maps.Keys(plain)) {
		salt := keys.NewSalt()
		sealed, err := v.Seal(id, salt, plain[id])
		if err != nil {
			return err
		}
		rows = append(rows, []any{id, salt, sealed})
	}
	_, err := saveSecret.Exec(ctx, tx, rows)
	return err
}

// get answers [keys.ErrDestroyed] when what the id held was erased.
func (v vault) get(ctx context.Context, r store.Reader, id string) ([]byte, error) {
	var salt, sealed []byte
	err := r.QueryRowContext(ctx, "select salt, sealed from sharing_secret where id = $1", id).Scan(&salt, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, keys.ErrDestroyed
	}
	if err != nil {
		return nil, err
	}
	return v.Open(id, salt, sealed)
}

func (v vault) destroy(ctx context.Context, tx store.Tx, ids ...string) error {
	_, err := store.ExecKeys(ctx, tx, "delete from sharing_secret where id in (:keys)", ids)
	return err
}
