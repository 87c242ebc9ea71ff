package match

import (
	"bytes"
	"regexp"
)

// Form is how a log writes its lines.
type Form string

// The forms.
const (
	JSONLines Form = "jsonl"
	DNSLog    Form = "dnslog"
)

// Read reads one line of a form.
func (s *Scanner) Read(f Form, line []byte) (*Line, bool) {
	if f == DNSLog {
		return s.DNS(line)
	}
	return s.JSON(line)
}

// named tells a document, or lines of a form, that names its schema at its beginning: it knows itself, and is no log.
var named = regexp.MustCompile(`"schema"\s*:\s*"rihla\.`)

// Recognise tells a log by its first lines: one JSON object a line, or questions to a name server. A JSON document whose
// first line is not whole is none.
func Recognise(head []byte) (Form, bool) {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	first, rest, more := bytes.Cut(head, []byte{'\n'})
	s := NewScanner(nothing)
	if len(first) > 0 && first[0] == '{' {
		if named.Match(first[:min(len(first), 512)]) {
			return "", false
		}
		_, ok := s.JSON(first)
		next := bytes.TrimSpace(rest)
		return JSONLines, ok && (len(next) == 0 || next[0] == '{')
	}
	if bytes.HasPrefix(first, []byte("#separator")) || bytes.HasPrefix(first, []byte("#fields\t")) {
		return DNSLog, true
	}
	if !more && len(first) > 4096 {
		return "", false
	}
	switch {
	case bytes.Contains(first, bindQuery), bytes.Contains(first, dnsmasqQuery):
		_, ok := s.DNS(first)
		return DNSLog, ok
	}
	w := word(first, 0)
	if len(w) < len("2026-03-15T00:00:00Z") || w[4] != '-' || w[10] != 'T' {
		return "", false
	}
	client := NewScanner(nothing)
	ip := client.host(word(first, 1))
	_, ok := s.DNS(first)
	return DNSLog, ok && ip.IsValid()
}
