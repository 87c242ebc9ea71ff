package travel

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// station is where a carrier is phoned at an airport.
type station struct {
	Carrier string    `json:"carrier"`
	Airport string    `json:"airport"`
	Phone   string    `json:"phone,omitempty"`
	Note    string    `json:"note,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

var insertStation = store.NewInsert("travel_station", []string{"carrier", "airport", "phone", "note", "actor", "at"},
	`on conflict (carrier, airport) do update set phone = excluded.phone, note = excluded.note, actor = excluded.actor, at = excluded.at`)

// stationsOf are those of a carrier, or all: a few hundred at most.
func stationsOf(ctx context.Context, r store.Reader, carrier string) (list []station, err error) {
	list = []station{}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var s station
		var at int64
		err := rows.Scan(&s.Carrier, &s.Airport, &s.Phone, &s.Note, &s.By, &at)
		s.At = store.Time(at)
		list = append(list, s)
		return err
	}, `select carrier, airport, phone, note, actor, at from travel_station where $1 = '' or carrier = $1 order by carrier, airport`, carrier)
	return list, err
}

// setStation keeps where a carrier is phoned; without a number it is phoned there no more.
func (d *Domain) setStation(ctx context.Context, who access.Principal, s station) (station, error) {
	s.Carrier, s.Airport, s.Phone, s.Note = strings.ToUpper(s.Carrier), strings.ToUpper(s.Airport), strings.TrimSpace(s.Phone), strings.TrimSpace(s.Note)
	if who.Is(access.Filer) && !who.MayFileFor(s.Carrier) {
		return s, api.Errorf(api.Forbidden, "this key does not speak for carrier %s", s.Carrier)
	}
	if _, known := lookup(s.Airport); !known {
		return s, api.Errorf(api.Unprocessable, "%q is no airport that is known here: send its IATA code", s.Airport)
	}
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		s.By, s.At = who.Name, tx.Now().UTC()
		var err error
		if s.Phone == "" {
			_, err = tx.ExecContext(ctx, `delete from travel_station where carrier = $1 and airport = $2`, s.Carrier, s.Airport)
		} else {
			_, err = insertStation.Exec(ctx, tx, [][]any{{s.Carrier, s.Airport, s.Phone, s.Note, s.By, store.Micros(s.At)}})
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "station.set", Detail: s.Carrier + " " + s.Airport})
	})
	return s, err
}
