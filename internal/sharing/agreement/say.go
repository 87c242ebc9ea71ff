package agreement

import (
	"fmt"
	"strings"
)

// Words is an agreement as a person reads it who decides about it: every entry is one sentence.
type Words struct {
	Language   string       `json:"language"`
	Title      string       `json:"title"`
	State      string       `json:"state"`
	Parties    []string     `json:"parties"`
	Basis      []string     `json:"basis"`
	Purposes   []string     `json:"purposes"`
	Shares     []ShareWords `json:"shares"`
	Never      []string     `json:"never"`
	Duties     []string     `json:"duties"`
	Suspension []string     `json:"suspension"`
	Review     []string     `json:"review"`
}

// ShareWords is one share: what may flow, on what conditions, what may never be done with it, and what is owed for it.
type ShareWords struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Category string       `json:"category"`
	Permits  []string     `json:"permits"`
	Requires []string     `json:"requires"`
	Forbids  []string     `json:"forbids"`
	Duties   []string     `json:"duties"`
	Fields   []FieldWords `json:"fields"`
}

// FieldWords is a field by its name and in words.
type FieldWords struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// Say tells the agreement in English or, for "ar", in Arabic.
func (a *Agreement) Say(language string) Words {
	s := speaker{Agreement: a, narrator: narrator{tongue{language == "ar"}, &a.Document}}
	w := Words{Language: "en"}
	if s.arabic {
		w.Language = "ar"
	}
	m := a.Metadata
	w.Title = s.title()
	w.State = s.say("state", grouped(int64(m.Version)), s.date(m.Effective), s.date(m.Expires), s.say(m.Status))
	for _, p := range a.Parties {
		w.Parties = append(w.Parties, s.party(p))
	}
	for _, b := range a.LegalBasis {
		w.Basis = append(w.Basis, s.basis(b))
	}
	for _, p := range a.Purposes {
		w.Purposes = append(w.Purposes, s.purpose(p))
	}
	for i := range a.Shares {
		w.Shares = append(w.Shares, s.share(a.shares[a.Shares[i].ID]))
	}
	w.Never, w.Duties, w.Suspension, w.Review = s.nevers(), s.duties(), s.suspension(), s.review()
	return w
}

// speaker says the parts of one agreement in one language.
type speaker struct {
	*Agreement
	narrator
}

// own is the document's text in the language, where it has one; ok says whether it has.
func (t tongue) own(text, arabic string) (string, bool) {
	if !t.arabic {
		return text, true
	}
	return arabic, strings.TrimSpace(arabic) != ""
}

func (s speaker) title() string {
	if title, ok := s.own(s.Metadata.Title, s.Metadata.TitleAr); ok {
		return title
	}
	var about []string
	for _, d := range s.Domains {
		about = append(about, s.in(subjects, d))
	}
	return "اتفاقية تبادل: " + s.and(about)
}

func (s speaker) party(p Party) string {
	var work, watch []string
	for _, one := range p.Authorities {
		if one.Watches() {
			watch = append(watch, s.authority(one))
		} else {
			work = append(work, s.authority(one))
		}
	}
	if len(watch) == 0 {
		watch = []string{"—"}
	}
	return s.say("party", s.capital(s.country(p.Country)), s.and(work), s.and(watch))
}

func (s speaker) authority(a Authority) string {
	if name, ok := s.own(a.Name, a.NameAr); ok {
		return name
	}
	if name, ok := offices[strings.ToLower(a.Name)]; ok {
		return name
	}
	return s.foreign(a.Name)
}

// authorities are named by their ids, each with its country.
func (s speaker) authorities(ids []string) string {
	var named []string
	for _, id := range ids {
		one, _ := s.Authority(id)
		p, _ := s.PartyOf(id)
		named = append(named, s.authority(one)+" ("+s.country(p.Country)+")")
	}
	return s.and(named)
}

func (s speaker) basis(b Basis) string {
	note, ok := s.own(b.Note, b.NoteAr)
	if !ok || note == "" {
		return s.foreign(b.Ref)
	}
	return s.say("noteLine", s.foreign(b.Ref), note)
}

func (s speaker) purpose(p Purpose) string {
	text := s.aim(p)
	switch {
	case p.Consent == consentOfSubject:
		return s.say("consent", text)
	case p.MinPenaltyYears > 0:
		return s.say("penalty", text, s.count(int64(p.MinPenaltyYears), years))
	}
	return s.say("purpose", text)
}

// byCategory looks up what is said of a category, or of a category in one mode.
func (s speaker) byCategory(table map[string]phrase, t *terms) string {
	if p, ok := table[t.Category+"/"+t.Mode]; ok {
		return s.of(p)
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
		said := s.of(phrase{f.En, f.Ar})
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
	for _, part := range conjuncts(t.when.expr) {
		name, fewest := filledIn(part)
		if name == "req.case_ref" && j.CaseRef == required || name == "req.human_confirmed_by" && sending {
			continue // said below, in the words of the clause that asks for it as well
		}
		written = written || (name == "req.justification" || name == "req.facts") && fewest >= int64(j.MinChars)
		out = append(out, s.say("onlyIf", s.clause(part, true)))
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
	if t.second != nil {
		second := role
		if a.SecondRole != "" {
			second = s.Role(a.SecondRole)
		}
		out = append(out, s.say("second", s.holders(second, 1), s.condition(t.second)))
	}
	return out
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
			out = append(out, s.say("caveatLine", s.foreign(caveat), s.of(p)))
		} else {
			out = append(out, s.say("caveatCode", s.foreign(caveat)))
		}
	}
	return out
}

func (s speaker) nevers() []string {
	var out []string
	for i, rule := range s.Never.Rules {
		if strings.TrimSpace(rule.When) == "false" {
			continue
		}
		words := s.condition(s.never[i])
		said := s.say("neverBare", s.foreign(rule.ID), words)
		if reason, ok := s.own(rule.Reason, rule.ReasonAr); ok {
			said = s.say("neverRule", s.foreign(rule.ID), sentence(reason), words)
		}
		if rule.Answer == answerAsNoHit {
			said += " " + s.say("asNoHit")
		}
		out = append(out, said)
	}
	var fields []string
	for _, name := range s.Never.Fields {
		if f, ok := Lookup(name); ok {
			fields = append(fields, s.of(phrase{f.En, f.Ar}))
		} else {
			fields = append(fields, s.foreign(name))
		}
	}
	if fields != nil {
		out = append(out, s.say("neverFields", s.list(fields)))
	}
	return append(out, s.say("neverRest"))
}

func (s speaker) duties() []string {
	d := s.Duties
	out := []string{s.say("acknowledge", s.duration(d.AcknowledgeWithin)), s.say("receipt", s.duration(d.ReceiptWithin))}
	if d.RefusalNeedsReason {
		out = append(out, s.say("reason"))
	}
	return append(out,
		s.say("correct", s.duration(d.CorrectionNoticeWithin), s.duration(d.CorrectionEffectWithin)),
		s.say("erase", s.duration(d.ErasureEffectWithin), s.duration(d.ErasureReceiptWithin)),
		s.say("breach", s.duration(d.BreachNoticeWithin)),
		s.say("access", s.duration(d.AccessReplyWithin)),
		s.say("logs", s.duration(d.LogsKept)),
		s.capital(s.say("oversight", s.authorities(d.OversightMayRead))),
	)
}

func (s speaker) suspension() []string {
	p := s.Suspension
	out := []string{s.say("either", s.duration(p.Notice))}
	if len(p.ImmediateFor) > 0 {
		var said []string
		for _, cause := range p.ImmediateFor {
			said = append(said, s.in(causes, cause))
		}
		out = append(out, s.say("immediate", s.or(said)))
	}
	for i, t := range p.Triggers {
		when := s.condition(s.triggers[i])
		switch t.Action {
		case "suspend_share":
			what := s.say("everything")
			if t.Share != All {
				what = s.say("share", s.foreign(t.Share))
			}
			out = append(out, s.say("pullShare", what, when))
		case "suspend_receiving":
			out = append(out, s.say("pullReceive", when))
		default:
			out = append(out, s.say("pullAlert", when))
		}
	}
	return append(out, s.say("before"))
}

func (s speaker) review() []string {
	r := s.Review
	out := []string{s.say("cadence", s.every(r.Cadence))}
	if !r.JointEvaluation.IsZero() {
		out = append(out, s.say("joint", s.every(r.JointEvaluation)))
	}
	out = append(out, s.say("chairs", s.authorities(r.Chairs)))
	if len(r.Observers) > 0 {
		out = append(out, s.say("observe", s.authorities(r.Observers)))
	}
	return out
}

// Text lays the words out for a terminal or a page without markup.
func (w Words) Text() string {
	t := tongue{w.Language == "ar"}
	var b strings.Builder
	line := func(indent int, mark, text string) {
		fmt.Fprintf(&b, "%s%s%s\n", strings.Repeat(" ", indent), mark, text)
	}
	block := func(head string, lines []string) {
		if len(lines) == 0 {
			return
		}
		b.WriteByte('\n')
		line(0, "", t.say(head))
		for _, one := range lines {
			line(2, "• ", one)
		}
	}
	line(0, "", w.Title)
	line(0, "", w.State)
	block("headParties", w.Parties)
	block("headBasis", w.Basis)
	block("headPurposes", w.Purposes)
	b.WriteByte('\n')
	line(0, "", t.say("headShares"))
	for _, s := range w.Shares {
		b.WriteByte('\n')
		line(2, "", t.foreign(s.ID)+"  "+s.Title)
		for _, part := range []struct {
			head  string
			lines []string
		}{{"headPermits", s.Permits}, {"headRequires", s.Requires}, {"headForbids", s.Forbids}, {"headShareDuty", s.Duties}} {
			for i, one := range part.lines {
				if i == 0 {
					line(4, "", t.say(part.head))
				}
				line(6, "• ", one)
			}
		}
	}
	block("headNever", w.Never)
	block("headDuties", w.Duties)
	block("headSuspension", w.Suspension)
	block("headReview", w.Review)
	return b.String()
}
