package jsondoc

import "bytes"

// Scanner walks the members of one JSON object, or the items of one array, where only a few are wanted and no tree is
// worth building. It trusts that the text is JSON: it checks no more than it needs to find its way, and stops where the
// text does.
//
//	for s := jsondoc.Scan(raw); s.Next(); {
//		switch string(s.Name) {
//		case "id": …s.Value()…
//		}
//	}
type Scanner struct {
	Name []byte // of the member, between its quotes, as written; nil in an array
	Cut  bool   // the text ended before the value did
	raw  []byte
	at   int
	list bool
	end  int // of the value; 0 while nobody asked for it
}

// Scan begins a walk. What is neither an object nor an array has no members.
func Scan(raw []byte) *Scanner {
	s := &Scanner{raw: raw}
	if bytes.HasPrefix(raw, []byte("\ufeff")) {
		s.at = len("\ufeff")
	}
	s.space()
	if s.at < len(raw) && (raw[s.at] == '{' || raw[s.at] == '[') {
		s.list = raw[s.at] == '['
		s.at++
		return s
	}
	s.at = len(raw)
	return s
}

// Next goes to the next member.
func (s *Scanner) Next() bool {
	if s.end > 0 {
		s.at = s.end
	} else if s.Name != nil {
		s.Value()
		s.at = s.end
	}
	s.end, s.Name = 0, nil
	s.space()
	if s.at < len(s.raw) && s.raw[s.at] == ',' {
		s.at++
		s.space()
	}
	switch {
	case s.at >= len(s.raw) || s.raw[s.at] == '}' || s.raw[s.at] == ']':
		return false
	case s.list:
		s.Value()
		return s.end > s.at
	case s.raw[s.at] != '"':
		return false
	}
	after := pastString(s.raw, s.at)
	if after >= len(s.raw) {
		return false
	}
	s.Name = s.raw[s.at+1 : after-1]
	s.at = after
	s.space()
	if s.at >= len(s.raw) || s.raw[s.at] != ':' {
		return false
	}
	s.at++
	s.space()
	return s.at < len(s.raw)
}

// Value is the member's value, as written; as far as the text goes where it is Cut.
func (s *Scanner) Value() []byte {
	if s.end == 0 {
		s.end, s.Cut = pastValue(s.raw, s.at)
	}
	return s.raw[s.at:s.end]
}

// Rest is the text from the value on, whose end need not be found for it.
func (s *Scanner) Rest() []byte { return s.raw[s.at:] }

// Offset is where the value begins.
func (s *Scanner) Offset() int { return s.at }

// Plain is what a value says that is a string without escapes, or false.
func Plain(value []byte) (string, bool) {
	if len(value) < 2 || value[0] != '"' {
		return "", false
	}
	end := bytes.IndexByte(value[1:], '"')
	if end < 0 || bytes.IndexByte(value[1:1+end], '\\') >= 0 {
		return "", false
	}
	return string(value[1 : 1+end]), true
}

func (s *Scanner) space() {
	for s.at < len(s.raw) && (s.raw[s.at] == ' ' || s.raw[s.at] == '\n' || s.raw[s.at] == '\t' || s.raw[s.at] == '\r') {
		s.at++
	}
}

// pastString is the offset behind a string that begins at i.
func pastString(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(raw) + 1
}

// pastValue is the offset behind a value that begins at i, and whether the text ends before it does.
func pastValue(raw []byte, i int) (end int, cut bool) {
	open := 0
	for i < len(raw) {
		switch raw[i] {
		case '"':
			if i = pastString(raw, i); i > len(raw) {
				return len(raw), true
			}
			if open == 0 {
				return i, false
			}
			continue
		case '{', '[':
			open++
		case '}', ']':
			if open == 0 {
				return i, false
			}
			if open--; open == 0 {
				return i + 1, false
			}
		case ',', ' ', '\n', '\r', '\t':
			if open == 0 {
				return i, false
			}
		}
		i++
	}
	return len(raw), open > 0
}
