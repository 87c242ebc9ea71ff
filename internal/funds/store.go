package funds

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

var (
	insertEntry = store.NewInsert("funds_entry", []string{"id", "version", "kind", "state", "ref", "report", "happened", "filed", "folded", "body"},
		`on conflict (id) do update set version = excluded.version, kind = excluded.kind, state = excluded.state, ref = excluded.ref,
		report = excluded.report, happened = excluded.happened, filed = excluded.filed, folded = excluded.folded, body = excluded.body
		where funds_entry.version = excluded.version - 1`)
	insertParty = store.NewInsert("funds_party", []string{"id", "version", "kind", "folded", "body", "moved"},
		`on conflict (id) do update set version = excluded.version, kind = excluded.kind, folded = excluded.folded, body = excluded.body,
		moved = excluded.moved
		where funds_party.version = excluded.version - 1`)
	insertPart = store.NewInsert("funds_part", []string{"party", "happened", "entry", "kind", "facet"},
		`on conflict (party, happened, entry) do update set kind = excluded.kind, facet = excluded.facet`)
	insertShared = store.NewInsert("funds_shared", []string{"value", "happened", "entry"}, `on conflict (value, happened, entry) do nothing`)
)

// entriesOf reads entries by id.
func entriesOf(ctx context.Context, r store.Reader, ids []string) (map[string]*Entry, error) {
	out := make(map[string]*Entry, len(ids))
	err := store.ForKeys(ctx, r, `select version, body from funds_entry where id in (:keys)`, ids, func(rows *sql.Rows) error {
		e, err := scanEntry(rows)
		if err == nil {
			out[e.ID] = e
		}
		return err
	})
	return out, err
}

func scanEntry(rows *sql.Rows) (*Entry, error) {
	var body []byte
	e := &Entry{}
	if err := rows.Scan(&e.version, &body); err != nil {
		return nil, err
	}
	return e, json.Unmarshal(body, e)
}

// entryByID reads one; nil where there is none.
func entryByID(ctx context.Context, r store.Reader, id string) (*Entry, error) {
	found, err := entriesOf(ctx, r, []string{id})
	return found[id], err
}

// partiesOf reads parties by id.
func partiesOf(ctx context.Context, r store.Reader, ids []string) (map[string]*Party, error) {
	out := make(map[string]*Party, len(ids))
	err := store.ForKeys(ctx, r, `select version, body from funds_party where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var body []byte
		p := &Party{}
		if err := rows.Scan(&p.version, &body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, p); err != nil {
			return err
		}
		out[p.ID] = p
		return nil
	})
	return out, err
}

// facetsLeft counts, by party and facet, the entries that say so.
func facetsLeft(ctx context.Context, r store.Reader, parties []string) (map[string]map[string]int, error) {
	out := make(map[string]map[string]int, len(parties))
	err := store.ForKeys(ctx, r, `select party, facet, count(*) from funds_part where party in (:keys) group by party, facet`, parties, func(rows *sql.Rows) error {
		var party, facet string
		var n int
		if err := rows.Scan(&party, &facet, &n); err != nil {
			return err
		}
		if out[party] == nil {
			out[party] = map[string]int{}
		}
		out[party][facet] = n
		return nil
	})
	return out, err
}

// partsOf gives the entries of some kinds that parties have a part in, the latest so many of each.
func partsOf(ctx context.Context, r store.Reader, parties []string, kinds []Kind, most int) (map[string][]string, error) {
	quoted := ""
	for i, k := range kinds {
		if i > 0 {
			quoted += ","
		}
		quoted += "'" + string(k) + "'"
	}
	out := make(map[string][]string, len(parties))
	err := store.ForKeys(ctx, r, `select party, entry from funds_part where party in (:keys) and kind in (`+quoted+`) order by party, happened desc, entry`,
		parties, func(rows *sql.Rows) error {
			var party, entry string
			if err := rows.Scan(&party, &entry); err != nil {
				return err
			}
			if len(out[party]) < most {
				out[party] = append(out[party], entry)
			}
			return nil
		})
	return out, err
}

// entriesSharing gives the entries that share values, the latest so many of each value.
func entriesSharing(ctx context.Context, r store.Reader, values []string, most int) (map[string][]string, error) {
	out := make(map[string][]string, len(values))
	for _, v := range values {
		err := store.Rows(ctx, r, func(rows *sql.Rows) error {
			var entry string
			err := rows.Scan(&entry)
			out[v] = append(out[v], entry)
			return err
		}, `select entry from funds_shared where value = $1 order by happened desc, entry limit $2`, v, most)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// partiesAfter lists parties in the order of their ids.
func partiesAfter(ctx context.Context, r store.Reader, after screening.ID, n int) ([]screening.ID, error) {
	var out []screening.ID
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id screening.ID
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	}, `select id from funds_party where id > $1 order by id limit $2`, string(after), n)
	return out, err
}

// heldBy gives parties as holders of themselves.
func heldBy(ctx context.Context, r store.Reader, ids []string) ([]screening.Held, error) {
	var out []screening.Held
	err := store.ForKeys(ctx, r, `select id, version from funds_party where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var h screening.Held
		if err := rows.Scan(&h.ID, &h.Version); err != nil {
			return err
		}
		h.Subjects = []screening.HeldSubject{{ID: screening.ID(h.ID), Version: h.Version}}
		out = append(out, h)
		return nil
	})
	return out, err
}

// one reads a single value; found is false where there is no row.
func one(ctx context.Context, r store.Reader, into any, query string, args ...any) (found bool, err error) {
	err = r.QueryRowContext(ctx, query, args...).Scan(into)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func ordinal(n int) string { return "$" + strconv.Itoa(n) }
