package sharing

import (
	"context"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// Item is something an agreement may speak of, as the domain that holds it gives it: field by field, by the catalogue's
// names. What no item offers can still be given, typed by an officer.
type Item interface {
	// Categories are those of an agreement's shares that it answers for.
	Categories() []string
	// Find gives those of ours whom a request may mean, the likeliest first.
	Find(context.Context, store.Reader, Ask) ([]Candidate, error)
	// Fill gives what there is of one of them. It leaves out what is not there; what may leave is decided elsewhere.
	Fill(ctx context.Context, r store.Reader, ref string, a Ask) (Offer, error)
}

// Ask is what a request says to whoever holds the answer.
type Ask struct {
	Agreement, Share string // that it is asked under

	Category string
	Purpose  string
	Person   Person
	Journey  Journey
	Facts    string // in words; an incident has no person to name
	// Of vetting: the application, the programme and the consent it is asked for, as the partner names them.
	Application, Program, Consent string
	Prior                         string // what the reference the request names stands for, in the item's own terms; empty where it names none
}

// Person is whom a message is about.
type Person struct {
	FamilyName  string    `json:"family_name,omitempty" maxLength:"120"`
	GivenNames  string    `json:"given_names,omitempty" maxLength:"120"`
	DOB         string    `json:"dob,omitempty" doc:"YYYY-MM-DD, or as much of it as is known" pattern:"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$"`
	Nationality string    `json:"nationality,omitempty" maxLength:"3"`
	Sex         string    `json:"sex,omitempty" enum:"M,F,X,"`
	Document    *Document `json:"document,omitempty"`
}

// Document is a travel document as messages name it.
type Document struct {
	Type   string `json:"type,omitempty" maxLength:"2"`
	Number string `json:"number" maxLength:"40"`
	Issuer string `json:"issuer,omitempty" maxLength:"3"`
}

// Journey is a flight as messages name it.
type Journey struct {
	Carrier string `json:"carrier,omitempty" maxLength:"3"`
	Number  string `json:"number,omitempty" maxLength:"5"`
	Date    string `json:"date,omitempty" doc:"Of departure, local: YYYY-MM-DD"`
}

// Candidate is one of ours whom a request may mean.
type Candidate struct {
	Ref     string             `json:"ref"`
	Title   string             `json:"title"`
	Detail  string             `json:"detail,omitempty"`
	Score   float64            `json:"score,omitempty"`
	Finding *screening.Finding `json:"finding,omitempty"`
}

// Offer is what an item holds of a candidate.
type Offer struct {
	Values  map[string]any    // by the catalogue's names
	Record  agreement.Record  // what conditions may ask of it
	Subject agreement.Subject // and of whom it is about
}

// subject is the person as screening compares people.
func (p *Person) subject() screening.Subject {
	s := screening.Subject{Sex: p.Sex}
	if p.FamilyName != "" || p.GivenNames != "" {
		s.Names = []screening.Name{{Surname: p.FamilyName, Given: p.GivenNames}}
	}
	if p.DOB != "" {
		s.Births = []string{p.DOB}
	}
	if p.Nationality != "" {
		s.Countries = []screening.Country{{Code: country.ISO(p.Nationality), Role: "nationality"}}
	}
	if d := p.Document; d != nil && d.Number != "" {
		s.Documents = []screening.Document{{Type: d.Type, Number: d.Number, Issuer: country.ISO(d.Issuer)}}
	}
	return s
}

// about is the person as conditions see whom a request is about. An age nobody can tell is -1, which rules for children
// take for a child's.
func (p *Person) about(now time.Time) agreement.Subject {
	return agreement.Subject{Kind: "person", Nationality: country.Alpha2(p.Nationality), Age: ageOf(p.DOB, now)}
}

func ageOf(born string, now time.Time) int {
	b, err := time.Parse(time.DateOnly, born)
	if err != nil {
		if b, err = time.Parse("2006", born); err != nil { // a year alone: the youngest it allows
			return -1
		}
		return now.Year() - b.Year() - 1
	}
	years := now.Year() - b.Year()
	if now.Month() < b.Month() || now.Month() == b.Month() && now.Day() < b.Day() {
		years--
	}
	return years
}

func (p *Person) empty() bool {
	return strings.TrimSpace(p.FamilyName+p.GivenNames) == "" && (p.Document == nil || p.Document.Number == "")
}

// subjectIn is whom values speak of, so that rules about a person hold of what is given unasked too; nil where they name
// nobody.
func subjectIn(values map[string]any) *Person {
	text := func(name string) string { return textIn(values, name) }
	p := Person{FamilyName: text("person.family_name"), GivenNames: text("person.given_names"), DOB: text("person.dob"), Nationality: text("person.nationality"), Sex: text("person.sex")}
	if number := text("document.number"); number != "" {
		p.Document = &Document{Type: text("document.type"), Number: number, Issuer: text("document.issuer")}
	}
	if p.empty() && p.DOB == "" {
		return nil
	}
	return &p
}
