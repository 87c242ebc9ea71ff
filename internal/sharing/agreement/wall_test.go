package agreement_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

// Whatever two states sign, and whatever is offered under it, at whichever stage: nothing passes that the document does not
// list, that never forbids, that is sensitive or secret; nothing in the wrong direction, while suspended or out of force, for
// another purpose, or without the humans it takes. What may pass is worked out here a second time, from the document's data
// and without its conditions' compiler; the agreements are made at random and taken unchecked, so that what a check would
// have refused has to be stopped by the decision alone.
func TestNothingPassesThatShouldNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawn{t}
		p := pact(t, d)
		for range 40 {
			if f, out, wrong := p.try(d); wrong != "" {
				t.Fatalf("%s: %+v\n%+v\n%s", wrong, out, f, p.Text)
			}
		}
	})
}

// BenchmarkWall makes as many tries as it is told: go test -run none -bench Wall -benchtime 1000000x. Each is one flow
// under one of 400 random agreements.
func BenchmarkWall(b *testing.B) {
	dice := thrown{rand.New(rand.NewPCG(uint64(b.N), 1))}
	pacts := make([]pactum, 400)
	for i := range pacts {
		pacts[i] = pact(b, dice)
	}
	verdicts := map[agreement.Verdict]int{}
	b.ResetTimer()
	for range b.N {
		p := pacts[dice.of(len(pacts))]
		f, out, wrong := p.try(dice)
		if wrong != "" {
			b.Fatalf("%s: %+v\n%+v\n%s", wrong, out, f, p.Text)
		}
		verdicts[out.Verdict]++
	}
	for verdict, n := range verdicts {
		b.ReportMetric(100*float64(n)/float64(b.N), "%"+string(verdict))
	}
}

// The tries are worth something: enough of them pass, wait, and are refused for each reason.
func TestTriesReachEveryVerdict(t *testing.T) {
	t.Parallel()
	dice := thrown{rand.New(rand.NewPCG(1, 2))}
	seen := map[string]int{}
	for range 60 {
		p := pact(t, dice)
		for range 300 {
			f, out, wrong := p.try(dice)
			if wrong != "" {
				t.Fatalf("%s: %+v\n%+v\n%s", wrong, out, f, p.Text)
			}
			seen[string(out.Verdict)+" "+string(f.Stage)]++
			seen[out.Code]++
		}
	}
	for _, want := range []string{
		"permit asking", "permit asked", "permit releasing", "permit arriving", "need asking", "need releasing",
		agreement.NotInForce, agreement.Expired, agreement.Direction, agreement.SuspendedNow, agreement.PurposeNotAllowed, agreement.NeverRuleHolds,
		agreement.OverQuota, agreement.Incomplete, agreement.ConditionFalse, agreement.NeedsConfirmation,
	} {
		if seen[want] < 20 {
			t.Errorf("%s: seen %d times only; %v", want, seen[want], seen)
		}
	}
}

// dice choose one of n.
type dice interface{ of(n int) int }

type drawn struct{ t *rapid.T }

func (d drawn) of(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "of") }

type thrown struct{ *rand.Rand }

func (d thrown) of(n int) int { return d.IntN(n) }

// oneIn says yes once in n.
func oneIn(d dice, n int) bool { return d.of(n) == 0 }

func pick[T any](d dice, from []T) T { return from[d.of(len(from))] }

func some[T any](d dice, from []T, most int) []T {
	out := make([]T, d.of(most+1))
	for i := range out {
		out[i] = pick(d, from)
	}
	return out
}

// rule is a condition, and what it means of a flow; known says whether it can be told without the record.
type rule struct {
	cel    string
	holds  func(f agreement.Flow, getter, self string) bool
	record bool
}

var (
	whens = []rule{
		{"true", func(agreement.Flow, string, string) bool { return true }, false},
		{"has(req.case_ref)", func(f agreement.Flow, _, _ string) bool { return f.Request.CaseRef != "" }, false},
		{"size(req.justification) >= 10", func(f agreement.Flow, _, _ string) bool { return len(f.Request.Justification) >= 10 }, false},
		{"req.hit_confirmed || record.consent", func(f agreement.Flow, _, _ string) bool { return f.Request.HitConfirmed || f.Record.Consent }, true},
		{"record.confidence >= 50", func(f agreement.Flow, _, _ string) bool { return f.Record.Confidence >= 50 }, true},
		{"subject.nationality != self.country", func(f agreement.Flow, _, self string) bool { return f.Subject.Nationality != self }, false},
	}
	nevers = []rule{
		{`subject.age < 16 && req.purpose != "p3"`, func(f agreement.Flow, _, _ string) bool { return f.Subject.Age < 16 && f.Purpose != "p3" }, false},
		{"subject.asylum_seeker && req.to in subject.protected_from", func(f agreement.Flow, getter, _ string) bool {
			return f.Subject.AsylumSeeker && slices.Contains(f.Subject.ProtectedFrom, getter)
		}, false},
		{"record.masked && !req.unmask_approved", func(f agreement.Flow, _, _ string) bool { return f.Record.Masked && !f.Request.UnmaskApproved }, true},
		{`subject.kind == "filer"`, func(f agreement.Flow, _, _ string) bool { return f.Subject.Kind == "filer" }, false},
	}
	seconds = []rule{
		{"subject.nationality == self.country", func(f agreement.Flow, _, self string) bool { return f.Subject.Nationality == self }, false},
		{"record.masked", func(f agreement.Flow, _, _ string) bool { return f.Record.Masked }, true},
		{"true", func(agreement.Flow, string, string) bool { return true }, false},
	}
	categories = []string{
		"watchlist-match", "core-data", "list-entry", "lost-document", "pnr", "api", "vetting", "fiu-known", "fiu-analysis", "cash-declaration", "freeze", "indicator", "incident", "security-referral", "consignment", "trusted-trader",
	}
	fields = func() (names []string) {
		for _, f := range agreement.Catalogue() {
			names = append(names, f.Name)
		}
		return append(names, "person", "person.dob.year", "vetting.note", "")
	}()
)

// pactum is a random agreement, and what its conditions mean.
type pactum struct {
	*agreement.Agreement
	never        []rule
	when, second map[string]rule
}

func pact(t interface{ Fatalf(string, ...any) }, d dice) pactum {
	p := pactum{when: map[string]rule{}, second: map[string]rule{}}
	var b strings.Builder
	line := func(format string, with ...any) { fmt.Fprintf(&b, format+"\n", with...) }
	line("apiVersion: rihla.agreement/v1\nkind: Agreement")
	line("metadata: {id: random, version: 1, title: Random, status: in_force, effective: 2026-01-01, expires: 2027-01-01}")
	line("parties:")
	for i, id := range []string{"bh", "us"} {
		line("  - {id: %s, country: %s, authorities: [{id: %s-x, name: X, domains: [travel, facilitation, cargo, funds, cyber], jwks: 'https://x.example', contact: x}, {id: %s-w, name: W, domains: [oversight], contact: w}]}", id, []string{"BH", "US"}[i], id, id)
	}
	line("legal_basis: [{ref: none}]\ndomains: [travel, facilitation, cargo, funds, cyber]")
	line("purposes: [{id: p1, text: One}, {id: p2, text: Two, min_penalty_years: 3}, {id: p3, text: Three}, {id: p4, text: Four, consent: data_subject}]")
	line("never:\n  fields: [%s]\n  rules:", strings.Join(quoted(some(d, fields, 8)), ", "))
	for i, r := range nevers {
		if oneIn(d, 2) || i == 0 {
			p.never = append(p.never, r)
			line("    - {id: N%d, when: '%s', reason: because}", i, r.cel)
		}
	}
	line("shares:")
	for i := range 1 + d.of(3) {
		p.share(d, fmt.Sprintf("S%d", i), line)
	}
	line("duties: {acknowledge_within: PT1M, receipt_within: PT1M, refusal_needs_reason: true, correction_notice_within: P1D, correction_effect_within: P1D, erasure_effect_within: P1D, erasure_receipt_within: P1D, breach_notice_within: P1D, individual_access_reply_within: P1D, logs_kept: P1Y, oversight_may_read: [bh-w, us-w]}")
	line("suspension: {who: either_party, notice: P1D, data_received_before: keep_and_honour_duties}\nreview: {cadence: P1Y, chairs: [bh-x, us-x]}")
	line("transport: {envelope: jws-ed25519, encryption: jwe-ecdh-es-a256gcm, max_clock_skew: PT1M, message_ttl: P1D, witness_interval: PT1H}")
	a, problems := agreement.ReadUnchecked([]byte(b.String()))
	if a == nil {
		t.Fatalf("%s\n%s", problems.Error(), b.String())
	}
	p.Agreement = a
	return p
}

func quoted(words []string) []string {
	for i := range words {
		words[i] = "'" + words[i] + "'"
	}
	return words
}

// share writes a random share. Half of them may be given to machines.
func (p *pactum) share(d dice, id string, line func(string, ...any)) {
	when := pick(d, whens)
	p.when[id] = when
	sides := []string{"[bh, us]", "[bh, us]", "bh", "us", "[us]"}
	line("  - id: %s\n    title: T\n    category: %s\n    mode: %s\n    trigger: %s", id, pick(d, categories), pick(d, []string{"notice", "hit_no_hit", "private_match", "full"}), pick(d, []string{"request", "request", "spontaneous", "periodic"}))
	line("    from: %s\n    to: %s\n    purposes: [%s, %s]", pick(d, sides), pick(d, sides), pick(d, []string{"p1", "p2"}), pick(d, []string{"p3", "p4"}))
	line("    fields: [%s]\n    when: '%s'", strings.Join(quoted(append(some(d, fields, 12), "match.hit")), ", "), when.cel)
	line("    justification: {required: %t, min_chars: %d}", oneIn(d, 2), d.of(12))
	if oneIn(d, 3) {
		line("    approval: {release: standing, standing_until: 2026-10-01, signed_by: [bh-w]}")
	} else {
		second := ""
		if oneIn(d, 2) {
			r := pick(d, seconds)
			p.second[id] = r
			second = ", second_role: data-protection-officer, second_when: '" + r.cel + "'"
		}
		line("    approval: {release: officer, role: sharing-supervisor, count: %d, not_requester: true%s}", 1+d.of(3), second)
	}
	line("    human_confirmation: %s\n    reply_within: P1D", pick(d, []string{"both_sides", "sending_side", "replying_side", "not_applicable"}))
	line("    quota: {window: P1D, requests: 10, subjects: 10}\n    retention: {max: P1Y}\n    onward: {rule: forbid}\n    handling: {tlp: %s, caveats: []}", pick(d, []string{"TLP:RED", "TLP:AMBER", "from_record"}))
}

// try makes a flow, has it decided, and says what is wrong with the outcome; "" when nothing is.
func (p *pactum) try(d dice) (agreement.Flow, agreement.Outcome, string) {
	share := p.Shares[d.of(len(p.Shares))]
	f := agreement.Flow{
		Stage: pick(d, []agreement.Stage{agreement.Asking, agreement.Asked, agreement.Releasing, agreement.Arriving}),
		Now:   time.Date(2026, 5, 1+d.of(60), 0, 0, 0, 0, time.UTC), State: agreement.State{InForce: !oneIn(d, 20)},
		Share: share.ID, From: "bh-x", To: "us-x", Purpose: pick(d, share.Purposes),
		Request: agreement.Request{CaseRef: pick(d, []string{"", "C", "C"}), Justification: strings.Repeat("j", d.of(24)), HumanConfirmedBy: pick(d, []string{"", "o", "o"}),
			HitConfirmed: oneIn(d, 2), UnmaskApproved: oneIn(d, 2), OffencePenaltyYears: d.of(6), ConsentRef: pick(d, []string{"", "c"}), Records: d.of(4)},
		Subject: agreement.Subject{Kind: pick(d, []string{"person", "person", "filer"}), Age: d.of(90) - 1, Nationality: pick(d, []string{"BH", "US", "JO", "JO"}), AsylumSeeker: oneIn(d, 4), ProtectedFrom: some(d, []string{"BH", "US", "IR"}, 2)},
		Record:  agreement.Record{Masked: oneIn(d, 4), Confidence: d.of(101), Consent: oneIn(d, 2), TLP: pick(d, []string{"", "TLP:RED", "TLP:GREEN", "TLP:WHITE"})},
		Used:    agreement.Used{Requests: d.of(12), Subjects: d.of(10)}, Requester: pick(d, []string{"o1", "o2"}),
		Confirmed: agreement.Confirmed{Sending: oneIn(d, 2), Replying: !oneIn(d, 3)},
		Fields:    some(d, fields, 12),
	}
	if oneIn(d, 2) {
		f.From, f.To = f.To, f.From
	}
	if oneIn(d, 3) {
		f.Record = agreement.Record{}
	}
	for range d.of(6) {
		f.Approvals = append(f.Approvals, agreement.Approval{By: pick(d, []string{"o1", "o2", "o3", "o4", "o5"}), Role: pick(d, []string{"supervisor", "supervisor", "sharing-supervisor", "auditor", "analyst", "nobody", ""})})
	}
	switch d.of(16) { // what is wrong only now and then
	case 0:
		f.State.Suspended = map[string]bool{pick(d, []string{agreement.All, share.ID, "S9"}): true}
	case 1:
		f.State.NotReceiving = map[string]bool{pick(d, []string{"bh", "us"}): true}
	case 2:
		f.From = pick(d, []string{"bh-w", "us-w", "xx", ""})
	case 3:
		f.Purpose = pick(d, []string{"p1", "p2", "p3", "p4", "p5", ""})
	case 4:
		f.Now = time.Date(2025+d.of(3), 12, 31, 12, 0, 0, 0, time.UTC)
	case 5:
		f.Share = pick(d, []string{"S8", ""})
	}
	out := p.Decide(f)
	return f, out, p.wrong(f, out)
}

// wrong holds an outcome against the document, without the code that decided.
func (p *pactum) wrong(f agreement.Flow, out agreement.Outcome) string {
	if out.Verdict == agreement.Refuse {
		if len(out.Keep) > 0 || out.Code == "" || out.Reason == "" {
			return "refused, and yet something passes, or nobody knows why"
		}
		return ""
	}
	i := slices.IndexFunc(p.Shares, func(s agreement.Share) bool { return s.ID == f.Share })
	switch {
	case i < 0:
		return "there is no such share"
	case !f.State.InForce || f.Now.Year() != 2026:
		return "the agreement is not in force"
	case f.State.Suspended[agreement.All] || f.State.Suspended[f.Share]:
		return "it is suspended"
	}
	s := p.Shares[i]
	asks := f.Stage == agreement.Asking || f.Stage == agreement.Asked
	party := map[string]string{"bh-x": "bh", "us-x": "us"}
	country := map[string]string{"bh": "BH", "us": "US"}
	giver, getter := party[f.From], party[f.To]
	self := giver
	if f.Stage == agreement.Asked || f.Stage == agreement.Arriving {
		self = getter
	}
	if asks {
		giver, getter = getter, giver
	}
	switch {
	case giver == "" || getter == "" || giver == getter || !slices.Contains(s.From, giver) || !slices.Contains(s.To, getter):
		return "the direction is wrong"
	case asks && s.Trigger == "spontaneous":
		return "this is never asked for"
	case f.State.NotReceiving[getter]:
		return "the getter may not receive"
	case !slices.Contains(s.Purposes, f.Purpose):
		return "the purpose is not listed"
	case f.Purpose == "p2" && f.Request.OffencePenaltyYears < 3:
		return "the offence is not grave enough"
	}
	known := f.Stage == agreement.Releasing || f.Stage == agreement.Arriving && f.Record != (agreement.Record{})
	for _, never := range p.never {
		if (known || !never.record) && never.holds(f, country[getter], country[self]) {
			return "never-rule " + never.cel
		}
	}
	if when := p.when[s.ID]; (known || !when.record) && !when.holds(f, country[getter], country[self]) {
		return "the condition does not hold"
	}
	starts := asks || s.Trigger != "request" && s.Mode != "private_match"
	switch {
	case starts && (f.Used.Requests >= 10 || f.Used.Subjects+max(1, f.Request.Records) > 10):
		return "over the quota"
	case starts && f.Purpose == "p4" && f.Request.ConsentRef == "":
		return "without the person's consent"
	case starts && len(f.Request.Justification) < s.Justification.MinChars:
		return "without a justification"
	}
	if wrong := p.unconfirmed(s, f, asks, out); wrong != "" {
		return wrong
	}
	if out.Verdict == agreement.Permit {
		if wrong := p.unapproved(s, f, country[getter], country[self]); wrong != "" {
			return wrong
		}
	}
	for _, name := range out.Keep {
		listed := s.Fields
		if asks {
			listed = agreement.AskFields(s.Category)
		}
		field, _ := agreement.Lookup(name)
		switch {
		case !slices.Contains(f.Fields, name):
			return "a field passes that nobody offered: " + name
		case !slices.Contains(listed, name):
			return "a field passes that is not listed: " + name
		case slices.Contains(p.Never.Fields, name):
			return "a field passes that never forbids: " + name
		case field.Class != agreement.Plain && field.Class != agreement.Identifying:
			return "a field passes that is " + string(field.Class) + ": " + name
		}
	}
	for _, name := range f.Fields {
		if !slices.Contains(out.Keep, name) && !slices.ContainsFunc(out.Dropped, func(d agreement.Dropped) bool { return d.Field == name }) {
			return "a field is neither kept nor dropped: " + name
		}
	}
	return ""
}

// unconfirmed says where a human should have looked and has not.
func (p *pactum) unconfirmed(s agreement.Share, f agreement.Flow, asks bool, out agreement.Outcome) string {
	waits := slices.ContainsFunc(out.Need, func(m agreement.Missing) bool { return m.Kind == "confirmation" })
	started := f.Confirmed.Sending || f.Request.HumanConfirmedBy != ""
	answers := !asks && s.Trigger == "request"
	switch {
	case waits:
		return ""
	case (s.Confirmation == "both_sides" || s.Confirmation == "sending_side") && !started:
		return "nobody confirmed it on the side that starts"
	case (s.Confirmation == "both_sides" || s.Confirmation == "replying_side") && answers && !f.Confirmed.Replying:
		return "nobody confirmed it on the side that answers"
	}
	return ""
}

// unapproved says which approval should have been there and was not, trying every way to choose the people.
func (p *pactum) unapproved(s agreement.Share, f agreement.Flow, getter, self string) string {
	if s.Approval.Release == "standing" {
		if f.Now.After(time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)) {
			return "the standing approval has ended"
		}
		return ""
	}
	count, second := s.Approval.Count, false
	switch f.Stage {
	case agreement.Asking:
		count = 1
	case agreement.Releasing:
		if r, ok := p.second[s.ID]; ok {
			second = r.holds(f, getter, self)
		}
	default:
		return ""
	}
	supervisors, auditors := map[string]bool{}, map[string]bool{}
	for _, a := range f.Approvals {
		if a.By == f.Requester {
			continue
		}
		switch a.Role {
		case "supervisor", "sharing-supervisor":
			supervisors[a.By] = true
		case "auditor":
			auditors[a.By] = true
		}
	}
	if len(supervisors) < count {
		return "too few approved it"
	}
	if !second {
		return ""
	}
	for auditor := range auditors {
		if left := len(supervisors); !supervisors[auditor] && left >= count || supervisors[auditor] && left-1 >= count {
			return ""
		}
	}
	return "the second approval is missing"
}
