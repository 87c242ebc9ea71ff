package facilitation

import (
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/screening"
)

// Application is what somebody applied for and all that became of it: a membership is its application further on, and so is
// a permit.
type Application struct {
	ID        string    `json:"id"`
	Ref       string    `json:"reference"`
	Kind      Kind      `json:"kind" enum:"membership,authorisation,redress,vetting"`
	State     State     `json:"state"`
	Form      form.Form `json:"form"`
	Source    string    `json:"report,omitempty" doc:"The filed report it came in"`
	Filed     time.Time `json:"filed"`
	Number    string    `json:"number,omitempty" doc:"Of the membership, permit or redress"`
	Since     time.Time `json:"since,omitzero" doc:"When it was granted"`
	Until     time.Time `json:"until,omitzero"`
	Ended     time.Time `json:"ended,omitzero"`
	Due       time.Time `json:"due,omitzero" doc:"By when somebody must have acted"`
	Overdue   bool      `json:"overdue,omitempty"`
	Reasons   []string  `json:"reasons,omitempty" doc:"Why a person looks: codes"`
	Entries   string    `json:"entries,omitempty" enum:"single,multiple"`
	Entered   []Entered `json:"entered,omitempty" doc:"Of an authorisation: when it was used"`
	History   []Moved   `json:"history"`
	Proposal  *Proposal `json:"proposal,omitempty" doc:"Waits for a second person"`
	Asked     *Asked    `json:"partner,omitempty" doc:"What the applicant's own state was asked, and said"`
	Interview *Slot     `json:"interview,omitempty"`
	Renewal   *Renewal  `json:"renewal,omitempty"`
	Review    *Review   `json:"review,omitempty"`
	Cleared   []Cleared `json:"cleared,omitempty" doc:"Of redress: whom the applicant was found not to be"`
	Kept      int       `json:"kept,omitempty" doc:"Of redress: how many entries the two who examined it let stand"`
	Answer    *Answer   `json:"answer,omitempty" doc:"Of a vetting: what the partner may be told"`
	Letters   []Letter  `json:"letters,omitempty"`

	version int64
}

// Moved is one move as it was made.
type Moved struct {
	At     time.Time `json:"at"`
	From   State     `json:"from"`
	To     State     `json:"to"`
	By     string    `json:"by"` // applicant, system, an officer's name
	Second string    `json:"second,omitempty" doc:"Who confirmed it"`
	Reason string    `json:"reason,omitempty"`
}

// Entered is one entry with an authorisation.
type Entered struct {
	At time.Time `json:"at"`
	By string    `json:"by"` // the officer who let them in
}

// Proposal is a move that takes a second person.
type Proposal struct {
	To      State     `json:"to"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	NotSame []string  `json:"not_same,omitempty" doc:"Of redress: the findings, by what they matched, that are another person"`
}

// Asked is the question to the applicant's own state.
type Asked struct {
	Thread     string    `json:"thread"`
	Agreement  string    `json:"agreement"`
	At         time.Time `json:"at"`
	By         string    `json:"by"`
	State      string    `json:"state" doc:"Of the question: draft, asked, answered, refused, undelivered, withdrawn"`
	Reminded   time.Time `json:"reminded,omitzero"`
	Late       bool      `json:"late,omitempty"`
	Told       bool      `json:"told,omitempty" doc:"The applicant was told that their own state is awaited"`
	Record     string    `json:"record,omitempty" doc:"Of the exchange"`
	Outcome    string    `json:"outcome,omitempty" enum:"green,not_green,unable"`
	Reference  string    `json:"reference,omitempty"`
	ValidUntil string    `json:"valid_until,omitempty"`
	Answered   time.Time `json:"answered,omitzero"`
}

// Slot is a day for an interview.
type Slot struct {
	Day  string `json:"day"`
	Hall string `json:"hall"`
}

// Renewal is a member's wish to stay one; filed in time it keeps the membership over its last day.
type Renewal struct {
	At    time.Time `json:"at"`
	Grace time.Time `json:"grace"`
}

// Review is a second look that the applicant asked for.
type Review struct {
	At    time.Time `json:"at"`
	Of    State     `json:"of"`
	Words string    `json:"words,omitempty"`
	Not   []string  `json:"not_by,omitempty" doc:"Who decided first: the review is another's"`
}

// Cleared is a listed entry that the applicant was found not to be.
type Cleared struct {
	List      string    `json:"list"`
	Entry     string    `json:"entry"`
	Name      string    `json:"name,omitempty"`
	By        string    `json:"decided_by"`
	Confirmed string    `json:"confirmed_by"`
	At        time.Time `json:"at"`
}

// Answer is what a partner may be told of its applicant: these three, and no reason.
type Answer struct {
	Outcome    string    `json:"outcome" enum:"green,not_green,unable"`
	Reference  string    `json:"reference"`
	ValidUntil string    `json:"valid_until,omitempty"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
	Reason     string    `json:"reason,omitempty" doc:"Stays here"`
}

// kinds of forms.
var kindOf = map[string]Kind{form.Membership: Membership, form.Authorisation: Authorisation, form.Redress: Redress, form.Vetting: Vetting}

// subject is the applicant as screening sees them.
func (a *Application) subject() screening.Subject {
	p := &a.Form.Applicant
	s := screening.Subject{
		ID: screening.ID(a.ID), Domain: Name, Within: a.ID, Context: string(a.Kind) + " " + a.Ref, Sex: p.Sex,
		Names: []screening.Name{{Surname: p.FamilyName, Given: p.GivenNames}},
	}
	if p.Born != "" {
		s.Births = []string{p.Born}
	}
	if p.Nationality != "" {
		s.Countries = append(s.Countries, screening.Country{Code: country.ISO(p.Nationality), Role: "nationality"})
	}
	if d := &p.Document; d.Number != "" {
		s.Documents = []screening.Document{{Type: d.Type, Number: d.Number, Issuer: country.ISO(d.Issuer), Expires: d.Expiry}}
	}
	if a.Form.Contact.Phone != "" {
		s.Ties = append(s.Ties, screening.Tie{Kind: "phone", Value: a.Form.Contact.Phone})
	}
	if a.Form.Contact.Email != "" {
		s.Ties = append(s.Ties, screening.Tie{Kind: "email", Value: strings.ToLower(a.Form.Contact.Email)})
	}
	if a.Kind == Redress && a.Number != "" {
		s.Known = []string{screening.KnownBy(screening.Redress, a.Number)}
	}
	return s
}

// folded is what search looks in.
func (a *Application) folded() string {
	p := &a.Form.Applicant
	return strings.ToLower(strings.Join([]string{a.Ref, a.Number, p.FamilyName, p.GivenNames, p.Document.Number}, " "))
}

// move makes a move that was found allowed.
func (a *Application) move(to State, at time.Time, by, second, reason string) {
	a.History = append(a.History, Moved{At: at.UTC(), From: a.State, To: to, By: by, Second: second, Reason: reason})
	a.State, a.Proposal = to, nil
	a.Ended = time.Time{}
	if !to.live() || to == Answered {
		a.Ended = at.UTC()
	}
}

// deciders are the people who decided the last refusal, revocation, cancellation or inquiry.
func (a *Application) deciders() (names []string) {
	for i := len(a.History) - 1; i >= 0; i-- {
		switch m := a.History[i]; m.To {
		case Refused, Revoked, Cancelled, Answered:
			names = append(names, m.By)
			if m.Second != "" {
				names = append(names, m.Second)
			}
			return names
		}
	}
	return nil
}

// language is the applicant's.
func (a *Application) language() string {
	if a.Form.Contact.Language == "ar" {
		return "ar"
	}
	return "en"
}

// ahead says that lists that change may concern whoever it is about: while it is looked into, and while what it led to lasts.
// Who asked for redress and was answered is looked for no more.
func (a *Application) ahead() bool { return a.State.live() && a.State != Answered }

// waits says whether somebody at the desk has to act: 1, or 2 where a second person has.
func (a *Application) waits() int {
	switch {
	case a.Proposal != nil:
		return 2
	case a.State == InCheck, a.State == Pending, a.State == InReview, a.State == Booked, a.State == Enrolled, a.Renewal != nil, a.Overdue:
		return 1
	case a.State == Partner && a.Asked != nil && a.Asked.Outcome != "":
		return 1
	}
	return 0
}
