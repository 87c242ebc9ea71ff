package facilitation

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/facilitation/lanes"
	"github.com/rihla/rihla/internal/store"
)

// The later word on a thing stands: by its sender's clock, then by its reference and what it says.
var (
	insertBlock = store.NewInsert("facilitation_hall_block", []string{"airport", "date", "flight", "origin", "estimated", "hall", "at", "clock", "said"},
		`on conflict (airport, date, flight, origin, estimated) do update set hall = excluded.hall, at = excluded.at, clock = excluded.clock, said = excluded.said
		where `+later("facilitation_hall_block"))
	insertPassage = store.NewInsert("facilitation_hall_passage",
		[]string{"airport", "began", "hall", "desk", "lane", "flight", "date", "origin", "who", "queued", "ended", "referred", "clock", "said"},
		`on conflict (airport, began, hall, desk) do update set lane = excluded.lane, flight = excluded.flight, date = excluded.date, origin = excluded.origin,
		who = excluded.who, queued = excluded.queued, ended = excluded.ended, referred = excluded.referred, clock = excluded.clock, said = excluded.said
		where `+later("facilitation_hall_passage"))
	insertStaffing = store.NewInsert("facilitation_hall_staffing", []string{"airport", "quarter", "hall", "lane", "desks", "clock", "said"},
		`on conflict (airport, quarter, hall, lane) do update set desks = excluded.desks, clock = excluded.clock, said = excluded.said
		where `+later("facilitation_hall_staffing"))
)

func later(table string) string {
	return "excluded.clock > " + table + ".clock or (excluded.clock = " + table + ".clock and excluded.said > " + table + ".said)"
}

// flightKey is a flight as halls name it.
type flightKey struct{ Flight, Date, Origin string }

// landing is when a flight came on block, or is expected to, and where its people come to.
type landing struct {
	Hall              string
	OnBlock, Expected time.Time
}

// landings reads when flights of some dates of departure came on block. One of which the airport does not know the origin
// is under an empty one.
func landings(ctx context.Context, r store.Reader, airport, from, until string) (map[flightKey]*landing, error) {
	out := map[flightKey]*landing{}
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var k flightKey
		var estimated, at int64
		var name string
		if err := rows.Scan(&k.Flight, &k.Date, &k.Origin, &estimated, &name, &at); err != nil {
			return err
		}
		l := out[k]
		if l == nil {
			l = &landing{}
			out[k] = l
		}
		if estimated == 1 {
			l.Expected = store.Time(at)
			if l.OnBlock.IsZero() {
				l.Hall = name
			}
			return nil
		}
		l.OnBlock, l.Hall = store.Time(at), name
		return nil
	}, `select flight, date, origin, estimated, hall, at from facilitation_hall_block where airport = $1 and date >= $2 and date <= $3`, airport, from, until)
	return out, err
}

// find is what is known of a flight, whether its origin was told or not.
func find(of map[flightKey]*landing, k flightKey) *landing {
	if l := of[k]; l != nil {
		return l
	}
	if l := of[flightKey{k.Flight, k.Date, ""}]; l != nil {
		return l
	}
	return &landing{}
}

// passage is one visit as it was stored.
type passage struct {
	lanes.Visit
	flightKey
	Who string
}

// passages reads the visits that began within a time.
func passages(ctx context.Context, r store.Reader, airport string, from, until time.Time) (out []passage, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var p passage
		var began, queued, ended int64
		if err := rows.Scan(&began, &p.Hall, &p.Desk, &p.Lane, &p.Flight, &p.Date, &p.Origin, &p.Who, &queued, &ended, &p.Referred); err != nil {
			return err
		}
		p.Began, p.Ended = store.Time(began), store.Time(ended)
		if queued > 0 {
			p.Queued = store.Time(queued)
		}
		out = append(out, p)
		return nil
	}, `select began, hall, desk, lane, flight, date, origin, who, queued, ended, referred from facilitation_hall_passage where airport = $1 and began >= $2 and began < $3
		order by began, hall, desk`, airport, store.Micros(from), store.Micros(until))
	return out, err
}

// shifts reads how many desks were open within a time.
func shifts(ctx context.Context, r store.Reader, airport string, from, until time.Time) (out []lanes.Shift, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var s lanes.Shift
		var quarter int64
		if err := rows.Scan(&quarter, &s.Hall, &s.Lane, &s.Desks); err != nil {
			return err
		}
		s.Quarter = store.Time(quarter)
		out = append(out, s)
		return nil
	}, `select quarter, hall, lane, desks from facilitation_hall_staffing where airport = $1 and quarter >= $2 and quarter < $3 order by quarter, hall, lane`,
		airport, store.Micros(from), store.Micros(until))
	return out, err
}

// airports are those of which anything was filed. Each is asked for by itself: there are few of them, and many rows.
func airports(ctx context.Context, r store.Reader) (out []string, err error) {
	for _, table := range []string{"block", "passage", "staffing"} {
		for after := ""; ; {
			var next sql.NullString
			if err := r.QueryRowContext(ctx, `select min(airport) from facilitation_hall_`+table+` where airport > $1`, after).Scan(&next); err != nil {
				return nil, err
			}
			if !next.Valid {
				break
			}
			if after = next.String; !slices.Contains(out, after) {
				out = append(out, after)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}
