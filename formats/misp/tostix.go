package misp

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/stix/pattern"
)

// STIX turns the event into objects of STIX 2.1: its maker, what it marks with, one report (or grouping, while it is not
// published) and, for each attribute and object, indicators, observables and what binds them. What has no place in STIX
// becomes a note, and a warning says so. The same event gives the same objects.
func (e *Event) STIX() (objects [][]byte, warnings []fault.Fault) {
	w := &writer{e: e, at: e.Timestamp, ids: map[string]string{}, have: map[string]bool{}}
	if w.at.IsZero() {
		w.at = e.Date
	}
	if w.at.IsZero() {
		w.at = time.Unix(0, 0).UTC()
	}
	w.event()
	return w.out, w.warnings
}

// writer gathers the objects of one event.
type writer struct {
	e        *Event
	at       time.Time
	maker    string // identity that made it
	out      [][]byte
	have     map[string]bool
	refs     []string          // what the report speaks of
	ids      map[string]string // of MISP's UUIDs: the object that stands for each
	warnings []fault.Fault
	report   string
	current  []string // markings of the part that is being written: its observables bear them
}

// put keeps an object, once.
func (w *writer) put(id string, d *stix.Draft, spokenOf bool) string {
	if !w.have[id] {
		w.have[id] = true
		w.out = append(w.out, d.Bytes())
		if spokenOf {
			w.refs = append(w.refs, id)
		}
	}
	return id
}

// observable keeps an observable, whose identifier its value gives. One that several parts speak of bears the markings of
// the first.
func (w *writer) observable(d *stix.Draft) string {
	raw := d.List("object_marking_refs", w.current...).Bytes()
	head, f := stix.Identify(raw)
	if f != nil {
		return ""
	}
	if !w.have[head.ID] {
		w.have[head.ID] = true
		w.out = append(w.out, raw)
		w.refs = append(w.refs, head.ID)
	}
	return head.ID
}

// begin begins a domain object made by the event's maker, under its marking.
func (w *writer) begin(typ, id string, at time.Time, marks []string) *stix.Draft {
	if at.IsZero() {
		at = w.at
	}
	return stix.Begin(typ, id).Times(at, at).Text("created_by_ref", w.maker).List("object_marking_refs", marks...)
}

// idFor is the identifier of a type that bears MISP's UUID, where STIX takes it.
func idFor(typ, uuid string) string {
	if id := typ + "--" + uuid; stix.ValidID(id) {
		return id
	}
	return stix.DerivedID(typ, "misp:"+uuid)
}

func (w *writer) event() {
	e := w.e
	kind := "grouping"
	if e.Published {
		kind = "report"
	}
	w.report = idFor(kind, e.UUID)
	if name := e.Orgc.Name; name != "" || e.Orgc.UUID != "" {
		if name == "" {
			name = e.Orgc.UUID
		}
		key := e.Orgc.UUID
		if key == "" {
			key = "organisation " + name
		}
		w.maker = idFor("identity", key)
		w.put(w.maker, stix.Begin("identity", w.maker).Times(w.at, w.at).Text("name", name).Text("identity_class", "organization"), false)
	}
	marks := w.marks(e.Tags)
	for i := range e.Attributes {
		w.attribute(&e.Attributes[i], marks)
	}
	for i := range e.Objects {
		w.object(&e.Objects[i], marks)
	}
	for i := range e.Objects {
		w.references(&e.Objects[i], marks)
	}
	w.galaxies(e.Galaxies, e.Tags, marks)
	for _, a := range e.All() {
		w.galaxies(a.Galaxies, nil, marks)
	}
	for _, r := range e.Reports {
		if r.Content != "" && !r.Deleted {
			id := idFor("note", r.UUID)
			w.put(id, w.begin("note", id, w.at, marks).Text("abstract", r.Name).Text("content", r.Content).List("object_refs", w.report), false)
		}
	}
	w.eventItself(kind, marks)
}

// eventItself writes the report, or the grouping, that holds all else together.
func (w *writer) eventItself(kind string, marks []string) {
	e := w.e
	if len(w.refs) == 0 { // a report speaks of something: of its maker, if of nothing else
		if w.maker == "" {
			w.maker = idFor("identity", "organisation unknown")
			w.put(w.maker, stix.Begin("identity", w.maker).Times(w.at, w.at).Text("name", "unknown").Text("identity_class", "unknown"), false)
		}
		w.refs = []string{w.maker}
	}
	d := w.begin(kind, w.report, w.at, marks)
	var links [][2]string
	for _, a := range e.All() {
		if a.Type == "link" && !a.Deleted {
			links = append(links, [2]string{a.Value, a.Comment})
		}
	}
	if len(links) > 0 {
		b := []byte{'['}
		for i, l := range links {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, object("source_name", "misp", "description", l[1], "url", l[0])...)
		}
		d.JSON("external_references", append(b, ']'))
	}
	d.List("labels", w.labels()...).Integer("confidence", int64(confidence(e.Tags)))
	d.Text("name", e.Info)
	if kind == "report" {
		published := e.PublishedAt
		if published.IsZero() {
			published = e.Date
		}
		if published.IsZero() {
			published = w.at
		}
		d.List("report_types", "threat-report").Time("published", published)
	} else {
		d.Text("context", "suspicious-activity")
	}
	d.List("object_refs", w.refs...)
	w.have[w.report] = true
	w.out = append(w.out, d.Bytes())
}

var (
	threatLevels = [...]string{1: "high", "medium", "low", "undefined"}
	analyses     = [...]string{"initial", "ongoing", "complete"}
)

// labels are the event's judgements and those of its tags that are neither a marking nor a galaxy.
func (w *writer) labels() []string {
	var out []string
	if n := w.e.ThreatLevel; n > 0 {
		out = append(out, "threat-level:"+threatLevels[n])
	}
	out = append(out, "analysis:"+analyses[w.e.Analysis])
	return append(out, labelsOf(w.e.Tags)...)
}

func labelsOf(tags []Tag) []string {
	var out []string
	known := map[string]bool{}
	for _, t := range tags {
		_, marked := cutFold(t.Name, "tlp:")
		_, galaxy := cutFold(t.Name, "misp-galaxy:")
		if _, pap := cutFold(t.Name, "pap:"); !marked && !galaxy && !pap && !known[t.Name] {
			known[t.Name] = true
			out = append(out, t.Name)
		}
	}
	return out
}

// confidence is what the tags say of how sure the source is: admiralty-scale and MISP's own taxonomy.
func confidence(tags []Tag) int {
	for _, t := range tags {
		name := strings.ToLower(t.Name)
		if letter, ok := strings.CutPrefix(name, `admiralty-scale:source-reliability="`); ok {
			if at := strings.Index("abcde", letter[:min(1, len(letter))]); at >= 0 && len(letter) > 1 {
				return []int{90, 70, 50, 30, 10}[at]
			}
		}
		if word, ok := strings.CutPrefix(name, `misp:confidence-level="`); ok {
			if n, ok := map[string]int{"completely-confident": 100, "usually-confident": 75, "fairly-confident": 50, "rarely-confident": 25, "unconfident": 0}[strings.TrimSuffix(word, `"`)]; ok {
				return n
			}
		}
	}
	return stix.Absent
}

// marks are the markings that tags ask for; their definitions travel along.
func (w *writer) marks(tags []Tag) []string {
	var out []string
	if level := tlp(tags); level != stix.Unmarked {
		id, _ := level.MarkingID(2)
		if definition, ok := level.Definition(2); ok && !w.have[id] {
			w.have[id] = true
			w.out = append(w.out, definition)
		}
		out = append(out, id)
	}
	for _, t := range tags {
		if word, ok := cutFold(t.Name, "pap:"); ok && permissible[strings.ToUpper(word)] {
			if id := w.statement("PAP:" + strings.ToUpper(word)); !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	if g := w.e.SharingGroup; g != nil && w.e.Distribution == SharingGroupOnly {
		out = append(out, w.statement(strings.TrimSuffix("Sharing group "+g.Name+": "+g.Releasability, ": ")))
	}
	return append(out, w.distributed(w.e.Distribution)...)
}

// distributed says of what should go no further that it should not: TLP has no word for it.
func (w *writer) distributed(d Distribution) []string {
	switch d {
	case OwnOrganisation:
		return []string{w.statement("MISP distribution: your organisation only")}
	case ThisCommunity:
		return []string{w.statement("MISP distribution: this community only")}
	}
	return nil
}

// permissible are the levels of the Permissible Actions Protocol.
var permissible = map[string]bool{"RED": true, "AMBER": true, "GREEN": true, "CLEAR": true, "WHITE": true}

func (w *writer) statement(text string) string {
	id := stix.DerivedID("marking-definition", "misp:"+text)
	return w.put(id, stix.Begin("marking-definition", id).Time("created", time.Unix(0, 0)).Text("definition_type", "statement").JSON("definition", object("statement", text)), false)
}

// over are the markings of a part: the event's, with its own level instead where it has one, and its own distribution.
func (w *writer) over(marks []string, tags []Tag, d Distribution) []string {
	out := slices.Clone(marks)
	if tlp(tags) != stix.Unmarked {
		out = w.marks(tags)
		for _, m := range marks {
			if _, level := stix.TLPOf(m); !level && !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	if d != w.e.Distribution {
		for _, m := range w.distributed(d) {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	w.current = out
	return out
}

func (w *writer) attribute(a *Attribute, marks []string) {
	marks = w.over(marks, a.Tags, a.Distribution)
	t, known := attributeTypes[a.Type]
	switch {
	case known && a.Type != "link":
		w.valued(a, t, marks)
	case ruleTypes[a.Type] != "" && readable(a):
		id := idFor("indicator", a.UUID)
		w.ids[a.UUID] = w.put(id, w.indicator(id, a, marks, a.Value, ruleTypes[a.Type]), true)
		w.sightings(a, id, marks)
	case a.Type == "vulnerability":
		id := idFor("vulnerability", a.UUID)
		d := w.begin("vulnerability", id, a.Timestamp, marks).Text("name", a.Value).Text("description", a.Comment)
		if a.Deleted {
			d.Bool("revoked", true)
		}
		w.ids[a.UUID] = w.put(id, d.JSON("external_references", append(append([]byte{'['}, object("source_name", "cve", "external_id", a.Value)...), ']')), true)
	case a.Type == "link":
	default:
		id := idFor("note", a.UUID)
		d := w.begin("note", id, a.Timestamp, marks).List("labels", w.origin(a)...).Text("abstract", a.Comment).Text("content", a.Value).List("object_refs", w.report)
		if a.Deleted {
			d.Bool("revoked", true)
		}
		w.ids[a.UUID] = w.put(id, d, false)
		if a.Type != "comment" && a.Type != "text" && a.Type != "other" {
			w.warnings = append(w.warnings, fault.Fault{Pointer: a.Pointer, Rule: "unmapped", Message: fmt.Sprintf("STIX has no place for a %s: it is kept as a note", a.Type), Mend: "nothing"})
		}
	}
}

// readable tells a rule that STIX takes: patterns of its own are parsed there.
func readable(a *Attribute) bool {
	if ruleTypes[a.Type] != "stix" {
		return true
	}
	_, err := pattern.Parse(a.Value)
	return err == nil
}

// origin are labels that say what an object was in MISP, so that the way back finds it.
func (w *writer) origin(a *Attribute) []string {
	out := []string{`misp:type="` + a.Type + `"`}
	if a.Category != "" {
		out = append(out, `misp:category="`+a.Category+`"`)
	}
	if a.ToIDS {
		out = append(out, `misp:to_ids="true"`)
	}
	return append(out, labelsOf(a.Tags)...)
}

// valued writes an attribute that has a path in STIX: what was seen and, where it should be looked for, an indicator.
func (w *writer) valued(a *Attribute, t attributeType, marks []string) {
	var seen []string
	if !a.Deleted {
		seen = w.observables(t, a.Value)
	}
	var observed, primary string
	if len(seen) > 0 {
		observed = idFor("observed-data", a.UUID)
		w.put(observed, w.observed(observed, a, marks, seen), true)
		primary = observed
	}
	if a.ToIDS || len(seen) == 0 {
		indicator := idFor("indicator", a.UUID)
		primary = w.put(indicator, w.indicator(indicator, a, marks, "["+condition(t, a.Value)+"]", "stix"), true)
		if observed != "" {
			w.relate("based-on", indicator, observed, a.Timestamp, marks)
		}
	}
	w.ids[a.UUID] = primary
	w.sightings(a, primary, marks)
}

func (w *writer) indicator(id string, a *Attribute, marks []string, rule, language string) *stix.Draft {
	from := a.FirstSeen
	if from.IsZero() {
		from = a.Timestamp
	}
	if from.IsZero() {
		from = w.at
	}
	d := w.begin("indicator", id, a.Timestamp, marks).List("labels", w.origin(a)...).Integer("confidence", int64(confidence(a.Tags))).
		Text("name", a.Value[:clip(a.Value)]).Text("description", a.Comment).
		List("indicator_types", map[bool]string{true: "malicious-activity", false: "unknown"}[a.ToIDS]).Text("pattern", rule).Text("pattern_type", language).Time("valid_from", from)
	var until time.Time
	for _, s := range a.Sightings {
		if s.Kind == Expired && s.At.After(from) && s.At.After(until) {
			until = s.At
		}
	}
	d.Time("valid_until", until)
	if a.Deleted {
		d.Bool("revoked", true)
	}
	return d
}

// clip is where a name ends that is not too long, between two characters.
func clip(s string) int {
	const most = 200
	if len(s) <= most {
		return len(s)
	}
	at := most
	for at > 0 && s[at]&0xC0 == 0x80 {
		at--
	}
	return at
}

func (w *writer) observed(id string, a *Attribute, marks, seen []string) *stix.Draft {
	first, last := a.FirstSeen, a.LastSeen
	if first.IsZero() {
		first = last
	}
	if first.IsZero() {
		first = a.Timestamp
	}
	if first.IsZero() {
		first = w.at
	}
	if last.Before(first) {
		last = first
	}
	return w.begin("observed-data", id, a.Timestamp, marks).List("labels", w.origin(a)...).Time("first_observed", first).Time("last_observed", last).Integer("number_observed", 1).List("object_refs", seen...)
}

func (w *writer) relate(kind, source, target string, at time.Time, marks []string) {
	id := stix.DerivedID("relationship", source+" "+kind+" "+target)
	w.put(id, w.begin("relationship", id, at, marks).Text("relationship_type", kind).Text("source_ref", source).Text("target_ref", target), true)
}

func (w *writer) sightings(a *Attribute, of string, marks []string) {
	for i, s := range a.Sightings {
		uuid := s.UUID
		if uuid == "" {
			uuid = a.UUID + " sighting " + strconv.Itoa(i)
		}
		switch s.Kind {
		case Seen:
			id := idFor("sighting", uuid)
			d := w.begin("sighting", id, s.At, marks).Text("description", s.Source)
			if !s.At.IsZero() {
				d.Time("first_seen", s.At).Time("last_seen", s.At)
			}
			w.put(id, d.Integer("count", 1).Text("sighting_of_ref", of), true)
		case FalsePositive, Confirmed:
			id := idFor("opinion", uuid)
			word, text := "strongly-disagree", "false positive"
			if s.Kind == Confirmed {
				word, text = "strongly-agree", "confirmed true positive"
			}
			if s.Source != "" {
				text += ", says " + s.Source
			}
			w.put(id, w.begin("opinion", id, s.At, marks).Text("explanation", text).Text("opinion", word).List("object_refs", of), true)
			if s.Kind == FalsePositive {
				note := idFor("note", uuid)
				w.put(note, w.begin("note", note, s.At, marks).Text("abstract", "false positive").Text("content", text).List("object_refs", of), true)
			}
		case Expired: // it is the indicator's valid_until
		}
	}
}

// condition is what a pattern asks of a value.
func condition(t attributeType, value string) string {
	var out []string
	parts := t.split(value)
	for i, p := range t.parts {
		if i >= len(parts) {
			break
		}
		text, kind := parts[i], p.kind
		if kind != "" {
			if got, plain, refused := observable.Parse(kind, text); refused == nil {
				kind, text = got, plain
			}
		}
		path := p.path
		switch {
		case path == src || path == dst:
			end := strings.TrimSuffix(path, "value")
			out = append(out, end+"type = '"+addressType(kind, text)+"'")
		case path == "file:size" || strings.HasSuffix(path, "_port"):
			out = append(out, path+" = "+text)
			continue
		case kind == observable.ASN:
			out = append(out, path+" = "+strings.TrimPrefix(text, "AS"))
			continue
		}
		out = append(out, path+" = '"+patternEscapes.Replace(text)+"'")
	}
	return strings.Join(out, " AND ")
}

var patternEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

// addressType is the type of observable that an end of traffic is.
func addressType(kind observable.Kind, text string) string {
	switch {
	case kind == observable.Domain:
		return "domain-name"
	case strings.Contains(text, ":"):
		return "ipv6-addr"
	}
	return "ipv4-addr"
}

// object writes an object of pairs of names and texts, leaving out what is empty.
func object(pairs ...string) []byte {
	b := []byte{'{'}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, pairs[i]), ':')
		b = appendQuoted(b, pairs[i+1])
	}
	return append(b, '}')
}

var relationshipName = regexp.MustCompile(`[^a-z0-9]+`)

// references writes the relationships of an object, once all that they may point to is there.
func (w *writer) references(o *Object, marks []string) {
	for _, r := range o.References {
		source, target := w.ids[o.UUID], w.ids[r.To]
		if source == "" || target == "" || source == target {
			continue
		}
		kind := strings.Trim(relationshipName.ReplaceAllString(strings.ToLower(r.Relationship), "-"), "-")
		if kind == "" {
			kind = "related-to"
		}
		id := idFor("relationship", r.UUID)
		if r.UUID == "" {
			id = stix.DerivedID("relationship", source+" "+kind+" "+target)
		}
		w.put(id, w.begin("relationship", id, o.Timestamp, marks).Text("relationship_type", kind).Text("description", r.Comment).Text("source_ref", source).Text("target_ref", target), true)
	}
}
