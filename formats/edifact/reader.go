package edifact

import (
	"strings"
	"sync"
	"unsafe"

	"github.com/rihla/rihla/formats/fault"
)

// Reader walks the messages of a file, and the segments of each.
type Reader struct {
	scanner
	message     Message
	interchange Interchange
	group       Group

	begun    bool // the file was looked at
	fresh    bool // an interchange begins with the next segment
	over     bool // UNZ came: only another interchange can follow
	open     bool // UNB came, and its UNZ is still to come
	grouped  bool // a group is open
	inside   bool // between UNH and UNT
	held     bool // the segment last found belongs to what comes next
	ended    bool // the file is at its end
	any      bool // something was delivered
	groups   int  // in this interchange
	messages int  // in this interchange
	ofGroup  int  // messages in this group
	waiting  []fault.Fault
	warned   bool // of segments outside a message, once
	skipped  int  // segments of this message that could not be read
}

// NewReader reads a file held in memory. The bytes are copied once; the caller may change them afterwards.
func NewReader(raw []byte) *Reader {
	r := new(Reader)
	r.Reset(raw)
	return r
}

// lent are readers between two files: one is twenty kilobytes, most of which a file of a single passenger never touches.
var lent = sync.Pool{New: func() any { return new(Reader) }}

// Lend is NewReader, with a reader that whoever asked for it gives back.
func Lend(raw []byte) *Reader {
	r, _ := lent.Get().(*Reader)
	r.Reset(raw)
	return r
}

// Return gives a lent reader back: it must not be used any more. What was read of the file stays as it is.
func (r *Reader) Return() {
	r.Reset(nil) // nothing of the file is kept
	lent.Put(r)
}

// Reset begins another file with the same reader, and keeps its buffers.
func (r *Reader) Reset(raw []byte) { r.begins(string(raw)) }

// Borrow begins another file as Reset does, without copying it: raw must not change as long as anything that was read of
// it is in use. It is for files of hundreds of megabytes, and for whoever reads a file and lets it go.
func (r *Reader) Borrow(raw []byte) { r.begins(unsafe.String(unsafe.SliceData(raw), len(raw))) }

func (r *Reader) begins(text string) {
	r.text, r.pos, r.number, r.sure, r.same, r.joins, r.truncated = text, 0, 0, false, false, 0, false
	r.begun, r.fresh, r.over, r.open, r.grouped = false, false, false, false, false
	r.inside, r.held, r.ended, r.any, r.warned = false, false, false, false, false
	r.groups, r.messages, r.ofGroup, r.waiting = 0, 0, 0, nil
	r.message, r.interchange, r.group, r.set = Message{}, Interchange{}, Group{}, Basic
	r.faults = r.warn
	r.use(Default)
}

// Text is the file: what the offsets count in.
func (r *Reader) Text() string { return r.text }

// Message is the current message.
func (r *Reader) Message() *Message { return &r.message }

// Segment is the current segment.
func (r *Reader) Segment() *Segment { return &r.seg }

// Skipped counts the segments of the message that could not be read, so far: what follows one may belong to
// something whose beginning was lost.
func (r *Reader) Skipped() int { return r.skipped }

// Split ends the current segment before a tag whose terminator was lost in the middle of a line: a caller that
// knows how many elements the segment can have sees too many, and asks. Where one ends in a known tag, the segment
// is cut there, and the rest is the next one.
func (r *Reader) Split() bool {
	s := &r.seg
	s.cut()
	for e := 1; e < s.count; e++ {
		sep := int(s.cuts[s.elems[e]]) - 1
		at := sep - 3
		if at <= int(s.cuts[s.elems[0]]) || known(s.text, at) == "" || service(s.text[at:]) || s.text[at-1] == s.seps.Element || s.text[at-1] == s.seps.Component {
			continue
		}
		f := s.Fault("lost_terminator", "end every segment with its terminator", "the terminator of %s is missing: %s begins in the middle of it", s.Tag, s.text[at:sep])
		f.Strict = true
		r.warn(f)
		s.count = e
		s.cuts[s.elems[e]] = int32(at + 1)
		s.Length = at - s.Offset
		r.expect(at)
		r.same = true
		return true
	}
	return false
}

// warn tells a fault with the current message, or keeps it for the next one.
func (r *Reader) warn(f fault.Fault) {
	if r.inside || r.message.Interchange != nil {
		r.message.Warn(f)
		return
	}
	if len(r.waiting) < MaxFaults {
		r.waiting = append(r.waiting, f)
	}
}

// Next goes to the next message, past what is left of the current one. It is false at the end of the file.
func (r *Reader) Next() bool {
	for r.Scan() {
	}
	r.message = Message{}
	if !r.begun {
		r.begun = true
		if broken := r.begin(); broken != nil {
			r.ended, r.any = true, true
			return r.broken(broken)
		}
	}
	for !r.ended {
		if !r.held && !r.find() {
			break
		}
		r.held = false
		s := &r.seg
		if r.fresh || s.Tag == "UNB" {
			r.fresh, r.open = false, false
			r.groups, r.messages, r.ofGroup, r.grouped = 0, 0, 0, false
			r.interchange, r.group = Interchange{Separators: r.seps}, Group{}
		}
		switch s.Tag {
		case "UNA":
			if s, ok := readUNA(r.text, s.Offset); ok {
				r.from(s)
			}
		case "UNB":
			r.number, s.Number, r.open = 1, 1, true
			r.readUNB(s)
		case "UNG":
			r.groups++
			r.grouped, r.ofGroup = true, 0
			r.readUNG(s)
		case "UNH":
			return r.enter(s)
		case "UNE":
			r.checkUNE(s)
		case "UNZ":
			messages := r.messages
			r.checkUNZ(s)
			if messages == 0 {
				return r.broken(noHeader(s, "the interchange has no message in it", "send the message the interchange was meant to carry"))
			}
		default:
			f := noHeader(s, "the first segment of the message is "+s.Tag+", with no UNH before it", "begin every message with UNH, e.g. UNH+1+PAXLST:D:05B:UN:IATA")
			r.passOver()
			r.messages++
			return r.broken(f)
		}
	}
	if !r.any {
		r.any = true
		f := r.seg.Fault("missing_segment", "send the message the interchange was meant to carry", "the file ends before any message")
		f.Offset, f.Segment, f.Tag, f.Strict = len(r.text), r.number+1, "UNH", true
		return r.broken(&f)
	}
	return false
}

// enter begins the message at UNH.
func (r *Reader) enter(s *Segment) bool {
	r.message = Message{Interchange: &r.interchange, Group: &r.group, Faults: r.waiting}
	r.waiting = nil
	r.inside, r.any, r.joins, r.skipped = true, true, 0, 0
	r.messages++
	r.ofGroup++
	r.readUNH(s)
	return true
}

// broken delivers a message that cannot be read.
func (r *Reader) broken(f *fault.Fault) bool {
	r.any = true
	r.message = Message{Interchange: &r.interchange, Group: &r.group, Broken: f, Faults: r.waiting, Offset: f.Offset, Number: f.Segment}
	r.waiting = nil
	return true
}

func noHeader(s *Segment, message, mend string) *fault.Fault {
	f := s.Fault("missing_segment", mend, "%s", message)
	f.Strict = true
	return &f
}

// begin finds the first interchange, or says why there is none.
func (r *Reader) begin() *fault.Fault {
	if len(r.text) > MaxSize {
		return &fault.Fault{Rule: "too_long", Message: "the file is longer than 2 GiB", Mend: "split it", Strict: true}
	}
	if strings.Trim(r.text, " \r\n\t\x00\ufeff") == "" {
		return &fault.Fault{Rule: "empty", Message: "there is nothing in the file", Mend: "send the message again", Strict: true}
	}
	s, ok := find(r.text, 0, Default)
	if ok {
		r.from(s)
		return nil
	}
	at := skipBlank(r.text, len(r.text)-len(strings.TrimPrefix(r.text, "\ufeff")))
	if tag := r.text[at:min(len(r.text), at+3)]; known(tag, 0) != "" && at+3 < len(r.text) && r.text[at+3] == Default.Element &&
		strings.IndexByte(r.text[at:min(len(r.text), at+sniffWindow)], Default.Terminator) > 0 {
		return &fault.Fault{Offset: at, Segment: 1, Tag: tag, Rule: "missing_segment", Strict: true,
			Message: "the file begins with " + tag + ": neither UNB nor UNH stands before it",
			Mend:    "send the whole interchange, from UNB to UNZ"}
	}
	return &fault.Fault{Offset: 0, Rule: "not_edifact", Strict: true,
		Message: "this is no EDIFACT: neither UNA nor UNB nor UNH is anywhere in it",
		Mend:    "send the interchange itself, not packed and not inside another document; it begins with UNA or UNB"}
}

// from takes up reading where an interchange begins.
func (r *Reader) from(s start) {
	r.pos, r.same, r.sure = s.body, false, false
	r.number = 0
	r.set = Basic
	r.use(s.seps)
	r.fresh, r.over = true, false
	// What is wrong here is told with the interchange's own first message.
	if s.bad != "" {
		r.waiting = append(r.waiting, badUNA(s))
	}
	if r.text[s.body+2] == 'H' {
		r.waiting = append(r.waiting, fault.Fault{Offset: s.body, Segment: 1, Tag: "UNH", Rule: "missing_segment", Strict: true,
			Message: "the message begins with UNH: its interchange header UNB is missing", Mend: "send the whole interchange, from UNB to UNZ"})
	}
}

// find goes to the next segment; what is no segment is told of and passed over. Outside an interchange it looks
// for the next one.
func (r *Reader) find() bool {
	for {
		if r.over {
			s, ok := find(r.text, r.pos, r.seps)
			if !ok {
				r.stray(r.pos, len(r.text))
				r.pos, r.ended = len(r.text), true
				return false
			}
			r.stray(r.pos, s.at)
			r.from(s)
		}
		found, junk := r.next()
		if found {
			return true
		}
		if junk == 0 {
			r.ended = true
			return false
		}
		at := r.pos
		if strings.HasPrefix(r.text[at:], "UNA") {
			if s, ok := readUNA(r.text, at); ok {
				// An interchange begins before the one before has ended.
				r.seg.Tag, r.seg.Kind, r.seg.Offset, r.seg.Number, r.seg.count, r.seg.marked = "UNA", UNA, at, r.number+1, 0, false
				r.cuts[0], r.elems[0] = int32(at+1), 0
				r.pos = s.body
				return true
			}
		}
		if !r.inside {
			// Prose, a mail's footer, another protocol's trailer: look for the next envelope segment.
			if n := r.nextService(at); n > at {
				r.stray(at, n)
				r.pos = n
				continue
			}
			r.stray(at, len(r.text))
			r.pos, r.ended = len(r.text), true
			return false
		}
		r.number++
		r.skipped++
		f := fault.Fault{Offset: at, Segment: r.number, Tag: excerpt(r.text[at:min(len(r.text), at+3)]), Rule: "bad_segment_tag", Strict: true,
			Message: "what stands here is no segment: it has no tag of three capitals", Mend: "a segment begins with its tag of three capitals, and text ends with its terminator only where the segment ends"}
		r.pos = at + junk
		if r.pos >= len(r.text) && r.text[len(r.text)-1] != r.seps.Terminator {
			f.Rule, f.Message, f.Mend = "truncated", "the file ends inside a segment", "send the whole file again"
		}
		r.warn(f)
	}
}

// nextService is where the next envelope segment (or UNA) begins, or the length of the text.
func (r *Reader) nextService(from int) int {
	for i := from; ; i++ {
		n := strings.Index(r.text[i:], "UN")
		if n < 0 || i+n+3 >= len(r.text) {
			return len(r.text)
		}
		i += n
		switch r.text[i+2] {
		case 'H', 'T', 'E', 'Z', 'B', 'G':
			if r.text[i+3] == r.seps.Element {
				return i
			}
		case 'A':
			if _, ok := readUNA(r.text, i); ok {
				return i
			}
		}
	}
}

// stray tells of text that belongs to no message.
func (r *Reader) stray(from, to int) {
	text := strings.Trim(r.text[from:to], " \r\n\t\x00\x03\x04\x1a")
	if text == "" {
		return
	}
	at := from + strings.Index(r.text[from:to], text)
	r.warn(fault.Fault{Offset: at, Rule: "trailing_data", Strict: true, Message: "text stands outside any message",
		Mend: "leave out what does not belong to the interchange"})
}

// scan is Scan for every segment.
func (r *Reader) scan() bool {
	if !r.inside {
		return false
	}
	m := &r.message
	if !r.find() {
		m.end = fault.Fault{Offset: len(r.text), Segment: r.number + 1}
		r.end(len(r.text), r.number+1, "UNT")
		r.trailers()
		return false
	}
	s := &r.seg
	if r.truncated || service(s.Tag) {
		m.end = fault.Fault{Offset: s.Offset, Segment: s.Number, Tag: s.Tag}
	}
	if r.truncated {
		r.cut(s)
		if s.Tag != "UNT" && s.Tag != "UNE" && s.Tag != "UNZ" {
			r.ended = true
			r.inside = false
			return false
		}
	}
	if !service(s.Tag) {
		return true
	}
	switch s.Tag {
	case "UNT":
		r.checkUNT(s)
		m.Whole = !r.truncated
		r.inside = false
		r.trailers()
		return false
	case "UNH", "UNE", "UNZ", "UNB", "UNG", "UNA":
		f := s.Fault("missing_segment", "end every message with UNT", "%s comes before the UNT of message %s", s.Tag, excerpt(m.Reference))
		f.Strict = true
		r.warn(f)
		r.inside, r.held = false, true
		r.trailers()
		return false
	}
	return true
}

// end tells that the file is over before a segment that must be there.
func (r *Reader) end(at, number int, tag string) {
	r.inside, r.ended = false, true
	if r.truncated {
		return
	}
	r.message.Warn(fault.Fault{Offset: at, Segment: number, Rule: "missing_segment", Strict: true,
		Message: "the file ends before " + tag, Mend: "send the whole file again, to the end of UNZ"})
}

// cut tells that the file ends inside a segment.
func (r *Reader) cut(s *Segment) {
	for i := len(r.message.Faults) - 1; i >= 0 && i >= len(r.message.Faults)-2; i-- {
		if f := r.message.Faults[i]; f.Rule == "dangling_release" && f.Offset == s.Offset {
			return
		}
	}
	f := s.Fault("truncated", "send the whole file again", "the file ends inside %s: its terminator is missing", s.Tag)
	f.Strict = true
	r.warn(f)
}

// trailers reads the envelope behind a message, so that whatever is wrong there is told with it.
func (r *Reader) trailers() {
	for !r.ended {
		if !r.held && !r.find() {
			break
		}
		s := &r.seg
		if r.truncated && !r.held {
			r.cut(s)
		}
		r.held = false
		switch s.Tag {
		case "UNE":
			r.checkUNE(s)
		case "UNZ":
			r.checkUNZ(s)
		case "UNH":
			r.held = true
			return
		case "UNG":
			if r.grouped {
				r.warnMissing(s, "UNE", "a group begins before UNE ends the one before it")
			}
			r.held = true
			return
		case "UNB", "UNA":
			if r.open && !r.fresh {
				r.warnMissing(s, "UNZ", "an interchange begins before UNZ ends the one before it")
			}
			r.held = true
			return
		default:
			if !r.warned {
				r.warned = true
				f := s.Fault("unexpected_segment", "send every segment between UNH and UNT", "%s stands outside any message", s.Tag)
				f.Strict = true
				r.warn(f)
			}
		}
	}
	if r.truncated || r.over {
		return
	}
	if r.grouped {
		r.endOf("UNE")
	}
	if r.open {
		r.endOf("UNZ")
	}
}

func (r *Reader) endOf(tag string) {
	r.message.Warn(fault.Fault{Offset: len(r.text), Segment: r.number + 1, Rule: "missing_segment", Strict: true,
		Message: "the file ends before " + tag, Mend: "send the whole file again, to the end of UNZ"})
}

func (r *Reader) warnMissing(s *Segment, tag, message string) {
	f := s.Fault("missing_segment", "send "+tag, "%s", message)
	f.Strict = true
	r.warn(f)
}

// passOver skips the segments of a message that has no beginning.
func (r *Reader) passOver() {
	for r.find() {
		if s := &r.seg; service(s.Tag) && s.Tag != "UNT" && s.Tag != "UNS" {
			r.held = true
			return
		}
	}
}
