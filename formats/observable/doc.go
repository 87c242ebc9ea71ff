// Package observable knows the atomic values that threat information speaks of: addresses, networks, names, URLs,
// mailboxes, hashes and the like, whatever format carries them.
//
// Call Parse for a value whose kind is told, Guess for one whose kind is not, and Find for what stands in prose. All
// take values that were defanged so that nobody clicks them (hxxp, [.], (at) …), through Refang; Defang disarms one
// for display. Key is the form in which two sightings of the same thing are equal. Doubts says why an indicator of
// that value would hurt those who use it: a network too wide, a national domain, a public resolver, a private
// address, the hash of nothing.
//
// The package knows no format that carries values, asks no network, and keeps no lists but the short ones that every
// node needs.
package observable

// Kind is what a value is.
type Kind string

// The kinds that are told by their shape, and below them those that only a column or a property can tell.
const (
	IPv4        Kind = "ipv4"
	IPv6        Kind = "ipv6"
	CIDR        Kind = "cidr"
	Domain      Kind = "domain"
	URL         Kind = "url"
	Email       Kind = "email"
	MD5         Kind = "md5"
	SHA1        Kind = "sha1"
	SHA256      Kind = "sha256"
	SHA512      Kind = "sha512"
	CVE         Kind = "cve"
	ASN         Kind = "asn"
	MAC         Kind = "mac"
	RegistryKey Kind = "registry-key"
	IBAN        Kind = "iban"
	Bitcoin     Kind = "bitcoin"
	FilePath    Kind = "file-path"

	FileName  Kind = "file-name"
	Mutex     Kind = "mutex"
	UserAgent Kind = "user-agent"
	Account   Kind = "account"
)

// Named answers the kind that a column, an attribute type or a person calls by that name.
func Named(name string) (Kind, bool) {
	k, ok := names[lower(name)]
	return k, ok
}

var names = map[string]Kind{
	"ipv4": IPv4, "ip": IPv4, "ip-address": IPv4, "ip-src": IPv4, "ip-dst": IPv4, "ipv4-addr": IPv4, "address": IPv4,
	"ipv6": IPv6, "ipv6-addr": IPv6,
	"cidr": CIDR, "network": CIDR, "net": CIDR, "subnet": CIDR,
	"domain": Domain, "domain-name": Domain, "hostname": Domain, "host": Domain, "fqdn": Domain,
	"url": URL, "uri": URL, "link": URL,
	"email": Email, "e-mail": Email, "mail": Email, "email-addr": Email, "email-src": Email, "email-dst": Email,
	"md5": MD5, "sha1": SHA1, "sha-1": SHA1, "sha256": SHA256, "sha-256": SHA256, "sha512": SHA512, "sha-512": SHA512,
	"cve": CVE, "vulnerability": CVE,
	"asn": ASN, "as": ASN, "autonomous-system": ASN,
	"mac": MAC, "mac-address": MAC, "mac-addr": MAC,
	"registry-key": RegistryKey, "regkey": RegistryKey, "registry": RegistryKey, "windows-registry-key": RegistryKey,
	"iban": IBAN, "btc": Bitcoin, "bitcoin": Bitcoin,
	"file-path": FilePath, "filepath": FilePath, "path": FilePath,
	"file-name": FileName, "filename": FileName, "file": FileName,
	"mutex": Mutex, "user-agent": UserAgent, "useragent": UserAgent, "account": Account, "user-account": Account,
}

// Refusal is why a text is no value of a kind. Rule is the kind's name, or hash for the four of them.
type Refusal struct {
	Rule, Message, Mend string
}

func (r *Refusal) Error() string { return r.Message }
