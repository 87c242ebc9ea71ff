package agreement

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/rihla/rihla/formats/fault"
)

// What a document may be at most: above what anybody signs, below what hurts.
const (
	longestDocument = 256 << 10 // bytes
	deepestDocument = 64        // levels of nesting; the form has six
	mostLines       = 5_000     // a sample has two hundred
	longestLine     = 8 << 10   // bytes
	mostMarks       = 10_000    // characters that YAML reads a meaning into; a parser takes the square of some of them
)

// place is where something stands in the text, from 1.
type place struct{ line, column int }

// reading takes a YAML tree into a Document, strictly, and remembers where everything stood.
type reading struct {
	problems Problems
	places   map[string]place
	quoted   map[string]bool // texts in quotes: what is in them begins one column later
}

// parse reads YAML into its one tree.
func (r *reading) parse(text []byte) (ast.Node, bool) {
	wrong := func(at place, why, mend string) (ast.Node, bool) {
		r.problems = append(r.problems, Problem{Code: CodeSchema, Line: max(at.line, 1), Column: max(at.column, 1), Why: why, Mend: mend})
		return nil, false
	}
	if len(text) > longestDocument {
		return wrong(place{}, fmt.Sprintf("the document is longer than %d KiB", longestDocument>>10), "shorten it")
	}
	if at, why := unreasonable(text); why != "" {
		return wrong(at, why, "write it as the form has it")
	}
	file, err := parseYAML(text)
	if err != nil {
		at, why := placeOf(err)
		return wrong(at, "this is not YAML: "+why, "mend it there")
	}
	var body ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case body != nil:
			return wrong(placeAt(doc.Body), "there is a second document in the file", "one file is one version of one agreement")
		default:
			body = doc.Body
		}
	}
	if body == nil {
		return wrong(place{}, "the file is empty", "write the agreement into it")
	}
	return body, true
}

// parseYAML keeps a parser's panic from going further; its input is anybody's.
func parseYAML(text []byte) (f *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, errors.New("it cannot be read")
		}
	}()
	return parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0)
}

// unreasonable finds what no agreement has and a parser would labour at: levels without end, lines without end.
func unreasonable(text []byte) (place, string) {
	open, marks, line := 0, 0, 0
	for raw := range bytes.Lines(text) {
		line++
		indent := len(raw) - len(bytes.TrimLeft(raw, " -?\t"))
		dashes := bytes.Count(raw[:indent], []byte("- ")) + bytes.Count(raw[:indent], []byte("? "))
		for column, c := range raw {
			switch c {
			case '[', '{':
				open++
			case ']', '}':
				open = max(open-1, 0)
			case ':', '"', '\'', '&', '*', '!', '|', '>':
				marks++
			}
			if open > deepestDocument {
				return place{line, column + 1}, "the document is nested too deeply"
			}
		}
		switch {
		case dashes > deepestDocument, indent > 8*deepestDocument:
			return place{line, 1}, "the document is nested too deeply"
		case len(raw) > longestLine:
			return place{line, 1}, "the line is too long"
		case line > mostLines:
			return place{line, 1}, "the document has too many lines"
		case marks > mostMarks:
			return place{line, 1}, "the document has too many keys and quotes"
		}
	}
	return place{}, ""
}

func placeOf(err error) (place, string) {
	var y yaml.Error
	if errors.As(err, &y) {
		if t := y.GetToken(); t != nil && t.Position != nil {
			return place{t.Position.Line, t.Position.Column}, y.GetMessage()
		}
		return place{}, y.GetMessage()
	}
	why, _, _ := strings.Cut(err.Error(), "\n")
	return place{}, why
}

// placeAt is where a node begins; a mapping's token is its first colon, so its first key is taken.
func placeAt(n ast.Node) place {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return placeAt(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return placeAt(n.Key)
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{}
}

func (r *reading) wrong(path string, n ast.Node, value, why, mend string) {
	at := placeAt(n)
	r.problems = append(r.problems, Problem{Code: CodeSchema, Path: path, Line: at.line, Column: at.column, Value: value, Why: why, Mend: mend})
}

// value reads a node into what Go has for it.
func (r *reading) value(path string, n ast.Node, into reflect.Value) {
	r.places[path], r.quoted[path] = placeAt(n), isQuoted(n)
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode, *ast.DirectiveNode:
		r.wrong(path, n, "", "anchors, aliases, merged keys and tags are not allowed", "write the value out where it belongs")
		return
	}
	switch to := into.Addr().Interface().(type) {
	case *Duration:
		parsed(r, path, n, to, ParseDuration)
		return
	case *Date:
		parsed(r, path, n, to, ParseDate)
		return
	case *OneOrMore:
		if text, ok := scalar(n); ok {
			*to = OneOrMore{text}
			return
		}
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.value(path, n, into.Elem())
	case reflect.Struct:
		r.record(path, n, into)
	case reflect.Slice:
		r.list(path, n, into)
	case reflect.Map:
		r.pairs(path, n, into)
	case reflect.String:
		if text, ok := scalar(n); ok {
			into.SetString(text)
		} else {
			r.mistyped(path, n, "a text")
		}
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			into.SetBool(b.Value)
		} else {
			r.mistyped(path, n, "true or false")
		}
	case reflect.Int:
		number, ok := whole(n)
		if !ok {
			r.mistyped(path, n, "a whole number")
		} else if number > 1_000_000_000 {
			r.wrong(path, n, n.GetToken().Value, "the number is too large", "write one up to a thousand million")
		} else {
			into.SetInt(int64(number))
		}
	case reflect.Float64:
		if number, ok := whole(n); ok {
			into.SetFloat(float64(number))
		} else if f, ok := n.(*ast.FloatNode); ok {
			into.SetFloat(f.Value)
		} else {
			r.mistyped(path, n, "a number")
		}
	default:
		r.mistyped(path, n, "something else")
	}
}

func (r *reading) mistyped(path string, n ast.Node, want string) {
	r.wrong(path, n, shown(n), "this is not "+want, "write "+want)
}

// parsed reads a text that has a form of its own.
func parsed[T any](r *reading, path string, n ast.Node, to *T, parse func(string) (T, error)) {
	text, ok := scalar(n)
	if !ok {
		r.mistyped(path, n, "a text")
		return
	}
	v, err := parse(text)
	if err != nil {
		why, mend, _ := strings.Cut(err.Error(), ": ")
		r.wrong(path, n, text, why, mend)
		return
	}
	*to = v
}

// scalar is the text of a node: what stands there as it is written, for a text needs no quotes in YAML. A number or a
// truth where a text belongs is no text.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		if n.Value == nil {
			return "", true
		}
		return n.Value.Value, true
	}
	return "", false
}

// whole is a number that is not negative and has no fraction.
func whole(n ast.Node) (uint64, bool) {
	if i, ok := n.(*ast.IntegerNode); ok {
		if number, ok := i.Value.(uint64); ok {
			return number, true
		}
	}
	return 0, false
}

// shown is a value as a problem shows it.
func shown(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode:
		return ""
	}
	if t := n.GetToken(); t != nil {
		return clipped(t.Value)
	}
	return ""
}

// clipped keeps what somebody wrote short enough to be shown.
func clipped(text string) string {
	const most = 200
	letters := []rune(text)
	if len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// entries are the pairs of a mapping; a mapping of one is a node of another kind.
func entries(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// record reads a mapping into a struct: every key known, none twice, those there that must be.
func (r *reading) record(path string, n ast.Node, into reflect.Value) {
	pairs, ok := entries(n)
	if !ok {
		r.mistyped(path, n, "a mapping of keys to values")
		return
	}
	known := keysOf(into.Type())
	seen := map[string]bool{}
	for _, pair := range pairs {
		key, ok := r.key(path, pair)
		if !ok {
			continue
		}
		at := join(path, key)
		i := slices.IndexFunc(known, func(k keyOf) bool { return k.name == key })
		switch {
		case seen[key]:
			r.wrong(at, pair.Key, key, "the key is there twice", "keep one of them")
		case i < 0:
			r.wrong(at, pair.Key, key, "there is no such key", suggestion(key, known))
		default:
			r.value(at, pair.Value, into.Field(known[i].index))
		}
		seen[key] = true
	}
	for _, k := range known {
		if k.required && !seen[k.name] {
			r.wrong(join(path, k.name), n, "", k.name+" is missing", "add it")
		}
	}
}

// key reads the name on the left of a pair.
func (r *reading) key(path string, pair *ast.MappingValueNode) (string, bool) {
	if s, ok := pair.Key.(*ast.StringNode); ok {
		return s.Value, true
	}
	r.wrong(path, pair.Key, clipped(pair.Key.GetToken().Value), "a key is a plain name", "no merged keys, numbers or anchors")
	return "", false
}

func (r *reading) list(path string, n ast.Node, into reflect.Value) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		r.mistyped(path, n, "a list")
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(s.Values), len(s.Values)))
	for i, one := range s.Values {
		r.value(fmt.Sprintf("%s[%d]", path, i), one, into.Index(i))
	}
}

func (r *reading) pairs(path string, n ast.Node, into reflect.Value) {
	pairs, ok := entries(n)
	if !ok {
		r.mistyped(path, n, "a mapping of names to names")
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, pair := range pairs {
		key, ok := r.key(path, pair)
		if !ok {
			continue
		}
		if into.MapIndex(reflect.ValueOf(key)).IsValid() {
			r.wrong(join(path, key), pair.Key, key, "the key is there twice", "keep one of them")
			continue
		}
		value := reflect.New(into.Type().Elem()).Elem()
		r.value(join(path, key), pair.Value, value)
		into.SetMapIndex(reflect.ValueOf(key), value)
	}
}

// keyOf is a key of the document as a field's tag names it. One whose absence the tag does not allow is required.
type keyOf struct {
	name     string
	index    int
	required bool
}

func keysOf(t reflect.Type) []keyOf {
	keys := make([]keyOf, 0, t.NumField())
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		keys = append(keys, keyOf{name, i, !strings.Contains(options, "omit")})
	}
	return keys
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// suggestion names the key most like one that there is not.
func suggestion(key string, known []keyOf) string {
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = k.name
	}
	return nearest(key, names, "take it out: what the form does not have, nobody has agreed to")
}

// nearest asks whether a known name was meant, or says otherwise.
func nearest(name string, known []string, otherwise string) string {
	if best := fault.Nearest(name, known, max(2, len(name)/3)); best != "" {
		return "did you mean " + best + "?"
	}
	return otherwise
}

// innerPlace moves from a text's place to one inside it, as far as that can be told: line counts from 1, column from 0.
func innerPlace(at place, quoted bool, line, column int) place {
	if line != 1 {
		return at
	}
	if quoted {
		column++
	}
	return place{at.line, at.column + column}
}

// isQuoted says whether a text stands in quotes.
func isQuoted(n ast.Node) bool {
	t := n.GetToken()
	return t != nil && (t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType)
}
