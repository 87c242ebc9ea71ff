package edifact

import (
	"strings"

	"github.com/rihla/rihla/formats/fault"
)

// Classes of bytes for the scanner's table: one lookup a byte, and nearly every byte is plain. (Measured on varied
// messages, this loop beats both eight bytes at a time and counting without branches: components are short.)
const (
	plain = iota
	component
	element
	terminator
	release
	fold    // CR, LF
	foreign // above 7F
	control // other control bytes
)

// Bounds on how far an unreleased apostrophe is mended: names and streets are at most 70 characters, and one that
// holds more than four apostrophes is no name.
const (
	maxJoin  = 256
	maxJoins = 4
)

// scanner cuts a file into segments.
type scanner struct {
	text     string
	pos      int // where the next segment is looked for
	number   int // of the segment last found
	class    [256]byte
	seps     Separators
	patterns patterns
	set      Charset
	seg      Segment
	cuts     [MaxComponents + 1]int32
	elems    [MaxElements + 1]int32

	sure      bool // at pos stands a tag and an element separator
	ahead     Kind // of that tag
	same      bool // the next segment shares the number of this one: a plain parser saw one segment
	joins     int  // segments a plain parser sees more than there are, since this was last set to 0
	truncated bool // the segment has no terminator: the file ends inside it
	faults    func(fault.Fault)
}

func (k *scanner) use(seps Separators) {
	s := &k.seg
	s.text, s.cuts, s.elems, s.seps, s.set = k.text, k.cuts[:], k.elems[:], &k.seps, k.set
	if k.seps == seps {
		return // as in the file before
	}
	k.seps = seps
	k.patterns.use(seps)
	k.class = [256]byte{}
	for c := range 256 {
		switch {
		case c > 0x7F:
			k.class[c] = foreign
		case c == '\r' || c == '\n':
			k.class[c] = fold
		case c < ' ' && c != '\t':
			k.class[c] = control
		}
	}
	if seps.Release != 0 {
		k.class[seps.Release] = release
	}
	k.class[seps.Component] = component
	k.class[seps.Element] = element
	k.class[seps.Terminator] = terminator
}

// next finds the next segment. It is false at the end of the file, and at something that is no segment: then
// k.pos stands before it, and junk tells how long it is.
func (k *scanner) next() (found bool, junk int) {
	text := k.text
	if k.sure {
		k.sure = false
		at := k.pos
		if !k.same {
			k.number++
		}
		k.same, k.truncated = false, false
		s := &k.seg
		s.Tag, s.Kind, s.Offset, s.Number, s.dirty = text[at:at+3], k.ahead, at, k.number, false
		k.elementsFrom(at + 3)
		return true, 0
	}
	at := skipBlank(text, k.pos)
	for at < len(text) && text[at] == k.seps.Terminator { // a doubled terminator
		at = skipBlank(text, at+1)
	}
	k.pos = at
	if at >= len(text) {
		return false, 0
	}
	var tag string
	i := at + 3
	if i < len(text) && tagAt(text, at) &&
		(text[i] == k.seps.Element || text[i] == k.seps.Terminator) {
		tag = text[at:i]
	} else {
		t, end, ok := k.oddTag(at)
		if !ok {
			return false, k.junk(at)
		}
		tag, i = t, end
	}
	if !k.same {
		k.number++
	}
	k.same, k.truncated = false, false
	s := &k.seg
	s.Tag, s.Kind, s.Offset, s.Number, s.dirty = tag, kindAt(tag, 0), at, k.number, false
	k.elementsFrom(i)
	return true, 0
}

// expect goes to the next segment, of which tag and element separator stand at i.
func (k *scanner) expect(i int) { k.pos, k.sure, k.ahead = i, true, kindAt(k.text, i) }

// tagByte tells what a tag is made of: 2 for what may begin it, 1 for what may follow.
var tagByte = func() (t [256]byte) {
	for c := 'A'; c <= 'Z'; c++ {
		t[c] = 2
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = 1
	}
	return
}()

// tagAt tells whether three bytes at i could be a tag.
func tagAt(text string, i int) bool {
	return tagByte[text[i]] == 2 && tagByte[text[i+1]] != 0 && tagByte[text[i+2]] != 0
}

func skipBlank(text string, i int) int {
	for i < len(text) && text[i] <= ' ' {
		i++
	}
	return i
}

// elementsFrom is the byte loop: it notes where components begin until the terminator.
func (k *scanner) elementsFrom(i int) {
	text, class := k.text, &k.class
	s := &k.seg
	s.marked = false
	nc, ne := 0, 0
	joined, warned := 0, false
	var end int // of the data
scan:
	for {
		for i < len(text) && class[text[i]] == plain {
			i++
		}
		if i >= len(text) {
			k.truncated = true
			end, k.pos = i, i
			break
		}
		switch class[text[i]] {
		case element:
			if ne >= MaxElements || nc >= MaxComponents {
				end = k.tooMany(i)
				k.pos = min(end+1, len(text))
				break scan
			}
			i++
			k.elems[ne], k.cuts[nc] = int32(nc), int32(i)
			ne++
			nc++
		case component:
			if nc >= MaxComponents {
				end = k.tooMany(i)
				k.pos = min(end+1, len(text))
				break scan
			}
			i++
			k.cuts[nc] = int32(i) // before the first element (TAG:1:2) it is counted by none
			nc++
		case terminator:
			// The next segment must follow: three more lookups for nearly every segment.
			j := i + 1
			for j < len(text) && text[j] <= ' ' {
				j++
			}
			if j+3 < len(text) && tagAt(text, j) && text[j+3] == k.seps.Element &&
				(j > i+1 || !names(s.Tag) || known(text, j) != "") {
				end = i
				k.expect(j)
				break scan
			}
			if joined >= maxJoins || !k.unreleased(i, j, joined) {
				end = i
				k.pos = i + 1
				break scan
			}
			joined++
			s.dirty = true
			i++
		case release:
			if s.swallowed(k, i) {
				end = i
				k.pos = i + 2
				k.same = true
				break scan
			}
			s.dirty = true
			for i++; i < len(text) && (text[i] == '\r' || text[i] == '\n'); i++ {
			}
			if i < len(text) {
				i++
			}
			if i >= len(text) {
				k.dangling(i)
			}
		case fold:
			s.dirty = true
			j := skipBlank(text, i)
			if j+3 < len(text) && text[j+3] == k.seps.Element && ne > 0 && known(text, j) != "" {
				// A line begins with a tag: the terminator before it was lost.
				f := s.Fault("lost_terminator", "end every segment with its terminator",
					"the terminator of %s is missing: the next line begins with %s", s.Tag, text[j:j+3])
				f.Strict = true
				k.faults(f)
				end = i
				k.pos = j
				k.same = true
				break scan
			}
			i = j
			// Only line breaks are folds: blanks after them are text.
			for i > 0 && text[i-1] == ' ' {
				i--
			}
		case foreign:
			if !warned { // one remark a segment says enough
				warned = k.checkForeign(i)
			}
			s.dirty = true
			i++
			for i < len(text) && class[text[i]] == foreign {
				i++
			}
		case control:
			s.dirty = true
			f := s.Fault("bad_character", "send only printable characters", "byte %02X is a control character", text[i])
			f.Offset, f.Strict = i, true
			k.faults(f)
			for i < len(text) && class[text[i]] == control {
				i++
			}
		}
	}
	k.elems[ne] = int32(nc)
	k.cuts[nc] = int32(end + 1)
	s.count = ne
	s.Length = min(end+1, len(text)) - s.Offset
	k.number += joined
	k.joins += joined
}

// tooMany drops the rest of an endless segment and returns where it ends.
func (k *scanner) tooMany(i int) int {
	f := k.seg.Fault("too_long", "split the segment", "the segment has more than %d elements or %d components; the rest is dropped", MaxElements, MaxComponents)
	f.Strict = true
	k.faults(f)
	n := strings.IndexByte(k.text[i:], k.seps.Terminator)
	if n < 0 {
		k.truncated = true
		return len(k.text)
	}
	return i + n
}

// oddTag reads a tag that is not three capitals and a separator: broken by a fold, followed by a blank, in lower
// case, or cut by the end of the file.
func (k *scanner) oddTag(at int) (tag string, end int, ok bool) {
	var b [3]byte
	n, i := 0, at
	folded := false
	for ; i < len(k.text) && n < 3; i++ {
		c := k.text[i]
		if (c == '\r' || c == '\n') && n > 0 {
			folded = true
			continue
		}
		if !alnum(c) {
			return "", 0, false
		}
		b[n] = c
		n++
	}
	if n < 3 {
		return "", 0, false
	}
	blank := false
	for i < len(k.text) && k.text[i] <= ' ' {
		blank = blank || k.text[i] == ' ' || k.text[i] == '\t'
		folded = folded || !blank
		i++
	}
	if i < len(k.text) && k.text[i] != k.seps.Element && k.text[i] != k.seps.Terminator {
		return "", 0, false
	}
	raw := string(b[:])
	tag = strings.ToUpper(raw)
	standard := known(tag, 0)
	isKnown := standard != ""
	if isKnown {
		tag = standard
	}
	if (folded || blank || tag != raw || i >= len(k.text)) && !isKnown {
		return "", 0, false
	}
	if blank || tag != raw {
		number := k.number + 1
		if k.same {
			number = k.number
		}
		k.faults(fault.Fault{Offset: at, Segment: number, Tag: tag, Rule: "bad_segment_tag", Strict: true,
			Message: "a tag is three capitals followed at once by a separator, not " + excerpt(k.text[at:i]), Mend: "send " + tag})
	}
	return tag, i, tagByte[tag[0]] == 2
}

// junk measures what is no segment: up to its terminator, or to the end of the line before a known tag.
func (k *scanner) junk(at int) int {
	for i := at; i < len(k.text); i++ {
		switch c := k.text[i]; {
		case c == k.seps.Terminator:
			return i + 1 - at
		case (c == '\n' || c == '\r') && k.tagStands(skipBlank(k.text, i)):
			return i - at
		}
	}
	return len(k.text) - at
}

// tagStands tells whether a segment surely begins here.
func (k *scanner) tagStands(i int) bool {
	return i+3 < len(k.text) && (k.text[i+3] == k.seps.Element || k.text[i+3] == k.seps.Terminator) && known(k.text, i) != ""
}

// unreleased decides whether the terminator at i is an apostrophe that should have been released: what follows
// it at j is no segment, but a segment follows soon.
func (k *scanner) unreleased(i, j, joined int) bool {
	text, s := k.text, &k.seg
	if j >= len(text) || service(s.Tag) || codesOnly(s.Tag) || !alnum(text[j]) && text[j] <= 0x7F {
		return false // text has neither here: a name goes on with a letter
	}
	if strings.ContainsAny(text[i+1:j], "\r\n") {
		return false // text of another kind follows on a line of its own
	}
	if k.tagStands(j) || strings.HasPrefix(text[j:], "UNA") {
		return false
	}
	if j+3 < len(text) && tagAt(text, j) &&
		(text[j+3] == k.seps.Element || text[j+3] == k.seps.Terminator) {
		// It could be a segment of an unknown tag. Only in a name, and only in a file that writes a line a
		// segment and breaks that habit here, is it the rest of the name.
		if !names(s.Tag) || j != i+1 || !k.lines() {
			return false
		}
	} else if _, _, ok := k.quietOddTag(j); ok {
		return false
	}
	n := strings.IndexByte(text[j:min(len(text), j+maxJoin)], k.seps.Terminator)
	if n < 0 {
		return false
	}
	for c := j; c < j+n; c++ { // the rest of a name holds no line that begins a segment
		if k.class[text[c]] == control {
			return false
		}
	}
	tag := text[j:min(len(text), j+3)]
	k.faults(fault.Fault{Offset: j, Segment: k.number + joined + 1, Tag: excerpt(tag), Rule: "bad_segment_tag", Strict: true,
		Message: "what follows the terminator is no segment: the apostrophe before it belongs to the " + s.Tag + " segment and was not released",
		Mend:    "write " + string(rune(max(k.seps.Release, '?'))) + string(rune(k.seps.Terminator)) + " inside a name"})
	return true
}

func (k *scanner) quietOddTag(at int) (string, int, bool) {
	keep := k.faults
	k.faults = func(fault.Fault) {}
	defer func() { k.faults = keep }()
	return k.oddTag(at)
}

// lines tells whether the file has a line break after its first terminator.
func (k *scanner) lines() bool {
	n := strings.IndexByte(k.text[:min(len(k.text), sniffWindow)], k.seps.Terminator)
	return n >= 0 && n+1 < len(k.text) && (k.text[n+1] == '\n' || k.text[n+1] == '\r')
}

// swallowed tells whether the release character at i takes away a terminator by accident: a segment with a
// known tag and elements follows.
func (s *Segment) swallowed(k *scanner, i int) bool {
	if i+1 >= len(k.text) || k.text[i+1] != k.seps.Terminator {
		return false
	}
	j := skipBlank(k.text, i+2)
	if j+3 >= len(k.text) || k.text[j+3] != k.seps.Element || known(k.text, j) == "" {
		return false
	}
	f := s.Fault("released_terminator", "leave out the release character before the terminator",
		"a release character takes away the terminator of %s, and %s after it would be read as its text", s.Tag, k.text[j:j+3])
	f.Strict = true
	k.faults(f)
	return true
}

func (k *scanner) dangling(end int) {
	k.truncated = true
	f := k.seg.Fault("dangling_release", "send the file again, whole", "the file ends with a release character")
	f.Strict = true
	k.faults(f)
}

// checkForeign looks at a run of bytes above 7F.
func (k *scanner) checkForeign(i int) bool {
	j := i
	for j < len(k.text) && k.text[j] > 0x7F {
		j++
	}
	n := k.set.foreign(k.text[i:j])
	if n < 0 {
		return false
	}
	f := k.seg.Fault("bad_character", "declare the character set in UNB (UNOC for ISO 8859-1, UNOW for UTF-8), or send plain Latin letters",
		"byte %02X is outside the declared character set", k.text[i+n])
	f.Offset, f.Strict = i+n, true
	k.faults(f)
	return true
}
