package screening

import "time"

// ID names a subject for ever: a UUID computed from its natural key by the domain that knows it.
type ID string

// Subject is one party in one context, as screening sees it: this passenger on this flight, this consignee of
// this waybill. Findings and cases hang on it.
type Subject struct {
	ID        ID
	Domain    string
	Within    string // the id of what holds it, shared by its neighbours: the flight, the waybill; findings are counted by it
	Context   string // the same for people: "ZZ431 2026-11-24 LHR-BAH"
	Title     string // what people call one that has no name of a person or an organisation: a machine, an incident; no list is asked for it
	Names     []Name
	Births    []string // YYYY, YYYY-MM, YYYY-MM-DD or --MM-DD
	Sex       string   // M, F, X; empty is unknown, and unknown never disagrees
	Countries []Country
	Documents []Document
	Ties      []Tie
	Claims    []Claim   // numbers it gives for itself
	Enters    bool      // it is to enter the state from abroad, so a permit may be asked of it: no crew, nobody in transit
	Known     []string  // identities by which a standing has it recognised (KnownBy), beside its documents
	Until     time.Time // the instant it is still ahead of; lists that change later than this leave it alone
}

// Name is a name in one script as one source gave it. Full holds a name that came in one field.
type Name struct {
	Surname, Given, Full string
}

// String is the name as people read it: the surname first, as every list and manifest has it.
func (n Name) String() string {
	switch {
	case n.Full != "":
		return n.Full
	case n.Surname == "":
		return n.Given
	case n.Given == "":
		return n.Surname
	}
	return n.Surname + ", " + n.Given
}

// Country is a country with the part it plays.
type Country struct {
	Code string // ISO 3166-1 alpha-3 or ICAO's own
	Role string // nationality, residence, birth
}

// Document is a travel document or another identifier of a person.
type Document struct {
	Type, Number, Issuer string
	Expires              string // YYYY-MM-DD; empty is unknown
}

// Tie is a value two subjects may share, and when: phone, email, card, address, booking. Links hang on ties.
type Tie struct {
	Kind, Value string
}

// Screened is a subject together with what rules see of it, what a domain's own matcher found, and what speaks for it.
type Screened struct {
	Subject   Subject
	View      any // the domain's vocabulary type; nil where rules have nothing to look at
	Found     []Finding
	Standings []Standing
	Lacking   []string // what must be sent, or sent again, before more can be said: DOCUMENT NUMBER
}
