package access

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

const (
	idleFor   = time.Hour                                                                                           // a session nobody used ends
	lastsFor  = 12 * time.Hour                                                                                      // and so does any other: a shift
	seenEvery = time.Minute                                                                                         // how exactly use is written down
	nobody    = "$argon2id$v=19$m=32768,t=2,p=1$bm9ib2R5bm9ib2R5MTIzNA$0R6PB1RZtVmLAeoUg1P6bGpYDzD6tWS5iZbqDCTgZ6o" // fits no password: an unknown name takes as long as a known one
)

// Session is a person signed in.
type Session struct {
	Token string
	Principal
	Ends time.Time
}

// over reports whether a session has ended; a key never does.
func (r remembered) over(now time.Time) bool {
	return r.Kind == Account && (now.After(r.ends) || now.Sub(r.seen) > idleFor)
}

// SignIn checks a name and password and opens a session, durable when it returns. Wrong guesses are bounded by name and
// by address ([ErrTooMany]); whether the name or the password was wrong is not told.
func (a *Access) SignIn(ctx context.Context, r *http.Request, name, password string) (Session, error) {
	address := remote(r)
	if !a.guesses.may(name, address) {
		return Session{}, ErrTooMany
	}
	role, hash := Role(""), nobody
	err := a.store.Read().QueryRowContext(ctx, "select role, password from access_account where name = $1 and disabled = 0", name).Scan(&role, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Session{}, err
	}
	match, err := a.matches(ctx, password, hash)
	if err != nil {
		return Session{}, err
	}
	if !match || role == "" {
		a.guesses.wrong(name, address)
		return Session{}, ErrBadCredential
	}
	s := Session{Token: token("rs_"), Principal: Principal{ID: name, Name: name, Role: role, Kind: Account}, Ends: a.clock().Add(lastsFor)}
	return s, a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		now := store.Micros(a.clock())
		if _, err := tx.ExecContext(ctx, "delete from access_session where ends < $1", now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "insert into access_session (hash, account, seen, ends) values ($1, $2, $3, $4)", hashed(s.Token), name, now, store.Micros(s.Ends)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: name, Role: string(role), Action: "account.sign-in"})
	})
}

// SignOut ends the session of the request, if there is one.
func (a *Access) SignOut(ctx context.Context, r *http.Request) error {
	cookie, err := r.Cookie(a.cookie)
	if err != nil {
		return nil //nolint:nilerr // nobody was signed in
	}
	return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, "delete from access_session where hash = $1", hashed(cookie.Value)); err != nil {
			return err
		}
		return a.changed(ctx, tx)
	})
}

// Cookie carries a session to the browser: no script reads it, no foreign page sends it. An empty session's ends it.
func (a *Access) Cookie(s Session, secure bool) *http.Cookie {
	c := &http.Cookie{Name: a.cookie, Value: s.Token, Path: "/", Expires: s.Ends, HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode}
	if s.Token == "" {
		c.MaxAge = -1
	}
	return c
}

func (a *Access) readSession(ctx context.Context, hash string) (remembered, error) {
	who := remembered{Principal: Principal{Kind: Account}}
	var seen, ends int64
	err := a.store.Read().QueryRowContext(ctx, `select a.name, a.role, s.seen, s.ends from access_session s
		join access_account a on a.name = s.account where s.hash = $1 and a.disabled = 0`, hash).Scan(&who.Name, &who.Role, &seen, &ends)
	if errors.Is(err, sql.ErrNoRows) {
		return who, ErrBadCredential
	}
	who.ID, who.seen, who.ends = who.Name, store.Time(seen), store.Time(ends)
	return who, err
}

func (a *Access) touch(ctx context.Context, hash string, now time.Time) error {
	return a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "update access_session set seen = $1 where hash = $2 and seen < $1", store.Micros(now), hash)
		return err
	})
}

// remote is the address a request came from, without its port.
func remote(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	return cmp.Or(host, r.RemoteAddr)
}
