package misp

import (
	"strings"

	"github.com/rihla/rihla/formats/observable"
)

// attributeType is how the parts of an attribute's value, between bars, read in STIX.
type attributeType struct {
	parts []part
}

// part is one part of a value: what it is, and the path at which a pattern asks for it.
type part struct {
	kind observable.Kind // empty where its form is not checked
	path string
}

const (
	src, dst  = "network-traffic:src_ref.value", "network-traffic:dst_ref.value"
	agentPath = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"
)

// attributeTypes are those that have a path in STIX.
var attributeTypes = func() map[string]attributeType {
	one := func(kind observable.Kind, path string) attributeType { return attributeType{[]part{{kind, path}}} }
	two := func(kind observable.Kind, path string, second observable.Kind, secondPath string) attributeType {
		return attributeType{[]part{{kind, path}, {second, secondPath}}}
	}
	m := map[string]attributeType{
		"ip-src": one(observable.IPv4, src), "ip-dst": one(observable.IPv4, dst),
		"ip-src|port": two(observable.IPv4, src, "", "network-traffic:src_port"), "ip-dst|port": two(observable.IPv4, dst, "", "network-traffic:dst_port"),
		"domain": one(observable.Domain, "domain-name:value"), "hostname": one(observable.Domain, "domain-name:value"),
		"domain|ip":     two(observable.Domain, "domain-name:value", observable.IPv4, "domain-name:resolves_to_refs[*].value"),
		"hostname|port": two(observable.Domain, dst, "", "network-traffic:dst_port"),
		"url":           one(observable.URL, "url:value"), "uri": one("", "url:value"),
		"email": one(observable.Email, "email-addr:value"), "email-src": one(observable.Email, "email-message:from_ref.value"),
		"email-dst": one(observable.Email, "email-message:to_refs[*].value"), "email-subject": one("", "email-message:subject"),
		"mac-address": one(observable.MAC, "mac-addr:value"), "AS": one(observable.ASN, "autonomous-system:number"),
		"mutex": one(observable.Mutex, "mutex:name"), "user-agent": one(observable.UserAgent, agentPath),
		"regkey":       one(observable.RegistryKey, "windows-registry-key:key"),
		"regkey|value": two(observable.RegistryKey, "windows-registry-key:key", "", "windows-registry-key:values[*].data"),
		"filename":     one(observable.FileName, "file:name"), "mime-type": one("", "file:mime_type"), "size-in-bytes": one("", "file:size"),
		"port": one("", "network-traffic:dst_port"),
	}
	for name, h := range hashTypes {
		m[name] = one(h.kind, "file:hashes."+h.name)
		m["filename|"+name] = two(observable.FileName, "file:name", h.kind, "file:hashes."+h.name)
	}
	for _, name := range []string{"md5", "sha1", "sha256"} {
		h := hashTypes[name]
		m["x509-fingerprint-"+name] = one(h.kind, "x509-certificate:hashes."+h.name)
	}
	return m
}()

// hashTypes are the types of hashes, and their names in a pattern.
var hashTypes = map[string]struct {
	kind observable.Kind
	name string
}{
	"md5": {observable.MD5, "MD5"}, "sha1": {observable.SHA1, "'SHA-1'"}, "sha256": {observable.SHA256, "'SHA-256'"}, "sha512": {observable.SHA512, "'SHA-512'"},
	"ssdeep": {"", "SSDEEP"}, "tlsh": {"", "TLSH"}, "sha3-256": {"", "'SHA3-256'"}, "sha3-512": {"", "'SHA3-512'"},
}

// ruleTypes are attributes that hold a rule in another language.
var ruleTypes = map[string]string{"yara": "yara", "sigma": "sigma", "snort": "snort", "suricata": "suricata", "stix2-pattern": "stix"}

// otherTypes are those that are known, and have no path.
var otherTypes = words("vulnerability weakness link comment text other attachment malware-sample named-pipe hex counter integer float boolean datetime ja3-fingerprint-md5 " +
	"hassh-md5 hasshserver-md5 jarm-fingerprint favicon-mmh3 imphash pehash impfuzzy sha224 sha384 sha512/224 sha512/256 authentihash vhash cdhash telfhash btc dash xmr iban bic " +
	"bank-account-nr aba-rtn bin cc-number prtn phone-number threat-actor campaign-name campaign-id malware-type target-user target-email target-machine target-org target-location " +
	"target-external whois-registrant-phone whois-registrant-email whois-registrant-name whois-registrant-org whois-registrar whois-creation-date dns-soa-email email-body " +
	"email-attachment email-header email-message-id email-mime-boundary email-thread-index email-x-mailer email-reply-to email-src-display-name email-dst-display-name github-username " +
	"github-repository github-organisation jabber-id twitter-id dkim dkim-signature first-name middle-name last-name full-name date-of-birth place-of-birth gender passport-number " +
	"passport-country passport-expiration redress-number nationality visa-number issue-date-of-the-visa primary-residence country-of-residence special-service-request frequent-flyer-number " +
	"travel-details payment-details place-port-of-original-embarkation place-port-of-clearance place-port-of-onward-foreign-destination passenger-name-record-locator-number " +
	"mobile-application-id chrome-extension-id cortex anonymised eppn identity-card-number cookie http-method user-agent cpe pattern-in-file pattern-in-traffic pattern-in-memory " +
	"pattern-filename pgp-public-key pgp-private-key process-state windows-scheduled-task windows-service-name windows-service-displayname bro zeek filename-pattern kusto-query pdb " +
	"git-commit-id community-id ssh-fingerprint email-body mac-eui-64 url-pattern xmr filename|imphash filename|pehash filename|impfuzzy filename|sha224 filename|sha384 " +
	"filename|authentihash filename|vhash malware-sample|md5")

var categories = words("Internal_reference Targeting_data Antivirus_detection Payload_delivery Artifacts_dropped Payload_installation Persistence_mechanism Network_activity Payload_type " +
	"Attribution External_analysis Financial_fraud Support_Tool Social_network Person Other")

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[strings.ReplaceAll(w, "_", " ")] = true
	}
	return out
}
