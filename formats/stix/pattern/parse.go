package pattern

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/stix/instant"
)

// Error is why a pattern cannot be read, and at which character of it, from 1.
type Error struct {
	Column  int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// Parse reads a pattern.
func Parse(text string) (*Pattern, error) {
	if len(text) > MaxLength {
		return nil, &Error{1, fmt.Sprintf("the pattern has %d bytes, and at most %d are read", len(text), MaxLength)}
	}
	if !utf8.ValidString(text) {
		return nil, &Error{1, "the pattern is not UTF-8"}
	}
	p := &parser{s: text, pattern: new(Pattern), states: maxStatesAll}
	root, err := p.followed(0)
	if err == nil {
		if p.space(); p.err == nil && p.i < len(p.s) {
			err = p.wrong("nothing should follow here, but %s does", p.here())
		}
	}
	switch {
	case p.err != nil:
		return nil, p.err
	case err != nil:
		return nil, err
	}
	p.pattern.Root = root
	return p.pattern, nil
}

type parser struct {
	s       string
	i       int
	err     *Error // a comment that does not end, noticed while stepping over space
	pattern *Pattern
	states  int // that its expressions may still have
}

var keyword = map[string]bool{"AND": true, "OR": true, "NOT": true, "FOLLOWEDBY": true, "LIKE": true, "MATCHES": true, "ISSUPERSET": true, "ISSUBSET": true,
	"EXISTS": true, "IN": true, "START": true, "STOP": true, "WITHIN": true, "SECONDS": true, "REPEATS": true, "TIMES": true, "true": true, "false": true}

func (p *parser) wrong(format string, args ...any) *Error {
	return p.wrongAt(p.i, format, args...)
}

func (p *parser) wrongAt(at int, format string, args ...any) *Error {
	return &Error{utf8.RuneCountInString(p.s[:min(at, len(p.s))]) + 1, fmt.Sprintf(format, args...)}
}

// here is what stands at the place, for a message.
func (p *parser) here() string {
	if p.i >= len(p.s) {
		return "the end"
	}
	if word := p.peekWord(); word != "" {
		return fmt.Sprintf("%.40q", word)
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.i:])
	return strconv.QuoteRune(r)
}

// space steps over blanks and comments.
func (p *parser) space() {
	for p.i < len(p.s) {
		rest := p.s[p.i:]
		switch {
		case strings.IndexByte(" \t\r\n\f\v", rest[0]) >= 0:
			p.i++
		case strings.HasPrefix(rest, "\u00a0") || strings.HasPrefix(rest, "\u2028") || strings.HasPrefix(rest, "\u2029") || strings.HasPrefix(rest, "\ufeff"):
			_, n := utf8.DecodeRuneInString(rest)
			p.i += n
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				if p.err == nil {
					p.err = p.wrong("a comment begins here and does not end")
				}
				p.i = len(p.s)
				return
			}
			p.i += 2 + end + 2
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest) - 1
			}
			p.i += end + 1
		default:
			return
		}
	}
}

func nameByte(c byte, first bool) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || !first && '0' <= c && c <= '9'
}

// peekWord is the word at the place; it stays there.
func (p *parser) peekWord() string {
	j := p.i
	for j < len(p.s) && nameByte(p.s[j], j == p.i) {
		j++
	}
	return p.s[p.i:j]
}

// word takes that keyword, if it stands here.
func (p *parser) word(want string) bool {
	p.space()
	if p.peekWord() != want {
		return false
	}
	p.i += len(want)
	return true
}

// mark takes that mark, if it stands here.
func (p *parser) mark(c byte) bool {
	p.space()
	if p.i >= len(p.s) || p.s[p.i] != c {
		return false
	}
	p.i++
	return true
}

func (p *parser) must(c byte, where string) *Error {
	if p.mark(c) {
		return nil
	}
	return p.wrong("%q should stand %s, not %s", c, where, p.here())
}

func (p *parser) mustWord(want string) *Error {
	if p.word(want) {
		return nil
	}
	return p.wrong("%s should stand here, not %s", want, p.here())
}

// followed, either and both read observations, loosest operator first.
func (p *parser) followed(depth int) (Observations, *Error) {
	return p.combined("FOLLOWEDBY", func() (Observations, *Error) {
		return p.combined("OR", func() (Observations, *Error) {
			return p.combined("AND", func() (Observations, *Error) { return p.observation(depth) })
		})
	})
}

// joined reads one operand, or several with an operator between.
func joined[T any](p *parser, by string, next func() (T, *Error), join func([]T) T) (T, *Error) {
	first, err := next()
	if err != nil {
		return first, err
	}
	of := []T{first}
	for p.word(by) {
		one, err := next()
		if err != nil {
			return first, err
		}
		of = append(of, one)
	}
	if len(of) == 1 {
		return first, nil
	}
	return join(of), nil
}

func (p *parser) combined(by string, next func() (Observations, *Error)) (Observations, *Error) {
	return joined(p, by, next, func(of []Observations) Observations { return &Combined{by, of} })
}

func (p *parser) observation(depth int) (Observations, *Error) {
	if depth > MaxDepth {
		return nil, p.wrong("brackets nest deeper than %d", MaxDepth)
	}
	var out Observations
	switch {
	case p.mark('['):
		holds, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		if err := p.must(']', "after the comparison"); err != nil {
			return nil, err
		}
		out = &Observation{holds}
		p.sameType(holds)
	case p.mark('('):
		inner, err := p.followed(depth + 1)
		if err != nil {
			return nil, err
		}
		if err := p.must(')', "after the observations"); err != nil {
			return nil, err
		}
		out = inner
	default:
		return nil, p.wrong("an observation in [ ] should stand here, not %s", p.here())
	}
	for qualifiers := 0; ; qualifiers++ {
		q, err := p.qualifier(out)
		if err != nil {
			return nil, err
		}
		if q == nil {
			return out, nil
		}
		if qualifiers == MaxDepth {
			return nil, p.wrong("more than %d qualifiers at one observation", MaxDepth)
		}
		out = q
	}
}

// sameType notes a comparison that asks one object to be of two types.
func (p *parser) sameType(c Comparison) (types map[string]bool) {
	switch c := c.(type) {
	case *Test:
		return map[string]bool{c.Path.Type: true}
	case *Both:
		for i, part := range c.Of {
			one := p.sameType(part)
			switch {
			case i == 0:
				types = one
			case c.By == "OR":
				for t := range one {
					types[t] = true
				}
			default:
				for t := range types {
					if !one[t] {
						delete(types, t)
					}
				}
				if len(types) == 0 {
					p.pattern.Never = append(p.pattern.Never, "one object cannot be of two types: join the types by AND between two [ ]")
					return one
				}
			}
		}
	}
	return types
}

func (p *parser) qualifier(of Observations) (*Qualified, *Error) {
	switch {
	case p.word("START"):
		q := &Qualified{Of: of}
		var err *Error
		if q.Start, err = p.moment(); err != nil {
			return nil, err
		}
		if err = p.mustWord("STOP"); err != nil {
			return nil, err
		}
		at := p.i
		if q.Stop, err = p.moment(); err != nil {
			return nil, err
		}
		if instant.Compare(q.Start, q.Stop) >= 0 {
			return nil, p.wrongAt(at, "STOP should be later than START")
		}
		return q, nil
	case p.word("WITHIN"):
		p.space()
		at := p.i
		n, err := p.literal()
		if err != nil {
			return nil, err
		}
		seconds, bad := strconv.ParseFloat(n.Text, 64)
		if n.Kind != Integer && n.Kind != Float || bad != nil || seconds <= 0 || seconds > 1e12 {
			return nil, p.wrongAt(at, "WITHIN takes a number of seconds above 0")
		}
		return &Qualified{Of: of, Within: seconds, within: n.Text}, p.mustWord("SECONDS")
	case p.word("REPEATS"):
		p.space()
		at := p.i
		n, err := p.literal()
		if err != nil {
			return nil, err
		}
		times, bad := strconv.Atoi(n.Text)
		if n.Kind != Integer || bad != nil || times <= 0 {
			return nil, p.wrongAt(at, "REPEATS takes a whole number above 0")
		}
		return &Qualified{Of: of, Repeats: times}, p.mustWord("TIMES")
	}
	return nil, nil
}

func (p *parser) moment() (string, *Error) {
	p.space()
	at := p.i
	l, err := p.literal()
	if err != nil {
		return "", err
	}
	if l.Kind != Timestamp {
		return "", p.wrongAt(at, "a timestamp t'…' should stand here")
	}
	return l.Text, nil
}

// either reads comparisons: AND binds tighter than OR.
func (p *parser) either(depth int) (Comparison, *Error) {
	return p.both("OR", func() (Comparison, *Error) {
		return p.both("AND", func() (Comparison, *Error) { return p.test(depth) })
	})
}

func (p *parser) both(by string, next func() (Comparison, *Error)) (Comparison, *Error) {
	return joined(p, by, next, func(of []Comparison) Comparison { return &Both{by, of} })
}

func (p *parser) test(depth int) (Comparison, *Error) {
	if depth > MaxDepth {
		return nil, p.wrong("brackets nest deeper than %d", MaxDepth)
	}
	if p.mark('(') {
		inner, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		return inner, p.must(')', "after the comparison")
	}
	t := new(Test)
	var err *Error
	before := p.i
	t.Not = p.word("NOT")
	if p.word("EXISTS") {
		t.By = "EXISTS"
		t.Path, err = p.path()
		return t, err
	}
	if t.Not {
		p.i = before
		p.space()
		return nil, p.wrong("NOT stands after the path, or before EXISTS")
	}
	if t.Path, err = p.path(); err != nil {
		return nil, err
	}
	t.Not = p.word("NOT")
	if err = p.operator(t); err != nil {
		return nil, err
	}
	if why := t.prepare(&p.states); why != "" {
		p.pattern.Unsupported = append(p.pattern.Unsupported, why)
	}
	return t, nil
}

func (p *parser) operator(t *Test) *Error {
	p.space()
	for _, by := range []string{"==", "!=", "<>", "<=", ">=", "=", "<", ">"} {
		if !strings.HasPrefix(p.s[p.i:], by) {
			continue
		}
		p.i += len(by)
		switch by {
		case "==":
			by = "="
		case "<>":
			by = "!="
		}
		t.By = by
		return p.one(t)
	}
	switch word := p.peekWord(); word {
	case "IN":
		p.i += len(word)
		t.By = word
		if err := p.must('(', "after IN"); err != nil {
			return err
		}
		if p.mark(')') {
			return nil
		}
		for {
			if err := p.one(t); err != nil {
				return err
			}
			if !p.mark(',') {
				return p.must(')', "after the values")
			}
		}
	case "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET":
		p.i += len(word)
		t.By = word
		p.space()
		at := p.i
		if err := p.one(t); err != nil {
			return err
		}
		if t.Values[0].Kind != Text {
			return p.wrongAt(at, "%s takes a text in quotes", word)
		}
		return nil
	}
	return p.wrong("a comparison such as = should stand here, not %s", p.here())
}

func (p *parser) one(t *Test) *Error {
	p.space()
	at := p.i
	l, err := p.literal()
	if err != nil {
		return err
	}
	if l.Kind == Boolean && strings.ContainsAny(t.By, "<>") {
		return p.wrongAt(at, "true and false have no order")
	}
	t.Values = append(t.Values, l)
	return nil
}

func (p *parser) path() (Path, *Error) {
	p.space()
	start := p.i
	for p.i < len(p.s) && (nameByte(p.s[p.i], p.i == start) || p.i > start && p.s[p.i] == '-') {
		p.i++
	}
	out := Path{Type: p.s[start:p.i]}
	if out.Type == "" || keyword[out.Type] {
		p.i = start
		return out, p.wrong("an object's path such as ipv4-addr:value should stand here, not %s", p.here())
	}
	if err := p.must(':', "after the object's type"); err != nil {
		return out, err
	}
	for {
		step, err := p.name()
		if err != nil {
			return out, err
		}
		out.Steps = append(out.Steps, Step{Name: step})
		for p.mark('[') {
			step, err := p.index()
			if err != nil {
				return out, err
			}
			out.Steps = append(out.Steps, step)
		}
		if len(out.Steps) > MaxDepth {
			return out, p.wrong("a path has at most %d steps", MaxDepth)
		}
		if !p.mark('.') {
			return out, nil
		}
	}
}

func (p *parser) name() (string, *Error) {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == '\'' {
		at := p.i
		name, err := p.quoted()
		if err == nil && name == "" {
			err = p.wrongAt(at, "a property's name is never empty")
		}
		return name, err
	}
	word := p.peekWord()
	if word == "" {
		return "", p.wrong("a property's name should stand here, not %s", p.here())
	}
	p.i += len(word)
	return word, nil
}

func (p *parser) index() (Step, *Error) {
	if p.mark('*') {
		return Step{Any: true}, p.must(']', "after the index")
	}
	p.space()
	start := p.i
	for p.i < len(p.s) && (p.s[p.i] == '-' && p.i == start || '0' <= p.s[p.i] && p.s[p.i] <= '9') {
		p.i++
	}
	n, err := strconv.Atoi(p.s[start:p.i])
	if err != nil {
		return Step{}, p.wrongAt(start, "an index is a whole number or *")
	}
	return Step{Index: n}, p.must(']', "after the index")
}

var (
	integerForm = regexp.MustCompile(`^[+-]?(?:0|[1-9]\d*)`)
	floatForm   = regexp.MustCompile(`^[+-]?\d*\.\d+`)
)

func (p *parser) literal() (Literal, *Error) {
	p.space()
	rest := p.s[p.i:]
	if len(rest) > 1 && rest[1] == '\'' {
		if kind := map[byte]LiteralKind{'h': Hex, 'b': Binary, 't': Timestamp}[rest[0]]; kind != 0 {
			return p.coded(kind)
		}
	}
	if rest != "" && rest[0] == '\'' {
		text, err := p.quoted()
		return Literal{Text, text}, err
	}
	switch word := p.peekWord(); word {
	case "true", "false":
		p.i += len(word)
		return Literal{Boolean, word}, nil
	}
	kind, text := Float, floatForm.FindString(rest)
	if text == "" {
		kind, text = Integer, integerForm.FindString(rest)
	}
	if text == "" {
		return Literal{}, p.wrong("a value should stand here, not %s", p.here())
	}
	if end := p.i + len(text); end < len(p.s) && (nameByte(p.s[end], false) || p.s[end] == '.') {
		return Literal{}, p.wrong("%.40q is no number", p.s[p.i:end+1])
	}
	p.i += len(text)
	return Literal{kind, text}, nil
}

// coded reads h'…', b'…' and t'…'.
func (p *parser) coded(kind LiteralKind) (Literal, *Error) {
	at := p.i
	p.i++
	text, err := p.quoted()
	if err != nil {
		return Literal{}, err
	}
	switch kind {
	case Hex:
		if len(text)%2 != 0 || strings.Trim(text, "0123456789abcdefABCDEF") != "" {
			return Literal{}, p.wrongAt(at, "h'…' holds pairs of hexadecimal digits")
		}
	case Binary:
		if _, bad := base64.StdEncoding.DecodeString(text); bad != nil {
			return Literal{}, p.wrongAt(at, "b'…' holds base64")
		}
	case Timestamp:
		if !instant.Valid(text) {
			return Literal{}, p.wrongAt(at, "t'…' holds a timestamp that ends in Z, on a day that exists")
		}
	}
	return Literal{kind, text}, nil
}

// quoted reads 'text', in which \' and \\ are escapes.
func (p *parser) quoted() (string, *Error) {
	start := p.i
	p.i++
	from := p.i
	plain := true
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case '\'':
			text := p.s[from:p.i]
			p.i++
			if plain {
				return text, nil
			}
			return unescape(text), nil
		case '\\':
			plain = false
			if p.i+1 < len(p.s) && p.s[p.i+1] != '\'' && p.s[p.i+1] != '\\' {
				return "", p.wrong(`in a text a backslash stands before ' or \ only: write \\`)
			}
			p.i += 2
		default:
			p.i++
		}
	}
	return "", p.wrongAt(start, "a text begins here and does not end")
}

func unescape(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}
