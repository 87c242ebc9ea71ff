package sharing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
)

// Of several things in one message each is taken or refused by itself: what the agreement forbids leaves nothing behind,
// fields it does not list are cut, and what has no name of its own, or another's, is not taken.
func TestEachOfSeveralIsDecided(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	agree(t, bh, us, "agreement/testdata/bh-us-lists.yaml")
	if err := bh.room.Protect(t.Context(), salman, sharing.Person{Document: &sharing.Document{Number: "R777", Issuer: "SYR"}}, []string{"BHR"}); err != nil {
		t.Fatal(err)
	}
	document := func(number string, more ...string) map[string]any {
		fields := map[string]any{"document.type": "P", "document.number": number, "document.issuer": "SYR", "document.status": "lost"}
		for _, name := range more {
			fields[name] = "EXAMPLE"
		}
		return fields
	}
	id := us.lieUnder(us.pact(listing), post.Draft{Type: envelope.Share, Share: "L2", Purpose: "border-check"}, map[string]any{"items": []any{
		map[string]any{"reference": "US-S-1", "fields": document("R111")},
		map[string]any{"reference": "US-S-2", "fields": document("R222", "person.family_name", "person.religion", "match.hit")},
		map[string]any{"reference": "US-S-1", "fields": document("R333")},
		map[string]any{"reference": "", "fields": document("R444")},
		map[string]any{"reference": "US-S-5", "fields": document("R777")},
	}})
	bh.comes(id, sharing.Answered)
	got := map[string]string{}
	for _, r := range bh.thread(id).Records {
		got[r.Reference] = fmt.Sprint(r.Values["document.number"], " ", strings.Join(r.Fields, " "))
	}
	fields := " document.issuer document.number document.status document.type"
	if diff := cmp.Diff(map[string]string{"US-S-1": "R111" + fields, "US-S-2": "R222" + fields}, got); diff != "" {
		t.Error(diff)
	}
	refused := map[string]int{}
	for _, e := range bh.steps() {
		if e.Thread == id && e.Kind == ledger.Decided && e.Verdict == string(agreement.Refuse) {
			refused[e.Code]++
		}
	}
	if diff := cmp.Diff(map[string]int{agreement.Incomplete: 2, agreement.NeverRuleHolds: 1}, refused); diff != "" {
		t.Error(diff)
	}
	for number, want := range map[string]int{"R111": 1, "R222": 1, "R333": 0, "R444": 0, "R777": 0} {
		if found := bh.found("travel", &sharing.Person{Document: &sharing.Document{Type: "P", Number: number, Issuer: "SYR"}}); len(found) != want {
			t.Errorf("%s is found %d times, wanted %d", number, len(found), want)
		}
	}
	empty := us.lieUnder(us.pact(listing), post.Draft{Type: envelope.Share, Share: "L1", Purpose: "terrorism", Officer: "o-1"}, map[string]any{
		"justification": "Listed under an invented warrant.", "items": []any{map[string]any{"reference": "US-S-9", "fields": map[string]any{"person.dob": "2020-01-01", "person.family_name": "MINOR"}}},
	})
	bh.comes(empty, sharing.Refused)
}

// One of several things given is corrected or taken back by its name, and the rest stands; without a name it is asked for.
func TestOneOfSeveralIsCorrectedAndTakenBack(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	agree(t, bh, us, "agreement/testdata/bh-us-lists.yaml")
	ctx := t.Context()
	us.load("lost", lostList+"D-3,,P:L0000003:JOR,STOLEN DOCUMENT\n")
	us.lend("L2", "lost")
	var received []sharing.Record
	bh.until("three documents come", func() bool {
		var err error
		received, err = bh.room.Received(ctx, huda, listing, "border-check", "", 10)
		return err == nil && len(received) == 3
	})
	thread := received[0].Thread
	us.until("the receipt is back", func() bool {
		return slices.ContainsFunc(us.steps(), func(e ledger.Entry) bool {
			return e.Thread == thread && e.Type == "RECEIPT" && e.Kind == ledger.Decided
		})
	})
	if _, err := us.room.Correct(ctx, alice, thread, "", "document.number", "L0000009", "a slip"); err == nil {
		t.Error("all three were corrected to one number")
	}
	references := map[string]string{}
	for _, r := range us.thread(thread).Records {
		references[fmt.Sprint(r.Values["document.number"])] = r.Reference
	}
	if _, err := us.room.Correct(ctx, alice, thread, references["L0000002"], "document.number", "L0000009", "a slip"); err != nil {
		t.Fatal(err)
	}
	if _, err := us.room.AskErasure(ctx, alice, thread, references["L0000003"], "wrong_person"); err != nil {
		t.Fatal(err)
	}
	bearer := func(number string) []string {
		return bh.found("travel", &sharing.Person{Document: &sharing.Document{Type: "P", Number: number, Issuer: "JOR"}})
	}
	bh.until("one is corrected, one is gone, one stands", func() bool {
		return len(bearer("L0000001")) == 1 && len(bearer("L0000002")) == 0 && len(bearer("L0000009")) == 1 && len(bearer("L0000003")) == 0
	})
	states := map[string]int{}
	for _, r := range bh.thread(thread).Records {
		states[r.State]++
	}
	if diff := cmp.Diff(map[string]int{"held": 2, "erased": 1}, states); diff != "" {
		t.Error(diff)
	}
}
