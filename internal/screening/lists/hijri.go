package lists

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The tabular Islamic calendar: a thirty-year cycle with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29. It is
// counted from one of two days, 15 or 16 July 622 of the Julian calendar. Umm al-Qura, by which most such dates are
// written, agrees nearly always with the earlier until 1419 and with the later since; so both are kept.

// hijriEpoch is the Julian day before 1 Muharram of the year 1, the later count's.
const hijriEpoch = 1948439

// unixJulianDay is the Julian day number of 1 January 1970.
const unixJulianDay = 2440588

// hijriDay is a day of the Islamic calendar in ours, by the later count; ok is false for what is no day.
func hijriDay(year, month, day int) (at time.Time, ok bool) {
	if year < 1 || year > 1600 || month < 1 || month > 12 || day < 1 || day > 30 {
		return at, false
	}
	n := day + (59*(month-1)+1)/2 + (year-1)*354 + (3+11*year)/30 + hijriEpoch
	return time.Unix(int64(n-unixJulianDay)*24*60*60, 0).UTC(), true
}

// hijri reads a Hijri date, YYYY-MM-DD, YYYY-MM or YYYY with - or / between, as births here; a day is two.
func hijri(s string) (births []string, ok bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "/", "-")
	for strings.HasSuffix(s, "-00") {
		s = strings.TrimSuffix(s, "-00")
	}
	var parts [3]int
	fields := strings.Split(s, "-")
	if len(fields) > 3 || len(fields[0]) != 4 {
		return nil, false
	}
	for i, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil || n < 1 {
			return nil, false
		}
		parts[i] = n
	}
	if parts[0] < 1200 || parts[0] > 1600 {
		return nil, false
	}
	switch len(fields) {
	case 1:
		from, _ := hijriDay(parts[0], 1, 1)
		to, _ := hijriDay(parts[0]+1, 1, 1)
		return []string{fmt.Sprintf("%04d/%04d", from.Year(), to.AddDate(0, 0, -1).Year())}, true
	case 2:
		at, ok := hijriDay(parts[0], parts[1], 15)
		return []string{"~" + at.Format("2006-01")}, ok
	}
	at, ok := hijriDay(parts[0], parts[1], parts[2])
	return []string{at.AddDate(0, 0, -1).Format(time.DateOnly), at.Format(time.DateOnly)}, ok
}

// hijriBirths adds a Hijri birth date to an entry. Where our calendar's day is given too and is the same within two days,
// it says no more.
func (r *reader) hijriBirths(e *Entry, line int, field, value string) {
	if value == "" {
		return
	}
	e.Notes = append(e.Notes, "Birth date, Hijri: "+value)
	births, ok := hijri(value)
	if !ok {
		r.wrong(line, field, "date", fmt.Sprintf("%q is no Hijri date", shown(value)), "write YYYY-MM-DD, YYYY-MM or YYYY of the Hijri calendar")
		return
	}
	if len(e.Births) == 0 {
		e.Births = births
		return
	}
	if len(births) < 2 {
		return // vaguer than what is known
	}
	at, err := time.Parse(time.DateOnly, births[0])
	if err != nil {
		return
	}
	for _, b := range e.Births {
		given, err := time.Parse(time.DateOnly, b)
		if err != nil {
			continue
		}
		if d := given.Sub(at).Abs(); d <= 2*24*time.Hour {
			return
		}
		r.doubt(line, field, "dates_differ", fmt.Sprintf("the Hijri date is %s of our calendar, the other %s", births[0], b), "both are compared with; correct the one that is wrong")
	}
	e.Births = append(e.Births, births...)
}
