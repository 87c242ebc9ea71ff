package rules

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
	"github.com/goccy/go-yaml"

	"github.com/rihla/rihla/formats/fault"
)

// Set is a number of compiled rules. It is immutable and safe for any number of goroutines.
type Set struct {
	rules    []*compiled
	byDomain map[string][]*compiled
	adapters map[string]types.Adapter
	names    map[string]string       // domain → its variable
	types    map[string]reflect.Type // domain → its view
}

type compiled struct {
	Rule
	program cel.Program
	paths   []path
	expires time.Time
	failed  atomic.Int64
}

// path is an attribute that an expression names: shown with its value when the rule hits.
type path struct {
	text   string
	fields [][]int // a reflect index for each step
}

// Hit is a rule that holds for a view.
type Hit struct {
	Rule   *Rule
	Values []Value // what the rule looked at
}

// Value is one attribute a rule looked at.
type Value struct{ Name, Value string }

// costLimit of one rule on one view, in CEL's units: a rule over a journey of some legs takes a few dozen. Only a rule
// that loops is watched, which triples its time; the length of any other bounds what it can cost.
const costLimit = 10_000

// Parse reads and compiles rule files against what the domains offer. Every rule that is wrong is told, all at once.
func Parse(files []File, vocabularies []Vocabulary) (*Set, error) {
	s := &Set{byDomain: make(map[string][]*compiled), adapters: make(map[string]types.Adapter), names: make(map[string]string), types: make(map[string]reflect.Type)}
	envs := make(map[string]*cel.Env)
	for _, v := range vocabularies {
		env, err := environment(v)
		if err != nil {
			return nil, fmt.Errorf("vocabulary of %s: %w", v.Domain, err)
		}
		envs[v.Domain] = env
		s.adapters[v.Domain], s.names[v.Domain], s.types[v.Domain] = env.CELTypeAdapter(), v.Name, v.Type
	}
	var errs []error
	seen := make(map[string]string)
	for _, f := range files {
		rules, wrong := readFile(f)
		errs = append(errs, wrong...)
		for _, r := range rules {
			c, err := compile(r, envs, s)
			if err == nil && seen[r.ID] != "" {
				err = r.wrong("id", "rule_id_twice", fmt.Sprintf("rule %s stands in %s too", r.ID, seen[r.ID]), "give each rule an id of its own")
			}
			if err != nil {
				errs = append(errs, err)
				continue
			}
			seen[r.ID] = r.file
			s.rules = append(s.rules, c)
			s.byDomain[r.Domain] = append(s.byDomain[r.Domain], c)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return s, nil
}

func environment(v Vocabulary) (*cel.Env, error) {
	t := v.Type
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil, errors.New("the view is not a struct")
	}
	return cel.NewEnv(
		ext.NativeTypes(t, ext.ParseStructField(fieldName)),
		cel.Variable(v.Name, cel.ObjectType(t.String())),
		cel.DefaultUTCTimeZone(true),
		cel.ParserExpressionSizeLimit(8_000),
		ext.Strings(), ext.Sets(),
	)
}

// fieldName is the attribute's name in expressions: the cel tag, or the field's own in lower case with underscores.
func fieldName(f reflect.StructField) string {
	if tag, ok := f.Tag.Lookup("cel"); ok {
		name, _, _ := strings.Cut(tag, ",")
		return name
	}
	var b strings.Builder
	for i, r := range f.Name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 && (f.Name[i-1] < 'A' || f.Name[i-1] > 'Z') {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

var severities = []string{"low", "medium", "high", "critical"}

func (r *Rule) wrong(field, rule, message, mend string) error {
	return &Error{r.file, 0, &fault.Fault{Line: r.line, Field: field, Rule: rule, Message: message, Mend: mend}}
}

func compile(r Rule, envs map[string]*cel.Env, s *Set) (*compiled, error) {
	c := &compiled{Rule: r}
	for field, value := range map[string]string{"id": r.ID, "version": r.Version, "title": r.Title, "owner": r.Owner, "basis": r.Basis, "domain": r.Domain, "when": r.When} {
		if strings.TrimSpace(value) == "" {
			return nil, r.wrong(field, "rule_incomplete", "is missing", "every rule has an id, a version, a title, an owner, a legal basis, a domain and a condition")
		}
	}
	if !slices.Contains(severities, r.Severity) {
		return nil, r.wrong("severity", "rule_severity", fmt.Sprintf("%q is no severity", r.Severity), "low, medium, high or critical")
	}
	if r.Expires != "" {
		day, err := time.Parse(time.DateOnly, r.Expires)
		if err != nil {
			return nil, r.wrong("expires", "rule_expires", fmt.Sprintf("%q is no date", r.Expires), "write YYYY-MM-DD")
		}
		c.expires = day.AddDate(0, 0, 1)
	}
	if len(r.Examples) == 0 {
		return nil, r.wrong("examples", "rule_examples", "there are none", "give at least one view that the rule hits and one that it does not")
	}
	env, ok := envs[r.Domain]
	if !ok {
		return nil, r.wrong("domain", "rule_domain", fmt.Sprintf("%q offers no vocabulary", r.Domain), "name a domain that has one")
	}
	checked, issues := env.Compile(r.When)
	if issues != nil && issues.Err() != nil {
		return nil, r.compileErrors(issues, s.names[r.Domain])
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return nil, &Error{r.file, r.when.column, &fault.Fault{Line: r.when.line, Field: "when", Rule: "rule_not_bool",
			Message: fmt.Sprintf("the condition is a %s, not true or false", checked.OutputType()), Mend: "compare it with something"}}
	}
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if loops(checked.NativeRep().Expr()) {
		options = append(options, cel.CostLimit(costLimit))
	}
	program, err := env.Program(checked, options...)
	if err != nil {
		return nil, r.wrong("when", "rule_compile", err.Error(), "")
	}
	c.program = program
	c.paths = pathsIn(checked.NativeRep().Expr(), s.names[r.Domain], s.types[r.Domain])
	return c, nil
}

// loops says whether an expression goes through a list or a map, or looks for a pattern in a text.
func loops(e ast.Expr) bool {
	found := false
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.ComprehensionKind:
			found = true
		case ast.CallKind:
			found = found || slices.Contains([]string{"matches", "replace", "split", "join", "format"}, e.AsCall().FunctionName())
		}
	}))
	return found
}

var unknownName = regexp.MustCompile(`^(?:undefined field|undeclared reference to) '([^']+)'`)

// sensitive are attributes that a rule may not look at, by words that their names would hold; no vocabulary has them.
var sensitive = []string{"religi", "ethnic", "race", "racial", "politic", "union", "health", "medical", "disab", "sexual", "orientation", "genetic", "biometric", "meal", "belief", "wheelchair"}

// compileErrors tells what CEL found, each at its place in the rule file, with the attribute named.
func (r *Rule) compileErrors(issues *cel.Issues, variable string) error {
	var errs []error
	for _, e := range issues.Errors() {
		line, column := r.when.line, r.when.column+e.Location.Column()
		if n := e.Location.Line(); n > 1 {
			line += n - 1
		}
		f := &fault.Fault{Line: line, Field: "when", Rule: "rule_compile", Message: e.Message, Mend: "mend the condition"}
		if m := unknownName.FindStringSubmatch(e.Message); m != nil {
			f.Rule, f.Message, f.Mend = "rule_unknown_attribute", fmt.Sprintf("%s is not in the vocabulary of %s", m[1], r.Domain), "name an attribute of "+variable
			lower := strings.ToLower(m[1])
			if slices.ContainsFunc(sensitive, func(w string) bool { return strings.Contains(lower, w) }) {
				f.Rule, f.Message, f.Mend = "rule_sensitive_attribute", fmt.Sprintf("%s is a sensitive attribute: no rule may look at it", m[1]), "take it out; it may not decide about people"
			}
		}
		errs = append(errs, &Error{r.file, column, f})
	}
	return errors.Join(errs...)
}

// Len is the number of rules.
func (s *Set) Len() int { return len(s.rules) }

// Rules gives the rules as written, in the order of their files.
func (s *Set) Rules() []Rule {
	out := make([]Rule, len(s.rules))
	for i, c := range s.rules {
		out[i] = c.Rule
	}
	return out
}

// Failures counts how often evaluating a rule failed: a cost limit, an absent map key.
func (s *Set) Failures(id string) int64 {
	for _, c := range s.rules {
		if c.ID == id {
			return c.failed.Load()
		}
	}
	return 0
}

// Evaluate appends the rules of a domain that hold for a view (a pointer to the vocabulary's struct) at an instant.
// A rule that fails does not hold.
func (s *Set) Evaluate(dst []Hit, domain string, view any, at time.Time) []Hit {
	rules := s.byDomain[domain]
	if len(rules) == 0 || view == nil {
		return dst
	}
	v := reflect.ValueOf(view)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return dst
		}
		v = v.Elem()
	}
	if v.Type() != elem(s.types[domain]) {
		return dst
	}
	given := activation{s.names[domain], s.adapters[domain].NativeToValue(view)}
	for _, c := range rules {
		if !c.expires.IsZero() && !at.Before(c.expires) {
			continue
		}
		holds, err := c.evaluate(&given)
		if err != nil {
			c.failed.Add(1)
			continue
		}
		if holds {
			dst = append(dst, Hit{Rule: &c.Rule, Values: c.values(v)})
		}
	}
	return dst
}

func elem(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func (c *compiled) evaluate(given *activation) (holds bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("rule %s: %v", c.ID, r)
		}
	}()
	out, _, err := c.program.Eval(given)
	if err != nil {
		return false, err
	}
	return out == types.True, nil
}

// activation binds one variable, without a map.
type activation struct {
	name  string
	value ref.Val
}

func (a *activation) ResolveName(name string) (any, bool) {
	if name == a.name {
		return a.value, true
	}
	return nil, false
}

func (a *activation) Parent() cel.Activation { return nil }

// pathsIn collects the attributes an expression names, each once.
func pathsIn(e ast.Expr, variable string, t reflect.Type) []path {
	var out []path
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		if p, ok := pathOf(e, variable, elem(t)); ok {
			if !slices.ContainsFunc(out, func(q path) bool { return q.text == p.text }) {
				out = append(out, p)
			}
			return
		}
		switch e.Kind() {
		case ast.SelectKind:
			walk(e.AsSelect().Operand())
		case ast.CallKind:
			if e.AsCall().IsMemberFunction() {
				walk(e.AsCall().Target())
			}
			for _, a := range e.AsCall().Args() {
				walk(a)
			}
		case ast.ListKind:
			for _, a := range e.AsList().Elements() {
				walk(a)
			}
		case ast.ComprehensionKind:
			walk(e.AsComprehension().IterRange())
			walk(e.AsComprehension().LoopStep())
		}
	}
	walk(e)
	return out
}

func pathOf(e ast.Expr, variable string, t reflect.Type) (path, bool) {
	if e.Kind() != ast.SelectKind {
		return path{}, false
	}
	sel := e.AsSelect()
	operand := sel.Operand()
	var p path
	if operand.Kind() == ast.IdentKind && operand.AsIdent() == variable {
		p.text = sel.FieldName()
	} else {
		outer, ok := pathOf(operand, variable, t)
		if !ok {
			return path{}, false
		}
		p = path{outer.text + "." + sel.FieldName(), slices.Clone(outer.fields)}
		for _, index := range outer.fields {
			t = elem(t.FieldByIndex(index).Type)
		}
	}
	if t.Kind() != reflect.Struct {
		return path{}, false
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && fieldName(f) == sel.FieldName() {
			p.fields = append(p.fields, f.Index)
			return p, true
		}
	}
	return path{}, false
}

// longestValue shown of an attribute, in bytes.
const longestValue = 120

func (c *compiled) values(view reflect.Value) []Value {
	out := make([]Value, 0, len(c.paths))
	for _, p := range c.paths {
		v, ok := view, true
		for _, index := range p.fields {
			for v.Kind() == reflect.Pointer {
				if v.IsNil() {
					ok = false
					break
				}
				v = v.Elem()
			}
			if !ok {
				break
			}
			v = v.FieldByIndex(index)
		}
		if !ok {
			continue
		}
		var text string
		switch x := v.Interface().(type) {
		case time.Time:
			text = x.UTC().Format(time.RFC3339)
		case []string:
			text = strings.Join(x, ", ")
		default:
			text = fmt.Sprint(x)
		}
		if len(text) > longestValue {
			text = strings.ToValidUTF8(text[:longestValue], "") + "…"
		}
		out = append(out, Value{p.text, text})
	}
	return out
}

func asYAML(err error, into *yaml.Error) bool { return errors.As(err, into) }
