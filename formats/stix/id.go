package stix

import (
	"crypto/sha1" //nolint:gosec // RFC 9562 derives version 5 with it
	"encoding/hex"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
)

// namespace is that of the identifiers of observables.
var namespace = [16]byte{0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7}

// versionDigit is where a UUID says its version.
const versionDigit = 14

// ID is the identifier of a type and sixteen bytes, whose version is set to 4.
func ID(typ string, random [16]byte) string {
	random[6] = random[6]&0x0f | 0x40
	random[8] = random[8]&0x3f | 0x80
	return typ + "--" + uuidText(random)
}

// DerivedID is the identifier, version 5, of a type that a name derives: the same name, the same identifier. The name
// should begin with what makes it one's own.
func DerivedID(typ, name string) string { return typ + "--" + version5(namespace, typ+"\x00"+name) }

func version5(space [16]byte, name string) string {
	h := sha1.New() //nolint:gosec // as above
	h.Write(space[:])
	h.Write([]byte(name))
	var u [16]byte
	copy(u[:], h.Sum(nil))
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return uuidText(u)
}

func uuidText(u [16]byte) string {
	var b [36]byte
	hex.Encode(b[:8], u[:4])
	hex.Encode(b[9:13], u[4:6])
	hex.Encode(b[14:18], u[6:8])
	hex.Encode(b[19:23], u[8:10])
	hex.Encode(b[24:], u[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// validUUID tells a UUID of version 1 to 5.
func validUUID(s string) bool {
	if len(s) != 36 || s[versionDigit] < '1' || s[versionDigit] > '5' || strings.IndexByte("89abAB", s[19]) < 0 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
			continue
		}
		if c := s[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// identifier tells a text that is an object's identifier.
func identifier(s string) bool {
	typ, uuid, ok := strings.Cut(s, "--")
	return ok && validUUID(uuid) && typeName(typ)
}

// ValidID tells an identifier: a type's name, two hyphens, a UUID of version 1 to 5.
func ValidID(s string) bool { return identifier(s) }

// TypeOf is the type that an identifier names.
func TypeOf(id string) string {
	typ, _, _ := strings.Cut(id, "--")
	return typ
}

// contributing are the properties that an observable's identifier is derived from.
var contributing = map[string][]string{
	"artifact": {"hashes", "payload_bin"}, "autonomous-system": {"number"}, "directory": {"path"}, "domain-name": {"value"}, "email-addr": {"value"},
	"email-message": {"from_ref", "subject", "body"}, "file": {"hashes", "name", "parent_directory_ref", "extensions"}, "ipv4-addr": {"value"}, "ipv6-addr": {"value"},
	"mac-addr": {"value"}, "mutex": {"name"}, "network-traffic": {"start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"},
	"software": {"name", "cpe", "swid", "vendor", "version"}, "url": {"value"}, "user-account": {"account_type", "user_id", "account_login"},
	"windows-registry-key": {"key", "values"}, "x509-certificate": {"hashes", "serial_number"},
}

// derives tells a type whose identifiers are derived.
func derives(typ string) bool { return len(contributing[typ]) > 0 }

// ObservableID derives the identifier of an observable from what it says, as the standard has it (section 2.9): equal
// observables get equal identifiers wherever they are seen. It answers false where nothing contributes (a process, a
// file of which no name nor hash is known): such an object gets a random one. References inside should be derived first.
func ObservableID(o *jsondoc.Value) (string, bool) {
	typ := o.Get("type").Text()
	picked := jsondoc.Value{Kind: jsondoc.Object}
	for _, name := range contributing[typ] {
		v := o.Get(name)
		switch {
		case v == nil:
		case name == "hashes":
			if best, ok := oneHash(v); ok {
				picked = picked.With(name, best)
			}
		default:
			picked = picked.With(name, *v)
		}
	}
	if len(picked.Members()) == 0 {
		return "", false
	}
	return typ + "--" + version5(namespace, string(picked.AppendCanonical(nil))), true
}

// oneHash is a dictionary of the one hash that counts.
func oneHash(v *jsondoc.Value) (jsondoc.Value, bool) {
	for _, name := range []string{"MD5", "SHA-1", "SHA-256", "SHA-512"} {
		if h := v.Get(name); h != nil {
			return (&jsondoc.Value{Kind: jsondoc.Object}).With(name, *h), true
		}
	}
	if members := v.Members(); len(members) > 0 {
		return (&jsondoc.Value{Kind: jsondoc.Object}).With(members[0].Name, members[0].Value), true
	}
	return jsondoc.Value{}, false
}
