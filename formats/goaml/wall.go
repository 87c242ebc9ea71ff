package goaml

import (
	"cmp"
	"strings"

	"github.com/rihla/rihla/formats/date"
)

// Wall is what the clock on the wall showed in the unit's country: no zone, and none is ever put in or taken away.
type Wall struct {
	Date   date.Date
	Second int32 // of the day
}

// IsZero tells that nothing was said.
func (w Wall) IsZero() bool { return w == Wall{} }

// The two dates by which reporters say that they do not know.
var (
	unknownBirth  = date.Date{Year: 1900, Month: 1, Day: 1}
	unknownExpiry = date.Date{Year: 2100, Month: 12, Day: 31}
)

// Known tells that there is a date and that it is not one of those that mean unknown (birth 1900-01-01, expiry 2100-12-31).
func (w Wall) Known() bool {
	return !w.IsZero() && w.Date != unknownBirth && w.Date != unknownExpiry
}

// Compare orders two walls, -1, 0 or 1.
func (w Wall) Compare(v Wall) int {
	return cmp.Or(w.Date.Compare(v.Date), cmp.Compare(w.Second, v.Second))
}

// Append writes YYYY-MM-DDThh:mm:ss.
func (w Wall) Append(b []byte) []byte {
	s := w.Second
	b = append(w.Date.Append(b), 'T')
	for i, n := range [3]int32{s / 3600, s / 60 % 60, s % 60} {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, byte('0'+n/10), byte('0'+n%10))
	}
	return b
}

func (w Wall) String() string {
	if w.IsZero() {
		return ""
	}
	return string(w.Append(nil))
}

// MarshalText writes what String does.
func (w Wall) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// ParseWall reads YYYY-MM-DDThh:mm:ss. Something readable may come back although the text breaks the rule: complaint says
// how it does.
func ParseWall(s string) (w Wall, complaint string) {
	day, clock, timed := strings.Cut(s, "T")
	d, ok := calendar(day)
	if !ok {
		return Wall{}, "is not a date and time as YYYY-MM-DDThh:mm:ss"
	}
	if !d.Full() || !d.Valid() {
		return Wall{}, "is a day that no calendar has"
	}
	w.Date = d
	if !timed {
		return w, "has no time; write T00:00:00 behind the date"
	}
	if w.Second, ok = seconds(clock); !ok {
		return Wall{}, "has an impossible time"
	}
	switch rest := clock[8:]; {
	case strings.Trim(rest, ".0") == "" && strings.Count(rest, ".") <= 1:
	case strings.ContainsAny(rest, "Zz+-"):
		return w, "has a time zone, where local time without one is meant"
	default:
		return w, "has parts of a second"
	}
	return w, ""
}

func calendar(s string) (date.Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return date.Date{}, false
	}
	y, ok1 := digits(s[:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:])
	return date.Date{Year: int16(y), Month: int8(m), Day: int8(d)}, ok1 && ok2 && ok3
}

func seconds(s string) (int32, bool) {
	if len(s) < 8 || s[2] != ':' || s[5] != ':' {
		return 0, false
	}
	h, ok1 := digits(s[:2])
	m, ok2 := digits(s[3:5])
	sec, ok3 := digits(s[6:8])
	return int32(h*3600 + m*60 + sec), ok1 && ok2 && ok3 && h < 24 && m < 60 && sec < 60
}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}
