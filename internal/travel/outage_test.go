package travel

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/cusres"
)

// The sample of a window: what was due in it and came within the grace is on time, and nothing else; an override of it
// changes no answer, and one of a carrier never lifts an officer's no.
func TestOutageWindow(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/outage-window.json")
	if err != nil {
		t.Fatal(err)
	}
	var sample struct {
		Outage struct {
			Number, Cause, Scope string
			From, To             time.Time
		}
		Messages []struct {
			ID            string
			Due, Received time.Time
			Override      struct{ Code, Ref, On string }
			Expect        struct {
				Timely           *bool
				VerdictUnchanged bool `json:"verdict_unchanged"`
				Rejected         string
			}
		}
	}
	if err := json.Unmarshal(raw, &sample); err != nil {
		t.Fatal(err)
	}
	window := Outage{Number: sample.Outage.Number, Cause: sample.Outage.Cause, Scope: sample.Outage.Scope, From: sample.Outage.From, To: sample.Outage.To}
	for _, m := range sample.Messages {
		if m.Expect.Timely != nil {
			if got, why := timely(m.Due, m.Received, []Outage{window}); got != *m.Expect.Timely {
				t.Errorf("%s: timely %t, %s", m.ID, got, why)
			}
		}
		if m.Override.Code == "" {
			continue
		}
		o := Override{Code: m.Override.Code, Outage: m.Override.Ref}
		verdict := cusres.Contact
		if m.Override.On == "NO" {
			verdict = cusres.DoNotBoard
		}
		rule, _ := o.refusal(circumstances{verdict: verdict, outages: []Outage{window}, now: m.Received})
		if (rule != "") != (m.Expect.Rejected != "") {
			t.Errorf("%s: refused for %q", m.ID, rule)
		}
	}
}

func TestTimely(t *testing.T) {
	t.Parallel()
	at := func(clock string) time.Time {
		if clock == "" {
			return time.Time{}
		}
		when, err := time.Parse(time.RFC3339, "2026-05-15T"+clock+":00Z")
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	over := Outage{From: at("02:10"), To: at("03:05")}
	lasting := Outage{From: at("02:10")}
	for name, c := range map[string]struct {
		due, received string
		outages       []Outage
		want          bool
		why           string
	}{
		"no outage, in time":                     {"02:30", "02:29", nil, true, cameInTime},
		"no outage, late":                        {"02:30", "02:31", nil, false, cameBeforeWindow},
		"never came":                             {"02:30", "", nil, false, cameNever},
		"at the last moment of the grace":        {"02:30", "05:05", []Outage{over}, true, cameInWindow},
		"after it":                               {"02:30", "05:06", []Outage{over}, false, cameAfterGrace},
		"due as it began":                        {"02:10", "04:00", []Outage{over}, true, cameInWindow},
		"due as it ended":                        {"03:05", "04:00", []Outage{over}, true, cameInWindow},
		"due just after it":                      {"03:06", "04:00", []Outage{over}, false, cameBeforeWindow},
		"while it lasts":                         {"02:30", "09:00", []Outage{lasting}, true, cameInWindow},
		"while it lasts, and has not come":       {"02:30", "", []Outage{lasting}, false, cameNever},
		"the second of two is what was in force": {"06:30", "07:30", []Outage{over, {From: at("06:00"), To: at("07:00")}}, true, cameInWindow},
	} {
		if got, why := timely(at(c.due), at(c.received), c.outages); got != c.want || why != c.why {
			t.Errorf("%s: %t %s, want %t %s", name, got, why, c.want, c.why)
		}
	}
}

// Every code with every answer, by desk and carrier.
func TestOverrideRules(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 15, 3, 0, 0, 0, time.UTC)
	outages := []Outage{{Number: "OUT-2026-001", From: now.Add(-time.Hour)}, {Number: "OUT-2026-002", Carrier: "YY", From: now.Add(-time.Hour)}, {Number: "OUT-2026-003", From: now.Add(-9 * time.Hour), To: now.Add(-8 * time.Hour)}}
	for name, c := range map[string]struct {
		o       Override
		verdict cusres.Decision
		staff   bool
		crew    bool
		want    string
	}{
		"no code":                                     {Override{}, cusres.Contact, true, false, "unknown_code"},
		"a code that is none":                         {Override{Code: "GOV AIR"}, cusres.Contact, true, false, "unknown_code"},
		"leave was given":                             {Override{Code: "AIR"}, cusres.OK, false, false, "nothing_to_override"},
		"a visa on paper":                             {Override{Code: "AIR"}, cusres.Insufficient, false, false, ""},
		"before it asked":                             {Override{Code: "AIR"}, "", false, false, ""},
		"a carrier, of a call":                        {Override{Code: "AIR"}, cusres.Contact, false, false, "needs_reference"},
		"a carrier that called":                       {Override{Code: "AIR", Reference: "D-REAL"}, cusres.Contact, false, false, ""},
		"a carrier that called, in small letters":     {Override{Code: "AIR", Reference: "d-real"}, cusres.Contact, false, false, ""},
		"a reference made up":                         {Override{Code: "AIR", Reference: "D-MADE"}, cusres.Contact, false, false, "wrong_reference"},
		"a reference made up, for less":               {Override{Code: "AIR", Reference: "D-MADE"}, cusres.Insufficient, false, false, "wrong_reference"},
		"a carrier, of an officer's no":               {Override{Code: "AIR", Reference: "D-REAL"}, cusres.DoNotBoard, false, false, "no_on_air"},
		"the desk itself, AIR of an officer's no":     {Override{Code: "AIR"}, cusres.DoNotBoard, true, false, "no_on_air"},
		"the desk, by telephone":                      {Override{Code: "GOV", Reference: "D-REAL"}, cusres.Contact, false, false, ""},
		"the desk, says the carrier":                  {Override{Code: "GOV"}, cusres.Insufficient, false, false, "needs_reference"},
		"the desk of a no, says the carrier":          {Override{Code: "GOV", Reference: "D-REAL"}, cusres.DoNotBoard, false, false, "refused"},
		"the desk itself, of a no":                    {Override{Code: "GOV"}, cusres.DoNotBoard, true, false, ""},
		"humanitarian, by a carrier":                  {Override{Code: "HUM", Reference: "D-REAL"}, cusres.Contact, false, false, "desk_only"},
		"humanitarian, by the desk":                   {Override{Code: "HUM"}, cusres.DoNotBoard, true, false, ""},
		"crew who is none":                            {Override{Code: "CRW"}, cusres.Insufficient, false, false, "not_crew"},
		"crew":                                        {Override{Code: "CRW"}, cusres.Insufficient, false, true, ""},
		"crew, of a call":                             {Override{Code: "CRW"}, cusres.Contact, false, true, "needs_reference"},
		"an outage without its number":                {Override{Code: "OUT"}, "", false, false, "needs_outage"},
		"an outage that is none":                      {Override{Code: "OUT", Outage: "OUT-2026-999"}, "", false, false, "unknown_outage"},
		"an outage":                                   {Override{Code: "OUT", Carrier: "ZZ", Outage: "OUT-2026-001"}, "", false, false, ""},
		"an outage, of a call":                        {Override{Code: "OUT", Carrier: "ZZ", Outage: "OUT-2026-001"}, cusres.Contact, false, false, ""},
		"an outage, of leave whose answer never came": {Override{Code: "OUT", Carrier: "ZZ", Outage: "OUT-2026-001"}, cusres.OK, false, false, ""},
		"an outage, of an officer's no":               {Override{Code: "OUT", Carrier: "ZZ", Outage: "OUT-2026-001"}, cusres.DoNotBoard, false, false, "refused"},
		"another carrier's outage":                    {Override{Code: "OUT", Carrier: "ZZ", Outage: "OUT-2026-002"}, "", false, false, "outside_window"},
		"its own":                                     {Override{Code: "OUT", Carrier: "YY", Outage: "OUT-2026-002"}, "", false, false, ""},
		"an outage long over":                         {Override{Code: "OUT", Carrier: "ZZ", Outage: "OUT-2026-003"}, "", false, false, "outside_window"},
	} {
		rule, why := c.o.refusal(circumstances{verdict: c.verdict, staff: c.staff, crew: c.crew, reference: "D-REAL", outages: outages, now: now})
		if rule != c.want || (rule == "") != (why == "") {
			t.Errorf("%s: refused for %q (%s), want %q", name, rule, why, c.want)
		}
	}
}

// R-FAC-03, R-FAC-04: whatever an override says, and whoever says it, no carrier's word stands against an officer's.
func TestNoCarrierOverridesANo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := Override{
			Code: rapid.SampledFrom([]string{"GOV", "AIR", "OUT", "HUM", "CRW", "", "X"}).Draw(t, "code"), Carrier: "ZZ",
			Reference: rapid.SampledFrom([]string{"", "D-REAL", "D-MADE"}).Draw(t, "reference"), Outage: rapid.SampledFrom([]string{"", "OUT-2026-001"}).Draw(t, "outage"),
		}
		c := circumstances{verdict: cusres.DoNotBoard, crew: rapid.Bool().Draw(t, "crew"), reference: "D-REAL", outages: []Outage{{Number: "OUT-2026-001"}}, now: time.Now()}
		if rule, _ := o.refusal(c); rule == "" {
			t.Fatalf("%+v was taken", o)
		}
	})
}

func TestDeclarations(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 15, 3, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		o     Outage
		staff bool
		want  string
	}{
		"the state's":                     {Outage{Cause: "state", Scope: "iapi", From: now}, true, ""},
		"the state's, told by a carrier":  {Outage{Cause: "state", Scope: "iapi", From: now}, false, "cause"},
		"a carrier's":                     {Outage{Cause: "carrier", Scope: "iapi", From: now}, false, ""},
		"no cause":                        {Outage{Scope: "iapi", From: now}, true, "cause"},
		"no scope":                        {Outage{Cause: "state", From: now}, true, "scope"},
		"yet to come":                     {Outage{Cause: "state", Scope: "all", From: now.Add(time.Minute)}, true, "window"},
		"told three days after":           {Outage{Cause: "state", Scope: "all", From: now.Add(-72 * time.Hour), To: now}, true, ""},
		"told too late":                   {Outage{Cause: "state", Scope: "all", From: now.Add(-73 * time.Hour), To: now}, true, "window"},
		"over before it began":            {Outage{Cause: "state", Scope: "all", From: now, To: now.Add(-time.Minute)}, true, "window"},
		"over at some time that is ahead": {Outage{Cause: "state", Scope: "all", From: now.Add(-time.Hour), To: now.Add(time.Minute)}, true, "window"},
	} {
		if rule, _ := c.o.wrong(now, c.staff); rule != c.want {
			t.Errorf("%s: %q, want %q", name, rule, c.want)
		}
	}
}
