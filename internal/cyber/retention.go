package cyber

import (
	"context"
	"database/sql"
	"time"

	"github.com/rihla/rihla/formats/ioclist"
	"github.com/rihla/rihla/formats/misp"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/match"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

var _ pipeline.Keeper = (*Domain)(nil)

// What is old enough to go. An indicator that holds still, or is part of an incident, stays.
var (
	oldLogs      = custody.Rows{Table: "cyber_log", Key: "report", Age: "received"}
	oldIncidents = custody.Rows{Table: "cyber_incident", Key: "id", Age: "changed", Where: "not is_open"}
	oldClaims    = custody.Rows{Table: "cyber_indicator", Key: "id", Age: "said", Where: `(standing <> 'alive' or until > 0 and until < said + 63072000000000)
		and sightings = 0 and not exists (select 1 from cyber_linked l where l.indicator = cyber_indicator.id)`}
)

// Retention says how long cyber keeps what names people and their machines. Objects in collections are their givers', who
// take them away themselves.
func (d *Domain) Retention() []custody.Clock {
	return []custody.Clock{
		{Name: Name + ".log", Keep: "P1Y", From: "received", Held: oldLogs.Held, Erase: d.eraseLogs, Reports: []string{string(match.JSONLines), string(match.DNSLog)}},
		{Name: Name + ".incident", Keep: "P5Y", From: "closed", Held: oldIncidents.Held, Erase: d.eraseIncidents, Reports: []string{incident.Schema}},
		{Name: Name + ".indicator", Keep: "P5Y", From: "said", Held: oldClaims.Held, Erase: d.eraseIndicators, Reports: []string{stix.Format, misp.Format, ioclist.Format}},
	}
}

// eraseLogs erases what was read in logs. A machine that no other log speaks of goes with them; how often an indicator was
// met stays counted.
func (d *Domain) eraseLogs(ctx context.Context, tx store.Tx, before time.Time, n int) (e custody.Erased, err error) {
	if e.Records, err = oldLogs.Old(ctx, tx, before, n); err != nil || len(e.Records) == 0 {
		return e, err
	}
	var hosts []string
	err = store.ForKeys(ctx, tx, `select distinct host from cyber_sighting where report in (:keys)`, e.Records, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		hosts = append(hosts, id)
		return err
	})
	if err != nil {
		return e, err
	}
	for _, query := range []string{`delete from cyber_sighting where report in (:keys)`, `delete from cyber_part where report in (:keys)`, `delete from cyber_log where report in (:keys)`} {
		if _, err := store.ExecKeys(ctx, tx, query, e.Records); err != nil {
			return e, err
		}
	}
	return e, recount(ctx, tx, hosts, &e)
}

// recount counts machines anew from what is left of their sightings.
func recount(ctx context.Context, tx store.Tx, hosts []string, e *custody.Erased) error {
	left, err := loadHosts(ctx, tx, hosts)
	if err != nil {
		return err
	}
	var rows [][]any
	var gone []string
	for _, id := range keysOf(left) {
		h := left[id]
		if len(h.met) == 0 {
			gone = append(gone, id)
			e.Gone = append(e.Gone, screening.ID(id))
			continue
		}
		var first, last time.Time
		var count int64
		for _, m := range h.met {
			first, last, count = earlier(first, m.First), later(last, m.Last), count+m.Count
		}
		rows = append(rows, []any{id, h.Place, h.Source, store.Micros(first), store.Micros(last), count})
		e.Due = append(e.Due, screening.ID(id))
	}
	if _, err := insertHost.Exec(ctx, tx, rows); err != nil {
		return err
	}
	_, err = store.ExecKeys(ctx, tx, `delete from cyber_host where id in (:keys)`, gone)
	return err
}

// eraseIncidents erases incidents that ended, with their evidence, and those that turned out to be one of them.
func (d *Domain) eraseIncidents(ctx context.Context, tx store.Tx, before time.Time, n int) (e custody.Erased, err error) {
	if e.Records, err = oldIncidents.Old(ctx, tx, before, n); err != nil || len(e.Records) == 0 {
		return e, err
	}
	for _, id := range e.Records {
		e.Gone = append(e.Gone, screening.ID(id))
	}
	for _, query := range []string{
		`delete from cyber_filed where incident in (:keys)`,
		`delete from cyber_linked where incident in (:keys)`,
		`delete from cyber_record where subject in (:keys)`,
		`delete from cyber_incident where id in (:keys)`,
	} {
		if _, err := store.ExecKeys(ctx, tx, query, e.Records); err != nil {
			return e, err
		}
	}
	return e, nil
}

// eraseIndicators erases indicators that hold no more, with what others told of them.
func (d *Domain) eraseIndicators(ctx context.Context, tx store.Tx, before time.Time, n int) (e custody.Erased, err error) {
	if e.Records, err = oldClaims.Old(ctx, tx, before, n); err != nil || len(e.Records) == 0 {
		return e, err
	}
	for _, id := range e.Records {
		e.Gone = append(e.Gone, screening.ID(id))
	}
	for _, query := range []string{
		`delete from cyber_told where ref in (select ref from cyber_alias where indicator in (:keys))`,
		`delete from cyber_alias where indicator in (:keys)`,
		`delete from cyber_record where subject in (:keys)`,
		`delete from cyber_indicator where id in (:keys)`,
	} {
		if _, err := store.ExecKeys(ctx, tx, query, e.Records); err != nil {
			return e, err
		}
	}
	return e, nil
}
