package cargoimp

import (
	"fmt"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/date"
)

const months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"

// month reads a month's three letters; 0 for none.
func month(s string) int {
	if n := strings.Index(months, strings.ToUpper(s)); len(s) == 3 && n >= 0 && n%3 == 0 {
		return n/3 + 1
	}
	return 0
}

// ddmmmyy reads 14MAR26. Every year is one of this century: the trade has written it so since 2000.
func ddmmmyy(s string) (date.Date, bool) {
	if len(s) != 7 || !digits(s[:2]) || !digits(s[5:]) {
		return date.Date{}, false
	}
	d := date.Date{Year: int16(2000 + number(s[5:])), Month: int8(month(s[2:5])), Day: int8(number(s[:2]))}
	return d, d.Full() && d.Valid()
}

func writeDate(d date.Date) string {
	if !d.Full() || d.Month > 12 {
		return ""
	}
	return fmt.Sprintf("%02d%s%02d", d.Day, months[3*d.Month-3:3*d.Month], d.Year%100)
}

// Stamp is a time as statuses carry it, without year: 14MAR0809.
type Stamp struct {
	Day, Month, Hour, Minute int
}

// StampOf is the stamp of an instant, in its own zone.
func StampOf(t time.Time) Stamp { return Stamp{t.Day(), int(t.Month()), t.Hour(), t.Minute()} }

// String is 14MAR0809.
func (s Stamp) String() string {
	if s.Month < 1 || s.Month > 12 {
		return ""
	}
	return fmt.Sprintf("%02d%s%02d%02d", s.Day, months[3*s.Month-3:3*s.Month], s.Hour, s.Minute)
}

// MarshalText writes it as --03-14T08:09, a time of any year.
func (s Stamp) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "--%02d-%02dT%02d:%02d", s.Month, s.Day, s.Hour, s.Minute), nil
}

// Near is the instant of this stamp, in a zone, that is nearest to when the message came.
func (s Stamp) Near(received time.Time) time.Time {
	best := time.Date(received.Year(), time.Month(s.Month), s.Day, s.Hour, s.Minute, 0, 0, received.Location())
	for _, year := range []int{received.Year() - 1, received.Year() + 1} {
		if t := time.Date(year, time.Month(s.Month), s.Day, s.Hour, s.Minute, 0, 0, received.Location()); t.Sub(received).Abs() < best.Sub(received).Abs() {
			best = t
		}
	}
	return best
}

// stamp reads DDMMMHHMM.
func stamp(s string) (Stamp, bool) {
	if len(s) != 9 || !digits(s[:2]) || !digits(s[5:]) {
		return Stamp{}, false
	}
	at := Stamp{number(s[:2]), month(s[2:5]), number(s[5:7]), number(s[7:])}
	return at, at.Month > 0 && date.Date{Year: 2024, Month: int8(at.Month), Day: int8(at.Day)}.Valid() && at.Day > 0 && at.Hour < 24 && at.Minute < 60
}

// dayNear is the date with this day of the month that is nearest to an instant; none when there is no such instant or day.
func dayNear(day int, at time.Time) (best date.Date) {
	if day < 1 || at.IsZero() {
		return date.Date{}
	}
	at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	least := time.Duration(1<<63 - 1)
	for months := -2; months <= 2; months++ { // a 31st may be two months away
		d := time.Date(at.Year(), at.Month()+time.Month(months), day, 0, 0, 0, 0, time.UTC)
		if away := d.Sub(at).Abs(); d.Day() == day && away < least {
			best, least = date.Of(d), away
		}
	}
	return best
}
