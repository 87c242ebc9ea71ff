package dialogue

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// A new text is held against what was asked: what it would refuse, permit, withhold.
func TestReplay(t *testing.T) {
	t.Parallel()
	day, err := agreement.ParseDuration("P1D")
	if err != nil {
		t.Fatal(err)
	}
	text := func(requests int, change func(*agreement.Share)) *agreement.Document {
		s := agreement.Share{
			ID: "T2", From: agreement.OneOrMore{"bh", "us"}, To: agreement.OneOrMore{"us", "bh"}, Purposes: []string{"terrorism"},
			Fields: []string{"match.hit", "match.reference"}, When: "true", Quota: &agreement.Quota{Window: day, Requests: requests},
		}
		if change != nil {
			change(&s)
		}
		return &agreement.Document{Parties: []agreement.Party{{ID: "bh"}, {ID: "us"}}, Shares: []agreement.Share{s}}
	}
	from := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	span := ledger.Span{From: from, Until: from.AddDate(0, 1, 0)}
	var log []ledger.Entry
	note := func(at time.Time, s ledger.Step) {
		s.Share = "T2"
		log = append(log, ledger.Entry{At: at, Step: s})
	}
	for i := range 6 { // six on one day by us, six by them on six days; one more of ours was over its quota
		at, id := from.Add(time.Duration(i)*time.Hour), fmt.Sprintf("o%d", i)
		note(at, ledger.Step{Kind: ledger.Sent, Type: "REQUEST", Thread: id, Purpose: "terrorism", Direction: ledger.Out})
		note(at, ledger.Step{Kind: ledger.Decided, Type: "REPLY", Thread: id, Result: "hit", Kept: []string{"match.hit", "match.reference"}})
		at, id = from.AddDate(0, 0, i), fmt.Sprintf("i%d", i)
		note(at, ledger.Step{Kind: ledger.Received, Type: "REQUEST", Thread: id, Purpose: "terrorism", Direction: ledger.In})
		note(at, ledger.Step{Kind: ledger.Approved, Type: "REPLY", Thread: id, Result: "no_hit", Kept: []string{"match.hit"}})
	}
	note(from.Add(7*time.Hour), ledger.Step{Kind: ledger.Stopped, Direction: ledger.Out, Thread: "over", Purpose: "terrorism", Code: agreement.OverQuota})
	note(from.Add(8*time.Hour), ledger.Step{Kind: ledger.Stopped, Direction: ledger.Out, Thread: "tax", Purpose: "tax", Code: agreement.PurposeNotAllowed})
	note(from.Add(-time.Hour), ledger.Step{Kind: ledger.Sent, Type: "REQUEST", Thread: "before", Purpose: "terrorism", Direction: ledger.Out})

	for name, test := range map[string]struct {
		becomes *agreement.Document
		want    Proposal
	}{
		"the same":             {text(7, nil), Proposal{Replayed: 14}},
		"a larger quota":       {text(8, nil), Proposal{Replayed: 14, WouldPermit: 1}},
		"a smaller one":        {text(4, nil), Proposal{Replayed: 14, WouldRefuse: 3}},
		"a purpose more":       {text(7, func(s *agreement.Share) { s.Purposes = append(s.Purposes, "tax") }), Proposal{Replayed: 14}},
		"a purpose, and room":  {text(9, func(s *agreement.Share) { s.Purposes = append(s.Purposes, "tax") }), Proposal{Replayed: 14, WouldPermit: 2}},
		"a field less":         {text(7, func(s *agreement.Share) { s.Fields = s.Fields[:1] }), Proposal{Replayed: 14, WouldWithhold: 6}},
		"one way only":         {text(7, func(s *agreement.Share) { s.From, s.To = s.From[1:], s.To[1:] }), Proposal{Replayed: 14, WouldRefuse: 6}},
		"another condition":    {text(7, func(s *agreement.Share) { s.When = "false" }), Proposal{Replayed: 14, Unreplayed: []string{"T2"}}},
		"the share taken away": {text(7, func(s *agreement.Share) { s.ID = "T9" }), Proposal{Replayed: 14, WouldRefuse: 12}},
	} {
		r := newReplay(Pact{Document: text(7, nil), Own: "bh"}, test.becomes)
		for i := range log {
			r.add(&log[i])
		}
		var got Proposal
		r.into(&got, span)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
