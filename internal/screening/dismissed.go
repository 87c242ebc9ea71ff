package screening

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// The states of a dismissal.
const (
	holds        = "holds"
	expired      = "expired"
	entryChanged = "entry_changed"
	revoked      = "revoked"
)

// DismissalInfo is a decision "not the same person" for people.
type DismissalInfo struct {
	ID            string    `json:"id"`
	List          string    `json:"list"`
	Entry         string    `json:"entry"`
	Name          string    `json:"name,omitempty"` // of the entry, as it is now
	Subject       ID        `json:"subject"`
	By            string    `json:"by"`
	Reason        string    `json:"reason"`
	Decided       time.Time `json:"decided"`
	Until         time.Time `json:"until"`
	State         string    `json:"state"` // holds, expired, entry_changed, revoked
	RevokedBy     string    `json:"revoked_by,omitempty"`
	Revoked       time.Time `json:"revoked,omitzero"`
	RevokedReason string    `json:"revocation_reason,omitempty"`

	entryHash string
}

// ErrNoDismissal says that there is none of that id.
var ErrNoDismissal = errors.New("there is no such dismissal")

// ErrEnded says that a dismissal no longer holds.
var ErrEnded = errors.New("the dismissal does not hold any more")

// Dismissals lists the decisions that a subject is not who is listed, newest first; list "" is all of them. They are few:
// each is a human's.
func Dismissals(ctx context.Context, r store.Reader, list string) ([]DismissalInfo, error) {
	seen := make(map[string]bool)
	var out []DismissalInfo
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var d DismissalInfo
		var decided, until, ended int64
		var ending string
		if err := rows.Scan(&d.List, &d.Entry, &d.entryHash, &d.Subject, &d.By, &d.Reason, &decided, &until, &ended, &ending, &d.RevokedBy, &d.RevokedReason); err != nil {
			return err
		}
		d.ID = opaque(d.List, d.Entry, string(d.Subject))
		if seen[d.ID] { // known by several documents
			return nil
		}
		seen[d.ID] = true
		d.Decided, d.Until, d.State = store.Time(decided), store.Time(until), cmp.Or(ending, holds)
		if ending == revoked {
			d.Revoked = store.Time(ended)
		}
		out = append(out, d)
		return nil
	}, `select list, entry, entry_hash, subject, actor, reason, decided, until, ended, ending, ender, end_reason from screening_dismissal
		where list = $1 or $1 = '' order by decided desc, list, entry, subject`, list)
	if err != nil {
		return nil, err
	}
	return out, compareWithEntries(ctx, r, out)
}

// compareWithEntries finds those whose entry is no longer the one decided upon.
func compareWithEntries(ctx context.Context, r store.Reader, all []DismissalInfo) error {
	ids := make(map[string][]string)
	for i := range all {
		ids[all[i].List] = append(ids[all[i].List], all[i].Entry)
	}
	now := make(map[entryKey]lists.Entry)
	for list, entries := range ids {
		if err := store.ForKeys(ctx, r, `select body from screening_entry where list = $1 and entry in (:keys)`, entries, func(rows *sql.Rows) error {
			var body []byte
			var e lists.Entry
			if err := rows.Scan(&body); err != nil {
				return err
			}
			err := json.Unmarshal(body, &e)
			now[entryKey{list, e.ID}] = e
			return err
		}, list); err != nil {
			return err
		}
	}
	for i := range all {
		d := &all[i]
		e, there := now[entryKey{d.List, d.Entry}]
		if there && len(e.Names) > 0 {
			d.Name = e.Names[0].Text
		}
		if d.State == holds && (!there || e.Hash() != d.entryHash) {
			d.State = entryChanged
		}
	}
	return nil
}

// Revoke takes a dismissal back: whoever is ahead, and may be meant, is screened again and asked about again.
func Revoke(ctx context.Context, st *store.Store, id, by, role, reason string) (DismissalInfo, error) {
	reason, err := reasoned(reason)
	if err != nil {
		return DismissalInfo{}, err
	}
	var d DismissalInfo
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		all, err := Dismissals(ctx, tx, "")
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(d DismissalInfo) bool { return d.ID == id })
		if at < 0 {
			return ErrNoDismissal
		}
		if d = all[at]; d.State != holds {
			return fmt.Errorf("%w: it is %s", ErrEnded, d.State)
		}
		keys, err := endDismissals(ctx, tx, dismissalOf(d), revoked, by, reason)
		if err != nil {
			return err
		}
		if err := lookAnew(ctx, tx, keys); err != nil {
			return err
		}
		d.State, d.RevokedBy, d.Revoked, d.RevokedReason = revoked, by, store.Time(store.Micros(tx.Now())), reason
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Role: role, Action: "dismissal.revoke", Touched: []string{string(d.Subject), d.List + "/" + d.Entry}, Detail: reason})
	})
	return d, err
}

// selection is a part of a where clause, with its arguments from $1 on.
type selection struct {
	where string
	args  []any
}

func dismissalsUntil(now time.Time) selection {
	return selection{`until <= $1`, []any{store.Micros(now)}}
}

func dismissalOf(d DismissalInfo) selection {
	return selection{`list = $1 and entry = $2 and subject = $3`, []any{d.List, d.Entry, d.Subject}}
}

// endDismissals ends those selected that still hold, and gives their entries. Their findings become history, from which
// a later screening brings them back.
func endDismissals(ctx context.Context, tx store.Tx, which selection, how, by, reason string) ([]entryKey, error) {
	type pair struct {
		entryKey
		subject ID
	}
	var ended []pair
	err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
		var p pair
		err := rows.Scan(&p.list, &p.id, &p.subject)
		ended = append(ended, p)
		return err
	}, `select distinct list, entry, subject from screening_dismissal where ended = 0 and `+which.where, which.args...)
	if err != nil || len(ended) == 0 {
		return nil, err
	}
	now := store.Micros(tx.Now())
	keys := make([]entryKey, 0, len(ended))
	for _, p := range ended {
		if _, err := tx.ExecContext(ctx, `update screening_dismissal set ended = $1, ending = $2, ender = $3, end_reason = $4
			where list = $5 and entry = $6 and subject = $7 and ended = 0`, now, how, by, reason, p.list, p.id, p.subject); err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, `update screening_finding set state = $1, ended = $2 where subject = $3 and matched = $4 and state = $5`,
			withdrawn, now, p.subject, p.list+"/"+p.id, dismissed); err != nil {
			return nil, err
		}
		keys = append(keys, p.entryKey)
	}
	return keys, advance(ctx, tx, dismissalsCounter)
}

// markMatched marks as due whoever has a live finding on one of the entries, in every domain.
func markMatched(ctx context.Context, tx store.Tx, matched []string) error {
	due := make(map[string][]ID)
	if err := store.ForKeys(ctx, tx, `select domain, subject from screening_finding where state = 0 and matched in (:keys)`, matched, func(rows *sql.Rows) error {
		var domain string
		var id ID
		err := rows.Scan(&domain, &id)
		due[domain] = append(due[domain], id)
		return err
	}); err != nil {
		return err
	}
	for domain, ids := range due {
		if err := MarkDue(ctx, tx, domain, ids); err != nil {
			return err
		}
	}
	return nil
}
