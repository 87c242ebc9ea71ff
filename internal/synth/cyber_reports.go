package synth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Who files.
const (
	csirt   = "csirt-examplia"
	partner = "csirt-partner"
)

// fields is one JSON object; its names come out in the order of the alphabet.
type fields map[string]any

// text writes JSON as others do, in lines.
func text(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		panic(err) // what is written here is maps of texts and numbers
	}
	return b.Bytes()
}

func stixTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// tlpMarkings are the predefined markings of TLP 2.0.
var tlpMarkings = map[string]string{
	"TLP:GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
	"TLP:RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}

const maker = "identity--406756d8-dd74-452a-9807-4687fd958193"

// bundle is a bundle of STIX: indicators of every fate, the malware they indicate, a second version that revokes one.
func (t *threats) bundle() {
	made := t.at(240)
	sent := t.at(60)
	objects := []any{fields{"type": "identity", "spec_version": "2.1", "id": maker, "created": "2026-01-05T08:00:00.000Z", "modified": "2026-01-05T08:00:00.000Z",
		"name": "National CSIRT of Examplia", "identity_class": "organization", "sectors": []string{"government"}, "contact_information": "soc@csirt.example"}}
	malware := "malware--" + t.uuid()
	objects = append(objects, fields{"type": "malware", "spec_version": "2.1", "id": malware, "created": stixTime(made), "modified": stixTime(made), "created_by_ref": maker,
		"name": proper(t.syllables(2)) + proper(of(t.dice, []string{"lark", "fox", "moth", "crab"})), "is_family": true, "malware_types": []string{"downloader"}, "object_marking_refs": []string{tlpMarkings["TLP:GREEN"]}})
	add := func(kind, value, path, fate, tlp string) {
		id := "indicator--" + t.uuid()
		o := fields{"type": "indicator", "spec_version": "2.1", "id": id, "created": stixTime(made), "modified": stixTime(made), "created_by_ref": maker, "name": "Seen in a campaign",
			"indicator_types": []string{"malicious-activity"}, "pattern": "[" + path + " = '" + value + "']", "pattern_type": "stix", "valid_from": stixTime(made), "confidence": t.between(50, 95),
			"object_marking_refs": []string{tlpMarkings[tlp]}}
		switch fate {
		case cyberExpired:
			o["valid_until"] = stixTime(t.options.Start.Add(-120 * time.Hour))
		case cyberRevoked:
			later := fields{}
			for k, v := range o {
				later[k] = v
			}
			later["modified"], later["revoked"] = stixTime(t.at(200)), true
			objects = append(objects, later)
		}
		objects = append(objects, o, fields{"type": "relationship", "spec_version": "2.1", "id": "relationship--" + t.uuid(), "created": stixTime(made), "modified": stixTime(made), "created_by_ref": maker,
			"relationship_type": "indicates", "source_ref": id, "target_ref": malware, "object_marking_refs": []string{tlpMarkings[tlp]}})
		t.told(CyberCase{Kind: kind, Value: value, From: "stix", Reference: id, TLP: tlp, Expected: fate})
	}
	address := func(fate, tlp string) {
		kind, value := t.newAddress()
		add(kind, value, map[string]string{"ipv4": "ipv4-addr:value", "ipv6": "ipv6-addr:value"}[kind], fate, tlp)
	}
	address(cyberSighted, "TLP:GREEN")
	address(cyberExpired, "TLP:GREEN")
	add("domain", t.newDomain(), "domain-name:value", cyberSighted, "TLP:AMBER")
	add("domain", t.newDomain(), "domain-name:value", cyberSighted, "TLP:RED")
	add("domain", t.newDomain(), "domain-name:value", cyberRevoked, "TLP:AMBER")
	add("domain", t.newDomain(), "domain-name:value", cyberUnseen, "TLP:GREEN")
	add("sha256", t.newHash(), "file:hashes.'SHA-256'", cyberSighted, "TLP:GREEN")
	add("url", t.fresh(func() string { return "http://" + t.newDomain() + "/" + t.syllables(2) + ".php" }), "url:value", cyberSighted, "TLP:AMBER")
	add("email", t.fresh(func() string { return t.syllables(3) + "@" + t.newDomain() }), "email-addr:value", cyberUnseen, "TLP:GREEN")
	t.file(csirt, "bundle.json", sent, text(fields{"type": "bundle", "id": "bundle--" + t.uuid(), "objects": objects}))
}

// event is an event of MISP, of the partner state's team.
func (t *threats) event() {
	made := t.at(200)
	stamp := strconv.FormatInt(made.Unix(), 10)
	var attributes []any
	add := func(typ, category, written, kind, value, fate string, tags ...string) {
		id := t.uuid()
		a := fields{"uuid": id, "type": typ, "category": category, "to_ids": fate != cyberContext, "distribution": "5", "timestamp": stamp, "comment": "", "deleted": false, "value": written}
		tlp := "TLP:AMBER"
		for _, tag := range tags {
			a["Tag"] = []any{fields{"name": tag}}
			tlp = strings.ToUpper(tag)
		}
		attributes = append(attributes, a)
		if kind != "" {
			t.told(CyberCase{Kind: kind, Value: value, From: "misp", Reference: id, TLP: tlp, Expected: fate})
		}
	}
	kind, value := t.newAddress()
	add("ip-dst|port", "Network activity", value+"|443", kind, value, cyberSighted)
	name := t.newDomain()
	add("domain", "Network activity", name, "domain", name, cyberSighted)
	name = t.newDomain()
	add("domain", "Network activity", name, "domain", name, cyberContext)
	name = t.newDomain()
	add("hostname", "Network activity", name, "domain", name, cyberUnseen, "tlp:red")
	hash := t.newHash()
	add("filename|sha256", "Payload delivery", "invoice_"+t.digits(4)+".iso|"+hash, "sha256", hash, cyberSighted)
	add("comment", "Other", "Seen at two banks", "", "", "", "tlp:red")
	t.file(partner, "event.json", t.at(50), text(fields{"Event": fields{
		"id": strconv.Itoa(100 + t.set), "uuid": t.uuid(), "info": "Loader campaign, wave " + strconv.Itoa(t.set+1), "date": made.Format(time.DateOnly), "threat_level_id": "2", "analysis": "1",
		"published": true, "timestamp": stamp, "publish_timestamp": stamp, "distribution": "2", "sharing_group_id": "0", "org_id": "1", "orgc_id": "1", "locked": false, "extends_uuid": "",
		"attribute_count": strconv.Itoa(len(attributes)), "Orgc": fields{"id": "1", "name": "Partner CSIRT", "uuid": "5f0b5e8d-0acb-4a7d-97bf-2f1db1e6f5a9"},
		"Org": fields{"id": "1", "name": "Partner CSIRT", "uuid": "5f0b5e8d-0acb-4a7d-97bf-2f1db1e6f5a9"}, "Tag": []any{fields{"name": "tlp:amber"}, fields{"name": "PAP:AMBER"}}, "Attribute": attributes,
	}}))
}

// disarmed writes a value so that nobody clicks it.
func (t *threats) disarmed(v string) string {
	v = strings.Replace(v, "http", of(t.dice, []string{"hxxp", "hXXp"}), 1)
	return strings.ReplaceAll(v, ".", of(t.dice, []string{"[.]", "(.)", "[dot]"}))
}

// table is a table of disarmed values, with those that would hurt whoever used them.
func (t *threats) table() {
	var b strings.Builder
	b.WriteString("\ufefftype,value,first_seen,last_seen,tlp,confidence,comment,tags,source\r\n")
	row := func(kind, value, fate string) {
		written, typ := t.disarmed(value), map[string]string{"ipv4": "ip", "ipv6": "ip"}[kind]
		if typ == "" {
			typ = kind
		}
		fmt.Fprintf(&b, "%s,%s,%s,,%s,%d,\"campaign %d, as told\",loader|c2,%s\r\n", typ, written, t.at(180).Format(time.RFC3339), of(t.dice, []string{"AMBER", "amber", "TLP:AMBER"}), t.between(40, 90), t.set+1, csirt)
		t.told(CyberCase{Kind: kind, Value: value, From: "table", TLP: "TLP:AMBER", Expected: fate})
	}
	kind, value := t.newAddress()
	row(kind, value, cyberSighted)
	row("domain", t.newDomain(), cyberSighted)
	row("url", t.fresh(func() string { return "https://" + t.newDomain() + ":8443/" + t.syllables(2) + ".zip?x=1" }), cyberUnseen)
	row("sha256", t.newHash(), cyberUnseen)
	if t.set == 0 {
		row("ipv4", "8.8.8.8", cyberHeld)
		row("ipv4", "10.20.30.40", cyberHeld)
		row("cidr", "0.0.0.0/0", cyberRefused)
		row("domain", "com.bh", cyberRefused)
	}
	t.file(csirt, "indicators.csv", t.at(40), []byte(b.String()))
}

// mail is a mail between colleagues.
func (t *threats) mail() {
	kind, value := t.newAddress()
	name := t.newDomain()
	t.file(partner, "mail.txt", t.at(30), []byte("Colleagues, TLP:GREEN\n\nplease block "+t.disarmed(value)+" and look for "+t.disarmed(name)+" in your logs.\n"+
		"report.pdf is clean; our ticket 10.20 is not an address, nor is version 4.2.1."+strconv.Itoa(t.set%10)+" of ExampleShare. Call us: +962 6 555 0100.\n"))
	t.told(CyberCase{Kind: kind, Value: value, From: "mail", TLP: "TLP:GREEN", Expected: cyberSighted})
	t.told(CyberCase{Kind: "domain", Value: name, From: "mail", TLP: "TLP:GREEN", Expected: cyberSighted})
}

// incident is an early warning and the notification of the same incident, two days later.
func (t *threats) incident() {
	filer := of(t.dice, []string{"Harbour Operator of Examplia", "Dilmun Water Board", "Examplia Rail", "Gulf Example Hospital"})
	by := strings.ToLower(strings.ReplaceAll(filer, " ", "-"))
	aware, id := t.at(36), fmt.Sprintf("EW-2026-%03d", t.set+1)
	zone := time.FixedZone("", 3*60*60)
	warning := fields{"schema": "rihla.incident-report/1", "report_id": id, "stage": "early-warning", "filer": fields{"name": filer, "contact": "duty@" + by + ".example"},
		"aware_at": aware.In(zone).Format(time.RFC3339), "title": "File servers encrypted", "description": "Systems down since the night. Ransom note found.", "suspected_malicious": "yes",
		"cross_border": "unknown", "affected": fields{"sector": "transport", "services": []string{"booking"}, "countries": []string{"BH"}}, "tlp": "AMBER"}
	t.file(by, "early-warning.json", aware.Add(2*time.Hour), text(warning))
	kind, value := t.newAddress()
	t.told(CyberCase{Kind: kind, Value: value, From: "incident", TLP: "TLP:AMBER", Expected: cyberSighted})
	written := strings.ReplaceAll(value, ".", "[.]")
	t.file(by, "notification.json", aware.Add(47*time.Hour), text(fields{"schema": "rihla.incident-report/1", "report_id": id + "-B", "previous_report_id": id, "stage": "notification",
		"filer": warning["filer"], "aware_at": warning["aware_at"], "detected_at": aware.Add(-5 * time.Minute).In(zone).Format(time.RFC3339), "title": "Ransomware, servers being restored",
		"description": "Entry by an unpatched file share. عاد نظام الحجز إلى العمل.", "type": "malicious-code/ransomware", "suspected_malicious": "yes", "cross_border": "yes",
		"affected": fields{"sector": "transport", "services": []string{"booking"}, "users_estimate": t.between(50, 900), "countries": []string{"BH", "JO"}},
		"impact":   fields{"availability": "high", "confidentiality": "unknown", "integrity": "medium"}, "indicators": []any{fields{"type": kind, "value": written, "first_seen": aware.Add(-96 * time.Hour).Format(time.RFC3339)}},
		"vulnerabilities": []string{"CVE-2099-12345"}, "measures": []string{"isolated network segment", "rotated keys"}, "tlp": "AMBER"}))
}
