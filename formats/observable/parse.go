package observable

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Parse reads a value of a kind that is told, armed or disarmed, into its plain form. A column of addresses may hold
// networks and both families: the kind that it is comes back.
func Parse(kind Kind, text string) (Kind, string, *Refusal) {
	text = strings.TrimSpace(Refang(text))
	if text == "" {
		return kind, "", &Refusal{string(kind), "no value", "give the value"}
	}
	switch kind {
	case IPv4, IPv6, CIDR:
		return address(kind, text)
	case Domain:
		value, r := domain(text)
		return kind, value, r
	case URL:
		value, r := link(text)
		return kind, value, r
	case Email:
		value, r := mailbox(text)
		return kind, value, r
	case MD5, SHA1, SHA256, SHA512:
		value, r := hash(kind, text)
		return kind, value, r
	case CVE:
		return shaped(kind, strings.ToUpper(text), cveForm, "a CVE number is CVE-YEAR-NUMBER, four digits at least")
	case ASN:
		value, r := asNumber(text)
		return kind, value, r
	case MAC:
		return shaped(kind, strings.ReplaceAll(strings.ToLower(text), "-", ":"), macForm, "a MAC address is six pairs of hexadecimal digits")
	case IBAN:
		value := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
		if !ibanHolds(value) {
			return kind, "", &Refusal{string(kind), fmt.Sprintf("%.40q is no IBAN: its check digits do not hold", text), "copy the account number again"}
		}
		return kind, value, nil
	case Bitcoin:
		return shaped(kind, text, bitcoinForm, "a Bitcoin address begins with 1, 3 or bc1")
	case RegistryKey:
		return kind, registry(text), nil
	}
	return kind, text, nil
}

// Guess reads a value whose kind nobody told, by its shape. A name with an ending that files have is no domain here.
func Guess(text string) (Kind, string, bool) {
	text = strings.TrimSpace(Refang(text))
	for _, kind := range []Kind{SHA512, SHA256, SHA1, MD5, CVE, IPv4, ASN, MAC, URL, Email, IBAN, Bitcoin, Domain} {
		if k, value, r := Parse(kind, text); r == nil {
			if kind == Domain && !nameInProse(value) {
				continue
			}
			return k, value, true
		}
	}
	switch {
	case registryForm.MatchString(text):
		return RegistryKey, registry(text), true
	case pathForm.MatchString(text):
		return FilePath, text, true
	}
	return "", "", false
}

// Key is the form of a value in which two sightings of one thing are equal.
func Key(kind Kind, value string) string {
	switch kind {
	case URL:
		return linkKey(value)
	case Email, RegistryKey:
		return strings.ToLower(value)
	}
	return value
}

var (
	cveForm      = regexp.MustCompile(`^CVE-(?:19|20)\d\d-\d{4,19}$`)
	macForm      = regexp.MustCompile(`^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$`)
	bitcoinForm  = regexp.MustCompile(`^(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71})$`)
	registryForm = regexp.MustCompile(`(?i)^(?:HKEY_[A-Z_]+|HKLM|HKCU|HKCR|HKU|HKCC)\\`)
	pathForm     = regexp.MustCompile(`^(?:[A-Za-z]:\\[^\s]|/(?:bin|etc|home|opt|root|tmp|usr|var)/)|^%[A-Za-z]+%\\`)
	asForm       = regexp.MustCompile(`(?i)^(?:AS|ASN)? ?(\d{1,10})$`)
)

func shaped(kind Kind, value string, form *regexp.Regexp, should string) (Kind, string, *Refusal) {
	if !form.MatchString(value) {
		return kind, "", &Refusal{string(kind), fmt.Sprintf("%.60q is none: %s", value, should), "copy the value again"}
	}
	return kind, value, nil
}

func address(kind Kind, text string) (Kind, string, *Refusal) {
	if strings.Contains(text, "/") {
		net, err := netip.ParsePrefix(text)
		if err != nil {
			return CIDR, "", &Refusal{string(CIDR), fmt.Sprintf("%.60q is no network: %s", text, reason(text)), "write the address, a slash and the number of bits"}
		}
		if net.IsSingleIP() {
			return family(net.Addr()), net.Addr().String(), nil
		}
		return CIDR, net.Masked().String(), nil
	}
	ip, err := netip.ParseAddr(text)
	switch {
	case err != nil || ip.Zone() != "":
		if strings.Contains(text, ":") {
			kind = IPv6
		}
		return kind, "", &Refusal{string(kind), fmt.Sprintf("%.60q is no address: %s", text, reason(text)), "copy the address again, or name the right type"}
	case kind == CIDR:
		return family(ip), ip.String(), nil
	}
	return family(ip), ip.String(), nil
}

func family(ip netip.Addr) Kind {
	if ip.Is4() {
		return IPv4
	}
	return IPv6
}

// reason is why a text is no address.
func reason(text string) string {
	host, bits, net := strings.Cut(text, "/")
	if !strings.Contains(host, ":") {
		octets := strings.Split(host, ".")
		if len(octets) != 4 {
			return "an IPv4 address has four numbers"
		}
		for _, o := range octets {
			switch n, err := strconv.Atoi(o); {
			case err != nil:
				return fmt.Sprintf("%.20q is no number", o)
			case n > 255:
				return o + " is more than 255"
			case len(o) > 1 && o[0] == '0':
				return o + " begins with a zero, which some read as octal"
			}
		}
	}
	if net {
		return fmt.Sprintf("%.20q bits are too many or no number", bits)
	}
	return "it is not written as RFC 4291 says"
}

func hash(kind Kind, text string) (string, *Refusal) {
	length := map[Kind]int{MD5: 32, SHA1: 40, SHA256: 64, SHA512: 128}[kind]
	if len(text) != length || strings.Trim(text, "0123456789abcdefABCDEF") != "" {
		return "", &Refusal{"hash", fmt.Sprintf("%s is %d hexadecimal digits, not %.40q", kind, length, text), "copy the hash again"}
	}
	return strings.ToLower(text), nil
}

func asNumber(text string) (string, *Refusal) {
	m := asForm.FindStringSubmatch(text)
	if m != nil && !strings.EqualFold(m[0], m[1]) {
		if n, err := strconv.ParseUint(m[1], 10, 32); err == nil {
			return "AS" + strconv.FormatUint(n, 10), nil
		}
	}
	return "", &Refusal{string(ASN), fmt.Sprintf("%.40q is no AS number", text), "write AS and a number below 4294967296"}
}

// registry gives a key its hive's whole name.
func registry(text string) string {
	hive, rest, ok := strings.Cut(text, `\`)
	whole := map[string]string{"HKLM": "HKEY_LOCAL_MACHINE", "HKCU": "HKEY_CURRENT_USER", "HKCR": "HKEY_CLASSES_ROOT", "HKU": "HKEY_USERS", "HKCC": "HKEY_CURRENT_CONFIG"}[strings.ToUpper(hive)]
	if whole == "" || !ok {
		return text
	}
	return whole + `\` + rest
}

// ibanHolds tells an account number whose check digits hold (ISO 13616, modulus 97).
func ibanHolds(s string) bool {
	if len(s) < 15 || len(s) > 34 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
		return false
	}
	rest := 0
	for i := range len(s) {
		switch c := s[(i+4)%len(s)]; {
		case '0' <= c && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case 'A' <= c && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}
