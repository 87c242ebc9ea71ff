package rules

import (
	"bytes"
	"fmt"
	"strings"

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

	file   string
	line   int // where it begins
	when   place
	places []int // where each example begins
}

// Example is a view, in part, and whether the rule is to hit it.
type Example struct {
	Name  string         `yaml:"name" json:"name"`
	Given map[string]any `yaml:"given" json:"given,omitempty"`
	Want  bool           `yaml:"want" json:"want"`
}

// place is where an expression begins in its file, and how far its further lines are indented.
type place struct{ line, column int }

// Error is one thing wrong in a rule file. Its text names file, line and column.
type Error struct {
	File   string
	Column int
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

func readFile(f File) ([]Rule, []error) {
	wrong := func(line, column int, field, rule, message, mend string) error {
		return &Error{f.Name, column, &fault.Fault{Line: line, Field: field, Rule: rule, Message: message, Mend: mend}}
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
		if n.Value != nil {
			return place{at + 1, v.Key.GetToken().Position.Column + 2}
		}
		return place{at, 1}
	case *ast.StringNode:
		p := n.Token.Position
		if n.Token.Type == token.DoubleQuoteType || n.Token.Type == token.SingleQuoteType {
			return place{p.Line, p.Column + 1}
		}
		return place{p.Line, p.Column}
	}
	p := v.Value.GetToken().Position
	return place{p.Line, p.Column}
}

func placeOf(err error) (line, column int, message string) {
	var y yaml.Error
	if asYAML(err, &y) {
		if t := y.GetToken(); t != nil && t.Position != nil {
			line, column = t.Position.Line, t.Position.Column
		}
		return line, column, y.GetMessage()
	}
	message, _, _ = strings.Cut(err.Error(), "\n")
	return 0, 0, message
}
