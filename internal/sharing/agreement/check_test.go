package agreement_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

// fault is a problem as these tests look at it.
type fault struct{ Code, Share, Path string }

func faults(problems agreement.Problems) []fault {
	var out []fault
	for _, p := range problems {
		out = append(out, fault{p.Code, p.Share, p.Path})
	}
	return out
}

// mutated is a sample with one text in it replaced.
func mutated(t testing.TB, sample, old, with string) []byte {
	t.Helper()
	whole := string(text(t, sample))
	if !strings.Contains(whole, old) {
		t.Fatalf("%s does not contain %q", sample, old)
	}
	return []byte(strings.Replace(whole, old, with, 1))
}

// Everything that the document can have wrong is found by itself, named by its code, its place and its share.
func TestProblems(t *testing.T) {
	t.Parallel()
	const travel, cyber, funds, cargo, listed = "bh-us-travel.yaml", "bh-us-cyber.yaml", "bh-us-funds.yaml", "bh-us-cargo.yaml", "bh-us-lists.yaml"
	schema := func(path string) []fault { return []fault{{agreement.CodeSchema, "", path}} }
	one := func(code, share, path string) []fault { return []fault{{code, share, path}} }
	for _, test := range []struct {
		sample, old, with string
		want              []fault
	}{
		// shape
		{travel, "apiVersion: rihla.agreement/v1", "apiVersion: rihla.agreement/v2", schema("apiVersion")},
		{travel, "kind: Agreement", "kind: Treaty", schema("kind")},
		{travel, "kind: Agreement", "kind: Agreement\ncolour: green", schema("colour")},
		{travel, "kind: Agreement\n", "", schema("kind")},
		{travel, "version: 3\n", "version: three\n", schema("metadata.version")},
		{travel, "version: 3\n", "version: 0\n", schema("metadata.version")},
		{travel, "version: 3\n", "version: 3.0\n", schema("metadata.version")},
		{travel, "version: 3\n", "version: -3\n", schema("metadata.version")},
		{travel, "version: 3\n", "version: 99999999999\n", schema("metadata.version")},
		{travel, "status: in_force ", "status: agreed ", schema("metadata.status")},
		{travel, "id: bh-us-travel", "id: BH", schema("metadata.id")},
		{travel, "effective: 2026-01-01", "effective: 1 January", schema("metadata.effective")},
		{travel, "effective: 2026-01-01", "effective: 2026-02-30", schema("metadata.effective")},
		{travel, "5d0f3c0b6f9b", "5d0f", schema("metadata.supersedes.digest")},
		{travel, "country: US", "country: USA", schema("parties[1].country")},
		{travel, "country: US", "country: BH", schema("parties[1].country")},
		{travel, "{id: us-cpo,", "{id: us-ntc,", nil},
		{travel, "https://share.ntc", "http://share.ntc", schema("parties[1].authorities[0].jwks")},
		{travel, "domains: [travel, facilitation]\npurposes", "domains: [travel, facilitation, taxes]\npurposes", schema("domains[2]")},
		{travel, "domains: [travel, facilitation]\npurposes", "domains: travel\npurposes", schema("domains")},
		{travel, "- {id: vital-interest, text", "- {id: terrorism, text", nil},
		{travel, "consent: data_subject", "consent: implied", schema("purposes[3].consent")},
		{travel, "answer: as_no_hit", "answer: silence", schema("never.rules[1].answer")},
		{travel, "id: T5", "id: five", schema("shares[4].id")},
		{travel, "id: T5", "id: T4", schema("shares[4].id")},
		{travel, "category: pnr", "category: bookings", schema("shares[3].category")},
		{travel, "    mode: private_match ", "    mode: notice ", []fault{{agreement.CodeSchema, "T1", "shares[0].mode"}, {agreement.CodeAutoRelease, "T1", "shares[0].approval.release"}}},
		{travel, "trigger: periodic", "trigger: sometimes", schema("shares[0].trigger")},
		{travel, "case_ref: required, offence_code: required}\n    approval: {release: officer, role: sharing-officer", "case_ref: optional, offence_code: required}\n    approval: {release: officer, role: sharing-officer", schema("shares[1].justification.case_ref")},
		{travel, "reply_within: PT15M", "reply_within: 15 minutes", schema("shares[1].reply_within")},
		{travel, "reply_within: PT15M", "reply_within: P1W", schema("shares[1].reply_within")},
		{travel, "reply_within: PT15M", "reply_within: &late PT15M", schema("shares[1].reply_within")},
		{travel, "reply_within: PT15M", "reply_within: *late", schema("shares[1].reply_within")},
		{travel, "reply_within: PT15M", "reply_within: !!str PT15M", schema("shares[1].reply_within")},
		{travel, "reply_within: PT15M", "<<: {reply_within: PT15M}", nil},
		{travel, "quota: {window: P1D, requests: 200", "quota: {window: P1D, window: P2D, requests: 200", nil},
		{travel, "not_requester: true", "not_requester: yes", schema("shares[1].approval.not_requester")},
		{travel, "who: either_party", "who: bh", schema("suspension.who")},
		{travel, "action: alert", "action: shrug", schema("suspension.triggers[2].action")},
		{travel, "action: suspend_share, share: T2", "action: suspend_share, share: T9", schema("suspension.triggers[1].share")},
		{travel, "keep_and_honour_duties", "destroy", schema("suspension.data_received_before")},
		{travel, "chairs: [bh-piu, us-ntc]", "chairs: [bh-piu, bh-dpo]", schema("review.chairs")},
		{travel, "jws-ed25519", "jws-none", schema("transport.envelope")},
		{travel, "jwe-ecdh-es-a256gcm", "plain", schema("transport.encryption")},
		{travel, "message_ttl: PT72H", "message_ttl: PT0S", schema("transport.message_ttl")},
		{travel, "transport:", "roles: {sharing-officer: king}\ntransport:", schema("roles.sharing-officer")},
		{travel, "transport:", "roles: {analyst: supervisor}\ntransport:", schema("roles.analyst")},

		// parties and purposes
		{travel, "from: us\n", "from: fr\n", []fault{{agreement.CodeParty, "T1", "shares[0].from"}}},
		{travel, "from: us\n", "from: bh\n", one(agreement.CodeParty, "T1", "shares[0].to")},
		{travel, "{id: us-ntc, name: Targeting Centre, domains: [travel, facilitation]", "{id: us-ntc, name: Targeting Centre, domains: [travel]", []fault{{agreement.CodeParty, "T5", "shares[4].from"}, {agreement.CodeParty, "T5", "shares[4].to"}}},
		{travel, "observers: [bh-dpo, us-cpo]", "observers: [bh-dpo, un-hcr]", one(agreement.CodeParty, "", "review.observers[1]")},
		{travel, "purposes: [facilitation]", "purposes: [facilitation, tax]", one(agreement.CodePurpose, "T5", "shares[4].purposes[1]")},

		// fields
		{travel, "fields: [vetting.outcome,", "fields: [vetting.outcome, vetting.note,", one(agreement.CodeField, "T5", "shares[4].fields")},
		{travel, "fields: [vetting.outcome,", "fields: [vetting.outcome, VETTING,", []fault{{agreement.CodeSchema, "T5", "shares[4].fields"}}},
		{travel, "fields: [match.hit,", "fields: [person.dob, match.hit,", one(agreement.CodeField, "T2", "shares[1].fields")},
		{travel, "fields: [vetting.outcome,", "fields: [vetting.outcome, pnr.payment.full,", one(agreement.CodeSensitive, "T5", "shares[4].fields")},
		{travel, "fields: [vetting.outcome,", "fields: [vetting.outcome, person.health, pnr.payment.full,", []fault{{agreement.CodeSensitive, "T5", "shares[4].fields"}, {agreement.CodeSensitive, "T5", "shares[4].fields"}}},
		{travel, "never:\n  fields: [person.ethnicity,", "never:\n  fields: [vetting.reference, person.ethnicity,", one(agreement.CodeNever, "T5", "shares[4].fields")},
		{travel, "never:\n  fields: [person.ethnicity,", "never:\n  fields: [person.etnicity,", one(agreement.CodeField, "", "never.fields[0]")},

		// conditions
		{travel, `'req.consent_ref != "" && `, `'req.consent_ref != "" &&& `, nil},
		{travel, `'req.consent_ref != "" && `, `'size(req.consent_ref) > 3.0 && `, one(agreement.CodeCEL, "T5", "shares[4].when")},
		{travel, `'req.consent_ref != "" && `, `'stats.weather == 3 && `, one(agreement.CodeCEL, "T5", "shares[4].when")},
		{travel, `'req.consent_ref != "" && req.program in ["bh-expedited", "us-expedited"]'`, `'req.program'`, one(agreement.CodeCELType, "T5", "shares[4].when")},
		{travel, `'req.consent_ref != "" && req.program in ["bh-expedited", "us-expedited"]'`, `'dyn(req).religion == ""'`, one(agreement.CodeCELType, "T5", "shares[4].when")},
		{travel, `'req.consent_ref != "" && req.program in ["bh-expedited", "us-expedited"]'`, `''`, one(agreement.CodeCEL, "T5", "shares[4].when")},
		{travel, `'req.consent_ref != "" && `, `'subject.protected_from.all(a, subject.protected_from.all(b, subject.protected_from.all(c, a == b || b == c))) && `, one(agreement.CodeCELCost, "T5", "shares[4].when")},
		{travel, `second_when: 'record.masked'`, `second_when: 'record.maksed'`, one(agreement.CodeCEL, "T4", "shares[3].approval.second_when")},
		{travel, `when: 'subject.age < 16`, `when: 'subject.years < 16`, one(agreement.CodeCEL, "", "never.rules[0].when")},
		{travel, `when: 'stats.overdue_erasures_7d > 0'`, `when: 'req.purpose == ""'`, one(agreement.CodeCEL, "", "suspension.triggers[0].when")},

		// what categories allow
		{travel, "{max: P1Y, on_no_hit: PT0S}", "{max: P13M, on_no_hit: PT0S}", one(agreement.CodeRetentionMax, "T2", "shares[1].retention.max")},
		{travel, "{max: P1Y, on_no_hit: PT0S}", "{max: P365D, on_no_hit: PT0S}", nil},
		{travel, "{max: P1Y, on_no_hit: PT0S}", "{max: P366D, on_no_hit: PT0S}", one(agreement.CodeRetentionMax, "T2", "shares[1].retention.max")},
		{travel, "{max: P1Y, on_no_hit: PT0S}", "{max: P1Y, on_no_hit: PT25H}", one(agreement.CodeRetentionMax, "T2", "shares[1].retention.on_no_hit")},
		{travel, "{max: P1Y, on_no_hit: PT0S}", "{max: P1Y}", one(agreement.CodeRetentionMax, "T2", "shares[1].retention.on_no_hit")},
		{travel, "{max: P1Y, on_no_hit: PT0S}", "{max: P1Y, on_no_hit: PT0S, dormant: P1Y}", one(agreement.CodeRetentionMax, "T2", "shares[1].retention.dormant")},
		{travel, "{max: P3Y, review_every: P1Y}", "{max: P3Y}", one(agreement.CodeRetentionMax, "T3", "shares[2].retention.review_every")},
		{travel, "depersonalise_after: P6M", "depersonalise_after: P180D", nil},
		{travel, "depersonalise_after: P6M", "depersonalise_after: P183D", one(agreement.CodeDepersonalise, "T4", "shares[3].retention.depersonalise_after")},
		{travel, "depersonalise_after: P6M", "depersonalise_after: P6M, dormant: P10Y", nil},
		{travel, "depersonalise_after: P6M", "depersonalise_after: P6M, dormant: P11Y", one(agreement.CodeRetentionMax, "T4", "shares[3].retention.dormant")},
		{travel, "human_confirmation: replying_side", "human_confirmation: sending_side", one(agreement.CodeConfirmation, "T5", "shares[4].human_confirmation")},
		{travel, "human_confirmation: replying_side", "human_confirmation: both_sides", nil},
		{travel, "role: vetting-officer, count: 1, not_requester: true", "role: vetting-officer, count: 1, not_requester: false", one(agreement.CodeApproval, "T5", "shares[4].approval.not_requester")},
		{travel, "role: vetting-officer, count: 1, not_requester: true", "role: vetting-officer, not_requester: true", one(agreement.CodeApproval, "T5", "shares[4].approval")},
		{travel, "role: vetting-officer", "role: grand-vizier", one(agreement.CodeApproval, "T5", "shares[4].approval.role")},
		{travel, "count: 2, not_requester: true, second_role", "count: 1, not_requester: true, second_role", one(agreement.CodeApproval, "T4", "shares[3].approval.count")},
		{travel, "count: 2, not_requester: true, second_role: data-protection-officer, second_when: 'record.masked'", "count: 1, not_requester: true, second_role: data-protection-officer, second_when: 'true'", nil},
		{travel, "standing_until: 2026-12-31", "standing_until: 2027-01-02", one(agreement.CodeDates, "T1", "shares[0].approval.standing_until")},
		{travel, "standing_until: 2026-12-31, ", "", one(agreement.CodeDates, "T1", "shares[0].approval.standing_until")},
		{travel, "signed_by: [bh-dpo, us-cpo]", "signed_by: [bh-piu]", one(agreement.CodeSignature, "T1", "shares[0].approval.signed_by[0]")},
		{travel, ", signed_by: [bh-dpo, us-cpo]", "", one(agreement.CodeSignature, "T1", "shares[0].approval.signed_by")},
		{travel, `, jwks: "https://share.piu.example.bh/.well-known/jwks.json"`, "", one(agreement.CodeSignature, "", "parties[0].authorities[0].jwks")},
		{travel, "    reply_within: PT15M\n", "", []fault{{agreement.CodeReply, "T2", "shares[1].reply_within"}}},
		{travel, "urgent_reply_within: PT5M", "urgent_reply_within: PT5H", one(agreement.CodeReply, "T2", "shares[1].urgent_reply_within")},
		{travel, "reply_within: PT48H\n    urgent", "reply_within: P3D\n    urgent", one(agreement.CodeReply, "T3", "shares[2].reply_within")},
		{travel, "    quota: {window: P30D, requests: 60, subjects: 120}\n", "", one(agreement.CodeQuota, "T4", "shares[3].quota")},
		{travel, "requests: 60, subjects: 120", "requests: 0, subjects: 120", one(agreement.CodeQuota, "T4", "shares[3].quota")},
		{travel, "hit_rate_floor: 0.02", "hit_rate_floor: 2", one(agreement.CodeQuota, "T2", "shares[1].quota.hit_rate_floor")},
		{cyber, "    quota: {window: P1D, requests: 5000, subjects: 200000}\n", "", nil},
		{travel, "onward: {rule: consent, to_kinds: [domestic_authority], third_state: forbid, reply_within: P5D}", "onward: {rule: consent, third_state: forbid}", []fault{{agreement.CodeOnward, "T3", "shares[2].onward.reply_within"}, {agreement.CodeOnward, "T3", "shares[2].onward.to_kinds"}}},
		{travel, "onward: {rule: consent, to_kinds: [domestic_authority], third_state: forbid, reply_within: P5D}", "onward: {rule: allowed, to_kinds: [press]}", one(agreement.CodeOnward, "T3", "shares[2].onward.rule")},
		{travel, "    onward: {rule: forbid}\n    handling: {tlp: \"TLP:AMBER\",", "    handling: {tlp: \"TLP:AMBER\",", one(agreement.CodeOnward, "T5", "shares[4].onward")},
		{travel, "    onward: {rule: forbid}\n    handling: {tlp: \"TLP:AMBER\",", "    onward: {rule: by_tlp}\n    handling: {tlp: \"TLP:AMBER\",", one(agreement.CodeOnward, "T5", "shares[4].onward.rule")},
		{travel, `tlp: "TLP:AMBER+STRICT", caveats: [NO-ADVERSE-ACTION-ON-MATCH-ALONE]`, `tlp: "TLP:RED", caveats: []`, one(agreement.CodeTLP, "T1", "shares[0].handling.tlp")},
		{travel, `tlp: "TLP:AMBER", `, `tlp: from_record, `, one(agreement.CodeTLP, "T5", "shares[4].handling.tlp")},
		{funds, `tlp: "TLP:GREEN"`, `tlp: "TLP:CLEAR"`, one(agreement.CodeTLP, "F4", "shares[3].handling.tlp")},
		{funds, "reply_within: P10D", "reply_within: P10D\n    mode: hit_no_hit", nil},
		{funds, "domains: [funds]\npurposes", "domains: [cyber]\npurposes", []fault{{agreement.CodeSchema, "F1", "shares[0].category"}, {agreement.CodeSchema, "F2", "shares[1].category"}, {agreement.CodeSchema, "F3", "shares[2].category"}, {agreement.CodeSchema, "F4", "shares[3].category"}}},
		{listed, "max: P1Y", "max: P13M", one(agreement.CodeRetentionMax, "L1", "shares[0].retention.max")},
		{listed, "max: P10Y", "max: P11Y", one(agreement.CodeRetentionMax, "L2", "shares[1].retention.max")},
		{listed, "human_confirmation: sending_side", "human_confirmation: not_applicable", one(agreement.CodeConfirmation, "L1", "shares[0].human_confirmation")},
		{listed, "release: officer, role: sharing-officer", "release: standing, role: sharing-officer", one(agreement.CodeAutoRelease, "L1", "shares[0].approval.release")},
		{listed, "fields: [person.family_name,", "fields: [pnr.contact, person.family_name,", one(agreement.CodeField, "L1", "shares[0].fields")},
		{listed, "fields: [document.type, document.number, document.issuer, document.expiry", "fields: [person.family_name, document.type, document.number, document.issuer, document.expiry", one(agreement.CodeField, "L2", "shares[1].fields")},
		{cargo, "release: officer, role: targeting-officer", "release: standing, role: targeting-officer", one(agreement.CodeAutoRelease, "G1", "shares[0].approval.release")},

		// dates, duties, watchers
		{travel, "{id: us-cpo, name: Chief privacy officer, domains: [oversight]", "{id: us-cpo, name: Chief privacy officer, domains: [oversight, travel], jwks: 'https://x.example'", one(agreement.CodeOversight, "", "parties[1].authorities[1].domains")},
		{travel, "expires: 2031-01-01", "expires: 2026-01-01", one(agreement.CodeDates, "", "metadata.expires")},
		{travel, "supersedes: {version: 2,", "supersedes: {version: 3,", one(agreement.CodeDates, "", "metadata.supersedes.version")},
		{travel, "  breach_notice_within: PT24H\n", "", one(agreement.CodeDuty, "", "duties.breach_notice_within")},
		{travel, "logs_kept: P5Y", "logs_kept: PT0S", one(agreement.CodeDuty, "", "duties.logs_kept")},
		{travel, "erasure_receipt_within: P8D", "erasure_receipt_within: P6D", one(agreement.CodeDuty, "", "duties.erasure_receipt_within")},
		{travel, "oversight_may_read: [bh-dpo, us-cpo]", "oversight_may_read: [bh-dpo]", one(agreement.CodeOversight, "", "duties.oversight_may_read")},
		{travel, "oversight_may_read: [bh-dpo, us-cpo]", "oversight_may_read: [bh-dpo, us-ntc]", []fault{{agreement.CodeOversight, "", "duties.oversight_may_read[1]"}, {agreement.CodeOversight, "", "duties.oversight_may_read"}}},
	} {
		t.Run(fmt.Sprintf("%s: %s", test.old, test.with), func(t *testing.T) {
			t.Parallel()
			a, problems := agreement.Read(mutated(t, test.sample, test.old, test.with))
			if (a == nil) != problems.Refused() {
				t.Fatal("an agreement with errors, or none without")
			}
			if test.want == nil { // either right, or no YAML at all
				if a == nil && !slices.ContainsFunc(problems, func(p agreement.Problem) bool { return p.Code == agreement.CodeSchema || p.Code == agreement.CodeCEL }) {
					t.Error(problems.Error())
				}
				return
			}
			if diff := cmp.Diff(test.want, faults(problems)); diff != "" {
				t.Errorf("-want +got:\n%s%s", diff, problems.Error())
			}
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.Why == "" || p.Mend == "" {
					t.Errorf("%s is told badly: %+v", p.Code, p)
				}
			}
		})
	}
}

// A problem points at the place where the mend goes.
func TestProblemsPointAtTheirPlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ old, with, at string }{
		{"kind: Agreement", "kind: Treaty", "Treaty"},
		{"kind: Agreement", "kind: Agreement\ncolour: green", "colour"},
		{"fields: [vetting.outcome,", "fields: [vetting.outcome, vetting.note,", "vetting.note"},
		{"reply_within: PT15M", "reply_within: soon", "soon"},
		{`'req.consent_ref != "" && `, `'req.consent_rfe != "" && `, "consent_rfe"},
		{`'req.consent_ref != "" && `, `'weather.is_fine && `, "weather"},
		{"release: officer, role: vetting-officer", "release: standing, role: vetting-officer", "standing, role: vetting"},
		{"from: us\n", "from: fr\n", "fr\n"},
	} {
		doc := string(mutated(t, "bh-us-travel.yaml", test.old, test.with))
		_, problems := agreement.Read([]byte(doc))
		if len(problems) != 1 {
			t.Errorf("%s: %s", test.with, problems.Error())
			continue
		}
		before := doc[:strings.Index(doc, test.at)]
		line := 1 + strings.Count(before, "\n")
		column := 1 + len(before) - 1 - strings.LastIndex(before, "\n")
		if p := problems[0]; p.Line != line || p.Column != column {
			t.Errorf("%s: told at %d:%d, stands at %d:%d", test.with, p.Line, p.Column, line, column)
		}
	}
}

// Somebody who watches may still be missing while the document is a draft.
func TestDraftWithoutWatcher(t *testing.T) {
	t.Parallel()
	text := string(mutated(t, "bh-us-travel.yaml", "      - {id: us-cpo, name: Chief privacy officer, domains: [oversight], contact: privacy@ntc.example.us}\n", ""))
	text = strings.ReplaceAll(strings.ReplaceAll(text, ", us-cpo]", "]"), "status: in_force", "status: draft")
	a, problems := agreement.Read([]byte(text))
	if diff := cmp.Diff([]fault{{agreement.CodeOversight, "", "parties[1].authorities"}}, faults(problems)); diff != "" || a == nil {
		t.Errorf("-want +got:\n%s", diff)
	}
	a, problems = agreement.Read([]byte(strings.ReplaceAll(text, "status: draft", "status: signed")))
	if a != nil || !problems.Refused() {
		t.Error("nobody watches, and it is signed")
	}
}

// What is not YAML, or more of it than anybody signs, is refused in no time.
func TestHostileDocuments(t *testing.T) {
	t.Parallel()
	many := strings.Repeat
	whole := string(text(t, "bh-us-cyber.yaml"))
	for name, doc := range map[string]string{
		"nothing": "", "blanks": "  \n\n", "a text": "hello", "a list": "- a\n- b\n", "no YAML": "a: [b", "bytes": "\x00\xff\xfe", "two documents": whole + "---\n" + whole,
		"too long": many("# a comment\n", 30_000), "brackets": many("[", 200_000), "braces": many("{a: ", 5000), "dashes": many("- ", 100_000), "questions": many("? ", 100_000),
		"quotes": many(`"`, 200_000), "anchors": many("&", 200_000), "tags": many("!", 200_000), "indents": many(" ", 4000) + "a: b", "many lines": many("a\n", 6000),
		"a long line": "a: " + many("x", 100_000), "an anchor": "a: &b c\nd: *b\n", "a billion laughs": "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "a directive": "%YAML 1.2\n---\n" + whole,
		"deep steps": func() string {
			var b strings.Builder
			for i := range 400 {
				b.WriteString(many(" ", i) + "a:\n")
			}
			return b.String()
		}(),
	} {
		a, problems := agreement.Read([]byte(doc))
		if a != nil || !problems.Refused() {
			t.Errorf("%s: is an agreement", name)
		}
	}
	if a, problems := agreement.Read([]byte("\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n"))); a == nil {
		t.Errorf("written on another system: %s", problems.Error())
	}
}
