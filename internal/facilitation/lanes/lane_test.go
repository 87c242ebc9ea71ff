package lanes_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/hall"
	"github.com/rihla/rihla/internal/facilitation/lanes"
)

// The specification's cases, each with its lane and reasons.
func TestSampleCases(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/eligibility-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Minimum int `json:"lane_minimum_age"`
		Cases   []struct {
			Case  string
			Input struct {
				Nationality string
				Age         int
				Chip        *bool
				Genuine     *bool `json:"pa_ok"`
				Permit      string
				Membership  string
				Findings    int `json:"open_findings"`
				Verdict     string
				Consistent  bool `json:"api_consistent"`
				Assistance  bool
				Draw        bool `json:"random_draw"`
			}
			Expect lanes.Result
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	const cases = 10
	if len(file.Cases) != cases {
		t.Fatalf("%d cases", len(file.Cases))
	}
	answer := func(b *bool) lanes.Answer {
		switch {
		case b == nil:
			return lanes.Unknown
		case *b:
			return lanes.Yes
		}
		return lanes.No
	}
	p := lanes.Policy{MinimumAge: file.Minimum, Gates: []string{"BHR", "USA"}, FamilyGates: true}
	for _, c := range file.Cases {
		in := lanes.Input{
			Nationality: c.Input.Nationality, Age: c.Input.Age, Chip: answer(c.Input.Chip), Genuine: answer(c.Input.Genuine), Permit: c.Input.Permit,
			Membership: c.Input.Membership, Findings: c.Input.Findings, Cleared: c.Input.Verdict == "OK", Announced: true, Consistent: c.Input.Consistent,
			Assistance: c.Input.Assistance,
		}
		if c.Input.Draw {
			in.Draw, c.Expect.Draw = "draw", "draw"
		}
		if diff := cmp.Diff(c.Expect, p.Eligible(in)); diff != "" {
			t.Errorf("%s: %s", c.Case, diff)
		}
	}
}

var policy = lanes.Policy{MinimumAge: 12, Gates: []string{"BHR", "GBR"}, Residents: []string{"BHR"}, FamilyGates: true}

// traveller is somebody for whom everything speaks.
func traveller(age int) lanes.Input {
	return lanes.Input{Nationality: "BHR", Age: age, Chip: lanes.Yes, Genuine: lanes.Yes, Permit: lanes.PermitNotRequired, Cleared: true, Announced: true, Consistent: true}
}

// One thing at a time speaks against a gate, and is the reason.
func TestReasons(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*lanes.Input)
		want   lanes.Result
	}{
		"everything speaks for it":      {func(*lanes.Input) {}, lanes.Result{Lane: hall.EGate}},
		"gates are not open to it":      {func(in *lanes.Input) { in.Nationality = "QQQ" }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.Nationality}}},
		"but to residents":              {func(in *lanes.Input) { in.Nationality, in.Residence = "QQQ", "BHR" }, lanes.Result{Lane: hall.EGate}},
		"and to members of any state":   {func(in *lanes.Input) { in.Nationality, in.Membership = "QQQ", "active" }, lanes.Result{Lane: hall.Member}},
		"a member whose term is over":   {func(in *lanes.Input) { in.Nationality, in.Membership = "QQQ", "expired" }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.Nationality, lanes.MembershipNotActive}}},
		"the carrier was told to ask":   {func(in *lanes.Input) { in.Cleared = false }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.NotCleared}}},
		"nothing was sent":              {func(in *lanes.Input) { in.Announced, in.Age = false, -1 }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.APIMissing}}},
		"a permit is asked for":         {func(in *lanes.Input) { in.Permit = "pending" }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.Permit}}},
		"not of a state abroad":         {func(in *lanes.Input) { in.Nationality, in.Residence = "QQQ", "GBR" }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.Nationality}}},
		"an expired document":           {func(in *lanes.Input) { in.Expired = true }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.DocumentExpired}}},
		"a wrong signature":             {func(in *lanes.Input) { in.Genuine = lanes.No }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.DocumentDoubtful}}},
		"two things":                    {func(in *lanes.Input) { in.Chip, in.Age = lanes.No, 9 }, lanes.Result{Lane: hall.Staffed, Reasons: []string{lanes.ChipUnreadable, lanes.Age}}},
		"a child with somebody":         {func(in *lanes.Input) { in.Age, in.Guardian = 9, true }, lanes.Result{Lane: hall.EGate, Reasons: []string{lanes.Family}}},
		"crew":                          {func(in *lanes.Input) { in.Crew = true }, lanes.Result{Lane: hall.Priority, Reasons: []string{lanes.Crew}}},
		"with an infant":                {func(in *lanes.Input) { in.Infant = true }, lanes.Result{Lane: hall.Priority, Reasons: []string{lanes.WithInfant}}},
		"an infant does not hide a hit": {func(in *lanes.Input) { in.Infant, in.Findings = true, 1 }, lanes.Result{Lane: hall.Secondary, Reasons: []string{lanes.SeeOfficer}}},
	} {
		in := traveller(35)
		test.change(&in)
		if test.want.Reasons == nil {
			test.want.Reasons = []string{}
		}
		if diff := cmp.Diff(test.want, policy.Eligible(in)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func anyInput(t *rapid.T) lanes.Input {
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
	answer := rapid.SampledFrom([]lanes.Answer{lanes.Unknown, lanes.Yes, lanes.No})
	return lanes.Input{
		Nationality: rapid.SampledFrom([]string{"BHR", "GBR", "XXB", ""}).Draw(t, "nationality"), Residence: rapid.SampledFrom([]string{"", "BHR"}).Draw(t, "residence"),
		Age: rapid.IntRange(-1, 99).Draw(t, "age"), Chip: answer.Draw(t, "chip"), Genuine: answer.Draw(t, "genuine"),
		Permit:     rapid.SampledFrom([]string{"not_required", "granted", "pending", "cancelled", ""}).Draw(t, "permit"),
		Membership: rapid.SampledFrom([]string{"", "active", "suspended", "revoked", "expired"}).Draw(t, "membership"),
		Findings:   rapid.IntRange(0, 2).Draw(t, "findings"), Cleared: yes("cleared"), Expired: yes("expired"), Announced: yes("announced"), Consistent: yes("consistent"),
		Assistance: yes("assistance"), Crew: yes("crew"), Infant: yes("infant"), Guardian: yes("guardian"), Draw: rapid.SampledFrom([]string{"", "", "id"}).Draw(t, "draw"),
	}
}

// R-FAC-40, R-FAC-41 and R-FAC-42: the same is said of the same; a membership taken away sends nobody to secondary; and
// whoever goes there goes for a finding, or by a draw that has an id. Whoever is not at a gate, or at a member's, is told why.
func TestProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		p := lanes.Policy{MinimumAge: rapid.SampledFrom([]int{12, 18}).Draw(t, "minimum"), Gates: policy.Gates, Residents: policy.Residents, FamilyGates: rapid.Bool().Draw(t, "families")}
		r := p.Eligible(in)
		if diff := cmp.Diff(r, p.Eligible(in)); diff != "" {
			t.Fatal(diff)
		}
		without := in
		without.Membership = ""
		if was := p.Eligible(without); (was.Lane == hall.Secondary) != (r.Lane == hall.Secondary) {
			t.Fatalf("%+v becomes %+v without the membership", r, was)
		}
		if r.Lane == hall.Secondary && in.Findings == 0 && (in.Draw == "" || r.Draw != in.Draw) {
			t.Fatalf("%+v for nothing", r)
		}
		if (r.Lane == hall.Staffed || r.Lane == hall.Secondary || r.Lane == hall.Priority) == (len(r.Reasons) == 0) && r.Lane != hall.EGate {
			t.Fatalf("%+v: a reason is missing, or too many", r)
		}
	})
}

// A family with a child goes through the gate together; with an infant all of them go first; a group of strangers neither.
func TestParty(t *testing.T) {
	t.Parallel()
	lanesOf := func(ages ...int) []string {
		people := make([]lanes.Input, len(ages))
		for i, age := range ages {
			people[i] = traveller(age)
		}
		policy.Party(people)
		out := []string{}
		for _, in := range people {
			out = append(out, policy.Eligible(in).Lane)
		}
		return out
	}
	for name, test := range map[string]struct{ got, want []string }{
		"two with a child":    {lanesOf(35, 33, 8), []string{hall.EGate, hall.EGate, hall.EGate}},
		"two with an infant":  {lanesOf(35, 33, 8, 0), []string{hall.Priority, hall.Priority, hall.Priority, hall.Priority}},
		"a child alone":       {lanesOf(8), []string{hall.Staffed}},
		"two children":        {lanesOf(8, 14), []string{hall.Staffed, hall.EGate}},
		"a group with a baby": {lanesOf(30, 31, 32, 33, 34, 35, 36, 37, 38, 1), []string{hall.EGate, hall.EGate, hall.EGate, hall.EGate, hall.EGate, hall.EGate, hall.EGate, hall.EGate, hall.EGate, hall.Staffed}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// R-FAC-23: of a hundred thousand uses as many are drawn as the rate says, and no nationality more often than chance has it.
func TestDrawIsFair(t *testing.T) {
	t.Parallel()
	const uses, rate = 100_000, 0.02
	nations := []string{"BHR", "GBR", "IND", "PHL", "EGY", "USA", "SAU", "PAK", "FRA", "KEN"}
	drawn, all := map[string]float64{}, map[string]float64{}
	total := 0.0
	for i := range uses {
		nation := nations[(i*i+i/7)%len(nations)]
		all[nation]++
		if lanes.Drawn(fmt.Sprint("subject ", i, " of a day"), rate) {
			drawn[nation]++
			total++
		}
	}
	if share := total / uses; share < 0.0185 || share > 0.0215 {
		t.Errorf("%.4f are drawn", share)
	}
	chi := 0.0
	for nation, n := range all {
		for _, cell := range []struct{ got, want float64 }{{drawn[nation], n * total / uses}, {n - drawn[nation], n * (1 - total/uses)}} {
			chi += (cell.got - cell.want) * (cell.got - cell.want) / cell.want
		}
	}
	const critical = 21.67 // chi-square, nine degrees of freedom, one in a hundred
	if len(all) != len(nations) || chi > critical {
		t.Errorf("chi-square %.1f of %d nationalities", chi, len(all))
	}
	for _, rate := range []float64{0, 1} {
		if got := lanes.Drawn("anybody", rate); got != (rate == 1) {
			t.Errorf("rate %v: %v", rate, got)
		}
	}
}
