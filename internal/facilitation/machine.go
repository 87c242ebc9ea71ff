package facilitation

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what somebody applied for.
type Kind string

// The kinds.
const (
	Membership    Kind = "membership"    // of a trusted-traveller programme
	Authorisation Kind = "authorisation" // a permit to travel
	Redress       Kind = "redress"
	Vetting       Kind = "vetting" // of a partner state's applicant, whom this state knows
)

// Kinds are all of them.
var Kinds = []Kind{Membership, Authorisation, Redress, Vetting}

// State is how far an application has come. What it leads to, a membership, a permit, is the same thing further on.
type State string

// The states.
const (
	Draft     State = "draft" // at the applicant's; never stored
	Submitted State = "submitted"
	InCheck   State = "in_check"        // this state looks
	Partner   State = "partner_vetting" // the applicant's own state is asked
	Approved  State = "conditional"     // subject to the interview
	Booked    State = "interview_booked"
	Enrolled  State = "enrolled"
	Active    State = "active"
	Suspended State = "suspended"
	Revoked   State = "revoked"
	Expired   State = "expired"
	Withdrawn State = "withdrawn" // by the applicant
	Refused   State = "refused"
	InReview  State = "in_review" // the applicant asked for a review

	Pending   State = "pending" // of an authorisation: a person looks
	Granted   State = "granted"
	Cancelled State = "cancelled"

	Answered State = "answered" // of redress and of vetting
)

// Mover is who moves an application.
type Mover string

// The movers. Whoever decides is a person with a name.
const (
	ByApplicant Mover = "applicant"
	BySystem    Mover = "system"
	ByOfficer   Mover = "officer"
)

// The codes of a move that may not be.
const (
	CodeMove     = "E-FAC-MOVE"     // no such move from there
	CodeDecision = "E-FAC-DECISION" // only a person may make it
	CodeNotYours = "E-FAC-NOT-YOURS"
)

// move is one arrow of a machine.
type move struct {
	from, to State
	by       []Mover
	second   bool // takes a second person's yes
}

func moves(by []Mover, to State, from ...State) (out []move) {
	for _, f := range from {
		out = append(out, move{from: f, to: to, by: by})
	}
	return out
}

func adverse(to State, from ...State) (out []move) {
	for _, m := range moves([]Mover{ByOfficer}, to, from...) {
		m.second = true
		out = append(out, m)
	}
	return out
}

var (
	applicant  = []Mover{ByApplicant}
	system     = []Mover{BySystem}
	officer    = []Mover{ByOfficer}
	anyOfBoth  = []Mover{ByOfficer, BySystem}
	eitherSide = []Mover{ByApplicant, ByOfficer}
)

// machines are who may move what, by kind. A refusal, a revocation and a cancellation take two people; no machine makes one.
var machines = map[Kind][]move{
	Membership: slices.Concat(
		moves(applicant, Submitted, Draft),
		moves(system, InCheck, Submitted),
		moves(officer, Partner, InCheck),
		moves(officer, Approved, InCheck, Partner),
		moves(eitherSide, Booked, Approved, Booked),
		moves(officer, Enrolled, Booked),
		moves(officer, Active, Enrolled, Suspended, InReview, Active), // the last is a renewal
		moves(anyOfBoth, Suspended, Active),                           // the system's only for a document reported stolen: see Domain.Raised
		adverse(Refused, InCheck, Partner, Approved, Booked, Enrolled, InReview),
		adverse(Revoked, Active, Suspended, InReview),
		moves(system, Expired, Active, Suspended),
		moves(applicant, InReview, Refused, Revoked),
		moves(applicant, Withdrawn, Draft, Submitted, InCheck, Partner, Approved, Booked, Enrolled, Active, Suspended, Expired, InReview),
	),
	Authorisation: slices.Concat(
		moves(applicant, Submitted, Draft),
		moves(anyOfBoth, Granted, Submitted), // by rule when nothing at all stands against it
		moves(system, Pending, Submitted),
		moves(officer, Granted, Pending, InReview),
		adverse(Refused, Pending, InReview),
		adverse(Cancelled, Granted, InReview),
		moves(system, Expired, Granted),
		moves(applicant, InReview, Refused, Cancelled),
		moves(applicant, Withdrawn, Draft, Submitted, Pending, Granted, InReview),
	),
	Redress: slices.Concat(
		moves(applicant, Submitted, Draft),
		moves(system, InCheck, Submitted),
		adverse(Answered, InCheck, InReview), // two people look: an entry is cleared for good
		moves(applicant, InReview, Answered),
		moves(applicant, Withdrawn, Draft, Submitted, InCheck),
	),
	Vetting: slices.Concat(
		moves(officer, Submitted, Draft),
		moves(system, InCheck, Submitted),
		moves(officer, Answered, InCheck, Answered),
	),
}

// moveError is a move that may not be.
type moveError struct{ code, why string }

func (e *moveError) Error() string { return e.code + ": " + e.why }

// allowed finds the arrow, or says why there is none.
func (k Kind) allowed(from, to State, by Mover) (move, *moveError) {
	all := machines[k]
	at := slices.IndexFunc(all, func(m move) bool { return m.from == from && m.to == to })
	switch {
	case at < 0:
		return move{}, &moveError{CodeMove, fmt.Sprintf("from %s a %s does not become %s.", from, k, to)}
	case slices.Contains(all[at].by, by):
		return all[at], nil
	case by == BySystem:
		return move{}, &moveError{CodeDecision, fmt.Sprintf("%s to %s needs a Decision by a human; system may not.", from, to)}
	}
	return move{}, &moveError{CodeNotYours, fmt.Sprintf("%s to %s is not for the %s to do.", from, to, by)}
}

// open are the states a person may move it to.
func (k Kind) open(from State, by Mover) (out []State) {
	for _, m := range machines[k] {
		if m.from == from && slices.Contains(m.by, by) {
			out = append(out, m.to)
		}
	}
	return out
}

// Step is one move as it was made.
type Step struct {
	Seq  int    `json:"seq"`
	From State  `json:"from"`
	To   State  `json:"to"`
	By   string `json:"by"` // applicant, system, officer:c-102
}

// Rejected is a step that may not be, and why.
type Rejected struct {
	Seq  int    `json:"seq"`
	Code string `json:"code"`
	Why  string `json:"why"`
}

// Replay goes through steps in their order as far as they may be.
func Replay(k Kind, steps []Step) (accepted int, state State, rejected *Rejected) {
	state = Draft
	for _, s := range steps {
		by, _, _ := strings.Cut(s.By, ":")
		if s.From != state {
			return accepted, state, &Rejected{s.Seq, CodeMove, fmt.Sprintf("it is %s, not %s.", state, s.From)}
		}
		if _, wrong := k.allowed(s.From, s.To, Mover(by)); wrong != nil {
			return accepted, state, &Rejected{s.Seq, wrong.code, wrong.why}
		}
		accepted, state = s.Seq, s.To
	}
	return accepted, state, nil
}

// live says that it is still looked after: whoever it is about is compared with lists that change.
func (s State) live() bool {
	switch s {
	case Refused, Revoked, Expired, Withdrawn, Cancelled:
		return false
	}
	return true
}
