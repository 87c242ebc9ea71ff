package cargoimp

import (
	"strings"
	"unicode/utf8"
)

// The bounds of what is read: far beyond any real telex, near enough to keep a hostile file from filling the memory.
const (
	maxLines    = 20_000 // of one message; the manual allows some hundred
	maxLine     = 2000   // bytes; the manual allows 69
	maxEnvelope = 20     // lines of a Type B heading that are kept
	maxFaults   = 200    // told of one message, or of one house
	maxDirt     = 50     // of them for how lines are written
)

// The lengths the manual sets, beyond which a sender is told.
const (
	lineLength    = 69
	messageLength = 3500 // since edition 32
)

// line is one line of the file, without its end and without what was stripped from it.
type line struct {
	text string
	off  int // of text in the file
	no   int // from 1
}

// field is what stands between two slants, or an identifier.
type field struct {
	text string
	off  int
	line int
	col  int // from 1
}

// whole is the line as one field.
func (l line) whole() field { return field{l.text, l.off, l.no, 1} }

// from is the part of a field from n on.
func (f field) from(n int) field {
	n = min(n, len(f.text))
	return field{f.text[n:], f.off + n, f.line, f.col + n}
}

// to is the first n bytes of a field.
func (f field) to(n int) field { f.text = f.text[:min(n, len(f.text))]; return f }

// String is the field's text: as UTF-8, and as Latin-1 where it is none.
func (f field) String() string { return text(f.text) }

func text(b string) string {
	b = strings.TrimSpace(b)
	if utf8.ValidString(b) {
		return b
	}
	var s strings.Builder
	for i := range len(b) {
		s.WriteRune(rune(b[i]))
	}
	return s.String()
}

// fields splits a line at its slants and adds the fields to fs. What begins with a slant continues the line before: its
// first field is the identifier, and empty.
func (l line) fields(fs []field) []field {
	for at, rest := 0, l.text; ; {
		n := strings.IndexByte(rest, '/')
		if n < 0 {
			return append(fs, field{rest, l.off + at, l.no, at + 1})
		}
		fs = append(fs, field{rest[:n], l.off + at, l.no, at + 1})
		at, rest = at+n+1, rest[n+1:]
	}
}

// identifier is the line's three letters; "" for a line that has none.
func (l line) identifier() string {
	if len(l.text) < 3 || len(l.text) > 3 && l.text[3] != '/' {
		return ""
	}
	for _, c := range []byte(l.text[:3]) {
		if c&^0x20 < 'A' || c&^0x20 > 'Z' {
			return ""
		}
	}
	if id := identifiers[l.text[:3]]; id != "" {
		return id
	}
	return strings.ToUpper(l.text[:3])
}

// identifiers are those that are known, so that finding one costs no memory.
var identifiers = func() map[string]string {
	set := map[string]string{}
	for _, id := range []string{"MBI", "HBS", "ACK", "CSN", "ERR", "AWB", "NAM", "ADR", "LOC"} {
		set[id] = id
	}
	for _, l := range waybillLines {
		set[l.id] = l.id
	}
	for _, l := range houseLines {
		set[l.id] = l.id
	}
	return set
}()

// scanner hands out a file's lines: LF, CR, CR LF and CR CR LF all end one. Framing bytes (SOH, STX, ETX) and blanks at
// either end are stripped, empty lines left out.
type scanner struct {
	raw string
	at  int
	no  int
}

func (s *scanner) next() (line, bool) {
	for s.at < len(s.raw) {
		start := s.at
		end := start + lineEnd(s.raw[start:])
		s.at = end
		if s.at < len(s.raw) && s.raw[s.at] == '\r' {
			s.at++
			if rest := s.raw[s.at:]; strings.HasPrefix(rest, "\r\n") {
				s.at++
			}
		}
		if s.at < len(s.raw) && s.raw[s.at] == '\n' && (s.at == end || s.raw[s.at-1] == '\r') {
			s.at++
		}
		s.no++
		framing := func(c byte) bool { return c == ' ' || c == '\t' || c >= 1 && c <= 3 }
		for start < end && framing(s.raw[start]) {
			start++
		}
		for start < end && framing(s.raw[end-1]) {
			end--
		}
		if start < end {
			return line{s.raw[start:end], start, s.no}, true
		}
	}
	return line{}, false
}

func lineEnd(b string) int {
	if n := strings.IndexAny(b, "\r\n"); n >= 0 {
		return n
	}
	return len(b)
}

// telexes are the messages that are told apart, and what each is in plain words. Only those with a reader are read.
var telexes = map[string]string{
	"FWB": "an air waybill", "FHL": "a house list", "FMA": "an acceptance", "FNA": "a rejection",
	"FFM": "a flight manifest", "FSU": "a status update", "FSA": "a status answer", "FSR": "a status request",
	"FBL": "a booking list", "FFR": "a space request", "FFA": "a space answer", "FFC": "a space change", "FWR": "a waybill request",
	"FHR": "a house list request", "FXX": "a cancellation", "FAD": "a discrepancy report", "FUM": "a unit load message",
	"FRI": "a freight report", "FRC": "a freight report change", "FRX": "a freight report cancellation", "FSN": "a customs status", "FER": "a customs error",
	"PRI": "a preliminary freight report", "PWB": "a preliminary waybill", "PHL": "a preliminary house checklist",
	"PSN": "a preliminary status", "PER": "a preliminary error report",
}

// unversioned are those that stand alone on their line.
var unversioned = map[string]bool{"PRI": true, "PWB": true, "PHL": true, "PSN": true, "PER": true, "FRI": true, "FRC": true, "FRX": true, "FSN": true, "FER": true, "FXX": true}

// standard is the standard message identifier on a line: FWB/16. first tells that no message has begun yet, where one without
// a version is taken too.
func (l line) standard(first bool) (name, version string, ok bool) {
	if len(l.text) > 6 {
		return "", "", false
	}
	name = l.identifier()
	if telexes[name] == "" {
		return "", "", false
	}
	if len(l.text) <= 4 { // FWB, FWB/
		return name, "", first || unversioned[name]
	}
	for _, c := range []byte(l.text[4:]) {
		if c < '0' || c > '9' {
			return "", "", false
		}
	}
	return name, l.text[4:], true
}

// heading tells a line of a Type B heading: addresses behind a priority, or the origin behind a point.
func (l line) heading() bool {
	t := l.text
	if len(t) >= 10 && t[0] == 'Q' && t[1] >= 'A' && t[1] <= 'Z' && t[2] == ' ' {
		return mixed(t[3:10])
	}
	return len(t) >= 8 && t[0] == '.' && mixed(t[1:8])
}

func mixed(b string) bool {
	for _, c := range []byte(b) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// end tells the mark behind a message.
func (l line) end() bool { return l.text == "NNNN" || l.text == "ZZZZ" }

// Recognise tells whether a file holds Cargo-IMP messages, by the first line that names one.
func Recognise(head []byte) bool {
	s := scanner{raw: string(head)}
	for range maxEnvelope {
		l, ok := s.next()
		if !ok || l.text[0] == '{' || l.text[0] == '<' || l.text[0] == '[' {
			return false
		}
		if _, _, ok := l.standard(true); ok {
			return true
		}
	}
	return false
}
