package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// Format writes a tree as a condition, and gives the tree as it reads again: normalised.
func (b *Builder) Format(n Node) (text string, normal Node, err error) {
	if normal, err = b.Normal(n); err != nil {
		return "", n, err
	}
	var w strings.Builder
	b.write(&w, normal, b.outer(), bindsLoosest)
	if _, err := b.ParseTree(w.String()); err != nil {
		return "", normal, err
	}
	return w.String(), normal, nil
}

// How tightly the place binds that a node is written into.
const (
	bindsLoosest = iota
	bindsAny
	bindsAll
	bindsTight
)

func (b *Builder) write(w *strings.Builder, n Node, in []scope, place int) {
	switch n.Kind {
	case KindText:
		loose := place > bindsLoosest && isLoose(n.Text) || place == bindsTight
		parenthesised(w, loose, func() { w.WriteString(n.Text) })
	case KindTest:
		b.writeTest(w, n, in)
	case KindSome:
		inner := in
		if list, ok := pathNamed(n.Attribute, in); ok {
			if list, ok = list.into(); ok {
				inner = append(in[:len(in):len(in)], scope{n.As, list})
			}
		}
		w.WriteString(n.Attribute + ".exists(" + n.As + ", ")
		b.write(w, n.Of[0], inner, bindsLoosest)
		w.WriteString(")")
	default:
		b.writeGroup(w, n, in, place)
	}
}

func (b *Builder) writeGroup(w *strings.Builder, n Node, in []scope, place int) {
	switch n.Op {
	case OpNot:
		w.WriteString("!")
		parenthesised(w, n.Of[0].Kind != KindSome, func() { b.write(w, n.Of[0], in, bindsLoosest) })
	case OpAny:
		parenthesised(w, place > bindsAny, func() { b.join(w, n.Of, " || ", in, bindsAny) })
	default:
		parenthesised(w, place > bindsAll, func() { b.join(w, n.Of, " && ", in, bindsAll) })
	}
}

func (b *Builder) join(w *strings.Builder, nodes []Node, with string, in []scope, place int) {
	for i, n := range nodes {
		if i > 0 {
			w.WriteString(with)
		}
		b.write(w, n, in, place)
	}
}

func parenthesised(w *strings.Builder, so bool, write func()) {
	if so {
		w.WriteString("(")
	}
	write()
	if so {
		w.WriteString(")")
	}
}

func (b *Builder) writeTest(w *strings.Builder, n Node, in []scope) {
	p, _ := pathNamed(n.Attribute, in)
	t, of := typesOf(p)
	if t == TypeList {
		t = of
		p, _ = p.into()
	}
	literal := func(v any) string { return literalOf(v, t, isUnsigned(p.at)) }
	o, _ := operatorNamed(n.Operator)
	if truth, is := n.Value.(bool); is {
		if !truth {
			w.WriteString("!")
		}
		w.WriteString(n.Attribute)
		return
	}
	switch {
	case o.method:
		fmt.Fprintf(w, "%s.%s(%s)", n.Attribute, o.sign, literal(n.Value))
	case o.Many:
		list, _ := n.Value.([]any)
		parts := make([]string, len(list))
		for i := range list {
			parts[i] = literal(list[i])
		}
		text := n.Attribute + " in [" + strings.Join(parts, ", ") + "]"
		if n.Operator == "not_in" {
			text = "!(" + text + ")"
		}
		w.WriteString(text)
	case n.Operator == "has":
		w.WriteString(literal(n.Value) + " in " + n.Attribute)
	case n.Operator == "lacks":
		w.WriteString("!(" + literal(n.Value) + " in " + n.Attribute + ")")
	default:
		w.WriteString(n.Attribute + " " + o.sign + " " + literal(n.Value))
	}
}

func literalOf(v any, t string, unsigned bool) string {
	switch v := v.(type) {
	case string:
		switch t {
		case TypeInstant:
			return "timestamp(" + quoted(v) + ")"
		case TypeDuration:
			return "duration(" + quoted(v) + ")"
		}
		return quoted(v)
	case int64:
		text := strconv.FormatInt(v, 10)
		if unsigned {
			text += "u"
		}
		return text
	case float64:
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	}
	return fmt.Sprint(v)
}

// quoted is a text as CEL reads it: Go's quoting, all of whose escapes mean the same there.
func quoted(s string) string { return strconv.Quote(strings.ToValidUTF8(s, "\uFFFD")) }
