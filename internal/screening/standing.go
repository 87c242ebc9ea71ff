package screening

import "time"

// Standing is a reason to trust somebody, as a finding is a reason to look: a membership, a permit to travel, a decision
// that they are not their listed namesake. It never hides a finding by itself: lists are always looked at.
type Standing struct {
	Kind    string    `json:"kind"`   // membership, authorisation, redress …
	Number  string    `json:"number"` // as its holder gives it; of an authorisation its reference
	State   string    `json:"state"`  // active, suspended, granted … in the words of the domain that gave it
	Active  bool      `json:"active"` // whether it counts now
	Until   time.Time `json:"until,omitzero"`
	Cleared []Cleared `json:"cleared,omitempty"` // whom a person decided that its holder is not
}

// Cleared is one listed entry that its holder was found not to be.
type Cleared struct {
	List  string    `json:"list"`
	Entry string    `json:"entry"`
	Name  string    `json:"name,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// The kinds of standings.
const (
	Membership    = "membership"    // a trusted traveller's
	Authorisation = "authorisation" // to travel to the state
	Redress       = "redress"       // wrongly stopped once, and not to be again for the same namesake
)

// Claim is a number that somebody gives for themselves. It is worth what its issuer knows of it, and of whom.
type Claim struct {
	Kind, Number string
}

// The kinds of claims.
const (
	ClaimMembership = "known_traveller"
	ClaimRedress    = "redress"
)

// KnownBy is the opaque identity of somebody recognised otherwise than by their document: see [Subject].Known.
func KnownBy(parts ...string) string { return opaque(append([]string{"known"}, parts...)...) }

// What a domain that vouches finds of a subject.
const (
	CodePermitMissing    = "permit_missing"   // one is asked of them, and there is none
	CodePermitNotValid   = "permit_not_valid" // there is one, and it is cancelled, over or used up
	CodeDocumentExpired  = "document_expired"
	CodeEntryBan         = "entry_ban"
	CodeRedressMisuse    = "redress_misuse"    // the number was given by somebody whom it does not fit
	CodeMembershipMisuse = "membership_misuse" // likewise
)

// Fact says that a finding is a fact, not a likeness: an officer finds the refusal prepared. Deciding stays the officer's.
func Fact(code string) bool {
	switch code {
	case CodeDocumentStolen, CodePermitMissing, CodePermitNotValid, CodeDocumentExpired, CodeEntryBan:
		return true
	}
	return false
}
