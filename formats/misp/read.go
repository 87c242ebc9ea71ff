package misp

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// Recognise tells an event, or a list of events, by how a file begins.
func Recognise(head []byte) bool { return recognise(head, 0) }

func recognise(head []byte, depth int) bool {
	list := bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"), []byte{'['})
	for s := jsondoc.Scan(head); s.Next(); {
		rest := s.Rest()
		switch {
		case list:
			return depth < 2 && recognise(s.Value(), depth+1)
		case string(s.Name) == "Event" && rest[0] == '{':
			return true
		case string(s.Name) == "response" && depth == 0:
			return recognise(rest, 1)
		}
	}
	return false
}

// Read reads every event of a document, and hands each on, or the fault for which it cannot be read.
func Read(raw []byte, each func(*Event, *fault.Fault) error) error {
	root, f := jsondoc.Parse(raw)
	if f != nil {
		return each(nil, f)
	}
	list, base := &root, ""
	if response := root.Get("response"); response != nil {
		list, base = response, "/response"
	}
	if list.Kind == jsondoc.Object {
		if event := list.Get("Event"); event != nil {
			return each(readEvent(event, base+"/Event"))
		}
	}
	items := list.Items()
	if len(items) == 0 {
		return each(nil, &fault.Fault{Rule: "event", Message: "the document holds no event", Mend: `send {"Event":{…}}, or {"response":[{"Event":{…}}]}`})
	}
	for i := range items {
		place := base + "/" + strconv.Itoa(i)
		event := items[i].Value.Get("Event")
		if event == nil {
			if err := each(nil, &fault.Fault{Offset: items[i].Value.Offset, Pointer: place, Rule: "event", Message: "no Event stands here", Mend: `put each event into {"Event":{…}}`}); err != nil {
				return err
			}
			continue
		}
		if err := each(readEvent(event, place+"/Event")); err != nil {
			return err
		}
	}
	return nil
}

// reader reads one event.
type reader struct {
	e     *Event
	seen  map[string]bool // UUIDs of attributes and objects
	whole *fault.Fault    // why the event cannot be read
}

func readEvent(v *jsondoc.Value, pointer string) (*Event, *fault.Fault) {
	r := &reader{e: &Event{Value: *v, pointer: pointer}, seen: map[string]bool{}}
	if v.Kind != jsondoc.Object {
		return nil, &fault.Fault{Offset: v.Offset, Pointer: pointer, Rule: "type", Message: "an event is an object, not " + v.Kind.String(), Mend: "give the event in braces"}
	}
	if flaw := v.Flaw; flaw != nil {
		return nil, &fault.Fault{Offset: flaw.Offset, Pointer: pointer + flaw.Pointer, Rule: flaw.Rule, Message: flaw.Message, Mend: flaw.Mend}
	}
	r.event(v)
	if r.whole != nil {
		return nil, r.whole
	}
	return r.e, nil
}

// maxSaid bounds what is said of one event.
const maxSaid = 500

func (r *reader) warn(v *jsondoc.Value, pointer, rule, mend, format string, args ...any) {
	if len(r.e.Warnings) < maxSaid {
		r.e.Warnings = append(r.e.Warnings, fault.Fault{Offset: offset(v, &r.e.Value), Pointer: pointer, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend})
	}
}

func (r *reader) refuse(v *jsondoc.Value, pointer, rule, mend, format string, args ...any) {
	if r.whole == nil {
		r.whole = &fault.Fault{Offset: offset(v, &r.e.Value), Pointer: pointer, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend}
	}
}

// lose says that a part cannot be read, whose bytes are those of v.
func (r *reader) lose(v *jsondoc.Value, what, pointer, rule, mend, format string, args ...any) {
	switch n := len(r.e.Lost); {
	case n == maxSaid:
		r.e.Lost = append(r.e.Lost, fault.Fault{Offset: v.Offset, Length: v.Len(), What: what, Pointer: pointer, Rule: "length", Message: "more parts are lost than are named here", Mend: "mend those first", Strict: true})
	case n < maxSaid:
		r.e.Lost = append(r.e.Lost, fault.Fault{Offset: v.Offset, Length: v.Len(), What: what, Pointer: pointer, Rule: rule, Message: fmt.Sprintf(format, args...), Mend: mend, Strict: true})
	}
}

func offset(v, otherwise *jsondoc.Value) int {
	if v == nil {
		return otherwise.Offset
	}
	return v.Offset
}

func (r *reader) event(v *jsondoc.Value) {
	e, at := r.e, r.e.pointer
	e.UUID, e.Info, e.Extends = strings.ToLower(word(v.Get("uuid"))), word(v.Get("info")), word(v.Get("extends_uuid"))
	switch {
	case e.UUID == "":
		r.refuse(v.Get("uuid"), at+"/uuid", "required", "add the event's UUID", "uuid is missing")
	case !validUUID(e.UUID):
		r.refuse(v.Get("uuid"), at+"/uuid", "uuid", "write a UUID", "%.60q is no UUID", e.UUID)
	case e.Info == "":
		r.refuse(v.Get("info"), at+"/info", "required", "say what the event is about", "info is missing")
	}
	date := v.Get("date")
	var err error
	if e.Date, err = time.Parse(time.DateOnly, word(date)); err != nil {
		if date == nil {
			r.warn(nil, at+"/date", "required", "add the day", "date is missing")
		} else {
			r.warn(date, at+"/date", "date", "write it as 2026-03-15", "%.40q is no day", word(date))
		}
	}
	e.Published = r.boolean(v, at, "published")
	e.Timestamp, e.PublishedAt = r.seconds(v, at, "timestamp"), r.seconds(v, at, "publish_timestamp")
	if e.Timestamp.IsZero() {
		r.warn(v.Get("timestamp"), at+"/timestamp", "required", "add the time of the last change, in seconds", "timestamp is missing")
	}
	e.ThreatLevel, e.Analysis = r.number(v, at, "threat_level_id", 1, 4, 0), r.number(v, at, "analysis", 0, 2, 0)
	e.Distribution = Distribution(r.number(v, at, "distribution", 0, 4, 0)) // 5, inherit, has nothing to inherit from
	e.Org, e.Orgc = organisation(v.Get("Org")), organisation(v.Get("Orgc"))
	if e.Orgc.ID == "" {
		e.Orgc.ID = word(v.Get("orgc_id"))
	}
	if e.Orgc == (Organisation{}) {
		r.warn(nil, at+"/Orgc", "required", "add Orgc, the organisation that made the event", "nothing says who made the event")
	}
	if g := v.Get("SharingGroup"); g != nil && g.Kind == jsondoc.Object {
		e.SharingGroup = &SharingGroup{UUID: word(g.Get("uuid")), Name: word(g.Get("name")), Releasability: word(g.Get("releasability"))}
		for i, orgs := 0, g.Get("SharingGroupOrg").Items(); i < len(orgs); i++ {
			e.SharingGroup.Organisations = append(e.SharingGroup.Organisations, organisation(orgs[i].Value.Get("Organisation")))
		}
	} else if e.Distribution == SharingGroupOnly {
		r.warn(nil, at+"/SharingGroup", "depends", "send the SharingGroup too", "the event goes to a sharing group, and does not say which: nobody may have it")
	}
	e.Tags, e.Galaxies = r.tags(v, at), galaxies(v)
	e.Attributes = r.attributes(v.Get("Attribute"), at+"/Attribute", false)
	for i, objects := 0, v.Get("Object").Items(); i < len(objects); i++ {
		r.object(&objects[i].Value, at+"/Object/"+strconv.Itoa(i))
	}
	for i, reports := 0, v.Get("EventReport").Items(); i < len(reports); i++ {
		p := &reports[i].Value
		e.Reports = append(e.Reports, Report{strings.ToLower(word(p.Get("uuid"))), word(p.Get("name")), word(p.Get("content")), r.boolean(p, at+"/EventReport/"+strconv.Itoa(i), "deleted")})
	}
	r.references()
}

func (r *reader) object(v *jsondoc.Value, at string) {
	o := Object{UUID: strings.ToLower(word(v.Get("uuid"))), Name: word(v.Get("name")), Category: word(v.Get("meta-category")), Description: word(v.Get("description")), Pointer: at}
	switch {
	case o.UUID == "" || o.Name == "":
		missing := map[bool]string{true: "uuid", false: "name"}[o.UUID == ""]
		r.lose(v, "object", at+"/"+missing, "required", "add "+missing, "%s is missing: every object has one", missing)
		return
	case !validUUID(o.UUID):
		r.lose(v, "object", at+"/uuid", "uuid", "write a UUID", "%.60q is no UUID", o.UUID)
		return
	case r.seen[o.UUID]:
		r.lose(v, "object", at+"/uuid", "duplicate", "give each its own UUID", "another part of this event has this UUID")
		return
	}
	r.seen[o.UUID] = true
	o.Deleted, o.Timestamp = r.boolean(v, at, "deleted"), r.seconds(v, at, "timestamp")
	o.Distribution = Distribution(r.number(v, at, "distribution", 0, 5, int(Inherit)))
	o.Attributes = r.attributes(v.Get("Attribute"), at+"/Attribute", true)
	for i, refs := 0, v.Get("ObjectReference").Items(); i < len(refs); i++ {
		f := &refs[i].Value
		o.References = append(o.References, Reference{strings.ToLower(word(f.Get("uuid"))), strings.ToLower(word(f.Get("referenced_uuid"))), word(f.Get("relationship_type")), word(f.Get("comment"))})
	}
	r.e.Objects = append(r.e.Objects, o)
}

// references notes references to nothing.
func (r *reader) references() {
	for i := range r.e.Objects {
		o := &r.e.Objects[i]
		for j, f := range o.References {
			if !r.seen[f.To] {
				r.warn(nil, o.Pointer+"/ObjectReference/"+strconv.Itoa(j)+"/referenced_uuid", "dangling-ref", "send it too", "%.60q is not in this event", f.To)
			}
		}
	}
}

func (r *reader) attributes(list *jsondoc.Value, at string, inObject bool) []Attribute {
	var out []Attribute
	for i, items := 0, list.Items(); i < len(items); i++ {
		if a, ok := r.attribute(&items[i].Value, at+"/"+strconv.Itoa(i), inObject); ok {
			out = append(out, a)
		}
	}
	return out
}

func (r *reader) attribute(v *jsondoc.Value, at string, inObject bool) (Attribute, bool) {
	a := Attribute{UUID: strings.ToLower(word(v.Get("uuid"))), Type: word(v.Get("type")), Category: word(v.Get("category")), Value: word(v.Get("value")),
		Comment: word(v.Get("comment")), Relation: word(v.Get("object_relation")), Pointer: at}
	if v.Kind != jsondoc.Object {
		r.lose(v, "attribute", at, "type", "give the attribute in braces", "an attribute is an object, not %s", v.Kind)
		return a, false
	}
	for _, must := range []struct{ name, has string }{{"uuid", a.UUID}, {"type", a.Type}, {"value", a.Value}} {
		if must.has == "" {
			r.lose(v, "attribute", at+"/"+must.name, "required", "add "+must.name, "%s is missing: every attribute has one", must.name)
			return a, false
		}
	}
	switch {
	case !validUUID(a.UUID):
		r.lose(v, "attribute", at+"/uuid", "uuid", "write a UUID", "%.60q is no UUID", a.UUID)
		return a, false
	case r.seen[a.UUID]:
		r.lose(v, "attribute", at+"/uuid", "duplicate", "give each its own UUID", "another part of this event has this UUID")
		return a, false
	}
	a.ToIDS, a.Deleted = r.boolean(v, at, "to_ids"), r.boolean(v, at, "deleted")
	a.Distribution = Distribution(r.number(v, at, "distribution", 0, 5, int(Inherit)))
	a.Timestamp = r.seconds(v, at, "timestamp")
	a.FirstSeen, a.LastSeen = r.instant(v, at, "first_seen"), r.instant(v, at, "last_seen")
	if !a.FirstSeen.IsZero() && !a.LastSeen.IsZero() && a.LastSeen.Before(a.FirstSeen) {
		r.warn(v.Get("last_seen"), at+"/last_seen", "order", "mend one of the two", "last_seen should not be earlier than first_seen")
	}
	a.Tags, a.Galaxies = r.tags(v, at), galaxies(v)
	for i, seen := 0, v.Get("Sighting").Items(); i < len(seen); i++ {
		s, place := &seen[i].Value, at+"/Sighting/"+strconv.Itoa(i)
		a.Sightings = append(a.Sightings, Sighting{strings.ToLower(word(s.Get("uuid"))), word(s.Get("source")), SightingKind(r.number(s, place, "type", 0, 3, 0)), r.seconds(s, place, "date_sighting")})
	}
	if !r.valued(&a, v) {
		return a, false
	}
	if a.Category != "" && !categories[a.Category] {
		r.warn(v.Get("category"), at+"/category", "category", "take one of MISP's categories", "%.60q is no category", a.Category)
	} else if a.Category == "" && !inObject {
		r.warn(nil, at+"/category", "required", "add the category", "category is missing")
	}
	r.seen[a.UUID] = true
	return a, true
}

// valued checks the value against the attribute's type and says where it would do harm.
func (r *reader) valued(a *Attribute, v *jsondoc.Value) bool {
	value := v.Get("value")
	t, known := attributeTypes[a.Type]
	if !known {
		if ruleTypes[a.Type] == "" && !otherTypes[a.Type] {
			r.warn(v.Get("type"), a.Pointer+"/type", "unknown-type", "take one of MISP's types", "%.60q is no type of attribute: it is kept as a note", a.Type)
		}
		if a.Type == "vulnerability" {
			if _, _, refused := observable.Parse(observable.CVE, a.Value); refused != nil {
				r.warn(value, a.Pointer+"/value", refused.Rule, refused.Mend, "%s", refused.Message)
			}
		}
		return true
	}
	parts := t.split(a.Value)
	if len(parts) != len(t.parts) {
		r.lose(v, "attribute", a.Pointer+"/value", "composite", "write both parts with a bar between", "%.60q should have %d parts for the type %s", a.Value, len(t.parts), a.Type)
		return false
	}
	for i, p := range t.parts {
		if p.kind == "" {
			if number := strings.HasSuffix(p.path, "_port") || p.path == "file:size"; number {
				if n, err := strconv.ParseUint(parts[i], 10, 63); err != nil || strings.HasSuffix(p.path, "_port") && n > 65535 {
					r.lose(v, "attribute", a.Pointer+"/value", "range", "write the number", "%.40q is no number that a %s may have", parts[i], a.Type)
					return false
				}
			}
			continue
		}
		kind, plain, refused := observable.Parse(p.kind, parts[i])
		if refused != nil {
			r.lose(v, "attribute", a.Pointer+"/value", refused.Rule, refused.Mend, "%s", refused.Message)
			return false
		}
		if a.Deleted || !a.ToIDS {
			continue
		}
		for _, d := range observable.Doubts(kind, plain) {
			r.warn(value, a.Pointer+"/value", d.Rule, d.Mend, "%s", d.Message)
		}
	}
	return true
}

// split parts a value at its bars. A part of one may hold bars itself: a file's name before the last, a registry's data
// behind the first.
func (t attributeType) split(value string) []string {
	if len(t.parts) == 1 {
		return []string{value}
	}
	at := strings.LastIndexByte(value, '|')
	if t.parts[0].kind == observable.RegistryKey {
		at = strings.IndexByte(value, '|')
	}
	if at <= 0 || at == len(value)-1 {
		return []string{value}
	}
	return []string{value[:at], value[at+1:]}
}

func (r *reader) tags(v *jsondoc.Value, at string) []Tag {
	var out []Tag
	levels := map[stix.TLP]bool{}
	for i, list := 0, v.Get("Tag").Items(); i < len(list); i++ {
		name := word(list[i].Value.Get("name"))
		place := at + "/Tag/" + strconv.Itoa(i) + "/name"
		if name == "" {
			r.warn(&list[i].Value, place, "required", "name the tag", "name is missing")
			continue
		}
		out = append(out, Tag{name})
		if word, ok := cutFold(name, "tlp:"); ok && !strings.HasPrefix(strings.ToLower(word), "ex:") {
			level, ok := stix.ParseTLP(word)
			switch {
			case !ok:
				r.warn(&list[i].Value, place, "tlp", "write tlp:clear, green, amber, amber+strict or red", "%.40q is no level of the Traffic Light Protocol", name)
			case len(levels) > 0 && !levels[level]:
				r.warn(&list[i].Value, place, "tlp", "leave one of them", "two levels of TLP stand here: the stricter holds")
			}
			levels[level] = true
		}
	}
	return out
}

func galaxies(v *jsondoc.Value) []Galaxy {
	var out []Galaxy
	for i, list := 0, v.Get("Galaxy").Items(); i < len(list); i++ {
		g := Galaxy{Type: word(list[i].Value.Get("type"))}
		for j, clusters := 0, list[i].Value.Get("GalaxyCluster").Items(); j < len(clusters); j++ {
			c := &clusters[j].Value
			cluster := Cluster{UUID: strings.ToLower(word(c.Get("uuid"))), Value: word(c.Get("value")), Description: word(c.Get("description")), Tag: word(c.Get("tag_name"))}
			ids := c.Get("meta").Get("external_id")
			if ids != nil && ids.Kind == jsondoc.String {
				cluster.IDs = []string{ids.Text()}
			}
			for _, id := range ids.Items() {
				cluster.IDs = append(cluster.IDs, word(&id.Value))
			}
			if cluster.Value != "" {
				g.Clusters = append(g.Clusters, cluster)
			}
		}
		out = append(out, g)
	}
	return out
}

func organisation(v *jsondoc.Value) Organisation {
	return Organisation{word(v.Get("id")), strings.ToLower(word(v.Get("uuid"))), word(v.Get("name"))}
}

// word is a text, or a number as a text: the format writes numbers as strings, and many do not.
func word(v *jsondoc.Value) string {
	if v != nil && v.Kind == jsondoc.Number {
		return v.Raw()
	}
	return strings.TrimSpace(v.Text())
}

func (r *reader) boolean(v *jsondoc.Value, at, name string) bool {
	b := v.Get(name)
	if b == nil || b.Kind == jsondoc.Null {
		return false
	}
	if yes, ok := b.Bool(); ok {
		return yes
	}
	switch strings.ToLower(word(b)) {
	case "1", "true":
		return true
	case "0", "false", "":
		return false
	}
	r.warn(b, at+"/"+name, "type", "write true or false", "%s is %.40s and should be true or false", name, b.Raw())
	return false
}

func (r *reader) number(v *jsondoc.Value, at, name string, low, high, otherwise int) int {
	n := v.Get(name)
	if word(n) == "" {
		return otherwise
	}
	if i, err := strconv.Atoi(word(n)); err == nil && low <= i && i <= high {
		return i
	}
	r.warn(n, at+"/"+name, "range", "write a number in that range", "%s is %.40s and should lie between %d and %d", name, n.Raw(), low, high)
	return otherwise
}

// seconds reads seconds since 1970; 0 and what is absent are no time.
func (r *reader) seconds(v *jsondoc.Value, at, name string) time.Time {
	n := v.Get(name)
	const latest = 253402300799 // the end of year 9999
	switch s := word(n); s {
	case "", "0":
		return time.Time{}
	default:
		if i, err := strconv.ParseInt(s, 10, 64); err == nil && 0 < i && i <= latest {
			return time.Unix(i, 0).UTC()
		}
	}
	r.warn(n, at+"/"+name, "timestamp", "write seconds since 1970", "%s is %.40s, which is no time", name, n.Raw())
	return time.Time{}
}

// instant reads a time with its offset, or in microseconds since 1970 as older servers write it.
func (r *reader) instant(v *jsondoc.Value, at, name string) time.Time {
	n := v.Get(name)
	s := word(n)
	if s == "" {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t.UTC()
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil && i > 0 {
		return time.UnixMicro(i).UTC()
	}
	r.warn(n, at+"/"+name, "timestamp", "write it as 2026-03-15T08:00:00.000000+00:00", "%.40q is no time", s)
	return time.Time{}
}

// validUUID tells a UUID of whatever version.
func validUUID(s string) bool {
	const form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	if len(s) != len(form) {
		return false
	}
	for i := range len(s) {
		if dash := form[i] == '-'; dash != (s[i] == '-') || !dash && strings.IndexByte("0123456789abcdef", s[i]) < 0 {
			return false
		}
	}
	return true
}
