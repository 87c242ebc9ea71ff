// Package form reads and checks what travellers apply with: rihla.tt-application/v1 (trusted traveller),
// rihla.eta-application/v1 (authorisation to travel), rihla.redress-application/v1, and rihla.vetting-subject/v1, by which an
// officer takes up a partner's question about an applicant.
//
// Call [Read]. It answers the form with all that is wrong with it at once, each fault with its place and a stable code, so
// that a person mends everything in one go; [Form.Check] alone does the same of a form that was put together here. A member
// the schema does not have is not kept, and one that would hold sensitive data is refused.
//
// The package knows no store, no clock (a form is checked as of a day it is told) and nothing of what becomes of a form.
// Machine-readable zones are read as ICAO Doc 9303 has them.
package form

import "time"

// The schemas.
const (
	Membership    = "rihla.tt-application/v1"
	Authorisation = "rihla.eta-application/v1"
	Redress       = "rihla.redress-application/v1"
	Vetting       = "rihla.vetting-subject/v1"
)

// MaxBytes is what a form may have: the longest honest one has a tenth of it.
const MaxBytes = 64 << 10

// Form is what somebody applies with, or what an officer files of a partner's applicant.
type Form struct {
	Schema       string      `json:"schema" enum:"rihla.tt-application/v1,rihla.eta-application/v1,rihla.redress-application/v1,rihla.vetting-subject/v1"`
	ID           string      `json:"id,omitempty" doc:"The reference; given by the state where it is left out"`
	Program      string      `json:"program,omitempty" doc:"Of a trusted traveller"`
	Home         string      `json:"home,omitempty" doc:"State of the applicant, alpha-2"`
	Host         string      `json:"host,omitempty" doc:"State of the programme, alpha-2"`
	State        string      `json:"state,omitempty" doc:"Of an authorisation or of redress: the state asked, alpha-2"`
	Applicant    Applicant   `json:"applicant"`
	Contact      Contact     `json:"contact,omitzero"`
	Addresses    []Address   `json:"addresses,omitempty"`
	Work         []Work      `json:"work,omitempty"`
	Travel       []string    `json:"travel_5y,omitempty" doc:"Countries visited in five years, alpha-2"`
	Purpose      string      `json:"purpose,omitempty" doc:"Of an authorisation: tourism, business, family, transit, medical, study, official"`
	Arrival      string      `json:"arrival,omitempty" doc:"YYYY-MM-DD"`
	HostAddress  Place       `json:"host_address,omitzero"`
	Declarations Declared    `json:"declarations,omitempty"`
	Consent      *Consent    `json:"consent,omitempty"`
	Guardian     *Guardian   `json:"guardian,omitempty"`
	Payment      *Payment    `json:"payment,omitempty"`
	SelfieMatch  float64     `json:"selfie_chip_match,omitempty" doc:"How well the selfie fits the chip's picture, 0 to 1; neither picture is kept"`
	Stops        []Stop      `json:"stops,omitempty" doc:"Of redress: when and where the traveller was stopped"`
	Account      string      `json:"account,omitempty" doc:"Of redress: what happened, in the traveller's words; say nothing of health or belief"`
	Question     *Question   `json:"question,omitempty" doc:"Of a vetting: the partner's question"`
	SubmittedAt  string      `json:"submitted_at,omitempty" doc:"RFC 3339; set by the state where it is left out"`
	Access       *AccessMark `json:"access,omitempty" doc:"Set by the state: by what the applicant is known on the status page"`
}

// Applicant is who applies, as their document says.
type Applicant struct {
	FamilyName  string   `json:"family_name"`
	GivenNames  string   `json:"given_names"`
	Born        string   `json:"dob" doc:"YYYY-MM-DD"`
	Sex         string   `json:"sex,omitempty" enum:"M,F,X"`
	Nationality string   `json:"nationality" doc:"alpha-3"`
	Document    Document `json:"document"`
}

// Document is a travel document.
type Document struct {
	Type   string   `json:"type" doc:"P for a passport"`
	Number string   `json:"number"`
	Issuer string   `json:"issuer" doc:"alpha-3"`
	Expiry string   `json:"expiry,omitempty" doc:"YYYY-MM-DD"`
	MRZ    []string `json:"mrz,omitempty" doc:"The lines of the machine-readable zone"`
	Chip   *Chip    `json:"chip,omitempty"`
}

// Chip is what reading the document's chip came to: the result, never the data.
type Chip struct {
	Read    bool                   `json:"read"`
	Passive *PassiveAuthentication `json:"passive_authentication,omitempty"`
}

// PassiveAuthentication is each of its answers apart.
type PassiveAuthentication struct {
	Hash      bool `json:"hash_ok"`
	Signature bool `json:"signature_ok"`
	Chain     bool `json:"chain_ok"`
	Revoked   bool `json:"revoked"`
	Expired   bool `json:"expired,omitempty"`
}

// Holds says that the chip is what its issuer wrote.
func (p *PassiveAuthentication) Holds() bool {
	return p != nil && p.Hash && p.Signature && p.Chain && !p.Revoked
}

// Contact is how the applicant is reached.
type Contact struct {
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Language string `json:"language,omitempty" enum:"en,ar"`
}

// Address is where somebody lived, month by month; no To is until now.
type Address struct {
	From    string   `json:"from" doc:"YYYY-MM"`
	To      string   `json:"to,omitempty"`
	Lines   []string `json:"lines,omitempty"`
	City    string   `json:"city"`
	Country string   `json:"country" doc:"alpha-2"`
}

// Work is where somebody worked.
type Work struct {
	From     string `json:"from"`
	To       string `json:"to,omitempty"`
	Employer string `json:"employer"`
	Role     string `json:"role,omitempty"`
	Country  string `json:"country"`
}

// Place is an address as far as an authorisation needs it.
type Place struct {
	Name    string `json:"name,omitempty"`
	City    string `json:"city,omitempty"`
	Country string `json:"country,omitempty"`
}

// Declared are the applicant's answers, yes or no, by what was asked.
type Declared map[string]bool

// Consent is what the applicant allows.
type Consent struct {
	Version  string   `json:"text_version"`
	Language string   `json:"language,omitempty"`
	GivenAt  string   `json:"given_at"`
	Allows   []string `json:"allows" doc:"own_state_checks, partner_vetting"`
	Ref      string   `json:"ref,omitempty"`
	By       string   `json:"given_by,omitempty" doc:"guardian, where the applicant is a minor"`
}

// Guardian speaks for a minor.
type Guardian struct {
	Relation    string `json:"relation"`
	Application string `json:"application,omitempty" doc:"The guardian's own, by its reference"`
	ConsentRef  string `json:"consent_ref,omitempty"`
}

// Payment is a receipt of the fee.
type Payment struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Ref      string `json:"ref"`
}

// Stop is one time the traveller was stopped.
type Stop struct {
	Flight string `json:"flight,omitempty"`
	Date   string `json:"date,omitempty"`
	Place  string `json:"place,omitempty"`
}

// Question is what a partner state asked of its applicant.
type Question struct {
	Thread         string `json:"thread,omitempty" doc:"Of the exchange"`
	Program        string `json:"program,omitempty"`
	ApplicationRef string `json:"application_ref,omitempty"`
	ConsentRef     string `json:"consent_ref,omitempty"`
}

// AccessMark is what a status page is opened with: the digest of a secret that only the applicant has.
type AccessMark struct {
	Digest string `json:"secret_sha256"`
}

// Allows says whether the applicant allows something.
func (f *Form) Allows(what string) bool {
	if f.Consent == nil {
		return false
	}
	for _, a := range f.Consent.Allows {
		if a == what {
			return true
		}
	}
	return false
}

// Submitted is when it was; zero where it does not say.
func (f *Form) Submitted() time.Time {
	t, err := time.Parse(time.RFC3339, f.SubmittedAt)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Yes are the questions the applicant answered with yes, in the order of their names.
func (d Declared) Yes() []string { return d.answered(true) }
