package screening

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// Upload is a list, or a set of rules, as somebody hands it in.
type Upload struct {
	Name   string
	Files  []lists.File
	By     string // for the audit log
	Role   string
	Force  bool // load a list although it is refused: it has shrunk, or is older than the one in force
	Reason string
}

// Summary tells what loading a list changed.
type Summary struct {
	Name       string         `json:"name"`
	Format     string         `json:"format"`
	Version    string         `json:"version"`
	Dated      string         `json:"dated,omitempty"` // the publisher's own day or instant
	Generation int64          `json:"generation"`      // under which the list last changed
	Entries    int            `json:"entries"`
	Added      int            `json:"added"`
	Changed    int            `json:"changed"`
	Removed    int            `json:"removed"`
	Warnings   []*fault.Fault `json:"warnings,omitempty"` // what was kept as text, for it could not be read
}

// ErrName is a name that no list or set of rules can have.
var ErrName = errors.New("a list's name is letters, digits, dots and hyphens, at most 64, beginning with a letter or digit")

var validName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

var insertRules = store.NewInsert("screening_rule", []string{"name", "file", "body", "loaded", "actor"}, "")

// errMoved says that the list changed between being compared and being written.
var errMoved = errors.New("the list changed meanwhile")

// mostTurns bounds how often a list is compared anew because others load it at the same time.
const mostTurns = 5

// LoadList reads a list and replaces the one of that name, in one transaction with its audit entry: all of it holds, or
// the old one stays. It may run beside nodes that serve; they see it at their next Refresh. What is in force is compared
// before the transaction, which so is as short as the change.
func LoadList(ctx context.Context, st *store.Store, u Upload) (Summary, error) {
	if !validName.MatchString(u.Name) {
		return Summary{}, ErrName
	}
	if IsGiven(u.Name) {
		return Summary{}, ErrGiven
	}
	defer expectList(u.Files)()
	list, err := lists.Read(u.Files)
	if err != nil {
		return Summary{}, err
	}
	digests := digestAll(list.Entries)
	sum := checksum(u.Files)
	for turn := 1; ; turn++ {
		s, err := replace(ctx, st, u, &list, digests, sum)
		if !errors.Is(err, errMoved) || turn == mostTurns {
			return s, err
		}
	}
}

func replace(ctx context.Context, st *store.Store, u Upload, list *lists.List, digests []string, sum string) (Summary, error) {
	old, before, err := inStore(ctx, st, u.Name)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{
		Name: u.Name, Format: list.Format, Dated: list.Dated, Version: cmp.Or(list.Version, "sha256:"+sum[:12]),
		Generation: max(old.generation, 0), Warnings: list.Warnings,
	}
	c := change{list: u.Name, format: list.Format, version: s.Version, dated: list.Dated, by: u.By}
	have := len(before)
	for i := range list.Entries {
		e := &list.Entries[i]
		digest, known := before[e.ID]
		delete(before, e.ID)
		switch {
		case !known:
			s.Added++
		case digest != digests[i]:
			s.Changed++
		default:
			continue
		}
		c.put = append(c.put, putEntry{Entry: e, digest: digests[i], known: known})
	}
	if list.Partial {
		for _, id := range list.Removed {
			if _, there := before[id]; there {
				c.gone = append(c.gone, id)
			}
		}
	} else {
		for id := range before {
			c.gone = append(c.gone, id)
		}
	}
	slices.Sort(c.gone)
	c.gone = slices.Compact(c.gone)
	s.Removed = len(c.gone)
	s.Entries = have + s.Added - s.Removed
	c.entries = s.Entries
	if refusal := refuse(u.Name, old, list, have, s.Entries); refusal != nil && !u.Force {
		return Summary{}, refusal
	}
	err = st.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		now, err := readInForce(ctx, tx, u.Name)
		if err != nil {
			return err
		}
		if now.generation != old.generation {
			return errMoved
		}
		if len(c.put) > 0 || len(c.gone) > 0 || old.version != s.Version {
			if s.Generation, err = c.write(ctx, tx); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, u, sum)
	})
	return s, err
}

// digestAll computes the entries' digests on all cores.
func digestAll(entries []lists.Entry) []string {
	digests := make([]string, len(entries))
	if len(entries) > 0 { // alone: how an entry is encoded is worked out at the first
		digests[0] = entries[0].Digest()
	}
	share := max(1, (len(entries)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var g sync.WaitGroup
	for from := 0; from < len(entries); from += share {
		g.Go(func() {
			for i := from; i < min(from+share, len(entries)); i++ {
				digests[i] = entries[i].Digest()
			}
		})
	}
	g.Wait()
	return digests
}

// inForce is a list as the store has it.
type inForceList struct {
	generation             int64 // of its last change; -1: there is none of that name
	version, dated, format string
}

func readInForce(ctx context.Context, r store.Reader, name string) (inForceList, error) {
	l := inForceList{generation: -1}
	err := r.QueryRowContext(ctx, `select generation, version, dated, format from screening_list where name = $1`, name).Scan(&l.generation, &l.version, &l.dated, &l.format)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return l, err
}

// inStore reads a list and the digests of its entries, as they stand at one instant.
func inStore(ctx context.Context, st *store.Store, name string) (old inForceList, digests map[string]string, err error) {
	err = st.Snapshot(ctx, func(ctx context.Context, r store.Reader) error {
		if old, err = readInForce(ctx, r, name); err != nil {
			return err
		}
		digests = make(map[string]string)
		return store.Rows(ctx, r, func(rows *sql.Rows) error {
			var id, digest string
			err := rows.Scan(&id, &digest)
			digests[id] = digest
			return err
		}, `select entry, digest from screening_entry where list = $1`, name)
	})
	return old, digests, err
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
	Name       string    `json:"name"`
	Format     string    `json:"format"`
	Version    string    `json:"version"`
	Dated      string    `json:"dated,omitempty"` // the publisher's own day or instant
	Generation int64     `json:"generation"`      // under which it last changed
	Entries    int       `json:"entries"`
	Loaded     time.Time `json:"loaded"`
	By         string    `json:"by"`
	Added      int       `json:"added"`
	Changed    int       `json:"changed"`
	Removed    int       `json:"removed"`
	SHA256     string    `json:"sha256"`
}

// Lists tells which lists are in force.
func Lists(ctx context.Context, r store.Reader) ([]ListInfo, error) {
	var out []ListInfo
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var l ListInfo
		var loaded int64
		if err := rows.Scan(&l.Name, &l.Format, &l.Version, &l.Dated, &l.Generation, &l.SHA256, &l.Entries, &l.Added, &l.Changed, &l.Removed, &loaded, &l.By); err != nil {
			return err
		}
		l.Loaded = store.Time(loaded)
		out = append(out, l)
		return nil
	}, `select name, format, version, dated, generation, sha256, entries, added, changed, removed, loaded, actor from screening_list order by name`)
	return out, err
}

// EntryOf gives one entry of a list as it is in force; found is false where it has left.
func EntryOf(ctx context.Context, r store.Reader, list, id string) (e lists.Entry, found bool, err error) {
	var body []byte
	err = r.QueryRowContext(ctx, "select body from screening_entry where list = $1 and entry = $2", list, id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	return e, true, json.Unmarshal(body, &e)
}

// EntriesOf gives those entries of a list that are in force, by their ids.
func EntriesOf(ctx context.Context, r store.Reader, list string, ids []string) (map[string]lists.Entry, error) {
	found := make(map[string]lists.Entry, len(ids))
	err := store.ForKeys(ctx, r, "select entry, body from screening_entry where list = $1 and entry in (:keys)", ids, func(rows *sql.Rows) error {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		var e lists.Entry
		err := json.Unmarshal(body, &e)
		found[id] = e
		return err
	}, list)
	return found, err
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
