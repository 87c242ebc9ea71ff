// Package edifact reads and writes the UN/EDIFACT syntax (ISO 9735, versions 1 to 4) under every airline
// message: interchanges, groups, messages, segments, elements and components.
//
// Call [NewReader] on the bytes of a file and walk its messages:
//
//	r := edifact.NewReader(raw)
//	for r.Next() {
//		m := r.Message()
//		for r.Scan() {
//			s := r.Segment()
//			if s.Tag == "NAD" {
//				surname := s.Component(4, 1)
//				…
//			}
//		}
//		// m.Faults is complete now; m.Broken is set when there was no message to read.
//	}
//
// The field breaks the standard daily, and nearly always in ways a person understands at a glance. The reader
// understands them too: it keeps what can be kept and says what was wrong, where, and how to mend it, in
// [Message.Faults]. A fault whose Strict is set breaks the standard; without it the fault is only worth a word.
//
// The text of the file is copied once. Whatever the reader hands out is a substring of that copy, except a
// component that held a release character, a line break or a character outside ASCII, which is copied.
// So holding one name holds the whole file in memory.
//
// The package knows the envelope and no message: what an NAD means is for the rooms beside it.
package edifact
