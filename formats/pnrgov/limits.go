package pnrgov

import "github.com/rihla/rihla/formats/fault"

// Limits of one message. The largest pushes known have some thousand bookings and thirty segments each.
const (
	// MaxSegments bounds the memory a message can ask for; what lies beyond is lost as one part.
	MaxSegments = 400_000
	// maxEffort bounds the comparisons that find travellers and repetitions, which grow with the square of a booking.
	// An honest push of a thousand bookings needs a few hundred thousand.
	maxEffort = 10_000_000
	// maxLost bounds how many lost segments are listed one by one, and how many unknown ones are kept.
	maxLost = 500
)

// spend tells whether n more comparisons are allowed. Beyond the bound nothing is found and nothing is dropped as
// repeated, which no honest message meets.
func (d *Decoder) spend(n int) bool {
	d.effort += n
	return d.effort <= maxEffort
}

// beyond tells that a message has more segments than are read, and remembers where the rest begins.
func (d *Decoder) beyond(offset int) bool {
	if d.count++; d.count <= MaxSegments {
		return false
	}
	if d.rest < 0 {
		d.rest = offset
	}
	return true
}

// loseRest sets aside what lies beyond the limit.
func (d *Decoder) loseRest() {
	if d.rest >= 0 {
		d.lose(fault.Fault{Offset: d.rest, Length: d.end - d.rest, Rule: "too_long", Strict: true, What: "segment",
			Message: "the message has more than 400,000 segments; the rest is not read", Mend: "send the push in parts"})
	}
}
