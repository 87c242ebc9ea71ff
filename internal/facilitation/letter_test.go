package facilitation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Every letter has words in both languages, filled in whole; each that takes something away names the review.
func TestLetters(t *testing.T) {
	t.Parallel()
	d := New(Options{Home: "BHR"})
	adverse := []LetterKind{LetterRefused, LetterSuspended, LetterRevoked, LetterCancelled, LetterRedress}
	if len(words["en"]) != len(words["ar"]) {
		t.Error("the languages have different letters")
	}
	for language, all := range words {
		for kind := range all {
			for _, of := range []Kind{Membership, Authorisation, Redress} {
				a := &Application{Ref: "TT-1234567890", Kind: of, Number: "M1234567890", Until: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)}
				text := d.text(a, Letter{kind, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, language)
				if text == "" || strings.ContainsAny(text, "{}") {
					t.Errorf("%s %s: %q", language, kind, text)
				}
				review := map[string]string{"en": "review", "ar": "المراجعة"}[language]
				if slices.Contains(adverse, kind) && (!strings.Contains(text, review) || !strings.Contains(text, "30") || !strings.Contains(text, "60")) {
					t.Errorf("%s %s does not name the review: %q", language, kind, text)
				}
			}
		}
	}
}

// The end of the n-th working day is n working days away, and no holiday.
func TestWorkingDays(t *testing.T) {
	t.Parallel()
	s, err := ReadSettings([]byte("holidays: [2026-12-16, 2026-12-17]\n"))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 90*24).Draw(t, "hour")) * time.Hour)
		n := rapid.IntRange(1, 40).Draw(t, "days")
		end := s.afterWorkingDays(from, n)
		if got := s.workingDays(from, end.Add(-time.Second)); got != n {
			t.Fatalf("%d working days after %s is %s, which are %d", n, from, end, got)
		}
		if last := end.Add(-time.Second); !s.works(last.Truncate(24 * time.Hour)) {
			t.Fatalf("%s is none", last)
		}
	})
	if got := s.afterWorkingDays(time.Date(2026, 12, 15, 10, 0, 0, 0, time.UTC), 1).Format(time.DateOnly); got != "2026-12-21" {
		t.Errorf("after the holidays and the weekend: %s", got)
	}
}

// An operator's file overrides the defaults, or is refused with its place.
func TestSettings(t *testing.T) {
	t.Parallel()
	s, err := ReadSettings([]byte("authorisation: {years: 1, required: [GB, jor]}\nmembership: {grace_months: 6}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Authorisation.Years != 1 || s.Authorisation.Hours != 72 || !s.permitAsked("GBR") || !s.permitAsked("JOR") || s.permitAsked("PRT") || s.Membership.GraceMonths != 6 || s.Membership.RenewMonths != 12 || len(s.Programs) != 2 {
		t.Errorf("%+v", s)
	}
	for text, want := range map[string]string{
		"programme: []":                            "programme",
		"authorisation: {required: [QQQ]}":         "authorisation.required[0]",
		"authorisation: {entries: some}":           "authorisation.entries",
		"authorisation: {hours: soon}":             "hours",
		"working_days: [funday]":                   "working_days[0]",
		"holidays: [tomorrow]":                     "holidays[0]",
		"programs: [{code: a, host: BHR}]":         "years",
		"partner_days: {late: 3}":                  "remind comes before late",
		"interview: {halls: []}":                   "interview.halls",
		"redress: {interim_days: 40}":              "interim_days",
		"programs: [{code: a, host: X, years: 5}]": "programs[0].host",
	} {
		if err := CheckSettings([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, wanted something about %s", text, err, want)
		}
	}
}
