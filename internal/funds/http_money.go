package funds

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/funds/typology"
	"github.com/rihla/rihla/internal/screening"
)

// moneyNode is a party, a border or a counter in a graph of money.
type moneyNode struct {
	ID       string             `json:"id"`
	Label    string             `json:"label"`
	Kind     string             `json:"kind" enum:"person,organisation,account,border,counter"`
	Root     bool               `json:"root,omitempty"`
	Findings int                `json:"findings"`
	Severity screening.Severity `json:"severity,omitempty"`
	In       money.Decimal      `json:"in_usd"`
	Out      money.Decimal      `json:"out_usd"`
}

// moneyEdge is one amount that moved.
type moneyEdge struct {
	ID         string        `json:"id"`
	From       string        `json:"from"`
	To         string        `json:"to"`
	Kind       typology.Kind `json:"kind"`
	At         time.Time     `json:"at"`
	Day        string        `json:"day"`
	Amount     money.Decimal `json:"amount"`
	Currency   string        `json:"currency"`
	USD        money.Decimal `json:"usd,omitzero"`
	Ref        string        `json:"ref"`
	EntryKind  Kind          `json:"entry_kind"`
	Entry      string        `json:"entry"`
	Suspicious bool          `json:"suspicious,omitempty"`
	Typologies []string      `json:"findings,omitempty" doc:"Typologies that it is part of"`
}

type moneyTotal struct {
	Currency string        `json:"currency"`
	In       money.Decimal `json:"in"`
	Out      money.Decimal `json:"out"`
	Count    int           `json:"count"`
}

type moneyGraph struct {
	Root      string       `json:"root"`
	From      string       `json:"from,omitempty"`
	To        string       `json:"to,omitempty"`
	Nodes     []*moneyNode `json:"nodes"`
	Edges     []moneyEdge  `json:"edges"`
	Totals    []moneyTotal `json:"totals"`
	Truncated bool         `json:"truncated"`
}

type getMoneyIn struct {
	ID    string `path:"id"`
	From  string `query:"from" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	To    string `query:"to" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	Depth int    `query:"depth" minimum:"1" maximum:"2" default:"1"`
}

type getMoneyOut struct {
	Body moneyGraph
}

// What bounds a graph that somebody is to see something in.
const (
	mostEdges = 1500
	mostWider = 40 // parties whose own money is drawn too
)

func (d *Domain) getMoney(ctx context.Context, in *getMoneyIn) (*getMoneyOut, error) {
	p, err := d.openParty(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	g, err := d.money(ctx, p, in)
	if err != nil {
		return nil, err
	}
	touched := make([]string, 0, len(g.Nodes))
	for _, n := range g.Nodes {
		if n.Kind != "border" && n.Kind != "counter" {
			touched = append(touched, n.ID)
		}
	}
	if err := d.tell(ctx, "party.money", touched...); err != nil {
		return nil, err
	}
	return &getMoneyOut{*g}, nil
}

func (d *Domain) money(ctx context.Context, root *Party, in *getMoneyIn) (*moneyGraph, error) {
	r := d.store.Read()
	g := &moneyGraph{Root: root.ID, From: in.From, To: in.To, Nodes: []*moneyNode{}, Edges: []moneyEdge{}, Totals: []moneyTotal{}}
	around, err := d.around(ctx, r, []string{root.ID})
	if err != nil {
		return nil, err
	}
	own := around[root.ID]
	entries := own.own
	if in.Depth > 1 {
		var beside set[string]
		for _, e := range entries {
			if e.counts() {
				beside.add(e.others(root.ID)...)
			}
		}
		g.Truncated = len(beside.values) > mostWider
		wider, err := d.around(ctx, r, beside.values[:min(len(beside.values), mostWider)])
		if err != nil {
			return nil, err
		}
		for _, id := range beside.values[:min(len(beside.values), mostWider)] {
			entries = append(entries, wider[id].own...)
		}
	}
	found, _ := typology.Evaluate(root.ID, own.movements(), &d.settings.Typologies)
	draw := drawing{graph: g, nodes: map[string]*moneyNode{}, seen: map[string]bool{}, found: found, totals: map[string]*moneyTotal{}, home: d.home}
	m := root.merge()
	draw.node(root.ID, cmp.Or(m.Name, m.title()), m.Kind).Root = true
	slices.SortStableFunc(entries, func(a, b *Entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	for _, e := range entries {
		draw.edge(e)
	}
	return g, draw.finish(ctx, d)
}

// drawing puts money that moved on paper.
type drawing struct {
	graph  *moneyGraph
	nodes  map[string]*moneyNode
	seen   map[string]bool
	found  []typology.Finding
	totals map[string]*moneyTotal
	home   string
}

func (w *drawing) node(id, label, kind string) *moneyNode {
	n := w.nodes[id]
	if n == nil {
		n = &moneyNode{ID: id, Label: label, Kind: kind, In: money.Of(0, 2), Out: money.Of(0, 2)}
		w.nodes[id] = n
		w.graph.Nodes = append(w.graph.Nodes, n)
	}
	return n
}

func (w *drawing) edge(e *Entry) {
	m, moved := e.movement()
	if !moved || w.seen[e.ID] || w.graph.From != "" && m.Day < w.graph.From || w.graph.To != "" && m.Day > w.graph.To {
		return
	}
	w.seen[e.ID] = true
	if len(w.graph.Edges) == mostEdges {
		w.graph.Truncated = true
		return
	}
	x := moneyEdge{ID: e.ID, From: m.From, To: m.To, Kind: m.Kind, At: m.At, Day: m.Day, Amount: m.Amount, Currency: m.Currency, USD: m.USD, Ref: e.Ref, EntryKind: e.Kind, Entry: e.ID}
	x.Suspicious = e.Moved != nil && e.Moved.Suspicious
	outside := "counter"
	label, kind := outside, "counter"
	if m.Kind.Carried() {
		label, kind = cmp.Or(e.Declaration.Country, w.home), "border"
		outside = "border:" + label
	}
	if m.Kind == typology.CarriedIn {
		x.From, x.To = outside, m.From
	}
	x.From, x.To = cmp.Or(x.From, outside), cmp.Or(x.To, outside)
	for _, end := range []string{x.From, x.To} {
		if end == outside {
			w.node(outside, label, kind)
			continue
		}
		for i := range e.Parts {
			if e.Parts[i].Party == end {
				ref := e.ref(i)
				w.node(end, cmp.Or(ref.Name, end), ref.Kind)
			}
		}
	}
	for i := range w.found {
		if slices.Contains(w.found[i].Movements, e.ID) {
			x.Typologies = append(x.Typologies, w.found[i].Typology)
		}
	}
	w.graph.Edges = append(w.graph.Edges, x)
	w.count(&x)
}

func (w *drawing) count(x *moneyEdge) {
	if !x.USD.IsZero() {
		from, to := w.nodes[x.From], w.nodes[x.To]
		if sum, ok := from.Out.Add(x.USD); ok {
			from.Out = sum
		}
		if sum, ok := to.In.Add(x.USD); ok {
			to.In = sum
		}
	}
	if x.From != w.graph.Root && x.To != w.graph.Root {
		return
	}
	t := w.totals[x.Currency]
	if t == nil {
		t = &moneyTotal{Currency: x.Currency, In: money.Of(0, 0), Out: money.Of(0, 0)}
		w.totals[x.Currency] = t
	}
	t.Count++
	side := &t.In
	if x.From == w.graph.Root {
		side = &t.Out
	}
	if sum, ok := side.Add(x.Amount); ok {
		*side = sum
	}
}

func (w *drawing) finish(ctx context.Context, d *Domain) error {
	for _, t := range w.totals {
		w.graph.Totals = append(w.graph.Totals, *t)
	}
	slices.SortFunc(w.graph.Totals, func(a, b moneyTotal) int { return cmp.Compare(a.Currency, b.Currency) })
	ids := make([]screening.ID, 0, len(w.graph.Nodes))
	for _, n := range w.graph.Nodes {
		ids = append(ids, screening.ID(n.ID))
	}
	tallies, err := screening.Tallies(ctx, d.store.Read(), ids)
	for _, n := range w.graph.Nodes {
		t := tallies[screening.ID(n.ID)]
		n.Findings, n.Severity = t.Findings, t.Severity
	}
	return err
}
