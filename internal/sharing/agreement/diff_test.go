package agreement_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

// Each clause that a version changes is told with what it was, what it becomes, and whether that is stricter.
func TestDiff(t *testing.T) {
	t.Parallel()
	before := read(t, "bh-us-travel.yaml")
	if same := before.Diff(read(t, "bh-us-travel.yaml")); len(same) > 0 {
		t.Errorf("a version differs from itself: %v", same)
	}
	const s, l, n, u = agreement.Stricter, agreement.Looser, agreement.Neutral, agreement.Unclear
	for _, test := range []struct {
		old, new string
		want     []agreement.Change
	}{
		{"requests: 200,", "requests: 250,", []agreement.Change{{Path: "shares.T2.quota.requests", Share: "T2", Was: "200", Becomes: "250", Effect: l}}},
		{"hit_rate_floor: 0.02", "hit_rate_floor: 0.05", []agreement.Change{{Path: "shares.T2.quota.hit_rate_floor", Share: "T2", Was: "0.02", Becomes: "0.05", Effect: s}}},
		{"max: P3Y,", "max: P2Y,", []agreement.Change{{Path: "shares.T3.retention.max", Share: "T3", Was: "P3Y", Becomes: "P2Y", Effect: s}}},
		{"{max: P3Y,", "{max: P36M,", []agreement.Change{{Path: "shares.T3.retention.max", Share: "T3", Was: "P3Y", Becomes: "P36M", Effect: n}}},
		{", person.sex, ", ", ", []agreement.Change{{Path: "shares.T3.fields", Share: "T3", Was: "person.sex", Effect: s}}},
		{"pnr.ticket, pnr.seat", "pnr.ticket, pnr.remarks.filtered, pnr.seat", []agreement.Change{{Path: "shares.T4.fields", Share: "T4", Becomes: "pnr.remarks.filtered", Effect: l}}},
		{"person.trade_union, pnr.ssr.meal", "person.trade_union, pnr.payment.full, pnr.ssr.meal", []agreement.Change{{Path: "never.fields", Becomes: "pnr.payment.full", Effect: s}}},
		{"    - {id: N3, when: 'record.masked && !req.unmask_approved', reason: \"Masked data stays masked without an approved unmasking\"}\n", "", []agreement.Change{{Path: "never.rules.N3", Was: "Masked data stays masked without an approved unmasking", Effect: l}}},
		{"when: 'record.masked && !req.unmask_approved'", "when: 'record.masked'", []agreement.Change{{Path: "never.rules.N3.when", Was: "record.masked && !req.unmask_approved", Becomes: "record.masked", Effect: s}}},
		{"req.follows == \"T2\" && ", "", []agreement.Change{{Path: "shares.T3.when", Share: "T3", Was: `req.follows == "T2" && req.hit_confirmed && size(req.facts) >= 120`, Becomes: "req.hit_confirmed && size(req.facts) >= 120", Effect: l}}},
		{"size(req.facts) >= 120", "size(req.facts) >= 60", []agreement.Change{{Path: "shares.T3.when", Share: "T3", Was: `req.follows == "T2" && req.hit_confirmed && size(req.facts) >= 120`, Becomes: `req.follows == "T2" && req.hit_confirmed && size(req.facts) >= 60`, Effect: u}}},
		{", second_when: 'subject.nationality == self.country'", "", []agreement.Change{{Path: "shares.T3.approval.second_when", Share: "T3", Was: "subject.nationality == self.country", Effect: l}}},
		{"human_confirmation: replying_side", "human_confirmation: both_sides", []agreement.Change{{Path: "shares.T5.human_confirmation", Share: "T5", Was: "replying_side", Becomes: "both_sides", Effect: s}}},
		{"from: us\n    to: bh", "from: [us, bh]\n    to: [bh, us]", []agreement.Change{{Path: "shares.T1.from", Share: "T1", Becomes: "bh", Effect: l}, {Path: "shares.T1.to", Share: "T1", Becomes: "us", Effect: l}}},
		{"third_state: forbid", "third_state: consent", []agreement.Change{{Path: "shares.T3.onward.third_state", Share: "T3", Was: "forbid", Becomes: "consent", Effect: l}}},
		{`tlp: "TLP:AMBER",`, `tlp: "TLP:AMBER+STRICT",`, []agreement.Change{{Path: "shares.T5.handling.tlp", Share: "T5", Was: "TLP:AMBER", Becomes: "TLP:AMBER+STRICT", Effect: s}}},
		{"logs_kept: P5Y", "logs_kept: P3Y", []agreement.Change{{Path: "duties.logs_kept", Was: "P5Y", Becomes: "P3Y", Effect: l}}},
		{"erasure_effect_within: P7D", "erasure_effect_within: P3D", []agreement.Change{{Path: "duties.erasure_effect_within", Was: "P7D", Becomes: "P3D", Effect: s}}},
		{"title: Hit or no hit on one named traveller", "title: Hit or no hit", []agreement.Change{{Path: "shares.T2.title", Share: "T2", Was: "Hit or no hit on one named traveller", Becomes: "Hit or no hit", Effect: n}}},
	} {
		text := strings.Replace(string(text(t, "bh-us-travel.yaml")), test.old, test.new, 1)
		after, problems := agreement.Read([]byte(text))
		if after == nil {
			t.Fatalf("%s: %s", test.new, problems.Error())
		}
		got := before.Diff(after)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s → %s: -want +got:\n%s", test.old, test.new, diff)
		}
		for i := range got {
			got[i].Was, got[i].Becomes = got[i].Becomes, got[i].Was
			got[i].Effect = map[agreement.Effect]agreement.Effect{s: l, l: s, n: n, u: u}[got[i].Effect]
		}
		if diff := cmp.Diff(got, after.Diff(before)); diff != "" {
			t.Errorf("%s → %s, backwards: -want +got:\n%s", test.new, test.old, diff)
		}
	}

	// A share that comes or goes is one change.
	whole := string(text(t, "bh-us-travel.yaml"))
	start, end := strings.Index(whole, "  - id: T5"), strings.Index(whole, "duties:")
	without, problems := agreement.Read([]byte(whole[:start] + whole[end:]))
	if without == nil {
		t.Fatal(problems.Error())
	}
	if diff := cmp.Diff([]agreement.Change{{Path: "shares.T5", Share: "T5", Was: "Vetting of a trusted-traveller applicant", Effect: s}}, before.Diff(without)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
