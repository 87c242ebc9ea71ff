package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

// Development is something since the last round that a meeting must know of.
type Development struct {
	At        time.Time `json:"at"`
	Kind      Happened  `json:"kind"`
	Agreement string    `json:"agreement"`
	Share     string    `json:"share,omitempty"`
	Partner   string    `json:"partner,omitempty" doc:"The authority on the other side, where it was its doing or concerns it"`
	Version   int       `json:"version,omitempty"`
	Code      string    `json:"code,omitempty"`
	Clause    string    `json:"clause,omitempty"`
	Message   string    `json:"message,omitempty"`
	Reason    string    `json:"reason,omitempty"`
}

// Happened says what a development is; the words are the reader's.
type Happened string

// The developments there are.
const (
	NewVersion    Happened = "agreement_proposed"
	VersionSigned Happened = "agreement_signed"
	VersionBegan  Happened = "agreement_in_force"
	ShareStopped  Happened = "suspended"
	ShareAgain    Happened = "resumed"
	BreachTold    Happened = "breach"
	NeverArrived  Happened = "undelivered"
	HeadsDiffer   Happened = "witness_disagreement"
	TwoTexts      Happened = "conflict"
	DutyMissed    Happened = "duty_overdue"
	ShownInClear  Happened = "unmasking"
	KeysChanged   Happened = "keys"
)

// Happenings are all developments there are, for whoever has words for them.
var Happenings = []Happened{
	NewVersion, VersionSigned, VersionBegan, ShareStopped, ShareAgain, BreachTold, NeverArrived, HeadsDiffer, TwoTexts, DutyMissed,
	ShownInClear, KeysChanged,
}

// telling are the steps that can be developments.
var telling = []Kind{Proposed, Signed, InForce, Suspended, Resumed, Undelivered, Overdue, Unmasked, Keyed, Witnessed, Rejected, Marked}

// Developments gives what happened from one instant until another, in the log's order, as far as ours takes it: at most so
// many, the oldest first. It reads no more of the log than that.
func Developments(ctx context.Context, r store.Reader, from, until time.Time, most int, ours func(*Entry) bool) ([]Development, error) {
	actions := make([]string, len(telling))
	for i, kind := range telling {
		actions[i] = action + string(kind)
	}
	var entries []Entry
	if err := audit.BetweenOf(ctx, r, audit.Exchange, actions, from, until, func(n audit.Numbered) error {
		e, is, err := Parse(n)
		if is && ours(&e) {
			entries = append(entries, e)
		}
		return err
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Number, b.Number) })
	all := []Development{}
	for i := range entries {
		if d, is := AsDevelopment(&entries[i]); is && len(all) < most {
			all = append(all, d)
		}
	}
	return all, nil
}

// AsDevelopment gives an entry as a development; is is false for the daily run of things.
func AsDevelopment(e *Entry) (d Development, is bool) {
	d = Development{
		At: e.At, Agreement: e.Agreement, Share: e.Share, Partner: e.Partner, Version: e.Version, Code: e.Code, Clause: e.Clause,
		Message: e.Message, Reason: e.Reason,
	}
	switch e.Kind {
	case Proposed:
		d.Kind = NewVersion
	case Signed:
		d.Kind = VersionSigned
	case InForce:
		d.Kind = VersionBegan
	case Suspended:
		d.Kind = ShareStopped
	case Resumed:
		d.Kind = ShareAgain
	case Undelivered:
		d.Kind = NeverArrived
	case Overdue:
		d.Kind = DutyMissed
	case Unmasked:
		d.Kind = ShownInClear
	case Keyed:
		d.Kind = KeysChanged
	case Witnessed:
		d.Kind = HeadsDiffer
		return d, e.Code == "disagreement"
	case Rejected:
		d.Kind = TwoTexts
		return d, e.Code == "CONFLICT"
	case Marked:
		d.Kind = BreachTold
		return d, e.Code == "breach"
	default:
		return Development{}, false
	}
	return d, true
}
