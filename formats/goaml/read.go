package goaml

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/formats/xmltree"
)

// Limits of a report: beyond them it is refused whole.
const (
	MaxBytes        = 20 << 20
	MaxDepth        = 40
	MaxTransactions = 10_000
	MaxFaults       = 200 // that are listed; Document.More counts the others
)

// Recognise tells whether a file holds goAML.
func Recognise(head []byte) bool {
	name, namespace := xmltree.Sniff(head)
	return name == "report" && namespace == ""
}

// Read reads every report of a file and calls each with it, or with why it cannot be read.
func Read(raw []byte, p *Profile, each func(*Document, *fault.Fault) error) error {
	if p == nil {
		p = &Profile{}
	}
	return xmltree.Each(raw, xmltree.Limits{Bytes: MaxBytes, Depth: MaxDepth}, func(t *xmltree.Tree, f *fault.Fault) error {
		if f != nil {
			return each(nil, f)
		}
		return each(decode(t, p))
	})
}

func decode(t *xmltree.Tree, p *Profile) (*Document, *fault.Fault) {
	root := t.Root
	t.Repeats = repeats
	if root.Name != "report" {
		f := t.Fault(root, "E-GOAML-ROOT", "the root element is <"+root.Name+">, not <report>", "send a goAML report")
		return nil, &f
	}
	n := 0
	for c := root.First; c != nil; c = c.Next {
		if c.Name == "transaction" {
			if n++; n > MaxTransactions {
				f := t.Fault(c, "E-GOAML-LIMIT", fmt.Sprintf("the report has more than %d transactions", MaxTransactions), "split it into several reports")
				return nil, &f
			}
		}
	}
	d := &Document{Offset: root.Start, Length: root.End - root.Start, Stage: Accepted}
	r := reading{tree: t, doc: d, profile: p}
	r.element(root, reportPlan, reflect.ValueOf(&d.Report).Elem(), false)
	if slices.ContainsFunc(d.Warnings, func(f fault.Fault) bool { return f.Strict }) {
		d.Stage = BreaksSchema
	}
	r.business(root)
	if d.Stage == Accepted && slices.ContainsFunc(d.Warnings, func(f fault.Fault) bool { return f.Strict }) {
		d.Stage = BreaksBusiness
	}
	slices.SortStableFunc(d.Warnings, func(a, b fault.Fault) int { return cmp.Compare(a.Offset, b.Offset) })
	return d, nil
}

// reading is the work on one report.
type reading struct {
	tree    *xmltree.Tree
	doc     *Document
	profile *Profile
}

// refuse adds a fault for which a unit sends the report back.
func (r *reading) refuse(n *xmltree.Node, rule, mend, format string, args ...any) {
	r.say(n, true, rule, mend, format, args...)
}

// remark adds a fault that is only told.
func (r *reading) remark(n *xmltree.Node, rule, mend, format string, args ...any) {
	r.say(n, false, rule, mend, format, args...)
}

func (r *reading) say(n *xmltree.Node, strict bool, rule, mend, format string, args ...any) {
	if r.full() {
		return
	}
	f := r.tree.Fault(n, rule, fmt.Sprintf(format, args...), mend)
	f.Strict = strict
	r.doc.Warnings = append(r.doc.Warnings, f)
}

func (r *reading) missing(n *xmltree.Node, name, format string, args ...any) {
	if r.full() {
		return
	}
	f := r.tree.Missing(n, name, "E-GOAML-MISSING", fmt.Sprintf(format, args...), "add it, in the schema's place")
	f.Strict = true
	r.doc.Warnings = append(r.doc.Warnings, f)
}

// full tells that no more faults are listed, and counts those that are not.
func (r *reading) full() bool {
	if len(r.doc.Warnings) < MaxFaults {
		return false
	}
	r.doc.More++
	return true
}

// element reads an element that holds elements into v.
func (r *reading) element(n *xmltree.Node, p *plan, v reflect.Value, ours bool) {
	if n.Text != "" {
		r.refuse(n, "E-GOAML-TEXT", "put it into an element", "text stands between the elements of <%s>", n.Name)
	}
	seen := make([]*xmltree.Node, len(p.fields))
	children := make([]child, 0, 16)
	for c := n.First; c != nil; c = c.Next {
		i, known := p.byName[c.Name]
		if !known {
			r.unknown(c)
			continue
		}
		f := &p.fields[i]
		children = append(children, child{c, i})
		switch {
		case seen[i] == nil:
			seen[i] = c
		case !f.list || f.item != "":
			r.refuse(c, "E-GOAML-REPEAT", "leave one", "<%s> comes more than once", c.Name)
			continue
		}
		target := v.FieldByIndex(f.index)
		if f.item != "" {
			r.wrapped(c, f, target, ours)
			continue
		}
		r.value(c, f, target, f.below(ours))
	}
	r.order(p, children)
	r.choices(n, p, seen, ours)
	r.presence(n, p, seen, ours)
}

func (r *reading) unknown(c *xmltree.Node) {
	r.refuse(c, "E-GOAML-UNKNOWN", "leave it out, or write it as the schema calls it", "the schema has no <%s> in <%s>", c.Name, c.Parent.Name)
	if len(r.doc.Unknown) < MaxFaults {
		r.doc.Unknown = append(r.doc.Unknown, Unknown{r.tree.Path(c), r.tree.Raw(c)})
	}
}

// wrapped reads the items of a wrapper.
func (r *reading) wrapped(n *xmltree.Node, f *field, v reflect.Value, ours bool) {
	some := false
	for c := n.First; c != nil; c = c.Next {
		if c.Name != f.item {
			r.unknown(c)
			continue
		}
		some = true
		r.value(c, f, v, f.below(ours))
	}
	if !some {
		r.missing(n, f.item, "<%s> is empty: it holds one <%s> or more", n.Name, f.item)
	}
}

// value reads one element into a field, or appends it to a list.
func (r *reading) value(n *xmltree.Node, f *field, v reflect.Value, ours bool) {
	if f.kind == raw {
		v.SetString(r.tree.Raw(n))
		return
	}
	if f.kind == element {
		target := reflect.New(f.typeOf(v))
		r.element(n, f.plan, target.Elem(), ours)
		put(v, target, f.list)
		return
	}
	if n.First != nil {
		r.refuse(n, "E-GOAML-VALUE", "write its text alone", "<%s> holds elements where a value is meant", n.Name)
		return
	}
	if n.Text == "" {
		if f.must || f.client && ours || f.kind != text {
			r.refuse(n, "E-GOAML-EMPTY", "fill it, or leave the element out where it is optional", "<%s> is empty", n.Name)
		}
		return
	}
	switch f.kind {
	case text:
		r.text(n, f)
		put(v, reflect.ValueOf(n.Text), f.list)
	case whole:
		number, err := strconv.ParseInt(n.Text, 10, 64)
		if err != nil || number < 0 || f.must && number < 1 {
			r.refuse(n, "E-GOAML-VALUE", "write a whole number", "%s %q is not a whole number that can be here", n.Name, clip(n.Text))
			return
		}
		v.SetInt(number)
	case amount:
		sum, err := money.Parse(n.Text)
		if err != nil {
			r.refuse(n, "E-GOAML-VALUE", "write digits and a decimal point, no thousands sign", "%s %q is %v", n.Name, clip(n.Text), err)
			return
		}
		v.Set(reflect.ValueOf(sum))
	case wall:
		w, complaint := ParseWall(n.Text)
		if complaint != "" {
			r.refuse(n, "E-GOAML-DATE", "write local time as YYYY-MM-DDThh:mm:ss", "%s %q %s", n.Name, clip(n.Text), complaint)
		}
		v.Set(reflect.ValueOf(w))
	case truth:
		yes := n.Text == "true" || n.Text == "1"
		if !yes && n.Text != "false" && n.Text != "0" {
			r.refuse(n, "E-GOAML-VALUE", "write true or false", "%s %q is neither true nor false", n.Name, clip(n.Text))
			return
		}
		v.Set(reflect.ValueOf(&yes))
	}
}

// typeOf is the struct an element field points to.
func (f *field) typeOf(v reflect.Value) reflect.Type {
	t := v.Type()
	if f.list {
		t = t.Elem()
	}
	return t.Elem()
}

func put(v, value reflect.Value, list bool) {
	if list {
		v.Set(reflect.Append(v, value))
		return
	}
	v.Set(value)
}

// text checks what a text may be.
func (r *reading) text(n *xmltree.Node, f *field) {
	length := len(n.Text)
	if f.max > 0 && length > f.max || f.exact > 0 {
		length = utf8.RuneCountInString(n.Text)
	}
	switch {
	case f.max > 0 && length > f.max:
		r.refuse(n, "E-GOAML-LENGTH", "shorten it", "%s is %d characters long, where %d are allowed", n.Name, length, f.max)
	case f.exact > 0 && length != f.exact:
		r.refuse(n, "E-GOAML-LENGTH", fmt.Sprintf("write exactly %d", f.exact), "%s is %d characters long, not %d", n.Name, length, f.exact)
	case f.of != nil && !slices.Contains(f.of, n.Text):
		r.refuse(n, "E-GOAML-CODE", "write one of "+strings.Join(f.of, ", "), "%s %q is not one of the schema's", n.Name, clip(n.Text))
	case f.code != "" && !r.profile.allows(f.code, n.Text):
		r.refuse(n, "E-GOAML-CODE", "take a code from the unit's list", "%s %q is not in the unit's list of codes", n.Name, clip(n.Text))
	case f.currency:
		if _, known := money.Digits(n.Text); !known {
			r.refuse(n, "E-GOAML-CODE", "write a currency of ISO 4217", "%s %q is no currency", n.Name, clip(n.Text))
		}
	case f.country && n.Text != "-":
		if _, _, known := country.Normalise(n.Text); !known || len(n.Text) > 3 {
			r.refuse(n, "E-GOAML-CODE", "write a country of ISO 3166-1", "%s %q is no country", n.Name, clip(n.Text))
		}
	}
}

// child is a child of an element, with its place in the schema's sequence.
type child struct {
	node *xmltree.Node
	slot int
}

// order finds the fewest children whose moving would put all into the schema's order: those outside a longest run in order.
func (r *reading) order(p *plan, children []child) {
	if slices.IsSortedFunc(children, func(a, b child) int { return cmp.Compare(a.slot, b.slot) }) {
		return
	}
	ends := []int{} // ends[k]: the child that ends, as early in the schema as can be, a run of k+1
	before := make([]int, len(children))
	for i := range children {
		k, _ := slices.BinarySearchFunc(ends, children[i].slot+1, func(j, slot int) int { return cmp.Compare(children[j].slot, slot) })
		if before[i] = -1; k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	kept := make([]bool, len(children))
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		kept[i] = true
	}
	for i, c := range children {
		if kept[i] {
			continue
		}
		// What stands on the wrong side of it: behind, though it comes before, or the other way round.
		for j, other := range children {
			if !kept[j] || (j < i) == (other.slot < c.slot) || other.slot == c.slot {
				continue
			}
			side := "before"
			if j > i {
				side = "behind"
			}
			r.refuse(c.node, "E-GOAML-ORDER", "put <"+c.node.Name+"> "+side+" <"+p.fields[other.slot].name+">",
				"<%s> is out of order: the schema has it %s <%s>", c.node.Name, side, p.fields[other.slot].name)
			break
		}
	}
}

// choices holds each group of alternatives to one.
func (r *reading) choices(n *xmltree.Node, p *plan, seen []*xmltree.Node, ours bool) {
	for _, group := range p.groups {
		var first *xmltree.Node
		needed, unless := false, ""
		var names []string
		for i := range p.fields {
			f := &p.fields[i]
			if f.choice != group {
				continue
			}
			names = append(names, f.name)
			needed = needed || r.profile.needed(p, f, ours)
			unless = f.unless
			switch {
			case seen[i] == nil:
			case first == nil:
				first = seen[i]
			default:
				later := seen[i]
				if later.Start < first.Start {
					first, later = later, first
				}
				r.refuse(later, "E-GOAML-CHOICE", "leave one of them", "<%s> and <%s> exclude each other", first.Name, later.Name)
			}
		}
		instead := (*xmltree.Node)(nil)
		if unless != "" {
			instead = seen[p.byName[unless]]
		}
		switch {
		case first != nil && instead != nil:
			r.refuse(first, "E-GOAML-CHOICE", "leave one of them", "<%s> stands beside <%s>", first.Name, unless)
		case first == nil && needed && instead == nil:
			r.missing(n, names[0], "<%s> lacks one of %s", n.Name, strings.Join(names, ", "))
		}
	}
}

// presence finds what has to be there and is not.
func (r *reading) presence(n *xmltree.Node, p *plan, seen []*xmltree.Node, ours bool) {
	for i := range p.fields {
		f := &p.fields[i]
		switch {
		case seen[i] != nil && f.with != "" && seen[p.byName[f.with]] == nil:
			r.missing(n, f.with, "<%s> stands alone: <%s> belongs to it", f.name, f.with)
		case seen[i] == nil && f.choice == "" && r.profile.needed(p, f, ours):
			r.missing(n, f.name, "<%s> lacks <%s>", n.Name, f.name)
		}
	}
}

func clip(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
