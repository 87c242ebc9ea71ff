package paxlst

import (
	"strings"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/edifact"
)

// tdt is one flight number of the message.
type tdt struct {
	carrier, number, suffix string
}

// stop is one airport of the route.
type stop struct {
	code      string
	border    byte // '1' the last before the border (LOC 125), '8' the first behind it (LOC 87)
	of        int  // index of its TDT
	departure date.Local
	arrival   date.Local
}

// tdt reads a flight. Its persons are kept where it names none.
func (d *Decoder) tdt(s *edifact.Segment) {
	named, carrier := trim(s.Element(2)), trim(s.Component(5, 1))
	t := tdt{}
	if named == "" {
		t.carrier = carrier
		d.warn(s, true, "missing_data", "name the flight, e.g. TDT+20+ZZ0417+++ZZ", "the flight number is missing")
	} else {
		var ok bool
		if t.carrier, t.number, t.suffix, ok = SplitFlight(named, carrier); !ok {
			d.warn(s, false, "unusual_flight", "write carrier and number, at most four digits", "%s is no flight number; it is kept as it is", printable(named))
		}
		if carrier != "" && t.carrier != carrier && t.carrier != "" {
			d.warn(s, false, "carrier_mismatch", "name one carrier", "the flight number names carrier %s, the carrier element %s", printable(t.carrier), printable(carrier))
		}
	}
	if n := len(d.tdts); n > 0 && len(d.tdts) < 32 {
		if was := d.tdts[n-1]; was.carrier != t.carrier || was.number != t.number {
			d.warn(s, false, "several_flights", "send one message a flight", "the message names more than one flight")
		}
	}
	d.tdts = append(d.tdts, t)
}

// SplitFlight cuts a flight as it is named into carrier, number without leading zeros, and operational suffix.
// The carrier, where it is known, is cut off the front; else the two-character designator is tried first, then
// three letters. What is neither (a registration, a call sign) is a number without carrier. ok is false where
// the number is longer than the four digits of the standard.
func SplitFlight(named, carrier string) (designator, number, suffix string, ok bool) {
	rest := named
	if carrier != "" {
		rest = strings.TrimPrefix(named, carrier)
		if n, x, fine := flightDigits(strings.TrimLeft(rest, " ")); fine {
			return carrier, n, x, len(n) <= 4
		}
	}
	if len(named) > 2 && designates(named[:2]) {
		if n, x, fine := flightDigits(strings.TrimLeft(named[2:], " ")); fine {
			return named[:2], n, x, len(n) <= 4
		}
	}
	if len(named) > 3 && (letters(named[:3]) || designates(named[:2]) && letters(named[2:3])) {
		if n, x, fine := flightDigits(strings.TrimLeft(named[3:], " ")); fine {
			return named[:3], n, x, len(n) <= 4
		}
	}
	return carrier, named, "", carrier == ""
}

// flightDigits reads a number of up to five digits behind any zeros, and a suffix letter.
func flightDigits(s string) (number, suffix string, ok bool) {
	if n := len(s); n > 1 && s[n-1] >= 'A' && s[n-1] <= 'Z' {
		s, suffix = s[:n-1], s[n-1:]
	}
	if s == "" {
		return "", "", false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", "", false
		}
	}
	number = zeros(s)
	return number, suffix, len(number) <= 5
}

// zeros cuts leading zeros, but not the last digit.
func zeros(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}

// designates tells a two-character airline designator: letters and digits, not two digits.
func designates(s string) bool {
	a, b := s[0], s[1]
	la, lb := a >= 'A' && a <= 'Z', b >= 'A' && b <= 'Z'
	return (la || a >= '0' && a <= '9') && (lb || b >= '0' && b <= '9') && (la || lb)
}

func letters(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != ""
}

var capital = func() (t [256]bool) {
	for c := 'A'; c <= 'Z'; c++ {
		t[c] = true
	}
	return
}()

// Airport normalises a location: IATA's three letters or ICAO's four.
func Airport(s string) (string, bool) {
	if len(s) == 3 && capital[s[0]] && capital[s[1]] && capital[s[2]] {
		return s, true
	}
	s = trim(s)
	if n := len(s); n != 3 && n != 4 {
		return "", false
	}
	if letters(s) {
		return s, true
	}
	s = strings.ToUpper(s)
	return s, letters(s)
}

// routeLOC reads an airport of the route.
func (d *Decoder) routeLOC(s *edifact.Segment) {
	var border byte
	switch s.Element(1) {
	case "125":
		border = '1'
	case "87":
		border = '8'
	case "92", "130":
	default:
		return // where something is filed or reported, not flown
	}
	d.needsTDT(s)
	code, ok := Airport(s.Component(2, 1))
	if !ok {
		d.warn(s, true, "bad_location", "use the airport's three-letter IATA or four-letter ICAO code", "%q is no airport", printable(s.Component(2, 1)))
	}
	if len(d.stops) >= 64 {
		return // no flight calls at as many airports
	}
	d.stops = append(d.stops, stop{code: code, border: border, of: len(d.tdts) - 1})
}

// needsTDT remembers the first segment that has no meaning without a flight before it.
func (d *Decoder) needsTDT(s *edifact.Segment) {
	if len(d.tdts) == 0 && d.strayed.Rule == "" {
		d.strayed = s.Fault("missing_segment", "", "")
	}
}

// routeDTM reads a time at the last airport named.
func (d *Decoder) routeDTM(s *edifact.Segment) {
	if len(d.stops) == 0 {
		return // the message's own date
	}
	at := &d.stops[len(d.stops)-1]
	var to *date.Local
	value, format := s.Value()
	switch s.Element(1) {
	case "189":
		to = &at.departure
	case "232":
		to = &at.arrival
	case "133", "136": // estimated and actual stand in where nothing is scheduled
		if to = &at.departure; !to.IsZero() {
			return
		}
	case "132", "178":
		if to = &at.arrival; !to.IsZero() {
			return
		}
	default:
		return
	}
	l, ok := LocalTime(value, format)
	if !ok {
		d.warn(s, true, "bad_date", "write YYMMDDHHMM with format 201", "%q is no date and time in format %s", printable(value), printable(format))
	}
	*to = l
	if d.flight.IsZero() && l.Full() {
		d.flight = l.Date
	}
}

// LocalTime reads a date and time in the format of its code, or by its length where there is none. Where the value
// does not fit the code but is a date by its length, it is read and not ok.
func LocalTime(v, format string) (date.Local, bool) {
	fits := format == "" || format == "201" && len(v) == 10 || format == "203" && len(v) == 12 || format == "101" && len(v) == 6 || format == "102" && len(v) == 8
	day, clock := v, ""
	switch len(v) {
	case 10:
		day, clock = v[:6], v[6:]
	case 12:
		day, clock = v[:8], v[8:]
	case 6, 8:
	default:
		return date.Local{}, false
	}
	d, ok := date.Digits(day)
	if len(day) == 6 {
		var yy int
		yy, d.Month, d.Day, ok = date.Short(day)
		d.Year = 2000 + int16(yy)
	}
	if !ok || !d.Full() || !d.Valid() {
		return date.Local{}, false
	}
	if clock == "" {
		return date.Local{Date: d}, fits
	}
	l, ok := date.At(d, clock)
	if !ok {
		return date.Local{Date: d}, false
	}
	return l, fits
}

// route makes legs of the airports, in their order. Of several flights it is the one that crosses the border.
func (d *Decoder) route() Flight {
	of := 0
	for _, s := range d.stops {
		if s.border != 0 && s.of > 0 {
			of = s.of
			break
		} else if s.border != 0 {
			break
		}
	}
	t := d.tdts[min(of, len(d.tdts)-1)]
	f := Flight{Carrier: t.carrier, Number: t.number, Suffix: t.suffix, Border: -1}
	own := 0
	for _, s := range d.stops {
		if s.of == of {
			own++
		}
	}
	all := own < 2 // the airports are spread over the flights: the route is all of them
	var last *stop
	for i := range d.stops {
		s := &d.stops[i]
		if !all && s.of != of {
			continue
		}
		if last != nil {
			if last.code == s.code && s.code != "" && all {
				// The next flight begins where the last ended.
				if s.arrival.IsZero() {
					s.arrival = last.arrival
				}
				last = s
				continue
			}
			if last.border == '1' && s.border == '8' {
				f.Border = len(f.Legs)
			}
			f.Legs = append(f.Legs, Leg{From: last.code, To: s.code, Departure: last.departure, Arrival: s.arrival})
		}
		last = s
	}
	return f
}
