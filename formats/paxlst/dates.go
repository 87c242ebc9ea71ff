package paxlst

import "github.com/rihla/rihla/formats/date"

// reference is the date against which two-digit years are resolved: the flight's, else when the file came.
func (d *Decoder) reference() date.Date {
	if !d.flight.IsZero() {
		return d.flight
	}
	if !d.received.IsZero() {
		return d.received
	}
	return date.Of(d.m.Prepared)
}

// personDate reads a date by its format code, or by its length.
func personDate(v, format string, reference date.Date, birth bool) (date.Date, bool) {
	if format == "" && len(v) == 6 && reference.Full() {
		if d := plainDate(v, reference, birth); d.Year > 0 {
			return d, true
		}
	}
	if v != "" && (v[0] == ' ' || v[len(v)-1] == ' ') {
		v = trim(v)
	}
	switch format {
	case "", "101", "102":
	case "602":
		if len(v) == 4 {
			d, ok := date.Digits(v + "0000")
			return d, ok && d.Valid()
		}
		return date.Date{}, false
	case "610":
		if len(v) == 6 {
			d, ok := date.Digits(v + "00")
			return d, ok && d.Valid()
		}
		return date.Date{}, false
	default:
		return date.Date{}, false
	}
	switch {
	case len(v) == 6 && birth:
		return date.Birth(v, reference)
	case len(v) == 6:
		return date.Expiry(v, reference)
	case len(v) == 8:
		d, ok := date.Digits(v)
		return d, ok && (d.Valid() || d.IsZero())
	}
	return date.Date{}, false
}

// plainDate reads the YYMMDD that nearly every date is, digits throughout and a day that every month has, as
// date.Birth and date.Expiry do. Anything else is zero, and theirs to judge.
func plainDate(v string, reference date.Date, birth bool) date.Date {
	v = v[:6]
	y1, y2, m1, m2, d1, d2 := int(v[0]^'0'), int(v[1]^'0'), int(v[2]^'0'), int(v[3]^'0'), int(v[4]^'0'), int(v[5]^'0')
	if (y1+6)|(y2+6)|(m1+6)|(m2+6)|(d1+6)|(d2+6) > 15 { // one is no digit
		return date.Date{}
	}
	month, day := 10*m1+m2, 10*d1+d2
	if uint(month-1) > 11 || uint(day-1) > 27 {
		return date.Date{}
	}
	of := int(reference.Year)
	year := of/100*100 + 10*y1 + y2
	switch {
	case birth:
		if year > of || year == of && (month > int(reference.Month) || month == int(reference.Month) && day > int(reference.Day)) {
			year -= 100
		}
	case year > of+date.ValidFor:
		year -= 100
	case year < of-date.ExpiredFor:
		year += 100
	}
	return date.Date{Year: int16(year), Month: int8(month), Day: int8(day)}
}
