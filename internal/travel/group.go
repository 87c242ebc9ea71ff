package travel

import (
	"cmp"
	"slices"
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
	name spoken
	on   bool
	in   int // the group, an index
}

// bond is why two records are held to be one person: the lower, the firmer.
type bond struct {
	tier int
	key  string
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

// gather makes groups of records: firmest bonds first, and never two lines of one list, nor two travellers of one
// booking, into one person. The result depends on the records alone, not on their order of arrival.
func gather(records []*Record, on map[*Record]bool) []*group {
	nodes := make([]*node, 0, len(records))
	for _, r := range records {
		if r.Kind != Booking && r.Person != nil {
			nodes = append(nodes, &node{Record: r, name: speak(r.Person.Surname, r.Person.Given), on: on[r], in: len(nodes)})
		}
	}
	members := make([][]*node, len(nodes))
	for i, n := range nodes {
		members[i] = []*node{n}
	}
	buckets := map[bond][]*node{}
	for _, n := range nodes {
		for _, b := range n.bonds() {
			buckets[b] = append(buckets[b], n)
		}
	}
	var order []bond
	for b, ns := range buckets {
		if len(ns) > 1 {
			order = append(order, b)
		}
	}
	slices.SortFunc(order, func(a, b bond) int { return cmp.Or(a.tier-b.tier, cmp.Compare(a.key, b.key)) })
	for _, b := range order {
		ns := buckets[b]
		for i, n := range ns {
			for _, m := range ns[i+1:] {
				if n.in == m.in || !n.may(m, b.tier) || apart(members[n.in], members[m.in]) {
					continue
				}
				from := m.in
				for _, x := range members[from] {
					x.in = n.in
				}
				members[n.in] = append(members[n.in], members[from]...)
				members[from] = nil
			}
		}
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

// bonds are the keys under which a record may meet others.
func (n *node) bonds() []bond {
	p := n.Person
	var bs []bond
	crew := ""
	if p.Role == "crew" {
		crew = "crew "
	}
	add := func(tier int, key string) { bs = append(bs, bond{tier, crew + key}) }
	if p.CarrierReference != "" && n.Kind != Traveller {
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
	if p.Born != "" && len(n.name.tokens) > 0 {
		add(byBirth, p.Born)
	}
	return bs
}

// may says whether a bond of that firmness holds between the two.
func (n *node) may(m *node, tier int) bool {
	born := n.Person.Born == m.Person.Born && n.Person.Born != ""
	clash := n.Person.Born != "" && m.Person.Born != "" && !born
	nameless := len(n.name.tokens) == 0 || len(m.name.tokens) == 0
	switch tier {
	case byReference:
		return nameless || n.name.like(m.name) || born
	case byDocument:
		return nameless || n.name.like(m.name) || born && n.name.family == m.name.family
	case byBooking:
		return n.name.same(m.name) && !clash
	case byBirth:
		return born && n.name.same(m.name)
	case byLikeness:
		return n.name.like(m.name) && !clash && n.Kind != m.Kind
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
