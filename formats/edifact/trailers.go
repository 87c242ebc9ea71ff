package edifact

import (
	"strconv"
	"strings"
)

// checkUNT compares the message trailer with its header and with what was counted. A segment that a plain parser
// sees and there is not (an unreleased apostrophe) may be counted or not: either is right.
func (r *Reader) checkUNT(s *Segment) {
	m := &r.message
	counted := s.Number - m.Number + 1
	if said, ok := r.count(s); ok && said != counted && said != counted-r.joins {
		why := ""
		switch said {
		case counted - 2:
			why = "; UNH and UNT count too"
		case counted - 1, counted + 1:
			why = "; UNH and UNT count, UNB and UNG do not"
		}
		f := s.Fault("count_mismatch", "write the number of segments from UNH to UNT, both counted", "UNT says %d segments, there are %d%s", said, counted, why)
		f.Strict = true
		r.warn(f)
	}
	r.checkReference(s, m.Reference, "UNH")
}

func (r *Reader) checkUNE(s *Segment) {
	if !r.grouped {
		f := s.Fault("missing_segment", "begin the group with UNG, or leave out UNE", "UNE ends a group that no UNG began")
		f.Strict = true
		r.warn(f)
		return
	}
	r.grouped = false
	if said, ok := r.count(s); ok && said != r.ofGroup {
		f := s.Fault("count_mismatch", "write the number of messages in the group", "UNE says %d messages, there are %d", said, r.ofGroup)
		f.Strict = true
		r.warn(f)
	}
	r.checkReference(s, r.group.Reference, "UNG")
}

func (r *Reader) checkUNZ(s *Segment) {
	if r.grouped {
		r.warnMissing(s, "UNE", "UNZ comes before UNE ends the group")
		r.grouped = false
	}
	r.over = true
	if !r.open {
		return // the missing UNB was told of
	}
	r.open = false
	counted, what := r.messages, "messages"
	if r.groups > 0 {
		counted, what = r.groups, "groups"
	}
	if said, ok := r.count(s); ok && said != counted {
		f := s.Fault("count_mismatch", "write the number of "+what+" in the interchange", "UNZ says %d %s, there are %d", said, what, counted)
		f.Strict = true
		r.warn(f)
	}
	r.checkReference(s, r.interchange.Reference, "UNB")
}

// count reads the number in a trailer; it is not asked of a segment that the end of the file cut.
func (r *Reader) count(s *Segment) (int, bool) {
	if r.truncated {
		return 0, false
	}
	v := strings.TrimSpace(s.Element(1))
	n, err := strconv.Atoi(v)
	if err != nil {
		f := s.Fault("count_mismatch", "write the count in figures", "%s holds no count but %q", s.Tag, excerpt(v))
		f.Strict = true
		r.warn(f)
		return 0, false
	}
	return n, true
}

// checkReference compares the reference of a trailer with its header's.
func (r *Reader) checkReference(s *Segment, reference, header string) {
	if got := s.Element(2); got != reference && !r.truncated {
		f := s.Fault("reference_mismatch", "repeat the reference of "+header+" in "+s.Tag, "the reference in %s is %s, in %s %s",
			s.Tag, excerpt(got), header, excerpt(reference))
		f.Strict = true
		r.warn(f)
	}
}
