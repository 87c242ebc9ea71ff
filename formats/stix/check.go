package stix

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix/instant"
)

// checker holds objects against the tables and rules of the standard. It serves one document at a time.
type checker struct {
	o     *Object
	steps []step // from the object to the value at hand
	open  bool   // an extension gives the object properties of its own on its top level
	said  int    // of the whole document
}

// step is a member's name, or an item's position where it has none.
type step struct {
	name string
	item int // -1 beside a name
}

func newChecker() *checker { return new(checker) }

func (c *checker) in(name string) { c.steps = append(c.steps, step{name, -1}) }

func (c *checker) item(i int) { c.steps = append(c.steps, step{item: i}) }

func (c *checker) out() { c.steps = c.steps[:len(c.steps)-1] }

// here is the pointer to the value at hand, and from it on.
func (c *checker) here(more ...string) string {
	p := pointerTo(c.o.pointer, c.steps)
	for _, name := range more {
		p += "/" + jsondoc.Escape(name)
	}
	return p
}

func pointerTo(base string, steps []step) string {
	b := []byte(base)
	for _, s := range steps {
		b = append(b, '/')
		if s.item >= 0 {
			b = strconv.AppendInt(b, int64(s.item), 10)
		} else {
			b = append(b, jsondoc.Escape(s.name)...)
		}
	}
	return string(b)
}

// What is said at most: of one object, and of a document beyond the first fault of each object.
const (
	maxSaid    = 50
	maxSaidAll = 20_000
)

// mute tells that enough was said.
func (c *checker) mute() bool { return len(c.o.Warnings) >= maxSaid || c.said >= maxSaidAll }

func (c *checker) fault(offset int, pointer, rule, mend, format string, args ...any) {
	if c.said++; len(c.o.Faults) == 0 || len(c.o.Faults) < maxSaid && c.said < maxSaidAll {
		c.o.Faults = append(c.o.Faults, fault.Fault{Offset: offset, Pointer: pointer, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend, Strict: true})
	}
}

// wrong is a fault of the value at hand, or of one beneath it.
func (c *checker) wrong(v *jsondoc.Value, rule, mend, format string, args ...any) {
	c.fault(v.Offset, c.here(), rule, mend, format, args...)
}

// advise is a warning at the value at hand. Strict says that the standard forbids what is there.
func (c *checker) advise(v *jsondoc.Value, strict bool, rule, mend, format string, args ...any) {
	c.warn(v.Offset, c.here(), strict, rule, mend, format, args...)
}

func (c *checker) warn(offset int, pointer string, strict bool, rule, mend, format string, args ...any) {
	if !c.mute() {
		c.said++
		c.o.Warnings = append(c.o.Warnings, fault.Fault{Offset: offset, Pointer: pointer, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend, Strict: strict})
	}
}

// object checks one object: first what every object needs, then what its type asks for.
func (c *checker) object(o *Object) {
	c.o, c.steps = o, c.steps[:0]
	v := &o.Value
	if v.Kind != jsondoc.Object {
		c.wrong(v, "type", "give an object in braces", "an object should stand here, and this is %s", v.Kind)
		return
	}
	o.Head = headOf(v)
	if f := v.Flaw; f != nil {
		c.fault(f.Offset, o.pointer+f.Pointer, f.Rule, f.Mend, "%s", f.Message)
		if f.Rule == "depth" {
			return
		}
	}
	c.sweep(v)
	if c.named() {
		s := schemas[o.Type]
		if o.SpecVersion == "2.0" {
			s = earlier
			c.warn(v.Offset, c.here("spec_version"), false, "spec-version", "write STIX 2.1, with a spec_version", "this object is of STIX 2.0: it is kept as it is, and only what both versions ask of it is checked")
		}
		c.open = o.extended()
		if s == nil {
			s = custom
			c.undefined()
		}
		c.structure(v, s)
		c.common()
		if rule := typeRules[o.Type]; rule != nil && s != earlier {
			rule(c, v)
		} else if o.Type == "indicator" && s == earlier {
			c.pattern(v.Get("pattern"))
		}
	}
	if len(o.Faults) > 0 {
		o.Warnings = nil // whoever mends the object will hear of them then
	}
}

// sweep finds what no value may be, at any depth: null, and a list without items.
func (c *checker) sweep(v *jsondoc.Value) {
	switch v.Kind {
	case jsondoc.Null:
		c.wrong(v, "null", "leave the property out", "null is no value")
	case jsondoc.Array:
		items := v.Items()
		if len(items) == 0 {
			c.wrong(v, "empty-list", "leave the property out", "the list is empty")
		}
		for i := range items {
			if k := items[i].Value.Kind; k != jsondoc.String && k != jsondoc.Number {
				c.item(i)
				c.sweep(&items[i].Value)
				c.out()
			}
		}
	case jsondoc.Object:
		members := v.Members()
		for i := range members {
			if k := members[i].Value.Kind; k == jsondoc.Null || k == jsondoc.Array || k == jsondoc.Object {
				c.in(members[i].Name)
				c.sweep(&members[i].Value)
				c.out()
			}
		}
	}
}

// named checks type and id, without which nothing else can be said.
func (c *checker) named() bool {
	o := c.o
	typ, id := o.Get("type"), o.Get("id")
	for _, must := range []struct {
		name string
		v    *jsondoc.Value
	}{{"type", typ}, {"id", id}} {
		switch {
		case must.v == nil:
			c.fault(o.Value.Offset, c.here(must.name), "required", "add "+must.name, "%s is missing", must.name)
		case must.v.Kind != jsondoc.String && must.v.Kind != jsondoc.Null:
			c.fault(must.v.Offset, c.here(must.name), "type", "write it in quotes", "%s is %s and should be a string", must.name, must.v.Kind)
		}
	}
	if typ.Text() == "" || typ.Kind != jsondoc.String {
		if typ != nil && typ.Kind == jsondoc.String {
			c.fault(typ.Offset, c.here("type"), "name", "name the object's type", "the type is empty")
		}
		return false
	}
	switch {
	case o.Type == "bundle":
		c.fault(typ.Offset, c.here("type"), "bundle", "take the objects out of the inner bundle", "a bundle never stands inside another, and is never an object by itself")
		return false
	case !typeName(o.Type):
		c.fault(typ.Offset, c.here("type"), "name", "write a name such as x-acme-thing", "a type is 3 to 250 lower-case letters, digits and single hyphens, and begins with a letter: not %.60q", o.Type)
	}
	if id == nil || id.Kind != jsondoc.String {
		return false
	}
	prefix, uuid, ok := strings.Cut(o.ID, "--")
	switch {
	case !ok || !validUUID(uuid):
		c.fault(id.Offset, c.here("id"), "id", "write "+o.Type+"--, then a UUID of version 4 or 5", "%.100q is no identifier", o.ID)
	case prefix != o.Type:
		c.fault(id.Offset, c.here("id"), "id-type", "begin the id with "+o.Type+"--", "the id of this object should begin with %s--, and begins with %s--", o.Type, prefix)
	case uuid != strings.ToLower(uuid):
		c.warn(id.Offset, c.here("id"), false, "id-case", "write the id in lower case", "the id has upper-case digits")
	}
	return true
}

func typeName(s string) bool {
	const shortest, longest = 3, 250
	if len(s) < shortest || len(s) > longest || s[0] < 'a' || s[0] > 'z' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// propertyName tells a name that a property may have.
func propertyName(s string) bool {
	const shortest, longest = 3, 250
	if len(s) < shortest || len(s) > longest || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// structure checks an object's members against a table.
func (c *checker) structure(v *jsondoc.Value, s *schema) {
	var found uint64
	members := v.Members()
	for i := range members {
		m := &members[i]
		p := s.properties[m.Name]
		if p == nil {
			if s.closed {
				c.unknown(m, s)
			}
			continue
		}
		if p.required {
			found |= 1 << p.bit
		}
		c.in(m.Name)
		c.property(v, &m.Value, p)
		c.out()
	}
	if found == 1<<len(s.required)-1 {
		return
	}
	for _, p := range s.required {
		if found&(1<<p.bit) == 0 && !(p.name == "type" || p.name == "id") { // those two were asked for before
			what := s.name
			if what == "" {
				what = c.o.Type
			}
			c.fault(v.Offset, c.here(p.name), "required", "add "+p.name, "%s is missing: every %s has one", p.name, what)
		}
	}
}

// property checks a value, or each of a list.
func (c *checker) property(holder, v *jsondoc.Value, p *property) {
	if !p.list {
		if v.Kind == jsondoc.Array && p.shape != anything {
			c.wrong(v, "type", "write one value without brackets", "%s is a list and should be one value", p.name)
			return
		}
		c.value(holder, v, p)
		return
	}
	if v.Kind != jsondoc.Array {
		if v.Kind != jsondoc.Null {
			c.wrong(v, "type", "put it in brackets", "%s is %s and should be a list", p.name, v.Kind)
		}
		return
	}
	items := v.Items()
	for i := range items {
		c.item(i)
		c.value(holder, &items[i].Value, p)
		c.out()
	}
}

// wants are the kinds of JSON values that shapes take.
var wants = map[shape]string{text: "a string", vocabulary: "a string", timestamp: "a string", reference: "a string", hexadecimal: "a string", binary: "a string",
	boolean: "true or false", integer: "a whole number", float: "a number", dictionary: "an object", hashes: "an object", structure: "an object", extensions: "an object"}

func (c *checker) value(holder, v *jsondoc.Value, p *property) {
	if v.Kind == jsondoc.Null {
		return // the sweep said so
	}
	if !p.takes(v.Kind) {
		c.wrong(v, "type", "write "+wants[p.shape], "%s is %s and should be %s", p.name, v.Kind, wants[p.shape])
		return
	}
	switch p.shape {
	case text:
		if p.check != nil {
			p.check(c, holder, v)
		}
	case timestamp:
		c.instant(holder, v, p)
	case reference:
		c.reference(v, p.targets)
	case vocabulary:
		c.word(v, p)
	case integer:
		n, ok := v.Integer()
		switch {
		case !ok:
			c.wrong(v, "type", "write a whole number", "%s is %.40s and should be a whole number within ±(2^53 − 1)", p.name, v.Raw())
		case p.low < p.high && (float64(n) < p.low || float64(n) > p.high):
			c.wrong(v, "range", "write a number in that range", "%s is %d and should lie between %.0f and %.0f", p.name, n, p.low, p.high)
		}
	case float:
		if f, ok := v.Float(); !ok || p.low < p.high && (f < p.low || f > p.high) {
			c.wrong(v, "range", "write a number in that range", "%s is %.40s and should lie between %.0f and %.0f", p.name, v.Raw(), p.low, p.high)
		}
	case hexadecimal:
		if s := v.Text(); len(s)%2 != 0 || !hexDigits(s) {
			c.wrong(v, "hex", "write an even number of hexadecimal digits", "%.60q is no hexadecimal text", s)
		}
	case binary:
		if _, err := base64.StdEncoding.DecodeString(v.Text()); err != nil {
			c.wrong(v, "base64", "encode the bytes again, with padding", "this is no base64 as RFC 4648 has it")
		}
	case hashes:
		c.hashes(v)
	case dictionary:
		c.dictionary(v)
	case structure:
		c.structure(v, p.inner)
		if p.inner.rule != nil {
			p.inner.rule(c, v)
		}
	case extensions:
		c.extensions(v)
	}
}

// takes tells the kind of value that a property has.
func (p *property) takes(k jsondoc.Kind) bool {
	switch p.shape {
	case anything:
		return true
	case boolean:
		return k == jsondoc.True || k == jsondoc.False
	case integer, float:
		return k == jsondoc.Number
	case dictionary, hashes, structure, extensions:
		return k == jsondoc.Object
	}
	return k == jsondoc.String
}

func hexDigits(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// instant checks a timestamp, and that it does not come before another.
func (c *checker) instant(holder, v *jsondoc.Value, p *property) {
	s := v.Text()
	switch {
	case !instant.Valid(s):
		c.wrong(v, "timestamp", "write it in UTC, as 2026-03-15T08:00:00.000Z", "%.60q is no timestamp: it should be a date and a time of RFC 3339 that end in Z, on a day that exists", s)
		return
	case p.digits > instant.Digits(s):
		c.wrong(v, "timestamp", "write it with milliseconds, as 2026-03-15T08:00:00.000Z", "%s has at least three digits behind the second and a Z, not %.60q", p.name, s)
		return
	case p.after == "":
		return
	}
	if before := holder.Get(p.after).Text(); instant.Valid(before) {
		switch order := instant.Compare(before, s); {
		case order > 0 && p.strictly, order == 0 && p.strictly:
			c.wrong(v, "order", "mend one of the two", "%s (%s) should be later than %s (%s)", p.name, s, p.after, before)
		case order > 0:
			c.wrong(v, "order", "mend one of the two", "%s (%s) should not be earlier than %s (%s)", p.name, s, p.after, before)
		}
	}
}

func (c *checker) word(v *jsondoc.Value, p *property) {
	w := v.Text()
	if p.words.known[w] {
		return
	}
	const near = 3
	mend := "use one of " + strings.Join(p.words.list, ", ")
	if best := fault.Nearest(w, p.words.list, near); best != "" {
		mend = "did you mean " + best + "?"
	}
	if p.words.closed {
		c.wrong(v, "enum", mend, "%.60q is none of the words that %s may be", w, p.name)
		return
	}
	if w == "" {
		c.wrong(v, "vocabulary", mend, "%s is empty", p.name)
		return
	}
	c.advise(v, false, "vocabulary", mend, "%.60q is no word of the vocabulary %s-ov", w, p.words.name)
}

// reference checks an identifier, and that it is of a type that may stand here.
func (c *checker) reference(v *jsondoc.Value, targets []string) {
	id := v.Text()
	typ, uuid, ok := strings.Cut(id, "--")
	if !ok || !typeName(typ) || !validUUID(uuid) {
		c.wrong(v, "id", "write the id of the object that is meant", "%.100q is no identifier", id)
		return
	}
	if len(targets) == 0 {
		return
	}
	class := ClassOf(typ)
	for _, t := range targets {
		switch t {
		case typ:
			return
		case "@sco":
			ok = class == Observable || class == Custom
		case "@sdo":
			ok = class == Domain || class == Custom
		case "@seen": // what observed data may hold
			ok = class == Observable || class == Relation || class == Custom
		case "@thing":
			ok = class != Relation && class != Meta && typ != "bundle"
		default:
			ok = false
		}
		if ok {
			return
		}
	}
	c.wrong(v, "ref-type", "point to "+targetsInWords(targets), "a %s cannot stand here: this points to %s", typ, targetsInWords(targets))
}

func targetsInWords(targets []string) string {
	words := make([]string, len(targets))
	for i, t := range targets {
		switch t {
		case "@sco":
			t = "an observable"
		case "@sdo":
			t = "a domain object"
		case "@seen":
			t = "an observable or a relationship"
		case "@thing":
			t = "a domain object or an observable"
		default:
			t = "a " + t
		}
		words[i] = t
	}
	return strings.Join(words, " or ")
}

// dictionary checks the keys of a dictionary.
func (c *checker) dictionary(v *jsondoc.Value) {
	const longest = 250
	for _, m := range v.Members() {
		if m.Name == "" || len(m.Name) > longest || strings.Trim(m.Name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			c.fault(m.Value.Offset, c.here(m.Name), "name", "rename the key", "a key is 1 to 250 letters, digits, hyphens and underscores: not %.60q", m.Name)
		}
	}
}
