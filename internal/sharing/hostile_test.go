package sharing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// lie sends a message that this side's own room would never send: what a partner with other software may.
func (s *side) lie(d post.Draft, body any) string {
	s.t.Helper()
	return s.lieUnder(s.agreement(), d, body)
}

func (s *side) lieUnder(p *sharing.AgreementPage, d post.Draft, body any) string {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	d.Agreement, d.Body = envelope.Agreement{ID: p.ID, Version: p.Version, Digest: p.Digest}, text
	if d.From == "" {
		d.From, d.To = "us-ntc", "bh-piu"
	}
	var id string
	if err := s.store.Write(s.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		id, err = s.room.Post.Send(ctx, tx, d)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// An answer with more in it than was agreed is cut before anything is stored: what the partner may not give is not taken.
func TestTheReceiverTakesOnlyWhatWasAgreed(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	q := bh.ask(known(example()), huda, salman)
	us.comes(q.ID, sharing.Asked)
	us.lie(post.Draft{Type: envelope.Reply, Share: "T2", Thread: q.ID, InReplyTo: q.ID, Purpose: "terrorism", Officer: "o-1"}, map[string]any{
		"result": "hit", "fields": map[string]any{
			"match.hit": true, "match.reference": "US-H-77", "match.confidence_band": "high", "person.religion": "x", "pnr.ssr.meal": "y",
			"person.family_name": "EXAMPLE", "vetting.note": "z",
		},
	})
	bh.comes(q.ID, sharing.Answered)
	if diff := cmp.Diff([]string{"match.confidence_band", "match.hit", "match.reference"}, bh.thread(q.ID).Records[0].Fields); diff != "" {
		t.Error(diff)
	}
	if !slices.ContainsFunc(bh.steps(), func(e ledger.Entry) bool {
		return e.Thread == q.ID && slices.Contains(e.Dropped, "person.religion") && slices.Contains(e.Dropped, "vetting.note")
	}) {
		t.Error("the log does not name what was dropped")
	}
}

// A partner that sends what was never agreed, or answers what was not asked, leaves nothing at the receiver but the line
// in its log that says what was turned away, and why.
func TestALyingPartner(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	data := map[string]any{"fields": map[string]any{"person.family_name": "EXAMPLE"}, "human_confirmed_by": "o-1", "justification": strings.Repeat("because ", 30)}
	for name, d := range map[string]post.Draft{
		"gives unasked what is only given on request": {Type: envelope.Share, Share: "T3", Purpose: "terrorism", Officer: "o-1"},
		"gives under a share that does not exist":     {Type: envelope.Share, Share: "T9", Purpose: "terrorism", Officer: "o-1"},
		"answers what was not asked":                  {Type: envelope.Reply, Share: "T2", Thread: keys.Event(), Purpose: "terrorism", Officer: "o-1"},
		"corrects what it never gave":                 {Type: envelope.Correction, Thread: keys.Event()},
		"sends a type nobody knows":                   {Type: "GOSSIP"},
	} {
		us.lie(d, data)
		bh.until(name, func() bool {
			return slices.ContainsFunc(bh.steps(), func(e ledger.Entry) bool {
				told := e.Kind == ledger.Stopped || e.Kind == ledger.Rejected || e.Kind == ledger.Declined || e.Kind == ledger.Decided && e.Verdict == "refuse"
				return told && (e.Type == string(d.Type) || e.Share == d.Share && d.Type == envelope.Share)
			})
		})
	}
	found, err := bh.room.Received(t.Context(), huda, travel, "terrorism", "", 100)
	if err != nil || len(found) != 0 {
		t.Errorf("%d records were taken in (%v)", len(found), err)
	}
}

// Random messages of a partner, of every type, with fields of the whole catalogue and beyond: nothing is stored but under
// a share that gives it, to this side, in fields that share lists.
func TestRandomMessagesOfAPartner(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test's
	doc := us.agreement().Document
	types := []envelope.Type{envelope.Share, envelope.Reply, envelope.Request, envelope.Correction, envelope.Erase, envelope.Done, envelope.Outcome, envelope.Receipt, envelope.Refusal, envelope.Flag}
	shares := []string{"T1", "T2", "T3", "T4", "T5", "T6", ""}
	purposes := []string{"terrorism", "serious-crime", "facilitation", "tax", ""}
	catalogue := agreement.Catalogue()
	var threads []string
	for range 3 {
		threads = append(threads, bh.ask(known(example()), huda, salman).ID)
	}
	for _, id := range threads {
		us.comes(id, sharing.Asked)
	}
	const n = 400
	for i := range n {
		fields := map[string]any{}
		for range dice.IntN(6) {
			fields[catalogue[dice.IntN(len(catalogue))].Name] = fmt.Sprint(i)
		}
		if dice.IntN(4) == 0 {
			fields["made.up"] = true
		}
		d := post.Draft{Type: types[dice.IntN(len(types))], Share: shares[dice.IntN(len(shares))], Purpose: purposes[dice.IntN(len(purposes))]}
		if dice.IntN(2) == 0 {
			d.Thread = threads[dice.IntN(len(threads))]
			d.InReplyTo = d.Thread
		}
		if dice.IntN(2) == 0 {
			d.Officer = "o-1"
		}
		us.lie(d, map[string]any{
			"result": []string{"hit", "data", "no_hit", "?"}[dice.IntN(4)], "fields": fields, "reference": "US-S-1", "field": "person.dob", "now": "1900-01-01",
			"references": []string{"US-S-1"}, "code": "ONGOING_CASE", "human_confirmed_by": "o-1",
		})
	}
	bh.until("all of it has been looked at", func() bool {
		came := 0
		for _, e := range bh.steps() {
			if (e.Kind == ledger.Received || e.Kind == ledger.Rejected) && e.Direction == ledger.In {
				came++
			}
		}
		return came >= n
	})
	time.Sleep(200 * time.Millisecond)
	allowed := map[string][]string{}
	for _, s := range doc.Shares {
		allowed[s.ID] = s.Fields
	}
	for _, purpose := range []string{"terrorism", "serious-crime", "facilitation", "tax"} {
		found, err := bh.room.Received(t.Context(), huda, travel, purpose, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range found {
			for _, field := range r.Fields {
				if !slices.Contains(allowed[r.Share], field) || slices.Contains(doc.Never.Fields, field) {
					t.Errorf("share %s let %s in", r.Share, field)
				}
			}
			if !slices.Contains(threads, r.Thread) {
				t.Errorf("something unasked was taken in under %s: %v", r.Share, r.Fields)
			}
		}
	}
}

// A change is a new version that both sign. What began under the old one ends under it, and keeps its duties.
func TestANewVersion(t *testing.T) {
	t.Parallel()
	bh, us, _ := pair(t)
	ctx := t.Context()
	old := bh.ask(known(example()), huda, salman)
	us.comes(old.ID, sharing.Asked)
	p := bh.agreement()
	text := strings.NewReplacer("  version: 3\n", "  version: 4\n", "quota: {window: P1D, requests: 200,", "quota: {window: P1D, requests: 250,",
		"supersedes: {version: 2, digest: \"sha-256:5d0f3c0b6f9b5a1c2e7d4f80a1b2c3d4e5f60718293a4b5c6d7e8f9001122334\"}", "supersedes: {version: 3, digest: \""+p.Digest+"\"}").Replace(p.Text)
	v, err := us.room.Propose(ctx, bob, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	bh.until("the proposal comes", func() bool { return bh.agreement().Proposal != nil })
	if changes := bh.agreement().Changes; len(changes) == 0 || !slices.ContainsFunc(changes, func(c agreement.Change) bool { return strings.Contains(c.Path, "quota") }) {
		t.Errorf("the change is shown as %+v", changes)
	}
	if _, err := bh.room.Sign(ctx, salman, travel, v.Digest); err != nil {
		t.Fatal(err)
	}
	us.until("the countersignature comes", func() bool {
		for _, one := range us.agreement().Versions {
			if one.Digest == v.Digest && len(one.Signatures) == 1 {
				return true
			}
		}
		return false
	})
	if _, err := us.room.Sign(ctx, bob, travel, v.Digest); err != nil {
		t.Fatal(err)
	}
	bh.until("the new version is in force", func() bool { return bh.agreement().Version == 4 })
	if _, err := us.room.Release(ctx, bob, old.ID, sharing.Release{Answer: "hit", Candidate: "national/U-77"}); err != nil {
		t.Fatal(err)
	}
	bh.comes(old.ID, sharing.Answered)
	if got := bh.thread(old.ID); got.Version != 3 || got.Records[0].Version != 3 {
		t.Errorf("it ran under version %d", got.Version)
	}
	if now := bh.ask(known(example()), huda, salman); now.Version != 4 {
		t.Errorf("a new question runs under version %d", now.Version)
	}
}
