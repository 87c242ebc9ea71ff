package agreement

import (
	"fmt"
	"slices"
	"strings"
)

func (c *checking) allShares() {
	if len(c.Shares) == 0 {
		c.schema("shares", "", "the list is empty", "say what may flow")
	}
	c.unique("shares", len(c.Shares), func(i int) string { return c.Shares[i].ID }, "id")
	c.shares = make(map[string]*terms, len(c.Shares))
	for i := range c.Shares {
		s := &shareCheck{checking: c, Share: &c.Shares[i], path: fmt.Sprintf("shares[%d]", i)}
		c.shares[s.ID] = s.check()
	}
}

// shareCheck holds one share against the form, and against what its category allows.
type shareCheck struct {
	*checking
	*Share
	path   string
	limits limits
}

// wrong reports a problem of this share; path is below the share's.
func (s *shareCheck) wrong(code, path, value, limit, requirement, why, mend string) {
	s.report(Problem{Code: code, Path: join(s.path, path), Share: s.ID, Value: value, Limit: limit, Requirement: requirement, Why: why, Mend: mend})
}

func (s *shareCheck) check() *terms {
	s.form(s.path+".id", s.ID, shareForm, "a capital letter and a number, as T1")
	s.filled(s.path+".title", s.Title)
	var known bool
	if s.limits, known = categories[s.Category]; !known {
		names := make([]string, 0, len(categories))
		for name := range categories {
			names = append(names, name)
		}
		slices.Sort(names)
		s.oneOf(s.path+".category", s.Category, names...)
	}
	s.oneOf(s.path+".mode", s.Mode, modeNotice, modeHit, modePrivate, modeFull)
	s.oneOf(s.path+".trigger", s.Trigger, triggerRequest, triggerSpontaneous, triggerPeriodic)
	if known && !slices.Contains(s.limits.modes, s.Mode) {
		s.wrong(CodeSchema, "mode", s.Mode, strings.Join(s.limits.modes, ", "), "", s.Category+" does not flow in this mode", "write "+strings.Join(s.limits.modes, " or "))
	}
	t := &terms{Share: s.Share, limits: s.limits, listed: map[string]bool{}, min: map[string]int{}}
	s.direction(known)
	s.purposesOf(t)
	s.fieldsOf(t)
	t.when = s.condition(s.path+".when", s.ID, s.When)
	s.justification()
	s.confirmation(known)
	if known {
		s.release()
	}
	if s.Approval.SecondWhen != "" {
		t.second = s.condition(s.path+".approval.second_when", s.ID, s.Approval.SecondWhen)
	}
	s.reply()
	s.quotaOf()
	if known {
		s.retention()
	}
	s.onwardOf()
	s.marking(known)
	return t
}

func (s *shareCheck) direction(known bool) {
	flows := false
	for _, side := range []struct {
		key     string
		parties OneOrMore
	}{{"from", s.From}, {"to", s.To}} {
		if len(side.parties) == 0 {
			s.schema(join(s.path, side.key), "", "the list is empty", "name a party")
		}
		for _, id := range side.parties {
			party, ok := s.partyNamed(id)
			switch {
			case !ok:
				s.wrong(CodeParty, side.key, id, "", "", "there is no such party", "name one from parties")
			case known && !slices.ContainsFunc(party.Authorities, func(a Authority) bool { return a.serves(s.limits.domains) }):
				s.wrong(CodeParty, side.key, id, strings.Join(s.limits.domains, ", "), "", "no authority of "+id+" serves the domain of "+s.Category, "give one of its authorities the domain")
			}
		}
	}
	for _, giver := range s.From {
		for _, getter := range s.To {
			flows = flows || giver != getter
		}
	}
	if !flows && len(s.From) > 0 && len(s.To) > 0 {
		s.wrong(CodeParty, "to", strings.Join(s.To, ", "), "", "", "a party would give to itself", "name the other party")
	}
	if known && len(s.Domains) > 0 && !slices.ContainsFunc(s.limits.domains, func(d string) bool { return slices.Contains(s.Domains, d) }) {
		s.wrong(CodeSchema, "category", s.Category, strings.Join(s.limits.domains, ", "), "", "the agreement is not about the domain of "+s.Category, "add the domain to domains")
	}
}

func (s *shareCheck) purposesOf(t *terms) {
	s.some(s.path+".purposes", s.Share.Purposes)
	for i, id := range s.Share.Purposes {
		p, ok := s.Purpose(id)
		if !ok {
			s.wrong(CodePurpose, fmt.Sprintf("purposes[%d]", i), id, "", "R-AGR-40", "the agreement lists no such purpose", "name one from purposes")
		}
		t.min[id] = p.MinPenaltyYears
	}
}

// fieldsOf holds each field against the catalogue and against never. A field is wrong once: the gravest is told.
func (s *shareCheck) fieldsOf(t *terms) {
	s.some(s.path+".fields", s.Fields)
	for i, name := range s.Fields {
		t.listed[name] = true
		at := s.placeOf(fmt.Sprintf("%s.fields[%d]", s.path, i))
		wrong := func(code, requirement, why, mend string) {
			s.report(Problem{Code: code, Path: s.path + ".fields", Share: s.ID, Line: at.line, Column: at.column, Value: name, Requirement: requirement, Why: why, Mend: mend})
		}
		f, known := Lookup(name)
		forbidden := ""
		if s.forbid[name] {
			forbidden = ", and never.fields of this document forbids it besides"
		}
		switch {
		case !fieldForm.MatchString(name):
			wrong(CodeSchema, "", "the value has not the form it must have", "write a name of the catalogue, as person.dob")
		case !known:
			wrong(CodeField, "R-AGR-29", "the catalogue has no such field", nearest(name, fieldNames(), "name a field of the catalogue"))
		case f.Class == Sensitive:
			wrong(CodeSensitive, "R-AGR-04", "this is sensitive data, which no share may carry"+forbidden, "take it out")
		case f.Class == Secret:
			wrong(CodeSensitive, "R-AGR-04", "this is secret, which nobody passes on"+forbidden, "take it out")
		case !s.limits.allows(name):
			wrong(CodeField, "R-AGR-29", s.Category+" does not carry this", "take it out, or name one of "+strings.Join(s.limits.fields, ", "))
		case f.Class == Identifying && (s.Mode == modeHit || s.Mode == modePrivate):
			wrong(CodeField, "R-AGR-29", "the answer whether there is a hit does not tell who it is", "take it out; it belongs into a share of its own")
		case s.forbid[name]:
			wrong(CodeNever, "R-AGR-29", "never.fields of this document forbids it", "take it out here or there")
		}
	}
}

func (s *shareCheck) justification() {
	j := s.Justification
	for _, part := range []struct{ key, value string }{
		{"case_ref", j.CaseRef}, {"offence_code", j.OffenceCode}, {"prior_reference", j.PriorReference}, {"application_ref", j.ApplicationRef},
	} {
		if part.value != "" {
			s.oneOf(s.path+".justification."+part.key, part.value, required)
		}
	}
}

func (s *shareCheck) confirmation(known bool) {
	s.oneOf(s.path+".human_confirmation", s.Confirmation, confirmBoth, confirmSending, confirmReplying, confirmNone)
	if !known {
		return
	}
	sending, replying := confirms(s.Confirmation)
	needSending, needReplying := s.limits.confirm(s.Mode)
	if needSending && !sending || needReplying && !replying {
		want := confirmBoth
		switch {
		case !needReplying:
			want = confirmSending + " or " + confirmBoth
		case !needSending:
			want = confirmReplying + " or " + confirmBoth
		}
		s.wrong(CodeConfirmation, "human_confirmation", s.Confirmation, want, "R-AGR-25",
			fmt.Sprintf("%s in mode %s is looked at by a human: %s", s.Category, s.Mode, sides(needSending, needReplying)), "write "+want)
	}
}

// confirms says which sides a word of the document binds.
func confirms(word string) (sending, replying bool) {
	return word == confirmBoth || word == confirmSending, word == confirmBoth || word == confirmReplying
}

func sides(sending, replying bool) string {
	switch {
	case sending && replying:
		return "on both sides"
	case sending:
		return "on the side that starts"
	}
	return "on the side that answers"
}

// release holds who lets data out against the category. A standing approval where none may stand is told as that, and
// nothing else about it.
func (s *shareCheck) release() {
	a := s.Approval
	s.oneOf(s.path+".approval.release", a.Release, releaseOfficer, releaseStanding)
	switch {
	case a.Release == releaseStanding && !s.limits.standing(s.Mode):
		requirement, why := "R-AGR-20", "no machine lets "+s.Category+" out by itself; a human decides each time"
		if s.Category == "core-data" {
			requirement, why = "R-AGR-28", "a human decides each time whether core data goes out; an approval given beforehand is no such decision"
		}
		s.wrong(CodeAutoRelease, "approval.release", a.Release, releaseOfficer, requirement, why, "write officer, and the role and number of those who approve")
	case a.Release == releaseStanding:
		s.standing()
	case a.Release == releaseOfficer:
		s.officers()
	}
}

func (s *shareCheck) standing() {
	a := s.Approval
	from := s.Metadata.Effective
	switch latest := from.AddDate(1, 0, 0); {
	case a.StandingUntil.IsZero():
		s.wrong(CodeDates, "approval.standing_until", "", "a year at most", "R-AGR-20", "a standing approval ends some day", "write the last day on which it holds")
	case from.IsZero():
	case a.StandingUntil.Before(from.Time), a.StandingUntil.After(latest):
		s.wrong(CodeDates, "approval.standing_until", a.StandingUntil.String(), "within a year of "+from.String(), "R-AGR-20", "a standing approval holds for a year at most, from the day the agreement holds", "write a day up to "+Date{latest}.String())
	}
	if len(a.SignedBy) == 0 {
		s.wrong(CodeSignature, "approval.signed_by", "", "", "R-AGR-54", "a standing approval is signed by those who watch", "name an authority with the domain oversight")
	}
	for i, id := range a.SignedBy {
		if one, ok := s.Authority(id); !ok || !one.Watches() {
			s.wrong(CodeSignature, fmt.Sprintf("approval.signed_by[%d]", i), id, "", "R-AGR-54", "this is no authority that watches", "name one with the domain oversight")
		}
	}
}

func (s *shareCheck) officers() {
	a := s.Approval
	if a.Role == "" || a.Count < 1 {
		s.wrong(CodeApproval, "approval", "", "", "R-AGR-20", "it is not said who approves, and how many", "write role and count")
	}
	for _, one := range []struct{ key, role string }{{"role", a.Role}, {"second_role", a.SecondRole}} {
		if one.role != "" && s.Role(one.role) == "" {
			s.wrong(CodeApproval, "approval."+one.key, one.role, "", "R-AGR-20", "nobody could ever approve: no role of a node stands for this one", "map it to one under roles")
		}
	}
	if s.Trigger == triggerRequest && !a.NotRequester {
		s.wrong(CodeApproval, "approval.not_requester", "false", "true", "R-AGR-06", "whoever asks could approve the answer", "write not_requester: true")
	}
	if s.limits.twoApprove && a.Count < 2 && !s.officerAndProtector() {
		s.wrong(CodeApproval, "approval.count", fmt.Sprint(a.Count), "2", "R-AGR-11", s.Category+" is released by two people, or by one and the data-protection officer", "write count: 2, or a second_role with second_when: 'true'")
	}
}

// officerAndProtector says whether the data-protection officer always approves besides.
func (s *shareCheck) officerAndProtector() bool {
	return s.Role(s.Approval.SecondRole) == roleAuditor && strings.TrimSpace(s.Approval.SecondWhen) == "true"
}

func (s *shareCheck) reply() {
	switch {
	case !s.ReplyWithin.Longer(Duration{}):
		s.wrong(CodeReply, "reply_within", s.ReplyWithin.String(), "", "R-AGR-27", "nobody knows by when an answer is due", "write how long the other side has")
	case !s.UrgentWithin.IsZero() && (s.UrgentWithin.Longer(s.ReplyWithin) || !s.UrgentWithin.Longer(Duration{})):
		s.wrong(CodeReply, "urgent_reply_within", s.UrgentWithin.String(), s.ReplyWithin.String(), "R-AGR-27", "an urgent answer is not due after an ordinary one, nor at once", "write less than reply_within")
	}
	if s.Category == "core-data" && s.ReplyWithin.Longer(days("PT48H")) {
		s.wrong(CodeReply, "reply_within", s.ReplyWithin.String(), "PT48H", "R-AGR-27", "core data is answered within 48 hours", "write PT48H or less")
	}
}

func (s *shareCheck) quotaOf() {
	q := s.Quota
	switch {
	case q == nil && s.Trigger != triggerSpontaneous:
		s.wrong(CodeQuota, "quota", "", "", "R-AGR-44", "nothing bounds how often may be asked", "write a window, and how many requests and subjects it holds")
	case q == nil:
	case !q.Window.Longer(Duration{}) || q.Requests < 1 || q.Subjects < 1:
		s.wrong(CodeQuota, "quota", "", "", "R-AGR-44", "a quota has a window, and at least one request and one subject in it", "write them")
	case q.HitRateFloor < 0 || q.HitRateFloor > 1:
		s.wrong(CodeQuota, "quota.hit_rate_floor", fmt.Sprint(q.HitRateFloor), "0 to 1", "R-AGR-44", "a rate is a part of one", "write 0.02 for two in a hundred")
	}
}

func (s *shareCheck) retention() {
	r, l := s.Retention, s.limits
	tooLong := func(key string, given, limit Duration, why string) {
		s.wrong(CodeRetentionMax, "retention."+key, given.String(), limit.String(), l.requirement, why, "write "+limit.String()+" or less")
	}
	switch {
	case r.Max.IsZero():
	case l.dormant.IsZero() && !r.Dormant.IsZero():
		s.wrong(CodeRetentionMax, "retention.dormant", r.Dormant.String(), "", l.requirement, s.Category+" is not kept dormant after its time", "take it out")
	case !l.dormant.IsZero() && r.Dormant.Longer(l.dormant):
		tooLong("dormant", r.Dormant, l.dormant, s.Category+" is kept dormant too long")
	}
	if r.Max.Longer(l.max) {
		why := fmt.Sprintf("%s is kept for %s at most", s.Category, l.max)
		if !l.dormant.IsZero() {
			why += "; what is kept longer is dormant, under retention.dormant"
		}
		tooLong("max", r.Max, l.max, why)
	} else if !l.border.IsZero() && slices.Contains(s.Share.Purposes, borderCheck) && r.Max.Longer(l.border) {
		tooLong("max", r.Max, l.border, "what serves the check at the border is kept for two days")
	}
	if !l.mask.IsZero() && (r.DepersonaliseAt.IsZero() || r.DepersonaliseAt.Longer(l.mask)) {
		s.wrong(CodeDepersonalise, "retention.depersonalise_after", r.DepersonaliseAt.String(), l.mask.String(), "R-AGR-07", "the receiver masks who it is about after "+l.mask.String()+" at the latest", "write "+l.mask.String()+" or less")
	}
	if !l.review.IsZero() && (r.ReviewEvery.IsZero() || r.ReviewEvery.Longer(l.review)) {
		tooLong("review_every", r.ReviewEvery, l.review, s.Category+" is looked at again every year, whether it is still needed")
	}
	if !l.onNoHit.IsZero() && (r.OnNoHit.IsZero() || r.OnNoHit.Longer(l.onNoHit)) {
		s.wrong(CodeRetentionMax, "retention.on_no_hit", r.OnNoHit.String(), l.onNoHit.String(), "R-AGR-30", "after a no-hit the side that was asked forgets what it was asked", "write PT0S, or at most "+l.onNoHit.String())
	}
}

func (s *shareCheck) onwardOf() {
	o := s.Onward
	wrong := func(path, value, why, mend string) { s.wrong(CodeOnward, path, value, "", "R-AGR-42", why, mend) }
	if o == nil {
		wrong("onward", "", "it is not said whether the receiver may pass it on", "write rule: forbid, or what may be")
		return
	}
	s.oneOf(s.path+".onward.rule", o.Rule, "forbid", "consent", "allowed", "by_tlp")
	if o.ThirdState != "" {
		s.oneOf(s.path+".onward.third_state", o.ThirdState, "forbid", "consent")
	}
	switch o.Rule {
	case "forbid":
		if o.ThirdState == "consent" || len(o.ToKinds) > 0 {
			wrong("onward.rule", o.Rule, "passing on is forbidden and allowed at once", "write forbid alone, or consent")
		}
	case "consent":
		if !o.ReplyWithin.Longer(Duration{}) {
			wrong("onward.reply_within", o.ReplyWithin.String(), "nobody knows by when consent is given or refused", "write how long the giver has")
		}
		s.kinds(o)
	case "allowed":
		if s.limits.people {
			wrong("onward.rule", o.Rule, "data about persons is passed on only with the giver's consent", "write consent")
		}
		s.kinds(o)
	case "by_tlp":
		if s.Category != "indicator" && s.Category != "incident" {
			wrong("onward.rule", o.Rule, "only what circulates under the traffic light protocol is passed on by its marking", "write forbid or consent")
		}
	}
}

func (s *shareCheck) kinds(o *Onward) {
	if len(o.ToKinds) == 0 {
		s.wrong(CodeOnward, "onward.to_kinds", "", "", "R-AGR-42", "it is not said to whom it may be passed on", "name kinds of recipients, as domestic_authority")
	}
}

var markings = []string{tlpRed, "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"}

func (s *shareCheck) marking(known bool) {
	tlp := s.Handling.TLP
	s.oneOf(s.path+".handling.tlp", tlp, append(slices.Clone(markings), tlpFromRecord)...)
	if !known {
		return
	}
	wrong := func(why, mend string) { s.wrong(CodeTLP, "handling.tlp", tlp, "", "R-AGR-61", why, mend) }
	names := slices.ContainsFunc(s.Fields, func(name string) bool { f, _ := Lookup(name); return f.Class == Identifying })
	switch {
	case tlp == tlpRed && s.Approval.Release == releaseStanding:
		wrong("TLP:RED is for named persons and never travels by itself", "write a wider marking, or release: officer")
	case tlp == tlpFromRecord && s.Category != "indicator" && s.Category != "incident":
		wrong("records of this category carry no marking of their own", "write one")
	case names && tlp == "TLP:CLEAR", s.limits.people && tlp == "TLP:GREEN":
		wrong("this tells who somebody is, and would be free to circulate", "write TLP:AMBER or TLP:AMBER+STRICT")
	}
}
