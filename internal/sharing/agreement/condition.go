package agreement

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"
	"cel.dev/cel-go/parser"
)

// What a condition may be at most: above what anybody signs, below what hurts. Cost is in CEL's units; those of the
// samples stay below twenty.
const (
	costLimit         = 10_000
	longestCondition  = 2_000 // code points
	deepestExpression = 50
	longestText       = 10_000 // of what a request says, as far as the estimate of cost goes
	longestList       = 250    // there are not more countries
)

// condition is a CEL expression that is true or false of a flow, compiled.
type condition struct {
	source  string
	tree    *ast.AST
	program cel.Program
}

// parts are the conjuncts of the condition: all of them must hold.
func (c *condition) parts() []ast.Expr { return conjuncts(c.tree.Expr()) }

func conjuncts(e ast.Expr) []ast.Expr {
	if name, args := call(e); name == operators.LogicalAnd {
		return append(conjuncts(args[0]), conjuncts(args[1])...)
	}
	return []ast.Expr{e}
}

// formula is part of the condition as it is written.
func (c *condition) formula(e ast.Expr) string {
	text, err := parser.Unparse(e, c.tree.SourceInfo())
	if err != nil { // what has no form of its own is shown with all of it
		return c.source
	}
	return text
}

// truth is what a condition comes to: it may rest on what is not known yet.
type truth int

const (
	no truth = iota
	yes
	open // it depends on what is not known at this stage
)

// flowLanguage is what the conditions over flows may speak of, figureLanguage what triggers of suspension may. Making one
// takes milliseconds.
var (
	flowLanguage = sync.OnceValues(func() (*cel.Env, error) {
		return environment(map[string]any{"req": Request{}, "subject": Subject{}, "record": Record{}, "self": Self{}, "stats": Stats{}})
	})
	figureLanguage = sync.OnceValues(func() (*cel.Env, error) {
		return environment(map[string]any{"stats": Stats{}})
	})
)

func environment(variables map[string]any) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.DefaultUTCTimeZone(true),
		cel.ParserExpressionSizeLimit(longestCondition),
		cel.ParserRecursionLimit(deepestExpression),
	}
	native := []any{ext.ParseStructTags(true)}
	for name, of := range variables {
		t := reflect.TypeOf(of)
		native = append(native, t)
		options = append(options, cel.Variable(name, cel.ObjectType(t.String())))
	}
	return cel.NewEnv(append(options, ext.NativeTypes(native...))...)
}

// flaw is what is wrong with a condition: a code, a place in it (line from 1, column from 0) and words.
type flaw struct {
	code, why, mend string
	line, column    int
}

// compile reads a condition. A name that there is not is a flaw, never false in silence.
func compile(source string, env *cel.Env) (*condition, []flaw) {
	if strings.TrimSpace(source) == "" {
		return nil, []flaw{{code: CodeCEL, why: "the condition is empty", mend: "write true where there is none", line: 1}}
	}
	checked, issues := env.Compile(source)
	if issues != nil && issues.Err() != nil {
		return nil, flawsOf(issues)
	}
	if checked.OutputType() != cel.BoolType {
		return nil, []flaw{{code: CodeCELType, why: fmt.Sprintf("the condition is a %s, not true or false", checked.OutputType()), mend: "compare it with something", line: 1}}
	}
	tree := checked.NativeRep()
	if at, hides := dynamic(tree); hides {
		return nil, []flaw{{code: CodeCELType, why: "dyn() hides from the compiler what a condition looks at", mend: "name it as it is", line: at.line, column: at.column}}
	}
	estimate, err := env.EstimateCost(checked, sizes{})
	if err != nil || estimate.Max > costLimit {
		return nil, []flaw{{code: CodeCELCost, why: fmt.Sprintf("the condition may cost more than %d units to evaluate", costLimit), mend: "ask without loops inside loops", line: 1}}
	}
	program, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval), cel.CostLimit(costLimit))
	if err != nil {
		return nil, []flaw{{code: CodeCEL, why: "the condition cannot be compiled: " + err.Error(), mend: "mend it", line: 1}}
	}
	return &condition{source, tree, program}, nil
}

var unknownName = regexp.MustCompile(`^(undefined field|undeclared reference to) '([^']+)'`)

func flawsOf(issues *cel.Issues) []flaw {
	var flaws []flaw
	for _, e := range issues.Errors() {
		why, _, _ := strings.Cut(strings.TrimPrefix(e.Message, "Syntax error: "), "\n")
		f := flaw{code: CodeCEL, why: "the condition does not compile: " + clipped(why), mend: "mend it; what cannot be checked is never taken as true", line: e.Location.Line(), column: e.Location.Column()}
		if m := unknownName.FindStringSubmatch(e.Message); m != nil {
			f.why = fmt.Sprintf("the condition looks at what there is not: %s '%s'", m[1], m[2])
			f.mend = nearest(m[2], names(), "name something that conditions may look at")
			if m[1] == "undefined field" { // CEL points at the dot
				f.column++
			}
		}
		flaws = append(flaws, f)
	}
	return flaws
}

// names are all that conditions can look at, without their variables.
func names() []string {
	out := []string{"req", "subject", "record", "self", "stats"}
	for _, of := range []any{Request{}, Subject{}, Record{}, Self{}, Stats{}} {
		for field := range reflect.TypeOf(of).Fields() {
			out = append(out, field.Tag.Get("cel"))
		}
	}
	return out
}

// dynamic finds a call of dyn.
func dynamic(tree *ast.AST) (place, bool) {
	var at place
	found := false
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "dyn" {
			where := tree.SourceInfo().GetStartLocation(e.ID())
			at, found = place{where.Line(), where.Column()}, true
		}
	}))
	return at, found
}

// sizes tells the estimate of cost how long texts and lists get.
type sizes struct{}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

func (sizes) EstimateSize(element cost.AstNode) *cost.SizeEstimate {
	if size := element.ComputedSize(); size != nil {
		return size
	}
	switch element.Type().Kind() {
	case types.ListKind, types.MapKind:
		return &cost.SizeEstimate{Max: longestList}
	case types.StringKind:
		return &cost.SizeEstimate{Max: longestText}
	}
	return nil
}

// among are the variables of one evaluation; unknown names one that is not known yet, or none.
func among(variables map[string]any, unknown string) (any, error) {
	if unknown == "" {
		return variables, nil
	}
	return cel.PartialVars(variables, cel.AttributePattern(unknown))
}

// of evaluates the condition. An error is never a truth.
func (c *condition) of(variables any) (truth, error) {
	value, _, err := c.program.Eval(variables)
	if err != nil {
		return no, err
	}
	switch v := value.(type) {
	case types.Bool:
		if v {
			return yes, nil
		}
		return no, nil
	case *types.Unknown:
		return open, nil
	}
	return no, fmt.Errorf("the condition came to a %s", value.Type().TypeName())
}
