package sharing

import (
	"encoding/json"
	"slices"
	"time"
)

// request is what a REQUEST says.
type request struct {
	Subject          *Person  `json:"subject,omitempty"`
	Journey          *Journey `json:"journey,omitempty"`
	CaseRef          string   `json:"case_ref,omitempty"` // also in the header, where the partner reads it
	Justification    string   `json:"justification,omitempty"`
	HumanConfirmedBy string   `json:"human_confirmed_by,omitempty"`
	OffenceCode      string   `json:"offence_code,omitempty"`
	PenaltyYears     int      `json:"offence_penalty_years,omitempty"`
	Facts            string   `json:"facts,omitempty"`
	Follows          string   `json:"follows,omitempty"`
	HitConfirmed     bool     `json:"hit_confirmed,omitempty"`
	PriorReference   string   `json:"prior_reference,omitempty"`
	ApplicationRef   string   `json:"application_ref,omitempty"`
	ConsentRef       string   `json:"consent_ref,omitempty"`
	Program          string   `json:"program,omitempty"`
	UrgencyReason    string   `json:"urgency_reason,omitempty"`
	AnswersRefusal   string   `json:"answers_refusal,omitempty"`
	As               string   `json:"as,omitempty"`
	Urgent           bool     `json:"urgent,omitempty"`
}

// parts are what a request says of its subject, by the catalogue's names.
func (q *request) parts() map[string]*string {
	if q.Subject == nil {
		return nil
	}
	p := q.Subject
	parts := map[string]*string{
		"person.family_name": &p.FamilyName, "person.given_names": &p.GivenNames, "person.dob": &p.DOB,
		"person.nationality": &p.Nationality, "person.sex": &p.Sex,
	}
	if d := p.Document; d != nil {
		parts["document.type"], parts["document.number"], parts["document.issuer"] = &d.Type, &d.Number, &d.Issuer
	}
	return parts
}

func (q *request) fields() (names []string) {
	for name, value := range q.parts() {
		if *value != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// prune drops what a request may not say of its subject.
func (q *request) prune(keep []string) {
	if q.Subject == nil {
		return
	}
	subject := *q.Subject // it may be somebody else's
	if subject.Document != nil {
		document := *subject.Document
		subject.Document = &document
	}
	q.Subject = &subject
	for name, value := range q.parts() {
		if !slices.Contains(keep, name) {
			*value = ""
		}
	}
	if subject.Document != nil && subject.Document.Number == "" {
		subject.Document = nil
	}
}

// reply is what a REPLY says.
type reply struct {
	Result string         `json:"result"` // hit, no_hit, data
	Fields map[string]any `json:"fields"`
	Notes  []string       `json:"notes,omitempty"` // on the data's quality
	// Reference is the holder's name for the data, where it answers no earlier hit that has one.
	Reference string `json:"reference,omitempty"`
}

// UnmarshalJSON also takes the fields beside the result, as a partner without this program may write them.
func (a *reply) UnmarshalJSON(b []byte) error {
	type strict reply
	if err := json.Unmarshal(b, (*strict)(a)); err != nil {
		return err
	}
	if a.Fields == nil {
		if err := json.Unmarshal(b, &a.Fields); err != nil {
			return err
		}
		delete(a.Fields, "result")
		delete(a.Fields, "notes")
		delete(a.Fields, "reference")
	}
	if a.Result == "" {
		switch met, said := a.Fields["match.hit"].(bool); {
		case !said:
			a.Result = data
		case met:
			a.Result = hit
		default:
			a.Result = noHit
		}
	}
	return nil
}

type refusal struct {
	Code       string `json:"code"`
	Reason     string `json:"reason,omitempty"`
	Clause     string `json:"clause,omitempty"`
	MayRetry   bool   `json:"may_retry"`
	RetryAfter int64  `json:"retry_after,omitempty"` // seconds
}

// given is what a SHARE says.
type given struct {
	Fields        map[string]any `json:"fields,omitempty"`
	Reference     string         `json:"reference,omitempty"`
	Justification string         `json:"justification,omitempty"`
	ConfirmedBy   string         `json:"human_confirmed_by,omitempty"`
	Items         []givenItem    `json:"items,omitempty"` // several, instead of one
}

type receipt struct {
	Stored  bool       `json:"stored"`
	Fields  []string   `json:"fields,omitempty"`
	Dropped []string   `json:"dropped,omitempty"`
	EraseAt time.Time  `json:"erase_at,omitzero"`
	Refused []notTaken `json:"refused,omitempty"` // of several
}

type outcome struct {
	Result string `json:"result,omitempty"` // confirmed_same, not_same
	Use    string `json:"use,omitempty"`    // useful, not_useful
}

type correction struct {
	Reference string `json:"reference"`
	Field     string `json:"field"`
	Was       string `json:"was_digest,omitempty"`
	Now       any    `json:"now"`
	Reason    string `json:"reason,omitempty"`
}

type erasure struct {
	References []string `json:"references"`
	Cause      string   `json:"cause"` // expired, unlawful, wrong_person, withdrawn, court
}

// done answers a CORRECTION or an ERASE, or tells of an erasure that a clock made.
type done struct {
	For        string   `json:"for,omitempty"`
	Count      int      `json:"count"`
	OnwardTold []string `json:"onward_told,omitempty"`
	Proofs     []proof  `json:"proofs,omitempty"`
}

// proof is what stays of an erased record: what it was known by, a digest whose key was destroyed with it, when and why.
// The message that carries it is signed, and so is the log that holds the same.
type proof struct {
	Reference string    `json:"reference"`
	Digest    string    `json:"digest"`
	ErasedAt  time.Time `json:"erased_at"`
	Cause     string    `json:"cause"`
}

type doubt struct {
	Reference string `json:"reference"`
	Why       string `json:"why"`
}

type flag struct {
	Reference string `json:"reference"`
	Field     string `json:"field,omitempty"`
	On        bool   `json:"on"`
}

type suspend struct {
	Share     string    `json:"share"` // or all
	Cause     string    `json:"cause"`
	Reason    string    `json:"reason,omitempty"`
	Receiving bool      `json:"receiving,omitempty"` // only what would come to the party
	Party     string    `json:"party,omitempty"`
	From      time.Time `json:"from"`
}

type consentAsk struct {
	Reference string `json:"reference"`
	For       string `json:"for" enum:"onward,purpose"`
	To        string `json:"to,omitempty"`
	Purpose   string `json:"purpose,omitempty"`
	Why       string `json:"why"`
}

type consent struct {
	For        string `json:"for"`
	Yes        bool   `json:"yes"`
	Conditions string `json:"conditions,omitempty"`
}

type breach struct {
	What     string    `json:"what"`
	Found    time.Time `json:"found"`
	Whose    string    `json:"whose,omitempty"`
	Measures string    `json:"measures,omitempty"`
}

type proposal struct {
	Text string `json:"text"`
}

type signature struct {
	Party string `json:"party"`
	JWS   string `json:"jws"`
}

type pendingNotice struct {
	Expected time.Time `json:"expected_by"`
	Cause    string    `json:"cause"` // HUMAN, JUDICIAL, QUEUE
}
