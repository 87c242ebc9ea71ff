package cargo

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Clock orders what was said about one consignment. The order is total, so that any arrival order of the same messages
// leaves the same last word.
type Clock struct {
	At       int64  `json:"at"`       // microseconds UTC: of the telex heading, else of receipt
	Received int64  `json:"received"` // microseconds UTC
	Report   string `json:"report"`
	Place    int    `json:"place,omitempty"` // of the message in the report
}

// Compare is negative when c is before d, zero when they are the same word.
func (c Clock) Compare(d Clock) int {
	return cmp.Or(cmp.Compare(c.At, d.At), cmp.Compare(c.Received, d.Received), strings.Compare(c.Report, d.Report), cmp.Compare(c.Place, d.Place))
}

// Time is the instant of the word.
func (c Clock) Time() time.Time { return time.UnixMicro(c.At).UTC() }

// clockSkew is how far a sender's clock may go before ours.
const clockSkew = time.Hour

// clockOf makes the clock of a message: by the heading that the telex network put before it, where there is one.
func clockOf(report string, place int, received time.Time, envelope []string) Clock {
	c := Clock{At: received.UnixMicro(), Received: received.UnixMicro(), Report: report, Place: place}
	for _, line := range envelope {
		if at, ok := origin(line, received); ok {
			c.At = at.UnixMicro()
		}
	}
	return c
}

// origin reads the line of a heading that says who sent when: .AMMOPXQ 241030 is day 24, half past ten UTC. The month is
// the last one in which that lies before the receipt.
func origin(line string, received time.Time) (time.Time, bool) {
	sender, rest, ok := strings.Cut(line, " ")
	if !ok || len(sender) < 2 || sender[0] != '.' {
		return time.Time{}, false
	}
	stamp, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if len(stamp) < 6 {
		return time.Time{}, false
	}
	var n [3]int
	for i := range n {
		v, err := strconv.Atoi(stamp[2*i : 2*i+2])
		if err != nil || v < 0 {
			return time.Time{}, false
		}
		n[i] = v
	}
	if n[0] < 1 || n[0] > 31 || n[1] > 23 || n[2] > 59 {
		return time.Time{}, false
	}
	received = received.UTC()
	for back := range 3 {
		at := time.Date(received.Year(), received.Month()-time.Month(back), n[0], n[1], n[2], 0, 0, time.UTC)
		if at.Day() == n[0] && !at.After(received.Add(clockSkew)) {
			return at, true
		}
	}
	return time.Time{}, false
}
