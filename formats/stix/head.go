package stix

import (
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
)

// Head is what tells an object from others, and who may see it.
type Head struct {
	Type, ID     string
	SpecVersion  string // 2.1, or 2.0 where the object is of that version
	Created      string // timestamps as written; observables have none
	Modified     string
	CreatedByRef string
	Revoked      bool
	Markings     []string // object_marking_refs
	Granular     bool     // it has granular_markings
}

// Version is what tells one version of an object from another: modified, else created (marking definitions), else
// nothing (observables).
func (h *Head) Version() string {
	if h.Modified != "" {
		return h.Modified
	}
	return h.Created
}

// Identify reads an object's head from its bytes, without building a tree. The bytes are those of an object that was
// read before; a Fault says that they are none.
func Identify(raw []byte) (Head, *fault.Fault) {
	var h Head
	for s := jsondoc.Scan(raw); s.Next(); {
		var to *string
		switch string(s.Name) {
		case "type":
			to = &h.Type
		case "id":
			to = &h.ID
		case "spec_version":
			to = &h.SpecVersion
		case "created":
			to = &h.Created
		case "modified":
			to = &h.Modified
		case "created_by_ref":
			to = &h.CreatedByRef
		case "revoked":
			h.Revoked = string(s.Value()) == "true"
		case "granular_markings":
			h.Granular = true
		case "object_marking_refs":
			for item := jsondoc.Scan(s.Value()); item.Next(); {
				if ref, ok := jsondoc.Plain(item.Value()); ok {
					h.Markings = append(h.Markings, ref)
				}
			}
		}
		if to != nil {
			*to, _ = jsondoc.Plain(s.Value())
		}
	}
	if !strings.HasPrefix(h.ID, h.Type+"--") || h.Type == "" {
		return h, &fault.Fault{Rule: "object", Message: "these bytes are no STIX object: type and id are missing or do not agree", Mend: "give one object"}
	}
	h.settle()
	return h, nil
}

func headOf(v *jsondoc.Value) Head {
	var h Head
	for i, members := 0, v.Members(); i < len(members); i++ {
		m := &members[i]
		switch m.Name {
		case "type":
			h.Type = m.Value.Text()
		case "id":
			h.ID = m.Value.Text()
		case "spec_version":
			h.SpecVersion = m.Value.Text()
		case "created":
			h.Created = m.Value.Text()
		case "modified":
			h.Modified = m.Value.Text()
		case "created_by_ref":
			h.CreatedByRef = m.Value.Text()
		case "revoked":
			h.Revoked = m.Value.Kind == jsondoc.True
		case "granular_markings":
			h.Granular = true
		case "object_marking_refs":
			h.Markings = texts(&m.Value)
		}
	}
	h.settle()
	return h
}

// settle names the version of an object that names none: 2.0 had no such property, and observables may leave it out.
func (h *Head) settle() {
	if h.SpecVersion != "" {
		return
	}
	h.SpecVersion = Version
	if s := schemas[h.Type]; s != nil && h.Created != "" && h.Modified != "" && (s.class == Domain || s.class == Relation) {
		h.SpecVersion = "2.0"
	}
}

// texts are the strings of a list.
func texts(v *jsondoc.Value) []string {
	items := v.Items()
	if len(items) == 0 {
		return nil
	}
	out := make([]string, 0, len(items))
	for i := range items {
		if items[i].Value.Kind == jsondoc.String {
			out = append(out, items[i].Value.Text())
		}
	}
	return out
}
