package agreement

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Effect is what a change does to those whose data it is about.
type Effect string

const (
	Stricter Effect = "stricter"
	Looser   Effect = "looser"
	Neutral  Effect = "neutral" // names, addresses, wording
	Unclear  Effect = "unclear" // a human has to judge
)

// Change is one clause that another version has otherwise.
type Change struct {
	Path    string `json:"path"`            // shares.T2.quota.requests; never.rules.N1
	Share   string `json:"share,omitempty"` // T2
	Was     string `json:"was,omitempty"`   // absent where the clause is new
	Becomes string `json:"becomes,omitempty"`
	Effect  Effect `json:"effect"`
}

// Diff says what another version changes, in its order, each clause by itself: a list element by element, a share or a
// rule that comes or goes as one.
func (a *Agreement) Diff(b *Agreement) []Change {
	d := differ{before: a, after: b}
	d.walk("", "", reflect.ValueOf(a.Document), reflect.ValueOf(b.Document))
	return d.changes
}

type differ struct {
	before, after *Agreement
	changes       []Change
}

// walk compares two values of one type. form is the path with * for every name, by which what a change means is looked up.
func (d *differ) walk(path, form string, was, becomes reflect.Value) {
	switch was.Interface().(type) {
	case Duration, Date:
		d.leaf(path, form, was, becomes)
		return
	}
	switch was.Kind() {
	case reflect.Struct:
		for _, key := range keysOf(was.Type()) {
			if form == "" && (key.name == "apiVersion" || key.name == "kind") {
				continue
			}
			d.walk(join(path, key.name), join(form, key.name), was.Field(key.index), becomes.Field(key.index))
		}
	case reflect.Pointer:
		d.pointer(path, form, was, becomes)
	case reflect.Slice:
		if was.Type().Elem().Kind() == reflect.String {
			d.set(path, form, was, becomes)
		} else {
			d.named(path, form, was, becomes)
		}
	case reflect.Map:
		d.pairs(path, form, was, becomes)
	default:
		d.leaf(path, form, was, becomes)
	}
}

// pointer compares a part that may be absent with one that is there as if its values were not.
func (d *differ) pointer(path, form string, was, becomes reflect.Value) {
	switch {
	case was.IsNil() && becomes.IsNil():
		return
	case was.IsNil():
		was = reflect.New(was.Type().Elem())
	case becomes.IsNil():
		becomes = reflect.New(becomes.Type().Elem())
	}
	d.walk(path, form, was.Elem(), becomes.Elem())
}

func (d *differ) leaf(path, form string, was, becomes reflect.Value) {
	before, after := written(was), written(becomes)
	if before != after {
		d.add(path, form, before, after)
	}
}

// written is a value as the document writes it; "" for one that it does not.
func written(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Duration:
		return x.text
	case Date:
		if x.IsZero() {
			return ""
		}
		return x.String()
	}
	if v.IsZero() && v.Kind() != reflect.Bool {
		return ""
	}
	return fmt.Sprint(v.Interface())
}

// set compares lists of words, whose order says nothing.
func (d *differ) set(path, form string, was, becomes reflect.Value) {
	words := func(v reflect.Value) []string {
		out := make([]string, v.Len())
		for i := range out {
			out[i] = v.Index(i).String()
		}
		return out
	}
	before, after := words(was), words(becomes)
	for _, word := range before {
		if !slices.Contains(after, word) {
			d.add(path, form, word, "")
		}
	}
	for _, word := range after {
		if !slices.Contains(before, word) {
			d.add(path, form, "", word)
		}
	}
}

// named compares lists of things that have a name, by their names.
func (d *differ) named(path, form string, was, becomes reflect.Value) {
	find := func(in reflect.Value, name string) (reflect.Value, bool) {
		for i := range in.Len() {
			if nameOf(in.Index(i)) == name {
				return in.Index(i), true
			}
		}
		return reflect.Value{}, false
	}
	for i := range was.Len() {
		name := nameOf(was.Index(i))
		if other, ok := find(becomes, name); ok {
			d.walk(join(path, name), form+".*", was.Index(i), other)
		} else {
			d.add(join(path, name), form+".*", titleOf(was.Index(i)), "")
		}
	}
	for i := range becomes.Len() {
		if name := nameOf(becomes.Index(i)); !has(find(was, name)) {
			d.add(join(path, name), form+".*", "", titleOf(becomes.Index(i)))
		}
	}
}

func has(_ reflect.Value, ok bool) bool { return ok }

// nameOf is what tells one entry of a list from the others.
func nameOf(v reflect.Value) string {
	for _, field := range []string{"ID", "Ref"} {
		if f := v.FieldByName(field); f.IsValid() {
			return f.String()
		}
	}
	return ""
}

// titleOf is what an entry is called when it comes or goes whole.
func titleOf(v reflect.Value) string {
	for _, field := range []string{"Title", "Reason", "Text", "Name", "When", "Ref", "Country"} {
		if f := v.FieldByName(field); f.IsValid() && f.String() != "" {
			return f.String()
		}
	}
	return nameOf(v)
}

func (d *differ) pairs(path, form string, was, becomes reflect.Value) {
	var names []string
	for _, v := range []reflect.Value{was, becomes} {
		for _, key := range v.MapKeys() {
			names = append(names, key.String())
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		value := func(v reflect.Value) string {
			if one := v.MapIndex(reflect.ValueOf(name)); one.IsValid() {
				return one.String()
			}
			return ""
		}
		if before, after := value(was), value(becomes); before != after {
			d.add(join(path, name), form+".*", before, after)
		}
	}
}

func (d *differ) add(path, form, was, becomes string) {
	c := Change{Path: path, Was: was, Becomes: becomes, Effect: Neutral}
	if rest, ok := strings.CutPrefix(path, "shares."); ok {
		c.Share, _, _ = strings.Cut(rest, ".")
	}
	switch judge, ok := judges[form]; {
	case ok:
		c.Effect = judge(was, becomes)
	case form == "shares.*.when", form == "shares.*.approval.second_when", form == "never.rules.*.when":
		c.Effect = d.condition(form, path)
	}
	d.changes = append(d.changes, c)
}

// condition judges a changed condition where one has all parts of the other and more.
func (d *differ) condition(form, path string) Effect {
	before, after := conditionAt(d.before, form, path), conditionAt(d.after, form, path)
	switch more := moreParts(after, before); {
	case form == "shares.*.when":
		return more
	case before == nil: // of a second approval, or a never-rule: the more it holds, the stricter
		return Stricter
	case after == nil:
		return Looser
	default:
		return opposite(more)
	}
}

func conditionAt(a *Agreement, form, path string) *condition {
	parts := strings.Split(path, ".")
	switch form {
	case "never.rules.*.when":
		for i, rule := range a.Never.Rules {
			if rule.ID == parts[2] {
				return a.never[i]
			}
		}
		return nil
	case "shares.*.when":
		return a.shares[parts[1]].when
	}
	return a.shares[parts[1]].second
}

// moreParts says whether a condition asks for all that another asks for and more, or for part of it.
func moreParts(c, than *condition) Effect {
	if c == nil || than == nil {
		return Unclear
	}
	these, those := partsOf(c), partsOf(than)
	all := func(of, in []string) bool {
		return !slices.ContainsFunc(of, func(part string) bool { return !slices.Contains(in, part) })
	}
	switch fewer, more := all(these, those), all(those, these); {
	case fewer && more:
		return Neutral
	case more:
		return Stricter
	case fewer:
		return Looser
	}
	return Unclear
}

// partsOf are the conjuncts of a condition as they are written; what is always true is none.
func partsOf(c *condition) []string {
	var out []string
	for _, part := range c.parts() {
		if text := c.formula(part); text != "true" {
			out = append(out, text)
		}
	}
	return out
}

func opposite(e Effect) Effect {
	switch e {
	case Stricter:
		return Looser
	case Looser:
		return Stricter
	}
	return e
}

// judge says what a change of a clause means; "" stands for a clause that is not there.
type judge func(was, becomes string) Effect

// judges are what changes mean, by clause. What is not here is neutral: names, addresses, wording.
var judges = map[string]judge{
	"metadata.effective": unclear, "metadata.expires": laterLooser, "metadata.status": unclear,
	"parties.*": unclear, "parties.*.country": unclear, "parties.*.authorities.*": unclear, "parties.*.authorities.*.domains": unclear, "parties.*.authorities.*.jwks": unclear,
	"domains": moreLooser, "roles.*": unclear,
	"purposes.*": moreLooser, "purposes.*.text": unclear, "purposes.*.min_penalty_years": higherStricter, "purposes.*.consent": moreStricter,
	"never.fields": moreStricter, "never.rules.*": moreStricter, "never.rules.*.answer": unclear,

	"shares.*": moreLooser, "shares.*.category": unclear, "shares.*.mode": ranked(modePrivate, modeHit, modeNotice, modeFull), "shares.*.trigger": unclear,
	"shares.*.from": moreLooser, "shares.*.to": moreLooser, "shares.*.purposes": moreLooser, "shares.*.fields": moreLooser,
	"shares.*.justification.required": moreStricter, "shares.*.justification.min_chars": higherStricter, "shares.*.justification.case_ref": moreStricter,
	"shares.*.justification.offence_code": moreStricter, "shares.*.justification.prior_reference": moreStricter, "shares.*.justification.application_ref": moreStricter,
	"shares.*.approval.release": ranked(releaseOfficer, releaseStanding), "shares.*.approval.role": unclear, "shares.*.approval.count": higherStricter,
	"shares.*.approval.not_requester": moreStricter, "shares.*.approval.second_role": unclear, "shares.*.approval.standing_until": laterLooser, "shares.*.approval.signed_by": moreStricter,
	"shares.*.human_confirmation": confirmed, "shares.*.reply_within": longerLooser, "shares.*.urgent_reply_within": longerLooser,
	"shares.*.quota.window": longerStricter, "shares.*.quota.requests": higherLooser, "shares.*.quota.subjects": higherLooser, "shares.*.quota.hit_rate_floor": higherStricter,
	"shares.*.retention.max": longerLooser, "shares.*.retention.on_no_hit": longerLooser, "shares.*.retention.depersonalise_after": longerLooser, "shares.*.retention.dormant": keptLonger,
	"shares.*.retention.review_every": longerLooser, "shares.*.retention.on_refusal": longerLooser, "shares.*.retention.on_revocation": longerLooser,
	"shares.*.onward.rule": ranked("forbid", "consent", "by_tlp", "allowed"), "shares.*.onward.to_kinds": moreLooser, "shares.*.onward.third_state": ranked("forbid", "consent"), "shares.*.onward.reply_within": longerLooser,
	"shares.*.handling.tlp": ranked(markings...), "shares.*.handling.caveats": moreStricter,

	"duties.acknowledge_within": longerLooser, "duties.receipt_within": longerLooser, "duties.refusal_needs_reason": moreStricter, "duties.correction_notice_within": longerLooser,
	"duties.correction_effect_within": longerLooser, "duties.erasure_effect_within": longerLooser, "duties.erasure_receipt_within": longerLooser, "duties.breach_notice_within": longerLooser,
	"duties.individual_access_reply_within": longerLooser, "duties.logs_kept": keptLongerStricter, "duties.oversight_may_read": moreStricter,
	"suspension.immediate_for": moreStricter, "suspension.notice": longerLooser, "suspension.triggers.*": moreStricter, "suspension.triggers.*.when": unclear, "suspension.triggers.*.action": ranked("suspend_receiving", "suspend_share", "alert"), "suspension.triggers.*.share": unclear,
	"review.cadence": longerLooser, "review.joint_evaluation": longerLooser, "review.chairs": unclear, "review.observers": moreStricter,
	"transport.max_clock_skew": longerLooser, "transport.message_ttl": longerLooser, "transport.witness_interval": longerLooser,
}

func unclear(string, string) Effect { return Unclear }

// moreStricter and moreLooser judge what comes, goes, or is asked for at all.
func moreStricter(was, becomes string) Effect {
	if becomes == "" || becomes == "false" {
		return Looser
	}
	if was == "" || was == "false" {
		return Stricter
	}
	return Unclear
}

func moreLooser(was, becomes string) Effect { return opposite(moreStricter(was, becomes)) }

func higherLooser(was, becomes string) Effect {
	a, _ := strconv.ParseFloat(was, 64) // "" is none, and none is nought
	b, _ := strconv.ParseFloat(becomes, 64)
	if b > a {
		return Looser
	}
	return Stricter
}

func higherStricter(was, becomes string) Effect { return opposite(higherLooser(was, becomes)) }

func laterLooser(was, becomes string) Effect {
	switch {
	case was == "" || becomes == "":
		return Unclear
	case becomes > was: // days are written so that they sort
		return Looser
	}
	return Stricter
}

// longerLooser judges a clock: without one there is no end to it.
func longerLooser(was, becomes string) Effect {
	a, err := ParseDuration(was)
	if err != nil {
		return Stricter
	}
	b, err := ParseDuration(becomes)
	switch {
	case err != nil:
		return Looser
	case a.Equal(b):
		return Neutral
	case b.Longer(a) && a.Longer(b): // days against months
		return Unclear
	case b.Longer(a):
		return Looser
	}
	return Stricter
}

func longerStricter(was, becomes string) Effect { return opposite(longerLooser(was, becomes)) }

// keptLonger judges a time that is none where it is not given.
func keptLonger(was, becomes string) Effect {
	none := func(text string) string {
		if text == "" {
			return "PT0S"
		}
		return text
	}
	return longerLooser(none(was), none(becomes))
}

func keptLongerStricter(was, becomes string) Effect { return opposite(keptLonger(was, becomes)) }

// ranked judges words by their place, the strictest first. A word that is not among them, or none, is the strictest where
// absence forbids; otherwise a human judges.
func ranked(strictestFirst ...string) judge {
	return func(was, becomes string) Effect {
		a, b := slices.Index(strictestFirst, was), slices.Index(strictestFirst, becomes)
		switch {
		case was == "":
			a = 0
		case becomes == "":
			b = 0
		}
		switch {
		case a < 0 || b < 0:
			return Unclear
		case a == b:
			return Neutral
		case b > a:
			return Looser
		}
		return Stricter
	}
}

func confirmed(was, becomes string) Effect {
	sending, replying := confirms(was)
	nowSending, nowReplying := confirms(becomes)
	lost, won := sending && !nowSending || replying && !nowReplying, nowSending && !sending || nowReplying && !replying
	switch {
	case lost && won:
		return Unclear
	case lost:
		return Looser
	case won:
		return Stricter
	}
	return Neutral
}
