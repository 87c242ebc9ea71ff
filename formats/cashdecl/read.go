package cashdecl

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/rihla/rihla/formats/fault"
)

// Limits of a file.
const (
	MaxBytes        = 32 << 20
	MaxDeclarations = 100_000
	MaxItems        = 1000 // of one declaration
	MaxFaults       = 200  // that are listed; Document.More counts the others
)

// Recognise tells whether a file holds declarations of cash: JSON that names one of the schemas or has the shape, or CSV with the header.
func Recognise(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 {
		return false
	}
	if head[0] == '{' || head[0] == '[' {
		shape := bytes.Contains(head, []byte(`"items"`)) && bytes.Contains(head, []byte(`"direction"`)) && bytes.Contains(head, []byte(`"made_at"`))
		return shape || bytes.Contains(head, []byte(`"rihla.cash-`))
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return isHeader(string(line))
}

// Read reads the declarations of a file and calls each once: with what the file holds, or with why nothing of it can be
// read.
func Read(raw []byte, each func(*Document, *fault.Fault) error) error {
	if len(raw) > MaxBytes {
		return each(nil, &fault.Fault{Rule: "E-CASH-LIMIT", Strict: true, Message: fmt.Sprintf("the file is larger than %d MiB", MaxBytes>>20), Mend: "split it"})
	}
	d := &document{Document: Document{Format: Format}, ids: map[string]bool{}}
	read := d.csv
	if text := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\ufeff")), " \t\r\n"); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		read = d.json
	}
	if f := read(raw); f != nil {
		return each(nil, f)
	}
	if len(d.Declarations) > 0 {
		d.Reference = d.Declarations[0].ID
	}
	slices.SortStableFunc(d.Warnings, func(a, b fault.Fault) int { return cmp.Compare(a.Offset, b.Offset) })
	slices.SortStableFunc(d.Lost, func(a, b fault.Fault) int { return cmp.Compare(a.Offset, b.Offset) })
	return each(&d.Document, nil)
}

// document is the work on one file.
type document struct {
	Document
	ids map[string]bool // of its declarations
}

// add takes a declaration whose form holds, or tells by what it is lost: f's errors have their length still to get where
// it is 0.
func (d *document) add(x *Declaration, f *form, at place) {
	if x.ID != "" && d.ids[x.ID] {
		f.refuse(at, "ID-DUPLICATE", "give each declaration its own", "another declaration of the file has the id %s", clip(x.ID))
	}
	if len(f.errors) > 0 {
		return
	}
	d.ids[x.ID] = true
	x.Warnings = f.remarks
	for _, w := range f.remarks {
		d.warn(w)
	}
	d.Declarations = append(d.Declarations, x)
}

func (d *document) warn(f fault.Fault) {
	if len(d.Warnings) >= MaxFaults {
		d.More++
		return
	}
	d.Warnings = append(d.Warnings, f)
}

// lose tells by which faults a part of the file is lost; their places are kept but for the offset, which is the part's.
func (d *document) lose(errors []fault.Fault, offset, length int) {
	for _, f := range errors {
		f.Offset, f.Length = offset, length
		d.Lost = append(d.Lost, f)
	}
}
