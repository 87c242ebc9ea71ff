package lanes

import (
	"math"
	"time"
)

// mostDesks ends the search for enough of them.
const mostDesks = 200

// Wait is how long people wait on average where so many come, each is served in a fixed time, and so many desks are open
// (M/D/c): half of what Erlang's formula says of the times that vary most, mended as Cosmetatos has it. It is negative
// where the desks never keep up.
func Wait(perHour float64, service time.Duration, desks int) time.Duration {
	load := perHour / time.Hour.Seconds() * service.Seconds()
	c := float64(desks)
	busy := load / c
	switch {
	case load <= 0:
		return 0
	case busy >= 1:
		return -1
	}
	blocked := 1.0 // Erlang's B, desk by desk
	for k := 1.0; k <= c; k++ {
		blocked = load * blocked / (k + load*blocked)
	}
	waits := blocked / (1 - busy*(1-blocked)) // and C
	mean := waits * service.Seconds() / (c * (1 - busy))
	fixed := mean / 2 * (1 + (1-busy)*(c-1)*(math.Sqrt(4+5*c)-2)/(16*busy*c))
	return time.Duration(fixed * float64(time.Second))
}

// Desks is how many desks or gates keep the average wait within a target, where so many are expected in a quarter of an
// hour.
func Desks(expected float64, service, target time.Duration) int {
	if expected < 0.5 { // nobody
		return 0
	}
	const quarters = 4
	for c := 1; c < mostDesks; c++ {
		if wait := Wait(expected*quarters, service, c); wait >= 0 && wait <= target {
			return c
		}
	}
	return mostDesks
}
