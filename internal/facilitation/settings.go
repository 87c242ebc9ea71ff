package facilitation

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/rihla/rihla/formats/country"
)

//go:embed defaults.yaml
var defaults []byte

// Settings are what a state goes by.
type Settings struct {
	Programs      []Program          `yaml:"programs"`
	Membership    MembershipTerms    `yaml:"membership"`
	Partner       PartnerDays        `yaml:"partner_days"`
	Interview     InterviewTerms     `yaml:"interview"`
	Authorisation AuthorisationTerms `yaml:"authorisation"`
	Redress       RedressTerms       `yaml:"redress"`
	Review        ReviewTerms        `yaml:"review"`
	Working       []string           `yaml:"working_days"`
	Holidays      []string           `yaml:"holidays"`
	Lanes         LaneSettings       `yaml:"lanes"`
	Consent       string             `yaml:"consent_version"`
	Contact       string             `yaml:"contact"`

	working  map[time.Weekday]bool
	meeting  map[time.Weekday]bool
	holidays map[string]bool
}

// Program is a trusted-traveller programme.
type Program struct {
	Code          string   `yaml:"code" json:"code"`
	Host          string   `yaml:"host" json:"host"` // alpha-3
	Years         int      `yaml:"years" json:"years"`
	MinimumAge    int      `yaml:"minimum_age" json:"minimum_age"`
	Fee           string   `yaml:"fee" json:"fee,omitempty"`
	Currency      string   `yaml:"currency" json:"currency,omitempty"`
	Nationalities []string `yaml:"nationalities" json:"nationalities,omitempty"` // whose citizens may apply; none is all
}

// MembershipTerms are how memberships begin and end.
type MembershipTerms struct {
	DocumentMonths int `yaml:"document_months" json:"document_months"`
	GraceMonths    int `yaml:"grace_months" json:"grace_months"`
	DocumentGrace  int `yaml:"document_grace_days" json:"document_grace_days"`
	RenewMonths    int `yaml:"renew_months" json:"renew_months"`
	RefusedYears   int `yaml:"refused_years" json:"refused_years"`
}

// PartnerDays are when the applicant's own state is reminded, is late, and when the applicant is told.
type PartnerDays struct {
	Remind int `yaml:"remind"`
	Late   int `yaml:"late"`
	Tell   int `yaml:"tell"`
}

// InterviewTerms are where and when interviews are held.
type InterviewTerms struct {
	Halls    []string `yaml:"halls" json:"halls"`
	Weekdays []string `yaml:"weekdays" json:"weekdays"`
	ADay     int      `yaml:"a_day" json:"a_day"`
	From     int      `yaml:"from_days" json:"from_days"`
	Until    int      `yaml:"until_days" json:"until_days"`
}

// AuthorisationTerms are of whom a permit is asked, and how long it holds.
type AuthorisationTerms struct {
	Required        []string `yaml:"required" json:"required"`
	VisaFree        []string `yaml:"visa_free" json:"visa_free"`
	ExemptResidents []string `yaml:"exempt_residents" json:"exempt_residents"`
	ExemptMembers   bool     `yaml:"exempt_members" json:"exempt_members"`
	Years           int      `yaml:"years" json:"years"`
	Entries         string   `yaml:"entries" json:"entries"`
	DocumentMonths  int      `yaml:"document_months" json:"document_months"`
	Hours           int      `yaml:"hours" json:"hours"`
	NoticeHours     int      `yaml:"notice_hours" json:"notice_hours"`
}

// RedressTerms are redress's clocks, in working days.
type RedressTerms struct {
	Interim int `yaml:"interim_days" json:"interim_days"`
	Answer  int `yaml:"answer_days" json:"answer_days"`
	Holds   int `yaml:"holds_years" json:"holds_years"`
}

// ReviewTerms are how long an applicant has to ask for a review, and the state to answer.
type ReviewTerms struct {
	Apply  int `yaml:"apply_days" json:"apply_days"`
	Answer int `yaml:"answer_days" json:"answer_days"`
}

// ReadSettings reads an operator's file over the defaults; no bytes are the defaults.
func ReadSettings(text []byte) (*Settings, error) {
	s := &Settings{}
	for _, layer := range [][]byte{defaults, text} {
		if len(bytes.TrimSpace(layer)) == 0 {
			continue
		}
		if err := over(s, layer); err != nil {
			return nil, fmt.Errorf("facilitation.yaml: %w", err)
		}
	}
	return s, s.check()
}

// CheckSettings says what is wrong with an operator's file.
func CheckSettings(text []byte) error {
	_, err := ReadSettings(text)
	return err
}

// over takes from a file what it gives: a list replaces the list whole, a group only what is named in it.
func over(s *Settings, text []byte) error {
	if err := yaml.UnmarshalWithOptions(text, &Settings{}, yaml.Strict()); err != nil {
		return err
	}
	var given map[string]any
	if err := yaml.Unmarshal(text, &given); err != nil {
		return err
	}
	var file Settings
	if err := yaml.Unmarshal(text, &file); err != nil {
		return err
	}
	replace(reflect.ValueOf(s).Elem(), reflect.ValueOf(&file).Elem(), given)
	return nil
}

func replace(to, from reflect.Value, given map[string]any) {
	for i := range to.NumField() {
		name, _, _ := strings.Cut(to.Type().Field(i).Tag.Get("yaml"), ",")
		value, there := given[name]
		if !there || name == "" {
			continue
		}
		if inner, group := value.(map[string]any); group && to.Field(i).Kind() == reflect.Struct {
			replace(to.Field(i), from.Field(i), inner)
			continue
		}
		to.Field(i).Set(from.Field(i))
	}
}

var weekdays = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday,
}

func (s *Settings) check() error {
	var wrong []error
	complain := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("facilitation.yaml: "+format, args...))
	}
	countries := func(where string, codes []string) {
		for i, c := range codes {
			three, _, known := country.Normalise(c)
			if codes[i] = three; !known {
				complain("%s[%d]: %q is no country; write its three letters", where, i, c)
			}
		}
	}
	days := func(where string, names []string) map[time.Weekday]bool {
		out := map[time.Weekday]bool{}
		for i, n := range names {
			day, known := weekdays[strings.ToLower(n)]
			if !known {
				complain("%s[%d]: %q is no day of the week; write sunday to saturday", where, i, n)
			}
			out[day] = true
		}
		if len(out) == 0 {
			complain("%s: name at least one day", where)
		}
		return out
	}
	seen := map[string]bool{}
	for i := range s.Programs {
		p := &s.Programs[i]
		hosts := []string{p.Host}
		countries(fmt.Sprintf("programs[%d].host", i), hosts)
		p.Host = hosts[0]
		countries(fmt.Sprintf("programs[%d].nationalities", i), p.Nationalities)
		if p.Code == "" || seen[p.Code] {
			complain("programs[%d].code: every programme has a code of its own", i)
		}
		seen[p.Code] = true
		if p.Years < 1 || p.Years > 10 {
			complain("programs[%d].years is %d; a membership lasts from 1 to 10", i, p.Years)
		}
	}
	a := &s.Authorisation
	countries("authorisation.required", a.Required)
	countries("authorisation.visa_free", a.VisaFree)
	countries("authorisation.exempt_residents", a.ExemptResidents)
	if a.Entries != single && a.Entries != "multiple" {
		complain("authorisation.entries is %q; write single or multiple", a.Entries)
	}
	for _, n := range []struct {
		where string
		value int
	}{
		{"authorisation.years", a.Years}, {"authorisation.hours", a.Hours}, {"membership.grace_months", s.Membership.GraceMonths}, {"membership.renew_months", s.Membership.RenewMonths},
		{"partner_days.remind", s.Partner.Remind}, {"redress.interim_days", s.Redress.Interim}, {"redress.holds_years", s.Redress.Holds},
		{"review.apply_days", s.Review.Apply}, {"review.answer_days", s.Review.Answer}, {"interview.a_day", s.Interview.ADay},
	} {
		if n.value < 1 {
			complain("%s is %d; it is at least 1", n.where, n.value)
		}
	}
	if s.Partner.Remind >= s.Partner.Late || s.Partner.Late >= s.Partner.Tell {
		complain("partner_days: remind comes before late, and late before tell")
	}
	if s.Redress.Interim >= s.Redress.Answer {
		complain("redress: interim_days come before answer_days")
	}
	if s.Interview.From < 0 || s.Interview.Until <= s.Interview.From {
		complain("interview: until_days come after from_days")
	}
	if len(s.Interview.Halls) == 0 {
		complain("interview.halls: name at least one")
	}
	s.working, s.meeting = days("working_days", s.Working), days("interview.weekdays", s.Interview.Weekdays)
	s.Lanes.check(complain, countries)
	s.holidays = map[string]bool{}
	for i, h := range s.Holidays {
		if _, err := time.Parse(time.DateOnly, h); err != nil {
			complain("holidays[%d]: %q is no date; write 2026-12-16", i, h)
		}
		s.holidays[h] = true
	}
	return errors.Join(wrong...)
}

// program finds one by its code.
func (s *Settings) program(code string) *Program {
	for i := range s.Programs {
		if s.Programs[i].Code == code {
			return &s.Programs[i]
		}
	}
	return nil
}

// permitAsked says whether a permit is asked of a nationality.
func (s *Settings) permitAsked(nationality string) bool {
	return slices.Contains(s.Authorisation.Required, nationality) && !slices.Contains(s.Authorisation.VisaFree, nationality)
}

// afterWorkingDays is the end of the n-th working day after an instant.
func (s *Settings) afterWorkingDays(from time.Time, n int) time.Time {
	day := from.UTC().Truncate(24 * time.Hour)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if s.works(day) {
			n--
		}
	}
	return day.Add(24 * time.Hour)
}

// workingDays counts those between two instants: the first day is not counted, the last is.
func (s *Settings) workingDays(from, to time.Time) (n int) {
	last := to.UTC().Truncate(24 * time.Hour)
	for day := from.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1); !day.After(last); day = day.AddDate(0, 0, 1) {
		if s.works(day) {
			n++
		}
	}
	return n
}

func (s *Settings) works(day time.Time) bool {
	return s.working[day.Weekday()] && !s.holidays[day.Format(time.DateOnly)]
}
