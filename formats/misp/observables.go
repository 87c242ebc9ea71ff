package misp

import (
	"strings"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// observables writes the observables that a value is, and answers their identifiers; none where STIX would need more
// than the value says.
func (w *writer) observables(t attributeType, value string) []string {
	parts := t.split(value)
	if len(parts) != len(t.parts) {
		return nil
	}
	f := facts{}
	for i, p := range t.parts {
		f.take(p, parts[i])
	}
	return w.seen(f)
}

// facts are what is known of the observables of an attribute or an object, by path.
type facts map[string][]string

func (f facts) take(p part, text string) {
	kind := p.kind
	if kind != "" {
		got, plain, refused := observable.Parse(kind, text)
		if refused != nil {
			return
		}
		kind, text = got, plain
	}
	if kind == observable.ASN {
		text = strings.TrimPrefix(text, "AS")
	}
	f[p.path] = append(f[p.path], text)
}

func (f facts) one(path string) string {
	if len(f[path]) == 0 {
		return ""
	}
	return f[path][0]
}

// seen writes the observables that facts describe.
func (w *writer) seen(f facts) []string {
	var out []string
	keep := func(id string) string {
		if id != "" {
			out = append(out, id)
		}
		return id
	}
	single := func(typ string, values []string) (ids []string) {
		for _, v := range values {
			ids = append(ids, keep(w.observable(stix.Begin(typ, "").Text("value", v))))
		}
		return ids
	}
	host := func(text string) string {
		kind := observable.IPv4
		if _, _, refused := observable.Parse(observable.IPv4, text); refused != nil {
			kind = observable.Domain
		}
		return keep(w.observable(stix.Begin(addressType(kind, text), "").Text("value", text)))
	}
	var resolved []string
	for _, ip := range f["domain-name:resolves_to_refs[*].value"] {
		resolved = append(resolved, host(ip))
	}
	for _, id := range single("domain-name", f["domain-name:value"]) {
		for _, ip := range resolved {
			w.relate("resolves-to", id, ip, w.at, w.current)
		}
	}
	single("url", f["url:value"])
	single("mac-addr", f["mac-addr:value"])
	single("email-addr", f["email-addr:value"])
	for _, n := range f["autonomous-system:number"] {
		keep(w.observable(stix.Begin("autonomous-system", "").JSON("number", []byte(n))))
	}
	for _, n := range f["mutex:name"] {
		keep(w.observable(stix.Begin("mutex", "").Text("name", n)))
	}
	if from, to, subject := single("email-addr", f["email-message:from_ref.value"]), single("email-addr", f["email-message:to_refs[*].value"]), f.one("email-message:subject"); len(from)+len(to) > 0 || subject != "" {
		d := stix.Begin("email-message", "").Bool("is_multipart", false)
		if len(from) > 0 {
			d.Text("from_ref", from[0])
		}
		d.List("to_refs", to...).Text("subject", subject)
		if len(from) == 0 && subject == "" { // nothing that an identifier is derived from
			d = stix.Begin("email-message", stix.DerivedID("email-message", strings.Join(to, " "))).Bool("is_multipart", false).List("to_refs", to...)
		}
		keep(w.observable(d))
	}
	w.file(f, keep)
	w.traffic(f, host, keep)
	if key := f.one("windows-registry-key:key"); key != "" {
		d := stix.Begin("windows-registry-key", "").Text("key", key)
		if data := f.one("windows-registry-key:values[*].data"); data != "" {
			d.JSON("values", append(append([]byte{'['}, object("data", data)...), ']'))
		}
		keep(w.observable(d))
	}
	if h := hashesIn(f, "x509-certificate:hashes."); len(h) > 2 {
		keep(w.observable(stix.Begin("x509-certificate", "").JSON("hashes", h)))
	}
	return out
}

func (w *writer) file(f facts, keep func(string) string) {
	name, hashes := f.one("file:name"), hashesIn(f, "file:hashes.")
	if name == "" && len(hashes) == 2 {
		return
	}
	d := stix.Begin("file", "")
	if len(hashes) > 2 {
		d.JSON("hashes", hashes)
	}
	if size := f.one("file:size"); size != "" {
		d.JSON("size", []byte(size))
	}
	keep(w.observable(d.Text("name", name).Text("mime_type", f.one("file:mime_type"))))
}

func (w *writer) traffic(f facts, host, keep func(string) string) {
	from, to := f.one(src), f.one(dst)
	if from == "" && to == "" {
		return
	}
	var source, target string
	protocol := "ipv4"
	if strings.Contains(from+to, ":") {
		protocol = "ipv6"
	}
	if from != "" {
		source = host(from)
	}
	if to != "" {
		target = host(to)
	}
	if f.one("network-traffic:src_port") == "" && f.one("network-traffic:dst_port") == "" && (from == "" || to == "") {
		return // an address by itself is no traffic
	}
	d := stix.Begin("network-traffic", "").Text("src_ref", source).Text("dst_ref", target)
	for _, port := range []string{"src_port", "dst_port"} {
		if n := f.one("network-traffic:" + port); n != "" {
			d.JSON(port, []byte(n))
		}
	}
	keep(w.observable(d.List("protocols", protocol)))
}

// hashesIn are the hashes among facts, as a dictionary.
func hashesIn(f facts, prefix string) []byte {
	var pairs []string
	for _, name := range []string{"MD5", "SHA-1", "SHA-256", "SHA-512", "SHA3-256", "SHA3-512", "SSDEEP", "TLSH"} {
		path := prefix + name
		if strings.Contains(name, "-") {
			path = prefix + "'" + name + "'"
		}
		pairs = append(pairs, name, f.one(path))
	}
	return object(pairs...)
}

// relations of attributes in objects that make a type of their own of it.
var relationTypes = map[string]string{
	"domain-ip ip": "domain|ip", "network-connection ip-src": "ip-src", "network-connection ip-dst": "ip-dst", "network-connection src-port": "src-port",
	"network-connection dst-port": "port", "email from": "email-src", "email to": "email-dst", "email subject": "email-subject",
}

// placed is where an attribute of an object has its path.
func placed(o *Object, a *Attribute) ([]part, bool) {
	switch relationTypes[o.Name+" "+a.Relation] {
	case "domain|ip":
		return []part{{observable.IPv4, "domain-name:resolves_to_refs[*].value"}}, true
	case "src-port":
		return []part{{"", "network-traffic:src_port"}}, true
	case "":
		t, ok := attributeTypes[a.Type]
		return t.parts, ok
	default:
		t := attributeTypes[relationTypes[o.Name+" "+a.Relation]]
		return t.parts, true
	}
}

// graphs are the objects that are one thing in STIX too.
var graphs = map[string]bool{"file": true, "domain-ip": true, "email": true, "network-connection": true, "url": true, "x509": true}

// object writes an object: as one graph of observables with one indicator where it is one thing, else its attributes one
// by one.
func (w *writer) object(o *Object, marks []string) {
	if !graphs[o.Name] || o.Deleted {
		for i := range o.Attributes {
			a := &o.Attributes[i]
			a.Deleted = a.Deleted || o.Deleted
			w.attribute(a, marks)
			if w.ids[o.UUID] == "" {
				w.ids[o.UUID] = w.ids[a.UUID]
			}
		}
		return
	}
	f := facts{}
	var conditions []string
	whole := Attribute{UUID: o.UUID, Type: o.Name, Comment: o.Description, Timestamp: o.Timestamp, Value: o.Name}
	for i := range o.Attributes {
		a := &o.Attributes[i]
		parts, ok := placed(o, a)
		if !ok || a.Deleted {
			w.attribute(a, marks)
			continue
		}
		t := attributeType{parts}
		if a.ToIDS {
			conditions = append(conditions, condition(t, a.Value))
			if whole.Value == o.Name {
				whole.Value = a.Value
			}
		}
		for j, text := range t.split(a.Value) {
			if j < len(parts) {
				f.take(parts[j], text)
			}
		}
		whole.Tags = append(whole.Tags, a.Tags...)
		whole.Sightings = append(whole.Sightings, a.Sightings...)
		if !a.FirstSeen.IsZero() && (whole.FirstSeen.IsZero() || a.FirstSeen.Before(whole.FirstSeen)) {
			whole.FirstSeen = a.FirstSeen
		}
		if a.LastSeen.After(whole.LastSeen) {
			whole.LastSeen = a.LastSeen
		}
	}
	marks = w.over(marks, whole.Tags, o.Distribution)
	var observed, primary string
	if seen := w.seen(f); len(seen) > 0 {
		observed = idFor("observed-data", o.UUID)
		primary = w.put(observed, w.observed(observed, &whole, marks, seen), true)
	}
	if len(conditions) > 0 {
		whole.ToIDS = true
		indicator := idFor("indicator", o.UUID)
		primary = w.put(indicator, w.indicator(indicator, &whole, marks, "["+strings.Join(conditions, " AND ")+"]", "stix"), true)
		if observed != "" {
			w.relate("based-on", indicator, observed, o.Timestamp, marks)
		}
	}
	w.ids[o.UUID] = primary
	for i := range o.Attributes {
		if a := &o.Attributes[i]; w.ids[a.UUID] == "" {
			w.ids[a.UUID] = primary
		}
	}
	if primary != "" {
		w.sightings(&whole, primary, marks)
	}
}
