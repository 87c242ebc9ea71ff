package cargo

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Plan works out what a report changes of the shipments it speaks of.
func (d *Domain) Plan(ctx context.Context, r store.Reader, f pipeline.Filing) (pipeline.Change, error) {
	c := &change{d: d, report: f.Report, messages: messages(d.ids, f), said: memory{}, shipments: map[string]*shipping{}}
	for i := range c.messages {
		if err := mayFile(f.Report.Filer, &c.messages[i]); err != nil {
			return nil, err
		}
	}
	if err := c.read(ctx, r); err != nil {
		return nil, err
	}
	c.join()
	if err := c.look(ctx, r); err != nil {
		return nil, err
	}
	return c, c.bodies()
}

// mayFile refuses a waybill that is booked on other carriers' flights only, where its filer may file for some.
func mayFile(f intake.Filer, s *said) error {
	b := s.message.FWB
	if b == nil || len(f.Carriers) == 0 || len(b.Flights) == 0 {
		return nil
	}
	for _, flight := range b.Flights {
		if slices.Contains(f.Carriers, flight.Carrier) {
			return nil
		}
	}
	return &fault.Fault{Offset: s.message.Offset, Line: s.message.Line, Field: "FLT", Rule: "not_yours", Message: "this key may not file for carrier " + b.Flights[0].Carrier,
		Mend: "file with a key of " + b.Flights[0].Carrier + ", or ask for one that may file for it"}
}

// shipping is a shipment being changed.
type shipping struct {
	*Shipment
	before  Shipment              // as it was
	brief   map[string]*brief     // every consignment of it, by house as compared
	touched map[string]*consigned // those spoken of
	order   []string              // of them
	was     Load
	now     Load
	chain   chain
	due     []screening.ID // subjects of others that look different now
	known   bool           // stored
	within  bool           // another consolidation holds it
	warned  bool           // a partner warns of something in it
	made    []any          // its row
	master  *Consignment   // as held; nil where it has to be read, or is not filed
}

// consigned is a consignment being changed.
type consigned struct {
	id      string
	key     Key
	filings []Filing
	fresh   []Filing     // that the report adds
	before  *Consignment // as the filings before came to; nil where there were none
	picture *Consignment
	stored  bool
	roles   string // of the subjects it had
	was     Standing
	now     Standing
	found   []string // keys of what screening found
	seen    bool     // screened
	body    string   // of its row
	filed   [][]any  // rows of what the report adds
}

// gone are the subjects that it had and has no more.
func (k *consigned) gone() (ids []screening.ID) {
	now := k.picture.roles()
	for _, place := range k.roles {
		if !strings.ContainsRune(now, place) {
			ids = append(ids, subjectAt(k.id, place))
		}
	}
	return ids
}

// news says that what was filed is not what was known.
func (k *consigned) news() bool {
	return len(k.fresh) > 0 && (k.before == nil || k.picture.Versions != k.before.Versions || k.picture.Cancelled != k.before.Cancelled)
}

// read reads what the report's consignments are now.
func (c *change) read(ctx context.Context, r store.Reader) error {
	for _, m := range c.messages {
		if c.shipments[m.master] == nil {
			c.shipments[m.master] = &shipping{Shipment: &Shipment{ID: shipmentID(c.d.ids, m.master), Master: m.master, Filers: []string{}}, brief: map[string]*brief{}, touched: map[string]*consigned{}}
		}
	}
	if err := c.take(ctx, r); err != nil {
		return err
	}
	for _, m := range c.messages {
		s := c.shipments[m.master]
		for _, house := range m.order {
			s.touch(c.d.ids, house)
		}
	}
	var ask []string
	for _, s := range c.shipments {
		s.was = s.loaded()
		fresh := s.touched[""] != nil
		if s.brief[""] != nil { // houses change what is thought of their master
			s.touch(c.d.ids, "")
			if !fresh && s.master != nil {
				s.touched[""].picture = s.master
			}
		}
		for _, k := range s.touched {
			if k.stored && k.picture == nil {
				ask = append(ask, k.id)
			}
		}
	}
	slices.Sort(ask)
	filings, err := filingsOf(ctx, r, ask)
	if err != nil {
		return err
	}
	for _, s := range c.shipments {
		for _, k := range s.touched {
			k.filings = filings[k.id]
		}
	}
	return nil
}

// touch takes up a consignment to be changed.
func (s *shipping) touch(ids Identifier, house string) {
	if s.touched[house] != nil {
		return
	}
	k := &consigned{key: Key{s.Master, house}, now: Standing{State: Received}}
	if b := s.brief[house]; b != nil {
		k.id, k.stored, k.was, k.roles = b.id, true, b.standing, b.roles
		k.now = k.was
	} else {
		k.id = consignmentID(ids, k.key)
	}
	s.touched[house] = k
	s.order = append(s.order, house)
}

// join adds what is said and computes the pictures anew.
func (c *change) join() {
	for _, m := range c.messages {
		s := c.shipments[m.master]
		s.hear(m.totals)
		for _, house := range m.order {
			f, k := m.filings[house], s.touched[house]
			if k.before == nil && len(k.fresh) == 0 && len(k.filings) > 0 {
				k.before = picture(k.id, s.ID, k.key, k.filings)
			}
			var fresh bool
			if k.filings, fresh = join(k.filings, f); fresh {
				k.fresh = append(k.fresh, f)
				s.file(f.Filer)
				if at := received(f.Clock); at.After(s.Heard) {
					s.Heard = at
				}
			}
		}
	}
	for _, s := range c.shipments {
		for _, house := range s.order {
			k := s.touched[house]
			if k.picture == nil {
				k.picture = picture(k.id, s.ID, k.key, k.filings)
			}
			for i := range k.fresh {
				c.said.remember(&k.fresh[i], k.id, k.filings, k.picture)
			}
			s.note(k)
		}
		if k := s.touched[""]; k != nil {
			s.stand(k.picture)
		} else {
			s.stand(nil)
		}
		s.now = s.loaded()
	}
}

// note puts the picture's figures where those of the other consignments are. What was there may be held elsewhere too, and
// is left alone.
func (s *shipping) note(k *consigned) {
	b := brief{id: k.id, shipment: s.ID, house: k.key.House, standing: k.now}
	if old := s.brief[k.key.House]; old != nil {
		b = *old
	}
	c := k.picture
	b.pieces, b.grams, b.gone, b.roles = c.Pieces, c.Grams, c.Cancelled, c.roles()
	s.brief[k.key.House] = &b
}

// loaded sums what of the houses is filed.
func (s *shipping) loaded() (l Load) {
	for house, b := range s.brief {
		if house != "" {
			l.add(b)
		}
	}
	return l
}

func (l *Load) add(b *brief) {
	if b.gone {
		return
	}
	l.Houses++
	l.Pieces += b.pieces
	l.Grams += b.grams
	if b.standing.State == Complete {
		l.Complete++
	}
}

// look makes what rules and lists see, and finds who else is concerned.
func (c *change) look(ctx context.Context, r store.Reader) error {
	within := edges{}
	var vs []uint64
	var departures, inner, suspect []string // flights named anew; masters that lie in others; those a partner warns of
	masters := slices.Sorted(maps.Keys(c.shipments))
	for _, m := range masters {
		s := c.shipments[m]
		if dep := s.leg().departure(); dep != s.before.leg().departure() { // what people say of a flight stands on its shipments
			departures = append(departures, dep)
		}
		if s.within || !s.known {
			inner = append(inner, m)
		}
		if s.warned || !s.known {
			suspect = append(suspect, m)
		}
		for _, house := range s.order {
			k := s.touched[house]
			if held := under(house); held != "" && len(k.fresh) > 0 {
				within.add(held, m)
				inner = append(inner, m)
				c.under = append(c.under, []any{held, s.ID, k.id})
			}
			k.picture.thought().values.each(func(v, _, _ uint64) { vs = append(vs, v) })
		}
	}
	flights, err := flightsBy(ctx, r, departures)
	if err != nil {
		return err
	}
	known, err := recall(ctx, r, vs)
	if err != nil {
		return err
	}
	for v, said := range c.said {
		k := known.of(v)
		k.join(said)
		known[v] = k
	}
	c.known = known
	c.crowd(known)
	up, err := climb(ctx, r, inner, within)
	if err != nil {
		return err
	}
	warned, err := warningsOf(ctx, r, suspect)
	if err != nil {
		return err
	}
	c.outside = outside{departures, suspect, flights, warned}
	spoken := 0
	for _, s := range c.shipments {
		spoken += len(s.touched)
	}
	c.screen = make([]screening.Screened, 0, 3*spoken) // itself, who sends, who receives
	for _, m := range masters {
		s := c.shipments[m]
		if dep := s.leg().departure(); dep != s.before.leg().departure() {
			s.fly(flights[dep])
		}
		s.chain = up.of(m)
		moved := s.before.facts() != s.facts()
		s.concern(moved)
		for _, house := range s.order {
			k := s.touched[house]
			if len(k.fresh) == 0 && !moved && s.sums(s.was) == s.sums(s.now) {
				continue // the master, of which nothing looks different
			}
			k.seen = true
			c.screen = k.picture.screened(c.screen, viewed{s.Shipment, s.now, known, s.chain, warned.of(k.key)}, &k.now)
		}
	}
	return c.concernInner(ctx, r, within)
}

// outside is what people and partners had said when it was planned, of what no version tells: flights named anew, shipments
// that are new.
type outside struct {
	departures, masters []string
	flights             map[string]flight
	warned              warnings
}

// stands says whether that is what they say now.
func (o *outside) stands(ctx context.Context, r store.Reader) (bool, error) {
	if len(o.departures) == 0 && len(o.masters) == 0 {
		return true, nil
	}
	flights, err := flightsBy(ctx, r, o.departures)
	if err != nil {
		return false, err
	}
	warned, err := warningsOf(ctx, r, o.masters)
	return maps.Equal(flights, o.flights) && maps.EqualFunc(warned, o.warned, slices.Equal), err
}

// crowd marks those that went to an address before it became crowded: they look different now. Of a crowd twice as large all
// were looked at.
func (c *change) crowd(known memory) {
	for _, s := range c.shipments {
		for _, k := range s.touched {
			if len(k.fresh) == 0 {
				continue
			}
			near := known.of(k.picture.thought().values.to).near(k.picture.First, smallWindow, smallGrams)
			if len(near) < smallMany || len(near) > 2*smallMany {
				continue
			}
			for _, id := range near {
				if id != k.id {
					c.due = append(c.due, screening.ID(id))
				}
			}
		}
	}
	slices.Sort(c.due)
	c.due = slices.Compact(c.due)
}

// sums is what rules see of a master's houses but for the figures.
func (s *shipping) sums(l Load) [3]bool {
	return [3]bool{l.Houses > 0, s.exceeds(l), s.whole(l)}
}

// concern marks the other consignments of a shipment of which something moved that they show too.
func (s *shipping) concern(moved bool) {
	if !moved || s.before.ID == "" {
		return
	}
	for house, b := range s.brief {
		if s.touched[house] == nil {
			s.due = append(s.due, b.subjects()...)
		}
	}
	slices.Sort(s.due)
}

// concernInner marks what lies in a master that a house was just said to be.
func (c *change) concernInner(ctx context.Context, r store.Reader, within edges) error {
	var ids []string
	for inner := range within {
		ids = append(ids, shipmentID(c.d.ids, inner))
	}
	slices.Sort(ids)
	return briefs(ctx, r, ids, func(b *brief) { c.due = append(c.due, b.subjects()...) })
}
