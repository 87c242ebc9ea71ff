package lists

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// deepestXML bounds how elements nest; publishers' files go six deep.
const deepestXML = 32

// element is one entry of an XML list, or a part of it. Names are without their space, text is trimmed.
type element struct {
	name     string
	attr     []xml.Attr
	text     string
	children []element
}

// get is the value of an attribute; empty where there is none.
func (e *element) get(name string) string {
	for _, a := range e.attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// child is the text of the first child of a name.
func (e *element) child(name string) string {
	for i := range e.children {
		if e.children[i].name == name {
			return e.children[i].text
		}
	}
	return ""
}

// rootIs says whether a text is XML whose first element has a name.
func rootIs(text []byte, name string) bool {
	head := text[:min(len(text), longestHeader)]
	if !bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<")) {
		return false
	}
	d := xml.NewDecoder(bytes.NewReader(head))
	d.CharsetReader = charset
	for {
		t, err := d.RawToken()
		if err != nil {
			return false
		}
		if s, ok := t.(xml.StartElement); ok {
			return s.Name.Local == name
		}
	}
}

// declares says that an XML declaration names an encoding that is not UTF-8.
func declares(text []byte) bool {
	head, _, ok := bytes.Cut(text[:min(len(text), 200)], []byte("?>"))
	head = bytes.ToLower(head)
	return ok && bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("encoding=")) && !bytes.Contains(head, []byte("utf-8"))
}

// charset reads the encodings that a declaration may name.
func charset(label string, in io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return in, nil // decode has read it
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("the encoding %q is not known", label)
	}
	return e.NewDecoder().Reader(in), nil
}

// xml streams an XML list: root gets the first element's attributes, each every element of the names given, whole. A
// document type is refused, and with it entities of the file's own and whatever they would have fetched or unfolded.
func (r *reader) xml(text []byte, root func(*element), each func(line int, e *element), entries ...string) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = charset
	depth := 0
	var path []string
	for !r.full() {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		line, _ := d.InputPos()
		if err != nil {
			r.xmlFault(line, err)
			return
		}
		switch t := t.(type) {
		case xml.Directive:
			r.wrong(line, "", "xml_doctype", "the file declares a document type", "lists need none: fetch the file from its publisher again")
			return
		case xml.StartElement:
			depth++
			if depth > deepestXML {
				r.tooDeep(line)
				return
			}
			if depth == 1 {
				root(&element{name: t.Name.Local, attr: t.Attr})
			}
			path = append(path, t.Name.Local)
			if !slices.Contains(entries, t.Name.Local) {
				continue
			}
			if !r.many(line) {
				return
			}
			r.path = "/" + strings.Join(path, "/")
			e, ok := r.element(d, t, depth)
			if !ok {
				return
			}
			each(line, &e)
			r.path = ""
			depth, path = depth-1, path[:len(path)-1]
		case xml.EndElement:
			depth, path = depth-1, path[:len(path)-1]
		}
	}
}

// element reads an element to its end.
func (r *reader) element(d *xml.Decoder, start xml.StartElement, depth int) (element, bool) {
	e := element{name: start.Name.Local, attr: slices.Clone(start.Attr)}
	for _, a := range e.attr {
		if len(a.Value) > longestNote {
			line, _ := d.InputPos()
			r.wrong(line, e.name, "value_size", "the value is longer than 65,536 bytes", shorten)
			return e, false
		}
	}
	var text []byte
	for {
		t, err := d.Token()
		line, _ := d.InputPos()
		if err != nil {
			r.xmlFault(line, err)
			return e, false
		}
		switch t := t.(type) {
		case xml.Directive:
			r.wrong(line, "", "xml_doctype", "the file declares a document type", "lists need none: fetch the file from its publisher again")
			return e, false
		case xml.CharData:
			if text = append(text, t...); len(text) > longestNote {
				r.wrong(line, e.name, "value_size", "the value is longer than 65,536 bytes", shorten)
				return e, false
			}
		case xml.StartElement:
			if depth++; depth > deepestXML {
				r.tooDeep(line)
				return e, false
			}
			c, ok := r.element(d, t, depth)
			if !ok {
				return e, false
			}
			depth--
			e.children = append(e.children, c)
		case xml.EndElement:
			e.text = string(bytes.TrimSpace(text))
			return e, true
		}
	}
}

func (r *reader) tooDeep(line int) {
	r.wrong(line, "", "xml_depth", fmt.Sprintf("elements nest more than %d deep", deepestXML), "fetch the file again: no publisher writes so")
}

func (r *reader) xmlFault(line int, err error) {
	if s, ok := errors.AsType[*xml.SyntaxError](err); ok {
		r.wrong(s.Line, "", "xml", s.Msg, "fetch the file again: it is cut or damaged")
		return
	}
	r.wrong(line, "", "xml", strings.TrimPrefix(err.Error(), "xml: "), "fetch the file again: it is cut or damaged")
}
