package misp

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
	"github.com/rihla/rihla/formats/stix/pattern"
)

// Options say what objects do not: who sends the event, and when it was put together.
type Options struct {
	Org          Organisation
	At           time.Time
	UUID, Info   string // where no report or grouping gives them
	Distribution Distribution
}

// FromSTIX writes an event of objects: of the first report or grouping among them, and of all that an attribute can
// hold. What MISP has no place for is named in skipped. Objects that came from MISP get their UUIDs and types back.
func FromSTIX(objects []*stix.Object, options Options) (event []byte, skipped []string) {
	g := &gathering{options: options, byID: map[string]*stix.Object{}, attributes: map[string]*attributeOut{}, based: map[string]bool{}, markings: stix.NewMarkings(objects...)}
	for _, o := range objects {
		if o.Accepted() && (g.byID[o.ID] == nil || stix.Newer(o.Version(), g.byID[o.ID].Version())) {
			if g.byID[o.ID] == nil {
				g.order = append(g.order, o.ID)
			}
			g.byID[o.ID] = o
		}
	}
	g.head()
	for _, id := range g.order {
		g.take(g.byID[id])
	}
	for _, id := range g.order {
		g.attach(g.byID[id])
	}
	return g.write(), g.skipped
}

// gathering is the event that is being put together.
type gathering struct {
	options    Options
	byID       map[string]*stix.Object
	order      []string
	markings   *stix.Markings
	holder     *stix.Object // the report or grouping
	level      stix.TLP
	tags       []string
	attributes map[string]*attributeOut // by the object that stands for it
	list       []*attributeOut
	objects    []*objectOut
	objectOf   map[string]*objectOut // by UUID
	reports    [][]byte
	based      map[string]bool // observed data that an indicator stands for
	inside     map[string]bool // observables that observed data or traffic hold
	skipped    []string
}

// attributeOut is an attribute that is being written.
type attributeOut struct {
	uuid, kind, category, value, comment string
	toIDS, deleted                       bool
	at, first, last                      time.Time
	tags                                 []string
	sightings                            [][]byte
	relation                             string
}

type objectOut struct {
	uuid, name, comment string
	at                  time.Time
	attributes          []*attributeOut
	references          [][]byte
}

func (g *gathering) head() {
	g.inside, g.objectOf = map[string]bool{}, map[string]*objectOut{}
	for _, id := range g.order {
		o := g.byID[id]
		if (o.Type == "report" || o.Type == "grouping") && g.holder == nil {
			g.holder = o
		}
		if r, ok := o.Relationship(); ok && r.Type == "based-on" {
			g.based[r.Target] = true
		}
		if o.Type == "observed-data" || stix.ClassOf(o.Type) == stix.Observable {
			for _, ref := range o.Refs() {
				g.inside[ref] = true
			}
		}
	}
	if g.holder != nil {
		marked := g.markings.Of(g.holder)
		g.level = marked.Object
		for _, label := range labels(g.holder) {
			if !strings.HasPrefix(label, "threat-level:") && !strings.HasPrefix(label, "analysis:") {
				g.tags = append(g.tags, label)
			}
		}
		for _, m := range g.holder.Markings {
			if o := g.byID[m]; o != nil {
				if pap := o.Get("definition").Get("statement").Text(); strings.HasPrefix(pap, "PAP:") {
					g.tags = append(g.tags, pap)
				}
			}
		}
	}
	if g.level != stix.Unmarked {
		g.tags = append([]string{tlpTag(g.level)}, g.tags...)
	}
}

func tlpTag(level stix.TLP) string { return strings.ToLower(level.String()) }

func labels(o *stix.Object) []string {
	var out []string
	for _, item := range o.Get("labels").Items() {
		out = append(out, item.Value.Text())
	}
	return out
}

// origin are the labels that the way to STIX left.
func origin(o *stix.Object) (kind, category string, toIDS bool, others []string) {
	for _, l := range labels(o) {
		switch name, value, _ := strings.Cut(l, "="); name {
		case "misp:type":
			kind = strings.Trim(value, `"`)
		case "misp:category":
			category = strings.Trim(value, `"`)
		case "misp:to_ids":
			toIDS = true
		default:
			others = append(others, l)
		}
	}
	return kind, category, toIDS, others
}

// take turns one object into an attribute, an object, a tag or a report; what binds others waits for attach.
func (g *gathering) take(o *stix.Object) {
	switch o.Type {
	case "indicator":
		g.indicator(o)
	case "observed-data":
		if !g.based[o.ID] {
			g.observed(o)
		}
	case "vulnerability":
		value := o.Text("name")
		for _, r := range o.References() {
			if r.Source == "cve" && r.ID != "" {
				value = r.ID
			}
		}
		g.add(o, &attributeOut{kind: "vulnerability", category: "External analysis", value: value, comment: o.Text("description")})
	case "note":
		if kind, category, _, _ := origin(o); kind != "" {
			g.add(o, &attributeOut{kind: kind, category: category, value: o.Text("content"), comment: o.Text("abstract")})
			return
		}
		name := o.Text("abstract")
		if name == "" {
			name = "Note"
		}
		if name != "false positive" {
			g.reports = append(g.reports, record("uuid", uuidOf(o.ID), "name", name, "content", o.Text("content"), "distribution", "5", "timestamp", seconds(o.Instant("modified"))))
		}
	case "malware", "tool", "threat-actor", "intrusion-set", "attack-pattern", "campaign", "course-of-action":
		g.tags = append(g.tags, galaxyTag(o))
	case "identity", "location":
		if all := labels(o); len(all) > 0 && strings.HasPrefix(all[0], "misp-galaxy:") {
			g.tags = append(g.tags, galaxyTag(o))
		}
	case "report", "grouping":
		if o != g.holder {
			g.skip(o)
		}
	case "marking-definition", "relationship", "sighting", "opinion", "extension-definition":
	default:
		if stix.ClassOf(o.Type) != stix.Observable {
			g.skip(o)
		} else if !g.inside[o.ID] {
			g.observables(o, []*stix.Object{o}, false)
		}
	}
}

func (g *gathering) skip(o *stix.Object) { g.skipped = append(g.skipped, o.ID) }

func galaxyTag(o *stix.Object) string {
	for _, l := range labels(o) {
		if strings.HasPrefix(l, "misp-galaxy:") {
			return l
		}
	}
	kind := map[string]string{"intrusion-set": "mitre-intrusion-set", "attack-pattern": "mitre-attack-pattern", "campaign": "mitre-campaign", "course-of-action": "mitre-course-of-action"}[o.Type]
	if kind == "" {
		kind = o.Type
	}
	name := o.Text("name")
	for _, r := range o.References() {
		if r.Source == "mitre-attack" && r.ID != "" {
			name += " - " + r.ID
		}
	}
	return "misp-galaxy:" + kind + `="` + name + `"`
}

// add keeps an attribute that an object stands for.
func (g *gathering) add(o *stix.Object, a *attributeOut) {
	kind, category, _, others := origin(o)
	a.uuid, a.at, a.deleted = uuidOf(o.ID), o.Instant("modified"), o.Revoked
	if category != "" {
		a.category = category
	}
	if kind != "" && a.kind == "" {
		a.kind = kind
	}
	if a.category == "" {
		a.category = categoryOf(a.kind)
	}
	a.tags = append(a.tags, others...)
	marked := g.markings.Of(o)
	if level := marked.Object; level != stix.Unmarked && level != g.level {
		a.tags = append(a.tags, tlpTag(level))
	}
	g.attributes[o.ID] = a
	g.list = append(g.list, a)
}

func (g *gathering) indicator(o *stix.Object) {
	v, _ := o.Indicator()
	kind, _, toIDS, _ := origin(o)
	a := &attributeOut{comment: v.Description, toIDS: toIDS || kind == "", first: v.ValidFrom}
	if v.PatternType != "stix" {
		a.kind, a.value = v.PatternType, v.Pattern
		if ruleTypes[a.kind] == "" {
			a.kind = "text"
		}
		g.add(o, a)
		return
	}
	p := o.Pattern()
	if t, ok := attributeTypes[kind]; ok && p != nil {
		if a.value = valueOf(t, p); a.value != "" {
			a.kind = kind
			g.add(o, a)
			return
		}
	}
	if graphs[kind] && p != nil {
		g.graph(o, kind, p)
		return
	}
	if p != nil && p.Atomic() && kind != "stix2-pattern" {
		if atoms := p.Atoms(); len(atoms) == 1 {
			if a.kind = typeOf(atoms[0].Path, atoms[0].Kind); a.kind != "" {
				a.value = atoms[0].Value
				if atoms[0].Kind == observable.ASN {
					a.value = atoms[0].Key
				}
				g.add(o, a)
				return
			}
		}
	}
	a.kind, a.value = "stix2-pattern", v.Pattern
	g.add(o, a)
}

// valueOf finds the parts of a value among a pattern's equalities.
func valueOf(t attributeType, p *pattern.Pattern) string {
	var out []string
	for _, part := range t.parts {
		found := false
		for _, test := range p.Tests() {
			if test.By == "=" && !test.Not && test.Path.String() == part.path {
				text := test.Values[0].Text
				if part.kind == observable.ASN {
					text = "AS" + text
				}
				out, found = append(out, text), true
				break
			}
		}
		if !found {
			return ""
		}
	}
	return strings.Join(out, "|")
}

// typeOf is the type of attribute that holds what a path does.
func typeOf(path string, kind observable.Kind) string {
	switch kind {
	case observable.IPv4, observable.IPv6, observable.CIDR:
		if path == src {
			return "ip-src"
		}
		return "ip-dst"
	case observable.Domain:
		return "domain"
	case observable.Email:
		switch path {
		case "email-addr:value":
			return "email"
		case "email-message:from_ref.value", "email-message:sender_ref.value":
			return "email-src"
		}
		return "email-dst"
	case observable.URL:
		return "url"
	case observable.CVE:
		return "vulnerability"
	}
	best := ""
	for name, t := range attributeTypes {
		if len(t.parts) == 1 && t.parts[0].path == path && (best == "" || name < best) {
			best = name
		}
	}
	return best
}

func categoryOf(kind string) string {
	switch {
	case strings.Contains(kind, "filename") || strings.HasPrefix(kind, "md5") || strings.HasPrefix(kind, "sha") || strings.HasPrefix(kind, "email") || ruleTypes[kind] != "":
		return "Payload delivery"
	case kind == "comment" || kind == "text" || kind == "other" || kind == "size-in-bytes":
		return "Other"
	case kind == "vulnerability" || kind == "link":
		return "External analysis"
	case strings.HasPrefix(kind, "regkey") || kind == "mutex":
		return "Artifacts dropped"
	}
	return "Network activity"
}

// graph writes an object of MISP from the equalities of a pattern.
func (g *gathering) graph(o *stix.Object, name string, p *pattern.Pattern) {
	out := &objectOut{uuid: uuidOf(o.ID), name: name, comment: o.Text("description"), at: o.Instant("modified")}
	for _, t := range p.Tests() {
		path := t.Path.String()
		if t.By != "=" || t.Not || strings.HasSuffix(path, ".type") {
			continue
		}
		kind, relation := relationOf(name, path)
		if kind == "" {
			continue
		}
		out.attributes = append(out.attributes, &attributeOut{uuid: uuidOf(stix.DerivedID("attribute", out.uuid+" "+path+" "+t.Values[0].Text)), kind: kind,
			category: categoryOf(kind), value: t.Values[0].Text, toIDS: true, at: out.at, relation: relation, deleted: o.Revoked})
	}
	if len(out.attributes) == 0 {
		g.skip(o)
		return
	}
	g.attributes[o.ID] = out.attributes[0]
	g.objects = append(g.objects, out)
	g.objectOf[out.uuid] = out
}

// relationOf is the type and the relation of an attribute of an object that has a path.
func relationOf(object, path string) (kind, relation string) {
	switch path {
	case "domain-name:resolves_to_refs[*].value":
		return "ip-dst", "ip"
	case "network-traffic:src_port":
		return "port", "src-port"
	case "network-traffic:dst_port":
		return "port", "dst-port"
	case src:
		return "ip-src", "ip-src"
	case dst:
		return "ip-dst", "ip-dst"
	case "email-message:from_ref.value":
		return "email-src", "from"
	case "email-message:to_refs[*].value":
		return "email-dst", "to"
	case "email-message:subject":
		return "email-subject", "subject"
	}
	kind = typeOf(path, "")
	if kind == "hostname" {
		kind = "domain"
	}
	if object == "x509" {
		return kind, kind
	}
	return kind, kind
}

func (g *gathering) observed(o *stix.Object) {
	var seen []*stix.Object
	for _, item := range o.Get("object_refs").Items() {
		if one := g.byID[item.Value.Text()]; one != nil {
			seen = append(seen, one)
		}
	}
	if len(seen) == 0 {
		g.skip(o)
		return
	}
	g.observables(o, seen, true)
}

// observables writes the values of observables: as one attribute where they came from one, else each by itself.
func (g *gathering) observables(holder *stix.Object, seen []*stix.Object, observed bool) {
	kind, _, _, _ := origin(holder)
	f := facts{}
	for _, o := range seen {
		g.facts(f, o)
	}
	if t, ok := attributeTypes[kind]; ok {
		var parts []string
		for _, p := range t.parts {
			text := f.one(p.path)
			if text == "" && p.path == dst {
				text = f.one("ipv4-addr:value") + f.one("ipv6-addr:value")
			}
			if text == "" && p.path == src {
				text = f.one("ipv4-addr:value") + f.one("ipv6-addr:value")
			}
			if text == "" && p.path == "domain-name:resolves_to_refs[*].value" {
				text = f.one("ipv4-addr:value") + f.one("ipv6-addr:value")
			}
			if p.kind == observable.ASN && text != "" {
				text = "AS" + text
			}
			parts = append(parts, text)
		}
		if !slices.Contains(parts, "") {
			a := &attributeOut{kind: kind, value: strings.Join(parts, "|")}
			if observed {
				a.first, a.last = holder.Instant("first_observed"), holder.Instant("last_observed")
			}
			g.add(holder, a)
			return
		}
	}
	some := false
	for _, o := range seen {
		for _, value := range o.Observations() {
			kind := typeOf(value.Path, value.Kind)
			if kind == "" {
				continue
			}
			text := value.Value
			if value.Kind == observable.ASN {
				text = value.Key
			}
			a := &attributeOut{kind: kind, value: text}
			g.add(holder, a)
			if some || o != holder {
				a.uuid = uuidOf(stix.DerivedID("attribute", holder.ID+" "+value.Path+" "+value.Value))
			}
			some = true
		}
	}
	if !some {
		g.skip(holder)
	}
}

// facts are the values of an observable at the paths that attributes know.
func (g *gathering) facts(f facts, o *stix.Object) {
	for _, v := range o.Observations() {
		f[v.Path] = append(f[v.Path], v.Value)
	}
	deref := func(name, path string) {
		if end := g.byID[o.Text(name)]; end != nil {
			f[path] = append(f[path], end.Text("value"))
		}
	}
	switch o.Type {
	case "network-traffic":
		deref("src_ref", src)
		deref("dst_ref", dst)
		for _, port := range []string{"src_port", "dst_port"} {
			if n, ok := o.Get(port).Integer(); ok {
				f["network-traffic:"+port] = append(f["network-traffic:"+port], strconv.FormatInt(n, 10))
			}
		}
	case "email-message":
		deref("from_ref", "email-message:from_ref.value")
		if s := o.Text("subject"); s != "" {
			f["email-message:subject"] = append(f["email-message:subject"], s)
		}
		for _, to := range o.Get("to_refs").Items() {
			if end := g.byID[to.Value.Text()]; end != nil {
				f["email-message:to_refs[*].value"] = append(f["email-message:to_refs[*].value"], end.Text("value"))
			}
		}
	case "windows-registry-key":
		for _, v := range o.Get("values").Items() {
			f["windows-registry-key:values[*].data"] = append(f["windows-registry-key:values[*].data"], v.Value.Get("data").Text())
		}
	case "file":
		if s := o.Text("mime_type"); s != "" {
			f["file:mime_type"] = append(f["file:mime_type"], s)
		}
		if n, ok := o.Get("size").Integer(); ok {
			f["file:size"] = append(f["file:size"], strconv.FormatInt(n, 10))
		}
	}
}

// attach adds what is said of attributes: sightings and opinions, and relationships as references of objects.
func (g *gathering) attach(o *stix.Object) {
	switch o.Type {
	case "sighting":
		v, _ := o.Sighting()
		if a := g.attributes[v.Of]; a != nil {
			at := v.LastSeen
			if at.IsZero() {
				at = o.Instant("modified")
			}
			a.sightings = append(a.sightings, record("type", "0", "uuid", uuidOf(o.ID), "date_sighting", seconds(at), "source", v.Description))
			return
		}
		g.skip(o)
	case "opinion":
		kind := map[string]string{"strongly-disagree": "1", "strongly-agree": "3"}[o.Text("opinion")]
		some := false
		for _, ref := range o.Get("object_refs").Items() {
			if a := g.attributes[ref.Value.Text()]; a != nil && kind != "" {
				a.sightings = append(a.sightings, record("type", kind, "uuid", uuidOf(o.ID), "date_sighting", seconds(o.Instant("modified")), "source", o.Text("explanation")))
				some = true
			}
		}
		if !some {
			g.skip(o)
		}
	case "relationship":
		v, _ := o.Relationship()
		if holder := g.objectOf[uuidOf(v.Source)]; holder != nil {
			if v.Type != "based-on" {
				holder.references = append(holder.references, record("uuid", uuidOf(o.ID), "object_uuid", holder.uuid, "referenced_uuid", uuidOf(v.Target), "relationship_type", v.Type, "comment", v.Description))
			}
		}
	}
}

func uuidOf(id string) string {
	_, uuid, _ := strings.Cut(id, "--")
	return strings.ToLower(uuid)
}

func seconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Unix(), 10)
}

// record writes an object of texts, empty ones left out.
func record(pairs ...string) []byte { return object(pairs...) }

func (g *gathering) write() []byte {
	o := g.options
	uuid, info, at := o.UUID, o.Info, o.At
	published, publishedAt := false, ""
	threat, analysis := "4", "0"
	org := o.Org
	if h := g.holder; h != nil {
		uuid, info, at = uuidOf(h.ID), h.Text("name"), h.Instant("modified")
		if published = h.Type == "report"; published {
			publishedAt = seconds(h.Instant("published"))
		}
		for _, l := range labels(h) {
			if word, ok := strings.CutPrefix(l, "threat-level:"); ok {
				threat = strconv.Itoa(max(1, slices.Index(threatLevels[:], word)))
			}
			if word, ok := strings.CutPrefix(l, "analysis:"); ok {
				analysis = strconv.Itoa(max(0, slices.Index(analyses[:], word)))
			}
		}
		if maker := g.byID[h.CreatedByRef]; maker != nil {
			org = Organisation{UUID: uuidOf(maker.ID), Name: maker.Text("name")}
		}
		for i, r := range h.References() {
			if r.URL != "" {
				g.list = append(g.list, &attributeOut{uuid: uuidOf(stix.DerivedID("attribute", uuid+" link "+strconv.Itoa(i))), kind: "link", category: "External analysis", value: r.URL, comment: r.Description, at: at})
			}
		}
	}
	if info == "" {
		info = "Shared indicators"
	}
	if publishedAt == "" {
		publishedAt = "0"
	}
	b := append([]byte(`{"Event":{"uuid":`), quoted(uuid)...)
	field := func(name, value string) { b = append(append(b, `,"`+name+`":`...), quoted(value)...) }
	field("info", info)
	field("date", at.UTC().Format(time.DateOnly))
	field("threat_level_id", threat)
	field("analysis", analysis)
	b = strconv.AppendBool(append(b, `,"published":`...), published)
	field("timestamp", seconds(at))
	field("publish_timestamp", publishedAt)
	field("distribution", strconv.Itoa(int(o.Distribution)))
	field("sharing_group_id", "0")
	field("attribute_count", strconv.Itoa(len(g.list)))
	b = append(append(b, `,"Orgc":`...), record("uuid", org.UUID, "name", org.Name)...)
	b = append(append(b, `,"Org":`...), record("uuid", o.Org.UUID, "name", o.Org.Name)...)
	b = appendTags(append(b, `,"Tag":`...), g.tags)
	b = append(b, `,"Attribute":[`...)
	for i, a := range g.list {
		b = a.append(comma(b, i))
	}
	b = append(b, `],"Object":[`...)
	for i, object := range g.objects {
		b = object.append(comma(b, i))
	}
	b = append(b, `],"EventReport":[`...)
	for i, r := range g.reports {
		b = append(comma(b, i), r...)
	}
	return append(b, `]}}`...)
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

func quoted(s string) string { return string(appendQuoted(nil, s)) }

func appendTags(b []byte, tags []string) []byte {
	b = append(b, '[')
	seen := map[string]bool{}
	for _, t := range tags {
		if !seen[t] {
			b = append(comma(b, len(seen)), record("name", t)...)
			seen[t] = true
		}
	}
	return append(b, ']')
}

func (a *attributeOut) append(b []byte) []byte {
	text := record("uuid", a.uuid, "type", a.kind, "category", a.category, "distribution", "5", "timestamp", seconds(a.at), "object_relation", a.relation,
		"first_seen", mispInstant(a.first), "last_seen", mispInstant(a.last), "value", a.value, "comment", a.comment)
	b = append(b, text[:len(text)-1]...)
	b = strconv.AppendBool(append(b, `,"to_ids":`...), a.toIDS)
	b = strconv.AppendBool(append(b, `,"deleted":`...), a.deleted)
	if len(a.tags) > 0 {
		b = appendTags(append(b, `,"Tag":`...), a.tags)
	}
	if len(a.sightings) > 0 {
		b = append(b, `,"Sighting":[`...)
		for i, s := range a.sightings {
			b = append(comma(b, i), s...)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func mispInstant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000-07:00")
}

// templates are those of the objects that are written.
var templates = map[string]string{"file": "688c46fb-5edb-40a3-8273-1af7923e2215", "domain-ip": "43b3b146-77eb-4931-b4cc-b66c60f28734"}

func (o *objectOut) append(b []byte) []byte {
	text := record("uuid", o.uuid, "name", o.name, "meta-category", map[bool]string{true: "file", false: "network"}[o.name == "file" || o.name == "x509"], "description", o.comment,
		"template_uuid", templates[o.name], "template_version", "1", "timestamp", seconds(o.at), "distribution", "5")
	b = append(append(b, text[:len(text)-1]...), `,"deleted":false,"Attribute":[`...)
	for i, a := range o.attributes {
		b = a.append(comma(b, i))
	}
	b = append(b, `],"ObjectReference":[`...)
	for i, r := range o.references {
		b = append(comma(b, i), r...)
	}
	return append(b, `]}`...)
}
