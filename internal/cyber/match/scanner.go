package match

import (
	"bytes"
	"net/netip"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/observable"
)

// Hit is one indicator that a line meets.
type Hit struct {
	Indicator string // the entry's ID
	Seen      []byte // what of the line met it; of the scanner, until its next line
}

// Scanner reads lines one at a time. It keeps its memory from line to line, so it is one goroutine's; the layers it
// searches are anybody's.
type Scanner struct {
	layers *Layers
	key    []byte // a value in the form that the index has
	text   []byte // a text whose escapes were resolved
	seen   []byte // what hits saw
	hits   []Hit
	parts  []Hit
	last   []byte // the name looked at last: lines say a host twice, as such and in a URL
	line   Line
}

// NewScanner searches these layers.
func NewScanner(l *Layers) *Scanner { return &Scanner{layers: l} }

// begin forgets the line before.
func (s *Scanner) begin() {
	s.seen, s.hits, s.parts = s.seen[:0], s.hits[:0], s.parts[:0]
	s.line, s.last = Line{}, nil
}

// look asks for a value in the form of the index.
func (s *Scanner) look(c class, value, seen []byte) {
	h := hash(c, value)
	if n := s.layers.base.find(h, c, value); n != 0 {
		s.hit(s.layers.base, n-1, seen)
	}
	if n := s.layers.fresh.find(h, c, value); n != 0 {
		s.hit(s.layers.fresh, n-1, seen)
	}
	if p := s.layers.parts; p != nil {
		if n := p.find(h, c, value); n != 0 {
			s.parts = s.met(s.parts, p.id(n-1), seen)
		}
	}
}

func (s *Scanner) hit(x *Index, n uint32, seen []byte) {
	id := x.id(n)
	if x == s.layers.base && s.layers.gone[id] {
		return
	}
	s.hits = s.met(s.hits, id, seen)
}

// met adds a hit, each indicator once.
func (s *Scanner) met(hits []Hit, id string, seen []byte) []Hit {
	for _, h := range hits {
		if h.Indicator == id {
			return hits
		}
	}
	from := len(s.seen)
	s.seen = append(s.seen, seen...)
	return append(hits, Hit{id, s.seen[from:len(s.seen):len(s.seen)]})
}

// What the bytes of a text are to the shape of a word.
const (
	aBreak    byte = 1 << iota // ends a word
	aDot                       // . or :, without which there is neither address nor name
	aSlash                     // only a URL or a network has one
	surrounds                  // surrounds a word in prose
	anAt
)

var shapes = func() (t [256]byte) {
	for c, shape := range map[string]byte{" \t\r\n\v\f\"'<>|`\x00": aBreak, ".:": aDot, "/": aSlash, "=,;()[]{}": surrounds, "@": anAt} {
		for i := range len(c) {
			t[c[i]] = shape
		}
	}
	return t
}()

// words looks at a text word by word.
func (s *Scanner) words(text []byte) {
	for from := 0; from < len(text); from++ {
		var all byte
		i := from
		for ; i < len(text); i++ {
			shape := shapes[text[i]]
			if shape == aBreak {
				break
			}
			all |= shape
		}
		if w := text[from:i]; all&aDot != 0 || len(w) >= 32 {
			s.word(w, all)
		}
		from = i
	}
}

// word looks at one word by its shape: a page, a mailbox, an address with or without a port, a hash, a name.
func (s *Scanner) word(w []byte, all byte) {
	if all&(aDot|aSlash) == aDot|aSlash {
		if at := bytes.Index(w, schemeEnd); at > 0 {
			from := at
			for from > 0 && inScheme(w[from-1]) {
				from--
			}
			if from < at {
				s.page(w[from:], at-from)
			}
			return
		}
	}
	if all&surrounds != 0 {
		from := 0
		for i, c := range w {
			if shapes[c] == surrounds {
				s.bare(w[from:i], all)
				from = i + 1
			}
		}
		w = w[from:]
	}
	s.bare(w, all)
}

var schemeEnd = []byte("://")

func inScheme(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '+' || c == '-' || c == '.'
}

// bare looks at a word that is no page.
func (s *Scanner) bare(w []byte, all byte) {
	for len(w) > 0 && (w[len(w)-1] == '.' || w[len(w)-1] == '!' || w[len(w)-1] == '?') {
		w = w[:len(w)-1]
	}
	if n := len(w); n > 1 && w[n-1] == ':' && w[n-2] != ':' { // "::" may end an address
		w = w[:n-1]
	}
	if len(w) < len("::1") {
		return
	}
	if all&anAt != 0 {
		if at := bytes.LastIndexByte(w, '@'); at >= 0 {
			s.mailbox(w, at)
			return
		}
	}
	if all&aDot != 0 {
		s.host(w)
	}
	if n := len(w); n == 32 || n == 40 || n == 64 || n == 128 {
		s.digest(w)
	}
}

// mailbox looks at name@host, and at its host.
func (s *Scanner) mailbox(w []byte, at int) {
	s.key = append(s.key[:0], w...)
	lower(s.key)
	s.look(ofMailbox, s.key, w)
	s.host(w[at+1:])
}

func (s *Scanner) digest(w []byte) {
	s.key = s.key[:0]
	for _, c := range w {
		if hexDigit(c) < 0 {
			return
		}
		if 'A' <= c && c <= 'F' {
			c |= 0x20
		}
		s.key = append(s.key, c)
	}
	s.look(ofHash, s.key, w)
}

// host looks at an address or a name, with or without a port behind it.
func (s *Scanner) host(w []byte) (ip netip.Addr) {
	switch c := w; {
	case len(c) == 0:
		return ip
	case c[0] == '[':
		if end := bytes.IndexByte(c, ']'); end > 0 {
			return s.host(c[1:end])
		}
		return ip
	case '0' <= c[0] && c[0] <= '9':
		if ip, n, ok := parse4(c); ok && (n == len(c) || c[n] == ':' || c[n] == '/' || c[n] == '#') {
			s.address(ip, c[:n])
			return ip
		}
	}
	if colon := bytes.IndexByte(w, ':'); colon >= 0 {
		if bytes.IndexByte(w[colon+1:], ':') >= 0 {
			if ip, ok := parse6(w); ok {
				s.address(ip, w)
				return ip
			}
			return ip
		}
		w = w[:colon]
	}
	if slash := bytes.IndexByte(w, '/'); slash >= 0 {
		w = w[:slash]
	}
	s.name(w)
	return ip
}

func (s *Scanner) address(ip netip.Addr, seen []byte) {
	s.key = addressKey(s.key[:0], ip)
	s.look(ofAddress, s.key, seen)
	for _, x := range [...]*Index{s.layers.base, s.layers.fresh} {
		for n := x.nets.around(ip); n >= 0; n = x.nets.parents[n] {
			s.hit(x, x.nets.nets[n].entry, seen)
		}
	}
	if p := s.layers.parts; p != nil {
		for n := p.nets.around(ip); n >= 0; n = p.nets.parents[n] {
			s.parts = s.met(s.parts, p.id(p.nets.nets[n].entry), seen)
		}
	}
}

// name looks at a host name and at every name above it.
func (s *Scanner) name(w []byte) {
	const longest = 253
	w = bytes.TrimSuffix(w, []byte{'.'})
	if len(w) < len("a.b") || len(w) > longest || bytes.Equal(w, s.last) {
		return
	}
	s.last = w
	s.key = s.key[:0]
	dot := false
	for _, c := range w {
		switch kind := inName[c]; kind {
		case 0:
			return
		case 'A':
			c |= 0x20
		case '.':
			dot = true
		case 'u':
			s.unicodeName(w)
			return
		}
		s.key = append(s.key, c)
	}
	if dot {
		s.above(s.key, w)
	}
}

// inName sorts the bytes of host names: 0 never stands in one, u is beyond ASCII.
var inName = func() (t [256]byte) {
	for c := range t {
		switch {
		case 'A' <= c && c <= 'Z':
			t[c] = 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
			t[c] = 'a'
		case c == '.':
			t[c] = '.'
		case c >= utf8.RuneSelf:
			t[c] = 'u'
		}
	}
	return t
}()

// unicodeName looks at a name that is not written as DNS carries it. It is rare enough to cost some memory.
func (s *Scanner) unicodeName(w []byte) {
	if _, value, refused := observable.Parse(observable.Domain, string(w)); refused == nil {
		s.above([]byte(value), w)
	}
}

func (s *Scanner) above(name, seen []byte) {
	s.look(ofName, name, seen)
	for {
		dot := bytes.IndexByte(name, '.')
		if dot < 0 {
			return
		}
		if name = name[dot+1:]; bytes.IndexByte(name, '.') < 0 {
			return
		}
		s.look(ofName, name, seen)
	}
}

// page looks at a URL in the form of [observable.Key], and at its host. scheme is how long its scheme is.
func (s *Scanner) page(w []byte, scheme int) {
	for len(w) > 0 && bytes.IndexByte(trailing, w[len(w)-1]) >= 0 {
		w = w[:len(w)-1]
	}
	if len(w) <= scheme+len(schemeEnd) {
		return
	}
	s.key = append(s.key[:0], w[:scheme+len(schemeEnd)]...)
	lower(s.key)
	rest := w[scheme+len(schemeEnd):]
	end := 0
	for end < len(rest) && rest[end] != '/' && rest[end] != '?' && rest[end] != '#' {
		end++
	}
	authority, path := rest[:end], rest[end:]
	if fragment := bytes.IndexByte(path, '#'); fragment >= 0 {
		path = path[:fragment]
	}
	host := authority
	if at := bytes.LastIndexByte(authority, '@'); at >= 0 {
		s.key = append(s.key, authority[:at+1]...)
		host = authority[at+1:]
	}
	name, port := host, []byte(nil)
	if colon := bytes.LastIndexByte(host, ':'); colon >= 0 && host[len(host)-1] != ']' {
		name, port = host[:colon], host[colon:]
		if usual := usualPorts[string(s.key[:scheme])]; usual != "" && usual == string(port) {
			port = nil
		}
	}
	from := len(s.key)
	s.key = append(s.key, bytes.TrimSuffix(name, []byte{'.'})...)
	lower(s.key[from:])
	s.key = append(append(s.key, port...), path...)
	if len(path) == 0 {
		s.key = append(s.key, '/')
	}
	s.look(ofURL, s.key, w)
	s.host(name)
}

// trailing are bytes that end a sentence sooner than a URL.
var trailing = []byte(".,;!)]}")

var usualPorts = map[string]string{"http": ":80", "https": ":443", "ftp": ":21"}

func lower(b []byte) {
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
}
