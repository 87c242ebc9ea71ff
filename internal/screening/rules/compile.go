package rules

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"

	"github.com/rihla/rihla/formats/fault"
)

// compiled is a rule that can be asked.
type compiled struct {
	Rule
	program  cel.Program
	paths    []path
	needed   []necessity // what must hold of a view for the rule to hold; none means that it is always asked
	expires  time.Time
	failed   atomic.Int64
	lastFail atomic.Pointer[string]
}

// language is a domain's vocabulary, ready to compile against.
type language struct {
	Vocabulary
	view    reflect.Type // the struct
	env     *cel.Env
	adapter types.Adapter
}

// costLimit of one rule on one view, in CEL's units: a rule over a journey of some legs takes a few dozen. Only a rule
// that loops is watched, which triples its time; the length of any other bounds what it can cost.
const costLimit = 10_000

// longestExpression in code points, and how deep it may be nested: above what anybody writes, below what hurts.
const longestExpression, deepestExpression = 8_000, 100

func languages(vocabularies []Vocabulary) (map[string]*language, error) {
	out := make(map[string]*language, len(vocabularies))
	for _, v := range vocabularies {
		l, err := languageOf(v)
		if err != nil {
			return nil, fmt.Errorf("vocabulary of %s: %w", v.Domain, err)
		}
		out[v.Domain] = l
	}
	return out, nil
}

// ready are the languages made so far. One takes milliseconds to make, is the same for the same vocabulary, and a
// program has a handful of them.
var ready sync.Map // of Vocabulary to *language

func languageOf(v Vocabulary) (*language, error) {
	if l, ok := ready.Load(v); ok {
		return l.(*language), nil
	}
	l, err := newLanguage(v)
	if err == nil {
		ready.Store(v, l)
	}
	return l, err
}

func newLanguage(v Vocabulary) (*language, error) {
	t := elem(v.Type)
	if t == nil || t.Kind() != reflect.Struct {
		return nil, errors.New("the view is not a struct")
	}
	env, err := cel.NewEnv(
		ext.NativeTypes(t, ext.ParseStructField(fieldName)),
		cel.Variable(v.Name, cel.ObjectType(t.String())),
		cel.DefaultUTCTimeZone(true),
		cel.ParserExpressionSizeLimit(longestExpression),
		cel.ParserRecursionLimit(deepestExpression),
		ext.Strings(), ext.Sets(),
	)
	if err != nil {
		return nil, err
	}
	// The first name that CEL does not know makes it write down, once, those it does; a condition checked at the same time
	// copies that unlocked. So it is done here, before anybody shares the language.
	if _, issues := env.Compile("_"); issues.Err() == nil {
		return nil, errors.New("the vocabulary knows a name that none may have")
	}
	return &language{Vocabulary: v, view: t, env: env, adapter: env.CELTypeAdapter()}, nil
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

func elem(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

var severities = []string{"low", "medium", "high", "critical"}

func (r *Rule) wrong(field, rule, message, mend string) error {
	return &Error{File: r.file, Fault: &fault.Fault{Line: r.line, Field: field, Rule: rule, Message: message, Mend: mend}}
}

// compile answers all that is wrong with a rule at once, or the rule ready to be asked.
func compile(r Rule, known map[string]*language) (*compiled, []error) {
	c := &compiled{Rule: r}
	var errs []error
	for _, f := range []struct{ field, value string }{
		{"id", r.ID}, {"version", r.Version}, {"title", r.Title}, {"owner", r.Owner}, {"basis", r.Basis}, {"domain", r.Domain}, {"when", r.When},
	} {
		if strings.TrimSpace(f.value) == "" {
			errs = append(errs, r.wrong(f.field, "rule_incomplete", "is missing", "every rule has an id, a version, a title, an owner, a legal basis, a domain and a condition"))
		}
	}
	if !slices.Contains(severities, r.Severity) {
		errs = append(errs, r.wrong("severity", "rule_severity", fmt.Sprintf("%q is no severity", r.Severity), "low, medium, high or critical"))
	}
	if r.Expires != "" {
		day, err := time.Parse(time.DateOnly, r.Expires)
		if err != nil {
			errs = append(errs, r.wrong("expires", "rule_expires", fmt.Sprintf("%q is no date", r.Expires), "write YYYY-MM-DD"))
		}
		c.expires = day.AddDate(0, 0, 1)
	}
	if len(r.Examples) == 0 {
		errs = append(errs, r.wrong("examples", "rule_examples", "there are none", "give at least one view that the rule hits and one that it does not"))
	}
	l, ok := known[r.Domain]
	if !ok {
		if r.Domain != "" {
			errs = append(errs, r.wrong("domain", "rule_domain", fmt.Sprintf("%q offers no vocabulary", r.Domain), "name a domain that has one"))
		}
		return nil, errs
	}
	if strings.TrimSpace(r.When) == "" {
		return nil, errs
	}
	checked, wrong := l.check(&c.Rule)
	if len(wrong) > 0 {
		return nil, append(errs, wrong...)
	}
	expr := checked.NativeRep().Expr()
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if loops(expr) {
		options = append(options, cel.CostLimit(costLimit))
	}
	program, err := l.env.Program(checked, options...)
	if err != nil {
		errs = append(errs, r.at(0, 0, "rule_compile", err.Error(), "mend the condition"))
	}
	if len(errs) > 0 {
		return nil, errs
	}
	c.program = program
	c.paths = pathsIn(expr, l.Name, l.view)
	c.needed = necessary(expr, l)
	return c, nil
}

// check is the condition's types and names, and what it may not speak of.
func (l *language) check(r *Rule) (*cel.Ast, []error) {
	checked, issues := l.env.Compile(r.When)
	if issues != nil && issues.Err() != nil {
		return nil, r.compileErrors(issues, l)
	}
	var errs []error
	source := checked.NativeRep().SourceInfo()
	ast.PostOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		at := source.GetStartLocation(e.ID())
		switch name := e.AsCall().FunctionName(); name {
		case "dyn": // would put off to evaluation whether an attribute exists, and so let any be named
			errs = append(errs, r.at(at.Line(), at.Column(), "rule_dynamic", "dyn() hides from the compiler what a rule looks at", "name the attribute as it is"))
		case "replace", "join", "format": // what a loop of them makes grows without bound before any limit on cost is looked at
			errs = append(errs, r.at(at.Line(), at.Column(), "rule_grows", name+"() can make texts as long as memory", "ask with contains(), startsWith(), endsWith() or matches()"))
		}
	}))
	if len(errs) > 0 {
		return nil, errs
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return nil, []error{r.at(1, 0, "rule_not_bool", fmt.Sprintf("the condition is a %s, not true or false", checked.OutputType()), "compare it with something")}
	}
	return checked, nil
}

// at is an error of the condition; line counts from 1 and column from 0, as CEL does.
func (r *Rule) at(line, column int, rule, message, mend string) *Error {
	e := &Error{File: r.file, Offset: r.offset(line, column), Fault: &fault.Fault{Field: "when", Rule: rule, Message: message, Mend: mend}}
	e.Fault.Line, e.Column = r.when.find(line, column)
	return e
}

// offset of a place in the condition, in code points.
func (r *Rule) offset(line, column int) int {
	offset := 0
	for range line - 1 {
		at := strings.IndexByte(r.When[offset:], '\n')
		if at < 0 {
			break
		}
		offset += at + 1
	}
	return len([]rune(r.When[:offset])) + column
}

// loops says whether an expression goes through a list or a map, or looks for a pattern in a text.
func loops(e ast.Expr) bool {
	found := false
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.ComprehensionKind:
			found = true
		case ast.CallKind:
			found = found || slices.Contains([]string{"matches", "split"}, e.AsCall().FunctionName())
		}
	}))
	return found
}

var unknownName = regexp.MustCompile(`^(?:undefined field|undeclared reference to) '([^']+)'`)

// compileErrors tells what CEL found, each at its place in the rule file, with the attribute named.
func (r *Rule) compileErrors(issues *cel.Issues, l *language) []error {
	var errs []error
	for _, e := range issues.Errors() {
		told := r.at(e.Location.Line(), e.Location.Column(), "rule_compile", plainly(e), "mend the condition")
		if m := unknownName.FindStringSubmatch(e.Message); m != nil {
			name := m[1]
			told.Length = len([]rune(name))
			if strings.HasPrefix(e.Message, "undefined field") { // CEL points at the dot
				told.Column++
				told.Offset++
			}
			f := told.Fault
			if field, is := sensitive(name); is {
				f.Rule = "rule_sensitive_attribute"
				f.Message = fmt.Sprintf("%s is a sensitive attribute (%s): it does not exist on purpose, for sensitive data may not decide about people", name, field)
				f.Mend = "take it out; no rule may look at it, nor at what stands for it"
			} else {
				f.Rule, f.Message, f.Mend = "rule_unknown_attribute", fmt.Sprintf("%s is not in the vocabulary of %s", name, r.Domain), l.suggest(name)
			}
		}
		errs = append(errs, told)
	}
	return errs
}

// plainly says what the parser or the checker says, without its trappings.
func plainly(e *common.Error) string {
	message, _, _ := strings.Cut(strings.TrimPrefix(e.Message, "Syntax error: "), "\n")
	return message
}

// suggest names the attribute most like a name that there is not.
func (l *language) suggest(name string) string {
	var words []string
	paths := map[string]string{} // by the last word
	var walk func(prefix string, all []Attribute)
	walk = func(prefix string, all []Attribute) {
		for _, a := range all {
			last := a.Name[strings.LastIndexByte(a.Name, '.')+1:]
			if paths[last] == "" {
				words, paths[last] = append(words, last), prefix+a.Name
			}
			walk(prefix+a.Name+": ", a.Attributes)
		}
	}
	walk("", l.Attributes())
	if best := fault.Nearest(strings.ToLower(name), words, 2); best != "" {
		return "did you mean " + paths[best] + "?"
	}
	return "name an attribute of " + l.Name
}

// pathsIn collects the attributes an expression names, each once.
func pathsIn(e ast.Expr, variable string, t reflect.Type) []path {
	var out []path
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		if p, ok := pathOf(e, variable, t); ok {
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
	f, ok := fieldNamed(t, sel.FieldName())
	if !ok {
		return path{}, false
	}
	p.fields = append(p.fields, f.Index)
	return p, true
}
