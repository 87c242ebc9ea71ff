package agreement

import (
	"fmt"
	"strings"
)

// byCategory looks up what is said of a category, or of a category in one mode.
func (s speaker) byCategory(table map[string]phrase, t *terms) string {
	if p, ok := table[t.Category+"/"+t.Mode]; ok {
		return s.word(p)
	}
	return s.in(table, t.Category)
}

func (s speaker) share(t *terms) ShareWords {
	w := ShareWords{ID: t.ID, Category: t.Category}
	var ok bool
	if w.Title, ok = s.own(t.Title, t.TitleAr); !ok {
		w.Title = s.byCategory(headings, t)
	}
	var names []string
	for _, name := range t.Fields {
		f, _ := Lookup(name)
		said := s.word(phrase{f.En, f.Ar})
		w.Fields = append(w.Fields, FieldWords{name, said})
		names = append(names, said)
	}
	var purposes []string
	for _, id := range t.Purposes {
		p, _ := s.Purpose(id)
		purposes = append(purposes, s.quote(s.aim(p)))
	}
	w.Permits = []string{s.flow(t), s.say("fields", s.list(names)), s.say("for", s.list(purposes))}
	w.Requires = s.requires(t)
	w.Forbids = s.forbids(t)
	w.Duties = s.owed(t)
	return w
}

// flow says who may start what, and in which direction.
func (s speaker) flow(t *terms) string {
	what := s.byCategory(content, t)
	both := t.Gives(s.Parties[0].ID, s.Parties[1].ID) && t.Gives(s.Parties[1].ID, s.Parties[0].ID)
	giver, getter := s.Parties[0], s.Parties[1]
	if t.Gives(getter.ID, giver.ID) {
		giver, getter = getter, giver
	}
	from, to := s.country(giver.Country), s.country(getter.Country)
	switch {
	case t.Trigger == triggerRequest && both:
		return s.say("askBoth", what)
	case t.Trigger == triggerRequest:
		return s.capital(s.say("askOne", to, from, what))
	case t.Trigger == triggerSpontaneous && both:
		return s.say("tellBoth", what)
	case t.Trigger == triggerSpontaneous:
		return s.capital(s.say("tellOne", from, to, what))
	case both:
		return s.say("regularBoth", what)
	}
	return s.capital(s.say("regularOne", from, to, what))
}

func (s speaker) requires(t *terms) []string {
	var out []string
	j := t.Justification
	sending, _ := confirms(t.Confirmation)
	written := false
	for _, part := range t.when.parts() {
		name, fewest := filledIn(part)
		if name == "req.case_ref" && j.CaseRef == required || name == "req.human_confirmed_by" && sending {
			continue // said below, in the words of the clause that asks for it as well
		}
		written = written || (name == "req.justification" || name == "req.facts") && fewest >= int64(j.MinChars)
		out = append(out, s.say("onlyIf", s.clause(t.when, part)))
	}
	if strings.TrimSpace(t.When) == "true" {
		out = []string{s.say("always")}
	}
	switch {
	case written:
	case j.MinChars > 0:
		out = append(out, s.say("justified", s.count(int64(j.MinChars), characters)))
	case j.Required:
		out = append(out, s.say("justifiedShort"))
	}
	var with []string
	for _, part := range []struct{ key, value string }{
		{"caseRef", j.CaseRef}, {"offenceCode", j.OffenceCode}, {"priorReference", j.PriorReference}, {"applicationRef", j.ApplicationRef},
	} {
		if part.value == required {
			with = append(with, s.say(part.key))
		}
	}
	if with != nil {
		out = append(out, s.say("names", s.and(with)))
	}
	out = append(out, s.approvals(t)...)
	if key := map[string]string{confirmBoth: "confirmBoth", confirmSending: "confirmSending", confirmReplying: "confirmReply"}[t.Confirmation]; key != "" {
		out = append(out, s.say(key))
	}
	switch {
	case t.Trigger != triggerRequest:
		out = append(out, s.say("replyOwed", s.duration(t.ReplyWithin)))
	case t.UrgentWithin.IsZero():
		out = append(out, s.say("replyWithin", s.duration(t.ReplyWithin)))
	default:
		out = append(out, s.say("replyUrgent", s.duration(t.ReplyWithin), s.duration(t.UrgentWithin)))
	}
	if q := t.Quota; q != nil {
		out = append(out, s.say("quota", s.count(int64(q.Requests), requests), s.count(int64(q.Subjects), persons), s.duration(q.Window)))
		if q.HitRateFloor > 0 {
			out = append(out, s.say("floor", fmt.Sprintf("%g", 100*q.HitRateFloor)))
		}
	}
	return out
}

func (s speaker) approvals(t *terms) []string {
	a := t.Approval
	if t.Standing() {
		return []string{s.say("standing", s.authorities(a.SignedBy), s.date(a.StandingUntil))}
	}
	role := s.Role(a.Role)
	var out []string
	if t.Trigger == triggerRequest {
		out = append(out, s.say("approveAsk", s.holders(role, 1)), s.say("approveAnswer", s.holders(role, a.Count)))
	} else {
		out = append(out, s.say("approveGive", s.holders(role, a.Count)))
		if a.NotRequester {
			out = append(out, s.say("notRequester"))
		}
	}
	if t.second == nil {
		return out
	}
	second := s.secondRole(a)
	if strings.TrimSpace(a.SecondWhen) == "true" {
		return append(out, s.say("secondAlways", s.holders(second, 1)))
	}
	return append(out, s.say("second", s.holders(second, 1), s.condition(t.second)))
}

// forbids says whether the receiver may pass it on.
func (s speaker) forbids(t *terms) []string {
	o := t.Onward
	var kinds []string
	for _, kind := range o.ToKinds {
		kinds = append(kinds, s.in(recipients, kind))
	}
	var out []string
	switch o.Rule {
	case "forbid":
		return []string{s.say("onwardForbid")}
	case "consent":
		out = []string{s.say("onwardConsent", s.and(kinds), s.duration(o.ReplyWithin))}
	case "allowed":
		out = []string{s.say("onwardAllowed", s.and(kinds))}
	default:
		out = []string{s.say("onwardTLP")}
	}
	if o.ThirdState == "consent" {
		return append(out, s.say("thirdConsent"))
	}
	return append(out, s.say("thirdForbid"))
}

// owed says how long it may be kept, and under which markings.
func (s speaker) owed(t *terms) []string {
	r := t.Retention
	out := []string{s.say("keep", s.duration(r.Max))}
	for _, clock := range []struct {
		key string
		Duration
	}{{"mask", r.DepersonaliseAt}, {"dormant", r.Dormant}, {"afterNo", r.AfterRefusal}, {"afterGone", r.AfterRevocation}} {
		if !clock.IsZero() {
			out = append(out, s.say(clock.key, s.duration(clock.Duration)))
		}
	}
	if !r.ReviewEvery.IsZero() {
		out = append(out, s.say("lookAgain", s.every(r.ReviewEvery)))
	}
	switch {
	case r.OnNoHit.IsZero():
	case r.OnNoHit.Longer(Duration{}):
		out = append(out, s.say("keepNoHit", s.duration(r.OnNoHit)))
	default:
		out = append(out, s.say("forgetNow"))
	}
	if t.Handling.TLP == tlpFromRecord {
		out = append(out, s.say("markedOwn"))
	} else {
		out = append(out, s.say("marked", s.foreign(t.Handling.TLP), s.in(marks, t.Handling.TLP)))
	}
	for _, caveat := range t.Handling.Caveats {
		if p, ok := caveats[caveat]; ok {
			out = append(out, s.say("caveatLine", s.foreign(caveat), s.word(p)))
		} else {
			out = append(out, s.say("caveatCode", s.foreign(caveat)))
		}
	}
	return out
}
