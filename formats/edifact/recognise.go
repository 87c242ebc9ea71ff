package edifact

import "strings"

// headWindow is how far into a file its first message is looked for: Type-B lines, UNA, UNB and UNG are under 2 KiB
// in the worst case, and a head may be all a caller has.
const headWindow = 4096

// Sniff names the type of the first message in a file, from its content alone: PAXLST, PNRGOV, CUSRES … It needs
// the first few kilobytes, and returns "" where they hold no UNH.
func Sniff(head []byte) string {
	text := string(head[:min(len(head), headWindow)])
	s, ok := find(text, 0, Default)
	if !ok {
		return ""
	}
	for i := s.body; ; i++ {
		n := strings.Index(text[i:], "UNH")
		if n < 0 {
			return ""
		}
		i += n
		rest := text[i+3:]
		if rest == "" || rest[0] != s.seps.Element {
			continue
		}
		n = strings.IndexByte(rest[1:], s.seps.Element)
		if n < 0 {
			return ""
		}
		kind := rest[n+2:]
		end := strings.IndexAny(kind, string([]byte{s.seps.Component, s.seps.Element, s.seps.Terminator}))
		if end < 0 {
			return ""
		}
		return strings.Map(func(r rune) rune {
			if r <= ' ' {
				return -1
			}
			return r
		}, kind[:end])
	}
}

// Recognise tells whether a file is EDIFACT at all, whatever it carries: an envelope, or a body whose envelope
// was lost.
func Recognise(head []byte) bool {
	text := string(head[:min(len(head), headWindow)])
	if _, ok := find(text, 0, Default); ok {
		return true
	}
	at := skipBlank(text, len(text)-len(strings.TrimPrefix(text, "\ufeff")))
	return at+3 < len(text) && known(text, at) != "" && text[at+3] == Default.Element
}
