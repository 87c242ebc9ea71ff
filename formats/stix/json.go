package stix

import (
	"encoding/json"

	"github.com/rihla/rihla/formats/jsondoc"
)

// AppendJSON writes the document as decode prints it: the objects that were accepted, as they came, then what was lost
// and what is advised.
func (d *Document) AppendJSON(b []byte) []byte {
	b = append(b, `{"format":"stix","version":"2.1"`...)
	if d.ID != "" {
		b = jsondoc.AppendQuoted(append(b, `,"reference":`...), d.ID)
	}
	b = append(append(append(b, `,"shape":"`...), d.Shape...), `","objects":[`...)
	first := true
	for i := range d.Objects {
		if o := &d.Objects[i]; o.Accepted() {
			if !first {
				b = append(b, ',')
			}
			b, first = o.AppendJSON(b), false
		}
	}
	b = append(b, ']')
	for _, list := range []struct {
		name string
		of   any
		some bool
	}{{"warnings", d.AllWarnings(), len(d.AllWarnings()) > 0}, {"lost", d.Lost(), len(d.Lost()) > 0}} {
		if list.some {
			b = append(append(append(b, `,"`...), list.name...), `":`...)
			if text, err := json.Marshal(list.of); err == nil {
				b = append(b, text...)
			}
		}
	}
	return append(b, '}')
}

// AppendBundle writes the accepted objects as a bundle again, each as it was written.
func (d *Document) AppendBundle(b []byte, id string) []byte {
	objects := make([][]byte, 0, len(d.Objects))
	for i := range d.Objects {
		if d.Objects[i].Accepted() {
			objects = append(objects, d.Objects[i].AppendJSON(nil))
		}
	}
	return AppendBundle(b, id, objects...)
}
