package agreement

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// attribute is how a thing that conditions look at is called. A flag is a statement, and the one that denies it.
type attribute struct {
	phrase
	not      phrase // of a flag
	feminine bool   // in Arabic
	unit     *counted
	rate     bool // said in parts of a hundred
}

func noun(en, ar string) attribute { return attribute{phrase: phrase{en, ar}} }

func (a attribute) she() attribute { a.feminine = true; return a }

func (a attribute) in(unit counted) attribute { a.unit = &unit; return a }

func flagged(en, enNot, ar, arNot string) attribute {
	return attribute{phrase: phrase{en, ar}, not: phrase{enNot, arNot}}
}

// attributes are all that conditions can look at.
var attributes = map[string]attribute{
	"req.to":                    noun("the receiving state", "الدولة المتلقية").she(),
	"req.to_kind":               noun("the kind of recipient", "نوع المتلقي"),
	"req.as":                    noun("the form in which it is passed on", "صيغة النقل").she(),
	"req.purpose":               noun("the purpose", "الغرض"),
	"req.case_ref":              noun("a case reference", "مرجع ملف الحالة"),
	"req.human_confirmed_by":    noun("the name of a human who confirmed it", "اسم الموظف الذي تحقق منه"),
	"req.justification":         noun("the justification", "التسبيب"),
	"req.facts":                 noun("the statement of facts", "بيان الوقائع"),
	"req.follows":               noun("the share that it goes on from", "البند الذي يتبعه"),
	"req.key_profile":           noun("the method of matching", "أسلوب المطابقة"),
	"req.consent_ref":           noun("the consent of the person", "موافقة الشخص المعني").she(),
	"req.program":               noun("the programme", "البرنامج"),
	"req.batch_size":            noun("the size of the batch", "حجم الدفعة"),
	"req.records":               noun("the number of records", "عدد السجلات"),
	"req.offence_penalty_years": noun("the penalty for the offence", "عقوبة الجريمة").she().in(years),
	"req.hit_confirmed":         flagged("a human has confirmed the hit", "no human has confirmed the hit", "أكد موظف مختص المطابقة", "لم يؤكد أي موظف مختص المطابقة"),
	"req.unmask_approved":       flagged("unmasking has been approved", "unmasking has not been approved", "وُوفق على كشف البيانات المحجوبة", "لم يُوافَق على كشف البيانات المحجوبة"),
	"req.victim_consent":        flagged("the victim agrees", "the victim does not agree", "وافق المتضرر", "لم يوافق المتضرر"),

	"subject.kind":           noun("the subject", "صاحب البيانات"),
	"subject.nationality":    noun("the person's nationality", "جنسية الشخص").she(),
	"subject.age":            noun("the person's age", "عمر الشخص").in(years),
	"subject.asylum_seeker":  flagged("the person seeks asylum", "the person does not seek asylum", "كان الشخص طالب لجوء", "لم يكن الشخص طالب لجوء"),
	"subject.protected_from": noun("the states from which the person seeks protection", "الدول التي يطلب الشخص الحماية منها").she(),

	"record.kind":              noun("the record", "السجل"),
	"record.referral":          noun("the referral", "الإحالة").she(),
	"record.status":            noun("the status", "الحالة").she(),
	"record.tlp":               noun("the marking of the record", "علامة السجل").she(),
	"record.masked":            flagged("the record is masked", "the record is not masked", "كان السجل محجوب الهوية", "لم يكن السجل محجوب الهوية"),
	"record.false_declaration": flagged("the declaration was false", "the declaration was not false", "كان الإقرار غير صحيح", "كان الإقرار صحيحاً"),
	"record.victim_identified": flagged("the victim is named", "the victim is not named", "كُشفت هوية المتضرر", "لم تُكشف هوية المتضرر"),
	"record.consent":           flagged("whom it concerns has agreed", "whom it concerns has not agreed", "وافق صاحب الشأن", "لم يوافق صاحب الشأن"),
	"record.age_days":          noun("the age of the record", "عمر السجل").in(daysWord),
	"record.confidence":        noun("the confidence in the record (of a hundred)", "درجة الثقة في السجل (من مئة)").she(),
	"record.amount_usd":        noun("the amount in US dollars", "المبلغ بالدولار الأمريكي"),

	"self.country": noun("the deciding state", "الدولة التي تتخذ القرار").she(),

	"stats.overdue_erasures_7d":       noun("the number of erasures overdue in seven days", "عدد عمليات المحو المتأخرة في سبعة أيام"),
	"stats.requests_30d":              noun("the number of requests in thirty days", "عدد الطلبات في ثلاثين يوماً"),
	"stats.witness_disagreements_24h": noun("the number of disagreements between the two logs in a day", "عدد أوجه الاختلاف بين السجلين في يوم واحد"),
	"stats.overdue_replies_30d":       noun("the number of answers overdue in thirty days", "عدد الردود المتأخرة في ثلاثين يوماً"),
	"stats.hit_rate_30d":              rated("the rate of hits among the requests of thirty days", "نسبة المطابقات من طلبات ثلاثين يوماً"),
	"stats.false_positive_rate_30d":   rated("the rate of false hits in thirty days", "نسبة المطابقات الخاطئة في ثلاثين يوماً"),
}

func rated(en, ar string) attribute {
	a := noun(en, ar).she()
	a.rate = true
	return a
}

// values are words for what attributes are compared with; in Arabic as they stand after “was”.
var values = map[string]phrase{
	"req.to_kind/named_person":   {"a named person", "شخصاً مسمّى"},
	"req.to_kind/authority":      {"an authority", "جهة مختصة"},
	"req.as/raw":                 {"as it was filed", "كما ورد"},
	"req.as/analysis":            {"an analysis", "تحليلاً"},
	"req.as/summary":             {"a summary", "ملخصاً"},
	"subject.kind/filer":         {"whoever filed a report", "مقدّم البلاغ"},
	"subject.kind/person":        {"a person", "شخصاً"},
	"subject.kind/entity":        {"an entity", "كياناً"},
	"record.kind/str":            {"a suspicious-transaction report", "تقرير معاملة مشبوهة"},
	"record.kind/tax_assessment": {"a tax assessment", "ربطاً ضريبياً"},
	"record.referral/DNL":        {"“do not load”", "«لا تُحمَّل»"},
	"record.referral/RFS":        {"“request for screening”", "«طلب فحص»"},
	"record.referral/RFI":        {"“request for information”", "«طلب معلومات»"},
	"record.status/active":       {"active", "سارية"},
	"record.status/suspended":    {"suspended", "موقوفة"},
	"record.status/revoked":      {"revoked", "ملغاة"},
}

// narrator says a condition in words.
type narrator struct {
	tongue
	document *Document
	of       *condition
}

// call is the function that an expression calls, and its arguments, a receiver first; "" where it calls none.
func call(e ast.Expr) (string, []ast.Expr) {
	if e.Kind() != ast.CallKind {
		return "", nil
	}
	c := e.AsCall()
	args := c.Args()
	if c.IsMemberFunction() {
		args = append([]ast.Expr{c.Target()}, args...)
	}
	return c.FunctionName(), args
}

// path is the attribute that an expression names; "" where it names none.
func path(e ast.Expr) string {
	if e.Kind() != ast.SelectKind {
		return ""
	}
	s := e.AsSelect()
	if s.Operand().Kind() != ast.IdentKind {
		return ""
	}
	return s.Operand().AsIdent() + "." + s.FieldName()
}

// denied are the comparisons that say the opposite.
var denied = map[string]string{
	operators.Equals: operators.NotEquals, operators.NotEquals: operators.Equals, operators.Less: operators.GreaterEquals,
	operators.GreaterEquals: operators.Less, operators.Greater: operators.LessEquals, operators.LessEquals: operators.Greater,
}

// turned are the comparisons with their sides changed.
var turned = map[string]string{
	operators.Equals: operators.Equals, operators.NotEquals: operators.NotEquals, operators.Less: operators.Greater,
	operators.GreaterEquals: operators.LessEquals, operators.Greater: operators.Less, operators.LessEquals: operators.GreaterEquals,
}

// clause says an expression, or its opposite. What has no words is shown as the formula that it is.
func (n narrator) clause(e ast.Expr, so bool) string {
	if said, ok := n.plain(e, so); ok {
		return said
	}
	key := "formula"
	if !so {
		key = "noFormula"
	}
	return n.say(key, n.foreign(n.of.formula(e)))
}

func (n narrator) plain(e ast.Expr, so bool) (string, bool) {
	if e.Kind() == ast.LiteralKind {
		if truth, ok := e.AsLiteral().(types.Bool); ok {
			if bool(truth) == so {
				return n.say("true"), true
			}
			return n.say("false"), true
		}
	}
	if e.Kind() == ast.SelectKind {
		if e.AsSelect().IsTestOnly() {
			return n.given(path(e), so)
		}
		return n.flag(path(e), so)
	}
	switch name, args := call(e); name {
	case operators.LogicalNot:
		return n.clause(args[0], !so), true
	case operators.LogicalAnd, operators.LogicalOr:
		return n.joined(e, name, so), true
	case operators.In, operators.OldIn:
		return n.among(args[0], args[1], so)
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return n.compared(name, args[0], args[1], so)
	}
	return "", false
}

// joined says the parts of a conjunction or a disjunction; one inside the other is set apart.
func (n narrator) joined(e ast.Expr, operator string, so bool) string {
	var parts []string
	var walk func(ast.Expr)
	walk = func(e ast.Expr) {
		if name, args := call(e); name == operator {
			walk(args[0])
			walk(args[1])
			return
		}
		said := n.clause(e, so)
		if compound(e) {
			said = "(" + said + ")"
		}
		parts = append(parts, said)
	}
	walk(e)
	if (operator == operators.LogicalAnd) == so {
		return n.and(parts)
	}
	return n.or(parts)
}

// compound says whether an expression is put together with and, or or, be it denied.
func compound(e ast.Expr) bool {
	name, args := call(e)
	if name == operators.LogicalNot {
		return compound(args[0])
	}
	return name == operators.LogicalAnd || name == operators.LogicalOr
}

func (n narrator) flag(name string, so bool) (string, bool) {
	a, ok := attributes[name]
	if !ok || a.not == (phrase{}) {
		return "", false
	}
	if so {
		return n.word(a.phrase), true
	}
	return n.word(a.not), true
}

// pick is the Arabic verb or adjective that agrees with an attribute.
func pick(a attribute, he, she string) string {
	if a.feminine {
		return she
	}
	return he
}

func (n narrator) given(name string, so bool) (string, bool) {
	a, ok := attributes[name]
	if !ok {
		return "", false
	}
	switch {
	case !n.arabic && so:
		return a.en + " is given", true
	case !n.arabic:
		return a.en + " is not given", true
	case so:
		return pick(a, "ذُكر ", "ذُكرت ") + a.ar, true
	}
	return pick(a, "لم يُذكر ", "لم تُذكر ") + a.ar, true
}

// among says x in list.
func (n narrator) among(e, list ast.Expr, so bool) (string, bool) {
	if path(e) == "req.to" && path(list) == "subject.protected_from" {
		if so {
			return n.say("protected"), true
		}
		return n.say("notProtect"), true
	}
	a, ok := attributes[path(e)]
	if !ok || list.Kind() != ast.ListKind {
		return "", false
	}
	var items []string
	for _, one := range list.AsList().Elements() {
		said, ok := n.constant(path(e), a, one)
		if !ok {
			return "", false
		}
		items = append(items, said)
	}
	switch {
	case len(items) == 0:
		return "", false
	case !n.arabic && so:
		return a.en + " is " + n.or(items), true
	case !n.arabic:
		return a.en + " is not " + n.or(items), true
	case so:
		return pick(a, "كان ", "كانت ") + a.ar + " " + n.or(items), true
	}
	return pick(a, "لم يكن ", "لم تكن ") + a.ar + " " + n.or(items), true
}

// compared says a comparison of an attribute, or of a text's length, with something known.
func (n narrator) compared(operator string, left, right ast.Expr, so bool) (string, bool) {
	if left.Kind() == ast.LiteralKind {
		left, right, operator = right, left, turned[operator]
	}
	if !so {
		operator = denied[operator]
	}
	if name, args := call(left); name == "size" && len(args) == 1 {
		return n.length(operator, path(args[0]), right)
	}
	name := path(left)
	a, ok := attributes[name]
	if !ok {
		return "", false
	}
	equal := operator == operators.Equals
	if equal || operator == operators.NotEquals {
		pair := []string{name, path(right)}
		slices.Sort(pair)
		switch {
		case slices.Equal(pair, []string{"self.country", "subject.nationality"}) && equal:
			return n.say("ownNational"), true
		case slices.Equal(pair, []string{"self.country", "subject.nationality"}):
			return n.say("foreigner"), true
		case isText(right, ""):
			return n.given(name, !equal)
		case right.Kind() == ast.LiteralKind && right.AsLiteral().Type() == types.BoolType:
			return n.flag(name, equal == (right.AsLiteral() == types.True))
		}
	}
	said, ok := n.constant(name, a, right)
	if !ok {
		return "", false
	}
	switch {
	case operator == operators.Greater && right.AsLiteral() == types.Int(0):
		return n.aboveZero(a), true
	case name == "req.follows" && equal:
		return n.say("follows", said), true
	case name == "req.follows" && operator == operators.NotEquals:
		return n.say("notFollows", said), true
	case name == "subject.age" && operator == operators.Less:
		return n.say("younger", said), true
	case name == "subject.age" && operator == operators.GreaterEquals:
		return n.say("older", said), true
	}
	return n.relation(a, operator, said), true
}

// relation says that an attribute is so much, or more, or less.
func (n narrator) relation(a attribute, operator, said string) string {
	if !n.arabic {
		return a.en + map[string]string{
			operators.Equals: " is " + said, operators.NotEquals: " is not " + said,
			operators.Less: " is less than " + said, operators.LessEquals: " is " + said + " or less",
			operators.Greater: " is more than " + said, operators.GreaterEquals: " is " + said + " or more",
		}[operator]
	}
	was, was1 := pick(a, "كان ", "كانت ")+a.ar+" ", pick(a, "لم يكن ", "لم تكن ")+a.ar+" "
	return map[string]string{
		operators.Equals: was + said, operators.NotEquals: was1 + said,
		operators.Less: was + "أقل من " + said, operators.LessEquals: was + said + " أو أقل",
		operators.Greater: was + "أكثر من " + said, operators.GreaterEquals: was + said + " أو أكثر",
	}[operator]
}

func (n narrator) aboveZero(a attribute) string {
	if n.arabic {
		return pick(a, "تجاوز ", "تجاوزت ") + a.ar + " الصفر"
	}
	return a.en + " is above zero"
}

// length says how long a text is.
func (n narrator) length(operator, name string, right ast.Expr) (string, bool) {
	a, ok := attributes[name]
	if !ok || right.Kind() != ast.LiteralKind {
		return "", false
	}
	number, ok := right.AsLiteral().(types.Int)
	if !ok {
		return "", false
	}
	size := attribute{phrase: phrase{"the length of " + a.en, "طول " + a.ar}}
	return n.relation(size, operator, n.count(int64(number), characters)), true
}

// filledIn is the text that a condition wants filled in, and with how many characters; "" where it wants something else.
func filledIn(e ast.Expr) (name string, fewest int64) {
	if e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly() {
		return path(e), 1
	}
	operator, args := call(e)
	switch {
	case operator == operators.NotEquals && isText(args[1], ""):
		return path(args[0]), 1
	case operator == operators.GreaterEquals && args[1].Kind() == ast.LiteralKind:
		length, of := call(args[0])
		if n, ok := args[1].AsLiteral().(types.Int); ok && length == "size" && len(of) == 1 {
			return path(of[0]), int64(n)
		}
	}
	return "", 0
}

func isText(e ast.Expr, text string) bool {
	return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.String(text)
}

// constant says what an attribute is compared with: a purpose by its text, a country by its name.
func (n narrator) constant(name string, a attribute, e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	switch v := e.AsLiteral().(type) {
	case types.Int:
		if a.unit != nil {
			return n.count(int64(v), *a.unit), true
		}
		return grouped(int64(v)), true
	case types.Double:
		if a.rate {
			return n.hundredths(float64(v)), true
		}
		if v == types.Double(int64(v)) {
			return grouped(int64(v)), true
		}
		return fmt.Sprintf("%g", float64(v)), true
	case types.String:
		return n.named(name, string(v)), true
	}
	return "", false
}

func (n narrator) hundredths(rate float64) string {
	number := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", 100*rate), "0"), ".")
	if n.arabic {
		return number + " في المئة"
	}
	return number + " in a hundred"
}

// named says a word of the vocabulary.
func (n narrator) named(attribute, value string) string {
	if p, ok := values[attribute+"/"+value]; ok {
		return n.word(p)
	}
	switch attribute {
	case "req.purpose":
		if p, ok := n.document.Purpose(value); ok {
			return n.quote(n.aim(p))
		}
	case "req.to", "subject.nationality", "self.country":
		return n.country(value)
	case "req.follows":
		return n.foreign(value)
	}
	if strings.HasPrefix(value, "TLP:") {
		return n.foreign(value)
	}
	return n.quote(value)
}
