package access

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// NewKey is a bearer key to be made.
type NewKey struct {
	Role     Role
	Name     string
	Carriers []string // a filer's; none means any
	Partner  string
}

// KeyInfo is a bearer key as it may be shown: never the key.
type KeyInfo struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Carriers []string  `json:"carriers,omitempty"`
	Partner  string    `json:"partner,omitempty"`
	Created  time.Time `json:"created"`
	Revoked  time.Time `json:"revoked,omitzero"`
}

// CreateKey makes a bearer key and answers it: the only time it is seen. It works at once on every node.
func (a *Access) CreateKey(ctx context.Context, by string, k NewKey) (string, error) {
	if _, err := ParseRole(string(k.Role)); err != nil {
		return "", err
	}
	if err := checkName(k.Name); err != nil {
		return "", err
	}
	secret, id := token("rk_"), keys.Event()
	return secret, a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, "insert into access_key (hash, id, name, role, carriers, partner, created, revoked) values ($1, $2, $3, $4, $5, $6, $7, 0)",
			hashed(secret), id, k.Name, string(k.Role), strings.Join(k.Carriers, " "), k.Partner, store.Micros(tx.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "key.create", Touched: []string{id}, Detail: string(k.Role) + " " + k.Name})
	})
}

// RevokeKey ends a key.
func (a *Access) RevokeKey(ctx context.Context, by, id string) error {
	return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		result, err := tx.ExecContext(ctx, "update access_key set revoked = $1 where id = $2 and revoked = 0", store.Micros(tx.Now()), id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrUnknown)
		}
		if err := a.changed(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "key.revoke", Touched: []string{id}})
	})
}

// Keys lists the bearer keys, oldest first.
func (a *Access) Keys(ctx context.Context) ([]KeyInfo, error) {
	out := []KeyInfo{}
	err := store.Rows(ctx, a.store.Read(), func(rows *sql.Rows) error {
		var k KeyInfo
		var carriers string
		var created, revoked int64
		if err := rows.Scan(&k.ID, &k.Name, &k.Role, &carriers, &k.Partner, &created, &revoked); err != nil {
			return err
		}
		k.Carriers, k.Created, k.Revoked = strings.Fields(carriers), store.Time(created), store.Time(revoked)
		out = append(out, k)
		return nil
	}, "select id, name, role, carriers, partner, created, revoked from access_key order by id")
	return out, err
}

func (a *Access) readKey(ctx context.Context, hash string) (remembered, error) {
	who := remembered{Principal: Principal{Kind: Key}}
	var carriers string
	err := a.store.Read().QueryRowContext(ctx, "select id, name, role, carriers, partner from access_key where hash = $1 and revoked = 0", hash).
		Scan(&who.ID, &who.Name, &who.Role, &carriers, &who.Partner)
	if errors.Is(err, sql.ErrNoRows) {
		return who, ErrBadCredential
	}
	who.Carriers = strings.Fields(carriers)
	return who, err
}
