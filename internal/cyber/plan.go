package cyber

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/internal/cyber/incident"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Plan works out what a report changes: indicators it speaks of, machines its log lines are about, incidents it reports.
func (d *Domain) Plan(ctx context.Context, r store.Reader, f pipeline.Filing) (pipeline.Change, error) {
	p := d.plan(r, f.Report.Filer.Name, f.Report.ID)
	home, err := d.home(ctx, r)
	if err != nil {
		return nil, err
	}
	p.collection, p.c.home, p.c.source = home, home, p.source
	for _, m := range f.Messages {
		switch body := m.Body.(type) {
		case threats:
			p.objects(body.objects)
			p.list(&f.Report, body.list)
		case *incident.Report:
			if err := p.incident(ctx, &f.Report, body); err != nil {
				return nil, err
			}
		case *logFile:
			if err := p.log(ctx, &f.Report, body); err != nil {
				return nil, err
			}
		}
	}
	if err := p.fold(ctx); err != nil {
		return nil, err
	}
	return p.c, p.c.settle()
}

// planner gathers what a report says before it looks at what is stored: one look for all of it.
type planner struct {
	d      *Domain
	r      store.Reader
	now    time.Time
	source string
	report string
	said   []saying
	told   []told
	c      *change

	incidents  []incident.Report // that STIX objects speak of
	collection string            // where the objects are, or will be
}

// saying is a claim about a value.
type saying struct {
	id    string
	value indicators.Value
	claim indicators.Claim
}

func (d *Domain) plan(r store.Reader, source, report string) *planner {
	return &planner{d: d, r: r, now: d.clock().UTC(), source: source, report: report, c: &change{
		d: d, now: d.clock().UTC(), held: map[string]*held{}, matters: map[string]*matter{}, renamed: map[screening.ID]screening.ID{},
	}}
}

// objects hears STIX objects: indicators, what is said of them, and sightings of them.
func (p *planner) objects(objects []*stix.Object) {
	markings := stix.NewMarkings(objects...)
	for _, o := range objects {
		p.c.objects = append(p.c.objects, o)
		if values, claim, ok := indicators.Read(o, markings, p.source, p.report); ok {
			claim.Collection = p.collection
			for _, v := range values {
				p.say(v, claim)
			}
			continue
		}
		if t, ok := readTold(o, p.source, p.report); ok {
			p.told = append(p.told, t...)
		}
		if content, ok := readIncident(o, markings); ok {
			p.incidents = append(p.incidents, content)
		}
	}
	p.relate(objects)
}

func (p *planner) say(v indicators.Value, c indicators.Claim) {
	p.said = append(p.said, saying{p.d.indicatorID(v), v, c})
}

// fold joins what was said into what is stored.
func (p *planner) fold(ctx context.Context) error {
	for i := range p.incidents {
		r := intake.Report{ID: p.report, Filer: intake.Filer{Name: p.source}, Received: p.incidents[i].AwareAt}
		if err := p.incident(ctx, &r, &p.incidents[i]); err != nil {
			return err
		}
	}
	ids := map[string]bool{}
	for _, s := range p.said {
		ids[s.id] = true
	}
	for _, s := range p.c.sightings {
		ids[s.indicator] = true
	}
	if err := p.aliased(ctx, ids); err != nil {
		return err
	}
	var err error
	if p.c.held, err = loadIndicators(ctx, p.r, slices.Sorted(maps.Keys(ids))); err != nil {
		return err
	}
	for _, s := range p.said {
		h := p.c.held[s.id]
		if h == nil {
			h = &held{Held: indicators.Hold(s.value.Kind, s.value.Value), ID: s.id}
			p.c.held[s.id] = h
		}
		if h.Hear(s.claim) {
			h.changed = true
			p.c.aliases = append(p.c.aliases, []any{s.claim.Ref, s.id})
		}
	}
	if err := p.warned(ctx); err != nil {
		return err
	}
	if err := p.sighted(ctx); err != nil {
		return err
	}
	return p.denials(ctx)
}

// warned looks new indicators up on the node's own warning list.
func (p *planner) warned(ctx context.Context) error {
	if len(p.said) == 0 {
		return nil
	}
	list, err := readWarnings(ctx, p.r)
	if err != nil || len(list) == 0 {
		return err
	}
	w := warningsOf(list)
	for _, h := range p.c.held {
		if h.Version == 0 {
			h.seen.Warned = w.of(indicators.Value{Kind: h.Kind, Value: h.Value})
		}
	}
	return nil
}

// aliased adds the indicators of which somebody told a sighting.
func (p *planner) aliased(ctx context.Context, ids map[string]bool) error {
	var refs []string
	for _, t := range p.told {
		refs = append(refs, t.Ref)
		p.c.told = append(p.c.told, t.row())
	}
	slices.Sort(refs)
	return store.ForKeys(ctx, p.r, `select indicator from cyber_alias where ref in (:keys)`, slices.Compact(refs), func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids[id] = true
		return err
	})
}

// denials counts anew who calls an indicator of this report a false positive, whichever came first: that, or the indicator.
func (p *planner) denials(ctx context.Context) error {
	of := map[string][]*held{} // by the object that was denied
	for _, h := range p.c.held {
		for _, c := range h.Claims {
			of[c.Ref] = append(of[c.Ref], h)
		}
	}
	deny := func(ref, source string) {
		for _, h := range of[ref] {
			if !slices.Contains(h.seen.Denied, source) {
				h.seen.Denied = append(h.seen.Denied, source)
				slices.Sort(h.seen.Denied)
				h.changed = true
			}
		}
	}
	err := store.ForKeys(ctx, p.r, `select ref, source from cyber_told where denied and ref in (:keys)`, slices.Sorted(maps.Keys(of)), func(rows *sql.Rows) error {
		var ref, source string
		err := rows.Scan(&ref, &source)
		deny(ref, source)
		return err
	})
	for _, t := range p.told {
		if t.Denied {
			deny(t.Ref, t.Source)
		}
	}
	return err
}

// change is what one report changes, worked out on what was stored.
type change struct {
	d       *Domain
	now     time.Time
	held    map[string]*held
	objects []*stix.Object // to be kept in the collection home, as source's
	home    string
	source  string
	aliases [][]any
	told    [][]any
	rows    [][]any // of indicators
	touched []string
	screen  []screening.Screened

	matters  map[string]*matter // incidents that changed
	filed    [][]any
	renamed  map[screening.ID]screening.ID
	receipts []receipt

	report    *intake.Report // the log's
	logs      [][]any
	sightings []sighting
	partials  [][]any // lines that hold a part of a composite
	hosts     map[string]*host
}

func (c *change) matter(m *matter) { c.matters[m.ID] = m }

// settle makes the rows and finds who is to be screened.
func (c *change) settle() error {
	for _, id := range slices.Sorted(maps.Keys(c.held)) {
		h := c.held[id]
		if !h.changed {
			continue
		}
		row, err := h.row(c.now)
		if err != nil {
			return err
		}
		c.rows, c.touched = append(c.rows, row), append(c.touched, id)
		c.screen = append(c.screen, h.screened(c.now))
	}
	for _, id := range slices.Sorted(maps.Keys(c.hosts)) {
		c.screen = append(c.screen, c.hosts[id].screened(c.held, c.now))
	}
	for _, id := range slices.Sorted(maps.Keys(c.matters)) {
		if m := c.matters[id]; m.Joined == "" {
			c.screen = append(c.screen, m.screened(c.now))
		}
	}
	return nil
}

// Subjects are the indicators that changed.
func (c *change) Subjects() []screening.Screened { return c.screen }

// Write writes it all, or answers [pipeline.ErrConflict] when an indicator has moved since it was read.
func (c *change) Write(ctx context.Context, tx store.Tx) (pipeline.Effects, error) {
	effects := pipeline.Effects{Touched: c.touched}
	n, err := writeIndicators(ctx, tx, c.rows)
	if err != nil {
		return effects, err
	}
	if int(n) != len(c.rows) {
		return effects, pipeline.ErrConflict
	}
	if _, err := insertAlias.Exec(ctx, tx, once(c.aliases, 2)); err != nil {
		return effects, err
	}
	if _, err := insertTold.Exec(ctx, tx, once(c.told, 3)); err != nil {
		return effects, err
	}
	for _, id := range c.touched {
		effects.Events = append(effects.Events, pipeline.Event{Name: "indicator", ID: id})
	}
	if err := c.keep(ctx, tx); err != nil {
		return effects, err
	}
	if err := c.writeLogs(ctx, tx, &effects); err != nil {
		return effects, err
	}
	if effects.Due, err = hostsThatMet(ctx, tx, c.metBefore()); err != nil {
		return effects, err
	}
	if anyBorn(c.rows) {
		effects.Jobs = append(effects.Jobs, c.d.lookBack(tx.Now()))
	}
	return effects, c.writeIncidents(ctx, tx, &effects)
}

// metBefore are the changed indicators that machines met before this report: those machines are looked at again.
func (c *change) metBefore() (ids []string) {
	if len(c.sightings) > 0 {
		return nil // what changed is that they were met
	}
	for _, id := range c.touched {
		if h := c.held[id]; h.seen.Lines > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// writeIncidents writes the incidents that changed, and what that causes.
func (c *change) writeIncidents(ctx context.Context, tx store.Tx, effects *pipeline.Effects) error {
	if len(c.matters) == 0 && len(c.receipts) == 0 {
		return nil
	}
	matters := make([]*matter, 0, len(c.matters))
	for _, id := range slices.Sorted(maps.Keys(c.matters)) {
		m := *c.matters[id] // a closure may run again: the plan stays as it is
		matters = append(matters, &m)
	}
	ok, err := writeIncidents(ctx, tx, c.now, matters)
	if err != nil {
		return err
	}
	if !ok {
		return pipeline.ErrConflict
	}
	if _, err := insertFiled.Exec(ctx, tx, once(c.filed, 2)); err != nil {
		return err
	}
	effects.Renamed = c.renamed
	for id := range c.renamed {
		effects.Gone = append(effects.Gone, id)
	}
	for _, m := range matters {
		if err := c.d.tell(effects, m, c.now); err != nil {
			return err
		}
	}
	for _, r := range c.receipts {
		at := slices.IndexFunc(matters, func(m *matter) bool { return m.ID == r.incident })
		if at < 0 {
			continue
		}
		answer, err := r.answer(c.d, matters[at], c.now)
		if err != nil {
			return err
		}
		effects.Answers = append(effects.Answers, answer)
	}
	return nil
}

var insertAlias = store.NewInsert("cyber_alias", []string{"ref", "indicator"}, "on conflict (ref, indicator) do nothing")

// once keeps the last row of each key, which is the first columns: one statement may not name a key twice.
func once(rows [][]any, columns int) [][]any {
	at := make(map[[3]any]int, len(rows))
	kept := rows[:0:0]
	for _, r := range rows {
		var key [3]any
		copy(key[:], r[:columns])
		if i, ok := at[key]; ok {
			kept[i] = r
			continue
		}
		at[key] = len(kept)
		kept = append(kept, r)
	}
	return kept
}
