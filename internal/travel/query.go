package travel

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// passengers reads passengers by id; one that is no more is left out.
func passengers(ctx context.Context, r store.Reader, ids []screening.ID) ([]Passenger, error) {
	where := map[string][]string{} // flight → passengers
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	err := store.ForKeys(ctx, r, `select flight, passenger from travel_alias where record in (:keys)`, keys, func(rows *sql.Rows) error {
		var flight, passenger string
		if err := rows.Scan(&flight, &passenger); err != nil {
			return err
		}
		where[flight] = append(where[flight], passenger)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []Passenger
	for flight, people := range where {
		from := len(out)
		err := store.ForKeys(ctx, r, `select body from travel_passenger where flight = $1 and id in (:keys)`, people, func(rows *sql.Rows) error {
			p, err := scanPassenger(rows)
			out = append(out, p)
			return err
		}, flight)
		if err != nil {
			return nil, err
		}
		if err := bookings(ctx, r, flight, out[from:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// bookings fills in what the passengers' bookings hold.
func bookings(ctx context.Context, r store.Reader, flight string, people []Passenger) error {
	held := map[string]*Held{}
	var ids []string
	for i := range people {
		if id := people[i].BookingID; id != "" && held[id] == nil {
			held[id] = &Held{}
			ids = append(ids, id)
		}
	}
	err := store.ForKeys(ctx, r, `select id, body from travel_record where flight = $1 and id in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		var rec Record
		if err := json.Unmarshal(body, &rec); err != nil {
			return err
		}
		held[id] = rec.Held
		return nil
	}, flight)
	for i := range people {
		if id := people[i].BookingID; id != "" {
			people[i].Booking = held[id]
		}
	}
	return err
}

func scanPassenger(rows *sql.Rows) (Passenger, error) {
	var body []byte
	var p Passenger
	if err := rows.Scan(&body); err != nil {
		return p, err
	}
	return p, json.Unmarshal(body, &p)
}

func scanRecord(rows *sql.Rows) (Record, error) {
	var body []byte
	var r Record
	if err := rows.Scan(&body); err != nil {
		return r, err
	}
	return r, json.Unmarshal(body, &r)
}

// manifest reads a flight's passengers.
func manifest(ctx context.Context, r store.Reader, flight string) ([]Passenger, error) {
	var out []Passenger
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		p, err := scanPassenger(rows)
		out = append(out, p)
		return err
	}, `select body from travel_passenger where flight = $1`, flight)
	return out, err
}

// flightsOf reads the flights of passengers.
func flightsOf(ctx context.Context, r store.Reader, people []Passenger) (map[string]*Flight, error) {
	seen := map[string]bool{}
	var ids []string
	for _, p := range people {
		if !seen[p.Flight] {
			seen[p.Flight] = true
			ids = append(ids, p.Flight)
		}
	}
	out := map[string]*Flight{}
	err := store.ForKeys(ctx, r, `select body from travel_flight where id in (:keys)`, ids, func(rows *sql.Rows) error {
		f, err := scanFlight(rows)
		out[f.ID] = &f
		return err
	})
	return out, err
}

func scanFlight(rows *sql.Rows) (Flight, error) {
	var body []byte
	var f Flight
	if err := rows.Scan(&body); err != nil {
		return f, err
	}
	return f, json.Unmarshal(body, &f)
}

// flightByID reads one; found is false when there is none.
func flightByID(ctx context.Context, r store.Reader, id string) (f Flight, found bool, err error) {
	var body []byte
	err = r.QueryRowContext(ctx, `select body from travel_flight where id = $1 and joined = ''`, id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	if err != nil {
		return f, false, err
	}
	return f, true, json.Unmarshal(body, &f)
}

// query is what the board asks for. Empty fields ask for everything.
type query struct {
	From, To                             string // local departure dates, inclusive
	Carrier, Number, Origin, Destination string
	AfterDate, AfterID                   string   // the last flight of the page before
	Carriers                             []string // whose flights may be seen; none means all
	Limit                                int
}

// board reads flights in the order of their dates.
func board(ctx context.Context, r store.Reader, q query) ([]Flight, error) {
	var b strings.Builder
	var args []any
	and := func(clause string, vs ...any) {
		for _, v := range vs {
			args = append(args, v)
			clause = strings.Replace(clause, "?", "$"+ordinal(len(args)), 1)
		}
		b.WriteString(" and " + clause)
	}
	if q.From != "" {
		and("date >= ?", q.From)
	}
	if q.To != "" {
		and("date <= ?", q.To)
	}
	if q.AfterID != "" {
		and("(date > ? or date = ? and id > ?)", q.AfterDate, q.AfterDate, q.AfterID)
	}
	for _, c := range []struct{ column, value string }{
		{"carrier", q.Carrier}, {"number", strings.TrimLeft(q.Number, "0")}, {"origin", q.Origin}, {"destination", q.Destination},
	} {
		if c.value != "" {
			and(c.column+" = ?", strings.ToUpper(c.value))
		}
	}
	if len(q.Carriers) > 0 {
		marks := make([]any, len(q.Carriers))
		for i, c := range q.Carriers {
			marks[i] = c
		}
		and("carrier in ("+strings.TrimSuffix(strings.Repeat("?,", len(marks)), ",")+")", marks...)
	}
	args = append(args, q.Limit)
	var out []Flight
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		f, err := scanFlight(rows)
		out = append(out, f)
		return err
	}, `select body from travel_flight where joined = ''`+b.String()+` order by date, id limit $`+ordinal(len(args)), args...)
	return out, err
}

// find looks names, documents and locators up, latest flights first.
func find(ctx context.Context, r store.Reader, text string, n int) ([]Passenger, error) {
	var b strings.Builder
	args := []any{}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		args = append(args, "%"+escapeLike(word)+"%")
		b.WriteString(` and p.folded like $` + ordinal(len(args)) + ` escape '\'`)
	}
	if len(args) == 0 {
		return nil, nil
	}
	args = append(args, n)
	var out []Passenger
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		p, err := scanPassenger(rows)
		out = append(out, p)
		return err
	}, `select p.body from travel_passenger p join travel_flight f on f.id = p.flight where 1 = 1`+b.String()+
		` order by f.date desc, p.id limit $`+ordinal(len(args)), args...)
	return out, err
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// aheadOf lists passengers whose flight has not landed, in the order of flight and id, after the one named.
func aheadOf(ctx context.Context, r store.Reader, now time.Time, after screening.ID, n int) ([]screening.ID, error) {
	var flight string
	if after != "" {
		err := r.QueryRowContext(ctx, `select flight from travel_alias where record = $1`, string(after)).Scan(&flight)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	var out []screening.ID
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		out = append(out, screening.ID(id))
		return err
	}, `select p.id from travel_passenger p join travel_flight f on f.id = p.flight
		where f.ahead > $1 and (p.flight > $2 or p.flight = $2 and p.id > $3) order by p.flight, p.id limit $4`,
		store.Micros(now), flight, string(after), n)
	return out, err
}

// holders are the flights that have not landed.
func holders(ctx context.Context, r store.Reader, now time.Time) ([]screening.Holder, error) {
	var out []screening.Holder
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var h screening.Holder
		err := rows.Scan(&h.ID, &h.Version)
		out = append(out, h)
		return err
	}, `select id, version from travel_flight where ahead > $1 and joined = ''`, store.Micros(now))
	return out, err
}

// heldBy gives flights with their passengers, each with the fingerprint that its row is written again by.
func heldBy(ctx context.Context, r store.Reader, flights []string) ([]screening.Held, error) {
	var out []screening.Held
	at := make(map[string]int, len(flights))
	err := store.ForKeys(ctx, r, `select id, version from travel_flight where id in (:keys)`, flights, func(rows *sql.Rows) error {
		var h screening.Held
		err := rows.Scan(&h.ID, &h.Version)
		at[h.ID] = len(out)
		out = append(out, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = store.ForKeys(ctx, r, `select flight, id, hash from travel_passenger where flight in (:keys)`, flights, func(rows *sql.Rows) error {
		var flight string
		var s screening.HeldSubject
		if err := rows.Scan(&flight, &s.ID, &s.Version); err != nil {
			return err
		}
		if i, there := at[flight]; there {
			out[i].Subjects = append(out[i].Subjects, s)
		}
		return nil
	})
	return out, err
}
