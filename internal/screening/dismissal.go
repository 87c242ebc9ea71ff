package screening

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// Dismissal is a human's decision that a subject is not who is listed. It holds for that person and that entry only,
// until the entry materially changes.
type Dismissal struct {
	Subject  ID
	Identity []string // from Identity
	Finding  Finding
	By       string
	Reason   string
	Until    time.Time // zero: two years
}

// dismissalHolds for as long when nobody says otherwise; then a human looks again.
const dismissalHolds = 2 * 365 * 24 * time.Hour

// mostIdentities bounds what one subject with many documents and dates is known by.
const mostIdentities = 16

// Identity gives the opaque keys by which a person is known again on another journey: a document with birth date and
// name, never a name alone. Without a document it is only the subject itself. What a standing
// has it known by is an identity too.
func Identity(s *Subject) []string {
	var keys []string
	births := slices.Clone(s.Births)
	slices.Sort(births)
	for _, d := range s.Documents {
		number := string(names.AppendCompact(nil, d.Number))
		if number == "" {
			continue
		}
		for _, n := range s.Names {
			if len(keys) == mostIdentities {
				break
			}
			keys = append(keys, opaque(d.Type, number, d.Issuer, strings.Join(births, "|"), names.Key(names.Name{Given: n.Given, Surname: n.Surname, Full: n.Full})))
		}
	}
	if len(keys) == 0 {
		keys = append(keys, opaque("subject", string(s.ID)))
	}
	keys = append(keys, s.Known...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func opaque(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	return hex.EncodeToString(h[:16])
}

var insertDismissals = store.NewInsert("screening_dismissal",
	[]string{"identity", "list", "entry", "entry_hash", "subject", "actor", "reason", "decided", "until"},
	`on conflict (identity, list, entry) do update set entry_hash = excluded.entry_hash, subject = excluded.subject, actor = excluded.actor,
	reason = excluded.reason, decided = excluded.decided, until = excluded.until, ended = 0, ending = '', ender = '', end_reason = ''`)

// Dismiss records that a subject is not the listed one: the finding is history, and later screenings on every node leave
// the pair out. A stolen document stays a finding whatever was decided: the document is not the person.
func Dismiss(ctx context.Context, tx store.Tx, d Dismissal) error {
	if d.Finding.List == "" || d.Finding.Explanation.Code == CodeDocumentStolen {
		return nil
	}
	if d.Until.IsZero() {
		d.Until = tx.Now().Add(dismissalHolds)
	}
	identities := slices.Compact(slices.Sorted(slices.Values(d.Identity)))
	var rows [][]any
	for _, identity := range identities {
		rows = append(rows, []any{identity, d.Finding.List, d.Finding.Entry, d.Finding.EntryHash, d.Subject, d.By, d.Reason, store.Micros(tx.Now()), store.Micros(d.Until)})
	}
	if _, err := insertDismissals.Exec(ctx, tx, rows); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update screening_finding set state = $1, ended = $2 where subject = $3 and engine = $4 and matched = $5`,
		dismissed, store.Micros(tx.Now()), d.Subject, d.Finding.Engine, d.Finding.Matched); err != nil {
		return err
	}
	// The same person on other flights is asked about no more either.
	if err := markMatched(ctx, tx, []string{d.Finding.Matched}); err != nil {
		return err
	}
	return advance(ctx, tx, dismissalsCounter)
}

// dismissals are in memory, whole: decisions are few.
type dismissals map[dismissalKey]dismissalTerm

type dismissalKey struct{ identity, list, entry string }

type dismissalTerm struct {
	entryHash string
	until     time.Time
}

func readDismissals(ctx context.Context, r store.Reader) (dismissals, error) {
	all := make(dismissals)
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var key dismissalKey
		var term dismissalTerm
		var until int64
		if err := rows.Scan(&key.identity, &key.list, &key.entry, &term.entryHash, &until); err != nil {
			return err
		}
		term.until = store.Time(until)
		all[key] = term
		return nil
	}, `select identity, list, entry, entry_hash, until from screening_dismissal where ended = 0`)
	return all, err
}

// hold says whether a finding was dismissed for one of these identities and its entry is still the one decided upon.
func (d dismissals) hold(identities []string, f *Finding, now time.Time) bool {
	for _, identity := range identities {
		term, ok := d[dismissalKey{identity, f.List, f.Entry}]
		if ok && term.entryHash == f.EntryHash && now.Before(term.until) {
			return true
		}
	}
	return false
}
