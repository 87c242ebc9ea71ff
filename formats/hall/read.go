package hall

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
)

// Recognise says by its first bytes whether a file is events of a hall: JSON that names the schema.
func Recognise(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), " \t\r\n")
	return len(head) > 0 && head[0] == '{' && bytes.Contains(head, []byte(`"rihla.hall-events/`))
}

var bom = []byte("\ufeff")

// Read reads the events of a file and calls each once: with what the file holds, or with why nothing of it can be read.
func Read(raw []byte, each func(*Document, *fault.Fault) error) error {
	if len(raw) > MaxBytes {
		return each(nil, &fault.Fault{Rule: "E-HALL-LIMIT", Strict: true, Message: fmt.Sprintf("the file is larger than %d MiB", MaxBytes>>20), Mend: "send it in parts"})
	}
	r := &reader{raw: raw, doc: &Document{Format: Format}}
	var f *fault.Fault
	if r.lines() {
		f = r.readLines()
	} else {
		f = r.readWhole()
	}
	if f == nil && r.events == 0 && len(r.doc.Lost) == 0 {
		f = &fault.Fault{Rule: "E-HALL-EMPTY", Strict: true, Message: "the file holds no event", Mend: "send at least one"}
	}
	if f != nil {
		return each(nil, f)
	}
	byOffset := func(a, b fault.Fault) int { return cmp.Compare(a.Offset, b.Offset) }
	slices.SortStableFunc(r.doc.Warnings, byOffset)
	slices.SortStableFunc(r.doc.Lost, byOffset)
	return each(r.doc, nil)
}

// reader is the work on one file.
type reader struct {
	raw    []byte
	doc    *Document
	events int // read or lost
}

// node is a value and where it stands in the file.
type node struct {
	*jsondoc.Value
	base    int // of what was parsed
	line    int // of JSON lines; 0 in a document
	pointer string
}

func (n node) at() fault.Fault {
	f := fault.Fault{Offset: n.base, Line: n.line}
	if n.Value != nil {
		f.Offset += n.Offset
	}
	if n.line == 0 {
		f.Pointer = n.pointer
	} else if len(n.pointer) > 0 {
		f.Field = n.pointer[1:]
	}
	return f
}

// get is a member; absent and null are both a node without a value, at the object's own place.
func (n node) get(name string) node {
	m := node{base: n.base, line: n.line, pointer: n.pointer + "/" + name}
	if n.Value == nil {
		return m
	}
	if v := n.Get(name); v != nil && v.Kind != jsondoc.Null {
		m.Value = v
		return m
	}
	m.base += n.Offset
	return m
}

// lines tells JSON lines: the first line is an object by itself, and holds no events.
func (r *reader) lines() bool {
	first, _, more := bytes.Cut(bytes.TrimLeft(bytes.TrimPrefix(r.raw, bom), " \t\r\n"), []byte("\n"))
	v, f := jsondoc.Parse(first)
	return f == nil && v.Kind == jsondoc.Object && v.Get("events") == nil && more
}

func (r *reader) readLines() *fault.Fault {
	offset, number, headed := 0, 0, false
	if bytes.HasPrefix(r.raw, bom) {
		offset = len(bom)
	}
	for line := range bytes.Lines(r.raw[offset:]) {
		at := offset
		offset += len(line)
		number++
		text := bytes.TrimRight(line, "\r\n")
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		v, f := jsondoc.Parse(text)
		n := node{Value: &v, base: at, line: number}
		if !headed { // lines() has parsed it
			headed = true
			if f := r.header(n); f != nil {
				return f
			}
			continue
		}
		if f != nil {
			r.lose([]fault.Fault{{Line: number, Rule: "E-HALL-JSON", Message: f.Message, Mend: "write one event a line, as JSON has it"}}, at, len(text))
			continue
		}
		if !r.event(n, len(text)) {
			break
		}
	}
	return nil
}

func (r *reader) readWhole() *fault.Fault {
	v, broken := jsondoc.Parse(r.raw)
	if broken != nil {
		broken.Rule, broken.Strict = "E-HALL-JSON", true
		return r.salvage(broken)
	}
	n := node{Value: &v}
	if f := r.header(n); f != nil {
		return f
	}
	events := n.get("events")
	if events.Value == nil || events.Kind != jsondoc.Array {
		f := events.at()
		f.Rule, f.Strict, f.Message, f.Mend = "E-HALL-EVENTS", true, "there is no list of events", "write them as the list events"
		return &f
	}
	items := events.Items()
	for i := range items {
		item := &items[i].Value
		if !r.event(node{Value: item, pointer: "/events/" + strconv.Itoa(i)}, item.Len()) {
			break
		}
	}
	return nil
}

// salvage reads what can be read of a document that is broken somewhere: its header and each event by itself, as far as
// brackets tell where it ends. Nothing of it is read where the header cannot be.
func (r *reader) salvage(whole *fault.Fault) *fault.Fault {
	head, events, base := []byte("{"), []byte(nil), 0
	for s := jsondoc.Scan(r.raw); s.Next(); {
		switch name := string(s.Name); name {
		case "schema", "airport", "sent", "reference":
			if len(head) > 1 {
				head = append(head, ',')
			}
			head = append(jsondoc.AppendQuoted(head, name), ':')
			head = append(head, s.Value()...)
		case "events":
			events, base = s.Rest(), s.Offset()
		}
	}
	v, f := jsondoc.Parse(append(head, '}'))
	if f != nil || events == nil || r.header(node{Value: &v}) != nil {
		return whole
	}
	covered := false
	for i, s := 0, jsondoc.Scan(events); s.Next(); i++ {
		item, at := s.Value(), base+s.Offset()
		v, f := jsondoc.Parse(item)
		if f == nil {
			if !r.event(node{Value: &v, base: at, pointer: "/events/" + strconv.Itoa(i)}, len(item)) {
				break
			}
			continue
		}
		covered = covered || at <= whole.Offset && whole.Offset <= at+len(item)
		r.lose([]fault.Fault{{Pointer: "/events/" + strconv.Itoa(i), Rule: "E-HALL-JSON", Message: f.Message, Mend: "write it as JSON has it"}}, at, len(item))
	}
	if r.events == len(r.doc.Lost) { // none is whole
		return whole
	}
	if !covered {
		r.warn(*whole)
	}
	return nil
}

// lose tells by which faults an event is lost: its bytes are blanked in the stored copy.
func (r *reader) lose(faults []fault.Fault, offset, length int) {
	r.events++
	for _, f := range faults {
		if len(r.doc.Lost) >= MaxFaults {
			r.doc.More++
			continue
		}
		f.Offset, f.Length, f.What = offset, length, "event"
		r.doc.Lost = append(r.doc.Lost, f)
	}
}

func (r *reader) warn(f fault.Fault) {
	if len(r.doc.Warnings) >= MaxFaults {
		r.doc.More++
		return
	}
	r.doc.Warnings = append(r.doc.Warnings, f)
}
