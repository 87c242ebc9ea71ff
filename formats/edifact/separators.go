package edifact

import (
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// Separators are the six characters that UNA may announce. Release is 0 where there is none. The repetition
// separator is known but never splits: it does so only in syntax 4, no air message uses it, and `*` is
// ordinary text in remarks and addresses.
type Separators struct {
	Component, Element, Decimal, Release, Repetition, Terminator byte
}

// Default is what holds without a UNA.
var Default = Separators{Component: ':', Element: '+', Decimal: '.', Release: '?', Repetition: ' ', Terminator: '\''}

// Windows within which the start of an interchange must explain itself. An UNB is at most some 300 bytes and an
// UNG as many, so 1024 see the tag after it; behind a UNA only line breaks may stand before the UNB.
const (
	sniffWindow = 1024
	unaWindow   = 16
)

// start says where an interchange begins and how it is written.
type start struct {
	at   int // of UNA, UNB or UNH
	body int // of the first segment
	seps Separators
	una  bool
	bad  string // why UNA was not believed
}

// find looks for the next interchange from an offset on. Junk before it (Type-B address lines, control bytes,
// prose) is passed over: only a tag that explains itself counts, so UNABLE and SUNBEAM do not.
func find(text string, from int, current Separators) (start, bool) {
	for i := from; ; i++ {
		n := strings.Index(text[i:], "UN")
		if n < 0 || i+n+3 >= len(text) {
			return start{}, false
		}
		i += n
		switch text[i+2] {
		case 'A':
			if s, ok := readUNA(text, i); ok {
				return s, true
			}
		case 'B':
			if seps, ok := sniff(text, i, Default); ok {
				return start{at: i, body: i, seps: seps}, true
			}
		case 'H':
			// A body without an envelope: only at the start of a line, a segment or the file.
			if text[i+3] != current.Element || i > 0 && text[i-1] > ' ' && text[i-1] != current.Terminator {
				continue
			}
			if seps, ok := sniff(text, i, current); ok {
				return start{at: i, body: i, seps: seps}, true
			}
		}
	}
}

// readUNA reads the service string advice by position, and believes it only where the UNB behind it agrees.
func readUNA(text string, at int) (start, bool) {
	window := text[at+3 : min(len(text), at+3+unaWindow)]
	n := strings.Index(window, "UNB")
	if n < 0 {
		n = strings.Index(window, "UNH")
	}
	if n < 0 {
		return start{}, false
	}
	s := start{at: at, body: at + 3 + n, una: true}
	told := Default
	if n >= 6 {
		told = Separators{window[0], window[1], window[2], window[3], window[4], window[5]}
		if told.Release == ' ' {
			told.Release = 0
		}
	}
	shown, ok := sniff(text, s.body, told)
	if !ok {
		return start{}, false
	}
	s.seps = shown
	switch {
	case n < 6 || strings.ContainsAny(window[:6], "\r\n"):
		s.bad = "it has fewer than six characters"
	case told.Component == told.Element, told.Element == told.Terminator, told.Component == told.Terminator,
		told.Release != 0 && (told.Release == told.Element || told.Release == told.Terminator || told.Release == told.Component):
		s.bad = "two of its separators are the same character"
	case told.Element != shown.Element, told.Component != shown.Component, told.Terminator != shown.Terminator:
		s.bad = "the segments behind it are written with other separators"
	case strings.Trim(window[6:n], "\r\n \t") != "":
		s.bad = "it has more than six characters"
	}
	return s, true
}

// sniff reads the separators off an UNB (or UNH) as it is written: the tag is followed by the element
// separator, the syntax identifier (four letters) by the component separator, and before the next UNG or UNH
// stands a terminator. What does not show itself is taken from what was told.
func sniff(text string, at int, told Separators) (Separators, bool) {
	w := text[at:min(len(text), at+sniffWindow)]
	if len(w) < 5 || !separates(w[3]) {
		return told, false
	}
	s := told
	s.Element = w[3]
	if len(w) > 10 && w[2] == 'B' && upper4(w[4:8]) && separates(w[8]) && w[8] != s.Element && w[9] >= '0' && w[9] <= '9' {
		s.Component = w[8]
	} else if s.Component == s.Element {
		s.Component = Default.Component
	}
	if t, ok := sniffTerminator(w, s); ok {
		s.Terminator = t
	} else if !separates(s.Terminator) || s.Terminator == s.Element || s.Terminator == s.Component {
		s.Terminator = Default.Terminator
	}
	if s.Release == s.Element || s.Release == s.Component || s.Release == s.Terminator {
		s.Release = Default.Release
	}
	if s.Release == s.Element || s.Release == s.Component || s.Release == s.Terminator {
		s.Release = 0
	}
	// Two roles for one character can only come from a file that gives too little to sniff.
	return s, s.Element != s.Component && s.Element != s.Terminator && s.Component != s.Terminator
}

// sniffTerminator finds the character before the next segment whose tag is sure.
func sniffTerminator(w string, s Separators) (byte, bool) {
	for i := 4; i+3 < len(w); i++ {
		if w[i+3] != s.Element || !surelyNext(w[i:i+3]) {
			continue
		}
		j := i - 1
		for j > 4 && (w[j] == '\r' || w[j] == '\n' || w[j] == ' ') {
			j--
		}
		if separates(w[j]) && w[j] != s.Element && w[j] != s.Component {
			return w[j], true
		}
	}
	return 0, false
}

func surelyNext(tag string) bool {
	switch tag {
	case "UNG", "UNH", "BGM", "MSG":
		return true
	}
	return false
}

// separates tells a byte that can be a separator: anything printable or control but letters, digits and blanks.
// (Level B of the older syntax uses the control characters 1C to 1F.)
func separates(c byte) bool {
	return c < 0x7F && c != 0 && c != ' ' && c != '\r' && c != '\n' && c != '\t' && !alnum(c)
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func upper4(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

func badUNA(s start) fault.Fault {
	return fault.Fault{Offset: s.at, Rule: "bad_una", Strict: true,
		Message: "the service string advice UNA cannot be used: " + s.bad,
		Mend:    "send UNA followed by exactly six characters, e.g. UNA:+.? ', or leave it out"}
}
