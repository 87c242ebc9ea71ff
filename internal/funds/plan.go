package funds

import (
	"context"
	"maps"
	"slices"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Plan folds a report into what is held: of each thing the statement that stands, of each party what all entries say.
func (d *Domain) Plan(ctx context.Context, r store.Reader, f pipeline.Filing) (pipeline.Change, error) {
	h := &hearer{ids: d.ids, settings: d.settings, home: d.home, report: f.Report}
	var heard []*Entry
	for _, m := range f.Messages {
		switch body := m.Body.(type) {
		case *cashdecl.Declaration:
			heard = append(heard, h.cash(body))
		case *reported:
			heard = append(heard, h.goaml(body.doc)...)
		case *paid:
			heard = append(heard, h.payment(body)...)
		}
	}
	c, err := d.plan(ctx, r, heard, nil)
	if err != nil {
		return nil, err
	}
	c.report = f.Report
	c.receipts(heard)
	return c, nil
}

// plan works out what entries change, and which are to be no more.
func (d *Domain) plan(ctx context.Context, r store.Reader, heard []*Entry, drop []string) (*change, error) {
	c := &change{domain: d, parties: map[string]*partyChange{}}
	ids := slices.Clone(drop)
	for _, e := range heard {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	stored, err := entriesOf(ctx, r, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	standing := make(map[string]*Entry, len(heard)) // the latest statement of each thing that this report makes
	for _, e := range heard {
		old := standing[e.ID]
		if old == nil {
			old = stored[e.ID]
		}
		switch {
		case old == nil:
		case e.Clock.Compare(old.Clock) <= 0:
			c.outdated = append(c.outdated, e.ID)
			continue
		default:
			e.version = old.version
		}
		standing[e.ID] = e
	}
	left := leftOut(standing, stored)
	for _, id := range slices.Sorted(maps.Keys(standing)) {
		c.entry(standing[id], stored[id])
	}
	if len(left) > 0 {
		old, err := entriesOf(ctx, r, left)
		if err != nil {
			return nil, err
		}
		maps.Copy(stored, old)
	}
	for _, id := range slices.Concat(drop, left) {
		if old := stored[id]; old != nil {
			c.entry(nil, old)
		}
	}
	if err := c.settle(ctx, r); err != nil {
		return nil, err
	}
	if err := c.subjects(ctx, r); err != nil {
		return nil, err
	}
	return c, c.makeRows()
}

// leftOut takes away the transactions of reports that do not stand, and answers those that a report's standing statement no
// longer tells of: a transaction stands and falls with its report.
func leftOut(standing, stored map[string]*Entry) (left []string) {
	for id, e := range standing {
		if e.Kind != Transaction {
			continue
		}
		if report := standing[e.Moved.Report]; report == nil || report.Clock != e.Clock {
			delete(standing, id)
		}
	}
	for id, e := range standing {
		if old := stored[id]; e.Report != nil && old != nil && old.Report != nil {
			for _, t := range old.Report.Transactions {
				if standing[t] == nil {
					left = append(left, t)
				}
			}
		}
	}
	slices.Sort(left)
	return left
}

// entry notes how one thing changes; now is nil where it goes.
func (c *change) entry(now, old *Entry) {
	ec := entryChange{now: now, old: old, same: now != nil && old != nil && now.digest() == old.digest()}
	c.entries = append(c.entries, ec)
	if ec.same {
		return
	}
	if old != nil {
		for i := range old.Parts {
			p := &old.Parts[i]
			c.party(p).lose(p.facet())
		}
	}
	if now != nil {
		for i := range now.Parts {
			p := &now.Parts[i]
			c.party(p).gain(p, now.Kind)
		}
	}
}

func (c *change) party(p *Part) *partyChange {
	pc := c.parties[p.Party]
	if pc == nil {
		pc = &partyChange{id: p.Party, kind: p.Facet.Kind, gains: map[string]Facet{}, balance: map[string]int{}}
		c.parties[p.Party] = pc
	}
	return pc
}

// partyChange is one party before and after.
type partyChange struct {
	id, kind string
	gains    map[string]Facet
	balance  map[string]int // of entries that say a facet: more or fewer
	loses    bool
	heard    int  // entries of this report that speak of it
	declares bool // cash or a report speaks of it: rules look again
	old, now *Party
	merged   Merged
	changed  bool
}

func (p *partyChange) gain(part *Part, kind Kind) {
	h := part.facet()
	p.gains[h] = part.Facet
	p.balance[h]++
	p.heard++
	p.declares = p.declares || kind == Declared
}

func (p *partyChange) lose(hash string) {
	p.balance[hash]--
	p.loses = true
}

// settle works out what the parties come to.
func (c *change) settle(ctx context.Context, r store.Reader) error {
	ids := slices.Sorted(maps.Keys(c.parties))
	stored, err := partiesOf(ctx, r, ids)
	if err != nil {
		return err
	}
	var losers []string
	for _, id := range ids {
		if c.parties[id].loses {
			losers = append(losers, id)
		}
	}
	left, err := facetsLeft(ctx, r, losers)
	if err != nil {
		return err
	}
	for _, id := range ids {
		p := c.parties[id]
		p.old = stored[id]
		p.now = &Party{ID: id, Kind: p.kind, Facets: map[string]Facet{}}
		if p.old != nil {
			p.now.version = p.old.version
			maps.Copy(p.now.Facets, p.old.Facets)
		}
		for h, f := range p.gains {
			if _, known := p.now.Facets[h]; !known {
				p.now.Facets[h], p.changed = f, true
			}
		}
		for h, n := range p.balance {
			if n < 0 && left[id][h]+n <= 0 {
				delete(p.now.Facets, h)
				p.changed = true
			}
		}
		p.now.Kind = p.now.kindOf()
		p.merged = p.now.merge()
	}
	return nil
}

// kindOf is what most facets hold the party for; a tie goes to the first in the alphabet.
func (p *Party) kindOf() string {
	n := map[string]int{}
	for _, f := range p.Facets {
		n[f.Kind]++
	}
	best := p.Kind
	for _, k := range []string{Account, Organisation, Person} {
		if n[k] > n[best] || n[k] == n[best] && k < best {
			best = k
		}
	}
	return best
}

// subjects makes what screening looks at: parties that changed or that cash speaks of anew, and reports to be triaged.
func (c *change) subjects(ctx context.Context, r store.Reader) error {
	views, err := c.views(ctx, r)
	if err != nil {
		return err
	}
	before, err := c.before(ctx, r)
	if err != nil {
		return err
	}
	var looked []*Merged
	for _, id := range slices.Sorted(maps.Keys(c.parties)) {
		if p := c.parties[id]; p.looked() {
			looked = append(looked, &p.merged)
		}
	}
	frozen, err := designated(ctx, r, looked)
	if err != nil {
		return err
	}
	for _, m := range looked {
		found := before[screening.ID(m.ID)]
		for _, f := range frozen[m.ID] {
			if !slices.ContainsFunc(found, func(b screening.Finding) bool { return b.Matched == f.Matched }) {
				found = append(found, f)
			}
		}
		c.screened = append(c.screened, screening.Screened{Subject: m.subject(m.title()), View: views[m.ID], Found: found})
	}
	for _, ec := range c.entries {
		if ec.now == nil || ec.same {
			continue
		}
		switch {
		case ec.now.Report != nil && ec.now.State != Refused:
			c.screened = append(c.screened, triage(ec.now))
		}
	}
	return nil
}

// looked says that screening looks at the party: it changed, or cash speaks of it anew.
func (p *partyChange) looked() bool { return len(p.now.Facets) > 0 && (p.changed || p.declares) }

// before is what this room found earlier of the parties that are looked at: until they are looked at again on committed rows
// it stands, and their cases with it.
func (c *change) before(ctx context.Context, r store.Reader) (map[screening.ID][]screening.Finding, error) {
	var known []screening.ID
	for id, p := range c.parties {
		if p.old != nil && p.looked() {
			known = append(known, screening.ID(id))
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	slices.Sort(known)
	found, err := screening.OfSubjects(ctx, r, known)
	for id, all := range found {
		found[id] = slices.DeleteFunc(all, func(f screening.Finding) bool { return f.Engine != Engine })
	}
	return found, err
}

// views makes what rules see of parties: of those known the declarations held, and of all those in this report.
func (c *change) views(ctx context.Context, r store.Reader) (map[string]*View, error) {
	var known []string
	declared := map[string]map[string]*Entry{} // party → entry
	for id, p := range c.parties {
		declared[id] = map[string]*Entry{}
		if p.old != nil && p.looked() {
			known = append(known, id)
		}
	}
	slices.Sort(known)
	held, err := declarationsOf(ctx, r, known)
	if err != nil {
		return nil, err
	}
	for id, entries := range held {
		for _, e := range entries {
			declared[id][e.ID] = e
		}
	}
	for _, ec := range c.entries {
		if ec.old != nil && !ec.same {
			for _, id := range ec.old.others() {
				delete(declared[id], ec.old.ID)
			}
		}
		if ec.now != nil && ec.now.Kind == Declared {
			for _, id := range ec.now.others() {
				if declared[id] != nil {
					declared[id][ec.now.ID] = ec.now
				}
			}
		}
	}
	out := make(map[string]*View, len(c.parties))
	for id, p := range c.parties {
		out[id] = view(&p.merged, slices.Collect(maps.Values(declared[id])))
	}
	return out, nil
}
