package pnrgov

import (
	"time"

	"github.com/rihla/rihla/formats/date"
)

// padisDate reads DDMMYY, the date of every segment in the body (UNB alone has YYMMDD), and DDMMYYYY. A push is
// about flights and transactions of this century.
func padisDate(v string) (date.Date, bool) {
	if !digits(v) || len(v) != 6 && len(v) != 8 {
		return date.Date{}, false
	}
	year := 2000 + two(v[4:])
	if len(v) == 8 {
		year = two(v[4:])*100 + two(v[6:])
	}
	d := date.Date{Year: int16(year), Month: int8(two(v[2:])), Day: int8(two(v))}
	return d, d.Full() && d.Valid()
}

func two(v string) int { return int(v[0]-'0')*10 + int(v[1]-'0') }

// instant reads DDMMYY and HHMM or HHMMSS, both UTC (RCI, DAT). Without a time it is the start of the day; an
// unreadable time leaves the day and is not timed.
func instant(day, clock string) (t time.Time, timed, ok bool) {
	d, ok := padisDate(day)
	if !ok {
		return time.Time{}, false, false
	}
	t = d.Time()
	if clock == "" {
		return t, false, true
	}
	if len(clock) != 4 && len(clock) != 6 || !digits(clock) {
		return t, false, false
	}
	h, m, s := two(clock), two(clock[2:]), 0
	if len(clock) == 6 {
		s = two(clock[4:])
	}
	if h > 23 || m > 59 || s > 59 {
		return t, false, false
	}
	return t.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second), true, true
}

var months = [12]string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}

// worded splits 7JUN62, 07JUN62, 07JUN1962 and 1962-06-07; year is within the century where it has two digits.
func worded(v string) (day, month, year int, ok bool) {
	if !dateShaped(v) {
		return 0, 0, 0, false
	}
	if v[4:5] == "-" && len(v) == 10 {
		return two(v[8:]), two(v[5:]), two(v)*100 + two(v[2:]), true
	}
	i := 1
	day = int(v[0] - '0')
	if isDigit(v[1]) {
		i, day = 2, two(v)
	}
	for n, name := range months {
		if v[i]&^0x20 == name[0] && v[i+1]&^0x20 == name[1] && v[i+2]&^0x20 == name[2] {
			month = n + 1
		}
	}
	year = two(v[i+3:])
	if len(v)-i == 7 {
		year = year*100 + two(v[i+5:])
	}
	return day, month, year, month > 0
}

// birth reads a date of birth as texts have it. Two digits of a year mean the century in which it is not after
// the reference, the date of the flight.
func birth(v string, reference date.Date) (date.Date, bool) { return texted(v, reference, true) }

// expiry reads a date of expiry or issue as texts have it.
func expiry(v string, reference date.Date) (date.Date, bool) {
	return texted(v, reference, false)
}

func texted(v string, reference date.Date, born bool) (date.Date, bool) {
	day, month, year, ok := worded(v)
	if !ok {
		return date.Date{}, false
	}
	if year >= 100 {
		d := date.Date{Year: int16(year), Month: int8(month), Day: int8(day)}
		return d, d.Valid()
	}
	var b [6]byte
	for i, n := range [3]int{year, month, day} {
		b[2*i], b[2*i+1] = '0'+byte(n/10), '0'+byte(n%10)
	}
	if born {
		return date.Birth(string(b[:]), reference)
	}
	return date.Expiry(string(b[:]), reference)
}

// localTime is a date.Local of which date and hour may be known apart, while a TVL is read.
type localTime struct{ date.Local }

// IsZeroDate tells an hour without its day.
func (l localTime) IsZeroDate() bool { return l.Date.IsZero() }

// stamp writes an instant of UTC as RFC 3339 does, or its day alone.
func stamp(t time.Time, timed bool) string {
	b := date.Of(t).Append(make([]byte, 0, 20))
	if timed {
		h, m, s := t.Clock()
		b = append(b, 'T', '0'+byte(h/10), '0'+byte(h%10), ':', '0'+byte(m/10), '0'+byte(m%10), ':', '0'+byte(s/10), '0'+byte(s%10), 'Z')
	}
	return string(b)
}
