package lanes

import (
	"slices"

	"github.com/rihla/rihla/formats/hall"
)

// Answer is what is known of a thing that can be checked.
type Answer int8

// The answers.
const (
	Unknown Answer = iota
	Yes
	No
)

// Why somebody is sent to a lane, as codes: the words, in each language, are the web app's. The first is the traveller's.
const (
	SeeOfficer          = "SEE_OFFICER"           // something was found: no accusation, and no word of what
	Random              = "RANDOM"                // drawn, as anybody may be
	Assistance          = "ASSISTANCE"            // asked for
	Crew                = "CREW"                  //
	WithInfant          = "WITH_INFANT"           // the party has an infant
	Family              = "FAMILY"                // a child who goes through with a grown-up of the party
	Age                 = "AGE"                   // too young for a gate, and nobody to go with
	APIMissing          = "API_MISSING"           // nobody sent their document, birth date or nationality ahead
	APIDiffers          = "API_DIFFERS"           // the document is another than the one that was sent
	NotCleared          = "NOT_CLEARED"           // the carrier was told to ask, or not to board
	Permit              = "PERMIT"                // one is required, and none is granted
	DocumentExpired     = "DOCUMENT_EXPIRED"      //
	ChipUnreadable      = "CHIP_UNREADABLE"       //
	CannotCheckDocument = "CANNOT_CHECK_DOCUMENT" // whose state's certificates are not held here: no doubt about the document
	DocumentDoubtful    = "DOCUMENT_DOUBTFUL"     // its signature is wrong
	Nationality         = "NATIONALITY"           // gates are not open to the state's documents
	MembershipNotActive = "MEMBERSHIP_NOT_ACTIVE" //
)

// The states of a permit with which nobody is kept from a gate.
const (
	PermitNotRequired = "not_required"
	PermitGranted     = "granted"
)

// MembershipActive is the state of a membership that counts.
const MembershipActive = "active"

// Input is all that may decide somebody's lane.
type Input struct {
	Nationality string // ISO 3166-1 alpha-3 or ICAO's own
	Residence   string
	Age         int  // -1: unknown
	Expired     bool // the document, on the day
	Chip        Answer
	Genuine     Answer // what passive authentication of the chip says
	Permit      string // its state
	Membership  string // its state; empty: none
	Findings    int    // open, and more than for information
	Cleared     bool   // no carrier was told to ask, to send again, or not to board
	Announced   bool   // document, birth date and nationality were sent ahead
	Consistent  bool   // and are those of the document
	Assistance  bool   // asked for
	Crew        bool
	Infant      bool   // of the party
	Guardian    bool   // somebody of the party goes through a gate by themselves, and takes a child along
	Draw        string // the id by which they were drawn; empty: they were not
}

// Result is the lane, with the reasons in order.
type Result struct {
	Lane    string   `json:"lane"`
	Reasons []string `json:"reasons"`
	Draw    string   `json:"draw,omitempty"` // by which they were drawn
}

// Policy is what a state decides about its lanes.
type Policy struct {
	MinimumAge  int      // of a gate's users
	Gates       []string // whose nationals may use gates
	Residents   []string // and of where the residents
	FamilyGates bool     // gates that a child may pass with a grown-up
}

// InfantAge is the age below which a child is an infant, as carriers have it.
const InfantAge = 2

// Eligible says which lane somebody is for. What was found comes before all that speaks for them; a membership never
// skips it.
func (p Policy) Eligible(in Input) Result {
	switch {
	case in.Findings > 0:
		return Result{Lane: hall.Secondary, Reasons: []string{SeeOfficer}}
	case in.Draw != "":
		return Result{Lane: hall.Secondary, Reasons: []string{Random}, Draw: in.Draw}
	case in.Assistance:
		return Result{Lane: hall.Priority, Reasons: []string{Assistance}}
	case in.Crew:
		return Result{Lane: hall.Priority, Reasons: []string{Crew}}
	case in.Infant:
		return Result{Lane: hall.Priority, Reasons: []string{WithInfant}}
	}
	r := Result{Lane: hall.EGate, Reasons: p.against(in)}
	member := in.Membership == MembershipActive
	if !member && len(r.Reasons) == 0 && !slices.Contains(p.Gates, in.Nationality) && !slices.Contains(p.Residents, in.Residence) {
		r.Reasons = append(r.Reasons, Nationality)
	}
	switch {
	case len(r.Reasons) > 0:
		r.Lane = hall.Staffed
	case member:
		r.Lane = hall.Member
	case in.Age < p.MinimumAge:
		r.Reasons = append(r.Reasons, Family)
	}
	if in.Membership != "" && !member {
		r.Reasons = append(r.Reasons, MembershipNotActive)
	}
	return r
}

// against is what keeps somebody from every lane without an officer.
func (p Policy) against(in Input) []string {
	reasons := []string{}
	add := func(is bool, reason string) {
		if is {
			reasons = append(reasons, reason)
		}
	}
	add(!in.Cleared, NotCleared)
	add(!in.Announced, APIMissing)
	add(in.Announced && !in.Consistent, APIDiffers)
	add(in.Permit != PermitNotRequired && in.Permit != PermitGranted, Permit)
	add(in.Expired, DocumentExpired)
	switch {
	case in.Chip == Unknown && !in.Announced: // nothing is known of the document: that is reason enough
	case in.Chip != Yes:
		add(true, ChipUnreadable)
	case in.Genuine == No:
		add(true, DocumentDoubtful)
	case in.Genuine == Unknown:
		add(true, CannotCheckDocument)
	}
	add(in.Announced && in.Age < p.MinimumAge && !p.mayFollow(in), Age)
	return reasons
}

// mayFollow says that a child may pass a gate with somebody.
func (p Policy) mayFollow(in Input) bool {
	return p.FamilyGates && in.Guardian && in.Age >= 0
}
