package stix

import (
	"fmt"
	"strconv"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix/pattern"
)

// Shape is what objects came in.
type Shape string

// The shapes of a document.
const (
	Bundle   Shape = "bundle"
	Envelope Shape = "envelope" // TAXII: an object with objects and no type
	List     Shape = "list"
)

// Document is a bundle, an envelope or a list, as it was read.
type Document struct {
	Shape    Shape
	ID       string // of a bundle
	Objects  []Object
	Warnings []fault.Fault // of the document itself, not of its objects
	root     jsondoc.Value
}

// Object is one object. With Faults it is refused; without it is accepted, Warnings or not.
type Object struct {
	Index int // in its document
	Head
	Value    jsondoc.Value
	Faults   []fault.Fault
	Warnings []fault.Fault
	pattern  *pattern.Pattern
	pointer  string // of the object in its document
}

// Accepted tells an object that breaks no rule.
func (o *Object) Accepted() bool { return len(o.Faults) == 0 }

// Raw is the object as it was written, space and all.
func (o *Object) Raw() string { return o.Value.Raw() }

// AppendJSON writes the object without space between its parts, everything else as it was written.
func (o *Object) AppendJSON(b []byte) []byte { return o.Value.AppendJSON(b) }

// Get is a property, or nil.
func (o *Object) Get(name string) *jsondoc.Value { return o.Value.Get(name) }

// Text is a property that is a string, or nothing.
func (o *Object) Text(name string) string { return o.Value.Get(name).Text() }

// MaxObjects is how many objects a document may hold.
const MaxObjects = 200_000

// Read reads a whole document and checks every object. A Fault means that nothing of it can be taken.
func Read(raw []byte) (*Document, *fault.Fault) {
	root, f := jsondoc.Parse(raw)
	if f != nil {
		return nil, f
	}
	d := &Document{root: root}
	list := &d.root
	base := ""
	switch root.Kind {
	case jsondoc.Array:
		d.Shape = List
	case jsondoc.Object:
		base = "/objects"
		if list, f = d.opened(); f != nil {
			return nil, f
		}
	default:
		return nil, notOne("the document is " + root.Kind.String())
	}
	items := list.Items()
	if len(items) > MaxObjects {
		return nil, &fault.Fault{Offset: list.Offset, Pointer: base, Rule: "length", Message: fmt.Sprintf("the document holds %d objects, and at most %d are read at once", len(items), MaxObjects), Mend: "send it in parts"}
	}
	d.Objects = make([]Object, len(items))
	check := newChecker()
	for i := range items {
		o := &d.Objects[i]
		*o = Object{Index: i, Value: items[i].Value, pointer: base + "/" + strconv.Itoa(i)}
		check.object(o)
	}
	d.checkVersions()
	d.checkReferences()
	return d, nil
}

// ReadObject reads one object by itself, as a form or an API gives it.
func ReadObject(raw []byte) (*Object, *fault.Fault) {
	v, f := jsondoc.Parse(raw)
	if f != nil {
		return nil, f
	}
	o := &Object{Value: v}
	newChecker().object(o)
	return o, nil
}

// opened answers the list of a bundle or envelope.
func (d *Document) opened() (*jsondoc.Value, *fault.Fault) {
	kind, objects := d.root.Get("type"), d.root.Get("objects")
	seen := map[string]bool{}
	for _, m := range d.root.Members() {
		if seen[m.Name] {
			return nil, &fault.Fault{Offset: m.Value.Offset, Pointer: "/" + jsondoc.Escape(m.Name), Rule: "duplicate-key", Message: fmt.Sprintf("%.60q stands twice in the document", m.Name), Mend: "give each name once"}
		}
		seen[m.Name] = true
	}
	switch {
	case kind == nil && objects != nil:
		d.Shape = Envelope
	case kind.Text() == "bundle":
		d.Shape = Bundle
		d.ID = d.root.Get("id").Text()
		d.checkBundle()
	default:
		return nil, notOne("the document is one object")
	}
	switch {
	case objects == nil:
		return new(jsondoc.Value), nil
	case objects.Kind != jsondoc.Array:
		return nil, &fault.Fault{Offset: objects.Offset, Pointer: "/objects", Rule: "type", Message: "objects is " + objects.Kind.String() + " and should be a list", Mend: "give the objects as a list"}
	case len(objects.Items()) == 0:
		return nil, &fault.Fault{Offset: objects.Offset, Pointer: "/objects", Rule: "empty-list", Message: "the list of objects is empty", Mend: "leave objects out, or put one in"}
	}
	return objects, nil
}

func notOne(what string) *fault.Fault {
	return &fault.Fault{Rule: "bundle", Message: what + ", and should be a bundle or an array of objects", Mend: "put it into a bundle: {\"type\":\"bundle\",\"id\":\"bundle--…\",\"objects\":[…]}"}
}

// Lost are the faults of all refused objects, each with the bytes that were not taken.
func (d *Document) Lost() []fault.Fault {
	var out []fault.Fault
	for i := range d.Objects {
		o := &d.Objects[i]
		for _, f := range o.Faults {
			f.Offset, f.Length, f.What = o.Value.Offset, o.Value.Len(), "object"
			out = append(out, f)
		}
	}
	return out
}

// AllWarnings are the document's warnings and those of its objects, in their order.
func (d *Document) AllWarnings() []fault.Fault {
	out := append([]fault.Fault(nil), d.Warnings...)
	for i := range d.Objects {
		out = append(out, d.Objects[i].Warnings...)
	}
	return out
}
