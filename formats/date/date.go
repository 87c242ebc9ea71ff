// Package date holds calendar dates as airlines know them: sometimes a year only, sometimes a day without its
// year, and hours of the clock in some airport's own time.
//
// A codec reads digits with [Digits] and resolves a two-digit year with [Birth] or [Expiry], against the date of
// the flight, for there is no clock here. Dates print as ISO 8601 does, as far as they are known.
package date

import (
	"errors"
	"time"
)

// Date is a day of the calendar, as far as it is known: 0 is unknown. With no year it is a day of any year.
type Date struct {
	Year       int16
	Month, Day int8
}

// Of is the date of an instant, in its own zone.
func Of(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return Date{int16(t.Year()), int8(t.Month()), int8(t.Day())}
}

// IsZero tells that nothing is known.
func (d Date) IsZero() bool { return d == Date{} }

// Full tells that year, month and day are known.
func (d Date) Full() bool { return d.Year > 0 && d.Month > 0 && d.Day > 0 }

// Valid tells whether the known parts make sense together; a day needs its month.
func (d Date) Valid() bool {
	switch {
	case d.Year < 0 || d.Month < 0 || d.Month > 12 || d.Day < 0 || d.Day > 31, d.Day > 0 && d.Month == 0, d.IsZero():
		return false
	case d.Day == 0:
		return true
	}
	return d.Day <= days(d.Year, d.Month)
}

// days in a month; a February of no known year has 29.
func days(year int16, month int8) int8 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year > 0 && (year%4 != 0 || year%100 == 0 && year%400 != 0) {
			return 28
		}
		return 29
	}
	return 31
}

// Compare orders two dates by what is known of them, -1, 0 or 1; unknown parts come first.
func (d Date) Compare(e Date) int {
	a, b := d.order(), e.order()
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (d Date) order() int { return int(d.Year)*10000 + int(d.Month)*100 + int(d.Day) }

// Time is the start of the day in UTC; zero unless the date is full.
func (d Date) Time() time.Time {
	if !d.Full() {
		return time.Time{}
	}
	return time.Date(int(d.Year), time.Month(d.Month), int(d.Day), 0, 0, 0, 0, time.UTC)
}

// Append writes YYYY-MM-DD, YYYY-MM, YYYY, --MM-DD, or nothing.
func (d Date) Append(b []byte) []byte {
	switch {
	case d.Year == 0 && d.Month > 0 && d.Day > 0:
		return two(append(two(append(b, "--"...), int(d.Month)), '-'), int(d.Day))
	case d.Year == 0:
		return b
	}
	b = two(two(b, int(d.Year)/100), int(d.Year)%100)
	if d.Month > 0 {
		b = two(append(b, '-'), int(d.Month))
		if d.Day > 0 {
			b = two(append(b, '-'), int(d.Day))
		}
	}
	return b
}

func two(b []byte, n int) []byte { return append(b, '0'+byte(n/10%10), '0'+byte(n%10)) }

// String is what Append writes.
func (d Date) String() string { return string(d.Append(make([]byte, 0, 10))) }

// MarshalText writes what Append does.
func (d Date) MarshalText() ([]byte, error) { return d.Append(nil), nil }

var errText = errors.New("a date is YYYY-MM-DD, YYYY-MM, YYYY or --MM-DD")

// UnmarshalText reads what Append writes.
func (d *Date) UnmarshalText(text []byte) error {
	s := string(text)
	var r Date
	var ok bool
	switch {
	case s == "":
		*d = Date{}
		return nil
	case len(s) == 7 && s[:2] == "--" && s[4] == '-':
		r, ok = Digits("0000" + s[2:4] + s[5:])
	case len(s) == 4:
		r, ok = Digits(s + "0000")
	case len(s) == 7 && s[4] == '-':
		r, ok = Digits(s[:4] + s[5:] + "00")
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		r, ok = Digits(s[:4] + s[5:7] + s[8:])
	}
	if !ok || !r.Valid() {
		return errText
	}
	*d = r
	return nil
}

// Digits reads CCYYMMDD without judging it: 00 is unknown.
func Digits(s string) (Date, bool) {
	if len(s) != 8 {
		return Date{}, false
	}
	y1, ok1 := pair(s[0], s[1])
	y2, ok2 := pair(s[2], s[3])
	m, ok3 := pair(s[4], s[5])
	d, ok4 := pair(s[6], s[7])
	return Date{int16(y1*100 + y2), int8(m), int8(d)}, ok1 && ok2 && ok3 && ok4
}

// Short reads YYMMDD with the year within the century from 0 to 99, without judging it: 00 is unknown, and so is a
// month or day of fillers (<< or XX). A year of fillers is -1.
func Short(s string) (yy int, month, day int8, ok bool) {
	if len(s) != 6 {
		return 0, 0, 0, false
	}
	yy, ok1 := filled(s[0], s[1], -1)
	m, ok2 := filled(s[2], s[3], 0)
	d, ok3 := filled(s[4], s[5], 0)
	return yy, int8(m), int8(d), ok1 && ok2 && ok3
}

func filled(a, b byte, unknown int) (int, bool) {
	if a == '<' && b == '<' || a == 'X' && b == 'X' {
		return unknown, true
	}
	return pair(a, b)
}

func pair(a, b byte) (int, bool) {
	if a < '0' || a > '9' || b < '0' || b > '9' {
		return 0, false
	}
	return int(a-'0')*10 + int(b-'0'), true
}

// Birth reads YYMMDD of a birth that is not after the reference (the flight): 26 is 2026 on a flight of late 2026,
// and 1926 the day before. Of a year only, the year decides. With no reference the year must be full elsewhere:
// then the result is a date of this century's first half or of the last.
func Birth(s string, reference Date) (Date, bool) {
	yy, month, day, ok := Short(s)
	if !ok {
		return Date{}, false
	}
	if yy < 0 || yy == 0 && month == 0 && day == 0 {
		d := Date{0, month, day}
		return d, d.IsZero() || d.Month > 0 && d.Day > 0 && d.Valid()
	}
	if reference.Year == 0 {
		reference = Date{2049, 12, 31}
	}
	d := Date{int16(int(reference.Year)/100*100 + yy), month, day}
	if after(d, reference) {
		d.Year -= 100
	}
	return d, d.Valid()
}

// after compares as far as both are known.
func after(d, e Date) bool {
	if d.Year != e.Year {
		return d.Year > e.Year
	}
	if d.Month == 0 || e.Month == 0 || d.Month != e.Month {
		return d.Month > e.Month && e.Month > 0
	}
	return d.Day > e.Day && e.Day > 0
}

// Years that a document may have expired before the flight, or run on after it.
const (
	ExpiredFor = 20
	ValidFor   = 79
)

// Expiry reads YYMMDD of an expiry (or issue) between 20 years before the reference and 79 after it.
func Expiry(s string, reference Date) (Date, bool) {
	yy, month, day, ok := Short(s)
	if !ok || yy < 0 {
		return Date{}, false
	}
	if yy == 0 && month == 0 && day == 0 {
		return Date{}, true
	}
	year := int(reference.Year)
	if year == 0 {
		year = 2020 // of the century only the window matters: 2000 to 2099
	}
	full := year/100*100 + yy
	switch {
	case full > year+ValidFor:
		full -= 100
	case full < year-ExpiredFor:
		full += 100
	}
	d := Date{int16(full), month, day}
	return d, d.Valid()
}

// Local is a date with the hour of the clock where it is meant: an airport's own time, without offset.
type Local struct {
	Date
	Hour, Minute int8
	Timed        bool // the hour is known
}

// Append writes YYYY-MM-DDTHH:MM, or the date alone where no hour is known.
func (l Local) Append(b []byte) []byte {
	b = l.Date.Append(b)
	if l.Timed && l.Full() {
		b = two(append(two(append(b, 'T'), int(l.Hour)), ':'), int(l.Minute))
	}
	return b
}

// String is what Append writes.
func (l Local) String() string { return string(l.Append(make([]byte, 0, 16))) }

// MarshalText writes what Append does.
func (l Local) MarshalText() ([]byte, error) { return l.Append(nil), nil }

// UnmarshalText reads what Append writes.
func (l *Local) UnmarshalText(text []byte) error {
	var r Local
	if len(text) == 16 && text[10] == 'T' && text[13] == ':' {
		ok := r.clock(string(text[11:13]) + string(text[14:]))
		if !ok {
			return errText
		}
		text = text[:10]
	}
	if err := r.Date.UnmarshalText(text); err != nil {
		return err
	}
	*l = r
	return nil
}

// clock reads HHMM.
func (l *Local) clock(s string) bool {
	if len(s) != 4 {
		return false
	}
	h, ok1 := pair(s[0], s[1])
	m, ok2 := pair(s[2], s[3])
	l.Hour, l.Minute, l.Timed = int8(h), int8(m), true
	return ok1 && ok2 && h < 24 && m < 60
}

// At puts an hour of the clock, HHMM, to a date. It is false where there is no such hour.
func At(d Date, hhmm string) (Local, bool) {
	l := Local{Date: d}
	ok := l.clock(hhmm)
	return l, ok
}

// Time is the local time written as if it were UTC; zero unless the date is full. It places nothing in the
// world: for that the airport's zone is needed.
func (l Local) Time() time.Time {
	t := l.Date.Time()
	if t.IsZero() || !l.Timed {
		return t
	}
	return t.Add(time.Duration(l.Hour)*time.Hour + time.Duration(l.Minute)*time.Minute)
}

// IsZero tells that nothing is known.
func (l Local) IsZero() bool { return l == Local{} }
