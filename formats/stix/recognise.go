package stix

import (
	"bytes"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
)

// Recognise tells STIX by how a file begins: a bundle, a TAXII envelope, a list of objects, or one object alone (which
// Read refuses with a word on how to send it).
func Recognise(head []byte) bool { return recognise(head, 0) }

func recognise(head []byte, depth int) bool {
	list := bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"), []byte{'['})
	var typed, versioned bool
	for s := jsondoc.Scan(head); s.Next(); {
		if list {
			return depth == 0 && recognise(s.Value(), 1)
		}
		switch string(s.Name) {
		case "type":
			typ, _ := jsondoc.Plain(s.Rest())
			if typ == "bundle" {
				return true
			}
			typed = schemas[typ] != nil || typeName(typ) && strings.HasPrefix(typ, "x-")
		case "spec_version":
			word, _ := jsondoc.Plain(s.Rest())
			versioned = strings.HasPrefix(word, "2.")
		case "id":
			id, _ := jsondoc.Plain(s.Rest())
			if strings.HasPrefix(id, "bundle--") || identifier(id) {
				return true
			}
		case "objects":
			if items := s.Rest(); depth == 0 && items[0] == '[' && recognise(items, 0) {
				return true
			}
		}
		if typed && versioned {
			return true
		}
	}
	return typed && versioned
}
