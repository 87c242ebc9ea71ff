package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// Node is a condition as the builder shows it: groups of tests on attributes. What the builder has no form for stands
// in it as text, as it was written. ParseTree and Format go from the text of a condition to its tree and back: the text
// of a tree parses to that tree again, once normalised, and the tree of a text is evaluated as that text is.
type Node struct {
	Kind      string `json:"kind" enum:"group,test,some,text"`
	Op        string `json:"op,omitempty" enum:"all,any,not" doc:"Of a group"`
	Attribute string `json:"attribute,omitempty" doc:"Of a test: its path, or within some its path from the element's name; of some: the list"`
	Operator  string `json:"operator,omitempty" doc:"Of a test"`
	Value     any    `json:"value,omitempty" doc:"Of a test: a text, a number, true or false, or a list of them; instants and durations are texts"`
	As        string `json:"as,omitempty" doc:"Of some: what an element is called within it"`
	Text      string `json:"text,omitempty" doc:"Of a text: the condition as it was written"`
	Of        []Node `json:"of,omitempty" doc:"What a group holds; of some: the one condition that an element meets"`
}

// The kinds of nodes, and what groups do.
const (
	KindGroup = "group"
	KindTest  = "test"
	KindSome  = "some"
	KindText  = "text"

	OpAll = "all"
	OpAny = "any"
	OpNot = "not"
)

// Operator is what a test can ask of an attribute.
type Operator struct {
	Name  string   `json:"name"`
	Doc   string   `json:"doc"`
	Types []string `json:"types" doc:"Of the attributes it goes with; list is a list of texts or numbers"`
	Many  bool     `json:"many,omitempty" doc:"Its value is a list"`

	sign   string // infix or method
	method bool
	not    string // the operator that says the opposite, where both have a form of their own
}

var ordered = []string{TypeNumber, TypeDecimal, TypeInstant, TypeDuration}

// Operators are those of the builder's tests.
var Operators = []Operator{
	{Name: "is", Doc: "equals", Types: append([]string{TypeText, TypeFlag}, ordered...), sign: "=="},
	{Name: "is_not", Doc: "differs from", Types: append([]string{TypeText}, ordered...), sign: "!="},
	{Name: "lt", Doc: "is less than, before", Types: ordered, sign: "<"},
	{Name: "le", Doc: "is at most", Types: ordered, sign: "<="},
	{Name: "gt", Doc: "is more than, after", Types: ordered, sign: ">"},
	{Name: "ge", Doc: "is at least", Types: ordered, sign: ">="},
	{Name: "in", Doc: "is one of", Types: []string{TypeText, TypeNumber}, Many: true, sign: "in", not: "not_in"},
	{Name: "not_in", Doc: "is none of", Types: []string{TypeText, TypeNumber}, Many: true, not: "in"},
	{Name: "starts_with", Doc: "begins with", Types: []string{TypeText}, sign: "startsWith", method: true},
	{Name: "ends_with", Doc: "ends with", Types: []string{TypeText}, sign: "endsWith", method: true},
	{Name: "contains", Doc: "holds within it", Types: []string{TypeText}, sign: "contains", method: true},
	{Name: "matches", Doc: "is of the pattern (RE2)", Types: []string{TypeText}, sign: "matches", method: true},
	{Name: "has", Doc: "holds the element", Types: []string{TypeList}, not: "lacks"},
	{Name: "lacks", Doc: "does not hold the element", Types: []string{TypeList}, not: "has"},
}

func operatorNamed(name string) (Operator, bool) {
	for _, o := range Operators {
		if o.Name == name {
			return o, true
		}
	}
	return Operator{}, false
}

// goes says whether an operator goes with an attribute of a type, of a list with what it holds.
func (o *Operator) goes(t, of string) bool {
	for _, with := range o.Types {
		if with == t && (t != TypeList || of == TypeText || of == TypeNumber) {
			return true
		}
	}
	return false
}

func operatorsOf(t, of string) []string {
	var out []string
	for i := range Operators {
		if Operators[i].goes(t, of) {
			out = append(out, Operators[i].Name)
		}
	}
	return out
}

// UnmarshalJSON keeps whole numbers whole.
func (n *Node) UnmarshalJSON(b []byte) error {
	type plain Node
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode((*plain)(n)); err != nil {
		return err
	}
	n.Value = plainValue(n.Value)
	return nil
}

func plainValue(v any) any {
	switch v := v.(type) {
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return whole
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	case []any:
		for i := range v {
			v[i] = plainValue(v[i])
		}
	}
	return v
}

// all and the like make nodes.
func group(op string, of ...Node) Node { return Node{Kind: KindGroup, Op: op, Of: of} }
func textNode(text string) Node        { return Node{Kind: KindText, Text: text} }

// deepestTree of nodes: a person's has three or four levels.
const deepestTree = 50

// treeFault is what is wrong with a tree; its place is the node's.
func treeFault(format string, args ...any) error {
	return &Error{Fault: &fault.Fault{Field: "tree", Rule: "rule_tree", Message: fmt.Sprintf(format, args...), Mend: "mend the builder's tree"}}
}

// Builder turns conditions of one domain into trees and back.
type Builder struct{ *language }

// NewBuilder is for the conditions over a vocabulary.
func NewBuilder(v Vocabulary) (*Builder, error) {
	l, err := languageOf(v)
	if err != nil {
		return nil, fmt.Errorf("vocabulary of %s: %w", v.Domain, err)
	}
	return &Builder{l}, nil
}

// Normal is the one form of all trees that say the same in the same order: no group within a group of its kind, none of
// a single member, nothing denied twice, texts taken apart as far as they can be.
func (b *Builder) Normal(n Node) (Node, error) {
	return b.normal(n, b.outer(), 0)
}

func (b *Builder) outer() []scope { return []scope{{b.Name, attributePath{at: b.view}}} }

func (b *Builder) normal(n Node, in []scope, depth int) (Node, error) {
	if depth > deepestTree {
		return n, treeFault("the tree is deeper than %d levels", deepestTree)
	}
	switch n.Kind {
	case KindText:
		return b.parse(n.Text, in)
	case KindTest:
		return b.normalTest(n, in)
	case KindSome:
		return b.normalSome(n, in, depth)
	case KindGroup:
	default:
		return n, treeFault("%q is no kind of node; it is group, test, some or text", n.Kind)
	}
	of := make([]Node, 0, len(n.Of))
	for _, child := range n.Of {
		child, err := b.normal(child, in, depth+1)
		if err != nil {
			return n, err
		}
		if child.Kind == KindGroup && child.Op == n.Op && n.Op != OpNot {
			of = append(of, child.Of...)
			continue
		}
		of = append(of, child)
	}
	switch {
	case n.Op == OpNot && len(of) == 1:
		return denied(of[0]), nil
	case n.Op == OpNot:
		return n, treeFault("not has one child, not %d", len(of))
	case n.Op != OpAll && n.Op != OpAny:
		return n, treeFault("%q is nothing a group does; it is all, any or not", n.Op)
	case len(of) == 1:
		return of[0], nil
	case len(of) == 0 && n.Op == OpAll:
		return textNode("true"), nil
	case len(of) == 0:
		return textNode("false"), nil
	}
	return group(n.Op, of...), nil
}

// denied is a node's opposite, in its normal form.
func denied(n Node) Node {
	if n.Kind == KindGroup && n.Op == OpNot {
		return n.Of[0]
	}
	if n.Kind == KindTest {
		if truth, is := n.Value.(bool); is {
			n.Value = !truth
			return n
		}
		if o, _ := operatorNamed(n.Operator); o.not != "" {
			n.Operator = o.not
			return n
		}
	}
	return group(OpNot, n)
}

func (b *Builder) normalSome(n Node, in []scope, depth int) (Node, error) {
	list, ok := pathNamed(n.Attribute, in)
	if ok {
		list, ok = list.into()
	}
	if !ok {
		return n, treeFault("%q is no list of %s", n.Attribute, b.Name)
	}
	if !isName(n.As) {
		return n, treeFault("%q cannot name an element; use a letter", n.As)
	}
	inner := append(in[:len(in):len(in)], scope{n.As, list})
	child, err := b.normal(group(OpAll, n.Of...), inner, depth+1)
	if err != nil {
		return n, err
	}
	return Node{Kind: KindSome, Attribute: n.Attribute, As: n.As, Of: []Node{child}}, nil
}

func (b *Builder) normalTest(n Node, in []scope) (Node, error) {
	p, ok := pathNamed(n.Attribute, in)
	if !ok {
		name := n.Attribute[strings.LastIndexByte(n.Attribute, '.')+1:]
		if kind, is := sensitive(name); is {
			return n, treeFault("%s is a sensitive attribute (%s): it does not exist on purpose", name, kind)
		}
		return n, treeFault("%q is not in the vocabulary of %s", n.Attribute, b.Domain)
	}
	o, ok := operatorNamed(n.Operator)
	t, of := typesOf(p)
	if !ok || !o.goes(t, of) {
		return n, treeFault("%s: %q does not go with it; %s do", n.Attribute, n.Operator, strings.Join(operatorsOf(t, of), ", "))
	}
	value, err := fitting(n.Value, t, of, o.Many)
	if err != nil {
		return n, treeFault("%s: %v", n.Attribute, err)
	}
	return Node{Kind: KindTest, Attribute: n.Attribute, Operator: n.Operator, Value: value}, nil
}

func typesOf(p attributePath) (t, of string) {
	if t = typeOf(p.at); t == TypeList {
		of = typeOf(elem(p.at).Elem())
	}
	return t, of
}

var errNoValue = errors.New("a value is missing")

// fitting makes a value of the type that an attribute compares with.
func fitting(v any, t, of string, many bool) (any, error) {
	if many {
		list, ok := v.([]any)
		if !ok {
			return nil, fmt.Errorf("want a list, not %v", v)
		}
		out := make([]any, len(list))
		for i := range list {
			var err error
			if out[i], err = fitting(list[i], t, of, false); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	if t == TypeList {
		t = of
	}
	if v == nil {
		return nil, errNoValue
	}
	ok := false
	switch t {
	case TypeText, TypeInstant, TypeDuration:
		var s string
		if s, ok = v.(string); ok {
			return strings.ToValidUTF8(s, "\uFFFD"), nil
		}
	case TypeFlag:
		_, ok = v.(bool)
	case TypeNumber:
		switch n := v.(type) {
		case int64:
			ok = true
		case int:
			return int64(n), nil
		case float64:
			if whole := int64(n); float64(whole) == n {
				return whole, nil
			}
		}
	case TypeDecimal:
		switch n := v.(type) {
		case int64:
			return float64(n), nil
		case int:
			return float64(n), nil
		case float64:
			ok = true
		}
	}
	if !ok {
		return nil, fmt.Errorf("%v is no %s", v, t)
	}
	return v, nil
}

// pathNamed resolves "d.type" in the scopes, innermost first.
func pathNamed(name string, in []scope) (attributePath, bool) {
	first, rest, more := strings.Cut(name, ".")
	for i := len(in) - 1; i >= 0; i-- {
		if in[i].name != first {
			continue
		}
		p := in[i].path
		for more {
			var field string
			field, rest, more = strings.Cut(rest, ".")
			f, ok := fieldNamed(elem(p.at), field)
			if !ok || typeOf(f.Type) == "" {
				return p, false
			}
			p = attributePath{p.name + "." + field, append(p.steps[:len(p.steps):len(p.steps)], step{index: f.Index}), f.Type}
		}
		return p, true
	}
	return attributePath{}, false
}
