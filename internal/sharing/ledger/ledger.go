// Package ledger is what the exchange log says: one step for every envelope that left or came, every decision about one,
// every approval, suspension and erasure. [Record] writes steps in the caller's transaction, beside what they tell of;
// [Read] gives them back, and a review's figures are a function of them and of nothing else.
//
// A step names messages, shares, codes and counts. It never holds a person's data: erasing a person leaves the log whole.
package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// Kind is what happened.
type Kind string

// The steps there are.
const (
	Sent        Kind = "sent"        // an envelope was sealed, to leave
	Delivered   Kind = "delivered"   // the partner's signed receipt for it verified
	Undelivered Kind = "undelivered" // it expired, or was turned away for good
	Received    Kind = "received"    // an envelope came, and is kept
	Rejected    Kind = "rejected"    // an envelope came and was not kept: Code says why
	Stopped     Kind = "stopped"     // what would have left was stopped on this side: Code and Clause say why
	Decided     Kind = "decided"     // the agreement was asked: Verdict, and Code and Clause where it was no
	Approved    Kind = "approved"    // a human released, or approved to ask
	Declined    Kind = "declined"    // a human refused
	Opened      Kind = "opened"      // somebody looked at what was received
	Erased      Kind = "erased"      // received data became unreadable: Code is the cause
	Corrected   Kind = "corrected"   // received data was corrected
	Overdue     Kind = "overdue"     // a duty's clock ran out: Code is the duty
	Proposed    Kind = "proposed"    // a version of an agreement was proposed
	Signed      Kind = "signed"      // a version was signed by Partner or by this side
	InForce     Kind = "in-force"    // a version came into force
	Suspended   Kind = "suspended"   // a share, or all, was suspended
	Resumed     Kind = "resumed"
	Witnessed   Kind = "witnessed" // the partner's head was countersigned; Code "disagreement" where it does not follow from the one before
	Keyed       Kind = "keyed"     // a key was announced, changed or revoked
	Matched     Kind = "matched"   // a private-match batch ended: Keys, Padded, Hits
	Marked      Kind = "marked"    // data in dispute was marked, restricted or doubted: Code says which
	Unmasked    Kind = "unmasked"  // masked data was shown in clear, with approval
	Redress     Kind = "redress"   // a person asked what is held or to have it mended (Code "asked"), or was answered ("answered", Result "upheld" or "refused")
)

// The duties that an Overdue step names, each the clock of the agreement that ran out.
const (
	Acknowledgement  = "acknowledge"
	Reply            = "reply"
	Receipt          = "receipt"
	CorrectionNotice = "correction_notice"
	CorrectionEffect = "correction_effect"
	Erasure          = "erasure" // of data past its erase_at, or of what the partner asked to erase
	ErasureReceipt   = "erasure_receipt"
	BreachNotice     = "breach_notice"
	YearlyReview     = "review" // of data kept longer
	Outcome          = "outcome"
)

// Flaws of data that leaves.
const (
	FlawBirthDefault  = "dob_default"    // born on a 1 January
	FlawManualCapture = "manual_capture" // typed by hand
	FlawEmptyField    = "empty_field"    // there, and says nothing
	FlawShortName     = "short_name"     // shorter than two letters
	FlawCheckDigit    = "check_digit"    // a document number that does not fit its check digit
	FlawDuplicate     = "duplicate"
)

// The two ways a message goes, seen from this node.
const (
	Out = "out"
	In  = "in"
)

// Step is one entry. What does not apply is left out.
type Step struct {
	Kind      Kind   `json:"kind"`
	Agreement string `json:"agreement,omitempty"`
	Version   int    `json:"version,omitempty"`
	Share     string `json:"share,omitempty"`
	Partner   string `json:"partner,omitempty"`   // the authority on the other side
	Direction string `json:"direction,omitempty"` // of the message, seen from this node
	Type      string `json:"type,omitempty"`      // the message's
	Message   string `json:"message,omitempty"`   // its id
	Thread    string `json:"thread,omitempty"`
	InReplyTo string `json:"in_reply_to,omitempty"`
	Digest    string `json:"digest,omitempty"` // of the signed bytes
	Seq       int64  `json:"seq,omitempty"`

	Purpose string `json:"purpose,omitempty"`
	Urgent  bool   `json:"urgent,omitempty"`
	Verdict string `json:"verdict,omitempty"` // permit, refuse, need
	Result  string `json:"result,omitempty"`  // hit, no_hit, data, refused; confirmed_same, not_same, useful, not_useful; the true one, on this side
	Told    string `json:"told,omitempty"`    // what the partner was told, where that is another result
	Code    string `json:"code,omitempty"`
	Clause  string `json:"clause,omitempty"`  // of the agreement
	Officer string `json:"officer,omitempty"` // the asker's pseudonym, which only its own watcher can resolve

	Kept     []string `json:"kept,omitempty"`    // names of the fields that leave or came
	Dropped  []string `json:"dropped,omitempty"` // names of those withheld
	Flaws    []string `json:"flaws,omitempty"`   // of the data that leaves
	Subjects int      `json:"subjects,omitempty"`
	Keys     int      `json:"keys,omitempty"`
	Padded   int      `json:"padded,omitempty"`
	Hits     int      `json:"hits,omitempty"`
	Child    bool     `json:"child,omitempty"`

	Issued time.Time `json:"issued,omitzero"` // by the sender's clock
	Due    time.Time `json:"due,omitzero"`    // what the step starts, or ends, must be done by
	Late   bool      `json:"late,omitempty"`
	Size   int64     `json:"size,omitempty"` // of the partner's log, for Witnessed
	Root   string    `json:"root,omitempty"`
	Reason string    `json:"reason,omitempty"` // of a suspension or a refusal, as the officer wrote it
}

// Entry is a step with its place in the log.
type Entry struct {
	Step
	Number int64     `json:"number"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Role   string    `json:"role,omitempty"`
}

const action = "exchange."

// Record writes steps in the caller's transaction.
func Record(ctx context.Context, tx store.Tx, actor, role string, steps ...Step) error {
	entries := make([]audit.Entry, len(steps))
	for i, s := range steps {
		detail, err := json.Marshal(s)
		if err != nil {
			return err
		}
		e := audit.Entry{Log: audit.Exchange, Actor: actor, Role: role, Action: action + string(s.Kind), Detail: string(detail)}
		for _, id := range []string{s.Message, s.Thread, s.InReplyTo} {
			if id != "" {
				e.Touched = append(e.Touched, id)
			}
		}
		if s.Agreement != "" {
			e.Touched = append(e.Touched, s.Agreement, s.Agreement+"@"+strconv.Itoa(s.Version))
		}
		entries[i] = e
	}
	return audit.Record(ctx, tx, entries...)
}

// Read gives each step of an agreement (of all, where it is empty) that was recorded from one instant until another, in
// the log's order. A zero until is no bound.
func Read(ctx context.Context, r store.Reader, agreement string, from, until time.Time, each func(Entry) error) error {
	return audit.Between(ctx, r, audit.Exchange, from, until, func(n audit.Numbered) error {
		e, ours, err := Parse(n)
		if err != nil || !ours || agreement != "" && e.Agreement != agreement {
			return err
		}
		return each(e)
	})
}

// Parse reads an entry of the exchange log as a step; ours is false for one that this package did not write.
func Parse(n audit.Numbered) (e Entry, ours bool, err error) {
	if !strings.HasPrefix(n.Action, action) {
		return Entry{}, false, nil
	}
	e = Entry{Number: n.Number, At: n.At, Actor: n.Actor, Role: n.Role}
	if err := json.Unmarshal([]byte(n.Detail), &e.Step); err != nil {
		return Entry{}, false, fmt.Errorf("entry %d of the exchange log: %w", n.Number, err)
	}
	return e, true, nil
}
