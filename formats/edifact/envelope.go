package edifact

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
)

// Interchange is what UNB says: who sends what to whom, and when. Present is false where a file began without
// one; then the rest is empty.
type Interchange struct {
	Present                                            bool
	Offset                                             int // of UNB
	Syntax, SyntaxVersion                              string
	Charset                                            Charset
	Sender, SenderQualifier, SenderRouting             string
	Recipient, RecipientQualifier, RecipientRouting    string
	Prepared                                           time.Time // date and time of preparation, read as UTC; zero where unreadable
	PreparedRaw                                        string    // as sent, e.g. 261124:0900
	Reference                                          string    // 0020
	Password, Application, Priority, Acknowledge, Deal string    // S005, 0026, 0029, 0031, 0032
	Test                                               bool      // 0035
	Separators                                         Separators
}

// Group is what UNG says; its Type is empty where there is no group.
type Group struct {
	Type, Sender, Recipient, PreparedRaw, Reference, Agency, Version string
}

// Message is one message's envelope. It is the reader's own and changes with the next call of Next.
type Message struct {
	Interchange *Interchange
	Group       *Group
	Offset      int    // of UNH
	Number      int    // of UNH among the segments
	Reference   string // 0062
	Type        string // S009 0065, e.g. PAXLST
	Version     string // S009 without the type, e.g. D:05B:UN:IATA
	Access      string // 0068, the common access reference
	Part        int    // S010 0070; 0 where the message does not say
	First       bool   // it says C at 1, or 1 and F, or nothing at all
	Final       bool   // it says F, or nothing at all
	Whole       bool   // its UNT came: nothing was cut off. Known when Scan has returned false

	// Faults of the envelope and of the characters, in order of their discovery: complete when Scan has
	// returned false. Those of the interchange are told with its first message, those of its end with its last.
	Faults []fault.Fault
	// Broken is set where no message could be read: an empty file, something that is no EDIFACT, segments
	// without UNH. Then there are no segments.
	Broken *fault.Fault

	end fault.Fault // the place of the segment that ended the message
}

// AtEnd makes a fault at the segment that ended the message (its UNT, as a rule): where a segment that never came
// is missed. It is right when Scan has returned false.
func (m *Message) AtEnd(rule, mend, format string, args ...any) fault.Fault {
	f := m.end
	f.Rule, f.Mend, f.Message = rule, mend, fmt.Sprintf(format, args...)
	return f
}

// MaxFaults bounds what is said of one message, so that a spoiled file of 32 MiB does not become a report of
// gigabytes. A person mends the first dozen.
const MaxFaults = 500

// Warn adds a fault to the message's, up to MaxFaults.
func (m *Message) Warn(f fault.Fault) {
	switch n := len(m.Faults); {
	case n < MaxFaults:
		m.Faults = append(m.Faults, f)
	case n == MaxFaults:
		m.Faults = append(m.Faults, fault.Fault{Offset: f.Offset, Segment: f.Segment, Tag: f.Tag, Rule: "too_many_faults",
			Message: "more is wrong after this; only the first " + strconv.Itoa(MaxFaults) + " places are listed", Mend: "mend these and send the message again"})
	}
}

// readUNB reads the interchange header. Where the syntax identifier is missing, every later element stands one
// place early, and is read there.
func (r *Reader) readUNB(s *Segment) {
	in := &r.interchange
	*in = Interchange{Present: true, Offset: s.Offset, Separators: r.seps}
	shift := 0
	if s.Components(1) < 2 && s.Components(3) >= 2 && digits(s.Component(3, 1)) && digits(s.Component(3, 2)) {
		shift = 1
		r.missing(s, "the syntax identifier (S001)", "begin UNB with the syntax identifier and its version, e.g. UNOA:4")
	} else {
		in.Syntax, in.SyntaxVersion = s.Component(1, 1), s.Component(1, 2)
	}
	in.Charset = charsets[in.Syntax]
	r.set, s.set = in.Charset, in.Charset
	at := func(e int) int { return e - shift }
	in.Sender, in.SenderQualifier, in.SenderRouting = s.Component(at(2), 1), s.Component(at(2), 2), s.Component(at(2), 3)
	in.Recipient, in.RecipientQualifier, in.RecipientRouting = s.Component(at(3), 1), s.Component(at(3), 2), s.Component(at(3), 3)
	in.PreparedRaw = s.Component(at(4), 1)
	if t := s.Component(at(4), 2); t != "" {
		in.PreparedRaw += ":" + t
	}
	in.Reference = s.Component(at(5), 1)
	in.Password, in.Application, in.Priority = s.Component(at(6), 1), s.Component(at(7), 1), s.Component(at(8), 1)
	in.Acknowledge, in.Deal, in.Test = s.Component(at(9), 1), s.Component(at(10), 1), s.Component(at(11), 1) == "1"
	if shift == 0 {
		switch {
		case in.Syntax == "":
			r.missing(s, "the syntax identifier (S001)", "begin UNB with the syntax identifier and its version, e.g. UNOA:4")
		case in.Sender == "":
			r.missing(s, "the sender (S002)", "name the sender")
		case in.Recipient == "":
			r.missing(s, "the recipient (S003)", "name the recipient")
		case in.PreparedRaw == "":
			r.missing(s, "the date and time of preparation (S004)", "say when the interchange was prepared, as YYMMDD:HHMM")
		case in.Reference == "":
			r.missing(s, "the control reference (0020)", "give every interchange a reference, and repeat it in UNZ")
		}
	}
	var ok bool
	if in.Prepared, ok = prepared(s.Component(at(4), 1), s.Component(at(4), 2)); !ok && in.PreparedRaw != "" {
		f := s.Fault("bad_date", "write date and time of preparation as YYMMDD:HHMM", "%s is no date and time", excerpt(in.PreparedRaw))
		f.Strict = true
		r.warn(f)
	}
}

func (r *Reader) missing(s *Segment, what, mend string) {
	f := s.Fault("missing_data", mend, "%s lacks %s", s.Tag, what)
	f.Strict = true
	r.warn(f)
}

// prepared reads S004: YYMMDD or CCYYMMDD, and HHMM. EDIFACT is younger than 1986, so two digits mean this century.
func prepared(date, clock string) (time.Time, bool) {
	if len(date) == 6 {
		date = "20" + date
	}
	if clock == "" {
		clock = "0000"
	}
	if len(date) != 8 || len(clock) < 4 || !digits(date) || !digits(clock[:4]) {
		return time.Time{}, false
	}
	n := func(s string) int { v, _ := strconv.Atoi(s); return v }
	year, month, day, hour, minute := n(date[:4]), n(date[4:6]), n(date[6:]), n(clock[:2]), n(clock[2:4])
	t := time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
	return t, t.Day() == day && int(t.Month()) == month && hour < 24 && minute < 60
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func (r *Reader) readUNG(s *Segment) {
	r.group = Group{Type: s.Element(1), Sender: s.Element(2), Recipient: s.Element(3), PreparedRaw: s.Composite(4),
		Reference: s.Element(5), Agency: s.Element(6), Version: s.Composite(7)}
}

// readUNH begins a message.
func (r *Reader) readUNH(s *Segment) {
	m := &r.message
	m.Offset, m.Number = s.Offset, s.Number
	m.Reference, m.Type, m.Access = s.Element(1), strings.TrimSpace(s.Component(2, 1)), s.Element(3)
	m.Version = ""
	if n := s.Components(2); n > 1 {
		if s.seps.Component == ':' && !s.dirty {
			m.Version = s.Composite(2)[len(s.Component(2, 1))+1:]
		} else {
			parts := make([]string, 0, n)
			for c := 2; c <= n; c++ {
				parts = append(parts, s.Component(2, c))
			}
			m.Version = strings.Join(parts, ":")
		}
	}
	m.Part, m.First, m.Final = 0, true, true
	if v := s.Component(4, 1); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 9999 {
			f := s.Fault("bad_sequence", "number the parts 01, 02, … and mark the last F", "%s is no part number", excerpt(v))
			f.Strict = true
			r.warn(f)
		} else {
			m.Part, m.First = n, n <= 1
		}
		m.Final = strings.EqualFold(s.Component(4, 2), "F") || s.Component(4, 2) == "" && m.Part <= 1
	}
	if m.Reference == "" {
		r.missing(s, "the message reference (0062)", "number the messages, and repeat the number in UNT")
	}
	if m.Type == "" {
		r.missing(s, "the message type (S009)", "name the message type, e.g. PAXLST:D:05B:UN:IATA")
	}
}
