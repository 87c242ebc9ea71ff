package lists

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// date reads YYYY, YYYY-MM, YYYY-MM-DD and those with 00 for what is unknown; ~ in front says about, a slash between two
// years says between.
func date(s string) (string, bool) {
	about := ""
	if rest, ok := strings.CutPrefix(s, "~"); ok {
		about, s = "~", strings.TrimSpace(rest)
	}
	if from, to, span := strings.Cut(s, "/"); span {
		return about + s, isYear(from) && isYear(to) && from <= to
	}
	for strings.HasSuffix(s, "-00") {
		s = strings.TrimSuffix(s, "-00")
	}
	switch len(s) {
	case 4:
		return about + s, isYear(s)
	case 7:
		_, err := time.Parse("2006-01", s)
		return about + s, err == nil && isYear(s[:4])
	case 10:
		_, err := time.Parse(time.DateOnly, s)
		return about + s, err == nil && isYear(s[:4])
	}
	return s, false
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) == 4 && n >= 1850 && n <= 2200
}

func (r *reader) births(line int, field, value string) []string {
	var out []string
	for _, s := range split(value, "|") {
		d, ok := date(s)
		if !ok {
			r.wrong(line, field, "date", fmt.Sprintf("%q is no date", s), "write YYYY-MM-DD, YYYY-MM or YYYY; ~YYYY for about, YYYY/YYYY for between")
			continue
		}
		out = append(out, d)
	}
	return out
}

func (r *reader) dayOf(line int, field, value string) string {
	if value == "" {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		r.wrong(line, field, "date", fmt.Sprintf("%q is no day", value), "write YYYY-MM-DD")
		return ""
	}
	return value
}

func (r *reader) sex(line int, field, value string) string {
	switch strings.ToUpper(value) {
	case "M", "MALE":
		return "M"
	case "F", "FEMALE":
		return "F"
	case "X":
		return "X"
	case "", "U", "UNKNOWN":
		return ""
	}
	r.wrong(line, field, "sex", fmt.Sprintf("%q is no sex", value), "M, F, X, or nothing when it is not known")
	return ""
}

// sexOr reads a sex as publishers write it; what is none of them stays as a note.
func (r *reader) sexOr(e *Entry, line int, field, value string) string {
	switch strings.ToUpper(value) {
	case "M", "MALE":
		return "M"
	case "F", "FEMALE":
		return "F"
	case "X", "OTHER":
		return "X"
	case "", "U", "UNKNOWN":
		return ""
	}
	r.doubt(line, field, "sex", shown(value)+" is no sex that is known here: kept as a note", "male or female")
	e.note("Gender", value)
	return ""
}

// day is the day of an instant: 2016-06-01 of 2016-06-01T00:00:00, and of 2016-06-01+02:00.
func day(s string) string {
	if len(s) > len(time.DateOnly) {
		if _, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)]); err == nil && strings.IndexByte("TZ+- ", s[len(time.DateOnly)]) >= 0 {
			return s[:len(time.DateOnly)]
		}
	}
	return s
}

// numbered puts a date together of numbers that may be missing or zero.
func numbered(year, month, day string) string {
	out := year
	for _, part := range []string{month, day} {
		n, err := strconv.Atoi(part)
		if err != nil || n == 0 {
			break
		}
		out += fmt.Sprintf("-%02d", n)
	}
	return out
}

// slashed reads dd/mm/yyyy with 00 for what is not known; empty for what is no date.
func slashed(s string) string {
	parts := strings.Split(strings.TrimSpace(s), "/")
	if len(parts) != 3 || len(parts[2]) != 4 {
		return ""
	}
	d, ok := date(numbered(parts[2], parts[1], parts[0]))
	if !ok {
		return ""
	}
	return d
}

// isCode says that a text has the form of a country's code: of ISO 3166-1, or as passports have Germany's.
func isCode(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return len(s) == 2 || len(s) == 3 || s == "D"
}

func (r *reader) countries(line int, field, value, role string) []Country {
	var out []Country
	for _, s := range split(value, "|") {
		if !isCode(s) {
			r.wrong(line, field, "country", fmt.Sprintf("%q is no country code", s), "ISO 3166-1, two or three letters")
			continue
		}
		out = append(out, Country{Code: alpha3(strings.ToUpper(s)), Role: role})
	}
	return out
}

// documents reads TYPE:NUMBER:COUNTRY, several with a bar between.
func (r *reader) documents(line int, field, value string) []Document {
	var out []Document
	for _, s := range split(value, "|") {
		parts := strings.Split(s, ":")
		if len(parts) < 2 || len(parts) > 3 || strings.TrimSpace(parts[1]) == "" {
			r.wrong(line, field, "document", fmt.Sprintf("%q is no document", s), "write TYPE:NUMBER:COUNTRY, several with | between")
			continue
		}
		d := Document{Type: strings.ToUpper(strings.TrimSpace(parts[0])), Number: strings.TrimSpace(parts[1])}
		if len(parts) == 3 && strings.TrimSpace(parts[2]) != "" {
			if c := strings.TrimSpace(parts[2]); isCode(c) {
				d.Issuer = alpha3(strings.ToUpper(c))
			} else {
				r.wrong(line, field, "country", fmt.Sprintf("%q is no country code", c), "ISO 3166-1, two or three letters")
			}
		}
		out = append(out, d)
	}
	return out
}

// stolen recognises a category whose entries speak of a document, not of the person whose name stands in it.
func stolen(category string) bool {
	c := strings.ToUpper(category)
	return strings.Contains(c, "STOLEN") || strings.Contains(c, "LOST DOCUMENT") || strings.Contains(c, "REVOKED DOCUMENT")
}

// dated takes a publisher's version for a day or an instant where it is one.
func dated(version string) string {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, version); err == nil {
			return at.UTC().Format(layout)
		}
	}
	return ""
}
