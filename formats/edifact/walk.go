package edifact

// Walk hands over every segment of a file, those of the envelope too, in their order, for whoever shows a file to
// people. It checks nothing: what is wrong, Reader tells. The segment changes with the next one. The separators are
// those of the last interchange; a file that is no EDIFACT has no segments.
func Walk(raw []byte, each func(*Segment)) Separators {
	r := NewReader(raw)
	r.inside = true // faults go to a message that nobody asks for
	if r.begin() != nil {
		return r.seps
	}
	for !r.ended && r.find() {
		s := &r.seg
		switch s.Tag {
		case "UNA":
			if next, ok := readUNA(r.text, s.Offset); ok {
				r.from(next)
			}
			continue
		case "UNB":
			r.number, s.Number = 1, 1
			r.readUNB(s)
		case "UNZ":
			r.over = true
			each(s)
			r.inside = true
			continue
		}
		each(s)
	}
	return r.seps
}
