package travel

import (
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/internal/intake"
)

// said is what one message says of one flight, in the room's own words.
type said struct {
	key       Key
	source    string
	header    Header
	parts     []Part
	cancelled Clock
	records   []Record
	shares    []Key // other numbers of the same flight
}

// speaker makes the clocks of one message.
type speaker struct {
	report string
	sender string
	ref    string
	sent   int64
	rank   int
}

func newSpeaker(r intake.Report, sender, ref string, prepared time.Time, rank int) speaker {
	if prepared.IsZero() { // no clock of the sender's: ours, which a mended copy keeps
		prepared = r.Received
	}
	return speaker{report: r.ID, sender: sender, ref: ref, sent: prepared.Unix(), rank: rank}
}

// clock of the message itself.
func (s speaker) clock() Clock { return Clock{At: s.sent, Rank: s.rank, Sent: s.sent, Ref: s.ref} }

// of gives the clock of a content that has a time of its own.
func (s speaker) of(at time.Time, content ...digested) Clock {
	c := s.clock()
	if !at.IsZero() {
		c.At = at.Unix()
	}
	h := newHash()
	for _, d := range content {
		d.digest(h)
	}
	c.Hash = h.sum()
	return c
}

// digested is content that two words of one minute can differ in.
type digested interface{ digest(*hash) }

func text(d date.Date) string {
	if d == (date.Date{}) {
		return ""
	}
	return d.String()
}

func local(l date.Local) string {
	if l == (date.Local{}) {
		return ""
	}
	return l.String()
}

// day is the date of a local time, empty where there is none.
func day(l date.Local) string { return text(l.Date) }

// time is the instant of the message.
func (s speaker) time() time.Time { return time.Unix(s.sent, 0).UTC() }

// withdrawn makes the clock of content that only a cancellation tells: it counts where nothing else was ever said of
// the person, whatever its time.
func withdrawn(c Clock) Clock {
	c.At -= 1 << 40
	return c
}
