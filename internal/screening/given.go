package screening

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// FormatGiven is the format of a list of what a partner state gave under an agreement, entry by entry, each until its day.
// Nobody loads it, and nobody types into it: what is in it comes and goes with what was given.
const FormatGiven = "given"

// givenPrefix begins the names of such lists, and of no other.
const givenPrefix = "partner."

// ErrGiven is what a person cannot do to a list of what a partner gave.
var ErrGiven = errors.New("lists named partner.… hold what a partner gave under an agreement: they change only with what it gives, corrects and takes back")

// Given is a change of a list of what a partner gave.
type Given struct {
	List    string   // as [GivenList] names it
	Domains []string // whose subjects alone it speaks of: what was given for one work is not searched for another
	By      string   // the partner's authority
	Put     []lists.Entry
	Gone    []string // ids
}

const longestName = 64

// GivenList is the name of the list of what a partner gave under an agreement, of one kind.
func GivenList(agreement, kind string) string {
	if most := longestName - len(givenPrefix) - len(".") - len(kind); len(agreement) > most {
		sum := sha256.Sum256([]byte(agreement))
		short := hex.EncodeToString(sum[:4])
		agreement = agreement[:most-len(short)] + short
	}
	return givenPrefix + agreement + "." + kind
}

// IsGiven tells the name of a list of what a partner gave.
func IsGiven(list string) bool { return strings.HasPrefix(list, givenPrefix) }

// TakeGiven puts in force what a partner gave, corrected or took back. It is told in the transaction that records it; what
// was found by an entry that goes loses its words at once, and is withdrawn when its subject is looked at again, which is
// soon.
func TakeGiven(ctx context.Context, tx store.Tx, g Given) error {
	if !IsGiven(g.List) || !validName.MatchString(g.List) {
		return ErrName
	}
	s := Summary{Name: g.List, Format: FormatGiven, Version: tx.Now().UTC().Format(time.RFC3339Nano)}
	if err := tx.QueryRowContext(ctx, `select count(*) from screening_entry where list = $1`, g.List).Scan(&s.Entries); err != nil {
		return err
	}
	c := change{list: g.List, format: s.Format, version: s.Version, by: g.By}
	touched := slices.Clone(g.Gone)
	for i := range g.Put {
		touched = append(touched, g.Put[i].ID)
	}
	there := map[string]bool{}
	if err := store.ForKeys(ctx, tx, `select entry from screening_entry where list = $1 and entry in (:keys)`, touched, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		there[id] = true
		return err
	}, g.List); err != nil {
		return err
	}
	for i := range g.Put {
		e := &g.Put[i]
		c.put = append(c.put, putEntry{Entry: e, digest: e.Digest(), known: there[e.ID]})
		if there[e.ID] {
			s.Changed++
		} else {
			s.Added++
		}
	}
	for _, id := range g.Gone {
		if there[id] {
			c.gone = append(c.gone, id)
		}
	}
	if len(c.put) == 0 && len(c.gone) == 0 {
		return nil
	}
	s.Removed = len(c.gone)
	s.Entries += s.Added - s.Removed
	c.entries = s.Entries
	if _, err := tx.ExecContext(ctx, `insert into screening_list_scope (list, domains) values ($1, $2) on conflict (list) do update set domains = excluded.domains`,
		g.List, strings.Join(g.Domains, " ")); err != nil {
		return err
	}
	if err := forget(ctx, tx, g.List, slices.DeleteFunc(touched, func(id string) bool { return !there[id] })); err != nil {
		return err
	}
	var err error
	if s.Generation, err = c.write(ctx, tx); err != nil {
		return err
	}
	return s.keep(ctx, tx, g.By, "")
}

// forget takes out of findings what entries said of whom they listed, and asks for their subjects to be looked at again: a
// finding of an entry that is gone is then withdrawn, and one of an entry that was corrected says the right thing.
func forget(ctx context.Context, tx store.Tx, list string, entries []string) error {
	type bearer struct {
		domain string
		key    findingKey
		body   []byte
		state  int
	}
	matched := make([]string, len(entries))
	for i, id := range entries {
		matched[i] = list + "/" + id
	}
	var found []bearer
	if err := store.ForKeys(ctx, tx, `select domain, subject, engine, matched, state, body from screening_finding where matched in (:keys)`, matched, func(rows *sql.Rows) error {
		var b bearer
		err := rows.Scan(&b.domain, &b.key.subject, &b.key.engine, &b.key.matched, &b.state, &b.body)
		found = append(found, b)
		return err
	}); err != nil {
		return err
	}
	for _, b := range found {
		f, err := readFinding(b.key, storedFinding{body: b.body})
		if err != nil {
			return err
		}
		f.Explanation = Explanation{Code: f.Explanation.Code, Title: f.Explanation.Title}
		body, digest, err := writeFinding(f)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update screening_finding set body = $1, digest = $2 where subject = $3 and engine = $4 and matched = $5`,
			string(body), digest, b.key.subject, b.key.engine, b.key.matched); err != nil {
			return err
		}
		if b.state == live {
			if err := MarkDue(ctx, tx, b.domain, []ID{b.key.subject}); err != nil {
				return err
			}
		}
	}
	return nil
}

func readScopes(ctx context.Context, r store.Reader) (map[string][]string, error) {
	var scopes map[string][]string
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var list, domains string
		err := rows.Scan(&list, &domains)
		if scopes == nil {
			scopes = make(map[string][]string)
		}
		scopes[list] = strings.Fields(domains)
		return err
	}, `select list, domains from screening_list_scope`)
	return scopes, err
}

// speaksOf reports whether a list speaks of subjects of a domain.
func (g *Generation) speaksOf(list, domain string) bool {
	domains, narrow := g.scopes[list]
	return !narrow || slices.Contains(domains, domain)
}
