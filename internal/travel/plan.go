package travel

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Plan folds a report into the flights it speaks of.
func (d *Domain) Plan(ctx context.Context, r store.Reader, f pipeline.Filing) (pipeline.Change, error) {
	p := planner{d: d, r: r, states: map[string]*State{}, c: &change{shares: map[string]string{}, kept: d.kept, d: d, filer: f.Report.Filer.Name, received: f.Report.Received}}
	for _, m := range f.Messages {
		var s said
		switch body := m.Body.(type) {
		case *pnrgov.Message:
			s = hearPNR(d.ids, f.Report, body)
		case *paxlst.Message:
			s = hearAPI(d.ids, f.Report, body)
		case *cusres.Message:
			p.c.receipts = append(p.c.receipts, unaskedID(body.Transaction))
			continue
		default:
			continue
		}
		if c := s.key.Carrier; len(f.Report.Filer.Carriers) > 0 && !slices.Contains(f.Report.Filer.Carriers, c) {
			return nil, &fault.Fault{Rule: "not_yours", Message: "this key may not file for carrier " + c,
				Mend: "file with a key of " + c + ", or ask for one that may file for it"}
		}
		if err := p.fold(ctx, s); err != nil {
			return nil, err
		}
	}
	if err := p.received(ctx, f.Report.Filer.Name); err != nil {
		return nil, err
	}
	if err := p.c.settle(p.states); err != nil {
		return nil, err
	}
	if err := p.c.notice(ctx, r); err != nil {
		return nil, err
	}
	p.c.ask(f, d.ids)
	p.c.expire()
	return p.c, nil
}

// received refuses a receipt of what was never sent to whoever gives it.
func (p *planner) received(ctx context.Context, filer string) error {
	if len(p.c.receipts) == 0 {
		return nil
	}
	sent, err := intake.TakenBy(ctx, p.r, filer, p.c.receipts)
	if err != nil {
		return err
	}
	for _, id := range p.c.receipts {
		if _, there := sent[id]; !there {
			return &fault.Fault{Tag: "RFF", Rule: "unknown_transaction", Message: "nothing was sent to this filer under the transaction that it acknowledges",
				Mend: "acknowledge an unsolicited CUSRES (132) with its own RFF+TN, and file with the key that it was sent to"}
		}
	}
	return nil
}

// planner folds the messages of one report; what an earlier one of them changed, a later one sees.
type planner struct {
	d      *Domain
	r      store.Reader
	states map[string]*State
	c      *change
}

// fold joins one message into its flight.
func (p *planner) fold(ctx context.Context, s said) error {
	state, err := p.state(ctx, s.key)
	if err != nil {
		return err
	}
	state.Facts.hear(s.source, s.header, s.parts...)
	state.Facts.cancel(s.cancelled)
	for _, r := range s.records {
		before := state.Records[r.ID]
		var was *Person
		if before != nil {
			was = before.Person
		}
		state.hear(r)
		if now := state.Records[r.ID]; (now.Kind == Listed || now.Kind == Crew) && was != nil && now.Person != was && otherwise(was, now.Person) {
			p.c.altered = append(p.c.altered, r.ID)
		}
	}
	for _, k := range s.shares {
		if err := p.share(ctx, state, k); err != nil {
			return err
		}
	}
	return nil
}

// state gives the flight of a key, or the one it was joined to.
func (p *planner) state(ctx context.Context, k Key) (*State, error) {
	id := k.ID(p.d.ids)
	if s, ok := p.states[id]; ok && s.Joined == "" {
		return s, nil
	}
	to, ok := p.c.shares[id]
	if !ok {
		var err error
		if to, err = operating(ctx, p.r, id); err != nil {
			return nil, err
		}
	}
	if to != "" {
		id = to
	}
	if s, ok := p.states[id]; ok {
		return s, nil
	}
	s, err := p.d.load(ctx, p.r, id, k)
	if err == nil {
		p.states[id] = s
	}
	return s, err
}

// share joins a marketing number to the flight: whatever was filed under it moves over. Its own row is written too,
// joined, so that somebody who planned on it at the same time plans again.
func (p *planner) share(ctx context.Context, state *State, k Key) error {
	designator := k.Carrier + k.Number + k.Suffix
	if slices.Contains(state.Facts.Codeshares, designator) || k.Carrier == "" || k.Number == "" || len(state.Facts.Codeshares) >= mostCodeshares {
		return nil
	}
	state.Facts.codeshare(designator)
	id := k.ID(p.d.ids)
	if id == state.ID {
		return nil
	}
	other, err := p.d.load(ctx, p.r, id, k)
	if err != nil {
		return err
	}
	if other.Joined == "" {
		state.join(other)
		other.Records, other.Facts, other.Joined = map[string]*Record{}, Facts{}, state.ID
		p.states[id] = other
	}
	p.c.shares[id] = state.ID
	return nil
}

// load gives a state to fold into: from memory when what is held is what is stored.
func (d *Domain) load(ctx context.Context, r store.Reader, id string, k Key) (*State, error) {
	var version int64
	err := r.QueryRowContext(ctx, `select version from travel_flight where id = $1`, id).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return newState(id, k), nil
	}
	if err != nil {
		return nil, err
	}
	if s, ok := d.kept.get(id, version); ok {
		return s, nil
	}
	return read(ctx, r, id, k)
}

// settle recomputes the manifests and finds what of them is new.
func (c *change) settle(states map[string]*State) error {
	gone := false
	for _, id := range slices.Sorted(maps.Keys(states)) {
		s := states[id]
		v := s.stand()
		fc := &flightChange{state: s, flight: v.flight(), now: make(map[string]stored, len(v.people)),
			again: map[Clock][]string{}, renamed: map[screening.ID]screening.ID{}}
		c.flights = append(c.flights, fc)
		stay := 0
		var write []*Passenger
		for _, g := range v.people {
			id := g.id()
			old, known := s.People[id]
			if known {
				stay++
			}
			if known && old.Hash == g.hash {
				fc.now[id] = old
				continue
			}
			fc.now[id] = stored{Hash: g.hash, Records: g.ids()}
			p := v.merge(g)
			write = append(write, &p)
			c.screen = append(c.screen, c.d.screened(&p, &fc.flight))
		}
		gone = gone || stay < len(s.People)
		if err := fc.rows(write); err != nil {
			return err
		}
	}
	if gone {
		c.rename()
	}
	return nil
}

// rename finds the passengers who are no more, and the ids that they go by now: the record that named the group is part
// of another.
func (c *change) rename() {
	owner := map[string]string{} // record → passenger
	for _, fc := range c.flights {
		for id, p := range fc.now {
			for _, r := range p.Records {
				owner[r] = id
			}
		}
	}
	for _, fc := range c.flights {
		for _, id := range slices.Sorted(maps.Keys(fc.state.People)) {
			if _, stays := fc.now[id]; stays {
				continue
			}
			fc.gone = append(fc.gone, id)
			if to, ok := owner[id]; ok {
				fc.renamed[screening.ID(id)] = screening.ID(to)
			}
		}
	}
}
