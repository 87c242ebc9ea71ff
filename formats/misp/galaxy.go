package misp

import (
	"strings"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/stix"
)

// galaxyTypes are the galaxies that STIX has a type for.
var galaxyTypes = map[string]string{
	"threat-actor": "threat-actor", "microsoft-activity-group": "threat-actor", "mitre-intrusion-set": "intrusion-set", "mitre-attack-pattern": "attack-pattern",
	"attck4fraud": "attack-pattern", "malware": "malware", "mitre-malware": "malware", "malpedia": "malware", "ransomware": "malware", "rat": "malware", "banker": "malware", "stealer": "malware",
	"backdoor": "malware", "botnet": "malware", "tool": "tool", "mitre-tool": "tool", "sector": "identity", "country": "location", "region": "location",
	"mitre-course-of-action": "course-of-action", "branded-vulnerability": "vulnerability", "mitre-campaign": "campaign",
}

// galaxies writes what galaxies and the tags that name clusters speak of.
func (w *writer) galaxies(list []Galaxy, tags []Tag, marks []string) {
	named := map[string]bool{}
	for _, g := range list {
		for _, c := range g.Clusters {
			named[c.Tag] = true
			w.cluster(g.Type, c, marks)
		}
	}
	for _, t := range tags {
		rest, ok := cutFold(t.Name, "misp-galaxy:")
		if kind, value, found := strings.Cut(rest, "="); ok && found && !named[t.Name] {
			w.cluster(kind, Cluster{Value: strings.Trim(value, `"`)}, marks)
		}
	}
}

func (w *writer) cluster(kind string, c Cluster, marks []string) {
	typ := galaxyTypes[kind]
	if typ == "" || c.Value == "" {
		return
	}
	id := stix.DerivedID(typ, "misp-galaxy:"+kind+"="+c.Value)
	if c.UUID != "" {
		id = idFor(typ, c.UUID)
	}
	name, external := c.Value, ""
	if at := strings.LastIndex(name, " - "); at > 0 && strings.HasPrefix(kind, "mitre-") { // Exploit Public-Facing Application - T1190
		name, external = name[:at], name[at+len(" - "):]
	}
	if len(c.IDs) > 0 {
		external = c.IDs[0]
	}
	d := w.begin(typ, id, w.at, marks).List("labels", `misp-galaxy:`+kind+`="`+c.Value+`"`)
	if external != "" && (strings.HasPrefix(kind, "mitre-")) {
		d.JSON("external_references", append(append([]byte{'['}, object("source_name", "mitre-attack", "external_id", external)...), ']'))
	}
	switch typ {
	case "malware":
		d.Bool("is_family", true)
	case "identity":
		d.Text("identity_class", "class")
	case "location":
		if alpha2 := country.Alpha2(name); alpha2 != "" {
			d.Text("country", alpha2)
		} else {
			d.Text("region", strings.ToLower(strings.ReplaceAll(name, " ", "-")))
		}
	}
	w.put(id, d.Text("name", name).Text("description", c.Description), true)
}
