package taxii

import (
	"strconv"
	"strings"
)

// Version is the version of the standard, and Media the media type of every body, requests and answers alike, written
// exactly so.
const (
	Version = "2.1"
	Media   = mediaName + ";version=" + Version

	mediaName = "application/taxii+json"
	stixName  = "application/stix+json"
)

// STIX is the media type of objects of a version of STIX. That of 2.0 had another name.
func STIX(spec string) string {
	if spec == "2.0" {
		return "application/vnd.oasis.stix+json; version=2.0"
	}
	return stixName + ";version=" + spec
}

// Accepts reports whether a client that sent these Accept headers takes what is served. Where lenient, so does one that
// takes anything or any application/*, or that did not say.
func Accepts(headers []string, lenient bool) bool {
	said := false
	for _, header := range headers {
		for _, item := range split(header, ',') {
			r, ok := parseMedia(item)
			if !ok {
				continue
			}
			said = true
			if r.quality <= 0 {
				continue
			}
			if r.name == mediaName && (r.version == "" || r.version == Version) {
				return true
			}
			if lenient && (r.name == "*/*" || r.name == "application/*" || r.name == "application/json") {
				return true
			}
		}
	}
	return lenient && !said
}

// IsMedia reports whether a Content-Type is that of a body of TAXII 2.1. One without a version is taken as ours.
func IsMedia(header string) bool {
	m, ok := parseMedia(header)
	return ok && m.name == mediaName && (m.version == "" || m.version == Version)
}

type media struct {
	name, version string
	quality       float64
}

// parseMedia reads one media type or range. Case, the order of parameters, quotes and the space around ; and = are free.
func parseMedia(text string) (m media, ok bool) {
	parts := split(text, ';')
	m = media{name: strings.ToLower(strings.TrimSpace(parts[0])), quality: 1}
	if kind, sub, found := strings.Cut(m.name, "/"); !found || kind == "" || sub == "" {
		return m, false
	}
	for _, parameter := range parts[1:] {
		name, value, _ := strings.Cut(parameter, "=")
		value = unquote(strings.TrimSpace(value))
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "version":
			m.version = value
		case "q":
			q, err := strconv.ParseFloat(value, 64)
			if err != nil || q != q {
				q = 0 // what cannot be read is no wish
			}
			m.quality = q
		}
	}
	return m, true
}

// split cuts at a separator outside quotes.
func split(text string, at byte) (parts []string) {
	from, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == at && !quoted:
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

func unquote(value string) string {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return value
	}
	value = value[1 : len(value)-1]
	if !strings.Contains(value, `\`) {
		return value
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) {
			i++
		}
		b.WriteByte(value[i])
	}
	return b.String()
}
