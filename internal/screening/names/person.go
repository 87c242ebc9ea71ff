package names

// Name is one name of a person, whole or in the parts it came in. The parts are never trusted: half of the world's
// bookings disagree about which is which.
type Name struct {
	Given, Surname, Full string
	Weak                 bool // a nickname or low-quality alias: never enough without a date or a document
}

// Person is what is known of somebody: a traveller, or an entry of a list.
type Person struct {
	Names     []Name
	Births    []string // YYYY, YYYY-MM, YYYY-MM-DD, --MM-DD; with ~ in front about then; YYYY/YYYY between
	Sex       string   // M, F; anything else is unknown
	Countries []string // of nationality, or any a list connects with the entry
	Documents []Document
}

// Document is a passport or another paper that says who somebody is.
type Document struct {
	Type    string // P passport, I identity card …; empty is unknown
	Number  string // as printed
	Country string // that issued it; empty is unknown
}

// Hit is one entry that may be the person asked about.
type Hit struct {
	Entry    int     // its place in what Build was given
	Name     int     // which of its names
	Asked    int     // which of the person's names
	Score    float64 // 0 to 1, like a probability
	Words    []Word
	Evidence []Evidence
}

// Word is one word of the name asked about with its counterpart; either may be missing.
type Word struct {
	Asked, Listed string
	Relation      string // equal, variant, close, initial, cut, differs, unmatched
	Weight        float64
}

// Evidence is one thing that speaks for or against, in natural log-odds.
type Evidence struct {
	Code          string
	Asked, Listed string
	Weight        float64
}
