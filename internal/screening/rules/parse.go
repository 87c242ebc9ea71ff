package rules

import (
	"reflect"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// ParseTree takes a condition apart for the builder. A condition that is no CEL is an error with its place; what names
// unknown attributes, or calls what the builder has no form for, is kept as text.
func (b *Builder) ParseTree(text string) (Node, error) {
	return b.parse(text, b.outer())
}

func (b *Builder) parse(text string, in []scope) (Node, error) {
	if _, issues := b.env.Parse(text); issues != nil && issues.Err() != nil {
		r := Rule{When: text, Domain: b.Domain}.Alone()
		return Node{}, r.compileErrors(issues, b.language)[0]
	}
	p := dissector{b, text, lex(text)}
	return p.any(0, len(p.tokens), in), nil
}

// dissector reads a condition that is known to be well formed.
type dissector struct {
	*Builder
	text   string
	tokens []lexeme
}

// any splits at ||, then at &&, then looks at what is left.
func (p *dissector) any(from, to int, in []scope) Node {
	if p.closes(from) == to-1 { // parentheses around all of it
		return p.any(from+1, to-1, in)
	}
	if p.find(from, to, "?") >= 0 {
		return p.verbatim(from, to)
	}
	for _, split := range []struct{ at, op string }{{"||", OpAny}, {"&&", OpAll}} {
		var of []Node
		start := from
		for {
			at := p.find(start, to, split.at)
			if at < 0 {
				break
			}
			of = join(of, p.any(start, at, in), split.op)
			start = at + 1
		}
		if of != nil {
			return group(split.op, join(of, p.any(start, to, in), split.op)...)
		}
	}
	if not := p.nots(from); not > 0 && p.operator(from+not, to) < 0 {
		n := p.any(from+not, to, in)
		for range not {
			n = denied(n)
		}
		return n
	}
	if n, ok := p.some(from, to, in); ok {
		return n
	}
	if n, ok := p.test(from, to, in); ok {
		return n
	}
	return p.verbatim(from, to)
}

// join appends a member to a group; a group of the same kind within it dissolves.
func join(of []Node, n Node, op string) []Node {
	if n.Kind == KindGroup && n.Op == op {
		return append(of, n.Of...)
	}
	return append(of, n)
}

// nots counts the ! that a part begins with.
func (p *dissector) nots(from int) int {
	n := 0
	for p.is(from+n, "!") {
		n++
	}
	return n
}

func (p *dissector) is(at int, text string) bool {
	return at < len(p.tokens) && p.tokens[at].kind != quotedLexeme && p.tokens[at].text == text
}

// verbatim keeps a part as it was written.
func (p *dissector) verbatim(from, to int) Node {
	if from >= to {
		return textNode("")
	}
	return textNode(p.text[p.tokens[from].at : p.tokens[to-1].at+len(p.tokens[to-1].text)])
}

// closes answers where the bracket that opens at a token ends; -1 where none opens.
func (p *dissector) closes(at int) int {
	if !p.is(at, "(") && !p.is(at, "[") && !p.is(at, "{") {
		return -1
	}
	depth := 0
	for i := at; i < len(p.tokens); i++ {
		switch {
		case p.is(i, "(") || p.is(i, "[") || p.is(i, "{"):
			depth++
		case p.is(i, ")") || p.is(i, "]") || p.is(i, "}"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// find a token outside of brackets.
func (p *dissector) find(from, to int, text ...string) int {
	for i := from; i < to; i++ {
		if closes := p.closes(i); closes > i {
			i = closes
			continue
		}
		for _, t := range text {
			if p.is(i, t) {
				return i
			}
		}
	}
	return -1
}

// operator finds a binary operator, below which ! does not reach.
func (p *dissector) operator(from, to int) int {
	return p.find(from, to, "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%")
}

// path reads name.name.name, and answers the token after it.
func (p *dissector) path(from, to int) (name string, next int) {
	at := from
	for at < to && p.tokens[at].kind == nameLexeme && !reserved(p.tokens[at].text) {
		at++
		if at+1 >= to || !p.is(at, ".") || p.tokens[at+1].kind != nameLexeme || p.is(at+2, "(") {
			break
		}
		at++
	}
	if at == from {
		return "", from
	}
	var b strings.Builder
	for _, t := range p.tokens[from:at] {
		b.WriteString(t.text)
	}
	return b.String(), at
}

// some reads list.exists(x, condition).
func (p *dissector) some(from, to int, in []scope) (Node, bool) {
	name, at := p.path(from, to)
	if !p.is(at, ".") || !p.is(at+1, "exists") || p.closes(at+2) != to-1 || !p.is(at+4, ",") || p.tokens[at+3].kind != nameLexeme {
		return Node{}, false
	}
	list, ok := pathNamed(name, in)
	if ok {
		list, ok = list.into()
	}
	if !ok {
		return Node{}, false
	}
	as := p.tokens[at+3].text
	inner := append(in[:len(in):len(in)], scope{as, list})
	return Node{Kind: KindSome, Attribute: name, As: as, Of: []Node{p.any(at+5, to-1, inner)}}, true
}

// test reads one comparison of an attribute with constants.
func (p *dissector) test(from, to int, in []scope) (Node, bool) {
	if name, at := p.path(from, to); at > from {
		if at == to {
			return p.tested(name, "is", true, in)
		}
		if p.is(at, ".") && p.closes(at+2) == to-1 && p.is(at+2, "(") {
			return p.method(name, at+1, to, in)
		}
		if p.is(at, "in") {
			return p.among(name, at+1, to, in)
		}
		return p.compared(name, at, to, in)
	}
	// constant operator attribute
	at := p.operator(from+1, to)
	if at < 0 {
		return Node{}, false
	}
	name, end := p.path(at+1, to)
	if end != to || name == "" {
		return Node{}, false
	}
	value, ok := p.constant(from, at)
	if !ok {
		return Node{}, false
	}
	if p.is(at, "in") {
		return p.tested(name, "has", value, in)
	}
	for i := range Operators {
		sign := p.tokens[at].text
		if o := &Operators[i]; o.sign != "" && !o.method && o.sign == flipped(sign) {
			return p.tested(name, o.Name, value, in)
		}
	}
	return Node{}, false
}

func flipped(sign string) string {
	return strings.NewReplacer("<", ">", ">", "<").Replace(sign)
}

func (p *dissector) compared(name string, at, to int, in []scope) (Node, bool) {
	for i := range Operators {
		if o := &Operators[i]; o.sign != "" && !o.method && p.is(at, o.sign) {
			value, ok := p.constant(at+1, to)
			if !ok {
				return Node{}, false
			}
			if truth, is := value.(bool); is && o.Name == "is_not" {
				return p.tested(name, "is", !truth, in)
			}
			return p.tested(name, o.Name, value, in)
		}
	}
	return Node{}, false
}

func (p *dissector) method(name string, at, to int, in []scope) (Node, bool) {
	for i := range Operators {
		if o := &Operators[i]; o.method && p.is(at, o.sign) {
			if value, ok := p.constant(at+2, to-1); ok {
				return p.tested(name, o.Name, value, in)
			}
		}
	}
	return Node{}, false
}

// among reads the constants of attribute in [a, b].
func (p *dissector) among(name string, at, to int, in []scope) (Node, bool) {
	if !p.is(at, "[") || p.closes(at) != to-1 {
		return Node{}, false
	}
	list := []any{}
	for start := at + 1; start < to-1; {
		end := p.find(start, to-1, ",")
		if end < 0 {
			end = to - 1
		}
		value, ok := p.constant(start, end)
		if !ok {
			return Node{}, false
		}
		list = append(list, value)
		start = end + 1
	}
	return p.tested(name, "in", list, in)
}

// instant and duration constants, told from texts.
type (
	instantText  string
	durationText string
)

// constant reads a literal, or timestamp("…") or duration("…").
func (p *dissector) constant(from, to int) (any, bool) {
	if from >= to {
		return nil, false
	}
	if to-from == 4 && p.is(from+1, "(") && p.closes(from+1) == to-1 {
		inner, _ := p.constant(from+2, from+3)
		text, ok := inner.(string)
		switch {
		case ok && p.is(from, "timestamp"):
			return instantText(text), true
		case ok && p.is(from, "duration"):
			return durationText(text), true
		}
		return nil, false
	}
	if to-from > 2 || to-from == 2 && !p.is(from, "-") {
		return nil, false
	}
	parsed, issues := p.env.Parse(p.verbatim(from, to).Text)
	if issues != nil && issues.Err() != nil {
		return nil, false
	}
	e := parsed.NativeRep().Expr()
	if e.Kind() != ast.LiteralKind {
		return nil, false
	}
	switch v := e.AsLiteral().(type) {
	case types.String:
		return string(v), true
	case types.Bool:
		return bool(v), true
	case types.Int:
		return int64(v), true
	case types.Uint:
		return uint64(v), true
	case types.Double:
		return float64(v), true
	}
	return nil, false
}

// tested makes a test where name, operator and constant go together as they stand: what would not compile stays text.
func (p *dissector) tested(name, operator string, value any, in []scope) (Node, bool) {
	path, ok := pathNamed(name, in)
	if !ok {
		return Node{}, false
	}
	o, _ := operatorNamed(operator)
	t, of := typesOf(path)
	if !o.goes(t, of) {
		return Node{}, false
	}
	one, at := t, path.at
	if t == TypeList {
		one, at = of, elem(path.at).Elem()
	}
	fits := func(v any) (any, bool) {
		switch v := v.(type) {
		case string:
			return v, one == TypeText
		case bool:
			return v, one == TypeFlag
		case int64:
			return v, one == TypeNumber && !isUnsigned(at)
		case uint64:
			return int64(v & (1<<63 - 1)), one == TypeNumber && isUnsigned(at) && v < 1<<63 //nolint:gosec // bounded
		case float64:
			return v, one == TypeDecimal
		case instantText:
			return string(v), one == TypeInstant
		case durationText:
			return string(v), one == TypeDuration
		}
		return nil, false
	}
	if list, many := value.([]any); many {
		out := make([]any, len(list))
		for i := range list {
			if out[i], ok = fits(list[i]); !ok {
				return Node{}, false
			}
		}
		return Node{Kind: KindTest, Attribute: name, Operator: operator, Value: out}, true
	}
	v, ok := fits(value)
	return Node{Kind: KindTest, Attribute: name, Operator: operator, Value: v}, ok
}

func isUnsigned(t reflect.Type) bool {
	t = elem(t)
	return t != nil && t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64
}

// isLoose says whether a text would come apart when something is put beside it.
func isLoose(text string) bool {
	p := dissector{text: text, tokens: lex(text)}
	return p.find(0, len(p.tokens), "?", "||", "&&") >= 0
}
