package rules

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// A rule's condition is taken apart into necessities: each a few predicates of which one at least holds of every view
// that the rule holds of. They are what rules are indexed by; the condition itself still has the last word, so a
// necessity that is left out costs time and never a hit.
//
// What a predicate says must be so simple that CEL's own answer and ours cannot differ: equality of a text, a number or
// a flag with a constant, a text's beginning, a range of a number, each of an attribute or of some element of a list.
type necessity []predicate

func (n necessity) String() string {
	parts := make([]string, len(n))
	for i := range n {
		parts[i] = n[i].String()
	}
	return strings.Join(parts, " || ")
}

// predicate is a simple condition on one attribute.
type predicate struct {
	attribute string  // its path, [] after a list: documents[].type
	steps     []step  // how to come to it
	is        relates // what is said of it
	text      string  // equal, prefix
	low, high int64   // within, both inclusive, as ordered keys; a flag is 0 or 1
	float     bool    // the keys are floats'
}

// step goes to a field, and then into each element of it where that is a list.
type step struct {
	index []int
	list  bool
}

// relates is what a predicate says of a value.
type relates uint8

const (
	equals relates = iota // a text
	begins                // a text
	within                // a number
	flag                  // a truth
)

func (p *predicate) key() string {
	return p.attribute + "\x00" + strconv.Itoa(int(p.is)) + "\x00" + p.text + "\x00" + strconv.FormatInt(p.low, 10) + "\x00" + strconv.FormatInt(p.high, 10)
}

func (p *predicate) String() string {
	switch p.is {
	case equals:
		return p.attribute + " == " + strconv.Quote(p.text)
	case begins:
		return p.attribute + " begins " + strconv.Quote(p.text)
	case flag:
		return p.attribute + " == " + strconv.FormatBool(p.low == 1)
	}
	number := func(key int64) string {
		if !p.float {
			return strconv.FormatInt(key, 10)
		}
		if key < 0 {
			key = math.MinInt64 - key
		}
		return strconv.FormatFloat(math.Float64frombits(uint64(key)), 'g', -1, 64) //nolint:gosec // the bits, as they are
	}
	switch {
	case p.low == p.high:
		return p.attribute + " == " + number(p.low)
	case p.low == math.MinInt64:
		return p.attribute + " <= " + number(p.high)
	case p.high == math.MaxInt64:
		return p.attribute + " >= " + number(p.low)
	}
	return number(p.low) + " <= " + p.attribute + " <= " + number(p.high)
}

const (
	// mostPredicates of one necessity: a condition that lists more values than this finds its rule little.
	mostPredicates = 256
	// mostProducts bounds what an "or" of two conditions, each with several necessities, is multiplied out to.
	mostProducts = 8
)

// necessary takes a checked condition apart.
func necessary(e ast.Expr, l *language) []necessity {
	x := extractor{scopes: []scope{{l.Name, attributePath{name: "", at: l.view}}}}
	return merge(x.holds(e))
}

// attributePath is where an expression leads: a type of Go, reached by steps.
type attributePath struct {
	name  string
	steps []step
	at    reflect.Type
}

// scope is a name and what it stands for: the view, or an element of a list that is gone through.
type scope struct {
	name string
	path attributePath
}

type extractor struct{ scopes []scope }

// resolve follows a chain of fields from a name.
func (x *extractor) resolve(e ast.Expr) (attributePath, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		for _, s := range slices.Backward(x.scopes) {
			if s.name == e.AsIdent() {
				return s.path, s.path.at != nil
			}
		}
	case ast.SelectKind:
		sel := e.AsSelect()
		if sel.IsTestOnly() {
			return attributePath{}, false
		}
		p, ok := x.resolve(sel.Operand())
		if !ok {
			return p, false
		}
		f, ok := fieldNamed(elem(p.at), sel.FieldName())
		if !ok {
			return p, false
		}
		name := sel.FieldName()
		if p.name != "" {
			name = p.name + "." + name
		}
		return attributePath{name, append(slices.Clip(p.steps), step{index: f.Index}), f.Type}, true
	case ast.CallKind: // list[n] is some element of the list
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			if p, ok := x.resolve(call.Args()[0]); ok {
				return p.into()
			}
		}
	}
	return attributePath{}, false
}

// into goes into the elements of a list.
func (p attributePath) into() (attributePath, bool) {
	t := elem(p.at)
	if t == nil || t.Kind() != reflect.Slice || len(p.steps) == 0 || p.steps[len(p.steps)-1].list {
		return p, false
	}
	steps := slices.Clone(p.steps)
	steps[len(steps)-1].list = true
	return attributePath{p.name + "[]", steps, t.Elem()}, true
}

// says makes a predicate of a value, where the kinds go together.
func (p attributePath) says(is relates, value any) (predicate, bool) {
	out := predicate{attribute: p.name, steps: p.steps, is: is}
	if elem(p.at) == nil {
		return out, false
	}
	switch kind := elem(p.at).Kind(); v := value.(type) {
	case types.String:
		out.text = string(v)
		return out, kind == reflect.String && (is == equals || is == begins)
	case types.Bool:
		out.is = flag
		if v {
			out.low = 1
		}
		out.high = out.low
		return out, kind == reflect.Bool
	default:
		key, ok := orderedKey(kind, elem(p.at), value)
		out.is, out.low, out.high = within, key, key
		_, out.float = value.(types.Double)
		return out, ok
	}
}

// orderedKey maps a constant to where it lies among the values of an attribute's kind.
func orderedKey(kind reflect.Kind, t reflect.Type, value any) (int64, bool) {
	if t == durationType {
		return 0, false
	}
	switch v := value.(type) {
	case types.Int:
		return int64(v), kind >= reflect.Int && kind <= reflect.Int64
	case types.Uint:
		return int64(min(uint64(v), math.MaxInt64)), kind >= reflect.Uint && kind <= reflect.Uint64 //nolint:gosec // bounded
	case types.Double:
		return floatKey(float64(v)), (kind == reflect.Float32 || kind == reflect.Float64) && !math.IsNaN(float64(v))
	}
	return 0, false
}

// floatKey orders floats as integers; both zeros are one.
func floatKey(f float64) int64 {
	if f == 0 {
		return 0
	}
	bits := int64(math.Float64bits(f)) //nolint:gosec // the bits, as they are
	if bits < 0 {
		return math.MinInt64 - bits
	}
	return bits
}

// holds answers what must be so for an expression to be true.
func (x *extractor) holds(e ast.Expr) []necessity {
	switch e.Kind() {
	case ast.SelectKind, ast.IdentKind:
		return x.isFlag(e, true)
	case ast.ComprehensionKind:
		return x.exists(e.AsComprehension())
	case ast.CallKind:
	default:
		return nil
	}
	call := e.AsCall()
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalAnd:
		return append(x.holds(args[0]), x.holds(args[1])...)
	case operators.LogicalOr:
		return either(x.holds(args[0]), x.holds(args[1]))
	case operators.LogicalNot:
		return x.fails(args[0])
	case operators.Equals:
		return x.compares(within, args[0], args[1], true)
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return x.ranges(call.FunctionName(), args[0], args[1])
	case operators.In:
		return x.in(args[0], args[1])
	case "startsWith":
		if call.IsMemberFunction() && len(args) == 1 {
			if text, ok := constant(args[0]).(types.String); ok && text != "" {
				if p, ok := x.resolve(call.Target()); ok {
					return one(p.says(begins, text))
				}
			}
		}
	case "sets.intersects":
		if found := x.intersects(args[0], args[1]); found != nil {
			return found
		}
		return x.intersects(args[1], args[0])
	}
	return nil
}

// fails answers what must be so for an expression to be false.
func (x *extractor) fails(e ast.Expr) []necessity {
	switch e.Kind() {
	case ast.SelectKind, ast.IdentKind:
		return x.isFlag(e, false)
	case ast.CallKind:
	default:
		return nil
	}
	args := e.AsCall().Args()
	switch e.AsCall().FunctionName() {
	case operators.LogicalNot:
		return x.holds(args[0])
	case operators.LogicalOr:
		return append(x.fails(args[0]), x.fails(args[1])...)
	case operators.LogicalAnd:
		return either(x.fails(args[0]), x.fails(args[1]))
	case operators.NotEquals:
		return x.compares(within, args[0], args[1], true)
	case operators.Equals:
		return x.compares(within, args[0], args[1], false)
	}
	return nil
}

func one(p predicate, ok bool) []necessity {
	if !ok {
		return nil
	}
	return []necessity{{p}}
}

// either multiplies out: each pair of necessities, one of each side, is one of both together.
func either(a, b []necessity) []necessity {
	if len(a)*len(b) > mostProducts {
		a, b = a[:1], b[:1]
	}
	var out []necessity
	for _, left := range a {
		for _, right := range b {
			if len(left)+len(right) <= mostPredicates {
				out = append(out, slices.Concat(left, right))
			}
		}
	}
	return out
}

func (x *extractor) isFlag(e ast.Expr, want bool) []necessity {
	if p, ok := x.resolve(e); ok && len(p.steps) > 0 {
		return one(p.says(flag, types.Bool(want)))
	}
	return nil
}

// compares reads attribute == constant, whichever stands first; equal is whether it must be so or must not. That
// something is another value than a constant says nothing, but of a flag.
func (x *extractor) compares(is relates, a, b ast.Expr, equal bool) []necessity {
	value := constant(b)
	p, ok := x.resolve(a)
	if value == nil || !ok {
		value = constant(a)
		if p, ok = x.resolve(b); value == nil || !ok {
			return nil
		}
	}
	switch v := value.(type) {
	case types.String:
		is = equals
	case types.Bool:
		is = flag
		if !equal {
			value, equal = !v, true
		}
	}
	if !equal {
		return nil
	}
	return one(p.says(is, value))
}

var turned = map[string]string{
	operators.Less: operators.Greater, operators.LessEquals: operators.GreaterEquals,
	operators.Greater: operators.Less, operators.GreaterEquals: operators.LessEquals,
}

func (x *extractor) ranges(operator string, a, b ast.Expr) []necessity {
	value := constant(b)
	p, ok := x.resolve(a)
	if value == nil || !ok {
		value, operator = constant(a), turned[operator]
		if p, ok = x.resolve(b); value == nil || !ok {
			return nil
		}
	}
	switch value.(type) {
	case types.Int, types.Uint, types.Double:
	default:
		return nil
	}
	out, ok := p.says(within, value)
	if !ok {
		return nil
	}
	switch operator {
	case operators.Less:
		if out.low == math.MinInt64 {
			return nil
		}
		out.low, out.high = math.MinInt64, out.high-1
	case operators.LessEquals:
		out.low = math.MinInt64
	case operators.Greater:
		if out.high == math.MaxInt64 {
			return nil
		}
		out.low, out.high = out.low+1, math.MaxInt64
	case operators.GreaterEquals:
		out.high = math.MaxInt64
	}
	return []necessity{{out}}
}

// in reads attribute in [constants], and constant in list.
func (x *extractor) in(a, b ast.Expr) []necessity {
	if b.Kind() == ast.ListKind {
		p, ok := x.resolve(a)
		if !ok {
			return nil
		}
		return x.oneOf(p, b)
	}
	value := constant(a)
	p, ok := x.resolve(b)
	if value == nil || !ok {
		return nil
	}
	if p, ok = p.into(); !ok {
		return nil
	}
	return one(p.says(equals, value))
}

func (x *extractor) oneOf(p attributePath, list ast.Expr) []necessity {
	elements := list.AsList().Elements()
	if len(elements) == 0 || len(elements) > mostPredicates {
		return nil
	}
	var out necessity
	for _, e := range elements {
		value := constant(e)
		if value == nil {
			return nil
		}
		said, ok := p.says(equals, value)
		if !ok {
			return nil
		}
		out = append(out, said)
	}
	return []necessity{out}
}

func (x *extractor) intersects(a, b ast.Expr) []necessity {
	p, ok := x.resolve(a)
	if !ok || b.Kind() != ast.ListKind {
		return nil
	}
	if p, ok = p.into(); !ok {
		return nil
	}
	return x.oneOf(p, b)
}

// exists reads the loop that list.exists(x, condition) stands for.
func (x *extractor) exists(c ast.ComprehensionExpr) []necessity {
	if c.HasIterVar2() || constant(c.AccuInit()) != types.False || c.LoopStep().Kind() != ast.CallKind ||
		c.LoopStep().AsCall().FunctionName() != operators.LogicalOr ||
		c.Result().Kind() != ast.IdentKind || c.Result().AsIdent() != c.AccuVar() {
		return nil
	}
	args := c.LoopStep().AsCall().Args()
	if args[0].Kind() != ast.IdentKind || args[0].AsIdent() != c.AccuVar() {
		return nil
	}
	list, ok := x.resolve(c.IterRange())
	if !ok {
		return nil
	}
	element, ok := list.into()
	if !ok {
		return nil
	}
	x.scopes = append(x.scopes, scope{c.IterVar(), element}, scope{name: c.AccuVar()})
	defer func() { x.scopes = x.scopes[:len(x.scopes)-2] }()
	return x.holds(args[1])
}

// constant is the value of a literal, a negative one too; nil of anything else.
func constant(e ast.Expr) any {
	if e.Kind() != ast.LiteralKind {
		return nil
	}
	switch v := e.AsLiteral().(type) {
	case types.String, types.Bool, types.Int, types.Uint, types.Double:
		return v
	}
	return nil
}

// merge narrows two ranges of one attribute to what they share, where the attribute has one value only.
func merge(all []necessity) []necessity {
	var out []necessity
	ranges := make(map[string]int)
	for _, n := range all {
		if len(n) == 1 && n[0].is == within && !strings.Contains(n[0].attribute, "[]") {
			if at, ok := ranges[n[0].attribute]; ok {
				both := out[at][0]
				both.low, both.high = max(both.low, n[0].low), min(both.high, n[0].high)
				out[at] = necessity{both}
				continue
			}
			ranges[n[0].attribute] = len(out)
		}
		out = append(out, n)
	}
	return out
}
