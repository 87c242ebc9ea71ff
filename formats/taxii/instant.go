package taxii

import "time"

// Instant is a time on the wire, in microseconds since 1970 (UTC).
type Instant int64

// String writes it as the standard wants it, with microseconds.
func (i Instant) String() string { return string(i.Append(nil)) }

// Append appends what [Instant.String] answers.
func (i Instant) Append(b []byte) []byte {
	return time.UnixMicro(int64(i)).UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
}

// ParseInstant reads a timestamp of TAXII and STIX: RFC 3339 with a capital T and Z, any number of digits after the
// second, of which microseconds count. A leap second is the first of the next minute.
func ParseInstant(s string) (Instant, bool) {
	const shortest = len("2006-01-02T15:04:05Z")
	if len(s) < shortest || s[len(s)-1] != 'Z' || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	var part [6]int
	for n, at := range [6][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		for _, c := range []byte(s[at[0]:at[1]]) {
			if c < '0' || c > '9' {
				return 0, false
			}
			part[n] = part[n]*10 + int(c-'0')
		}
	}
	year, month, day, hour, minute, second := part[0], time.Month(part[1]), part[2], part[3], part[4], part[5]
	if hour > 23 || minute > 59 || second > 60 || month < 1 || month > 12 || day < 1 {
		return 0, false
	}
	micros := 0
	if rest := s[19 : len(s)-1]; rest != "" {
		if rest[0] != '.' || len(rest) == 1 {
			return 0, false
		}
		scale := 100_000
		for _, c := range []byte(rest[1:]) {
			if c < '0' || c > '9' {
				return 0, false
			}
			micros += int(c-'0') * scale
			scale /= 10
		}
	}
	date := time.Date(year, month, day, hour, minute, second, micros*1000, time.UTC)
	if midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC); midnight.Month() != month {
		return 0, false // no such day
	}
	return Instant(date.UnixMicro()), true
}
