package travel

import (
	"cmp"
	"time"
)

// Clock orders what a sender said about the same thing. The order is total, so that any arrival order of the same
// messages leaves the same last word.
type Clock struct {
	At   int64  `json:"at,omitempty"`   // seconds UTC of the fact: DAT 700 of a booking, else Sent
	Rank int    `json:"rank,omitempty"` // at a tie a cancellation beats a change beats a list
	Sent int64  `json:"sent,omitempty"` // seconds UTC of the interchange, which has but minutes
	Ref  string `json:"ref,omitempty"`  // the interchange's reference
	Hash uint64 `json:"hash,omitempty"` // of the content, so that no two different ones tie
}

// The ranks of a tie.
const (
	rankList = iota + 1
	rankChange
	rankCancel
)

// Compare is negative when c is before d, zero when they are the same word.
func (c Clock) Compare(d Clock) int {
	return cmp.Or(cmp.Compare(c.At, d.At), cmp.Compare(c.Rank, d.Rank), cmp.Compare(c.Sent, d.Sent),
		cmp.Compare(c.Ref, d.Ref), cmp.Compare(c.Hash, d.Hash))
}

// After says whether c is the later word.
func (c Clock) After(d Clock) bool { return c.Compare(d) > 0 }

// IsZero says that nothing was said.
func (c Clock) IsZero() bool { return c == Clock{} }

// Time is the instant of the fact.
func (c Clock) Time() time.Time { return time.Unix(c.At, 0).UTC() }
