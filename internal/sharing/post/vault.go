package post

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"database/sql"
	"errors"
	"fmt"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// vault seals what the office keeps at rest: private keys under one key, each message under its own, whose salt only the
// table post_secret holds.
type vault struct {
	private  cipher.AEAD
	messages keys.Apart
}

func newVault(k *keys.Keys) (vault, error) {
	block, err := aes.NewCipher(k.Secret("post private keys"))
	if err != nil {
		return vault{}, err
	}
	private, err := cipher.NewGCMWithRandomNonce(block)
	return vault{private, k.Apart("post messages")}, err
}

// cameAs names the key of a message that came: a partner may use an id that is also one of ours.
func cameAs(id, sender string) string { return id + "@" + sender }

var insertSecret = store.NewInsert("post_secret", []string{"id", "salt"}, "")

// salts answers the salts of names; one that was destroyed is missing.
func salts(ctx context.Context, r store.Reader, names []string) (map[string][]byte, error) {
	found := make(map[string][]byte, len(names))
	err := store.ForKeys(ctx, r, "select id, salt from post_secret where id in (:keys)", names, func(rows *sql.Rows) error {
		var name string
		var salt []byte
		err := rows.Scan(&name, &salt)
		found[name] = salt
		return err
	})
	return found, err
}

// Erase makes the stored bytes of messages unreadable, ours and those that came, by destroying their keys. Digests, numbers
// and the exchange log stay.
func (o *Office) Erase(ctx context.Context, tx store.Tx, ids ...string) error {
	names := append([]string(nil), ids...)
	err := store.ForKeys(ctx, tx, "select id, sender from post_in where id in (:keys)", ids, func(rows *sql.Rows) error {
		var id, sender string
		err := rows.Scan(&id, &sender)
		names = append(names, cameAs(id, sender))
		return err
	})
	if err != nil {
		return err
	}
	_, err = store.ExecKeys(ctx, tx, "delete from post_secret where id in (:keys)", names)
	return err
}

// Bytes answers the signed bytes (JWS) of a message, ours once sealed or one that came; [ErrErased] when its key is gone.
func (o *Office) Bytes(ctx context.Context, r store.Reader, id string) (jws string, err error) {
	name := id
	var sealed []byte
	err = r.QueryRowContext(ctx, "select bytes from post_out where id = $1", id).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		var sender string
		err = r.QueryRowContext(ctx, "select bytes, sender from post_in where id = $1", id).Scan(&sealed, &sender)
		name = cameAs(id, sender)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("message %s: %w", id, ErrUnknownMessage)
	}
	if err != nil {
		return "", err
	}
	salt, err := salts(ctx, r, []string{name})
	if err != nil {
		return "", err
	}
	plain, err := o.vault.messages.Open(name, salt[name], sealed)
	return string(plain), err
}

// ErrUnknownMessage says that no message has that id.
var ErrUnknownMessage = errors.New("no such message was sent or received")
