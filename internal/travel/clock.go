package travel

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
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

// text is the clock in a column: five fields, the reference last, for it may hold anything.
func (c Clock) text() string {
	if c.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %d %d %d %s", c.At, c.Rank, c.Sent, c.Hash, c.Ref)
}

func (c *Clock) parse(s string) error {
	*c = Clock{}
	if s == "" {
		return nil
	}
	f := strings.SplitN(s, " ", 5)
	if len(f) < 5 {
		return fmt.Errorf("%q is no clock", s)
	}
	var errs [4]error
	c.At, errs[0] = strconv.ParseInt(f[0], 10, 64)
	c.Rank, errs[1] = strconv.Atoi(f[1])
	c.Sent, errs[2] = strconv.ParseInt(f[2], 10, 64)
	c.Hash, errs[3] = strconv.ParseUint(f[3], 10, 64)
	c.Ref = f[4]
	return cmp.Or(errs[:]...)
}
