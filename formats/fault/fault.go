// Package fault says where in a filed report something is wrong, by which rule, and how to mend it.
//
// Every codec under formats/ speaks of errors, warnings and lost parts with one type, Fault, so that a
// carrier, an analyst and a script read the same place and the same stable rule name whatever the format.
// It knows no format and reads no bytes.
package fault

import "fmt"

// Fault is one thing wrong at one place of a report. Its JSON is the "place" of the public contract.
type Fault struct {
	Offset  int    `json:"offset"`            // bytes from the start of the file as it was filed
	Segment int    `json:"segment,omitempty"` // EDIFACT: counted from UNB = 1 (UNA is none)
	Tag     string `json:"tag,omitempty"`     // EDIFACT: the segment's tag
	Line    int    `json:"line,omitempty"`    // line formats and XML: from 1
	Field   string `json:"field,omitempty"`   // line formats, CSV
	Column  int    `json:"column,omitempty"`  // line formats: bytes of the line, from 1
	Pointer string `json:"pointer,omitempty"` // JSON: RFC 6901
	Path    string `json:"path,omitempty"`    // XML
	Rule    string `json:"rule"`              // the rule's stable name, e.g. count_mismatch
	Message string `json:"message"`           // what is wrong, lower case, for a person
	Mend    string `json:"mend,omitempty"`    // what to do about it, where one can be named
	What    string `json:"what,omitempty"`    // of a lost part: what it was, e.g. booking
	Length  int    `json:"length,omitempty"`  // of a lost part: its bytes from Offset on
	Strict  bool   `json:"-"`                 // breaks the standard: an error when reading strictly, a warning otherwise
}

// Error makes a Fault an error whose text names the place.
func (f *Fault) Error() string { return f.Place() + ": " + f.Message }

// Place says where it is, in what the format counts in.
func (f *Fault) Place() string {
	switch {
	case f.Segment > 0:
		return fmt.Sprintf("offset %d, segment %d (%s)", f.Offset, f.Segment, f.Tag)
	case f.Line > 0 && f.Path != "":
		return fmt.Sprintf("line %d, %s", f.Line, f.Path)
	case f.Line > 0 && f.Field != "":
		return fmt.Sprintf("line %d, %s", f.Line, f.Field)
	case f.Line > 0:
		return fmt.Sprintf("line %d", f.Line)
	case f.Pointer != "":
		return f.Pointer
	case f.Path != "":
		return f.Path
	case f.Field != "":
		return f.Field
	}
	return fmt.Sprintf("offset %d", f.Offset)
}

// Range is a run of bytes of the file as it was filed, for example one that holds sensitive data.
type Range struct {
	Offset, Length int
}
