package links

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"fmt"
	"io/fs"
	"slices"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql embedded/*.sql
var migrations embed.FS

// Migrate brings the room's tables up to date.
func Migrate(ctx context.Context, st *store.Store) error {
	if err := st.Migrate(ctx, "links", migrations); err != nil || !st.Embedded() {
		return err
	}
	embedded, err := fs.Sub(migrations, "embedded")
	if err != nil {
		return err
	}
	return st.Migrate(ctx, "links_embedded", embedded)
}

// shared is a value with who ties to it.
type shared struct {
	value
	common bool
	people []key // sorted; none of a common one
}

var (
	insertPersons = store.NewInsert("links_person", []string{"person", "near", "body"},
		`on conflict (person) do update set near = excluded.near, body = excluded.body`)
	insertValues = store.NewInsert("links_value", []string{"value", "kind", "mask", "common", "people"},
		`on conflict (value) do update set common = excluded.common, people = excluded.people`)
	insertTrips = store.NewInsert("links_trip", []string{"trip", "person", "digest"},
		`on conflict (trip) do update set person = excluded.person, digest = excluded.digest`)
)

func (p *person) row() []any { return []any{p.key, p.near, p.body()} }

func (v *shared) row() []any {
	common := 0
	if v.common {
		common = 1
	}
	return []any{v.key, v.kind, v.mask, common, packKeys(v.people)}
}

func packKeys(keys []key) []byte {
	b := make([]byte, 0, 8*len(keys))
	for _, k := range keys {
		b = binary.LittleEndian.AppendUint64(b, uint64(k))
	}
	return b
}

func unpackKeys(b []byte) []key {
	keys := make([]key, len(b)/8)
	for i := range keys {
		keys[i] = key(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return keys
}

// kept reads rows and keeps what it read: within one question nothing is read twice.
type kept struct {
	r       store.Reader
	people  map[key]*person // nil: there is none
	values  map[key]*shared
	several bool // values to which only one person ties, as nearly all do, are not read: they lead nowhere
}

func look(r store.Reader) *kept {
	return &kept{r: r, people: map[key]*person{}, values: map[key]*shared{}}
}

// ways is look for whoever walks from one person to another.
func ways(r store.Reader) *kept {
	k := look(r)
	k.several = true
	return k
}

// persons reads those not yet read.
func (k *kept) persons(ctx context.Context, keys []key) error {
	missing := missing(k.people, keys)
	return store.ForKeys(ctx, k.r, `select person, near, body from links_person where person in (:keys)`, missing, func(rows *sql.Rows) error {
		p := &person{}
		var body []byte
		if err := rows.Scan(&p.key, &p.near, &body); err != nil {
			return err
		}
		if err := p.read(body); err != nil {
			return fmt.Errorf("person %x: %w", p.key, err)
		}
		k.people[p.key] = p
		return nil
	})
}

// shares reads the values not yet read.
func (k *kept) shares(ctx context.Context, keys []key) error {
	missing := missing(k.values, keys)
	query := `select value, kind, mask, common, people from links_value where value in (:keys)`
	if k.several {
		query += ` and (common = 1 or length(people) > 8)` // eight bytes a person
	}
	return store.ForKeys(ctx, k.r, query, missing, func(rows *sql.Rows) error {
		v := &shared{}
		var common int
		var people []byte
		if err := rows.Scan(&v.key, &v.kind, &v.mask, &common, &people); err != nil {
			return err
		}
		v.common, v.people = common != 0, unpackKeys(people)
		k.values[v.key] = v
		return nil
	})
}

// missing are the keys that a map does not hold; it notes each as asked for.
func missing[T any](known map[key]*T, keys []key) []key {
	var out []key
	for _, k := range keys {
		if _, asked := known[k]; !asked {
			known[k] = nil
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// placed is where a subject's journey is kept.
type placed struct {
	person key
	digest int64
}

func places(ctx context.Context, r store.Reader, ids []screening.ID) (map[key]placed, error) {
	keys := make([]key, len(ids))
	for i, id := range ids {
		keys[i] = tripKey(id)
	}
	out := make(map[key]placed, len(ids))
	err := store.ForKeys(ctx, r, `select trip, person, digest from links_trip where trip in (:keys)`, keys, func(rows *sql.Rows) error {
		var trip key
		var p placed
		err := rows.Scan(&trip, &p.person, &p.digest)
		out[trip] = p
		return err
	})
	return out, err
}

func tripKey(id screening.ID) key { return hashOf("subject", string(id)) }

// personsOf are the nodes of subjects, those that are known, each once.
func personsOf(ctx context.Context, r store.Reader, ids []screening.ID) ([]key, error) {
	at, err := places(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var keys []key
	for _, p := range at {
		keys = append(keys, p.person)
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}
