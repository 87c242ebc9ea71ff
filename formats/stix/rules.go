package stix

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix/instant"
	"github.com/rihla/rihla/formats/stix/pattern"
)

// common are the rules that hold for every object.
func (c *checker) common() {
	o := c.o
	created, modified := o.Get("created"), o.Get("modified")
	if created != nil && modified != nil && instant.Valid(o.Created) && instant.Valid(o.Modified) && instant.Compare(o.Modified, o.Created) < 0 {
		c.fault(modified.Offset, c.here("modified"), "order", "mend one of the two", "modified (%s) should not be earlier than created (%s)", o.Modified, o.Created)
	}
	if v := o.Get("spec_version"); v.Text() != "" && v.Text() != Version && v.Text() != "2.0" {
		c.fault(v.Offset, c.here("spec_version"), "enum", "write 2.1", "spec_version is %.20q: 2.1 is what is read here", v.Text())
	}
	if s := schemas[o.Type]; s != nil && s.class == Observable && derives(o.Type) {
		if uuid := o.ID[min(len(o.ID), len(o.Type)+2):]; validUUID(uuid) && uuid[versionDigit] != '5' {
			v := o.Get("id")
			c.warn(v.Offset, c.here("id"), false, "observable-id", "derive it from the contributing properties, version 5", "the id of an observable should be the same wherever it is seen, and this one is not derived")
		}
	}
	if o.Granular {
		c.granular(o.Get("granular_markings"))
	}
}

// maxSelectors is how many selectors the granular markings of an object may have.
const maxSelectors = 1000

// granular checks that selectors lead somewhere and that each entry marks with something.
func (c *checker) granular(list *jsondoc.Value) {
	c.in("granular_markings")
	defer c.out()
	selectors := 0
	for i, entries := 0, list.Items(); i < len(entries); i++ {
		selectors += 1 + len(entries[i].Value.Get("selectors").Items())
	}
	if selectors > maxSelectors {
		c.wrong(list, "length", "mark the whole object", "more than %d selectors stand here", maxSelectors)
		return
	}
	for i, entries := 0, list.Items(); i < len(entries); i++ {
		e := &entries[i].Value
		if e.Kind != jsondoc.Object {
			continue
		}
		c.item(i)
		if e.Get("marking_ref") == nil && e.Get("lang") == nil {
			c.wrong(e, "at-least-one", "add marking_ref, or lang", "a granular marking has a marking_ref or a lang")
		}
		c.in("selectors")
		for j, selectors := 0, e.Get("selectors").Items(); j < len(selectors); j++ {
			s := &selectors[j].Value
			if s.Kind == jsondoc.String && !resolves(&c.o.Value, selectorPath(s.Text())) {
				c.item(j)
				c.wrong(s, "selector", "name a property that the object has", "%.80q leads to nothing in this object", s.Text())
				c.out()
			}
		}
		c.out()
		c.out()
	}
}

// unknown speaks of a property that the tables do not have.
func (c *checker) unknown(m *jsondoc.Member, s *schema) {
	if c.mute() || len(c.steps) == 0 && c.open {
		return
	}
	c.in(m.Name)
	defer c.out()
	const near = 2
	mend := "put it into an extension"
	if best := fault.Nearest(m.Name, s.names, near); best != "" {
		mend = "did you mean " + best + "?"
	}
	if !propertyName(m.Name) {
		c.advise(&m.Value, true, "name", "write lower-case letters, digits and underscores, three at least", "%.60q is no name that a property may have", m.Name)
		return
	}
	c.advise(&m.Value, true, "custom-property", mend, "the standard has no property %s here: it is kept", m.Name)
}

// extended tells an object that an extension gives properties of its own on its top level.
func (o *Object) extended() bool {
	for _, e := range o.Get("extensions").Members() {
		switch e.Value.Get("extension_type").Text() {
		case "toplevel-property-extension", "new-sdo", "new-sco", "new-sro":
			return true
		}
	}
	return false
}

// undefined speaks of a type that neither the standard nor an extension of the object defines.
func (c *checker) undefined() {
	if !c.open {
		c.warn(c.o.Get("type").Offset, c.here("type"), true, "custom-type", "define it by an extension", "the standard has no type %s: the object is kept as it is", c.o.Type)
	}
}

// hashForms are the hashes that the standard names: how many hexadecimal digits each has.
var hashForms = map[string]int{"MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128, "SHA3-256": 64, "SHA3-512": 128}

var hashSpellings = map[string]string{"md5": "MD5", "sha1": "SHA-1", "sha-1": "SHA-1", "sha256": "SHA-256", "sha-256": "SHA-256", "sha512": "SHA-512", "sha-512": "SHA-512",
	"sha3-256": "SHA3-256", "sha3-512": "SHA3-512", "ssdeep": "SSDEEP", "tlsh": "TLSH"}

func (c *checker) hashes(v *jsondoc.Value) {
	members := v.Members()
	if len(members) == 0 {
		c.wrong(v, "at-least-one", "leave hashes out, or give one", "no hash stands here")
	}
	for i := range members {
		name, h := members[i].Name, &members[i].Value
		c.in(name)
		if spelt := hashSpellings[strings.ToLower(name)]; spelt != "" && spelt != name {
			c.advise(h, true, "hash-name", "write "+spelt, "the key of this hash is %s, not %.40q", spelt, name)
			name = spelt
		}
		const shortest, longest, ssdeep, tlsh = 3, 250, 128, 70
		s, digits := h.Text(), hashForms[name]
		switch {
		case h.Kind == jsondoc.Null:
		case h.Kind != jsondoc.String:
			c.wrong(h, "type", "write it in quotes", "a hash is a string, not %s", h.Kind)
		case digits > 0 && (len(s) != digits || !hexDigits(s)):
			c.wrong(h, "hash", "copy the hash again", "%s is %d hexadecimal digits, not %.40q", name, digits, s)
		case name == "SSDEEP" && (s == "" || len(s) > ssdeep || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+:.") != ""):
			c.wrong(h, "hash", "copy the hash again", "SSDEEP is at most %d letters, digits and / + : . and this is %.40q", ssdeep, s)
		case name == "TLSH" && len(s) != tlsh && len(s) != tlsh+2: // a later release writes T1 before it
			c.wrong(h, "hash", "copy the hash again", "TLSH is %d characters, not %.40q", tlsh, s)
		case len(name) < shortest || len(name) > longest:
			c.wrong(h, "name", "name the algorithm", "the name of a hash has 3 to 250 characters, not %.40q", name)
		}
		c.out()
	}
}

// extensions checks the extensions that are known and lets the others pass.
func (c *checker) extensions(v *jsondoc.Value) {
	for i, members := 0, v.Members(); i < len(members); i++ {
		name, e := members[i].Name, &members[i].Value
		c.in(name)
		switch inner := structures[name]; {
		case e.Kind == jsondoc.Null:
		case e.Kind != jsondoc.Object:
			c.wrong(e, "type", "give the extension as an object", "an extension is an object, not %s", e.Kind)
		case name == IncidentExtension && c.o.Type == "incident":
			c.structure(e, structures["incident-core"])
		case predefinedExtensions[name] == c.o.Type && inner != nil:
			if len(e.Members()) == 0 {
				c.wrong(e, "at-least-one", "leave the extension out", "%s is empty", name)
			}
			c.structure(e, inner)
		case strings.HasPrefix(name, "extension-definition--"):
			if _, uuid, _ := strings.Cut(name, "--"); !validUUID(uuid) {
				c.wrong(e, "id", "write the extension definition's id", "%.100q is no identifier", name)
			}
			if kind := e.Get("extension_type"); kind != nil && !strings.Contains(" "+vocabularies["extension-type"]+" ", " "+kind.Text()+" ") {
				c.fault(kind.Offset, c.here("extension_type"), "enum", "use one of "+vocabularies["extension-type"], "%.60q is no type of extension", kind.Text())
			}
		}
		c.out()
	}
}

// typeRules are what a table cannot say of a type.
var typeRules = map[string]func(*checker, *jsondoc.Value){
	"indicator": (*checker).indicator, "location": (*checker).location, "malware": (*checker).malware, "malware-analysis": (*checker).malwareAnalysis,
	"observed-data": (*checker).observedData, "course-of-action": (*checker).courseOfAction, "relationship": (*checker).relationship,
	"artifact": (*checker).artifact, "email-message": (*checker).emailMessage, "file": (*checker).file, "network-traffic": (*checker).networkTraffic,
	"process": (*checker).something, "user-account": (*checker).something, "windows-registry-key": (*checker).something, "x509-certificate": (*checker).something,
	"marking-definition": (*checker).markingDefinition, "language-content": (*checker).languageContent, "impact": (*checker).impact,
}

// structureRules are what a table cannot say of a structure.
var structureRules = map[string]func(*checker, *jsondoc.Value){
	"external-reference": (*checker).externalReference, "kill-chain-phase": (*checker).killChainPhase,
}

// oneOf says that none of some properties is there.
func (c *checker) oneOf(v *jsondoc.Value, names ...string) {
	for _, n := range names {
		if v.Get(n) != nil {
			return
		}
	}
	list := strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
	c.wrong(v, "at-least-one", "add one of them", "a %s has at least one of %s", c.o.Type, list)
}

// forbids says that a property stands where another excludes it.
func (c *checker) forbids(v *jsondoc.Value, name, because string) {
	if bad := v.Get(name); bad != nil {
		c.fault(bad.Offset, c.here(name), "forbidden", "leave it out", "%s cannot stand here: %s", name, because)
	}
}

// needs says that a property is missing that another asks for.
func (c *checker) needs(v *jsondoc.Value, name, rule, because string) {
	if v.Get(name) == nil {
		c.fault(v.Offset, c.here(name), rule, "add "+name, "%s is missing: %s", name, because)
	}
}

func (c *checker) indicator(v *jsondoc.Value) {
	if v.Get("indicator_types") == nil {
		c.warn(v.Offset, c.here("indicator_types"), false, "recommended", "say what it indicates", "indicator_types is missing")
	}
	p := v.Get("pattern")
	if p == nil || p.Kind != jsondoc.String {
		return
	}
	if strings.TrimSpace(p.Text()) == "" {
		c.fault(p.Offset, c.here("pattern"), "pattern", "write the pattern", "column 1: the pattern is empty")
		return
	}
	if v.Get("pattern_type").Text() == "stix" {
		c.pattern(p)
	}
}

// pattern parses an indicator's pattern and says what is wrong or doubtful about it. Of STIX 2.0 all patterns are.
func (c *checker) pattern(p *jsondoc.Value) {
	if p == nil || p.Kind != jsondoc.String {
		return
	}
	c.in("pattern")
	defer c.out()
	parsed, err := pattern.Parse(p.Text())
	if err != nil {
		var place *pattern.Error
		errors.As(err, &place)
		c.fault(p.Offset, c.here(), "pattern", "mend the pattern at that column", "%s", err)
		if n := len(c.o.Faults); n > 0 && place != nil {
			c.o.Faults[n-1].Column = place.Column
		}
		return
	}
	c.o.pattern = parsed
	for _, why := range parsed.Unsupported {
		c.advise(p, false, "pattern-unsupported", "match it where it can be evaluated", "%s", why)
	}
	for _, why := range parsed.Never {
		c.advise(p, false, "pattern-never", "join different types by AND between two [ ]", "this never matches: %s", why)
	}
	for _, d := range c.o.Doubts() {
		c.advise(p, false, d.Rule, d.Mend, "%s", d.Message)
	}
}

func (c *checker) location(v *jsondoc.Value) {
	latitude, longitude := v.Get("latitude"), v.Get("longitude")
	if latitude == nil && longitude == nil {
		c.oneOf(v, "region", "country", "latitude")
	}
	if latitude != nil || v.Get("precision") != nil {
		c.needs(v, "longitude", "depends", "latitude, longitude and precision go together")
	}
	if longitude != nil || v.Get("precision") != nil {
		c.needs(v, "latitude", "depends", "latitude, longitude and precision go together")
	}
}

func (c *checker) malware(v *jsondoc.Value) {
	if family, _ := v.Get("is_family").Bool(); family {
		c.needs(v, "name", "required", "a family has a name")
	}
}

func (c *checker) malwareAnalysis(v *jsondoc.Value) { c.oneOf(v, "result", "analysis_sco_refs") }

func (c *checker) observedData(v *jsondoc.Value) {
	c.oneOf(v, "object_refs", "objects")
	if v.Get("object_refs") != nil {
		c.forbids(v, "objects", "object_refs names what was observed already")
	} else if old := v.Get("objects"); old != nil {
		c.warn(old.Offset, c.here("objects"), true, "deprecated", "send the observables as objects and name them in object_refs", "objects is of STIX 2.0")
	}
}

func (c *checker) courseOfAction(v *jsondoc.Value) {
	c.forbids(v, "action", "the standard keeps the name for later")
}

func (c *checker) relationship(v *jsondoc.Value) {
	source, target := v.Get("source_ref"), v.Get("target_ref")
	if target.Text() != "" && source.Text() == target.Text() {
		c.fault(target.Offset, c.here("target_ref"), "self-relationship", "name another object", "an object has no relationship to itself")
	}
}

func (c *checker) artifact(v *jsondoc.Value) {
	c.oneOf(v, "payload_bin", "url")
	if v.Get("payload_bin") != nil {
		c.forbids(v, "url", "the bytes are in payload_bin")
	}
	if v.Get("url") != nil {
		c.needs(v, "hashes", "depends", "a url needs the hash of what is there")
	}
	if v.Get("decryption_key") != nil {
		c.needs(v, "encryption_algorithm", "depends", "a key is of an algorithm")
	}
}

func (c *checker) emailMessage(v *jsondoc.Value) {
	multipart, ok := v.Get("is_multipart").Bool()
	switch {
	case ok && multipart:
		c.forbids(v, "body", "is_multipart is true, and body_multipart holds the parts")
	case ok:
		c.forbids(v, "body_multipart", "is_multipart is false, and body holds the text")
	}
}

func (c *checker) file(v *jsondoc.Value) { c.oneOf(v, "hashes", "name") }

func (c *checker) networkTraffic(v *jsondoc.Value) {
	c.oneOf(v, "src_ref", "dst_ref")
	if active, _ := v.Get("is_active").Bool(); active {
		c.forbids(v, "end", "is_active is true")
	}
}

// something asks for one property at least beyond those that every observable has.
func (c *checker) something(v *jsondoc.Value) {
	for _, m := range v.Members() {
		switch m.Name {
		case "type", "id", "spec_version", "defanged", "object_marking_refs", "granular_markings":
		default:
			return
		}
	}
	c.wrong(v, "at-least-one", "add what is known of it", "a %s has at least one property of its own", c.o.Type)
}

func (c *checker) markingDefinition(v *jsondoc.Value) {
	kind, definition := v.Get("definition_type"), v.Get("definition")
	switch {
	case kind == nil && definition == nil && v.Get("extensions") == nil:
		c.wrong(v, "at-least-one", "add definition_type and definition, or an extension", "a marking-definition has a definition, or an extension that holds one")
	case kind == nil && definition != nil:
		c.needs(v, "definition_type", "depends", "a definition is of a type")
	case kind != nil && definition == nil && v.Get("extensions") == nil:
		c.needs(v, "definition", "depends", "definition_type says that there is one")
	}
	switch kind.Text() {
	case "statement":
		if definition != nil && definition.Get("statement").Text() == "" {
			c.fault(definition.Offset, c.here("definition", "statement"), "required", "add the statement", "statement is missing")
		}
	case "tlp":
		if level := definition.Get("tlp"); definition != nil && level.Text() == "" {
			c.fault(definition.Offset, c.here("definition", "tlp"), "required", "add the level", "tlp is missing")
		}
	}
	c.tlp(definition.Get("tlp"), "definition", "tlp")
	c.tlp(v.Get("extensions").Get(tlpExtension).Get("tlp_2_0"), "extensions", tlpExtension, "tlp_2_0")
	c.forbids(v, "modified", "a marking-definition has no versions")
}

// tlp checks a level: that it is one, and that it is the one its well-known id says.
func (c *checker) tlp(level *jsondoc.Value, path ...string) {
	if level.Text() == "" {
		return
	}
	said, ok := ParseTLP(level.Text())
	if !ok {
		c.fault(level.Offset, c.here(path...), "enum", "write clear, green, amber, amber+strict or red", "%.40q is no level of the Traffic Light Protocol", level.Text())
		return
	}
	if fixed, known := TLPOf(c.o.ID); known && fixed != said {
		c.fault(level.Offset, c.here(path...), "tlp", "take the definition that the protocol gives", "this id is that of %s, and the definition says %.40q", fixed, level.Text())
	}
}

func (c *checker) languageContent(v *jsondoc.Value) {
	c.in("contents")
	defer c.out()
	for i, langs := 0, v.Get("contents").Members(); i < len(langs); i++ {
		if langs[i].Value.Kind != jsondoc.Object {
			c.fault(langs[i].Value.Offset, c.here(langs[i].Name), "type", "give an object of properties", "what is said in %.20q is an object, not %s", langs[i].Name, langs[i].Value.Kind)
		}
	}
}

func (c *checker) impact(v *jsondoc.Value) {
	if v.Get("superseded_by_ref") != nil {
		c.needs(v, "end_time", "depends", "what is superseded has ended")
	}
}

func (c *checker) externalReference(v *jsondoc.Value) {
	for _, name := range []string{"description", "url", "external_id"} {
		if v.Get(name) != nil {
			if id := v.Get("external_id"); v.Get("source_name").Text() == "cve" && id != nil {
				if _, _, r := observable.Parse(observable.CVE, id.Text()); r != nil {
					c.warn(id.Offset, c.here("external_id"), false, "cve", r.Mend, "%s", r.Message)
				}
			}
			return
		}
	}
	c.wrong(v, "at-least-one", "add one of them", "an external reference has at least one of description, url or external_id")
}

func (c *checker) killChainPhase(v *jsondoc.Value) {
	for _, name := range []string{"kill_chain_name", "phase_name"} {
		if s := v.Get(name); s.Text() != "" && strings.ContainsAny(s.Text(), " _ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			c.warn(s.Offset, c.here(name), false, "name", "write lower-case letters and hyphens", "%s should be in lower case with hyphens, not %.60q", name, s.Text())
		}
	}
}

// textCheck looks at a text that has a form of its own.
type textCheck func(c *checker, holder, v *jsondoc.Value)

var textChecks = map[string]textCheck{
	"name": func(c *checker, _, v *jsondoc.Value) {
		if s := v.Text(); s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			c.wrong(v, "name", "write it in lower case, with hyphens between the words", "a type of relationship is lower-case letters, digits and hyphens, not %.60q", s)
		}
	},
	"country": func(c *checker, _, v *jsondoc.Value) {
		if s := v.Text(); len(s) != 2 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
			c.advise(v, true, "country", "write two letters of ISO 3166-1", "a country is two letters of ISO 3166-1, not %.40q", s)
		}
	},
	"protocol": func(c *checker, _, v *jsondoc.Value) {
		if s := v.Text(); s == "" || s != strings.ToLower(s) || strings.ContainsAny(s, " \t") {
			c.advise(v, true, "name", "write it in lower case", "a protocol is written in lower case, as in tcp: not %.40q", s)
		}
	},
	"mac": func(c *checker, _, v *jsondoc.Value) {
		kind, value, r := observable.Parse(observable.MAC, v.Text())
		switch {
		case r != nil || kind != observable.MAC:
			c.wrong(v, "mac", "copy the address again", "%.60q is no MAC address: six pairs of hexadecimal digits, lower case, with colons", v.Text())
		case value != v.Text():
			c.wrong(v, "mac", "write "+value, "a MAC address is written in lower case with colons, not %.40q", v.Text())
		}
	},
	"ipv4":    func(c *checker, holder, v *jsondoc.Value) { c.address(holder, v, "ipv4", netip.Addr.Is4) },
	"ipv6":    func(c *checker, holder, v *jsondoc.Value) { c.address(holder, v, "ipv6", netip.Addr.Is6) },
	"domain":  func(c *checker, holder, v *jsondoc.Value) { c.worded(holder, v, observable.Domain) },
	"mailbox": func(c *checker, holder, v *jsondoc.Value) { c.worded(holder, v, observable.Email) },
	"url":     func(c *checker, holder, v *jsondoc.Value) { c.worded(holder, v, observable.URL) },
	"registry": func(c *checker, _, v *jsondoc.Value) {
		if key := v.Text(); strings.HasPrefix(key, "HK") && !strings.HasPrefix(key, "HKEY_") {
			c.advise(v, true, "registry-key", "write HKEY_LOCAL_MACHINE and the like in full", "the hive of %.60q is abbreviated", key)
		}
	},
}

// address checks an address, or a network in CIDR notation.
func (c *checker) address(holder, v *jsondoc.Value, rule string, family func(netip.Addr) bool) {
	s := v.Text()
	ip, err := netip.ParseAddr(s)
	if strings.Contains(s, "/") {
		var net netip.Prefix
		net, err = netip.ParsePrefix(s)
		ip = net.Addr()
	}
	if err == nil && family(ip) && ip.Zone() == "" {
		return
	}
	if disarmed(holder) {
		return
	}
	c.wrong(v, rule, "copy the address again, and write it without brackets", "%.60q is no address or network of %s", s, strings.ToUpper(rule[:2])+rule[2:])
}

// worded checks a name, a mailbox or a link. Many that no rule allows are seen every day, so most are only advised of.
func (c *checker) worded(holder, v *jsondoc.Value, kind observable.Kind) {
	s := v.Text()
	if s == "" || strings.ContainsAny(s, " \t\r\n") {
		c.wrong(v, string(kind), "copy the value again", "%.80q is no %s", s, kind)
		return
	}
	_, value, r := observable.Parse(kind, s)
	switch {
	case disarmed(holder):
	case r != nil:
		c.advise(v, false, string(kind), r.Mend, "%s", r.Message)
	case strings.ContainsAny(s, "[](){}") && !strings.ContainsAny(value, "[](){}"):
		c.advise(v, true, "defanged", "write "+value+", or say defanged: true", "the value is disarmed, and defanged does not say so")
	}
}

func disarmed(holder *jsondoc.Value) bool {
	yes, _ := holder.Get("defanged").Bool()
	return yes
}

// Doubts says why an accepted indicator should not be matched or blocked as it is: what it asks for is a network too
// wide, a national domain, a public resolver and the like. The rules are those of formats/observable.
func (o *Object) Doubts() []observable.Doubt {
	if o.pattern == nil {
		return nil
	}
	var out []observable.Doubt
	for _, a := range o.pattern.Atoms() {
		for _, d := range observable.Doubts(a.Kind, a.Key) {
			out = append(out, observable.Doubt{Rule: d.Rule, Message: fmt.Sprintf("%s: %s", a.Path, d.Message), Mend: d.Mend})
		}
	}
	return out
}
