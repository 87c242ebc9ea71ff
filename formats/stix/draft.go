package stix

import (
	"strconv"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix/instant"
)

// Draft is an object that is being written, property by property, in the order in which they should stand. What is
// empty is left out.
type Draft struct {
	typ string
	b   []byte
	id  bool
}

// Begin begins an object of a type. A domain or relationship object wants an identifier and Times next; an observable
// may leave its identifier to be derived.
func Begin(typ, id string) *Draft {
	d := &Draft{typ: typ, b: []byte(`{`)}
	d.Text("type", typ).Text("spec_version", Version).Text("id", id)
	d.id = id != ""
	return d
}

// Times writes created and modified.
func (d *Draft) Times(created, modified time.Time) *Draft {
	return d.Time("created", created).Time("modified", modified)
}

// Text writes a string.
func (d *Draft) Text(name, value string) *Draft {
	if value == "" {
		return d
	}
	d.name(name)
	d.b = append(d.b, quoted(value)...)
	return d
}

// Time writes a timestamp.
func (d *Draft) Time(name string, t time.Time) *Draft {
	if t.IsZero() {
		return d
	}
	return d.Text(name, instant.Format(t))
}

// Integer writes a number. Absent is left out.
func (d *Draft) Integer(name string, n int64) *Draft {
	if n == Absent {
		return d
	}
	d.name(name)
	d.b = strconv.AppendInt(d.b, n, 10)
	return d
}

// Bool writes true or false.
func (d *Draft) Bool(name string, value bool) *Draft {
	d.name(name)
	d.b = strconv.AppendBool(d.b, value)
	return d
}

// List writes a list of strings.
func (d *Draft) List(name string, values ...string) *Draft {
	if len(values) == 0 {
		return d
	}
	d.name(name)
	for i, v := range values {
		d.b = append(d.b, "[,"[min(i, 1)])
		d.b = append(d.b, quoted(v)...)
	}
	d.b = append(d.b, ']')
	return d
}

// JSON writes a value that is JSON already.
func (d *Draft) JSON(name string, value []byte) *Draft {
	if len(value) == 0 {
		return d
	}
	d.name(name)
	d.b = append(d.b, value...)
	return d
}

// Marked writes the marking of a level, in the version of the protocol (1 or 2) that the receiver reads. TLP 1 has no
// AMBER+STRICT: it is marked RED there, never lower.
func (d *Draft) Marked(level TLP, version int) *Draft {
	id, ok := level.MarkingID(version)
	if !ok && level == AmberStrict {
		id, ok = Red.MarkingID(version)
	}
	if !ok {
		return d
	}
	return d.List("object_marking_refs", id)
}

func (d *Draft) name(name string) {
	if len(d.b) > 1 {
		d.b = append(d.b, ',')
	}
	d.b = append(append(d.b, quoted(name)...), ':')
}

// Bytes is the object. Where it has no identifier and is an observable, its identifier is derived.
func (d *Draft) Bytes() []byte {
	out := append(append([]byte(nil), d.b...), '}')
	if d.id {
		return out
	}
	v, f := jsondoc.Parse(out)
	if f != nil {
		return out
	}
	id, ok := ObservableID(&v)
	if !ok {
		return out
	}
	v = v.With("id", jsondoc.Quoted(id))
	return v.AppendJSON(nil)
}

// Object is the object, checked.
func (d *Draft) Object() (*Object, *fault.Fault) { return ReadObject(d.Bytes()) }

// AppendBundle writes objects as a bundle.
func AppendBundle(b []byte, id string, objects ...[]byte) []byte {
	b = append(append(append(b, `{"type":"bundle","id":`...), quoted(id)...), `,"objects":[`...)
	if len(objects) == 0 {
		b = b[:len(b)-len(`,"objects":[`)]
		return append(b, '}')
	}
	for i, o := range objects {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, o...)
	}
	return append(b, ']', '}')
}

func quoted(s string) string {
	v := jsondoc.Quoted(s)
	return v.Raw()
}
