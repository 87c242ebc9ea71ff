package match

import "bytes"

// DNS reads one line of a log of questions to a name server, as BIND, dnsmasq and Zeek write them, or plainly: an instant,
// who asked, the name, the type. ok is false where the line is none of these; a heading is a line without anything in it.
func (s *Scanner) DNS(line []byte) (l *Line, ok bool) {
	s.begin()
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] == '#' {
		return &s.line, true
	}
	switch {
	case bytes.IndexByte(line, '\t') >= 0:
		ok = s.zeek(line)
	case bytes.Contains(line, bindQuery):
		ok = s.bind(line)
	case bytes.Contains(line, dnsmasqQuery):
		ok = s.dnsmasq(line)
	default:
		ok = s.plain(line)
	}
	s.line.Hits, s.line.Parts = s.hits, s.parts
	return &s.line, ok
}

var (
	bindQuery    = []byte(": query: ")
	bindClient   = []byte("client ")
	dnsmasqQuery = []byte("query[")
	dnsmasqFrom  = []byte(" from ")
)

// bind reads: 15-Mar-2026 08:00:00.123 queries: info: client @0x7f 192.0.2.10#53124 (name): query: name IN A +E(0)K (203.0.113.53)
func (s *Scanner) bind(line []byte) bool {
	at := bytes.Index(line, bindQuery)
	name := word(line[at+len(bindQuery):], 0)
	client := line[:at]
	if i := bytes.Index(client, bindClient); i >= 0 {
		client = client[i+len(bindClient):]
	}
	if len(client) > 0 && client[0] == '@' {
		client = bytes.TrimLeft(client[len(word(client, 0)):], " ")
	}
	client = word(client, 0)
	if i := bytes.IndexByte(client, '#'); i >= 0 {
		client = client[:i]
	}
	const instant = len("15-Mar-2026 08:00:00")
	if len(line) < instant || len(name) == 0 {
		return false
	}
	end := instant
	for end < len(line) && line[end] != ' ' {
		end++
	}
	s.line.when, s.line.form, s.line.Client = line[:end], bindForm, client
	s.host(client)
	s.name(name)
	return true
}

// dnsmasq reads: Mar 15 08:00:00 dnsmasq[812]: query[A] name from 192.0.2.10
func (s *Scanner) dnsmasq(line []byte) bool {
	rest := line[bytes.Index(line, dnsmasqQuery)+len(dnsmasqQuery):]
	end := bytes.IndexByte(rest, ']')
	if end < 0 {
		return false
	}
	rest = bytes.TrimLeft(rest[end+1:], " ")
	name := word(rest, 0)
	from := bytes.LastIndex(rest, dnsmasqFrom)
	if len(name) == 0 || from < 0 {
		return false
	}
	const instant = len("Mar 15 08:00:00")
	s.line.when, s.line.form, s.line.Client = line[:min(instant, len(line))], syslogForm, word(rest[from+len(dnsmasqFrom):], 0)
	s.host(s.line.Client)
	s.name(name)
	return true
}

// zeek reads columns between tabs: the instant first, then an identifier, who asked, its port, whom; names and answers in
// any column behind.
func (s *Scanner) zeek(line []byte) bool {
	columns := 0
	for len(line) > 0 {
		end := bytes.IndexByte(line, '\t')
		if end < 0 {
			end = len(line)
		}
		value := line[:end]
		switch columns {
		case 0:
			s.line.when = value
		case 2:
			s.line.Client = value
			s.words(value)
		case 4:
			s.line.Server = value
			s.words(value)
		default:
			s.words(value)
		}
		columns++
		line = line[min(end+1, len(line)):]
	}
	return columns > 4
}

// plain reads: 2026-03-15T08:00:00Z 192.0.2.10 name A
func (s *Scanner) plain(line []byte) bool {
	when := word(line, 0)
	client := word(line, 1)
	name := word(line, 2)
	if len(when) < len("2026-03-15") || when[0] < '0' || when[0] > '9' || len(name) == 0 {
		return false
	}
	s.line.when, s.line.Client = when, client
	s.host(client)
	s.name(name)
	return true
}

// word is the n-th word of a line, counted from 0.
func word(line []byte, n int) []byte {
	for {
		for len(line) > 0 && line[0] == ' ' {
			line = line[1:]
		}
		end := bytes.IndexByte(line, ' ')
		if end < 0 {
			end = len(line)
		}
		if n == 0 {
			return line[:end]
		}
		n--
		line = line[end:]
		if len(line) == 0 {
			return nil
		}
	}
}
