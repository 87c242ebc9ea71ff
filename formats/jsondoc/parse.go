package jsondoc

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/fault"
)

// Parse reads a whole document. The text is copied once; what is handed out are parts of that copy.
func Parse(raw []byte) (Value, *fault.Fault) {
	skip := 0
	if bytes.HasPrefix(raw, []byte("\ufeff")) {
		skip = len("\ufeff")
	}
	p := parser{s: string(raw), i: skip, most: min(MaxValues, fewValues+len(raw)/densest)}
	p.space()
	v, err := p.value(0)
	if err == nil {
		if p.space(); p.i < len(p.s) {
			err = p.wrong("text after the end of the document")
		}
	}
	if err != nil {
		err.Line = Line(raw, err.Offset)
		return Value{}, err
	}
	return v, nil
}

type parser struct {
	s      string
	i      int
	values int
	most   int      // values that a document of this length may hold
	spare  []Member // where members gather before their number is known
}

const mend = "send the document whole, as one JSON value in UTF-8"

func (p *parser) wrong(format string, args ...any) *fault.Fault {
	return &fault.Fault{Offset: min(p.i, len(p.s)), Rule: "json", Message: fmt.Sprintf(format, args...), Mend: mend}
}

func (p *parser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\r', '\n':
			p.i++
		default:
			return
		}
	}
}

func (p *parser) value(depth int) (Value, *fault.Fault) {
	if p.values++; p.values > p.most {
		f := p.wrong("more than %d values in a document of %d bytes", p.most, len(p.s))
		f.Mend = "send it in parts"
		return Value{}, f
	}
	if p.i >= len(p.s) {
		return Value{}, p.wrong("unexpected end of the document")
	}
	switch c := p.s[p.i]; {
	case c == '"':
		return p.text()
	case c == '{' || c == '[':
		if depth == MaxDepth {
			return p.tooDeep()
		}
		if c == '{' {
			return p.object(depth)
		}
		return p.array(depth)
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	case strings.HasPrefix(p.s[p.i:], "true"):
		return p.word(True, 4), nil
	case strings.HasPrefix(p.s[p.i:], "false"):
		return p.word(False, 5), nil
	case strings.HasPrefix(p.s[p.i:], "null"):
		return p.word(Null, 4), nil
	case len(p.s)-p.i < 5 && (strings.HasPrefix("true", p.s[p.i:]) || strings.HasPrefix("false", p.s[p.i:]) || strings.HasPrefix("null", p.s[p.i:])):
		p.i = len(p.s)
		return Value{}, p.wrong("unexpected end of the document")
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.i:])
	return Value{}, p.wrong("%q begins no JSON value", r)
}

func (p *parser) word(k Kind, n int) Value {
	v := Value{Kind: k, Offset: p.i, raw: p.s[p.i : p.i+n]}
	p.i += n
	return v
}

func (p *parser) object(depth int) (Value, *fault.Fault) {
	v := Value{Kind: Object, Offset: p.i}
	mark := len(p.spare)
	p.i++
	p.space()
	for more := p.i >= len(p.s) || p.s[p.i] != '}'; more; {
		if p.i < len(p.s) && p.s[p.i] != '"' {
			return v, p.wrong("a member's name in quotes should stand here")
		}
		if p.i >= len(p.s) {
			return v, p.wrong("unexpected end of the document")
		}
		name, err := p.text()
		if err != nil {
			return v, err
		}
		if p.space(); p.i < len(p.s) && p.s[p.i] != ':' {
			return v, p.wrong("a colon should follow the name %s", clip(name.raw))
		}
		p.i++
		p.space()
		inner, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		if v.Flaw == nil {
			v.Flaw = cmpFlaw(name.Flaw, inner.Flaw, name.text)
		}
		p.spare = append(p.spare, Member{Name: name.text, Value: inner, raw: name.raw})
		if more, err = p.comma('}'); err != nil {
			return v, err
		}
	}
	p.i++
	v.parts = p.take(mark)
	v.raw = p.s[v.Offset:p.i]
	if twice := repeated(v.parts); twice != nil && v.Flaw == nil {
		v.Flaw = &Flaw{Rule: "duplicate-key", Message: fmt.Sprintf("the name %s stands twice in one object", clip(twice.raw)),
			Mend: "give each name once", Pointer: "/" + Escape(twice.Name), Offset: twice.Value.Offset}
	}
	return v, nil
}

// cmpFlaw is the first flaw of a member, placed from its object.
func cmpFlaw(name, inner *Flaw, step string) *Flaw {
	f := name
	if f == nil {
		f = inner
	}
	if f == nil {
		return nil
	}
	placed := *f
	placed.Pointer = "/" + Escape(step) + placed.Pointer
	return &placed
}

// repeated is the second member of a name that stands twice.
func repeated(members []Member) *Member {
	const few = 24 // below that, looking at all pairs is quicker than a map
	if len(members) <= few {
		for i := range members {
			for j := range i {
				if members[i].Name == members[j].Name {
					return &members[i]
				}
			}
		}
		return nil
	}
	seen := make(map[string]struct{}, len(members))
	for i := range members {
		if _, twice := seen[members[i].Name]; twice {
			return &members[i]
		}
		seen[members[i].Name] = struct{}{}
	}
	return nil
}

func (p *parser) array(depth int) (Value, *fault.Fault) {
	v := Value{Kind: Array, Offset: p.i}
	mark := len(p.spare)
	p.i++
	p.space()
	for more := p.i >= len(p.s) || p.s[p.i] != ']'; more; {
		inner, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		if v.Flaw == nil && inner.Flaw != nil {
			v.Flaw = cmpFlaw(nil, inner.Flaw, strconv.Itoa(len(p.spare)-mark))
		}
		p.spare = append(p.spare, Member{Value: inner})
		if more, err = p.comma(']'); err != nil {
			return v, err
		}
	}
	p.i++
	v.parts = p.take(mark)
	v.raw = p.s[v.Offset:p.i]
	return v, nil
}

// comma steps over the comma before a further member, or stays at the closing bracket and answers false.
func (p *parser) comma(closing byte) (more bool, err *fault.Fault) {
	p.space()
	if p.i >= len(p.s) {
		return false, p.wrong("unexpected end of the document")
	}
	if p.s[p.i] == closing {
		return false, nil
	}
	if p.s[p.i] != ',' {
		return false, p.wrong("a comma or %q should stand here", closing)
	}
	p.i++
	p.space()
	if p.i < len(p.s) && p.s[p.i] == closing {
		return false, p.wrong("nothing stands between this comma and %q", closing)
	}
	return true, nil
}

func (p *parser) take(mark int) []Member {
	if mark == len(p.spare) {
		return nil
	}
	parts := append([]Member(nil), p.spare[mark:]...)
	p.spare = p.spare[:mark]
	return parts
}

// tooDeep steps over an array or object that nests too deep, counting brackets outside strings.
func (p *parser) tooDeep() (Value, *fault.Fault) {
	v := Value{Kind: Array, Offset: p.i}
	if p.s[p.i] == '{' {
		v.Kind = Object
	}
	for open := 0; p.i < len(p.s); p.i++ {
		switch p.s[p.i] {
		case '{', '[':
			open++
		case '}', ']':
			if open--; open == 0 {
				p.i++
				v.raw = p.s[v.Offset:p.i]
				v.Flaw = &Flaw{Rule: "depth", Message: fmt.Sprintf("nested deeper than %d", MaxDepth), Mend: "flatten it", Offset: v.Offset}
				return v, nil
			}
		case '"':
			for p.i++; p.i < len(p.s) && p.s[p.i] != '"'; p.i++ {
				if p.s[p.i] == '\\' {
					p.i++
				}
			}
		}
	}
	return v, p.wrong("unexpected end of the document")
}

func (p *parser) number() (Value, *fault.Fault) {
	start := p.i
	if p.s[p.i] == '-' {
		p.i++
	}
	whole := p.digits()
	switch {
	case whole == 0:
		return Value{}, p.wrong("a digit should stand here")
	case whole > 1 && p.s[p.i-whole] == '0':
		p.i -= whole
		return Value{}, p.wrong("a number begins with no zero before other digits")
	}
	if p.i < len(p.s) && p.s[p.i] == '.' {
		if p.i++; p.digits() == 0 {
			return Value{}, p.wrong("a digit should follow the point")
		}
	}
	if p.i < len(p.s) && p.s[p.i]|0x20 == 'e' {
		if p.i++; p.i < len(p.s) && (p.s[p.i] == '+' || p.s[p.i] == '-') {
			p.i++
		}
		if p.digits() == 0 {
			return Value{}, p.wrong("a digit should follow the exponent's letter")
		}
	}
	return Value{Kind: Number, Offset: start, raw: p.s[start:p.i]}, nil
}

func (p *parser) digits() int {
	start := p.i
	for p.i < len(p.s) && '0' <= p.s[p.i] && p.s[p.i] <= '9' {
		p.i++
	}
	return p.i - start
}

func (p *parser) text() (Value, *fault.Fault) {
	v := Value{Kind: String, Offset: p.i}
	p.i++
	plain := true
	for {
		if p.i >= len(p.s) {
			return v, p.wrong("unexpected end of the document inside a string")
		}
		c := p.s[p.i]
		switch {
		case c == '"':
			v.raw = p.s[v.Offset : p.i+1]
			inner := p.s[v.Offset+1 : p.i]
			p.i++
			if plain {
				v.text = inner
				return v, nil
			}
			return v, p.unescape(&v, inner)
		case c == '\\':
			plain = false
			p.i += 2
		case c < ' ':
			return v, p.wrong("a control character (0x%02X) in a string must be escaped", c)
		default:
			plain = plain && c < utf8.RuneSelf
			p.i++
		}
	}
}

// unescape reads a string that holds an escape, or a character outside ASCII.
func (p *parser) unescape(v *Value, inner string) *fault.Fault {
	if !utf8.ValidString(inner) {
		v.Flaw = &Flaw{Rule: "utf-8", Message: "bytes that are no UTF-8", Mend: "write the text in UTF-8", Offset: v.Offset}
		inner = strings.ToValidUTF8(inner, "\ufffd")
	}
	if strings.IndexByte(inner, '\\') < 0 {
		v.text = inner
		return nil
	}
	b := make([]byte, 0, len(inner))
	for i := 0; i < len(inner); {
		c := inner[i]
		if c != '\\' {
			b = append(b, c)
			i++
			continue
		}
		const plain, means = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		e := inner[i+1] // a string never ends after a single backslash
		if at := strings.IndexByte(plain, e); at >= 0 {
			b = append(b, means[at])
			i += 2
			continue
		}
		r, ok := hex4(inner, i)
		if !ok {
			p.i = v.Offset + 1
			return p.wrong("a string holds an escape that JSON does not have: \\%c", e)
		}
		i += 6
		if utf16.IsSurrogate(r) {
			low, ok := hex4(inner, i)
			if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
				r = pair
				i += 6
			} else {
				r = utf8.RuneError
				v.Flaw = &Flaw{Rule: "surrogate", Message: "half a surrogate pair is no character", Mend: "write both halves, or the character itself", Offset: v.Offset}
			}
		}
		b = utf8.AppendRune(b, r)
	}
	v.text = string(b)
	return nil
}

func hex4(s string, i int) (rune, bool) {
	if i+6 > len(s) || s[i] != '\\' || s[i+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
	return rune(n), err == nil //nolint:gosec // sixteen bits
}

func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
