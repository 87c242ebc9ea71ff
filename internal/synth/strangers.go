package synth

import "time"

// Stranger is somebody made up, whose only part is to be on a flight.
type Stranger struct {
	Surname, Given, Sex, Nationality string
	Born, Expires                    time.Time
	Document, Number                 string
}

// Strangers makes people of a seed: the first ten of a hundred are the ten of ten.
func Strangers(seed uint64, n int, today time.Time) []Stranger {
	out := make([]Stranger, n)
	for i := range out {
		d := newDice(seed, "stranger", i)
		p := d.person(&origins[d.IntN(len(origins))], of(d, []string{"M", "F"}), 18, 50, today)
		out[i] = Stranger{p.surname, p.given, p.sex, p.from.country, p.born, p.passport.expires, p.passport.kind, p.passport.number}
	}
	return out
}
