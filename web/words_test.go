package web

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/cyber"
	"github.com/rihla/rihla/internal/facilitation"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/funds"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/travel"
)

// The API sends codes; the words are the pages'. Every code that the house can send has words in both languages: where
// the house names its codes in Go, they are taken from there, and elsewhere from its source, so that a new one without
// words fails here.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	// The room of the exchange itself, without those inside it.
	const itself = " -internal/sharing/agreement -internal/sharing/dialogue -internal/sharing/envelope -internal/sharing/ledger -internal/sharing/matching -internal/sharing/post"
	threads := constants(t, "internal/sharing"+itself, "State")
	machine := named(t, "internal/sharing/agreement", regexp.MustCompile(`^(NotInForce|Mismatch|Direction|PurposeNotAllowed|NeverRuleHolds|OverQuota|Incomplete|ConditionFalse|ConditionError|NeedsConfirmation|SuspendedNow|Expired)$`))
	codes := map[string][]string{
		"role":          append(texts(access.Roles), "system"),
		"outcome":       append(outcomes(travel.New(travel.Options{})), casework.Withdrawn, casework.Merged),
		"outcomeEffect": outcomes(travel.New(travel.Options{})),
		"will":          append(outcomes(travel.New(travel.Options{})), "second"),
		"fact":          facts(reflect.TypeFor[travel.View](), ""),

		"caseEvent":      literals(t, "internal/casework", inFields("what"), inArguments("happen", 1), inArguments("emptied", 1), inFields("What")),
		"caseState":      constants(t, "internal/casework", "State"),
		"reports.states": append(constants(t, "internal/intake", "State"), "partial"),
		"status":         constants(t, "internal/travel", "Status"),
		"finding": slices.Concat(named(t, "internal/screening", regexp.MustCompile(`^Code[A-Z]`)), named(t, "internal/travel", regexp.MustCompile(`^Code(BoardedWithoutOK|DocumentChanged)$`)),
			named(t, "internal/facilitation", regexp.MustCompile(`^Code(Declared|Duplicate|RefusedBefore|Chip|NotGreen|Unable|Overdue|DocumentShort)$`))),
		"findingShort":  named(t, "internal/screening", regexp.MustCompile(`^Code[A-Z]`)),
		"relation":      named(t, "internal/screening/names", regexp.MustCompile(`^(equal|variant|closeTo|cutOff|initial|differs|unmatched)$`)),
		"settle":        literals(t, "internal/screening", like(`^ask_[a-z_]+$`)),
		"withdrawal":    named(t, "internal/screening", regexp.MustCompile(`^(EntryRemoved|EntryChanged|SubjectChanged|SubjectGone|RuleGone|BelowThreshold|NotSamePerson)$`)),
		"lists.refusal": literals(t, "internal/screening", like(`^(shrunk|older|gap|manual)$`)),
		"evidence":      literals(t, "internal/screening", evidence),
		"evidenceHow":   literals(t, "internal/screening", evidence),
		"severity":      literals(t, "internal/screening", like(`^(critical|high|medium|low)$`)),
		"gate":          literals(t, "internal/intake", inFields("Gate")),
		"field":         slices.Concat(literals(t, "internal/travel", inArguments("line", 0), inArguments("say", 0)), lines(t, "cargo"), lines(t, "funds"), lines(t, "cyber"), lines(t, "facilitation")),

		"cargo.ask":        cargo.Asks,
		"cargo.methods":    cargo.Methods,
		"cyber.state":      constants(t, "internal/cyber/incident", "State"),
		"cyber.duty":       named(t, "internal/cyber/incident", regexp.MustCompile(`^Duty[A-Z]`)),
		"cyber.clockState": named(t, "internal/cyber/incident", regexp.MustCompile(`^(Running|Met|Late|LateMet|Stopped)$`)),
		"cyber.input":      literals(t, "internal/cyber/incident", inArguments("add", 0)),
		"auditAction": append(acts(t, "internal -internal/sharing/agreement -internal/sharing/ledger",
			like(`^(account|audit|case|exchange|flight|key|list|passenger|partner|protected|report|rules?|subject|`+
				`application|desk|outage|override|station|trust|facilitation|consignment|departure|referral|trader|declaration|funds-report|freeze|party|dissemination|indicator|incident|log|stix|sighting|feed)\.[a-z-]+$`)), "document.verify", "search"),

		"desk.override":      named(t, "internal/travel", regexp.MustCompile(`^override(Desk|Airline|Outage|Humane|Crew)$`)),
		"desk.cause":         named(t, "internal/travel", regexp.MustCompile(`^cause[A-Z]`)),
		"desk.scope":         named(t, "internal/travel", regexp.MustCompile(`^scope[A-Z]`)),
		"desk.mode":          named(t, "internal/travel", regexp.MustCompile(`^mode(Normal|Degraded|Down)$`)),
		"desk.timeliness":    named(t, "internal/travel", regexp.MustCompile(`^came(In|After|Before|Never)`)),
		"application.kind":   constants(t, "internal/facilitation -internal/facilitation/trust -internal/facilitation/lanes", "Kind"),
		"application.state":  constants(t, "internal/facilitation -internal/facilitation/trust -internal/facilitation/lanes", "State"),
		"application.move":   constants(t, "internal/facilitation -internal/facilitation/trust -internal/facilitation/lanes", "State"),
		"application.reason": named(t, "internal/facilitation", regexp.MustCompile(`^Reason[A-Z]`)),
		"application.letter": constants(t, "internal/facilitation", "LetterKind"),
		"own.nexts":          named(t, "internal/facilitation", regexp.MustCompile(`^Next[A-Z]`)),
		"apply.fault":        form.Codes,
		"apply.purposes":     form.Purposes,
		"apply.declare":      form.Asked,
		"lanes.lane":         hall.Lanes,
		"lanes.reason":       named(t, "internal/facilitation/lanes", regexp.MustCompile(`^(SeeOfficer|Random|Assistance|Crew|WithInfant|Family|Age|APIMissing|APIDiffers|NotCleared|Permit|DocumentExpired|ChipUnreadable|CannotCheckDocument|DocumentDoubtful|Nationality|MembershipNotActive)$`)),
		"document.verdict":   constants(t, "internal/facilitation/trust", "Verdict"),
		"document.does":      constants(t, "internal/facilitation/trust", "Verdict"),
		"document.remark":    named(t, "internal/facilitation/trust", regexp.MustCompile(`^Code[A-Z]`)),
		"dismissals.state":   named(t, "internal/screening", regexp.MustCompile(`^(holds|expired|entryChanged|revoked)$`)),

		"agreementState":  folded(named(t, "internal/sharing"+itself, regexp.MustCompile(`^(proposed|signed|inForce|superseded|ended)$`))),
		"threadState.in":  threads,
		"threadState.out": threads,
		"thread.states":   threads,
		"attention":       literals(t, "internal/sharing"+itself, inFields("Attention")),
		"result":          named(t, "internal/sharing"+itself, regexp.MustCompile(`^(hit|noHit|data)$`)),
		"exchangeOutcome": named(t, "internal/sharing"+itself, regexp.MustCompile(`^(confirmedSame|notTheSame|useful|notUseful)$`)),
		"recordState":     named(t, "internal/sharing"+itself, regexp.MustCompile(`^(stands|restricted|contested|erased)$`)),
		"refusal":         slices.Concat(literals(t, "internal/sharing"+itself, like(`^(NOT_PROPORTIONATE|NATIONAL_INTEREST|JUDICIAL_REFUSED|ONGOING_CASE|NO_SUCH_DATA|REASON_WITHHELD)$`)), machine, named(t, "internal/sharing"+itself, regexp.MustCompile(`^code[A-Z]`))),
		"matchState":      constants(t, "internal/sharing"+itself, "MatchState"),
		"matchFamily":     constants(t, "internal/sharing/matching", "Family"),
		"messageType":     constants(t, "internal/sharing/envelope", "Type"),
		"step":            constants(t, "internal/sharing/ledger", "Kind"),
		"stage":           constants(t, "internal/sharing/agreement", "Stage"),
		"verdict":         constants(t, "internal/sharing/agreement", "Verdict"),
		"agreementEffect": constants(t, "internal/sharing/agreement", "Effect"),
		"exchangeField":   fields(),
		"figure":          figures(reflect.TypeFor[ledger.Side]()),
		"development":     texts(ledger.Happenings),
		"meetingState":    texts(dialogue.States),
		"agendaItem":      texts(dialogue.Kinds),
		"action":          texts(dialogue.ActionStates),
	}
	for domain, of := range map[string]interface{ Outcomes() []casework.Outcome }{"facilitation": facilitation.New(facilitation.Options{}), "cargo": cargo.New(cargo.Options{}), "funds": funds.New(funds.Options{}), "cyber": cyber.New(cyber.Options{})} {
		for _, place := range []string{"outcome", "outcomeEffect", "will"} {
			codes[place+"."+domain] = outcomes(of)
		}
	}
	for _, language := range []string{"en", "ar"} {
		words := words(t, language)
		for _, place := range slices.Sorted(maps.Keys(codes)) {
			if len(codes[place]) < 2 {
				t.Errorf("%s: only %q was found; has the source moved?", place, codes[place])
			}
			for _, code := range codes[place] {
				if !words[place+"."+code] {
					t.Errorf("%s.json has no words for %s.%s", language, place, code)
				}
			}
		}
	}
}

func texts[T ~string](codes []T) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = string(code)
	}
	return out
}

func outcomes(of interface{ Outcomes() []casework.Outcome }) []string {
	var out []string
	for _, o := range of.Outcomes() {
		out = append(out, o.Code)
	}
	return out
}

// lines are the labels of what a domain tells of a subject.
func lines(t *testing.T, domain string) []string {
	t.Helper()
	return literals(t, "internal/"+domain, inArguments("line", 0))
}

// facts are what a rule can have looked at: the paths of its view, lists whole.
func facts(of reflect.Type, before string) []string {
	var out []string
	for field := range of.Fields() {
		path := before + field.Tag.Get("cel")
		if field.Type.Kind() == reflect.Struct {
			out = append(out, facts(field.Type, path+".")...)
		} else {
			out = append(out, path)
		}
	}
	return out
}

// acts are texts of a room that name an act; what an agreement calls a field of data looks alike and is none.
func acts(t *testing.T, room string, choose chooser) []string {
	t.Helper()
	return slices.DeleteFunc(literals(t, room, choose), func(text string) bool {
		_, field := agreement.Lookup(text)
		return field || strings.HasSuffix(text, ".json") || strings.HasSuffix(text, ".yaml")
	})
}

// folded are codes as the pages look them up, where the house writes a code as words.
func folded(codes []string) []string {
	for i, code := range codes {
		codes[i] = strings.ReplaceAll(code, " ", "_")
	}
	return codes
}

// fields are the names of what an agreement can speak of, as the pages look them up.
func fields() []string {
	var out []string
	for _, f := range agreement.Catalogue() {
		out = append(out, strings.NewReplacer(".", "_", "-", "_").Replace(f.Name))
	}
	return out
}

// figures are the members of one side of a review.
func figures(side reflect.Type) []string {
	var out []string
	for field := range side.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

// words are the keys of a language that have words, a list counted as a text.
func words(t *testing.T, language string) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("src", "i18n", language+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	var walk func(any, string)
	walk = func(node any, path string) {
		inner, ok := node.(map[string]any)
		if !ok {
			known[path] = true
			return
		}
		for key, value := range inner {
			walk(value, strings.TrimPrefix(path+"."+key, "."))
		}
	}
	walk(tree, "")
	return known
}

// chooser says which texts of a piece of source are codes.
type chooser func(node ast.Node) []ast.Expr

// like takes every text of a form.
func like(form string) chooser {
	want := regexp.MustCompile(form)
	return func(node ast.Node) []ast.Expr {
		if text, ok := node.(*ast.BasicLit); ok && want.MatchString(value(text)) {
			return []ast.Expr{text}
		}
		return nil
	}
}

// evidence takes what a comparison returns or an explanation names.
func evidence(node ast.Node) []ast.Expr {
	compared := like(`^(birth|nationality|sex|document)_(equal|differs|swapped|year|near|day|other_country|like)$`)(node)
	made, ok := node.(*ast.CompositeLit)
	if !ok {
		return compared
	}
	of, each := made.Type, []ast.Expr{made}
	if list, ok := of.(*ast.ArrayType); ok {
		of, each = list.Elt, made.Elts
	}
	if name, ok := of.(*ast.Ident); !ok || name.Name != "Evidence" {
		return compared
	}
	for _, one := range each {
		if one, ok := one.(*ast.CompositeLit); ok {
			for _, pair := range one.Elts {
				compared = append(compared, field(pair, "Code")...)
			}
		}
	}
	return compared
}

// field takes the value of a field in a literal.
func field(node ast.Node, name string) []ast.Expr {
	pair, ok := node.(*ast.KeyValueExpr)
	if !ok {
		return nil
	}
	if key, ok := pair.Key.(*ast.Ident); !ok || key.Name != name {
		return nil
	}
	return []ast.Expr{pair.Value}
}

// inFields takes what is put into a field, as it is made or afterwards.
func inFields(name string) chooser {
	return func(node ast.Node) []ast.Expr {
		set, ok := node.(*ast.AssignStmt)
		if !ok {
			return field(node, name)
		}
		var out []ast.Expr
		for i, left := range set.Lhs {
			if to, ok := left.(*ast.SelectorExpr); ok && to.Sel.Name == name && i < len(set.Rhs) {
				out = append(out, set.Rhs[i])
			}
		}
		return out
	}
}

// inArguments takes what is handed to a function in one place.
func inArguments(function string, place int) chooser {
	return func(node ast.Node) []ast.Expr {
		call, ok := node.(*ast.CallExpr)
		if !ok || place >= len(call.Args) {
			return nil
		}
		name := ""
		switch f := call.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if name != function {
			return nil
		}
		return []ast.Expr{call.Args[place]}
	}
}

// literals are the texts that any of the choosers takes from a room, written out or by the name of a constant.
func literals(t *testing.T, room string, choose ...chooser) []string {
	t.Helper()
	var out []string
	known := map[string]string{}
	source(t, room, func(node ast.Node) {
		if spec, ok := node.(*ast.ValueSpec); ok {
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					known[name.Name] = value(spec.Values[i])
				}
			}
		}
	})
	source(t, room, func(node ast.Node) {
		for _, one := range choose {
			for _, found := range one(node) {
				text := value(found)
				if name, ok := found.(*ast.Ident); ok {
					text = known[name.Name]
				}
				if text != "" {
					out = append(out, text)
				}
			}
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// constants are the values of a type's constants.
func constants(t *testing.T, room, of string) []string {
	t.Helper()
	return specs(t, room, func(spec *ast.ValueSpec, _ string) bool {
		name, ok := spec.Type.(*ast.Ident)
		return ok && name.Name == of
	})
}

// named are the values of constants whose names have a form.
func named(t *testing.T, room string, form *regexp.Regexp) []string {
	t.Helper()
	return specs(t, room, func(_ *ast.ValueSpec, name string) bool { return form.MatchString(name) })
}

func specs(t *testing.T, room string, want func(*ast.ValueSpec, string) bool) []string {
	t.Helper()
	var out []string
	source(t, room, func(node ast.Node) {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return
		}
		for i, name := range spec.Names {
			if i < len(spec.Values) && want(spec, name.Name) {
				if text := value(spec.Values[i]); text != "" {
					out = append(out, text)
				}
			}
		}
	})
	return out
}

func value(of ast.Expr) string {
	text, ok := of.(*ast.BasicLit)
	if !ok || text.Kind != token.STRING {
		return ""
	}
	plain, err := strconv.Unquote(text.Value)
	if err != nil {
		return ""
	}
	return plain
}

// house is the code of every room by its path, tests left out, read once.
var house = sync.OnceValues(func() (map[string]*ast.File, error) {
	files := map[string]*ast.File{}
	set := token.NewFileSet()
	err := filepath.WalkDir(filepath.Join("..", "internal"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		files[filepath.ToSlash(path)] = file
		return nil
	})
	return files, err
})

// source walks a room's code, and that of the rooms inside it but those that are named after it with a minus.
func source(t *testing.T, room string, each func(ast.Node)) {
	t.Helper()
	room, without, _ := strings.Cut(room, " ")
	left := strings.Fields(strings.ReplaceAll(without, "-", "../"))
	files, err := house()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasPrefix(path, "../"+room+"/") || slices.ContainsFunc(left, func(out string) bool { return strings.HasPrefix(path, out+"/") }) {
			continue
		}
		ast.Inspect(files[path], func(node ast.Node) bool {
			if node != nil {
				each(node)
			}
			return true
		})
	}
}
