package observable

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// Doubt is why a value should not be blocked or matched as it is.
type Doubt struct {
	Rule, Message, Mend string
}

// The rules by which a value is doubted.
const (
	BroadNetwork   = "broad-network"
	PublicSuffix   = "public-suffix"
	PublicResolver = "public-resolver"
	PrivateAddress = "private-address"
	SpecialAddress = "special-address"
	WarningList    = "warninglist"
)

// A network of more than a million addresses holds more bystanders than attackers; so does half of what a
// region's registry gives away in IPv6.
const (
	narrowest4 = 12
	narrowest6 = 24
)

// Doubts says why an indicator of that value would hurt whoever uses it. Most values raise none.
func Doubts(kind Kind, value string) []Doubt {
	switch kind {
	case IPv4, IPv6:
		if ip, err := netip.ParseAddr(value); err == nil {
			return addressDoubts(netip.PrefixFrom(ip, ip.BitLen()))
		}
	case CIDR:
		if net, err := netip.ParsePrefix(value); err == nil {
			return addressDoubts(net.Masked())
		}
	case Domain:
		return hostDoubts(value)
	case Email:
		if host := value[strings.LastIndexByte(value, '@')+1:]; value == "@"+host {
			return hostDoubts(host)
		}
	case URL:
		u, err := url.Parse(value)
		if err == nil && (u.Path == "" || u.Path == "/") && u.RawQuery == "" { // a page of a great site may well be bad
			host := u.Hostname()
			if ip, err := netip.ParseAddr(host); err == nil {
				return addressDoubts(netip.PrefixFrom(ip, ip.BitLen()))
			}
			return hostDoubts(strings.ToLower(host))
		}
	case MD5, SHA1, SHA256, SHA512:
		if ofNothing[value] {
			return []Doubt{{WarningList, "this is the hash of an empty file: it matches everywhere", "leave it out"}}
		}
	}
	return nil
}

func addressDoubts(net netip.Prefix) []Doubt {
	var out []Doubt
	narrowest := narrowest4
	if net.Addr().Is6() {
		narrowest = narrowest6
	}
	if net.Bits() < narrowest {
		out = append(out, Doubt{BroadNetwork, fmt.Sprintf("%s is too wide: it holds whole countries and providers", net), fmt.Sprintf("name the addresses, or a network of /%d or less", narrowest)})
	}
	for _, r := range resolvers {
		if net.Contains(r) {
			out = append(out, Doubt{PublicResolver, fmt.Sprintf("%s is a public name server that everybody asks", r), "name the address that the server was asked for"})
			break
		}
	}
	if net.Bits() < narrowest {
		return out
	}
	for _, s := range set4and6 {
		if s.net.Overlaps(net) && s.net.Bits() <= net.Bits() {
			out = append(out, Doubt{s.rule, fmt.Sprintf("%s is %s", net, s.what), "keep it inside; it means nothing to others"})
			break
		}
	}
	return out
}

// Documentation tells an address or a name that is set apart for examples (RFC 5737, 3849, 2606): a warning list of its
// own, for a node that serves no examples.
func Documentation(kind Kind, value string) bool {
	switch kind {
	case IPv4, IPv6, CIDR:
		net, err := netip.ParsePrefix(value)
		if err != nil {
			ip, err := netip.ParseAddr(value)
			if err != nil {
				return false
			}
			net = netip.PrefixFrom(ip, ip.BitLen())
		}
		for _, d := range []string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"} {
			if p := netip.MustParsePrefix(d); p.Bits() <= net.Bits() && p.Contains(net.Addr()) {
				return true
			}
		}
	case Domain:
		for _, d := range []string{"example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"} {
			if value == d || strings.HasSuffix(value, "."+d) {
				return true
			}
		}
	}
	return false
}

func hostDoubts(host string) []Doubt {
	labels := strings.Split(strings.TrimPrefix(host, "."), ".")
	last := labels[len(labels)-1]
	switch {
	case len(labels) == 1 && topLevel(last):
		what := "a top-level domain"
		if nation(last) {
			what = "the domain of a whole nation"
		}
		return []Doubt{{PublicSuffix, fmt.Sprintf("%q is %s: every name under it would match", host, what), "name the host, or the domain that one party registered"}}
	case len(labels) == 2 && nation(last) && registered[labels[0]]:
		return []Doubt{{PublicSuffix, fmt.Sprintf("%q is where a nation registers its names: all of them would match", host), "name the host, or the domain that one party registered"}}
	case resolverNames[host]:
		return []Doubt{{PublicResolver, fmt.Sprintf("%q is a public name server that everybody asks", host), "name the host that the server was asked for"}}
	case everybodys[host] || len(labels) == 3 && labels[0] == "www" && everybodys[labels[1]+"."+labels[2]]:
		return []Doubt{{WarningList, fmt.Sprintf("%q is on the list of sites that everybody visits", host), "name the page, or the host under it"}}
	}
	return nil
}

// resolvers are the name servers that anyone may ask.
var resolvers = func() []netip.Addr {
	var out []netip.Addr
	for _, s := range strings.Fields("1.0.0.1 1.0.0.2 1.0.0.3 1.1.1.1 1.1.1.2 1.1.1.3 4.2.2.1 4.2.2.2 4.2.2.3 4.2.2.4 4.2.2.5 4.2.2.6 8.8.4.4 8.8.8.8 " +
		"9.9.9.9 9.9.9.10 9.9.9.11 64.6.64.6 64.6.65.6 76.76.2.0 76.76.10.0 77.88.8.1 77.88.8.8 84.200.69.80 94.140.14.14 94.140.15.15 " +
		"114.114.114.114 149.112.112.112 185.222.222.222 185.228.168.9 208.67.220.220 208.67.222.222 223.5.5.5 223.6.6.6 " +
		"2001:4860:4860::8844 2001:4860:4860::8888 2606:4700:4700::1001 2606:4700:4700::1111 2620:119:35::35 2620:119:53::53 2620:fe::9 2620:fe::fe") {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}()

var resolverNames = set("dns.google dns.google.com one.one.one.one cloudflare-dns.com dns.quad9.net doh.opendns.com dns.adguard.com dns.adguard-dns.com")

// everybodys are sites that nobody can do without for a day.
var everybodys = set("google.com youtube.com facebook.com instagram.com whatsapp.com microsoft.com office.com live.com windowsupdate.com " +
	"windows.com apple.com icloud.com amazon.com amazonaws.com cloudfront.net akamai.net azure.com github.com gitlab.com wikipedia.org linkedin.com twitter.com x.com " +
	"yahoo.com bing.com cloudflare.com gstatic.com googleapis.com mozilla.org ubuntu.com debian.org letsencrypt.org digicert.com")

// ofNothing are the hashes of an empty file.
var ofNothing = set("d41d8cd98f00b204e9800998ecf8427e da39a3ee5e6b4b0d3255bfef95601890afd80709 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 " +
	"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")

// special are networks that mean something else in every house (RFC 6890).
type special struct {
	net        netip.Prefix
	rule, what string
}

var set4and6 = func() []special {
	var out []special
	for _, s := range []struct{ nets, rule, what string }{
		{"10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7", PrivateAddress, "a private address"},
		{"100.64.0.0/10", PrivateAddress, "shared by the customers of one provider"},
		{"127.0.0.0/8 ::1/128", SpecialAddress, "the machine itself"},
		{"169.254.0.0/16 fe80::/10", SpecialAddress, "a link-local address"},
		{"224.0.0.0/4 ff00::/8", SpecialAddress, "a multicast address"},
		{"0.0.0.0/8 ::/128 240.0.0.0/4", SpecialAddress, "nobody's address"},
	} {
		for _, n := range strings.Fields(s.nets) {
			out = append(out, special{netip.MustParsePrefix(n), s.rule, s.what})
		}
	}
	return out
}()
