package synth

import "math/rand/v2"

// dice is the randomness of one part of the world: each flight has its own, so that what happens on one changes nothing
// on another.
type dice struct{ *rand.Rand }

// newDice gives the dice of a seed for the n-th thing of a kind.
func newDice(seed uint64, kind string, n int) dice {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * 1099511628211
	}
	return dice{rand.New(rand.NewPCG(seed, h^uint64(n)*0x9e3779b97f4a7c15))}
}

// percent is true in p of a hundred cases.
func (d dice) percent(p int) bool { return d.IntN(100) < p }

// between gives a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// of picks one.
func of[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// weighted picks an index, each as likely as its weight says.
func (d dice) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := d.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}

// shaped fills a pattern: 9 is a digit, A a letter, anything else itself.
func (d dice) shaped(pattern string) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ" // no I, no O
	out := []byte(pattern)
	for i, c := range out {
		switch c {
		case '9':
			out[i] = byte('0' + d.IntN(10))
		case 'A':
			out[i] = letters[d.IntN(len(letters))]
		}
	}
	return string(out)
}
