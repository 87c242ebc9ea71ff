package access

import (
	"context"
	"database/sql"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// shortest is the least a password may have, in characters.
const shortest = 10

// cost of a password: 32 MiB and two passes, above what OWASP asks of argon2id, and small enough that two at a time
// leave a node its memory.
var cost = &argon2id.Params{Memory: 32 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// NewAccount is a person's account to be made.
type NewAccount struct {
	Name     string
	Role     Role
	Password string
}

// AccountInfo is an account as it may be shown.
type AccountInfo struct {
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Created  time.Time `json:"created"`
	Disabled time.Time `json:"disabled,omitzero"`
}

// CreateAccount makes an account, or answers [ErrExists].
func (a *Access) CreateAccount(ctx context.Context, by string, n NewAccount) error {
	if _, err := ParseRole(string(n.Role)); err != nil {
		return err
	}
	if err := checkName(n.Name); err != nil {
		return err
	}
	password, err := a.hash(ctx, n.Password)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		result, err := tx.ExecContext(ctx, "insert into access_account (name, role, password, created, disabled) values ($1, $2, $3, $4, 0) on conflict (name) do nothing",
			n.Name, string(n.Role), password, store.Micros(tx.Now()))
		if err != nil {
			return err
		}
		if made, err := result.RowsAffected(); err != nil || made == 0 {
			return errors.Join(err, ErrExists)
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "account.create", Touched: []string{n.Name}, Detail: string(n.Role)})
	})
}

// SetPassword changes an account's password and ends its sessions.
func (a *Access) SetPassword(ctx context.Context, by, name, password string) error {
	hash, err := a.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.change(ctx, by, name, "account.password", "update access_account set password = $1 where name = $2", hash)
}

// DisableAccount shuts an account out and ends its sessions.
func (a *Access) DisableAccount(ctx context.Context, by, name string) error {
	return a.change(ctx, by, name, "account.disable", "update access_account set disabled = $1 where name = $2 and disabled = 0", store.Micros(a.clock()))
}

func (a *Access) change(ctx context.Context, by, name, action, query string, value any) error {
	return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		result, err := tx.ExecContext(ctx, query, value, name)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrUnknown)
		}
		if _, err := tx.ExecContext(ctx, "delete from access_session where account = $1", name); err != nil {
			return err
		}
		if err := a.changed(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Touched: []string{name}})
	})
}

// Accounts lists the accounts by name.
func (a *Access) Accounts(ctx context.Context) ([]AccountInfo, error) {
	out := []AccountInfo{}
	err := store.Rows(ctx, a.store.Read(), func(rows *sql.Rows) error {
		var i AccountInfo
		var created, disabled int64
		err := rows.Scan(&i.Name, &i.Role, &created, &disabled)
		i.Created, i.Disabled = store.Time(created), store.Time(disabled)
		out = append(out, i)
		return err
	}, "select name, role, created, disabled from access_account order by name")
	return out, err
}

// hash takes its time, and a share of memory that only two may have at once.
func (a *Access) hash(ctx context.Context, password string) (string, error) {
	if utf8.RuneCountInString(password) < shortest {
		return "", ErrWeakPassword
	}
	done, err := a.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, cost)
}

func (a *Access) matches(ctx context.Context, password, hash string) (bool, error) {
	done, err := a.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return argon2id.ComparePasswordAndHash(password, hash)
}

func (a *Access) turn(ctx context.Context) (done func(), err error) {
	select {
	case a.hashing <- struct{}{}:
		return func() { <-a.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
