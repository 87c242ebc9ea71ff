package facilitation_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/facilitation"
)

// A membership's life goes by the machine; the system takes none away.
func TestMembershipEvents(t *testing.T) {
	t.Parallel()
	var in struct{ Events []facilitation.Step }
	var want struct {
		Accepted int                   `json:"accepted_until"`
		Rejected facilitation.Rejected `json:"rejected"`
		State    facilitation.State    `json:"state"`
	}
	for name, into := range map[string]any{"membership-events.json": &in, "membership-events.expect.json": &want} {
		if err := json.Unmarshal(sample(t, name), into); err != nil {
			t.Fatal(err)
		}
	}
	got := want
	accepted, state, rejected := facilitation.Replay(facilitation.Membership, in.Events)
	got.Accepted, got.State, got.Rejected = accepted, state, facilitation.Rejected{}
	if rejected != nil {
		got.Rejected = *rejected
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever the system does, it never comes to a state that takes something away; and whatever is accepted can be replayed.
func TestNoMachineTakesAway(t *testing.T) {
	t.Parallel()
	states := []facilitation.State{
		facilitation.Draft, facilitation.Submitted, facilitation.InCheck, facilitation.Partner, facilitation.Approved, facilitation.Booked, facilitation.Enrolled, facilitation.Active,
		facilitation.Suspended, facilitation.Revoked, facilitation.Expired, facilitation.Withdrawn, facilitation.Refused, facilitation.InReview, facilitation.Pending,
		facilitation.Granted, facilitation.Cancelled, facilitation.Answered,
	}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(facilitation.Kinds).Draw(t, "kind")
		at := facilitation.Draft
		var made []facilitation.Step
		for seq := range rapid.IntRange(1, 60).Draw(t, "steps") {
			s := facilitation.Step{Seq: seq + 1, From: at, To: rapid.SampledFrom(states).Draw(t, "to"), By: rapid.SampledFrom([]string{"applicant", "system", "officer:c-1"}).Draw(t, "by")}
			_, state, rejected := facilitation.Replay(kind, append(made[:len(made):len(made)], s))
			if rejected != nil {
				continue
			}
			switch s.To {
			case facilitation.Refused, facilitation.Revoked, facilitation.Cancelled:
				if s.By != "officer:c-1" {
					t.Fatalf("%s made a %s %s", s.By, kind, s.To)
				}
			case facilitation.Withdrawn:
				if s.By != "applicant" {
					t.Fatalf("%s withdrew a %s", s.By, kind)
				}
			}
			made, at = append(made, s), state
		}
	})
}
