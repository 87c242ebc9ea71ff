// Package instant reads, orders and writes the timestamps of STIX and TAXII: RFC 3339, always in UTC and with a Z, of
// any number of fractional digits. They are kept as they were received and compared as instants.
//
// Call Parse, Compare and Format. The package knows no clock.
package instant

import (
	"strings"
	"time"
)

const seconds = len("2006-01-02T15:04:05")

// Valid tells a timestamp as the standard wants it, on a day that exists. Second 60 is one.
func Valid(s string) bool {
	if len(s) <= seconds || s[len(s)-1] != 'Z' {
		return false
	}
	const form = "0000-00-00T00:00:00"
	for i := range form {
		if c := s[i]; form[i] == '0' && (c < '0' || c > '9') || form[i] != '0' && c != form[i] {
			return false
		}
	}
	month, day := two(s, 5), two(s, 8)
	if month < 1 || month > 12 || day < 1 || day > daysIn(month, two(s, 0)*100+two(s, 2)) || two(s, 11) > 23 || two(s, 14) > 59 || two(s, 17) > 60 {
		return false
	}
	fraction := s[seconds : len(s)-1]
	if fraction == "" {
		return true
	}
	if fraction[0] != '.' || len(fraction) == 1 {
		return false
	}
	for i := 1; i < len(fraction); i++ {
		if fraction[i] < '0' || fraction[i] > '9' {
			return false
		}
	}
	return true
}

// Digits is the number of fractional digits of a valid timestamp.
func Digits(s string) int { return max(0, len(s)-seconds-len(".Z")) }

// Parse answers the time of a valid timestamp, to the nanosecond. Second 60 is the next minute's first.
func Parse(s string) (time.Time, bool) {
	if !Valid(s) {
		return time.Time{}, false
	}
	nanos, scale := 0, int(time.Second)
	for i := seconds + 1; i < len(s)-1 && scale > 1; i++ {
		scale /= 10
		nanos += int(s[i]-'0') * scale
	}
	return time.Date(two(s, 0)*100+two(s, 2), time.Month(two(s, 5)), two(s, 8), two(s, 11), two(s, 14), two(s, 17), nanos, time.UTC), true
}

// Compare orders two valid timestamps, of whatever precision.
func Compare(a, b string) int {
	if c := strings.Compare(a[:seconds], b[:seconds]); c != 0 {
		return c
	}
	fraction := func(s string) string { return strings.TrimRight(strings.Trim(s[seconds:], ".Z"), "0") }
	return strings.Compare(fraction(a), fraction(b))
}

// Format writes a time with three fractional digits, or with six where it has them.
func Format(t time.Time) string {
	const fine, coarse = "2006-01-02T15:04:05.000000Z", "2006-01-02T15:04:05.000Z"
	if t.Nanosecond()/int(time.Microsecond)%1000 != 0 {
		return t.UTC().Format(fine)
	}
	return t.UTC().Format(coarse)
}

func two(s string, at int) int { return int(s[at]-'0')*10 + int(s[at+1]-'0') }

func daysIn(month, year int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
