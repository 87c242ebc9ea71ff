package observable

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/rihla/rihla/formats/country"
)

// fileEndings are endings of names that are files sooner than domains.
var fileEndings = set("7z apk asp aspx bat bin cab cfg chm class cmd conf cpl csv dat dll dmg doc docm docx eml exe gif " +
	"gz hta htm html ico img iso jar java jpeg jpg js json jsp lnk log md msg msi odt one pdf php png ppt pptx ps1 py rar rs rtf scr sh sql sys " +
	"tar tgz tmp txt vbs wsf xls xlsm xlsx xml yaml yar yml zip")

// generic are top-level names that are no country's, those most used and those that RFC 2606 sets apart.
var generic = set("com net org edu gov mil int arpa info biz name pro aero coop museum jobs mobi tel travel cat asia post xxx " +
	"academy agency app art bank bar best bid blog buzz cafe cam capital cards care cash casa center chat church city click cloud club " +
	"co codes community company consulting coop cyou date design dev digital direct download email energy engineering events exchange " +
	"express faith finance fit fun fund fyi games gift global gmbh gold group guide guru help host hosting house icu institute " +
	"insure international investments kim land law legal life link live loan lol ltd management market marketing me media men " +
	"money monster network news ninja one online ooo page partners party photos pics plus press promo pub racing realty red ren rent report " +
	"rest review rocks run sale school science security services shop site sky social software solutions space stream studio support surf " +
	"systems team tech technology tips today tokyo tools top trade training travel tube university vip vision watch web webcam website wiki win work works " +
	"world wtf xyz zone mov zip example test invalid localhost onion local")

// registered are second-level names under which a country registers others.
var registered = set("ac co com edu gob gouv gov gv int ltd mil mod name net nhs nom org plc police sch")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// topLevel tells a last label that names end with.
func topLevel(label string) bool {
	return generic[label] || nation(label)
}

// nation tells the last label of a country's names.
func nation(label string) bool {
	if len(label) == 2 {
		_, _, known := country.Normalise(strings.ToUpper(label))
		return known || label == "uk" || label == "eu" || label == "su" || label == "ac"
	}
	return strings.HasPrefix(label, "xn--")
}

// nameInProse tells a domain from a file's name or an abbreviation, where no column says what it is.
func nameInProse(value string) bool {
	last := value[strings.LastIndexByte(value, '.')+1:]
	return strings.Contains(value, ".") && topLevel(last) && !fileEndings[last]
}

// domain reads a host name into A-labels, lower case, without its last dot.
func domain(text string) (string, *Refusal) {
	refuse := func(format string, args ...any) (string, *Refusal) {
		return "", &Refusal{string(Domain), fmt.Sprintf(format, args...), "give a host name of at least one dot, or name the right type"}
	}
	name := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(norm.NFC.String(text)), "*."), ".")
	const longest, longestLabel = 253, 63
	labels := strings.Split(name, ".")
	for i, label := range labels {
		a, ok := aLabel(label)
		if !ok || a == "" || len(a) > longestLabel || a[0] == '-' || a[len(a)-1] == '-' || strings.Trim(a, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return refuse("%.60q is no host name", text)
		}
		labels[i] = a
	}
	name = strings.Join(labels, ".")
	last := labels[len(labels)-1]
	switch {
	case len(name) > longest:
		return refuse("a host name has at most %d characters, not %d", longest, len(name))
	case fileEndings[last] && !topLevel(last):
		return refuse("%.60q is a file name by its ending", text)
	case strings.Trim(last, "0123456789") == "":
		return refuse("%.60q is no host name: its last label is a number", text)
	}
	return name, nil
}

func mailbox(text string) (string, *Refusal) {
	text = strings.TrimPrefix(text, "mailto:")
	at := strings.LastIndexByte(text, '@')
	if at > 0 && at <= 64 && !strings.ContainsAny(text[:at], " \t<>()[]\\,;:\"@") {
		if host, r := domain(text[at+1:]); r == nil && strings.Contains(host, ".") {
			return text[:at+1] + host, nil
		}
	}
	return "", &Refusal{string(Email), fmt.Sprintf("%.60q is no mail address", text), "write name@host"}
}

func link(text string) (string, *Refusal) {
	scheme, rest, ok := strings.Cut(text, "://")
	refuse := func(why string) (string, *Refusal) {
		return "", &Refusal{string(URL), fmt.Sprintf("%.80q is no URL: %s", text, why), "write scheme://host/path"}
	}
	if !ok || scheme == "" || strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz0123456789+.-") != "" {
		return refuse("it has no scheme")
	}
	if strings.ContainsAny(text, " \t\r\n<>\"") {
		return refuse("it holds a blank, a quote or a bracket")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	if strings.EqualFold(scheme, "file") && authority == "" {
		return "file://" + path, nil
	}
	user, hostport := "", authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, hostport = authority[:at+1], authority[at+1:]
	}
	host, port := splitPort(hostport)
	if strings.Trim(port, "0123456789") != "" || len(port) > 5 {
		return refuse("its port is no number")
	}
	if inner, found := strings.CutPrefix(host, "["); found {
		ip, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		if err != nil {
			return refuse("its address is none")
		}
		host = "[" + ip.String() + "]"
	} else if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.String()
	} else if name, r := domain(host); r == nil {
		host = name
	} else if looksNumeric(host) || host == "" || !fileEndings[host[strings.LastIndexByte(host, '.')+1:]] {
		return refuse("its host is none")
	}
	if port != "" {
		port = ":" + port
	}
	return strings.ToLower(scheme) + "://" + user + host + port + path, nil
}

func looksNumeric(host string) bool { return strings.Trim(host, "0123456789.") == "" }

func splitPort(s string) (host, port string) {
	at := strings.LastIndexByte(s, ':')
	if at < 0 || strings.HasSuffix(s, "]") {
		return s, ""
	}
	return s[:at], s[at+1:]
}

// linkKey drops of a URL what does not tell it from another: the port a scheme has anyway, and the fragment.
func linkKey(value string) string {
	value, _, _ = strings.Cut(value, "#")
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		return value
	}
	if p := u.Port(); p != "" && map[string]string{"http": "80", "https": "443", "ftp": "21"}[u.Scheme] == p {
		value = strings.Replace(value, u.Host, strings.TrimSuffix(u.Host, ":"+p), 1)
	}
	if u.Path == "" && u.RawQuery == "" && !strings.HasSuffix(value, "/") {
		value += "/"
	}
	return value
}

// aLabel writes a label as DNS carries it: Punycode (RFC 3492) where it holds more than ASCII.
func aLabel(label string) (string, bool) {
	ascii := true
	for i := range len(label) {
		ascii = ascii && label[i] < utf8.RuneSelf
	}
	if ascii {
		return label, true
	}
	if !utf8.ValidString(label) || len(label) > 256 {
		return "", false
	}
	const base, tMin, tMax, skew, damp, first = 36, 1, 26, 38, 700, 128
	runes := []rune(label)
	out := []byte("xn--")
	for _, r := range runes {
		if r < first {
			out = append(out, byte(r))
		}
	}
	basic := len(out) - len("xn--")
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := rune(first), 0, 72
	for done := basic; done < len(runes); {
		next := rune(utf8.MaxRune)
		for _, r := range runes {
			if n <= r && r < next {
				next = r
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range runes {
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tMin), tMax)
				if q < t {
					break
				}
				out = append(out, digit(t+(q-t)%(base-t)))
				q = (q - t) / (base - t)
			}
			out = append(out, digit(q))
			shift := delta / 2
			if done == basic {
				shift = delta / damp
			}
			shift += shift / (done + 1)
			k := 0
			for ; shift > (base-tMin)*tMax/2; k += base {
				shift /= base - tMin
			}
			bias = k + (base-tMin+1)*shift/(shift+skew)
			delta = 0
			done++
		}
		delta++
		n++
	}
	return string(out), true
}

func digit(d int) byte {
	const letters = 26
	if d < letters {
		return byte('a' + d) //nolint:gosec // below 36
	}
	return byte('0' + d - letters) //nolint:gosec // below 36
}
