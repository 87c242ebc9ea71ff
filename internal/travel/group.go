package travel

import (
	"cmp"
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
)

// group is the records that speak of one person on one flight.
type group struct {
	records []*Record // sorted by id
	active  []*Record // those that stand, best source first
}

// id is the passenger's: the smallest of its records', so that every node names a group alike.
func (g *group) id() string { return g.records[0].ID }

// node is a record on its way into a group.
type node struct {
	*Record
	on bool
	in int // the group, an index
}

// met is how a record's content can meet that of others.
type met struct {
	name  spoken
	bonds []bond
}

// meets computes it once; most of a flight's records do not change from one message to the next.
func (r *Record) meets() *met {
	if r.met == nil {
		r.met = &met{name: speak(r.Person.Surname, r.Person.Given)}
		r.met.bonds = r.bonds()
	}
	return r.met
}

// bond is why two records are held to be one person: the lower, the firmer.
type bond struct {
	tier int
	key  string
	mark uint32 // a hash of both
}

// end is a record at one end of a bond.
type end struct {
	bond
	node *node
}

// The firmness of bonds.
const (
	byReference = iota // the carrier's own reference of the person in this flight
	byDocument         // a document number, and names or birth dates that do not contradict
	byBooking          // locator and the same name
	byBirth            // the same name and birth date
	byLikeness         // locator and a name one source shortens
	bySeat             // locator and seat, of a line without a name
	tiers
)

// A bucket of a thousand people under one locator is compared whole. Beyond that no honest flight goes, and what a
// hundred thousand equal lines may cost is bounded: each meets so many of the next.
const pairs, fewest = 1_000_000, 64

// gather makes groups of records: firmest bonds first, and never two lines of one list, nor two travellers of one
// booking, into one person. The result depends on the records alone, not on their order of arrival.
func gather(records []*Record, on map[*Record]bool) []*group {
	nodes, links := make([]*node, 0, len(records)), 0
	for _, r := range records {
		if r.Kind != Booking && r.Person != nil {
			nodes = append(nodes, &node{Record: r, on: on[r], in: len(nodes)})
			links += len(r.meets().bonds)
		}
	}
	members := make([][]*node, len(nodes))
	for i := range nodes {
		members[i] = nodes[i : i+1 : i+1]
	}
	ends := meeting(nodes, links)
	slices.SortFunc(ends, func(a, b end) int {
		if c := a.tier - b.tier; c != 0 {
			return c
		}
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		return a.node.in - b.node.in
	})
	for from := 0; from < len(ends); {
		to := from + 1
		for to < len(ends) && ends[to].bond == ends[from].bond {
			to++
		}
		window := max(fewest, pairs/(to-from))
		for i, e := range ends[from:to] {
			for _, f := range ends[from+i+1 : min(to, from+i+1+window)] {
				n, m := e.node, f.node
				if n.in == m.in || !n.may(m.Record, e.tier) || apart(members[n.in], members[m.in]) {
					continue
				}
				old := m.in
				members[n.in] = append(members[n.in], members[old]...)
				for _, x := range members[old] {
					x.in = n.in
				}
				members[old] = nil
			}
		}
		from = to
	}
	var groups []*group
	for _, ms := range members {
		if len(ms) > 0 {
			groups = append(groups, together(ms))
		}
	}
	slices.SortFunc(groups, func(a, b *group) int { return cmp.Compare(a.id(), b.id()) })
	return groups
}

// bondSeed is one for all records of a process.
var bondSeed = maphash.MakeSeed()

// meeting gives the ends of so many bonds, but for most of those that no other record has: they join nobody, and need not be
// put in order.
func meeting(nodes []*node, bonds int) []end {
	shared := make([]uint8, 1<<bits.Len(uint(4*bonds))) // by mark: how many, two for more
	mask := uint32(len(shared) - 1)
	for _, n := range nodes {
		for i := range n.met.bonds {
			at := &shared[n.met.bonds[i].mark&mask]
			*at = min(*at+1, 2)
		}
	}
	var ends []end
	for _, n := range nodes {
		for _, b := range n.met.bonds {
			if shared[b.mark&mask] > 1 {
				ends = append(ends, end{b, n})
			}
		}
	}
	return ends
}

// bonds are the keys under which a record may meet others.
func (r *Record) bonds() []bond {
	p := r.Person
	var bs []bond
	crew := ""
	if p.Role == "crew" {
		crew = "crew "
	}
	add := func(tier int, key string) {
		key = crew + key
		bs = append(bs, bond{tier, key, uint32(maphash.String(bondSeed, key)) + uint32(tier)})
	}
	if p.CarrierReference != "" && r.Kind != Traveller {
		add(byReference, p.CarrierReference)
	}
	for _, d := range p.Documents {
		if len(d.Number) >= 5 {
			add(byDocument, d.Number)
		}
	}
	if p.Reservation != "" {
		add(byBooking, p.Reservation)
		add(byLikeness, p.Reservation)
		if p.Seat != "" {
			add(bySeat, p.Reservation+" "+p.Seat)
		}
	}
	if name := &r.met.name; p.Born != "" && name.glued != "" {
		add(byBirth, p.Born+" "+name.glued)
		add(byBirth, p.Born+" "+strings.Join(name.tokens, " "))
	}
	return bs
}

// may says whether a bond of that firmness holds between the two.
func (r *Record) may(o *Record, tier int) bool {
	a, b := &r.met.name, &o.met.name
	born := r.Person.Born == o.Person.Born && r.Person.Born != ""
	clash := r.Person.Born != "" && o.Person.Born != "" && !born
	nameless := len(a.tokens) == 0 || len(b.tokens) == 0
	switch tier {
	case byReference:
		return nameless || a.like(b) || born
	case byDocument:
		return nameless || a.like(b) || born && a.family == b.family
	case byBooking:
		return a.same(b) && !clash
	case byBirth:
		return born && a.same(b)
	case byLikeness:
		return a.like(b) && !clash && r.Kind != o.Kind
	}
	return nameless
}

// apart says that two groups hold people whom one source itself tells apart.
func apart(a, b []*node) bool {
	for _, n := range a {
		for _, m := range b {
			switch {
			case n.Kind == Crew != (m.Kind == Crew) && n.Kind != Boarding && m.Kind != Boarding:
				return true
			case n.Kind != m.Kind:
			case n.Kind == Traveller && n.Booking == m.Booking:
				return true
			case (n.Kind == Listed || n.Kind == Crew || n.Kind == Boarding) && n.Sender == m.Sender && n.Seen.Sent == m.Seen.Sent && n.Seen.Ref == m.Seen.Ref:
				return true
			}
		}
	}
	return false
}

func together(ms []*node) *group {
	slices.SortFunc(ms, func(a, b *node) int { return cmp.Compare(a.ID, b.ID) })
	g := &group{}
	var latest *node // of several list entries of one person, only the last counts
	for _, n := range ms {
		g.records = append(g.records, n.Record)
		if n.on && (n.Kind == Listed || n.Kind == Crew) && (latest == nil || n.Seen.After(latest.Seen)) {
			latest = n
		}
	}
	for _, n := range ms {
		if n.on && (n == latest || n.Kind == Traveller) {
			g.active = append(g.active, n.Record)
		}
	}
	slices.SortStableFunc(g.active, byTrust)
	return g
}

// byTrust puts the sources whose word counts first: lists come from the document read at check-in, bookings from what
// somebody typed; among equals the later word.
func byTrust(a, b *Record) int {
	typed := func(r *Record) int {
		if r.Kind == Traveller {
			return 1
		}
		return 0
	}
	return cmp.Or(typed(a)-typed(b), -a.Said.Compare(b.Said))
}

// role is crew or transit where any source that counts says so.
func (g *group) role() string {
	from := g.active
	if len(from) == 0 {
		from = g.records
	}
	for _, r := range from {
		if r.Person.Role == "crew" || r.Person.Role == "transit" {
			return r.Person.Role
		}
	}
	return "passenger"
}

// ids are the group's records'.
func (g *group) ids() []string {
	out := make([]string, len(g.records))
	for i, r := range g.records {
		out[i] = r.ID
	}
	return out
}

// heard says whether a source that counts is of the kind.
func (g *group) heard(k Kind) bool {
	return slices.ContainsFunc(g.active, func(r *Record) bool { return r.Kind == k })
}
