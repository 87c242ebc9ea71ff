package agreement

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Duration is an ISO 8601 duration, P5Y or PT48H, counted by the calendar: a year is from a day to the same day of the next
// year, however many days lie between. The zero Duration is one that the document does not give; PT0S is at once.
type Duration struct {
	months  int
	seconds int64 // days are 24 hours: days of an agreement are UTC days
	text    string
}

var durationForm = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?(T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)

// ParseDuration reads a duration: years, months, days, then T and hours, minutes, seconds, in whole numbers.
func ParseDuration(text string) (Duration, error) {
	m := durationForm.FindStringSubmatch(text)
	if m == nil || text == "P" || m[4] == "T" {
		return Duration{}, fmt.Errorf("%q is no duration: write P5Y, P6M, P30D, PT48H or PT15M", text)
	}
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(m[i], 10, 64) // digits, few of them, or none
		return n
	}
	return Duration{
		months:  int(12*number(1) + number(2)),
		seconds: 86400*number(3) + 3600*number(5) + 60*number(6) + number(7),
		text:    text,
	}, nil
}

// IsZero says that the document gives none.
func (d Duration) IsZero() bool { return d.text == "" }

// String is the duration as the document writes it.
func (d Duration) String() string { return d.text }

// MarshalJSON writes the duration as the document does.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.text) }

// After is the instant at which the duration that began at t ends. A month from the 31st ends on the last day of a shorter
// month, never in the one after it: what is kept too long is kept against the agreement.
func (d Duration) After(t time.Time) time.Time {
	t = t.UTC()
	if d.months > 0 {
		year, month, day := t.Date()
		first := time.Date(year, month+time.Month(d.months), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1).Day()
		t = time.Date(first.Year(), first.Month(), min(day, last), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	}
	// In steps that time.Duration holds.
	days := int(d.seconds / 86400)
	return t.AddDate(0, 0, days).Add(time.Duration(d.seconds%86400) * time.Second)
}

// Before is the latest instant at which what began then, or earlier, has ended by t. On the last day of a month that is the
// last day of a month too: what is kept too long is kept against the agreement.
func (d Duration) Before(t time.Time) time.Time {
	t = t.UTC().Add(-time.Duration(d.seconds%86400)*time.Second).AddDate(0, 0, -int(d.seconds/86400))
	if d.months == 0 {
		return t
	}
	year, month, day := t.Date()
	first := time.Date(year, month-time.Month(d.months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	if t.AddDate(0, 0, 1).Day() == 1 {
		day = last
	}
	return time.Date(first.Year(), first.Month(), min(day, last), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// Longer says whether the duration may last longer than another, whenever both begin: 31 days are longer than a month,
// for there is February. So a limit in years holds against days as the calendar has them.
func (d Duration) Longer(than Duration) bool {
	months, seconds := d.months-than.months, d.seconds-than.seconds
	switch {
	case months >= 0 && seconds >= 0:
		return months > 0 || seconds > 0
	case months <= 0 && seconds <= 0:
		return false
	case months > 0:
		_, longest := daysIn(months)
		return longest*86400 > -seconds
	default:
		shortest, _ := daysIn(-months)
		return seconds > shortest*86400
	}
}

// Equal says whether two durations always last equally long, however they are written: P1D and PT24H.
func (d Duration) Equal(as Duration) bool {
	return d.IsZero() == as.IsZero() && d.months == as.months && d.seconds == as.seconds
}

// daysIn is how few and how many days some months can have, from whichever month of four years they begin.
func daysIn(months int) (fewest, most int64) {
	for start := range 48 {
		from := time.Date(2001, time.Month(1+start), 1, 0, 0, 0, 0, time.UTC)
		days := int64(from.AddDate(0, months, 0).Sub(from) / (24 * time.Hour))
		if start == 0 || days < fewest {
			fewest = days
		}
		most = max(most, days)
	}
	return fewest, most
}

// Date is a UTC day.
type Date struct{ time.Time }

// ParseDate reads YYYY-MM-DD.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no day: write YYYY-MM-DD", text)
	}
	return Date{t}, nil
}

// String is the day as YYYY-MM-DD.
func (d Date) String() string { return d.Format(time.DateOnly) }

// MarshalJSON writes YYYY-MM-DD.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }
