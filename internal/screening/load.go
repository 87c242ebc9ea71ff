package screening

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// Upload is a list, or a set of rules, as somebody hands it in.
type Upload struct {
	Name   string
	Files  []lists.File
	By     string // for the audit log
	Role   string
	Force  bool // load a list although it has shrunk
	Reason string
}

// Summary tells what loading a list changed.
type Summary struct {
	Name    string `json:"name"`
	Format  string `json:"format"`
	Version string `json:"version"`
	Entries int    `json:"entries"`
	Added   int    `json:"added"`
	Changed int    `json:"changed"`
	Removed int    `json:"removed"`
}

// Refusal is a list that was read and yet is not taken: what is in force stays.
type Refusal struct {
	Name      string
	Have, Now int
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("list %s would shrink from %d entries to %d, by more than a tenth: refused, the old one stays in force (load it with force and a reason if that is right)",
		r.Name, r.Have, r.Now)
}

// ErrName is a name that no list or set of rules can have.
var ErrName = errors.New("a list's name is letters, digits, dots and hyphens, at most 64, beginning with a letter or digit")

var validName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// mostShrink is the part of a list that may vanish at once; more is a broken file until somebody says otherwise.
const mostShrink = 0.10

var (
	insertEntries = store.NewInsert("screening_entry", []string{"list", "entry", "digest", "body"},
		`on conflict (list, entry) do update set digest = excluded.digest, body = excluded.body`)
	insertRules = store.NewInsert("screening_rule", []string{"name", "file", "body", "loaded", "actor"}, "")
)

type newEntry struct{ id, digest, body string }

// LoadList reads a list and replaces the one of that name, in one transaction with its audit entry: all of it holds, or
// the old one stays. It may run beside nodes that serve; they see it at their next Refresh.
func LoadList(ctx context.Context, st *store.Store, u Upload) (Summary, error) {
	if !validName.MatchString(u.Name) {
		return Summary{}, ErrName
	}
	list, err := lists.Read(u.Files)
	if err != nil {
		return Summary{}, err
	}
	sum := checksum(u.Files)
	entries := make([]newEntry, 0, len(list.Entries))
	for i := range list.Entries {
		e := &list.Entries[i]
		body, err := json.Marshal(e)
		if err != nil {
			return Summary{}, err
		}
		entries = append(entries, newEntry{e.ID, e.Digest(), string(body)})
	}
	s := Summary{Name: u.Name, Format: list.Format, Version: cmp.Or(list.Version, "sha256:"+sum[:12])}
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return s.write(ctx, tx, u, list, entries, sum)
	})
	if err != nil {
		return Summary{}, err
	}
	return s, nil
}

func (s *Summary) write(ctx context.Context, tx store.Tx, u Upload, list lists.List, entries []newEntry, sum string) error {
	s.Added, s.Changed, s.Removed = 0, 0, 0
	before := make(map[string]string)
	if err := store.Rows(ctx, tx, func(rows *sql.Rows) error {
		var id, digest string
		err := rows.Scan(&id, &digest)
		before[id] = digest
		return err
	}, `select entry, digest from screening_entry where list = $1`, u.Name); err != nil {
		return err
	}
	var rows [][]any
	have := len(before)
	for _, e := range entries {
		digest, known := before[e.id]
		delete(before, e.id)
		switch {
		case !known:
			s.Added++
		case digest != e.digest:
			s.Changed++
		default:
			continue
		}
		rows = append(rows, []any{u.Name, e.id, e.digest, e.body})
	}
	gone := make([]string, 0, len(before))
	if list.Partial {
		for _, id := range list.Removed {
			if _, there := before[id]; there {
				gone = append(gone, id)
			}
		}
	} else {
		for id := range before {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	s.Removed = len(gone)
	s.Entries = have + s.Added - s.Removed
	if !u.Force && float64(s.Entries) < float64(have)*(1-mostShrink) {
		return &Refusal{u.Name, have, s.Entries}
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from screening_entry where list = $1 and entry in (:keys)`, gone, u.Name); err != nil {
		return err
	}
	if _, err := insertEntries.Exec(ctx, tx, rows); err != nil {
		return err
	}
	var version string
	if err := tx.QueryRowContext(ctx, `select version from screening_list where name = $1`, u.Name).Scan(&version); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if _, err := tx.ExecContext(ctx, `insert into screening_list (name, format, version, sha256, entries, added, changed, removed, loaded, actor)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (name) do update set format = excluded.format, version = excluded.version, sha256 = excluded.sha256, entries = excluded.entries,
		added = excluded.added, changed = excluded.changed, removed = excluded.removed, loaded = excluded.loaded, actor = excluded.actor`,
		s.Name, s.Format, s.Version, sum, s.Entries, s.Added, s.Changed, s.Removed, store.Micros(tx.Now()), u.By); err != nil {
		return err
	}
	if len(rows) > 0 || len(gone) > 0 || version != s.Version {
		if err := advance(ctx, tx, generationCounter); err != nil {
			return err
		}
	}
	detail := fmt.Sprintf("%s %s: %d entries, %d added, %d changed, %d removed", s.Format, s.Version, s.Entries, s.Added, s.Changed, s.Removed)
	if u.Force {
		detail += "; forced: " + u.Reason
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: u.By, Role: u.Role, Action: "list.load", Touched: []string{u.Name}, Detail: detail})
}

func checksum(files []lists.File) string {
	h := sha256.New()
	for _, f := range files {
		h.Write(f.Data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ListInfo is a list for people.
type ListInfo struct {
	Name    string    `json:"name"`
	Format  string    `json:"format"`
	Version string    `json:"version"`
	Entries int       `json:"entries"`
	Loaded  time.Time `json:"loaded"`
	By      string    `json:"by"`
	Added   int       `json:"added"`
	Changed int       `json:"changed"`
	Removed int       `json:"removed"`
	SHA256  string    `json:"sha256"`
}

// Lists tells which lists are in force.
func Lists(ctx context.Context, r store.Reader) ([]ListInfo, error) {
	var out []ListInfo
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var l ListInfo
		var loaded int64
		if err := rows.Scan(&l.Name, &l.Format, &l.Version, &l.SHA256, &l.Entries, &l.Added, &l.Changed, &l.Removed, &loaded, &l.By); err != nil {
			return err
		}
		l.Loaded = store.Time(loaded)
		out = append(out, l)
		return nil
	}, `select name, format, version, sha256, entries, added, changed, removed, loaded, actor from screening_list order by name`)
	return out, err
}

// Entries gives the entries of a list after the id named, at most n, those that hold the words asked for if there are any.
func Entries(ctx context.Context, r store.Reader, list, words, after string, n int) ([]lists.Entry, error) {
	var out []lists.Entry
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(strings.TrimSpace(words))) + "%"
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var e lists.Entry
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &e); err != nil {
			return err
		}
		out = append(out, e)
		return nil
	}, `select body from screening_entry where list = $1 and entry > $2 and lower(body) like $3 escape '\' order by entry limit $4`, list, after, pattern, n)
	return out, err
}
