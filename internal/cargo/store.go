package cargo

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

var (
	insertShipment = store.NewInsert("cargo_shipment", []string{"id", "version", "master", "origin", "destination", "flight", "date", "ahead", "body"},
		`on conflict (id) do update set version = excluded.version, origin = excluded.origin, destination = excluded.destination, flight = excluded.flight,
		date = excluded.date, ahead = excluded.ahead, body = excluded.body where cargo_shipment.version = excluded.version - 1`)
	insertConsignment = store.NewInsert("cargo_consignment",
		[]string{"id", "shipment", "house", "state", "hold", "hash", "pieces", "grams", "gone", "roles", "folded", "standing", "body"},
		`on conflict (id) do update set state = excluded.state, hold = excluded.hold, hash = excluded.hash, pieces = excluded.pieces, grams = excluded.grams,
		gone = excluded.gone, roles = excluded.roles, folded = excluded.folded, standing = excluded.standing, body = excluded.body`)
	insertFiling = store.NewInsert("cargo_filing", []string{"consignment", "id", "body"}, `on conflict (consignment, id) do nothing`)
	insertUnder  = store.NewInsert("cargo_under", []string{"master", "shipment", "consignment"}, `on conflict (master, consignment) do nothing`)
)

// brief is what sums and states are made of, without reading a consignment whole.
type brief struct {
	id, shipment, house string
	pieces              int
	grams               int64
	gone                bool
	roles               string
	standing            Standing
	hash                int64
}

// subjects are the consignment's and its parties'.
func (b *brief) subjects() (ids []screening.ID) {
	for _, place := range b.roles {
		ids = append(ids, subjectAt(b.id, place))
	}
	return ids
}

// briefs reads every consignment of some shipments in brief.
func briefs(ctx context.Context, r store.Reader, shipments []string, each func(*brief)) error {
	return store.ForKeys(ctx, r, `select id, shipment, house, pieces, grams, gone, roles, standing, hash from cargo_consignment where shipment in (:keys)`, shipments, func(rows *sql.Rows) error {
		b := &brief{}
		var standing []byte
		if err := rows.Scan(&b.id, &b.shipment, &b.house, &b.pieces, &b.grams, &b.gone, &b.roles, &standing, &b.hash); err != nil {
			return err
		}
		if err := json.Unmarshal(standing, &b.standing); err != nil {
			return fmt.Errorf("standing of consignment %s: %w", b.id, err)
		}
		each(b)
		return nil
	})
}

// shipmentsBy reads shipments by id.
func shipmentsBy(ctx context.Context, r store.Reader, ids []string) (map[string]*Shipment, error) {
	out := map[string]*Shipment{}
	err := store.ForKeys(ctx, r, `select id, version, body from cargo_shipment where id in (:keys)`, distinct(ids), func(rows *sql.Rows) error {
		s, err := scanShipment(rows)
		out[s.ID] = s
		return err
	})
	return out, err
}

func scanShipment(rows *sql.Rows) (*Shipment, error) {
	s := &Shipment{}
	var body []byte
	if err := rows.Scan(&s.ID, &s.Version, &body); err != nil {
		return s, err
	}
	return s, json.Unmarshal(body, s)
}

// filingsOf reads the filings of some consignments.
func filingsOf(ctx context.Context, r store.Reader, ids []string) (map[string][]Filing, error) {
	out := map[string][]Filing{}
	err := store.ForKeys(ctx, r, `select consignment, body from cargo_filing where consignment in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		var f Filing
		if err := json.Unmarshal(body, &f); err != nil {
			return fmt.Errorf("filing of consignment %s: %w", id, err)
		}
		out[id] = append(out[id], f)
		return nil
	})
	return out, err
}

// stored is a consignment as it lies in the store.
type stored struct {
	*Consignment
	house    string // as compared
	standing Standing
}

const storedColumns = `id, house, standing, body`

func scanStored(rows *sql.Rows) (stored, error) {
	s := stored{Consignment: &Consignment{}}
	var standing, body []byte
	var id string
	if err := rows.Scan(&id, &s.house, &standing, &body); err != nil {
		return s, err
	}
	if err := json.Unmarshal(standing, &s.standing); err != nil {
		return s, fmt.Errorf("standing of consignment %s: %w", id, err)
	}
	if err := json.Unmarshal(body, s.Consignment); err != nil {
		return s, fmt.Errorf("consignment %s: %w", id, err)
	}
	return s, nil
}

// consignmentsBy reads consignments by id; one that is not there is left out.
func consignmentsBy(ctx context.Context, r store.Reader, ids []string) (out []stored, err error) {
	err = store.ForKeys(ctx, r, `select `+storedColumns+` from cargo_consignment where id in (:keys)`, distinct(ids), func(rows *sql.Rows) error {
		s, err := scanStored(rows)
		out = append(out, s)
		return err
	})
	return out, err
}

// flight is what people have said of a departure.
type flight struct {
	departs, departed, arrived time.Time
}

func flightsBy(ctx context.Context, r store.Reader, ids []string) (map[string]flight, error) {
	out := map[string]flight{}
	ids = slices.DeleteFunc(distinct(ids), func(id string) bool { return id == "" })
	err := store.ForKeys(ctx, r, `select id, departs, departed, arrived from cargo_flight where id in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		var departs, departed, arrived int64
		err := rows.Scan(&id, &departs, &departed, &arrived)
		out[id] = flight{store.Time(departs), store.Time(departed), store.Time(arrived)}
		return err
	})
	return out, err
}

// fly takes over what people said of the shipment's flight.
func (s *Shipment) fly(f flight) { s.Departs, s.Departed, s.Arrived = f.departs, f.departed, f.arrived }

// facts are what of a shipment its consignments show too.
func (s *Shipment) facts() string {
	var b strings.Builder
	for _, text := range []string{s.ID, s.leg().String(), s.Origin, s.Destination, s.Departs.String(), s.Departed.String()} {
		b.WriteString(text)
		b.WriteByte(0)
	}
	if s.Filed {
		b.WriteByte('f')
	}
	for _, f := range s.Forwarders {
		b.WriteString(f.Role + f.Name)
	}
	return b.String()
}

// folded is what search looks in.
func (c *Consignment) folded() string {
	words := []string{c.Master, strings.ReplaceAll(c.Master, "-", ""), c.House, c.Goods}
	for _, p := range c.parties() {
		words = append(words, p.Name)
		words = append(words, p.phones()...)
	}
	return strings.ToLower(strings.Join(words, " "))
}

func distinct(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
