package match

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// deepest is how deep a line's objects and lists may nest.
const deepest = 64

// JSON reads one line that holds one JSON object. ok is false where it holds none: it does not begin or end as one, a text
// is not closed, its brackets do not meet. What is inside is not checked further.
func (s *Scanner) JSON(line []byte) (l *Line, ok bool) {
	s.begin()
	s.text = s.text[:0]
	line = bytes.TrimSpace(line)
	if len(line) < 2 || line[0] != '{' || line[len(line)-1] != '}' {
		return &s.line, false
	}
	var (
		outer [deepest][]byte // the names of the objects around
		depth int
		key   []byte
	)
	for i := 0; i < len(line); {
		switch c := line[i]; c {
		case '{', '[':
			if depth == deepest || depth == 0 && i > 0 {
				return &s.line, false
			}
			outer[depth] = key
			depth++
			i++
		case '}', ']':
			if depth--; depth < 0 {
				return &s.line, false
			}
			key = outer[depth]
			i++
		case '"':
			end, escaped, marked := closing(line, i+1)
			if end < 0 {
				return &s.line, false
			}
			text := line[i+1 : end]
			i = end + 1
			if escaped {
				from := len(s.text)
				s.text = appendUnescaped(s.text, text)
				text = s.text[from:len(s.text):len(s.text)]
			}
			next := i
			for next < len(line) && (line[next] == ' ' || line[next] == '\t') {
				next++
			}
			if next < len(line) && line[next] == ':' {
				key, i = text, next+1
				continue
			}
			if marked || len(text) >= 32 {
				s.words(text)
			}
			s.note(around(outer[:], depth), key, text)
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			from := i
			for i < len(line) && (line[i] >= '0' && line[i] <= '9' || line[i] == '.' || line[i] == '-' || line[i] == '+' || line[i]|0x20 == 'e') {
				i++
			}
			if role(key) == isTime {
				s.note(around(outer[:], depth), key, line[from:i])
			}
		default:
			i++
		}
	}
	s.line.Hits, s.line.Parts = s.hits, s.parts
	return &s.line, depth == 0
}

// around is the name of the object that a value's object is.
func around(outer [][]byte, depth int) []byte {
	if depth < 1 {
		return nil
	}
	return outer[depth-1]
}

// closing finds the quote that ends a text, eight bytes at a time; escaped says that it holds a backslash, marked that it
// holds a dot or a colon, without which there is neither address nor name in it.
func closing(line []byte, from int) (end int, escaped, marked bool) {
	i := from
	for ; i+8 <= len(line); i += 8 {
		w := binary.LittleEndian.Uint64(line[i:])
		stop := equal(w, '"') | equal(w, '\\')
		dots := equal(w, '.') | equal(w, ':')
		if stop != 0 {
			at := bits.TrailingZeros64(stop) / 8
			marked = marked || dots&(1<<(8*at)-1) != 0
			i += at
			break
		}
		marked = marked || dots != 0
	}
	for ; i < len(line); i++ {
		switch line[i] {
		case '"':
			return i, escaped, marked
		case '\\':
			escaped, marked = true, true // whatever it stands for
			i++
		case '.', ':':
			marked = true
		}
	}
	return -1, escaped, marked
}

// equal sets the high bit of every byte of a word that is c; above the first that is, it may err.
func equal(w uint64, c byte) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	x := w ^ ones*uint64(c)
	return (x - ones) &^ x & highs
}

// The parts that named values of a line play.
type part byte

const (
	isNothing part = iota
	isTime
	isHost
	isClient
	isNamed
	isServer
)

// role tells a field by its own name.
func role(name []byte) part {
	switch string(name) {
	case "@timestamp", "timestamp", "ts", "time", "datetime", "event.created", "event_time", "created", "start", "date":
		return isTime
	case "host":
		return isNamed
	case "hostname", "computer", "host_name", "sensor", "device", "agent.hostname", "host.name", "observer.name":
		return isHost
	case "src_ip", "src", "client", "client_ip", "source_ip", "id.orig_h", "source.ip", "client.ip", "source.address", "srcip", "c-ip", "remote_addr":
		return isClient
	case "dest_ip", "dst_ip", "dst", "server", "server_ip", "destination_ip", "id.resp_h", "destination.ip", "server.ip", "dstip", "s-ip":
		return isServer
	}
	return isNothing
}

// inside tells a field by the object it is in: {"source":{"ip":…}}.
func inside(outer, name []byte) part {
	switch string(outer) {
	case "host", "agent", "observer":
		if n := string(name); n == "name" || n == "hostname" {
			return isHost
		}
	case "source", "client":
		if n := string(name); n == "ip" || n == "address" {
			return isClient
		}
	case "destination", "server":
		if n := string(name); n == "ip" || n == "address" {
			return isServer
		}
	case "event":
		if string(name) == "created" {
			return isTime
		}
	}
	return isNothing
}

// note keeps what a line says of itself: the first of each.
func (s *Scanner) note(outer, name, value []byte) {
	var to *[]byte
	p := role(name)
	if p == isNothing && len(outer) > 0 {
		p = inside(outer, name)
	}
	switch p {
	case isTime:
		to = &s.line.when
	case isHost:
		to = &s.line.Host
	case isClient:
		to = &s.line.Client
	case isNamed:
		to = &s.line.Named
	case isServer:
		to = &s.line.Server
	default:
		return
	}
	const longest = 255
	if len(*to) == 0 && len(value) <= longest {
		*to = value
	}
}

// appendUnescaped resolves the escapes of a JSON text. What is no escape stays as it stands.
func appendUnescaped(to, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			to = append(to, text[i])
			continue
		}
		i++
		switch c := text[i]; c {
		case 'b', 'f', 'n', 'r', 't':
			to = append(to, ' ') // all of them end a word
		case 'u':
			r, n := unescapeRune(text[i+1:])
			if n == 0 {
				to = append(to, '\\', 'u')
				continue
			}
			to = utf8.AppendRune(to, r)
			i += n
		default:
			to = append(to, c)
		}
	}
	return to
}

func unescapeRune(b []byte) (r rune, n int) {
	r, ok := hex4(b)
	if !ok {
		return 0, 0
	}
	const low = len(`XXXX\u`)
	if utf16.IsSurrogate(r) && len(b) >= low && b[4] == '\\' && b[5] == 'u' {
		if second, ok := hex4(b[low:]); ok {
			if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
				return pair, low + 4
			}
		}
	}
	return r, 4
}

func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		d := hexDigit(c)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}
