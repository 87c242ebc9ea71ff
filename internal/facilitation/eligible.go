package facilitation

import (
	"slices"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/facilitation/form"
)

// Reason is one thing that the rules of a programme say of an applicant.
type Reason struct {
	Code string `json:"code"`
	Bars bool   `json:"bars,omitempty" doc:"Nobody may approve over it; else a person weighs it"`
}

// The reasons, beside those for which a person looks at any application.
const (
	ReasonProgram     = "PROGRAM_UNKNOWN"
	ReasonNationality = "NATIONALITY_NOT_IN_PROGRAM"
	ReasonAge         = "BELOW_MINIMUM_AGE"
	ReasonConsent     = "NO_CONSENT"
	ReasonGuardian    = "NO_GUARDIAN"
	ReasonExpired     = "DOCUMENT_EXPIRED"
	ReasonUnread      = "CHIP_NOT_READ"
	ReasonPayment     = "NOT_PAID"
)

// Eligibility is what the rules say of an applicant for membership on a day. It is pure: findings and partners are looked at
// elsewhere.
func (d *Domain) Eligibility(a *Application, now time.Time) (out []Reason) {
	if a.Kind != Membership {
		return nil
	}
	say := func(code string, bars bool) { out = append(out, Reason{code, bars}) }
	f := &a.Form
	age := form.Age(f.Applicant.Born, now)
	p := d.settings.program(f.Program)
	switch {
	case p == nil:
		say(ReasonProgram, true)
	default:
		if len(p.Nationalities) > 0 && !slices.Contains(p.Nationalities, country.ISO(f.Applicant.Nationality)) {
			say(ReasonNationality, true)
		}
		if age < p.MinimumAge {
			say(ReasonAge, true)
		}
		if p.Fee != "" && (f.Payment == nil || f.Payment.Ref == "") {
			say(ReasonPayment, false)
		}
	}
	if !f.Allows("own_state_checks") {
		say(ReasonConsent, true)
	}
	if age >= 0 && age < 18 && f.Guardian == nil {
		say(ReasonGuardian, true)
	}
	if end, err := time.Parse(time.DateOnly, f.Applicant.Document.Expiry); err != nil || end.Before(now) {
		say(ReasonExpired, true)
	}
	if chip := f.Applicant.Document.Chip; chip == nil || !chip.Read {
		say(ReasonUnread, false)
	}
	for _, r := range a.Reasons {
		say(r, false)
	}
	if q := a.Asked; q != nil && q.Outcome != "" && q.Outcome != "green" {
		say(ReasonNotGreen, false)
	}
	return out
}

func (d *Domain) alpha2() string { return country.Alpha2(d.home) }
