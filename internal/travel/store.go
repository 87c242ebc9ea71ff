package travel

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// read gives a flight's state as stored; one that is not is empty with version 0.
func read(ctx context.Context, r store.Reader, id string, k Key) (*State, error) {
	s := newState(id, k)
	var facts string
	err := r.QueryRowContext(ctx, `select version, joined, facts, carrier, number, suffix, date, origin, destination
		from travel_flight where id = $1`, id).
		Scan(&s.Version, &s.Joined, &facts, &s.Key.Carrier, &s.Key.Number, &s.Key.Suffix, &s.Key.Date, &s.Key.From, &s.Key.To)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(facts), &s.Facts); err != nil {
		return nil, fmt.Errorf("flight %s: %w", id, err)
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		rec := &Record{}
		var seen string
		var body []byte
		if err := rows.Scan(&rec.ID, &rec.Kind, &seen, &body); err != nil {
			return err
		}
		s.Records[rec.ID] = rec
		if err := rec.Seen.parse(seen); err != nil {
			return fmt.Errorf("record %s: %w", rec.ID, err)
		}
		return json.Unmarshal(body, rec)
	}, `select id, kind, seen, body from travel_record where flight = $1`, id)
	if err != nil {
		return nil, err
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id, records string
		var hash int64
		if err := rows.Scan(&id, &hash, &records); err != nil {
			return err
		}
		s.People[id] = stored{Hash: uint64(hash), Records: strings.Fields(records)}
		return nil
	}, `select id, hash, records from travel_passenger where flight = $1`, id)
	return s, err
}

var (
	insertFlight = store.NewInsert("travel_flight",
		[]string{"id", "version", "carrier", "number", "suffix", "date", "origin", "destination", "departs", "ahead", "status", "joined", "body", "facts"},
		`on conflict (id) do update set version = excluded.version, departs = excluded.departs, ahead = excluded.ahead,
		status = excluded.status, joined = excluded.joined, body = excluded.body, facts = excluded.facts
		where travel_flight.version = excluded.version - 1`)
	insertRecord = store.NewInsert("travel_record", []string{"flight", "id", "kind", "seen", "body"},
		`on conflict (flight, id) do update set seen = excluded.seen, body = excluded.body`)
	insertPassenger = store.NewInsert("travel_passenger",
		[]string{"flight", "id", "role", "status", "folded", "hash", "records", "body"},
		`on conflict (flight, id) do update set role = excluded.role, status = excluded.status, folded = excluded.folded,
		hash = excluded.hash, records = excluded.records, body = excluded.body`)
	insertAlias = store.NewInsert("travel_alias", []string{"record", "flight", "passenger"},
		`on conflict (record) do update set flight = excluded.flight, passenger = excluded.passenger`)
	insertCodeshare = store.NewInsert("travel_codeshare", []string{"flight", "operating"},
		`on conflict (flight) do update set operating = excluded.operating`)
)

// operating answers which flight a flight's number was joined to, if any.
func operating(ctx context.Context, r store.Reader, id string) (string, error) {
	var to string
	err := r.QueryRowContext(ctx, `select operating from travel_codeshare where flight = $1`, id).Scan(&to)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return to, err
}
