package links

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// What bounds an answer.
const (
	MostNodes     = 300
	MostSteps     = 4
	mostPeople    = 1500 // looked at for one question
	leastTogether = 3    // flights two people fly together before that is no chance
	mostJourneys  = 60   // of a person, the latest, looked at for who flew along
	halfLife      = 2 * 365 * 24 * time.Hour
)

// Node is a person, by the subject of the latest journey, or a value that several share.
type Node struct {
	ID        string       `json:"id"` // of a person's subject; of a value v: and its hash
	Kind      string       `json:"kind" enum:"person,value"`
	Label     string       `json:"label,omitempty"` // a name; a value, masked
	Context   string       `json:"context,omitempty"`
	Path      string       `json:"path,omitempty"` // its page
	Status    []string     `json:"status,omitempty" doc:"listed, decided, asked"`
	Step      int          `json:"step"`
	Trips     int          `json:"trips,omitempty"`
	First     time.Time    `json:"first,omitzero"`
	Last      time.Time    `json:"last,omitzero"`
	Weight    float64      `json:"weight,omitempty"` // of the best way there
	ValueKind string       `json:"value_kind,omitempty"`
	Common    bool         `json:"common,omitempty"`
	People    int          `json:"people,omitempty"` // who share it
	Subject   screening.ID `json:"-"`                // of a person
	person    key
}

// Edge joins a person to a value, or two people who fly together.
type Edge struct {
	From   string    `json:"from"`
	To     string    `json:"to"`
	Kind   string    `json:"kind"`
	Weight float64   `json:"weight"`
	First  time.Time `json:"first,omitzero"`
	Last   time.Time `json:"last,omitzero"`
	Common bool      `json:"common"`
	Trips  int       `json:"trips,omitempty"`
	Seats  int       `json:"seats,omitempty"`
}

// Graph is somebody's neighbourhood.
type Graph struct {
	Root      string `json:"root"`
	Depth     int    `json:"depth"`
	Truncated bool   `json:"truncated"` // there is more than was kept; the strongest were
	Nodes     []Node `json:"nodes"`
	Edges     []Edge `json:"edges"`
}

// Step of a way from one person to the next.
type Step struct {
	From   string    `json:"from"`
	To     string    `json:"to"`
	Kind   string    `json:"kind"`
	Value  string    `json:"value,omitempty"` // masked
	First  time.Time `json:"first,omitzero"`
	Last   time.Time `json:"last,omitzero"`
	Weight float64   `json:"weight"`
}

// Way is how two people are joined.
type Way struct {
	Found  bool    `json:"found"`
	Weight float64 `json:"weight,omitempty"`
	Steps  []Step  `json:"steps"`
	Nodes  []Node  `json:"nodes"`
	Edges  []Edge  `json:"edges"`
}

// hop is how somebody was reached: from whom, by which value.
type hop struct {
	from   key
	value  key // 0: by flying together
	weight float64
	total  float64
	step   int
}

// walk reads outwards from one person, the best ways first within a step. Common values lead nowhere.
type walk struct {
	*kept
	reached map[key]hop
	kinds   map[string]bool // nil is all
	least   float64         // ways that weigh less are not gone
	enough  int             // people; when so many are reached by better ways, the others are left. 0 is all
	cut     bool
}

// peopleAtOnce are gone on from before it is asked whether those reached are enough.
const peopleAtOnce = 48

func (w *walk) from(ctx context.Context, start key, steps int, until func(key) bool) error {
	w.reached = map[key]hop{start: {total: 1}}
	edge := []key{start}
	for step := 1; step <= steps && len(edge) > 0; step++ {
		next, err := w.step(ctx, edge, step)
		if err != nil {
			return err
		}
		if until != nil && slices.ContainsFunc(next, until) {
			return nil
		}
		edge = next
	}
	return nil
}

// step goes from people, the best first, to all who share a value with one of them.
func (w *walk) step(ctx context.Context, edge []key, step int) ([]key, error) {
	met := map[key]hop{}
	for some := range slices.Chunk(edge, peopleAtOnce) {
		if w.isEnough(met, w.reached[some[0]].total) {
			w.cut = true
			break
		}
		if err := w.meet(ctx, some, step, met); err != nil {
			return nil, err
		}
	}
	next := slices.SortedFunc(maps.Keys(met), func(a, b key) int { return cmp.Or(-cmp.Compare(met[a].total, met[b].total), cmp.Compare(a, b)) })
	if room := mostPeople - len(w.reached); len(next) > room {
		next, w.cut = next[:max(room, 0)], true
	}
	for _, k := range next {
		w.reached[k] = met[k]
	}
	return next, nil
}

// meet notes whom people share a value with.
func (w *walk) meet(ctx context.Context, people []key, step int, met map[key]hop) error {
	if err := w.persons(ctx, people); err != nil {
		return err
	}
	ties := make([][]key, len(people))
	for i, k := range people {
		if p := w.people[k]; p != nil {
			ties[i] = p.ties()
		}
	}
	if err := w.shares(ctx, slices.Concat(ties...)); err != nil {
		return err
	}
	for i, k := range people {
		total := w.reached[k].total
		for _, at := range ties[i] {
			v := w.values[at]
			if v == nil || v.common || !kindOf(v.kind).walked() || w.kinds != nil && !w.kinds[v.kind] {
				continue
			}
			weight := v.weight()
			if total*weight < w.least {
				continue
			}
			for _, other := range v.people {
				if _, known := w.reached[other]; known || other == k {
					continue
				}
				if h := met[other]; h.total < total*weight {
					met[other] = hop{k, at, weight, total * weight, step}
				}
			}
		}
	}
	return nil
}

// isEnough says that enough people are reached by ways as good as any that begins with one of so much weight: what is
// added to a way makes it no better.
func (w *walk) isEnough(met map[key]hop, weight float64) bool {
	if w.enough == 0 || len(w.reached)+len(met) < w.enough {
		return false
	}
	n := 0
	for _, reached := range []map[key]hop{w.reached, met} {
		for _, h := range reached {
			if h.total >= weight {
				n++
			}
		}
	}
	return n >= w.enough
}

// weight of sharing a value: the kind's, less for each doubling of those who share it.
func (v *shared) weight() float64 {
	return kindOf(v.kind).weight / math.Max(1, math.Log2(float64(len(v.people))))
}

// apart is what is left of a tie between two who used it so long after one another.
func apart(a, b *person, v key) float64 {
	aFirst, aLast, _ := a.span(v)
	bFirst, bLast, _ := b.span(v)
	gap := max(bFirst-aLast, aFirst-bLast, 0)
	return math.Exp2(-float64(gap) / halfLife.Seconds())
}

// nodeOf finds the person of a subject; zero is nobody.
func nodeOf(ctx context.Context, r store.Reader, id screening.ID) (key, error) {
	at, err := places(ctx, r, []screening.ID{id})
	return at[tripKey(id)].person, err
}

// Neighbourhood is who stands within so many steps (1 or 2) of a subject's person, and by what: at most limit nodes, the
// strongest. Kinds limits what is walked; none is all. known is false of a subject without ties.
func Neighbourhood(ctx context.Context, r store.Reader, id screening.ID, depth, limit int, kinds []string) (g Graph, known bool, err error) {
	start, err := nodeOf(ctx, r, id)
	if err != nil || start == 0 {
		return Graph{}, false, err
	}
	w := &walk{kept: ways(r), enough: limit}
	if len(kinds) > 0 {
		w.kinds = make(map[string]bool)
		for _, k := range kinds {
			w.kinds[k] = true
		}
	}
	if err := w.from(ctx, start, depth, nil); err != nil {
		return Graph{}, true, err
	}
	people := slices.SortedFunc(maps.Keys(w.reached), func(a, b key) int {
		return cmp.Or(-cmp.Compare(w.reached[a].total, w.reached[b].total), cmp.Compare(a, b))
	})
	if err := w.persons(ctx, people[:min(len(people), limit)]); err != nil {
		return Graph{}, true, err
	}
	d := drawing{walk: w, graph: Graph{Depth: depth, Nodes: []Node{}, Edges: []Edge{}}, ids: map[key]string{}, drawn: map[key]bool{}, joins: map[[2]key]bool{}, limit: limit}
	d.root(start, id)
	for _, k := range people {
		if k != start {
			d.reach(k)
		}
	}
	d.crossing()
	if w.kinds == nil || w.kinds[CoTravel] {
		if err := d.flownWith(ctx, start); err != nil {
			return Graph{}, true, err
		}
	}
	d.graph.Truncated = d.graph.Truncated || w.cut
	return d.graph, true, nil
}

// drawing puts what was walked on paper, as long as there is room.
type drawing struct {
	*walk
	graph Graph
	ids   map[key]string  // of people drawn
	drawn map[key]bool    // values
	joins map[[2]key]bool // edges drawn, from a person to a value
	limit int
}

func (d *drawing) person(k key, id screening.ID, step int, weight float64) {
	p := d.people[k]
	n := Node{ID: string(id), Kind: "person", Step: step, Trips: len(p.trips), Weight: rounded(weight), Subject: id, person: k}
	for i := range p.trips {
		at := time.Unix(p.trips[i].at, 0).UTC()
		if n.First.IsZero() || at.Before(n.First) {
			n.First = at
		}
		if at.After(n.Last) {
			n.Last = at
		}
	}
	d.ids[k] = n.ID
	d.graph.Nodes = append(d.graph.Nodes, n)
}

// root draws the person asked about with everything they tie to, what is common too.
func (d *drawing) root(start key, id screening.ID) {
	d.graph.Root = string(id)
	d.person(start, id, 0, 1)
	d.graph.Nodes[0].Status = []string{"asked"}
	for _, at := range d.people[start].values() {
		if v := d.values[at]; v != nil && v.kind != Journey && (v.common || len(v.people) > 1) && (d.kinds == nil || d.kinds[v.kind]) && len(d.graph.Nodes) < d.limit {
			d.value(v)
			d.edge(start, v)
		}
	}
}

func (d *drawing) value(v *shared) {
	if d.drawn[v.key] {
		return
	}
	d.drawn[v.key] = true
	n := Node{ID: valueID(v.key), Kind: "value", ValueKind: v.kind, Label: v.mask, Common: v.common, People: len(v.people)}
	d.graph.Nodes = append(d.graph.Nodes, n)
}

func (d *drawing) edge(person key, v *shared) {
	d.joins[[2]key{person, v.key}] = true
	first, last, _ := d.people[person].span(v.key)
	e := Edge{From: d.ids[person], To: valueID(v.key), Kind: v.kind, First: time.Unix(first, 0).UTC(), Last: time.Unix(last, 0).UTC(), Common: v.common}
	if !v.common {
		e.Weight = rounded(v.weight())
	}
	d.graph.Edges = append(d.graph.Edges, e)
}

// reach draws somebody with the value that led there.
func (d *drawing) reach(k key) {
	h := d.reached[k]
	if d.people[k] == nil || d.ids[h.from] == "" {
		return
	}
	v := d.values[h.value]
	room := 1
	if !d.drawn[v.key] {
		room++
	}
	if len(d.graph.Nodes)+room > d.limit {
		d.graph.Truncated = true
		return
	}
	d.value(v)
	d.person(k, d.people[k].latest(), h.step, h.total)
	if !d.joins[[2]key{h.from, v.key}] {
		d.edge(h.from, v)
	}
	d.edge(k, v)
}

// crossing adds what people that are drawn share besides.
func (d *drawing) crossing() {
	for _, k := range slices.SortedFunc(maps.Keys(d.ids), func(a, b key) int { return cmp.Compare(d.ids[a], d.ids[b]) }) {
		for _, at := range d.people[k].ties() {
			if v := d.values[at]; v != nil && d.drawn[at] && !d.joins[[2]key{k, at}] {
				d.edge(k, v)
			}
		}
	}
}

// flownWith joins the root to those who fly with them again and again.
func (d *drawing) flownWith(ctx context.Context, start key) error {
	found, err := d.coTravellers(ctx, d.people[start])
	if err != nil {
		return err
	}
	for _, c := range found {
		if d.ids[c.person] == "" {
			if len(d.graph.Nodes) >= d.limit {
				d.graph.Truncated = true
				continue
			}
			d.person(c.person, d.people[c.person].latest(), 1, c.weight())
		}
		d.graph.Edges = append(d.graph.Edges, Edge{From: d.ids[start], To: d.ids[c.person], Kind: CoTravel, Weight: rounded(c.weight()),
			First: time.Unix(c.first, 0).UTC(), Last: time.Unix(c.last, 0).UTC(), Trips: c.trips, Seats: c.seats})
	}
	return nil
}

func valueID(k key) string { return fmt.Sprintf("v:%x", k) }

func rounded(w float64) float64 { return math.Round(w*1000) / 1000 }

// companion is somebody who flies with a person again and again.
type companion struct {
	person       key
	trips, seats int // flights together; side by side
	first, last  int64
}

// weight grows with every flight beyond what chance gives.
func (c *companion) weight() float64 {
	return kinds[CoTravel].weight * (1 - 1/float64(c.trips+c.seats-leastTogether+2))
}

// coTravellers are those who share at least leastTogether of a person's latest journeys.
func (k *kept) coTravellers(ctx context.Context, p *person) ([]companion, error) {
	if len(p.trips) < leastTogether {
		return nil, nil
	}
	trips := slices.Clone(p.trips)
	slices.SortFunc(trips, func(a, b trip) int { return cmp.Or(-cmp.Compare(a.at, b.at), cmp.Compare(a.within, b.within)) })
	trips = trips[:min(len(trips), mostJourneys)]
	mine := make(map[key]trip, len(trips))
	var journeys []key
	for _, t := range trips {
		if _, twice := mine[t.within]; !twice && t.within != 0 {
			mine[t.within] = t
			journeys = append(journeys, t.within)
		}
	}
	if err := k.shares(ctx, journeys); err != nil {
		return nil, err
	}
	together := map[key]int{}
	for _, j := range journeys {
		if v := k.values[j]; v != nil && !v.common {
			for _, other := range v.people {
				if other != p.key {
					together[other]++
				}
			}
		}
	}
	maps.DeleteFunc(together, func(_ key, n int) bool { return n < leastTogether })
	others := slices.Sorted(maps.Keys(together))
	if err := k.persons(ctx, others); err != nil {
		return nil, err
	}
	var out []companion
	for _, o := range others {
		q := k.people[o]
		if q == nil {
			continue
		}
		c := companion{person: o}
		for i := range q.trips {
			t := &q.trips[i]
			m, shared := mine[t.within]
			if !shared || t.within == 0 {
				continue
			}
			c.trips++
			if besideEachOther(m.seat, t.seat) {
				c.seats++
			}
			if c.first == 0 || t.at < c.first {
				c.first = t.at
			}
			c.last = max(c.last, t.at)
		}
		if c.trips >= leastTogether {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b companion) int {
		return cmp.Or(-cmp.Compare(a.weight(), b.weight()), cmp.Compare(a.person, b.person))
	})
	return out[:min(len(out), mostCompanions)], nil
}

const mostCompanions = 40

// besideEachOther says that two seats are of one row, at most one apart.
func besideEachOther(a, b string) bool {
	if len(a) < 2 || len(a) != len(b) || a[:len(a)-1] != b[:len(b)-1] {
		return false
	}
	d := int(a[len(a)-1]) - int(b[len(b)-1])
	return d != 0 && d >= -2 && d <= 2
}

// Path is the strongest of the shortest ways between two subjects' persons, of at most MostSteps steps. known is false
// when one of them has no ties.
func Path(ctx context.Context, r store.Reader, from, to screening.ID) (way Way, known bool, err error) {
	way = Way{Steps: []Step{}, Nodes: []Node{}, Edges: []Edge{}}
	at, err := places(ctx, r, []screening.ID{from, to})
	if err != nil {
		return way, false, err
	}
	start, end := at[tripKey(from)].person, at[tripKey(to)].person
	if start == 0 || end == 0 {
		return way, false, nil
	}
	w := &walk{kept: ways(r)}
	if err := w.from(ctx, start, MostSteps, func(k key) bool { return k == end }); err != nil {
		return way, true, err
	}
	chain := []key{end}
	for k := end; k != start; {
		h, reached := w.reached[k]
		if !reached {
			chain = []key{end, start}
			break
		}
		k = h.from
		chain = append(chain, k)
	}
	slices.Reverse(chain)
	if err := w.persons(ctx, chain); err != nil {
		return way, true, err
	}
	d := drawing{walk: w, graph: Graph{Nodes: []Node{}, Edges: []Edge{}}, ids: map[key]string{}, drawn: map[key]bool{}, joins: map[[2]key]bool{}, limit: MostNodes}
	for i, k := range chain {
		id := w.people[k].latest()
		switch k {
		case start:
			id = from
		case end:
			id = to
		}
		d.person(k, id, i, w.reached[k].total)
	}
	d.graph.Nodes[0].Status = []string{"asked"}
	if _, way.Found = w.reached[end]; way.Found {
		way.Weight = rounded(w.reached[end].total)
		for i := 1; i < len(chain); i++ {
			h := w.reached[chain[i]]
			v := w.values[h.value]
			d.value(v)
			d.edge(chain[i-1], v)
			d.edge(chain[i], v)
			way.Steps = append(way.Steps, d.stepOf(chain[i-1], chain[i], v))
		}
	}
	way.Nodes, way.Edges = d.graph.Nodes, d.graph.Edges
	return way, true, nil
}

func (d *drawing) stepOf(from, to key, v *shared) Step {
	a, b := d.people[from], d.people[to]
	aFirst, aLast, _ := a.span(v.key)
	bFirst, bLast, _ := b.span(v.key)
	return Step{From: d.ids[from], To: d.ids[to], Kind: v.kind, Value: v.mask, First: time.Unix(min(aFirst, bFirst), 0).UTC(),
		Last: time.Unix(max(aLast, bLast), 0).UTC(), Weight: rounded(v.weight() * apart(a, b, v.key))}
}
