package matching

import "strings"

// Profile names how keys are made. A change of what it makes is another profile: see Digest.
const Profile = "kp1"

// Family is what a key is made of. One family's keys never meet another's.
type Family string

// The families of profile kp1.
const (
	Document Family = "d" // issuer and number of a document
	Exact    Family = "n" // family name, first given name, birth date
	Sound    Family = "p" // how the family name sounds, the first sound of the given name, birth date
	Letters  Family = "s" // all letters of all names in any order, birth date
	Year     Family = "y" // how both names sound, birth year
	Skeleton Family = "a" // consonants of family and given name, birth date
)

// Families in the order of the profile, K1 to K6.
var Families = []Family{Document, Exact, Sound, Letters, Year, Skeleton}

// Weight is how much a hit of a family says.
type Weight int

// From nothing without another to nearly all.
const (
	Weak Weight = iota
	Medium
	Strong
)

// Weight of the family.
func (f Family) Weight() Weight {
	switch f {
	case Document, Exact:
		return Strong
	case Sound, Letters, Skeleton:
		return Medium
	}
	return Weak
}

// IsLead says whether hits of these families may open anything: a weak one alone does not.
func IsLead(families []Family) bool {
	for _, f := range families {
		if f.Weight() > Weak {
			return true
		}
	}
	return false
}

// Key is one exact key of a person: the profile, the family and its parts, joined by bars. It says who somebody is, and
// leaves neither side but blinded or as a tag.
type Key string

// Family of the key.
func (k Key) Family() Family {
	_, rest, _ := strings.Cut(string(k), "|")
	family, _, _ := strings.Cut(rest, "|")
	return Family(family)
}
