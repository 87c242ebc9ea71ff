package agreement_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

var partner = map[string]string{"bh-piu": "us-ntc", "us-ntc": "bh-piu"}

// The threads of threads.json, as far as the document decides about them: every step is decided on by both sides, and
// what must follow does.
func TestThreads(t *testing.T) {
	t.Parallel()
	travel := read(t, "bh-us-travel.yaml")
	var file struct {
		Threads []struct {
			Name  string
			Steps []struct {
				ID, From, Type, Share, Note string
				At                          time.Time
				InReplyTo                   string `json:"in_reply_to"`
				Body                        map[string]any
				Expect                      map[string]any
			}
		}
	}
	if err := json.Unmarshal(text(t, "threads.json"), &file); err != nil {
		t.Fatal(err)
	}
	decided := 0
	for _, thread := range file.Threads {
		state := agreement.State{InForce: true, NotReceiving: map[string]bool{}}
		asked := map[string]agreement.Flow{}
		for _, step := range thread.Steps {
			where := thread.Name + ", " + step.Type + " " + step.Share + " at " + step.At.Format(time.TimeOnly)
			at := func(key string) time.Time {
				v, ok := step.Expect[key].(string)
				if !ok {
					return time.Time{}
				}
				parsed, err := time.Parse(time.RFC3339, v)
				if err != nil {
					t.Fatal(err)
				}
				return parsed
			}
			due := func(key string, d agreement.Duration) {
				if want := at(key); !want.IsZero() && !d.After(step.At).Equal(want) {
					t.Errorf("%s: %s is %s, not %s", where, key, d.After(step.At), want)
				}
			}
			f := agreement.Flow{Now: step.At, State: state, Share: step.Share, From: step.From, To: partner[step.From]}
			var stages []agreement.Stage
			switch step.Type {
			case "REQUEST":
				stages = []agreement.Stage{agreement.Asking, agreement.Asked}
				f.Requester, f.Approvals = "o-1", []agreement.Approval{{By: "o-2", Role: "supervisor"}}
				request(&f, step.Body)
			case "REPLY", "SHARE":
				stages = []agreement.Stage{agreement.Releasing, agreement.Arriving}
				if a, ok := asked[step.InReplyTo]; ok {
					f.Purpose, f.Request, f.Subject, f.Given = a.Purpose, a.Request, a.Subject, a.Given
				}
				f.Confirmed = agreement.Confirmed{Sending: true, Replying: true}
				f.Approvals = []agreement.Approval{{By: "o-8", Role: "supervisor"}, {By: "o-9", Role: "supervisor"}}
				for name := range step.Body {
					f.Fields = append(f.Fields, name)
				}
			case "CORRECTION":
				due("effect_due", travel.Duties.CorrectionEffectWithin)
				continue
			case "ERASE":
				due("effect_due", travel.Duties.ErasureEffectWithin)
				due("receipt_due", travel.Duties.ErasureReceiptWithin)
				continue
			case "CLOCK":
				overdue := int(step.Body["stats.overdue_erasures_7d"].(float64))
				got := travel.Triggered(agreement.Stats{OverdueErasures7d: overdue, HitRate30d: 1})
				if want := travel.Suspension.Triggers[:1]; cmp.Diff(want, got) != "" {
					t.Errorf("%s: set off are %v", where, got)
				}
				for _, passes := range step.Expect["still_pass"].([]any) {
					if !agreement.AlwaysPasses(passes.(string)) {
						t.Errorf("%s: %s no longer passes", where, passes)
					}
				}
				state.NotReceiving["bh"] = true
				continue
			default:
				continue
			}
			for _, stage := range stages {
				f.Stage = stage
				out := travel.Decide(f)
				where := where + ", " + string(stage)
				decided++
				switch refusal, _ := step.Expect["refusal"].(string); {
				case step.Expect["direction_ok"] == true:
					if out.Code == agreement.Direction {
						t.Errorf("%s: refused for its direction", where)
					}
					continue
				case refusal != "":
					if out.Verdict != agreement.Refuse || out.Code != refusal || out.Clause == "" {
						t.Errorf("%s: %s %s (%s), not refused as %s", where, out.Verdict, out.Code, out.Clause, refusal)
					}
					if rule, _ := step.Expect["rule"].(string); out.Rule != rule {
						t.Errorf("%s: rule %q, not %q", where, out.Rule, rule)
					}
					continue
				}
				if out.Verdict != agreement.Permit {
					t.Errorf("%s: %s %s (%s): %s", where, out.Verdict, out.Code, out.Clause, out.Reason)
				}
				if want := at("due"); !want.IsZero() && !out.DueAt.Equal(want) {
					t.Errorf("%s: due %s, not %s", where, out.DueAt, want)
				}
				if want := at("getter_erase_at"); !want.IsZero() && !out.EraseAt.Equal(want) {
					t.Errorf("%s: erased %s, not %s", where, out.EraseAt, want)
				}
				if want, ok := step.Expect["dropped_fields"].([]any); ok {
					var dropped []any
					for _, d := range out.Dropped {
						dropped = append(dropped, d.Field)
					}
					if diff := cmp.Diff(want, dropped); diff != "" {
						t.Errorf("%s: dropped -want +got:\n%s", where, diff)
					}
				}
				if hit, is := step.Body["match.hit"].(bool); is && !hit && !out.NoHitUntil.Equal(step.At) {
					t.Errorf("%s: after a no-hit the question is kept until %s", where, out.NoHitUntil)
				}
			}
			asked[step.ID] = f
		}
	}
	if decided < 26 {
		t.Errorf("only %d decisions were made", decided)
	}
}

// request reads what a request's body says.
func request(f *agreement.Flow, body map[string]any) {
	said := func(key string) string { s, _ := body[key].(string); return s }
	number := func(key string, otherwise int) int {
		if n, ok := body[key].(float64); ok {
			return int(n)
		}
		return otherwise
	}
	f.Purpose = said("purpose")
	f.Request = agreement.Request{
		CaseRef: said("case_ref"), Justification: said("justification"), Facts: said("facts"), HumanConfirmedBy: said("human_confirmed_by"),
		Follows: said("follows"), KeyProfile: said("key_profile"), BatchSize: number("batch_size", 0),
		OffencePenaltyYears: number("offence_penalty_years", 3), HitConfirmed: body["hit_confirmed"] == true,
	}
	f.Subject = agreement.Subject{Kind: "person", Age: number("subject_age", 46), Nationality: "JO"}
	f.Given = agreement.Given{OffenceCode: said("offence_code") != "", PriorReference: said("prior_reference") != ""}
}

var now = time.Date(2026, 5, 15, 10, 0, 0, 0, time.UTC)

// asking is a question under T2 that passes.
func asking() agreement.Flow {
	return agreement.Flow{
		Stage: agreement.Asking, Now: now, State: agreement.State{InForce: true}, Share: "T2", From: "bh-piu", To: "us-ntc", Purpose: "terrorism",
		Request:   agreement.Request{CaseRef: "C-1", HumanConfirmedBy: "o-1", Justification: strings.Repeat("Two keys of a passenger match. ", 4)},
		Subject:   agreement.Subject{Kind: "person", Age: 46, Nationality: "JO"},
		Given:     agreement.Given{OffenceCode: true},
		Requester: "o-1", Approvals: []agreement.Approval{{By: "o-2", Role: "supervisor"}},
		Fields: []string{"person.family_name", "person.dob", "document.number"},
	}
}

// releasing is an answer under T3 that passes.
func releasing() agreement.Flow {
	f := asking()
	f.Stage, f.Share, f.From, f.To = agreement.Releasing, "T3", "us-ntc", "bh-piu"
	f.Request.Follows, f.Request.HitConfirmed, f.Request.Facts = "T2", true, strings.Repeat("Passport and date of birth are equal. ", 4)
	f.Given.PriorReference = true
	f.Confirmed.Replying = true
	f.Requester, f.Approvals = "x-1", []agreement.Approval{{By: "o-8", Role: "supervisor"}}
	f.Fields = []string{"person.family_name", "person.dob"}
	return f
}

// Each clause refuses on its own, names itself, and comes in its turn.
func TestClauses(t *testing.T) {
	t.Parallel()
	travel, cyber := read(t, "bh-us-travel.yaml"), read(t, "bh-us-cyber.yaml")
	type change func(*agreement.Flow)
	for _, test := range []struct {
		name         string
		of           func() agreement.Flow
		change       change
		verdict      agreement.Verdict
		code, clause string
	}{
		{"a question passes", asking, func(*agreement.Flow) {}, agreement.Permit, "", ""},
		{"the holder takes it", asking, func(f *agreement.Flow) { f.Stage, f.Approvals = agreement.Asked, nil }, agreement.Permit, "", ""},
		{"an answer passes", releasing, func(*agreement.Flow) {}, agreement.Permit, "", ""},
		{"the asker takes it", releasing, func(f *agreement.Flow) { f.Stage, f.Approvals = agreement.Arriving, nil }, agreement.Permit, "", ""},
		{"nobody pressed the button", asking, func(f *agreement.Flow) { f.State.InForce = false }, agreement.Refuse, agreement.NotInForce, "metadata.status"},
		{"too early", asking, func(f *agreement.Flow) { f.Now = time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC) }, agreement.Refuse, agreement.NotInForce, "metadata.effective"},
		{"the last second", asking, func(f *agreement.Flow) { f.Now = time.Date(2030, 12, 31, 23, 59, 59, 0, time.UTC) }, agreement.Permit, "", ""},
		{"too late", asking, func(f *agreement.Flow) { f.Now = time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC) }, agreement.Refuse, agreement.Expired, "metadata.expires"},
		{"no such share", asking, func(f *agreement.Flow) { f.Share = "T9" }, agreement.Refuse, agreement.Direction, "shares"},
		{"no such stage", asking, func(f *agreement.Flow) { f.Stage = "" }, agreement.Refuse, agreement.Direction, ""},
		{"a stranger asks", asking, func(f *agreement.Flow) { f.From = "xx-piu" }, agreement.Refuse, agreement.Direction, "parties"},
		{"to oneself", asking, func(f *agreement.Flow) { f.To = "bh-piu" }, agreement.Refuse, agreement.Direction, "shares.T2.from"},
		{"a watcher asks", asking, func(f *agreement.Flow) { f.From = "bh-dpo" }, agreement.Refuse, agreement.Direction, "parties"},
		{"against the share's direction", asking, func(f *agreement.Flow) { f.Share, f.From, f.To = "T1", "us-ntc", "bh-piu" }, agreement.Refuse, agreement.Direction, "shares.T1.from"},
		{"all suspended", asking, func(f *agreement.Flow) { f.State.Suspended = map[string]bool{agreement.All: true} }, agreement.Refuse, agreement.SuspendedNow, "suspension"},
		{"this one suspended", asking, func(f *agreement.Flow) { f.State.Suspended = map[string]bool{"T2": true} }, agreement.Refuse, agreement.SuspendedNow, "suspension"},
		{"another suspended", asking, func(f *agreement.Flow) { f.State.Suspended = map[string]bool{"T3": true} }, agreement.Permit, "", ""},
		{"the asker may not receive", asking, func(f *agreement.Flow) { f.State.NotReceiving = map[string]bool{"bh": true} }, agreement.Refuse, agreement.SuspendedNow, "suspension"},
		{"the holder may not receive", asking, func(f *agreement.Flow) { f.State.NotReceiving = map[string]bool{"us": true} }, agreement.Permit, "", ""},
		{"a purpose of another share", asking, func(f *agreement.Flow) { f.Purpose = "facilitation" }, agreement.Refuse, agreement.PurposeNotAllowed, "shares.T2.purposes"},
		{"a purpose in the request is not believed", asking, func(f *agreement.Flow) { f.Subject.Age, f.Request.Purpose = 12, "vital-interest" }, agreement.Refuse, agreement.NeverRuleHolds, "never.rules.N1"},
		{"a child", asking, func(f *agreement.Flow) { f.Subject.Age = 15 }, agreement.Refuse, agreement.NeverRuleHolds, "never.rules.N1"},
		{"perhaps a child", asking, func(f *agreement.Flow) { f.Subject.Age = -1 }, agreement.Refuse, agreement.NeverRuleHolds, "never.rules.N1"},
		{"a child in danger", asking, func(f *agreement.Flow) { f.Subject.Age, f.Purpose = 15, "vital-interest" }, agreement.Permit, "", ""},
		{"masked data", releasing, func(f *agreement.Flow) { f.Record.Masked = true }, agreement.Refuse, agreement.NeverRuleHolds, "never.rules.N3"},
		{"masked data, unmasked", releasing, func(f *agreement.Flow) { f.Record.Masked, f.Request.UnmaskApproved = true, true }, agreement.Permit, "", ""},
		{"the last of the quota", asking, func(f *agreement.Flow) { f.Used.Requests = 199 }, agreement.Permit, "", ""},
		{"over the quota", asking, func(f *agreement.Flow) { f.Used.Requests = 200 }, agreement.Refuse, agreement.OverQuota, "shares.T2.quota.requests"},
		{"over the quota of subjects", asking, func(f *agreement.Flow) { f.Used.Subjects = 400 }, agreement.Refuse, agreement.OverQuota, "shares.T2.quota.subjects"},
		{"probing", asking, func(f *agreement.Flow) { f.Stats.Requests30d, f.Stats.HitRate30d = 50, 0.019 }, agreement.Refuse, agreement.OverQuota, "shares.T2.quota.hit_rate_floor"},
		{"an answer is not counted", releasing, func(f *agreement.Flow) { f.Used.Requests = 9999 }, agreement.Permit, "", ""},
		{"no case", asking, func(f *agreement.Flow) { f.Request.CaseRef = "" }, agreement.Refuse, agreement.Incomplete, "shares.T2.justification.case_ref"},
		{"no offence", asking, func(f *agreement.Flow) { f.Given.OffenceCode = false }, agreement.Refuse, agreement.Incomplete, "shares.T2.justification.offence_code"},
		{"blanks are no reason", asking, func(f *agreement.Flow) { f.Request.Justification = "x" + strings.Repeat(" ", 100) + "y" }, agreement.Refuse, agreement.Incomplete, "shares.T2.justification.min_chars"},
		{"no reason for haste", asking, func(f *agreement.Flow) { f.Urgent = true }, agreement.Refuse, agreement.Incomplete, "shares.T2.urgent_reply_within"},
		{"the penalty is not told", asking, func(f *agreement.Flow) { f.Purpose = "serious-crime" }, agreement.Refuse, agreement.Incomplete, "purposes.serious-crime.min_penalty_years"},
		{"not grave enough", asking, func(f *agreement.Flow) { f.Purpose, f.Request.OffencePenaltyYears = "serious-crime", 2 }, agreement.Refuse, agreement.ConditionFalse, "purposes.serious-crime.min_penalty_years"},
		{"grave enough", asking, func(f *agreement.Flow) { f.Purpose, f.Request.OffencePenaltyYears = "serious-crime", 3 }, agreement.Permit, "", ""},
		{"the hit is not confirmed", releasing, func(f *agreement.Flow) { f.Request.HitConfirmed = false }, agreement.Refuse, agreement.ConditionFalse, "shares.T3.when"},
		{"no human here", releasing, func(f *agreement.Flow) { f.Confirmed.Replying = false }, agreement.Need, agreement.NeedsConfirmation, "shares.T3.human_confirmation"},
		{"no human there", releasing, func(f *agreement.Flow) { f.Request.HumanConfirmedBy = "" }, agreement.Refuse, agreement.NeedsConfirmation, "shares.T3.human_confirmation"},
		{"no human there, says who gets it", releasing, func(f *agreement.Flow) { f.Stage, f.Confirmed.Replying = agreement.Arriving, false }, agreement.Refuse, agreement.NeedsConfirmation, "shares.T3.human_confirmation"},
		{"nobody approved the question", asking, func(f *agreement.Flow) { f.Approvals = nil }, agreement.Need, agreement.NeedsConfirmation, "shares.T2.approval"},
		{"the asker approved it", asking, func(f *agreement.Flow) { f.Approvals[0].By = "o-1" }, agreement.Need, agreement.NeedsConfirmation, "shares.T2.approval"},
		{"an officer of another role", releasing, func(f *agreement.Flow) { f.Approvals[0].Role = "analyst" }, agreement.Need, agreement.NeedsConfirmation, "shares.T3.approval"},
		{"nobody's role", releasing, func(f *agreement.Flow) { f.Approvals[0].Role = "" }, agreement.Need, agreement.NeedsConfirmation, "shares.T3.approval"},
		{"one's own national, one approval", releasing, func(f *agreement.Flow) { f.Subject.Nationality = "US" }, agreement.Need, agreement.NeedsConfirmation, "shares.T3.approval.second_when"},
		{"one's own national, one person twice", releasing, func(f *agreement.Flow) {
			f.Subject.Nationality, f.Approvals = "US", append(f.Approvals, f.Approvals[0])
		}, agreement.Need, agreement.NeedsConfirmation, "shares.T3.approval.second_when"},
		{"one's own national, two people", releasing, func(f *agreement.Flow) {
			f.Subject.Nationality, f.Approvals = "US", append(f.Approvals, agreement.Approval{By: "o-9", Role: "sharing-supervisor"})
		}, agreement.Permit, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := test.of()
			test.change(&f)
			out := travel.Decide(f)
			if out.Verdict != test.verdict || out.Code != test.code || out.Clause != test.clause {
				t.Errorf("%s %s %s (%s), wanted %s %s %s", out.Verdict, out.Code, out.Clause, out.Reason, test.verdict, test.code, test.clause)
			}
			if again := travel.Decide(f); cmp.Diff(out, again) != "" {
				t.Error("asked again, the answer is another")
			}
		})
	}

	indicator := agreement.Flow{
		Stage: agreement.Releasing, Now: now, State: agreement.State{InForce: true}, Share: "C1", From: "us-cert", To: "bh-cert", Purpose: "defence",
		Subject: agreement.Nobody, Record: agreement.Record{Confidence: 80, TLP: "TLP:GREEN"}, Fields: []string{"indicator.value", "indicator.confidence", "victim.credentials"},
	}
	for _, test := range []struct {
		name         string
		change       change
		verdict      agreement.Verdict
		code, clause string
	}{
		{"an indicator passes", func(*agreement.Flow) {}, agreement.Permit, "", ""},
		{"and arrives", func(f *agreement.Flow) { f.Stage = agreement.Arriving }, agreement.Permit, "", ""},
		{"arrived weaker than agreed", func(f *agreement.Flow) { f.Stage, f.Record.Confidence = agreement.Arriving, 10 }, agreement.Refuse, agreement.ConditionFalse, "shares.C1.when"},
		{"weak", func(f *agreement.Flow) { f.Record.Confidence = 49 }, agreement.Refuse, agreement.ConditionFalse, "shares.C1.when"},
		{"red", func(f *agreement.Flow) { f.Record.TLP, f.Request.ToKind = "TLP:RED", "named_person" }, agreement.Refuse, agreement.ConditionFalse, "shares.C1.when"},
		{"red by machine", func(f *agreement.Flow) { f.Record.TLP = "TLP:RED" }, agreement.Refuse, agreement.NeverRuleHolds, "never.rules.N2"},
		{"unmarked", func(f *agreement.Flow) { f.Record.TLP = "" }, agreement.Refuse, agreement.ConditionFalse, "shares.C1.when"},
		{"asked for", func(f *agreement.Flow) { f.Stage = agreement.Asking }, agreement.Refuse, agreement.Direction, "shares.C1.trigger"},
		{"the last day of the standing approval", func(f *agreement.Flow) { f.Now = time.Date(2027, 1, 15, 23, 59, 59, 0, time.UTC) }, agreement.Permit, "", ""},
		{"the day after", func(f *agreement.Flow) { f.Now = time.Date(2027, 1, 16, 0, 0, 0, 0, time.UTC) }, agreement.Refuse, agreement.NeedsConfirmation, "shares.C1.approval.standing_until"},
		{"many in one message", func(f *agreement.Flow) { f.Request.Records = 200_001 }, agreement.Refuse, agreement.OverQuota, "shares.C1.quota.subjects"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := indicator
			test.change(&f)
			out := cyber.Decide(f)
			if out.Verdict != test.verdict || out.Code != test.code || out.Clause != test.clause {
				t.Errorf("%s %s %s (%s), wanted %s %s %s", out.Verdict, out.Code, out.Clause, out.Reason, test.verdict, test.code, test.clause)
			}
		})
	}
}

// Whole outcomes: what is kept and dropped and why, what is stamped, what is due when, what is still needed.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	travel := read(t, "bh-us-travel.yaml")
	noHit := asking()
	noHit.Stage, noHit.Subject.AsylumSeeker, noHit.Subject.ProtectedFrom = agreement.Asked, true, []string{"BH"}
	urgent := asking()
	urgent.Stage, urgent.Urgent, urgent.Given.UrgencyReason = agreement.Asked, true, true
	urgent.Fields = []string{"person.family_name", "person.religion", "match.hit", "person.family_name"}
	over := asking()
	over.Used = agreement.Used{Requests: 200, Subjects: 200, Oldest: now.Add(-22 * time.Hour)}
	pnr := releasing()
	pnr.Share = "T4"
	pnr.Request.OffencePenaltyYears, pnr.Request.UnmaskApproved, pnr.Record = 3, true, agreement.Record{Masked: true, AgeDays: 400}
	pnr.Fields = []string{"pnr.names", "pnr.ssr.meal", "pnr.payment.full", "pnr.remarks.filtered", "pnr.api"}
	old := pnr
	old.Record.AgeDays = 1826
	for _, test := range []struct {
		name string
		flow agreement.Flow
		want agreement.Outcome
	}{
		{"who is protected is not known here", noHit, agreement.Outcome{
			Verdict: agreement.Refuse, Code: agreement.NeverRuleHolds, Rule: "N2", Clause: "never.rules.N2", AsNoHit: true,
			Reason: "Never tell a state about a person who seeks protection from it",
		}},
		{"an urgent question says what it must", urgent, agreement.Outcome{
			Verdict: agreement.Permit, Keep: []string{"person.family_name"},
			Dropped: []agreement.Dropped{
				{Field: "person.religion", Clause: "never.fields", Why: "the agreement never lets this pass"},
				{Field: "match.hit", Clause: "shares.T2.fields", Why: "the share does not list this"},
			},
			Handling: agreement.Handling{TLP: "TLP:AMBER+STRICT", Caveats: []string{"NO-ADVERSE-ACTION-ON-MATCH-ALONE", "LAW-ENFORCEMENT-ONLY"}},
			DueAt:    now.Add(5 * time.Minute), NoHitUntil: now, EraseAt: now.AddDate(1, 0, 0),
		}},
		{"over the quota, and from when no longer", over, agreement.Outcome{
			Verdict: agreement.Refuse, Code: agreement.OverQuota, Clause: "shares.T2.quota.requests", Reason: "the 200 requests of P1D are used up", RetryAfter: 2 * time.Hour,
		}},
		{"a booking, masked, waits for two and the protector of data", pnr, agreement.Outcome{
			Verdict: agreement.Need, Code: agreement.NeedsConfirmation, Clause: "shares.T4.approval", Reason: "a human has to say yes first",
			Need: []agreement.Missing{{Kind: "approval", Role: "supervisor", Count: 2, Have: 1}, {Kind: "second_approval", Role: "auditor", Count: 1}},
			Keep: []string{"pnr.names", "pnr.api"},
			Dropped: []agreement.Dropped{
				{Field: "pnr.ssr.meal", Clause: "never.fields", Why: "the agreement never lets this pass"},
				{Field: "pnr.payment.full", Clause: "shares.T4.fields", Why: "the share does not list this"},
				{Field: "pnr.remarks.filtered", Clause: "shares.T4.fields", Why: "the share does not list this"},
			},
			Handling: agreement.Handling{TLP: "TLP:AMBER+STRICT", Caveats: []string{"LAW-ENFORCEMENT-ONLY", "NOT-EVIDENCE-WITHOUT-MLA"}},
			EraseAt:  now.AddDate(5, 0, 0), ReviewAt: now.AddDate(1, 0, 0), MaskAt: now.AddDate(0, 6, 0),
		}},
		{"older than five years", old, agreement.Outcome{
			Verdict: agreement.Refuse, Code: agreement.ConditionFalse, Clause: "shares.T4.when", Reason: "the share's condition does not hold",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, travel.Decide(test.flow), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
