package travel

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// closeOutWithin is how long after departure a carrier's close-out may come: what states ask of carriers.
const closeOutWithin = 30 * time.Minute

// declare keeps an outage, tells carriers, and has who is in the air looked at where it is over already.
func (d *Domain) declare(ctx context.Context, who access.Principal, o Outage) (Outage, error) {
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		same, err := inForce(ctx, tx, o.From)
		if err != nil {
			return err
		}
		for i := range same {
			if s := &same[i]; s.Carrier == o.Carrier && s.Scope == o.Scope && s.To.IsZero() {
				return api.Errorf(api.Unprocessable, "%s is in force for that; end it first, or use it", s.Number).With("code", errOutage).With("rule", "open").With("number", s.Number)
			}
		}
		if o.Number, err = nextOutage(ctx, tx, o.From); err != nil {
			return err
		}
		o.By, o.Declared = who.Name, tx.Now().UTC()
		if !o.To.IsZero() {
			o.ClosedBy, o.Closed = o.By, o.Declared
		}
		return d.announce(ctx, tx, who, &o, "outage.declare")
	})
	d.conditions.Store(nil)
	return o, err
}

// end says that an outage is over.
func (d *Domain) end(ctx context.Context, who access.Principal, number string, at time.Time) (o Outage, err error) {
	err = d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		var found bool
		if o, found, err = outageBy(ctx, tx, number); err != nil {
			return err
		}
		if !found || !o.To.IsZero() {
			return api.Errorf(api.Conflict, "this outage is over already")
		}
		o.To, o.ClosedBy, o.Closed = at, who.Name, tx.Now().UTC()
		return d.announce(ctx, tx, who, &o, "outage.end")
	})
	d.conditions.Store(nil)
	return o, err
}

// announce writes an outage with all that it causes: carriers are told, pages too, and when it is over, whoever is in the air
// is looked at first.
func (d *Domain) announce(ctx context.Context, tx store.Tx, who access.Principal, o *Outage, action string) error {
	if !o.To.IsZero() {
		o.GraceUntil = o.To.Add(grace)
	}
	row, err := o.row()
	if err != nil {
		return err
	}
	if _, err := insertOutage.Exec(ctx, tx, [][]any{row}); err != nil {
		return err
	}
	effects := pipeline.Effects{Events: []pipeline.Event{{Name: "outage", ID: o.Number}}}
	if effects.Answers, err = o.told(ctx, tx); err != nil {
		return err
	}
	if !o.To.IsZero() {
		if effects.Due, err = inTheAir(ctx, tx, o, tx.Now()); err != nil {
			return err
		}
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: []string{o.Number}, Detail: strings.Join([]string{o.Cause, o.Scope, o.Carrier}, " ")}); err != nil {
		return err
	}
	return pipeline.Apply(ctx, tx, Name, effects)
}

// told is what carriers are told of an outage, as an answer that comes unasked: the state's to all who asked lately, a
// carrier's to itself.
func (o *Outage) told(ctx context.Context, r store.Reader) (list []intake.Answer, err error) {
	body, err := json.Marshal(o.shown(access.Principal{Role: access.Filer}))
	if err != nil {
		return nil, err
	}
	var filers []string
	if o.filer != "" {
		filers = []string{o.filer}
	} else {
		err = store.Rows(ctx, r, func(rows *sql.Rows) error {
			var filer string
			err := rows.Scan(&filer)
			filers = append(filers, filer)
			return err
		}, `select distinct filer from travel_query where asked > $1 order by filer`, store.Micros(o.Declared.Add(-toldWithin)))
	}
	state := "begun"
	if !o.To.IsZero() {
		state = "over"
	}
	for _, filer := range filers {
		list = append(list, intake.Answer{
			ID: "outage." + o.Number + "." + state + "." + filer, Filer: filer, About: o.Number, Kind: "outage", Media: "application/json",
			Name: o.Number + "-" + state + ".json", Body: body,
		})
	}
	return list, err
}

// toldWithin is how lately a carrier must have asked to be told of the state's outages.
const toldWithin = 7 * 24 * time.Hour

// inTheAir are the travellers whom an outage may have let pass: those on flights that left while it lasted and have not
// landed.
func inTheAir(ctx context.Context, r store.Reader, o *Outage, now time.Time) (ids []screening.ID, err error) {
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		var id screening.ID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `select p.id from travel_flight f join travel_passenger p on p.flight = f.id
		where f.ahead > $1 and f.departs > 0 and f.departs >= $2 and f.departs <= $3 and f.joined = '' and ($4 = '' or f.carrier = $4) order by f.id, p.id`,
		store.Micros(now), store.Micros(o.From), store.Micros(now), o.Carrier)
	return ids, err
}

// caught is how one flight's data came that was due in an outage.
type caught struct {
	ID       string    `json:"id"`
	Carrier  string    `json:"carrier"`
	Number   string    `json:"number"`
	Date     string    `json:"date"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Due      time.Time `json:"due" doc:"When the close-out was due"`
	Received time.Time `json:"received,omitzero" doc:"When the first complete one came"`
	Timely   bool      `json:"timely"`
	Why      string    `json:"why" enum:"in_time,in_window,after_grace,before_window,missing"`
	Airborne bool      `json:"airborne"`
}

// caughtUp is how the data of flights came whose close-out was due while an outage lasted: those in the air first.
func (d *Domain) caughtUp(ctx context.Context, r store.Reader, o *Outage, now time.Time) ([]caught, error) {
	until := now
	if !o.To.IsZero() {
		until = o.To
	}
	list := []caught{}
	var flights []Flight
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		f, err := scanFlight(rows)
		flights = append(flights, f)
		return err
	}, `select body from travel_flight where ahead > $1 and departs >= $1 and departs <= $2 and joined = '' and status <> 'cancelled' and ($3 = '' or carrier = $3) order by departs, id`,
		store.Micros(o.From.Add(-closeOutWithin)), store.Micros(until.Add(-closeOutWithin)), o.Carrier)
	if err != nil {
		return nil, err
	}
	came, err := closeOutsOf(ctx, r, flights)
	if err != nil {
		return nil, err
	}
	for i := range flights {
		f := &flights[i]
		c := caught{ID: f.ID, Carrier: f.Carrier, Number: f.Number + f.Suffix, Date: f.Date, From: f.From, To: f.To, Due: f.Departs.Add(closeOutWithin), Received: came[f.ID], Airborne: f.ahead().After(now)}
		c.Timely, c.Why = timely(c.Due, c.Received, []Outage{*o})
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b caught) int {
		return cmp.Or(order(b.Airborne)-order(a.Airborne), a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

func order(first bool) int {
	if first {
		return 1
	}
	return 0
}

// closeOutsOf says when the first report came that closed each flight out.
func closeOutsOf(ctx context.Context, r store.Reader, flights []Flight) (map[string]time.Time, error) {
	ids := make([]string, len(flights))
	for i := range flights {
		ids[i] = flights[i].ID
	}
	of := map[string][]string{} // report → flights
	err := store.ForKeys(ctx, r, `select flight, body from travel_record where kind = 'closeout' and flight in (:keys)`, ids, func(rows *sql.Rows) error {
		var flight string
		var body []byte
		if err := rows.Scan(&flight, &body); err != nil {
			return err
		}
		var rec Record
		if err := json.Unmarshal(body, &rec); err != nil {
			return err
		}
		if report := rec.Source.Report; report != "" && !slices.Contains(of[report], flight) {
			of[report] = append(of[report], flight)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	reports := make([]string, 0, len(of))
	for report := range of {
		reports = append(reports, report)
	}
	received, err := intake.ReceivedAt(ctx, r, reports)
	came := map[string]time.Time{}
	for report, at := range received {
		for _, flight := range of[report] {
			if came[flight].IsZero() || at.Before(came[flight]) {
				came[flight] = at
			}
		}
	}
	return came, err
}
