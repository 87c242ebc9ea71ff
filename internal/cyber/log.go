package cyber

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/cyber/match"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// logFile is a log as it was filed. Its bytes are the report's own.
type logFile struct {
	form          match.Form
	raw           []byte
	lines, unread int
}

// sighting is what lines of one report met: one indicator at one machine.
type sighting struct {
	indicator string
	host      string
	place     string
	seen      string
	first     time.Time
	last      time.Time
	count     int64
}

// mostSightings bounds what one report can cause.
const mostSightings = 50_000

// log matches every line against the indicators that hold now.
func (p *planner) log(ctx context.Context, r *intake.Report, file *logFile) error {
	watched, err := p.d.watch.catchUp(ctx, p.r, p.now)
	if err != nil {
		return err
	}
	met := map[where]*sighting{}
	composed := &parts{known: watched.composites, form: file.form, found: map[where][]partial{}}
	matched := int64(0)
	var first, last time.Time
	s := match.NewScanner(watched.layers)
	eachLine(file.raw, func(number, _ int, line []byte) {
		l, ok := s.Read(file.form, line)
		if !ok || len(l.Hits)+len(l.Parts) == 0 {
			return
		}
		at := l.At(r.Received).Truncate(time.Microsecond)
		if at.IsZero() || at.After(r.Received.Add(24*time.Hour)) {
			at = r.Received.UTC().Truncate(time.Microsecond)
		}
		composed.add(number, line, l, at, r.Filer.Name)
		if len(l.Hits) == 0 {
			return
		}
		matched++
		first, last = earlier(first, at), later(last, at)
		for _, h := range l.Hits {
			k := where{h.Indicator, cmp.Or(l.Place(h), r.Filer.Name)}
			m := met[k]
			if m == nil {
				if len(met) == mostSightings {
					continue
				}
				m = &sighting{indicator: k.indicator, host: p.d.hostID(r.Filer.Name, k.place), place: k.place, seen: string(h.Seen), first: at}
				met[k] = m
			}
			m.first, m.last, m.count = earlier(m.first, at), later(m.last, at), m.count+1
		}
	})
	for _, m := range met {
		p.c.sightings = append(p.c.sightings, *m)
	}
	if err := p.whole(ctx, composed, r.Filer.Name); err != nil {
		return err
	}
	hosts, seen := map[string]bool{}, map[string]bool{}
	for _, m := range p.c.sightings {
		hosts[m.host], seen[m.indicator] = true, true
	}
	slices.SortFunc(p.c.sightings, func(a, b sighting) int {
		return cmp.Or(cmp.Compare(a.indicator, b.indicator), cmp.Compare(a.host, b.host))
	})
	p.c.report = r
	p.c.logs = append(p.c.logs, []any{r.ID, r.Filer.Name, string(file.form), store.Micros(r.Received), file.lines, file.unread, matched, len(seen), len(hosts),
		store.Micros(first), store.Micros(last), watched.to})
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// sighted counts what the lines met, on the indicators and on the machines. What an indicator no longer stood for when it
// was met is left out.
func (p *planner) sighted(ctx context.Context) error {
	if len(p.c.sightings) == 0 {
		return nil
	}
	p.c.sightings = slices.DeleteFunc(p.c.sightings, func(s sighting) bool {
		h := p.c.held[s.indicator]
		return h == nil || h.view(s.first).State == indicators.Over
	})
	ids := map[string]bool{}
	for _, s := range p.c.sightings {
		ids[s.host] = true
	}
	var err error
	if p.c.hosts, err = loadHosts(ctx, p.r, slices.Sorted(maps.Keys(ids))); err != nil {
		return err
	}
	for _, s := range p.c.sightings {
		at := p.c.hosts[s.host]
		if at == nil {
			at = &host{ID: s.host, Place: s.place, Source: p.source, met: map[string]*meeting{}}
			p.c.hosts[s.host] = at
		}
		m := at.met[s.indicator]
		h := p.c.held[s.indicator]
		if m == nil {
			m = &meeting{Indicator: s.indicator, Seen: s.seen}
			at.met[s.indicator] = m
			h.seen.Places++
		}
		if slices.Contains(m.reports, p.report) {
			continue // this report was counted
		}
		m.add(s.first, s.last, s.count, s.seen)
		h.seen.Lines += s.count
		h.seen.Last = later(h.seen.Last, s.last)
		h.changed = true
	}
	var others []string // met by these machines before
	for _, at := range p.c.hosts {
		for id := range at.met {
			if p.c.held[id] == nil {
				others = append(others, id)
			}
		}
	}
	slices.Sort(others)
	known, err := loadIndicators(ctx, p.r, slices.Compact(others))
	maps.Copy(p.c.held, known)
	return err
}

var (
	insertLog = store.NewInsert("cyber_log", []string{"report", "filer", "format", "received", "lines", "unread", "matched", "indicators", "hosts", "first", "last", "matched_to"},
		`on conflict (report) do update set matched = excluded.matched, indicators = excluded.indicators, hosts = excluded.hosts,
		first = excluded.first, last = excluded.last, matched_to = excluded.matched_to`)
	insertSighting = store.NewInsert("cyber_sighting", []string{"indicator", "host", "report", "seen", "first", "last", "count"},
		"on conflict (indicator, host, report) do nothing")
	insertHost = store.NewInsert("cyber_host", []string{"id", "place", "source", "first", "last", "count"},
		"on conflict (id) do update set first = excluded.first, last = excluded.last, count = excluded.count")
)

// writeLogs writes what logs met, and counts the machines anew from it.
func (c *change) writeLogs(ctx context.Context, tx store.Tx, e *pipeline.Effects) error {
	if _, err := insertLog.Exec(ctx, tx, c.logs); err != nil {
		return err
	}
	for _, row := range c.logs {
		e.Events = append(e.Events, pipeline.Event{Name: "log", ID: row[0].(string)})
		latest, err := store.LastNumber(ctx, tx, numberedIndicators)
		if err != nil {
			return err
		}
		if row[len(row)-1] != latest { // an indicator came meanwhile
			e.Jobs = append(e.Jobs, c.d.lookBack(tx.Now()))
		}
	}
	var rows [][]any
	for _, s := range c.sightings {
		rows = append(rows, []any{s.indicator, s.host, c.report.ID, s.seen, store.Micros(s.first), store.Micros(s.last), s.count})
	}
	if _, err := insertPart.Exec(ctx, tx, c.partials); err != nil {
		return err
	}
	if _, err := insertSighting.Exec(ctx, tx, rows); err != nil {
		return err
	}
	ids := slices.Sorted(maps.Keys(c.hosts))
	rows = nil
	err := store.ForKeys(ctx, tx, `select host, min(first), max(last), sum(count) from cyber_sighting where host in (:keys) group by host`, ids, func(r *sql.Rows) error {
		var id string
		var first, last, count int64
		if err := r.Scan(&id, &first, &last, &count); err != nil {
			return err
		}
		rows = append(rows, []any{id, c.hosts[id].Place, c.hosts[id].Source, first, last, count})
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := insertHost.Exec(ctx, tx, rows); err != nil {
		return err
	}
	for _, id := range ids {
		e.Touched = append(e.Touched, id)
		e.Events = append(e.Events, pipeline.Event{Name: "host", ID: id})
	}
	return nil
}
