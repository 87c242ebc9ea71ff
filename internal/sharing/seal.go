package sharing

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"errors"

	"github.com/rihla/rihla/internal/store"
)

// ErrErased says that the bytes are gone: their key was destroyed.
var ErrErased = errors.New("erased: the key of this record was destroyed")

// vault keeps what a thread or a record says of a person, each under a key of its own that the node's secret wraps.
// Destroying the key destroys every copy of the bytes but those in a backup that also holds the table of keys, which is
// why a backup leaves it out.
type vault struct{ wrap cipher.AEAD }

func newVault(secret []byte) (vault, error) {
	wrap, err := gcm(secret)
	return vault{wrap}, err
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

var saveSecret = store.NewInsert("sharing_secret", []string{"id", "key", "sealed"},
	"on conflict (id) do update set key = excluded.key, sealed = excluded.sealed")

// put seals plain under a new key; what the id held before is gone.
func (v vault) put(ctx context.Context, tx store.Tx, id string, plain []byte) error {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	own, err := gcm(key)
	if err != nil {
		return err
	}
	_, err = saveSecret.Exec(ctx, tx, [][]any{{id, v.wrap.Seal(nil, nil, key, []byte(id)), own.Seal(nil, nil, plain, []byte(id))}})
	return err
}

// get answers ErrErased when the key is gone.
func (v vault) get(ctx context.Context, r store.Reader, id string) ([]byte, error) {
	var wrapped, sealed []byte
	err := r.QueryRowContext(ctx, "select key, sealed from sharing_secret where id = $1", id).Scan(&wrapped, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrErased
	}
	if err != nil {
		return nil, err
	}
	key, err := v.wrap.Open(nil, nil, wrapped, []byte(id))
	if err != nil {
		return nil, err
	}
	own, err := gcm(key)
	if err != nil {
		return nil, err
	}
	return own.Open(nil, nil, sealed, []byte(id))
}

func (v vault) destroy(ctx context.Context, tx store.Tx, ids ...string) error {
	_, err := store.ExecKeys(ctx, tx, "delete from sharing_secret where id in (:keys)", ids)
	return err
}
