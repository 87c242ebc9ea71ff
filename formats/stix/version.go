package stix

import (
	"fmt"
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix/instant"
)

// Newer tells whether one version (modified, or created) of an object comes after another. Any comes after none.
func Newer(version, than string) bool {
	switch {
	case !instant.Valid(version):
		return false
	case !instant.Valid(than):
		return true
	}
	return instant.Compare(version, than) > 0
}

// SameVersion tells two spellings of one version.
func SameVersion(a, b string) bool {
	return a == b || instant.Valid(a) && instant.Valid(b) && instant.Compare(a, b) == 0
}

// SameContent tells two objects that say the same, whatever the order of their properties and the spelling of numbers.
func SameContent(a, b *Object) bool { return jsondoc.Equal(&a.Value, &b.Value) }

// checkBundle checks what stands beside a bundle's objects.
func (d *Document) checkBundle() {
	say := func(v *jsondoc.Value, name, rule, mend, format string, args ...any) {
		d.Warnings = append(d.Warnings, fault.Fault{Offset: v.Offset, Pointer: "/" + name, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend, Strict: true})
	}
	id := d.root.Get("id")
	prefix, uuid, _ := strings.Cut(id.Text(), "--")
	switch {
	case id == nil:
		say(&d.root, "id", "required", "add bundle-- and a UUID", "id is missing: every bundle has one")
	case id.Kind != jsondoc.String || !validUUID(uuid):
		say(id, "id", "id", "write bundle-- and a UUID of version 4", "the bundle's id is no identifier")
	case prefix != "bundle":
		say(id, "id", "id-type", "begin the id with bundle--", "the id of a bundle should begin with bundle--, and begins with %.60s--", prefix)
	}
	if v := d.root.Get("spec_version"); v != nil && v.Text() != "2.0" {
		say(v, "spec_version", "spec-version", "leave it out", "a bundle of STIX 2.1 has no spec_version: its objects have")
	}
	for _, m := range d.root.Members() {
		switch m.Name {
		case "type", "id", "objects", "spec_version":
		default:
			say(&m.Value, jsondoc.Escape(m.Name), "custom-property", "leave it out", "a bundle has no property %.60s: it means nothing", m.Name)
		}
	}
}

// checkVersions finds objects that are the same version of the same thing and do not say the same; the first is kept.
func (d *Document) checkVersions() {
	type key struct{ id, version string }
	first := make(map[key]*Object, len(d.Objects))
	born := make(map[string]*Object, len(d.Objects))
	for i := range d.Objects {
		o := &d.Objects[i]
		if !o.Accepted() {
			continue
		}
		k := key{o.ID, o.Version()}
		if instant.Valid(k.version) { // 08:00:00.100Z and 08:00:00.1Z are one version
			k.version = strings.TrimRight(strings.TrimRight(strings.TrimSuffix(k.version, "Z"), "0"), ".") + "Z"
			if instant.Digits(o.Version()) == 0 {
				k.version = o.Version()
			}
		}
		if earlier := first[k]; earlier != nil {
			switch {
			case SameContent(earlier, o):
			case k.version == "":
				o.Warnings = append(o.Warnings, fault.Fault{Offset: o.Value.Offset, Pointer: o.pointer, Rule: "replaced",
					Message: fmt.Sprintf("the same id as %s, and other content: an observable has no versions, and the later replaces the earlier", earlier.pointer), Mend: "send it once"})
				first[k] = o
			default:
				what := "same id and modified"
				if o.Modified == "" {
					what = "same id and created"
				}
				o.Faults = append(o.Faults, fault.Fault{Offset: o.Value.Offset, Pointer: o.pointer, Rule: "version-conflict", Strict: true,
					Message: fmt.Sprintf("the %s as %s, and other content: the first is kept", what, earlier.pointer), Mend: "give a new version a later modified, and another object another id"})
				o.Warnings = nil
			}
			continue
		}
		first[k] = o
		before := born[o.ID]
		if before == nil {
			born[o.ID] = o
			continue
		}
		if o.Created != "" && !SameVersion(before.Created, o.Created) {
			o.doubt("/created", "created-changed", "keep created over all versions", "created (%s) is not that of another version of it (%s)", o.Created, before.Created)
		}
		if before.CreatedByRef != o.CreatedByRef {
			o.doubt("/created_by_ref", "creator-changed", "let the creator make the new version, or make another object", "another made this version than %s: only the creator versions an object", before.pointer)
		}
	}
	d.checkRevoked()
}

// doubt is a warning at a property, of what only the whole document shows.
func (o *Object) doubt(property, rule, mend, format string, args ...any) {
	o.Warnings = append(o.Warnings, fault.Fault{Offset: o.Value.Offset, Pointer: o.pointer + property, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend, Strict: true})
}

// checkRevoked notes versions that follow a revoked one: an object ends there.
func (d *Document) checkRevoked() {
	ended := map[string]*Object{}
	for i := range d.Objects {
		if o := &d.Objects[i]; o.Revoked && o.Accepted() && (ended[o.ID] == nil || Newer(ended[o.ID].Version(), o.Version())) {
			ended[o.ID] = o
		}
	}
	for i := range d.Objects {
		o := &d.Objects[i]
		if end := ended[o.ID]; end != nil && end != o && o.Accepted() && Newer(o.Version(), end.Version()) {
			o.doubt("/modified", "after-revocation", "make a new object", "%s revoked it: there are no versions after that", end.pointer)
		}
	}
}

// checkReferences notes references that lead to nothing in the document. They may lead to what the receiver has.
func (d *Document) checkReferences() {
	if d.Shape == Envelope {
		return // what is added one by one refers to what is there
	}
	here := make(map[string]bool, len(d.Objects))
	for i := range d.Objects {
		if d.Objects[i].Accepted() {
			here[d.Objects[i].ID] = true
		}
	}
	said := 0
	for i := range d.Objects {
		o := &d.Objects[i]
		if !o.Accepted() || said >= maxSaidAll {
			continue
		}
		eachRef(&o.Value, func(at *refs, ref *jsondoc.Value) {
			id := ref.Text()
			if _, tlp := TLPOf(id); here[id] || tlp || len(o.Warnings) >= maxSaid {
				return
			}
			said++
			o.Warnings = append(o.Warnings, fault.Fault{Offset: ref.Offset, Pointer: at.pointer(o.pointer), Rule: "dangling-ref",
				Message: fmt.Sprintf("%.120s is not here, or was refused", id), Mend: "send it too, unless the receiver has it"})
		})
	}
}

// refs walks a value and visits every reference in it: what stands in a property that ends in _ref or _refs and is an
// identifier.
type refs struct {
	steps []step
	visit func(*refs, *jsondoc.Value)
}

func eachRef(v *jsondoc.Value, visit func(*refs, *jsondoc.Value)) {
	(&refs{visit: visit}).walk(v)
}

// pointer is that of the reference at hand.
func (r *refs) pointer(base string) string { return pointerTo(base, r.steps) }

func (r *refs) walk(v *jsondoc.Value) {
	items, members := v.Items(), v.Members()
	for i := range items {
		if k := items[i].Value.Kind; k == jsondoc.Object || k == jsondoc.Array {
			r.steps = append(r.steps, step{item: i})
			r.walk(&items[i].Value)
			r.steps = r.steps[:len(r.steps)-1]
		}
	}
	for i := range members {
		m := &members[i]
		one := m.Value.Kind == jsondoc.String && strings.HasSuffix(m.Name, "_ref")
		if !one && m.Value.Kind != jsondoc.Array && m.Value.Kind != jsondoc.Object {
			continue
		}
		r.steps = append(r.steps, step{m.Name, -1})
		switch {
		case one:
			if identifier(m.Value.Text()) {
				r.visit(r, &m.Value)
			}
		case strings.HasSuffix(m.Name, "_refs"):
			for j, list := 0, m.Value.Items(); j < len(list); j++ {
				if identifier(list[j].Value.Text()) {
					r.steps = append(r.steps, step{item: j})
					r.visit(r, &list[j].Value)
					r.steps = r.steps[:len(r.steps)-1]
				}
			}
		default:
			r.walk(&m.Value)
		}
		r.steps = r.steps[:len(r.steps)-1]
	}
}
