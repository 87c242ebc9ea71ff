package cyber

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
)

var insertRecord = store.NewInsert("cyber_record", []string{"record", "subject"}, "on conflict (record, subject) do nothing")

// Arrived takes what a partner state gave: an indicator becomes a claim of theirs, an incident one that both work on.
func (d *Domain) Arrived(ctx context.Context, tx store.Tx, a sharing.Arrival) (pipeline.Effects, error) {
	switch a.Category {
	case categoryIndicator:
		return d.indicatorArrived(ctx, tx, a)
	case categoryIncident:
		return d.incidentArrived(ctx, tx, a)
	}
	return pipeline.Effects{}, nil
}

func text(values map[string]any, name string) string {
	s, _ := values[name].(string)
	return strings.TrimSpace(s)
}

func instantOf(values map[string]any, name string) time.Time {
	t, _ := time.Parse(time.RFC3339, text(values, name))
	return t
}

func number(values map[string]any, name string) int {
	switch n := values[name].(type) {
	case float64:
		return int(min(max(n, 0), 100))
	case int:
		return min(max(n, 0), 100)
	}
	return stix.Absent
}

func (d *Domain) indicatorArrived(ctx context.Context, tx store.Tx, a sharing.Arrival) (pipeline.Effects, error) {
	kind, known := observable.Named(text(a.Values, "indicator.type"))
	kind, value, refused := observable.Parse(kind, text(a.Values, "indicator.value"))
	if !known || refused != nil {
		d.logger.Warn("a partner gave an indicator that is no value", "record", a.Record, "partner", a.Partner)
		return pipeline.Effects{}, nil // it stays with the exchange, for people
	}
	p := d.plan(tx, a.Partner, "")
	level, _ := stix.ParseTLP(a.TLP)
	claim := indicators.Claim{
		Source: a.Partner, Ref: "exchange:" + a.Record, Said: p.now, TLP: level, Confidence: number(a.Values, "indicator.confidence"),
		ValidFrom: instantOf(a.Values, "indicator.valid_from"), ValidUntil: instantOf(a.Values, "indicator.valid_until"), LastSeen: instantOf(a.Values, "indicator.sighted"),
		Agreement: a.Agreement, Record: a.Record, EraseAt: a.EraseAt,
	}
	if phases := text(a.Values, "indicator.kill_chain"); phases != "" {
		claim.KillChain = strings.Split(phases, ", ")
	}
	if ref := text(a.Values, "indicator.source_reference"); ref != "" {
		claim.Labels = []string{ref}
	}
	p.say(indicators.Value{Kind: kind, Value: observable.Key(kind, value)}, claim)
	return p.settleNow(ctx, tx, a.Record)
}

// settleNow folds and writes what came outside of a report, and notes the record it came with.
func (p *planner) settleNow(ctx context.Context, tx store.Tx, record string) (pipeline.Effects, error) {
	if err := p.fold(ctx); err != nil {
		return pipeline.Effects{}, err
	}
	if err := p.c.settle(); err != nil {
		return pipeline.Effects{}, err
	}
	e, err := p.c.Write(ctx, tx)
	if err != nil {
		return e, err
	}
	due := subjectsOf(p.c.screen)
	e.Due = append(e.Due, due...)
	var rows [][]any
	for _, id := range due {
		rows = append(rows, []any{record, string(id)})
	}
	_, err = insertRecord.Exec(ctx, tx, once(rows, 2))
	return e, err
}

// incidentArrived joins what a partner says of an incident to the one of ours that has a file of theirs among its
// indicators; where there is none, it is a new one.
func (d *Domain) incidentArrived(ctx context.Context, tx store.Tx, a sharing.Arrival) (pipeline.Effects, error) {
	p := d.plan(tx, a.Partner, "")
	level, ok := stix.ParseTLP(a.TLP)
	if !ok {
		level = indicators.UnmarkedCounts
	}
	var ids []string
	for _, h := range strings.Split(text(a.Values, "incident.artefact_hash"), ", ") {
		if kind, value, ok := observable.Guess(h); ok && indicators.Lifetime(kind) > 0 {
			v := indicators.Value{Kind: kind, Value: observable.Key(kind, value)}
			ids = append(ids, d.indicatorID(v))
			p.say(v, indicators.Claim{Source: a.Partner, Ref: "exchange:" + a.Record, Said: p.now, TLP: level, Confidence: stix.Absent, Agreement: a.Agreement, Record: a.Record, EraseAt: a.EraseAt})
		}
	}
	m, err := d.matterOf(ctx, tx, ids)
	if err != nil {
		return pipeline.Effects{}, err
	}
	if m == nil {
		if m, err = d.partners(ctx, tx, a, level, p.now); err != nil {
			return pipeline.Effects{}, err
		}
	}
	for _, id := range ids {
		m.link(incident.Link{Indicator: id, Why: "reported", By: a.Partner, At: p.now})
	}
	m.Shared = append(m.Shared, incident.Shared{
		Agreement: a.Agreement, Partner: a.Partner, Thread: a.Thread, Direction: "in", At: p.now, Fields: keysOf(a.Values), Values: a.Values, Record: a.Record,
	})
	p.c.matter(m)
	e, err := p.settleNow(ctx, tx, a.Record)
	return e, err
}

// partners is the incident that is a partner's own: new, or one that came before and is corrected.
func (d *Domain) partners(ctx context.Context, tx store.Tx, a sharing.Arrival, level stix.TLP, now time.Time) (*matter, error) {
	id := d.incidentID(a.Partner, a.Record)
	m, err := incidentByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if m == nil {
		m = &matter{Held: incident.New(), ID: id, Who: a.Partner}
	}
	m.Steps = slices.DeleteFunc(m.Steps, func(s incident.Step) bool { return s.By == Name && s.Reason == withdrawn })
	class := text(a.Values, "incident.class")
	m.Hear(incident.Filed{Report: a.Record, By: a.Partner, Received: now, Content: incident.Report{
		Schema: incident.Schema, ReportID: "exchange:" + a.Record, Stage: incident.Voluntary, Filer: incident.Filer{Name: a.Partner, Contact: text(a.Values, "incident.contact")},
		AwareAt: now, OccurredFrom: instantOf(a.Values, "incident.started"), Title: strings.TrimSpace(a.Partner + ": " + class), Type: class, CrossBorder: "yes",
		Affected: incident.Affected{Sector: text(a.Values, "incident.affected_sector")}, TLP: level,
	}})
	return m, nil
}

// matterOf is the open incident of ours that has any of some indicators, the latest of several; nil where there is none.
func (d *Domain) matterOf(ctx context.Context, r store.Reader, ids []string) (*matter, error) {
	var best *matter
	for _, id := range ids {
		found, err := linkedTo(ctx, r, id)
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			if m.At(d.clock().UTC()).State.Open() && (best == nil || m.Number > best.Number) {
				best = m
			}
		}
	}
	return best, nil
}

// Released notes on an incident that the partner state has it: from now on both work on it.
func (d *Domain) Released(ctx context.Context, tx store.Tx, r sharing.Released) (pipeline.Effects, error) {
	var e pipeline.Effects
	if r.Category != categoryIncident {
		return e, nil
	}
	m, err := incidentByID(ctx, tx, r.Ref)
	if err != nil || m == nil {
		return e, err
	}
	now := d.clock().UTC()
	m.Shared = append(m.Shared, incident.Shared{Agreement: r.Agreement, Partner: r.Partner, Thread: r.Thread, Direction: "out", At: now, Fields: r.Fields})
	m.Entries = append(m.Entries, incident.Entry{
		ID: d.newID(m, "entry", now), At: now, Recorded: now, Precision: "minute", Kind: "shared", Code: "shared", Actor: r.By,
		Values: map[string]string{"partner": r.Partner, "agreement": r.Agreement, "thread": r.Thread},
	})
	ok, err := writeIncidents(ctx, tx, now, []*matter{m})
	if err != nil {
		return e, err
	}
	if !ok {
		return e, pipeline.ErrConflict
	}
	e.Due = []screening.ID{screening.ID(m.ID)}
	return e, d.tell(&e, m, now)
}

// withdrawn is the title of an incident of which the partner took back what it had said.
const withdrawn = "withdrawn by the partner state"

// Erased drops what came with records that are no more: claims, and what the partner had said of incidents.
func (d *Domain) Erased(ctx context.Context, tx store.Tx, records []string) error {
	of := map[string][]string{} // subject → records
	err := store.ForKeys(ctx, tx, `select record, subject from cyber_record where record in (:keys)`, records, func(rows *sql.Rows) error {
		var record, subject string
		err := rows.Scan(&record, &subject)
		of[subject] = append(of[subject], record)
		return err
	})
	if err != nil || len(of) == 0 {
		return err
	}
	now := d.clock().UTC()
	known, err := loadIndicators(ctx, tx, keysOf(of))
	if err != nil {
		return err
	}
	var changed []*held
	for _, id := range keysOf(known) {
		for _, record := range of[id] {
			known[id].Erase(record)
		}
		changed = append(changed, known[id])
	}
	if len(changed) > 0 {
		if err := d.rewrite(ctx, tx, now, changed...); err != nil {
			return err
		}
	}
	matters, err := loadIncidents(ctx, tx, keysOf(of))
	if err != nil {
		return err
	}
	for _, id := range keysOf(matters) {
		m := matters[id]
		before := m.At(now).Clocks
		m.forget(of[id], now)
		if err := d.rewriteIncident(ctx, tx, m, before, now); err != nil {
			return err
		}
	}
	_, err = store.ExecKeys(ctx, tx, `delete from cyber_record where record in (:keys)`, records)
	return err
}

// forget takes out of an incident what came with some records. One that nothing else was said of is closed as rejected.
func (m *matter) forget(records []string, now time.Time) {
	m.Shared = slices.DeleteFunc(m.Shared, func(s incident.Shared) bool { return slices.Contains(records, s.Record) })
	for key, f := range m.Filed {
		if !slices.Contains(records, f.Report) {
			continue
		}
		if len(m.Filed) > 1 {
			delete(m.Filed, key)
			continue
		}
		f.Content = incident.Report{Schema: incident.Schema, ReportID: f.Content.ReportID, Stage: incident.Voluntary, AwareAt: f.Content.AwareAt, Title: withdrawn, TLP: stix.AmberStrict}
		m.Filed[key] = f
		m.Linked = nil
		m.Steps = append(m.Steps, incident.Step{To: incident.Rejected, At: now, Recorded: now, By: Name, Reason: withdrawn})
	}
}
