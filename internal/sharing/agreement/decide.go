package agreement

import (
	"fmt"
	"slices"
	"time"
	"unicode"
)

// fewestForRate is how many requests a month there must have been before their hit rate means anything.
const fewestForRate = 50

// Decide says of one message whether it may pass, what of it may, and which clause says so. It asks in a fixed order, and
// the first that forbids answers: in force, share and direction, purpose, never-rules, quota, justification, condition,
// confirmation, approvals; then the fields are filtered and the markings stamped. The same flow always has the same
// outcome. What only waits for a human shows already what would pass.
func (a *Agreement) Decide(f Flow) Outcome {
	d := decision{agreement: a, flow: f}
	for _, forbids := range []func() *Outcome{
		d.inForce, d.direction, d.running, d.purpose, d.neverRules, d.quota, d.justification, d.condition, d.confirmation, d.approval, d.marking,
	} {
		if out := forbids(); out != nil {
			return *out
		}
	}
	out := Outcome{Verdict: Permit, Handling: d.handling}
	if len(d.missing) > 0 {
		out.Verdict, out.Code, out.Clause, out.Need = Need, NeedsConfirmation, d.missingAt, d.missing
		out.Reason = "a human has to say yes first"
	}
	out.Keep, out.Dropped = d.filter()
	d.clocks(&out)
	return out
}

// decision is one flow on its way through the clauses. What a step finds out serves those after it.
type decision struct {
	agreement     *Agreement
	flow          Flow
	share         *terms
	giver, getter Party
	self          Party
	variables     any // what conditions look at, once bound
	handling      Handling
	missing       []Missing
	missingAt     string // the clause that asks for the first of them
}

// waits notes that a human of the own side is missing; the flow goes on to be looked at.
func (d *decision) waits(clause string, missing ...Missing) {
	if len(d.missing) == 0 {
		d.missingAt = d.clause(clause)
	}
	d.missing = append(d.missing, missing...)
}

func refuse(code, clause, reason string) *Outcome {
	return &Outcome{Verdict: Refuse, Code: code, Clause: clause, Reason: reason}
}

func (d *decision) clause(of string) string { return join("shares."+d.share.ID, of) }

func (d *decision) inForce() *Outcome {
	m := d.agreement.Metadata
	switch {
	case !d.flow.State.InForce, m.Status == statusDraft, m.Status == "suspended", m.Status == "terminated":
		return refuse(NotInForce, "metadata.status", "the agreement is not in force")
	case d.flow.Now.Before(m.Effective.Time):
		return refuse(NotInForce, "metadata.effective", "the agreement is in force from "+m.Effective.String()+" on")
	case !d.flow.Now.Before(m.Expires.Time):
		return refuse(Expired, "metadata.expires", "the agreement ended on "+m.Expires.String())
	}
	return nil
}

// request says whether the message asks, rather than carries data.
func (d *decision) request() bool { return d.flow.Stage == Asking || d.flow.Stage == Asked }

// direction finds out who gives to whom: data goes from the sender, and a request from whoever is to get it.
func (d *decision) direction() *Outcome {
	t, ok := d.agreement.shares[d.flow.Share]
	if !ok {
		return refuse(Direction, "shares", "the agreement has no share "+clipped(d.flow.Share))
	}
	d.share = t
	if !slices.Contains([]Stage{Asking, Asked, Releasing, Arriving}, d.flow.Stage) {
		return refuse(Direction, "", "nothing is known of the stage "+clipped(string(d.flow.Stage)))
	}
	from, knownFrom := d.agreement.PartyOf(d.flow.From)
	to, knownTo := d.agreement.PartyOf(d.flow.To)
	if !knownFrom || !knownTo {
		return refuse(Direction, "parties", "one of the authorities is none of the two parties'")
	}
	d.giver, d.getter = from, to
	if d.request() {
		d.giver, d.getter = to, from
	}
	d.self = from
	if d.flow.Stage == Asked || d.flow.Stage == Arriving {
		d.self = to
	}
	switch {
	case d.request() && d.share.Trigger == triggerSpontaneous:
		return refuse(Direction, d.clause("trigger"), "this share is given unasked; there is no asking for it")
	case !d.share.Gives(d.giver.ID, d.getter.ID):
		return refuse(Direction, d.clause("from"), fmt.Sprintf("%s does not give this to %s", d.giver.ID, d.getter.ID))
	}
	for _, id := range []string{d.flow.From, d.flow.To} {
		if one, _ := d.agreement.Authority(id); !one.serves(d.share.limits.domains) {
			return refuse(Direction, "parties", id+" is no authority for this share")
		}
	}
	return nil
}

func (d *decision) running() *Outcome {
	s := d.flow.State
	switch {
	case s.Suspended[All]:
		return refuse(SuspendedNow, "suspension", "the agreement is suspended")
	case s.Suspended[d.share.ID]:
		return refuse(SuspendedNow, "suspension", "share "+d.share.ID+" is suspended")
	case s.NotReceiving[d.getter.ID]:
		return refuse(SuspendedNow, "suspension", d.getter.ID+" receives nothing while its duties are overdue")
	}
	return nil
}

func (d *decision) purpose() *Outcome {
	if !slices.Contains(d.share.Purposes, d.flow.Purpose) {
		return refuse(PurposeNotAllowed, d.clause("purposes"), fmt.Sprintf("the share does not serve the purpose %q", clipped(d.flow.Purpose)))
	}
	d.flow.Request.Purpose, d.flow.Request.To = d.flow.Purpose, d.getter.Country
	return nil
}

// bind makes what conditions look at. Before anything is released no record is chosen: what rests on it stays open, and
// is settled at release. What arrived is held against its record where that is known.
func (d *decision) bind() error {
	if d.variables != nil {
		return nil
	}
	unknown := ""
	if d.request() || d.flow.Stage == Arriving && d.flow.Record == (Record{}) {
		unknown = "record"
	}
	var err error
	d.variables, err = among(map[string]any{
		"req": &d.flow.Request, "subject": &d.flow.Subject, "record": &d.flow.Record, "self": &Self{d.self.Country}, "stats": &d.flow.Stats,
	}, unknown)
	return err
}

// holds evaluates a condition; its error is the refusal that it means.
func (d *decision) holds(c *condition, clause string) (truth, *Outcome) {
	err := d.bind()
	var t truth
	if err == nil {
		t, err = c.of(d.variables)
	}
	if err != nil {
		out := refuse(ConditionError, clause, "the condition could not be evaluated: "+clipped(err.Error()))
		out.Alert = true
		return no, out
	}
	return t, nil
}

func (d *decision) neverRules() *Outcome {
	for i, rule := range d.agreement.Never.Rules {
		clause := "never.rules." + rule.ID
		t, failed := d.holds(d.agreement.never[i], clause)
		if failed != nil {
			return failed
		}
		if t == yes {
			out := refuse(NeverRuleHolds, clause, rule.Reason)
			out.Rule, out.AsNoHit = rule.ID, rule.Answer == answerAsNoHit
			return out
		}
	}
	return nil
}

// starts says whether the message is the first of its thread, which the quota counts.
func (d *decision) starts() bool {
	return d.request() || d.share.Trigger != triggerRequest && d.share.Mode != modePrivate
}

func (d *decision) quota() *Outcome {
	q := d.share.Quota
	if q == nil || !d.starts() {
		return nil
	}
	over := func(clause, reason string) *Outcome {
		out := refuse(OverQuota, d.clause(clause), reason)
		if !d.flow.Used.Oldest.IsZero() {
			out.RetryAfter = max(q.Window.After(d.flow.Used.Oldest).Sub(d.flow.Now), 0)
		}
		return out
	}
	subjects := max(1, d.flow.Request.BatchSize, d.flow.Request.Records)
	switch {
	case d.flow.Used.Requests >= q.Requests:
		return over("quota.requests", fmt.Sprintf("the %d requests of %s are used up", q.Requests, q.Window))
	case d.flow.Used.Subjects > q.Subjects-subjects:
		return over("quota.subjects", fmt.Sprintf("with %d more, the %d subjects of %s would be exceeded", subjects, q.Subjects, q.Window))
	case q.HitRateFloor > 0 && d.flow.Stats.Requests30d >= fewestForRate && d.flow.Stats.HitRate30d < q.HitRateFloor:
		return over("quota.hit_rate_floor", fmt.Sprintf("of the requests of thirty days fewer than %g in a hundred were hits: this share probes", 100*q.HitRateFloor))
	}
	return nil
}

// justification is asked of whoever starts: of a request, or of what is shared unasked.
func (d *decision) justification() *Outcome {
	if !d.starts() {
		return nil
	}
	missing := func(clause, what string) *Outcome { return refuse(Incomplete, clause, what+" is missing") }
	j, given := d.share.Justification, d.flow.Given
	for _, part := range []struct {
		key, word string
		there     bool
		what      string
	}{
		{"case_ref", j.CaseRef, d.flow.Request.CaseRef != "", "the case reference"},
		{"offence_code", j.OffenceCode, given.OffenceCode, "the category of the offence"},
		{"prior_reference", j.PriorReference, given.PriorReference, "the reference of the hit before"},
		{"application_ref", j.ApplicationRef, given.ApplicationRef, "the reference of the application"},
	} {
		if part.word == required && !part.there {
			return missing(d.clause("justification."+part.key), part.what)
		}
	}
	if j.Required || j.MinChars > 0 {
		if written := max(letters(d.flow.Request.Justification), letters(d.flow.Request.Facts)); written < max(j.MinChars, 1) {
			return refuse(Incomplete, d.clause("justification.min_chars"), fmt.Sprintf("a justification has %d characters at least; this has %d", max(j.MinChars, 1), written))
		}
	}
	p, _ := d.agreement.Purpose(d.flow.Purpose)
	if p.Consent == consentOfSubject && d.flow.Request.ConsentRef == "" {
		return missing("purposes."+p.ID+".consent", "the consent of the person")
	}
	if p.MinPenaltyYears > 0 && d.flow.Request.OffencePenaltyYears == 0 {
		return missing("purposes."+p.ID+".min_penalty_years", "the penalty for the offence")
	}
	if d.flow.Urgent && d.request() && !given.UrgencyReason {
		return missing(d.clause("urgent_reply_within"), "the reason for the urgency")
	}
	return nil
}

// letters counts the characters of a text without blanks around it, and several blanks in it as one.
func letters(text string) int {
	n, blank := 0, true
	for _, r := range text {
		space := unicode.IsSpace(r)
		if !space || !blank {
			n++
		}
		blank = space
	}
	if blank && n > 0 {
		n--
	}
	return n
}

func (d *decision) condition() *Outcome {
	if least := d.share.min[d.flow.Purpose]; d.flow.Request.OffencePenaltyYears < least {
		return refuse(ConditionFalse, "purposes."+d.flow.Purpose+".min_penalty_years", fmt.Sprintf("the offence is punishable with less than %d years", least))
	}
	t, failed := d.holds(d.share.when, d.clause("when"))
	if failed != nil {
		return failed
	}
	if t == no {
		return refuse(ConditionFalse, d.clause("when"), "the share's condition does not hold")
	}
	return nil
}

// confirmation asks for a human who looked at this. One of the own side can still do so; one of the other side should
// have.
func (d *decision) confirmation() *Outcome {
	sending, replying := confirms(d.share.Confirmation)
	f := d.flow
	answers := d.share.Trigger == triggerRequest && !d.request() // data that answers a request
	started := f.Confirmed.Sending || f.Request.HumanConfirmedBy != ""
	theirs := refuse(NeedsConfirmation, d.clause("human_confirmation"), "nobody on the other side has confirmed this")
	own := Missing{Kind: "confirmation", Count: 1}
	switch {
	case sending && !started && (f.Stage == Asking || f.Stage == Releasing && !answers):
		d.waits("human_confirmation", own)
	case sending && !started:
		return theirs
	case replying && !f.Confirmed.Replying && answers && f.Stage == Releasing:
		d.waits("human_confirmation", own)
	case replying && !f.Confirmed.Replying && answers:
		return theirs
	}
	return nil
}

// approval asks the own side for its people: one for a question that leaves, as many as the share says for data that
// does. What the other side approved is its own to answer for.
func (d *decision) approval() *Outcome {
	terms := d.share.Approval
	if d.share.Standing() {
		if until := terms.StandingUntil; !d.flow.Now.Before(until.AddDate(0, 0, 1)) {
			return refuse(NeedsConfirmation, d.clause("approval.standing_until"), "the standing approval ended on "+until.String())
		}
		return nil
	}
	count, second := terms.Count, false
	switch d.flow.Stage {
	case Asking:
		count = 1
	case Releasing:
		if d.share.second != nil {
			t, failed := d.holds(d.share.second, d.clause("approval.second_when"))
			second = failed != nil || t != no // in doubt, one more looks at it
		}
	default:
		return nil
	}
	role := d.agreement.Role(terms.Role)
	secondRole := d.agreement.secondRole(terms)
	have, haveSecond := d.approved(role, secondRole, count, second)
	if have < count {
		d.waits("approval", Missing{Kind: "approval", Role: role, Count: count, Have: have})
	}
	if second && !haveSecond {
		d.waits("approval.second_when", Missing{Kind: "second_approval", Role: secondRole, Count: 1})
	}
	return nil
}

// approved counts distinct people: how many of those needed said yes, and whether one more did. Whoever asked counts for
// nobody where the share says so, and never for the question itself. Nobody counts twice, whatever roles he has.
func (d *decision) approved(role, secondRole string, count int, second bool) (have int, haveSecond bool) {
	type can struct{ first, second bool }
	people := map[string]can{}
	for _, one := range d.flow.Approvals {
		if one.By == "" || one.By == d.flow.Requester && (d.flow.Stage == Asking || d.share.Approval.NotRequester) {
			continue
		}
		as := d.agreement.Role(one.Role)
		if as == "" {
			continue
		}
		p := people[one.By]
		p.first, p.second = p.first || as == role, p.second || as == secondRole
		people[one.By] = p
	}
	onlyFirst, onlySecond, either := 0, 0, 0
	for _, p := range people {
		switch {
		case p.first && p.second:
			either++
		case p.first:
			onlyFirst++
		case p.second:
			onlySecond++
		}
	}
	if second && onlySecond == 0 && onlyFirst+either > count && either > 0 {
		either--
		onlySecond++
	}
	return min(onlyFirst+either, count), onlySecond > 0
}

func (d *decision) marking() *Outcome {
	d.handling = Handling{TLP: d.share.Handling.TLP, Caveats: slices.Clone(d.share.Handling.Caveats)}
	if d.share.Handling.TLP != tlpFromRecord {
		return nil
	}
	if d.request() { // the record brings its own
		d.handling.TLP = ""
		return nil
	}
	label := d.flow.Record.TLP
	if d.flow.Stage == Arriving && label == "" { // the record stayed behind, and its marking came along
		label = d.flow.Marked
	}
	if label == "TLP:WHITE" { // as version 1 of the protocol called it
		label = "TLP:CLEAR"
	}
	switch {
	case !slices.Contains(markings, label):
		return refuse(ConditionFalse, d.clause("handling.tlp"), "the record carries no marking of the traffic light protocol")
	case label == tlpRed && d.share.Standing():
		return refuse(ConditionFalse, d.clause("handling.tlp"), "TLP:RED is for named persons and never travels by itself")
	}
	d.handling.TLP = label
	return nil
}

// filter keeps what the share lists, and of that nothing which never.fields or the field's class forbids: a second wall
// behind the check of the document. A question carries what the holder searches by, behind the same wall.
func (d *decision) filter() (keep []string, dropped []Dropped) {
	clause := d.clause("fields")
	for _, name := range d.flow.Fields {
		listed := d.share.listed[name] && d.share.limits.allows(name)
		if d.request() {
			listed = slices.Contains(d.share.limits.ask, name)
		}
		switch {
		case d.agreement.forbid[name]:
			dropped = append(dropped, Dropped{name, "never.fields", "the agreement never lets this pass"})
		case !listed:
			dropped = append(dropped, Dropped{clipped(name), clause, "the share does not list this"})
		case !shareable(name):
			dropped = append(dropped, Dropped{name, "catalogue", "this is sensitive or secret"})
		case !slices.Contains(keep, name):
			keep = append(keep, name)
		}
	}
	return keep, dropped
}

// clocks says what is due when, counted from now.
func (d *decision) clocks(out *Outcome) {
	if d.request() {
		within := d.share.ReplyWithin
		if d.flow.Urgent && !d.share.UrgentWithin.IsZero() {
			within = d.share.UrgentWithin
		}
		out.DueAt = within.After(d.flow.Now)
	}
	r := d.share.Retention
	for _, clock := range []struct {
		to *time.Time
		Duration
	}{{&out.EraseAt, d.keeps()}, {&out.NoHitUntil, r.OnNoHit}, {&out.ReviewAt, r.ReviewEvery}, {&out.MaskAt, r.DepersonaliseAt}} {
		if !clock.IsZero() {
			*clock.to = clock.After(d.flow.Now)
		}
	}
}

// keeps is how long what is received may be kept for this purpose.
func (d *decision) keeps() Duration {
	most := d.share.Retention.Max
	if border := d.share.limits.border; !border.IsZero() && d.flow.Purpose == borderCheck && most.Longer(border) {
		return border
	}
	return most
}

// Pulled says whether a trigger's condition holds of the figures. One that cannot be evaluated is pulled, and the error
// says why.
func (a *Agreement) Pulled(t Trigger, figures Stats) (bool, error) {
	i := slices.IndexFunc(a.Suspension.Triggers, func(one Trigger) bool { return one.ID == t.ID })
	if i < 0 {
		return false, fmt.Errorf("the agreement has no trigger %s", clipped(t.ID))
	}
	holds, err := a.triggers[i].of(map[string]any{"stats": &figures})
	return err != nil || holds != no, err
}

// Triggered answers the triggers that the figures pull.
func (a *Agreement) Triggered(figures Stats) []Trigger {
	var out []Trigger
	for _, t := range a.Suspension.Triggers {
		if pulled, _ := a.Pulled(t, figures); pulled { // in error, too
			out = append(out, t)
		}
	}
	return out
}
