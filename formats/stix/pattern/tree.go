package pattern

import (
	"strconv"
	"strings"
)

// Pattern is a pattern as it was read.
type Pattern struct {
	Root        Observations
	Unsupported []string // what in it cannot be evaluated here, and why
	Never       []string // why a part of it can never match, though it is well written
}

// Observations is an expression over observations: *Observation, *Combined or *Qualified.
type Observations interface {
	write(b *strings.Builder)
}

// Observation is what one observation must hold: [ … ].
type Observation struct{ Holds Comparison }

// Combined joins two or more expressions by AND, OR or FOLLOWEDBY.
type Combined struct {
	By string
	Of []Observations
}

// Qualified is an expression and one qualifier.
type Qualified struct {
	Of          Observations
	Within      float64 // seconds
	Repeats     int
	Start, Stop string // timestamps, as written
	within      string // as written
}

// Comparison is an expression within one observation: *Test or *Both.
type Comparison interface {
	write(b *strings.Builder)
}

// Both joins two or more comparisons by AND or OR.
type Both struct {
	By string
	Of []Comparison
}

// Test compares one property of an object.
type Test struct {
	Path   Path
	Not    bool
	By     string // = != < <= > >= IN LIKE MATCHES ISSUBSET ISSUPERSET EXISTS
	Values []Literal
	matcher
}

// Path leads to a property of a type of object.
type Path struct {
	Type  string
	Steps []Step
}

// Step is one step of a path: a name, or an index into a list.
type Step struct {
	Name  string
	Index int
	Any   bool // [*]
}

// Literal is a constant. Kind tells how Text is meant.
type Literal struct {
	Kind LiteralKind
	Text string // a string unescaped; anything else as written
}

// LiteralKind is the kind of a constant.
type LiteralKind uint8

// The kinds of constants.
const (
	Text LiteralKind = iota + 1
	Integer
	Float
	Boolean
	Hex
	Binary
	Timestamp
)

// String writes the pattern in one spelling. It reads as the same pattern.
func (p *Pattern) String() string {
	var b strings.Builder
	p.Root.write(&b)
	return b.String()
}

// Atomic tells a pattern that is nothing but one equality.
func (p *Pattern) Atomic() bool {
	o, ok := p.Root.(*Observation)
	if !ok {
		return false
	}
	t, ok := o.Holds.(*Test)
	return ok && t.By == "=" && !t.Not
}

// Tests are all comparisons of the pattern, in their order.
func (p *Pattern) Tests() []*Test {
	var out []*Test
	var inside func(Comparison)
	inside = func(c Comparison) {
		switch c := c.(type) {
		case *Test:
			out = append(out, c)
		case *Both:
			for _, part := range c.Of {
				inside(part)
			}
		}
	}
	p.each(func(o *Observation) { inside(o.Holds) })
	return out
}

// each gives the observations that the pattern speaks of, in their order.
func (p *Pattern) each(do func(*Observation)) {
	var over func(Observations)
	over = func(o Observations) {
		switch o := o.(type) {
		case *Observation:
			do(o)
		case *Combined:
			for _, part := range o.Of {
				over(part)
			}
		case *Qualified:
			over(o.Of)
		}
	}
	over(p.Root)
}

func (o *Observation) write(b *strings.Builder) {
	b.WriteByte('[')
	o.Holds.write(b)
	b.WriteByte(']')
}

// rank is how tightly an operator binds.
func rank(by string) int {
	switch by {
	case "FOLLOWEDBY":
		return 1
	case "OR":
		return 2
	}
	return 3
}

func (c *Combined) write(b *strings.Builder) {
	for i, part := range c.Of {
		if i > 0 {
			b.WriteString(" " + c.By + " ")
		}
		inner, ok := part.(*Combined)
		bracket(b, ok && rank(inner.By) <= rank(c.By), part.write)
	}
}

func (q *Qualified) write(b *strings.Builder) {
	_, ok := q.Of.(*Combined)
	bracket(b, ok, q.Of.write)
	switch {
	case q.Repeats > 0:
		b.WriteString(" REPEATS " + strconv.Itoa(q.Repeats) + " TIMES")
	case q.Start != "":
		b.WriteString(" START t'" + q.Start + "' STOP t'" + q.Stop + "'")
	default:
		b.WriteString(" WITHIN " + q.within + " SECONDS")
	}
}

func (c *Both) write(b *strings.Builder) {
	for i, part := range c.Of {
		if i > 0 {
			b.WriteString(" " + c.By + " ")
		}
		inner, ok := part.(*Both)
		bracket(b, ok && rank(inner.By) <= rank(c.By), part.write)
	}
}

func bracket(b *strings.Builder, wanted bool, write func(*strings.Builder)) {
	if wanted {
		b.WriteByte('(')
	}
	write(b)
	if wanted {
		b.WriteByte(')')
	}
}

func (t *Test) write(b *strings.Builder) {
	if t.By == "EXISTS" {
		if t.Not {
			b.WriteString("NOT ")
		}
		b.WriteString("EXISTS " + t.Path.String())
		return
	}
	b.WriteString(t.Path.String())
	if t.Not {
		b.WriteString(" NOT")
	}
	b.WriteString(" " + t.By + " ")
	if t.By != "IN" {
		t.Values[0].write(b)
		return
	}
	b.WriteByte('(')
	for i := range t.Values {
		if i > 0 {
			b.WriteString(", ")
		}
		t.Values[i].write(b)
	}
	b.WriteByte(')')
}

var escapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func (l *Literal) write(b *strings.Builder) {
	switch l.Kind {
	case Text:
		b.WriteString("'" + escapes.Replace(l.Text) + "'")
	case Hex:
		b.WriteString("h'" + l.Text + "'")
	case Binary:
		b.WriteString("b'" + l.Text + "'")
	case Timestamp:
		b.WriteString("t'" + l.Text + "'")
	default:
		b.WriteString(l.Text)
	}
}

// String writes the path as a pattern does.
func (p Path) String() string {
	var b strings.Builder
	b.WriteString(p.Type)
	for i, s := range p.Steps {
		switch {
		case s.Any:
			b.WriteString("[*]")
		case s.Name == "":
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
		default:
			b.WriteByte(":."[min(i, 1)])
			if plain(s.Name) {
				b.WriteString(s.Name)
			} else {
				b.WriteString("'" + escapes.Replace(s.Name) + "'")
			}
		}
	}
	return b.String()
}

// plain tells a name that needs no quotes.
func plain(name string) bool {
	for i := range len(name) {
		if !nameByte(name[i], i == 0) {
			return false
		}
	}
	return !keyword[name]
}
