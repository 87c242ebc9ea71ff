package lanes

import "github.com/rihla/rihla/formats/hall"

// largestFamily is how many people one booking may hold and still be a family; more is a group, whose members do not wait
// for one another.
const largestFamily = 9

// fullAge is the age from which somebody may take a child along.
const fullAge = 18

// Party tells people of one booking what they mean for one another: that there is an infant, and who may take a child
// through a gate. It changes Infant and Guardian alone.
func (p Policy) Party(people []Input) {
	infant, guardian := false, false
	if len(people) <= largestFamily {
		for i := range people {
			in := people[i]
			in.Infant, in.Guardian = false, false
			if in.Crew || in.Age < 0 {
				continue
			}
			infant = infant || in.Age < InfantAge && len(people) > 1
			lane := p.Eligible(in).Lane
			guardian = guardian || in.Age >= fullAge && (lane == hall.EGate || lane == hall.Member)
		}
	}
	for i := range people {
		people[i].Infant = infant
		people[i].Guardian = guardian && people[i].Age < fullAge
	}
}
