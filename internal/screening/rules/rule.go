package rules

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/rihla/rihla/formats/fault"
)

// File is a rule file as it came. It holds one rule, or several under the key rules.
type File struct {
	Name string
	Data []byte
}

// Rule is one rule as its owner wrote it.
type Rule struct {
	ID       string    `yaml:"id" json:"id"`
	Version  string    `yaml:"version" json:"version"`
	Title    string    `yaml:"title" json:"title"`
	Owner    string    `yaml:"owner" json:"owner"`
	Basis    string    `yaml:"basis" json:"basis"`                       // the law it stands on
	Expires  string    `yaml:"expires" json:"expires,omitempty"`         // the last day it holds, YYYY-MM-DD
	Severity string    `yaml:"severity" json:"severity"`                 // low, medium, high, critical
	Domain   string    `yaml:"domain" json:"domain"`                     // travel, cargo …
	When     string    `yaml:"when" json:"expression"`                   // CEL over the domain's vocabulary
	Explain  string    `yaml:"explain" json:"explain,omitempty"`         // what the officer should know
	Advice   string    `yaml:"advice,omitempty" json:"advice,omitempty"` // and do
	Examples []Example `yaml:"examples" json:"examples"`

	Shadow bool `yaml:"-" json:"-"` // evaluated, but only to learn what it would find

	file   string
	line   int // where it begins
	when   place
	places []int // where each example begins
}

// Alone places a rule that came by itself, not in a file: errors of its condition count from the condition's beginning.
func (r Rule) Alone() Rule {
	r.file, r.line, r.when, r.places = r.ID, 0, place{line: 1, column: 1}, nil
	return r
}

// Example is a view, in part, and whether the rule is to hit it.
type Example struct {
	Name  string         `yaml:"name" json:"name"`
	Given map[string]any `yaml:"given" json:"given,omitempty"`
	Want  bool           `yaml:"want" json:"want"`
}

// place is where an expression begins in its file, and how far its further lines are indented.
type place struct {
	line, column int
	folded       []int // of a folded text: the code points of each of its lines in the file
}

// Error is one thing wrong in a rule file. Its text names file, line and column.
type Error struct {
	File   string
	Column int // from 1, in code points; 0 is not known
	Offset int // within the condition, in code points
	Length int // of what is wrong, in code points; 0 is a point
	Fault  *fault.Fault
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Fault.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Fault.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	b.WriteString(": ")
	if e.Fault.Field != "" {
		b.WriteString(e.Fault.Field + ": ")
	}
	b.WriteString(e.Fault.Message)
	if e.Fault.Mend != "" {
		b.WriteString(" (" + e.Fault.Mend + ")")
	}
	return b.String()
}

// Unwrap gives the fault with its place.
func (e *Error) Unwrap() error { return e.Fault }

const longestFile = 1 << 20 // bytes; five hundred rules with examples take a third of it

// Read reads rule files without compiling the rules. All that is wrong is told; what could be read is given.
func Read(files []File) (rules []Rule, errs []error) {
	for _, f := range files {
		read, wrong := readFile(f)
		rules, errs = append(rules, read...), append(errs, wrong...)
	}
	return rules, errs
}

func readFile(f File) ([]Rule, []error) {
	wrong := func(line, column int, field, rule, message, mend string) error {
		return &Error{File: f.Name, Column: column, Fault: &fault.Fault{Line: line, Field: field, Rule: rule, Message: message, Mend: mend}}
	}
	if len(f.Data) > longestFile {
		return nil, []error{wrong(0, 0, "", "rule_file_size", "the file is longer than a mebibyte", "split it")}
	}
	parsed, err := parseYAML(f.Data)
	if err != nil {
		line, column, message := placeOf(err)
		return nil, []error{wrong(line, column, "", "rule_yaml", message, "mend the YAML")}
	}
	var rules []Rule
	var errs []error
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		for _, node := range ruleNodes(doc.Body) {
			var r Rule
			line := node.GetToken().Position.Line
			if m, ok := node.(*ast.MappingNode); ok {
				line = m.GetToken().Position.Line
				if len(m.Values) > 0 {
					line = m.Values[0].Key.GetToken().Position.Line
				}
			}
			if err := yaml.NodeToValue(node, &r, yaml.DisallowUnknownField()); err != nil {
				at, column, message := placeOf(err)
				errs = append(errs, wrong(max(at, line), column, "", "rule_shape", message, "a rule has id, version, title, owner, basis, expires, severity, domain, when, explain, advice, examples"))
				continue
			}
			r.file, r.line = f.Name, line
			r.when, r.places = placesIn(node)
			rules = append(rules, r)
		}
	}
	if len(rules) == 0 && len(errs) == 0 {
		errs = append(errs, wrong(1, 0, "", "rule_none", "there is no rule in the file", "write one rule, or several under the key rules"))
	}
	return rules, errs
}

// parseYAML keeps a parser's panic from going further; its input is anybody's.
func parseYAML(data []byte) (f *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("not YAML: %v", r)
		}
	}()
	return parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0)
}

func ruleNodes(body ast.Node) []ast.Node {
	if m, ok := body.(*ast.MappingNode); ok {
		for _, v := range m.Values {
			if v.Key.String() == "rules" {
				if s, ok := v.Value.(*ast.SequenceNode); ok {
					return s.Values
				}
			}
		}
	}
	if s, ok := body.(*ast.SequenceNode); ok {
		return s.Values
	}
	return []ast.Node{body}
}

func placesIn(rule ast.Node) (when place, examples []int) {
	m, ok := rule.(*ast.MappingNode)
	if !ok {
		return place{}, nil
	}
	for _, v := range m.Values {
		switch v.Key.String() {
		case "when":
			when = valuePlace(v)
		case "examples":
			if s, ok := v.Value.(*ast.SequenceNode); ok {
				for _, e := range s.Values {
					examples = append(examples, e.GetToken().Position.Line)
				}
			}
		}
	}
	return when, examples
}

// valuePlace is where the text of a scalar begins: a block's on the next line, a quoted one's after its quote.
func valuePlace(v *ast.MappingValueNode) place {
	switch n := v.Value.(type) {
	case *ast.LiteralNode:
		at := n.Start.Position.Line
		if n.Value == nil {
			return place{line: at, column: 1}
		}
		p := place{line: at + 1, column: v.Key.GetToken().Position.Column + 2}
		if strings.HasPrefix(n.Start.Value, ">") {
			p.folded = foldedLines(n.Value.Token.Origin, n.Value.Value)
		}
		return p
	case *ast.StringNode:
		p := n.Token.Position
		if n.Token.Type == token.DoubleQuoteType || n.Token.Type == token.SingleQuoteType {
			return place{line: p.Line, column: p.Column + 1}
		}
		return place{line: p.Line, column: p.Column}
	}
	p := v.Value.GetToken().Position
	return place{line: p.Line, column: p.Column}
}

// foldedLines measures the lines of a folded text, where each became a space; nil where it was folded otherwise.
func foldedLines(origin, value string) []int {
	var lines []int
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(origin)) {
		line = strings.TrimSpace(line)
		if len(lines) > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(line)
		lines = append(lines, utf8.RuneCountInString(line))
	}
	if b.String() != strings.TrimSpace(value) {
		return nil
	}
	return lines
}

// find answers the line and column in the file of a place in the expression, whose lines count from 1 and columns from 0.
func (p place) find(line, column int) (int, int) {
	if line > 1 || len(p.folded) == 0 {
		return p.line + max(line-1, 0), p.column + column
	}
	at := p.line
	for _, length := range p.folded[:len(p.folded)-1] {
		if column <= length {
			break
		}
		column -= length + 1
		at++
	}
	return at, p.column + column
}

func placeOf(err error) (line, column int, message string) {
	var y yaml.Error
	if errors.As(err, &y) {
		if t := y.GetToken(); t != nil && t.Position != nil {
			line, column = t.Position.Line, t.Position.Column
		}
		return line, column, y.GetMessage()
	}
	message, _, _ = strings.Cut(err.Error(), "\n")
	return 0, 0, message
}
